#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad surface: vector fields, line integrals, and views in space.

load common

# says TEXT ARGUMENT...: succeeds, and the report contains TEXT; runs of blanks count as one.
says() {
    local text=$1
    shift
    prints surface "$@" || return
    [[ $(tr -s ' ' <<<"$output") == *"$text"* ]] || broken "the report lacks: $text"
}

# fails_with CODE MESSAGE ARGUMENT...: that exit code, and MESSAGE on standard error.
# shellcheck disable=SC2154 # set by try
fails_with() {
    local code=$1 message=$2
    shift 2
    try surface "$@"
    [ "$status" -eq "$code" ] || broken "exit code $status, not $code: $*" || return
    # shellcheck disable=SC2154 # bats sets it
    [[ $stderr == *"$message"* ]] || broken "the message lacks: $message: $stderr"
}

@test "rotation has curl 2, no divergence, no potential, and the work 2 pi around the unit circle" {
    edgegrad surface '(-y, x)' --at 1,2 --work '(cos(t), sin(t)), t=0:2pi' \
        --flux '(cos(t), sin(t)), t=0:2pi' --json >f.json
    [ "$(jq -c '[.value, .jacobian.matrix, .divergence.value, .curl.value]' f.json)" = \
        '[[-2,1],[[0,-1],[1,0]],0,2]' ]
    [ "$(jq -r '.gradient_field.verdict, .gradient_field.difference.formula' f.json | xargs)" = 'no 2' ]
    jq -e '.work | .closed and (.value - 6.283185307179586 | fabs < 1e-15) and
        .bounds[0] <= .value and .value <= .bounds[1] and (.bounds[1] - .bounds[0] < 1e-11)' f.json
    jq -e '.flux.value == 0 and .flux.closed' f.json
}

@test "potentials are found, checked and evaluated" {
    edgegrad surface '(y*z, x*z, x*y)' --at 1,2,3 --json >f.json
    [ "$(jq -c '.gradient_field | [.verdict, .potential.formula, .potential.proven,
        .potential.whole_domain, .potential.value]' f.json)" = '["yes","x*y*z",true,true,6]' ]
    says 'potential x^2*y plus any constant' 'F(x, y) = (2x*y, x^2)'
    says 'at the point 1.246824 the work from the origin' '(exp(-x^2), y)' --at 1,1
    says 'potential difference 1 the potential at the end' '(2x*y, x^2)' --work '(t, t), t=0:1'
}

@test "a field with a hole in its domain is a gradient only locally" {
    says 'locally: the Jacobian is symmetric' '(-y/(x^2+y^2), x/(x^2+y^2))'
    says 'The work along this closed path is not 0' '(-y/(x^2+y^2), x/(x^2+y^2))' \
        --work '(2cos(t), sin(t)), t=0:2pi'
}

@test "integrals that do not exist are told" {
    fails_with 1 'the integrand has no value at t = 0' '(1/x, y)' --work '(t, t), t=-1:1'
    fails_with 1 'no bound of the integrand is known near t = 0.3' '(1/x, y)' \
        --work '(t-0.3, t), t=0:1'
    edgegrad surface '(1/x, y)' --work '(t, t), t=-1:1' --json 2>/dev/null >f.json || [ "$?" -eq 1 ]
    jq -e '.work | .value == null and .outcome == "undefined" and .where == 0' f.json
    edgegrad surface '(y, 1/x)' --at 0,2 --json 2>/dev/null >f.json || [ "$?" -eq 1 ]
    jq -e '.component == 2 and .regularity == "pole" and .proven and .operation == "1/x"' f.json
}

@test "wrong vector fields and paths are errors" {
    fails_with 2 '2 components, but 3 variables (x, y, z)' '(y, x+z)'
    fails_with 2 '2 components, but 1 variable (a)' '(a, 1)'
    fails_with 2 '9 components: a vector field has 2 to 8' '(x,x,x,x,x,x,x,x,x)'
    fails_with 2 'the path has 3 components' '(-y, x)' --work '(t, t, t), t=0:1'
    fails_with 2 'a path is a list' '(-y, x)' --work '(t, t)'
    fails_with 2 'of a vector field it takes a path' '(-y, x)' --flux 3
    fails_with 2 'needs a vector field of 2 components, not 3' '(x, y, z)' --flux '(t,t,t), t=0:1'
    fails_with 2 '--work needs a vector field' 'x*y' --work '(t, t), t=0:1'
    fails_with 2 '--flux across a path needs a vector field' 'x*y' --at 1,1 --flux '(t, t), t=0:1'
    fails_with 2 '--along has no effect on a vector field' '(-y, x)' --at 1,1 --along 1,0
    fails_with 1 'has no value' '(1/x, y)' --at 0,1
    fails_with 1 'is not differentiable' '(abs(x), y)' --at 0,1
}

@test "a conductivity in parentheses is no path" {
    says 'flux (-18, -36)' 'x^2+y^2' --at 1,2 --flux '(1+2)*3'
}

@test "plots of vector fields are files of the three formats" {
    for format in png svg pdf; do
        edgegrad surface '(2x*y, x^2-y)' --at 1,1 --work '(t, t), t=0:1' --plot "f.$format" >/dev/null
        [ -s "f.$format" ]
    done
    grep -q 'level curves of the potential' f.svg
    edgegrad surface '(y*z, x*z, x*y)' --at 1,2,3 --axes x,z --plot g.svg >/dev/null
    grep -q '>z</text>' g.svg
    fails_with 2 'the expression has 3 variables' '(x, y, z)' --plot h.svg
}

@test "views in space are files of the three formats, with names and numbers as texts" {
    for format in png svg pdf; do
        edgegrad surface 'x^2-y^2' --at 1,1 --view "v.$format" --azimuth 20 >/dev/null
        [ -s "v.$format" ]
    done
    grep -q '<title>f(x, y) = x^2 - y^2</title>' v.svg
    for name in x y f; do grep -q ">$name</text>" v.svg; done
    edgegrad surface 'x*y*z' --at 1,2,3 --axes x,z --view w.svg >/dev/null
    grep -q 'y = 2</text>' w.svg
}

@test "wrong options of views are errors" {
    fails_with 2 'use .png, .svg or .pdf' 'x*y' --view v.bmp
    fails_with 2 '--azimuth has no effect without --view' 'x*y' --azimuth 3
    fails_with 2 '--elevation' 'x*y' --view v.svg --elevation 100
    fails_with 2 'functions of two variables or more' 'x^2' --view v.svg
    fails_with 2 'one side of the equation' 'x^2+y^2=1' --at 0,1 --view v.svg
    fails_with 2 'the function has no value in the range' 'log(-1-x^2-y^2)' --view v.svg
    fails_with 2 '--view has no effect on a vector field' '(-y, x)' --view v.svg
    [ ! -e v.svg ]
}
