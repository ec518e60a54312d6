/* SPDX-License-Identifier: MIT */
/* The function called by libFuzzer. */
#ifndef TESTS_FUZZ_FUZZ_READ_H
#define TESTS_FUZZ_FUZZ_READ_H

#include <stddef.h>
#include <stdint.h>

/* Reads `data` as a file and computes its edges; aborts if a guarantee of edgegrad.h is violated.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
