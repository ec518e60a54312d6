/* SPDX-License-Identifier: MIT */
/* Joins the fragments of consecutive strips to lines, and passes the lines on in their order. */
#ifndef EG_EDGE_LINES_LINE_JOINER_H
#define EG_EDGE_LINES_LINE_JOINER_H

#include "edge/lines/face_set.h"

/* An end of a piece of a line. */
typedef struct eg_open_end {
    struct eg_piece *piece; /* NULL: none */
    int side;               /* 0: its first point, 1: its last point */
} eg_open_end;

typedef struct eg_line_joiner {
    eg_context *ctx;
    size_t stride; /* doubles of a point */
    /* Receives complete lines, whose points have `stride` doubles. */
    eg_line_callback *found;
    void *opaque;
    /* Makes a line that was joined canonical, if fragments do not have the direction of their line.
     * NULL: they have. */
    void (*arrange)(double *points, size_t count, bool closed);
    eg_contour_result *result; /* counts the lines passed on */
    eg_growing above, below; /* eg_open_end: at the crossings to the next strip; and those of it */
    eg_growing first;        /* eg_open_end: at the crossings from the strips so far */
    eg_growing lines;        /* lines that are complete, see line_joiner.c */
    eg_growing points;       /* their points, unless they are the strip's */
    eg_face_set *faces;      /* receives closed lines as rings; NULL: lines are passed on */
    struct eg_piece *pieces; /* list of all pieces of lines that are not complete */
} eg_line_joiner;

/* Adds the next strip from top to bottom, and passes on the lines that it completes. */
eg_status eg_line_joiner_add(eg_line_joiner *joiner, const eg_line_strip *strip, eg_error *error);

/* Passes on the lines that end in the last row. */
eg_status eg_line_joiner_finish(eg_line_joiner *joiner, eg_error *error);

void eg_line_joiner_release(eg_line_joiner *joiner);

#endif
