/* SPDX-License-Identifier: MIT */
/* Contour lines of an elevation model. */
#include "glue_terrain.h"

static eg_status keep_line(void *opaque, const eg_line *line, eg_error *error)
{
    terrain *t = opaque;
    const double about[3] = {line->level, (double)line->count, line->closed};
    eg_status status = web_list_add(&t->lines, about, 3, error);
    return status == EG_OK ? web_list_add(&t->points, line->points, 2 * line->count, error)
                           : status;
}

/* Finds the contour lines, with options of the kind "contour". The result is JSON: the numbers of
 * lines and points. terrain_lines() then has three numbers for each line, level, number of points
 * and 1 if it is closed, and terrain_points() column and row of each point, line after line. */
WEB_EXPORT eg_status terrain_contours(terrain *t, const char *lines)
{
    eg_error error = {.status = EG_OK};
    eg_options *options = NULL;
    eg_source *source = NULL;
    t->lines.count = t->points.count = 0;
    web_begin();
    eg_status status = web_options(&options, "contour", lines, &error);
    if (status == EG_OK)
        status = terrain_source(&source, t, &error);
    if (status == EG_OK)
        status = eg_contour_lines(source, eg_options_data(options, "contour"), keep_line, t, NULL,
                                  &error);
    eg_source_close(source);
    eg_options_free(options);
    web_print("{");
    web_member("lines", (double)(t->lines.count / 3));
    web_member("points", (double)(t->points.count / 2));
    web_print("}");
    return web_end(status, &error);
}

/* Returns the numbers of the lines, and the points of the last lines or flow path. */
WEB_EXPORT const double *terrain_lines(const terrain *t)
{
    return t->lines.items;
}

WEB_EXPORT const double *terrain_points(const terrain *t)
{
    return t->points.items;
}
