/* SPDX-License-Identifier: MIT */
/* Division of a box into cells in which a curve F = 0 is simple. */
#ifndef EG_SOLVE_QUADTREE_H
#define EG_SOLVE_QUADTREE_H

#include "core/growing.h"
#include "solve/problem.h"

/* Levels of cells: one with a part of the curve is at least at FIRST; one at LAST is not divided.
 */
enum { EG_CELL_FIRST = 7, EG_CELL_LAST = 20, EG_CELL_SPAN = 1 << EG_CELL_LAST };

typedef enum eg_cell_state {
    EG_CELL_DIVIDED,
    EG_CELL_EMPTY,  /* F is not 0 in it */
    EG_CELL_SIMPLE, /* the gradient of F turns by less than a right angle */
    EG_CELL_BAD     /* undecided */
} eg_cell_state;

/* A cell: a square with the corner (x, y) and the side EG_CELL_SPAN >> level, of a box that is
 * EG_CELL_SPAN wide and high. */
typedef struct eg_cell {
    uint32_t x, y;
    uint32_t children; /* index of the first of four: low x and y, high x, high y, both high */
    uint8_t level, state;
} eg_cell;

typedef struct eg_quadtree {
    eg_problem *problem;
    eg_encloser *encloser; /* of F */
    double deadline;
    eg_growing cells; /* of eg_cell; the first is the whole box */
    bool ended;       /* by the time */
    bool full;        /* there would be too many cells */
} eg_quadtree;

/* Divides the box until all cells are decided or small, and cells with a part of the curve are at
 * most twice as large as their neighbours. The caller frees tree->cells.items. */
eg_status eg_quadtree_build(eg_quadtree *tree);

/* Divides a cell and restores the ratio of neighbours. */
eg_status eg_quadtree_divide(eg_quadtree *tree, uint32_t index);

/* Returns the coordinate of a vertex. The vertices are not equidistant, so that few of them lie on
 * curves through round numbers. */
double eg_quadtree_coordinate(const eg_quadtree *tree, int axis, uint32_t k);

/* Returns the index of the cell without children that contains the unit square at (x, y);
 * UINT32_MAX outside of the box. */
uint32_t eg_quadtree_find(const eg_quadtree *tree, int64_t x, int64_t y);

static inline eg_cell *eg_quadtree_cell(const eg_quadtree *tree, uint32_t index)
{
    return (eg_cell *)tree->cells.items + index;
}

static inline uint32_t eg_cell_side(const eg_cell *cell)
{
    return (uint32_t)EG_CELL_SPAN >> cell->level;
}

#endif
