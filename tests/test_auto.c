/* SPDX-License-Identifier: MIT */
/* Automatic thresholds say what they did, and no setting changes a bit of any edge. */
#include <math.h>
#include <stdlib.h>

#include "edge/threshold.h"
#include "gradient/operators.h"
#include "oracle.h"

static const eg_sample samples[] = {EG_U8, EG_F32};
static const eg_norm norms[] = {EG_NORM_L1, EG_NORM_L2};

/* ---- codes: sorting by them is comparing with the threshold they stand for ---- */

enum { BATCH = 512 };

/* Magnitudes of one kind, as the kernels keep them. */
typedef union magnitudes {
    int16_t i16[BATCH + 64];
    int32_t i32[BATCH + 64];
    float f32[BATCH + 64];
} magnitudes;

static bool is_above(const magnitudes *m, eg_response_kind kind, size_t i,
                     const eg_thresholds *levels)
{
    switch (kind) {
    case EG_RESPONSE_I16_L1:
        return m->i16[i] > levels->low;
    case EG_RESPONSE_I16_L2:
        return m->i32[i] > levels->low;
    case EG_RESPONSE_F32_L1:
    case EG_RESPONSE_F32_L2:
        return m->f32[i] > levels->low_f;
    }
    return false;
}

/* Magnitudes about a threshold, on both sides, as dense as they get. */
static void fill_about(magnitudes *m, eg_response_kind kind, const eg_thresholds *levels)
{
    float f = levels->low_f;
    for (int i = 0; i < BATCH / 2; i++)
        f = nextafterf(f, 0);
    for (int i = 0; i < BATCH; i++, f = nextafterf(f, INFINITY)) {
        if (kind == EG_RESPONSE_I16_L1)
            m->i16[i] =
                (int16_t)(levels->low + i - BATCH / 2 < 0 ? 0 : levels->low + i - BATCH / 2);
        else if (kind == EG_RESPONSE_I16_L2)
            m->i32[i] = levels->low + i - BATCH / 2 < 0 ? 0 : levels->low + i - BATCH / 2;
        else
            m->f32[i] = f;
    }
}

/* The greatest magnitude that sums of this operator can have. */
static double most_of(const eg_scale *scale, const oracle_operator *op)
{
    double most = 255.0 * oracle_most(op) / (1 << scale->shift);
    return scale->kind == EG_RESPONSE_I16_L1   ? 2 * most
           : scale->kind == EG_RESPONSE_I16_L2 ? 2 * most * most
                                               : INFINITY;
}

static void check_codes(const eg_scale *scale, const oracle_operator *op, eg_cpu_level cpu)
{
    static magnitudes m;
    uint8_t codes[BATCH + 64];
    const eg_edge_kernels *kernels = eg_edge_kernels_for(cpu);
    eg_thresholds floor;
    eg_binning coder = eg_binning_init(scale, &floor);
    for (int code = 1; code < EG_BINS; code++) {
        double sum = eg_bin_response(&coder, scale, code);
        eg_thresholds levels = eg_thresholds_from_responses(scale, sum, sum);
        fill_about(&m, scale->kind, &levels);
        if (!isinf(most_of(scale, op)) && levels.low + BATCH / 2 > most_of(scale, op))
            break;
        kernels->code[scale->kind](codes, &m, BATCH, coder.base);
        for (size_t i = 0; i < BATCH; i++)
            if (is_above(&m, scale->kind, i, &levels) != (codes[i] >= code))
                fail_msg(
                    "%s kind %d white %g: magnitude %d or %.9g has code %d, threshold %d or %.9g "
                    "stands for %d",
                    op->name, scale->kind, scale->white_level, m.i32[i], (double)m.f32[i], codes[i],
                    levels.low, (double)levels.low_f, code);
    }
}

static void codes_are_thresholds(void **state)
{
    (void)state;
    static const double whites[] = {255, 65535, 1, 1000, 4000.25};
    for (size_t i = 0; i < EG_OPERATORS; i++) {
        for (int kind = 0; kind < EG_RESPONSE_KINDS; kind++) {
            bool integer = kind == EG_RESPONSE_I16_L1 || kind == EG_RESPONSE_I16_L2;
            for (size_t w = 0; w < (integer ? 1 : COUNT(whites)); w++) {
                const eg_scale scale = {.kind = (eg_response_kind)kind,
                                        .divisor = eg_operators[i].divisor,
                                        .shift = integer ? eg_operators[i].shift : 0,
                                        .white_level = whites[w]};
                for (size_t cpu = 0; cpu < EG_CPU_LEVELS; cpu++)
                    if (eg_cpu_has(cpu))
                        check_codes(&scale, oracle_find(eg_operators[i].name), cpu);
            }
        }
    }
}

/* ---- what is reported ---- */

/* Thresholds that were found or completed, given back as they are reported, find the same edges. */
static void check_rerun(eg_context *ctx, const eg_grid *in, const eg_edges_options *options)
{
    eg_grid first, again;
    eg_edges_result found, given;
    edges_of(&first, ctx, in, options, &found);
    assert_int_equal(found.automatic, isnan(options->low) && isnan(options->high));
    assert_true(found.low <= found.high && found.low_sum <= found.high_sum);
    for (int unit = EG_UNIT_RESPONSE; unit <= EG_UNIT_PIXEL; unit++) {
        eg_edges_options o = *options;
        o.unit = (eg_threshold_unit)unit;
        o.low = unit == EG_UNIT_RESPONSE ? found.low_sum : found.low;
        o.high = unit == EG_UNIT_RESPONSE ? found.high_sum : found.high;
        edges_of(&again, ctx, in, &o, &given);
        assert_grids_equal(&again, &first);
        assert_int_equal(given.edge_pixels, found.edge_pixels);
        assert_false(given.automatic);
        assert_true(given.low_sum == found.low_sum || unit == EG_UNIT_PIXEL);
        eg_grid_free(&again);
    }
    eg_grid_free(&first);
}

static void check_reruns(eg_context *ctx, const eg_grid *in)
{
    /* Both found; one of the two found. */
    static const double lows[] = {NAN, NAN, 40}, highs[] = {NAN, 90, NAN};
    const char *name;
    for (size_t i = 0; (name = eg_operator_name(i)); i++) {
        for (size_t k = 0; k < 2 * COUNT(norms) * COUNT(lows); k++) {
            eg_edges_options o;
            eg_edges_default(&o);
            o.op = name;
            o.norm = norms[k % COUNT(norms)];
            o.sigma = k / 2 % 2 ? 1.4 : 0;
            o.low = lows[k / 4];
            o.high = highs[k / 4];
            check_rerun(ctx, in, &o);
            if (isnan(o.low)) {
                o.method = EG_EDGE_THRESHOLD;
                check_rerun(ctx, in, &o);
            }
        }
    }
}

static void reported_thresholds_find_the_same_edges(void **state)
{
    (void)state;
    static const float whites[] = {255, 65535, 1, 300};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; k < COUNT(samples); k++) {
        for (unsigned seed = 0; seed < COUNT(whites); seed++) {
            eg_grid in;
            noise_grid(&in, ctx, 90, 40, samples[k], seed, (int)seed % 3);
            for (size_t i = 0; samples[k] == EG_F32 && i < in.width * in.height; i++)
                set_sample(&in, i % in.width, i / in.width,
                           sample_at(&in, i % in.width, i / in.width) / 255 * whites[seed]);
            in.white_level = samples[k] == EG_F32 ? whites[seed] : 255;
            check_reruns(ctx, &in);
            eg_grid_free(&in);
        }
    }
    eg_context_free(ctx);
}

static void nothing_is_found_where_nothing_is(void **state)
{
    (void)state;
    static const size_t sides[] = {1, 2, 64, 130};
    eg_context *ctx = test_context(2, 0, NULL);
    const char *name;
    for (size_t k = 0; k < COUNT(samples) * COUNT(sides); k++) {
        eg_grid in, out;
        eg_edges_result result;
        size_t side = sides[k / 2];
        noise_grid(&in, ctx, side, side, samples[k % 2], 1, 0);
        for (size_t i = 0; i < side * side; i++)
            set_sample(&in, i % side, i / side, 77);
        for (size_t i = 0; (name = eg_operator_name(i)); i++) {
            for (int given = 0; given < 2; given++) {
                eg_edges_options o;
                eg_edges_default(&o);
                o.op = name;
                o.low = o.high = given ? 0 : NAN;
                o.sigma =
                    samples[k % 2] == EG_U8 ? 1.4 : 0; /* floats smoothed are not quite flat */
                edges_of(&out, ctx, &in, &o, &result);
                assert_int_equal(result.edge_pixels, 0);
                eg_grid_free(&out);
            }
        }
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- floats ---- */

/* Floats smoothed are no integers, so the oracle, in doubles, may decide a tie of two neighbours in
 * another way; equal thresholds keep that from spreading. The oracle's integers are 1024ths. */
static void smoothed_floats_are_near_the_oracle(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    const char *name;
    eg_grid in, out;
    noise_grid(&in, ctx, 200, 150, EG_F32, 9, 1);
    in.white_level = 255;
    plane image = plane_of(&in), smooth = oracle_blur(&image, 1.4, EG_F32, EG_BORDER_REPLICATE, 0);
    uint8_t *candidate = malloc(in.width * in.height), *edge = malloc(in.width * in.height);
    for (size_t i = 0; (name = eg_operator_name(i)); i++) {
        plane gx, gy;
        size_t wrong = 0, edges = 0;
        eg_edges_options o;
        eg_edges_default(&o);
        o.op = name;
        o.low = o.high = 5;
        o.unit = EG_UNIT_PIXEL;
        const oracle_operator *op = oracle_find(name);
        edges_of(&out, ctx, &in, &o, NULL);
        oracle_sums(&smooth, op, EG_BORDER_REPLICATE, 0, &gx, &gy);
        for (size_t k = 0; k < in.width * in.height; k++) {
            gx.at[k] = rint(gx.at[k] * 1024);
            gy.at[k] = rint(gy.at[k] * 1024);
        }
        double level = 5 * op->divisor * 1024;
        oracle_thin(&gx, &gy, EG_NORM_L2, level * level, level * level, candidate, edge);
        for (size_t k = 0; k < in.width * in.height; k++) {
            wrong += edge[k] != (sample_at(&out, k % in.width, k / in.width) > 0);
            edges += edge[k];
        }
        assert_true(edges > 1000 && wrong <= edges / 1000);
        plane_free(&gy);
        plane_free(&gx);
        eg_grid_free(&out);
    }
    free(edge);
    free(candidate);
    plane_free(&smooth);
    plane_free(&image);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* With equal thresholds nothing is linked, so a sample that is no number matters only nearby. */
static void nan_stays_where_it_is(void **state)
{
    (void)state;
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    eg_context *ctx = test_context(2, 3, NULL);
    for (size_t k = 0; k < 2 * COUNT(bad); k++) {
        eg_grid in, clean, out;
        eg_edges_options o;
        eg_edges_default(&o);
        o.low = o.high = 30;
        o.norm = norms[k % 2];
        const size_t reach = 2 + (size_t)oracle_radius(o.sigma, EG_F32);
        noise_grid(&in, ctx, 70, 50, EG_F32, 5, 1);
        edges_of(&clean, ctx, &in, &o, NULL);
        set_sample(&in, 40, 20, bad[k / 2]);
        edges_of(&out, ctx, &in, &o, NULL);
        for (size_t y = 0; y < in.height; y++)
            for (size_t x = 0; x < in.width; x++)
                if (x + reach < 40 || x > 40 + reach || y + reach < 20 || y > 20 + reach)
                    assert_true(sample_at(&out, x, y) == sample_at(&clean, x, y));
        eg_grid_free(&out);
        o.low = o.high = NAN; /* chosen from what is left */
        edges_of(&out, ctx, &in, &o, NULL);
        eg_grid_free(&out);
        eg_grid_free(&clean);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- the same bits always ---- */

typedef struct picture {
    eg_grid in;
    eg_edges_options options;
    eg_grid expected;
    eg_edges_result result;
} picture;

static void matches(eg_context *ctx, void *opaque)
{
    eg_grid out;
    eg_edges_result result;
    const picture *p = opaque;
    edges_of(&out, ctx, &p->in, &p->options, &result);
    assert_grids_equal(&out, &p->expected);
    assert_int_equal(result.edge_pixels, p->result.edge_pixels);
    assert_true(result.low_sum == p->result.low_sum && result.high_sum == p->result.high_sum);
    eg_grid_free(&out);
}

static void no_setting_changes_a_bit(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, "baseline");
    const char *name;
    for (size_t i = 0; (name = eg_operator_name(i)); i++) {
        for (unsigned k = 0; k < 8; k++) {
            picture p = {0};
            eg_edges_default(&p.options);
            p.options.op = name;
            p.options.norm = norms[k / 2 % 2];
            p.options.method = (i + k) % 3 ? EG_EDGE_CANNY : EG_EDGE_THRESHOLD;
            p.options.border = (eg_border)((i + k / 2) % 3);
            p.options.sigma = (i + k / 2) % 2 ? 1.1 : 0;
            p.options.low = k / 4 % 2 ? 4 : NAN;
            p.options.high = k / 4 % 2 ? 9 : NAN;
            p.options.unit = EG_UNIT_PIXEL;
            noise_grid(&p.in, ctx, 1061, 19, samples[k % 2], k + 7, 1);
            p.in.white_level = 255;
            edges_of(&p.expected, ctx, &p.in, &p.options, &p.result);
            assert_true(p.result.edge_pixels > 0);
            for_every_setting(matches, &p);
            eg_grid_free(&p.expected);
            eg_grid_free(&p.in);
        }
    }
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_thresholds),
        cmocka_unit_test(reported_thresholds_find_the_same_edges),
        cmocka_unit_test(nothing_is_found_where_nothing_is),
        cmocka_unit_test(smoothed_floats_are_near_the_oracle),
        cmocka_unit_test(nan_stays_where_it_is),
        cmocka_unit_test(no_setting_changes_a_bit),
    };
    return cmocka_run_group_tests_name("auto", tests, NULL, NULL);
}
