/* SPDX-License-Identifier: MIT */
/* Traces the curve F(x, y) = 0: cells, crossings, lines, and the nodes where cells stay undecided.
 */
#include "solve/trace.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "solve/arithmetic.h"
#include "solve/polish.h"

typedef struct tracing {
    eg_problem *problem;
    eg_quadtree tree;
    eg_crossings crossings;
    eg_trace *result;
    uint32_t *node;     /* by cell: 1 + the node it belongs to; 0: none */
    eg_growing pending; /* of uint32_t: cells of a node whose neighbours are to be looked at */
    eg_growing nodes;   /* of eg_trace_node */
    eg_growing lines;   /* of eg_trace_line */
    eg_growing points;  /* of double */
    bool unclear;       /* there may be more than one singular point in a node */
    uint32_t *piece;    /* by line, then by node: parent in the forest of connected pieces */
} tracing;

/* ---- nodes ---- */

static eg_status push_cell(tracing *t, uint32_t cell)
{
    eg_status status =
        eg_growing_reserve(&t->pending, t->problem->ctx, 1, sizeof cell, t->problem->error);
    if (status == EG_OK)
        ((uint32_t *)t->pending.items)[t->pending.count++] = cell;
    return status;
}

/* Adds an undecided cell to the last node. */
static eg_status claim(tracing *t, uint32_t index)
{
    const eg_cell *cell = eg_quadtree_cell(&t->tree, index);
    eg_trace_node *node = (eg_trace_node *)t->nodes.items + t->nodes.count - 1;
    uint32_t side = eg_cell_side(cell);
    for (int axis = 0; axis < 2; axis++) {
        uint32_t from = axis ? cell->y : cell->x;
        node->box[axis][0] = fmin(node->box[axis][0], eg_quadtree_coordinate(&t->tree, axis, from));
        node->box[axis][1] =
            fmax(node->box[axis][1], eg_quadtree_coordinate(&t->tree, axis, from + side));
    }
    t->node[index] = (uint32_t)t->nodes.count;
    return push_cell(t, index);
}

/* Claims the undecided cells that touch one of the node. */
static eg_status claim_around(tracing *t, uint32_t index)
{
    const eg_cell cell = *eg_quadtree_cell(&t->tree, index);
    int64_t side = eg_cell_side(&cell), x = cell.x, y = cell.y;
    eg_status status = EG_OK;
    /* places beside the corners and in the middle of the sides: neighbours are half as large */
    const int64_t places[][2] = {{x - 1, y - 1},        {x, y - 1},
                                 {x + side / 2, y - 1}, {x + side, y - 1},
                                 {x + side, y},         {x + side, y + side / 2},
                                 {x + side, y + side},  {x + side / 2, y + side},
                                 {x, y + side},         {x - 1, y + side},
                                 {x - 1, y + side / 2}, {x - 1, y}};
    for (size_t k = 0; k < sizeof places / sizeof *places && status == EG_OK; k++) {
        uint32_t other = eg_quadtree_find(&t->tree, places[k][0], places[k][1]);
        if (other != UINT32_MAX && !t->node[other] &&
            eg_quadtree_cell(&t->tree, other)->state == EG_CELL_BAD)
            status = claim(t, other);
    }
    return status;
}

/* A crossing on the border of a node, which ends there. */
static eg_status end_in_node(void *opaque, uint32_t x, uint32_t y, uint32_t length, bool vertical,
                             uint32_t other)
{
    tracing *t = opaque;
    uint32_t found;
    if (other == UINT32_MAX || eg_quadtree_cell(&t->tree, other)->state != EG_CELL_SIMPLE)
        return EG_OK;
    eg_status status = eg_crossings_at(&t->crossings, x, y, length, vertical, false, &found);
    if (status == EG_OK && found != EG_NO_CROSSING) {
        eg_crossings_item(&t->crossings, found)->node = (uint32_t)t->nodes.count;
        ((eg_trace_node *)t->nodes.items)[t->nodes.count - 1].half_branches++;
    }
    return status;
}

/* Finds the connected sets of undecided cells. */
static eg_status find_nodes(tracing *t)
{
    eg_status status = EG_OK;
    for (uint32_t i = 0; i < t->tree.cells.count && status == EG_OK; i++) {
        if (t->node[i] || eg_quadtree_cell(&t->tree, i)->state != EG_CELL_BAD)
            continue;
        status = eg_growing_reserve(&t->nodes, t->problem->ctx, 1, sizeof(eg_trace_node),
                                    t->problem->error);
        if (status != EG_OK)
            return status;
        eg_trace_node fresh = {.box = {{INFINITY, -INFINITY}, {INFINITY, -INFINITY}},
                               .at = {EG_REAL_NONE, EG_REAL_NONE}};
        ((eg_trace_node *)t->nodes.items)[t->nodes.count++] = fresh;
        t->pending.count = 0;
        status = claim(t, i);
        for (size_t k = 0; k < t->pending.count && status == EG_OK; k++) {
            uint32_t cell = ((uint32_t *)t->pending.items)[k];
            status = claim_around(t, cell);
            if (status == EG_OK)
                status = eg_cell_pieces(&t->tree, cell, end_in_node, t);
        }
    }
    return status;
}

/* Looks for a singular point of the curve in a node. */
static eg_status solve_node(tracing *t, eg_trace_node *node)
{
    eg_problem *p = t->problem;
    eg_real low[2], high[2];
    eg_solutions *solutions = NULL;
    eg_solve_options options = {.seconds = 0.2, .digits = p->options.digits, .no_extremes = true};
    for (int axis = 0; axis < 2; axis++) {
        double more = 1e-3 * (node->box[axis][1] - node->box[axis][0]);
        low[axis] = eg_real_double(p->reals, node->box[axis][0] - more);
        high[axis] = eg_real_double(p->reals, node->box[axis][1] + more);
    }
    eg_status status = eg_solve_critical(&solutions, p->reals, t->tree.encloser->expr, low, high,
                                         &options, p->error);
    for (size_t i = 0; status == EG_OK && i < solutions->count && !node->singular; i++) {
        const eg_solution *point = &solutions->points[i];
        if (eg_real_sign_of(p->reals, point->value) != EG_SIGN_ZERO)
            continue;
        node->singular = true;
        t->unclear |= solutions->count > 1 || !solutions->complete;
        memcpy(node->at, point->at, sizeof node->at);
    }
    eg_solutions_free(solutions);
    return status;
}

/* ---- lines ---- */

static void evaluate(const tracing *t, const double point[], double *value)
{
    eg_polish_succeeds(t->problem->reals,
                       eg_expr_eval(t->tree.encloser->expr, point, value, NULL, NULL, NULL));
}

/* Finds the point of the curve on a piece, by bisection and secants (the Illinois method). */
static void locate(const tracing *t, const eg_crossing *c, double point[2])
{
    double a[2] = {eg_quadtree_coordinate(&t->tree, 0, c->x),
                   eg_quadtree_coordinate(&t->tree, 1, c->y)};
    double b[2] = {eg_quadtree_coordinate(&t->tree, 0, c->vertical ? c->x : c->x + c->length),
                   eg_quadtree_coordinate(&t->tree, 1, c->vertical ? c->y + c->length : c->y)};
    double from = 0, to = 1, at_from = NAN, at_to = NAN;
    evaluate(t, a, &at_from);
    evaluate(t, b, &at_to);
    double s = 0.5;
    for (int step = 0; step < 40 && to - from > 1e-15; step++) {
        s = at_from == at_to || !isfinite(at_from * at_to) || step % 4 == 3
                ? 0.5 * (from + to)
                : from + (to - from) * at_from / (at_from - at_to);
        double value = NAN;
        point[0] = a[0] + s * (b[0] - a[0]);
        point[1] = a[1] + s * (b[1] - a[1]);
        evaluate(t, point, &value);
        if (value == 0)
            return;
        if ((value < 0) == (at_from < 0)) {
            from = s;
            at_from = value;
            at_to *= 0.5;
        } else {
            to = s;
            at_to = value;
            at_from *= 0.5;
        }
    }
}

static eg_status add_point(tracing *t, uint32_t crossing)
{
    eg_status status =
        eg_growing_reserve(&t->points, t->problem->ctx, 2, sizeof(double), t->problem->error);
    if (status != EG_OK)
        return status;
    locate(t, eg_crossings_item(&t->crossings, crossing),
           (double *)t->points.items + t->points.count);
    t->points.count += 2;
    return EG_OK;
}

/* Follows a line from one of its crossings, an end if it has ends. */
static eg_status follow(tracing *t, uint32_t start)
{
    eg_status status =
        eg_growing_reserve(&t->lines, t->problem->ctx, 1, sizeof(eg_trace_line), t->problem->error);
    eg_trace_line line = {.first = t->points.count / 2};
    uint32_t here = start, before = EG_NO_CROSSING, next;
    while (status == EG_OK && here != EG_NO_CROSSING) {
        eg_crossing *c = eg_crossings_item(&t->crossings, here);
        if (c->line) {
            line.closed = here == start;
            break;
        }
        c->line = (uint32_t)t->lines.count + 1;
        line.leaves |= c->border;
        line.count++;
        status = add_point(t, here);
        next = c->link[c->link[0] == before && before != EG_NO_CROSSING];
        if (before == EG_NO_CROSSING && next == EG_NO_CROSSING)
            next = c->link[1];
        before = here;
        here = next;
    }
    if (status == EG_OK)
        ((eg_trace_line *)t->lines.items)[t->lines.count++] = line;
    return status;
}

static eg_status follow_lines(tracing *t)
{
    eg_status status = EG_OK;
    for (int closed = 0; closed < 2; closed++)
        for (uint32_t i = 0; i < t->crossings.items.count && status == EG_OK; i++) {
            const eg_crossing *c = eg_crossings_item(&t->crossings, i);
            bool end = c->link[1] == EG_NO_CROSSING;
            if (!c->line && (end || closed))
                status = follow(t, i);
        }
    return status;
}

/* ---- connected pieces ---- */

static uint32_t find(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* Counts the connected pieces: lines that end in a node belong to it. */
static eg_status count_pieces(tracing *t)
{
    uint32_t lines = (uint32_t)t->lines.count, total = lines + (uint32_t)t->nodes.count;
    const eg_trace_node *nodes = t->nodes.items;
    t->piece = eg_alloc(t->problem->ctx, (size_t)total + 1, sizeof *t->piece, t->problem->error);
    if (!t->piece)
        return eg_failed(t->problem->error);
    for (uint32_t i = 0; i < total; i++)
        t->piece[i] = i;
    for (uint32_t i = 0; i < t->crossings.items.count; i++) {
        const eg_crossing *c = eg_crossings_item(&t->crossings, i);
        if (c->node && c->line) {
            uint32_t a = find(t->piece, c->line - 1), b = find(t->piece, lines + c->node - 1);
            t->piece[a > b ? a : b] = a > b ? b : a;
        }
    }
    for (uint32_t i = 0; i < total; i++) {
        bool exists = i < lines || nodes[i - lines].singular || nodes[i - lines].half_branches > 0;
        t->result->components += exists && find(t->piece, i) == i;
    }
    for (uint32_t i = 0; i < lines; i++)
        t->result->closed += ((const eg_trace_line *)t->lines.items)[i].closed;
    return EG_OK;
}

/* ---- the curve ---- */

static eg_status trace(tracing *t)
{
    enum { MOST_SOLVED_NODES = 64 };
    t->crossings.tree = &t->tree;
    eg_status status = eg_quadtree_build(&t->tree);
    if (status == EG_OK)
        status = eg_crossings_find(&t->crossings);
    if (status != EG_OK)
        return status;
    t->node = eg_calloc(t->problem->ctx, t->tree.cells.count, sizeof *t->node, t->problem->error);
    if (!t->node)
        return eg_failed(t->problem->error);
    status = find_nodes(t);
    eg_trace_node *nodes = t->nodes.items;
    bool proven = !t->tree.full && !t->tree.ended && t->crossings.unsure == 0;
    for (size_t i = 0; i < t->nodes.count && status == EG_OK; i++) {
        if (i < MOST_SOLVED_NODES)
            status = solve_node(t, &nodes[i]);
        proven = proven && nodes[i].singular;
    }
    if (status == EG_OK)
        status = follow_lines(t);
    if (status == EG_OK)
        status = count_pieces(t);
    t->result->proven = proven && !t->unclear;
    t->result->ended = t->tree.ended;
    return status;
}

/* Hands the arrays over to the result. */
static void hand_over(tracing *t)
{
    eg_trace *result = t->result;
    result->points = t->points.items;
    result->point_count = t->points.count / 2;
    result->lines = t->lines.items;
    result->line_count = t->lines.count;
    result->nodes = t->nodes.items;
    result->node_count = t->nodes.count;
}

eg_status eg_trace_curve(eg_trace **curve, eg_reals *reals, const eg_expr *f, const eg_real low[2],
                         const eg_real high[2], const eg_solve_options *options, eg_error *error)
{
    eg_problem problem = {0};
    eg_encloser encloser = {0};
    tracing t = {.problem = &problem};
    *curve = NULL;
    if (f->variables != 2)
        return eg_fail(error, EG_USAGE, "a curve F(x, y) = 0 has two variables, not %zu",
                       f->variables);
    eg_status status = eg_problem_begin(&problem, reals, f, low, high, options, error);
    if (status == EG_OK)
        status = eg_encloser_new(&encloser, f, error);
    t.tree = (eg_quadtree){
        .problem = &problem, .encloser = &encloser, .deadline = eg_problem_deadline(&problem, 0.9)};
    if (status == EG_OK && !(t.result = eg_calloc(problem.ctx, 1, sizeof *t.result, error)))
        status = eg_failed(error);
    if (status == EG_OK)
        status = trace(&t);
    if (t.result)
        hand_over(&t);
    eg_encloser_free(&encloser);
    eg_solutions_free(problem.result);
    eg_free(t.tree.cells.items);
    eg_free(t.crossings.items.items);
    eg_free(t.crossings.buckets.items);
    eg_free(t.node);
    eg_free(t.pending.items);
    eg_free(t.piece);
    status = eg_reals_result(reals, status, error);
    if (status == EG_OK)
        *curve = t.result;
    else
        eg_trace_free(t.result);
    return status;
}

void eg_trace_free(eg_trace *curve)
{
    if (!curve)
        return;
    eg_free(curve->points);
    eg_free(curve->lines);
    eg_free(curve->nodes);
    eg_free(curve);
}
