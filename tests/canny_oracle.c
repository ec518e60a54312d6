/* SPDX-License-Identifier: MIT */
/* A naive Canny detector from the definitions. */
#include "canny_oracle.h"

#include <math.h>
#include <stdlib.h>

canny_responses canny_responses_of(const eg_grid *in, const eg_edges_options *o)
{
    canny_responses s;
    const oracle_operator *op = oracle_find(o->op);
    plane image = plane_of(in);
    plane smooth = oracle_blur(&image, o->sigma, in->sample, o->border, o->border_value);
    oracle_responses(&smooth, op, o->border, o->border_value, &s.gx, &s.gy);
    for (size_t i = 0; in->sample == EG_U8 && i < in->width * in->height; i++) {
        s.gx.at[i] = rint(s.gx.at[i] / op->canny_divisor);
        s.gy.at[i] = rint(s.gy.at[i] / op->canny_divisor);
    }
    plane_free(&smooth);
    plane_free(&image);
    return s;
}

void canny_responses_free(canny_responses *s)
{
    plane_free(&s->gx);
    plane_free(&s->gy);
}

/* Converts a threshold to the unit of the magnitudes. */
static double magnitude_threshold(double threshold, const eg_edges_options *o, eg_sample sample)
{
    const oracle_operator *op = oracle_find(o->op);
    double limit = o->unit == EG_UNIT_PIXEL ? threshold * op->divisor : threshold;
    if (sample == EG_U8)
        limit /= op->canny_divisor;
    if (o->norm == EG_NORM_L1 || limit <= 0)
        return limit;
    if (sample == EG_U8)
        limit = fmin(limit, 32767);
    return limit * limit;
}

uint8_t *canny_expected(const canny_responses *s, const eg_edges_options *o, eg_sample sample)
{
    size_t width = s->gx.width, height = s->gx.height;
    uint8_t *edge = malloc(width * height), *candidate = malloc(width * height);
    assert_true(edge && candidate);
    double low = magnitude_threshold(fmin(o->low, o->high), o, sample);
    double high = magnitude_threshold(fmax(o->low, o->high), o, sample);
    if (o->method == EG_EDGE_THRESHOLD) {
        oracle_threshold(&s->gx, &s->gy, o->norm, magnitude_threshold(o->high, o, sample), edge);
    } else {
        oracle_thin(&s->gx, &s->gy, o->norm, low, high, candidate, edge);
        oracle_hysteresis(candidate, edge, width, height);
    }
    free(candidate);
    return edge;
}
