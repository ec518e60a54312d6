/* SPDX-License-Identifier: MIT */
/* Reading the boundaries of an eg_area_strip from the links of its nodes. */
#ifndef EG_EDGE_LINES_AREA_NODES_H
#define EG_EDGE_LINES_AREA_NODES_H

#include "edge/lines/area_strip.h"
#include "edge/lines/line_nodes.h"

/* Two nodes of a row of samples that bound the same face. */
typedef struct eg_area_interval {
    uint32_t left, right;
} eg_area_interval;

/* Reads the fragments of the linked nodes, whose links it removes, and unites their faces. */
eg_status eg_area_read_fragments(eg_area_strip *strip, const eg_contour_input *input, size_t width,
                                 size_t y0, double first_class, eg_error *error);

#endif
