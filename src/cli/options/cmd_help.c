/* SPDX-License-Identifier: MIT */
/* edgegrad help: help on a command, the manual page and shell completions. */
#include <string.h>

#include "cli/commands.h"
#include "cli/options/help.h"
#include "cli/options/suggest.h"

typedef struct help_settings {
    cli_settings common;
    bool manual;
    const char *completion; /* a shell; NULL: not given */
} help_settings;

static const cli_option help_options[] = {
    {.name = "man",
     .type = OPTION_FLAG,
     .offset = offsetof(help_settings, manual),
     .brief = {1, "Print the manual page (roff), for 'man -l -'"},
     .help = "Print the manual page, of COMMAND if one is given (roff), for 'man -l'"},
    {.name = "completion",
     .type = OPTION_NAME,
     .offset = offsetof(help_settings, completion),
     .metavar = "SHELL",
     .brief = {1, "Print a completion script: bash, zsh or fish"},
     .help = "Print a shell script that completes commands, options and values",
     .choices =
         (const cli_choice[]){{"bash", 0, "Source it in ~/.bashrc"},
                              {"zsh", 0, "Save it as _edgegrad in a folder of $fpath"},
                              {"fish", 0, "Save it as ~/.config/fish/completions/edgegrad.fish"},
                              {NULL, 0, NULL}}},
    {.name = NULL},
};

static const cli_group help_group = {"Help", help_options, sizeof(help_settings)};

/* Topics beside the commands. */
static const struct {
    const char *name;
    void (*print)(FILE *out);
    void (*print_manual)(FILE *out, const cli_command *const *commands); /* NULL: has no page */
} topics[] = {{"functions", help_functions, NULL}, {"formats", help_formats, help_formats_manual}};

/* Reports an unknown command with the nearest name, or with what the word is. */
static int unknown_command(const cli_args *args, const char *name)
{
    char text[1024];
    suggestion topic;
    suggest_begin(&topic, name);
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        suggest_offer(&topic, topics[i].name);
    const char *command = command_nearest(args->commands, name);
    const char *nearest = command ? command : topic.nearest;
    if (suggest_command(name, NULL, NULL, text, sizeof text))
        return usage_error(args->command, "%s", text);
    if (nearest)
        return usage_error(args->command, "unknown command '%.200s'; did you mean %s?", name,
                           nearest);
    return usage_error(args->command, "unknown command '%.200s'", name);
}

/* Prints the help on the topic that the operand names. Returns an exit code. */
static int help_topic(const cli_args *args, const help_settings *settings)
{
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (strcmp(args->operands[0], topics[i].name) != 0)
            continue;
        if (settings->manual && topics[i].print_manual)
            topics[i].print_manual(stdout, args->commands);
        else
            topics[i].print(stdout);
        return EXIT_DONE;
    }
    return unknown_command(args, args->operands[0]);
}

static int run_help(const cli_args *args, cli_settings *settings)
{
    const help_settings *own = (const help_settings *)settings;
    const cli_command *about =
        args->operand_count ? command_find(args->commands, args->operands[0]) : NULL;
    if (args->operand_count && !about)
        return help_topic(args, own);
    if (own->manual && about)
        help_command_manual(stdout, args->commands, about);
    else if (own->manual)
        help_manual(stdout, args->commands);
    else if (own->completion)
        help_completion(stdout, args->commands, own->completion);
    else if (about)
        help_command_page(stdout, args->commands, about);
    else
        help_overview(stdout, args->commands);
    return EXIT_DONE;
}

const cli_command help_command = {
    .name = "help",
    .summary = "Show the options of a command, functions, file formats or the manual",
    .about = "Print the help of COMMAND, or an overview of all commands. 'edgegrad help functions' "
             "lists the functions of formulas, 'edgegrad help formats' the file formats.",
    .operands = (const char *const[]){"[COMMAND]", NULL},
    .least = 0,
    .groups = (const cli_group *const[]){&help_group, &other_group, NULL},
    .examples = (const char *const[]){"Show the options of a command", "edgegrad help gradient",
                                      "List the file formats", "edgegrad help formats",
                                      "List the functions of formulas", "edgegrad help functions",
                                      "Read the manual page", "edgegrad help --man | man -l -",
                                      "Turn on completion in bash",
                                      "source <(edgegrad help --completion bash)", NULL},
    .settings_size = sizeof(help_settings),
    .run = run_help,
};
