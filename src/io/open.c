/* SPDX-License-Identifier: MIT */
/* Opening files as sources and sinks, and loading and saving grids. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/copy.h"
#include "io/compressed/decompress.h"
#include "io/georef/sidecar.h"
#include "io/io.h"
#include "io/unrecognised.h"

enum { MAX_TILE = 16384 };

/* ---- reading ------------------------------------------------------------------------------- */

static eg_status check_encoding(eg_encoding encoding, eg_encoding last, eg_error *error)
{
    if ((int)encoding < EG_ENCODING_NONE || encoding > last)
        return eg_fail(error, EG_USAGE, "unknown elevation encoding");
    return EG_OK;
}

static eg_status check_read_options(const eg_read_options *options, eg_error *error)
{
    if (!(options->white_level >= 0) || isinf(options->white_level))
        return eg_fail(error, EG_USAGE, "the white level must be a positive number");
    if ((int)options->alpha < EG_ALPHA_IGNORE || options->alpha > EG_ALPHA_MASK)
        return eg_fail(error, EG_USAGE, "unknown alpha mode");
    if (options->page < 0)
        return eg_fail(error, EG_USAGE, "pages are counted from 1");
    if (options->band < 0)
        return eg_fail(error, EG_USAGE, "bands are counted from 1");
    if (options->band && !options->as_values)
        return eg_fail(error, EG_USAGE, "a band is read as values, not as an image");
    if (options->band && options->encoding)
        return eg_fail(error, EG_USAGE,
                       "--band and --encoding cannot be used together: a band has plain values");
    if (options->mask && strcmp(options->mask, "-") == 0)
        return eg_fail(error, EG_USAGE, "the mask must be a file, not standard input");
    return check_encoding(options->encoding, EG_ENCODING_GREY, error);
}

/* Checks options->band for a source of a format that cannot choose one. */
static eg_status check_band(eg_source **source, const eg_read_options *options, const char *name,
                            eg_error *error)
{
    const eg_info *info = &(*source)->info;
    const bool grey = strcmp(info->colour, "grey") == 0 || strcmp(info->colour, "grey+alpha") == 0;
    eg_status status = EG_OK;
    if (options->band > 1 && grey)
        status = eg_fail_band(name, options->band, 1, error);
    else if (!grey)
        status = eg_fail_file(error, EG_USAGE, name,
                              "is a %s (%s); a band can be chosen of TIFF, BIL, BIP and BSQ, and "
                              "with GDAL of its formats",
                              info->format, info->colour);
    if (status == EG_OK)
        return EG_OK;
    eg_source_close(*source);
    *source = NULL;
    return status;
}

/* Opens the input with `format`, taking ownership of it. EG_USAGE: an encoding was given and the
 * format does not support it. */
static eg_status open_as(const eg_format *format, eg_source **source, eg_input *input,
                         const eg_read_options *options, eg_error *error)
{
    if (!eg_decodes_colours(options) || format->reads_encoding) {
        const char *name = input->name; /* the source keeps the input */
        eg_status status = format->open(source, input, options, error);
        if (status == EG_OK && options->band && !format->reads_bands)
            status = check_band(source, options, name, error);
        return status;
    }
    eg_status status = eg_input_fail(input, error, EG_USAGE,
                                     "is not a PNG or TIFF, whose exact colours can be encoded "
                                     "elevations (leave out --encoding)");
    eg_input_close(input);
    return status;
}

/* Returns the first format of the table that recognises `input`; NULL if none does. */
static const eg_format *find_reader(const eg_input *input, const uint8_t *bytes, size_t size)
{
    const eg_format *by_extension = eg_format_by_extension(eg_input_path(input));
    for (size_t i = 0; eg_formats[i]; i++) {
        const eg_format *format = eg_formats[i];
        if (format->open && (!format->match_by_extension || format == by_extension) &&
            (!format->probe || format->probe(input, bytes, size)))
            return format;
    }
    return NULL;
}

/* Verifies the rest of a compressed file; see eg_source.check_rest. */
static eg_status check_rest(void *input, eg_error *error)
{
    return eg_input_finish(input, error);
}

/* Recognises the format of `input` and opens it, taking ownership of `input`. Sets *content to an
 * allocated copy of the content's path, for sidecar files. An archive that cannot be read may still
 * be of a format of GDAL's. */
static eg_status open_format(eg_source **source, const eg_format **used, char **content,
                             eg_input *input, const eg_read_options *options, eg_error *error)
{
    size_t size = 0;
    eg_error refusal = {0};
    eg_status status = eg_input_decompress(input, &refusal);
    const bool refused = status == EG_UNSUPPORTED;
    if (status == EG_OK || (refused && eg_format_by_name("gdal")))
        status = eg_input_peek(input, EG_PROBE_BYTES, &size, &refusal);
    if (status == EG_OK)
        status = eg_name_stream(content, input->ctx, eg_input_path(input), NULL, &refusal);
    const uint8_t *bytes = status == EG_OK ? input->buffer + input->at : NULL;
    if (size > EG_PROBE_BYTES)
        size = EG_PROBE_BYTES;
    const eg_format *format = bytes && size > 0 ? find_reader(input, bytes, size) : NULL;
    *used = format;
    if (format) {
        status = open_as(format, source, input, options, error);
        if (status == EG_OK && *source && input->inflate) {
            (*source)->check_rest = check_rest;
            (*source)->rest = input;
        }
        return status;
    }
    if (refusal.status != EG_OK)
        status = eg_fail(error, refusal.status, "%s", refusal.message);
    else if (status == EG_OK)
        status = eg_unrecognised_input(input, error);
    eg_input_close(input);
    return status;
}

/* Builds the name of the mask beside a file as GDAL has it, dem.tif.msk; *found: it is a file. */
static eg_status find_mask_file(char **name, bool *found, const eg_source *source, const char *path,
                                eg_error *error)
{
    static const char extension[] = ".msk";
    const size_t length = strlen(path);
    *found = false;
    *name = eg_alloc(source->ctx, length + sizeof extension, 1, error);
    if (!*name)
        return eg_failed(error);
    memcpy(*name, path, length);
    memcpy(*name + length, extension, sizeof extension);
    return strcmp(path, "-") == 0 ? EG_OK : eg_is_regular_file(found, *name, error);
}

/* Opens a mask as a source of values. */
static eg_status open_mask(eg_source **mask, eg_context *ctx, const char *name,
                           const eg_read_options *image_options, eg_error *error)
{
    eg_read_options options;
    const eg_format *format = NULL;
    char *content = NULL;
    eg_input *input = NULL;
    eg_read_default(&options);
    options.as_values = options.ignore_orientation = true;
    options.tolerate = image_options->tolerate;
    eg_status status = eg_input_open(&input, ctx, name, error);
    if (status == EG_OK)
        status = open_format(mask, &format, &content, input, &options, error);
    eg_free(content);
    return status;
}

/* Applies the mask in a file beside `path`, if there is one of the same size. */
static eg_status apply_mask_file(eg_source **source, const char *path,
                                 const eg_read_options *options, eg_error *error)
{
    eg_source *image = *source, *mask = NULL;
    char *name = NULL;
    bool found = false;
    eg_status status = find_mask_file(&name, &found, image, path, error);
    if (status == EG_OK && found)
        status = open_mask(&mask, image->ctx, name, options, error);
    eg_free(name);
    if (status != EG_OK || !mask)
        return status;
    if (mask->info.width == image->info.stored_width &&
        mask->info.height == image->info.stored_height)
        return eg_mask_apply(source, image, mask, error);
    eg_source_warn(image, "the mask beside it (.msk) has another size and is not applied");
    eg_source_close(mask);
    return EG_OK;
}

/* Returns what shows that the file is an image, not a raster of values; NULL if nothing does. */
static const char *find_picture(const eg_info *info)
{
    if (strcmp(info->format, "JPEG") == 0)
        return "the lossy 8-bit samples of a JPEG";
    if (strcmp(info->colour, "palette") == 0)
        return "a colour palette";
    return eg_has_no_colours(info) ? NULL : "3 colour channels";
}

/* Records whether samples that are read as values may be those of an image. */
static void note_picture(eg_source *source, const eg_read_options *options)
{
    const eg_info *info = &source->info;
    source->picture = find_picture(info);
    source->coarse = info->depth <= 8;
    source->banded = strstr(info->format, "TIFF") && strncmp(info->colour, "RGB", 3) == 0;
    source->encodable = source->picture && info->depth <= 8 &&
                        (strcmp(info->format, "PNG") == 0 ||
                         (strstr(info->format, "TIFF") && strcmp(info->colour, "palette") != 0));
    if (source->picture && strcmp(info->colour, "palette") == 0)
        eg_source_warn(source,
                       "has %s; its indices are used (--encoding grey takes the grey of "
                       "its colours)",
                       source->picture);
    else if (source->picture)
        eg_source_warn(source, "has %s; their grey is used (--encoding grey states that)",
                       source->picture);
    else if (!options->band &&
             (strcmp(info->colour, "first band") == 0 || strcmp(info->colour, "bands") == 0))
        eg_source_warn(source, "has %d bands; the first is used (--band N chooses another)",
                       info->channels);
}

/* Adds to an opened source what is beside its file: the mask, then georeferencing. `content` is the
 * path of the content. */
static eg_status add_files_beside(eg_source **source, const eg_format *format, const char *path,
                                  const char *content, const eg_read_options *options,
                                  eg_error *error)
{
    eg_status status = apply_mask_file(source, path, options, error);
    if (status == EG_OK && (*source)->info.orientation > 1 && !options->ignore_orientation)
        status = eg_orient(source, *source, (*source)->info.orientation, error);
    if (status == EG_OK && !format->reads_sidecars && *content != '\0')
        status = eg_sidecar_source(source, *source, content, format->is_image, options, error);
    return status;
}

/* Opens an image with what is beside its file, but without the mask of the options. */
static eg_status open_image(eg_source **source, eg_context *ctx, const char *path,
                            const eg_read_options *options, eg_error *error)
{
    const eg_format *format = NULL;
    char *content = NULL;
    eg_input *input = NULL;
    eg_source *made = NULL;
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    *source = NULL;
    eg_status status = eg_input_open(&input, ctx, path, error);
    if (status == EG_OK)
        input->tolerate = options->tolerate;
    if (status == EG_OK)
        status = open_format(&made, &format, &content, input, options, error);
    if (status != EG_OK || !made) {
        eg_free(content);
        eg_name_failure(error, name);
        return status;
    }
    status = add_files_beside(&made, format, path, content, options, error);
    eg_free(content);
    if (status == EG_OK)
        status = eg_page_check(made, options, name, error);
    if (status == EG_OK)
        status = eg_name_stream(&made->name, ctx, name, NULL, error);
    if (status != EG_OK) {
        eg_name_failure(error, path);
        eg_source_close(made);
        return status;
    }
    *source = made;
    return EG_OK;
}

/* Applies the mask of the options to the image *source, which it replaces. Frees it on failure. */
static eg_status add_mask(eg_source **source, const eg_read_options *options, eg_error *error)
{
    eg_source *image = *source, *mask;
    eg_read_options plain;
    eg_read_default(&plain);
    plain.ignore_orientation = options->ignore_orientation;
    plain.tolerate = options->tolerate;
    plain.alpha = EG_ALPHA_MASK;
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
    eg_read_options local;
    eg_read_default(&local);
    if (options)
        local = *options;

    *source = NULL;
    eg_status status = check_read_options(&local, error);
    if (local.as_values || local.encoding)
        local.colour_planes = false;
    if (status == EG_OK)
        status = open_image(source, ctx, path, &local, error);
    if (*source && local.mask)
        status = add_mask(source, &local, error);
    if (*source && local.white_level > 0)
        (*source)->info.white_level = (float)local.white_level;
    if (*source && eg_reads_indices(&local))
        note_picture(*source, &local);
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
    return check_encoding(options->encoding, EG_ENCODING_MAPBOX, error);
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

/* Writes the sidecar files of a sink's file. */
static eg_status begin_sidecars(eg_sink *sink, eg_error *error)
{
    return eg_sidecars_write(sink->output, &sink->layout, sink->sidecars, error);
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
    if (status == EG_OK && options->encoding && !format->writes_encoding)
        status = eg_fail_file(error, EG_USAGE, path,
                              "only PNG supports encoded elevations (leave out --output-encoding)");
    if (status == EG_OK)
        status = eg_output_open(&output, ctx, path, error);
    if (status == EG_OK && options->outputs) {
        status = eg_output_join(output, options->outputs, error);
        if (status != EG_OK)
            eg_output_close(output);
    }
    if (status == EG_OK)
        status = format->create(sink, output, options, error);
    if (status != EG_OK) {
        eg_name_failure(error, strcmp(path, "-") == 0 ? "standard output" : path);
        return status;
    }
    (*sink)->output = output; /* owned by the sink's implementation */
    if (!(*sink)->accepts)
        (*sink)->accepts = format->accepts;
    if (format->sidecars) {
        (*sink)->begin_sidecars = begin_sidecars;
        (*sink)->sidecars = options->no_sidecars ? 0 : format->sidecars;
        if (options->encoding)
            (*sink)->sidecars |= EG_SIDECAR_COLOURS;
    }
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
