/* SPDX-License-Identifier: MIT */
/* Draws the shading, the level curves and their labels. */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define PI 3.14159265358979323846

enum { LABEL_TRIES = 24 }; /* positions tried along a curve */

#define LABEL_SPACE 26.0 /* wanted between labels, pixels */

/* ---- shading ---- */

/* Returns the RGB24 shade of a position among the levels; white for NaN. */
static uint32_t shade_of(const eg_plot *plot, double position)
{
    if (!isfinite(position))
        return 0xFFFFFF;
    double t = plot->level_count < 2 ? 0.5 : position / ((double)plot->level_count + 1);
    const eg_colour *a = &eg_colour_low, *b = &eg_colour_high;
    uint32_t red = (uint32_t)lround(255 * (a->r + t * (b->r - a->r)));
    uint32_t green = (uint32_t)lround(255 * (a->g + t * (b->g - a->g)));
    uint32_t blue = (uint32_t)lround(255 * (a->b + t * (b->b - a->b)));
    return red << 16 | green << 8 | blue;
}

/* Draws an image of a pixel per sample, scaled so that the corner samples lie in the frame's
 * corners. */
void eg_draw_shading(const eg_plot *plot, cairo_t *cr)
{
    int columns = (int)plot->columns, rows = (int)plot->rows;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows);
    if (cairo_surface_status(image) == CAIRO_STATUS_SUCCESS) {
        unsigned char *data = cairo_image_surface_get_data(image);
        int stride = cairo_image_surface_get_stride(image);
        for (int y = 0; y < rows; y++) {
            uint32_t *row = (uint32_t *)(void *)(data + (ptrdiff_t)(rows - 1 - y) * stride);
            for (int x = 0; x < columns; x++)
                row[x] = shade_of(plot, plot->positions[(size_t)y * plot->columns + (size_t)x]);
        }
        cairo_surface_mark_dirty(image);
        cairo_save(cr);
        cairo_translate(cr, plot->frame.left, plot->frame.top);
        cairo_scale(cr, (plot->frame.right - plot->frame.left) / (columns - 1),
                    (plot->frame.bottom - plot->frame.top) / (rows - 1));
        cairo_set_source_surface(cr, image, -0.5, -0.5);
        cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
        cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BILINEAR);
        cairo_paint(cr);
        cairo_restore(cr);
    }
    cairo_surface_destroy(image);
}

/* ---- curves ---- */

static double curve_length(const eg_plot *plot, const eg_item *curve)
{
    double length = 0, a[2], b[2];
    eg_pixel_at(plot, curve->numbers, &a[0], &a[1]);
    for (size_t i = 1; i < curve->count; i++) {
        eg_pixel_at(plot, curve->numbers + 2 * i, &b[0], &b[1]);
        length += hypot(b[0] - a[0], b[1] - a[1]);
        memcpy(a, b, sizeof a);
    }
    return length;
}

/* Computes the point at `along` pixels from the start of the curve. */
static void point_along(const eg_plot *plot, const eg_item *curve, double along, double point[2])
{
    double a[2];
    eg_pixel_at(plot, curve->numbers, &point[0], &point[1]);
    for (size_t i = 1; i < curve->count && along > 0; i++) {
        memcpy(a, point, sizeof a);
        eg_pixel_at(plot, curve->numbers + 2 * i, &point[0], &point[1]);
        double step = hypot(point[0] - a[0], point[1] - a[1]);
        if (step > along) {
            point[0] = a[0] + (point[0] - a[0]) * along / step;
            point[1] = a[1] + (point[1] - a[1]) * along / step;
        }
        along -= step;
    }
}

/* Returns the pixels between a label at x, y and the nearest other one or the frame. */
static double space_around(const eg_plot *plot, double x, double y, double half)
{
    double space = fmin(fmin(x - plot->frame.left, plot->frame.right - x),
                        fmin(y - plot->frame.top, plot->frame.bottom - y));
    space -= half;
    for (size_t i = 0; i < plot->label_count; i++) {
        const eg_label *other = &plot->labels[i];
        space = fmin(space, hypot(x - other->x, y - other->y) - half - other->half);
    }
    return space;
}

/* Places the label at `middle` pixels along the curve. Returns a score, which is higher where the
 * curve is straight, with space around, and without arrows, which a label would suppress. Returns
 * -1 if the label does not fit. */
static double score_label(const eg_plot *plot, const eg_item *curve, double middle, eg_label *l)
{
    double a[2], b[2], c[2];
    point_along(plot, curve, middle - l->half, a);
    point_along(plot, curve, middle, b);
    point_along(plot, curve, middle + l->half, c);
    double straight = hypot(c[0] - a[0], c[1] - a[1]) / (2 * l->half);
    double space = space_around(plot, b[0], b[1], l->half);
    double arrows = INFINITY;
    const double *const points[] = {a, b, c};
    for (int i = 0; i < 3; i++) {
        double x = points[i][0], y = points[i][1];
        space = fmin(space, eg_distance_to_items(plot, NULL, x, y) - EG_LABEL_SIZE);
        arrows = fmin(arrows, eg_distance_to_arrows(plot, x, y) - EG_LABEL_SIZE);
    }
    l->x = b[0];
    l->y = b[1];
    l->angle = atan2(c[1] - a[1], c[0] - a[0]);
    if (l->angle > PI / 2 || l->angle <= -PI / 2) /* not upside down */
        l->angle += l->angle > 0 ? -PI : PI;
    if (straight < 0.93 || space < LABEL_SPACE / 4)
        return -1;
    return straight * 4 + fmin(space, 3 * LABEL_SPACE) / LABEL_SPACE - (arrows < 0 ? 2 : 0);
}

/* Returns the difference of a level from the nearest other one. */
static double level_gap(const eg_plot *plot, double level)
{
    double gap = INFINITY;
    for (size_t i = 0; i < plot->level_count; i++)
        if (plot->levels[i] != level)
            gap = fmin(gap, fabs(plot->levels[i] - level));
    return isfinite(gap) ? gap : fmax(fabs(level) / 1e4, DBL_MIN);
}

/* Stores the label with the best score, if any, in plot->labels. */
static void place_curve_label(eg_plot *plot, cairo_t *cr, const eg_item *curve)
{
    eg_label l = {0}, best = {0};
    double best_score = 0;
    eg_level_text(l.text, sizeof l.text, curve->level, level_gap(plot, curve->level));
    l.half = eg_text_width(cr, l.text, EG_LABEL_SIZE) / 2 + 4;
    double length = curve_length(plot, curve);
    if (plot->label_count == EG_PLOT_LABELS || length < 5 * l.half)
        return;
    for (int i = 0; i < LABEL_TRIES; i++) {
        double middle = l.half + (length - 2 * l.half) * (i + 0.5) / LABEL_TRIES;
        double score = score_label(plot, curve, middle, &l);
        if (score > best_score) {
            best_score = score;
            best = l;
        }
    }
    if (best_score > 0)
        plot->labels[plot->label_count++] = best;
}

static void draw_curve(const eg_plot *plot, cairo_t *cr, const eg_item *curve)
{
    double x, y;
    for (size_t i = 0; i < curve->count; i++) {
        eg_pixel_at(plot, curve->numbers + 2 * i, &x, &y);
        if (i == 0)
            cairo_move_to(cr, x, y);
        else
            cairo_line_to(cr, x, y);
    }
    if (curve->closed)
        cairo_close_path(cr);
    cairo_stroke(cr);
}

void eg_draw_levels(eg_plot *plot, cairo_t *cr)
{
    plot->label_count = 0;
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, EG_LEVEL_WIDTH);
    eg_set_colour(cr, eg_colour_level);
    for (const eg_item *curve = plot->curves.first; curve; curve = curve->next) {
        draw_curve(plot, cr, curve);
        place_curve_label(plot, cr, curve);
    }
    for (size_t i = 0; i < plot->label_count; i++) {
        const eg_label *l = &plot->labels[i];
        eg_draw_text(plot, cr, l->text, l->x, l->y, l->angle, EG_LABEL_SIZE, true);
    }
}

#else
typedef int no_cairo; /* ISO C forbids an empty translation unit */
#endif
