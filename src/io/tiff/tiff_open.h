/* SPDX-License-Identifier: MIT */
/* The TIFF reader's functions for eg_tiff_format; see eg_format. */
#ifndef EG_IO_TIFF_TIFF_OPEN_H
#define EG_IO_TIFF_TIFF_OPEN_H

#include "io/io.h"

bool eg_tiff_probe(const eg_input *input, const uint8_t *bytes, size_t size);
eg_status eg_tiff_open(eg_source **source, eg_input *input, const eg_read_options *options,
                       eg_error *error);
eg_origin eg_tiff_origin(const eg_file_head *head);

#endif
