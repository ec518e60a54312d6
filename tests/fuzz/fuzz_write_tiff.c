/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the writer of TIFF and GeoTIFF: a raster is written and read again.
 *
 * libFuzzer: -max_len=512
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_round_trip("file.tif", data, size);
    return 0;
}
