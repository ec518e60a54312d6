/* SPDX-License-Identifier: MIT */
/* The colour detector on images with missing samples, with extreme values and of extreme sizes. */
#include <math.h>
#include <stdlib.h>

#include "planes.h"

/* Makes pixels missing: single ones at random, and a disc. */
static void make_holes(const image *i, double share, unsigned seed)
{
    for (size_t y = 0; y < i->height; y++)
        for (size_t x = 0; x < i->width; x++) {
            const bool disc =
                hypot((double)x - 0.6 * (double)i->width, (double)y - 0.4 * (double)i->height) < 12;
            if (noise(&seed) < share || disc)
                for (size_t p = 0; p < i->planes; p++)
                    *pixel(i, p, x, y) = NAN;
        }
}

static const double hole_sigmas[] = {1, 3.5, 7, 12};
static const double hole_shares[] = {0, 0.002, 0.05, 0.4};

static void holes_of_constant_images_have_no_edges(void **state)
{
    static const float colours[][3] = {
        {100, 100, 100}, {200, 37, 90}, {77.77f, 77.78f, 12.34f}, {0.1f, 0.3f, 0.7f}};
    (void)state;
    for (size_t k = 0; k < COUNT(hole_sigmas) * COUNT(hole_shares) * COUNT(colours); k++) {
        const image i = image_new(170, 150, k % 2 ? 3 : 1, EG_F32);
        const float *colour = colours[k / 16];
        eg_edges_options o;
        eg_edges_default(&o);
        for (size_t at = 0; at < 170 * 150 * i.planes; at++)
            i.at[at] = colour[at / 170 % i.planes];
        make_holes(&i, hole_shares[k / 4 % 4], (unsigned)k);
        o.sigma = hole_sigmas[k % 4];
        const uint64_t edges = count_edges(&i, &o);
        if (edges)
            fail_msg("sigma %g, share %g, colour %zu, %zu planes: %zu edge pixels", o.sigma,
                     hole_shares[k / 4 % 4], k / 16, i.planes, (size_t)edges);
        free(i.at);
    }
}

/* A ramp of the square root has the same gradient everywhere, so that nothing but a hole could be
 * an edge. */
static void holes_of_ramps_have_no_edges(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(hole_sigmas) * COUNT(hole_shares) * 2; k++) {
        const image i = image_new(170, 150, 1, EG_F32);
        const double tilt = k / 16 ? 0.6 : 0;
        eg_edges_options o;
        eg_edges_default(&o);
        for (size_t y = 0; y < 150; y++)
            for (size_t x = 0; x < 170; x++) {
                const double root = 40 + (double)x * 0.5 + (double)y * tilt;
                *pixel(&i, 0, x, y) = (float)(root * root / 255);
            }
        make_holes(&i, hole_shares[k / 4 % 4], (unsigned)k);
        o.sigma = hole_sigmas[k % 4];
        /* Thresholds around the gradient of the ramp: a rim may not exceed it. */
        o.high = hypot(0.5, tilt) * 1.1;
        o.low = o.high * 0.99;
        const uint64_t edges = count_edges(&i, &o);
        if (edges)
            fail_msg("sigma %g, share %g, tilt %g: %zu edge pixels", o.sigma,
                     hole_shares[k / 4 % 4], tilt, (size_t)edges);
        free(i.at);
    }
}

/* A step keeps its edge beside holes. */
static void steps_beside_holes_stay(void **state)
{
    (void)state;
    for (size_t k = 0; k < 4; k++) {
        const image i = image_new(170, 150, 3, EG_F32);
        eg_context *ctx = test_context(1, 0, NULL);
        eg_edges_options o;
        eg_grid out;
        eg_edges_default(&o);
        o.sigma = k < 3 ? hole_sigmas[k] : (double)NAN;
        o.method = k < 3 ? EG_EDGE_CANNY : EG_EDGE_BOUNDARY;
        for (size_t y = 0; y < 150; y++)
            for (size_t x = 0; x < 170; x++)
                for (size_t p = 0; p < 3; p++) /* a hole above, 6 pixels from the step, and below */
                    *pixel(&i, p, x, y) = (y < 50 && x > 90) || (y > 120 && x < 60) ? NAN
                                          : x < 85                                  ? 50
                                                                                    : 150;
        find(&out, ctx, &i, &o);
        for (size_t y = 1; y + 1 < 150; y++) {
            size_t edges = 0, elsewhere = 0;
            for (size_t x = 0; x < 170; x++) {
                const bool near = x >= 81 && x <= 88;
                edges += near && sample_at(&out, x, y) > 0;
                elsewhere += !near && sample_at(&out, x, y) > 0;
            }
            if (edges == 0 || elsewhere > 0)
                fail_msg("sigma %g, row %zu: %zu edges, %zu elsewhere", o.sigma, y, edges,
                         elsewhere);
        }
        eg_grid_free(&out);
        free(i.at);
        eg_context_free(ctx);
    }
}

/* ---- values and sizes ---- */

/* Edges do not depend on the unit of the values: powers of four, whose square roots are powers of
 * two, are exact; others move few pixels. */
static void scaled_values_have_the_same_edges(void **state)
{
    static const double factors[] = {0x1p-100, 0x1p-60, 0x1p-20, 0x1p20, 0x1p60, 0x1p90,
                                     1e-30,    1e-11,   1e3,     1e17,   1e30};
    (void)state;
    for (size_t k = 0; k < COUNT(hole_sigmas) * 2; k++) {
        eg_context *ctx = test_context(1, 0, NULL);
        const image i = scene(131, 117, 3, EG_F32, k / 4 ? 0.01 : 0);
        eg_edges_options o;
        eg_grid want, out;
        eg_edges_default(&o);
        o.sigma = hole_sigmas[k % 4];
        find(&want, ctx, &i, &o);
        for (size_t f = 0; f < COUNT(factors); f++) {
            image scaled = image_new(131, 117, 3, EG_F32);
            size_t different = 0;
            for (size_t at = 0; at < 131 * 117 * 3; at++)
                scaled.at[at] = (float)((double)i.at[at] * factors[f]);
            find(&out, ctx, &scaled, &o);
            for (size_t at = 0; at < 131 * 117; at++)
                different +=
                    sample_at(&out, at % 131, at / 131) != sample_at(&want, at % 131, at / 131);
            if (different > (f < 6 ? 0 : 12))
                fail_msg("sigma %g, factor %g: %zu pixels differ", o.sigma, factors[f], different);
            eg_grid_free(&out);
            free(scaled.at);
        }
        eg_grid_free(&want);
        free(i.at);
        eg_context_free(ctx);
    }
}

static void thin_and_constant_images_work(void **state)
{
    static const size_t sizes[][2] = {{1, 1},  {1, 2}, {2, 1},  {2, 2},  {1, 90}, {90, 1},
                                      {2, 70}, {3, 3}, {3, 80}, {80, 3}, {64, 5}, {65, 64}};
    (void)state;
    for (size_t k = 0; k < COUNT(sizes) * 4; k++) {
        const image i = scene(sizes[k / 4][0], sizes[k / 4][1], k % 2 ? 3 : 1,
                              k & 2 ? EG_F32 : EG_U8, k & 2 ? 0.05 : 0);
        image flat = image_new(i.width, i.height, i.planes, i.sample);
        for (size_t at = 0; at < i.width * i.height * i.planes; at++)
            flat.at[at] = 99;
        for (size_t r = 0; r < 4; r++) {
            eg_edges_options o;
            eg_edges_default(&o);
            o.sigma = r == 1 ? 0.6 : r == 2 ? 3.5 : (double)NAN;
            o.method = r == 3 ? EG_EDGE_BOUNDARY : EG_EDGE_CANNY;
            const uint64_t edges = count_edges(&i, &o);
            if (i.width < 3 || i.height < 3)
                assert_int_equal(edges, 0);
            assert_int_equal(count_edges(&flat, &o), 0);
        }
        free(i.at);
        free(flat.at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holes_of_constant_images_have_no_edges),
        cmocka_unit_test(holes_of_ramps_have_no_edges),
        cmocka_unit_test(steps_beside_holes_stay),
        cmocka_unit_test(scaled_values_have_the_same_edges),
        cmocka_unit_test(thin_and_constant_images_work),
    };
    return cmocka_run_group_tests_name("colour, missing", tests, NULL, NULL);
}
