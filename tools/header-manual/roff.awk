# SPDX-License-Identifier: MIT
# Writes texts of comments, and code, as roff.

function escape(words)
{
    gsub(/\\/, "\\e", words)
    gsub(/-/, "\\-", words)
    gsub(/\^/, "\\(ha", words)
    gsub(/~/, "\\(ti", words)
    gsub(/`/, "\\(ga", words)
    return words
}

# Returns a line of text: names between backquotes in italics, functions in bold.
function prose(line,    out, at, name)
{
    while (match(line, /`[^`]+`|eg_[a-z0-9_]+\(\)/)) {
        out = out escape(substr(line, 1, RSTART - 1))
        name = substr(line, RSTART, RLENGTH)
        at = RSTART + RLENGTH
        out = out (name ~ /^`/ ? "\\fI" escape(substr(name, 2, length(name) - 2)) : "\\fB" escape(name)) "\\fR"
        line = substr(line, at)
    }
    return out escape(line)
}

function put(line)
{
    print (line ~ /^[.']/ ? "\\&" line : line)
}

# Begins a paragraph; the first one of a section needs nothing.
function paragraph()
{
    if (!fresh)
        print ".PP"
    fresh = 0
}

function end_literal()
{
    if (literal == "code")
        print ".fi\n.RE"
    else if (literal == "table")
        print ".RE"
    literal = ""
}

# Writes an indented line: of a table, if two or more spaces divide it, or of code.
function put_literal(line,    at)
{
    if (match(line, /[^ ]  +[^ ]/) && literal != "code") {
        if (literal != "table")
            print ".RS 4"
        literal = "table"
        at = RSTART + 1
        print ".TP 4\n.B " escape(trim(substr(line, 1, at - 1)))
        put(prose(trim(substr(line, at))))
    } else if (literal == "table") {
        put(prose(trim(line)))
    } else {
        if (literal == "")
            print ".sp\n.RS 2\n.nf"
        literal = "code"
        if (line ~ /^    / && line !~ /^ +[0-9]+\. /)
            sub(/^    /, "", line)
        else
            sub(/^  /, "", line)
        put(escape(line))
    }
}

function trim(words)
{
    gsub(/^ +| +$/, "", words)
    return words
}

# Writes the text of a comment. `again`: the next line begins a paragraph.
function put_text(words,    lines, count, i, list, again)
{
    count = split(words, lines, "\n")
    for (i = 1; i <= count; i++) {
        if (lines[i] ~ /^   |^ +[0-9]+\. /) {
            put_literal(lines[i])
            again = 1
            continue
        }
        end_literal()
        if (lines[i] ~ /^ *$/) {
            again = 1
        } else if (lines[i] ~ /^- /) {
            print ".IP \\(bu 2"
            put(prose(substr(lines[i], 3)))
            list = 1
            again = 0
        } else {
            if (again || (list && lines[i] !~ /^  /)) {
                paragraph()
                list = again = 0
            }
            put(prose(trim(lines[i])))
        }
    }
    end_literal()
}

function put_indented(words)
{
    if (words == "")
        return
    print ".RS 4"
    put_text(words)
    print ".RE"
}

# Writes a declaration in bold, broken after commas, with the comment beside it.
function put_code(words, columns, comment,    line, part, at)
{
    print ".nf"
    line = ""
    while (words != "") {
        at = index(words, ", ")
        part = at ? substr(words, 1, at) : words
        words = at ? substr(words, at + 2) : ""
        if (line == "" && length(part) > columns) {
            at = index(part, "(")
            print "\\fB" escape(substr(part, 1, at)) "\\fR"
            line = "        " substr(part, at + 1)
        } else if (line != "" && length(line) + 1 + length(part) > columns) {
            print "\\fB" escape(line) "\\fR"
            line = "        " part
        } else {
            line = line (line == "" ? "" : " ") part
        }
    }
    if (comment == "")
        print "\\fB" escape(line) "\\fR"
    else if (length(line) + length(comment) + 8 > columns)
        print "\\fB" escape(line) "\\fR\n        /* " prose(comment) " */"
    else
        print "\\fB" escape(line) "\\fR  /* " prose(comment) " */"
    print ".fi"
}
