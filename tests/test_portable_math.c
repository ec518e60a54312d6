/* SPDX-License-Identifier: MIT */
/* Tests of the functions whose results are the same on every processor: against long double, which
 * has at least 11 bits more, and against recorded bits. */
#include "support.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/portable_math.h"

enum { COUNT = 100000 };

/* Hashes of the results; the same on x86-64 and AArch64. */
#define HYPOTENUSES 3552412689390030334u
#define CUBE_ROOTS  8486450812700091889u

/* Returns the next of a sequence of numbers of either sign, from 2^-range to 2^range. */
static double next_number(uint64_t *state, int range)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    double m = (double)(*state >> 11) * 0x1p-53 - 0.5;
    return ldexp(m, (int)(*state % (2 * (uint64_t)range)) - range);
}

/* Adds the bits of a number to a hash (FNV-1a, by words). */
static void add_bits(uint64_t *hash, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    *hash = (*hash ^ bits) * 1099511628211u;
}

/* Fails unless a number is `exact` rounded, or nearly half a unit beside it. */
static void assert_nearest(double number, long double exact)
{
    double unit = nextafter(fabs(number), INFINITY) - fabs(number);
    assert_true(fabsl((long double)number - exact) <= 0.501L * unit);
}

static void hypotenuses(void **state)
{
    uint64_t seed = 88172645463325252u, hash = 14695981039346656037u;
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        int range = i % 2 ? 30 : 500;
        double a = next_number(&seed, range), b = next_number(&seed, range);
        double h = eg_hypotenuse(a, b);
        assert_nearest(h, sqrtl((long double)a * a + (long double)b * b));
        assert_true(h == eg_hypotenuse(b, -a));
        add_bits(&hash, h);
    }
    assert_true(hash == HYPOTENUSES);
}

static void extreme_hypotenuses(void **state)
{
    (void)state;
    assert_true(eg_hypotenuse(3e300, 4e300) == 5e300);
    assert_true(eg_hypotenuse(-3 * 0x1p-1000, 4 * 0x1p-1000) == 5 * 0x1p-1000);
    assert_true(eg_hypotenuse(DBL_MAX, DBL_MAX) == INFINITY);
    assert_true(eg_hypotenuse(DBL_MAX, 1) == DBL_MAX);
    assert_true(eg_hypotenuse(0x1p-1074, 0) == 0x1p-1074);
    assert_true(eg_hypotenuse(0, -0.0) == 0);
    assert_true(eg_hypotenuse(NAN, -INFINITY) == INFINITY);
    assert_true(isnan(eg_hypotenuse(NAN, 1)));
    assert_true(isnan(eg_hypotenuse(0, NAN)));
}

static void cube_roots(void **state)
{
    uint64_t seed = 88172645463325252u, hash = 14695981039346656037u;
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        double a = next_number(&seed, i % 2 ? 30 : 1000), c = eg_cube_root(a);
        assert_nearest(c, cbrtl(a));
        assert_true(eg_cube_root(-a) == -c);
        add_bits(&hash, c);
    }
    assert_true(hash == CUBE_ROOTS);
    for (int i = -100; i <= 100; i++)
        assert_true(eg_cube_root((double)i * i * i) == i);
    assert_true(eg_cube_root(0x1p-1074) == 0x1p-358);
    assert_true(signbit(eg_cube_root(-0.0)));
    assert_true(eg_cube_root(-INFINITY) == -INFINITY);
    assert_true(isnan(eg_cube_root(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hypotenuses),
                                       cmocka_unit_test(extreme_hypotenuses),
                                       cmocka_unit_test(cube_roots)};
    return cmocka_run_group_tests_name("portable_math", tests, NULL, NULL);
}
