/* SPDX-License-Identifier: MIT */
/* Reads the boundaries of areas from the links of their nodes. */
#include "core/context.h"
#include "edge/lines/area_nodes.h"

typedef struct reader {
    eg_area_strip *strip;
    const eg_contour_input *input;
    eg_error *error;
    double first_class; /* class of the lowest value of the strip */
    size_t width, y0;
} reader;

static eg_fragment_end end_at(const reader *f, size_t number)
{
    const eg_area_strip *s = f->strip;
    const size_t width = f->width, first = s->first_samples;
    const size_t column = (size_t)((const eg_line_node *)s->nodes.items)[number].at[0];
    if (number < first)
        return (eg_fragment_end){EG_FRAGMENT_FIRST_ROW, column};
    if (number < first + s->first_crossings)
        return (eg_fragment_end){EG_FRAGMENT_FIRST_ROW, width + number - first};
    if (number >= s->last_samples)
        return (eg_fragment_end){EG_FRAGMENT_LAST_ROW, column};
    return (eg_fragment_end){EG_FRAGMENT_LAST_ROW, width + number - s->last_crossings};
}

static void read_fragment(reader *f, size_t number, eg_fragment *fragment)
{
    eg_line_node *all = f->strip->nodes.items;
    const size_t last = eg_line_nodes_read(all, number, &f->strip->lines, fragment);
    if (!fragment->closed) {
        fragment->start = end_at(f, number);
        fragment->end = end_at(f, last);
    }
    fragment->row += f->y0 - f->input->origin;
    fragment->level = f->first_class + all[number].class;
    fragment->face = (uint32_t)f->strip->lines.fragments.count;
}

static eg_status add_fragment(void *opaque, size_t number)
{
    reader *f = opaque;
    eg_line_strip *lines = &f->strip->lines;
    eg_fragment made = {.count = 0};
    eg_status status =
        eg_growing_reserve(&lines->fragments, f->input->ctx, 1, sizeof made, f->error);
    if (status != EG_OK)
        return status;
    read_fragment(f, number, &made);
    ((eg_fragment *)lines->fragments.items)[lines->fragments.count++] = made;
    lines->points.count += made.count;
    return EG_OK;
}

/* Returns the first fragment of a face, and shortens the path there. */
static uint32_t find_face(eg_fragment *fragments, uint32_t number)
{
    while (fragments[number].face != number) {
        fragments[number].face = fragments[fragments[number].face].face;
        number = fragments[number].face;
    }
    return number;
}

/* Gives the fragments of a face the same number, the smallest of theirs. */
static void unite_faces(const reader *f)
{
    const eg_growing *intervals = &f->strip->intervals;
    const eg_line_node *nodes = f->strip->nodes.items;
    eg_fragment *fragments = f->strip->lines.fragments.items;
    for (size_t i = 0; i < intervals->count; i++) {
        const eg_area_interval *both = (const eg_area_interval *)intervals->items + i;
        const uint32_t a = find_face(fragments, nodes[both->left].fragment);
        const uint32_t b = find_face(fragments, nodes[both->right].fragment);
        fragments[a > b ? a : b].face = a < b ? a : b;
    }
    for (size_t i = 0; i < f->strip->lines.fragments.count; i++)
        fragments[i].face = find_face(fragments, (uint32_t)i);
}

/* A ring has at least three nodes, so a third more points than nodes are enough. */
eg_status eg_area_read_fragments(eg_area_strip *strip, const eg_contour_input *input, size_t width,
                                 size_t y0, double first_class, eg_error *error)
{
    reader f = {strip, input, error, first_class, width, y0};
    const size_t count = strip->nodes.count;
    eg_status status = eg_growing_reserve(&strip->lines.points, input->ctx, count + count / 3 + 1,
                                          2 * sizeof(double), error);
    if (status == EG_OK)
        status = eg_line_nodes_each(&strip->nodes, add_fragment, &f);
    if (status == EG_OK)
        unite_faces(&f);
    return status;
}
