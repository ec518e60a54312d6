/* SPDX-License-Identifier: MIT */
/* Prints operations as they were typed, for messages. */
#include "surface/singular/operation_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr/eval/ops.h"

typedef struct printer {
    const eg_expr *expr;
    const eg_graph *ops;
    char *out;
    size_t size, length;
} printer;

/* Operator precedence, weakest first. */
typedef enum precedence { SUM, PRODUCT, POWER, ATOM } precedence;

static void print(printer *p, eg_id id, precedence outer);

static void append(printer *p, const char *text)
{
    for (; *text && p->length + 1 < p->size; text++)
        p->out[p->length++] = *text;
    p->out[p->length] = 0;
    if (*text && p->size > 4)
        memcpy(p->out + p->size - 4, "...", 4);
}

/* Returns true once the buffer is full. Shared operations are printed at each use, so the text may
 * be exponentially longer than the graph. */
static bool is_full(const printer *p)
{
    return p->length + 1 >= p->size;
}

/* Returns operand 0 or 1 of a product or quotient; a numeric factor comes first. */
static eg_id operand(const printer *p, eg_id id, int index)
{
    const eg_id *args = eg_args(p->ops, id);
    bool swapped = p->ops->nodes[id].kind == EG_OP_MUL && p->ops->nodes[args[1]].kind == EG_NUMBER;
    return args[swapped ? 1 - index : index];
}

static bool is_negative(const printer *p, eg_id id)
{
    const eg_node *node = &p->ops->nodes[id];
    if (node->kind == EG_NUMBER)
        return node->number.num < 0;
    if (node->kind == EG_OP_MUL || node->kind == EG_OP_DIV)
        return is_negative(p, operand(p, id, 0));
    return node->kind == EG_OP_NEG;
}

static precedence precedence_of(const printer *p, eg_id id)
{
    const eg_node *node = &p->ops->nodes[id];
    switch (node->kind) {
    case EG_NUMBER:
        return node->number.num < 0 ? SUM : node->number.den != 1 ? PRODUCT : ATOM;
    case EG_OP_ADD:
    case EG_OP_SUB:
    case EG_OP_NEG:
        return SUM;
    case EG_OP_MUL:
    case EG_OP_DIV:
        return is_negative(p, id) ? SUM : PRODUCT;
    case EG_OP_SQUARE:
    case EG_OP_POWI:
    case EG_OP_POWH:
    case EG_POWER:
        return POWER;
    default:
        return ATOM;
    }
}

static void print_number(printer *p, const eg_node *node, bool without_sign)
{
    char text[EG_DECIMAL_TEXT];
    const char *literal = eg_literal(p->ops, node);
    if (literal) {
        append(p, literal + (without_sign && *literal == '-'));
        return;
    }
    eg_rational_print(text, without_sign ? fabs(node->number.num) : node->number.num);
    append(p, text);
    if (node->number.den == 1)
        return;
    eg_rational_print(text, node->number.den);
    append(p, "/");
    append(p, text);
}

/* Prints -x for a negative x. */
static void print_opposite(printer *p, eg_id id)
{
    const eg_node *node = &p->ops->nodes[id];
    if (node->kind == EG_NUMBER) {
        print_number(p, node, true);
    } else if (node->kind == EG_OP_NEG) {
        print(p, eg_args(p->ops, id)[0], PRODUCT);
    } else {
        eg_id second = operand(p, id, 1);
        print_opposite(p, operand(p, id, 0));
        append(p, node->kind == EG_OP_MUL ? "*" : "/");
        print(p, second, POWER);
    }
}

static void print_sum(printer *p, eg_id first, eg_id second)
{
    if (is_negative(p, first) && !is_negative(p, second)) {
        eg_id swapped = first;
        first = second;
        second = swapped;
    }
    print(p, first, SUM);
    append(p, is_negative(p, second) ? " - " : " + ");
    if (is_negative(p, second))
        print_opposite(p, second);
    else
        print(p, second, PRODUCT);
}

static void print_binary(printer *p, const char *sign, const eg_id *args, precedence first,
                         precedence second)
{
    eg_id other = args[1];
    print(p, args[0], first);
    append(p, sign);
    print(p, other, second);
}

/* Prints a power; `denominator` 2 is a half. */
static void print_power(printer *p, eg_id base, unsigned exponent, unsigned denominator)
{
    char text[32];
    if (denominator == 1)
        snprintf(text, sizeof text, "^%u", exponent);
    else
        snprintf(text, sizeof text, "^(%u/%u)", exponent, denominator);
    print(p, base, ATOM);
    append(p, text);
}

static void print_call(printer *p, const eg_node *node, const eg_id *args)
{
    unsigned f = node->kind - EG_CALL;
    append(p, f < EG_FUNCTIONS ? eg_functions[f].name : "?");
    append(p, "(");
    for (uint32_t i = 0; i < node->count && !is_full(p); i++) {
        append(p, i ? ", " : "");
        print(p, args[i], SUM);
    }
    append(p, ")");
}

/* Prints a comparison, whose operand is the difference of the two sides: "x < 1". */
static void print_comparison(printer *p, const char *sign, eg_id difference)
{
    const eg_node *node = &p->ops->nodes[difference];
    const eg_id *args = eg_args(p->ops, difference);
    print(p, node->kind == EG_OP_SUB ? args[0] : difference, SUM);
    append(p, sign);
    if (node->kind == EG_OP_SUB)
        print(p, args[1], SUM);
    else
        append(p, "0");
}

static void print_inside(printer *p, eg_id id)
{
    const eg_node *node = &p->ops->nodes[id];
    const eg_id *args = eg_args(p->ops, id);
    switch (node->kind) {
    case EG_NUMBER:
        print_number(p, node, false);
        break;
    case EG_CONSTANT:
        append(p, eg_constant_names[node->index]);
        break;
    case EG_VARIABLE:
        append(p, node->index < p->expr->variables ? p->expr->names[node->index] : "?");
        break;
    case EG_OP_ADD:
        print_sum(p, args[0], args[1]);
        break;
    case EG_OP_SUB:
        print_binary(p, " - ", args, SUM, PRODUCT);
        break;
    case EG_OP_NEG:
        append(p, "-");
        print(p, args[0], PRODUCT);
        break;
    case EG_OP_MUL:
    case EG_OP_DIV:
        if (is_negative(p, id)) {
            append(p, "-");
            print_opposite(p, id);
        } else {
            print_binary(p, node->kind == EG_OP_MUL ? "*" : "/",
                         (eg_id[]){operand(p, id, 0), operand(p, id, 1)}, PRODUCT, POWER);
        }
        break;
    case EG_OP_SQUARE:
        print_power(p, args[0], 2, 1);
        break;
    case EG_OP_POWI:
        print_power(p, args[0], node->index, 1);
        break;
    case EG_OP_POWH:
        print_power(p, args[0], 2 * node->index + 1, 2);
        break;
    case EG_POWER:
        print_binary(p, "^", args, ATOM, ATOM);
        break;
    case EG_CALL + EG_F_LESS:
        print_comparison(p, " < ", args[0]);
        break;
    case EG_CALL + EG_F_EQUAL:
        print_comparison(p, " == ", args[0]);
        break;
    default:
        print_call(p, node, args);
    }
}

static void print(printer *p, eg_id id, precedence outer)
{
    if (is_full(p))
        return;
    bool parentheses = precedence_of(p, id) < outer;
    append(p, parentheses ? "(" : "");
    print_inside(p, id);
    append(p, parentheses ? ")" : "");
}

void eg_operation_text(const eg_expr *expr, const eg_graph *ops, eg_id id, char *out, size_t size)
{
    printer p = {.expr = expr, .ops = ops, .out = out, .size = size};
    if (size)
        *out = 0;
    print(&p, id, SUM);
}

void eg_real_root_text(const eg_expr *expr, const eg_graph *ops, eg_id base, int num, int den,
                       char *out, size_t size)
{
    printer p = {.expr = expr, .ops = ops, .out = out, .size = size};
    char end[40] = ")";
    bool cube = den == 3;
    if (size)
        *out = 0;
    if (den % 2 == 0 || den == 1)
        return;
    append(&p, cube && num < 0 ? "1/" : "");
    if (!cube && num % 2) {
        append(&p, "sign(");
        print(&p, base, SUM);
        append(&p, ")*");
    }
    append(&p, cube ? "cbrt(" : "abs(");
    print(&p, base, SUM);
    if (!cube)
        snprintf(end, sizeof end, ")^(%d/%d)", num, den);
    else if (abs(num) != 1)
        snprintf(end, sizeof end, ")^%d", abs(num));
    append(&p, end);
}
