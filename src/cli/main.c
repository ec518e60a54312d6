/* SPDX-License-Identifier: MIT */
/* main(): finds the command, parses its options, checks its operands and runs it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/options/help.h"
#include "cli/options/suggest.h"
#include "cli/ranks/ranks.h"
#include "cli/sandbox/sandbox.h"

/* Refuses a first operand that was meant as a command: a misspelt one, a word of the field, or any
 * word before two operands. It is no file, and the command line names no command. Returns an exit
 * code, after its message. */
static int check_first_operand(const cli_args *args)
{
    char text[1024];
    const size_t count = args->operand_count;
    if (!args->implied || count == 0 || access(args->operands[0], F_OK) == 0)
        return EXIT_DONE;
    const char *word = args->operands[0], *input = count > 1 ? args->operands[1] : NULL;
    const char *nearest = command_nearest(args->commands, word);
    if (suggest_command(word, input, count > 2 ? args->operands[count - 1] : NULL, text,
                        sizeof text))
        return usage_error(NULL, "%s", text);
    if (nearest && command_find(args->commands, word))
        return usage_error(NULL, "the command comes before its options: edgegrad %s ...", nearest);
    if (nearest)
        return usage_error(NULL, "unknown command '%.200s'; did you mean %s?", word, nearest);
    if (count < 3 || strpbrk(word, "./"))
        return EXIT_DONE;
    const char *last = args->operands[count - 1];
    if (option_given(args, "output") || is_folder(last))
        return usage_error(NULL, "'%.200s' is neither a command nor a file", word);
    return usage_error(
        NULL, "'%.200s' is neither a command nor a file, and '%.200s' is not a folder", word, last);
}

/* Reports a missing operand with all operands of the command. */
static int missing_operand(const cli_args *args)
{
    const cli_command *command = args->command;
    const char *const missing = command->operands[args->operand_count];
    const char *name = missing ? missing : "operand";
    char operands[100] = "";
    size_t used = 0;
    for (const char *const *o = command->operands; *o && used < sizeof operands; o++)
        used += (size_t)snprintf(operands + used, sizeof operands - used, " %s", *o);
    return usage_error(command, "missing %.*s: edgegrad %s%s", (int)strcspn(name, "."), name,
                       command->name, operands);
}

/* Checks the number of operands. Returns an exit code, after its message. */
static int check_operands(const cli_args *args, const cli_settings *settings)
{
    const cli_command *command = args->command;
    size_t known = 0;
    bool repeats = false;
    for (; command->operands[known]; known++)
        repeats = repeats || strstr(command->operands[known], "...");
    bool named = strcmp(command->operands[known - 1], "OUTPUT") == 0;
    const bool elsewhere = option_given(args, "output") ||
                           (command->names_outputs && command->names_outputs(settings));
    size_t least = command->least - (named && elsewhere);
    int code = rank_number() == 0 ? check_first_operand(args) : EXIT_DONE;
    if (command->shared) /* other ranks may see other files */
        ranks_broadcast(&code, sizeof code, 0);
    if (code != EXIT_DONE)
        return code;
    if (args->operand_count < least)
        return missing_operand(args);
    if (args->operand_count > known && !repeats)
        return usage_error(command, "unexpected operand '%.200s'%s", args->operands[known],
                           command->formula ? "; a formula or a point that has blanks stands in "
                                              "quotes, and a point after --at or --from"
                                            : "");
    return EXIT_DONE;
}

/* Prints the published vulnerabilities of libraries by their version numbers. */
static void print_advisories(void)
{
    for (size_t i = 0; eg_library_advisory(i); i++)
        printf("%s%s\n",
               i == 0 ? "\nVulnerabilities by version number, which distributions mend without a "
                        "new number:\n"
                      : "",
               eg_library_advisory(i));
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
    print_advisories();
    return EXIT_DONE;
}

/* Parses `argv`, the words after the command, and runs the command or prints what -h,
 * --help and --version ask for. Returns an exit code. */
static int parse_and_run(cli_args *args, cli_settings *settings, int argc, char **argv)
{
    int code = options_parse(args, settings, argc, argv);
    if (code != EXIT_DONE)
        return code;
    settings->config.sync = !settings->no_sync;
    const bool asks = settings->version || settings->help || settings->usage;
    const bool one_rank = asks || !args->command->shared;
    if (one_rank && rank_number() > 0)
        return EXIT_DONE;
    if (settings->version)
        return print_version(settings);
    if (settings->help && args->implied)
        help_overview(stdout, args->commands);
    else if (settings->help)
        help_command_page(stdout, args->commands, args->command);
    else if (settings->usage)
        help_brief(stdout, args->commands, args->implied ? NULL : args->command);
    else if ((code = check_operands(args, settings)) == EXIT_DONE)
        code = args->command->run(args, settings);
    return code;
}

/* Flushes standard output. Returns the exit code: `code`, or at least EXIT_FILE if text could not
 * be written. A closed pipe gets no message. */
static int close_stdout(int code)
{
    bool failed = ferror(stdout) != 0;
    errno = 0;
    if (fflush(stdout) == 0 && !failed)
        return code;
    const int reason = errno, worst = errno_exit_code(reason);
    if (reason != EPIPE)
        message("standard output: %s", reason ? strerror(reason) : "some text was not written");
    return code > worst ? code : worst;
}

/* Opens /dev/null for closed descriptors 0, 1 and 2, or the next file opened would get their
 * number. Reading or writing them still fails because each is opened for the other direction. */
static void hold_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* Runs the command line; `argv` has at least one word after the program's name. */
static int run_command_line(int argc, char **argv)
{
    const cli_command *named = command_find(commands, argv[1]);
    cli_args args = {
        .commands = commands, .command = named ? named : commands[0], .implied = !named};
    int skip = named ? 2 : 1, code = EXIT_LIMIT;
    cli_settings *settings = settings_new(args.command);
    args.argv_copy = calloc((size_t)argc + 1, sizeof *args.argv_copy);
    if (settings && args.argv_copy) {
        options_initial(args.command->groups, settings);
        memcpy(args.argv_copy, argv, (size_t)argc * sizeof *args.argv_copy);
        args.argv_copy[0] = "edgegrad";
        args.argv_count = (size_t)argc;
        code = parse_and_run(&args, settings, argc - skip, argv + skip);
    } else {
        message("out of memory");
    }
    free(args.argv_copy);
    free(settings);
    return code;
}

/* All ranks exit with the same code. */
int main(int argc, char **argv)
{
    int code = EXIT_USAGE;
    hold_descriptors();
    sandbox_permit();
    ranks_begin(&argc, &argv);
    signals_catch();
    if (argc >= 2)
        code = run_command_line(argc, argv);
    else if (rank_number() == 0)
        help_overview(stderr, commands);
    code = ranks_largest(close_stdout(code));
    bool exhausted = out_of_memory(code);
    ranks_end();
    if (exhausted)
        leave(code);
    return code;
}
