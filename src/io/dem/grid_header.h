/* SPDX-License-Identifier: MIT */
/* Headers of ESRI's grids, which consist of lines KEY VALUE: the one in front of an ASCII grid and
 * the .hdr file beside a .bil or .flt file. */
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
    EG_KEY_ASCII_COUNT, /* the keys above are allowed in an ASCII grid */
    EG_KEY_ULXMAP = EG_KEY_ASCII_COUNT,
    EG_KEY_ULYMAP,
    EG_KEY_NBANDS,
    EG_KEY_NBITS,
    EG_KEY_SKIPBYTES,
    EG_KEY_BANDROWBYTES,
    EG_KEY_TOTALROWBYTES,
    EG_KEY_BANDGAPBYTES,
    EG_KEY_NUMBER_COUNT, /* the keys above have numbers as values, the ones below words */
    EG_KEY_BYTEORDER = EG_KEY_NUMBER_COUNT,
    EG_KEY_LAYOUT,
    EG_KEY_PIXELTYPE,
    EG_KEY_COUNT
} eg_grid_key;

enum {
    EG_GRID_WORD_SIZE = 16, /* size of a stored word with its NUL, in bytes */
    EG_GRID_NODATA = -9999  /* nodata of ASCII grids and GridFloat files that give none */
};

/* Character that separates decimals in a file, which must be the same throughout. */
typedef struct eg_grid_point {
    char point;  /* '.' or ','; 0: no number with decimals so far */
    size_t line; /* line of the first such number */
} eg_grid_point;

typedef struct eg_grid_header {
    const char *file; /* for messages */
    eg_grid_point point;
    size_t line;    /* line of the first value after the header, from 1 */
    unsigned given; /* set of keys in the header: bit 1 << key each */
    double numbers[EG_KEY_NUMBER_COUNT];
    char words[EG_KEY_COUNT - EG_KEY_NUMBER_COUNT][EG_GRID_WORD_SIZE]; /* in capitals, truncated */
} eg_grid_header;

static inline bool eg_grid_has(const eg_grid_header *header, eg_grid_key key)
{
    return header->given >> key & 1;
}

static inline const char *eg_grid_word(const eg_grid_header *header, eg_grid_key key)
{
    return header->words[key - EG_KEY_NUMBER_COUNT];
}

/* Returns the key that is the first word of `text`; EG_KEY_COUNT if it is none. */
eg_grid_key eg_grid_find_key(const char *text, size_t size);

/* Reads a word as a number with a decimal point or comma and records in *point which. Returns false
 * if it is no number; *mixed: because it has the other of the two than earlier ones. */
bool eg_grid_number(eg_grid_point *point, const char *text, size_t length, size_t line,
                    double *value, bool *mixed);

/* Fails because of a mixed number in `line`. */
eg_status eg_grid_fail_mixed(const char *file, const eg_grid_point *point, const char *text,
                             size_t length, size_t line, eg_error *error);

/* Reads the header of an ASCII grid up to the first value, whose offset is *used. Fails if it has
 * other keys than those of an ASCII grid. header->file must be set, the rest zeroed. */
eg_status eg_grid_read_ascii(eg_grid_header *header, const char *text, size_t size, size_t *used,
                             eg_error *error);

/* Reads a .hdr file. Lines with unknown keys are ignored. */
eg_status eg_grid_read_lines(eg_grid_header *header, const char *text, size_t size,
                             eg_error *error);

/* Reads the value of `key`, which must be an integer from `min` to `max`; `fallback` if it is not
 * given. */
eg_status eg_grid_integer(const eg_grid_header *header, eg_grid_key key, uint64_t fallback,
                          uint64_t min, uint64_t max, uint64_t *value, eg_error *error);

/* Reads the number of columns and rows. Fails if they are missing or beyond the context's limits.
 */
eg_status eg_grid_size(const eg_grid_header *header, const eg_input *input, size_t *width,
                       size_t *height, eg_error *error);

/* Sets the transform, if the header gives origin and cell size, and the nodata value. `height` is
 * in rows. */
eg_status eg_grid_locate(const eg_grid_header *header, size_t height, eg_georef *georef,
                         eg_error *error);

#endif
