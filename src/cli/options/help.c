/* SPDX-License-Identifier: MIT */
/* Prints --help from the commands and their option tables. */
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

void help_synopsis(const cli_option *option, char *out, size_t size)
{
    snprintf(out, size, "--%s%s%s", option->name, option->metavar ? " " : "",
             option->metavar ? option->metavar : "");
}

void help_note(const cli_option *option, char *out, size_t size)
{
    char range[80];
    option_range(option, range, sizeof range);
    const char *initial = option->absent ? option->absent : option->initial;
    const char *unit = option->unit ? option->unit : "";
    *out = 0;
    if (range[0] && option->type != OPTION_THRESHOLD && option->max < 1e9)
        snprintf(out, size, "[%s%s%s%s%s]", range, *unit ? " " : "", unit,
                 initial ? "; default: " : "", initial ? initial : "");
    else if (initial)
        snprintf(out, size, "[default: %s%s%s]", initial, *unit ? " " : "", unit);
}

void help_usage(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    bool implied = command == commands[0];
    fprintf(out, "edgegrad %s%s%s [options]", implied ? "[" : "", command->name,
            implied ? "]" : "");
    for (const char *const *operand = command->operands; *operand; operand++)
        fprintf(out, " %s", *operand);
    fputc('\n', out);
}

static void print_examples(FILE *out, const cli_command *command)
{
    fputs("\nExamples:\n", out);
    for (const char *const *e = command->examples; *e; e += 2)
        fprintf(out, "  # %s\n  %s\n", e[0], e[1]);
}

void help_overview(FILE *out, const cli_command *const *commands)
{
    text_wrapped(out,
                 "edgegrad finds edges in images. The same engine computes slope, aspect and "
                 "hillshade from elevation models, and the gradient of any function you type.",
                 0, 0);
    fputc('\n', out);
    for (const cli_command *const *c = commands; *c; c++) {
        fputs(c == commands ? "usage: " : "       ", out);
        help_usage(out, commands, *c);
    }
    fputs("\nCommands:\n", out);
    for (const cli_command *const *c = commands; *c; c++) {
        int at = fprintf(out, "  %s", (*c)->name);
        text_wrapped(out, (*c)->summary, SUMMARY_COLUMN, (size_t)at);
    }
    print_examples(out, commands[0]);
    fputc('\n', out);
    text_wrapped(
        out,
        "See 'edgegrad COMMAND --help' for the options of a command, 'edgegrad help formats' for "
        "the file formats, and 'edgegrad --version' for the libraries of this build.",
        0, 0);
}

static void print_choices(FILE *out, const cli_option *option)
{
    const char *help, *name;
    for (size_t i = 0; (name = option_choice(option, i, &help)) != NULL; i++) {
        int at = fprintf(out, "%*s%s", CHOICE_COLUMN, "", name);
        if (at + 1 >= CHOICE_TEXT) {
            fputc('\n', out);
            at = 0;
        }
        text_wrapped(out, help ? help : "", CHOICE_TEXT, (size_t)at);
    }
}

static void print_option(FILE *out, const cli_option *option)
{
    char synopsis[64], note[NOTE_SIZE], text[1024];
    help_synopsis(option, synopsis, sizeof synopsis);
    help_note(option, note, sizeof note);
    snprintf(text, sizeof text, "%s%s%s", option->help, note[0] ? " " : "", note);
    int at = option->letter ? fprintf(out, "  -%c, %s", option->letter, synopsis)
                            : fprintf(out, "      %s", synopsis);
    if (at + 1 >= OPTION_COLUMN) {
        fputc('\n', out);
        at = 0;
    }
    text_wrapped(out, text, OPTION_COLUMN, (size_t)at);
    print_choices(out, option);
}

void help_command_page(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    fputs("usage: ", out);
    help_usage(out, commands, command);
    fputc('\n', out);
    text_wrapped(out, command->about, 0, 0);
    for (const cli_group *const *group = command->groups; *group; group++) {
        fprintf(out, "\n%s:\n", (*group)->title);
        for (const cli_option *option = (*group)->options; option->name; option++)
            if (!option->hidden)
                print_option(out, option);
    }
    print_examples(out, command);
    fprintf(out,
            "\nThe manual page lists a few more options: man edgegrad-%s, or\n"
            "edgegrad help %s --man | man -l -\n",
            command->name, command->name);
}
