/* SPDX-License-Identifier: MIT */
/*
 * An elevation model for the page: its cells are in memory, so that maps, contour lines and flow
 * paths are computed from there as often as a control moves. Several may be open at a time: a
 * raster and its preview.
 */
#ifndef EG_WEB_GLUE_TERRAIN_H
#define EG_WEB_GLUE_TERRAIN_H

#include "web/glue/web.h"

/* A growing array of numbers, from realloc(). */
typedef struct web_list {
    double *items;
    size_t count, capacity;
} web_list;

typedef struct terrain {
    eg_grid grid; /* EG_F32 or EG_F64, from malloc(); missing cells are NaN */
    eg_georef georef;
    eg_options *measure; /* of the kind "ground": how cells are measured */
    eg_ground *ground;   /* NULL: the cell size is unknown */
    web_list points;     /* of the last contour lines or flow path */
    web_list lines;      /* of the last contour lines: level, number of points, 1 if closed */
} terrain;

/* Appends `count` numbers. EG_LIMIT_EXCEEDED: too many for a page. */
eg_status web_list_add(web_list *list, const double items[], size_t count, eg_error *error);

/* Returns the elevation of a cell; NaN: it is missing. */
double terrain_cell(const terrain *t, size_t column, size_t row);

/* Creates a source of the cells with their georeferencing. */
eg_status terrain_source(eg_source **source, const terrain *t, eg_error *error);

#endif
