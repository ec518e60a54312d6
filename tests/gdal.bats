#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The command built with GDAL (make gdal-check): rasters that GDAL's own tools have written.
# shellcheck disable=SC2154 # common.bash sets variables

load common

@test "--version says whether GDAL is in" {
    [[ $(edgegrad --version) == *$'\n'"no GDAL: "* || $(edgegrad --version) == *$'\n'"GDAL "[0-9]* ]]
}

needs_gdal() {
    [[ $(edgegrad --version) == *$'\n'"GDAL "* ]] || skip "this build is without GDAL"
    command -v gdal_translate >/dev/null || skip "no gdal_translate"
}

# translate DRIVER FILE [OPTION...]: the heights of `m.tif` by that driver; fails where GDAL lacks it.
translate() {
    local driver=$1 file=$2
    shift 2
    gdal_translate -q -of "$driver" "$@" m.tif "$file" 2>/dev/null && [ -s "$file" ]
}

@test "floats come out of every kind of file as they went in" {
    needs_gdal
    quiet gradient "$DATA/scene.png" m.tif
    working=0
    for kind in HFA:img netCDF:nc ENVI:dat SAGA:sdat RST:rst PCRaster:map GSBG:grd VRT:vrt; do
        translate "${kind%:*}" "m.${kind#*:}" || continue
        same_picture m.tif "m.${kind#*:}" || broken "$kind"
        working=$((working + 1))
    done
    [ "$working" -ge 3 ] || broken "only $working of GDAL's drivers work"
}

@test "a blob of LERC" {
    needs_gdal
    quiet gradient "$DATA/scene.png" m.tif
    gdal_translate -q -srcwin 100 100 256 256 m.tif part.tif
    gdal_translate -q -of MRF -co COMPRESS=LERC -co BLOCKSIZE=256 -co OPTIONS=LERC_PREC:0 part.tif \
        m.mrf || skip "no MRF"
    same_picture part.tif m.lrc
    fails 3 "not an image in a supported format" info m.mrf
}

@test "pictures become grey as PNG's do" {
    needs_gdal
    gdal_translate -q -of BMP "$DATA/scene.png" s.bmp
    same_picture "$DATA/scene.png" s.bmp
    if gdal_translate -q -of JP2OpenJPEG -co REVERSIBLE=YES -co QUALITY=100 "$DATA/scene.png" s.jp2; then
        same_picture "$DATA/scene.png" s.jp2
    fi
}

@test "slope of a raster, with its place, through to GeoTIFF" {
    needs_gdal
    corpus dem/n44w072_utm_256.tif
    quiet slope "$found" wanted.tif
    for file in dem.img dem.nc dem.vrt; do
        gdal_translate -q -of "$(case $file in *.img) echo HFA ;; *.nc) echo netCDF ;; *) echo VRT ;; esac)" \
            "$found" "$file"
        quiet slope "$file" got.tif
        same_picture wanted.tif got.tif
        [[ $(gdalinfo got.tif) == *'ID["EPSG",32619]'*"Origin = (286438.586315565"* ]] || broken "$file"
    done
}

@test "a file of several rasters says what to do" {
    needs_gdal
    gdal_translate -q -of netCDF "$DATA/scene.png" several.nc || skip "no netCDF"
    fails 3 "holds 3 rasters; take one out of it first, such as by gdal_translate 'NETCDF:" \
        info several.nc
}

@test "GDAL is not for pipes" {
    needs_gdal
    gdal_translate -q -of BMP "$DATA/scene.png" s.bmp
    gdal_translate -q -of HFA "$DATA/scene.png" s.img
    try info - < <(cat s.bmp)
    refused 3 "is a BMP image, which cannot be read; save it to a file first"
    try info - < <(cat s.img)
    refused 3 "GDAL needs a file, not a pipe"
    try info /dev/stdin <s.bmp # a file after all
    [ "$status" -eq 0 ]
}

@test "damaged files are refused in one line, and nothing is written" {
    needs_gdal
    quiet gradient "$DATA/scene.png" m.tif
    translate HFA m.img
    translate netCDF m.nc
    mkdir cut
    for file in m.img m.nc; do
        for size in 100 1000 5000 100000 1000000; do
            head -c "$size" "$file" >"cut/$file"
            try gradient "cut/$file" "cut/out.pfm"
            [ "$status" -ne 0 ] || continue # GDAL makes do with what there is
            refused "$status" "$file"
            [ ! -e cut/out.pfm ]
        done
    done
}

@test "what it reads does not depend on threads" {
    needs_gdal
    gdal_translate -q -of BMP "$DATA/scene.png" s.bmp
    edgegrad gradient --threads 1 s.bmp 1.pfm
    edgegrad gradient --threads 3 s.bmp 3.pfm
    cmp 1.pfm 3.pfm
    [ -z "$(find . -name '*.aux.xml' -newer 1.pfm)" ]
}
