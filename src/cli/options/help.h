/* SPDX-License-Identifier: MIT */
/* Help, the manual page and shell completions, generated from the commands and their option tables.
 * `commands` is the table of all commands, ended by NULL. */
#ifndef CLI_OPTIONS_HELP_H
#define CLI_OPTIONS_HELP_H

#include "cli/cli.h"

/* Prints the overview: "edgegrad --help". */
void help_overview(FILE *out, const cli_command *const *commands);

/* Prints one screen of 24 lines of 80 columns about a command, or about edgegrad if it is NULL:
 * "edgegrad slope -h" and "edgegrad -h". (brief.c) */
void help_brief(FILE *out, const cli_command *const *commands, const cli_command *command);

/* Prints the help of one command: "edgegrad slope --help". */
void help_command_page(FILE *out, const cli_command *const *commands, const cli_command *command);

/* Prints the manual page edgegrad-NAME.1 of a command in roff man macros. (man.c) */
void help_command_manual(FILE *out, const cli_command *const *commands, const cli_command *command);

/* Prints the manual page edgegrad.1 in roff man macros. (man.c) */
void help_manual(FILE *out, const cli_command *const *commands);

/* Prints the functions of formulas: "edgegrad help functions". (functions.c) */
void help_functions(FILE *out);

/* Writes the call of a function of formulas, "atan2(y, x)", and returns its meaning; NULL past the
 * last function. (functions.c) */
const char *help_function(size_t index, char *call, size_t size);

/* Prints the file formats: "edgegrad help formats". (formats.c) */
void help_formats(FILE *out);

/* Prints the manual page edgegrad-formats.5 in roff man macros. (formats.c) */
void help_formats_manual(FILE *out, const cli_command *const *commands);

/* Prints text with the characters that are special in roff escaped. (man.c) */
void roff_text(FILE *out, const char *text);

/* Prints the section SEE ALSO of a page: `own` is the name of its command, "" for edgegrad.1 and
 * NULL for edgegrad-formats.5. (man.c) */
void roff_see_also(FILE *out, const cli_command *const *commands, const char *own);

/* Prints a completion script; `shell` is "bash", "zsh" or "fish". (completion.c) */
void help_completion(FILE *out, const cli_command *const *commands, const char *shell);

/* Prints "edgegrad [edges] [options] INPUT... OUTPUT". */
void help_usage(FILE *out, const cli_command *const *commands, const cli_command *command);

/* Writes the option with its placeholder: "--sigma PIXELS". */
void help_synopsis(const cli_option *option, char *out, size_t size);

/* Writes range and default of an option, "[0 to 50 pixels; default: 1.4]"; an empty string if it
 * has neither. */
void help_note(const cli_option *option, char *out, size_t size);

#endif
