/* SPDX-License-Identifier: MIT */
/* The JPEG reader's functions for eg_jpeg_format; see eg_format. */
#ifndef EG_IO_JPEG_JPEG_READ_H
#define EG_IO_JPEG_JPEG_READ_H

#include "io/io.h"

bool eg_jpeg_probe(const eg_input *input, const uint8_t *bytes, size_t size);
eg_status eg_jpeg_open(eg_source **source, eg_input *input, const eg_read_options *options,
                       eg_error *error);

#endif
