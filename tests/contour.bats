#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad contour: the command, its formats, errors, and GDAL's lines.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# A cone of 41 x 31 samples.
cone() {
    awk 'BEGIN {
        print "ncols 41\nnrows 31\nxllcorner 1000\nyllcorner 5000\ncellsize 10\nNODATA_value -9999"
        for (y = 0; y < 31; y++)
            for (x = 0; x < 41; x++)
                printf "%.6f%s", 100.3 - 6 * sqrt((x - 20) ^ 2 + (y - 15) ^ 2), x < 40 ? " " : "\n"
    }' >cone.asc
}

# features FILE: number of lines and of points, first level, first position.
features() {
    python3 - "$1" <<'END'
import json, sys
lines = json.load(open(sys.argv[1]))["features"]
assert [f["properties"]["ID"] for f in lines] == list(range(len(lines)))
points = [f["geometry"]["coordinates"] for f in lines]
assert all(f["geometry"]["type"] == "LineString" and len(p) > 1 for f, p in zip(lines, points))
print(len(lines), sum(map(len, points)))
END
}

@test "contour: GeoJSON has a line for each ring, with ID and ELEV" {
    cone
    quiet contour cone.asc cone.geojson --interval 10 --base 3
    python3 - <<'END'
import json, math
from collections import Counter
c = json.load(open("cone.geojson"))
assert c["type"] == "FeatureCollection" and "crs" not in c
closed = Counter()
for f in c["features"]:
    level, p = f["properties"]["ELEV"], f["geometry"]["coordinates"]
    assert (level - 3) % 10 == 0
    for x, y in p:
        radius = math.hypot((x - 1205) / 10, (y - 5155) / 10)
        assert abs(radius - (100.3 - level) / 6) < 0.13 / max(radius, 0.2)
    closed[level] += p[0] == p[-1]
    # higher values are inside, on the left: counter-clockwise where y increases upwards
    if p[0] == p[-1]:
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(p, p[1:])) > 0
assert all(closed[level] == 1 for level in range(13, 101, 10))
END
}

@test "contour: all formats have the same lines" {
    cone
    for format in geojson svg csv dxf; do
        quiet contour cone.asc lines.$format --levels 50,2.5,80
        contour cone.asc - --format $format --levels 80,2.5,50,50 >piped
        cmp piped lines.$format
        prints contour cone.asc lines.$format --levels 2.5,50,80 --json
        [ "$(jq '[.lines, .closed] | @csv' <<<"$output")" = '"4,2"' ]
    done
    read -r lines points < <(features lines.geojson)
    [ "$lines" -eq 4 ]
    [ "$(head -n 1 lines.csv)" = id,level,x,y ]
    [ "$(tail -n +2 lines.csv | cut -d, -f1 | sort -u | wc -l)" -eq 4 ]
    [ "$(tail -n +2 lines.csv | cut -d, -f2 | sort -u | xargs)" = "2.5 50 80" ]
    [ "$(tail -n +2 lines.csv | wc -l)" -eq "$points" ]
    xmllint --noout lines.svg
    [ "$(grep -c '<path class="level-[0-9_]*" data-level="[0-9.]*" d="M' lines.svg)" -eq 4 ]
    grep -q 'viewBox="0 0 41 31"' lines.svg
    [ "$(grep -c 'class="level-2_5"' lines.svg)" -eq 2 ]
    [ "$(grep -c 'Z"/>$' lines.svg)" -eq 2 ]
    [ "$(grep -c '^POLYLINE$' lines.dxf)" -eq 4 ]
    [ "$(grep -c '^VERTEX$' lines.dxf)" -eq $((points - 2)) ] # of rings the last is the first
    [ "$(tail -n 1 lines.dxf)" = EOF ]
}

# contour ARGUMENT...: the command.
contour() {
    edgegrad contour "$@"
}

@test "contour: coordinates without georeferencing are columns and rows" {
    printf 'P2 3 2 255\n0 10 20\n0 10 20\n' >ramp.pgm
    contour ramp.pgm - -f csv --levels 5,10 >lines.csv
    diff lines.csv - <<'END'
id,level,x,y
0,5,0.5,0
0,5,0.5,1
1,10,1,0
1,10,1,1
END
    contour ramp.pgm - -f svg --levels 5 | grep -q 'd="M1 0.5L1 1.5"'
    contour ramp.pgm - -f dxf --levels 5 | grep -A 8 '^VERTEX' | xargs |
        grep -q '10 0.5 20 1 30 5 .*10 0.5 20 0 30 5'
}

@test "contour: GeoJSON names a coordinate system other than longitude and latitude" {
    quiet contour "$DATA/hills.tif" hills.geojson --interval 20
    read -r lines _ < <(features hills.geojson)
    [ "$lines" -gt 10 ]
    code=$(edgegrad info --json "$DATA/hills.tif" | grep -o 'EPSG:[0-9]*' | head -n 1)
    if [ -n "$code" ]; then
        jq -r .crs.properties.name hills.geojson | grep -q "${code#EPSG:}"
    fi
}

@test "contour: threads and strips change no byte" {
    contour "$DATA/hills.tif" one.csv -i 7 -t 1
    for rows in 1 2 5 33; do
        contour "$DATA/hills.tif" other.csv -i 7 -t 3 --strip-rows $rows
        cmp one.csv other.csv
    done
}

@test "contour: a raster without lines gives an empty file and a warning" {
    printf 'P2 3 2 255\n7 7 7\n7 7 7\n' >flat.pgm
    for format in geojson svg csv dxf; do
        try contour flat.pgm empty.$format --interval 10
        [ "$status" -eq 0 ]
        [ -s empty.$format ]
        [[ "$stderr" == "edgegrad: warning: flat.pgm: is constant, 7; there are no contour lines" ]]
    done
    [ "$(jq '.features | length' empty.geojson)" -eq 0 ]
    xmllint --noout empty.svg
    quiet contour flat.pgm empty.csv --interval 10 --quiet
    cone
    try contour cone.asc empty.csv --levels 1000
    [ "$status" -eq 0 ]
    [[ "$stderr" == *"has values from "*"there are no contour lines at these levels" ]]
    [ "$(cat empty.csv)" = id,level,x,y ]
}

@test "contour: options out of range are refused" {
    cone
    for value in 0 -5 nan inf x ''; do
        try contour cone.asc out.csv --interval "$value"
        refused 2 "--interval"
    done
    for value in '' x 1,,2 '1,' nan 1e999; do
        try contour cone.asc out.csv --levels "$value"
        refused 2 "--levels"
    done
    try contour cone.asc out.csv
    refused 2 "no levels: give --interval"
    try contour cone.asc out.csv --interval 1 --levels 1
    refused 2 "cannot be used together"
    try contour cone.asc out.csv --levels 1 --base 2
    refused 2 "--base has no effect"
    try contour cone.asc out.csv --interval 1e-6
    refused 2 "more than 100000 levels"
    try contour cone.asc out.png --interval 1
    refused 2 "no extension of a format of lines: use .geojson"
    try contour cone.asc - --interval 1 --json
    refused 2 "standard output"
    [ ! -e out.csv ]
}

@test "contour: files that cannot be read or written leave the old output" {
    cone
    echo mine >old.csv
    try contour cone.asc old.csv -i 10
    refused 4 "was not made by edgegrad"
    for format in geojson csv svg dxf; do
        quiet contour cone.asc own.$format -i 10
        quiet contour cone.asc own.$format -i 20
    done
    cp own.csv before.csv
    head -n 20 cone.asc >cut.asc
    try contour cut.asc own.csv -i 10
    refused 3 "cut.asc"
    cmp own.csv before.csv
    try contour cone.asc nowhere/out.csv -i 10
    refused 4 "nowhere/out.csv"
    try contour cone.asc . -f csv -i 10
    refused 4 "is a folder"
    try contour cone.asc cone.asc -f csv -i 10
    refused 2 "overwrite"
    try contour missing.tif out.csv -i 10
    refused 4 "missing.tif"
    try contour cone.asc /dev/full -f csv -i 10
    refused 4 "/dev/full"
    try contour cone.asc own.csv -i 10 --max-memory 20K
    refused 5 "memory"
    cmp own.csv before.csv
}

# GDAL continues lines by half a cell to the border, so the island's levels are inside it.
@test "contour: lines of an island are those of gdal_contour" {
    command -v gdal_contour >/dev/null || skip "gdal_contour is not installed"
    awk 'BEGIN {
        print "ncols 90\nnrows 70\nxllcorner 0\nyllcorner 0\ncellsize 1"
        for (y = 0; y < 70; y++)
            for (x = 0; x < 90; x++)
                printf "%.7f%s", 100 * exp(-((x - 45) / 22) ^ 2 - ((y - 35) / 17) ^ 2) \
                    + 9 * sin(x / 2.3) * sin(y / 3.1) - 20, x < 89 ? " " : "\n"
    }' >island.asc
    gdal_contour -q -a ELEV -off 0.123 -i 5 -f GeoJSON island.asc gdal.json
    quiet contour island.asc ours.geojson --interval 5 --base 0.123
    python3 - <<'END'
import json, math
from collections import defaultdict
def read(name):
    levels = defaultdict(lambda: [0, 0.0])
    for f in json.load(open(name))["features"]:
        p = f["geometry"]["coordinates"]
        if f["properties"]["ELEV"] < 0:
            continue # reaches the border
        level = levels[round(f["properties"]["ELEV"], 6)]
        level[0] += 1
        level[1] += sum(math.dist(a, b) for a, b in zip(p, p[1:]))
    return levels
ours, gdal = read("ours.geojson"), read("gdal.json")
assert len(ours) > 10 and ours.keys() == gdal.keys()
for level, (count, length) in ours.items():
    assert count == gdal[level][0], (level, count, gdal[level])
    assert abs(length - gdal[level][1]) <= 1e-6 * length, (level, length, gdal[level])
END
}

# ---- areas ---------------------------------------------------------------------------------------

@test "contour --fill: GeoJSON has polygons that cover the valid cells" {
    cone
    sed -i '10s/[^ ]*/-9999/7' cone.asc
    quiet contour cone.asc areas.geojson --interval 10 --base 3 --fill
    python3 - <<'END'
import json
def area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2
c = json.load(open("areas.geojson"))
total = 0
for i, f in enumerate(c["features"]):
    p, rings = f["properties"], f["geometry"]["coordinates"]
    assert f["geometry"]["type"] == "Polygon" and p["ID"] == i
    assert p["ELEV_MAX"] == p["ELEV_MIN"] + 10 and (p["ELEV_MIN"] - 3) % 10 == 0
    assert all(r[0] == r[-1] and len(r) > 3 for r in rings)
    assert area(rings[0]) > 0 and all(area(r) < 0 for r in rings[1:])
    total += sum(map(area, rings))
assert abs(total - (40 * 30 - 4) * 100) < 1e-3, total
END
}

@test "contour --fill: all formats have the same areas, the same with any threads and strips" {
    cone
    for format in geojson svg csv; do
        quiet contour cone.asc areas.$format --levels 50,2.5,80 --fill
        contour cone.asc - --format $format --levels 80,2.5,50,50 --fill -t 1 --strip-rows 3 >piped
        cmp piped areas.$format
        prints contour cone.asc areas.$format --levels 2.5,50,80 --fill --json
        [ "$(jq '[.areas, .holes] | @csv' <<<"$output")" = '"5,2"' ]
    done
    [ "$(head -n 1 areas.csv)" = id,low,high,ring,x,y ]
    [ "$(tail -n +2 areas.csv | cut -d, -f1,4 | sort -u | wc -l)" -eq 7 ]
    [ "$(tail -n +2 areas.csv | cut -d, -f2,3 | sort -u | xargs)" = ",2.5 2.5,50 50,80 80," ]
    [ "$(jq -c '[.features[].properties | [.ELEV_MIN, .ELEV_MAX]] | unique' areas.geojson)" = \
        '[[null,2.5],[2.5,50],[50,80],[80,null]]' ]
    xmllint --noout areas.svg
    [ "$(grep -c '<path class="band-' areas.svg)" -eq 5 ]
    for class in band-to-2_5 band-2_5-to-50 band-50-to-80 band-80-up; do
        grep -q "^<path class=\"$class\"" areas.svg
        grep -q "^\.$class{fill:#[0-9a-f]*}$" areas.svg
    done
    contour "$DATA/hills.tif" one.csv -i 7 -t 1 --fill
    for rows in 1 2 5 33; do
        contour "$DATA/hills.tif" other.csv -i 7 -t 3 --strip-rows $rows --fill
        cmp one.csv other.csv
    done
}

@test "contour --fill: DXF and rasters without cells" {
    cone
    try contour cone.asc areas.dxf -i 10 --fill
    refused 2 "no areas with holes"
    [ ! -e areas.dxf ]
    printf 'P2 3 1 255\n7 8 9\n' >row.pgm
    for format in geojson svg csv; do
        try contour row.pgm empty.$format -i 1 --fill
        [ "$status" -eq 0 ]
        [ -s empty.$format ]
        [[ "$stderr" == *"contour lines need 2 x 2" ]]
    done
    printf 'P2 3 2 255\n7 7 7\n7 7 7\n' >flat.pgm
    quiet contour flat.pgm flat.csv -i 10 --fill
    [ "$(tail -n +2 flat.csv | xargs)" = "0,0,10,0,0,0 0,0,10,0,2,0 0,0,10,0,2,1 0,0,10,0,0,1 0,0,10,0,0,0" ]
}

# valid FILE: numbers of areas and of those that OGR calls valid.
valid() {
    ogrinfo -ro -q -dialect SQLite -sql "SELECT count(*) AS n, sum(ST_IsValid(geometry)) AS v \
        FROM '$(basename "${1%.*}")'" "$1" | sed -n 's/.* = //p' | xargs
}

# Whole numbers at whole levels: areas touch themselves at many samples.
@test "contour --fill: OGR calls all polygons valid" {
    command -v ogrinfo >/dev/null || skip "ogrinfo is not installed"
    awk 'BEGIN {
        srand(5)
        print "ncols 40\nnrows 30\nxllcorner 0\nyllcorner 0\ncellsize 3\nNODATA_value -9"
        for (y = 0; y < 30; y++)
            for (x = 0; x < 40; x++)
                printf "%d%s", rand() < 0.03 ? -9 : 5 * rand(), x < 39 ? " " : "\n"
    }' >noise.asc
    quiet contour noise.asc areas.geojson -i 1 --fill
    read -r all good < <(valid areas.geojson)
    [ "$all" -gt 300 ]
    [ "$good" -eq "$all" ]
}

# ---- inputs of all kinds -------------------------------------------------------------------------

# Sides are 1/20 long, so the line is within 1/800 / 3 of the circle of radius 3 (sagitta).
@test "contour: lines of a grid of surface are circles" {
    for format in tif pfm; do
        quiet surface 'x^2+y^2' --grid x=-5:5:201,y=-5:5:201 -o "grid.$format"
        quiet contour "grid.$format" "circle-$format.csv" --levels 9
        awk -F, 'NR > 1 {
            n++
            x[n] = $3
            y[n] = $4
            left = n == 1 || $3 < left ? $3 : left
            right = n == 1 || $3 > right ? $3 : right
            top = n == 1 || $4 < top ? $4 : top
            bottom = n == 1 || $4 > bottom ? $4 : bottom
        } END {
            for (i = 1; i <= n; i++) {
                r = sqrt((x[i] - (left + right) / 2) ^ 2 + (y[i] - (top + bottom) / 2) ^ 2) / \
                    (right - left) * 6
                if (r < 2.999 || r > 3.0001)
                    exit 1
            }
            exit n < 200
        }' "circle-$format.csv" || broken "$format"
    done
}

# The disc is white inside: its area is that of the circle half way.
@test "contour: lines and areas of a picture" {
    awk 'BEGIN {
        print "P2 61 61 255"
        for (y = -30; y <= 30; y++)
            for (x = -30; x <= 30; x++) {
                v = 127.5 + 40 * (20 - sqrt(x * x + y * y))
                print int((v < 0 ? 0 : v > 255 ? 255 : v) + 0.5)
            }
    }' >disc.pgm
    quiet contour disc.pgm disc.geojson --levels 127.5 --fill
    python3 - <<'END'
import json, math
f = json.load(open("disc.geojson"))["features"]
assert len(f) == 2 and f[0]["properties"] == {"ID": 0, "ELEV_MIN": 127.5, "ELEV_MAX": None}
ring = f[0]["geometry"]["coordinates"][0]
area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2
assert abs(area / (math.pi * 400) - 1) < 0.005, area
END
}

@test "contour: coordinates that numbers cannot tell apart are refused" {
    printf 'ncols 2\nnrows 2\nxllcorner 1e17\nyllcorner 0\ncellsize 1\n0 1\n0 1\n' >far.asc
    for format in geojson csv dxf; do
        try contour far.asc out.$format --levels 0.5
        refused 3 "check the georeferencing"
        [ ! -e out.$format ]
    done
}

@test "contour: GeoPackage" {
    cone
    if [[ $(edgegrad --version) != *$'\n'"GDAL "* ]]; then
        try contour cone.asc lines.gpkg -i 10
        refused 3 "needs a build with GDAL"
        [ ! -e lines.gpkg ]
        return
    fi
    quiet contour cone.asc lines.gpkg -i 10
    quiet contour cone.asc lines.geojson -i 10
    ogrinfo -ro -so lines.gpkg contour | grep -q "^ELEV: Real"
    [ "$(ogrinfo -ro -so lines.gpkg contour | grep -c 'Feature Count')" -eq 1 ]
    quiet contour cone.asc areas.gpkg -i 10 --fill
    ogrinfo -ro -so areas.gpkg contour | grep -q "^ELEV_MAX: Real"
}
