/* SPDX-License-Identifier: MIT */
/* Reading the command line by the rows of a command's option groups. */
#include "cli/options/options.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/options/suggest.h"

/* The words still to be read; operands gather at the front of the same array. */
typedef struct words {
    char **word;
    int count, next;
} words;

static const cli_option *find_row(const cli_command *command, const char *name, size_t length,
                                  char letter)
{
    for (const cli_group *const *group = command->groups; *group; group++)
        for (const cli_option *row = (*group)->rows; row->name; row++)
            if (name ? strncmp(row->name, name, length) == 0 && row->name[length] == 0
                     : row->letter == letter)
                return row;
    return NULL;
}

const cli_command *command_find(const cli_command *const *commands, const char *name)
{
    for (const cli_command *const *c = commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

bool option_given(const cli_line *line, const char *name)
{
    for (size_t i = 0; i < line->given_count; i++)
        if (strcmp(line->given[i]->name, name) == 0)
            return true;
    return false;
}

void options_initial(const cli_group *const *groups, cli_settings *settings)
{
    char reason[REASON_SIZE];
    for (; *groups; groups++)
        for (const cli_option *row = (*groups)->rows; row->name; row++)
            if (row->initial)
                option_set(row, settings, row->initial, reason);
}

static void note_given(cli_line *line, const cli_option *row)
{
    if (!option_given(line, row->name) && line->given_count < OPTION_LIMIT)
        line->given[line->given_count++] = row;
}

static int set_value(cli_line *line, cli_settings *settings, const cli_option *row,
                     const char *value)
{
    char reason[REASON_SIZE];
    if (!option_set(row, settings, value, reason))
        return usage_error(line->command, "--%s: '%.200s' %s", row->name, value, reason);
    note_given(line, row);
    return EXIT_DONE;
}

/* The value of `row` is `attached`, or the next word. */
static int take_value(cli_line *line, cli_settings *settings, words *rest, const cli_option *row,
                      const char *attached)
{
    bool page = row->type == OPTION_REPORT && !attached && rest->next < rest->count &&
                option_is_page(rest->word[rest->next]);
    if (!option_is_flag(row) && !attached && rest->next == rest->count)
        return usage_error(line->command, "--%s needs a value: --%s %s", row->name, row->name,
                           row->metavar);
    if (page || (!option_is_flag(row) && !attached))
        attached = rest->word[rest->next++];
    return set_value(line, settings, row, attached ? attached : "");
}

/* Returns the first command of the table that has an option of this name, or NULL. */
static const cli_command *find_owner(const cli_command *const *commands, const char *name,
                                     size_t length)
{
    for (const cli_command *const *other = commands; *other; other++)
        if (find_row(*other, name, length, 0))
            return *other;
    return NULL;
}

static int unknown_option(const cli_line *line, const char *name, size_t length)
{
    char typed[80];
    snprintf(typed, sizeof typed, "%.*s", (int)length, name);
    const cli_command *other = find_owner(line->commands, name, length);
    if (other)
        return usage_error(line->command, "unknown option --%s; it belongs to edgegrad %s", typed,
                           other->name);
    suggestion answer;
    suggest_begin(&answer, typed);
    for (const cli_group *const *group = line->command->groups; *group; group++)
        for (const cli_option *row = (*group)->rows; row->name; row++)
            suggest_offer(&answer, row->name);
    if (answer.nearest)
        return usage_error(line->command, "unknown option --%s; did you mean --%s?", typed,
                           answer.nearest);
    return usage_error(line->command, "unknown option --%s", typed);
}

/* --name, --name value, --name=value */
static int parse_long(cli_line *line, cli_settings *settings, words *rest, const char *name)
{
    size_t length = strcspn(name, "=");
    const char *attached = name[length] ? name + length + 1 : NULL;
    const cli_option *row = find_row(line->command, name, length, 0);
    if (!row)
        return unknown_option(line, name, length);
    bool page = row->type == OPTION_REPORT && attached && option_is_page(attached);
    if (option_is_flag(row) && attached && !page)
        return usage_error(line->command, "--%s takes no value%s", row->name,
                           row->metavar ? " but a name that ends in .html" : "");
    return take_value(line, settings, rest, row, attached);
}

/* -q, -t 4, -t4, -qt4 */
static int parse_letters(cli_line *line, cli_settings *settings, words *rest, const char *letters)
{
    int code = EXIT_DONE;
    for (; *letters && code == EXIT_DONE; letters++) {
        const cli_option *row = find_row(line->command, NULL, 0, *letters);
        if (!row)
            return usage_error(line->command, "unknown option -%.200s%s", letters,
                               line->command->formula ? "; a formula like that goes after --" : "");
        if (!option_is_flag(row))
            return take_value(line, settings, rest, row, letters[1] ? letters + 1 : NULL);
        code = take_value(line, settings, rest, row, NULL);
    }
    return code;
}

/* Whether a word after a minus sign is a formula rather than letters: they are not all letters, and
 * the first is none of an option's, or what follows is found in formulas only. */
static bool is_formula(const cli_line *line, const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return line->command->formula && *word != '-' && word[strspn(word, letters)] &&
           (!find_row(line->command, NULL, 0, *word) || strpbrk(word, "^*("));
}

int options_parse(cli_line *line, cli_settings *settings, int argc, char **argv)
{
    words rest = {argv, argc, 0};
    int code = EXIT_DONE;
    bool ended = false; /* by "--": the rest are operands */
    line->operands = argv;
    while (rest.next < rest.count && code == EXIT_DONE) {
        char *word = rest.word[rest.next++];
        if (ended || word[0] != '-' || word[1] == 0 || is_formula(line, word + 1))
            argv[line->operand_count++] = word;
        else if (strcmp(word, "--") == 0)
            ended = true;
        else if (word[1] == '-')
            code = parse_long(line, settings, &rest, word + 2);
        else
            code = parse_letters(line, settings, &rest, word + 1);
    }
    return code;
}
