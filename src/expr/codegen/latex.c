/* SPDX-License-Identifier: MIT */
/* Prints graphs as LaTeX for math mode, with the commands of amsmath. */
#include "expr/codegen/latex.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "expr/expr.h"

typedef eg_printer printer;

/* bare: an operator may be written without the parentheses of its argument. */
static void print_node(printer *p, eg_id id, eg_precedence outer, bool bare);

/* Prints a call of an operator to a power: \sin^{2} x. */
static void print_operator(printer *p, eg_id id, eg_rational exponent, bool bare);

static unsigned kind_of(const printer *p, eg_id id)
{
    return p->graph->nodes[id].kind;
}

static bool is_call(const printer *p, eg_id id, eg_function_id f)
{
    return kind_of(p, id) == EG_CALL + f;
}

/* Returns the command of a call that is an operator, as \sin; NULL for other nodes. */
static const char *operator_of(const printer *p, eg_id id)
{
    unsigned kind = kind_of(p, id);
    return kind >= EG_CALL && kind < EG_CALL + EG_FUNCTIONS ? eg_latex_forms[kind - EG_CALL].command
                                                            : NULL;
}

/* ---- products and powers ---- */

/* Returns true if the text of a factor begins with a digit, so that it needs a dot before it. */
static bool begins_with_digit(const printer *p, eg_id id)
{
    const eg_node *node = &p->graph->nodes[id];
    if (node->kind == EG_POWER)
        return begins_with_digit(p, eg_args(p->graph, id)[0]);
    if (node->kind == EG_PRODUCT)
        return eg_is_number(p->graph, eg_args(p->graph, id)[0]);
    return node->kind == EG_NUMBER || (node->kind == EG_CONSTANT && node->index >= EG_CONSTANTS);
}

static bool is_below(const printer *p, eg_id id)
{
    return eg_printed_below(p->graph, id);
}

/* Prints base^-exponent, the reciprocal of a factor. alone: nothing is beside it. */
static void print_reciprocal(printer *p, eg_id id, bool alone)
{
    eg_rational exponent = eg_rational_negate(eg_printed_exponent(p->graph, id));
    eg_id base = eg_args(p->graph, id)[0];
    const char *name = operator_of(p, base);
    if (eg_rational_is(exponent, 1)) {
        print_node(p, base, alone ? EG_BIND_SUM : EG_BIND_PRODUCT, alone);
        return;
    }
    if (name && eg_rational_is_integer(exponent)) { /* \sin^{2} x */
        print_operator(p, base, exponent, alone);
        return;
    }
    print_node(p, base, EG_BIND_ATOM, false);
    eg_print_text(p, "^{");
    eg_latex_print_rational(p, exponent);
    eg_print_text(p, "}");
}

/* Returns the next factor from number i on of those above or below the fraction line, EG_NONE past
 * the last one. */
static eg_id next_factor(const printer *p, const eg_id *factors, size_t count, size_t *i,
                         bool below)
{
    while (*i < count && is_below(p, factors[*i]) != below)
        (*i)++;
    return *i < count ? factors[(*i)++] : EG_NONE;
}

/* Prints a number and the factors of one part of a fraction, 1 for none. enclosed: nothing is
 * beside them, so that a sum needs no parentheses. */
static void print_factors(printer *p, const eg_id *factors, size_t count, double number, bool below,
                          bool enclosed)
{
    size_t i = 0, printed = 0;
    if (fabs(number) != 1) {
        eg_latex_print_absolute(p, number);
        printed++;
    }
    eg_id factor = next_factor(p, factors, count, &i, below);
    if (factor == EG_NONE && !printed)
        eg_print_text(p, "1");
    while (factor != EG_NONE && !eg_print_is_too_long(p)) {
        eg_id next = next_factor(p, factors, count, &i, below);
        bool alone = enclosed && !printed && next == EG_NONE;
        bool bare = next == EG_NONE || operator_of(p, next);
        eg_id shown = below ? eg_args(p->graph, factor)[0] : factor;
        eg_print_text(p, !printed ? "" : begins_with_digit(p, shown) ? " \\cdot " : " ");
        if (below)
            print_reciprocal(p, factor, alone);
        else
            print_node(p, factor, alone ? EG_BIND_SUM : EG_BIND_POWER, bare);
        printed++;
        factor = next;
    }
}

static bool has_denominator(const printer *p, const eg_id *factors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_below(p, factors[i]))
            return true;
    return false;
}

static void print_product(printer *p, eg_id id, bool with_sign)
{
    const eg_id *args = eg_args(p->graph, id);
    bool coefficient = eg_is_number(p->graph, args[0]);
    const eg_id *factors = args + coefficient;
    size_t count = p->graph->nodes[id].count - coefficient;
    eg_rational number = eg_coefficient(p->graph, id);
    bool fraction = number.den != 1 || has_denominator(p, factors, count);
    eg_print_text(p, with_sign && number.num < 0 ? "-" : "");
    eg_print_text(p, fraction ? "\\frac{" : "");
    print_factors(p, factors, count, number.num, false, fraction);
    if (fraction) {
        eg_print_text(p, "}{");
        print_factors(p, factors, count, number.den, true, true);
        eg_print_text(p, "}");
    }
}

static void print_power(printer *p, eg_id id, bool bare)
{
    const eg_id *args = eg_args(p->graph, id);
    eg_rational exponent = eg_printed_exponent(p->graph, id);
    if (is_below(p, id)) {
        eg_print_text(p, "\\frac{1}{");
        print_reciprocal(p, id, true);
        eg_print_text(p, "}");
        return;
    }
    if (operator_of(p, args[0]) && eg_is_number(p->graph, args[1]) &&
        eg_rational_is_integer(exponent)) {
        print_operator(p, args[0], exponent, bare);
        return;
    }
    print_node(p, args[0], EG_BIND_ATOM, false);
    eg_print_text(p, "^{");
    print_node(p, args[1], EG_BIND_ANY, true);
    eg_print_text(p, "}");
}

static void print_sum(printer *p, eg_id id)
{
    const eg_node *node = &p->graph->nodes[id];
    for (uint32_t i = 0; i < node->count && !eg_print_is_too_long(p); i++) {
        eg_id term = eg_args(p->graph, id)[i];
        eg_rational number = eg_coefficient(p->graph, term);
        bool minus = i > 0 && number.num < 0;
        eg_print_text(p, i == 0 ? "" : minus ? " - " : " + ");
        if (!minus)
            print_node(p, term, i == 0 ? EG_BIND_SUM : EG_BIND_PRODUCT, true);
        else if (eg_is_number(p->graph, term))
            eg_latex_print_rational(p, eg_rational_negate(number));
        else
            print_product(p, term, false);
    }
}

/* ---- calls ---- */

/* Prints min(min(a, b), c) as a, b, c. */
static void print_arguments(printer *p, eg_id id)
{
    const eg_node *node = &p->graph->nodes[id];
    bool nests = is_call(p, id, EG_F_MIN) || is_call(p, id, EG_F_MAX);
    for (uint32_t i = 0; i < node->count && !eg_print_is_too_long(p); i++) {
        eg_id arg = eg_args(p->graph, id)[i];
        eg_print_text(p, i ? ", " : "");
        if (i == 0 && nests && kind_of(p, arg) == node->kind)
            print_arguments(p, arg);
        else
            print_node(p, arg, EG_BIND_ANY, true);
    }
}

/* Returns true if an argument needs no parentheses: x, 2, 2 x. */
static bool is_simple(const printer *p, eg_id id)
{
    const eg_node *node = &p->graph->nodes[id];
    if (node->kind == EG_PRODUCT && node->count == 2)
        return eg_is_number(p->graph, eg_args(p->graph, id)[0]) &&
               eg_latex_precedence(eg_coefficient(p->graph, id)) == EG_BIND_ATOM &&
               kind_of(p, eg_args(p->graph, id)[1]) == EG_VARIABLE;
    if (node->kind == EG_NUMBER)
        return eg_latex_precedence(node->number) == EG_BIND_ATOM;
    return node->kind == EG_VARIABLE || node->kind == EG_CONSTANT;
}

static void print_operator(printer *p, eg_id id, eg_rational exponent, bool bare)
{
    eg_id arg = eg_args(p->graph, id)[0];
    eg_print_text(p, operator_of(p, id));
    if (!eg_rational_is(exponent, 1)) {
        eg_print_text(p, "^{");
        eg_latex_print_rational(p, exponent);
        eg_print_text(p, "}");
    }
    bare &= p->graph->nodes[id].count == 1 && is_simple(p, arg);
    eg_print_text(p, bare ? " " : "\\left(");
    print_arguments(p, id);
    eg_print_text(p, bare ? "" : "\\right)");
}

static void print_condition(printer *p, eg_id id, bool inner);

/* Prints a and b, or a or b; inner: in parentheses. */
static void print_connected(printer *p, eg_id id, bool inner)
{
    eg_print_text(p, inner ? "\\left(" : "");
    print_condition(p, eg_args(p->graph, id)[0], true);
    eg_print_text(p, is_call(p, id, EG_F_AND) ? " \\land " : " \\lor ");
    print_condition(p, eg_args(p->graph, id)[1], true);
    eg_print_text(p, inner ? "\\right)" : "");
}

/* Prints a < b or a = b or the negation of it, with a number on its right. */
static void print_comparison(printer *p, eg_id id, eg_id comparison)
{
    const eg_id *args = eg_args(p->graph, comparison);
    bool equal = is_call(p, comparison, EG_F_EQUAL), negated = id != comparison;
    bool swapped = !equal && negated != eg_is_number(p->graph, args[negated]);
    print_node(p, args[swapped], EG_BIND_SUM, true);
    if (equal)
        eg_print_text(p, negated ? " \\neq " : " = ");
    else
        eg_print_text(p, swapped ? negated ? " \\leq " : " > " : negated ? " \\geq " : " < ");
    print_node(p, args[!swapped], EG_BIND_SUM, true);
}

static bool is_condition(const printer *p, eg_id id)
{
    return is_call(p, id, EG_F_AND) || is_call(p, id, EG_F_OR) || is_call(p, id, EG_F_NOT) ||
           eg_printed_comparison(p->graph, id) != EG_NONE;
}

static void print_condition(printer *p, eg_id id, bool inner)
{
    eg_id comparison = eg_printed_comparison(p->graph, id);
    if (comparison != EG_NONE) {
        print_comparison(p, id, comparison);
    } else if (is_call(p, id, EG_F_AND) || is_call(p, id, EG_F_OR)) {
        print_connected(p, id, inner);
    } else if (is_call(p, id, EG_F_NOT)) {
        eg_print_text(p, "\\lnot ");
        print_condition(p, eg_args(p->graph, id)[0], true);
    } else {
        print_node(p, id, EG_BIND_ANY, true);
    }
}

/* Prints if(c, a, if(d, b, ...)) as cases, a line for each condition. */
static void print_cases(printer *p, eg_id id)
{
    eg_print_text(p, "\\begin{cases} ");
    while (is_call(p, id, EG_F_IF) && !eg_print_is_too_long(p)) {
        const eg_id *args = eg_args(p->graph, id);
        print_node(p, args[1], EG_BIND_ANY, true);
        eg_print_text(p, " & \\text{if } ");
        print_condition(p, args[0], false);
        eg_print_text(p, " \\\\ ");
        id = args[2];
    }
    print_node(p, id, EG_BIND_ANY, true);
    eg_print_text(p, " & \\text{otherwise} \\end{cases}");
}

static void print_polygamma(printer *p, const eg_id *args)
{
    double order = p->graph->nodes[args[0]].number.num;
    eg_print_text(p, "\\psi");
    if (order != 0) {
        eg_print_text(p, "^{(");
        eg_latex_print_absolute(p, order);
        eg_print_text(p, ")}");
    }
    eg_print_text(p, "\\left(");
    print_node(p, args[1], EG_BIND_ANY, true);
    eg_print_text(p, "\\right)");
}

/* Prints \sqrt{x^2 + y^2}. */
static void print_hypot(printer *p, const eg_id *args)
{
    for (int i = 0; i < 2; i++) {
        eg_print_text(p, i ? " + " : "\\sqrt{");
        print_node(p, args[i], EG_BIND_ATOM, false);
        eg_print_text(p, "^{2}");
    }
    eg_print_text(p, "}");
}

static void print_call(printer *p, eg_id id, bool bare)
{
    const eg_id *args = eg_args(p->graph, id);
    const eg_latex_form *form = &eg_latex_forms[kind_of(p, id) - EG_CALL];
    if (form->command) {
        print_operator(p, id, eg_rational_of(1), bare);
    } else if (form->before) {
        eg_print_text(p, form->before);
        print_node(p, args[0], is_call(p, id, EG_F_LOG1P) ? EG_BIND_PRODUCT : EG_BIND_ANY, true);
        eg_print_text(p, form->after);
    } else if (is_call(p, id, EG_F_IF)) {
        print_cases(p, id);
    } else if (is_call(p, id, EG_F_POLYGAMMA)) {
        print_polygamma(p, args);
    } else if (is_call(p, id, EG_F_HYPOT)) {
        print_hypot(p, args);
    } else { /* a condition as a number, by the bracket of Iverson */
        eg_print_text(p, "\\left[");
        print_condition(p, id, false);
        eg_print_text(p, "\\right]");
    }
}

/* Prints \frac{\partial}{\partial x}\left(...\right). */
static void print_derivative(printer *p, eg_id id)
{
    const char *d = p->variables > 1 ? "\\partial" : "d";
    eg_print_text(p, "\\frac{");
    eg_print_text(p, d);
    eg_print_text(p, "}{");
    eg_print_text(p, d);
    eg_print_text(p, " ");
    eg_latex_print_name(p, p->names[p->graph->nodes[id].index]);
    eg_print_text(p, "}\\left(");
    print_node(p, eg_args(p->graph, id)[0], EG_BIND_ANY, true);
    eg_print_text(p, "\\right)");
}

/* ---- nodes ---- */

static eg_precedence call_precedence(const printer *p, eg_id id)
{
    if (is_call(p, id, EG_F_IF) || is_call(p, id, EG_F_EXPM1))
        return EG_BIND_SUM;
    bool closed = is_call(p, id, EG_F_ABS) || is_call(p, id, EG_F_FLOOR) ||
                  is_call(p, id, EG_F_CEIL) || is_condition(p, id);
    return closed ? EG_BIND_ATOM : EG_BIND_POWER;
}

static eg_precedence precedence_of(const printer *p, eg_id id)
{
    const eg_node *node = &p->graph->nodes[id];
    switch (node->kind) {
    case EG_NUMBER:
        return eg_latex_precedence(node->number);
    case EG_VARIABLE:
        return EG_BIND_ATOM;
    case EG_CONSTANT:
        return node->index >= EG_CONSTANTS && strpbrk(eg_constant_literal(p->graph, node), "eE")
                   ? EG_BIND_PRODUCT
                   : EG_BIND_ATOM;
    case EG_SUM:
        return EG_BIND_SUM;
    case EG_PRODUCT:
        return eg_coefficient(p->graph, id).num < 0 ? EG_BIND_SUM : EG_BIND_PRODUCT;
    case EG_POWER:
    case EG_DERIVATIVE:
        return EG_BIND_POWER;
    default:
        return call_precedence(p, id);
    }
}

static void print_inside(printer *p, eg_id id, bool bare)
{
    static const char *const constants[EG_CONSTANTS] = {"\\pi", "e", "\\tau"};
    const eg_node *node = &p->graph->nodes[id];
    switch (node->kind) {
    case EG_NUMBER:
        eg_latex_print_rational(p, node->number);
        return;
    case EG_CONSTANT:
        if (node->index < EG_CONSTANTS)
            eg_print_text(p, constants[node->index]);
        else
            eg_latex_print_decimal(p, eg_constant_literal(p->graph, node));
        return;
    case EG_VARIABLE:
        eg_latex_print_name(p, p->names[node->index]);
        return;
    case EG_SUM:
        print_sum(p, id);
        return;
    case EG_PRODUCT:
        print_product(p, id, true);
        return;
    case EG_POWER:
        print_power(p, id, bare);
        return;
    case EG_DERIVATIVE:
        print_derivative(p, id);
        return;
    default:
        print_call(p, id, bare);
    }
}

static void print_node(printer *p, eg_id id, eg_precedence outer, bool bare)
{
    if (eg_print_is_too_long(p))
        return;
    bool parentheses = precedence_of(p, id) < outer;
    eg_print_text(p, parentheses ? "\\left(" : "");
    print_inside(p, id, bare || parentheses);
    eg_print_text(p, parentheses ? "\\right)" : "");
}

void eg_latex_print(printer *p, eg_id id)
{
    print_node(p, id, EG_BIND_ANY, true);
}

size_t eg_expr_print_latex(const eg_expr *expr, char *out, size_t size)
{
    printer p = {.graph = &expr->graph,
                 .names = expr->names,
                 .variables = expr->variables,
                 .out = out,
                 .size = size};
    eg_latex_print(&p, expr->root);
    if (eg_print_is_too_long(&p)) {
        int n = snprintf(out, size, "\\text{(too long to print: %zu nodes)}", expr->size);
        return (size_t)n;
    }
    eg_print_end(&p);
    return p.length;
}
