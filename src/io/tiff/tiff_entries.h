/* SPDX-License-Identifier: MIT */
/*
 * A directory of a TIFF (TIFF 6.0, section 2; BigTIFF), read without libtiff, which out of memory
 * drops tags. What is read here is all there, or an error.
 */
#ifndef EG_IO_TIFF_TIFF_ENTRIES_H
#define EG_IO_TIFF_TIFF_ENTRIES_H

#include <tiff.h>

#include "io/random_access.h"

typedef struct eg_tiff_field {
    uint16_t tag, type;
    uint64_t count; /* number of values */
    uint64_t at;    /* offset of the values in the file */
    /* values in native byte order, of the tags that describe an image; NULL: not loaded */
    const uint8_t *values;
} eg_tiff_field;

typedef struct eg_tiff_directory {
    eg_input *input;
    const eg_random_access *access;
    bool tolerate;         /* tags that lie beyond the end of the file are ignored */
    bool big, swapped;     /* BigTIFF; bytes in the order that is not native */
    uint64_t offset, next; /* of the directory and the next one; 0: none */
    eg_tiff_field *fields;
    size_t count;
    uint8_t *values; /* memory of fields[].values */
} eg_tiff_directory;

/* Reads the directory at `offset`, with 0 the first one. A failure leaves nothing to free. */
eg_status eg_tiff_directory_read(eg_tiff_directory *directory, eg_input *input,
                                 const eg_random_access *access, uint64_t offset, bool tolerate,
                                 eg_error *error);
void eg_tiff_directory_free(eg_tiff_directory *directory); /* accepts a zeroed one */

/* Returns the field of the tag, NULL: the file lacks it. */
const eg_tiff_field *eg_tiff_find(const eg_tiff_directory *directory, unsigned tag);

/* Returns the size of a value of the type, 0: the type is unknown. */
size_t eg_tiff_type_bytes(unsigned type);

/* Returns value number `i` of the tag if that is an unsigned integer of up to 32 bits, else
 * `fallback`. */
uint32_t eg_tiff_number(const eg_tiff_directory *directory, unsigned tag, size_t i,
                        uint32_t fallback);

/* Returns the number of integers of the tag; 0: it is missing or has other values. */
size_t eg_tiff_number_count(const eg_tiff_directory *directory, unsigned tag);

/* Reads `count` numbers, fractions or integers; returns false if the tag is missing or has fewer.
 */
bool eg_tiff_floats(const eg_tiff_directory *directory, unsigned tag, float *values, size_t count);

/* Decodes an unsigned integer of `bytes` bytes in the file's byte order. */
uint64_t eg_tiff_integer(const eg_tiff_directory *directory, const uint8_t *p, size_t bytes);

/* Reads exactly `size` bytes; fails if the file ends before. */
eg_status eg_tiff_read_exactly(const eg_tiff_directory *directory, uint64_t offset, void *bytes,
                               size_t size, eg_error *error);

#endif
