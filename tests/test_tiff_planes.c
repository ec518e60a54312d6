/* SPDX-License-Identifier: MIT */
/* The TIFF reader with colour_planes: three planes equal the pixels written, and their grey is that
 * of the reading as one plane. Palettes, inks, L*a*b*, alpha, missing pixels, damage. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "plane_raster.h"
#include "tiff_made.h"

static made_tiff rgb_of(uint16_t bits, uint16_t format, uint16_t samples)
{
    made_tiff made = tiff_of(bits, format, samples);
    made.photometric = PHOTOMETRIC_RGB;
    return made;
}

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
            made_tiff made = rgb_of(types[i].bits, types[i].format, layouts[k].samples);
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
        made_tiff made = rgb_of(32, SAMPLEFORMAT_IEEEFP, 3);
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
        made_tiff made = rgb_of(16, SAMPLEFORMAT_UINT, layouts[k].samples);
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
    made_tiff bytes = rgb_of(8, SAMPLEFORMAT_UINT, 3);
    make_tiff(scratch("bytes.tif"), &bytes);
    plane_raster a = planes_of(ctx, scratch("bytes.tif"), NULL);
    assert_true(a.info.sample == EG_U8 && a.info.white_level == 255);
    for (size_t i = 0; i < COUNT(types); i++) {
        made_tiff made = rgb_of(types[i].bits, types[i].format, 3);
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

static void assert_one_plane(eg_context *ctx, const made_tiff *made, const eg_read_options *options)
{
    eg_grid grid;
    make_tiff(scratch("one.tif"), made);
    plane_raster r = planes_of(ctx, scratch("one.tif"), options);
    load_grid(&grid, ctx, scratch("one.tif"), options);
    assert_int_equal(r.info.planes, 1);
    assert_int_equal(r.info.sample, grid.sample);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            assert_true(plane_at(&r, 0, x, y) == sample_at(&grid, x, y) ||
                        (isnan(plane_at(&r, 0, x, y)) && isnan(sample_at(&grid, x, y))));
    plane_raster_free(&r);
    eg_grid_free(&grid);
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
            assert_one_plane(ctx, &made, NULL);
            made.photometric = PHOTOMETRIC_MINISWHITE;
            assert_one_plane(ctx, &made, NULL);
            made.photometric = samples >= 3 ? PHOTOMETRIC_RGB : made.photometric;
            assert_one_plane(ctx, &made, &values);
            if (samples == 3 && bits == 8)
                assert_one_plane(ctx, &made, &encoded);
            free(made.values);
        }
    }
    close_context(ctx);
}

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
        memcpy(palette + 256, palette, 256 * sizeof *palette);
        memcpy(palette + 512, palette, 256 * sizeof *palette);
        assert_one_plane(ctx, &made, NULL); /* of greys */
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
        made_tiff made = rgb_of(8, SAMPLEFORMAT_UINT, 3);
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
    made_tiff made = rgb_of(8, SAMPLEFORMAT_UINT, 3);
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
    assert_one_plane(ctx, &made, NULL);
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
        made_tiff rgb = rgb_of(bits, SAMPLEFORMAT_UINT, 3),
                  made = rgb_of(bits, SAMPLEFORMAT_UINT, 4);
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
        made_tiff made = rgb_of(variation & 1 ? 16 : 8, SAMPLEFORMAT_UINT, 4);
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
            rgb_of(bits[variation / 4], floats ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT, 4);
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
            rgb_of(bits[variation / 4], floats ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT, 3);
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

/* ---- files that omit or lose blocks ---------------------------------------------------------- */

static void omitted_blocks_are_black_or_missing(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int variation = 0; variation < 16; variation++) {
        const uint16_t bits = variation & 1 ? 16 : 8;
        const bool nodata = variation & 2 && bits == 16, lab = variation & 8 && !nodata;
        made_tiff made = rgb_of(bits, SAMPLEFORMAT_UINT, 3);
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
        made_tiff made = rgb_of(8, SAMPLEFORMAT_UINT, 3);
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
    made_tiff grey = tiff_of(8, SAMPLEFORMAT_UINT, 1), made = rgb_of(8, SAMPLEFORMAT_UINT, 3);
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
    made_tiff made = rgb_of(16, SAMPLEFORMAT_UINT, 3);
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
        cmocka_unit_test(palettes_become_rgb),
        cmocka_unit_test(inks_become_rgb),
        cmocka_unit_test(jpeg_gives_the_colours_of_libtiff),
        cmocka_unit_test(separate_ycbcr_equals_interleaved),
        cmocka_unit_test(lab_becomes_rgb),
        cmocka_unit_test(odd_lab_is_rejected),
        cmocka_unit_test(alpha_is_composited_in_each_plane),
        cmocka_unit_test(an_alpha_of_0_is_missing_in_all_planes),
        cmocka_unit_test(missing_in_one_plane_is_missing_in_all),
        cmocka_unit_test(omitted_blocks_are_black_or_missing),
        cmocka_unit_test(damage_is_tolerated_in_all_planes),
        cmocka_unit_test(a_page_of_colours),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("tiff planes", tests, make_scratch, remove_scratch);
}
