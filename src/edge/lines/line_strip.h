/* SPDX-License-Identifier: MIT */
/* The lines of one strip of rows: whole lines, and fragments that continue in the strip above or
 * below. */
#ifndef EG_EDGE_LINES_LINE_STRIP_H
#define EG_EDGE_LINES_LINE_STRIP_H

#include "core/growing.h"

/* Place of the end of a fragment. Lines cross from one strip to the next at crossings, which have
 * numbers from 0 in the same order in both strips. */
typedef enum eg_fragment_side {
    EG_FRAGMENT_FREE,      /* the line ends there */
    EG_FRAGMENT_FIRST_ROW, /* at a crossing from the strip above */
    EG_FRAGMENT_LAST_ROW   /* at a crossing to the strip below */
} eg_fragment_side;

typedef struct eg_fragment_end {
    eg_fragment_side side;
    size_t number; /* of the crossing */
} eg_fragment_end;

/* A line, if it is closed or both ends are free, or a part of one. A line has two points or more, a
 * part one or more. */
typedef struct eg_fragment {
    size_t first, count; /* points of the strip */
    double level;
    size_t row; /* the last row of the fragment */
    eg_fragment_end start, end;
    uint32_t face; /* of areas: number of the first fragment of its face in the strip */
    bool closed;   /* in canonical form, see eg_polyline_close() */
} eg_fragment;

typedef struct eg_line_strip {
    eg_growing points;                      /* stride doubles each, see polyline.h */
    eg_growing fragments;                   /* eg_fragment */
    size_t first_row_count, last_row_count; /* crossings from the strip above and to that below */
} eg_line_strip;

#endif
