#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Terrain maps of tiles that adjoin each other: the maps fit together like the map of one raster.
# shellcheck disable=SC2154 # common.bash sets variables

load common

# raster FILE X Y WIDTH HEIGHT: writes an ASCII grid of 10 m cells, part of a hilly plane; (X, Y) is its
# upper left cell. Cells in which a hash of their place is 0 are missing.
raster() {
    awk -v x0="$2" -v y0="$3" -v w="$4" -v h="$5" 'BEGIN {
        printf "ncols %d\nnrows %d\nxllcorner %d\nyllcorner %d\n", w, h, 5000 + 10 * x0, 9000 - 10 * (y0 + h)
        print "cellsize 10\nNODATA_value -9999"
        for (y = y0; y < y0 + h; y++) {
            for (x = x0; x < x0 + w; x++)
                printf " %s", (x * 7 + y * 13) % 97 == 5 ? -9999 : 800 + 90 * sin(x / 5) * cos(y / 4) + (x * y) % 11
            print ""
        }
    }' >"$1"
}

# tiles FOLDER SHARED: a mosaic of 3 x 3 tiles of different sizes, which share SHARED rows and columns,
# from cell (0, 0) on.
tiles() {
    local rows=(0 12 25 31) columns=(0 9 20 34) i j
    mkdir -p "$1"
    for i in 0 1 2; do
        for j in 0 1 2; do
            raster "$1/$i$j.asc" "${columns[j]}" "${rows[i]}" \
                $((columns[j + 1] - columns[j] + (j < 2 ? $2 : 0))) $((rows[i + 1] - rows[i] + (i < 2 ? $2 : 0)))
        done
    done
}

# fits MOSAIC FOLDER: checks that the maps in FOLDER are parts of the map of the mosaic.
fits() {
    awk 'FNR == 1 { row = y0 = 0; mosaic = NR == 1; files++ }
        FNR <= 6 { about[$1] = $2; next }
        FNR == 7 {
            x0 = (about["xllcorner"] - 5000) / 10
            y0 = (9000 - about["yllcorner"]) / 10 - about["nrows"]
        }
        {
            for (x = 1; x <= NF; x++) {
                if (mosaic) cell[row, x] = $x
                else if (cell[y0 + row, x0 + x] != $x "") {
                    printf "%s: row %d, column %d: %s, not %s\n", FILENAME, row, x, $x, cell[y0 + row, x0 + x]
                    exit 1
                }
            }
            cells += NF
            row++
        }
        END { exit cells < 1054 || files < 3 }' "$1" "$2"/*.asc
}

# missing FILE: prints the number of missing cells in a mask of steep cells.
missing() {
    tail -c +"$(($(head -n 3 "$1" | wc -c) + 1))" "$1" | tr -dc '\377' | wc -c | tr -d ' '
}

differ() {
    ! cmp -s "$1" "$2" || broken "$1 and $2 are equal"
}

maps=(slope aspect hillshade tri tpi roughness profile-curvature tangential-curvature d8 dinf slope-error
    aspect-error)

# all_maps INPUT OPTION...: every map of a file into NAME.asc, of a folder into the folder NAME.
all_maps() {
    local input=$1 outputs=() map
    shift
    for map in "${maps[@]}"; do
        outputs+=("--$map" "$map$([ -d "$input" ] || echo .asc)")
    done
    quiet terrain "$input" "${outputs[@]}" --vertical-error 2 --format asc "$@"
}

@test "the maps of tiles are parts of the map of the mosaic" {
    raster mosaic.asc 0 0 34 31
    for edges in nodata extrapolate; do
        all_maps mosaic.asc --edges "$edges"
        for shared in 0 1; do
            rm -rf in
            tiles in "$shared"
            all_maps in --edges "$edges"
            for map in "${maps[@]}"; do
                fits "$map.asc" "$map" || broken "$map, --edges $edges, $shared shared"
            done
        done
    done
}

@test "commands of one map, files on the command line, tiles in several folders" {
    raster mosaic.asc 0 0 34 31
    tiles in 1
    mkdir -p a/0 a/1
    cp in/?0.asc in/?1.asc a/0
    cp in/?2.asc a/1
    for command in slope aspect hillshade; do
        quiet "$command" mosaic.asc m.asc
        quiet "$command" in "$command" --format asc
        fits m.asc "$command"
        quiet "$command" in/*.asc -o "${command}s" --format asc
        fits m.asc "${command}s"
        quiet "$command" a/1 a/0 -o "$command-folders" --format asc
        fits m.asc "$command-folders"
    done
}

@test "neither threads nor strips nor memory change a byte" {
    tiles in 0
    quiet slope in out
    for options in '--threads 1' '--threads 5' '--strip-rows 1' '--strip-rows 7 --threads 3' '--max-memory 8M' \
        '--max-memory 3M'; do
        # shellcheck disable=SC2086 # words
        quiet slope in again $options --force
        for file in out/*.tif; do
            cmp "$file" "again/${file#out/}" || broken "$options"
        done
    done
}

@test "--no-neighbours: every file by itself; one file has no neighbours" {
    tiles in 1
    quiet slope in out --no-neighbours
    quiet slope in with
    for file in in/*.asc; do
        name=$(basename "$file" .asc)
        quiet slope "$file" single.tif
        cmp single.tif "out/$name.tif"
        differ single.tif "with/$name.tif"
        quiet slope "$file" one/
        cmp single.tif "one/$name.tif"
    done
    [[ "$(edgegrad help slope)" == *--no-neighbours* ]]
    [[ "$(edgegrad help edges)" != *--no-neighbours* ]]
}

@test "a tile that does not exist leaves a border" {
    raster mosaic.asc 0 0 34 31
    tiles in 0
    rm in/11.asc
    awk 'NR <= 6 || NR - 7 < 12 || NR - 7 >= 25 { print; next }
        { for (x = 10; x <= 20; x++) $x = -9999; print }' mosaic.asc >holed.asc
    quiet slope holed.asc m.asc
    quiet slope in out --format asc
    fits m.asc out
}

@test "overlapping tiles, small tiles beside a large one" {
    raster mosaic.asc 0 0 34 31
    quiet slope mosaic.asc m.asc
    mkdir in
    raster in/a.asc 0 0 20 31
    raster in/b.asc 14 0 20 14
    raster in/c.asc 14 9 20 22
    quiet slope in out --format asc
    fits m.asc out
    rm in/* out/*
    raster in/a.asc 0 0 20 31
    for ((y = 0; y < 31; y += 4)); do
        raster "in/b$y.asc" 20 "$y" 14 $((y + 4 < 31 ? 4 : 31 - y))
    done
    quiet slope in out --format asc
    fits m.asc out
}

@test "rasters on other grids are no neighbours" {
    tiles in 0
    rm in/[!0]?.asc in/02.asc
    quiet slope in plain --no-neighbours
    for change in 's/xllcorner .*/xllcorner 5095/' 's/cellsize .*/cellsize 10.01/' 's/yllcorner .*/yllcorner 8000/'; do
        rm -rf other
        cp -r in other
        sed -i "$change" other/01.asc
        quiet slope other out
        cmp out/00.tif plain/00.tif
    done
    printf 'PROJCS["x",GEOGCS["g",DATUM["d",SPHEROID["s",6378137,298.25]],PRIMEM["p",0],UNIT["Degree",0.0174532925]],%s' \
        'PROJECTION["Transverse_Mercator"],UNIT["Metre",1]]' >in/01.prj
    quiet slope in out
    cmp out/00.tif plain/00.tif
    cp in/01.prj in/00.prj
    quiet slope in out
    differ out/00.tif plain/00.tif
}

# ---- several rasters of one place ----------------------------------------------------------------

@test "two rasters of one place: neither continues the others, and that is said" {
    tiles in 0
    quiet slope in plain --no-neighbours
    cp in/00.asc in/00-copy.asc
    try slope in out
    [ "$status" -eq 0 ]
    [[ $stderr == *"warning: in/00"*" and in/00"*" cover the same ground"*": 5 files lack a neighbour"* ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
    cmp out/00.tif plain/00.tif
    differ out/22.tif plain/22.tif
    quiet slope in out --quiet --force
    quiet slope in/00.asc in/00-copy.asc -o out --force
    quiet slope in out --no-neighbours
}

@test "two mosaics of one place in two folders: each by itself" {
    raster mosaic.asc 0 0 34 31
    quiet slope mosaic.asc m.asc
    tiles in/terrain 1
    tiles in/surface 1
    sed -i '7,$s/[0-9][0-9.]*/9&/g' in/surface/*.asc
    quiet slope in/surface surface
    quiet slope --recursive in out
    for file in surface/*.tif; do
        cmp "$file" "out/$file"
    done
    quiet slope --recursive in text --format asc
    fits m.asc text/terrain
    rm in/terrain/22.asc
    try slope --recursive in out --force
    [ "$status" -eq 0 ]
    [[ $stderr == *"warning: in/terrain/"*" adjoins in/surface/22.asc, but "*": 3 files lack one" ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
}

# ---- tiles by name -------------------------------------------------------------------------------

@test "SRTM tiles, also across the antimeridian" {
    mkdir in
    for name in N45E007 N45E008 N45E179 N45W180; do
        yes $'\1' | head -c $((2 * 1201 * 1201)) >"in/$name.hgt"
    done
    quiet slope --threshold 1 in out --format pgm
    for name in N45E007 N45E008 N45E179 N45W180; do
        [ "$(missing "out/$name.pgm")" -eq $((2 * 1201 + 1199)) ] || broken "$name"
    done
    quiet slope --threshold 1 in out --format pgm --no-neighbours
    [ "$(missing out/N45E007.pgm)" -eq $((2 * 1201 + 2 * 1199)) ]
}

@test "map tiles z/x/y.png around the globe" {
    plane=$(awk 'BEGIN { for (i = 0; i < 256; i++) print 1 + (i % 16) ^ 2 }')
    printf '%s\n' "P2 16 16 65535" "$plane" >plane.pgm
    quiet slope --edges extrapolate --cell-size 1 plane.pgm tile.png --output-encoding terrarium
    for x in 0 1; do
        mkdir -p "in/1/$x"
        cp tile.png "in/1/$x/0.png"
        cp tile.png "in/1/$x/1.png"
    done
    options=(--recursive --threshold 1 --encoding terrarium --cell-size 1)
    quiet slope in out "${options[@]}" --format pgm
    for x in 0 1; do
        [ "$(missing "out/1/$x/0.pgm")" -eq 16 ]
        [ "$(missing "out/1/$x/1.pgm")" -eq 16 ]
    done
    mv in/1/1 in/1/9 # 2^1 columns have no tile 9
    quiet slope in out9 "${options[@]}" --format pgm
    [ "$(missing out9/1/9/0.pgm)" -eq 60 ]
    [ "$(missing out9/1/0/0.pgm)" -eq $((16 + 2 * 15)) ]
}

# ---- runs ----------------------------------------------------------------------------------------

@test "an output is out of date if a neighbour changes, comes or goes" {
    tiles in 0
    runs() { # DONE CURRENT: counts of the next run
        prints slope in out --json
        [[ $output == *"\"done\": $1,"*"\"current\": $2,"* ]] || broken "not $*"
    }
    runs 9 0
    runs 0 9
    touch -d '2001-01-01' in/00.asc
    runs 4 5
    touch -d '2001-01-01' in/11.asc
    runs 9 0
    mv in/22.asc .
    runs 3 5
    mv 22.asc in
    runs 3 6
    runs 0 9
    prints slope in/*.asc -o out --json
    [[ $output == *'"done": 0,'* ]]
    prints slope in out --json --no-neighbours
    [[ $output == *'"done": 9,'* ]]
    touch -d '2002-01-01' in/22.asc
    prints slope in out --json --no-neighbours
    [[ $output == *'"done": 1,'* ]]
    touch in/00.asc
    prints slope in out --dry-run --no-neighbours
    [ "${#lines[@]}" -eq 1 ]
    quiet slope in/00.asc one/
    prints slope in/00.asc one/ --json --no-neighbours
    [[ $output == *'"current": 1,'* ]]
}

@test "every shard finds the neighbours of all files" {
    tiles in 1
    quiet slope in whole
    for part in 1 2 3; do
        quiet slope in parts --shard $part/3
    done
    for file in whole/*.tif; do
        cmp "$file" "parts/${file#whole/}"
    done
    echo "ncols 9" >in/00.asc
    warned=0
    for part in 1 2 3; do
        try slope in parts --shard $part/3
        [ "${#stderr_lines[@]}" -ge 1 ]
        [[ $stderr == *in/00.asc* ]]
        [[ $stderr != *"warning: in/00.asc: "*"files that adjoin it are computed without it"* ]] || ((++warned))
    done
    [ "$warned" -eq 2 ]
}

@test "a damaged neighbour is as if absent, with a warning, and until it is repaired" {
    tiles in 0
    quiet slope in good
    quiet slope in plain --no-neighbours
    cp in/11.asc .
    head -n 15 11.asc >in/11.asc
    for _ in 1 2; do
        try slope in out
        [ "$status" -eq 3 ]
        [[ $stderr == *"edgegrad: in/11.asc: "* ]]
        for name in 10 12 20 21 22; do # the others need the first row only, which is there
            [[ $stderr == *"warning: in/$name.asc: computed without a neighbour: in/11.asc: "* ]] || broken "$name"
        done
        [ "$(grep -c warning "$BATS_TEST_TMPDIR/stderr")" -eq 5 ]
        [ ! -e out/11.tif ]
        cmp out/01.tif good/01.tif
        differ out/10.tif good/10.tif
    done
    cp 11.asc in
    quiet slope in out
    for file in good/*.tif; do
        cmp "$file" "out/${file#good/}"
    done
}

@test "pipes have no neighbours and are opened once" {
    tiles in 0
    quiet slope in/00.asc single.tif
    mkfifo 01.asc
    cat in/01.asc >01.asc 3>&- &
    quiet slope in/00.asc 01.asc -o out
    wait $!
    cmp out/00.tif single.tif
    quiet slope in/01.asc single.tif
    cmp out/01.tif single.tif
}
