# SPDX-License-Identifier: MIT
# Collects pieces of code to declarations and writes them with their comments.

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
