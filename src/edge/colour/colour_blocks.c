/* SPDX-License-Identifier: MIT */
/*
 * The colour detector in blocks of rows. The channels are read into whole planes, which are small
 * if a sample is a box of 4 x 4 pixels. As soon as the rows of the channels that a block depends on
 * are complete, its tiles are computed, while the rest of the image is decoded.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/size.h"
#include "core/status.h"
#include "edge/colour/field_pass.h"

enum {
    BLOCK_ROWS = 96,    /* of the field, so that the rows around them add little work */
    TILE_COLUMNS = 256, /* of the field, so that a tile takes about a millisecond */
};

typedef struct blocks {
    eg_channel_follower follower;
    eg_field_pass pass;
    pthread_mutex_t lock; /* of all below */
    size_t *strip_end; /* of each strip that is complete: end of its rows of the channels; else 0 */
    size_t strips, next_strip; /* next_strip: the first one that is not complete */
    size_t ready;              /* rows of the channels before it */
    size_t next_tile;          /* next tile to start; tiles are numbered block by block */
    size_t running;            /* tiles that are being computed */
} blocks;

/* Returns the rows of the image in a block. */
static eg_span block_rows(const blocks *b, size_t block)
{
    const eg_span *all = &b->pass.span;
    const size_t rows = BLOCK_ROWS * b->pass.canny->factor, first = all->first + block * rows;
    return (eg_span){first, eg_min_size(first + rows, all->end)};
}

/* Returns the end of the rows of the channels that a block depends on. */
static size_t rows_needed(const blocks *b, size_t block)
{
    const eg_channels *c = &b->pass.canny->channels;
    const size_t margin = eg_field_around(c->factor) + b->pass.derivative->radius;
    const eg_span rows = eg_span_reduced(block_rows(b, block), c->factor);
    return eg_min_size(eg_span_widened(rows, margin, c->height).end, c->end);
}

/* Sets *tile to the next tile that can be computed; returns false if there is none, or if all other
 * threads but one compute tiles: that one reads. The lock is held. */
static bool start_tile(blocks *b, size_t *tile)
{
    const eg_colour_canny *c = b->pass.canny;
    const bool reads = b->next_strip < b->strips && b->pass.worker_count > 1;
    if (b->next_tile == c->block_count * c->tile_count ||
        rows_needed(b, b->next_tile / c->tile_count) > b->ready ||
        (reads && b->running + 1 == b->pass.worker_count))
        return false;
    *tile = b->next_tile++;
    b->running++;
    return true;
}

static eg_status compute_tile(blocks *b, size_t tile, eg_error *error)
{
    eg_colour_canny *c = b->pass.canny;
    const size_t block = tile / c->tile_count, columns = c->tile_columns;
    const size_t x = tile % c->tile_count * columns;
    eg_pass_worker *worker = eg_field_pass_claim(&b->pass);
    eg_status status =
        eg_field_pass_tile(&b->pass, worker, NULL, block, block_rows(b, block),
                           (eg_span){x, eg_min_size(x + columns, c->planes.width)}, error);
    atomic_flag_clear(&worker->busy);
    return status;
}

/* Notes that a strip is complete, and computes a tile. More than one would keep the strip's memory
 * from being read into; those that are left after the last strip are all computed. */
static eg_status complete_strip(eg_channel_follower *follower, size_t strip, size_t end,
                                eg_error *error)
{
    blocks *b = (blocks *)follower;
    eg_status status = EG_OK;
    size_t tile;
    pthread_mutex_lock(&b->lock);
    b->strip_end[strip] = end;
    for (; b->next_strip < b->strips && b->strip_end[b->next_strip]; b->next_strip++)
        b->ready = b->strip_end[b->next_strip];
    bool more = true;
    while (status == EG_OK && more && start_tile(b, &tile)) {
        pthread_mutex_unlock(&b->lock);
        status = compute_tile(b, tile, error);
        pthread_mutex_lock(&b->lock);
        b->running--;
        more = b->next_strip == b->strips;
    }
    pthread_mutex_unlock(&b->lock);
    return status;
}

/* Allocates the pass, which needs the description of the channels. */
static eg_status begin_pass(eg_channel_follower *follower, size_t strips, eg_error *error)
{
    blocks *b = (blocks *)follower;
    eg_context *ctx = b->pass.canny->ctx;
    b->strips = strips;
    b->strip_end = eg_calloc(ctx, strips, sizeof *b->strip_end, error);
    return b->strip_end ? EG_OK : eg_failed(error);
}

/* ---- the image ---- */

/* Links the edges of a block, whose thresholds are given. */
static eg_status link_block(void *opaque, size_t block, eg_error *error)
{
    eg_colour_canny *c = opaque;
    const eg_block_rows rows = c->blocks[block];
    void *scratch =
        eg_alloc(c->ctx, 1, eg_hysteresis_scratch(c->planes.words, rows.y1 - rows.y0), error);
    if (!scratch)
        return eg_failed(error);
    eg_hysteresis_block(&c->planes, rows, c->ctx->cpu, scratch);
    eg_free(scratch);
    return EG_OK;
}

/* Sets the number of blocks and tiles, and allocates what does not depend on the strips. */
static eg_status prepare(blocks *b, eg_error *error)
{
    eg_colour_canny *c = b->pass.canny;
    const size_t rows = b->pass.span.end - b->pass.span.first;
    const size_t block = BLOCK_ROWS * c->factor;
    c->block_count = (rows + block - 1) / block;
    c->tile_columns = TILE_COLUMNS * c->factor;
    c->tile_count = (c->planes.width + c->tile_columns - 1) / c->tile_columns;
    b->pass.rows_most = eg_min_size(block, rows);
    b->pass.worker_count = (size_t)eg_thread_count_for(c->ctx, c->planes.width * rows);
    eg_status status = eg_field_pass_allocate(&b->pass, error);
    for (size_t k = 0; status == EG_OK && c->blocks && k < c->block_count; k++) {
        const eg_span of = block_rows(b, k);
        c->blocks[k] = (eg_block_rows){of.first - b->pass.span.first, of.end - b->pass.span.first};
    }
    return status;
}

static eg_status run_pass(blocks *b, eg_source *source, const eg_edges_options *options,
                          eg_error *error)
{
    eg_colour_canny *c = b->pass.canny;
    const size_t margin = b->pass.derivative->radius + 4;
    eg_channels_describe(&c->channels, source, c->factor);
    if (c->known) {
        const double unit = eg_colour_canny_unit(c);
        eg_colour_canny_resolve(c, source, &c->histogram, options);
        b->pass.low = (float)(c->low * unit);
        b->pass.high = (float)(c->high * unit);
    }
    eg_status status = prepare(b, error);
    if (status == EG_OK)
        status = eg_channels_read(&c->channels, source, c->factor, margin, &b->follower, error);
    if (status == EG_OK) {
        eg_field_pass_collect(&b->pass);
        c->histogram.differs = c->channels.differs;
    }
    eg_channels_drop(&c->channels);
    if (status == EG_OK && c->known && c->blocks)
        status = eg_parallel_for(c->ctx, c->block_count, c->planes.width * c->planes.height, c,
                                 link_block, error);
    return status;
}

eg_status eg_colour_blocks_measure(eg_colour_canny *canny, eg_source *source,
                                   const eg_edges_options *options,
                                   const eg_gaussian_derivative *derivative, eg_error *error)
{
    const float sigma = (float)(canny->sigma / (double)canny->factor);
    blocks b = {.follower = {complete_strip, begin_pass},
                .pass = {.canny = canny,
                         .border = options->border,
                         .derivative = derivative,
                         .weights = {sigma, EG_OPPONENT_WEIGHT * sigma, EG_OPPONENT_WEIGHT * sigma},
                         .white_level = source->info.white_level,
                         .whole = true,
                         .around = eg_field_around(canny->factor),
                         .span = eg_source_span(source)}};
    eg_seen_init(&b.pass.seen);
    pthread_mutex_init(&b.lock, NULL);
    eg_status status = run_pass(&b, source, options, error);
    pthread_mutex_destroy(&b.lock);
    eg_free(b.strip_end);
    eg_field_pass_release(&b.pass);
    return status;
}
