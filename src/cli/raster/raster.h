/* SPDX-License-Identifier: MIT */
/* Runs commands that read rasters and write rasters: on one file or on many. */
#ifndef CLI_RASTER_RASTER_H
#define CLI_RASTER_RASTER_H

#include "cli/batch/batch_record.h"
#include "cli/cli.h"

enum { RASTER_OUTPUTS = 16 }; /* the most files written in one pass */

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

extern const cli_group many_group;        /* batch options, but for -o */
extern const cli_group many_target_group; /* -o, of commands with the operand OUTPUT */

/* One output file of each input. */
typedef struct raster_output {
    const char *name;      /* name of the map: "edges", "slope" ... */
    const char *option;    /* option that gives the path; NULL: the operand OUTPUT */
    const char *path;      /* path of the file or, in a batch, of the folder */
    const char *extension; /* default extension in a batch: "png" */
    bool lines;            /* a file of lines; at most one output is */
    const char *format;    /* of a file of lines; NULL: by its extension */
} raster_output;

/* The result of one input file. */
typedef struct raster_result {
    eg_info info;
    bool has_edges;
    eg_edges_result edges;
    eg_edge_lines_result lines;
    double seconds;
    eg_map_scale scales[RASTER_OUTPUTS]; /* of the outputs that have one; others have no map */
    bool normalized;                     /* true: the scales were chosen from the image */
    size_t lost_neighbours;              /* number of neighbours that could not be read */
    char lost_neighbour[512];            /* message about the first of them */
} raster_result;

enum { RASTER_BORDER = 2 };

/* The outermost rows and columns of a raster of width x height cells, RASTER_BORDER of each (fewer
 * if it has fewer), as EG_F32 or EG_F64; missing cells are NaN. */
typedef struct raster_border {
    size_t width, height;
    eg_grid top, bottom, left, right;
} raster_border;

/* A file that adjoins an input; position as for eg_source_add_neighbour(). */
typedef struct raster_neighbour {
    const char *path;
    const raster_border *border; /* NULL: the file is read */
    ptrdiff_t column, row;
} raster_neighbour;

/* An input file with its neighbours. */
typedef struct raster_input {
    const char *path;
    const raster_neighbour *neighbours;
    size_t neighbour_count;
} raster_input;

/* The open files of one input. */
typedef struct raster_pass {
    eg_context *ctx;
    const char *path; /* of the input */
    eg_source *source;
    eg_sink *const *sinks; /* NULL for a file of lines */
    eg_line_file *lines;   /* the file of lines; NULL: none */
    size_t first;          /* first row of the source's window */
} raster_pass;

typedef struct raster_work {
    const cli_args *args;
    const cli_settings *settings;
    const batch_settings *batch;
    eg_edges_options *edges; /* options of the command edges; NULL: another command */
    raster_output outputs[RASTER_OUTPUTS];
    size_t count;
    bool neighbours;            /* true: inputs supply the cells around inputs that they adjoin */
    bool single_file;           /* true: a batch of one file, and outputs[].path are files */
    const char *replace_advice; /* end of the message about an OUTPUT of another program; or NULL */
    const void *opaque;         /* data of the command for its callbacks */
    /* Computes one file. A batch calls it from several threads. */
    eg_status (*compute)(const struct raster_work *work, const raster_pass *pass,
                         raster_result *result, eg_error *error);
    /* Computes one file on all ranks, each with its own rows, if they must communicate; `source`
     * and sinks[] are NULL on ranks without rows. NULL: each rank with rows calls compute(). */
    eg_status (*compute_on_ranks)(const struct raster_work *work, const raster_pass *pass,
                                  raster_result *result, eg_error *error);
    /* Prints the JSON object of one file for --json. */
    void (*print_json)(const struct raster_work *work, const char *input,
                       const raster_result *result);
} raster_work;

/* Opens the input of a pass once more, for the same rows: a file a second time, of a pipe the rows
 * that are read from pass->source are kept. The caller closes it, before pass->source. `planes`:
 * reads colours as three planes (raster_again.c) */
eg_status raster_open_again(const struct raster_work *work, const raster_pass *pass, bool planes,
                            eg_source **again, eg_error *error);

/* Runs the command on all operands. Sets outputs[].path if `option` is NULL. Returns an exit code,
 * after its message. */
int raster_run(raster_work *work);

/* Thumbnails of an input and of its first output, JPEG files in memory from malloc(). */
typedef struct raster_thumbnails {
    cli_thumbnail before, after;
} raster_thumbnails;

/* Supplies the cells around an open input. Neighbours that cannot be read are left out and counted
 * in `result`; but fails if that may be different with the memory limit of the settings, which is
 * above that of `config`. (raster_neighbours.c) */
eg_status raster_add_neighbours(const raster_work *work, const eg_config *config, eg_context *ctx,
                                eg_source *source, const raster_input *input, raster_result *result,
                                eg_error *error);

/* The outputs of one input file: complete, but under their paths only after eg_outputs_commit(). */
typedef struct raster_files {
    eg_context *ctx;
    eg_outputs *outputs; /* NULL: none */
} raster_files;

/* Computes one file: opens, computes, closes. `config` replaces that of the settings. Existing
 * outputs are replaced if own[i], or as file_check_replace() allows; `own` NULL: none is known as
 * our own. `thumbnails` may be NULL, raster_thumbnails_free() releases them. raster_files_close()
 * releases `files`, also after a failure; NULL: the outputs are committed. */
eg_status raster_compute(const raster_work *work, const eg_config *config,
                         const raster_input *input, const char *const outputs[], const bool own[],
                         raster_result *result, raster_thumbnails *thumbnails, raster_files *files,
                         eg_error *error);

/* Discards the outputs unless they were committed. */
void raster_files_close(raster_files *files);

/* Makes the thumbnails of existing files; a file that cannot be read has none. EG_NO_MEMORY: memory
 * is lacking for them. */
eg_status raster_read_thumbnails(const raster_work *work, const eg_config *config,
                                 const char *input, const char *output,
                                 raster_thumbnails *thumbnails, eg_error *error);
void raster_thumbnails_free(raster_thumbnails *thumbnails);

/* Prints the JSON object of --json about one file that failed. */
void raster_print_failure(const raster_work *work, const char *input, const eg_error *error,
                          const raster_result *result);

/* Prints the line of --report about a file. */
void raster_print_report(const raster_work *work, const char *input, const raster_result *result);

#endif
