#!/usr/bin/env bats
# The commands in docs/SURFACE.md, docs/SOLVING.md, docs/VECTOR-FIELDS.md and docs/DESCENT.md print what stands below them.

load common

# Prints the examples of a page: "$ COMMAND" lines and the lines below them, without the indentation
# of code blocks, each block ended by an empty line.
examples() {
    awk '
        /^    / { print substr($0, 5); inside = 1; next }
        /^$/ && inside { blank = 1; print ""; next }
        { if (inside) print "\f"; inside = blank = 0 }' "$1"
}

# matches EXPECTED FOUND: fails unless the lines of the first file are among those of the second, in
# their order; "..." and empty lines stand for anything.
matches() {
    awk '
        { sub(/[ \t]+$/, "") }
        NR == FNR { if ($0 != "" && $0 != "...") wanted[++count] = $0; next }
        { if (at < count && $0 == wanted[at + 1]) at++ }
        END { if (at < count) { print "missing: " wanted[at + 1]; exit 1 } }' "$1" "$2"
}

# Runs the command of an example; its output goes to `found`, its exit code to `code`.
run_example() {
    code=0
    (eval "$1" </dev/null) >found 2>errors || code=$?
    cat errors >>found
}

# Compares the last example with the lines below it.
check_example() {
    [ -n "$command" ] || return 0
    local wanted_code=$code
    # A page shows an exit code of 1 by the message, or by `echo $?`.
    if ! grep -q '^edgegrad: ' expected; then wanted_code=0; fi
    [ "$code" -eq "$wanted_code" ] || [ "$code" = "$shown_code" ] || {
        cat found
        broken "exit code $code: $command" || return
    }
    [ -z "$shown_code" ] || [ "$code" = "$shown_code" ] ||
        broken "exit code $code, not $shown_code: $command" || return
    matches expected found || {
        cat found
        broken "the page shows another output: $command"
    }
}

# Checks all examples of a page that need no file that is not there.
check_page() {
    local command='' shown_code='' line count=0 target=''
    mkdir -p docs/images && ln -sf "$TOP/testdata" testdata
    : >expected
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        $'\f' | '$ '*)
            [ "$command" = '' ] || [ "$line" = '$ echo $?' ] || { check_example || return; command=''; }
            target=expected
            [ "$line" = '$ echo $?' ] && target=shown
            case $line in
            '$ cat '*) target=${line#'$ cat '} && : >"$target" ;;
            '$ edgegrad '*N44W072*) target=/dev/null ;; # a file that is too large for the project
            '$ edgegrad '*)
                command=${line#'$ '} shown_code='' && : >expected
                run_example "$command"
                count=$((count + 1))
                ;;
            esac
            ;;
        *)
            if [ "$target" = shown ] && [ -n "$line" ]; then shown_code=$line target=expected
            elif [ -n "$target" ] && { [ -n "$line" ] || [ "$target" = expected ]; }; then
                printf '%s\n' "$line" >>"$target"
            fi
            ;;
        esac
    done < <(examples "$1")
    check_example || return
    [ "$count" -ge "$2" ] || broken "only $count examples were found"
}

@test "the commands of docs/SURFACE.md print what it shows" {
    edgegrad surface 'x^2' --at 1 --json | grep -q '"ball"' || skip "without Arb"
    check_page "$TOP/docs/SURFACE.md" 25
}

@test "the commands of docs/VECTOR-FIELDS.md print what it shows" {
    edgegrad surface 'x^2' --at 1 --json | grep -q '"ball"' || skip "without Arb"
    check_page "$TOP/docs/VECTOR-FIELDS.md" 9
}

@test "the commands of docs/DESCENT.md print what it shows" {
    check_page "$TOP/docs/DESCENT.md" 15
}

@test "the commands of docs/SOLVING.md print what it shows" {
    edgegrad surface 'x^2' --at 1 --json | grep -q '"ball"' || skip "without Arb"
    check_page "$TOP/docs/SOLVING.md" 20
}
