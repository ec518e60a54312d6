/* SPDX-License-Identifier: MIT */
/* Hysteresis as a bit-parallel flood with a worklist of words. */
#include "edge/hysteresis.h"

#include <string.h>

#include "core/thread_pool.h"

/* Flood fill inside one block of rows. */
typedef struct flood {
    const eg_planes *planes;
    eg_block_rows block;
    uint32_t *stack; /* words to visit: (y - y0) * words + i */
    size_t depth;
    uint8_t *queued; /* flag of each word on the stack, so that it holds each word at most once */
    uint64_t *growing, *columns; /* of a row, see eg_hysteresis_kernels */
    bool grew_top, grew_bottom;
} flood;

/* Returns the words of memory for flood.growing and flood.columns. */
static size_t row_scratch(size_t words)
{
    return (words + 63) / 64 + words + 2 * EG_HYSTERESIS_PAD;
}

size_t eg_hysteresis_scratch(size_t words, size_t rows)
{
    return row_scratch(words) * sizeof(uint64_t) + words * rows * (sizeof(uint32_t) + 1);
}

static EG_DEFINE_KERNELS_FOR(kernels_for, eg_hysteresis_kernels)

    /* ---- one word ---- */

    /* Returns the pixels of word i that touch a set pixel of word i - 1, i or i + 1 of a row. */
    static inline uint64_t dilate(uint64_t left, uint64_t at, uint64_t right)
{
    return at | at << 1 | at >> 1 | left >> 63 | right << 63;
}

/* Returns `seed` and all bits of `mask` connected to it by a run of `mask` bits. */
static inline uint64_t fill_runs(uint64_t seed, uint64_t mask)
{
    /* Towards higher bits the carry of an addition passes along each run; towards lower bits,
     * doubling shifts do. */
    uint64_t up = (mask ^ (mask + seed)) & mask;
    seed |= up;
    uint64_t open = mask;
    for (int step = 1; step < 64; step *= 2) {
        seed |= open & (seed >> step);
        open &= open >> step;
    }
    return seed;
}

/* Rows y - 1, y and y + 1. At a border of the block row y replaces the row outside. */
typedef struct rows3 {
    const uint64_t *above, *at, *below, *candidate;
    size_t words;
} rows3;

static inline rows3 rows_about(const flood *f, size_t y)
{
    const eg_planes *p = f->planes;
    const uint64_t *at = eg_edge_row(p, y);
    return (rows3){
        .above = y > f->block.y0 ? at - p->words : at,
        .at = at,
        .below = y + 1 < f->block.y1 ? at + p->words : at,
        .candidate = eg_candidate_row(p, y),
        .words = p->words,
    };
}

static inline uint64_t column(const rows3 *r, size_t i)
{
    return r->above[i] | r->at[i] | r->below[i];
}

/* Returns word i of the middle row with the candidates connected to its edges and its neighbours'
 * edges; 0 if there is no new one. */
static inline uint64_t grow_word(const rows3 *r, size_t i)
{
    uint64_t left = i > 0 ? column(r, i - 1) : 0;
    uint64_t right = i + 1 < r->words ? column(r, i + 1) : 0;
    uint64_t mask = r->candidate[i];
    uint64_t seed = dilate(left, column(r, i), right) & mask;
    return seed & ~r->at[i] ? fill_runs(seed, mask) : 0;
}

static inline uint64_t open_candidates(const eg_planes *p, size_t y, size_t i)
{
    return eg_candidate_row(p, y)[i] & ~eg_edge_row(p, y)[i];
}

/* ---- the worklist ---- */

/* Queues word i of row y if `touched` contains a candidate that is not an edge yet. */
static inline void push_word(flood *f, size_t y, size_t i, uint64_t touched)
{
    size_t word = (y - f->block.y0) * f->planes->words + i;
    if (!(touched & open_candidates(f->planes, y, i)) || f->queued[word])
        return;
    f->queued[word] = 1;
    f->stack[f->depth++] = (uint32_t)word;
}

/* Queues the words of row y that touch `fresh`, bits just set in word i of row y or an adjacent
 * row. */
static inline void push_row(flood *f, size_t y, size_t i, uint64_t fresh)
{
    push_word(f, y, i, fresh | fresh << 1 | fresh >> 1);
    if (i > 0)
        push_word(f, y, i - 1, fresh << 63);
    if (i + 1 < f->planes->words)
        push_word(f, y, i + 1, fresh >> 63);
}

static void push_neighbourhood(flood *f, size_t y, size_t i, uint64_t fresh)
{
    if (y > f->block.y0)
        push_row(f, y - 1, i, fresh);
    push_row(f, y, i, fresh);
    if (y + 1 < f->block.y1)
        push_row(f, y + 1, i, fresh);
}

/* Adds `bits` to the edges in word i of row y and returns the new ones. */
static inline uint64_t add_edges(flood *f, size_t y, size_t i, uint64_t bits)
{
    uint64_t *edge = &eg_edge_row(f->planes, y)[i];
    uint64_t fresh = bits & ~*edge;
    if (!fresh)
        return 0;
    *edge |= fresh;
    f->grew_top |= y == f->block.y0;
    f->grew_bottom |= y + 1 == f->block.y1;
    return fresh;
}

static void drain_worklist(flood *f)
{
    while (f->depth) {
        size_t word = f->stack[--f->depth];
        size_t y = f->block.y0 + word / f->planes->words, i = word % f->planes->words;
        f->queued[word] = 0;
        const rows3 rows = rows_about(f, y);
        uint64_t fresh = add_edges(f, y, i, grow_word(&rows, i));
        if (fresh)
            push_neighbourhood(f, y, i, fresh);
    }
}

/* Returns an empty flood of `block`. `scratch` is laid out for blocks of up to `rows` rows, so that
 * its flags have the same address for all blocks that share it; they must be 0, and are 0 again
 * once the worklist is empty. */
static flood flood_init(const eg_planes *planes, eg_block_rows block, void *scratch, size_t rows)
{
    flood f = {.planes = planes, .block = block, .growing = scratch};
    f.columns = f.growing + (planes->words + 63) / 64;
    f.stack = (uint32_t *)(void *)(f.growing + row_scratch(planes->words));
    f.queued = (uint8_t *)(f.stack + planes->words * rows);
    return f;
}

/* Notes that word i grows as well. */
static void note_growing(uint64_t *growing, size_t i)
{
    growing[i / 64] |= (uint64_t)1 << i % 64;
}

/* Grows the words of row y from left to right. */
static void sweep_right(flood *f, const eg_hysteresis_kernels *kernels, size_t y)
{
    const rows3 rows = rows_about(f, y);
    const uint64_t *const edge[3] = {rows.above, rows.at, rows.below};
    kernels->find_growing(f->growing, f->columns, edge, rows.candidate, rows.words);
    for (size_t k = 0; k * 64 < rows.words; k++)
        while (f->growing[k]) {
            const size_t i = k * 64 + (size_t)__builtin_ctzll(f->growing[k]);
            f->growing[k] &= f->growing[k] - 1;
            const uint64_t fresh = add_edges(f, y, i, grow_word(&rows, i));
            if (fresh >> 63 && i + 1 < rows.words)
                note_growing(f->growing, i + 1);
        }
}

/* Grows the words of row y from right to left, and queues those that new edges touch and that were
 * visited before: in the row below and to the right. */
static void sweep_left(flood *f, const eg_hysteresis_kernels *kernels, size_t y)
{
    const rows3 rows = rows_about(f, y);
    const uint64_t *const edge[3] = {rows.above, rows.at, rows.below};
    kernels->find_growing(f->growing, f->columns, edge, rows.candidate, rows.words);
    for (size_t k = (rows.words + 63) / 64; k-- > 0;)
        while (f->growing[k]) {
            const size_t bit = 63 - (size_t)__builtin_clzll(f->growing[k]), i = k * 64 + bit;
            f->growing[k] &= ~((uint64_t)1 << bit);
            const uint64_t fresh = add_edges(f, y, i, grow_word(&rows, i));
            if (!fresh)
                continue;
            if (fresh & 1 && i > 0)
                note_growing(f->growing, i - 1);
            if (i + 1 < rows.words)
                push_word(f, y, i + 1, fresh >> 63);
            if (y + 1 < f->block.y1)
                push_row(f, y + 1, i, fresh);
        }
}

void eg_hysteresis_block(const eg_planes *planes, eg_block_rows block, eg_cpu_level cpu,
                         void *scratch)
{
    const eg_hysteresis_kernels *kernels = kernels_for(cpu);
    size_t height = block.y1 - block.y0;
    flood f = flood_init(planes, block, scratch, height);
    memset(f.queued, 0, planes->words * height);
    /* One sweep down and to the right and one up and to the left find nearly all edges. Edges of
     * the second sweep may touch words behind it, which are added to the worklist. */
    for (size_t y = block.y0; y < block.y1; y++)
        sweep_right(&f, kernels, y);
    for (size_t y = block.y1; y-- > block.y0;)
        sweep_left(&f, kernels, y);
    drain_worklist(&f);
}

/* ---- across blocks ---- */

/* Grows edges from `from`, the row of edges adjacent to row y outside the block, into row y. */
static void seed_row(flood *f, size_t y, const uint64_t *from)
{
    const eg_planes *p = f->planes;
    for (size_t i = 0; i < p->words; i++) {
        uint64_t open = open_candidates(p, y, i);
        if (!open)
            continue;
        uint64_t left = i > 0 ? from[i - 1] : 0, right = i + 1 < p->words ? from[i + 1] : 0;
        uint64_t seed = open & dilate(left, from[i], right);
        uint64_t fresh = seed ? add_edges(f, y, i, fill_runs(seed, eg_candidate_row(p, y)[i])) : 0;
        if (fresh)
            push_neighbourhood(f, y, i, fresh);
    }
}

/* FIFO ring of blocks whose neighbours grew, each at most once. */
typedef struct block_queue {
    size_t *ring, head, count, capacity;
    uint8_t *waiting;
} block_queue;

static void enqueue(block_queue *q, size_t block)
{
    if (q->waiting[block])
        return;
    q->waiting[block] = 1;
    q->ring[(q->head + q->count++) % q->capacity] = block;
}

static size_t dequeue(block_queue *q)
{
    size_t block = q->ring[q->head];
    q->head = (q->head + 1) % q->capacity;
    q->count--;
    q->waiting[block] = 0;
    return block;
}

/* Propagation of edges between the blocks of the planes. */
typedef struct propagation {
    eg_context *ctx;
    const eg_planes *planes;
    const eg_block_rows *blocks;
    size_t count, rows; /* rows: of the tallest block */
    void *scratch;      /* for `rows` rows, zeroed */
    block_queue queue;
} propagation;

static eg_status propagation_init(propagation *s, eg_error *error)
{
    for (size_t k = 0; k < s->count; k++) {
        size_t rows = s->blocks[k].y1 - s->blocks[k].y0;
        s->rows = rows > s->rows ? rows : s->rows;
    }
    s->queue.capacity = s->count;
    s->scratch = eg_calloc(s->ctx, 1, eg_hysteresis_scratch(s->planes->words, s->rows), error);
    s->queue.ring = eg_alloc(s->ctx, s->count, sizeof *s->queue.ring, error);
    s->queue.waiting = eg_calloc(s->ctx, s->count, 1, error);
    return s->scratch && s->queue.ring && s->queue.waiting ? EG_OK : eg_failed(error);
}

static void propagation_release(propagation *s)
{
    eg_free(s->queue.waiting);
    eg_free(s->queue.ring);
    eg_free(s->scratch);
}

/* Return the row of edges above or below block k, NULL if there is none. */
static const uint64_t *row_above(const propagation *s, size_t k,
                                 const eg_neighbour_rows *neighbours)
{
    return k > 0 ? eg_edge_row(s->planes, s->blocks[k].y0 - 1) : neighbours->above;
}

static const uint64_t *row_below(const propagation *s, size_t k,
                                 const eg_neighbour_rows *neighbours)
{
    return k + 1 < s->count ? eg_edge_row(s->planes, s->blocks[k].y1) : neighbours->below;
}

/* Grows edges of the neighbours into block k and inside it. Returns the flood, which says whether
 * rows at its borders gained edges. */
static flood grow_block(const propagation *s, size_t k, const eg_neighbour_rows *neighbours,
                        void *scratch, size_t rows)
{
    const uint64_t *above = row_above(s, k, neighbours), *below = row_below(s, k, neighbours);
    flood f = flood_init(s->planes, s->blocks[k], scratch, rows);
    if (above)
        seed_row(&f, s->blocks[k].y0, above);
    if (below)
        seed_row(&f, s->blocks[k].y1 - 1, below);
    drain_worklist(&f);
    return f;
}

/* Grows edges from block to block until the queue is empty. */
static void propagate(propagation *s, eg_neighbour_rows *neighbours)
{
    while (s->queue.count) {
        size_t k = dequeue(&s->queue);
        const flood f = grow_block(s, k, neighbours, s->scratch, s->rows);
        if (k > 0 && f.grew_top)
            enqueue(&s->queue, k - 1);
        if (k + 1 < s->count && f.grew_bottom)
            enqueue(&s->queue, k + 1);
        neighbours->grew_first |= k == 0 && f.grew_top;
        neighbours->grew_last |= k + 1 == s->count && f.grew_bottom;
    }
}

/* Every second block, which can grow at the same time: their neighbours do not change. */
typedef struct half_round {
    const propagation *all;
    size_t first;
    uint8_t *grew; /* of each block: bit 0 if its top row grew, bit 1 if its bottom row did */
} half_round;

static eg_status grow_one(void *opaque, size_t i, eg_error *error)
{
    static const eg_neighbour_rows nothing = {0};
    const half_round *h = opaque;
    const size_t k = h->first + 2 * i, rows = h->all->blocks[k].y1 - h->all->blocks[k].y0;
    const eg_planes *planes = h->all->planes;
    void *scratch = eg_calloc(h->all->ctx, 1, eg_hysteresis_scratch(planes->words, rows), error);
    if (!scratch)
        return eg_failed(error);
    const flood f = grow_block(h->all, k, &nothing, scratch, rows);
    h->grew[k] = (uint8_t)(f.grew_top | f.grew_bottom << 1);
    eg_free(scratch);
    return EG_OK;
}

/* Grows all blocks once, in parallel: first those with even numbers, then the others. Queues the
 * blocks whose neighbours grew after them. */
static eg_status grow_once(propagation *s, eg_error *error)
{
    half_round h = {.all = s, .grew = eg_calloc(s->ctx, s->count, 1, error)};
    eg_status status = h.grew ? EG_OK : eg_failed(error);
    for (h.first = 0; status == EG_OK && h.first < 2; h.first++)
        status = eg_parallel_for(s->ctx, (s->count + 1 - h.first) / 2,
                                 s->planes->width * s->planes->height, &h, grow_one, error);
    for (size_t k = 1; status == EG_OK && k < s->count; k += 2) {
        if (h.grew[k] & 1)
            enqueue(&s->queue, k - 1);
        if (h.grew[k] & 2 && k + 1 < s->count)
            enqueue(&s->queue, k + 1);
    }
    eg_free(h.grew);
    return status;
}

eg_status eg_hysteresis_across_blocks(eg_context *ctx, const eg_planes *planes,
                                      const eg_block_rows *blocks, size_t count, eg_error *error)
{
    propagation s = {.ctx = ctx, .planes = planes, .blocks = blocks, .count = count};
    eg_neighbour_rows nothing = {0};
    if (count < 2)
        return EG_OK;
    eg_status status = propagation_init(&s, error);
    if (status == EG_OK)
        status = grow_once(&s, error);
    if (status == EG_OK)
        propagate(&s, &nothing);
    propagation_release(&s);
    return status;
}

eg_status eg_hysteresis_neighbours(eg_context *ctx, const eg_planes *planes,
                                   const eg_block_rows *blocks, size_t count,
                                   eg_neighbour_rows *neighbours, eg_error *error)
{
    propagation s = {.ctx = ctx, .planes = planes, .blocks = blocks, .count = count};
    neighbours->grew_first = neighbours->grew_last = false;
    eg_status status = propagation_init(&s, error);
    if (status == EG_OK && neighbours->above)
        enqueue(&s.queue, 0);
    if (status == EG_OK && neighbours->below)
        enqueue(&s.queue, count - 1);
    if (status == EG_OK)
        propagate(&s, neighbours);
    propagation_release(&s);
    return status;
}
