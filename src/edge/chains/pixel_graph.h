/* SPDX-License-Identifier: MIT */
/*
 * The graph of edge pixels. A pixel is linked to the edge pixels above, below, left and right of
 * it, and to a diagonal one if neither of the two pixels beside both is an edge. A pixel has at
 * most four links; with one it is an end of a line, with three or four a junction.
 */
#ifndef EG_EDGE_CHAINS_PIXEL_GRAPH_H
#define EG_EDGE_CHAINS_PIXEL_GRAPH_H

#include "edge/planes.h"

/* Directions of links: 0 to the right, then clockwise by 45 degrees. */
enum { EG_LINKS = 8, EG_NO_LINK = 8 };

extern const int eg_link_dx[EG_LINKS], eg_link_dy[EG_LINKS];

/* Returns the direction from the other end of a link. */
static inline unsigned eg_link_back(unsigned direction)
{
    return (direction + 4) % EG_LINKS;
}

/* Returns true if a pixel, which may lie outside the planes, is an edge. */
static inline bool eg_is_edge(const eg_planes *planes, ptrdiff_t x, ptrdiff_t y)
{
    return x >= 0 && y >= 0 && (size_t)x < planes->width && (size_t)y < planes->height &&
           eg_edge_row(planes, (size_t)y)[x / 64] >> x % 64 & 1;
}

/* Returns the links of an edge pixel, a bit for each direction. */
unsigned eg_pixel_links(const eg_planes *planes, ptrdiff_t x, ptrdiff_t y);

/* Returns the link by which a line continues that reaches a pixel by one of its `links`; EG_NO_LINK
 * if it ends there. At a junction the two links continue each other whose branches, over some
 * pixels, form the straightest line; of four links so do the other two. A line that would turn by
 * 90 degrees or more ends. */
unsigned eg_link_continuation(const eg_planes *planes, ptrdiff_t x, ptrdiff_t y, unsigned links,
                              unsigned link);

#endif
