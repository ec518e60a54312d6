/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share. A target is one file fuzz_NAME.c with the function that libFuzzer
 * calls; its seeds are the files in seeds/NAME and, if a line of its first comment is
 * "Extensions: png tif", the files in testdata/small with these; its words are those in
 * dictionaries/NAME. A line "libFuzzer: -max_len=512" has the options of its runs. It calls
 * require() for each guarantee.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgegrad.h"

/* Runs the target on one input; aborts if a guarantee does not hold. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Prints what does not hold, with the error if there is one, and aborts, unless `holds`. */
void require(bool holds, const char *what, const eg_error *error);

/* Returns a context of one thread and small limits: 16384 pixels, 64 MB. It is created by the first
 * call and shared. */
eg_context *fuzz_context(void);

/* Requires that no memory of fuzz_context() is held. */
void require_released(void);

/* Returns a copy of the bytes as a text, so that AddressSanitizer sees accesses beyond it. The
 * caller frees it with free(). */
char *fuzz_text(const uint8_t *data, size_t size);

/* Changes a PNG as libFuzzer does, and makes the checksums of most inputs right again, because a
 * wrong one ends the reading before the change is seen. Returns the new size. (png_mutator.c) */
size_t fuzz_mutate_png(uint8_t *data, size_t size, size_t max_size, unsigned seed);

/* ---- choices from bytes (bytes.c) ------------------------------------------------------------ */

/* The bytes of an input that have not been used. */
typedef struct fuzz_bytes {
    const uint8_t *at;
    size_t left;
} fuzz_bytes;

/* Takes up to 8 bytes as an integer, the first one lowest; 0 for bytes past the end. */
uint64_t take(fuzz_bytes *bytes, size_t count);

/* Takes a byte as a number from 0 to sides - 1; sides is at most 256. */
unsigned pick(fuzz_bytes *bytes, unsigned sides);

/* Takes a double: often a small integer or a simple fraction, seldom any bits. */
double take_number(fuzz_bytes *bytes);

/* ---- files (folder.c) -------------------------------------------------------------------------
 */

/* Returns the path of a file in a folder of this process, which is in memory where possible and is
 * removed at the end. The text is one of 4 static buffers, used in turn. */
const char *fuzz_path(const char *name);

/* Writes the file and returns its path. */
const char *fuzz_file(const char *name, const void *data, size_t size);

/* Removes all files of the folder. */
void fuzz_remove_files(void);

/* ---- readers and writers (reading.c, writing.c) ---------------------------------------------- */

/* Reads the bytes as the file `name`: as values or as colours, with options that the size chooses.
 * Requires that a failure has a message and blames the input, and that a window of rows has the
 * rows of the whole raster. */
void fuzz_read(const char *name, const uint8_t *data, size_t size);

/* Reads the file at `path`, which exists, likewise. `choice` chooses the options. */
void fuzz_read_path(const char *path, size_t choice);

/* Finds the edges of the file at `path`. */
void fuzz_find_edges(const char *path, size_t choice);

/* Writes a raster made from the bytes, with options and georeferencing from them, as `name`, reads
 * it, and requires that it has what the format keeps. */
void fuzz_round_trip(const char *name, const uint8_t *data, size_t size);

#endif
