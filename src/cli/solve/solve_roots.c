/* SPDX-License-Identifier: MIT */
/* --roots: all solutions of equations in a box. */
#include <stdlib.h>
#include <string.h>

#include "cli/solve/solve.h"
#include "cli/solve/solve_parts.h"
#include "cli/solve/solve_plot.h"
#include "cli/support/format.h"

static char *note_text(const eg_solution *point)
{
    return format_text("%s%s%s", point->regular ? "" : "degenerate",
                       !point->regular && point->border ? ", " : "",
                       point->border ? "on the border" : "");
}

static void print_points(surface_job *job, const eg_solutions *s)
{
    solve_table table = {.columns = 2};
    if (!solve_print_count("Solutions", s))
        return;
    solve_table_add(&table, solve_names_text(job));
    solve_table_add(&table, format_text("%s", ""));
    for (size_t i = 0; i < s->count; i++) {
        solve_table_add(
            &table, job->n > 1 ? block_real_vector_text(&job->block_writer, s->points[i].at, job->n)
                               : block_real_text(&job->block_writer, s->points[i].at[0]));
        solve_table_add(&table, note_text(&s->points[i]));
    }
    solve_table_print(&table);
    solve_table_free(&table);
}

static void json_points(surface_job *job, const eg_solutions *s)
{
    json *j = job->block_writer.j;
    json_open(j, "roots", '[');
    for (size_t i = 0; i < s->count; i++) {
        const eg_solution *point = &s->points[i];
        json_open(j, NULL, '{');
        solve_json_point(job, "at", point->at);
        json_bool(j, "proven", true);
        json_bool(j, "degenerate", !point->regular);
        json_bool(j, "exact", point->exact);
        json_bool(j, "border", point->border);
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* Prints the equations. */
static void print_equations(surface_job *job, const solve_equations *e)
{
    char typed[BLOCK_LINE_SIZE];
    json *j = job->block_writer.j;
    if (j) {
        json_open(j, NULL, '{');
        json_open(j, "equations", '[');
    }
    for (size_t i = 0; i < e->count; i++) {
        surface_format_typed(typed, sizeof typed, e->text[i]);
        bool equation = eg_expr_is_equation(e->expr[i]);
        if (j)
            json_text(j, NULL, typed);
        else
            printf("%s%s\n", typed, equation ? "" : " = 0");
    }
    if (!j)
        return;
    json_close(j, ']');
    json_text(j, "arithmetic", eg_reals_arithmetic(job->exact.reals));
}

static void print_head(surface_job *job, const solve_equations *e, const solve_box *box)
{
    print_equations(job, e);
    solve_print_box(job, box);
}

/* Finds and prints the solutions. */
static int report_points(surface_job *job, const solve_equations *e, const solve_box *box)
{
    eg_solutions *solutions;
    eg_error error = {0};
    eg_solve_options options = solve_library_options(job);
    if (eg_solve_system(&solutions, job->exact.reals, (const eg_expr *const *)e->expr, e->count,
                        box->low, box->high, &options, &error) != EG_OK)
        return report_error(job->settings, &error);
    bool complete = solutions->complete;
    int code = solve_plot_roots(job, box, (const eg_expr *const *)e->expr, e->count, solutions);
    if (code != EXIT_DONE) {
        eg_solutions_free(solutions);
        return code;
    }
    print_head(job, e, box);
    solve_print_defined(job, solutions->defined);
    if (job->block_writer.j)
        json_points(job, solutions);
    else
        print_points(job, solutions);
    solve_print_left(job, solutions);
    if (job->block_writer.j)
        json_close(job->block_writer.j, '}');
    eg_solutions_free(solutions);
    return complete ? EXIT_DONE : EXIT_NEGATIVE;
}

static int check_count(const surface_job *job, const solve_equations *e)
{
    if (e->count == job->n || (e->count == 1 && job->n == 2))
        return EXIT_DONE;
    message("--roots: %zu equation%s for %zu variable%s: there must be as many (--intersect adds "
            "one), or one equation in two variables, which is a curve",
            e->count, e->count == 1 ? "" : "s", job->n, job->n == 1 ? "" : "s");
    return EXIT_USAGE;
}

static int report(surface_job *job, const solve_equations *e, const solve_box *box)
{
    eg_trace *curve = NULL;
    if (e->count == job->n)
        return report_points(job, e, box);
    int code = solve_curve(job, box, &curve);
    if (curve) {
        print_head(job, e, box);
        code = solve_report_curve(job, curve);
    }
    eg_trace_free(curve);
    return code;
}

int solve_roots(surface_job *job)
{
    solve_equations e = {0};
    solve_box box;
    int code = solve_read_equations(job, &e);
    code = code ? code : check_count(job, &e);
    code = code ? code : solve_check_curve_file(job, e.count < job->n);
    code = code ? code : solve_read_box(job, "--roots", job->options->roots, &box);
    code = code ? code : report(job, &e, &box);
    solve_free_equations(job, &e);
    return code;
}
