/* SPDX-License-Identifier: MIT */
/* Tests in which the k-th allocation fails, for every k: a reported failure, no leak, no output. */
#include "files.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/context.h"

#define SMALL "testdata/small/"

typedef eg_status to_file(eg_context *ctx, const char *in, const char *out, eg_error *error);

/* Runs all functions for blocks of a raster, on its lower half. */
static eg_status part_to_file(eg_context *ctx, const char *in, const char *out, eg_error *error)
{
    static const uint64_t above[16] = {~UINT64_C(0)};
    eg_source *source = NULL;
    eg_edges_block *part = NULL;
    eg_edge_histogram *mine = NULL, *sum = NULL;
    eg_sink *sink = NULL;
    eg_edges_options options;
    bool grew;
    eg_edges_default(&options);
    eg_status status = eg_source_open(&source, ctx, in, NULL, error);
    size_t half = status == EG_OK ? eg_source_info(source)->height / 2 : 0;
    if (status == EG_OK)
        status = eg_source_rows(source, half, eg_source_info(source)->height - half, error);
    if (status == EG_OK)
        status = eg_sink_open(&sink, ctx, out, NULL, error);
    if (status == EG_OK)
        status = eg_edges_block_new(&part, source, &options, error);
    if (status == EG_OK)
        status = eg_edge_histogram_new(&mine, ctx, error);
    if (status == EG_OK)
        status = eg_edge_histogram_new(&sum, ctx, error);
    if (status == EG_OK)
        status = eg_edges_block_histogram(part, mine, error);
    if (status == EG_OK)
        status = eg_edge_histogram_merge(sum, mine, error);
    if (status == EG_OK)
        status = eg_edges_block_link(part, sum, error);
    if (status == EG_OK)
        status = eg_edges_block_propagate(part, above, NULL, &grew, error);
    if (status == EG_OK)
        status = eg_edges_block_write(part, sink, NULL, error);
    eg_sink_close(sink);
    eg_edge_histogram_free(sum);
    eg_edge_histogram_free(mine);
    eg_edges_block_free(part);
    eg_source_close(source);
    return status;
}

static eg_status masked_to_file(eg_context *ctx, const char *in, const char *out, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_read_options read;
    eg_edges_options options;
    eg_edges_default(&options);
    eg_read_default(&read);
    read.mask = SMALL "grey.png";
    read.alpha = EG_ALPHA_MASK;
    eg_status status = eg_source_open(&source, ctx, in, &read, error);
    if (status == EG_OK)
        status = eg_sink_open(&sink, ctx, out, NULL, error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &options, NULL, error);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

/* Finds edges in colours, with a mask and a preview. */
static eg_status colours_to_file(eg_context *ctx, const char *in, const char *out, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_preview *preview = NULL;
    eg_read_options read;
    eg_edges_options options;
    eg_edges_default(&options);
    eg_read_default(&read);
    read.mask = strstr(in, ".jpg") ? NULL : in; /* a JPEG as mask gives a warning, if it can */
    read.colour_planes = true;
    eg_status status = eg_source_open(&source, ctx, in, &read, error);
    if (status == EG_OK)
        status = eg_preview_of_source(&preview, source, 8, error);
    if (status == EG_OK)
        status = eg_sink_open(&sink, ctx, out, NULL, error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &options, NULL, error);
    eg_preview_free(preview);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

/* Draws thick edges over the image, which is kept as it is read, with previews. */
static eg_status overlay_to_file(eg_context *ctx, const char *in, const char *out, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_preview *before = NULL, *after = NULL;
    eg_read_options read;
    eg_edges_options options;
    eg_edges_default(&options);
    options.style.paint = strstr(in, ".jpg") ? EG_PAINT_DIRECTION : EG_PAINT_OVERLAY;
    options.style.thickness = 4;
    eg_read_default(&read);
    read.colour_planes = true;
    eg_status status = eg_source_open(&source, ctx, in, &read, error);
    if (status == EG_OK)
        status = eg_preview_of_source(&before, source, 8, error);
    if (status == EG_OK)
        status = eg_source_record(&options.style.image, source, error);
    if (status == EG_OK)
        status = eg_sink_open(&sink, ctx, out, NULL, error);
    if (status == EG_OK)
        status = eg_preview_of_sink(&after, sink, 8, error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &options, NULL, error);
    eg_sink_close(sink);
    eg_source_close(options.style.image);
    eg_source_close(source);
    eg_preview_free(before);
    eg_preview_free(after);
    return status;
}

/* Makes the k-th allocation fail; returns true if the run made fewer than k. */
static bool survive_failure(to_file *run, const char *in, const char *out, int threads, long k)
{
    eg_context *ctx = test_context(threads, 16, NULL);
    eg_error error = {0};
    atomic_store(&ctx->fail_after, k);
    eg_status status = run(ctx, in, out, &error);
    bool complete = atomic_load(&ctx->fail_after) >= 0;
    close_context(ctx);
    if (complete) {
        assert_int_equal(status, EG_OK);
        assert_int_equal(unlink(out), 0);
        return true;
    }
    if (status != EG_NO_MEMORY || error.status != status || !error.message[0])
        fail_msg("%s to %s, allocation %ld: status %d '%s'", in, out, k, (int)status,
                 error.message);
    if (scratch_entries() != 0)
        fail_msg("%s to %s, allocation %ld: a file was left", in, out, k);
    return false;
}

static void every_allocation_may_fail(void **state)
{
    static const char *const pairs[][2] = {
        {"rgb.png", "out.png"},        {"ycc420.jpg", "out.pgm"},
        {"cmyk.jpg", "out.jpg"},       {"orient-6.jpg", "out.pbm"},
        {"progressive.jpg", "o.pam"},  {"rgb-interlaced.png", "o.png"},
        {"grey16-plain.pgm", "o.png"}, {"grey.pfm", "o.png"},
        {"rgba.pam", "o.pgm"},         {"rgb.png", "o.tif"},
        {"grey.asc", "o.asc"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        for (int threads = 1; threads <= 2; threads++) {
            char in[64];
            long k = 0;
            snprintf(in, sizeof in, SMALL "%s", pairs[i][0]);
            while (!survive_failure(edges_to_file, in, scratch(pairs[i][1]), threads, k))
                k++;
            assert_in_range(k, 10, 10000);
        }
    }
}

static void every_allocation_of_a_part_may_fail(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        const char *in = i % 2 ? SMALL "grey16.png" : SMALL "rgb.png";
        long k = 0;
        while (!survive_failure(part_to_file, in, scratch("o.png"), 1 + i / 2, k))
            k++;
        assert_in_range(k, 15, 10000);
    }
}

static void every_allocation_with_a_mask_may_fail(void **state)
{
    static const char *const files[] = {SMALL "rgba.png", SMALL "rgb.png"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        long k = 0;
        while (!survive_failure(masked_to_file, files[i], scratch("o.png"), 1, k))
            k++;
        assert_in_range(k, 15, 10000);
    }
}

static void every_allocation_for_colours_may_fail(void **state)
{
    static const char *const files[] = {"rgb-interlaced.png", "orient-6.jpg", "cmyk.jpg",
                                        "rgb.ppm"};
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        char in[64];
        long k = 0;
        snprintf(in, sizeof in, SMALL "%s", files[i]);
        while (!survive_failure(colours_to_file, in, scratch("o.png"), 1, k))
            k++;
        assert_in_range(k, 15, 10000);
    }
}

static void every_allocation_for_an_overlay_may_fail(void **state)
{
    static const char *const pairs[][2] = {{"rgb.png", "o.png"},
                                           {"rgb.ppm", "o.jpg"},
                                           {"orient-6.jpg", "o.tif"},
                                           {"rgb.ppm", "o.ppm"}};
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        char in[64];
        long k = 0;
        snprintf(in, sizeof in, SMALL "%s", pairs[i][0]);
        while (!survive_failure(overlay_to_file, in, scratch(pairs[i][1]), 1 + (int)i % 2, k))
            k++;
        assert_in_range(k, 15, 10000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail),
                                       cmocka_unit_test(every_allocation_of_a_part_may_fail),
                                       cmocka_unit_test(every_allocation_with_a_mask_may_fail),
                                       cmocka_unit_test(every_allocation_for_colours_may_fail),
                                       cmocka_unit_test(every_allocation_for_an_overlay_may_fail)};
    return cmocka_run_group_tests_name("no memory", tests, make_scratch, remove_scratch);
}
