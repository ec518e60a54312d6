/* SPDX-License-Identifier: MIT */
/* The parts of the TIFF writer: the form of a file, the coders of its tiles, and its
 * georeferencing. */
#ifndef EG_IO_TIFF_TIFF_WRITE_H
#define EG_IO_TIFF_TIFF_WRITE_H

#include "io/io.h"
#include "io/tiff/tiff_library.h"

#if defined(TIFFLIB_VERSION) && !defined(TIFFLIB_AT_LEAST)
#error "libtiff 4.5 or later is needed, whose messages can be caught: tools/install-deps"
#endif

/* ---- the form (tiff_form.c) ------------------------------------------------------------------ */

/* What a file and the coders of its cells are told alike. A cell is a tile or a strip. */
typedef struct eg_tiff_layout {
    uint32_t width, height;
    uint16_t bits, sample_format;
    uint16_t compression, predictor; /* as TIFF numbers them; predictor 0: the codec has none */
    int level;                       /* of DEFLATE and ZSTD */
    bool tiled;
    uint32_t cell_width, cell_height; /* strips: cell_width is the picture's */
    uint32_t across, cells;           /* cells side by side, and all of them */
    size_t row_bytes, cell_bytes;     /* of one cell */
} eg_tiff_layout;

/* How many cells cover a length of at least 1. */
static inline uint32_t eg_tiff_cells(size_t length, uint32_t cell)
{
    return (uint32_t)((length - 1) / cell + 1);
}

/* EG_USAGE where codec, level and predictor do not go together. */
eg_status eg_tiff_check(const eg_output *output, const eg_write_options *options, eg_error *error);

/* What options that passed the check make of such rows. */
eg_status eg_tiff_plan(eg_tiff_layout *form, const eg_output *output,
                       const eg_write_options *options, const eg_layout *layout, eg_error *error);

/* Most bytes a cell can become; and whether they may all together be more than 32 bits count, so
 * that the file has to be a BigTIFF. */
size_t eg_tiff_bound(const eg_tiff_layout *form);
bool eg_tiff_is_big(const eg_tiff_layout *form);

bool eg_tiff_set_layout(TIFF *tif, const eg_tiff_layout *form);

/* What libtiff calls with `opaque`, to write and to say what is wrong. It is never asked to read,
 * and it is not heard where it only warns. */
typedef struct eg_tiff_file {
    TIFFReadWriteProc on_write;
    TIFFSeekProc on_seek;
    TIFFSizeProc on_size;
    TIFFErrorHandlerExtR on_error;
} eg_tiff_file;

TIFF *eg_tiff_client(const char *name, const char *mode, void *opaque, const eg_tiff_file *file);

/* ---- coders (tiff_coder.c) ------------------------------------------------------------------- */

/* Compresses cells, one at a time, with any codec that libtiff has: a TIFF of its own, in memory,
 * of the same form, of whose bytes only a cell's are kept. */
typedef struct eg_tiff_coder {
    TIFF *tif; /* NULL: not open */
    eg_context *ctx;
    const char *name; /* for messages */
    size_t charged;   /* for what libtiff allocates */
    uint8_t *samples; /* a cell's, to be filled before eg_tiff_coder_run() */
    uint8_t *out;     /* where its bytes go; NULL: they are only counted */
    size_t used, capacity;
    eg_error failure;
} eg_tiff_coder;

eg_status eg_tiff_coder_open(eg_tiff_coder *coder, eg_context *ctx, const char *name,
                             const eg_tiff_layout *form, eg_error *error);

/* Compresses the first `bytes` of coder->samples as cell number `cell` into `out`, which has room
 * for eg_tiff_bound(); NULL: only tells how many bytes it becomes. */
eg_status eg_tiff_coder_run(eg_tiff_coder *coder, const eg_tiff_layout *form, uint32_t cell,
                            size_t bytes, uint8_t *out, size_t *size, eg_error *error);
void eg_tiff_coder_close(eg_tiff_coder *coder); /* accepts a zeroed one */

/* ---- georeferencing (tiff_georef_write.c) ---------------------------------------------------- */

/* Sets GeoTIFF's tags, and GDAL's for missing cells, as far as the layout knows of them. */
eg_status eg_tiff_set_georef(TIFF *tif, eg_context *ctx, const eg_layout *layout, eg_error *error);

#endif
