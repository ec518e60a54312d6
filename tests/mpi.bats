#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# One raster over several ranks: the pixels of a single process, and one end for all.

load common

EDGEGRAD_MPI=$(realpath "${EDGEGRAD_MPI:-$TOP/build/edgegrad-mpi}")
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1
export OMPI_MCA_btl_base_warn_component_unused=0 OMPI_MCA_orte_abort_print_stack=0

# ranks N ARGUMENT...: the command by N ranks.
ranks() {
    local n=$1
    shift
    timeout -s KILL 60 mpirun --oversubscribe -n "$n" "$EDGEGRAD_MPI" "$@"
}

# try_ranks N ARGUMENT...: `try` with them. $stderr leaves out the messages of mpirun.
try_ranks() {
    status=0
    output=$(ranks "$@" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
    stderr=$(grep '^edgegrad: ' "$BATS_TEST_TMPDIR/stderr" || :)
    # shellcheck disable=SC2034 # for `refused`
    mapfile -t stderr_lines <<<"$stderr"
}

# works N ARGUMENT...: succeeds and says nothing.
works() {
    try_ranks "$@"
    [ "$status" -eq 0 ] || broken "exit code $status: by $*" || return
    [ -z "$output$stderr" ] || broken "success is not silent: by $*"
}

# stops N CODE TEXT ARGUMENT...: every rank ends, with one message.
stops() {
    local n=$1 code=$2 text=$3
    shift 3
    try_ranks "$n" "$@"
    refused "$code" "$text" || broken "by $n: $*"
}

# hill WIDTH HEIGHT: an ASCII grid of heights in degrees, a few of them missing.
hill() {
    awk -v w="$1" -v h="$2" 'BEGIN {
        print "ncols", w; print "nrows", h; print "xllcorner 7.3"; print "yllcorner 46.1"
        print "cellsize 0.0027777777777777778"; print "NODATA_value -9999"
        for (y = 0; y < h; y++)
            for (x = 0; x < w; x++)
                printf "%s%s", (x * 7 + y * 13) % 97 == 5 ? -9999 : 800 + 200 * sin(x / 9) * cos(y / 7) + (x * y) % 11,
                    x + 1 < w ? " " : "\n"
    }' >hill.asc
    printf '%s\n' 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]' >hill.prj
}

# spiral: an image of one line that winds through all rows, bright in the middle only.
spiral() {
    awk 'BEGIN {
        print "P2 260 250 255"
        for (y = 0; y < 250; y++)
            for (x = 0; x < 260; x++) {
                r = sqrt((x - 130) ^ 2 + (y - 125) ^ 2)
                t = r / 11 - atan2(y - 125, x - 130) / 6.283185307179586
                print t - int(t + 10) + 10 < 0.5 ? (r < 16 ? 250 : 60) : 0
            }
    }' >spiral.pgm
}

# same_values A B: rasters that GDAL reads have the same pixels, place on the ground and missing cells. True without GDAL.
same_values() {
    command -v gdal_translate >/dev/null || return 0
    gdal_translate -q -of ENVI "$1" "$BATS_TEST_TMPDIR/1.img" &&
        gdal_translate -q -of ENVI "$2" "$BATS_TEST_TMPDIR/2.img" &&
        cmp "$BATS_TEST_TMPDIR/1.img" "$BATS_TEST_TMPDIR/2.img" || return
    local what='Size is|Origin|Pixel Size|NoData|Type=|^ +[0-9]: |(GEOG|PROJ)CRS|Upper|Lower'
    diff <(gdalinfo "$1" | grep -E "$what" | sed -e 's/Block=[^ ]*//' -e 's/^ *//') \
        <(gdalinfo "$2" | grep -E "$what" | sed -e 's/Block=[^ ]*//' -e 's/^ *//')
}

@test "terrain, collected: the bytes of a single run" {
    hill 300 211
    for command in slope aspect hillshade; do
        edgegrad $command hill.asc whole.tif
        for n in 1 2 3 4; do
            works $n $command hill.asc "$n.tif"
            cmp whole.tif "$n.tif" || broken "$command by $n"
        done
    done
}

@test "maps of one pass go into any mixture of files" {
    hill 300 211
    edgegrad terrain hill.asc --slope s.pfm --hillshade h.png --d8 d.asc
    works 3 terrain hill.asc --slope s3.pfm --hillshade h3.png --d8 d3.asc --tpi t3.vrt
    cmp s.pfm s3.pfm
    cmp d.asc d3.asc
    same_picture h.png h3.png
    for end in png.aux.xml pgw; do cmp "h.$end" "h3.$end"; done
    cmp d.prj d3.prj
    holds {s,s3}.pfm {h,h3}.{png,png.aux.xml,pgw} {d,d3}.{asc,prj} t3.vrt t3.000{0,1,2}.tif hill.{asc,prj}
}

@test "gradients of images" {
    for args in "" "--sigma 2 --map x --border reflect" "--op sobel7 --depth 8 --border constant"; do
        # shellcheck disable=SC2086 # words
        edgegrad gradient $args "$DATA/scene.jpg" whole.tif
        for n in 2 4; do
            # shellcheck disable=SC2086
            works $n gradient $args "$DATA/scene.jpg" "$n.tif"
            cmp whole.tif "$n.tif" || broken "$args by $n"
        done
    done
}

@test "edges: one pair of thresholds, and lines that go on" {
    spiral
    for args in "" "--sigma 0 --low 60 --high 600" "--threshold 90" "--op sobel3" "--sigma 6 --high 90%" \
        "--method boundary" "--method ridge" "--method ridge --low 1 --high 2" "--density 2%" "--threshold 4/px"; do
        for picture in "$DATA/scene.png" spiral.pgm; do
            # shellcheck disable=SC2086
            edgegrad $args "$picture" whole.pgm
            for n in 1 2 3 4; do
                # shellcheck disable=SC2086
                works $n $args "$picture" "$n.pgm"
                cmp whole.pgm "$n.pgm" || broken "$args $picture by $n"
            done
        done
    done
}

@test "edges drawn thick, inverted and in colours, over borders of blocks" {
    spiral
    # of 40 rows and 5 ranks a block has fewer rows than edges are thick
    awk 'BEGIN { print "P2 90 40 255"; for (i = 0; i < 3600; i++) print (int(i / 90 / 7) + int(i % 90 / 9)) % 2 * 200 }' >flat.pgm
    for args in "--thickness 15 --invert" "--thickness 31 --threshold 4/px" "--overlay red --thickness 6" \
        "--colourize direction" "--colourize direction --op sobel3 --thickness 4"; do
        for picture in "$DATA/scene.png" spiral.pgm flat.pgm; do
            # shellcheck disable=SC2086
            edgegrad $args "$picture" whole.pam
            for n in 1 2 3 5; do
                # shellcheck disable=SC2086
                works $n $args "$picture" "$n.pam"
                cmp whole.pam "$n.pam" || broken "$args $picture by $n"
            done
        done
    done
    edgegrad --overlay red "$DATA/scene.png" whole.tif
    works 3 --overlay red "$DATA/scene.png" parts.vrt
    command -v gdal_translate >/dev/null || skip "no gdal_translate for the bands of a VRT"
    for band in 1 2 3; do
        gdal_translate -q -b $band whole.tif 1.tif
        gdal_translate -q -b $band parts.vrt 2.tif
        same_values 1.tif 2.tif || broken "band $band"
    done
}

@test "several maps in one pass, with scales from the whole image" {
    for args in "" "--normalize max" "--normalize percentile"; do
        # shellcheck disable=SC2086
        edgegrad gradient $args --map magnitude=m.pgm --map x=x.pgm "$DATA/scene.png"
        for n in 2 4; do
            # shellcheck disable=SC2086
            works $n gradient $args --map magnitude=m$n.pgm --map x=x$n.pgm "$DATA/scene.png"
            cmp m.pgm m$n.pgm && cmp x.pgm x$n.pgm || broken "$args by $n"
        done
    done
    works 2 gradient --map x=x.vrt --depth 8 --scale 4 "$DATA/scene.png"
    grep -q '<Offset>-32</Offset>' x.vrt && grep -q '<Scale>0.25</Scale>' x.vrt
    edgegrad gradient --colourize direction --normalize max "$DATA/scene.png" c.ppm
    works 3 gradient --colourize direction --normalize max "$DATA/scene.png" c3.ppm
    cmp c.ppm c3.ppm
}

@test "reports and JSON are of the whole, and said once" {
    try --json "$DATA/scene.jpg" one.png
    local whole=$output
    try_ranks 3 --json "$DATA/scene.jpg" one.png
    [ "$status" -eq 0 ]
    diff <(grep -v seconds <<<"$whole") <(grep -v seconds <<<"$output")
    try_ranks 3 --report "$DATA/scene.jpg" one.png
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"% of 640 x 480 pixels are edges" ]]
}

@test "fewer rows than ranks" {
    for height in 1 2 3 5; do
        awk -v h=$height 'BEGIN { print "P2 9", h, 255; for (i = 0; i < 9 * h; i++) print (i * 37) % 251 }' >few.pgm
        for command in edges gradient; do
            edgegrad $command few.pgm whole.pgm
            works 4 $command few.pgm four.pgm
            cmp whole.pgm four.pgm || broken "$command of $height rows"
        done
    done
}

@test "a mosaic: parts, and a VRT of them" {
    hill 300 211
    edgegrad slope hill.asc whole.tif
    for n in 1 2 3 4; do
        rm -f slope.*
        works $n slope hill.asc slope.vrt
        parts=(slope.*.tif)
        [ "${#parts[@]}" -eq "$n" ]
        if [ -n "$(type -P gdal_translate)" ]; then
            same_values whole.tif slope.vrt || broken "by $n"
        fi
    done
    # each part is georeferenced by itself: the second of four begins 48 rows further south.
    try info slope.0001.tif
    [[ $output == *"300 x 56"* ]]
    [[ $output == *"upper left 7.3, 46.552777"* ]]
    holds hill.{asc,prj} whole.tif slope.vrt slope.000{0,1,2,3}.tif
}

@test "a mosaic of edges, from a single process too" {
    quiet "$DATA/scene.png" edges.vrt
    works 3 "$DATA/scene.png" edges3.vrt
    holds edges.vrt edges.0000.tif edges3.vrt edges3.000{0,1,2}.tif
    if [ -n "$(type -P gdal_translate)" ]; then
        same_values edges.vrt edges3.vrt
        edgegrad "$DATA/scene.png" whole.tif
        same_values whole.tif edges3.vrt
    fi
    fails 2 "its parts are TIFFs" --format png "$DATA/scene.png" edges.vrt
}

@test "the georeferencing of each kind of raster" {
    [ -n "$(type -P gdal_translate)" ] || skip "no gdal_translate"
    for input in "$DATA/hills.tif" "${EDGEGRAD_CORPUS:-none}"/dem/*.tif; do
        [ -e "$input" ] || continue
        edgegrad slope "$input" whole.tif
        works 3 slope "$input" parts.vrt
        same_values whole.tif parts.vrt || broken "$input"
    done
}

@test "a failure of one rank is a failure of all" {
    # the rows of the last rank are missing
    awk 'BEGIN { print "P5 500 400 255" }' >cut.pgm
    head -c 180000 /dev/zero >>cut.pgm
    edgegrad "$SMALL/grey.png" edges.png
    cp edges.png "$BATS_TEST_TMPDIR/before.png"
    stops 4 3 "ends after row 360 of 400" cut.pgm edges.png
    stops 4 3 "ends after row 360 of 400" cut.pgm edges.vrt
    stops 4 3 "ends after row 360 of 400" gradient cut.pgm grey.tif
    cmp edges.png "$BATS_TEST_TMPDIR/before.png"
    holds cut.pgm edges.png
    edgegrad --tolerate cut.pgm whole.png
    works 4 --tolerate --quiet cut.pgm edges.png
    same_picture whole.png edges.png
}

@test "what a single process refuses is refused once" {
    stops 3 4 "no such file" slope nothing.tif slope.tif
    stops 3 2 "unknown output format" "$DATA/scene.png" edges.xyz
    stops 3 4 "does not exist" "$DATA/scene.png" nowhere/edges.png
    stops 3 4 "does not exist" "$DATA/scene.png" nowhere/edges.vrt
    stops 3 2 "unknown option" slope --bogus a b
    stops 3 2 "standard input cannot be read by several ranks" - edges.png
    stops 3 3 "at least 3 x 3 cells" slope "$SMALL/1x5.png" --cell-size 1 slope.tif
    cp "$DATA/hills.tif" m.0001.tif
    stops 3 2 "is INPUT, and would be a part" slope m.0001.tif m.vrt
    cmp "$DATA/hills.tif" m.0001.tif
    holds m.0001.tif
}

@test "a raster without data gives a map without data, with one warning" {
    awk 'BEGIN { print "ncols 20\nnrows 20\nxllcorner 0\nyllcorner 0\ncellsize 9\nNODATA_value 5"; for (i = 0; i < 400; i++) print 5 }' >void.asc
    edgegrad slope --quiet void.asc whole.tif
    for n in 1 3; do
        try_ranks $n slope void.asc slope.tif
        [ "$status" -eq 0 ]
        [ "$stderr" = "edgegrad: warning: void.asc: has no cell with data; every cell of the maps is missing" ]
        cmp whole.tif slope.tif
        try_ranks $n slope void.asc slope.vrt
        [ "${#stderr_lines[@]}" -eq 1 ] && [[ $stderr == *"no cell with data"* ]]
        same_values whole.tif slope.vrt
        works $n slope --quiet void.asc slope.tif
    done
}

@test "no room for temporary rows" {
    hill 100 100
    # mpirun would make the folder.
    printf '#!/bin/sh\nTMPDIR=%s/nowhere exec %s "$@"\n' "$PWD" "$EDGEGRAD_MPI" >rank.sh
    chmod +x rank.sh
    EDGEGRAD_MPI=./rank.sh stops 3 4 "set TMPDIR to another folder" slope hill.asc slope.tif
    holds rank.sh hill.{asc,prj}
}

@test "no room for the output, when others still send" {
    hill 300 211
    printf '#!/bin/sh\nulimit -f 200\nexec %s "$@"\n' "$EDGEGRAD_MPI" >rank.sh
    chmod +x rank.sh
    export OMPI_MCA_btl=self,tcp # the other way has large files of its own
    EDGEGRAD_MPI=./rank.sh stops 4 4 "cannot be written" slope --compress none hill.asc slope.tif
    holds rank.sh hill.{asc,prj}
}

@test "a signal ends all ranks" {
    echo "P5 30000 30000 255" >large.pgm
    truncate -s 900M large.pgm
    mpirun --oversubscribe -n 2 "$EDGEGRAD_MPI" --sigma 14 --tolerate large.pgm edges.png 2>log &
    local job=$! code=0
    sleep 1
    kill -TERM $job
    wait $job || code=$?
    [ "$code" -ne 0 ]
    holds large.pgm log
    rm large.pgm
}

@test "other commands are one rank's" {
    try_ranks 3 --version
    [ "$status" -eq 0 ]
    [ "$(grep -c '^edgegrad ' <<<"$output")" -eq 1 ]
    try_ranks 3 info "$DATA/scene.png"
    [ "$(grep -c '^format' <<<"$output")" -eq 1 ]
}

# ---- folders -------------------------------------------------------------------------------------

# many COUNT: different small images in the folder `in`.
many() {
    mkdir -p in/sub
    for ((i = 0; i < $1; i++)); do
        awk -v i="$i" 'BEGIN {
            print "P2 60 50 255"
            for (y = 0; y < 50; y++)
                for (x = 0; x < 60; x++) printf "%d\n", (x * (i + 3) + y * y * (i % 5)) % 256
        }' >"in/$([ $((i % 3)) -gt 0 ] || echo sub/)$i.pgm"
    done
}

@test "a folder: handed out file by file, one manifest, one report" {
    many 20
    : >in/bad.png
    edgegrad in one --recursive --json-lines one.jsonl 2>/dev/null || [ "$?" -eq 3 ]
    for n in 1 2 3 4; do
        try_ranks "$n" in "by$n" --recursive --json-lines "$n.jsonl" --report "$n.html" --json
        [ "$status" -eq 3 ]
        [ "${#stderr_lines[@]}" -eq 2 ]
        [[ $stderr == *"in/bad.png: is empty"*"20 of 21 files done, 1 failed"* ]]
        is_json "$output"
        diff -r -x '.edgegrad*' one "by$n"
        cut -d, -f 1-3 one.jsonl | LC_ALL=C sort >wanted
        sed "s|by$n/|one/|g" "$n.jsonl" | cut -d, -f 1-3 | LC_ALL=C sort | cmp - wanted
        [ "$(grep -c 'class="record"' "$n.html")" -ge 21 ]
        [ "$(find "by$n" -name '.edgegrad-manifest*' | wc -l)" -eq 1 ]
        rm in/bad.png
        try_ranks "$n" in "by$n" -r --json
        [ "$status" -eq 0 ]
        [[ $output == *'"current": 20,'* ]]
        : >in/bad.png
    done
}

@test "a folder with more ranks than files, and more threads" {
    many 2
    works 4 in out -r --threads 3
    [ "$(find out -name '*.png' | wc -l)" -eq 2 ]
    stops 3 3 "no file matches --pattern 'x'" in none --pattern x
    stops 2 2 "would both write" in/sub/0.pgm in/1.pgm -o out2 --name same.png
    try_ranks 3 in out3 -r --dry-run
    [ "${#output}" -gt 10 ]
    [ "$(wc -l <<<"$output")" -eq 2 ]
    [ ! -e out3 ]
}

@test "one pair of thresholds for a folder, whatever the ranks" {
    many 7
    edgegrad in one -r --auto-shared
    for n in 2 3; do
        works "$n" in "by$n" -r --auto-shared
        diff -r -x '.edgegrad*' one "by$n"
    done
}

# tiles: 12 tiles of 20 x 20 cells of a slope, which adjoin each other, in the folder `in`.
tiles() {
    mkdir in
    for ((i = 0; i < 12; i++)); do
        awk -v x0=$((i % 4 * 20)) -v y0=$((20 * (i / 4))) 'BEGIN {
            print "ncols 20\nnrows 20\nxllcorner", 5000 + 10 * x0, "\nyllcorner", 9000 - 10 * y0, "\ncellsize 10"
            for (y = y0; y < y0 + 20; y++)
                for (x = x0; x < x0 + 20; x++) print 100 + x * x + (y * 7) % 23
        }' >"in/$i.asc"
    done
}

@test "tiles that adjoin each other: the neighbours of all files" {
    tiles
    edgegrad terrain in --slope one/slope --d8 one/d8 --format asc
    edgegrad slope in alone --format asc --no-neighbours
    run -1 cmp alone/5.asc one/slope/5.asc
    for n in 1 2 3; do
        works "$n" terrain in --slope "by$n/slope" --d8 "by$n/d8" --format asc
        diff -r -x '.edgegrad*' one "by$n"
    done
    try_ranks 3 slope in by3/slope --format asc --json
    [[ $output == *'"done": 12,'* ]] # made by another command
    head -n 200 in/5.asc >short && mv short in/5.asc
    for _ in 1 2; do
        try_ranks 3 slope in by3/slope --format asc
        [ "$status" -eq 3 ]
        [ "$(grep -c 'warning: in/[0-9]*.asc: computed without a neighbour: in/5.asc: truncated' <<<"$stderr")" -eq 5 ]
    done
}

@test "files that need more than a share of the memory" {
    many 3
    cp "$DATA/scene.jpg" in
    edgegrad in one -r
    works 2 in tight -r --threads 4 --memory 8M
    diff -r -x '.edgegrad*' one tight
}

@test "ranks that are killed: the next run goes on" {
    many 12
    for ((i = 0; i < 400; i++)); do ln "in/sub/$((i % 4 * 3)).pgm" "in/more$i.pgm"; done
    edgegrad in wanted -r
    mpirun --oversubscribe -n 2 "$EDGEGRAD_MPI" in out -r --threads 1 >log 2>&1 &
    local job=$!
    for ((i = 0; i < 1000; i++)); do
        [ "$(find out -name '*.png' 2>/dev/null | wc -l)" -lt 20 ] || break
        sleep 0.01
    done
    pkill -KILL -P "$job" || :
    wait "$job" || :
    had=$(find out -name '*.png' | wc -l)
    try_ranks 2 in out -r --json
    [ "$status" -eq 0 ]
    diff -r -x '.edgegrad*' out wanted
    # each rank makes the file it was working on again
    current=$(sed -n 's/.*"current": \([0-9]*\).*/\1/p' <<<"$output")
    [ "$current" -ge $((had - 2)) ]
}

@test "a rank that finds other files, or has another configuration, makes no other rank wait for ever" {
    many 4
    mkdir here there
    mv in here
    status=0
    (cd here && timeout -s KILL 60 mpirun --oversubscribe -n 1 "$EDGEGRAD_MPI" in out -r \
        : -n 1 -wdir "$PWD/../there" "$EDGEGRAD_MPI" in out -r) >log 2>&1 || status=$?
    [ "$status" -ne 137 ]
    status=0
    timeout -s KILL 60 mpirun --oversubscribe -n 1 "$EDGEGRAD_MPI" here/in shared -r --auto-shared \
        : -n 1 -x EDGEGRAD_CPU=bogus "$EDGEGRAD_MPI" here/in shared -r --auto-shared 2>log || status=$?
    [ "$status" -ne 137 ]
    [ "$status" -ne 0 ]
    grep -q bogus log
}

@test "ranks have no sandbox, and say so if one is required" {
    cp "$SMALL/grey.png" in.png
    works 2 in.png out.png
    stops 2 5 "--sandbox require: a sandbox for edgegrad-mpi, whose ranks use the network" in.png no.png --sandbox require
    [ ! -e no.png ]
}

@test "lines: of one image on the first rank, of a folder by files" {
    quiet "$DATA/scene.jpg" wanted.png --lines wanted.svg
    works 3 "$DATA/scene.jpg" edges.png --lines lines.svg
    cmp edges.png wanted.png
    cmp lines.svg wanted.svg
    mkdir in
    cp "$DATA/scene.jpg" "$DATA/cat.jpg" in
    works 3 in out --format svg --progress none
    cmp out/scene.svg wanted.svg
    [ -s out/cat.svg ]
    stops 2 2 "lines lead through all rows" "$DATA/scene.jpg" edges.vrt --lines more.svg
    [ ! -e more.svg ]
}
