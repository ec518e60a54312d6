/* SPDX-License-Identifier: MIT */
/* The default edges of shapes whose outlines are known: where they are found, whatever contrast and
 * noise. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* ---- scenes ---- */

/* Returns the intensity at a point. */
typedef double scene(double x, double y);

/* Draws the mean of 4 x 4 points of each pixel, plus noise of a standard deviation. */
static void draw(eg_grid *grid, eg_context *ctx, size_t width, size_t height, scene *at,
                 double noise)
{
    uint32_t state = 12345;
    noise_grid(grid, ctx, width, height, EG_U8, 1, 0);
    grid->white_level = 255;
    for (size_t i = 0; i < width * height; i++) {
        double sum = 0, random = 0;
        for (int k = 0; k < 16; k++)
            sum += at((double)(i % width) + (k % 4 - 1.5) / 4,
                      (double)(i / width) + (k / 4 % 4 - 1.5) / 4);
        for (int k = 0; k < 12; k++) { /* the sum of 12 uniform numbers is almost normal */
            state = state * 1664525 + 1013904223;
            random += (double)(state >> 8) / 16777216;
        }
        set_sample(grid, i % width, i / width,
                   fmin(fmax(round(sum / 16 + noise * (random - 6)), 0), 255));
    }
}

static double four_shapes(double x, double y)
{
    if (hypot(x - 64, y - 64) < 40)
        return 190;
    if (fabs(x - 190) < 42 && fabs(y - 62) < 35)
        return 40;
    if (pow((x - 66) / 48, 2) + pow((y - 192) / 30, 2) < 1)
        return 200;
    if (y < 230 && y > 150 && fabs(x - 192) < (y - 150) * 0.6)
        return 30;
    return 110;
}

/* Returns true if the outline of a scene passes within half a pixel of the centre of a pixel. */
static bool is_outline(scene *at, double x, double y)
{
    const double centre = at(x, y);
    for (int k = 0; k < 8; k++)
        if (fabs(at(x + 0.5 * cos(k * 0.7854), y + 0.5 * sin(k * 0.7854)) - centre) > 1e-9)
            return true;
    return false;
}

/* Returns true if a pixel within `reach` pixels is set. */
static bool is_near(const eg_grid *set, size_t x, size_t y, int reach)
{
    for (int j = -reach; j <= reach; j++)
        for (int i = -reach; i <= reach; i++) {
            const long u = (long)x + i, v = (long)y + j;
            if (i * i + j * j <= reach * reach && u >= 0 && v >= 0 && u < (long)set->width &&
                v < (long)set->height && sample_at(set, (size_t)u, (size_t)v) > 0)
                return true;
        }
    return false;
}

/* Returns the harmonic mean of the shares of edge pixels within 2 pixels of the outline, and of
 * outline pixels within 2 pixels of an edge. */
static double f_measure(eg_context *ctx, const eg_grid *edges, scene *at)
{
    eg_grid outline;
    size_t counts[4] = {0};
    noise_grid(&outline, ctx, edges->width, edges->height, EG_U8, 1, 0);
    for (size_t i = 0; i < edges->width * edges->height; i++) {
        const size_t x = i % edges->width, y = i / edges->width;
        set_sample(&outline, x, y, is_outline(at, (double)x, (double)y) ? 255 : 0);
    }
    for (size_t i = 0; i < edges->width * edges->height; i++) {
        const size_t x = i % edges->width, y = i / edges->width;
        if (sample_at(edges, x, y) > 0) {
            counts[0] += is_near(&outline, x, y, 2);
            counts[1]++;
        }
        if (sample_at(&outline, x, y) > 0) {
            counts[2] += is_near(edges, x, y, 2);
            counts[3]++;
        }
    }
    eg_grid_free(&outline);
    const double precision = (double)counts[0] / (double)(counts[1] + !counts[1]);
    const double recall = (double)counts[2] / (double)counts[3];
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}

/* ---- tests ---- */

static void shapes_are_found_in_noise(void **state)
{
    (void)state;
    static const double noises[] = {0, 3, 10, 25};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t k = 0; k < 2 * COUNT(noises); k++) {
        eg_grid in, out;
        eg_edges_options o;
        eg_edges_default(&o);
        o.method = k % 2 ? EG_EDGE_BOUNDARY : EG_EDGE_CANNY;
        draw(&in, ctx, 256, 256, four_shapes, noises[k / 2]);
        edges_of(&out, ctx, &in, &o, NULL);
        const double f = f_measure(ctx, &out, four_shapes);
        if (f < 0.95)
            fail_msg("noise %g, method %d: F %.3f", noises[k / 2], (int)o.method, f);
        eg_grid_free(&in);
        eg_grid_free(&out);
    }
    eg_context_free(ctx);
}

static double contrast = 1; /* factor of the contrast of the squares */

static double two_squares(double x, double y)
{
    const bool first =
        x > 30 && x < 130 && y > 50 && y<150, second = x> 170 && x < 270 && y > 50 && y < 150;
    return 60 + contrast * (first ? 50 : second ? 110 : 0);
}

static void weak_and_strong_squares_are_found(void **state)
{
    (void)state;
    static const double factors[] = {1, 0.1, 1.7};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t k = 0; k < COUNT(factors); k++) {
        eg_grid in, out;
        eg_edges_options o;
        eg_edges_default(&o);
        contrast = factors[k];
        draw(&in, ctx, 300, 200, two_squares, 0);
        edges_of(&out, ctx, &in, &o, NULL);
        assert_true(f_measure(ctx, &out, two_squares) > 0.99);
        eg_grid_free(&in);
        eg_grid_free(&out);
    }
    eg_context_free(ctx);
}

static double radius;

static double disc(double x, double y)
{
    return hypot(x - 60.2, y - 59.7) < radius ? 200 : 50;
}

static void rings_have_the_radius_of_their_disc(void **state)
{
    (void)state;
    static const double radii[] = {5, 10, 45};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; k < COUNT(radii); k++) {
        eg_grid in, out;
        eg_edges_options o;
        double sum = 0;
        size_t count = 0;
        eg_edges_default(&o);
        radius = radii[k];
        draw(&in, ctx, 120, 120, disc, 0);
        edges_of(&out, ctx, &in, &o, NULL);
        for (size_t i = 0; i < 120 * 120; i++)
            if (sample_at(&out, i % 120, i / 120) > 0) {
                sum += hypot((double)(i % 120) - 60.2, (double)(i / 120) - 59.7);
                count++;
            }
        assert_true(count > 5 * radius);
        assert_within(sum / (double)count, radius, 0.5);
        eg_grid_free(&in);
        eg_grid_free(&out);
    }
    eg_context_free(ctx);
}

/* Edges of three planes. */
static void edges_of_planes(eg_grid *out, eg_context *ctx, const eg_grid planes[3],
                            const eg_edges_options *o)
{
    eg_source *source;
    eg_sink *sink;
    *out = (eg_grid){0};
    assert_int_equal(eg_source_grid_planes(&source, ctx, planes, NULL), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, ctx, out, NULL), EG_OK);
    assert_int_equal(eg_edges(source, sink, o, NULL, NULL), EG_OK);
    eg_sink_close(sink);
    eg_source_close(source);
}

static double half_plane(double x, double y)
{
    (void)y;
    return x < 49.5 ? 0 : 1;
}

/* Red (200, 0, 0) and green (0, 102, 0) have the same grey, 60. */
static void colours_of_one_grey_have_an_edge(void **state)
{
    (void)state;
    static const double colours[3][2] = {{200, 0}, {0, 102}, {0, 0}};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid planes[3], out;
    eg_edges_options o;
    eg_edges_default(&o);
    for (size_t k = 0; k < 3; k++) {
        noise_grid(&planes[k], ctx, 100, 60, EG_U8, 1, 0);
        planes[k].white_level = 255;
        for (size_t i = 0; i < 100 * 60; i++)
            set_sample(&planes[k], i % 100, i / 100, colours[k][i % 100 >= 50]);
    }
    for (int method = 0; method < 2; method++) {
        o.method = method ? EG_EDGE_BOUNDARY : EG_EDGE_CANNY;
        edges_of_planes(&out, ctx, planes, &o);
        assert_true(f_measure(ctx, &out, half_plane) > 0.97);
        eg_grid_free(&out);
    }
    for (size_t k = 0; k < 3; k++)
        eg_grid_free(&planes[k]);
    eg_context_free(ctx);
}

/* Lines three pixels apart stay apart in a drawing of any small size, and in its negative. */
static void lines_of_drawings_stay_apart(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{60, 40}, {200, 140}, {640, 480}, {1000, 600}};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t k = 0; k < 2 * COUNT(sizes); k++) {
        const size_t width = sizes[k / 2][0], height = sizes[k / 2][1], middle = width / 2;
        eg_grid in, out;
        eg_edges_options o;
        eg_edges_result result;
        eg_edges_default(&o);
        noise_grid(&in, ctx, width, height, EG_U8, 1, 0);
        for (size_t i = 0; i < width * height; i++) {
            const size_t x = i % width, y = i / width;
            const bool line = (x == middle || x == middle + 3) && y > 4 && y + 5 < height;
            set_sample(&in, x, y, line == (k % 2 == 0) ? 0 : 255);
        }
        edges_of(&out, ctx, &in, &o, &result);
        assert_within(result.sigma, 0.8, 1e-9);
        for (size_t y = height / 4; y < 3 * height / 4; y++) {
            size_t left = 0, between = 0, right = 0;
            for (size_t x = middle - 3; x < middle + 7; x++)
                if (sample_at(&out, x, y) > 0)
                    *(x < middle ? &left : x > middle + 3 ? &right : &between) += 1;
            assert_true(left == 1 && right == 1 && between >= 1);
        }
        eg_grid_free(&in);
        eg_grid_free(&out);
    }
    eg_context_free(ctx);
}

static double texture(double x, double y)
{
    return 255 - (hypot(x - 100, y - 100) < 50 ? 100 + 60 * sin(x * 1.3) * sin(y * 1.7) : 0);
}

/* A textured object on a flat ground is no drawing. */
static void textured_objects_are_no_drawings(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid in, out;
    eg_edges_options o;
    eg_edges_result result;
    eg_edges_default(&o);
    draw(&in, ctx, 300, 200, texture, 0);
    edges_of(&out, ctx, &in, &o, &result);
    assert_true(result.sigma > 2);
    eg_grid_free(&in);
    eg_grid_free(&out);
    eg_context_free(ctx);
}

/* ---- thresholds ---- */

static void a_density_is_met(void **state)
{
    (void)state;
    static const double densities[] = {0.5, 2, 5};
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid in;
    noise_grid(&in, ctx, 300, 200, EG_U8, 5, 2);
    for (size_t k = 0; k < COUNT(densities); k++) {
        eg_grid out;
        eg_edges_options o;
        eg_edges_result result;
        eg_edges_default(&o);
        o.sigma = 1;
        o.density = densities[k];
        edges_of(&out, ctx, &in, &o, &result);
        assert_within((double)result.edge_pixels / (300 * 200), densities[k] / 100, 1e-3);
        eg_grid_free(&out);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* A threshold at a percentile leaves the rest of the pixels above it. */
static void a_percentile_is_met(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid in;
    noise_grid(&in, ctx, 300, 200, EG_U8, 5, 2);
    for (double percent = 5; percent < 100; percent += 15) {
        eg_grid out;
        eg_edges_options o;
        eg_edges_result result;
        eg_edges_default(&o);
        o.method = EG_EDGE_THRESHOLD;
        o.sigma = 1;
        o.unit = EG_UNIT_PERCENT;
        o.high = percent;
        edges_of(&out, ctx, &in, &o, &result);
        assert_within((double)result.edge_pixels / (300 * 200), 1 - percent / 100, 3e-3);
        eg_grid_free(&out);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_found_in_noise),
        cmocka_unit_test(weak_and_strong_squares_are_found),
        cmocka_unit_test(rings_have_the_radius_of_their_disc),
        cmocka_unit_test(colours_of_one_grey_have_an_edge),
        cmocka_unit_test(lines_of_drawings_stay_apart),
        cmocka_unit_test(textured_objects_are_no_drawings),
        cmocka_unit_test(a_density_is_met),
        cmocka_unit_test(a_percentile_is_met),
    };
    return cmocka_run_group_tests_name("edges of shapes", tests, NULL, NULL);
}
