/* SPDX-License-Identifier: MIT */
/* --help, from the command table and the option rows. */
#include "cli/options/help.h"

#include <string.h>

#include "cli/support/text.h"

enum {
    SUMMARY_COLUMN = 16,
    OPTION_COLUMN = 28,
    CHOICE_COLUMN = 30,
    CHOICE_TEXT = 41,
    NOTE_SIZE = 256
};

void help_synopsis(const cli_option *row, char *out, size_t size)
{
    snprintf(out, size, "--%s%s%s", row->name, row->metavar ? " " : "",
             row->metavar ? row->metavar : "");
}

void help_note(const cli_option *row, char *out, size_t size)
{
    char range[80];
    option_range(row, range, sizeof range);
    const char *initial = row->absent ? row->absent : row->initial;
    const char *unit = row->unit ? row->unit : "";
    *out = 0;
    if (range[0] && row->type != OPTION_THRESHOLD && row->max < 1e9)
        snprintf(out, size, "[%s%s%s%s%s]", range, *unit ? " " : "", unit,
                 initial ? "; default: " : "", initial ? initial : "");
    else if (initial)
        snprintf(out, size, "[default: %s%s%s]", initial, *unit ? " " : "", unit);
}

/* "edgegrad [edges] [options] INPUT OUTPUT" */
static void put_synopsis(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    bool implied = command == commands[0];
    fprintf(out, "edgegrad %s%s%s [options]", implied ? "[" : "", command->name,
            implied ? "]" : "");
    for (const char *const *operand = command->operands; *operand; operand++)
        fprintf(out, " %s", *operand);
    fputc('\n', out);
}

void help_usage(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    fputs("usage: ", out);
    put_synopsis(out, commands, command);
}

static void put_examples(FILE *out, const cli_command *command)
{
    fputs("\nExamples:\n", out);
    for (const char *const *e = command->examples; *e; e += 2)
        fprintf(out, "  # %s\n  %s\n", e[0], e[1]);
}

void help_overview(FILE *out, const cli_command *const *commands)
{
    text_wrapped(out, "edgegrad: gradients of grids: the edges of pictures, the slopes of terrain.",
                 0, 0);
    fputc('\n', out);
    for (const cli_command *const *c = commands; *c; c++) {
        fputs(c == commands ? "usage: " : "       ", out);
        put_synopsis(out, commands, *c);
    }
    fputs("\nCommands:\n", out);
    for (const cli_command *const *c = commands; *c; c++) {
        int at = fprintf(out, "  %s", (*c)->name);
        text_wrapped(out, (*c)->summary, SUMMARY_COLUMN, (size_t)at);
    }
    put_examples(out, commands[0]);
    fputc('\n', out);
    text_wrapped(out,
                 "edgegrad COMMAND --help shows the options of a command, edgegrad --version what "
                 "this build can do.",
                 0, 0);
}

static void put_choices(FILE *out, const cli_option *row)
{
    const char *help, *name;
    for (size_t i = 0; (name = option_choice(row, i, &help)) != NULL; i++) {
        int at = fprintf(out, "%*s%s", CHOICE_COLUMN, "", name);
        if (at + 1 >= CHOICE_TEXT) {
            fputc('\n', out);
            at = 0;
        }
        text_wrapped(out, help ? help : "", CHOICE_TEXT, (size_t)at);
    }
}

static void put_option(FILE *out, const cli_option *row)
{
    char synopsis[64], note[NOTE_SIZE], text[1024];
    help_synopsis(row, synopsis, sizeof synopsis);
    help_note(row, note, sizeof note);
    snprintf(text, sizeof text, "%s%s%s", row->help, note[0] ? " " : "", note);
    int at = row->letter ? fprintf(out, "  -%c, %s", row->letter, synopsis)
                         : fprintf(out, "      %s", synopsis);
    if (at + 1 >= OPTION_COLUMN) {
        fputc('\n', out);
        at = 0;
    }
    text_wrapped(out, text, OPTION_COLUMN, (size_t)at);
    put_choices(out, row);
}

void help_command_page(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    help_usage(out, commands, command);
    fputc('\n', out);
    text_wrapped(out, command->about, 0, 0);
    for (const cli_group *const *group = command->groups; *group; group++) {
        fprintf(out, "\n%s:\n", (*group)->title);
        for (const cli_option *row = (*group)->rows; row->name; row++)
            if (!row->hidden)
                put_option(out, row);
    }
    put_examples(out, command);
    fputs("\nA few rarely needed options are in the manual: edgegrad help --man | man -l -\n", out);
}
