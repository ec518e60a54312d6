#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # try sets stderr
# edgegrad descent: known runs, stop reasons, remarks, fits, flow paths, bad input.

load common

VALLEY='x^2+10y^2'

# field NAME: prints a line of the report.
field() {
    sed -n "s/^$1: *//p" <<<"$output"
}

# descends CODE ARGUMENT...: runs, and expects that exit code.
descends() {
    local code=$1
    shift
    try descent "$@"
    [ "$status" -eq "$code" ] || broken "exit code $status, not $code: $*"
}

@test "the first step of gradient descent" {
    descends 0 "$VALLEY" --from 5,5 --rate 0.05 --steps 1
    [ "$(field end)" = "x = 4.5, y = 0" ]
}

@test "forty steps in a valley" {
    descends 0 "$VALLEY" --from 5,5 --rate 0.04 --steps 40
    [[ $(field end) == "x = 0.1780258624, y = 5.497558139e-28" ]]
    [ "$(field value)" = 0.03169320767 ]
    [[ $(field stopped) == "after 40 steps: step limit reached"* ]]
    descends 0 "$VALLEY" --from x=5,y=5 --rate 0.04 --steps 40 --json
    is_json "$output"
}

@test "a rate at the limit oscillates, one above it diverges, and both are explained" {
    descends 1 "$VALLEY" --from 5,5 --rate 0.1 --steps 40
    [[ $(field end) == *"y = 5" ]]
    [[ $stderr == *"does not converge"*"2/λmax = 0.1"*"try --rate 0.0909 --steps 138: it converges in 138 steps"* ]]
    descends 1 "$VALLEY" --from 5,5 --rate 0.11 --steps 20
    [[ $(field end) == *"y = 191.68799"* ]]
    [[ $stderr == *"diverges"*"rate 0.11 exceeds 2/λmax = 0.1 here; try --rate 0.0909 "* ]]
}

@test "heavy ball and Barzilai-Borwein need as few steps as they should" {
    descends 0 "$VALLEY" --from 5,5 --method heavy-ball --tolerance 1e-6
    [[ $(field stopped) == "after 35 steps: the gradient is within"* ]]
    descends 0 "$VALLEY" --from 5,5 --method bb --tolerance 1e-6
    [[ $(field stopped) == "after 9 steps: the gradient is within"* ]]
}

@test "adam reports how far it can travel" {
    descends 0 "$VALLEY" --from 5,5 --method adam --rate 0.04 --steps 40
    [[ $(field value) == 131.7* ]]
    [[ $stderr == *"adam moves by about its rate at each step"* ]]
}

@test "every method finds a minimum, and with --maximize a maximum" {
    for method in gd momentum nesterov rmsprop adam heavy-ball bb lbfgs newton line-search; do
        descends 0 '(x-1)^2+2(y+2)^2' --from 3,3 --method "$method" --steps 20000 --tolerance 1e-5
        awk -v end="$(field end)" 'BEGIN {
            split(end, part, /[=,]/)
            exit !((part[2] - 1) ^ 2 + (part[4] + 2) ^ 2 < 1e-6) }' || broken "$method: $(field end)"
    done
    descends 0 --from 0.3,0.2 --maximize -- '-(x^2)-y^2'
    [[ $(field stopped) == *"at a critical point"* || $(field stopped) == *"the gradient is 0"* ]]
    [[ $(field verdict) == *maximum* ]]
}

# advice: prints the options that the message advises.
advice() {
    sed -n 's/.*; \(try\|with\) \(--[^:]*\).*/\2/p' <<<"$stderr" | sed 's/ the function.*//; s/ the value.*//'
}

# follow CODE ARGUMENT...: runs, then follows the advice, whose options come last; the second run has this exit code.
follow() {
    local code=$1 options
    shift
    descends 1 "$@"
    options=$(advice)
    [ -n "$options" ] || broken "no advice: $stderr"
    # shellcheck disable=SC2086 # several words
    descends "$code" "$@" $options
}

@test "advice works when it is followed" {
    follow 0 "$VALLEY" --from 5,5 --rate 0.11 --steps 20
    [[ $(field stopped) == "after 138 steps: at a critical point"* ]]
    [[ $(field verdict) == "minimum: eigenvalues of the Hessian 2 to 20" ]]
    follow 0 '(1-x)^2+100(y-x^2)^2' --from -1.2,1
    follow 0 'x^4-x^2+y^2' --from 0,1
    follow 0 'x*log(x)+y^2' --from 1,1 --rate 5
    follow 0 'cosh(x)+y^2' --from 3,1 --rate 4 --method momentum --momentum 0.5
    follow 1 'x^2-y^2' --from 1,0 --rate 0.1
    [[ $stderr == *"falls without bound along the direction"* ]]
    follow 1 'abs(x)+abs(y)' --from 1.05,2.02 --rate 0.1
    awk -v v="$(field value)" 'BEGIN { exit !(v < 1e-5) }'
    descends 0 "$VALLEY" --from 5,5 --method adam --rate 0.04 --steps 40
    # shellcheck disable=SC2046
    descends 0 "$VALLEY" --from 5,5 --method adam --rate 0.04 --steps 40 $(advice)
    [[ $(field verdict) == minimum* ]]
}

@test "slow divergence is divergence" {
    descends 1 'x^2' --from 1 --rate 1.05 --steps 10
    [[ $stderr == *"diverges"*"2/λmax = 1 here"* ]]
    descends 1 "$VALLEY" --from 5,1e-10 --rate 0.105 --steps 20
    [[ $stderr == *"diverges"*"2/λmax = 0.1 here"* ]]
    descends 1 'x^2' --from 1 --method momentum --rate 1.95 --steps 60
    [[ $stderr == *"diverges"*"2(1+β)/λmax = 1.9 here"* ]]
    descends 1 'x^2' --from 1 --method nesterov --momentum 0.9 --rate 0.7 --steps 60
    [[ $stderr == *"diverges"*"(2+2β)/(1+2β)/λmax = 0.679 here"* ]]
}

@test "a scale is no convergence, and a tolerance is absolute" {
    for factor in 1e-6 1e-9 1e-12 1e-100 1e100; do
        descends 0 "$factor*((x-1)^2+10(y+2)^2)" --from 5,5
        [[ $(field end) == "x = "[01].[09]*", y = "-[12].[09]* || $(field end) == "x = 1, y = -2" ]] || broken "$factor: $(field end)"
    done
    descends 0 '1e-12*(x^2+y^2)' --from 5,5 --tolerance 1e-6
    [[ $stderr == *"not at a critical point: Newton's method would move by 7.07"* ]]
    [ -z "$(field verdict)" ]
}

@test "tails, plateaus, kinks, flat directions and the domain are named" {
    for f in 'exp(x)' 'atan(x)' '1/(1+x^2)' 'tanh(x)+1'; do
        descends 1 "$f" --from 1
        [[ $stderr == *"along a flat tail"* ]] || broken "$f: $stderr"
        [[ $stderr != *"without bound"* ]]
    done
    descends 1 'x^3' --from 1
    [[ $stderr == *"falls without bound along the direction (-1)"* ]]
    descends 1 'exp(-x)' --from 800
    [[ $stderr == *"undecided whether this is a minimum"* ]]
    descends 1 'max(x,-2x)' --from 1.05 --rate 0.1
    [[ $stderr == *"a kink: the gradient jumps at "*"a fixed rate does not converge"* ]]
    descends 0 'abs(x)+y^2' --from 0.55,3 --method bb
    [[ $(field verdict) == "minimum at a kink"* ]]
    descends 0 '(x+y-1)^2' --from 5,4 --rate 0.01
    [[ $stderr == *"an eigenvalue of the Hessian is 0 within rounding errors"*"(0.7071, -0.7071)"* ]]
    [[ $stderr != *conditioning* ]]
    descends 1 'log(x)+y^2' --from 1,1 --rate 3
    [[ $stderr == *"leaves the domain of the function: at (-2, -5) it is undefined"* ]]
    [[ $output$stderr != *nan* ]]
    descends 1 'x^2-abs(x)' --from 0
    [[ $stderr == *"this is no minimum: the value falls"* ]]
}

@test "the rate follows a schedule" {
    descends 0 'x^2' --from 5 --rate 0.1 --steps 10 --schedule exponential:0.5 --trace path.csv
    [[ $(field method) == "gd, minimising, rate 0.1, schedule exponential:0.5, final rate 0.00019531"* ]]
    awk -F, 'NR > 2 && ($5 - 0.1 * 0.5 ^ $1 * 2) ^ 2 > 1e-30 { exit 1 }' path.csv
    descends 0 'x^2' --from 5 --rate 0.1 --steps 10 --schedule cosine --warmup 3 --json
    is_json "$output"
    [[ $output == *'"schedule": "cosine"'* ]]
    fails 2 "--schedule: 'cubic' is no schedule" descent 'x^2' --from 5 --schedule cubic
    fails 2 "no schedule or warmup" descent 'x^2' --from 5 --schedule sqrt --method newton
    printf 'x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n' >points.csv
    fit=(--model 'w*x+b' --data points.csv --target y)
    descends 1 "${fit[@]}" --batch 2 --epochs 30 --rate 0.05 --schedule cosine
    [[ $(field stopped) == "after 60 steps: step limit reached"* ]]
    fails 2 "--epochs has no effect without --batch" descent "${fit[@]}" --epochs 3
    fails 2 "--epochs and --steps cannot" descent "${fit[@]}" --batch 2 --epochs 3 --steps 3
}

@test "the examples of descent --help work" {
    edgegrad descent --help | sed -n "s/^ *edgegrad \(descent '.*\)/\1/p" >examples
    [ "$(wc -l <examples)" -ge 3 ]
    while IFS= read -r example; do
        eval "descends 0 ${example#descent}"
    done <examples
    descends 0 'sin(x)*cos(y)' --from 1,1 --maximize
    [[ $(field end) == "x = 1.57079632"* ]]
    [[ $(field verdict) == "maximum: eigenvalues of the Hessian -1" ]]
}

@test "saddles and poor conditioning are reported" {
    descends 1 'x^2-y^2' --from 1,0 --rate 0.1
    [[ $stderr == *"saddle"*"-2 and 2"* ]]
    descends 0 '(1-x)^2+100(y-x^2)^2' --from -1.2,1 --method newton
    [[ $stderr == *"poor conditioning"*"2508"* ]]
}

@test "a table is fitted, with standard errors, whatever the threads" {
    printf 'x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n' >points.csv
    descends 0 --model 'w*x+b' --data points.csv --target y
    [[ $output == *"w = 1.94  standard error 0.09055"* ]]
    [[ $output == *"b = 0.15  standard error 0.248"* ]]
    [[ $output == *"R²:"*"0.995661"* ]]
    [[ $output == *"w         -0.9129   1.0000"* ]]
    one=$output
    printf '\xef\xbb\xbfx;y\r\n1;2.1\r\n2;3.9\r\n3;6.2\r\n4;7.8\r\n' >points.csv
    descends 0 --model 'w*x+b' --data points.csv --target y --threads 2
    [ "$output" = "$one" ]
}

# The current in nanoamperes was once "converged" where it started.
@test "a fit does not depend on the unit of the data, with any method" {
    printf 'v,i\n0.1,1.02e-9\n0.2,1.98e-9\n0.3,3.05e-9\n0.4,3.96e-9\n0.5,5.01e-9\n' >current.csv
    for method in lm gd lbfgs newton; do
        descends 0 --model 'g*v+o' --data current.csv --target i --method "$method"
        [[ $output == *"g = 9.9"*"e-09  standard error 1.26e-10"* ]] || broken "$method: $output"
    done
    descends 1 --model 'g*v+o' --data current.csv --target i --method gd --steps 5
    [[ $stderr == *"this is no minimum: the sum of squares still falls here"* ]]
}

@test "a fit that has no standard errors is exit code 1, with the reason" {
    printf 'x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n' >points.csv
    fit=(--data points.csv --target y)
    descends 1 --model 'a*b*x' "${fit[@]}" --from 1,2
    [[ $stderr == *"the data do not determine a and b"*"--fix a=VALUE"* ]]
    [[ $output == *"standard error unknown"* ]]
    descends 1 --model 'a+b*x+c*x^2+d*x^3' "${fit[@]}"
    [[ $stderr == *"only as many points"* ]]
    descends 2 --model 'a+b*x+c*x^2+d*x^3+g*x^4' "${fit[@]}"
    [[ $stderr == *"4 points, fewer than the 5 parameters"* ]]
    descends 2 --model 'a*sqrt(x-b)' "${fit[@]}" --from a=1,b=3
    [[ $stderr == *"no finite value in row 1 of the data (x = 1)"* ]]
    descends 1 --model 'a*b*x' "${fit[@]}" --json
    is_json "$output"
    [[ $output == *'"fit_verdict": "undetermined"'* ]]
}

@test "weights, known errors, fixed parameters and bounds" {
    printf 'x,y,s,w\n1,2.1,0.1,3\n2,3.9,0.1,3\n3,6.2,0.1,3\n4,7.8,0.1,3\n' >points.csv
    fit=(--model 'k*x+b' --data points.csv --target y)
    descends 0 "${fit[@]}" --weights w
    [[ $output == *"k = 1.94  standard error 0.09055"* ]]
    descends 0 "${fit[@]}" --sigma s
    [[ $output == *"k = 1.94  standard error 0.04472"*"χ² 8.2, per degree of freedom 4.1"* ]]
    descends 0 "${fit[@]}" --fix b=0
    [[ $output == *"k = 1.99  standard error 0.03283"*"fixed:    b = 0"* ]]
    descends 0 "${fit[@]}" --bounds 'b=1:'
    [[ $(field start) == "b = 1, k = 0" ]]
    [[ $output == *"b = 1  at its lower bound: no standard error"* ]]
    descends 0 "${fit[@]}" --bounds 'b=1:9,k=:1.5' --json
    is_json "$output"
    [[ $output == *'"k": "upper"'* ]]
    fails 2 "'q' is no parameter" descent "${fit[@]}" --fix q=1
    fails 2 "'q' is no parameter" descent "${fit[@]}" --bounds q=1:2
    fails 2 "b: 2 is above 1" descent "${fit[@]}" --bounds b=2:1
    for text in b b= b=x b=1x =1 'b=1:2'; do
        fails 2 "--fix: '$text' is not names with values" descent "${fit[@]}" --fix "$text"
    done
    for text in b b=1 b=x:1 'b=1:x' =1:2; do
        fails 2 "--bounds: '$text' is not names with bounds" descent "${fit[@]}" --bounds "$text"
    done
    fails 2 "cannot be used together" descent "${fit[@]}" --sigma s --weights w
    fails 2 "--bounds needs --method lm" descent "${fit[@]}" --bounds b=1:2 --method lbfgs
    fails 2 "--rate has no effect with --method lm, the default of --model" descent "${fit[@]}" --rate 1
    fails 2 "it has no --batch" descent "${fit[@]}" --batch 2 --method lm
    fails 2 "it needs --model" descent x^2 --from 1 --method lm
    fails 2 "--sigma has no effect without --model" descent x^2 --from 1 --sigma s
    fails 2 "is not within its bounds" descent "${fit[@]}" --bounds b=1:2 --from b=3
}

@test "bad starts and bad tables are rejected with their place" {
    descends 2 'log(x)' --from -1
    [[ $stderr == *"no finite value at the start (it is undefined there)"* ]]
    descends 2 'x+1/0' --from 1
    [[ $stderr == *"(it is infinite there)"* ]]
    descends 2 "$VALLEY" --from nan,1
    [[ $stderr == *"--from: unknown name 'nan'"* ]]
    descends 2 "$VALLEY" --from 5
    descends 2 "$VALLEY"
    [[ $stderr == *"--from is missing"* ]]
    descends 2 'x^^2' --from 1
    [ "${stderr_lines[2]}" = "      ^" ] # the mark under the formula
    descends 2 "$(printf '(%.0s' {1..300})x" --from 1
    [[ ${stderr_lines[0]} == *"nested deeper than 256; simplify them" ]]
    printf 'x,y\n1,2\n3,6\n' >points.csv
    descends 2 --model 'w*(x' --data points.csv --target y
    [[ ${stderr_lines[0]} == "edgegrad: --model: "*"never closed; add a ')'" ]]
    descends 0 --model 'wx' --data points.csv --target y
    [[ $stderr == *"has none of the columns of points.csv"*"for a product write w*x" ]]
    printf 'x;y\n1,5;2,5\n' >commas.csv
    descends 3 --model 'w*x' --data commas.csv --target y
    [[ $stderr == *"commas.csv: line 2, column 2 (y): '2,5' is not a number; decimals have a point"* ]]
    printf 'x,y\n1,"1,002.5"\n' >thousands.csv
    descends 3 --model 'w*x' --data thousands.csv --target y
    [[ $stderr == *"'1,002.5' is not a number; decimals have a point, thousands no separator" ]]
    printf 'x,y\n1,2\n2,NA\n' >na.csv
    descends 3 --model 'w*x' --data na.csv --target y
    [[ $stderr == *"'NA' is not a number; remove the row if it has no value" ]]
    printf 'x y\n1 2\n' >blanks.csv
    descends 2 --model 'w*x' --data blanks.csv --target y
    [[ $stderr == *"they have x y (columns are separated by commas, semicolons or tabs)" ]]
    printf '# x and y\nx,y\n1,2\n' >comment.csv
    descends 3 --model 'w*x' --data comment.csv --target y
    [[ $stderr == *"line 2 has 2 cells where the first line has 1; remove comments, "* ]]
    printf 'x,y\n1,2\n3\n' >ragged.csv
    descends 3 --model 'w*x' --data ragged.csv --target y
    [[ $stderr == *"ragged.csv"*"line 3"* ]]
    printf 'x,y\n1,2\n3,abc\n' >words.csv
    descends 3 --model 'w*x' --data words.csv --target y
    [[ $stderr == *"words.csv"*"line 3"* ]]
    : >empty.csv
    descends 3 --model 'w*x' --data empty.csv --target y
    descends 4 --model 'w*x' --data none.csv --target y
}

@test "the path is written and drawn" {
    descends 0 "$VALLEY" --from 5,5 --rate 0.04 --steps 40 --trace path.csv
    [ "$(wc -l <path.csv)" -eq 42 ]
    if edgegrad --version | grep -q '^cairo'; then
        for kind in png svg pdf; do
            descends 0 "$VALLEY" --from 5,5 --rate 0.04 --steps 40 --plot "plot.$kind"
            [ -s "plot.$kind" ]
        done
        grep -q '<svg' plot.svg
        [ "$(head -c 5 plot.pdf)" = "%PDF-" ]
    fi
}

@test "an objective of one variable is drawn as a graph, with the steps on it" {
    edgegrad --version | grep -q '^cairo' || skip "built without cairo"
    descends 0 '1000000*(x-3)^2' --from 5 --plot a.svg
    grep -q '>5.0</text>' a.svg # the range of x does not depend on the values
    grep -q '>start</text>' a.svg
    descends 0 'x^2+1' --from 2 --rate 0.1 --range -3,3,0,10 --plot b.svg
    grep -q 'Horizontal axis from -3 to 3, vertical axis from 0 to 10' b.svg
}

@test "a fit to one column is drawn as data, curve and confidence band" {
    edgegrad --version | grep -q '^cairo' || skip "built without cairo"
    printf 'x,z,y\n1,2,2.1\n2,1,3.9\n3,4,6.2\n4,2,7.8\n' >points.csv
    descends 0 --model 'w*x+b' --data points.csv --target y --plot band.svg
    grep -q '>95 % confidence band<' band.svg
    descends 0 --model 'w*x+b' --data points.csv --target y --axes w,b --plot error.svg
    run ! cmp band.svg error.svg
    descends 1 --model 'a*b*x' --data points.csv --target y --plot curve.svg # no band
    run ! grep -q 'confidence band' curve.svg
    descends 0 --model 'w*x+b*z' --data points.csv --target y --plot two.svg
    descends 0 --model 'w*x+b' --data points.csv --target y --plot range.png --range 0,9,0,20
    fails 2 "--range: 'x'" descent --model 'w*x+b' --data points.csv --target y --plot bad.png --range x
}

@test "a fit is drawn over two of its parameters, a function over two of its variables" {
    edgegrad --version | grep -q '^cairo' || skip "built without cairo"
    printf 'x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n' >points.csv
    fit=(--model 'w*x+b+q*x^2' --data points.csv --target y --method lbfgs)
    descends 0 "${fit[@]}" --axes b,q --plot first.svg
    descends 0 "${fit[@]}" --axes q,b --plot turned.svg
    run ! cmp first.svg turned.svg
    descends 0 'x^2+10y^2+3z^2' --from 5,5,3 --rate 0.04 --axes z,y --plot three.svg
    descends 2 'x^2+10y^2+3z^2' --from 5,5,3 --axes z,q --plot bad.svg
    [[ $stderr == *"'z,q' is not the names of two variables"* ]]
    descends 2 'x^2+10y^2' --from 5,5 --axes x,y
    [[ $stderr == *"--axes has no effect without --plot"* ]]
    [ ! -e bad.svg ]
}

@test "a run ended by a time limit or Ctrl-C reports what it reached" {
    slow=(descent '(1-x)^2+100(y-x^2)^2' --from '-1.2,1' --rate 1e-9 --steps 2000000000)
    try "${slow[@]}" --time 0.2
    [ "$status" -eq 0 ]
    [[ $(field stopped) == *"time"* ]]
    status=0
    timeout --preserve-status -s INT 0.3 "$EDGEGRAD" "${slow[@]}" >out 2>err || status=$?
    [ "$status" -eq 130 ]
    grep -q '^stopped: .*cancelled' out
}

@test "progress is shown on a terminal" {
    command -v script >/dev/null || skip "script is missing"
    script -qec "$EDGEGRAD descent '(1-x)^2+100(y-x^2)^2' --from -1.2,1 --rate 1e-9 \
        --steps 2000000000 --time 0.7" /dev/null </dev/null >seen
    grep -q 'step [0-9]* of 2000000000  value' seen
    grep -q '^stopped: ' <(tr '\r' '\n' <seen)
}

# ---- rasters ----

# slope A B: prints a plane of 9 x 7 samples, 50 + A x + B y.
slope() {
    awk -v a="$1" -v b="$2" 'BEGIN {
        print "ncols 9\nnrows 7\nxllcorner 1000\nyllcorner 2000\ncellsize 10\nnodata_value -1"
        for (y = 0; y < 7; y++) {
            for (x = 0; x < 9; x++) printf "%g ", 50 + a * x + b * y
            print ""
        }
    }'
}

@test "a flow path runs straight down a plane, to the edge" {
    slope 3 -4 >plane.asc
    descends 0 --field plane.asc --from 1065,2055 --trace path.csv --json
    is_json "$output"
    [[ $output == *'"stopped_by": "edge"'*  ]]
    [[ $output == *'"distance_unit": "metres"'* ]]
    awk -F, 'NR == 1 { exit $0 != "step,x,y,z,distance,gradient" }' path.csv
    # From column 6, row 1 by -3, 4 to row 6: 62.5 m over the ground.
    awk -F, 'NR > 1 {
            off = 4 * ($2 - 1065) - 3 * ($3 - 2055)
            if (off * off > 1e-10 || NR > 2 && !($4 < z && $5 > d)) bad = 1
            z = $4; d = $5; x = $2; y = $3; g = $6
        }
        END { exit bad || (x - 1027.5) ^ 2 + (y - 2005) ^ 2 > 1e-6 || (d - 62.5) ^ 2 > 1e-6 || (g - 0.5) ^ 2 > 1e-12 }' path.csv
    descends 0 --field plane.asc --from-pixel 6,1
    [[ $(field start) == "x = 1065, y = 2055 (column 6, row 1), height 64" ]]
    [[ $(field stopped) == "at the edge"* ]]
    descends 0 --field plane.asc --from-pixel 6,1 --maximize --steps 4
    [[ $(field path) == "uphill, 4 steps,"* ]]
    [[ $(field stopped) == "step limit reached" ]]
}

@test "in degrees the flow path is steepest on the ground" {
    # At 60 degrees a degree of longitude is half as long: 1 in 1 both ways there is 2 : 1 in metres, 4 : 1 in degrees.
    slope 1 -1 | sed 's/^xll.*/xllcorner 10/; s/^yll.*/yllcorner 59.9965/; s/^cell.*/cellsize 0.001/' >degrees.asc
    descends 2 --field degrees.asc --from-pixel 8,3
    [[ $stderr == *"look like degrees; give --crs geographic"* ]]
    descends 0 --field degrees.asc --from-pixel 8,2 --crs geographic --json
    [[ $output == *'"coordinates": "longitude, latitude"'* ]]
    awk '/"end"/ { inside = 1 }
        inside && /"column"/ { column = $2 + 0 }
        inside && /"row"/ { row = $2 + 0; exit !(column == 0 && row > 3.99 && row < 4.02) }' <<<"$output"
}

@test "an uphill path on a known hill ends on its top, in any file format" {
    awk 'BEGIN {
        print "P2 31 25 65535"
        for (y = 0; y < 25; y++)
            for (x = 0; x < 31; x++) printf "%d\n", 40000 - 30 * ((x - 17) ^ 2 + 3 * (y - 9) ^ 2)
    }' >hill.pgm
    edgegrad gradient --map x hill.pgm hill.tif # any TIFF will do to see that it is read
    descends 0 --field hill.pgm --from 3,21 --maximize --tolerance 0
    [[ $(field stopped) == "at a peak: all ground around is lower" ]]
    [[ $(field end) == "column 17, row 9, height 40000" ]]
    descends 0 --field - --from-pixel 3,21 --maximize <hill.pgm
    [[ $(field end) == "column 17, row 9, height 40000" ]]
    descends 0 --field hill.tif --from 3,21
    descends 0 --field "$DATA/scene.jpg" --from 100,100
    descends 0 --field "$DATA/scene.png" --from 100,100 --trace path.csv --cell-size 0.5
    [[ $(field path) == *" m long"* ]]
    descends 3 --field hill.pgm --from 3,21 --trace path.geojson
    [[ $stderr == *"not georeferenced"* ]]
    [ ! -e path.geojson ]
}

@test "GeoJSON names coordinates that are not WGS 84" {
    descends 0 --field "$DATA/hills.tif" --from 640675,5196445 --trace path.geojson --json
    [[ $output == *'"coordinates": "EPSG:32632"'* ]]
    is_json "$(<path.geojson)"
    grep -q 'urn:ogc:def:crs:EPSG::32632' path.geojson
    grep -q '"stopped_by": "pit"' path.geojson
    grep -q '^\[640675, 5196445, 1344.125\],$' path.geojson
    [ "$(grep -c '^\[' path.geojson)" -eq $(($(sed -n 's/.*"steps": \([0-9]*\).*/\1/p' <<<"$output") + 1)) ]
    slope 1 1 | sed 's/^xll.*/xllcorner 1000000/; s/^yll.*/yllcorner 6000000/' >map.asc
    descends 0 --field map.asc --crs web-mercator --from-pixel 4,3 --trace path.geojson
    is_json "$(<path.geojson)"
    run ! grep -q '"crs"' path.geojson
    # 1000045, 6000035 on the sphere of 6378137 m
    grep -q '^\[8.983557' path.geojson
    grep -q ', 47.3539[0-9]*, 57\],$' path.geojson
    slope 0 0 >level.asc
    descends 0 --field level.asc --from-pixel 4,3 --trace path.geojson
    [[ $(field stopped) == "at level ground"* ]]
    is_json "$(<path.geojson)"
    grep -q '"Point"' path.geojson
}

@test "a flow path is drawn" {
    edgegrad --version | grep -q '^cairo' || skip "built without cairo"
    descends 0 --field "$DATA/hills.tif" --from 640675,5196445 --plot path.svg
    grep -q '</svg>' path.svg
    descends 0 --field "$DATA/scene.png" --from 100,100 --plot path.png --range 90,110,95,105
    [ -s path.png ]
    fails 2 "--range: 'x'" descent --field "$DATA/hills.tif" --from-pixel 9,9 --plot bad.png --range x
    [ ! -e bad.png ]
}

@test "a start outside the raster is rejected with the raster's extent" {
    slope 3 -4 >plane.asc
    fails 2 "outside the raster: its outermost cell centres are at x 1005 to 1085, y 2005 to 2065" \
        descent --field plane.asc --from 5,5
    fails 2 "(x comes first)" descent --field plane.asc --from 2055,1065
    fails 2 "(--from-pixel takes columns and rows)" descent --field plane.asc --from 6,1
    fails 2 "columns 0 to 8, rows 0 to 6 (the column comes first)" descent --field plane.asc --from-pixel 6,7
    slope 3 -4 | sed '9s/^[^ ]* [^ ]* /-1 -1 /' >holes.asc
    fails 2 "missing samples (nodata)" descent --field holes.asc --from-pixel 0.5,2
    descends 0 --field holes.asc --from-pixel 4,0 --steps 1000
    for from in 5 1,2,3 a,b '1,' ',1' nan,1; do
        fails 2 "--from: '$from' " descent --field plane.asc --from "$from"
    done
    fails 2 "--from is missing" descent --field plane.asc
    fails 2 "contradict" descent --field plane.asc --from 1,1 --from-pixel 1,1
    fails 2 "--method has no effect with --field" descent --field plane.asc --from 1,1 --method adam
    fails 2 "--rate has no effect with --field" descent --field plane.asc --from 1,1 --rate 0.1
    fails 2 "without --field" descent 'x^2' --from 1 --crs geographic
    fails 2 "EXPR and --field cannot be used together" descent 'x^2' --field plane.asc --from 1,1
    zeros 2 2 >small.pgm
    fails 3 "at least 3 x 3" descent --field small.pgm --from 0,0
    fails 4 "no such file" descent --field none.tif --from 0,0
    fails 5 "--max-memory" descent --field "$DATA/scene.png" --from 0,0 --max-memory 10K
    cp plane.asc same.csv
    fails 2 "would overwrite" descent --field same.csv --from-pixel 6,1 --trace same.csv
}

@test "a flow path on a real mountain descends all along" {
    corpus dem/N44W072.hgt
    descends 0 --field "$found" --from=-71.31,44.265 --trace path.csv
    [[ $(field stopped) == "at a pit"* ]]
    awk -F, 'NR > 2 && !($4 < z) { exit 1 } { z = $4 } END { if (NR < 100) exit 1 }' path.csv
    descends 0 --field "$found" --from=-71.31,44.265 --maximize
    [[ $(field stopped) == "at a peak"* ]]
    fails 2 "(longitude comes first)" descent --field "$found" --from 44.265,-71.31
}
