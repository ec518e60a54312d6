/* SPDX-License-Identifier: MIT */
/*
 * Confines the process before it reads the first input, so that a file that takes over a decoder
 * reaches neither the network nor other programs nor other files.
 *
 * On Linux, Landlock limits the file system to what the command line names: reading to the folders
 * of the inputs (with their sidecar files) and of shared libraries, writing to the folders of the
 * outputs. seccomp limits the system calls to those that reading, computing and writing need. Both
 * hold for the rest of the process and for all threads that it starts.
 *
 * A command collects its paths between sandbox_begin() and sandbox_enter():
 *
 *     sandbox box;
 *     sandbox_begin(&box, args, settings);
 *     sandbox_read(&box, input);
 *     sandbox_write(&box, output);
 *     code = sandbox_enter(&box);
 */
#ifndef CLI_SANDBOX_SANDBOX_H
#define CLI_SANDBOX_SANDBOX_H

#include <limits.h>
#include <stdbool.h>

#include "cli/cli.h"

typedef struct sandbox {
    int mode;              /* cli_sandbox */
    int ruleset;           /* descriptor of the Landlock rules; -1: none */
    int failure;           /* errno of the first rule that could not be added; 0: none */
    bool children;         /* child processes are allowed */
    bool temporary;        /* the folder of temporary files may be written to */
    char folder[PATH_MAX]; /* folder of the last input, which inputs beside it need no more */
} sandbox;

/* Lets the other functions confine the process. main() calls it; programs that run commands by
 * their functions, as tests do, stay as they are. */
void sandbox_permit(void);

/* Starts to collect paths, and allows the files that options name as inputs. With --sandbox off
 * this and the other functions do nothing. */
void sandbox_begin(sandbox *box, const cli_args *args, const cli_settings *settings);

/* Allows reading a file and what is beside it, also where a symbolic link leads. `path` may be "-",
 * a pipe or NULL. */
void sandbox_read(sandbox *box, const char *path);

/* Allows writing a file, by way of a temporary file beside it. `path` may be "-", a pipe or NULL.
 */
void sandbox_write(sandbox *box, const char *path);

/* Allows reading all files in a folder. */
void sandbox_read_folder(sandbox *box, const char *path);

/* Allows writing to a folder that exists, and making folders in it. */
void sandbox_write_folder(sandbox *box, const char *path);

/* Allows child processes, which plots and exact numbers need. */
void sandbox_children(sandbox *box);

/* Allows writing a plot: reading fonts, and a child process. `path` NULL: no plot. */
void sandbox_plot(sandbox *box, const char *path);

/* Confines the process. Returns an exit code, after its message: with --sandbox auto parts that the
 * system lacks are done without, with --sandbox require they are an error. */
int sandbox_enter(sandbox *box);

#endif
