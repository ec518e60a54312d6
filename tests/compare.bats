#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad descent --compare: several methods from one start.

load common

@test "a comparison has the results of the methods run alone" {
    edgegrad descent 'x^2+10y^2' --from 5,5 --compare gd,lbfgs,newton --json >all.json
    [ "$(jq -r '.runs[].method' all.json | xargs)" = 'gd lbfgs newton' ]
    for method in gd lbfgs newton; do
        edgegrad descent 'x^2+10y^2' --from 5,5 --method $method --json >one.json
        for key in .steps .evaluations .value .x .verdict .rate; do
            [ "$(jq -c ".runs[] | select(.method == \"$method\") | $key" all.json)" = \
                "$(jq -c $key one.json)" ] || broken "$method: $key"
        done
    done
}

# shellcheck disable=SC2154 # set by try
@test "a method that reaches no minimum makes the exit code 1" {
    try descent '(1-x)^2+100(y-x^2)^2' --from -1.2,1 --compare newton,adam
    [ "$status" -eq 1 ]
    [[ $stderr == *'1 of 2 methods did not reach a minimum'* ]]
    [[ $output == *'newton '*minimum* ]]
}

@test "the plot of a comparison has a panel for each method" {
    for format in png svg pdf; do
        edgegrad descent 'x^2+10y^2' --from 5,5 --compare gd,momentum,lbfgs --plot "c.$format" >/dev/null
        [ -s "c.$format" ]
    done
    for method in gd momentum lbfgs; do grep -q ">$method: [0-9]* steps, value" c.svg; done
    [ "$(grep -c '>start</text>' c.svg)" -eq 3 ]
    # The panels lie side by side: their titles have three places.
    [ "$(grep -o '<text x="[0-9.]*" y="[0-9.]*"[^>]*>[a-z]*: [0-9]* steps' c.svg |
        grep -o 'x="[0-9.]*" y="[0-9.]*"' | sort -u | wc -l)" -eq 3 ]
}

# shellcheck disable=SC2154 # set by try
@test "wrong comparisons are errors" {
    misused() { try descent 'x^2' --from 1 "$@" && [ "$status" -eq 2 ]; }
    misused --compare gd,foo
    [[ $stderr == *"'foo' is not a method"* ]]
    misused --compare gd,gd
    [[ $stderr == *'given twice'* ]]
    misused --compare gd,
    misused --compare gd --method adam
    [[ $stderr == *'cannot be used together'* ]]
    misused --compare gd --trace t.csv
    [ ! -e t.csv ]
}
