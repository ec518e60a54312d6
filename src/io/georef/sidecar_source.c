/* SPDX-License-Identifier: MIT */
/*
 * A source with the georeferencing of sidecar files, for readers that do not read them. Rows pass
 * through unchanged unless an .aux.xml file declares a nodata value, or a scale and offset.
 */
#include <math.h>
#include <string.h>

#include "io/georef/sidecar.h"

enum { ROWS_AT_ONCE = 16 };

typedef struct sidecar_source {
    eg_source base;
    eg_source *stored;
    eg_georef_data data;
    eg_pam_band band;
    bool missing;  /* samples equal to `nodata` become NaN */
    double nodata; /* as stored, before scaling */
    bool scaled;   /* rows are scale * sample + offset */
    char *rows;    /* stored rows; NULL: they are read in place */
} sidecar_source;

/* ---- rows ------------------------------------------------------------------------------------ */

static double sample_at(const void *row, eg_sample sample, size_t x)
{
    return sample == EG_U8    ? (double)((const uint8_t *)row)[x]
           : sample == EG_F32 ? (double)((const float *)row)[x]
                              : ((const double *)row)[x];
}

/* Returns true if a sample equals the nodata value, rounded to the sample type. */
static bool is_nodata(const sidecar_source *s, double value)
{
    return s->missing && (value == s->nodata ||
                          (s->stored->info.sample == EG_F32 && value == (double)(float)s->nodata));
}

/* Replaces nodata in a row of floats or doubles by NaN. */
static void mark_missing(const sidecar_source *s, void *row)
{
    const eg_sample sample = s->base.info.sample;
    for (size_t x = 0; x < s->base.info.width; x++) {
        if (!is_nodata(s, sample_at(row, sample, x)))
            continue;
        if (sample == EG_F32)
            ((float *)row)[x] = NAN;
        else
            ((double *)row)[x] = (double)NAN;
    }
}

/* Scales a stored row to a row of doubles. */
static void scale_row(const sidecar_source *s, double *out, const void *row)
{
    for (size_t x = 0; x < s->base.info.width; x++) {
        double value = sample_at(row, s->stored->info.sample, x);
        out[x] = is_nodata(s, value) ? (double)NAN : s->band.scale * value + s->band.offset;
    }
}

static eg_status read_scaled(sidecar_source *s, char *rows, size_t stride, size_t count,
                             eg_error *error)
{
    const eg_info *stored = &s->stored->info;
    const size_t bytes = eg_row_bytes(stored->sample, stored->width);
    eg_status status = EG_OK;
    while (count > 0 && status == EG_OK) {
        size_t now = count < ROWS_AT_ONCE ? count : ROWS_AT_ONCE;
        status = eg_source_read(s->stored, s->rows, bytes, now, error);
        for (size_t i = 0; i < now && status == EG_OK; i++, rows += stride)
            scale_row(s, (double *)(void *)rows, s->rows + i * bytes);
        count -= now;
    }
    return status;
}

static eg_status sidecar_read(eg_source *source, void *rows, size_t stride, size_t count,
                              eg_error *error)
{
    sidecar_source *s = (sidecar_source *)source;
    if (s->scaled)
        return read_scaled(s, rows, stride, count, error);
    eg_status status = eg_source_read(s->stored, rows, stride, count, error);
    for (size_t i = 0; s->missing && i < count && status == EG_OK; i++)
        mark_missing(s, (char *)rows + i * stride);
    return status;
}

static eg_status sidecar_skip(eg_source *source, size_t count, eg_error *error)
{
    eg_source *stored = ((sidecar_source *)source)->stored;
    return eg_source_fetch(stored, stored->next_row + count, NULL, 0, 0, error);
}

static eg_status sidecar_finish(eg_source *source, eg_error *error)
{
    eg_source *stored = ((sidecar_source *)source)->stored;
    eg_status status = eg_source_finish(stored, error);
    eg_source_move_warnings(source, stored);
    return status;
}

static void sidecar_close(eg_source *source)
{
    sidecar_source *s = (sidecar_source *)source;
    eg_source_close(s->stored);
    eg_georef_data_free(&s->data);
    eg_free(s->rows);
    eg_free(s);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Undoes what the band's values set in the georeferencing: they do not apply to colours. */
static void ignore_band(sidecar_source *s, const eg_georef *before, bool decodes)
{
    static const char origin[] = "the encoding";
    eg_georef *georef = &s->data.georef;
    s->band.scaled = false;
    georef->has_nodata = before->has_nodata;
    georef->nodata = before->nodata;
    if (decodes)
        eg_georef_set_vertical(georef, 1, EG_VERTICAL_FORMAT, origin, sizeof origin - 1);
}

/* Reads the sidecar files; returns with *found false if they add nothing. */
static eg_status read_sidecars(sidecar_source *s, const char *input, bool image,
                               const eg_read_options *options, bool *found, eg_error *error)
{
    const eg_info *info = &s->stored->info;
    eg_georef_data_init(&s->data);
    if (s->stored->georef)
        s->data.georef = *s->stored->georef;
    const bool nodata_default = s->stored->nodata_default;
    const double default_nodata = s->data.georef.nodata;
    s->data.georef.has_nodata = s->data.georef.has_nodata && !nodata_default;
    const eg_georef before = s->data.georef;
    eg_status status = eg_georef_data_read_sidecars(&s->data, &s->band, eg_band_index(options),
                                                    s->base.ctx, input, image, error);
    if (status != EG_OK)
        return status;
    const eg_georef *georef = &s->data.georef;
    *found = georef->located != before.located || s->data.tags.wkt ||
             georef->has_nodata != before.has_nodata || s->band.scaled ||
             georef->vertical_source != before.vertical_source;
    if (georef->located && !before.located && !options->ignore_orientation)
        eg_orient_transform(s->data.georef.transform, info->orientation, info->stored_width,
                            info->stored_height);
    const bool indices = eg_reads_indices(options) && strcmp(info->colour, "palette") == 0;
    if (eg_decodes_colours(options) || !(eg_has_no_colours(info) || indices))
        ignore_band(s, &before, eg_decodes_colours(options));
    s->nodata = georef->nodata;
    s->missing = georef->has_nodata && !before.has_nodata && !isnan(s->nodata);
    s->scaled = s->band.scaled && options->as_values;
    if (nodata_default && !georef->has_nodata) {
        s->data.georef.has_nodata = true;
        s->data.georef.nodata = default_nodata;
    }
    if (s->scaled) /* the stored value means nothing among scaled ones */
        s->data.georef.nodata = (double)NAN;
    return EG_OK;
}

/* Fills in the info and allocates the buffer. */
static eg_status prepare(sidecar_source *s, eg_error *error)
{
    const eg_info *stored = &s->stored->info;
    s->base.info = *stored;
    s->base.has_mask = s->stored->has_mask;
    if (!s->scaled) /* missing bytes keep their value, which eg_georef.nodata tells */
        s->missing = s->missing && stored->sample != EG_U8;
    else
        s->base.info.sample = EG_F64;
    if (s->scaled) {
        s->rows =
            eg_alloc(s->base.ctx, ROWS_AT_ONCE, eg_row_bytes(stored->sample, stored->width), error);
        if (!s->rows)
            return eg_failed(error);
    }
    eg_georef_data_publish(&s->data, &s->base);
    eg_source_move_warnings(&s->base, s->stored);
    eg_source_move_pages(&s->base, s->stored);
    return EG_OK;
}

eg_status eg_sidecar_source(eg_source **source, eg_source *stored, const char *input, bool image,
                            const eg_read_options *options, eg_error *error)
{
    static const eg_source_ops ops = {.read = sidecar_read,
                                      .finish = sidecar_finish,
                                      .close = sidecar_close,
                                      .skip = sidecar_skip};
    bool found = false;
    *source = NULL;
    sidecar_source *s = eg_calloc(stored->ctx, 1, sizeof *s, error);
    if (!s) {
        eg_source_close(stored);
        return eg_failed(error);
    }
    s->base.ops = &ops;
    s->base.ctx = stored->ctx;
    s->stored = stored;
    eg_status status = read_sidecars(s, input, image, options, &found, error);
    if (status == EG_OK && found)
        status = prepare(s, error);
    if (status == EG_OK && found) {
        *source = &s->base;
        return EG_OK;
    }
    if (status == EG_OK) {
        *source = stored;
        s->stored = NULL;
    }
    sidecar_close(&s->base);
    return status;
}
