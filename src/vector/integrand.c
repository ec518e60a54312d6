/* SPDX-License-Identifier: MIT */
/* Prepares a formula of one variable for proven bounds. */
#include <math.h>

#include "core/context.h"
#include "surface/surface.h"
#include "vector/formulas.h"
#include "vector/identity.h"
#include "vector/quadrature.h"

enum { MOST_SIZE = 3000, MOST_PIECES = 4096 }; /* nodes of a derivative; pieces of a range */

/* Makes the second and the fourth derivative, unless they are too long. */
static eg_status make_derivatives(eg_integrand *in, eg_error *error)
{
    const eg_expr *from = in->f;
    eg_status status = EG_OK;
    for (int i = 0; i < 2 && status == EG_OK; i++) {
        eg_expr *odd = NULL;
        status = eg_expr_derivative(&odd, from, 0, error);
        if (status == EG_OK && eg_expr_size(odd) < MOST_SIZE)
            status = eg_expr_derivative(&in->derived[i], odd, 0, error);
        eg_expr_free(odd);
        if (!in->derived[i] || eg_expr_size(in->derived[i]) > MOST_SIZE)
            break;
        from = in->derived[i];
    }
    return status;
}

eg_status eg_integrand_init(eg_integrand *in, const eg_expr *f, bool derive, eg_error *error)
{
    *in = (eg_integrand){.f = f, .kinks = eg_formula_has_jumps(f)};
    eg_status status = eg_domain_add(&in->domain, &f->graph, f->root, error);
    if (status == EG_OK && in->domain.count > 0) {
        in->arguments = eg_calloc(f->ctx, in->domain.count, sizeof(eg_expr *), error);
        status = in->arguments ? EG_OK : eg_failed(error);
    }
    for (size_t i = 0; i < in->domain.count && status == EG_OK; i++)
        status = eg_formula_of(&in->arguments[i], f, &f->graph, in->domain.conditions[i].argument,
                               error);
    return status == EG_OK && derive ? make_derivatives(in, error) : status;
}

void eg_integrand_free(eg_integrand *in)
{
    for (size_t i = 0; in->arguments && i < in->domain.count; i++)
        eg_expr_free(in->arguments[i]);
    eg_free(in->arguments);
    eg_domain_free(&in->domain);
    eg_expr_free(in->derived[0]);
    eg_expr_free(in->derived[1]);
    *in = (eg_integrand){0};
}

eg_status eg_integrand_is_smooth(const eg_integrand *in, double low, double high, bool *smooth,
                                 eg_error *error)
{
    eg_status status = eg_domain_holds(&in->domain, in->arguments, low, high, smooth, error);
    if (status == EG_OK && *smooth && in->kinks)
        status = eg_surface_is_smooth(in->f, &low, &high, smooth, error);
    return status;
}

/* Sets *proven to true if f is smooth, and bounded, in one piece. */
static eg_status test_piece(const eg_integrand *in, eg_interval piece, bool *proven,
                            eg_error *error)
{
    double bounds[2] = {0, 0};
    eg_status status = eg_integrand_is_smooth(in, piece.low, piece.high, proven, error);
    if (status == EG_OK && *proven)
        status = eg_expr_bounds(in->f, &piece.low, &piece.high, bounds, NULL, NULL, error);
    *proven = status == EG_OK && *proven && isfinite(bounds[0]) && isfinite(bounds[1]);
    return status;
}

eg_status eg_integrand_is_continuous(const eg_integrand *in, eg_interval range, bool *continuous,
                                     eg_error *error)
{
    enum { DEEPEST = 40 };
    eg_interval open[DEEPEST + 1] = {range};
    size_t count = 1;
    *continuous = true;
    for (int pieces = 0; count > 0 && *continuous; pieces++) {
        eg_interval piece = open[--count];
        bool proven;
        eg_status status = test_piece(in, piece, &proven, error);
        if (status != EG_OK)
            return status;
        if (proven)
            continue;
        double middle = piece.low + (piece.high - piece.low) / 2;
        *continuous =
            count < DEEPEST && pieces < MOST_PIECES && middle > piece.low && middle < piece.high;
        if (*continuous) {
            open[count++] = (eg_interval){middle, piece.high};
            open[count++] = (eg_interval){piece.low, middle};
        }
    }
    return EG_OK;
}
