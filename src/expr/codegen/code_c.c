/* SPDX-License-Identifier: MIT */
/* Writes an expression as a function of C99, which is one of C++ as well. */
#include <string.h>

#include "core/software.h"
#include "expr/codegen/codegen.h"

#define CALL(name)                                                                                 \
    {                                                                                              \
        name, EG_BIND_ATOM, EG_BIND_ANY, EG_BIND_ANY                                               \
    }

static const eg_code_form forms[EG_OPS] = {
    [EG_POWER] = CALL("pow(A, B)"),
    [EG_OP_ADD] = {"A + B", EG_BIND_SUM, EG_BIND_SUM, EG_BIND_PRODUCT},
    [EG_OP_SUB] = {"A - B", EG_BIND_SUM, EG_BIND_SUM, EG_BIND_PRODUCT},
    [EG_OP_MUL] = {"A*B", EG_BIND_PRODUCT, EG_BIND_PRODUCT, EG_BIND_POWER},
    [EG_OP_DIV] = {"A/B", EG_BIND_PRODUCT, EG_BIND_PRODUCT, EG_BIND_POWER},
    [EG_OP_NEG] = {"-A", EG_BIND_SUM, EG_BIND_PRODUCT, EG_BIND_ANY},
    [EG_OP_SQUARE] = {"A*A", EG_BIND_PRODUCT, EG_BIND_ATOM, EG_BIND_ANY},
    [EG_OP_POWI] = CALL("pow(A, N.0)"),
    [EG_OP_POWH] = CALL("pow(A, H)"),
    [EG_OP_ONE_MINUS_SQUARE] = {"(1.0 - A)*(1.0 + A)", EG_BIND_PRODUCT, EG_BIND_ATOM, EG_BIND_ANY},
    [EG_OP_SECH2] = CALL("@sech2(A)"),
    [EG_OP_LOG_OR_0] = CALL("@log_or_0(A)"),
    [EG_OP_WHEN] = CALL("@when(A, B)"),
    [EG_CALL + EG_F_SQRT] = CALL("sqrt(A)"),
    [EG_CALL + EG_F_CBRT] = CALL("cbrt(A)"),
    [EG_CALL + EG_F_EXP] = CALL("exp(A)"),
    [EG_CALL + EG_F_EXPM1] = CALL("expm1(A)"),
    [EG_CALL + EG_F_LOG] = CALL("log(A)"),
    [EG_CALL + EG_F_LOG1P] = CALL("log1p(A)"),
    [EG_CALL + EG_F_LOG2] = CALL("log2(A)"),
    [EG_CALL + EG_F_LOG10] = CALL("log10(A)"),
    [EG_CALL + EG_F_SIN] = CALL("sin(A)"),
    [EG_CALL + EG_F_COS] = CALL("cos(A)"),
    [EG_CALL + EG_F_TAN] = CALL("tan(A)"),
    [EG_CALL + EG_F_ASIN] = CALL("asin(A)"),
    [EG_CALL + EG_F_ACOS] = CALL("acos(A)"),
    [EG_CALL + EG_F_ATAN] = CALL("atan(A)"),
    [EG_CALL + EG_F_SINH] = CALL("sinh(A)"),
    [EG_CALL + EG_F_COSH] = CALL("cosh(A)"),
    [EG_CALL + EG_F_TANH] = CALL("tanh(A)"),
    [EG_CALL + EG_F_ASINH] = CALL("asinh(A)"),
    [EG_CALL + EG_F_ACOSH] = CALL("acosh(A)"),
    [EG_CALL + EG_F_ATANH] = CALL("atanh(A)"),
    [EG_CALL + EG_F_ERF] = CALL("erf(A)"),
    [EG_CALL + EG_F_ERFC] = CALL("erfc(A)"),
    [EG_CALL + EG_F_GAMMA] = CALL("tgamma(A)"),
    [EG_CALL + EG_F_LGAMMA] = CALL("lgamma(A)"),
    [EG_CALL + EG_F_ABS] = CALL("fabs(A)"),
    [EG_CALL + EG_F_SIGN] = CALL("@sign(A)"),
    [EG_CALL + EG_F_FLOOR] = CALL("floor(A)"),
    [EG_CALL + EG_F_CEIL] = CALL("ceil(A)"),
    [EG_CALL + EG_F_ROUND] = CALL("round(A)"),
    [EG_CALL + EG_F_MOD] = CALL("@modulo(A, B)"),
    [EG_CALL + EG_F_MIN] = CALL("@minimum(A, B)"),
    [EG_CALL + EG_F_MAX] = CALL("@maximum(A, B)"),
    [EG_CALL + EG_F_HYPOT] = CALL("hypot(A, B)"),
    [EG_CALL + EG_F_ATAN2] = CALL("atan2(A, B)"),
    [EG_CALL + EG_F_AND] = CALL("@both(A, B)"),
    [EG_CALL + EG_F_NOT] = {"1.0 - A", EG_BIND_SUM, EG_BIND_PRODUCT, EG_BIND_ANY},
    [EG_CALL + EG_F_LESS] = CALL("@less(A, B)"),
    [EG_CALL + EG_F_EQUAL] = CALL("@equal(A, B)"),
};
static const eg_code_form cube = {"A*A*A", EG_BIND_PRODUCT, EG_BIND_ATOM, EG_BIND_ANY};
static const eg_code_form fourth = {"(A*A)*(A*A)", EG_BIND_PRODUCT, EG_BIND_ATOM, EG_BIND_ANY};
static const eg_code_form sinc[2] = {CALL("@sinc(A)"), CALL("@sinc1(A)")};
static const eg_code_form polygamma[2] = {CALL("@polygamma(N, A)"), CALL("@polygamma(N, A)")};

static const eg_code_helper helpers[] = {
    {"sign", "static double @sign(double a)\n"
             "{\n"
             "    return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a;\n"
             "}\n\n"},
    {"minimum", "/* The smaller number, NaN if one of them is NaN. */\n"
                "static double @minimum(double a, double b)\n"
                "{\n"
                "    return a < b || isnan(a) ? a : b;\n"
                "}\n\n"},
    {"maximum", "/* The larger number, NaN if one of them is NaN. */\n"
                "static double @maximum(double a, double b)\n"
                "{\n"
                "    return a > b || isnan(a) ? a : b;\n"
                "}\n\n"},
    {"modulo", "/* a - b*floor(a/b), which has the sign of b. */\n"
               "static double @modulo(double a, double b)\n"
               "{\n"
               "    const double r = fmod(a, b);\n"
               "    return r == 0.0 ? 0.0 : (r < 0.0) != (b < 0.0) ? r + b : r;\n"
               "}\n\n"},
    {"less", "/* Conditions are 1 or 0, or NaN where they are undecided. */\n"
             "static double @less(double a, double b)\n"
             "{\n"
             "    return isnan(a) || isnan(b) ? NAN : a < b ? 1.0 : 0.0;\n"
             "}\n\n"},
    {"equal", "/* 1 where a = b, else 0; NaN if one of them is NaN. */\n"
              "static double @equal(double a, double b)\n"
              "{\n"
              "    return isnan(a) || isnan(b) ? NAN : a == b ? 1.0 : 0.0;\n"
              "}\n\n"},
    {"both", "/* 1 where both conditions hold; 0 where one does not, even if the other is NaN. */\n"
             "static double @both(double a, double b)\n"
             "{\n"
             "    return a == 0.0 || b == 0.0 ? 0.0 : a*b;\n"
             "}\n\n"},
    {"when", "/* b where the condition holds, 0 where it does not, even if b is NaN. */\n"
             "static double @when(double condition, double b)\n"
             "{\n"
             "    return isnan(condition) ? condition : condition > 0.0 ? b : 0.0;\n"
             "}\n\n"},
    {"sech2", "/* 1/cosh(a)^2 */\n"
              "static double @sech2(double a)\n"
              "{\n"
              "    const double e = exp(-2.0*fabs(a)), sum = 1.0 + e;\n"
              "    return 4.0*e/(sum*sum);\n"
              "}\n\n"},
    {"log_or_0", "/* log(a), but 0 at 0: a factor of the derivative of a^b by b. */\n"
                 "static double @log_or_0(double a)\n"
                 "{\n"
                 "    return a == 0.0 ? 0.0 : log(a);\n"
                 "}\n\n"},
    {"sinc", "/* sin(a)/a, and 1 at 0 */\n"
             "static double @sinc(double a)\n"
             "{\n"
             "    return isinf(a) ? 0.0 : a == 0.0 ? 1.0 : sin(a)/a;\n"
             "}\n\n"},
    {"sinc1", "/* The derivative of sin(a)/a: near 0 its power series. */\n"
              "static double @sinc1(double a)\n"
              "{\n"
              "    double term = -a/3.0, sum = 0.0;\n"
              "    if (isinf(a))\n"
              "        return 0.0;\n"
              "    if (fabs(a) > 4.0)\n"
              "        return (cos(a) - sin(a)/a)/a;\n"
              "    for (int k = 1; k < 24; k++) {\n"
              "        sum += term;\n"
              "        term *= -a*a*(k + 1)/(k*(2.0*k + 2.0)*(2.0*k + 3.0));\n"
              "    }\n"
              "    return sum;\n"
              "}\n\n"},
    {"polygamma_series",
     "/* The asymptotic series of the n-th derivative of digamma, without its sign for n > 0\n"
     " * (Abramowitz and Stegun, 6.3.18 and 6.4.11); scale = (n - 1)!. */\n"
     "static long double @polygamma_series(int n, long double x, long double scale)\n"
     "{\n"
     "    static const long double bernoulli[] = {\n"
     "        1/6.0L, -1/30.0L, 1/42.0L, -1/30.0L, 5/66.0L, -691/2730.0L, 7/6.0L,\n"
     "        -3617/510.0L, 43867/798.0L, -174611/330.0L, 854513/138.0L, -236364091/2730.0L,\n"
     "        8553103/6.0L};\n"
     "    const long double square = x*x, power = n ? scale*powl(x, -n) : 1.0L;\n"
     "    long double sum = n ? power + power*n/(2*x) : logl(x) - 1/(2*x);\n"
     "    long double ratio = n ? power : -1.0L;\n"
     "    for (int m = 2; m <= 26; m += 2) {\n"
     "        if (n == 0)\n"
     "            ratio = m == 2 ? -1/square : ratio/square;\n"
     "        else\n"
     "            ratio *= (long double)(m + n - 2)*(m + n - 1)/((long double)(m - 1)*m)/square;\n"
     "        sum += bernoulli[m/2 - 1]*(n ? ratio : ratio/m);\n"
     "    }\n"
     "    return sum;\n"
     "}\n\n"},
    {"polygamma_positive", "/* The n-th derivative of digamma for x > 0: the recurrence leads to "
                           "where the series holds. */\n"
                           "static long double @polygamma_positive(int n, long double x)\n"
                           "{\n"
                           "    long double factorial = 1, sum = 0;\n"
                           "    for (int k = 2; k < n; k++)\n"
                           "        factorial *= k;\n"
                           "    for (; x < 20 + n; x += 1)\n"
                           "        sum += (n ? factorial*n : 1)*powl(x, -(n + 1));\n"
                           "    if (n == 0)\n"
                           "        return @polygamma_series(0, x, 1) - sum;\n"
                           "    sum += @polygamma_series(n, x, factorial);\n"
                           "    return n % 2 ? sum : -sum;\n"
                           "}\n\n"},
    {"polygamma", "/* The n-th derivative of digamma, n <= 100. For x < 0 by reflection: the n-th "
                  "derivative of\n"
                  " * pi*cot(pi*x) is pi^(n + 1) P(cot(pi*x)), where each derivative of P is -(1 + "
                  "c^2) P'(c). */\n"
                  "static double @polygamma(int n, double x)\n"
                  "{\n"
                  "    const long double pi = 3.14159265358979323846264338327950288L;\n"
                  "    long double p[104] = {0, 1}, next[104], sum = 0, scale = pi;\n"
                  "    if (isnan(x) || n > 100 || (x <= 0.0 && x == floor(x)))\n"
                  "        return NAN;\n"
                  "    if (isinf(x))\n"
                  "        return n ? 0.0 : x;\n"
                  "    if (x > 0.0)\n"
                  "        return (double)@polygamma_positive(n, x);\n"
                  "    const long double fraction = x - roundl(x);\n"
                  "    const long double c = fabsl(fraction) < 0.5L ? 1/tanl(pi*fraction) : 0;\n"
                  "    for (int k = 0; k < n; k++, scale *= pi) {\n"
                  "        for (int i = 0; i <= k + 2; i++)\n"
                  "            next[i] = (i <= k ? -(i + 1.0L)*p[i + 1] : 0) - (i >= 1 ? (i - "
                  "1.0L)*p[i - 1] : 0);\n"
                  "        for (int i = 0; i <= k + 2; i++)\n"
                  "            p[i] = next[i];\n"
                  "    }\n"
                  "    for (int i = n + 1; i >= 0; i--)\n"
                  "        sum = sum*c + p[i];\n"
                  "    const long double mirrored = @polygamma_positive(n, 1 - (long double)x);\n"
                  "    return (double)((n % 2 ? -mirrored : mirrored) - scale*sum);\n"
                  "}\n\n"},
    {NULL, NULL},
};

/* Keywords of C and C++, and names of <math.h>. */
static const char reserved[] =
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t "
    "char32_t class co_await co_return co_yield compl complex concept const const_cast consteval "
    "constexpr constinit continue decltype default delete do double dynamic_cast else enum errno "
    "explicit export extern false final float for friend goto if imaginary import inline int long "
    "main module mutable namespace new noexcept not not_eq nullptr operator or or_eq override "
    "private protected public register reinterpret_cast requires restrict return short signed "
    "sizeof static static_assert static_cast std struct switch template this thread_local throw "
    "true try typedef typeid typename typeof typeof_unqual union unix linux unsigned using virtual "
    "void volatile wchar_t while xor xor_eq "
    "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp10 exp2 "
    "expm1 fabs fabsl fdim floor fma fmax fmin fmod fpclassify frexp gamma hypot ilogb isfinite "
    "isgreater isgreaterequal isinf isless islessequal islessgreater isnan isnormal isunordered "
    "j0 j1 jn ldexp lgamma llrint llround log log10 log1p log2 logb logl lrint lround modf nan "
    "nearbyint nextafter nexttoward pow powl remainder remquo rint round roundl scalbln scalbn "
    "signbit signgam sin sinh sqrt tan tanh tanl tgamma trunc y0 y1 yn double_t float_t "
    "NAN NULL INFINITY HUGE_VAL HUGE_VALF HUGE_VALL FP_ILOGB0 FP_ILOGBNAN FP_INFINITE FP_NAN "
    "FP_NORMAL FP_SUBNORMAL FP_ZERO FP_FAST_FMA FP_FAST_FMAF FP_FAST_FMAL MATH_ERRNO "
    "MATH_ERREXCEPT "
    "math_errhandling M_E M_LOG2E M_LOG10E M_LN2 M_LN10 M_PI M_PI_2 M_PI_4 M_1_PI M_2_PI "
    "M_2_SQRTPI M_SQRT2 M_SQRT1_2 DOMAIN SING OVERFLOW UNDERFLOW PLOSS TLOSS HUGE MAXFLOAT "
    "X_TLOSS";

const eg_code_language eg_code_c = {
    .name = "C",
    .forms = forms,
    .cube = &cube,
    .fourth = &fourth,
    .sinc = sinc,
    .polygamma = polygamma,
    .helpers = helpers,
    .reserved = reserved,
    .locals = "value gradient i",
    .infinity = "INFINITY",
    .nan = "NAN",
};

/* Appends "double f(double x, double y, double gradient[2])". */
static void add_prototype(const eg_code *code, eg_string *text)
{
    size_t n = code->expr->variables;
    eg_string_add(text, "double ");
    eg_string_add(text, code->function);
    eg_string_add(text, "(");
    eg_code_add_variables(code, text, "double ");
    if (n) {
        eg_string_add(text, ", double gradient[");
        eg_string_add_number(text, (unsigned)n);
        eg_string_add(text, "]");
    }
    eg_string_add(text, n ? ")" : "void)");
}

static void add_head(eg_code *code)
{
    eg_string *head = &code->head;
    eg_string_add(head, "/* Written by " EG_SOFTWARE " " EG_VERSION ".\n *\n * ");
    eg_code_add_formula(code, head);
    eg_string_add(head, "\n *\n *     ");
    add_prototype(code, head);
    eg_string_add(head, ";\n *\n");
    eg_string_add(
        head, code->expr->variables
                  ? " * Returns the value, and sets gradient[] to the partial derivatives in the "
                    "order of the\n * arguments unless it is NULL. Both are NaN where there is no "
                    "value.\n"
                  : " * Returns the value.\n");
    eg_code_add_renamed(code, head, " * ");
    eg_string_add(head, " */\n#include <math.h>\n\n");
}

static void add_gradient(eg_code *code)
{
    eg_string *body = &code->body;
    const size_t n = code->expr->variables;
    eg_string_add(body, "    if (!gradient)\n        return value;\n");
    eg_code_statements(code, "    const double ", ";\n", false);
    for (size_t i = 0; i < n; i++) {
        eg_string_add(body, "    gradient[");
        eg_string_add_number(body, (unsigned)i);
        eg_string_add(body, "] = ");
        eg_code_operand(code, code->gradient[i], EG_BIND_ANY);
        eg_string_add(body, ";\n");
    }
    if (n == 1) {
        eg_string_add(body, "    if (isnan(value))\n        gradient[0] = NAN;\n");
    } else {
        eg_string_add(body, "    for (int i = 0; isnan(value) && i < ");
        eg_string_add_number(body, (unsigned)n);
        eg_string_add(body, "; i++)\n        gradient[i] = NAN;\n");
    }
}

eg_status eg_code_write_c(eg_code *code)
{
    eg_string *body = &code->body;
    const size_t n = code->expr->variables;
    add_prototype(code, body);
    eg_string_add(body, "\n{\n");
    for (size_t i = 0; i < n; i++)
        if (!eg_code_uses(code, i, true)) {
            eg_string_add(body, "    (void)");
            eg_string_add(body, code->variables[i]);
            eg_string_add(body, ";\n");
        }
    eg_code_statements(code, "    const double ", ";\n", true);
    if (n)
        add_gradient(code);
    eg_string_add(body, "    return value;\n}\n");
    add_head(code);
    eg_code_add_helpers(code, &code->head);
    return code->body.status != EG_OK ? code->body.status : code->head.status;
}
