/* SPDX-License-Identifier: MIT */
/* Prints names of variables as LaTeX: Greek letters, indices, and names of several letters. */
#include <string.h>

#include "expr/codegen/latex.h"
#include "expr/codegen/letters.h"

/* Prints letters upright, with the signs that LaTeX would take as its own. */
static void print_letters(eg_printer *p, const char *name, size_t length)
{
    eg_letter letter;
    for (size_t i = 0, n; i < length && (n = eg_letter_read(&letter, name + i)) > 0; i += n)
        eg_print_text(p, letter.latex ? letter.latex : name[i] == '_' ? "\\_" : letter.ascii);
}

/* Prints a part of a name: a Greek letter, one character or a number as it is, others upright. */
static void print_part(eg_printer *p, const char *name, size_t length)
{
    eg_letter letter;
    const char *command = eg_letter_command(name, length);
    size_t first = eg_letter_read(&letter, name);
    bool digits = true;
    for (size_t i = 0; i < length && digits; i += eg_letter_read(&letter, name + i))
        digits = eg_letter_read(&letter, name + i) > 0 && strchr("0123456789", letter.ascii[0]);
    if (command) {
        eg_print_text(p, command);
    } else if (first >= length || digits) {
        print_letters(p, name, length);
    } else {
        eg_print_text(p, "\\mathrm{");
        print_letters(p, name, length);
        eg_print_text(p, "}");
    }
}

/* Returns the bytes of a name before its index: digits or subscripts at the end, or what is after
 * the first _. The whole name if there is none. */
static size_t stem_length(const char *name)
{
    eg_letter letter;
    size_t length = strlen(name), stem = 0;
    const char *line = strchr(name + 1, '_');
    if (*name != '_' && line && line[1])
        return (size_t)(line - name);
    for (size_t i = 0, n; (n = eg_letter_read(&letter, name + i)) > 0; i += n)
        if (!letter.subscript && !(name[i] >= '0' && name[i] <= '9'))
            stem = i + n;
    return stem ? stem : length;
}

void eg_latex_print_name(eg_printer *p, const char *name)
{
    size_t stem = stem_length(name);
    const char *index = name + stem + (name[stem] == '_');
    print_part(p, name, stem);
    if (name[stem]) {
        eg_print_text(p, "_{");
        print_part(p, index, strlen(index));
        eg_print_text(p, "}");
    }
}

size_t eg_name_print_latex(const char *name, char *out, size_t size)
{
    eg_printer p = {.out = out, .size = size};
    eg_latex_print_name(&p, name);
    eg_print_end(&p);
    return p.length;
}
