/* SPDX-License-Identifier: MIT */
/* What became of one file of a run over many: for messages, the manifest, JSON lines and the
 * report. */
#ifndef CLI_BATCH_BATCH_RECORD_H
#define CLI_BATCH_BATCH_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum cli_outcome {
    OUTCOME_DONE,
    OUTCOME_CURRENT, /* nothing was to do: what is there is up to date */
    OUTCOME_FAILED
} cli_outcome;

/* Thresholds and density of `edges`. */
typedef struct cli_marked {
    double low, high; /* levels a pixel; `low` NaN where the method has none */
    double share;     /* of the pixels that are edges, 0..1 */
    bool automatic;
} cli_marked;

/* The bytes of a small JPEG; none: NULL, 0. */
typedef struct cli_thumb {
    const void *bytes;
    size_t size;
} cli_thumb;

typedef struct cli_record {
    const char *name;           /* of the input within the run, unique: "sub/photo.jpg" */
    const char *input, *output; /* paths as they can be opened from the current folder */
    cli_outcome outcome;
    int code;           /* exit code */
    const char *reason; /* why it failed, one line; else NULL */
    uint64_t input_bytes, output_bytes;
    size_t width, height; /* 0: not known */
    double seconds;
    bool has_edges;
    cli_marked edges;
    cli_thumb before, after;
    const char *const *outputs; /* all of them; the first is `output` */
} cli_record;

#endif
