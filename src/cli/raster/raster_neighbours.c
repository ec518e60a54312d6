/* SPDX-License-Identifier: MIT */
/* Supplies the cells around a raster from the files that adjoin it. */
#include "cli/raster/raster.h"

/* ---- from borders in memory ------------------------------------------------------------------ */

/* The position of a raster of `size` cells beside one of `extent` cells, along one axis. */
typedef struct side {
    ptrdiff_t start, size, extent;
} side;

static bool reaches(side s)
{
    return s.start <= s.extent && s.start + s.size >= 0;
}

static bool is_inside(side s)
{
    return s.start >= 0 && s.start + s.size <= s.extent;
}

/* Adds the rows or columns of a border, if they adjoin the source. */
static eg_status add_lines(eg_context *ctx, eg_source *source, const eg_grid *lines,
                           ptrdiff_t column, ptrdiff_t row, eg_error *error)
{
    const eg_info *info = eg_source_info(source);
    const side columns = {column, (ptrdiff_t)lines->width, (ptrdiff_t)info->width};
    const side rows = {row, (ptrdiff_t)lines->height, (ptrdiff_t)info->height};
    eg_source *other = NULL;
    if (!reaches(columns) || !reaches(rows) || (is_inside(columns) && is_inside(rows)))
        return EG_OK;
    eg_status status = eg_source_grid(&other, ctx, lines, error);
    if (status == EG_OK)
        status = eg_source_add_neighbour(source, other, column, row, error);
    eg_source_close(other);
    return status;
}

static eg_status add_border(eg_context *ctx, eg_source *source, const raster_neighbour *neighbour,
                            eg_error *error)
{
    const raster_border *border = neighbour->border;
    const ptrdiff_t column = neighbour->column, row = neighbour->row;
    const ptrdiff_t right = column + (ptrdiff_t)(border->width - border->right.width);
    const ptrdiff_t bottom = row + (ptrdiff_t)(border->height - border->bottom.height);
    eg_status status = add_lines(ctx, source, &border->top, column, row, error);
    if (status == EG_OK)
        status = add_lines(ctx, source, &border->bottom, column, bottom, error);
    if (status == EG_OK)
        status = add_lines(ctx, source, &border->left, column, row, error);
    if (status == EG_OK)
        status = add_lines(ctx, source, &border->right, right, row, error);
    return status;
}

/* ---- from files ------------------------------------------------------------------------------ */

static eg_status add_file(const cli_settings *settings, eg_context *ctx, eg_source *source,
                          const raster_neighbour *neighbour, eg_error *error)
{
    eg_source *other = NULL;
    eg_status status = eg_source_open(&other, ctx, neighbour->path, &settings->read, error);
    if (status == EG_OK)
        status = eg_source_add_neighbour(source, other, neighbour->column, neighbour->row, error);
    eg_source_close(other);
    return status;
}

static eg_status add_neighbour(const cli_settings *settings, eg_context *ctx, eg_source *source,
                               const raster_neighbour *neighbour, eg_error *error)
{
    if (neighbour->border)
        return add_border(ctx, source, neighbour, error);
    return add_file(settings, ctx, source, neighbour, error);
}

/* Files are read one after the other, so that one at a time is in memory. */
eg_status raster_add_neighbours(const raster_work *work, const eg_config *config, eg_context *ctx,
                                eg_source *source, const raster_input *input, raster_result *result,
                                eg_error *error)
{
    const cli_settings *settings = work->settings;
    for (size_t i = 0; i < input->neighbour_count; i++) {
        eg_error failure = {0};
        eg_status status = add_neighbour(settings, ctx, source, &input->neighbours[i], &failure);
        bool retried =
            status == EG_LIMIT_EXCEEDED && config->max_memory < settings->config.max_memory;
        if (retried || status == EG_NO_MEMORY || status == EG_CANCELLED) {
            *error = failure;
            return status;
        }
        if (status != EG_OK && result->lost_neighbours++ == 0)
            snprintf(result->lost_neighbour, sizeof result->lost_neighbour, "%s", failure.message);
    }
    return EG_OK;
}
