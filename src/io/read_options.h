/* SPDX-License-Identifier: MIT */
/* Questions about eg_read_options that several readers ask. */
#ifndef EG_IO_READ_OPTIONS_H
#define EG_IO_READ_OPTIONS_H

#include "edgegrad.h"

/* Returns true if elevations are decoded from colours. */
static inline bool eg_decodes_colours(const eg_read_options *options)
{
    return options->encoding != EG_ENCODING_NONE && options->encoding != EG_ENCODING_GREY;
}

/* Returns true if the indices of a palette are values, as those of class maps; else its colours
 * are read. */
static inline bool eg_reads_indices(const eg_read_options *options)
{
    return options->as_values && options->encoding == EG_ENCODING_NONE;
}

/* Returns the index of the band whose values are read. */
static inline int eg_band_index(const eg_read_options *options)
{
    return options->band > 0 ? options->band - 1 : 0;
}

#endif
