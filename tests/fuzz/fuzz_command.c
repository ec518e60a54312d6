/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the command lines of `surface` and `descent`: any text, one argument a line, is
 * run as the command would run it, but writes no files, reads only a small table of its own, and
 * stops after a few steps.
 *
 * libFuzzer: -max_len=512 -only_ascii=1 -rss_limit_mb=1024
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "cli/commands.h"
#include "cli/descent/descent.h"
#include "cli/surface/surface.h"
#include "fuzz.h"

enum { ARGUMENTS = 64, STEPS = 50, POINTS = 4096 };

/* The table of --data, whatever its name. */
static const char table[] = "t,y,s\n0,10,1\n1,6.1,1\n2,3.6,2\n3,2.2,1\n4,1.4,0.5\n";

/* Replaces what would read or write files or take long. */
static void restrict_settings(const cli_args *args, cli_settings *settings)
{
    settings->config.threads = 1;
    settings->config.max_memory = 64 << 20;
    settings->config.max_pixels = POINTS;
    if (args->command == &surface_command) {
        surface_settings *own = (surface_settings *)settings;
        own->field = own->output = own->plot = NULL;
    } else {
        descent_settings *own = (descent_settings *)settings;
        own->field = own->trace = own->plot = NULL;
        own->data = own->data ? fuzz_file("data.csv", table, sizeof table - 1) : NULL;
        own->steps = own->steps < STEPS ? own->steps : STEPS;
        own->optimizer.seconds = 1;
    }
}

/* Parses the arguments and runs the command. Returns its exit code. */
static int run(const cli_command *command, int count, char **arguments)
{
    cli_args args = {.commands = commands, .command = command, .argv_copy = arguments};
    cli_settings *settings = settings_new(command);
    if (!settings)
        abort();
    options_initial(command->groups, settings);
    int code = options_parse(&args, settings, count, arguments);
    bool runs = code == EXIT_DONE && !settings->help && !settings->version;
    restrict_settings(&args, settings);
    if (runs && args.operand_count <= 1)
        code = command->run(&args, settings);
    free(settings);
    return code;
}

/* Splits the text at its line ends; the first line is the command. Returns the number of lines. */
static int split(char *text, char *lines[ARGUMENTS])
{
    int count = 0;
    for (char *line; count < ARGUMENTS && (line = strsep(&text, "\n")) != NULL;)
        lines[count++] = line;
    if (count > 1 && lines[count - 1][0] == 0)
        count--;
    return count;
}

/* Returns true if the text has a number that is not finite. */
static bool has_bare_nan(const char *text)
{
    for (const char *at = text; (at = strstr(at, "nan")) != NULL; at++) {
        bool starts = at == text || strchr(" (-=,:", at[-1]) != NULL;
        if (starts && (at[3] == 0 || strchr(" ),;\n", at[3])))
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), *lines[ARGUMENTS];
    capture output;
    bool named_nan = strstr(text, "nan") != NULL;
    int count = split(text, lines);
    const cli_command *command =
        strcmp(lines[0], "descent") == 0 ? &descent_command : &surface_command;
    capture_begin(&output);
    int code = run(command, count - 1, lines + 1);
    capture_end(&output);
    require(code >= EXIT_DONE && code <= EXIT_LIMIT, "an exit code of the manual", NULL);
    require(code != EXIT_USAGE || (output.complaints_size > 0 && output.printed_size == 0),
            "bad input is refused with a message before any output", NULL);
    require(named_nan || !has_bare_nan(output.printed), "no number is printed as nan", NULL);
    capture_free(&output);
    free(text);
    return 0;
}
