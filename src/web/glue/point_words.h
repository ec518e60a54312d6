/* SPDX-License-Identifier: MIT */
/* What the command says about a point, in its words. */
#ifndef EG_WEB_POINT_WORDS_H
#define EG_WEB_POINT_WORDS_H

#include "web/glue/web.h"

/* Returns the JSON value of "regularity". */
const char *point_regularity(const eg_surface *at);

/* Writes the message about a point without a gradient, of a function of one or two variables;
 * `place` is "x = 0, y = 0". */
void point_message(const eg_surface *at, size_t variables, const char *place, char *out,
                   size_t size);

/* Classifies the point by the Hessian, in words and in one word for JSON. */
const char *point_verdict(bool known, eg_real_sign criticality, eg_extremum extremum);
const char *point_verdict_name(bool known, eg_real_sign criticality, eg_extremum extremum);

#endif
