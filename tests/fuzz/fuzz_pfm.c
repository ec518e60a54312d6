/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the reader of PFM.
 *
 * libFuzzer: -max_len=1024
 * Extensions: pfm
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("file.pfm", data, size);
    return 0;
}
