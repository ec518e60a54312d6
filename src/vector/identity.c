/* SPDX-License-Identifier: MIT */
/* Proves that a formula is 0, or that it is not. */
#include "vector/identity.h"

#include <stdio.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/graph/rebuild.h"
#include "vector/angle_sums.h"
#include "vector/formulas.h"
#include "vector/root_forms.h"

/* Coordinates of the points: erf of a fraction in these forms. real/identity.c takes each for a
 * random element, as it would a variable. */
static const char *const forms[] = {"erf(%d/29)",       "1+2*erf(%d/29)",  "-erf(%d/29)",
                                    "3-erf(%d/29)*%d",  "12+7*erf(%d/29)", "-9-5*erf(%d/29)",
                                    "400+90*erf(%d/29)"};

enum { FORMS = sizeof forms / sizeof *forms };

static const double effort = 0.3; /* seconds for one point */

static bool is_kink(unsigned kind)
{
    switch (kind) {
    case EG_CALL + EG_F_ABS:
    case EG_CALL + EG_F_SIGN:
    case EG_CALL + EG_F_FLOOR:
    case EG_CALL + EG_F_CEIL:
    case EG_CALL + EG_F_ROUND:
    case EG_CALL + EG_F_TRUNC:
    case EG_CALL + EG_F_MOD:
    case EG_CALL + EG_F_MIN:
    case EG_CALL + EG_F_MAX:
    case EG_CALL + EG_F_IF:
    case EG_CALL + EG_F_AND:
    case EG_CALL + EG_F_OR:
    case EG_CALL + EG_F_NOT:
    case EG_CALL + EG_F_LESS:
    case EG_CALL + EG_F_EQUAL:
        return true;
    default:
        return false;
    }
}

bool eg_formula_has_kinks(const eg_expr *expr)
{
    for (eg_id id = 0; id <= expr->root; id++)
        if (is_kink(expr->graph.nodes[id].kind))
            return true;
    return false;
}

bool eg_formula_has_jumps(const eg_expr *expr)
{
    for (eg_id id = 0; id <= expr->root; id++)
        if (expr->graph.nodes[id].kind == EG_CALL + EG_F_ATAN2)
            return true;
    return eg_formula_has_kinks(expr);
}

/* Makes coordinate i of a point. */
static eg_status make_coordinate(eg_reals *reals, eg_context *ctx, const char *form, int i,
                                 eg_real *coordinate, eg_error *error)
{
    static const char *const none[1] = {NULL};
    const eg_expr_options options = {.names = none};
    char text[64];
    eg_expr *number;
    snprintf(text, sizeof text, form, 5 + 2 * i, i % 3 + 1);
    eg_status status = eg_expr_parse(&number, ctx, text, &options, NULL, error);
    if (status == EG_OK)
        status = eg_reals_derive(reals, number, NULL, coordinate, NULL, NULL, error);
    eg_expr_free(number);
    return status;
}

/* Sets *sign to the sign of the formula at a point. */
static eg_status sign_at(eg_reals *reals, const eg_expr *expr, const char *form, eg_real_sign *sign,
                         eg_error *error)
{
    eg_real point[EG_EXPR_VARIABLES], value;
    eg_status status = EG_OK;
    for (size_t i = 0; i < expr->variables && status == EG_OK; i++)
        status = make_coordinate(reals, expr->ctx, form, (int)i, &point[i], error);
    if (status == EG_OK)
        status = eg_reals_derive(reals, expr, point, &value, NULL, NULL, error);
    if (status == EG_OK)
        *sign = eg_real_sign_of(reals, value);
    return status == EG_OK ? eg_reals_status(reals, error) : status;
}

/* Does what eg_formula_identity() does, with the formula as it is. */
static eg_status test_formula(const eg_expr *expr, eg_identity *verdict, eg_error *error)
{
    const eg_reals_options options = {.bits = 4096, .seconds = effort};
    eg_reals *reals = NULL;
    eg_expr *roots = NULL;
    *verdict = eg_formula_is_number(expr, 0) ? EG_IDENTITY_ZERO : EG_IDENTITY_UNKNOWN;
    if (*verdict == EG_IDENTITY_ZERO)
        return EG_OK;
    eg_status status = eg_root_forms(&roots, expr, error);
    if (status == EG_OK)
        status = eg_reals_new(&reals, expr->ctx, &options, error);
    for (size_t f = 0; f < FORMS && status == EG_OK && *verdict == EG_IDENTITY_UNKNOWN; f++) {
        eg_real_sign sign = EG_SIGN_UNKNOWN;
        status = sign_at(reals, roots, forms[f], &sign, error);
        if (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE)
            *verdict = EG_IDENTITY_NOT;
        else if (sign == EG_SIGN_ZERO && !eg_formula_has_kinks(expr))
            *verdict = EG_IDENTITY_ZERO;
        else if (sign != EG_SIGN_UNDEFINED && sign != EG_SIGN_ZERO)
            break;
    }
    eg_reals_free(reals);
    eg_expr_free(roots);
    return status;
}

eg_status eg_formula_identity(const eg_expr *expr, eg_identity *verdict, eg_error *error)
{
    static eg_status (*const rewrite[])(eg_expr **, const eg_expr *,
                                        eg_error *) = {eg_formula_expand, eg_expand_angles};
    eg_status status = test_formula(expr, verdict, error);
    for (int i = 0; i < 2 && status == EG_OK && *verdict == EG_IDENTITY_UNKNOWN; i++) {
        eg_expr *other = NULL;
        status = rewrite[i](&other, expr, error);
        if (status == EG_OK && other)
            status = test_formula(other, verdict, error);
        eg_expr_free(other);
    }
    return status;
}
