/* SPDX-License-Identifier: MIT */
/* What a page is made of, for those who write one and those who read it again. */
#ifndef CLI_REPORT_REPORT_PAGE_H
#define CLI_REPORT_REPORT_PAGE_H

#include "edgegrad.h"

/* A line of a page that holds a record, or what is known of a run, is JSON between such a head and
 * the tail. */
#define PAGE_MARK        "<!-- edgegrad report, form 1 -->"
#define PAGE_END         "<!-- end of the edgegrad report -->"
#define PAGE_RECORD      "<script type=\"application/json\" class=\"record\">"
#define PAGE_RUN         "<script type=\"application/json\" class=\"run\">"
#define PAGE_TAIL        "</script>"
#define PAGE_FOLDER      "{\"folder\":\"" /* each JSON begins so: what links are relative to */
#define PAGE_NAME        "\",\"name\":"
#define PAGE_NAME_FAILED ",\"outcome\":\"failed\""

/* Writing. `error` is not NULL: a failure stays in it, so that one look after many calls is enough.
 */

/* Everything before the first record, and after the last run. */
void page_begin(eg_file *file, eg_error *error);
void page_end(eg_file *file, eg_error *error);

void page_text(eg_file *file, const char *text, eg_error *error);

/* A JSON string that is harmless in HTML. Bytes that are no UTF-8 become \xNN, in letters. */
void page_string(eg_file *file, const char *text, eg_error *error);
void page_base64(eg_file *file, const void *bytes, size_t size, eg_error *error);

/* The folder of `path`, absolute, with a slash at its end. False: its name is too long. */
bool page_folder_of(char *out, size_t size, const char *path);

/* What leads from `folder`, as page_folder_of() makes it, to `path`, as a URL: only letters,
 * digits,
 * "-._~/" and "%". False: the names are too long. */
bool page_link(char *out, size_t size, const char *folder, const char *path);

#endif
