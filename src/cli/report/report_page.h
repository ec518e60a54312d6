/* SPDX-License-Identifier: MIT */
/* The format of a page, for report.c, which writes pages, and merge-report, which reads them. */
#ifndef CLI_REPORT_REPORT_PAGE_H
#define CLI_REPORT_REPORT_PAGE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "edgegrad.h"

/* A line with a record, or with the data of a run, is JSON between PAGE_RECORD or PAGE_RUN and
 * PAGE_TAIL, then PAGE_CHECK with the 64-bit FNV-1a hash of the JSON. The line after them,
 * PAGE_COUNT, has their numbers and the hash of their hashes (8 bytes each, the lowest first), so
 * that a page that lost or changed a record is noticed. Pages of the old form have neither hashes
 * nor numbers. */
#define PAGE_MARK        "<!-- edgegrad report, form 2 -->"
#define PAGE_MARK_OLD    "<!-- edgegrad report, form 1 -->"
#define PAGE_END         "<!-- end of the edgegrad report -->"
#define PAGE_RECORD      "<script type=\"application/json\" class=\"record\">"
#define PAGE_RUN         "<script type=\"application/json\" class=\"run\">"
#define PAGE_TAIL        "</script>"
#define PAGE_CHECK       "<!-- check %016" PRIx64 " -->"
#define PAGE_COUNT       "<!-- %zu records, %zu runs, check %016" PRIx64 " -->"
#define PAGE_FOLDER      "{\"folder\":\"" /* start of each JSON: folder of its links */
#define PAGE_NAME        "\",\"name\":"
#define PAGE_NAME_FAILED ",\"outcome\":\"failed\""

enum { PAGE_CHECK_LENGTH = 31 }; /* bytes of PAGE_CHECK with its hash */

/* Numbers and hashes of the lines of a page. */
typedef struct page_count {
    size_t records, runs;
    uint64_t check; /* hash of the hashes of all lines; TEXT_HASH at first */
} page_count;

/* Counts a line that begins with PAGE_RECORD, or PAGE_RUN if `run`, and has that hash. */
void page_count_add(page_count *count, bool run, uint64_t check);

/* Writes a page. The functions below write parts of it. `error` must not be NULL; after an error
 * they do nothing, so a caller can check it once after many calls. */
typedef struct page_writer {
    eg_file *file;
    uint64_t check; /* hash of the JSON of the line so far */
    page_count count;
} page_writer;

/* Write the page before the first record and after the last run. */
void page_begin(page_writer *page, eg_error *error);
void page_end(page_writer *page, eg_error *error);

/* Begin a line with PAGE_RECORD or PAGE_RUN, and end it after its JSON. */
void page_begin_line(page_writer *page, const char *head, eg_error *error);
void page_end_line(page_writer *page, const char *head, eg_error *error);

void page_text(page_writer *page, const char *text, eg_error *error);

/* Writes a JSON string that is safe in HTML. Bytes that are not UTF-8 become the text \xNN. */
void page_string(page_writer *page, const char *text, eg_error *error);
void page_base64(page_writer *page, const void *bytes, size_t size, eg_error *error);

/* Writes the absolute folder of `path` with a slash at its end. Returns false if it does not fit.
 */
bool page_folder_of(char *out, size_t size, const char *path);

/* Writes the relative URL from `folder`, as from page_folder_of(), to `path`: only letters, digits,
 * "-._~/" and "%". Returns false if it does not fit. */
bool page_link(char *out, size_t size, const char *folder, const char *path);

#endif
