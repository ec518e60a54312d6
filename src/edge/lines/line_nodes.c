/* SPDX-License-Identifier: MIT */
/* Reading lines by following the links of their nodes. */
#include "edge/lines/line_nodes.h"

#include "edge/lines/polyline.h"

size_t eg_line_nodes_read(eg_line_node *nodes, size_t number, const eg_line_strip *lines,
                          eg_fragment *fragment)
{
    double *points = (double *)lines->points.items + 2 * lines->points.count;
    size_t at = number, last = number, count = 0;
    uint32_t row = 0;
    while (at != EG_NO_NODE) {
        const size_t next = nodes[at].next;
        row = nodes[at].row > row ? nodes[at].row : row;
        count = eg_polyline_append(points, 2, count, nodes[at].at);
        nodes[at].next = EG_NO_NODE;
        nodes[at].fragment = (uint32_t)lines->fragments.count;
        last = at;
        at = next == number ? EG_NO_NODE : next;
        fragment->closed = next == number;
    }
    if (fragment->closed)
        count = eg_polyline_close(points, 2, count);
    fragment->first = lines->points.count;
    fragment->count = count;
    fragment->row = row;
    return last;
}

eg_status eg_line_nodes_each(const eg_growing *nodes, eg_status (*add)(void *opaque, size_t number),
                             void *opaque)
{
    const eg_line_node *all = nodes->items;
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < nodes->count; i++)
        if (all[i].next != EG_NO_NODE && all[i].previous == EG_NO_NODE)
            status = add(opaque, i);
    for (size_t i = 0; status == EG_OK && i < nodes->count; i++)
        if (all[i].next != EG_NO_NODE)
            status = add(opaque, i);
    return status;
}
