/* SPDX-License-Identifier: MIT */
/* One raster over all ranks, each of which has some of its rows. */
#ifndef CLI_RANKS_RANKS_RASTER_H
#define CLI_RANKS_RANKS_RASTER_H

#include "cli/raster/raster.h"

/* Whether one input is to be worked on this way: there are several ranks, or an output is to be in
 * parts. */
bool shared_wanted(const raster_work *work);

/* The first operand into work->outputs, whose paths have been checked. Every rank calls it. Returns
 * an exit code, after its message. */
int shared_run(const raster_work *work);

/* ---- for those that work together ------------------------------------------------------------ */

/* Whether all ranks are well; else *error is what went wrong on the first of them that is not. */
bool shared_agree(eg_error *error);

/* Notes a failure, where none is noted yet. Returns `status`. */
eg_status shared_fail(eg_error *error, eg_status status, const char *format, ...) EG_PRINTF(3, 4);

/* eg_edges() by all ranks (shared_edges.c); `source` and `sink` are NULL on those that have no
 * rows, which come last. The result is of the whole raster. */
eg_status shared_edges(eg_context *ctx, eg_source *source, eg_sink *sink,
                       const eg_edges_options *options, eg_edges_result *result, eg_error *error);

/* ---- one file from the rows of all (shared_gather.c)
 * --------------------------------------------- */

/* Rows that wait for their turn to be sent to the first rank, in a file of no name. */
typedef struct shared_rows {
    FILE *file;    /* not on the first rank */
    char *part;    /* what is sent and received at a time ... */
    size_t a_part; /* ... at most so many rows */
    eg_grid shape; /* of the rows that came: height counts them */
} shared_rows;

/* For rows of `width` pixels, on the first rank too. */
eg_status shared_rows_open(shared_rows *rows, size_t width, eg_error *error);
void shared_rows_close(shared_rows *rows); /* accepts a zeroed one */
eg_rows_callback shared_rows_keep;         /* its `opaque` is a shared_rows */

/* Sends them, whatever happens to them on the way. */
void shared_rows_send(shared_rows *rows, eg_error *error);

/* On the first rank: what ranks 1 .. ranks - 1 send goes to the end of `sink`, which has the rows
 * before. `shape` has the width and height of what is to come. */
eg_status shared_rows_receive(const shared_rows *rows, eg_context *ctx, eg_sink *sink,
                              eg_grid shape, int ranks, eg_error *error);

/* ---- a mosaic (shared_vrt.c) --------------------------------------------------------------------
 */

bool shared_is_vrt(const char *path);

/* The name of a part of a mosaic: "maps/slope.0003.tif" of "maps/slope.vrt". False: it is too long.
 */
bool shared_part_path(const char *vrt, int part, char *out, size_t size);

/* Writes a GDAL VRT of parts that are there, of which part i begins with row first[i]; first[count]
 * is the height. */
eg_status shared_vrt_write(eg_context *ctx, const char *vrt, const size_t first[], int count,
                           eg_error *error);

#endif
