/* SPDX-License-Identifier: MIT */
/* Automatic thresholds: the reported values reproduce the edges, and no setting changes a bit of
 * them. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "edge/canny/threshold.h"
#include "gradient/operators.h"
#include "oracle.h"

static const eg_sample samples[] = {EG_U8, EG_F32};
static const eg_norm norms[] = {EG_NORM_L1, EG_NORM_L2};

/* ---- bins: comparing bins equals comparing magnitudes with the bin's threshold ---- */

enum { BATCH = 512 };

/* Fills `m` with adjacent integer magnitudes on both sides of the threshold. */
static void fill_integers(void *m, eg_magnitude_kind kind, int32_t threshold)
{
    for (int i = 0; i < BATCH; i++) {
        int32_t v = threshold + i - BATCH / 2 < 0 ? 0 : threshold + i - BATCH / 2;
        if (kind == EG_MAGNITUDE_I16_L1)
            ((int16_t *)m)[i] = (int16_t)v;
        else
            ((int32_t *)m)[i] = v;
    }
}

/* Returns the maximum magnitude of this operator. */
static double max_magnitude(const eg_response_scale *scale, const oracle_operator *op)
{
    double max_response = 255.0 * oracle_max_response(op) / (1 << scale->shift);
    return scale->kind == EG_MAGNITUDE_I16_L1 ? 2 * max_response : 2 * max_response * max_response;
}

/* Checks that the bins of some pixels, collected in order, are `bins` of these. */
static void check_collected(const eg_bin_kernels *kernels, eg_magnitude_kind kind, const void *m,
                            const uint8_t *bins, int32_t base)
{
    static const uint64_t patterns[] = {0,
                                        UINT64_MAX,
                                        1,
                                        (uint64_t)1 << 63,
                                        UINT64_C(0x8421F00FFFFF0001),
                                        UINT64_C(0x0123456789ABCDEF)};
    uint64_t candidate[BATCH / 64];
    uint8_t collected[BATCH + EG_BINS_SLACK];
    for (size_t i = 0; i < BATCH / 64; i++)
        candidate[i] = patterns[(i + (size_t)base) % COUNT(patterns)];
    const uint8_t *end = kernels->collect[kind](collected, m, candidate, BATCH / 64, base);
    const uint8_t *next = collected;
    for (size_t i = 0; i < BATCH; i++)
        if (candidate[i / 64] >> i % 64 & 1)
            assert_int_equal(*next++, bins[i]);
    assert_ptr_equal(next, end);
}

static void check_integer_bins(const eg_response_scale *scale, const oracle_operator *op,
                               eg_cpu_level cpu)
{
    static int32_t m[BATCH + 64];
    uint8_t bins[BATCH + 64];
    const eg_bin_kernels *kernels = eg_bin_kernels_for(cpu);
    const int32_t base = eg_least_integer_bin(scale);
    for (int bin = 1; bin < EG_INTEGER_BINS; bin++) {
        double response = eg_bin_threshold(scale, base + bin);
        int32_t threshold = eg_thresholds_from_responses(scale, response, response).low;
        if (threshold + BATCH / 2 > max_magnitude(scale, op))
            break;
        fill_integers(m, scale->kind, threshold);
        kernels->bin[scale->kind](bins, m, BATCH, base);
        check_collected(kernels, scale->kind, m, bins, base);
        for (size_t i = 0; i < BATCH; i++) {
            int32_t v = scale->kind == EG_MAGNITUDE_I16_L1 ? ((int16_t *)m)[i] : m[i];
            if ((v > threshold) != (bins[i] >= bin))
                fail_msg("%s kind %d: magnitude %d has bin %d, threshold %d stands for %d",
                         op->name, scale->kind, v, bins[i], threshold, bin);
        }
    }
}

/* Checks the bins of all magnitudes, a few octaves at a time, because bins are relative to the
 * largest magnitude of a batch. */
static void check_float_bins(const eg_response_scale *scale, eg_cpu_level cpu)
{
    static float m[BATCH];
    int16_t bins[BATCH];
    const eg_bin_kernels *kernels = eg_bin_kernels_for(cpu);
    for (int32_t index = 1; index < 255 * EG_FLOAT_BINS_PER_OCTAVE; index += 997) {
        double response = eg_bin_threshold(scale, index);
        float threshold = eg_thresholds_from_responses(scale, response, response).low_f;
        float f = threshold;
        for (int i = 0; i < BATCH / 2; i++)
            f = nextafterf(f, 0);
        for (int i = 0; i < BATCH; i++, f = nextafterf(f, INFINITY))
            m[i] = f;
        m[0] = fminf(threshold * (float)(index % 3000 + 2), FLT_MAX);
        m[1] = m[0] / 100000;
        int32_t base = kernels->bin_floats(bins, m, BATCH);
        if (m[0] < FLT_MAX)
            assert_int_equal(bins[0], INT16_MAX);
        if (m[1] >= FLT_MIN)
            assert_int_equal(bins[1], INT16_MIN);
        for (size_t i = 0; i < BATCH; i++)
            if ((m[i] > threshold) != (base + bins[i] >= index))
                fail_msg("white %g: magnitude %.9g has bin %d, threshold %.9g stands for %d",
                         scale->white_level, (double)m[i], base + bins[i], (double)threshold,
                         index);
    }
}

static void bins_are_thresholds(void **state)
{
    (void)state;
    static const double white_levels[] = {255, 65535, 1, 1e-30, 4000.25, 1e30};
    for (size_t cpu = 0; cpu < EG_CPU_LEVELS; cpu++) {
        for (size_t i = 0; i < EG_OPERATORS && eg_cpu_has(cpu); i++) {
            for (int kind = EG_MAGNITUDE_I16_L1; kind <= EG_MAGNITUDE_I16_L2; kind++) {
                const eg_response_scale scale = {.kind = (eg_magnitude_kind)kind,
                                                 .divisor = eg_operators[i].divisor,
                                                 .shift = eg_operators[i].shift,
                                                 .white_level = 255};
                check_integer_bins(&scale, oracle_find(eg_operators[i].name), cpu);
            }
        }
        for (size_t w = 0; w < COUNT(white_levels) && eg_cpu_has(cpu); w++) {
            const eg_response_scale scale = {
                .kind = EG_MAGNITUDE_F32_L2, .divisor = 8, .white_level = white_levels[w]};
            check_float_bins(&scale, cpu);
        }
    }
}

/* ---- reported thresholds ---- */

/* Checks that automatic or completed thresholds, given back as reported, produce the same edges. */
static void check_rerun(eg_context *ctx, const eg_grid *in, const eg_edges_options *options)
{
    eg_grid first, again;
    eg_edges_result found, given;
    edges_of(&first, ctx, in, options, &found);
    assert_int_equal(found.automatic, isnan(options->low) && isnan(options->high));
    assert_true(found.low <= found.high && found.low_response <= found.high_response);
    for (int unit = EG_UNIT_RESPONSE; unit <= EG_UNIT_PIXEL; unit++) {
        eg_edges_options o = *options;
        o.unit = (eg_threshold_unit)unit;
        o.low = unit == EG_UNIT_RESPONSE ? found.low_response : found.low;
        o.high = unit == EG_UNIT_RESPONSE ? found.high_response : found.high;
        edges_of(&again, ctx, in, &o, &given);
        assert_grids_equal(&again, &first);
        assert_int_equal(given.edge_pixels, found.edge_pixels);
        assert_false(given.automatic);
        assert_true(given.low_response == found.low_response || unit == EG_UNIT_PIXEL);
        eg_grid_free(&again);
    }
    eg_grid_free(&first);
}

static void check_reruns(eg_context *ctx, const eg_grid *in)
{
    /* both automatic; the low one or the high one completed */
    static const double lows[] = {NAN, NAN, 40}, highs[] = {NAN, 90, NAN};
    const char *name;
    for (size_t i = 0; (name = eg_operator_name(i)); i++) {
        for (size_t k = 0; k < 2 * COUNT(norms) * COUNT(lows); k++) {
            eg_edges_options o;
            default_sobel_edges(&o);
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
    static const float white_levels[] = {255, 65535, 1, 300};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; k < COUNT(samples); k++) {
        for (unsigned seed = 0; seed < COUNT(white_levels); seed++) {
            eg_grid in;
            noise_grid(&in, ctx, 90, 40, samples[k], seed, (int)seed % 3);
            for (size_t i = 0; samples[k] == EG_F32 && i < in.width * in.height; i++)
                set_sample(&in, i % in.width, i / in.width,
                           sample_at(&in, i % in.width, i / in.width) / 255 * white_levels[seed]);
            in.white_level = samples[k] == EG_F32 ? white_levels[seed] : 255;
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
                default_sobel_edges(&o);
                o.op = name;
                o.low = o.high = given ? 0 : NAN;
                o.sigma = i % 2 ? 1.4 : 0;
                edges_of(&out, ctx, &in, &o, &result);
                assert_int_equal(result.edge_pixels, 0);
                assert_int_equal(result.flat, !given);
                eg_grid_free(&out);
            }
        }
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- floats ---- */

/* Smoothed floats are not integers, so the oracle, in doubles, may break ties of two neighbours
 * differently; equal thresholds keep that from spreading. The oracle's integers are 1024ths. */
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
        default_sobel_edges(&o);
        o.op = name;
        o.low = o.high = 5;
        o.unit = EG_UNIT_PIXEL;
        const oracle_operator *op = oracle_find(name);
        edges_of(&out, ctx, &in, &o, NULL);
        oracle_responses(&smooth, op, EG_BORDER_REPLICATE, 0, &gx, &gy);
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

/* With equal thresholds hysteresis adds nothing, so a NaN sample affects only its neighbourhood. */
static void nan_stays_where_it_is(void **state)
{
    (void)state;
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    eg_context *ctx = test_context(2, 3, NULL);
    for (size_t k = 0; k < 2 * COUNT(bad); k++) {
        eg_grid in, clean, out;
        eg_edges_options o;
        default_sobel_edges(&o);
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
        o.low = o.high = NAN; /* chosen from the valid samples */
        edges_of(&out, ctx, &in, &o, NULL);
        eg_grid_free(&out);
        eg_grid_free(&clean);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- identical bits ---- */

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
    assert_true(result.low_response == p->result.low_response &&
                result.high_response == p->result.high_response);
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
            default_sobel_edges(&p.options);
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
        cmocka_unit_test(bins_are_thresholds),
        cmocka_unit_test(reported_thresholds_find_the_same_edges),
        cmocka_unit_test(nothing_is_found_where_nothing_is),
        cmocka_unit_test(smoothed_floats_are_near_the_oracle),
        cmocka_unit_test(nan_stays_where_it_is),
        cmocka_unit_test(no_setting_changes_a_bit),
    };
    return cmocka_run_group_tests_name("auto", tests, NULL, NULL);
}
