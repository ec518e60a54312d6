/* SPDX-License-Identifier: MIT */
/* Reads the conductivity: a number, or a raster of the input's size. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/flux/flux.h"

int flux_read_conductivity(flux_job *job)
{
    const char *text = job->options->conductivity;
    eg_flux_default(&job->flux);
    job->flux.crs = job->options->ground.crs;
    job->flux.cell_x = job->options->ground.cell_x;
    job->flux.cell_y = job->options->ground.cell_y;
    if (!text)
        return EXIT_DONE;
    if (read_number_list(text, &job->flux.conductivity, 1) == 1)
        return EXIT_DONE;
    if (strcmp(text, "-") == 0 || !eg_source_recognizes(text))
        return usage_error(job->args->command,
                           "--conductivity: '%.200s' is neither a number nor a raster file", text);
    job->conductivity_file = text;
    return EXIT_DONE;
}

/* Copies a row of samples to doubles, missing ones as NaN. */
static void widen_row(double *out, const void *row, const eg_info *info, const eg_georef *georef)
{
    for (size_t x = 0; x < info->width; x++) {
        if (info->sample == EG_F64)
            out[x] = ((const double *)row)[x];
        else if (info->sample == EG_F32)
            out[x] = (double)((const float *)row)[x];
        else
            out[x] = ((const uint8_t *)row)[x];
        if (info->sample == EG_U8 && georef && georef->has_nodata && out[x] == georef->nodata)
            out[x] = (double)NAN;
    }
}

static eg_status read_rows(flux_job *job, eg_source *source)
{
    const eg_info *info = eg_source_info(source);
    eg_grid *grid = &job->conductivities, row = {0};
    eg_status status = eg_grid_new(grid, job->ctx, info->width, info->height, EG_F64, &job->error);
    if (status == EG_OK)
        status = eg_grid_new(&row, job->ctx, info->width, 1, info->sample, &job->error);
    for (size_t y = 0; y < info->height && status == EG_OK; y++) {
        status = eg_source_read(source, row.data, row.stride, 1, &job->error);
        if (status == EG_OK)
            widen_row((double *)(void *)((char *)grid->data + y * grid->stride), row.data, info,
                      eg_source_georef(source));
    }
    eg_grid_free(&row);
    return status == EG_OK ? eg_source_finish(source, &job->error) : status;
}

/* Checks that the raster has the cells of the input. */
static eg_status check_cells(flux_job *job, const eg_source *source)
{
    const eg_info *info = eg_source_info(source);
    const eg_georef *own = eg_source_georef(job->source), *other = eg_source_georef(source);
    ptrdiff_t column = 0, row = 0;
    const bool located = own && other && own->located && other->located;
    const bool same_size = info->width == job->info.width && info->height == job->info.height;
    if (same_size &&
        (!located || (eg_georef_position(own, other, &column, &row) && column == 0 && row == 0)))
        return EG_OK;
    job->error.status = EG_BAD_INPUT;
    if (same_size)
        snprintf(job->error.message, sizeof job->error.message,
                 "%.300s: its cells lie elsewhere than those of INPUT", job->conductivity_file);
    else
        snprintf(job->error.message, sizeof job->error.message,
                 "%.200s: has %zu x %zu cells, INPUT %zu x %zu", path_name(job->conductivity_file),
                 info->width, info->height, job->info.width, job->info.height);
    return job->error.status;
}

eg_status flux_load_conductivities(flux_job *job)
{
    eg_read_options read;
    eg_source *source = NULL;
    if (!job->conductivity_file)
        return EG_OK;
    eg_read_default(&read);
    read.as_values = true;
    read.tolerate = job->common->read.tolerate;
    eg_status status =
        eg_source_open(&source, job->ctx, job->conductivity_file, &read, &job->error);
    if (status == EG_OK)
        status = check_cells(job, source);
    if (status == EG_OK)
        status = read_rows(job, source);
    if (status == EG_OK) {
        report_warnings(job->common, job->conductivity_file, source);
        job->flux.conductivities = &job->conductivities;
    }
    eg_source_close(source);
    return status;
}
