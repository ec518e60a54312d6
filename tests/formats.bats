#!/usr/bin/env bats
# The table of formats in README.md: a file of each kind is read, and written where the table says
# so.

load common

# Prints the rows of the table: name | reads | writes | extensions.
table() {
    awk '/^\| format \| reads /{ on = 1; next } on && !/^\|/{ exit } on && !/^\| ---/' "$TOP/README.md"
}

# Prints column COLUMN of a row, without backquotes.
column() {
    cut -d '|' -f "$(($1 + 1))" <<<"$2" | sed 's/`//g; s/^ *//; s/ *$//'
}

# Writes `sample` with extension EXTENSION: a file of that kind with 61 x 43 pixels, or an SRTM tile.
make_sample() {
    case $1 in
    .png | .jpg | .pgm | .ppm | .pam | .pfm | .asc) cp "$SMALL/"{grey,rgb}"$1" . 2>/dev/null || : ;;
    .tif) cp "$SMALL/cmyk.tif" "$SMALL/bits12.tif" . ;;
    .pbm) cp "$SMALL/bits.pbm" "$SMALL/bits-plain.pbm" . ;;
    .jpeg | .jpe | .jfif) cp "$SMALL/cmyk.jpg" "cmyk$1" ;;
    .pnm) cp "$SMALL/grey16.pgm" "grey16$1" ;;
    .tiff | .gtiff) cp "$SMALL/ycc420.tif" "ycc420$1" ;;
    .grd) cp "$SMALL/grey.asc" "grey$1" ;;
    .hgt) head -c $((2 * 1201 * 1201)) /dev/zero >"N45E007$1" ;;
    .hgt.gz) head -c $((2 * 1201 * 1201)) /dev/zero | gzip >"N45E008$1" ;;
    .hgt.zip) python3 -c "
import zipfile
zipfile.ZipFile('N45E009.hgt.zip', 'w', zipfile.ZIP_DEFLATED).writestr('N45E009.hgt', bytes(2 * 1201 * 1201))" ;;
    .bil | .bip | .bsq)
        printf 'ncols 7\nnrows 5\nnbits 8\nbyteorder I\n' >"raw-${1#.}.hdr"
        head -c 35 /dev/urandom >"raw-${1#.}$1"
        ;;
    .flt)
        printf 'ncols 7\nnrows 5\nbyteorder LSBFIRST\n' >raw-flt.hdr
        head -c 140 /dev/zero >raw-flt.flt
        ;;
    *) broken "no sample of $1: add one to this test" ;;
    esac
}

@test "the table has rows" {
    [ "$(table | wc -l)" -ge 10 ]
}

@test "a file of each kind is read" {
    while read -r row; do
        for extension in $(column 4 "$row"); do
            rm -f ./*
            make_sample "$extension"
            count=0
            for file in ./*"$extension"; do
                [ -f "$file" ] || broken "no file $extension"
                try info --json "$file"
                [ "$status" -eq 0 ] && is_json "$output" || broken "$file: not read"
                edgegrad gradient "$file" out.png --overwrite 2>/dev/null ||
                    [[ $extension == .hgt* ]] || broken "$file: no gradient"
                count=$((count + 1))
            done
            [ "$count" -ge 1 ]
        done
    done < <(table)
}

@test "a file of each kind is written, or refused, as the table says" {
    while read -r row; do
        writes=$(column 3 "$row")
        [[ $writes != *--output-encoding* ]] || continue # see elevations.bats
        for extension in $(column 4 "$row"); do
            rm -f ./*
            if [ "$writes" = no ]; then
                fails 2 "unknown output format" "$SMALL/grey.png" "out$extension"
            else
                map=x
                [ "$extension" != .pbm ] || map=
                try ${map:+gradient --map "$map"} "$SMALL/grey.png" "out$extension"
                [ "$status" -eq 0 ] || broken "out$extension: not written"
                prints info "out$extension"
            fi
        done
    done < <(table)
}

@test "the table names every extension that is read or written" {
    table >rows
    for list in $(sed -n 's/^ *\.extensions = "\(.*\)",$/\1/p' "$TOP"/src/io/*/*.c); do
        for extension in ${list//,/ }; do
            case $extension in hdr | vrt) continue ;; esac # a header; a list of the maps of a run
            grep -q "[\` ]\.$extension[\` ]" rows || broken ".$extension is not in the table"
        done
    done
}
