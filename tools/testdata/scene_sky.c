/* SPDX-License-Identifier: MIT */
/* The sky: a gradient, the sun's glow and disc, and a layer of clouds seen from below. */
#include <math.h>

#include "scene.h"
#include "testdata.h"

colour blend(colour a, colour b, double t)
{
    return (colour){mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)};
}

colour add(colour a, colour b, double t)
{
    return (colour){a.r + t * b.r, a.g + t * b.g, a.b + t * b.b};
}

static double from_sun(double x, double y)
{
    return hypot(x - sun_x, y - sun_y);
}

static colour clear_sky(double x, double y)
{
    static const struct {
        double at;
        colour tint;
    } stops[] = {{-0.2, {0.10, 0.17, 0.38}}, {0.15, {0.22, 0.31, 0.54}}, {0.45, {0.50, 0.50, 0.68}},
                 {0.68, {0.82, 0.64, 0.66}}, {0.88, {0.98, 0.77, 0.58}}, {1.2, {1.0, 0.83, 0.60}}};
    double t = y / shore + 0.10 * (fabs(x - sun_x) - 0.4) * -1;
    size_t i = 0;
    while (i < 4 && t > stops[i + 1].at)
        i++;
    double part = clamp((t - stops[i].at) / (stops[i + 1].at - stops[i].at), 0, 1);
    return blend(stops[i].tint, stops[i + 1].tint, part);
}

colour haze_at(double x, double y)
{
    colour cool = {0.60, 0.60, 0.72}, warm = {1.0, 0.78, 0.58};
    return blend(cool, warm, exp(-2.2 * from_sun(x, y)));
}

/* Returns the cloud density at a place on the cloud layer. */
static double cloud(double u, double v)
{
    double drift = 0.6 * noise_fractal(0.7 * u, 0.7 * v, 3, 11);
    double bank = noise_fractal(0.45 * u + drift, 1.1 * v, 3, 12);
    double puffs = noise_fractal(1.1 * u + drift, 2.6 * v + drift, 7, 13);
    return step_between(-0.02, 0.55, 0.75 * bank + puffs + 0.04);
}

static colour with_clouds(colour sky, double x, double y)
{
    double far = 0.34 / (0.74 - y); /* along the layer, which meets the horizon below the shore */
    double u = (x - sun_x) * far * 2.6, v = far * 3.4;
    double here = cloud(u, v);
    double towards = cloud(u * 0.97, v + 0.11); /* density one step closer to the sun */
    double rim = clamp(here - towards, 0, 1);
    double near = exp(-2.0 * from_sun(x, y));
    colour shade = blend((colour){0.36, 0.37, 0.55}, (colour){0.80, 0.52, 0.50}, near);
    colour lit =
        blend((colour){0.80, 0.70, 0.76}, (colour){1.05, 0.80, 0.58}, clamp(1.5 * near, 0, 1));
    colour body = blend(lit, shade, clamp(here * 1.1 - 0.25, 0, 1));
    body = add(body, (colour){0.9, 0.55, 0.35}, rim * (0.25 + 1.2 * near));
    return blend(sky, body, here * 0.88 * step_between(1.05, 0.72, y / shore));
}

colour sky_at(double x, double y)
{
    double d = from_sun(x, y);
    colour sky = with_clouds(clear_sky(x, y), x, y);
    sky = add(sky, (colour){1.0, 0.66, 0.32}, 0.30 * exp(-4.5 * d));
    sky = add(sky, (colour){1.0, 0.82, 0.50}, 0.36 * exp(-17 * d));
    return blend(sky, (colour){1.5, 1.4, 1.2}, step_between(0.034, 0.029, d));
}
