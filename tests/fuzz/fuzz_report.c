/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the report: each record of any names is a line of JSON without characters of HTML,
 * and a page is read and written again by merge-report with a record for each name.
 *
 * libFuzzer: -max_len=512
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capture.h"
#include "cli/commands.h"
#include "cli/report/report.h"
#include "cli/report/report_page.h"
#include "json_check.h"
#include "record.h"

enum { RECORDS = 4 };

static char *read_text(const char *path)
{
    FILE *in = fopen(path, "rb");
    struct stat about = {0};
    require(in && fstat(fileno(in), &about) == 0, "a page is there", NULL);
    const size_t size = (size_t)about.st_size;
    char *text = malloc(size + 1);
    require(text && fread(text, 1, size, in) == size, "a page is read", NULL);
    text[size] = '\0';
    fclose(in);
    return text;
}

/* Checks the JSON of the records of a page; returns their number. */
static size_t check_page(const char *path)
{
    static const char head[] = "\n" PAGE_RECORD;
    char *text = read_text(path);
    size_t count = 0;
    for (char *at = text; (at = strstr(at, head)) != NULL; count++) {
        at += sizeof head - 1;
        char *line = strndup(at, strcspn(at, "\n"));
        const char *end = json_value_end(line);
        require(end && strncmp(end, PAGE_TAIL, sizeof PAGE_TAIL - 1) == 0 &&
                    strlen(end) == sizeof PAGE_TAIL - 1 + PAGE_CHECK_LENGTH,
                "a record is one JSON value with a hash", NULL);
        require(strcspn(line, "<>&") == (size_t)(end - line), "a record has no HTML", NULL);
        require(json_member(line, "name") && json_member(line, "folder"), "a record has a name",
                NULL);
        free(line);
    }
    free(text);
    return count;
}

static size_t make_page(const char *path, fuzz_bytes *bytes)
{
    static made_record made[RECORDS];
    const char *const words[] = {"edgegrad"};
    const report_about about = {.path = path, .title = "t", .words = words, .count = 1};
    report *page = NULL;
    eg_error error = {0};
    char shown[2][8 * RECORD_TEXT];
    const size_t count = pick(bytes, RECORDS + 1);
    size_t names = 0;
    require(report_open(&page, fuzz_context(), &about, &error) == EG_OK, "a page is opened",
            &error);
    for (size_t i = 0; i < count; i++) {
        take_record(bytes, &made[i]);
        bool known = false;
        replace_bytes(shown[0], sizeof shown[0], made[i].name, "x");
        for (size_t k = 0; k < i; k++) {
            replace_bytes(shown[1], sizeof shown[1], made[k].name, "x");
            known = known || strcmp(shown[0], shown[1]) == 0;
        }
        names += !known;
        require(report_add(page, &made[i].record, &error) == EG_OK, "a record is added", &error);
    }
    require(report_commit(page, 1, false, &error) == EG_OK, "a page is completed", &error);
    report_close(page);
    require(check_page(path) == count, "a page has all records", NULL);
    return names;
}

static void merge(const char *from, const char *to)
{
    capture output;
    char option[] = "-o", *words[] = {option, (char *)(uintptr_t)to, (char *)(uintptr_t)from};
    const cli_command *command = &merge_report_command;
    cli_args args = {.commands = commands, .command = command, .argv_copy = words};
    cli_settings *settings = settings_new(command);
    if (!settings)
        abort();
    options_initial(command->groups, settings);
    capture_begin(&output);
    int code = options_parse(&args, settings, 3, words);
    if (code == EXIT_DONE)
        code = command->run(&args, settings);
    capture_end(&output);
    if (code != EXIT_DONE)
        fputs(output.complaints, stderr);
    require(code == EXIT_DONE, "a page can be merged", NULL);
    capture_free(&output);
    free(settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    const char *page = fuzz_path("page.html"), *merged = fuzz_path("merged.html");
    const size_t names = make_page(page, &bytes);
    merge(page, merged);
    require(check_page(merged) == names, "a record for each name", NULL);
    require_released();
    return 0;
}
