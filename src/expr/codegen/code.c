/* SPDX-License-Identifier: MIT */
/* Lowers an expression to operations, and decides which of them get names. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/codegen/codegen.h"
#include "expr/eval/scalar.h"

enum {
    MAX_OPERATIONS = 100000,
    MAX_INLINE = 60, /* a longer text gets a name */
    NAME_LENGTH = 3
};

static eg_status lower(eg_code *code)
{
    const eg_expr *expr = code->expr;
    eg_graph_init(&code->ops, expr->ctx, code->error);
    code->value = eg_lower(&code->ops, &expr->graph, expr->root);
    eg_status status = eg_reverse_mode(&code->ops, code->value, code->gradient, expr->variables);
    if (status == EG_OK)
        status = code->ops.status;
    if (status == EG_OK && code->ops.count > MAX_OPERATIONS)
        return eg_fail(code->error, EG_LIMIT_EXCEEDED,
                       "the function and its gradient have more than %d operations: simplify it",
                       MAX_OPERATIONS);
    return status;
}

static eg_status allocate(eg_code *code)
{
    const size_t n = code->ops.count;
    code->memory = eg_calloc(
        code->expr->ctx, n,
        sizeof(double) + 2 * sizeof(uint32_t) + sizeof(uint16_t) + 2 * sizeof(bool), code->error);
    if (!code->memory)
        return eg_failed(code->error);
    code->constants = code->memory;
    code->uses = (void *)(code->constants + n);
    code->names = code->uses + n;
    code->lengths = (uint16_t *)(code->names + n);
    code->in_value = (bool *)(code->lengths + n);
    code->varies = code->in_value + n;
    return EG_OK;
}

/* Marks what varies, and computes what does not. */
static void evaluate_constants(eg_code *code)
{
    const eg_graph *ops = &code->ops;
    for (eg_id id = 0; id < ops->count; id++) {
        const eg_node *node = &ops->nodes[id];
        const eg_id *args = eg_args(ops, id);
        code->varies[id] = node->kind == EG_VARIABLE;
        for (uint32_t i = 0; i < node->count; i++)
            code->varies[id] |= code->varies[args[i]];
        if (node->kind == EG_NUMBER)
            code->constants[id] = node->number.num;
        else if (!code->varies[id])
            code->constants[id] = eg_apply_op(node->kind, node->index, code->constants[args[0]],
                                              node->count > 1 ? code->constants[args[1]] : 0);
    }
}

/* ---- names of operations ---- */

const eg_code_form *eg_code_form_of(const eg_code *code, eg_id id)
{
    const eg_code_language *language = code->language;
    const eg_node *node = &code->ops.nodes[id];
    if (node->kind == EG_OP_POWI && node->index == 3 && language->cube)
        return language->cube;
    if (node->kind == EG_OP_POWI && node->index == 4 && language->fourth)
        return language->fourth;
    if (node->kind == EG_CALL + EG_F_SINC || node->kind == EG_CALL + EG_F_POLYGAMMA) {
        const eg_code_form *forms =
            node->kind == EG_CALL + EG_F_SINC ? language->sinc : language->polygamma;
        return &forms[node->index ? 1 : 0];
    }
    return &language->forms[node->kind];
}

bool eg_code_is_leaf(const eg_code *code, eg_id id)
{
    unsigned kind = code->ops.nodes[id].kind;
    return kind == EG_NUMBER || kind == EG_VARIABLE ||
           (!code->varies[id] && !isfinite(code->constants[id]));
}

/* Counts the uses of each operation by those that are live, and by the results. */
static void count_uses(eg_code *code)
{
    const eg_graph *ops = &code->ops;
    code->uses[code->value] = 1;
    for (size_t i = 0; i < code->expr->variables; i++)
        code->uses[code->gradient[i]]++;
    code->in_value[code->value] = true;
    for (eg_id id = (eg_id)ops->count; id-- > 0;)
        for (uint32_t i = 0;
             code->uses[id] && !eg_code_is_leaf(code, id) && i < ops->nodes[id].count; i++) {
            code->uses[eg_args(ops, id)[i]]++;
            code->in_value[eg_args(ops, id)[i]] |= code->in_value[id];
        }
}

static void set_name(eg_code *code, eg_id id)
{
    if (!eg_code_is_leaf(code, id) && !code->names[id])
        code->names[id] = 1;
}

static size_t count_character(const char *text, char character)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == character;
    return count;
}

/* Names the arguments that the text of an operation has twice, and returns its length. */
static size_t measure(eg_code *code, eg_id id)
{
    const eg_node *node = &code->ops.nodes[id];
    const eg_code_form *form = eg_code_form_of(code, id);
    size_t length = strlen(form->text);
    for (uint32_t i = 0; i < node->count; i++) {
        eg_id arg = eg_args(&code->ops, id)[i];
        if (count_character(form->text, i ? 'B' : 'A') > 1)
            set_name(code, arg);
        length += code->names[arg] ? NAME_LENGTH : code->lengths[arg];
    }
    return length;
}

/* Returns EG_USAGE, and names the function, if the language lacks an operation. */
static eg_status name_operations(eg_code *code)
{
    const eg_graph *ops = &code->ops;
    for (eg_id id = 0; id < ops->count; id++) {
        if (!code->uses[id] || eg_code_is_leaf(code, id)) {
            code->lengths[id] = NAME_LENGTH;
            continue;
        }
        unsigned kind = ops->nodes[id].kind;
        if (!eg_code_form_of(code, id)->text)
            return eg_fail(code->error, EG_USAGE, "%s cannot be written in %s",
                           kind >= EG_CALL && kind < EG_CALL + EG_FUNCTIONS
                               ? eg_functions[kind - EG_CALL].name
                               : "an operation",
                           code->language->name);
        size_t length = measure(code, id);
        code->lengths[id] = (uint16_t)(length < MAX_INLINE ? length : MAX_INLINE);
        if (code->uses[id] > 1 || length > MAX_INLINE || id == code->value)
            set_name(code, id);
    }
    return EG_OK;
}

/* Numbers the names in the order of the statements. */
static void number_names(eg_code *code)
{
    uint32_t number = 0;
    for (int value = 1; value >= 0; value--)
        for (eg_id id = 0; id < code->ops.count; id++)
            if (code->names[id] && id != code->value && code->in_value[id] == value)
                code->names[id] = ++number;
}

eg_status eg_code_begin(eg_code *code, const eg_expr *expr, const eg_code_language *language,
                        const char *function, const char *prefix, eg_error *error)
{
    *code = (eg_code){.expr = expr, .language = language, .function = function, .prefix = prefix};
    code->error = error;
    code->body = code->head = (eg_string){.ctx = expr->ctx, .error = error};
    eg_status status = eg_code_check_name(language, function, error);
    if (status == EG_OK)
        status = lower(code);
    if (status == EG_OK)
        status = allocate(code);
    if (status == EG_OK)
        status = eg_code_name_variables(code);
    if (status != EG_OK)
        return status;
    evaluate_constants(code);
    count_uses(code);
    status = name_operations(code);
    number_names(code);
    return status;
}

void eg_code_free(eg_code *code)
{
    eg_graph_free(&code->ops);
    eg_free(code->memory);
    eg_free(code->renamed);
    eg_string_free(&code->body);
    eg_string_free(&code->head);
}
