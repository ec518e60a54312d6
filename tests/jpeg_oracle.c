/* SPDX-License-Identifier: MIT */
/* Reading JPEGs with libjpeg. */
#include "jpeg_oracle.h"

#include <stdlib.h>

typedef struct oracle {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr manager;
    jmp_buf jump;
    jpeg_pixels pixels;
} oracle;

static void on_error(j_common_ptr cinfo)
{
    longjmp(((oracle *)cinfo->client_data)->jump, 1);
}

static void on_message(j_common_ptr cinfo, int level)
{
    (void)cinfo;
    (void)level;
}

static J_COLOR_SPACE wanted_space(J_COLOR_SPACE stored, bool colours)
{
    if (stored == JCS_CMYK || stored == JCS_YCCK)
        return JCS_CMYK;
    return colours || stored == JCS_RGB ? JCS_RGB : JCS_GRAYSCALE;
}

static void decode(oracle *o, FILE *file, bool colours)
{
    jpeg_create_decompress(&o->cinfo);
    jpeg_stdio_src(&o->cinfo, file);
    jpeg_read_header(&o->cinfo, TRUE);
    o->cinfo.out_color_space = wanted_space(o->cinfo.jpeg_color_space, colours);
    jpeg_start_decompress(&o->cinfo);
    o->pixels = (jpeg_pixels){.width = o->cinfo.output_width,
                              .height = o->cinfo.output_height,
                              .channels = (size_t)o->cinfo.output_components};
    size_t stride = o->pixels.width * o->pixels.channels;
    o->pixels.data = malloc(stride * o->pixels.height);
    assert_non_null(o->pixels.data);
    while (o->cinfo.output_scanline < o->cinfo.output_height) {
        JSAMPROW row = o->pixels.data + o->cinfo.output_scanline * stride;
        jpeg_read_scanlines(&o->cinfo, &row, 1);
    }
    jpeg_finish_decompress(&o->cinfo);
}

static bool decode_file(jpeg_pixels *pixels, const char *path, bool colours)
{
    oracle *o = calloc(1, sizeof *o);
    FILE *file = fopen(path, "rb");
    assert_non_null(o);
    assert_non_null(file);
    o->cinfo.err = jpeg_std_error(&o->manager);
    o->manager.error_exit = on_error;
    o->manager.emit_message = on_message;
    o->cinfo.client_data = o;
    bool done = setjmp(o->jump) == 0;
    if (done)
        decode(o, file, colours);
    *pixels = o->pixels;
    jpeg_destroy_decompress(&o->cinfo);
    fclose(file);
    free(o);
    return done;
}

bool oracle_jpeg(jpeg_pixels *pixels, const char *path)
{
    return decode_file(pixels, path, false);
}

bool oracle_jpeg_colours(jpeg_pixels *pixels, const char *path)
{
    return decode_file(pixels, path, true);
}
