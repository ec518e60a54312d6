/* SPDX-License-Identifier: MIT */
/* The TIFF reader with colour_planes: three planes equal the pixels written, and their grey is that
 * of the reading as one plane. Alpha, missing pixels, damage. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "plane_raster.h"
#include "tiff_made.h"

/* ---- RGB of every sample type ---------------------------------------------------------------- */

/* Returns the sample of a plane for a stored value: that value or, of integers of fewer than 16
 * bits, the intensity in 0..255 or 0..65535. */
static double expected(const made_tiff *made, double stored)
{
    const double max = ldexp(1, made->bits) - 1;
    if (made->format == SAMPLEFORMAT_UINT && made->bits < 8)
        return floor((255 * stored + floor(max / 2)) / max);
    if (made->format == SAMPLEFORMAT_UINT && made->bits > 8 && made->bits < 16)
        return (double)(float)(stored * 65535 / max);
    return (double)(float)stored;
}

static void check_rgb(eg_context *ctx, const made_tiff *made)
{
    const int bits = made->bits > 8 && made->bits < 16 ? 16 : made->bits; /* they are scaled */
    const double largest = made->format == SAMPLEFORMAT_IEEEFP ? 500 : ldexp(1, bits);
    const bool bytes = made->bits <= 8 && made->format == SAMPLEFORMAT_UINT;
    make_tiff(scratch("rgb.tif"), made);
    plane_raster r = planes_with_grey(ctx, scratch("rgb.tif"), NULL, bytes ? 0.51 : largest * 3e-5);
    for (size_t y = 0; y < made->height; y++)
        for (size_t x = 0; x < made->width; x++)
            for (size_t c = 0; c < 3; c++)
                if (plane_at(&r, c, x, y) != expected(made, *tiff_value(made, x, y, c)))
                    fail_msg("%s, %d bits, format %d, separate %d, compression %d: plane %zu at "
                             "(%zu, %zu) is %.9g, not %.9g",
                             made->mode, made->bits, made->format, made->separate,
                             made->compression, c, x, y, plane_at(&r, c, x, y),
                             expected(made, *tiff_value(made, x, y, c)));
    plane_raster_free(&r);
}

static const struct {
    const char *mode;
    uint16_t samples, compression;
    bool predictor, separate;
    uint32_t tile, strip;
} layouts[] = {
    {"wl", 3, COMPRESSION_NONE, false, false, 0, 7},
    {"wb", 3, COMPRESSION_NONE, false, false, 0, 7},
    {"wl", 4, COMPRESSION_LZW, true, false, 16, 0},
    {"wb8", 5, COMPRESSION_ADOBE_DEFLATE, true, false, 0, 37},
    {"wl8", 3, COMPRESSION_ADOBE_DEFLATE, true, true, 0, 10},
    {"wb", 4, COMPRESSION_PACKBITS, false, true, 32, 0},
};

static void rgb_of_every_type(void **state)
{
    static const struct {
        uint16_t bits, format;
    } types[] = {
        {8, SAMPLEFORMAT_UINT},    {16, SAMPLEFORMAT_UINT},   {32, SAMPLEFORMAT_UINT},
        {8, SAMPLEFORMAT_INT},     {16, SAMPLEFORMAT_INT},    {32, SAMPLEFORMAT_INT},
        {16, SAMPLEFORMAT_IEEEFP}, {32, SAMPLEFORMAT_IEEEFP}, {64, SAMPLEFORMAT_IEEEFP},
        {4, SAMPLEFORMAT_UINT},    {12, SAMPLEFORMAT_UINT},   {20, SAMPLEFORMAT_UINT},
        {1, SAMPLEFORMAT_UINT},    {64, SAMPLEFORMAT_UINT},
    };
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(types); i++) {
        for (size_t k = 0; k < COUNT(layouts); k++) {
            made_tiff made = rgb_tiff_of(types[i].bits, types[i].format, layouts[k].samples);
            const bool whole = made.bits % 8 == 0 && made.bits != 64;
            made.mode = layouts[k].mode;
            made.compression = layouts[k].compression;
            made.separate = layouts[k].separate;
            made.strip = layouts[k].strip;
            made.tile_width = made.tile_height = layouts[k].tile;
            if (layouts[k].predictor && whole)
                made.predictor = made.format == SAMPLEFORMAT_IEEEFP ? 3 : 2;
            if (made.predictor == 3) /* libtiff 4.5 writes it wrongly in the other byte order */
                made.mode = "wl8";
            check_rgb(ctx, &made);
            free(made.values);
        }
    }
    close_context(ctx);
}

/* A strip of more than 8 MB is decoded row by row, its planes by workers of their own. */
static void large_strips_are_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (int separate = 0; separate < 2; separate++) {
        made_tiff made = rgb_tiff_of(32, SAMPLEFORMAT_IEEEFP, 3);
        made.width = 1001;
        made.height = 801;
        made.strip = 0;
        made.separate = separate;
        made.compression = COMPRESSION_PACKBITS;
        tiff_noise(&made);
        check_rgb(ctx, &made);
        free(made.values);
    }
    close_context(ctx);
}

static void windows_and_rows_at_a_time(void **state)
{
    static const size_t windows[][2] = {{0, 37}, {0, 1}, {36, 1}, {5, 20}, {17, 3}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t k = 0; k < COUNT(layouts); k++) {
        made_tiff made = rgb_tiff_of(16, SAMPLEFORMAT_UINT, layouts[k].samples);
        made.separate = layouts[k].separate;
        made.compression = layouts[k].compression;
        made.tile_width = made.tile_height = layouts[k].tile;
        make_tiff(scratch("window.tif"), &made);
        for (size_t i = 0; i < COUNT(windows) * 3; i++) {
            const size_t *window = windows[i / 3], rows[] = {0, 1, 7};
            plane_raster r;
            assert_int_equal(
                plane_raster_read(&r, ctx, scratch("window.tif"), NULL, rows[i % 3], window, NULL),
                EG_OK);
            assert_int_equal(r.info.height, window[1]);
            for (size_t y = 0; y < window[1]; y++)
                for (size_t x = 0; x < made.width; x++)
                    for (size_t c = 0; c < 3; c++)
                        assert_true(plane_at(&r, c, x, y) ==
                                    *tiff_value(&made, x, y + window[0], c));
            plane_raster_free(&r);
        }
        free(made.values);
    }
    close_context(ctx);
}

/* One picture stored with 8 and 16 bits and as floats: planes relative to white are equal. */
static void every_depth_gives_the_same_picture(void **state)
{
    static const struct {
        uint16_t bits, format;
        double white;
    } types[] = {{16, SAMPLEFORMAT_UINT, 65535},
                 {16, SAMPLEFORMAT_IEEEFP, 1},
                 {32, SAMPLEFORMAT_IEEEFP, 1},
                 {64, SAMPLEFORMAT_IEEEFP, 1},
                 {32, SAMPLEFORMAT_UINT, 0x1p32}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff bytes = rgb_tiff_of(8, SAMPLEFORMAT_UINT, 3);
    make_tiff(scratch("bytes.tif"), &bytes);
    plane_raster a = planes_of(ctx, scratch("bytes.tif"), NULL);
    assert_true(a.info.sample == EG_U8 && a.info.white_level == 255);
    for (size_t i = 0; i < COUNT(types); i++) {
        made_tiff made = rgb_tiff_of(types[i].bits, types[i].format, 3);
        for (size_t k = 0; k < (size_t)3 * 53 * 37; k++)
            made.values[k] =
                bytes.values[k] / 255 * (types[i].white > 1 ? ldexp(1, types[i].bits) - 1 : 1);
        make_tiff(scratch("depth.tif"), &made);
        plane_raster b = planes_of(ctx, scratch("depth.tif"), NULL);
        assert_true(b.info.sample == EG_F32 && (double)b.info.white_level == types[i].white);
        for (size_t k = 0; k < (size_t)3 * 53 * 37; k++)
            b.values[k] *= 255 / types[i].white;
        /* binary16 has 11 bits */
        assert_same_planes(&b, &a, types[i].bits == 16 && types[i].white < 2 ? 0.13 : 1e-4);
        plane_raster_free(&b);
        free(made.values);
    }
    plane_raster_free(&a);
    free(bytes.values);
    close_context(ctx);
}

/* ---- one plane ------------------------------------------------------------------------------- */

static void check_one_plane(eg_context *ctx, const made_tiff *made, const eg_read_options *options)
{
    make_tiff(scratch("one.tif"), made);
    assert_one_plane(ctx, scratch("one.tif"), options);
}

static void grey_and_values_stay_one_plane(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options values = value_options(), encoded = value_options();
    encoded.encoding = EG_ENCODING_TERRARIUM;
    for (uint16_t samples = 1; samples <= 4; samples++) { /* three and four: the first band */
        for (uint16_t bits = 8; bits <= 32; bits *= 2) {
            made_tiff made =
                tiff_of(bits, bits == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT, samples);
            made.extra = samples == 2 ? 1 + EXTRASAMPLE_UNASSALPHA : 0;
            check_one_plane(ctx, &made, NULL);
            made.photometric = PHOTOMETRIC_MINISWHITE;
            check_one_plane(ctx, &made, NULL);
            made.photometric = samples >= 3 ? PHOTOMETRIC_RGB : made.photometric;
            check_one_plane(ctx, &made, &values);
            if (samples == 3 && bits == 8)
                check_one_plane(ctx, &made, &encoded);
            free(made.values);
        }
    }
    close_context(ctx);
}

/* ---- alpha and missing pixels ---------------------------------------------------------------- */

/* Returns a plane of a pixel composited over a background of 0..1, relative to white. */
static double composited(const double *v, size_t c, double max, double back, bool associated)
{
    const double alpha = v[3] / max, colour = v[c] / max * (associated ? 1 : alpha);
    const double sum = colour + (1 - alpha) * back;
    return sum < 1 ? sum : 1;
}

static void alpha_is_composited_in_each_plane(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_read_options options;
    eg_read_default(&options);
    options.alpha = EG_ALPHA_OVER;
    memcpy(options.over, (uint8_t[]){10, 120, 250}, 3);
    for (int variation = 0; variation < 16; variation++) {
        made_tiff made = rgb_tiff_of(variation & 1 ? 16 : 8, SAMPLEFORMAT_UINT, 4);
        const double max = made.bits == 16 ? 65535 : 255;
        const bool associated = variation & 2;
        made.extra = 1 + (associated ? EXTRASAMPLE_ASSOCALPHA : EXTRASAMPLE_UNASSALPHA);
        made.separate = variation & 4;
        made.tile_width = made.tile_height = variation & 8 ? 16 : 0;
        for (size_t i = 0; associated && i < (size_t)53 * 37 * 4; i++)
            if (i % 4 < 3)
                made.values[i] = floor(made.values[i] * made.values[i - i % 4 + 3] / max);
        make_tiff(scratch("alpha.tif"), &made);
        plane_raster r =
            planes_with_grey(ctx, scratch("alpha.tif"), &options, made.bits == 16 ? 140 : 1.6);
        for (size_t y = 0; y < made.height; y++)
            for (size_t x = 0; x < made.width; x++)
                for (size_t c = 0; c < 3; c++)
                    assert_within(plane_at(&r, c, x, y),
                                  max * composited(tiff_value(&made, x, y, 0), c, max,
                                                   options.over[c] / 255.0, associated),
                                  made.bits == 16 ? 0.51 : 1.01);
        plane_raster_free(&r);
        free(made.values);
    }
    close_context(ctx);
}

static void an_alpha_of_0_is_missing_in_all_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options;
    eg_read_default(&options);
    options.alpha = EG_ALPHA_MASK;
    for (int variation = 0; variation < 12; variation++) {
        static const uint16_t bits[] = {8, 16, 32};
        const bool floats = bits[variation / 4] == 32, associated = variation & 1;
        made_tiff made =
            rgb_tiff_of(bits[variation / 4], floats ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT, 4);
        const double max = floats ? 1 : ldexp(1, made.bits) - 1;
        made.extra = 1 + (associated ? EXTRASAMPLE_ASSOCALPHA : EXTRASAMPLE_UNASSALPHA);
        made.separate = variation & 2;
        for (size_t i = 0; i < (size_t)53 * 37; i++) {
            double *v = made.values + 4 * i;
            for (size_t c = 0; floats && c < 4; c++)
                v[c] = fabs(v[c]) / 256;
            v[3] = i % 5 == 0 ? 0 : floats ? 0.5 + v[3] / 4 : ceil((v[3] + max) / 2);
            for (size_t c = 0; associated && c < 3; c++)
                v[c] = floats ? v[c] * v[3] : floor(v[c] * v[3] / max);
        }
        make_tiff(scratch("mask.tif"), &made);
        plane_raster r =
            planes_with_grey(ctx, scratch("mask.tif"), &options, made.bits == 8 ? 1.6 : max * 3e-5);
        assert_int_equal(r.info.sample, EG_F32);
        for (size_t i = 0; i < (size_t)53 * 37; i++)
            for (size_t c = 0; c < 3; c++) {
                const double got = r.values[c * 53 * 37 + i], *v = made.values + 4 * i;
                const double straight = associated ? v[c] / v[3] * max : v[c];
                assert_int_equal(isnan(got), i % 5 == 0);
                if (i % 5 && !floats)
                    assert_within(got, straight, max * 1e-6);
            }
        plane_raster_free(&r);
        free(made.values);
    }
    close_context(ctx);
}

static void missing_in_one_plane_is_missing_in_all(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int variation = 0; variation < 12; variation++) {
        static const uint16_t bits[] = {16, 32, 64};
        const bool floats = bits[variation / 4] > 16;
        made_tiff made =
            rgb_tiff_of(bits[variation / 4], floats ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT, 3);
        made.nodata = "7";
        made.separate = variation & 1;
        made.tile_width = made.tile_height = variation & 2 ? 16 : 0;
        for (size_t i = 0; i < (size_t)53 * 37; i++) {
            double *v = made.values + 3 * i;
            if (i % 7 == 0)
                v[0] = v[1] = v[2] = 7;
            else if (i % 7 == 1)
                v[i % 3] = 7; /* a colour with one channel of that value is not missing */
            else if (i % 7 == 2 && floats)
                v[i % 3] = (double)NAN;
        }
        make_tiff(scratch("nodata.tif"), &made);
        plane_raster r = planes_with_grey(ctx, scratch("nodata.tif"), NULL, 1);
        for (size_t i = 0; i < (size_t)3 * 53 * 37; i++)
            assert_int_equal(isnan(r.values[i]),
                             i % (53 * 37) % 7 == 0 || (i % (53 * 37) % 7 == 2 && floats));
        plane_raster_free(&r);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- masks and orientation ------------------------------------------------------------------- */

static bool is_hidden(size_t x, size_t y)
{
    return x < 2 || (7 * x + 3 * y) % 11 == 0;
}

/* A mask in the following directory, or beside the file. */
static void a_mask_hides_all_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int variation = 0; variation < 12; variation++) {
        static const uint16_t bits[] = {8, 16, 32};
        const bool beside = variation & 1;
        made_tiff made = rgb_tiff_of(bits[variation / 4],
                                     variation >= 8 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT, 3);
        made_tiff mask = tiff_of(8, SAMPLEFORMAT_UINT, 1);
        made.tile_width = made.tile_height = variation & 2 ? 16 : 0;
        mask.mode = beside ? "wl" : "a";
        mask.photometric = beside ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_MASK;
        mask.subfile_type = beside ? 0 : FILETYPE_MASK;
        for (size_t i = 0; i < (size_t)53 * 37; i++)
            mask.values[i] = is_hidden(i % 53, i / 53) ? 0 : 255;
        make_tiff(scratch(beside ? "b.tif" : "m.tif"), &made);
        make_tiff(scratch(beside ? "b.tif.msk" : "m.tif"), &mask);
        plane_raster r = planes_with_grey(ctx, scratch(beside ? "b.tif" : "m.tif"), NULL, 1);
        for (size_t y = 0; y < made.height; y++)
            for (size_t x = 0; x < made.width; x++)
                for (size_t c = 0; c < 3; c++)
                    assert_true(is_hidden(x, y)
                                    ? isnan(plane_at(&r, c, x, y))
                                    : plane_at(&r, c, x, y) == *tiff_value(&made, x, y, c));
        plane_raster_free(&r);
        free(made.values);
        free(mask.values);
    }
    close_context(ctx);
}

/* Returns where pixel (x, y) of the upright image is stored (TIFF 6.0, Orientation). */
static const double *stored_at(const made_tiff *made, size_t x, size_t y)
{
    const size_t w = made->width, h = made->height;
    const size_t places[9][2] = {
        [1] = {x, y}, [2] = {w - 1 - x, y}, [3] = {w - 1 - x, h - 1 - y}, [4] = {x, h - 1 - y},
        [5] = {y, x}, [6] = {y, h - 1 - x}, [7] = {w - 1 - y, h - 1 - x}, [8] = {w - 1 - y, x},
    };
    return tiff_value(made, places[made->orientation][0], places[made->orientation][1], 0);
}

static void planes_are_turned_upright(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (uint16_t i = 0; i < 16; i++) {
        made_tiff made =
            rgb_tiff_of(i < 8 ? 8 : 32, i < 8 ? SAMPLEFORMAT_UINT : SAMPLEFORMAT_IEEEFP, 3);
        made.orientation = 1 + i % 8;
        make_tiff(scratch("turned.tif"), &made);
        plane_raster r = planes_with_grey(ctx, scratch("turned.tif"), NULL, 0.51);
        assert_int_equal(r.info.width, made.orientation >= 5 ? made.height : made.width);
        for (size_t y = 0; y < r.info.height; y++)
            for (size_t x = 0; x < r.info.width; x++)
                for (size_t c = 0; c < 3; c++)
                    assert_true(plane_at(&r, c, x, y) == stored_at(&made, x, y)[c]);
        plane_raster_free(&r);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- files that omit or lose blocks ---------------------------------------------------------- */

static void omitted_blocks_are_black_or_missing(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int variation = 0; variation < 16; variation++) {
        const uint16_t bits = variation & 1 ? 16 : 8;
        const bool nodata = variation & 2 && bits == 16, lab = variation & 8 && !nodata;
        made_tiff made = rgb_tiff_of(bits, SAMPLEFORMAT_UINT, 3);
        made.photometric = lab ? PHOTOMETRIC_ICCLAB : PHOTOMETRIC_RGB;
        made.compression = variation & 4 ? COMPRESSION_LZW : COMPRESSION_NONE;
        made.nodata = nodata ? "7" : NULL;
        made.omitted_block = 2; /* rows 7 to 13 */
        make_tiff(scratch("sparse.tif"), &made);
        plane_raster r = planes_of(ctx, scratch("sparse.tif"), NULL);
        for (size_t x = 0; x < made.width; x++)
            for (size_t c = 0; c < 3; c++)
                assert_true(nodata ? isnan(plane_at(&r, c, x, 9)) : plane_at(&r, c, x, 9) == 0);
        plane_raster_free(&r);
        free(made.values);
    }
    close_context(ctx);
}

static void damage_is_tolerated_in_all_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int variation = 0; variation < 4; variation++) {
        plane_raster r;
        eg_error error = {0};
        eg_read_options options;
        eg_read_default(&options);
        made_tiff made = rgb_tiff_of(8, SAMPLEFORMAT_UINT, 3);
        made.separate = variation & 1;
        made.compression = variation & 2 ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE;
        make_tiff(scratch("damaged.tif"), &made);
        file_bytes bytes = read_bytes(scratch("damaged.tif"));
        if (variation & 2)
            memset(bytes.data + 100, 0x55, 64); /* in the first strip */
        else /* the strips are followed by the directory: their offsets point beyond the file */
            for (size_t i = bytes.size - 400; i + 4 < bytes.size; i += 2)
                if (memcmp(bytes.data + i, (uint8_t[]){8, 0, 0, 0}, 4) == 0)
                    bytes.data[i + 3] = 0x7F;
        write_bytes(scratch("damaged.tif"), bytes.data, bytes.size);
        assert_int_equal(
            plane_raster_read(&r, ctx, scratch("damaged.tif"), &options, 3, NULL, &error),
            EG_BAD_INPUT);
        plane_raster_free(&r);
        options.tolerate = true;
        r = planes_of(ctx, scratch("damaged.tif"), &options);
        for (size_t x = 0; x < made.width; x++)
            for (size_t c = 0; c < 3; c++) {
                assert_true(plane_at(&r, c, x, 3) == 0);
                assert_true(plane_at(&r, c, x, 30) == *tiff_value(&made, x, 30, c));
            }
        plane_raster_free(&r);
        free(bytes.data);
        free(made.values);
    }
    close_context(ctx);
}

static void a_page_of_colours(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options;
    made_tiff grey = tiff_of(8, SAMPLEFORMAT_UINT, 1), made = rgb_tiff_of(8, SAMPLEFORMAT_UINT, 3);
    eg_read_default(&options);
    make_tiff(scratch("pages.tif"), &grey);
    made.mode = "a";
    make_tiff(scratch("pages.tif"), &made);
    for (options.page = 1; options.page <= 2; options.page++) {
        plane_raster r = planes_of(ctx, scratch("pages.tif"), &options);
        assert_int_equal(r.info.planes, options.page == 1 ? 1 : 3);
        assert_true(
            plane_at(&r, (size_t)r.info.planes - 1, 5, 6) ==
            *tiff_value(options.page == 1 ? &grey : &made, 5, 6, options.page == 1 ? 0 : 2));
        plane_raster_free(&r);
    }
    free(grey.values);
    free(made.values);
    close_context(ctx);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    made_tiff made = rgb_tiff_of(16, SAMPLEFORMAT_UINT, 3);
    made.photometric = PHOTOMETRIC_CIELAB;
    made.separate = true;
    make_tiff(scratch("memory.tif"), &made);
    eg_status status = EG_NO_MEMORY;
    for (long k = 0; status != EG_OK; k++) {
        plane_raster r;
        eg_error error = {0};
        eg_context *ctx = small_context();
        atomic_store(&ctx->fail_after, k);
        status = plane_raster_read(&r, ctx, scratch("memory.tif"), NULL, 4, NULL, &error);
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        plane_raster_free(&r);
        close_context(ctx);
    }
    free(made.values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rgb_of_every_type),
        cmocka_unit_test(large_strips_are_planes),
        cmocka_unit_test(windows_and_rows_at_a_time),
        cmocka_unit_test(every_depth_gives_the_same_picture),
        cmocka_unit_test(grey_and_values_stay_one_plane),
        cmocka_unit_test(alpha_is_composited_in_each_plane),
        cmocka_unit_test(an_alpha_of_0_is_missing_in_all_planes),
        cmocka_unit_test(missing_in_one_plane_is_missing_in_all),
        cmocka_unit_test(a_mask_hides_all_planes),
        cmocka_unit_test(planes_are_turned_upright),
        cmocka_unit_test(omitted_blocks_are_black_or_missing),
        cmocka_unit_test(damage_is_tolerated_in_all_planes),
        cmocka_unit_test(a_page_of_colours),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("tiff planes", tests, make_scratch, remove_scratch);
}
