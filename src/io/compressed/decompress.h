/* SPDX-License-Identifier: MIT */
/* Recognition of compressed files. */
#ifndef EG_IO_COMPRESSED_DECOMPRESS_H
#define EG_IO_COMPRESSED_DECOMPRESS_H

#include "io/io.h"

/* Makes the input deliver the content if it begins as a gzip file or a zip archive. EG_UNSUPPORTED:
 * an archive that cannot be read as one file; the input still delivers its bytes. */
eg_status eg_input_decompress(eg_input *input, eg_error *error);

#endif
