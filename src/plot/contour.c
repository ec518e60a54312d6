/* SPDX-License-Identifier: MIT */
/*
 * Marching squares: in each cell of four samples, lines connect the sides that the level crosses;
 * curves are traced from cell to cell. If all four sides are crossed, the mean of the corners
 * decides which of them are connected.
 */
#include "plot/contour.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

enum { LOW, RIGHT, HIGH, LEFT, SIDES, NONE = -1 }; /* sides of a cell */

typedef struct tracer {
    const eg_contour_grid *grid;
    size_t columns, rows; /* of samples; cells are one fewer */
    double level;
    uint8_t *done; /* bit mask of the lines traced, by cell */
    double *points;
    size_t count, capacity;
    eg_context *ctx;
    eg_error *error;
    eg_status status;
} tracer;

typedef struct cell_line {
    size_t column, row; /* of the cell */
    int line;           /* 0 or 1 */
} cell_line;

static double value_at(const tracer *t, size_t column, size_t row)
{
    return t->grid->values[row * t->columns + column];
}

/* Sides that the lines of a cell connect, by the corners at or above the level: bit 0 lower left, 1
 * lower right, 2 upper right, 3 upper left. */
static const signed char lines_of[16][2][2] = {
    [0] = {{NONE, NONE}, {NONE, NONE}},   [1] = {{LEFT, LOW}, {NONE, NONE}},
    [2] = {{LOW, RIGHT}, {NONE, NONE}},   [3] = {{LEFT, RIGHT}, {NONE, NONE}},
    [4] = {{RIGHT, HIGH}, {NONE, NONE}},  [5] = {{LEFT, LOW}, {RIGHT, HIGH}},
    [6] = {{LOW, HIGH}, {NONE, NONE}},    [7] = {{LEFT, HIGH}, {NONE, NONE}},
    [8] = {{HIGH, LEFT}, {NONE, NONE}},   [9] = {{LOW, HIGH}, {NONE, NONE}},
    [10] = {{LOW, RIGHT}, {HIGH, LEFT}},  [11] = {{RIGHT, HIGH}, {NONE, NONE}},
    [12] = {{LEFT, RIGHT}, {NONE, NONE}}, [13] = {{LOW, RIGHT}, {NONE, NONE}},
    [14] = {{LEFT, LOW}, {NONE, NONE}},   [15] = {{NONE, NONE}, {NONE, NONE}},
};

/* Returns the index of a cell in lines_of; 0 if a corner is not finite, or the cell is skipped. */
static int cell_case(const tracer *t, size_t column, size_t row)
{
    double corner[4] = {value_at(t, column, row), value_at(t, column + 1, row),
                        value_at(t, column + 1, row + 1), value_at(t, column, row + 1)};
    const uint8_t *cells = t->grid->cells;
    int above = 0;
    double sum = 0;
    if (cells && (cells[row * t->columns + column] & EG_CELL_SKIP))
        return 0;
    for (int i = 0; i < 4; i++) {
        if (!isfinite(corner[i]))
            return 0;
        above |= (corner[i] >= t->level) << i;
        sum += corner[i] / 4;
    }
    if ((above == 5 || above == 10) && sum >= t->level)
        return 15 - above; /* connect the high corners: the lines cut off the low ones */
    return above;
}

static const signed char *line_at(const tracer *t, cell_line p)
{
    return lines_of[cell_case(t, p.column, p.row)][p.line];
}

/* Computes the point where the level crosses a side of a cell. */
static void find_crossing(const tracer *t, cell_line p, int side, double point[2])
{
    size_t x = p.column + (side == RIGHT), y = p.row + (side == HIGH);
    bool horizontal = side == LOW || side == HIGH;
    double a = value_at(t, x, y), b = horizontal ? value_at(t, x + 1, y) : value_at(t, x, y + 1);
    const double *solved = horizontal ? t->grid->right : t->grid->up;
    double fraction = solved ? solved[y * t->columns + x] : (t->level - a) / (b - a);
    fraction = fraction >= 0 && fraction <= 1 ? fraction : 0.5; /* b - a overflowed */
    point[0] = (double)x + (horizontal ? fraction : 0);
    point[1] = (double)y + (horizontal ? 0 : fraction);
}

static void append_point(tracer *t, const double point[2])
{
    if (t->status != EG_OK)
        return;
    if (t->count == t->capacity) {
        size_t larger = t->capacity ? 2 * t->capacity : 1024;
        double *grown = eg_alloc(t->ctx, larger, 2 * sizeof *grown, t->error);
        if (!grown) {
            t->status = eg_failed(t->error);
            return;
        }
        if (t->count)
            memcpy(grown, t->points, t->count * 2 * sizeof *grown);
        eg_free(t->points);
        t->points = grown;
        t->capacity = larger;
    }
    memcpy(t->points + 2 * t->count++, point, 2 * sizeof *point);
}

/* Finds the corner of a cell on the level between two others on the level, as at a saddle in a
 * sample: the curve turns there, and does not cut it off. */
static bool find_corner(const tracer *t, const double a[2], const double b[2], double corner[2])
{
    if (fabs(a[0] - b[0]) != 1 || fabs(a[1] - b[1]) != 1 || a[0] != floor(a[0]) ||
        a[1] != floor(a[1]))
        return false;
    bool first = value_at(t, (size_t)a[0], (size_t)b[1]) == t->level;
    bool second = value_at(t, (size_t)b[0], (size_t)a[1]) == t->level;
    corner[0] = first ? a[0] : b[0];
    corner[1] = first ? b[1] : a[1];
    return first != second;
}

static void add_point(tracer *t, cell_line p, int side)
{
    double point[2], corner[2];
    if (t->status != EG_OK)
        return;
    find_crossing(t, p, side, point);
    if (t->count > 0 && find_corner(t, t->points + 2 * t->count - 2, point, corner))
        append_point(t, corner);
    append_point(t, point);
}

/* Moves to the line that continues beyond `side`, and to its far side. Returns false if there is
 * none. */
static bool next_line(const tracer *t, cell_line *p, int *side)
{
    static const int opposite[SIDES] = {HIGH, LEFT, LOW, RIGHT};
    cell_line q = *p;
    if ((*side == LOW && q.row == 0) || (*side == LEFT && q.column == 0) ||
        (*side == HIGH && q.row + 2 >= t->rows) || (*side == RIGHT && q.column + 2 >= t->columns))
        return false;
    q.column = q.column + (*side == RIGHT) - (*side == LEFT);
    q.row = q.row + (*side == HIGH) - (*side == LOW);
    int entry = opposite[*side];
    for (q.line = 0; q.line < 2; q.line++) {
        const signed char *line = line_at(t, q);
        if (line[0] == entry || line[1] == entry) {
            *side = line[0] == entry ? line[1] : line[0];
            *p = q;
            return true;
        }
    }
    return false;
}

static uint8_t *done_at(const tracer *t, cell_line p)
{
    return &t->done[p.row * (t->columns - 1) + p.column];
}

/* Adds the points of the curve that leaves p by `side`. Returns true if it is closed. */
static bool trace_side(tracer *t, cell_line p, int side)
{
    add_point(t, p, side);
    while (next_line(t, &p, &side)) {
        if (*done_at(t, p) >> p.line & 1)
            return true;
        *done_at(t, p) |= (uint8_t)(1 << p.line);
        add_point(t, p, side);
    }
    return false;
}

static void reverse_points(tracer *t)
{
    for (size_t i = 0, k = t->count; i + 1 < k; i++) {
        k--;
        for (int c = 0; c < 2; c++) {
            double swapped = t->points[2 * i + (size_t)c];
            t->points[2 * i + (size_t)c] = t->points[2 * k + (size_t)c];
            t->points[2 * k + (size_t)c] = swapped;
        }
    }
}

/* Traces the curve through line p in both directions. Returns true if it is closed. */
static bool trace_curve(tracer *t, cell_line p)
{
    const signed char *line = line_at(t, p);
    t->count = 0;
    *done_at(t, p) |= (uint8_t)(1 << p.line);
    add_point(t, p, line[0]);
    if (trace_side(t, p, line[1]))
        return true;
    reverse_points(t);
    t->count--; /* trace_side() adds it again */
    trace_side(t, p, line[0]);
    return false;
}

eg_status eg_contour(eg_context *ctx, const eg_contour_grid *grid, double level,
                     void (*found)(void *opaque, const eg_curve *curve), void *opaque,
                     eg_error *error)
{
    size_t columns = grid->columns, rows = grid->rows;
    tracer t = {.grid = grid, .columns = columns, .rows = rows, .level = level, .ctx = ctx};
    t.error = error;
    t.done = eg_calloc(ctx, columns - 1, rows - 1, error);
    if (!t.done)
        return eg_failed(error);
    for (size_t row = 0; row + 1 < rows; row++)
        for (size_t column = 0; column + 1 < columns; column++)
            for (int line = 0; line < 2; line++) {
                cell_line p = {column, row, line};
                if (line_at(&t, p)[0] == NONE || (*done_at(&t, p) >> line & 1))
                    continue;
                bool closed = trace_curve(&t, p);
                if (t.status == EG_OK)
                    found(opaque, &(eg_curve){t.points, t.count, closed});
            }
    eg_free(t.points);
    eg_free(t.done);
    return t.status;
}
