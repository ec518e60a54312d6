/* SPDX-License-Identifier: MIT */
/* Ball arithmetic by Arb. */
#ifdef EG_HAVE_ARB

#include <math.h>
#include <string.h>

#include "real/arb_functions.h"
#include "real/ball.h"

enum { LARGEST_BITS = 1 << 17 };

static void init(eg_ball *ball)
{
    arb_init(ball->arb);
}

static void clear(eg_ball *ball)
{
    arb_clear(ball->arb);
}

static void clear_integer(fmpz_t integer)
{
    if (COEFF_IS_MPZ(*integer))
        _fmpz_clear_mpz(*integer);
}

/* ---- numbers ---- */

static void set_number(eg_ball *ball, const eg_graph *graph, const eg_node *number, long bits)
{
    const char *literal = eg_literal(graph, number);
    if (literal) {
        arb_set_str(ball->arb, literal, bits);
        return;
    }
    arb_set_d(ball->arb, number->number.num);
    if (number->number.den != 1) {
        arb_t denominator;
        arb_init(denominator);
        arb_set_d(denominator, number->number.den);
        arb_div(ball->arb, ball->arb, denominator, bits);
        arb_clear(denominator);
    }
}

static void set_constant(eg_ball *ball, uint32_t constant, long bits)
{
    if (constant == EG_E)
        arb_const_e(ball->arb, bits);
    else
        arb_const_pi(ball->arb, bits);
    if (constant == EG_TAU)
        arb_mul_2exp_si(ball->arb, ball->arb, 1);
}

static void set_integer(eg_ball *ball, int64_t value)
{
    arb_set_si(ball->arb, value);
}

static void set_between(eg_ball *ball, double low, double high)
{
    arb_t end;
    arb_init(end);
    arb_set_d(end, high);
    arb_set_d(ball->arb, low);
    arb_union(ball->arb, ball->arb, end, 128);
    arb_clear(end);
}

/* ---- comparisons ---- */

static int sign_of(const arb_t x)
{
    return arb_is_positive(x) ? 1 : arb_is_negative(x) ? -1 : arb_is_zero(x) ? 0 : EG_UNSURE;
}

static int compare(const eg_ball *ball, int64_t integer)
{
    if (integer == 0)
        return sign_of(ball->arb);
    arb_t difference;
    arb_init(difference);
    arb_sub_si(difference, ball->arb, integer, 64);
    int order = sign_of(difference);
    arb_clear(difference);
    return order;
}

static bool is_within(const eg_ball *ball, int64_t integer, double bits)
{
    arb_t difference, bound;
    if (!(bits < 1e9))
        return false;
    arb_init(difference);
    arb_init(bound);
    arb_sub_si(difference, ball->arb, integer, 64);
    arb_get_abs_ubound_arf(arb_midref(bound), difference, 30);
    bool within = arf_cmpabs_2exp_si(arb_midref(bound), -(slong)ceil(bits)) < 0;
    arb_clear(difference);
    arb_clear(bound);
    return within;
}

/* Returns true if the midpoint is below 2^62. */
static bool is_small(const arb_t x)
{
    return arf_is_finite(arb_midref(x)) && arf_cmpabs_2exp_si(arb_midref(x), 62) < 0;
}

/* Sets *integer to the integer that both ends of the ball enclose. Arb's own function aborts if the
 * ends have exponents beyond the memory. */
static bool unique_integer(const eg_ball *ball, int64_t *integer)
{
    arb_t low, high; /* exact numbers */
    arb_init(low);
    arb_init(high);
    arb_get_lbound_arf(arb_midref(low), ball->arb, 128);
    arb_get_ubound_arf(arb_midref(high), ball->arb, 128);
    arf_ceil(arb_midref(low), arb_midref(low));
    arf_floor(arb_midref(high), arb_midref(high));
    bool unique = arf_equal(arb_midref(low), arb_midref(high)) && is_small(low);
    if (unique)
        *integer = arf_get_si(arb_midref(low), ARF_RND_DOWN);
    arb_clear(low);
    arb_clear(high);
    return unique;
}

/* ---- operations ---- */

static void one_minus_square(arb_t out, const arb_t a, long bits)
{
    arb_t less, more;
    arb_init(less);
    arb_init(more);
    arb_sub_si(less, a, 1, bits);
    arb_sub_si(more, a, -1, bits);
    arb_mul(out, less, more, bits);
    arb_neg(out, out);
    arb_clear(less);
    arb_clear(more);
}

static void sech_squared(arb_t out, const arb_t a, long bits)
{
    arb_t cosh;
    arb_init(cosh);
    arb_cosh(cosh, a, bits);
    arb_mul(cosh, cosh, cosh, bits);
    arb_set_si(out, 1);
    arb_div(out, out, cosh, bits);
    arb_clear(cosh);
}

/* Computes a^(n + 1/2) of a number that is not negative. */
static void half_power(arb_t out, const arb_t a, unsigned n, long bits)
{
    arb_t root;
    arb_init(root);
    arb_sqrt(root, a, bits);
    arb_pow_ui(root, root, 2 * n + 1, bits);
    arb_set(out, root);
    arb_clear(root);
}

/* Computes a^b: for an integer b by products, so that a may be negative. */
static void power(arb_t out, const arb_t a, const arb_t b, long bits)
{
    fmpz_t exponent = {0};
    if (arb_is_exact(b) && is_small(b) && arf_is_int(arb_midref(b)) &&
        arb_get_unique_fmpz(exponent, b))
        arb_pow_fmpz(out, a, exponent, bits);
    else
        arb_pow(out, a, b, bits);
    clear_integer(exponent);
}

static bool apply(eg_ball *out, unsigned op, unsigned n, const eg_ball *left, const eg_ball *right,
                  long bits)
{
    const arb_struct *a = left->arb, *b = right->arb;
    switch (op) {
    case EG_POWER:
        power(out->arb, a, b, bits);
        break;
    case EG_OP_ADD:
        arb_add(out->arb, a, b, bits);
        break;
    case EG_OP_SUB:
        arb_sub(out->arb, a, b, bits);
        break;
    case EG_OP_MUL:
        arb_mul(out->arb, a, b, bits);
        break;
    case EG_OP_DIV:
        arb_div(out->arb, a, b, bits);
        break;
    case EG_OP_NEG:
        arb_neg(out->arb, a);
        break;
    case EG_OP_SQUARE:
        arb_pow_ui(out->arb, a, 2, bits);
        break;
    case EG_OP_POWI:
        arb_pow_ui(out->arb, a, n, bits);
        break;
    case EG_OP_POWH:
        half_power(out->arb, a, n, bits);
        break;
    case EG_OP_ONE_MINUS_SQUARE:
        one_minus_square(out->arb, a, bits);
        break;
    case EG_OP_SECH2:
        sech_squared(out->arb, a, bits);
        break;
    case EG_OP_LOG_OR_0:
        if (arb_is_zero(a))
            arb_set_si(out->arb, 0);
        else
            arb_log(out->arb, a, bits);
        break;
    default:
        eg_arb_function(out->arb, (eg_function_id)(op - EG_CALL), n, a, b, bits);
        break;
    }
    return arb_is_finite(out->arb);
}

/* ---- digits ---- */

/* Sets *rounded to the integer nearest to |x| / 10^shift. Returns false if the ball allows several.
 */
static bool round_scaled(fmpz_t rounded, const arb_t x, long shift, long bits)
{
    arb_t scaled, power;
    arb_init(scaled);
    arb_init(power);
    arb_ui_pow_ui(power, 10, (ulong)labs(shift), bits);
    if (shift >= 0)
        arb_div(scaled, x, power, bits);
    else
        arb_mul(scaled, x, power, bits);
    arb_abs(scaled, scaled);
    arb_mul_2exp_si(scaled, scaled, 1);
    arb_sub_si(scaled, scaled, -1, bits);
    arb_mul_2exp_si(scaled, scaled, -1);
    arb_floor(scaled, scaled, bits);
    bool unique = arb_is_finite(scaled) && arb_get_unique_fmpz(rounded, scaled);
    arb_clear(scaled);
    arb_clear(power);
    return unique;
}

/* Returns an upper bound of log2 |x|. */
static double magnitude(const eg_ball *ball)
{
    arb_t bound;
    arb_init(bound);
    arb_get_abs_ubound_arf(arb_midref(bound), ball->arb, 30);
    double result = -INFINITY;
    if (!arb_is_zero(bound)) {
        arb_log_base_ui(bound, bound, 2, 53);
        result = arf_get_d(arb_midref(bound), ARF_RND_UP) + 1e-6;
    }
    arb_clear(bound);
    return result;
}

/* Returns the digits of round_scaled(), to be freed with flint_free(), or NULL. */
static char *round_to_text(fmpz_t rounded, const arb_t x, long shift, long bits)
{
    return round_scaled(rounded, x, shift, bits) ? fmpz_get_str(NULL, 10, rounded) : NULL;
}

/* Returns true if it is certain that |x| >= 10^exponent. */
static bool reaches_power(const arb_t x, long exponent, long bits)
{
    arb_t power, size;
    arb_init(power);
    arb_init(size);
    arb_ui_pow_ui(power, 10, (ulong)labs(exponent), bits);
    arb_abs(size, x);
    if (exponent < 0) {
        arb_mul(size, size, power, bits);
        arb_set_si(power, 1);
    }
    arb_sub(size, size, power, bits);
    bool reaches = arb_is_zero(size) || arb_is_positive(size);
    arb_clear(power);
    arb_clear(size);
    return reaches;
}

static bool round_digits(const eg_ball *ball, int count, eg_digits *digits)
{
    *digits = (eg_digits){.sign = sign_of(ball->arb)};
    if (digits->sign == EG_UNSURE)
        return false;
    if (digits->sign == 0)
        return true;
    double size = magnitude(ball) * 0.30102999566398119521;
    if (!(fabs(size) < 1e8))
        return false;
    long shift = (long)floor(size) + 1 - count;
    long bits = 64 + (long)(3.33 * (count + 2)) + (long)log2(fabs((double)shift) + 2);
    fmpz_t rounded = {0};
    char *text = round_to_text(rounded, ball->arb, shift, bits);
    /* The estimate of the exponent may be one too large. */
    if (text && !reaches_power(ball->arb, shift + count - 1, bits)) {
        flint_free(text);
        text = round_to_text(rounded, ball->arb, --shift, bits);
    }
    clear_integer(rounded);
    digits->digits = text;
    if (text)
        digits->exponent = shift + (long)strlen(text);
    return text != NULL;
}

static void free_digits(eg_digits *digits)
{
    if (digits->digits)
        flint_free(digits->digits);
    digits->digits = NULL;
}

static double approximate(const eg_ball *ball)
{
    return arf_get_d(arb_midref(ball->arb), ARF_RND_NEAR);
}

static void bounds_of(const eg_ball *ball, double bounds[2])
{
    arb_t end;
    arb_init(end);
    arb_get_lbound_arf(arb_midref(end), ball->arb, 64);
    bounds[0] = arf_get_d(arb_midref(end), ARF_RND_FLOOR);
    arb_get_ubound_arf(arb_midref(end), ball->arb, 64);
    bounds[1] = arf_get_d(arb_midref(end), ARF_RND_CEIL);
    arb_clear(end);
}

const eg_ball_arithmetic eg_arb_arithmetic = {
    .name = "ball",
    .largest_bits = LARGEST_BITS,
    .init = init,
    .clear = clear,
    .set_number = set_number,
    .set_constant = set_constant,
    .set_integer = set_integer,
    .set_between = set_between,
    .apply = apply,
    .compare = compare,
    .is_within = is_within,
    .unique_integer = unique_integer,
    .round = round_digits,
    .free_digits = free_digits,
    .approximate = approximate,
    .bounds = bounds_of,
    .magnitude = magnitude,
};

#else
typedef int no_arb; /* ISO C forbids an empty translation unit */
#endif
