/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of packed edge histograms: bytes are refused or give a histogram that packs into
 * bytes that are read again. The bytes are the input, or, if its first byte is odd, the histogram
 * of an image made from it, some bytes of which are changed.
 *
 * libFuzzer: -max_len=1024
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Packs an histogram, unpacks the bytes into an empty one, and requires that it packs likewise. */
static void pack_again(const eg_edge_histogram *histogram)
{
    eg_edge_histogram *other = NULL;
    eg_error error = {0};
    const size_t size = eg_edge_histogram_size(histogram);
    uint8_t *bytes = malloc(size), *again = malloc(size);
    if (!bytes || !again)
        abort();
    eg_edge_histogram_pack(histogram, bytes);
    require(eg_edge_histogram_new(&other, fuzz_context(), &error) == EG_OK &&
                eg_edge_histogram_unpack(other, bytes, size, &error) == EG_OK,
            "packed bytes are read", &error);
    require(eg_edge_histogram_size(other) == size, "with the same size", NULL);
    eg_edge_histogram_pack(other, again);
    require(memcmp(bytes, again, size) == 0, "and the same content", NULL);
    eg_edge_histogram_free(other);
    free(again);
    free(bytes);
}

enum { SIDE = 8, CHANGES = 4 };

/* Packs the histogram of an image; returns bytes that the caller frees, some of them changed. */
static uint8_t *pack_image(fuzz_bytes *input, size_t *size)
{
    eg_edge_histogram *histogram = NULL;
    eg_source *source = NULL;
    eg_edges_options options;
    eg_error error = {0};
    float samples[SIDE * SIDE];
    const bool floats = pick(input, 2);
    const eg_grid grid = {.data = samples,
                          .width = SIDE,
                          .height = SIDE,
                          .stride = SIDE * (floats ? sizeof(float) : 1),
                          .sample = floats ? EG_F32 : EG_U8,
                          .white_level = 255};
    eg_edges_default(&options);
    if (pick(input, 8))
        options.op = eg_operator_name(pick(input, 7));
    const unsigned changes = pick(input, CHANGES + 1),
                   at[CHANGES] = {(unsigned)take(input, 1), (unsigned)take(input, 1),
                                  (unsigned)take(input, 2), 0};
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        const unsigned value = (unsigned)take(input, 1);
        if (floats)
            samples[i] = (float)value;
        else
            ((uint8_t *)samples)[i] = (uint8_t)value;
    }
    require(eg_source_grid(&source, fuzz_context(), &grid, &error) == EG_OK &&
                eg_edge_histogram_new(&histogram, fuzz_context(), &error) == EG_OK &&
                eg_edge_histogram_add(histogram, source, &options, &error) == EG_OK,
            "an image has a histogram", &error);
    *size = eg_edge_histogram_size(histogram);
    uint8_t *bytes = malloc(*size);
    if (!bytes)
        abort();
    eg_edge_histogram_pack(histogram, bytes);
    for (unsigned i = 0; i < changes; i++)
        bytes[at[i] % *size] ^= (uint8_t)take(input, 1);
    eg_edge_histogram_free(histogram);
    eg_source_close(source);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes input = {data, size};
    uint8_t *packed = size && data[0] & 1 ? pack_image(&input, &size) : NULL;
    eg_edge_histogram *histogram = NULL;
    eg_edges_options options;
    eg_error error = {0}, empty = {0};
    eg_edges_default(&options);
    require(eg_edge_histogram_new(&histogram, fuzz_context(), &error) == EG_OK, "a histogram",
            &error);
    eg_status status = eg_edge_histogram_unpack(histogram, packed ? packed : data, size, &error);
    require(status == EG_OK || status == EG_USAGE || status == EG_LIMIT_EXCEEDED,
            "bytes are read or refused", &error);
    if (status == EG_OK) {
        pack_again(histogram);
        status = eg_edge_histogram_thresholds(histogram, &options, &empty);
        require(status != EG_OK || (isfinite(options.low) && isfinite(options.high)),
                "thresholds are numbers", &empty);
    }
    eg_edge_histogram_free(histogram);
    free(packed);
    require_released();
    return 0;
}
