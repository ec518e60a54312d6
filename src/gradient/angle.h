/* SPDX-License-Identifier: MIT */
/*
 * Angles of vectors in double precision. Replaces the C library's atan2(), whose last bits differ
 * between implementations and which compilers do not vectorise: this arithmetic rounds alike on
 * every instruction set.
 */
#ifndef EG_GRADIENT_ANGLE_H
#define EG_GRADIENT_ANGLE_H

#include <stdbool.h>

#include "core/level.h"

#define EG_PI      3.14159265358979323846
#define EG_DEGREES (180 / EG_PI) /* degrees per radian */

/*
 * Returns atan2(y, x) in radians, within 5e-16, for x, y >= 0 that are not both 0; NaN if either is
 * NaN. Rotates the vector by 0, pi/4 or pi/2 to within pi/8 of an axis, then evaluates a polynomial
 * in odd powers of the tangent, fitted by tools/fit-arctangent.
 */
EG_INLINE double eg_angle(double y, double x)
{
    static const double c[] = {1,
                               -0.33333333333328435,
                               0.19999999998854809,
                               -0.14285714180952525,
                               0.11111106179497586,
                               -0.090907730528822325,
                               0.076899531936231794,
                               -0.066402313691337311,
                               0.056883362418152464,
                               -0.043480160294466004,
                               0.021134947025218984};
    const double eighth = 0.41421356237309505,
                 three_eighths = 2.4142135623730951; /* tan(pi/8), tan(3 pi/8) */
    bool near_x = y <= eighth * x, near_y = y > three_eighths * x;
    double rise = near_x ? y : near_y ? -x : y - x;
    double run = near_x ? x : near_y ? y : y + x;
    double rotation = near_x ? 0 : near_y ? EG_PI / 2 : EG_PI / 4;
    double t = rise / run, t2 = t * t, p = c[10];
#pragma GCC unroll 10
    for (int k = 9; k >= 0; k--)
        p = p * t2 + c[k];
    return rotation + p * t;
}

/*
 * Returns the direction of the vector (east, north), not both 0, in degrees [0, 360): clockwise
 * from north with `compass`, else anticlockwise from east. Results that would round to 360 as a
 * float are 0.
 */
EG_INLINE double eg_direction(double east, double north, bool compass)
{
    double along = compass ? north : east, across = compass ? east : north;
    double angle = eg_angle(across < 0 ? -across : across, along < 0 ? -along : along);
    angle = along < 0 ? EG_PI - angle : angle;
    angle = across < 0 ? 2 * EG_PI - angle : angle;
    double degrees = angle * EG_DEGREES;
    return degrees >= 360 - 0x1p-16 ? 0 : degrees;
}

#endif
