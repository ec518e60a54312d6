/* SPDX-License-Identifier: MIT */
/* eg_edges() with EG_EDGE_RIDGE: lines with known positions, the definition, missing samples, and
 * identical bits in all settings and blocks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "edge/ridge/ridge.h"
#include "gradient/jet/jet_weights.h"
#include "support.h"

enum { SIZE = 90 };

static eg_edges_options options_of(double sigma, double low, double high)
{
    eg_edges_options o;
    eg_edges_default(&o);
    o.method = EG_EDGE_RIDGE;
    o.sigma = sigma;
    o.low = low;
    o.high = high;
    return o;
}

/* ---- derivatives by their definition ---- */

/* Returns the derivative of order (i, j) at a pixel, of an image that continues as its border. */
static double derivative_at(const eg_grid *in, const eg_jet_weights *w, size_t x, size_t y, int i,
                            int j)
{
    const int r = (int)w->radius;
    double sum = 0;
    for (int dy = -r; dy <= r; dy++)
        for (int dx = -r; dx <= r; dx++) {
            const long px = (long)x + dx, py = (long)y + dy;
            const double wx = w->exact[i][abs(dx)] * (i == 1 && dx < 0 ? -1 : 1);
            const double wy = w->exact[j][abs(dy)] * (j == 1 && dy < 0 ? -1 : 1);
            sum += wx * wy *
                   sample_at(in,
                             px < 0                  ? 0
                             : px >= (long)in->width ? in->width - 1
                                                     : (size_t)px,
                             py < 0                   ? 0
                             : py >= (long)in->height ? in->height - 1
                                                      : (size_t)py);
        }
    return sum;
}

static eg_ridge_point point_at(const eg_grid *in, const eg_jet_weights *w, size_t x, size_t y,
                               eg_ridges kind)
{
    const eg_ridge_derivatives d = {
        derivative_at(in, w, x, y, 1, 0), derivative_at(in, w, x, y, 0, 1),
        derivative_at(in, w, x, y, 2, 0), derivative_at(in, w, x, y, 1, 1),
        derivative_at(in, w, x, y, 0, 2)};
    return eg_ridge_at(&d, kind, NULL);
}

/* ---- lines ---- */

/* A line through (cx, cy) with the unit normal (nx, ny). */
typedef struct line {
    double cx, cy, nx, ny;
} line;

static line line_at(double degrees)
{
    const double angle = degrees * acos(-1) / 180;
    return (line){44.3, 45.2, cos(angle), sin(angle)};
}

static double distance(const line *l, double x, double y)
{
    return (x - l->cx) * l->nx + (y - l->cy) * l->ny;
}

/* Returns the share of a pixel that a bar of that width covers, from 40 x 40 points in it. */
static double bar(const line *l, double x, double y, double width)
{
    enum { POINTS = 40 };
    int inside = 0;
    for (int k = 0; k < POINTS * POINTS; k++)
        inside += fabs(distance(l, x - 0.5 + (k % POINTS + 0.5) / POINTS,
                                y - 0.5 + ((double)(k / POINTS) + 0.5) / POINTS)) < width / 2;
    return (double)inside / (POINTS * POINTS);
}

/* Draws a line of `contrast` levels on 120: a Gaussian of standard deviation 1.5, or a bar of that
 * width. */
static void draw_line(eg_grid *grid, eg_context *ctx, const line *l, double contrast, double width)
{
    eg_error error = {0};
    assert_int_equal(eg_grid_new(grid, ctx, SIZE, SIZE, EG_F32, &error), EG_OK);
    grid->white_level = 255;
    for (size_t y = 0; y < SIZE; y++)
        for (size_t x = 0; x < SIZE; x++) {
            const double d = distance(l, (double)x, (double)y);
            const double share =
                width > 0 ? bar(l, (double)x, (double)y, width) : exp(-d * d / (2 * 1.5 * 1.5));
            set_sample(grid, x, y, 120 + contrast * share);
        }
}

/* The marked pixels are those that the line passes through, and the points in them are on it. */
static void check_line(eg_context *ctx, double degrees, double contrast, double width)
{
    const line l = line_at(degrees);
    eg_grid in, out;
    eg_edges_options o = options_of(2, 1, 2);
    eg_jet_weights w;
    double worst = 0;
    size_t marked = 0;
    eg_jet_weights_gaussian(&w, 2);
    draw_line(&in, ctx, &l, contrast, width);
    edges_of(&out, ctx, &in, &o, NULL);
    for (size_t y = 15; y < SIZE - 15; y++)
        for (size_t x = 15; x < SIZE - 15; x++) {
            const double d = distance(&l, (double)x, (double)y);
            const bool is_edge = sample_at(&out, x, y) > 0;
            if (!is_edge) {
                /* the line passes well inside the pixel: the point at -d n lies in it */
                assert_false(fabs(d * l.nx) < 0.45 && fabs(d * l.ny) < 0.45);
                continue;
            }
            const eg_ridge_point p = point_at(&in, &w, x, y, EG_RIDGES_BOTH);
            assert_true(p.strength > 0);
            assert_int_equal(p.is_dark, contrast < 0);
            assert_within(fabs(p.nx * l.nx + p.ny * l.ny), 1, 1e-3);
            worst = fmax(worst, fabs(distance(&l, (double)x + p.dx, (double)y + p.dy)));
            marked++;
        }
    if (!(worst <= 0.05))
        fail_msg("%g degrees, contrast %g, width %g: off by %g", degrees, contrast, width, worst);
    assert_true(marked >= 55 && marked < 110);
    o.ridges = contrast < 0 ? EG_RIDGES_BRIGHT : EG_RIDGES_DARK;
    eg_edges_result result;
    eg_grid_free(&out);
    edges_of(&out, ctx, &in, &o, &result);
    for (size_t k = 15; k < SIZE - 15; k++) /* the other kind is not on the line */
        for (size_t x = 15; x < SIZE - 15; x++)
            if (fabs(distance(&l, (double)x, (double)k)) < 1.5)
                assert_true(sample_at(&out, x, k) == 0);
    eg_grid_free(&in);
    eg_grid_free(&out);
}

static void lines_at_all_slants(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (double degrees = 0; degrees < 180; degrees += 11.25)
        for (int k = 0; k < 4; k++)
            check_line(ctx, degrees + 3, k % 2 ? -90 : 90, k < 2 ? 0 : 4.3);
    check_line(ctx, 0, 90, 0);
    check_line(ctx, 90, 90, 3);
    eg_context_free(ctx);
}

/* Second derivatives of a Gaussian line: contrast s / (s^2 + sigma^2)^1.5 in its middle. */
static void strength_of_a_line(void **state)
{
    (void)state;
    const line l = {45, 45, 1, 0};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    eg_jet_weights w;
    eg_jet_weights_gaussian(&w, 2);
    draw_line(&in, ctx, &l, 90, 0);
    const eg_ridge_point p = point_at(&in, &w, 45, 45, EG_RIDGES_BRIGHT);
    assert_within(p.strength, 90 * 1.5 / pow(1.5 * 1.5 + 4, 1.5), 1e-4);
    assert_within(p.dx, 0, 1e-9);
    assert_within(p.nx, 1, 1e-12);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* ---- the definition ---- */

/* Every pixel of noise with a line through it is marked, and no other, but for rounding. */
static void ridges_are_the_definition(void **state)
{
    (void)state;
    static const eg_ridges kinds[] = {EG_RIDGES_BOTH, EG_RIDGES_BRIGHT, EG_RIDGES_DARK};
    eg_context *ctx = test_context(2, 0, NULL);
    eg_jet_weights w;
    eg_jet_weights_gaussian(&w, 1);
    for (size_t k = 0; k < 2 * COUNT(kinds); k++) {
        eg_grid in, out;
        eg_edges_options o = options_of(1, 3, 3);
        size_t marked = 0;
        o.ridges = kinds[k / 2];
        noise_grid(&in, ctx, 150, 60, k % 2 ? EG_F32 : EG_U8, 5, 1);
        edges_of(&out, ctx, &in, &o, NULL);
        const double unit = 255 / (k % 2 ? (double)in.white_level : 255);
        for (size_t y = 0; y < 60; y++)
            for (size_t x = 0; x < 150; x++) {
                const eg_ridge_point p = point_at(&in, &w, x, y, kinds[k / 2]);
                const bool is_edge = sample_at(&out, x, y) > 0;
                const double away = fmax(fabs(p.dx), fabs(p.dy));
                marked += is_edge;
                if (p.strength * unit > 3.001 && away < 0.499)
                    assert_true(is_edge);
                if (is_edge) /* the offset may be rounded to just outside the pixel */
                    assert_true(p.strength * unit > 2.999 || p.strength == 0);
            }
        assert_true(marked > 300);
        eg_grid_free(&in);
        eg_grid_free(&out);
    }
    eg_context_free(ctx);
}

/* Reported thresholds give the same edges; all rules and units give some. */
static void reported_thresholds_reproduce_the_edges(void **state)
{
    (void)state;
    static const eg_auto_rule rules[] = {EG_AUTO_OUTLINE, EG_AUTO_OTSU, EG_AUTO_MEDIAN};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t k = 0; k < 8; k++) {
        eg_grid in, out, again;
        eg_edges_result result, repeated;
        eg_edges_options o = options_of(1.5, NAN, NAN);
        o.rule = rules[k % COUNT(rules)];
        if (k >= 6) {
            o.unit = EG_UNIT_PERCENT;
            o.high = 90;
        }
        noise_grid(&in, ctx, 700, 80, k % 2 ? EG_F32 : EG_U8, 8, 3);
        edges_of(&out, ctx, &in, &o, &result);
        assert_true(result.edge_pixels > 100 && result.edge_pixels < 700 * 80 / 4);
        assert_int_equal(result.automatic, k < 6);
        assert_true(result.low < result.high && result.low > 0);
        o = options_of(NAN, result.low, result.high);
        o.sigma = result.sigma;
        edges_of(&again, ctx, &in, &o, &repeated);
        assert_grids_equal(&out, &again);
        assert_int_equal(repeated.edge_pixels, result.edge_pixels);
        eg_grid_free(&in);
        eg_grid_free(&out);
        eg_grid_free(&again);
    }
    eg_context_free(ctx);
}

/* A factor of all intensities changes no edge of automatic thresholds. */
static void brightness_changes_no_edge(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, scaled, out, other;
    const eg_edges_options o = options_of(1.5, NAN, NAN);
    noise_grid(&in, ctx, 200, 80, EG_F32, 8, 3);
    noise_grid(&scaled, ctx, 200, 80, EG_F32, 8, 3);
    for (size_t y = 0; y < 80; y++)
        for (size_t x = 0; x < 200; x++)
            set_sample(&scaled, x, y, sample_at(&in, x, y) / 64);
    edges_of(&out, ctx, &in, &o, NULL);
    edges_of(&other, ctx, &scaled, &o, NULL);
    assert_grids_equal(&out, &other);
    eg_grid_free(&in);
    eg_grid_free(&scaled);
    eg_grid_free(&out);
    eg_grid_free(&other);
    eg_context_free(ctx);
}

/* ---- missing samples and small images ---- */

static void nothing_follows_a_hole(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    eg_grid in, out;
    eg_edges_result result;
    const eg_edges_options o = options_of(1.5, 1e-3, 1e-3);
    assert_int_equal(eg_grid_new(&in, ctx, 70, 70, EG_F32, &error), EG_OK);
    for (size_t y = 0; y < 70; y++)
        for (size_t x = 0; x < 70; x++) {
            const bool hole = hypot((double)x - 35, (double)y - 30) < 12 || (x == 5 && y > 30);
            set_sample(&in, x, y, hole ? NAN : 3 * (double)x + 2 * (double)y);
        }
    edges_of(&out, ctx, &in, &o, &result);
    for (size_t y = 10; y < 60; y++) /* beside the border the plane ends */
        for (size_t x = 0; x < 60; x++)
            if (x > 14)
                assert_true(sample_at(&out, x, y) == 0);
    eg_grid_free(&in);
    eg_grid_free(&out);
    eg_context_free(ctx);
}

static void small_and_flat_images(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{1, 1}, {1, 40}, {40, 1}, {2, 3}, {130, 7}};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    for (size_t i = 0; i < 2 * COUNT(sizes); i++) {
        eg_grid in, out;
        eg_edges_result result;
        const eg_edges_options o = options_of(i % 2 ? 10 : NAN, NAN, NAN);
        assert_int_equal(eg_grid_new(&in, ctx, sizes[i / 2][0], sizes[i / 2][1], EG_F32, &error),
                         EG_OK);
        in.white_level = 255;
        for (size_t y = 0; y < in.height; y++)
            for (size_t x = 0; x < in.width; x++)
                set_sample(&in, x, y, i == 8 ? NAN : 77.1);
        edges_of(&out, ctx, &in, &o, &result);
        assert_int_equal(result.edge_pixels, 0);
        assert_true(result.flat);
        eg_grid_free(&in);
        eg_grid_free(&out);
    }
    eg_context_free(ctx);
}

/* ---- settings ---- */

typedef struct input {
    eg_grid in, expected;
    eg_edges_options options;
} input;

static void matches(eg_context *ctx, void *opaque)
{
    eg_grid out;
    const input *p = opaque;
    edges_of(&out, ctx, &p->in, &p->options, NULL);
    assert_grids_equal(&out, &p->expected);
    eg_grid_free(&out);
}

static void no_setting_changes_a_bit(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, "baseline");
    for (int k = 0; k < 4; k++) {
        input p = {.options = options_of(k % 2 ? 1 : 3, k < 2 ? NAN : 0.8, k < 2 ? NAN : 2)};
        noise_grid(&p.in, ctx, 1061, 47, k % 2 ? EG_U8 : EG_F32, (unsigned)k + 7, 1);
        for (size_t x = 300; k == 2 && x < 340; x++)
            set_sample(&p.in, x, x % 47, NAN);
        edges_of(&p.expected, ctx, &p.in, &p.options, NULL);
        for_every_setting(matches, &p);
        eg_grid_free(&p.expected);
        eg_grid_free(&p.in);
    }
    eg_context_free(ctx);
}

/* The thresholds of a histogram of one image are those of the image; packed ones are the same. */
static void a_histogram_of_one_image(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    eg_grid in, out;
    eg_source *source;
    eg_edge_histogram *histogram, *copy;
    eg_edges_result result;
    eg_edges_options o = options_of(2, NAN, NAN), shared = o;
    noise_grid(&in, ctx, 300, 80, EG_U8, 8, 3);
    edges_of(&out, ctx, &in, &o, &result);
    assert_int_equal(eg_edge_histogram_new(&histogram, ctx, &error), EG_OK);
    assert_int_equal(eg_edge_histogram_new(&copy, ctx, &error), EG_OK);
    assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
    assert_int_equal(eg_edge_histogram_add(histogram, source, &o, &error), EG_OK);
    eg_source_close(source);
    const size_t size = eg_edge_histogram_size(histogram);
    void *bytes = malloc(size);
    eg_edge_histogram_pack(histogram, bytes);
    assert_int_equal(eg_edge_histogram_unpack(copy, bytes, size, &error), EG_OK);
    free(bytes);
    assert_int_equal(eg_edge_histogram_thresholds(copy, &shared, &error), EG_OK);
    assert_true(shared.low == result.low && shared.high == result.high);
    o.method = EG_EDGE_CANNY;
    assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
    assert_int_equal(eg_edge_histogram_add(copy, source, &o, &error), EG_USAGE);
    eg_source_close(source);
    eg_edge_histogram_free(histogram);
    eg_edge_histogram_free(copy);
    eg_grid_free(&in);
    eg_grid_free(&out);
    eg_context_free(ctx);
}

static void options_out_of_range(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, out = {0};
    noise_grid(&in, ctx, 20, 20, EG_U8, 3, 1);
    for (int k = 0; k < 8; k++) {
        eg_edges_options o = options_of(k == 0 ? 0.4 : k == 1 ? 128.5 : NAN, NAN, NAN);
        eg_error error = {0};
        eg_source *source;
        eg_sink *sink;
        if (k == 2)
            o.density = 5;
        if (k == 3)
            o.compat_skimage = true;
        if (k == 4)
            o.ridges = (eg_ridges)7;
        if (k == 5)
            o.low = -1;
        if (k == 6)
            o.high = 1, o.unit = EG_UNIT_SIGMA;
        if (k == 7)
            o.border = (eg_border)8;
        assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &out, &error), EG_OK);
        assert_int_equal(eg_edges(source, sink, &o, NULL, &error), EG_USAGE);
        eg_source_close(source);
        eg_sink_close(sink);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_at_all_slants),
        cmocka_unit_test(strength_of_a_line),
        cmocka_unit_test(ridges_are_the_definition),
        cmocka_unit_test(reported_thresholds_reproduce_the_edges),
        cmocka_unit_test(brightness_changes_no_edge),
        cmocka_unit_test(nothing_follows_a_hole),
        cmocka_unit_test(small_and_flat_images),
        cmocka_unit_test(no_setting_changes_a_bit),
        cmocka_unit_test(a_histogram_of_one_image),
        cmocka_unit_test(options_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
