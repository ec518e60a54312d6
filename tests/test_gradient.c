/* SPDX-License-Identifier: MIT */
/* eg_gradient(): every operator and map against the naive definition, and identical bits in all
 * settings. */
#include <math.h>
#include <string.h>

#include "gradient/gaussian.h"
#include "gradient/kernels.h"
#include "oracle.h"

static const struct {
    size_t width, height;
} sizes[] = {{1, 1},
             {1, 7},
             {7, 1},
             {2, 2},
             {2, 3},
             {3, 3},
             {5, 4},
             {6, 6},
             {17, 33},
             {64, 5},
             {65, 70},
             /* one tile of 1024 columns and part of the next */
             {1100, 9},
             {1025, 3}};

static const eg_sample samples[] = {EG_U8, EG_F32};
static const eg_border borders[] = {EG_BORDER_REPLICATE, EG_BORDER_REFLECT, EG_BORDER_CONSTANT};

/* All maps, the magnitude in both norms. */
static const struct {
    eg_gradient_map map;
    eg_norm norm;
} maps[] = {{EG_MAP_MAGNITUDE, EG_NORM_L2},
            {EG_MAP_MAGNITUDE, EG_NORM_L1},
            {EG_MAP_X, EG_NORM_L2},
            {EG_MAP_Y, EG_NORM_L2},
            {EG_MAP_DIRECTION, EG_NORM_L2}};

/* Reference responses, and the bound on the library's error. */
typedef struct expected {
    const oracle_operator *op;
    plane gx, gy;
    double error; /* of a response; 0 for integers */
} expected;

/*
 * Returns the error bound of a response: half a unit in the last place for each rounding. A
 * response takes at most 3 differences of two samples, as many products and additions, then 7
 * products and additions. A Gaussian of radius r takes, in both directions, r additions of pairs, r
 * + 1 products by weights that are rounded themselves, and r sums. No intermediate result exceeds
 * 255 times the operator's weights.
 */
static double sum_error(const oracle_operator *op, double sigma, eg_sample sample)
{
    if (sample == EG_U8)
        return 0;
    int radius = oracle_radius(sigma, sample);
    int roundings = 3 * (op->taps / 2) + 2 * op->taps + (radius ? 2 * (4 * radius + 2) : 0);
    return roundings * 0x1p-24 * 255 * oracle_weight(op);
}

static expected expected_responses(const plane *smooth, const eg_gradient_options *o,
                                   eg_sample sample)
{
    expected t = {.op = oracle_find(o->op)};
    oracle_responses(smooth, t.op, o->border, o->border_value, &t.gx, &t.gy);
    t.error = sum_error(t.op, o->sigma, sample);
    return t;
}

static void expected_free(expected *t)
{
    plane_free(&t->gx);
    plane_free(&t->gy);
}

/* Returns the error bound of the float map at a pixel with responses gx, gy and true `value`. */
static double tolerance(const expected *t, double gx, double gy, double value, eg_gradient_map map)
{
    /* Two roundings in the squares and their sum, halved by the root; then the root and the
     * division. */
    if (map == EG_MAP_MAGNITUDE)
        return (t->error > 0 ? 2 * t->error / t->op->divisor : 0) + 4 * 0x1p-24 * value;
    if (map != EG_MAP_DIRECTION)
        return t->error / t->op->divisor + (t->error > 0 ? 0x1p-24 * fabs(value) : 0);
    /* Half a unit in the last place of 360 degrees is 1.6e-5, preceded by those of 45, 90 and 180.
     */
    double size = sqrt(gx * gx + gy * gy);
    if (t->error == 0)
        return 4e-5;
    return size < 4 * t->error ? 180 : 4e-5 + 2 * t->error / size * 58;
}

/* Checks every pixel of a float map. Integer responses and their L1 magnitudes are rounded only
 * once, by the division. */
static void check_map(const eg_grid *out, const expected *t, const eg_gradient_options *o)
{
    bool once = t->error == 0 && (o->map == EG_MAP_X || o->map == EG_MAP_Y ||
                                  (o->map == EG_MAP_MAGNITUDE && o->norm == EG_NORM_L1));
    assert_int_equal(out->sample, EG_F32);
    for (size_t y = 0; y < out->height; y++) {
        for (size_t x = 0; x < out->width; x++) {
            double gx = *plane_at(&t->gx, x, y), gy = *plane_at(&t->gy, x, y);
            double want = oracle_map(gx, gy, t->op->divisor, o->map, o->norm);
            double got = sample_at(out, x, y);
            bool flat = t->error == 0 && gx == 0 && gy == 0;
            double apart = o->map == EG_MAP_DIRECTION ? degrees_apart(got, want) : fabs(got - want);
            bool right = once || flat ? got == (double)(float)want
                                      : apart <= tolerance(t, gx, gy, want, o->map);
            if (o->map == EG_MAP_DIRECTION)
                right = right && got >= 0 && got < 360;
            if (!right)
                fail_msg("%s map %d norm %d border %d sigma %g, (%zu, %zu) of %zu x %zu: %.9g, not "
                         "%.9g",
                         o->op, o->map, o->norm, o->border, o->sigma, x, y, out->width, out->height,
                         got, want);
        }
    }
}

static void check_all_maps(eg_context *ctx, const eg_grid *in, const plane *smooth,
                           eg_gradient_options *o)
{
    const char *name;
    for (size_t k = 0; (name = eg_operator_name(k)); k++) {
        o->op = name;
        expected t = expected_responses(smooth, o, in->sample);
        for (size_t m = 0; m < COUNT(maps); m++) {
            eg_grid out;
            o->map = maps[m].map;
            o->norm = maps[m].norm;
            gradient_of(&out, ctx, in, o);
            check_map(&out, &t, o);
            eg_grid_free(&out);
        }
        expected_free(&t);
    }
}

static void check_image(eg_context *ctx, const eg_grid *in, const double *sigmas, size_t count)
{
    plane image = plane_of(in);
    for (size_t b = 0; b < COUNT(borders); b++) {
        for (size_t s = 0; s < count; s++) {
            eg_gradient_options o;
            eg_gradient_default(&o);
            o.border = borders[b];
            o.border_value = in->sample == EG_U8 ? 200 : 37.25;
            o.sigma = sigmas[s];
            plane smooth = oracle_blur(&image, o.sigma, in->sample, o.border, o.border_value);
            check_all_maps(ctx, in, &smooth, &o);
            plane_free(&smooth);
        }
    }
    plane_free(&image);
}

static void every_map_is_the_definition(void **state)
{
    (void)state;
    static const double sigmas[] = {0, 0.8, 2};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (size_t k = 0; k < COUNT(samples); k++) {
            eg_grid in;
            noise_grid(&in, ctx, sizes[i].width, sizes[i].height, samples[k], (unsigned)i + 1,
                       samples[k] == EG_F32);
            check_image(ctx, &in, sigmas, COUNT(sigmas));
            eg_grid_free(&in);
        }
    }
    eg_context_free(ctx);
}

/* The widest Gaussian reaches across small images more than once. */
static void the_widest_blur_is_the_definition(void **state)
{
    (void)state;
    static const double sigmas[] = {0.1, 14};
    eg_context *ctx = test_context(2, 3, NULL);
    for (size_t k = 0; k < COUNT(samples); k++) {
        for (size_t width = 1; width < 40; width += 32) {
            eg_grid in;
            noise_grid(&in, ctx, width, 9, samples[k], 3, 0);
            check_image(ctx, &in, sigmas, COUNT(sigmas));
            eg_grid_free(&in);
        }
    }
    eg_context_free(ctx);
}

/* ---- integer maps ---- */

/* Checks that every pixel is the true value times the scale, plus the offset, rounded and clamped.
 */
static void check_integers(const eg_grid *out, const expected *t, const eg_gradient_options *o,
                           double white)
{
    static const double natural[] = {
        [EG_MAP_MAGNITUDE] = 2, [EG_MAP_X] = 1, [EG_MAP_Y] = 1, [EG_MAP_DIRECTION] = 256.0 / 360};
    bool wide = o->depth == 16, wraps = o->map == EG_MAP_DIRECTION;
    double maximum = wide ? 65535 : 255, turn = wide ? 65536 : 256;
    double finer = wide ? (wraps ? 256 : 257) : 1;
    double scale = (o->scale > 0 ? o->scale : natural[o->map]) * finer * (wraps ? 1 : 255 / white);
    double offset = o->map == EG_MAP_X || o->map == EG_MAP_Y ? 128 * finer : 0;
    assert_int_equal(out->sample, wide ? EG_U16 : EG_U8);
    for (size_t y = 0; y < out->height; y++) {
        for (size_t x = 0; x < out->width; x++) {
            double gx = *plane_at(&t->gx, x, y), gy = *plane_at(&t->gy, x, y);
            double value = oracle_map(gx, gy, t->op->divisor, o->map, o->norm);
            double slack = tolerance(t, gx, gy, value, o->map) * scale + 2 * turn * 0x1p-23;
            double want = value * scale + offset, got = sample_at(out, x, y);
            want = wraps ? want : want < 0 ? 0 : want > maximum ? maximum : want;
            double apart = fabs(got - want);
            if (wraps)
                apart = fabs(apart - turn * rint(apart / turn));
            if (apart > 0.5 + slack)
                fail_msg("%s map %d depth %d scale %g, (%zu, %zu): %g, not %.9g", o->op, o->map,
                         o->depth, o->scale, x, y, got, want);
        }
    }
}

static void check_depths(eg_context *ctx, const eg_grid *in, eg_gradient_options *o,
                         const expected *t)
{
    static const double scales[] = {0, 1, 3.5};
    for (size_t m = 0; m < COUNT(maps); m++) {
        for (size_t s = 0; s < COUNT(scales); s++) {
            for (o->depth = 8; o->depth <= 16; o->depth += 8) {
                eg_grid out;
                o->map = maps[m].map;
                o->norm = maps[m].norm;
                o->scale = scales[s];
                gradient_of(&out, ctx, in, o);
                check_integers(&out, t, o, in->white_level);
                eg_grid_free(&out);
            }
        }
    }
}

static void integer_maps_are_rounded(void **state)
{
    (void)state;
    static const float whites[] = {255, 1000};
    eg_context *ctx = test_context(2, 7, NULL);
    for (size_t k = 0; k < COUNT(samples); k++) {
        eg_grid in;
        const char *name;
        noise_grid(&in, ctx, 65, 70, samples[k], 11, samples[k] == EG_F32);
        in.white_level = whites[k];
        plane image = plane_of(&in);
        for (size_t i = 0; (name = eg_operator_name(i)); i++) {
            eg_gradient_options o;
            eg_gradient_default(&o);
            o.op = name;
            expected t = expected_responses(&image, &o, in.sample);
            check_depths(ctx, &in, &o, &t);
            expected_free(&t);
        }
        plane_free(&image);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- images with a known gradient ---- */

/* Checks the value of a map everywhere at least 3 pixels inside. */
static void assert_inside(eg_context *ctx, const eg_grid *in, const char *op, eg_gradient_map map,
                          double want)
{
    eg_grid out;
    eg_gradient_options o;
    eg_gradient_default(&o);
    o.op = op;
    o.map = map;
    gradient_of(&out, ctx, in, &o);
    for (size_t y = 3; y + 3 < in->height; y++)
        for (size_t x = 3; x + 3 < in->width; x++)
            if (sample_at(&out, x, y) != want)
                fail_msg("%s map %d: %.9g, not %g", op, map, sample_at(&out, x, y), want);
    eg_grid_free(&out);
}

static void ramps_have_the_slope_one(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; k < COUNT(samples); k++) {
        for (int direction = 0; direction < 360; direction += 90) {
            eg_grid in;
            eg_error error = {0};
            const char *name;
            int dx = direction == 0 ? 1 : direction == 180 ? -1 : 0;
            int dy = direction == 90 ? 1 : direction == 270 ? -1 : 0;
            assert_int_equal(eg_grid_new(&in, ctx, 100, 90, samples[k], &error), EG_OK);
            for (int y = 0; y < 90; y++)
                for (int x = 0; x < 100; x++)
                    set_sample(&in, (size_t)x, (size_t)y, 120 + dx * x + dy * y);
            for (size_t i = 0; (name = eg_operator_name(i)); i++) {
                assert_inside(ctx, &in, name, EG_MAP_X, dx);
                assert_inside(ctx, &in, name, EG_MAP_Y, dy);
                assert_inside(ctx, &in, name, EG_MAP_MAGNITUDE, 1);
                assert_inside(ctx, &in, name, EG_MAP_DIRECTION, direction);
            }
            eg_grid_free(&in);
        }
    }
    eg_context_free(ctx);
}

/* A white square on black, by Sobel: responses of 3 sqrt 2 steps at its corners and 4 along its
 * sides, and 8 nonzero pixels for each pixel of its side: a ring inside and a ring outside. */
static void a_square_has_known_sums(void **state)
{
    (void)state;
    enum { SIDE = 40, FIRST = 30 };
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, out;
    eg_error error = {0};
    assert_int_equal(eg_grid_new(&in, ctx, 100, 100, EG_U8, &error), EG_OK);
    for (size_t y = 0; y < 100; y++)
        for (size_t x = 0; x < 100; x++)
            set_sample(&in, x, y, x - FIRST < SIDE && y - FIRST < SIDE ? 255 : 0);
    eg_gradient_options o;
    eg_gradient_default(&o);
    gradient_of(&out, ctx, &in, &o);
    size_t nonzero = 0;
    double maximum = 0, corner = 3 * sqrt(2) * 255;
    for (size_t y = 0; y < 100; y++)
        for (size_t x = 0; x < 100; x++) {
            nonzero += sample_at(&out, x, y) > 0;
            maximum = fmax(maximum, 8 * sample_at(&out, x, y));
        }
    assert_int_equal(nonzero, 8 * SIDE);
    assert_true(fabs(maximum - corner) < 1e-4);
    for (size_t end = FIRST; end < FIRST + SIDE; end += SIDE - 1)
        assert_true(fabs(8 * sample_at(&out, end, FIRST) - corner) < 1e-4);
    for (size_t x = FIRST + 1; x < FIRST + SIDE - 1; x++)
        assert_true(8 * sample_at(&out, x, FIRST) == 4 * 255);
    eg_grid_free(&out);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* A NaN sample makes its own pixel NaN, and changes only pixels within reach. */
static void nan_stays_where_it_is(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 3, NULL);
    eg_grid in, clean, out;
    eg_gradient_options o;
    eg_gradient_default(&o);
    o.op = "sobel5";
    o.sigma = 1;
    const size_t reach = 2 + (size_t)oracle_radius(o.sigma, EG_F32);
    noise_grid(&in, ctx, 70, 50, EG_F32, 5, 1);
    gradient_of(&clean, ctx, &in, &o);
    *(float *)(void *)((char *)in.data + 20 * in.stride + 40 * sizeof(float)) = NAN;
    gradient_of(&out, ctx, &in, &o);
    for (size_t y = 0; y < in.height; y++)
        for (size_t x = 0; x < in.width; x++)
            if (x + reach < 40 || x > 40 + reach || y + reach < 20 || y > 20 + reach)
                assert_true(sample_at(&out, x, y) == sample_at(&clean, x, y));
            else
                assert_true(isnan(sample_at(&out, x, y)) == (x == 40 && y == 20));
    eg_grid_free(&out);
    eg_grid_free(&clean);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* ---- identical bits ---- */

typedef struct input {
    eg_grid in;
    eg_gradient_options options;
    eg_grid expected;
} input;

static void matches(eg_context *ctx, void *opaque)
{
    eg_grid out;
    const input *p = opaque;
    gradient_of(&out, ctx, &p->in, &p->options);
    assert_grids_equal(&out, &p->expected);
    eg_grid_free(&out);
}

static void no_setting_changes_a_bit(void **state)
{
    (void)state;
    static const int depths[] = {32, 8, 16};
    eg_context *ctx = test_context(1, 0, "baseline");
    const char *name;
    for (size_t i = 0; (name = eg_operator_name(i)); i++) {
        for (size_t k = 0; k < 2 * COUNT(maps); k++) {
            input p = {0};
            eg_gradient_default(&p.options);
            p.options.op = name;
            p.options.map = maps[k / 2].map;
            p.options.norm = maps[k / 2].norm;
            p.options.depth = depths[(i + k) % COUNT(depths)];
            p.options.border = borders[(i + k) % COUNT(borders)];
            p.options.sigma = (i + k / 2) % 2 ? 1.1 : 0;
            noise_grid(&p.in, ctx, 1061, 19, samples[k % 2], (unsigned)k + 7, 1);
            gradient_of(&p.expected, ctx, &p.in, &p.options);
            for_every_setting(matches, &p);
            eg_grid_free(&p.expected);
            eg_grid_free(&p.in);
        }
    }
    eg_context_free(ctx);
}

/* Several maps of one pass, into memory of the caller, equal single maps. */
static void many_maps_in_one_pass(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 7, NULL);
    eg_grid in, alone[4], together[4] = {{0}};
    eg_gradient_options options[4];
    eg_source *source;
    eg_sink *sinks[4];
    eg_error error = {0};
    noise_grid(&in, ctx, 1100, 40, EG_U8, 5, 1);
    for (int i = 0; i < 4; i++) {
        eg_gradient_default(&options[i]);
        options[i].map = (eg_gradient_map)i;
        options[i].depth = i == 1 ? 8 : 32;
        gradient_of(&alone[i], ctx, &in, &options[i]);
        assert_int_equal(
            eg_grid_new(&together[i], ctx, in.width, in.height, alone[i].sample, &error), EG_OK);
        assert_int_equal(eg_sink_grid(&sinks[i], ctx, &together[i], &error), EG_OK);
    }
    assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
    assert_int_equal(eg_gradient_maps(source, sinks, options, 4, &error), EG_OK);
    eg_source_close(source);

    /* Different responses in one pass, and memory of the wrong sample type, are errors. */
    options[3].sigma = 1;
    assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
    assert_int_equal(eg_gradient_maps(source, sinks, options, 4, &error), EG_USAGE);
    error = (eg_error){0};
    options[3].sigma = 0;
    options[3].op = NULL;
    assert_int_equal(eg_gradient_maps(source, sinks, options, 4, &error), EG_USAGE);
    error = (eg_error){0};
    options[3].op = options[0].op;
    eg_sink *const twice[] = {sinks[0], sinks[0]};
    assert_int_equal(eg_gradient_maps(source, twice, options, 2, &error), EG_USAGE);
    error = (eg_error){0};
    options[2].norm = (eg_norm)9;
    assert_int_equal(eg_gradient_maps(source, sinks, options, 4, &error), EG_USAGE);
    error = (eg_error){0};
    options[2].norm = EG_NORM_L2;
    options[1].depth = 32;
    assert_int_equal(eg_gradient_maps(source, sinks, options, 4, &error), EG_USAGE);
    eg_source_close(source);
    for (int i = 0; i < 4; i++) {
        eg_sink_close(sinks[i]);
        assert_grids_equal(&alone[i], &together[i]);
        eg_grid_free(&alone[i]);
        eg_grid_free(&together[i]);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* Squares of responses near the limits of floats neither overflow nor underflow. */
static void magnitudes_follow_the_scale(void **state)
{
    (void)state;
    static const int exponents[] = {-100, -63, 63, 100};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; k < 2 * COUNT(exponents); k++) {
        const double factor = ldexp(1, exponents[k / 2]);
        eg_grid in, want, got;
        eg_gradient_options o;
        eg_gradient_default(&o);
        o.norm = k % 2 ? EG_NORM_L1 : EG_NORM_L2;
        noise_grid(&in, ctx, 70, 20, EG_F32, 2, 1);
        gradient_of(&want, ctx, &in, &o);
        for (size_t i = 0; i < 70 * 20; i++) {
            set_sample(&in, i % 70, i / 70, sample_at(&in, i % 70, i / 70) * factor);
            set_sample(&want, i % 70, i / 70, sample_at(&want, i % 70, i / 70) * factor);
        }
        gradient_of(&got, ctx, &in, &o);
        assert_grids_equal(&got, &want);
        eg_grid_free(&got);
        eg_grid_free(&want);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- the 8-bit Gaussian, at the limits of its sums ---- */

enum { MOST_RADIUS = 3 * 14, BLUR_WIDTH = 3 * 64 + 5, BLUR_ROW = BLUR_WIDTH + 4 * 64 };

/* Fills rows of one of several patterns of the least and largest samples, and of noise. */
static void fill_rows(uint8_t rows[][BLUR_ROW], size_t pattern)
{
    uint32_t state = 1;
    for (size_t y = 0; y <= 2 * MOST_RADIUS; y++)
        for (size_t x = 0; x < BLUR_ROW; x++) {
            state = state * 1664525u + 1013904223u;
            const uint8_t values[] = {0,
                                      255,
                                      (x + y) % 2 ? 255 : 0,
                                      x % 3 ? 255 : 254,
                                      (uint8_t)(y % 2 ? 255 : 1),
                                      (uint8_t)(state >> 24)};
            rows[y][x] = values[pattern % COUNT(values)];
        }
}

/* Returns the definition: the weighted sum, rounded once, halves up. */
static uint8_t blurred(const uint8_t *const rows[], const eg_gaussian *gaussian, ptrdiff_t x)
{
    const ptrdiff_t r = (ptrdiff_t)gaussian->radius;
    uint32_t sum = 1 << 15;
    for (ptrdiff_t j = -r; j <= r; j++)
        for (ptrdiff_t i = -r; i <= r; i++)
            sum += (uint32_t)gaussian->fixed[j < 0 ? -j : j] * gaussian->fixed[i < 0 ? -i : i] *
                   rows[j + r][x + i];
    return (uint8_t)(sum >> 16);
}

static void the_fixed_point_blur_is_exact(void **state)
{
    (void)state;
    static const double sigmas[] = {0.1, 0.2, 0.3, 0.5, 0.8, 1, 1.4, 2, 3.3, 8, 14};
    static uint8_t samples_of[2 * MOST_RADIUS + 1][BLUR_ROW], out[BLUR_ROW];
    static float scratch[BLUR_ROW + 2 * MOST_RADIUS + 64];
    for (size_t k = 0; k < 6 * COUNT(sigmas); k++) {
        eg_gaussian gaussian;
        const uint8_t *rows[2 * MOST_RADIUS + 1];
        eg_error error = {0};
        assert_int_equal(eg_gaussian_init(&gaussian, sigmas[k / 6], EG_U8, &error), EG_OK);
        fill_rows(samples_of, k);
        for (size_t j = 0; j <= 2 * gaussian.radius; j++)
            rows[j] = samples_of[j] + 64;
        for (eg_cpu_level cpu = 0; cpu < EG_CPU_LEVELS; cpu++) {
            if (!eg_cpu_has(cpu))
                continue;
            const void *inputs[2 * MOST_RADIUS + 1];
            memcpy(inputs, rows, sizeof inputs);
            eg_gradient_kernels_for(cpu)->blur_u8(out, inputs, gaussian.fixed, gaussian.radius,
                                                  BLUR_WIDTH, scratch);
            for (size_t x = 0; x < BLUR_WIDTH; x++)
                if (out[x] != blurred(rows, &gaussian, (ptrdiff_t)x))
                    fail_msg("sigma %g, pattern %zu, %s: pixel %zu is %d, not %d", sigmas[k / 6],
                             k % 6, eg_cpu_names[cpu], x, out[x],
                             blurred(rows, &gaussian, (ptrdiff_t)x));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_maps_in_one_pass),
        cmocka_unit_test(every_map_is_the_definition),
        cmocka_unit_test(the_widest_blur_is_the_definition),
        cmocka_unit_test(integer_maps_are_rounded),
        cmocka_unit_test(ramps_have_the_slope_one),
        cmocka_unit_test(a_square_has_known_sums),
        cmocka_unit_test(nan_stays_where_it_is),
        cmocka_unit_test(no_setting_changes_a_bit),
        cmocka_unit_test(magnitudes_follow_the_scale),
        cmocka_unit_test(the_fixed_point_blur_is_exact),
    };
    return cmocka_run_group_tests_name("gradient", tests, NULL, NULL);
}
