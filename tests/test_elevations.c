/* SPDX-License-Identifier: MIT */
/* Files as elevations: samples are the stored numbers, images are told from rasters of values, and
 * encoded colours are read from TIFF as from PNG. */
#include "raster.h"
#include "terrain_fixture.h"
#include "tiff_made.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/stream.h"

#define SMALL "testdata/small/"

enum { WIDTH = 21, HEIGHT = 9 };

static eg_read_options encoded_options(eg_encoding encoding)
{
    eg_read_options options = value_options();
    options.encoding = encoding;
    return options;
}

/* Returns the sample of pixel (x, y) of the files below. */
static unsigned number_at(size_t x, size_t y, unsigned maxval)
{
    return (unsigned)(x * 7919 + y * 104729 + 3) % (maxval + 1);
}

/* Reads `path` as values, with `options` of the caller's, and compares each with number_at(). */
static void check_numbers(const char *path, const eg_read_options *options, unsigned maxval)
{
    raster r;
    eg_error error = {0};
    eg_context *ctx = test_context(1, 0, NULL);
    if (raster_read(&r, ctx, path, options, 4, &error) != EG_OK)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++)
        if (r.values[i] != number_at(i % WIDTH, i / WIDTH, maxval))
            fail_msg("%s, maximum %u, pixel %zu: %g", path, maxval, i, r.values[i]);
    raster_free(&r);
    close_context(ctx);
}

/* ---- Netpbm ---------------------------------------------------------------------------------- */

/* Writes a Netpbm file of number_at(): P2, P5, or P7 with `channels` channels, the last a constant
 * alpha. */
static void write_netpbm(const char *path, int kind, int channels, unsigned maxval)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    if (kind == 7)
        fprintf(file, "P7\nWIDTH %d\nHEIGHT %d\nDEPTH %d\nMAXVAL %u\nENDHDR\n", (int)WIDTH,
                (int)HEIGHT, channels, maxval);
    else
        fprintf(file, "P%d\n%d %d\n%u\n", kind, (int)WIDTH, (int)HEIGHT, maxval);
    for (size_t i = 0; i < (size_t)WIDTH * HEIGHT * (size_t)channels; i++) {
        size_t pixel = i / (size_t)channels;
        unsigned v =
            i % (size_t)channels ? maxval / 2 : number_at(pixel % WIDTH, pixel / WIDTH, maxval);
        if (kind == 2)
            fprintf(file, "%u\n", v);
        else if (maxval > 255)
            fputc((int)(v >> 8), file);
        if (kind != 2)
            fputc((int)(v & 255), file);
    }
    assert_int_equal(fclose(file), 0);
}

static void netpbm_samples_are_the_stored_numbers(void **state)
{
    (void)state;
    static const unsigned maxima[] = {1, 7, 99, 200, 255, 256, 1000, 4095, 65535};
    eg_read_options options = encoded_options(EG_ENCODING_NONE);
    for (size_t i = 0; i < COUNT(maxima); i++) {
        const char *path = scratch("n.pgm");
        write_netpbm(path, 2, 1, maxima[i]);
        check_numbers(path, &options, maxima[i]);
        write_netpbm(path, 5, 1, maxima[i]);
        check_numbers(path, &options, maxima[i]);
        write_netpbm(path, 7, 1, maxima[i]);
        check_numbers(path, &options, maxima[i]);
        write_netpbm(path, 7, 2, maxima[i]);
        check_numbers(path, &options, maxima[i]);
        options.alpha = EG_ALPHA_OVER; /* elevations are not composited */
        check_numbers(path, &options, maxima[i]);
        options.alpha = EG_ALPHA_IGNORE;
    }
    write_bytes(scratch("b.pbm"), "P1 3 2 101 001", 14);
    eg_context *ctx = test_context(1, 0, NULL);
    raster r;
    assert_int_equal(raster_read(&r, ctx, scratch("b.pbm"), &options, 0, NULL), EG_OK);
    for (size_t i = 0; i < 6; i++)
        assert_true(r.values[i] == "101001"[i] - '0');
    raster_free(&r);
    close_context(ctx);
}

/* Without as_values the samples are intensities of 0 to 255, or 65535. */
static void netpbm_intensities_are_scaled(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    raster r;
    write_bytes(scratch("a.pgm"), "P2 3 1 200 0 100 200", 20);
    assert_int_equal(raster_read(&r, ctx, scratch("a.pgm"), NULL, 0, NULL), EG_OK);
    assert_true(r.values[0] == 0 && r.values[1] == 128 && r.values[2] == 255);
    raster_free(&r);
    write_bytes(scratch("a.pgm"), "P2 3 1 1000 0 500 1000", 22);
    assert_int_equal(raster_read(&r, ctx, scratch("a.pgm"), NULL, 0, NULL), EG_OK);
    assert_true(r.values[0] == 0 && r.values[1] == 32767.5 && r.values[2] == 65535);
    raster_free(&r);
    close_context(ctx);
}

/* ---- PNG ------------------------------------------------------------------------------------- */

static void put32(uint8_t *p, unsigned long v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void write_chunk(FILE *file, const char *type, const uint8_t *data, size_t size)
{
    uint8_t head[8], tail[4];
    put32(head, size);
    memcpy(head + 4, type, 4);
    put32(tail, crc32(crc32(0, head + 4, 4), data, (uInt)size));
    fwrite(head, 1, 8, file);
    fwrite(data, 1, size, file);
    fwrite(tail, 1, 4, file);
}

/* Writes a grey PNG of number_at() with `depth` bits a pixel. */
static void write_grey_png(const char *path, unsigned depth)
{
    uint8_t header[13] = {0}, rows[HEIGHT * (1 + 2 * WIDTH)] = {0}, packed[2 * sizeof rows];
    size_t stride = 1 + (WIDTH * depth + 7) / 8;
    uLongf size = sizeof packed;
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            unsigned v = number_at(x, y, (1u << depth) - 1);
            size_t bit = x * depth;
            uint8_t *p = rows + y * stride + 1 + bit / 8;
            if (depth == 16)
                p[0] = (uint8_t)(v >> 8), p[1] = (uint8_t)v;
            else
                p[0] |= (uint8_t)(v << (8 - depth - bit % 8));
        }
    assert_int_equal(compress(packed, &size, rows, HEIGHT * stride), Z_OK);
    put32(header, WIDTH);
    put32(header + 4, HEIGHT);
    header[8] = (uint8_t)depth;
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite("\x89PNG\r\n\x1A\n", 1, 8, file);
    write_chunk(file, "IHDR", header, sizeof header);
    write_chunk(file, "IDAT", packed, size);
    write_chunk(file, "IEND", header, 0);
    assert_int_equal(fclose(file), 0);
}

static void png_greys_are_the_stored_numbers(void **state)
{
    (void)state;
    const eg_read_options options = encoded_options(EG_ENCODING_NONE);
    for (unsigned depth = 1; depth <= 16; depth *= 2) {
        write_grey_png(scratch("g.png"), depth);
        check_numbers(scratch("g.png"), &options, (1u << depth) - 1);
    }
}

/* ---- TIFF ------------------------------------------------------------------------------------ */

/* A plane of integers that rises 1 per cell. */
static void make_ramp(const char *path, uint16_t bits, uint16_t format, double first,
                      const char *nodata, const char *metadata)
{
    made_tiff made = tiff_of(bits, format, 1);
    for (size_t y = 0; y < made.height; y++)
        for (size_t x = 0; x < made.width; x++)
            *tiff_value(&made, x, y, 0) = first + (double)x;
    made.nodata = nodata;
    made.metadata = metadata;
    make_tiff(path, &made);
    free(made.values);
}

/* Computes the slope of a file with cells of 1 m, as rise over run, and adds the warnings to
 * `warnings`. */
static eg_status slope_of_file(eg_grid *out, eg_context *ctx, const char *path,
                               eg_encoding encoding, char warnings[600], eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_terrain_options map = map_options(EG_TERRAIN_SLOPE);
    eg_ground_options ground = ground_options();
    const eg_read_options options = encoded_options(encoding);
    map.slope_unit = EG_SLOPE_RATIO;
    ground.cell_x = ground.cell_y = 1;
    *out = (eg_grid){0};
    *warnings = '\0';
    eg_status status = eg_source_open(&source, ctx, path, &options, error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, ctx, out, error);
    if (status == EG_OK)
        status = eg_terrain(source, &sink, &map, 1, &ground, error);
    for (size_t i = 0; source && eg_source_warning(source, i); i++)
        snprintf(warnings + strlen(warnings), 600 - strlen(warnings), "%s\n",
                 eg_source_warning(source, i));
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

static void integers_keep_all_their_digits(void **state)
{
    (void)state;
    static const struct {
        uint16_t bits, format;
        double first;
    } types[] = {{8, SAMPLEFORMAT_INT, -30},          {8, SAMPLEFORMAT_UINT, 100},
                 {16, SAMPLEFORMAT_INT, -20},         {16, SAMPLEFORMAT_UINT, 40000},
                 {32, SAMPLEFORMAT_INT, -2147483000}, {32, SAMPLEFORMAT_UINT, 4294967200},
                 {64, SAMPLEFORMAT_INT, -9e15},       {64, SAMPLEFORMAT_UINT, 9e15},
                 {64, SAMPLEFORMAT_IEEEFP, 9e15}};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(types); i++) {
        eg_grid out;
        char warnings[600];
        make_ramp(scratch("r.tif"), types[i].bits, types[i].format, types[i].first, NULL, NULL);
        assert_int_equal(
            slope_of_file(&out, ctx, scratch("r.tif"), EG_ENCODING_NONE, warnings, NULL), EG_OK);
        for (size_t x = 1; x + 1 < out.width; x++)
            if (sample_at(&out, x, 5) != 1)
                fail_msg("type %zu, column %zu: %g", i, x, sample_at(&out, x, 5));
        eg_grid_free(&out);
    }
    close_context(ctx);
}

/* The nodata value is one of stored samples: a scaled elevation that equals it is not missing. */
static void scaled_elevations_are_not_compared_with_nodata(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (uint16_t bits = 8; bits <= 32; bits *= 2) {
        eg_grid out;
        char warnings[600];
        make_ramp(scratch("s.tif"), bits, SAMPLEFORMAT_UINT, 80, "7",
                  "<GDALMetadata><Item name=\"OFFSET\" sample=\"0\" role=\"offset\">-93</Item>"
                  "</GDALMetadata>"); /* the stored 100 is the elevation 7 */
        assert_int_equal(
            slope_of_file(&out, ctx, scratch("s.tif"), EG_ENCODING_NONE, warnings, NULL), EG_OK);
        for (size_t x = 1; x + 1 < out.width; x++)
            assert_true(sample_at(&out, x, 5) == 1);
        eg_grid_free(&out);
    }
    close_context(ctx);
}

static void an_invalid_scale_is_said(void **state)
{
    (void)state;
    static const char *const scales[] = {"0", "nan", "no number"};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(scales); i++) {
        char xml[200], warnings[600];
        eg_grid out;
        snprintf(xml, sizeof xml,
                 "<GDALMetadata><Item name=\"SCALE\" sample=\"0\" role=\"scale\">%s</Item>"
                 "</GDALMetadata>",
                 scales[i]);
        make_ramp(scratch("z.tif"), 16, SAMPLEFORMAT_INT, 80, NULL, xml);
        assert_int_equal(
            slope_of_file(&out, ctx, scratch("z.tif"), EG_ENCODING_NONE, warnings, NULL), EG_OK);
        assert_non_null(strstr(warnings, "scale"));
        assert_true(sample_at(&out, 5, 5) == 1);
        eg_grid_free(&out);
    }
    close_context(ctx);
}

static void an_invalid_transform_is_said(void **state)
{
    (void)state;
    const double ties[] = {0, 0, 0, 5e5, 5e6, 0};
    const double scales[][3] = {{(double)NAN, 10, 0}, {0, 10, 0}, {10, (double)INFINITY, 0}};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(scales); i++) {
        made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
        eg_grid out;
        char warnings[600];
        made.scale = scales[i];
        made.ties = ties;
        make_tiff(scratch("t.tif"), &made);
        assert_int_equal(
            slope_of_file(&out, ctx, scratch("t.tif"), EG_ENCODING_NONE, warnings, NULL), EG_OK);
        assert_non_null(strstr(warnings, "georeferencing"));
        eg_grid_free(&out);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- images ---------------------------------------------------------------------------------- */

static void images_are_no_elevations(void **state)
{
    (void)state;
    static const struct {
        const char *name, *what;
        bool encodable;
    } images[] = {
        {SMALL "rgb.png", "3 colour channels", true},
        {SMALL "rgba.png", "3 colour channels", true},
        {SMALL "rgb-interlaced.png", "3 colour channels", true},
        {SMALL "palette.png", "a colour palette", true},
        {SMALL "rgb16.png", "3 colour channels", false},
        {SMALL "rgb.ppm", "3 colour channels", false},
        {SMALL "rgba.pam", "3 colour channels", false},
        {SMALL "grey.jpg", "the lossy 8-bit samples of a JPEG", false},
        {SMALL "ycc420.jpg", "the lossy 8-bit samples of a JPEG", false},
        {SMALL "cmyk.jpg", "the lossy 8-bit samples of a JPEG", false},
    };
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(images); i++) {
        eg_error error = {0};
        eg_grid out;
        char warnings[600];
        assert_int_equal(
            slope_of_file(&out, ctx, images[i].name, EG_ENCODING_NONE, warnings, &error),
            EG_BAD_INPUT);
        if (!strstr(error.message, images[i].what) || !strstr(error.message, "not elevations") ||
            !strstr(error.message, images[i].name) || !strstr(error.message, "--encoding grey") ||
            !strstr(error.message, "terrarium") == images[i].encodable)
            fail_msg("%s", error.message);
        assert_non_null(strstr(warnings, images[i].what));
        eg_grid_free(&out);
        assert_int_equal(slope_of_file(&out, ctx, images[i].name, EG_ENCODING_GREY, warnings, NULL),
                         EG_OK);
        assert_string_equal(warnings, "");
        eg_grid_free(&out);
    }
    close_context(ctx);
}

static void coarse_elevations_are_said(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool coarse;
    } files[] = {{SMALL "grey.png", true},    {SMALL "grey.pgm", true},  {SMALL "bits.png", true},
                 {SMALL "grey16.png", false}, {SMALL "grey.pfm", false}, {SMALL "grey.asc", false}};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(files); i++)
        for (int grey = 0; grey < 2; grey++) {
            eg_grid out;
            char warnings[600];
            assert_int_equal(slope_of_file(&out, ctx, files[i].name,
                                           grey ? EG_ENCODING_GREY : EG_ENCODING_NONE, warnings,
                                           NULL),
                             EG_OK);
            if (!strstr(warnings, "-bit samples") == (files[i].coarse && !grey))
                fail_msg("%s: '%s'", files[i].name, warnings);
            eg_grid_free(&out);
        }
    close_context(ctx);
}

static void further_bands_are_said(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 2);
    eg_grid out;
    char warnings[600];
    make_tiff(scratch("two.tif"), &made);
    assert_int_equal(slope_of_file(&out, ctx, scratch("two.tif"), EG_ENCODING_NONE, warnings, NULL),
                     EG_OK);
    assert_string_equal(warnings, "has 2 bands; the first is used (--band N chooses another)\n");
    eg_grid_free(&out);
    free(made.values);
    close_context(ctx);
}

/* ---- colours of TIFFs ------------------------------------------------------------------------ */

static const eg_encoding encodings[] = {EG_ENCODING_TERRARIUM, EG_ENCODING_MAPBOX};

/* Formulas from the specifications of the encodings. */
static double decoded(eg_encoding encoding, const double *p)
{
    return encoding == EG_ENCODING_TERRARIUM
               ? (p[0] * 256 + p[1] + p[2] / 256) - 32768
               : -10000 + ((p[0] * 256 * 256 + p[1] * 256 + p[2]) * 0.1);
}

/* Compares the elevations of a file with its colours. Pixels with alpha 0 are missing, and those
 * whose three colours are `nodata` (negative: none). */
static void check_colours(const made_tiff *made, eg_encoding encoding, double nodata)
{
    raster r;
    eg_error error = {0};
    eg_context *ctx = test_context(2, 0, NULL);
    const eg_read_options options = encoded_options(encoding);
    make_tiff(scratch("c.tif"), made);
    if (raster_read(&r, ctx, scratch("c.tif"), &options, 5, &error) != EG_OK)
        fail_msg("%s", error.message);
    assert_int_equal(r.info.sample, encoding == EG_ENCODING_MAPBOX ? EG_F64 : EG_F32);
    for (size_t i = 0; i < made->width * made->height; i++) {
        const double *p = made->values + i * made->samples;
        bool missing = (made->extra == 1 + EXTRASAMPLE_UNASSALPHA && p[3] == 0) ||
                       (p[0] == nodata && p[1] == nodata && p[2] == nodata);
        double bound = encoding == EG_ENCODING_TERRARIUM ? 0 : 1e-8;
        if (missing ? !isnan(r.values[i]) : !(fabs(r.values[i] - decoded(encoding, p)) <= bound))
            fail_msg("pixel %zu is %.10g", i, r.values[i]);
    }
    raster_free(&r);
    close_context(ctx);
}

static void colours_of_tiffs_are_elevations(void **state)
{
    (void)state;
    for (size_t i = 0; i < 16; i++) {
        made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, i & 1 ? 4 : 3);
        made.photometric = PHOTOMETRIC_RGB;
        if (i & 1)
            made.extra = 1 + (i & 2 ? EXTRASAMPLE_UNASSALPHA : EXTRASAMPLE_UNSPECIFIED);
        made.separate = i & 4;
        if (i & 8) {
            made.tile_width = made.tile_height = 16;
            made.compression = COMPRESSION_ADOBE_DEFLATE;
        }
        for (size_t x = 3; x < 12; x++) { /* transparent, black */
            for (size_t c = 0; c < made.samples; c++)
                *tiff_value(&made, x, 5, c) = 0;
        }
        made.nodata = i & 2 ? "0" : NULL;
        for (size_t e = 0; e < COUNT(encodings); e++)
            check_colours(&made, encodings[e], made.nodata ? 0 : -1);
        free(made.values);
    }
}

/* 0 m is no missing cell because its file has the nodata value 0, which is one of colours. */
static void zero_metres_are_not_the_nodata_of_colours(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 3);
    eg_grid out;
    char warnings[600];
    made.photometric = PHOTOMETRIC_RGB;
    made.nodata = "0";
    for (size_t y = 0; y < made.height; y++)
        for (size_t x = 0; x < made.width; x++) { /* x - 20 metres */
            *tiff_value(&made, x, y, 0) = x < 20 ? 127 : 128;
            *tiff_value(&made, x, y, 1) = x < 20 ? 236 + (double)x : (double)x - 20;
            *tiff_value(&made, x, y, 2) = 0;
        }
    make_tiff(scratch("z.tif"), &made);
    assert_int_equal(
        slope_of_file(&out, ctx, scratch("z.tif"), EG_ENCODING_TERRARIUM, warnings, NULL), EG_OK);
    for (size_t x = 1; x + 1 < out.width; x++)
        assert_true(sample_at(&out, x, 7) == 1);
    assert_string_equal(warnings, "");
    eg_grid_free(&out);
    free(made.values);
    close_context(ctx);
}

static void check_refusal(const made_tiff *made, const char *words)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    raster r;
    const eg_read_options options = encoded_options(EG_ENCODING_TERRARIUM);
    make_tiff(scratch("bad.tif"), made);
    assert_int_equal(raster_read(&r, ctx, scratch("bad.tif"), &options, 0, &error), EG_USAGE);
    if (!strstr(error.message, words) || !strstr(error.message, "leave out --encoding"))
        fail_msg("%s", error.message);
    raster_free(&r);
    close_context(ctx);
}

static void tiffs_without_exact_colours_are_refused(void **state)
{
    (void)state;
    made_tiff grey = tiff_of(8, SAMPLEFORMAT_UINT, 1), deep = tiff_of(16, SAMPLEFORMAT_UINT, 3);
    made_tiff lossy = tiff_of(8, SAMPLEFORMAT_UINT, 3);
    uint16_t palette[3 * 256] = {0};
    check_refusal(&grey, "TIFF of grey with 8 bits");
    grey.photometric = PHOTOMETRIC_PALETTE;
    grey.palette = palette;
    check_refusal(&grey, "TIFF of palette with 8 bits");
    deep.photometric = lossy.photometric = PHOTOMETRIC_RGB;
    check_refusal(&deep, "16 bits a channel");
    lossy.compression = COMPRESSION_JPEG;
    lossy.strip = 8;
    check_refusal(&lossy, "lossy compression");
    free(grey.values);
    free(deep.values);
    free(lossy.values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(netpbm_samples_are_the_stored_numbers),
        cmocka_unit_test(netpbm_intensities_are_scaled),
        cmocka_unit_test(png_greys_are_the_stored_numbers),
        cmocka_unit_test(integers_keep_all_their_digits),
        cmocka_unit_test(scaled_elevations_are_not_compared_with_nodata),
        cmocka_unit_test(an_invalid_scale_is_said),
        cmocka_unit_test(an_invalid_transform_is_said),
        cmocka_unit_test(images_are_no_elevations),
        cmocka_unit_test(coarse_elevations_are_said),
        cmocka_unit_test(further_bands_are_said),
        cmocka_unit_test(colours_of_tiffs_are_elevations),
        cmocka_unit_test(zero_metres_are_not_the_nodata_of_colours),
        cmocka_unit_test(tiffs_without_exact_colours_are_refused),
    };
    return cmocka_run_group_tests_name("files as elevations", tests, make_scratch, remove_scratch);
}
