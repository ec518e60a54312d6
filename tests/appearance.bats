#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# How edges are drawn: --invert, --thickness, --overlay, --colourize.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# samples FILE: the bytes of a PGM or PPM behind its header of three lines, one a line.
samples() {
    od -An -v -tu1 -w1 -j "$(head -n 3 "$1" | wc -c)" "$1" | tr -d ' '
}

# pixels FILE: the pixels of a PPM, "R G B" a line.
pixels() {
    od -An -v -tu1 -w3 -j "$(head -n 3 "$1" | wc -c)" "$1" | awk '{ print $1, $2, $3 }'
}

# edge_pixels ARGUMENT...: "edge_pixels" of --json.
edge_pixels() {
    prints --json "$@"
    sed -n 's/.*"edge_pixels": \([0-9]*\).*/\1/p' <<<"$output"
}

@test "--invert swaps black and white in every format and method" {
    for method in canny threshold boundary; do
        quiet --method "$method" "$DATA/scene.jpg" a.pgm
        quiet --method "$method" --invert "$DATA/scene.jpg" b.pgm
        paste <(samples a.pgm) <(samples b.pgm) | awk '$1 + $2 != 255 { exit 1 }' || broken "$method"
    done
    for name in png pbm pam tif pgm; do
        quiet --method boundary --invert "$DATA/scene.jpg" "b.$name"
        same_picture b.pgm "b.$name" || broken "$name"
    done
}

@test "missing pixels are no edges: black, and white with --invert" {
    quiet --mask "$SMALL/bits.png" "$SMALL/grey.png" a.pgm
    quiet --mask "$SMALL/bits.png" --invert "$SMALL/grey.png" b.pgm
    paste <(samples a.pgm) <(samples b.pgm) | awk '$1 + $2 != 255 { exit 1 }'
}

@test "--thickness widens edges and leaves their number" {
    printf 'P2 9 9 255 %s\n' "$(for _ in {1..9}; do echo "0 0 0 0 0 255 255 255 255"; done)" >step.pgm
    for n in 1 2 3 5 8; do
        quiet --op sobel3 --sigma 0 --low 100 --high 100 --thickness "$n" step.pgm e.pgm
        # all rows are the same line, n pixels wide; rows near the border as well
        [ "$(samples e.pgm | awk '$1 == 255' | wc -l)" -eq "$((9 * n > 81 ? 81 : 9 * n))" ] || broken "$n"
    done
    [ "$(edge_pixels "$DATA/scene.jpg" a.png)" -eq "$(edge_pixels --thickness 7 --invert "$DATA/scene.jpg" a.png)" ]
    misused "outside the range 1 to 31 pixels" --thickness 0 step.pgm e.pgm
    misused "outside the range 1 to 31 pixels" --thickness 32 step.pgm e.pgm
}

@test "--overlay draws the edges over the image" {
    for input in rgb.png grey.png rgb16.png palette.png orient-6.png ycc420.jpg; do
        quiet "$SMALL/$input" edges.pgm
        quiet --overlay '#0a141e' "$SMALL/$input" over.ppm
        paste -d ' ' <(samples edges.pgm) <(pixels over.ppm) >both
        awk '$1 == 255 && ($2 != 10 || $3 != 20 || $4 != 30) { exit 1 }' both || broken "$input"
    done
    # beside the edges the pixels are those of the file
    LC_ALL=C sed 2d "$SMALL/rgb.ppm" >rgb.ppm # without its comment
    quiet rgb.ppm edges.pgm
    quiet --overlay red rgb.ppm over.ppm
    paste -d ' ' <(samples edges.pgm) <(pixels over.ppm) <(pixels rgb.ppm) |
        awk '$1 == 0 && ($2 != $5 || $3 != $6 || $4 != $7) { exit 1 }
             $1 == 255 && ($2 != 255 || $3 || $4) { exit 1 }'
}

@test "an overlay is the same in every format with colours, of a pipe and of all numbers of threads" {
    quiet --overlay cyan --thickness 2 "$DATA/scene.jpg" a.ppm
    for name in png tif pam; do
        quiet --overlay cyan --thickness 2 "$DATA/scene.jpg" "b.$name"
        same_picture a.ppm "b.$name" || broken "$name"
        prints info "b.$name"
        [[ $output == *"channels:    3 of 8 bits"* ]]
    done
    quiet --overlay cyan --thickness 2 "$DATA/scene.jpg" b.jpg
    prints info b.jpg
    [[ $output == *"channels:    3 of 8 bits"* ]]
    # shellcheck disable=SC2002 # a pipe cannot seek
    cat "$DATA/scene.jpg" | edgegrad --overlay cyan --thickness 2 - - -f ppm | cmp - a.ppm
    for work in "-t 1" "-t 3 --strip-rows 5" "--cpu baseline"; do
        # shellcheck disable=SC2086 # words
        quiet --overlay cyan --thickness 2 $work "$DATA/scene.jpg" b.ppm
        cmp a.ppm b.ppm || broken "$work"
    done
    # the colour is in the image even if edges are those of grey
    quiet --overlay cyan --op sobel3 "$DATA/scene.jpg" c.ppm
    pixels c.ppm | awk '$1 != $2 { n++ } END { exit n < 1000 }'
    for name in pgm pbm pfm; do
        fails 2 "this format cannot hold colours; these can: PNG" --overlay red "$SMALL/rgb.png" "no.$name"
        [ ! -e "no.$name" ]
    done
}

@test "an overlay replaces no photograph, but earlier overlays" {
    for name in rgb.ppm rgb.pam rgb.png; do
        cp "$SMALL/$name" "$name"
        fails 4 "exists and was not made by edgegrad" --overlay red "$SMALL/grey.png" "$name"
        cmp "$SMALL/$name" "$name"
        rm "$name"
        quiet --overlay red "$SMALL/grey.png" "$name"
        quiet --overlay blue "$SMALL/rgb.png" "$name"
    done
}

@test "--colourize direction paints edges only, in pure colours" {
    for op in gaussian sobel3; do
        quiet --op "$op" "$DATA/scene.jpg" edges.pgm
        quiet --op "$op" --colourize direction "$DATA/scene.jpg" d.ppm
        paste -d ' ' <(samples edges.pgm) <(pixels d.ppm) | awk '
            $1 == 0 && ($2 || $3 || $4) { exit 1 }
            { least = $2 < $3 ? $2 : $3; if ($4 < least) least = $4; if (least) exit 1 }' || broken "$op"
        # shellcheck disable=SC2002 # a pipe cannot seek
        cat "$DATA/scene.jpg" | edgegrad --op "$op" --colourize direction - - -f ppm | cmp - d.ppm
    done
}

@test "appearances of a folder, with a report" {
    mkdir in
    cp "$SMALL"/{rgb.png,grey.png} in/
    try --overlay lime in out
    refused 2 "--overlay: 'lime' is no known colour"
    quiet --overlay '#0f0' --thickness 3 --report r.html --recursive in out
    quiet --overlay '#0f0' --thickness 3 in/rgb.png one.png
    cmp one.png out/rgb.png
    prints --overlay '#0f0' --thickness 3 --json in out
    [[ $output == *'"current": 2'* ]]
    prints --overlay '#0f1' --thickness 3 --json in out
    [[ $output == *'"done": 2'* ]]
}

@test "appearances that contradict each other are refused" {
    misused "--overlay and --colourize cannot be used together" --overlay red --colourize direction a.png b.png
    misused "--invert and --overlay cannot be used together" --invert --overlay red a.png b.png
    misused "--invert and --colourize cannot be used together" --invert --colourize direction a.png b.png
    misused "is no known colour" --overlay '#12' a.png b.png
    fails 2 "cannot hold edges" "$SMALL/rgb.png" no.ppm
    [ ! -e no.ppm ]
}
