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

/* Returns true if the cells around a raster that a neighbour covers in line `at` (column -1 or
 * `extent`, say) all belong to the neighbour's border. `along` is the other axis. */
static bool line_in_border(ptrdiff_t at, side across, side along)
{
    const ptrdiff_t depth = RASTER_BORDER, line = at - across.start;
    const ptrdiff_t first = along.start > -1 ? 0 : -1 - along.start;
    const ptrdiff_t past = along.extent + 1 - along.start;
    const ptrdiff_t end = past < along.size ? past : along.size;
    return line < 0 || line >= across.size || line < depth || line >= across.size - depth ||
           end <= depth || first >= along.size - depth;
}

/* Returns true if the border of a neighbour has all cells that are needed of it. It has not if the
 * rasters overlap by more than a row or column. */
static bool border_suffices(side columns, side rows)
{
    return line_in_border(-1, columns, rows) && line_in_border(columns.extent, columns, rows) &&
           line_in_border(-1, rows, columns) && line_in_border(rows.extent, rows, columns);
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
    const eg_info *info = eg_source_info(source);
    const raster_border *border = neighbour->border;
    if (border) {
        const side columns = {neighbour->column, (ptrdiff_t)border->width, (ptrdiff_t)info->width};
        const side rows = {neighbour->row, (ptrdiff_t)border->height, (ptrdiff_t)info->height};
        if (border_suffices(columns, rows))
            return add_border(ctx, source, neighbour, error);
    }
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
