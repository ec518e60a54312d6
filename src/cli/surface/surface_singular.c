/* SPDX-License-Identifier: MIT */
/* Reports a point without a gradient: the limits of value and slope along paths to it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/surface.h"

/* ---- limits ---- */

enum { MOST_DIGITS = 30 }; /* that fit a column */

/* Writes the digits of a number that are certain. */
static void format_real(const surface_job *job, char out[BLOCK_NUMBER_SIZE], eg_real real,
                        double approximate)
{
    eg_decimal decimal;
    block_writer digits = {.digits = 17};
    int count = job->block_writer.digits < MOST_DIGITS ? job->block_writer.digits : MOST_DIGITS;
    if (eg_real_decimal(job->exact.reals, real, count, &decimal, NULL) == EG_OK &&
        (decimal.certainty == EG_DIGITS_PROVEN || decimal.certainty == EG_DIGITS_FEWER))
        snprintf(out, BLOCK_NUMBER_SIZE, "%.*s", BLOCK_NUMBER_SIZE - 1, decimal.text);
    else if (decimal.log10_bound < -9)
        snprintf(out, BLOCK_NUMBER_SIZE, "below 1e%.0f", ceil(decimal.log10_bound));
    else
        block_format_number(&digits, out, approximate);
}

static void format_limit(const surface_job *job, char out[BLOCK_NUMBER_SIZE], eg_limit limit)
{
    if (limit.kind == EG_LIMIT_NONE)
        snprintf(out, BLOCK_NUMBER_SIZE, "no limit");
    else if (limit.kind == EG_LIMIT_UNDEFINED)
        snprintf(out, BLOCK_NUMBER_SIZE, "no values");
    else if (limit.kind == EG_LIMIT_FINITE && limit.proven)
        format_real(job, out, limit.real, limit.value);
    else
        block_format_number(&job->block_writer, out, limit.value);
}

static bool is_exact(const eg_path_limit *path)
{
    return path->value.proven && path->slope.proven;
}

/* Returns how the limits were found, for a heading. */
static const char *source_of_limits(const eg_surface *at)
{
    size_t exact = 0;
    for (size_t i = 0; i < at->path_limit_count; i++)
        exact += is_exact(&at->path_limits[i]);
    return exact == at->path_limit_count ? "exact"
           : exact == 0                  ? "from samples"
                                         : "exact unless noted";
}

static bool is_mixed(const eg_surface *at)
{
    return strcmp(source_of_limits(at), "exact unless noted") == 0;
}

/* ---- paths ---- */

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
    json_bool(j, "exact", is_exact(path));
    json_close(j, '}');
}

/* Prints a row of the table. The equation of a parabola is relative to the point, which is noted
 * unless that is 0. */
static void print_path_text(surface_job *job, const eg_path_limit *path)
{
    char direction[BLOCK_LINE_SIZE], value[BLOCK_NUMBER_SIZE], slope[BLOCK_NUMBER_SIZE];
    const char *note = "", *sampled = "";
    for (size_t i = 0; i < job->n; i++)
        if (path->curvature != 0 && job->point[i] != 0)
            note = " (from here)";
    if (is_mixed(&job->at) && !is_exact(path))
        sampled = path->value.proven ? " (slope from samples)" : " (from samples)";
    format_path(job, direction, sizeof direction, path);
    format_limit(job, value, path->value);
    format_limit(job, slope, path->slope);
    printf("  %-28s  %-16s  %s%s%s\n", direction, value, slope, note, sampled);
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
        printf("\nApproaches: limits along paths to the point, %s\n", source_of_limits(at));
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

/* ---- one variable ---- */

/* Returns the limit with the other sign. */
static eg_limit negated(const surface_job *job, eg_limit limit)
{
    limit.value = -limit.value;
    if (limit.kind == EG_LIMIT_FINITE && limit.proven)
        limit.real = eg_real_apply(job->exact.reals, EG_REAL_NEGATE, limit.real, limit.real);
    return limit;
}

static void report_side(surface_job *job, const char *key, const char *label, eg_limit limit)
{
    block_writer *s = &job->block_writer;
    char number[BLOCK_NUMBER_SIZE], shown[BLOCK_NUMBER_SIZE + 20];
    format_limit(job, number, limit);
    snprintf(shown, sizeof shown, "%s%s", number,
             !limit.proven && is_mixed(&job->at) ? "  from samples" : "");
    if (s->j)
        json_exact(s->j, key, limit.value);
    else
        block_text(s, NULL, label, shown);
}

/* Reports the one-sided limits and derivatives of a function of one variable. */
static void report_one_sided(surface_job *job)
{
    char heading[80];
    block_writer *s = &job->block_writer;
    const eg_path_limit *side = job->at.path_limits;
    snprintf(heading, sizeof heading, "One-sided limits: %s", source_of_limits(&job->at));
    block_open(s, "one_sided", heading);
    report_side(job, "left_limit", "f from the left", side[1].value);
    report_side(job, "right_limit", "f from the right", side[0].value);
    report_side(job, "left", "slope from the left", negated(job, side[1].slope));
    report_side(job, "right", "slope from the right", side[0].slope);
    block_bool(s, "left_exact", is_exact(&side[1]));
    block_bool(s, "right_exact", is_exact(&side[0]));
    block_close(s);
}

/* ---- report ---- */

static void report_head(surface_job *job)
{
    const eg_surface *at = &job->at;
    block_writer *s = &job->block_writer;
    char shown[BLOCK_NUMBER_SIZE], source[BLOCK_NUMBER_SIZE + 80];
    const char *reason = eg_undefined_kind_text(at->reason);
    if (s->j) {
        json_exact(s->j, "value", at->value);
        json_text(s->j, "regularity", eg_differentiability_word(at->differentiability));
        json_bool(s->j, "proven", at->proven);
        if (*at->operation)
            json_text(s->j, "operation", at->operation);
        if (reason)
            json_text(s->j, "reason", reason);
        json_exact(s->j, "limit", at->limit);
        return;
    }
    if (at->value_real != EG_REAL_NONE)
        format_real(job, shown, at->value_real, at->value);
    else
        snprintf(shown, sizeof shown,
                 at->differentiability == EG_UNDETERMINED ? "undecided" : "undefined");
    block_text(s, NULL, "value", shown);
    if (*at->operation)
        block_text(s, NULL, reason ? "without a value" : "singular operation", at->operation);
    if (reason)
        block_text(s, NULL, "reason", reason);
    if (!isnan(at->value) || isnan(at->limit) || at->value_real != EG_REAL_NONE)
        return;
    if (at->limit_real != EG_REAL_NONE)
        format_real(job, shown, at->limit_real, at->limit);
    else
        block_format_number(s, shown, at->limit);
    snprintf(source, sizeof source, "%s  %s%s", shown,
             job->n > 1                      ? "along all paths tried"
             : eg_surface_has_empty_side(at) ? "from the side with values"
                                             : "from both sides",
             at->limit_real != EG_REAL_NONE ? ", exact" : ", from samples");
    block_text(s, NULL, "limit", source);
}

static void print_message(surface_job *job)
{
    char *place = surface_point_text(&job->block_writer, job->f, job->exact.point);
    const size_t size = eg_surface_message(&job->at, job->n, place, NULL, 0) + 1;
    char *text = format_memory(size, 1);
    eg_surface_message(&job->at, job->n, place, text, size);
    message("%s", text);
    free(text);
    free(place);
}

int surface_report_singular(surface_job *job)
{
    report_head(job);
    if (job->at.path_limit_count > 0 && job->at.differentiability != EG_NO_VALUE) {
        if (job->n == 1)
            report_one_sided(job);
        else
            report_paths(job);
    }
    if (!job->block_writer.j)
        fflush(stdout);
    print_message(job);
    return EXIT_NEGATIVE;
}
