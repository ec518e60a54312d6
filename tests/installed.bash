# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Functions for the tests of what is installed.

# make VERB ...: runs make in the checkout with the tested build, without the descriptors of a job
# server.
make_there() {
    local flags
    flags=$(sed -E 's/(^| )-?-(j[0-9]*|jobserver-(auth|fds)=[^ ]*)//g' <<<"${MAKEFLAGS-}")
    MAKEFLAGS=$flags make --no-print-directory -C "$TOP" BUILD="${EDGEGRAD%/*}" "$@"
}

# pkg ARGUMENT...: runs pkg-config on the staged files.
pkg() {
    PKG_CONFIG_PATH=$STAGE/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$STAGE pkg-config "$@"
}

# stage: installs the tested build in the folder $STAGE, once for a file of tests.
stage() {
    export STAGE=$BATS_FILE_TMPDIR/stage
    make_there install DESTDIR="$STAGE" PREFIX=/usr
}

# Writes the program of docs/TOUR.md.
program() {
    # shellcheck disable=SC2016 # backquotes of Markdown
    sed -n '/^```c$/,/^```$/p' "$TOP/docs/TOUR.md" | sed '/^```/d' >program.c
    [ -s program.c ]
}
