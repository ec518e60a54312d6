/* SPDX-License-Identifier: MIT */
/*
 * The only scheduler. Strips of rows go source -> stage -> sink; while one strip is computed the
 * next is being read and the one before written. Memory is a ring of slots, all of it allocated
 * before the first row.
 */
#ifndef EG_CORE_PIPELINE_H
#define EG_CORE_PIPELINE_H

#include "core/band.h"
#include "core/stream.h"
#include "core/thread_pool.h"

enum { EG_MAX_SINKS = 16 };

/* Where a stage puts rows y0, y0 + 1 ... for one sink, in the sample the sink was begun with. */
typedef struct eg_rows {
    void *data;
    size_t stride; /* bytes from row to row */
    bool far;      /* in memory too large for the cache: worth writing past it */
} eg_rows;

typedef struct eg_stage {
    size_t halo;      /* source rows needed above and below an output row */
    size_t pad;       /* source columns needed left and right of a row; at most EG_BAND_PAD */
    eg_border border; /* fills the padding columns, and ... */
    float border_value;
    size_t scratch; /* bytes of working memory for one strip */
    void *opaque;
    /* Computes output rows y0..y1-1, counted in the raster, from the band, into out[i] for sink i.
     * Called from several threads at a time for different strips, in any order. `strip` counts from
     * 0. */
    eg_status (*run)(const struct eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                     size_t y1, void *scratch, const eg_rows out[], eg_error *error);
} eg_stage;

/* How many strips, and so how many calls of run(), the wanted rows of the source are cut into; and
 * how many of them there are to a strip. A strip makes at most `halo` rows more than that. */
size_t eg_pipeline_strips(const eg_source *source, const eg_stage *stage);
size_t eg_pipeline_rows(const eg_source *source, const eg_stage *stage);

/* Runs the wanted rows of `source`, see eg_source_span(), through `stage` into `count` sinks (at
 * most EG_MAX_SINKS), which have begun; with none the stage keeps its results itself. Ends with
 * eg_source_finish(); sinks stay open. Results do not depend on threads, strip height or timing; of
 * several failures the one of the earliest strip is reported. */
eg_status eg_pipeline_run(eg_source *source, const eg_stage *stage, eg_sink *const sinks[],
                          size_t count, eg_error *error);

#endif
