/* SPDX-License-Identifier: MIT */
/* Writes an expression as a module of Python for NumPy. */
#include <string.h>

#include "core/software.h"
#include "expr/codegen/codegen.h"

#define CALL(name)                                                                                 \
    {                                                                                              \
        name, EG_BIND_ATOM, EG_BIND_ANY, EG_BIND_ANY                                               \
    }

static const eg_code_form forms[EG_OPS] = {
    [EG_POWER] = CALL("np.power(A, B)"),
    [EG_OP_ADD] = {"A + B", EG_BIND_SUM, EG_BIND_SUM, EG_BIND_PRODUCT},
    [EG_OP_SUB] = {"A - B", EG_BIND_SUM, EG_BIND_SUM, EG_BIND_PRODUCT},
    [EG_OP_MUL] = {"A*B", EG_BIND_PRODUCT, EG_BIND_PRODUCT, EG_BIND_POWER},
    [EG_OP_DIV] = {"A/B", EG_BIND_PRODUCT, EG_BIND_PRODUCT, EG_BIND_POWER},
    [EG_OP_NEG] = {"-A", EG_BIND_SUM, EG_BIND_PRODUCT, EG_BIND_ANY},
    [EG_OP_SQUARE] = {"A**2", EG_BIND_POWER, EG_BIND_ATOM, EG_BIND_ANY},
    [EG_OP_POWI] = {"A**N", EG_BIND_POWER, EG_BIND_ATOM, EG_BIND_ANY},
    [EG_OP_POWH] = CALL("np.power(A, H)"),
    [EG_OP_ONE_MINUS_SQUARE] = {"(1.0 - A)*(1.0 + A)", EG_BIND_PRODUCT, EG_BIND_ATOM, EG_BIND_ANY},
    [EG_OP_SECH2] = CALL("@sech2(A)"),
    [EG_OP_LOG_OR_0] = CALL("@log_or_0(A)"),
    [EG_OP_WHEN] = CALL("@when(A, B)"),
    [EG_CALL + EG_F_SQRT] = CALL("np.sqrt(A)"),
    [EG_CALL + EG_F_CBRT] = CALL("np.cbrt(A)"),
    [EG_CALL + EG_F_EXP] = CALL("np.exp(A)"),
    [EG_CALL + EG_F_EXPM1] = CALL("np.expm1(A)"),
    [EG_CALL + EG_F_LOG] = CALL("np.log(A)"),
    [EG_CALL + EG_F_LOG1P] = CALL("np.log1p(A)"),
    [EG_CALL + EG_F_LOG2] = CALL("np.log2(A)"),
    [EG_CALL + EG_F_LOG10] = CALL("np.log10(A)"),
    [EG_CALL + EG_F_SIN] = CALL("np.sin(A)"),
    [EG_CALL + EG_F_COS] = CALL("np.cos(A)"),
    [EG_CALL + EG_F_TAN] = CALL("np.tan(A)"),
    [EG_CALL + EG_F_ASIN] = CALL("np.arcsin(A)"),
    [EG_CALL + EG_F_ACOS] = CALL("np.arccos(A)"),
    [EG_CALL + EG_F_ATAN] = CALL("np.arctan(A)"),
    [EG_CALL + EG_F_SINH] = CALL("np.sinh(A)"),
    [EG_CALL + EG_F_COSH] = CALL("np.cosh(A)"),
    [EG_CALL + EG_F_TANH] = CALL("np.tanh(A)"),
    [EG_CALL + EG_F_ASINH] = CALL("np.arcsinh(A)"),
    [EG_CALL + EG_F_ACOSH] = CALL("np.arccosh(A)"),
    [EG_CALL + EG_F_ATANH] = CALL("np.arctanh(A)"),
    [EG_CALL + EG_F_ERF] = CALL("special.erf(A)"),
    [EG_CALL + EG_F_ERFC] = CALL("special.erfc(A)"),
    [EG_CALL + EG_F_GAMMA] = CALL("@gamma(A)"),
    [EG_CALL + EG_F_LGAMMA] = CALL("special.gammaln(A)"),
    [EG_CALL + EG_F_ABS] = CALL("np.abs(A)"),
    [EG_CALL + EG_F_SIGN] = CALL("np.sign(A)"),
    [EG_CALL + EG_F_FLOOR] = CALL("np.floor(A)"),
    [EG_CALL + EG_F_CEIL] = CALL("np.ceil(A)"),
    [EG_CALL + EG_F_ROUND] = CALL("@round(A)"),
    [EG_CALL + EG_F_MOD] = CALL("@modulo(A, B)"),
    [EG_CALL + EG_F_MIN] = CALL("np.minimum(A, B)"),
    [EG_CALL + EG_F_MAX] = CALL("np.maximum(A, B)"),
    [EG_CALL + EG_F_HYPOT] = CALL("np.hypot(A, B)"),
    [EG_CALL + EG_F_ATAN2] = CALL("np.arctan2(A, B)"),
    [EG_CALL + EG_F_AND] = CALL("@both(A, B)"),
    [EG_CALL + EG_F_NOT] = {"1.0 - A", EG_BIND_SUM, EG_BIND_PRODUCT, EG_BIND_ANY},
    [EG_CALL + EG_F_LESS] = CALL("@less(A, B)"),
    [EG_CALL + EG_F_EQUAL] = CALL("@equal(A, B)"),
};
static const eg_code_form sinc[2] = {CALL("@sinc(A)"), CALL("@sinc1(A)")};
static const eg_code_form polygamma[2] = {CALL("@digamma(A)"), CALL("@polygamma(N, A)")};

static const eg_code_helper helpers[] = {
    {"round", "def @round(a):\n"
              "    \"\"\"Return the nearest integer, halves away from 0.\"\"\"\n"
              "    whole = np.trunc(a)\n"
              "    return whole + np.sign(a)*(np.abs(a - whole) >= 0.5)\n\n\n"},
    {"modulo",
     "def @modulo(a, b):\n"
     "    \"\"\"Return a - b*floor(a/b), which has the sign of b.\"\"\"\n"
     "    r = np.fmod(a, b)\n"
     "    return np.where(r == 0.0, 0.0, np.where((r < 0.0) != (b < 0.0), r + b, r))\n\n\n"},
    {"less", "def @less(a, b):\n"
             "    \"\"\"Return 1 where a < b, else 0; NaN if one of them is NaN.\"\"\"\n"
             "    return np.where(np.isnan(a) | np.isnan(b), np.nan, np.less(a, b))\n\n\n"},
    {"equal", "def @equal(a, b):\n"
              "    \"\"\"Return 1 where a = b, else 0; NaN if one of them is NaN.\"\"\"\n"
              "    return np.where(np.isnan(a) | np.isnan(b), np.nan, np.equal(a, b))\n\n\n"},
    {"both",
     "def @both(a, b):\n"
     "    \"\"\"Return 1 where both conditions are 1; 0 where one is 0, even if the other is "
     "NaN.\"\"\"\n"
     "    return np.where((a == 0.0) | (b == 0.0), 0.0, a*b)\n\n\n"},
    {"when",
     "def @when(condition, b):\n"
     "    \"\"\"Return b where the condition is 1, 0 where it is 0, even if b is NaN.\"\"\"\n"
     "    return np.where(condition == 0.0, 0.0, np.where(np.isnan(condition), np.nan, "
     "b))\n\n\n"},
    {"sech2", "def @sech2(a):\n"
              "    \"\"\"Return 1/cosh(a)**2.\"\"\"\n"
              "    e = np.exp(-2.0*np.abs(a))\n"
              "    return 4.0*e/(1.0 + e)**2\n\n\n"},
    {"log_or_0",
     "def @log_or_0(a):\n"
     "    \"\"\"Return log(a), but 0 at 0: a factor of the derivative of a**b by b.\"\"\"\n"
     "    return np.where(a == 0.0, 0.0, np.log(a))\n\n\n"},
    {"sinc", "def @sinc(a):\n"
             "    \"\"\"Return sin(a)/a, and 1 at 0.\"\"\"\n"
             "    return np.where(np.isinf(a), 0.0, np.where(a == 0.0, 1.0, np.sin(a)/a))\n\n\n"},
    {"sinc1", "def @sinc1(a):\n"
              "    \"\"\"Return the derivative of sin(a)/a: near 0 its power series.\"\"\"\n"
              "    near = np.where(np.abs(a) > 4.0, 0.0, a)\n"
              "    total, term = 0.0, -near/3.0\n"
              "    for k in range(1, 24):\n"
              "        total = total + term\n"
              "        term = -term*near**2*(k + 1)/(k*(2.0*k + 2.0)*(2.0*k + 3.0))\n"
              "    far = np.where(np.isinf(a), 0.0, (np.cos(a) - np.sin(a)/a)/a)\n"
              "    return np.where(np.abs(a) > 4.0, far, total)\n\n\n"},
    {"gamma",
     "def @gamma(a):\n"
     "    \"\"\"Return the gamma function, NaN at its poles below 0.\"\"\"\n"
     "    return np.where((a < 0.0) & (a == np.floor(a)), np.nan, special.gamma(a))\n\n\n"},
    {"digamma", "def @digamma(a):\n"
                "    \"\"\"Return the derivative of log(gamma(a)), NaN at its poles.\"\"\"\n"
                "    return np.where((a <= 0.0) & (a == np.floor(a)), np.nan, "
                "special.digamma(a))\n\n\n"},
    {"polygamma",
     "def @polygamma(n, a):\n"
     "    \"\"\"Return the n-th derivative of digamma, for a < 0 by reflection.\"\"\"\n"
     "    if n > 100:\n"
     "        return np.nan*a\n"
     "    cotangents = np.poly1d([1.0, 0.0])\n"
     "    for _ in range(n):\n"
     "        cotangents = -cotangents.deriv()*np.poly1d([1.0, 0.0, 1.0])\n"
     "    pole = (a <= 0.0) & (a == np.floor(a))\n"
     "    left = np.where(pole | (a > 0.0), -0.5, a)\n"
     "    mirrored = (-1.0)**n*special.polygamma(n, 1.0 - left)\n"
     "    reflected = mirrored - np.pi**(n + 1)*cotangents(1.0/np.tan(np.pi*(left - "
     "np.rint(left))))\n"
     "    right = special.polygamma(n, np.where(a > 0.0, a, 1.0))\n"
     "    return np.where(pole | np.isnan(a), np.nan, np.where(a > 0.0, right, reflected))\n\n\n"},
    {NULL, NULL},
};

/* Keywords, modules, and built-in functions that are called. */
static const char reserved[] =
    "False None True and as assert async await break class continue def del elif else except "
    "finally for from global if import in is lambda nonlocal not or pass raise return try while "
    "with yield match case type print np special range";

const eg_code_language eg_code_python = {
    .name = "Python",
    .forms = forms,
    .sinc = sinc,
    .polygamma = polygamma,
    .helpers = helpers,
    .reserved = reserved,
    .locals = "value gradients g",
    .infinity = "np.inf",
    .nan = "np.nan",
    .pi = "np.pi",
    .e = "np.e",
};

/* Appends a call of a function for each variable: "np.float64(x), np.float64(y)". */
static void add_calls(const eg_code *code, eg_string *text, const char *function)
{
    for (size_t i = 0; i < code->expr->variables; i++) {
        eg_string_add(text, i ? ", " : "");
        eg_string_add(text, function);
        eg_string_add(text, "(");
        eg_string_add(text, code->variables[i]);
        eg_string_add(text, ")");
    }
}

/* Appends "def f_gradient(x, y):", without the rest of the name for the function itself. */
static void add_definition(eg_code *code, const char *rest)
{
    eg_string *body = &code->body;
    eg_string_add(body, "@np.errstate(all=\"ignore\")\ndef ");
    eg_string_add(body, code->function);
    eg_string_add(body, rest);
    eg_string_add(body, "(");
    eg_code_add_variables(code, body, "");
    eg_string_add(body, "):\n");
}

/* Appends the statements of the value, which has the shape of all variables together. */
static void add_value(eg_code *code)
{
    eg_string *body = &code->body;
    bool all = true;
    if (code->expr->variables) {
        eg_string_add(body, "    ");
        eg_code_add_variables(code, body, "");
        eg_string_add(body, " = ");
        add_calls(code, body, "np.float64");
        eg_string_add(body, "\n");
    }
    eg_code_statements(code, "    ", "\n", true);
    for (size_t i = 0; i < code->expr->variables; i++)
        all &= eg_code_uses(code, i, false);
    if (!all) {
        eg_string_add(body, "    value = np.full(np.broadcast_shapes(");
        add_calls(code, body, "np.shape");
        eg_string_add(body, "), value)[()]\n");
    }
}

static void add_function(eg_code *code)
{
    eg_string *body = &code->body;
    add_definition(code, "");
    eg_string_add(body, "    \"\"\"Return ");
    eg_code_add_formula(code, body);
    eg_string_add(body, ".\"\"\"\n");
    add_value(code);
    eg_string_add(body, "    return np.float64(value)\n");
}

static void add_gradient(eg_code *code)
{
    eg_string *body = &code->body;
    const size_t n = code->expr->variables;
    eg_string_add(body, "\n\n");
    add_definition(code, "_gradient");
    eg_string_add(body, "    \"\"\"Return the partial derivatives of ");
    eg_string_add(body, code->function);
    eg_string_add(body, ", an array of shape (");
    eg_string_add_number(body, (unsigned)n);
    eg_string_add(body, ", ...).\"\"\"\n");
    add_value(code);
    eg_code_statements(code, "    ", "\n", false);
    eg_string_add(body, "    gradients = [\n");
    for (size_t i = 0; i < n; i++) {
        eg_string_add(body, "        ");
        eg_code_operand(code, code->gradient[i], EG_BIND_ANY);
        eg_string_add(body, ",\n");
    }
    eg_string_add(
        body, "    ]\n"
              "    return np.stack([np.where(np.isnan(value), np.nan, g) for g in gradients])\n");
}

/* Returns true if a text calls a function of SciPy. */
static bool calls_scipy(const eg_string *text)
{
    static const char call[] = "special.";
    return text->status == EG_OK && text->bytes.count &&
           memmem(text->bytes.items, text->bytes.count, call, sizeof call - 1) != NULL;
}

eg_status eg_code_write_python(eg_code *code)
{
    eg_string *head = &code->head;
    eg_string helpers_called = {.ctx = head->ctx, .error = head->error};
    add_function(code);
    if (code->expr->variables)
        add_gradient(code);
    eg_string_add(head, "# Written by " EG_SOFTWARE " " EG_VERSION ".\n");
    eg_code_add_renamed(code, head, "# ");
    eg_string_add(head, "\"\"\"");
    eg_code_add_formula(code, head);
    eg_string_add(head, code->expr->variables ? ", and its gradient.\"\"\"\n" : ".\"\"\"\n");
    eg_string_add(head, "import numpy as np\n");
    eg_code_add_helpers(code, &helpers_called);
    if (calls_scipy(&code->body) || calls_scipy(&helpers_called))
        eg_string_add(head, "from scipy import special  # NumPy lacks error and gamma functions\n");
    eg_string_add(head, "\n\n");
    if (helpers_called.status == EG_OK)
        eg_string_add_bytes(head, helpers_called.bytes.items, helpers_called.bytes.count);
    eg_status status = helpers_called.status;
    eg_string_free(&helpers_called);
    status = status == EG_OK ? code->body.status : status;
    return status == EG_OK ? head->status : status;
}
