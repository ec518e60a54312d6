/* SPDX-License-Identifier: MIT */
/* Tests of previews: boxes are compared with averages computed pixel by pixel. */
#include "files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "core/context.h"
#include "core/copy.h"

/* ---- an oracle ---- */

static size_t plain_shrunk(size_t length, size_t longer, size_t side)
{
    if (longer <= side)
        return length;
    double boxes = floor((double)length * (double)side / (double)longer + 0.5);
    return boxes < 1 ? 1 : (size_t)boxes;
}

static double plain_sample(const eg_grid *grid, size_t x, size_t y)
{
    const char *row = (const char *)grid->data + y * grid->stride;
    if (grid->sample == EG_BIT)
        return (double)(((const uint64_t *)(const void *)row)[x / 64] >> (x % 64) & 1);
    if (grid->sample == EG_U16)
        return ((const uint16_t *)(const void *)row)[x];
    return sample_at(grid, x, y);
}

/* Returns the mean of box (i, j) of w x h; NaN if it has no finite sample. */
static double plain_mean(const eg_grid *grid, size_t i, size_t j, size_t w, size_t h)
{
    double sum = 0, count = 0;
    for (size_t y = j * grid->height / h; y < (j + 1) * grid->height / h; y++)
        for (size_t x = i * grid->width / w; x < (i + 1) * grid->width / w; x++) {
            double v = plain_sample(grid, x, y);
            sum += isfinite(v) ? v : 0;
            count += isfinite(v);
        }
    return count > 0 ? sum / count : (double)NAN;
}

typedef double tone_of(double mean, double low, double high);

static double from_black_to_high(double mean, double low, double high)
{
    (void)low;
    return mean / high * 255;
}

static double stretched(double mean, double low, double high)
{
    return (mean - low) / (high - low) * 255;
}

static void assert_picture(const eg_grid *got, const eg_grid *of, size_t side, tone_of *tone,
                           double low, double high)
{
    size_t longer = of->width > of->height ? of->width : of->height;
    assert_int_equal(got->width, plain_shrunk(of->width, longer, side));
    assert_int_equal(got->height, plain_shrunk(of->height, longer, side));
    for (size_t j = 0; j < got->height; j++)
        for (size_t i = 0; i < got->width; i++) {
            double mean = plain_mean(of, i, j, got->width, got->height);
            double want = isnan(mean) ? 128 : tone(mean, low, high);
            double have = ((const uint8_t *)got->data)[j * got->stride + i];
            if (fabs(have - want) > 0.501)
                fail_msg("%zux%zu to %zu: box %zu,%zu is %g, not %g", of->width, of->height, side,
                         i, j, have, want);
        }
}

/* ---- copied images ---- */

/* Copies `in` to a grid with previews of source and sink. */
static void pass(eg_context *ctx, const eg_grid *in, size_t side, eg_preview **source_preview,
                 eg_preview **sink_preview)
{
    eg_error error = {0};
    eg_grid out = {0};
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    assert_int_equal(eg_source_grid(&source, ctx, in, &error), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, &error), EG_OK);
    assert_int_equal(eg_preview_of_source(source_preview, source, side, &error), EG_OK);
    assert_int_equal(eg_preview_of_sink(sink_preview, sink, side, &error), EG_OK);
    assert_int_equal(eg_copy(source, sink, eg_expand_bits, &error), EG_OK);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
}

static void filled(eg_grid *grid, eg_context *ctx, size_t width, size_t height, eg_sample sample)
{
    eg_error error = {0};
    unsigned seed = 7;
    assert_int_equal(eg_grid_new(grid, ctx, width, height, sample, &error), EG_OK);
    for (size_t y = 0; y < height; y++) {
        uint64_t *bits = (uint64_t *)(void *)((char *)grid->data + y * grid->stride);
        if (sample == EG_BIT)
            memset(bits, 0, grid->stride);
        for (size_t x = 0; x < width; x++) {
            seed = seed * 1103515245u + 12345u;
            unsigned noise = seed >> 16 & 0x7fff;
            if (sample == EG_BIT)
                bits[x / 64] |= (uint64_t)(noise % 5 == 0) << (x % 64);
            else if (sample == EG_U16)
                ((uint16_t *)(void *)bits)[x] = (uint16_t)(2 * noise);
            else
                set_sample(grid, x, y, sample == EG_U8 ? noise % 256 : noise / 32767.0);
        }
    }
}

static const size_t sizes[][2] = {{1, 1},   {1, 700},  {700, 1}, {64, 64},   {65, 3},
                                  {129, 5}, {333, 77}, {40, 30}, {3000, 20}, {20, 1500}};

static void boxes_are_averages(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int sample = EG_U8; sample <= EG_F64; sample++)
            for (size_t side = 1; side <= 64; side = side * 3 + 1) {
                static const double white[] = {1, 255, 65535, 1, 1};
                eg_preview *previews[2];
                eg_grid in, got;
                filled(&in, ctx, sizes[k][0], sizes[k][1], (eg_sample)sample);
                pass(ctx, &in, side, &previews[0], &previews[1]);
                assert_int_equal(eg_preview_grid(previews[0], &got, NULL), EG_OK);
                assert_picture(&got, &in, side, from_black_to_high, 0, white[sample]);
                assert_int_equal(eg_preview_grid(previews[1], &got, NULL), EG_OK);
                if (sample == EG_U8 || sample == EG_U16)
                    assert_picture(&got, &in, side, from_black_to_high, 0, white[sample]);
                eg_preview_free(previews[0]);
                eg_preview_free(previews[1]);
                eg_grid_free(&in);
            }
    eg_context_free(ctx);
}

static void floats_outside_white_are_stretched(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, got;
    eg_preview *previews[2];
    filled(&in, ctx, 90, 70, EG_F32);
    for (size_t y = 0; y < 70; y++)
        for (size_t x = 0; x < 90; x++)
            set_sample(&in, x, y, 1000 + 3.0 * (double)x - 2.0 * (double)y);
    for (size_t i = 0; i < 40; i++) {
        set_sample(&in, i % 9, i / 9, (double)NAN); /* the first box, of 9 x 10, and more */
        set_sample(&in, i, 69, (double)INFINITY);
        set_sample(&in, i % 9, 5 + i / 9, (double)NAN);
    }
    for (size_t i = 0; i < 90; i++)
        set_sample(&in, i % 9, i / 9, (double)NAN);
    double low = INFINITY, high = -INFINITY;
    for (size_t j = 0; j < 8; j++)
        for (size_t i = 0; i < 10; i++) {
            double mean = plain_mean(&in, i, j, 10, 8);
            low = mean < low ? mean : low;
            high = mean > high ? mean : high;
        }
    pass(ctx, &in, 10, &previews[0], &previews[1]);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(eg_preview_grid(previews[i], &got, NULL), EG_OK);
        assert_picture(&got, &in, 10, stretched, low, high);
        assert_int_equal(((uint8_t *)got.data)[0], 128);
        eg_preview_free(previews[i]);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

static void nothing_to_stretch_is_grey(void **state)
{
    static const double values[] = {5, NAN, 1e308, -INFINITY};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        eg_grid in, got;
        eg_preview *previews[2];
        filled(&in, ctx, 30, 30, EG_F64);
        for (size_t i = 0; i < 900; i++)
            set_sample(&in, i % 30, i / 30, values[k]);
        pass(ctx, &in, 4, &previews[0], &previews[1]);
        for (int p = 0; p < 2; p++) {
            assert_int_equal(eg_preview_grid(previews[p], &got, NULL), EG_OK);
            for (size_t i = 0; i < 16; i++)
                assert_int_equal(((uint8_t *)got.data)[i], 128);
            eg_preview_free(previews[p]);
        }
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* ---- thin lines ---- */

/* Bits and their bytes, 0 or 255, give the same preview; without reduction it equals the image. */
static void bits_are_lines(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        eg_grid in, got[2];
        eg_preview *previews[2];
        filled(&in, ctx, sizes[k][0], sizes[k][1], EG_BIT);
        pass(ctx, &in, 64, &previews[0], &previews[1]);
        for (int p = 0; p < 2; p++)
            assert_int_equal(eg_preview_grid(previews[p], &got[p], NULL), EG_OK);
        bool whole = in.width <= 64 && in.height <= 64;
        for (size_t j = 0; j < got[0].height; j++)
            for (size_t i = 0; i < got[0].width; i++) {
                size_t at = j * got[0].width + i;
                int level = ((uint8_t *)got[0].data)[at];
                double mean = plain_mean(&in, i, j, got[0].width, got[0].height);
                assert_int_equal(level, ((uint8_t *)got[1].data)[at]);
                if (whole || mean == 0 || mean == 1)
                    assert_int_equal(level, (int)(255 * mean));
                else
                    assert_true(level > 255 * mean); /* brighter than a plain average */
            }
        eg_preview_free(previews[0]);
        eg_preview_free(previews[1]);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* A line one pixel wide is visible in every box that it crosses, at a reduction of 40. */
static void a_thin_line_is_seen(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, got;
    eg_preview *previews[2];
    filled(&in, ctx, 4000, 4000, EG_BIT);
    memset(in.data, 0, in.stride * in.height);
    for (size_t i = 0; i < 4000; i++)
        ((uint64_t *)(void *)((char *)in.data + i * in.stride))[i / 64] |= (uint64_t)1 << (i % 64);
    pass(ctx, &in, 100, &previews[0], &previews[1]);
    assert_int_equal(eg_preview_grid(previews[1], &got, NULL), EG_OK);
    for (size_t i = 0; i < 10000; i++) {
        int level = ((uint8_t *)got.data)[i];
        assert_true(i % 101 == 0 ? level > 100 : level == 0);
    }
    eg_preview_free(previews[0]);
    eg_preview_free(previews[1]);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* ---- settings ---- */

typedef struct wanted {
    eg_grid in;
    uint8_t picture[2][64 * 64];
    bool known;
} wanted;

/* Writes edges of noise to a PNG, with previews of source and sink. */
static void check_same_picture(eg_context *ctx, void *opaque)
{
    wanted *w = opaque;
    eg_error error = {0};
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_preview *previews[2];
    eg_edges_options options;
    eg_edges_default(&options);
    assert_int_equal(eg_source_grid(&source, ctx, &w->in, &error), EG_OK);
    assert_int_equal(eg_sink_open(&sink, ctx, scratch("edges.png"), NULL, &error), EG_OK);
    assert_int_equal(eg_preview_of_source(&previews[0], source, 50, &error), EG_OK);
    assert_int_equal(eg_preview_of_sink(&previews[1], sink, 50, &error), EG_OK);
    assert_int_equal(eg_edges(source, sink, &options, NULL, &error), EG_OK);
    eg_sink_close(sink);
    eg_source_close(source);
    for (int i = 0; i < 2; i++) {
        eg_grid got;
        assert_int_equal(eg_preview_grid(previews[i], &got, &error), EG_OK);
        if (!w->known)
            memcpy(w->picture[i], got.data, got.width * got.height);
        assert_memory_equal(w->picture[i], got.data, got.width * got.height);
        eg_preview_free(previews[i]);
    }
    w->known = true;
}

static void nothing_depends_on_settings(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int sample = EG_U8; sample <= EG_F32; sample += 2) {
        static wanted w;
        w.known = false;
        noise_grid(&w.in, ctx, 211, 143, (eg_sample)sample, 5, 2);
        for_every_setting(check_same_picture, &w);
        eg_grid_free(&w.in);
    }
    eg_context_free(ctx);
}

/* ---- as JPEG ---- */

static void decode(const void *bytes, size_t size, eg_grid *got)
{
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr manager;
    d.err = jpeg_std_error(&manager);
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, bytes, size);
    assert_int_equal(jpeg_read_header(&d, TRUE), JPEG_HEADER_OK);
    assert_int_equal(d.num_components, 1);
    jpeg_start_decompress(&d);
    assert_int_equal(d.output_width, got->width);
    assert_int_equal(d.output_height, got->height);
    while (d.output_scanline < d.output_height) {
        JSAMPROW row = (JSAMPLE *)got->data + d.output_scanline * got->stride;
        jpeg_read_scanlines(&d, &row, 1);
    }
    jpeg_finish_decompress(&d);
    assert_int_equal(manager.num_warnings, 0);
    jpeg_destroy_decompress(&d);
}

/* Noise at quality 100 exceeds the initial buffer. */
static void a_jpeg_is_the_picture(void **state)
{
    (void)state;
    static const int qualities[] = {100, 30, 100};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, got, back;
    eg_preview *previews[2];
    filled(&in, ctx, 300, 200, EG_U8);
    pass(ctx, &in, 300, &previews[0], &previews[1]);
    assert_int_equal(eg_preview_grid(previews[0], &got, NULL), EG_OK);
    size_t sizes_of[3];
    for (int k = 0; k < 3; k++) {
        const void *bytes;
        assert_int_equal(eg_preview_jpeg(previews[0], qualities[k], &bytes, &sizes_of[k], NULL),
                         EG_OK);
        assert_int_equal(eg_grid_new(&back, ctx, 300, 200, EG_U8, NULL), EG_OK);
        decode(bytes, sizes_of[k], &back);
        for (size_t i = 0; qualities[k] == 100 && i < 60000; i++)
            assert_in_range(((uint8_t *)got.data)[i] + 3 -
                                ((uint8_t *)back.data)[i / 300 * back.stride + i % 300],
                            0, 6);
        eg_grid_free(&back);
    }
    assert_true(sizes_of[0] > 300 * 200 / 4 + 4096);
    assert_true(sizes_of[1] < sizes_of[0] / 2);
    assert_int_equal(sizes_of[2], sizes_of[0]);
    eg_preview_free(previews[0]);
    eg_preview_free(previews[1]);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* ---- misuse and failures ---- */

static void misuse_is_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_preview *preview = NULL, *second = NULL;
    eg_source *source = NULL;
    eg_grid in, got;
    uint8_t row[64];
    const void *bytes;
    size_t size;
    filled(&in, ctx, 40, 30, EG_U8);
    assert_int_equal(eg_source_grid(&source, ctx, &in, NULL), EG_OK);
    assert_int_equal(eg_preview_of_source(&preview, source, 0, NULL), EG_USAGE);
    assert_null(preview);
    assert_int_equal(eg_preview_of_source(&preview, source, 8, NULL), EG_OK);
    assert_int_equal(eg_preview_of_source(&second, source, 8, NULL), EG_USAGE);
    assert_null(second);
    assert_int_equal(eg_source_read(source, row, 64, 1, NULL), EG_OK);
    assert_int_equal(eg_preview_grid(preview, &got, NULL), EG_USAGE);
    assert_int_equal(eg_preview_jpeg(preview, 101, &bytes, &size, NULL), EG_USAGE);
    eg_preview_free(preview); /* before the source, which continues without it */
    assert_int_equal(eg_source_read(source, row, 64, 1, NULL), EG_OK);
    assert_int_equal(eg_preview_of_source(&preview, source, 8, NULL), EG_USAGE);
    eg_source_close(source);
    eg_preview_free(NULL);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* Computes edges of a file with previews; returns false if an allocation failed. */
static bool whole_way(eg_context *ctx, const char *from, const char *to, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_preview *before = NULL, *after = NULL;
    eg_edges_options options;
    const void *bytes;
    size_t size;
    eg_edges_default(&options);
    bool done = eg_source_open(&source, ctx, from, NULL, error) == EG_OK &&
                eg_sink_open(&sink, ctx, to, NULL, error) == EG_OK &&
                eg_preview_of_source(&before, source, 12, error) == EG_OK &&
                eg_preview_of_sink(&after, sink, 12, error) == EG_OK &&
                eg_edges(source, sink, &options, NULL, error) == EG_OK;
    eg_sink_close(sink);
    eg_source_close(source);
    done = done && eg_preview_jpeg(before, 80, &bytes, &size, error) == EG_OK &&
           eg_preview_jpeg(after, 80, &bytes, &size, error) == EG_OK;
    eg_preview_free(after);
    eg_preview_free(before);
    return done;
}

static void every_allocation_may_fail(void **state)
{
    static const char *const pairs[][2] = {{"grey.jpg", "a.png"}, {"grey.pfm", "a.pgm"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char from[64];
        bool done = false;
        long k = 0;
        snprintf(from, sizeof from, "testdata/small/%s", pairs[i][0]);
        for (; !done; k++) {
            eg_error error = {0};
            eg_context *ctx = test_context(1, 0, NULL);
            atomic_store(&ctx->fail_after, k);
            done = whole_way(ctx, from, scratch(pairs[i][1]), &error);
            assert_int_equal(error.status, done ? EG_OK : EG_NO_MEMORY);
            assert_int_equal(atomic_load(&ctx->used), 0);
            eg_context_free(ctx);
            assert_in_range(k, 0, 1000);
        }
        assert_true(k > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_are_averages),
        cmocka_unit_test(floats_outside_white_are_stretched),
        cmocka_unit_test(nothing_to_stretch_is_grey),
        cmocka_unit_test(bits_are_lines),
        cmocka_unit_test(a_thin_line_is_seen),
        cmocka_unit_test(nothing_depends_on_settings),
        cmocka_unit_test(a_jpeg_is_the_picture),
        cmocka_unit_test(misuse_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("preview", tests, make_scratch, remove_scratch);
}
