/* SPDX-License-Identifier: MIT */
/* Compression of strips and blocks with DEFLATE: what comes back, and that bytes depend on nothing
 * but the input, whatever the compressor has compressed before and wherever it lies in memory. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "files.h"
#include "io/codecs/decoder.h"
#include "io/codecs/encoder.h"
#include "io/codecs/isal_deflate.h"
#include "io/png/deflate.h"

enum {
    STRIPS = 64,     /* strips that every compressor compresses */
    STRIP_MAX = 400, /* bytes of the longest of them */
    COMPRESSORS =
        300,       /* so that 3 * STRIPS * COMPRESSORS exceeds the 8192 entries of ISA-L's table */
    LONG = 300000, /* bytes of a strip beyond the window and the buffers of ISA-L */
    ROOM = 2 * LONG
};

static uint32_t random_number(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Fills bytes with noise, few values, a repeated pattern, zeros, or mostly zeros. */
static void fill(uint8_t *bytes, size_t size, uint32_t kind, uint32_t seed)
{
    for (size_t i = 0; i < size; i++) {
        const uint32_t r = random_number(&seed);
        switch (kind % 5) {
        case 0:
            bytes[i] = (uint8_t)r;
            break;
        case 1:
            bytes[i] = r % 4;
            break;
        case 2:
            bytes[i] = i >= 7 && r % 8 ? bytes[i - 7] : (uint8_t)(r / 8 % 16);
            break;
        case 3:
            bytes[i] = 0;
            break;
        default:
            bytes[i] = r % 50 ? 0 : (uint8_t)(r / 50);
        }
    }
}

typedef struct strip {
    uint8_t bytes[STRIP_MAX], packed[2 * STRIP_MAX];
    size_t size, packed_size;
} strip;

static strip *make_strips(void)
{
    strip *strips = calloc(STRIPS, sizeof *strips);
    uint32_t seed = 5;
    for (uint32_t i = 0; i < STRIPS; i++) {
        strips[i].size = 40 + random_number(&seed) % (STRIP_MAX - 40);
        fill(strips[i].bytes, strips[i].size, i, i);
    }
    return strips;
}

/* ---- the same bytes -------------------------------------------------------------------------- */

/* Compresses some bytes, so that the compressor's memory is another one than before. */
static void make_history(eg_isal_deflate *compressor, uint32_t seed)
{
    static uint8_t bytes[5000], out[2 * sizeof bytes];
    const size_t size = random_number(&seed) % sizeof bytes;
    size_t used = 0;
    fill(bytes, size, seed, seed);
    eg_isal_deflate_reset(compressor);
    assert_true(eg_isal_deflate_add(compressor, bytes, size, seed % 2 ? EG_ISAL_MORE : EG_ISAL_END,
                                    out, sizeof out, &used));
}

static void compress_strips(eg_isal_deflate *compressor, strip *strips, bool first, uint32_t seed)
{
    uint8_t packed[2 * STRIP_MAX];
    for (size_t i = 0; i < STRIPS; i++) {
        if (i % 16 == 1)
            make_history(compressor, (uint32_t)i * seed);
        const size_t size = eg_isal_deflate_zlib(compressor, strips[i].bytes, strips[i].size,
                                                 packed, sizeof packed);
        assert_true(size > 0);
        if (first) {
            memcpy(strips[i].packed, packed, size);
            strips[i].packed_size = size;
        }
        assert_int_equal(size, strips[i].packed_size);
        assert_memory_equal(packed, strips[i].packed, size);
    }
}

/* The compressors are all kept, so each lies at another address. */
static void bytes_depend_only_on_the_input(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_isal_deflate *compressors[COMPRESSORS] = {NULL};
    strip *strips = make_strips();
    for (uint32_t i = 0; i < COMPRESSORS && eg_isal_available(); i++) {
        assert_int_equal(eg_isal_deflate_new(&compressors[i], ctx, NULL), EG_OK);
        compress_strips(compressors[i], strips, i == 0, i);
    }
    for (size_t i = 0; i < COMPRESSORS; i++)
        eg_isal_deflate_free(compressors[i]);
    free(strips);
    close_context(ctx);
}

/* ---- round trips ----------------------------------------------------------------------------- */

/* Decompresses two strips that were appended to each other, without the zlib format. */
static void check_inflated(const uint8_t *packed, size_t packed_size, const uint8_t *bytes,
                           size_t size, bool ends)
{
    uint8_t *out = malloc(size + 1);
    z_stream z = {.next_in = (uint8_t *)(uintptr_t)packed, .avail_in = (uInt)packed_size};
    z.next_out = out;
    z.avail_out = (uInt)size + 1;
    assert_int_equal(inflateInit2(&z, -15), Z_OK);
    assert_int_equal(inflate(&z, Z_SYNC_FLUSH), ends ? Z_STREAM_END : Z_OK);
    assert_int_equal(z.avail_in, 0);
    assert_int_equal(z.total_out, size);
    assert_memory_equal(out, bytes, size);
    inflateEnd(&z);
    free(out);
}

/* Compresses `size` bytes in pieces as the strip of a PNG. */
static void add_in_pieces(eg_deflate *compressor, const uint8_t *bytes, size_t size,
                          eg_packed_block *block, uint32_t seed)
{
    eg_deflate_reset(compressor);
    for (size_t at = 0; at < size || size == 0;) {
        size_t piece = random_number(&seed) % (size / 4 + 2) + 1;
        piece = piece < size - at ? piece : size - at;
        const bool last = at + piece == size;
        assert_true(eg_deflate_add(compressor, bytes + at, piece, last, block));
        at += piece;
        if (last)
            break;
    }
}

static const size_t sizes[] = {1, 2, 3, 4, 5, 8, 15, 16, 17, 300, 32767, 32768, 32769, 65536, LONG};

static void strips_are_one_stream(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    uint8_t *bytes = malloc(2 * LONG), *packed = malloc(2 * ROOM);
    for (int level = EG_DEFLATE_FAST; level <= 6; level += 7) {
        eg_deflate *compressor;
        assert_int_equal(eg_deflate_new(&compressor, ctx, level, NULL), EG_OK);
        for (uint32_t kind = 0; kind < 5; kind++)
            for (size_t i = 0; i < COUNT(sizes); i++) {
                eg_packed_block block = {.bytes = packed, .capacity = eg_deflate_bound(sizes[i])};
                fill(bytes, 2 * sizes[i], kind, (uint32_t)i);
                add_in_pieces(compressor, bytes, sizes[i], &block, kind);
                block.capacity += block.size;
                add_in_pieces(compressor, bytes + sizes[i], sizes[i], &block, kind + 1);
                check_inflated(packed, block.size, bytes, 2 * sizes[i], false);
            }
        eg_deflate_free(compressor);
    }
    free(bytes);
    free(packed);
    close_context(ctx);
}

/* Blocks of the default level come back, also those for which ISA-L's bytes exceed the bound. */
static void blocks_come_back(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_encoder *encoder;
    eg_decoder *decoder;
    uint8_t *bytes = malloc(LONG), *packed = malloc(ROOM), *out = malloc(LONG);
    assert_int_equal(eg_encoder_new(&encoder, ctx, EG_CODEC_DEFLATE, EG_ENCODER_FAST, NULL), EG_OK);
    assert_int_equal(eg_decoder_new(&decoder, ctx, EG_CODEC_DEFLATE, NULL), EG_OK);
    for (uint32_t kind = 0; kind < 5; kind++)
        for (size_t i = 0; i < COUNT(sizes); i++) {
            const size_t bound = eg_encoder_bound(EG_CODEC_DEFLATE, sizes[i]);
            fill(bytes, sizes[i], kind, (uint32_t)i);
            const size_t size = eg_encoder_run(encoder, bytes, sizes[i], packed, bound);
            assert_in_range(size, 1, bound);
            assert_int_equal(eg_decoder_run(decoder, packed, size, out, sizes[i], NULL), EG_OK);
            assert_memory_equal(out, bytes, sizes[i]);
        }
    eg_encoder_free(encoder);
    eg_decoder_free(decoder);
    free(bytes);
    free(packed);
    free(out);
    close_context(ctx);
}

/* No byte is written beyond a capacity that is too small. */
static void capacities_are_kept(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_isal_deflate *compressor;
    uint8_t bytes[300], packed[400];
    fill(bytes, sizeof bytes, 2, 1);
    assert_int_equal(eg_isal_deflate_new(&compressor, ctx, NULL), EG_OK);
    if (compressor) {
        const size_t size =
            eg_isal_deflate_zlib(compressor, bytes, sizeof bytes, packed, sizeof packed);
        for (size_t capacity = 0; capacity < size + 8; capacity++) {
            memset(packed, 0xA5, sizeof packed);
            const size_t used =
                eg_isal_deflate_zlib(compressor, bytes, sizeof bytes, packed, capacity);
            assert_true(used <= capacity && (used == size || used == 0));
            assert_true(used == size || capacity < size + 1);
            for (size_t i = capacity; i < sizeof packed; i++)
                assert_int_equal(packed[i], 0xA5);
        }
    }
    eg_isal_deflate_free(compressor);
    close_context(ctx);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (long k = 0; k < 4; k++) {
        eg_context *ctx = test_context(1, 0, NULL);
        eg_encoder *encoder = NULL;
        eg_deflate *compressor = NULL;
        eg_error error = {0};
        ctx->fail_after = k;
        eg_status status = eg_encoder_new(&encoder, ctx, EG_CODEC_DEFLATE, EG_ENCODER_FAST, &error);
        assert_true(status == EG_OK || (status == EG_NO_MEMORY && *error.message));
        eg_encoder_free(encoder);
        ctx->fail_after = k;
        status = eg_deflate_new(&compressor, ctx, EG_DEFLATE_FAST, &error);
        assert_true(status == EG_OK || (status == EG_NO_MEMORY && *error.message));
        eg_deflate_free(compressor);
        close_context(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_depend_only_on_the_input),
        cmocka_unit_test(strips_are_one_stream),
        cmocka_unit_test(blocks_come_back),
        cmocka_unit_test(capacities_are_kept),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("deflate", tests, NULL, NULL);
}
