/* SPDX-License-Identifier: MIT */
/* Reports Lagrange multipliers (--lagrange). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/surface.h"

/* Writes "lambda" or, of several constraints, "lambda2". */
static void format_label(const surface_job *job, char *out, size_t size, const char *name, size_t k)
{
    if (job->constraint_count == 1)
        snprintf(out, size, "%s", name);
    else
        snprintf(out, size, "%s%zu", name, k + 1);
}

static void open_block(surface_job *job)
{
    char heading[BLOCK_LINE_SIZE], label[32];
    size_t used =
        (size_t)snprintf(heading, sizeof heading, "Lagrange multiplier%s: at an extremum on ",
                         job->constraint_count == 1 ? "" : "s");
    for (size_t k = 0; k < job->constraint_count && used < sizeof heading; k++) {
        format_label(job, label, sizeof label, "g", k);
        used += (size_t)snprintf(heading + used, sizeof heading - used, "%s = 0, ", label);
    }
    for (size_t k = 0; k < job->constraint_count && used < sizeof heading; k++) {
        char number[24] = "";
        if (job->constraint_count > 1)
            snprintf(number, sizeof number, "%zu", k + 1);
        used += (size_t)snprintf(heading + used, sizeof heading - used, "%slambda%s grad g%s",
                                 k ? " + " : "grad f = ", number, number);
    }
    block_open(&job->block_writer, "lagrange", heading);
}

/* Reports the gradients of f and of the constraints. */
static int report_gradients(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    eg_real g[EG_EXPR_VARIABLES];
    char label[32], typed[BLOCK_LINE_SIZE];
    block_real_vector(s, "grad_f", "grad f", job->exact.gradient, job->n, NULL);
    if (s->j && job->constraint_count > 1)
        json_open(s->j, "constraints", '[');
    for (size_t k = 0; k < job->constraint_count; k++) {
        bool several = job->constraint_count > 1;
        if (eg_surface_prove(s->reals, job->constraint[k], job->exact.point, NULL, g, NULL,
                             &error) != EG_OK)
            return report_error(job->settings, &error);
        if (several && s->j)
            json_open(s->j, NULL, '{');
        format_label(job, label, sizeof label, "g", k);
        surface_format_typed(typed, sizeof typed, job->options->lagrange.text[k]);
        if (several)
            block_text(s, "constraint", label, typed);
        format_label(job, label, sizeof label, "grad g", k);
        block_real_vector(s, several ? "gradient" : "grad_g", label, g, job->n, NULL);
        if (several && s->j)
            json_close(s->j, '}');
    }
    if (s->j && job->constraint_count > 1)
        json_close(s->j, ']');
    return EXIT_DONE;
}

static void report_multipliers(surface_job *job, const eg_proven_lagrange *m)
{
    block_writer *s = &job->block_writer;
    bool several = job->constraint_count > 1, dependent = m->rank < job->constraint_count;
    char label[32], note[80];
    if (several) {
        snprintf(note, sizeof note, "of %zu: the gradients of the constraints are %s",
                 job->constraint_count, dependent ? "dependent" : "independent");
        block_number(s, "rank", "rank", (double)m->rank, note);
    }
    block_bool(s, "parallel", m->parallel == EG_SIGN_ZERO);
    if (several && s->j && !dependent)
        block_real_vector(s, "lambda", NULL, m->lambda, job->constraint_count, NULL);
    for (size_t k = 0; k < job->constraint_count && !(several && s->j); k++) {
        format_label(job, label, sizeof label, "lambda", k);
        if (dependent)
            block_number(s, "lambda", label, (double)NAN, NULL);
        else
            block_real(s, "lambda", label, m->lambda[k],
                       m->parallel == EG_SIGN_ZERO ? NULL : "least squares");
    }
    if (m->parallel != EG_SIGN_ZERO && !dependent)
        block_real(s, "residual", "residual", m->residual,
                   several ? "|grad f - sum of lambda grad g|" : "|grad f - lambda grad g|");
}

/* Sets *differentiable to true if f and all constraints have a gradient at the point. */
static int check_gradients(const surface_job *job, bool *differentiable)
{
    eg_error error = {0};
    *differentiable = job->at.differentiability == EG_DIFFERENTIABLE && !surface_is_singular(job);
    for (size_t k = 0; k < job->constraint_count && *differentiable; k++) {
        eg_surface at;
        if (eg_surface_classify(job->exact.reals, job->constraint[k], job->exact.point, job->point,
                                &at, &error) != EG_OK)
            return report_error(job->settings, &error);
        *differentiable = at.differentiability == EG_DIFFERENTIABLE && !at.operation[0];
    }
    return EXIT_DONE;
}

static void report_verdict(surface_job *job, const eg_proven_lagrange *m)
{
    static const char *const one[] = {
        [EG_MINIMUM] = "a minimum of f on the constraint",
        [EG_MAXIMUM] = "a maximum of f on the constraint",
        [EG_SADDLE] = "a saddle of f on the constraint",
        [EG_UNDECIDED] = "undecided: second derivatives along the constraint are 0",
    };
    static const char *const several[] = {
        [EG_MINIMUM] = "a minimum of f on the constraints",
        [EG_MAXIMUM] = "a maximum of f on the constraints",
        [EG_SADDLE] = "a saddle of f on the constraints",
        [EG_UNDECIDED] = "undecided: second derivatives along the constraints are 0",
    };
    block_writer *s = &job->block_writer;
    bool single = job->constraint_count == 1, dependent = m->rank < job->constraint_count;
    if (s->j) {
        json_text(s->j, "verdict",
                  m->parallel == EG_SIGN_ZERO      ? surface_extremum_name(m->extremum)
                  : m->rank_known && dependent     ? "dependent constraints"
                  : m->parallel == EG_SIGN_UNKNOWN ? "undecided"
                                                   : "not parallel");
    } else if (m->parallel == EG_SIGN_ZERO) {
        block_text(s, NULL, "verdict",
                   m->extremum_known ? (single ? one : several)[m->extremum]
                                     : "undecided: a sign could not be told");
    } else if (m->rank_known && dependent) {
        block_text(s, NULL, "verdict",
                   single ? "grad g is 0: there is no multiplier"
                          : "undecided: where the gradients of the constraints are dependent, an "
                            "extremum need not have multipliers");
    } else if (m->parallel == EG_SIGN_UNKNOWN) {
        block_text(s, NULL, "verdict", "undecided: the residual could not be told from 0");
    } else {
        char *angle = block_real_text(s, m->angle);
        char *line =
            format_text("not %s, by %s degrees: no extremum on the constraint%s",
                        single ? "parallel" : "a sum of the gradients", angle, single ? "" : "s");
        block_text(s, NULL, "verdict", line);
        free(angle);
        free(line);
    }
}

int surface_report_lagrange(surface_job *job)
{
    eg_error error = {0};
    eg_proven_lagrange m;
    const eg_expr *constraints[OPTION_TEXTS_LIMIT];
    for (size_t k = 0; k < job->constraint_count; k++)
        constraints[k] = job->constraint[k];
    bool differentiable;
    int code = check_gradients(job, &differentiable);
    if (code != EXIT_DONE)
        return code;
    if (differentiable &&
        eg_surface_prove_lagrange(job->exact.reals, job->f, constraints, job->constraint_count,
                                  job->exact.point, &m, &error) != EG_OK)
        return report_error(job->settings, &error);
    open_block(job);
    if (!differentiable) {
        block_text(&job->block_writer, "verdict", "verdict",
                   "undecided: f or a constraint is not differentiable here");
        block_close(&job->block_writer);
        return EXIT_NEGATIVE;
    }
    code = report_gradients(job);
    if (code == EXIT_DONE) {
        report_multipliers(job, &m);
        report_verdict(job, &m);
    }
    block_close(&job->block_writer);
    return code == EXIT_DONE && m.parallel != EG_SIGN_ZERO ? EXIT_NEGATIVE : code;
}
