/* SPDX-License-Identifier: MIT */
/* Functions of power series with corners and jumps: the leading term decides between the branches.
 */
#include "expr/eval/ops.h"
#include "surface/series/series.h"

static eg_series failed(eg_series_algebra *a, eg_series_state state)
{
    eg_series_fail(a, state);
    return eg_series_big_o(SERIES_EXACT);
}

eg_series eg_series_absolute(eg_series_algebra *a, eg_series u)
{
    return eg_series_lead(a, &u) < 0 ? eg_series_scale(a, &u, eg_real_integer(a->reals, -1)) : u;
}

eg_series eg_series_sign(eg_series_algebra *a, eg_series u)
{
    int s = eg_series_lead(a, &u);
    if (s == 0 && u.order != SERIES_EXACT)
        return failed(a, EG_SERIES_SHORT);
    return eg_series_constant(a, eg_real_integer(a->reals, s));
}

/* Returns 1 or 0. */
static eg_series truth(eg_series_algebra *a, bool value)
{
    return eg_series_constant(a, eg_real_integer(a->reals, value));
}

eg_series eg_series_compare(eg_series_algebra *a, eg_series u, bool less)
{
    int s = eg_series_lead(a, &u);
    if (s == 0 && u.order != SERIES_EXACT)
        return failed(a, EG_SERIES_SHORT);
    return truth(a, less ? s < 0 : s == 0);
}

eg_series eg_series_condition(eg_series_algebra *a, unsigned op, eg_series x, const eg_series *y)
{
    eg_series other = *y;
    bool first = eg_series_lead(a, &x) != 0, second = eg_series_lead(a, &other) != 0;
    switch (op) {
    case EG_CALL + EG_F_NOT:
        return truth(a, !first);
    case EG_CALL + EG_F_AND:
        return truth(a, first && second);
    default: /* EG_OP_WHEN */
        return first ? *y : truth(a, false);
    }
}

eg_series eg_series_select(eg_series_algebra *a, const eg_series *x, const eg_series *y,
                           bool smaller)
{
    eg_series difference = eg_series_subtract(a, x, y);
    int s = eg_series_lead(a, &difference);
    if (s != 0 || difference.order == SERIES_EXACT)
        return (s < 0) == smaller ? *x : *y;
    eg_series unsure = eg_series_big_o(difference.order); /* they agree up to that order */
    return eg_series_add(a, x, &unsure);
}

eg_series eg_series_rounded(eg_series_algebra *a, eg_series u, bool up)
{
    if (!eg_series_is_bounded(a, &u)) { /* u and a bounded function */
        eg_series bounded = eg_series_big_o(0);
        return eg_series_add(a, &u, &bounded);
    }
    eg_real at = eg_series_at(a, &u, 0);
    double near = eg_real_approximate(a->reals, at);
    if (!(near > -1e9 && near < 1e9))
        return failed(a, EG_SERIES_UNKNOWN);
    int integer = (int)(near < 0 ? near - 0.5 : near + 0.5);
    eg_series whole = eg_series_constant(a, eg_real_integer(a->reals, integer));
    eg_series rest = eg_series_subtract(a, &u, &whole);
    int s = eg_series_lead(a, &rest);
    if (s == 0 && rest.order != SERIES_EXACT)
        return failed(a, EG_SERIES_SHORT);
    integer += up ? s > 0 : -(s < 0);
    return eg_series_constant(a, eg_real_integer(a->reals, integer));
}
