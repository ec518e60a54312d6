/* SPDX-License-Identifier: MIT */
/* The TIFF reader: the directory, georeferencing, and decoding, of rare codecs by libtiff. */
#ifndef EG_IO_TIFF_TIFF_READ_H
#define EG_IO_TIFF_TIFF_READ_H

#include "core/georef.h"
#include "core/shared_child.h"
#include "io/codecs/decoder.h"
#include "io/codecs/predictor.h"
#include "io/georef/georef_source.h"
#include "io/pixels/samples.h"
#include "io/random_access.h"
#include "io/tiff/tiff_entries.h"
#include "io/tiff/tiff_library.h"
#include "io/tiff/tiff_open.h"

/* ---- libtiff (tiff_client.c) ----------------------------------------------------------------- */

/* A libtiff handle with its callbacks' state. One thread may use it at a time. It must not move in
 * memory while it is open, because libtiff holds a pointer to it. */
typedef struct eg_tiff_client {
    TIFF *tiff; /* NULL: not open */
    eg_input *input;
    const eg_random_access *access;
    bool tolerate;
    uint64_t position;    /* read position in the file, in bytes */
    uint64_t read_budget; /* bytes libtiff may still read; limited while it reads the directory */
    bool past_end;        /* a read reached beyond the end of the file */
    bool proven;          /* a block has been decoded */
    bool healthy;         /* no allocation has failed in libtiff */
    void *stack;          /* of calls in a child process */
    bool crashed;         /* such a call did not come back: the handle is not to be used */
    char message[200];    /* first error message of libtiff since the last reset */
    eg_error read_error;  /* failure of the operating system to read the file */
} eg_tiff_client;

/* Opens the file and reads the directory at offset `directory`. A failure leaves nothing to close.
 */
eg_status eg_tiff_client_open(eg_tiff_client *client, eg_input *input,
                              const eg_random_access *access, uint64_t directory, bool tolerate,
                              eg_error *error);
void eg_tiff_client_close(eg_tiff_client *client); /* accepts a zeroed one */

/* Calls step(opaque), which may crash where there is no memory, in a child process. Returns false
 * if it did. */
bool eg_tiff_client_call(eg_tiff_client *client, void (*step)(void *opaque), void *opaque);

/* Clears the errors of earlier calls. Call it before a libtiff function whose failure is reported
 * with eg_tiff_client_fail(). */
void eg_tiff_client_reset(eg_tiff_client *client);

/* Returns true if an allocation has failed since the last reset, by errno, because libtiff goes on
 * without some of its memory and returns success: what it has read or decoded is not to be used. */
bool eg_tiff_client_lacks_memory(void);

/* Reports why the last libtiff call failed, as "name: WHAT is damaged: libtiff's message". */
eg_status eg_tiff_client_fail(const eg_tiff_client *client, eg_error *error, const char *what);

/* ---- the directory (tiff_directory.c) -------------------------------------------------------- */

/* Conversion of colours to RGB of the same depth (tiff_colours.c, tiff_lab.c). */
typedef enum eg_tiff_conversion {
    EG_TIFF_NO_CONVERSION,
    EG_TIFF_YCBCR, /* only if three planes are wanted; otherwise the luma is the grey */
    EG_TIFF_CIELAB,
    EG_TIFF_ICCLAB
} eg_tiff_conversion;

enum { EG_TIFF_PLANES = 5 }; /* red, green, blue and alpha, or four inks and alpha */

/* Layout and sample format of the image, from its tags. A block is a tile or a strip. */
typedef struct eg_tiff_image {
    bool is_mask; /* set before eg_tiff_image_read(): a mask, whose values are read */
    size_t width, height;
    bool tiled;
    size_t block_width, block_height;  /* strips: block_width is the image's width */
    size_t blocks_across, blocks_down; /* blocks per row and per column of the image */
    uint16_t bits_per_sample, samples_per_pixel;
    uint16_t compression;
    bool native; /* decoded without libtiff, by `codec` and `predictor` */
    eg_codec codec;
    eg_predictor predictor;
    bool reversed;      /* native: the bits of the bytes are stored in reverse */
    bool separate;      /* each sample of a pixel is stored in a plane of its own */
    size_t plane_count; /* planes that are read; 1 if the samples are interleaved */
    /* indices in a pixel of the samples that are read from separate planes or unpacked */
    uint32_t channel_index[EG_TIFF_PLANES];
    bool plain_bytes; /* no compression, and bits stored from the highest to the lowest */
    bool jpeg_ycbcr;  /* YCbCr in JPEG, which libtiff converts to RGB */
    bool packed;      /* integers of other than 8, 16, 32 and 64 bits */
    bool is_signed;   /* these are signed */
    bool subsampled;  /* YCbCr in data units */
    bool luma_only;   /* three planes are wanted, but the chroma cannot be read */
    eg_tiff_conversion conversion;
    /* EG_TIFF_YCBCR: Y, Cb and Cr are (sample - zero) * scale; Y of 0..255 */
    float ycbcr_zero[3], ycbcr_scale[3];
    double lab_to_rgb[3][3]; /* L*a*b*: from tristimulus values relative to white to linear RGB */
    uint16_t subsampling[2]; /* pixels of a data unit across and down */
    size_t row_bytes;        /* bytes in a row of one plane of a decoded block */
    size_t plane_bytes;      /* bytes in one plane of a decoded block */
    uint8_t table[256];      /* grey per index; see eg_samples.table */
    uint8_t palette[256][3]; /* colour per index; see eg_samples.palette */
    uint8_t scale[256];      /* value or intensity per packed unsigned integer of up to 8 bits */
    eg_samples samples;      /* conversion of rows that eg_tiff_arrange_row() returns */
} eg_tiff_image;

/* Returns the number of the plane in the file that has channel `i` of those that are read. */
static inline uint32_t eg_tiff_plane(const eg_tiff_image *image, size_t i)
{
    return image->separate ? image->channel_index[i] : 0;
}

/* Reads the tags into *image and *info. Fails with EG_UNSUPPORTED if the image cannot be read. */
eg_status eg_tiff_image_read(eg_tiff_image *image, eg_info *info, const eg_tiff_directory *tags,
                             const eg_read_options *options, eg_error *error);

/* Finds the mask of the image with the directory `image`: one of the following directories,
 * before that of the next image, with NewSubfileType 4 and the same size. *offset is its offset;
 * 0: none. Warns in `source` if a mask cannot be used. (tiff_mask.c) */
eg_status eg_tiff_mask_find(uint64_t *offset, const eg_tiff_directory *image, eg_source *source,
                            eg_error *error);

/* Read the tags of CMYK, of YCbCr that libtiff does not convert to RGB, and of L*a*b*; called when
 * the sample type is known. EG_UNSUPPORTED: variants that cannot be read. (tiff_colours.c,
 * tiff_lab.c) */
eg_status eg_tiff_cmyk_read(eg_tiff_image *image, const eg_tiff_directory *directory,
                            eg_error *error);
eg_status eg_tiff_ycbcr_read(eg_tiff_image *image, const eg_tiff_directory *directory,
                             eg_error *error);
eg_status eg_tiff_lab_read(eg_tiff_image *image, bool icc, const eg_tiff_directory *directory,
                           eg_error *error);

/* Convert a row of pixels in place: Y, Cb, Cr of 8 bits, or L*, a*, b* of 8 or 16 bits, the first
 * of the channels of a pixel, to RGB. */
void eg_tiff_ycbcr_row(const eg_tiff_image *image, uint8_t *row, size_t columns);
void eg_tiff_lab_row(const eg_tiff_image *image, uint8_t *row, size_t columns);

/* ---- georeferencing (tiff_georef.c, tiff_geokeys.c, tiff_metadata.c) --------------------------
 */

/* A tag's values as they are stored. */
typedef struct eg_tiff_tag {
    uint16_t type; /* TIFFDataType */
    size_t count;  /* number of values; 0: the file lacks the tag */
    void *values;  /* in native byte order, followed by a NUL byte; release with eg_free() */
} eg_tiff_tag;

/* Reads tag `number` if the file has it with `type`; otherwise sets tag->count to 0.
 * (tiff_tags.c) */
eg_status eg_tiff_tag_read(eg_tiff_tag *tag, const eg_tiff_directory *directory, uint16_t number,
                           TIFFDataType type, eg_error *error);

enum { EG_TIFF_SHOWN = 32 }; /* bytes of an invalid text that a message shows, with its NUL */

/* GDAL's metadata of a band. */
typedef struct eg_tiff_metadata {
    int band; /* from 0; set by the caller */
    double scale, offset;
    char unit[32]; /* name of the unit of the values; "": not given */
    bool invalid;  /* a scale or an offset is no number, or the scale is 0 */
    /* text of a nodata value that is more or less than a number, for a message; else empty */
    char odd_nodata[EG_TIFF_SHOWN];
} eg_tiff_metadata;

/* Reads `size` characters of XML, which are overwritten and must be followed by '\0', and sets the
 * members that it has. Damaged XML is read up to the damage. */
void eg_tiff_metadata_read(eg_tiff_metadata *metadata, char *xml, size_t size);

/* Sets the coordinate system, units and ellipsoid from the GeoTIFF keys in data->tags. *is_point:
 * coordinates refer to cell centres (GTRasterTypeGeoKey is RasterPixelIsPoint). */
void eg_tiff_geokeys_read(eg_georef_data *data, bool *is_point);

/* Reads GeoTIFF's and GDAL's tags, of the values those of band `band`, from 0. What the file lacks
 * is read from the sidecar files beside it. */
eg_status eg_tiff_georef_read(eg_georef_data *georef_data, eg_tiff_metadata *metadata,
                              const eg_tiff_directory *directory, int band, eg_error *error);

/* ---- rows (tiff_blocks.c, tiff_unpack.c, tiff_raw.c)
 * -----------------------------------------------------
 */

/* Part of a table with a number for each block. */
typedef struct eg_tiff_table {
    uint64_t first, count; /* blocks of which it has the numbers */
    uint64_t numbers[128];
} eg_tiff_table;

/* Bytes of a strip whose rows are decoded in order. */
typedef struct eg_tiff_stream {
    const struct eg_tiff_source *reader;
    uint64_t at, left; /* offset of the next bytes, and their number */
    bool ended;        /* the file ends before the strip */
} eg_tiff_stream;

/* A worker thread's decoder and buffers. */
typedef struct eg_tiff_worker {
    eg_tiff_table offsets, sizes; /* of blocks near the last one */
    eg_tiff_client client;        /* of codecs that are not native; opened at first use */
    size_t reserved;              /* bytes of memory reserved for libtiff */
    eg_decoder *decoder;          /* of native codecs */
    uint8_t *stored;              /* bytes of a block as they are stored */
    size_t stored_capacity;
    uint8_t *scratch;            /* one row, of the predictor */
    eg_tiff_stream stream;       /* EG_TIFF_READ_SCANLINES */
    uint8_t *planes;             /* decoded rows, one plane after the other */
    uint8_t *row;                /* one row arranged by eg_tiff_arrange_row() */
    size_t lost_first, lost_end; /* EG_TIFF_READ_SCANLINES: range of rows that are damaged */
} eg_tiff_worker;

typedef enum eg_tiff_read_mode {
    EG_TIFF_READ_BLOCKS,    /* a row of tiles or several strips at a time, on all threads */
    EG_TIFF_READ_SCANLINES, /* row by row: strips too large to be decoded as a whole */
    EG_TIFF_READ_RAW        /* rows copied from the file: strips without compression */
} eg_tiff_read_mode;

typedef struct eg_tiff_source {
    eg_source base;
    eg_input *input;
    eg_random_access *access;
    bool shared; /* `input` and `access` are those of the image that this source is the mask of */
    uint64_t offset; /* of the directory; 0: the first one */
    eg_tiff_directory directory;
    eg_read_options options;
    eg_tiff_image image;
    eg_georef_data georef_data;
    eg_tiff_metadata metadata;
    eg_tiff_read_mode mode;
    eg_tiff_worker *workers;
    size_t worker_count;

    char *buffer;                      /* decoded and converted rows */
    size_t buffer_stride, buffer_rows; /* bytes from row to row; capacity in rows */
    size_t buffer_first, buffer_count; /* first row held, and number of rows held */
} eg_tiff_source;

/* Returns the decoded size in bytes of the first `rows` rows of one plane of a block. */
size_t eg_tiff_block_bytes(const eg_tiff_image *image, size_t rows);

/* Returns true if eg_tiff_arrange_row() changes anything. */
bool eg_tiff_rearranges(const eg_tiff_image *image);

/* Returns row y of a decoded block, of which planes[] has the planes that are read, with the
 * samples of a pixel side by side and unpacked: in `row`, or in the block if that has them so. */
const uint8_t *eg_tiff_arrange_row(const eg_tiff_image *image, uint8_t *row,
                                   const uint8_t *const planes[], size_t y, size_t columns);

/* Opens the worker's handle and allocates its buffers; does nothing if that has been done. */
eg_status eg_tiff_worker_open(eg_tiff_source *reader, eg_tiff_worker *worker, eg_error *error);
void eg_tiff_worker_close(eg_tiff_source *reader, eg_tiff_worker *worker);

/* Decodes rows from `first` on into the buffer, as many as fit. */
eg_status eg_tiff_buffer_fill(eg_tiff_source *reader, size_t first, eg_error *error);

/* Reads and converts rows straight from the file, without the buffer. */
eg_status eg_tiff_raw_read(eg_tiff_source *reader, char *rows, size_t stride, size_t first,
                           size_t count, eg_error *error);

/* Fills `columns` pixels of `count` rows for a block that the file omits (a sparse TIFF): with
 * missing values if the samples have a nodata value (8-bit samples: with that value), else with 0.
 * The worker's buffers are scratch memory. */
void eg_tiff_fill_sparse(const eg_tiff_source *reader, char *rows, size_t stride, size_t columns,
                         size_t count, const eg_tiff_worker *worker);

/* Finds the offset and stored size of block `index`; *present is false if the file omits it. *size
 * is 0 if the file does not tell it. (tiff_native.c) */
eg_status eg_tiff_block_find(const eg_tiff_source *reader, eg_tiff_worker *worker, uint32_t index,
                             bool *present, uint64_t *offset, uint64_t *size, eg_error *error);

/* Decodes the first `size` bytes, whole rows, of one plane of a block that has `stored` bytes at
 * `offset`. Reports damage as that of `what`. (tiff_native.c) */
eg_status eg_tiff_native_block(const eg_tiff_source *reader, eg_tiff_worker *worker,
                               uint64_t offset, uint64_t stored, uint8_t *out, size_t size,
                               const char *what, eg_error *error);

/* Decodes row y of a plane; the rows of a strip in order. (tiff_native.c) */
eg_status eg_tiff_native_row(const eg_tiff_source *reader, eg_tiff_worker *worker, size_t y,
                             uint32_t plane, uint8_t *out, const char *what, eg_error *error);

/* Open libtiff's handle, and decode as the functions of native codecs do. (tiff_foreign.c) */
eg_status eg_tiff_foreign_open(const eg_tiff_source *reader, eg_tiff_worker *worker,
                               eg_error *error);
eg_status eg_tiff_foreign_block(const eg_tiff_source *reader, eg_tiff_worker *worker,
                                uint32_t index, uint8_t *out, size_t size, const char *what,
                                eg_error *error);
eg_status eg_tiff_foreign_row(const eg_tiff_source *reader, eg_tiff_worker *worker, size_t y,
                              uint32_t plane, uint8_t *out, const char *what, eg_error *error);

#endif
