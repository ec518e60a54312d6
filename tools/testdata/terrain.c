/* SPDX-License-Identifier: MIT */
/* An elevation model: ridges, a winding valley and a lake. */
#include <math.h>

#include "testdata.h"

enum { SIDE = 256, LAKE = 412 /* metres */ };

static double elevation(double x, double y)
{
    double bend = 0.5 + 0.16 * sin(5 * y + 0.6) + 0.06 * noise_fractal(3 * y, 9, 3, 71);
    double from_valley = fabs(x - bend) + 0.03;
    double walls = step_between(0, 0.42, from_valley);
    double ridges = noise_ridged(2.6 * x + 4, 2.6 * y + 7, 7, 0.52, 51);
    double rolling = noise_fractal(5 * x, 5 * y, 6, 61);
    return 330 + 180 * y + walls * (260 + 1150 * ridges) + 90 * rolling;
}

image *draw_terrain(void)
{
    image *picture = image_new(SIDE, SIDE, 1, 65535);
    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++) {
            double metres = elevation((double)x / SIDE, (double)y / SIDE);
            *pixel(picture, x, y) = (uint16_t)lrint(metres < LAKE ? LAKE : metres);
        }
    return picture;
}
