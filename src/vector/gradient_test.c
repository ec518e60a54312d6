/* SPDX-License-Identifier: MIT */
/* Decides whether a vector field is the gradient of a function, and where. */
#include "core/context.h"
#include "core/status.h"
#include "vector/antiderivative.h"
#include "vector/domain.h"
#include "vector/formulas.h"
#include "vector/identity.h"
#include "vector/potential.h"

/* Looks at dFk/dxi - dFi/dxk for all i < k. Keeps the first that is not 0, or the first of which
 * that is not known. */
static eg_status test_symmetry(const eg_vector_field *field, eg_gradient_test *result,
                               eg_error *error)
{
    size_t n = field->n;
    eg_status status = EG_OK;
    result->verdict = EG_GRADIENT_LOCALLY;
    for (size_t pair = 0; pair < n * n && status == EG_OK; pair++) {
        size_t i = pair / n, k = pair % n;
        eg_expr *difference = NULL;
        eg_identity verdict = EG_IDENTITY_UNKNOWN;
        if (i >= k)
            continue;
        const eg_expr *terms[] = {field->partials[k * n + i], field->partials[i * n + k]};
        status = eg_formula_sum(&difference, terms, (const int[]){1, -1}, 2, error);
        if (status == EG_OK)
            status = eg_formula_identity(difference, &verdict, error);
        bool not_zero = verdict == EG_IDENTITY_NOT;
        if (status == EG_OK && verdict != EG_IDENTITY_ZERO && (not_zero || !result->difference)) {
            eg_expr_free(result->difference);
            result->difference = difference;
            result->i = i;
            result->k = k;
            result->verdict = not_zero ? EG_GRADIENT_NOT : EG_GRADIENT_UNDECIDED;
            difference = NULL;
        }
        eg_expr_free(difference);
        if (not_zero)
            break;
    }
    return status;
}

/* Compares the domain of the potential with that of the field. */
static eg_status compare_domains(const eg_vector_field *field, eg_gradient_test *result,
                                 eg_error *error)
{
    eg_expr *work = eg_formula_new(field->components[0], error);
    eg_domain outer = {0}, inner = {0};
    eg_status status = work ? EG_OK : eg_failed(error);
    for (size_t i = 0; i < field->n && status == EG_OK; i++) {
        const eg_expr *f = field->components[i];
        eg_id root = eg_formula_copy(&work->graph, &f->graph, f->root, field->n, 0, EG_NONE);
        status =
            root == EG_NONE ? work->graph.status : eg_domain_add(&outer, &work->graph, root, error);
        result->kinks |= eg_formula_has_jumps(f);
    }
    result->everywhere = status == EG_OK && outer.count == 0 && !result->kinks;
    if (status == EG_OK && result->potential) {
        const eg_expr *f = result->potential;
        eg_id root = eg_formula_copy(&work->graph, &f->graph, f->root, field->n, 0, EG_NONE);
        status =
            root == EG_NONE ? work->graph.status : eg_domain_add(&inner, &work->graph, root, error);
        result->whole =
            status == EG_OK && !result->kinks && eg_domain_covers(&inner, &outer, &work->graph);
    }
    eg_domain_free(&inner);
    eg_domain_free(&outer);
    eg_expr_free(work);
    return status;
}

eg_status eg_vector_test_gradient(const eg_vector_field *field, eg_gradient_test *result,
                                  eg_error *error)
{
    *result = (eg_gradient_test){0};
    eg_status status = test_symmetry(field, result, error);
    if (status == EG_OK && result->verdict != EG_GRADIENT_NOT)
        status = eg_find_potential(&result->potential, field, error);
    if (status == EG_OK && result->potential)
        status = eg_tidy_antiderivative(&result->potential, field->components, field->n, error);
    if (status == EG_OK)
        status = compare_domains(field, result, error);
    if (result->potential)
        result->verdict = EG_GRADIENT_LOCALLY;
    bool symmetric = result->verdict == EG_GRADIENT_LOCALLY;
    if (symmetric && (result->whole || result->everywhere))
        result->verdict = EG_GRADIENT_FIELD;
    if (symmetric) {
        eg_expr_free(result->difference);
        result->difference = NULL;
    }
    if (status != EG_OK)
        eg_gradient_test_free(result);
    return status;
}

void eg_gradient_test_free(eg_gradient_test *result)
{
    if (!result)
        return;
    eg_expr_free(result->potential);
    eg_expr_free(result->difference);
    *result = (eg_gradient_test){0};
}
