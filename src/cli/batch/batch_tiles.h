/* SPDX-License-Identifier: MIT */
/* The inputs of a run as tiles of a mosaic: where they lie, and which of them adjoin each other. */
#ifndef CLI_BATCH_BATCH_TILES_H
#define CLI_BATCH_BATCH_TILES_H

#include "cli/batch/batch.h"

/* The header of an input. */
typedef struct batch_tile {
    eg_status status; /* of reading the header */
    bool readable;
    size_t width, height;
    eg_georef georef; /* without tags */
    uint64_t system;  /* hash of the text of the coordinate system */
    char *reason;     /* message of the failure of an unreadable input; owned, may be NULL */
} batch_tile;

/* The tiles of a run; tiles[i] is that of list->items[i]. */
typedef struct batch_tiles {
    const raster_work *work;
    batch_list *list;
    batch_tile *tiles;
    int threads;
} batch_tiles;

/* Reads the headers of all inputs but pipes. Returns false if out of memory. (batch_tiles.c) */
bool batch_tiles_read(batch_tiles *t);
void batch_tiles_free(batch_tiles *t);

/* Adds the neighbour `other` to an item. Returns false if out of memory. (batch_tiles.c) */
bool batch_tiles_add(const batch_tiles *t, size_t item, size_t other, ptrdiff_t column,
                     ptrdiff_t row);

/* Add the neighbours of all items, by georeferencing (batch_tiles_georef.c) and by paths z/x/y.png
 * (batch_tiles_xyz.c). Return false if out of memory. */
bool batch_tiles_match_georef(const batch_tiles *t);
bool batch_tiles_match_paths(const batch_tiles *t);

#endif
