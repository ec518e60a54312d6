#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad surface --digits 50: the printed digits, against testdata/proven-reference.txt.

# shellcheck disable=SC2154 # common.bash sets variables
load common

# shellcheck disable=SC2016 # an awk program
COMPARE='
# Returns the number as sign, exponent and digits, rounded to 50 digits.
function normal(text,    sign, parts, exponent, point, digits, k, up) {
    sign = text ~ /^-/ ? "-" : ""
    sub(/^-/, "", text)
    split(text, parts, "e")
    exponent = parts[2] + 0
    point = index(parts[1], ".")
    exponent += (point ? point : length(parts[1]) + 1) - 1
    digits = parts[1]
    sub(/\./, "", digits)
    while (digits ~ /^0/) {
        digits = substr(digits, 2)
        exponent--
    }
    up = substr(digits, 51, 1) >= "5"
    digits = substr(digits, 1, 50)
    for (k = length(digits); up && k > 0; k--) {
        up = substr(digits, k, 1) == "9"
        digits = substr(digits, 1, k - 1) (up ? "" : substr(digits, k, 1) + 1)
    }
    if (up) {
        digits = "1"
        exponent++
    }
    sub(/0+$/, "", digits)
    return digits == "" ? "0" : sign "0." digits "e" exponent
}
function add(text) {
    gsub(/[ ,]/, "", text)
    found[count++] = text
}
BEGIN { wanted = split(reference, references, " ") }
/^  "value": / { add(substr($0, 12)) }
/"vector": \[/ { inside = "vector"; next }
/"matrix": \[/ { inside = "matrix"; row = 0; next }
inside == "vector" && /\]/ { inside = "" }
inside == "vector" { add($0); n++ }
inside == "matrix" && /^ *\]$|^ *\],?$/ && !open { inside = "" }
inside == "matrix" && /\[/ { open = 1; column = 0; next }
inside == "matrix" && /\]/ { open = 0; row++; next }
inside == "matrix" && open { if (column++ >= row) add($0) }
END {
    if (count != wanted)
        print count " numbers, not " wanted
    for (i = 0; i < count; i++)
        if (normal(found[i]) != normal(references[i + 1]) && !(found[i] == "null" && references[i + 1] == "0"))
            print "result " i ": " found[i] ", not " references[i + 1]
}'

# The results of every 25th line have 50 right digits.
@test "50 digits of 40 expressions are those of mpmath" {
    edgegrad surface 'sqrt(x)' --at 2 --digits 50 | grep -q 1.4142135623730950488016887242096980785696718753769 ||
        skip "without Arb"
    while IFS=$'\t' read -r text point reference; do
        edgegrad surface "$text" "--at=$point" --digits 50 --json >report.json ||
            broken "$text at $point is refused" || return
        output=$(awk -v reference="$reference" "$COMPARE" report.json)
        [ -z "$output" ] || broken "$text at $point" || return
        grep -q '"arithmetic": "ball"' report.json ||
            broken "$text at $point is not computed by balls" || return
    done < <(awk 'NR > 1 && NR % 25 == 8' "$DATA/proven-reference.txt")
}

# A double has 17 digits: with more, a coordinate lost its exponent.
@test "a message shows the whole coordinate with --digits 50" {
    try surface 'abs(x-1e-10)' --at 1e-10 --digits 50
    [ "$status" -eq 1 ] || broken "exit code $status"
    [[ $stderr == *"x = 1e-10 "* ]] || broken "the coordinate is not 1e-10"
}
