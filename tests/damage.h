/* SPDX-License-Identifier: MIT */
/* What every reader owes to damaged and hostile files: a clean refusal, no crash, nothing left
 * over. */
#ifndef TESTS_DAMAGE_H
#define TESTS_DAMAGE_H

#include "files.h"

/* Fails unless `status` is one a damaged input may give and `error` says so in the name of `path`.
 */
void assert_clean_refusal(const char *path, eg_status status, const eg_error *error);

/* Every shorter version of the file is refused as damaged. */
void assert_prefixes_refused(const char *path);

/* Every byte changed in several ways, one at a time: the file is refused where `guarded` says that
 * the byte is under a check sum, and elsewhere is refused cleanly or read. */
void assert_flips_survived(const char *path, bool (*guarded)(const file_bytes *bytes, size_t at));

/* Reads every file of the folder as a grid and as edges, with and without `tolerate`. */
void assert_folder_survived(const char *folder);

#endif
