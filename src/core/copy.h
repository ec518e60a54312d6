/* SPDX-License-Identifier: MIT */
/* Rows from a source to a sink as they are. */
#ifndef EG_CORE_COPY_H
#define EG_CORE_COPY_H

#include "core/stream.h"

/* Bits as bytes, 0 or 255. */
typedef void eg_expand(uint8_t *out, const uint64_t *bits, size_t width);

/* Sends every row of `source` into `sink`, from begin to finish. EG_BIT rows go through `expand`
 * where the sink takes bytes only. EG_USAGE where it takes neither. */
eg_status eg_copy(eg_source *source, eg_sink *sink, eg_expand *expand, eg_error *error);

/* A plain eg_expand. */
void eg_expand_bits(uint8_t *out, const uint64_t *bits, size_t width);

#endif
