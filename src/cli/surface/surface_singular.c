/* SPDX-License-Identifier: MIT */
/* Reports a point without a gradient: the limits of value and slope along paths to it. */
#include <math.h>
#include <string.h>

#include "cli/surface/surface.h"

static const struct {
    const char *name;        /* JSON value of "regularity" */
    const char *description; /* for the message, after "the expression" */
} kinds[] = {
    [EG_DIFFERENTIABLE] = {"regular", "has a gradient"},
    [EG_CORNER] = {"kink",
                   "is not differentiable: its slopes in different directions fit no plane"},
    [EG_VERTICAL_TANGENT] = {"steep", "is not differentiable: its slope grows without bound"},
    [EG_JUMP_DISCONTINUITY] =
        {"jump", "is not continuous: the values around do not tend to the value there"},
    [EG_DOMAIN_BOUNDARY] = {"border", "is not differentiable: it has no values on some sides"},
    [EG_REMOVABLE_SINGULARITY] = {"hole",
                                  "has no value, but tends to the same limit from all directions"},
    [EG_POLE] = {"pole", "has no value: it grows without bound"},
    [EG_NO_LIMIT] = {"no limit", "has no value, and its limit depends on the path"},
    [EG_NO_VALUE] = {"no value", "has no value, at the point and around it"},
};

static void format_limit(const block_writer *s, char out[BLOCK_NUMBER_SIZE], eg_limit limit)
{
    if (limit.kind == EG_LIMIT_NONE)
        snprintf(out, BLOCK_NUMBER_SIZE, "no limit");
    else if (limit.kind == EG_LIMIT_UNDEFINED)
        snprintf(out, BLOCK_NUMBER_SIZE, "no values");
    else
        block_format_number(s, out, limit.value);
}

/* Writes the path: "y = x^2, x > 0" for a parabola, else its direction. */
static void format_path(const surface_job *job, char *out, size_t size, const eg_path_limit *path)
{
    double u[EG_EXPR_VARIABLES] = {0};
    if (path->curvature != 0) {
        snprintf(out, size, "%s = %s%s^2, %s %s 0", eg_expr_name(job->f, path->j),
                 path->curvature < 0 ? "-" : "", eg_expr_name(job->f, path->i),
                 eg_expr_name(job->f, path->i), path->direction[0] < 0 ? "<" : ">");
        return;
    }
    if (path->j != path->i)
        u[path->j] = path->direction[1];
    u[path->i] = path->direction[0];
    for (size_t i = 0; i < job->n; i++)
        u[i] = fabs(u[i]) < 1e-15 ? 0 : u[i];
    block_format_vector(&(block_writer){.digits = 4}, out, size, u, job->n);
}

static void print_path_json(surface_job *job, const eg_path_limit *path)
{
    json *j = job->block_writer.j;
    double offset[EG_EXPR_VARIABLES] = {0};
    offset[path->j] = path->direction[1];
    offset[path->i] = path->direction[0];
    json_open(j, NULL, '{');
    block_vector(&job->block_writer, "direction", NULL, offset, job->n, NULL);
    if (path->curvature != 0) {
        json_text(j, "curve", eg_expr_name(job->f, path->j));
        json_exact(j, "bend", path->curvature);
    }
    json_exact(j, "limit", path->value.value);
    json_exact(j, "slope", path->slope.value);
    json_close(j, '}');
}

/* Prints a row of the table. The equation of a parabola is relative to the point, which is noted
 * unless that is 0. */
static void print_path_text(surface_job *job, const eg_path_limit *path)
{
    char direction[BLOCK_LINE_SIZE], value[BLOCK_NUMBER_SIZE], slope[BLOCK_NUMBER_SIZE];
    const char *note = "";
    for (size_t i = 0; i < job->n; i++)
        if (path->curvature != 0 && job->point[i] != 0)
            note = " (from here)";
    format_path(job, direction, sizeof direction, path);
    format_limit(&job->block_writer, value, path->value);
    format_limit(&job->block_writer, slope, path->slope);
    printf("  %-28s  %-16s  %s%s\n", direction, value, slope, note);
}

/* Returns true unless the path is a parabola whose limit equals that of a straight path. */
static bool is_informative(const surface_job *job, const eg_path_limit *path)
{
    const eg_surface *at = &job->at;
    if (path->curvature == 0)
        return true;
    for (size_t i = 0; i < at->path_limit_count; i++) {
        const eg_path_limit *other = &at->path_limits[i];
        if (other->curvature == 0 && other->value.kind == path->value.kind &&
            (other->value.value == path->value.value ||
             fabs(other->value.value - path->value.value) < 1e-4 ||
             path->value.kind != EG_LIMIT_FINITE))
            return false;
    }
    return true;
}

static void report_paths(surface_job *job)
{
    const eg_surface *at = &job->at;
    block_writer *s = &job->block_writer;
    if (s->j) {
        json_open(s->j, "approaches", '[');
    } else {
        puts("\nApproaches: limits along paths to the point, from samples");
        printf("  %-28s  %-16s  %s\n", "direction", "limit of f", "slope");
    }
    for (size_t i = 0; i < at->path_limit_count; i++) {
        if (s->j)
            print_path_json(job, &at->path_limits[i]);
        else if (is_informative(job, &at->path_limits[i]))
            print_path_text(job, &at->path_limits[i]);
    }
    if (s->j)
        json_close(s->j, ']');
}

static void report_side(block_writer *s, const char *key, const char *label, eg_limit limit,
                        int sign)
{
    char shown[BLOCK_NUMBER_SIZE];
    limit.value *= sign;
    format_limit(s, shown, limit);
    if (s->j)
        json_exact(s->j, key, limit.value);
    else
        block_text(s, NULL, label, shown);
}

/* Reports the one-sided limits and derivatives of a function of one variable. */
static void report_one_sided(surface_job *job)
{
    block_writer *s = &job->block_writer;
    const eg_path_limit *side = job->at.path_limits;
    block_open(s, "one_sided", "One-sided limits: from samples below and above the point");
    report_side(s, "left_limit", "f from the left", side[1].value, 1);
    report_side(s, "right_limit", "f from the right", side[0].value, 1);
    report_side(s, "left", "slope from the left", side[1].slope, -1);
    report_side(s, "right", "slope from the right", side[0].slope, 1);
    block_close(s);
}

int surface_report_singular(surface_job *job)
{
    block_writer *s = &job->block_writer;
    char place[BLOCK_LINE_SIZE];
    const eg_surface *at = &job->at;
    if (s->j) {
        json_exact(s->j, "value", at->value);
        json_text(s->j, "regularity", kinds[at->differentiability].name);
        json_exact(s->j, "limit", at->limit);
    } else {
        block_number(s, NULL, "value", isfinite(at->value) ? at->value : (double)NAN, NULL);
        if (!isfinite(at->value) && isfinite(at->limit))
            block_number(s, NULL, "limit", at->limit, "from all directions sampled");
    }
    if (at->differentiability != EG_NO_VALUE && job->n == 1)
        report_one_sided(job);
    else if (at->differentiability != EG_NO_VALUE)
        report_paths(job);
    surface_format_point(s, place, sizeof place, job->f, job->point);
    if (!s->j)
        fflush(stdout);
    bool line = job->n == 1 && at->differentiability == EG_CORNER;
    message("at %s the expression %s", place,
            line ? "is not differentiable: it has a kink, its slopes on the two sides differ"
                 : kinds[at->differentiability].description);
    return EXIT_NEGATIVE;
}
