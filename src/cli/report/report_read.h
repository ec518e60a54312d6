/* SPDX-License-Identifier: MIT */
/* Reads the lines of report pages and checks their records, for merge-report. */
#ifndef CLI_REPORT_REPORT_READ_H
#define CLI_REPORT_REPORT_READ_H

#include "cli/report/report_page.h"

typedef struct page_reader {
    FILE *file;
    const char *path;
    eg_error *error; /* keeps the first error */
    char *text;      /* the line read last, in `size` bytes */
    size_t size;
    long line;        /* its number, counted from 1 */
    bool old;         /* page of the old form, without hashes and numbers */
    bool ended;       /* the last line read was the end of the page */
    bool has_stated;  /* the page states its numbers */
    page_count found; /* lines whose JSON was read */
    page_count stated;
} page_reader;

/* Opens a page, which must be a regular file because it is read twice, and checks its first lines.
 * Returns false after recording an error. page_close() must follow. */
bool page_open(page_reader *reader, const char *path, eg_error *error);
void page_close(page_reader *reader);

/* Reads the next line, without its end. Returns false at the end of the page or after an error. */
bool page_next(page_reader *reader);

/* Returns the JSON of the line if that begins with PAGE_RECORD or PAGE_RUN, given as `head`; else
 * NULL. Records an error if the line is damaged. */
char *page_json(page_reader *reader, const char *head);

/* Checks that all lines were there, after page_json() has read each of them. */
bool page_check_end(page_reader *reader);

/* Records the first error "path: why"; returns false. */
bool page_fail(page_reader *reader, eg_status status, const char *why);

#endif
