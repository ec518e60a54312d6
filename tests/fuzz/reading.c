/* SPDX-License-Identifier: MIT */
/* Reading an input as a raster. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* The samples of a raster or of a window of it. */
typedef struct samples {
    size_t width, height, stride;
    eg_sample sample;
    uint8_t *bytes;
} samples;

/* Chooses the options; `choice` is the size of the file, so that all its bytes belong to it. */
static eg_read_options choose_options(size_t choice)
{
    eg_read_options options;
    eg_read_default(&options);
    options.tolerate = choice & 1;
    const bool mask = choice & (8 | 128);
    options.alpha = mask ? EG_ALPHA_MASK : choice & 2 ? EG_ALPHA_OVER : EG_ALPHA_IGNORE;
    options.ignore_orientation = choice & 4;
    options.colour_planes = choice & 16;
    options.as_values = choice & 8;
    options.page = choice & 8 ? (int)(choice / 16 % 4) : 0;
    options.ignore_scale = choice & 256;
    if (choice & 512)
        options.encoding = (eg_encoding)(choice / 1024 % (EG_ENCODING_GREY + 1));
    return options;
}

/* Reads the rows of the window first .. first + count - 1, or all rows if count is 0, `at_once` at
 * a time. The caller frees read->bytes. */
static eg_status read_rows(samples *read, const char *path, const eg_read_options *options,
                           size_t first, size_t count, size_t at_once, eg_error *error)
{
    eg_source *source = NULL;
    *read = (samples){0};
    eg_status status = eg_source_open(&source, fuzz_context(), path, options, error);
    if (status == EG_OK && count)
        status = eg_source_rows(source, first, count, error);
    if (status == EG_OK) {
        const eg_info *info = eg_source_info(source);
        const size_t planes = info->planes > 1 ? 3 : 1;
        *read = (samples){info->width, info->height,
                          planes * eg_row_bytes(info->sample, info->width), info->sample, NULL};
        read->bytes = malloc(read->stride * read->height);
        if (!read->bytes)
            abort();
    }
    for (size_t y = 0; status == EG_OK && y < read->height;) {
        const size_t left = read->height - y, rows = at_once < left ? at_once : left;
        status = eg_source_read(source, read->bytes + y * read->stride, read->stride, rows, error);
        y += rows;
    }
    if (status == EG_OK)
        status = eg_source_finish(source, error);
    eg_source_close(source);
    return status;
}

/* Requires that a window has the rows of the whole raster, unless these cannot be read. */
static eg_status compare_windows(const char *path, size_t choice, eg_error *error)
{
    const eg_read_options options = choose_options(choice);
    samples whole, part = {0};
    eg_status status = read_rows(&whole, path, &options, 0, 0, SIZE_MAX, error);
    if (status == EG_OK && !options.tolerate) {
        eg_error failure = {0};
        const size_t first = choice % whole.height, count = 1 + choice / 3 % (whole.height - first);
        require(read_rows(&part, path, &options, first, count, 1 + choice % 7, &failure) == EG_OK,
                "a window can be read of a raster that can", &failure);
        require(part.width == whole.width && part.height == count && part.sample == whole.sample &&
                    part.stride == whole.stride &&
                    memcmp(part.bytes, whole.bytes + first * whole.stride, count * part.stride) ==
                        0,
                "a window has the rows of the raster", &failure);
    }
    free(part.bytes);
    free(whole.bytes);
    return status;
}

/* Requires that a failure is recorded, says why in one line, and blames the input. */
static void check_status(eg_status status, size_t choice, const eg_error *error)
{
    require(status == error->status, "the status returned is the one recorded", error);
    require(status == EG_OK || error->message[0] != '\0', "a failure says why", error);
    require(!strchr(error->message, '\n'), "a message is one line", error);
    const bool no_such_page = status == EG_USAGE && (choice & (8 | 512));
    require(status == EG_OK || status == EG_BAD_INPUT || status == EG_UNSUPPORTED ||
                status == EG_LIMIT_EXCEEDED || no_such_page,
            "only the input is to blame", error);
    require_released();
}

void fuzz_read_path(const char *path, size_t choice)
{
    eg_error error = {0};
    check_status(compare_windows(path, choice, &error), choice, &error);
}

void fuzz_read(const char *name, const uint8_t *data, size_t size)
{
    fuzz_read_path(fuzz_file(name, data, size), size);
}

/* ---- edges ----------------------------------------------------------------------------------- */

/* Chooses the detector: colours, boundaries, Canny's on intensities and that of scikit-image. */
static eg_edges_options choose_edges(size_t choice)
{
    eg_edges_options edges;
    eg_edges_default(&edges);
    switch (choice / 32 % 4) {
    case 1:
        edges.method = EG_EDGE_BOUNDARY;
        break;
    case 2:
        edges.op = "sobel3";
        break;
    case 3:
        eg_edges_skimage(&edges, 1, NAN, NAN);
        break;
    }
    return edges;
}

/* Requires that a thumbnail is complete after the operation. */
static void check_preview(eg_preview *preview)
{
    eg_error error = {0};
    const void *bytes;
    size_t size;
    require(eg_preview_jpeg(preview, 70, &bytes, &size, &error) == EG_OK && size > 0,
            "there is a thumbnail of rows that were processed", &error);
}

void fuzz_find_edges(const char *path, size_t choice)
{
    eg_error error = {0};
    eg_context *ctx = fuzz_context();
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_grid grid = {0};
    eg_preview *before = NULL, *after = NULL;
    const eg_edges_options edges = choose_edges(choice);
    const eg_read_options options = choose_options(choice);
    eg_status status = eg_source_open(&source, ctx, path, &options, &error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, ctx, &grid, &error);
    if (status == EG_OK && choice & 8)
        require(eg_preview_of_source(&before, source, 1 + choice % 40, &error) == EG_OK &&
                    eg_preview_of_sink(&after, sink, 1 + choice % 40, &error) == EG_OK,
                "previews can be attached", &error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &edges, NULL, &error);
    if (status == EG_OK && before) {
        check_preview(before);
        check_preview(after);
    }
    eg_preview_free(after);
    eg_preview_free(before);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&grid);
    check_status(status, choice, &error);
}
