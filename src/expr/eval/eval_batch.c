/* SPDX-License-Identifier: MIT */
/* Many points: blocks of them go through the tape together, an operation at a time. */
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "expr/eval/kernels.h"
#include "expr/eval/scalar.h"
#include "expr/expr.h"

enum {
    CACHE = 24 * 1024, /* bytes of slots that stay in the first-level cache */
    LEAST = 32,
    MOST = 512,   /* points of a block */
    CHUNK = 16384 /* points of a task, a multiple of MOST */
};

typedef struct many {
    const eg_expr *expr;
    const eg_tape *tape;
    const eg_tape_kernels *kernels;
    const double *const *points;
    size_t count, block;
    double *values;
    double *const *gradient;
} many;

/* Where each slot is: in memory of its own, or where the caller has the points and wants the
 * results. */
typedef struct workspace {
    double *memory, **slots;
} workspace;

static void apply_library(const eg_step *step, eg_operands o, size_t count)
{
    for (size_t i = 0; i < count; i++)
        o.out[i] = eg_apply(step->op, step->power, o.a[i], o.b[i]);
}

static void run_block(const many *m, double *const *slots, size_t count)
{
    const eg_tape *tape = m->tape;
    for (uint32_t i = tape->fixed_steps; i < tape->step_count; i++) {
        const eg_step *step = &tape->steps[i];
        eg_operands operands = {slots[step->out], slots[step->b], slots[step->a], slots[step->b],
                                step->power};
        eg_op_kernel *kernel = m->kernels->apply[step->op];
        if (kernel)
            kernel(operands, count);
        else
            apply_library(step, operands, count);
    }
}

static double *own_memory(const many *m, const workspace *w, size_t slot)
{
    return w->memory + slot * m->block;
}

/* Where result `index` goes; NULL: it is not wanted. */
static double *target(const many *m, size_t index)
{
    if (index == 0)
        return m->values;
    return m->gradient ? m->gradient[index - 1] : NULL;
}

static void whole_block(const many *m, const workspace *w, size_t at)
{
    const eg_tape *tape = m->tape;
    for (size_t i = 0; i < tape->inputs; i++) /* which are only read */
        w->slots[eg_first_input(tape) + i] = (double *)m->points[i] + at;
    for (size_t i = 0; i < tape->results; i++) {
        size_t slot = eg_first_result(tape) + i;
        w->slots[slot] = target(m, i) ? target(m, i) + at : own_memory(m, w, slot);
    }
    run_block(m, w->slots, m->block);
}

/* The last points, fewer than a block, with zeros after them to fill whole vectors. */
static void part_block(const many *m, const workspace *w, size_t at, size_t count)
{
    const eg_tape *tape = m->tape;
    size_t padded = (count + EG_BLOCK_UNIT - 1) / EG_BLOCK_UNIT * EG_BLOCK_UNIT;
    for (size_t i = eg_first_input(tape); i < eg_first_result(tape) + tape->results; i++)
        w->slots[i] = own_memory(m, w, i);
    for (size_t i = 0; i < tape->inputs; i++) {
        double *input = w->slots[eg_first_input(tape) + i];
        memcpy(input, m->points[i] + at, count * sizeof *input);
        for (size_t k = count; k < padded; k++)
            input[k] = 0;
    }
    run_block(m, w->slots, padded);
    for (size_t i = 0; i < tape->results; i++)
        if (target(m, i))
            memcpy(target(m, i) + at, w->slots[eg_first_result(tape) + i], count * sizeof(double));
}

static void fill_constants(const many *m, const workspace *w)
{
    for (size_t i = 0; i < m->tape->slots; i++)
        w->slots[i] = own_memory(m, w, i);
    for (size_t i = 0; i < m->tape->fixed; i++)
        for (size_t k = 0; k < m->block; k++)
            w->slots[i][k] = m->tape->constants[i];
}

static eg_status run_chunk(void *opaque, size_t index, eg_error *error)
{
    const many *m = opaque;
    size_t from = index * CHUNK, to = m->count - from < CHUNK ? m->count : from + CHUNK;
    size_t slots = m->tape->slots;
    if (eg_cancelled(m->expr->ctx))
        return eg_fail(error, EG_CANCELLED, "cancelled");
    workspace w = {eg_alloc(m->expr->ctx, slots, m->block * sizeof(double), error),
                   eg_alloc(m->expr->ctx, slots, sizeof(double *), error)};
    if (!w.memory || !w.slots) {
        eg_free(w.memory);
        eg_free(w.slots);
        return eg_failed(error);
    }
    fill_constants(m, &w);
    for (; to - from >= m->block; from += m->block)
        whole_block(m, &w, from);
    if (from < to)
        part_block(m, &w, from, to - from);
    eg_free(w.memory);
    eg_free(w.slots);
    return EG_OK;
}

/* Points whose slots fit the cache, in whole vectors. */
static size_t choose_block(const eg_tape *tape)
{
    size_t points = CACHE / sizeof(double) / tape->slots / EG_BLOCK_UNIT * EG_BLOCK_UNIT;
    return points < LEAST ? LEAST : points > MOST ? MOST : points;
}

static bool wants_gradient(const eg_expr *expr, double *const gradient[])
{
    for (size_t i = 0; gradient && i < expr->variables; i++)
        if (gradient[i])
            return true;
    return false;
}

eg_status eg_expr_eval_batch(const eg_expr *expr, const double *const points[], size_t count,
                             double *values, double *const gradient[], eg_error *error)
{
    bool all = wants_gradient(expr, gradient);
    many m = {
        .expr = expr,
        .tape = all ? &expr->gradient : &expr->value,
        .kernels = eg_tape_kernels_for(expr->ctx->cpu),
        .points = points,
        .count = count,
        .values = values,
        .gradient = all ? gradient : NULL,
    };
    m.block = choose_block(m.tape);
    size_t chunks = count / CHUNK + (count % CHUNK != 0);
    /* Four operations take about as long as a pixel does. */
    size_t weight = 1 + m.tape->step_count / 4;
    size_t pixels = count < SIZE_MAX / weight ? count * weight : SIZE_MAX;
    return eg_parallel_for(expr->ctx, chunks, pixels, &m, run_chunk, error);
}
