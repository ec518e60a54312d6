/* SPDX-License-Identifier: MIT */
/*
 * Marching squares over the cells of a strip. Each crossing of a level with a side between two
 * samples is one record, made when its row is reached. A cell links the crossings of its sides in
 * the direction of the line, so that each has at most one before and one after it; lines are then
 * read by following these links.
 */
#include "edge/lines/contour_strip.h"

#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/lines/line_nodes.h"

typedef struct finder {
    eg_contour_strip *strip;
    eg_cell_rows cells;
    eg_error *error;
    size_t y0;
} finder;

size_t eg_contour_work_bytes(size_t width)
{
    return eg_cell_rows_bytes(width);
}

/* ---- crossings ------------------------------------------------------------------------------- */

/* A side between two samples. */
typedef struct side {
    double a, b;              /* values */
    int32_t a_class, b_class; /* their classes */
    size_t x, y;              /* position of the first sample */
    bool vertical;
} side;

/* Adds the crossings of a side. */
static eg_status add_crossings(finder *f, const side *s)
{
    eg_growing *array = &f->strip->crossings;
    int32_t low = s->a_class < s->b_class ? s->a_class : s->b_class;
    int32_t high = s->a_class < s->b_class ? s->b_class : s->a_class;
    size_t more = (size_t)(high - low);
    if (more > EG_NO_NODE - 1 - array->count)
        return eg_fail(f->error, EG_LIMIT_EXCEEDED,
                       "a strip has more than %u crossings of levels; take a larger interval",
                       EG_NO_NODE);
    if (more > array->capacity - array->count &&
        eg_growing_reserve(array, f->cells.input->ctx, more, sizeof(eg_line_node), f->error) !=
            EG_OK)
        return eg_failed(f->error);
    eg_line_node *made = (eg_line_node *)array->items + array->count;
    for (int32_t k = low + 1; k <= high; k++, made++) {
        double level = eg_contour_level(f->cells.input->levels, f->cells.first_class + k);
        double fraction = eg_contour_fraction(level, s->a, s->b);
        *made = (eg_line_node){.next = EG_NO_NODE, .previous = EG_NO_NODE, .class = k};
        made->at[0] = (double)s->x + (s->vertical ? 0 : fraction);
        made->at[1] = (double)(s->y - f->cells.input->origin) + (s->vertical ? fraction : 0);
        made->row = (uint32_t)(s->y - f->y0);
    }
    array->count += more;
    return EG_OK;
}

/* Adds the crossings between the samples of row y. */
static eg_status add_horizontal(finder *f, size_t y, eg_sample_row *row)
{
    eg_status status = EG_OK;
    for (size_t x = 0; status == EG_OK && x + 1 < f->cells.band->width; x++) {
        if (!eg_contour_crosses(row->classes[x], row->classes[x + 1]))
            continue;
        row->first[x] = (uint32_t)f->strip->crossings.count;
        status = add_crossings(f, &(side){row->values[x], row->values[x + 1], row->classes[x],
                                          row->classes[x + 1], x, y, false});
    }
    return status;
}

/* Adds the crossings between the upper row y and the lower one. */
static eg_status add_vertical(finder *f, size_t y)
{
    const eg_sample_row *upper = &f->cells.upper, *lower = &f->cells.lower;
    eg_status status = EG_OK;
    for (size_t x = 0; status == EG_OK && x < f->cells.band->width; x++) {
        if (!eg_contour_crosses(upper->classes[x], lower->classes[x]))
            continue;
        f->cells.vertical[x] = (uint32_t)f->strip->crossings.count;
        status = add_crossings(f, &(side){upper->values[x], lower->values[x], upper->classes[x],
                                          lower->classes[x], x, y, true});
    }
    return status;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static void link_crossings(void *nodes, uint32_t from, uint32_t to)
{
    eg_line_nodes_link(nodes, from, to);
}

/* Links the crossings of the cells between the upper and the lower row. */
static void link_cells(const finder *f)
{
    eg_line_node *nodes = f->strip->crossings.items;
    const int32_t *upper = f->cells.upper.classes, *lower = f->cells.lower.classes;
    for (size_t x = 0; x + 1 < f->cells.band->width; x++) {
        const int32_t c[4] = {upper[x], upper[x + 1], lower[x + 1], lower[x]};
        if (c[0] == c[1] && c[0] == c[2] && c[0] == c[3])
            continue;
        if (c[0] != EG_CLASS_MISSING && c[1] != EG_CLASS_MISSING && c[2] != EG_CLASS_MISSING &&
            c[3] != EG_CLASS_MISSING)
            eg_cell_rows_link(&f->cells, x, c, 1, link_crossings, nodes);
    }
}

/* ---- fragments ------------------------------------------------------------------------------- */

static eg_fragment_end end_at(const finder *f, size_t number)
{
    const eg_contour_strip *strip = f->strip;
    const size_t last_row = strip->crossings.count - strip->lines.last_row_count;
    if (number < strip->lines.first_row_count)
        return (eg_fragment_end){EG_FRAGMENT_FIRST_ROW, number};
    if (number >= last_row)
        return (eg_fragment_end){EG_FRAGMENT_LAST_ROW, number - last_row};
    return (eg_fragment_end){EG_FRAGMENT_FREE, 0};
}

static void read_fragment(finder *f, size_t number, eg_fragment *fragment)
{
    eg_line_node *all = f->strip->crossings.items;
    const size_t last = eg_line_nodes_read(all, number, &f->strip->lines, fragment);
    if (!fragment->closed) {
        fragment->start = end_at(f, number);
        fragment->end = end_at(f, last);
    }
    fragment->row += f->y0 - f->cells.input->origin;
    fragment->level =
        eg_contour_level(f->cells.input->levels, f->cells.first_class + all[number].class);
}

static eg_status add_fragment(void *opaque, size_t number)
{
    finder *f = opaque;
    eg_contour_strip *strip = f->strip;
    eg_fragment made = {.count = 0};
    eg_status status =
        eg_growing_reserve(&strip->lines.fragments, f->cells.input->ctx, 1, sizeof made, f->error);
    if (status != EG_OK)
        return status;
    read_fragment(f, number, &made);
    const bool whole =
        made.closed || (made.start.side == EG_FRAGMENT_FREE && made.end.side == EG_FRAGMENT_FREE);
    if (whole && made.count < 2)
        return EG_OK;
    ((eg_fragment *)strip->lines.fragments.items)[strip->lines.fragments.count++] = made;
    strip->lines.points.count += made.count;
    return EG_OK;
}

/* Reads the fragments. A ring has at least four crossings, so a quarter more points than crossings
 * are enough. */
static eg_status read_fragments(finder *f)
{
    eg_contour_strip *strip = f->strip;
    const size_t count = strip->crossings.count;
    eg_status status = eg_growing_reserve(&strip->lines.points, f->cells.input->ctx,
                                          count + count / 4 + 1, 2 * sizeof(double), f->error);
    return status == EG_OK ? eg_line_nodes_each(&strip->crossings, add_fragment, f) : status;
}

/* ---- the strip ------------------------------------------------------------------------------- */

static eg_status find_crossings(finder *f, size_t y1)
{
    eg_contour_strip *strip = f->strip;
    eg_cell_rows_load(&f->cells, f->y0, &f->cells.upper);
    eg_status status = add_horizontal(f, f->y0, &f->cells.upper);
    strip->lines.first_row_count = strip->crossings.count;
    for (size_t y = f->y0; status == EG_OK && y < y1; y++) {
        eg_cell_rows_load(&f->cells, y + 1, &f->cells.lower);
        status = add_vertical(f, y);
        const size_t before = strip->crossings.count;
        if (status == EG_OK)
            status = add_horizontal(f, y + 1, &f->cells.lower);
        strip->lines.last_row_count = strip->crossings.count - before;
        if (status == EG_OK)
            link_cells(f);
        eg_cell_rows_advance(&f->cells);
    }
    return status;
}

eg_status eg_contour_strip_find(eg_contour_strip *strip, const eg_contour_input *input,
                                const eg_band *band, size_t y0, size_t y1, void *work,
                                eg_error *error)
{
    finder f = {.strip = strip, .cells = {.input = input, .band = band}, .error = error, .y0 = y0};
    strip->crossings.count = strip->lines.points.count = strip->lines.fragments.count = 0;
    strip->lines.first_row_count = strip->lines.last_row_count = 0;
    eg_cell_rows_divide(&f.cells, work);
    double range[2];
    eg_status status = eg_contour_find_range(input, band, y0, y1, f.cells.upper.values, range,
                                             &f.cells.first_class, error);
    strip->lowest = range[0];
    strip->highest = range[1];
    if (status != EG_OK || isnan(strip->lowest))
        return status;
    status = find_crossings(&f, y1);
    return status == EG_OK ? read_fragments(&f) : status;
}

void eg_contour_strip_release(eg_contour_strip *strip)
{
    eg_free(strip->crossings.items);
    eg_free(strip->lines.points.items);
    eg_free(strip->lines.fragments.items);
}
