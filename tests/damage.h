/* SPDX-License-Identifier: MIT */
/* Tests of readers with damaged and hostile files: they must fail with a message, without a crash
 * or a leak. */
#ifndef TESTS_DAMAGE_H
#define TESTS_DAMAGE_H

#include "files.h"

/* Fails unless `status` is one of a damaged input and the message of `error` begins with `path`. */
void assert_clean_refusal(const char *path, eg_status status, const eg_error *error);

/* Checks that every prefix of the data that lacks more than `spare` bytes is refused as damaged,
 * and every longer one read with a warning. */
void assert_prefixes_refused_of(const char *name, const file_bytes *bytes, size_t spare);

/* The same for a file. */
void assert_prefixes_refused(const char *path, size_t spare);

/* Changes every byte of the file in several ways, one at a time. The file must be refused if
 * guarded() returns true (the byte is covered by a checksum), else refused cleanly or read. */
void assert_flips_survived(const char *path, bool (*guarded)(const file_bytes *bytes, size_t at));

/* Reads every file of the folder as a grid and as edges, with and without `tolerate`. */
void assert_folder_survived(const char *folder);

#endif
