/* SPDX-License-Identifier: MIT */
/* Boxes: x=-5:5,y=0:2pi. */
#include <stdlib.h>
#include <string.h>

#include "cli/solve/solve.h"
#include "cli/solve/solve_parts.h"
#include "cli/support/format.h"

typedef struct reading {
    surface_job *job;
    const char *where;
    solve_box *box;
} reading;

/* Reads an end of a range, exactly. */
static int read_end(const reading *r, const char *text, double *value, eg_real *exact)
{
    eg_expr *expr = NULL;
    eg_error error = {0};
    surface_job *job = r->job;
    int code = formula_constant_expr(&expr, value, job->ctx, r->where, text, &job->constants);
    if (code == EXIT_DONE &&
        eg_reals_derive(job->exact.reals, expr, NULL, exact, NULL, NULL, &error) != EG_OK)
        code = report_error(job->settings, &error);
    eg_expr_free(expr);
    return code;
}

/* Reads "LOW:HIGH", the range of a variable. A formula_part_reader. */
static int read_range(void *opaque, size_t index, const char *text)
{
    const reading *r = opaque;
    char *copy = format_text("%s", text), *colon = strchr(copy, ':');
    int code;
    if (!colon || strchr(colon + 1, ':')) {
        message("%s: '%.200s' for %s is not a range LOW:HIGH, as in %s=-5:5", r->where, text,
                eg_expr_name(r->job->f, index), eg_expr_name(r->job->f, index));
        free(copy);
        return EXIT_USAGE;
    }
    *colon = 0;
    code = read_end(r, copy, &r->box->ends[index][0], &r->box->low[index]);
    if (code == EXIT_DONE)
        code = read_end(r, colon + 1, &r->box->ends[index][1], &r->box->high[index]);
    free(copy);
    return code;
}

int solve_read_box(surface_job *job, const char *where, const char *text, solve_box *box)
{
    reading r = {job, where, box};
    if (job->n > EG_SOLVE_VARIABLES) {
        message("%s: the expression has %zu variables, and at most %d can be solved for", where,
                job->n, EG_SOLVE_VARIABLES);
        return EXIT_USAGE;
    }
    return formula_parts(where, text, job->f, read_range, &r);
}

void solve_json_box(surface_job *job, const char *key, const double box[][2])
{
    json *j = job->block_writer.j;
    json_open(j, key, '{');
    for (size_t i = 0; i < job->n; i++) {
        json_open(j, eg_expr_name(job->f, i), '[');
        json_exact(j, NULL, box[i][0]);
        json_exact(j, NULL, box[i][1]);
        json_close(j, ']');
    }
    json_close(j, '}');
}

void solve_json_point(surface_job *job, const char *key, const eg_real at[])
{
    json *j = job->block_writer.j;
    json_open(j, key, '{');
    for (size_t i = 0; i < job->n; i++)
        block_json_real(&job->block_writer, eg_expr_name(job->f, i), at[i]);
    json_close(j, '}');
}

char *solve_point_text(surface_job *job, const eg_real at[])
{
    return job->n == 1 ? block_real_text(&job->block_writer, at[0])
                       : block_real_vector_text(&job->block_writer, at, job->n);
}

char *solve_names_text(const surface_job *job)
{
    char names[512];
    formula_variables(job->f, names, sizeof names);
    return format_text(job->n == 1 ? "%s" : "(%s)", names);
}

void solve_print_box(surface_job *job, const solve_box *box)
{
    char *text = NULL;
    if (job->block_writer.j) {
        solve_json_box(job, "box", box->ends);
        return;
    }
    FILE *out = format_stream(&text);
    for (size_t i = 0; i < job->n; i++) {
        char *low = block_real_text(&job->block_writer, box->low[i]);
        char *high = block_real_text(&job->block_writer, box->high[i]);
        fprintf(out, "%s%s <= %s <= %s", i ? ", " : "", low, eg_expr_name(job->f, i), high);
        free(low);
        free(high);
    }
    format_close(out, &text);
    block_line("box", text, NULL);
    free(text);
}

void solve_print_defined(surface_job *job, eg_defined defined)
{
    static const char *const names[] = {[EG_DEFINED_EVERYWHERE] = "everywhere",
                                        [EG_DEFINED_PARTLY] = "partly",
                                        [EG_DEFINED_UNKNOWN] = "unknown",
                                        [EG_DEFINED_NOWHERE] = "nowhere"};
    if (job->block_writer.j)
        json_text(job->block_writer.j, "defined", names[defined]);
    else if (defined != EG_DEFINED_EVERYWHERE)
        block_line("domain",
                   defined == EG_DEFINED_NOWHERE  ? "no value anywhere in the box"
                   : defined == EG_DEFINED_PARTLY ? "no value in parts of the box"
                                                  : "perhaps no value in parts of the box",
                   NULL);
}
