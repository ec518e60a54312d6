/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the reader of PBM, PGM, PPM and PAM, raw and plain.
 *
 * libFuzzer: -max_len=1024
 * Extensions: pbm pgm pnm ppm pam
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("file.pnm", data, size);
    return 0;
}
