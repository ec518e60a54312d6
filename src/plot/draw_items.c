/* SPDX-License-Identifier: MIT */
/* Ways, curves, arrows and marks. */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

#include <math.h>

#define PI 3.14159265358979323846

#define DOT          3.0 /* radius of a step's point */
#define DOTS_APART   7.0 /* points closer than this get no dot of their own */
#define ARROW_ROOM   5.0 /* between arrows and texts, besides half of a text's height */
#define VECTOR_WIDTH 2.6

static void draw_line(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    double x, y;
    bool open = false;
    for (size_t i = 0; i < item->count; i++) {
        if (!eg_pixel_at(plot, item->numbers + 2 * i, &x, &y)) {
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
        if (!eg_pixel_at(plot, item->numbers + 2 * i, &x, &y))
            continue;
        if (hypot(x - last_x, y - last_y) < DOTS_APART)
            continue;
        cairo_arc(cr, x, y, DOT, 0, 2 * PI);
        cairo_fill(cr);
        last_x = x;
        last_y = y;
    }
}

static eg_style ink_of(int style)
{
    return style == EG_PLOT_TRAJECTORY || style == EG_PLOT_LINE ? eg_ink_way
           : style == EG_PLOT_ACCENT                            ? eg_ink_second
           : style == EG_PLOT_DASHED                            ? eg_ink_text
                                                                : eg_ink_level;
}

static void draw_path(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    static const double dashes[] = {7, 5};
    bool dashed = item->style == EG_PLOT_DASHED;
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, dashed ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    cairo_set_dash(cr, dashes, dashed ? 2 : 0, 0);
    eg_use_style(cr, ink_of(item->style));
    cairo_set_line_width(cr, dashed ? EG_LEVEL_WIDTH : EG_WAY_WIDTH);
    draw_line(plot, cr, item);
    cairo_set_dash(cr, dashes, 0, 0);
    if (item->style == EG_PLOT_TRAJECTORY)
        draw_dots(plot, cr, item);
}

static void draw_arrow(cairo_t *cr, const eg_segment *a, double head)
{
    double dx = a->bx - a->ax, dy = a->by - a->ay, length = hypot(dx, dy);
    double ux = dx / length, uy = dy / length;
    head = fmin(head, 0.5 * length);
    cairo_move_to(cr, a->ax, a->ay);
    cairo_line_to(cr, a->bx - head * ux, a->by - head * uy);
    cairo_stroke(cr);
    cairo_move_to(cr, a->bx, a->by);
    cairo_line_to(cr, a->bx - head * ux - head / 2 * uy, a->by - head * uy + head / 2 * ux);
    cairo_line_to(cr, a->bx - head * ux + head / 2 * uy, a->by - head * uy - head / 2 * ux);
    cairo_close_path(cr);
    cairo_fill(cr);
}

/* Whether an arrow runs into a label, a mark or a vector. */
static bool in_the_way(const eg_plot *plot, const eg_segment *a)
{
    for (int k = 0; k <= 4; k++) {
        double x = a->ax + (a->bx - a->ax) * k / 4, y = a->ay + (a->by - a->ay) * k / 4;
        for (const eg_item *item = plot->first; item; item = item->next) {
            eg_segment label = eg_label_segment(&item->place), s;
            double mark_x, mark_y;
            bool near =
                item->place.half > 0 && eg_distance(&label, x, y) < EG_TEXT_SIZE / 2 + ARROW_ROOM;
            if (item->kind == EG_ITEM_VECTOR && eg_arrow_at(plot, item, 0, &s))
                near |= eg_distance(&s, x, y) < 2 * ARROW_ROOM;
            if (item->kind == EG_ITEM_MARK && eg_pixel_at(plot, item->numbers, &mark_x, &mark_y))
                near |= hypot(x - mark_x, y - mark_y) < EG_MARK + ARROW_ROOM;
            if (near)
                return true;
        }
        for (size_t i = 0; i < plot->label_count; i++) {
            eg_segment label = eg_label_segment(&plot->labels[i]);
            if (eg_distance(&label, x, y) < EG_LABEL_SIZE / 2 + ARROW_ROOM)
                return true;
        }
    }
    return false;
}

static void draw_arrows(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    eg_segment arrow;
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    eg_use_style(cr, eg_ink_arrow);
    cairo_set_line_width(cr, 1.3);
    for (size_t i = 0; i < item->count; i++)
        if (eg_arrow_at(plot, item, i, &arrow) && !in_the_way(plot, &arrow))
            draw_arrow(cr, &arrow, 7);
}

static void draw_label(cairo_t *cr, const eg_item *item)
{
    if (item->place.half > 0)
        eg_draw_text(cr, item->label, item->place.x, item->place.y, 0, EG_TEXT_SIZE, true);
}

static void draw_vector(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    eg_segment arrow;
    if (!eg_arrow_at(plot, item, 0, &arrow))
        return;
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    eg_use_style(cr, ink_of(item->style));
    cairo_set_line_width(cr, VECTOR_WIDTH);
    draw_arrow(cr, &arrow, 14);
    draw_label(cr, item);
}

static void draw_mark(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    double x, y;
    if (!eg_pixel_at(plot, item->numbers, &x, &y))
        return;
    bool hollow = item->style == EG_PLOT_START;
    cairo_new_path(cr); /* or the arc is joined to the text before */
    cairo_arc(cr, x, y, item->style == EG_PLOT_POINT ? DOT + 2 : EG_MARK, 0, 2 * PI);
    if (hollow)
        cairo_set_source_rgb(cr, 1, 1, 1);
    else
        eg_use_style(cr, eg_ink_way);
    cairo_fill_preserve(cr);
    if (hollow)
        eg_use_style(cr, eg_ink_way);
    else
        cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
    draw_label(cr, item);
}

void eg_draw_items(const eg_plot *plot, cairo_t *cr)
{
    static void (*const draw[])(const eg_plot *, cairo_t *,
                                const eg_item *) = {[EG_ITEM_PATH] = draw_path,
                                                    [EG_ITEM_ARROWS] = draw_arrows,
                                                    [EG_ITEM_VECTOR] = draw_vector,
                                                    [EG_ITEM_MARK] = draw_mark};
    for (const eg_item *item = plot->first; item; item = item->next)
        draw[item->kind](plot, cr, item);
}

#else
typedef int nothing_to_draw; /* a translation unit has to declare something */
#endif
