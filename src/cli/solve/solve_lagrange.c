/* SPDX-License-Identifier: MIT */
/* --lagrange with --in: all extrema under constraints, in a box. */
#include <stdlib.h>
#include <string.h>

#include "cli/solve/solve.h"
#include "cli/solve/solve_parts.h"
#include "cli/solve/solve_plot.h"
#include "cli/support/format.h"

/* The constraints: as equations in the settings, and which of them are inequalities. */
typedef struct constraints {
    surface_settings settings; /* with equations in place of inequalities */
    char *copies[OPTION_TEXTS_LIMIT];
    bool inequality[OPTION_TEXTS_LIMIT];
    bool any;
} constraints;

/* ---- reading ---- */

/* Returns the first comparison in a text, outside of brackets; NULL if there is none. Sets *length
 * to its bytes and *greater. */
static char *find_comparison(char *text, size_t *length, bool *greater)
{
    static const struct {
        const char *sign;
        bool greater;
    } signs[] = {{"<=", false}, {">=", true}, {"=<", false}, {"=>", true},
                 {"≤", false},  {"≥", true},  {"<", false},  {">", true}};
    int depth = 0;
    for (; *text; text++) {
        depth += strchr("([{", *text) ? 1 : strchr(")]}", *text) ? -1 : 0;
        for (size_t i = 0; depth == 0 && i < sizeof signs / sizeof *signs; i++) {
            *length = strlen(signs[i].sign);
            *greater = signs[i].greater;
            if (strncmp(text, signs[i].sign, *length) == 0)
                return text;
        }
    }
    return NULL;
}

/* Replaces an inequality by the equation whose left side less the right one is not positive. */
static int read_inequality(constraints *c, size_t k)
{
    const char *typed = c->settings.lagrange.text[k];
    char *copy = format_text("%s", typed);
    size_t length;
    bool greater;
    char *sign = find_comparison(copy, &length, &greater);
    if (sign) {
        *sign = 0;
        const char *right = sign + length;
        c->copies[k] = format_text("%s = %s", greater ? right : copy, greater ? copy : right);
        c->settings.lagrange.text[k] = c->copies[k];
        c->inequality[k] = c->any = true;
    }
    free(copy);
    return EXIT_DONE;
}

static int read_constraints(surface_job *job, constraints *c)
{
    c->settings = *job->options;
    int code = EXIT_DONE;
    if (c->settings.lagrange.count == 0)
        return usage_error(job->args->command, "--in needs a constraint: --lagrange G");
    if (c->settings.lagrange.count > EG_SOLVE_CONSTRAINTS) {
        message("--lagrange: at most %d constraints can be solved for", EG_SOLVE_CONSTRAINTS);
        return EXIT_USAGE;
    }
    for (size_t k = 0; k < c->settings.lagrange.count && code == EXIT_DONE; k++)
        code = read_inequality(c, k);
    if (code != EXIT_DONE)
        return code;
    job->options = &c->settings;
    return surface_read_formulas(job);
}

/* ---- report ---- */

/* Returns "g" or "g2". */
static const char *label(const surface_job *job, char out[24], size_t k)
{
    if (job->constraint_count == 1)
        snprintf(out, 24, "g");
    else
        snprintf(out, 24, "g%zu", k + 1);
    return out;
}

static void print_head(surface_job *job, const surface_settings *typed, const constraints *c)
{
    char names[512], name[24], line[BLOCK_LINE_SIZE];
    json *j = job->block_writer.j;
    char *text = surface_format_expr(job->f);
    formula_variables(job->f, names, sizeof names);
    if (j) {
        json_open(j, NULL, '{');
        json_text(j, "expression", text);
        json_open(j, "constraints", '[');
    } else {
        printf("f(%s) = %s\n", names, text);
    }
    for (size_t k = 0; k < job->constraint_count; k++) {
        surface_format_typed(line, sizeof line, typed->lagrange.text[k]);
        bool equation = c->inequality[k] || eg_expr_is_equation(job->constraint[k]);
        char *whole = format_text("%s%s", line, equation ? "" : " = 0");
        if (j)
            json_text(j, NULL, whole);
        else
            block_line(label(job, name, k), whole, NULL);
        free(whole);
    }
    if (j) {
        json_close(j, ']');
        json_text(j, "arithmetic", eg_reals_arithmetic(job->exact.reals));
    }
    free(text);
}

/* Names the verdict; c: tells which constraints are inequalities. */
static const char *verdict_name(const constraints *c, const eg_solution *point)
{
    bool bounded = false; /* by an inequality */
    for (size_t k = 0; k < EG_SOLVE_CONSTRAINTS; k++)
        bounded |= (point->active >> k & 1) && c->inequality[k];
    return point->dependent                           ? "dependent constraints"
           : point->verdict == EG_MINIMUM             ? "minimum"
           : point->verdict == EG_MAXIMUM             ? "maximum"
           : point->verdict == EG_SADDLE              ? "neither"
           : point->eigenvalue_count == 0 && !bounded ? "isolated point"
                                                      : "undecided";
}

/* Returns the multipliers, to be freed. */
static char *lambda_text(surface_job *job, const eg_solution *point)
{
    char *text = NULL;
    bool several = job->constraint_count > 1;
    FILE *out = format_stream(&text);
    fputs(several ? "(" : "", out);
    for (size_t k = 0; k < job->constraint_count; k++) {
        bool active = point->active >> k & 1;
        char *number = point->lambda[k] != EG_REAL_NONE
                           ? block_real_text(&job->block_writer, point->lambda[k])
                           : format_text("%s", active ? "none" : "0");
        fprintf(out, "%s%s", k ? ", " : "", number);
        free(number);
    }
    fputs(several ? ")" : "", out);
    format_close(out, &text);
    return text;
}

/* Returns the names of the active constraints, to be freed. */
static char *active_text(const surface_job *job, const eg_solution *point)
{
    char *text = NULL, name[24];
    bool some = false;
    FILE *out = format_stream(&text);
    for (size_t k = 0; k < job->constraint_count; k++)
        if (point->active >> k & 1) {
            fprintf(out, "%s%s", some ? ", " : "", label(job, name, k));
            some = true;
        }
    fputs(some ? "" : "none", out);
    format_close(out, &text);
    return text;
}

static void print_points(surface_job *job, const eg_solutions *s, const constraints *c)
{
    block_writer *w = &job->block_writer;
    solve_table table = {.columns = 6};
    if (s->count == 0) {
        printf("\nConstrained extrema: no candidates inside of the box%s\n",
               s->complete ? ", which is proven" : " found");
        return;
    }
    printf("\nConstrained extrema: %zu candidate%s%s\n", s->count, s->count == 1 ? "" : "s",
           s->complete ? ", and proven to be all inside of the box" : "; there may be others");
    solve_table_add(&table, solve_names_text(job));
    solve_table_add(&table, format_text("f"));
    solve_table_add(&table, format_text("lambda"));
    solve_table_add(&table, format_text("eigenvalues"));
    solve_table_add(&table, format_text("verdict"));
    solve_table_add(&table, format_text("%s", c->any ? "active" : ""));
    for (size_t i = 0; i < s->count; i++) {
        const eg_solution *point = &s->points[i];
        solve_table_add(&table, solve_point_text(job, point->at));
        solve_table_add(&table, block_real_text(w, point->value));
        solve_table_add(&table, lambda_text(job, point));
        solve_table_add(&table,
                        block_real_vector_text(w, point->eigenvalues, point->eigenvalue_count));
        solve_table_add(&table, format_text("%s%s", verdict_name(c, point),
                                            point->border ? ", on the border" : ""));
        solve_table_add(&table, c->any ? active_text(job, point) : format_text("%s", ""));
    }
    solve_table_print(&table);
    solve_table_free(&table);
    block_note(w, "grad f is the sum of lambda grad g; the eigenvalues are those of the Hessian of "
                  "f less the sum of lambda g, in the tangent space of the constraints");
    if (c->any)
        block_note(w, "A constraint that is not active has the multiplier 0 (complementary "
                      "slackness). With g <= 0, an active one has lambda < 0 at a minimum and "
                      "lambda > 0 at a maximum");
}

static void json_points(surface_job *job, const eg_solutions *s, const constraints *c)
{
    block_writer *w = &job->block_writer;
    json_open(w->j, "extrema", '[');
    for (size_t i = 0; i < s->count; i++) {
        const eg_solution *point = &s->points[i];
        json_open(w->j, NULL, '{');
        solve_json_point(job, "at", point->at);
        block_real(w, "value", NULL, point->value, NULL);
        json_open(w->j, "lambda", '[');
        for (size_t k = 0; k < job->constraint_count; k++)
            if (point->lambda[k] != EG_REAL_NONE)
                block_json_real(w, NULL, point->lambda[k]);
            else if (point->active >> k & 1)
                json_null(w->j, NULL);
            else
                json_number(w->j, NULL, 0);
        json_close(w->j, ']');
        json_open(w->j, "active", '[');
        for (size_t k = 0; k < job->constraint_count; k++)
            json_bool(w->j, NULL, point->active >> k & 1);
        json_close(w->j, ']');
        block_real_vector(w, "eigenvalues", NULL, point->eigenvalues, point->eigenvalue_count,
                          NULL);
        json_text(w->j, "verdict", verdict_name(c, point));
        json_bool(w->j, "proven", point->verdict != EG_UNDECIDED);
        json_bool(w->j, "degenerate", !point->regular);
        json_bool(w->j, "exact", point->exact);
        json_bool(w->j, "border", point->border);
        json_close(w->j, '}');
    }
    json_close(w->j, ']');
}

static int report(surface_job *job, const surface_settings *typed, const constraints *c,
                  const solve_box *box)
{
    eg_constraint list[EG_SOLVE_CONSTRAINTS];
    eg_solutions *solutions;
    eg_error error = {0};
    eg_solve_options options = solve_library_options(job);
    for (size_t k = 0; k < job->constraint_count; k++)
        list[k] = (eg_constraint){job->constraint[k], c->inequality[k]};
    if (eg_solve_constrained(&solutions, job->exact.reals, job->f, list, job->constraint_count,
                             box->low, box->high, &options, &error) != EG_OK)
        return report_error(job->settings, &error);
    bool complete = solutions->complete;
    int code = solve_plot_lagrange(job, box, solutions);
    if (code != EXIT_DONE) {
        eg_solutions_free(solutions);
        return code;
    }
    print_head(job, typed, c);
    solve_print_box(job, box);
    if (job->block_writer.j)
        json_points(job, solutions, c);
    else
        print_points(job, solutions, c);
    solve_print_left(job, solutions);
    if (job->block_writer.j)
        json_bool(job->block_writer.j, "feasible", solutions->defined != EG_DEFINED_NOWHERE);
    else if (solutions->defined == EG_DEFINED_NOWHERE)
        printf("\nNo point of the box satisfies the constraints, which is proven\n");
    if (job->block_writer.j || solutions->defined != EG_DEFINED_NOWHERE)
        solve_print_extremes(job, solutions, "in the box, where the constraints hold");
    if (job->block_writer.j)
        json_close(job->block_writer.j, '}');
    eg_solutions_free(solutions);
    return complete ? EXIT_DONE : EXIT_NEGATIVE;
}

int solve_lagrange(surface_job *job)
{
    constraints *c = format_memory(1, sizeof *c);
    const surface_settings *typed = job->options;
    solve_box box;
    int code = read_constraints(job, c);
    code = code ? code : solve_read_box(job, "--in", typed->in, &box);
    code = code ? code : report(job, typed, c, &box);
    job->options = typed;
    for (size_t k = 0; k < OPTION_TEXTS_LIMIT; k++)
        free(c->copies[k]);
    free(c);
    return code;
}
