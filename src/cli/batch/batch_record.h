/* SPDX-License-Identifier: MIT */
/* The result of one file of a batch run, for messages, manifest, JSON lines and report. */
#ifndef CLI_BATCH_BATCH_RECORD_H
#define CLI_BATCH_BATCH_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum cli_outcome {
    OUTCOME_DONE,
    OUTCOME_UP_TO_DATE, /* up to date, not computed again */
    OUTCOME_FAILED
} cli_outcome;

/* Thresholds and edge density of `edges`. */
typedef struct cli_edge_stats {
    double low, high;  /* magnitudes per pixel; `low` is NaN for methods without it */
    double edge_share; /* fraction of pixels that are edges, 0..1 */
    bool automatic;    /* thresholds chosen from the image */
} cli_edge_stats;

/* A thumbnail as a JPEG; {NULL, 0} if there is none. */
typedef struct cli_thumbnail {
    const void *bytes;
    size_t size;
} cli_thumbnail;

typedef struct cli_record {
    const char *name;           /* input path below its folder, unique in the run: "sub/a.jpg" */
    const char *input, *output; /* paths relative to the current folder; `output` is outputs[0] */
    cli_outcome outcome;
    int code;           /* exit code */
    const char *reason; /* message of a failure, one line; else NULL */
    uint64_t input_bytes, output_bytes;
    bool input_size_unknown; /* the input is missing, a pipe or a device; input_bytes is 0 */
    size_t width, height;    /* pixels; 0 if unknown */
    double seconds;          /* NaN if unknown */
    bool has_edges;
    cli_edge_stats edges;
    cli_thumbnail before, after; /* thumbnails of the input and of the first output */
    const char *const *outputs;
} cli_record;

#endif
