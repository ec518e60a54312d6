/* SPDX-License-Identifier: MIT */
/* The land beyond the lake: four mountain ranges, paler with distance, the forest on the shore, a
 * cabin. */
#include <math.h>

#include "scene.h"
#include "testdata.h"

typedef struct range {
    double foot, height; /* y of the lowest ridge, and height of the peaks above it */
    double scale, rough; /* scale and roughness of the noise */
    double slide;        /* offset into the noise */
    double distance;     /* 0..1: haze */
    double snow;         /* y above which snow lies */
    double trees;        /* height of the trees on the ridge */
    colour lit, shade;
} range;

/* Mountain ranges, the nearest first. */
static const range ranges[] = {
    {0.625, 0.055, 1.6, 0.40, 3.1, 0.10, -1, 0.020, {0.25, 0.26, 0.20}, {0.07, 0.10, 0.12}},
    {0.600, 0.140, 1.1, 0.45, 7.3, 0.30, -1, 0.009, {0.42, 0.36, 0.30}, {0.14, 0.18, 0.24}},
    {0.560, 0.240, 0.9, 0.50, 1.55, 0.38, 0.42, 0, {0.78, 0.58, 0.48}, {0.27, 0.29, 0.40}},
    {0.520, 0.370, 0.8, 0.52, 5.9, 0.48, 0.36, 0, {0.88, 0.66, 0.58}, {0.36, 0.38, 0.52}},
};

enum { RANGES = sizeof ranges / sizeof ranges[0] };

/* Returns the height of pointed tree crowns side by side, each of its own height. */
static double crowns(double x, double per_unit, uint32_t seed)
{
    double at = x * per_unit, cell = floor(at);
    double tall = 0.45 + 0.55 * noise_white((uint32_t)(int)cell, seed, 91);
    return tall * (1 - fabs(2 * (at - cell) - 1));
}

static double tree_line(const range *r, double x)
{
    if (r->trees <= 0)
        return 0;
    double one = crowns(x, 1.1 / r->trees, 1), other = crowns(x + 0.37, 1.7 / r->trees, 2);
    return r->trees * (one > other ? one : other);
}

static double ridge_of(const range *r, double x)
{
    double rise = noise_ridged(x * r->scale + r->slide, 0.7 * r->slide, 7, r->rough, 21);
    double opening = 1 - 0.45 * exp(-18 * (x - sun_x) * (x - sun_x)); /* lower towards the sun */
    return r->foot - r->height * rise * opening - tree_line(r, x);
}

/* Returns the exposure of the slope: positive towards the sun. Spurs fork on their way down. */
static double facing(const range *r, double x, double y, double below)
{
    double bend = 0.5 * noise_fractal(x * 3 + r->slide, y * 3, 4, 33);
    double u = (x + 0.30 * bend) * r->scale * 6 + r->slide;
    double v = (y + 0.5 * below + 0.30 * bend) * r->scale * 4.2;
    double here = noise_ridged(u, v, 6, 0.55, 31);
    double sunward = noise_ridged(u - 0.10, v - 0.05, 6, 0.55, 31);
    double side = clamp((sun_x - x) * 5, -1, 1);
    return clamp(3.8 * (here - sunward) * -side, -1, 1);
}

static colour range_colour(const range *r, double x, double y, double below)
{
    double light = 0.5 + 0.5 * facing(r, x, y, below);
    colour seen = blend(r->shade, r->lit, light);
    if (r->trees > 0) {
        double leaves = noise_fractal(x * 90, y * 55, 3, 41);
        seen = add(seen, (colour){0.16, 0.16, 0.12}, leaves * (0.4 + 0.6 * light));
    }
    double ragged = r->snow + 0.10 * noise_fractal(x * 14, y * 9, 5, 45) - 0.04 * (1 - light);
    colour snow = blend((colour){0.55, 0.58, 0.74}, (colour){1.0, 0.87, 0.80}, light);
    seen = blend(seen, snow, 0.9 * step_between(ragged + 0.012, ragged - 0.012, y));

    double mist = 0.75 * exp(-(shore - y) / (0.020 + 0.06 * r->distance)) * r->distance * 1.6;
    return blend(seen, haze_at(x, y), clamp(r->distance + mist, 0, 0.94));
}

/* Returns true inside the gabled cabin on the far shore, its window lit. */
static bool cabin_at(double x, double y, colour *seen)
{
    double u = (x - 1.085) / 0.038, v = (shore + 0.003 - y) / 0.038; /* in wall heights */
    bool roof = v > 0.85 && v < 1.75 - 0.75 * fabs(u) && fabs(u) < 1.25;
    bool chimney = u > 0.35 && u < 0.58 && v > 1.0 && v < 1.85;
    bool wall = v > -0.1 && v <= 0.98 && fabs(u) < 1;
    bool window = v > 0.32 && v < 0.68 && fabs(fabs(u) - 0.52) < 0.19;
    bool door = v < 0.66 && fabs(u) < 0.15;
    if (!roof && !chimney && !wall)
        return false;
    double planks = 0.02 * (fmod(v * 7 + 20, 1) < 0.25 ? -1 : 1);
    *seen = (colour){0.27 + planks, 0.17 + planks, 0.13 + planks};
    if (roof || chimney)
        *seen = roof ? (colour){0.40, 0.29, 0.30} : (colour){0.20, 0.16, 0.17};
    if (wall && !roof && (window || door))
        *seen = window ? (colour){1.0, 0.86, 0.48} : (colour){0.13, 0.09, 0.08};
    return true;
}

/* Returns true inside the meadow around the cabin and its trees. */
static bool point_at(double x, double y, colour *seen)
{
    double rise = 0.030 * step_between(0.93, 1.15, x) + 0.004 * noise_fractal(x * 30, 2, 3, 47);
    double jagged = x + 0.006 * noise_fractal(x * 60, y * 150, 3, 49);
    double wood =
        0.085 * crowns(jagged, 34, 3) * step_between(1.13, 1.21, x) +
        0.060 * crowns(jagged, 41, 4) * step_between(1.05, 0.96, x) * step_between(0.92, 0.95, x);
    if (y < shore + 0.004 - rise * 0.4 - wood)
        return false;
    double grass = 0.03 * noise_fractal(x * 160, y * 60, 3, 48);
    *seen = (colour){0.16 + grass, 0.15 + grass, 0.11 + grass};
    if (y > shore - 0.010 && y < shore + 0.004 && wood < 0.01)
        *seen = (colour){0.36 + grass, 0.31 + grass, 0.20 + grass};
    return rise > 0.002;
}

bool land_at(double x, double y, colour *seen)
{
    if (cabin_at(x, y, seen) || point_at(x, y, seen))
        return true;
    for (int i = 0; i < RANGES; i++) {
        double below = y - ridge_of(&ranges[i], x);
        if (below > 0) {
            *seen = range_colour(&ranges[i], x, y, below);
            return true;
        }
    }
    return false;
}
