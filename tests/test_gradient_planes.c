/* SPDX-License-Identifier: MIT */
/* eg_gradient() of three planes, and with the operator "gaussian", against the definitions. */
#include <math.h>
#include <string.h>

#include "colours.h"
#include "core/stream.h"
#include "oracle.h"

static const eg_sample samples[] = {EG_U8, EG_F32};

/* All maps, the magnitude in both norms, and x in both norms. */
static const struct {
    eg_gradient_map map;
    eg_norm norm;
} maps[] = {{EG_MAP_MAGNITUDE, EG_NORM_L2}, {EG_MAP_MAGNITUDE, EG_NORM_L1},
            {EG_MAP_X, EG_NORM_L2},         {EG_MAP_X, EG_NORM_L1},
            {EG_MAP_Y, EG_NORM_L2},         {EG_MAP_DIRECTION, EG_NORM_L2}};

/* ---- operators ---- */

/* Fails unless a map is that of the plane with the largest magnitude; integers, so exactly. */
static void check_map(const eg_grid *out, const plane gx[3], const plane gy[3],
                      const oracle_operator *op, const eg_gradient_options *o)
{
    for (size_t i = 0; i < out->width * out->height; i++) {
        const size_t x = i % out->width, y = i / out->width;
        size_t best = 2;
        double largest = -1;
        for (size_t p = 3; p-- > 0;) {
            double u = gx[p].at[i], v = gy[p].at[i];
            double m = o->norm == EG_NORM_L1 ? fabs(u) + fabs(v) : u * u + v * v;
            best = m > largest ? p : best;
            largest = m > largest ? m : largest;
        }
        double want = oracle_map(gx[best].at[i], gy[best].at[i], op->divisor, o->map, o->norm);
        double got = sample_at(out, x, y);
        double apart = o->map == EG_MAP_DIRECTION ? degrees_apart(got, want) : fabs(got - want);
        if (apart > 1e-6 * (60 + fabs(want)))
            fail_msg("%s map %d norm %d: (%zu, %zu) is %g, not %g", o->op, o->map, o->norm, x, y,
                     got, want);
    }
}

static void maps_take_the_largest_gradient(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 5, NULL);
    const char *name;
    for (size_t i = 0; (name = eg_operator_name(i)); i++)
        for (size_t k = 0; k < 6; k++) {
            const oracle_operator *op = oracle_find(name);
            eg_gradient_options o;
            eg_grid planes[3], out;
            plane gx[3], gy[3];
            eg_gradient_default(&o);
            o.op = name;
            o.border = k / 2 % 2 ? EG_BORDER_REFLECT : EG_BORDER_REPLICATE;
            noise_colours(planes, ctx, k < 4 ? 40 : 1090, k < 4 ? 33 : 7, samples[k % 2],
                          (unsigned)k, 5, 4);
            for (size_t p = 0; p < 3; p++) {
                plane image = plane_of(&planes[p]);
                oracle_responses(&image, op, o.border, 0, &gx[p], &gy[p]);
                plane_free(&image);
            }
            for (size_t m = 0; m < COUNT(maps); m++) {
                o.map = maps[m].map;
                o.norm = maps[m].norm;
                gradient_of_colours(&out, ctx, planes, &o);
                check_map(&out, gx, gy, op, &o);
                eg_grid_free(&out);
            }
            for (size_t p = 0; p < 3; p++) {
                plane_free(&gx[p]);
                plane_free(&gy[p]);
            }
            free_colours(planes);
        }
    eg_context_free(ctx);
}

/* ---- "gaussian" ---- */

/* An opponent channel of the square roots of three planes, or the root of one. */
static double channel(const eg_grid planes[], size_t count, size_t i, ptrdiff_t x, ptrdiff_t y,
                      eg_border border)
{
    double v[3] = {0};
    const size_t at_x = (size_t)oracle_border(x, planes->width, border);
    const size_t at_y = (size_t)oracle_border(y, planes->height, border);
    for (size_t p = 0; p < count; p++)
        v[p] = 255 * sqrt(sample_at(&planes[p], at_x, at_y) / (double)planes->white_level);
    if (count == 1)
        return v[0];
    return i == 0 ? (v[0] + v[1] + v[2]) / 3 : i == 1 ? v[0] - v[1] : v[2] - (v[0] + v[1]) / 2;
}

/* Sets g to x and y derivatives of a channel by the derivatives of a Gaussian. Returns false if
 * they reach a NaN. */
static bool derive(const eg_grid planes[], size_t count, size_t i, size_t x, size_t y, double sigma,
                   eg_border border, double g[2])
{
    const int radius = (int)ceil(3 * sigma);
    double weight[64] = {0}, sum = 0, moment = 0, f[3] = {0};
    bool valid = true;
    for (int k = -radius; k <= radius; k++) {
        weight[radius + k] = exp(-k * k / (2 * sigma * sigma));
        sum += weight[radius + k];
        moment += k * k * weight[radius + k];
    }
    for (int j = -radius; j <= radius; j++)
        for (int k = -radius; k <= radius; k++) {
            double c = channel(planes, count, i, (ptrdiff_t)x + k, (ptrdiff_t)y + j, border);
            double wx = weight[radius + k], wy = weight[radius + j];
            double w[3] = {wx * wy / (sum * sum), k * wx / moment * wy / sum,
                           j * wy / moment * wx / sum};
            valid = valid && !isnan(c);
            for (int n = 0; n < 3; n++)
                f[n] += w[n] * c;
        }
    g[0] = f[1];
    g[1] = f[2];
    return valid;
}

static void check_field(const eg_grid *magnitude, const eg_grid *direction, const eg_grid planes[],
                        size_t count, double sigma, eg_border border)
{
    const double weights[] = {1, 1.5, 1.5};
    for (size_t n = 0; n < planes->width * planes->height; n++) {
        const size_t x = n % planes->width, y = n / planes->width;
        double xx = 0, xy = 0, yy = 0;
        if (isnan(sample_at(&planes[0], x, y))) {
            assert_true(isnan(sample_at(magnitude, x, y)) && isnan(sample_at(direction, x, y)));
            continue;
        }
        bool valid = true;
        for (size_t i = 0; i < count; i++) {
            double g[2], w = weights[i] * weights[i];
            valid = derive(planes, count, i, x, y, sigma, border, g) && valid;
            xx += w * g[0] * g[0];
            xy += w * g[0] * g[1];
            yy += w * g[1] * g[1];
        }
        if (!valid) { /* beside a hole: see test_colour_missing.c */
            assert_true(isfinite(sample_at(magnitude, x, y)));
            continue;
        }
        double root = sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
        assert_within(sample_at(magnitude, x, y), sqrt((xx + yy) / 2 + root), 2e-3);
        double degrees = atan2(2 * xy, xx - yy) * 90 / acos(-1);
        degrees += degrees < 0 ? 180 : 0;
        double got = sample_at(direction, x, y);
        assert_true(got >= 0 && got < 180);
        if (root > 0.05 * (xx + yy) && root > 0.1) /* a direction that rounding does not decide */
            assert_true(degrees_apart(2 * got, 2 * degrees) < 0.2);
    }
}

static void gaussian_maps_are_the_tensor(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 5, NULL);
    for (size_t k = 0; k < 12; k++) {
        eg_grid planes[3], out[2];
        eg_gradient_options o;
        eg_gradient_default(&o);
        const bool grey = k % 3 == 2;
        o.op = "gaussian";
        o.sigma = k % 4 == 3 ? 0 : 0.5 + 0.4 * (double)(k % 4);
        o.border = k % 2 ? EG_BORDER_REFLECT : EG_BORDER_REPLICATE;
        noise_colours(planes, ctx, 37, 26, samples[k / 6], (unsigned)k, 200, 255);
        if (k >= 6 && k % 2)
            punch_colours(planes, (unsigned)k);
        for (size_t i = 0; i < 2; i++) {
            o.map = i ? EG_MAP_DIRECTION : EG_MAP_MAGNITUDE;
            if (grey)
                gradient_of(&out[i], ctx, &planes[0], &o);
            else
                gradient_of_colours(&out[i], ctx, planes, &o);
        }
        check_field(&out[0], &out[1], planes, grey ? 1 : 3, o.sigma == 0 ? 1 : o.sigma, o.border);
        eg_grid_free(&out[0]);
        eg_grid_free(&out[1]);
        free_colours(planes);
    }
    eg_context_free(ctx);
}

/* ---- identical bits ---- */

typedef struct colours {
    eg_grid planes[3], expected;
    eg_gradient_options options;
} colours;

static void matches(eg_context *ctx, void *opaque)
{
    const colours *c = opaque;
    eg_grid out;
    gradient_of_colours(&out, ctx, c->planes, &c->options);
    assert_grids_equal(&out, &c->expected);
    eg_grid_free(&out);
}

static void no_setting_changes_a_bit(void **state)
{
    (void)state;
    static const int depths[] = {32, 8, 16};
    eg_context *ctx = test_context(1, 0, "baseline");
    for (size_t k = 0; k < 24; k++) {
        colours c = {0};
        const bool gaussian = k % 3 == 2;
        eg_gradient_default(&c.options);
        c.options.op = gaussian ? "gaussian" : k % 2 ? "sobel5" : "roberts";
        c.options.map = maps[k % COUNT(maps)].map;
        c.options.norm = maps[k % COUNT(maps)].norm;
        if (gaussian)
            c.options.map = k % 2 ? EG_MAP_DIRECTION : EG_MAP_MAGNITUDE;
        c.options.sigma = k / 6 % 2 ? 1.3 : 0;
        c.options.depth = depths[k / 3 % 3];
        noise_colours(c.planes, ctx, 1061, 19, samples[k / 12], (unsigned)k, 7, 255);
        if (k >= 16)
            punch_colours(c.planes, (unsigned)k);
        gradient_of_colours(&c.expected, ctx, c.planes, &c.options);
        for_every_setting(matches, &c);
        eg_grid_free(&c.expected);
        free_colours(c.planes);
    }
    eg_context_free(ctx);
}

/* Maps of both norms in one pass are those of passes of their own; so are row blocks. */
static void passes_and_blocks_agree(void **state)
{
    (void)state;
    enum { HEIGHT = 44, CUT = 17 };
    eg_context *ctx = test_context(2, 6, NULL);
    for (size_t k = 0; k < 4; k++) {
        eg_grid planes[3], alone[2], parts[2] = {{0}};
        eg_gradient_options o[2];
        const bool gaussian = k / 2;
        noise_colours(planes, ctx, 90, HEIGHT, samples[k % 2], (unsigned)k, 9, 255);
        for (size_t i = 0; i < 2; i++) {
            eg_gradient_default(&o[i]);
            o[i].op = gaussian ? "gaussian" : "scharr";
            o[i].sigma = 1.2;
            o[i].norm = i ? EG_NORM_L1 : EG_NORM_L2;
            o[i].map = gaussian && i ? EG_MAP_DIRECTION : EG_MAP_MAGNITUDE;
            gradient_of_colours(&alone[i], ctx, planes, &o[i]);
        }
        for (size_t part = 0; part < 2; part++) {
            eg_sink *sinks[2];
            eg_source *source = colour_source(ctx, planes);
            const size_t first = part ? CUT : 0, rows = part ? HEIGHT - CUT : CUT;
            assert_int_equal(eg_source_rows(source, first, rows, NULL), EG_OK);
            for (size_t i = 0; i < 2; i++) {
                parts[i] = (eg_grid){0};
                assert_int_equal(eg_sink_grid(&sinks[i], ctx, &parts[i], NULL), EG_OK);
            }
            assert_int_equal(eg_gradient_maps(source, sinks, o, 2, NULL), EG_OK);
            for (size_t i = 0; i < 2; i++) {
                eg_sink_close(sinks[i]);
                assert_int_equal(parts[i].height, rows);
                for (size_t n = 0; n < 90 * rows; n++)
                    assert_true(sample_at(&parts[i], n % 90, n / 90) ==
                                sample_at(&alone[i], n % 90, n / 90 + first));
                eg_grid_free(&parts[i]);
            }
            eg_source_close(source);
        }
        for (size_t i = 0; i < 2; i++)
            eg_grid_free(&alone[i]);
        free_colours(planes);
    }
    eg_context_free(ctx);
}

static void options_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    eg_error error;
    eg_gradient_options o[6];
    noise_grid(&in, ctx, 30, 20, EG_U8, 1, 1);
    for (size_t i = 0; i < COUNT(o); i++) {
        eg_gradient_default(&o[i]);
        o[i].op = "gaussian";
    }
    o[0].map = EG_MAP_X;
    o[1].map = EG_MAP_Y;
    o[2].sigma = 0.4;
    o[3].sigma = 16.5;
    o[4].border = EG_BORDER_CONSTANT;
    o[5].sigma = NAN;
    for (size_t i = 0; i < COUNT(o); i++)
        assert_int_equal(gradient_status(ctx, &in, &o[i], &error), EG_USAGE);
    o[3].sigma = 16;
    assert_int_equal(gradient_status(ctx, &in, &o[3], &error), EG_OK);
    for (size_t i = 0; eg_operator_name(i); i++)
        assert_string_not_equal(eg_operator_name(i), "gaussian");
    eg_grid_free(&in);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_take_the_largest_gradient),
        cmocka_unit_test(gaussian_maps_are_the_tensor),
        cmocka_unit_test(no_setting_changes_a_bit),
        cmocka_unit_test(passes_and_blocks_agree),
        cmocka_unit_test(options_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests_name("gradient planes", tests, NULL, NULL);
}
