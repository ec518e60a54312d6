/* SPDX-License-Identifier: MIT */
/* Reading of the chunks with a PNG's image data (IDAT), with the checks and messages of libpng. */
#ifndef EG_IO_PNG_PNG_IDAT_H
#define EG_IO_PNG_PNG_IDAT_H

#include "io/io.h"
#include "io/png/png_chunk.h"
#include "io/png/png_exif.h"

typedef struct eg_png_idat {
    eg_input *input;
    eg_png_exif *exif; /* scans what is read, if that was not possible before; NULL: not needed */
    uint32_t left;     /* bytes of the current chunk that are still to come */
    uint32_t crc;      /* of its type and its data so far */
    uint64_t taken;    /* bytes of data so far, of all chunks */
    bool ended;        /* true after the last chunk */
    uint8_t next[EG_PNG_CHUNK_HEADER]; /* header of the chunk after the last one */
} eg_png_idat;

/* Begins to read the chunk with that header, an IDAT. */
void eg_png_idat_begin(eg_png_idat *idat, eg_input *input, eg_png_exif *exif,
                       const uint8_t *header);

/* Sets *bytes and *size to the next data, valid until the next call; *size is 0 after the last
 * chunk or if *damage is set, to libpng's message. Errors: those of eg_input_read(). */
eg_status eg_png_idat_read(eg_png_idat *idat, const uint8_t **bytes, size_t *size,
                           const char **damage, eg_error *error);

#endif
