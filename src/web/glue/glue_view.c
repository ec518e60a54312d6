/* SPDX-License-Identifier: MIT */
/* Samples functions on grids and finds their level curves. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/glue/expressions.h"
#include "web/glue/glue_functions.h"
#include "web/glue/reply.h"
#include "web/glue/view.h"

enum { MOST_SIDE = 1024 }; /* samples of a side */

/* Lines and areas that are being found. */
typedef struct line_list {
    const view_grid *grid;
    size_t points; /* so far */
} line_list;

/* Adds points, from samples to coordinates, to the numbers of the answer. */
static eg_status add_points(line_list *list, const double points[], size_t count, eg_error *error)
{
    const view_grid *g = list->grid;
    double *to = reply_numbers(2 * count, error);
    if (!to)
        return error->status;
    for (size_t i = 0; i < count; i++) {
        to[2 * i] = g->x[0] + points[2 * i] * (g->x[1] - g->x[0]) / (double)(g->columns - 1);
        to[2 * i + 1] = g->y[0] + points[2 * i + 1] * (g->y[1] - g->y[0]) / (double)(g->rows - 1);
    }
    list->points += count;
    return EG_OK;
}

/* Adds a line to the answer. */
static eg_status add_line(void *opaque, const eg_line *line, eg_error *error)
{
    line_list *list = opaque;
    reply_open(NULL, '{');
    reply_number("level", line->level);
    reply_bool("closed", line->closed);
    reply_count("first", list->points);
    reply_count("count", line->count);
    reply_close('}');
    return add_points(list, line->points, line->count, error);
}

/* Sets one of two neighbours to NaN if they lie on opposite sides of all levels: between them is a
 * pole or a jump, where all curves would coincide. */
static void cut_poles(double values[], const view_grid *g, double low, double high)
{
    for (size_t row = 0; row < g->rows; row++)
        for (size_t column = 0; column < g->columns; column++) {
            double *here = values + row * g->columns + column;
            double left = column > 0 ? here[-1] : *here;
            double below = row > 0 ? *(here - g->columns) : *here;
            if (fmin(*here, fmin(left, below)) < low && fmax(*here, fmax(left, below)) > high)
                *here = (double)NAN;
        }
}

/* Adds an area between two levels to the answer: the points of its rings, one after another. */
static eg_status add_area(void *opaque, const eg_area *area, eg_error *error)
{
    line_list *list = opaque;
    size_t count = 0;
    reply_open(NULL, '{');
    reply_number("low", area->low);
    reply_number("high", area->high);
    reply_count("first", list->points);
    reply_open("rings", '[');
    for (size_t i = 0; i < area->ring_count; i++) {
        reply_count(NULL, area->counts[i]);
        count += area->counts[i];
    }
    reply_close(']');
    reply_close('}');
    return add_points(list, area->points, count, error);
}

/* Opens the values as a source. */
static eg_status open_values(eg_source **source, const view_grid *g, double values[],
                             eg_error *error)
{
    const eg_grid grid = {values, g->columns, g->rows, g->columns * sizeof *values, EG_F64, 1};
    return eg_source_grid(source, web_context(error), &grid, error);
}

/* Answers with the lines of all levels, or with the areas between consecutive ones. */
static eg_status reply_contours(bool areas, line_list *list, double values[], const double levels[],
                                size_t count, eg_error *error)
{
    eg_contour_options options;
    eg_source *source;
    eg_contour_default(&options);
    options.levels = levels;
    options.level_count = count;
    reply_open(areas ? "areas" : "lines", '[');
    eg_status status = count > 0 ? open_values(&source, list->grid, values, error) : EG_OK;
    if (count > 0 && status == EG_OK) {
        status = areas ? eg_contour_areas(source, &options, add_area, list, NULL, error)
                       : eg_contour_lines(source, &options, add_line, list, NULL, error);
        eg_source_close(source);
    }
    reply_close(']');
    return status;
}

eg_status view_reply_levels(const view_grid *grid, double own, eg_error *error)
{
    size_t count = grid->columns * grid->rows, chosen;
    double levels[EG_PLOT_LEVELS + 1];
    line_list list = {.grid = grid};
    double *copy = malloc(2 * count * sizeof *copy);
    if (!copy) {
        return reply_no_memory(error);
    }
    memcpy(copy, reply_numbers_start(), count * sizeof *copy);
    chosen = eg_plot_choose_levels(copy, count, copy + count, levels);
    reply_open("levels", '[');
    for (size_t i = 0; i < chosen; i++)
        reply_number(NULL, levels[i]);
    reply_close(']');
    if (chosen > 1)
        cut_poles(copy, grid, levels[0], levels[chosen - 1]);
    eg_status status = reply_contours(true, &list, copy, levels, chosen, error);
    if (isfinite(own))
        levels[chosen++] = own;
    if (status == EG_OK)
        status = reply_contours(false, &list, copy, levels, chosen, error);
    free(copy);
    return status;
}

/* Samples f and its gradient into the numbers of the answer. */
static eg_status sample(const eg_expr *f, const view_grid *g, bool gradient, eg_error *error)
{
    const eg_range ranges[] = {{g->x[0], g->x[1], g->columns}, {g->y[0], g->y[1], g->rows}};
    size_t count = g->columns * g->rows;
    double *places = malloc(2 * count * sizeof *places);
    double *values = places ? reply_numbers((gradient ? 3 : 1) * count, error) : NULL;
    if (!values) {
        free(places);
        return reply_no_memory(error);
    }
    double *const points[] = {places, places + count};
    double *const slopes[] = {values + count, values + 2 * count};
    eg_status status =
        eg_surface_sample(f, ranges, 0, count, points, values, gradient ? slopes : NULL, error);
    free(places);
    return status;
}

static bool is_view(const view_grid *g, eg_error *error)
{
    if (g->x[0] < g->x[1] && g->y[0] < g->y[1] && isfinite(g->x[1] - g->x[0]) &&
        isfinite(g->y[1] - g->y[0]) && g->columns >= 2 && g->rows >= 2 && g->columns <= MOST_SIDE &&
        g->rows <= MOST_SIDE)
        return true;
    error->status = EG_USAGE;
    snprintf(error->message, sizeof error->message,
             "a range must ascend: %.7g to %.7g, %.7g to %.7g", g->x[0], g->x[1], g->y[0], g->y[1]);
    return false;
}

WEB_EXPORT eg_status functions_view(const char *f, double x0, double x1, double y0, double y1,
                                    size_t columns, size_t rows, int gradient, double at_x,
                                    double at_y)
{
    const view_grid grid = {{x0, x1}, {y0, y1}, columns, rows};
    eg_error error = {0};
    eg_expr_location location = {0};
    eg_expr *expr;
    double own = (double)NAN;
    if (!is_view(&grid, &error))
        return reply_error(&error, "range", NULL);
    if (expression_parse_xy(&expr, f, &location, &error) != EG_OK)
        return reply_error(&error, "f", &location);
    reply_begin();
    eg_status status = sample(expr, &grid, gradient != 0, &error);
    if (status == EG_OK && isfinite(at_x) && isfinite(at_y))
        status = eg_expr_eval(expr, (double[]){at_x, at_y}, &own, NULL, NULL, &error);
    if (status == EG_OK)
        status = view_reply_levels(&grid, own, &error);
    reply_number("own", own);
    eg_expr_free(expr);
    return status == EG_OK ? reply_end() : reply_error(&error, NULL, NULL);
}
