/* SPDX-License-Identifier: MIT */
/*
 * Finds neighbours by georeferencing: rasters on one grid of cells that touch or overlap at the
 * border. Two rasters of which one covers the centre of the other are no neighbours.
 *
 * Two rasters of about the same size that cover each other's centre are alternatives, such as two
 * years of a survey, or a terrain and a surface model. In one folder it cannot be known which of
 * them continues the others, so neither has neighbours nor is one. In different folders each folder
 * is a mosaic of its own, so that neighbours are sought in a raster's own folder only.
 *
 * Upper left corners are sorted into boxes as large as the largest raster, so that all rasters that
 * can touch another one are in the nine boxes around its own.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch_tiles.h"
#include "cli/support/text.h"

/* A raster with the box of its upper left corner. Rasters of different groups, that is coordinate
 * systems, do not fit together. Rasters of exactly one place follow each other, so that thousands
 * of them are compared with others once. */
typedef struct corner {
    size_t item;
    const batch_tile *tile;
    const char *path;
    uint64_t group;
    double x, y;   /* number of the box, a whole number */
    size_t copies; /* number of rasters of this place from here on; 0: not the first one of them */
} corner;

/* A group's boxes. */
typedef struct boxes {
    double width, height; /* in ground units, above 0 */
} boxes;

/* Neighbours that were left out, and two files for the message about them. */
typedef struct left_out {
    bool *lacks;  /* of each item: it lacks a neighbour */
    size_t count; /* number of such items */
    size_t example[2];
} left_out;

typedef struct matcher {
    const batch_tiles *tiles;
    corner *corners; /* sorted */
    size_t count;
    size_t *alternative; /* of each item, in its own folder; SIZE_MAX: none */
    bool by_folder;      /* inputs in different folders are alternatives */
    left_out ambiguous;  /* neighbours that have an alternative, or are one of an input that has */
    left_out elsewhere;  /* neighbours in another folder only */
} matcher;

/* Position of two rasters relative to each other. */
typedef enum relation { APART, NEIGHBOURS, OVERLAPPING, ALTERNATIVES } relation;

/* ---- two rasters ----------------------------------------------------------------------------- */

/* Returns true if the middle of `size` cells from `start` on is inside the cells 0 .. extent - 1.
 */
static bool centre_inside(ptrdiff_t start, size_t size, size_t extent)
{
    double centre = (double)start + (double)size / 2;
    return centre > 0 && centre < (double)extent;
}

/* Returns true if `size` cells from `start` on reach the cells -1 .. extent. */
static bool reaches(ptrdiff_t start, size_t size, size_t extent)
{
    return start <= (ptrdiff_t)extent && start >= -(ptrdiff_t)size;
}

static bool similar(size_t a, size_t b)
{
    return a < 2 * b && b < 2 * a;
}

/* Returns the relation of two rasters, the second of which is at (column, row) of the first. */
static relation relation_of(const batch_tile *a, const batch_tile *b, ptrdiff_t column,
                            ptrdiff_t row)
{
    bool b_in_a =
        centre_inside(column, b->width, a->width) && centre_inside(row, b->height, a->height);
    bool a_in_b =
        centre_inside(-column, a->width, b->width) && centre_inside(-row, a->height, b->height);
    if (a_in_b && b_in_a && similar(a->width, b->width) && similar(a->height, b->height))
        return ALTERNATIVES;
    if (a_in_b || b_in_a)
        return OVERLAPPING;
    return reaches(column, b->width, a->width) && reaches(row, b->height, a->height) ? NEIGHBOURS
                                                                                     : APART;
}

/* Orders paths by their folders. */
static int compare_folders(const char *a, const char *b)
{
    size_t length = (size_t)(path_name(a) - a), other = (size_t)(path_name(b) - b);
    return length != other ? (length < other ? -1 : 1) : memcmp(a, b, length);
}

static bool same_folder(const matcher *m, size_t a, size_t b)
{
    const batch_item *items = m->tiles->list->items;
    return compare_folders(items[a].input, items[b].input) == 0;
}

/* ---- boxes ----------------------------------------------------------------------------------- */

static uint64_t group_of(const batch_tile *tile)
{
    const eg_georef *g = &tile->georef;
    const double units[] = {g->unit, g->vertical_unit, g->semi_major, g->inverse_flattening};
    uint64_t hash = text_hash(tile->system, &g->crs, sizeof g->crs);
    return text_hash(hash, units, sizeof units);
}

static int compare_boxes(const corner *p, const corner *q)
{
    if (p->group != q->group)
        return p->group < q->group ? -1 : 1;
    if (p->y != q->y)
        return p->y < q->y ? -1 : 1;
    return p->x < q->x ? -1 : p->x > q->x;
}

static int compare_places(const corner *p, const corner *q)
{
    const batch_tile *a = p->tile, *b = q->tile;
    for (int i = 0; i < 6; i++)
        if (a->georef.transform[i] != b->georef.transform[i])
            return a->georef.transform[i] < b->georef.transform[i] ? -1 : 1;
    if (a->width != b->width)
        return a->width < b->width ? -1 : 1;
    return a->height < b->height ? -1 : a->height > b->height;
}

static int compare_corners(const void *a, const void *b)
{
    const corner *p = a, *q = b;
    int order = compare_boxes(p, q);
    if (order == 0)
        order = compare_places(p, q);
    if (order == 0)
        order = compare_folders(p->path, q->path);
    return order ? order : p->item < q->item ? -1 : p->item > q->item;
}

/* Returns the first corner that is not before (group, y, x). */
static size_t lower_bound(const matcher *m, uint64_t group, double y, double x)
{
    const corner key = {.group = group, .y = y, .x = x};
    size_t first = 0, count = m->count;
    while (count > 0) {
        size_t half = count / 2;
        bool before = compare_boxes(&m->corners[first + half], &key) < 0;
        first += before ? half + 1 : 0;
        count = before ? count - half - 1 : half;
    }
    return first;
}

/* Returns the largest extent of the rasters of the group that begins with corner `first`. */
static boxes measure(const matcher *m, size_t first)
{
    boxes b = {0, 0};
    for (size_t i = first; i < m->count && m->corners[i].group == m->corners[first].group; i++) {
        const batch_tile *tile = m->corners[i].tile;
        b.width = fmax(b.width, (double)(tile->width + 1) * fabs(tile->georef.transform[1]));
        b.height = fmax(b.height, (double)(tile->height + 1) * fabs(tile->georef.transform[5]));
    }
    return b;
}

static bool is_located(const batch_tile *tile)
{
    bool finite = true;
    for (int i = 0; i < 6; i++)
        finite = finite && isfinite(tile->georef.transform[i]);
    return tile->readable && tile->georef.located && finite && tile->georef.transform[1] != 0 &&
           tile->georef.transform[5] != 0;
}

static void count_copies(matcher *m)
{
    for (size_t first = 0, end; first < m->count; first = end) {
        for (end = first + 1; end < m->count; end++)
            if (compare_boxes(&m->corners[first], &m->corners[end]) != 0 ||
                compare_places(&m->corners[first], &m->corners[end]) != 0)
                break;
        m->corners[first].copies = end - first;
    }
}

/* Fills the corners with the located rasters and sorts them by group and box. */
static void sort_corners(matcher *m)
{
    const batch_tiles *t = m->tiles;
    for (size_t i = 0; i < t->list->count; i++)
        if (is_located(&t->tiles[i]))
            m->corners[m->count++] = (corner){.item = i,
                                              .tile = &t->tiles[i],
                                              .path = t->list->items[i].input,
                                              .group = group_of(&t->tiles[i])};
    qsort(m->corners, m->count, sizeof *m->corners, compare_corners);
    boxes box = {1, 1};
    for (size_t i = 0; i < m->count; i++) {
        corner *c = &m->corners[i];
        if (i == 0 || c->group != m->corners[i - 1].group)
            box = measure(m, i);
        c->x = floor(c->tile->georef.transform[0] / box.width);
        c->y = floor(c->tile->georef.transform[3] / box.height);
    }
    qsort(m->corners, m->count, sizeof *m->corners, compare_corners);
    count_copies(m);
}

/* ---- pairs ----------------------------------------------------------------------------------- */

/* Called for a raster and another one at (column, row) of its cells. Returns false if out of
 * memory.
 */
typedef bool visit_pair(matcher *m, size_t item, size_t other, relation how, ptrdiff_t column,
                        ptrdiff_t row);

/* Returns the length of the equator in ground units; 0 if longitudes do not wrap around. */
static double world_width(const eg_georef *georef)
{
    double unit = georef->unit > 0 ? georef->unit : 1;
    return georef->crs == EG_CRS_GEOGRAPHIC ? 360 / unit
           : georef->crs == EG_CRS_WEB_MERCATOR
               ? 2 * 3.14159265358979323846 * georef->semi_major / unit
               : 0;
}

/* Returns the relation of two rasters, the second of which is moved east by `shift` ground units,
 * and its position. */
static relation locate(const batch_tile *a, const batch_tile *b, double shift, ptrdiff_t *column,
                       ptrdiff_t *row)
{
    eg_georef moved = b->georef;
    moved.transform[0] += shift;
    if (a->system != b->system || !eg_georef_position(&a->georef, &moved, column, row))
        return APART;
    return relation_of(a, b, *column, *row);
}

/* Returns true if one of two rasters covers the centre of the other, maybe around the globe. */
static bool overlap_somewhere(const batch_tile *a, const batch_tile *b)
{
    const double world = world_width(&a->georef);
    bool overlap = false;
    for (int turn = -1; turn <= 1; turn++) {
        ptrdiff_t column, row;
        relation how = locate(a, b, turn * world, &column, &row);
        overlap = overlap || how == OVERLAPPING || how == ALTERNATIVES;
    }
    return overlap;
}

/* Visits all rasters of one place, each with all rasters of another place. */
static bool visit_copies(matcher *m, const corner *a, const corner *b, relation how,
                         ptrdiff_t column, ptrdiff_t row, visit_pair *visit)
{
    bool good = true;
    for (size_t i = 0; i < a->copies; i++)
        for (size_t k = 0; good && k < b->copies; k++)
            good = visit(m, a[i].item, b[k].item, how, column, row);
    return good;
}

/* Visits the rasters that touch or overlap those of a place and lie in the boxes x - 1, x and x + 1
 * of row y of boxes, moved east by `shift` ground units. */
static bool visit_boxes(matcher *m, const corner *at, double y, double x, double shift,
                        visit_pair *visit)
{
    bool good = true;
    for (size_t i = lower_bound(m, at->group, y, x - 1); good && i < m->count;) {
        const corner *c = &m->corners[i];
        ptrdiff_t column, row;
        if (c->group != at->group || c->y != y || c->x > x + 1)
            break;
        i += c->copies;
        if (c == at)
            continue;
        relation how = locate(at->tile, c->tile, shift, &column, &row);
        if (how == NEIGHBOURS && overlap_somewhere(at->tile, c->tile))
            how = APART;
        if (how != APART)
            good = visit_copies(m, at, c, how, column, row, visit);
    }
    return good;
}

/* Visits all pairs of rasters of different places that touch or overlap. */
static bool visit_pairs(matcher *m, visit_pair *visit)
{
    boxes box = {1, 1};
    bool good = true;
    for (size_t i = 0; good && i < m->count; i += m->corners[i].copies) {
        const corner *at = &m->corners[i];
        const eg_georef *georef = &at->tile->georef;
        const double world = world_width(georef);
        const int turns = world > 0 ? 1 : 0;
        if (i == 0 || at->group != m->corners[i - 1].group)
            box = measure(m, i);
        for (int turn = -turns; turn <= turns; turn++) {
            double shift = turn * world, x = floor((georef->transform[0] - shift) / box.width);
            for (int k = -1; k <= 1; k++)
                good = good && visit_boxes(m, at, at->y + k, x, shift, visit);
        }
    }
    return good;
}

static bool is_ambiguous(const matcher *m, size_t item)
{
    return m->alternative[item] != SIZE_MAX;
}

static void count_left_out(left_out *d, size_t item, size_t example, size_t other)
{
    d->count += !d->lacks[item];
    d->lacks[item] = true;
    d->example[0] = example;
    d->example[1] = other;
}

/* Notes alternatives among the rasters of exactly one place, which are sorted by folder. */
static void note_copies(matcher *m)
{
    for (size_t i = 1; i < m->count; i++) {
        const corner *last = &m->corners[i - 1], *c = &m->corners[i];
        if (c->copies)
            continue;
        if (same_folder(m, last->item, c->item)) {
            m->alternative[last->item] = c->item;
            m->alternative[c->item] = last->item;
        } else {
            m->by_folder = true;
        }
    }
}

static bool note_alternatives(matcher *m, size_t item, size_t other, relation how, ptrdiff_t column,
                              ptrdiff_t row)
{
    (void)column, (void)row;
    if (how == ALTERNATIVES && same_folder(m, item, other))
        m->alternative[item] = other;
    else if (how == ALTERNATIVES)
        m->by_folder = true;
    return true;
}

static bool note_neighbours(matcher *m, size_t item, size_t other, relation how, ptrdiff_t column,
                            ptrdiff_t row)
{
    if (how != NEIGHBOURS || (m->by_folder && !same_folder(m, item, other)))
        return true;
    size_t unclear = is_ambiguous(m, other) ? other : item;
    if (!is_ambiguous(m, unclear))
        return batch_tiles_add(m->tiles, item, other, column, row);
    count_left_out(&m->ambiguous, item, unclear, m->alternative[unclear]);
    return true;
}

/* Notes a neighbour in another folder that has no alternative among the item's neighbours. */
static bool note_elsewhere(matcher *m, size_t item, size_t other, relation how, ptrdiff_t column,
                           ptrdiff_t row)
{
    const batch_tile *tiles = m->tiles->tiles;
    const batch_item *about = &m->tiles->list->items[item];
    bool lost = how == NEIGHBOURS && !is_ambiguous(m, item) && !same_folder(m, item, other);
    for (size_t i = 0; lost && i < about->neighbour_count; i++) {
        const batch_neighbour *n = &about->neighbours[i];
        relation to_other =
            relation_of(&tiles[other], &tiles[n->item], n->column - column, n->row - row);
        lost = to_other != OVERLAPPING && to_other != ALTERNATIVES;
    }
    if (lost)
        count_left_out(&m->elsewhere, item, item, other);
    return true;
}

/* Prints which neighbours were left out because it is not known which ones are meant. */
static void report_left_out(const matcher *m)
{
    const batch_item *items = m->tiles->list->items;
    const left_out *d = &m->ambiguous;
    if (m->tiles->work->settings->quiet)
        return;
    if (d->count)
        message("warning: %s and %s cover the same ground, so it is not known which of them "
                "continues the others: %zu files lack a neighbour; process such files separately",
                items[d->example[0]].input, items[d->example[1]].input, d->count);
    d = &m->elsewhere;
    if (d->count)
        message(
            "warning: %s adjoins %s, but their folders cover the same ground, so neighbours are "
            "sought in the same folder only: %zu files lack one",
            items[d->example[0]].input, items[d->example[1]].input, d->count);
}

static bool match(matcher *m)
{
    const size_t items = m->tiles->list->count;
    m->corners = malloc(items * sizeof *m->corners);
    m->alternative = malloc(items * sizeof *m->alternative);
    m->ambiguous.lacks = calloc(items, sizeof *m->ambiguous.lacks);
    m->elsewhere.lacks = calloc(items, sizeof *m->elsewhere.lacks);
    if (!m->corners || !m->alternative || !m->ambiguous.lacks || !m->elsewhere.lacks)
        return false;
    for (size_t i = 0; i < items; i++)
        m->alternative[i] = SIZE_MAX;
    sort_corners(m);
    note_copies(m);
    return visit_pairs(m, note_alternatives) && visit_pairs(m, note_neighbours) &&
           (!m->by_folder || visit_pairs(m, note_elsewhere));
}

bool batch_tiles_match_georef(const batch_tiles *t)
{
    matcher m = {.tiles = t};
    bool good = match(&m);
    if (good)
        report_left_out(&m);
    free(m.elsewhere.lacks);
    free(m.ambiguous.lacks);
    free(m.alternative);
    free(m.corners);
    return good;
}
