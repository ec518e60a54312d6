/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the option parser: a text, one word a line, is a command line, which is parsed
 * with the option rows of its command but not run. The same words give the same settings.
 *
 * libFuzzer: -max_len=256 -only_ascii=1
 */
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "cli/batch/batch.h"
#include "cli/commands.h"
#include "cli/options/help.h"
#include "cli/options/suggest.h"
#include "fuzz.h"

enum { WORDS = 64 };

/* A command line that has been parsed. */
typedef struct parsed {
    cli_args args;
    cli_settings *settings;
    char *words[WORDS];
    int count, code;
} parsed;

static size_t split(char *text, char *words[WORDS])
{
    size_t count = 0;
    for (char *word; count < WORDS && (word = strsep(&text, "\n")) != NULL;)
        words[count++] = word;
    return count;
}

static void parse(parsed *p, char *text)
{
    *p = (parsed){0};
    p->count = (int)split(text, p->words);
    p->args = (cli_args){.commands = commands, .command = commands[0], .argv_copy = p->words};
    const cli_command *named = command_find(commands, p->words[0]);
    if (named)
        p->args.command = named;
    p->settings = settings_new(p->args.command);
    if (!p->settings)
        abort();
    options_initial(p->args.command->groups, p->settings);
    p->code = options_parse(&p->args, p->settings, p->count - (named != NULL),
                            p->words + (named != NULL));
}

/* Requires that each option that was given is in the table once, and that operands are words. */
static void check_args(const parsed *p)
{
    const cli_args *args = &p->args;
    require(args->given_count <= OPTION_LIMIT && args->operand_count <= (size_t)p->count,
            "no more options and operands than words", NULL);
    for (size_t i = 0; i < args->given_count; i++) {
        char range[128], note[1024];
        option_range(args->given[i], range, sizeof range);
        help_note(args->given[i], note, sizeof note);
        for (size_t k = 0; k < i; k++)
            require(args->given[k] != args->given[i], "an option is listed once", NULL);
        require(option_given(args, args->given[i]->name), "an option that is listed was given",
                NULL);
    }
}

static void check_suggestions(const parsed *p)
{
    char text[1024];
    const char *word = p->words[0], *value = p->count > 1 ? p->words[1] : NULL;
    const char *nearest = command_nearest(commands, word);
    require(!nearest || command_find(commands, nearest), "a command that exists is suggested",
            NULL);
    suggest_command(word, value, NULL, text, sizeof text);
    suggest_option(word, value, text, sizeof text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    parsed first, second;
    capture output;
    char *text = fuzz_text(data, size), *again = fuzz_text(data, size);
    capture_begin(&output);
    parse(&first, text);
    check_args(&first);
    check_suggestions(&first);
    capture_end(&output);
    require(first.code == EXIT_DONE || first.code == EXIT_USAGE, "an exit code of the parser",
            NULL);
    require((first.code == EXIT_USAGE) == (output.complaints_size > 0) && output.printed_size == 0,
            "bad input is refused with a message, good input without", NULL);
    if (first.code == EXIT_DONE) {
        parse(&second, again);
        require(second.code == EXIT_DONE && batch_options_hash(&first.args, first.settings) ==
                                                batch_options_hash(&second.args, second.settings),
                "the same words give the same settings", NULL);
        free(second.settings);
    }
    free(first.settings);
    capture_free(&output);
    free(again);
    free(text);
    return 0;
}
