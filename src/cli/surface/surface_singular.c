/* SPDX-License-Identifier: MIT */
/* A point where there is no gradient: what was found around it. */
#include <math.h>
#include <string.h>

#include "cli/surface/surface.h"

/* How the messages and the report call it. */
static const struct {
    const char *name, *words;
} kinds[] = {
    [EG_DIFFERENTIABLE] = {"regular", "has a gradient"},
    [EG_CORNER] = {"kink",
                   "is not differentiable: its slopes in different directions fit no plane"},
    [EG_VERTICAL_TANGENT] = {"steep", "is not differentiable: its slope grows without bound"},
    [EG_JUMP_DISCONTINUITY] =
        {"jump", "is not continuous: the values around do not tend to the value there"},
    [EG_DOMAIN_BOUNDARY] = {"border", "is not differentiable: it has no values on some sides"},
    [EG_REMOVABLE_SINGULARITY] = {"hole",
                                  "has no value, but tends to the same one from everywhere"},
    [EG_POLE] = {"pole", "has no value: it grows without bound"},
    [EG_NO_LIMIT] = {"no limit", "has no value, and what it tends to depends on the way there"},
    [EG_NO_VALUE] = {"no value", "has no value, nor has it any around"},
};

static void show_limit(const sheet *s, char out[SHEET_NUMBER], eg_limit limit)
{
    if (limit.kind == EG_LIMIT_NONE)
        snprintf(out, SHEET_NUMBER, "no limit");
    else if (limit.kind == EG_LIMIT_UNDEFINED)
        snprintf(out, SHEET_NUMBER, "no values");
    else
        sheet_show(s, out, limit.value);
}

/* "x + t, y + t^2", as t falls to 0 */
static void show_way(const surface_job *job, char *out, size_t size, const eg_path_limit *way)
{
    double u[EG_EXPR_VARIABLES] = {0};
    if (way->curvature != 0) {
        snprintf(out, size, "%s = %s%s^2, %s %s 0", eg_expr_name(job->f, way->j),
                 way->curvature < 0 ? "-" : "", eg_expr_name(job->f, way->i),
                 eg_expr_name(job->f, way->i), way->along[0] < 0 ? "<" : ">");
        return;
    }
    if (way->j != way->i)
        u[way->j] = way->along[1];
    u[way->i] = way->along[0];
    for (size_t i = 0; i < job->n; i++)
        u[i] = fabs(u[i]) < 1e-15 ? 0 : u[i];
    sheet_show_vector(&(sheet){.digits = 4}, out, size, u, job->n);
}

static void put_json(surface_job *job, const eg_path_limit *way)
{
    json *j = job->sheet.j;
    double offset[EG_EXPR_VARIABLES] = {0};
    offset[way->j] = way->along[1];
    offset[way->i] = way->along[0];
    json_open(j, NULL, '{');
    sheet_vector(&job->sheet, "direction", NULL, offset, job->n, NULL);
    if (way->curvature != 0) {
        json_text(j, "curve", eg_expr_name(job->f, way->j));
        json_exact(j, "bend", way->curvature);
    }
    json_exact(j, "limit", way->value.value);
    json_exact(j, "slope", way->slope.value);
    json_close(j, '}');
}

/* Parabolas about another point than 0 are meant relative to it. */
static void put_text(surface_job *job, const eg_path_limit *way)
{
    char direction[SHEET_LINE], value[SHEET_NUMBER], slope[SHEET_NUMBER];
    const char *point = "";
    for (size_t i = 0; i < job->n; i++)
        if (way->curvature != 0 && job->point[i] != 0)
            point = " (from here)";
    show_way(job, direction, sizeof direction, way);
    show_limit(&job->sheet, value, way->value);
    show_limit(&job->sheet, slope, way->slope);
    printf("  %-28s  %-16s  %s%s\n", direction, value, slope, point);
}

/* Whether a curved way leads elsewhere than straight ones: else they are not worth their lines. */
static bool telling(const surface_job *job, const eg_path_limit *way)
{
    const eg_surface *at = &job->at;
    if (way->curvature == 0)
        return true;
    for (size_t i = 0; i < at->path_limit_count; i++) {
        const eg_path_limit *other = &at->path_limits[i];
        if (other->curvature == 0 && other->value.kind == way->value.kind &&
            (other->value.value == way->value.value ||
             fabs(other->value.value - way->value.value) < 1e-4 ||
             way->value.kind != EG_LIMIT_FINITE))
            return false;
    }
    return true;
}

static void approaches(surface_job *job)
{
    const eg_surface *at = &job->at;
    sheet *s = &job->sheet;
    if (s->j) {
        json_open(s->j, "approaches", '[');
    } else {
        puts("\nApproaches: sampled towards the point, from these sides");
        printf("  %-28s  %-16s  %s\n", "direction", "f tends to", "slope that way");
    }
    for (size_t i = 0; i < at->path_limit_count; i++) {
        if (s->j)
            put_json(job, &at->path_limits[i]);
        else if (telling(job, &at->path_limits[i]))
            put_text(job, &at->path_limits[i]);
    }
    if (s->j)
        json_close(s->j, ']');
}

static void put_side(sheet *s, const char *key, const char *label, eg_limit limit, int sign)
{
    char shown[SHEET_NUMBER];
    limit.value *= sign;
    show_limit(s, shown, limit);
    if (s->j)
        json_exact(s->j, key, limit.value);
    else
        sheet_text(s, NULL, label, shown);
}

/* In one variable a kink's slopes are derivatives from the left and from the right. */
static void one_sided(surface_job *job)
{
    sheet *s = &job->sheet;
    const eg_path_limit *side = job->at.path_limits;
    sheet_block(s, "one_sided", "One-sided values: sampled from below and from above the point");
    put_side(s, "left_limit", "f from the left", side[1].value, 1);
    put_side(s, "right_limit", "f from the right", side[0].value, 1);
    put_side(s, "left", "slope from the left", side[1].slope, -1);
    put_side(s, "right", "slope from the right", side[0].slope, 1);
    sheet_end(s);
}

int surface_rough(surface_job *job)
{
    sheet *s = &job->sheet;
    char place[SHEET_LINE];
    const eg_surface *at = &job->at;
    if (s->j) {
        json_exact(s->j, "value", at->value);
        json_text(s->j, "regularity", kinds[at->differentiability].name);
        json_exact(s->j, "limit", at->limit);
    } else {
        sheet_number(s, NULL, "value", isfinite(at->value) ? at->value : (double)NAN, NULL);
        if (!isfinite(at->value) && isfinite(at->limit))
            sheet_number(s, NULL, "limit", at->limit, "from every side that was tried");
    }
    if (at->differentiability != EG_NO_VALUE && job->n == 1)
        one_sided(job);
    else if (at->differentiability != EG_NO_VALUE)
        approaches(job);
    surface_place(s, place, sizeof place, job->f, job->point);
    if (!s->j)
        fflush(stdout);
    bool line = job->n == 1 && at->differentiability == EG_CORNER;
    message("at %s the expression %s", place,
            line ? "is not differentiable: it has a kink, its slopes on the two sides differ"
                 : kinds[at->differentiability].words);
    return EXIT_NEGATIVE;
}
