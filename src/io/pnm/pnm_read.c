/* SPDX-License-Identifier: MIT */
/*
 * The reader of PBM, PGM, PPM and PAM, raw and plain. Samples of at most 8 bits become EG_U8 scaled
 * to 0..255, deeper ones EG_F32 scaled to 0..65535. Grey samples that are values are not scaled.
 */
#include <string.h>

#include "io/pixels/big_endian.h"
#include "io/pnm/pnm.h"

typedef struct pnm_source {
    eg_source base;
    eg_input *input;
    eg_read_options options;
    eg_pnm_header header;
    unsigned maxval;    /* largest value of fetched samples */
    bool wide;          /* true if fetched samples are uint16_t, false for uint8_t */
    bool values;        /* true if samples are values: stored numbers, not intensities */
    size_t samples;     /* samples in a row */
    void *row;          /* a row of fetched samples */
    uint8_t *packed;    /* a stored row of P4 */
    bool rescale;       /* true if `scale` is to be applied */
    uint8_t scale[256]; /* table from 8-bit samples to bytes of the source */
    bool ended;         /* true if the file ended early, with options.tolerate */

    /* Fetches the next row of samples; *got is less than `samples` if the file ends. */
    eg_status (*fetch)(struct pnm_source *reader, void *samples, size_t *got, eg_error *error);
} pnm_source;

/* ---- fetching samples ---------------------------------------------------------------------- */

static eg_status fetch_bytes(pnm_source *reader, void *samples, size_t *got, eg_error *error)
{
    return eg_input_read(reader->input, samples, reader->samples, got, error);
}

/* Fetches 16-bit samples, which are big-endian. */
static eg_status fetch_words(pnm_source *reader, void *samples, size_t *got, eg_error *error)
{
    eg_status status = eg_input_read(reader->input, samples, reader->samples * 2, got, error);
    *got /= 2;
    eg_from_be16(samples, samples, *got);
    return status;
}

/* Fetches bits: eight pixels a byte, the leftmost in the highest bit; 1 is black. */
static eg_status fetch_bits(pnm_source *reader, void *samples, size_t *got, eg_error *error)
{
    uint8_t *out = samples;
    eg_status status =
        eg_input_read(reader->input, reader->packed, (reader->samples + 7) / 8, got, error);
    *got = *got * 8 < reader->samples ? *got * 8 : reader->samples;
    for (size_t x = 0; x < *got; x++)
        out[x] = (uint8_t)(((reader->packed[x / 8] >> (7 - x % 8)) & 1) - 1);
    return status;
}

static eg_status fail_not_a_sample(const pnm_source *reader, const char *expected, eg_error *error)
{
    return eg_input_fail(reader->input, error, EG_BAD_INPUT, "row %zu has a sample that is not %s",
                         reader->base.next_row + 1, expected);
}

static eg_status fail_too_large(const pnm_source *reader, eg_error *error)
{
    return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                         "row %zu has a sample above the header's maximum, %u",
                         reader->base.next_row + 1, reader->maxval);
}

/* Fetches samples of plain PBM, whose digits need no space between them. */
static eg_status fetch_plain_bits(pnm_source *reader, void *samples, size_t *got, eg_error *error)
{
    eg_text text = {reader->input, error, EG_OK, SIZE_MAX};
    uint8_t *out = samples;
    for (*got = 0; *got < reader->samples; ++*got) {
        int c = eg_text_skip(&text);
        if (c == EG_TEXT_END || (c != '0' && c != '1' && reader->options.tolerate))
            break;
        if (c != '0' && c != '1')
            return fail_not_a_sample(reader, "0 or 1", error);
        out[*got] = c == '0' ? 255 : 0;
    }
    return text.status;
}

static void store_sample(const pnm_source *reader, void *samples, size_t i, uint64_t value)
{
    if (reader->wide)
        ((uint16_t *)samples)[i] = (uint16_t)value;
    else
        ((uint8_t *)samples)[i] = (uint8_t)value;
}

static eg_status fetch_plain(pnm_source *reader, void *samples, size_t *got, eg_error *error)
{
    eg_text text = {reader->input, error, EG_OK, SIZE_MAX};
    for (*got = 0; *got < reader->samples; ++*got) {
        uint64_t value = 0;
        int c = eg_text_skip(&text);
        if (c == EG_TEXT_END)
            break;
        bool number = eg_text_digits(&text, c, &value);
        if (!number && reader->options.tolerate)
            break;
        if (!number)
            return fail_not_a_sample(reader, "a number", error);
        if (value > reader->maxval && !reader->options.tolerate)
            return fail_too_large(reader, error);
        store_sample(reader, samples, *got, value < reader->maxval ? value : reader->maxval);
    }
    return text.status;
}

/* ---- checking and scaling ------------------------------------------------------------------ */

/* Clips samples to maxval; returns true if one was greater. */
static bool clamp8(uint8_t *samples, size_t count, uint8_t maxval)
{
    unsigned largest = 0;
    for (size_t i = 0; i < count; i++) {
        largest = samples[i] > largest ? samples[i] : largest;
        samples[i] = samples[i] < maxval ? samples[i] : maxval;
    }
    return largest > maxval;
}

static bool clamp16(uint16_t *samples, size_t count, uint16_t maxval)
{
    unsigned largest = 0;
    for (size_t i = 0; i < count; i++) {
        largest = samples[i] > largest ? samples[i] : largest;
        samples[i] = samples[i] < maxval ? samples[i] : maxval;
    }
    return largest > maxval;
}

static eg_status convert8(pnm_source *reader, uint8_t *samples, void *out, size_t plane_bytes,
                          eg_error *error)
{
    const size_t width = reader->base.info.width;
    const eg_context *ctx = reader->base.ctx;
    const eg_pixels *pixels = &reader->header.pixels;
    if (reader->maxval < 255 && clamp8(samples, reader->samples, (uint8_t)reader->maxval) &&
        !reader->options.tolerate)
        return fail_too_large(reader, error);
    for (size_t i = 0; reader->rescale && i < reader->samples; i++)
        samples[i] = reader->scale[samples[i]];
    if (reader->base.info.planes == 3)
        eg_planes_row8(ctx, out, plane_bytes, samples, width, pixels, &reader->options,
                       reader->base.has_mask);
    else if (reader->base.has_mask)
        eg_grey_masked8(ctx, out, samples, width, pixels, &reader->options);
    else
        eg_grey_row8(ctx, out, samples, width, pixels, &reader->options);
    return EG_OK;
}

/* Scales `count` samples of 0..maxval to 0..65535, without rounding. */
static void scale_up(float *samples, size_t count, unsigned maxval)
{
    for (size_t x = 0; x < count; x++)
        samples[x] = (float)(samples[x] * 65535.0 / maxval);
}

/* Converts a row of 16-bit samples. For compositing, samples are first scaled to 0..65535 and
 * rounded; else the result is scaled, which is not rounded. */
static eg_status convert16(pnm_source *reader, uint16_t *samples, float *out, size_t plane_bytes,
                           eg_error *error)
{
    const size_t width = reader->base.info.width;
    const eg_context *ctx = reader->base.ctx;
    const eg_pixels *pixels = &reader->header.pixels;
    const unsigned maxval = reader->maxval;
    const bool composite = reader->options.alpha == EG_ALPHA_OVER && pixels->alpha_at >= 0;
    const bool scale = !reader->values && maxval < 65535;
    if (maxval < 65535 && clamp16(samples, reader->samples, (uint16_t)maxval) &&
        !reader->options.tolerate)
        return fail_too_large(reader, error);
    for (size_t i = 0; composite && maxval < 65535 && i < reader->samples; i++)
        samples[i] = (uint16_t)((samples[i] * 65535u + maxval / 2) / maxval);
    if (reader->base.info.planes == 3)
        eg_planes_row16(ctx, out, plane_bytes, samples, width, pixels, &reader->options,
                        reader->base.has_mask);
    else
        (reader->base.has_mask ? eg_grey_masked16 : eg_grey_row16)(ctx, out, samples, width, pixels,
                                                                   &reader->options);
    for (int i = 0; !composite && scale && i < reader->base.info.planes; i++)
        scale_up((float *)(void *)((char *)out + (size_t)i * plane_bytes), width, maxval);
    return EG_OK;
}

/* ---- the source ---------------------------------------------------------------------------- */

static eg_status fail_truncated(const pnm_source *reader, eg_error *error)
{
    return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                         "ends after row %zu of %zu; --tolerate reads what there is",
                         reader->base.next_row, reader->base.info.height);
}

/* Reads row base.next_row. */
static eg_status read_row(pnm_source *reader, void *out, size_t stride, eg_error *error)
{
    /* 8-bit grey is fetched in place */
    bool direct = !reader->wide && reader->header.pixels.channels == 1;
    void *samples = direct ? out : reader->row;
    size_t got = 0, size = reader->wide ? 2 : 1;
    eg_status status = EG_OK;
    if (!reader->ended)
        status = reader->fetch(reader, samples, &got, error);
    if (status != EG_OK)
        return status;
    if (got < reader->samples && !reader->options.tolerate)
        return fail_truncated(reader, error);
    reader->ended = got < reader->samples;
    if (got == 0 && !reader->base.has_mask) { /* with a mask, alpha 0 makes the row missing */
        for (size_t i = 0; i < eg_source_planes(&reader->base); i++)
            memset((char *)out + i * (stride / 3), 0,
                   eg_row_bytes(reader->base.info.sample, reader->base.info.width));
        return EG_OK;
    }
    memset((char *)samples + got * size, 0, (reader->samples - got) * size);
    return reader->wide ? convert16(reader, samples, out, stride / 3, error)
                        : convert8(reader, samples, out, stride / 3, error);
}

static eg_status pnm_read(eg_source *source, void *rows, size_t stride, size_t count,
                          eg_error *error)
{
    pnm_source *reader = (pnm_source *)source;
    size_t first = source->next_row;
    eg_status status = EG_OK;
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        source->next_row = first + i; /* for messages */
        status = read_row(reader, (char *)rows + i * stride, stride, error);
    }
    source->next_row = first; /* eg_source_fetch() advances it */
    return status;
}

/* Skips rows of raw samples, which are contiguous. */
static eg_status pnm_skip(eg_source *source, size_t count, eg_error *error)
{
    pnm_source *reader = (pnm_source *)source;
    uint64_t passed, row_bytes = eg_pnm_row_bytes(&reader->header);
    eg_status status = eg_input_skip(reader->input, row_bytes * count, &passed, error);
    if (status != EG_OK || passed == row_bytes * count)
        return status;
    reader->ended = true;
    source->next_row += (size_t)(passed / row_bytes);
    return reader->options.tolerate ? EG_OK : fail_truncated(reader, error);
}

/* Warns of another image that eg_pnm_list_pages() could not know. */
static eg_status pnm_finish(eg_source *source, eg_error *error)
{
    pnm_source *reader = (pnm_source *)source;
    (void)error;
    if (source->page_count == 0 && reader->options.page == 0 && eg_pnm_another(reader->input))
        eg_source_warn(source, "another image follows, which is not read; --page chooses one");
    return EG_OK;
}

static void pnm_close(eg_source *source)
{
    pnm_source *reader = (pnm_source *)source;
    eg_input_close(reader->input);
    eg_free(reader->row);
    eg_free(reader->packed);
    eg_free(reader);
}

static void fill_info(pnm_source *reader)
{
    static const char *const colours[] = {"", "grey", "grey+alpha", "RGB", "RGBA"};
    const eg_pnm_header *header = &reader->header;
    reader->base.info = (eg_info){
        .width = (size_t)header->width,
        .height = (size_t)header->height,
        .sample = reader->wide || reader->base.has_mask ? EG_F32 : EG_U8,
        .white_level = !reader->wide    ? 255
                       : reader->values ? (float)reader->maxval
                                        : 65535,
        .planes = reader->options.colour_planes && header->pixels.colour == 3 ? 3 : 1,
        .format = header->format,
        .colour = colours[header->pixels.channels],
        .channels = header->pixels.channels,
        .depth = header->depth,
        .orientation = 1,
        .page = reader->options.page > 0 ? reader->options.page : 1,
        .has_alpha = header->pixels.alpha_at >= 0,
        .stored_width = (size_t)header->width,
        .stored_height = (size_t)header->height,
    };
}

/* Makes the table of 8-bit samples: intensities of 0..255, or the digits of a PBM, where 1 is black
 * and fetched as 0. */
static void make_scale(pnm_source *reader)
{
    const bool digits = reader->values && reader->header.bits;
    reader->rescale = digits || (!reader->values && reader->maxval < 255);
    for (unsigned v = 0; reader->rescale && v <= reader->maxval; v++)
        reader->scale[v] =
            digits ? v == 0 : (uint8_t)((v * 255 + reader->maxval / 2) / reader->maxval);
}

/* Chooses the functions for the header's format and allocates rows. */
static eg_status prepare_reader(pnm_source *reader, eg_error *error)
{
    const eg_pnm_header *header = &reader->header;
    reader->maxval = header->bits ? 255 : (unsigned)header->maxval;
    reader->wide = reader->maxval > 255;
    reader->samples = (size_t)header->width * (size_t)header->pixels.channels;
    reader->values = reader->options.as_values && header->pixels.colour == 1;
    if (reader->values && reader->options.alpha == EG_ALPHA_OVER)
        reader->options.alpha = EG_ALPHA_IGNORE;
    if (!reader->wide)
        make_scale(reader);
    if (header->plain)
        reader->fetch = header->bits ? fetch_plain_bits : fetch_plain;
    else
        reader->fetch = header->bits ? fetch_bits : reader->wide ? fetch_words : fetch_bytes;
    reader->base.has_mask = reader->options.alpha == EG_ALPHA_MASK && header->pixels.alpha_at >= 0;
    fill_info(reader);
    reader->row = eg_alloc(reader->base.ctx, reader->samples, reader->wide ? 2 : 1, error);
    if (!reader->row)
        return eg_failed(error);
    reader->packed =
        eg_alloc(reader->base.ctx, header->bits ? (reader->samples + 7) / 8 : 1, 1, error);
    return reader->packed ? EG_OK : eg_failed(error);
}

static eg_status pnm_open(eg_source **source, eg_input *input, const eg_read_options *options,
                          eg_error *error)
{
    static const eg_source_ops plain = {.read = pnm_read, .finish = pnm_finish, .close = pnm_close};
    static const eg_source_ops raw = {
        .read = pnm_read, .finish = pnm_finish, .close = pnm_close, .skip = pnm_skip};
    *source = NULL;
    pnm_source *reader = eg_calloc(input->ctx, 1, sizeof *reader, error);
    if (!reader) {
        eg_input_close(input);
        return eg_failed(error);
    }
    reader->base.ops = &plain;
    reader->base.ctx = input->ctx;
    reader->input = input;
    reader->options = *options;
    eg_status status = eg_pnm_list_pages(&reader->base, input, error);
    if (status == EG_OK)
        status = eg_pnm_find_page(input, options->page, error);
    if (status == EG_OK)
        status = eg_pnm_read_header(&reader->header, input, error);
    if (status == EG_OK)
        status = prepare_reader(reader, error);
    if (!reader->header.plain)
        reader->base.ops = &raw;
    if (status == EG_OK)
        *source = &reader->base;
    else
        eg_source_close(&reader->base);
    return status;
}

const eg_format eg_pnm_format = {
    .name = "pnm",
    .is_image = true,
    .extensions = "",
    .probe = eg_pnm_probe,
    .open = pnm_open,
};
