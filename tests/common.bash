# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Functions for the tests of the command. Each test runs in an empty folder of its own.

bats_require_minimum_version 1.5.0

TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
EDGEGRAD=$(realpath "${EDGEGRAD:-$TOP/build/edgegrad}")
DATA=$TOP/testdata
SMALL=$DATA/small
export TOP EDGEGRAD DATA SMALL
unset EDGEGRAD_CPU
export LSAN_OPTIONS="${LSAN_OPTIONS-suppressions=$TOP/tests/lsan.supp:print_suppressions=0}"

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir work && cd work || return
}

# A run that hangs is ended and fails.
edgegrad() {
    timeout -s KILL 60 "$EDGEGRAD" "$@"
}

# try ARGUMENT...: runs edgegrad; sets $status, $output, $stderr, $lines and $stderr_lines like `run
# --separate-stderr` of bats, in a third of the time.
try() {
    status=0
    output=$(edgegrad "$@" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
    stderr=$(<"$BATS_TEST_TMPDIR/stderr")
    # shellcheck disable=SC2034 # for tests
    mapfile -t lines <<<"$output"
    mapfile -t stderr_lines <"$BATS_TEST_TMPDIR/stderr"
}

# broken TEXT...: prints the reason and the output, and fails.
broken() {
    printf '%s\n' "$*" "stdout: ${output-}" "stderr: ${stderr-}" >&2
    return 1
}

# quiet ARGUMENT...: succeeds without output.
quiet() {
    try "$@"
    [ "$status" -eq 0 ] || broken "exit code $status: edgegrad $*" || return
    [ -z "$output$stderr" ] || broken "success is not silent: edgegrad $*"
}

# prints ARGUMENT...: succeeds with text on standard output and none on standard error.
prints() {
    try "$@"
    [ "$status" -eq 0 ] || broken "exit code $status: edgegrad $*" || return
    [ -n "$output" ] || broken "prints nothing: edgegrad $*" || return
    [ -z "$stderr" ] || broken "complains: edgegrad $*"
}

# refused CODE TEXT: checks that the last run exited with CODE, with one line without control
# characters that has TEXT on standard error and nothing on standard output.
refused() {
    [ "$status" -eq "$1" ] || broken "exit code $status, not $1" || return
    [ -z "$output" ] || broken "standard output is not empty" || return
    [[ $stderr == edgegrad:\ * ]] || broken "the message has no 'edgegrad: '" || return
    [ "${#stderr_lines[@]}" -eq 1 ] || broken "more than one line" || return
    [[ $stderr != *[[:cntrl:]]* ]] || broken "control characters" || return
    [[ $stderr == *"$2"* ]] || broken "the message lacks: $2"
}

# fails CODE TEXT ARGUMENT...: runs edgegrad and checks the result with `refused`.
fails() {
    local code=$1 text=$2
    shift 2
    try "$@"
    refused "$code" "$text" || broken "edgegrad $*"
}

# misused TEXT ARGUMENT...: fails with code 2 and one line that has TEXT and points to --help.
misused() {
    fails 2 "$@" || return
    [[ $stderr == *"(see edgegrad "*"--help)" ]] || broken "no pointer to --help: edgegrad $*"
}

# holds NAME...: checks that these are all files in the folder, with hidden ones.
holds() {
    local there wanted
    there=$(LC_ALL=C ls -A)
    wanted=$(printf '%s\n' "$@" | LC_ALL=C sort)
    [ "$there" = "$wanted" ] || broken "the folder holds '$there', not '$wanted'"
}

# same_picture A B: checks that two images have equal pixels. With zeros outside, the map of
# differences determines every pixel.
same_picture() {
    local differences=(gradient --map x --op roberts --border constant)
    edgegrad "${differences[@]}" "$1" "$BATS_TEST_TMPDIR/1.pfm" &&
        edgegrad "${differences[@]}" "$2" "$BATS_TEST_TMPDIR/2.pfm" &&
        cmp "$BATS_TEST_TMPDIR/1.pfm" "$BATS_TEST_TMPDIR/2.pfm"
}

# float_at FILE WIDTH X Y: prints a sample of a PFM with 3 header lines, whose rows run upwards.
float_at() {
    local height header
    height=$(sed -n 2p "$1" | cut -d ' ' -f 2)
    header=$(head -n 3 "$1" | wc -c)
    od -An -v -tf4 -j $((header + 4 * ((height - 1 - $4) * $2 + $3))) -N 4 "$1" | tr -d ' '
}

# near A B BOUND: checks |A - B| <= BOUND.
near() {
    awk -v a="$1" -v b="$2" -v bound="$3" 'BEGIN { exit !(a - b <= bound && b - a <= bound) }' ||
        broken "$1 is not $2"
}

# Prints the bytes of one sample of an 8- or 16-bit PGM in decimal.
byte_at() {
    local header
    header=$(head -n 3 "$1" | wc -c)
    od -An -v -tu1 -j $((header + $4 * $2 + $3)) -N 1 "$1" | tr -d ' '
}

# choices COMMAND OPTION: prints the choices listed in help, one per line.
choices() {
    edgegrad help "$1" | awk -v option="--$2" '
        /^  (-.,|   ) --/ { inside = index(substr($0, 7) " ", option " ") == 1 }
        inside && /^ / && match($0, /[^ ]/) == 31 { print $1 }'
}

# option_names COMMAND: prints every long option, one per line; flags COMMAND: those without a value;
# file_options COMMAND: those whose value is a path.
option_names() {
    edgegrad help --completion fish | sed -n "s/.*__edgegrad_is $1' -l \([a-z0-9-]*\).*/\1/p"
}

flags() {
    edgegrad help --completion fish | grep -v -e ' -x ' -e ' -rF ' |
        sed -n "s/.*__edgegrad_is $1' -l \([a-z0-9-]*\).*/\1/p"
}

file_options() {
    edgegrad help --completion fish | grep -e ' -rF ' |
        sed -n "s/.*__edgegrad_is $1' -l \([a-z0-9-]*\).*/\1/p"
}

# Succeeds if the argument is one JSON text.
is_json() {
    if command -v jq >/dev/null; then
        [ "$(jq -s length <<<"$1")" = 1 ]
    elif command -v python3 >/dev/null; then
        python3 -m json.tool <<<"$1" >/dev/null
    else
        [[ $1 == "{"*"}" || $1 == "["*"]" ]]
    fi
}

all_commands() {
    edgegrad --help | sed -n 's/^usage: edgegrad \[\([a-z]*\)\].*/\1/p; s/^       edgegrad \([a-z]*\) .*/\1/p'
}

# Prints "COMMAND NAME" for every option once, with the first command that has it.
fresh_names() {
    for command in $(all_commands); do
        option_names "$command" | sed "s/^/$command /"
    done | awk '!seen[$2]++'
}

# corpus NAME: sets $found to a file or folder of the corpus, or skips the test.
corpus() {
    found=${EDGEGRAD_CORPUS:-$TOP/../shared/data}/$1
    [ -e "$found" ] || skip "the corpus has no $1 (EDGEGRAD_CORPUS)"
}

not_as_root() {
    [ "$(id -u)" -ne 0 ] || skip "root may read and write everything"
}

sanitized() {
    grep -q __asan_init "$EDGEGRAD"
}

# Returns 0 if SIGNAL is ignored in this process, as SIGHUP is under nohup: the command leaves it so.
is_ignored() {
    local ignored
    ignored=$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status 2>/dev/null)
    (((0x0${ignored:-0} >> ($(kill -l "$1") - 1)) & 1))
}

# zeros WIDTH HEIGHT: writes a black PGM.
zeros() {
    printf 'P5 %d %d 255\n' "$1" "$2"
    head -c $(($1 * $2)) /dev/zero
}

# put_bytes FILE OFFSET BYTES: overwrites bytes (printf escapes).
put_bytes() {
    # shellcheck disable=SC2059 # printf escapes
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

bytes_at() {
    od -An -v -tx1 -j "$2" -N "$3" "$1" | tr -d ' \n'
}

file_size() {
    wc -c <"$1" | tr -d ' '
}
