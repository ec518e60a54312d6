/* SPDX-License-Identifier: MIT */
/* Explains in words why the end of a fit is no minimum with standard errors. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "descent/fit/fit.h"

enum { NAMES_SIZE = 300 };

/* Appends the names of the parameters of the null direction, the largest components first in the
 * order of the parameters: "a, b and c". Returns their number. */
static size_t list_parameters(const eg_fit *fit, const double direction[], char names[NAMES_SIZE])
{
    size_t count = 0, listed = 0, used = 0;
    for (size_t p = 0; p < fit->parameters; p++)
        count += fabs(direction[p]) > 0.01;
    names[0] = 0;
    for (size_t p = 0; p < fit->parameters && used < NAMES_SIZE; p++) {
        if (!(fabs(direction[p]) > 0.01))
            continue;
        const char *separator = listed == 0 ? "" : listed + 1 == count ? " and " : ", ";
        int length =
            snprintf(names + used, NAMES_SIZE - used, "%s%.60s", separator, eg_fit_name(fit, p));
        used += length > 0 ? (size_t)length : 0;
        listed++;
    }
    return count;
}

static int explain_undetermined(const eg_fit *fit, const eg_fit_statistics *q, char *out,
                                size_t size)
{
    char names[NAMES_SIZE];
    size_t first = 0, count = list_parameters(fit, q->null_direction, names);
    while (first + 1 < fit->parameters && !(fabs(q->null_direction[first]) > 0.01))
        first++;
    const char *name = eg_fit_name(fit, first);
    if (count == 1)
        return snprintf(out, size,
                        "the data do not determine %s: the sum of squares does not depend on it "
                        "here; choose another start, fix it (--fix %s=VALUE) or remove it",
                        names, name);
    return snprintf(
        out, size,
        "the data do not determine %s: changing them together leaves the sum of squares "
        "as it is; fix one of them (--fix %s=VALUE), or use a model with fewer "
        "parameters",
        names, name);
}

size_t eg_fit_explain(const eg_fit *fit, const eg_fit_statistics *q, char *out, size_t size)
{
    char names[NAMES_SIZE];
    int length = 0;
    if (size)
        *out = 0;
    switch (q->outcome) {
    case EG_FIT_MINIMUM:
        break;
    case EG_FIT_NOT_STATIONARY:
        length = snprintf(out, size,
                          "this is no minimum: the sum of squares still falls here (offset %.3g); "
                          "choose another start, give bounds or more steps, or use a model with "
                          "fewer parameters",
                          q->offset);
        break;
    case EG_FIT_SADDLE:
        list_parameters(fit, q->null_direction, names);
        length =
            snprintf(out, size,
                     "this is a saddle, not a minimum: the sum of squares falls if %s change%s; "
                     "choose another start",
                     names, strchr(names, ' ') ? "" : "s");
        break;
    case EG_FIT_UNDETERMINED:
        length = explain_undetermined(fit, q, out, size);
        break;
    case EG_FIT_SINGULAR:
        list_parameters(fit, q->null_direction, names);
        length = snprintf(out, size,
                          "there are no standard errors: this is a minimum, but the derivatives of "
                          "the model by %s are linearly dependent; choose another start",
                          names);
        break;
    case EG_FIT_UNDECIDED:
        length =
            snprintf(out, size,
                     "rounding errors hide whether this is a minimum; choose another start, or "
                     "use a model with fewer parameters");
        break;
    case EG_FIT_ROUNDING:
        length = snprintf(out, size,
                          "the standard errors are upper bounds: the residuals are so small that "
                          "the rounding of the data changes them; this is a minimum");
        break;
    case EG_FIT_NO_FREEDOM:
        length = snprintf(out, size,
                          "there are no standard errors: the data have only as many points as the "
                          "model has free parameters; add data, or fix a parameter (--fix)");
        break;
    }
    return length > 0 ? (size_t)length : 0;
}
