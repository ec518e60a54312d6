/* SPDX-License-Identifier: MIT */
/* Lines of the edges as a vector file, which is written to standard output. */
#include <math.h>

#include "web/glue/image.h"

static eg_status write_line(void *opaque, const eg_line *line, eg_error *error)
{
    return eg_line_file_write(opaque, line, error);
}

static eg_status find_lines(const eg_edges_options *edges, const eg_edge_lines_options *lines,
                            eg_line_file *file, eg_edge_lines_result *result, eg_error *error)
{
    eg_source *source = NULL, *again = NULL;
    const bool colours = web_uses_colours(edges);
    eg_status status = web_image_source(&source, colours, error);
    if (status == EG_OK)
        status = web_image_source(&again, colours, error);
    if (status == EG_OK)
        status =
            eg_edge_lines(source, again, NULL, edges, lines, write_line, file, NULL, result, error);
    if (status == EG_OK)
        status = eg_line_file_commit(file, error);
    eg_source_close(again);
    eg_source_close(source);
    return status;
}

/* Writes the lines of the edges in a vector format. `edges` and `lines` are options of the kinds
 * "edges" and "lines". The result is JSON: the number of lines and of their points. */
WEB_EXPORT eg_status edges_lines(const char *edges, const char *lines, const char *format)
{
    eg_error error = {.status = EG_OK};
    eg_options *detector = NULL, *shape = NULL;
    eg_line_file *file = NULL;
    eg_edge_lines_result result;
    web_begin();
    const eg_line_file_options options = {
        .format = format, .width = web_loaded.width, .height = web_loaded.height, .edges = true};
    eg_status status = web_options(&detector, "edges", edges, &error);
    if (status == EG_OK)
        status = web_options(&shape, "lines", lines, &error);
    if (status == EG_OK)
        status = eg_line_file_create(&file, web_context(&error), "-", &options, &error);
    if (status == EG_OK)
        status = find_lines(eg_options_data(detector, "edges"), eg_options_data(shape, "lines"),
                            file, &result, &error);
    if (status == EG_OK) {
        web_print("{");
        web_member("lines", (double)result.lines);
        web_member("points", (double)result.points);
        web_print("}");
    }
    eg_line_file_close(file);
    eg_options_free(shape);
    eg_options_free(detector);
    return web_end(status, &error);
}
