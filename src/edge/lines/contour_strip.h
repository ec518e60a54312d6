/* SPDX-License-Identifier: MIT */
/* The contour lines of one strip of rows: whole lines, and fragments that reach the strip's first
 * or last row of samples. */
#ifndef EG_EDGE_LINES_CONTOUR_STRIP_H
#define EG_EDGE_LINES_CONTOUR_STRIP_H

#include "edge/lines/contour_cells.h"
#include "edge/lines/growing.h"

/* Place of the end of a fragment. The crossings of the first and of the last row of a strip have
 * numbers in ascending order of column, then of level: those of the last row are those of the first
 * row of the next strip. */
typedef enum eg_fragment_side {
    EG_FRAGMENT_FREE, /* at the border of the raster or at a missing sample */
    EG_FRAGMENT_FIRST_ROW,
    EG_FRAGMENT_LAST_ROW
} eg_fragment_side;

typedef struct eg_fragment_end {
    eg_fragment_side side;
    size_t number; /* of the crossing in that row */
} eg_fragment_end;

/* A line, if it is closed or both ends are free, or a part of one. A line has two points or more, a
 * part one or more. */
typedef struct eg_fragment {
    size_t first, count; /* points of the strip */
    double level;
    /* the last row of the fragment: of samples where it crosses a row of them, else of cells */
    size_t row;
    uint32_t face; /* of areas: number of the first fragment of its face in the strip */
    eg_fragment_end start, end;
    bool closed; /* in canonical form */
} eg_fragment;

typedef struct eg_contour_strip {
    eg_growing crossings;                   /* struct crossing, see contour_strip.c */
    eg_growing points;                      /* pairs of doubles */
    eg_growing fragments;                   /* eg_fragment */
    size_t first_row_count, last_row_count; /* number of crossings in these rows of samples */
    double lowest, highest;                 /* range of the values; NaN: there are none */
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
