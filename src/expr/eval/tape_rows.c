/* SPDX-License-Identifier: MIT */
/* Tape kernels on blocks of points, compiled once for each instruction set. */
#include "core/level.h"
#include "expr/eval/derived_simd.h"
#include "expr/eval/kernels.h"

enum { CHAIN_VECTORS = 4 /* vectors that a chain keeps in registers */ };

/* Defines a kernel that computes `expression` from the vectors a and b. */
#define KERNEL(name, expression)                                                                   \
    static void name(const eg_operands *o, size_t count)                                           \
    {                                                                                              \
        double *const out = o->out;                                                                \
        const double *const first = o->a, *const second = o->b;                                    \
        _Pragma("GCC unroll 4") for (size_t i = 0; i < count; i += EG_DOUBLES)                     \
        {                                                                                          \
            const eg_vd a = eg_load_doubles(first + i), b = eg_load_doubles(second + i);           \
            (void)b;                                                                               \
            eg_store_doubles(out + i, (expression));                                               \
        }                                                                                          \
    }

static inline eg_vl is_nan(eg_vd a)
{
    return ~(eg_vl)(eg_abs(a) <= INFINITY);
}

static inline eg_vd sign(eg_vd a)
{
    eg_vd not_positive = eg_select((eg_vl)(a < 0), eg_splat(-1), a);
    return eg_select((eg_vl)(a > 0), eg_splat(1), not_positive);
}

static inline eg_vd tangent(eg_vd a)
{
    eg_sine_cosine both = eg_sin_cos(a);
    return both.sine / both.cosine;
}

static inline eg_vd log_or_0(eg_vd a)
{
    return eg_select((eg_vl)(a == 0), eg_splat(0),
                     eg_log(eg_select((eg_vl)(a == 0), eg_splat(1), a)));
}

static inline eg_vd truth(eg_vl mask)
{
    return eg_select(mask, eg_splat(1), eg_splat(0));
}

KERNEL(add, a + b)
KERNEL(subtract, a - b)
KERNEL(multiply, a *b)
KERNEL(divide, a / b)
KERNEL(negate, -a)
KERNEL(square, a *a)
KERNEL(one_minus_square, (1 - a) * (1 + a))
KERNEL(cached_result, eg_select(is_nan(a) | is_nan(b), eg_splat(NAN), a))
KERNEL(absolute_value, eg_abs(a))
KERNEL(sign_kernel, sign(a))
KERNEL(minimum, eg_select((eg_vl)(a < b) | is_nan(a), a, b))
KERNEL(maximum, eg_select((eg_vl)(a > b) | is_nan(a), a, b))
KERNEL(square_root, eg_sqrt(a))
KERNEL(exponential, eg_exp(a))
KERNEL(logarithm, eg_log(a))
KERNEL(logarithm_or_0, log_or_0(a))
KERNEL(sine, eg_sin_cos(a).sine)
KERNEL(cosine, eg_sin_cos(a).cosine)
KERNEL(tangent_kernel, tangent(a))
KERNEL(logarithm2, eg_log2(a))
KERNEL(hyperbolic_sine, eg_sinh(a))
KERNEL(hyperbolic_cosine, eg_cosh(a))
KERNEL(hyperbolic_tangent, eg_tanh(a))
KERNEL(sech_squared, eg_sech2(a))
KERNEL(arctangent, eg_atan(a))
KERNEL(arctangent2, eg_atan2(a, b))
KERNEL(hypotenuse, eg_hypot(a, b))
KERNEL(floor_kernel, eg_floor(a))
KERNEL(ceil_kernel, -eg_floor(-a))
KERNEL(cube, a *a *a)
KERNEL(less, eg_select(is_nan(a) | is_nan(b), eg_splat(NAN), truth((eg_vl)(a < b))))
KERNEL(equal, eg_select(is_nan(a) | is_nan(b), eg_splat(NAN), truth((eg_vl)(a == b))))
KERNEL(negation, 1 - a)
KERNEL(both, eg_select((eg_vl)(a == 0) | (eg_vl)(b == 0), eg_splat(0), a *b))
KERNEL(when, eg_select((eg_vl)(a == 0), eg_splat(0), eg_select(is_nan(a), a, b)))
KERNEL(fourth, (a * a) * (a * a))

static void result(const eg_operands *o, size_t count)
{
    double *const out = o->out;
    if (!o->streams || (uintptr_t)out % sizeof(eg_vd)) {
        cached_result(o, count);
        return;
    }
    for (size_t i = 0; i < count; i += EG_DOUBLES) {
        const eg_vd a = eg_load_doubles(o->a + i), b = eg_load_doubles(o->b + i);
        eg_stream_doubles(out + i, eg_select(is_nan(a) | is_nan(b), eg_splat(NAN), a));
    }
}

static void sine_and_cosine(const eg_operands *o, size_t count)
{
    double *const sine = o->out, *const cosine = o->second;
    const double *const a = o->a;
    for (size_t i = 0; i < count; i += EG_DOUBLES) {
        eg_sine_cosine both = eg_sin_cos(eg_load_doubles(a + i));
        eg_store_doubles(sine + i, both.sine);
        eg_store_doubles(cosine + i, both.cosine);
    }
}

static void integer_power(const eg_operands *o, size_t count)
{
    if (o->power == 3)
        cube(o, count);
    else if (o->power == 4)
        fourth(o, count);
    else
        for (size_t i = 0; i < count; i += EG_DOUBLES)
            eg_store_doubles(o->out + i, eg_power(eg_load_doubles(o->a + i), o->power));
}

static void half_power(const eg_operands *o, size_t count)
{
    for (size_t i = 0; i < count; i += EG_DOUBLES) {
        eg_vd a = eg_load_doubles(o->a + i), root = eg_sqrt(a);
        eg_store_doubles(o->out + i, (o->power == 1 ? a : eg_power(a, o->power)) * root);
    }
}

/* ---- chains ---- */

/* Applies a link to the value v; x is its operand. */
EG_INLINE eg_vd apply_link(eg_link_kind kind, eg_vd v, eg_vd x)
{
    switch (kind) {
    case EG_LINK_ADD:
        return v + x;
    case EG_LINK_SUB:
        return v - x;
    case EG_LINK_SUB_FROM:
        return x - v;
    case EG_LINK_MUL:
        return v * x;
    case EG_LINK_DIV:
        return v / x;
    case EG_LINK_DIV_OF:
        return x / v;
    case EG_LINK_NEG:
        return -v;
    case EG_LINK_SQUARE:
        return v * v;
    case EG_LINK_RESULT:
        return eg_select(is_nan(v) | is_nan(x), eg_splat(NAN), v);
    case EG_LINK_OWN_RESULT:
        return eg_select(is_nan(v), eg_splat(NAN), v);
    case EG_LINK_NONE:
        break;
    }
    return v;
}

/* Applies a link to some vectors of points, from point `at` on, and stores them if asked. */
EG_INLINE void run_link(const eg_link *link, eg_link_kind kind, eg_vd *v, size_t vectors, size_t at)
{
    double *const out = link->out ? link->out + at : NULL;
    for (size_t k = 0; k < vectors; k++)
        v[k] = apply_link(kind, v[k], eg_load_doubles(link->x + at + k * EG_DOUBLES));
    if (out && link->streams && (uintptr_t)out % sizeof(eg_vd) == 0)
        for (size_t k = 0; k < vectors; k++)
            eg_stream_doubles(out + k * EG_DOUBLES, v[k]);
    else if (out)
        for (size_t k = 0; k < vectors; k++)
            eg_store_doubles(out + k * EG_DOUBLES, v[k]);
}

/* Runs a chain on `vectors` vectors, a constant: the cases differ in their constants only, so that
 * each is compiled to straight code. */
EG_INLINE void run_links(const eg_link *links, size_t link_count, const double *first,
                         size_t vectors, size_t at)
{
    eg_vd v[CHAIN_VECTORS];
    for (size_t k = 0; k < vectors; k++)
        v[k] = eg_load_doubles(first + at + k * EG_DOUBLES);
    for (size_t i = 0; i < link_count; i++)
        switch (links[i].kind) {
        case EG_LINK_ADD:
            run_link(&links[i], EG_LINK_ADD, v, vectors, at);
            break;
        case EG_LINK_SUB:
            run_link(&links[i], EG_LINK_SUB, v, vectors, at);
            break;
        case EG_LINK_SUB_FROM:
            run_link(&links[i], EG_LINK_SUB_FROM, v, vectors, at);
            break;
        case EG_LINK_MUL:
            run_link(&links[i], EG_LINK_MUL, v, vectors, at);
            break;
        case EG_LINK_DIV:
            run_link(&links[i], EG_LINK_DIV, v, vectors, at);
            break;
        case EG_LINK_DIV_OF:
            run_link(&links[i], EG_LINK_DIV_OF, v, vectors, at);
            break;
        case EG_LINK_NEG:
            run_link(&links[i], EG_LINK_NEG, v, vectors, at);
            break;
        case EG_LINK_SQUARE:
            run_link(&links[i], EG_LINK_SQUARE, v, vectors, at);
            break;
        case EG_LINK_RESULT:
            run_link(&links[i], EG_LINK_RESULT, v, vectors, at);
            break;
        case EG_LINK_OWN_RESULT:
            run_link(&links[i], EG_LINK_OWN_RESULT, v, vectors, at);
            break;
        case EG_LINK_NONE:
            break;
        }
}

static void run_chain(const eg_link *links, size_t link_count, const double *first, size_t count)
{
    size_t at = 0;
    for (; at + CHAIN_VECTORS * EG_DOUBLES <= count; at += CHAIN_VECTORS * EG_DOUBLES)
        run_links(links, link_count, first, CHAIN_VECTORS, at);
    for (; at < count; at += EG_DOUBLES)
        run_links(links, link_count, first, 1, at);
}

extern const eg_tape_kernels EG_AT_LEVEL(eg_tape_kernels);
const eg_tape_kernels EG_AT_LEVEL(eg_tape_kernels) = {
    .chain = run_chain,
    .end_stream = eg_stream_doubles_end,
    .apply =
        {
            [EG_OP_ADD] = add,
            [EG_OP_SUB] = subtract,
            [EG_OP_MUL] = multiply,
            [EG_OP_DIV] = divide,
            [EG_OP_NEG] = negate,
            [EG_OP_SQUARE] = square,
            [EG_OP_POWI] = integer_power,
            [EG_OP_POWH] = half_power,
            [EG_OP_ONE_MINUS_SQUARE] = one_minus_square,
            [EG_OP_LOG_OR_0] = logarithm_or_0,
            [EG_OP_WHEN] = when,
            [EG_OP_RESULT] = result,
            [EG_OP_SIN_COS] = sine_and_cosine,
            [EG_CALL + EG_F_SQRT] = square_root,
            [EG_CALL + EG_F_EXP] = exponential,
            [EG_CALL + EG_F_LOG] = logarithm,
            [EG_CALL + EG_F_SIN] = sine,
            [EG_CALL + EG_F_COS] = cosine,
            [EG_CALL + EG_F_TAN] = tangent_kernel,
            [EG_OP_SECH2] = sech_squared,
            [EG_CALL + EG_F_LOG2] = logarithm2,
            [EG_CALL + EG_F_SINH] = hyperbolic_sine,
            [EG_CALL + EG_F_COSH] = hyperbolic_cosine,
            [EG_CALL + EG_F_TANH] = hyperbolic_tangent,
            [EG_CALL + EG_F_ATAN] = arctangent,
            [EG_CALL + EG_F_ATAN2] = arctangent2,
            [EG_CALL + EG_F_HYPOT] = hypotenuse,
            [EG_CALL + EG_F_FLOOR] = floor_kernel,
            [EG_CALL + EG_F_CEIL] = ceil_kernel,
            [EG_CALL + EG_F_ABS] = absolute_value,
            [EG_CALL + EG_F_SIGN] = sign_kernel,
            [EG_CALL + EG_F_MIN] = minimum,
            [EG_CALL + EG_F_MAX] = maximum,
            [EG_CALL + EG_F_LESS] = less,
            [EG_CALL + EG_F_EQUAL] = equal,
            [EG_CALL + EG_F_NOT] = negation,
            [EG_CALL + EG_F_AND] = both,
        },
};
