/* SPDX-License-Identifier: MIT */
/* Computes positions of items and distances between them, and places the labels. */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

#include <math.h>

#define PIXEL_LIMIT    1e5 /* cairo's fixed-point coordinates overflow beyond */
#define SMALLEST_ARROW 6.0 /* pixels */

bool eg_pixel_at(const eg_plot *plot, const double point[2], double *x, double *y)
{
    *x = fmax(-PIXEL_LIMIT, fmin(PIXEL_LIMIT, eg_plot_x(plot, point[0])));
    *y = fmax(-PIXEL_LIMIT, fmin(PIXEL_LIMIT, eg_plot_y(plot, point[1])));
    return isfinite(point[0]) && isfinite(point[1]);
}

/* ---- arrows ---- */

/* Converts the direction of an arrow from axis units to pixels, unscaled. */
static void pixel_direction(const eg_plot *plot, const double *arrow, double *dx, double *dy)
{
    const eg_plot_options *o = &plot->options;
    *dx = arrow[2] * ((plot->frame.right - plot->frame.left) / (o->x[1] - o->x[0]));
    *dy = arrow[3] * ((plot->frame.bottom - plot->frame.top) / (o->y[1] - o->y[0]));
    *dy = o->y_down ? *dy : -*dy;
}

/* Sets the scale of the arrows by the longest of them. */
static void scale_arrows(const eg_plot *plot, eg_item *item)
{
    double longest = 0, dx, dy;
    for (size_t i = 0; i < item->count; i++) {
        pixel_direction(plot, item->numbers + 4 * i, &dx, &dy);
        longest = isfinite(hypot(dx, dy)) ? fmax(longest, hypot(dx, dy)) : longest;
    }
    item->scale = longest > 0 ? item->longest / longest : 0;
}

bool eg_arrow_at(const eg_plot *plot, const eg_item *item, size_t i, eg_segment *arrow)
{
    const double *a = item->numbers + 4 * i;
    double dx, dy;
    pixel_direction(plot, a, &dx, &dy);
    if (!eg_pixel_at(plot, a, &arrow->ax, &arrow->ay))
        return false;
    arrow->bx = arrow->ax + dx * item->scale;
    arrow->by = arrow->ay + dy * item->scale;
    return hypot(dx, dy) * item->scale >= SMALLEST_ARROW;
}

/* ---- distances ---- */

double eg_distance(const eg_segment *s, double x, double y)
{
    double dx = s->bx - s->ax, dy = s->by - s->ay, square = dx * dx + dy * dy;
    double t = square > 0 ? ((x - s->ax) * dx + (y - s->ay) * dy) / square : 0;
    t = fmax(0, fmin(1, t));
    return hypot(x - s->ax - t * dx, y - s->ay - t * dy);
}

eg_segment eg_label_segment(const eg_label *l)
{
    double dx = l->half * cos(l->angle), dy = l->half * sin(l->angle);
    return (eg_segment){l->x - dx, l->y - dy, l->x + dx, l->y + dy};
}

/* Computes segment i of an item. Returns false if it is not drawn. */
static bool item_segment(const eg_plot *plot, const eg_item *item, size_t i, eg_segment *s)
{
    if (item->kind == EG_ITEM_ARROWS || item->kind == EG_ITEM_VECTOR)
        return eg_arrow_at(plot, item, i, s);
    if (!eg_pixel_at(plot, item->numbers + 2 * i, &s->ax, &s->ay))
        return false;
    size_t next = item->kind == EG_ITEM_PATH && i + 1 < item->count ? i + 1 : i;
    if (!eg_pixel_at(plot, item->numbers + 2 * next, &s->bx, &s->by)) {
        s->bx = s->ax;
        s->by = s->ay;
    }
    return true;
}

static double distance_to_item(const eg_plot *plot, const eg_item *item, double x, double y)
{
    eg_segment s;
    double distance = INFINITY;
    for (size_t i = 0; i < item->count; i++)
        if (item_segment(plot, item, i, &s))
            distance = fmin(distance, eg_distance(&s, x, y));
    return distance;
}

double eg_distance_to_items(const eg_plot *plot, const eg_item *except, double x, double y)
{
    double distance = INFINITY;
    for (const eg_item *item = plot->items.first; item; item = item->next) {
        if (item->kind == EG_ITEM_ARROWS || item->kind == EG_ITEM_BAND || item == except)
            continue;
        distance = fmin(distance, distance_to_item(plot, item, x, y));
        if (item->label_box.half > 0) {
            eg_segment label = eg_label_segment(&item->label_box);
            distance = fmin(distance, eg_distance(&label, x, y));
        }
    }
    return distance;
}

double eg_distance_to_arrows(const eg_plot *plot, double x, double y)
{
    double distance = INFINITY;
    for (const eg_item *item = plot->items.first; item; item = item->next)
        if (item->kind == EG_ITEM_ARROWS)
            distance = fmin(distance, distance_to_item(plot, item, x, y));
    return distance;
}

/* ---- labels ---- */

/* Computes the point that an item's label belongs to: a mark, or the tip of a vector. Returns false
 * if there is no label, or the point is outside the frame. */
static bool label_anchor(const eg_plot *plot, const eg_item *item, double *x, double *y)
{
    eg_segment arrow;
    if (!item->label)
        return false;
    if (item->kind == EG_ITEM_VECTOR) {
        if (!eg_arrow_at(plot, item, 0, &arrow))
            return false;
        *x = arrow.bx;
        *y = arrow.by;
    } else if (!eg_pixel_at(plot, item->numbers, x, y)) {
        return false;
    }
    return (*x > plot->frame.left) && (*x < plot->frame.right) && (*y > plot->frame.top) &&
           (*y < plot->frame.bottom);
}

/* Places the label on the side of its anchor with the most space. */
static void place_label(const eg_plot *plot, eg_item *item, double x, double y, double half)
{
    static const double sides[][2] = {{1, -0.8}, {-1, -0.8}, {1, 0.8}, {-1, 0.8},
                                      {1.1, 0},  {-1.1, 0},  {0, -1},  {0, 1}};
    const eg_item *except = item->kind == EG_ITEM_MARK ? item : NULL;
    eg_label box = {.half = half};
    double best_space = -INFINITY;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        double at_x = x + sides[i][0] * (EG_MARK_RADIUS + 4 + half);
        double at_y = y + sides[i][1] * (EG_MARK_RADIUS + 12);
        double space = fmin(fmin(at_x - plot->frame.left, plot->frame.right - at_x) - half,
                            fmin(at_y - plot->frame.top, plot->frame.bottom - at_y) - 8);
        for (int end = -2; end <= 2; end++)
            space =
                fmin(space, eg_distance_to_items(plot, except, at_x + end * half / 2, at_y) - 6);
        if (fmin(space, 12) > best_space) {
            best_space = fmin(space, 12);
            box.x = at_x;
            box.y = at_y;
        }
    }
    item->label_box = box;
}

void eg_place_labels(eg_plot *plot, cairo_t *cr)
{
    double x, y;
    for (eg_item *item = plot->items.first; item; item = item->next) {
        item->label_box.half = 0;
        if (item->kind == EG_ITEM_ARROWS || item->kind == EG_ITEM_VECTOR)
            scale_arrows(plot, item);
    }
    for (eg_item *item = plot->items.first; item; item = item->next)
        if (label_anchor(plot, item, &x, &y))
            place_label(plot, item, x, y, eg_text_width(cr, item->label, EG_TEXT_SIZE) / 2);
}

#else
typedef int no_cairo; /* ISO C forbids an empty translation unit */
#endif
