/* SPDX-License-Identifier: MIT */
/* What commands from rasters to rasters share: one file or many, where the outputs go. */
#ifndef CLI_RASTER_RASTER_H
#define CLI_RASTER_RASTER_H

#include "cli/batch/batch_record.h"
#include "cli/cli.h"

enum { CLI_OUTPUTS = 16 }; /* the most maps that one pass writes */

/* --progress */
typedef enum cli_progress {
    CLI_PROGRESS_AUTO,
    CLI_PROGRESS_LINE,
    CLI_PROGRESS_JSON,
    CLI_PROGRESS_NONE
} cli_progress;

/* Options of runs over many files; NULL: not given. */
typedef struct batch_settings {
    const char *output, *name, *json_lines;
    cli_texts patterns;
    cli_shard shard;
    cli_report report;
    int progress; /* cli_progress */
    bool recursive, force, fail_fast, dry_run, auto_shared;
} batch_settings;

/* The settings that every command from rasters to rasters has. */
typedef struct raster_settings {
    cli_settings common;
    batch_settings batch;
} raster_settings;

extern const cli_group many_group;        /* options of runs over many files */
extern const cli_group many_target_group; /* -o, for commands with an operand OUTPUT */

/* One file that each input gives. */
typedef struct raster_output {
    const char *name;      /* of the map: "edges", "slope" ... */
    const char *option;    /* that names its path; NULL: the operand OUTPUT does */
    const char *path;      /* of the file, or in runs over many files of their folder */
    const char *extension; /* in runs over many files, where nothing else is said: "png" */
} raster_output;

/* What came of a file. */
typedef struct raster_result {
    eg_info info;
    bool has_edges;
    eg_edges_result edges;
    double seconds;
} raster_result;

typedef struct raster_work {
    const cli_line *line;
    const cli_settings *settings;
    const batch_settings *batch;
    eg_edges_options *edges; /* of the command edges; else NULL */
    raster_output outputs[CLI_OUTPUTS];
    size_t count;
    bool apart; /* no output may be the input */
    bool files; /* outputs[].path are files although it is a run over many, of one */
    const void *opaque;
    /* One file; several of them at a time in runs over many. */
    eg_status (*compute)(const struct raster_work *work, eg_source *source, eg_sink *const sinks[],
                         raster_result *result, eg_error *error);
    /* The same by all ranks, each with its rows, where they need to talk about them; on those that
     * have none `source` and sinks[] are NULL. NULL: compute() on each that has rows. */
    eg_status (*compute_shared)(const struct raster_work *work, eg_context *ctx, eg_source *source,
                                eg_sink *const sinks[], raster_result *result, eg_error *error);
    /* Prints what --json of one file asks for. */
    void (*tell)(const struct raster_work *work, const char *input, const raster_result *result);
} raster_work;

/* Does it for all operands. outputs[].path is filled in where `option` is NULL. Returns an exit
 * code, after its message. */
int raster_run(raster_work *work);

/* Small pictures of an input and of its first output, as bytes of JPEGs; of malloc(). */
typedef struct raster_thumbs {
    cli_thumb before, after;
} raster_thumbs;

/* One file: opens, computes, closes. `config` instead of that of the settings; `thumbs` may be
 * NULL. */
eg_status raster_compute(const raster_work *work, const eg_config *config, const char *input,
                         const char *const outputs[], raster_result *result, raster_thumbs *thumbs,
                         eg_error *error);

/* The thumbs of files that are there already; what cannot be read has none. */
void raster_look(const raster_work *work, const eg_config *config, const char *input,
                 const char *output, raster_thumbs *thumbs);
void raster_thumbs_free(raster_thumbs *thumbs);

/* The line of --report about a file. */
void raster_report(const raster_work *work, const char *input, const raster_result *result);

#endif
