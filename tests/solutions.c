/* SPDX-License-Identifier: MIT */
/* Solving of problems given as text. */
#include "solutions.h"

#include <string.h>

static const double long_time = 600;

/* Makes the numbers, and the ends of the box as numbers. */
static eg_status begin(solving *s, eg_context *ctx, const char *const box[], size_t n,
                       eg_real ends[2][16], eg_error *error)
{
    eg_reals_options options = {.bits = 4096, .seconds = 1};
    eg_status status = eg_reals_new(&s->reals, ctx, &options, error);
    for (size_t i = 0; i < 2 * n && status == EG_OK; i++) {
        eg_expr *end = NULL;
        status = eg_expr_parse(&end, ctx, box[i], NULL, NULL, error);
        if (status == EG_OK)
            status = eg_reals_derive(s->reals, end, NULL, &ends[i % 2][i / 2], NULL, NULL, error);
        eg_expr_free(end);
    }
    return status;
}

/* Parses an expression of the variables x, y ... of the first one. */
static eg_status parse(solving *s, eg_context *ctx, size_t k, const char *text, eg_error *error)
{
    static const char *const names[] = {"x", "y", "z"};
    eg_expr_options options = {.names = names, .name_count = k ? eg_expr_variables(s->expr[0]) : 0};
    return eg_expr_parse(&s->expr[k], ctx, text, k ? &options : NULL, NULL, error);
}

eg_status try_critical_of(eg_context *ctx, const char *text, const char *const box[],
                          const eg_solve_options *options, solving *s, eg_error *error)
{
    eg_real ends[2][16];
    eg_solve_options own = options ? *options : (eg_solve_options){0};
    own.seconds = long_time;
    *s = (solving){0};
    eg_status status = parse(s, ctx, 0, text, error);
    if (status == EG_OK)
        status = begin(s, ctx, box, eg_expr_variables(s->expr[0]), ends, error);
    if (status == EG_OK)
        status = eg_solve_critical(&s->found, s->reals, s->expr[0], ends[0], ends[1], &own, error);
    return status;
}

solving critical_of(eg_context *ctx, const char *text, const char *const box[],
                    const eg_solve_options *options)
{
    solving s;
    eg_error error = {0};
    if (try_critical_of(ctx, text, box, options, &s, &error) != EG_OK)
        fail_msg("%s: %s", text, error.message);
    return s;
}

solving solutions_of(eg_context *ctx, const char *const texts[], size_t count,
                     const char *const box[])
{
    solving s = {0};
    eg_error error = {0};
    eg_real ends[2][16];
    eg_solve_options options = {.seconds = long_time};
    for (size_t k = 0; k < count; k++)
        assert_int_equal(parse(&s, ctx, k, texts[k], &error), EG_OK);
    assert_int_equal(begin(&s, ctx, box, eg_expr_variables(s.expr[0]), ends, &error), EG_OK);
    if (eg_solve_system(&s.found, s.reals, (const eg_expr *const *)s.expr, count, ends[0], ends[1],
                        &options, &error) != EG_OK)
        fail_msg("%s: %s", texts[0], error.message);
    return s;
}

solving extrema_of(eg_context *ctx, const char *text, const char *const constraints[], size_t count,
                   size_t inequalities, const char *const box[])
{
    solving s = {0};
    eg_error error = {0};
    eg_real ends[2][16];
    eg_constraint list[EG_SOLVE_CONSTRAINTS];
    eg_solve_options options = {.seconds = long_time};
    assert_int_equal(parse(&s, ctx, 0, text, &error), EG_OK);
    for (size_t k = 0; k < count; k++) {
        assert_int_equal(parse(&s, ctx, 1 + k, constraints[k], &error), EG_OK);
        list[k] = (eg_constraint){s.expr[1 + k], k + inequalities >= count};
    }
    assert_int_equal(begin(&s, ctx, box, eg_expr_variables(s.expr[0]), ends, &error), EG_OK);
    if (eg_solve_constrained(&s.found, s.reals, s.expr[0], list, count, ends[0], ends[1], &options,
                             &error) != EG_OK)
        fail_msg("%s: %s", text, error.message);
    return s;
}

solving curve_of(eg_context *ctx, const char *text, const char *const box[])
{
    solving s = {0};
    eg_error error = {0};
    eg_real ends[2][16];
    eg_solve_options options = {.seconds = long_time};
    assert_int_equal(parse(&s, ctx, 0, text, &error), EG_OK);
    assert_int_equal(begin(&s, ctx, box, 2, ends, &error), EG_OK);
    if (eg_trace_curve(&s.curve, s.reals, s.expr[0], ends[0], ends[1], &options, &error) != EG_OK)
        fail_msg("%s: %s", text, error.message);
    return s;
}

void solving_free(solving *s)
{
    eg_solutions_free(s->found);
    eg_trace_free(s->curve);
    eg_reals_free(s->reals);
    for (size_t k = 0; k < sizeof s->expr / sizeof *s->expr; k++)
        eg_expr_free(s->expr[k]);
    *s = (solving){0};
}
