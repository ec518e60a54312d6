#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad surface as a source for other programs: code, LaTeX, tables, and formulas from files.

# Rows of LaTeX end with \\, and stderr is set by try.
# shellcheck disable=SC1003,SC2154

load common

# has TEXT: the output of the last run contains TEXT.
has() {
    [[ $output == *"$1"* ]] || broken "lacks: $1"
}

# ---- code ----

@test "the C code compiles without a warning and gives the values of the report" {
    command -v cc >/dev/null || skip "cc is missing"
    prints surface 'x^2*y + sin(2x)' --c --function hill
    has 'double hill(double x, double y, double gradient[2])'
    {
        printf '%s\n' "$output" '#include <stdio.h>' 'int main(void) { double g[2];' \
            '    double f = hill(1.0, 2.0, g); printf("%.6g %.6g %.6g\n", f, g[0], g[1]); }'
    } >main.c
    cc -std=c99 -Wall -Wextra -Werror -pedantic main.c -o main -lm
    [ "$(./main)" = "2.9093 3.16771 1" ] || broken "$(./main)"
    prints surface 'x^2*y + sin(2x)' --at 1,2 --digits 6
    has 'value                 2.9093'
    has '= 3.16771'
}

@test "Python names that are keywords get an underscore, and a comment says so" {
    prints surface 'lambda*x + def' --python
    has '# lambda_ is the variable lambda'
    has 'def f(x, def_, lambda_):'
    prints surface 'int*x' --c
    has ' * int_ is the variable int'
}

@test "--output writes code, replaces its own and no other file" {
    for kind in c python latex; do
        quiet surface x*y --$kind -o out
        quiet surface x+y --$kind -o out
        prints surface x+y --$kind
        [ "$output" = "$(<out)" ] || broken "the file of --$kind is not its output"
    done
    echo int >mine.c
    fails 4 'was not made by edgegrad; --overwrite replaces it' surface x*y --c -o mine.c
    [ "$(<mine.c)" = int ] || broken "the file was replaced"
    quiet surface x*y --c -o mine.c --overwrite
    fails 4 "does not exist" surface x*y --c -o no/f.c
    holds mine.c out
}

@test "outputs that exclude each other are refused in one line" {
    misused '--c and --python cannot be used together' surface x --c --python
    misused '--c and --latex cannot be used together' surface x --c --latex
    misused '--python and --latex cannot be used together' surface x --python --latex
    misused '--at has no effect with --c' surface x --c --at 1
    misused '--steps has no effect with --python' surface x --python --steps
    misused '--json has no effect with --latex' surface x --latex --json
    misused '--grid has no effect with --latex' surface x --latex --grid x=0:1:2
    misused '--table has no effect with --c' surface x --c --table x=0:1:1
    misused '--along has no effect with --latex' surface x --latex --at 1 --along 1
    misused '--function has no effect without --c or --python' surface x --function g
    misused 'EXPR is an equation: --c needs a function' surface 'x^2+y^2=1' --c
    misused '--grid and --table cannot be used together' surface x --grid x=0:1:2 --table x=0:1:1
    misused '--at has no effect with --table' surface x --table x=0:1:1 --at 1
    misused '--steps has no effect with --grid' surface x --grid x=0:1:2 --steps
    misused '--steps has no effect with --field' surface --field "$SMALL/rgb.png" --at 1,1 --steps
    fails 2 "'double' has a meaning in C" surface x --c --function double
    fails 2 "'lambda' has a meaning in Python" surface x --python --function lambda
    fails 2 "'2f' cannot be the name of a function" surface x --c --function 2f
}

# ---- LaTeX ----

@test "--latex is an aligned derivation; rounded values have an approximate sign" {
    prints surface 'x^2*y + sin(2x)' --latex --at 1,2
    [ "$(grep -c 'begin{align\*}\|end{align\*}' <<<"$output")" = 2 ] || broken "no align*"
    has 'f\left(x, y\right) &= x^{2} y + \sin 2 x \\'
    has '\frac{\partial f}{\partial x} &= 2 x y + 2 \cos 2 x \\'
    has '\nabla f &= \begin{pmatrix} 2 x y + 2 \cos 2 x \\ x^{2} \end{pmatrix}'
    has 'p &= \left(1, 2\right)'
    has 'f\left(p\right) &\approx 2.909297 \\'
    has '\frac{\partial f}{\partial y}\left(p\right) &= 1 \\'
}

@test "--latex --with writes the chain rule path by path" {
    prints surface 'x^2*y' --with 'x=cos(t)' --with 'y=sin(t)' --latex --at t=0
    has '\frac{d f}{d t} &= \frac{\partial f}{\partial x} \frac{d x}{d t} + \frac{\partial f}{\partial y} \frac{d y}{d t} \\'
    has '&= \left(2 x y\right) \left(-\sin t\right) + \left(x^{2}\right) \left(\cos t\right) \\'
    has '\left(0\right) \left(0\right) + \left(1\right) \left(1\right) = 1'
}

@test "--latex at a point without a gradient is refused with exit code 1" {
    fails 1 'f has no gradient at the point' surface 'abs(x)' --latex --at 0
}

# ---- formulas from files ----

@test "a formula may come from a file or standard input, with comments and several lines" {
    printf '# a hill\nf(y, x) = x^2 +  # squares\n    3*y^2\n' >hill.txt
    prints surface --expr-file hill.txt --at 1,2
    has 'f(y, x) = x^2 + 3*y^2'
    has 'value                 7'
    from_file=$output
    prints surface - --at 1,2 <hill.txt
    [ "$output" = "$from_file" ] || broken "standard input gives another report"
    prints surface --expr-file - --c <hill.txt
    has 'double f(double y, double x, double gradient[2])'
    printf '\xEF\xBB\xBFx^2\r\n + y\r\n' >windows.txt
    prints surface --expr-file windows.txt
    has 'f(x, y) = x^2 + y'
}

@test "errors in a file name the file, the line and the column" {
    printf 'x^2 +\n  3*/y\n' >bad.txt
    try surface --expr-file bad.txt
    [ "$status" -eq 2 ] || broken "exit code $status"
    [[ ${stderr_lines[0]} == "edgegrad: bad.txt:2:5: expected a number"* ]] || broken "no place"
    [ "${stderr_lines[1]}" = '      3*/y' ] && [ "${stderr_lines[2]}" = '        ^' ] || broken "no mark"
    printf 'x^2\ny\n' >two.txt
    try surface --expr-file two.txt
    [[ $status == 2 && ${stderr_lines[0]} == *"two.txt:2:1: a second formula"* ]] || broken "$stderr"
    printf '# nothing\n' >empty.txt
    fails 2 'empty.txt: there is no formula in it' surface --expr-file empty.txt
    printf 'x\0y' >zero.txt
    fails 3 'zero.txt:1: a byte 0' surface --expr-file zero.txt
    head -c 70000 /dev/zero | tr '\0' x >long.txt
    fails 5 'long.txt: longer than 65536 bytes' surface --expr-file long.txt
    fails 4 'no.txt: No such file' surface --expr-file no.txt
    fails 4 'is a folder' surface --expr-file .
    misused 'EXPR and --expr-file cannot be used together' surface x --expr-file bad.txt
    misused "'two.txt' is the formula" surface --expr-file two.txt --c -o two.txt
}

# ---- tables ----

@test "--table steps through a range, its end included, with proven digits" {
    prints surface 'exp(x)' --table x=0:0.3:0.1 --digits 20
    [ "${#lines[@]}" = 5 ] || broken "not four rows"
    [ "${lines[0]}" = 'x,f,df/dx' ] || broken "header"
    [ "${lines[4]}" = '0.3,1.349858807576003104,1.349858807576003104' ] || broken "exp(0.3)"
    prints surface 'x*y' --table x=0:1:1/2,y=1:-1:-2 --let k=1
    [ "${lines[4]}" = '0,-1,0,-1,0' ] || broken "the second y"
    try surface 'abs(x)' --table x=-1:1:1
    [ "$status" -eq 0 ] && [ "${lines[2]}" = '0,0,' ] || broken "a kink has no derivative"
    [[ $stderr == *"1 row has no derivatives"* ]] || broken "no note"
    try surface 'x - exp(log(x))' --table x=2:2:1
    [[ ${lines[1]} == '2,,'* && $stderr == *"could not be told from 0"* ]] || broken "undecided"
    quiet surface 'x^2' --table x=0:1:1 -o t.csv
    quiet surface 'x^3' --table x=0:1:1 -o t.csv
    fails 2 'has a step of 0' surface x --table x=0:1:0
    fails 2 'change the sign of the step' surface x --table x=0:1:-1
    fails 2 'is not FROM:TO:STEP' surface x --table x=0:1
    fails 2 'is not FROM:TO:STEP' surface x --table x=0:1:2:3
    fails 5 'more than 1000000 steps' surface x --table x=0:1:1e-9
    fails 5 'more than 1000000 rows' surface x*y --table x=0:1:1e-4,y=0:1:1e-3
}

# ---- steps ----

@test "--steps names each rule, and what it is applied to" {
    prints surface 'x^2*y + sin(2x)' --steps
    text=$(tr -s ' ' <<<"$output")
    for step in 'd/dx(x^2*y + sin(2*x))' \
        '= d/dx(x^2*y) + d/dx(sin(2*x)) sum rule' \
        '= y*d/dx(x^2) + d/dx(sin(2*x)) constant factor' \
        '= 2*y*x + d/dx(sin(2*x)) power rule' \
        '= 2*y*x + cos(2*x)*d/dx(2*x) derivative of sin, chain rule: u = 2*x' \
        '= 2*x*y + 2*cos(2*x) simplified'; do
        [[ $text == *"$step"* ]] || broken "lacks: $step"
    done
    prints surface 'x/(x^2+1)' --steps
    [[ $(tr -s ' ' <<<"$output") == *'quotient rule: u = x, v = x^2 + 1'* ]] || broken "no quotient"
    prints surface 'x^x' --steps
    [[ $(tr -s ' ' <<<"$output") == *'= x^x*d/dx(x*log(x)) general power by the logarithm: u = x, v = x'* ]] ||
        broken "no logarithm"
}

@test "--steps --json is an array of lines for each variable" {
    prints surface 'x^2*y' --steps --json
    is_json "$output"
    command -v jq >/dev/null || skip "jq is missing"
    [ "$(jq -r '.steps[0].variable, .steps[0].lines[0].text, .steps[0].lines[2].rule' <<<"$output")" = \
        $'x\nd/dx(x^2*y)\npower rule' ] || broken "other steps"
}

@test "--steps --along shows difference quotients, every digit of them proven" {
    prints surface 'exp(x)' --steps --at 0 --along 1 --digits 12
    text=$(tr -s ' ' <<<"$output")
    # (exp(h) - 1)/h = 1 + h/2 + h^2/6 ...; in doubles 1e-07 gives 1.00000004943
    [[ $text == *' 1e-07 1.00000005 5.00000016667e-08'* ]] || broken "noise"
    [[ $text == *'slope 1 the gradient times u'* ]] || broken "no slope"
    try surface 'abs(x) + 2x' --steps --at 0 --along -1 --json # a kink: no gradient, but quotients
    [ "$status" -eq 1 ] && is_json "$output" || broken "exit code $status, or no JSON"
    [ "$(grep -c '"quotient": -1,*$' <<<"$output")" = 8 ] || broken "quotients on one side"
    [ "$(grep -c '^  "limit"' <<<"$output")" = 1 ] || broken "a key twice"
    prints surface 'x^2*y' --steps --at 1,2 --along 1,1 --latex
    has '10^{-7} & 3.535534'
}
