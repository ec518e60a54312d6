/* SPDX-License-Identifier: MIT */
/* Drawings, text and screenshots: small images that need a small sigma. */
#ifndef EG_EDGE_DRAWING_H
#define EG_EDGE_DRAWING_H

#include "core/stream.h"
#include "edge/colour/field_histogram.h"

#define EG_DRAWING_SIGMA 0.8 /* pixels: lines three pixels apart stay apart */

/* All rows of an image in memory, as a source. */
typedef struct eg_image_copy {
    eg_source base;
    char *rows;
    size_t stride;  /* bytes from row to row */
    eg_span window; /* that of the copied source, and its description */
    eg_info window_info;
    bool flat; /* most pixels equal their neighbour */
} eg_image_copy;

/* Reads all rows of `source`, which may have a window; the copy has the same. Release it also on
 * failure. */
eg_status eg_image_copy_read(eg_image_copy *copy, eg_source *source, eg_error *error);
void eg_image_copy_release(eg_image_copy *copy);

/* Prepares the copy to be read again; `whole`: without its window, and without progress. */
void eg_image_copy_rewind(eg_image_copy *copy, bool whole);

/* Returns true if the histogram of the field at EG_DRAWING_SIGMA is that of a drawing: most pixels
 * have no gradient, and the edges are strong ones, without texture or noise. */
bool eg_is_drawing(const eg_field_histogram *histogram);

#endif
