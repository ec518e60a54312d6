/* SPDX-License-Identifier: MIT */
/* One raster distributed over all ranks, each of which computes some of its rows. */
#ifndef CLI_RANKS_RANKS_RASTER_H
#define CLI_RANKS_RANKS_RASTER_H

#include "cli/raster/raster.h"

/* Returns true if one input must be processed with ranks_raster_run(): there are several ranks, or
 * an output is a VRT. */
bool ranks_raster_needed(const raster_work *work);

/* Processes the first operand into work->outputs, whose paths have been checked. Called by every
 * rank. Returns an exit code, after its message. */
int ranks_raster_run(const raster_work *work);

/* ---- errors (ranks_agree.c) ------------------------------------------------------------------ */

/* Returns true if no rank has an error; else copies that of the first rank that has one to all.
 * Called by every rank. */
bool ranks_agree(eg_error *error);

/* Sets *error unless it is set already. Called by one rank. Returns error->status. */
eg_status ranks_fail(eg_error *error, eg_status status, const char *format, ...) EG_PRINTF(3, 4);

/* ---- edges (ranks_edges.c) ------------------------------------------------------------------- */

/* Computes eg_edges() over all ranks. The ranks without rows are the last ones; their `source` and
 * `sink` are NULL. The result is that of the whole raster. */
eg_status ranks_edges(eg_context *ctx, eg_source *source, eg_sink *sink,
                      const eg_edges_options *options, eg_edges_result *result, eg_error *error);

/* Adds the other ranks' histograms to this rank's. Called by every rank, none of which has an
 * error. All ranks get the same error, if any. */
eg_status ranks_sum_histogram(eg_edge_histogram *histogram, eg_error *error);

/* Adds the other ranks' counts to this rank's, and raises *largest to the largest of all ranks.
 * Called by every rank, none of which has an error. All ranks get the same error, if any. */
eg_status ranks_sum_bins(uint64_t counts[], size_t bins, float *largest, eg_error *error);

/* ---- gathering rows in one file (ranks_gather.c) --------------------------------------------- */

/* The rows that a rank computed, kept in an unnamed temporary file until they are sent to rank 0;
 * on rank 0, the buffer that receives them. */
typedef struct rank_rows {
    FILE *file;        /* NULL on rank 0 */
    char *chunk;       /* buffer of a message */
    size_t chunk_rows; /* its capacity in rows */
    eg_grid shape;     /* of the stored rows; its height is their number */
} rank_rows;

/* Prepares for rows of `width` pixels of any sample type. */
eg_status rank_rows_open(rank_rows *rows, size_t width, eg_error *error);

/* Accepts a zeroed struct. */
void rank_rows_close(rank_rows *rows);

/* Stores rows; `opaque` is a rank_rows. */
eg_rows_callback rank_rows_store;

/* Sends the stored rows to rank 0; after a read error the remaining ones as zeros, because rank 0
 * waits for them. */
void rank_rows_send(rank_rows *rows, eg_error *error);

/* Appends the rows that ranks 1 .. ranks - 1 send to `sink`. Called by rank 0. `shape` has the
 * width and the height of these rows. */
eg_status rank_rows_receive(const rank_rows *rows, eg_context *ctx, eg_sink *sink, eg_grid shape,
                            int ranks, eg_error *error);

/* ---- VRT (ranks_vrt.c) ----------------------------------------------------------------------- */

/* Returns true if a path ends in ".vrt". */
bool is_vrt_path(const char *path);

/* Writes the path of a part of a VRT: "maps/slope.0003.tif" for "maps/slope.vrt". Returns false if
 * it exceeds `size`. */
bool vrt_part_path(const char *vrt, int part, char *out, size_t size);

/* Writes a GDAL VRT that joins existing parts, as one of a set; part i begins with row first[i],
 * and first[count] is the height. `scale` has no map if the parts have none. */
eg_status vrt_write(eg_context *ctx, eg_outputs *set, const char *vrt, const eg_map_scale *scale,
                    const size_t first[], int count, eg_error *error);

#endif
