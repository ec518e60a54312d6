/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of packed edge histograms: bytes are refused or give a histogram that packs into
 * bytes that are read again.
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    eg_edge_histogram *histogram = NULL;
    eg_edges_options options;
    eg_error error = {0}, empty = {0};
    eg_edges_default(&options);
    require(eg_edge_histogram_new(&histogram, fuzz_context(), &error) == EG_OK, "a histogram",
            &error);
    eg_status status = eg_edge_histogram_unpack(histogram, data, size, &error);
    require(status == EG_OK || status == EG_USAGE || status == EG_LIMIT_EXCEEDED,
            "bytes are read or refused", &error);
    if (status == EG_OK) {
        pack_again(histogram);
        status = eg_edge_histogram_thresholds(histogram, &options, &empty);
        require(status != EG_OK || (isfinite(options.low) && isfinite(options.high)),
                "thresholds are numbers", &empty);
    }
    eg_edge_histogram_free(histogram);
    require_released();
    return 0;
}
