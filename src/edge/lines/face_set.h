/* SPDX-License-Identifier: MIT */
/* Faces: areas between two levels, connected in the strips so far, with their complete rings. */
#ifndef EG_EDGE_LINES_FACE_SET_H
#define EG_EDGE_LINES_FACE_SET_H

#include "edge/lines/contour_levels.h"
#include "edge/lines/line_strip.h"
#include "edge/lines/simple_rings.h"

/* A face. Pieces of its boundary that are not complete and faces united with it refer to it. */
typedef struct eg_face eg_face;

typedef struct eg_face_set {
    eg_context *ctx;
    const eg_contour_levels *levels;
    eg_area_callback *found;
    void *opaque;
    eg_contour_result *result; /* counts the areas passed on */
    eg_growing of_fragment;    /* eg_face *: of the fragments of the strip, by their `face` */
    eg_growing complete;       /* eg_face *: faces without incomplete pieces, to be passed on */
    eg_growing rings;          /* eg_ring: of the face that is passed on */
    eg_growing counts;         /* size_t: points of each ring of a polygon */
    eg_simple_rings simple;    /* polygons of the face that is passed on */
} eg_face_set;

/* Begins a strip with that many fragments. */
eg_status eg_face_set_begin(eg_face_set *set, size_t fragments, eg_error *error);

/* Returns the face of a fragment of the strip; NULL: no memory. */
eg_face *eg_face_of(eg_face_set *set, const eg_fragment *fragment, eg_error *error);

/* Counts one piece more in a face, which keeps it until eg_face_remove_piece(). */
void eg_face_add_piece(eg_face *face);
void eg_face_remove_piece(eg_face *face);

/* Makes two faces one. */
void eg_face_unite(eg_face *a, eg_face *b);

/* Adds a closed ring in canonical form to a face; copied. */
eg_status eg_face_add_ring(eg_face_set *set, eg_face *face, const double *points, size_t count,
                           size_t row, eg_error *error);

/* Passes on the faces that the strip has completed, in their order. */
eg_status eg_face_set_pass_on(eg_face_set *set, eg_error *error);

void eg_face_set_release(eg_face_set *set);

#endif
