#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad merge-report. tests/test_report.c tests the contents of pages, tests/report/ their display.
# shellcheck disable=SC2154 # bats and common.bash set them

load common

# page NAME: prints a page with one record.
page() {
    printf '%s\n' '<!doctype html>' '<!-- edgegrad report, form 1 -->' \
        "<script type=\"application/json\" class=\"record\">{\"folder\":\"\",\"name\":\"$1\",\"outcome\":\"done\",\"input\":\"$1\"}</script>" \
        '<script type="application/json" class="run">{"folder":"","name":"run","seconds":1}</script>' \
        '<!-- end of the edgegrad report -->'
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
    sed 's/form 1/form 2/' a.html >newer.html
    fails 3 "newer.html: is not a report that this edgegrad can read" merge-report newer.html -o all.html
    page '</script><script>x' >hostile.html
    fails 3 "hostile.html: is damaged" merge-report hostile.html -o all.html
    [ "$(<all.html)" = before ]
    fails 4 "no/all.html: " merge-report a.html -o no/all.html
}
