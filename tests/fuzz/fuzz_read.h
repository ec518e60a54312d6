/* SPDX-License-Identifier: MIT */
/* One input to every reader, by the name that libFuzzer calls. */
#ifndef TESTS_FUZZ_FUZZ_READ_H
#define TESTS_FUZZ_FUZZ_READ_H

#include <stddef.h>
#include <stdint.h>

/* Reads `data` as a file and finds its edges; aborts where a promise of edgegrad.h is broken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
