/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the reader of TIFF and GeoTIFF.
 *
 * libFuzzer: -max_len=4096
 * Extensions: tif
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("file.tif", data, size);
    return 0;
}
