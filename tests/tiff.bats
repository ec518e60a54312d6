#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# TIFF output of the command: read back by GDAL, to pipes, on full disks.
# shellcheck disable=SC2154 # common.bash sets variables

load common

with_gdal() {
    if ! command -v gdalinfo >/dev/null || ! command -v gdal_translate >/dev/null; then skip "no GDAL"; fi
}

# says FILE TEXT...: fails unless the output of gdalinfo contains each text.
says() {
    local file=$1 about
    shift
    about=$(gdalinfo "$file" 2>&1)
    for text in "$@"; do
        [[ $about == *"$text"* ]] || broken "gdalinfo $file lacks '$text': $about" || return
    done
    [[ $about != *[Ww]arning* && $about != *ERROR* ]] || broken "gdalinfo complains: $about"
}

@test "the sample type follows the output by default" {
    with_gdal
    quiet gradient "$DATA/scene.png" m.tif
    says m.tif "Size is 640, 480" "Block=256x256 Type=Float32" COMPRESSION=DEFLATE
    quiet gradient --depth 8 "$DATA/scene.png" m.tiff
    says m.tiff "Block=256x256 Type=Byte"
    quiet gradient --depth 16 "$DATA/scene.png" m.gtiff
    says m.gtiff "Type=UInt16"
    quiet edges "$DATA/scene.png" e.tif
    says e.tif "Type=Byte" NBITS=1
}

@test "compression, predictor and tile size are applied" {
    with_gdal
    quiet gradient --compress lzw --predictor 2 --tile 64 "$DATA/scene.png" m.tif
    says m.tif COMPRESSION=LZW PREDICTOR=2 Block=64x64
    quiet gradient --compress none --tile -1 "$DATA/scene.png" m.tif
    says m.tif "Block=640x102"
    [[ $(gdalinfo m.tif) != *COMPRESSION* ]]
    fails 2 "predictor 3 cannot be used with samples of 8 bits" gradient --depth 8 --predictor 3 \
        "$DATA/scene.png" n.tif
    fails 2 "predictor 2 has no effect" gradient --compress none --predictor 2 "$DATA/scene.png" n.tif
    fails 2 "multiple of 16" gradient --tile 100 "$DATA/scene.png" n.tif
    holds m.tif
}

# The rows that GDAL reads from the TIFF equal those of the PFM.
@test "GDAL reads the samples written" {
    with_gdal
    for options in "" "--compress zstd --tile -1" "--compress none --tile 16" "--compress lzw"; do
        # shellcheck disable=SC2086 # words
        quiet gradient $options "$DATA/scene.png" m.tif
        gdal_translate -q -of ENVI m.tif rows
        quiet gradient "$DATA/scene.png" m.pfm
        for y in 0 17 255 256 479; do
            cmp <(tail -c +$((y * 2560 + 1)) rows | head -c 2560) \
                <(tail -c $(((y + 1) * 2560)) m.pfm | head -c 2560)
        done
    done
}

@test "edges are the same bits as in a PBM" {
    with_gdal
    quiet edges "$DATA/scene.png" e.tif
    gdal_translate -q -of ENVI e.tif rows
    quiet edges "$DATA/scene.png" e.png
    gdal_translate -q -of ENVI e.png wanted
    cmp <(tr '\1' '\377' <rows) <(tr '\1' '\377' <wanted)
}

@test "a pipe gets the same bytes, and the temporary file is removed" {
    mkdir tmp
    for options in "" "--tile -1 --compress none"; do
        # shellcheck disable=SC2086 # words
        quiet gradient $options "$DATA/scene.png" m.tif
        # shellcheck disable=SC2086,SC2002 # words; a pipe is the point
        TMPDIR=$PWD/tmp edgegrad gradient $options "$DATA/scene.png" - --format tiff | cat | cmp - m.tif
        # shellcheck disable=SC2086 # words
        edgegrad gradient $options "$DATA/scene.png" - --format tiff >redirected
        cmp redirected m.tif
    done
    [ -z "$(ls -A tmp)" ]
    TMPDIR=$PWD/none fails 4 "TMPDIR" gradient -f tiff "$DATA/scene.png" -
}

@test "a full disk is reported, and the target is unchanged" {
    quiet gradient "$SMALL/grey.png" m.tif
    cp m.tif old
    for options in "" "--compress none"; do
        status=0
        # shellcheck disable=SC2086 # words
        (trap '' XFSZ && ulimit -f 64 && edgegrad gradient $options "$DATA/scene.png" m.tif) 2>said || status=$?
        [ "$status" -eq 4 ]
        grep -q "m.tif: cannot be written: File too large" said
        [ "$(wc -l <said)" -eq 1 ]
        cmp m.tif old
    done
    (trap '' XFSZ && ulimit -f 64 && edgegrad gradient -f tiff "$DATA/scene.png" -) 2>said >out || status=$?
    [ "$status" -eq 4 ]
    grep -q "standard output: its temporary file cannot be written: File too large" said
    [ ! -s out ] && rm out
    [ ! -e /dev/full ] || fails 4 "No space left" gradient -f tiff "$DATA/scene.png" /dev/full
    holds m.tif old said
}

@test "threads and strips change no byte" {
    quiet gradient -t 1 "$DATA/scene.jpg" a.tif
    for work in "-t 2" "-t 7 --strip-rows 5" "--strip-rows 1" "--strip-rows 4000"; do
        # shellcheck disable=SC2086 # words
        quiet gradient $work "$DATA/scene.jpg" b.tif
        cmp a.tif b.tif
    done
}

@test "an OUTPUT that ends in .vrt is a mosaic of one part" {
    quiet slope "$DATA/hills.tif" slope.vrt
    quiet slope "$DATA/hills.tif" slope.tif
    holds slope.vrt slope.0000.tif slope.tif
    cmp slope.tif slope.0000.tif
    grep -q '<SourceFilename relativeToVRT="1">slope.0000.tif</SourceFilename>' slope.vrt
    quiet terrain "$DATA/hills.tif" --aspect 'a&b.VRT' --d8 d8.vrt
    grep -q '>a&amp;b.0000.tif<' 'a&b.VRT'
    grep -q 'dataType="Byte"' d8.vrt
    fails 2 "its parts are TIFFs" slope -f png "$DATA/hills.tif" slope.vrt
    cp "$DATA/hills.tif" m.0000.tif
    fails 2 "is INPUT, and would be a part" slope m.0000.tif m.vrt
    cmp "$DATA/hills.tif" m.0000.tif
}

# GDAL writes the alpha of rgba.png as a mask in the file, beside it (.msk), or as a band. A cell's roughness is
# missing if one of the nine alphas around it is 0, or if it lies at the border.
@test "masks and alpha bands that GDAL writes make cells missing" {
    with_gdal
    gdal_translate -q -b 1 -mask 4 --config GDAL_TIFF_INTERNAL_MASK YES "$SMALL/rgba.png" inside.tif
    gdal_translate -q -b 1 -mask 4 --config GDAL_TIFF_INTERNAL_MASK YES -co TILED=YES -co BLOCKXSIZE=16 \
        -co BLOCKYSIZE=16 -co COMPRESS=LZW "$SMALL/rgba.png" tiles.tif
    gdal_translate -q -b 1 -mask 4 -of COG "$SMALL/rgba.png" cog.tif
    gdal_translate -q -b 1 -mask 4 "$SMALL/rgba.png" beside.tif
    gdal_translate -q -b 1 -mask 4 -of PNG "$SMALL/rgba.png" beside.png
    gdal_translate -q -b 1 -b 4 -colorinterp_2 alpha "$SMALL/rgba.png" band.tif
    [ -f beside.tif.msk ] && [ -f beside.png.msk ]
    gdal_translate -q -b 4 -of AAIGrid "$SMALL/rgba.png" alpha.asc
    for file in inside.tif tiles.tif cog.tif beside.tif beside.png band.tif; do
        quiet terrain "$file" --roughness map.asc --encoding grey
        awk '$1 !~ /^-?[0-9.]+$/ { next }
            FNR == NR { rows++; for (x = 1; x <= NF; x++) hidden[rows, x] = $x == 0; next }
            {
                y++
                for (x = 1; x <= NF; x++) {
                    missing = y == 1 || y == rows || x == 1 || x == NF
                    for (i = -1; i <= 1; i++) for (k = -1; k <= 1; k++) missing = missing || hidden[y + i, x + k]
                    wrong += missing != ($x == -9999)
                    holes += missing
                }
            }
            END { exit !(wrong == 0 && holes > 250 && y == rows) }' alpha.asc map.asc || broken "$file"
    done
    quiet gradient inside.tif g.tif # an image, too
    gdal_translate -q -of XYZ g.tif g.xyz
    grep -q "^0.5 0.5 nan" g.xyz
}

@test "12-bit samples that GDAL packs are read" {
    with_gdal
    gdal_translate -q -ot UInt16 -scale 0 65535 0 4095 -co NBITS=12 "$SMALL/grey16.png" 12.tif
    gdal_translate -q -ot UInt16 -co NBITS=16 12.tif 16.tif
    quiet terrain 12.tif --tri a.asc
    quiet terrain 16.tif --tri b.asc
    cmp a.asc b.asc
    prints info 12.tif
    [[ $output == *"1 of 12 bits"* ]]
}

@test "scale and offset are applied, except with --compat gdal" {
    with_gdal
    command -v gdaldem >/dev/null || skip "no gdaldem"
    gdal_translate -q -ot Int16 -a_scale 0.1 -a_offset 500 "$DATA/hills.tif" scaled.tif
    gdal_translate -q -unscale -ot Float64 scaled.tif plain.tif
    quiet slope scaled.tif ours.asc
    quiet slope plain.tif wanted.asc
    cmp ours.asc wanted.asc
    quiet slope --compat gdal scaled.tif ours.tif
    gdaldem slope -q scaled.tif theirs.tif
    for map in ours theirs; do gdal_translate -q -of ENVI $map.tif $map.raw; done
    cmp ours.raw theirs.raw
}
