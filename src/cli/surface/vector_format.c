/* SPDX-License-Identifier: MIT */
/* Formats vector fields. */
#include <stdlib.h>

#include "cli/support/format.h"
#include "cli/surface/vector.h"

char *vector_head_text(const vector_job *v)
{
    char names[512];
    formula_variables(eg_vector_component(v->field, 0), names, sizeof names);
    return format_text("F(%s)", names);
}

char *vector_components_text(const vector_job *v)
{
    char *text = NULL;
    FILE *out = format_stream(&text);
    for (size_t i = 0; i < v->n; i++) {
        char *component = surface_format_expr(eg_vector_component(v->field, i));
        fprintf(out, "%s%s", i ? ", " : "(", component);
        free(component);
    }
    fputc(')', out);
    format_close(out, &text);
    return text;
}

void vector_print_formula(vector_job *v, const char *key, const char *label, const eg_expr *formula,
                          eg_real number)
{
    block_writer *s = &v->job->block_writer;
    char *text = surface_format_expr(formula);
    if (s->j) {
        json_open(s->j, key, '{');
        json_text(s->j, "formula", text);
        if (number != EG_REAL_NONE)
            block_json_real(s, "value", number);
        json_close(s->j, '}');
    } else {
        surface_print_equation(s, label, text, number);
    }
    free(text);
}
