/* SPDX-License-Identifier: MIT */
/* Forms of calls and numbers in LaTeX. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "expr/codegen/latex.h"

const eg_latex_form eg_latex_forms[EG_FUNCTIONS] = {
    [EG_F_SQRT] = {NULL, "\\sqrt{", "}"},
    [EG_F_CBRT] = {NULL, "\\sqrt[3]{", "}"},
    [EG_F_EXP] = {NULL, "e^{", "}"},
    [EG_F_EXPM1] = {NULL, "e^{", "} - 1"},
    [EG_F_LOG] = {"\\ln", NULL, NULL},
    [EG_F_LOG1P] = {NULL, "\\ln\\left(1 + ", "\\right)"},
    [EG_F_LOG2] = {"\\log_{2}", NULL, NULL},
    [EG_F_LOG10] = {"\\log_{10}", NULL, NULL},
    [EG_F_SIN] = {"\\sin", NULL, NULL},
    [EG_F_COS] = {"\\cos", NULL, NULL},
    [EG_F_TAN] = {"\\tan", NULL, NULL},
    [EG_F_SINC] = {"\\operatorname{sinc}", NULL, NULL},
    [EG_F_ASIN] = {"\\arcsin", NULL, NULL},
    [EG_F_ACOS] = {"\\arccos", NULL, NULL},
    [EG_F_ATAN] = {"\\arctan", NULL, NULL},
    [EG_F_SINH] = {"\\sinh", NULL, NULL},
    [EG_F_COSH] = {"\\cosh", NULL, NULL},
    [EG_F_TANH] = {"\\tanh", NULL, NULL},
    [EG_F_ASINH] = {"\\operatorname{arsinh}", NULL, NULL},
    [EG_F_ACOSH] = {"\\operatorname{arcosh}", NULL, NULL},
    [EG_F_ATANH] = {"\\operatorname{artanh}", NULL, NULL},
    [EG_F_ERF] = {"\\operatorname{erf}", NULL, NULL},
    [EG_F_ERFC] = {"\\operatorname{erfc}", NULL, NULL},
    [EG_F_GAMMA] = {"\\Gamma", NULL, NULL},
    [EG_F_LGAMMA] = {NULL, "\\ln\\left|\\Gamma\\left(", "\\right)\\right|"},
    [EG_F_ABS] = {NULL, "\\left|", "\\right|"},
    [EG_F_SIGN] = {"\\operatorname{sgn}", NULL, NULL},
    [EG_F_FLOOR] = {NULL, "\\left\\lfloor ", "\\right\\rfloor"},
    [EG_F_CEIL] = {NULL, "\\left\\lceil ", "\\right\\rceil"},
    [EG_F_ROUND] = {"\\operatorname{round}", NULL, NULL},
    [EG_F_TRUNC] = {"\\operatorname{trunc}", NULL, NULL},
    [EG_F_MOD] = {"\\operatorname{mod}", NULL, NULL},
    [EG_F_MIN] = {"\\min", NULL, NULL},
    [EG_F_MAX] = {"\\max", NULL, NULL},
    [EG_F_ATAN2] = {"\\operatorname{atan2}", NULL, NULL},
};

void eg_latex_print_decimal(eg_printer *p, const char *text)
{
    char mantissa[64];
    const char *e = strpbrk(text, "eE");
    if (!e || e - text >= (int)sizeof mantissa) {
        eg_print_text(p, text);
        return;
    }
    snprintf(mantissa, sizeof mantissa, "%.*s", (int)(e - text), text);
    if (strcmp(mantissa, "1") != 0) {
        eg_print_text(p, mantissa);
        eg_print_text(p, " \\cdot ");
    }
    eg_print_text(p, "10^{");
    eg_print_text(p, e + 1 + (e[1] == '+'));
    eg_print_text(p, "}");
}

void eg_latex_print_absolute(eg_printer *p, double value)
{
    char text[EG_DECIMAL_TEXT];
    eg_rational_print(text, fabs(value));
    eg_latex_print_decimal(p, text);
}

void eg_latex_print_rational(eg_printer *p, eg_rational number)
{
    eg_print_text(p, number.num < 0 ? "-" : "");
    eg_print_text(p, number.den != 1 ? "\\frac{" : "");
    eg_latex_print_absolute(p, number.num);
    if (number.den != 1) {
        eg_print_text(p, "}{");
        eg_latex_print_absolute(p, number.den);
        eg_print_text(p, "}");
    }
}

eg_precedence eg_latex_precedence(eg_rational number)
{
    char text[EG_DECIMAL_TEXT];
    if (number.num < 0)
        return EG_BIND_SUM;
    if (number.den != 1)
        return EG_BIND_POWER;
    eg_rational_print(text, number.num);
    return strchr(text, 'e') ? EG_BIND_PRODUCT : EG_BIND_ATOM;
}
