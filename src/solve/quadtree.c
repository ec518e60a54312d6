/* SPDX-License-Identifier: MIT */
/* Division of a box into cells in which a curve F = 0 is simple. */
#include "solve/quadtree.h"

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "solve/arithmetic.h"

enum { MOST_CELLS = 1 << 18, CLOCK_CELLS = 64 };

double eg_quadtree_coordinate(const eg_quadtree *tree, int axis, uint32_t k)
{
    const eg_interval *ends = tree->problem->ends[axis];
    double low = eg_iv_middle(ends[0]), high = eg_iv_middle(ends[1]);
    double t = (double)k / EG_CELL_SPAN;
    if (k == EG_CELL_SPAN)
        return high;
    t += (axis ? 0.0271 : 0.0313) * t * (1 - t);
    return low + t * (high - low);
}

uint32_t eg_quadtree_find(const eg_quadtree *tree, int64_t x, int64_t y)
{
    uint32_t index = 0;
    if (x < 0 || y < 0 || x >= EG_CELL_SPAN || y >= EG_CELL_SPAN)
        return UINT32_MAX;
    while (eg_quadtree_cell(tree, index)->state == EG_CELL_DIVIDED) {
        const eg_cell *cell = eg_quadtree_cell(tree, index);
        uint32_t half = eg_cell_side(cell) / 2;
        index = cell->children + (x >= cell->x + half) + 2 * (y >= cell->y + half);
    }
    return index;
}

/* Returns true if the curve may touch the border of the box in a side of the cell, or cross it more
 * than once, which the signs at the ends would not show. */
static bool touches_border(eg_quadtree *tree, const eg_cell *cell, const eg_interval box[])
{
    static const size_t axes[] = {0, 1};
    uint32_t side = eg_cell_side(cell);
    for (int k = 0; k < 4; k++) {
        size_t axis = (size_t)k / 2;
        uint32_t from = axis ? cell->y : cell->x;
        bool on_border = k % 2 ? from + side == EG_CELL_SPAN : from == 0;
        eg_interval edge[EG_UNKNOWNS] = {box[0], box[1]}, value, gradient[2];
        edge[axis] =
            k % 2 ? eg_iv(box[axis].high, box[axis].high) : eg_iv(box[axis].low, box[axis].low);
        if (!on_border)
            continue;
        eg_enclose_gradient(tree->encloser, edge, axes, 2, &value, gradient);
        if (eg_iv_has_zero(value) && eg_iv_has_zero(gradient[1 - axis]))
            return true;
    }
    return false;
}

/* Decides the state of a cell. */
static void classify(eg_quadtree *tree, eg_cell *cell)
{
    static const size_t axes[] = {0, 1};
    uint32_t side = eg_cell_side(cell);
    eg_interval box[EG_UNKNOWNS] = {
        {eg_quadtree_coordinate(tree, 0, cell->x), eg_quadtree_coordinate(tree, 0, cell->x + side)},
        {eg_quadtree_coordinate(tree, 1, cell->y),
         eg_quadtree_coordinate(tree, 1, cell->y + side)}};
    eg_interval value, gradient[2];
    eg_domain domain = eg_enclose_value(tree->encloser, box, &value);
    cell->state = EG_CELL_BAD;
    if (domain == EG_DOMAIN_NOWHERE || !eg_iv_has_zero(value)) {
        cell->state = EG_CELL_EMPTY;
        return;
    }
    if (cell->level < EG_CELL_FIRST || domain != EG_DOMAIN_CONTINUOUS)
        return;
    domain = eg_enclose_gradient(tree->encloser, box, axes, 2, NULL, gradient);
    if (domain < EG_DOMAIN_EVERYWHERE || !eg_iv_is_finite(gradient[0]) ||
        !eg_iv_is_finite(gradient[1]))
        return;
    eg_interval turned =
        eg_iv_add(eg_iv_mul(gradient[0], gradient[0]), eg_iv_mul(gradient[1], gradient[1]));
    if (turned.low > 0 && !touches_border(tree, cell, box))
        cell->state = EG_CELL_SIMPLE;
}

/* Divides a cell without children. */
static eg_status split(eg_quadtree *tree, uint32_t index)
{
    eg_status status = eg_growing_reserve(&tree->cells, tree->problem->ctx, 4, sizeof(eg_cell),
                                          tree->problem->error);
    if (status != EG_OK)
        return status;
    eg_cell *parent = eg_quadtree_cell(tree, index);
    uint32_t half = eg_cell_side(parent) / 2, first = (uint32_t)tree->cells.count;
    bool empty = parent->state == EG_CELL_EMPTY;
    parent->state = EG_CELL_DIVIDED;
    parent->children = first;
    for (uint32_t k = 0; k < 4; k++) {
        eg_cell *child = eg_quadtree_cell(tree, first + k);
        *child = (eg_cell){.x = parent->x + (k & 1) * half,
                           .y = parent->y + (k >> 1) * half,
                           .level = (uint8_t)(parent->level + 1),
                           .state = EG_CELL_EMPTY};
        if (!empty)
            classify(tree, child);
    }
    tree->cells.count += 4;
    return EG_OK;
}

/* Divides the neighbours of a cell that are too large, until none is. */
static eg_status balance(eg_quadtree *tree, uint32_t index)
{
    eg_status status = EG_OK;
    for (int side = 0; side < 4 && status == EG_OK; side++)
        for (;;) {
            const eg_cell cell = *eg_quadtree_cell(tree, index);
            int64_t length = eg_cell_side(&cell), x = cell.x, y = cell.y;
            if (cell.state == EG_CELL_EMPTY || cell.state == EG_CELL_DIVIDED)
                return EG_OK;
            uint32_t other = eg_quadtree_find(tree,
                                              side == 0   ? x - 1
                                              : side == 1 ? x + length
                                                          : x,
                                              side == 2   ? y - 1
                                              : side == 3 ? y + length
                                                          : y);
            if (other == UINT32_MAX)
                break;
            const eg_cell *neighbour = eg_quadtree_cell(tree, other);
            if (neighbour->state == EG_CELL_EMPTY || neighbour->level + 1 >= cell.level)
                break;
            status = eg_quadtree_divide(tree, other);
            if (status != EG_OK || tree->full)
                break;
        }
    return status;
}

eg_status eg_quadtree_divide(eg_quadtree *tree, uint32_t index)
{
    if (tree->cells.count > MOST_CELLS) {
        tree->full = true;
        return EG_OK;
    }
    eg_status status = split(tree, index);
    uint32_t first = status == EG_OK ? eg_quadtree_cell(tree, index)->children : 0;
    for (uint32_t k = 0; k < 4 && status == EG_OK; k++)
        status = balance(tree, first + k);
    return status;
}

eg_status eg_quadtree_build(eg_quadtree *tree)
{
    eg_status status = eg_growing_reserve(&tree->cells, tree->problem->ctx, 1, sizeof(eg_cell),
                                          tree->problem->error);
    if (status != EG_OK)
        return status;
    eg_cell *whole = eg_quadtree_cell(tree, 0);
    *whole = (eg_cell){0};
    classify(tree, whole);
    tree->cells.count = 1;
    for (uint32_t i = 0; i < tree->cells.count && status == EG_OK; i++) {
        const eg_cell *cell = eg_quadtree_cell(tree, i);
        if (i % CLOCK_CELLS == 0 && eg_cancelled(tree->problem->ctx))
            return eg_fail(tree->problem->error, EG_CANCELLED, "cancelled");
        tree->ended |= i % CLOCK_CELLS == 0 && eg_seconds() > tree->deadline;
        if (cell->state == EG_CELL_BAD && cell->level < EG_CELL_LAST && !tree->ended && !tree->full)
            status = split(tree, i);
        tree->full |= tree->cells.count > MOST_CELLS;
    }
    for (uint32_t i = 0; i < tree->cells.count && status == EG_OK && !tree->full; i++)
        status = balance(tree, i);
    return status;
}
