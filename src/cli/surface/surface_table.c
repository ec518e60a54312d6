/* SPDX-License-Identifier: MIT */
/* Writes a table of values and derivatives with proven digits as CSV (--table). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/surface.h"

enum {
    BATCH = 128, /* rows whose numbers are kept at a time */
    MAX_ROWS = 1000000
};

/* first:last:step of a variable, each a constant expression. */
typedef struct table_range {
    eg_expr *first, *last, *step;
    size_t count;
} table_range;

typedef struct table_job {
    surface_job *job;
    table_range range[EG_EXPR_VARIABLES];
    size_t rows;
    FILE *out;
    size_t singular; /* rows without a gradient */
} table_job;

/* ---- ranges ---- */

static int range_error(const table_job *t, size_t index, const char *text, const char *reason)
{
    message("--table: '%.200s' for %s %s", text, eg_expr_name(t->job->f, index), reason);
    return EXIT_USAGE;
}

/* Returns the number of a constant expression in the set of the job. Without memory the process
 * ends. */
static eg_real constant(const table_job *t, const eg_expr *expr)
{
    eg_real value = EG_REAL_NONE;
    if (eg_reals_derive(t->job->exact.reals, expr, NULL, &value, NULL, NULL, NULL) != EG_OK)
        format_no_memory();
    return value;
}

/* Returns first + k*step of a variable. */
static eg_real coordinate(const table_job *t, size_t variable, size_t k)
{
    eg_reals *r = t->job->exact.reals;
    const table_range *range = &t->range[variable];
    eg_real moved =
        eg_real_apply(r, EG_REAL_MULTIPLY, eg_real_double(r, (double)k), constant(t, range->step));
    return eg_real_apply(r, EG_REAL_ADD, constant(t, range->first), moved);
}

/* Returns true if coordinate k of a variable is not beyond the last one. */
static bool is_within(const table_job *t, size_t variable, size_t k, bool upwards)
{
    eg_reals *r = t->job->exact.reals;
    eg_real left = eg_real_apply(r, EG_REAL_SUBTRACT, constant(t, t->range[variable].last),
                                 coordinate(t, variable, k));
    eg_real_sign sign = eg_real_sign_of(r, left);
    return sign == EG_SIGN_ZERO || sign == (upwards ? EG_SIGN_POSITIVE : EG_SIGN_NEGATIVE);
}

/* Counts the steps of a range: doubles give the number but for one, exact numbers decide. */
static int count_steps(table_job *t, size_t index, const char *text, const double number[3])
{
    double steps = (number[1] - number[0]) / number[2];
    if (number[2] == 0)
        return range_error(t, index, text, "has a step of 0");
    if (steps < 0)
        return range_error(t, index, text, "steps away from its end: change the sign of the step");
    if (steps >= MAX_ROWS) {
        message("--table: '%.200s' for %s has more than %d steps", text,
                eg_expr_name(t->job->f, index), MAX_ROWS);
        return EXIT_LIMIT;
    }
    size_t count = steps > 1 ? (size_t)steps - 1 : 0;
    while (is_within(t, index, count + 1, number[2] > 0))
        count++;
    t->range[index].count = count + 1;
    return EXIT_DONE;
}

static int read_range(void *opaque, size_t index, const char *text)
{
    table_job *t = opaque;
    const surface_job *job = t->job;
    eg_expr **const parts[] = {&t->range[index].first, &t->range[index].last,
                               &t->range[index].step};
    char *copy = format_text("%s", text), *rest = copy;
    double number[3] = {0};
    int code = EXIT_DONE, i = 0;
    for (char *part; code == EXIT_DONE && (part = strsep(&rest, ":")) != NULL; i++)
        code = i < 3 ? formula_constant_expr(parts[i], &number[i], job->ctx, "--table", part,
                                             &job->constants)
                     : range_error(t, index, text, "is not FROM:TO:STEP");
    free(copy);
    if (code == EXIT_DONE && i < 3)
        code = range_error(t, index, text, "is not FROM:TO:STEP");
    return code == EXIT_DONE ? count_steps(t, index, text, number) : code;
}

static int read_ranges(table_job *t)
{
    const surface_job *job = t->job;
    int code = formula_parts("--table", job->options->table, job->f, read_range, t);
    t->rows = 1;
    for (size_t i = 0; i < job->n && code == EXIT_DONE; i++) {
        if (t->range[i].count > MAX_ROWS / t->rows) {
            message("--table: more than %d rows; --grid writes larger tables, with double "
                    "precision",
                    MAX_ROWS);
            return EXIT_LIMIT;
        }
        t->rows *= t->range[i].count;
    }
    return code;
}

/* ---- rows ---- */

/* Prints a number, nothing for one without a value or a certain digit. */
static void print_cell(table_job *t, eg_real value, bool first)
{
    char *text = value == EG_REAL_NONE ? NULL : block_real_text(&t->job->block_writer, value);
    bool number = text && strspn(text, "-+0123456789.e") == strlen(text);
    fprintf(t->out, "%s%s", first ? "" : ",", number ? text : "");
    free(text);
}

/* Sets the point of row `index`, in which the first variable changes fastest. */
static void set_point(const table_job *t, size_t index, eg_real point[], double approximate[])
{
    for (size_t i = 0; i < t->job->n; i++) {
        point[i] = coordinate(t, i, index % t->range[i].count);
        approximate[i] = eg_real_approximate(t->job->exact.reals, point[i]);
        index /= t->range[i].count;
    }
}

static eg_status print_row(table_job *t, size_t index, eg_error *error)
{
    surface_job *job = t->job;
    surface_exact *e = &job->exact;
    set_point(t, index, e->point, job->point);
    eg_status status = eg_surface_classify(e->reals, job->f, e->point, job->point, &job->at, error);
    if (status == EG_OK)
        status = eg_surface_prove(e->reals, job->f, e->point, &e->value, e->gradient, NULL, error);
    if (status != EG_OK)
        return status;
    const bool regular = job->at.differentiability == EG_DIFFERENTIABLE && job->at.proven;
    t->singular += !regular;
    for (size_t i = 0; i < job->n; i++)
        print_cell(t, e->point[i], i == 0);
    print_cell(t, e->value, job->n == 0);
    for (size_t i = 0; i < job->n; i++) {
        bool replaced = surface_is_singular(job) && job->at.gradient_real[i] != EG_REAL_NONE;
        print_cell(t,
                   !regular   ? EG_REAL_NONE
                   : replaced ? job->at.gradient_real[i]
                              : e->gradient[i],
                   false);
    }
    fputc('\n', t->out);
    return eg_reals_status(e->reals, error);
}

/* Starts a new set of numbers, so that those of earlier rows do not fill the memory. */
static eg_status renew_numbers(table_job *t, eg_error *error)
{
    surface_job *job = t->job;
    eg_reals_free(job->exact.reals);
    job->exact.reals = NULL;
    eg_status status = eg_reals_new(&job->exact.reals, job->ctx, NULL, error);
    job->block_writer.reals = job->exact.reals;
    return status;
}

static void print_header(const table_job *t)
{
    const eg_expr *f = t->job->f;
    for (size_t i = 0; i < t->job->n; i++)
        fprintf(t->out, "%s,", eg_expr_name(f, i));
    fputs("f", t->out);
    for (size_t i = 0; i < t->job->n; i++)
        fprintf(t->out, ",df/d%s", eg_expr_name(f, i));
    fputc('\n', t->out);
}

static int print_rows(table_job *t)
{
    eg_error error = {0};
    print_header(t);
    for (size_t k = 0; k < t->rows && error.status == EG_OK; k++) {
        if (*signal_caught())
            error.status = EG_CANCELLED;
        else if (k % BATCH != 0 || renew_numbers(t, &error) == EG_OK)
            print_row(t, k, &error);
    }
    return surface_status(t->job, &error);
}

static void free_ranges(table_job *t)
{
    for (size_t i = 0; i < t->job->n; i++) {
        eg_expr_free(t->range[i].first);
        eg_expr_free(t->range[i].last);
        eg_expr_free(t->range[i].step);
    }
}

int surface_write_table(surface_job *job)
{
    table_job t = {.job = job};
    char *text = NULL;
    int code = read_ranges(&t);
    if (code == EXIT_DONE) {
        t.out = format_stream(&text);
        code = print_rows(&t);
        if (code == EXIT_DONE)
            format_close(t.out, &text);
        else
            format_discard(t.out, &text);
    }
    if (code == EXIT_DONE)
        code = surface_write_text(job, text, strlen(text));
    if (code == EXIT_DONE && t.singular && !job->settings->quiet) {
        fflush(stdout);
        message("note: %zu row%s no derivatives, because f has none there or that is not proven",
                t.singular, t.singular == 1 ? " has" : "s have");
    }
    free(text);
    free_ranges(&t);
    return code;
}
