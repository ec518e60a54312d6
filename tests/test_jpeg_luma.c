/* SPDX-License-Identifier: MIT */
/* Grey rows of JPEGs of all sampling factors and of many sizes: those of libjpeg's scan lines,
 * however many are read at a time, and no byte behind a row is written. */
#include "jpeg_oracle.h"

#include <stdlib.h>
#include <string.h>

/* Sampling factors of Y and of both other channels; 0: the file is grey. */
static const struct layout {
    int y_across, y_down, chroma_across, chroma_down;
    bool progressive;
} layouts[] = {
    {1, 1, 0, 0, false}, {2, 2, 0, 0, false}, {1, 4, 0, 0, true},  {1, 1, 1, 1, false},
    {2, 2, 1, 1, false}, {2, 1, 1, 1, false}, {1, 2, 1, 1, true},  {4, 1, 1, 1, false},
    {1, 4, 1, 1, false}, {2, 2, 1, 1, true},  {1, 1, 2, 2, false}, {2, 1, 1, 2, false},
    {1, 2, 2, 1, true},  {2, 2, 2, 1, false},
};

/* Writes a picture of noise. */
static void write_noise(const char *path, const struct layout *layout, unsigned width,
                        unsigned height)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    uint32_t state = width * 41 + height;
    uint8_t *row = malloc(3 * width);
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = layout->chroma_across ? 3 : 1;
    jpeg.in_color_space = layout->chroma_across ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    for (int i = 0; i < jpeg.num_components; i++) {
        jpeg.comp_info[i].h_samp_factor = i ? layout->chroma_across : layout->y_across;
        jpeg.comp_info[i].v_samp_factor = i ? layout->chroma_down : layout->y_down;
    }
    if (layout->progressive)
        jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < height) {
        for (unsigned x = 0; x < width * (unsigned)jpeg.input_components; x++)
            row[x] = (uint8_t)((state = state * 1664525u + 1013904223u) >> 24);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    free(row);
    assert_int_equal(fclose(file), 0);
}

/* Reads all rows, `at_once` at a time, into rows with `spare` bytes behind them, which must keep
 * their value. */
static void check_rows(eg_context *ctx, const char *path, const jpeg_pixels *oracle, size_t at_once,
                       size_t spare)
{
    enum { MARK = 0xA5 };
    const size_t stride = oracle->width + spare;
    eg_source *source;
    eg_error error = {0};
    uint8_t *rows = malloc(at_once * stride);
    assert_int_equal(eg_source_open(&source, ctx, path, NULL, &error), EG_OK);
    for (size_t y = 0; y < oracle->height; y += at_once) {
        const size_t now = oracle->height - y < at_once ? oracle->height - y : at_once;
        memset(rows, MARK, at_once * stride);
        assert_int_equal(eg_source_read(source, rows, stride, now, &error), EG_OK);
        for (size_t i = 0; i < now; i++) {
            assert_memory_equal(rows + i * stride, oracle->data + (y + i) * oracle->width,
                                oracle->width);
            for (size_t k = 0; k < spare; k++)
                assert_int_equal(rows[i * stride + oracle->width + k], MARK);
        }
    }
    assert_int_equal(eg_source_finish(source, &error), EG_OK);
    eg_source_close(source);
    free(rows);
}

/* Computes edges of rows `first` .. end - 1, which the pipeline reads, and compares them with those
 * of the decoded image. */
static void check_edges(eg_context *ctx, const char *path, const jpeg_pixels *oracle, size_t first)
{
    eg_grid image = {.data = oracle->data,
                     .width = oracle->width,
                     .height = oracle->height,
                     .stride = oracle->width,
                     .sample = EG_U8,
                     .white_level = 255};
    eg_grid edges[2] = {{0}, {0}};
    eg_edges_options options;
    eg_error error = {0};
    default_sobel_edges(&options);
    options.low = 20;
    options.high = 60;
    for (size_t k = 0; k < 2; k++) {
        eg_source *source;
        eg_sink *sink;
        assert_int_equal(k ? eg_source_grid(&source, ctx, &image, &error)
                           : eg_source_open(&source, ctx, path, NULL, &error),
                         EG_OK);
        assert_int_equal(eg_source_rows(source, first, oracle->height - first, &error), EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &edges[k], &error), EG_OK);
        assert_int_equal(eg_edges(source, sink, &options, NULL, &error), EG_OK);
        eg_sink_close(sink);
        eg_source_close(source);
    }
    assert_grids_equal(&edges[0], &edges[1]);
    eg_grid_free(&edges[0]);
    eg_grid_free(&edges[1]);
}

static void rows_are_those_of_scan_lines(void **state)
{
    (void)state;
    static const unsigned sides[] = {1, 7, 8, 9, 16, 31, 33, 64, 75};
    static const size_t at_once[] = {1, 3, 8, 16, 17, 100};
    for (size_t k = 0; k < COUNT(layouts); k++)
        for (size_t i = 0; i < COUNT(sides) * COUNT(sides); i++) {
            const char *path = scratch("noise.jpg");
            jpeg_pixels oracle;
            eg_context *ctx = test_context(1 + (int)(i % 2), i % 3 ? i % 20 : 0, NULL);
            write_noise(path, &layouts[k], sides[i / COUNT(sides)], sides[i % COUNT(sides)]);
            assert_true(oracle_jpeg(&oracle, path));
            assert_int_equal(oracle.channels, 1);
            for (size_t n = 0; n < COUNT(at_once); n++)
                check_rows(ctx, path, &oracle, at_once[n], (n + i) % 3 * 5);
            check_edges(ctx, path, &oracle, i % 2 ? oracle.height / 3 : 0);
            free(oracle.data);
            close_context(ctx);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_scan_lines),
    };
    return cmocka_run_group_tests_name("jpeg luma", tests, make_scratch, remove_scratch);
}
