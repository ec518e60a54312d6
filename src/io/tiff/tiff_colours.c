/* SPDX-License-Identifier: MIT */
/* Reads the tags of CMYK (TIFF 6.0, section 16) and of YCbCr without JPEG (section 21), and
 * converts the latter to RGB: R = Y + 1.402 Cr, B = Y + 1.772 Cb, and G such that Y is the luma. */
#include <math.h>
#include <string.h>

#include "io/tiff/tiff_read.h"

static eg_status fail_unsupported(const eg_tiff_directory *directory, eg_error *error,
                                  const char *what)
{
    return eg_input_fail(directory->input, error, EG_UNSUPPORTED,
                         "%s is not supported; convert it to RGB or grey first", what);
}

/* ---- CMYK ------------------------------------------------------------------------------------ */

/* Returns true if the samples mean 0 for no ink and the largest value for full ink. */
static bool has_full_dot_range(const eg_tiff_image *image, const eg_tiff_directory *directory)
{
    if (eg_tiff_number_count(directory, TIFFTAG_DOTRANGE) < 2)
        return true;
    const uint32_t none = eg_tiff_number(directory, TIFFTAG_DOTRANGE, 0, 0);
    const uint32_t full = eg_tiff_number(directory, TIFFTAG_DOTRANGE, 1, 0);
    return none == 0 && full == (1u << image->bits_per_sample) - 1;
}

eg_status eg_tiff_cmyk_read(eg_tiff_image *image, const eg_tiff_directory *directory,
                            eg_error *error)
{
    const eg_sample_kind kind = image->samples.kind;
    if (eg_tiff_number(directory, TIFFTAG_INKSET, 0, INKSET_CMYK) != INKSET_CMYK ||
        eg_tiff_number(directory, TIFFTAG_NUMBEROFINKS, 0, 4) != 4)
        return fail_unsupported(directory, error, "an image of other inks than CMYK");
    if (image->packed || (kind != EG_KIND_U8 && kind != EG_KIND_U16))
        return fail_unsupported(directory, error, "CMYK of other than 8 or 16 bits");
    if (image->samples_per_pixel < 4)
        return eg_input_fail(directory->input, error, EG_BAD_INPUT,
                             "is damaged: CMYK with fewer than 4 samples per pixel");
    if (!has_full_dot_range(image, directory))
        return fail_unsupported(directory, error, "CMYK with a DotRange of its own");
    image->samples.pixels.colour = 4;
    return EG_OK;
}

/* ---- YCbCr ----------------------------------------------------------------------------------- */

/* Returns true if the luma is 0.299 R + 0.587 G + 0.114 B. */
static bool has_standard_luma(const eg_tiff_directory *directory)
{
    static const double standard[3] = {0.299, 0.587, 0.114}, tolerance = 0.001;
    float weights[3];
    if (!eg_tiff_floats(directory, TIFFTAG_YCBCRCOEFFICIENTS, weights, 3))
        return true;
    for (int i = 0; i < 3; i++)
        if (!(fabs((double)weights[i] - standard[i]) < tolerance))
            return false;
    return true;
}

/* Makes a table of intensities if ReferenceBlackWhite gives the luma another range than 0..255;
 * returns false if that is no range. */
static bool read_luma_range(eg_tiff_image *image, const eg_tiff_directory *directory)
{
    float range[6];
    if (!eg_tiff_floats(directory, TIFFTAG_REFERENCEBLACKWHITE, range, 6))
        return true;
    const double black = (double)range[0], white = (double)range[1];
    if (!(white - black >= 1) || !isfinite(white) || !isfinite(black))
        return false;
    for (int i = 0; i < 256; i++) {
        double level = 255 * (i - black) / (white - black);
        image->table[i] = (uint8_t)lrint(level < 0 ? 0 : level > 255 ? 255 : level);
    }
    if (black != 0 || white != 255)
        image->samples.table = image->table;
    return true;
}

/* Reads the ranges of Y, Cb and Cr; returns false if one is no range. ReferenceBlackWhite has the
 * samples of black and white, of no chroma and of the largest (TIFF 6.0, section 20), which are 255
 * and 127 units apart, as in libtiff. */
static bool read_ycbcr_ranges(eg_tiff_image *image, const eg_tiff_directory *directory)
{
    float range[6] = {0, 255, 128, 255, 128, 255};
    eg_tiff_floats(directory, TIFFTAG_REFERENCEBLACKWHITE, range, 6);
    for (int i = 0; i < 3; i++) {
        const float zero = range[2 * i], full = range[2 * i + 1];
        if (!(full - zero >= 1) || !isfinite(zero) || !isfinite(full))
            return false;
        image->ycbcr_zero[i] = zero;
        image->ycbcr_scale[i] = (i == 0 ? 255 : 127) / (full - zero);
    }
    return true;
}

/* Reads the subsampling of chroma. Interleaved samples form data units, whose sides are 1, 2 or 4
 * pixels; a separate plane of luma has every pixel. */
static bool read_subsampling(eg_tiff_image *image, const eg_tiff_directory *directory)
{
    uint16_t *const units = image->subsampling;
    for (size_t i = 0; i < 2; i++)
        units[i] = (uint16_t)eg_tiff_number(directory, TIFFTAG_YCBCRSUBSAMPLING, i, 2);
    image->subsampled = !image->separate;
    for (int i = 0; i < 2; i++)
        if (units[i] != 1 && units[i] != 2 && units[i] != 4)
            return false;
    return true;
}

eg_status eg_tiff_ycbcr_read(eg_tiff_image *image, const eg_tiff_directory *directory,
                             eg_error *error)
{
    if (image->packed || image->samples.kind != EG_KIND_U8)
        return fail_unsupported(directory, error, "YCbCr of other than 8 bits");
    if (image->compression == COMPRESSION_JPEG)
        return fail_unsupported(directory, error, "YCbCr in separate planes of JPEG");
    if (image->samples_per_pixel != 3)
        return fail_unsupported(directory, error, "YCbCr with other than 3 samples per pixel");
    if (!has_standard_luma(directory))
        return fail_unsupported(directory, error, "YCbCr with YCbCrCoefficients of its own");
    if (!read_subsampling(image, directory))
        return eg_input_fail(directory->input, error, EG_BAD_INPUT,
                             "is damaged: YCbCrSubSampling is %u, %u, not 1, 2 or 4",
                             image->subsampling[0], image->subsampling[1]);
    const bool whole =
        !image->separate || (image->subsampling[0] == 1 && image->subsampling[1] == 1);
    const bool planes = eg_samples_wants_planes(image->samples.options);
    image->luma_only = planes && !whole;
    image->conversion = planes && whole ? EG_TIFF_YCBCR : EG_TIFF_NO_CONVERSION;
    if (!(image->conversion ? read_ycbcr_ranges : read_luma_range)(image, directory))
        return eg_input_fail(directory->input, error, EG_BAD_INPUT,
                             "is damaged: ReferenceBlackWhite is not a range");
    image->samples.pixels.colour = image->conversion ? 3 : 1;
    return EG_OK;
}

static uint8_t round_to_byte(float v)
{
    return (uint8_t)(v <= 0 ? 0 : v >= 255 ? 255 : (int)(v + 0.5F));
}

void eg_tiff_ycbcr_row(const eg_tiff_image *image, uint8_t *row, size_t columns)
{
    const float *zero = image->ycbcr_zero, *scale = image->ycbcr_scale;
    for (uint8_t *p = row; p < row + 3 * columns; p += 3) {
        const float y = (p[0] - zero[0]) * scale[0];
        const float cb = (p[1] - zero[1]) * scale[1], cr = (p[2] - zero[2]) * scale[2];
        p[0] = round_to_byte(y + 1.402F * cr);
        p[1] = round_to_byte(y - (0.114F * 1.772F * cb + 0.299F * 1.402F * cr) / 0.587F);
        p[2] = round_to_byte(y + 1.772F * cb);
    }
}
