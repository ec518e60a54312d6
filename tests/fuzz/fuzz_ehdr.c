/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of ESRI's raw rasters: the text before the first byte 0 is the .hdr file, the rest
 * the samples. The name of the file chooses the format.
 *
 * libFuzzer: -max_len=1024
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"file.bil", "file.bip", "file.bsq", "file.flt", "file.hdr"};
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    const size_t header = end ? (size_t)(end - data) : size;
    const char *name = names[header % 16 < 15 ? header % 4 : 4];
    fuzz_file("file.hdr", data, header);
    if (header % 16 < 15)
        fuzz_file(name, data + header + (end != NULL), size - header - (end != NULL));
    fuzz_read_path(fuzz_path(name), size);
    return 0;
}
