/* SPDX-License-Identifier: MIT */
/* Opening files as sources and sinks, and loading and saving grids. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/copy.h"
#include "io/io.h"
#include "io/unrecognised.h"

enum { MAX_TILE = 16384 };

/* ---- reading ------------------------------------------------------------------------------- */

void eg_read_default(eg_read_options *options)
{
    *options = (eg_read_options){.alpha = EG_ALPHA_IGNORE, .over = {255, 255, 255}};
}

static eg_status check_encoding(eg_encoding encoding, eg_error *error)
{
    if (encoding != EG_ENCODING_NONE && encoding != EG_ENCODING_TERRARIUM &&
        encoding != EG_ENCODING_MAPBOX)
        return eg_fail(error, EG_USAGE, "unknown elevation encoding");
    return EG_OK;
}

static eg_status check_read_options(const eg_read_options *options, eg_error *error)
{
    if (!(options->white_level >= 0) || isinf(options->white_level))
        return eg_fail(error, EG_USAGE, "the white level must be a positive number");
    if ((int)options->alpha < EG_ALPHA_IGNORE || options->alpha > EG_ALPHA_MASK)
        return eg_fail(error, EG_USAGE, "unknown alpha mode");
    if (options->mask && strcmp(options->mask, "-") == 0)
        return eg_fail(error, EG_USAGE, "the mask must be a file, not standard input");
    return check_encoding(options->encoding, error);
}

/* Opens the input with `format`, taking ownership of it. EG_USAGE: an encoding was given and the
 * format does not support it. */
static eg_status open_as(const eg_format *format, eg_source **source, eg_input *input,
                         const eg_read_options *options, eg_error *error)
{
    if (!options->encoding || format->supports_encoding)
        return format->open(source, input, options, error);
    eg_status status = eg_input_fail(input, error, EG_USAGE,
                                     "is not a PNG with encoded elevations (leave out --encoding)");
    eg_input_close(input);
    return status;
}

/* Returns the first format of the table that recognises `input`; NULL if none does. */
static const eg_format *find_reader(const eg_input *input, const uint8_t *bytes, size_t size)
{
    const eg_format *by_extension = eg_format_by_extension(input->name);
    for (size_t i = 0; eg_formats[i]; i++) {
        const eg_format *format = eg_formats[i];
        if (format->open && (!format->match_by_extension || format == by_extension) &&
            (!format->probe || format->probe(input, bytes, size)))
            return format;
    }
    return NULL;
}

/* Recognises the format of `input` and opens it, taking ownership of `input`. */
static eg_status open_format(eg_source **source, eg_input *input, const eg_read_options *options,
                             eg_error *error)
{
    size_t size;
    eg_status status = eg_input_peek(input, EG_PROBE_BYTES, &size, error);
    const uint8_t *bytes = input->buffer + input->at;
    if (size > EG_PROBE_BYTES)
        size = EG_PROBE_BYTES;
    const eg_format *format = status == EG_OK && size > 0 ? find_reader(input, bytes, size) : NULL;
    if (format)
        return open_as(format, source, input, options, error);
    if (status == EG_OK)
        status = eg_unrecognised_input(input, bytes, size, error);
    eg_input_close(input);
    return status;
}

/* Opens a file without its mask and applies the orientation. */
static eg_status open_image(eg_source **source, eg_context *ctx, const char *path,
                            const eg_read_options *options, eg_error *error)
{
    eg_input *input = NULL;
    eg_source *made = NULL;
    *source = NULL;
    eg_status status = eg_input_open(&input, ctx, path, error);
    if (status == EG_OK)
        status = open_format(&made, input, options, error);
    if (status != EG_OK || !made) {
        eg_name_failure(error, strcmp(path, "-") == 0 ? "standard input" : path);
        return status;
    }
    if (made->info.orientation > 1 && !options->ignore_orientation)
        status = eg_orient(&made, made, made->info.orientation, error);
    if (status == EG_OK)
        status = eg_name_stream(&made->name, ctx, path, "standard input", error);
    if (status == EG_OK)
        *source = made;
    else
        eg_source_close(made);
    return status;
}

/* Applies the mask of the options to the image *source, which it replaces. Frees it on failure. */
static eg_status add_mask(eg_source **source, const eg_read_options *options, eg_error *error)
{
    eg_source *image = *source, *mask;
    eg_read_options plain;
    eg_read_default(&plain);
    plain.ignore_orientation = options->ignore_orientation;
    plain.tolerate = options->tolerate;
    eg_status status = open_image(&mask, image->ctx, options->mask, &plain, error);
    if (status == EG_OK)
        return eg_mask_apply(source, image, mask, error);
    eg_source_close(image);
    *source = NULL;
    return status;
}

eg_status eg_source_open(eg_source **source, eg_context *ctx, const char *path,
                         const eg_read_options *options, eg_error *error)
{
    eg_read_options defaults;
    eg_read_default(&defaults);
    if (!options)
        options = &defaults;

    *source = NULL;
    eg_status status = check_read_options(options, error);
    if (status == EG_OK)
        status = open_image(source, ctx, path, options, error);
    if (*source && options->mask)
        status = add_mask(source, options, error);
    if (*source && options->white_level > 0)
        (*source)->info.white_level = (float)options->white_level;
    return status;
}

eg_status eg_load(eg_grid *grid, eg_context *ctx, const char *path, const eg_read_options *options,
                  eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    *grid = (eg_grid){0};
    eg_status status = eg_source_open(&source, ctx, path, options, error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, ctx, grid, error);
    if (status == EG_OK)
        status = eg_copy(source, sink, eg_expand_bits, error);
    if (status != EG_OK)
        eg_grid_free(grid);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

/* ---- writing ------------------------------------------------------------------------------- */

void eg_write_default(eg_write_options *options)
{
    *options = (eg_write_options){.format = NULL, .quality = 90, .compression = -1};
}

static eg_status check_write_options(const eg_write_options *options, eg_error *error)
{
    if (options->quality < 1 || options->quality > 100)
        return eg_fail(error, EG_USAGE, "quality must be 1 to 100, not %d", options->quality);
    if (options->compression < -1 || options->compression > 9)
        return eg_fail(error, EG_USAGE, "compression must be 0 to 9, not %d", options->compression);
    if ((int)options->compress < EG_COMPRESS_DEFLATE || options->compress > EG_COMPRESS_ZSTD)
        return eg_fail(error, EG_USAGE, "no such codec");
    if (options->predictor < 0 || options->predictor > 3)
        return eg_fail(error, EG_USAGE, "predictor must be 0 to 3, not %d", options->predictor);
    if (options->tile < -1 || options->tile > MAX_TILE || options->tile % 16 > 0)
        return eg_fail(error, EG_USAGE, "tile must be a multiple of 16 up to %d, or -1, not %d",
                       MAX_TILE, options->tile);
    return check_encoding(options->encoding, error);
}

/* Reports why no output format was found for `path` and --format `name` (may be NULL). */
static eg_status report_no_format(const char *path, const char *name, eg_error *error)
{
    char known[128];
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    eg_list_formats(known, sizeof known, true);
    if (*path == '\0')
        return eg_fail(error, EG_FILE, "the name of the output is empty; '-' is standard output");
    if (name)
        return eg_fail(error, EG_USAGE, "unknown output format '%s'; use one of %s", name, known);
    if (!dot)
        return eg_fail_file(error, EG_USAGE, path,
                            "has no extension that tells the format; use one of %s, or --format",
                            known);
    return eg_fail_file(error, EG_USAGE, path,
                        "unknown output format '%s'; use one of %s, or --format", dot, known);
}

static eg_status find_format(const eg_format **format, const char *path, const char *name,
                             eg_error *error)
{
    if (!name && strcmp(path, "-") == 0)
        name = "png";
    *format = name ? eg_format_by_name(name) : eg_format_by_extension(path);
    return *format && (*format)->create ? EG_OK : report_no_format(path, name, error);
}

/* Lists the formats for samples that encoded elevations cannot represent. */
static void list_unencoded_formats(char *out, size_t size, eg_sample sample)
{
    (void)sample;
    snprintf(out, size, "PNG without --output-encoding");
}

eg_status eg_sink_open(eg_sink **sink, eg_context *ctx, const char *path,
                       const eg_write_options *options, eg_error *error)
{
    eg_write_options defaults;
    const eg_format *format = NULL;
    eg_output *output = NULL;
    eg_write_default(&defaults);
    if (!options)
        options = &defaults;

    *sink = NULL;
    eg_status status = check_write_options(options, error);
    if (status == EG_OK)
        status = find_format(&format, path, options->format, error);
    if (status == EG_OK && options->encoding && !format->supports_encoding)
        status = eg_fail_file(error, EG_USAGE, path,
                              "only PNG supports encoded elevations (leave out --output-encoding)");
    if (status == EG_OK)
        status = eg_output_open(&output, ctx, path, error);
    if (status == EG_OK)
        status = format->create(sink, output, options, error);
    if (status != EG_OK) {
        eg_name_failure(error, strcmp(path, "-") == 0 ? "standard output" : path);
        return status;
    }
    (*sink)->output = output; /* owned by the sink's implementation */
    if (!(*sink)->accepts)
        (*sink)->accepts = format->accepts;
    (*sink)->formats_accepting =
        options->encoding ? list_unencoded_formats : eg_list_formats_accepting;
    status = eg_name_stream(&(*sink)->name, ctx, path, "standard output", error);
    if (status != EG_OK) {
        eg_sink_close(*sink);
        *sink = NULL;
    }
    return status;
}

void eg_sink_defer_commit(eg_sink *sink)
{
    if (sink->output)
        eg_output_defer_commit(sink->output);
}

eg_status eg_sink_commit(eg_sink *sink, eg_error *error)
{
    return sink->output ? eg_output_publish(sink->output, error) : EG_OK;
}

eg_status eg_save(const eg_grid *grid, eg_context *ctx, const char *path,
                  const eg_write_options *options, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_status status = eg_source_grid(&source, ctx, grid, error);
    if (status == EG_OK)
        status = eg_sink_open(&sink, ctx, path, options, error);
    if (status == EG_OK)
        status = eg_copy(source, sink, eg_expand_bits, error);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}
