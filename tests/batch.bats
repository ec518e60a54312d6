#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Batch runs: input files, output names, up-to-date outputs, bad files, interrupted runs, reports.
# shellcheck disable=SC2154,SC2030,SC2031 # common.bash sets variables; each test is a process of its own

load common

# images FOLDER COUNT: different small ones of the same size in bytes, 0.pgm ...
images() {
    mkdir -p "$1"
    for ((i = 0; i < $2; i++)); do
        awk -v i="$i" 'BEGIN {
            print "P2 40 30 255"
            for (y = 0; y < 30; y++)
                for (x = 0; x < 40; x++) printf "%3d\n", (x * (i + 3) + y * y * (i % 5)) % 256
        }' >"$1/$i.pgm"
    done
}

# lists FOLDER: every file below it but the manifests.
lists() {
    (cd "$1" && find . -type f ! -name '.edgegrad-manifest*' | LC_ALL=C sort | sed 's|^\./||')
}

# as_single FOLDER OUTPUTS EXTENSION OPTION...: every output is that of a run over its input alone.
as_single() {
    local folder=$1 outputs=$2 extension=$3 relative
    shift 3
    while read -r relative; do
        quiet "$@" "$folder/$relative" "$BATS_TEST_TMPDIR/single.$extension" || return
        cmp "$BATS_TEST_TMPDIR/single.$extension" "$outputs/${relative%.*}.$extension" || return
    done < <(lists "$folder")
}

# ---- runs in the background ----------------------------------------------------------------------
# They stop where they cannot go on: at a pipe that nobody reads or writes. What they have done by
# then does not depend on time; the tests only wait for it, a minute at most.

pid=

teardown() {
    [ -z "$pid" ] || kill -s KILL "$pid" 2>/dev/null || :
}

# await TEXT COMMAND...: runs the command until it succeeds. TEXT says what never came.
await() {
    local text=$1 n
    shift
    for ((n = 0; n < 6000; n++)); do
        ! "$@" 2>/dev/null || return 0
        sleep 0.01
    done
    broken "$text"
}

# start ARGUMENT...: starts the command as $pid.
start() {
    set -m # or the child would ignore SIGINT
    "$EDGEGRAD" "$@" 2>said 3>&- &
    pid=$!
    set +m
}

has_ended() {
    ! kill -0 "$pid"
}

# finish: waits for the end of $pid and sets $status.
finish() {
    await "the run never ended" has_ended || return
    status=0
    wait "$pid" || status=$?
    pid=
}

# finish_by SIGNAL: ends $pid by a signal and sets $status. A signal that arrives just before the
# call that blocks does not interrupt it; the second one kills.
finish_by() {
    local n m
    for ((n = 0; n < 60; n++)); do
        kill -s "$1" "$pid" 2>/dev/null || break
        for ((m = 0; m < 100; m++)); do
            ! has_ended 2>/dev/null || break 2
            sleep 0.01
        done
    done
    finish
}

has_recorded() {
    [ "$(wc -l <"$1/.edgegrad-manifest")" -eq $(($2 + 1)) ]
}

# halt FOLDER N: starts a run over the images in `in` that stops when N files are done and recorded,
# because output N is a pipe that nobody reads.
halt() {
    mkdir "$1"
    mkfifo "$1/$2.png"
    start in "$1" --threads 1
    await "the run never came to file $2" has_recorded "$1" "$2"
}

# feed PIPE BYTES: starts an image of 1000 x 2000 pixels and of which that many bytes come. They are
# more than the pipe holds, so the run is reading rows when this returns. $pipe keeps it open.
feed() {
    exec {pipe}<>"$1"
    printf 'P5 1000 2000 255\n' >&"$pipe"
    timeout 60 head -c "$2" /dev/zero >&"$pipe" || broken "the run never read $2 bytes"
}

# counts DONE CURRENT FAILED: --json printed these counts.
counts() {
    is_json "$output"
    [[ $output == *"\"done\": $1,"*"\"current\": $2,"*"\"failed\": $3,"* ]] || broken "not $*"
}

# ---- which files ---------------------------------------------------------------------------------

@test "a folder, silently, with the same pixels as one by one" {
    images in 7
    quiet in out
    as_single in out png edges
    quiet gradient in/ maps/ --map x --depth 16
    as_single in maps png gradient --map x --depth 16
    [ "$(lists out | wc -l)" -eq 7 ]
}

@test "every raster command takes folders" {
    mkdir dems
    cp "$DATA/hills.tif" dems/a.tif
    cp "$DATA/hills.tif" dems/b.tif
    for command in edges gradient slope aspect hillshade; do
        quiet "$command" dems "$command" --no-sidecars
        [ "$(lists "$command" | wc -l)" -eq 2 ]
    done
    as_single dems slope tif slope
    quiet terrain dems --slope s --aspect maps --hillshade maps --name '{stem}_{map}.tif'
    cmp s/a_slope.tif slope/a.tif
    cmp maps/b_aspect.tif aspect/b.tif
    cmp maps/b_hillshade.tif hillshade/b.tif
    fails 2 "--slope and --aspect would both write 'maps/a.tif'" terrain dems --slope maps --aspect maps
}

@test "several files and folders, and -o" {
    images a 2
    images b 3
    rm b/0.pgm b/1.pgm
    quiet a b out
    [ "$(lists out | tr '\n' ' ')" = "0.png 1.png 2.png " ]
    quiet a/0.pgm a/1.pgm -o two
    [ "$(lists two | tr '\n' ' ')" = "0.png 1.png " ]
    quiet a/0.pgm -o one.png
    cmp one.png two/0.png
    quiet a/0.pgm two
    quiet a/0.pgm new/
    cmp new/0.png two/0.png
}

@test "only with --recursive into the folders of a folder, which are mirrored" {
    images in 1
    images in/x 1
    images in/x/y 2
    images in/.hidden 1
    quiet in flat
    [ "$(lists flat)" = 0.png ]
    quiet in deep -r
    [ "$(lists deep | tr '\n' ' ')" = "0.png x/0.png x/y/0.png x/y/1.png " ]
    as_single in/x deep/x png edges
}

@test "--pattern, and names without the extension of a raster" {
    images in 3
    echo text >in/README
    cp in/0.pgm in/picture
    quiet in out
    [ "$(lists out | wc -l)" -eq 3 ]
    quiet in some --pattern '1*' --pattern pict*
    [ "$(lists some | tr '\n' ' ')" = "1.png picture.png " ]
    fails 3 "no file matches --pattern 'x*'" in none --pattern 'x*'
    mkdir empty
    fails 3 "--pattern '*' takes all" empty none
    [ ! -e none ]
}

@test "symbolic links: files are followed, loops are not" {
    images in 2
    ln -s . in/loop
    ln -s ../in in/back
    ln -s 0.pgm in/link.pgm
    quiet in out --recursive
    [ "$(lists out | tr '\n' ' ')" = "0.png 1.png link.png " ]
    ln -s in way
    quiet way out2
    [ "$(lists out2 | wc -l)" -eq 3 ]
    ln -s nowhere in/broken.pgm
    fails_with 4 1 in out3
    [[ $stderr == *"in/broken.pgm: is a link to something that does not exist"* ]]
}

# ---- names ---------------------------------------------------------------------------------------

@test "--name: fields, formats, and what it may not be" {
    images in 1
    quiet in out --name '{stem}_{command}.pgm'
    quiet in out --name '{name}.png'
    quiet in out --name 'of/{ext}/{stem}.png'
    quiet gradient in out --format pfm
    [ "$(lists out | tr '\n' ' ')" = "0.pfm 0.pgm.png 0_edges.pgm of/pgm/0.png " ]
    fails 2 "leads out of the output folder" in out --name '../{stem}.png'
    fails 2 "leads out of the output folder" in out --name 'a/../../{stem}.png'
    fails 2 "leads out of the output folder" in out --name '/tmp/{stem}.png'
    fails 2 "'{stme}.png' has an unknown or unclosed field: use {stem}" in out --name '{stme}.png'
    fails 2 "unclosed field" in out --name '{stem.png'
    fails 2 "can be written" in out --name '{stem}.xyz'
    fails 2 "does not end in a file name" in out --name '{stem}/'
    quiet in out --name '{stem}.hidden' --format png
}

@test "two inputs to one output, inputs that are outputs: refused before any work" {
    images in 2
    cp in/0.pgm in/0.pnm
    fails 2 "'in/0.pgm' and 'in/0.pnm' would both write 'out/0.png'" in out
    [ ! -e out ]
    quiet in out --name '{name}.png'
    rm in/0.pnm
    fails 2 "'in/0.pgm' is given twice" in in/0.pgm -o out3
    fails 2 "is both an input and an output" in/0.pgm in/1.pgm -o in --format pgm
    fails 2 "is both the input and the output folder" in in --format png
    fails 2 "'c' is not a folder" in/0.pgm in/1.pgm c
    holds in out
}

@test "the folder of outputs inside that of inputs is left out" {
    images in 2
    quiet in in/edges --recursive
    quiet in in/edges --recursive
    [ "$(lists in/edges | tr '\n' ' ')" = "0.png 1.png " ]
}

@test "names with newlines, escapes, dashes in front, bytes that are no text" {
    mkdir in
    for name in $'new\nline.png' $'esc\e[31m.png' -dash.png $'a\xffb.png' 'sp ace.png' "tab	.png"; do
        cp "$SMALL/grey.png" "in/$name"
    done
    prints in out --json
    counts 6 0 0
    for file in in/*; do cmp "out/${file#in/}" "out/-dash.png"; done
    prints in out --json
    counts 0 6 0
    : >$'in/bad\n\e[31m.png'
    fails_with 3 1 in out
    [[ $stderr != *$'\e'* ]]
    prints in2 out2 --json-lines - 2>/dev/null || true
}

# ---- up to date ----------------------------------------------------------------------------------

@test "outputs that are up to date are left alone, changed ones made again" {
    images in 4
    prints in out --json
    counts 4 0 0
    touch -d '2001-01-01' marker
    stat -c '%y %n' out/*.png >before
    prints in out --json
    counts 0 4 0
    stat -c '%y %n' out/*.png | cmp - before
    sed -i 's/^255$/254/' in/1.pgm
    prints in out --json
    counts 1 3 0
    rm out/2.png
    prints in out --json
    counts 1 3 0
    echo changed >out/3.png
    prints in out --json
    counts 1 3 0
    touch in/0.pgm
    prints in out --json
    counts 1 3 0
    prints in out --json --force
    counts 4 0 0
    as_single in out png edges
}

@test "other options are another result, other threads are not" {
    images in 3
    quiet in out
    prints in out --json --threads 1 --max-memory 1G --recursive
    counts 0 3 0
    prints in out --json --sigma auto
    counts 0 3 0
    for change in "--sigma 2" "--norm l1" "--high 100" "--high 100/px" "--alpha over=white" "--alpha mask" \
        "--op scharr" "--compression 3" "--border reflect"; do
        # shellcheck disable=SC2086 # words
        prints in out --json $change
        counts 3 0 0
        # shellcheck disable=SC2086
        prints in out --json $change
        counts 0 3 0
    done
    prints gradient in out --json
    counts 3 0 0
}

@test "another mask is another result" {
    images in 3
    edgegrad gradient -q in/0.pgm mask.pgm
    quiet in out --mask mask.pgm
    prints in out --json --mask mask.pgm
    counts 0 3 0
    edgegrad gradient -q --map x in/0.pgm mask.pgm
    prints in out --json --mask mask.pgm
    counts 3 0 0
    prints in out --json
    counts 3 0 0
}

@test "a manifest that was torn or is nonsense only costs time" {
    images in 4
    quiet in out
    manifest=out/.edgegrad-manifest
    truncate -s -9 "$manifest"
    prints in out --json
    counts 1 3 0
    prints in out --json
    counts 0 4 0
    head -c 3000 /dev/urandom >>"$manifest"
    prints in out --json
    counts 0 4 0
    sed -i 's/\t/,/g' "$manifest"
    prints in out --json
    counts 4 0 0
}

# ---- bad files -----------------------------------------------------------------------------------

# fails_with CODE FAILED ARGUMENT...: some files fail; the last line sums up.
fails_with() {
    local code=$1 failed=$2
    shift 2
    try "$@"
    [ "$status" -eq "$code" ] || broken "exit code $status, not $code" || return
    [ "${#stderr_lines[@]}" -eq $((failed + 1)) ] || broken "not $failed messages and a sum" || return
    [[ ${stderr_lines[failed]} == *"$failed failed"* ]] || broken "the sum lacks $failed failed"
}

@test "a bad file is reported and skipped; the worst exit code counts" {
    images in 4
    : >in/empty.pgm
    echo 'not a picture' >in/text.png
    fails_with 3 2 in out
    [[ $stderr == *"in/empty.pgm: is empty"* ]]
    [[ $stderr == *"4 of 6 files done, 2 failed"* ]]
    [ "$(lists out | wc -l)" -eq 4 ]
    mkdir -p out2/3.png
    fails_with 4 3 in out2
    [ "$(lists out2 | wc -l)" -eq 3 ]
    fails_with 4 2 in/0.pgm missing.pgm in/text.png -o out3
    try in out4 --quiet
    [ "$status" -eq 3 ]
    [ -z "$stderr" ]
}

@test "--fail-fast" {
    images in 6
    head -c 5000 /dev/zero >in/bad.pgm # the largest comes first
    try in out --fail-fast --threads 1
    [ "$status" -eq 3 ]
    [[ $stderr == *"6 not started"* ]]
    [ -z "$(lists out)" ]
}

@test "files that change or vanish while the run lasts" {
    images in 6
    halt out 2
    rm in/4.pgm
    echo 'P2 2 1 255 8 99' >in/3.pgm
    timeout 60 cat out/2.png >/dev/null # the run goes on
    finish
    [ "$status" -eq 4 ]
    [ "$(wc -l <said)" -eq 3 ]
    grep -q "in/4.pgm: no such file" said
    grep -q "in/3.pgm: changed while it was read" said
    rm out/2.png
    prints in out --json
    counts 2 3 0
    as_single in out png edges
}

@test "a target that cannot be written" {
    images in 2
    : >file
    fails 2 "'file' is not a folder" in file
    fails 4 "this folder cannot be created" in file/out
    not_as_root
    mkdir -m 555 sealed
    fails 4 "no file can be created in this folder" in sealed
}

@test "a disk that is full ends the run at once, and what is done stays" {
    unshare -rm true 2>/dev/null || skip "no file system may be mounted here"
    images in 60
    mkdir small
    status=0
    # shellcheck disable=SC2016 # for the inner shell
    timeout 60 unshare -rm bash -c 'mount -t tmpfs -o size=128k none small && "$0" gradient in small/out \
        --compression 0 --threads 1; code=$?; ls small/out | wc -l; exit $code' "$EDGEGRAD" >count 2>said || status=$?
    [ "$status" -eq 4 ]
    grep -q "the disk is full; free some space" said
    [ "$(wc -l <said)" -le 4 ]
    [ "$(cat count)" -ge 10 ]
}

# ---- interrupted ---------------------------------------------------------------------------------

@test "killed between two files, whatever way: the next run goes on" {
    images in 6
    quiet in wanted
    for signal in KILL INT TERM; do
        if is_ignored "$signal"; then continue; fi
        halt out 3
        finish_by "$signal"
        [ "$status" -ge 128 ]
        rm out/3.png
        [ "$(lists out | tr '\n' ' ')" = "0.png 1.png 2.png " ]
        for file in out/*.png; do cmp "$file" "wanted/${file#out/}"; done
        prints in out --json
        counts 3 3 0
        diff -r -x '.edgegrad*' out wanted
        # killed before the last file was recorded: it is made twice
        sed -i '$d' out/.edgegrad-manifest
        prints in out --json
        counts 1 5 0
        diff -r -x '.edgegrad*' out wanted
        rm -r out
    done
}

@test "killed while it writes a file, whatever way: the old one stays, and nothing else after the next run" {
    zeros 1000 2000 >whole.pgm
    quiet gradient whole.pgm wanted.png
    quiet "$SMALL/grey.png" before.png
    mkdir out
    mkfifo hold.pgm
    for signal in KILL INT TERM; do
        if is_ignored "$signal"; then continue; fi
        cp before.png out/hold.png
        start gradient hold.pgm -o out --threads 1
        feed hold.pgm 1500000
        finish_by "$signal"
        exec {pipe}>&-
        [ "$status" -ge 128 ]
        cmp before.png out/hold.png
        mkdir -p again
        cp whole.pgm again/hold.pgm
        prints gradient again out --json
        counts 1 0 0
        cmp out/hold.png wanted.png
        [ "$(lists out)" = hold.png ]
        rm out/.edgegrad-manifest
    done
}

@test "where files cannot be nameless, those of running processes stay and those of killed ones go" {
    command -v cc >/dev/null || skip "no cc"
    ! sanitized || skip "the sanitizer has to be loaded first"
    cat >nameless.c <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
static int try_open(const char *path, int flags, int mode)
{
    errno = EOPNOTSUPP;
    return (flags & O_TMPFILE) == O_TMPFILE ? -1 : openat(AT_FDCWD, path, flags, mode);
}
#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list args;                                                                              \
        va_start(args, flags);                                                                     \
        int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, int) : 0;                          \
        va_end(args);                                                                              \
        return try_open(path, flags, mode);                                                        \
    }
OPEN(open)
OPEN(open64)
END
    cc -shared -fPIC -o nameless.so nameless.c
    export LD_PRELOAD=$PWD/nameless.so
    images in 2
    mkdir out
    mkfifo hold.pgm
    start gradient hold.pgm -o out --threads 1
    feed hold.pgm 1500000
    temporary=(out/.hold.png.edgegrad-*)
    [ -f "${temporary[0]}" ]
    quiet gradient in out
    [ -f "${temporary[0]}" ]
    finish_by KILL
    exec {pipe}>&-
    [ -f "${temporary[0]}" ]
    quiet gradient in out
    [ "$(lists out | tr '\n' ' ')" = "0.png 1.png " ]
    quiet gradient in out --force
    [ "$(lists out | tr '\n' ' ')" = "0.png 1.png " ]
}

@test "a manifest that is a link, a folder, or of another user in a shared folder is refused" {
    images in 1
    mkdir out
    echo mine >file
    ln -s ../file out/.edgegrad-manifest
    try gradient in out
    refused 4 "symbolic link"
    [ "$(<file)" = mine ]
    rm out/.edgegrad-manifest
    mkdir out/.edgegrad-manifest
    try gradient in out
    refused 4 "not a regular file"
    rmdir out/.edgegrad-manifest
    chmod 1777 out
    ln file out/.edgegrad-manifest
    try gradient in out
    refused 4 "second name"
    rm out/.edgegrad-manifest
    [ "$(id -u)" -ne 0 ] || {
        : >out/.edgegrad-manifest
        chown 12345 out/.edgegrad-manifest
        try gradient in out
        refused 4 "another user"
        rm out/.edgegrad-manifest
    }
    [ "$(lists out)" = "" ]
    quiet gradient in out
}

@test "a second run over the same input waits for the end of the first" {
    mkdir out
    mkfifo hold.pgm
    start gradient hold.pgm -o out --threads 1
    feed hold.pgm 1500000
    "$EDGEGRAD" gradient hold.pgm -o out 2>waits 3>&- &
    second=$!
    for _ in {1..200}; do
        [ -s waits ] && break
        sleep .05
    done
    grep -q "waiting for its end" waits
    kill "$second"
    wait "$second" || [ $? -eq 143 ]
    finish_by KILL
    exec {pipe}>&-
    [ "$(lists out)" = "" ]
}

@test "temporary files of killed runs are known by their names and go from every output folder" {
    images in 1
    images in/sub 1
    quiet in out -r
    touch out/{,sub/}.0.png.edgegrad-abc012
    kept=(.0.png.edgegrad-ABC012 .0.png.edgegrad-abc01 .0.png.edgegrad-abc0123 .edgegrad-abc012
        0.png.edgegrad-abc012 .0.png.other-abc012)
    (cd out && touch "${kept[@]}")
    ln -s ../in/0.pgm out/.link.edgegrad-abc012
    mkdir out/.folder.edgegrad-abc012
    prints in out -r --dry-run --force
    [ -f out/.0.png.edgegrad-abc012 ]
    quiet in out -r
    (cd out/sub && holds 0.png)
    (cd out && holds "${kept[@]}" .link.edgegrad-abc012 .folder.edgegrad-abc012 .edgegrad-manifest 0.png sub)
    command -v flock >/dev/null || skip "no flock(1)"
    exec {locked}>out/.0.png.edgegrad-abc012
    flock "$locked"
    quiet in out -r
    [ -f out/.0.png.edgegrad-abc012 ]
    exec {locked}>&-
    quiet in out -r
    [ ! -e out/.0.png.edgegrad-abc012 ]
}

# ---- shards --------------------------------------------------------------------------------------

@test "shards are disjoint, complete and stable" {
    images in/sub 23
    quiet in whole -r
    for k in 1 2 3 4; do
        quiet in "part$k" -r --shard "$k/4"
        quiet in all -r --shard "$k/4"
        lists "part$k" >>names
    done
    LC_ALL=C sort names | cmp - <(lists whole)
    diff -r -x '.edgegrad*' all whole
    prints in part2 -r --shard 2/4 --json
    [[ $output == *'"done": 0,'*"\"current\": $(lists part2 | wc -l),"* ]]
    cp "$SMALL/grey.png" in/sub/one-more.png # changes nothing of the others
    prints in part2 -r --shard 2/4 --json
    [[ $output == *'"done": 0,'* || $output == *'"done": 1,'* ]]
    prints in all -r --json # all that shards did is known
    [[ $output == *'"current": 23,'* ]]
    for bad in 0/4 5/4 1 1/0 a/b 1.5/2; do fails 2 "--shard: '$bad'" in out --shard "$bad"; done
}

# ---- shared thresholds ---------------------------------------------------------------------------

@test "--auto-shared: the thresholds of all images as if they were one" {
    # an image added twice has the thresholds of the image
    mkdir in
    cp "$DATA/scene.png" in/a.png
    cp "$DATA/scene.png" in/b.png
    quiet in out --auto-shared
    quiet "$DATA/scene.png" one.png
    cmp out/a.png one.png
    cp "$SMALL/square.png" in/c.png
    prints in out --auto-shared --json-lines -
    [ "$(grep -o '"low": [0-9.]*, "high": [0-9.]*' <<<"$output" | sort -u | wc -l)" -eq 1 ]
    prints in out --auto-shared --json
    counts 0 3 0
    prints in out --auto-shared --shard 1/2 --json
    [[ $output == *'"done": 0,'* ]]
    touch in/c.png
    prints in out --auto-shared --json
    counts 3 0 0
    high=$(edgegrad in out --auto-shared --json-lines - | sed -n '1s/.*"high": \([0-9.]*\).*/\1/p')
    quiet in fixed --high "$high/px" --low "$(awk -v h="$high" 'BEGIN { print h / 2 }')/px"
    fails 2 "--auto-shared and --high cannot be used together" in out --auto-shared --high 3
}

# ---- JSON, progress, report lines --------------------------------------------------------------------------------

@test "--json-lines: an object a file, failures with their reasons" {
    images in 3
    : >in/bad.png
    try in out --json-lines lines
    [ "$status" -eq 3 ]
    [ "$(wc -l <lines)" -eq 4 ]
    while read -r line; do is_json "$line"; done <lines
    [ "$(sed 's/.*"record": \([0-9]\), "records": 4}$/\1/' lines | tr -d '\n')" = 1234 ]
    grep -q '"input": "in/bad.png", "outcome": "failed", "code": 3, "reason": "in/bad.png: is empty' lines
    grep -q '"input": "in/0.pgm", "outcome": "done", "code": 0, "outputs": \["out/0.png"\]' lines
    grep -q '"width": 40, "height": 30, "low": ' lines
    fails 4 "nowhere/lines: cannot be written" in out --json-lines nowhere/lines
    fails 2 "cannot both go to standard output" in out --json --json-lines -
    prints in/0.pgm one.png --json-lines -
    is_json "$output"
    [ -f one.png ]
}

@test "--progress json: lines for programs, on standard error" {
    images in 3
    : >in/bad.png
    try in out --progress json
    [ "$status" -eq 3 ]
    for line in "${stderr_lines[@]}"; do is_json "$line"; done
    [[ ${stderr_lines[-1]} == *'"event": "end"'*'"done": 3'*'"failed": 1'* ]]
    [[ $stderr == *'"reason": "in/bad.png: is empty'* ]]
}

@test "a line on a terminal" {
    command -v script >/dev/null || skip "no script(1)"
    images in 3
    script -qec "'$EDGEGRAD' in out" said >/dev/null </dev/null
    grep -q "3 of 3 files done" said
    script -qec "'$EDGEGRAD' in out --progress none --force" said2 >/dev/null </dev/null
    run ! grep -q "files done" said2
}

@test "--report without a page: a line about each file" {
    images in 2
    try in out --report
    [ "$status" -eq 0 ]
    [ "${#stderr_lines[@]}" -eq 2 ]
    [[ $stderr == *"in/0.pgm: low "*"of 40 x 30 pixels are edges"* ]]
}

@test "--dry-run says what would be done, and does nothing" {
    images in 2
    prints in out --dry-run
    [ "$output" = $'in/0.pgm -> out/0.png\nin/1.pgm -> out/1.png' ]
    [ ! -e out ]
    quiet in/0.pgm out/
    quiet in/0.pgm -o out
    prints in out --dry-run
    [ "$output" = 'in/1.pgm -> out/1.png' ]
}

# ---- threads and memory --------------------------------------------------------------------------

@test "threads change no byte; a file that needs more than its share of the memory is done alone" {
    images in 5
    cp "$DATA/scene.jpg" in
    quiet in one --threads 1
    for threads in 2 3 8; do
        quiet in "t$threads" --threads "$threads"
        diff -r -x '.edgegrad*' one "t$threads"
    done
    quiet in tight --threads 4 --memory 8M
    diff -r -x '.edgegrad*' one tight
    try in failing --threads 4 --memory 200K
    [ "$status" -eq 5 ]
    [[ $stderr == *"failing/scene.png: needs more than"*"--max-memory raises the limit"* ]]
}

# ---- the page ------------------------------------------------------------------------------------

# shown PAGE: prints the number of its records that have both thumbnails.
shown() {
    grep 'class="record"' "$1" | grep -c '"before":"[A-Za-z0-9+/=]*","after":"[A-Za-z0-9+/=]*"}'
}

@test "--report PAGE.html: a record a file, with thumbnails, whether it was done now or before" {
    images in 3
    : >in/bad.png
    try in out --report page.html
    [ "$status" -eq 3 ]
    [ "$(grep -c 'class="record"' page.html)" -eq 4 ]
    [ "$(shown page.html)" -eq 3 ]
    grep -q '"name":"bad.png","outcome":"failed","code":3,"reason":"is empty"' page.html
    grep -q '"edgegrad","in","out","--report","page.html"' page.html
    rm in/bad.png
    quiet in out --report=page.html
    [ "$(grep -c '"outcome":"current"' page.html)" -eq 3 ]
    [ "$(shown page.html)" -eq 3 ]
    quiet slope "$DATA/hills.tif" slope.tif --report one.html
    [ "$(shown one.html)" -eq 1 ]
    fails 2 "--report takes no value but a path that ends in .html" in out --report=page.txt
    fails 4 "nowhere" in out --report nowhere/page.html
}

@test "pages of shards become one" {
    images in 9
    for k in 1 2 3; do quiet in out --shard "$k/3" --report "part$k.html"; done
    quiet merge-report part1.html part2.html part3.html -o all.html
    quiet in whole --report whole.html
    [ "$(shown all.html)" -eq 9 ]
    names() { grep 'class="record"' "$1" | grep -o '"name":"[^"]*"' | sort; }
    cmp <(names all.html) <(names whole.html)
}

# ---- paths, manifests and pipes --------------------------------------------------------------

@test "folders spelled in two ways are one; outputs stay in theirs" {
    mkdir dems maps
    cp "$DATA/hills.tif" dems
    ln -s maps link
    for other in ./maps maps/ maps/../maps link ./x/../maps; do
        fails 2 "--slope and --hillshade would both write" terrain dems --slope maps --hillshade "$other"
    done
    fails 2 "would both write" terrain dems --slope new --hillshade ./x/../new
    images in 1
    mv in/0.pgm in/...pgm
    fails 2 "outside of 'out'" in/...pgm -o out --name '{stem}/e.png'
    holds dems in link maps
}

@test "a report or JSON lines file replaces no input and no output" {
    images in 2
    cp in/0.pgm before
    fails 2 "'in/0.pgm' is an input: name another file for --json-lines" in out --json-lines in/0.pgm
    cmp in/0.pgm before
    fails 2 "'out/1.png' is an output: name another file for --json-lines" in out --json-lines out/1.png
    mv in/0.pgm in/0.html
    fails 2 "is an input: name another file for --report" in/0.html in/1.pgm -o out --report in/0.html
    fails 2 "cannot both go to 'a.html'" in out --report a.html --json-lines ./a.html
    quiet in out --pattern '*' --report in/r.html --json-lines in/lines
    quiet in out --pattern '*' --report in/r.html --json-lines in/lines
    [ "$(lists out | wc -l)" -eq 2 ]
}

@test "the same names, sizes and times in another folder are other files" {
    images a 1
    mkdir b
    tr 1 2 <a/0.pgm >b/0.pgm
    touch -d 2020-01-01 a/0.pgm b/0.pgm
    quiet a out
    cp out/0.png before
    quiet b out
    run ! cmp -s out/0.png before
}

@test "manifests of shards and of the whole agree on what is newest" {
    images in 6
    quiet in out
    touch in/*
    for of in 1 2 3 4; do
        sleep 0.02 # file times may advance in steps of 10 ms
        for ((k = 1; k <= of; k++)); do quiet in out --shard "$k/$of"; done
        prints in out --json
        counts 0 6 0
        touch in/*
    done
}

@test "a manifest of another form is put aside, and a new one begun" {
    images in 2
    mkdir out
    echo 'edgegrad manifest 99' >out/.edgegrad-manifest
    quiet in out
    prints in out --json
    counts 0 2 0
    head -c 4096 /dev/zero >out/.edgegrad-manifest
    quiet in out
    prints in out --json
    counts 0 2 0
}

@test "one input file keeps its OUTPUT with --dry-run, --report and --json-lines" {
    images in 1
    prints in/0.pgm s.png --dry-run
    [ "$output" = "in/0.pgm -> s.png" ]
    quiet in/0.pgm s.png --auto-shared
    quiet in/0.pgm s.png --shard 1/1
    prints in/0.pgm s.png --json --report r.html
    [[ $output == *'"edge_pixels"'* ]]
    quiet in/0.pgm t.png
    cmp s.png t.png
    fails 2 "need named files: neither '-'" in/0.pgm - --json-lines -
    fails 2 "need named files: neither '-'" - o.png --report p.html
    fails 2 "need named files" slope "$DATA/hills.tif" o.vrt --json-lines l
    fails 4 "does not exist" in/0.pgm nowhere/x.png --report p.html
    fails 2 "several files cannot be written to standard output" in -
    fails 2 "'new.png' is not a folder" in/0.pgm t.png -o new.png
    holds in p.html r.html s.png t.png
}

@test "pipes among many files are read once and taken as they are" {
    mkfifo one.pgm
    zeros 40 30 >one.pgm &
    zeros 40 30 >two.pgm
    quiet --quiet one.pgm two.pgm -o out --threads 1
    cmp out/one.png out/two.png
}

@test "thresholds of all within the memory all may have" {
    images in 3
    cp "$DATA/scene.jpg" in
    quiet in free --auto-shared
    quiet in tight --auto-shared --threads 4 --memory 8M
    diff -r -x '.edgegrad*' free tight
}
