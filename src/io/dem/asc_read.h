/* SPDX-License-Identifier: MIT */
/* The ASCII grid reader's functions for eg_asc_format; see eg_format. */
#ifndef EG_IO_DEM_ASC_READ_H
#define EG_IO_DEM_ASC_READ_H

#include "io/io.h"

bool eg_asc_probe(const eg_input *input, const uint8_t *bytes, size_t size);
eg_status eg_asc_open(eg_source **source, eg_input *input, const eg_read_options *options,
                      eg_error *error);

#endif
