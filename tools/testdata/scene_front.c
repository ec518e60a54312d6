/* SPDX-License-Identifier: MIT */
/* The foreground: near bank with grass, three pines, a rowing boat, birds. */
#include <math.h>

#include "scene.h"
#include "testdata.h"

typedef struct pine {
    double x, top, foot, width;
} pine;

static const pine pines[] = {
    {0.125, 0.135, 0.95, 0.105}, {0.265, 0.405, 0.95, 0.075}, {0.015, 0.300, 0.95, 0.090}};

/* Returns true inside a pine: whorls of drooping branches, longer towards the foot, thinned by
 * noise. */
static bool in_pine(const pine *p, double x, double y)
{
    double down = (y - p->top) / (p->foot - p->top), side = x - p->x;
    if (down < 0 || down > 1)
        return false;
    if (fabs(side) < 0.002 + 0.006 * down)
        return true;
    double reach = fabs(side) / p->width;
    double whorl = sqrt(down) * 24 - reach * 1.6 + 0.35 * noise_smooth(side * 40, down * 9, 81);
    double within = whorl - floor(whorl);
    double uneven = 0.75 + 0.45 * noise_white((uint32_t)(int)floor(whorl + 50), side > 0, 83);
    double length = 0.86 * down * uneven * (0.30 + 0.70 * pow(1 - within, 0.7));
    double needles = 0.30 * noise_fractal(x * 140, y * 140, 3, 85);
    return down < 0.93 && reach < length + needles * (0.1 + down);
}

static bool pine_at(double x, double y, colour *seen)
{
    for (size_t i = 0; i < sizeof pines / sizeof pines[0]; i++) {
        if (!in_pine(&pines[i], x, y))
            continue;
        double light =
            clamp((x - pines[i].x) / pines[i].width + 0.2, 0, 1); /* light from the right */
        double fleck = 0.5 + noise_fractal(x * 150, y * 150, 3, 87);
        *seen = blend((colour){0.035, 0.050, 0.055}, (colour){0.20, 0.17, 0.11}, light * fleck);
        return true;
    }
    return false;
}

static double bank_y(double x)
{
    double slope = 0.875 + 0.17 * step_between(0, 0.75, x) + 0.10 * step_between(0.5, 0.9, x);
    return slope + 0.02 * noise_fractal(x * 7, 1, 4, 75);
}

/* Returns true inside the grass: blades lean with the wind, and each column has its own height. */
static bool grass_at(double x, double y)
{
    double above = bank_y(x) - y;
    if (above < 0)
        return true;
    for (uint32_t layer = 0; layer < 3; layer++) {
        double at =
            (x - 0.35 * above * (1 + 0.6 * noise_smooth(x * 9, layer, 77))) * (140 + 37 * layer);
        uint32_t blade = (uint32_t)(int)floor(at);
        double tall = 0.055 * pow(noise_white(blade, layer, 78), 2) + 0.008;
        double half = 0.5 * (1 - above / tall);
        if (above < tall && fabs(at - floor(at) - 0.5) < half)
            return true;
    }
    return false;
}

static bool bank_at(double x, double y, colour *seen)
{
    if (!grass_at(x, y))
        return false;
    double light = clamp(1 - (y - bank_y(x)) / 0.05, 0, 1) * 0.5;
    double fleck = 0.5 + noise_fractal(x * 90, y * 40, 4, 79);
    *seen = blend((colour){0.045, 0.055, 0.045}, (colour){0.34, 0.28, 0.13}, light * fleck);
    return true;
}

bool boat_at(double x, double y, colour *seen)
{
    double u = (x - 0.70) / 0.062, v = (boat_y - y) / 0.026; /* v is 0 at the water */
    double rail = 0.72 + 0.42 * u * u, keel = 0.35 * u * u * u * u;
    bool oar = fabs(u - 0.25 - 0.45 * v) < 0.022 && v > 0.5 && v < 1.35;
    if (!oar && (fabs(u) > 1.05 || v > rail || v < keel))
        return false;
    *seen = (colour){0.14, 0.09, 0.08};
    if (oar || v > rail - 0.15)
        *seen = (colour){0.72, 0.50, 0.34}; /* the gunwale catches the sun */
    else if (v > rail - 0.32)
        *seen = (colour){0.50, 0.15, 0.11};
    return true;
}

/* Returns true inside a bird: two arcs form a pair of wings. */
static bool bird_at(double x, double y, colour *seen)
{
    static const double birds[][3] = {
        {0.52, 0.205, 0.013}, {0.555, 0.19, 0.011}, {0.585, 0.215, 0.012}, {0.475, 0.235, 0.010}};
    for (size_t i = 0; i < sizeof birds / sizeof birds[0]; i++) {
        double u = fabs(x - birds[i][0]) / birds[i][2], v = (birds[i][1] - y) / birds[i][2];
        double wing = 0.9 * sqrt(u) - 0.55 * u * u - 0.1;
        if (u < 1.15 && fabs(v - wing) < 0.16 - 0.09 * u) {
            *seen = (colour){0.16, 0.16, 0.22};
            return true;
        }
    }
    return false;
}

bool front_at(double x, double y, colour *seen)
{
    return bank_at(x, y, seen) || pine_at(x, y, seen) || boat_at(x, y, seen) || bird_at(x, y, seen);
}
