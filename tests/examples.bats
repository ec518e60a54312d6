#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The programs of docs/examples: each is C and C++, runs, and prints what tests/examples/NAME.txt has.

load common

# arguments NAME: sets words to the arguments that program NAME is tested with.
arguments() {
    case $1 in
        folder_of_images) words=(cat.jpg coffee.jpg scene.jpg) ;;
        slope_and_shade) words=(hills.tif slope.tif shade.tif) ;;
        contour_length) words=(hills.tif 50) ;;
        formula) words=('sqrt(x^2+y^2)*sin(x y)') ;;
        options_by_name) words=(cat.jpg edges.png method=boundary thickness=3) ;;
        *) words=() ;;
    esac
}

# compile COMPILER ...: compiles against the tested library.
compile() {
    # shellcheck disable=SC2086 # words
    "$@" -Wall -Wextra -Wpedantic -Werror ${CFLAGS:-} -I "$TOP/include" -o program "${EDGEGRAD%/*}/libedgegrad.so" -lm
}

# fails_kindly NAME PROGRAM: the program ends with one line on standard error for arguments that it cannot use.
fails_kindly() {
    local given wrong
    case $1 in
        folder_of_images) wrong=(missing.jpg) ;;
        slope_and_shade) wrong=(missing.tif a.tif b.tif) ;;
        contour_length) wrong=(hills.tif none) ;;
        formula) wrong=('x*y*z') ;;
        options_by_name) wrong=(missing.jpg edges.png) ;;
        *) return 0 ;;
    esac
    for given in "" "${wrong[*]}"; do
        [ "$1 $given" != "options_by_name " ] || continue # it prints the options
        # shellcheck disable=SC2086 # words
        ! LD_LIBRARY_PATH=${EDGEGRAD%/*} "$2" $given >out 2>err || broken "$1 $given succeeds"
        if [ -s out ] || [ "$(grep -c . err)" -ne 1 ]; then broken "$1 $given: $(cat out err)"; fi
    done
}

@test "every example compiles as C and as C++, and prints what it should" {
    cp "$DATA"/{cat.jpg,coffee.jpg,scene.jpg,hills.tif} .
    local count=0 name words
    for source in "$TOP"/docs/examples/*.c; do
        name=$(basename "$source" .c)
        arguments "$name"
        if command -v c++ >/dev/null; then
            compile c++ -std=c++11 -x c++ "$source" -x none || broken "$name as C++"
            rm program
        fi
        compile "${CC:-cc}" -std=c99 "$source" || broken "$name as C"
        LD_LIBRARY_PATH=${EDGEGRAD%/*} ./program "${words[@]}" >out 2>err || broken "$name: $(cat err)"
        diff "$TOP/tests/examples/$name.txt" out || broken "$name prints something else"
        fails_kindly "$name" ./program
        count=$((count + 1))
    done
    local texts=("$TOP"/tests/examples/*.txt)
    [ "$count" -eq "${#texts[@]}" ]
    # The outputs are those of the command.
    quiet slope hills.tif s.tif
    cmp s.tif slope.tif
    quiet --method boundary --thickness 3 --colour grey cat.jpg e.png
    cmp e.png edges.png
}

@test "the table of examples has all of them" {
    for source in "$TOP"/docs/examples/*.c; do
        grep -q "^| \[$(basename "$source")\]" "$TOP/docs/examples/README.md" || broken "$source"
    done
}
