/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the reader of PNG. Its mutator makes the checksums of most inputs right again,
 * because a wrong one ends the reading before the change is seen.
 *
 * libFuzzer: -max_len=2048
 * Extensions: png
 */
#include <zlib.h>

#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

enum { SIGNATURE = 8, CHUNK = 12 /* bytes of a chunk besides its data: length, type, checksum */ };

static size_t read_be32(const uint8_t *at)
{
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

/* Sets the checksums of all chunks that are complete. */
static void mend_checksums(uint8_t *data, size_t size)
{
    for (size_t at = SIGNATURE; at + CHUNK <= size;) {
        const size_t length = read_be32(data + at);
        if (length > size - at - CHUNK)
            return;
        const unsigned long sum = crc32(0, data + at + 4, (unsigned)length + 4);
        for (size_t i = 0; i < 4; i++)
            data[at + 8 + length + i] = (uint8_t)(sum >> (24 - 8 * i));
        at += CHUNK + length;
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, max_size);
    if (seed % 8)
        mend_checksums(data, size);
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("file.png", data, size);
    return 0;
}
