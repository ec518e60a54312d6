# SPDX-License-Identifier: MIT
# Divides the header into pieces: code, comments and blank lines.

BEGIN { COLUMNS = 70 } # of code; a page of 80 columns has 71 beside its margins

function add(type, words, starts)
{
    kind[++pieces] = type
    content[pieces] = words
    alone[pieces] = starts # of a comment: it begins its line
}

# Removes the star that begins a line of a comment, or the indentation of a line without one.
function unstar(line)
{
    if (line ~ /^ *\*/)
        sub(/^ *\* ?/, "", line)
    else
        sub(/^ +/, "", line)
    return line
}

function read_comment(line,    at)
{
    at = index(line, "*/")
    if (at == 0) {
        comment = comment unstar(line) "\n"
        return ""
    }
    inside = 0
    comment = comment unstar(substr(line, 1, at - 1))
    gsub(/^\n+|[ \n]+$/, "", comment)
    add("comment", comment, comment_starts)
    return substr(line, at + 2)
}

{
    rest = $0
    if (inside) {
        rest = read_comment(rest)
        if (inside || rest ~ /^ *$/)
            next
    } else if (rest ~ /^ *$/) {
        add("blank")
        next
    }
    while (rest !~ /^ *$/) {
        at = index(rest, "/*")
        code = at ? substr(rest, 1, at - 1) : rest
        if (code !~ /^ *$/)
            add("code", code)
        if (!at)
            break
        inside = 1
        comment = ""
        comment_starts = code ~ /^ *$/ && length(rest) == length($0)
        rest = substr(rest, at + 2)
        sub(/^ /, "", rest)
        rest = read_comment(rest)
    }
}
