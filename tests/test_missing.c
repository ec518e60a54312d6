/* SPDX-License-Identifier: MIT */
/* Missing samples of images: gradients by the definition of normalised convolution, no edges along
 * the rims of holes, and masks, transparency and nodata that all mean the same. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"
#include "raster.h"
#include "tiff_made.h"

static const eg_border borders[] = {EG_BORDER_REPLICATE, EG_BORDER_REFLECT, EG_BORDER_CONSTANT};
static const double sigmas[] = {0, 0.5, 1.4, 14};

/* Returns a reproducible number from 0 to below 1. */
static double random_share(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) / 16777216.0;
}

/* Makes a share of the samples of a grid missing, and some blocks of them. */
static void punch_holes(eg_grid *grid, double share, unsigned seed)
{
    unsigned state = seed;
    for (size_t i = 0; i < grid->width * grid->height; i++)
        if (random_share(&state) < share)
            set_sample(grid, i % grid->width, i / grid->width, NAN);
    for (int n = 0; n < 4; n++) {
        const size_t x0 = (size_t)(random_share(&state) * (double)grid->width);
        const size_t y0 = (size_t)(random_share(&state) * (double)grid->height);
        for (size_t y = y0; y < grid->height && y < y0 + 3 + 2 * (size_t)n; y++)
            for (size_t x = x0; x < grid->width && x < x0 + 9; x++)
                set_sample(grid, x, y, NAN);
    }
}

/* ---- gradients ---- */

/* Checks x, y and magnitude. The bound counts half a unit in the last place for each rounding, as
 * in test_gradient.c. */
static void check_gradient(eg_context *ctx, const eg_grid *in, const plane *smooth,
                           eg_gradient_options *o)
{
    const oracle_operator *op = oracle_find(o->op);
    plane gx, gy, image = plane_of(in);
    const int radius = oracle_radius(o->sigma, EG_F32);
    const int roundings = 3 * (op->taps / 2) + 2 * op->taps + 2 * (4 * radius + 2);
    const double bound = 2 * roundings * 0x1p-24 * 255 * oracle_weight(op) / op->divisor;
    oracle_responses_valid(smooth, op, o->border, o->border_value, &gx, &gy);
    for (o->map = EG_MAP_MAGNITUDE; o->map <= EG_MAP_Y; o->map++) {
        eg_grid out;
        gradient_of(&out, ctx, in, o);
        for (size_t i = 0; i < in->width * in->height; i++) {
            double want = oracle_map(gx.at[i], gy.at[i], op->divisor, o->map, o->norm);
            double got = sample_at(&out, i % in->width, i / in->width);
            bool right = isnan(image.at[i]) ? isnan(got) : fabs(got - want) <= bound;
            if (!right)
                fail_msg("%s map %d border %d sigma %g, (%zu, %zu) of %zu x %zu: %.9g, not %.9g",
                         o->op, o->map, o->border, o->sigma, i % in->width, i / in->width,
                         in->width, in->height, got, want);
        }
        eg_grid_free(&out);
    }
    plane_free(&gx);
    plane_free(&gy);
    plane_free(&image);
}

static void gradients_are_the_definition(void **state)
{
    (void)state;
    static const struct {
        size_t width, height;
        double share; /* of missing samples, besides the blocks */
    } images[] = {{34, 27, 0.05}, {34, 27, 0.6}, {5, 4, 0.3}, {1060, 3, 0.02}};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(images) * COUNT(borders) * COUNT(sigmas); i++) {
        eg_grid in;
        eg_gradient_options o;
        eg_gradient_default(&o);
        o.border = borders[i / COUNT(sigmas) % COUNT(borders)];
        o.border_value = 37.25;
        o.sigma = sigmas[i % COUNT(sigmas)];
        const size_t k = i / COUNT(sigmas) / COUNT(borders);
        if (images[k].width > 1000 && o.sigma > 10)
            continue; /* the oracle would take seconds */
        noise_grid(&in, ctx, images[k].width, images[k].height, EG_F32, (unsigned)i + 1, 1);
        punch_holes(&in, images[k].share, (unsigned)i);
        plane image = plane_of(&in);
        plane smooth = oracle_blur_valid(&image, o.sigma, o.border, o.border_value);
        for (size_t n = 0; (o.op = eg_operator_name(n)); n++)
            check_gradient(ctx, &in, &smooth, &o);
        plane_free(&smooth);
        plane_free(&image);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* Exactly 0: no rounding of the weights is seen. */
static void a_constant_image_has_no_gradient(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 5, NULL);
    for (size_t i = 0; i < COUNT(sigmas); i++) {
        eg_grid in, out;
        eg_gradient_options o;
        eg_gradient_default(&o);
        o.sigma = sigmas[i];
        noise_grid(&in, ctx, 90, 70, EG_F32, 1, 0);
        for (size_t k = 0; k < 90 * 70; k++)
            set_sample(&in, k % 90, k / 90, 201.7F);
        punch_holes(&in, 0.3, 3);
        gradient_of(&out, ctx, &in, &o);
        for (size_t k = 0; k < 90 * 70; k++)
            assert_true(isnan(sample_at(&in, k % 90, k / 90))
                            ? isnan(sample_at(&out, k % 90, k / 90))
                            : fabs(sample_at(&out, k % 90, k / 90)) < 1e-4);
        eg_grid_free(&out);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* Missing pixels of integer maps are 0, whatever 0 means in the map. */
static void integer_maps_have_zeros(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    noise_grid(&in, ctx, 70, 40, EG_F32, 4, 1);
    punch_holes(&in, 0.1, 9);
    set_sample(&in, 50, 20, INFINITY);
    for (int i = 0; i < 12; i++) {
        eg_grid out;
        eg_gradient_options o;
        eg_gradient_default(&o);
        o.map = (eg_gradient_map)(i % 4);
        o.depth = i / 4 == 0 ? 8 : i / 4 == 1 ? 16 : 32;
        o.sigma = i % 2;
        gradient_of(&out, ctx, &in, &o);
        for (size_t k = 0; k < 70 * 40; k++) {
            double got = sample_at(&out, k % 70, k / 70);
            if (!isfinite(sample_at(&in, k % 70, k / 70)))
                assert_true(o.depth == 32 ? isnan(got) : got == 0);
            else
                assert_true(isfinite(got));
        }
        eg_grid_free(&out);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* ---- edges ---- */

/* Without a blur, every operator finds nothing along the rims of holes in even slopes of any
 * direction, however low the thresholds. Only the border, where slopes do have edges, is left out.
 */
static void slopes_have_no_edges_at_rims(void **state)
{
    (void)state;
    static const int slopes[][2] = {{2, 0}, {-2, 0}, {0, 2}, {0, -2}, {1, 1}, {3, -2}, {-1, 3}};
    eg_context *ctx = test_context(1, 0, NULL);
    const char *name;
    for (size_t i = 0; i < COUNT(slopes) * 2; i++) {
        eg_grid whole, holes, of_whole, of_holes;
        eg_edges_options o;
        default_sobel_edges(&o);
        noise_grid(&whole, ctx, 100, 80, EG_F32, 1, 0);
        noise_grid(&holes, ctx, 100, 80, EG_F32, 1, 0);
        for (size_t k = 0; k < 100 * 80; k++) {
            int v = slopes[i / 2][0] * (int)(k % 100) + slopes[i / 2][1] * (int)(k / 100);
            set_sample(&whole, k % 100, k / 100, v);
            set_sample(&holes, k % 100, k / 100, v);
        }
        punch_holes(&holes, i % 2 ? 0.3 : 0.02, (unsigned)i);
        o.sigma = 0;
        o.unit = EG_UNIT_PIXEL;
        o.low = o.high = 0.25;
        for (size_t n = 0; (name = eg_operator_name(n)); n++) {
            o.op = name;
            if (i % 2 && oracle_find(name)->taps == 2)
                continue; /* two of its four samples do not tell how a slope runs */
            edges_of(&of_whole, ctx, &whole, &o, NULL);
            edges_of(&of_holes, ctx, &holes, &o, NULL);
            for (size_t y = 8; y < 72; y++)
                for (size_t x = 8; x < 92; x++)
                    if (sample_at(&of_holes, x, y) > 0)
                        fail_msg("%s: an edge at (%zu, %zu) of the slope %zu", name, x, y, i / 2);
            assert_true(sample_at(&of_whole, 50, 40) == 0);
            eg_grid_free(&of_whole);
            eg_grid_free(&of_holes);
        }
        eg_grid_free(&whole);
        eg_grid_free(&holes);
    }
    eg_context_free(ctx);
}

/* A slope of 2 levels per pixel, black holes in it would have steps of up to 200. */
static void blurred_slopes_have_no_edges_at_rims(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(sigmas); i++) {
        eg_grid in, out;
        eg_edges_options o;
        default_sobel_edges(&o);
        o.sigma = sigmas[i];
        o.unit = EG_UNIT_PIXEL;
        o.low = o.high = 2.5;
        noise_grid(&in, ctx, 100, 100, EG_F32, 1, 0);
        for (size_t k = 0; k < 100 * 100; k++) {
            size_t x = k % 100, y = k / 100;
            set_sample(&in, x, y,
                       x > 30 && x < 60 && y > 20 && y < 70 ? (double)NAN : 2 * (double)x);
        }
        edges_of(&out, ctx, &in, &o, NULL);
        for (size_t k = 0; k < 100 * 100; k++)
            assert_true(sample_at(&out, k % 100, k / 100) == 0);
        eg_grid_free(&out);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* Returns the number of rows of a hole beside a step in which the step is found. */
static size_t rows_with_edge(eg_context *ctx, double sigma, size_t distance, bool mirrored,
                             bool transposed)
{
    enum { SIDE = 80, STEP = 40 };
    eg_grid in, out;
    eg_edges_options o;
    default_sobel_edges(&o);
    o.sigma = sigma;
    noise_grid(&in, ctx, SIDE, SIDE, EG_F32, 1, 0);
    for (size_t k = 0; k < SIDE * SIDE; k++) {
        size_t x = k % SIDE, y = k / SIDE;
        bool hole = x >= STEP + distance && x < STEP + distance + 9 && y >= 30 && y < 50;
        size_t u = mirrored ? SIDE - 1 - x : x;
        set_sample(&in, transposed ? y : u, transposed ? u : y,
                   hole       ? (double)NAN
                   : x < STEP ? 50
                              : 150);
    }
    edges_of(&out, ctx, &in, &o, NULL);
    size_t rows = 0, pixels = 0;
    for (size_t y = 0; y < SIDE; y++) {
        size_t found = 0;
        for (size_t x = 0; x < SIDE; x++) {
            size_t u = mirrored ? SIDE - 1 - x : x;
            bool edge = sample_at(&out, transposed ? y : u, transposed ? u : y) > 0;
            found += edge && x + 3 >= STEP && x < STEP + 3;
            pixels += edge;
        }
        rows += found == 1 && y >= 30 && y < 50;
    }
    assert_true(pixels <= SIDE); /* one in each row, and none along the rim */
    eg_grid_free(&out);
    eg_grid_free(&in);
    return rows;
}

static void an_edge_beside_a_hole_is_kept(void **state)
{
    (void)state;
    static const double blurs[] = {0, 0.5, 1.4, 3};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(blurs); i++)
        for (size_t distance = blurs[i] > 2 ? 2 : 1; distance < 9; distance++)
            for (int turn = 0; turn < 4; turn++)
                assert_int_equal(rows_with_edge(ctx, blurs[i], distance, turn & 1, turn & 2), 20);
    eg_context_free(ctx);
}

/* With equal thresholds hysteresis adds nothing, so nothing changes beyond the reach of the blur;
 * within reach most edges stay where they are. */
static void one_missing_sample_does_not_empty_the_image(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid in, clean, out;
    eg_edges_options o;
    default_sobel_edges(&o);
    o.sigma = 14;
    o.low = o.high = 0.02;
    o.unit = EG_UNIT_PIXEL;
    const size_t reach = 2 + (size_t)oracle_radius(o.sigma, EG_F32);
    noise_grid(&in, ctx, 300, 200, EG_F32, 5, 2);
    edges_of(&clean, ctx, &in, &o, NULL);
    set_sample(&in, 150, 100, NAN);
    edges_of(&out, ctx, &in, &o, NULL);
    size_t before = 0, same = 0;
    for (size_t k = 0; k < 300 * 200; k++) {
        size_t x = k % 300, y = k / 300;
        bool far = x + reach < 150 || x > 150 + reach || y + reach < 100 || y > 100 + reach;
        if (far)
            assert_true(sample_at(&out, x, y) == sample_at(&clean, x, y));
        before += !far && sample_at(&clean, x, y) > 0;
        same += !far && sample_at(&clean, x, y) > 0 && sample_at(&out, x, y) > 0;
    }
    assert_true(before > 100 && same > before * 9 / 10);
    assert_true(sample_at(&out, 150, 100) == 0);
    eg_grid_free(&out);
    eg_grid_free(&clean);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* No missing pixel is an edge, even below the lowest threshold, nor counted for automatic ones. */
static void missing_pixels_are_no_edges(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 7, NULL);
    for (int i = 0; i < 16; i++) {
        eg_grid in, out;
        eg_edges_options o;
        default_sobel_edges(&o);
        o.sigma = i & 1 ? 1.4 : 0;
        o.norm = i & 2 ? EG_NORM_L1 : EG_NORM_L2;
        o.method = i & 4 ? EG_EDGE_THRESHOLD : EG_EDGE_CANNY;
        o.low = o.high = i & 8 ? -1 : NAN;
        noise_grid(&in, ctx, 130, 60, EG_F32, (unsigned)i, 1);
        punch_holes(&in, 0.2, (unsigned)i + 1);
        edges_of(&out, ctx, &in, &o, NULL);
        size_t edges = 0;
        for (size_t k = 0; k < 130 * 60; k++) {
            edges += sample_at(&out, k % 130, k / 130) > 0;
            if (isnan(sample_at(&in, k % 130, k / 130)))
                assert_true(sample_at(&out, k % 130, k / 130) == 0);
        }
        assert_true(edges > 100);
        eg_grid_free(&out);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- identical bits ---- */

typedef struct picture {
    eg_grid in;
    eg_edges_options edges;
    eg_gradient_options gradient;
    eg_grid of_edges, of_gradient;
} picture;

static void matches(eg_context *ctx, void *opaque)
{
    const picture *p = opaque;
    eg_grid out;
    edges_of(&out, ctx, &p->in, &p->edges, NULL);
    assert_grids_equal(&out, &p->of_edges);
    eg_grid_free(&out);
    gradient_of(&out, ctx, &p->in, &p->gradient);
    assert_grids_equal(&out, &p->of_gradient);
    eg_grid_free(&out);
}

static void no_setting_changes_a_bit(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, "baseline");
    const char *name;
    for (size_t i = 0; (name = eg_operator_name(i)); i++) {
        for (unsigned k = 0; k < 4; k++) {
            picture p;
            default_sobel_edges(&p.edges);
            eg_gradient_default(&p.gradient);
            p.edges.op = p.gradient.op = name;
            p.edges.border = p.gradient.border = borders[(i + k) % COUNT(borders)];
            p.edges.sigma = p.gradient.sigma = k % 2 ? 1.1 : 0;
            p.edges.low = p.edges.high = k / 2 ? 20 : NAN;
            p.gradient.map = (eg_gradient_map)k;
            noise_grid(&p.in, ctx, 1061, 19, EG_F32, k + 7, 1);
            punch_holes(&p.in, k % 2 ? 0.01 : 0.1, k);
            edges_of(&p.of_edges, ctx, &p.in, &p.edges, NULL);
            gradient_of(&p.of_gradient, ctx, &p.in, &p.gradient);
            for_every_setting(matches, &p);
            eg_grid_free(&p.of_gradient);
            eg_grid_free(&p.of_edges);
            eg_grid_free(&p.in);
        }
    }
    eg_context_free(ctx);
}

/* Samples without a missing one within reach have the bits that they have without any. */
static void far_samples_keep_their_bits(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < 2; i++) {
        eg_grid clean, in, of_clean, out;
        eg_gradient_options o;
        eg_gradient_default(&o);
        o.sigma = i ? 1.4 : 0;
        o.op = "scharr";
        const size_t reach = 1 + (size_t)oracle_radius(o.sigma, EG_F32);
        noise_grid(&clean, ctx, 1100, 60, EG_F32, 3, 1);
        noise_grid(&in, ctx, 1100, 60, EG_F32, 3, 1);
        for (size_t x = 5; x < 1100; x += 40)
            set_sample(&in, x, 30, NAN);
        gradient_of(&of_clean, ctx, &clean, &o);
        gradient_of(&out, ctx, &in, &o);
        size_t changed = 0;
        for (size_t k = 0; k < 1100 * 60; k++) {
            size_t x = k % 1100, y = k / 1100, from_hole = (x + 35) % 40;
            bool near = (from_hole <= reach || from_hole + reach >= 40) && y + reach >= 30 &&
                        y <= 30 + reach;
            bool same = sample_at(&out, x, y) == sample_at(&of_clean, x, y);
            assert_true(same || near);
            changed += !same;
        }
        assert_true(changed > 27);
        eg_grid_free(&out);
        eg_grid_free(&of_clean);
        eg_grid_free(&in);
        eg_grid_free(&clean);
    }
    eg_context_free(ctx);
}

/* ---- nothing but missing samples ---- */

static void nothing_but_missing_samples(void **state)
{
    (void)state;
    static const char warning[] = "has no pixel with data; the result is empty";
    eg_context *ctx = test_context(2, 5, NULL);
    for (int i = 0; i < 12; i++) {
        eg_grid in, out = {0};
        eg_error error = {0};
        eg_source *source;
        eg_sink *sink;
        eg_edges_options edges;
        eg_gradient_options gradient;
        default_sobel_edges(&edges);
        eg_gradient_default(&gradient);
        edges.sigma = gradient.sigma = sigmas[i % 4];
        gradient.border = edges.border = borders[i / 4];
        noise_grid(&in, ctx, 40, 50, EG_F32, 1, 0);
        for (size_t k = 0; k < 40 * 50; k++)
            set_sample(&in, k % 40, k / 40, NAN);
        assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &out, &error), EG_OK);
        assert_int_equal(i % 2 ? eg_edges(source, sink, &edges, NULL, &error)
                               : eg_gradient(source, sink, &gradient, &error),
                         EG_OK);
        for (size_t k = 0; k < 40 * 50; k++)
            assert_true(i % 2 ? sample_at(&out, k % 40, k / 40) == 0
                              : isnan(sample_at(&out, k % 40, k / 40)));
        assert_string_equal(eg_source_warning(source, 0), warning);
        assert_null(eg_source_warning(source, 1));
        assert_true(eg_source_all_nodata(source));
        eg_sink_close(sink);
        eg_source_close(source);
        eg_grid_free(&out);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- masks ---- */

enum { WIDTH = 43, HEIGHT = 31 };

typedef struct pixels {
    uint8_t grey[WIDTH * HEIGHT], alpha[WIDTH * HEIGHT];
    double masked[WIDTH * HEIGHT]; /* grey, NaN where alpha is 0 */
} pixels;

static pixels random_pixels(void)
{
    static const uint8_t alphas[] = {0, 1, 127, 128, 255};
    pixels p;
    unsigned state = 8;
    for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
        p.grey[i] = (uint8_t)(256 * random_share(&state));
        p.alpha[i] = alphas[(size_t)(5 * random_share(&state))];
        p.masked[i] = p.alpha[i] ? (double)p.grey[i] : (double)NAN;
    }
    return p;
}

/* Writes a PGM of 8 bits, and returns its path as scratch() does. */
static const char *put_pgm(const char *name, const uint8_t *samples, size_t width, size_t height)
{
    uint8_t *bytes = malloc(64 + width * height);
    assert_non_null(bytes);
    int header = snprintf((char *)bytes, 64, "P5\n%zu %zu\n255\n", width, height);
    memcpy(bytes + header, samples, width * height);
    const char *path = put_file(name, bytes, (size_t)header + width * height);
    free(bytes);
    return path;
}

/* Writes a PAM of grey and alpha with 8 or 16 bits. */
static const char *put_pam(const char *name, const pixels *p, int bytes_each)
{
    static uint8_t file[128 + 4 * WIDTH * HEIGHT];
    int at = snprintf((char *)file, 128,
                      "P7\nWIDTH %d\nHEIGHT %d\nDEPTH 2\nMAXVAL %d\nTUPLTYPE "
                      "GRAYSCALE_ALPHA\nENDHDR\n",
                      WIDTH, HEIGHT, bytes_each == 2 ? 65535 : 255);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
        for (int k = 0; k < bytes_each; k++)
            file[at++] = p->grey[i];
        for (int k = 0; k < bytes_each; k++)
            file[at++] = p->alpha[i];
    }
    return put_file(name, file, (size_t)at);
}

/* Reads a file with the options and checks its samples, multiplied by `unit`. */
static void check_samples(const char *path, const eg_read_options *options, const double *samples,
                          double unit)
{
    raster r;
    eg_error error = {0};
    eg_context *ctx = test_context(1, 0, NULL);
    if (raster_read(&r, ctx, path, options, 5, &error) != EG_OK)
        fail_msg("%s", error.message);
    assert_int_equal(r.info.sample, EG_F32);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++)
        if (isnan(samples[i]) ? !isnan(r.values[i]) : r.values[i] * unit != samples[i])
            fail_msg("%s: sample %zu is %g, not %g", path, i, r.values[i], samples[i]);
    raster_free(&r);
    close_context(ctx);
}

static void masks_and_alpha_are_the_same(void **state)
{
    (void)state;
    const pixels p = random_pixels();
    eg_read_options mask, alpha;
    eg_read_default(&mask);
    eg_read_default(&alpha);
    alpha.alpha = EG_ALPHA_MASK;
    mask.mask = put_pgm("mask.pgm", p.alpha, WIDTH, HEIGHT);
    check_samples(put_pgm("grey.pgm", p.grey, WIDTH, HEIGHT), &mask, p.masked, 1);
    check_samples(put_pam("grey.pam", &p, 1), &alpha, p.masked, 1);
    check_samples(put_pam("deep.pam", &p, 2), &alpha, p.masked, 1.0 / 257);
    mask.white_level = 100;
    check_samples(scratch("grey.pgm"), &mask, p.masked, 1);
}

/* Alpha of TIFFs of any sample type, interleaved and in planes. Premultiplied colours are divided
 * by alpha. */
static void alpha_of_tiffs(void **state)
{
    (void)state;
    static const struct {
        uint16_t bits, format;
        double most; /* alpha of opaque pixels */
    } types[] = {{8, SAMPLEFORMAT_UINT, 255},   {16, SAMPLEFORMAT_UINT, 65535},
                 {16, SAMPLEFORMAT_INT, 32767}, {32, SAMPLEFORMAT_UINT, 4294967295.0},
                 {32, SAMPLEFORMAT_IEEEFP, 1},  {64, SAMPLEFORMAT_IEEEFP, 1}};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(types) * 8; i++) {
        const double most = types[i / 8].most;
        const uint16_t colours = i & 1 ? 3 : 1;
        const bool associated = i & 4;
        made_tiff made = tiff_of(types[i / 8].bits, types[i / 8].format, (uint16_t)(colours + 1));
        made.photometric = i & 1 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
        made.separate = i & 2;
        made.extra = 1 + (associated ? EXTRASAMPLE_ASSOCALPHA : EXTRASAMPLE_UNASSALPHA);
        for (size_t k = 0; k < made.width * made.height; k++) {
            double *v = made.values + k * made.samples, share = (double)(k % 4) / 3;
            for (size_t c = 0; c < colours; c++)
                v[c] = floor(most * 0.2 * (associated ? share : 1));
            if (types[i / 8].format == SAMPLEFORMAT_IEEEFP)
                for (size_t c = 0; c < colours; c++)
                    v[c] = 0.2 * (associated ? share : 1);
            v[colours] = most == 1 ? share : floor(most * share);
        }
        eg_read_options options;
        eg_grid grid;
        eg_read_default(&options);
        options.alpha = EG_ALPHA_MASK;
        make_tiff(scratch("alpha.tif"), &made);
        load_grid(&grid, ctx, scratch("alpha.tif"), &options);
        assert_int_equal(grid.sample, EG_F32);
        for (size_t k = 0; k < made.width * made.height; k++) {
            double got = sample_at(&grid, k % made.width, k / made.width);
            if (k % 4 == 0 ? !isnan(got) : fabs(got / grid.white_level - 0.2) > 0.02)
                fail_msg("type %zu, %u colours, pixel %zu: %g of %g", i / 8, colours, k, got,
                         (double)grid.white_level);
        }
        eg_grid_free(&grid);
        free(made.values);
    }
    close_context(ctx);
}

/* Pixels all of whose colours are nodata are missing, but for those of 8 bits, of which the library
 * says so. */
static void nodata_of_colours(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int bits = 8; bits <= 32; bits *= 2) {
        eg_grid grid, out = {0};
        eg_error error = {0};
        eg_source *source;
        eg_sink *sink;
        eg_gradient_options options;
        made_tiff made =
            tiff_of((uint16_t)bits, bits == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT, 3);
        made.photometric = PHOTOMETRIC_RGB;
        made.nodata = "7";
        for (size_t k = 0; k < made.width * made.height; k++)
            for (size_t c = 0; c < 3; c++)
                made.values[3 * k + c] = k % 3 == 0 || (k % 3 == 1 && c == 0) ? 7 : 50;
        make_tiff(scratch("colours.tif"), &made);
        load_grid(&grid, ctx, scratch("colours.tif"), NULL);
        for (size_t k = 0; k < made.width * made.height; k++) {
            double got = sample_at(&grid, k % made.width, k / made.width);
            assert_int_equal(isnan(got), bits > 8 && k % 3 == 0);
        }
        eg_gradient_default(&options);
        assert_int_equal(eg_source_open(&source, ctx, scratch("colours.tif"), NULL, &error), EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &out, &error), EG_OK);
        assert_int_equal(eg_gradient(source, sink, &options, &error), EG_OK);
        const char *warning = eg_source_warning(source, 0);
        assert_true(bits > 8 ? !warning : warning && strstr(warning, "nodata value 7 is ignored"));
        eg_sink_close(sink);
        eg_source_close(source);
        eg_grid_free(&out);
        eg_grid_free(&grid);
        free(made.values);
    }
    close_context(ctx);
}

/* A mask applies to rows as they are shown, in windows, and to values. */
static void masks_of_windows_and_values(void **state)
{
    (void)state;
    const pixels p = random_pixels();
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options;
    eg_read_default(&options);
    options.mask = put_pgm("mask.pgm", p.alpha, WIDTH, HEIGHT);
    put_pgm("grey.pgm", p.grey, WIDTH, HEIGHT);
    for (size_t first = 0; first < HEIGHT; first += 7) {
        eg_source *source;
        float rows[WIDTH * HEIGHT];
        const size_t count = HEIGHT - first < 7 ? HEIGHT - first : 7;
        options.as_values = first % 2;
        assert_int_equal(eg_source_open(&source, ctx, scratch("grey.pgm"), &options, NULL), EG_OK);
        assert_int_equal(eg_source_rows(source, first, count, NULL), EG_OK);
        assert_int_equal(eg_source_read(source, rows, WIDTH * sizeof *rows, count, NULL), EG_OK);
        for (size_t i = 0; i < count * WIDTH; i++)
            assert_true(isnan(p.masked[first * WIDTH + i])
                            ? isnan(rows[i])
                            : (double)rows[i] == p.masked[first * WIDTH + i]);
        eg_source_close(source);
    }
    close_context(ctx);
}

/* Fails to open grey.pgm with a mask, with a message that has `text`. */
static void refuse_mask(const char *mask, eg_status status, const char *text)
{
    eg_source *source;
    eg_error error = {0};
    eg_context *ctx = small_context();
    eg_read_options options;
    eg_read_default(&options);
    options.mask = mask;
    assert_int_equal(eg_source_open(&source, ctx, scratch("grey.pgm"), &options, &error), status);
    assert_null(source);
    if (!strstr(error.message, text))
        fail_msg("'%s' lacks '%s'", error.message, text);
    close_context(ctx);
}

static void masks_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    const pixels p = random_pixels();
    put_pgm("grey.pgm", p.grey, WIDTH, HEIGHT);
    refuse_mask(put_pgm("narrow.pgm", p.alpha, WIDTH - 1, HEIGHT), EG_BAD_INPUT,
                "narrow.pgm: has 42 x 31 pixels, but ");
    refuse_mask(put_pgm("low.pgm", p.alpha, WIDTH, 3), EG_BAD_INPUT, "must have the size of");
    refuse_mask(scratch("none.pgm"), EG_FILE, "none.pgm: no such file");
    refuse_mask(put_file("text.pgm", "text", 4), EG_BAD_INPUT, "text.pgm: ");
    refuse_mask("-", EG_USAGE, "the mask must be a file");
}

static void warnings_about_masks(void **state)
{
    (void)state;
    eg_source *source;
    eg_error error = {0};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options;
    eg_read_default(&options);
    options.mask = "testdata/small/grey.jpg";
    assert_int_equal(eg_source_open(&source, ctx, "testdata/small/grey.png", &options, &error),
                     EG_OK);
    const char *warning = eg_source_warning(source, 0);
    assert_true(warning && strstr(warning, "mask testdata/small/grey.jpg: a JPEG"));
    assert_null(eg_source_warning(source, 1));
    eg_source_close(source);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_the_definition),
        cmocka_unit_test(a_constant_image_has_no_gradient),
        cmocka_unit_test(integer_maps_have_zeros),
        cmocka_unit_test(slopes_have_no_edges_at_rims),
        cmocka_unit_test(blurred_slopes_have_no_edges_at_rims),
        cmocka_unit_test(an_edge_beside_a_hole_is_kept),
        cmocka_unit_test(one_missing_sample_does_not_empty_the_image),
        cmocka_unit_test(missing_pixels_are_no_edges),
        cmocka_unit_test(no_setting_changes_a_bit),
        cmocka_unit_test(far_samples_keep_their_bits),
        cmocka_unit_test(nothing_but_missing_samples),
        cmocka_unit_test(masks_and_alpha_are_the_same),
        cmocka_unit_test(alpha_of_tiffs),
        cmocka_unit_test(nodata_of_colours),
        cmocka_unit_test(masks_of_windows_and_values),
        cmocka_unit_test(masks_that_do_not_fit_are_refused),
        cmocka_unit_test(warnings_about_masks),
    };
    return cmocka_run_group_tests_name("missing", tests, make_scratch, remove_scratch);
}
