#!/usr/bin/env bats
# The table of formats in docs/FORMATS.md: a file of each kind is read, and written where the table says
# so.

load common

# Prints the rows of the table: name | reads | writes | extensions.
table() {
    awk '/^\| format \| reads /{ on = 1; next } on && !/^\|/{ exit } on && !/^\| ---/' "$TOP/docs/FORMATS.md"
}

# Prints column COLUMN of a row, without backquotes.
column() {
    cut -d '|' -f "$(($1 + 1))" <<<"$2" | sed 's/`//g; s/^ *//; s/ *$//'
}

# Writes FILE.zip with one member, which is compressed by gzip: the data between the 10 bytes of the
# header and the 8 of the trailer, which begin with the checksum.
make_zip() {
    local length size
    gzip -nc "$1" >member.gz
    length=$(($(wc -c <member.gz) - 18)) size=$(wc -c <"$1")
    {
        printf '\24\0\0\0\10\0\0\0\0\0'
        tail -c 8 member.gz | head -c 4
        le32 "$length"
        le32 "$size"
        le32 ${#1} # the length of the name, and 0 bytes more
    } >fields
    {
        printf 'PK\3\4' && cat fields && printf %s "$1"
        tail -c +11 member.gz | head -c "$length"
        printf 'PK\1\2\24\0' && cat fields && head -c 14 /dev/zero && printf %s "$1"
        printf 'PK\5\6\0\0\0\0\1\0\1\0'
        le32 $((46 + ${#1}))
        le32 $((30 + ${#1} + length))
        printf '\0\0'
    } >"$1.zip"
    rm member.gz fields
}

# Prints a number as 4 bytes, the lowest first.
le32() {
    # shellcheck disable=SC2059 # the format is the text
    printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24)))"
}

# make_sample EXTENSION: writes files of that kind.
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
    .hgt.zip)
        head -c $((2 * 1201 * 1201)) /dev/zero >N45E009.hgt
        make_zip N45E009.hgt
        rm N45E009.hgt
        ;;
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

# Prints "TITLE|FACT|TEXT" for each fact that `edgegrad help formats` tells.
facts() {
    edgegrad help formats | awk '
        function flush() { if (fact != "") print title "|" fact "|" text; fact = "" }
        /^Samples$/ { exit }
        /^[^ ]/ { flush(); title = $0 }
        /^  [A-Z]/ { flush(); fact = $1; text = substr($0, 19) }
        /^   / { text = text " " substr($0, 19) }
        END { flush() }'
}

@test "the table says what edgegrad help formats says" {
    facts >told
    [ "$(cut -d '|' -f 1 told | sort -u | wc -l)" -ge 16 ]
    table | sed 's/\\//g' >rows
    count=0
    while IFS='|' read -r title _ text; do
        row=$(grep -F "| $title |" rows) || broken "FORMATS.md has no $title"
        [ "$(column 2 "$row")" = "$text" ] || broken "$title: $text"
        written=$(sed -n "s/^$title|Written|//p" told)
        [ "$(column 3 "$row")" = "${written:-no}" ] || broken "$title: $written"
        extensions=$(sed -n "s/^$title|Extensions|//p" told)
        for extension in $extensions; do
            [ "$extension" = .hdr ] || [[ " $(column 4 "$row") " == *" $extension "* ]] || broken "$title: $extension"
        done
        count=$((count + 1))
    done < <(grep "|Read|" told | grep -v '^Formats of GDAL|')
    [ "$count" -ge 11 ]
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
                if [ "$extension" = .ppm ]; then
                    try --overlay red "$SMALL/grey.png" out.ppm
                else
                    try ${map:+gradient --map "$map"} "$SMALL/grey.png" "out$extension"
                fi
                [ "$status" -eq 0 ] || broken "out$extension: not written"
                prints info "out$extension"
            fi
        done
    done < <(table)
}

# names_extensions ROWS FILE...: checks that the rows of a table name all extensions of the formats
# in FILEs.
names_extensions() {
    local rows=$1
    shift
    while IFS=, read -ra extensions; do
        for extension in "${extensions[@]}"; do
            case $extension in hdr | vrt) continue ;; esac # a header; a list of the maps of a run
            grep -Eq "[\` ]\\.${extension}[\`, ]" "$rows" || broken ".$extension is not in the table"
        done
    done < <(sed -n 's/^ *\.extensions = "\(.*\)",$/\1/p' "$@")
}

@test "the tables name every extension that is read or written" {
    table >rows
    grep '^|' "$TOP/docs/LINES.md" >lines
    for folder in "$TOP"/src/io/*/; do
        case $folder in
        */vector/) names_extensions lines "$folder"*.c ;;
        *) names_extensions rows "$folder"*.c ;;
        esac
    done
}
