/* SPDX-License-Identifier: MIT */
/*
 * The report of a run over many files: one HTML page that needs nothing but itself. Records are
 * written as they come, a line each; the page itself sorts and shows them.
 */
#ifndef CLI_REPORT_REPORT_H
#define CLI_REPORT_REPORT_H

#include "cli/batch/batch_record.h"
#include "edgegrad.h"

typedef struct report report;

/* Good sizes for cli_record.before and .after: a card of the page is 230 to 300 pixels wide, and
 * lines take more bytes than photographs do. */
enum { REPORT_SIDE = 256, REPORT_QUALITY_BEFORE = 70, REPORT_QUALITY_AFTER = 50 };

typedef struct report_about {
    const char *path;         /* of the page; "-" is standard output */
    const char *title;        /* of the run: "photos" */
    const char *const *words; /* the command line */
    size_t count;
} report_about;

/* The page appears when it is committed, complete, or not at all. `about` is copied. Everything
 * below is for one thread at a time. The context outlives the report. */
eg_status report_open(report **made, eg_context *ctx, const report_about *about, eg_error *error);

/* Paths of the record are read from the folder that was current at report_open(). */
eg_status report_add(report *r, const cli_record *record, eg_error *error);

/* `seconds` the run took by the clock on the wall; `stopped`: files were left. Nothing is added
 * after. */
eg_status report_commit(report *r, double seconds, bool stopped, eg_error *error);
void report_close(report *r); /* accepts NULL; what was not committed is gone */

#endif
