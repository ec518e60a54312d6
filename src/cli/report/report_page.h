/* SPDX-License-Identifier: MIT */
/* The format of a page, for report.c, which writes pages, and merge-report, which reads them. */
#ifndef CLI_REPORT_REPORT_PAGE_H
#define CLI_REPORT_REPORT_PAGE_H

#include "edgegrad.h"

/* A line with a record, or with the data of a run, is JSON between PAGE_RECORD or PAGE_RUN and
 * PAGE_TAIL. */
#define PAGE_MARK        "<!-- edgegrad report, form 1 -->"
#define PAGE_END         "<!-- end of the edgegrad report -->"
#define PAGE_RECORD      "<script type=\"application/json\" class=\"record\">"
#define PAGE_RUN         "<script type=\"application/json\" class=\"run\">"
#define PAGE_TAIL        "</script>"
#define PAGE_FOLDER      "{\"folder\":\"" /* start of each JSON: folder of its links */
#define PAGE_NAME        "\",\"name\":"
#define PAGE_NAME_FAILED ",\"outcome\":\"failed\""

/* The functions below write parts of a page. `error` must not be NULL; after an error they do
 * nothing, so a caller can check it once after many calls. */

/* Write the page before the first record and after the last run. */
void page_begin(eg_file *file, eg_error *error);
void page_end(eg_file *file, eg_error *error);

void page_text(eg_file *file, const char *text, eg_error *error);

/* Writes a JSON string that is safe in HTML. Bytes that are not UTF-8 become the text \xNN. */
void page_string(eg_file *file, const char *text, eg_error *error);
void page_base64(eg_file *file, const void *bytes, size_t size, eg_error *error);

/* Writes the absolute folder of `path` with a slash at its end. Returns false if it does not fit.
 */
bool page_folder_of(char *out, size_t size, const char *path);

/* Writes the relative URL from `folder`, as from page_folder_of(), to `path`: only letters, digits,
 * "-._~/" and "%". Returns false if it does not fit. */
bool page_link(char *out, size_t size, const char *folder, const char *path);

#endif
