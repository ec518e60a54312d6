/* SPDX-License-Identifier: MIT */
/*
 * The TIFF writer: a file's layout, the coders that compress its blocks, and its directory. libtiff
 * takes no part, because out of memory it drops tags and writes wrong samples.
 */
#ifndef EG_IO_TIFF_TIFF_WRITE_H
#define EG_IO_TIFF_TIFF_WRITE_H

#include <tiff.h>

#include "io/codecs/encoder.h"
#include "io/codecs/predictor.h"
#include "io/io.h"

/* ---- the layout (tiff_layout.c) -------------------------------------------------------------- */

/* Sample format, codec and blocks of a file. A block is a tile or a strip. */
typedef struct eg_tiff_layout {
    uint32_t width, height; /* of the image, in pixels */
    uint16_t bits_per_sample, sample_format;
    uint16_t channels;               /* 1, or 3: red, green, blue */
    uint16_t compression, predictor; /* TIFF's constants; predictor 0: the codec has none */
    eg_codec codec;                  /* unless compression is COMPRESSION_NONE */
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

/* ---- the directory (tiff_directory_write.c) --------------------------------------------------
 */

enum { EG_TIFF_TAGS = 32 };

/* A tag and its values: in native byte order, in `word` if they fit there. */
typedef struct eg_tiff_entry {
    uint16_t tag, type; /* type: TIFFDataType */
    uint64_t count;     /* number of values */
    size_t bytes;       /* size of the values */
    uint8_t word[8];
    void *values; /* NULL: in `word` */
} eg_tiff_entry;

/* The tags of a directory, sorted. */
typedef struct eg_tiff_tags {
    eg_context *ctx;
    eg_tiff_entry entries[EG_TIFF_TAGS];
    size_t count;
    eg_error failure; /* first error of eg_tiff_put() */
} eg_tiff_tags;

/* Adds a tag, or replaces it, with a copy of its values. After a failure, which it records in
 * tags->failure, it does nothing. */
void eg_tiff_put(eg_tiff_tags *tags, unsigned tag, TIFFDataType type, size_t count,
                 const void *values);
void eg_tiff_put_short(eg_tiff_tags *tags, unsigned tag, uint16_t value);
void eg_tiff_put_size(eg_tiff_tags *tags, unsigned tag, uint32_t value); /* SHORT if it fits */
void eg_tiff_put_text(eg_tiff_tags *tags, unsigned tag, const char *text);
void eg_tiff_tags_free(eg_tiff_tags *tags);

/* Adds the layout's tags. */
void eg_tiff_put_layout(eg_tiff_tags *tags, const eg_tiff_layout *layout);

/* Adds GeoTIFF's tags and GDAL's nodata tag; unknown values are omitted. (tiff_georef_write.c) */
void eg_tiff_put_georef(eg_tiff_tags *tags, const eg_layout *layout);

/* Writes the header, at the start of the output; returns its size. `big`: of a BigTIFF. */
eg_status eg_tiff_header_write(eg_output *output, bool big, uint64_t *size, eg_error *error);

/* Writes the directory at the end of the output, which has `end` bytes, and its offset to the
 * header. */
eg_status eg_tiff_directory_write(const eg_tiff_tags *tags, eg_output *output, bool big,
                                  uint64_t end, eg_error *error);

/* ---- buffered rows (tiff_buffer.c, tiff_trial.c) --------------------------------------------- */

/* Rows of blocks that are still to be compressed. */
typedef struct eg_tiff_buffer {
    uint8_t *bytes;        /* rows as in the file, padded to whole blocks */
    size_t stride;         /* bytes from row to row */
    size_t rows, capacity; /* rows held, rows that fit */
    uint32_t first_block;  /* number of the first block */
} eg_tiff_buffer;

/* Copies the first `rows` rows of a block to `out` and applies the predictor; rows beyond the image
 * repeat its last one. */
void eg_tiff_buffer_copy(const eg_tiff_buffer *buffer, const eg_tiff_layout *layout, int predictor,
                         uint32_t block, size_t rows, uint8_t *out);

/* Returns true if the layout leaves something to eg_tiff_choose_coding(). `any_predictor`: the
 * predictor may be replaced by none. */
bool eg_tiff_has_choice(const eg_tiff_layout *layout, bool any_predictor);

/* Sets predictor and level of the layout to those that suit the first `candidates` blocks of the
 * buffer, which holds as many, or all of the file. */
eg_status eg_tiff_choose_coding(eg_tiff_layout *layout, bool any_predictor,
                                const eg_tiff_buffer *buffer, uint32_t candidates, eg_context *ctx,
                                const char *name, eg_error *error);

/* ---- coders (tiff_coder.c) ------------------------------------------------------------------- */

/* Compresses blocks, one at a time. */
typedef struct eg_tiff_coder {
    eg_encoder *encoder; /* NULL: not open */
    const char *name;    /* of the output file, for messages */
    uint8_t *rows;       /* input: one block, with the predictor applied */
} eg_tiff_coder;

eg_status eg_tiff_coder_open(eg_tiff_coder *coder, eg_context *ctx, const char *name,
                             const eg_tiff_layout *layout, eg_error *error);

/* Compresses the first `bytes` of coder->rows, whole rows, into `out`, which must have
 * eg_tiff_block_bound() bytes. *size is the compressed size. */
eg_status eg_tiff_coder_run(eg_tiff_coder *coder, const eg_tiff_layout *layout, size_t bytes,
                            uint8_t *out, size_t *size, eg_error *error);
void eg_tiff_coder_close(eg_tiff_coder *coder); /* accepts a zeroed one */

#endif
