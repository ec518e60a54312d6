/* SPDX-License-Identifier: MIT */
/* Repeatable noise: lattice gradients (Perlin 1985, with the 2002 fade), summed over octaves. */
#include <math.h>

#include "testdata.h"

double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

double mix(double a, double b, double t)
{
    return a + (b - a) * t;
}

double step_between(double from, double to, double x)
{
    double t = clamp((x - from) / (to - from), 0, 1);
    return t * t * (3 - 2 * t);
}

static uint32_t scramble(uint32_t x, uint32_t y, uint32_t seed)
{
    uint32_t h = x * 0x9E3779B1u ^ y * 0x85EBCA77u ^ seed * 0xC2B2AE3Du;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    return h ^ (h >> 15);
}

double noise_white(uint32_t x, uint32_t y, uint32_t seed)
{
    return scramble(x, y, seed) / 4294967296.0;
}

/* Returns the value of one lattice point's gradient at the offset (dx, dy). */
static double corner(int32_t x, int32_t y, double dx, double dy, uint32_t seed)
{
    static const double slopes[8][2] = {{1, 0},  {0.7071, 0.7071},   {0, 1},  {-0.7071, 0.7071},
                                        {-1, 0}, {-0.7071, -0.7071}, {0, -1}, {0.7071, -0.7071}};
    const double *slope = slopes[scramble((uint32_t)x, (uint32_t)y, seed) >> 29];
    return slope[0] * dx + slope[1] * dy;
}

static double fade(double t)
{
    return t * t * t * (t * (t * 6 - 15) + 10);
}

double noise_smooth(double x, double y, uint32_t seed)
{
    double fx = floor(x), fy = floor(y);
    int32_t ix = (int32_t)fx, iy = (int32_t)fy;
    double dx = x - fx, dy = y - fy;
    double above =
        mix(corner(ix, iy, dx, dy, seed), corner(ix + 1, iy, dx - 1, dy, seed), fade(dx));
    double below = mix(corner(ix, iy + 1, dx, dy - 1, seed),
                       corner(ix + 1, iy + 1, dx - 1, dy - 1, seed), fade(dx));
    return 1.4 * mix(above, below, fade(dy));
}

double noise_fractal(double x, double y, int octaves, uint32_t seed)
{
    double sum = 0, weight = 0.5;
    for (int i = 0; i < octaves; i++) {
        sum += weight * noise_smooth(x, y, seed + (uint32_t)i);
        x = x * 2.03 + 17.1;
        y = y * 2.03 + 5.7;
        weight *= 0.5;
    }
    return sum;
}

/* Returns noise with creases at its zero crossings; `rough` is the weight ratio of successive
 * octaves. */
double noise_ridged(double x, double y, int octaves, double rough, uint32_t seed)
{
    double sum = 0, total = 0, weight = 1, crest = 1;
    for (int i = 0; i < octaves; i++) {
        double ridge = 1 - fabs(noise_smooth(x, y, seed + (uint32_t)i));
        ridge *= ridge;
        sum += weight * ridge * crest;
        total += weight;
        crest = clamp(ridge * 1.6, 0, 1);
        x = x * 2.03 + 3.3;
        y = y * 2.03 + 8.9;
        weight *= rough;
    }
    return sum / total;
}
