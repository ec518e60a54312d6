/* SPDX-License-Identifier: MIT */
/* JPEG through libjpeg: grey, YCbCr, RGB, CMYK and YCCK, progressive, EXIF, two in a file (MPO). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "testdata.h"

void make_exif(uint8_t bytes[EXIF_BYTES], int orientation)
{
    /* Header, one entry: tag 0x0112, type SHORT, count 1, the value; no further directory. */
    static const uint8_t little[EXIF_BYTES] = {'I', 'I',  42, 0, 8, 0, 0, 0, 1,
                                               0,   0x12, 1,  3, 0, 1, 0, 0, 0};
    static const uint8_t big[EXIF_BYTES] = {'M', 'M', 0,    42, 0, 0, 0, 8, 0,
                                            1,   1,   0x12, 0,  3, 0, 0, 0, 1};
    bool is_little = orientation % 2 != 0;
    memcpy(bytes, is_little ? little : big, EXIF_BYTES);
    bytes[is_little ? 18 : 19] = (uint8_t)orientation;
}

typedef struct space {
    const char *name;
    J_COLOR_SPACE in, out;
} space;

static const space spaces[] = {{"rgb", JCS_RGB, JCS_RGB},
                               {"cmyk", JCS_CMYK, JCS_CMYK},
                               {"cmyk-plain", JCS_CMYK, JCS_CMYK},
                               {"ycck", JCS_CMYK, JCS_YCCK},
                               {NULL, JCS_RGB, JCS_YCbCr}};

static const space *find_space(const char *name)
{
    const space *s = spaces;
    while (s->name && (!name || strcmp(s->name, name) != 0))
        s++;
    return s;
}

/* Converts to CMYK as Adobe stores it: 255 is no ink. Black replaces the common part of the three
 * inks. */
static void put_cmyk(JSAMPLE *to, const uint16_t *rgb)
{
    unsigned most = rgb[0] > rgb[1] ? rgb[0] : rgb[1];
    most = rgb[2] > most ? rgb[2] : most;
    for (int c = 0; c < 3; c++)
        to[c] = (JSAMPLE)(most ? (rgb[c] * 255u + most / 2) / most : 255);
    to[3] = (JSAMPLE)most;
}

static void put_rows(j_compress_ptr jpeg, const image *picture)
{
    JSAMPLE *row = malloc(picture->width * (size_t)jpeg->input_components);
    if (!row)
        die("out of memory");
    for (size_t y = 0; y < picture->height; y++) {
        const uint16_t *from = pixel(picture, 0, y);
        if (jpeg->input_components == 4)
            for (size_t x = 0; x < picture->width; x++)
                put_cmyk(row + 4 * x, from + 3 * x);
        else
            for (size_t i = 0; i < picture->width * (size_t)picture->channels; i++)
                row[i] = (JSAMPLE)from[i];
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    free(row);
}

static void set_up(j_compress_ptr jpeg, const image *picture, const write_how *how)
{
    const space *s = find_space(how->space);
    jpeg->image_width = (JDIMENSION)picture->width;
    jpeg->image_height = (JDIMENSION)picture->height;
    jpeg->in_color_space = picture->channels == 1 ? JCS_GRAYSCALE : s->in;
    jpeg->input_components = picture->channels == 1 ? 1 : s->in == JCS_CMYK ? 4 : 3;
    jpeg_set_defaults(jpeg);
    if (picture->channels == 3)
        jpeg_set_colorspace(jpeg, s->out);
    jpeg_set_quality(jpeg, how->quality ? how->quality : 90, TRUE);
    for (int c = 0; c < jpeg->num_components; c++) {
        bool full = c == 0 || c == 3; /* luminance and black are not subsampled */
        jpeg->comp_info[c].h_samp_factor = full && how->subsampling == 2 ? 2 : 1;
        jpeg->comp_info[c].v_samp_factor = jpeg->comp_info[c].h_samp_factor;
    }
    jpeg->dct_method = JDCT_ISLOW;
    jpeg->optimize_coding = TRUE;
    if (jpeg->jpeg_color_space == JCS_RGB)
        jpeg->write_Adobe_marker = TRUE; /* transform 0: RGB, not YCbCr */
    if (s->name && strcmp(s->name, "cmyk-plain") == 0)
        jpeg->write_Adobe_marker = FALSE;
    if (how->interlaced)
        jpeg_simple_progression(jpeg);
}

/* Compresses to memory; the caller frees the result. `index`, if it is not NULL, becomes a marker
 * APP2. */
static unsigned char *compress(const image *picture, const write_how *how, const uint8_t *index,
                               unsigned index_size, unsigned long *size)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    uint8_t exif[6 + EXIF_BYTES] = "Exif\0";
    unsigned char *bytes = NULL;

    *size = 0;
    jpeg.err = jpeg_std_error(&errors); /* prints the message and exits */
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, size);
    set_up(&jpeg, picture, how);
    jpeg_start_compress(&jpeg, TRUE);
    if (how->orientation) {
        make_exif(exif + 6, how->orientation);
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, sizeof exif);
    }
    if (index)
        jpeg_write_marker(&jpeg, JPEG_APP0 + 2, index, index_size);
    put_rows(&jpeg, picture);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return bytes;
}

static void put_file(FILE *file, unsigned char *bytes, unsigned long size)
{
    if (fwrite(bytes, 1, size, file) != size)
        die("cannot write");
    free(bytes);
}

void write_jpeg(FILE *file, const image *picture, const write_how *how)
{
    unsigned long size;
    unsigned char *bytes = compress(picture, how, NULL, 0, &size);
    put_file(file, bytes, size);
}

/* ---- Multi-Picture Object (CIPA DC-007) ------------------------------------------------------ */

/* Offsets of the values in the index, and in the file: SOI, JFIF's marker of 18 bytes, and the
 * marker and length of APP2 come before the index. */
enum { MP_TIFF = 4, MP_ENTRIES = 54, MP_SIZE = 86, MP_AT = 2 + 18 + 4 };

static void put_big(uint8_t *at, unsigned long value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Writes the picture and, as its thumbnail of type 1, the picture without colour. */
void write_mpo(FILE *file, const image *picture, const write_how *how)
{
    uint8_t index[MP_SIZE] = "MPF\0MM\0*\0\0\0\10\0\3"
                             "\xB0\0\0\7\0\0\0\4"
                             "0100"
                             "\xB0\1\0\4\0\0\0\1\0\0\0\2"
                             "\xB0\2\0\7\0\0\0\40\0\0\0\62";
    unsigned long size, thumbnail_size;
    image *grey = grey_of(picture);
    unsigned char *thumbnail = compress(grey, how, NULL, 0, &thumbnail_size);
    free(compress(picture, how, index, sizeof index, &size));
    put_big(index + MP_ENTRIES, 0x030000);      /* type: primary image */
    put_big(index + MP_ENTRIES + 4, size);      /* its offset is 0 */
    put_big(index + MP_ENTRIES + 16, 0x010001); /* type: large thumbnail */
    put_big(index + MP_ENTRIES + 20, thumbnail_size);
    put_big(index + MP_ENTRIES + 24, size - MP_AT - MP_TIFF);
    unsigned char *first = compress(picture, how, index, sizeof index, &size);
    put_file(file, first, size);
    put_file(file, thumbnail, thumbnail_size);
    image_free(grey);
}
