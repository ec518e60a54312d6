/* SPDX-License-Identifier: MIT */
/* The nodes of an eg_area_strip, and reading boundaries from their links. */
#ifndef EG_EDGE_LINES_AREA_NODES_H
#define EG_EDGE_LINES_AREA_NODES_H

#include "edge/lines/area_strip.h"

#define EG_NO_NODE UINT32_MAX

typedef struct eg_area_node {
    double at[2];            /* column, row */
    uint32_t next, previous; /* nodes of the boundary; EG_NO_NODE */
    uint32_t row;            /* row of samples, or of cells for a vertical side, in the strip */
    uint32_t fragment;       /* number of its fragment */
    int32_t class;           /* of the area, minus `first_class` */
} eg_area_node;

/* Two nodes of a row of samples that bound the same face. */
typedef struct eg_area_interval {
    uint32_t left, right;
} eg_area_interval;

/* Reads the fragments of the linked nodes, whose links it removes, and unites their faces. */
eg_status eg_area_read_fragments(eg_area_strip *strip, const eg_contour_input *input, size_t width,
                                 size_t y0, double first_class, eg_error *error);

#endif
