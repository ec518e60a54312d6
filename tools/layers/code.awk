# SPDX-License-Identifier: MIT
# Shared by the awk programs of tools/check-layers.

# Returns the line without comments and with empty strings and characters. Sets in_comment.
function code_of(text,    out, i, two, c, quote) {
    for (i = 1; i <= length(text); i++) {
        two = substr(text, i, 2)
        c = substr(text, i, 1)
        if (in_comment) {
            if (two == "*/") { in_comment = 0; i++ }
        } else if (quote != "") {
            if (c == "\\") i++
            else if (c == quote) { quote = ""; out = out c }
        } else if (two == "/*") { in_comment = 1; i++ }
        else if (two == "//") break
        else {
            if (c == "\"" || c == "\047") quote = c
            out = out c
        }
    }
    return out
}
