/* SPDX-License-Identifier: MIT */
/* The headers of ESRI's grids, all of them lines of KEY VALUE: that in front of an ASCII grid and
 * that beside a .bil or .flt file. */
#ifndef EG_IO_DEM_GRID_HEADER_H
#define EG_IO_DEM_GRID_HEADER_H

#include "io/georef/georef_source.h"

typedef enum eg_grid_key {
    EG_KEY_NCOLS,
    EG_KEY_NROWS,
    EG_KEY_XLLCORNER,
    EG_KEY_XLLCENTER,
    EG_KEY_YLLCORNER,
    EG_KEY_YLLCENTER,
    EG_KEY_CELLSIZE,
    EG_KEY_DX,
    EG_KEY_DY,
    EG_KEY_NODATA,
    EG_KEYS_OF_ASCII, /* those above may stand before an ASCII grid */
    EG_KEY_ULXMAP = EG_KEYS_OF_ASCII,
    EG_KEY_ULYMAP,
    EG_KEY_NBANDS,
    EG_KEY_NBITS,
    EG_KEY_SKIPBYTES,
    EG_KEY_BANDROWBYTES,
    EG_KEY_TOTALROWBYTES,
    EG_KEYS_OF_NUMBERS, /* the values of those below are words */
    EG_KEY_BYTEORDER = EG_KEYS_OF_NUMBERS,
    EG_KEY_LAYOUT,
    EG_KEY_PIXELTYPE,
    EG_KEYS
} eg_grid_key;

enum { EG_GRID_WORD = 16 };

typedef struct eg_grid_header {
    const char *file; /* for messages */
    size_t line;      /* of what follows the header, from 1 */
    unsigned given;   /* bit 1 << key */
    double numbers[EG_KEYS_OF_NUMBERS];
    char words[EG_KEYS - EG_KEYS_OF_NUMBERS][EG_GRID_WORD]; /* in capitals, cut to fit */
} eg_grid_header;

static inline bool eg_grid_has(const eg_grid_header *header, eg_grid_key key)
{
    return header->given >> key & 1;
}

static inline const char *eg_grid_word(const eg_grid_header *header, eg_grid_key key)
{
    return header->words[key - EG_KEYS_OF_NUMBERS];
}

/* The key that begins at `text`: EG_KEYS if none does. */
eg_grid_key eg_grid_find_key(const char *text, size_t size);

/* Reads the header before an ASCII grid, up to its first value, which begins at *used; nothing else
 * may stand in it. *header has its `file`. */
eg_status eg_grid_read_ascii(eg_grid_header *header, const char *text, size_t size, size_t *used,
                             eg_error *error);

/* Reads all lines of a header beside the data; what else stands there is passed over. */
eg_status eg_grid_read_lines(eg_grid_header *header, const char *text, size_t size,
                             eg_error *error);

/* The value of `key`, a whole number from `least` to `most`; `absent` where it is not given. */
eg_status eg_grid_whole(const eg_grid_header *header, eg_grid_key key, uint64_t absent,
                        uint64_t least, uint64_t most, uint64_t *value, eg_error *error);

/* Columns and rows of the input's data, which must be given and within the context's limits. */
eg_status eg_grid_size(const eg_grid_header *header, const eg_input *input, size_t *width,
                       size_t *height, eg_error *error);

/* Sets the transform, where enough is given for one, and the value of missing cells. */
eg_status eg_grid_locate(const eg_grid_header *header, size_t height, eg_georef *georef,
                         eg_error *error);

#endif
