#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The sandbox: what a decoder that its input took over can still do. A library that LD_PRELOAD loads
# (tests/sandbox/attack.c) stands for it.

bats_require_minimum_version 1.5.0

load common

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir work && cd work || return
    helpers=$(dirname "$EDGEGRAD")/tests/sandbox
    [ "$(uname)" = Linux ] || skip "the sandbox is one of Linux"
    ! sanitized || skip "builds with sanitizers have no sandbox"
    [ -x "$helpers/attack.so" ] || skip "make test builds its helpers"
    mkdir elsewhere
    echo secret >elsewhere/file
    cp "$SMALL/grey.png" in.png
}

# Skips where the kernel, or a container around the test, lacks the means.
needs_sandbox() {
    edgegrad in.png probe.png --sandbox require 2>/dev/null || skip "this system has no Landlock or seccomp"
    rm probe.png
}

# attacked NAME TARGET ARGUMENT...: runs edgegrad with a decoder that tries NAME.
attacked() {
    local name=$1 target=$2
    shift 2
    status=0
    output=$(ATTACK=$name TARGET=$target LD_PRELOAD=$helpers/attack.so timeout -s KILL 60 \
        "$EDGEGRAD" "$@" 2>"$BATS_TEST_TMPDIR/stderr" </dev/null) || status=$?
    stderr=$(<"$BATS_TEST_TMPDIR/stderr")
}

# stopped CALL: the last run ended with one line about the system call.
stopped() {
    [ "$status" -eq 5 ] || broken "exit code $status, not 5" || return
    [[ $stderr == "edgegrad: stopped by the sandbox: the forbidden system call $1 was tried"* ]] ||
        broken "no word of $1" || return
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stderr")" -eq 1 ] || broken "more than one line"
}

# withstands ARGUMENT...: a decoder of this run reaches neither a file that is not named nor the network,
# and the run without attack works.
withstands() {
    attacked none - "$@" --sandbox require
    [ "$status" -eq 0 ] || broken "fails: edgegrad $*" || return
    attacked open "$PWD/elsewhere/file" "$@"
    [[ $stderr == *"attack: EACCES"* ]] || broken "reads: edgegrad $*" || return
    attacked connect - "$@"
    stopped socket || broken "edgegrad $*"
}

@test "a decoder reaches nothing that the command line does not name, whatever the command" {
    needs_sandbox
    mkdir a b many
    mv in.png a
    cp "$TOP/testdata/hills.tif" a
    cp a/in.png many/1.png
    cp a/in.png many/2.png
    printf 'x,y\n0,1\n1,2\n2,4\n3,7\n' >a/t.csv
    withstands a/in.png b/out.png
    withstands gradient a/in.png b/m.pfm --map direction
    withstands edges many -o b/out --force
    withstands edges many -o b/out --force --report b/page.html --json-lines b/lines.json
    withstands terrain a/hills.tif --slope b/slope.tif --aspect b/aspect.tif
    withstands info a/in.png
    withstands surface --field a/hills.tif --at 3,3
    withstands surface 'x^2+y^2' --at 1,1 --plot b/p.svg
    withstands surface 'x^2+y^2' --grid x=0:1:3,y=0:1:3 -o b/f.pfm
    withstands descent --model 'a*x+b' --data a/t.csv --target y --plot b/fit.png
    withstands descent --field a/hills.tif --from-pixel 20,20 --trace b/way.geojson
    withstands merge-report b/page.html -o b/all.html
}

@test "a decoder writes, replaces and removes nothing that is not named, and starts no program" {
    needs_sandbox
    mkdir b
    attacked create "$PWD/elsewhere/new" in.png b/out.png
    [[ $stderr == "attack: EACCES" && ! -e elsewhere/new ]]
    attacked remove "$PWD/elsewhere/file" in.png b/out.png
    [[ $stderr == "attack: EACCES" && -e elsewhere/file ]]
    attacked rename "$PWD/elsewhere/file" in.png b/out.png
    [[ $stderr == "attack: E"* && -e elsewhere/file ]]
    attacked exec - in.png b/out.png
    stopped execve
}

@test "outputs of an attacked run are whole or absent" {
    needs_sandbox
    mkdir b
    attacked connect - in.png b/out.png
    stopped socket
    [ -z "$(ls -A b)" ]
    quiet in.png b/out.png
    cp b/out.png before.png
    attacked exec - in.png b/out.png
    stopped execve
    cmp b/out.png before.png
    [ "$(ls -A b)" = out.png ]
}

@test "a pipe as input or output is confined too" {
    needs_sandbox
    mkdir a
    cp in.png a
    for call in connect exec; do
        status=0
        # shellcheck disable=SC2002 # a pipe is what is tested
        cat in.png | ATTACK=$call LD_PRELOAD=$helpers/attack.so "$EDGEGRAD" - - 2>said >out.png || status=$?
        [ "$status" -eq 5 ]
        grep -q "stopped by the sandbox" said
    done
    gzip -k "$SMALL/dem.tif" -c >a/dem.tif.gz 2>/dev/null || gzip -c "$TOP/testdata/hills.tif" >a/dem.tif.gz
    quiet slope a/dem.tif.gz out.tif --sandbox require
    edgegrad slope a/dem.tif.gz - -f tif --sandbox require | cat >piped.tif
    cmp out.tif piped.tif
    edgegrad in.png /dev/stdout -f png --sandbox require | cat >stdout.png
    edgegrad /dev/stdin - --sandbox require <in.png >stdin.png
    cmp stdout.png stdin.png
    quiet in.png /dev/null -f png --sandbox require
}

@test "threads, terminals, other processes and new code are out of reach" {
    needs_sandbox
    attacked thread - in.png out.png
    stopped socket
    for name in kill fork type code; do
        attacked "$name" - in.png out.png
        [ "$status" -eq 0 ]
        [ "$stderr" = "attack: EPERM" ] || broken "$name"
    done
    attacked ptrace - in.png out.png
    stopped ptrace
    case $(uname -m) in x86_64)
        # a system without 32-bit calls ends the process before the filter sees one
        UNCONFINED=yes attacked old - in.png out.png --sandbox off
        if [ "$status" -ne 139 ]; then
            attacked old - in.png out.png
            stopped "of another architecture"
        fi
        ;;
    esac
}

@test "the helper of these tests attacks: without the sandbox it succeeds" {
    export UNCONFINED=yes
    attacked open "$PWD/elsewhere/file" in.png out.png --sandbox off
    [ "$stderr" = "attack: succeeded" ]
    attacked create "$PWD/elsewhere/new" in.png out.png --sandbox off
    [ -e elsewhere/new ]
    attacked exec - in.png out.png --sandbox off
    [ "$status" -eq 0 ]
}

@test "symbolic links lead where they lead" {
    needs_sandbox
    mkdir links real target many
    mv in.png real
    ln -s "$PWD/real/in.png" links/in.png
    ln -s "$PWD/real/in.png" many/one.png
    ln -s "$PWD/target/out.png" links/out.png
    quiet links/in.png links/out.png
    [ -s target/out.png ]
    quiet many -o made
    cmp made/one.png target/out.png
    rm made/one.png
    ln -s "$BATS_TEST_TMPDIR/far.png" made/one.png
    quiet many -o made --force
    cmp "$BATS_TEST_TMPDIR/far.png" target/out.png
    cp "$TOP/testdata/hills.tif" real
    # a sidecar file that a link leads away from all that is named: an error, not a lost position
    printf '1\n0\n0\n-1\n5\n7\n' >"$BATS_TEST_TMPDIR/world"
    ln -s "$BATS_TEST_TMPDIR/world" links/in.pgw
    fails 4 "in.pgw: cannot be opened: Permission denied by the sandbox" links/in.png out.png
    [[ $stderr == *"--sandbox off"* ]] || broken "no advice"
    quiet links/in.png out.png --sandbox off
}

@test "auto does without what the system lacks; require refuses, with one line" {
    needs_sandbox
    for part in landlock seccomp; do
        "$helpers/without" $part "$EDGEGRAD" in.png out.png
        rm out.png
        status=0
        "$helpers/without" $part "$EDGEGRAD" in.png out.png --sandbox require 2>said || status=$?
        [ "$status" -eq 5 ]
        [[ $(<said) == "edgegrad: --sandbox require: "* ]]
        [ "$(wc -l <said)" -eq 1 ]
        [ ! -e out.png ]
    done
    misused "--sandbox: 'yes'" in.png out.png --sandbox yes
}

@test "the sandbox is no part of what an output is made from" {
    mkdir many
    cp in.png many
    quiet many -o out
    prints many -o out --sandbox off --json
    [[ $output == *'"current": 1,'* ]]
}
