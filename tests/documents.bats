#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tools/check-docs reports each kind of mistake in a document, and finds none in those whose outputs change most.
# `make check-docs` checks all documents.

load common

setup_file() {
    command -v python3 >/dev/null || skip "without Python 3"
    # C programs in documents are linked with the library in build/: one with sanitizers needs their flags.
    unset BUILD
}

# checks: runs the checker on page.md, whose text is standard input; sets $status and $output.
checks() {
    cat >page.md
    status=0
    output=$("$TOP/tools/check-docs" --verbose "$@" page.md 2>&1) || status=$?
}

# reports LINE TEXT: fails unless one finding is reported, at that line, with the text.
reports() {
    [ "$status" -eq 1 ] || broken "exit code $status" || return
    [[ $output == *"page.md:$1: "*"$2"* ]] || broken "not reported at line $1: $2" || return
    [[ $output == *", 1 failed, "* ]] || broken "not one finding"
}

# accepts SUMMARY: fails unless nothing is reported and the last line is the summary.
accepts() {
    [ "$status" -eq 0 ] || broken "exit code $status" || return
    [ "${output##*$'\n'}" = "$1" ] || broken "not the summary: $1"
}

@test "a command that prints something else is reported" {
    checks <<'END'
Text

    $ edgegrad surface 'x*exp(y)' --grid x=0:1:2,y=0:0:1
    x,y,f,df/dx,df/dy
    0,0,0,1,0
    1,0,1,1,2
END
    reports 3 "the document shows '1,0,1,1,2', the output is '1,0,1,1,1'"
    checks <<'END'
    $ printf '%s\n' one two three
    one
    two
END
    reports 1 "the document does not show the line: 'three'"
    checks <<'END'
    $ printf '%s\n' one two three four
    ...
    two
    ...
    four
    $ printf '%s\n' one two
    ...
    two
    three
END
    reports 6 "the output does not end with the line: 'three'"
}

@test "a command that fails, or with another exit code than shown, is reported" {
    checks <<'END'
    edgegrad info absent.png
END
    reports 1 "exit code 4 (edgegrad: absent.png: no such file"
    checks <<'END'
    $ edgegrad surface 'x^3+y^3-6xy' --at 3,3
    edgegrad: --at: 2 numbers for 3 variables (x, y, xy); xy is one name: for a product write x*y
    $ echo $?
    1
END
    reports 1 "exit code 2, not 1"
    checks --seconds 0.2 <<'END'
    sleep 5
END
    reports 1 "still running after 0.2 s"
}

@test "a block that is neither run nor marked is reported, a marked one is skipped" {
    checks <<'END'
```diagram
a -> b
```
END
    reports 2 "unknown language 'diagram'"
    checks <<'END'
```text
edgegrad photo.jpg edges.png
```
END
    reports 2 "a block of text has commands"
    checks <<'END'
    #!/bin/sh
    exit 1
END
    reports 1 "a script is neither run nor marked with a reason"
    checks <<'END'
    nosuchprogram --option
END
    reports 1 "exit code 127"
    checks <<'END'
<!-- not run: needs a cluster -->

    nosuchprogram --option
END
    accepts "0 passed, 0 failed, 1 skipped"
    [[ $output == *"page.md:3: skipped: needs a cluster"* ]]
}

@test "a block that is part of a paragraph, and a link that leads nowhere, are reported" {
    checks <<'END'
## From the source

make install        # into /usr/local
    make install PREFIX=/usr
END
    reports 4 "no empty line above"
    checks <<'END'
- An item goes on
    here, and [here](#a-heading-of-2-words).

## A heading: of `2` words
END
    accepts "0 passed, 0 failed, 0 skipped"
    checks <<'END'
[A page](no-such-page.md)
END
    reports 1 "no-such-page.md, which does not exist"
    checks <<'END'
## Terrain

[Contour lines](#contours)
END
    reports 3 "no heading for the link #contours"
}

@test "a picture that its command does not make, or without a command, is reported" {
    local photo="testdata/coffee.jpg docs/images/coffee-edges.png"
    checks <<<"\`edgegrad $photo\` and \`edgegrad --invert $photo\`"
    reports 1 "docs/images/coffee-edges.png is not the picture that this makes"
    checks <<<"\`edgegrad $photo\`: ![cup]($TOP/docs/images/coffee-edges.png)"
    accepts "1 passed, 0 failed, 0 skipped"
    checks <<<"![cup]($TOP/docs/images/coffee-edges.png)"
    reports 1 "no command of this document makes docs/images/coffee-edges.png"
    checks <<<"![cup](no.png)"
    reports 1 "no picture no.png"
}

@test "targets, tools and tests that do not exist are reported" {
    checks <<'END'
    make -j check        # no test runs
    EDGEGRAD=$PWD/build/edgegrad bats -f 'a picture' tests/documents.bats
    tools/check-docs
    make test BENCH_ARGS=--quick && make build/tests/test_png
END
    accepts "4 passed, 0 failed, 0 skipped"
    local line
    for line in "make chekc" "make check NO_SUCH=1" "bats tests/none.bats" "bats -f zebra tests/documents.bats" \
        "tools/none" "make bench BENCH_ARGS='--only none'" \
        "make test && true # others not run" "sudo true # not as root"; do
        checks <<<"    $line"
        reports 1 "no" || broken "$line"
    done
}

@test "a command of a program that is not installed, or of another one of its name, is skipped" {
    mkdir -p programs
    printf '#!/bin/sh\necho "converts file systems"\nexit 1\n' >programs/convert
    chmod +x programs/convert
    PATH=$PWD/programs:$PATH checks <<'END'
    convert photo.jpg photo.png
END
    accepts "0 passed, 0 failed, 1 skipped"
}

@test "commands share a folder with samples, files that cat shows, and exported variables" {
    checks <<'END'
    $ cat valley.txt
    x^2
    $ edgegrad surface --expr-file valley.txt
    f(x) = x^2
    ...
    $ export NAME=photo.jpg; mkdir out; cd out
    $ ls ../$NAME
    ../photo.jpg
END
    accepts "4 passed, 0 failed, 0 skipped"
    checks <<'END'
    $ cat valley.txt
    x^2
END
    reports 1 "exit code 1"
}

@test "blocks of Python and C are run" {
    checks <<'END'
```python
>>> 1 + 1
3
```
END
    reports 2 "'1 + 1' prints '2', not '3'"
    checks <<'END'
```python
x = 1
import no_such_module
```
END
    accepts "0 passed, 0 failed, 1 skipped"
    [ -e "$TOP/build/libedgegrad.so" ] || return 0
    checks <<'END'
```c
int main(void) { return nothing; }
```
END
    reports 2 "nothing"
}

@test "the commands of README, SURFACE, SOLVING, VECTOR-FIELDS and DESCENT print what is shown" {
    run -0 "$TOP/tools/check-docs" "$TOP"/{README,docs/SURFACE,docs/SOLVING,docs/VECTOR-FIELDS,docs/DESCENT}.md
    local passed=${lines[-1]%% *}
    [ "$passed" -ge 100 ] || skip "only $passed commands: without Arb"
}

@test "the functions that documents name are those of the header, and LIBRARY.md has every command" {
    cd "$TOP"
    for name in $(grep -rohE --include='*.md' --exclude={ARCHITECTURE,INTERNALS,CONTRIBUTING,CHANGELOG}.md '\beg_[a-z0-9_]+\(' README.md docs |
        tr -d '(' | sort -u); do
        grep -q "\b$name(" include/edgegrad.h || broken "no function $name() in the header"
    done
    for command in $(edgegrad help --man | sed -n 's/^\.SS edgegrad //p'); do
        [ "$command" = help ] || grep -Eq "^\|.*\`$command|^[^|].*\`$command\`" docs/LIBRARY.md || broken "LIBRARY.md lacks $command"
    done
}
