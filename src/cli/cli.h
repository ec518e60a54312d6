/* SPDX-License-Identifier: MIT */
/* Declarations that all commands share: settings, exit codes, messages, signals, paths. */
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
    EXIT_SIGNAL = 128 /* plus the number of the signal */
};

/* --sandbox */
typedef enum cli_sandbox { CLI_SANDBOX_AUTO, CLI_SANDBOX_REQUIRE, CLI_SANDBOX_OFF } cli_sandbox;

/* The settings of all commands. A command with options of its own declares a struct in its folder
 * whose first member is this one, or another struct that begins with it. */
typedef struct cli_settings {
    eg_config config;
    eg_read_options read;
    eg_write_options write;
    int sandbox; /* cli_sandbox */
    bool json, quiet, usage, help, version, overwrite, no_sync;
} cli_settings;

/* A command: defined in a cmd_*.c and listed in commands.c. */
typedef struct cli_command {
    const char *name;
    const char *summary;         /* one line for the overview */
    const char *about;           /* paragraphs separated by '\n' */
    const char *const *operands; /* names, ended by NULL; a name that ends in "..." repeats */
    size_t least;                /* the fewest operands */
    /* Returns true if options name the outputs, in place of an operand OUTPUT; NULL: never. */
    bool (*names_outputs)(const cli_settings *settings);
    bool formula;                   /* operands are formulas, which may begin with a minus sign */
    const cli_group *const *groups; /* option groups, ended by NULL */
    /* pairs of a description and a command line, ended by NULL; -h shows the first ones */
    const char *const *examples;
    size_t settings_size; /* bytes of its settings, which begin with a cli_settings */
    /* Sets the fields after cli_settings, which are zero, to the library's defaults; NULL: they
     * stay zero. */
    void (*set_defaults)(cli_settings *settings);
    bool shared; /* true: all ranks work on it together; false: only the first rank runs it */
    int (*run)(const cli_args *args, cli_settings *settings); /* returns an exit code */
} cli_command;

/* ---- option groups (groups.c) ---------------------------------------------------------------- */

/* Option groups that several commands share; their options set fields of cli_settings. */
extern const cli_group picture_group, band_group, input_group, output_group, job_group, limit_group,
    other_group;

/* The option --overwrite, for the group of a command that has files as outputs. */
#define OVERWRITE_OPTION                                                                           \
    {                                                                                              \
        .name = "overwrite", .type = OPTION_FLAG, .offset = offsetof(cli_settings, overwrite),     \
        .brief = {1, "Replace files that edgegrad did not make"},                                  \
        .help = "Replace existing files that edgegrad did not make. Without it they are refused; " \
                "its own outputs and empty files are always replaced"                              \
    }

/* The option --no-sync, for the same groups. */
#define NO_SYNC_OPTION                                                                             \
    {                                                                                              \
        .name = "no-sync", .type = OPTION_FLAG, .offset = offsetof(cli_settings, no_sync),         \
        .help = "Leave it to the system when output files reach the disc. Faster by some "         \
                "milliseconds a file; a power failure may then lose outputs that are complete"     \
    }

/* Returns the settings of a command with the library's defaults, before any option; free() releases
 * them. NULL: out of memory. */
cli_settings *settings_new(const cli_command *command);

/* ---- messages (message.c) -------------------------------------------------------------------- */

/* Prints one line "edgegrad: ..." on standard error, with control characters escaped. With several
 * ranks only the first one prints. */
void message(const char *format, ...) EG_PRINTF(1, 2);

/* Prints a message that ends in a pointer to --help. `command` may be NULL. Returns EXIT_USAGE. */
int usage_error(const cli_command *command, const char *format, ...) EG_PRINTF(2, 3);

/* Prints the message of a library error; with --quiet only usage errors and signals. Returns the
 * exit code, EXIT_DONE for EG_OK. */
int report_error(const cli_settings *settings, const eg_error *error);

/* Makes report_error() append `advice` to errors about files that could be read but for the
 * sandbox.
 */
void message_advise_on_denial(const char *advice);

/* Prints the warnings of a source, one "edgegrad: warning: NAME: text" a line, unless --quiet. */
void report_warnings(const cli_settings *settings, const char *name, const eg_source *source);

/* Ends the process without the destructors of libraries, which may allocate, as those of libstdc++
 * do: for use when memory ran out. */
_Noreturn void leave(int code);

/* Returns true if memory ran out. Reports that if nothing was reported and the exit code is
 * EXIT_LIMIT. */
bool out_of_memory(int code);

/* Sets the error "out of memory for THING". Returns EG_NO_MEMORY. */
eg_status fail_no_memory(eg_error *error, const char *thing);

/* Returns the exit code of a failure with the errno value `code`: EXIT_LIMIT without memory, else
 * EXIT_FILE. */
int errno_exit_code(int code);

/* Returns the exit code of a library status. */
int exit_code(eg_status status);

/* ---- signals (message.c) --------------------------------------------------------------------- */

/* Makes SIGINT, SIGTERM and SIGHUP request a clean exit (a second one kills), and ignores SIGPIPE
 * and SIGXFSZ. */
void signals_catch(void);

/* Returns the address of the number of the signal caught; 0: none. eg_config.cancel points there.
 */
const volatile sig_atomic_t *signal_caught(void);

/* Records a signal that another rank caught. */
void signal_adopt(int number);

/* ---- paths (paths.c) ------------------------------------------------------------------------- */

/* Refuse a terminal as input or output and a folder as output file. Return an exit code, after
 * their message. */
int input_check(const cli_command *command, const char *path);
int output_check(const cli_command *command, const cli_settings *settings, const char *path);

bool is_folder(const char *path);

/* Returns the part of a path after the last slash. */
const char *path_name(const char *path);

/* Appends a component of `length` bytes to `path`, an absolute path without a slash at its end in
 * `size` bytes. "." changes nothing, ".." removes the last component. Returns false if it does not
 * fit. */
bool path_add(char *path, size_t size, const char *part, size_t length);

/* Replaces a path in PATH_MAX bytes by the target of its symbolic links, which need not exist. */
void follow_links(char *path);

/* Returns true if both results of stat() are of one file. */
bool same_inode(const struct stat *a, const struct stat *b);

/* Return true if two paths name one file, by device and inode, or by the folder and the name of
 * their links' targets if the file does not exist yet: same_file() an input and an output that are
 * one regular file, same_output() two outputs that are one file or pipe. "-" is the standard input
 * or output. Devices such as /dev/null count as different. */
bool same_file(const char *input, const char *output);
bool same_output(const char *a, const char *b);

/* Returns the number of processors this process may use. */
int processors(void);

/* ---- time (clock.c) -------------------------------------------------------------------------- */

/* Returns the seconds since an unspecified start; the clock is never set back. */
double seconds_now(void);

#endif
