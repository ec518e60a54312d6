/* SPDX-License-Identifier: MIT */
/* Files of the lines of a traced curve. */
#include <stdlib.h>
#include <string.h>

#include "cli/solve/solve.h"
#include "cli/solve/solve_parts.h"
#include "cli/support/file_check.h"

/* Cells of the raster that the box is for a file of lines: SVG has its pixels, and the coordinates
 * of the others have digits for 1e-7 of a cell. */
enum { SIDE = 1000 };

/* Returns the georeferencing of a raster over the box. */
static eg_georef box_georef(const solve_box *box)
{
    double width = (box->ends[0][1] - box->ends[0][0]) / SIDE;
    double height = (box->ends[1][1] - box->ends[1][0]) / SIDE;
    return (eg_georef){.located = true,
                       .transform = {box->ends[0][0], width, 0, box->ends[1][1], 0, -height}};
}

/* Writes a line. Returns the status. */
static eg_status write_line(eg_line_file *file, const eg_trace *curve, const eg_trace_line *line,
                            const double transform[6], eg_error *error)
{
    const double *points = curve->points + 2 * line->first;
    double *cells = calloc(2 * (line->count + 1), sizeof *cells);
    size_t count = 0;
    if (!cells)
        return fail_no_memory(error, "a curve");
    for (size_t i = 0; i < line->count + line->closed; i++) {
        const double *p = points + 2 * (i % line->count);
        double cell[] = {(p[0] - transform[0]) / transform[1] - 0.5,
                         (p[1] - transform[3]) / transform[5] - 0.5};
        if (count == 0 || memcmp(cells + 2 * count - 2, cell, sizeof cell) != 0)
            memcpy(cells + 2 * count++, cell, sizeof cell);
    }
    eg_status status = EG_OK;
    if (count > 1)
        status = eg_line_file_write(
            file, &(eg_line){.points = cells, .count = count, .closed = line->closed}, error);
    free(cells);
    return status;
}

int solve_check_curve_file(const surface_job *job, bool is_curve)
{
    const char *path = job->options->output;
    if (!path)
        return EXIT_DONE;
    if (!is_curve)
        return usage_error(job->args->command, "--output has no effect: the solutions are points, "
                                               "and not a curve");
    if (!eg_line_file_recognizes(path, NULL)) /* the report is on standard output */
        return usage_error(job->args->command,
                           "--output: '%s' is not a file of lines, as curve.geojson, curve.csv, "
                           "curve.svg or curve.dxf",
                           path);
    return file_check_replaceable(&job->options->common, path);
}

int solve_write_curve(surface_job *job, const solve_box *box, const eg_trace *curve)
{
    const eg_georef georef = box_georef(box);
    const eg_line_file_options options = {
        .width = SIDE, .height = SIDE, .georef = &georef, .level_name = "level"};
    eg_line_file *file = NULL;
    eg_error error = {0};
    if (!job->options->output)
        return EXIT_DONE;
    eg_status status = eg_line_file_create(&file, job->ctx, job->options->output, &options, &error);
    for (size_t i = 0; i < curve->line_count && status == EG_OK; i++)
        status = write_line(file, curve, &curve->lines[i], georef.transform, &error);
    if (status == EG_OK)
        eg_line_file_commit(file, &error);
    eg_line_file_close(file);
    return report_error(job->settings, &error);
}
