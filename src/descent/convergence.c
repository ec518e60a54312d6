/* SPDX-License-Identifier: MIT */
/*
 * Tests for convergence. The default criterion has no scale of its own: multiplying the function or
 * its coordinates by a constant changes nothing. It takes Newton's method, with absolute
 * eigenvalues, as an estimate of how far the critical point is and what reaching it would change.
 */
#include <float.h>
#include <math.h>

#include "descent/run.h"

#define DISTANCE_TOLERANCE 1e-8  /* of the extent */
#define DECREASE_TOLERANCE 1e-24 /* of the change of the value since the start */
#define OFFSET_TOLERANCE   1e-8  /* of objectives with an offset */
#define VALUE_ROUNDING     (4 * DBL_EPSILON)

/* Eigenvalues below this ratio to the largest one are rounding errors. Along their eigenvectors the
 * function is flat if the slope is a rounding error, too, compared with the gradient at the start;
 * else nothing is known of the distance. */
#define FLAT_EIGENVALUE 1e-13
#define FLAT_SLOPE      1e-13

/* A test needs the Hessian: one is made when the gradient has fallen by this factor. */
#define TEST_INTERVAL 0.8

double eg_run_extent(const eg_run *run)
{
    const eg_optimizer *opt = &run->opt;
    double square = 0;
    for (size_t i = 0; i < opt->n; i++) {
        double d = opt->current.x[i] - run->start[i];
        square += d * d;
    }
    double extent = fmax(sqrt(square), eg_length(opt->current.x, opt->n));
    return extent > 0 ? extent : 1;
}

eg_status eg_run_remainder(eg_run *run, const eg_iterate *iterate, eg_remainder *remainder,
                           eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_eigenvalue_range curvature;
    *remainder = (eg_remainder){.distance = NAN, .decrease = NAN};
    eg_status status = eg_optimizer_curvature(opt, iterate->x, &curvature, error);
    if (status != EG_OK || !curvature.known)
        return status;
    double largest = fmax(fabs(curvature.min), fabs(curvature.max)), square = 0, decrease = 0;
    for (size_t k = 0; k < opt->n; k++) {
        double slope = eg_dot_product(opt->eigenvectors + k * opt->n, iterate->gradient, opt->n);
        double size = fabs(opt->eigenvalues[k]);
        bool flat = size < FLAT_EIGENVALUE * largest &&
                    fabs(slope) <= FLAT_SLOPE * run->monitor.start_gradient;
        if (slope == 0 || flat)
            continue;
        square += (slope / size) * (slope / size);
        decrease += slope * (slope / size) / 2;
    }
    *remainder = (eg_remainder){true, sqrt(square), decrease};
    return EG_OK;
}

/* Tests the scale-free criterion. */
static eg_status test_distance(eg_run *run, const eg_iterate *iterate, bool *met, eg_error *error)
{
    const eg_optimizer *opt = &run->opt;
    double gradient = eg_length(iterate->gradient, opt->n);
    eg_remainder remainder;
    if (gradient == 0) {
        *met = true;
        return EG_OK;
    }
    if (!opt->stochastic && opt->step > 0 && gradient > TEST_INTERVAL * run->tested_gradient)
        return EG_OK;
    run->tested_gradient = gradient;
    eg_status status = eg_run_remainder(run, iterate, &remainder, error);
    double change = fabs(run->monitor.start_value - iterate->value);
    *met = status == EG_OK && remainder.known &&
           remainder.distance <= DISTANCE_TOLERANCE * eg_run_extent(run) &&
           remainder.decrease <=
               fmax(DECREASE_TOLERANCE * change, VALUE_ROUNDING * fabs(iterate->value));
    return status;
}

/* Tests the gradient: its norm, or its offset if the objective has one. */
static eg_status test_gradient(eg_run *run, const eg_iterate *iterate, bool *met, eg_error *error)
{
    const eg_objective *f = run->opt.objective;
    double tolerance = run->options->gradient_tolerance, *offset = &run->result->offset;
    *met = eg_length(iterate->gradient, run->opt.n) <= tolerance;
    if (!f->offset)
        return EG_OK;
    tolerance = isnan(tolerance) ? OFFSET_TOLERANCE : tolerance;
    eg_status status = f->offset(f->opaque, run->opt.current.x, tolerance, offset, error);
    *met = *offset <= tolerance;
    return status;
}

eg_status eg_run_test_convergence(eg_run *run, bool *met, eg_stop *stop, eg_error *error)
{
    const eg_optimizer *opt = &run->opt;
    const eg_descent_options *o = run->options;
    const eg_iterate *iterate = opt->stochastic ? &run->full_batch : &opt->current;
    *met = false;
    if (opt->stochastic && opt->step % opt->objective->epoch != 0)
        return EG_OK;
    run->full_batch.x = opt->current.x;
    bool by_distance = isnan(o->gradient_tolerance) && !opt->objective->offset;
    *stop = by_distance ? EG_STOP_DISTANCE : EG_STOP_GRADIENT;
    eg_status status = by_distance ? test_distance(run, iterate, met, error)
                                   : test_gradient(run, iterate, met, error);
    if (status != EG_OK)
        return status;
    if (*met || opt->step == 0 || opt->stochastic)
        return EG_OK;
    *stop = EG_STOP_VALUE;
    *met = o->value_tolerance > 0 && fabs(opt->current.value - run->last_value) <=
                                         o->value_tolerance * fmax(1, fabs(opt->current.value));
    if (*met)
        return EG_OK;
    *stop = EG_STOP_STEP;
    *met = run->last_step_size <= o->step_tolerance;
    return EG_OK;
}
