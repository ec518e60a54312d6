/* SPDX-License-Identifier: MIT */
/* Prints -h: one screen with the options used most, chosen by the briefs of the option tables. */
#include <string.h>

#include "cli/options/help.h"

enum { BRIEF_COLUMNS = 80, BRIEF_OPTIONS = 10, BRIEF_EXAMPLES = 3, TEXT_COLUMN = 28 };

/* Returns how many options of the command have the rank. */
static int count_rank(const cli_command *command, int rank)
{
    int count = 0;
    for (const cli_group *const *group = command->groups; *group; group++)
        for (const cli_option *option = (*group)->options; option->name; option++)
            count += option->brief.rank == rank;
    return count;
}

static void print_option(FILE *out, const cli_option *option)
{
    char synopsis[64];
    help_synopsis(option, synopsis, sizeof synopsis);
    int at = option->letter ? fprintf(out, "  -%c, %s", option->letter, synopsis)
                            : fprintf(out, "      %s", synopsis);
    fprintf(out, "%*s%s\n", TEXT_COLUMN > at ? TEXT_COLUMN - at : 1, "", option->brief.text);
}

/* Prints at most BRIEF_OPTIONS options, those of the lowest ranks, in the order of --help. */
static void print_options(FILE *out, const cli_command *command)
{
    int room[BRIEF_RANKS + 1] = {0}, left = BRIEF_OPTIONS; /* room: for the options of a rank */
    for (int rank = 1; rank <= BRIEF_RANKS; rank++) {
        const int count = count_rank(command, rank);
        room[rank] = count < left ? count : left;
        left -= room[rank];
    }
    for (const cli_group *const *group = command->groups; *group; group++)
        for (const cli_option *option = (*group)->options; option->name; option++)
            if (option->brief.rank && room[option->brief.rank]-- > 0)
                print_option(out, option);
}

static void print_examples(FILE *out, const cli_command *command, int most)
{
    int count = 0;
    for (const char *const *e = command->examples; *e && count < most; e += 2, count++)
        fprintf(out, "  # %s\n  %s\n", e[0], e[1]);
}

/* Prints the names of all commands, separated by commas. */
static void print_commands(FILE *out, const cli_command *const *commands)
{
    int at = fprintf(out, "commands:");
    for (const cli_command *const *c = commands; *c; c++) {
        const int width = (int)strlen((*c)->name) + 2;
        if (at + width > BRIEF_COLUMNS)
            at = fprintf(out, "\n         ") - 1;
        at += fprintf(out, " %s%s", (*c)->name, c[1] ? "," : "\n");
    }
}

void help_brief(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    if (command) {
        fprintf(out, "%s.\n\nusage: ", command->summary);
        help_usage(out, commands, command);
    } else {
        fputs("edgegrad finds edges in images, and gradients of rasters and of functions.\n\n"
              "usage: edgegrad [COMMAND] [options] INPUT... OUTPUT\n",
              out);
        print_commands(out, commands);
    }
    fputc('\n', out);
    print_options(out, command ? command : commands[0]);
    fputc('\n', out);
    print_examples(out, command ? command : commands[0], command ? BRIEF_EXAMPLES : 2);
    const char *name = command ? command->name : "COMMAND";
    fprintf(out, "\nAll options: edgegrad %s --help; manual: man edgegrad-%s\n", name, name);
}
