/* SPDX-License-Identifier: MIT */
/* Evaluation at many points: runs each operation of the tape on a block of points. */
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "expr/eval/kernels.h"
#include "expr/eval/scalar.h"
#include "expr/expr.h"

enum {
    CACHE_BYTES = 24 * 1024, /* bytes of the slots of a block, to stay in the first-level cache */
    MIN_BLOCK = 32,
    MAX_BLOCK = 512,         /* largest number of points of a block */
    CHUNK_POINTS = 16384,    /* points of a job, a multiple of MAX_BLOCK */
    STREAM_BYTES = 16 << 20, /* size above which results do not stay in the cache */
    CACHE_LINE = 64,
    FETCHED = 64 /* points fetched into the cache before a step */
};

typedef struct point_batch {
    const eg_expr *expr;
    const eg_tape *tape;
    const eg_tape_kernels *kernels;
    eg_chain_step *chains; /* by step of the tape */
    const double *const *points;
    size_t count, block;
    double *values;
    double *const *gradient;
    bool streams; /* the results exceed the cache */
} point_batch;

/* Addresses of the slots of one thread: in `memory`, or directly in the caller's arrays of points
 * and results. */
typedef struct workspace {
    double *memory, **slots;
} workspace;

static void apply_library(const eg_step *step, const eg_operands *o, size_t count)
{
    for (size_t i = 0; i < count; i++)
        o->out[i] = eg_apply_op(step->op, step->power, o->a[i], o->b[i]);
}

/* Runs the chain that begins with step i. */
static void run_chain(const point_batch *b, double *const *slots, uint32_t i, size_t count,
                      bool streams)
{
    const eg_chain_step *chain = &b->chains[i];
    const eg_step *steps = &b->tape->steps[i];
    eg_link links[EG_CHAIN_MAX];
    for (size_t k = 0; k < chain->length; k++)
        links[k] = (eg_link){.kind = (eg_link_kind)chain[k].kind,
                             .streams = streams && steps[k].op == EG_OP_RESULT,
                             .x = slots[chain[k].x],
                             .out = chain[k].stores ? slots[steps[k].out] : NULL};
    b->kernels->chain(links, chain->length, slots[steps[0].a], count);
}

/* Runs step i. */
static void run_step(const point_batch *b, double *const *slots, uint32_t i, size_t count,
                     bool streams)
{
    const eg_step *step = &b->tape->steps[i];
    const eg_operands operands = {slots[step->out], slots[step->b], slots[step->a],
                                  slots[step->b],   step->power,    streams};
    eg_op_kernel *kernel = b->kernels->apply[step->op];
    if (kernel)
        kernel(&operands, count);
    else
        apply_library(step, &operands, count);
}

/* Fetches points `at` .. end - 1 into the cache, at most FETCHED of them. */
static void prefetch_points(const point_batch *b, size_t at, size_t end)
{
    end = end - at < FETCHED ? end : at + FETCHED;
    for (size_t i = 0; i < b->tape->input_count; i++)
        for (size_t k = at; k < end; k += CACHE_LINE / sizeof(double))
            __builtin_prefetch(b->points[i] + k);
}

/* `streams`: the slots of the results are the caller's arrays, which exceed the cache. The points
 * next .. next_end - 1 of the next block are fetched meanwhile, some before each step, because the
 * processor waits if too many are asked for at once. */
static void run_tape(const point_batch *b, double *const *slots, size_t count, bool streams,
                     size_t next, size_t next_end)
{
    const eg_tape *tape = b->tape;
    for (uint32_t i = tape->constant_end; i < tape->step_count;) {
        const uint32_t length = b->chains[i].length;
        if (next < next_end)
            prefetch_points(b, next, next_end);
        next += FETCHED;
        if (length > 0)
            run_chain(b, slots, i, count, streams);
        else
            run_step(b, slots, i, count, streams);
        i += length > 0 ? length : 1;
    }
}

static double *slot_memory(const point_batch *b, const workspace *w, size_t slot)
{
    return w->memory + slot * b->block;
}

/* Returns the caller's array for a result, NULL if it is not requested. */
static double *result_target(const point_batch *b, size_t index)
{
    if (index == 0)
        return b->values;
    return b->gradient ? b->gradient[index - 1] : NULL;
}

static void run_full_block(const point_batch *b, const workspace *w, size_t first)
{
    const eg_tape *tape = b->tape;
    for (size_t i = 0; i < tape->input_count; i++) /* inputs are only read */
        w->slots[eg_first_input(tape) + i] = (double *)b->points[i] + first;
    for (size_t i = 0; i < tape->result_count; i++) {
        size_t slot = eg_first_result(tape) + i;
        w->slots[slot] =
            result_target(b, i) ? result_target(b, i) + first : slot_memory(b, w, slot);
    }
    const size_t next = first + b->block, left = b->count - next;
    run_tape(b, w->slots, b->block, b->streams, next, next + (left < b->block ? left : b->block));
}

/* Evaluates the last points, fewer than a block, padded with zeros to whole vectors. */
static void run_partial_block(const point_batch *b, const workspace *w, size_t first, size_t count)
{
    const eg_tape *tape = b->tape;
    size_t padded = (count + EG_BLOCK_UNIT - 1) / EG_BLOCK_UNIT * EG_BLOCK_UNIT;
    for (size_t i = eg_first_input(tape); i < eg_first_result(tape) + tape->result_count; i++)
        w->slots[i] = slot_memory(b, w, i);
    for (size_t i = 0; i < tape->input_count; i++) {
        double *input = w->slots[eg_first_input(tape) + i];
        memcpy(input, b->points[i] + first, count * sizeof *input);
        for (size_t k = count; k < padded; k++)
            input[k] = 0;
    }
    run_tape(b, w->slots, padded, false, 0, 0);
    for (size_t i = 0; i < tape->result_count; i++)
        if (result_target(b, i))
            memcpy(result_target(b, i) + first, w->slots[eg_first_result(tape) + i],
                   count * sizeof(double));
}

static void fill_constants(const point_batch *b, const workspace *w)
{
    for (size_t i = 0; i < b->tape->slot_count; i++)
        w->slots[i] = slot_memory(b, w, i);
    for (size_t i = 0; i < b->tape->constant_slots; i++)
        for (size_t k = 0; k < b->block; k++)
            w->slots[i][k] = b->tape->constant_values[i];
}

/* Returns the number of points before the first one whose results are aligned to a cache line,
 * where vectors can be streamed, and accesses span no two lines. */
static size_t points_to_alignment(const point_batch *b, size_t from, size_t to)
{
    const double *results = NULL;
    for (size_t i = 0; i < b->tape->result_count && !results; i++)
        results = result_target(b, i);
    const size_t past = results ? (uintptr_t)(results + from) % CACHE_LINE : 0;
    const size_t lead = (CACHE_LINE - past) % CACHE_LINE / sizeof(double);
    return past % sizeof(double) == 0 && lead < to - from ? lead : 0;
}

static eg_status run_chunk(void *opaque, size_t index, eg_error *error)
{
    const point_batch *b = opaque;
    size_t from = index * CHUNK_POINTS,
           to = b->count - from < CHUNK_POINTS ? b->count : from + CHUNK_POINTS;
    size_t slots = b->tape->slot_count;
    if (eg_cancelled(b->expr->ctx))
        return eg_fail(error, EG_CANCELLED, "cancelled");
    workspace w = {eg_alloc(b->expr->ctx, slots, b->block * sizeof(double), error),
                   eg_alloc(b->expr->ctx, slots, sizeof(double *), error)};
    if (!w.memory || !w.slots) {
        eg_free(w.memory);
        eg_free(w.slots);
        return eg_failed(error);
    }
    fill_constants(b, &w);
    const size_t lead = points_to_alignment(b, from, to);
    if (lead > 0)
        run_partial_block(b, &w, from, lead);
    from += lead;
    for (; to - from >= b->block; from += b->block)
        run_full_block(b, &w, from);
    if (b->streams)
        b->kernels->end_stream();
    if (from < to)
        run_partial_block(b, &w, from, to - from);
    eg_free(w.memory);
    eg_free(w.slots);
    return EG_OK;
}

/* Returns the number of points whose slots fit the cache, in whole vectors. */
static size_t choose_block(const eg_tape *tape)
{
    size_t points = CACHE_BYTES / sizeof(double) / tape->slot_count / EG_BLOCK_UNIT * EG_BLOCK_UNIT;
    return points < MIN_BLOCK ? MIN_BLOCK : points > MAX_BLOCK ? MAX_BLOCK : points;
}

static bool wants_gradient(const eg_expr *expr, double *const gradient[])
{
    for (size_t i = 0; gradient && i < expr->variables; i++)
        if (gradient[i])
            return true;
    return false;
}

/* Returns true if all results are requested. */
static bool has_all_targets(const point_batch *b)
{
    for (size_t i = 0; i < b->tape->result_count; i++)
        if (!result_target(b, i))
            return false;
    return true;
}

eg_status eg_expr_eval_batch(const eg_expr *expr, const double *const points[], size_t count,
                             double *values, double *const gradient[], eg_error *error)
{
    bool with_gradient = wants_gradient(expr, gradient);
    point_batch b = {
        .expr = expr,
        .tape = with_gradient ? &expr->gradient : &expr->value,
        .kernels = eg_tape_kernels_for(expr->ctx->cpu),
        .points = points,
        .count = count,
        .values = values,
        .gradient = with_gradient ? gradient : NULL,
    };
    b.block = choose_block(b.tape);
    b.streams = has_all_targets(&b) && count > STREAM_BYTES / sizeof(double) / b.tape->result_count;
    size_t chunks = count / CHUNK_POINTS + (count % CHUNK_POINTS != 0);
    /* four operations cost about as much as one pixel does */
    size_t weight = 1 + b.tape->step_count / 4;
    size_t pixel_equivalents = count < SIZE_MAX / weight ? count * weight : SIZE_MAX;
    b.chains = eg_chains_find(b.tape, expr->ctx, error);
    if (!b.chains)
        return eg_failed(error);
    eg_status status = eg_parallel_for(expr->ctx, chunks, pixel_equivalents, &b, run_chunk, error);
    eg_free(b.chains);
    return status;
}
