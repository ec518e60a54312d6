/* SPDX-License-Identifier: MIT */
/* A terrain map of elevations in memory. */
#include <string.h>

#include "web/glue/web.h"

/* The last map, in 32-bit floats. */
static eg_grid map;

/* Returns its address. */
WEB_EXPORT const float *maps_values(void)
{
    return map.data;
}

static eg_status compute(const eg_grid *elevations, const eg_terrain_options *options,
                         const eg_ground_options *ground, eg_source **source, eg_error *error)
{
    eg_sink *sink = NULL;
    eg_context *context = web_context(error);
    eg_grid_free(&map);
    map = (eg_grid){.data = NULL};
    eg_status status = eg_source_grid(source, context, elevations, error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, context, &map, error);
    if (status == EG_OK)
        status = eg_terrain(*source, &sink, options, 1, ground, error);
    eg_sink_close(sink);
    return status;
}

/* Computes a map of width * height elevations, row by row, NaN where they are missing. `options`
 * and `ground` are options of the kinds "terrain" and "ground". The result is JSON: the sample
 * type, "f32" or "u8", and the bytes from row to row. */
WEB_EXPORT eg_status maps_terrain(float *elevations, size_t width, size_t height,
                                  const char *options, const char *ground)
{
    eg_error error = {.status = EG_OK};
    eg_options *what = NULL, *where = NULL;
    eg_source *source = NULL;
    web_begin();
    const eg_grid grid = {.data = elevations,
                          .width = width,
                          .height = height,
                          .stride = width * sizeof *elevations,
                          .sample = EG_F32,
                          .white_level = 1};
    eg_status status = web_options(&what, "terrain", options, &error);
    if (status == EG_OK)
        status = web_options(&where, "ground", ground, &error);
    if (status == EG_OK)
        status = compute(&grid, eg_options_data(what, "terrain"), eg_options_data(where, "ground"),
                         &source, &error);
    if (status == EG_OK) {
        web_print("{");
        web_key("sample");
        web_string(map.sample == EG_F32 ? "f32" : "u8");
        web_member("stride", (double)map.stride);
        web_print("}");
    }
    eg_source_close(source);
    eg_options_free(where);
    eg_options_free(what);
    return web_end(status, &error);
}
