/* SPDX-License-Identifier: MIT */
/*
 * Functions of the extension module that cannot be written in Python: the handler of SIGINT, and
 * the callbacks of plots, which call the library without the interpreter. Compiled as a part of the
 * module that cffi writes.
 */
#include <edgegrad.h>
#include <signal.h>
#include <string.h>

static volatile sig_atomic_t interrupted;
static struct sigaction before;
static int watchers; /* calls of the library in progress on the main thread, one inside the other */

/* Cancels the operations of the main thread, then calls the handler of Python, which raises
 * KeyboardInterrupt once they have returned. */
static void on_interrupt(int number, siginfo_t *info, void *context)
{
    interrupted = 1;
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, info, context);
    else
        before.sa_handler(number);
}

/* Returns eg_config.cancel for an operation of the main thread, and watches SIGINT until
 * egpy_unwatch_interrupt(). A signal that is ignored, or ends the process, is left alone. */
static const volatile sig_atomic_t *egpy_watch_interrupt(void)
{
    interrupted = 0;
    if (watchers++ > 0)
        return &interrupted;
    if (sigaction(SIGINT, NULL, &before) == 0 &&
        ((before.sa_flags & SA_SIGINFO) ||
         (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN))) {
        struct sigaction own;
        memset(&own, 0, sizeof own);
        own.sa_sigaction = on_interrupt;
        own.sa_mask = before.sa_mask;
        own.sa_flags = before.sa_flags | SA_SIGINFO;
        sigaction(SIGINT, &own, NULL);
    }
    return &interrupted;
}

/* Restores the handler of SIGINT, unless it was changed in between. */
static void egpy_unwatch_interrupt(void)
{
    struct sigaction now;
    if (--watchers == 0 && sigaction(SIGINT, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) &&
        now.sa_sigaction == on_interrupt)
        sigaction(SIGINT, &before, NULL);
}

/* Evaluates the expression `opaque` of one variable, as an eg_plot_function. */
static eg_status egpy_function(void *opaque, const double x[], size_t count, double y[],
                               eg_error *error)
{
    return eg_expr_eval_batch(opaque, &x, count, y, NULL, error);
}

/* Evaluates the expression `opaque` of two variables, as an eg_plot_field. */
static eg_status egpy_field(void *opaque, const double x[], const double y[], size_t count,
                            double values[], eg_error *error)
{
    const double *points[2] = {x, y};
    return eg_expr_eval_batch(opaque, points, count, values, NULL, error);
}

/* Computes the Hessians of an expression at `count` points, coordinate i of point k in
 * points[i][k], one n x n matrix after the other. */
static eg_status egpy_hessians(const eg_expr *expr, const double *const points[], size_t count,
                               double hessians[], eg_error *error)
{
    const size_t n = eg_expr_variables(expr);
    double point[EG_EXPR_VARIABLES];
    eg_status status = EG_OK;
    for (size_t k = 0; k < count && status == EG_OK; k++) {
        for (size_t i = 0; i < n; i++)
            point[i] = points[i][k];
        status = eg_expr_eval(expr, point, NULL, NULL, hessians + k * n * n, error);
    }
    return status;
}
