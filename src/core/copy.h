/* SPDX-License-Identifier: MIT */
/* Copying rows from a source to a sink. */
#ifndef EG_CORE_COPY_H
#define EG_CORE_COPY_H

#include "core/stream.h"

/* Converts a row of bits to bytes, 0 or 255. */
typedef void eg_expand(uint8_t *out, const uint64_t *bits, size_t width);

/* Copies every row of `source` to `sink`, which is begun and finished. EG_BIT rows are converted by
 * `expand` if the sink accepts EG_U8 but not EG_BIT. EG_USAGE: the sink does not accept the sample
 * type. */
eg_status eg_copy(eg_source *source, eg_sink *sink, eg_expand *expand, eg_error *error);

/* Converts bits to bytes in portable C. */
void eg_expand_bits(uint8_t *out, const uint64_t *bits, size_t width);

#endif
