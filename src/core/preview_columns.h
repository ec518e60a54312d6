/* SPDX-License-Identifier: MIT */
/* Sums of the columns of rows: uint16_t, uint32_t or double by the type of the samples; of EG_BIT
 * counts, 64 columns at a time in planes of bits. EG_RGB stands for the grey of a row, 8-bit
 * samples. */
#ifndef EG_CORE_PREVIEW_COLUMNS_H
#define EG_CORE_PREVIEW_COLUMNS_H

#include "core/stream.h"

/* Returns the bytes of the sums of `width` columns, which are 0 at first. */
size_t eg_columns_bytes(eg_sample sample, size_t width);

/* Returns the number of rows that may be added before a sum overflows. */
size_t eg_columns_rows_max(eg_sample sample);

/* Adds a row. Of floats only the finite samples are added, and counted in `found`. */
void eg_columns_add(void *columns, uint16_t *found, const void *row, eg_sample sample,
                    size_t width);

/* Returns the sum of columns x0 .. x1 - 1 of `width`. */
double eg_columns_sum(const void *columns, eg_sample sample, size_t width, size_t x0, size_t x1);

#endif
