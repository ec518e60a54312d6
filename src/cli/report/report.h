/* SPDX-License-Identifier: MIT */
/*
 * Writes the report of a batch: one self-contained HTML page. Each record is one line, written when
 * its file is done; the script of the page sorts and shows them.
 */
#ifndef CLI_REPORT_REPORT_H
#define CLI_REPORT_REPORT_H

#include "cli/batch/batch_record.h"
#include "edgegrad.h"

typedef struct report report;

/* Side in pixels and JPEG quality of the thumbnails cli_record.before and .after. A card of the
 * page is 230 to 300 pixels wide; edges need more bytes than photographs. */
enum { REPORT_SIDE = 256, REPORT_QUALITY_BEFORE = 70, REPORT_QUALITY_AFTER = 50 };

typedef struct report_about {
    const char *path;         /* path of the page; "-" is standard output */
    const char *title;        /* title of the run: "photos" */
    const char *const *words; /* words of the command line */
    size_t count;             /* number of words */
} report_about;

/* Opens a report. The page appears when report_commit() succeeds, or not at all. `about` is copied;
 * the context must outlive the report. One thread at a time may use a report. */
eg_status report_open(report **made, eg_context *ctx, const report_about *about, eg_error *error);

/* Writes a record. Relative paths in it refer to the current folder, which must not change after
 * report_open(). */
eg_status report_add(report *r, const cli_record *record, eg_error *error);

/* Makes the page one of a set of outputs: it is complete with report_commit(), and appears with the
 * others. */
eg_status report_join(report *r, eg_outputs *set, eg_error *error);

/* Completes the page. `seconds` is the elapsed time of the run, `stopped` is true if it was stopped
 * before all files were done. No record can be added afterwards. */
eg_status report_commit(report *r, double seconds, bool stopped, eg_error *error);

/* Frees the report, and discards the page unless it is committed. Accepts NULL. */
void report_close(report *r);

#endif
