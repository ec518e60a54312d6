/* SPDX-License-Identifier: MIT */
/*
 * Fragments that continue in another strip are copied to pieces, which are linked where they meet
 * to chains. A chain is complete when both its ends are free, or when it is a ring. A line is
 * completed with the strip that its last row belongs to, whatever the strips are.
 */
#include "edge/lines/line_joiner.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/lines/polyline.h"

/* The arrays are by side, see eg_open_end. */
typedef struct eg_piece {
    eg_open_end next[2];            /* end that continues the chain on that side */
    eg_open_end other[2];           /* at an end of the chain: its other end */
    bool is_free[2];                /* the line ends on that side */
    struct eg_piece *newer, *older; /* pieces of the joiner's list */
    eg_face *face;                  /* NULL: the piece is one of a line */
    size_t count, row;
    double level;
    double points[]; /* joiner's stride for each of `count` */
} eg_piece;

/* A complete line. */
typedef struct whole_line {
    eg_line line;
    size_t row, stride;
    size_t at; /* index of its first point in the joiner's points; not_ours: they are the strip's */
} whole_line;

static const size_t not_ours = SIZE_MAX;

/* ---- pieces ---------------------------------------------------------------------------------- */

static eg_piece *new_piece(eg_line_joiner *j, const eg_line_strip *strip,
                           const eg_fragment *fragment, eg_error *error)
{
    const double *points = (const double *)strip->points.items + j->stride * fragment->first;
    const size_t bytes = j->stride * fragment->count * sizeof *points;
    eg_face *face = j->faces ? eg_face_of(j->faces, fragment, error) : NULL;
    if (j->faces && !face)
        return NULL;
    eg_piece *piece = eg_alloc(j->ctx, 1, sizeof *piece + bytes, error);
    if (!piece)
        return NULL;
    if (face)
        eg_face_add_piece(face);
    *piece = (eg_piece){.other = {{piece, 1}, {piece, 0}},
                        .is_free = {fragment->start.side == EG_FRAGMENT_FREE,
                                    fragment->end.side == EG_FRAGMENT_FREE},
                        .older = j->pieces,
                        .face = face,
                        .count = fragment->count,
                        .row = fragment->row,
                        .level = fragment->level};
    memcpy(piece->points, points, bytes);
    if (j->pieces)
        j->pieces->newer = piece;
    j->pieces = piece;
    return piece;
}

static void free_piece(eg_line_joiner *j, eg_piece *piece)
{
    if (piece->newer)
        piece->newer->older = piece->older;
    else
        j->pieces = piece->older;
    if (piece->older)
        piece->older->newer = piece->newer;
    if (piece->face)
        eg_face_remove_piece(piece->face);
    eg_free(piece);
}

/* ---- complete lines -------------------------------------------------------------------------- */

static eg_status add_line(eg_line_joiner *j, const whole_line *line, eg_error *error)
{
    eg_status status = eg_growing_reserve(&j->lines, j->ctx, 1, sizeof *line, error);
    if (status == EG_OK)
        ((whole_line *)j->lines.items)[j->lines.count++] = *line;
    return status;
}

/* Appends the points of a chain from one of its ends on. A ring has been opened there. Returns the
 * number of points; *row is the last of their rows. */
static size_t copy_points(const eg_line_joiner *j, eg_open_end from, double *points, size_t *row)
{
    size_t count = 0;
    while (from.piece) {
        const eg_piece *p = from.piece;
        *row = p->row > *row ? p->row : *row;
        for (size_t i = 0; i < p->count; i++)
            count =
                eg_polyline_append(points, j->stride, count,
                                   p->points + j->stride * (from.side == 0 ? i : p->count - 1 - i));
        from = p->next[!from.side];
    }
    return count;
}

static void free_chain(eg_line_joiner *j, eg_open_end from)
{
    while (from.piece) {
        eg_piece *p = from.piece;
        from = p->next[!from.side];
        free_piece(j, p);
    }
}

/* Returns the number of points of a chain. */
static size_t count_points(eg_open_end from)
{
    size_t count = 0;
    for (; from.piece; from = from.piece->next[!from.side])
        count += from.piece->count;
    return count;
}

/* Turns a chain into a line or a ring of its face, from one of its ends on, and frees it. */
static eg_status complete_chain(eg_line_joiner *j, eg_open_end from, bool closed, eg_error *error)
{
    whole_line made = {.line = {.level = from.piece->level, .closed = closed},
                       .stride = j->stride,
                       .at = j->points.count};
    /* The first point of a ring is repeated. */
    eg_status status = eg_growing_reserve(&j->points, j->ctx, count_points(from) + 1,
                                          j->stride * sizeof(double), error);
    if (status != EG_OK)
        return status;
    double *points = (double *)j->points.items + j->stride * made.at;
    size_t count = copy_points(j, from, points, &made.row);
    if (closed)
        count = eg_polyline_close(points, j->stride, count);
    if (count >= 2 && j->faces)
        status = eg_face_add_ring(j->faces, from.piece->face, points, count, made.row, error);
    free_chain(j, from);
    if (count < 2 || j->faces)
        return status;
    if (j->arrange)
        j->arrange(points, count, closed);
    made.line.count = count;
    j->points.count += count;
    return add_line(j, &made, error);
}

/* Completes a chain, one of whose ends is `a`, if both are free. */
static eg_status complete_if_free(eg_line_joiner *j, eg_open_end a, eg_error *error)
{
    const eg_open_end b = a.piece->other[a.side];
    if (!a.piece->is_free[a.side] || !b.piece->is_free[b.side])
        return EG_OK;
    return complete_chain(j, a.side == 0 ? a : b, false, error);
}

/* Joins two chains at one end of each, or one chain to a ring. */
static eg_status join(eg_line_joiner *j, eg_open_end a, eg_open_end b, eg_error *error)
{
    const eg_open_end from = a.piece->other[a.side], to = b.piece->other[b.side];
    if (j->faces)
        eg_face_unite(a.piece->face, b.piece->face);
    if (from.piece == b.piece && from.side == b.side)
        return complete_chain(j, a.side == 0 ? a : b, true, error);
    a.piece->next[a.side] = b;
    b.piece->next[b.side] = a;
    from.piece->other[from.side] = to;
    to.piece->other[to.side] = from;
    return complete_if_free(j, from, error);
}

/* Records that nothing continues a chain at one of its ends. */
static eg_status free_end(eg_line_joiner *j, eg_open_end end, eg_error *error)
{
    end.piece->is_free[end.side] = true;
    return complete_if_free(j, end, error);
}

/* ---- strips ---------------------------------------------------------------------------------- */

static void record_end(eg_line_joiner *j, eg_piece *piece, eg_fragment_end end, int side)
{
    if (end.side == EG_FRAGMENT_FREE)
        return;
    const eg_growing *ends = end.side == EG_FRAGMENT_FIRST_ROW ? &j->first : &j->below;
    ((eg_open_end *)ends->items)[end.number] = (eg_open_end){piece, side};
}

/* Adds a closed fragment to its face, unless it has no extent. */
static eg_status add_ring(eg_line_joiner *j, const eg_line_strip *strip, const eg_fragment *f,
                          eg_error *error)
{
    eg_face *face = f->count > 0 ? eg_face_of(j->faces, f, error) : NULL;
    if (!face)
        return f->count > 0 ? eg_failed(error) : EG_OK;
    const double *points = (const double *)strip->points.items + j->stride * f->first;
    return eg_face_add_ring(j->faces, face, points, f->count, f->row, error);
}

/* Adds a fragment: as a line or a ring, or as a piece of one. */
static eg_status add_fragment(eg_line_joiner *j, const eg_line_strip *strip, const eg_fragment *f,
                              eg_error *error)
{
    if (f->closed && j->faces)
        return add_ring(j, strip, f, error);
    if (f->closed || (f->start.side == EG_FRAGMENT_FREE && f->end.side == EG_FRAGMENT_FREE)) {
        const double *points = (const double *)strip->points.items + j->stride * f->first;
        return add_line(j,
                        &(whole_line){.line = {.points = points,
                                               .count = f->count,
                                               .level = f->level,
                                               .closed = f->closed},
                                      .row = f->row,
                                      .stride = j->stride,
                                      .at = not_ours},
                        error);
    }
    eg_piece *piece = new_piece(j, strip, f, error);
    if (!piece)
        return eg_failed(error);
    record_end(j, piece, f->start, 0);
    record_end(j, piece, f->end, 1);
    return EG_OK;
}

/* Joins what ends at the row between the strips so far and the next one. */
static eg_status join_strips(eg_line_joiner *j, eg_error *error)
{
    const eg_open_end *above = j->above.items, *first = j->first.items;
    const size_t count = j->first.count;
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        const eg_open_end a = i < j->above.count ? above[i] : (eg_open_end){NULL, 0};
        if (a.piece && first[i].piece)
            status = join(j, a, first[i], error);
        else if (a.piece || first[i].piece)
            status = free_end(j, a.piece ? a : first[i], error);
    }
    return status;
}

/* Orders lines by last row, level and points. */
static int compare_lines(const void *a, const void *b)
{
    const whole_line *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->line.level != y->line.level)
        return x->line.level < y->line.level ? -1 : 1;
    return eg_polyline_compare(x->line.points, x->line.count, y->line.points, y->line.count,
                               x->stride);
}

/* Passes on the complete lines, in their order. */
static eg_status pass_on(eg_line_joiner *j, eg_error *error)
{
    whole_line *lines = j->lines.items;
    eg_status status = EG_OK;
    if (j->faces)
        return eg_face_set_pass_on(j->faces, error);
    for (size_t i = 0; i < j->lines.count; i++)
        if (lines[i].at != not_ours)
            lines[i].line.points = (const double *)j->points.items + j->stride * lines[i].at;
    if (j->lines.count > 1)
        qsort(lines, j->lines.count, sizeof *lines, compare_lines);
    for (size_t i = 0; status == EG_OK && i < j->lines.count; i++) {
        j->result->lines++;
        j->result->closed += lines[i].line.closed;
        j->result->points += lines[i].line.count;
        status = j->found(j->opaque, &lines[i].line, error);
    }
    j->lines.count = j->points.count = 0;
    return status == EG_OK ? EG_OK : eg_fail(error, status, "a line was refused");
}

eg_status eg_line_joiner_add(eg_line_joiner *j, const eg_line_strip *strip, eg_error *error)
{
    const eg_fragment *fragments = strip->fragments.items;
    /* Nothing ends at a crossing that no fragment reaches. */
    eg_status status =
        eg_growing_zero(&j->first, j->ctx, strip->first_row_count, sizeof(eg_open_end), error);
    if (status == EG_OK)
        status =
            eg_growing_zero(&j->below, j->ctx, strip->last_row_count, sizeof(eg_open_end), error);
    if (status == EG_OK && j->faces)
        status = eg_face_set_begin(j->faces, strip->fragments.count, error);
    for (size_t i = 0; status == EG_OK && i < strip->fragments.count; i++)
        status = add_fragment(j, strip, &fragments[i], error);
    if (status == EG_OK)
        status = join_strips(j, error);
    eg_growing swapped = j->above;
    j->above = j->below;
    j->below = swapped;
    return status == EG_OK ? pass_on(j, error) : status;
}

eg_status eg_line_joiner_finish(eg_line_joiner *j, eg_error *error)
{
    const eg_open_end *above = j->above.items;
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < j->above.count; i++)
        if (above[i].piece)
            status = free_end(j, above[i], error);
    return status == EG_OK ? pass_on(j, error) : status;
}

void eg_line_joiner_release(eg_line_joiner *j)
{
    while (j->pieces)
        free_piece(j, j->pieces);
    eg_free(j->above.items);
    eg_free(j->below.items);
    eg_free(j->first.items);
    eg_free(j->lines.items);
    eg_free(j->points.items);
}
