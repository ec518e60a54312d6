/* SPDX-License-Identifier: MIT */
/* A valley between two mountain sides with gullies and spurs: 200 x 160 cells of 30 m. */
#include <math.h>

#include "testdata.h"

enum { WIDTH = 200, HEIGHT = 160, CELL = 30 /* metres */, STEPS = 16 /* steps per metre */ };

/* Returns the elevation in metres; x and y are kilometres from the north-west corner. */
static double elevation(double x, double y)
{
    /* Bent ridges look less like noise. */
    double bent_x = x + 0.25 * noise_fractal(0.8 * x, 0.8 * y, 3, 101);
    double bent_y = y + 0.25 * noise_fractal(0.8 * x + 50, 0.8 * y, 3, 102);
    double river = 1.3 + 0.36 * x + 0.35 * sin(2.1 * x) + 0.3 * noise_fractal(0.6 * x, 7, 3, 103);
    double walls = step_between(0.05, 1.5, fabs(bent_y - river));
    double ridges = noise_ridged(0.42 * bent_x + 3, 0.42 * bent_y + 5, 6, 0.38, 104);
    double rolling = noise_fractal(0.9 * x, 0.9 * y, 5, 106);
    return 760 - 22 * x + walls * (60 + 640 * ridges) + 30 * rolling;
}

image *draw_hills(void)
{
    image *picture = image_new(WIDTH, HEIGHT, 1, 65535);
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            double metres =
                elevation(((double)x + 0.5) * CELL / 1000, ((double)y + 0.5) * CELL / 1000);
            *pixel(picture, x, y) = (uint16_t)lrint(STEPS * metres);
        }
    return picture;
}
