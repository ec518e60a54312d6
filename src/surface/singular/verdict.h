/* SPDX-License-Identifier: MIT */
/* Verdicts about a point from the limits along paths to it. */
#ifndef EG_SURFACE_SINGULAR_VERDICT_H
#define EG_SURFACE_SINGULAR_VERDICT_H

#include "edgegrad.h"

/* Sets differentiability, `proven`, the common limit and the gradient (as numbers) from the path
 * limits of `result`, whose value must be set. */
void eg_verdict_by_paths(eg_reals *reals, size_t variables, eg_surface *result);

#endif
