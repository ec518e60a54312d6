/* SPDX-License-Identifier: MIT */
/* Domains of operations: values and continuity for arguments in intervals. */
#include "expr/eval/domain.h"

#include <math.h>

#include "expr/eval/ops.h"

static const double max_phase = 0x1p20; /* largest argument of a tangent whose poles are reliable */

/* Returns what is certain about an operation that has values above `from`, and at it if `closed`.
 */
static eg_domain above(eg_interval a, double from, bool closed)
{
    if (a.high < from || (!closed && a.high == from))
        return EG_DOMAIN_NOWHERE;
    return a.low > from || (closed && a.low == from) ? EG_DOMAIN_CONTINUOUS : EG_DOMAIN_UNKNOWN;
}

/* Does the same for values between -1 and 1. */
static eg_domain within_one(eg_interval a, bool closed)
{
    eg_domain left = above(a, -1, closed),
              right = above((eg_interval){-a.high, -a.low}, -1, closed);
    return left < right ? left : right;
}

static eg_domain divided_by(eg_interval b)
{
    if (b.low == 0 && b.high == 0)
        return EG_DOMAIN_NOWHERE;
    return b.low > 0 || b.high < 0 ? EG_DOMAIN_CONTINUOUS : EG_DOMAIN_UNKNOWN;
}

static eg_domain power_domain(eg_interval a, eg_interval b)
{
    if (b.low == b.high && b.low == floor(b.low))
        return b.low >= 0 ? EG_DOMAIN_CONTINUOUS : divided_by(a);
    if (floor(b.low) == floor(b.high) && b.low > floor(b.low)) /* no integer */
        return above(a, 0, b.low > 0);
    if (a.low > 0 || (a.low == 0 && b.low > 0))
        return EG_DOMAIN_CONTINUOUS;
    return EG_DOMAIN_UNKNOWN;
}

/* Returns the domain of a function that is constant between jumps, by its values at the ends. */
static eg_domain between_jumps(double at_low, double at_high)
{
    return at_low == at_high ? EG_DOMAIN_CONTINUOUS : EG_DOMAIN_EVERYWHERE;
}

static eg_domain tangent_domain(eg_interval a)
{
    const double tolerance = 1e-9, pole = M_PI / 2;
    if (a.low < -max_phase || a.high > max_phase)
        return EG_DOMAIN_UNKNOWN;
    bool has_pole =
        ceil((a.low - pole) / M_PI - tolerance) <= floor((a.high - pole) / M_PI + tolerance);
    return has_pole ? EG_DOMAIN_UNKNOWN : EG_DOMAIN_CONTINUOUS;
}

/* Returns the domain of gamma functions, whose poles are the integers up to 0. */
static eg_domain gamma_domain(eg_interval a)
{
    if (a.low == a.high && a.low <= 0 && a.low == floor(a.low))
        return EG_DOMAIN_NOWHERE;
    return a.low > 0 || ceil(a.low) > floor(fmin(a.high, 0)) ? EG_DOMAIN_CONTINUOUS
                                                             : EG_DOMAIN_UNKNOWN;
}

static eg_domain modulo_domain(eg_interval a, eg_interval b)
{
    eg_domain domain = divided_by(b);
    if (domain != EG_DOMAIN_CONTINUOUS)
        return domain;
    eg_interval quotient = eg_interval_apply(EG_OP_DIV, 0, a, b);
    return between_jumps(floor(quotient.low), floor(quotient.high));
}

/* Returns the domain of atan2(y, x), which jumps where y = 0 and x < 0. */
static eg_domain angle_domain(eg_interval y, eg_interval x)
{
    bool crosses = y.low <= 0 && y.high >= 0;
    if (!crosses || x.low > 0)
        return EG_DOMAIN_CONTINUOUS;
    if (x.high >= 0)
        return EG_DOMAIN_UNKNOWN; /* the origin has no angle */
    return y.low == 0 ? EG_DOMAIN_CONTINUOUS : EG_DOMAIN_EVERYWHERE;
}

static eg_domain comparison_domain(unsigned op, eg_interval a, eg_interval b)
{
    eg_interval r = eg_interval_apply(op, 0, a, b);
    return between_jumps(r.low, r.high);
}

static eg_domain call_domain(unsigned op, eg_interval a, eg_interval b)
{
    switch (op - EG_CALL) {
    case EG_F_SQRT:
        return above(a, 0, true);
    case EG_F_LOG:
    case EG_F_LOG2:
    case EG_F_LOG10:
        return above(a, 0, false);
    case EG_F_LOG1P:
        return above(a, -1, false);
    case EG_F_TAN:
        return tangent_domain(a);
    case EG_F_ASIN:
    case EG_F_ACOS:
        return within_one(a, true);
    case EG_F_ATANH:
        return within_one(a, false);
    case EG_F_ACOSH:
        return above(a, 1, true);
    case EG_F_GAMMA:
    case EG_F_LGAMMA:
    case EG_F_POLYGAMMA:
        return gamma_domain(a);
    case EG_F_SIGN:
        return between_jumps((a.low > 0) - (a.low < 0), (a.high > 0) - (a.high < 0));
    case EG_F_FLOOR:
        return between_jumps(floor(a.low), floor(a.high));
    case EG_F_CEIL:
        return between_jumps(ceil(a.low), ceil(a.high));
    case EG_F_ROUND:
        return between_jumps(round(a.low), round(a.high));
    case EG_F_MOD:
        return modulo_domain(a, b);
    case EG_F_ATAN2:
        return angle_domain(a, b);
    case EG_F_LESS:
    case EG_F_EQUAL:
    case EG_F_AND:
        return comparison_domain(op, a, b);
    default: /* exp, sin, cosh, cbrt, abs, min, hypot ... */
        return EG_DOMAIN_CONTINUOUS;
    }
}

eg_domain eg_interval_domain(unsigned op, eg_interval a, eg_interval b)
{
    switch (op) {
    case EG_POWER:
        return power_domain(a, b);
    case EG_OP_DIV:
        return divided_by(b);
    case EG_OP_POWH:
        return above(a, 0, true);
    case EG_OP_LOG_OR_0:
        return a.low == 0 && a.high > 0 ? EG_DOMAIN_EVERYWHERE : above(a, 0, true);
    case EG_OP_ADD:
    case EG_OP_SUB:
    case EG_OP_MUL:
    case EG_OP_NEG:
    case EG_OP_SQUARE:
    case EG_OP_POWI:
    case EG_OP_ONE_MINUS_SQUARE:
    case EG_OP_SECH2:
    case EG_OP_RESULT:
        return EG_DOMAIN_CONTINUOUS;
    default:
        return call_domain(op, a, b);
    }
}
