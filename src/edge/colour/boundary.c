/* SPDX-License-Identifier: MIT */
/* The boundary detector. */
#include "edge/colour/boundary.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/colour/features.h"

/* Features whose gradient fields are added. Each kind follows from the channels or, if halved, from
 * the kind before it. */
typedef enum feature_kind {
    CONTRAST,
    HALVED_CONTRAST, /* and the kinds after it: half the resolution */
    HISTOGRAM,
    TEXTURE
} feature_kind;

/* A field to add: features, sigma in their samples at scale 1, factor of the field. */
typedef struct term {
    feature_kind kind;
    double sigma;
    float strength;
} term;

static const term terms[] = {
    {CONTRAST, 2, 2},     {CONTRAST, 4, 4},      {HALVED_CONTRAST, 4, 2.5f},
    {HISTOGRAM, 2.5, 80}, {HISTOGRAM, 4.5, 100}, {TEXTURE, 3, 60},
};

enum {
    RADIUS_MOST = 14,    /* of the largest sigma of the terms */
    FEATURE_MARGIN = 16, /* rows around a row that its features depend on */
};

size_t eg_boundary_margin(double scale)
{
    return (size_t)ceil((2 * RADIUS_MOST + FEATURE_MARGIN) * fmax(scale, 1)) + 8;
}

static bool is_half(feature_kind kind)
{
    return kind >= HALVED_CONTRAST;
}

/* Returns the weights of the planes in the tensor. */
static const float *weights_of(const eg_channels *features, feature_kind kind)
{
    static const float grey[] = {1, 2}, colour[] = {1, EG_OPPONENT_WEIGHT, EG_OPPONENT_WEIGHT, 2};
    static const float equal[EG_CHANNELS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    if (kind == HISTOGRAM || kind == TEXTURE)
        return equal;
    return features->count == 2 ? grey : colour;
}

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
static eg_status add_term(sum *s, const term *t, const eg_channels *c, double scale,
                          eg_error *error)
{
    eg_context *ctx = c->ctx;
    const bool half = is_half(t->kind);
    eg_gradient_field *field = half ? &s->half : &s->full;
    size_t first = s->field->first, end = s->field->end;
    if (half) {
        first = first / 2 > 0 ? first / 2 - 1 : 0;
        end = (end - 1) / 2 + 2 < c->height ? (end - 1) / 2 + 2 : c->height;
    }
    eg_gaussian_derivative derivative;
    eg_status status = eg_gaussian_derivative_init(&derivative, t->sigma * scale, error);
    if (status == EG_OK && !field->magnitude)
        status = eg_gradient_field_new(field, c, first, end, error);
    if (status == EG_OK)
        status = eg_gradient_field_fill(field, c, &derivative, weights_of(c, t->kind),
                                        EG_BORDER_REFLECT, error);
    s->added = field;
    s->strength = t->strength;
    if (status == EG_OK && half)
        status = eg_for_rows(ctx, first, end, c->width, s, take_traces, error);
    if (status == EG_OK)
        status = eg_for_rows(ctx, s->field->first, s->field->end, s->field->width, s,
                             half ? add_half_rows : add_full_rows, error);
    return status;
}

/* Replaces the features by those of a kind. */
static eg_status compute_features(eg_channels *features, feature_kind kind,
                                  const eg_channels *channels, double scale, eg_error *error)
{
    if (kind == HALVED_CONTRAST) {
        eg_channels halved;
        eg_status status = eg_channels_halve(&halved, features, error);
        eg_channels_free(features);
        *features = halved;
        return status;
    }
    eg_channels_free(features);
    if (kind == CONTRAST)
        return eg_contrast_features(features, channels, scale, error);
    return kind == HISTOGRAM ? eg_histogram_features(features, channels, error)
                             : eg_texture_features(features, channels, scale, error);
}

eg_status eg_boundary_field(eg_gradient_field *field, const eg_channels *channels, double scale,
                            size_t first, size_t end, eg_error *error)
{
    eg_channels features = {0};
    sum s = {.field = field};
    eg_status status = eg_gradient_field_new(field, channels, first, end, error);
    for (size_t i = 0; i < sizeof terms / sizeof *terms && status == EG_OK; i++) {
        const feature_kind kind = terms[i].kind;
        if (i == 0 || kind != terms[i - 1].kind)
            status = compute_features(&features, kind, channels, scale, error);
        if (is_half(kind))
            eg_gradient_field_free(&s.full); /* to save memory */
        if (status == EG_OK)
            status = add_term(&s, &terms[i], &features, scale, error);
    }
    eg_channels_free(&features);
    eg_gradient_field_free(&s.full);
    eg_gradient_field_free(&s.half);
    return status;
}
