/* SPDX-License-Identifier: MIT */
/* Draws the items of a plot: paths, arrows, vectors and marks. */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

#include <math.h>

#define PI 3.14159265358979323846

#define DOT_RADIUS   3.0
#define DOT_DISTANCE 7.0 /* least distance between dots */
#define ARROW_MARGIN 5.0 /* between arrows and labels, vectors, marks */
#define VECTOR_WIDTH 2.6
#define ARROW_WIDTH  1.3
#define ARROW_HEAD   7.0

static const double dash_lengths[] = {7, 5};

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
        if (hypot(x - last_x, y - last_y) < DOT_DISTANCE)
            continue;
        cairo_arc(cr, x, y, DOT_RADIUS, 0, 2 * PI);
        cairo_fill(cr);
        last_x = x;
        last_y = y;
    }
}

eg_colour eg_line_colour(int style)
{
    return style == EG_PLOT_TRAJECTORY || style == EG_PLOT_LINE        ? eg_colour_line
           : style == EG_PLOT_ACCENT || style == EG_PLOT_ACCENT_DASHED ? eg_colour_accent
           : style == EG_PLOT_DASHED                                   ? eg_colour_text
           : style == EG_PLOT_THIN                                     ? eg_colour_arrow
                                                                       : eg_colour_level;
}

static bool is_dashed(int style)
{
    return style == EG_PLOT_DASHED || style == EG_PLOT_ACCENT_DASHED;
}

static double line_width(int style)
{
    return style == EG_PLOT_DASHED || style == EG_PLOT_THIN ? EG_LEVEL_WIDTH : EG_LINE_WIDTH;
}

static void draw_path(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    bool dashed = is_dashed(item->style);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, dashed ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    cairo_set_dash(cr, dash_lengths, dashed ? 2 : 0, 0);
    eg_set_colour(cr, eg_line_colour(item->style));
    cairo_set_line_width(cr, line_width(item->style));
    draw_line(plot, cr, item);
    cairo_set_dash(cr, dash_lengths, 0, 0);
    if (item->style == EG_PLOT_TRAJECTORY)
        draw_dots(plot, cr, item);
}

/* Draws each part of a band without gaps as a polygon: along the upper curve and back. */
static void draw_band(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    double x, y;
    eg_colour c = eg_line_colour(item->style);
    cairo_set_source_rgba(cr, c.r, c.g, c.b, EG_BAND_OPACITY);
    for (size_t first = 0, end; first < item->count; first = end + 1) {
        const double *triples = item->numbers;
        for (end = first; end < item->count; end++)
            if (!isfinite(triples[3 * end]) || !isfinite(triples[3 * end + 1]) ||
                !isfinite(triples[3 * end + 2]))
                break;
        for (size_t i = first; i < end; i++)
            if (eg_pixel_at(plot, (const double[]){triples[3 * i], triples[3 * i + 2]}, &x, &y))
                cairo_line_to(cr, x, y);
        for (size_t i = end; i-- > first;)
            if (eg_pixel_at(plot, triples + 3 * i, &x, &y))
                cairo_line_to(cr, x, y);
        cairo_close_path(cr);
        cairo_fill(cr);
    }
}

static void draw_points(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    double x, y;
    eg_set_colour(cr, eg_line_colour(item->style));
    for (size_t i = 0; i < item->count; i++) {
        if (!eg_pixel_at(plot, item->numbers + 2 * i, &x, &y))
            continue;
        cairo_new_path(cr);
        cairo_arc(cr, x, y, DOT_RADIUS, 0, 2 * PI);
        cairo_fill(cr);
    }
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

/* Returns true if an arrow overlaps a label, a mark or a vector. */
static bool overlaps_item(const eg_plot *plot, const eg_segment *a)
{
    for (int k = 0; k <= 4; k++) {
        double x = a->ax + (a->bx - a->ax) * k / 4, y = a->ay + (a->by - a->ay) * k / 4;
        for (const eg_item *item = plot->items.first; item; item = item->next) {
            eg_segment label = eg_label_segment(&item->label_box), s;
            double mark_x, mark_y;
            bool near = item->label_box.half > 0 &&
                        eg_distance(&label, x, y) < EG_TEXT_SIZE / 2 + ARROW_MARGIN;
            if (item->kind == EG_ITEM_VECTOR && eg_arrow_at(plot, item, 0, &s))
                near |= eg_distance(&s, x, y) < 2 * ARROW_MARGIN;
            if (item->kind == EG_ITEM_MARK && eg_pixel_at(plot, item->numbers, &mark_x, &mark_y))
                near |= hypot(x - mark_x, y - mark_y) < EG_MARK_RADIUS + ARROW_MARGIN;
            if (near)
                return true;
        }
        for (size_t i = 0; i < plot->label_count; i++) {
            eg_segment label = eg_label_segment(&plot->labels[i]);
            if (eg_distance(&label, x, y) < EG_LABEL_SIZE / 2 + ARROW_MARGIN)
                return true;
        }
    }
    return false;
}

static void draw_arrows(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    eg_segment arrow;
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    eg_set_colour(cr, eg_colour_arrow);
    cairo_set_line_width(cr, ARROW_WIDTH);
    for (size_t i = 0; i < item->count; i++)
        if (eg_arrow_at(plot, item, i, &arrow) && !overlaps_item(plot, &arrow))
            draw_arrow(cr, &arrow, ARROW_HEAD);
}

static void draw_label(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    if (item->label_box.half > 0)
        eg_draw_text(plot, cr, item->label, item->label_box.x, item->label_box.y, 0, EG_TEXT_SIZE,
                     true);
}

static void draw_vector(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    eg_segment arrow;
    if (!eg_arrow_at(plot, item, 0, &arrow))
        return;
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    eg_set_colour(cr, eg_line_colour(item->style));
    cairo_set_line_width(cr, VECTOR_WIDTH);
    draw_arrow(cr, &arrow, 14);
    draw_label(plot, cr, item);
}

static void draw_mark(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    double x, y;
    if (!eg_pixel_at(plot, item->numbers, &x, &y))
        return;
    bool hollow = item->style == EG_PLOT_START || item->style == EG_PLOT_HOLE;
    bool small = item->style == EG_PLOT_POINT || item->style == EG_PLOT_HOLE;
    eg_colour colour = item->style == EG_PLOT_HOLE ? eg_colour_level : eg_colour_line;
    cairo_new_path(cr); /* else a line joins the arc to the last text */
    cairo_arc(cr, x, y, small ? DOT_RADIUS + 2 : EG_MARK_RADIUS, 0, 2 * PI);
    if (hollow)
        cairo_set_source_rgb(cr, 1, 1, 1);
    else
        eg_set_colour(cr, colour);
    cairo_fill_preserve(cr);
    if (hollow)
        eg_set_colour(cr, colour);
    else
        cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
    draw_label(plot, cr, item);
}

void eg_draw_items(const eg_plot *plot, cairo_t *cr)
{
    static void (*const draw[])(const eg_plot *, cairo_t *, const eg_item *) = {
        [EG_ITEM_PATH] = draw_path,        [EG_ITEM_BAND] = draw_band,
        [EG_ITEM_POINTS] = draw_points,    [EG_ITEM_ARROWS] = draw_arrows,
        [EG_ITEM_VECTOR] = draw_vector,    [EG_ITEM_MARK] = draw_mark,
        [EG_ITEM_SHAPES] = eg_draw_shapes, [EG_ITEM_TEXT] = eg_draw_text_item};
    for (const eg_item *item = plot->items.first; item; item = item->next)
        draw[item->kind](plot, cr, item);
}

/* ---- legend ---- */

static void draw_sample(cairo_t *cr, const eg_entry *entry, double x, double y)
{
    eg_colour colour = eg_line_colour(entry->style);
    bool dashed = is_dashed(entry->style);
    cairo_new_path(cr);
    eg_set_colour(cr, colour);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    if (entry->sample == EG_PLOT_SAMPLE_DOT) {
        cairo_arc(cr, x + EG_SAMPLE_WIDTH / 2, y, DOT_RADIUS, 0, 2 * PI);
        cairo_fill(cr);
    } else if (entry->sample == EG_PLOT_SAMPLE_BAND) {
        cairo_set_source_rgba(cr, colour.r, colour.g, colour.b, EG_BAND_OPACITY);
        cairo_rectangle(cr, x, y - 6, EG_SAMPLE_WIDTH, 12);
        cairo_fill(cr);
    } else if (entry->sample == EG_PLOT_SAMPLE_ARROW) {
        eg_set_colour(cr, eg_colour_arrow);
        cairo_set_line_width(cr, ARROW_WIDTH);
        draw_arrow(cr, &(eg_segment){x, y, x + EG_SAMPLE_WIDTH, y}, ARROW_HEAD);
    } else {
        cairo_set_dash(cr, dash_lengths, dashed ? 2 : 0, 0);
        cairo_set_line_width(cr, line_width(entry->style));
        cairo_move_to(cr, x, y);
        cairo_line_to(cr, x + EG_SAMPLE_WIDTH, y);
        cairo_stroke(cr);
        cairo_set_dash(cr, dash_lengths, 0, 0);
    }
}

/* Draws the entries in a centred row, smaller if they are too wide. */
void eg_draw_legend(const eg_plot *plot, cairo_t *cr)
{
    double width = 0, available = plot->options.width - 2 * EG_SAMPLE_GAP;
    for (size_t i = 0; i < plot->entry_count; i++)
        width += EG_SAMPLE_WIDTH + 3 * EG_SAMPLE_GAP +
                 eg_text_width(cr, plot->entries[i].text, EG_TEXT_SIZE);
    double size = EG_TEXT_SIZE * fmin(1, available / fmax(width, 1));
    double fixed = (double)plot->entry_count * (EG_SAMPLE_WIDTH + 3 * EG_SAMPLE_GAP);
    double x =
        (plot->frame.left + plot->frame.right - fixed - (width - fixed) * size / EG_TEXT_SIZE) / 2;
    x = fmax(x, EG_SAMPLE_GAP);
    for (size_t i = 0; i < plot->entry_count; i++) {
        const eg_entry *entry = &plot->entries[i];
        double text = eg_text_width(cr, entry->text, size), y = plot->frame.top - 16;
        draw_sample(cr, entry, x, y);
        x += EG_SAMPLE_WIDTH + EG_SAMPLE_GAP;
        eg_draw_text(plot, cr, entry->text, x + text / 2, y, 0, size, false);
        x += text + 2 * EG_SAMPLE_GAP;
    }
}

#else
typedef int no_cairo; /* ISO C forbids an empty translation unit */
#endif
