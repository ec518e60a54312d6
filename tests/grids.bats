#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Elevation models: ASCII grids, .hgt, raw rasters, elevations encoded in colours.
# shellcheck disable=SC2154 # common.bash sets variables

load common

@test "an ASCII grid is an input like an image, from a file or a pipe" {
    quiet --low 5 --high 9 "$SMALL/grey.asc" a.pbm
    edgegrad --low 5 --high 9 - b.pbm <"$SMALL/grey.asc"
    cmp a.pbm b.pbm
    quiet gradient "$SMALL/grey.asc" a.pfm
    quiet gradient --depth 8 --white 255 "$SMALL/grey.asc" a.pgm
    prints info "$SMALL/grey.asc"
    [[ $output == *"format:      ASC"* ]]
}

@test "maps are written as ASCII grids with their georeferencing" {
    quiet gradient "$SMALL/grey.asc" map.asc
    quiet gradient "$SMALL/grey.asc" map.pfm
    same_picture map.asc map.pfm
    grep -Eqx 'xllcorner +500000' map.asc
    grep -Eqx 'yllcorner +4000000' map.asc
    grep -Eqx 'cellsize +30' map.asc
    grep -Eqx 'NODATA_value +-9999' map.asc
    quiet -f asc "$SMALL/grey.asc" edges.txt
    same_picture edges.txt <(edgegrad -f pgm "$SMALL/grey.asc" -)
}

@test "SRTM tiles and raw rasters" {
    corpus dem/N44W072.hgt
    quiet "$found" a.png
    quiet gradient "$found" a.asc
    grep -Eqx 'cellsize +0.0008333333333333334' a.asc
    corpus dem/n44w072_utm_256.bil
    quiet "$found" b.png
    quiet gradient "$found" b.pfm
    fails 3 "name the file with the data, " info "${found%.bil}.hdr"
    cp "$found" alone.bil
    fails 3 "missing header alone.hdr" info alone.bil
    cp "$found" N44W072.hgt
    fails 3 "262144 bytes is not the size of a .hgt file: 1201 x 1201" info N44W072.hgt
}

@test "errors in ASCII grids are reported with their line" {
    sed '20s/ [0-9]* / x /' "$SMALL/grey.asc" >bad.asc
    fails 3 "bad.asc: line 20: 'x' is not a number" bad.asc out.png
    head -n 30 "$SMALL/grey.asc" >short.asc
    fails 3 "short.asc: truncated after 1525 of 2623 values" short.asc out.png
    quiet --tolerate --no-sidecars bad.asc a.png
    quiet --tolerate --no-sidecars short.asc b.png
    rm a.png b.png
    holds bad.asc short.asc
}

@test "elevations encoded in colours keep their values" {
    quiet gradient "$SMALL/grey.png" map.pfm
    for encoding in $(choices gradient output-encoding); do
        quiet gradient --output-encoding "$encoding" "$SMALL/grey.png" map.png
        quiet gradient --sigma 0 --map x --op roberts --encoding "$encoding" map.png x.pfm
        prints info --encoding "$encoding" map.png
        [[ $output == *"floating point"* ]]
    done
    fails 2 "leave out --encoding" --encoding mapbox "$SMALL/grey.png" out.png
    fails 2 "leave out --encoding" --encoding mapbox "$SMALL/rgb.jpg" out.png
    fails 2 "only PNG supports encoded elevations" gradient --output-encoding mapbox "$SMALL/grey.png" out.pfm
    fails 2 "PNG without --output-encoding" --output-encoding mapbox "$SMALL/grey.png" out.png
    holds map.pfm map.png x.pfm
}
