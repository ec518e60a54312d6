/* SPDX-License-Identifier: MIT */
/* Files for the tests: listing, reading, writing, a scratch folder, and loading pictures from
 * bytes. */
#ifndef TESTS_FILES_H
#define TESTS_FILES_H

#include "support.h"

typedef struct file_bytes {
    uint8_t *data;
    size_t size;
} file_bytes;

/* The whole file, or a failed test. free() the data. */
file_bytes read_bytes(const char *path);
void write_bytes(const char *path, const void *data, size_t size);

typedef struct file_list {
    char **paths;
    size_t count;
} file_list;

/* The regular files of `folder` whose names end in `suffix`, sorted; a failed test if there are
 * none. */
file_list list_files(const char *folder, const char *suffix);
void free_files(file_list *list);

/* corpus_path() in memory of its own; skips the test, saying so, where the corpus lacks it. */
char *need_corpus(const char *name);

/* The part of `path` after its last slash. */
const char *base_name(const char *path);

/* Group fixtures: a new empty folder, and its removal with all that is in it. */
int make_scratch(void **state);
int remove_scratch(void **state);

/* "SCRATCH/name", in one of a few static buffers used in turn; "" gives the folder itself. */
const char *scratch(const char *name);
size_t scratch_entries(void); /* hidden ones too */

/* One thread, 16 million pixels, 256 MB: what a hostile file may use. */
eg_context *small_context(void);

/* Frees the context after checking that nothing allocated with it is left. */
void close_context(eg_context *ctx);

/* A path by which `data` can be opened as a file; close(2) *descriptor after use. */
const char *bytes_path(char path[32], int *descriptor, const void *data, size_t size);

eg_status load_bytes(eg_grid *grid, eg_context *ctx, const void *data, size_t size,
                     const eg_read_options *options, eg_error *error);

/* eg_load(), or a failed test. */
void load_grid(eg_grid *grid, eg_context *ctx, const char *path, const eg_read_options *options);

/* Both files hold the same grid. */
void assert_same_picture(eg_context *ctx, const char *a, const char *b);

/* eg_edges() with its defaults, from a file into a grid, which is to be freed in any case, or a
 * file. */
eg_status edges_to_grid(eg_grid *grid, eg_context *ctx, const char *path,
                        const eg_read_options *options, eg_error *error);
eg_status edges_to_file(eg_context *ctx, const char *in, const char *out, eg_error *error);

/* Largest and mean absolute difference of two grids of the same size. */
double largest_difference(const eg_grid *a, const eg_grid *b);
double mean_difference(const eg_grid *a, const eg_grid *b);

#endif
