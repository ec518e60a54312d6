/* SPDX-License-Identifier: MIT */
/*
 * edgegrad merge-report: merges the report pages of several runs. Each page is read twice, line by
 * line: first to find which files it has, then to copy the records to keep. Only names are held in
 * memory.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/report/report_read.h"
#include "cli/sandbox/sandbox.h"
#include "cli/support/file_check.h"

typedef struct merge_settings {
    cli_settings common;
    const char *output;
} merge_settings;

static const cli_option merge_options[] = {
    {.name = "output",
     .letter = 'o',
     .type = OPTION_FILE,
     .offset = offsetof(merge_settings, output),
     .metavar = "FILE",
     .brief = {1, "Page to write; - is standard output"},
     .help = "Page to write, required; - is standard output"},
    OVERWRITE_OPTION,
    NO_SYNC_OPTION,
    {.name = NULL},
};

static const cli_group merge_group = {"Output", merge_options, sizeof(merge_settings)};

/* A record found in the first pass. */
typedef struct found_record {
    char *name; /* JSON string of the name, as in the page; owned */
    size_t page;
    long line;
    bool failed;
} found_record;

typedef struct merge {
    const cli_args *args;
    const cli_settings *settings;
    const char *output;
    eg_context *ctx;
    page_writer page;
    eg_error error;
    found_record *records;
    size_t count, capacity;
} merge;

/* ---- names ----------------------------------------------------------------------------------- */

static bool begins_with(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

/* Returns the end of the JSON string that begins at `text`, or NULL. */
static char *string_end(char *text)
{
    if (*text++ != '"')
        return NULL;
    while (*text && *text != '"')
        text += *text == '\\' && text[1] ? 2 : 1;
    return *text ? text + 1 : NULL;
}

/* Returns the name in a record, after its folder, or NULL. */
static char *find_name(char *json)
{
    char *end = string_end(json + strlen(PAGE_FOLDER) - 1);
    return end && begins_with(end - 1, PAGE_NAME) ? end - 1 + strlen(PAGE_NAME) : NULL;
}

/* ---- first pass: find the records ------------------------------------------------------------ */

static bool add_record(merge *m, page_reader *r, char *json, size_t page)
{
    char *name = find_name(json), *end = name ? string_end(name) : NULL;
    if (!end)
        return page_fail(r, EG_BAD_INPUT, "is damaged: a record has no name");
    if (m->count == m->capacity) {
        size_t wanted = m->capacity ? 2 * m->capacity : 256;
        found_record *larger = reallocarray(m->records, wanted, sizeof *larger);
        if (!larger)
            return page_fail(r, EG_NO_MEMORY, "out of memory for the names of its records");
        m->records = larger;
        m->capacity = wanted;
    }
    found_record *s = &m->records[m->count];
    *s = (found_record){strndup(name, (size_t)(end - name)), page, r->line,
                        begins_with(end, PAGE_NAME_FAILED)};
    if (!s->name)
        return page_fail(r, EG_NO_MEMORY, "out of memory for the names of its records");
    m->count++;
    return true;
}

static bool scan_page(merge *m, page_reader *r, size_t page)
{
    if (r->old && !m->settings->quiet)
        message("warning: %s: was written by an older edgegrad and does not state how many records "
                "it has: a missing one is not noticed",
                r->path);
    while (page_next(r)) {
        char *json = page_json(r, PAGE_RECORD);
        if (json && !add_record(m, r, json, page))
            return false;
        if (!json)
            page_json(r, PAGE_RUN);
    }
    return page_check_end(r);
}

/* ---- which record of a name to keep ---------------------------------------------------------- */

static int compare_positions(const void *a, const void *b)
{
    const found_record *x = a, *y = b;
    int order = (x->page > y->page) - (x->page < y->page);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* Orders by name; among equal names the best comes first: one that did not fail, then the latest.
 */
static int compare_names(const void *a, const void *b)
{
    const found_record *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order == 0)
        order = x->failed - y->failed;
    return order ? order : -compare_positions(a, b);
}

/* Keeps the best record of each name, in the order of the pages. */
static void keep_best(merge *m)
{
    size_t kept = 0;
    if (m->count)
        qsort(m->records, m->count, sizeof *m->records, compare_names);
    for (size_t i = 0; i < m->count; i++) {
        if (kept && strcmp(m->records[kept - 1].name, m->records[i].name) == 0)
            free(m->records[i].name);
        else
            m->records[kept++] = m->records[i];
    }
    m->count = kept;
    if (m->count)
        qsort(m->records, m->count, sizeof *m->records, compare_positions);
}

/* ---- second pass: copy the records ----------------------------------------------------------- */

/* Writes the prefix of links that lead from the new page to the folder of an old one; empty if both
 * are in one folder. */
static bool link_prefix(const merge *m, const char *path, char *prefix, size_t size)
{
    char from[PATH_MAX], to[PATH_MAX];
    return page_folder_of(from, sizeof from, m->output) && page_folder_of(to, sizeof to, path) &&
           page_link(prefix, size, from, to);
}

static void write_line(merge *m, const char *head, const char *prefix, const char *json)
{
    page_begin_line(&m->page, head, &m->error);
    page_text(&m->page, PAGE_FOLDER, &m->error);
    page_text(&m->page, prefix, &m->error);
    page_text(&m->page, json + strlen(PAGE_FOLDER), &m->error);
    page_end_line(&m->page, head, &m->error);
}

/* Copies from an open page the records to keep, or with PAGE_RUN all runs. `next` is the index of
 * the next record to copy. */
static void copy_lines(merge *m, page_reader *r, size_t page, const char *head, size_t *next)
{
    char prefix[3 * PATH_MAX];
    bool all = strcmp(head, PAGE_RUN) == 0;
    if (!link_prefix(m, r->path, prefix, sizeof prefix))
        page_fail(r, EG_FILE, "its path is too long for links");
    while (m->error.status == EG_OK && page_next(r)) {
        const found_record *wanted = *next < m->count ? &m->records[*next] : NULL;
        bool kept = wanted && wanted->page == page && wanted->line == r->line;
        char *json = all || kept ? page_json(r, head) : NULL;
        if (json)
            write_line(m, head, prefix, json);
        if (kept && !json)
            page_fail(r, EG_BAD_INPUT, "changed while being read");
        *next += kept;
    }
}

/* Copies lines from all pages, in their order. */
static bool copy_pages(merge *m, const char *head)
{
    size_t next = strcmp(head, PAGE_RUN) == 0 ? SIZE_MAX : 0;
    for (size_t i = 0; i < m->args->operand_count && m->error.status == EG_OK; i++) {
        page_reader r;
        if (page_open(&r, m->args->operands[i], &m->error))
            copy_lines(m, &r, i, head, &next);
        page_close(&r);
    }
    return m->error.status == EG_OK;
}

static bool write_page(merge *m)
{
    if (eg_file_create(&m->page.file, m->ctx, m->output, &m->error) != EG_OK)
        return false;
    page_begin(&m->page, &m->error);
    if (!copy_pages(m, PAGE_RECORD) || !copy_pages(m, PAGE_RUN))
        return false;
    page_end(&m->page, &m->error);
    return m->error.status == EG_OK && eg_file_commit(m->page.file, &m->error) == EG_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

static bool read_pages(merge *m)
{
    for (size_t i = 0; i < m->args->operand_count && m->error.status == EG_OK; i++) {
        page_reader r;
        if (page_open(&r, m->args->operands[i], &m->error))
            scan_page(m, &r, i);
        page_close(&r);
    }
    return m->error.status == EG_OK;
}

/* Checks the files of the command line. Returns an exit code, after its message. */
static int check_files(const cli_args *args, const char *output)
{
    const cli_file page = {"--output", output};
    int code = EXIT_DONE;
    if (!output)
        return usage_error(args->command, "missing --output FILE: name the page to write");
    for (size_t i = 0; i < args->operand_count && code == EXIT_DONE; i++) {
        if (strcmp(args->operands[i], "-") == 0)
            return usage_error(args->command,
                               "standard input cannot be merged, because pages are read twice: "
                               "name a file");
        code =
            file_check_input(args->command, (cli_file){"a PAGE to merge", args->operands[i]}, page);
    }
    return code;
}

static int enter_sandbox(const merge *m, const cli_settings *settings)
{
    sandbox box;
    sandbox_begin(&box, m->args, settings);
    for (size_t i = 0; i < m->args->operand_count; i++)
        sandbox_read(&box, m->args->operands[i]);
    sandbox_write(&box, m->output);
    return sandbox_enter(&box);
}

static int run_merge_report(const cli_args *args, cli_settings *settings)
{
    const merge_settings *own = (const merge_settings *)settings;
    merge m = {.args = args, .settings = settings, .output = own->output};
    int code = check_files(args, m.output);
    if (code == EXIT_DONE)
        code = enter_sandbox(&m, settings);
    if (code != EXIT_DONE)
        return code;
    eg_config config = settings->config;
    config.cancel = signal_caught();
    if (eg_context_new(&m.ctx, &config, &m.error) == EG_OK && read_pages(&m) &&
        file_check_replace(settings, m.output, NULL, &m.error) == EG_OK) {
        keep_best(&m);
        write_page(&m);
    }
    eg_file_close(m.page.file);
    for (size_t i = 0; i < m.count; i++)
        free(m.records[i].name);
    free(m.records);
    eg_context_free(m.ctx);
    return report_error(settings, &m.error);
}

const cli_command merge_report_command = {
    .name = "merge-report",
    .summary = "Merge the HTML reports of several runs into one",
    .about =
        "Merge pages written by --report, such as those of the shards of one job or of successive "
        "runs. If several pages have a file of the same name, a record without failure is kept, "
        "and of those the last in the order of the operands. Links are adjusted to the folder of "
        "the new page. A page that was damaged or cut is refused, because each states how many "
        "records it has.",
    .operands = (const char *const[]){"PAGE...", NULL},
    .least = 1,
    .groups = (const cli_group *const[]){&merge_group, &other_group, NULL},
    .examples = (const char *const[]){"Merge the reports of two shards",
                                      "edgegrad merge-report a.html b.html -o all.html",
                                      "Merge all pages of a folder",
                                      "edgegrad merge-report reports/*.html -o all.html", NULL},
    .settings_size = sizeof(merge_settings),
    .run = run_merge_report,
};
