/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the reader of ASCII grids.
 *
 * libFuzzer: -max_len=1024 -only_ascii=1
 * Extensions: asc
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("file.asc", data, size);
    return 0;
}
