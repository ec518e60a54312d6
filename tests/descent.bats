#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # try sets stderr
# edgegrad descent: known runs, why it stops, what stands in the way, fits, bad input.

load common

VALLEY='x^2+10y^2'

# field NAME: a line of the report.
field() {
    sed -n "s/^$1: *//p" <<<"$output"
}

# walk CODE ARGUMENT...: runs with that exit code.
walk() {
    local code=$1
    shift
    try descent "$@"
    [ "$status" -eq "$code" ] || broken "exit code $status, not $code: $*"
}

@test "the first step of gradient descent" {
    walk 0 "$VALLEY" --from 5,5 --rate 0.05 --steps 1
    [ "$(field end)" = "x = 4.5, y = 0" ]
}

@test "forty steps in a valley" {
    walk 0 "$VALLEY" --from 5,5 --rate 0.04 --steps 40
    [[ $(field end) == "x = 0.1780258624, y = 5.497558139e-28" ]]
    [ "$(field value)" = 0.03169320767 ]
    [[ $(field stopped) == "after 40 steps: all steps are done"* ]]
    walk 0 "$VALLEY" --from x=5,y=5 --rate 0.04 --steps 40 --json
    is_json "$output"
}

@test "a rate at the edge comes no nearer, one beyond it diverges, and both are explained" {
    walk 1 "$VALLEY" --from 5,5 --rate 0.1 --steps 40
    [[ $(field end) == *"y = 5" ]]
    [[ $stderr == *"does not converge"*"2/λmax = 0.1"*"try 0.0909"* ]]
    walk 1 "$VALLEY" --from 5,5 --rate 0.11 --steps 20
    [[ $(field end) == *"y = 191.68799"* ]]
    [[ $stderr == *"diverges"*"rate 0.11 exceeds 2/λmax = 0.1 here; try 0.0909"* ]]
}

@test "heavy ball and Barzilai-Borwein need as few steps as they should" {
    walk 0 "$VALLEY" --from 5,5 --method heavy-ball --tolerance 1e-6
    [[ $(field stopped) == "after 35 steps: the gradient is within"* ]]
    walk 0 "$VALLEY" --from 5,5 --method bb --tolerance 1e-6
    [[ $(field stopped) == "after 9 steps: the gradient is within"* ]]
}

@test "Adam is told how far it can come" {
    walk 0 "$VALLEY" --from 5,5 --method adam --rate 0.04 --steps 40
    [[ $(field value) == 131.7* ]]
    [[ $stderr == *"adam moves about its rate a step"* ]]
}

@test "every method finds the bottom of a bowl, and with --maximize the top of a hill" {
    for method in gd momentum nesterov rmsprop adam heavy-ball bb lbfgs newton line-search; do
        walk 0 '(x-1)^2+2(y+2)^2' --from 3,3 --method "$method" --steps 20000 --tolerance 1e-5
        awk -v end="$(field end)" 'BEGIN {
            split(end, part, /[=,]/)
            exit !((part[2] - 1) ^ 2 + (part[4] + 2) ^ 2 < 1e-6) }' || broken "$method: $(field end)"
    done
    walk 0 --from 0.3,0.2 --maximize -- '-(x^2)-y^2'
    [[ $(field stopped) == *"the gradient is within"* ]]
}

@test "saddles and badly conditioned functions are named" {
    walk 1 'x^2-y^2' --from 1,0 --rate 0.1
    [[ $stderr == *"saddle"*"-2 and 2"* ]]
    walk 0 '(1-x)^2+100(y-x^2)^2' --from -1.2,1 --method newton
    [[ $stderr == *"poor conditioning"*"2508"* ]]
}

@test "a table is fitted, with standard errors, whatever the threads" {
    printf 'x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n' >points.csv
    walk 0 --model 'w*x+b' --data points.csv --target y
    [[ $output == *"w = 1.939999"*"standard error 0.09055"* ]]
    [[ $output == *"b = 0.15000"*"standard error 0.248"* || $output == *"b = 0.1499999"*"standard error 0.248"* ]]
    [[ $output == *"R²:"*"0.995661"* ]]
    one=$output
    printf '\xef\xbb\xbfx;y\r\n1;2.1\r\n2;3.9\r\n3;6.2\r\n4;7.8\r\n' >points.csv
    walk 0 --model 'w*x+b' --data points.csv --target y --threads 2
    [ "$output" = "$one" ]
}

@test "bad starts and bad tables are refused where they are bad" {
    walk 2 'log(x)' --from -1
    [[ $stderr == *"no finite value at the start"* ]]
    walk 2 "$VALLEY" --from 5
    walk 2 "$VALLEY"
    [[ $stderr == *"--from is missing"* ]]
    walk 2 'x^^2' --from 1
    printf 'x,y\n1,2\n3\n' >ragged.csv
    walk 3 --model 'w*x' --data ragged.csv --target y
    [[ $stderr == *"ragged.csv"*"line 3"* ]]
    printf 'x,y\n1,2\n3,abc\n' >words.csv
    walk 3 --model 'w*x' --data words.csv --target y
    [[ $stderr == *"words.csv"*"line 3"* ]]
    : >empty.csv
    walk 3 --model 'w*x' --data empty.csv --target y
    walk 4 --model 'w*x' --data none.csv --target y
}

@test "the way is written and drawn" {
    walk 0 "$VALLEY" --from 5,5 --rate 0.04 --steps 40 --trace way.csv
    [ "$(wc -l <way.csv)" -eq 42 ]
    if edgegrad --version | grep -q '^cairo'; then
        for kind in png svg pdf; do
            walk 0 "$VALLEY" --from 5,5 --rate 0.04 --steps 40 --plot "plot.$kind"
            [ -s "plot.$kind" ]
        done
        grep -q '<svg' plot.svg
        [ "$(head -c 5 plot.pdf)" = "%PDF-" ]
    fi
}

@test "a fit is drawn over two of its parameters, a function over two of its variables" {
    edgegrad --version | grep -q '^cairo' || skip "built without cairo"
    printf 'x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n' >points.csv
    fit=(--model 'w*x+b+q*x^2' --data points.csv --target y --method lbfgs)
    walk 0 "${fit[@]}" --plot first.svg
    walk 0 "${fit[@]}" --axes b,w --plot same.svg
    cmp first.svg same.svg
    walk 0 "${fit[@]}" --axes w,b --plot turned.svg
    run ! cmp first.svg turned.svg
    walk 0 'x^2+10y^2+3z^2' --from 5,5,3 --rate 0.04 --axes z,y --plot three.svg
    walk 2 'x^2+10y^2+3z^2' --from 5,5,3 --axes z,q --plot bad.svg
    [[ $stderr == *"'z,q' is not the names of two variables"* ]]
    walk 2 'x^2+10y^2' --from 5,5 --axes x,y
    [[ $stderr == *"--axes has no effect without --plot"* ]]
    [ ! -e bad.svg ]
}
