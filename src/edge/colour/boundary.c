/* SPDX-License-Identifier: MIT */
/* The boundary detector. */
#include "edge/colour/boundary.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/colour/features.h"

/* A field to add: features, sigma in their samples at scale 1, weight. */
typedef struct term {
    const eg_channels *features;
    double sigma;
    float strength;
    bool half; /* the features have half the resolution */
} term;

enum {
    LONGEST = 2 * 14 + 16
}; /* rows: radius of the largest sigma at half the resolution, and features */

size_t eg_boundary_margin(double scale)
{
    return (size_t)ceil(LONGEST * fmax(scale, 1)) + 8;
}

static const float weights_of[2][4] = {{1, 2}, {1, 1.5f, 1.5f, 2}};
static const float ones[EG_CHANNELS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* The fields that a term needs: allocated once for all terms of the same resolution. */
typedef struct sum {
    eg_gradient_field *field; /* of all terms */
    eg_gradient_field full, half;
    /* of the term being added: */
    const eg_gradient_field *added;
    float strength;
} sum;

static void rows_of(const eg_gradient_field *f, size_t y, float *rows[3])
{
    const size_t at = eg_field_at(f, y, 0);
    rows[0] = f->magnitude + at;
    rows[1] = f->cosine + at;
    rows[2] = f->sine + at;
}

/* Adds rows of a field of the same resolution. */
static eg_status add_full_rows(void *opaque, size_t y0, size_t y1, eg_error *error)
{
    (void)error;
    const sum *s = opaque;
    const eg_feature_kernels *kernels = eg_feature_kernels_for(s->field->ctx->cpu);
    for (size_t y = y0; y < y1; y++) {
        float *out[3], *in[3];
        rows_of(s->field, y, out);
        rows_of(s->added, y, in);
        for (size_t i = 0; i < 3; i++)
            kernels->add(out[i], in[i], i == 0 ? s->strength : s->strength * s->strength,
                         s->field->width);
    }
    return EG_OK;
}

static eg_status take_traces(void *opaque, size_t y0, size_t y1, eg_error *error)
{
    (void)error;
    const sum *s = opaque;
    for (size_t y = y0; y < y1; y++) {
        float *rows[3];
        rows_of(s->added, y, rows);
        eg_feature_kernels_for(s->field->ctx->cpu)
            ->traces(rows[0], rows[1], rows[2], s->added->width);
    }
    return EG_OK;
}

/* Adds rows of a field of half the resolution, given by its traces and directions. */
static eg_status add_half_rows(void *opaque, size_t y0, size_t y1, eg_error *error)
{
    const sum *s = opaque;
    const eg_gradient_field *f = s->added;
    const eg_feature_kernels *kernels = eg_feature_kernels_for(f->ctx->cpu);
    const size_t width = s->field->width;
    float *memory = eg_alloc(f->ctx, 3 * width, sizeof *memory, error);
    if (!memory)
        return eg_failed(error);
    float *const wide[3] = {memory, memory + width, memory + 2 * width};
    for (size_t y = y0; y < y1; y++) {
        const size_t near = y / 2;
        const size_t far = y % 2 ? (near + 1 < f->height ? near + 1 : near) : (near ? near - 1 : 0);
        float *out[3], *at[3], *beside[3];
        rows_of(s->field, y, out);
        rows_of(f, near, at);
        rows_of(f, far, beside);
        for (size_t i = 0; i < 3; i++)
            kernels->enlarge(wide[i], at[i], beside[i], width, f->width);
        kernels->add_traces(out, (const float *const *)wide, s->strength, width);
    }
    eg_free(memory);
    return EG_OK;
}

/* Adds strength * magnitude and strength^2 * direction of a term's field to the sum. */
static eg_status add_term(sum *s, const term *t, double scale, eg_error *error)
{
    const eg_channels *c = t->features;
    eg_context *ctx = c->ctx;
    eg_gradient_field *field = t->half ? &s->half : &s->full;
    size_t first = s->field->first, end = s->field->end;
    if (t->half) {
        first = first / 2 > 0 ? first / 2 - 1 : 0;
        end = (end - 1) / 2 + 2 < c->height ? (end - 1) / 2 + 2 : c->height;
    }
    const float *weights =
        c->count == 2 || (c->count == 4 && t->strength < 10) ? weights_of[c->count == 4] : ones;
    eg_gaussian_derivative derivative;
    eg_status status = eg_gaussian_derivative_init(&derivative, t->sigma * scale, error);
    if (status == EG_OK && !field->magnitude)
        status = eg_gradient_field_new(field, c, first, end, error);
    if (status == EG_OK)
        status = eg_gradient_field_fill(field, c, &derivative, weights, EG_BORDER_REFLECT, error);
    s->added = field;
    s->strength = t->strength;
    if (status == EG_OK && t->half)
        status = eg_for_rows(ctx, first, end, c->width, s, take_traces, error);
    if (status == EG_OK)
        status = eg_for_rows(ctx, s->field->first, s->field->end, s->field->width, s,
                             t->half ? add_half_rows : add_full_rows, error);
    return status;
}

/* Computes the features of the terms from term `i` on, which share them. */
static eg_status compute_features(eg_channels *features, const eg_channels *channels, size_t i,
                                  double scale, eg_error *error)
{
    switch (i) {
    case 0:
        return eg_contrast_features(features, channels, scale, error);
    case 3:
        return eg_histogram_features(features, channels, error);
    default:
        return eg_texture_features(features, channels, scale, error);
    }
}

eg_status eg_boundary_field(eg_gradient_field *field, const eg_channels *channels, double scale,
                            size_t first, size_t end, eg_error *error)
{
    eg_channels features = {0}, half = {0};
    const term terms[] = {
        {&features, 2, 2, false},   {&features, 4, 4, false},    {&half, 4, 2.5f, true},
        {&features, 2.5, 80, true}, {&features, 4.5, 100, true}, {&features, 3, 60, true},
    };
    sum s = {.field = field};
    eg_status status = eg_gradient_field_new(field, channels, first, end, error);
    for (size_t i = 0; i < sizeof terms / sizeof *terms && status == EG_OK; i++) {
        if (i == 2) {
            status = eg_channels_halve(&half, &features, error);
        } else if (i != 1 && i != 4) {
            eg_channels_free(i == 3 ? &half : &features);
            status = compute_features(&features, channels, i, scale, error);
        }
        if (i == 2) {
            eg_channels_free(&features);
            eg_gradient_field_free(&s.full);
        }
        if (status == EG_OK)
            status = add_term(&s, &terms[i], scale, error);
    }
    eg_channels_free(&features);
    eg_channels_free(&half);
    eg_gradient_field_free(&s.full);
    eg_gradient_field_free(&s.half);
    return status;
}
