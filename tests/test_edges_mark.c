/* SPDX-License-Identifier: MIT */
/* Edges that are marked again with other thresholds, and counts of a histogram. */
#include <math.h>

#include "terrain_fixture.h"

/* Fills a grid with stripes and noise. */
static void make_image(eg_grid *grid, eg_context *ctx, size_t width, size_t height)
{
    uint64_t state = 11;
    eg_error error = {0};
    assert_int_equal(eg_grid_new(grid, ctx, width, height, EG_U8, &error), EG_OK);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            ((uint8_t *)grid->data)[y * grid->stride + x] =
                (uint8_t)(60 + 80 * (x / 17 % 2) + 40 * (y / 23 % 2) + 50 * uniform(&state));
}

/* Detects the edges of the image at once. */
static eg_edges_result detect(eg_grid *out, eg_context *ctx, const eg_grid *image,
                              const eg_edges_options *options)
{
    eg_error error = {0};
    eg_source *source;
    eg_sink *sink;
    eg_edges_result result;
    *out = (eg_grid){0};
    assert_int_equal(eg_source_grid(&source, ctx, image, &error), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, ctx, out, &error), EG_OK);
    assert_int_equal(eg_edges(source, sink, options, &result, &error), EG_OK);
    eg_sink_close(sink);
    eg_source_close(source);
    return result;
}

/* Checks that the edges of a block are those of eg_edges() with its thresholds. */
static void assert_marked(eg_edges_block *block, eg_context *ctx, const eg_grid *image,
                          const eg_edges_options *options)
{
    eg_error error = {0};
    eg_sink *sink;
    eg_grid marked = {0}, whole;
    eg_edges_result result, expected = detect(&whole, ctx, image, options);
    assert_int_equal(eg_sink_grid(&sink, ctx, &marked, &error), EG_OK);
    assert_int_equal(eg_edges_block_write(block, sink, &result, &error), EG_OK);
    eg_sink_close(sink);
    assert_true(result.low == expected.low && result.high == expected.high);
    assert_int_equal(result.edge_pixels, expected.edge_pixels);
    for (size_t y = 0; y < marked.height; y++)
        assert_memory_equal((char *)marked.data + y * marked.stride,
                            (char *)whole.data + y * whole.stride, marked.width);
    eg_grid_free(&marked);
    eg_grid_free(&whole);
}

/* Checks that a block of ridges is not written in colours of direction. */
static void assert_no_directions(eg_edges_block *block, eg_context *ctx)
{
    eg_error error = {0};
    eg_sink *sink;
    eg_grid colours = {0};
    eg_edges_block_style(block, &(eg_edge_style){.paint = EG_PAINT_DIRECTION});
    assert_int_equal(eg_sink_grid(&sink, ctx, &colours, &error), EG_OK);
    assert_int_equal(eg_edges_block_write(block, sink, NULL, &error), EG_USAGE);
    assert_string_equal(error.message, "the method ridge has no colours of direction");
    eg_sink_close(sink);
    eg_grid_free(&colours);
}

/* Checks an adjustable block with some method and sigma. */
static void check_adjustable(eg_context *ctx, const eg_grid *image, eg_edge_method method,
                             double sigma)
{
    static const double pairs[][2] = {{2, 7}, {9, 3}, {0, 0}, {5, NAN}, {NAN, 4}, {100, 200}};
    eg_error error = {0};
    eg_source *source;
    eg_edges_block *block;
    eg_edge_histogram *sum;
    eg_edges_options options;
    eg_edges_default(&options);
    options.method = method;
    options.sigma = sigma;
    assert_int_equal(eg_source_grid(&source, ctx, image, &error), EG_OK);
    assert_int_equal(eg_edge_histogram_new(&sum, ctx, &error), EG_OK);
    assert_int_equal(eg_edges_block_new_adjustable(&block, source, &options, &error), EG_OK);
    assert_int_equal(eg_edges_block_mark(block, 1, 2, NULL), EG_USAGE);
    assert_int_equal(eg_edges_block_histogram(block, sum, &error), EG_OK);
    assert_int_equal(eg_edges_block_link(block, sum, &error), EG_OK);
    assert_marked(block, ctx, image, &options);
    options.unit = EG_UNIT_PIXEL;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (method == EG_EDGE_THRESHOLD && !(pairs[i][0] <= pairs[i][1]))
            continue;
        options.low = pairs[i][0];
        options.high = pairs[i][1];
        assert_int_equal(eg_edges_block_mark(block, options.low, options.high, &error), EG_OK);
        assert_marked(block, ctx, image, &options);
    }
    if (method == EG_EDGE_RIDGE)
        assert_no_directions(block, ctx);
    assert_int_equal(eg_edges_block_mark(block, -1, 2, NULL), EG_USAGE);
    assert_int_equal(eg_edges_block_mark(block, NAN, NAN, NULL), EG_USAGE);
    eg_edge_histogram_free(sum);
    eg_edges_block_free(block);
    eg_source_close(source);
}

static void edges_are_marked_again(void **state)
{
    (void)state;
    static const double sigmas[] = {0.7, 3, 6, 12, NAN}; /* each layout of the field */
    static const eg_edge_method methods[] = {EG_EDGE_CANNY, EG_EDGE_BOUNDARY, EG_EDGE_THRESHOLD,
                                             EG_EDGE_RIDGE};
    eg_context *ctx;
    eg_grid image;
    assert_int_equal(eg_context_new(&ctx, NULL, NULL), EG_OK);
    make_image(&image, ctx, 230, 190);
    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++)
        for (size_t i = 0; i < sizeof sigmas / sizeof *sigmas; i++)
            check_adjustable(ctx, &image, methods[m], sigmas[i]);
    eg_grid_free(&image);
    eg_context_free(ctx);
}

static void other_blocks_are_marked_once(void **state)
{
    (void)state;
    eg_context *ctx;
    eg_grid image;
    eg_source *source;
    eg_edges_block *block;
    eg_error error = {0};
    eg_edges_options options;
    assert_int_equal(eg_context_new(&ctx, NULL, NULL), EG_OK);
    make_image(&image, ctx, 40, 30);
    assert_int_equal(eg_source_grid(&source, ctx, &image, &error), EG_OK);
    eg_edges_opencv(&options, 20, 60);
    assert_int_equal(eg_edges_block_new_adjustable(&block, source, &options, NULL), EG_USAGE);
    assert_null(block);
    eg_edges_default(&options);
    options.low = options.high = 3;
    assert_int_equal(eg_edges_block_new(&block, source, &options, &error), EG_OK);
    assert_int_equal(eg_edges_block_link(block, NULL, &error), EG_OK);
    assert_int_equal(eg_edges_block_mark(block, 1, 2, &error), EG_USAGE);
    eg_edges_block_free(block);
    eg_source_close(source);
    eg_grid_free(&image);
    eg_context_free(ctx);
}

static void histograms_are_counted_by_magnitude(void **state)
{
    (void)state;
    static const double bounds[] = {0, 0.5, 2, 8, 1000};
    eg_context *ctx;
    eg_grid image;
    assert_int_equal(eg_context_new(&ctx, NULL, NULL), EG_OK);
    make_image(&image, ctx, 120, 90);
    for (size_t op = 0; op < 2; op++) {
        eg_error error = {0};
        eg_source *source;
        eg_edge_histogram *histogram;
        eg_edges_options options;
        uint64_t counts[4], some[1];
        eg_edges_default(&options);
        options.op = op ? "sobel3" : "gaussian";
        options.sigma = 1;
        assert_int_equal(eg_source_grid(&source, ctx, &image, &error), EG_OK);
        assert_int_equal(eg_edge_histogram_new(&histogram, ctx, &error), EG_OK);
        eg_edge_histogram_counts(histogram, bounds, counts, 4);
        assert_int_equal(counts[0] + counts[1] + counts[2] + counts[3], 0);
        assert_int_equal(eg_edge_histogram_add(histogram, source, &options, &error), EG_OK);
        eg_edge_histogram_counts(histogram, bounds, counts, 4);
        eg_edge_histogram_counts(histogram, bounds + 2, some, 1);
        assert_true(counts[2] > 0 && some[0] == counts[2]);
        /* A local maximum with a magnitude above both thresholds is an edge, and nothing else. */
        eg_grid edges;
        options.low = options.high = 8;
        options.unit = EG_UNIT_PIXEL;
        const eg_edges_result result = detect(&edges, ctx, &image, &options);
        assert_true(fabs((double)result.edge_pixels - (double)counts[3]) <=
                    0.05 * (double)counts[3]);
        eg_grid_free(&edges);
        eg_edge_histogram_free(histogram);
        eg_source_close(source);
    }
    eg_grid_free(&image);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_marked_again),
        cmocka_unit_test(other_blocks_are_marked_once),
        cmocka_unit_test(histograms_are_counted_by_magnitude),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
