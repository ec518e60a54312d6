/* SPDX-License-Identifier: MIT */
/*
 * Functions that the C libraries of different processors compute with different last bits. These
 * use operations that IEEE 754 defines to the last bit, so their results are the same everywhere.
 */
#ifndef EG_CORE_PORTABLE_MATH_H
#define EG_CORE_PORTABLE_MATH_H

/* Returns sqrt(a^2 + b^2), correctly rounded but for rare cases, without overflow or underflow in
 * between; infinite if one of them is infinite, even if the other is NaN, as hypot() is. */
double eg_hypotenuse(double a, double b);

/* Returns the cube root of a, correctly rounded but for rare cases. */
double eg_cube_root(double a);

#endif
