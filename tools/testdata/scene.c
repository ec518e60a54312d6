/* SPDX-License-Identifier: MIT */
/* The complete scene: sky and land, their reflection in the lake, the foreground, the film
 * response. */
#include <math.h>

#include "scene.h"
#include "testdata.h"

enum { WIDTH = 640, HEIGHT = 480, SUBPIXELS = 3 /* in each direction */ };

static colour beyond(double x, double y)
{
    colour seen;
    return land_at(x, y, &seen) ? seen : sky_at(x, y);
}

/* Returns the lake's colour. Ripples grow and widen towards the viewer; between gusts the water is
 * a mirror. */
static colour lake_at(double x, double y)
{
    double near = (y - shore) / (1 - shore);
    double far = 1 / (near + 0.06);
    double u = (x - 0.67) * far, v = far * 9;
    double gust = step_between(-0.25, 0.35, noise_fractal(u * 1.1 + 3, v * 0.35, 3, 63));
    double swell = noise_fractal(u * 9, v * 4.2, 5, 61) * (0.25 + 0.75 * gust);
    double lift = (0.010 + 0.16 * near) * swell;
    double up = shore - (y - shore) * 1.15 + lift;
    colour mirrored = beyond(x + 0.25 * lift, clamp(up, 0, shore - 0.001));
    colour deep = {0.07, 0.13, 0.20};
    colour seen = blend(mirrored, deep, clamp(0.16 + 0.34 * near - 0.5 * lift, 0, 1));

    double path = exp(-pow((x - sun_x - 0.1 * lift) / (0.018 + 0.10 * near), 2));
    double spark = step_between(0.10, 0.34, swell) * path;
    seen = add(seen, (colour){0.95, 0.62, 0.30}, 0.30 * path * (1 - near) + 0.75 * spark);

    colour boat;
    if (y > boat_y && boat_at(x + 0.12 * lift, boat_y - 0.95 * (y - boat_y) + 0.35 * lift, &boat))
        seen = blend(seen, boat, 0.72);
    return blend(seen, haze_at(x, y), 0.35 * exp(-(y - shore) / 0.006));
}

static colour view(double x, double y)
{
    colour seen;
    if (front_at(x, y, &seen))
        return seen;
    return y < shore ? beyond(x, y) : lake_at(x, y);
}

static colour averaged(size_t px, size_t py)
{
    colour sum = {0, 0, 0};
    for (int row = 0; row < SUBPIXELS; row++)
        for (int column = 0; column < SUBPIXELS; column++) {
            double x = (double)px + (column + 0.5) / SUBPIXELS;
            double y = (double)py + (row + 0.5) / SUBPIXELS;
            colour seen = view(x / HEIGHT, y / HEIGHT);
            colour shown = {clamp(seen.r, 0, 1.5), clamp(seen.g, 0, 1.5), clamp(seen.b, 0, 1.5)};
            sum = add(sum, shown, 1.0 / (SUBPIXELS * SUBPIXELS));
        }
    return sum;
}

/* Applies vignetting, a soft shoulder in the highlights, and grain that is strongest in the
 * midtones. */
static colour filmed(colour seen, size_t px, size_t py)
{
    double dx = (double)px / WIDTH - 0.5, dy = (double)py / HEIGHT - 0.5;
    double corners = 1 - 0.42 * (dx * dx + dy * dy);
    double grain = 0;
    for (uint32_t i = 0; i < 3; i++) /* the sum of three uniform distributions is nearly normal */
        grain += noise_white((uint32_t)px, (uint32_t)py, 101 + i) - 0.5;
    double channel[3] = {seen.r, seen.g, seen.b};
    for (int c = 0; c < 3; c++) {
        double value = channel[c] * corners;
        value = value < 0.8 ? value : 0.8 + 0.2 * (1 - exp(-(value - 0.8) / 0.2));
        channel[c] = value + grain * (0.008 + 0.018 * value * (1 - clamp(value, 0, 1)));
    }
    return (colour){channel[0], channel[1], channel[2]};
}

image *draw_scene(void)
{
    image *picture = image_new(WIDTH, HEIGHT, 3, 255);
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            colour seen = filmed(averaged(x, y), x, y);
            double channel[3] = {seen.r, seen.g, seen.b};
            for (int c = 0; c < 3; c++)
                pixel(picture, x, y)[c] = (uint16_t)lrint(255 * clamp(channel[c], 0, 1));
        }
    return picture;
}
