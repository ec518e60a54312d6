/* SPDX-License-Identifier: MIT */
/* eg_line_file: files of lines, and the table of vector formats. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/context.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "io/text.h"
#include "io/vector/vector.h"

extern const eg_line_format eg_geojson_format, eg_svg_format, eg_csv_format, eg_dxf_format,
    eg_gpkg_format;

enum { FORMATS = 5 };

static const eg_line_format *const formats[FORMATS] = {
    &eg_geojson_format, &eg_svg_format, &eg_csv_format, &eg_dxf_format, &eg_gpkg_format};

const eg_line_format *eg_line_format_at(size_t index)
{
    return index < FORMATS ? formats[index] : NULL;
}

const char *eg_line_format_name(size_t index)
{
    return index < FORMATS ? formats[index]->name : NULL;
}

const char *eg_line_format_help(size_t index)
{
    return index < FORMATS ? formats[index]->help : NULL;
}

/* Returns the format called `name`, or if that is NULL of the extension of `path`; or NULL. */
static const eg_line_format *find_format(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    if (!name && strcmp(path, "-") == 0)
        return &eg_geojson_format;
    for (size_t i = 0; i < FORMATS; i++)
        if (name ? strcasecmp(formats[i]->name, name) == 0
                 : dot && eg_list_contains(formats[i]->extensions, dot + 1))
            return formats[i];
    return NULL;
}

bool eg_line_file_recognizes(const char *path, const char *format)
{
    return find_format(path, format) != NULL;
}

static eg_status fail_format(const char *path, const char *name, eg_error *error)
{
    char names[128] = "";
    for (size_t i = 0; i < FORMATS; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i ? ", " : "",
                 formats[i]->name);
    if (name)
        return eg_fail(error, EG_USAGE, "'%s' is no format of lines; there are %s", name, names);
    return eg_fail_file(error, EG_USAGE, path,
                        "has no extension of a format of lines; there are %s", names);
}

/* Returns true if a transform leads from rows downwards to coordinates that also are, if y is
 * displayed upwards. */
static bool mirrors(const double transform[6])
{
    return transform[1] * transform[5] - transform[2] * transform[4] > 0;
}

/* Sets the transform from column and row, 0,0 at the centre of the first sample, to the coordinates
 * of the file. */
static void set_transform(eg_line_file *f, const eg_georef *georef)
{
    const bool located = georef && georef->located && !f->format->pixels;
    const double *from = georef ? georef->transform : NULL;
    double *t = f->transform;
    if (f->format->pixels)
        memcpy(t, (const double[]){0.5, 1, 0, 0.5, 0, 1}, 6 * sizeof *t);
    else if (!located && f->format->upwards)
        memcpy(t, (const double[]){0, 1, 0, (double)f->height - 1, 0, -1}, 6 * sizeof *t);
    else if (!located)
        memcpy(t, (const double[]){0, 1, 0, 0, 0, 1}, 6 * sizeof *t);
    else {
        memcpy(t, from, 6 * sizeof *t);
        t[0] += 0.5 * from[1] + 0.5 * from[2];
        t[3] += 0.5 * from[4] + 0.5 * from[5];
        f->reversed = mirrors(from);
    }
}

/* Sets the decimal places to those of 1e-7 of a cell, unless the format has its own. */
static void set_places(eg_line_file *f)
{
    enum { MOST = 15 };
    const double *t = f->transform;
    const double x = eg_hypotenuse(t[1], t[4]), y = eg_hypotenuse(t[2], t[5]), cell = x < y ? x : y;
    f->places = f->format->places;
    if (f->places > 0)
        return;
    double places = cell > 0 ? ceil(7 - log10(cell)) : MOST;
    f->places = places < 0 ? 0 : places > MOST ? MOST : (int)places;
}

/* Fails if a corner of the raster has coordinates that are not finite, or whose neighbouring
 * numbers are more than a thousandth of a cell apart. */
static eg_status check_coordinates(const eg_line_file *f, const char *path, eg_error *error)
{
    static const double precision = 1e-3;
    const double *t = f->transform, columns = (double)f->width, rows = (double)f->height;
    for (int axis = 0; axis < 2; axis++, t += 3) {
        const double cell = fmax(fabs(t[1]), fabs(t[2]));
        const double most = fabs(t[0]) + columns * fabs(t[1]) + rows * fabs(t[2]);
        if (isfinite(most) && nextafter(most, INFINITY) - most <= precision * cell)
            continue;
        return eg_fail_file(error, EG_BAD_INPUT, path,
                            "cannot have coordinates up to %.10g with cells of %.10g: their digits "
                            "are not enough; check the georeferencing of the raster",
                            most, cell);
    }
    return EG_OK;
}

eg_status eg_line_file_create(eg_line_file **file, eg_context *ctx, const char *path,
                              const eg_line_file_options *options, eg_error *error)
{
    const eg_line_format *format = find_format(path, options->format);
    *file = NULL;
    if (!format)
        return fail_format(path, options->format, error);
    if (options->areas && !format->area)
        return eg_fail_file(
            error, EG_USAGE, path,
            "%s has lines only, no areas with holes; take geojson, svg, csv or gpkg", format->name);
    eg_line_file *f = eg_calloc(ctx, 1, sizeof *f, error);
    if (!f)
        return eg_failed(error);
    f->ctx = ctx;
    f->format = format;
    snprintf(f->level_name, sizeof f->level_name, "%s",
             options->level_name ? options->level_name : "ELEV");
    f->areas = options->areas;
    f->georef = options->georef;
    f->width = options->width;
    f->height = options->height;
    f->edges = options->edges;
    f->colours = !options->values;
    if (options->georef && options->georef->located)
        f->epsg = eg_georef_epsg(options->georef);
    set_transform(f, options->georef);
    set_places(f);
    if (f->areas) /* exterior rings are anticlockwise where y increases upwards */
        f->reversed = mirrors(f->transform);
    eg_status status = check_coordinates(f, path, error);
    if (status == EG_OK)
        status = eg_output_open(&f->output, ctx, path, error);
    if (status == EG_OK && options->outputs)
        status = eg_output_join(f->output, options->outputs, error);
    if (status == EG_OK)
        status = format->begin(f, error);
    f->georef = NULL;
    if (status == EG_OK)
        *file = f;
    else
        eg_line_file_close(f);
    return status;
}

eg_status eg_line_file_write(eg_line_file *file, const eg_line *line, eg_error *error)
{
    eg_status status = file->format->line(file, line, error);
    file->lines++;
    return status;
}

eg_status eg_line_file_write_area(eg_line_file *file, const eg_area *area, eg_error *error)
{
    eg_status status = file->format->area(file, area, error);
    file->lines++;
    return status;
}

eg_status eg_line_file_commit(eg_line_file *file, eg_error *error)
{
    eg_status status = file->format->end ? file->format->end(file, error) : EG_OK;
    return status == EG_OK ? eg_output_commit(file->output, error) : status;
}

void eg_line_file_close(eg_line_file *file)
{
    if (!file)
        return;
    if (file->format->release)
        file->format->release(file);
    eg_output_close(file->output);
    eg_free(file);
}
