#!/usr/bin/env bats
# The pictures of README.md and docs/TOUR.md are what the commands beside them make.

load common

# Prints the commands in the pages that make a picture of docs/images, one per line.
commands() {
    grep -ho "\`edgegrad [^\`]*docs/images/[^\`]*\`" "$TOP/README.md" "$TOP/docs/TOUR.md" | tr -d "\`" | sort -u
}

# Prints the size of a PNG: width and height.
size_of() {
    head -c 24 "$1" | tail -c 8 | od -An -tx1
}

# Fails unless two PNG files show the same. Plots are compared by size: fonts differ.
assert_same_picture() {
    [ "$(size_of "$1")" = "$(size_of "$2")" ] || broken "$1: another size" || return
    [[ $3 != *--plot* ]] || return 0
    edgegrad gradient --map x "$1" one.pfm --overwrite
    edgegrad gradient --map x "$2" two.pfm --overwrite
    cmp one.pfm two.pfm || broken "$1 is not what this makes: $3"
}

@test "the commands of README.md and TOUR.md make their pictures" {
    count=0
    while IFS= read -r command; do
        eval "set -- ${command#edgegrad }"
        arguments=()
        for argument; do
            case $argument in
            docs/images/*) picture=$argument arguments+=("$PWD/made.png") ;;
            testdata/*) arguments+=("$TOP/$argument") ;;
            *) arguments+=("$argument") ;;
            esac
        done
        edgegrad "${arguments[@]}" --overwrite >/dev/null
        assert_same_picture "$TOP/$picture" made.png "$command"
        count=$((count + 1))
    done < <(commands)
    [ "$count" -ge 8 ]
}

# Pictures of other programs are made by tools/peer-edges, whose packages may be missing here.
@test "README.md and TOUR.md show no other picture of docs/images" {
    commands >made
    grep -o "\`tools/peer-edges [^\`]*docs/images/[^\`]*\`" "$TOP/README.md" >>made
    for picture in $(grep -oh '](\(docs/\)\?images/[^)]*)' "$TOP/README.md" "$TOP/docs/TOUR.md" | tr -d '])(' | sed 's|^docs/||'); do
        grep -q "$picture" made || broken "no command makes $picture"
    done
}

@test "the functions that documents name are those of the header, and LIBRARY.md has every command" {
    cd "$TOP"
    for name in $(grep -rohE --include='*.md' --exclude={ARCHITECTURE,CONTRIBUTING,CHANGELOG}.md '\beg_[a-z0-9_]+\(' README.md docs |
        tr -d '(' | sort -u); do
        grep -q "\b$name(" include/edgegrad.h || broken "no function $name() in the header"
    done
    for command in $(edgegrad help --man | sed -n 's/^\.SS edgegrad //p'); do
        [ "$command" = help ] || grep -Eq "^\|.*\`$command|^[^|].*\`$command\`" docs/LIBRARY.md || broken "LIBRARY.md lacks $command"
    done
}
