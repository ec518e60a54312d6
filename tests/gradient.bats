#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad gradient: every map, depth, scale and format; images with known gradients.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# A grey ramp that rises 3 levels per pixel to the right and 5 downwards.
ramp() {
    printf 'P2 20 20 255\n'
    for y in {0..19}; do
        for x in {0..19}; do printf '%d ' $((3 * x + 5 * y)); done
        echo
    done
}

@test "every map in PNG and PFM, and maps with and without sign in every format and depth" {
    for map in $(choices gradient map); do
        quiet gradient --map "$map" "$SMALL/rings.png" m.png
        [ "$(bytes_at m.png 24 2)" = 0800 ]
        quiet gradient --map "$map" "$SMALL/rings.png" m.pfm
        [ "$(file_size m.pfm)" -eq $(($(head -n 3 m.pfm | wc -c) + 4 * 128 * 128)) ]
    done
    for map in magnitude x hessian-det; do
        for output in 8:png:0800 16:png:1000 auto:png:0800; do
            IFS=: read -r depth name header <<<"$output"
            quiet gradient --map "$map" --depth "$depth" "$SMALL/rings.png" "m.$name"
            [ "$(bytes_at m.png 24 2)" = "$header" ]
        done
        for output in 8:pgm:255:1 16:pgm:65535:2 auto:pnm:255:1; do
            IFS=: read -r depth name white bytes <<<"$output"
            quiet gradient --map "$map" --depth "$depth" "$SMALL/rings.png" "m.$name"
            [ "$(head -n 3 "m.$name" | sed 's/ # .*//')" = "$(printf 'P5\n128 128\n%s' "$white")" ] # but for its comment
            [ "$(file_size "m.$name")" -eq $(($(head -n 3 "m.$name" | wc -c) + 128 * 128 * bytes)) ]
        done
        for depth in 32 auto; do
            quiet gradient --map "$map" --depth "$depth" "$SMALL/rings.png" m.pfm
            [ "$(head -n 2 m.pfm)" = "$(printf 'Pf\n128 128')" ]
            [[ $(sed -n 3p m.pfm) =~ ^-1(\.0*)?$ ]]
            [ "$(file_size m.pfm)" -eq $(($(head -n 3 m.pfm | wc -c) + 4 * 128 * 128)) ]
        done
        quiet gradient --map "$map" "$SMALL/rings.png" m.jpg
        quiet gradient --map "$map" --depth 16 "$SMALL/rings.png" m.pam
        prints info m.pam
        [[ $output == *"1 of 16 bits"* ]]
    done
}

@test "depths a format cannot hold are refused, nothing is written" {
    for pair in 8:pfm 16:pfm 16:jpg 32:jpg 32:png 32:pgm 32:pam 8:pbm 16:pbm auto:pbm; do
        fails 2 "cannot hold" gradient --depth "${pair%:*}" "$SMALL/rings.png" "m.${pair#*:}"
    done
    fails 2 "is not one of" gradient --depth 24 "$SMALL/rings.png" m.png
    holds ""
}

@test "16-bit PNG and PGM hold equal values" {
    for map in $(choices gradient map); do
        quiet gradient --map "$map" --depth 16 "$DATA/scene.jpg" a.png
        quiet gradient --map "$map" --depth 16 "$DATA/scene.jpg" a.pgm
        same_picture a.png a.pgm
    done
}

@test "every operator gives the slope of a ramp in levels per pixel" {
    ramp >ramp.pgm
    for op in $(choices gradient op | grep -v gaussian); do
        quiet gradient --op "$op" ramp.pgm --map x=x.pfm --map y=y.pfm --map magnitude=magnitude.pfm \
            --map direction=direction.pfm
        for map in x:3 y:5 magnitude:5.8309519 direction:59.0362435; do
            for x in 4 15; do
                near "$(float_at "${map%:*}.pfm" 20 "$x" 9)" "${map#*:}" 1e-4
            done
        done
    done
    quiet gradient --norm l1 ramp.pgm l1.pfm
    near "$(float_at l1.pfm 20 10 9)" 8 1e-5
}

@test "a blur keeps a ramp and softens a step" {
    ramp >ramp.pgm
    quiet gradient --sigma 1 --map x ramp.pgm m.pfm
    near "$(float_at m.pfm 20 10 10)" 3 1e-3
    quiet gradient --map x "$SMALL/square.png" hard.pfm
    quiet gradient --map x --sigma 3 "$SMALL/square.png" soft.pfm
    near "$(float_at hard.pfm 100 25 50)" 127.5 1e-4
    awk -v v="$(float_at soft.pfm 100 25 50)" 'BEGIN { exit !(v > 20 && v < 60) }'
}

@test "16-bit gradients are in stored levels" {
    # ramp16.png is 1000 + 40 x + 7 y
    for map in x:40 y:7 direction:9.9262455; do
        quiet gradient --map "${map%:*}" "$SMALL/ramp16.png" m.pfm
        near "$(float_at m.pfm 256 100 30)" "${map#*:}" 1e-3
    done
}

@test "directions: 0 right, 90 down, 180 left, 270 up" {
    for side in "25 50 0" "50 25 90" "74 50 180" "50 74 270"; do
        read -r x y degrees <<<"$side"
        quiet gradient --map direction "$SMALL/square.png" m.pfm
        near "$(float_at m.pfm 100 "$x" "$y")" "$degrees" 1e-4
        quiet gradient --map direction "$SMALL/square.png" m.pgm
        near "$(byte_at m.pgm 100 "$x" "$y")" "$(awk -v d="$degrees" 'BEGIN { print d * 256 / 360 }')" 0.5
    done
    near "$(float_at m.pfm 100 50 50)" 0 0
}

@test "integer maps: default scale, --scale, and clipping" {
    ramp >ramp.pgm
    for row in "x 0 131" "y 0 133" "magnitude 0 12" "x 10 158" "y 4 148" "magnitude 10 58" \
        "x 1000 255" "direction 0 42" "x 0.5 129.5"; do
        read -r map scale wanted <<<"$row"
        quiet gradient --map "$map" --scale "$scale" ramp.pgm m.pgm
        near "$(byte_at m.pgm 20 10 10)" "$wanted" 0.5
    done
    quiet gradient --map x "$SMALL/square.png" m.pgm
    [ "$(byte_at m.pgm 100 10 50)" -eq 128 ]
    [ "$(byte_at m.pgm 100 25 50)" -eq 255 ]
    [ "$(byte_at m.pgm 100 75 50)" -le 1 ]
    quiet gradient --map magnitude --scale 3 --depth 16 ramp.pgm m.pgm
    near "$((256 * $(byte_at m.pgm 40 20 10) + $(byte_at m.pgm 40 21 10)))" 4495.7 1
    fails 2 "is outside the range" gradient --scale -1 ramp.pgm m2.pgm
}

@test "borders: pixels outside the image" {
    ramp >ramp.pgm
    declare -A slope=([replicate]=1.5 [reflect]=0 [constant]=26.5)
    for border in $(choices gradient border); do
        quiet gradient --op central --map x --border "$border" ramp.pgm m.pfm
        near "$(float_at m.pfm 20 0 10)" "${slope[$border]}" 1e-5
    done
    quiet gradient --op central --map x --border constant --border-value 47 ramp.pgm m.pfm
    near "$(float_at m.pfm 20 0 10)" 3 1e-5
}

@test "threads, strips and instruction sets change no byte" {
    for map in $(choices gradient map); do
        for setting in "" "--sigma 1.5 --op sobel5"; do
            [ "$map $setting" != "boundary --sigma 1.5 --op sobel5" ] || setting="--colour grey --sigma 5.5"
            case $map in
            laplacian | log | dog | hessian-* | coherence) setting=${setting/--op sobel5/--border reflect} ;;
            esac
            # shellcheck disable=SC2086 # words
            EDGEGRAD_CPU=baseline quiet gradient --map "$map" $setting -t 1 "$DATA/scene.jpg" a.pfm
            for work in "-t 7 --strip-rows 5" "--strip-rows 1"; do
                # shellcheck disable=SC2086 # words
                quiet gradient --map "$map" $setting $work "$DATA/scene.jpg" b.pfm
                cmp a.pfm b.pfm
            done
        done
    done
}

@test "--map boundary is the strength that edges --method boundary has a threshold for" {
    quiet gradient --map boundary "$DATA/cat.jpg" full.pfm
    quiet gradient --map boundary --thin "$DATA/cat.jpg" thin.pfm
    quiet --method boundary --low 45/px --high 45/px "$DATA/cat.jpg" edges.pgm
    # the pixels of the thinned map above the threshold, which PFM stores from the lowest row up
    tail -c 541200 thin.pfm | od -An -v -tf4 -w4 | awk '{ print ($1 > 45) }' >above
    tail -c 135300 edges.pgm | od -An -v -tu1 -w1 | awk '{ print ($1 > 0) }' >marked
    cmp <(awk '{ row[int((NR - 1) / 451)] = row[int((NR - 1) / 451)] $1 } END { for (y = 299; y >= 0; y--) print row[y] }' above) \
        <(awk '{ row[int((NR - 1) / 451)] = row[int((NR - 1) / 451)] $1 } END { for (y = 0; y < 300; y++) print row[y] }' marked)
    run -1 cmp -s full.pfm thin.pfm
    fails 2 "--thin needs --map magnitude or boundary" gradient --map x --thin a.png b.png
    fails 2 "--map boundary and --norm cannot be used together" gradient --map boundary --norm l1 a.png b.png
    fails 2 "--map boundary needs --op gaussian, not scharr" gradient --map boundary --op scharr a.png b.png
}

@test "colours: the largest channel, opponent channels, grey" {
    printf 'P3 6 3 255 %s' "$(for _ in 1 2 3; do echo 200 0 0 200 0 0 200 0 0 0 102 0 0 102 0 0 102 0; done)" >rg.ppm
    quiet gradient rg.ppm grey.pfm
    quiet gradient --colour max rg.ppm max.pfm
    quiet gradient --colour opponent rg.ppm opponent.pfm
    near "$(float_at grey.pfm 6 2 1)" 0 1e-6
    near "$(float_at max.pfm 6 2 1)" 100 1e-4
    awk -v x="$(float_at opponent.pfm 6 2 1)" 'BEGIN { exit !(x > 50) }'
    for colour in grey max opponent; do # of a grey image
        quiet gradient --op gaussian --colour "${colour/max/grey}" "$SMALL/grey.png" "$colour.pfm"
        cmp grey.pfm "$colour.pfm"
    done
    fails 2 "--colour opponent needs --op gaussian, not scharr" gradient --colour opponent --op scharr a.png b.png
    fails 2 "--colour max needs an operator on intensities" gradient --colour max --op gaussian a.png b.png
    fails 2 "the operator gaussian has no maps x and y" gradient --op gaussian --map x "$SMALL/grey.png" b.png
}

@test "bit depth and format do not change the gradient" {
    for pair in grey.png:grey.pgm rgb.png:rgb-interlaced.png rgb.png:grey.pam grey16.png:grey16-plain.pgm \
        ycc420.jpg:progressive.jpg orient.png:orient-6.png; do
        quiet gradient "$SMALL/${pair%:*}" a.pfm
        quiet gradient "$SMALL/${pair#*:}" b.pfm
        cmp a.pfm b.pfm || broken "$pair"
    done
}

@test "the smallest images" {
    for name in 1x1 1x5 2x3; do
        for map in $(choices gradient map); do
            quiet gradient --map "$map" "$SMALL/$name.png" m.pfm
            [ "$(sed -n 2p m.pfm)" = "${name/x/ }" ]
        done
    done
    quiet gradient "$SMALL/1x1.png" m.pfm
    near "$(float_at m.pfm 1 0 0)" 0 0
}

@test "standard input and output" {
    quiet gradient "$SMALL/rings.png" wanted.png
    edgegrad gradient - - <"$SMALL/rings.png" >got.png
    cmp wanted.png got.png
    quiet gradient "$SMALL/rings.png" wanted.pfm
    # shellcheck disable=SC2002 # a pipe cannot seek
    cat "$SMALL/rings.png" | edgegrad gradient --format pfm - - | cmp - wanted.pfm
}

@test "a white square has known gradients" {
    { # 100 x 100, the square 40 x 40: two pixels on either side of its border have gradients
        printf 'P5 100 100 255\n'
        for y in {0..99}; do
            if ((y >= 30 && y < 70)); then
                head -c 30 /dev/zero
                head -c 40 /dev/zero | tr '\0' '\377'
                head -c 30 /dev/zero
            else
                head -c 100 /dev/zero
            fi
        done
    } >square.pgm
    quiet gradient square.pgm square.pfm
    floats=$(tail -c 40000 square.pfm | od -An -v -tf4 -w4)
    # In units of 255/8, in which the Sobel weights are integers: 8 * 40 pixels, 4 along the sides, 3 sqrt(2) in the
    # inner corners, which have the largest.
    awk '{ v = $1 * 8 / 255 }
        v > 0 { edge++ }
        v > most { most = v }
        v > 3.9999 && v < 4.0001 { side++ }
        v > 4.2426 && v < 4.2427 { corner++ }
        END {
            if (edge != 320 || corner != 4 || most > 4.2427 || side != 2 * 4 * 38)
                exit 1
        }' <<<"$floats" || broken "other slopes"
    near "$(float_at square.pfm 100 30 30)" "$(awk 'BEGIN { print 3 * sqrt(2) * 255 / 8 }')" 1e-3
    near "$(float_at square.pfm 100 30 50)" 127.5 0
    near "$(float_at square.pfm 100 29 50)" 127.5 0
    near "$(float_at square.pfm 100 28 50)" 0 0
}

@test "the bytes of a PNG and a TIFF do not depend on the number of threads" {
    for depth in 8 16; do
        for name in png tif; do
            quiet gradient --depth "$depth" --threads 1 "$DATA/scene.jpg" "one.$name"
            for threads in 2 3 5; do
                quiet gradient --depth "$depth" --threads "$threads" --overwrite "$DATA/scene.jpg" "several.$name"
                cmp "one.$name" "several.$name"
            done
        done
    done
}

# ---- Gaussian derivatives --------------------------------------------------------------------------

@test "second derivatives of a ramp are 0, of a square those of its sides" {
    ramp >ramp.pgm
    for map in laplacian log dog hessian-det hessian-max hessian-min; do
        quiet gradient --map "$map" --sigma 1 ramp.pgm m.pfm
        near "$(float_at m.pfm 20 10 10)" 0 1e-4
        quiet gradient --map "$map" ramp.pgm m.pgm
        [ "$(byte_at m.pgm 20 10 10)" -eq 128 ]
    done
    # bright columns begin at 25: the last dark one has +255, the first bright one -255
    quiet gradient --map laplacian "$SMALL/square.png" m.pfm
    near "$(float_at m.pfm 100 24 50)" 255 1e-3
    near "$(float_at m.pfm 100 25 50)" -255 1e-3
    quiet gradient --map coherence ramp.pgm m.pfm
    near "$(float_at m.pfm 20 10 10)" 1 1e-4
    quiet gradient --map coherence ramp.pgm m.pgm
    [ "$(byte_at m.pgm 20 10 10)" -eq 255 ]
}

@test "--op gaussian-derivative has all four maps, signed" {
    ramp >ramp.pgm
    for map in x:3 y:5 magnitude:5.8309519 direction:59.0362435; do
        quiet gradient --op gaussian-derivative --map "${map%:*}" ramp.pgm m.pfm
        near "$(float_at m.pfm 20 10 10)" "${map#*:}" 1e-3
    done
    quiet gradient --op gaussian-derivative --norm l1 --thin "$SMALL/rings.png" m.png
}

@test "zero crossings are 0 and 255, or bits, one pixel wide at steps" {
    for map in laplacian log dog; do
        quiet gradient --map "$map" --zero-crossings "$SMALL/square.png" m.pgm
        quiet gradient --map "$map" --zero-crossings "$SMALL/square.png" m.pbm
        prints info m.pbm
        same_picture m.pgm m.pbm
        [ $(($(byte_at m.pgm 100 24 50) + $(byte_at m.pgm 100 25 50))) -eq 255 ]
        [ "$(byte_at m.pgm 100 50 50)" -eq 0 ]
        quiet gradient --map "$map" --zero-crossings --slope 1000 "$SMALL/square.png" none.pgm
        [ "$(byte_at none.pgm 100 24 50)" -eq 0 ]
        [ "$(byte_at none.pgm 100 25 50)" -eq 0 ]
    done
}

@test "options that a map does not have are refused" {
    fails 2 "--zero-crossings needs --map laplacian, log or dog" gradient --zero-crossings a.png b.png
    fails 2 "--slope needs --zero-crossings" gradient --map log --slope 1 a.png b.png
    fails 2 "--ratio needs --map dog" gradient --map log --ratio 2 a.png b.png
    fails 2 "--integration needs --map coherence" gradient --integration 2 a.png b.png
    fails 2 "--zero-crossings and --scale" gradient --map log --zero-crossings --scale 2 a.png b.png
    fails 2 "--zero-crossings and --depth" gradient --map log --zero-crossings --depth 8 a.png b.png
    fails 2 "--map log and --op sobel3 cannot be used together" gradient --map log --op sobel3 a.png b.png
    fails 2 "--map log and --norm cannot be used together" gradient --map log --norm l1 a.png b.png
    fails 2 "--map dog and --aperture cannot be used together" gradient --map dog --aperture 5 a.png b.png
    fails 2 "is computed of grey" gradient --map log --colour max a.png b.png
    fails 2 "it takes grey" gradient --op gaussian-derivative --colour max a.png b.png
    fails 2 "0.3 to 128 pixels" gradient --map log --sigma 0 a.png b.png
    fails 2 "0.3 to 128 pixels" gradient --op gaussian-derivative --sigma 0.2 a.png b.png
    fails 2 "wider sigma" gradient --map dog --sigma 90 "$SMALL/rings.png" b.png
    fails 2 "--thin and --op gaussian" gradient --op gaussian --thin a.png b.png
    fails 2 "gaussian-derivative" edges --op gaussian-derivative a.png b.png
    holds ""
}

@test "missing pixels of second derivatives are NaN" {
    quiet gradient --map log --mask "$SMALL/square.png" "$SMALL/square.png" m.pfm
    [[ $(float_at m.pfm 100 10 50) == *nan* ]]
    near "$(float_at m.pfm 100 50 50)" 0 1e-5
    near "$(float_at m.pfm 100 25 50)" 0 1e-5
}

@test "several maps of Gaussian derivatives in one pass" {
    quiet gradient --op gaussian-derivative --sigma 2 --map x=dx.pfm --map log=log.pfm --map magnitude=m.pfm \
        --map coherence=c.pfm --thin "$SMALL/rings.png"
    quiet gradient --op gaussian-derivative --sigma 2 --map x "$SMALL/rings.png" 1.pfm
    quiet gradient --map log "$SMALL/rings.png" 2.pfm
    quiet gradient --op gaussian-derivative --sigma 2 --thin "$SMALL/rings.png" 3.pfm
    quiet gradient --map coherence --sigma 2 "$SMALL/rings.png" 4.pfm
    cmp dx.pfm 1.pfm
    cmp log.pfm 2.pfm
    cmp m.pfm 3.pfm
    cmp c.pfm 4.pfm
    fails 2 "together need --op gaussian-derivative" gradient --map x=a.pfm --map log=b.pfm "$SMALL/rings.png"
    fails 2 "--normalize and --map coherence" gradient --map coherence --normalize max a.png b.png
    fails 2 "--colourize and --thin" gradient --colourize direction --thin a.png b.png
    quiet gradient --map hessian-det --normalize max "$SMALL/rings.png" n.png
}
