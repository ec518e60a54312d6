/* SPDX-License-Identifier: MIT */
/*
 * edgegrad merge-report: merges the report pages of several runs. Each page is read twice, line by
 * line: first to find which files it has, then to copy the records to keep. Only names are held in
 * memory.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/report/report_page.h"
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
    const char *output;
    eg_context *ctx;
    eg_file *file;
    eg_error error;
    found_record *records;
    size_t count, capacity;
    char *text; /* the line read last, in `size` bytes */
    size_t size;
} merge;

/* Keeps the first error; returns false. */
static bool fail(merge *m, eg_status status, const char *path, const char *why)
{
    if (m->error.status == EG_OK) {
        m->error.status = status;
        snprintf(m->error.message, sizeof m->error.message, "%s: %s", path, why);
    }
    return false;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool begins_with(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

/* Reads the next line, without its end, to m->text. Returns false at the end of the page or after
 * an error. */
static bool next_line(merge *m, FILE *page, const char *path)
{
    errno = 0;
    ssize_t got = getline(&m->text, &m->size, page);
    if (*signal_caught() && m->error.status == EG_OK)
        m->error.status = EG_CANCELLED;
    if (m->error.status != EG_OK)
        return false;
    if (got < 0) {
        if (errno == ENOMEM)
            fail(m, EG_NO_MEMORY, path, "a line does not fit into memory");
        else if (ferror(page))
            fail(m, EG_FILE, path, strerror(errno));
        return false;
    }
    if (strlen(m->text) != (size_t)got)
        return fail(m, EG_BAD_INPUT, path, "is damaged: it contains a byte 0");
    if (got > 0 && m->text[got - 1] == '\n')
        m->text[got - 1] = '\0';
    return true;
}

/* Returns the JSON of m->text if that is a line of `head`, else NULL. Refuses characters that could
 * end the element of the line, because a page may have been edited. */
static char *json_of(merge *m, const char *head, const char *path)
{
    static const char tail[] = "}" PAGE_TAIL;
    if (!begins_with(m->text, head))
        return NULL;
    char *json = m->text + strlen(head);
    size_t length = strlen(json);
    bool sound = begins_with(json, PAGE_FOLDER) && length > sizeof tail &&
                 strcmp(json + length - (sizeof tail - 1), tail) == 0;
    if (sound) {
        json[length - (sizeof PAGE_TAIL - 1)] = '\0';
        sound = !strpbrk(json, "<>&");
    }
    if (!sound)
        fail(m, EG_BAD_INPUT, path, "is damaged: a record is not in the format of edgegrad");
    return sound ? json : NULL;
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

static bool add_record(merge *m, char *json, size_t page, long line, const char *path)
{
    char *name = find_name(json), *end = name ? string_end(name) : NULL;
    if (!end)
        return fail(m, EG_BAD_INPUT, path, "is damaged: a record has no name");
    if (m->count == m->capacity) {
        size_t wanted = m->capacity ? 2 * m->capacity : 256;
        found_record *larger = reallocarray(m->records, wanted, sizeof *larger);
        if (!larger)
            return fail(m, EG_NO_MEMORY, path, "out of memory for the names of its records");
        m->records = larger;
        m->capacity = wanted;
    }
    found_record *s = &m->records[m->count];
    *s = (found_record){strndup(name, (size_t)(end - name)), page, line,
                        begins_with(end, PAGE_NAME_FAILED)};
    if (!s->name)
        return fail(m, EG_NO_MEMORY, path, "out of memory for the names of its records");
    m->count++;
    return true;
}

/* Opens a page, which must be a regular file because it is read twice. */
static FILE *open_page(merge *m, size_t page)
{
    const char *path = m->args->operands[page];
    FILE *opened = fopen(path, "re");
    if (!opened)
        fail(m, EG_FILE, path, strerror(errno));
    else if (fseek(opened, 0, SEEK_END) != 0 || fseek(opened, 0, SEEK_SET) != 0)
        fail(m, EG_FILE, path, "is a pipe or a device: save the page to a file first");
    else
        return opened;
    if (opened)
        fclose(opened);
    return NULL;
}

static bool scan_page(merge *m, FILE *opened, size_t page)
{
    const char *path = m->args->operands[page];
    static const char head[] = "<!doctype html>\n" PAGE_MARK "\n";
    char found[sizeof head] = "";
    bool ended = false;
    if (fread(found, 1, sizeof head - 1, opened) != sizeof head - 1 && ferror(opened))
        return fail(m, EG_FILE, path, strerror(errno));
    if (strcmp(found, head) != 0)
        return fail(m, EG_BAD_INPUT, path, "is not a report that this edgegrad can read");
    for (long line = 2; next_line(m, opened, path); line++) {
        char *json = json_of(m, PAGE_RECORD, path);
        if (json && !add_record(m, json, page, line, path))
            return false;
        ended = strcmp(m->text, PAGE_END) == 0;
    }
    if (!ended)
        return fail(m, EG_BAD_INPUT, path, "is truncated: the end of the report is missing");
    return m->error.status == EG_OK;
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
static bool link_prefix(merge *m, size_t page, char *prefix, size_t size)
{
    const char *path = m->args->operands[page];
    char from[PATH_MAX], to[PATH_MAX];
    if (!page_folder_of(from, sizeof from, m->output) || !page_folder_of(to, sizeof to, path) ||
        !page_link(prefix, size, from, to))
        return fail(m, EG_FILE, path, "its path is too long for links");
    return true;
}

static void write_line(merge *m, const char *head, const char *prefix, char *json)
{
    char *rest = json + strlen(PAGE_FOLDER);
    page_text(m->file, head, &m->error);
    page_text(m->file, PAGE_FOLDER, &m->error);
    page_text(m->file, prefix, &m->error);
    page_text(m->file, rest, &m->error);
    page_text(m->file, PAGE_TAIL "\n", &m->error);
}

/* Copies from one page the records to keep, or with PAGE_RUN all runs. `next` is the index of the
 * next record to copy. */
static bool copy_lines(merge *m, size_t page, const char *head, size_t *next)
{
    char prefix[3 * PATH_MAX];
    const char *path = m->args->operands[page];
    bool all = strcmp(head, PAGE_RUN) == 0;
    FILE *opened = link_prefix(m, page, prefix, sizeof prefix) ? open_page(m, page) : NULL;
    if (!opened)
        return false;
    for (long line = 0; next_line(m, opened, path); line++) {
        const found_record *wanted = *next < m->count ? &m->records[*next] : NULL;
        bool kept = wanted && wanted->page == page && wanted->line == line;
        char *json = all || kept ? json_of(m, head, path) : NULL;
        if (json)
            write_line(m, head, prefix, json);
        if (kept && !json)
            fail(m, EG_BAD_INPUT, path, "changed while being read");
        *next += kept;
    }
    fclose(opened);
    return m->error.status == EG_OK;
}

static bool write_page(merge *m)
{
    size_t next = 0, none = SIZE_MAX;
    if (eg_file_create(&m->file, m->ctx, m->output, &m->error) != EG_OK)
        return false;
    page_begin(m->file, &m->error);
    for (size_t i = 0; i < m->args->operand_count; i++)
        if (!copy_lines(m, i, PAGE_RECORD, &next))
            return false;
    for (size_t i = 0; i < m->args->operand_count; i++)
        if (!copy_lines(m, i, PAGE_RUN, &none))
            return false;
    page_end(m->file, &m->error);
    return m->error.status == EG_OK && eg_file_commit(m->file, &m->error) == EG_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

static bool read_pages(merge *m)
{
    for (size_t i = 0; i < m->args->operand_count; i++) {
        FILE *opened = open_page(m, i);
        bool sound = opened && scan_page(m, opened, i);
        if (opened)
            fclose(opened);
        if (!sound)
            return false;
    }
    return true;
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

static int run_merge_report(const cli_args *args, cli_settings *settings)
{
    const merge_settings *own = (const merge_settings *)settings;
    merge m = {.args = args, .output = own->output};
    int code = check_files(args, m.output);
    if (code != EXIT_DONE)
        return code;
    eg_config config = settings->config;
    config.cancel = signal_caught();
    if (eg_context_new(&m.ctx, &config, &m.error) == EG_OK && read_pages(&m) &&
        file_check_replace(settings, m.output, NULL, &m.error) == EG_OK) {
        keep_best(&m);
        write_page(&m);
    }
    eg_file_close(m.file);
    for (size_t i = 0; i < m.count; i++)
        free(m.records[i].name);
    free(m.records);
    free(m.text);
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
        "the new page.",
    .operands = (const char *const[]){"PAGE...", NULL},
    .least = 1,
    .groups = (const cli_group *const[]){&merge_group, &other_group, NULL},
    .examples = (const char *const[]){"Merge the reports of two shards",
                                      "edgegrad merge-report a.html b.html -o all.html", NULL},
    .settings_size = sizeof(merge_settings),
    .run = run_merge_report,
};
