/* SPDX-License-Identifier: MIT */
/* Files in tests: listing, reading and writing, a scratch folder, and loading images from memory.
 */
#ifndef TESTS_FILES_H
#define TESTS_FILES_H

#include "support.h"

typedef struct file_bytes {
    uint8_t *data;
    size_t size;
} file_bytes;

/* Reads a file; fails the test on error. The caller frees `data` with free(). */
file_bytes read_bytes(const char *path);

/* Writes a file; fails the test on error. */
void write_bytes(const char *path, const void *data, size_t size);

typedef struct file_list {
    char **paths;
    size_t count;
} file_list;

/* Returns the regular files of `folder` whose names end with `suffix`, sorted; fails the test if
 * there are none. */
file_list list_files(const char *folder, const char *suffix);
void free_files(file_list *list);

/* Returns corpus_path() in allocated memory; skips the test with a message if the corpus lacks it.
 */
char *need_corpus(const char *name);

/* Returns the part of `path` after its last slash. */
const char *base_name(const char *path);

/* Group fixtures: create the scratch folder, and remove it with its content. */
int make_scratch(void **state);
int remove_scratch(void **state);

/* Returns "SCRATCH/name" in one of 8 static buffers, used in turn; for "" the folder itself. */
const char *scratch(const char *name);
size_t scratch_entries(void); /* number of entries, with hidden ones */

/* Returns the options for reading samples as values, such as elevations. */
eg_read_options value_options(void);

/* Opens a file with value_options(); fails the test on error. */
eg_source *open_as_values(eg_context *ctx, const char *path);

/* Creates a context with limits for hostile files: one thread, 16 million pixels, 256 MB. */
eg_context *small_context(void);

/* Frees the context; fails the test if memory allocated with it was not freed. */
void close_context(eg_context *ctx);

/* Returns a path at which `data` can be opened as a file, until *descriptor is closed by the
 * caller. */
const char *bytes_path(char path[32], int *descriptor, const void *data, size_t size);

/* Returns a path at which `data`, at most 64 KB, can be read from a pipe, until *descriptor is
 * closed by the caller. */
const char *pipe_path(char path[32], int *descriptor, const void *data, size_t size);

/* Opens a file, reads all rows into a grid, which the caller frees also on failure, and copies the
 * first warning of the source into `warning`, of 512 bytes; empty: there is none. */
eg_status read_warned(eg_grid *grid, eg_context *ctx, const char *path,
                      const eg_read_options *options, char *warning, eg_error *error);

/* Calls eg_load() for the file content `data`. */
eg_status load_bytes(eg_grid *grid, eg_context *ctx, const void *data, size_t size,
                     const eg_read_options *options, eg_error *error);

/* Calls eg_load(); fails the test on error. */
void load_grid(eg_grid *grid, eg_context *ctx, const char *path, const eg_read_options *options);

/* Fails unless both files give the same grid. */
void assert_same_picture(eg_context *ctx, const char *a, const char *b);

/* Computes the edges of a file with default options, into a grid, which the caller frees also on
 * failure, or into a file. */
eg_status edges_to_grid(eg_grid *grid, eg_context *ctx, const char *path,
                        const eg_read_options *options, eg_error *error);
eg_status edges_to_file(eg_context *ctx, const char *in, const char *out, eg_error *error);

/* Returns the largest and the mean absolute difference of two grids of the same size. */
double largest_difference(const eg_grid *a, const eg_grid *b);
double mean_difference(const eg_grid *a, const eg_grid *b);

#endif
