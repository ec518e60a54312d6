/* SPDX-License-Identifier: MIT */
/*
 * edgegrad merge-report: pages of several runs as one. Each page is read twice, a line at a time:
 * once to see which files it has, once to copy what is kept; only names are held in memory.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/report/report_page.h"

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
     .help = "the page to write (needed); - is standard output"},
    {.name = NULL},
};

static const cli_group merge_group = {"Merging", merge_options, sizeof(merge_settings)};

/* A record that was seen, and where. */
typedef struct seen {
    char *name; /* the JSON string of it, as it stands in the page */
    size_t page;
    long line;
    bool failed;
} seen;

typedef struct merge {
    const cli_line *line;
    const char *output;
    eg_context *ctx;
    eg_file *file;
    eg_error error;
    seen *records;
    size_t count, capacity;
    char *text; /* the line read last, of `size` bytes of memory */
    size_t size;
} merge;

/* Records EG_BAD_INPUT or another failure about `path`; the first one counts. */
static bool fail(merge *m, eg_status status, const char *path, const char *why)
{
    if (m->error.status == EG_OK) {
        m->error.status = status;
        snprintf(m->error.message, sizeof m->error.message, "%s: %s", path, why);
    }
    return false;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Whether `text` begins with `head`. */
static bool begins(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

/* The next line without its end. False at the end of the page, or after a failure. */
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
            fail(m, EG_NO_MEMORY, path, "a line of it does not fit into memory");
        else if (ferror(page))
            fail(m, EG_FILE, path, strerror(errno));
        return false;
    }
    if (strlen(m->text) != (size_t)got)
        return fail(m, EG_BAD_INPUT, path, "is damaged: it has a byte 0");
    if (got > 0 && m->text[got - 1] == '\n')
        m->text[got - 1] = '\0';
    return true;
}

/* The JSON of m->text where that is a line of `head`, else NULL. What could end the line's element
 * is not in it: pages may have passed through other hands. */
static char *json_of(merge *m, const char *head, const char *path)
{
    static const char tail[] = "}" PAGE_TAIL;
    if (!begins(m->text, head))
        return NULL;
    char *json = m->text + strlen(head);
    size_t length = strlen(json);
    bool sound = begins(json, PAGE_FOLDER) && length > sizeof tail &&
                 strcmp(json + length - (sizeof tail - 1), tail) == 0;
    if (sound) {
        json[length - (sizeof PAGE_TAIL - 1)] = '\0';
        sound = !strpbrk(json, "<>&");
    }
    if (!sound)
        fail(m, EG_BAD_INPUT, path, "is damaged: a record in it is not as edgegrad writes them");
    return sound ? json : NULL;
}

/* The end of the JSON string that begins at `text`; NULL: there is none. */
static char *string_end(char *text)
{
    if (*text++ != '"')
        return NULL;
    while (*text && *text != '"')
        text += *text == '\\' && text[1] ? 2 : 1;
    return *text ? text + 1 : NULL;
}

/* Where the name of `json` begins, its folder being cut off before it. NULL: there is none. */
static char *name_of(char *json)
{
    char *end = string_end(json + strlen(PAGE_FOLDER) - 1);
    return end && begins(end - 1, PAGE_NAME) ? end - 1 + strlen(PAGE_NAME) : NULL;
}

/* ---- the first reading: what there is -------------------------------------------------------- */

static bool remember(merge *m, char *json, size_t page, long line, const char *path)
{
    char *name = name_of(json), *end = name ? string_end(name) : NULL;
    if (!end)
        return fail(m, EG_BAD_INPUT, path, "is damaged: a record in it has no name");
    if (m->count == m->capacity) {
        size_t wanted = m->capacity ? 2 * m->capacity : 256;
        seen *larger = reallocarray(m->records, wanted, sizeof *larger);
        if (!larger)
            return fail(m, EG_NO_MEMORY, path, "out of memory for the names of its records");
        m->records = larger;
        m->capacity = wanted;
    }
    seen *s = &m->records[m->count];
    *s = (seen){strndup(name, (size_t)(end - name)), page, line, begins(end, PAGE_NAME_FAILED)};
    if (!s->name)
        return fail(m, EG_NO_MEMORY, path, "out of memory for the names of its records");
    m->count++;
    return true;
}

/* Only regular files can be read twice. */
static FILE *open_page(merge *m, size_t page)
{
    const char *path = m->line->operands[page];
    FILE *opened = fopen(path, "re");
    if (!opened)
        fail(m, EG_FILE, path, strerror(errno));
    else if (fseek(opened, 0, SEEK_END) != 0 || fseek(opened, 0, SEEK_SET) != 0)
        fail(m, EG_FILE, path, "is a pipe or a device; pages are read twice, so save it first");
    else
        return opened;
    if (opened)
        fclose(opened);
    return NULL;
}

static bool look_through(merge *m, FILE *opened, size_t page)
{
    const char *path = m->line->operands[page];
    static const char head[] = "<!doctype html>\n" PAGE_MARK "\n";
    char found[sizeof head] = "";
    bool ended = false;
    if (fread(found, 1, sizeof head - 1, opened) != sizeof head - 1 && ferror(opened))
        return fail(m, EG_FILE, path, strerror(errno));
    if (strcmp(found, head) != 0)
        return fail(m, EG_BAD_INPUT, path, "is not a report that this edgegrad can read");
    for (long line = 2; next_line(m, opened, path); line++) {
        char *json = json_of(m, PAGE_RECORD, path);
        if (json && !remember(m, json, page, line, path))
            return false;
        ended = strcmp(m->text, PAGE_END) == 0;
    }
    if (!ended)
        return fail(m, EG_BAD_INPUT, path, "is truncated: the end of the report is missing");
    return m->error.status == EG_OK;
}

/* ---- which record of a name is kept ---------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const seen *x = a, *y = b;
    int order = (x->page > y->page) - (x->page < y->page);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* By name; of one name the best comes first: one that did not fail, then the latest. */
static int by_name(const void *a, const void *b)
{
    const seen *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order == 0)
        order = x->failed - y->failed;
    return order ? order : -by_place(a, b);
}

static void keep_best(merge *m)
{
    size_t kept = 0;
    if (m->count)
        qsort(m->records, m->count, sizeof *m->records, by_name);
    for (size_t i = 0; i < m->count; i++) {
        if (kept && strcmp(m->records[kept - 1].name, m->records[i].name) == 0)
            free(m->records[i].name);
        else
            m->records[kept++] = m->records[i];
    }
    m->count = kept;
    if (m->count)
        qsort(m->records, m->count, sizeof *m->records, by_place);
}

/* ---- the second reading: copying ------------------------------------------------------------- */

/* What links from the folder of the page must begin with in the new one; empty: both are in one. */
static bool lead_of(merge *m, size_t page, char *lead, size_t size)
{
    const char *path = m->line->operands[page];
    char from[PATH_MAX], to[PATH_MAX];
    if (!page_folder_of(from, sizeof from, m->output) || !page_folder_of(to, sizeof to, path) ||
        !page_link(lead, size, from, to))
        return fail(m, EG_FILE, path, "the way to it is too long");
    return true;
}

static void put_line(merge *m, const char *head, const char *lead, char *json)
{
    char *rest = json + strlen(PAGE_FOLDER);
    page_text(m->file, head, &m->error);
    page_text(m->file, PAGE_FOLDER, &m->error);
    page_text(m->file, lead, &m->error);
    page_text(m->file, rest, &m->error);
    page_text(m->file, PAGE_TAIL "\n", &m->error);
}

/* Copies the lines of `head` of one page: the records that are kept, or every run. */
static bool copy_lines(merge *m, size_t page, const char *head, size_t *next)
{
    char lead[3 * PATH_MAX];
    const char *path = m->line->operands[page];
    bool all = strcmp(head, PAGE_RUN) == 0;
    FILE *opened = lead_of(m, page, lead, sizeof lead) ? open_page(m, page) : NULL;
    if (!opened)
        return false;
    for (long line = 0; next_line(m, opened, path); line++) {
        const seen *wanted = *next < m->count ? &m->records[*next] : NULL;
        bool kept = wanted && wanted->page == page && wanted->line == line;
        char *json = all || kept ? json_of(m, head, path) : NULL;
        if (json)
            put_line(m, head, lead, json);
        if (kept && !json)
            fail(m, EG_BAD_INPUT, path, "changed while it was read");
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
    for (size_t i = 0; i < m->line->operand_count; i++)
        if (!copy_lines(m, i, PAGE_RECORD, &next))
            return false;
    for (size_t i = 0; i < m->line->operand_count; i++)
        if (!copy_lines(m, i, PAGE_RUN, &none))
            return false;
    page_end(m->file, &m->error);
    return m->error.status == EG_OK && eg_file_commit(m->file, &m->error) == EG_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool read_pages(merge *m)
{
    for (size_t i = 0; i < m->line->operand_count; i++) {
        FILE *opened = open_page(m, i);
        bool sound = opened && look_through(m, opened, i);
        if (opened)
            fclose(opened);
        if (!sound)
            return false;
    }
    return true;
}

static int run(const cli_line *line, cli_settings *settings)
{
    const merge_settings *own = (const merge_settings *)settings;
    merge m = {.line = line, .output = own->output};
    if (!m.output)
        return usage_error(line->command, "say where the page goes: --output FILE");
    for (size_t i = 0; i < line->operand_count; i++)
        if (strcmp(line->operands[i], "-") == 0)
            return usage_error(line->command, "pages are read twice; standard input cannot be");
    eg_config config = settings->config;
    config.cancel = signal_caught();
    if (eg_context_new(&m.ctx, &config, &m.error) == EG_OK && read_pages(&m)) {
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
    .summary = "makes one report of the reports of several runs",
    .about =
        "Writes a page with the files of every PAGE, each of which a run with --report made: the "
        "shards of one job, or runs made after one another. Where several pages have a file of "
        "the same name, one that did not fail counts, and the latest of those in the order they "
        "are given. Links to pictures stay right wherever the new page is.",
    .operands = (const char *const[]){"PAGE...", NULL},
    .least = 1,
    .groups = (const cli_group *const[]){&merge_group, &other_group, NULL},
    .examples = (const char *const[]){"the shards of two machines",
                                      "edgegrad merge-report a.html b.html -o all.html", NULL},
    .settings_size = sizeof(merge_settings),
    .run = run,
};
