/* SPDX-License-Identifier: MIT */
/* Slope, aspect and hillshade of an elevation model, in blocks of rows. */
#include <math.h>

#include "web/glue/glue_terrain.h"

/* Computes one map of `source`, which it closes, to `out`. */
static eg_status compute_map(eg_source *source, const eg_options *map, const eg_options *ground,
                             eg_grid *out, eg_error *error)
{
    eg_sink *sink = NULL;
    eg_status status = eg_sink_grid(&sink, web_context(error), out, error);
    if (status == EG_OK)
        status = eg_terrain(source, &sink, eg_options_data(map, "terrain"), 1,
                            eg_options_data(ground, "ground"), error);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

/* Computes rows of a map, without padding. */
static eg_status compute_rows(const terrain *t, const eg_options *map, const eg_options *ground,
                              size_t first, size_t count, void *out, eg_error *error)
{
    const eg_terrain_options *options = eg_options_data(map, "terrain");
    const eg_sample sample = options->map == EG_TERRAIN_HILLSHADE ? EG_U8 : EG_F32;
    eg_source *source = NULL;
    eg_grid rows = {out, t->grid.width, count, eg_row_bytes(sample, t->grid.width), sample, 1};
    eg_status status = terrain_source(&source, t, error);
    if (status == EG_OK)
        status = eg_source_rows(source, first, count, error);
    if (status == EG_OK)
        return compute_map(source, map, ground, &rows, error);
    eg_source_close(source);
    return status;
}

/* Computes rows first .. first + count - 1 of a map to `out`: bytes of a hillshade, 0 where it is
 * missing, else floats. `lines` are options of the kind "terrain", `ground` of the kind "ground".
 */
WEB_EXPORT eg_status terrain_map(const terrain *t, const char *lines, const char *ground,
                                 size_t first, size_t count, void *out)
{
    eg_error error = {.status = EG_OK};
    eg_options *map = NULL, *measure = NULL;
    web_begin();
    eg_status status = web_options(&map, "terrain", lines, &error);
    if (status == EG_OK)
        status = web_options(&measure, "ground", ground, &error);
    if (status == EG_OK)
        status = compute_rows(t, map, measure, first, count, out, &error);
    eg_options_free(measure);
    eg_options_free(map);
    return web_end(status, &error);
}

/* Computes a map of the 3 x 3 cells around a cell that is not at the border: *value is that in the
 * middle. */
static eg_status compute_at(const terrain *t, const char *lines, size_t column, size_t row,
                            double *value, eg_error *error)
{
    const size_t bytes = eg_row_bytes(t->grid.sample, 1);
    char *corner = (char *)t->grid.data + ((row - 1) * t->grid.width + column - 1) * bytes;
    terrain around = *t;
    float values[9] = {[4] = NAN};
    eg_grid out = {values, 3, 3, 3 * sizeof *values, EG_F32, 1};
    eg_source *source = NULL;
    eg_options *map = NULL;
    around.grid = (eg_grid){corner, 3, 3, t->grid.stride, t->grid.sample, 1};
    around.georef.transform[0] += (double)(column - 1) * t->georef.transform[1];
    around.georef.transform[3] += (double)(row - 1) * t->georef.transform[5];
    eg_status status = web_options(&map, "terrain", lines, error);
    if (status == EG_OK)
        status = terrain_source(&source, &around, error);
    if (status == EG_OK)
        status = compute_map(source, map, t->measure, &out, error);
    eg_options_free(map);
    *value = (double)values[4];
    return status;
}

/* Prints elevation, slope in degrees and aspect in degrees clockwise from north of a cell as JSON:
 * the values of the maps, null where they have none. */
WEB_EXPORT eg_status terrain_at(const terrain *t, size_t column, size_t row)
{
    eg_error error = {.status = EG_OK};
    double slope = (double)NAN, aspect = (double)NAN;
    const bool inside = column > 0 && row > 0 && column + 1 < t->grid.width &&
                        row + 1 < t->grid.height && t->ground;
    eg_status status = EG_OK;
    web_begin();
    if (inside)
        status = compute_at(t, "map=slope\nnodata=nan", column, row, &slope, &error);
    if (inside && status == EG_OK)
        status = compute_at(t, "map=aspect\nnodata=nan", column, row, &aspect, &error);
    web_print("{");
    web_member("height", terrain_cell(t, column, row));
    web_member("slope", slope);
    web_member("aspect", aspect);
    web_print("}");
    return web_end(status, &error);
}
