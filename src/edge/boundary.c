/* SPDX-License-Identifier: MIT */
/* The boundary detector. */
#include "edge/boundary.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/features.h"

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

/* Adds a row of a field of the same resolution. */
static void add_row(float *out, const float *in, float factor, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] += in[x] * factor;
}

/* Replaces magnitudes by the trace of the tensor, which can be interpolated linearly. */
static void take_traces(eg_gradient_field *f)
{
    const size_t samples = (f->end - f->first) * f->stride - 16;
    for (size_t k = 0; k < samples; k++) {
        float length = sqrtf(f->cosine[k] * f->cosine[k] + f->sine[k] * f->sine[k]);
        f->magnitude[k] = 2 * f->magnitude[k] * f->magnitude[k] - length;
    }
}

/* A row between two rows of half the resolution: `near` counts three times as much as `far`. */
typedef struct half_row {
    const float *near, *far;
} half_row;

static float interpolate(half_row row, size_t near, size_t far)
{
    return 0.75f * (0.75f * row.near[near] + 0.25f * row.near[far]) +
           0.25f * (0.75f * row.far[near] + 0.25f * row.far[far]);
}

/* Adds a row of a field of half the resolution, given by its traces and directions. */
static void add_half_row(float *const out[3], const half_row in[3], float strength, size_t width,
                         size_t half_width)
{
    for (size_t x = 0; x < width; x++) {
        size_t near = x / 2;
        size_t far = x % 2 ? (near + 1 < half_width ? near + 1 : near) : (near ? near - 1 : 0);
        float trace = interpolate(in[0], near, far), c = interpolate(in[1], near, far),
              s = interpolate(in[2], near, far);
        float square = (trace + sqrtf(c * c + s * s)) / 2;
        out[0][x] += strength * (square > 0 ? sqrtf(square) : 0);
        out[1][x] += strength * strength * c;
        out[2][x] += strength * strength * s;
    }
}

/* Adds strength * magnitude and strength^2 * direction of a term's field to the sum. */
static void add_field(eg_gradient_field *sum, eg_gradient_field *f, float strength, bool half)
{
    float *const planes[3] = {sum->magnitude, sum->cosine, sum->sine};
    const float *const in[3] = {f->magnitude, f->cosine, f->sine};
    if (half)
        take_traces(f);
    for (size_t y = sum->first; y < sum->end; y++) {
        const size_t at = (y - sum->first) * sum->stride;
        float *out[3] = {planes[0] + at, planes[1] + at, planes[2] + at};
        if (!half) {
            for (size_t i = 0; i < 3; i++)
                add_row(out[i], in[i] + (y - f->first) * f->stride,
                        i == 0 ? strength : strength * strength, sum->width);
            continue;
        }
        size_t near = y / 2;
        size_t far = y % 2 ? (near + 1 < f->height ? near + 1 : near) : (near ? near - 1 : 0);
        half_row rows[3];
        for (size_t i = 0; i < 3; i++)
            rows[i] = (half_row){in[i] + (near - f->first) * f->stride,
                                 in[i] + (far - f->first) * f->stride};
        add_half_row(out, rows, strength, sum->width, f->width);
    }
}

static eg_status add_term(eg_gradient_field *sum, const term *t, double scale, eg_error *error)
{
    const eg_channels *c = t->features;
    size_t first = sum->first, end = sum->end;
    if (t->half) {
        first = first / 2 > 0 ? first / 2 - 1 : 0;
        end = (end - 1) / 2 + 2 < c->height ? (end - 1) / 2 + 2 : c->height;
    }
    const float *weights =
        c->count == 2 || (c->count == 4 && t->strength < 10) ? weights_of[c->count == 4] : ones;
    eg_gaussian_derivative derivative;
    eg_gradient_field field = {0};
    eg_status status = eg_gaussian_derivative_init(&derivative, t->sigma * scale, error);
    if (status == EG_OK)
        status = eg_gradient_field_compute(&field, c, &derivative, weights, EG_BORDER_REFLECT,
                                           first, end, error);
    if (status == EG_OK)
        add_field(sum, &field, t->strength, t->half);
    eg_gradient_field_free(&field);
    return status;
}

eg_status eg_boundary_field(eg_gradient_field *field, const eg_channels *channels, double scale,
                            size_t first, size_t end, eg_error *error)
{
    eg_channels contrast = {0}, half = {0}, histogram = {0}, texture = {0};
    const term terms[] = {
        {&contrast, 2, 2, false},    {&contrast, 4, 4, false},     {&half, 4, 2.5f, true},
        {&histogram, 2.5, 80, true}, {&histogram, 4.5, 100, true}, {&texture, 3, 60, true},
    };
    eg_status status = eg_gradient_field_new(field, channels, first, end, error);
    if (status == EG_OK)
        status = eg_contrast_features(&contrast, channels, scale, error);
    if (status == EG_OK)
        status = eg_channels_halve(&half, &contrast, error);
    if (status == EG_OK)
        status = eg_histogram_features(&histogram, channels, error);
    if (status == EG_OK)
        status = eg_texture_features(&texture, channels, scale, error);
    for (size_t i = 0; i < sizeof terms / sizeof *terms && status == EG_OK; i++)
        status = add_term(field, &terms[i], scale, error);
    eg_channels *const all[] = {&contrast, &half, &histogram, &texture};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        eg_channels_free(all[i]);
    return status;
}
