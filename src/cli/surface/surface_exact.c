/* SPDX-License-Identifier: MIT */
/* Exact numbers of a report: value and gradient at the point, and sums and lengths of vectors. */
#include <string.h>

#include "cli/support/plot_file.h"
#include "cli/surface/surface.h"

eg_real surface_length(eg_reals *reals, const eg_real a[], size_t n)
{
    if (n == 1)
        return eg_real_apply(reals, EG_REAL_ABS, a[0], EG_REAL_NONE);
    return eg_real_apply(reals, EG_REAL_SQRT, eg_real_dot(reals, a, a, n), EG_REAL_NONE);
}

void surface_scale(eg_reals *reals, const eg_real a[], eg_real factor, size_t n, eg_real out[])
{
    for (size_t i = 0; i < n; i++)
        out[i] = eg_real_apply(reals, EG_REAL_MULTIPLY, a[i], factor);
}

/* Decides whether the gradient is 0. */
static eg_real_sign decide_criticality(eg_reals *reals, const eg_real gradient[], size_t n)
{
    eg_real_sign result = EG_SIGN_ZERO;
    for (size_t i = 0; i < n; i++) {
        eg_real_sign sign = eg_real_sign_of(reals, gradient[i]);
        if (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE)
            return EG_SIGN_POSITIVE;
        if (sign != EG_SIGN_ZERO)
            result = EG_SIGN_UNKNOWN;
    }
    return result;
}

bool surface_is_singular(const surface_job *job)
{
    return job->at.operation[0] != 0;
}

int surface_prove_point(surface_job *job)
{
    surface_exact *e = &job->exact;
    eg_error error = {0};
    if (eg_surface_prove(e->reals, job->f, e->point, &e->value, e->gradient, NULL, &error) != EG_OK)
        return report_error(job->settings, &error);
    if (job->at.differentiability != EG_DIFFERENTIABLE)
        return EXIT_DONE;
    for (size_t i = 0; i < job->n && surface_is_singular(job); i++)
        if (job->at.gradient_real[i] != EG_REAL_NONE)
            e->gradient[i] = job->at.gradient_real[i];
    e->norm = surface_length(e->reals, e->gradient, job->n);
    e->criticality = decide_criticality(e->reals, e->gradient, job->n);
    return EXIT_DONE;
}

eg_status surface_write_plot(const surface_job *job, eg_plot *plot, eg_error *error)
{
    eg_status status = job->exact.reals ? eg_reals_status(job->exact.reals, error) : EG_OK;
    if (status == EG_OK)
        status = plot_file_write(job->ctx, plot, job->options->plot, NULL, error);
    return status;
}

void surface_print_certainty(const surface_job *job)
{
    const block_writer *s = &job->block_writer;
    bool has_arb = strcmp(eg_reals_arithmetic(job->exact.reals), "ball") == 0;
    if (job->settings->quiet || (!s->fewer && !s->undecided))
        return;
    if (!s->j)
        fflush(stdout);
    if (s->undecided)
        message("note: %zu number%s could not be told from 0%s", s->undecided,
                s->undecided == 1 ? "" : "s",
                has_arb ? ", even with enclosures as small as shown" : " in double precision");
    if (s->fewer)
        message("note: %zu number%s shown with the digits that are certain, which are fewer than "
                "%d%s",
                s->fewer, s->fewer == 1 ? " is" : "s are", s->digits,
                has_arb ? "" : "; more need the library Arb (libflint-arb, libflint)");
}
