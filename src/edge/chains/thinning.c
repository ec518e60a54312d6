/* SPDX-License-Identifier: MIT */
/* Thinning of edges, 64 pixels at a time. */
#include "edge/chains/thinning.h"

#include <string.h>

/* Words of three rows, and those beside them. */
typedef struct neighbourhood {
    uint64_t north_west, north, north_east, west, own, east, south_west, south, south_east;
} neighbourhood;

/* Returns the pixels to the left or to the right of those of word i; a row has a word of zeros
 * beside it. */
static inline uint64_t left_of(const uint64_t *row, size_t i)
{
    return row[i] << 1 | row[i - 1] >> 63;
}

static inline uint64_t right_of(const uint64_t *row, size_t i)
{
    return row[i] >> 1 | row[i + 1] << 63;
}

/* Returns the pixels with two or three of the four pairs set. */
static inline void count_pairs(const uint64_t pair[4], uint64_t *two_or_more, uint64_t *four)
{
    const uint64_t one_a = pair[0] ^ pair[1], two_a = pair[0] & pair[1];
    const uint64_t one_b = pair[2] ^ pair[3], two_b = pair[2] & pair[3];
    *two_or_more = two_a | two_b | (one_a & one_b);
    *four = two_a & two_b;
}

/* Returns the pixels that a subiteration, 0 or 1, removes. */
static uint64_t removable(const neighbourhood *n, int subiteration)
{
    /* Runs of set pixels around the pixel: exactly one. */
    const uint64_t run[4] = {
        ~n->north & (n->north_east | n->east), ~n->east & (n->south_east | n->south),
        ~n->south & (n->south_west | n->west), ~n->west & (n->north_west | n->north)};
    const uint64_t odd = run[0] ^ run[1] ^ run[2] ^ run[3];
    const uint64_t pairs = (run[0] & run[1]) | (run[2] & run[3]);
    const uint64_t one_run = odd & ~pairs;
    /* Neighbours, counted in pairs in two ways, of which the smaller number is two or three. */
    const uint64_t first[4] = {n->north_west | n->north, n->north_east | n->east,
                               n->south_east | n->south, n->south_west | n->west};
    const uint64_t second[4] = {n->north | n->north_east, n->east | n->south_east,
                                n->south | n->south_west, n->west | n->north_west};
    uint64_t two_first, four_first, two_second, four_second;
    count_pairs(first, &two_first, &four_first);
    count_pairs(second, &two_second, &four_second);
    const uint64_t count = two_first & two_second & ~(four_first & four_second);
    const uint64_t side = subiteration == 0 ? (n->south | n->south_west | ~n->north_west) & n->west
                                            : (n->north | n->north_east | ~n->south_east) & n->east;
    return n->own & one_run & count & ~side;
}

/* Rows of the plane as they were before a subiteration, with a word of zeros on both sides. */
typedef struct old_rows {
    uint64_t *above, *own, *below;
} old_rows;

static void load_row(uint64_t *to, const eg_planes *planes, size_t y)
{
    if (y < planes->height)
        memcpy(to + 1, eg_edge_row(planes, y), planes->words * sizeof *to);
    else
        memset(to + 1, 0, planes->words * sizeof *to);
}

/* Thins a row. Returns true if pixels were removed. */
static bool thin_row(uint64_t *out, const old_rows *old, size_t words, int subiteration)
{
    uint64_t any = 0;
    for (size_t i = 1; i <= words; i++) {
        if (old->own[i] == 0)
            continue;
        const neighbourhood n = {
            .north_west = left_of(old->above, i),
            .north = old->above[i],
            .north_east = right_of(old->above, i),
            .west = left_of(old->own, i),
            .own = old->own[i],
            .east = right_of(old->own, i),
            .south_west = left_of(old->below, i),
            .south = old->below[i],
            .south_east = right_of(old->below, i),
        };
        const uint64_t removed = removable(&n, subiteration);
        any |= removed;
        out[i - 1] = old->own[i] & ~removed;
    }
    return any != 0;
}

static bool subiterate(const eg_planes *planes, uint64_t *memory, int subiteration)
{
    const size_t stride = planes->words + 2;
    old_rows old = {memory, memory + stride, memory + 2 * stride};
    bool changed = false;
    memset(old.above, 0, stride * sizeof *memory);
    load_row(old.own, planes, 0);
    for (size_t y = 0; y < planes->height; y++) {
        load_row(old.below, planes, y + 1);
        changed |= thin_row(eg_edge_row(planes, y), &old, planes->words, subiteration);
        old = (old_rows){old.own, old.below, old.above};
    }
    return changed;
}

eg_status eg_thin_edges(const eg_planes *planes, eg_context *ctx, eg_error *error)
{
    uint64_t *memory = eg_calloc(ctx, 3 * (planes->words + 2), sizeof *memory, error);
    if (!memory)
        return eg_failed(error);
    bool changed = true;
    for (int pass = 0; pass < EG_THINNING_PASSES && changed; pass++) {
        changed = subiterate(planes, memory, 0);
        changed |= subiterate(planes, memory, 1);
    }
    eg_free(memory);
    return EG_OK;
}
