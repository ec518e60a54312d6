/* SPDX-License-Identifier: MIT */
/* Position of an edge between the pixels, its gradient, and the colours beside it. */
#include "edge/chains/refine.h"

#include <math.h>
#include <string.h>

#include "gradient/angle.h"
#include "gradient/cubic.h"

enum { STEPS = 8 }; /* parabolas, each around the top of the one before */

#define LEAST 0x1p-100F /* magnitude in place of smaller ones */

/* Distances in samples of the field. */
#define REACH       3.0 /* of a point from its pixel, at most */
#define REACH_EXACT 1.5 /* of the maxima of both fields, beyond which intensities do not count */
#define REACH_CLOSE 0.5 /* of the same, up to which they alone count */

/* A position in samples of the field. */
typedef struct position {
    double x, y;
} position;

/* ---- interpolation ---- */

/* Returns the logarithm to base 2 of a positive normal number, to 3e-8. Replaces log2f(), whose
 * last bits differ between implementations. */
static inline float logarithm_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t half = 0x3F3504F3; /* sqrt(1/2) */
    const int32_t exponent = (int32_t)(bits - half) >> 23;
    bits -= (uint32_t)exponent << 23;
    float part; /* sqrt(1/2) .. sqrt(2) */
    memcpy(&part, &bits, sizeof part);
    const float s = (part - 1) / (part + 1), s2 = s * s;
    return (float)exponent +
           s * (2.88539008F + s2 * (0.961796694F + s2 * (0.577078016F + s2 * 0.412198583F)));
}

static size_t clamp(ptrdiff_t i, size_t first, size_t end)
{
    return i < (ptrdiff_t)first ? first : i >= (ptrdiff_t)end ? end - 1 : (size_t)i;
}

/* Interpolates the magnitude of the field at a position, or its logarithm to base 2. */
static double interpolate(const eg_gradient_field *f, position at, bool logarithm)
{
    const double column = floor(at.x), row = floor(at.y);
    double across[4], down[4], sum = 0;
    size_t x[4];
    eg_cubic_weights(at.x - column, across);
    eg_cubic_weights(at.y - row, down);
    for (int i = 0; i < 4; i++)
        x[i] = clamp((ptrdiff_t)column + i - 1, f->left, f->right) - f->left;
    for (int j = 0; j < 4; j++) {
        const size_t y = clamp((ptrdiff_t)row + j - 1, f->first, f->end);
        const float *magnitude = f->magnitude + eg_field_at(f, y, f->left);
        double part = 0;
        for (int i = 0; i < 4; i++) {
            const float m = magnitude[x[i]];
            part += across[i] * (double)(logarithm ? logarithm_of(m > LEAST ? m : LEAST) : m);
        }
        sum += down[j] * part;
    }
    return sum;
}

static position moved(position from, position direction, double by)
{
    return (position){from.x + by * direction.x, from.y + by * direction.y};
}

/* ---- the gradient ---- */

/* Returns the direction of the gradient at a position of the field, up to its sign. The field has
 * twice its angle, which is interpolated linearly. */
static position gradient_direction(const eg_gradient_field *f, position at)
{
    const double column = floor(at.x), row = floor(at.y);
    double cosine = 0, sine = 0;
    for (int k = 0; k < 4; k++) {
        const size_t x = clamp((ptrdiff_t)column + (k & 1), f->left, f->right);
        const size_t y = clamp((ptrdiff_t)row + (k >> 1), f->first, f->end);
        const double across = k & 1 ? at.x - column : 1 - (at.x - column);
        const double down = k >> 1 ? at.y - row : 1 - (at.y - row);
        const size_t index = eg_field_at(f, y, x);
        /* Vectors of unit length, because rows may have different exponents. */
        const double c = (double)f->cosine[index], s = (double)f->sine[index],
                     length = sqrt(c * c + s * s);
        if (!(length > 0 && length < (double)INFINITY))
            continue;
        cosine += across * down * c / length;
        sine += across * down * s / length;
    }
    const double length = sqrt(cosine * cosine + sine * sine);
    if (!(length > 0))
        return (position){1, 0};
    const double x = sqrt(fmax(0, (1 + cosine / length) / 2));
    const double y = sqrt(fmax(0, (1 - cosine / length) / 2));
    return (position){x, sine < 0 ? -y : y};
}

/* Returns how far along a direction the top of a parabola through the logarithms of the magnitude
 * is; where they have no maximum, half a sample uphill. */
static double step_uphill(const eg_gradient_field *f, position at, position direction)
{
    const double before = interpolate(f, moved(at, direction, -1), true);
    const double here = interpolate(f, at, true);
    const double after = interpolate(f, moved(at, direction, 1), true);
    const double bend = before - 2 * here + after;
    const double top = bend < 0 ? (before - after) / (2 * bend) : after > before ? 0.5 : -0.5;
    return top > 0.75 ? 0.75 : top < -0.75 ? -0.75 : top;
}

static double distance_between(position a, position b)
{
    const double dx = a.x - b.x, dy = a.y - b.y;
    return sqrt(dx * dx + dy * dy);
}

/* Moves a position to the maximum of the magnitude uphill along the direction of the gradient.
 * Returns false if there is none within `reach`. */
static bool find_maximum(const eg_gradient_field *f, position *at, position *direction,
                         double reach)
{
    const position from = *at;
    for (int step = 0; step < STEPS; step++) {
        *direction = gradient_direction(f, *at);
        const double move = step_uphill(f, *at, *direction);
        *at = moved(*at, *direction, move);
        if (!(distance_between(*at, from) <= reach))
            return false;
        if (fabs(move) < 0.01)
            return true;
    }
    return false;
}

/* ---- the sides ---- */

/* Averages 3 x 3 samples of each channel around a position. */
static void average_channels(const eg_channels *c, position at, double mean[3])
{
    const ptrdiff_t u = (ptrdiff_t)floor(at.x + 0.5), v = (ptrdiff_t)floor(at.y + 0.5);
    double sum[3] = {0}, valid = 0;
    for (int k = 0; k < 9; k++) {
        const size_t x = clamp(u + k % 3 - 1, c->left, c->right);
        const size_t y = clamp(v + k / 3 - 1, c->first, c->end);
        const size_t index = eg_channel_at(c, y, x);
        valid += c->valid ? (double)c->valid[index] : 1;
        for (size_t i = 0; i < c->count; i++)
            sum[i] += (double)c->plane[i][index];
    }
    for (size_t i = 0; i < 3; i++)
        mean[i] = valid > 0 ? sum[i < c->count ? i : 0] / valid : 0;
}

static double brightness(const double colour[3])
{
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
}

static void store_colour(uint8_t out[3], const double colour[3])
{
    for (size_t i = 0; i < 3; i++)
        out[i] = (uint8_t)lround(fmin(fmax(colour[i], 0), 255));
}

/* Sets direction and colours from the two sides of an edge at a position of the field. */
static void look_beside(const eg_refiner *r, position at, position direction, eg_edge_point *edge)
{
    const double away = fmax(r->sigma, 2.5);
    double ahead[3], behind[3];
    average_channels(r->channels, moved(at, direction, away), ahead);
    average_channels(r->channels, moved(at, direction, -away), behind);
    const bool reversed = brightness(ahead) < brightness(behind);
    const double sign = reversed ? -1 : 1;
    edge->direction = (float)eg_direction(sign * direction.x, sign * direction.y, false);
    store_colour(edge->left, reversed ? behind : ahead);
    store_colour(edge->right, reversed ? ahead : behind);
}

/* Moves a maximum of the gradient of the edges towards that of the intensities, all the way if they
 * are close; continuously less far if not. */
static position move_to_intensities(const eg_refiner *r, position at)
{
    position direction, exact = at;
    if (!find_maximum(r->intensities, &exact, &direction, REACH_EXACT))
        return at;
    const double distance = distance_between(at, exact);
    if (distance <= REACH_CLOSE)
        return exact;
    const double part = (REACH_EXACT - distance) / (REACH_EXACT - REACH_CLOSE);
    return (position){at.x + part * (exact.x - at.x), at.y + part * (exact.y - at.y)};
}

bool eg_refine_pixel(const eg_refiner *r, size_t x, size_t y, eg_chain_point *point)
{
    const double f = (double)r->channels->factor;
    position at = {((double)x - (f - 1) / 2) / f, ((double)y - (f - 1) / 2) / f}, direction;
    if (!find_maximum(r->edges, &at, &direction, REACH))
        return false;
    if (r->edges != r->intensities)
        at = move_to_intensities(r, at);
    *point = (eg_chain_point){.x = at.x * f + (f - 1) / 2, .y = at.y * f + (f - 1) / 2};
    point->edge.strength = (float)fmax(0, interpolate(r->intensities, at, false));
    look_beside(r, at, gradient_direction(r->intensities, at), &point->edge);
    return true;
}
