/* SPDX-License-Identifier: MIT */
/* Reading report pages: lines of limited length, hashes, numbers of records. */
#include "cli/report/report_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/support/line.h"
#include "cli/support/text.h"

/* Longest line: a run with all words of the longest command line that systems accept, escaped. */
enum { LINE_MAX_BYTES = 16 << 20 };

bool page_fail(page_reader *r, eg_status status, const char *why)
{
    if (r->error->status == EG_OK) {
        r->error->status = status;
        snprintf(r->error->message, sizeof r->error->message, "%s: %s", r->path, why);
    }
    return false;
}

/* Records the failure of a call that set errno. */
static bool fail_errno(page_reader *r)
{
    return page_fail(r, errno == ENOMEM ? EG_NO_MEMORY : EG_FILE, strerror(errno));
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Reads the first two lines, which name the form of the page. */
static bool check_head(page_reader *r)
{
    static const char head[] = "<!doctype html>\n" PAGE_MARK "\n";
    static const char old[] = "<!doctype html>\n" PAGE_MARK_OLD "\n";
    char found[sizeof head] = "";
    if (fread(found, 1, sizeof head - 1, r->file) != sizeof head - 1 && ferror(r->file))
        return fail_errno(r);
    r->line = 2;
    r->old = strcmp(found, old) == 0;
    if (!r->old && strcmp(found, head) != 0)
        return page_fail(r, EG_BAD_INPUT, "is not a report that this edgegrad can read");
    return true;
}

bool page_open(page_reader *r, const char *path, eg_error *error)
{
    *r = (page_reader){.path = path, .error = error, .found = {.check = TEXT_HASH}};
    r->file = fopen(path, "re");
    if (!r->file)
        return fail_errno(r);
    if (fseek(r->file, 0, SEEK_END) != 0 || fseek(r->file, 0, SEEK_SET) != 0)
        return page_fail(r, EG_FILE, "is a pipe or a device: save the page to a file first");
    return check_head(r);
}

void page_close(page_reader *r)
{
    if (r->file)
        fclose(r->file);
    free(r->text);
    r->file = NULL;
    r->text = NULL;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Reads the number after `before` and moves *at behind it. Returns false if it is not there. */
static bool take_number(const char **at, const char *before, int base, uint64_t *number)
{
    char *end;
    const size_t length = strlen(before);
    if (strncmp(*at, before, length) != 0)
        return false;
    *number = strtoumax(*at + length, &end, base);
    const bool taken = end > *at + length;
    *at = end;
    return taken;
}

/* Notes whether the line states the numbers of the page, or ends it. */
static void look_at_line(page_reader *r)
{
    char again[128];
    const char *at = r->text;
    uint64_t records, runs, check;
    r->ended = strcmp(r->text, PAGE_END) == 0;
    if (!take_number(&at, "<!-- ", 10, &records) || !take_number(&at, " records, ", 10, &runs) ||
        !take_number(&at, " runs, check ", 16, &check))
        return;
    const page_count stated = {(size_t)records, (size_t)runs, check};
    snprintf(again, sizeof again, PAGE_COUNT, stated.records, stated.runs, stated.check);
    if (strcmp(again, r->text) != 0)
        return;
    r->stated = stated;
    r->has_stated = true;
}

bool page_next(page_reader *r)
{
    char why[128];
    line_status status = line_read(r->file, &r->text, &r->size, LINE_MAX_BYTES);
    if (*signal_caught() && r->error->status == EG_OK)
        r->error->status = EG_CANCELLED;
    if (r->error->status != EG_OK || status == LINE_NONE)
        return false;
    r->line++;
    switch (status) {
    case LINE_TOO_LONG:
        snprintf(why, sizeof why, "line %ld is longer than %d bytes, as no line of a report is",
                 r->line, (int)LINE_MAX_BYTES);
        return page_fail(r, EG_BAD_INPUT, why);
    case LINE_BYTE_0:
        snprintf(why, sizeof why, "is damaged: line %ld contains a byte 0", r->line);
        return page_fail(r, EG_BAD_INPUT, why);
    case LINE_NO_MEMORY:
        return page_fail(r, EG_NO_MEMORY, "a line does not fit into memory");
    case LINE_FAILED:
        return fail_errno(r);
    default:
        look_at_line(r);
        return true;
    }
}

static bool begins_with(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

/* Cuts PAGE_TAIL, and PAGE_CHECK behind it, from the JSON. Returns false if they are not there or
 * the hash is another. */
static bool cut_tail(const page_reader *r, char *json, uint64_t *check)
{
    char tail[sizeof PAGE_TAIL + PAGE_CHECK_LENGTH + 1];
    const size_t length = strlen(json);
    const size_t cut = sizeof PAGE_TAIL - 1 + (r->old ? 0 : PAGE_CHECK_LENGTH);
    if (length <= cut + sizeof PAGE_FOLDER)
        return false;
    *check = text_hash(TEXT_HASH, json, length - cut);
    if (r->old)
        memcpy(tail, PAGE_TAIL, sizeof PAGE_TAIL);
    else
        snprintf(tail, sizeof tail, PAGE_TAIL PAGE_CHECK, *check);
    const bool same = strcmp(json + length - cut, tail) == 0;
    json[length - cut] = '\0';
    return same && json[length - cut - 1] == '}';
}

/* Refuses characters that could end the element of the line, because a page may have been edited.
 */
char *page_json(page_reader *r, const char *head)
{
    uint64_t check;
    if (!begins_with(r->text, head))
        return NULL;
    const bool run = strcmp(head, PAGE_RUN) == 0;
    char *json = r->text + strlen(head);
    if (cut_tail(r, json, &check) && begins_with(json, PAGE_FOLDER) && !strpbrk(json, "<>&")) {
        page_count_add(&r->found, run, check);
        return json;
    }
    char why[128];
    snprintf(why, sizeof why, "is damaged: %s %zu, in line %ld, is not as edgegrad wrote it",
             run ? "run" : "record", (run ? r->found.runs : r->found.records) + 1, r->line);
    page_fail(r, EG_BAD_INPUT, why);
    return NULL;
}

/* ---- the end --------------------------------------------------------------------------------- */

bool page_check_end(page_reader *r)
{
    char why[160];
    const page_count *found = &r->found, *stated = &r->stated;
    if (r->error->status != EG_OK)
        return false;
    if (!r->ended)
        return page_fail(r, EG_BAD_INPUT, "is truncated: the end of the report is missing");
    if (r->old)
        return true;
    if (!r->has_stated)
        return page_fail(r, EG_BAD_INPUT, "is damaged: the number of its records is missing");
    if (found->records != stated->records || found->runs != stated->runs) {
        snprintf(why, sizeof why,
                 "is damaged: it has %zu records and %zu runs, but states %zu and %zu",
                 found->records, found->runs, stated->records, stated->runs);
        return page_fail(r, EG_BAD_INPUT, why);
    }
    if (found->check != stated->check)
        return page_fail(r, EG_BAD_INPUT, "is damaged: its records are not those that it states");
    return true;
}
