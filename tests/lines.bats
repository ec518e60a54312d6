#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Lines of edges: formats, files beside the edges, folders, pipes, georeferencing, errors.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# A bright disc of radius 20 around (39.5, 39.5), of 80 x 80 pixels, with 8 x 8 samples each.
disc() {
    awk 'BEGIN {
        print "P2\n80 80\n255"
        for (y = 0; y < 80; y++)
            for (x = 0; x < 80; x++) {
                n = 0
                for (k = 0; k < 64; k++)
                    n += (x + (k % 8 - 3.5) / 8 - 39.5) ^ 2 + (y + (int(k / 8) - 3.5) / 8 - 39.5) ^ 2 < 400
                printf "%d\n", 40 + n * 160 / 64
            }
    }' >disc.pgm
}

@test "lines: an OUTPUT with the extension of a format of lines has them" {
    disc
    quiet disc.pgm disc.csv
    [ "$(head -1 disc.csv)" = id,x,y,strength,direction,left,right ]
    python3 - <<'END'
import csv, math
rows = list(csv.DictReader(open("disc.csv")))
assert {r["id"] for r in rows} == {"0"}
for r in rows:
    x, y = float(r["x"]) - 39.5, float(r["y"]) - 39.5
    assert abs(math.hypot(x, y) - 20) < 0.1
    assert math.cos(math.radians(float(r["direction"])) - math.atan2(-y, -x)) > 0.99
    for side, level in ("left", 200), ("right", 40):
        assert all(abs(int(r[side][i : i + 2], 16) - level) <= 3 for i in (1, 3, 5))
assert rows[0]["x"] == rows[-1]["x"] and rows[0]["y"] == rows[-1]["y"]
END
}

@test "lines: all formats have the same points" {
    disc
    for format in csv geojson svg dxf; do
        quiet edges disc.pgm lines.$format
        edgegrad disc.pgm - --format $format >piped
        cmp piped lines.$format
        quiet disc.pgm lines.$format # replaces its own file
        echo mine >other.$format
        fails 4 "--overwrite" disc.pgm other.$format
        edgegrad - - --format $format <disc.pgm >piped
        cmp piped lines.$format
    done
    python3 - <<'END'
import csv, json, re
import xml.etree.ElementTree as xml
points = [(float(r["x"]), float(r["y"])) for r in csv.DictReader(open("lines.csv"))]
feature, = json.load(open("lines.geojson"))["features"]
assert [tuple(p) for p in feature["geometry"]["coordinates"]] == points
p = feature["properties"]
assert p["ID"] == 0 and p["LEFT"] == "#c8c8c8" and p["RIGHT"] == "#282828"
assert 0.9 * 125.6 < p["LENGTH"] < 1.02 * 125.7 and p["STRENGTH"] > 10
path, = xml.parse("lines.svg").iter("{http://www.w3.org/2000/svg}path")
d = path.get("d")
assert d[0] == "M" and d[-1] == "Z"
svg = [tuple(map(float, p.split())) for p in re.split("[ML]", d[1:-1])]
assert all(abs(a - c - 0.5) < 1e-3 and abs(b - e - 0.5) < 1e-3 for (a, b), (c, e) in zip(svg, points))
dxf = open("lines.dxf").read().split("\n")
assert dxf.count("VERTEX") == len(points) - 1 and "EDGE" in dxf
END
    xmllint --noout lines.svg || ! command -v xmllint
}

@test "lines: beside the edges, which stay the same" {
    quiet "$DATA/scene.jpg" wanted.png
    quiet "$DATA/scene.jpg" edges.png --lines edges.svg
    cmp wanted.png edges.png
    quiet "$DATA/scene.jpg" alone.svg
    cmp alone.svg edges.svg
    edgegrad "$DATA/scene.jpg" edges.png --lines - >piped.geojson
    quiet "$DATA/scene.jpg" alone.geojson
    cmp alone.geojson piped.geojson
    quiet "$DATA/scene.jpg" over.png --overlay red --lines edges.dxf --lines-format svg
    cmp alone.svg edges.dxf
    edgegrad - over2.png --overlay red --lines piped.svg <"$DATA/scene.jpg"
    cmp over.png over2.png
    cmp alone.svg piped.svg
}

@test "lines: of ridges, at the middle of dark lines" {
    awk 'BEGIN {
        print "P2\n60 60\n255"
        for (i = 0; i < 3600; i++) {
            d = int(i / 60) - 0.3 * (i % 60) - 20.25
            printf "%d\n", 200 - 150 * exp(-d * d / 5)
        }
    }' >dark.pgm
    quiet --method ridge --ridges dark dark.pgm dark.csv
    tail -n +2 dark.csv | awk -F, '$2 > 8 && $2 < 52 { n++; d = $3 - 0.3 * $2 - 20.25; if (d * d > 0.01) exit 1 }
        END { exit !(n > 30) }'
}

@test "lines: options make fewer lines and points, and JSON counts them" {
    prints --json "$DATA/scene.jpg" all.csv
    all=$(jq .lines.count <<<"$output") points=$(jq .lines.points <<<"$output")
    [ "$(tail -n +2 all.csv | wc -l)" -eq "$points" ]
    [ "$(tail -n +2 all.csv | cut -d, -f1 | sort -u | wc -l)" -eq "$all" ]
    prints --json "$DATA/scene.jpg" long.csv --min-length 5%
    [ "$(jq '.lines.count + .lines.left_out' <<<"$output")" -eq "$all" ]
    [ "$(jq .lines.left_out <<<"$output")" -gt 0 ]
    prints --json "$DATA/scene.jpg" few.csv --simplify 0.5
    [ "$(jq .lines.count <<<"$output")" -eq "$all" ]
    [ "$(jq .lines.points <<<"$output")" -lt $((points / 2)) ]
    [ "$(jq -r .lines.output <<<"$output")" = few.csv ]
}

@test "lines: folders, with reports, records of what is current, and --name" {
    mkdir in
    cp "$DATA/scene.jpg" in/a.jpg
    cp "$DATA/scene.jpg" in/b.jpg
    quiet "$DATA/scene.jpg" wanted.svg
    edgegrad in svg --format svg --report page.html --progress none
    cmp wanted.svg svg/a.svg
    grep -q svg/b.svg page.html
    edgegrad in png --lines vector --progress none
    cmp wanted.svg vector/b.svg
    [ -f png/a.png ]
    before=$(stat -c %Y.%i vector/a.svg)
    edgegrad in png --lines vector --progress none
    [ "$(stat -c %Y.%i vector/a.svg)" = "$before" ]
    edgegrad in named --lines vector2 --lines-format csv --name '{stem}_edges.png' --progress none
    quiet "$DATA/scene.jpg" wanted.csv
    cmp wanted.csv vector2/a_edges.csv
}

@test "lines: coordinates are those of the raster" {
    awk 'BEGIN {
        print "ncols 40\nnrows 40\nxllcorner 1000\nyllcorner 5000\ncellsize 10"
        for (y = 0; y < 40; y++)
            for (x = 0; x < 40; x++)
                printf "%d%s", x < 20 ? 10 : 200, x < 39 ? " " : "\n"
    }' >step.asc
    quiet step.asc step.csv --white 255 --sigma 1
    tail -n +2 step.csv | awk -F, '
        { if ($2 < 1199 || $2 > 1201 || $3 < 5000 || $3 > 5400) exit 1; if ($3 > top) top = $3 }
        END { exit !(top > 5380) }'
    # Values are no intensities: there are no colours beside the line.
    quiet step.asc step.geojson --white 255 --sigma 1
    quiet step.asc step.svg --white 255 --sigma 1
    [ "$(head -n 1 step.csv)" = id,x,y,strength,direction ]
    grep -q STRENGTH step.geojson && grep -q data-strength step.svg
    if grep -qE 'LEFT|data-left' step.geojson step.svg; then broken 'there are colours'; fi
}

@test "lines: nothing found gives a complete file and a warning" {
    printf 'P2\n4 4\n255\n%s\n' "$(yes 7 | head -16)" >flat.pgm
    for format in csv geojson svg dxf; do
        run -0 --separate-stderr edgegrad flat.pgm flat.$format
        [[ "$stderr" == *warning*flat.pgm* ]]
    done
    [ "$(cat flat.csv)" = id,x,y,strength,direction,left,right ]
    [ "$(jq '.features | length' flat.geojson)" = 0 ]
    disc
    run -0 --separate-stderr edgegrad disc.pgm none.csv --min-length 1000
    [[ "$stderr" == *"1000 pixels or more"* ]]
}

@test "lines: options without effect, and formats that do not exist, are refused" {
    disc
    for options in "a.png --min-length 3" "a.png --simplify 1" "a.png --smooth 1" \
        "a.svg --lines b.svg" "a.svg --invert" "a.svg --overlay red" "a.svg --thickness 2" \
        "a.png --lines b.xyz" "a.png --lines-format svg" "a.svg --threshold 9/px" \
        "a.png --lines a.png" "a.png --lines b.svg --min-length x" \
        "a.png --lines b.svg --min-length 101%" "a.png --lines b.svg --smooth -1"; do
        # shellcheck disable=SC2086 # several words
        run -2 edgegrad disc.pgm $options
        [ "${#lines[@]}" -le 2 ]
    done
    run ! ls a.png a.svg b.svg
}

@test "lines: failures leave no file" {
    disc
    head -c 300 disc.pgm >cut.pgm
    run -3 edgegrad cut.pgm cut.png --lines cut.svg
    run ! ls cut.png cut.svg
    run -4 edgegrad disc.pgm edges.png --lines missing/edges.svg
    run ! ls edges.png
}
