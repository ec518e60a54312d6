/* SPDX-License-Identifier: MIT */
/* Messages on standard error, exit codes and signals. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/ranks/ranks.h"
#include "cli/support/progress_line.h"
#include "cli/support/text.h"

enum { MESSAGE_SIZE = 2048 };

/* Exit codes of library statuses. */
static const int exit_codes[] = {
    [EG_OK] = EXIT_DONE,
    [EG_NEGATIVE] = EXIT_NEGATIVE,
    [EG_USAGE] = EXIT_USAGE,
    [EG_BAD_INPUT] = EXIT_INPUT,
    [EG_UNSUPPORTED] = EXIT_INPUT,
    [EG_FILE] = EXIT_FILE,
    [EG_LIMIT_EXCEEDED] = EXIT_LIMIT,
    [EG_NO_MEMORY] = EXIT_LIMIT,
    [EG_CANCELLED] = EXIT_SIGNAL,
};

/* Number of the signal caught; 0: none. */
static volatile sig_atomic_t caught;

static bool exhausted; /* a lack of memory was reported */
static bool reported;  /* something was */

/* Prints one line above the progress line, whole, whatever other threads print. */
static void print_message(const char *text)
{
    char line[4 * MESSAGE_SIZE];
    text_escape(line, sizeof line, text);
    reported = true;
    if (rank_number() > 0) /* all ranks have the same messages */
        return;
    flockfile(stderr);
    progress_line_clear();
    fprintf(stderr, "edgegrad: %s\n", line); /* one call of write(2) */
    funlockfile(stderr);
}

void message(const char *format, ...)
{
    char text[MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    print_message(text);
}

int usage_error(const cli_command *command, const char *format, ...)
{
    char text[MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    message("%s (see edgegrad %s%s--help)", text, command ? command->name : "", command ? " " : "");
    return EXIT_USAGE;
}

void report_warnings(const cli_settings *settings, const char *name, const eg_source *source)
{
    if (settings->quiet || !source)
        return;
    for (size_t i = 0; eg_source_warning(source, i); i++)
        message("warning: %s: %s", strcmp(name, "-") == 0 ? "standard input" : name,
                eg_source_warning(source, i));
}

bool out_of_memory(int code)
{
    if (code == EXIT_LIMIT && !reported) {
        message("out of memory");
        exhausted = true;
    }
    return exhausted;
}

eg_status fail_no_memory(eg_error *error, const char *thing)
{
    error->status = EG_NO_MEMORY;
    snprintf(error->message, sizeof error->message, "out of memory for %s", thing);
    return error->status;
}

void leave(int code)
{
    fflush(NULL);
    _exit(code);
}

int errno_exit_code(int code)
{
    return code == ENOMEM ? EXIT_LIMIT : EXIT_FILE;
}

int exit_code(eg_status status)
{
    return exit_codes[status] + (status == EG_CANCELLED ? (int)caught : 0);
}

/* Advice at messages about a file that the sandbox denies; NULL: there is none. */
static const char *denial_advice;

void message_advise_on_denial(const char *advice)
{
    denial_advice = advice;
}

/* Returns true if `text`, "PATH: ... Permission denied", is about a file whose permissions allow
 * reading it. */
static bool is_denied_by_sandbox(const char *text)
{
    const char *reason = strerror(EACCES), *colon = strstr(text, ": ");
    char path[MESSAGE_SIZE];
    const size_t length = strlen(text), tail = strlen(reason);
    if (!denial_advice || length < tail || strcmp(text + length - tail, reason) != 0)
        return false;
    for (; colon; colon = strstr(colon + 1, ": ")) {
        snprintf(path, sizeof path, "%.*s", (int)(colon - text), text);
        if (access(path, R_OK) == 0)
            return true;
    }
    return false;
}

int report_error(const cli_settings *settings, const eg_error *error)
{
    exhausted |= error->status == EG_NO_MEMORY;
    reported |= error->status != EG_OK; /* also with --quiet */
    if (error->status == EG_CANCELLED)
        message("stopped by signal %d (%s)", (int)caught, strsignal((int)caught));
    else if (error->status == EG_USAGE || (error->status != EG_OK && !settings->quiet))
        message("%s%s", error->message, is_denied_by_sandbox(error->message) ? denial_advice : "");
    return exit_code(error->status);
}

static void on_signal(int number)
{
    caught = number;
}

const volatile sig_atomic_t *signal_caught(void)
{
    return &caught;
}

void signal_adopt(int number)
{
    if (!caught)
        caught = number;
}

void signals_catch(void)
{
    static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action, old;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGXFSZ, &action, NULL);
    action.sa_handler = on_signal;
    action.sa_flags = (int)SA_RESETHAND; /* no SA_RESTART, so that a blocked read returns */
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++)
        if (sigaction(stopping[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* keep nohup's */
            sigaction(stopping[i], &action, NULL);
}
