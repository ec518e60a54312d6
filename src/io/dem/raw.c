/* SPDX-License-Identifier: MIT */
/* A source of raw samples: the rows of one band of a file, as bytes, floats or doubles. */
#include "io/dem/raw.h"

#include <math.h>
#include <string.h>

#include "core/level.h"
#include "io/pixels/nodata.h"

typedef struct raw_source {
    eg_source base;
    eg_input *input;
    eg_georef_data georef_data;
    eg_raw_layout layout;
    eg_nodata_range nodata; /* missing values */
    bool tolerate;
    bool ended;        /* the file has ended; the remaining rows are missing */
    uint64_t position; /* bytes of the file read or skipped */
    size_t row_size;   /* bytes from a row's first sample to the end of its last */
    uint8_t *row;      /* one row as stored */
} raw_source;

/* ---- samples --------------------------------------------------------------------------------- */

static inline uint64_t load_word(const uint8_t *bytes, int size, bool big)
{
    uint64_t word = 0;
    for (int i = 0; i < size; i++)
        word |= (uint64_t)bytes[i] << 8 * (big ? size - 1 - i : i);
    return word;
}

typedef double load_sample(const uint8_t *bytes, bool big);

static inline double load_u8(const uint8_t *bytes, bool big)
{
    (void)big;
    return bytes[0];
}

static inline double load_s8(const uint8_t *bytes, bool big)
{
    (void)big;
    return (int8_t)bytes[0];
}

static inline double load_u16(const uint8_t *bytes, bool big)
{
    return (uint16_t)load_word(bytes, 2, big);
}

static inline double load_s16(const uint8_t *bytes, bool big)
{
    return (int16_t)load_word(bytes, 2, big);
}

static inline double load_u32(const uint8_t *bytes, bool big)
{
    return (uint32_t)load_word(bytes, 4, big);
}

static inline double load_s32(const uint8_t *bytes, bool big)
{
    return (int32_t)load_word(bytes, 4, big);
}

static inline double load_f32(const uint8_t *bytes, bool big)
{
    uint32_t bits = (uint32_t)load_word(bytes, 4, big);
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

static inline double load_f64(const uint8_t *bytes, bool big)
{
    uint64_t bits = load_word(bytes, 8, big);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Converts samples `step` bytes apart to doubles. Always inlined with a constant `load`, so that
 * each loop handles one type. */
EG_INLINE void decode(double *out, const uint8_t *in, size_t count, size_t step, bool big,
                      load_sample *load)
{
    for (size_t i = 0; i < count; i++)
        out[i] = load(in + i * step, big);
}

typedef void decode_samples(double *out, const uint8_t *in, size_t count, size_t step, bool big);

static void decode_u8(double *out, const uint8_t *in, size_t count, size_t step, bool big)
{
    decode(out, in, count, step, big, load_u8);
}

static void decode_s8(double *out, const uint8_t *in, size_t count, size_t step, bool big)
{
    decode(out, in, count, step, big, load_s8);
}

static void decode_u16(double *out, const uint8_t *in, size_t count, size_t step, bool big)
{
    decode(out, in, count, step, big, load_u16);
}

static void decode_s16(double *out, const uint8_t *in, size_t count, size_t step, bool big)
{
    decode(out, in, count, step, big, load_s16);
}

static void decode_u32(double *out, const uint8_t *in, size_t count, size_t step, bool big)
{
    decode(out, in, count, step, big, load_u32);
}

static void decode_s32(double *out, const uint8_t *in, size_t count, size_t step, bool big)
{
    decode(out, in, count, step, big, load_s32);
}

static void decode_f32(double *out, const uint8_t *in, size_t count, size_t step, bool big)
{
    decode(out, in, count, step, big, load_f32);
}

static void decode_f64(double *out, const uint8_t *in, size_t count, size_t step, bool big)
{
    decode(out, in, count, step, big, load_f64);
}

static const struct {
    size_t bytes;
    bool wide; /* a float cannot represent every value */
    float white_level;
    decode_samples *decode;
} types[EG_RAW_TYPES] = {
    [EG_RAW_U8] = {1, false, 255, decode_u8},      [EG_RAW_S8] = {1, false, 127, decode_s8},
    [EG_RAW_U16] = {2, false, 65535, decode_u16},  [EG_RAW_S16] = {2, false, 32767, decode_s16},
    [EG_RAW_U32] = {4, true, 0x1p32F, decode_u32}, [EG_RAW_S32] = {4, true, 0x1p31F, decode_s32},
    [EG_RAW_F32] = {4, false, 1, decode_f32},      [EG_RAW_F64] = {8, true, 1, decode_f64},
};

size_t eg_raw_bytes(eg_raw_type type)
{
    return types[type].bytes;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Stores values as the samples first .. first + count - 1 of the row, as floats or doubles. */
static void store(const raw_source *reader, void *row, size_t first, const double *values,
                  size_t count)
{
    if (reader->base.info.sample == EG_F64)
        memcpy((double *)row + first, values, count * sizeof *values);
    else
        for (size_t i = 0; i < count; i++)
            ((float *)row)[first + i] = (float)values[i];
}

static void convert_row(const raw_source *reader, void *out, const uint8_t *in)
{
    enum { CHUNK = 256 };
    double values[CHUNK];
    const eg_raw_layout *layout = &reader->layout;
    for (size_t x = 0; x < layout->width; x += CHUNK) {
        size_t count = layout->width - x < CHUNK ? layout->width - x : CHUNK;
        types[layout->type].decode(values, in + x * layout->step, count, layout->step,
                                   layout->big_endian);
        if (reader->georef_data.georef.has_nodata)
            for (size_t i = 0; i < count; i++)
                values[i] = eg_is_nodata(&reader->nodata, values[i]) ? (double)NAN : values[i];
        store(reader, out, x, values, count);
    }
}

/* Copies a row of bytes; used if there is no nodata value. */
static void copy_row(const raw_source *reader, uint8_t *out, const uint8_t *in)
{
    for (size_t x = 0; x < reader->layout.width; x++)
        out[x] = in[x * reader->layout.step];
}

/* Marks the samples as missing that the file lacks in a row of which it has `got` bytes: NaN, or 0
 * in rows of bytes. */
static void fill_missing(const raw_source *reader, void *out, size_t got)
{
    size_t width = reader->layout.width, bytes = types[reader->layout.type].bytes;
    size_t complete = got < bytes ? 0 : (got - bytes) / reader->layout.step + 1;
    double nan_value = (double)NAN;
    if (reader->base.info.sample == EG_U8)
        memset((uint8_t *)out + complete, 0, width - complete);
    else
        for (size_t x = complete; x < width; x++)
            store(reader, out, x, &nan_value, 1);
}

/* Skips to byte `to` of the file, over gaps and other bands. */
static eg_status skip_to(raw_source *reader, uint64_t to, eg_error *error)
{
    uint64_t passed;
    if (reader->position >= to)
        return EG_OK;
    eg_status status = eg_input_skip(reader->input, to - reader->position, &passed, error);
    reader->position += passed;
    return status;
}

/* Reads row y as stored. *got is less than reader->row_size only if the file ends. */
static eg_status fetch_row(raw_source *reader, size_t y, size_t *got, eg_error *error)
{
    *got = 0;
    eg_status status = skip_to(reader, reader->layout.skip + y * reader->layout.row_bytes, error);
    if (status == EG_OK)
        status = eg_input_read(reader->input, reader->row, reader->row_size, got, error);
    reader->position += *got;
    return status;
}

static eg_status read_row(raw_source *reader, size_t y, void *out, eg_error *error)
{
    size_t got = 0;
    eg_status status = reader->ended ? EG_OK : fetch_row(reader, y, &got, error);
    if (status != EG_OK)
        return status;
    reader->ended = got < reader->row_size;
    if (reader->ended && !reader->tolerate)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                             "truncated after row %zu of %zu (use --tolerate to read the rest)", y,
                             reader->layout.height);
    memset(reader->row + got, 0, reader->row_size - got);
    if (reader->base.info.sample == EG_U8)
        copy_row(reader, out, reader->row);
    else
        convert_row(reader, out, reader->row);
    fill_missing(reader, out, got);
    return EG_OK;
}

/* ---- the source ------------------------------------------------------------------------------ */

static eg_status raw_read(eg_source *source, void *rows, size_t stride, size_t count,
                          eg_error *error)
{
    raw_source *reader = (raw_source *)source;
    eg_status status = EG_OK;
    for (size_t i = 0; i < count && status == EG_OK; i++)
        status = read_row(reader, source->next_row + i, (char *)rows + i * stride, error);
    return status;
}

static void raw_close(eg_source *source)
{
    raw_source *reader = (raw_source *)source;
    eg_input_close(reader->input);
    eg_georef_data_free(&reader->georef_data);
    eg_free(reader->row);
    eg_free(reader);
}

/* Fills in the source's info and chooses its sample type. */
static void fill_info(raw_source *reader, bool as_values)
{
    const eg_raw_layout *layout = &reader->layout;
    bool plain = layout->type == EG_RAW_U8 && !reader->georef_data.georef.has_nodata;
    bool wide = as_values && types[layout->type].wide;
    reader->base.info = (eg_info){
        .width = layout->width,
        .height = layout->height,
        .sample = plain  ? EG_U8
                  : wide ? EG_F64
                         : EG_F32,
        .white_level = types[layout->type].white_level,
        .format = layout->format,
        .colour = layout->channels == 1 ? "grey" : "bands",
        .channels = layout->channels,
        .depth = (int)(8 * types[layout->type].bytes),
        .orientation = 1,
        .stored_width = layout->width,
        .stored_height = layout->height,
    };
    eg_georef_data_publish(&reader->georef_data, &reader->base);
}

bool eg_raw_size(const eg_raw_layout *layout, uint64_t *bytes)
{
    uint64_t rows, last;
    return !__builtin_mul_overflow(layout->row_bytes, (uint64_t)layout->height - 1, &rows) &&
           !__builtin_mul_overflow((uint64_t)layout->step, (uint64_t)layout->width - 1, &last) &&
           !__builtin_add_overflow(last, (uint64_t)types[layout->type].bytes, &last) &&
           !__builtin_add_overflow(rows, last, &rows) &&
           !__builtin_add_overflow(rows, layout->skip, bytes);
}

eg_status eg_raw_open(eg_source **source, eg_input *input, const eg_read_options *options,
                      const eg_raw_layout *layout, eg_georef_data *georef_data, eg_error *error)
{
    static const eg_source_ops ops = {.read = raw_read, .close = raw_close, .skip = eg_skip_noop};
    raw_source *reader = eg_calloc(input->ctx, 1, sizeof *reader, error);
    if (!reader) {
        eg_input_close(input);
        eg_georef_data_free(georef_data);
        return eg_failed(error);
    }
    reader->base.ops = &ops;
    reader->base.ctx = input->ctx;
    reader->input = input;
    reader->georef_data = *georef_data;
    *georef_data = (eg_georef_data){0};
    reader->layout = *layout;
    reader->nodata =
        eg_nodata_range_of(reader->georef_data.georef.nodata, layout->type == EG_RAW_F32);
    reader->tolerate = options->tolerate;
    reader->row_size = (layout->width - 1) * layout->step + types[layout->type].bytes;
    fill_info(reader, options->as_values);
    reader->row = eg_alloc(input->ctx, reader->row_size, 1, error);
    if (!reader->row) {
        raw_close(&reader->base);
        return eg_failed(error);
    }
    *source = &reader->base;
    return EG_OK;
}
