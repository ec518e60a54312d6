/* SPDX-License-Identifier: MIT */
/* The gradient of a window of the image, for arrows on its pixels. */
#include <math.h>
#include <stdlib.h>

#include "web/glue/image.h"

/* Derivatives of the last window, x then y, row by row. */
static float *derivatives;

/* Returns their address. */
WEB_EXPORT const float *arrows_values(void)
{
    return derivatives;
}

/* A window of the image, and the larger one around it that its gradient depends on. */
typedef struct window {
    size_t left, top, width, height;
    size_t outer_left, outer_top, outer_width, outer_height;
} window;

/* Sets where the window and the one with `margin` pixels around it begin and end, in the image. */
static window widen(size_t left, size_t top, size_t width, size_t height, size_t margin)
{
    window w = {.left = left, .top = top, .width = width, .height = height};
    const size_t right = left + width + margin, bottom = top + height + margin;
    w.outer_left = left > margin ? left - margin : 0;
    w.outer_top = top > margin ? top - margin : 0;
    w.outer_width = (right < web_loaded.width ? right : web_loaded.width) - w.outer_left;
    w.outer_height = (bottom < web_loaded.height ? bottom : web_loaded.height) - w.outer_top;
    return w;
}

/* Computes both derivatives of the brightness in the outer window. */
static eg_status differentiate(const window *w, double sigma, eg_grid maps[2], eg_error *error)
{
    const size_t count = web_loaded.width * web_loaded.height;
    const eg_grid grey = {.data = web_loaded.planes + 3 * count + w->outer_top * web_loaded.width +
                                  w->outer_left,
                          .width = w->outer_width,
                          .height = w->outer_height,
                          .stride = web_loaded.width,
                          .sample = EG_U8,
                          .white_level = 255};
    eg_source *source = NULL;
    eg_sink *sinks[2] = {NULL, NULL};
    eg_gradient_options options[2];
    eg_status status = eg_source_grid(&source, web_context(error), &grey, error);
    for (size_t i = 0; i < 2; i++) {
        eg_gradient_default(&options[i]);
        options[i].op = "gaussian-derivative";
        options[i].sigma = sigma;
        options[i].depth = 32;
        options[i].map = i ? EG_MAP_Y : EG_MAP_X;
        if (status == EG_OK)
            status = eg_sink_grid(&sinks[i], web_context(error), &maps[i], error);
    }
    if (status == EG_OK)
        status = eg_gradient_maps(source, sinks, options, 2, error);
    eg_sink_close(sinks[1]);
    eg_sink_close(sinks[0]);
    eg_source_close(source);
    return status;
}

/* Computes the gradient of the brightness in a window, by Gaussian derivatives, in levels per
 * pixel. arrows_values() then has the derivatives by x of width * height pixels, and those by y. */
WEB_EXPORT eg_status arrows_find(size_t left, size_t top, size_t width, size_t height, double sigma)
{
    eg_error error = {.status = EG_OK};
    eg_grid maps[2] = {{0}, {0}};
    web_begin();
    sigma = fmin(fmax(sigma, 0.5), 128);
    const window w = widen(left, top, width, height, (size_t)ceil(4 * sigma) + 2);
    free(derivatives);
    derivatives = malloc(2 * width * height * sizeof *derivatives);
    eg_status status = derivatives ? differentiate(&w, sigma, maps, &error) : EG_NO_MEMORY;
    for (size_t i = 0; status == EG_OK && i < 2 * height; i++) {
        const eg_grid *map = &maps[i / height];
        const char *row = (const char *)map->data + (top - w.outer_top + i % height) * map->stride;
        const float *from = (const float *)(const void *)row + (left - w.outer_left);
        for (size_t x = 0; x < width; x++)
            derivatives[i * width + x] = from[x];
    }
    eg_grid_free(&maps[0]);
    eg_grid_free(&maps[1]);
    return web_end(status, &error);
}
