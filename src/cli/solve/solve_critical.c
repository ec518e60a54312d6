/* SPDX-License-Identifier: MIT */
/* --critical: all critical points in a box. */
#include <stdlib.h>

#include "cli/solve/solve.h"
#include "cli/solve/solve_parts.h"
#include "cli/solve/solve_plot.h"
#include "cli/support/format.h"

/* Returns what is known about a critical point, to be freed. */
static char *verdict_text(const eg_solution *point)
{
    const char *border = point->border ? ", on the border" : "";
    if (point->regular)
        return format_text("%s%s", surface_extremum_name(point->verdict), border);
    if (point->verdict == EG_UNDECIDED)
        return format_text("degenerate, undecided%s", border);
    if (point->order > 0)
        return format_text("degenerate: %s, by derivatives of order %d%s",
                           surface_extremum_name(point->verdict), point->order, border);
    return format_text("degenerate: %s%s", surface_extremum_name(point->verdict), border);
}

static void print_points(surface_job *job, const eg_solutions *s)
{
    block_writer *w = &job->block_writer;
    solve_table table = {.columns = 4};
    if (!solve_print_count("Critical points", s))
        return;
    solve_table_add(&table, solve_names_text(job));
    solve_table_add(&table, format_text("f"));
    solve_table_add(&table, format_text("eigenvalues"));
    solve_table_add(&table, format_text("verdict"));
    for (size_t i = 0; i < s->count; i++) {
        const eg_solution *point = &s->points[i];
        solve_table_add(&table, solve_point_text(job, point->at));
        solve_table_add(&table, block_real_text(w, point->value));
        solve_table_add(&table, solve_point_text(job, point->eigenvalues));
        solve_table_add(&table, verdict_text(point));
    }
    solve_table_print(&table);
    solve_table_free(&table);
}

static void json_points(surface_job *job, const eg_solutions *s)
{
    block_writer *w = &job->block_writer;
    json_open(w->j, "critical_points", '[');
    for (size_t i = 0; i < s->count; i++) {
        const eg_solution *point = &s->points[i];
        json_open(w->j, NULL, '{');
        solve_json_point(job, "at", point->at);
        block_real(w, "value", NULL, point->value, NULL);
        block_real_vector(w, "eigenvalues", NULL, point->eigenvalues, job->n, NULL);
        json_text(w->j, "verdict", surface_extremum_name(point->verdict));
        json_bool(w->j, "proven", point->verdict != EG_UNDECIDED);
        json_bool(w->j, "degenerate", !point->regular);
        json_bool(w->j, "exact", point->exact);
        json_bool(w->j, "border", point->border);
        json_close(w->j, '}');
    }
    json_close(w->j, ']');
}

static void print_head(surface_job *job)
{
    char names[512];
    char *text = surface_format_expr(job->f);
    formula_variables(job->f, names, sizeof names);
    if (job->block_writer.j) {
        json_open(job->block_writer.j, NULL, '{');
        json_text(job->block_writer.j, "expression", text);
        json_text(job->block_writer.j, "arithmetic", eg_reals_arithmetic(job->exact.reals));
    } else {
        printf("f(%s) = %s\n", names, text);
    }
    free(text);
}

int solve_critical(surface_job *job)
{
    solve_box box;
    eg_solutions *solutions;
    eg_error error = {0};
    int code = surface_read_formulas(job);
    code = code ? code : solve_read_box(job, "--critical", job->options->critical, &box);
    if (code != EXIT_DONE)
        return code;
    eg_solve_options options = solve_library_options(job);
    if (eg_solve_critical(&solutions, job->exact.reals, job->f, box.low, box.high, &options,
                          &error) != EG_OK)
        return report_error(job->settings, &error);
    bool complete = solutions->complete;
    code = solve_plot_critical(job, &box, solutions);
    if (code != EXIT_DONE) {
        eg_solutions_free(solutions);
        return code;
    }
    print_head(job);
    solve_print_box(job, &box);
    solve_print_defined(job, solutions->defined);
    if (job->block_writer.j)
        json_points(job, solutions);
    else
        print_points(job, solutions);
    solve_print_left(job, solutions);
    solve_print_extremes(job, solutions, "over the box, with its border");
    if (job->block_writer.j)
        json_close(job->block_writer.j, '}');
    eg_solutions_free(solutions);
    return complete ? EXIT_DONE : EXIT_NEGATIVE;
}
