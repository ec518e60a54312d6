/* SPDX-License-Identifier: MIT */
/* Marking of edges in whole planes, and hysteresis. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/colour/colour.h"

enum {
    ROWS_PER_JOB = 128,  /* image rows */
    TILE_COLUMNS = 2048, /* image columns, so that the working rows stay in the cache */
};

static eg_status mark_rows(void *opaque, size_t index, eg_error *error)
{
    eg_colour_canny *c = opaque;
    const eg_planes *p = &c->planes;
    const double unit = eg_colour_canny_unit(c);
    const size_t y0 = index * ROWS_PER_JOB;
    const size_t y1 = y0 + ROWS_PER_JOB < p->height ? y0 + ROWS_PER_JOB : p->height;
    const size_t most = p->width < TILE_COLUMNS ? p->width : TILE_COLUMNS;
    const size_t working = (eg_mark_scratch(most, c->factor) + 63) / 64 * 64;
    char *memory =
        eg_calloc(c->ctx, 1, working + eg_hysteresis_scratch(p->words, ROWS_PER_JOB), error);
    if (!memory)
        return eg_failed(error);
    for (size_t x = 0; x < p->width; x += TILE_COLUMNS) {
        const size_t end = p->width - x < TILE_COLUMNS ? p->width : x + TILE_COLUMNS;
        eg_mark_tile tile = {
            .canny = c,
            .field = &c->field,
            .rows = {c->first + y0, c->first + y1},
            .columns = {x, end},
            .low = (float)(c->low * unit),
            .high = (float)(c->high * unit),
            .missing_words = p->words,
            .candidate = eg_candidate_row(p, y0) + x / 64,
            .strong = eg_edge_row(p, y0) + x / 64,
        };
        if (c->channels.missing)
            tile.missing = c->channels.missing + y0 * p->words + x / 64;
        eg_mark_tile_rows(&tile, memory);
    }
    c->blocks[index] = (eg_block_rows){y0, y1};
    eg_hysteresis_block(p, c->blocks[index], c->ctx->cpu, memory + working);
    eg_free(memory);
    return EG_OK;
}

static eg_status mark_planes(eg_colour_canny *canny, eg_error *error)
{
    eg_planes *p = &canny->planes;
    canny->block_count = (p->height + ROWS_PER_JOB - 1) / ROWS_PER_JOB;
    if (!canny->blocks)
        canny->blocks = eg_alloc(canny->ctx, canny->block_count, sizeof *canny->blocks, error);
    eg_status status = canny->blocks ? EG_OK : eg_failed(error);
    if (status == EG_OK && !p->candidate)
        status = eg_planes_allocate(p, canny->ctx, &p->candidate, error);
    if (status == EG_OK && !p->edge)
        status = eg_planes_allocate(p, canny->ctx, &p->edge, error);
    if (status != EG_OK)
        return status;
    return eg_parallel_for(canny->ctx, canny->block_count, p->width * p->height, canny, mark_rows,
                           error);
}

eg_status eg_colour_canny_mark(eg_colour_canny *canny, eg_error *error)
{
    eg_planes *p = &canny->planes;
    eg_status status = canny->field.magnitude ? mark_planes(canny, error)
                       : canny->known         ? EG_OK
                                              : eg_colour_strips_mark(canny, error);
    if (status != EG_OK)
        return status;
    if (canny->constant) {
        memset(p->candidate, 0, p->height * p->words * sizeof *p->candidate);
        memset(p->edge, 0, p->height * p->words * sizeof *p->edge);
    }
    return eg_hysteresis_across_blocks(canny->ctx, &canny->planes, canny->blocks,
                                       canny->block_count, error);
}
