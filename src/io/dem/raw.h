/* SPDX-License-Identifier: MIT */
/* Samples as they lie in memory, without a header of their own: what .hgt, .bil and .flt files
 * hold. */
#ifndef EG_IO_DEM_RAW_H
#define EG_IO_DEM_RAW_H

#include "io/georef/georef_source.h"

typedef enum eg_raw_type {
    EG_RAW_U8,
    EG_RAW_S8,
    EG_RAW_U16,
    EG_RAW_S16,
    EG_RAW_U32,
    EG_RAW_S32,
    EG_RAW_F32,
    EG_RAW_F64,
    EG_RAW_TYPES
} eg_raw_type;

/* Where one band of samples lies in a file. */
typedef struct eg_raw_layout {
    const char *format; /* for eg_info */
    int channels;
    size_t width, height;
    eg_raw_type type;
    bool big_endian;
    uint64_t skip;      /* bytes before the first row */
    uint64_t row_bytes; /* from row to row */
    size_t step;        /* from sample to sample */
} eg_raw_layout;

size_t eg_raw_bytes(eg_raw_type type); /* of a sample */

/* Bytes from the file's beginning to the end of the last sample: false where that passes 64 bits.
 */
bool eg_raw_size(const eg_raw_layout *layout, uint64_t *bytes);

/* A source of those rows. Takes over `input` and what `place` holds, success or not; samples of
 * place->georef.nodata are missing. Width and height have been checked against the limits, and
 * eg_raw_size() holds. */
eg_status eg_raw_open(eg_source **source, eg_input *input, const eg_read_options *options,
                      const eg_raw_layout *layout, eg_georef_data *place, eg_error *error);

#endif
