/* SPDX-License-Identifier: MIT */
/*
 * A crossing of a level with a side has two nodes, one in the boundary of the area above the level
 * and one in that of the area below. A sample at the border of the valid cells has a node for each
 * run of valid cells around it. Lines of cells and pieces of the border link the nodes; boundaries
 * are read by following the links. Rows of samples also tell which boundaries belong together: two
 * nodes with nothing between them bound the same face.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/lines/area_nodes.h"

/* Crossings that are nearer to a sample, in cells, are at the sample, so that areas touch there
 * also in the digits of a file. */
static const double snap_distance = 1e-7;

typedef struct finder {
    eg_area_strip *strip;
    eg_cell_rows cells;
    eg_error *error;
    uint32_t *north;        /* node of the sample on the border side above it; EG_NO_NODE */
    uint32_t *south;        /* node of the sample on the border side below it; EG_NO_NODE */
    uint8_t *above, *below; /* 1: the cell on the right of the sample is valid, in the row above
                               and below the row of samples */
    size_t y0;
    uint32_t row; /* row of samples in the strip */
} finder;

size_t eg_area_work_bytes(size_t width)
{
    return eg_cell_rows_bytes(width) + width * (2 * sizeof(uint32_t) + 2 * sizeof(uint8_t));
}

static void divide_work(finder *f, void *work)
{
    const size_t width = f->cells.band->width;
    f->north = eg_cell_rows_divide(&f->cells, work);
    f->south = f->north + width;
    f->above = (uint8_t *)(f->south + width);
    f->below = f->above + width;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static eg_status reserve_nodes(finder *f, size_t more)
{
    eg_growing *nodes = &f->strip->nodes;
    if (more > EG_NO_NODE - 1 - nodes->count)
        return eg_fail(f->error, EG_LIMIT_EXCEEDED,
                       "a strip has more than %u crossings of levels; take a larger interval",
                       EG_NO_NODE / 2);
    return more <= nodes->capacity - nodes->count
               ? EG_OK
               : eg_growing_reserve(nodes, f->cells.input->ctx, more, sizeof(eg_line_node),
                                    f->error);
}

/* Adds a node, for which there is memory, and returns its number. */
static uint32_t add_node(finder *f, double x, double y, uint32_t row, int32_t class)
{
    eg_growing *nodes = &f->strip->nodes;
    eg_line_node *made = (eg_line_node *)nodes->items + nodes->count;
    *made = (eg_line_node){.at = {x, y - (double)f->cells.input->origin},
                           .next = EG_NO_NODE,
                           .previous = EG_NO_NODE,
                           .row = row,
                           .class = class};
    return (uint32_t)nodes->count++;
}

static inline void link_nodes(const finder *f, uint32_t from, uint32_t to)
{
    eg_line_nodes_link(f->strip->nodes.items, from, to);
}

/* Adds the nodes of the crossings between the samples a and b, the first of which is at x, y: for
 * levels in ascending order one above the level, then one below. */
static eg_status add_crossings(finder *f, const eg_sample_row *a, const eg_sample_row *b, size_t x,
                               size_t y, bool vertical)
{
    const size_t xb = x + !vertical;
    const int32_t low = eg_lesser(a->classes[x], b->classes[xb]);
    const int32_t high = eg_greater(a->classes[x], b->classes[xb]);
    eg_status status = reserve_nodes(f, 2 * (size_t)(high - low));
    for (int32_t k = low + 1; status == EG_OK && k <= high; k++) {
        const double level = eg_contour_level(f->cells.input->levels, f->cells.first_class + k);
        double part = eg_contour_fraction(level, a->values[x], b->values[xb]);
        part = part < snap_distance ? 0 : part > 1 - snap_distance ? 1 : part;
        const double at_x = (double)x + (vertical ? 0 : part);
        const double at_y = (double)y + (vertical ? part : 0);
        const uint32_t row = (uint32_t)(y - f->y0);
        add_node(f, at_x, at_y, row, k);
        add_node(f, at_x, at_y, row, k - 1);
    }
    return status;
}

/* Adds the nodes of row y of samples. */
static eg_status add_horizontal(finder *f, size_t y, eg_sample_row *row)
{
    eg_status status = EG_OK;
    for (size_t x = 0; status == EG_OK && x + 1 < f->cells.band->width; x++) {
        if (!eg_contour_crosses(row->classes[x], row->classes[x + 1]))
            continue;
        row->first[x] = (uint32_t)f->strip->nodes.count;
        status = add_crossings(f, row, row, x, y, false);
    }
    return status;
}

/* Adds the nodes between the upper row y and the lower one. */
static eg_status add_vertical(finder *f, size_t y)
{
    eg_status status = EG_OK;
    for (size_t x = 0; status == EG_OK && x < f->cells.band->width; x++) {
        if (!eg_contour_crosses(f->cells.upper.classes[x], f->cells.lower.classes[x]))
            continue;
        f->cells.vertical[x] = (uint32_t)f->strip->nodes.count;
        status = add_crossings(f, &f->cells.upper, &f->cells.lower, x, y, true);
    }
    return status;
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* Sets valid[x] to 1 if the cell between these rows has no missing sample. */
static void find_valid(const finder *f, const double *upper, const double *lower, uint8_t *valid)
{
    const size_t width = f->cells.band->width;
    for (size_t x = 0; x + 1 < width; x++)
        valid[x] =
            !isnan(upper[x]) && !isnan(upper[x + 1]) && !isnan(lower[x]) && !isnan(lower[x + 1]);
    valid[width - 1] = 0;
}

/* Links the nodes of two crossings along the line between them, in both directions. */
static void link_crossings(void *nodes, uint32_t from, uint32_t to)
{
    eg_line_nodes_link(nodes, from, to);
    eg_line_nodes_link(nodes, to + 1, from + 1);
}

static void link_cells(const finder *f)
{
    eg_line_node *nodes = f->strip->nodes.items;
    const int32_t *upper = f->cells.upper.classes, *lower = f->cells.lower.classes;
    for (size_t x = 0; x + 1 < f->cells.band->width; x++) {
        const int32_t c[4] = {upper[x], upper[x + 1], lower[x + 1], lower[x]};
        if (f->below[x] && !(c[0] == c[1] && c[0] == c[2] && c[0] == c[3]))
            eg_cell_rows_link(&f->cells, x, c, 2, link_crossings, nodes);
    }
}

/* ---- the border ------------------------------------------------------------------------------ */

/* A side between two samples at the border, in the direction of the boundary. */
typedef struct border_side {
    uint32_t from, to; /* nodes of the samples */
    int32_t from_class, to_class;
    uint32_t first; /* first node of the crossings */
} border_side;

static void link_side(const finder *f, const border_side *s)
{
    const bool rises = s->from_class < s->to_class;
    const int32_t count = rises ? s->to_class - s->from_class : s->from_class - s->to_class;
    uint32_t at = s->from;
    for (int32_t i = 0; i < count; i++) {
        const uint32_t above = s->first + 2 * (uint32_t)(rises ? i : count - 1 - i);
        link_nodes(f, at, above + rises);
        at = above + !rises;
    }
    link_nodes(f, at, s->to);
}

/* Directions from a sample, anticlockwise as displayed. The cell r is between the directions r and
 * r + 1: upper right, upper left, lower left, lower right. */
enum { EAST, NORTH, WEST, SOUTH, DIRECTIONS };

/* Returns bit r for each valid cell r around the sample in column x. */
static inline unsigned cells_around(const finder *f, size_t x)
{
    const unsigned left = x > 0 ? f->above[x - 1] * 2u + f->below[x - 1] * 4u : 0;
    return f->above[x] + left + f->below[x] * 8u;
}

enum { ALL_VALID = 15 };

/* Adds the nodes of a sample, one for each run of valid cells around it, which begins after a cell
 * that is not valid. Sets nodes[] to the node of each direction; EG_NO_NODE: no valid cell there.
 */
static eg_status add_sample(finder *f, size_t x, size_t y, unsigned valid,
                            uint32_t nodes[DIRECTIONS])
{
    eg_status status = reserve_nodes(f, 2);
    for (unsigned r = 0; r < DIRECTIONS; r++)
        nodes[r] = EG_NO_NODE;
    for (unsigned begin = 0; status == EG_OK && begin < DIRECTIONS; begin++) {
        if (!(valid >> begin & 1) || valid >> (begin + 3) % 4 & 1)
            continue;
        unsigned last = begin; /* direction where the run ends */
        while (valid >> last % 4 & 1)
            last++;
        const bool north = begin == NORTH || last % 4 == NORTH;
        const uint32_t made =
            north ? f->north[x]
                  : add_node(f, (double)x, (double)y, f->row, f->cells.upper.classes[x]);
        for (unsigned r = begin; r <= last; r++)
            nodes[r % 4] = made;
    }
    return status;
}

/* Records that two nodes bound the same face. */
static eg_status add_interval(finder *f, uint32_t left, uint32_t right)
{
    eg_growing *intervals = &f->strip->intervals;
    if (intervals->count == intervals->capacity &&
        eg_growing_reserve(intervals, f->cells.input->ctx, 1, sizeof(eg_area_interval), f->error) !=
            EG_OK)
        return eg_failed(f->error);
    ((eg_area_interval *)intervals->items)[intervals->count++] = (eg_area_interval){left, right};
    return EG_OK;
}

/* Records the intervals of the side before column x, which is inside the area, up to its last
 * crossing. *left is the last node before the side, then that before its end. */
static eg_status cross_side(finder *f, size_t x, uint32_t *left)
{
    const int32_t a = f->cells.upper.classes[x - 1], b = f->cells.upper.classes[x];
    const bool rises = a < b;
    const int32_t count = rises ? b - a : a - b;
    eg_status status = EG_OK;
    for (int32_t i = 0; status == EG_OK && i < count; i++) {
        const uint32_t above =
            f->cells.upper.first[x - 1] + 2 * (uint32_t)(rises ? i : count - 1 - i);
        status = add_interval(f, *left, above + rises);
        *left = above + !rises;
    }
    return status;
}

/* Links the border sides before column x and finds which one is below it. nodes[] are those of the
 * sample, `east` is the node of the sample before in its direction EAST. */
static void link_sample(finder *f, size_t x, unsigned valid, const uint32_t nodes[DIRECTIONS],
                        uint32_t east)
{
    const bool upper_left = valid >> 1 & 1, lower_left = valid >> 2 & 1, lower_right = valid >> 3;
    if (upper_left != lower_left) {
        const int32_t before = f->cells.upper.classes[x - 1], here = f->cells.upper.classes[x];
        const uint32_t first = f->cells.upper.first[x - 1];
        link_side(f, upper_left ? &(border_side){east, nodes[WEST], before, here, first}
                                : &(border_side){nodes[WEST], east, here, before, first});
    }
    f->south[x] = lower_left != lower_right ? nodes[SOUTH] : EG_NO_NODE;
}

/* Adds the border's nodes of row y of samples, the upper one, links its horizontal sides and
 * records the intervals of the row. */
static eg_status walk_row(finder *f, size_t y)
{
    uint32_t left = EG_NO_NODE; /* the last node on the left */
    eg_status status = EG_OK;
    for (size_t x = 0; status == EG_OK && x < f->cells.band->width; x++) {
        const unsigned valid = cells_around(f, x), before = valid >> 1 & 3;
        uint32_t nodes[DIRECTIONS];
        const uint32_t east = left;
        f->south[x] = EG_NO_NODE;
        if (before == 3) /* valid above and below the side before */
            status = cross_side(f, x, &left);
        if (status != EG_OK || valid == 0 || valid == ALL_VALID)
            continue;
        status = add_sample(f, x, y, valid, nodes);
        if (status == EG_OK && before == 3)
            status = add_interval(f, left, nodes[WEST]);
        if (status == EG_OK)
            link_sample(f, x, valid, nodes, east);
        left = nodes[EAST];
    }
    return status;
}

/* Adds the nodes of the lower row y at samples where a border side ends that is above, and links
 * these sides if `link` is set. */
static eg_status walk_columns(finder *f, const eg_sample_row *row, size_t y, const uint8_t *valid,
                              bool link)
{
    for (size_t x = 0; x < f->cells.band->width; x++) {
        const bool left = x > 0 && valid[x - 1], right = valid[x];
        f->north[x] = EG_NO_NODE;
        if (left == right)
            continue;
        if (reserve_nodes(f, 1) != EG_OK)
            return eg_failed(f->error);
        const uint32_t end =
            add_node(f, (double)x, (double)y, (uint32_t)(y - f->y0), row->classes[x]);
        f->north[x] = end;
        if (!link)
            continue;
        const int32_t a = f->cells.upper.classes[x], b = row->classes[x];
        link_side(f, right ? &(border_side){f->south[x], end, a, b, f->cells.vertical[x]}
                           : &(border_side){end, f->south[x], b, a, f->cells.vertical[x]});
    }
    return EG_OK;
}

/* ---- the strip ------------------------------------------------------------------------------- */

/* Loads the first row, and finds its nodes and the valid cells above it. */
static eg_status begin_strip(finder *f)
{
    eg_area_strip *strip = f->strip;
    eg_cell_rows_load(&f->cells, f->y0, &f->cells.upper);
    memset(f->above, 0, f->cells.band->width);
    if (f->y0 > f->cells.input->origin) {
        eg_contour_load_values(f->cells.input, f->cells.band, f->y0 - 1, f->cells.lower.values);
        find_valid(f, f->cells.lower.values, f->cells.upper.values, f->above);
    }
    eg_status status = walk_columns(f, &f->cells.upper, f->y0, f->above, false);
    strip->first_samples = strip->nodes.count;
    if (status == EG_OK)
        status = add_horizontal(f, f->y0, &f->cells.upper);
    strip->first_crossings = strip->nodes.count - strip->first_samples;
    return status;
}

/* Finds the nodes of the lower row y + 1 and of the cells above it, and links them. */
static eg_status add_cells(finder *f, size_t y)
{
    eg_area_strip *strip = f->strip;
    eg_status status = add_vertical(f, y);
    strip->last_crossings = strip->nodes.count;
    if (status == EG_OK)
        status = add_horizontal(f, y + 1, &f->cells.lower);
    strip->last_samples = strip->nodes.count;
    if (status == EG_OK)
        status = walk_columns(f, &f->cells.lower, y + 1, f->below, true);
    if (status == EG_OK)
        link_cells(f);
    return status;
}

static eg_status find_nodes(finder *f, size_t y1)
{
    const size_t width = f->cells.band->width;
    eg_status status = begin_strip(f);
    for (size_t y = f->y0; status == EG_OK && y < y1; y++) {
        const bool last = y + 1 == f->cells.input->end;
        f->row = (uint32_t)(y - f->y0);
        memset(f->below, 0, width);
        if (!last) {
            eg_cell_rows_load(&f->cells, y + 1, &f->cells.lower);
            find_valid(f, f->cells.upper.values, f->cells.lower.values, f->below);
        }
        status = walk_row(f, y);
        if (status == EG_OK && !last)
            status = add_cells(f, y);
        eg_cell_rows_advance(&f->cells);
        uint8_t *swapped_cells = f->above;
        f->above = f->below;
        f->below = swapped_cells;
    }
    if (y1 == f->cells.input->end)
        f->strip->last_crossings = f->strip->last_samples = SIZE_MAX;
    return status;
}

eg_status eg_area_strip_find(eg_area_strip *strip, const eg_contour_input *input,
                             const eg_band *band, size_t y0, size_t y1, void *work, eg_error *error)
{
    finder f = {.strip = strip, .cells = {.input = input, .band = band}, .error = error, .y0 = y0};
    eg_line_strip *lines = &strip->lines;
    const size_t y_first = y0 > input->origin ? y0 - 1 : y0, y_last = y1 < input->end ? y1 : y1 - 1;
    double range[2];
    strip->nodes.count = strip->intervals.count = 0;
    lines->points.count = lines->fragments.count = 0;
    lines->first_row_count = lines->last_row_count = 0;
    divide_work(&f, work);
    eg_status status = eg_contour_find_range(input, band, y_first, y_last, f.cells.upper.values,
                                             range, &f.cells.first_class, error);
    strip->lowest = range[0];
    strip->highest = range[1];
    if (status == EG_OK && !isnan(range[0]))
        status = find_nodes(&f, y1);
    if (status != EG_OK || isnan(range[0]))
        return status;
    lines->first_row_count = band->width + strip->first_crossings;
    lines->last_row_count =
        y1 < input->end ? band->width + strip->last_samples - strip->last_crossings : 0;
    return eg_area_read_fragments(strip, input, band->width, y0, f.cells.first_class, error);
}

void eg_area_strip_release(eg_area_strip *strip)
{
    eg_free(strip->lines.points.items);
    eg_free(strip->lines.fragments.items);
    eg_free(strip->nodes.items);
    eg_free(strip->intervals.items);
}
