# SPDX-License-Identifier: MIT
# Checks who includes what, and which calls stand where. Reads the tables, then the list of files; paths are from `root`.

function report(reason) {
    printf "%s:%d: %s\n", file, line, reason
    breaches++
}

# Returns true if the file is one of the places, a list of folders and files.
function is_in(places,    n, i, place) {
    n = split(places, place, " ")
    for (i = 1; i <= n; i++) {
        if (place[i] ~ /\/$/ && index(file, place[i]) == 1) return 1
        if (place[i] == file || place[i] == name) return 1
    }
    return 0
}

function check_include(text,    header, owner, quoted) {
    quoted = text ~ /include[ \t]*"/
    header = text
    gsub(/^[^"<]*["<]|[">].*$/, "", header)
    for (r = 1; r <= rules; r++)
        if (kind[r] == "header" && index(" " what[r] " ", " " header " ") && !is_in(where[r]))
            report("<" header ">: " why[r])
    if (!quoted || header == "edgegrad.h") return
    owner = header
    if (!sub(/\/.*/, "", owner)) report("\"" header "\": say its folder too, from src/")
    else if (index(" " allowed[layer] " ", " " owner " ") == 0)
        report(layer " may not include \"" header "\"")
}

# Members (p->free) are not calls of the function of that name.
function check_code(text, raw,    r, n, i, word, pattern) {
    for (r = 1; r <= rules; r++) {
        n = split(what[r], word, " ")
        for (i = 1; i <= n; i++) {
            pattern = "(^|[^A-Za-z0-9_.>])" word[i] "[ \t]*[(]"
            if (kind[r] == "word") pattern = "(^|[^A-Za-z0-9_])" word[i] "($|[^A-Za-z0-9_])"
            if (kind[r] == "pragma") pattern = "(#[ \t]*pragma[ \t]|_Pragma[ \t]*[(]\")[ \t]*" word[i]
            if (kind[r] == "header") continue
            if ((kind[r] == "pragma" ? raw : text) ~ pattern && !is_in(where[r]))
                report(word[i] ": " why[r])
        }
    }
}

function check_file(    raw, text) {
    layer = name = file
    sub(/^src\//, "", layer)
    sub(/.*\//, "", name)
    line = in_comment = 0
    if (!sub(/\/.*/, "", layer) || !(layer in allowed)) report("not in a folder of the table of layers")
    while ((getline raw < (root "/" file)) > 0) {
        line++
        text = code_of(raw)
        if (text ~ /^[ \t]*#[ \t]*include/) check_include(raw)
        else if (text != "") check_code(text, raw)
    }
    close(root "/" file)
}

$1 == "files" { reading = 1; next }
reading { file = $0; files++; check_file(); next }
$1 == "layer" { allowed[$2] = $3; next }
{ rules++; kind[rules] = $1; what[rules] = $2; where[rules] = $3; why[rules] = $4 }
END {
    if (!files) { print "check-layers: no sources under " root "/src"; exit 1 }
    exit breaches > 0
}
