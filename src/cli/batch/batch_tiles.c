/* SPDX-License-Identifier: MIT */
/* Reads the headers of all inputs of a run, with several threads. */
#include "cli/batch/batch_tiles.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/text.h"

enum { SYSTEM_MAX = 64 * 1024 }; /* longest text of a coordinate system that is compared */

/* The loop over all inputs, which the threads share. */
typedef struct header_loop {
    batch_tiles *tiles;
    size_t memory; /* limit of each thread in bytes */
    bool again;    /* read only those that need more memory than they had */
    pthread_mutex_t lock;
    size_t next;
    bool failed; /* out of memory */
} header_loop;

static void describe(batch_tile *tile, const eg_source *source, char *text)
{
    const eg_info *info = eg_source_info(source);
    const eg_georef *georef = eg_source_georef(source);
    tile->readable = true;
    tile->width = info->width;
    tile->height = info->height;
    if (!georef)
        return;
    size_t length = eg_georef_system(georef, text, SYSTEM_MAX);
    tile->georef = *georef;
    tile->georef.tags = NULL;
    tile->system = text_hash(TEXT_HASH, text, length < SYSTEM_MAX ? length : SYSTEM_MAX - 1);
}

static void fail(header_loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    loop->failed = true;
    pthread_mutex_unlock(&loop->lock);
}

static void read_header(header_loop *loop, size_t index, eg_context *ctx, char *text)
{
    const raster_work *work = loop->tiles->work;
    const batch_item *item = &loop->tiles->list->items[index];
    batch_tile *tile = &loop->tiles->tiles[index];
    eg_source *source = NULL;
    eg_error error = {0};
    if (item->missing || item->streaming || (loop->again && tile->status != EG_LIMIT_EXCEEDED))
        return;
    free(tile->reason);
    tile->reason = NULL;
    tile->status = eg_source_open(&source, ctx, item->input, &work->settings->read, &error);
    if (tile->status == EG_OK)
        describe(tile, source, text);
    else
        tile->reason = strdup(error.message);
    if (tile->status == EG_NO_MEMORY || (tile->status != EG_OK && !tile->reason))
        fail(loop);
    eg_source_close(source);
}

/* Returns the index of the next input; SIZE_MAX if there is none. */
static size_t next_input(header_loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    bool over = loop->failed || *signal_caught() || loop->next == loop->tiles->list->count;
    size_t index = over ? SIZE_MAX : loop->next++;
    pthread_mutex_unlock(&loop->lock);
    return index;
}

/* Reads nothing if the options do not allow a context; the first file that is computed reports why.
 */
static void read_headers(void *opaque, int thread)
{
    header_loop *loop = opaque;
    eg_config config = loop->tiles->work->settings->config;
    eg_context *ctx = NULL;
    char *text = malloc(SYSTEM_MAX);
    eg_status status = text ? EG_OK : EG_NO_MEMORY;
    (void)thread;
    config.threads = 1;
    config.max_memory = loop->memory;
    config.cancel = signal_caught();
    if (text)
        status = eg_context_new(&ctx, &config, NULL);
    if (status == EG_NO_MEMORY)
        fail(loop);
    if (status == EG_OK)
        for (size_t i = next_input(loop); i != SIZE_MAX; i = next_input(loop))
            read_header(loop, i, ctx, text);
    eg_context_free(ctx);
    free(text);
}

bool batch_tiles_read(batch_tiles *t)
{
    const size_t memory = t->work->settings->config.max_memory;
    header_loop loop = {.tiles = t, .memory = memory / (size_t)t->threads};
    t->tiles = calloc(t->list->count, sizeof *t->tiles);
    if (!t->tiles)
        return false;
    pthread_mutex_init(&loop.lock, NULL);
    eg_threads_run(t->threads, &loop, read_headers);
    loop.again = true;
    loop.memory = memory;
    loop.next = 0;
    read_headers(&loop, 0);
    pthread_mutex_destroy(&loop.lock);
    return !loop.failed;
}

void batch_tiles_free(batch_tiles *t)
{
    for (size_t i = 0; t->tiles && i < t->list->count; i++)
        free(t->tiles[i].reason);
    free(t->tiles);
}

/* ---- neighbours ------------------------------------------------------------------------------ */

/* The position of a raster of `size` cells beside one of `extent` cells, along one axis. */
typedef struct side {
    ptrdiff_t start, size, extent;
} side;

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

bool batch_tiles_add(const batch_tiles *t, size_t item, size_t other, ptrdiff_t column,
                     ptrdiff_t row)
{
    const batch_tile *a = &t->tiles[item], *b = &t->tiles[other];
    const side columns = {column, (ptrdiff_t)b->width, (ptrdiff_t)a->width};
    const side rows = {row, (ptrdiff_t)b->height, (ptrdiff_t)a->height};
    batch_item *about = &t->list->items[item];
    size_t larger = about->neighbour_count + 1;
    batch_neighbour *neighbours = realloc(about->neighbours, larger * sizeof *neighbours);
    if (!neighbours)
        return false;
    neighbours[about->neighbour_count] = (batch_neighbour){
        .item = other, .column = column, .row = row, .border = border_suffices(columns, rows)};
    about->neighbours = neighbours;
    about->neighbour_count = larger;
    return true;
}
