/* SPDX-License-Identifier: MIT */
/* The writers of PGM (P5), PBM (P4), PPM (P6) and PAM (P7). 1 is white in all of them. */
#include <stdio.h>
#include <string.h>

#include "io/io.h"

typedef enum pnm_kind { PGM, PBM, PPM, PAM } pnm_kind;

typedef struct pnm_sink {
    eg_sink base;
    eg_output *output;
    pnm_kind kind;
    size_t row_bytes; /* bytes of a row in the file */
    uint8_t *row;     /* an encoded row */
    /* Encodes a row for the file; NULL: rows are written unchanged. */
    void (*encode)(uint8_t *bytes, const void *row, size_t width);
} pnm_sink;

/* ---- rows ---------------------------------------------------------------------------------- */

static void encode_words(uint8_t *bytes, const void *row, size_t width)
{
    const uint16_t *in = row;
    for (size_t x = 0; x < width; x++) {
        bytes[2 * x] = (uint8_t)(in[x] >> 8);
        bytes[2 * x + 1] = (uint8_t)in[x];
    }
}

static uint8_t reverse_bits(uint8_t b)
{
    b = (uint8_t)((b & 0xF0) >> 4 | (b & 0x0F) << 4);
    b = (uint8_t)((b & 0xCC) >> 2 | (b & 0x33) << 2);
    return (uint8_t)((b & 0xAA) >> 1 | (b & 0x55) << 1);
}

/* Encodes bits for PBM: the first pixel in the highest bit, 1 for black, padding bits 0. */
static void encode_bits(uint8_t *bytes, const void *row, size_t width)
{
    const uint64_t *words = row;
    size_t count = (width + 7) / 8;
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)~reverse_bits((uint8_t)(words[i / 8] >> (i % 8 * 8)));
    if (width % 8 != 0)
        bytes[count - 1] &= (uint8_t)(0xFF << (8 - width % 8));
}

/* Encodes bits for PAM: a byte for each, 1 for white. */
static void encode_bit_bytes(uint8_t *bytes, const void *row, size_t width)
{
    const uint64_t *words = row;
    for (size_t x = 0; x < width; x++)
        bytes[x] = (uint8_t)((words[x / 64] >> (x % 64)) & 1);
}

/* ---- the sink ------------------------------------------------------------------------------ */

/* Encodings of PGM, PPM and PAM by sample type. */
static const struct encoding {
    const char *tuple;
    int depth;
    unsigned maxval;
    size_t bytes; /* of a pixel */
    void (*encode)(uint8_t *bytes, const void *row, size_t width);
} encodings[] = {
    [EG_BIT] = {"BLACKANDWHITE", 1, 1, 1, encode_bit_bytes},
    [EG_U8] = {"GRAYSCALE", 1, 255, 1, NULL},
    [EG_U16] = {"GRAYSCALE", 1, 65535, 2, encode_words},
    [EG_RGB] = {"RGB", 3, 255, 3, NULL},
};

/* The start of the comment that says what the samples of a map stand for. Files of colours always
 * have one, to be told from photographs. */
#define COMMENT "# edgegrad: "

/* Sample types that the kinds accept, bit 1 << eg_sample each. */
static const unsigned samples_of[] = {
    [PGM] = 1u << EG_U8 | 1u << EG_U16,
    [PBM] = 1u << EG_BIT,
    [PPM] = 1u << EG_RGB,
    [PAM] = 1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16 | 1u << EG_RGB,
};

enum { HEADER_SIZE = 160 + EG_MAP_TEXT };

/* Writes the header of a file to `text`, terminated, and returns its length. `comment` is "# ..."
 * or an empty string. It follows the size, so that the header has as many lines as without it; of
 * PAM, whose comments are lines, the signature. */
static size_t format_header(char text[HEADER_SIZE], pnm_kind kind, const struct encoding *encoding,
                            const char *comment, size_t width, size_t height)
{
    int length;
    if (kind == PAM)
        length =
            snprintf(text, HEADER_SIZE,
                     "P7\n%s%sWIDTH %zu\nHEIGHT %zu\nDEPTH %d\nMAXVAL %u\nTUPLTYPE %s\nENDHDR\n",
                     comment, *comment ? "\n" : "", width, height, encoding->depth,
                     encoding->maxval, encoding->tuple);
    else if (kind == PBM)
        length = snprintf(text, HEADER_SIZE, "P4\n%zu %zu\n", width, height);
    else
        length = snprintf(text, HEADER_SIZE, "P%c\n%zu %zu%s%s\n%u\n", kind == PPM ? '6' : '5',
                          width, height, *comment ? " " : "", comment, encoding->maxval);
    return (size_t)length;
}

static size_t bytes_of_row(pnm_kind kind, const struct encoding *encoding, size_t width)
{
    return kind == PBM ? (width + 7) / 8 : width * encoding->bytes;
}

static eg_status pnm_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    pnm_sink *writer = (pnm_sink *)sink;
    const struct encoding *encoding = &encodings[layout->sample];
    char header[HEADER_SIZE], text[EG_MAP_TEXT], comment[EG_MAP_TEXT + sizeof COMMENT] = "";
    writer->encode = writer->kind == PBM ? encode_bits : encoding->encode;
    writer->row_bytes = bytes_of_row(writer->kind, encoding, layout->width);
    writer->row = eg_alloc(sink->ctx, writer->row_bytes, 1, error);
    if (!writer->row)
        return eg_failed(error);
    if (eg_map_describe(layout, text) || layout->sample == EG_RGB)
        snprintf(comment, sizeof comment, COMMENT "%s", *text ? text : "colours");
    size_t length =
        format_header(header, writer->kind, encoding, comment, layout->width, layout->height);
    return eg_output_write(writer->output, header, length, error);
}

static eg_status pnm_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    pnm_sink *writer = (pnm_sink *)sink;
    eg_status status = EG_OK;
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        const void *row = (const char *)rows + i * stride;
        if (writer->encode)
            writer->encode(writer->row, row, sink->layout.width);
        status = eg_output_write(writer->output, writer->encode ? writer->row : row,
                                 writer->row_bytes, error);
    }
    return status;
}

static eg_status pnm_finish(eg_sink *sink, eg_error *error)
{
    return eg_output_commit(((pnm_sink *)sink)->output, error);
}

static void pnm_close(eg_sink *sink)
{
    pnm_sink *writer = (pnm_sink *)sink;
    eg_output_close(writer->output);
    eg_free(writer->row);
    eg_free(writer);
}

static eg_status create_pnm(eg_sink **sink, eg_output *output, pnm_kind kind, eg_error *error)
{
    static const eg_sink_ops ops = {
        .begin = pnm_begin, .write = pnm_write, .finish = pnm_finish, .close = pnm_close};
    *sink = NULL;
    eg_context *ctx = eg_output_context(output);
    pnm_sink *writer = eg_calloc(ctx, 1, sizeof *writer, error);
    if (!writer) {
        eg_output_close(output);
        return eg_failed(error);
    }
    writer->base = (eg_sink){.ops = &ops, .ctx = ctx};
    writer->output = output;
    writer->kind = kind;
    *sink = &writer->base;
    return EG_OK;
}

/* ---- existing files ------------------------------------------------------------------------ */

/* Copies the comment of a map in a header to `comment`, which becomes an empty string if there is
 * none. Returns its length. */
static size_t copy_comment(char comment[HEADER_SIZE], const char *header)
{
    const char *found = strstr(header, COMMENT);
    const size_t length = found ? strcspn(found, "\n") : 0;
    if (found)
        memcpy(comment, found, length);
    comment[length] = '\0';
    return length;
}

/* Returns EG_ORIGIN_POSSIBLE if header and size of the file are those that this writer would give
 * it: it writes no comments but those of maps and colours, no plain samples and few values of
 * maxval. */
static eg_origin pnm_origin(const eg_file_head *head, pnm_kind kind)
{
    static const char *const sizes[] = {[PGM] = "P5\n%zu %zu",
                                        [PBM] = "P4\n%zu %zu",
                                        [PPM] = "P6\n%zu %zu",
                                        [PAM] = "WIDTH %zu\nHEIGHT %zu\n"};
    char text[HEADER_SIZE], comment[HEADER_SIZE];
    size_t width, height, count = head->count < HEADER_SIZE ? head->count : HEADER_SIZE - 1;
    memcpy(text, head->bytes, count);
    text[count] = '\0';
    const size_t skipped = copy_comment(comment, text);
    const char *size = text;
    if (kind == PAM)
        size += strlen(text) < 3 ? 0 : 3 + (skipped ? skipped + 1 : 0);
    if (sscanf(size, sizes[kind], &width, &height) != 2)
        return EG_ORIGIN_OTHER;
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        const struct encoding *encoding = &encodings[i];
        if (!encoding->bytes || !(samples_of[kind] >> i & 1) || (i == EG_RGB && !*comment))
            continue;
        size_t header = format_header(text, kind, encoding, comment, width, height), pixels;
        if (eg_file_head_begins(head, text) &&
            !__builtin_mul_overflow(bytes_of_row(kind, encoding, width), height, &pixels) &&
            head->size - header == pixels)
            return EG_ORIGIN_POSSIBLE;
    }
    return EG_ORIGIN_OTHER;
}

static eg_origin pgm_origin(const eg_file_head *head)
{
    return pnm_origin(head, PGM);
}

static eg_origin pbm_origin(const eg_file_head *head)
{
    return pnm_origin(head, PBM);
}

static eg_origin ppm_origin(const eg_file_head *head)
{
    return pnm_origin(head, PPM);
}

static eg_origin pam_origin(const eg_file_head *head)
{
    return pnm_origin(head, PAM);
}

/* ---- formats ------------------------------------------------------------------------------- */

static eg_status create_pgm(eg_sink **sink, eg_output *output, const eg_write_options *options,
                            eg_error *error)
{
    (void)options;
    return create_pnm(sink, output, PGM, error);
}

static eg_status create_pbm(eg_sink **sink, eg_output *output, const eg_write_options *options,
                            eg_error *error)
{
    (void)options;
    return create_pnm(sink, output, PBM, error);
}

static eg_status create_ppm(eg_sink **sink, eg_output *output, const eg_write_options *options,
                            eg_error *error)
{
    (void)options;
    return create_pnm(sink, output, PPM, error);
}

static eg_status create_pam(eg_sink **sink, eg_output *output, const eg_write_options *options,
                            eg_error *error)
{
    (void)options;
    return create_pnm(sink, output, PAM, error);
}

const eg_format eg_pgm_format = {
    .name = "pgm",
    .title = "PGM",
    .reads = "plain and raw, 8 and 16 bits",
    .options = "page",
    .extensions = "pgm,pnm",
    .create = create_pgm,
    .accepts = 1u << EG_U8 | 1u << EG_U16,
    .origin = pgm_origin,
};

const eg_format eg_pbm_format = {
    .name = "pbm",
    .title = "PBM",
    .reads = "plain and raw",
    .options = "page",
    .extensions = "pbm",
    .create = create_pbm,
    .accepts = 1u << EG_BIT,
    .origin = pbm_origin,
};

const eg_format eg_ppm_format = {
    .name = "ppm",
    .title = "PPM",
    .reads = "plain and raw, 8 and 16 bits",
    .options = "page",
    .extensions = "ppm",
    .create = create_ppm,
    .accepts = 1u << EG_RGB,
    .origin = ppm_origin,
};

const eg_format eg_pam_format = {
    .name = "pam",
    .title = "PAM",
    .reads = "grey and colour, with or without alpha",
    .options = "page",
    .extensions = "pam",
    .create = create_pam,
    .accepts = 1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16 | 1u << EG_RGB,
    .origin = pam_origin,
};
