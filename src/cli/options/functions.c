/* SPDX-License-Identifier: MIT */
/* Lists the functions of formulas, for the help and the manual page. */
#include <string.h>

#include "cli/options/help.h"
#include "cli/support/text.h"

enum { MEANING_COLUMN = 22 };

const char *help_function(size_t index, char *call, size_t size)
{
    const char *name = eg_expr_function(index);
    if (!name)
        return NULL;
    const char *help = eg_expr_function_help(index), *meaning = strchr(help, ':');
    snprintf(call, size, "%s(%.*s)", name, (int)(meaning - help), help);
    return meaning + 2;
}

void help_functions(FILE *out)
{
    char call[80];
    const char *meaning;
    text_wrapped(out,
                 "Functions of formulas, as in edgegrad surface 'if(x < 1, x^2, gamma(x))'. "
                 "Angles are in radians.",
                 0, 0);
    fputc('\n', out);
    for (size_t i = 0; (meaning = help_function(i, call, sizeof call)) != NULL; i++) {
        int at = fprintf(out, "  %s", call);
        text_wrapped(out, meaning, MEANING_COLUMN, (size_t)at);
    }
    fputc('\n', out);
    text_wrapped(out,
                 "Comparisons < <= > >= == != are 1 or 0; a chain 0 < x < 1 means that all hold. "
                 "Operators: + - * / ^. Constants: pi, e, tau.",
                 0, 0);
}
