/* SPDX-License-Identifier: MIT */
/* The contour lines of one strip of rows: whole lines, and fragments that reach the strip's first
 * or last row of samples. */
#ifndef EG_EDGE_LINES_CONTOUR_STRIP_H
#define EG_EDGE_LINES_CONTOUR_STRIP_H

#include "edge/lines/contour_cells.h"
#include "edge/lines/line_strip.h"

/* Crossings of the first and of the last row of samples have numbers in ascending order of column,
 * then of level: those of the last row are those of the first row of the next strip, and their
 * points belong to the fragments of both. */
typedef struct eg_contour_strip {
    eg_line_strip lines;    /* points of 2 doubles; rows of samples where a line crosses one, else
                             * of cells */
    eg_growing crossings;   /* eg_line_node */
    double lowest, highest; /* range of the values; NaN: there are none */
} eg_contour_strip;

/* Returns the bytes of working memory for rows of that width. */
size_t eg_contour_work_bytes(size_t width);

/* Finds the lines of the cells between the rows y0 .. y1 of the band, y0 < y1, in place of those
 * that the strip had. */
eg_status eg_contour_strip_find(eg_contour_strip *strip, const eg_contour_input *input,
                                const eg_band *band, size_t y0, size_t y1, void *work,
                                eg_error *error);

void eg_contour_strip_release(eg_contour_strip *strip);

#endif
