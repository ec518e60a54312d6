/* SPDX-License-Identifier: MIT */
/* `edgegrad surface` with a box in place of a point: --critical, --lagrange with --in, --roots. */
#ifndef CLI_SOLVE_SOLVE_H
#define CLI_SOLVE_SOLVE_H

#include "cli/surface/surface.h"

/* The options of this folder. (solve_options.c) */
extern const cli_group solve_group;

/* A box, as it was typed. */
typedef struct solve_box {
    eg_real low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES];
    double ends[EG_EXPR_VARIABLES][2];
} solve_box;

/* Returns true if an option of this folder asks for solutions. (solve_options.c) */
bool solve_is_wanted(const surface_settings *options);

/* Solves and reports. Returns an exit code: EXIT_NEGATIVE if the list is not complete. (solve.c) */
int solve_run(surface_job *job);

/* Reads a box; where: the option. Returns an exit code, after its message. (solve_box.c) */
int solve_read_box(surface_job *job, const char *where, const char *text, solve_box *box);

/* Writes the box: a line, or a member "box" in JSON. (solve_box.c) */
void solve_print_box(surface_job *job, const solve_box *box);

/* Writes the members of JSON that are the coordinates of a point, an object `key` of numbers, or
 * ranges. (solve_box.c) */
void solve_json_point(surface_job *job, const char *key, const eg_real at[]);
void solve_json_box(surface_job *job, const char *key, const double box[][2]);

/* Returns "(3, 2)", or "3" for one variable, to be freed; and the names alike, "(x, y)".
 * (solve_box.c) */
char *solve_point_text(surface_job *job, const eg_real at[]);
char *solve_names_text(const surface_job *job);

/* Refuses the options of this folder that have no effect without a box. Returns an exit code.
 * (solve_options.c) */
int solve_check_unused(const cli_args *args, const surface_settings *options);

/* Writes the heading of a list of solutions: their number, and whether they are proven to be all.
 * Returns false if there are none. (solve_left.c) */
bool solve_print_count(const char *heading, const eg_solutions *solutions);

/* Writes which parts of the box are left, and whether the list is complete. (solve_left.c) */
void solve_print_left(surface_job *job, const eg_solutions *solutions);

/* Writes the smallest and the largest value. set: where, "over the box". (solve_extremes.c) */
void solve_print_extremes(surface_job *job, const eg_solutions *solutions, const char *set);

/* A table of texts, whose columns are aligned. (solve_table.c) */
typedef struct solve_table {
    char **cells;
    size_t columns, count, capacity;
} solve_table;

void solve_table_add(solve_table *table, char *text); /* takes the text */
void solve_table_print(const solve_table *table);
void solve_table_free(solve_table *table);

#endif
