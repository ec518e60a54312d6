/* SPDX-License-Identifier: MIT */
/* A picture of known colours in every format that stores colours without loss, and reading rows of
 * planes. */
#ifndef TESTS_PLANES_MADE_H
#define TESTS_PLANES_MADE_H

#include "files.h"

enum { PICTURE_WIDTH = 37, PICTURE_HEIGHT = 29 };

typedef enum picture_kind {
    PICTURE_COLOURS, /* any colours; alpha 255 */
    PICTURE_ALPHA,   /* any colours and alpha, often 0 or 255 */
    PICTURE_KEY,     /* alpha 0 for all pixels of one colour, else 255 (tRNS) */
    PICTURE_PALETTE, /* colours of a palette; alpha 255 */
    PICTURE_PALETTE_ALPHA
} picture_kind;

/* A file of the picture: 16-bit samples are 257 times the 8-bit ones, floats are these / 255. */
typedef struct picture_file {
    const char *name;
    void (*write)(const struct picture_file *file, const char *path);
    picture_kind kind;
    int depth;
    bool interlaced;
    const char *header; /* PNM and PFM */
    int orientation;    /* PNG: EXIF; 0: none */
} picture_file;

extern const picture_file picture_files[];
extern const size_t picture_file_count;

/* Returns the path of the file in the scratch folder, which it writes. */
const char *write_picture(const picture_file *file);

/* Writes a PNG; for picture_file.write. */
void write_picture_png(const picture_file *file, const char *path);

/* Returns channel `k` (3: alpha) of a pixel, 8 bits. */
unsigned picture_at(picture_kind kind, size_t x, size_t y, int k);

/* Returns the sample of plane `k` that a reader should deliver: NaN, or within 1/256 of it. */
double picture_plane(const picture_file *file, size_t x, size_t y, int k,
                     const eg_read_options *options);

/* The planes of a source; unused ones are zeroed. */
typedef struct plane_grids {
    eg_grid plane[3];
    int count;
} plane_grids;

/* Reads all rows of a source, `at_once` at a time. Fails the test on error, or if memory beside the
 * samples is changed. */
plane_grids read_planes(eg_context *ctx, eg_source *source, size_t at_once);
void free_planes(plane_grids *planes);

/* Opens and reads a file likewise. */
plane_grids load_planes(eg_context *ctx, const char *path, const eg_read_options *options,
                        size_t at_once);

/* Returns the default options with colour_planes. */
eg_read_options plane_options(void);

eg_source *open_source(eg_context *ctx, const char *path, const eg_read_options *options);

/* Fails unless both have the same planes; NaN equals NaN. */
void assert_planes_equal(const plane_grids *a, const plane_grids *b);

#endif
