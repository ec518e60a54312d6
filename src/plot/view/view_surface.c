/* SPDX-License-Identifier: MIT */
/* Samples of the surface, its range and its levels. */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/status.h"
#include "plot/view/view.h"

enum { SIDE = EG_VIEW_CELLS + 1, COUNT = SIDE * SIDE, HALVINGS = 12 };

double eg_scene_value(eg_scene *s, double x, double y)
{
    double value = NAN;
    if (s->status == EG_OK)
        s->status = s->f(s->opaque, &x, &y, 1, &value, s->error);
    return s->status == EG_OK && isfinite(value) ? value : (double)NAN;
}

eg_view_point eg_scene_border(eg_scene *s, const eg_view_point *with, const eg_view_point *without)
{
    eg_view_point last = *with;
    double low = 0, high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        double t = (low + high) / 2, x = with->x + t * (without->x - with->x),
               y = with->y + t * (without->y - with->y), z = eg_scene_value(s, x, y);
        if (isfinite(z)) {
            last = (eg_view_point){.x = x, .y = y, .z = z};
            low = t;
        } else {
            high = t;
        }
    }
    return last;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Chooses a range that shows all, or without the tails beside poles: half as much again as the
 * values between the 2nd and the 98th percentile. */
static void choose_range(eg_scene *s, const double sorted[], size_t n)
{
    double low = sorted[n / 50], high = sorted[n - 1 - n / 50], more = (high - low) / 2;
    s->z[0] = fmax(sorted[0], low - more);
    s->z[1] = fmin(sorted[n - 1], high + more);
    if (s->view->has_point && isfinite(s->view->value)) {
        s->z[0] = fmin(s->z[0], s->view->value);
        s->z[1] = fmax(s->z[1], s->view->value);
    }
    double least = 1e-9 * fmax(fabs(s->z[0]), fabs(s->z[1]));
    if (!(s->z[1] - s->z[0] > least)) { /* a constant */
        double half = s->z[0] != 0 ? fabs(s->z[0]) / 2 : 1;
        s->z[0] -= half;
        s->z[1] += half;
    }
}

static eg_view_point sample_at(const eg_scene *s, size_t i)
{
    return (eg_view_point){
        .x = eg_scene_x(s, i % SIDE), .y = eg_scene_y(s, i / SIDE), .z = s->heights[i]};
}

/* Extends the range to the border of the domain, unless that is a pole. */
static void extend_to_border(eg_scene *s)
{
    const double low = s->z[0], high = s->z[1], more = (high - low) / 2;
    for (size_t k = 0; k < 2 * (size_t)COUNT && s->status == EG_OK; k++) {
        size_t i = k / 2, next = i + (k % 2 ? SIDE : 1);
        if (next >= COUNT || (k % 2 == 0 && next % SIDE == 0) ||
            isnan(s->heights[i]) == isnan(s->heights[next]))
            continue;
        eg_view_point a = sample_at(s, i), b = sample_at(s, next);
        double z = (isnan(a.z) ? eg_scene_border(s, &b, &a) : eg_scene_border(s, &a, &b)).z;
        if (z > low - more && z < high + more) {
            s->z[0] = fmin(s->z[0], z);
            s->z[1] = fmax(s->z[1], z);
        }
    }
}

eg_status eg_scene_sample(eg_scene *s)
{
    double *x = eg_alloc(s->ctx, 4 * (size_t)COUNT, sizeof *x, s->error);
    size_t n = 0;
    s->heights = x ? eg_alloc(s->ctx, COUNT, sizeof *s->heights, s->error) : NULL;
    if (!s->heights) {
        eg_free(x);
        return s->status = eg_failed(s->error);
    }
    double *y = x + COUNT, *sorted = y + COUNT, *scratch = sorted + COUNT;
    for (size_t i = 0; i < COUNT; i++) {
        x[i] = eg_scene_x(s, i % SIDE);
        y[i] = eg_scene_y(s, i / SIDE);
    }
    s->status = s->f(s->opaque, x, y, COUNT, s->heights, s->error);
    for (size_t i = 0; i < COUNT && s->status == EG_OK; i++) {
        if (isfinite(s->heights[i]))
            sorted[n++] = s->heights[i];
        else
            s->heights[i] = NAN;
    }
    if (s->status == EG_OK && n == 0)
        s->status =
            eg_fail(s->error, EG_USAGE, "the function has no value in the range of the view");
    if (s->status == EG_OK) {
        qsort(sorted, n, sizeof *sorted, compare_doubles);
        s->z[0] = s->view->z[0];
        s->z[1] = s->view->z[1];
        if (!(s->z[0] < s->z[1])) {
            choose_range(s, sorted, n);
            extend_to_border(s);
        }
        s->level_count = eg_plot_choose_levels(s->heights, COUNT, scratch, s->levels);
    }
    eg_free(x);
    return s->status;
}
