/* SPDX-License-Identifier: MIT */
/* Builds a tape: selects the live operations, schedules them and allocates their slots. */
#include "expr/eval/tape.h"

#include <string.h>

#include "core/context.h"

enum { STAGE_CONSTANT, STAGE_PRIMAL, STAGE_TANGENT, STAGE_COUNT }; /* stages of a tape, in order */

#define NEVER_FREED UINT32_MAX

typedef struct scheduling {
    const eg_graph *ops;
    eg_tape *tape;
    size_t variables;       /* number of inputs that are not tangent components */
    size_t count;           /* number of nodes */
    uint8_t *stage;         /* by node: STAGE_CONSTANT to STAGE_TANGENT */
    bool *live;             /* by node: true until scheduled */
    uint64_t *dependencies; /* by node: bit mask of tangent components */
    uint32_t *slot;         /* by node: slot of its value */
    uint32_t *last_use;     /* by node: last step that reads it; NEVER_FREED keeps its slot */
    eg_id *partner; /* by node: for a sine the cosine of the same argument, and conversely; else
                       EG_NONE */
    uint32_t *free_slots; /* slots that can be reused */
    eg_id *node_of_step;  /* by step: the node it computes */
    size_t free_count;
} scheduling;

static void mark_live(scheduling *s, const eg_id ids[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        s->live[ids[i]] = true;
    for (size_t id = s->count; id-- > 0;)
        for (uint32_t k = 0; s->live[id] && k < s->ops->nodes[id].count; k++)
            s->live[eg_args(s->ops, (eg_id)id)[k]] = true;
}

/* Computes the stage and the dependency mask of each node. */
static void find_stages(scheduling *s)
{
    for (size_t id = 0; id < s->count; id++) {
        const eg_node *node = &s->ops->nodes[id];
        if (node->kind == EG_VARIABLE) {
            bool tangent = node->index >= s->variables;
            s->stage[id] = tangent ? STAGE_TANGENT : STAGE_PRIMAL;
            s->dependencies[id] = tangent ? UINT64_C(1) << (node->index - s->variables) : 0;
        }
        for (uint32_t k = 0; k < node->count; k++) {
            eg_id arg = eg_args(s->ops, (eg_id)id)[k];
            s->stage[id] = s->stage[arg] > s->stage[id] ? s->stage[arg] : s->stage[id];
            s->dependencies[id] |= s->dependencies[arg];
        }
        if (node->kind == EG_OP_RESULT && s->stage[id] == STAGE_CONSTANT)
            s->stage[id] = STAGE_PRIMAL; /* results have no slots among the constants */
    }
}

/* Pairs sines and cosines of the same argument, because both together cost little more than one. */
static void pair_sin_cos(scheduling *s, eg_id *last_seen)
{
    for (size_t i = 0; i < s->count; i++)
        last_seen[i] = s->partner[i] = EG_NONE;
    for (size_t id = 0; id < s->count; id++) {
        unsigned kind = s->ops->nodes[id].kind;
        if (!s->live[id] || (kind != EG_CALL + EG_F_SIN && kind != EG_CALL + EG_F_COS))
            continue;
        eg_id arg = eg_args(s->ops, (eg_id)id)[0];
        if (last_seen[arg] != EG_NONE) {
            s->partner[id] = last_seen[arg];
            s->partner[last_seen[arg]] = (eg_id)id;
        }
        last_seen[arg] = (eg_id)id;
    }
}

static void assign_leaf_slots(scheduling *s)
{
    eg_tape *tape = s->tape;
    for (size_t id = 0; id < s->count; id++) {
        const eg_node *node = &s->ops->nodes[id];
        if (!s->live[id] || node->kind != EG_NUMBER)
            continue;
        s->slot[id] = tape->number_count;
        tape->numbers[tape->number_count++] = (eg_tape_number){node->number.num, node->index != 0};
    }
    tape->constant_slots = tape->number_count;
    for (size_t id = 0; id < s->count; id++)
        if (s->live[id] && s->stage[id] == STAGE_CONSTANT && s->ops->nodes[id].kind != EG_NUMBER)
            s->slot[id] = tape->constant_slots++;
    for (size_t id = 0; id < s->count; id++)
        if (s->ops->nodes[id].kind == EG_VARIABLE)
            s->slot[id] = tape->constant_slots + s->ops->nodes[id].index;
}

static bool has_power(const eg_node *node)
{
    return node->kind == EG_OP_POWI || node->kind == EG_OP_POWH ||
           node->kind == EG_CALL + EG_F_POLYGAMMA || node->kind == EG_CALL + EG_F_SINC;
}

static bool is_leaf(const eg_node *node)
{
    return node->kind == EG_NUMBER || node->kind == EG_VARIABLE;
}

/* Appends the live operations of one stage to the tape; their slots are assigned later. */
static void append_steps(scheduling *s, int stage)
{
    eg_tape *tape = s->tape;
    for (size_t id = 0; id < s->count; id++) {
        const eg_node *node = &s->ops->nodes[id];
        if (!s->live[id] || s->stage[id] != stage || is_leaf(node))
            continue;
        eg_id partner = s->partner[id];
        s->node_of_step[tape->step_count] = (eg_id)id;
        tape->dependencies[tape->step_count] = s->dependencies[id];
        tape->steps[tape->step_count++] =
            (eg_step){.op = partner == EG_NONE ? node->kind : EG_OP_SIN_COS,
                      .power = has_power(node) ? (uint16_t)node->index : 0};
        if (partner != EG_NONE)
            s->live[partner] = false;
    }
}

/* Finds the last step that reads each value. A value that a later stage reads is never freed,
 * because that stage may run several times. */
static void find_last_uses(scheduling *s)
{
    for (size_t i = 0; i < s->count; i++)
        s->last_use[i] = 0;
    for (uint32_t i = 0; i < s->tape->step_count; i++) {
        eg_id id = s->node_of_step[i];
        for (uint32_t k = 0; k < s->ops->nodes[id].count; k++) {
            eg_id arg = eg_args(s->ops, id)[k];
            if (s->stage[arg] != s->stage[id])
                s->last_use[arg] = NEVER_FREED;
            else if (s->last_use[arg] != NEVER_FREED)
                s->last_use[arg] = i;
        }
    }
}

static uint32_t allocate_slot(scheduling *s)
{
    return s->free_count ? s->free_slots[--s->free_count] : s->tape->slot_count++;
}

/* Frees the slot of a temporary after its last use; those of constants, variables and results are
 * never freed. */
static void release_slot(scheduling *s, eg_id id, uint32_t step)
{
    bool temporary = s->stage[id] != STAGE_CONSTANT && !is_leaf(&s->ops->nodes[id]) &&
                     s->ops->nodes[id].kind != EG_OP_RESULT;
    if (temporary && s->last_use[id] == step) {
        s->last_use[id] = NEVER_FREED;
        s->free_slots[s->free_count++] = s->slot[id];
    }
}

static void assign_output_slot(scheduling *s, eg_id id)
{
    if (s->stage[id] != STAGE_CONSTANT && s->ops->nodes[id].kind != EG_OP_RESULT)
        s->slot[id] = allocate_slot(s);
}

static void assign_step_slots(scheduling *s)
{
    for (uint32_t i = 0; i < s->tape->step_count; i++) {
        eg_step *step = &s->tape->steps[i];
        eg_id id = s->node_of_step[i], partner = s->partner[id];
        const eg_id *args = eg_args(s->ops, id);
        uint32_t count = s->ops->nodes[id].count;
        step->a = s->slot[args[0]];
        step->b = count == 2 ? s->slot[args[1]] : step->a;
        for (uint32_t k = 0; k < count; k++)
            release_slot(s, args[k], i);
        assign_output_slot(s, id);
        step->out = s->slot[id];
        if (step->op != EG_OP_SIN_COS)
            continue;
        assign_output_slot(s, partner);
        bool sine = s->ops->nodes[id].kind == EG_CALL + EG_F_SIN;
        step->out = s->slot[sine ? id : partner];
        step->b = s->slot[sine ? partner : id];
    }
}

static void schedule_tape(scheduling *s, const eg_id ids[], size_t count)
{
    eg_tape *tape = s->tape;
    mark_live(s, ids, count);
    find_stages(s);
    pair_sin_cos(s, s->free_slots);
    assign_leaf_slots(s);
    for (size_t i = 0; i < count; i++)
        s->slot[ids[i]] = eg_first_result(tape) + (uint32_t)i;
    tape->slot_count = eg_first_result(tape) + tape->result_count;
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        append_steps(s, stage);
        if (stage == STAGE_CONSTANT)
            tape->constant_end = tape->step_count;
        if (stage == STAGE_PRIMAL)
            tape->primal_end = tape->step_count;
    }
    find_last_uses(s);
    assign_step_slots(s);
}

/* ---- memory ---- */

static eg_status allocate_tape(eg_tape *tape, eg_graph *ops)
{
    tape->steps = eg_alloc(ops->ctx, ops->count, sizeof *tape->steps, ops->error);
    tape->numbers = eg_alloc(ops->ctx, ops->count, sizeof *tape->numbers, ops->error);
    tape->dependencies = eg_alloc(ops->ctx, ops->count, sizeof *tape->dependencies, ops->error);
    if (tape->steps && tape->numbers && tape->dependencies)
        return EG_OK;
    eg_graph_fail(ops, eg_failed(ops->error));
    return ops->status;
}

static bool allocate_scratch(scheduling *s, eg_graph *ops)
{
    size_t n = s->count;
    s->stage = eg_calloc(ops->ctx, n, sizeof *s->stage, ops->error);
    s->live = eg_calloc(ops->ctx, n, sizeof *s->live, ops->error);
    s->dependencies = eg_calloc(ops->ctx, n, sizeof *s->dependencies, ops->error);
    s->slot = eg_calloc(ops->ctx, n, 5 * sizeof *s->slot, ops->error);
    if (!s->stage || !s->live || !s->dependencies || !s->slot)
        return false;
    s->last_use = s->slot + n;
    s->partner = s->last_use + n;
    s->free_slots = s->partner + n;
    s->node_of_step = s->free_slots + n;
    return true;
}

/* Computes the values of the constant slots once, to be copied before each evaluation. */
static eg_status compute_constants(eg_tape *tape, eg_graph *ops)
{
    tape->constant_values =
        eg_calloc(ops->ctx, tape->constant_slots + 1, sizeof *tape->constant_values, ops->error);
    if (!tape->constant_values) {
        eg_graph_fail(ops, eg_failed(ops->error));
        return ops->status;
    }
    for (uint32_t i = 0; i < tape->number_count; i++)
        tape->constant_values[i] = tape->numbers[i].value;
    eg_run_steps(tape, tape->constant_values, 0, tape->constant_end);
    return EG_OK;
}

eg_status eg_tape_build(eg_tape *tape, eg_graph *ops, const eg_id ids[], size_t count,
                        size_t input_count, size_t variables)
{
    if (ops->status != EG_OK)
        return ops->status;
    *tape = (eg_tape){.input_count = (uint32_t)input_count, .result_count = (uint32_t)count};
    scheduling s = {.ops = ops, .tape = tape, .variables = variables, .count = ops->count};
    eg_status status = allocate_tape(tape, ops);
    if (status == EG_OK) {
        if (allocate_scratch(&s, ops))
            schedule_tape(&s, ids, count);
        else
            status = ops->status = eg_failed(ops->error);
    }
    eg_free(s.stage);
    eg_free(s.live);
    eg_free(s.dependencies);
    eg_free(s.slot);
    return status == EG_OK ? compute_constants(tape, ops) : status;
}

void eg_tape_free(eg_tape *tape)
{
    eg_free(tape->steps);
    eg_free(tape->numbers);
    eg_free(tape->dependencies);
    eg_free(tape->constant_values);
    *tape = (eg_tape){0};
}
