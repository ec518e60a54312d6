#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad surface: the mathematics of a formula at a point, as a user types it.

load common

# says TEXT ARGUMENT...: succeeds, and the report contains TEXT; runs of blanks count as one.
says() {
    local text=$1
    shift
    prints surface "$@" || return
    [[ $(tr -s ' ' <<<"$output") == *"$text"* ]] || broken "the report lacks: $text"
}

# denies TEXT MESSAGE ARGUMENT...: exit 1, the report contains TEXT, standard error MESSAGE.
# shellcheck disable=SC2154 # set by try
denies() {
    local text=$1 message=$2
    shift 2
    try surface "$@"
    [ "$status" -eq 1 ] || broken "exit code $status, not 1: $*" || return
    [[ $(tr -s ' ' <<<"$output") == *"$text"* ]] || broken "the report lacks: $text" || return
    # shellcheck disable=SC2154 # bats sets it
    [[ $stderr == *"$message"* ]] || broken "the message lacks: $message" || return
    [[ "$output$stderr" != *nan* ]] || broken "a bare NaN"
}

# points MESSAGE MARK ARGUMENT...: exit 2, MESSAGE, and MARK as the line under the formula.
# shellcheck disable=SC2154 # set by try
points() {
    local message=$1 mark=$2
    shift 2
    try surface "$@"
    [ "$status" -eq 2 ] && [ -z "$output" ] || broken "exit code $status: $*" || return
    # shellcheck disable=SC2154 # bats sets it
    [[ ${stderr_lines[0]} == "edgegrad: "*"$message"* ]] || broken "lacks: $message" || return
    [ "${stderr_lines[2]}" = "$mark" ] || broken "the mark is not '$mark'"
}

# json KEY ARGUMENT...: prints the number at jq's path KEY.
json() {
    command -v jq >/dev/null || skip "jq is missing"
    edgegrad surface --json "${@:2}" | jq -r "$1"
}

# info_line FILE: prints its size, "716 x 720".
info_line() {
    edgegrad info "$1" | grep -o '[0-9]* x [0-9]*' | head -n 1
}

# near A B: the numbers agree to nine digits.
near() {
    awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; exit !(d * d <= 1e-18 * (1 + b * b)) }' ||
        broken "$1 is not $2"
}

# draws NAME ARGUMENT...: writes the plot, and prints the same report as without it.
# shellcheck disable=SC2154 # set by try
draws() {
    local name=$1
    shift
    try surface "$@"
    local report=$output verdict=$status
    try surface "$@" --plot "$name"
    [ "$status" -eq "$verdict" ] && [ "$output" = "$report" ] || broken "another report: $*" || return
    [ -s "$name" ] || broken "no plot: $*"
}

# lines_of COLOUR FILE: counts the strokes of an SVG in that colour.
lines_of() {
    tr -d ' "' <"$2" | grep -c "stroke[:=]rgb($1)" || :
}

@test "a point: value, partials, gradient, norm, angle, steepest direction" {
    says "value 2" 'x^2+y^2' --at 1,1
    says "df/dx 2*x = 2" 'x^2+y^2' --at 1,1
    says "gradient (2, 2)" 'x^2+y^2' --at x=1,y=1
    says "norm 2.828427" 'x^2+y^2' --at y=1,x=1
    says "angle 45 degrees" 'x^2+y^2' --at 1,1
    says "steepest descent (-0.7071068, -0.7071068)" 'x^2+y^2' --at 1,1
    says "gradient (2, 8, 18)" 'x^2+2y^2+3z^2' --at 1,2,3
    says "gradient (0.75, 0.3333333)" 'sqrt(x*y)' --at 4,9
}

@test "without a point: the formulas" {
    says "df/dx 2*x*y" 'x^2*y'
    says "df/dy x^2" 'x^2*y'
}

@test "directional derivative, with a note on normalisation" {
    says "slope 2.8" 'x^2+y^2' --at 1,1 --along 3,4
    says "normalised from length 5" 'x^2+y^2' --at 1,1 --along 3,4
    says "of length 1 as given" 'x^2+y^2' --at 1,1 --along 1,0
    fails 2 "has length 0" surface 'x^2+y^2' --at 1,1 --along 0,0
}

@test "tangent plane, normal line, level curve" {
    says "tangent z = 2*x + 2*y - 2" 'x^2+y^2' --at 1,1
    says "normal line (1, 1, 2) + s*(2, 2, -1)" 'x^2+y^2' --at 1,1
    says "tangent x + y = 2" 'x^2+y^2' --at 1,1
    says "its direction (-0.7071068, 0.7071068)" 'x^2+y^2' --at 1,1
    says "tangent z = 6*x - 9" 'x^2' --at 3
}

@test "level surface of a sphere" {
    says "tangent x + 2*y + 3*z = 14" 'x^2+y^2+z^2' --at 1,2,3 --level 14
    says "normal (2, 4, 6)" 'x^2+y^2+z^2' --at 1,2,3 --level 14
    fails 2 "off by -1" surface 'x^2+y^2+z^2' --at 1,2,3 --level 15
}

@test "Hessian, eigenvalues, condition, verdict" {
    says "eigenvalues (2, 6)" 'x^2+3y^2' --at 0,0
    says "condition number 3" 'x^2+3y^2' --at 0,0
    says "verdict minimum" 'x^2+3y^2' --at 0,0
    says "verdict maximum" '-x^2-3y^2' --at 0,0
    says "verdict saddle" 'x*y' --at 0,0
    says "verdict undecided" 'x^4+y^4' --at 0,0
    says "verdict no critical point" 'x^2+3y^2' --at 1,0
    says "verdict maximum" 'sin(x)' --at pi/2
}

@test "linear approximation with a bound" {
    says "by the tangent 1" 'sqrt(x^2+y^2+1)' --at 0,0 --to 0.1,0.05
    says "true value 1.006231" 'sqrt(x^2+y^2+1)' --at 0,0 --to 0.1,0.05
    says "bound 0.006250001 " 'sqrt(x^2+y^2+1)' --at 0,0 --to 0.1,0.05
    says "bound infinite" 'log(x)' --at 1 --to 0
    for f in 'exp(x*y)' 'sin(x)*cos(3y)' 'x^3*y-y^2' 'log(2+x^2+y)' 'atan(x/(2+y))'; do
        e=$(json .linear.error "$f" --at .3,.2 --to .8,-.4)
        b=$(json .linear.bound "$f" --at .3,.2 --to .8,-.4)
        awk -v e="$e" -v b="$b" 'BEGIN { if (e < 0) e = -e; exit !(e <= b && b < 20 * e) }' ||
            broken "$f: error $e, bound $b"
    done
}

@test "uncertainty: worst case and quadrature" {
    pendulum=('4*pi^2*L/T^2' --at 'L=1,T=2.008' --error 'L=.001,T=.004')
    says "value 9.791119" "${pendulum[@]}"
    says "worst case 0.04879956" "${pendulum[@]}"
    says "in quadrature 0.04021846" "${pendulum[@]}"
    says "worst case 0.0488" "${pendulum[@]}" --digits 3
    says "f lies within (9.742474, 9.840075)" "${pendulum[@]}"
    says "f lies within (0, 1.224745) where it has a value; it has none for some errors" \
        'sqrt(x)' --at .5 --error 1
    says "f lies within unknown bounds: f may be unbounded or undefined" '1/x' --at 1 --error 2
}

@test "implicit derivative of the folium" {
    says "dy/dx (2*y - x^2)/(y^2 - 2*x) = -1" 'x^3+y^3-6x*y' --at 3,3 --implicit y
    denies "undefined (0/0: the curve crosses itself)" "" 'x^3+y^3-6x*y' --at 0,0 --implicit y
    denies "the tangent is vertical" "" 'x^2+y^2-25' --at 5,0 --implicit y
    denies "an isolated point" "" 'x^2+y^2' --at 0,0 --implicit y
    says "dz/dx -x/z = -0.5" 'x^2+y^2+z^2' --at 1,1,2 --implicit z --level 6
    fails 2 "not on f = 0: the value there is -1, off by -1" surface 'x+y-3' --at 1,1 --implicit y
    fails 2 "'z' is not a variable" surface 'x+y-2' --at 1,1 --implicit z
    fails 2 "cannot depend" surface 'x-1' --at 1 --implicit x
}

@test "chain rule with one variable: the tree, the paths, the sum" {
    path=('x^2*y' --with 'x=cos(t)' --with 'y=sin(t)')
    says "├─ x = cos(t) df/dx = 2*x*y = 1" "${path[@]}" --at t=pi/4
    says "└─ t dy/dt = cos(t) = 0.7071068" "${path[@]}" --at pi/4
    says "f - x - t (1) * (-0.7071068) = -0.7071068" "${path[@]}" --at pi/4
    says "sum -0.3535534" "${path[@]}" --at pi/4
    for t in 0.3 1 -2; do
        near "$(json .gradient.vector[0] "${path[@]}" --at "$t")" \
            "$(awk -v t="$t" 'BEGIN { printf "%.17g", (1 - 3 * sin(t)^2) * cos(t) }')"
    done
}

@test "chain rule with two variables, and with one kept" {
    says "df/ds 4*s = 4" 'x^2+y^2' --with 'x=s+t' --with 'y=s-t' --at s=1,t=2
    says "df/dt 4*t = 8" 'x^2+y^2' --with 'x=s+t' --with 'y=s-t' --at s=1,t=2
    says "gradient (8, 4)" 'x^2+y^2' --with 'x=s+t' --with 'y=s-t' --at s=1,t=2
    says "sum 24" 'x^2*y' --with 'x=k*t' --let k=2 --at y=3,t=1
    fails 2 "'u' is not a variable" surface 'x^2' --with u=t --at 1
    fails 2 "x is given twice" surface 'x^2' --with x=t --with x=s --at 1
    fails 2 "not NAME=FORMULA" surface 'x^2' --with t --at 1
}

@test "chain rule of any depth" {
    path=('x^2+y' --with 'x=r*cos(t)' --with 'r=s^2' --with 't(s)=2s')
    says "│ │ └─ s dt/ds = 2" "${path[@]}" --at y=1,s=1
    says "└─ r = s^2 dx/dr = cos(t) = -0.4161468" "${path[@]}" --at y=1,s=1
    says "f - x - r - s (-0.8322937) * (-0.4161468) * (2) = 0.6927128" "${path[@]}" --at y=1,s=1
    says "sum 2.206318" "${path[@]}" --at y=1,s=1
    near "$(json .gradient.vector[1] "${path[@]}" --at y=1,s=0.7)" \
        "$(awk 'BEGIN { s = 0.7; r = s^2; printf "%.17g", 2 * r * cos(2 * s) * (2 * s * cos(2 * s) - 2 * r * sin(2 * s)) }')"
    [ "$(json '.chain.paths[] | select(.to == "s") | .nodes | join(" ")' "${path[@]}" --at 1,1)" = $'f x t s\nf x r s' ]
    fails 2 "x depends on itself: x - a - b - x" surface x --with x=a --with a=b --with b=x --at 1
    fails 2 "x depends on itself: x - x" surface x --with 'x=2x' --at 1
    points "--with: expected an expression, not an equation" "     ^" x --with 'x=y=2' --at 1
    arguments=()
    for i in {1..20}; do arguments+=(--with "v$i=v$((i + 1))*v$((i + 1))+v$((i + 1))*w$((i + 1))" --with "w$i=v$((i + 1))+w$((i + 1))"); done
    fails 5 "more than 4096 paths" surface v1+w1 "${arguments[@]}" --at 1,1
}

@test "several constraints, and variables that only a constraint has" {
    three=('x^2+y^2+z^2' --lagrange 'x+y+z=6' --lagrange 'x-y' --at '2,2,2')
    says "lambda1 4" "${three[@]}"
    says "lambda2 0" "${three[@]}"
    says "rank 2 of 2: the gradients of the constraints are independent" "${three[@]}"
    says "a minimum of f on the constraints" "${three[@]}"
    [ "$(json '.lagrange.lambda | join(" ")' "${three[@]}")" = "4 0" ]
    [ "$(json '.lagrange.constraints[1].constraint' "${three[@]}")" = "x-y" ]
    denies "undecided: where the gradients" "" 'x+y+z' --lagrange 'x+y' --lagrange '2x=-2y' --at 1,-1,0
    denies "not a sum of the gradients, by 90 degrees" "" x --lagrange y-1 --lagrange z-1 --at 1,1,1
    says "f(x, y, z) = x*y" 'x*y' --at 0,0,3 --lagrange 'z=3'
    denies "grad g (1, 1, 1)" "" 'x*y' --at x=1,y=2,z=7 --lagrange 'x+y+z=10'
    says "at y = 1, x = 2, z = 3" 'f(y,x)=0*x*y' --at 1,2,3 --lagrange 'x+y=z'
    denies "verdict undecided: f or a constraint is not differentiable here" "" y --lagrange 'abs(x)+y=1' --at 0,1
    fails 2 "2 constraints for 2 variables" surface 'x*y' --lagrange x --lagrange y --at 0,0
}

@test "Lagrange multiplier" {
    says "lambda 5" 'x*y' --at 5,5 --lagrange 'x+y-10'
    says "a maximum of f on the constraint" 'x*y' --at 5,5 --lagrange 'x+y-10'
    says "a minimum of f on the constraint" 'x^2+y^2+z^2' --at 1,1,1 --lagrange 'x+y+z-3'
    denies "not parallel" "" 'x*y' --at 4,6 --lagrange 'x+y-10'
    fails 2 "not on x+y-10 = 0" surface 'x*y' --at 4,5 --lagrange 'x+y-10'
    fails 2 "2 numbers for 3 variables (x, y, z)" surface 'x*y' --at 5,5 --lagrange 'x+z-10'
    points "--lagrange: expected" "      ^" 'x*y' --at 5,5 --lagrange 'x+*-10'
}

@test "flux down the gradient of a potential" {
    says "flux (-0.03703704, -0.07407407, -0.07407407)" '-1/sqrt(x^2+y^2+z^2)' --at 1,2,2 --flux 1
    near "$(json .flux.vector[1] '-1/sqrt(x^2+y^2+z^2)' --at 1,2,2 --flux 1)" -0.074074074074074074
    says "flux (-6)" 'x^2' --at 1 --flux 3
}

@test "the gradient is checked by central differences" {
    for f in 'x^2*y' 'exp(x)*sin(y)' 'atan2(y,x)' 'x^y' 'cbrt(x)+log(y)' '1e8+x*y'; do
        says "They agree." "$f" --at 1.5,2.5 --check
    done
}

@test "constants, digits, constant coordinates" {
    says "value 12" 'k*x^2' --let k=3 --at 2
    says "value 12" 'k*x^m' --let k=3 --let m=k-1 --at 2
    says "value 3.14159265358979" x --at pi --digits 15
    says "value 0.25" 'x*y' --at '1/2,atan2(1,1)*2/pi'
    fails 2 "--let" surface 'k*x' --let k --at 1
}

@test "no derivative: limits along paths to the point" {
    denies "y = x^2, x > 0 0.5" "depends on the path" 'x^2*y/(x^4+y^2)' --at 0,0
    denies "y = -x^2, x < 0 -0.5" "has no value" 'x^2*y/(x^4+y^2)' --at 0,0
    denies "(0.7071, 0.7071) 0.5" "depends on the path" 'x*y/(x^2+y^2)' --at 0,0
    denies "slope from the left -1" "has a kink" 'abs(x)' --at 0
    denies "slope from the right 1" "has a kink" 'abs(x-3)' --at 3
    denies "(0, -1) 0 1" "not differentiable" 'sqrt(x^2+y^2)' --at 0,0
    denies "(0.7071, 0.7071) 0 0.7071068" "fit no plane" 'sqrt(abs(x*y))' --at 0,0
    denies "limit 1" "tends to the same limit" 'sin(x)/x' --at 0
    denies "f from the left -infinite" "without bound" '1/x' --at 0
    denies "slope from the right infinite" "no values on one side" 'sqrt(x)' --at 0
    denies "f from the left 0" "not continuous" 'floor(x)' --at 1
    denies "infinite" "grows without bound" 'cbrt(x)' --at 0
    denies "value undefined" "at x = -1 the expression has no value" 'log(x)' --at -1
    denies "value 0" "fit no plane" 'max(x,y)' --at 0,0
}

@test "no derivative: what is proven, and which operation it is" {
    denies "One-sided limits: exact" "kink" 'abs(x-sqrt(2))' --at 'sqrt(2)'
    denies "singular operation abs(x - 1)" "kink" 'x^2+abs(x-1)' --at 1
    denies "limit 0.5 from both sides, exact" "both sides" '(1-cos(x))/x^2' --at 0
    denies "limit 1 from the side with values, exact" "the side where" 'x^x' --at 0
    denies "slope from the left no limit" "same limit" 'x*sin(1/x)' --at 0
    denies "f from the right 1.5707963267949" "are not the same" 'atan(1/x)' --at 0 --digits 14
    denies "limits along paths to the point, exact" "not continuous" 'atan2(y,x)' --at -1,0
    denies "(-1, 0) 3.141593 0" "not continuous" 'atan2(y,x)' --at -1,0
    denies "without a value log(x - 3)" "(log(x - 3): logarithm of a negative" '2log(x-3)' --at 1
    denies "value undefined" "write cbrt(x) for the real root" 'x^(1/3)' --at -8
    denies "value 0" "write cbrt(x)^2 for the real root" 'x^(2/3)' --at 0
    denies '"exact": true' "depends on the path" 'x*y/(x^2+y^2)' --at 0,0 --json
    denies '"proven": false' "along all paths tried" 'x^3/(x^2+y^2)' --at 0,0 --json
}

@test "a point that cannot be judged is said to be undecided" {
    denies "singular operation abs(exp(x*log(2)) - 8)" "whether exp(x*log(2)) - 8 is 0" \
        'abs(exp(x*log(2))-8)' --at 3
    denies "value undecided" "could not be decided whether" '1/(exp(log(x))-2)' --at 2
    denies "singular operation min(x, y)" "fit one plane" 'min(x,y)+max(x,y)' --at 1,1
}

@test "points beside singular ones are ordinary" {
    says "1/(2*pi*C*R^2) = -1.591549" '1/(2*pi*R*C)' --at R=1e4,C=1e-9
    says "= 15811.39" 'sqrt(x)' --at 1e-9
    says "= 0.5" '(exp(x)-1)/x' --at 1e-12
    says "= 1" 'abs(x-1)' --at 1+1e-9
    says "value 1" 'exp(x)/(1+exp(x))' --at 800
}

@test "differentiable points are recognised" {
    for f in 'abs(x)^3' 'x*abs(x)' 'x^4' 'sin(1000x)' 'exp(-1000x^2)' '(1e8+x)-1e8' 'x^2*sign(x)' \
        'cbrt(x)^5' 'erf(x)' 'sqrt(x^4)+x' '1e-9*x' '1e9*cos(x)' 'hypot(x,1)' 'max(x,-5)'; do
        says "Gradient" "$f" --at 0
    done
}

@test "malformed formulas are shown with the position of the error" {
    points "reads two ways" "     ^~~" '1/2x' --at 1
    points "did you mean floor?" "      ^~~" 'x+foo(y)' --at 1,2
    points "expected a number" "      ^" '3^' --at 1
    points "--at: expected" "      ^" x --at '1+'
    points "--with: expected" "    ^" 'x^2' --with 'x=)' --at 1
    points "an equation has one =" "        ^" 'x=3 = y' --at 1
    fails 2 "give an equation as EXPR" surface 'x+y' --at 1,1 --level 'x=3'
    # shellcheck disable=SC2016
    points "unknown character" "        ^~" $'α+\t＄' --at 1
    points "did you mean floor?" "       ^~~" 'θ₁+foo(y)' --at 1,2
}

@test "coordinates that do not match the variables" {
    fails 2 "1 number for 2 variables (x, y)" surface 'x+y' --at 1
    fails 2 "decimals are written with a point" surface 'x+y' --at 1,5,2
    fails 2 "missing value of y" surface 'x+y' --at x=1
    fails 2 "x is given twice" surface 'x+y' --at x=1,x=2
    fails 2 "'q' is not a variable" surface 'x+y' --at q=1,x=2
    fails 2 "or none" surface 'x+y' --at x=1,2
    fails 2 "1/0 is not a finite number" surface x --at 1/0
    fails 2 "has no variables" surface 1/0 --at 1
    fails 2 "--along needs a point" surface 'x+y' --along 1,2
    fails 2 "missing EXPR" surface
    fails 2 "--level: '' is empty" surface 'x+y' --at 1,1 --level ''
}

# The forms of a point for two variables, 1 and -2.
@test "points as people type them" {
    for point in '1,-2' '1, -2' '1 -2' '(1,-2)' '[1, -2]' '<1,-2>' '( 1 -2 )' '{1,-2}' 'x=1 y=-2' 'y=-2,x=1' \
        'x = 1, y = -2' 'x=2-1 y=-4/2' '(x,y)=(1,-2)' '(y, x) = (-2, 1)' '((1, (-2)))'; do
        says "at x = 1, y = -2" 'x+y' --at "$point"
        says "at x = 0, y = 0" 'x+y' --at 0,0 --to "$point" --along "$point" --error "$point"
        try descent 'x^2+y^2' --from "$point" --steps 0
        # shellcheck disable=SC2154 # bats sets it
        [[ $output == *"start:    x = 1, y = -2"* ]] || broken "$point"
    done
    says "at x = 6.283185" x --at '2 pi'
    says "at x = 3, y = 2" 'x+y' --at '1 +  2  4 / 2'
    fails 2 "1 number for 2 variables" surface 'x+y' --at '1 - 2'
    fails 2 "more values than names" surface 'x+y' --at '(x,y)=(1,2,3)'
    fails 2 "fewer values than names" surface 'x+y' --at '(x,y)=(1)'
    fails 2 "missing value of y" surface 'x+y' --at '(x)=(1)'
    fails 2 "'q' is not a variable" surface 'x+y' --at 'x=1 q=2'
    fails 2 "3 numbers for 2 variables" descent 'x^2+y^2' --from '1 2 3'
}

@test "definitions name the variables and their order" {
    says "f(y, x) = y^2 + x" 'f(y, x) = y^2 + x' --at 2,3
    says "at y = 2, x = 3" 'f(y, x) = y^2 + x' --at 2,3
    says "df/dy 0" 'g(x,y) = x' --at 1,2
    says "f(x, y) = x^2 + y" 'z = x^2 + y' --at 1,2
    points "unknown name 'a'" "           ^" 'f(x) = a*x' --at 1
    try descent 'f(x, y) = x^2 + y^2' --from 1,1
    [ "$status" -eq 0 ]
    fails 2 "EXPR is an equation" descent 'x^2 = 2' --from 1
}

@test "equations are sets of points" {
    says "x^2+y^2 = 1" 'x^2+y^2 = 1' --at .6,.8
    says "f(x, y) = x^2 + y^2 - 1, the left side minus the right side" 'x^2+y^2 = 1' --at .6,.8
    says "Level curve x^2+y^2 = 1 through the point" 'x^2+y^2 = 1' --at .6,.8
    says "Implicit derivative of y on y = x^2" 'y = x^2' --at 3,9 --implicit y
    says "dy/dx 2*x = 6" 'y = x^2' --at 3,9 --implicit y
    says "a maximum of f on the constraint" 'x*y' --at 5,5 --lagrange 'x+y = 10'
    fails 2 "is not on x^2+y^2 = 1: the sides differ by 1 there" surface 'x^2+y^2 = 1' --at 1,1
    fails 2 "is not on x+y=10: the sides differ by -1 there" surface 'x*y' --at 4,5 --lagrange 'x+y=10'
    fails 2 "EXPR is an equation: give a point on it" surface 'x^2+y^2 = 1'
    fails 2 "EXPR is an equation: --level" surface 'x^2+y^2 = 1' --at 1,0 --level 1
    fails 2 "EXPR is an equation: --lagrange" surface 'x^2+y^2 = 1' --at 1,0 --lagrange x
}

@test "implicit derivatives without a point are formulas" {
    says "dy/dx -x/y" 'x^2+y^2=1' --implicit y
    says "d2y/dx2 -1/y - x^2/y^3" 'x^2+y^2=1' --implicit y
    says "dz/dx -x/z" 'x^2+y^2+z^2' --implicit z
    says "dz/dy -y/z" 'x^2+y^2+z^2' --implicit z
    says "on f = 3" 'x^2+y^2+z^2' --implicit z --level 3
    fails 2 "'q' is not a variable" surface 'x^2+y^2=1' --implicit q
}

@test "normal line of a level set" {
    says "normal line (1, 2, 3) + s*(2, 4, 6)" 'x^2+y^2+z^2' --at 1,2,3
    says "normal line (1, 2) + s*(2, 4)" 'x^2+y^2' --at 1,2
}

@test "a formula may begin with a minus sign" {
    says "value -9" '-x^2' --at 3
    says "value -0.5" '-1/x' --at 2
    says "value 0" '-(x-1)' --at 1
    says "value -3" --at 3 -- -x
    says "value -3" -x --at 3
    says "value 12" --at -3,4 -x*y --flux -2
    says "value -12" -x*-y --at -3,4 --level -12
    says "df/dt -1" x --with x=-t --at 1
    says "f(t) = -t" --at 2 -- -t
    says "lambda 1" x*y --at 1,-1 --lagrange -x+y+2
    says "value -5" -t-x --at 2,3
    says "value -0.5" -1/x --at 2 -q
    fails 2 "did you mean --at?" surface x -at 3
    fails 2 "did you mean --at?" surface -at=3 x
    fails 2 "unknown option -x" surface 'x^2' -x --at 3
    try descent -x^2 --from 1 --maximize
    # shellcheck disable=SC2154 # bats sets it
    [ "$status" -eq 0 ] && [[ $output == "function: -x^2"* ]]
    try descent --from -1,-2 -- -x-y
    [ "$status" -eq 1 ]
}

@test "JSON has all digits" {
    try surface 'x^2*y' --with 'x=cos(t)' --with 'y=sin(t)' --at pi/4 --json
    is_json "$output"
    for extra in --check '--along=1,0' '--to=2,2' '--error=.1,.1' '--implicit=y' '--flux=2' \
        '--lagrange=x-y'; do
        try surface 'x^2-y^2' --at 1,1 --json "$extra"
        is_json "$output" || broken "no JSON: $extra"
    done
    try surface 'x*y/(x^2+y^2)' --at 0,0 --json
    is_json "$output"
    [ "$(json .value 'sqrt(x)' --at 2)" = 1.4142135623730951 ]
}

@test "a grid as CSV" {
    prints surface 'x*y^2' --grid x=0:1:3,y=1:2:2
    [ "${lines[0]}" = "x,y,f,df/dx,df/dy" ]
    [ "${lines[2]}" = "0.5,1,0.5,1,1" ]
    [ "${lines[6]}" = "1,2,4,4,4" ]
    [ "${#lines[@]}" -eq 7 ]
    quiet surface 'x*y^2' --grid x=0:1:3,y=1:2:2 -o f.csv
    cmp f.csv <(edgegrad surface 'x*y^2' --grid x=0:1:3,y=1:2:2 --threads 1)
    prints surface '1/x' --grid x=-1:1:3
    [ "${lines[2]}" = "0,," ] # no value
    [ "$(edgegrad surface 'x+y+z' --grid x=0:1:2,y=0:1:2,z=0:1:2 | wc -l)" -eq 9 ]
    holds f.csv
}

@test "a grid as rasters, and a raster as a field" {
    quiet surface 'x^2+3x*y' --grid x=0:4:5,y=0:3:4 -o f.pfm
    holds f.pfm f-dx.pfm f-dy.pfm
    says "value 7" --field f.pfm --at 1,2
    says "gradient (8, 3)" --field f.pfm --at 1,2
    says "gradient (8, 3)" --field f.pfm --at x=1,y=2
    says "value 8.75" --field f.pfm --at 2.5,1/3
    says "value 8" --field f-dx.pfm --at 1,2
    quiet surface 'x^2+3x*y' --grid x=0:4:5,y=0:3:4 -o f.tif
    says "value 7" --field f.tif --at 1,2
    fails 1 "outside the raster" surface --field f.pfm --at 4.5,1
    try surface --field f.pfm --at 4.5,1 --json
    [ "$(jq -c '[.value, .reason]' <<<"$output")" = '[null,"outside"]' ]
    fails 2 "EXPR and --field cannot be used together" surface 'x+y' --field f.pfm --at 1,1
    fails 2 "needs a point" surface --field f.pfm
    fails 4 "none.pfm" surface --field none.pfm --at 1,1
}

@test "invalid grids" {
    fails 2 "is not FROM:TO:COUNT" surface 'x+y' --grid x=0:1,y=0:1:2
    fails 2 "is not FROM:TO:COUNT" surface 'x+y' --grid x=0:1:0,y=0:1:2
    fails 2 "is not FROM:TO:COUNT" surface 'x+y' --grid x=0:1:2:3,y=0:1:2
    fails 2 "missing value of y" surface 'x+y' --grid x=0:1:2
    fails 2 "--at has no effect with --grid" surface 'x+y' --grid x=0:1:2,y=0:1:2 --at 1,1
    fails 2 "two variables" surface 'x+y+z' --grid x=0:1:2,y=0:1:2,z=0:1:2 -o f.pfm
    fails 5 "--max-pixels" surface 'x+y' --grid x=0:1:1000000,y=0:1:1000000
    fails 4 "no/f.csv" surface x --grid x=0:1:2 -o no/f.csv
    fails 2 "--output has no effect without --grid" surface x --at 1 -o f.csv
    holds ""
}

@test "a plot of level curves and gradients" {
    edgegrad --version | grep -q '^cairo' || skip "built without cairo"
    red='82%,20%,8%' green='10%,47%,22%'
    draws f.png 'x^2+4y^2' --at 2,1
    [[ "$(info_line f.png)" =~ ^(6[6-9]|7[0-4])[0-9]\ x\ 720$ ]] # square ranges, square frame
    prints surface 'x^2+4y^2' --at 2,1 --range 0,4,0,1 --plot g.png
    [[ "$(info_line g.png)" =~ ^960\ x\ 3[0-4][0-9]$ ]] # the frame is lower, to a third at least
    draws h.pdf 'x^2+4y^2' --at 2,1
    [ "$(head -c 5 h.pdf)" = "%PDF-" ]
    draws a.svg 'x^2+4y^2' --at 2,1
    draws b.svg 'x^2+4y^2' --at 2,1 --along 1,0
    draws c.svg 'x*y' --at 5,5 --lagrange 'x+y-10'
    [ "$(lines_of "$red" a.svg)" -eq 1 ] # the gradient
    [ "$(lines_of "$green" a.svg)" -eq 0 ]
    [ "$(lines_of "$green" b.svg)" -eq 1 ] # the direction
    [ "$(lines_of "$green" c.svg)" -eq 1 ] # the constraint
    draws d.svg 'x*y/(x^2+y^2)' --at 0,0
    prints surface 'x^2+y^2+z^2' --at 1,2,3 --axes z,x --plot e.svg
    draws i.svg 'sin(x)*cos(y)'
    draws j.svg 'abs(x)+y' --at 0,0
    draws k.svg 'log(x)-1/y' --at 1,1 --to 2,2 --json
    quiet surface 'x^2+3x*y' --grid x=0:4:5,y=0:3:4 -o r.pfm
    draws l.svg --field r.pfm --at 1,2
}

@test "a plot of one variable: graph, tangent, derivative, holes; poles interrupt it" {
    edgegrad --version | grep -q '^cairo' || skip "built without cairo"
    blue='24%,39%,55%' green='10%,47%,22%'
    draws a.svg 'sin(x)/x' --at 1
    grep -q '>f(1) = 0.84147</text>' a.svg
    grep -q '>tangent</text>' a.svg
    [ "$(lines_of "$blue" a.svg)" -eq 3 ] # graph, legend, and the circle of the hole
    [ "$(lines_of "$green" a.svg)" -eq 0 ]
    draws b.svg 'sin(x)/x' --at 0
    grep -q '>f(0) undefined, limit 1</text>' b.svg
    prints surface 'sin(x)/x' --draw-derivative --plot b.svg
    [ "$(lines_of "$green" b.svg)" -eq 2 ] # derivative and legend
    prints surface 'tan(x)' --at 0.5 --range -5,5,-3,3 --plot c.svg
    draws d.png 'abs(x)' --at 0
    draws e.pdf '1/x' --at 1 --to 2
    draws f.svg 'log(x)'
    draws g.svg 'x^2' --at 1 --json
    holds a.svg b.svg c.svg d.png e.pdf f.svg g.svg
}

@test "arrows of a plot: gradient, descent, flux, none" {
    edgegrad --version | grep -q '^cairo' || skip "built without cairo"
    prints surface 'x^2+y^2' --plot a.svg
    run ! grep -q 'flux\|descent' a.svg
    draws b.svg 'x^2+y^2' --at 1,1 --flux 2
    grep -q '>flux -K ∇f, K = 2</text>' b.svg
    grep -q '>flux</text>' b.svg
    prints surface 'x^2+y^2' --plot c.svg --flux 2
    grep -q '>flux -K ∇f, K = 2</text>' c.svg
    prints surface 'x^2+y^2' --plot d.svg --arrows descent
    grep -q '>-∇f, steepest descent</text>' d.svg
    prints surface 'x^2+y^2' --plot e.svg --arrows none
    [ "$(wc -c <e.svg)" -lt "$(wc -c <a.svg)" ]
}

@test "invalid plots" {
    fails 2 "--axes has no effect: the function has one variable" surface 'x^2' --at 1 --plot f.png --axes x,y
    fails 2 "--arrows has no effect: the function has" surface 'x^2' --at 1 --plot f.png --arrows none
    fails 2 "--draw-derivative draws functions of one variable" surface 'x+y' --plot f.png --draw-derivative
    fails 2 "--draw-derivative has no effect without --plot" surface 'x' --at 1 --draw-derivative
    fails 2 "--arrows has no effect without --plot" surface 'x+y' --at 1,1 --arrows none
    fails 2 "--arrows flux needs the conductivity" surface 'x+y' --plot f.png --arrows flux
    fails 2 "--flux needs a point" surface 'x+y' --flux 2
    fails 2 "--at gives the values of those" surface 'x+y+z' --plot f.png
    fails 2 "is not two of the variables x, y, z" surface 'x+y+z' --at 1,1,1 --axes x,q --plot f.png
    fails 2 "is not two of the variables x, y, z" surface 'x+y+z' --at 1,1,1 --axes x,x --plot f.png
    fails 2 "has no known extension" surface 'x+y' --at 1,1 --plot f.gif
    fails 2 "x0 < x1" surface 'x+y' --at 1,1 --plot f.png --range 1,0,0,1
    fails 2 "--range has no effect without --plot" surface 'x+y' --at 1,1 --range 0,1,0,1
    fails 2 "--axes has no effect without --plot" surface 'x+y' --at 1,1 --axes x,y
    fails 2 "--plot has no effect with --grid" surface 'x+y' --grid x=0:1:2,y=0:1:2 --plot f.png
    fails 4 "no/f.png" surface 'x+y' --at 1,1 --plot no/f.png
    holds ""
}

@test "adjoining names get a hint at the missing product sign" {
    fails 2 "xy is one name: for a product write x*y" surface 'x^3+y^3-6xy' --at 3,3 --implicit y
    fails 2 "xy is one name: for a product write x*y" surface 'x^3+y^3-6xy' --at x=3,y=3
    fails 2 "xy is one name: for a product write x*y" surface 'sqrt(xy)' --at 4,9
    fails 2 "xy is one name: for a product write x*y" surface 'xy' --with 'x=cos(t)' --at 1
    fails 2 "xyz is one name: for a product write x*y*z" surface 'x^2+xyz' --at 1,2,3
    fails 2 "2 numbers for 3 variables (x, y, xy); xy is one name" descent 'x^2+y^2+xy' --from 1,1
    fails 2 "missing value of xy; xy is one name" descent 'x^2+y^2+xy' --from x=1,y=1
    fails 2 "xy is one name: for a product write x*y" surface 'x+y' --at 1,1 --lagrange 'xy-1'
    try surface 'x^3+y^3-6xy'
    [ "$status" -eq 0 ]
    # shellcheck disable=SC2154 # bats sets it
    [ "$stderr" = "edgegrad: note: xy is one name: for a product write x*y" ]
    try surface 'PI x^2'
    [ "$stderr" = "edgegrad: note: PI is a variable here: did you mean pi?" ]
    fails 2 "Sin is a variable here: did you mean sin?" surface 'Sin x' --at 1
    fails 2 "--error: the uncertainties have the units of the variables: write x=0.05*2 for 5 % of x = 2" \
        surface 'x/y' --at 1,2 --error x=10%,y=5%
    try surface 'sin(x)' --at 90deg
    [[ $stderr == *"angles are in radians; write 30° or 30*pi/180 for 30 degrees"* ]]
    try surface 'lg x' --at x=1,lg=2
    [ "$status" -eq 2 ]
    [[ $stderr == *"'lg' reads two ways: write lg(...) for the logarithm or lg*... for a product"* ]]
    # Two numbers are enough for x and xy, which are not the x and y that were meant.
    for command in "surface x^2+4xy --at 2,1" "descent x^2+4xy+8xy^2 --from 2,1"; do
        # shellcheck disable=SC2086 # its words
        try $command
        [[ $stderr == *"note: xy is one name: for a product write x*y" ]] || broken "no note: $command"
    done
    try surface 'x^2+4xy' --at x=2,xy=1
    [ "$stderr" = "" ]
    # Every way to split this name fails, and there are more than 10^11.
    a=$(printf 'a%.0s' {1..55})
    fails 2 "1 number for 3 variables" surface "aa+aaa+${a}b" --at 1
    points "unknown name 'aaaa" "    ^$(printf '~%.0s' {1..38})" x --let aa=1 --let aaa=1 --at "${a:0:38}b"
    fails 2 "xe is one name: for a product write x*e" surface 'xe^x' --at 1
    points "unknown function 'SIN'; did you mean sin?" "    ^~~" 'SIN(x)' --at 1
    try surface 'cost+price' --at 1
    # shellcheck disable=SC2154 # bats sets it
    [[ $stderr != *"one name"* ]]
    says "value 6" 'x+y+xy' --at x=1,y=2,xy=3
}

@test "numbers from textbooks" {
    says "gradient (6, 20)" 'x^2+10y^2' --at 3,1
    says "norm 20.88061" 'x^2+10y^2' --at 3,1
    near "$(json .gradient.norm 'x^2+10y^2' --at 3,1)" 20.880613017821101 # sqrt(436)
    near "$(json .gradient.norm 'x^2+y^2' --at 1,1)" 2.8284271247461901
    near "$(json .along.slope 'x^2+y^2' --at 1,1 --along 3,4)" 2.8
    near "$(json .gradient.vector[0] 'sqrt(x*y)' --at 4,9)" 0.75
    near "$(json .gradient.vector[1] 'sqrt(x*y)' --at 4,9)" 0.33333333333333333
    near "$(json .linear.value 'sqrt(x^2+y^2+1)' --at 0,0 --to 0.1,0.05)" 1.0062305898749053
    near "$(json .error.worst '4*pi^2*L/T^2' --at 'L=1,T=2.008' --error 'L=.001,T=.004')" \
        "$(awk 'BEGIN { printf "%.17g", 4 * atan2(0, -1)^2 / 2.008^2 * (.001 + 2 * .004 / 2.008) }')"
    near "$(json .lagrange.lambda 'x*y' --at 5,5 --lagrange 'x+y-10')" 5
    for i in 0 1 2; do
        near "$(json ".gradient.vector[$i]" '-(-1/sqrt(x^2+y^2+z^2))' --at 1,2,2)" \
            "$(awk -v i="$i" 'BEGIN { printf "%.17g", -(i ? 2 : 1) / 27 }')"
    done
    says "gradient (2, 4, 6)" 'x^2+y^2+z^2' --at 1,2,3
    points "reads two ways" "     ^~~" 'x^2y' --at 1,1
}

@test "unreadable expressions and undefined values" {
    deep=$(printf '(%.0s' {1..300})
    points "nested deeper than 256" "$(printf '%40s^' '')" "${deep}x" --at 1
    try surface "$(head -c 100000 /dev/zero | tr '\0' '(')x" --at 1
    [ "$status" -eq 2 ]
    # shellcheck disable=SC2154 # bats sets it
    [[ ${stderr_lines[0]} == *"longer than 65536 bytes"* ]]
    denies "value undefined" "has no value" 'x+log(-1)' --at 1
    denies "value undefined" "(1/0: division by 0" 'x+1/0' --at 1
    fails 2 "1/0 is not a finite number" surface x --at 1/0
    fails 2 "log(-1) is not a finite number" surface x --at 'log(-1)'
    points "unknown name 'nan'" "    ^~~" x --at nan
}

@test "a locale with a decimal comma changes nothing" {
    command -v localedef >/dev/null || skip "localedef is missing"
    mkdir locales
    localedef -i de_DE -f UTF-8 "$PWD/locales/de_DE.UTF-8" 2>/dev/null || [ -e locales/de_DE.UTF-8/LC_NUMERIC ] ||
        skip "there is no source of the locale"
    says "value 2.25" 'x^2' --at 1.5
    plain=$output
    LOCPATH=$PWD/locales LC_ALL=de_DE.UTF-8 says "value 2.25" 'x^2' --at 1.5
    [ "$output" = "$plain" ]
    LOCPATH=$PWD/locales LC_ALL=de_DE.UTF-8 fails 2 "2 numbers for 1 variable" surface 'x^2' --at 1,5
    try descent 'x^2' --from 0.5 --rate 0.25 --steps 1
    LOCPATH=$PWD/locales LC_ALL=de_DE.UTF-8 try descent 'x^2' --from 0.5 --rate 0.25 --steps 1
    [[ $output == *"x = 0.25"* ]]
}

@test "the help, the manual page and the document list every function" {
    local name
    prints help --man
    local manual=$output
    prints help functions
    while IFS= read -r name; do
        grep -q "^\.B $name(" <<<"$manual" || broken "not in the manual page: $name"
        grep -Eq "^\|.*\`$name(\(.*\))?\`" "$TOP/docs/SURFACE.md" || broken "not in SURFACE.md: $name"
    done < <(sed -n 's/^  \([a-z0-9]*\)(.*/\1/p' <<<"$output")
    [[ $output == *"atan2(y, x)"*"where(c, x, y)"* ]] || broken "functions are missing"
    points "did you mean digamma?" "    ^~~~~~" 'digama(x)' --at 1
}

@test "piecewise functions: the branch of the point counts, a jump and a kink are seen" {
    says "df/dx if(x > 0, 1/(2*sqrt(x)), 0) = 0" 'if(x > 0, sqrt(x), 0)' --at -1
    says "value 5" 'where(0 <= x <= 1, 5, log(-x))' --at 0.5
    says "value 1" 'and(x > 1, not(x > 3))' --at 2
    denies "value 1" "not continuous" 'if(x < 1, 0, 1)' --at 1
    denies "slope from the left 1" "kink" 'if(x < 1, x, 2 - x)' --at 1
    says "df/dx if(x < 1, 2*x, 2) = 2" 'if(x < 1, x^2, 2x - 1)' --at 1
    says "the second derivatives are undecided" 'if(x < 1, x^2, 2x - 1)' --at 1
    says "the second derivatives are undecided" 'if(x != 0, sin(x)/x, 1)' --at 0
    says "tangent z = x + 1" 'if(x == 0, 1, 1 + x + x^2)' --at 0
    [[ $output != *"critical point"* ]] || broken "a critical point with slope 1"
    points "after '<', not the end" "       ^" 'x <' --at 1
}

@test "numbers are folded exactly or stay as they were typed" {
    says "f(x) = 4.141947e-21*x" '1.380649e-23*300*x' --at 1
    says "f(x) = 1.23456789*9.87654321*x" '1.23456789*9.87654321*x' --at 1
    says "f(x) = 3.14159265358979323846*x" '3.14159265358979323846*x' --at 1
    says "df/dx x^2 = 9" 'k*x^3' --let k=1/3 --at 3
}

@test "a number whose exponent is too large is neither infinite nor 0" {
    edgegrad surface 'x' --at 1 --json | grep -q '"ball"' || skip "without Arb"
    says "value too large to print" 'exp(exp(exp(x)))' --at 10
    says "value too near 0 to print" 'exp(-exp(exp(x)))' --at 10
    says "value 2.674711e+43" 'x^1000000' --at 1.0001
}
