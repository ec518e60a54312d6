/* SPDX-License-Identifier: MIT */
/* Adds shading and level curves to a plot. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "plot/sheet.h"

enum { MAX_SIDE = 2048 }; /* samples of a function */

#define SHORTEST 40.0 /* pixels of a curve with two ends inside the frame, as beside poles */

/* Curves that are added to a list of items. */
typedef struct level_curves {
    eg_plot *plot;
    eg_item_list *list;
    eg_item_kind kind;
    int style;
    double level;
    size_t columns, rows; /* of the grid */
    eg_error *error;
    eg_status status;
} level_curves;

/* ---- curves ---- */

static bool on_frame(const level_curves *c, const double p[2])
{
    return p[0] <= 0 || p[1] <= 0 || p[0] >= (double)(c->columns - 1) ||
           p[1] >= (double)(c->rows - 1);
}

/* Returns true if a curve is a fragment, which ends at poles or dense areas. */
static bool is_fragment(const level_curves *c, const eg_curve *curve)
{
    const double *p = curve->points, *last = p + 2 * (curve->count - 1);
    const eg_frame *f = &c->plot->frame;
    double length = 0;
    if (curve->closed || on_frame(c, p) || on_frame(c, last))
        return false;
    for (size_t i = 1; i < curve->count && length < SHORTEST; i++)
        length +=
            hypot((p[2 * i] - p[2 * i - 2]) / (double)(c->columns - 1) * (f->right - f->left),
                  (p[2 * i + 1] - p[2 * i - 1]) / (double)(c->rows - 1) * (f->bottom - f->top));
    return length < SHORTEST;
}

/* Adds a curve, converted from samples to axis coordinates. */
static void add_curve(void *opaque, const eg_curve *curve)
{
    level_curves *c = opaque;
    if (c->status != EG_OK || is_fragment(c, curve))
        return;
    eg_item *item =
        eg_add_item(c->plot, c->list, c->kind, curve->points, curve->count, 2, c->error);
    if (!item) {
        c->status = eg_failed(c->error);
        return;
    }
    item->style = c->style;
    item->level = c->level;
    item->closed = curve->closed;
    const eg_sheet sheet = {.plot = c->plot, .columns = c->columns, .rows = c->rows};
    for (size_t i = 0; i < item->count; i++) {
        double *p = item->numbers + 2 * i;
        eg_sheet_at(&sheet, p[0], p[1], &p[0], &p[1]);
    }
}

/* Adds the curves of all levels of the plot. Those of a grid without a function have sheet->f NULL.
 */
static eg_status add_curves(eg_plot *plot, const eg_sheet *sheet, eg_error *error)
{
    const eg_contour_grid grid = {sheet->values, sheet->columns, sheet->rows,
                                  .cells = sheet->cells};
    level_curves c = {.plot = plot,
                      .list = &plot->curves,
                      .kind = EG_ITEM_LEVEL,
                      .columns = sheet->columns,
                      .rows = sheet->rows,
                      .error = error};
    eg_status status = EG_OK;
    for (size_t i = 0; i < plot->level_count && status == EG_OK; i++) {
        c.level = plot->levels[i];
        status = sheet->f ? eg_sheet_contour(sheet, c.level, add_curve, &c, error)
                          : eg_contour(plot->ctx, &grid, c.level, add_curve, &c, error);
        status = status == EG_OK ? c.status : status;
    }
    return status;
}

/* ---- checks ---- */

static eg_status check_levels(const eg_plot *plot, const double levels[], size_t count,
                              eg_error *error)
{
    if (plot->positions)
        return eg_fail(error, EG_USAGE, "a plot takes one grid of values");
    if (count > EG_PLOT_LEVELS)
        return eg_fail(error, EG_USAGE, "at most %d levels can be drawn, not %zu", EG_PLOT_LEVELS,
                       count);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(levels[i]) || (i > 0 && levels[i] <= levels[i - 1]))
            return eg_fail(error, EG_USAGE, "levels must be finite and ascend");
    return EG_OK;
}

static eg_status check_grid(size_t columns, size_t rows, size_t most, eg_error *error)
{
    if (columns < 2 || rows < 2 || columns > most || rows > most)
        return eg_fail(error, EG_USAGE, "a grid of values has 2 x 2 to %zu x %zu samples", most,
                       most);
    return EG_OK;
}

/* ---- grids ---- */

/* Stores a copy of the values without poles in sheet->values. Chooses levels, unless some are
 * given. */
static eg_status copy_values(eg_sheet *sheet, const double values[], const double levels[],
                             size_t level_count, eg_error *error)
{
    eg_context *ctx = sheet->plot->ctx;
    size_t count = sheet->columns * sheet->rows;
    double *sorted = eg_alloc(ctx, count, sizeof *sorted, error);
    sheet->values = sorted ? eg_alloc(ctx, count, sizeof *sheet->values, error) : NULL;
    if (!sheet->values) {
        eg_free(sorted);
        return eg_failed(error);
    }
    memcpy(sheet->values, values, count * sizeof *values);
    sheet->level_count = level_count;
    if (level_count > 0)
        memcpy(sheet->levels, levels, level_count * sizeof *levels);
    else
        sheet->level_count = eg_plot_choose_levels(values, count, sorted, sheet->levels);
    eg_cut_poles(sheet->values, sheet->columns, sheet->rows, sorted);
    eg_free(sorted);
    return EG_OK;
}

static void take_levels(eg_plot *plot, const eg_sheet *sheet)
{
    memcpy(plot->levels, sheet->levels, sizeof plot->levels);
    plot->level_count = sheet->level_count;
    plot->columns = sheet->columns;
    plot->rows = sheet->rows;
}

eg_status eg_plot_values(eg_plot *plot, const double values[], size_t columns, size_t rows,
                         const double levels[], size_t count, eg_error *error)
{
    eg_sheet sheet = {.plot = plot, .columns = columns, .rows = rows};
    eg_status status = check_grid(columns, rows, EG_PLOT_SIDE, error);
    if (status == EG_OK)
        status = check_levels(plot, levels, count, error);
    if (status == EG_OK)
        status = copy_values(&sheet, values, levels, count, error);
    if (status == EG_OK) {
        plot->positions = eg_alloc(plot->ctx, columns * rows, sizeof *plot->positions, error);
        status = plot->positions ? EG_OK : eg_failed(error);
    }
    if (status == EG_OK) {
        take_levels(plot, &sheet);
        for (size_t i = 0; i < columns * rows; i++)
            plot->positions[i] =
                eg_level_position(plot->levels, plot->level_count, sheet.values[i]);
        status = add_curves(plot, &sheet, error);
    }
    eg_sheet_free(&sheet);
    return status;
}

eg_status eg_plot_level(eg_plot *plot, eg_plot_line line, const double values[], size_t columns,
                        size_t rows, double level, eg_error *error)
{
    eg_sheet sheet = {.plot = plot, .columns = columns, .rows = rows};
    level_curves c = {.plot = plot,
                      .list = &plot->items,
                      .kind = EG_ITEM_PATH,
                      .style = (int)line,
                      .columns = columns,
                      .rows = rows,
                      .error = error};
    eg_status status = check_grid(columns, rows, EG_PLOT_SIDE, error);
    if (status == EG_OK)
        status = check_levels(&(eg_plot){0}, &level, 1, error);
    if (status == EG_OK)
        status = copy_values(&sheet, values, &level, 1, error);
    const eg_contour_grid grid = {sheet.values, columns, rows, .cells = NULL};
    if (status == EG_OK)
        status = eg_contour(plot->ctx, &grid, level, add_curve, &c, error);
    eg_sheet_free(&sheet);
    return status == EG_OK ? c.status : status;
}

/* ---- functions ---- */

eg_status eg_plot_field_values(eg_plot *plot, eg_plot_field f, void *opaque, size_t side,
                               const double levels[], size_t count, eg_error *error)
{
    eg_sheet sheet = {0};
    eg_status status = check_grid(side, side, MAX_SIDE, error);
    if (status == EG_OK)
        status = check_levels(plot, levels, count, error);
    if (status == EG_OK)
        status = eg_sheet_sample(&sheet, plot, f, opaque, side, side, count ? levels : NULL, count,
                                 error);
    if (status == EG_OK)
        status = eg_sheet_find_breaks(&sheet, error);
    if (status == EG_OK) {
        take_levels(plot, &sheet);
        status = eg_sheet_shade(&sheet, &plot->positions, &plot->columns, &plot->rows, error);
    }
    if (status == EG_OK)
        status = add_curves(plot, &sheet, error);
    eg_sheet_free(&sheet);
    return status;
}

eg_status eg_plot_field_level(eg_plot *plot, eg_plot_line line, eg_plot_field f, void *opaque,
                              size_t side, double level, eg_error *error)
{
    eg_sheet sheet = {0};
    level_curves c = {.plot = plot,
                      .list = &plot->items,
                      .kind = EG_ITEM_PATH,
                      .style = (int)line,
                      .columns = side,
                      .rows = side,
                      .error = error};
    eg_status status = check_grid(side, side, MAX_SIDE, error);
    if (status == EG_OK)
        status = check_levels(&(eg_plot){0}, &level, 1, error);
    if (status == EG_OK)
        status = eg_sheet_sample(&sheet, plot, f, opaque, side, side, NULL, 0, error);
    if (status == EG_OK)
        status = eg_sheet_find_breaks(&sheet, error);
    if (status == EG_OK)
        status = eg_sheet_contour(&sheet, level, add_curve, &c, error);
    eg_sheet_free(&sheet);
    return status == EG_OK ? c.status : status;
}
