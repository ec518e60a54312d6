/* SPDX-License-Identifier: MIT */
/* From operations to a tape: which are needed, in which order, and in which slots. */
#include "expr/eval/tape.h"

#include <string.h>

#include "core/context.h"

enum { CONSTANT, COMMON, DIRECTED, STAGES }; /* the parts of a tape, in their order */

#define FOREVER UINT32_MAX

typedef struct scheduling {
    const eg_graph *ops;
    eg_tape *tape;
    size_t directions;
    size_t count;    /* of nodes */
    uint8_t *stage;  /* of each node */
    bool *needed;    /* afterwards: not yet scheduled */
    uint64_t *needs; /* of each node */
    uint32_t *slot;  /* of each node */
    uint32_t *last;  /* the step after which its slot is free */
    eg_id *partner;  /* of a sine: the cosine of the same, and the other way round */
    uint32_t *free;  /* slots to be used again */
    eg_id *made_at;  /* of each step: the node */
    size_t free_count;
} scheduling;

static void mark_needed(scheduling *s, const eg_id ids[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        s->needed[ids[i]] = true;
    for (size_t id = s->count; id-- > 0;)
        for (uint32_t k = 0; s->needed[id] && k < s->ops->nodes[id].count; k++)
            s->needed[eg_args(s->ops, (eg_id)id)[k]] = true;
}

/* What each node depends on. */
static void find_stages(scheduling *s)
{
    for (size_t id = 0; id < s->count; id++) {
        const eg_node *node = &s->ops->nodes[id];
        if (node->kind == EG_VARIABLE) {
            bool directed = node->index >= s->directions;
            s->stage[id] = directed ? DIRECTED : COMMON;
            s->needs[id] = directed ? UINT64_C(1) << (node->index - s->directions) : 0;
        }
        for (uint32_t k = 0; k < node->count; k++) {
            eg_id arg = eg_args(s->ops, (eg_id)id)[k];
            s->stage[id] = s->stage[arg] > s->stage[id] ? s->stage[arg] : s->stage[id];
            s->needs[id] |= s->needs[arg];
        }
        if (node->kind == EG_OP_RESULT && s->stage[id] == CONSTANT)
            s->stage[id] = COMMON; /* constants have no room for results */
    }
}

/* Sine and cosine of the same cost little more than one of them. */
static void pair_up(scheduling *s, eg_id *seen)
{
    for (size_t i = 0; i < s->count; i++)
        seen[i] = s->partner[i] = EG_NONE;
    for (size_t id = 0; id < s->count; id++) {
        unsigned kind = s->ops->nodes[id].kind;
        if (!s->needed[id] || (kind != EG_CALL + EG_F_SIN && kind != EG_CALL + EG_F_COS))
            continue;
        eg_id arg = eg_args(s->ops, (eg_id)id)[0];
        if (seen[arg] != EG_NONE) {
            s->partner[id] = seen[arg];
            s->partner[seen[arg]] = (eg_id)id;
        }
        seen[arg] = (eg_id)id;
    }
}

static void place_leaves(scheduling *s)
{
    eg_tape *tape = s->tape;
    for (size_t id = 0; id < s->count; id++) {
        const eg_node *node = &s->ops->nodes[id];
        if (!s->needed[id] || node->kind != EG_NUMBER)
            continue;
        s->slot[id] = tape->number_count;
        tape->numbers[tape->number_count++] = (eg_constant){node->number.num, node->index != 0};
    }
    tape->fixed = tape->number_count;
    for (size_t id = 0; id < s->count; id++)
        if (s->needed[id] && s->stage[id] == CONSTANT && s->ops->nodes[id].kind != EG_NUMBER)
            s->slot[id] = tape->fixed++;
    for (size_t id = 0; id < s->count; id++)
        if (s->ops->nodes[id].kind == EG_VARIABLE)
            s->slot[id] = tape->fixed + s->ops->nodes[id].index;
}

static bool has_power(const eg_node *node)
{
    return node->kind == EG_OP_POWI || node->kind == EG_OP_POWH;
}

static bool is_leaf(const eg_node *node)
{
    return node->kind == EG_NUMBER || node->kind == EG_VARIABLE;
}

/* The order of the steps; slots come later. */
static void list_steps(scheduling *s, int stage)
{
    eg_tape *tape = s->tape;
    for (size_t id = 0; id < s->count; id++) {
        const eg_node *node = &s->ops->nodes[id];
        if (!s->needed[id] || s->stage[id] != stage || is_leaf(node))
            continue;
        eg_id partner = s->partner[id];
        s->made_at[tape->step_count] = (eg_id)id;
        tape->needs[tape->step_count] = s->needs[id];
        tape->steps[tape->step_count++] =
            (eg_step){.op = partner == EG_NONE ? node->kind : EG_OP_SIN_COS,
                      .power = has_power(node) ? (uint16_t)node->index : 0};
        if (partner != EG_NONE)
            s->needed[partner] = false;
    }
}

/* Where a value is used last. One that a later stage needs stays, as that may be run again. */
static void find_ends(scheduling *s)
{
    for (size_t i = 0; i < s->count; i++)
        s->last[i] = 0;
    for (uint32_t i = 0; i < s->tape->step_count; i++) {
        eg_id id = s->made_at[i];
        for (uint32_t k = 0; k < s->ops->nodes[id].count; k++) {
            eg_id arg = eg_args(s->ops, id)[k];
            if (s->stage[arg] != s->stage[id])
                s->last[arg] = FOREVER;
            else if (s->last[arg] != FOREVER)
                s->last[arg] = i;
        }
    }
}

static uint32_t take_slot(scheduling *s)
{
    return s->free_count ? s->free[--s->free_count] : s->tape->slots++;
}

/* A temporary's slot is free after its last step, constants' and variables' never. */
static void release_slot(scheduling *s, eg_id id, uint32_t step)
{
    bool temporary = s->stage[id] != CONSTANT && !is_leaf(&s->ops->nodes[id]) &&
                     s->ops->nodes[id].kind != EG_OP_RESULT;
    if (temporary && s->last[id] == step) {
        s->last[id] = FOREVER;
        s->free[s->free_count++] = s->slot[id];
    }
}

static void place_result(scheduling *s, eg_id id)
{
    if (s->stage[id] != CONSTANT && s->ops->nodes[id].kind != EG_OP_RESULT)
        s->slot[id] = take_slot(s);
}

static void place_steps(scheduling *s)
{
    for (uint32_t i = 0; i < s->tape->step_count; i++) {
        eg_step *step = &s->tape->steps[i];
        eg_id id = s->made_at[i], partner = s->partner[id];
        const eg_id *args = eg_args(s->ops, id);
        uint32_t count = s->ops->nodes[id].count;
        step->a = s->slot[args[0]];
        step->b = count == 2 ? s->slot[args[1]] : step->a;
        for (uint32_t k = 0; k < count; k++)
            release_slot(s, args[k], i);
        place_result(s, id);
        step->out = s->slot[id];
        if (step->op != EG_OP_SIN_COS)
            continue;
        place_result(s, partner);
        bool sine = s->ops->nodes[id].kind == EG_CALL + EG_F_SIN;
        step->out = s->slot[sine ? id : partner];
        step->b = s->slot[sine ? partner : id];
    }
}

static void schedule(scheduling *s, const eg_id ids[], size_t count)
{
    eg_tape *tape = s->tape;
    mark_needed(s, ids, count);
    find_stages(s);
    pair_up(s, s->free);
    place_leaves(s);
    for (size_t i = 0; i < count; i++)
        s->slot[ids[i]] = eg_first_result(tape) + (uint32_t)i;
    tape->slots = eg_first_result(tape) + tape->results;
    for (int stage = 0; stage < STAGES; stage++) {
        list_steps(s, stage);
        if (stage == CONSTANT)
            tape->fixed_steps = tape->step_count;
        if (stage == COMMON)
            tape->common_steps = tape->step_count;
    }
    find_ends(s);
    place_steps(s);
}

/* ---- memory ---- */

static eg_status allocate_tape(eg_tape *tape, eg_graph *ops)
{
    tape->steps = eg_alloc(ops->ctx, ops->count, sizeof *tape->steps, ops->error);
    tape->numbers = eg_alloc(ops->ctx, ops->count, sizeof *tape->numbers, ops->error);
    tape->needs = eg_alloc(ops->ctx, ops->count, sizeof *tape->needs, ops->error);
    if (tape->steps && tape->numbers && tape->needs)
        return EG_OK;
    eg_graph_fail(ops, eg_failed(ops->error));
    return ops->status;
}

static bool allocate_scratch(scheduling *s, eg_graph *ops)
{
    size_t n = s->count;
    s->stage = eg_calloc(ops->ctx, n, sizeof *s->stage, ops->error);
    s->needed = eg_calloc(ops->ctx, n, sizeof *s->needed, ops->error);
    s->needs = eg_calloc(ops->ctx, n, sizeof *s->needs, ops->error);
    s->slot = eg_calloc(ops->ctx, n, 5 * sizeof *s->slot, ops->error);
    if (!s->stage || !s->needed || !s->needs || !s->slot)
        return false;
    s->last = s->slot + n;
    s->partner = s->last + n;
    s->free = s->partner + n;
    s->made_at = s->free + n;
    return true;
}

/* The constants' values, so that evaluating at a point begins by copying them. */
static eg_status compute_constants(eg_tape *tape, eg_graph *ops)
{
    tape->constants = eg_calloc(ops->ctx, tape->fixed + 1, sizeof *tape->constants, ops->error);
    if (!tape->constants) {
        eg_graph_fail(ops, eg_failed(ops->error));
        return ops->status;
    }
    for (uint32_t i = 0; i < tape->number_count; i++)
        tape->constants[i] = tape->numbers[i].value;
    eg_run_steps(tape, tape->constants, 0, tape->fixed_steps);
    return EG_OK;
}

eg_status eg_tape_make(eg_tape *tape, eg_graph *ops, const eg_id ids[], size_t count, size_t inputs,
                       size_t directions)
{
    if (ops->status != EG_OK)
        return ops->status;
    *tape = (eg_tape){.inputs = (uint32_t)inputs, .results = (uint32_t)count};
    scheduling s = {.ops = ops, .tape = tape, .directions = directions, .count = ops->count};
    eg_status status = allocate_tape(tape, ops);
    if (status == EG_OK) {
        if (allocate_scratch(&s, ops))
            schedule(&s, ids, count);
        else
            status = ops->status = eg_failed(ops->error);
    }
    eg_free(s.stage);
    eg_free(s.needed);
    eg_free(s.needs);
    eg_free(s.slot);
    return status == EG_OK ? compute_constants(tape, ops) : status;
}

void eg_tape_free(eg_tape *tape)
{
    eg_free(tape->steps);
    eg_free(tape->numbers);
    eg_free(tape->needs);
    eg_free(tape->constants);
    *tape = (eg_tape){0};
}
