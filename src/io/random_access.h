/* SPDX-License-Identifier: MIT */
/* Random access to an input, from several threads at a time. */
#ifndef EG_IO_RANDOM_ACCESS_H
#define EG_IO_RANDOM_ACCESS_H

#include "io/io.h"

/* An input that can be read at any position. A regular file is read in place; the data of a pipe or
 * of a compressed file is kept in memory, which counts against max_memory. */
typedef struct eg_random_access eg_random_access;

/* Gives access to the unread bytes of `input`, the next of which becomes byte 0. The caller keeps
 * ownership of `input`, which must outlive the access and not be read otherwise. */
eg_status eg_random_access_open(eg_random_access **access, eg_input *input, eg_error *error);
void eg_random_access_close(eg_random_access *access); /* accepts NULL */

/* Returns the number of bytes. */
uint64_t eg_random_access_size(const eg_random_access *access);

/* Reads up to `size` bytes from position `at` on; *got is less only at the end of the data.
 * Thread-safe. */
eg_status eg_random_access_read(const eg_random_access *access, uint64_t at, void *bytes,
                                size_t size, size_t *got, eg_error *error);

/* Reads `count` contiguous rows of `row_bytes` bytes from position `at` on into rows `stride` bytes
 * apart. *got, in bytes, is less than count * row_bytes only at the end of the data. */
eg_status eg_random_access_read_rows(const eg_random_access *access, uint64_t at, void *rows,
                                     size_t stride, size_t row_bytes, size_t count, size_t *got,
                                     eg_error *error);

#endif
