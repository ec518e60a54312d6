/* SPDX-License-Identifier: MIT */
/* Loads an image. */
#include "web/glue/image.h"

#include <stdlib.h>
#include <string.h>

web_image web_loaded;

/* Pixels that JavaScript writes, until they are in planes. */
static uint8_t *incoming;

static void release(void)
{
    free(incoming);
    free(web_loaded.planes);
    free(web_loaded.mask);
    incoming = NULL;
    web_loaded = (web_image){.number = web_loaded.number + 1};
}

/* Begins an image: returns the address of width * height pixels of 4 bytes, red, green, blue and
 * alpha, which JavaScript fills; NULL: out of memory. */
WEB_EXPORT uint8_t *image_new(size_t width, size_t height)
{
    const uint64_t count = (uint64_t)width * height;
    release();
    if (!count || count > SIZE_MAX / 16)
        return NULL;
    incoming = malloc(4 * (size_t)count);
    web_loaded.planes = malloc(4 * (size_t)count);
    web_loaded.mask = malloc((size_t)count);
    if (!incoming || !web_loaded.planes || !web_loaded.mask) {
        release();
        return NULL;
    }
    web_loaded.width = width;
    web_loaded.height = height;
    return incoming;
}

/* Separates the colours of the pixels that JavaScript has written. Grey is that of the command for
 * 8-bit colours: Y = 0.299 R + 0.587 G + 0.114 B in 16-bit fixed point. */
WEB_EXPORT void image_loaded(void)
{
    const size_t count = web_loaded.width * web_loaded.height;
    uint8_t *red = web_loaded.planes, *green = red + count, *blue = green + count,
            *grey = blue + count;
    const uint8_t *in = incoming;
    unsigned differ = 0;
    for (size_t i = 0; i < count; i++, in += 4) {
        red[i] = in[0];
        green[i] = in[1];
        blue[i] = in[2];
        differ |= (unsigned)(in[0] ^ in[1]) | (unsigned)(in[1] ^ in[2]);
        grey[i] = (uint8_t)((19595u * in[0] + 38470u * in[1] + 7471u * in[2] + 32768u) >> 16);
    }
    web_loaded.grey = !differ;
    web_loaded.rgba = incoming; /* the result takes the place of the pixels */
    incoming = NULL;
}

/* Returns the addresses of results: the edges, a byte for each pixel, and the picture to show. */
WEB_EXPORT const uint8_t *image_mask(void)
{
    return web_loaded.mask;
}

WEB_EXPORT const uint8_t *image_rgba(void)
{
    return web_loaded.rgba;
}

static eg_grid plane(size_t index)
{
    const size_t width = web_loaded.width, height = web_loaded.height;
    return (eg_grid){.data = web_loaded.planes + index * width * height,
                     .width = width,
                     .height = height,
                     .stride = width,
                     .sample = EG_U8,
                     .white_level = 255};
}

eg_status web_image_source(eg_source **source, bool colours, eg_error *error)
{
    const eg_grid colour_planes[3] = {plane(0), plane(1), plane(2)}, grey = plane(3);
    eg_context *context = web_context(error);
    if (!context)
        return EG_NO_MEMORY;
    return colours ? eg_source_grid_planes(source, context, colour_planes, error)
                   : eg_source_grid(source, context, &grey, error);
}

bool web_uses_colours(const eg_edges_options *options)
{
    return strcmp(options->op, "gaussian") == 0 && options->method != EG_EDGE_RIDGE &&
           !web_loaded.grey;
}

void web_warnings(const eg_source *source)
{
    const char *warning;
    web_key("warnings");
    web_print("[");
    for (size_t i = 0; (warning = eg_source_warning(source, i)); i++) {
        web_print(i ? "," : "");
        web_string(warning);
    }
    web_print("]");
}
