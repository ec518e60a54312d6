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
#include "edge/lines/polyline.h"

#define NONE UINT32_MAX

typedef struct crossing {
    double at[2];            /* column, row */
    uint32_t next, previous; /* crossings of the line; NONE */
    uint32_t row;            /* row of samples, or of cells for a vertical side, in the strip */
    uint32_t level;          /* number of the level minus `first_class` */
} crossing;

typedef struct finder {
    eg_contour_strip *strip;
    const eg_contour_input *input;
    const eg_band *band;
    eg_error *error;
    double first_class; /* class of the lowest value of the strip */
    eg_sample_row upper, lower;
    uint32_t *vertical; /* number of the first crossing between upper and lower sample */
    size_t y0;
} finder;

size_t eg_contour_work_bytes(size_t width)
{
    return width * (2 * sizeof(double) + 2 * sizeof(int32_t) + 3 * sizeof(uint32_t));
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
    if (more > NONE - 1 - array->count)
        return eg_fail(f->error, EG_LIMIT_EXCEEDED,
                       "a strip has more than %u crossings of levels; take a larger interval",
                       NONE);
    if (more > array->capacity - array->count &&
        eg_growing_reserve(array, f->input->ctx, more, sizeof(crossing), f->error) != EG_OK)
        return eg_failed(f->error);
    crossing *made = (crossing *)array->items + array->count;
    for (int32_t k = low + 1; k <= high; k++, made++) {
        double level = eg_contour_level(f->input->levels, f->first_class + k);
        double fraction = eg_contour_fraction(level, s->a, s->b);
        *made = (crossing){.next = NONE, .previous = NONE, .level = (uint32_t)k};
        made->at[0] = (double)s->x + (s->vertical ? 0 : fraction);
        made->at[1] = (double)(s->y - f->input->origin) + (s->vertical ? fraction : 0);
        made->row = (uint32_t)(s->y - f->y0);
    }
    array->count += more;
    return EG_OK;
}

/* Loads row y of samples. */
static void load_row(finder *f, size_t y, eg_sample_row *row)
{
    eg_contour_load_values(f->input, f->band, y, row->values);
    eg_contour_classify(f->input->levels, row->values, f->first_class, row->classes,
                        f->band->width);
}

/* Adds the crossings between the samples of row y. */
static eg_status add_horizontal(finder *f, size_t y, eg_sample_row *row)
{
    eg_status status = EG_OK;
    for (size_t x = 0; status == EG_OK && x + 1 < f->band->width; x++) {
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
    const eg_sample_row *upper = &f->upper, *lower = &f->lower;
    eg_status status = EG_OK;
    for (size_t x = 0; status == EG_OK && x < f->band->width; x++) {
        if (!eg_contour_crosses(upper->classes[x], lower->classes[x]))
            continue;
        f->vertical[x] = (uint32_t)f->strip->crossings.count;
        status = add_crossings(f, &(side){upper->values[x], lower->values[x], upper->classes[x],
                                          lower->classes[x], x, y, true});
    }
    return status;
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* Links the crossings of the cell in column x, whose corners have the classes c, clockwise from the
 * upper left one. */
static void link_cell(const finder *f, size_t x, const int32_t c[4])
{
    crossing *all = f->strip->crossings.items;
    const int32_t low = eg_lesser(eg_lesser(c[0], c[1]), eg_lesser(c[2], c[3]));
    const int32_t high = eg_greater(eg_greater(c[0], c[1]), eg_greater(c[2], c[3]));
    /* The crossing of level k with a side has the number first + k - start. */
    const uint32_t first[EG_CELL_SIDES] = {f->upper.first[x], f->vertical[x + 1], f->lower.first[x],
                                           f->vertical[x]};
    const int32_t start[EG_CELL_SIDES] = {eg_lesser(c[0], c[1]) + 1, eg_lesser(c[1], c[2]) + 1,
                                          eg_lesser(c[2], c[3]) + 1, eg_lesser(c[3], c[0]) + 1};
    for (int32_t k = low + 1; k <= high; k++) {
        const eg_cell_line *lines =
            eg_cell_lines(c, k, eg_contour_level(f->input->levels, f->first_class + k),
                          f->upper.values + x, f->lower.values + x);
        for (int i = 0; i < 2 && lines[i][0] != EG_CELL_NO_LINE; i++) {
            const size_t a = lines[i][0], b = lines[i][1];
            const uint32_t from = first[a] + (uint32_t)(k - start[a]);
            const uint32_t to = first[b] + (uint32_t)(k - start[b]);
            all[from].next = to;
            all[to].previous = from;
        }
    }
}

/* Links the crossings of the cells between the upper and the lower row. */
static void link_cells(const finder *f)
{
    const int32_t *upper = f->upper.classes, *lower = f->lower.classes;
    for (size_t x = 0; x + 1 < f->band->width; x++) {
        const int32_t c[4] = {upper[x], upper[x + 1], lower[x + 1], lower[x]};
        if (c[0] == c[1] && c[0] == c[2] && c[0] == c[3])
            continue;
        if (c[0] != EG_CLASS_MISSING && c[1] != EG_CLASS_MISSING && c[2] != EG_CLASS_MISSING &&
            c[3] != EG_CLASS_MISSING)
            link_cell(f, x, c);
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

/* Reads the fragment that begins with a crossing, whose links it removes. The points have memory
 * for all crossings, and for one point more for each ring. */
static void read_fragment(finder *f, size_t number, eg_fragment *fragment)
{
    crossing *all = f->strip->crossings.items;
    double *points = (double *)f->strip->lines.points.items + 2 * f->strip->lines.points.count;
    size_t at = number, last = number, count = 0;
    uint32_t row = 0;
    while (at != NONE) {
        const size_t next = all[at].next;
        row = all[at].row > row ? all[at].row : row;
        count = eg_polyline_append(points, 2, count, all[at].at);
        all[at].next = NONE;
        last = at;
        at = next == number ? NONE : next;
        fragment->closed = next == number;
    }
    if (fragment->closed)
        count = eg_polyline_close(points, 2, count);
    else {
        fragment->start = end_at(f, number);
        fragment->end = end_at(f, last);
    }
    fragment->first = f->strip->lines.points.count;
    fragment->count = count;
    fragment->row = f->y0 - f->input->origin + row;
    fragment->level = eg_contour_level(f->input->levels, f->first_class + all[number].level);
}

static eg_status add_fragment(finder *f, size_t number)
{
    eg_contour_strip *strip = f->strip;
    eg_fragment made = {.count = 0};
    eg_status status =
        eg_growing_reserve(&strip->lines.fragments, f->input->ctx, 1, sizeof made, f->error);
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

/* Reads the fragments: first those with ends, then rings, which are all that is left. A ring has at
 * least four crossings, so a quarter more points than crossings are enough. */
static eg_status read_fragments(finder *f)
{
    eg_contour_strip *strip = f->strip;
    const crossing *all = strip->crossings.items;
    const size_t count = strip->crossings.count;
    eg_status status = eg_growing_reserve(&strip->lines.points, f->input->ctx,
                                          count + count / 4 + 1, 2 * sizeof(double), f->error);
    for (size_t i = 0; status == EG_OK && i < count; i++)
        if (all[i].next != NONE && all[i].previous == NONE)
            status = add_fragment(f, i);
    for (size_t i = 0; status == EG_OK && i < count; i++)
        if (all[i].next != NONE)
            status = add_fragment(f, i);
    return status;
}

/* ---- the strip ------------------------------------------------------------------------------- */

static void divide_work(finder *f, void *work)
{
    const size_t width = f->band->width;
    f->upper.values = work;
    f->lower.values = f->upper.values + width;
    f->upper.classes = (int32_t *)(void *)(f->lower.values + width);
    f->lower.classes = f->upper.classes + width;
    f->upper.first = (uint32_t *)(void *)(f->lower.classes + width);
    f->lower.first = f->upper.first + width;
    f->vertical = f->lower.first + width;
}

static eg_status find_crossings(finder *f, size_t y1)
{
    eg_contour_strip *strip = f->strip;
    load_row(f, f->y0, &f->upper);
    eg_status status = add_horizontal(f, f->y0, &f->upper);
    strip->lines.first_row_count = strip->crossings.count;
    for (size_t y = f->y0; status == EG_OK && y < y1; y++) {
        load_row(f, y + 1, &f->lower);
        status = add_vertical(f, y);
        const size_t before = strip->crossings.count;
        if (status == EG_OK)
            status = add_horizontal(f, y + 1, &f->lower);
        strip->lines.last_row_count = strip->crossings.count - before;
        if (status == EG_OK)
            link_cells(f);
        const eg_sample_row swapped = f->upper;
        f->upper = f->lower;
        f->lower = swapped;
    }
    return status;
}

eg_status eg_contour_strip_find(eg_contour_strip *strip, const eg_contour_input *input,
                                const eg_band *band, size_t y0, size_t y1, void *work,
                                eg_error *error)
{
    finder f = {.strip = strip, .input = input, .band = band, .error = error, .y0 = y0};
    strip->crossings.count = strip->lines.points.count = strip->lines.fragments.count = 0;
    strip->lines.first_row_count = strip->lines.last_row_count = 0;
    divide_work(&f, work);
    double range[2];
    eg_status status =
        eg_contour_find_range(input, band, y0, y1, f.upper.values, range, &f.first_class, error);
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
