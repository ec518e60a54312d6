/* SPDX-License-Identifier: MIT */
/* Codecs and predictors of TIFF, compared with definitions written anew and with libtiff, and on
 * damaged data; and calls of libraries that crash or throw. */
#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "core/cxx_guard.h"
#include "core/shared_child.h"
#include "files.h"
#include "io/codecs/decoder.h"
#include "io/codecs/encoder.h"
#include "io/codecs/lzw.h"
#include "io/codecs/predictor.h"

enum { SIZE = 20000, SAMPLES = 80, ROW = 8 * SAMPLES };

static uint32_t random_number(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Fills bytes that compress: runs, ramps and noise. */
static void fill(uint8_t *bytes, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size;) {
        const uint32_t kind = random_number(&seed) % 3, length = random_number(&seed) % 200 + 1;
        const uint8_t start = (uint8_t)random_number(&seed);
        for (uint32_t k = 0; k < length && i < size; k++, i++)
            bytes[i] = (uint8_t)(kind == 0 ? start : kind == 1 ? start + k : random_number(&seed));
    }
}

/* ---- predictors ------------------------------------------------------------------------------ */

/* Differences as TIFF 6.0, section 14 has them, on integers of any size. */
static void naive_horizontal(uint8_t *row, unsigned bytes, size_t stride, size_t count)
{
    uint64_t values[SAMPLES] = {0};
    assert_true(count <= SAMPLES);
    for (size_t i = 0; i < count; i++) {
        values[i] = 0;
        memcpy(&values[i], row + i * bytes, bytes);
    }
    for (size_t i = stride; i < count; i++) {
        const uint64_t difference = values[i] - values[i - stride];
        memcpy(row + i * bytes, &difference, bytes);
    }
}

/* Bytes by significance, then differences, as TIFF Technical Note 3 has them. */
static void naive_float(uint8_t *row, unsigned bytes, size_t stride, size_t count)
{
    uint8_t planes[ROW] = {0};
    assert_true(count <= SAMPLES);
    for (size_t i = 0; i < count; i++)
        for (unsigned k = 0; k < bytes; k++)
            planes[k * count + i] = row[i * bytes + bytes - 1 - k];
    for (size_t i = 0; i < count * bytes; i++)
        row[i] = (uint8_t)(planes[i] - (i < stride ? 0 : planes[i - stride]));
}

static void check_predictor(int number, unsigned bytes, size_t stride, size_t pixels)
{
    _Alignas(8) uint8_t row[ROW], wanted[ROW], original[ROW], scratch[ROW];
    const size_t count = stride * pixels;
    const eg_predictor predictor = {number, bytes, stride, count * bytes};
    fill(original, sizeof original, (uint32_t)(number + bytes * stride * pixels));
    memcpy(row, original, sizeof row);
    memcpy(wanted, original, sizeof row);
    (number == 2 ? naive_horizontal : naive_float)(wanted, bytes, stride, count);
    eg_predictor_encode(&predictor, original, row);
    assert_memory_equal(row, wanted, sizeof row);
    eg_predictor_decode(&predictor, row, false, scratch);
    assert_memory_equal(row, original, sizeof row);
    memcpy(row, wanted, sizeof row);
    if (number == 2) /* stored in the other byte order */
        eg_swap_bytes(row, bytes, count);
    eg_predictor_decode(&predictor, row, true, scratch);
    assert_memory_equal(row, original, sizeof row);
}

static void predictors_equal_their_definitions(void **state)
{
    (void)state;
    for (unsigned bytes = 1; bytes <= 8; bytes *= 2)
        for (size_t stride = 1; stride <= 5; stride++)
            for (size_t pixels = 1; stride * pixels <= SAMPLES; pixels++) {
                check_predictor(2, bytes, stride, pixels);
                if (bytes > 1)
                    check_predictor(3, bytes, stride, pixels);
            }
}

/* ---- codecs ---------------------------------------------------------------------------------- */

typedef struct pieces {
    const uint8_t *bytes;
    size_t left;
    uint32_t seed;
} pieces;

static eg_status pull_piece(void *opaque, const uint8_t **bytes, size_t *size, eg_error *error)
{
    pieces *p = opaque;
    (void)error;
    *size = random_number(&p->seed) % 50 + 2;
    *size = *size < p->left ? *size : p->left;
    *bytes = p->bytes;
    p->bytes += *size;
    p->left -= *size;
    return EG_OK;
}

/* Decodes `size` bytes in pieces of random sizes. */
static eg_status decode_pieces(eg_decoder *decoder, const uint8_t *in, size_t in_size, uint8_t *out,
                               size_t size)
{
    pieces p = {in, in_size, (uint32_t)in_size};
    eg_error error = {0};
    eg_status status = eg_decoder_start(decoder, pull_piece, &p, &error);
    for (size_t at = 0; at < size && status == EG_OK;) {
        size_t count = random_number(&p.seed) % 300 + 1;
        count = count < size - at ? count : size - at;
        status = eg_decoder_next(decoder, out + at, count, &error);
        at += count;
    }
    return status;
}

/* Checks that data comes back as a whole, in part and in pieces, that no prefix of it does, and
 * that flipped bits give an error or data, never a crash. */
static void check_decoder(eg_context *ctx, eg_codec codec, const uint8_t *packed, size_t size,
                          const uint8_t *original)
{
    eg_decoder *decoder;
    eg_error error = {0};
    uint8_t *out = malloc(SIZE), *damaged = malloc(size);
    assert_int_equal(eg_decoder_new(&decoder, ctx, codec, &error), EG_OK);
    assert_int_equal(eg_decoder_run(decoder, packed, size, out, SIZE, &error), EG_OK);
    assert_memory_equal(out, original, SIZE);
    assert_int_equal(eg_decoder_run(decoder, packed, size, out, SIZE / 2, &error), EG_OK);
    assert_memory_equal(out, original, SIZE / 2);
    assert_int_equal(decode_pieces(decoder, packed, size, out, SIZE), EG_OK);
    assert_memory_equal(out, original, SIZE);
    for (size_t i = 0; i < 40; i++) {
        const size_t cut = size * i / 50;
        assert_int_equal(eg_decoder_run(decoder, packed, cut, out, SIZE, &error), EG_BAD_INPUT);
        assert_int_equal(decode_pieces(decoder, packed, cut, out, SIZE), EG_BAD_INPUT);
        memcpy(damaged, packed, size);
        damaged[cut] ^= (uint8_t)(1 << i % 8);
        eg_status whole = eg_decoder_run(decoder, damaged, size, out, SIZE, &error);
        assert_true(whole == EG_OK || whole == EG_BAD_INPUT);
        if (codec == EG_CODEC_LZW) /* both decoders come to the same verdict */
            assert_int_equal(decode_pieces(decoder, damaged, size, out, SIZE), whole);
    }
    eg_decoder_free(decoder);
    free(out);
    free(damaged);
}

static void what_is_encoded_is_decoded(void **state)
{
    static const eg_codec codecs[] = {EG_CODEC_DEFLATE, EG_CODEC_LZW, EG_CODEC_ZSTD};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    uint8_t *original = malloc(SIZE), *packed = malloc(2 * SIZE);
    fill(original, SIZE, 7);
    for (size_t i = 0; i < COUNT(codecs); i++) {
        eg_encoder *encoder;
        eg_error error = {0};
        if (!eg_codec_available(codecs[i]))
            continue;
        assert_int_equal(eg_encoder_new(&encoder, ctx, codecs[i], 1, &error), EG_OK);
        size_t bound = eg_encoder_bound(codecs[i], SIZE);
        size_t size = eg_encoder_run(encoder, original, SIZE, packed, bound);
        assert_in_range(size, 1, bound);
        check_decoder(ctx, codecs[i], packed, size, original);
        eg_encoder_free(encoder);
    }
    free(original);
    free(packed);
    close_context(ctx);
}

/* Writes a strip with libtiff, and returns its bytes in the file. */
static size_t pack_by_libtiff(uint16_t compression, const uint8_t *bytes, uint8_t *packed)
{
    TIFF *tiff = TIFFOpen(scratch("codec.tif"), "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, SIZE);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 1);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    assert_int_equal(TIFFWriteEncodedStrip(tiff, 0, (void *)(uintptr_t)bytes, SIZE), SIZE);
    TIFFClose(tiff);
    tiff = TIFFOpen(scratch("codec.tif"), "r");
    tmsize_t size = TIFFReadRawStrip(tiff, 0, packed, 2 * SIZE);
    TIFFClose(tiff);
    assert_true(size > 0);
    return (size_t)size;
}

static void blocks_of_libtiff_are_decoded(void **state)
{
    static const struct {
        uint16_t compression;
        eg_codec codec;
    } kinds[] = {
        {COMPRESSION_PACKBITS, EG_CODEC_PACKBITS},
        {COMPRESSION_LZW, EG_CODEC_LZW},
        {COMPRESSION_ADOBE_DEFLATE, EG_CODEC_DEFLATE},
        {COMPRESSION_ZSTD, EG_CODEC_ZSTD},
        {COMPRESSION_LZMA, EG_CODEC_LZMA},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    uint8_t *original = malloc(SIZE), *packed = malloc(2 * SIZE);
    for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
        const size_t k = i / 2;
        if (!TIFFIsCODECConfigured(kinds[k].compression) || !eg_codec_available(kinds[k].codec))
            continue;
        fill(original, SIZE, (uint32_t)i);
        if (i % 2) /* long strings of LZW */
            memset(original + 100, 3, SIZE - 200);
        size_t size = pack_by_libtiff(kinds[k].compression, original, packed);
        check_decoder(ctx, kinds[k].codec, packed, size, original);
    }
    free(original);
    free(packed);
    close_context(ctx);
}

/* Old writers put codes from the lowest bit on, and lengthen them one code later. */
static void old_lzw_is_decoded(void **state)
{
    enum { CODES = 2000 };
    uint8_t packed[2 * CODES] = {0}, out[CODES], wanted[CODES];
    size_t bits = 0;
    unsigned width = 9;
    (void)state;
    for (unsigned i = 0, next = 257; i <= CODES; i++) { /* 256, then bytes as they are */
        const unsigned code = i == 0 ? 256 : i * 7 % 256;
        for (unsigned k = 0; k < width; k++, bits++)
            packed[bits / 8] |= (uint8_t)((code >> k & 1) << bits % 8);
        if (i > 0)
            wanted[i - 1] = (uint8_t)code;
        if (i > 0 && ++next >= 1u << width && width < 12)
            width++;
    }
    eg_lzw_decoder *decoder = malloc(sizeof *decoder);
    assert_int_equal(eg_lzw_decode_block(decoder, packed, sizeof packed, out, CODES), EG_LZW_FULL);
    assert_memory_equal(out, wanted, CODES);
    free(decoder);
}

/* ---- allocations ----------------------------------------------------------------------------- */

static void every_allocation_may_fail(void **state)
{
    static const eg_codec codecs[] = {EG_CODEC_DEFLATE, EG_CODEC_LZW, EG_CODEC_ZSTD, EG_CODEC_LZMA};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(codecs); i++)
        for (long k = 0; k < 4; k++) {
            eg_context *ctx = test_context(1, 0, NULL);
            eg_decoder *decoder = NULL;
            eg_encoder *encoder = NULL;
            eg_error error = {0};
            ctx->fail_after = k;
            eg_status status = i % 2 ? eg_decoder_new(&decoder, ctx, codecs[i / 2], &error)
                                     : eg_encoder_new(&encoder, ctx, codecs[i / 2 % 3], 1, &error);
            assert_true(status == EG_OK || (status == EG_NO_MEMORY && *error.message) ||
                        status == EG_UNSUPPORTED);
            eg_decoder_free(decoder);
            eg_encoder_free(encoder);
            close_context(ctx);
        }
}

/* ---- calls that do not come back ------------------------------------------------------------- */

static void count_up(void *opaque)
{
    ++*(int *)opaque;
}

static void count_up_and_die(void *opaque)
{
    ++*(int *)opaque;
    kill(getpid(), SIGKILL);
}

static void a_child_dies_alone(void **state)
{
    int count = 0;
    (void)state;
    if (SANITIZED)
        skip();
    void *stack = malloc(EG_CHILD_STACK);
    assert_true(eg_shared_child_call(count_up, &count, stack, EG_CHILD_STACK));
    assert_false(eg_shared_child_call(count_up_and_die, &count, stack, EG_CHILD_STACK));
    assert_int_equal(count, 2); /* the memory is shared */
    assert_true(eg_cxx_guard(count_up, &count));
    assert_int_equal(count, 3);
    free(stack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predictors_equal_their_definitions),
        cmocka_unit_test(what_is_encoded_is_decoded),
        cmocka_unit_test(blocks_of_libtiff_are_decoded),
        cmocka_unit_test(old_lzw_is_decoded),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_child_dies_alone),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
