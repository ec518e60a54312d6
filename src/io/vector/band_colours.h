/* SPDX-License-Identifier: MIT */
/* Colours of the areas of a drawing, from the lowest to the highest levels that it has. */
#ifndef EG_IO_VECTOR_BAND_COLOURS_H
#define EG_IO_VECTOR_BAND_COLOURS_H

#include "edgegrad.h"

/* The levels around the values of an area, as in eg_area. */
typedef struct eg_level_band {
    double low, high;
} eg_level_band;

typedef struct eg_band_list {
    eg_level_band *bands; /* ascending, each once; from eg_alloc() */
    size_t count, capacity;
} eg_band_list;

/* Adds a band unless the list has it. */
eg_status eg_band_list_add(eg_band_list *list, eg_context *ctx, eg_level_band band,
                           eg_error *error);

/* Returns the colour, 0xRRGGBB, of band `index` of `count`: green for the lowest through yellow and
 * brown to white for the highest. */
unsigned eg_band_colour(size_t index, size_t count);

#endif
