# SPDX-License-Identifier: MIT
# Writes the manual page libedgegrad(3) in roff man macros: awk -f tools/header-manual.awk include/edgegrad.h
#
# The page follows the header: its first comment is the description, each "/* ---- N. Title ---- */" a section, each
# declaration stands with the comment above or beside it. Of comments it knows paragraphs, lists ("- "), and lines that
# are indented by three or more: tables of two columns, or code.

# ---- reading: pieces of code, comments and blank lines -------------------------------------------------------------

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

# ---- writing text --------------------------------------------------------------------------------------------------

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

# ---- declarations --------------------------------------------------------------------------------------------------

function tidy(words)
{
    gsub(/EG_PRINTF\([^)]*\)/, "", words)
    sub(/^ *EG_API */, "", words)
    gsub(/[ \t]+/, " ", words)
    gsub(/ +;/, ";", words)
    gsub(/\{ /, "{", words)
    return trim(words)
}

# A member of a structure or a constant of an enumeration is complete.
function end_member()
{
    members++
    member[members] = tidy(code_text)
    member_depth[members] = depth
    about[members] = above
    above = code_text = ""
}

# Takes a comment in the body of a structure or an enumeration.
function body_comment(i)
{
    if (trim(code_text) != "") # the last constant has no comma
        end_member()
    if (alone[i])
        above = above (above == "" ? "" : " ") content[i]
    else
        about[members] = about[members] (about[members] == "" ? "" : " ") content[i]
}

# Takes a piece of code in the body; `head` and `tail` are what stands before and after it.
function body_code(words,    i, c)
{
    for (i = 1; i <= length(words); i++) {
        c = substr(words, i, 1)
        if (c == "{") {
            code_text = code_text c
            if (depth > 0)
                end_member()
            else {
                head = tidy(code_text)
                code_text = ""
            }
            depth++
        } else if (c == "}") {
            if (trim(code_text) != "")
                end_member()
            depth--
            code_text = c
        } else if (c == ";" && depth == 0) {
            tail = tidy(code_text c)
            code_text = ""
            return 1
        } else if (depth > 0 && parentheses == 0 && (c == ";" || (c == "," && head ~ /enum/))) {
            code_text = code_text c
            end_member()
        } else {
            parentheses += (c == "(") - (c == ")")
            code_text = code_text c
        }
    }
    code_text = code_text " "
    return 0
}

# Writes a structure or an enumeration.
function put_type(    i, level)
{
    paragraph()
    put_code(head, COLUMNS)
    for (i = 1; i <= members; i++) {
        print ".RS " 4 * member_depth[i]
        put_code(member[i], COLUMNS - 4 * member_depth[i])
        put_indented(about[i])
        print ".RE"
    }
    put_code(tail, COLUMNS)
    if (head ~ /eg_status/) {
        errors = ""
        for (i = 1; i <= members; i++)
            errors = errors ".TP\n.B " escape(member[i]) "\n" prose(about[i] == "" ? "success" : about[i]) "\n"
        gsub(/( = 0)?,\n/, "\n", errors)
    }
}

# A declaration is complete: it joins the group of those that share a comment.
function end_declaration()
{
    if (head != "") {
        put_functions()
        if (pending != "") {
            paragraph()
            put_text(pending)
        }
        pending = ""
        put_type()
    } else {
        declared[++declarations] = tail
    }
    head = tail = ""
    members = 0
}

# Writes the declarations of a group: those that share the comment above, then those with one of their own.
function put_functions(    i)
{
    if (declarations == 0)
        return
    paragraph()
    for (i = 1; i <= declarations; i++)
        if (beside[i] == "")
            put_code(declared[i], COLUMNS)
    put_indented(pending)
    for (i = 1; i <= declarations; i++)
        if (beside[i] != "")
            put_code(declared[i], COLUMNS, beside[i])
    split("", beside)
    pending = ""
    declarations = 0
}

# Ends a group; a comment without a declaration is a paragraph.
function end_group()
{
    put_functions()
    if (pending != "") {
        paragraph()
        put_text(pending)
    }
    pending = ""
}

# Takes a piece of code outside of declarations: preprocessor lines are left out, but for macros of the interface.
function take_code(i,    words)
{
    words = content[i]
    if (depth == 0 && trim(code_text) == "" && words ~ /^(#|extern "C"|}$)/) {
        if (words ~ /^#define EG_[A-Z_]+ +[^ ]/ && words !~ /EG_API|EG_PRINTF/)
            declared[++declarations] = tidy(words)
        return
    }
    if (body_code(words))
        end_declaration()
}

# Takes a comment beside the end of a declaration.
function take_remark(words)
{
    if (declarations > 0)
        beside[declarations] = words
    else
        put_indented(words)
}

function take_comment(i)
{
    if (depth > 0 || trim(code_text) != "")
        body_comment(i)
    else if (!alone[i])
        take_remark(content[i])
    else {
        end_group()
        pending = content[i]
    }
}

# ---- the page ------------------------------------------------------------------------------------------------------

# Writes the pieces from `first` on until the next section; returns its number.
function put_pieces(first,    i)
{
    for (i = first; i <= pieces; i++) {
        if (kind[i] == "comment" && content[i] ~ /^---- /)
            break
        if (kind[i] == "code")
            take_code(i)
        else if (kind[i] == "comment")
            take_comment(i)
        else if (depth == 0)
            end_group()
    }
    end_group()
    return i
}

# Divides the first comment into the description and its example.
function read_description(words,    lines, count, i, inside_example)
{
    count = split(words, lines, "\n")
    for (i = 1; i <= count; i++) {
        if (lines[i] ~ /^ +#include <edgegrad/)
            inside_example = 1
        else if (inside_example && lines[i] !~ /^   / && lines[i] != "")
            inside_example = 0
        if (inside_example)
            example = example substr(lines[i], 5) "\n"
        else
            description = description lines[i] "\n"
    }
    sub(/\n+$/, "", example)
    sub(/^[^:]*: /, "", description)
    description = toupper(substr(description, 1, 1)) substr(description, 2)
    gsub(/\n\n+/, "\n\n", description)
    sub(/\n+$/, "", description)
}

function version(    i)
{
    for (i = 1; i <= pieces; i++)
        if (content[i] ~ /^#define EG_VERSION +"/) {
            match(content[i], /"[^"]*"/)
            return substr(content[i], RSTART + 1, RLENGTH - 2)
        }
    return ""
}

END {
    soname = release = version()
    sub(/\.[0-9]+$/, "", soname)
    print ".TH LIBEDGEGRAD 3 \"\" \"edgegrad " release "\" \"Library Functions\""
    print ".ad l\n.nh"
    print ".SH NAME\nlibedgegrad \\- edges of images, maps of elevation models, gradients of functions"
    print ".SH SYNOPSIS\n.nf\n.B #include <edgegrad.h>\n.PP"
    print "\\fBcc\\fR \\fIprogram.c\\fR \\fB$(pkg\\-config \\-\\-cflags \\-\\-libs edgegrad)\\fR\n.fi"
    for (start = 1; kind[start] != "comment" || content[start] !~ /\nContents\n/; start++)
        ;
    read_description(content[start])
    print ".SH DESCRIPTION"
    put_text(description)
    for (before = next_section = start + 1; content[next_section] !~ /^---- /; next_section++)
        ;
    while (next_section <= pieces) {
        title = content[next_section]
        gsub(/^---- | -+$/, "", title)
        print ".SH \"" toupper(escape(title)) "\""
        fresh = 1
        next_section = put_pieces(next_section + 1)
    }
    print ".SH ERRORS"
    put_text("A function that can fail returns an eg_status and writes one line to the caller's eg_error: what is\n" \
             "wrong with which file or argument. It stays there until the caller clears it, so that a sequence of calls\n" \
             "needs one check.")
    printf "%s", errors
    print ".SH VERSIONS"
    put_text("The library of this page is " release ". Its file is libedgegrad.so." soname ", its symbols have the\n" \
             "version EDGEGRAD_" soname ". Until 1.0 a new minor version may change the interface, and has another\n" \
             "file name; programs then have to be compiled again. A new patch version corrects errors and changes nothing else.")
    put_pieces(before)
    print ".SH EXAMPLES"
    print "Find the edges of a photograph:\n.PP\n.nf"
    count = split(example, lines, "\n")
    for (i = 1; i <= count; i++)
        put(escape(lines[i]))
    print ".fi"
    print ".SH SEE ALSO\n.BR edgegrad (1),\n.BR edgegrad\\-formats (5)"
}
