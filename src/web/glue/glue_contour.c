/* SPDX-License-Identifier: MIT */
/* Contour lines of an elevation model. */
#include "web/glue/glue_terrain.h"

static eg_status keep_line(void *opaque, const eg_line *line, eg_error *error)
{
    terrain *t = opaque;
    const double about[3] = {line->level, (double)line->count, line->closed};
    eg_status status = web_list_add(&t->lines, about, 3, error);
    return status == EG_OK ? web_list_add(&t->points, line->points, 2 * line->count, error)
                           : status;
}

static eg_status write_line(void *opaque, const eg_line *line, eg_error *error)
{
    return eg_line_file_write(opaque, line, error);
}

/* Finds the contour lines, with options of the kind "contour", and passes them to `found`. */
static eg_status find_lines(const terrain *t, const char *lines, eg_line_callback *found,
                            void *opaque, eg_error *error)
{
    eg_options *options = NULL;
    eg_source *source = NULL;
    eg_status status = web_options(&options, "contour", lines, error);
    if (status == EG_OK)
        status = terrain_source(&source, t, error);
    if (status == EG_OK)
        status = eg_contour_lines(source, eg_options_data(options, "contour"), found, opaque, NULL,
                                  error);
    eg_source_close(source);
    eg_options_free(options);
    return status;
}

/* Finds the contour lines of a window of the raster. The result is JSON: the numbers of lines and
 * points. terrain_lines() then has three numbers for each line, level, number of points and 1 if it
 * is closed, and terrain_points() column and row in the window of each point, line after line. */
WEB_EXPORT eg_status terrain_contours(terrain *t, const char *lines, size_t column, size_t row,
                                      size_t width, size_t height)
{
    eg_error error = {.status = EG_OK};
    terrain window = *t;
    window.grid.data =
        (char *)t->grid.data + row * t->grid.stride + eg_row_bytes(t->grid.sample, column);
    window.grid.width = width;
    window.grid.height = height;
    t->lines.count = t->points.count = 0;
    web_begin();
    eg_status status = find_lines(&window, lines, keep_line, t, &error);
    const size_t line_count = t->lines.count / 3, point_count = t->points.count / 2;
    web_print("{");
    web_member("lines", (double)line_count);
    web_member("points", (double)point_count);
    web_print("}");
    return web_end(status, &error);
}

/* Writes the contour lines to standard output as edgegrad contour does, in a format such as "svg".
 */
WEB_EXPORT eg_status terrain_contour_file(const terrain *t, const char *lines, const char *format)
{
    eg_error error = {.status = EG_OK};
    eg_line_file *file = NULL;
    const eg_line_file_options options = {.format = format,
                                          .width = t->grid.width,
                                          .height = t->grid.height,
                                          .georef = t->georef.located ? &t->georef : NULL,
                                          .values = true};
    web_begin();
    eg_status status = web_context(&error) ? EG_OK : error.status;
    if (status == EG_OK)
        status = eg_line_file_create(&file, web_context(&error), "-", &options, &error);
    if (status == EG_OK)
        status = find_lines(t, lines, write_line, file, &error);
    if (status == EG_OK)
        status = eg_line_file_commit(file, &error);
    eg_line_file_close(file);
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
