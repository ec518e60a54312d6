/* SPDX-License-Identifier: MIT */
/* The directory of a zip archive (PKWARE's APPNOTE 6.3). */
#ifndef EG_IO_COMPRESSED_ZIP_H
#define EG_IO_COMPRESSED_ZIP_H

#include "io/compressed/inflate.h"
#include "io/io.h"

enum { EG_ZIP_NAME_MAX = 255 };

/* Finds the member to read, its only file or else its only .hgt file, and copies the last part of
 * its name. `base` is the position of the archive in the file of `input`, `size` the archive's
 * length. EG_UNSUPPORTED: several files, or features of zip that are not supported. EG_BAD_INPUT:
 * the directory is damaged. */
eg_status eg_zip_find(eg_zip_member *member, char name[EG_ZIP_NAME_MAX + 1], const eg_input *input,
                      uint64_t base, uint64_t size, eg_error *error);

#endif
