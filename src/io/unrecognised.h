/* SPDX-License-Identifier: MIT */
/* Explaining inputs that no reader claims. */
#ifndef EG_IO_UNRECOGNISED_H
#define EG_IO_UNRECOGNISED_H

#include "io/io.h"

/* Always fails: EG_UNSUPPORTED for a known format that is not read here, else EG_BAD_INPUT. `bytes`
 * are the first `size` of the input, as many as it has up to EG_PROBE_BYTES. */
eg_status eg_unrecognised_input(const eg_input *input, const uint8_t *bytes, size_t size,
                                eg_error *error);

/* The names of the formats that can be read (or written) as "PNG, JPEG". */
void eg_list_formats(char *out, size_t size, bool written);

/* The names of the formats that can be written with `sample`. */
void eg_list_formats_accepting(char *out, size_t size, eg_sample sample);

#endif
