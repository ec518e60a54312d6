/* SPDX-License-Identifier: MIT */
/* Automatic thresholds follow the image: multiplying all samples multiplies the thresholds and
 * moves no edge, for every sample type and up to the limits of floats. */
#include <math.h>
#include <stdlib.h>

#include "files.h"
#include "oracle.h"
#include "tiff_made.h"

enum { WIDTH = 400, HEIGHT = 200 };

static const eg_norm norms[] = {EG_NORM_L2, EG_NORM_L1};

/* Makes an image of values from 0 to 255 times `factor`, integers or not; its upper half has little
 * contrast. */
static eg_grid scaled_image(eg_context *ctx, double factor, bool integers)
{
    eg_grid in;
    noise_grid(&in, ctx, WIDTH, HEIGHT, EG_F32, 3, 2);
    for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
        size_t x = i % WIDTH, y = i / WIDTH;
        double v = sample_at(&in, x, y) * (y < HEIGHT / 2 ? 0.15 : 1);
        set_sample(&in, x, y, (integers ? floor(v) : v + 0.7 * sin((double)i)) * factor);
    }
    in.white_level = 1;
    return in;
}

static eg_grid base_image(eg_context *ctx, double factor)
{
    return scaled_image(ctx, factor, true);
}

/* Edges and thresholds of an image. */
typedef struct found_edges {
    eg_grid edges;
    eg_edges_result result;
} found_edges;

static found_edges edges_in(eg_context *ctx, const eg_grid *in, const eg_edges_options *options)
{
    found_edges found;
    edges_of(&found.edges, ctx, in, options, &found.result);
    return found;
}

static bool is_near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance * fabs(b);
}

/* Returns the number of pixels that differ. */
static size_t moved(const eg_grid *a, const eg_grid *b)
{
    size_t count = 0;
    for (size_t y = 0; y < a->height; y++)
        for (size_t x = 0; x < a->width; x++)
            count +=
                sample_at(a, x, y) < sample_at(b, x, y) || sample_at(a, x, y) > sample_at(b, x, y);
    return count;
}

/* Options number `k` of OPTIONS: operators, norms, methods, with and without smoothing. */
enum { OPTIONS = 16 };

static eg_edges_options options_of(size_t k)
{
    static const char *const ops[] = {"sobel3", "scharr", "sobel7", "roberts"};
    eg_edges_options o;
    default_sobel_edges(&o);
    o.op = ops[k % COUNT(ops)];
    o.norm = norms[k / 4 % 2];
    o.sigma = k / 4 % 2 ? 0 : 1.4;
    o.method = k / 8 ? EG_EDGE_THRESHOLD : EG_EDGE_CANNY;
    return o;
}

/* ---- floats ---- */

/* A power of two changes no fraction bit: the edges are the same, bit for bit, and the thresholds
 * are exactly as many times as large. The white level changes only the scale of the thresholds. */
static void powers_of_two_move_nothing(void **state)
{
    (void)state;
    static const int exponents[] = {-105, -40, -7, -1, 1, 16, 63, 105};
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid base = base_image(ctx, 1);
    for (size_t k = 0; k < OPTIONS; k++) {
        eg_edges_options o = options_of(k);
        found_edges want = edges_in(ctx, &base, &o);
        assert_true(want.result.edge_pixels > 1000);
        for (size_t i = k % 2; i < COUNT(exponents); i += 2) {
            const double factor = ldexp(1, exponents[i]);
            eg_grid in = base_image(ctx, factor);
            found_edges got = edges_in(ctx, &in, &o);
            assert_grids_equal(&got.edges, &want.edges);
            assert_true(got.result.low_response == want.result.low_response * factor);
            assert_true(got.result.high_response == want.result.high_response * factor);
            eg_grid_free(&got.edges);
            in.white_level = 4000.25F;
            got = edges_in(ctx, &in, &o);
            assert_grids_equal(&got.edges, &want.edges);
            assert_true(is_near(got.result.high * 4000.25, want.result.high * factor, 1e-15));
            eg_grid_free(&got.edges);
            eg_grid_free(&in);
        }
        eg_grid_free(&want.edges);
    }
    eg_grid_free(&base);
    eg_context_free(ctx);
}

/* Other factors round each sample, so that the few magnitudes that are within rounding of a
 * threshold or of each other may change sides. (Without smoothing, integers have many equal ones.)
 * Thresholds are between bins, which are at most 0.05 % wide. */
static void other_factors_move_next_to_nothing(void **state)
{
    (void)state;
    static const double factors[] = {1 / 255.0, 1e-4 / 255, 20 / 255.0, 4095 / 255.0, 65535 / 255.0,
                                     1e-30,     1e30,       1e-34,      3e32};
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid base = scaled_image(ctx, 1, false);
    for (size_t k = 0; k < OPTIONS; k++) {
        eg_edges_options o = options_of(k);
        found_edges want = edges_in(ctx, &base, &o);
        for (size_t i = 0; i < COUNT(factors); i++) {
            eg_grid in = scaled_image(ctx, factors[i], false);
            found_edges got = edges_in(ctx, &in, &o);
            size_t count = moved(&got.edges, &want.edges);
            double ratio = got.result.high / (want.result.high * factors[i]);
            if (1000 * count > want.result.edge_pixels || !is_near(ratio, 1, 2e-3) ||
                !is_near(got.result.low / (want.result.low * factors[i]), 1, 2e-3))
                fail_msg("%s norm %d method %d sigma %g: times %g %zu of %zu edge pixels moved, "
                         "the high threshold is %.9g times that",
                         o.op, o.norm, o.method, o.sigma, factors[i], count,
                         (size_t)want.result.edge_pixels, ratio);
            eg_grid_free(&got.edges);
            eg_grid_free(&in);
        }
        eg_grid_free(&want.edges);
    }
    eg_grid_free(&base);
    eg_context_free(ctx);
}

/* Thresholds given as responses and in levels per pixel follow as well. */
static void given_thresholds_reach_the_limits(void **state)
{
    (void)state;
    static const int exponents[] = {-110, -70, 70, 112};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid base = base_image(ctx, 1);
    for (size_t k = 0; k < 8 * COUNT(exponents); k++) {
        const double factor = ldexp(1, exponents[k / 8]);
        eg_edges_options o;
        default_sobel_edges(&o);
        o.norm = norms[k % 2];
        o.sigma = k / 2 % 2 ? 1.4 : 0;
        o.unit = k / 4 % 2 ? EG_UNIT_PIXEL : EG_UNIT_RESPONSE;
        o.low = 255 * (o.unit == EG_UNIT_PIXEL ? 2 : 16);
        o.high = 3 * o.low;
        found_edges want = edges_in(ctx, &base, &o);
        assert_true(want.result.edge_pixels > 1000);
        o.low *= factor;
        o.high *= factor;
        eg_grid in = base_image(ctx, factor);
        found_edges got = edges_in(ctx, &in, &o);
        assert_grids_equal(&got.edges, &want.edges);
        eg_grid_free(&got.edges);
        eg_grid_free(&want.edges);
        eg_grid_free(&in);
    }
    eg_grid_free(&base);
    eg_context_free(ctx);
}

/* ---- every sample type ---- */

static void load_tiff(eg_grid *grid, eg_context *ctx, const char *path)
{
    eg_error error = {0};
    if (eg_load(grid, ctx, path, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
}

static void sample_types_agree(void **state)
{
    (void)state;
    static const struct {
        uint16_t bits, format;
        double factor;
    } types[] = {{16, SAMPLEFORMAT_UINT, 1},         {16, SAMPLEFORMAT_UINT, 16},
                 {16, SAMPLEFORMAT_UINT, 256},       {16, SAMPLEFORMAT_INT, 1},
                 {16, SAMPLEFORMAT_INT, -128},       {32, SAMPLEFORMAT_UINT, 1},
                 {32, SAMPLEFORMAT_UINT, 0x1p24},    {32, SAMPLEFORMAT_INT, 1},
                 {32, SAMPLEFORMAT_INT, -0x1p23},    {32, SAMPLEFORMAT_IEEEFP, 0x1p-8},
                 {32, SAMPLEFORMAT_IEEEFP, 0x1p100}, {64, SAMPLEFORMAT_IEEEFP, 0x1p-100}};
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid base = base_image(ctx, 1);
    eg_edges_options o;
    default_sobel_edges(&o);
    found_edges want = edges_in(ctx, &base, &o);
    for (size_t i = 0; i < COUNT(types); i++) {
        made_tiff made = tiff_of(types[i].bits, types[i].format, 1);
        eg_grid in;
        made.width = WIDTH;
        made.height = HEIGHT;
        tiff_noise(&made);
        for (size_t y = 0; y < HEIGHT; y++)
            for (size_t x = 0; x < WIDTH; x++)
                *tiff_value(&made, x, y, 0) = sample_at(&base, x, y) * types[i].factor;
        make_tiff(scratch("scaled.tif"), &made);
        load_tiff(&in, ctx, scratch("scaled.tif"));
        found_edges got = edges_in(ctx, &in, &o);
        assert_grids_equal(&got.edges, &want.edges);
        double high = want.result.high * fabs(types[i].factor) / (double)in.white_level;
        assert_true(is_near(got.result.high, high, 1e-15));
        eg_grid_free(&got.edges);
        eg_grid_free(&in);
        free(made.values);
    }
    eg_grid_free(&want.edges);
    eg_grid_free(&base);
    eg_context_free(ctx);
}

/* ---- the choice ---- */

/* The split has the largest between-class variance, to the width of a bin. */
static void the_split_is_that_of_otsu(void **state)
{
    (void)state;
    static const double factors[] = {1, 1e-20, 3e25};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t k = 0; k < 4 * COUNT(factors); k++) {
        oracle_maxima maxima = {0};
        eg_edges_options o = options_of(k % 4);
        o.norm = norms[k / 2 % 2];
        eg_grid in = base_image(ctx, factors[k / 4]);
        found_edges found = edges_in(ctx, &in, &o);
        plane image = plane_of(&in), gx, gy;
        plane smooth = oracle_blur(&image, o.sigma, EG_F32, o.border, 0);
        oracle_responses(&smooth, oracle_find(o.op), o.border, 0, &gx, &gy);
        oracle_collect(&maxima, &gx, &gy, o.norm, 255, 0);
        oracle_split split = oracle_otsu(&maxima, found.result.high_response);
        if (!(split.variance >= split.best * (1 - 1e-6)) ||
            !is_near(found.result.high_response, split.above, 0.01))
            fail_msg("%s norm %d: threshold %.9g, the best is between %.9g and %.9g; 1 - %g of the "
                     "variance",
                     o.op, o.norm, found.result.high_response, split.below, split.above,
                     1 - split.variance / split.best);
        assert_true(found.result.low_response == found.result.high_response / 2 ||
                    is_near(found.result.low_response, found.result.high_response / 2, 1e-7));
        oracle_maxima_free(&maxima);
        plane_free(&gy);
        plane_free(&gx);
        plane_free(&smooth);
        plane_free(&image);
        eg_grid_free(&found.edges);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

static void matches(eg_context *ctx, void *opaque)
{
    const found_edges *want = opaque;
    eg_grid in = base_image(ctx, 1);
    eg_edges_options o;
    default_sobel_edges(&o);
    o.method = EG_EDGE_THRESHOLD;
    found_edges got = edges_in(ctx, &in, &o);
    assert_grids_equal(&got.edges, &want->edges);
    assert_true(got.result.high_response == want->result.high_response);
    eg_grid_free(&got.edges);
    eg_grid_free(&in);
}

/* No setting changes a bit, also of so many local maxima that several threads count them. */
static void threads_count_the_same(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in = base_image(ctx, 1);
    eg_edges_options o;
    default_sobel_edges(&o);
    o.method = EG_EDGE_THRESHOLD;
    found_edges want = edges_in(ctx, &in, &o);
    for_every_setting(matches, &want);
    eg_grid_free(&want.edges);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* Magnitudes 16 octaves below the largest one are no edges, whether thresholds are chosen or given
 * as they were reported. */
static void an_outlier_is_the_only_edge(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 7, NULL);
    eg_edges_options o;
    default_sobel_edges(&o);
    for (size_t k = 0; k < 2; k++) {
        eg_grid in = base_image(ctx, 0x1p-20);
        o.sigma = k ? 1.4 : 0;
        set_sample(&in, 100, 120, 0x1p60);
        found_edges found = edges_in(ctx, &in, &o), again;
        assert_true(found.result.edge_pixels > 0 && found.result.edge_pixels < 50);
        o.low = found.result.low_response;
        o.high = found.result.high_response;
        again = edges_in(ctx, &in, &o);
        assert_grids_equal(&again.edges, &found.edges);
        o.low = o.high = (double)NAN;
        eg_grid_free(&again.edges);
        eg_grid_free(&found.edges);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* Sets of images of several white levels have one pair of thresholds, which follows their scale. */
static void shared_thresholds_follow(void **state)
{
    (void)state;
    static const int exponents[] = {0, -50, 41};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_edges_options first = {0}, o;
    for (size_t i = 0; i < COUNT(exponents); i++) {
        eg_edge_histogram *histogram;
        default_sobel_edges(&o);
        assert_int_equal(eg_edge_histogram_new(&histogram, ctx, NULL), EG_OK);
        for (size_t k = 0; k < 3; k++) {
            eg_source *source;
            eg_grid in = base_image(ctx, ldexp((double)k + 1, exponents[i]));
            in.white_level = k == 1 ? 1000 : 1;
            assert_int_equal(eg_source_grid(&source, ctx, &in, NULL), EG_OK);
            assert_int_equal(eg_edge_histogram_add(histogram, source, &o, NULL), EG_OK);
            eg_source_close(source);
            eg_grid_free(&in);
        }
        assert_int_equal(eg_edge_histogram_thresholds(histogram, &o, NULL), EG_OK);
        if (i == 0)
            first = o;
        assert_true(o.low == ldexp(first.low, exponents[i]) && o.low > 0);
        assert_true(o.high == ldexp(first.high, exponents[i]));
        eg_edge_histogram_free(histogram);
    }
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_of_two_move_nothing),
        cmocka_unit_test(other_factors_move_next_to_nothing),
        cmocka_unit_test(given_thresholds_reach_the_limits),
        cmocka_unit_test(sample_types_agree),
        cmocka_unit_test(the_split_is_that_of_otsu),
        cmocka_unit_test(threads_count_the_same),
        cmocka_unit_test(an_outlier_is_the_only_edge),
        cmocka_unit_test(shared_thresholds_follow),
    };
    return cmocka_run_group_tests_name("automatic thresholds and scale", tests, make_scratch,
                                       remove_scratch);
}
