/* SPDX-License-Identifier: MIT */
/* Random access to an input, from several threads at a time. */
#ifndef EG_IO_RANDOM_ACCESS_H
#define EG_IO_RANDOM_ACCESS_H

#include "io/io.h"

/* A regular file is read where it is; anything else is kept in memory, which is counted. */
typedef struct eg_random_access eg_random_access;

/* What `input` still has, from byte 0 on. It stays the caller's and must outlive the spool; it is
 * not read from again. */
eg_status eg_random_access_open(eg_random_access **spool, eg_input *input, eg_error *error);
void eg_random_access_close(eg_random_access *spool); /* accepts NULL */

uint64_t eg_random_access_size(const eg_random_access *spool);

/* Copies up to `size` bytes from `at` on; *got is less only where the file ends. */
eg_status eg_random_access_read(const eg_random_access *spool, uint64_t at, void *bytes,
                                size_t size, size_t *got, eg_error *error);

/* Copies `count` rows of `row_bytes` that follow each other in the file to rows `stride` bytes
 * apart; *got, in bytes, is less than all of them only where the file ends. */
eg_status eg_random_access_read_rows(const eg_random_access *spool, uint64_t at, void *rows,
                                     size_t stride, size_t row_bytes, size_t count, size_t *got,
                                     eg_error *error);

#endif
