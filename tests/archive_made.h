/* SPDX-License-Identifier: MIT */
/* Gzip files and zip archives written from their specifications (RFC 1952, PKWARE's APPNOTE), with
 * zlib for the compression. */
#ifndef TESTS_ARCHIVE_MADE_H
#define TESTS_ARCHIVE_MADE_H

#include "files.h"

/* Returns `data` as a gzip member. The caller frees `data` of the result. */
file_bytes make_gzip(const void *data, size_t size);

/* A file in an archive, and the values of its headers that differ from the usual ones. */
typedef struct zip_file {
    const char *name;
    const void *data;
    size_t size;
    bool stored;
    uint16_t flags, method; /* method 0: 0 if stored, else 8 */
    bool zip64;             /* sizes of 0xFFFFFFFF */
} zip_file;

/* Returns an archive of `count` files, with `comment` at its end. The caller frees `data` of the
 * result. */
file_bytes make_zip(const zip_file files[], size_t count, const char *comment);

/* Appends bytes. */
void append_bytes(file_bytes *to, const void *data, size_t size);

#endif
