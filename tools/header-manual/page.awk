# SPDX-License-Identifier: MIT
# Writes the manual page libedgegrad(3) of include/edgegrad.h. The files of this folder are one program: 'make' has its command.
#
# The page follows the header: its first comment is the description, each "/* ---- N. Title ---- */" a section, each
# declaration stands with the comment above or beside it. Of comments it knows paragraphs, lists ("- "), and lines that
# are indented by three or more: tables of two columns, or code.

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
