/* SPDX-License-Identifier: MIT */
/*
 * CIE 1976 L*a*b* (TIFF 6.0, section 23; ICC L*a*b*: Adobe Photoshop TIFF Technical Notes, 2002)
 * converted to sRGB of the same depth. The tristimulus values relative to white are those of CIE
 * 15, section 8.2.1: f(Y) = (L* + 16) / 116, f(X) = f(Y) + a* / 500, f(Z) = f(Y) - b* / 200. They
 * are adapted from the white point, D50 unless the file gives another, to the D65 of sRGB by the
 * Bradford transform (ICC.1:2010, annex E), so that the neutrals are grey. Then follow the matrix
 * and the curve of IEC 61966-2-1. Colours outside sRGB are clipped.
 */
#include <math.h>
#include <string.h>

#include "io/tiff/tiff_read.h"

/* ---- tags ------------------------------------------------------------------------------------ */

typedef double matrix[3][3];

static void multiply(matrix product, const matrix a, const matrix b)
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            product[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Computes the matrix from tristimulus values relative to `white` to linear sRGB. */
static void make_matrix(matrix out, const double white[3])
{
    static const double d65[3] = {0.95047, 1, 1.08883};
    static const matrix bradford = {
        {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}};
    static const matrix inverse = {{0.9869929, -0.1470543, 0.1599627},
                                   {0.4323053, 0.5183603, 0.0492912},
                                   {-0.0085287, 0.0400428, 0.9684867}};
    static const matrix srgb = {{3.2404542, -1.5371385, -0.4985314},
                                {-0.9692660, 1.8760108, 0.0415560},
                                {0.0556434, -0.2040259, 1.0572252}};
    matrix cones, adapted;
    for (int i = 0; i < 3; i++) {
        double gain = dot(bradford[i], d65) / dot(bradford[i], white);
        for (int j = 0; j < 3; j++)
            cones[i][j] = gain * bradford[i][j] * white[j];
    }
    multiply(adapted, inverse, (const double(*)[3])cones);
    multiply(out, srgb, (const double(*)[3])adapted);
    for (int i = 0; i < 3; i++) { /* white is 1 exactly, in spite of rounded constants */
        double sum = out[i][0] + out[i][1] + out[i][2];
        for (int j = 0; j < 3; j++)
            out[i][j] /= sum;
    }
}

/* Reads the white point, of D50 if there is none; returns false if it is none. ICC L*a*b* is always
 * relative to D50. */
static bool read_white(double white[3], bool icc, const eg_tiff_directory *directory)
{
    float given[2];
    double x = 0.34567, y = 0.35850;
    if (!icc && eg_tiff_floats(directory, TIFFTAG_WHITEPOINT, given, 2)) {
        x = (double)given[0];
        y = (double)given[1];
    }
    white[0] = x / y;
    white[1] = 1;
    white[2] = (1 - x - y) / y;
    return x >= 0.1 && y >= 0.1 && x + y <= 0.9;
}

eg_status eg_tiff_lab_read(eg_tiff_image *image, bool icc, const eg_tiff_directory *directory,
                           eg_error *error)
{
    double white[3];
    const unsigned bits = image->bits_per_sample;
    const uint32_t format = eg_tiff_number(directory, TIFFTAG_SAMPLEFORMAT, 0, SAMPLEFORMAT_UINT);
    if ((bits != 8 && bits != 16) || format == SAMPLEFORMAT_IEEEFP)
        return eg_input_fail(directory->input, error, EG_UNSUPPORTED,
                             "L*a*b* of other than 8 or 16 bits is not supported; convert it to "
                             "RGB or grey first");
    if (image->samples_per_pixel < 3)
        return eg_input_fail(directory->input, error, EG_UNSUPPORTED,
                             "L*a*b* with fewer than 3 samples per pixel is not supported; convert "
                             "it to RGB or grey first");
    if (!read_white(white, icc, directory))
        return eg_input_fail(directory->input, error, EG_BAD_INPUT,
                             "is damaged: WhitePoint is not the colour of a white");
    make_matrix(image->lab_to_rgb, white);
    image->conversion = icc ? EG_TIFF_ICCLAB : EG_TIFF_CIELAB;
    image->samples.kind = bits == 8 ? EG_KIND_U8 : EG_KIND_U16;
    image->samples.white_level = bits == 8 ? 255 : 65535;
    image->samples.pixels.colour = 3;
    return EG_OK;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

/* Returns the inverse of CIE's f: t^3, or a line below 6/29. */
static double inverse_f(double t)
{
    return t > 6.0 / 29 ? t * t * t : (t - 4.0 / 29) * (108.0 / 841);
}

/* Returns the sRGB code of a linear value, 0..1. */
static double encode(double v)
{
    if (v <= 0)
        return 0;
    if (v >= 1)
        return 1;
    return v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

static void lab_to_rgb(const eg_tiff_image *image, double rgb[3], const double lab[3])
{
    const double y = (lab[0] + 16) / 116;
    const double relative[3] = {inverse_f(y + lab[1] / 500), inverse_f(y),
                                inverse_f(y - lab[2] / 200)};
    for (int i = 0; i < 3; i++)
        rgb[i] = encode(dot(image->lab_to_rgb[i], relative));
}

/* Decode stored samples. L* of 100 is the largest sample, in ICC L*a*b* of 16 bits 65280; a* and b*
 * are integers of 8 bits, or of 16 bits in 256ths, signed, in ICC L*a*b* with an offset. */
static void decode8(double lab[3], const uint8_t *p, bool icc)
{
    lab[0] = p[0] * 100 / 255.0;
    for (int i = 1; i < 3; i++)
        lab[i] = icc ? p[i] - 128 : (int8_t)p[i];
}

static void decode16(double lab[3], const uint16_t *p, bool icc)
{
    lab[0] = p[0] * 100 / (icc ? 65280.0 : 65535.0);
    for (int i = 1; i < 3; i++)
        lab[i] = (icc ? p[i] - 32768 : (int16_t)p[i]) / 256.0;
}

static void convert_row8(const eg_tiff_image *image, uint8_t *row, size_t columns)
{
    double lab[3], rgb[3];
    for (size_t x = 0; x < columns; x++, row += image->samples.pixels.channels) {
        decode8(lab, row, image->conversion == EG_TIFF_ICCLAB);
        lab_to_rgb(image, rgb, lab);
        for (int i = 0; i < 3; i++)
            row[i] = (uint8_t)(rgb[i] * 255 + 0.5);
    }
}

static void convert_row16(const eg_tiff_image *image, uint16_t *row, size_t columns)
{
    double lab[3], rgb[3];
    for (size_t x = 0; x < columns; x++, row += image->samples.pixels.channels) {
        decode16(lab, row, image->conversion == EG_TIFF_ICCLAB);
        lab_to_rgb(image, rgb, lab);
        for (int i = 0; i < 3; i++)
            row[i] = (uint16_t)(rgb[i] * 65535 + 0.5);
    }
}

void eg_tiff_lab_row(const eg_tiff_image *image, uint8_t *row, size_t columns)
{
    if (image->samples.bytes == 1)
        convert_row8(image, row, columns);
    else
        convert_row16(image, (uint16_t *)(void *)row, columns);
}
