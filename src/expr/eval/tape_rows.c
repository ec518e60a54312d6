/* SPDX-License-Identifier: MIT */
/* The operations of a tape on blocks of points. */
#include "core/level.h"
#include "expr/eval/derived_simd.h"
#include "expr/eval/kernels.h"

/* A kernel that computes `expression` from the vectors a and b. */
#define KERNEL(name, expression)                                                                   \
    static void name(eg_operands o, size_t count)                                                  \
    {                                                                                              \
        for (size_t i = 0; i < count; i += EG_DOUBLES) {                                           \
            const eg_vd a = eg_load_doubles(o.a + i), b = eg_load_doubles(o.b + i);                \
            (void)b;                                                                               \
            eg_store_doubles(o.out + i, (expression));                                             \
        }                                                                                          \
    }

static inline eg_vl is_nan(eg_vd a)
{
    return ~(eg_vl)(eg_abs(a) <= INFINITY);
}

static inline eg_vd sign(eg_vd a)
{
    eg_vd below = eg_pick((eg_vl)(a < 0), eg_all(-1), a);
    return eg_pick((eg_vl)(a > 0), eg_all(1), below);
}

static inline eg_vd tangent(eg_vd a)
{
    eg_sine_cosine both = eg_sin_cos(a);
    return both.sine / both.cosine;
}

static inline eg_vd log_or_0(eg_vd a)
{
    return eg_pick((eg_vl)(a == 0), eg_all(0), eg_log(eg_pick((eg_vl)(a == 0), eg_all(1), a)));
}

KERNEL(add, a + b)
KERNEL(subtract, a - b)
KERNEL(multiply, a *b)
KERNEL(divide, a / b)
KERNEL(negate, -a)
KERNEL(square, a *a)
KERNEL(one_less, (1 - a) * (1 + a))
KERNEL(result, eg_pick(is_nan(a) | is_nan(b), eg_all(NAN), a))
KERNEL(absolute, eg_abs(a))
KERNEL(signs, sign(a))
KERNEL(smaller, eg_pick((eg_vl)(a < b) | is_nan(a), a, b))
KERNEL(larger, eg_pick((eg_vl)(a > b) | is_nan(a), a, b))
KERNEL(root, eg_sqrt(a))
KERNEL(exponential, eg_exp(a))
KERNEL(logarithm, eg_log(a))
KERNEL(logarithm_or_0, log_or_0(a))
KERNEL(sine, eg_sin_cos(a).sine)
KERNEL(cosine, eg_sin_cos(a).cosine)
KERNEL(tangents, tangent(a))
KERNEL(logarithm2, eg_log2(a))
KERNEL(hyperbolic_sine, eg_sinh(a))
KERNEL(hyperbolic_cosine, eg_cosh(a))
KERNEL(hyperbolic_tangent, eg_tanh(a))
KERNEL(hyperbolic_slope, eg_sech2(a))
KERNEL(arctangent, eg_atan(a))
KERNEL(angle, eg_atan2(a, b))
KERNEL(distance, eg_hypot(a, b))
KERNEL(below, eg_floor(a))
KERNEL(above, -eg_floor(-a))
KERNEL(cube, a *a *a)
KERNEL(fourth, (a * a) * (a * a))

static void sine_and_cosine(eg_operands o, size_t count)
{
    for (size_t i = 0; i < count; i += EG_DOUBLES) {
        eg_sine_cosine both = eg_sin_cos(eg_load_doubles(o.a + i));
        eg_store_doubles(o.out + i, both.sine);
        eg_store_doubles(o.second + i, both.cosine);
    }
}

static void integer_power(eg_operands o, size_t count)
{
    if (o.power == 3)
        cube(o, count);
    else if (o.power == 4)
        fourth(o, count);
    else
        for (size_t i = 0; i < count; i += EG_DOUBLES)
            eg_store_doubles(o.out + i, eg_power(eg_load_doubles(o.a + i), o.power));
}

static void half_power(eg_operands o, size_t count)
{
    for (size_t i = 0; i < count; i += EG_DOUBLES) {
        eg_vd a = eg_load_doubles(o.a + i), root = eg_sqrt(a);
        eg_store_doubles(o.out + i, (o.power == 1 ? a : eg_power(a, o.power)) * root);
    }
}

extern const eg_tape_kernels EG_AT_LEVEL(eg_tape_kernels);
const eg_tape_kernels EG_AT_LEVEL(eg_tape_kernels) = {
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
            [EG_OP_ONE_LESS] = one_less,
            [EG_OP_LOG_OR_0] = logarithm_or_0,
            [EG_OP_RESULT] = result,
            [EG_OP_SIN_COS] = sine_and_cosine,
            [EG_CALL + EG_F_SQRT] = root,
            [EG_CALL + EG_F_EXP] = exponential,
            [EG_CALL + EG_F_LOG] = logarithm,
            [EG_CALL + EG_F_SIN] = sine,
            [EG_CALL + EG_F_COS] = cosine,
            [EG_CALL + EG_F_TAN] = tangents,
            [EG_OP_SECH2] = hyperbolic_slope,
            [EG_CALL + EG_F_LOG2] = logarithm2,
            [EG_CALL + EG_F_SINH] = hyperbolic_sine,
            [EG_CALL + EG_F_COSH] = hyperbolic_cosine,
            [EG_CALL + EG_F_TANH] = hyperbolic_tangent,
            [EG_CALL + EG_F_ATAN] = arctangent,
            [EG_CALL + EG_F_ATAN2] = angle,
            [EG_CALL + EG_F_HYPOT] = distance,
            [EG_CALL + EG_F_FLOOR] = below,
            [EG_CALL + EG_F_CEIL] = above,
            [EG_CALL + EG_F_ABS] = absolute,
            [EG_CALL + EG_F_SIGN] = signs,
            [EG_CALL + EG_F_MIN] = smaller,
            [EG_CALL + EG_F_MAX] = larger,
        },
};
