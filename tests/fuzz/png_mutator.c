/* SPDX-License-Identifier: MIT */
/* Mutation of PNGs whose checksums stay right. */
#include "../png_readers.h"
#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

size_t fuzz_mutate_png(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, max_size);
    if (seed % 8)
        mend_png_checksums(data, size);
    return size;
}
