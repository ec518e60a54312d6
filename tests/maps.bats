#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Several gradient maps in one pass, their scales and colours.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# number KEY: the number of a key in $output.
number() {
    sed -n "s/.*\"$1\": \([-0-9.e+]*\).*/\1/p" <<<"$output" | head -n 1
}

# bytes FILE: the bytes of a PGM, one a line.
bytes() {
    od -An -v -tu1 -w1 -j "$(head -n 3 "$1" | wc -c)" "$1" | tr -d ' '
}

@test "several maps in one pass are the maps one by one" {
    quiet gradient --op scharr --sigma 1 --map magnitude=m.tif --map x=x.pfm --map y=y.png --map direction=d.pgm \
        --map magnitude=m.png "$DATA/scene.jpg"
    holds m.tif x.pfm y.png d.pgm m.png
    for pair in magnitude:m.tif x:x.pfm y:y.png direction:d.pgm magnitude:m.png; do
        quiet gradient --op scharr --sigma 1 --map "${pair%:*}" "$DATA/scene.jpg" "one.${pair##*.}"
        cmp "one.${pair##*.}" "${pair#*:}" || broken "$pair"
    done
    # shellcheck disable=SC2002 # a pipe cannot seek
    cat "$DATA/scene.jpg" | edgegrad gradient --op scharr --sigma 1 --map x=- --map y=piped.png -f pfm - | cmp - x.pfm
}

@test "several maps of a folder go to folders" {
    mkdir in
    cp "$SMALL"/{rgb.png,grey.png} in/
    quiet gradient --map magnitude=m --map direction=d --depth 16 in
    (cd m && holds {rgb,grey}.png) && (cd d && holds {rgb,grey}.png)
    quiet gradient --map direction --depth 16 in/rgb.png one.png
    cmp one.png d/rgb.png
    quiet gradient --map boundary=b.png in/rgb.png
}

@test "no map appears if one fails" {
    fails 2 "cannot hold a map of 16 bits" gradient --depth 16 --map x=x.png --map y=y.jpg "$SMALL/grey.png"
    head -c 500 "$DATA/scene.png" >cut.png
    fails 3 "cut.png" gradient --map x=x.png --map y=y.png cut.png
    holds cut.png
}

@test "refused sets of maps" {
    misused "comes with another map" gradient --map x=a.png --map y b.png c.png
    misused "comes with another map" gradient --map x --map y=a.png b.png c.png
    misused "'up=a.png' is not one of magnitude" gradient --map up=a.png b.png
    misused "has no file after =" gradient --map x= b.png
    misused "--map boundary has no other map beside it" gradient --map x=a.png --map boundary=b.png c.png
    misused "-o and --map NAME=FILE cannot be used together" gradient --map x=a.png -o d "$SMALL/grey.png"
    misused "cannot both be written to 'a.png'" gradient --map x=a.png --map y=a.png "$SMALL/grey.png"
    misused "missing OUTPUT" gradient --map x "$SMALL/grey.png"
    misused "missing INPUT" gradient --map x=a.png
    # shellcheck disable=SC2046 # words
    misused "is one map too many" gradient $(for i in {1..17}; do echo "--map x=$i.png"; done) "$SMALL/grey.png"
    fails 2 "has no maps x and y" gradient --op gaussian --map magnitude=m.png --map x=x.png "$SMALL/grey.png"
    holds ""
}

@test "the scale of a map is in its file and in JSON" {
    prints gradient --json --map x --scale 3 "$SMALL/grey.png" m.png
    [ "$(number scale) $(number offset)" = "3 128" ]
    [[ $output == *'"map": "x"'*'"unit": "levels per pixel"'* ]]
    grep -qa 'Description.x derivative; value = (sample - 128) / 3; unit levels per pixel' m.png
    quiet gradient --map direction "$SMALL/grey.png" m.pgm
    [ "$(sed -n '2s/[0-9]* [0-9]* //p' m.pgm)" = "# edgegrad: direction; value = sample / 0.711111128; unit degrees" ]
    [ "$(sed -n 3p m.pgm)" = 255 ]
    quiet gradient --op gaussian "$SMALL/rgb.png" m.pam
    [ "$(sed -n 2p m.pam)" = "# edgegrad: magnitude; value = sample / 2; unit levels of the square root of intensity per pixel" ]
    quiet gradient --map boundary "$SMALL/rgb.png" m.jpg
    grep -qa 'boundary strength; value = sample / 1; unit' m.jpg
    quiet gradient --map y "$SMALL/grey.png" m.tif
    grep -qa 'y derivative; unit levels per pixel' m.tif
    # 16-bit samples of 65536 levels
    prints gradient --json --depth 16 "$SMALL/ramp16.png" m.png
    near "$(number scale)" 2 0.001
    # files of edges have none
    quiet "$SMALL/grey.png" e.png
    [ "$(grep -ca Description e.png)" -eq 0 ]
    # such files are recognised as our own
    for name in png pgm pam jpg tif; do
        quiet gradient "$SMALL/grey.png" "m.$name"
        quiet gradient "$SMALL/rgb.png" "m.$name"
    done
}

@test "TIFFs tell GDAL scale and offset" {
    command -v gdalinfo >/dev/null || skip "needs gdalinfo"
    quiet gradient --map x --depth 8 --scale 4 "$SMALL/grey.png" m.tif
    run gdalinfo m.tif
    [[ $output == *"Description = x derivative"* ]]
    [[ $output == *"Offset: -32,   Scale:0.25"* ]]
    quiet gradient --depth 8 --scale 4 "$SMALL/grey.png" m.tif
    run gdalinfo m.tif
    [[ $output == *"Offset: 0,   Scale:0.25"* ]]
}

@test "--normalize max: the largest value is the end of the range" {
    for depth in 8 16; do
        quiet gradient --normalize max --depth "$depth" "$DATA/scene.jpg" m.pgm
        [ "$(od -An -v -tu"$((depth / 8))" --endian=big -w"$((depth / 8))" -j "$(head -n 3 m.pgm | wc -c)" m.pgm |
            sort -n | tail -n 1 | tr -d ' ')" -eq $((depth == 8 ? 255 : 65535)) ]
    done
    # signed maps are symmetric about 128
    quiet gradient --normalize max --map x "$DATA/scene.jpg" m.pgm
    bytes m.pgm | awk '{ v = $1 - 128; if (v < 0) v = -v; if (v > most) most = v } END { exit most != 127 }'
    # a flat image keeps the default scale
    zeros 9 9 >flat.pgm
    prints gradient --json --normalize max flat.pgm m.pgm
    [ "$(number scale)" = 2 ]
}

@test "--normalize percentile: 99.5 % of the pixels do not exceed the end of the range" {
    for map in magnitude x y; do
        prints gradient --json --normalize percentile --map "$map" "$DATA/scene.jpg" m.pgm
        scale=$(number scale)
        quiet gradient --map "$map" "$DATA/scene.jpg" m.pfm
        # the value by sorting, to 0.4 %
        wanted=$(od -An -v -tf4 -w4 -j "$(head -n 3 m.pfm | wc -c)" m.pfm | tr -d ' -' | sort -g |
            awk '{ v[NR] = $1 } END { k = 0.995 * NR; i = int(k); if (i < k) i++; print v[i] }')
        top=$([ "$map" = magnitude ] && echo 255 || echo 127)
        awk -v s="$scale" -v w="$wanted" -v t="$top" 'BEGIN { r = t / s / w; exit !(r >= 0.99999 && r <= 1.0041) }' ||
            broken "$map: $scale, not $top / $wanted"
    done
}

@test "--normalize of pipes, threads, folders and several maps" {
    quiet gradient --normalize percentile --map magnitude=m.pgm --map y=y.pgm "$DATA/scene.jpg"
    for map in magnitude y; do
        quiet gradient --normalize percentile --map "$map" -t 1 --strip-rows 3 "$DATA/scene.jpg" b.pgm
        cmp "${map:0:1}.pgm" b.pgm || broken "$map"
        # shellcheck disable=SC2002 # a pipe cannot seek
        cat "$DATA/scene.jpg" | edgegrad gradient --normalize percentile --map "$map" - - -f pgm | cmp - b.pgm
    done
    mkdir in
    cp "$SMALL"/{rgb.png,grey16.png} in/
    quiet gradient --normalize max in out
    quiet gradient --normalize max in/grey16.png one.png
    cmp one.png out/grey16.png
    try gradient --normalize max --report "$SMALL/grey.png" m.png
    [[ $stderr == *"; scale of magnitude "* ]]
    quiet gradient --normalize max --map boundary "$SMALL/rgb.png" b.png
    misused "--normalize and --scale" gradient --normalize max --scale 2 a.png b.png
    misused "--normalize and --depth 32" gradient --normalize max --depth 32 a.png b.tif
    misused "--normalize and --map direction" gradient --normalize max --map direction a.png b.png
}

@test "--colourize direction: a wheel has every hue" {
    # a cone: the direction towards the brighter side is the direction to the middle
    printf 'P2 41 41 255\n%s\n' "$(awk 'BEGIN { for (y = -20; y <= 20; y++) for (x = -20; x <= 20; x++)
        print 255 - int(8 * sqrt(x * x + y * y)) }')" >cone.pgm
    quiet gradient --colourize direction --scale 100 cone.pgm c.ppm
    pixel() { od -An -v -tu1 -j $(($(head -n 3 c.ppm | wc -c) + 3 * ($2 * 41 + $1))) -N 3 c.ppm | xargs; }
    [ "$(pixel 5 20)" = "255 0 0" ]                  # brighter to the right: red
    [ "$(pixel 35 20)" = "0 255 255" ]               # to the left: cyan
    read -r r g b <<<"$(pixel 20 5)"                 # downwards: hue 90, yellow-green
    [ "$g $b" = "255 0" ] && near "$r" 128 2
    read -r r g b <<<"$(pixel 20 35)"                # upwards: hue 270, violet
    [ "$g $b" = "0 255" ] && near "$r" 128 2
    quiet gradient --colourize direction --normalize max "$DATA/scene.jpg" n.png
    misused "--colourize needs --map magnitude, not x" gradient --colourize direction --map x a.png b.png
    misused "--colourize and --depth 16" gradient --colourize direction --depth 16 a.png b.png
    fails 2 "this format cannot hold colours" gradient --colourize direction "$SMALL/grey.png" no.pgm
    [ ! -e no.pgm ]
}
