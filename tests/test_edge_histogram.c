/* SPDX-License-Identifier: MIT */
/* Thresholds for many images: equal to those of a single image, and to Otsu's rule for all
 * together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

enum { IMAGES = 3, STEPS = 8 * 128 };

static eg_edge_histogram *survey_new(eg_context *ctx)
{
    eg_edge_histogram *histogram;
    assert_int_equal(eg_edge_histogram_new(&histogram, ctx, NULL), EG_OK);
    return histogram;
}

static void survey_grid(eg_edge_histogram *histogram, eg_context *ctx, const eg_grid *in,
                        const eg_edges_options *options)
{
    eg_error error = {0};
    eg_source *source = NULL;
    if (eg_source_grid(&source, ctx, in, &error) != EG_OK ||
        eg_edge_histogram_add(histogram, source, options, &error) != EG_OK)
        fail_msg("%s", error.message);
    eg_source_close(source);
}

static void assert_same_pair(const eg_edges_options *a, const eg_edges_options *b)
{
    assert_true(a->low == b->low && a->high == b->high && a->unit == b->unit);
}

/* ---- one image ---- */

/* Checks that the histogram of one image gives the thresholds eg_edges() chooses for it, and the
 * same edges. */
static void check_single_image(eg_context *ctx, const eg_grid *in, const eg_edges_options *options)
{
    eg_grid own, given;
    eg_edges_result result;
    eg_edges_options o = *options;
    eg_edge_histogram *histogram = survey_new(ctx);
    survey_grid(histogram, ctx, in, options);
    assert_int_equal(eg_edge_histogram_thresholds(histogram, &o, NULL), EG_OK);
    edges_of(&own, ctx, in, options, &result);
    assert_true(o.low == result.low_response && o.high == result.high_response &&
                o.unit == EG_UNIT_RESPONSE);
    edges_of(&given, ctx, in, &o, NULL);
    assert_grids_equal(&given, &own);
    eg_grid_free(&given);
    eg_grid_free(&own);
    eg_edge_histogram_free(histogram);
}

static void one_image_has_its_own_thresholds(void **state)
{
    (void)state;
    const char *name;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; (name = eg_operator_name(i)); i++) {
        for (unsigned k = 0; k < 16; k++) {
            eg_grid in;
            eg_edges_options o;
            default_sobel_edges(&o);
            o.op = name;
            o.norm = k % 2 ? EG_NORM_L1 : EG_NORM_L2;
            o.method = k / 2 % 2 ? EG_EDGE_THRESHOLD : EG_EDGE_CANNY;
            o.sigma = k / 4 % 2 ? 1.1 : 0;
            noise_grid(&in, ctx, 1061, 37, k / 8 ? EG_F32 : EG_U8, k, 1);
            in.white_level = 255;
            check_single_image(ctx, &in, &o);
            eg_grid_free(&in);
        }
    }
    eg_context_free(ctx);
}

/* ---- many images: Otsu's rule from its definition ---- */

/* One bin of 8-bit magnitudes: three fraction bits of the square. */
typedef struct step {
    double value; /* approximate square root of the magnitude, which Otsu's rule splits */
    double above; /* threshold that this and higher bins exceed */
    double count;
} step;

/* Sets the bins of squared magnitudes from 2^-64 to 2^64. */
static void set_steps(step steps[STEPS])
{
    for (int c = 0; c < STEPS; c++) {
        double least = ldexp(1 + c % 8 / 8.0, c / 8 - 64);
        steps[c] = (step){pow(2, (c - 8 * 64) / 32.0), sqrt(fmax(ceil(least) - 0.5, 0)), 0};
    }
}

/* Counts local maxima by bin. */
static void count_maxima(step steps[STEPS], const oracle_maxima *maxima)
{
    for (size_t i = 0; i < maxima->count; i++) {
        int exponent;
        double square = rint(maxima->at[i] * maxima->at[i]);
        double fraction = 2 * frexp(square, &exponent) - 1;
        steps[8 * (exponent - 1 + 64) + (int)(fraction * 8)].count++;
    }
}

/* Returns Otsu's threshold over bins: the one with the largest between-class variance. */
static double otsu_split(const step *steps, size_t count)
{
    double best = -1, threshold = 0;
    for (size_t s = 1; s < count; s++) {
        double n[2] = {0}, sum[2] = {0};
        if (steps[s - 1].count == 0)
            continue; /* same classes as before */
        for (size_t i = 0; i < count; i++) {
            n[i >= s] += steps[i].count;
            sum[i >= s] += steps[i].count * steps[i].value;
        }
        if (n[0] == 0 || n[1] == 0)
            continue;
        double apart = sum[0] / n[0] - sum[1] / n[1], score = n[0] * n[1] * apart * apart;
        if (score > best) {
            best = score;
            threshold = steps[s].above;
        }
    }
    return threshold;
}

/* Appends the local maxima of an image of integers, as responses on the 0..255 scale. */
static void add_maxima(oracle_maxima *maxima, const eg_grid *in)
{
    plane image = plane_of(in), gx, gy;
    oracle_responses(&image, oracle_find("sobel3"), EG_BORDER_REPLICATE, 0, &gx, &gy);
    oracle_collect(maxima, &gx, &gy, EG_NORM_L2, 255 / (double)in->white_level,
                   in->sample == EG_U8 ? 4 : 0);
    plane_free(&gy);
    plane_free(&gx);
    plane_free(&image);
}

/* Makes images of different contrast; `kinds` 1: 8-bit, 2: floats, 3: alternating. */
static void make_images(eg_grid in[IMAGES], eg_context *ctx, int kinds, unsigned seed, float white)
{
    for (unsigned k = 0; k < IMAGES; k++) {
        bool floats = kinds == 2 || (kinds == 3 && k % 2);
        noise_grid(&in[k], ctx, 60 + 31 * k, 50, floats ? EG_F32 : EG_U8, seed + k, 1 + (int)k % 2);
        in[k].white_level = floats ? white : 255;
        for (size_t i = 0; i < in[k].width * in[k].height; i++) {
            size_t x = i % in[k].width, y = i / in[k].width;
            set_sample(&in[k], x, y, floor(sample_at(&in[k], x, y) / (k + 1)));
        }
    }
}

/* 8-bit images have the threshold of the bins, exactly. Bins of floats are so narrow that no other
 * split is better by more than rounding. Together the 4 % of the wider bins count. */
static void check_rule(eg_context *ctx, int kinds, unsigned seed, float white)
{
    static step steps[STEPS];
    eg_grid in[IMAGES];
    eg_edges_options o;
    oracle_maxima maxima = {0};
    default_sobel_edges(&o);
    o.sigma = 0;
    eg_edge_histogram *histogram = survey_new(ctx);
    make_images(in, ctx, kinds, seed, white);
    for (size_t k = 0; k < IMAGES; k++) {
        survey_grid(histogram, ctx, &in[k], &o);
        add_maxima(&maxima, &in[k]);
        eg_grid_free(&in[k]);
    }
    assert_int_equal(eg_edge_histogram_thresholds(histogram, &o, NULL), EG_OK);
    eg_edge_histogram_free(histogram);
    set_steps(steps);
    count_maxima(steps, &maxima);
    double expected = kinds == 1 ? otsu_split(steps, STEPS) : o.high;
    oracle_split split = oracle_otsu(&maxima, o.high);
    double lost = 1 - split.variance / split.best;
    if (!(fabs(o.high - expected) <= 1e-6 * expected && lost <= (kinds == 2 ? 1e-6 : 5e-3)))
        fail_msg("kinds %d seed %u white %g: threshold %.9g, should be %.9g; %g of the variance of "
                 "the split between %.9g and %.9g is lost",
                 kinds, seed, (double)white, o.high, expected, lost, split.below, split.above);
    assert_true(o.low < o.high && o.low > 0.49 * o.high);
    oracle_maxima_free(&maxima);
}

static void many_images_follow_otsu(void **state)
{
    (void)state;
    static const float whites[] = {255, 65535, 100};
    eg_context *ctx = test_context(1, 0, NULL);
    for (unsigned seed = 0; seed < 4; seed++)
        for (int kinds = 1; kinds <= 3; kinds++)
            check_rule(ctx, kinds, 10 * seed, whites[seed % COUNT(whites)]);
    eg_context_free(ctx);
}

/* ---- merging ---- */

static void unpack(eg_edge_histogram *to, const eg_edge_histogram *from)
{
    size_t size = eg_edge_histogram_size(from);
    void *bytes = malloc(size);
    eg_edge_histogram_pack(from, bytes);
    assert_int_equal(eg_edge_histogram_unpack(to, bytes, size, NULL), EG_OK);
    free(bytes);
}

/* Checks that images added in any order, merged or packed, give the same thresholds and the same
 * packed bytes. */
static void check_orders(eg_context *ctx, const eg_grid in[IMAGES])
{
    eg_edges_options o[3];
    eg_edge_histogram *sum[3], *one[IMAGES];
    default_sobel_edges(&o[0]);
    o[2] = o[1] = o[0];
    for (size_t k = 0; k < IMAGES; k++) {
        one[k] = survey_new(ctx);
        sum[k] = survey_new(ctx);
        survey_grid(one[k], ctx, &in[k], &o[0]);
    }
    for (size_t k = 0; k < IMAGES; k++) {
        survey_grid(sum[0], ctx, &in[k], &o[0]);
        assert_int_equal(eg_edge_histogram_merge(sum[1], one[IMAGES - 1 - k], NULL), EG_OK);
        unpack(sum[2], one[(k + 1) % IMAGES]);
    }
    size_t size = eg_edge_histogram_size(sum[0]);
    uint8_t *bytes = malloc(3 * size);
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(eg_edge_histogram_size(sum[k]), size);
        eg_edge_histogram_pack(sum[k], bytes + k * size);
        assert_int_equal(eg_edge_histogram_thresholds(sum[k], &o[k], NULL), EG_OK);
        assert_same_pair(&o[k], &o[0]);
        assert_memory_equal(bytes + k * size, bytes, size);
    }
    free(bytes);
    for (size_t k = 0; k < IMAGES; k++) {
        eg_edge_histogram_free(one[k]);
        eg_edge_histogram_free(sum[k]);
    }
}

/* Floats of one white level or of several, of one scale or 30 octaves apart; with 8-bit images. */
static void order_does_not_matter(void **state)
{
    (void)state;
    static const struct {
        int kinds;
        float white[IMAGES], factor[IMAGES];
    } sets[] = {{3, {255, 300, 255}, {1, 1, 1}},
                {2, {300, 300, 300}, {1, 1, 1}},
                {2, {300, 300, 300}, {1, 0x1p30F, 0x1p-30F}},
                {2, {1, 65535, 1}, {0x1p-9F, 0x1p20F, 0x1p-11F}},
                {3, {255, 1, 255}, {1, 1e-9F, 1}}};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(sets); i++) {
        eg_grid in[IMAGES];
        make_images(in, ctx, sets[i].kinds, 5, 300);
        for (size_t k = 0; k < IMAGES; k++) {
            in[k].white_level = sets[i].white[k];
            for (size_t p = 0; in[k].sample == EG_F32 && p < in[k].width * in[k].height; p++) {
                size_t x = p % in[k].width, y = p / in[k].width;
                set_sample(&in[k], x, y, sample_at(&in[k], x, y) * (double)sets[i].factor[k]);
            }
        }
        check_orders(ctx, in);
        for (size_t k = 0; k < IMAGES; k++)
            eg_grid_free(&in[k]);
    }
    eg_context_free(ctx);
}

/* ---- errors ---- */

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_edges_options o;
    eg_grid in;
    default_sobel_edges(&o);
    eg_edge_histogram *histogram = survey_new(ctx), *empty = survey_new(ctx);
    eg_error error = {0};
    assert_int_equal(eg_edge_histogram_thresholds(empty, &o, &error), EG_USAGE);
    noise_grid(&in, ctx, 20, 20, EG_U8, 1, 1);
    survey_grid(histogram, ctx, &in, &o);
    for (int k = 0; k < 3; k++) {
        eg_edges_options other = o;
        eg_source *source;
        other.op = k == 0 ? "scharr" : o.op;
        other.norm = k == 1 ? EG_NORM_L1 : EG_NORM_L2;
        other.method = k == 2 ? EG_EDGE_THRESHOLD : EG_EDGE_CANNY;
        error = (eg_error){0};
        assert_int_equal(eg_source_grid(&source, ctx, &in, NULL), EG_OK);
        assert_int_equal(eg_edge_histogram_add(histogram, source, &other, &error), EG_USAGE);
        assert_non_null(strstr(error.message, "the same operator"));
        eg_source_close(source);
    }
    eg_grid_free(&in);
    size_t size = eg_edge_histogram_size(histogram);
    uint8_t *bytes = malloc(size);
    eg_edge_histogram_pack(histogram, bytes);
    for (size_t cut = 0; cut < size; cut += cut < 40 ? 1 : 97)
        assert_int_equal(eg_edge_histogram_unpack(empty, bytes, cut, NULL), EG_USAGE);
    for (size_t i = 0; i < 24; i++) {
        if (i == 4 || (i >= 8 && i < 12))
            continue; /* an empty histogram accepts any operator and method */
        bytes[i] ^= 0x55;
        assert_int_equal(eg_edge_histogram_unpack(empty, bytes, size, NULL), EG_USAGE);
        bytes[i] ^= 0x55;
    }
    free(bytes);
    eg_edge_histogram_free(empty);
    eg_edge_histogram_free(histogram);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_image_has_its_own_thresholds),
        cmocka_unit_test(many_images_follow_otsu),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
