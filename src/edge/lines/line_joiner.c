/* SPDX-License-Identifier: MIT */
/*
 * Fragments that reach the first or last row of their strip are copied to pieces, which are joined
 * to chains where they meet. A chain is complete when both its ends are free, or when it is a ring.
 * A line that reaches a row of samples is completed with the cells below that row, so the lines
 * that a strip completes are those whose last row is in it, whatever the strips are.
 */
#include "edge/lines/line_joiner.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/lines/polyline.h"

typedef struct eg_piece {
    struct eg_piece *next;          /* next piece of the chain */
    struct eg_piece *other;         /* at an end of the chain: the piece at its other end */
    struct eg_piece *newer, *older; /* pieces of the joiner's list */
    eg_face *face;                  /* NULL: the piece is one of a line */
    size_t count, row;
    double level;
    bool start_free, end_free;
    double points[]; /* 2 count */
} eg_piece;

/* A complete line. */
typedef struct whole_line {
    eg_line line;
    size_t row;
    size_t at; /* index of its first point in the joiner's points; not_ours: they are the strip's */
} whole_line;

static const size_t not_ours = SIZE_MAX;

/* ---- pieces ---------------------------------------------------------------------------------- */

static eg_piece *new_piece(eg_line_joiner *j, const eg_contour_strip *strip,
                           const eg_fragment *fragment, eg_error *error)
{
    const double *points = (const double *)strip->points.items + 2 * fragment->first;
    const size_t bytes = 2 * fragment->count * sizeof *points;
    eg_face *face = j->faces ? eg_face_of(j->faces, fragment, error) : NULL;
    if (j->faces && !face)
        return NULL;
    eg_piece *piece = eg_alloc(j->ctx, 1, sizeof *piece + bytes, error);
    if (!piece)
        return NULL;
    if (face)
        eg_face_add_piece(face);
    *piece = (eg_piece){.other = piece,
                        .older = j->pieces,
                        .face = face,
                        .count = fragment->count,
                        .row = fragment->row,
                        .level = fragment->level,
                        .start_free = fragment->start.side == EG_FRAGMENT_FREE,
                        .end_free = fragment->end.side == EG_FRAGMENT_FREE};
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

/* Frees the pieces of a chain. */
static void free_chain(eg_line_joiner *j, eg_piece *head)
{
    for (eg_piece *p = head, *next; p; p = next) {
        next = p->next;
        free_piece(j, p);
    }
}

/* Turns a chain, a ring or one with free ends, into a line or a ring of its face, and frees its
 * pieces. */
static eg_status complete_chain(eg_line_joiner *j, eg_piece *head, bool closed, eg_error *error)
{
    whole_line made = {.line = {.level = head->level, .closed = closed}, .at = j->points.count};
    size_t most = 1; /* the first point of a ring is repeated */
    for (const eg_piece *p = head; p; p = p->next)
        most += p->count;
    eg_status status = eg_growing_reserve(&j->points, j->ctx, most, 2 * sizeof(double), error);
    if (status != EG_OK)
        return status;
    double *points = (double *)j->points.items + 2 * made.at;
    size_t count = 0;
    for (const eg_piece *p = head; p; p = p->next) {
        made.row = p->row > made.row ? p->row : made.row;
        for (size_t i = 0; i < p->count; i++)
            count = eg_polyline_append(points, count, p->points + 2 * i);
    }
    if (closed)
        count = eg_polyline_close(points, count);
    if (count >= 2 && j->faces)
        status = eg_face_add_ring(j->faces, head->face, points, count, made.row, error);
    free_chain(j, head);
    if (count < 2 || j->faces)
        return status;
    made.line.count = count;
    j->points.count += count;
    return add_line(j, &made, error);
}

/* Joins the chain that ends with the piece `end` to the one that begins with `start`. */
static eg_status join(eg_line_joiner *j, eg_piece *end, eg_piece *start, eg_error *error)
{
    eg_piece *head = end->other, *tail = start->other;
    if (j->faces)
        eg_face_unite(end->face, start->face);
    if (head == start)
        return complete_chain(j, head, true, error);
    end->next = start;
    head->other = tail;
    tail->other = head;
    return head->start_free && tail->end_free ? complete_chain(j, head, false, error) : EG_OK;
}

/* Records that nothing continues a chain at one of its ends. */
static eg_status free_end(eg_line_joiner *j, eg_open_end end, eg_error *error)
{
    eg_piece *head = end.starts ? end.piece : end.piece->other;
    eg_piece *tail = head->other;
    if (end.starts)
        head->start_free = true;
    else
        tail->end_free = true;
    return head->start_free && tail->end_free ? complete_chain(j, head, false, error) : EG_OK;
}

/* ---- strips ---------------------------------------------------------------------------------- */

/* Makes `ends` an array of that many crossings where nothing ends. */
static eg_status reset_ends(eg_line_joiner *j, eg_growing *ends, size_t count, eg_error *error)
{
    ends->count = 0;
    eg_status status = eg_growing_reserve(ends, j->ctx, count, sizeof(eg_open_end), error);
    if (status != EG_OK)
        return status;
    ends->count = count;
    if (count > 0)
        memset(ends->items, 0, count * sizeof(eg_open_end));
    return EG_OK;
}

static void record_end(eg_line_joiner *j, eg_piece *piece, eg_fragment_end end, bool starts)
{
    if (end.side == EG_FRAGMENT_FREE)
        return;
    const eg_growing *ends = end.side == EG_FRAGMENT_FIRST_ROW ? &j->first : &j->below;
    ((eg_open_end *)ends->items)[end.number] = (eg_open_end){piece, starts};
}

/* Adds a closed fragment to its face, unless it has no extent. */
static eg_status add_ring(eg_line_joiner *j, const eg_contour_strip *strip, const eg_fragment *f,
                          eg_error *error)
{
    eg_face *face = f->count > 0 ? eg_face_of(j->faces, f, error) : NULL;
    if (!face)
        return f->count > 0 ? eg_failed(error) : EG_OK;
    const double *points = (const double *)strip->points.items + 2 * f->first;
    return eg_face_add_ring(j->faces, face, points, f->count, f->row, error);
}

/* Adds a fragment: as a line or a ring, or as a piece of one. */
static eg_status add_fragment(eg_line_joiner *j, const eg_contour_strip *strip,
                              const eg_fragment *f, eg_error *error)
{
    if (f->closed && j->faces)
        return add_ring(j, strip, f, error);
    if (f->closed || (f->start.side == EG_FRAGMENT_FREE && f->end.side == EG_FRAGMENT_FREE)) {
        const double *points = (const double *)strip->points.items + 2 * f->first;
        return add_line(j, &(whole_line){{points, f->count, f->level, f->closed}, f->row, not_ours},
                        error);
    }
    eg_piece *piece = new_piece(j, strip, f, error);
    if (!piece)
        return eg_failed(error);
    record_end(j, piece, f->start, true);
    record_end(j, piece, f->end, false);
    return EG_OK;
}

/* Joins what ends at the row between the strips so far and the next one. */
static eg_status join_strips(eg_line_joiner *j, eg_error *error)
{
    const eg_open_end *above = j->above.items, *first = j->first.items;
    const size_t count = j->first.count;
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        const eg_open_end a = i < j->above.count ? above[i] : (eg_open_end){NULL, false};
        if (a.piece && first[i].piece)
            status = a.starts ? join(j, first[i].piece, a.piece, error)
                              : join(j, a.piece, first[i].piece, error);
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
    return eg_polyline_compare(x->line.points, x->line.count, y->line.points, y->line.count);
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
            lines[i].line.points = (const double *)j->points.items + 2 * lines[i].at;
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

eg_status eg_line_joiner_add(eg_line_joiner *j, const eg_contour_strip *strip, eg_error *error)
{
    const eg_fragment *fragments = strip->fragments.items;
    eg_status status = reset_ends(j, &j->first, strip->first_row_count, error);
    if (status == EG_OK)
        status = reset_ends(j, &j->below, strip->last_row_count, error);
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
