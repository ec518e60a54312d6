/* SPDX-License-Identifier: MIT */
/* Ways, curves, arrows and marks. */
#include "plot/ink.h"

#ifdef EG_HAVE_CAIRO

#include <math.h>

#define PI 3.14159265358979323846

#define DOT            3.0 /* radius of a step's point */
#define DOTS_APART     7.0 /* points closer than this get no dot of their own */
#define BEYOND         1e5 /* pixels from which on cairo's own arithmetic would overflow */
#define MARK           6.5
#define SMALLEST_ARROW 2.0

/* False: not finite. Far outside is moved to what cairo can hold, along no particular line. */
static bool place(const eg_plot *plot, const double point[2], double *x, double *y)
{
    *x = fmax(-BEYOND, fmin(BEYOND, eg_plot_x(plot, point[0])));
    *y = fmax(-BEYOND, fmin(BEYOND, eg_plot_y(plot, point[1])));
    return isfinite(point[0]) && isfinite(point[1]);
}

static void draw_line(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    double x, y;
    bool open = false;
    for (size_t i = 0; i < item->count; i++) {
        if (!place(plot, item->numbers + 2 * i, &x, &y)) {
            open = false;
            continue;
        }
        if (open)
            cairo_line_to(cr, x, y);
        else
            cairo_move_to(cr, x, y);
        open = true;
    }
    cairo_stroke(cr);
}

static void draw_dots(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    double x, y, last_x = INFINITY, last_y = INFINITY;
    for (size_t i = 0; i < item->count; i++) {
        if (!place(plot, item->numbers + 2 * i, &x, &y))
            continue;
        if (hypot(x - last_x, y - last_y) < DOTS_APART)
            continue;
        cairo_arc(cr, x, y, DOT, 0, 2 * PI);
        cairo_fill(cr);
        last_x = x;
        last_y = y;
    }
}

static void draw_path(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    bool way = item->style == EG_PLOT_WAY;
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    eg_use_ink(cr, item->style == EG_PLOT_CURVE ? eg_ink_level : eg_ink_way);
    cairo_set_line_width(cr, EG_WAY_WIDTH);
    draw_line(plot, cr, item);
    if (way)
        draw_dots(plot, cr, item);
}

static void draw_arrow(cairo_t *cr, double x, double y, double dx, double dy)
{
    double length = hypot(dx, dy), head = fmin(6, 0.4 * length);
    double ux = dx / length, uy = dy / length;
    double tip_x = x + dx, tip_y = y + dy;
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, tip_x - head * ux, tip_y - head * uy);
    cairo_stroke(cr);
    cairo_move_to(cr, tip_x, tip_y);
    cairo_line_to(cr, tip_x - head * ux - head / 2 * uy, tip_y - head * uy + head / 2 * ux);
    cairo_line_to(cr, tip_x - head * ux + head / 2 * uy, tip_y - head * uy - head / 2 * ux);
    cairo_close_path(cr);
    cairo_fill(cr);
}

/* Directions are as seen, whatever the scales of the axes. */
static void draw_arrows(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    double longest = 0, x, y;
    double x_scale = (plot->right - plot->left) / (plot->options.x[1] - plot->options.x[0]);
    double y_scale = (plot->bottom - plot->top) / (plot->options.y[1] - plot->options.y[0]);
    for (size_t i = 0; i < item->count; i++) {
        const double *a = item->numbers + 4 * i;
        double length = hypot(a[2] * x_scale, a[3] * y_scale);
        longest = isfinite(length) ? fmax(longest, length) : longest;
    }
    eg_use_ink(cr, eg_ink_arrow);
    cairo_set_line_width(cr, 1.3);
    for (size_t i = 0; longest > 0 && i < item->count; i++) {
        const double *a = item->numbers + 4 * i;
        double dx = a[2] * x_scale / longest * item->longest;
        double dy = a[3] * y_scale / longest * item->longest;
        dy = plot->options.y_down ? dy : -dy;
        if (place(plot, a, &x, &y) && hypot(dx, dy) >= SMALLEST_ARROW)
            draw_arrow(cr, x, y, dx, dy);
    }
}

/* Pixels from x, y to the segment between two points of the item. */
static double segment_distance(const eg_plot *plot, const eg_item *item, size_t i, double x,
                               double y)
{
    double ax, ay, bx, by;
    if (!place(plot, item->numbers + 2 * i, &ax, &ay))
        return INFINITY;
    size_t next = item->kind == EG_ITEM_PATH && i + 1 < item->count ? i + 1 : i;
    if (!place(plot, item->numbers + 2 * next, &bx, &by))
        return hypot(x - ax, y - ay);
    double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
    double t = square > 0 ? ((x - ax) * dx + (y - ay) * dy) / square : 0;
    t = fmax(0, fmin(1, t));
    return hypot(x - ax - t * dx, y - ay - t * dy);
}

double eg_room_from_items(const eg_plot *plot, const eg_item *except, double x, double y)
{
    double room = INFINITY;
    for (const eg_item *item = plot->first; item; item = item->next)
        for (size_t i = 0; item->kind != EG_ITEM_ARROWS && item != except && i < item->count; i++)
            room = fmin(room, segment_distance(plot, item, i, x, y));
    return room;
}

/* The label on the side of the mark that has most room for it. */
static void draw_label(const eg_plot *plot, cairo_t *cr, const eg_item *item, double x, double y)
{
    static const double sides[][2] = {{1, -0.8}, {-1, -0.8}, {1, 0.8}, {-1, 0.8},
                                      {1.1, 0},  {-1.1, 0},  {0, -1},  {0, 1}};
    double half = eg_text_width(cr, item->label, EG_TEXT_SIZE) / 2;
    double best = -INFINITY, best_x = x, best_y = y;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        double at_x = x + sides[i][0] * (MARK + 4 + half), at_y = y + sides[i][1] * (MARK + 12);
        double room = fmin(fmin(at_x - plot->left, plot->right - at_x) - half,
                           fmin(at_y - plot->top, plot->bottom - at_y) - 8);
        for (int end = -1; end <= 1; end++)
            room = fmin(room, eg_room_from_items(plot, item, at_x + end * half, at_y) - 6);
        if (fmin(room, 12) > best) {
            best = fmin(room, 12);
            best_x = at_x;
            best_y = at_y;
        }
    }
    eg_draw_text(cr, item->label, best_x, best_y, 0, EG_TEXT_SIZE, true);
}

static void draw_mark(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    double x, y;
    if (!place(plot, item->numbers, &x, &y))
        return;
    bool hollow = item->style == EG_PLOT_START;
    cairo_new_path(cr); /* or the arc is joined to the text before */
    cairo_arc(cr, x, y, item->style == EG_PLOT_POINT ? DOT : MARK, 0, 2 * PI);
    if (hollow)
        cairo_set_source_rgb(cr, 1, 1, 1);
    else
        eg_use_ink(cr, eg_ink_way);
    cairo_fill_preserve(cr);
    if (hollow)
        eg_use_ink(cr, eg_ink_way);
    else
        cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
    bool inside = x > plot->left && x < plot->right && y > plot->top && y < plot->bottom;
    if (item->label && inside)
        draw_label(plot, cr, item, x, y);
}

void eg_draw_items(const eg_plot *plot, cairo_t *cr)
{
    static void (*const draw[])(const eg_plot *, cairo_t *, const eg_item *) = {
        [EG_ITEM_PATH] = draw_path, [EG_ITEM_ARROWS] = draw_arrows, [EG_ITEM_MARK] = draw_mark};
    for (const eg_item *item = plot->first; item; item = item->next)
        draw[item->kind](plot, cr, item);
}

#else
typedef int nothing_to_draw; /* a translation unit has to declare something */
#endif
