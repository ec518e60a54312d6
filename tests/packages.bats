#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Source tarball and package descriptions: the tarball is reproducible, and packages have the version of the header and
# the dependencies of tools/install-deps. `make check-deb` and `make check-packages` build and install packages.
# shellcheck disable=SC2154 # common.bash sets variables

load common

setup_file() {
    export PACKAGE=$BATS_TEST_DIRNAME/../tools/package
}

# fill TEMPLATE [HOMEPAGE]: prints a filled template.
fill() {
    local name
    name=edgegrad-$(sed -n 's/.*EG_VERSION  *"\(.*\)"/\1/p' "$TOP/include/edgegrad.h").tar.gz
    "$PACKAGE/fill" "$PACKAGE/$1" MAINTAINER='A <a@a.invalid>' HOMEPAGE="${2-https://a.invalid}" SHA256=0 \
        RPMDATE='Sun Nov 29 2026' SOURCE="$name" URL="https://a.invalid/$name"
}

# column N GROUP: prints the packages in a column of the table for a group, sorted, first ones of alternatives.
column() {
    sed -n "s/^$2 | //p" "$TOP/tools/install-deps" | awk -F ' [|] ' -v n="$1" '$1 !~ /^link/ { print $(n - 1) }' |
        tr ' ' '\n' | sed -e 's|/.*||' -e '/^-*$/d' | sort -u
}

# Fails unless standard input has the packages of a column and a group, besides the words in the rest of the arguments.
same_packages() {
    column "$1" "$2" | grep -vxF "$(printf '%s\n' none "${@:3}")" | sort -u >expected
    sort -u >listed
    diff expected listed || broken "not the packages of tools/install-deps"
}

@test "two tarballs have the same bytes, and hold the files of the commit" {
    git -C "$TOP" rev-parse HEAD >/dev/null 2>&1 && [ -e "$TOP/.git" ] || skip "no git checkout"
    one=$("$PACKAGE/dist" one 2>/dev/null)
    two=$(umask 077 && TZ=Asia/Tokyo GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=tar.umask GIT_CONFIG_VALUE_0=0077 \
        "$PACKAGE/dist" two 2>/dev/null)
    cmp "$one" "$two"
    name=$(basename "$one" .tar.gz)
    tar -tvf "$one" --numeric-owner | awk '$2 != "0/0" { exit 1 }'
    tar -tf "$one" | sed "s|^$name/||; /\/$/d; /^$/d" | LC_ALL=C sort >inside
    git -C "$TOP" ls-tree -r --name-only HEAD | LC_ALL=C sort | diff - inside
    [ "$name" = "edgegrad-$(git -C "$TOP" show HEAD:include/edgegrad.h | sed -n 's/.*EG_VERSION  *"\(.*\)"/\1/p')" ]
}

@test "templates are filled with the version, and nothing remains to be filled" {
    version=$(edgegrad --version | sed -n '1s/edgegrad //p')
    for template in debian/control.in edgegrad.spec.in edgegrad.rb.in meta.yaml.in; do
        fill $template >filled
        ! grep -E '@[A-Za-z:,-]+@' filled || broken "$template"
        [[ $template == debian/* ]] || grep -q "[^0-9]${version//./\\.}[^0-9]" filled || broken "$template: version"
    done
    fill debian/control.in | grep -q "^Package: libedgegrad${version%.*}$"
    "$PACKAGE/debian-changelog" 'A <a@a.invalid>' 0 | head -n 1 | grep -qF "edgegrad ($version-1) "
}

@test "packages name the page of the project if it has one, and nothing in its place" {
    for template in debian/control.in edgegrad.spec.in edgegrad.rb.in meta.yaml.in; do
        fill $template | grep -Eiq '(homepage|url|home):? *"?https://a\.invalid"?$' || broken "$template"
        run ! grep -Eiq '^ *(homepage|url:  |home)' <(fill $template '')
    done
    tar -czf edgegrad-1.tar.gz -C "$PACKAGE" dist
    "$PACKAGE/fill-all" edgegrad-1.tar.gz without HOMEPAGE= >/dev/null
    grep -qF "url \"file://$PWD/edgegrad-1.tar.gz\"" without/edgegrad.rb
    grep -q '^Source0: *edgegrad-1.tar.gz$' without/edgegrad.spec
    "$PACKAGE/fill-all" edgegrad-1.tar.gz with HOMEPAGE=https://a.invalid >/dev/null
    grep -qF 'url "https://a.invalid/edgegrad-1.tar.gz"' with/edgegrad.rb
    grep -q '^Source0: *https://a.invalid/edgegrad-1.tar.gz$' with/edgegrad.spec
}

@test "packages depend on what tools/install-deps installs" {
    there=(bash gcc make libc6-dev linux-libc-dev) # essential and build-essential
    fill debian/control.in | sed -n '/^Build-Depends/,/^[S-Z]/s/^ \([^ ,]*\).*,$/\1/p' >names
    grep -q libpng-dev names
    column 3 test >test-names
    { column 3 module && echo dh-sequence-python3; } >module-names
    grep -vxFf test-names names | grep -vxFf module-names | same_packages 3 build "${there[@]}"
    grep -xFf module-names names | grep -vxF dh-sequence-python3 | same_packages 3 module python3
    grep -xFf test-names names | same_packages 3 test "${there[@]}"
    fill edgegrad.spec.in | sed -n 's/^BuildRequires: *\([^ ]*\).*/\1/p' >names
    { column 4 build && column 4 module && column 4 test | grep -v '^lib.san$'; } | sort -u | diff - <(sort -u names)
    fill edgegrad.rb.in | sed -n 's/^ *depends_on "\(.*\)".*/\1/p' | same_packages 7 build
    fill meta.yaml.in | sed -n '/^requirements/,/^test/s/^ *- \([a-z0-9-][a-z0-9-]*\).*/\1/p' | same_packages 8 build
    fill edgegrad.spec.in | grep -q '^BuildRequires: *libtiff-devel >= 4.5$'
    fill debian/control.in | grep -q '^ libtiff-dev (>= 4.5),$'
    grep -q '^RUN tools/install-deps ' "$PACKAGE/Containerfile"
}

@test "package descriptions can be parsed" {
    if command -v ruby >/dev/null; then
        fill edgegrad.rb.in >edgegrad.rb
        ruby -wc edgegrad.rb
        fill meta.yaml.in >meta.yaml
        ruby -ryaml -e 'exit YAML.load_file("meta.yaml")["requirements"]["host"].include?("libpng")'
    fi
    if command -v rpmspec >/dev/null; then
        fill edgegrad.spec.in >edgegrad.spec
        [ "$(rpmspec -q --qf '%{NAME} ' edgegrad.spec)" = 'edgegrad edgegrad-libs edgegrad-devel edgegrad-static python3-edgegrad ' ]
    fi
    grep -q '^USER 65534' "$PACKAGE/Containerfile"
    grep -q '^ENTRYPOINT \["/usr/bin/edgegrad"\]$' "$PACKAGE/Containerfile"
}
