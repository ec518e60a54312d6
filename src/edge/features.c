/* SPDX-License-Identifier: MIT */
/* Features of boundaries between regions. */
#include "edge/features.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "gradient/tensor.h"

/* ---- planes ---- */

/* Allocates `count` zeroed planes of the size of `like`, which also have its validity. */
static eg_status new_planes(eg_channels *planes, const eg_channels *like, size_t count,
                            eg_error *error)
{
    *planes = *like;
    planes->count = count;
    planes->valid = NULL;
    planes->missing = NULL;
    planes->largest = NULL;
    memset(planes->plane, 0, sizeof planes->plane);
    const size_t rows = like->end - like->first;
    for (size_t i = 0; i < count; i++) {
        planes->plane[i] = eg_calloc(like->ctx, rows, like->stride * sizeof(float), error);
        if (!planes->plane[i])
            return eg_failed(error);
    }
    if (!like->valid)
        return EG_OK;
    planes->valid = eg_alloc(like->ctx, rows, like->stride * sizeof(float), error);
    if (!planes->valid)
        return eg_failed(error);
    memcpy(planes->valid, like->valid, rows * like->stride * sizeof(float));
    return EG_OK;
}

static size_t sample_count(const eg_channels *planes)
{
    return (planes->end - planes->first) * planes->stride;
}

/* Averages a row of 2 x 2 boxes; a box at the border may have fewer samples. */
static void halve_row(float *out, const float *a, const float *b, size_t width)
{
    for (size_t x = 0; 2 * x + 1 < width; x++)
        out[x] = (a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]) / 4;
    if (width % 2)
        out[width / 2] = (a[width - 1] + b[width - 1]) / 2;
}

eg_status eg_channels_halve(eg_channels *half, const eg_channels *channels, eg_error *error)
{
    eg_channels shape = *channels;
    shape.width = (channels->width + 1) / 2;
    shape.height = (channels->height + 1) / 2;
    shape.first = (channels->first + 1) / 2;
    shape.end = channels->end == channels->height ? shape.height : channels->end / 2;
    shape.right = shape.width;
    shape.stride = (shape.width + 15) / 16 * 16 + 16;
    shape.valid = NULL;
    eg_status status = new_planes(half, &shape, channels->count, error);
    if (status != EG_OK)
        return status;
    if (channels->valid) {
        half->valid =
            eg_alloc(half->ctx, half->end - half->first, half->stride * sizeof(float), error);
        if (!half->valid)
            return eg_failed(error);
    }
    for (size_t i = 0; i < half->count + (half->valid != NULL); i++) {
        const float *from = i < half->count ? channels->plane[i] : channels->valid;
        float *to = i < half->count ? half->plane[i] : half->valid;
        for (size_t y = half->first; y < half->end; y++) {
            const float *a = from + (2 * y - channels->first) * channels->stride;
            const float *b = 2 * y + 1 < channels->end ? a + channels->stride : a;
            halve_row(to + (y - half->first) * half->stride, a, b, channels->width);
        }
    }
    return EG_OK;
}

/* ---- contrast ---- */

/* Smooths the rows of a plane by a Gaussian, in place; beyond the planes by reflection. */
static eg_status smooth_plane(const eg_channels *shape, float *plane,
                              const eg_gaussian_derivative *weights, eg_error *error)
{
    const size_t rows = shape->end - shape->first, radius = weights->radius, stride = shape->stride;
    float *across = eg_alloc(shape->ctx, rows, stride * sizeof(float), error);
    if (!across)
        return eg_failed(error);
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < shape->width; x++) {
            const float *row = plane + y * stride;
            float sum = row[x] * weights->smooth[0];
            for (size_t k = 1; k <= radius; k++) {
                ptrdiff_t left =
                    eg_border_index((ptrdiff_t)(x - k), shape->width, EG_BORDER_REFLECT);
                ptrdiff_t right =
                    eg_border_index((ptrdiff_t)(x + k), shape->width, EG_BORDER_REFLECT);
                sum += (row[left] + row[right]) * weights->smooth[k];
            }
            across[y * stride + x] = sum;
        }
    for (size_t y = 0; y < rows; y++) {
        float *out = plane + y * stride;
        for (size_t x = 0; x < shape->width; x++)
            out[x] = across[y * stride + x] * weights->smooth[0];
        for (size_t k = 1; k <= radius; k++) {
            const float *up =
                across +
                (size_t)eg_border_index((ptrdiff_t)(y - k), rows, EG_BORDER_REFLECT) * stride;
            const float *down =
                across +
                (size_t)eg_border_index((ptrdiff_t)(y + k), rows, EG_BORDER_REFLECT) * stride;
            for (size_t x = 0; x < shape->width; x++)
                out[x] += (up[x] + down[x]) * weights->smooth[k];
        }
    }
    eg_free(across);
    return EG_OK;
}

eg_status eg_contrast_features(eg_channels *features, const eg_channels *channels, double scale,
                               eg_error *error)
{
    const float unit = 100.0f / 255;
    const size_t samples = sample_count(channels), last = channels->count;
    eg_gaussian_derivative window;
    float *mean = NULL;
    eg_status status = eg_gaussian_derivative_init(&window, 1.5 * scale, error);
    if (status == EG_OK)
        status = new_planes(features, channels, channels->count + 1, error);
    if (status == EG_OK && !(mean = eg_alloc(channels->ctx, samples, sizeof(float), error)))
        status = eg_failed(error);
    if (status != EG_OK)
        return status;
    for (size_t i = 0; i < channels->count; i++)
        for (size_t k = 0; k < samples; k++)
            features->plane[i][k] = channels->plane[i][k] * unit;
    float *contrast = features->plane[last];
    const float *intensity = features->plane[0];
    for (size_t k = 0; k < samples; k++) {
        mean[k] = intensity[k];
        contrast[k] = intensity[k] * intensity[k];
    }
    status = smooth_plane(features, mean, &window, error);
    if (status == EG_OK)
        status = smooth_plane(features, contrast, &window, error);
    for (size_t k = 0; k < samples && status == EG_OK; k++) {
        float variance = contrast[k] - mean[k] * mean[k];
        contrast[k] = variance > 0 ? sqrtf(variance) : 0;
    }
    eg_free(mean);
    return status;
}

/* ---- colour histogram ---- */

enum { TABLE = 4096, LIGHTNESS_BINS = 6, COLOUR_BINS = 4 };

/* A function on 0 .. 1 by linear interpolation. */
typedef struct table {
    float value[TABLE + 2];
} table;

static float look_up(const table *t, float x)
{
    x = x < 0 ? 0 : x > 1 ? 1 : x;
    float at = x * TABLE;
    size_t i = (size_t)at;
    return t->value[i] + (t->value[i + 1] - t->value[i]) * (at - (float)i);
}

/* Linear light of a root 0 .. 1 of a stored sRGB value (IEC 61966-2-1). */
static double light_of_root(double root)
{
    double v = root * root;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* The function f of CIE L*a*b* (ISO/CIE 11664-4). */
static double lab_curve(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static void make_table(table *t, double (*function)(double))
{
    for (size_t i = 0; i <= TABLE; i++)
        t->value[i] = (float)function((double)i / TABLE);
    t->value[TABLE + 1] = t->value[TABLE];
}

/* Adds the memberships of `value` in `count` triangular bins between `low` and `high`. */
static void add_memberships(float *const bins[], size_t at, size_t count, float low, float high,
                            float value, float weight)
{
    const float width = (high - low) / (float)(count - 1);
    value = value < low ? low : value > high ? high : value;
    float place = (value - low) / width;
    size_t i = (size_t)place;
    if (i >= count - 1)
        i = count - 2;
    bins[i][at] = (1 - (place - (float)i)) * weight;
    bins[i + 1][at] = (place - (float)i) * weight;
}

static void histogram_sample(float *const bins[], size_t at, const float root[3], bool colour,
                             const table *light, const table *curve, float weight)
{
    float linear[3];
    for (size_t i = 0; i < 3; i++)
        linear[i] = look_up(light, root[i]);
    /* sRGB to XYZ relative to the white D65 */
    const float r = linear[0], g = linear[1], b = linear[2];
    float x = look_up(curve, (0.412453f * r + 0.357580f * g + 0.180423f * b) / 0.950456f);
    float y = look_up(curve, 0.212671f * r + 0.715160f * g + 0.072169f * b);
    float z = look_up(curve, (0.019334f * r + 0.119193f * g + 0.950227f * b) / 1.088754f);
    add_memberships(bins, at, LIGHTNESS_BINS, 5, 95, 116 * y - 16, weight);
    if (!colour)
        return;
    add_memberships(bins + LIGHTNESS_BINS, at, COLOUR_BINS, -30, 30, 500 * (x - y), weight);
    add_memberships(bins + LIGHTNESS_BINS + COLOUR_BINS, at, COLOUR_BINS, -30, 30, 200 * (y - z),
                    weight);
}

eg_status eg_histogram_features(eg_channels *features, const eg_channels *channels, eg_error *error)
{
    const bool colour = channels->count == 3;
    const size_t samples = sample_count(channels);
    eg_channels full = {0};
    table *tables = eg_alloc(channels->ctx, 2, sizeof *tables, error);
    eg_status status = tables ? EG_OK : eg_failed(error);
    if (status == EG_OK)
        status =
            new_planes(&full, channels, LIGHTNESS_BINS + (colour ? 2 * COLOUR_BINS : 0), error);
    if (status == EG_OK) {
        make_table(&tables[0], light_of_root);
        make_table(&tables[1], lab_curve);
    }
    for (size_t k = 0; k < samples && status == EG_OK; k++) {
        const float weight = channels->valid ? channels->valid[k] : 1;
        const float share = weight > 0 ? 1 / (255 * weight) : 0;
        float i = channels->plane[0][k] * share, root[3] = {i, i, i};
        if (colour) {
            float rg = channels->plane[1][k] * share, by = channels->plane[2][k] * share;
            root[0] = i + rg / 2 - by / 3;
            root[1] = i - rg / 2 - by / 3;
            root[2] = i + by * 2 / 3;
        }
        histogram_sample(full.plane, k, root, colour, &tables[0], &tables[1], weight);
    }
    if (status == EG_OK)
        status = eg_channels_halve(features, &full, error);
    eg_channels_free(&full);
    eg_free(tables);
    return status;
}

/* ---- texture ---- */

eg_status eg_texture_features(eg_channels *features, const eg_channels *channels, double scale,
                              eg_error *error)
{
    static const float weight[1] = {100.0f / 255};
    eg_channels intensity = *channels, full = {0};
    eg_gaussian_derivative fine;
    eg_gradient_field field = {0};
    intensity.count = 1;
    eg_status status = eg_gaussian_derivative_init(&fine, fmax(scale, 0.5), error);
    /* Rows at the end of a row block lack the rows around them, and are beyond its own. */
    const size_t first = channels->first > 0 ? channels->first + fine.radius : 0;
    const size_t end =
        channels->end < channels->height ? channels->end - fine.radius : channels->end;
    if (status == EG_OK)
        status = eg_gradient_field_compute(&field, &intensity, &fine, weight, EG_BORDER_REFLECT,
                                           first, end, error);
    if (status == EG_OK)
        status = new_planes(&full, channels, 4, error);
    for (size_t y = first; y < end && status == EG_OK; y++) {
        const size_t at = (y - first) * field.stride, out = (y - channels->first) * full.stride;
        for (size_t x = 0; x < channels->width; x++) {
            const float m = field.magnitude[at + x], square = m * m + 1e-12f;
            const float energy =
                sqrtf(m / (m + 4)) * (channels->valid ? channels->valid[out + x] : 1);
            const float c = field.cosine[at + x] / square, s = field.sine[at + x] / square;
            full.plane[c > 0 ? 0 : 1][out + x] = energy * c * c;
            full.plane[s > 0 ? 2 : 3][out + x] = energy * s * s;
        }
    }
    if (status == EG_OK)
        status = eg_channels_halve(features, &full, error);
    eg_channels_free(&full);
    eg_gradient_field_free(&field);
    return status;
}
