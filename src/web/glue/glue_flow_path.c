/* SPDX-License-Identifier: MIT */
/* The path of a drop of water over an elevation model. */
#include "web/glue/glue_terrain.h"

enum { NUMBERS = 4 }; /* of a point: column, row, elevation, distance */

/* Collector of the points of a flow path. */
typedef struct path_points {
    terrain *terrain;
    eg_error *error;
} path_points;

static void keep_point(void *opaque, const eg_flow_path_point *point)
{
    const path_points *path = opaque;
    const double numbers[NUMBERS] = {point->at[0], point->at[1], point->height, point->distance};
    if (path->error->status == EG_OK)
        web_list_add(&path->terrain->points, numbers, NUMBERS, path->error);
}

static void print_path(const terrain *t, const eg_flow_path_result *result)
{
    const size_t point_count = t->points.count / NUMBERS;
    web_print("{");
    web_member("points", (double)point_count);
    web_member("steps", (double)result->steps);
    web_member("distance", result->last.distance);
    web_member("from", result->first.height);
    web_member("to", result->last.height);
    web_key("metres");
    web_print(t->ground ? "true" : "false");
    web_key("end");
    web_string(eg_flow_path_end_word(result->end, false));
    web_key("reason");
    web_string(eg_flow_path_end_reason(result->end, false));
    web_print("}");
}

/* Follows the water from column, row. The result is JSON: numbers of points and steps, distance in
 * metres (cells, if the cell size is unknown), first and last elevation, and the end in a word and
 * in words. terrain_points() then has column, row, elevation and distance of each point. */
WEB_EXPORT eg_status terrain_flow(terrain *t, double column, double row)
{
    eg_error error = {.status = EG_OK};
    path_points path = {t, &error};
    eg_flow_path_options options;
    eg_flow_path_result result = {0};
    eg_context *context = web_context(&error);
    eg_flow_path_default(&options);
    options.on_point = keep_point;
    options.opaque = &path;
    t->points.count = 0;
    web_begin();
    eg_status status = !context
                           ? error.status
                           : eg_flow_path(context, &t->grid, t->ground,
                                          (const double[]){column, row}, &options, &result, &error);
    if (status == EG_OK)
        status = error.status;
    if (status == EG_OK)
        print_path(t, &result);
    return web_end(status, &error);
}
