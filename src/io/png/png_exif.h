/* SPDX-License-Identifier: MIT */
/* Reading of PNG chunks that libpng does not know, or not after the image data: the EXIF
 * orientation, in an eXIf chunk or in a text chunk as ImageMagick writes it, and animations. */
#ifndef EG_IO_PNG_PNG_EXIF_H
#define EG_IO_PNG_PNG_EXIF_H

#include "io/io.h"

/* Scans the bytes of a PNG for chunks with EXIF. The caller zeroes it, sets `ctx`, and calls
 * eg_png_exif_free(). */
typedef struct eg_png_exif {
    eg_context *ctx;
    int orientation;   /* 1..8; 0: no EXIF block so far */
    bool from_chunk;   /* true if it is that of an eXIf chunk, which takes precedence over text */
    uint32_t frames;   /* of an animation (APNG); 0: none */
    bool begun, ended; /* true after the signature, and after IEND */
    bool image_seen;   /* true from the image data on */

    uint8_t header[8]; /* length and type of the current chunk */
    size_t header_size;
    uint64_t left;         /* bytes of its data and checksum that are still to come */
    uint8_t *data;         /* data of a chunk that may contain EXIF; NULL: another chunk */
    size_t size, capacity; /* bytes of `data` */
} eg_png_exif;

/* Scans the next bytes of the file. EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_png_exif_scan(eg_png_exif *exif, const uint8_t *bytes, size_t size, eg_error *error);

/* Scans all chunks of a regular file, of which nothing has been read, skipping their data. Sets
 * *done to false if the input is not a regular file or has too many chunks. */
eg_status eg_png_exif_look(eg_png_exif *exif, eg_input *input, bool *done, eg_error *error);

void eg_png_exif_free(eg_png_exif *exif); /* accepts a zeroed one, and zeroes it */

#endif
