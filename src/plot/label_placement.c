/* SPDX-License-Identifier: MIT */
/* Where things lie, how much room there is between them, and where labels go. */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

#include <math.h>

#define BEYOND         1e5 /* pixels from which on cairo's own arithmetic would overflow */
#define SMALLEST_ARROW 6.0

bool eg_pixel_at(const eg_plot *plot, const double point[2], double *x, double *y)
{
    *x = fmax(-BEYOND, fmin(BEYOND, eg_plot_x(plot, point[0])));
    *y = fmax(-BEYOND, fmin(BEYOND, eg_plot_y(plot, point[1])));
    return isfinite(point[0]) && isfinite(point[1]);
}

/* ---- arrows ---- */

/* A direction as it is seen, whatever the scales of the axes: pixels if one of the axes were a
 * pixel. */
static void seen(const eg_plot *plot, const double *arrow, double *dx, double *dy)
{
    const eg_plot_options *o = &plot->options;
    *dx = arrow[2] * ((plot->right - plot->left) / (o->x[1] - o->x[0]));
    *dy = arrow[3] * ((plot->bottom - plot->top) / (o->y[1] - o->y[0]));
    *dy = o->y_down ? *dy : -*dy;
}

static void measure(const eg_plot *plot, eg_item *item)
{
    double longest = 0, dx, dy;
    for (size_t i = 0; i < item->count; i++) {
        seen(plot, item->numbers + 4 * i, &dx, &dy);
        longest = isfinite(hypot(dx, dy)) ? fmax(longest, hypot(dx, dy)) : longest;
    }
    item->scale = longest > 0 ? item->longest / longest : 0;
}

bool eg_arrow_at(const eg_plot *plot, const eg_item *item, size_t i, eg_segment *arrow)
{
    const double *a = item->numbers + 4 * i;
    double dx, dy;
    seen(plot, a, &dx, &dy);
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

/* Part i of what an item draws; false: there is nothing. */
static bool part_of(const eg_plot *plot, const eg_item *item, size_t i, eg_segment *s)
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

static double room_from(const eg_plot *plot, const eg_item *item, double x, double y)
{
    eg_segment s;
    double room = INFINITY;
    for (size_t i = 0; i < item->count; i++)
        if (part_of(plot, item, i, &s))
            room = fmin(room, eg_distance(&s, x, y));
    return room;
}

double eg_distance_to_items(const eg_plot *plot, const eg_item *except, double x, double y)
{
    double room = INFINITY;
    for (const eg_item *item = plot->first; item; item = item->next) {
        if (item->kind == EG_ITEM_ARROWS || item == except)
            continue;
        room = fmin(room, room_from(plot, item, x, y));
        if (item->place.half > 0) {
            eg_segment label = eg_label_segment(&item->place);
            room = fmin(room, eg_distance(&label, x, y));
        }
    }
    return room;
}

double eg_distance_to_arrows(const eg_plot *plot, double x, double y)
{
    double room = INFINITY;
    for (const eg_item *item = plot->first; item; item = item->next)
        if (item->kind == EG_ITEM_ARROWS)
            room = fmin(room, room_from(plot, item, x, y));
    return room;
}

/* ---- places of labels ---- */

/* What a label stands by: a mark, or a vector's tip. */
static bool anchor(const eg_plot *plot, const eg_item *item, double *x, double *y)
{
    eg_segment arrow;
    if (!item->label || item->kind == EG_ITEM_PATH || item->kind == EG_ITEM_ARROWS)
        return false;
    if (item->kind == EG_ITEM_VECTOR) {
        if (!eg_arrow_at(plot, item, 0, &arrow))
            return false;
        *x = arrow.bx;
        *y = arrow.by;
    } else if (!eg_pixel_at(plot, item->numbers, x, y)) {
        return false;
    }
    return *x > plot->left && *x<plot->right && * y> plot->top && *y < plot->bottom;
}

/* The label on the side of its anchor that has most room for it. */
static void place_label(const eg_plot *plot, eg_item *item, double x, double y, double half)
{
    static const double sides[][2] = {{1, -0.8}, {-1, -0.8}, {1, 0.8}, {-1, 0.8},
                                      {1.1, 0},  {-1.1, 0},  {0, -1},  {0, 1}};
    const eg_item *except = item->kind == EG_ITEM_MARK ? item : NULL;
    eg_label place = {.half = half};
    double best = -INFINITY;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        double at_x = x + sides[i][0] * (EG_MARK + 4 + half);
        double at_y = y + sides[i][1] * (EG_MARK + 12);
        double room = fmin(fmin(at_x - plot->left, plot->right - at_x) - half,
                           fmin(at_y - plot->top, plot->bottom - at_y) - 8);
        for (int end = -2; end <= 2; end++)
            room = fmin(room, eg_distance_to_items(plot, except, at_x + end * half / 2, at_y) - 6);
        if (fmin(room, 12) > best) {
            best = fmin(room, 12);
            place.x = at_x;
            place.y = at_y;
        }
    }
    item->place = place;
}

void eg_place_labels(eg_plot *plot, cairo_t *cr)
{
    double x, y;
    for (eg_item *item = plot->first; item; item = item->next) {
        item->place.half = 0;
        if (item->kind == EG_ITEM_ARROWS || item->kind == EG_ITEM_VECTOR)
            measure(plot, item);
    }
    for (eg_item *item = plot->first; item; item = item->next)
        if (anchor(plot, item, &x, &y))
            place_label(plot, item, x, y, eg_text_width(cr, item->label, EG_TEXT_SIZE) / 2);
}

#else
typedef int no_room_needed; /* a translation unit has to declare something */
#endif
