/* SPDX-License-Identifier: MIT */
/* Error messages for inputs of unknown formats. */
#ifndef EG_IO_UNRECOGNISED_H
#define EG_IO_UNRECOGNISED_H

#include "io/io.h"

/* Fails with a message about `input`, of which nothing has been read: EG_UNSUPPORTED for a known
 * format that cannot be read, else EG_BAD_INPUT. */
eg_status eg_unrecognised_input(eg_input *input, eg_error *error);

/* Writes the names of the formats that can be read (or written) as "PNG, JPEG" into `out`. */
void eg_list_formats(char *out, size_t size, bool written);

/* Writes the names of the formats whose writers accept `sample` into `out`. */
void eg_list_formats_accepting(char *out, size_t size, eg_sample sample);

#endif
