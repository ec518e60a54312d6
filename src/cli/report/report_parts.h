/* SPDX-License-Identifier: MIT */
/* The files of src/cli/report/ as NUL-terminated arrays, which the build generates. */
#ifndef CLI_REPORT_REPORT_PARTS_H
#define CLI_REPORT_REPORT_PARTS_H

extern const char report_html[], report_css[], report_js[];

#endif
