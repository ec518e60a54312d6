/* SPDX-License-Identifier: MIT */
/* Raw samples without a header, as in .hgt, .bil and .flt files. */
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

/* Position of one band's samples in a file. */
typedef struct eg_raw_layout {
    const char *format; /* for eg_info */
    int channels, band; /* number of bands; index of the one that is read */
    size_t width, height;
    eg_raw_type type;
    bool big_endian;
    uint64_t skip;      /* bytes before the first row */
    uint64_t row_bytes; /* bytes from row to row */
    size_t step;        /* bytes from sample to sample */
} eg_raw_layout;

size_t eg_raw_bytes(eg_raw_type type); /* size of a sample */

/* Computes the bytes from the file's start to the end of the last sample; false if they exceed 64
 * bits. */
bool eg_raw_size(const eg_raw_layout *layout, uint64_t *bytes);

/* Opens a source of the band's rows. Takes ownership of `input` and of the contents of
 * *georef_data, also on failure. Samples equal to georef_data->georef.nodata, if there is one, are
 * missing. The caller must have checked width and height against the limits, and that eg_raw_size()
 * returns true. */
eg_status eg_raw_open(eg_source **source, eg_input *input, const eg_read_options *options,
                      const eg_raw_layout *layout, eg_georef_data *georef_data, eg_error *error);

#endif
