#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad edges: input and output, formats, thresholds, operators, reports, and equal pixels for all
# numbers of threads, strip heights and instruction sets.
# shellcheck disable=SC2154 # common.bash sets variables

load common

@test "edges is the default command" {
    quiet "$DATA/scene.jpg" a.png
    quiet edges "$DATA/scene.jpg" b.png
    cmp a.png b.png
    holds a.png b.png
}

@test "standard input and output, by file and by pipe" {
    quiet "$DATA/scene.jpg" wanted.png
    edgegrad - - <"$DATA/scene.jpg" >both.png
    edgegrad "$DATA/scene.jpg" - >out.png
    quiet - in.png <"$DATA/scene.jpg"
    # shellcheck disable=SC2002 # a pipe cannot seek
    cat "$DATA/scene.jpg" | edgegrad - - | cat >pipes.png
    for file in both.png out.png in.png pipes.png; do
        cmp wanted.png "$file"
    done
}

@test "every input format can be read from a pipe" {
    for file in "$SMALL"/*.*; do
        edgegrad "$file" -f pbm - >a.pbm
        # shellcheck disable=SC2002 # a pipe cannot seek
        cat "$file" | edgegrad -f pbm - - >b.pbm
        cmp a.pbm b.pbm || broken "$file"
    done
}

@test "one page of several is read with a warning, unless --page chooses it" {
    quiet --page 2 "$SMALL/pages.ppm" page.pgm
    quiet "$SMALL/grey.png" grey.pgm
    cmp page.pgm grey.pgm
    edgegrad --page 2 - page.pgm <"$SMALL/pages.ppm"
    # shellcheck disable=SC2002 # a pipe cannot seek
    cat "$SMALL/pages.ppm" | edgegrad --page 3 - - -f pgm | cmp - grey.pgm
    try "$SMALL/pages.ppm" first.pgm
    [ "$status" -eq 0 ]
    [ "$stderr" = "edgegrad: warning: $SMALL/pages.ppm: only page 1 of 3 is read; --page chooses another" ]
    quiet "$SMALL/rgb.png" rgb.pgm
    cmp first.pgm rgb.pgm
    quiet --quiet "$SMALL/pages.ppm" first.pgm
    try "$SMALL/pages.ppm" "$SMALL/rings.png" "$SMALL/grey.png" -o .
    [ "$status" -eq 0 ]
    [ "$(grep -c warning <<<"$stderr")" -eq 1 ]
    fails 2 "has 3 pages; there is no page 4" --page 4 "$SMALL/pages.ppm" no.pgm
    # shellcheck disable=SC2002 # a pipe cannot seek
    cat "$SMALL/pages.ppm" | fails 2 "standard input: has 3 pages; there is no page 4" --page 4 - no.pgm
    [ ! -e no.pgm ]
}

@test "named pipes and links are written to, not replaced" {
    quiet "$SMALL/grey.png" wanted.pgm
    mkfifo pipe.pgm
    cat pipe.pgm >got.pgm &
    quiet "$SMALL/grey.png" pipe.pgm
    wait $!
    cmp wanted.pgm got.pgm
    [ -p pipe.pgm ]
    quiet --threshold 9 "$DATA/scene.jpg" target.pgm
    ln -s target.pgm link.pgm
    quiet "$SMALL/grey.png" link.pgm
    [ -L link.pgm ]
    cmp wanted.pgm target.pgm
    quiet -f pgm "$SMALL/grey.png" /dev/null
    [ -c /dev/null ]
    holds got.pgm link.pgm pipe.pgm target.pgm wanted.pgm
}

@test "the extension or --format gives the format, with the same pixels" {
    quiet "$DATA/scene.jpg" e.pgm
    for format in png PBM pam pnm; do
        quiet "$DATA/scene.jpg" "e.$format"
        quiet --format "$format" "$DATA/scene.jpg" "named-$format"
        cmp "e.$format" "named-$format"
        same_picture e.pgm "e.$format"
    done
    cmp e.pgm e.pnm
    quiet "$DATA/scene.jpg" e.jpg
    prints info e.jpg
    [[ $output == *JPEG* ]]
    fails 2 "cannot hold edges" "$DATA/scene.jpg" e.pfm
}

@test "the output has the size of the image and only black and white pixels" {
    quiet "$DATA/scene.jpg" e.pgm
    [ "$(head -n 2 e.pgm)" = "$(printf 'P5\n640 480')" ]
    [ "$(tail -n +4 e.pgm | od -An -v -tx1 | tr -s ' ' '\n' | sort -u | tr -d '\n')" = 00ff ]
    quiet "$DATA/scene.jpg" e.png
    [ "$(bytes_at e.png 24 2)" = 0100 ]
}

@test "quality and compression change bytes, not the pixels of lossless formats" {
    for level in 0 1 6 9; do
        quiet --compression "$level" "$DATA/scene.jpg" "c$level.png"
        same_picture c0.png "c$level.png"
    done
    [ "$(file_size c9.png)" -lt "$(file_size c0.png)" ]
    quiet --quality 10 "$DATA/scene.jpg" low.jpg
    quiet --quality 95 "$DATA/scene.jpg" high.jpg
    [ "$(file_size low.jpg)" -lt "$(file_size high.jpg)" ]
}

@test "an output that exists is replaced and keeps its permissions" {
    quiet --threshold 9 "$DATA/scene.jpg" e.png
    cp e.png before.png
    chmod 640 e.png
    quiet "$SMALL/grey.png" e.png
    run ! cmp -s e.png before.png
    [ "$(bytes_at e.png 0 4)" = 89504e47 ]
    [ "$(stat -c %a e.png 2>/dev/null || stat -f %Lp e.png)" = 640 ]
    holds before.png e.png
}

@test "threads, strips and instruction sets change no byte" {
    for setting in "--sigma 0" "--sigma 2 --op scharr" "--threshold 5/px --norm l1"; do
        for input in "$DATA/scene.jpg" "$DATA/terrain.pgm"; do
            # shellcheck disable=SC2086 # words
            quiet $setting --threads 1 "$input" wanted.pgm
            for threads in 2 7; do
                # shellcheck disable=SC2086
                quiet $setting --threads "$threads" "$input" got.pgm
                cmp wanted.pgm got.pgm
            done
            for rows in 1 13 100000; do
                # shellcheck disable=SC2086
                quiet $setting --strip-rows "$rows" "$input" got.pgm
                cmp wanted.pgm got.pgm
            done
        done
    done
}

@test "EDGEGRAD_CPU and --cpu force an instruction set and change no byte" {
    edgegrad --cpu baseline "$DATA/scene.jpg" wanted.pgm
    ran=0
    for cpu in $(edgegrad help --completion fish | sed -n "s/.*is edges' -l cpu .*-a '\([^']*\)'.*/\1/p"); do
        EDGEGRAD_CPU=$cpu edgegrad --version >version 2>/dev/null || continue
        grep -qx "instruction set: $cpu" version
        EDGEGRAD_CPU=$cpu quiet "$DATA/scene.jpg" environment.pgm
        quiet --cpu "$cpu" "$DATA/scene.jpg" option.pgm
        cmp wanted.pgm environment.pgm
        cmp wanted.pgm option.pgm
        ran=$((ran + 1))
    done
    [ "$ran" -ge 1 ]
}

@test "every operator, norm and border gives different edges" {
    for op in $(choices edges op | grep -v gaussian); do
        for norm in $(choices edges norm); do
            quiet --op "$op" --norm "$norm" --high 10/px --low 4/px "$DATA/scene.jpg" "$op-$norm.pbm"
            [ "$(file_size "$op-$norm.pbm")" -gt 38400 ]
        done
    done
    files=(./*.pbm)
    [ "$(cksum "${files[@]}" | cut -d ' ' -f 1 | sort -u | wc -l)" -eq "${#files[@]}" ]
    for border in $(choices edges border); do
        quiet --border "$border" --sigma 0 --high 2/px --low 1/px "$DATA/scene.png" "$border.pgm"
    done
    run -1 cmp -s replicate.pgm constant.pgm
}

@test "--aperture N is --op sobelN" {
    for n in $(choices edges aperture); do
        quiet --aperture "$n" "$SMALL/rings.png" a.pgm
        quiet --op "sobel$n" "$SMALL/rings.png" b.pgm
        quiet --aperture "$n" --op "sobel$n" "$SMALL/rings.png" c.pgm
        cmp a.pgm b.pgm
        cmp a.pgm c.pgm
    done
}

@test "a white square has the outline of cv::Canny" {
    # replicate border, aperture 3, L1: the first of two equal columns, the local maximum, lies outside
    quiet --sigma 0 --norm l1 --low 100 --high 200 "$SMALL/square.png" e.pgm
    prints --sigma 0 --norm l1 --low 100 --high 200 --json "$SMALL/square.png" f.png
    count=$(sed -n 's/.*"edge_pixels": \([0-9]*\),*$/\1/p' <<<"$output")
    [ "$count" -ge 192 ]
    [ "$count" -le 208 ]
    # row 50 holds two edge pixels, both within one pixel of the sides at 25 and 75
    row=$(tail -c 10000 e.pgm | od -An -v -w100 -tu1 | sed -n 51p)
    [ "$(tr -s ' ' '\n' <<<"$row" | grep -c 255)" -eq 2 ]
    columns=$(tr -s ' ' '\n' <<<"$row" | sed 1d | grep -n 255 | cut -d : -f 1 | paste -s -d ' ' -)
    [[ $columns =~ ^(25|26|27)\ (75|76|77)$ ]]
}

@test "thresholds: units, order, and defaults" {
    input=$DATA/scene.jpg
    quiet --low 40 --high 96 "$input" sums.pgm
    quiet --op sobel3 --low 5/px --high 12/px "$input" pixels.pgm
    cmp sums.pgm pixels.pgm
    quiet --low 96 --high 40 "$input" swapped.pgm
    cmp sums.pgm swapped.pgm
    quiet --high 100 "$input" high.pgm
    quiet --high 100 --low 50 "$input" both.pgm
    quiet --low 50 "$input" low.pgm
    cmp both.pgm high.pgm
    cmp both.pgm low.pgm
    quiet "$input" automatic.pgm
    quiet --low auto --high auto "$input" auto.pgm
    cmp automatic.pgm auto.pgm
    quiet --threshold 80 "$input" above.pgm
    quiet --method threshold --op sobel3 --high 10/px "$input" method.pgm
    cmp above.pgm method.pgm
    run -1 cmp -s above.pgm high.pgm
    # the operator gaussian: low is 0.6 of high
    quiet --high 3/px "$input" high.pgm
    quiet --high 3/px --low 1.8/px "$input" both.pgm
    quiet --low 1.8/px "$input" low.pgm
    cmp both.pgm high.pgm
    cmp both.pgm low.pgm
}

@test "automatic thresholds give the same edges when passed as options" {
    prints --op sobel3 --json "$DATA/scene.jpg" automatic.pgm
    # low is the first of the two thresholds
    sums=$(sed -n 's/.*"sum": //p' <<<"$output" | paste -s -d ' ' -)
    quiet --low "${sums% *}" --high "${sums#* }" "$DATA/scene.jpg" typed.pgm
    cmp automatic.pgm typed.pgm
    for options in "" "--auto otsu" "--auto median" "--sigma 1" "--density 3%" "--method boundary" "--colour grey" \
        "--method threshold" "--sigma 2%"; do
        # shellcheck disable=SC2086 # words
        prints $options --json "$DATA/coffee.jpg" automatic.pgm
        thresholds=$(sed -n 's/.*"per_pixel": \([0-9.]*\),/\1/p' <<<"$output" | paste -s -d ' ' -)
        sigma=$(sed -n 's/.*"sigma": \([0-9.]*\),/\1/p' <<<"$output")
        method=$(sed -n 's/.*"method": "\(.*\)",/\1/p' <<<"$output")
        colour=$(sed -n 's/.*"colour": "\(.*\)",/\1/p' <<<"$output")
        given=(--method "$method" --colour "$colour" --high "${thresholds#* }/px")
        [ "$method" = threshold ] || given+=(--low "${thresholds% *}/px")
        case $options in *sigma*) given+=(--sigma "$sigma") ;; esac
        quiet "${given[@]}" "$DATA/coffee.jpg" typed.pgm
        cmp automatic.pgm typed.pgm || broken "$options"
    done
}

@test "automatic thresholds follow the values of the samples" {
    quiet "$SMALL/grey.asc" gaussian.pbm
    prints --op sobel3 --json "$SMALL/grey.asc" wanted.pbm
    for factor in 2^100 2^-100; do
        awk "NR > 5 { for (i = 1; i <= NF; i++) \$i = sprintf(\"%.9g\", \$i * $factor) } 1" \
            "$SMALL/grey.asc" >scaled.asc
        quiet scaled.asc e.pbm
        cmp gaussian.pbm e.pbm
        prints --op sobel3 --json scaled.asc e.pbm
        cmp wanted.pbm e.pbm
        mapfile -t sums < <(sed -n 's/.*"sum": //p' <<<"$output")
        quiet --low "${sums[0]}" --high "${sums[1]}" scaled.asc e.pbm
        cmp wanted.pbm e.pbm
    done
}

@test "an image without edges has a warning" {
    echo P2 3 2 255 7 7 7 7 7 7 >flat.pgm
    for option in --json --report; do
        try "$option" flat.pgm e.pbm
        [ "$status" -eq 0 ]
        [ "${stderr_lines[0]}" = "edgegrad: warning: flat.pgm: is constant: there are no edges" ]
    done
    [ "${stderr_lines[1]}" = "edgegrad: flat.pgm: no gradient to choose thresholds from; 0.00 % of 3 x 2 pixels are edges" ]
    prints --quiet --json flat.pgm e.pbm
    [[ $output == *'"flat": true,'*'"edge_pixels": 0,'* ]]
    prints --json "$SMALL/grey.png" e.pbm
    [[ $output == *'"flat": false,'* ]]
    quiet --high 1 flat.pgm e.pbm
}

@test "bit depth and format do not change the edges" {
    for pair in grey.png:grey.pgm grey.png:grey.pam grey.png:grey-plain.pgm rgb.png:rgb.ppm \
        rgb.png:rgb-interlaced.png grey16.png:grey16.pgm rgb16.png:rgb16.ppm \
        bits.png:bits.pbm palette.png:palette.ppm ycc420.jpg:progressive.jpg orient.png:orient-6.png; do
        quiet --low 2/px --high 5/px "$SMALL/${pair%:*}" a.pgm
        quiet --low 2/px --high 5/px "$SMALL/${pair#*:}" b.pgm
        cmp a.pgm b.pgm || broken "$pair"
    done
    for colour in grey max; do # of a grey image
        quiet --op sobel3 --colour "$colour" --high 5/px "$SMALL/grey.png" a.pgm
        quiet --op sobel3 --high 5/px "$SMALL/rgb.png" b.pgm
        cmp a.pgm b.pgm
    done
    quiet --colour grey "$SMALL/rgb.png" a.pgm
    quiet "$SMALL/grey.png" b.pgm
    cmp a.pgm b.pgm
    quiet --ignore-orientation "$SMALL/orient-6.png" stored.pgm
    [ "$(sed -n 2p stored.pgm)" = "64 96" ]
}

@test "the smallest images" {
    for name in 1x1 1x5 2x3; do
        for args in "" "--sigma 0" "--threshold 1" "--border reflect" "--op sobel7 --border reflect"; do
            # shellcheck disable=SC2086 # words
            quiet --quiet $args "$SMALL/$name.png" e.pgm
            [ "$(sed -n 2p e.pgm)" = "${name/x/ }" ]
        done
    done
}

@test "--json prints one object with all keys" {
    prints --json "$SMALL/grey.png" e.png
    is_json "$output"
    for line in '"width": 61,' '"height": 43,' '"method": "canny",' '"operator": "gaussian",' '"colour": "grey",' \
        '"sigma": 1.257347281,' '"sum": null' '"automatic": true,' '"flat": false,'; do
        grep -qF "$line" <<<"$output"
    done
    [ "$(bytes_at e.png 0 4)" = 89504e47 ]
    prints --json --threshold 7/px --op prewitt "$SMALL/grey.png" e.png
    is_json "$output"
    [[ $output == *'"method": "threshold"'*'"operator": "prewitt"'*'"automatic": false'* ]]
    [[ $output != *'"low"'* ]]
    [[ $output == *'"per_pixel": 7,'*'"sum": 42'* ]]
    fails 2 "--json and the image cannot both be written to standard output" --json "$SMALL/grey.png" -
}

@test "--json counts the white pixels" {
    prints --json "$DATA/scene.jpg" e.pgm
    count=$(tail -c 307200 e.pgm | tr -d '\0' | wc -c)
    [ "$count" -gt 1000 ]
    grep -Eq "\"edge_pixels\": *$((count)),?\$" <<<"$output"
}

@test "--json of a name that is not UTF-8 is valid JSON" {
    name=$'a"\\\n\e\xff.png'
    cp "$SMALL/grey.png" "$name"
    prints --json "$name" e.png
    is_json "$output"
    [[ $output == *'"a\"\\\n\u001b\ufffd.png"'* ]]
}

@test "--report prints one line on standard error" {
    try --report "$SMALL/grey.png" e.png
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"grey.png: low "*"/px"*"high "*"chosen automatically"*"% of 61 x 43 pixels"* ]]
    edgegrad --report "$SMALL/grey.png" - 2>report >e2.png
    cmp e.png e2.png
    [ "$(wc -l <report)" -eq 1 ]
}

@test "--tolerate reads what is left of a truncated file" {
    for name in rgb.png grey.jpg grey.pgm grey.pfm; do
        head -c $(($(file_size "$SMALL/$name") * 3 / 4)) "$SMALL/$name" >"$name"
        quiet --tolerate "$name" e.pgm
        [ "$(sed -n 2p e.pgm)" = "61 43" ]
    done
}

@test "--compat opencv and skimage: the edges of these programs, in colour too" {
    compared=0
    for golden in "$DATA"/canny/*-cv-*.pbm "$DATA"/canny/*-skimage-*.pbm; do
        IFS=- read -r picture program a b c d <<<"$(basename "$golden" .pbm)"
        case $program in
        cv) options=(--compat opencv --aperture "$a" --norm "$b" --low "$c" --high "$d") picture=$picture.ppm ;;
        *) options=(--compat skimage --sigma "$a" --low "$b" --high "$c") picture=$picture.pgm ;;
        esac
        quiet "${options[@]}" "$DATA/canny/$picture" e.pbm
        # the golden files mark edges by 1, which a PBM shows as black
        read -r width _ < <(sed -n 2p "$golden")
        paste <(od -An -v -tu1 -w1 e.pbm) <(od -An -v -tu1 -w1 "$golden") |
            awk -v width="$width" 'lines == 2 {
                used = ++byte % bytes ? 8 : (width + 7) % 8 + 1
                shift = 2 ^ (8 - used)
                if (int($1 / shift) + int($2 / shift) != 2 ^ used - 1) exit 1
            }
            lines < 2 { bytes = int((width + 7) / 8); lines += $1 == 10 }' || broken "$golden"
        compared=$((compared + 1))
    done
    [ "$compared" -eq 22 ]
    quiet --compat opencv --low 110 --high 320 "$DATA/canny/shapes.ppm" a.pbm
    quiet --op sobel3 --colour max --sigma 0 --norm l1 --low 110 --high 320 "$DATA/canny/shapes.ppm" b.pbm
    cmp a.pbm b.pbm
    quiet --compat skimage "$DATA/canny/blobs.pgm" a.pbm
    quiet --compat skimage --sigma 1 --low 25.5 --high 51 "$DATA/canny/blobs.pgm" b.pbm
    cmp a.pbm b.pbm
    fails 2 "--compat skimage and --norm cannot be used together" --compat skimage --norm l1 a.png b.png
}

@test "--nms, --auto and --colour give different edges; options of one operator need it" {
    i=0
    for options in "" "--nms sectors" "--auto otsu" "--auto median" "--colour grey" "--op sobel3" "--op sobel3 --colour max" \
        "--op sobel3 --nms interpolated" "--method boundary" "--method ridge" "--method ridge --ridges dark" "--sigma 1%" \
        "--density 4%" "--high 90%"; do
        i=$((i + 1))
        # shellcheck disable=SC2086 # words
        quiet $options "$DATA/coffee.jpg" "$i.pbm"
        # shellcheck disable=SC2086 # words
        quiet $options --threads 3 --strip-rows 7 "$DATA/coffee.jpg" again.pbm
        cmp "$i.pbm" again.pbm
    done
    [ "$(cksum ./[0-9]*.pbm | cut -d ' ' -f 1 | sort -u | wc -l)" -eq "$i" ]
    fails 2 "--op gaussian and --norm cannot be used together" --op gaussian --norm l1 a.png b.png
    fails 2 "--method boundary needs --op gaussian" --method boundary --aperture 5 a.png b.png
    fails 2 "--density needs --op gaussian" --density 5% --op scharr a.png b.png
    fails 2 "--auto needs --op gaussian" --auto median --op scharr a.png b.png
    fails 2 "--high in percent needs --op gaussian" --high 90% --op scharr a.png b.png
    fails 2 "--density and --high cannot be used together" --density 5% --high 9/px a.png b.png
    fails 2 "sigma 900 is too large for 600 x 400 pixels" --sigma 900 "$DATA/coffee.jpg" b.png
    fails 2 "sigma 0.2 is less than 0.5 pixels" --sigma 0.2 "$DATA/coffee.jpg" b.png
}

@test "the result equals cv::Canny byte for byte" {
    corpus golden/index.tsv
    command -v pngtopnm >/dev/null || skip "pngtopnm (netpbm) is not there to read the golden files"
    folder=${found%/*}
    sigma_zero=(--sigma 0 --border replicate)
    compared=0
    while read -r file input aperture norm low high _; do
        edgegrad "${sigma_zero[@]}" --aperture "$aperture" --norm "$norm" --low "$low" \
            --high "$high" "$folder/input/$input.png" got.pbm
        pngtopnm "$folder/cv_canny/$file" >wanted.pbm 2>/dev/null
        cmp wanted.pbm got.pbm || broken "$file"
        compared=$((compared + 1))
    done < <(grep -E '^[^_]*_a[0-9]' "$folder/index.tsv" | awk 'NR % 17 == 1')
    [ "$compared" -ge 5 ]
}

# ---- ridges -----------------------------------------------------------------------------------------

# A grey image of 80 x 60 pixels with a bright line in column 20 and a dark one in row 40.
lines() {
    printf 'P2 80 60 255\n'
    for y in {0..59}; do
        for x in {0..79}; do
            v=100
            [ "$x" -ne 20 ] || v=220
            [ "$y" -ne 40 ] || v=10
            printf '%d ' "$v"
        done
        echo
    done
}

@test "--method ridge marks the middle of bright and dark lines" {
    lines >lines.pgm
    for row in "bright 20 10 255" "bright 60 40 0" "dark 20 10 0" "dark 60 40 255" "both 20 10 255" "both 60 40 255"; do
        read -r kind x y wanted <<<"$row"
        quiet --method ridge --ridges "$kind" lines.pgm r.pgm
        [ "$(byte_at r.pgm 80 "$x" "$y")" -eq "$wanted" ]
        for beside in -2 -1 1 2; do
            [ "$(byte_at r.pgm 80 $((20 + beside)) 10)" -eq 0 ]
            [ "$(byte_at r.pgm 80 60 $((40 + beside)))" -eq 0 ]
        done
    done
    prints --method ridge --json lines.pgm r.pgm
    [[ $output == *'"ridges": "both"'*'"per_pixel_squared"'* ]]
    thresholds=$(sed -n 's/.*"per_pixel_squared": //p' <<<"$output" | paste -s -d ' ' -)
    quiet --method ridge --low "${thresholds% *}" --high "${thresholds#* }" lines.pgm typed.pgm
    cmp r.pgm typed.pgm
    mkdir in
    cp lines.pgm in/a.pgm
    cp "$SMALL/rings.png" in/
    run -0 --separate-stderr edgegrad --method ridge --auto-shared in out/
    [ -s out/a.png ]
    ramp=$(printf 'P2 3 3 255\n5 5 5 5 5 5 5 5 5\n')
    run -0 --separate-stderr edgegrad --method ridge - r.pgm <<<"$ramp"
    [[ $stderr == *"is constant: there are no edges"* ]]
}

@test "options that ridges do not have are refused" {
    fails 2 "--ridges needs --method ridge" --ridges dark a.png b.png
    fails 2 "--method ridge and --op cannot be used together" --method ridge --op sobel3 a.png b.png
    fails 2 "--method ridge and --density" --method ridge --density 5% a.png b.png
    fails 2 "--method ridge and --nms" --method ridge --nms sectors a.png b.png
    fails 2 "--method ridge and --compat" --method ridge --compat opencv a.png b.png
    fails 2 "is a plain number" --method ridge --high 3/px a.png b.png
    fails 2 "is computed of grey" --method ridge --colour max a.png b.png
    fails 2 "0.5 to 128 pixels" --method ridge --sigma 200 "$SMALL/rings.png" b.png
    fails 2 "--threshold and --method ridge" --method ridge --threshold 3 a.png b.png
    holds ""
}

@test "tools/quality/measure scores edges that are drawn two pixels away as found" {
    /usr/bin/python3 -c 'import scipy' 2>/dev/null || skip "without SciPy"
    cc -O2 -shared -fPIC "$TOP/tools/quality/matching.c" -o matching.so
    mkdir -p data/images/val data/groundTruth/val
    cp "$TOP/testdata/coffee.jpg" data/images/val/cup.jpg
    edgegrad data/images/val/cup.jpg edges.pgm
    /usr/bin/python3 - <<'END'
import numpy
from scipy.io import savemat
edges = numpy.frombuffer(open("edges.pgm", "rb").read()[-600 * 400:], numpy.uint8).reshape(400, 600) > 0
drawings = numpy.empty((1, 2), object)
drawings[0, 0] = {"Boundaries": numpy.pad(edges, ((0, 0), (2, 0)))[:, :-2]}
drawings[0, 1] = {"Boundaries": numpy.zeros_like(edges)}
savemat("data/groundTruth/val/cup.mat", {"groundTruth": drawings})
END
    MATCHING=$PWD/matching.so "$TOP/tools/quality/measure" data --command edgegrad >score
    grep -q ' | 1\.0000 | 1\.000 | 1\.000 |$' score || broken "$(cat score)"
    run -1 "$TOP/tools/quality/measure" nowhere
    [[ $output == *"give the folder BSDS500/data"* ]]
}
