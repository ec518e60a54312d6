#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `make install` and `make uninstall`: the command, the library, the manual page and the completions work
# from where they are installed. interfaces.bats builds programs with what is installed.
# shellcheck disable=SC2154 # common.bash sets variables

load common
load installed

setup_file() {
    stage
}

@test "the installed command runs and equals the built one" {
    "$STAGE/usr/bin/edgegrad" "$SMALL/grey.png" a.png
    quiet "$SMALL/grey.png" b.png
    cmp a.png b.png
    [ "$("$STAGE/usr/bin/edgegrad" --version | head -n 1)" = "edgegrad $(pkg --modversion edgegrad)" ]
}

@test "the binary interface is the recorded one, and symbols have versions" {
    command -v nm >/dev/null || skip "no nm"
    "$TOP/tools/abi" --check "$STAGE/usr/lib/libedgegrad.so"
    soname=$(readelf -d "$STAGE/usr/lib/libedgegrad.so" | sed -n 's/.*soname: \[libedgegrad.so.\(.*\)\]/\1/p')
    grep -q "^EDGEGRAD_$soname {" "$TOP/src/libedgegrad.map"
}

@test "the header alone is C and C++" {
    echo '#include <edgegrad.h>' >header.c
    "${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -Wundef -Wstrict-prototypes -Werror -fsyntax-only \
        -I "$STAGE/usr/include" header.c
    command -v c++ >/dev/null || skip "no C++ compiler"
    program
    cp program.c program.cc
    c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$STAGE/usr/include" program.cc
    sed -n '/^ \*     #include/,/^ \*     }/s/^ \*     \{0,1\}//p' "$STAGE/usr/include/edgegrad.h" >example.cc
    grep -q 'int main' example.cc
    c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$STAGE/usr/include" example.cc
    cp header.c header.cc
    c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$STAGE/usr/include" header.cc
}

@test "the shared library exports eg_ and nothing else" {
    command -v nm >/dev/null || skip "no nm"
    symbols=$(nm -D --defined-only "$STAGE/usr/lib/libedgegrad.so" | awk '$2 != "A" { sub("@.*", "", $NF); print $NF }' |
        grep -Ev '^(__(asan|odr_asan|ubsan|sanitizer)|_init$|_fini$)')
    # everything the header declares, and nothing else
    declared=$(sed -n '/^EG_API/,/;/p' "$STAGE/usr/include/edgegrad.h" | grep -Eo '\beg_[a-z_]+\(' |
        tr -d '(' | LC_ALL=C sort -u)
    [ "$(LC_ALL=C sort -u <<<"$symbols")" = "$declared" ] || broken "$symbols"
}

@test "the names of the shared library lead to one file" {
    cd "$STAGE/usr/lib"
    [ -L libedgegrad.so ]
    version=$(sed -n 's/^Version: //p' pkgconfig/edgegrad.pc)
    [ "$(realpath libedgegrad.so)" = "$(realpath "libedgegrad.so.$version")" ]
    command -v readelf >/dev/null || skip "no readelf"
    soname=$(readelf -d libedgegrad.so | sed -n 's/.*soname: \[\(.*\)\]/\1/p')
    [ "$(realpath "$soname")" = "$(realpath libedgegrad.so)" ]
}

# render PAGE: renders a manual page; its warnings are in the file `warnings`.
render() {
    if command -v groff >/dev/null; then
        groff -man -Tutf8 -ww "$1" >rendered 2>warnings
    else
        mandoc -T utf8 -W warning "$1" >rendered 2>warnings
    fi
}

# Prints a rendered page without bold and underlines.
plain() {
    sed 's/\x1b\[[0-9;]*m//g; s/.\x08//g'
}

@test "the manual pages render without a warning and have every option" {
    pages=$STAGE/usr/share/man/man1
    for command in edges gradient info help; do
        for name in $(option_names "$command"); do
            for page in edgegrad edgegrad-$command; do
                grep -q -e "\\\\-\\\\-${name//-/\\\\-}" "$pages/$page.1" || broken "$page lacks --$name"
            done
        done
    done
    command -v groff || command -v mandoc || skip "neither groff nor mandoc"
    local all=("$pages"/*.1 "$pages"/../man[35]/*)
    [ "${#all[@]}" -gt 14 ]
    for page in "${all[@]}"; do
        render "$page"
        [ ! -s warnings ] || broken "$page: $(cat warnings)"
        [ "$(wc -l <rendered)" -gt 40 ] || broken "$page is short"
        plain <rendered | LC_ALL=C sed 's/[\x80-\xbf]//g' >text # one byte for each character
        LC_ALL=C awk 'length > 80 { exit 1 }' text || broken "$page is wide"
        grep -qi 'edgegrad-formats(5)' text || broken "$page does not lead to the formats"
    done
}

@test "libedgegrad(3) has every function, type, member and constant of the header" {
    command -v groff || command -v mandoc || skip "neither groff nor mandoc"
    render "$STAGE/usr/share/man/man3/libedgegrad.3"
    plain <rendered >page
    # words of the recorded interface: functions, constants, structures and their members
    sed -n 's/^function .*[ *]\(eg_[a-z0-9_]*\)(.*/\1/p; s/^constant \([A-Z0-9_]*\) .*/\1/p
        s/^struct \([a-z_]*\) .*/\1/p' "$TOP/tests/libedgegrad.abi" >names
    sed -n 's/^struct [a-z_0-9]* [0-9]* bytes: //p' "$TOP/tests/libedgegrad.abi" |
        tr ' ' '\n' | grep '^[a-z]' >>names
    sed -n 's/^typedef .*[ *(]\(eg_[a-z0-9_]*\)[;(].*/\1/p; s/^} \(eg_[a-z0-9_]*\);.*/\1/p' \
        "$TOP/include/edgegrad.h" >>names
    [ "$(LC_ALL=C sort -u names | wc -l)" -gt 1000 ]
    tr -cs 'A-Za-z0-9_' '\n' <page | LC_ALL=C sort -u >words
    missing=$(LC_ALL=C sort -u names | LC_ALL=C comm -23 - words)
    [ -z "$missing" ] || broken "the page lacks: $missing"
    for heading in NAME SYNOPSIS DESCRIPTION ERRORS VERSIONS EXAMPLES 'SEE ALSO'; do
        grep -q "^$heading$" page || broken "no section $heading"
    done
    [ "$(grep -c '^[0-9]*\. [A-Z]' page)" -eq "$(grep -c '^/\* ---- [0-9]' "$TOP/include/edgegrad.h")" ]
    ! grep -q '\*/\|EG_API' <(grep -v '^ .*/\* .* \*/$' page) || broken "a comment is not read"
}

@test "edgegrad-formats(5) says what edgegrad help formats says" {
    command -v groff || command -v mandoc || skip "neither groff nor mandoc"
    render "$STAGE/usr/share/man/man5/edgegrad-formats.5"
    plain <rendered | grep -v '^EDGEGRAD-FORMATS\|^edgegrad [0-9]' | sed '/^SEE ALSO/,$d' |
        tr -s ' \n' '\n' | grep . >page
    "$STAGE/usr/bin/edgegrad" help formats | tr -s ' \n' '\n' | grep . >said
    diff said <(sed '1,/^DESCRIPTION$/d' page | grep -vx 'FORMATS\|NOTES') ||
        broken "the page differs"
}

@test "the shells can read their completion scripts" {
    share=$STAGE/usr/share
    bash -n "$share/bash-completion/completions/edgegrad"
    [ -s "$share/zsh/site-functions/_edgegrad" ]
    [ -s "$share/fish/vendor_completions.d/edgegrad.fish" ]
    if command -v zsh >/dev/null; then zsh -n "$share/zsh/site-functions/_edgegrad"; fi
    if command -v fish >/dev/null; then fish -n "$share/fish/vendor_completions.d/edgegrad.fish"; fi
}

# complete WORD...: prints what bash offers for the last word.
complete() {
    bash -c 'source "$1" && shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _edgegrad && printf "%s\n" "${COMPREPLY[@]}"' - \
        "$STAGE/usr/share/bash-completion/completions/edgegrad" "$@"
}

@test "bash completes commands, options and values" {
    [ "$(complete edgegrad gra)" = gradient ]
    [ "$(complete edgegrad --sig)" = --sigma ]
    [ "$(complete edgegrad gradient --dep)" = --depth ]
    [ "$(complete edgegrad gradient --map dir)" = direction ]
    [ "$(complete edgegrad --op = sch)" = scharr ]
    [ "$(complete edgegrad --op '' | wc -l)" -eq "$(choices edges op | wc -l)" ]
    [ "$(complete edgegrad help inf)" = info ]
}

@test "installing twice succeeds, uninstalling removes everything" {
    STAGE=$PWD/stage
    make_there install DESTDIR="$STAGE" PREFIX=/opt/eg
    make_there install DESTDIR="$STAGE" PREFIX=/opt/eg
    [ -n "$(find "$STAGE" -type f)" ]
    make_there uninstall DESTDIR="$STAGE" PREFIX=/opt/eg
    left=$(find "$STAGE" ! -type d)
    [ -z "$left" ] || broken "left: $left"
}

@test "the run-time linker learns of a library in its own folders" {
    make_there -n install | grep -q '|| ldconfig$'
    run ! grep -q ldconfig <(make_there -n install PREFIX=/usr DESTDIR="$PWD/stage")
    make_there -n install PREFIX="$PWD/own" >own
    grep -q "LD_LIBRARY_PATH=$PWD/own/lib" own
    run ! grep -q ldconfig own
}

# An apt-get, pkg-config and id that say what is missing; no sudo.
@test "install-deps --dry-run tells everyone what is missing" {
    mkdir bin
    for tool in sh mktemp awk sed cat tr sort paste rm uname; do
        ln -s "$(command -v $tool)" bin/
    done
    ask() {
        PATH=$PWD/bin run --separate-stderr "$(command -v sh)" "$TOP/tools/install-deps" --dry-run
        [ "$status" -eq 0 ] || broken "$output $stderr" || return
        [ -z "$stderr" ] || broken "$stderr"
    }
    ask
    [[ ${lines[0]} == "tools/install-deps: missing: "*"libpng (headers)"* ]]
    [[ ${lines[1]} == *"install them by hand" ]]
    printf '#!/bin/sh\nexit 9\n' >bin/apt-get
    printf '#!/bin/sh\nexit 1\n' >bin/apt-cache
    printf '#!/bin/sh\necho 1000\n' >bin/id
    printf '#!/bin/sh\nexec "$@"\n' >bin/env
    chmod +x bin/apt-get bin/apt-cache bin/id bin/env
    ask
    [[ $output == *"missing: "*"sudo is missing: run these commands as root"*"apt-get install"*"libpng-dev"* ]]
}

@test "make help lists every verb" {
    listed=$(make_there help)
    for verb in all deps demo check test asan tsan lint install uninstall clean help; do
        grep -Eq "^  make $verb +[a-z].{8}" <<<"$listed" || broken "make help lacks $verb"
    done
}
