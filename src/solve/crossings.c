/* SPDX-License-Identifier: MIT */
/* Crossings of a curve F = 0 with the sides of cells: between vertices at which F has different
 * signs. In a simple cell two crossings are joined. */
#include <string.h>

#include "core/context.h"
#include "solve/arithmetic.h"
#include "solve/trace.h"

/* ---- signs ---- */

/* Returns true if F is not negative at a vertex. A sign that is not certain counts as positive,
 * everywhere. */
static bool is_positive(eg_crossings *c, uint32_t x, uint32_t y)
{
    double px = eg_quadtree_coordinate(c->tree, 0, x), py = eg_quadtree_coordinate(c->tree, 1, y);
    eg_interval point[EG_UNKNOWNS] = {{px, px}, {py, py}}, value;
    eg_enclose_value(c->tree->encloser, point, &value);
    if (value.low < 0 && value.high >= 0)
        c->unsure++;
    return value.high >= 0;
}

static bool is_crossed(eg_crossings *c, uint32_t x, uint32_t y, uint32_t length, bool vertical)
{
    return is_positive(c, x, y) !=
           is_positive(c, vertical ? x : x + length, vertical ? y + length : y);
}

/* ---- the table ---- */

static size_t hash(uint32_t x, uint32_t y, uint32_t length, bool vertical)
{
    uint64_t key = ((uint64_t)x << 32 | y) * UINT64_C(0x9E3779B97F4A7C15);
    key ^= ((uint64_t)length << 1 | vertical) * UINT64_C(0xC2B2AE3D27D4EB4F);
    key ^= key >> 29;
    return (size_t)(key * UINT64_C(0xBF58476D1CE4E5B9) >> 20);
}

/* Makes the table larger. */
static eg_status rehash(eg_crossings *c)
{
    size_t size = c->buckets.count ? 2 * c->buckets.count : 1024;
    eg_status status = eg_growing_zero(&c->buckets, c->tree->problem->ctx, size, sizeof(uint32_t),
                                       c->tree->problem->error);
    uint32_t *buckets = c->buckets.items;
    for (uint32_t i = 0; i < c->items.count && status == EG_OK; i++) {
        const eg_crossing *item = eg_crossings_item(c, i);
        size_t at = hash(item->x, item->y, item->length, item->vertical) & (size - 1);
        while (buckets[at])
            at = (at + 1) & (size - 1);
        buckets[at] = i + 1;
    }
    return status;
}

/* Returns the place in the table of a piece, or the one where it would be. */
static uint32_t *lookup(const eg_crossings *c, uint32_t x, uint32_t y, uint32_t length,
                        bool vertical)
{
    uint32_t *buckets = c->buckets.items;
    size_t mask = c->buckets.count - 1, at = hash(x, y, length, vertical) & mask;
    for (; buckets[at]; at = (at + 1) & mask) {
        const eg_crossing *item = eg_crossings_item(c, buckets[at] - 1);
        if (item->x == x && item->y == y && item->length == length && item->vertical == vertical)
            break;
    }
    return &buckets[at];
}

eg_status eg_crossings_at(eg_crossings *c, uint32_t x, uint32_t y, uint32_t length, bool vertical,
                          bool add, uint32_t *found)
{
    eg_status status = EG_OK;
    *found = EG_NO_CROSSING;
    if (2 * c->items.count >= c->buckets.count)
        status = rehash(c);
    if (status != EG_OK)
        return status;
    uint32_t *place = lookup(c, x, y, length, vertical);
    if (*place) {
        *found = *place - 1;
        return EG_OK;
    }
    if (!add || !is_crossed(c, x, y, length, vertical))
        return EG_OK;
    status = eg_growing_reserve(&c->items, c->tree->problem->ctx, 1, sizeof(eg_crossing),
                                c->tree->problem->error);
    if (status != EG_OK)
        return status;
    *found = (uint32_t)c->items.count++;
    *place = *found + 1;
    *eg_crossings_item(c, *found) = (eg_crossing){.x = x,
                                                  .y = y,
                                                  .length = length,
                                                  .vertical = vertical,
                                                  .link = {EG_NO_CROSSING, EG_NO_CROSSING}};
    return EG_OK;
}

/* ---- cells ---- */

eg_status eg_cell_pieces(const eg_quadtree *tree, uint32_t index, eg_piece_visitor *piece,
                         void *opaque)
{
    const eg_cell cell = *eg_quadtree_cell(tree, index);
    uint32_t side = eg_cell_side(&cell), half = side / 2;
    eg_status status = EG_OK;
    for (int k = 0; k < 4 && status == EG_OK; k++) { /* below, right, above, left */
        bool vertical = k % 2;
        uint32_t x = cell.x + (k == 1 ? side : 0), y = cell.y + (k == 2 ? side : 0);
        int64_t out_x = k == 1 ? (int64_t)x : k == 3 ? (int64_t)cell.x - 1 : cell.x;
        int64_t out_y = k == 2 ? (int64_t)y : k == 0 ? (int64_t)cell.y - 1 : cell.y;
        uint32_t other = eg_quadtree_find(tree, out_x, out_y);
        const eg_cell *neighbour = other == UINT32_MAX ? NULL : eg_quadtree_cell(tree, other);
        if (!neighbour || neighbour->level <= cell.level || half == 0) {
            status = piece(opaque, x, y, side, vertical, other);
            continue;
        }
        uint32_t second =
            eg_quadtree_find(tree, out_x + (vertical ? 0 : half), out_y + (vertical ? half : 0));
        bool backwards = k >= 2; /* around the cell */
        uint32_t x2 = x + (vertical ? 0 : half), y2 = y + (vertical ? half : 0);
        status = backwards ? piece(opaque, x2, y2, half, vertical, second)
                           : piece(opaque, x, y, half, vertical, other);
        if (status == EG_OK)
            status = backwards ? piece(opaque, x, y, half, vertical, other)
                               : piece(opaque, x2, y2, half, vertical, second);
    }
    return status;
}

/* The crossings of the sides of a cell. */
typedef struct around {
    eg_crossings *crossings;
    uint32_t found[8];
    size_t count;
} around;

static eg_status collect(void *opaque, uint32_t x, uint32_t y, uint32_t length, bool vertical,
                         uint32_t other)
{
    around *a = opaque;
    const eg_quadtree *tree = a->crossings->tree;
    uint32_t found;
    if (other != UINT32_MAX && eg_quadtree_cell(tree, other)->state == EG_CELL_EMPTY)
        return EG_OK;
    eg_status status = eg_crossings_at(a->crossings, x, y, length, vertical, true, &found);
    if (status == EG_OK && found != EG_NO_CROSSING) {
        eg_crossings_item(a->crossings, found)->border |= other == UINT32_MAX;
        a->found[a->count++] = found;
    }
    return status;
}

static void join(const eg_crossings *c, uint32_t a, uint32_t b)
{
    eg_crossing *first = eg_crossings_item(c, a), *second = eg_crossings_item(c, b);
    first->link[first->link[0] != EG_NO_CROSSING] = b;
    second->link[second->link[0] != EG_NO_CROSSING] = a;
}

/* Divides the simple cells with more than two crossings. *divided: there was one. */
static eg_status divide_ambiguous(eg_crossings *c, bool *divided)
{
    eg_status status = EG_OK;
    *divided = false;
    for (uint32_t i = 0; i < c->tree->cells.count && status == EG_OK && !c->tree->full; i++) {
        around a = {.crossings = c};
        const eg_cell *cell = eg_quadtree_cell(c->tree, i);
        if (cell->state != EG_CELL_SIMPLE)
            continue;
        status = eg_cell_pieces(c->tree, i, collect, &a);
        if (status != EG_OK || a.count <= 2)
            continue;
        *divided = true;
        if (cell->level < EG_CELL_LAST)
            status = eg_quadtree_divide(c->tree, i);
        else
            eg_quadtree_cell(c->tree, i)->state = EG_CELL_BAD;
    }
    c->items.count = c->buckets.count = 0; /* pieces may have become two */
    c->unsure = 0;
    return status;
}

eg_status eg_crossings_find(eg_crossings *c)
{
    enum { MOST_ROUNDS = 2 * EG_CELL_LAST };
    bool divided = true;
    eg_status status = EG_OK;
    for (int round = 0; round < MOST_ROUNDS && divided && status == EG_OK; round++)
        status = divide_ambiguous(c, &divided);
    for (uint32_t i = 0; i < c->tree->cells.count && status == EG_OK; i++) {
        around a = {.crossings = c};
        if (eg_quadtree_cell(c->tree, i)->state != EG_CELL_SIMPLE)
            continue;
        status = eg_cell_pieces(c->tree, i, collect, &a);
        if (status == EG_OK && a.count >= 2)
            join(c, a.found[0], a.found[1]);
    }
    return status;
}
