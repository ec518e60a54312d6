/* SPDX-License-Identifier: MIT */
/* The graph of edge pixels: links, and continuations through junctions. */
#include "edge/chains/pixel_graph.h"

#include <math.h>

const int eg_link_dx[EG_LINKS] = {1, 1, 0, -1, -1, -1, 0, 1};
const int eg_link_dy[EG_LINKS] = {0, 1, 1, 1, 0, -1, -1, -1};

enum { BRANCH_PIXELS = 6 }; /* pixels of a branch that decide on its direction */

unsigned eg_pixel_links(const eg_planes *planes, ptrdiff_t x, ptrdiff_t y)
{
    unsigned set = 0;
    for (unsigned d = 0; d < EG_LINKS; d++)
        set |= (unsigned)eg_is_edge(planes, x + eg_link_dx[d], y + eg_link_dy[d]) << d;
    /* Bits of the directions beside each direction. */
    const unsigned beside = (set << 1 | set >> 7) | (set >> 1 | set << 7);
    const unsigned diagonals = 0xAA;
    return set & ~(diagonals & beside) & 0xFF;
}

static unsigned count_links(unsigned links)
{
    return (unsigned)__builtin_popcount(links);
}

/* A unit vector. */
typedef struct direction {
    double x, y;
} direction;

/* Returns the direction of a branch: towards its pixel BRANCH_PIXELS away, or its last one before a
 * junction or an end. */
static direction branch_direction(const eg_planes *planes, ptrdiff_t x, ptrdiff_t y, unsigned link)
{
    const ptrdiff_t x0 = x, y0 = y;
    for (int i = 0; i < BRANCH_PIXELS; i++) {
        x += eg_link_dx[link];
        y += eg_link_dy[link];
        const unsigned links = eg_pixel_links(planes, x, y);
        if (count_links(links) != 2 || (x == x0 && y == y0))
            break;
        link = (unsigned)__builtin_ctz(links & ~(1u << eg_link_back(link)));
    }
    const double dx = (double)(x - x0), dy = (double)(y - y0), length = sqrt(dx * dx + dy * dy);
    return length > 0 ? (direction){dx / length, dy / length} : (direction){0, 0};
}

/* Links that continue each other. */
typedef struct link_pair {
    unsigned a, b;
} link_pair;

/* Returns the pair of links with the straightest line through a junction; {EG_NO_LINK, EG_NO_LINK}
 * if all turn by 90 degrees or more. */
static link_pair straightest(const direction towards[EG_LINKS], unsigned links)
{
    link_pair best = {EG_NO_LINK, EG_NO_LINK};
    double least = 0;
    for (unsigned a = 0; a < EG_LINKS; a++)
        for (unsigned b = a + 1; b < EG_LINKS; b++) {
            if (!(links >> a & 1) || !(links >> b & 1))
                continue;
            const double cosine = towards[a].x * towards[b].x + towards[a].y * towards[b].y;
            if (cosine < least) {
                least = cosine;
                best = (link_pair){a, b};
            }
        }
    return best;
}

unsigned eg_link_continuation(const eg_planes *planes, ptrdiff_t x, ptrdiff_t y, unsigned links,
                              unsigned link)
{
    const unsigned others = links & ~(1u << link);
    if (others == 0)
        return EG_NO_LINK;
    if (count_links(links) == 2)
        return (unsigned)__builtin_ctz(others);
    direction towards[EG_LINKS];
    for (unsigned d = 0; d < EG_LINKS; d++)
        if (links >> d & 1)
            towards[d] = branch_direction(planes, x, y, d);
    while (links >> link & 1) {
        const link_pair pair = straightest(towards, links);
        if (pair.a == EG_NO_LINK)
            return EG_NO_LINK;
        if (pair.a == link || pair.b == link)
            return pair.a == link ? pair.b : pair.a;
        links &= ~(1u << pair.a | 1u << pair.b);
    }
    return EG_NO_LINK;
}
