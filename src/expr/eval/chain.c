/* SPDX-License-Identifier: MIT */
/* Finds the chains of a tape. */
#include "expr/eval/chain.h"

/* Returns the kind of a step as the first link of a chain, whose value is its first argument. */
static eg_link_kind kind_of_first(const eg_step *step)
{
    switch (step->op) {
    case EG_OP_ADD:
        return EG_LINK_ADD;
    case EG_OP_SUB:
        return EG_LINK_SUB;
    case EG_OP_MUL:
        return EG_LINK_MUL;
    case EG_OP_DIV:
        return EG_LINK_DIV;
    case EG_OP_NEG:
        return EG_LINK_NEG;
    case EG_OP_SQUARE:
        return EG_LINK_SQUARE;
    case EG_OP_RESULT:
        return EG_LINK_RESULT;
    default:
        return EG_LINK_NONE;
    }
}

/* Returns the kind of a step as a link after one that computes slot `v`, and sets *x to the slot of
 * its operand. EG_LINK_NONE: it does not continue the chain. */
static eg_link_kind kind_of_next(const eg_step *step, uint32_t v, uint32_t *x)
{
    const eg_link_kind kind = kind_of_first(step);
    const bool first = step->a == v, second = step->b == v;
    *x = first ? step->b : step->a;
    if (first && second)
        switch (step->op) {
        case EG_OP_NEG:
        case EG_OP_SQUARE:
            return kind;
        case EG_OP_MUL:
            return EG_LINK_SQUARE;
        case EG_OP_RESULT:
            return EG_LINK_OWN_RESULT;
        default:
            return EG_LINK_NONE;
        }
    if (first)
        return kind;
    if (!second)
        return EG_LINK_NONE;
    if (kind == EG_LINK_SUB)
        return EG_LINK_SUB_FROM;
    if (kind == EG_LINK_DIV)
        return EG_LINK_DIV_OF;
    return kind == EG_LINK_ADD || kind == EG_LINK_MUL ? kind : EG_LINK_NONE;
}

/* Sets the lengths of chains and the kinds of their links. */
static void link_steps(const eg_tape *tape, eg_chain_step *chains)
{
    for (uint32_t first = tape->constant_end, end; first < tape->step_count; first = end) {
        const eg_link_kind kind = kind_of_first(&tape->steps[first]);
        end = first + 1;
        if (kind == EG_LINK_NONE)
            continue;
        while (end < tape->step_count && end - first < EG_CHAIN_MAX) {
            chains[end].kind =
                (uint8_t)kind_of_next(&tape->steps[end], tape->steps[end - 1].out, &chains[end].x);
            if (chains[end].kind == EG_LINK_NONE)
                break;
            end++;
        }
        if (end == first + 1)
            continue;
        chains[first].kind = (uint8_t)kind;
        chains[first].x = tape->steps[first].b;
        chains[first].length = (uint8_t)(end - first);
    }
}

/* Returns true if step i is the last link of its chain. */
static bool is_last(const eg_tape *tape, const eg_chain_step *chains, uint32_t i)
{
    return i + 1 == tape->step_count || chains[i + 1].kind == EG_LINK_NONE ||
           chains[i + 1].length > 0;
}

/* Finds the links whose values are to be stored. `live`: by slot, false. */
static void find_stores(const eg_tape *tape, eg_chain_step *chains, bool *live)
{
    for (uint32_t i = 0; i < tape->result_count; i++)
        live[eg_first_result(tape) + i] = true;
    for (uint32_t i = tape->step_count; i-- > tape->constant_end;) {
        /* here live[] tells of each slot whether a step after the next one reads its value */
        const eg_step *step = &tape->steps[i], *next = step + 1;
        chains[i].stores = is_last(tape, chains, i) || (live[step->out] && next->out != step->out);
        if (i + 1 == tape->step_count)
            continue;
        live[next->out] = false;
        live[next->b] = next->op != EG_OP_SIN_COS;
        live[next->a] = true;
    }
}

eg_chain_step *eg_chains_find(const eg_tape *tape, eg_context *ctx, eg_error *error)
{
    eg_chain_step *chains = eg_calloc(ctx, (size_t)tape->step_count + 1, sizeof *chains, error);
    bool *live = chains ? eg_calloc(ctx, tape->slot_count, sizeof *live, error) : NULL;
    if (!live) {
        eg_free(chains);
        return NULL;
    }
    link_steps(tape, chains);
    find_stores(tape, chains, live);
    eg_free(live);
    return chains;
}
