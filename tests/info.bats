#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad info: files of every format, as text and as JSON.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# says LABEL TEXT: checks a line of the output.
says() {
    grep -Eqx "$1: +$2" <<<"$output" || broken "no line '$1: $2'"
}

# field NAME VALUE: checks a line of the JSON in the output.
field() {
    grep -Eqx " *\"$1\": $2,?" <<<"$output" || broken "no \"$1\": $2"
}

@test "PNG, JPEG and Netpbm files as text" {
    prints info "$SMALL/rgb-interlaced.png"
    says file ".*/rgb-interlaced.png"
    says format "PNG, interlaced"
    says size "61 x 43 pixels"
    says channels "3 of 8 bits"
    says alpha no
    prints info "$SMALL/bits.png"
    says channels "1 of 1 bit"
    prints info "$SMALL/grey-alpha.png"
    says alpha yes
    says channels "2 of 8 bits"
    prints info "$SMALL/palette.png"
    says colour palette
    prints info "$SMALL/rgb16.ppm"
    says format PPM
    says channels "3 of 16 bits"
    says "read as" "floating point, white is 65535"
    prints info "$SMALL/ycc420.jpg"
    says format JPEG
    says colour YCbCr
    says "read as" "8-bit integers, white is 255"
    prints info "$SMALL/progressive.jpg"
    says format "JPEG, interlaced"
    prints info "$SMALL/cmyk.jpg"
    says colour CMYK
    prints info "$SMALL/grey.pfm"
    says format PFM
    says "read as" "floating point, white is 1"
}

@test "every EXIF orientation has its size and text" {
    for orientation in 1 2 3 4 5 6 7 8; do
        prints info "$SMALL/orient-$orientation.jpg"
        says size "96 x 64 pixels"
        says orientation "$orientation \(.+\)"
        if [ "$orientation" -ge 5 ]; then
            says stored "64 x 96 pixels"
        else
            [[ $output != *stored:* ]]
        fi
        prints info --ignore-orientation "$SMALL/orient-$orientation.jpg"
        says size "$([ "$orientation" -ge 5 ] && echo 64 x 96 || echo 96 x 64) pixels"
    done
    prints info "$SMALL/orient-6.png"
    says orientation "6 \(.+\)"
}

@test "every file of the test data, as text and as JSON" {
    files=("$SMALL"/*.* "$DATA"/scene.* "$DATA/terrain.pgm" "$DATA/hills.tif")
    prints info "${files[@]}"
    [ "$(grep -c ^file: <<<"$output")" -eq "${#files[@]}" ]
    prints info --json "${files[@]}"
    is_json "$output"
    # the extension of each file and the format found
    pairs=$(sed -n 's/.*"file": ".*\.\(.*\)".*/\1/p; s/.*"format": "\(.*\)".*/\1/p' <<<"$output" |
        paste -d ' ' - - | LC_ALL=C sort -u)
    [ "$pairs" = "$(printf '%s\n' "asc ASC" "jpg JPEG" "pam PAM" "pbm PBM" "pfm PFM" "pgm PGM" "png PNG" "ppm PPM" "tif TIFF")" ]
}

@test "the fields of the JSON" {
    prints info --json "$SMALL/orient-6.jpg"
    field file '".*/orient-6.jpg"'
    field width 96
    field height 64
    field stored_width 64
    field stored_height 96
    field orientation 6
    field depth 8
    field channels 1
    field has_alpha false
    field interlaced false
    field white 255
    prints info --json --white 100 "$SMALL/grey16.png"
    field white 100
}

@test "georeferencing" {
    prints info "$DATA/hills.tif"
    says "cell size" "30 x 30 m"
    says corners "upper left 640000, 5200000; lower right 646000, 5195200"
    says coordinates "projected, metres"
    says elevations "metres \\(from VerticalUnitsGeoKey\\)"
    says nodata -9999
    prints info --json "$DATA/hills.tif"
    is_json "$output"
    field coordinates '"projected"'
    field unit_metres 1
    field cell_width 30
    field vertical_unit_metres 1
    field vertical_unit_source '"VerticalUnitsGeoKey"'
    field nodata -9999
    tr -d ' \n' <<<"$output" | grep -Fq '"transform":[640000,30,0,5200000,0,-30]'
    tr -d ' \n' <<<"$output" | grep -Fq '"lower_right":[646000,5195200]'
    printf 'ncols 3\nnrows 3\nxllcorner 0.1\nyllcorner 7\ncellsize 0.3\n1 1 1\n1 1 1\n1 1 1\n' >plain.asc
    prints info plain.asc
    says "cell size" "0.3 x 0.3"
    says coordinates unknown
    says elevations "metres \\(assumed; --vertical-unit changes it\\)"
    prints info --json plain.asc
    field cell_width 0.29999999999999999
    field vertical_unit_metres 1
    field vertical_unit_source '"assumed"'
    prints info --json "$SMALL/grey.png"
    [[ $output != *georeferencing* ]]
}

@test "several files: text in paragraphs, JSON in an array" {
    prints info "$SMALL/grey.png" "$SMALL/rgb.ppm" "$SMALL/ycc444.jpg"
    [ "$(grep -c ^file: <<<"$output")" -eq 3 ]
    [ "$(grep -c '^$' <<<"$output")" -eq 2 ]
    prints info --json "$SMALL/grey.png" "$SMALL/rgb.ppm" "$SMALL/ycc444.jpg"
    is_json "$output"
    [[ $output == "["*"]" ]]
    [ "$(grep -c '"file":' <<<"$output")" -eq 3 ]
}

@test "pages are listed, and --page chooses one" {
    prints info "$SMALL/pages.tif"
    says size "61 x 43 pixels"
    says page 2
    says pages "1: 16 x 11 pixels, reduced copy"
    [[ $output == *$'\n             2: 61 x 43 pixels\n             3: 61 x 43 pixels, mask' ]]
    prints info --page 1 "$SMALL/pages.tif"
    says size "16 x 11 pixels"
    prints info --json "$SMALL/pages.tif"
    is_json "$output"
    field page 2
    tr -d ' \n' <<<"$output" | grep -Fq '"pages":[{"width":16,"height":11,"kind":"reduced"},{"width":61,"height":43,"kind":"image"},{"width":61,"height":43,"kind":"mask"}]'
    prints info --json "$SMALL/pages.jpg"
    tr -d ' \n' <<<"$output" | grep -Fq '"pages":[{"width":61,"height":43,"kind":"image"},{"width":61,"height":43,"kind":"reduced"}]'
    prints info "$SMALL/pages.ppm"
    says pages "1: 61 x 43 pixels"
    prints info "$SMALL/grey.png"
    [[ $output != *page* ]]
    fails 2 "pages.tif: has 3 pages; there is no page 4" info --page 4 "$SMALL/pages.tif"
    fails 2 "grey.png: has 1 page; there is no page 2" info --page 2 "$SMALL/grey.png"
    fails 2 "'0' is outside the range" info --page 0 "$SMALL/pages.tif"
}

@test "a bad file among good ones: the others are shown, the largest exit code counts" {
    printf 'P5 2000000 1 255\n' >large.pgm
    echo text >text.png
    try info "$SMALL/grey.png" text.png "$SMALL/rgb.ppm"
    [ "$status" -eq 3 ]
    [ "$(grep -c ^file: <<<"$output")" -eq 2 ]
    [[ $stderr == "edgegrad: text.png: "* ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
    try info large.pgm missing text.png
    [ "$status" -eq 5 ]
    [ "${#stderr_lines[@]}" -eq 3 ]
    try info --json "$SMALL/grey.png" text.png large.pgm
    [ "$status" -eq 5 ]
    is_json "$output"
    [ "$(grep -c '"error":' <<<"$output")" -eq 2 ]
    try info --json text.png
    [ "$status" -eq 3 ]
    is_json "$output"
}

@test "standard input, once" {
    edgegrad info - <"$SMALL/grey.png" >seen
    grep -q "61 x 43" seen
    # shellcheck disable=SC2002 # a pipe cannot seek
    cat "$SMALL/orient-6.jpg" | edgegrad info - | grep -q "96 x 64"
    fails 2 "standard input (-) can be given only once" info - -
}

@test "control characters in names are escaped" {
    name=$'e\e[31m\nx\xff.png'
    cp "$SMALL/grey.png" "$name"
    prints info "$name"
    [[ $output != *$'\e'* && $output == *'\n'* && $output == *'\xff'* ]]
    [ "$(grep -c . <<<"$output")" -eq "$(edgegrad info "$SMALL/grey.png" | grep -c .)" ]
    prints info --json "$name"
    is_json "$output"
    [[ $output == *'\u001b[31m\nx'* ]]
}

@test "only the header is needed" {
    head -c 200 "$SMALL/rgb.png" >cut.png
    prints info cut.png
    says size "61 x 43 pixels"
    fails 3 "truncated" cut.png out.png
}
