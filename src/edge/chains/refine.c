/* SPDX-License-Identifier: MIT */
/* Position of an edge between the pixels, its gradient, and the colours beside it. */
#include "edge/chains/refine.h"

#include <math.h>
#include <string.h>

#include "gradient/angle.h"

enum {
    REACH = EG_REFINE_AROUND - 1, /* samples of a patch on each side of the middle one */
    SIDE = 2 * REACH + 1,
    STEPS = 3 /* parabolas, each around the top of the one before */
};

/* Samples of the magnitude around an edge pixel. */
typedef struct patch {
    float magnitude[SIDE][SIDE];
    float logarithm[SIDE][SIDE]; /* to base 2 */
} patch;

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

/* Copies the magnitudes around sample (u, v). Returns false if that at the sample is 0 or not
 * finite. */
static bool load_patch(patch *p, const eg_gradient_field *f, ptrdiff_t u, ptrdiff_t v)
{
    const float middle =
        f->magnitude[eg_field_at(f, clamp(v, f->first, f->end), clamp(u, f->left, f->right))];
    const float least = middle * 0x1p-20F, most = middle * 0x1p20F;
    if (!(middle > 0x1p-100F && middle < 0x1p100F))
        return false;
    for (int j = 0; j < SIDE; j++) {
        const size_t y = clamp(v + j - REACH, f->first, f->end);
        for (int i = 0; i < SIDE; i++)
            p->magnitude[j][i] =
                f->magnitude[eg_field_at(f, y, clamp(u + i - REACH, f->left, f->right))];
    }
    for (int j = 0; j < SIDE; j++)
        for (int i = 0; i < SIDE; i++) {
            const float m = p->magnitude[j][i];
            p->logarithm[j][i] = logarithm_of(m > least ? (m < most ? m : most) : least);
        }
    return true;
}

/* Sets the weights of Catmull and Rom's cubic interpolation at the part t between samples. */
static void set_weights(double w[4], double t)
{
    w[0] = t * (t * (2 - t) - 1) / 2;
    w[1] = (t * t * (3 * t - 5) + 2) / 2;
    w[2] = t * (t * (4 - 3 * t) + 1) / 2;
    w[3] = t * t * (t - 1) / 2;
}

/* Interpolates samples of a patch at a position relative to its middle. */
static double interpolate(const float samples[SIDE][SIDE], position at)
{
    const double column = floor(at.x), row = floor(at.y);
    const int i0 = (int)column + REACH - 1, j0 = (int)row + REACH - 1;
    double across[4], down[4], sum = 0;
    set_weights(across, at.x - column);
    set_weights(down, at.y - row);
    for (int j = 0; j < 4; j++) {
        const float *s = samples[j0 + j] + i0;
        sum += down[j] * (across[0] * (double)s[0] + across[1] * (double)s[1] +
                          across[2] * (double)s[2] + across[3] * (double)s[3]);
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

/* Returns how far along a direction the maximum of the magnitude is from a position relative to the
 * middle of the patch; 0 if it is not closer than 1.5 samples. */
static double find_maximum(const patch *p, position from, position direction)
{
    double t = 0;
    for (int step = 0; step < STEPS; step++) {
        const double before = interpolate(p->logarithm, moved(from, direction, t - 1));
        const double here = interpolate(p->logarithm, moved(from, direction, t));
        const double after = interpolate(p->logarithm, moved(from, direction, t + 1));
        const double bend = before - 2 * here + after;
        double move = bend < 0 ? (before - after) / (2 * bend) : after > before ? 0.5 : -0.5;
        move = move > 0.75 ? 0.75 : move < -0.75 ? -0.75 : move;
        t += move;
        if (!(fabs(t) <= 1.5))
            return 0;
        if (fabs(move) < 1e-3)
            break;
    }
    return t;
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
        out[i] = colour[i] >= 255 ? 255 : colour[i] > 0 ? (uint8_t)(colour[i] + 0.5) : 0;
}

/* Sets direction and colours from the two sides of an edge at a position of the field. */
static void look_beside(const eg_refiner *r, position at, position direction, eg_edge_point *edge)
{
    const double away = r->sigma > 2 ? r->sigma : 2;
    double ahead[3], behind[3];
    average_channels(r->channels, moved(at, direction, away), ahead);
    average_channels(r->channels, moved(at, direction, -away), behind);
    const bool reversed = brightness(ahead) < brightness(behind);
    const double sign = reversed ? -1 : 1;
    edge->direction = (float)eg_direction(sign * direction.x, sign * direction.y, false);
    store_colour(edge->left, reversed ? behind : ahead);
    store_colour(edge->right, reversed ? ahead : behind);
}

void eg_refine_pixel(const eg_refiner *r, size_t x, size_t y, eg_chain_point *point)
{
    const double f = (double)r->channels->factor;
    const position at = {((double)x - (f - 1) / 2) / f, ((double)y - (f - 1) / 2) / f};
    const ptrdiff_t u = (ptrdiff_t)floor(at.x + 0.5), v = (ptrdiff_t)floor(at.y + 0.5);
    const position middle = {at.x - (double)u, at.y - (double)v};
    position direction = gradient_direction(r->field, at), found = at;
    patch p;
    *point = (eg_chain_point){.x = (double)x, .y = (double)y};
    if (load_patch(&p, r->field, u, v)) {
        const double t = find_maximum(&p, middle, direction);
        point->edge.strength =
            (float)fmax(0, interpolate(p.magnitude, moved(middle, direction, t)));
        found = moved(at, direction, t);
        point->x = found.x * f + (f - 1) / 2;
        point->y = found.y * f + (f - 1) / 2;
    }
    look_beside(r, found, direction, &point->edge);
}
