/* SPDX-License-Identifier: MIT */
/* Parses the command line by the option tables of a command. */
#include "cli/options/options.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/options/suggest.h"

/* Words of the command line still to be parsed. Operands gather at the front of the same array. */
typedef struct words {
    char **word;
    int count, next;
} words;

const cli_command *command_find(const cli_command *const *commands, const char *name)
{
    for (const cli_command *const *c = commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

const char *command_nearest(const cli_command *const *commands, const char *typed)
{
    suggestion answer;
    char lower[64];
    size_t length = strlen(typed) < sizeof lower ? strlen(typed) : sizeof lower - 1;
    for (size_t i = 0; i < length; i++)
        lower[i] = (char)tolower((unsigned char)typed[i]);
    lower[length] = '\0';
    suggest_begin(&answer, lower);
    for (const cli_command *const *c = commands; *c; c++)
        suggest_offer(&answer, (*c)->name);
    return answer.nearest;
}

/* Returns the option with a name of `length` bytes or, if `name` is NULL, with a letter; or NULL.
 */
static const cli_option *find_option(const cli_command *command, const char *name, size_t length,
                                     char letter)
{
    for (const cli_group *const *group = command->groups; *group; group++)
        for (const cli_option *option = (*group)->options; option->name; option++)
            if (name ? strncmp(option->name, name, length) == 0 && option->name[length] == 0
                     : option->letter == letter)
                return option;
    return NULL;
}

bool option_given(const cli_args *args, const char *name)
{
    for (size_t i = 0; i < args->given_count; i++)
        if (strcmp(args->given[i]->name, name) == 0)
            return true;
    return false;
}

void options_initial(const cli_group *const *groups, cli_settings *settings)
{
    char reason[REASON_SIZE];
    for (; *groups; groups++)
        for (const cli_option *option = (*groups)->options; option->name; option++)
            if (option->initial)
                option_set(option, settings, option->initial, reason);
}

/* Sets an option to `attached` or, if it needs a value and `attached` is NULL, to the next word. */
static int set_option(cli_args *args, cli_settings *settings, words *rest, const cli_option *option,
                      const char *attached)
{
    char reason[REASON_SIZE];
    bool page = option->type == OPTION_REPORT && !attached && rest->next < rest->count &&
                option_is_page(rest->word[rest->next]);
    if (!option_is_flag(option) && !attached && rest->next == rest->count)
        return usage_error(args->command, "--%s needs a value: --%s %s", option->name, option->name,
                           option->metavar);
    if (page || (!option_is_flag(option) && !attached))
        attached = rest->word[rest->next++];
    const char *value = attached ? attached : "";
    if (!option_set(option, settings, value, reason))
        return usage_error(args->command, "--%s: '%.200s' %s", option->name, value, reason);
    if (!option_given(args, option->name) && args->given_count < OPTION_LIMIT)
        args->given[args->given_count++] = option;
    return EXIT_DONE;
}

/* Reports an option of another program that stands for one of this command, of which `typed` begins
 * with the dashes. Returns EXIT_DONE without a message if it is none. */
static int check_other_program(const cli_args *args, const words *rest, const char *typed)
{
    char text[400];
    const char *value = rest->next < rest->count ? rest->word[rest->next] : NULL;
    const char *option = suggest_option(typed, value, text, sizeof text);
    if (option && find_option(args->command, option, strlen(option), 0))
        return usage_error(args->command, "%s", text);
    return EXIT_DONE;
}

/* Explains the word in the place of the command, if it is one of the field or of another program:
 * an option of what it stands for is none of the default command. Returns EXIT_DONE without a
 * message if it is none. */
static int check_word(const cli_args *args)
{
    char text[1024];
    if (args->implied && args->operand_count > 0 && access(args->operands[0], F_OK) != 0 &&
        suggest_command(args->operands[0], NULL, NULL, text, sizeof text))
        return usage_error(NULL, "%s", text);
    return EXIT_DONE;
}

/* Reports an unknown option, with the command that has it, what to type instead or the nearest
 * name. */
static int unknown_option(const cli_args *args, const words *rest, const char *name, size_t length)
{
    char typed[80];
    snprintf(typed, sizeof typed, "%.*s", (int)length, name);
    int code = check_word(args);
    if (code != EXIT_DONE)
        return code;
    for (const cli_command *const *other = args->commands; *other; other++)
        if (find_option(*other, name, length, 0))
            return usage_error(args->command, "unknown option --%s; it belongs to edgegrad %s",
                               typed, (*other)->name);
    code = check_other_program(args, rest, name - strlen("--"));
    if (code != EXIT_DONE)
        return code;
    suggestion answer;
    suggest_begin(&answer, typed);
    for (const cli_group *const *group = args->command->groups; *group; group++)
        for (const cli_option *option = (*group)->options; option->name; option++)
            suggest_offer(&answer, option->name);
    if (answer.nearest)
        return usage_error(args->command, "unknown option --%s; did you mean --%s?", typed,
                           answer.nearest);
    return usage_error(args->command, "unknown option --%s", typed);
}

/* Parses --name, --name value or --name=value; `name` begins after the dashes. */
static int parse_long(cli_args *args, cli_settings *settings, words *rest, const char *name)
{
    size_t length = strcspn(name, "=");
    const char *attached = name[length] ? name + length + 1 : NULL;
    const cli_option *option = find_option(args->command, name, length, 0);
    if (!option)
        return unknown_option(args, rest, name, length);
    bool page = option->type == OPTION_REPORT && attached && option_is_page(attached);
    if (option_is_flag(option) && attached && !page)
        return usage_error(args->command, "--%s takes no value%s", option->name,
                           option->metavar ? " but a path that ends in .html" : "");
    return set_option(args, settings, rest, option, attached);
}

/* Refuses a word after one dash that is the name of an option, or an option of another program that
 * stands for one: read as letters, -of would be -o with the value f. */
static int check_letters(const cli_args *args, const words *rest, const char *word)
{
    size_t length = strcspn(word, "=");
    if (length > 1 && find_option(args->command, word, length, 0))
        return usage_error(args->command, "unknown option -%.*s; did you mean --%.*s?", (int)length,
                           word, (int)length, word);
    return args->command->formula ? EXIT_DONE : check_other_program(args, rest, word - 1);
}

/* Reports the first letter of `word` that is no option, and those after it; all of a word that is
 * too long for letters. */
static int unknown_letters(const cli_args *args, const char *word, const char *letters)
{
    enum { LETTERS = 4 };
    int code = check_word(args);
    return code != EXIT_DONE ? code
                             : usage_error(args->command, "unknown option -%.200s",
                                           strlen(word) > LETTERS ? word : letters);
}

/* Parses -q, -t 4, -t4 or -qt4; `letters` begin after the dash. */
static int parse_letters(cli_args *args, cli_settings *settings, words *rest, const char *letters)
{
    const char *const word = letters;
    int code = check_letters(args, rest, letters);
    for (; *letters && code == EXIT_DONE; letters++) {
        const cli_option *option = find_option(args->command, NULL, 0, *letters);
        if (!option)
            return unknown_letters(args, word, letters);
        if (!option_is_flag(option))
            return set_option(args, settings, rest, option, letters[1] ? letters + 1 : NULL);
        code = set_option(args, settings, rest, option, NULL);
    }
    return code;
}

/* Returns true if `letters` can be read as short options, the last of which may have its value. */
static bool are_letters(const cli_args *args, const char *letters)
{
    for (; *letters; letters++) {
        const cli_option *option = find_option(args->command, NULL, 0, *letters);
        if (!option)
            return false;
        if (option->type == OPTION_WHOLE)
            return letters[1 + strspn(letters + 1, "0123456789")] == 0;
        if (!option_is_flag(option))
            return !strpbrk(letters, "^*(");
    }
    return true;
}

/* Returns true if a word after a minus sign is the formula of the command, rather than short
 * options or the name of an option after one dash. */
static bool is_formula(const cli_args *args, const char *word)
{
    if (!args->command->formula || *word == '-' || args->operand_count > 0)
        return false;
    return !are_letters(args, word) && !find_option(args->command, word, strcspn(word, "="), 0);
}

int options_parse(cli_args *args, cli_settings *settings, int argc, char **argv)
{
    words rest = {argv, argc, 0};
    int code = EXIT_DONE;
    bool ended = false; /* true after "--": all further words are operands */
    args->operands = argv;
    while (rest.next < rest.count && code == EXIT_DONE) {
        char *word = rest.word[rest.next++];
        if (ended || word[0] != '-' || word[1] == 0 || is_formula(args, word + 1))
            argv[args->operand_count++] = word;
        else if (strcmp(word, "--") == 0)
            ended = true;
        else if (word[1] == '-')
            code = parse_long(args, settings, &rest, word + 2);
        else
            code = parse_letters(args, settings, &rest, word + 1);
    }
    return code;
}
