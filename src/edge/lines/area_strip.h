/* SPDX-License-Identifier: MIT */
/* The boundaries of the areas between levels in one strip of rows. */
#ifndef EG_EDGE_LINES_AREA_STRIP_H
#define EG_EDGE_LINES_AREA_STRIP_H

#include "edge/lines/contour_cells.h"
#include "edge/lines/line_strip.h"

/*
 * Boundaries have their area on the left. A fragment of one is closed, or both its ends are in the
 * first or the last row. The ends of such a row have numbers: the column of a sample, or the width
 * plus twice the number of a crossing, plus one in the area below the level. Fragments of one face,
 * an area that is connected in the strip, have the same `face`. Their `level` is the class of the
 * area. Closed ones without extent have no points.
 */
typedef struct eg_area_strip {
    eg_line_strip lines;    /* points of 2 doubles */
    double lowest, highest; /* range of the values; NaN: there are none */
    eg_growing nodes;       /* eg_line_node */
    eg_growing intervals;   /* eg_area_interval */
    size_t first_samples;   /* nodes of the first row at samples; they are the first nodes */
    size_t first_crossings; /* nodes of the first row at crossings; they follow */
    size_t last_crossings;  /* first node of the last row at a crossing; SIZE_MAX: no row follows */
    size_t last_samples;    /* first node of the last row at a sample; the end of those above */
} eg_area_strip;

/* Returns the bytes of working memory for rows of that width. */
size_t eg_area_work_bytes(size_t width);

/* Finds the boundaries in the cells below the rows y0 .. y1 - 1 of the band, and at the upper sides
 * of these cells, in place of those that the strip had. */
eg_status eg_area_strip_find(eg_area_strip *strip, const eg_contour_input *input,
                             const eg_band *band, size_t y0, size_t y1, void *work,
                             eg_error *error);

void eg_area_strip_release(eg_area_strip *strip);

#endif
