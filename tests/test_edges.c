/* SPDX-License-Identifier: MIT */
/* eg_edges(): bit for bit equal to a naive Canny, for all sample types, units and settings. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canny_oracle.h"
#include "core/stream.h"

static const struct {
    size_t width, height;
} sizes[] = {{1, 1}, {1, 7}, {7, 1}, {2, 2}, {3, 3}, {17, 33}, {64, 20}, {65, 70}, {1100, 9}};

static const eg_border borders[] = {EG_BORDER_REPLICATE, EG_BORDER_REFLECT, EG_BORDER_CONSTANT};
static const eg_norm norms[] = {EG_NORM_L1, EG_NORM_L2};
static const eg_sample samples[] = {EG_U8, EG_F32};

/* Thresholds in levels per pixel: usual, equal, reversed, zero, negative, only the low one
 * negative, out of reach, only the high one out of reach, between the integers. */
static const struct {
    double low, high;
} thresholds[] = {{6, 20},    {15, 15}, {25, 9},       {0, 0},      {-5, -1},    {-7.5, 12},
                  {1e9, 1e9}, {4, 1e9}, {5, INFINITY}, {7.3, 19.9}, {1e-9, 31.7}};

static void assert_edges(const eg_grid *out, const uint8_t *want, const eg_edges_options *o,
                         const eg_edges_result *result)
{
    uint64_t count = 0;
    assert_int_equal(out->sample, EG_U8);
    for (size_t y = 0; y < out->height; y++) {
        for (size_t x = 0; x < out->width; x++) {
            int edge = want[y * out->width + x];
            count += (uint64_t)edge;
            if (sample_at(out, x, y) != 255 * edge)
                fail_msg("%s method %d norm %d border %d sigma %g low %g high %g, (%zu, %zu) of "
                         "%zu x %zu: %g, not %d",
                         o->op, o->method, o->norm, o->border, o->sigma, o->low, o->high, x, y,
                         out->width, out->height, sample_at(out, x, y), 255 * edge);
        }
    }
    assert_int_equal(result->edge_pixels, count);
}

/* ---- against the oracle ---- */

static void check_thresholds(eg_context *ctx, const eg_grid *in, eg_edges_options *o)
{
    canny_responses s = canny_responses_of(in, o);
    for (size_t i = 0; i < 2 * COUNT(thresholds); i++) {
        eg_grid out;
        eg_edges_result result;
        o->method = i % 2 ? EG_EDGE_THRESHOLD : EG_EDGE_CANNY;
        o->low = thresholds[i / 2].low;
        o->high = thresholds[i / 2].high;
        edges_of(&out, ctx, in, o, &result);
        uint8_t *want = canny_expected(&s, o, in->sample);
        assert_edges(&out, want, o, &result);
        free(want);
        eg_grid_free(&out);
    }
    canny_responses_free(&s);
}

/* Makes noise. Floats are small enough that responses and their squares are exact and that no
 * product of a response with tan 22.5 degrees rounds across an integer (the first does at 4249). */
static void make_noise_image(eg_grid *in, eg_context *ctx, size_t index, eg_sample sample,
                             const oracle_operator *op)
{
    noise_grid(in, ctx, sizes[index].width, sizes[index].height, sample, (unsigned)index + 1,
               sample == EG_U8 && index % 2);
    int maximum = 2800 / oracle_max_response(op) < 255 ? 2800 / oracle_max_response(op) : 255;
    for (size_t y = 0; sample == EG_F32 && y < in->height; y++)
        for (size_t x = 0; x < in->width; x++)
            set_sample(in, x, y, fmod(sample_at(in, x, y), maximum + 1));
    if (sample == EG_F32)
        in->white_level = (float)maximum;
}

static void check_operator(eg_context *ctx, const char *name, size_t index, eg_sample sample)
{
    eg_grid in;
    make_noise_image(&in, ctx, index, sample, oracle_find(name));
    in.white_level = 255;
    for (size_t k = 0; k < COUNT(norms) * COUNT(borders) * 2; k++) {
        eg_edges_options o;
        default_sobel_edges(&o);
        o.op = name;
        o.norm = norms[k % COUNT(norms)];
        o.border = borders[k / 2 % COUNT(borders)];
        o.border_value = sample == EG_U8 ? 90 : 1;
        o.sigma = k / 2 / COUNT(borders) ? 1.4 : 0;
        o.unit = EG_UNIT_PIXEL;
        if (o.sigma == 0 || sample == EG_U8) /* smoothed floats are not integers */
            check_thresholds(ctx, &in, &o);
    }
    eg_grid_free(&in);
}

static void edges_are_those_of_the_naive_canny(void **state)
{
    (void)state;
    const char *name;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; (name = eg_operator_name(k)); k++)
        for (size_t i = 0; i < COUNT(sizes); i++)
            for (size_t s = 0; s < COUNT(samples); s++)
                check_operator(ctx, name, i, samples[s]);
    eg_context_free(ctx);
}

/* A thin line that winds up and down through the whole image and is a strong edge only at its
 * start: it is found only by following it from strip to strip and back. */
static void an_edge_is_followed_to_its_end(void **state)
{
    (void)state;
    static const size_t strip_rows[] = {0, 1, 5, 17, 64};
    enum { WIDTH = 260, HEIGHT = 190, PITCH = 6, END = HEIGHT - PITCH };
    for (size_t i = 0; i < COUNT(strip_rows); i++) {
        eg_context *ctx = test_context(2, strip_rows[i], NULL);
        eg_grid in, out;
        eg_edges_options o;
        eg_edges_result result;
        noise_grid(&in, ctx, WIDTH, HEIGHT, EG_U8, 1, 0);
        for (size_t y = 0; y < HEIGHT; y++)
            for (size_t x = 0; x < WIDTH; x++) {
                bool turn = y == (x / PITCH % 2 ? PITCH : END);
                bool line = y >= PITCH && y <= END && (x % PITCH == 0 || turn);
                set_sample(&in, x, y, line ? (x == 0 && y < 2 * PITCH ? 255 : 60) : 10);
            }
        default_sobel_edges(&o);
        o.sigma = 0;
        o.low = 60;
        o.high = 400;
        edges_of(&out, ctx, &in, &o, &result);
        canny_responses s = canny_responses_of(&in, &o);
        uint8_t *want = canny_expected(&s, &o, EG_U8);
        assert_edges(&out, want, &o, &result);
        assert_true(result.edge_pixels > WIDTH / PITCH * (END - 2 * PITCH));
        free(want);
        canny_responses_free(&s);
        eg_grid_free(&out);
        eg_grid_free(&in);
        eg_context_free(ctx);
    }
}

/* ---- cv::Canny's own results ---- */

/* Parses NAME_aA_NORM_LOW_HIGH.png; returns false for other names. */
static bool parse_golden(const char *file, char input[64], eg_edges_options *o)
{
    int aperture, low, high, end = 0;
    char norm[3];
    if (sscanf(file, "%63[^_]_a%d_%2[l12]_%d_%d.png%n", input, &aperture, norm, &low, &high,
               &end) != 5 ||
        file[end])
        return false;
    static const char *const names[] = {[3] = "sobel3", [5] = "sobel5", [7] = "sobel7"};
    default_sobel_edges(o);
    o->sigma = 0;
    o->op = names[aperture];
    o->norm = strcmp(norm, "l1") == 0 ? EG_NORM_L1 : EG_NORM_L2;
    o->low = low;
    o->high = high;
    return true;
}

static void load_corpus(eg_grid *grid, eg_context *ctx, const char *folder, const char *file)
{
    char name[512];
    eg_error error = {0};
    snprintf(name, sizeof name, "golden/%s/%s", folder, file);
    const char *path = corpus_path(name);
    if (!path)
        fail_msg("%s: missing", name);
    if (eg_load(grid, ctx, path, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
}

static void edges_are_those_of_opencv(void **state)
{
    (void)state;
    const char *folder = corpus_path("golden/cv_canny");
    DIR *dir = folder ? opendir(folder) : NULL;
    if (!dir) {
        print_message("golden/cv_canny of the corpus is not there: skipped\n");
        skip();
    }
    static const size_t strip_rows[] = {0, 1, 5, 32}; /* the last strip has another height */
    size_t compared = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        eg_edges_options o;
        char input[80];
        if (!parse_golden(entry->d_name, input, &o))
            continue;
        eg_grid in, want, out;
        eg_context *ctx = test_context(2, strip_rows[compared % COUNT(strip_rows)], NULL);
        strcat(input, ".png");
        load_corpus(&in, ctx, "input", input);
        load_corpus(&want, ctx, "cv_canny", entry->d_name);
        edges_of(&out, ctx, &in, &o, NULL);
        assert_grids_equal(&out, &want);
        eg_grid_free(&out);
        eg_grid_free(&want);
        eg_grid_free(&in);
        eg_context_free(ctx);
        compared++;
    }
    assert_true(compared > 0);
    closedir(dir);
}

/* ---- equivalent inputs ---- */

/* Checks that edges, reported thresholds and counts agree. */
static void assert_same(eg_context *ctx, const eg_grid *a, const eg_edges_options *oa,
                        const eg_grid *b, const eg_edges_options *ob)
{
    eg_grid ea, eb;
    eg_edges_result ra, rb;
    edges_of(&ea, ctx, a, oa, &ra);
    edges_of(&eb, ctx, b, ob, &rb);
    assert_grids_equal(&ea, &eb);
    assert_true(ra.low == rb.low && ra.high == rb.high);
    assert_true(ra.low_response == rb.low_response && ra.high_response == rb.high_response);
    assert_int_equal(ra.edge_pixels, rb.edge_pixels);
    eg_grid_free(&eb);
    eg_grid_free(&ea);
}

static void units_and_depths_agree(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid in, deep;
    const char *name;
    noise_grid(&in, ctx, 200, 90, EG_U8, 4, 1);
    noise_grid(&deep, ctx, 200, 90, EG_F32, 4, 0);
    deep.white_level = 65535;
    for (size_t y = 0; y < in.height; y++)
        for (size_t x = 0; x < in.width; x++)
            set_sample(&deep, x, y, 257 * sample_at(&in, x, y));
    for (size_t i = 0; (name = eg_operator_name(i)); i++) {
        const oracle_operator *op = oracle_find(name);
        for (size_t k = 0; k < COUNT(thresholds); k++) {
            eg_edges_options pixel, sum;
            default_sobel_edges(&pixel);
            pixel.op = name;
            pixel.sigma = 0;
            pixel.norm = EG_NORM_L1;
            pixel.unit = EG_UNIT_PIXEL;
            pixel.low = thresholds[k].low;
            pixel.high = thresholds[k].high;
            sum = pixel;
            sum.unit = EG_UNIT_RESPONSE;
            sum.low *= op->divisor;
            sum.high *= op->divisor;
            assert_same(ctx, &in, &pixel, &in, &sum);
            /* Responses to samples 257 times larger are exact in floats up to 3 taps. */
            if (op->taps <= 3)
                assert_same(ctx, &in, &pixel, &deep, &pixel);
        }
    }
    eg_grid_free(&deep);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* Rows received by a sink of EG_BIT. */
typedef struct bit_sink {
    eg_sink base;
    uint64_t *bits;
    size_t words, row;
} bit_sink;

static eg_status bits_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    (void)error;
    bit_sink *opaque = (bit_sink *)sink;
    assert_int_equal(layout->sample, EG_BIT);
    opaque->words = (layout->width + 63) / 64;
    opaque->bits = calloc(opaque->words * layout->height, sizeof *opaque->bits);
    assert_non_null(opaque->bits);
    return EG_OK;
}

static eg_status bits_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    (void)error;
    bit_sink *opaque = (bit_sink *)sink;
    for (size_t i = 0; i < count; i++)
        memcpy(opaque->bits + opaque->row++ * opaque->words, (const char *)rows + i * stride,
               opaque->words * sizeof *opaque->bits);
    return EG_OK;
}

static void check_bits(eg_context *ctx, size_t width, const eg_edges_options *o)
{
    static const eg_sink_ops ops = {.begin = bits_begin, .write = bits_write};
    bit_sink sink = {.base = {.ops = &ops, .ctx = ctx, .accepts = 1u << EG_BIT}};
    eg_source *source;
    eg_grid in, out;
    eg_error error = {0};
    noise_grid(&in, ctx, width, 30, EG_U8, 8, 0);
    edges_of(&out, ctx, &in, o, NULL);
    assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
    assert_int_equal(eg_edges(source, &sink.base, o, NULL, &error), EG_OK);
    assert_int_equal(sink.row, in.height);
    for (size_t y = 0; y < in.height; y++)
        for (size_t x = 0; x < sink.words * 64; x++) {
            uint64_t bit = sink.bits[y * sink.words + x / 64] >> (x % 64) & 1;
            assert_int_equal(bit, x < width && sample_at(&out, x, y) > 0);
        }
    eg_source_close(source);
    free(sink.bits);
    eg_grid_free(&out);
    eg_grid_free(&in);
}

static void spare_bits_are_zero(void **state)
{
    (void)state;
    static const size_t widths[] = {1, 63, 64, 65, 130, 1023, 1024, 1025};
    eg_context *ctx = test_context(2, 4, NULL);
    for (size_t i = 0; i < COUNT(widths); i++) {
        for (int k = 0; k < 4; k++) {
            eg_edges_options o;
            default_sobel_edges(&o);
            o.method = k % 2 ? EG_EDGE_THRESHOLD : EG_EDGE_CANNY;
            o.low = o.high = k / 2 ? -1 : NAN; /* below all magnitudes; automatic */
            check_bits(ctx, widths[i], &o);
        }
    }
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_those_of_the_naive_canny),
        cmocka_unit_test(an_edge_is_followed_to_its_end),
        cmocka_unit_test(edges_are_those_of_opencv),
        cmocka_unit_test(units_and_depths_agree),
        cmocka_unit_test(spare_bits_are_zero),
    };
    return cmocka_run_group_tests_name("edges", tests, NULL, NULL);
}
