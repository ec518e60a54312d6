/* SPDX-License-Identifier: MIT */
/*
 * Parts of the image "a lake at dawn". Positions are in units of the image height, x from 0 at the
 * left to 4/3, y from 0 at the top to 1; colours are display values from 0 to 1.
 */
#ifndef TOOLS_TESTDATA_SCENE_H
#define TOOLS_TESTDATA_SCENE_H

#include <stdbool.h>

typedef struct colour {
    double r, g, b;
} colour;

static const double shore = 0.62; /* y of the far shore */
static const double sun_x = 0.83, sun_y = 0.43;
static const double boat_y = 0.776; /* y of its waterline */

colour blend(colour a, colour b, double t);
colour add(colour a, colour b, double t); /* a + t b */

colour sky_at(double x, double y);               /* scene_sky.c */
colour haze_at(double x, double y);              /* colour of the haze at this place */
bool land_at(double x, double y, colour *seen);  /* scene_land.c: mountains, forest, cabin */
bool front_at(double x, double y, colour *seen); /* scene_front.c: foreground */
bool boat_at(double x, double y,
             colour *seen); /* the part of the foreground that the lake reflects */

#endif
