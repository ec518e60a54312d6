/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of what merge-report reads: the bytes are the lines of a page between its first and
 * last lines, of two pages if they have a byte 0, or the whole page. It succeeds, or leaves no page
 * and says why.
 *
 * libFuzzer: -max_len=512
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "cli/commands.h"
#include "cli/report/report_page.h"
#include "fuzz.h"

static const char head[] = "<!doctype html>\n" PAGE_MARK "\n", end[] = PAGE_END "\n";

/* Writes a page of these lines and returns an allocated copy of its path. */
static char *make_page(const char *name, const uint8_t *lines, size_t size, unsigned parts)
{
    const size_t first = parts & 1 ? sizeof head - 1 : 0, last = parts & 2 ? sizeof end - 1 : 0;
    char *text = malloc(first + size + last + 1);
    if (!text)
        abort();
    memcpy(text, head, first);
    if (size)
        memcpy(text + first, lines, size);
    memcpy(text + first + size, end, last);
    char *path = strdup(fuzz_file(name, text, first + size + last));
    free(text);
    return path;
}

/* Runs the command on pages; returns its exit code. */
static int merge(char *pages[], size_t count, const char *output)
{
    char option[] = "--output", *words[5] = {option, (char *)(uintptr_t)output};
    const cli_command *command = &merge_report_command;
    cli_args args = {.commands = commands, .command = command, .argv_copy = words};
    cli_settings *settings = settings_new(command);
    if (!settings)
        abort();
    memcpy(words + 2, pages, count * sizeof *pages);
    options_initial(command->groups, settings);
    int code = options_parse(&args, settings, (int)count + 2, words);
    if (code == EXIT_DONE)
        code = command->run(&args, settings);
    free(settings);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    capture output;
    char *pages[2];
    const unsigned parts = pick(&bytes, 8) | 1;
    const uint8_t *zero = bytes.left ? memchr(bytes.at, 0, bytes.left) : NULL;
    const size_t first = zero ? (size_t)(zero - bytes.at) : bytes.left;
    fuzz_remove_files();
    pages[0] = make_page("a.html", bytes.at, first, parts & 4 ? 3 : parts);
    pages[1] = zero ? make_page("b.html", zero + 1, bytes.left - first - 1, 3) : NULL;
    const char *merged = fuzz_path("merged.html");
    capture_begin(&output);
    const int code = merge(pages, zero ? 2 : 1, merged);
    capture_end(&output);
    require(code == EXIT_DONE || code == EXIT_INPUT || code == EXIT_LIMIT, "an exit code", NULL);
    require((code == EXIT_DONE) == (access(merged, F_OK) == 0), "a page appears or an error", NULL);
    require((code == EXIT_DONE) == (output.complaints_size == 0), "a failure has a message", NULL);
    capture_free(&output);
    free(pages[0]);
    free(pages[1]);
    return 0;
}
