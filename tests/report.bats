#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad merge-report. tests/test_report.c tests the contents of pages, tests/report/ their display.
# shellcheck disable=SC2154 # bats and common.bash set them

load common

# fnv HASH TEXT: prints the 64-bit FNV-1a hash of a text, continued from a hash in decimal; fnv_word HASH
# WORD: that of the 8 bytes of a number, the lowest first.
fnv() {
    local hash=$1 i byte
    for ((i = 0; i < ${#2}; i++)); do
        printf -v byte %d "'${2:i:1}"
        hash=$(((hash ^ byte) * 0x100000001b3))
    done
    echo "$hash"
}

fnv_word() {
    local hash=$1 i byte
    for ((i = 0; i < 8; i++)); do
        hash=$(((hash ^ ($2 >> 8 * i & 255)) * 0x100000001b3))
    done
    echo "$hash"
}

# page NAME...: prints a page with a record for each name; old_page NAME: one of the old form.
page() {
    local start=$((0xcbf29ce484222325)) all name json class check
    all=$start
    printf '%s\n' '<!doctype html>' '<!-- edgegrad report, form 2 -->'
    for name in "$@" ''; do
        class=record json="{\"folder\":\"\",\"name\":\"$name\",\"outcome\":\"done\",\"input\":\"$name\"}"
        [ -n "$name" ] || class=run json='{"folder":"","name":"run","seconds":1}'
        check=$(fnv "$start" "$json")
        all=$(fnv_word "$all" "$check")
        printf '<script type="application/json" class="%s">%s</script><!-- check %016x -->\n' $class "$json" "$check"
    done
    printf '<!-- %d records, 1 runs, check %016x -->\n' $# "$all"
    echo '<!-- end of the edgegrad report -->'
}

old_page() {
    page "$1" | sed 's/form 2/form 1/; s/<!-- check .*//; /records, 1 runs/d'
}

@test "merging makes one page of several" {
    page a >a.html
    mkdir sub
    page b >sub/b.html
    quiet merge-report a.html sub/b.html -o all.html
    [ "$(grep -c 'class="record">{' all.html)" -eq 2 ]
    grep -q '{"folder":"","name":"a","outcome":"done","input":"a"}' all.html
    grep -q '{"folder":"sub/","name":"b","outcome":"done","input":"b"}' all.html
    prints merge-report all.html --output -
    [ "$output" = "$(<all.html)" ]
}

@test "merging needs --output and pages that can be read twice" {
    page a >a.html
    fails 2 "--output FILE" merge-report a.html
    misused "PAGE" merge-report -o all.html
    fails 2 "read twice" merge-report - -o all.html
    mkfifo pipe
    page a >pipe &
    fails 4 "pipe: is a pipe" merge-report pipe -o all.html
    wait
    [ ! -e all.html ]
}

@test "merging refuses files that are not reports and keeps the old page" {
    page a >a.html
    echo before >all.html
    fails 3 "scene.jpg: is not a report" merge-report a.html "$DATA/scene.jpg" -o all.html
    fails 4 "missing.html: " merge-report a.html missing.html -o all.html
    head -n 3 a.html >cut.html
    fails 3 "cut.html: is truncated" merge-report a.html cut.html -o all.html
    sed 's/form 2/form 3/' a.html >newer.html
    fails 3 "newer.html: is not a report that this edgegrad can read" merge-report newer.html -o all.html
    page '</script><script>x' >hostile.html
    fails 3 "hostile.html: is damaged" merge-report hostile.html -o all.html
    [ "$(<all.html)" = before ]
    fails 4 "no/all.html: " merge-report a.html -o no/all.html
}

@test "merging notices every damage to a record" {
    page a b c >abc.html
    quiet merge-report abc.html -o all.html
    cmp abc.html <(grep -v '^<script>\|^$' all.html | grep -e '^<!doctype' -e '^<!-- ' -e 'application/json')
    sed 4d abc.html >lost.html
    fails 3 "lost.html: is damaged: it has 2 records and 1 runs, but states 3 and 1" merge-report lost.html -o x.html
    sed 4p abc.html >twice.html
    fails 3 "it has 4 records and 1 runs, but states 3 and 1" merge-report twice.html -o x.html
    sed 's/"input":"b"/"input":"B"/' abc.html >changed.html
    fails 3 "changed.html: is damaged: record 2, in line 4, is not as edgegrad wrote it" merge-report changed.html -o x.html
    sed '4s/script/scr1pt/' abc.html >hidden.html
    fails 3 "it has 2 records" merge-report hidden.html -o x.html
    sed '3{h;d};4G' abc.html >swapped.html
    fails 3 "swapped.html: is damaged: its records are not those that it states" merge-report swapped.html -o x.html
    sed 's/3 records/4 records/' abc.html >more.html
    fails 3 "it has 3 records and 1 runs, but states 4 and 1" merge-report more.html -o x.html
    sed /records/d abc.html >unstated.html
    fails 3 "the number of its records is missing" merge-report unstated.html -o x.html
    sed '4s/$/\x00/' abc.html >zero.html
    fails 3 "zero.html: is damaged: line 4 contains a byte 0" merge-report zero.html -o x.html
    { head -n 3 abc.html && head -c 17000000 /dev/zero | tr '\0' x && cat abc.html; } >long.html
    fails 3 "long.html: line 4 is longer than 16777216 bytes" merge-report long.html -o x.html
    [ ! -e x.html ]
}

@test "pages of the old form are merged with a warning" {
    old_page a >a.html
    page b >b.html
    try merge-report a.html b.html -o all.html
    [ "$status" -eq 0 ]
    [[ $stderr == "edgegrad: warning: a.html: was written by an older edgegrad and does not state how many"* ]]
    quiet merge-report --quiet a.html b.html -o all.html
    quiet merge-report all.html -o again.html
    cmp all.html again.html
    [ "$(grep -c 'class="record">{' again.html)" -eq 2 ]
}
