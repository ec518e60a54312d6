/* SPDX-License-Identifier: MIT */
/* Makes one plot of several. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "plot/plot.h"

enum { TITLE = 40, TITLE_SIZE = 20 }; /* height of the space above the panels, pixels */

/* Adds the title to a plot without axes. */
static eg_status add_title(eg_plot *plot, const char *title, eg_error *error)
{
    const double place[] = {plot->options.width / 2.0, TITLE / 2.0, 0};
    if (!title)
        return EG_OK;
    eg_item *item = eg_add_item(plot, &plot->items, EG_ITEM_TEXT, place, 1, 3, error);
    if (!item)
        return eg_failed(error);
    item->longest = TITLE_SIZE;
    return eg_plot_label(plot, item, title, error);
}

/* Stores the panels and their places. */
static eg_status place_panels(eg_plot *plot, eg_plot *const panels[], size_t count, size_t columns,
                              const int cell[2], int top, eg_error *error)
{
    plot->panels = eg_alloc(plot->ctx, count, sizeof(eg_plot *), error);
    if (!plot->panels)
        return eg_failed(error);
    memcpy(plot->panels, panels, count * sizeof(eg_plot *));
    plot->panel_count = count;
    for (size_t i = 0; i < count; i++) {
        const size_t column = i % columns, row = i / columns;
        panels[i]->origin[0] = (double)column * cell[0];
        panels[i]->origin[1] = (double)row * cell[1] + top;
    }
    return EG_OK;
}

eg_status eg_plot_panels_new(eg_plot **plot, eg_context *ctx, eg_plot *const panels[], size_t count,
                             size_t columns, const char *title, eg_error *error)
{
    int cell[2] = {0, 0}, top = title ? TITLE : 0;
    *plot = NULL;
    if (count < 1 || count > EG_PLOT_PANELS || columns < 1)
        return eg_fail(error, EG_USAGE, "a plot has 1 to %d panels, not %zu", EG_PLOT_PANELS,
                       count);
    for (size_t i = 0; i < count; i++) {
        const eg_plot_options *o = &panels[i]->options;
        cell[0] = o->width > cell[0] ? o->width : cell[0];
        cell[1] = o->height > cell[1] ? o->height : cell[1];
    }
    columns = columns > count ? count : columns;
    size_t rows = (count + columns - 1) / columns;
    const eg_plot_options options = {.x = {0, 1},
                                     .y = {0, 1},
                                     .width = (int)columns * cell[0],
                                     .height = (int)rows * cell[1] + top,
                                     .title = title};
    eg_status status = eg_plot_new(plot, ctx, &options, error);
    if (status != EG_OK)
        return status;
    (*plot)->bare = true;
    (*plot)->frame = (eg_frame){.right = options.width, .bottom = options.height};
    status = add_title(*plot, title, error);
    if (status == EG_OK)
        status = place_panels(*plot, panels, count, columns, cell, top, error);
    if (status != EG_OK) {
        eg_plot_free(*plot);
        *plot = NULL;
    }
    return status;
}
