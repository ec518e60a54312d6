/* SPDX-License-Identifier: MIT */
/*
 * One-to-one matching of the pixels of two masks, loaded by tools/quality/measure: as many pairs as
 * possible whose distance is at most a radius. Nearest pairs are made first, then augmenting paths
 * add the rest.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct offset {
    int x, y;
} offset;

typedef struct matching {
    int width, height;
    const uint8_t *other;
    offset *near; /* offsets within the radius, nearest first */
    int near_count;
    int32_t *partner, *partner_of_other; /* index of the partner of each pixel, -1: none */
    int32_t *from; /* pixel of `one` that a search came to a pixel of `other` from */
    bool *dead;    /* pixel of `other` that a search has visited */
    int32_t *queue;
} matching;

static int by_distance(const void *a, const void *b)
{
    const offset *p = a, *q = b;
    return (p->x * p->x + p->y * p->y) - (q->x * q->x + q->y * q->y);
}

static void list_offsets(matching *m, double radius)
{
    const int reach = (int)radius;
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++)
            if (x * x + y * y <= radius * radius)
                m->near[m->near_count++] = (offset){x, y};
    qsort(m->near, (size_t)m->near_count, sizeof *m->near, by_distance);
}

/* Returns the index of the pixel of `other` at an offset from a pixel, -1 if there is none. */
static int32_t neighbour(const matching *m, int32_t pixel, offset d)
{
    const int x = pixel % m->width + d.x, y = pixel / m->width + d.y;
    if (x < 0 || y < 0 || x >= m->width || y >= m->height || !m->other[y * m->width + x])
        return -1;
    return y * m->width + x;
}

static void match_nearest(matching *m, const uint8_t *one)
{
    for (int k = 0; k < m->near_count; k++)
        for (int32_t p = 0; p < m->width * m->height; p++) {
            if (!one[p] || m->partner[p] >= 0)
                continue;
            const int32_t q = neighbour(m, p, m->near[k]);
            if (q >= 0 && m->partner_of_other[q] < 0) {
                m->partner[p] = q;
                m->partner_of_other[q] = p;
            }
        }
}

/* Pairs each pixel of the path to `q` with the next one. */
static void augment(matching *m, int32_t q)
{
    while (q >= 0) {
        const int32_t p = m->from[q], before = m->partner[p];
        m->partner[p] = q;
        m->partner_of_other[q] = p;
        q = before;
    }
}

/*
 * Searches, breadth first, an augmenting path from a pixel without a partner. Pixels that a search
 * without success has visited are on no augmenting path of later ones (theorem of the Hungarian
 * tree), so they stay dead.
 */
static void search(matching *m, int32_t start)
{
    int32_t visited = 0, expanded = 0, *path = m->queue; /* pixels of `other` */
    for (int32_t p = start;; p = m->partner_of_other[path[expanded++]]) {
        for (int k = 0; k < m->near_count; k++) {
            const int32_t q = neighbour(m, p, m->near[k]);
            if (q < 0 || m->dead[q])
                continue;
            m->dead[q] = true;
            m->from[q] = p;
            path[visited++] = q;
            if (m->partner_of_other[q] < 0) {
                augment(m, q);
                for (int32_t i = 0; i < visited; i++)
                    m->dead[path[i]] = false;
                return;
            }
        }
        if (expanded == visited)
            return;
    }
}

int match(int width, int height, const uint8_t *one, const uint8_t *other, double radius,
          uint8_t *found);

/* Sets found[p] to 1 for each pixel of `one` with a partner in `other`, else to 0. Returns the
 * number of pairs, -1 without memory. */
int match(int width, int height, const uint8_t *one, const uint8_t *other, double radius,
          uint8_t *found)
{
    const size_t count = (size_t)width * (size_t)height, side = 2 * (size_t)radius + 1;
    matching m = {.width = width, .height = height, .other = other};
    m.near = malloc(side * side * sizeof *m.near);
    m.partner = malloc(count * sizeof *m.partner);
    m.partner_of_other = malloc(count * sizeof *m.partner_of_other);
    m.from = malloc(count * sizeof *m.from);
    m.queue = malloc(count * sizeof *m.queue);
    m.dead = calloc(count, sizeof *m.dead);
    int pairs = -1;
    if (m.near && m.partner && m.partner_of_other && m.from && m.queue && m.dead) {
        memset(m.partner, 0xff, count * sizeof *m.partner);
        memset(m.partner_of_other, 0xff, count * sizeof *m.partner_of_other);
        list_offsets(&m, radius);
        match_nearest(&m, one);
        pairs = 0;
        for (size_t p = 0; p < count; p++) {
            if (one[p] && m.partner[p] < 0)
                search(&m, (int32_t)p);
        }
        for (size_t p = 0; p < count; p++)
            pairs += found[p] = m.partner[p] >= 0;
    }
    free(m.dead);
    free(m.queue);
    free(m.from);
    free(m.partner_of_other);
    free(m.partner);
    free(m.near);
    return pairs;
}
