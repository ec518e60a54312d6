/* SPDX-License-Identifier: MIT */
/* Reference gradients, blurs and edges. */
#include "oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- planes ---- */

plane plane_new(size_t width, size_t height)
{
    plane p = {width, height, calloc(width * height, sizeof(double))};
    assert_non_null(p.at);
    return p;
}

plane plane_of(const eg_grid *grid)
{
    plane p = plane_new(grid->width, grid->height);
    for (size_t y = 0; y < p.height; y++)
        for (size_t x = 0; x < p.width; x++)
            *plane_at(&p, x, y) = sample_at(grid, x, y);
    return p;
}

void plane_free(plane *p)
{
    free(p->at);
    *p = (plane){0};
}

/* ---- operators ---- */

/* clang-format off */
static const oracle_operator operators[] = {
    {"sobel3", 3, 1, 8, 1,
     {-1, 0, 1,
      -2, 0, 2,
      -1, 0, 1}},
    {"sobel5", 5, 2, 128, 1,
     {-1,  -2, 0,  2, 1,
      -4,  -8, 0,  8, 4,
      -6, -12, 0, 12, 6,
      -4,  -8, 0,  8, 4,
      -1,  -2, 0,  2, 1}},
    {"sobel7", 7, 3, 2048, 16,
     { -1,  -4,   -5, 0,   5,  4,  1,
       -6, -24,  -30, 0,  30, 24,  6,
      -15, -60,  -75, 0,  75, 60, 15,
      -20, -80, -100, 0, 100, 80, 20,
      -15, -60,  -75, 0,  75, 60, 15,
       -6, -24,  -30, 0,  30, 24,  6,
       -1,  -4,   -5, 0,   5,  4,  1}},
    {"scharr", 3, 1, 32, 1,
     { -3, 0,  3,
      -10, 0, 10,
       -3, 0,  3}},
    {"prewitt", 3, 1, 6, 1,
     {-1, 0, 1,
      -1, 0, 1,
      -1, 0, 1}},
    {"central", 3, 1, 2, 1,
     { 0, 0, 0,
      -1, 0, 1,
       0, 0, 0}},
    {"roberts", 2, 0, 2, 1,
     {-1, 1,
      -1, 1}},
};
/* clang-format on */

const oracle_operator *oracle_find(const char *name)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (strcmp(operators[i].name, name) == 0)
            return &operators[i];
    fail_msg("write the weights of %s into tests/oracle.c", name);
    return NULL;
}

int oracle_weight(const oracle_operator *op)
{
    int sum = 0;
    for (int i = 0; i < op->taps * op->taps; i++)
        sum += abs(op->x[i]);
    return sum;
}

int oracle_max_response(const oracle_operator *op)
{
    return oracle_weight(op) / 2;
}

/* ---- borders ---- */

ptrdiff_t oracle_border(ptrdiff_t i, size_t n, eg_border border)
{
    ptrdiff_t last = (ptrdiff_t)n - 1;
    while (i < 0 || i > last) {
        if (border == EG_BORDER_CONSTANT)
            return -1;
        if (border == EG_BORDER_REPLICATE || last == 0)
            i = i < 0 ? 0 : last;
        else
            i = i < 0 ? -i : 2 * last - i;
    }
    return i;
}

/* Returns pixel (x, y), which may be outside the image. */
static double pixel(const plane *p, ptrdiff_t x, ptrdiff_t y, eg_border border, double value)
{
    x = oracle_border(x, p->width, border);
    y = oracle_border(y, p->height, border);
    return x < 0 || y < 0 ? value : *plane_at(p, (size_t)x, (size_t)y);
}

/* ---- the Gaussian ---- */

enum { RADIUS_MOST = 64 };

int oracle_radius(double sigma, eg_sample sample)
{
    if (sigma == 0)
        return 0;
    int size = (int)rint(2 * (sample == EG_U8 ? 3 : 4) * sigma + 1);
    return (size % 2 ? size : size + 1) / 2;
}

/* Computes 2 radius + 1 weights with the sum 1, or 256 in fixed point, and returns the radius. */
static int gaussian(double weight[2 * RADIUS_MOST + 1], double sigma, eg_sample sample)
{
    int radius = oracle_radius(sigma, sample);
    assert_true(radius <= RADIUS_MOST);
    double sum = 0;
    for (int k = -radius; k <= radius; k++)
        sum += weight[radius + k] = exp(-(double)(k * k) / (2 * sigma * sigma));
    for (int k = 0; k <= 2 * radius; k++)
        weight[k] /= sum;
    if (sample != EG_U8)
        return radius;
    double error = 0, outer = 0;
    for (int k = 0; k < radius; k++) {
        double exact = 256 * weight[k] + error;
        weight[k] = weight[2 * radius - k] = rint(exact);
        error = exact - weight[k];
        outer += 2 * weight[k];
    }
    weight[radius] = 256 - outer;
    return radius;
}

plane oracle_blur(const plane *in, double sigma, eg_sample sample, eg_border border, double value)
{
    double weight[2 * RADIUS_MOST + 1] = {1};
    int r = sigma > 0 ? gaussian(weight, sigma, sample) : 0;
    bool fixed = sample == EG_U8 && sigma > 0;
    plane out = plane_new(in->width, in->height);
    for (ptrdiff_t y = 0; y < (ptrdiff_t)in->height; y++) {
        for (ptrdiff_t x = 0; x < (ptrdiff_t)in->width; x++) {
            double sum = 0;
            for (int j = -r; j <= r; j++)
                for (int i = -r; i <= r; i++)
                    sum += weight[r + j] * weight[r + i] * pixel(in, x + i, y + j, border, value);
            *plane_at(&out, (size_t)x, (size_t)y) = fixed ? floor(sum / 65536 + 0.5) : sum;
        }
    }
    return out;
}

/* Returns the weighted mean of the valid pixels around (x, y); NaN if there is none. */
static double mean_of_valid(const plane *in, const double *weight, int r, ptrdiff_t x, ptrdiff_t y,
                            eg_border border, double value)
{
    double sum = 0, total = 0;
    for (int j = -r; j <= r; j++)
        for (int i = -r; i <= r; i++) {
            double v = pixel(in, x + i, y + j, border, value), w = weight[r + j] * weight[r + i];
            sum += isnan(v) ? 0 : w * v;
            total += isnan(v) ? 0 : w;
        }
    return sum / total;
}

plane oracle_blur_valid(const plane *in, double sigma, eg_border border, double value)
{
    double weight[2 * RADIUS_MOST + 1] = {1};
    int r = sigma > 0 ? gaussian(weight, sigma, EG_F32) : 0;
    plane out = plane_new(in->width, in->height);
    for (size_t y = 0; y < in->height; y++)
        for (size_t x = 0; x < in->width; x++)
            *plane_at(&out, x, y) =
                mean_of_valid(in, weight, r, (ptrdiff_t)x, (ptrdiff_t)y, border, value);
    return out;
}

/* ---- responses and maps ---- */

void oracle_responses(const plane *in, const oracle_operator *op, eg_border border, double value,
                      plane *gx, plane *gy)
{
    *gx = plane_new(in->width, in->height);
    *gy = plane_new(in->width, in->height);
    for (size_t y = 0; y < in->height; y++) {
        for (size_t x = 0; x < in->width; x++) {
            double sx = 0, sy = 0;
            for (int k = 0; k < op->taps * op->taps; k++) {
                int j = k / op->taps, i = k % op->taps;
                double v = pixel(in, (ptrdiff_t)x + i - op->origin, (ptrdiff_t)y + j - op->origin,
                                 border, value);
                sx += op->x[j * op->taps + i] * v;
                sy += op->x[i * op->taps + j] * v;
            }
            *plane_at(gx, x, y) = sx;
            *plane_at(gy, x, y) = sy;
        }
    }
}

void oracle_responses_valid(const plane *in, const oracle_operator *op, eg_border border,
                            double value, plane *gx, plane *gy)
{
    *gx = plane_new(in->width, in->height);
    *gy = plane_new(in->width, in->height);
    for (size_t k = 0; k < in->width * in->height; k++) {
        double taps[ORACLE_TAPS * ORACLE_TAPS], sum = 0, count = 0;
        for (int t = 0; t < op->taps * op->taps; t++) {
            taps[t] = pixel(in, (ptrdiff_t)(k % in->width) + t % op->taps - op->origin,
                            (ptrdiff_t)(k / in->width) + t / op->taps - op->origin, border, value);
            sum += isnan(taps[t]) ? 0 : taps[t];
            count += !isnan(taps[t]);
        }
        double centre = op->taps % 2 ? in->at[k] : sum / count;
        for (int t = 0; t < op->taps * op->taps; t++) {
            double v = isnan(taps[t]) ? centre : taps[t];
            gx->at[k] += isnan(in->at[k]) ? (double)NAN : op->x[t] * v;
            gy->at[k] +=
                isnan(in->at[k]) ? (double)NAN : op->x[t % op->taps * op->taps + t / op->taps] * v;
        }
    }
}

double oracle_map(double gx, double gy, double divisor, eg_gradient_map map, eg_norm norm)
{
    double degrees;
    switch (map) {
    case EG_MAP_X:
        return gx / divisor;
    case EG_MAP_Y:
        return gy / divisor;
    case EG_MAP_MAGNITUDE:
        return (norm == EG_NORM_L1 ? fabs(gx) + fabs(gy) : sqrt(gx * gx + gy * gy)) / divisor;
    case EG_MAP_DIRECTION:
        degrees = atan2(gy, gx) * (180 / acos(-1));
        return gx == 0 && gy == 0 ? 0 : degrees < 0 ? degrees + 360 : degrees;
    default:
        return NAN; /* no map of an operator */
    }
}

double degrees_apart(double a, double b)
{
    double apart = fabs(a - b);
    return apart > 180 ? 360 - apart : apart;
}

/* ---- edges ---- */

static double magnitude(const plane *gx, const plane *gy, ptrdiff_t x, ptrdiff_t y, eg_norm norm)
{
    if (x < 0 || y < 0 || x >= (ptrdiff_t)gx->width || y >= (ptrdiff_t)gx->height)
        return 0;
    double u = *plane_at(gx, (size_t)x, (size_t)y), v = *plane_at(gy, (size_t)x, (size_t)y);
    return norm == EG_NORM_L1 ? fabs(u) + fabs(v) : u * u + v * v;
}

static bool is_ridge(const plane *gx, const plane *gy, ptrdiff_t x, ptrdiff_t y, eg_norm norm)
{
    double u = *plane_at(gx, (size_t)x, (size_t)y), v = *plane_at(gy, (size_t)x, (size_t)y);
    double m = magnitude(gx, gy, x, y, norm);
    double big_y = fabs(v) * 32768, big_x = fabs(u) * 13573;
    if (big_y < big_x)
        return m > magnitude(gx, gy, x - 1, y, norm) && m >= magnitude(gx, gy, x + 1, y, norm);
    if (big_y > big_x + fabs(u) * 65536)
        return m > magnitude(gx, gy, x, y - 1, norm) && m >= magnitude(gx, gy, x, y + 1, norm);
    int side = (u < 0) != (v < 0) ? -1 : 1;
    return m > magnitude(gx, gy, x - side, y - 1, norm) &&
           m > magnitude(gx, gy, x + side, y + 1, norm);
}

void oracle_thin(const plane *gx, const plane *gy, eg_norm norm, double low, double high,
                 uint8_t *candidate, uint8_t *strong)
{
    for (size_t y = 0; y < gx->height; y++) {
        for (size_t x = 0; x < gx->width; x++) {
            size_t i = y * gx->width + x;
            double m = magnitude(gx, gy, (ptrdiff_t)x, (ptrdiff_t)y, norm);
            candidate[i] = m > low && is_ridge(gx, gy, (ptrdiff_t)x, (ptrdiff_t)y, norm);
            strong[i] = candidate[i] && m > high;
        }
    }
}

void oracle_threshold(const plane *gx, const plane *gy, eg_norm norm, double level, uint8_t *edge)
{
    for (size_t y = 0; y < gx->height; y++)
        for (size_t x = 0; x < gx->width; x++)
            edge[y * gx->width + x] = magnitude(gx, gy, (ptrdiff_t)x, (ptrdiff_t)y, norm) > level;
}

void oracle_hysteresis(const uint8_t *candidate, uint8_t *edge, size_t width, size_t height)
{
    size_t head = 0, tail = 0, *queue = calloc(width * height, sizeof *queue);
    assert_non_null(queue);
    for (size_t i = 0; i < width * height; i++)
        if (edge[i])
            queue[tail++] = i;
    while (head < tail) {
        size_t x = queue[head] % width, y = queue[head] / width;
        head++;
        for (size_t v = y ? y - 1 : 0; v <= y + 1 && v < height; v++) {
            for (size_t u = x ? x - 1 : 0; u <= x + 1 && u < width; u++) {
                size_t i = v * width + u;
                if (candidate[i] && !edge[i]) {
                    edge[i] = 1;
                    queue[tail++] = i;
                }
            }
        }
    }
    free(queue);
}

/* ---- Otsu's method ---- */

void oracle_collect(oracle_maxima *maxima, const plane *gx, const plane *gy, eg_norm norm,
                    double unit, double least)
{
    size_t size = gx->width * gx->height;
    uint8_t *ridge = malloc(size), *strong = malloc(size);
    maxima->at = realloc(maxima->at, (maxima->count + size) * sizeof *maxima->at);
    assert_true(ridge && strong && maxima->at);
    oracle_thin(gx, gy, norm, 0, INFINITY, ridge, strong);
    for (size_t i = 0; i < size; i++) {
        double u = gx->at[i], v = gy->at[i];
        double m = norm == EG_NORM_L1 ? fabs(u) + fabs(v) : sqrt(u * u + v * v);
        if (ridge[i] && m * unit >= least)
            maxima->at[maxima->count++] = m * unit;
    }
    free(strong);
    free(ridge);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Returns the between-class variance of the roots, times a constant, if the `below` first ones are
 * the lower class; `sum` and `lower` are the sums of all and of the lower roots. */
static double variance(const oracle_maxima *maxima, size_t below, double sum, double lower)
{
    double n = (double)below, rest = (double)(maxima->count - below);
    double apart = lower / n - (sum - lower) / rest;
    return n * rest * apart * apart;
}

oracle_split oracle_otsu(oracle_maxima *maxima, double threshold)
{
    oracle_split split = {0};
    double sum = 0, lower = 0;
    qsort(maxima->at, maxima->count, sizeof *maxima->at, ascending);
    for (size_t i = 0; i < maxima->count; i++)
        sum += sqrt(maxima->at[i]);
    for (size_t i = 0; i + 1 < maxima->count; i++) {
        lower += sqrt(maxima->at[i]);
        if (maxima->at[i] == maxima->at[i + 1])
            continue;
        double v = variance(maxima, i + 1, sum, lower);
        if (maxima->at[i] <= threshold)
            split.variance = v;
        if (v > split.best) {
            split.best = v;
            split.below = maxima->at[i];
            split.above = maxima->at[i + 1];
        }
    }
    return split;
}

void oracle_maxima_free(oracle_maxima *maxima)
{
    free(maxima->at);
    *maxima = (oracle_maxima){0};
}
