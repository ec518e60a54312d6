# SPDX-License-Identifier: MIT
# Finds circles of files: files that use each other's functions or objects in a loop. A file is NAME.c with
# its NAME.h. Reads the list of files from standard input, paths from `root`; run by tools/check-layers.
#
# The reading is by lines and relies on the formatter: a definition begins in the first column, and the
# brace that opens a function stands alone on its line. A name that several files define (one of them is
# linked) counts for none.

# Notes that `file` defines `name`.
function define(name) {
    if (name == "" || (name in definer && definer[name] == file)) return
    if (name in definer) definer[name] = ""
    else definer[name] = file
}

# Notes the function whose declaration, up to its brace, is `text`.
function define_function(text) {
    if (text ~ /(^|[ \t])(static|typedef|struct [A-Za-z_0-9]+$|enum|union)([ \t]|$)/ || text !~ /[(]/) return
    if (text ~ /EG_AT_LEVEL/) return
    sub(/[ \t]*[(].*/, "", text)
    sub(/.*[^A-Za-z0-9_]/, "", text)
    define(text)
}

# Notes the object that a line in the first column defines.
function define_object(text) {
    if (text !~ /^(const |struct )?[A-Za-z_][A-Za-z0-9_ ]*[ *]+[A-Za-z_][A-Za-z0-9_]*(\[[^]]*\])* *=/) return
    sub(/ *(\[[^]]*\])* *=.*/, "", text)
    sub(/.*[^A-Za-z0-9_]/, "", text)
    define(text)
}

# Reads the definitions of `file`, and every identifier that is no member, as uses[file, identifier].
function read_file(    raw, text, head, stem) {
    stem = file
    sub(/\.[ch]$/, "", stem)
    path = root "/" file
    file = stem
    in_comment = 0
    head = ""
    while ((getline raw < path) > 0) {
        text = code_of(raw)
        if (text ~ /^[ \t]*#/) continue
        if (text == "{") define_function(head)
        else if (text ~ /^[A-Za-z_]/) {
            head = text
            if (text !~ /^(static|extern|typedef)/ && path ~ /\.c$/) define_object(text)
        } else if (text ~ /^[ \t]/) head = head " " text
        if (path ~ /\.c$/) note_uses(text)
    }
    close(path)
}

function note_uses(text,    name, before) {
    while (match(text, /[A-Za-z_][A-Za-z0-9_]*/)) {
        name = substr(text, RSTART, RLENGTH)
        before = substr(text, 1, RSTART - 1)
        if (before !~ /(\.|->)[ \t]*$/ && !((file, name) in used)) {
            used[file, name] = 1
            uses[++use_count] = file SUBSEP name
        }
        text = substr(text, RSTART + RLENGTH)
    }
}

function connect(    i, part, to) {
    for (i = 1; i <= use_count; i++) {
        split(uses[i], part, SUBSEP)
        to = definer[part[2]]
        if (to == "" || to == part[1]) continue
        if (!((part[1], to) in edge)) next_of[part[1]] = next_of[part[1]] " " to
        edge[part[1], to] = edge[part[1], to] " " part[2]
        node[part[1]] = node[to] = 1
    }
}

# Visits the files that `at` uses, in depth. Prints each circle that ends at a file of the path to here.
function visit(at,    targets, n, i, after) {
    state[at] = 1
    path_to[++depth] = at
    n = split(next_of[at], targets, " ")
    for (i = 1; i <= n; i++) {
        after = targets[i]
        if (state[after] == 1) print_circle(after)
        else if (!state[after]) visit(after)
    }
    depth--
    state[at] = 2
}

function print_circle(first,    i, line, to) {
    for (i = depth; path_to[i] != first; i--) continue
    line = first
    for (; i <= depth; i++) {
        to = i < depth ? path_to[i + 1] : first
        line = line " -> " to " (" substr(edge[path_to[i], to], 2) ")"
    }
    print "circle of files: " line
    circles++
}

{ file = $0; read_file() }
END {
    connect()
    for (at in node) if (!state[at]) visit(at)
    exit circles > 0
}
