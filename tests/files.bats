#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Files that must not be lost: inputs, other outputs, files of other programs. What is left out or
# not known is said. Progress over one file.
# shellcheck disable=SC2154,SC2094 # common.bash sets variables; one file is read and written on purpose

load common

plane() {
    awk 'BEGIN { print "P2 20 15 65535"; for (y = 0; y < 15; y++) for (x = 0; x < 20; x++) print 3 * x + 4 * y }' >plane.pgm
}

# keeps FILE... -- ARGUMENT...: the command changes none of the files and makes none.
keeps() {
    local files=()
    while [ "$1" != -- ]; do
        files+=("$1")
        shift
    done
    shift
    md5sum "${files[@]}" >"$BATS_TEST_TMPDIR/sums"
    find . | LC_ALL=C sort >"$BATS_TEST_TMPDIR/names"
    "$@" || return
    md5sum --quiet -c "$BATS_TEST_TMPDIR/sums" || broken "changed: $*" || return
    find . | LC_ALL=C sort | cmp -s - "$BATS_TEST_TMPDIR/names" || broken "made a file: $*"
}

# ---- an input is no output -----------------------------------------------------------------------

@test "an input is refused as an output of every command, under every name" {
    plane
    mkdir sub
    ln -s plane.pgm link.pgm
    ln plane.pgm hard.pgm
    ln -s . here
    for name in plane.pgm ./plane.pgm sub/../plane.pgm link.pgm hard.pgm here/plane.pgm "$PWD/plane.pgm"; do
        keeps plane.pgm -- fails 2 "'$name' is INPUT: name another file for OUTPUT" plane.pgm "$name"
        keeps plane.pgm -- fails 2 "'$name' is INPUT: name another file for --tri" \
            terrain --cell-size 9 plane.pgm --tri "$name"
    done
    for command in edges gradient "slope --cell-size 9" "aspect --cell-size 9" "hillshade --cell-size 9"; do
        # shellcheck disable=SC2086 # words
        keeps plane.pgm -- fails 2 "is INPUT" $command --overwrite hard.pgm link.pgm
    done
    keeps plane.pgm -- fails 2 "is INPUT: name another file for --json-lines" plane.pgm o.png --json-lines hard.pgm
    mv plane.pgm plane.html
    keeps plane.html -- fails 2 "is INPUT: name another file for --report" plane.html o.png --report plane.html
}

@test "standard input and output are files, too" {
    cp "$SMALL/grey.pgm" a.pgm
    keeps a.pgm -- fails 2 "'a.pgm' is INPUT" -f pgm - a.pgm <a.pgm
    keeps a.pgm -- fails 2 "is INPUT" -f pgm /dev/stdin ./a.pgm <a.pgm
    cp a.pgm before.pgm
    status=0
    edgegrad -f pgm a.pgm - 2>said >>a.pgm || status=$?
    [ "$status" -eq 2 ]
    cmp a.pgm before.pgm
    quiet a.pgm /dev/null -f pgm
    edgegrad a.pgm - -f pgm | cmp - <(edgegrad - /dev/stdout -f pgm <a.pgm | cat)
}

@test "descent, surface and merge-report: data, rasters and pages are no outputs" {
    plane
    printf 'x,y\n1,2\n2,3\n3,5\n' >t.csv
    ln -s t.csv link.csv
    keeps t.csv -- fails 2 "'link.csv' is the data of --data: name another file for --trace" \
        descent --model 'a*x+b' --data t.csv --target y --trace link.csv
    cp plane.pgm plane.png
    keeps plane.png -- fails 2 "is the raster of --field: name another file for --plot" \
        descent --field plane.png --from-pixel 9,9 --plot ./plane.png
    keeps plane.png -- fails 2 "is the raster of --field: name another file for --plot" \
        surface --field plane.png --at 5,5 --plot plane.png
    quiet plane.pgm e.png --report a.html
    keeps a.html -- fails 2 "'./a.html' is a PAGE to merge: name another file for --output" \
        merge-report a.html -o ./a.html
}

@test "two outputs are not one file, also where neither exists" {
    plane
    mkdir maps
    ln -s new.tif link.tif
    ln -s maps way
    for pair in "new.tif link.tif" "new.tif ./new.tif" "maps/a.tif way/a.tif" "link.tif new.tif"; do
        read -r a b <<<"$pair"
        keeps plane.pgm -- fails 2 "--slope and --tri cannot both be written to" \
            terrain --cell-size 9 plane.pgm --slope "$a" --tri "$b"
    done
    keeps plane.pgm -- fails 2 "--trace and --plot cannot both be written to" \
        descent x^2 --from 1 --trace a.png --plot ./a.png
    fails 2 "--json and --trace - cannot both go to standard output" descent x^2 --from 1 --trace - --json
    keeps plane.pgm -- fails 2 "OUTPUT and --report cannot both be written to" \
        plane.pgm p.html -f png --report p.html
    keeps plane.pgm -- fails 2 "--report and --json-lines cannot both" plane.pgm p.png --report p.html --json-lines ./p.html
    mkdir in out
    cp plane.pgm in/a.pgm
    cp "$SMALL/grey.pgm" in/b.pgm
    ln -s b.png out/a.png
    fails 2 "would both write" in out
    [ "$(ls out)" = a.png ]
}

# ---- files of other programs ---------------------------------------------------------------------

@test "two photographs: the second is not replaced unless --overwrite" {
    cp "$DATA/scene.jpg" a.jpg
    cp "$SMALL/rgb.jpg" b.jpg
    keeps a.jpg b.jpg -- fails 4 "b.jpg: exists and was not made by edgegrad; --overwrite replaces it, or -o FOLDER" a.jpg b.jpg
    keeps a.jpg b.jpg -- fails 4 "--overwrite replaces it" gradient ./*.jpg
    keeps a.jpg b.jpg -- fails 4 "--overwrite replaces it" slope --cell-size 9 a.jpg -o b.jpg
    [[ $stderr != *"-o FOLDER"* ]]
    keeps a.jpg b.jpg -- try -q a.jpg b.jpg
    [ "$status" -eq 4 ]
    [ -z "$stderr$output" ]
    quiet a.jpg b.jpg --overwrite
    quiet ./*.jpg -o out
    [ "$(ls out)" = $'a.png\nb.png' ]
}

@test "only files of other programs are refused: every kind" {
    cp "$SMALL/rgb.png" rgb.png
    cp "$DATA/hills.tif" hills.tif
    cp "$SMALL/grey-plain.pgm" plain.pgm
    cp "$SMALL/rgb.ppm" colour.pgm
    cp "$SMALL/rgb.pam" colour.pam
    printf 'PF\n1 1\n-1.0\n123456789012' >colour.pfm
    echo 'Dear reader' >letter.png
    head -c 5000 "$EDGEGRAD" >program.png
    head -c 300 /dev/urandom >noise.png
    for file in *; do
        keeps "$file" -- fails 4 "$file: exists and was not made by edgegrad" -f png "$SMALL/grey.png" "$file"
        quiet --overwrite -f png "$SMALL/grey.png" "$file"
        quiet -f png "$SMALL/grey.png" "$file"
    done
}

@test "the command's own outputs and empty files are replaced without a question" {
    plane
    for extension in png jpg pgm pbm pam tif; do
        quiet "$DATA/scene.jpg" "e.$extension"
        quiet "$SMALL/grey.png" "e.$extension"
    done
    for extension in tif asc pfm; do
        quiet slope --cell-size 10 plane.pgm "s.$extension"
        quiet aspect --cell-size 10 plane.pgm "s.$extension"
    done
    for extension in png svg pdf; do
        for _ in 1 2; do prints surface 'x^2+y^2' --at 1,1 --plot "p.$extension"; done
    done
    for _ in 1 2; do
        prints descent 'x^2+y^2' --from 1,1 --trace t.csv
        prints descent --field plane.pgm --from-pixel 9,9 --trace f.csv
        quiet surface 'x*y' --grid x=0:1:3,y=0:1:3 -o g.csv
        quiet surface 'x*y' --grid x=0:1:3,y=0:1:3 -o g.pfm
        quiet "$SMALL/grey.png" r.png --report r.html --json-lines l.json
        quiet merge-report r.html -o m.html
        quiet slope "$DATA/hills.tif" v.vrt
        cp "$DATA/hills.tif" h.tif
        prints descent --field h.tif --from 640675,5196445 --trace w.geojson
    done
    : >empty.png
    quiet "$SMALL/grey.png" empty.png
    mktemp ./XXXXXX.png >name
    quiet "$SMALL/grey.png" "$(cat name)"
}

@test "plots, tables, pages and parts of rasters of other programs stay" {
    plane
    for file in p.png p.svg p.pdf t.csv w.geojson g.csv l.json r.html g-dx.pfm v.vrt u.0000.tif; do
        echo 'of somebody else' >$file
    done
    printf '{\n"type": "FeatureCollection",\n"name": "roads",\n"features": [\n]\n}\n' >w.geojson
    for plot in p.png p.svg p.pdf; do
        keeps $plot -- fails 4 "$plot: exists" surface 'x^2+y^2' --at 1,1 --plot $plot
        keeps $plot -- fails 4 "$plot: exists" descent 'x^2+y^2' --from 1,1 --plot $plot
    done
    keeps t.csv -- fails 4 "t.csv: exists" descent 'x^2+y^2' --from 1,1 --trace t.csv
    keeps w.geojson -- fails 4 "w.geojson: exists" descent --field "$DATA/hills.tif" --from 640675,5196445 --trace w.geojson
    keeps g.csv -- fails 4 "g.csv: exists" surface 'x*y' --grid x=0:1:3,y=0:1:3 -o g.csv
    keeps g-dx.pfm -- fails 4 "g-dx.pfm: exists" surface 'x*y' --grid x=0:1:3,y=0:1:3 -o g.pfm
    keeps l.json -- fails 4 "l.json: exists" plane.pgm e.png --json-lines l.json
    keeps r.html -- fails 4 "r.html: exists" plane.pgm e.png --report r.html
    quiet plane.pgm e.png --report page.html
    keeps r.html -- fails 4 "r.html: exists" merge-report page.html -o r.html
    keeps v.vrt -- fails 4 "v.vrt: exists" slope "$DATA/hills.tif" v.vrt
    keeps u.0000.tif -- fails 4 "u.0000.tif: exists" slope "$DATA/hills.tif" u.vrt
    prints descent 'x^2+y^2' --from 1,1 --trace t.csv --plot p.svg --overwrite
    quiet surface 'x*y' --grid x=0:1:3,y=0:1:3 -o g.pfm --overwrite
    quiet merge-report page.html -o r.html --overwrite
    quiet slope "$DATA/hills.tif" u.vrt --overwrite
}

@test "a folder run keeps files of other programs, and does the others" {
    mkdir in out
    cp "$SMALL/grey.png" in/a.png
    cp "$SMALL/rgb.png" in/b.png
    cp "$DATA/scene.jpg" out/b.png
    prints in out --dry-run 2>/dev/null || true
    try in out --dry-run
    [ "$status" -eq 4 ]
    [ "$output" = "in/a.png -> out/a.png" ]
    [[ $stderr == *"out/b.png: exists and was not made by edgegrad"* ]]
    try in out
    [ "$status" -eq 4 ]
    [[ $stderr == *"out/b.png: exists"*"1 of 2 files done, 1 failed"* ]]
    cmp out/b.png "$DATA/scene.jpg"
    try in out --json
    [ "$status" -eq 4 ]
    [[ $output == *'"current": 1,'*'"failed": 1,'* ]]
    prints in out --json --overwrite
    [[ $output == *'"done": 1,'*'"current": 1,'* ]]
    prints in out --json # --overwrite is no other result
    [[ $output == *'"current": 2,'* ]]
    echo text >out/b.png # in the manifest: ours, whatever it holds now
    prints in out --json
    [[ $output == *'"done": 1,'* ]]
    echo other >page.html
    keeps page.html -- fails 4 "page.html: exists" in new --report page.html
}

# ---- nothing is left out in silence ---------------------------------------------------------------

@test "a folder run says how many files it leaves out" {
    mkdir -p in/sub
    cp "$SMALL/grey.png" in/a.png
    touch in/a.prj in/.hidden in/notes.txt in/song.mp3
    prints in out --json
    [[ $output == *'"done": 1,'*'"skipped_other": 2,'*'"skipped_folders": 1,'* ]]
    prints in out --json --recursive
    [[ $output == *'"current": 1,'*'"skipped_other": 2,'*'"skipped_folders": 0,'* ]]
    prints in out2 --json --pattern '*.png'
    [[ $output == *'"skipped_other": 2,'* ]]
    fails 3 "no file matches --pattern 'x*', 3 files left out" in out3 --pattern 'x*'
    rm in/a.png
    fails 3 "no file has the extension of a raster (.png, .jpg, .tif ...), 2 files left out" in out
    : >in/bad.png
    try in out
    [[ ${stderr_lines[1]} == *"0 of 1 files done, 1 failed"*"2 files of other kinds left out, 1 folder not searched (--recursive)" ]]
    command -v script >/dev/null || skip "no script(1)"
    rm in/bad.png
    cp "$SMALL/grey.png" in/a.png
    for _ in 1 2; do
        script -qec "'$EDGEGRAD' in out" said >/dev/null </dev/null
        grep -q "2 files of other kinds left out" said
    done
}

# ---- numbers that are not known -------------------------------------------------------------------

@test "failed records have null for numbers that are not known" {
    mkdir in
    : >in/empty.png
    head -c 500 "$SMALL/rgb.png" >in/torn.png
    try in missing.png -o out --json-lines lines --report page.html
    [ "$status" -eq 4 ]
    while read -r line; do is_json "$line"; done <lines
    grep -q '"input": "in/empty.png".*"width": null, "height": null, "low": null, "high": null, "automatic": null, "edge_share": null' lines
    grep -q '"input": "in/torn.png".*"width": [1-9].*"height": [1-9].*"edge_share": null' lines
    grep -q '"input": "missing.png".*"input_bytes": null, "width": null' lines
    quiet merge-report page.html -o all.html
    [ "$(grep -c '"outcome":"failed"' all.html)" -eq 3 ]
    try --json in/empty.png e.png
    [ "$status" -eq 3 ]
    is_json "$output"
    [[ $output == *'"outcome": "failed"'*'"code": 3'*'"error": "in/empty.png: is empty'*'"width": null'*'"edge_pixels": null'* ]]
    try slope --json in/empty.png e.tif --report p.html
    is_json "$output"
    [[ $output == *'"height": null'* ]]
}

# ---- progress over one file ------------------------------------------------------------------------

# slow SECONDS WIDTH HEIGHT: a black PGM, whose second half comes later.
slow() {
    printf 'P5 %d %d 255\n' "$2" "$3"
    head -c $(($2 * $3 / 2)) /dev/zero
    sleep "$1"
    head -c $(($2 * $3 / 2)) /dev/zero | tr '\0' '\377'
}

@test "a long run over one file shows its rows, a short one nothing" {
    slow 1.1 1000 2000 | edgegrad gradient -f pgm - out.pgm --progress line -t 1 2>said
    tr '\r' '\n' <said | grep -Eq '^\[#+\.*\] [0-9]+ %  [0-9]+ of 2000 rows  0:0[0-9] left'
    [ "$(tail -c 4 said | od -An -tx1 | tr -d ' ')" = 0d1b5b4b ] # erased
    edgegrad "$SMALL/grey.png" short.png --progress line 2>said
    [ ! -s said ]
    slow 1.1 1000 2000 | edgegrad gradient -f pgm - out.pgm 2>said # no terminal
    [ ! -s said ]
}

@test "--progress json over one file" {
    slow 0.8 1000 2000 | edgegrad - out.pbm --progress json -t 1 2>said
    while read -r line; do is_json "$line"; done <said
    grep -q '^{"event": "progress", "input": "-", "rows": [0-9]*, "rows_total": 2000, "seconds": ' said
    tail -n 1 said | grep -q '"event": "end", "input": "-", "rows": 2000, "rows_total": 2000'
    edgegrad "$SMALL/grey.png" a.png --progress json --report p.html 2>said
    tail -n 1 said | grep -q '"event": "end"'
}

@test "a message erases the progress line first" {
    command -v script >/dev/null || skip "no script(1)"
    mkdir in
    for i in 1 2 3 4 5 6 7 8; do cp "$DATA/scene.jpg" "in/$i.jpg"; done
    : >in/bad.jpg
    mkfifo in/slow.pgm
    script -qec "'$EDGEGRAD' in/* -o out -t 1 & sleep 0.3; head -c 100 /dev/zero >in/slow.pgm; wait" said >/dev/null </dev/null
    tr '\r' '\n' <said | grep -q 'bad.jpg: is empty'
    # no message follows a bar on its line
    run ! grep -E '\] *[^K]*[a-z]edgegrad: ' <(tr '\r' '\n' <said)
    grep -q "failed" said
}
