/* SPDX-License-Identifier: MIT */
/* Canny's edges by difference operators, computed naively from the functions of oracle.h. */
#ifndef TESTS_CANNY_ORACLE_H
#define TESTS_CANNY_ORACLE_H

#include "oracle.h"

typedef struct canny_responses {
    plane gx, gy;
} canny_responses;

/* Computes the responses. For 8-bit samples Canny divides those of some operators, ties to even. */
canny_responses canny_responses_of(const eg_grid *in, const eg_edges_options *o);
void canny_responses_free(canny_responses *s);

/* Returns the expected edges, 0 or 1 per pixel; the caller frees them. */
uint8_t *canny_expected(const canny_responses *s, const eg_edges_options *o, eg_sample sample);

#endif
