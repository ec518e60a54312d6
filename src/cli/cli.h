/* SPDX-License-Identifier: MIT */
/*
 * What the commands share: the settings that options fill, the groups of options that stand for
 * themselves (input, output, job ...), messages, exit codes, signals, and the way from two paths to
 * an open source and sink.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/options/options.h"
#include "edgegrad.h"

enum {
    EXIT_DONE = 0,
    EXIT_NEGATIVE = 1,
    EXIT_USAGE = 2,
    EXIT_INPUT = 3,
    EXIT_FILE = 4,
    EXIT_LIMIT = 5,
    EXIT_SIGNAL = 128 /* + its number */
};

/* A threshold as typed; the value NaN stands for `auto`. */
typedef struct cli_threshold {
    double value;
    eg_threshold_unit unit;
} cli_threshold;

/* --vertical-unit */
typedef enum cli_vertical { CLI_VERTICAL_UNSAID, CLI_METRE, CLI_FOOT, CLI_US_FOOT } cli_vertical;

enum { CLI_OUTPUTS = 16 }; /* maps one pass may have */

/* --report */
typedef struct cli_report {
    bool asked;       /* a line about each file */
    const char *page; /* NULL: none */
} cli_report;

/* --shard; of 0: all */
typedef struct cli_shard {
    int part, of;
} cli_shard;

typedef enum cli_progress {
    CLI_PROGRESS_AUTO,
    CLI_PROGRESS_LINE,
    CLI_PROGRESS_JSON,
    CLI_PROGRESS_NONE
} cli_progress;

/* Of runs over many files. */
typedef struct cli_many {
    const char *output, *name, *json_lines;
    cli_texts patterns;
    cli_shard shard;
    int progress; /* cli_progress */
    bool recursive, force, fail_fast, dry_run, auto_shared;
} cli_many;

/* Of `surface`; what is not given is NULL. */
typedef struct cli_surface {
    const char *at, *along, *level, *to, *errors, *implicit, *lagrange, *flux, *grid, *field;
    const char *output, *plot, *range, *axes;
    cli_texts with;
    bool check;
} cli_surface;

/* Every option of every command has its field here. */
typedef struct cli_settings {
    eg_config config;
    eg_read_options read;
    eg_write_options write;
    eg_gradient_options gradient; /* its operator, border and norm serve `edges` too */
    eg_edges_options edges;
    cli_threshold low, high, above;
    int aperture;               /* 0: --op says */
    eg_terrain_options terrain; /* for every map; which one is the command's business */
    eg_ground_options ground;
    /* of `terrain`, in the order of its table; NULL: not wanted */
    const char *outputs[CLI_OUTPUTS];
    cli_vertical vertical_unit;
    int compat; /* 1: gdaldem's numbers */
    bool multidirectional, combined;
    struct cli_descent {
        eg_descent_options options;
        int steps, batch;
        uint64_t seed;
        const char *method, *from, *from_pixel, *trace, *plot, *field, *model, *data, *target;
        const char *range, *axes;
        bool equal;
    } descent;
    cli_report report;
    cli_many many;
    bool json, quiet, help, version, manual;
    const char *completion;
    const char *merged; /* the page `merge-report` writes */
    cli_surface surface;
    cli_texts lets; /* names that stand for constants in formulas */
    int digits;     /* of numbers for people */
} cli_settings;

/* A command: defined in a cmd_*.c and listed in commands.c. */
typedef struct cli_command {
    const char *name;
    const char *summary;            /* a line for lists of commands */
    const char *about;              /* paragraphs, divided by '\n' */
    const char *const *operands;    /* their names, ends with NULL; "..." ends one that repeats */
    size_t least;                   /* how many there must be */
    bool formula;                   /* operands are formulas, which may begin with a minus sign */
    const cli_group *const *groups; /* ends with NULL */
    const char *const *examples;    /* what it does, how it is typed, ...; ends with NULL */
    bool shared; /* several ranks work on it together; else the first one alone does */
    int (*run)(const cli_line *line, cli_settings *settings); /* returns an exit code */
} cli_command;

/* ---- option groups (common.c) ---------------------------------------------------------------- */

extern const cli_group picture_group, input_group, output_group, job_group, limit_group,
    operator_group, other_group;

/* The settings before any option: the library's own defaults. */
void settings_library(cli_settings *settings);

/* The first option whose row states another default than the library has; NULL: none. For tests. */
const cli_option *settings_disagreement(const cli_command *command);

/* Settles --op against --aperture and --border against --border-value. */
int operator_settle(const cli_line *line, cli_settings *settings);

/* ---- messages (message.c) -------------------------------------------------------------------- */

/* One line on standard error, "edgegrad: ...", what could drive a terminal escaped. */
void message(const char *format, ...) EG_PRINTF(1, 2);

/* The same with a pointer to --help. Returns EXIT_USAGE. `command` may be NULL. */
int usage_error(const cli_command *command, const char *format, ...) EG_PRINTF(2, 3);

/* Prints the library's message, unless --quiet. Returns the exit code. */
int report_error(const cli_settings *settings, const eg_error *error);

int exit_code(eg_status status);

/* ---- signals (message.c) --------------------------------------------------------------------- */

/* SIGINT, SIGTERM and SIGHUP ask for a clean end (a second one kills), SIGPIPE is ignored. */
void signals_catch(void);
const volatile sig_atomic_t *signal_caught(void); /* its number; 0: none */
void signal_adopt(int number); /* as if it had been caught here: another rank has */

/* ---- paths (paths.c) ------------------------------------------------------------------------- */

/* Whether a path can be what the user meant. Returns an exit code, after its message. */
int input_check(const cli_command *command, const char *path);
int output_check(const cli_command *command, const cli_settings *settings, const char *path);

/* The name of the file in a path: what stands after the last slash. */
const char *path_name(const char *path);

/* Adds a part of `length` bytes to `path`, an absolute path in `size` bytes that has no slash at
 * its end: "." changes nothing, ".." takes the last part away. False: there is no room. */
bool path_add(char *path, size_t size, const char *part, size_t length);

/* Whether two stat()s are of one file. */
bool same_inode(const struct stat *a, const struct stat *b);

/* Whether two paths, which need not exist, name one regular file; "-" names none. */
bool same_file(const char *a, const char *b);

/* Processors this process may use. */
int processors(void);

#endif
