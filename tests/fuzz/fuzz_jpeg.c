/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the reader of JPEG.
 *
 * libFuzzer: -max_len=4096
 * Extensions: jpg
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("file.jpg", data, size);
    return 0;
}
