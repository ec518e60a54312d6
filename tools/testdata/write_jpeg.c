/* SPDX-License-Identifier: MIT */
/* JPEG through libjpeg: grey, YCbCr, RGB, CMYK and YCCK, progressive, EXIF. */
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
    if (how->interlaced)
        jpeg_simple_progression(jpeg);
}

void write_jpeg(FILE *file, const image *picture, const write_how *how)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    uint8_t exif[6 + EXIF_BYTES] = "Exif\0";

    jpeg.err = jpeg_std_error(&errors); /* prints the message and exits */
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    set_up(&jpeg, picture, how);
    jpeg_start_compress(&jpeg, TRUE);
    if (how->orientation) {
        make_exif(exif + 6, how->orientation);
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, sizeof exif);
    }
    put_rows(&jpeg, picture);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
}
