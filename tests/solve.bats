#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad surface with a box: --critical, --lagrange with --in, --roots.
# shellcheck disable=SC2154 # common.bash sets variables

load common

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir work && cd work || return
    edgegrad surface 'x^2' --at 1 --json | grep -q '"ball"' || skip "without Arb"
}

# says CODE TEXT ARGUMENT...: exit code CODE, and the report contains TEXT; runs of blanks count as
# one.
# shellcheck disable=SC2154 # set by try
says() {
    local code=$1 text=$2
    shift 2
    try surface "$@"
    [ "$status" -eq "$code" ] || broken "exit code $status, not $code: $*" || return
    [[ $(tr -s ' \n' '  ' <<<"$output") == *"$text"* ]] || broken "the report lacks: $text"
}

# refuses TEXT ARGUMENT...: a usage error with TEXT.
refuses() {
    local text=$1
    shift
    try surface "$@"
    refused 2 "$text"
}

# json PATH ARGUMENT...: prints what is at jq's path.
json() {
    command -v jq >/dev/null || skip "jq is missing"
    edgegrad surface --json "${@:2}" 2>/dev/null | jq -c "$1"
}

@test "critical points: counts, verdicts, extremes" {
    says 0 'Critical points: 9, and proven to be all in the box' \
        '(x^2+y-11)^2+(x+y^2-7)^2' --critical x=-5:5,y=-5:5
    [[ $output == *'(3, 2) '*' 0 '*'(25.71573, 82.28427)'*minimum* ]] || broken "no 3, 2"
    says 0 'Critical points: 1, and proven to be all in the box (x, y) f eigenvalues verdict (1, 1) 0' \
        '(1-x)^2+100(y-x^2)^2' --critical x=-3:3,y=-3:3
    says 0 'degenerate: saddle, by derivatives of order 3' 'x^3-3x*y^2' --critical x=-1:1,y=-1:1
    says 0 'minimum 0 at (0, 0) maximum 162 at (3, 3), a corner' 'x^4+y^4' --critical x=-2:3,y=-2:3
    says 0 '2 0.5 1 minimum' 'x^2/2-2x+2.5' --critical 0:3
}

@test "critical points: what is not proven has exit code 1" {
    says 1 'solutions that seem not to be isolated, as on a curve' \
        '(x^2+y^2-1)^2' --critical x=-2:2,y=-2:2
    says 1 'where the function or its gradient may be missing' 'abs(x)+y^2' --critical x=-2:2,y=-2:2
    says 1 'the time is over' 'sin(x*y*20)*cos(x^2*30)' --critical x=-9:9,y=-9:9 --time 0.01
    says 0 'no value anywhere in the box' 'log(-1-x^2)' --critical x=-1:1
    says 0 'no value in parts of the box' 'log(x+y)+x^2' --critical x=-1:2,y=-1:1
}

@test "digits and JSON" {
    [ "$(json '[.critical_points[] | .verdict] | group_by(.) | map(length)' \
        '(4-2.1x^2+x^4/3)x^2+x*y+(-4+4y^2)y^2' --critical x=-3:3,y=-2:2)" = '[2,6,7]' ]
    [ "$(json '[.complete, .critical_points[0].at.x, .critical_points[0].proven, .minimum.value]' \
        'x^3-3x' --critical x=0:2)" = '[true,1,true,-2]' ]
    [ "$(json '[.complete, .left[0].kind, .minimum.proven]' \
        '(x^2+y^2-1)^2' --critical x=-2:2,y=-2:2)" = '[false,"curve",false]' ]
    [ "$(json '[.roots[].at.x]' 'x^2=2' --roots x=0:2)" = '[1.4142135623730951]' ]
    [ "$(json '[.curve.pieces, .curve.singular[0].half_branches]' \
        'x^3+y^3=3x*y' --roots x=-3:3,y=-3:3)" = '[1,4]' ]
    [ "$(json '[.extrema[0].lambda[0], .extrema[0].verdict, .maximum.value, .feasible]' \
        'x*y' --lagrange 'x+y=10' --in x=-20:20,y=-20:20)" = '[5,"maximum",25,true]' ]
    says 0 2.0945514815423265914823865405793029638573 'x^3-2x=5' --roots x=0:3 --digits 41
}

@test "extrema under constraints" {
    says 0 '(5, 5) 25 5 (-1) maximum' 'x*y' --lagrange 'x+y=10' --in x=-20:20,y=-20:20
    says 0 'minimum -2.385165 at (0.3713907, -0.9284767, -0.2998674) maximum 8.385165' \
        'x+2y+3z' --lagrange 'x-y+z=1' --lagrange 'x^2+y^2=1' --in x=-5:5,y=-5:5,z=-5:5
    says 0 '(1, 1) 2 (-2, 0) (2) minimum g1' \
        'x^2+y^2' --lagrange 'x+y>=2' --lagrange 'x<3' --in x=-5:5,y=-5:5
    says 1 'dependent constraints' x --lagrange 'y^2=x^3' --in x=-1:2,y=-2:2
    says 0 'No point of the box satisfies the constraints, which is proven' \
        x+y --lagrange 'x^2+y^2=-1' --in x=-2:2,y=-2:2
}

@test "roots, systems and curves" {
    says 0 'Solutions: 2, and proven to be all in the box (x, y) (-1.414214, -1.414214) (1.414214' \
        'x^2+y^2=4; x=y' --roots x=-3:3,y=-3:3
    says 0 'Solutions: 3' 'y=sin(x)' --intersect 'y=x/4' --roots x=-5:5,y=-2:2
    says 0 'Solutions: 2, and proven to be all in the box x -1 on the border 1 on the border' \
        'x^2=1' --roots x=-1:1
    says 1 'degenerate' 'y=x^2; y=0' --roots x=-1:1,y=-1:1
    says 0 '(0, 0): 2 branches cross' 'x^3+y^3=3x*y' --roots x=-3:3,y=-3:3
    says 0 'Curve: 2 connected pieces 2 lines: 1 closed, 1 with an end' \
        'y^2=x^3-x' --roots x=-2:2,y=-2:2
    says 1 'as far as the search can tell' 'x^2+y^2=9' --roots x=-3:3,y=-3:3
}

@test "files of the lines of a curve" {
    edgegrad surface 'x^2+y^2=1' --roots x=-2:2,y=-2:2 -o circle.csv >/dev/null
    awk -F, 'NR > 1 { n++; d = $3 * $3 + $4 * $4 - 1; if (d * d > 1e-16) bad++ }
        END { exit !(n > 50 && !bad) }' circle.csv
    for name in circle.geojson circle.svg circle.dxf; do
        edgegrad surface 'x^2+y^2=1' --roots x=-2:2,y=-2:2 -o $name >/dev/null && [ -s $name ]
    done
    refuses 'the solutions are points' 'x^2=1' --roots x=-2:2 -o points.csv
    refuses 'is not a file of lines' 'x^2=y' --roots x=-2:2,y=-2:2 -o curve.txt
}

@test "pictures" {
    edgegrad surface 'x^2-y^2' --critical x=-1:1,y=-1:1 --plot c.svg >/dev/null
    grep -q saddle <(tr -d '\n' <c.svg) || grep -q '<svg' c.svg
    edgegrad surface 'x*y' --lagrange 'x+y=2' --in x=-2:3,y=-2:3 --plot l.png >/dev/null
    edgegrad surface 'x^2+y^2=1' --roots x=-2:2,y=-2:2 --plot r.png >/dev/null
    edgegrad surface 'x^3=x' --roots x=-2:2 --plot g.pdf >/dev/null
    edgegrad info l.png >/dev/null && edgegrad info r.png >/dev/null && [ -s g.pdf ]
    try surface 'x+y+z^2' --critical x=-1:1,y=-1:1,z=-1:1 --plot p.png
    refused 2 'one or two can be drawn' && [ ! -e p.png ]
}

@test "bad input is refused" {
    refuses "the range of 'x' is empty" x+y --critical x=1:1,y=0:1
    refuses "the range of 'x' is empty" x+y --critical x=2:-2,y=0:1
    try surface x+y --critical x=-1e999:1,y=0:1
    [[ $status -eq 2 && $stderr == *'the number is too large'* ]] || broken "no limit"
    try surface x+y --critical x=0:inf,y=0:1
    [[ $status -eq 2 && $stderr == *"unknown name 'inf'"* ]] || broken "no limit"
    refuses 'missing value of y' x+y --critical x=0:1
    refuses "'z' is not a variable" x+y --critical x=0:1,z=0:1
    refuses 'is not a range LOW:HIGH' x --critical x=1
    refuses '7 variables' a+b+c+d+g+h+k --critical a=0:1
    refuses '1 equation for 3 variables' x+y+z=1 --roots x=0:1,y=0:1,z=0:1
    refuses 'EXPR is an equation' x^2=1 --critical x=0:1
    refuses '--at has no effect' x^2 --critical x=0:1 --at 1
    refuses '--in needs a constraint' x*y --in x=0:1,y=0:1
    refuses 'a vector field has no critical points' '(-y,x)' --critical x=0:1,y=0:1
    refuses "--view: 'v.gif' has no known extension" x*y --view v.gif
    refuses '--time has no effect' x*y --at 1,1 --time 1
    refuses '--intersect has no effect' x*y --at 1,1 --intersect x=1
    refuses '--lagrange needs a point' x*y --lagrange x+y=1
}
