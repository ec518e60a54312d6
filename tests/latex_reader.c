/* SPDX-License-Identifier: MIT */
/* Evaluates LaTeX by recursive descent. */
#include "latex_reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    eg_context *ctx;
    const char *start, *at;
    double point[3];
    bool infinite; /* an argument was */
} reader;

static double read_sum(reader *r);
static double read_condition(reader *r);

static void skip_blanks(reader *r)
{
    while (*r->at == ' ')
        r->at++;
}

/* Skips `text` and returns true if it is next. A command must end there: \ln is no \lnot. */
static bool next_is(reader *r, const char *text)
{
    size_t length = strlen(text);
    skip_blanks(r);
    if (strncmp(r->at, text, length) != 0)
        return false;
    char last = text[length - 1], after = r->at[length];
    if (text[0] == '\\' && ((last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z')) &&
        ((after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z')))
        return false;
    r->at += length;
    return true;
}

static void expect(reader *r, const char *text)
{
    if (!next_is(r, text))
        fail_msg("no %s at '%s' of %s", text, r->at, r->start);
}

static double read_group(reader *r)
{
    expect(r, "{");
    double value = read_sum(r);
    expect(r, "}");
    return value;
}

/* Evaluates a function of the library for numbers. */
static double call(reader *r, const char *format, double a, double b)
{
    char text[256];
    double value;
    if (isnan(a) || isnan(b))
        return NAN;
    if (isinf(a) || isinf(b)) { /* formulas have no infinity */
        r->infinite = true;
        return NAN;
    }
    snprintf(text, sizeof text, format, a, b);
    eg_expr *expr = parse_expr(r->ctx, text);
    assert_int_equal(eg_expr_eval(expr, NULL, &value, NULL, NULL, NULL), EG_OK);
    eg_expr_free(expr);
    return value;
}

/* Operators, and what they are for the library. */
static const struct {
    const char *latex, *call;
} operators[] = {
    {"\\ln", "log(%.17g)"},
    {"\\log_{2}", "log2(%.17g)"},
    {"\\log_{10}", "log10(%.17g)"},
    {"\\sinh", "sinh(%.17g)"},
    {"\\cosh", "cosh(%.17g)"},
    {"\\tanh", "tanh(%.17g)"},
    {"\\sin", "sin(%.17g)"},
    {"\\cos", "cos(%.17g)"},
    {"\\tan", "tan(%.17g)"},
    {"\\arcsin", "asin(%.17g)"},
    {"\\arccos", "acos(%.17g)"},
    {"\\arctan", "atan(%.17g)"},
    {"\\operatorname{sinc}", "sinc(%.17g)"},
    {"\\operatorname{arsinh}", "asinh(%.17g)"},
    {"\\operatorname{arcosh}", "acosh(%.17g)"},
    {"\\operatorname{artanh}", "atanh(%.17g)"},
    {"\\operatorname{erfc}", "erfc(%.17g)"},
    {"\\operatorname{erf}", "erf(%.17g)"},
    {"\\Gamma", "gamma(%.17g)"},
    {"\\operatorname{sgn}", "sign(%.17g)"},
    {"\\operatorname{round}", "round(%.17g)"},
    {"\\operatorname{trunc}", "trunc(%.17g)"},
    {"\\operatorname{mod}", "mod(%.17g, %.17g)"},
    {"\\operatorname{atan2}", "atan2(%.17g, %.17g)"},
    {"\\min", "min(%.17g, %.17g)"},
    {"\\max", "max(%.17g, %.17g)"},
};

static bool read_delimited(reader *r, double *value);

/* Reads a number, a letter, or both, as they are without parentheses: \sin 2 x; or |x|. */
static double read_bare(reader *r)
{
    double value = 1;
    skip_blanks(r);
    if (read_delimited(r, &value))
        return value;
    if ((*r->at >= '0' && *r->at <= '9')) {
        char *end;
        value = strtod(r->at, &end);
        r->at = end;
        skip_blanks(r);
    }
    if (*r->at >= 'x' && *r->at <= 'z')
        value *= r->point[*r->at++ - 'x'];
    else if (next_is(r, "\\pi"))
        value *= M_PI;
    else if (*r->at == 'e' && r->at[1] != '^')
        value *= (r->at++, M_E);
    return value;
}

/* Reads the arguments of an operator, of which min and max have any number. */
static double read_arguments(reader *r, const char *function)
{
    if (!next_is(r, "\\left("))
        return call(r, function, read_bare(r), 0);
    double first = read_sum(r), second = 0;
    if (!next_is(r, ",")) {
        expect(r, "\\right)");
        return call(r, function, first, 0);
    }
    do {
        second = read_sum(r);
        first = call(r, function, first, second);
    } while (next_is(r, ","));
    expect(r, "\\right)");
    return first;
}

/* Reads an operator with its power, as in \sin^{2} x; returns false if none is next. */
static bool read_operator(reader *r, double *value)
{
    for (size_t i = 0; i < COUNT(operators); i++) {
        if (!next_is(r, operators[i].latex))
            continue;
        double power = next_is(r, "^") ? read_group(r) : 1;
        double result = read_arguments(r, operators[i].call);
        *value = power == 1 ? result : pow(result, power);
        return true;
    }
    return false;
}

static double read_psi(reader *r)
{
    double order = 0;
    if (next_is(r, "^{(")) {
        order = strtod(r->at, NULL);
        r->at += strcspn(r->at, ")");
        expect(r, ")}");
    }
    expect(r, "\\left(");
    double value = read_sum(r);
    expect(r, "\\right)");
    return call(r, "polygamma(%.17g, %.17g)", order, value);
}

static double read_cases(reader *r)
{
    double result = NAN;
    bool found = false, undecided = false;
    for (;;) {
        double value = read_sum(r);
        expect(r, "&");
        if (next_is(r, "\\text{otherwise}"))
            result = found ? result : undecided ? NAN : value;
        else
            expect(r, "\\text{if }");
        if (next_is(r, "\\end{cases}"))
            return result;
        double condition = read_condition(r);
        undecided |= !found && isnan(condition);
        if (!found && !undecided && condition != 0) {
            found = true;
            result = value;
        }
        expect(r, "\\\\");
    }
}

static double read_root(reader *r)
{
    if (next_is(r, "[3]"))
        return cbrt(read_group(r));
    return sqrt(read_group(r));
}

static double read_fraction(reader *r)
{
    double above = read_group(r), below = read_group(r);
    return above / below;
}

/* Reads what is between delimiters. */
static bool read_delimited(reader *r, double *value)
{
    static const char *const pairs[][2] = {{"\\left(", "\\right)"},
                                           {"\\left|", "\\right|"},
                                           {"\\left\\lfloor", "\\right\\rfloor"},
                                           {"\\left\\lceil", "\\right\\rceil"},
                                           {"\\left[", "\\right]"}};
    for (size_t i = 0; i < COUNT(pairs); i++) {
        if (!next_is(r, pairs[i][0]))
            continue;
        double inside = i == 4 ? read_condition(r) : read_sum(r);
        expect(r, pairs[i][1]);
        *value = i == 1 ? fabs(inside) : i == 2 ? floor(inside) : i == 3 ? ceil(inside) : inside;
        return true;
    }
    return false;
}

/* Reads a number, a letter or a command; returns false if none is next. */
static bool read_atom(reader *r, double *value)
{
    skip_blanks(r);
    if (*r->at >= '0' && *r->at <= '9') {
        char *end;
        *value = strtod(r->at, &end);
        r->at = end;
    } else if (*r->at >= 'x' && *r->at <= 'z') {
        *value = r->point[*r->at++ - 'x'];
    } else if (*r->at == 'e') {
        r->at++;
        *value = M_E;
    } else if (next_is(r, "\\pi")) {
        *value = M_PI;
    } else if (next_is(r, "\\frac")) {
        *value = read_fraction(r);
    } else if (next_is(r, "\\sqrt")) {
        *value = read_root(r);
    } else if (next_is(r, "\\psi")) {
        *value = read_psi(r);
    } else if (next_is(r, "\\begin{cases}")) {
        *value = read_cases(r);
    } else {
        return read_operator(r, value) || read_delimited(r, value);
    }
    return true;
}

/* Reads factors beside each other, with or without \cdot. */
static double read_product(reader *r)
{
    double product = 1, factor;
    size_t count = 0;
    while (read_atom(r, &factor)) {
        if (next_is(r, "^"))
            factor = pow(factor, read_group(r));
        product *= factor;
        count++;
        next_is(r, "\\cdot");
    }
    if (count == 0)
        fail_msg("no factor at '%s' of %s", r->at, r->start);
    return product;
}

static double read_sum(reader *r)
{
    double sum = next_is(r, "-") ? -read_product(r) : read_product(r);
    for (;;) {
        if (next_is(r, "+"))
            sum += read_product(r);
        else if (next_is(r, "-"))
            sum -= read_product(r);
        else
            return sum;
    }
}

/* Reads a comparison, or a condition in parentheses. */
static double read_relation(reader *r)
{
    const char *start = r->at;
    if (next_is(r, "\\lnot"))
        return 1 - read_relation(r);
    if (next_is(r, "\\left(")) { /* of a condition or of a sum */
        int depth = 1;
        const char *c = r->at;
        bool condition = false;
        for (; depth > 0; c++) {
            depth += (strncmp(c, "\\left", 5) == 0) - (strncmp(c, "\\right", 6) == 0);
            condition |=
                depth == 1 && (strncmp(c, "\\land", 5) == 0 || strncmp(c, "\\lor", 4) == 0);
        }
        if (condition) {
            double value = read_condition(r);
            expect(r, "\\right)");
            return value;
        }
        r->at = start;
    }
    double a = read_sum(r);
    static const char *const signs[] = {"<", "\\geq", "=", "\\neq", ">", "\\leq"};
    for (size_t i = 0; i < COUNT(signs); i++) {
        if (!next_is(r, signs[i]))
            continue;
        double b = read_sum(r);
        const bool holds[] = {a<b, a >= b, a == b, a != b, a> b, a <= b};
        return isnan(a) || isnan(b) ? NAN : holds[i];
    }
    return a;
}

static double read_condition(reader *r)
{
    double value = read_relation(r);
    for (;;) {
        bool both = next_is(r, "\\land");
        if (!both && !next_is(r, "\\lor"))
            return value;
        double other = read_relation(r), decisive = both ? 0 : 1;
        if (value == decisive || other == decisive)
            value = decisive;
        else
            value = isnan(value) || isnan(other) ? NAN : 1 - decisive;
    }
}

double latex_value(eg_context *ctx, const char *latex, const double point[3], bool *infinite)
{
    reader r = {.ctx = ctx, .start = latex, .at = latex};
    memcpy(r.point, point, sizeof r.point);
    double value = read_condition(&r);
    if (*r.at)
        fail_msg("'%s' is left of %s", r.at, latex);
    *infinite = r.infinite;
    return value;
}
