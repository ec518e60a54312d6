/* SPDX-License-Identifier: MIT */
/*
 * Portable Float Map, grey and colour: "Pf" or "PF", width, height, a scale whose sign gives the
 * byte order (negative: little-endian) and whose magnitude is ignored, then the rows from bottom to
 * top. Because of that order the reader needs random access, and the writer keeps the image in
 * memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/pnm/pnm.h"
#include "io/random_access.h"

/* ---- samples ------------------------------------------------------------------------------- */

static float load_float(const uint8_t *p, bool little)
{
    uint32_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits |= (uint32_t)p[i] << 8 * (little ? i : 3 - i);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void store_float(uint8_t *p, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(bits >> 8 * i);
}

/* Converts a stored row of colours to planes `plane_bytes` apart. */
static void decode_planes(float *out, size_t plane_bytes, const uint8_t *bytes, size_t width,
                          bool little)
{
    for (size_t k = 0; k < 3; k++) {
        float *plane = (float *)(void *)((char *)out + k * plane_bytes);
        for (size_t x = 0; x < width; x++)
            plane[x] = load_float(bytes + 12 * x + 4 * k, little);
    }
    eg_share_missing(out, plane_bytes, width);
}

/* Converts a stored row to grey, with the weights of luma.h in floating point. */
static void decode_row(float *out, const uint8_t *bytes, size_t width, bool colour, bool little)
{
    for (size_t x = 0; x < width; x++) {
        const uint8_t *p = bytes + x * (colour ? 12 : 4);
        out[x] = load_float(p, little);
        if (colour)
            out[x] = 0.299f * out[x] + 0.587f * load_float(p + 4, little) +
                     0.114f * load_float(p + 8, little);
    }
}

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct pfm_source {
    eg_source base;
    eg_input *input;
    eg_read_options options;
    bool colour, little;
    size_t row_bytes;         /* bytes of a stored row */
    uint8_t *row;             /* a stored row */
    eg_random_access *access; /* rows of the file; opened by the first read */
} pfm_source;

static bool pfm_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    (void)input;
    return size >= 3 && bytes[0] == 'P' && (bytes[1] == 'f' || bytes[1] == 'F') &&
           eg_text_is_space(bytes[2]);
}

/* Reads the scale, a decimal number other than 0, and one white space after it. Only its sign, the
 * byte order, is used, so that the number is not converted. */
static eg_status read_order(pfm_source *pfm, eg_text *text)
{
    int c = eg_text_skip(text);
    bool valid = false, nonzero = false, exponent = false;
    pfm->little = c == '-';
    if (c == '-' || c == '+')
        c = eg_text_get(text);
    for (; c != EG_TEXT_END && !eg_text_is_space(c); c = eg_text_get(text)) {
        bool digit = c >= '0' && c <= '9';
        valid |= digit;
        nonzero |= digit && c != '0' && !exponent;
        exponent |= c == 'e' || c == 'E';
        if (!digit && !strchr(".eE+-", c))
            return eg_input_fail(pfm->input, text->error, EG_BAD_INPUT,
                                 "the scale is not a number");
    }
    if (c == EG_TEXT_END)
        return eg_text_ended(text);
    if (!valid || !nonzero)
        return eg_input_fail(pfm->input, text->error, EG_BAD_INPUT,
                             "the scale must be a number other than 0");
    return EG_OK;
}

static eg_status read_header(pfm_source *pfm, eg_error *error)
{
    eg_text text = {pfm->input, error, EG_OK, EG_TEXT_HEADER_MAX};
    uint64_t width = 0, height = 0;
    eg_text_get(&text);
    pfm->colour = eg_text_get(&text) == 'F';
    eg_status status = eg_text_number(&text, "width", &width);
    if (status == EG_OK)
        status = eg_text_number(&text, "height", &height);
    if (status == EG_OK)
        status = read_order(pfm, &text);
    if (status == EG_OK)
        status = eg_check_size(pfm->base.ctx, pfm->input->name, width, height, error);
    pfm->base.info = (eg_info){
        .width = (size_t)width,
        .height = (size_t)height,
        .sample = EG_F32,
        .white_level = 1,
        .planes = pfm->colour && pfm->options.colour_planes ? 3 : 1,
        .format = "PFM",
        .colour = pfm->colour ? "RGB" : "grey",
        .channels = pfm->colour ? 3 : 1,
        .depth = 32,
        .orientation = 1,
        .stored_width = (size_t)width,
        .stored_height = (size_t)height,
    };
    return status;
}

/* Reads row y, counted from the top; planes are `plane_bytes` apart. */
static eg_status read_row(pfm_source *pfm, size_t y, float *out, size_t plane_bytes,
                          eg_error *error)
{
    const eg_info *info = &pfm->base.info;
    size_t got = 0;
    uint64_t at = (uint64_t)(info->height - 1 - y) * pfm->row_bytes;
    eg_status status =
        eg_random_access_read(pfm->access, at, pfm->row, pfm->row_bytes, &got, error);
    if (status != EG_OK)
        return status;
    if (got < pfm->row_bytes && !pfm->options.tolerate)
        return eg_input_fail(pfm->input, error, EG_BAD_INPUT,
                             "ends after row %zu of %zu; --tolerate reads what there is",
                             (size_t)(eg_random_access_size(pfm->access) / pfm->row_bytes),
                             info->height);
    memset(pfm->row + got, 0, pfm->row_bytes - got);
    if (info->planes == 3)
        decode_planes(out, plane_bytes, pfm->row, info->width, pfm->little);
    else
        decode_row(out, pfm->row, info->width, pfm->colour, pfm->little);
    return EG_OK;
}

/* Opens the rows for random access. Warns of another image behind them, because a PFM has only one.
 */
static eg_status open_rows(pfm_source *pfm, eg_error *error)
{
    uint8_t bytes[3];
    size_t got = 0;
    eg_status status = eg_random_access_open(&pfm->access, pfm->input, error);
    if (status == EG_OK)
        status = eg_random_access_read(pfm->access, pfm->base.info.height * pfm->row_bytes, bytes,
                                       sizeof bytes, &got, error);
    if (status == EG_OK && pfm_probe(pfm->input, bytes, got))
        eg_source_warn(&pfm->base, "another image follows, which is not read; split the file");
    return status;
}

static eg_status pfm_read(eg_source *source, void *rows, size_t stride, size_t count,
                          eg_error *error)
{
    pfm_source *pfm = (pfm_source *)source;
    eg_status status = pfm->access ? EG_OK : open_rows(pfm, error);
    for (size_t i = 0; i < count && status == EG_OK; i++)
        status = read_row(pfm, source->next_row + i, (float *)(void *)((char *)rows + i * stride),
                          stride / 3, error);
    return status;
}

static void pfm_source_close(eg_source *source)
{
    pfm_source *pfm = (pfm_source *)source;
    eg_random_access_close(pfm->access);
    eg_input_close(pfm->input);
    eg_free(pfm->row);
    eg_free(pfm);
}

static eg_status allocate_row(pfm_source *pfm, eg_error *error)
{
    eg_info *info = &pfm->base.info;
    pfm->row_bytes = info->width * (size_t)info->channels * sizeof(float);
    pfm->row = eg_alloc(pfm->base.ctx, pfm->row_bytes, 1, error);
    return pfm->row ? EG_OK : eg_failed(error);
}

static eg_status pfm_open(eg_source **source, eg_input *input, const eg_read_options *options,
                          eg_error *error)
{
    static const eg_source_ops ops = {
        .read = pfm_read, .close = pfm_source_close, .skip = eg_skip_noop};
    *source = NULL;
    pfm_source *pfm = eg_calloc(input->ctx, 1, sizeof *pfm, error);
    if (!pfm) {
        eg_input_close(input);
        return eg_failed(error);
    }
    pfm->base.ops = &ops;
    pfm->base.ctx = input->ctx;
    pfm->input = input;
    pfm->options = *options;
    eg_status status = read_header(pfm, error);
    if (status == EG_OK)
        status = allocate_row(pfm, error);
    if (status == EG_OK)
        *source = &pfm->base;
    else
        pfm_source_close(&pfm->base);
    return status;
}

/* ---- writing ------------------------------------------------------------------------------- */

typedef struct pfm_sink {
    eg_sink base;
    eg_output *output;
    uint8_t *image;         /* encoded rows, from top to bottom */
    size_t row_bytes, rows; /* bytes of a row, rows received */
} pfm_sink;

static eg_status pfm_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    pfm_sink *pfm = (pfm_sink *)sink;
    pfm->row_bytes = layout->width * 4;
    pfm->image = eg_alloc(sink->ctx, layout->height, pfm->row_bytes, error);
    return pfm->image ? EG_OK : eg_failed(error);
}

static eg_status pfm_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    pfm_sink *pfm = (pfm_sink *)sink;
    (void)error;
    for (size_t i = 0; i < count; i++, pfm->rows++) {
        const float *row = (const float *)(const void *)((const char *)rows + i * stride);
        for (size_t x = 0; x < sink->layout.width; x++)
            store_float(pfm->image + pfm->rows * pfm->row_bytes + 4 * x, row[x]);
    }
    return EG_OK;
}

enum { HEADER_SIZE = 80 };

/* Writes the header of a file to `text`, terminated, and returns its length. */
static size_t format_header(char text[HEADER_SIZE], size_t width, size_t height)
{
    return (size_t)snprintf(text, HEADER_SIZE, "Pf\n%zu %zu\n-1.0\n", width, height);
}

static eg_status pfm_finish(eg_sink *sink, eg_error *error)
{
    pfm_sink *pfm = (pfm_sink *)sink;
    char header[HEADER_SIZE];
    size_t length = format_header(header, sink->layout.width, sink->layout.height);
    eg_status status = eg_output_write(pfm->output, header, length, error);
    for (size_t y = pfm->rows; y > 0 && status == EG_OK; y--)
        status = eg_output_write(pfm->output, pfm->image + (y - 1) * pfm->row_bytes, pfm->row_bytes,
                                 error);
    return status == EG_OK ? eg_output_commit(pfm->output, error) : status;
}

static void pfm_sink_close(eg_sink *sink)
{
    pfm_sink *pfm = (pfm_sink *)sink;
    eg_output_close(pfm->output);
    eg_free(pfm->image);
    eg_free(pfm);
}

static eg_status pfm_create(eg_sink **sink, eg_output *output, const eg_write_options *options,
                            eg_error *error)
{
    static const eg_sink_ops ops = {
        .begin = pfm_begin, .write = pfm_write, .finish = pfm_finish, .close = pfm_sink_close};
    (void)options;
    *sink = NULL;
    eg_context *ctx = eg_output_context(output);
    pfm_sink *pfm = eg_calloc(ctx, 1, sizeof *pfm, error);
    if (!pfm) {
        eg_output_close(output);
        return eg_failed(error);
    }
    pfm->base = (eg_sink){.ops = &ops, .ctx = ctx};
    pfm->output = output;
    *sink = &pfm->base;
    return EG_OK;
}

/* Returns EG_ORIGIN_POSSIBLE if header and size of the file are those that this writer would give
 * it. */
static eg_origin pfm_origin(const eg_file_head *head)
{
    char text[HEADER_SIZE];
    size_t width, height, count = head->count < HEADER_SIZE ? head->count : HEADER_SIZE - 1;
    memcpy(text, head->bytes, count);
    text[count] = '\0';
    if (count < 3 || memcmp(text, "Pf\n", 3) != 0)
        return EG_ORIGIN_OTHER;
    char *end;
    width = (size_t)strtoull(text + 3, &end, 10);
    height = (size_t)strtoull(end, NULL, 10);
    size_t header = format_header(text, width, height), samples, bytes;
    bool ours =
        eg_file_head_begins(head, text) && !__builtin_mul_overflow(width, height, &samples) &&
        !__builtin_mul_overflow(samples, sizeof(float), &bytes) && head->size - header == bytes;
    return ours ? EG_ORIGIN_POSSIBLE : EG_ORIGIN_OTHER;
}

const eg_format eg_pfm_format = {
    .name = "pfm",
    .title = "PFM",
    .reads = "grey and colour",
    .is_image = true,
    .extensions = "pfm",
    .probe = pfm_probe,
    .open = pfm_open,
    .create = pfm_create,
    .accepts = 1u << EG_F32,
    .origin = pfm_origin,
};
