/* SPDX-License-Identifier: MIT */
/* eg_source_add_neighbour(): reads the cells of a neighbour that belong to the frame of a raster.
 */
#include "core/frame.h"

#include "core/context.h"
#include "core/status.h"

/* Rows of a neighbour read at a time: decoders are faster than row by row. */
enum { ROWS_AT_ONCE = 16 };

/* A neighbour beside a raster of width x height cells, whose column 0 and row 0 are the origin. */
typedef struct placement {
    eg_source *neighbour;
    ptrdiff_t column, row; /* of its upper left cell */
    ptrdiff_t width, height;
} placement;

/* ---- memory ---------------------------------------------------------------------------------- */

static size_t cell_count(size_t width, size_t height)
{
    return 2 * (width + 2 + height);
}

/* Allocates a frame without neighbours; eg_free() releases it. */
static eg_frame *new_frame(const eg_source *source, eg_error *error)
{
    const size_t width = source->info.width, height = source->info.height;
    const size_t cells = cell_count(width, height);
    eg_frame *frame = eg_alloc(source->ctx, 1, sizeof *frame + cells * sizeof(double), error);
    if (!frame)
        return NULL;
    double *all = (double *)(frame + 1);
    for (size_t i = 0; i < cells; i++)
        all[i] = EG_UNCOVERED;
    *frame = (eg_frame){.width = (ptrdiff_t)width,
                        .height = (ptrdiff_t)height,
                        .above = all + 1,
                        .below = all + 1 + width + 2,
                        .left = all + 2 * (width + 2),
                        .right = all + 2 * (width + 2) + height};
    return frame;
}

/* Copies the cells of `from` where `to` has none or a missing one. */
static void merge(eg_frame *to, const eg_frame *from, size_t cells)
{
    double *cell = to->above - 1;
    const double *added = from->above - 1;
    for (size_t i = 0; i < cells; i++)
        if (!isfinite(cell[i]))
            eg_frame_copy_cell(&cell[i], added[i]);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Returns a sample of a row; NaN if it is missing. */
static double elevation(const eg_source *source, const char *row, size_t x)
{
    const void *samples = row;
    double value = source->info.sample == EG_U8    ? ((const uint8_t *)samples)[x]
                   : source->info.sample == EG_F32 ? (double)((const float *)samples)[x]
                                                   : ((const double *)samples)[x];
    const eg_georef *georef = source->georef;
    bool missing = georef && georef->has_nodata && value == georef->nodata;
    return missing || !isfinite(value) ? (double)NAN : value;
}

static bool covers_column(const placement *p, ptrdiff_t x)
{
    return p->column <= x && x - p->column < (ptrdiff_t)p->neighbour->info.width;
}

static bool covers_row(const placement *p, ptrdiff_t y)
{
    return p->row <= y && y - p->row < (ptrdiff_t)eg_source_info(p->neighbour)->height;
}

/* Stores the cells of the neighbour's samples in row y that lie in the frame. */
static void take_row(eg_frame *frame, const placement *p, const char *samples, ptrdiff_t y)
{
    const eg_source *neighbour = p->neighbour;
    if (y < 0 || y == p->height) {
        double *to = y < 0 ? frame->above : frame->below;
        for (ptrdiff_t x = -1; x <= p->width; x++)
            if (covers_column(p, x))
                to[x] = elevation(neighbour, samples, (size_t)(x - p->column));
        return;
    }
    if (covers_column(p, -1))
        frame->left[y] = elevation(neighbour, samples, (size_t)(-1 - p->column));
    if (covers_column(p, p->width))
        frame->right[y] = elevation(neighbour, samples, (size_t)(p->width - p->column));
}

/* Reads the rows first .. end - 1, all of which the neighbour covers. */
static eg_status take_rows(eg_frame *frame, const placement *p, ptrdiff_t first, ptrdiff_t end,
                           char *rows, size_t stride, eg_error *error)
{
    const size_t origin = eg_source_span(p->neighbour).first;
    for (ptrdiff_t y = first; y < end; y += ROWS_AT_ONCE) {
        ptrdiff_t count = end - y < ROWS_AT_ONCE ? end - y : ROWS_AT_ONCE;
        if (eg_cancelled(p->neighbour->ctx))
            return eg_fail(error, EG_CANCELLED, "cancelled");
        eg_status status = eg_source_fetch(p->neighbour, origin + (size_t)(y - p->row), rows,
                                           stride, (size_t)count, error);
        if (status != EG_OK)
            return status;
        for (ptrdiff_t i = 0; i < count; i++)
            take_row(frame, p, rows + (size_t)i * stride, y + i);
    }
    return EG_OK;
}

/* Reads the rows that hold cells of the frame: all beside the raster, else only the adjoining one.
 */
static eg_status take_cells(eg_frame *frame, const placement *p, eg_error *error)
{
    const eg_info *info = &p->neighbour->info;
    const size_t stride = (eg_row_bytes(info->sample, info->width) + 63) / 64 * 64;
    const bool beside = covers_column(p, -1) || covers_column(p, p->width);
    const ptrdiff_t last = p->row + (ptrdiff_t)eg_source_info(p->neighbour)->height - 1;
    eg_status status = EG_OK;
    char *rows = eg_alloc(p->neighbour->ctx, ROWS_AT_ONCE, stride, error);
    if (!rows)
        return eg_failed(error);
    if (beside) {
        status = take_rows(frame, p, p->row > -1 ? p->row : -1,
                           (last < p->height ? last : p->height) + 1, rows, stride, error);
    } else {
        if (covers_row(p, -1))
            status = take_rows(frame, p, -1, 0, rows, stride, error);
        if (status == EG_OK && covers_row(p, p->height))
            status = take_rows(frame, p, p->height, p->height + 1, rows, stride, error);
    }
    eg_free(rows);
    return status;
}

/* ---- checks ---------------------------------------------------------------------------------- */

/* Returns true if a neighbour of `size` cells from `start` on reaches the cells -1 .. `extent`. */
static bool reaches(ptrdiff_t start, size_t size, ptrdiff_t extent)
{
    return start <= extent && start >= -(ptrdiff_t)size;
}

static eg_status check(const eg_source *source, const placement *p, eg_error *error)
{
    const eg_source *neighbour = p->neighbour;
    const eg_info *info = eg_source_info(neighbour);
    if (source == neighbour || neighbour->next_row > eg_source_span(neighbour).first)
        return eg_fail_file(error, EG_USAGE, neighbour->name,
                            "a neighbour must be another source, of which no row has been read");
    if (source->next_row)
        return eg_fail_file(error, EG_USAGE, source->name,
                            "neighbours must be added before the first row is read");
    if (info->sample == EG_BIT || info->sample == EG_RGB)
        return eg_fail_file(error, EG_USAGE, neighbour->name,
                            "elevations are integers or floats, not bits or colours");
    if (eg_check_one_plane(neighbour, error) != EG_OK)
        return EG_USAGE;
    bool reached =
        reaches(p->column, info->width, p->width) && reaches(p->row, info->height, p->height);
    if (reached && (covers_column(p, -1) || covers_column(p, p->width) || covers_row(p, -1) ||
                    covers_row(p, p->height)))
        return EG_OK;
    return eg_fail_file(error, EG_USAGE, neighbour->name,
                        "at column %td and row %td it does not adjoin the raster", p->column,
                        p->row);
}

eg_status eg_source_add_neighbour(eg_source *source, eg_source *neighbour, ptrdiff_t column,
                                  ptrdiff_t row, eg_error *error)
{
    const placement p = {.neighbour = neighbour,
                         .column = column,
                         .row = row,
                         .width = (ptrdiff_t)source->info.width,
                         .height = (ptrdiff_t)source->info.height};
    eg_status status = check(source, &p, error);
    if (status == EG_OK)
        status = eg_source_as_float(neighbour, true, error);
    if (status != EG_OK)
        return status;
    eg_frame *added = new_frame(source, error);
    if (!added)
        return eg_failed(error);
    if (!source->frame && !(source->frame = new_frame(source, error)))
        status = eg_failed(error);
    if (status == EG_OK)
        status = take_cells(added, &p, error);
    if (status == EG_OK)
        merge(source->frame, added, cell_count(source->info.width, source->info.height));
    eg_free(added);
    return status;
}
