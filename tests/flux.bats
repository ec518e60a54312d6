#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad gradient --flux: the two bands, pictures, streamlines, and what it refuses.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# saddle [HEADER]: an ASCII grid of 61 x 41 samples of (x - 30)^2 - (y - 20)^2, in columns and rows.
saddle() {
    awk -v header="${1-ncols 61\nnrows 41\nxllcorner 1000\nyllcorner 5000\ncellsize 10}" 'BEGIN {
        printf header "\n"
        for (y = 0; y < 41; y++)
            for (x = 0; x < 61; x++)
                printf "%d%s", (x - 30) ^ 2 - (y - 20) ^ 2, x < 60 ? " " : "\n"
    }'
}

# value PATH: a value of the JSON object in $output.
value() {
    jq -r "$1" <<<"$output"
}

@test "flux: both bands, georeferenced, as GDAL reads them" {
    saddle >u.asc
    prints gradient --flux -k 2 u.asc q.tif --json
    is_json "$output"
    [ "$(value '[.width, .height, .conductivity, .unit, .x, .y, .cells] | @csv')" = \
        '61,41,2,"k times INPUT per metre","east","north",2501' ]
    near "$(value .magnitude.max)" 14.42220510185596 1e-8 # 2 hypot(60, 40) / 10
    [ "$(value .magnitude.min)" = 0 ]
    command -v gdal_translate >/dev/null || skip "no gdal_translate"
    [[ $(gdalinfo q.tif) == *"Origin = (1000.0"*"5410.0"*"Description = flux_east"*"NoData Value=nan"*"Description = flux_north"* ]]
    gdal_translate -q -b 1 -of AAIGrid q.tif x.asc
    gdal_translate -q -b 2 -of AAIGrid q.tif y.asc
    awk 'NF == 61 { for (x = 1; x <= 61; x++) wrong += ($x + 0.4 * (x - 31)) ^ 2 > 1e-10; rows++ }
        END { exit wrong || rows != 41 }' x.asc
    awk 'NF == 61 { for (x = 1; x <= 61; x++) wrong += ($x + 0.4 * (rows - 20)) ^ 2 > 1e-10; rows++ }
        END { exit wrong || rows != 41 }' y.asc
}

@test "flux: per pixel without georeferencing, per metre with --cell-size" {
    saddle | awk 'NR > 5' >body
    { printf 'P2 61 41 65535\n'; awk '{ for (x = 1; x <= 61; x++) printf "%d ", $x + 1000; print "" }' body; } >u.pgm
    prints gradient --flux u.pgm q.tif --json
    [ "$(value '[.unit, .x, .y, .magnitude.max > 72.11] | @csv')" = '"k times INPUT per pixel","right","down",true' ]
    prints gradient --flux u.pgm r.tif --json --cell-size 10
    [ "$(value '[.unit, .x, .y] | @csv')" = '"k times INPUT per metre","east","north"' ]
    near "$(value .magnitude.max)" 7.211102550927978 1e-8
    run ! cmp q.tif r.tif
}

@test "flux: degrees are metres on the ellipsoid" {
    saddle 'ncols 61\nnrows 41\nxllcorner 10\nyllcorner 60\ncellsize 0.001' >u.asc
    fails 2 "look like degrees; give --crs geographic" gradient --flux u.asc q.tif
    prints gradient --flux --crs geographic u.asc q.tif --json
    # the largest is in a corner: 60 per column of some 55.7 m, 40 per row of 111.4 m
    [ "$(value '.magnitude.max > 1.13 and .magnitude.max < 1.135')" = true ]
}

@test "flux: a raster of conductivities" {
    saddle >u.asc
    saddle | awk 'NF == 61 { for (x = 1; x <= 61; x++) printf "%d ", 3; print ""; next } { print }' >k.asc
    quiet gradient --flux -k 3 u.asc a.tif
    quiet gradient --flux --conductivity k.asc u.asc b.tif
    cmp a.tif b.tif
    sed 's/1000/1010/' k.asc >moved.asc
    fails 3 "moved.asc: its cells lie elsewhere than those of INPUT" gradient --flux -k moved.asc u.asc c.tif
    fails 3 "terrain.pgm: has 256 x 256 cells, INPUT 61 x 41" gradient --flux -k "$DATA/terrain.pgm" u.asc c.tif
    fails 2 "--conductivity: 'x' is neither a number nor a raster file" gradient --flux -k x u.asc c.tif
    fails 4 "none.asc" gradient --flux -k none.asc u.asc c.tif
    fails 2 "'k.asc' is --conductivity: name another file for OUTPUT" gradient --flux -k k.asc u.asc k.asc
    fails 2 "'u.asc' is INPUT: name another file for OUTPUT" gradient --flux u.asc u.asc
    [ ! -e c.tif ]
}

@test "flux: streamlines of a saddle are hyperbolas, along the flux" {
    saddle >u.asc
    prints gradient --flux u.asc q.tif --streamlines s.geojson --separation 4 --json
    [ "$(value '.streamlines.separation')" = 4 ]
    [ "$(value '.streamlines.lines')" -eq "$(jq '.features | length' s.geojson)" ]
    python3 - <<'END'
import json, math
lines = json.load(open("s.geojson"))["features"]
assert 10 < len(lines) < 60
for f in lines:
    assert 0 < f["properties"]["magnitude"] < 8
    p = [((x - 1305) / 10, (y - 5205) / 10) for x, y in f["geometry"]["coordinates"]]
    assert max(abs(x * y - p[0][0] * p[0][1]) / max(1, math.hypot(x, y)) for x, y in p) < 0.02
    # the flux is -2 x, 2 y with y to the north: outwards in y, inwards in x
    assert abs(p[-1][0]) <= abs(p[0][0]) and abs(p[-1][1]) >= abs(p[0][1])
END
    for format in csv dxf; do
        quiet gradient --flux u.asc q.tif --streamlines s.$format --separation 4
        [ -s s.$format ]
    done
    [ "$(cut -d, -f1 s.csv | uniq | wc -l)" -eq $(($(jq '.features | length' s.geojson) + 1)) ]
}

@test "flux: threads and strips change no byte" {
    saddle >u.asc
    quiet gradient --flux u.asc a.tif --streamlines a.csv
    quiet gradient --flux u.asc b.tif --streamlines b.csv -t 3 --strip-rows 5
    cmp a.tif b.tif
    cmp a.csv b.csv
}

@test "flux: arrows with a scale, streamlines as a picture" {
    edgegrad --version | grep -q '^cairo' || skip "built without cairo"
    saddle >u.asc
    prints gradient --flux -k 2 u.asc q.tif --quiver q.svg --streamlines s.svg --json
    grep -q '>u.asc: flux -k∇u, k = 2</text>' q.svg
    grep -q ">longest arrow: $(printf %.4g "$(value .quiver.longest)"), in k times u per metre</text>" q.svg
    [ "$(value '.quiver.spacing')" = 2 ]
    [ "$(value '.quiver.arrows')" -gt 600 ]
    grep -q '>streamlines of the flux, 2 pixels apart</text>' s.svg
    prints gradient --flux u.asc q.tif --quiver q.png --spacing 5 --json
    [ "$(value '.quiver.arrows')" = 117 ] # 13 x 9 boxes
    [ "$(bytes_at q.png 1 3)" = 504e47 ]
    prints gradient --flux -k 0 u.asc q.tif --quiver z.svg --streamlines z.pdf --json
    [ "$(value '[.quiver.arrows, .streamlines.lines] | @csv')" = 0,0 ]
}

@test "flux: missing cells stay missing" {
    saddle | sed '5a NODATA_value 0' >u.asc # the diagonals
    prints gradient --flux u.asc q.tif --json
    [ "$(value .cells)" -lt 2501 ]
    printf 'ncols 3\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 1000\nNODATA_value 1\n1 1 1\n1 1 1\n1 1 1\n' >none.asc
    try gradient --flux none.asc n.tif --json
    [ "$status" -eq 0 ]
    [[ $stderr == *"warning: none.asc: has no cell with a flux; every cell of the result is missing"* ]]
    [ "$(jq -c '[.magnitude.max, .cells]' <<<"$output")" = '[null,0]' ]
}

@test "flux: what it does not do is refused" {
    saddle >u.asc
    fails 2 "--flux takes no value: give k as in --flux -k 0.5" gradient --flux 0.5 u.asc q.tif
    fails 2 "--flux takes one INPUT and one OUTPUT, not 3 files" gradient --flux u.asc u.asc q.tif
    fails 2 "'.' is a folder: --flux takes one raster" gradient --flux . q.tif
    for option in --op=sobel3 --map=x --scale=2 --norm=l1 --colour=grey --alpha=ignore --white=3 --force \
        --report --progress=none --output=x; do
        fails 2 "${option%%=*} has no effect with --flux" gradient --flux "$option" u.asc q.tif
    done
    for option in --conductivity=2 --cell-size=3 --crs=projected --quiver=q.png --spacing=3 --streamlines=s.csv \
        --separation=3; do
        fails 2 "${option%%=*} has no effect without --flux" gradient "$option" u.asc q.png
    done
    fails 2 "--spacing has no effect without --quiver" gradient --flux --spacing 3 u.asc q.tif
    fails 2 "--separation has no effect without --streamlines" gradient --flux --separation 3 u.asc q.tif
    fails 2 "use .png, .svg or .pdf" gradient --flux --quiver q.csv u.asc q.tif
    fails 2 "use .png, .svg, .pdf, .geojson, .csv or .dxf" gradient --flux --streamlines s.txt u.asc q.tif
    fails 2 "q.png: this format cannot hold 2 bands of floats; TIFF can" gradient --flux u.asc q.png
    fails 2 "q.pfm: this format cannot hold 2 bands of floats; TIFF can" gradient --flux u.asc q.pfm
    fails 2 "cannot both be written to 's.svg'" gradient --flux --quiver s.svg --streamlines s.svg u.asc q.tif
    echo mine >s.csv
    fails 4 "s.csv" gradient --flux --streamlines s.csv u.asc q.tif
    [ ! -e q.tif ]
}
