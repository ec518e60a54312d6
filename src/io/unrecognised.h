/* SPDX-License-Identifier: MIT */
/* Error messages for inputs of unknown formats. */
#ifndef EG_IO_UNRECOGNISED_H
#define EG_IO_UNRECOGNISED_H

#include "io/io.h"

/* Fails with a message about the format of `input`, whose first `size` bytes are given (at most
 * EG_PROBE_BYTES): EG_UNSUPPORTED for a known format that cannot be read, else EG_BAD_INPUT. */
eg_status eg_unrecognised_input(const eg_input *input, const uint8_t *bytes, size_t size,
                                eg_error *error);

/* Writes the names of the formats that can be read (or written) as "PNG, JPEG" into `out`. */
void eg_list_formats(char *out, size_t size, bool written);

/* Writes the names of the formats whose writers accept `sample` into `out`. */
void eg_list_formats_accepting(char *out, size_t size, eg_sample sample);

#endif
