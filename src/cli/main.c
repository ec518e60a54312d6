/* SPDX-License-Identifier: MIT */
/* The command: which of the table is meant, its options, its end. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/options/help.h"
#include "cli/options/suggest.h"
#include "cli/ranks/ranks.h"

/* A first operand that could be a command's name gone wrong; NULL: none. */
static const char *meant_command(const cli_line *line)
{
    suggestion answer;
    if (!line->implied || line->operand_count == 0 || access(line->operands[0], F_OK) == 0)
        return NULL;
    suggest_begin(&answer, line->operands[0]);
    for (const cli_command *const *c = line->commands; *c; c++)
        suggest_offer(&answer, (*c)->name);
    return answer.nearest;
}

/* Says which operand is missing, too much, or a command's name gone wrong. */
static int operands_error(const cli_line *line, size_t known)
{
    const cli_command *command = line->command;
    const char *first = line->operand_count ? line->operands[0] : "";
    const char *meant = meant_command(line);
    if (meant && command_find(line->commands, first))
        message("the command comes before its options: edgegrad %s ...", meant);
    else if (meant)
        message("there is no command '%.200s'; did you mean %s?", first, meant);
    else if (line->operand_count < command->least) {
        const char *name = command->operands[line->operand_count];
        message("%.*s is missing", name ? (int)strcspn(name, ".") : 0, name ? name : "");
    } else
        message("'%.200s' is one operand too many", line->operands[known]);
    if (rank_number() == 0) {
        help_usage(stderr, line->commands, command);
        fprintf(stderr, "see edgegrad %s --help\n", command->name);
    }
    return EXIT_USAGE;
}

static int check_operands(const cli_line *line)
{
    size_t known = 0;
    while (line->command->operands[known])
        known++;
    bool repeats = false;
    for (size_t i = 0; i < known; i++)
        repeats = repeats || strstr(line->command->operands[i], "...");
    bool named = strcmp(line->command->operands[known - 1], "OUTPUT") == 0;
    size_t least = line->command->least - (named && option_given(line, "output"));
    bool wrong = line->operand_count < least || (line->operand_count > known && !repeats);
    bool slip = rank_number() == 0 && meant_command(line); /* looks for files */
    if (line->command->shared)
        ranks_broadcast(&slip, sizeof slip, 0);
    if (wrong || slip)
        return operands_error(line, known);
    return EXIT_DONE;
}

static int print_version(const cli_settings *settings)
{
    eg_error error = {0};
    eg_context *ctx = NULL;
    if (eg_context_new(&ctx, &settings->config, &error) != EG_OK)
        return report_error(settings, &error);
    printf("edgegrad %s\n%s\n", EG_VERSION, eg_build_info());
    printf("instruction set: %s\n", eg_cpu_name(ctx));
    printf("threads: %d\n", settings->config.threads ? settings->config.threads : processors());
    eg_context_free(ctx);
    return EXIT_DONE;
}

static int run(cli_line *line, cli_settings *settings, int argc, char **argv)
{
    int code = options_parse(line, settings, argc, argv);
    if (code != EXIT_DONE)
        return code;
    bool told = settings->version || settings->help || !line->command->shared;
    if (told && rank_number() > 0)
        return EXIT_DONE;
    if (settings->version)
        return print_version(settings);
    if (settings->help && line->implied)
        help_overview(stdout, line->commands);
    else if (settings->help)
        help_command_page(stdout, line->commands, line->command);
    else if ((code = check_operands(line)) == EXIT_DONE)
        code = line->command->run(line, settings);
    return code;
}

/* Text that could not be written is a failure too; a reader that has left needs no message. */
static int close_stdout(int code)
{
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed)
        return code;
    if (errno != EPIPE)
        message("standard output: %s", strerror(errno));
    return code > EXIT_FILE ? code : EXIT_FILE;
}

/* With descriptor 0, 1 or 2 closed, the next file opened would take its place. */
static void hold_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY); /* using it fails */
}

/* Reading the options moves the words about. */
static char **copy_words(int argc, char **argv)
{
    char **words = calloc((size_t)argc + 1, sizeof *words);
    if (words)
        memcpy(words, argv, (size_t)argc * sizeof *words);
    if (words)
        words[0] = "edgegrad";
    return words;
}

/* `argv` has at least one word besides the program's name. */
static int run_line(int argc, char **argv)
{
    const cli_command *named = command_find(commands, argv[1]);
    cli_line line = {
        .commands = commands, .command = named ? named : commands[0], .implied = !named};
    int skip = named ? 2 : 1;
    cli_settings *settings = settings_new(line.command);
    if (!settings) {
        message("out of memory");
        return EXIT_LIMIT;
    }
    options_initial(line.command->groups, settings);
    line.words = copy_words(argc, argv);
    line.word_count = line.words ? (size_t)argc : 0;
    int code = run(&line, settings, argc - skip, argv + skip);
    free(line.words);
    free(settings);
    return code;
}

/* All ranks end with the same code. */
int main(int argc, char **argv)
{
    int code = EXIT_USAGE;
    hold_descriptors();
    ranks_begin(&argc, &argv);
    signals_catch();
    if (argc >= 2)
        code = run_line(argc, argv);
    else if (rank_number() == 0)
        help_overview(stderr, commands);
    code = ranks_largest(close_stdout(code));
    ranks_end();
    return code;
}
