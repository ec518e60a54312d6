/* SPDX-License-Identifier: MIT */
/* Evaluates functions of several variables on the plane of two of them, and reads --axes. */
#include "cli/surface/surface_plane.h"

#include <stdlib.h>
#include <string.h>

eg_status surface_plane_evaluate(void *opaque, const double x[], const double y[], size_t count,
                                 double values[], eg_error *error)
{
    const surface_plane *f = opaque;
    const double *points[EG_EXPR_VARIABLES];
    size_t n = eg_expr_variables(f->expr);
    double *memory = n > 2 ? malloc((n - 2) * count * sizeof *memory) : NULL, *next = memory;
    if (n > 2 && !memory)
        return fail_no_memory(error, "the points of the plot");
    for (size_t v = 0; v < n; v++) {
        points[v] = v == f->axes[0] ? x : v == f->axes[1] ? y : next;
        if (v == f->axes[0] || v == f->axes[1])
            continue;
        for (size_t i = 0; next && i < count; i++)
            *next++ = f->point[v];
    }
    eg_status status = eg_expr_eval_batch(f->expr, points, count, values, NULL, error);
    free(memory);
    return status;
}

int surface_read_axes(const surface_job *job, const char *option, const eg_expr *expr,
                      size_t axes[2])
{
    const char *text = job->options->axes;
    char known[512];
    size_t n = eg_expr_variables(expr), found[2] = {n, n}, comma = text ? strcspn(text, ",") : 0;
    formula_variables(expr, known, sizeof known);
    axes[0] = 0;
    axes[1] = 1;
    if (n > 2 && !job->options->at) {
        message("%s: the expression has %zu variables (%s); --at gives the values of those that "
                "are not on the axes",
                option, n, known);
        return EXIT_USAGE;
    }
    if (!text)
        return EXIT_DONE;
    for (size_t i = 0; i < n; i++) {
        const char *name = eg_expr_name(expr, i);
        if (strlen(name) == comma && strncmp(name, text, comma) == 0)
            found[0] = i;
        if (text[comma] && strcmp(name, text + comma + 1) == 0)
            found[1] = i;
    }
    memcpy(axes, found, sizeof found);
    if (found[0] < n && found[1] < n && found[0] != found[1])
        return EXIT_DONE;
    message("--axes: '%.200s' is not two of the variables %s, as in %s,%s", text, known,
            eg_expr_name(expr, 0), eg_expr_name(expr, 1));
    return EXIT_USAGE;
}
