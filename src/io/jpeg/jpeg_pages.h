/* SPDX-License-Identifier: MIT */
/* The images of a Multi-Picture Object (CIPA DC-007): several JPEGs in a file, with an index. */
#ifndef EG_IO_JPEG_JPEG_PAGES_H
#define EG_IO_JPEG_JPEG_PAGES_H

#include "io/io.h"

/* Lists the images in source->pages if there are several, and goes to the start of number `page`
 * (0: the first). Nothing of `input` has been read. EG_USAGE: there is no such page. */
eg_status eg_jpeg_go_to_page(eg_source *source, eg_input *input, int page, eg_error *error);

#endif
