/* SPDX-License-Identifier: MIT */
/* Separation bounds of numbers built of rational operations, roots, and sines of fractions of pi.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "real/real.h"

enum { LARGEST_FRACTION = 1 << 30, LARGEST_ORDER = 1 << 20 };

static const double log2_of_ten = 3.3219280948873623479;
static const eg_separation transcendental = {false, 0, 0, 1};

/* ---- fractions ---- */

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* Sets the form of a value to a fraction in lowest terms, unless it does not fit. */
static void set_form(eg_real_value *value, eg_real_form form, int64_t num, int64_t den)
{
    if (den == 0)
        return;
    int64_t divisor = common_divisor(num, den) * (den < 0 ? -1 : 1);
    num /= divisor;
    den /= divisor;
    if (num < -LARGEST_FRACTION || num > LARGEST_FRACTION || den > LARGEST_FRACTION)
        return;
    value->form = num == 0 ? EG_FORM_RATIONAL : form;
    value->num = num;
    value->den = den;
}

static bool is_zero_form(const eg_real_value *a)
{
    return a->form == EG_FORM_RATIONAL && a->num == 0;
}

static void add_forms(eg_real_value *out, const eg_real_value *a, const eg_real_value *b, int sign)
{
    if (is_zero_form(a) && b->form != EG_FORM_NONE)
        set_form(out, b->form, sign * b->num, b->den);
    else if (is_zero_form(b) && a->form != EG_FORM_NONE)
        set_form(out, a->form, a->num, a->den);
    else if (a->form == b->form && a->form != EG_FORM_NONE)
        set_form(out, a->form, a->num * b->den + sign * b->num * a->den, a->den * b->den);
}

static void multiply_forms(eg_real_value *out, const eg_real_value *a, const eg_real_value *b)
{
    if (a->form == EG_FORM_NONE || b->form == EG_FORM_NONE ||
        (a->form == EG_FORM_PI && b->form == EG_FORM_PI))
        return;
    bool pi = a->form == EG_FORM_PI || b->form == EG_FORM_PI;
    set_form(out, pi ? EG_FORM_PI : EG_FORM_RATIONAL, a->num * b->num, a->den * b->den);
}

static void divide_forms(eg_real_value *out, const eg_real_value *a, const eg_real_value *b)
{
    if (a->form == EG_FORM_NONE || b->form == EG_FORM_NONE ||
        (a->form == EG_FORM_RATIONAL && b->form == EG_FORM_PI))
        return;
    bool pi = a->form != b->form;
    set_form(out, pi ? EG_FORM_PI : EG_FORM_RATIONAL, a->num * b->den, a->den * b->num);
}

/* Sets the form of an inverse trigonometric function of a number whose angle is well known. */
static void set_angle_form(eg_real_value *out, eg_function_id f, const eg_real_value *a)
{
    if (a->form != EG_FORM_RATIONAL || a->den > 2 || a->num < -a->den || a->num > a->den)
        return;
    int64_t twice = a->den == 1 ? 2 * a->num : a->num; /* 2a */
    if (f == EG_F_ASIN && twice % 2 == 0)
        set_form(out, EG_FORM_PI, twice / 2, 2);
    else if (f == EG_F_ASIN)
        set_form(out, EG_FORM_PI, twice, 6);
    else if (f == EG_F_ACOS && twice % 2 == 0)
        set_form(out, EG_FORM_PI, 1 - twice / 2, 2);
    else if (f == EG_F_ACOS)
        set_form(out, EG_FORM_PI, 3 - twice, 6);
    else if (f == EG_F_ATAN && twice % 2 == 0)
        set_form(out, EG_FORM_PI, twice / 2, 4);
}

static bool is_fraction(const eg_real_value *a, int64_t num, int64_t den)
{
    return a->form == EG_FORM_RATIONAL && a->num == num && a->den == den;
}

/* Sets the form of the angle of (x, y) on the axes and the diagonals. */
static void set_atan2_form(const eg_reals *reals, eg_real_value *out, const eg_real_value *y,
                           const eg_real_value *x)
{
    int y_sign = reals->balls->compare(&y->ball, 0), x_sign = reals->balls->compare(&x->ball, 0);
    if (y->state != EG_REAL_KNOWN || x->state != EG_REAL_KNOWN || y_sign == EG_UNSURE ||
        x_sign == EG_UNSURE)
        return;
    bool diagonal = x->form == EG_FORM_RATIONAL &&
                    (is_fraction(y, x->num, x->den) || is_fraction(y, -x->num, x->den));
    if (y_sign == 0 && x_sign != 0)
        set_form(out, EG_FORM_PI, x_sign < 0, 1);
    else if (x_sign == 0 && y_sign != 0)
        set_form(out, EG_FORM_PI, y_sign, 2);
    else if (diagonal && y_sign != 0)
        set_form(out, EG_FORM_PI, y_sign * (x_sign < 0 ? 3 : 1), 4);
}

/* ---- separation ---- */

static eg_separation integer_separation(double log_size)
{
    return (eg_separation){true, fmax(log_size, 0), 0, 1};
}

/* Bounds a decimal literal: the integer of its digits, over or times a power of 10. */
static eg_separation literal_separation(const char *text)
{
    double digits = 0, decimals = 0, exponent = 0;
    bool after_point = false;
    for (; *text && *text != 'e' && *text != 'E'; text++) {
        after_point |= *text == '.';
        digits += *text != '.';
        decimals += after_point && *text != '.';
    }
    if (*text)
        exponent = strtod(text + 1, NULL);
    exponent -= decimals;
    return (eg_separation){true, log2_of_ten * (digits + fmax(exponent, 0)),
                           log2_of_ten * fmax(-exponent, 0), 1};
}

static eg_separation number_separation(const eg_reals *reals, const eg_node *node)
{
    const char *literal = eg_literal(&reals->graph, node);
    if (literal)
        return literal_separation(literal);
    int exponent;
    double num = node->number.num, log_l = log2(node->number.den);
    frexp(num, &exponent);
    if (num != floor(num)) { /* num = m / 2^k with an integer m of up to 53 bits */
        double k = 53 - exponent;
        return (eg_separation){true, 53, log_l + k, 1};
    }
    return (eg_separation){true, fmax(exponent, 0), log_l, 1};
}

static eg_separation combine(double log_u, double log_l, double degree)
{
    return (eg_separation){true, log_u, log_l, degree};
}

static eg_separation combine_if(bool algebraic, double log_u, double log_l)
{
    return algebraic ? combine(log_u, log_l, 1) : transcendental;
}

static eg_separation sum_separation(eg_separation a, eg_separation b)
{
    double first = a.log_u + b.log_l, second = b.log_u + a.log_l;
    return combine(fmax(first, second) + 1, a.log_l + b.log_l, 1);
}

static eg_separation product_separation(eg_separation a, eg_separation b)
{
    return combine(a.log_u + b.log_u, a.log_l + b.log_l, 1);
}

static eg_separation inverse(eg_separation a)
{
    return combine(a.log_l, a.log_u, 1);
}

static eg_separation root_separation(eg_separation a, double n)
{
    return combine(a.log_u / n, a.log_l / n, n);
}

static eg_separation power_separation(eg_separation a, double n)
{
    return combine(a.log_u * n, a.log_l * n, 1);
}

static eg_separation call_separation(eg_function_id f, const eg_real_value *a,
                                     const eg_real_value *b)
{
    eg_separation first = a->separation, second = b->separation;
    bool turns = a->form == EG_FORM_PI || is_zero_form(a);
    switch (f) {
    case EG_F_SQRT:
        return first.algebraic ? root_separation(first, 2) : transcendental;
    case EG_F_CBRT:
        return first.algebraic ? root_separation(first, 3) : transcendental;
    case EG_F_ABS:
        return first.algebraic ? combine(first.log_u, first.log_l, 1) : transcendental;
    case EG_F_MIN:
    case EG_F_MAX:
        return first.algebraic && second.algebraic
                   ? combine(fmax(first.log_u, second.log_u), fmax(first.log_l, second.log_l), 1)
                   : transcendental;
    case EG_F_HYPOT:
        if (!first.algebraic || !second.algebraic)
            return transcendental;
        return root_separation(
            sum_separation(power_separation(first, 2), power_separation(second, 2)), 2);
    case EG_F_SIN:
    case EG_F_COS:
    case EG_F_TAN: /* 2 sin and 2 cos of pi n/d are algebraic integers of a degree below 4d */
        return turns ? combine(1, 1, 4 * (double)a->den) : transcendental;
    default:
        return transcendental;
    }
}

static eg_separation operation_separation(const eg_node *node, const eg_real_value *a,
                                          const eg_real_value *b)
{
    eg_separation first = a->separation, second = b->separation;
    if (node->kind >= EG_CALL && node->kind < EG_CALL + EG_FUNCTIONS)
        return call_separation((eg_function_id)(node->kind - EG_CALL), a, b);
    if (node->kind == EG_OP_WHEN)
        return combine_if(second.algebraic, second.log_u, second.log_l);
    if (!first.algebraic || !second.algebraic)
        return transcendental;
    switch (node->kind) {
    case EG_OP_ADD:
    case EG_OP_SUB:
        return sum_separation(first, second);
    case EG_OP_MUL:
        return product_separation(first, second);
    case EG_OP_DIV:
        return product_separation(first, inverse(second));
    case EG_OP_NEG:
        return combine(first.log_u, first.log_l, 1);
    case EG_OP_SQUARE:
        return power_separation(first, 2);
    case EG_OP_POWI:
        return power_separation(first, node->index);
    case EG_OP_POWH: {
        eg_separation root = root_separation(first, 2);
        return combine(root.log_u * (2.0 * node->index + 1), root.log_l * (2.0 * node->index + 1),
                       2);
    }
    case EG_OP_ONE_MINUS_SQUARE:
        return sum_separation(integer_separation(0), power_separation(first, 2));
    case EG_POWER: { /* a^(p/q) is the root of degree q of a^p or of 1/a^-p */
        if (b->form != EG_FORM_RATIONAL)
            return transcendental;
        double p = (double)b->num;
        eg_separation power = power_separation(p < 0 ? inverse(first) : first, fabs(p));
        return root_separation(power, (double)b->den);
    }
    default:
        return transcendental;
    }
}

static void set_operation_form(const eg_reals *reals, eg_real_value *out, const eg_node *node,
                               const eg_real_value *a, const eg_real_value *b)
{
    switch (node->kind) {
    case EG_OP_ADD:
        add_forms(out, a, b, 1);
        break;
    case EG_OP_SUB:
        add_forms(out, a, b, -1);
        break;
    case EG_OP_MUL:
        multiply_forms(out, a, b);
        break;
    case EG_OP_SQUARE:
        multiply_forms(out, a, a);
        break;
    case EG_OP_DIV:
        divide_forms(out, a, b);
        break;
    case EG_OP_NEG:
        if (a->form != EG_FORM_NONE)
            set_form(out, a->form, -a->num, a->den);
        break;
    case EG_CALL + EG_F_ATAN2:
        set_atan2_form(reals, out, a, b);
        break;
    default:
        if (node->kind >= EG_CALL && node->kind < EG_CALL + EG_FUNCTIONS)
            set_angle_form(out, (eg_function_id)(node->kind - EG_CALL), a);
        break;
    }
}

/* Sets the form of a number node: a double m / 2^k with small m and k is a fraction, and so is a
 * short decimal. */
static void set_number_form(eg_real_value *out, eg_rational number, bool literal)
{
    double scale = 1;
    if (out->separation.log_l > 30 && literal)
        return;
    if (literal)
        scale = pow(10, rint(out->separation.log_l / log2_of_ten));
    for (int k = 0; k < 30 && !literal && number.num * scale != floor(number.num * scale); k++)
        scale *= 2;
    double num = rint(number.num * scale), den = number.den * scale;
    bool exact = literal ? out->separation.log_u <= 30 : num == number.num * scale;
    if (exact && fabs(num) <= LARGEST_FRACTION && den <= LARGEST_FRACTION)
        set_form(out, EG_FORM_RATIONAL, (int64_t)num, (int64_t)den);
}

void eg_real_make_integer(eg_real_value *value, int64_t integer)
{
    value->exact = true;
    value->form = EG_FORM_NONE;
    set_form(value, EG_FORM_RATIONAL, integer, 1);
    value->separation = integer_separation(integer ? log2(fabs((double)integer)) + 1e-9 : 0);
}

void eg_real_separate(eg_reals *reals, eg_id id)
{
    const eg_node *node = &reals->graph.nodes[id];
    const eg_id *args = eg_args(&reals->graph, id);
    eg_real_value *out = &reals->values[id];
    out->form = EG_FORM_NONE;
    out->separation = transcendental;
    if (node->kind == EG_NUMBER) {
        out->separation = number_separation(reals, node);
        set_number_form(out, node->number, eg_literal(&reals->graph, node) != NULL);
    } else if (node->kind == EG_CONSTANT) {
        if (node->index != EG_E)
            set_form(out, EG_FORM_PI, node->index == EG_TAU ? 2 : 1, 1);
    } else if (node->count > 0) {
        const eg_real_value *a = &reals->values[args[0]];
        const eg_real_value *b = &reals->values[args[node->count - 1]];
        out->separation = operation_separation(node, a, b);
        set_operation_form(reals, out, node, a, b);
    }
    if (out->form == EG_FORM_RATIONAL)
        out->separation =
            combine(out->num ? log2(fabs((double)out->num)) : 0, log2((double)out->den), 1);
}

/* Returns the number of integers up to n that have no divisor in common with it. */
static double count_coprime(int64_t n)
{
    double count = (double)n;
    for (int64_t p = 2; p * p <= n; p++) {
        if (n % p != 0)
            continue;
        count -= count / (double)p;
        while (n % p == 0)
            n /= p;
    }
    return n > 1 ? count - count / (double)n : count;
}

static bool is_turn(const eg_reals *reals, eg_id id)
{
    uint16_t kind = reals->graph.nodes[id].kind;
    return (kind == EG_CALL + EG_F_SIN || kind == EG_CALL + EG_F_COS ||
            kind == EG_CALL + EG_F_TAN) &&
           reals->values[id].separation.algebraic;
}

/* Multiplies *degree by the degree of a number's operation. Sines of fractions of pi, n/d, are
 * numbers of the field of the roots of unity of order 4d; *order is that of all of them. */
static void add_degree(const eg_reals *reals, eg_id id, double *degree, int64_t *order)
{
    int64_t turn = 1;
    if (is_turn(reals, id))
        turn = 4 * reals->values[eg_args(&reals->graph, id)[0]].den;
    int64_t common = *order / common_divisor(*order, turn);
    if (turn > 1 && turn < LARGEST_ORDER / common)
        *order = common * turn;
    else
        *degree *= reals->values[id].separation.degree;
}

/* Returns a bound of the degree of the number: the product of the degrees of all operations that it
 * depends on. A number with an exact ball is a fraction, whatever it was computed from. */
static double total_degree(eg_reals *reals, eg_id id)
{
    double degree = 1;
    int64_t order = 1;
    bool *depends = reals->marked;
    memset(depends, 0, (size_t)id + 1);
    depends[id] = true;
    for (eg_id k = id + 1; k-- > 0;) {
        const eg_node *node = &reals->graph.nodes[k];
        if (!depends[k])
            continue;
        add_degree(reals, k, &degree, &order);
        for (uint32_t i = 0; i < node->count && !reals->values[k].exact; i++)
            if (reals->values[k].form == EG_FORM_NONE)
                depends[eg_args(&reals->graph, k)[i]] = true;
    }
    return degree * count_coprime(order);
}

double eg_real_separation_bits(eg_reals *reals, eg_id id, int64_t integer)
{
    eg_separation s = reals->values[id].separation;
    if (!s.algebraic)
        return INFINITY;
    if (integer != 0)
        s = sum_separation(s, integer_separation(log2(fabs((double)integer)) + 1e-9));
    /* |a| >= 1 / (u^(D-1) l) for a number that is not 0 */
    return fmax(s.log_u, 0) * (total_degree(reals, id) - 1) + fmax(s.log_l, 0) + 1;
}
