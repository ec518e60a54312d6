/* SPDX-License-Identifier: MIT */
/* Checks of output files before anything is read or written: no output is an input or another
 * output, and no file of another program is replaced unasked. */
#ifndef CLI_SUPPORT_FILE_CHECK_H
#define CLI_SUPPORT_FILE_CHECK_H

#include "cli/cli.h"

/* A file of the command line: a path, "-" or NULL (not given), and what it is: "INPUT", "--trace".
 */
typedef struct cli_file {
    const char *label, *path;
} cli_file;

/* Refuse an output that is the input, or two outputs that are one file, under whatever names.
 * Return an exit code, after its message. */
int file_check_input(const cli_command *command, cli_file input, cli_file output);
int file_check_outputs(const cli_command *command, cli_file a, cli_file b);

/* Returns EG_OK if a file may be written to `path` (may be NULL): nothing is there, or an empty
 * file, a pipe or a device, or a file that edgegrad wrote or, by its format and header, may have
 * written, or --overwrite was given. Else EG_FILE, whose message ends in `advice` (may be NULL). */
eg_status file_check_replace(const cli_settings *settings, const char *path, const char *advice,
                             eg_error *error);

/* Checks an existing output file as file_check_replace() does, but prints no advice. Returns an
 * exit code, after its message. */
int file_check_replaceable(const cli_settings *settings, const char *path);

#endif
