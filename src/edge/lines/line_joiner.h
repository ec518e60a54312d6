/* SPDX-License-Identifier: MIT */
/* Joins the fragments of consecutive strips to lines, and passes the lines on in their order; or to
 * rings of faces, which it adds to these. */
#ifndef EG_EDGE_LINES_LINE_JOINER_H
#define EG_EDGE_LINES_LINE_JOINER_H

#include "edge/lines/contour_strip.h"
#include "edge/lines/face_set.h"

/* A crossing of the last row of samples so far, and the fragment that ends there. */
typedef struct eg_open_end {
    struct eg_piece *piece; /* NULL: none does */
    bool starts;            /* the fragment starts there */
} eg_open_end;

typedef struct eg_line_joiner {
    eg_context *ctx;
    eg_line_callback *found;
    void *opaque;
    eg_contour_result *result; /* counts the lines passed on */
    eg_growing above, below;   /* eg_open_end: of the last row so far, and of the next one */
    eg_growing first;          /* eg_open_end: of the first row of the strip */
    eg_growing lines;          /* lines that are complete, see line_joiner.c */
    eg_growing points;         /* their points, unless they are the strip's */
    eg_face_set *faces;        /* receives rings; NULL: lines are passed on */
    struct eg_piece *pieces;   /* list of all pieces of lines that are not complete */
} eg_line_joiner;

/* Adds the next strip from top to bottom, and passes on the lines that it completes. */
eg_status eg_line_joiner_add(eg_line_joiner *joiner, const eg_contour_strip *strip,
                             eg_error *error);

/* Passes on the lines that end in the last row. */
eg_status eg_line_joiner_finish(eg_line_joiner *joiner, eg_error *error);

void eg_line_joiner_release(eg_line_joiner *joiner);

#endif
