#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The command and georeferencing: units from codes, sidecar files that are read and written, warnings.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# ramp CELL: prints a raster of 5 x 4 cells, 10 units of elevation higher in each column.
ramp() {
    printf 'ncols 5\nnrows 4\nxllcorner 600000\nyllcorner 200000\ncellsize %s\n' "$1"
    for _ in 1 2 3 4; do echo 10 20 30 40 50; done
}

# slope_is DEGREES FILE OPTION...: checks the slope in the middle of a raster, to what 32 bits allow.
slope_is() {
    local wanted=$1 file=$2
    shift 2
    try slope "$@" --format pfm "$file" slope.pfm
    [ "$status" -eq 0 ] || broken "exit code $status" || return
    near "$(float_at slope.pfm 5 2 2)" "$wanted" 1e-5
}

# warned TEXT: checks that the last run printed one line, a warning that has TEXT.
warned() {
    [ "${#stderr_lines[@]}" -eq 1 ] || broken "${#stderr_lines[@]} lines" || return
    [[ $stderr == "edgegrad: warning: "*"$1"* ]] || broken "no warning: $1"
}

# Degrees are arctangents: 10 / 10 is 45; of 1200 / 3937 and 3937 / 1200 for US survey feet.
@test "codes of coordinate systems give the units of cells and of elevations" {
    ramp 10 >dem.asc
    echo EPSG:32632 >dem.prj
    slope_is 45 dem.asc
    [ -z "$stderr" ]
    echo EPSG:26910+6360 >dem.prj
    slope_is 16.95125 dem.asc
    echo urn:ogc:def:crs,crs:EPSG::26910,crs:EPSG::8228 >dem.prj
    slope_is 16.95122 dem.asc
    echo EPSG:2227+6360 >dem.prj
    slope_is 45 dem.asc
    [ -z "$stderr" ]
    echo EPSG:2227 >dem.prj
    slope_is 73.04875 dem.asc
    warned "dem.asc: its coordinates are in feet, but it does not give the unit of elevation, which is taken as metres (set --vertical-unit)"
    slope_is 45 dem.asc --vertical-unit us-foot
    [ -z "$stderr" ]
    quiet slope --quiet dem.asc s.tif
    quiet slope --compat gdal dem.asc s.tif
    quiet terrain dem.asc --tri t.tif # needs no cell size
    try terrain dem.asc --slope s.tif --hillshade h.png
    warned "in feet"
}

@test "a code that is not known is warned of, once a file" {
    ramp 10 >dem.asc
    echo EPSG:10857 >dem.prj
    slope_is 45 dem.asc
    warned "dem.asc: EPSG:10857 is not in the table of coordinate systems; its units are taken as metres (set --cell-size and --vertical-unit)"
    try info dem.asc
    warned "EPSG:10857 is not in the table"
    mkdir in
    cp dem.asc in/a.asc
    cp dem.prj in/a.prj
    cp dem.asc in/b.asc
    try slope in out
    warned "in/a.asc: EPSG:10857 is not in the table"
}

@test "info says where the unit of elevation comes from" {
    ramp 10 >dem.asc
    for case in "EPSG:32632|metres (assumed; --vertical-unit changes it)|1|assumed" \
        "EPSG:26910+6360|US survey feet (from EPSG:6360)|0.30480060960121924|EPSG:6360"; do
        IFS='|' read -r system text metres source <<<"$case"
        echo "$system" >dem.prj
        prints info dem.asc
        grep -Fxq "elevations:  $text" <<<"$output" || broken "not $text"
        prints info --json dem.asc
        is_json "$output"
        grep -Fq "\"vertical_unit_metres\": $metres," <<<"$output"
        grep -Fq "\"vertical_unit_source\": \"$source\"" <<<"$output"
    done
    rm dem.prj
    echo '<PAMDataset><PAMRasterBand band="1"><UnitType>ft</UnitType></PAMRasterBand></PAMDataset>' >dem.asc.aux.xml
    prints info dem.asc
    grep -Fxq "elevations:  feet (from UnitType of .aux.xml)" <<<"$output"
    sed -i 's/>ft</>cubits</' dem.asc.aux.xml
    prints info dem.asc
    grep -Fxq "elevations:  metres (assumed, the unit 'cubits' is not known; --vertical-unit changes it)" <<<"$output"
    slope_is 45 dem.asc
    warned "its unit of elevation, 'cubits', is not known; elevations are taken as metres"
    prints info "$SMALL/grey16.png"
    [[ $output != *elevations:* ]]
}

@test "a PNG keeps its place in sidecar files, and gives it back" {
    quiet hillshade "$DATA/hills.tif" h.png
    holds h.pgw h.png h.png.aux.xml
    prints info h.png
    [[ $output == *"cell size:   30 x 30 m"*"upper left 640000, 5200000"*"projected, metres"*"nodata:      0"* ]]
    try gradient --map x h.png g.tif # passes it on
    [[ $status -eq 0 && $stderr == *"the nodata value 0 is ignored"* ]]
    prints info g.tif
    [[ $output == *"upper left 640000, 5200000"*"projected, metres"* ]]
    rm ./*
    quiet hillshade --no-sidecars "$DATA/hills.tif" h.png
    holds h.png
    edgegrad hillshade "$DATA/hills.tif" - >piped.png
    holds h.png piped.png
    cmp h.png piped.png
}

@test "sidecar files as GDAL reads them" {
    command -v gdalinfo >/dev/null || skip "no gdalinfo"
    quiet hillshade "$DATA/hills.tif" h.png
    gdalsrsinfo -o epsg h.png | grep -qx EPSG:32632
    gdalinfo -json h.png | tr -d ' \n' | grep -Fq '"geoTransform":[640000.0,30.0,0.0,5200000.0,0.0,-30.0]'
    gdalinfo -json h.png | grep -Eq '"noDataValue": *0'
}

@test "failures leave no sidecar files" {
    ramp 10 | sed 's/40/x/' >dem.asc
    fails 3 "is not a number" hillshade dem.asc h.png
    holds dem.asc
    ramp 10 >dem.asc
    echo EPSG:32632 >dem.prj
    echo '<PAMDataset>' >dem.asc.aux.xml
    fails 3 "dem.asc.aux.xml: is not valid XML at byte" hillshade dem.asc h.png
    holds dem.asc dem.asc.aux.xml dem.prj
}
