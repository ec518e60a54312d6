/* SPDX-License-Identifier: MIT */
/* Everything that is printed from the command table and the option rows. */
#ifndef CLI_OPTIONS_HELP_H
#define CLI_OPTIONS_HELP_H

#include "cli/cli.h"

/* What "edgegrad" and "edgegrad --help" print. */
void help_overview(FILE *out, const cli_command *const *commands);

/* "usage: edgegrad gradient [options] INPUT OUTPUT" */
void help_usage(FILE *out, const cli_command *const *commands, const cli_command *command);

void help_command_page(FILE *out, const cli_command *const *commands, const cli_command *command);

/* edgegrad.1, in the man macros of roff. (man.c) */
void help_manual(FILE *out, const cli_command *const *commands);

/* A completion script for "bash", "zsh" or "fish". (completion.c) */
void help_completion(FILE *out, const cli_command *const *commands, const char *shell);

/* "--sigma PIXELS" */
void help_synopsis(const cli_option *row, char *out, size_t size);

/* What follows the help text of a row: "[0 to 50 pixels; default: 1.4]"; empty where there is
 * nothing. */
void help_note(const cli_option *row, char *out, size_t size);

#endif
