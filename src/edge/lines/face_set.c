/* SPDX-License-Identifier: MIT */
/*
 * Faces are a forest of sets: a face united with another refers to it. A face is complete with the
 * last piece of its boundary, because a hole is complete before the exterior ring around it.
 */
#include "edge/lines/face_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/lines/polyline.h"

/* A complete ring. */
typedef struct face_ring {
    struct face_ring *next;
    size_t count;
    double points[]; /* 2 count */
} face_ring;

struct eg_face {
    eg_face *parent;   /* face that it is united with; NULL: this is one */
    size_t references; /* faces with this parent, pieces, and the strip's table */
    size_t pieces;     /* incomplete pieces, of a face without a parent */
    double class;      /* of its values */
    size_t row;        /* the last one of its rings */
    size_t ring_count;
    face_ring *rings, *last_ring;
    bool complete; /* in the array of complete ones */
};

static eg_face *root_of(eg_face *face)
{
    while (face->parent)
        face = face->parent;
    return face;
}

static void free_rings(eg_face *face)
{
    for (face_ring *ring = face->rings, *next; ring; ring = next) {
        next = ring->next;
        eg_free(ring);
    }
}

/* Gives up a reference, and frees the faces that none is left to. */
static void release_face(eg_face *face)
{
    while (face && --face->references == 0) {
        eg_face *parent = face->parent;
        free_rings(face);
        eg_free(face);
        face = parent;
    }
}

eg_status eg_face_set_begin(eg_face_set *set, size_t fragments, eg_error *error)
{
    return eg_growing_zero(&set->of_fragment, set->ctx, fragments, sizeof(eg_face *), error);
}

eg_face *eg_face_of(eg_face_set *set, const eg_fragment *fragment, eg_error *error)
{
    eg_face **place = (eg_face **)set->of_fragment.items + fragment->face;
    if (!*place) {
        *place = eg_calloc(set->ctx, 1, sizeof **place, error);
        if (*place)
            **place = (eg_face){.references = 1, .class = fragment->level};
    }
    return *place;
}

void eg_face_add_piece(eg_face *face)
{
    face->references++;
    root_of(face)->pieces++;
}

void eg_face_remove_piece(eg_face *face)
{
    root_of(face)->pieces--;
    release_face(face);
}

void eg_face_unite(eg_face *a, eg_face *b)
{
    a = root_of(a);
    b = root_of(b);
    if (a == b)
        return;
    eg_face *child = a->pieces < b->pieces ? a : b, *parent = child == a ? b : a;
    child->parent = parent;
    parent->references++;
    parent->pieces += child->pieces;
    parent->ring_count += child->ring_count;
    parent->row = parent->row > child->row ? parent->row : child->row;
    if (parent->last_ring)
        parent->last_ring->next = child->rings;
    else
        parent->rings = child->rings;
    parent->last_ring = child->last_ring ? child->last_ring : parent->last_ring;
    child->rings = child->last_ring = NULL;
}

eg_status eg_face_add_ring(eg_face_set *set, eg_face *face, const double *points, size_t count,
                           size_t row, eg_error *error)
{
    const size_t bytes = 2 * count * sizeof *points;
    face_ring *ring = eg_alloc(set->ctx, 1, sizeof *ring + bytes, error);
    if (!ring)
        return eg_failed(error);
    *ring = (face_ring){.count = count};
    memcpy(ring->points, points, bytes);
    face = root_of(face);
    if (face->last_ring)
        face->last_ring->next = ring;
    else
        face->rings = ring;
    face->last_ring = ring;
    face->ring_count++;
    face->row = row > face->row ? row : face->row;
    return EG_OK;
}

/* ---- complete faces -------------------------------------------------------------------------- */

/* Returns the ring that orders a face: the first one by its points. */
static const face_ring *first_ring(const eg_face *face)
{
    const face_ring *first = face->rings;
    for (const face_ring *ring = first->next; ring; ring = ring->next)
        if (eg_polyline_compare(ring->points, ring->count, first->points, first->count, 2) < 0)
            first = ring;
    return first;
}

/* A complete face and its place in the order. */
typedef struct complete_face {
    const eg_face *face;
    const face_ring *first;
} complete_face;

/* Orders faces by last row, class and points. */
static int compare_faces(const void *a, const void *b)
{
    const complete_face *x = a, *y = b;
    if (x->face->row != y->face->row)
        return x->face->row < y->face->row ? -1 : 1;
    if (x->face->class != y->face->class)
        return x->face->class < y->face->class ? -1 : 1;
    return eg_polyline_compare(x->first->points, x->first->count, y->first->points, y->first->count,
                               2);
}

/* Collects the faces of the strip that are complete. */
static eg_status collect_complete(eg_face_set *set, eg_error *error)
{
    eg_face *const *faces = set->of_fragment.items;
    eg_status status = EG_OK;
    set->complete.count = 0;
    for (size_t i = 0; status == EG_OK && i < set->of_fragment.count; i++) {
        eg_face *face = faces[i] ? root_of(faces[i]) : NULL;
        if (!face || face->pieces > 0 || face->complete || !face->rings)
            continue;
        face->complete = true;
        status = eg_growing_reserve(&set->complete, set->ctx, 1, sizeof(complete_face), error);
        if (status == EG_OK)
            ((complete_face *)set->complete.items)[set->complete.count++] =
                (complete_face){face, first_ring(face)};
    }
    return status;
}

/* Passes on a polygon: its rings from `first` on. Returns the number of its rings in *count. */
static eg_status pass_on_polygon(eg_face_set *set, const eg_face *face, const eg_ring *first,
                                 size_t left, size_t *count, eg_error *error)
{
    size_t *counts = set->counts.items;
    eg_contour_result *result = set->result;
    for (*count = 0; *count < left && first[*count].polygon == first->polygon; ++*count) {
        counts[*count] = first[*count].count;
        result->points += first[*count].count;
    }
    const eg_area area = {
        .points = (const double *)set->simple.points.items + 2 * first->first,
        .counts = counts,
        .ring_count = *count,
        .low = eg_contour_class_low(set->levels, face->class),
        .high = eg_contour_class_low(set->levels, face->class + 1),
    };
    result->areas++;
    result->holes += *count - 1;
    return set->found(set->opaque, &area, error);
}

static eg_status pass_on_face(eg_face_set *set, const eg_face *face, eg_error *error)
{
    size_t count = 0;
    eg_status status =
        eg_growing_reserve(&set->rings, set->ctx, face->ring_count, sizeof(eg_ring), error);
    if (status != EG_OK)
        return status;
    eg_ring *rings = set->rings.items;
    for (const face_ring *ring = face->rings; ring; ring = ring->next, count++)
        rings[count] = (eg_ring){.points = ring->points, .count = ring->count};
    status = eg_simple_rings_find(&set->simple, set->ctx, rings, count, error);
    if (status == EG_OK)
        status = eg_growing_reserve(&set->counts, set->ctx, set->simple.rings.count, sizeof(size_t),
                                    error);
    const eg_ring *found = set->simple.rings.items;
    for (size_t i = 0, rings_of = 0; status == EG_OK && i < set->simple.rings.count; i += rings_of)
        status =
            pass_on_polygon(set, face, found + i, set->simple.rings.count - i, &rings_of, error);
    return status == EG_OK ? EG_OK : eg_fail(error, status, "an area was refused");
}

/* Gives up the references of the strip's table. */
static void release_table(eg_face_set *set)
{
    eg_face *const *faces = set->of_fragment.items;
    for (size_t i = 0; i < set->of_fragment.count; i++)
        release_face(faces[i]);
    set->of_fragment.count = 0;
}

eg_status eg_face_set_pass_on(eg_face_set *set, eg_error *error)
{
    eg_status status = collect_complete(set, error);
    const complete_face *faces = set->complete.items;
    if (status == EG_OK && set->complete.count > 1)
        qsort(set->complete.items, set->complete.count, sizeof *faces, compare_faces);
    for (size_t i = 0; status == EG_OK && i < set->complete.count; i++)
        status = pass_on_face(set, faces[i].face, error);
    release_table(set);
    return status;
}

void eg_face_set_release(eg_face_set *set)
{
    release_table(set);
    eg_simple_rings_release(&set->simple);
    eg_free(set->of_fragment.items);
    eg_free(set->complete.items);
    eg_free(set->rings.items);
    eg_free(set->counts.items);
}
