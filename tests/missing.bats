#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Missing pixels of images: nodata, --mask and --alpha mask.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# pixels FORMAT: 40 x 30 pixels of a slope with a step, as "values" (missing: -9999), "greys" (missing:
# 0), "mask" (missing: 0) or "alpha" (grey and alpha in octal escapes).
pixels() {
    awk -v format="$1" 'BEGIN {
        for (y = 0; y < 30; y++) {
            for (x = 0; x < 40; x++) {
                missing = (x > 11 && x < 19 && y > 7 && y < 16) || (x == 30 && y == 20)
                grey = 2 * x + y + (x > 24 ? 90 : 0)
                if (format == "values") printf "%s ", missing ? -9999 : grey
                if (format == "greys") printf "%d ", missing ? 0 : grey
                if (format == "mask") printf "%d ", missing ? 0 : 7
                if (format == "alpha") printf "\\0%o\\0%o", missing ? 0 : grey, missing ? 0 : 9
            }
            if (format != "alpha") print ""
        }
    }'
}

# Writes the image in each format: grid.asc, grey.pgm and its mask.pgm, grey.pam.
write_images() {
    { printf 'ncols 40\nnrows 30\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n'; pixels values; } >grid.asc
    { printf 'P2\n40 30\n255\n'; pixels greys; } >grey.pgm
    { printf 'P2\n40 30\n255\n'; pixels mask; } >mask.pgm
    { printf 'P7\nWIDTH 40\nHEIGHT 30\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n'; printf %b "$(pixels alpha)"; } >grey.pam
}

@test "nodata, --mask and --alpha mask mean the same" {
    write_images
    for sigma in 0 1.4 14; do
        for command in "gradient -f pfm" "gradient --map x --depth 16 --white 255 -f pgm" "edges --white 255 -f pgm" "edges --op sobel3 --white 255 -f pgm" "edges --high 60 --white 255 --method threshold -f pgm"; do
            # shellcheck disable=SC2086 # words
            {
                quiet $command --sigma $sigma grid.asc nodata
                quiet $command --sigma $sigma --mask mask.pgm grey.pgm masked
                quiet $command --sigma $sigma --alpha mask grey.pam alpha
            }
            cmp nodata masked
            cmp nodata alpha
        done
    done
}

@test "a hole has no edges, not even along its rim, and the edge beside it is kept" {
    write_images
    for sigma in 0 0.5 1.4; do
        quiet --op sobel3 --sigma $sigma --low 4/px --high 4/px --mask mask.pgm grey.pgm edges.pgm
        [ "$(tail -c 1200 edges.pgm | od -An -v -tu1 -w40 | awk '{ n = 0; for (x = 1; x <= 40; x++) if ($x > 0) { n++; if (x < 23 || x > 27) exit 1 } if (n == 1) rows++ } END { print rows }')" = 30 ]
        # without the mask the black hole has edges
        quiet --op sobel3 --sigma $sigma --low 4/px --high 4/px grey.pgm edges.pgm
        [ "$(tail -c 1200 edges.pgm | od -An -v -tu1 -w40 | awk '{ for (x = 1; x < 22; x++) n += $x > 0 } END { print (n > 10) }')" = 1 ]
    done
}

@test "missing pixels are nodata in maps of floats and 0 in others" {
    write_images
    quiet gradient --mask mask.pgm grey.pgm map.asc
    grep -Eqx 'NODATA_value +-9999' map.asc
    [ "$(tail -n 30 map.asc | tr ' ' '\n' | grep -cx -e -9999)" = 57 ]
    quiet gradient --map x --mask mask.pgm grey.pgm map.pgm
    [ "$(byte_at map.pgm 40 15 10)" = 0 ]
    [ "$(byte_at map.pgm 40 5 10)" = 130 ]
}

@test "masks that cannot be used" {
    write_images
    printf 'P2\n2 1\n255\n0 1\n' >small.pgm
    fails 3 "small.pgm: has 2 x 1 pixels, but grey.pgm has 40 x 30: a mask must have the size of the image" --mask small.pgm grey.pgm edges.png
    fails 4 "none.pgm: no such file" --mask none.pgm grey.pgm edges.png
    fails 2 "the mask must be a file" --mask - grey.pgm edges.png
    head -c 500 mask.pgm >torn.pgm
    fails 3 "torn.pgm: ends after row" --mask torn.pgm grey.pgm edges.png
    holds grey.pam grey.pgm grid.asc mask.pgm small.pgm torn.pgm
}

@test "warnings about missing pixels" {
    write_images
    printf 'P2\n40 30\n255\n%s' "$(printf '0 %.0s' {1..1200})" >nothing.pgm
    for command in edges gradient; do
        try $command --mask nothing.pgm grey.pgm out.png
        [ "$status" -eq 0 ]
        [ "$stderr" = "edgegrad: warning: grey.pgm: has no pixel with data; the result is empty" ]
        [ -s out.png ]
        quiet $command -q --mask nothing.pgm grey.pgm out.png
    done
    try --mask "$SMALL/grey.jpg" "$SMALL/grey.png" out.png
    [ "$status" -eq 0 ]
    [[ $stderr == *"warning: $SMALL/grey.png: mask $SMALL/grey.jpg: a JPEG, whose zeros may be lost"* ]]
}

@test "info tells how an image with a mask is read" {
    prints info --alpha mask "$SMALL/rgba.png"
    [[ $output == *"read as:     floating point, white is 255"* ]]
    prints info --alpha mask "$SMALL/rgb.png"
    [[ $output == *"read as:     8-bit integers"* ]]
}
