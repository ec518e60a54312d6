/* SPDX-License-Identifier: MIT */
/* edgegrad help: help on a command, the manual page, shell completions. */
#include "cli/commands.h"
#include "cli/options/help.h"
#include "cli/options/suggest.h"

typedef struct help_settings {
    cli_settings common;
    bool manual;
    const char *completion; /* a shell; NULL: not given */
} help_settings;

static const cli_option rows[] = {
    {.name = "man",
     .type = OPTION_FLAG,
     .offset = offsetof(help_settings, manual),
     .help = "print the manual page (roff), for 'man -l' or a file edgegrad.1"},
    {.name = "completion",
     .type = OPTION_NAME,
     .offset = offsetof(help_settings, completion),
     .metavar = "SHELL",
     .help = "print a script that completes commands, options and values with the Tab key",
     .choices =
         (const cli_choice[]){{"bash", 0, "source it in ~/.bashrc"},
                              {"zsh", 0, "save it as _edgegrad in a folder of $fpath"},
                              {"fish", 0, "save it as ~/.config/fish/completions/edgegrad.fish"},
                              {NULL, 0, NULL}}},
    {.name = NULL},
};

static const cli_group help_group = {"Help", rows, sizeof(help_settings)};

static int unknown_command(const cli_line *line, const char *name)
{
    suggestion answer;
    suggest_begin(&answer, name);
    for (const cli_command *const *c = line->commands; *c; c++)
        suggest_offer(&answer, (*c)->name);
    if (answer.nearest)
        return usage_error(line->command, "there is no command '%.200s'; did you mean %s?", name,
                           answer.nearest);
    return usage_error(line->command, "there is no command '%.200s'", name);
}

static int run(const cli_line *line, cli_settings *settings)
{
    const help_settings *own = (const help_settings *)settings;
    const cli_command *about =
        line->operand_count ? command_find(line->commands, line->operands[0]) : NULL;
    if (line->operand_count && !about)
        return unknown_command(line, line->operands[0]);
    if (own->manual)
        help_manual(stdout, line->commands);
    else if (own->completion)
        help_completion(stdout, line->commands, own->completion);
    else if (about)
        help_command_page(stdout, line->commands, about);
    else
        help_overview(stdout, line->commands);
    return EXIT_DONE;
}

const cli_command help_command = {
    .name = "help",
    .summary = "shows the options of a command, the manual page, shell completions",
    .about = "Prints help on COMMAND, or an overview.",
    .operands = (const char *const[]){"[COMMAND]", NULL},
    .least = 0,
    .groups = (const cli_group *const[]){&help_group, &other_group, NULL},
    .examples = (const char *const[]){"the options of a command", "edgegrad help gradient",
                                      "read the manual", "edgegrad help --man | man -l -",
                                      "complete with the Tab key in bash",
                                      "source <(edgegrad help --completion bash)", NULL},
    .settings_size = sizeof(help_settings),
    .run = run,
};
