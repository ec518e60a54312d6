/* SPDX-License-Identifier: MIT */
/* The TIFF writer: a file's layout, the coders that compress its blocks, and georeferencing. */
#ifndef EG_IO_TIFF_TIFF_WRITE_H
#define EG_IO_TIFF_TIFF_WRITE_H

#include "io/io.h"
#include "io/tiff/tiff_library.h"

#if defined(TIFFLIB_VERSION) && !defined(TIFFLIB_AT_LEAST)
#error "libtiff 4.5 or later is required: run tools/install-deps"
#endif

/* ---- the layout (tiff_layout.c) -------------------------------------------------------------- */

/* Sample format, codec and blocks of a file. A block is a tile or a strip. */
typedef struct eg_tiff_layout {
    uint32_t width, height; /* of the image, in pixels */
    uint16_t bits_per_sample, sample_format;
    uint16_t compression, predictor; /* TIFF's constants; predictor 0: the codec has none */
    int level;                       /* compression level of DEFLATE and ZSTD */
    bool tiled;
    uint32_t block_width, block_height; /* strips: block_width is the image's width */
    uint32_t blocks_across;             /* blocks per row of blocks */
    uint32_t block_count;               /* all blocks of the file */
    size_t row_bytes;                   /* bytes in a row of a block */
    size_t block_bytes;                 /* uncompressed size of a block */
} eg_tiff_layout;

/* Returns how many blocks of `block` pixels cover `length` pixels (at least 1). */
static inline uint32_t eg_tiff_block_count(size_t length, uint32_t block)
{
    return (uint32_t)((length - 1) / block + 1);
}

/* Returns EG_USAGE if codec, compression level and predictor do not go together. */
eg_status eg_tiff_check_options(const eg_output *output, const eg_write_options *options,
                                eg_error *error);

/* Chooses the layout of a file for the raster. The options must have passed
 * eg_tiff_check_options(). */
eg_status eg_tiff_choose_layout(eg_tiff_layout *layout, const eg_output *output,
                                const eg_write_options *options, const eg_layout *raster,
                                eg_error *error);

/* Returns an upper bound for the size of a compressed block, in bytes. */
size_t eg_tiff_block_bound(const eg_tiff_layout *layout);

/* Returns true if the file could exceed 32-bit offsets, so that it has to be a BigTIFF. */
bool eg_tiff_is_big(const eg_tiff_layout *layout);

/* Sets the layout's tags; false if libtiff refuses one. */
bool eg_tiff_set_layout(TIFF *tif, const eg_tiff_layout *layout);

/* Callbacks of libtiff for a file that is only written. */
typedef struct eg_tiff_callbacks {
    TIFFReadWriteProc on_write;
    TIFFSeekProc on_seek;
    TIFFSizeProc on_size;
    TIFFErrorHandlerExtR on_error;
} eg_tiff_callbacks;

/* Opens a libtiff handle over the callbacks, which receive `opaque`; warnings are ignored. Returns
 * NULL on failure. */
TIFF *eg_tiff_open_callbacks(const char *name, const char *mode, void *opaque,
                             const eg_tiff_callbacks *callbacks);

/* ---- coders (tiff_coder.c) ------------------------------------------------------------------- */

/* Compresses blocks, one at a time, with any codec of libtiff: writes them to an in-memory TIFF of
 * the same layout and keeps only the bytes of the block. */
typedef struct eg_tiff_coder {
    TIFF *tif; /* NULL: not open */
    eg_context *ctx;
    const char *name;      /* of the output file, for messages */
    size_t reserved;       /* bytes of memory reserved for libtiff */
    uint8_t *samples;      /* input: samples of one block, filled in before eg_tiff_coder_run() */
    uint8_t *out;          /* output buffer; NULL: bytes are only counted */
    size_t used, capacity; /* of `out`, in bytes */
    eg_error failure;      /* first error inside libtiff */
} eg_tiff_coder;

eg_status eg_tiff_coder_open(eg_tiff_coder *coder, eg_context *ctx, const char *name,
                             const eg_tiff_layout *layout, eg_error *error);

/* Compresses the first `bytes` of coder->samples as block number `block` into `out`, which must
 * have eg_tiff_block_bound() bytes. *size is the compressed size. out NULL: only computes *size. */
eg_status eg_tiff_coder_run(eg_tiff_coder *coder, const eg_tiff_layout *layout, uint32_t block,
                            size_t bytes, uint8_t *out, size_t *size, eg_error *error);
void eg_tiff_coder_close(eg_tiff_coder *coder); /* accepts a zeroed one */

/* ---- georeferencing (tiff_georef_write.c) ---------------------------------------------------- */

/* Sets GeoTIFF's tags and GDAL's nodata tag from the layout; unknown values are omitted. */
eg_status eg_tiff_set_georef(TIFF *tif, eg_context *ctx, const eg_layout *layout, eg_error *error);

#endif
