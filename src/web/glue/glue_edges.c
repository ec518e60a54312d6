/* SPDX-License-Identifier: MIT */
/* Edges of the image that is loaded. */
#include "web/glue/web.h"

#include <stdlib.h>

/* The image as planes of red, green and blue, and the result. */
static struct {
    uint8_t *pixels; /* red, green, blue and alpha of each pixel, from JavaScript */
    uint8_t *planes; /* the three planes, one behind the other */
    uint8_t *mask;   /* 255: an edge */
    size_t width, height;
} image;

/* Releases the image. */
WEB_EXPORT void edges_release(void)
{
    free(image.pixels);
    free(image.planes);
    free(image.mask);
    image.pixels = image.planes = image.mask = NULL;
    image.width = image.height = 0;
}

/* Begins an image: returns the address of width * height pixels of 4 bytes, red, green, blue and
 * alpha, which JavaScript fills; NULL: out of memory. */
WEB_EXPORT uint8_t *edges_new(size_t width, size_t height)
{
    edges_release();
    const size_t count = width * height;
    if (!count || count > SIZE_MAX / 8)
        return NULL;
    image.pixels = malloc(4 * count);
    image.planes = malloc(3 * count);
    image.mask = malloc(count);
    if (!image.pixels || !image.planes || !image.mask) {
        edges_release();
        return NULL;
    }
    image.width = width;
    image.height = height;
    return image.pixels;
}

/* Separates the colours of the pixels that JavaScript has written. */
WEB_EXPORT void edges_loaded(void)
{
    const size_t count = image.width * image.height;
    uint8_t *red = image.planes, *green = red + count, *blue = green + count;
    const uint8_t *in = image.pixels;
    for (size_t i = 0; i < count; i++, in += 4) {
        red[i] = in[0];
        green[i] = in[1];
        blue[i] = in[2];
    }
    free(image.pixels);
    image.pixels = NULL;
}

/* Returns the address of the edges, a byte for each pixel: 255, or 0. */
WEB_EXPORT const uint8_t *edges_mask(void)
{
    return image.mask;
}

/* Creates a source of the image. */
static eg_status open_image(eg_source **source, eg_context *context, eg_error *error)
{
    eg_grid planes[3];
    const size_t count = image.width * image.height;
    for (size_t k = 0; k < 3; k++)
        planes[k] = (eg_grid){.data = image.planes + k * count,
                              .width = image.width,
                              .height = image.height,
                              .stride = image.width,
                              .sample = EG_U8,
                              .white_level = 255};
    return eg_source_grid_planes(source, context, planes, error);
}

/* Prints the result as JSON, with the warnings of the source. */
static void print_result(const eg_edges_result *result, const eg_source *source)
{
    web_print("{");
    web_member("low", result->low);
    web_member("high", result->high);
    web_member("sigma", result->sigma);
    web_member("pixels", (double)result->edge_pixels);
    web_key("automatic");
    web_print(result->automatic ? "true" : "false");
    web_key("warnings");
    web_print("[");
    const char *warning;
    for (size_t i = 0; (warning = eg_source_warning(source, i)); i++) {
        web_print(i ? "," : "");
        web_string(warning);
    }
    web_print("]}");
}

static eg_status find(const eg_edges_options *options, eg_context *context, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_edges_result result;
    eg_grid mask = {.data = image.mask,
                    .width = image.width,
                    .height = image.height,
                    .stride = image.width,
                    .sample = EG_U8};
    eg_status status = open_image(&source, context, error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, context, &mask, error);
    if (status == EG_OK)
        status = eg_edges(source, sink, options, &result, error);
    if (status == EG_OK)
        print_result(&result, source);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

/* Detects edges with options of eg_edges_options, lines "name=value". The result is JSON: the
 * thresholds and sigma used, the number of edge pixels, warnings. */
WEB_EXPORT eg_status edges_find(const char *lines)
{
    eg_error error = {.status = EG_OK};
    eg_options *options = NULL;
    web_begin();
    eg_status status = web_options(&options, "edges", lines, &error);
    if (status == EG_OK)
        status = find(eg_options_data(options, "edges"), web_context(&error), &error);
    eg_options_free(options);
    return web_end(status, &error);
}
