/* SPDX-License-Identifier: MIT */
/* Writes operations as statements of a language. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "expr/codegen/codegen.h"

static void add(eg_code *code, const char *text)
{
    eg_string_add(&code->body, text);
}

static void add_number(eg_code *code, double number, unsigned outer)
{
    const eg_code_language *language = code->language;
    const char *constant = number == eg_constant_values[EG_PI]  ? language->pi
                           : number == eg_constant_values[EG_E] ? language->e
                           : isnan(number)                      ? language->nan
                           : isinf(number)                      ? language->infinity
                                                                : NULL;
    bool parentheses = number < 0 && outer > EG_BIND_SUM;
    char text[EG_DECIMAL_TEXT];
    add(code, parentheses ? "(" : "");
    if (constant) {
        add(code, number < 0 ? "-" : "");
        add(code, constant);
    } else {
        eg_rational_print(text, number);
        add(code, text);
        add(code, strpbrk(text, ".e") ? "" : ".0");
    }
    add(code, parentheses ? ")" : "");
}

static void add_name(eg_code *code, eg_id id)
{
    if (id == code->value) {
        add(code, "value");
        return;
    }
    add(code, code->temporary);
    eg_string_add_number(&code->body, code->names[id]);
}

/* Appends the name of a helper, which ends at its parenthesis, and records that it is called.
 * Returns the length of the name. */
static size_t add_helper(eg_code *code, const char *name)
{
    const eg_code_helper *helpers = code->language->helpers;
    size_t length = strcspn(name, "(");
    for (size_t i = 0; helpers[i].name; i++)
        if (strlen(helpers[i].name) == length && memcmp(helpers[i].name, name, length) == 0)
            code->helpers[i] = true;
    add(code, code->prefix);
    eg_string_add_bytes(&code->body, name, length);
    return length;
}

static bool is_number(const eg_code *code, eg_id id)
{
    return code->ops.nodes[id].kind == EG_NUMBER;
}

/* Stores the arguments in the order in which they are written: 2*x and x + 1, whose bits are those
 * of x*2 and 1 + x. */
static void read_arguments(const eg_code *code, const eg_node *node, eg_id args[2])
{
    const eg_id *own = code->ops.args + node->first;
    args[0] = node->count ? own[0] : EG_NONE;
    args[1] = node->count > 1 ? own[1] : EG_NONE;
    bool swaps =
        (node->kind == EG_OP_MUL && !is_number(code, args[0]) && is_number(code, args[1])) ||
        (node->kind == EG_OP_ADD && is_number(code, args[0]) && !is_number(code, args[1]));
    if (swaps) {
        args[1] = own[0];
        args[0] = own[1];
    }
}

/* Returns true for an operation -a that is written where it is used. */
static bool is_negation(const eg_code *code, eg_id id)
{
    return code->ops.nodes[id].kind == EG_OP_NEG && !code->names[id] && !eg_code_is_leaf(code, id);
}

/* Returns the form of an operation, with its arguments. a + -b is a - b, which has the same bits.
 */
static const eg_code_form *read_form(const eg_code *code, eg_id id, eg_id args[2])
{
    read_arguments(code, &code->ops.nodes[id], args);
    if (code->ops.nodes[id].kind != EG_OP_ADD)
        return eg_code_form_of(code, id);
    if (is_negation(code, args[0]) && !is_negation(code, args[1])) {
        eg_id negation = args[0];
        args[0] = args[1];
        args[1] = negation;
    }
    if (!is_negation(code, args[1]))
        return eg_code_form_of(code, id);
    args[1] = eg_args(&code->ops, args[1])[0];
    return &code->language->forms[EG_OP_SUB];
}

/* Appends the text of an operation. The depth of this recursion is bounded, because the text of an
 * operation without a name is short. */
static void add_operation(eg_code *code, eg_id id)
{
    const eg_node *node = &code->ops.nodes[id];
    eg_id args[2];
    const eg_code_form *form = read_form(code, id, args);
    char number[32];
    for (const char *c = form->text; *c; c++) {
        switch (*c) {
        case 'A':
            eg_code_operand(code, args[0], form->left);
            break;
        case 'B':
            eg_code_operand(code, args[1], form->right);
            break;
        case 'N':
            eg_string_add_number(&code->body, node->index);
            break;
        case 'H':
            snprintf(number, sizeof number, "%u.5", (unsigned)node->index);
            add(code, number);
            break;
        case '@':
            c += add_helper(code, c + 1);
            break;
        default:
            eg_string_add_bytes(&code->body, c, 1);
        }
    }
}

void eg_code_operand(eg_code *code, eg_id id, unsigned outer)
{
    const eg_node *node = &code->ops.nodes[id];
    if (node->kind == EG_VARIABLE) {
        add(code, code->variables[node->index]);
        return;
    }
    if (eg_code_is_leaf(code, id)) {
        add_number(code, code->constants[id], outer);
        return;
    }
    if (code->names[id]) {
        add_name(code, id);
        return;
    }
    bool parentheses = eg_code_form_of(code, id)->own < outer;
    add(code, parentheses ? "(" : "");
    add_operation(code, id);
    add(code, parentheses ? ")" : "");
}

void eg_code_statements(eg_code *code, const char *before, const char *after, bool value)
{
    for (eg_id id = 0; id < code->ops.count; id++) {
        if (!code->names[id] || code->in_value[id] != value)
            continue;
        add(code, before);
        add_name(code, id);
        add(code, " = ");
        add_operation(code, id);
        add(code, after);
    }
    if (value && eg_code_is_leaf(code, code->value)) {
        add(code, before);
        add(code, "value = ");
        eg_code_operand(code, code->value, EG_BIND_ANY);
        add(code, after);
    }
}

bool eg_code_uses(const eg_code *code, size_t variable, bool gradient)
{
    for (eg_id id = 0; id < code->ops.count; id++)
        if (code->uses[id] && code->ops.nodes[id].kind == EG_VARIABLE &&
            code->ops.nodes[id].index == variable)
            return gradient || code->in_value[id];
    return false;
}

/* ---- helpers ---- */

/* Records the helpers that a helper calls, which are before it. */
static void add_called(eg_code *code, size_t index)
{
    const eg_code_helper *helpers = code->language->helpers;
    for (size_t i = 0; i < index; i++) {
        char call[64];
        snprintf(call, sizeof call, "@%s(", helpers[i].name);
        code->helpers[i] |= strstr(helpers[index].text, call) != NULL;
    }
}

void eg_code_add_helpers(eg_code *code, eg_string *text)
{
    const eg_code_helper *helpers = code->language->helpers;
    size_t count = 0;
    while (helpers[count].name)
        count++;
    for (size_t i = count; i-- > 0;)
        if (code->helpers[i])
            add_called(code, i);
    for (size_t i = 0; i < count; i++) {
        if (!code->helpers[i])
            continue;
        for (const char *c = helpers[i].text; *c; c++)
            if (*c == '@')
                eg_string_add(text, code->prefix);
            else
                eg_string_add_bytes(text, c, 1);
    }
}

/* ---- comments ---- */

void eg_code_add_variables(const eg_code *code, eg_string *text, const char *before)
{
    for (size_t i = 0; i < code->expr->variables; i++) {
        eg_string_add(text, i ? ", " : "");
        eg_string_add(text, before);
        eg_string_add(text, code->variables[i]);
    }
}

void eg_code_add_formula(const eg_code *code, eg_string *text)
{
    char formula[1024];
    size_t length = eg_expr_print(code->expr, formula, sizeof formula);
    eg_string_add(text, code->function);
    eg_string_add(text, "(");
    for (size_t i = 0; i < code->expr->variables; i++) {
        eg_string_add(text, i ? ", " : "");
        eg_string_add(text, code->expr->names[i]);
    }
    eg_string_add(text, ")");
    if (length < sizeof formula) {
        eg_string_add(text, " = ");
        eg_string_add(text, formula);
    }
}

void eg_code_add_renamed(const eg_code *code, eg_string *text, const char *before)
{
    for (size_t i = 0; i < code->expr->variables; i++) {
        if (strcmp(code->variables[i], code->expr->names[i]) == 0)
            continue;
        eg_string_add(text, before);
        eg_string_add(text, code->variables[i]);
        eg_string_add(text, " is the variable ");
        eg_string_add(text, code->expr->names[i]);
        eg_string_add(text, "\n");
    }
}
