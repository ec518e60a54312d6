/* SPDX-License-Identifier: MIT */
/* Progress of a raster command over one file. */
#ifndef CLI_RASTER_RASTER_PROGRESS_H
#define CLI_RASTER_RASTER_PROGRESS_H

#include "cli/raster/raster.h"

typedef struct raster_progress {
    int kind; /* cli_progress */
    const char *input;
    double start, last_shown; /* seconds_now() */
    size_t rows, total;       /* rows done, of all rows; 0 before the first */
} raster_progress;

/* Returns how this rank shows the progress of a run: --progress, but auto resolved. */
int raster_progress_kind(const raster_work *work);

/* Starts the display and makes contexts of `config` report to it. `progress` must outlive them. */
void raster_progress_start(raster_progress *progress, const raster_work *work, const char *input,
                           eg_config *config);

/* Erases the progress line, or prints the object "end". */
void raster_progress_finish(const raster_progress *progress);

#endif
