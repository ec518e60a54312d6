/* SPDX-License-Identifier: MIT */
/* Checks the areas between contour lines of a small raster by definition. */
#include "contour_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- recording ------------------------------------------------------------------------------- */

static void *copy_of(const void *from, size_t bytes)
{
    void *copy = malloc(bytes);
    if (!copy)
        abort();
    return memcpy(copy, from, bytes);
}

static eg_status record(void *opaque, const eg_area *area, eg_error *error)
{
    recorded_areas *r = opaque;
    size_t points = 0;
    (void)error;
    for (size_t i = 0; i < area->ring_count; i++)
        points += area->counts[i];
    r->areas = realloc(r->areas, (r->count + 1) * sizeof *r->areas);
    if (!r->areas)
        abort();
    r->areas[r->count++] =
        (struct recorded_area){copy_of(area->points, points * 2 * sizeof(double)),
                               copy_of(area->counts, area->ring_count * sizeof(size_t)),
                               area->ring_count, area->low, area->high};
    return EG_OK;
}

eg_status record_areas(recorded_areas *recorded, eg_context *ctx, const eg_grid *grid,
                       const eg_contour_options *options, eg_error *error)
{
    eg_source *source;
    *recorded = (recorded_areas){.areas = NULL};
    eg_status status = eg_source_grid(&source, ctx, grid, error);
    if (status != EG_OK)
        return status;
    status = eg_contour_areas(source, options, record, recorded, &recorded->result, error);
    eg_source_close(source);
    return status;
}

void forget_areas(recorded_areas *recorded)
{
    for (size_t i = 0; i < recorded->count; i++) {
        free(recorded->areas[i].points);
        free(recorded->areas[i].counts);
    }
    free(recorded->areas);
    *recorded = (recorded_areas){.areas = NULL};
}

/* ---- rings ----------------------------------------------------------------------------------- */

/* Returns twice the area of a ring, positive if it runs anticlockwise as displayed. */
static double ring_area(const double *p, size_t count)
{
    double area = 0;
    for (size_t i = 1; i < count; i++)
        area += p[2 * i - 1] * p[2 * i] - p[2 * i - 2] * p[2 * i + 1];
    return area;
}

/* Returns true if a point is inside a ring. */
static bool is_inside(const double *p, size_t count, double x, double y)
{
    bool inside = false;
    for (size_t i = 1; i < count; i++) {
        const double *a = p + 2 * i - 2, *b = p + 2 * i;
        if ((a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            inside = !inside;
    }
    return inside;
}

static bool same_point(const double *a, const double *b)
{
    return a[0] == b[0] && a[1] == b[1];
}

/* Returns the sign of the turn from a to b to c, 0 within rounding. */
static int side_of(const double *a, const double *b, const double *c)
{
    const double cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    return (cross > 1e-12) - (cross < -1e-12);
}

/* Returns true if two segments cross between their ends. */
static bool segments_cross(const double *a, const double *b)
{
    return side_of(a, a + 2, b) * side_of(a, a + 2, b + 2) < 0 &&
           side_of(b, b + 2, a) * side_of(b, b + 2, a + 2) < 0;
}

/* Compares two rings of an area, which may be the same one: their segments do not cross, and they
 * have at most `most` points in common. */
static const char *fault_of_pair(const double *a, size_t a_count, const double *b, size_t b_count,
                                 size_t most)
{
    size_t common = 0;
    for (size_t i = 0; i + 1 < a_count; i++)
        for (size_t k = 0; k + 1 < b_count; k++) {
            common += same_point(a + 2 * i, b + 2 * k);
            if (segments_cross(a + 2 * i, b + 2 * k))
                return "segments of an area do not cross";
        }
    return common > most ? "rings pass no point twice and touch at one point at most" : NULL;
}

static const char *fault_of_ring(const double *p, size_t count, bool exterior)
{
    const double area = count < 4 ? 0 : ring_area(p, count);
    if (count < 4 || !same_point(p, p + 2 * (count - 1)))
        return "a ring is closed";
    if (exterior ? area <= 0 : area >= 0)
        return "exteriors are anticlockwise and holes clockwise";
    for (size_t i = 1; i + 1 < count; i++)
        if (p[2 * i + 1] < p[1] || (p[2 * i + 1] == p[1] && p[2 * i] < p[0]))
            return "a ring begins at its topmost point";
    return fault_of_pair(p, count, p, count, count - 1);
}

/* Returns true if a hole is inside the exterior: all its points that are not the exterior's. */
static bool hole_is_inside(const double *exterior, size_t exterior_count, const double *hole,
                           size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        bool common = false;
        for (size_t k = 0; k < exterior_count; k++)
            common |= same_point(exterior + 2 * k, hole + 2 * i);
        if (!common && !is_inside(exterior, exterior_count, hole[2 * i], hole[2 * i + 1]))
            return false;
    }
    return true;
}

static const char *fault_of_area(const struct recorded_area *area)
{
    const char *fault = NULL;
    const double *p = area->points;
    for (size_t i = 0; !fault && i < area->ring_count; p += 2 * area->counts[i++]) {
        const double *q = area->points;
        fault = fault_of_ring(p, area->counts[i], i == 0);
        for (size_t k = 0; !fault && k < i; q += 2 * area->counts[k++])
            fault = fault_of_pair(p, area->counts[i], q, area->counts[k], 1);
        if (!fault && i > 0 && !hole_is_inside(area->points, area->counts[0], p, area->counts[i]))
            fault = "holes are inside the exterior";
    }
    return fault;
}

/* ---- edges ----------------------------------------------------------------------------------- */

/* A directed edge with the level on which it lies, or those of its area. */
typedef struct edge {
    double at[4];
    double low, high;
    unsigned forward, backward; /* of a line: times it was found in areas */
    bool twin;                  /* of a line: the opposite edge is in one as well */
} edge;

typedef struct edge_list {
    edge *edges;
    size_t count;
    const eg_grid *grid;
    double level;
} edge_list;

static bool is_valid_cell(const eg_grid *grid, double x, double y)
{
    if (x < 0 || y < 0 || x + 1 >= (double)grid->width || y + 1 >= (double)grid->height)
        return false;
    for (int i = 0; i < 4; i++)
        if (!isfinite(sample_at(grid, (size_t)x + i % 2, (size_t)y + i / 2)))
            return false;
    return true;
}

/* Returns true if an edge is on a side that is not between two valid cells. */
static bool is_border(const eg_grid *grid, const double at[4])
{
    const double x = floor((at[0] + at[2]) / 2), y = floor((at[1] + at[3]) / 2);
    if (at[0] == at[2] && at[0] == floor(at[0]))
        return !is_valid_cell(grid, x - 1, y) || !is_valid_cell(grid, x, y);
    if (at[1] == at[3] && at[1] == floor(at[1]))
        return !is_valid_cell(grid, x, y - 1) || !is_valid_cell(grid, x, y);
    return false;
}

static void add_edge(edge_list *list, edge added)
{
    if (same_point(added.at, added.at + 2) || is_border(list->grid, added.at))
        return;
    list->edges = realloc(list->edges, (list->count + 1) * sizeof *list->edges);
    if (!list->edges)
        abort();
    list->edges[list->count++] = added;
}

/* Returns the next integer after a in the direction of b, or b if it is nearer. */
static double next_stop(double a, double b)
{
    const double stop = b > a ? floor(a) + 1 : ceil(a) - 1;
    return b > a ? fmin(stop, b) : fmax(stop, b);
}

/* Adds an edge; one along sides of cells is divided at samples. */
static void add_divided(edge_list *list, const double *from, const double *to, double low,
                        double high)
{
    edge part = {.at = {from[0], from[1], to[0], to[1]}, .low = low, .high = high};
    for (int axis = 0; axis < 2; axis++) {
        if (from[axis] != to[axis] || from[axis] != floor(from[axis]))
            continue;
        for (double at = from[!axis]; at != to[!axis]; at = part.at[2 + !axis]) {
            part.at[!axis] = at;
            part.at[2 + !axis] = next_stop(at, to[!axis]);
            add_edge(list, part);
        }
        return;
    }
    add_edge(list, part);
}

/* Moves a coordinate that is next to a sample to it, as the areas do. */
static double snapped(double at)
{
    return fabs(at - nearbyint(at)) < 1e-7 ? nearbyint(at) : at;
}

static eg_status add_line(void *opaque, const eg_line *line, eg_error *error)
{
    edge_list *list = opaque;
    (void)error;
    for (size_t i = 1; i < line->count; i++) {
        const double *p = line->points + 2 * i;
        const double from[2] = {snapped(p[-2]), snapped(p[-1])};
        const double to[2] = {snapped(p[0]), snapped(p[1])};
        add_divided(list, from, to, line->level, line->level);
    }
    return EG_OK;
}

/* Finds an edge of lines that has that level and these ends, or opposite ones. */
static edge *find_edge(const edge_list *list, const double at[4], double level, bool opposite)
{
    for (size_t i = 0; i < list->count; i++) {
        edge *e = &list->edges[i];
        if (e->low == level && same_point(e->at, at + (opposite ? 2 : 0)) &&
            same_point(e->at + 2, at + (opposite ? 0 : 2)))
            return e;
    }
    return NULL;
}

/* Marks edges of lines that run there and back, with nothing between them. */
static void mark_twins(edge_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        list->edges[i].twin = find_edge(list, list->edges[i].at, list->edges[i].low, true) != NULL;
}

/* Requires that an edge of an area is on a line: above it, or below it in the other direction. */
static const char *fault_of_edge(const edge_list *lines, const edge *e)
{
    edge *found = find_edge(lines, e->at, e->low, false);
    if (found)
        found->forward++;
    if (found)
        return NULL;
    found = find_edge(lines, e->at, e->high, true);
    if (found)
        found->backward++;
    return found ? NULL : "boundaries of areas are lines or the border";
}

/* Compares the boundaries of the areas with the lines. */
static const char *fault_of_boundaries(edge_list *lines, const recorded_areas *areas)
{
    edge_list edges = {.grid = lines->grid};
    const char *fault = NULL;
    for (size_t i = 0; i < areas->count; i++) {
        const struct recorded_area *a = &areas->areas[i];
        const double *p = a->points;
        for (size_t r = 0; r < a->ring_count; p += 2 * a->counts[r++])
            for (size_t k = 1; k < a->counts[r]; k++)
                add_divided(&edges, p + 2 * k - 2, p + 2 * k, a->low, a->high);
    }
    for (size_t i = 0; !fault && i < edges.count; i++)
        fault = fault_of_edge(lines, &edges.edges[i]);
    for (size_t i = 0; !fault && i < lines->count; i++)
        if (lines->edges[i].forward > 1 || lines->edges[i].backward > 1 ||
            (!lines->edges[i].twin && lines->edges[i].forward + lines->edges[i].backward < 2))
            fault = "a line bounds one area on each side";
    free(edges.edges);
    return fault;
}

/* ---- points ---------------------------------------------------------------------------------- */

/* Returns true if a point is in the part of a cell, whose corners are clockwise from 0,0, that is
 * above a level: in the polygon of corners and crossings. Saddles that are not connected have one
 * for each of two corners. */
static bool is_above(const double c[4], double level, double x, double y)
{
    static const double corners[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    const bool saddle = (c[0] >= level) == (c[2] >= level) && (c[1] >= level) == (c[3] >= level) &&
                        (c[0] >= level) != (c[1] >= level);
    const double mean = c[0] / 4 + c[1] / 4 + c[3] / 4 + c[2] / 4;
    const bool apart = saddle && mean < level;
    for (int only = 0; only < (apart ? 4 : 1); only++) {
        double polygon[2 * 9];
        size_t count = 0;
        for (int i = 0; i < 4; i++) {
            const double a = c[i], b = c[(i + 1) % 4], part = (level - a) / (b - a);
            if (a >= level && (!apart || i == only))
                memcpy(polygon + 2 * count++, corners[i], 2 * sizeof(double));
            if ((a >= level) == (b >= level) || (apart && i != only && (i + 1) % 4 != only))
                continue;
            polygon[2 * count] = corners[i][0] + part * (corners[i + 1][0] - corners[i][0]);
            polygon[2 * count++ + 1] = corners[i][1] + part * (corners[i + 1][1] - corners[i][1]);
        }
        memcpy(polygon + 2 * count, polygon, 2 * sizeof(double));
        if (count > 2 && is_inside(polygon, count + 1, x, y))
            return true;
    }
    return false;
}

/* Returns true if the level separates neither the point from those near it, nor is there one
 * between: then *above tells whether the point is above it. */
static bool is_clear(const double c[4], double level, double x, double y, bool *above)
{
    static const double near = 1e-6;
    *above = is_above(c, level, x, y);
    return is_above(c, level, x - near, y) == *above && is_above(c, level, x + near, y) == *above &&
           is_above(c, level, x, y - near) == *above && is_above(c, level, x, y + near) == *above;
}

static bool contains(const struct recorded_area *area, double x, double y)
{
    const double *p = area->points;
    bool inside = false;
    for (size_t i = 0; i < area->ring_count; p += 2 * area->counts[i++])
        inside ^= is_inside(p, area->counts[i], x, y);
    return inside;
}

/* Requires that one area contains the point at the part x, y of a cell, and that it is above its
 * lower level and not above its upper one. */
static const char *fault_of_point(const recorded_areas *areas, const eg_grid *grid, size_t column,
                                  size_t row, double x, double y)
{
    const double c[4] = {sample_at(grid, column, row), sample_at(grid, column + 1, row),
                         sample_at(grid, column + 1, row + 1), sample_at(grid, column, row + 1)};
    size_t found = 0;
    bool above_low = true, above_high = false, clear = true;
    for (size_t i = 0; i < areas->count; i++) {
        const struct recorded_area *a = &areas->areas[i];
        if (!contains(a, (double)column + x, (double)row + y))
            continue;
        found++;
        if (isfinite(a->low))
            clear = is_clear(c, a->low, x, y, &above_low) && clear;
        if (isfinite(a->high))
            clear = is_clear(c, a->high, x, y, &above_high) && clear;
    }
    if (!clear)
        return NULL;
    if (found != 1)
        return "a point is in one area";
    return above_low && !above_high ? NULL : "a point is between the levels of its area";
}

static const char *fault_of_points(const recorded_areas *areas, const eg_grid *grid)
{
    /* on no line between multiples of simple fractions */
    static const double parts[][2] = {
        {0.1302716391, 0.2938137425}, {0.7118492713, 0.3820973341}, {0.4639182537, 0.8326471935}};
    const char *fault = NULL;
    for (size_t y = 0; y + 1 < grid->height; y++)
        for (size_t x = 0; x + 1 < grid->width; x++)
            for (size_t i = 0; !fault && i < COUNT(parts); i++)
                if (is_valid_cell(grid, (double)x, (double)y))
                    fault = fault_of_point(areas, grid, x, y, parts[i][0], parts[i][1]);
    return fault;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Compares the sum of the areas with the number of valid cells. */
static const char *fault_of_sum(const recorded_areas *areas, const eg_grid *grid)
{
    double sum = 0, cells = 0;
    for (size_t y = 0; y + 1 < grid->height; y++)
        for (size_t x = 0; x + 1 < grid->width; x++)
            cells += is_valid_cell(grid, (double)x, (double)y);
    for (size_t i = 0; i < areas->count; i++) {
        const double *p = areas->areas[i].points;
        for (size_t k = 0; k < areas->areas[i].ring_count; p += 2 * areas->areas[i].counts[k++])
            sum += ring_area(p, areas->areas[i].counts[k]) / 2;
    }
    return fabs(sum - cells) > 1e-6 * (1 + cells) ? "the areas are the valid cells" : NULL;
}

static const char *fault_of_recorded(edge_list *lines, const recorded_areas *areas)
{
    const char *fault = fault_of_sum(areas, lines->grid);
    for (size_t i = 0; !fault && i < areas->count; i++)
        fault = fault_of_area(&areas->areas[i]);
    mark_twins(lines);
    if (!fault)
        fault = fault_of_boundaries(lines, areas);
    return fault ? fault : fault_of_points(areas, lines->grid);
}

const char *fault_of_areas(eg_context *ctx, const eg_grid *grid, const eg_contour_options *options,
                           recorded_areas *areas)
{
    edge_list lines = {.grid = grid};
    eg_source *source;
    eg_error error = {0};
    const char *fault = NULL;
    *areas = (recorded_areas){.areas = NULL};
    if (eg_source_grid(&source, ctx, grid, &error) != EG_OK)
        return "a grid is a source";
    const eg_status status = eg_contour_lines(source, options, add_line, &lines, NULL, &error);
    eg_source_close(source);
    if (record_areas(areas, ctx, grid, options, NULL) != status)
        fault = "lines and areas have the same errors";
    else if (status == EG_OK)
        fault = fault_of_recorded(&lines, areas);
    free(lines.edges);
    return fault;
}
