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

/* The settings of all commands. A command with options of its own declares a struct in its folder
 * whose first member is this one, or another struct that begins with it. */
typedef struct cli_settings {
    eg_config config;
    eg_read_options read;
    eg_write_options write;
    bool json, quiet, help, version;
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
    size_t settings_size;           /* bytes of its settings, which begin with a cli_settings */
    void (*set_defaults)(cli_settings *settings); /* fills the rest of them, zeroed before; NULL:
                                                     it stays zero */
    bool shared; /* several ranks work on it together; else the first one alone does */
    int (*run)(const cli_line *line, cli_settings *settings); /* returns an exit code */
} cli_command;

/* ---- option groups (groups.c) ---------------------------------------------------------------- */

/* Option groups that several commands share; their rows fill fields of cli_settings. */
extern const cli_group picture_group, input_group, output_group, job_group, limit_group,
    other_group;

/* Returns the settings of a command with the library's defaults, before any option; free() releases
 * them. NULL: out of memory. */
cli_settings *settings_new(const cli_command *command);

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
