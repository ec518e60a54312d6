/* SPDX-License-Identifier: MIT */
/* Formulas in files: one formula, on any number of lines, with comments from # to the end of a
 * line. */
#ifndef CLI_SUPPORT_FORMULA_FILE_H
#define CLI_SUPPORT_FORMULA_FILE_H

#include "cli/cli.h"

/* The text of a formula and where it comes from. */
typedef struct formula_source {
    const char *text; /* comments are blanks */
    const char *name; /* of the file; NULL: the command line */
    char *memory;     /* of `text`; NULL: it is not owned */
} formula_source;

/* Reads the formula of a file, "-" for standard input. The caller frees it with
 * formula_source_free(), also after an error. Returns an exit code, after its message. */
int formula_source_read(formula_source *source, const char *path);
void formula_source_free(formula_source *source);

/* Parses the formula; messages name file, line and column. */
int formula_source_parse(eg_expr **expr, eg_context *ctx, const formula_source *source,
                         const eg_expr_options *options);

#endif
