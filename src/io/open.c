/* SPDX-License-Identifier: MIT */
/* Files as sources and sinks, and grids to and from files: the public doors of this folder. */
#include <math.h>
#include <string.h>

#include "io/io.h"
#include "io/unknown.h"

enum { ROWS_AT_A_TIME = 64 };

/* ---- reading ------------------------------------------------------------------------------- */

void eg_read_default(eg_read_options *options)
{
    *options = (eg_read_options){.alpha = EG_ALPHA_IGNORE, .over = {255, 255, 255}};
}

static eg_status check_read_options(const eg_read_options *options, eg_error *error)
{
    if (!(options->white >= 0) || isinf(options->white))
        return eg_fail(error, EG_USAGE, "white must be a positive number");
    if (options->alpha != EG_ALPHA_IGNORE && options->alpha != EG_ALPHA_OVER)
        return eg_fail(error, EG_USAGE, "no such way to treat alpha");
    return EG_OK;
}

/* Hands `input` to the format that knows its first bytes, or closes it. */
static eg_status open_format(eg_source **source, eg_input *input, const eg_read_options *options,
                             eg_error *error)
{
    size_t size;
    eg_status status = eg_input_peek(input, EG_PROBE_BYTES, &size, error);
    const uint8_t *bytes = input->buffer + input->at;
    if (size > EG_PROBE_BYTES)
        size = EG_PROBE_BYTES;
    for (const eg_format *format = eg_formats; format->name && status == EG_OK; format++)
        if (format->probe && format->probe(bytes, size))
            return format->open(source, input, options, error);
    if (status == EG_OK)
        status = eg_unknown_input(input, bytes, size, error);
    eg_input_close(input);
    return status;
}

eg_status eg_source_open(eg_source **source, eg_context *ctx, const char *path,
                         const eg_read_options *options, eg_error *error)
{
    eg_read_options standard;
    eg_input *input = NULL;
    eg_source *made = NULL;
    eg_read_default(&standard);
    if (!options)
        options = &standard;

    *source = NULL;
    eg_status status = check_read_options(options, error);
    if (status == EG_OK)
        status = eg_input_open(&input, ctx, path, error);
    if (status == EG_OK)
        status = open_format(&made, input, options, error);
    if (status == EG_OK && made->info.orientation > 1 && !options->ignore_orientation)
        status = eg_orient(&made, made, made->info.orientation, error);
    if (status != EG_OK)
        return status;
    if (options->white > 0)
        made->info.white = (float)options->white;
    *source = made;
    return EG_OK;
}

/* Every row of `source` into `grid`, in pieces between which it can be cancelled. */
static eg_status load_rows(eg_grid *grid, eg_source *source, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t y = 0; y < grid->height && status == EG_OK; y += ROWS_AT_A_TIME) {
        size_t left = grid->height - y, count = left < ROWS_AT_A_TIME ? left : ROWS_AT_A_TIME;
        if (eg_cancelled(source->ctx))
            return eg_fail(error, EG_CANCELLED, "cancelled");
        status = eg_source_read(source, (char *)grid->data + y * grid->stride, grid->stride, count,
                                error);
    }
    return status == EG_OK ? eg_source_finish(source, error) : status;
}

eg_status eg_load(eg_grid *grid, eg_context *ctx, const char *path, const eg_read_options *options,
                  eg_error *error)
{
    eg_source *source = NULL;
    *grid = (eg_grid){0};
    eg_status status = eg_source_open(&source, ctx, path, options, error);
    if (status != EG_OK)
        return status;
    const eg_info *info = eg_source_info(source);
    status = eg_grid_new(grid, ctx, info->width, info->height, info->sample, error);
    if (status == EG_OK) {
        grid->white = info->white;
        status = load_rows(grid, source, error);
    }
    if (status != EG_OK)
        eg_grid_free(grid);
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
    return EG_OK;
}

/* Why no format that can be written was found. */
static eg_status no_format(const char *path, const char *name, eg_error *error)
{
    char known[128];
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    eg_list_formats(known, sizeof known, true);
    if (*path == '\0')
        return eg_fail(error, EG_FILE, "the name of the output is empty; '-' is standard output");
    if (name)
        return eg_fail(error, EG_USAGE, "no format '%s' can be written; there are %s", name, known);
    if (!dot)
        return eg_fail_file(error, EG_USAGE, path,
                            "has no extension that tells a format; there are %s (or use --format)",
                            known);
    return eg_fail_file(error, EG_USAGE, path,
                        "no format with the extension '%s' can be written; there are %s", dot,
                        known);
}

static eg_status find_format(const eg_format **format, const char *path, const char *name,
                             eg_error *error)
{
    if (!name && strcmp(path, "-") == 0)
        name = "png";
    *format = name ? eg_format_by_name(name) : eg_format_by_extension(path);
    return *format && (*format)->create ? EG_OK : no_format(path, name, error);
}

eg_status eg_sink_open(eg_sink **sink, eg_context *ctx, const char *path,
                       const eg_write_options *options, eg_error *error)
{
    eg_write_options standard;
    const eg_format *format = NULL;
    eg_output *output = NULL;
    eg_write_default(&standard);
    if (!options)
        options = &standard;

    *sink = NULL;
    eg_status status = check_write_options(options, error);
    if (status == EG_OK)
        status = find_format(&format, path, options->format, error);
    if (status == EG_OK)
        status = eg_output_open(&output, ctx, path, error);
    if (status == EG_OK)
        status = format->create(sink, output, options, error);
    if (status == EG_OK)
        (*sink)->accepts = format->accepts;
    return status;
}

/* ---- a grid into a file -------------------------------------------------------------------- */

static eg_status check_grid(const eg_grid *grid, eg_error *error)
{
    if (!grid->data || grid->width == 0 || grid->height == 0 ||
        grid->stride < eg_row_bytes(grid->sample, grid->width))
        return eg_fail(error, EG_USAGE, "the grid is empty, or its stride is shorter than a row");
    return EG_OK;
}

/* The samples to send: those of the grid, or for bits the bytes 0 and 255 where `sink` wants these. */
static eg_status choose_sample(eg_sample *sample, const eg_sink *sink, eg_sample of_grid,
                               const char *path, eg_error *error)
{
    static const char *const names[] = {"1-bit", "8-bit", "16-bit", "float"};
    *sample = of_grid;
    if (eg_sink_accepts(sink, of_grid))
        return EG_OK;
    *sample = EG_U8;
    if (of_grid == EG_BIT && eg_sink_accepts(sink, EG_U8))
        return EG_OK;
    return eg_fail_file(error, EG_USAGE, path, "this format cannot hold %s samples; %s",
                        names[of_grid],
                        of_grid == EG_F32   ? "PFM can, and PNG and PGM hold integers"
                        : of_grid == EG_BIT ? "PNG, PBM and PAM can"
                                            : "PNG, PGM and PAM can");
}

static void bits_to_bytes(uint8_t *out, const uint64_t *words, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = (uint8_t) - (int)((words[x / 64] >> (x % 64)) & 1);
}

/* Where rows are on their way to a sink. */
typedef struct sending {
    eg_sink *sink;
    const eg_grid *grid;
    bool convert;   /* bits go out as bytes */
    uint8_t *bytes; /* ... through ROWS_AT_A_TIME rows of these */
    eg_block block; /* for a sink that packs */
} sending;

static eg_status send_allocate(sending *s, eg_error *error)
{
    eg_sink *sink = s->sink;
    if (s->convert) {
        s->bytes = eg_alloc(sink->ctx, ROWS_AT_A_TIME, s->grid->width, error);
        if (!s->bytes)
            return eg_failed(error);
    }
    if (sink->ops->pack) {
        s->block.capacity = sink->ops->packed_bound(sink, ROWS_AT_A_TIME);
        s->block.bytes = eg_alloc(sink->ctx, s->block.capacity, 1, error);
        if (!s->block.bytes)
            return eg_failed(error);
    }
    return EG_OK;
}

/* Rows y..y+count-1. */
static eg_status send_rows(sending *s, size_t y, size_t count, eg_error *error)
{
    const eg_grid *grid = s->grid;
    const eg_sink_ops *ops = s->sink->ops;
    const char *rows = (const char *)grid->data + y * grid->stride;
    size_t stride = grid->stride;
    if (s->convert) {
        for (size_t i = 0; i < count; i++)
            bits_to_bytes(s->bytes + i * grid->width,
                          (const uint64_t *)(const void *)(rows + i * stride), grid->width);
        rows = (const char *)s->bytes;
        stride = grid->width;
    }
    if (!ops->pack)
        return ops->write(s->sink, rows, stride, count, error);
    s->block.size = 0;
    s->block.rows = count;
    s->block.last = y + count == grid->height;
    eg_status status = ops->pack(s->sink, rows, stride, count, &s->block, error);
    return status == EG_OK ? ops->emit(s->sink, &s->block, error) : status;
}

static eg_status send_grid(eg_sink *sink, const eg_grid *grid, eg_sample sample, eg_error *error)
{
    sending s = {.sink = sink, .grid = grid, .convert = sample != grid->sample};
    eg_layout layout = {grid->width, grid->height, sample, grid->white};
    eg_status status = eg_sink_begin(sink, &layout, error);
    if (status == EG_OK)
        status = send_allocate(&s, error);
    for (size_t y = 0; y < grid->height && status == EG_OK; y += ROWS_AT_A_TIME) {
        size_t left = grid->height - y;
        status = eg_cancelled(sink->ctx)
                     ? eg_fail(error, EG_CANCELLED, "cancelled")
                     : send_rows(&s, y, left < ROWS_AT_A_TIME ? left : ROWS_AT_A_TIME, error);
    }
    if (status == EG_OK)
        status = eg_sink_finish(sink, error);
    eg_free(s.block.bytes);
    eg_free(s.bytes);
    return status;
}

eg_status eg_save(const eg_grid *grid, eg_context *ctx, const char *path,
                  const eg_write_options *options, eg_error *error)
{
    eg_sink *sink = NULL;
    eg_sample sample = EG_U8;
    eg_status status = check_grid(grid, error);
    if (status == EG_OK)
        status = eg_sink_open(&sink, ctx, path, options, error);
    if (status == EG_OK)
        status = choose_sample(&sample, sink, grid->sample, path, error);
    if (status == EG_OK)
        status = send_grid(sink, grid, sample, error);
    eg_sink_close(sink);
    return status;
}
