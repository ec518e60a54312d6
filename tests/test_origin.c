/* SPDX-License-Identifier: MIT */
/* Tests of eg_file_origin(): every output is recognised as edgegrad's, files of other programs and
 * damaged ones are not. */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/io.h"
#include "tiff_made.h"

static const eg_sample samples[] = {EG_BIT, EG_U8, EG_U16, EG_F32, EG_RGB};

/* Returns the path of a new file of a format, which holds noise. */
static const char *saved(const eg_format *format, const char *extension, eg_sample sample,
                         const eg_write_options *given)
{
    char name[32];
    eg_grid grid = {0};
    eg_write_options options;
    eg_error error = {0};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_write_default(&options);
    if (given)
        options = *given;
    options.format = format->name;
    snprintf(name, sizeof name, "made.%s", extension);
    const char *path = scratch(name);
    assert_int_equal(eg_grid_new(&grid, ctx, 70, 31, sample, NULL), EG_OK);
    memset(grid.data, 0, grid.height * grid.stride);
    if (eg_save(&grid, ctx, path, &options, &error) != EG_OK)
        fail_msg("%s: %s", path, error.message);
    eg_grid_free(&grid);
    close_context(ctx);
    return path;
}

static bool names_its_writer(const eg_format *format)
{
    return strcmp(format->name, "png") == 0 || strcmp(format->name, "jpeg") == 0 ||
           strcmp(format->name, "tiff") == 0;
}

static void every_output_is_recognised(void **state)
{
    (void)state;
    size_t tested = 0;
    for (size_t i = 0; eg_formats[i]; i++) {
        const eg_format *format = eg_formats[i];
        assert_int_equal(format->create == NULL, format->origin == NULL);
        for (size_t k = 0; format->create && k < COUNT(samples); k++) {
            if (!(format->accepts >> samples[k] & 1))
                continue;
            const char *path = saved(format, "any", samples[k], NULL);
            assert_int_equal(eg_file_origin(path),
                             names_its_writer(format) ? EG_ORIGIN_EDGEGRAD : EG_ORIGIN_POSSIBLE);
            tested++;
        }
    }
    assert_true(tested >= 15);
}

static void every_kind_of_tiff_and_png_is_recognised(void **state)
{
    (void)state;
    const eg_format *tiff = eg_format_by_name("tiff"), *png = eg_format_by_name("png");
    for (int tile = -1; tile <= 16; tile += 17) {
        for (int compress = EG_COMPRESS_DEFLATE; compress <= EG_COMPRESS_LZW; compress++) {
            eg_write_options options;
            eg_write_default(&options);
            options.tile = tile;
            options.compress = (eg_compress)compress;
            assert_int_equal(eg_file_origin(saved(tiff, "tif", EG_F32, &options)),
                             EG_ORIGIN_EDGEGRAD);
        }
    }
    eg_write_options options;
    eg_write_default(&options);
    options.encoding = EG_ENCODING_TERRARIUM;
    assert_int_equal(eg_file_origin(saved(png, "png", EG_F32, &options)), EG_ORIGIN_EDGEGRAD);
}

/* Writes `size` bytes and returns their origin. */
static eg_origin origin_of(const void *data, size_t size)
{
    const char *path = scratch("bytes");
    write_bytes(path, data, size);
    return eg_file_origin(path);
}

/* No prefix of an output, and no output with one byte more, passes for an uncompressed one: header
 * and file size must agree. */
static void sizes_must_agree(void **state)
{
    (void)state;
    static const char *const names[] = {"pgm", "pbm", "pam", "pfm"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const eg_format *format = eg_format_by_name(names[i]);
        eg_sample sample = format->accepts & 1u << EG_F32  ? EG_F32
                           : format->accepts & 1u << EG_U8 ? EG_U8
                                                           : EG_BIT;
        file_bytes whole = read_bytes(saved(format, "any", sample, NULL));
        uint8_t *longer = calloc(1, whole.size + 1);
        assert_non_null(longer);
        memcpy(longer, whole.data, whole.size);
        assert_int_equal(origin_of(longer, whole.size), EG_ORIGIN_POSSIBLE);
        assert_int_equal(origin_of(longer, whole.size + 1), EG_ORIGIN_OTHER);
        for (size_t size = 1; size < whole.size; size += size < 40 ? 1 : 97)
            assert_int_equal(origin_of(longer, size), EG_ORIGIN_OTHER);
        free(longer);
        free(whole.data);
    }
}

static void headers_of_other_programs_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        size_t pixels;
        eg_origin origin;
    } files[] = {
        {"P5\n4 4\n255\n", 16, EG_ORIGIN_POSSIBLE},
        {"P5\n4 4\n65535\n", 32, EG_ORIGIN_POSSIBLE},
        {"P4\n9 4\n", 8, EG_ORIGIN_POSSIBLE},
        {"Pf\n4 4\n-1.0\n", 64, EG_ORIGIN_POSSIBLE},
        {"P7\nWIDTH 4\nHEIGHT 4\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n", 16,
         EG_ORIGIN_POSSIBLE},
        {"ncols         2\nnrows         1\nxllcorner     0\nyllcorner     0\ncellsize      1\n1 "
         "2\n",
         0, EG_ORIGIN_POSSIBLE},
        {"P5 4 4 255\n", 16, EG_ORIGIN_OTHER},
        {"P5\n# CREATOR: GIMP\n4 4\n255\n", 16, EG_ORIGIN_OTHER},
        {"P5\n4 4\n1023\n", 32, EG_ORIGIN_OTHER},
        {"P5\n4 4\n100\n", 16, EG_ORIGIN_OTHER},
        {"P6\n4 4\n255\n", 48, EG_ORIGIN_OTHER},
        {"P2\n2 1\n255\n1 2\n", 0, EG_ORIGIN_OTHER},
        {"P1\n2 1\n1 0\n", 0, EG_ORIGIN_OTHER},
        {"PF\n4 4\n-1.0\n", 192, EG_ORIGIN_OTHER},
        {"Pf\n4 4\n1.0\n", 64, EG_ORIGIN_OTHER},
        {"Pf\n4 4\n-1.000000\n", 64, EG_ORIGIN_OTHER},
        {"P7\nWIDTH 4\nHEIGHT 4\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n", 48, EG_ORIGIN_OTHER},
        {"P5\n18446744073709551615 2\n255\n", 16, EG_ORIGIN_OTHER},
        {"P5\n-4 -4\n255\n", 16, EG_ORIGIN_OTHER},
        /* GDAL's blanks; DOS line ends */
        {"ncols        2\nnrows        1\nxllcorner    0\nyllcorner    0\ncellsize     1\n1 2\n", 0,
         EG_ORIGIN_OTHER},
        {"ncols         2\r\nnrows         1\r\nxllcorner     0\r\nyllcorner     0\r\n", 0,
         EG_ORIGIN_OTHER},
        {"A text about nothing.\n", 0, EG_ORIGIN_OTHER},
        {"#!/bin/sh\nexit 0\n", 0, EG_ORIGIN_OTHER},
        {"%PDF-1.4\n", 400, EG_ORIGIN_OTHER},
        {"<?xml version=\"1.0\"?>\n<svg/>\n", 0, EG_ORIGIN_OTHER},
        {"GIF89a", 40, EG_ORIGIN_OTHER},
        {"II*", 2, EG_ORIGIN_OTHER},
        {"\xff\xd8\xff", 40, EG_ORIGIN_OTHER},
        {"edgegrad", 0, EG_ORIGIN_OTHER},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        uint8_t bytes[1024] = {0};
        size_t length = strlen(files[i].header);
        memcpy(bytes, files[i].header, length);
        if (origin_of(bytes, length + files[i].pixels) != files[i].origin)
            fail_msg("'%s': not %d", files[i].header, (int)files[i].origin);
    }
}

/* Writes a PNG with libpng alone; `software` NULL: without the chunk. */
static void write_png(const char *path, const char *software)
{
    FILE *out = fopen(path, "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    assert_true(out && png && info);
    png_init_io(png, out);
    png_set_IHDR(png, info, 3, 1, 8, PNG_COLOR_TYPE_RGB, 0, 0, 0);
    png_text text = {0};
    text.compression = PNG_TEXT_COMPRESSION_NONE;
    text.key = (char *)"Software";
    text.text = (char *)software;
    png_set_gAMA(png, info, 0.45);
    if (software)
        png_set_text(png, info, &text, 1);
    png_write_info(png, info);
    png_write_row(png, (png_const_bytep) "abcdefghi");
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    fclose(out);
}

static void files_of_other_programs_are_not_ours(void **state)
{
    (void)state;
    const char *path = scratch("other");
    write_png(path, NULL);
    assert_int_equal(eg_file_origin(path), EG_ORIGIN_OTHER);
    write_png(path, "GIMP");
    assert_int_equal(eg_file_origin(path), EG_ORIGIN_OTHER);
    write_png(path, "edgegrader");
    assert_int_equal(eg_file_origin(path), EG_ORIGIN_OTHER);
    write_png(path, "edgegrad"); /* after another chunk */
    assert_int_equal(eg_file_origin(path), EG_ORIGIN_EDGEGRAD);
    static const char *const modes[] = {"wl", "wb", "w8l", "w8b"};
    for (size_t i = 0; i < COUNT(modes); i++) {
        made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
        made.mode = modes[i];
        make_tiff(path, &made);
        assert_int_equal(eg_file_origin(path), EG_ORIGIN_OTHER);
        TIFF *tiff = TIFFOpen(path, "r+");
        assert_non_null(tiff);
        TIFFSetField(tiff, TIFFTAG_SOFTWARE, i % 2 ? "edgegrad" : "edgegrad 9.8.7");
        assert_int_equal(TIFFRewriteDirectory(tiff), 1);
        TIFFClose(tiff);
        assert_int_equal(eg_file_origin(path), EG_ORIGIN_EDGEGRAD);
        free(made.values);
    }
    assert_int_equal(eg_file_origin("testdata/scene.jpg"), EG_ORIGIN_OTHER);
    assert_int_equal(eg_file_origin("testdata/hills.tif"), EG_ORIGIN_OTHER);
}

/* Outputs with damaged bytes and random lengths: no crash, and no other answer than these. */
static void damaged_files_are_harmless(void **state)
{
    (void)state;
    unsigned random = 1;
    for (size_t i = 0; eg_formats[i]; i++) {
        if (!eg_formats[i]->create)
            continue;
        eg_sample sample = eg_formats[i]->accepts & 1u << EG_U8    ? EG_U8
                           : eg_formats[i]->accepts & 1u << EG_BIT ? EG_BIT
                           : eg_formats[i]->accepts & 1u << EG_F32 ? EG_F32
                                                                   : EG_RGB;
        file_bytes whole = read_bytes(saved(eg_formats[i], "any", sample, NULL));
        for (int round = 0; round < 300; round++) {
            random = random * 1664525u + 1013904223u;
            size_t at = (random >> 8) % (whole.size < 400 ? whole.size : 400);
            if (round % 3 == 0)
                at = whole.size - 1 - at; /* a TIFF has its directory at the end */
            uint8_t before = whole.data[at];
            whole.data[at] = (uint8_t)(random >> 3);
            eg_origin origin = origin_of(whole.data, round % 2 ? whole.size : at + 1);
            assert_in_range(origin, EG_ORIGIN_EDGEGRAD, EG_ORIGIN_OTHER);
            whole.data[at] = before;
        }
        free(whole.data);
    }
}

static void what_loses_nothing_has_no_origin(void **state)
{
    (void)state;
    const char *empty = scratch("empty"), *link = scratch("link"), *pipe = scratch("pipe");
    write_bytes(empty, "", 0);
    assert_int_equal(eg_file_origin(empty), EG_ORIGIN_NONE);
    assert_int_equal(eg_file_origin(scratch("missing")), EG_ORIGIN_NONE);
    assert_int_equal(eg_file_origin(scratch("")), EG_ORIGIN_NONE); /* a folder */
    assert_int_equal(eg_file_origin("/dev/null"), EG_ORIGIN_NONE);
    assert_int_equal(eg_file_origin("/dev/stdout"), EG_ORIGIN_NONE);
    assert_int_equal(eg_file_origin(""), EG_ORIGIN_NONE);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(eg_file_origin(pipe), EG_ORIGIN_NONE); /* does not wait for a writer */
    write_bytes(scratch("text"), "text", 4);
    assert_int_equal(symlink("text", link), 0);
    assert_int_equal(eg_file_origin(link), EG_ORIGIN_OTHER);
    unlink(scratch("text"));
    assert_int_equal(eg_file_origin(link), EG_ORIGIN_NONE);
}

/* Plots name edgegrad, and stay what they are: a PNG that can be read, XML, a PDF whose last offset
 * is that of its cross references. */
static void plots_are_recognised(void **state)
{
    (void)state;
    static const char *const formats[] = {"png", "svg", "pdf"};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_plot_options options;
    eg_plot *plot;
    eg_error error = {0};
    eg_plot_default(&options);
    eg_plot_new(&plot, ctx, &options, &error);
    if (error.status == EG_UNSUPPORTED) {
        close_context(ctx);
        skip();
    }
    for (size_t i = 0; i < COUNT(formats); i++) {
        const void *bytes;
        size_t size;
        assert_int_equal(eg_plot_render(plot, formats[i], &bytes, &size, NULL), EG_OK);
        assert_int_equal(origin_of(bytes, size), EG_ORIGIN_EDGEGRAD);
        if (i == 0) {
            eg_grid grid;
            load_grid(&grid, ctx, scratch("bytes"), NULL);
            assert_int_equal(grid.width, options.width);
            eg_grid_free(&grid);
        } else if (i == 2) {
            const char *last = memmem((const char *)bytes + size - 40, 40, "startxref\n", 10);
            assert_non_null(last);
            long at = strtol(last + 10, NULL, 10);
            assert_in_range(at, 1, size - 4);
            assert_memory_equal((const char *)bytes + at, "xref", 4);
        }
    }
    eg_plot_free(plot);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_output_is_recognised),
        cmocka_unit_test(every_kind_of_tiff_and_png_is_recognised),
        cmocka_unit_test(sizes_must_agree),
        cmocka_unit_test(headers_of_other_programs_are_recognised),
        cmocka_unit_test(files_of_other_programs_are_not_ours),
        cmocka_unit_test(damaged_files_are_harmless),
        cmocka_unit_test(what_loses_nothing_has_no_origin),
        cmocka_unit_test(plots_are_recognised),
    };
    return cmocka_run_group_tests_name("origin", tests, make_scratch, remove_scratch);
}
