#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Files as elevations: images, encoded colours, tiles without data, compressed files.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# warns TEXT ARGUMENT...: succeeds with one line on standard error, a warning that has TEXT.
warns() {
    local text=$1
    shift
    try "$@"
    [ "$status" -eq 0 ] || broken "exit code $status: edgegrad $*" || return
    [ "${#stderr_lines[@]}" -eq 1 ] || broken "not one line: edgegrad $*" || return
    [[ $stderr == "edgegrad: warning: "*"$text"* ]] || broken "the warning lacks: $text"
}

@test "images are refused as elevations, with the way to insist" {
    for command in slope aspect hillshade; do
        fails 3 "has 3 colour channels, not elevations; --encoding terrarium or mapbox decodes elevation tiles" \
            "$command" --cell-size 10 "$SMALL/rgb.png" out.tif
    done
    fails 3 "not elevations" terrain --cell-size 10 "$SMALL/rgb.png" --tpi out.tif
    fails 3 "has a colour palette, not elevations" slope --cell-size 10 "$SMALL/palette.png" out.tif
    fails 3 "has the lossy 8-bit samples of a JPEG, not elevations; --encoding grey takes" \
        slope --cell-size 10 "$SMALL/grey.jpg" out.tif
    holds ""
    for name in rgb.png palette.png grey.jpg grey.png; do
        quiet slope --cell-size 10 --encoding grey "$SMALL/$name" out.tif
    done
}

@test "8-bit greys are elevations, with a warning" {
    warns "has 8-bit samples" slope --cell-size 10 "$SMALL/grey.png" out.pfm
    quiet slope --quiet --cell-size 10 "$SMALL/grey.png" same.pfm
    cmp out.pfm same.pfm
    quiet slope --cell-size 10 "$SMALL/grey16.png" out.pfm
    mkdir in
    cp "$SMALL/grey.png" "$SMALL/bits.png" "$SMALL/rgb.png" in
    try slope --cell-size 10 in out
    [ "$status" -eq 3 ]
    [[ $stderr == *"warning: in/bits.png: has 1-bit samples"* ]]
    [[ $stderr == *"warning: in/grey.png: has 8-bit samples"* ]]
    [ "$(ls out)" = "$(printf 'bits.tif\ngrey.tif')" ]
}

@test "a PGM of elevations is not stretched" {
    for maximum in 200 1000; do
        awk -v m=$maximum 'BEGIN {
            print "P2 20 20", m
            for (y = 0; y < 20; y++) for (x = 0; x < 20; x++) print 10 * x
        }' >ramp.pgm
        edgegrad slope --quiet --cell-size 10 ramp.pgm out.pfm
        near "$(float_at out.pfm 20 9 9)" 45 1e-4
        prints surface --field ramp.pgm --at 3,4
        [[ $output == *"value                 30"* ]]
    done
}

@test "fields may be images, with a warning" {
    for command in "surface --at 9,9" "descent --from 9,9"; do
        # shellcheck disable=SC2086 # words
        warns "has 3 colour channels; their grey is used (--encoding grey states that)" \
            $command --field "$SMALL/rgb.png"
        # shellcheck disable=SC2086 # words
        prints $command --encoding grey --field "$SMALL/rgb.png"
    done
    fails 2 "--encoding has no effect without --field" surface 'x+y' --at 1,2 --encoding grey
}

@test "a report shows outputs of an earlier run, also in encoded colours" {
    mkdir in
    cp "$DATA/hills.tif" in
    for _ in 1 2; do
        try slope --report page.html --output-encoding terrarium --name '{stem}.png' in out
        [ "$status" -eq 0 ]
        grep -q '"after":"/9j/' page.html
    done
    [[ $stderr != *warning* ]]
}

# void FORMAT: a tile of the sea, void.asc or N00E005.hgt.
void() {
    case $1 in
    asc) awk 'BEGIN {
        print "ncols 20\nnrows 20\nxllcorner 0\nyllcorner 0\ncellsize 9\nNODATA_value -9999"
        for (i = 0; i < 400; i++) print -9999
    }' >void.asc ;;
    hgt) head -c 2884802 /dev/zero | LC_ALL=C sed 's/\x00\x00/\x80\x00/g' >N00E005.hgt ;;
    esac
}

@test "tiles without data give maps without data, and one warning" {
    void asc
    text="void.asc: has no cell with data; every cell of the maps is missing"
    for command in slope aspect; do
        warns "$text" "$command" void.asc out.pfm
        [ "$(float_at out.pfm 20 9 9)" = -9999 ]
    done
    warns "$text" terrain void.asc --hillshade h.pgm --d8 d.pgm --tri t.pfm --steep s.pgm --threshold 30
    [ "$(byte_at h.pgm 20 9 9) $(byte_at d.pgm 20 9 9) $(byte_at s.pgm 20 9 9)" = "0 255 255" ]
    [ "$(float_at t.pfm 20 0 0)" = -9999 ]
    warns "$text" slope void.asc v.vrt
    fails 2 "missing samples (nodata)" descent --field void.asc --from-pixel 9,9
}

@test "compressed tiles are read, also in a folder, and damage is reported" {
    void hgt
    for name in N00E005.hgt hills.tif; do
        [ $name = N00E005.hgt ] || cp "$DATA/$name" .
        edgegrad slope --quiet $name want.tif
        gzip -k $name
        edgegrad slope --quiet $name.gz got.tif
        cmp want.tif got.tif
    done
    edgegrad slope - - --format tiff <hills.tif.gz | cmp - want.tif
    mkdir in
    mv ./*.gz in
    head -c 20000 in/hills.tif.gz >in/cut.tif.gz
    try slope in out
    [ "$status" -eq 3 ]
    [[ $stderr == *"in/cut.tif.gz: its compressed data is damaged: it is truncated"* ]]
    [ "$(LC_ALL=C ls out)" = "$(printf 'N00E005.hgt.tif\nhills.tif.tif')" ]
    prints info out/N00E005.hgt.tif
    [[ $output == *"upper left 4.99958333"* ]]
    printf 'PK\5\6%018d' 0 | tr 0 '\0' >empty.zip
    fails 3 "empty.zip: is a zip archive without a file in it" slope empty.zip s.tif
    fails 3 "cannot be read from a pipe" slope - s.tif < <(cat empty.zip)
}

@test "a folder run goes over tiles without data" {
    void hgt
    void asc
    mkdir in
    mv void.asc N00E005.hgt in
    cp "$DATA/hills.tif" in
    try slope in out
    [ "$status" -eq 0 ]
    [ "$(grep -c "has no cell with data" <<<"$stderr")" -eq 2 ]
    prints info out/N00E005.tif
    [[ $output == *"1201 x 1201"* ]]
    [ "$(LC_ALL=C ls out)" = "$(printf 'N00E005.tif\nhills.tif\nvoid.tif')" ]
}
