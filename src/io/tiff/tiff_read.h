/* SPDX-License-Identifier: MIT */
/* The parts of the TIFF reader: libtiff on a spool, what a picture's tags say, its samples, its
 * place. */
#ifndef EG_IO_TIFF_TIFF_READ_H
#define EG_IO_TIFF_TIFF_READ_H

#include "core/georef.h"
#include "io/georef/georef_source.h"
#include "io/pixels/samples.h"
#include "io/random_access.h"
#include "io/tiff/tiff_library.h"
#include "io/tiff/tiff_open.h"

/* ---- libtiff (tiff_client.c) ----------------------------------------------------------------- */

/* One of libtiff's handles, to be used by one thread at a time and not to be moved while it is
 * open. */
typedef struct eg_tiff_client {
    TIFF *tiff; /* NULL: not open */
    eg_input *input;
    const eg_random_access *spool;
    bool tolerate;
    uint64_t at;       /* in the spool */
    uint64_t budget;   /* bytes that may still be read; the directory's are limited */
    bool past_end;     /* something was looked for behind the end of the file */
    char message[200]; /* the first that libtiff had to say since the last reset */
    eg_error failure;  /* of the operating system's */
} eg_tiff_client;

/* Reads the first directory. A failure leaves nothing to close. */
eg_status eg_tiff_client_open(eg_tiff_client *client, eg_input *input,
                              const eg_random_access *spool, bool tolerate, eg_error *error);
void eg_tiff_client_close(eg_tiff_client *client); /* accepts a zeroed one */

/* Before a call of libtiff: forgets what was wrong with earlier ones. */
void eg_tiff_client_reset(eg_tiff_client *client);

/* Why a call of libtiff failed: "name: WHAT is damaged: libtiff's words". */
eg_status eg_tiff_client_fail(const eg_tiff_client *client, eg_error *error, const char *what);

/* ---- the directory (tiff_directory.c) -------------------------------------------------------- */

enum { EG_TIFF_PLANES = 4 }; /* red, green, blue, alpha */

/* What the picture's tags say. A block is a tile or a strip. */
typedef struct eg_tiff_image {
    size_t width, height;
    bool tiled;
    size_t block_width, block_height; /* strips: the picture's width */
    size_t across, down;              /* blocks side by side, and on top of each other */
    uint16_t bits, samples;           /* bits of a sample, samples of a pixel */
    uint16_t compression;
    bool separate; /* each sample of a pixel is in a plane of its own */
    /* of them that are read, `plane_at` in the file; 1 where they are not separate */
    size_t planes;
    uint32_t plane_at[EG_TIFF_PLANES];
    bool plain_bytes;   /* neither compressed nor with the bits of a byte reversed */
    bool subsampled;    /* JPEG's colours, which libtiff turns to RGB */
    size_t row_bytes;   /* of a decoded block's row, in one plane */
    size_t plane_bytes; /* of a decoded block, in one plane */
    uint8_t table[256]; /* see eg_samples.table */
    eg_samples how;
} eg_tiff_image;

/* Reads and checks it, and fills in *info. */
eg_status eg_tiff_image_read(eg_tiff_image *picture, eg_info *info, const eg_tiff_client *client,
                             const eg_read_options *options, eg_error *error);

/* ---- the place (tiff_georef.c, tiff_geokeys.c, tiff_metadata.c) -------------------------------
 */

/* A tag as it is stored; libtiff cuts off the last character of texts that lack their end. */
typedef struct eg_tiff_tag {
    uint16_t type; /* TIFFDataType */
    size_t count;  /* of values; 0: there is no such tag */
    void *values;  /* in native byte order; texts are terminated. Of eg_alloc() */
} eg_tiff_tag;

/* Tag `number` if it is there with `type`. (tiff_tags.c) */
eg_status eg_tiff_tag_read(eg_tiff_tag *tag, const eg_tiff_client *client, uint16_t number,
                           TIFFDataType type, eg_error *error);

/* What GDAL's tags say of the first band. */
typedef struct eg_tiff_metadata {
    double scale, offset;
    double vertical_unit; /* metres; 0: not said */
} eg_tiff_metadata;

void eg_tiff_metadata_read(eg_tiff_metadata *metadata, const char *xml);

/* What the keys in `tags` say: crs, units, ellipsoid; *is_point: coordinates are of the cells'
 * middles. */
void eg_tiff_geokeys_read(eg_georef *georef, const eg_geotags *tags, bool *is_point);

/* Both of them. What is said nowhere in the file may be said in world and .prj files beside it. */
eg_status eg_tiff_georef_read(eg_georef_data *place, eg_tiff_metadata *metadata,
                              const eg_tiff_client *client, eg_error *error);

/* ---- rows (tiff_blocks.c, tiff_direct.c) ------------------------------------------------------
 */

/* What a thread needs to decode blocks. */
typedef struct eg_tiff_worker {
    eg_tiff_client client; /* opened when it is first needed */
    size_t charged;        /* for what libtiff allocates */
    uint8_t *planes;       /* decoded rows, plane after plane */
    uint8_t *mixed;        /* a row of separate planes, pixel by pixel */
    size_t lost, lost_end; /* by lines: rows that could not be read */
} eg_tiff_worker;

typedef enum eg_tiff_read_mode {
    EG_TIFF_BY_BLOCK, /* a row of tiles or several strips at a time, on all threads */
    EG_TIFF_BY_LINE,  /* strips too large to be decoded at once */
    EG_TIFF_DIRECT    /* nothing to decode: rows are read from where they lie in the file */
} eg_tiff_read_mode;

typedef struct eg_tiff_source {
    eg_source base;
    eg_input *input;
    eg_random_access *spool;
    eg_read_options options;
    eg_tiff_image picture;
    eg_georef_data place;
    eg_tiff_metadata metadata;
    eg_tiff_read_mode way;
    eg_tiff_worker *workers;
    size_t worker_count;

    char *band;                    /* decoded rows, as they are handed out */
    size_t band_stride, band_rows; /* bytes from row to row; the most rows it holds */
    size_t band_first, band_count; /* what it holds */
} eg_tiff_source;

/* Opens the worker, or what it lacks of that. */
eg_status eg_tiff_worker_open(eg_tiff_source *opaque, eg_tiff_worker *worker, eg_error *error);
void eg_tiff_worker_close(eg_tiff_source *opaque, eg_tiff_worker *worker);

/* Fills the band with rows from `first` on. */
eg_status eg_tiff_band_read(eg_tiff_source *opaque, size_t first, eg_error *error);

/* Reads rows straight from the file. */
eg_status eg_tiff_direct_read(eg_tiff_source *opaque, char *rows, size_t stride, size_t first,
                              size_t count, eg_error *error);

/* Columns of rows of a block that was left out of the file on purpose, and so is all missing, or
 * else 0. `row` has room for a decoded row. */
void eg_tiff_leave_out(const eg_tiff_source *opaque, char *rows, size_t stride, size_t columns,
                       size_t count, uint8_t *row);

/* Where block `index` lies; *there is false where it was left out. */
eg_status eg_tiff_block_find(eg_tiff_worker *worker, uint32_t index, bool *there, uint64_t *at,
                             uint64_t *bytes, eg_error *error);

#endif
