#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Errors: damaged and unreadable input, outputs that cannot be written, limits, terminals, signals.
# A failure has its exit code, prints one line and leaves the folder unchanged.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# Creates an output file that may be replaced, and checks that it is unchanged.
old_target() {
    rm -f old.png
    edgegrad gradient "$SMALL/grey.png" old.png
    cp old.png "$BATS_TEST_TMPDIR/old.png"
    chmod 600 old.png
}

untouched() {
    cmp old.png "$BATS_TEST_TMPDIR/old.png" || broken "old.png was changed"
}

# refuses CODE TEXT FILE: fails with an existing output and with a new one.
refuses() {
    fails "$1" "$2" "$3" old.png || return
    fails "$1" "$2" gradient "$3" old.png || return
    untouched || return
    fails "$1" "$2" "$3" new.png || return
    [ ! -e new.png ] || broken "$3: new.png was made"
}

# png_header SIZE CRC: prints a PNG that ends soon after the start of its pixels; both as printf escapes.
png_header() {
    # shellcheck disable=SC2059 # printf escapes
    printf "\x89PNG\r\n\x1a\n\0\0\0\rIHDR$1\x08\0\0\0\0$2\0\0\0\x0aIDATpixels"
}

# ---- input ---------------------------------------------------------------------------------------

@test "missing files, folders, empty files, files that are not images" {
    old_target
    refuses 4 "missing.png: no such file" missing.png
    refuses 4 "no such file" folder/missing.png
    mkdir folder
    fails 2 "'old.png' is not a folder" folder old.png
    untouched
    : >empty.png
    refuses 3 "empty.png: is empty" empty.png
    echo 'Not a picture.' >text.png
    refuses 3 "text.png: is text" text.png
    head -c 1000 "$EDGEGRAD" >binary
    refuses 3 "not an image in a supported format" binary
    refuses 3 "is empty" /dev/null
    holds binary empty.png folder old.png text.png
}

@test "known formats that cannot be read are named" {
    old_target
    while IFS='|' read -r name bytes; do
        # shellcheck disable=SC2059 # printf escapes
        { printf "$bytes" && head -c 64 /dev/zero; } >foreign.png
        refuses 3 "$name" foreign.png
    done <<'END'
GIF|GIF89a
WebP|RIFF\0\0\0\0WEBP
BMP|BM\0\0\0\0\0\0\0\0
PDF|%%PDF-1.7
AVIF|\0\0\0\x1cftypavif
END
}

@test "a JPEG that lacks only its end marker is read, with a warning" {
    quiet "$SMALL/progressive.jpg" whole.png
    head -c -2 "$SMALL/progressive.jpg" >cut.jpg
    try cut.jpg cut.png
    [ "$status" -eq 0 ]
    [ "$stderr" = "edgegrad: warning: cut.jpg: lacks the end marker; all rows are there" ]
    cmp whole.png cut.png
    head -c -3 "$SMALL/progressive.jpg" >cut.jpg
    fails 3 "cut.jpg: is truncated" cut.jpg no.png
    quiet --tolerate cut.jpg tolerated.png
}

@test "files truncated anywhere are refused" {
    old_target
    for name in rgb.png rgb-interlaced.png grey16.png grey.jpg progressive.jpg grey.pgm \
        grey-plain.pgm bits.pbm rgb16.ppm grey-alpha.pam grey.pfm; do
        size=$(file_size "$SMALL/$name")
        for keep in 1 2 9 $((size / 10)) $((size / 2)) $((size * 9 / 10)) $((size - 6)); do
            head -c "$keep" "$SMALL/$name" >'cut'
            fails 3 cut cut old.png || broken "$name, $keep of $size"
        done
        head -c $((size / 2)) "$SMALL/$name" | fails 3 "standard input: " - old.png || broken "$name"
    done
    untouched
    holds cut old.png
}

@test "a PNG with any byte changed is refused" {
    old_target
    size=$(file_size "$SMALL/rgb.png")
    for at in 0 1 5 12 18 24 29 $((size / 3)) $((size / 2)) $((size - 13)) $((size - 5)) $((size - 1)); do
        cp "$SMALL/rgb.png" flipped.png
        put_bytes flipped.png "$at" "\\x$(printf %02x $((0x$(bytes_at flipped.png "$at" 1) ^ 0x24)))"
        fails 3 flipped.png flipped.png old.png || broken "byte $at"
    done
    untouched
    holds flipped.png old.png
}

@test "empty sizes and invalid headers" {
    old_target
    for header in 'P5 0 5 255' 'P5 5 0 255' 'P4 0 0' 'P5 5 5 0' 'P5 5 5 65536' 'P5 -5 5 255' 'P5 x' 'P6 5'; do
        { echo "$header" && head -c 100 /dev/zero; } >bad.pgm
        refuses 3 bad.pgm bad.pgm
    done
    printf 'P7\nWIDTH 5\nHEIGHT 5\nDEPTH 9\nMAXVAL 255\nENDHDR\n' >bad.pam
    refuses 3 bad.pam bad.pam
    printf 'Pf\n5 5\n0\n' >bad.pfm
    refuses 3 bad.pfm bad.pfm
    png_header '\0\0\0\0\0\0\0\x05' '\x4e\x2d\xb2\x7d' >bad.png
    refuses 3 'width is 0' bad.png
}

@test "limits: huge sizes are refused before memory is allocated" {
    old_target
    for size in '2000000 1' '1 2000000' '99999999999999999999 1' '900000 900000'; do
        echo "P5 $size 255" >large.pgm
        refuses 5 "--max-" large.pgm
    done
    png_header '\0\x1e\x84\x80\0\0\0\x01' '\x11\xa8\x81\x95' >large.png
    refuses 5 "--max-side" large.png
    fails 5 "--max-side" --max-side 60 "$SMALL/grey.png" new.png
    fails 5 "--max-pixels" --max-pixels 2K "$SMALL/grey.png" new.png
    fails 5 "--max-memory" --max-memory 10K "$SMALL/grey.png" new.png
    fails 5 "--max-side" info --max-side 42 "$SMALL/grey.png"
    fails 5 "scans" --max-scans 2 "$SMALL/progressive.jpg" new.png
    quiet --max-side 61 --max-pixels 2623 "$SMALL/grey.png" fits.png
    holds fits.png large.pgm large.png old.png
}

@test "control characters and invalid UTF-8 in names are escaped" {
    for name in $'new\nline.png' $'esc\e[31mape.png' $'tab\tbell\a.png' $'not\xffutf8.png'; do
        fails 4 "no such file" "$name" out.png
        fails 4 "does not exist" "$SMALL/grey.png" "$name/out.png"
        echo text >"$name"
        fails 3 "is text" "$name" out.png
        fails 3 "is text" info "$name"
        rm "$name"
        quiet "$SMALL/grey.png" "$name"
        [ -s "$name" ]
        rm "$name"
    done
    fails 4 'new\nline' $'new\nline.png' out.png
    fails 4 'a\xFFb' $'a\xffb.png' out.png
    fails 2 "unknown option" $'--a\e[31m\nb'
    fails 2 "'c\\x1b[31m' is not a folder" a b $'c\e[31m'
    holds ""
}

@test "names that begin with a dash, after --" {
    fails 4 "-missing.png: no such file" -- -missing.png out.png
    fails 4 "the folder '-folder' does not exist" -- "$SMALL/grey.png" -folder/out.png
}

@test "files and folders without permission" {
    not_as_root
    cp "$SMALL/grey.png" locked.png
    chmod 0 locked.png
    fails 4 "locked.png: " locked.png out.png
    old_target
    chmod 400 old.png
    fails 4 "old.png: is write-protected" "$SMALL/grey.png" old.png
    untouched
    mkdir sealed
    chmod 500 sealed
    fails 4 "sealed" "$SMALL/grey.png" sealed/out.png
    [ -z "$(ls -A sealed)" ]
}

@test "PngSuite's corrupt files are refused" {
    corpus pngsuite/xs1n0g01.png
    old_target
    count=0
    for file in "${found%/*}"/x*.png; do
        fails 3 "${file##*/}: " "$file" old.png
        count=$((count + 1))
    done
    [ "$count" -eq 14 ]
    untouched
    holds old.png
}

@test "hostile PNGs are read or refused, without a crash" {
    corpus bad/libspng-crashers
    old_target
    for file in "$found"/*.png; do
        try "$file" new.png
        case $status in
        0) rm new.png ;;
        3 | 5) refused "$status" "${file##*/}: " ;;
        *) broken "$file: exit code $status" ;;
        esac
    done
    untouched
    holds old.png
}

# ---- output --------------------------------------------------------------------------------------

@test "outputs that cannot be written" {
    fails 4 "the folder 'nowhere' does not exist" "$SMALL/grey.png" nowhere/out.png
    mkdir folder
    : >file
    fails 4 "" "$SMALL/grey.png" file/out.png
    fails 4 "" "$SMALL/grey.png" "$(printf '%0300d' 1).png"
    ln -s loop loop
    fails 4 "" -f png "$SMALL/grey.png" loop
    [ -z "$(ls -A folder)" ]
    holds file folder loop
}

@test "a full disk" {
    [ -c /dev/full ] || skip "no /dev/full"
    for format in png pgm pbm jpg; do
        fails 4 "No space left" -f "$format" "$DATA/scene.jpg" /dev/full
    done
    fails 4 "No space left" gradient -f pfm "$DATA/scene.jpg" /dev/full
    for args in "edges $SMALL/grey.png -" "info $SMALL/grey.png" --help --version "help --man"; do
        status=0
        # shellcheck disable=SC2086 # words
        edgegrad $args >/dev/full 2>said || status=$?
        [ "$status" -eq 4 ] || broken "$args: exit code $status"
        [ "$(wc -l <said)" -eq 1 ]
    done
}

@test "a disk that fills up while writing" {
    quiet gradient -f pfm "$DATA/scene.jpg" old.png
    cp old.png copy.png
    # files of at most 64 KiB; the signal that comes with the limit is ignored
    status=0
    (trap '' XFSZ && ulimit -f 64 && edgegrad gradient -f pfm "$DATA/scene.jpg" old.png) 2>said || status=$?
    [ "$status" -eq 4 ]
    grep -q '^edgegrad: old.png: cannot be written' said
    cmp old.png copy.png
    holds copy.png old.png said
}

@test "a pipe whose reader exits early" {
    run bash -c 'timeout -s KILL 60 "$EDGEGRAD" gradient -f pfm "$DATA/scene.jpg" - 2>said | head -c 10 >got
        exit "${PIPESTATUS[0]}"'
    [ "$status" -eq 4 ]
    [ "$(file_size got)" -eq 10 ]
    [ "$(wc -l <said)" -le 1 ]
    run bash -c '{ sleep 0.3; timeout -s KILL 60 "$EDGEGRAD" help --man 2>said; } | :
        exit "${PIPESTATUS[0]}"'
    [ "$status" -eq 4 ]
    [ ! -s said ]
}

@test "closed descriptors" {
    status=0
    edgegrad "$SMALL/grey.png" - >&- 2>said || status=$?
    [ "$status" -eq 4 ]
    [ "$(wc -l <said)" -eq 1 ]
    status=0
    edgegrad - out.png <&- 2>said || status=$?
    [ "$status" -eq 4 ]
    quiet "$SMALL/grey.png" wanted.png
    edgegrad "$SMALL/grey.png" out.png <&- >&- 2>&-
    cmp wanted.png out.png
}

@test "an error found late leaves no output" {
    old_target
    fails 2 "cannot hold" gradient --depth 32 "$SMALL/grey.png" old.png
    cp old.png old.pfm
    fails 2 "cannot hold edges" "$SMALL/grey.png" old.pfm
    untouched
    cmp old.png old.pfm
    holds old.pfm old.png
}

# ---- terminals -----------------------------------------------------------------------------------

# on_terminal COMMAND: runs it with a terminal as standard input, output and error; $output is the text
# shown.
on_terminal() {
    script --version 2>/dev/null | grep -q util-linux || skip "no script(1) of util-linux"
    status=0
    output=$(script -qec "timeout -s KILL 60 $1" /dev/null </dev/null) || status=$?
}

@test "a terminal is refused as input and output" {
    on_terminal "'$EDGEGRAD' '$SMALL/grey.png' -"
    [ "$status" -eq 2 ]
    [[ $output == *"name an OUTPUT file"* && $output != *PNG* ]]
    on_terminal "'$EDGEGRAD' gradient -f pgm '$SMALL/grey.png' -"
    [ "$status" -eq 2 ]
    on_terminal "'$EDGEGRAD' - out.png"
    [ "$status" -eq 2 ]
    [[ $output == *"standard input is a terminal"* ]]
    on_terminal "'$EDGEGRAD' info -"
    [ "$status" -eq 2 ]
    on_terminal "'$EDGEGRAD' '$SMALL/grey.png' out.png"
    [ "$status" -eq 0 ]
    [ -z "${output//[$'\r\n']/}" ]
    holds out.png
}

@test "no terminal codes in pipes" {
    for args in --help "help --man" "help edges" "info $SMALL/grey.png" --qwertz --version; do
        # shellcheck disable=SC2086 # words
        try $args
        [[ $output$stderr != *$'\e'* ]]
    done
}

# ---- signals -------------------------------------------------------------------------------------

# Starts $EDGEGRAD on an image of which only the first rows are in the pipe, descriptor 8 of the test;
# sets $pid.
start_waiting() {
    mkfifo pipe
    # a job of its own, or bash makes it ignore SIGINT
    set -m
    "$EDGEGRAD" "$@" 2>"$BATS_TEST_TMPDIR/said" 3>&- &
    pid=$!
    set +m
    exec 8>pipe
    { printf 'P5 3000 3000 255\n' && head -c 3000000 /dev/zero; } >&8
}

# end_by SIGNAL CODE: sends the signal and checks that the command exits soon, with the pipe still open.
end_by() {
    local code=0
    sleep 0.2
    kill -s "$1" "$pid"
    (sleep 20 && kill -s KILL "$pid") 3>&- 8>&- &
    local watch=$!
    wait "$pid" || code=$?
    kill "$watch"
    exec 8>&-
    [ "$code" -eq "$2" ] || broken "exit code $code after $1: $(<"$BATS_TEST_TMPDIR/said")"
}

@test "SIGINT, SIGTERM and SIGHUP stop it at once and keep the old output" {
    for row in INT:130 TERM:143 HUP:129; do
        if is_ignored "${row%:*}"; then continue; fi
        for command in edges gradient; do
            old_target
            start_waiting "$command" pipe old.png
            end_by "${row%:*}" "${row#*:}"
            untouched
            grep -q '^edgegrad: ' "$BATS_TEST_TMPDIR/said"
            holds old.png pipe
            rm pipe
        done
    done
}

@test "a signal during computation" {
    mkfifo pipe
    { printf 'P5 5000 400000 255\n' && cat /dev/zero; } >pipe 2>/dev/null 3>&- &
    feeder=$!
    "$EDGEGRAD" --low 1 --high 2 pipe new.png 2>said 3>&- &
    pid=$!
    sleep 0.5
    kill -s TERM "$pid"
    code=0
    wait "$pid" || code=$?
    wait "$feeder" || :
    [ "$code" -eq 143 ]
    [ "$(wc -l <said)" -eq 1 ]
    holds pipe said
}

# ---- memory --------------------------------------------------------------------------------------

@test "an image larger than the memory limit" {
    if sanitized; then skip "this takes minutes with sanitizers"; fi
    # 200 MB of pixels. The gradient needs a few strips, the edges two bits per pixel.
    zeros 10000 20000 | quiet gradient --max-memory 20M -t 2 - /dev/null -f pgm
    zeros 10000 20000 | quiet --low 1 --high 2 --max-memory 70M -t 2 - edges.pbm
    [ "$(file_size edges.pbm)" -eq $((15 + 1250 * 20000)) ]
    zeros 10000 20000 2>/dev/null | fails 5 "--max-memory" --max-memory 20M - new.png
    holds edges.pbm
}

@test "the memory counted by the system is bounded too" {
    if sanitized; then skip "sanitizers reserve address space of their own"; fi
    status=0
    (ulimit -v 180000 && zeros 10000 20000 | edgegrad gradient -t 1 -f pgm - /dev/null) || status=$?
    [ "$status" -eq 0 ]
    (ulimit -v 180000 && zeros 10000 20000 | edgegrad --low 1 --high 2 -t 1 - edges.pbm) || status=$?
    [ "$status" -eq 0 ]
}

@test "a file size limit gives a message and leaves no file" {
    if sanitized; then skip "the sanitizers' own files would meet the limit"; fi
    run bash -c "ulimit -f 4; '$EDGEGRAD' gradient --compression 0 '$DATA/scene.png' big.png"
    [ "$status" -eq 4 ]
    [[ "$output" == *"big.png: cannot be written"* ]]
    [ -z "$(ls -A)" ]
}
