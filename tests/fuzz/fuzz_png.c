/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the reader of PNG. Its mutator makes the checksums of most inputs right again,
 * because a wrong one ends the reading before the change is seen.
 *
 * libFuzzer: -max_len=2048
 * Extensions: png
 */
#include "fuzz.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_png(data, size, max_size, seed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("file.png", data, size);
    return 0;
}
