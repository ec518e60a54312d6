/* SPDX-License-Identifier: MIT */
/* Maps of Gaussian derivatives: figures of SciPy, analytic surfaces, missing samples, zero
 * crossings and thinning from their definitions, and identical bits in all settings. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/cpu.h"
#include "support.h"

static const struct {
    const char *name;
    eg_gradient_map map;
} maps[] = {{"magnitude", EG_MAP_MAGNITUDE},
            {"x", EG_MAP_X},
            {"y", EG_MAP_Y},
            {"direction", EG_MAP_DIRECTION},
            {"laplacian", EG_MAP_LAPLACIAN},
            {"log", EG_MAP_LOG},
            {"dog", EG_MAP_DOG},
            {"hessian-det", EG_MAP_HESSIAN_DET},
            {"hessian-max", EG_MAP_HESSIAN_MAX},
            {"hessian-min", EG_MAP_HESSIAN_MIN},
            {"coherence", EG_MAP_COHERENCE}};

static const eg_sample samples[] = {EG_U8, EG_F32};

static eg_gradient_options options_of(eg_gradient_map map, double sigma)
{
    eg_gradient_options o;
    eg_gradient_default(&o);
    o.op = "gaussian-derivative";
    o.map = map;
    o.sigma = sigma;
    return o;
}

/* ---- SciPy ---- */

enum { WIDTH = 150, HEIGHT = 90 }; /* as in tools/make-gradient-reference */

static void reference_grid(eg_grid *grid, eg_context *ctx, eg_sample sample)
{
    eg_error error = {0};
    assert_int_equal(eg_grid_new(grid, ctx, WIDTH, HEIGHT, sample, &error), EG_OK);
    grid->white_level = 255;
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++)
            set_sample(
                grid, x, y,
                (double)((31 * x * x + 17 * y * y + 13 * x * y + 7919 * x + 104729 * y) % 97 +
                         2 * ((3 * x + 2 * y) % 79)));
}

static eg_border border_named(const char *name)
{
    return strcmp(name, "replicate") == 0 ? EG_BORDER_REPLICATE
           : strcmp(name, "reflect") == 0 ? EG_BORDER_REFLECT
                                          : EG_BORDER_CONSTANT;
}

static eg_gradient_map map_named(const char *name)
{
    if (strncmp(name, "farid-", 6) == 0)
        name += 6;
    for (size_t i = 0; i < COUNT(maps); i++)
        if (strcmp(maps[i].name, name) == 0)
            return maps[i].map;
    fail_msg("no map %s", name);
    return EG_MAP_X;
}

/* Compares a value with SciPy's, within 1e-5 of the largest value of the map. The difference of
 * Gaussians is one of floats of up to 255. */
static void check_figure(const eg_grid *out, const char *line, eg_gradient_map map, size_t x,
                         size_t y, double wanted, double largest)
{
    double apart = fabs(sample_at(out, x, y) - wanted);
    if (map == EG_MAP_DIRECTION && apart > 180)
        apart = 360 - apart;
    const double rounding = map == EG_MAP_DOG ? 255 * 0x1p-24 : 0;
    if (!(apart <= (map == EG_MAP_DIRECTION ? 2e-3 : 1e-5 * largest + rounding)))
        fail_msg("%s: %.9g", line, sample_at(out, x, y));
}

static void figures_of_scipy(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    FILE *file = fopen("testdata/gradient-reference.txt", "r");
    char line[256], head[64] = "", last[64] = "";
    size_t lines = 0;
    eg_grid in[2], out[2] = {{0}, {0}};
    for (size_t k = 0; k < 2; k++)
        reference_grid(&in[k], ctx, samples[k]);
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char name[16], border[16];
        double sigma, wanted, largest;
        size_t x, y;
        assert_int_equal(sscanf(line, "%15s %lf %15s %zu %zu %lf %lf", name, &sigma, border, &x, &y,
                                &wanted, &largest),
                         7);
        snprintf(head, sizeof head, "%s %g %s", name, sigma, border);
        for (size_t k = 0; k < 2; k++) {
            if (strcmp(head, last) != 0) {
                eg_gradient_options o = options_of(map_named(name), sigma);
                if (strncmp(name, "farid", 5) == 0)
                    o.op = "farid";
                o.border = border_named(border);
                o.border_value = 77;
                eg_grid_free(&out[k]);
                gradient_of(&out[k], ctx, &in[k], &o);
            }
            check_figure(&out[k], line, map_named(name), x, y, wanted, largest);
        }
        strcpy(last, head);
        lines++;
    }
    fclose(file);
    assert_true(lines > 1500);
    for (size_t k = 0; k < 2; k++) {
        eg_grid_free(&in[k]);
        eg_grid_free(&out[k]);
    }
    eg_context_free(ctx);
}

/* ---- surfaces ---- */

static double quadratic(double x, double y)
{
    return 20 + 0.7 * x - 0.3 * y + 0.06 * x * x - 0.05 * x * y + 0.02 * y * y;
}

/* Creates an image of the quadratic around its middle, or of the plane without the squares. */
static void surface_grid(eg_grid *grid, eg_context *ctx, size_t size, bool plane)
{
    eg_error error = {0};
    assert_int_equal(eg_grid_new(grid, ctx, size, size, EG_F32, &error), EG_OK);
    grid->white_level = 255;
    for (size_t y = 0; y < size; y++)
        for (size_t x = 0; x < size; x++) {
            const double u = (double)x - (double)(size / 2), v = (double)y - (double)(size / 2);
            set_sample(grid, x, y, plane ? 20 + 0.7 * u - 0.3 * v : quadratic(u, v));
        }
}

/* The derivatives of a quadratic are exact for any sigma, as all moments of the weights are. */
static void derivatives_of_a_quadratic(void **state)
{
    (void)state;
    static const double sigmas[] = {0.3, 0.37, 0.5, 1, 2.2, 5, 10, 11.7, 20.3};
    const double mean = 0.08, half = hypot(0.04, 0.05);
    const double wanted[] = {[EG_MAP_MAGNITUDE] = hypot(0.7, 0.3),
                             [EG_MAP_X] = 0.7,
                             [EG_MAP_Y] = -0.3,
                             [EG_MAP_DIRECTION] = 360 - 23.198590513648188,
                             [EG_MAP_LAPLACIAN] = 0.16,
                             [EG_MAP_LOG] = 0.16,
                             [EG_MAP_HESSIAN_DET] = 0.12 * 0.04 - 0.05 * 0.05,
                             [EG_MAP_HESSIAN_MAX] = mean + half,
                             [EG_MAP_HESSIAN_MIN] = mean - half};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, out;
    surface_grid(&in, ctx, 341, false);
    for (size_t s = 0; s < COUNT(sigmas); s++)
        for (eg_gradient_map map = EG_MAP_MAGNITUDE; map <= EG_MAP_HESSIAN_MIN; map++) {
            const eg_gradient_options o = options_of(map, sigmas[s]);
            if (map == EG_MAP_DOG)
                continue;
            gradient_of(&out, ctx, &in, &o);
            assert_within(sample_at(&out, 170, 170), wanted[map],
                          map == EG_MAP_DIRECTION ? 3e-3 : 2e-5);
            eg_grid_free(&out);
        }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* A Gaussian blob of variance s^2 smoothed by sigma is one of s^2 + sigma^2: its derivatives in the
 * middle are known. */
static void a_gaussian_blob(void **state)
{
    (void)state;
    const double s = 3, sigma = 2, a = 100, v = s * s + sigma * sigma, wide = s * s + 3.2 * 3.2;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    eg_grid in, out;
    assert_int_equal(eg_grid_new(&in, ctx, 81, 81, EG_F32, &error), EG_OK);
    for (size_t y = 0; y < 81; y++)
        for (size_t x = 0; x < 81; x++) {
            const double u = (double)x - 40, w = (double)y - 40;
            set_sample(&in, x, y, a * exp(-(u * u + w * w) / (2 * s * s)));
        }
    const double peak = a * s * s / v;
    const double wanted[] = {[EG_MAP_LOG] = -2 * peak / v,
                             [EG_MAP_DOG] = a * s * s / wide - peak,
                             [EG_MAP_HESSIAN_DET] = peak * peak / (v * v),
                             [EG_MAP_HESSIAN_MAX] = -peak / v,
                             [EG_MAP_HESSIAN_MIN] = -peak / v};
    for (eg_gradient_map map = EG_MAP_LOG; map <= EG_MAP_HESSIAN_MIN; map++) {
        const eg_gradient_options o = options_of(map, sigma);
        gradient_of(&out, ctx, &in, &o);
        assert_within(sample_at(&out, 40, 40), wanted[map], 1e-5 * fabs(wanted[map]));
        eg_grid_free(&out);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* Constants have no derivatives at all, of any size and value; one direction is coherent. */
static void flat_images_and_stripes(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{1, 1}, {1, 9}, {9, 1}, {2, 2}, {300, 3}};
    static const double values[] = {0, 200, 60000.1};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (size_t k = 0; k < COUNT(values); k++)
            for (size_t m = 0; m < COUNT(maps); m++)
                for (double sigma = 0.5; sigma < 50; sigma *= 8) {
                    eg_grid in, out;
                    const eg_gradient_options o = options_of(maps[m].map, sigma);
                    assert_int_equal(
                        eg_grid_new(&in, ctx, sizes[i][0], sizes[i][1], EG_F32, &error), EG_OK);
                    for (size_t y = 0; y < in.height; y++)
                        for (size_t x = 0; x < in.width; x++)
                            set_sample(&in, x, y, values[k]);
                    gradient_of(&out, ctx, &in, &o);
                    for (size_t y = 0; y < in.height; y++)
                        for (size_t x = 0; x < in.width; x++)
                            assert_true(sample_at(&out, x, y) == 0);
                    eg_grid_free(&in);
                    eg_grid_free(&out);
                }
    eg_grid in, out;
    const eg_gradient_options o = options_of(EG_MAP_COHERENCE, 1);
    surface_grid(&in, ctx, 40, true);
    gradient_of(&out, ctx, &in, &o);
    assert_within(sample_at(&out, 20, 20), 1, 1e-5);
    eg_grid_free(&in);
    eg_grid_free(&out);
    eg_context_free(ctx);
}

/* ---- missing samples ---- */

static bool is_hole(size_t x, size_t y)
{
    return (x > 30 && x < 45 && y > 20 && y < 50) || (x == 10 && y == 10) || y == 61;
}

/* Checks a plane of 80 pixels with holes, and a border of `margin` pixels around it. */
static void check_plane_with_holes(double sigma, size_t margin)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, out;
    surface_grid(&in, ctx, 80 + 2 * margin, true);
    for (size_t y = 0; y < 80; y++)
        for (size_t x = 0; x < 80; x++)
            if (is_hole(x, y))
                set_sample(&in, x + margin, y + margin, NAN);
    for (int kind = 0; kind < 8; kind += margin ? 2 : 1) {
        static const eg_gradient_map kinds[] = {
            EG_MAP_X,           EG_MAP_Y,           EG_MAP_LOG, EG_MAP_LAPLACIAN,
            EG_MAP_HESSIAN_MAX, EG_MAP_HESSIAN_MIN, EG_MAP_LOG, EG_MAP_MAGNITUDE};
        eg_gradient_options o = options_of(kinds[kind], sigma);
        o.zero_crossings = kind == 6;
        o.slope = kind == 6 ? 1e-4 : 0;
        o.thin = kind == 7;
        gradient_of(&out, ctx, &in, &o);
        const double wanted = kind == 0 ? 0.7 : kind == 1 ? -0.3 : 0;
        for (size_t y = 12; y < 68; y++)
            for (size_t x = 12; x < 68; x++)
                if (is_hole(x, y) && !o.zero_crossings)
                    assert_true(isnan(sample_at(&out, x + margin, y + margin)));
                else
                    assert_within(sample_at(&out, x + margin, y + margin), wanted, 1e-5);
        eg_grid_free(&out);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* Beside holes the slopes of a plane are those of the plane, its second derivatives 0, and no zero
 * crossing and no maximum follows a rim. */
static void a_plane_with_holes(void **state)
{
    (void)state;
    check_plane_with_holes(1.5, 0);
    check_plane_with_holes(10.5, 85);
}

/* The thinned magnitude of an operator likewise. */
static void a_plane_with_holes_and_an_operator(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const char *name;
    eg_grid in, out;
    surface_grid(&in, ctx, 80, true);
    for (size_t y = 0; y < 80; y++)
        for (size_t x = 0; x < 80; x++)
            if (is_hole(x, y))
                set_sample(&in, x, y, NAN);
    for (size_t i = 0; (name = eg_operator_name(i)); i++) {
        eg_gradient_options o = options_of(EG_MAP_MAGNITUDE, i % 2 ? 1.2 : 0);
        o.op = name;
        o.thin = true;
        gradient_of(&out, ctx, &in, &o);
        for (size_t y = 12; y < 68; y++)
            for (size_t x = 12; x < 68; x++)
                if (is_hole(x, y) ? !isnan(sample_at(&out, x, y)) : sample_at(&out, x, y) != 0)
                    fail_msg("%s: %g at (%zu, %zu)", name, sample_at(&out, x, y), x, y);
        eg_grid_free(&out);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* A sample without any other one within reach has no derivatives. */
static void a_lonely_sample(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, out;
    surface_grid(&in, ctx, 60, true);
    for (size_t y = 0; y < 60; y++)
        for (size_t x = 0; x < 60; x++)
            if (x != 30 || y != 30)
                set_sample(&in, x, y, NAN);
    for (size_t m = 0; m < COUNT(maps); m++) {
        const eg_gradient_options o = options_of(maps[m].map, 1);
        gradient_of(&out, ctx, &in, &o);
        assert_true(sample_at(&out, 30, 30) == 0);
        assert_true(isnan(sample_at(&out, 31, 30)));
        eg_grid_free(&out);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* ---- zero crossings and thinning, from their definitions ---- */

static bool crosses(const eg_grid *map, size_t x, size_t y, int dx, int dy, double slope)
{
    const ptrdiff_t nx = (ptrdiff_t)x + dx, ny = (ptrdiff_t)y + dy;
    if (nx < 0 || ny < 0 || nx >= (ptrdiff_t)map->width || ny >= (ptrdiff_t)map->height)
        return false;
    const double v = sample_at(map, x, y), n = sample_at(map, (size_t)nx, (size_t)ny);
    return v * n < 0 && fabs(v - n) >= slope &&
           (fabs(v) < fabs(n) || (fabs(v) == fabs(n) && dx + dy > 0));
}

static void zero_crossings_are_the_definition(void **state)
{
    (void)state;
    static const double slopes[] = {1e-30, 3};
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid in, map, out;
    noise_grid(&in, ctx, 333, 70, EG_F32, 5, 2);
    for (size_t k = 0; k < 2 * 3; k++) {
        eg_gradient_options o = options_of(EG_MAP_LAPLACIAN + k / 2, 1);
        gradient_of(&map, ctx, &in, &o);
        o.zero_crossings = true;
        o.slope = slopes[k % 2];
        gradient_of(&out, ctx, &in, &o);
        assert_int_equal(out.sample, EG_U8);
        size_t marked = 0;
        for (size_t y = 0; y < 70; y++)
            for (size_t x = 0; x < 333; x++) {
                const bool wanted =
                    crosses(&map, x, y, 1, 0, o.slope) || crosses(&map, x, y, -1, 0, o.slope) ||
                    crosses(&map, x, y, 0, 1, o.slope) || crosses(&map, x, y, 0, -1, o.slope);
                assert_true(sample_at(&out, x, y) == (wanted ? 255 : 0));
                marked += wanted;
            }
        assert_true(marked > 100 && marked < 333 * 70 / 2);
        eg_grid_free(&map);
        eg_grid_free(&out);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* A step of 40 levels between columns 20 and 21 is marked, one pixel wide; a step of 4 is not, and
 * neither is noise of 3 levels. */
static void the_default_slope_keeps_steps(void **state)
{
    (void)state;
    static const double sigmas[] = {0.5, 1, 2, 4, 5.5};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    for (size_t k = 0; k < 3 * COUNT(sigmas); k++) {
        eg_gradient_options o = options_of(EG_MAP_LAPLACIAN + k % 3, sigmas[k / 3]);
        eg_grid in, out;
        o.zero_crossings = true;
        assert_int_equal(eg_grid_new(&in, ctx, 80, 40, EG_U8, &error), EG_OK);
        for (size_t y = 0; y < 40; y++)
            for (size_t x = 0; x < 80; x++)
                set_sample(&in, x, y, 100 + (x > 20 ? 40 : 0) + (x > 50 ? 4 : 0));
        gradient_of(&out, ctx, &in, &o);
        for (size_t y = 0; y < 40; y++) {
            int count = 0;
            for (size_t x = 0; x < 80; x++)
                count += sample_at(&out, x, y) > 0;
            assert_int_equal(count, 1);
            assert_true(sample_at(&out, 20, y) + sample_at(&out, 21, y) > 0);
        }
        eg_grid_free(&in);
        eg_grid_free(&out);
    }
    eg_context_free(ctx);
}

/* Magnitude of the pixel at an offset; 0 outside. */
static double magnitude_at(const eg_grid *m, size_t x, size_t y, int dx, int dy)
{
    const ptrdiff_t nx = (ptrdiff_t)x + dx, ny = (ptrdiff_t)y + dy;
    return nx < 0 || ny < 0 || nx >= (ptrdiff_t)m->width || ny >= (ptrdiff_t)m->height
               ? 0
               : sample_at(m, (size_t)nx, (size_t)ny);
}

/* Returns how far a pixel exceeds the larger one of its interpolated neighbours. */
static double excess(const eg_grid *m, const eg_grid *gx, const eg_grid *gy, size_t x, size_t y)
{
    const double dx = sample_at(gx, x, y), dy = sample_at(gy, x, y);
    const int sx = dx < 0 ? -1 : 1, sy = dy < 0 ? -1 : 1;
    const bool steep = fabs(dy) > fabs(dx);
    const double w = steep ? fabs(dx / dy) : fabs(dy / dx);
    double most = 0;
    for (int side = -1; side <= 1; side += 2) {
        const double axial =
            steep ? magnitude_at(m, x, y, 0, side * sy) : magnitude_at(m, x, y, side * sx, 0);
        const double diagonal = magnitude_at(m, x, y, side * sx, side * sy);
        most = fmax(most, axial + w * (diagonal - axial));
    }
    return sample_at(m, x, y) - most;
}

static void check_thin(eg_context *ctx, const eg_grid *in, const char *op, double sigma)
{
    eg_grid m, gx, gy, thin;
    eg_gradient_options o = options_of(EG_MAP_MAGNITUDE, sigma);
    o.op = op;
    gradient_of(&m, ctx, in, &o);
    o.thin = true;
    gradient_of(&thin, ctx, in, &o);
    o.thin = false;
    o.map = EG_MAP_X;
    gradient_of(&gx, ctx, in, &o);
    o.map = EG_MAP_Y;
    gradient_of(&gy, ctx, in, &o);
    size_t kept = 0;
    for (size_t y = 0; y < m.height; y++)
        for (size_t x = 0; x < m.width; x++) {
            const double value = sample_at(&thin, x, y), whole = sample_at(&m, x, y);
            const double over = whole > 0 ? excess(&m, &gx, &gy, x, y) : 0;
            assert_true(value == 0 || value == whole);
            if (over > 1e-3 * whole)
                assert_true(value == whole);
            if (over < -1e-3 * whole)
                assert_true(value == 0);
            kept += value > 0;
        }
    assert_true(kept > m.width * m.height / 20 && kept < m.width * m.height / 2);
    eg_grid_free(&m);
    eg_grid_free(&gx);
    eg_grid_free(&gy);
    eg_grid_free(&thin);
}

static void thinning_is_the_definition(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const char *name;
    for (size_t k = 0; k < COUNT(samples); k++) {
        eg_grid in;
        noise_grid(&in, ctx, 1100, 40, samples[k], 9, 1);
        for (size_t i = 0; (name = eg_operator_name(i)); i++)
            if (strcmp(name, "roberts") != 0) /* between pixels: coarse directions, many ties */
                check_thin(ctx, &in, name, i % 2 ? 1 : 0);
        check_thin(ctx, &in, "gaussian-derivative", 1.3);
        check_thin(ctx, &in, "farid", 0);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- settings ---- */

/* One input, its expected maps and their options. */
enum { TOGETHER = 13 };

typedef struct input {
    eg_grid in, expected[TOGETHER];
    eg_gradient_options options[TOGETHER];
} input;

static void maps_of(eg_grid out[], eg_context *ctx, const input *p)
{
    eg_error error = {0};
    eg_source *source;
    eg_sink *sinks[TOGETHER];
    for (size_t i = 0; i < TOGETHER; i++) {
        out[i] = (eg_grid){0};
        assert_int_equal(eg_sink_grid(&sinks[i], ctx, &out[i], &error), EG_OK);
    }
    assert_int_equal(eg_source_grid(&source, ctx, &p->in, &error), EG_OK);
    if (eg_gradient_maps(source, sinks, p->options, TOGETHER, &error) != EG_OK)
        fail_msg("%s", error.message);
    eg_source_close(source);
    for (size_t i = 0; i < TOGETHER; i++)
        eg_sink_close(sinks[i]);
}

static void matches(eg_context *ctx, void *opaque)
{
    eg_grid out[TOGETHER];
    const input *p = opaque;
    maps_of(out, ctx, p);
    for (size_t i = 0; i < TOGETHER; i++) {
        assert_grids_equal(&out[i], &p->expected[i]);
        eg_grid_free(&out[i]);
    }
}

/* All maps in one pass, in all settings, are those of passes of their own. */
static void no_setting_changes_a_bit(void **state)
{
    (void)state;
    static const int depths[] = {32, 8, 16};
    eg_context *ctx = test_context(1, 0, "baseline");
    for (int k = 0; k < 4; k++) {
        input p = {0};
        noise_grid(&p.in, ctx, 1061, 47, samples[k % 2], (unsigned)k + 7, 1);
        if (k == 3)
            for (size_t x = 300; x < 340; x++)
                set_sample(&p.in, x, x % 47, NAN);
        for (size_t i = 0; i < TOGETHER; i++) {
            p.options[i] = options_of(i < COUNT(maps) ? maps[i].map
                                      : i == 11       ? EG_MAP_LOG
                                                      : EG_MAP_MAGNITUDE,
                                      k < 2 ? 1.1 : 2.5);
            p.options[i].zero_crossings = i == 11;
            p.options[i].thin = i == 12;
            p.options[i].depth = i == 11 ? 0 : depths[i % COUNT(depths)];
            p.options[i].border = k % 2 ? EG_BORDER_REFLECT : EG_BORDER_REPLICATE;
            gradient_of(&p.expected[i], ctx, &p.in, &p.options[i]);
        }
        for_every_setting(matches, &p);
        for (size_t i = 0; i < TOGETHER; i++)
            eg_grid_free(&p.expected[i]);
        eg_grid_free(&p.in);
    }
    eg_context_free(ctx);
}

/* Nor does one change a bit of the maps of a reduced grid: of a high image of several strips, one
 * with missing samples, and a wide one of several tiles. */
static void no_setting_changes_a_reduced_grid(void **state)
{
    (void)state;
    static const eg_gradient_map some[] = {EG_MAP_DIRECTION, EG_MAP_DOG, EG_MAP_HESSIAN_MIN};
    static const size_t widths[] = {40, 40, 1100}, heights[] = {260, 170, 9};
    eg_context *ctx = test_context(1, 0, "baseline");
    for (size_t k = 0; k < COUNT(widths) * COUNT(some); k++) {
        const size_t i = k / COUNT(some);
        const eg_gradient_options o = options_of(some[k % COUNT(some)], 10.5);
        eg_grid in, expected;
        noise_grid(&in, ctx, widths[i], heights[i], i == 1 ? EG_F32 : EG_U8, 5, 1);
        if (i == 1)
            set_sample(&in, 20, 80, NAN);
        gradient_of(&expected, ctx, &in, &o);
        for (size_t level = 0; level < EG_CPU_LEVELS; level++) {
            eg_context *other;
            eg_grid out;
            if (!eg_cpu_has(level))
                continue;
            other = test_context(1 + (int)level, level, eg_cpu_names[level]);
            gradient_of(&out, other, &in, &o);
            assert_grids_equal(&out, &expected);
            eg_grid_free(&out);
            eg_context_free(other);
        }
        eg_grid_free(&expected);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* Rows 13 .. 29 of the raster are the same as those of the whole. */
static void blocks_of_rows_are_the_whole(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_error error = {0};
    for (size_t k = 0; k < COUNT(maps) * 4; k++) {
        eg_gradient_options o = options_of(maps[k / 4].map, k & 2 ? 21 : 1.5);
        eg_grid in, whole, block = {0};
        eg_source *source;
        eg_sink *sink;
        o.thin = k % 2 && o.map == EG_MAP_MAGNITUDE;
        o.zero_crossings = k % 2 && o.map >= EG_MAP_LAPLACIAN && o.map <= EG_MAP_DOG;
        noise_grid(&in, ctx, 200, 60, EG_F32, 3, 1);
        gradient_of(&whole, ctx, &in, &o);
        assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
        assert_int_equal(eg_source_rows(source, 13, 17, &error), EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &block, &error), EG_OK);
        assert_int_equal(eg_gradient(source, sink, &o, &error), EG_OK);
        assert_int_equal(block.height, 17);
        for (size_t y = 0; y < 17; y++)
            assert_memory_equal((char *)block.data + y * block.stride,
                                (char *)whole.data + (y + 13) * whole.stride,
                                eg_row_bytes(block.sample, 200));
        eg_source_close(source);
        eg_sink_close(sink);
        eg_grid_free(&in);
        eg_grid_free(&whole);
        eg_grid_free(&block);
    }
    eg_context_free(ctx);
}

/* ---- options ---- */

static eg_status status_of(eg_context *ctx, const eg_grid *in, const eg_gradient_options o[],
                           size_t count, eg_error *error)
{
    eg_source *source;
    eg_sink *sinks[2];
    eg_grid out[2] = {{0}, {0}};
    *error = (eg_error){0};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(eg_sink_grid(&sinks[i], ctx, &out[i], error), EG_OK);
    assert_int_equal(eg_source_grid(&source, ctx, in, error), EG_OK);
    const eg_status status = eg_gradient_maps(source, sinks, o, count, error);
    eg_source_close(source);
    for (size_t i = 0; i < 2; i++) {
        eg_sink_close(sinks[i]);
        eg_grid_free(&out[i]);
    }
    return status;
}

static void options_out_of_range(void **state)
{
    (void)state;
    static const struct {
        eg_gradient_options o;
        const char *message;
    } cases[] = {
        {{.map = EG_MAP_LOG, .sigma = 0.2}, "0.3 to 128"},
        {{.map = EG_MAP_LOG, .sigma = 128.5}, "0.3 to 128"},
        {{.map = EG_MAP_LOG, .sigma = NAN}, "0.3 to 128"},
        {{.map = EG_MAP_X, .op = "gaussian-derivative", .sigma = 129}, "0.3 to 128"},
        {{.map = EG_MAP_LAPLACIAN, .sigma = -1}, "0.3 to 128"},
        {{.map = EG_MAP_DOG, .sigma = 90}, "wider sigma"},
        {{.map = EG_MAP_DOG, .dog_ratio = 1}, "ratio"},
        {{.map = EG_MAP_COHERENCE, .integration_sigma = 129}, "integration sigma"},
        {{.map = EG_MAP_COHERENCE, .zero_crossings = true}, "zero crossings need"},
        {{.map = EG_MAP_LOG, .zero_crossings = true, .slope = -1}, "slope"},
        {{.map = EG_MAP_LOG, .zero_crossings = true, .scale = 2}, "no scale"},
        {{.map = EG_MAP_LOG, .zero_crossings = true, .depth = 16}, "no scale"},
        {{.map = EG_MAP_LOG, .thin = true}, "thinning needs"},
        {{.map = EG_MAP_MAGNITUDE, .op = "gaussian", .thin = true}, "thinning needs"},
        {{.map = EG_MAP_COHERENCE + 1}, "unknown map"},
        {{.map = EG_MAP_LOG, .border = (eg_border)7}, "border"},
        {{.map = EG_MAP_LOG, .border = EG_BORDER_CONSTANT, .border_value = 256}, "border value"},
    };
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error;
    eg_grid in;
    noise_grid(&in, ctx, 20, 20, EG_U8, 3, 1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(status_of(ctx, &in, &cases[i].o, 1, &error), EG_USAGE);
        if (!strstr(error.message, cases[i].message))
            fail_msg("case %zu: %s", i, error.message);
    }
    const eg_gradient_options mixed[] = {{.map = EG_MAP_X, .op = "sobel3"},
                                         {.map = EG_MAP_LOG, .op = "sobel3"}};
    assert_int_equal(status_of(ctx, &in, mixed, 2, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "choose the operator gaussian-derivative"));
    const eg_gradient_options apart[] = {{.map = EG_MAP_LOG, .sigma = 1},
                                         {.map = EG_MAP_DOG, .sigma = 2}};
    assert_int_equal(status_of(ctx, &in, apart, 2, &error), EG_USAGE);
    const eg_gradient_options ratios[] = {{.map = EG_MAP_DOG}, {.map = EG_MAP_DOG, .dog_ratio = 2}};
    assert_int_equal(status_of(ctx, &in, ratios, 2, &error), EG_USAGE);
    const eg_gradient_options good[] = {{.map = EG_MAP_LOG, .op = "sobel3"}, {.map = EG_MAP_DOG}};
    assert_int_equal(status_of(ctx, &in, good, 2, &error), EG_OK);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_of_scipy),
        cmocka_unit_test(derivatives_of_a_quadratic),
        cmocka_unit_test(a_gaussian_blob),
        cmocka_unit_test(flat_images_and_stripes),
        cmocka_unit_test(a_plane_with_holes),
        cmocka_unit_test(a_plane_with_holes_and_an_operator),
        cmocka_unit_test(a_lonely_sample),
        cmocka_unit_test(zero_crossings_are_the_definition),
        cmocka_unit_test(the_default_slope_keeps_steps),
        cmocka_unit_test(thinning_is_the_definition),
        cmocka_unit_test(no_setting_changes_a_bit),
        cmocka_unit_test(no_setting_changes_a_reduced_grid),
        cmocka_unit_test(blocks_of_rows_are_the_whole),
        cmocka_unit_test(options_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
