#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# One screen of help (-h): its size, its options and its examples, which run; help about formats.

load common

# Writes files of the names that the examples have.
samples() {
    mkdir bin photos photos/more reports
    ln -s "$EDGEGRAD" bin/edgegrad
    cp "$SMALL/rgb.jpg" photo.jpg
    cp "$SMALL/rgb.png" photo.png
    cp photo.jpg photos/ && cp photo.png photos/more/
    cp "$DATA/hills.tif" dem.tif
    printf 't,y\n0,5\n1,3.1\n2,1.8\n3,1.15\n4,0.65\n' >t.csv
    for page in a b reports/c; do
        "$EDGEGRAD" photos "made-$(basename $page)" --report $page.html || return
    done
}

# brief_of COMMAND: prints the screen; fails if it is larger than 24 lines of 80 columns.
brief_of() {
    prints ${1:+"$1"} -h || return
    [ "${#lines[@]}" -le 24 ] || broken "-h of '$1' has ${#lines[@]} lines" || return
    awk 'length > 80 { exit 1 }' <<<"$output" || broken "-h of '$1' is wide" || return
    printf '%s\n' "$output"
}

# Prints the names of the options of a screen.
options_of() {
    sed -n 's/^  \(-.,\|   \) --\([a-z0-9-]*\)  *.*/\2/p' "$1"
}

@test "-h of every command is one screen: a sentence, usage, options, examples, a pointer" {
    for command in '' $(all_commands); do
        brief_of "$command" >screen
        head -n 1 screen | grep -q '\.$' || broken "no sentence: $command"
        grep -q "^usage: edgegrad " screen
        count=$(options_of screen | wc -l)
        [ "$count" -ge 3 ] && [ "$count" -le 10 ] || broken "$count options: $command"
        count=$(grep -c '^  # ' screen)
        [ "$count" -ge 2 ] && [ "$count" -le 4 ] || broken "$count examples: $command"
        name=${command:-COMMAND}
        tail -n 1 screen | grep -q "edgegrad $name --help; manual: man edgegrad-$name$"
    done
}

@test "-h names options of --help, and the ten most used where the command has so many" {
    for command in $(all_commands); do
        brief_of "$command" >screen
        edgegrad "$command" --help >page
        for option in $(options_of screen); do
            grep -Eq -- "^  (-.,|   ) --$option( |$)" page || broken "$command has no --$option"
        done
        case $command in
        info | merge-report | help) ;;
        *) [ "$(options_of screen | wc -l)" -eq 10 ] || broken "$command shows fewer options" ;;
        esac
    done
    brief_of gradient >screen
    [ "$(options_of screen | tr '\n' ' ')" = \
        "map op sigma depth normalize colourize flux recursive report overwrite " ] || broken "$(cat screen)"
}

@test "-h and --usage print the same, before anything is read" {
    brief_of edges >screen
    prints edges --usage a.png b.png
    [ "$output" = "$(cat screen)" ]
    brief_of '' >screen
    prints --usage
    [ "$output" = "$(cat screen)" ]
}

@test "the examples of every -h run" {
    samples
    count=0
    for command in '' $(all_commands); do
        brief_of "$command" | sed -n '/^  # /{n;s/^  //p}' >examples
        while IFS= read -r example; do
            [[ $example != *"| man "* ]] || man -w man >/dev/null 2>&1 || continue
            [[ $example != *--plot* ]] || edgegrad --version | grep -q '^cairo' || continue
            PATH=$PWD/bin:$PATH timeout -s KILL 60 bash -o pipefail -ec "$example" >said 2>&1 </dev/null ||
                broken "$example: $(cat said)"
            count=$((count + 1))
        done <examples
    done
    [ "$count" -ge 28 ]
}
