/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the reader of PNG. Its mutator makes the checksums of most inputs right again,
 * because a wrong one ends the reading before the change is seen.
 *
 * libFuzzer: -max_len=2048
 * Extensions: png
 */
#include "../png_readers.h"
#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, max_size);
    if (seed % 8)
        mend_png_checksums(data, size);
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("file.png", data, size);
    return 0;
}
