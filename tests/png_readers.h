/* SPDX-License-Identifier: MIT */
/* The two readers of PNG image data: the library's own decoder and libpng, its oracle. */
#ifndef TESTS_PNG_READERS_H
#define TESTS_PNG_READERS_H

#include "files.h"

/* The rows that a reader returned before it ended, and its verdict. */
typedef struct png_reading {
    bool handed_over; /* true if libpng did not decode the image data */
    eg_status status;
    eg_error error;
    size_t rows, height, row_bytes;
    uint8_t *data; /* free() it */
} png_reading;

/* Reads the file at `path`, `at_once` rows at a time. With `by_libpng` libpng decodes all. */
png_reading read_png(eg_context *ctx, const char *path, const eg_read_options *options,
                     bool by_libpng, size_t at_once);

/* Returns NULL if both readings agree, else what differs. A damaged stream may be refused for
 * another reason, because the decoders find damage at different places. */
const char *compare_png_readings(const png_reading *own, const png_reading *libpng);

/* Appends a chunk of that type and data, with its checksum. */
void put_png_chunk(file_bytes *to, const char *type, const uint8_t *data, size_t size);

/* Changes the checksums of all complete chunks of a PNG to the right ones. */
void mend_png_checksums(uint8_t *data, size_t size);

/* Returns true if zlib refuses the image data of a PNG for a Huffman code with unused bits, which
 * the library's decoder accepts if no such bits occur. */
bool has_incomplete_code(const uint8_t *data, size_t size);

#endif
