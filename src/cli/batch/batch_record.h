/* SPDX-License-Identifier: MIT */
/* The result of one file of a batch run, for messages, manifest, JSON lines and report. */
#ifndef CLI_BATCH_BATCH_RECORD_H
#define CLI_BATCH_BATCH_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum cli_outcome {
    OUTCOME_DONE,
    OUTCOME_CURRENT, /* up to date, not computed again */
    OUTCOME_FAILED
} cli_outcome;

/* Thresholds and edge density of `edges`. */
typedef struct cli_marked {
    double low, high; /* magnitudes per pixel; `low` is NaN for methods without it */
    double share;     /* fraction of pixels that are edges, 0..1 */
    bool automatic;   /* thresholds chosen from the image */
} cli_marked;

/* A thumbnail as a JPEG; {NULL, 0} if there is none. */
typedef struct cli_thumb {
    const void *bytes;
    size_t size;
} cli_thumb;

typedef struct cli_record {
    const char *name;           /* input path below its folder, unique in the run: "sub/a.jpg" */
    const char *input, *output; /* paths relative to the current folder; `output` is outputs[0] */
    cli_outcome outcome;
    int code;           /* exit code */
    const char *reason; /* message of a failure, one line; else NULL */
    uint64_t input_bytes, output_bytes;
    size_t width, height; /* pixels; 0 if unknown */
    double seconds;
    bool has_edges;
    cli_marked edges;
    cli_thumb before, after; /* thumbnails of the input and of the first output */
    const char *const *outputs;
} cli_record;

#endif
