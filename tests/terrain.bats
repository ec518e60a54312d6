#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# edgegrad slope, aspect, hillshade and terrain: planes with known slopes, every option, files and
# pipes, errors.
# shellcheck disable=SC2154 # common.bash sets variables

load common

HILLS=$DATA/hills.tif

# The options of all maps of the terrain command.
map_options() {
    file_options terrain | grep -v json-lines
}

# plane EAST SOUTH: writes a PFM of 20 x 20 elevations that rise so many metres per cell.
plane() {
    awk -v east="$1" -v south="$2" 'BEGIN {
        print "P2 20 20 65535"
        for (y = 0; y < 20; y++)
            for (x = 0; x < 20; x++) print 1000 + east * x + south * y
    }'
}

# cone: writes 41 x 41 cells of 1 m that fall 1 m per metre from the top in the middle.
cone() {
    awk 'BEGIN {
        print "P2 41 41 65535"
        for (y = -20; y <= 20; y++)
            for (x = -20; x <= 20; x++) printf "%d\n", 10000 - 100 * sqrt(x * x + y * y)
    }'
}

# at NAME X Y: prints a cell of a map of the plane.
at() {
    case $1 in
    *.pfm) float_at "$1" 20 "$2" "$3" ;;
    *) byte_at "$1" 20 "$2" "$3" ;;
    esac
}

# gives VALUE BOUND COMMAND OPTION...: checks the middle cell of a map of the plane.
gives() {
    local value=$1 bound=$2 format=pfm
    shift 2
    [ "$1" != hillshade ] || format=pgm
    quiet "$@" plane.pgm "m.$format"
    near "$(at "m.$format" 9 11)" "$value" "$bound" || broken "edgegrad $*"
}

@test "slope of a plane in every unit" {
    plane 3 4 >plane.pgm
    gives 26.5650512 1e-4 slope --cell-size 10
    gives 26.5650512 1e-4 slope --cell-size 10 --unit degrees
    gives 50 1e-3 slope --cell-size 10 --unit percent
    gives 0.5 1e-5 slope --cell-size 10 --unit ratio
    gives 0.4636476 1e-5 slope --cell-size 10 --unit radians
}

@test "cell size, scale, z-factor, units of elevation" {
    plane 3 4 >plane.pgm
    gives 0.25 1e-5 slope --unit ratio --cell-size 20
    gives 0.5 1e-5 slope --unit ratio --cell-size 10,10
    gives 0.8139410 1e-5 slope --unit ratio --cell-size 20,5
    gives 1 1e-5 slope --unit ratio --cell-size 10 --z-factor 2
    gives 0.5 1e-5 slope --unit ratio --cell-size 10 --z-factor -1
    gives 0.1524 1e-5 slope --unit ratio --cell-size 10 --vertical-unit foot
    gives 0.3048 1e-5 slope --unit ratio --cell-size 10 --vertical-unit foot --z-factor 2
    gives 0.1524003 1e-6 slope --unit ratio --cell-size 10 --vertical-unit us-foot
    gives 0.5 1e-5 slope --unit ratio --cell-size 10 --vertical-unit metre
    gives 0.05 1e-5 slope --unit ratio --scale 100
}

@test "aspect of planes in every direction" {
    for row in "1 0 270 180" "-1 0 90 0" "0 1 0 90" "0 -1 180 270" "3 4 323.130102 126.869898"; do
        read -r east south compass trigonometric <<<"$row"
        plane "$east" "$south" >plane.pgm
        gives "$compass" 1e-3 aspect --cell-size 10
        gives "$compass" 1e-3 aspect --cell-size 10 --convention compass
        gives "$trigonometric" 1e-3 aspect --cell-size 10 --convention trigonometric
    done
}

@test "flat cells have no aspect, or the value of --flat" {
    plane 0 0 >plane.pgm
    gives 0 0 slope --cell-size 10
    gives -9999 0 aspect --cell-size 10
    gives -1 0 aspect --cell-size 10 --flat -1
    gives -5 0 aspect --cell-size 10 --nodata -5
    gives 181 0 hillshade --cell-size 10
    gives 128 0 hillshade --cell-size 10 --altitude 30
    gives 255 0 hillshade --cell-size 10 --altitude 90
}

@test "hillshade: slopes that face the light are bright, for every azimuth" {
    plane 3 4 >plane.pgm
    gives 241 1 hillshade --cell-size 10
    gives 82 1 hillshade --cell-size 10 --azimuth 135
    gives 228 1 hillshade --cell-size 10 --altitude 90
    for more in --multidirectional --combined --igor "--z-factor 3" "--compat gdal" "--derivative zt"; do
        # shellcheck disable=SC2086 # words
        quiet hillshade --cell-size 10 $more plane.pgm m.pgm
        [ "$(at m.pgm 9 9)" -gt 1 ]
    done
    cone >cone.pgm
    quiet hillshade --cell-size 100 cone.pgm plain.png
    for more in --multidirectional --combined --igor "--azimuth 90" "--altitude 20" "--z-factor 3"; do
        # shellcheck disable=SC2086 # words
        quiet hillshade --cell-size 100 $more cone.pgm other.png
        run -1 cmp -s plain.png other.png
    done
}

@test "shading to PNG, JPEG and PGM" {
    cone >cone.pgm
    for name in shade.png shade.jpg shade.pgm; do
        quiet hillshade --cell-size 100 cone.pgm "$name"
        prints info "$name"
        [[ $output == *"41 x 41 pixels"*"1 of 8 bits"* ]]
    done
    quiet slope --cell-size 100 --threshold 30 cone.pgm steep.png
    quiet terrain --cell-size 100 cone.pgm --d8 d8.png
    holds cone.pgm d8.png shade.jpg shade.pgm shade.png steep.png
    for map in steep d8; do
        prints info "$map.png"
        [[ $output == *"palette"*"1 of 8 bits"* ]] || broken "$map"
    done
    fails 2 "JPEG's lossy compression; write PNG or TIFF" slope --cell-size 100 --threshold 30 cone.pgm steep.jpg
    fails 2 "JPEG's lossy compression" terrain --cell-size 100 cone.pgm --slope s.pfm --d8 d8.jpg
    holds cone.pgm d8.png shade.jpg shade.pgm shade.png steep.png
}

@test "a mask in PNG masks: what is not steep, and what is missing" {
    cone >cone.pgm
    quiet slope --cell-size 100 --threshold 30 cone.pgm steep.png
    quiet slope --cell-size 100 --threshold 30 cone.pgm steep.pgm
    quiet gradient --mask steep.png cone.pgm masked.pfm
    cell=0 marked=0
    while read -r value; do
        [[ $value != nan ]] || cell=$((cell + 1))
    done < <(tail -c $((41 * 41 * 4)) masked.pfm | od -An -v -w4 -tf4 | tr -d ' ')
    while read -r value; do
        [ "$value" -ne 1 ] || marked=$((marked + 1))
    done < <(tail -c $((41 * 41)) steep.pgm | od -An -v -w1 -tu1)
    [ "$marked" -gt 100 ]
    [ "$((cell + marked))" -eq $((41 * 41)) ]
}

@test "border cells are missing or extrapolated" {
    plane 3 4 >plane.pgm
    for more in "" "--edges nodata" "--derivative zt"; do
        # shellcheck disable=SC2086 # words
        quiet slope --cell-size 10 $more plane.pgm m.pfm
        near "$(at m.pfm 0 0)" -9999 0
        near "$(at m.pfm 7 19)" -9999 0
        near "$(at m.pfm 1 1)" 26.5650512 1e-4
    done
    quiet slope --cell-size 10 --nodata nan plane.pgm m.pfm
    [[ $(at m.pfm 0 0) == *nan ]]
    quiet slope --cell-size 10 --nodata -1.5 plane.pgm m.pfm
    near "$(at m.pfm 19 19)" -1.5 0
    quiet slope --cell-size 10 --edges extrapolate plane.pgm m.pfm
    for cell in "0 7" "7 0" "19 7" "7 19"; do
        read -r x y <<<"$cell"
        near "$(at m.pfm "$x" "$y")" 26.5650512 1e-4
    done
    quiet hillshade --cell-size 10 plane.pgm m.pgm
    [ "$(at m.pgm 0 5)" -eq 0 ]
}

@test "thresholds give masks" {
    plane 3 4 >plane.pgm
    for row in "26 degrees 1" "27 degrees 0" "49 percent 1" "51 percent 0" "0.49 ratio 1" "0.47 radians 0"; do
        read -r threshold unit value <<<"$row"
        quiet slope --cell-size 10 --unit "$unit" --threshold "$threshold" plane.pgm m.pgm
        [ "$(at m.pgm 9 9)" -eq "$value" ]
        [ "$(at m.pgm 0 0)" -eq 255 ]
        quiet terrain --cell-size 10 --unit "$unit" --threshold "$threshold" plane.pgm --steep n.pgm
        cmp m.pgm n.pgm
    done
}

@test "derivatives differ on curved terrain and agree on a plane" {
    plane 3 4 >plane.pgm
    gives 26.5650512 1e-4 slope --cell-size 10 --derivative horn
    gives 26.5650512 1e-4 slope --cell-size 10 --derivative zt
    cone >cone.pgm
    quiet slope --cell-size 100 --derivative zevenbergen-thorne cone.pgm long.pfm
    quiet slope --cell-size 100 --derivative zt cone.pgm short.pfm
    quiet slope --cell-size 100 cone.pgm horn.pfm
    cmp long.pfm short.pfm
    run -1 cmp -s horn.pfm short.pfm
}

@test "every map of the terrain command, alone and together" {
    cone >cone.pgm
    maps=$(map_options)
    [ "$(wc -l <<<"$maps")" -eq 13 ]
    all=()
    for map in $maps; do
        format=pfm
        more=(--cell-size 100)
        case $map in
        hillshade | d8) format=pgm ;;
        steep) format=pgm more+=(--threshold 30) ;;
        *-error) more+=(--vertical-error 0.5) ;;
        esac
        quiet terrain "${more[@]}" cone.pgm "--$map" "alone-$map.$format"
        prints info "alone-$map.$format"
        [[ $output == *"41 x 41 pixels"* ]]
        all+=("--$map" "all-$map.$format")
    done
    quiet terrain --cell-size 100 --threshold 30 --vertical-error 0.5 "${all[@]}" cone.pgm
    for map in $maps; do
        cmp alone-"$map".* all-"$map".*
    done
    [ "$(cat all-* | md5sum)" != "$(cat all-slope.pfm all-slope.pfm | md5sum)" ]
}

@test "single commands and terrain write equal maps" {
    cone >cone.pgm
    quiet terrain --cell-size 100 cone.pgm --slope s.pfm --aspect a.pfm --hillshade h.png \
        --unit percent --convention trigonometric --flat -1 --azimuth 200 --altitude 30
    quiet slope --cell-size 100 --unit percent cone.pgm s1.pfm
    quiet aspect --cell-size 100 --convention trigonometric --flat -1 cone.pgm a1.pfm
    quiet hillshade --cell-size 100 --azimuth 200 --altitude 30 cone.pgm h1.png
    cmp s.pfm s1.pfm
    cmp a.pfm a1.pfm
    cmp h.png h1.png
}

# cone_at FILE X Y: prints a cell X east and Y south of the top of the cone.
cone_at() {
    case $1 in
    *.pfm) float_at "$1" 41 $((20 + $2)) $((20 + $3)) ;;
    *) byte_at "$1" 41 $((20 + $2)) $((20 + $3)) ;;
    esac
}

@test "a cone: flow runs outwards, slope is constant, flow diverges" {
    cone >cone.pgm
    quiet terrain --cell-size 100 cone.pgm --d8 d8.pgm --dinf dinf.pfm --slope s.pfm --aspect a.pfm \
        --tangential-curvature t.pfm --tpi tpi.pfm --roughness r.pfm
    for row in "10 0 1 90" "10 10 2 135" "0 10 4 180" "-10 10 8 225" "-10 0 16 270" "-10 -10 32 315" \
        "0 -10 64 0" "10 -10 128 45"; do
        read -r x y code way <<<"$row"
        [ "$(cone_at d8.pgm "$x" "$y")" -eq "$code" ]
        for map in dinf a; do # north may be 359.99
            near "$(cone_at $map.pfm "$x" "$y" | awk -v w="$way" '{ d = $1 - w; print d > 180 ? d - 360 : d }')" 0 1
        done
        near "$(cone_at s.pfm "$x" "$y")" 45 0.5
        awk -v v="$(cone_at t.pfm "$x" "$y")" 'BEGIN { exit !(v < 0) }'
    done
    awk -v v="$(cone_at tpi.pfm 0 0)" 'BEGIN { exit !(v > 50) }'
    near "$(cone_at r.pfm 0 0)" 142 1
}

@test "the two formulas of the ruggedness index" {
    plane 3 4 >plane.pgm
    quiet terrain --cell-size 10 plane.pgm --tri riley.pfm
    near "$(at riley.pfm 9 9)" 12.2474487 1e-4 # sqrt of 6 x (3^2 + 4^2)
    quiet terrain --cell-size 10 --tri-method riley plane.pgm --tri same.pfm
    cmp riley.pfm same.pfm
    quiet terrain --cell-size 10 --tri-method wilson plane.pgm --tri wilson.pfm
    near "$(at wilson.pfm 9 9)" 3.75 1e-4 # (2 x 3 + 2 x 4 + 2 x 7 + 2 x 1) / 8
}

@test "errors of slope and aspect grow with the error of elevations" {
    plane 3 4 >plane.pgm
    for error in 0.1 0.2; do
        quiet terrain --cell-size 10 --vertical-error $error plane.pgm \
            --slope-error "s$error.pfm" --aspect-error "a$error.pfm"
    done
    for map in s a; do
        awk -v one="$(at ${map}0.1.pfm 9 9)" -v two="$(at ${map}0.2.pfm 9 9)" \
            'BEGIN { exit !(one > 0 && two / one > 1.99 && two / one < 2.01) }'
    done
}

@test "options without effect are refused" {
    fails 2 "no map requested: name at least one, such as --slope slope.tif" terrain dem.tif
    fails 2 "--steep needs --threshold, such as" terrain dem.tif --steep s.png
    fails 2 "--slope-error needs --vertical-error, such as" terrain dem.tif --slope-error s.pfm
    fails 2 "--aspect-error needs --vertical-error, such as" terrain dem.tif --aspect-error s.pfm
    for row in "unit percent --slope" "convention compass --aspect" "flat 0 --aspect" \
        "azimuth 0 --hillshade" "altitude 0 --hillshade" "tri-method riley --tri" \
        "vertical-error 1 --slope-error"; do
        read -r option value map <<<"$row"
        fails 2 "--$option has no effect without $map" terrain dem.tif --tpi t.pfm "--$option" "$value"
    done
    for flag in multidirectional combined igor; do
        fails 2 "--$flag has no effect without --hillshade" terrain dem.tif --tpi t.pfm "--$flag"
    done
    fails 2 "--threshold has no effect without --steep" terrain dem.tif --slope s.pfm --threshold 3
    fails 2 "--nodata has no effect without" terrain dem.tif --hillshade s.png --nodata 3
    fails 2 "--nodata has no effect with --threshold" slope --threshold 3 --nodata 3 dem.tif s.png
    fails 2 "--azimuth has no effect with --multidirectional" hillshade --azimuth 3 --multidirectional a b.png
    fails 2 "cannot be used together" hillshade --combined --multidirectional a b.png
    fails 2 "--combined and --igor cannot be used together" hillshade --igor --combined a b.png
    fails 2 "--altitude has no effect with --igor" hillshade --igor --altitude 30 a b.png
    fails 2 "cannot be used together" slope --scale 2 --cell-size 3 a b.pfm
    fails 2 "it belongs to edgegrad hillshade" slope --azimuth 3 a b.pfm
    fails 2 "it belongs to edgegrad terrain" slope --tri a.pfm a b.pfm
    holds ""
}

@test "values out of range" {
    fails 2 "outside the range 0 to 360 degrees" hillshade --azimuth 361 a b.png
    fails 2 "outside the range 0 to 90 degrees" hillshade --altitude -1 a b.png
    fails 2 "is outside the range" slope --threshold -1 a b.png
    fails 2 "is outside the range" slope --cell-size 0 a b.pfm
    fails 2 "is outside the range" slope --cell-size 30,-30 a b.pfm
    for text in 30x30 '30,' ,30 30,30,30 nan; do
        fails 2 "--cell-size: '$text' is not a cell size" slope --cell-size "$text" a b.pfm
    done
    fails 2 "is outside the range" slope --scale 0 a b.pfm
    fails 2 "'inf' is not a number" slope --nodata inf a b.pfm
    fails 2 "is outside the range" slope --nodata 1e39 a b.pfm
    fails 2 "is not one of degrees, percent, ratio, radians" slope --unit grad a b.pfm
    fails 2 "did you mean zevenbergen-thorne?" slope --derivative zevenbergen-thrown a b.pfm
    fails 2 "is not one of metre, foot, us-foot" slope --vertical-unit yard a b.pfm
    fails 2 "is not one of none, gdal" slope --compat arc a b.pfm
}

@test "outputs that would overwrite each other or INPUT" {
    plane 3 4 >plane.pgm
    cp plane.pgm before.pgm
    mkdir sub
    ln -s plane.pgm link.pgm
    fails 2 "'plane.pgm' is INPUT" hillshade --cell-size 10 plane.pgm plane.pgm
    fails 2 "'./plane.pgm' is INPUT: name another file for --hillshade" \
        terrain --cell-size 10 plane.pgm --hillshade ./plane.pgm
    fails 2 "is INPUT" hillshade --cell-size 10 link.pgm sub/../plane.pgm
    for second in x.pfm ./x.pfm sub/../x.pfm "$PWD/x.pfm"; do
        fails 2 "--slope and --tri cannot both be written to" \
            terrain --cell-size 10 plane.pgm --slope x.pfm --tri "$second"
    done
    fails 2 "--slope and --tri cannot both be written to '-'" \
        terrain --cell-size 10 plane.pgm --tri - --slope - --format pfm
    fails 2 "cannot both be written to standard output" \
        terrain --cell-size 10 plane.pgm --json --slope - --format pfm
    fails 4 "is a folder" terrain --cell-size 10 plane.pgm --slope sub
    quiet terrain --cell-size 10 plane.pgm --slope x.pfm --aspect sub/x.pfm
    quiet terrain --cell-size 10 plane.pgm --hillshade /dev/null --d8 /dev/null --format pgm
    cmp before.pgm plane.pgm
}

@test "an error in one map leaves no file of any map" {
    plane 3 4 >plane.pgm
    fails 2 "cannot hold" terrain --cell-size 10 plane.pgm --hillshade h.png --slope s.png
    fails 2 "cannot hold" terrain --cell-size 10 plane.pgm --slope s.pfm --hillshade h.pfm
    fails 4 "missing/h.png" terrain --cell-size 10 plane.pgm --slope s.pfm --hillshade missing/h.png
    fails 4 "nothere.pgm" terrain --cell-size 10 nothere.pgm --slope s.pfm
    head -c 300 plane.pgm >cut.pgm
    fails 3 "cut.pgm" terrain --cell-size 10 cut.pgm --slope s.pfm --hillshade h.png
    holds cut.pgm plane.pgm
}

@test "a floating-point map is refused by integer formats, with the formats that can hold it" {
    plane 3 4 >plane.pgm
    for name in s.png s.jpg s.pgm; do
        fails 2 "PFM" slope --cell-size 10 plane.pgm "$name"
        fails 2 "PFM" aspect --cell-size 10 plane.pgm "$name"
    done
    holds plane.pgm
}

@test "elevations without a cell size, or too few of them" {
    plane 3 4 >plane.pgm
    fails 2 "--cell-size" slope plane.pgm s.pfm
    fails 3 "3 x 3" slope --cell-size 10 "$SMALL/2x3.png" s.pfm
    fails 3 "3 x 3" terrain --cell-size 10 "$SMALL/1x1.png" --hillshade h.png
    holds plane.pgm
}

@test "--json lists the outputs" {
    plane 3 4 >plane.pgm
    prints slope --cell-size 10 --unit percent --json plane.pgm s.pfm
    is_json "$output"
    [[ $output == *'"map": "slope"'*'"output": "s.pfm"'*'"unit": "percent"'* ]]
    [[ $output == *'"width": 20'*'"derivative": "horn"'* ]]
    prints terrain --cell-size 10 --derivative zt --json plane.pgm --hillshade h.png --aspect a.pfm \
        --steep s.png --threshold 30 --tangential-curvature t.pfm
    is_json "$output"
    [ "$(grep -c '"map":' <<<"$output")" -eq 4 ]
    [[ $output == *'"zevenbergen-thorne"'*'"map": "steep"'*'"threshold": 30'*'"unit": "1/m"'* ]]
    try slope --cell-size 10 --json nothere.pgm t.pfm
    [ "$status" -eq 4 ]
    is_json "$output"
    [[ $output == *'"outcome": "failed"'*'"width": null'* ]]
}

@test "threads, strips and instruction sets change no byte" {
    cone >cone.pgm
    maps=(--cell-size 100 --threshold 30 --vertical-error 1)
    for map in $(map_options); do
        case $map in
        hillshade | d8 | steep) maps+=("--$map" "$map.pgm") ;;
        *) maps+=("--$map" "$map.pfm") ;;
        esac
    done
    EDGEGRAD_CPU=baseline quiet terrain -t 1 "${maps[@]}" cone.pgm
    mkdir wanted
    for map in $(map_options); do mv "$map".* wanted; done
    for work in "-t 2" "-t 5 --strip-rows 3" "--strip-rows 1"; do
        # shellcheck disable=SC2086 # words
        quiet terrain $work "${maps[@]}" cone.pgm
        for file in wanted/*; do cmp "$file" "${file#wanted/}"; done
    done
}

@test "pipes on both sides" {
    plane 3 4 >plane.pgm
    quiet slope --cell-size 10 plane.pgm wanted.pfm
    # shellcheck disable=SC2002 # a pipe cannot seek
    cat plane.pgm | edgegrad slope --cell-size 10 --format pfm - - | cmp - wanted.pfm
    quiet hillshade --cell-size 10 plane.pgm wanted.png
    edgegrad terrain --cell-size 10 - --hillshade - <plane.pgm | cmp - wanted.png
}

@test "a GeoTIFF: its units are used, its georeferencing is copied" {
    quiet slope "$HILLS" s.tif
    quiet slope --cell-size 30 "$HILLS" same.tif
    cmp s.tif same.tif
    quiet slope --cell-size 30 --z-factor 1 --vertical-unit metre "$HILLS" same.tif
    cmp s.tif same.tif
    quiet slope --z-factor 2 "$HILLS" twice.tif
    run -1 cmp -s s.tif twice.tif
    for map in s.tif twice.tif; do
        prints info "$map"
        [[ $output == *"200 x 160 pixels"*"30 x 30 m"*"upper left 640000, 5200000"*"projected, metres"* ]]
    done
    quiet hillshade "$HILLS" shade.tif
    prints info shade.tif
    [[ $output == *"1 of 8 bits"*"nodata:      0"* ]]
}

@test "pipes carry TIFF both ways" {
    quiet slope "$HILLS" wanted.tif
    # shellcheck disable=SC2002 # a pipe cannot seek
    cat "$HILLS" | edgegrad slope - - --format tiff >s.tif
    quiet slope --format pfm s.tif a --edges extrapolate
    quiet slope --format pfm wanted.tif b --edges extrapolate
    cmp a b
    fails 2 "TIFF" slope "$HILLS" -
}

@test "--compat gdal equals gdaldem to the last bit" {
    command -v gdaldem >/dev/null || skip "no gdaldem"
    for row in "slope|" "slope --unit percent|-p" "slope --derivative zt|-alg ZevenbergenThorne" \
        "slope --edges extrapolate|-compute_edges" "aspect|" "aspect --convention trigonometric|-trigonometric" \
        "hillshade|" "hillshade --azimuth 100 --altitude 30 --z-factor 2|-az 100 -alt 30 -z 2" \
        "hillshade --multidirectional|-multidirectional" "hillshade --combined|-combined" \
        "hillshade --igor|-igor" "hillshade --igor --azimuth 100 --z-factor 4|-igor -az 100 -z 4"; do
        IFS='|' read -r ours theirs <<<"$row"
        # shellcheck disable=SC2086 # words
        quiet $ours --compat gdal "$HILLS" ours.tif
        # shellcheck disable=SC2086 # words
        gdaldem "${ours%% *}" -q $theirs "$HILLS" theirs.tif
        for map in ours theirs; do gdal_translate -q -of ENVI $map.tif $map.raw; done
        cmp ours.raw theirs.raw || broken "$row"
    done
}

# Writes a tilted raster around 60 degrees north with a missing cell in its middle.
degrees() {
    awk 'BEGIN {
        print "ncols 15\nnrows 15\nxllcorner 10\nyllcorner 59.625\ncellsize 0.05\nNODATA_value -9999"
        for (y = 0; y < 15; y++) {
            for (x = 0; x < 15; x++) printf "%d ", x == 7 && y == 7 ? -9999 : 100 * x
            print ""
        }
    }'
}

@test "degrees of longitude are shorter towards the pole, except with --compat gdal" {
    degrees >dem.asc
    fails 2 "look like degrees" slope dem.asc s.tif
    echo 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]' >dem.prj
    prints info dem.asc
    [[ $output == *"0.05 x 0.05 degrees"*"geographic"*"6378137"* ]]
    # row 7 is at 60 north, where 0.05 degrees are 2790.00 m on the ellipsoid
    quiet slope --unit percent --format pfm dem.asc s
    near "$(float_at s 15 3 7)" 3.58423 1e-4
    awk -v north="$(float_at s 15 3 1)" -v south="$(float_at s 15 3 13)" 'BEGIN { exit !(north > south * 1.015) }'
    near "$(float_at s 15 7 7)" -9999 0
    near "$(float_at s 15 6 8)" -9999 0
    quiet slope --unit percent --edges extrapolate --format pfm dem.asc filled
    near "$(float_at filled 15 7 7)" -9999 0
    awk -v v="$(float_at filled 15 6 8)" 'BEGIN { exit !(v > 0) }'
    quiet slope --unit percent --scale 111120 --format pfm dem.asc flat
    near "$(float_at flat 15 3 3)" 1.79986 1e-4
    quiet slope --unit percent --compat gdal --format pfm dem.asc gdal
    near "$(float_at gdal 15 3 3)" 200000 10
}

@test "a coordinate system from a .prj file is kept in a TIFF" {
    degrees >dem.asc
    echo 'GEOGCS["GCS_Own",DATUM["D_Own",SPHEROID["Own",6378000,300]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]' >dem.prj
    quiet slope dem.asc s.tif
    prints info s.tif
    [[ $output == *"0.05 x 0.05 degrees"*"geographic"*"6378000"* ]]
}

@test "--crs gives the coordinate system of files that state none" {
    degrees >dem.asc
    quiet slope --crs geographic --unit percent --format pfm dem.asc s
    near "$(float_at s 15 3 7)" 3.58423 1e-4
}

@test "all cells missing" {
    degrees | sed '7,$s/[0-9][0-9]*/-9999/g' | sed 's/--/-/g' >dem.asc
    try slope --cell-size 10 dem.asc s.tif
    [ "$status" -eq 0 ]
    [ "$stderr" = "edgegrad: warning: dem.asc: has no cell with data; every cell of the maps is missing" ]
    holds dem.asc s.tif
}

@test "help, manual page and completions have the maps" {
    prints help terrain
    for map in $(map_options); do
        grep -Eq "^      --$map FILE( |$)" <<<"$output"
    done
    for command in slope aspect hillshade terrain; do
        prints help "$command"
        [[ ${output//$'\n'/ } == *"digital elevation model"*"--cell-size"*"Examples:"* ]]
        edgegrad help --man | grep -qx ".SS edgegrad $command"
        for shell in bash zsh fish; do
            edgegrad help --completion "$shell" | grep -q -e "$command"
        done
    done
    edgegrad help --completion zsh | grep -Fq -e "--slope='[Slope, see --unit]:FILE:_files'"
}
