/* SPDX-License-Identifier: MIT */
/*
 * The pipeline. Strips of rows go source -> stage -> sink; while one strip is computed, the next is
 * read and the previous one is written. A ring of slots holds the strips; all memory is allocated
 * before the first row is read.
 */
#ifndef EG_CORE_PIPELINE_H
#define EG_CORE_PIPELINE_H

#include "core/band.h"
#include "core/stream.h"
#include "core/thread_pool.h"

enum { EG_MAX_SINKS = 16 };

/* Output rows y0, y0 + 1 ... of a stage for one sink, of the sample type of the sink's layout. */
typedef struct eg_rows {
    void *data;
    size_t stride;    /* bytes from row to row */
    bool nontemporal; /* true if non-temporal stores pay: the sink's memory exceeds the cache */
} eg_rows;

/* A computation on strips of rows. */
typedef struct eg_stage {
    size_t halo;        /* source rows needed above and below an output row */
    size_t pad;         /* source columns needed left and right of a row */
    eg_border border;   /* rule that fills rows and columns outside the raster */
    float border_value; /* value of EG_BORDER_CONSTANT */
    /* Strips, other than the last, have a multiple of this number of rows; 0: any number. */
    size_t multiple;
    size_t ahead;   /* strips read ahead more than usual, because some calls of run() take long */
    size_t scratch; /* bytes of working memory for a strip, zeroed when allocated */
    void *opaque;
    /* Computes output rows y0 .. y1 - 1 (raster coordinates) from the band into out[i] for sink i.
     * Called for different strips, numbered from 0, in any order and on several threads at a time.
     * NULL: the output rows are the source's rows; then no sink has row_address(). */
    eg_status (*run)(const struct eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                     size_t y1, void *scratch, const eg_rows out[], eg_error *error);
    /* Called after run() with its scratch, for the strips in ascending order and on one thread at a
     * time: collects results that are no rows. May be NULL. */
    eg_status (*collect)(const struct eg_stage *stage, size_t strip, void *scratch,
                         eg_error *error);
    /* Releases what run() keeps in a scratch; called for each of them at the end. May be NULL. */
    void (*release)(const struct eg_stage *stage, void *scratch);
} eg_stage;

/* Returns the number of strips that the rows of the source's window are divided into, which is the
 * number of calls of run(). */
size_t eg_pipeline_strips(const eg_source *source, const eg_stage *stage);

/* Returns the number of source rows in a strip. run() computes at most `halo` rows more than that.
 */
size_t eg_pipeline_rows(const eg_source *source, const eg_stage *stage);

/* Runs the rows eg_source_span() of `source` through `stage` into `count` sinks (0 ..
 * EG_MAX_SINKS), which have begun. Calls eg_source_finish() at the end, but not eg_sink_finish().
 * Results do not depend on the number of threads, the strip height or timing; if several strips
 * fail, the error of the first one is reported. */
eg_status eg_pipeline_run(eg_source *source, const eg_stage *stage, eg_sink *const sinks[],
                          size_t count, eg_error *error);

#endif
