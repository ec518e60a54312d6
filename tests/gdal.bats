#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The command built with GDAL (make gdal-check), on rasters written by GDAL's tools.
# shellcheck disable=SC2154 # common.bash sets variables

load common

@test "--version reports GDAL" {
    [[ $(edgegrad --version) == *$'\n'"no GDAL: "* || $(edgegrad --version) == *$'\n'"GDAL "[0-9]* ]]
}

needs_gdal() {
    [[ $(edgegrad --version) == *$'\n'"GDAL "* ]] || skip "this build is without GDAL"
    command -v gdal_translate >/dev/null || skip "no gdal_translate"
}

# translate DRIVER FILE [OPTION...]: converts `m.tif` with that driver; fails if GDAL lacks it.
translate() {
    local driver=$1 file=$2
    shift 2
    gdal_translate -q -of "$driver" "$@" m.tif "$file" 2>/dev/null && [ -s "$file" ]
}

@test "floats are unchanged in every format" {
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

@test "a LERC file" {
    needs_gdal
    quiet gradient "$DATA/scene.png" m.tif
    gdal_translate -q -srcwin 100 100 256 256 m.tif part.tif
    gdal_translate -q -of MRF -co COMPRESS=LERC -co BLOCKSIZE=256 -co OPTIONS=LERC_PREC:0 part.tif \
        m.mrf || skip "no MRF"
    same_picture part.tif m.lrc
    fails 3 "not an image in a supported format" info m.mrf
}

@test "images are converted to grey as PNGs are" {
    needs_gdal
    gdal_translate -q -of BMP "$DATA/scene.png" s.bmp
    same_picture "$DATA/scene.png" s.bmp
    if gdal_translate -q -of JP2OpenJPEG -co REVERSIBLE=YES -co QUALITY=100 "$DATA/scene.png" s.jp2; then
        same_picture "$DATA/scene.png" s.jp2
    fi
}

@test "slope of a georeferenced raster as GeoTIFF" {
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

@test "a file of several rasters is rejected with advice" {
    needs_gdal
    gdal_translate -q -of netCDF "$DATA/scene.png" several.nc || skip "no netCDF"
    fails 3 "contains 3 rasters; extract one first, such as with gdal_translate 'NETCDF:" \
        info several.nc
}

@test "GDAL formats cannot be read from a pipe" {
    needs_gdal
    gdal_translate -q -of BMP "$DATA/scene.png" s.bmp
    gdal_translate -q -of HFA "$DATA/scene.png" s.img
    try info - < <(cat s.bmp)
    refused 3 "is a BMP image, which is read from files only; save it to a file first"
    try info - < <(cat s.img)
    refused 3 "is an Erdas Imagine raster, which is read from files only; save it to a file first"
    try info - < <(printf '\1\2\3\4 of no known format')
    refused 3 "GDAL needs a file, not a pipe"
    try info /dev/stdin <s.bmp # a file, not a pipe
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
            [ "$status" -ne 0 ] || continue # GDAL accepts some truncated files
            refused "$status" "$file"
            [ ! -e cut/out.pfm ]
        done
    done
}

@test "threads change no sample" {
    needs_gdal
    gdal_translate -q -of BMP "$DATA/scene.png" s.bmp
    edgegrad gradient --threads 1 s.bmp 1.pfm
    edgegrad gradient --threads 3 s.bmp 3.pfm
    cmp 1.pfm 3.pfm
    [ -z "$(find . -name '*.aux.xml' -newer 1.pfm)" ]
}
