/* SPDX-License-Identifier: MIT */
/*
 * TIFF's predictors, which replace samples by differences before compression: 2, of samples (TIFF
 * 6.0, section 14), and 3, of the bytes of floats (TIFF Technical Note 3, 2005). They allocate
 * nothing.
 */
#ifndef EG_IO_CODECS_PREDICTOR_H
#define EG_IO_CODECS_PREDICTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct eg_predictor {
    int number;       /* 1: none, 2 or 3 */
    unsigned bytes;   /* size of a sample: 1, 2, 4 or 8 */
    size_t stride;    /* samples of a pixel that lie side by side */
    size_t row_bytes; /* size of a row, whole pixels */
} eg_predictor;

/* Copies a row of samples in native byte order from `in` to `out`, which must not overlap, and
 * replaces the samples by differences. */
void eg_predictor_encode(const eg_predictor *predictor, const uint8_t *in, uint8_t *out);

/* Restores the samples of a row in native byte order. `swapped`: the bytes of the file are in the
 * other order. `scratch` has row_bytes. */
void eg_predictor_decode(const eg_predictor *predictor, uint8_t *row, bool swapped,
                         uint8_t *scratch);

/* Reverses the bytes of `count` integers of `bytes` bytes: 1 to 8. */
void eg_swap_bytes(uint8_t *values, unsigned bytes, size_t count);

#endif
