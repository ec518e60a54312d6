/* SPDX-License-Identifier: MIT */
/* The TIFF reader with colour_planes on colours that become RGB: palettes, inks, YCbCr, L*a*b*. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plane_raster.h"
#include "tiff_made.h"

/* ---- palettes -------------------------------------------------------------------------------- */

static void palettes_become_rgb(void **state)
{
    static uint16_t palette[3 * 256];
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (int variation = 0; variation < 8; variation++) {
        const unsigned bits = variation & 1 ? 4 : 8, unit = variation & 2 ? 1 : 257;
        made_tiff made = tiff_of((uint16_t)bits, SAMPLEFORMAT_UINT, 1);
        made.photometric = PHOTOMETRIC_PALETTE;
        made.tile_width = made.tile_height = variation & 4 ? 16 : 0;
        made.palette = palette;
        for (unsigned i = 0; i < 256; i++) {
            palette[i] = (uint16_t)(i * 7 % 256 * unit);
            palette[256 + i] = (uint16_t)(i * 91 % 256 * unit);
            palette[512 + i] = (uint16_t)(i * 13 % 256 * unit);
        }
        make_tiff(scratch("palette.tif"), &made);
        plane_raster r = planes_with_grey(ctx, scratch("palette.tif"), NULL, 0.51);
        for (size_t y = 0; y < made.height; y++)
            for (size_t x = 0; x < made.width; x++)
                for (size_t c = 0; c < 3; c++)
                    assert_true(plane_at(&r, c, x, y) ==
                                palette[256 * c + (size_t)*tiff_value(&made, x, y, 0)] / unit);
        plane_raster_free(&r);
        for (size_t i = 0; i < 256; i++)
            palette[256 + i] = palette[512 + i] = palette[i];
        make_tiff(scratch("grey.tif"), &made);
        assert_one_plane(ctx, scratch("grey.tif"), NULL);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- inks ------------------------------------------------------------------------------------ */

static void inks_become_rgb(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (int variation = 0; variation < 8; variation++) {
        made_tiff made = tiff_of(variation & 1 ? 16 : 8, SAMPLEFORMAT_UINT, variation & 2 ? 5 : 4);
        const double max = made.bits == 16 ? 65535 : 255;
        eg_read_options options;
        eg_read_default(&options);
        made.photometric = PHOTOMETRIC_SEPARATED;
        made.separate = variation & 4;
        made.compression = COMPRESSION_LZW;
        made.extra = variation & 2 ? 1 + EXTRASAMPLE_UNASSALPHA : 0;
        if (made.extra)
            options.alpha = EG_ALPHA_OVER;
        for (int i = 0; i < 3; i++)
            options.over[i] = (uint8_t)(50 + 100 * i);
        make_tiff(scratch("inks.tif"), &made);
        plane_raster r = planes_with_grey(ctx, scratch("inks.tif"), &options,
                                          made.extra && made.bits == 16 ? 140 : 1.6);
        for (size_t y = 0; y < made.height; y++)
            for (size_t x = 0; x < made.width; x++)
                for (size_t c = 0; c < 3; c++) {
                    const double *v = tiff_value(&made, x, y, 0), over = options.over[c] / 255.0;
                    const double ink = (1 - v[c] / max) * (1 - v[3] / max);
                    const double alpha = made.extra ? v[4] / max : 1;
                    assert_within(plane_at(&r, c, x, y), (alpha * ink + (1 - alpha) * over) * max,
                                  1.01);
                }
        plane_raster_free(&r);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- YCbCr ----------------------------------------------------------------------------------- */

/* The oracle is libtiff's RGBA interface, which decodes JPEG as the reader does. */
static void check_colours(eg_context *ctx, const char *path, double tolerance)
{
    plane_raster r = planes_of(ctx, path, NULL);
    const size_t width = r.info.width, height = r.info.height;
    uint32_t *colours = malloc(width * height * sizeof *colours);
    TIFF *tiff = TIFFOpen(path, "r");
    assert_non_null(tiff);
    assert_int_equal(r.info.planes, 3);
    assert_int_equal(TIFFReadRGBAImageOriented(tiff, (uint32_t)width, (uint32_t)height, colours,
                                               ORIENTATION_TOPLEFT, 1),
                     1);
    TIFFClose(tiff);
    for (size_t i = 0; i < width * height; i++) {
        const double rgb[3] = {TIFFGetR(colours[i]), TIFFGetG(colours[i]), TIFFGetB(colours[i])};
        for (size_t c = 0; c < 3; c++)
            assert_within(r.values[c * width * height + i], rgb[c], tolerance);
    }
    free(colours);
    plane_raster_free(&r);
}

static void jpeg_gives_the_colours_of_libtiff(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (int variation = 0; variation < 4; variation++) {
        made_tiff made = rgb_tiff_of(8, SAMPLEFORMAT_UINT, 3);
        made.photometric = variation & 1 ? PHOTOMETRIC_YCBCR : PHOTOMETRIC_RGB;
        made.compression = COMPRESSION_JPEG;
        made.strip = 16;
        made.tile_width = made.tile_height = variation & 2 ? 32 : 0;
        for (size_t y = 0; y < made.height; y++)
            for (size_t x = 0; x < made.width; x++)
                for (size_t c = 0; c < 3; c++)
                    *tiff_value(&made, x, y, c) = (double)(c == 0   ? 4 * x
                                                           : c == 1 ? 6 * y
                                                                    : 2 * x + 3 * y);
        make_tiff(scratch("jpeg.tif"), &made);
        check_colours(ctx, scratch("jpeg.tif"), 0);
        free(made.values);
    }
    close_context(ctx);
}

/* Data units of one pixel, and of the same pixels in separate planes. */
static void separate_ycbcr_equals_interleaved(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = rgb_tiff_of(8, SAMPLEFORMAT_UINT, 3);
    made.photometric = PHOTOMETRIC_YCBCR;
    made.chroma = 1;
    for (size_t i = 0; i < (size_t)3 * 53 * 37; i++)
        made.values[i] = 96 + floor(made.values[i] / 4);
    make_tiff(scratch("units.tif"), &made);
    check_colours(ctx, scratch("units.tif"), 1.1);
    made.separate = true;
    make_tiff(scratch("separate.tif"), &made);
    plane_raster a = planes_with_grey(ctx, scratch("units.tif"), NULL, 1.1);
    plane_raster b = planes_with_grey(ctx, scratch("separate.tif"), NULL, 1.1);
    assert_same_planes(&a, &b, 0);
    made.chroma = 2; /* the size of the chroma's planes is not known: grey, with a warning */
    make_tiff(scratch("luma.tif"), &made);
    assert_one_plane(ctx, scratch("luma.tif"), NULL);
    plane_raster_free(&a);
    plane_raster_free(&b);
    free(made.values);
    close_context(ctx);
}

/* ---- L*a*b* ---------------------------------------------------------------------------------- */

static double linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double lab_f(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* Converts sRGB to L*a*b* of D50 or D65, by the matrices of Lindbloom's table, of which that for
 * D50 includes the adaptation. */
static void rgb_to_lab(const double rgb[3], bool d65, double lab[3])
{
    static const double matrices[2][3][3] = {{{0.4360747, 0.3850649, 0.1430804},
                                              {0.2225045, 0.7168786, 0.0606169},
                                              {0.0139322, 0.0971045, 0.7141733}},
                                             {{0.4124564, 0.3575761, 0.1804375},
                                              {0.2126729, 0.7151522, 0.0721750},
                                              {0.0193339, 0.1191920, 0.9503041}}};
    double f[3];
    for (int i = 0; i < 3; i++) {
        const double *m = matrices[d65][i];
        f[i] = lab_f((m[0] * linear(rgb[0]) + m[1] * linear(rgb[1]) + m[2] * linear(rgb[2])) /
                     (m[0] + m[1] + m[2]));
    }
    lab[0] = 116 * f[1] - 16;
    lab[1] = 500 * (f[0] - f[1]);
    lab[2] = 200 * (f[1] - f[2]);
}

/* Encodes L*a*b* as Adobe Photoshop TIFF Technical Notes say. */
static void store_lab(const made_tiff *made, double *v, const double lab[3])
{
    const bool icc = made->photometric == PHOTOMETRIC_ICCLAB, wide = made->bits == 16;
    const double unit = wide ? 256 : 1, range = wide ? 65536 : 256;
    v[0] = rint(lab[0] / 100 * (!wide ? 255 : icc ? 65280 : 65535));
    for (int i = 1; i < 3; i++)
        v[i] = fmod(rint(lab[i] * unit) + (icc ? range / 2 : range), range);
}

static void lab_becomes_rgb(void **state)
{
    static const float d65[2] = {0.31271F, 0.32902F};
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (int variation = 0; variation < 32; variation++) {
        const uint16_t bits = variation & 1 ? 16 : 8;
        const double white = bits == 16 ? 65535 : 255;
        const bool icc = variation & 2, other_white = !icc && variation & 16;
        made_tiff rgb = rgb_tiff_of(bits, SAMPLEFORMAT_UINT, 3),
                  made = rgb_tiff_of(bits, SAMPLEFORMAT_UINT, 4);
        made.photometric = icc ? PHOTOMETRIC_ICCLAB : PHOTOMETRIC_CIELAB;
        made.separate = variation & 4;
        made.compression = COMPRESSION_LZW;
        made.tile_width = made.tile_height = variation & 8 ? 16 : 0;
        made.white_point = other_white ? d65 : NULL;
        for (size_t i = 0; i < (size_t)53 * 37; i++) {
            double part[3], lab[3];
            for (size_t c = 0; c < 3; c++) /* the first row is neutral */
                part[c] = rgb.values[3 * i + (i < 53 ? 0 : c)] / white;
            memcpy(rgb.values + 3 * i, part, sizeof part);
            rgb_to_lab(part, other_white, lab);
            store_lab(&made, made.values + 4 * i, lab);
        }
        make_tiff(scratch("lab.tif"), &made);
        plane_raster r = planes_with_grey(ctx, scratch("lab.tif"), NULL, 0.51);
        double sum = 0, largest = 0;
        for (size_t i = 0; i < (size_t)53 * 37; i++)
            for (size_t c = 0; c < 3; c++) {
                const double got = r.values[c * 53 * 37 + i] / white;
                const double error = fabs(got - rgb.values[3 * i + c]);
                sum += error;
                largest = error > largest ? error : largest;
                assert_true(i >= 53 || fabs(got - rgb.values[3 * i]) < 0.008);
            }
        /* dark blue changes most by the rounding of L*a*b* to integers */
        if (!(sum / (3 * 53 * 37) < (bits == 8 ? 0.006 : 1e-4) &&
              largest < (bits == 8 ? 0.15 : 2e-3)))
            fail_msg("%d bits, ICC %d: mean error %g, largest %g", bits, icc, sum / (3 * 53 * 37),
                     largest);
        plane_raster_free(&r);
        free(rgb.values);
        free(made.values);
    }
    close_context(ctx);
}

static void odd_lab_is_rejected(void **state)
{
    static const float bad[2] = {0.9F, 0.3F};
    static const struct {
        uint16_t bits, format, samples;
        const float *white;
        const char *words;
    } kinds[] = {
        {8, SAMPLEFORMAT_UINT, 3, bad, "WhitePoint is not the colour of a white"},
        {32, SAMPLEFORMAT_UINT, 3, NULL, "L*a*b* of other than 8 or 16 bits"},
        {16, SAMPLEFORMAT_IEEEFP, 3, NULL, "L*a*b* of other than 8 or 16 bits"},
        {8, SAMPLEFORMAT_UINT, 1, NULL, "L*a*b* with fewer than 3 samples"},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        plane_raster r;
        eg_error error = {0};
        made_tiff made = tiff_of(kinds[i].bits, kinds[i].format, kinds[i].samples);
        made.photometric = PHOTOMETRIC_CIELAB;
        made.white_point = kinds[i].white;
        make_tiff(scratch("odd.tif"), &made);
        const eg_status status =
            plane_raster_read(&r, ctx, scratch("odd.tif"), NULL, 0, NULL, &error);
        assert_int_equal(status, kinds[i].white ? EG_BAD_INPUT : EG_UNSUPPORTED);
        if (!strstr(error.message, kinds[i].words))
            fail_msg("%s", error.message);
        plane_raster_free(&r);
        free(made.values);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(palettes_become_rgb),
        cmocka_unit_test(inks_become_rgb),
        cmocka_unit_test(jpeg_gives_the_colours_of_libtiff),
        cmocka_unit_test(separate_ycbcr_equals_interleaved),
        cmocka_unit_test(lab_becomes_rgb),
        cmocka_unit_test(odd_lab_is_rejected),
    };
    return cmocka_run_group_tests_name("tiff colours", tests, make_scratch, remove_scratch);
}
