/* SPDX-License-Identifier: MIT */
/*
 * Arb, the library of ball arithmetic in FLINT, loaded with dlopen() when the first number is to be
 * proven (core/dynlib.h). EG_ARB_LIBRARY is its file name; a build without Arb has no EG_HAVE_ARB.
 */
#ifndef EG_REAL_ARB_LIBRARY_H
#define EG_REAL_ARB_LIBRARY_H

#include <stdbool.h>

#ifdef EG_HAVE_ARB

#include <acb.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <arb_poly.h>

#include "core/dynlib.h"

/* Loads Arb; sets *loaded to false if it is not installed. Fails if it is installed and cannot be
 * loaded, as without memory. Safe from any thread. */
eg_status eg_arb_load(bool *loaded, eg_error *error);

#ifdef EG_ARB_LIBRARY

#define EG_ARB_FUNCTIONS(X)                                                                        \
    X(_arb_poly_sinc_series)                                                                       \
    X(_arb_vec_clear)                                                                              \
    X(_arb_vec_init)                                                                               \
    X(_fmpz_clear_mpz)                                                                             \
    X(acb_clear)                                                                                   \
    X(acb_polygamma)                                                                               \
    X(arb_abs)                                                                                     \
    X(arb_acos)                                                                                    \
    X(arb_acosh)                                                                                   \
    X(arb_add)                                                                                     \
    X(arb_asin)                                                                                    \
    X(arb_asinh)                                                                                   \
    X(arb_atan)                                                                                    \
    X(arb_atan2)                                                                                   \
    X(arb_atanh)                                                                                   \
    X(arb_ceil)                                                                                    \
    X(arb_clear)                                                                                   \
    X(arb_const_e)                                                                                 \
    X(arb_const_pi)                                                                                \
    X(arb_contains_zero)                                                                           \
    X(arb_cos)                                                                                     \
    X(arb_cosh)                                                                                    \
    X(arb_digamma)                                                                                 \
    X(arb_div)                                                                                     \
    X(arb_exp)                                                                                     \
    X(arb_expm1)                                                                                   \
    X(arb_floor)                                                                                   \
    X(arb_gamma)                                                                                   \
    X(arb_get_abs_ubound_arf)                                                                      \
    X(arb_get_lbound_arf)                                                                          \
    X(arb_get_ubound_arf)                                                                          \
    X(arb_get_unique_fmpz)                                                                         \
    X(arb_hypgeom_erf)                                                                             \
    X(arb_hypgeom_erfc)                                                                            \
    X(arb_hypot)                                                                                   \
    X(arb_is_finite)                                                                               \
    X(arb_is_negative)                                                                             \
    X(arb_is_positive)                                                                             \
    X(arb_log)                                                                                     \
    X(arb_log1p)                                                                                   \
    X(arb_log_base_ui)                                                                             \
    X(arb_max)                                                                                     \
    X(arb_min)                                                                                     \
    X(arb_mul)                                                                                     \
    X(arb_mul_2exp_si)                                                                             \
    X(arb_neg)                                                                                     \
    X(arb_pow)                                                                                     \
    X(arb_pow_fmpz)                                                                                \
    X(arb_pow_ui)                                                                                  \
    X(arb_root_ui)                                                                                 \
    X(arb_set)                                                                                     \
    X(arb_set_d)                                                                                   \
    X(arb_set_fmpz)                                                                                \
    X(arb_set_round)                                                                               \
    X(arb_set_si)                                                                                  \
    X(arb_set_str)                                                                                 \
    X(arb_sin)                                                                                     \
    X(arb_sinc)                                                                                    \
    X(arb_sinh)                                                                                    \
    X(arb_sqrt)                                                                                    \
    X(arb_sub)                                                                                     \
    X(arb_sub_si)                                                                                  \
    X(arb_tan)                                                                                     \
    X(arb_tanh)                                                                                    \
    X(arb_ui_pow_ui)                                                                               \
    X(arb_union)                                                                                   \
    X(arf_ceil)                                                                                    \
    X(arf_cmpabs_2exp_si)                                                                          \
    X(arf_equal)                                                                                   \
    X(arf_floor)                                                                                   \
    X(arf_get_d)                                                                                   \
    X(arf_get_si)                                                                                  \
    X(arf_is_int)                                                                                  \
    X(flint_free)                                                                                  \
    X(fmpz_get_str)

extern struct eg_arb_library {
    EG_ARB_FUNCTIONS(EG_DYNLIB_MEMBER)
} eg_arb_library;

#ifndef EG_ARB_LOADING
#define _arb_poly_sinc_series  eg_arb_library._arb_poly_sinc_series_
#define _arb_vec_clear         eg_arb_library._arb_vec_clear_
#define _arb_vec_init          eg_arb_library._arb_vec_init_
#define _fmpz_clear_mpz        eg_arb_library._fmpz_clear_mpz_
#define acb_clear              eg_arb_library.acb_clear_
#define acb_polygamma          eg_arb_library.acb_polygamma_
#define arb_abs                eg_arb_library.arb_abs_
#define arb_acos               eg_arb_library.arb_acos_
#define arb_acosh              eg_arb_library.arb_acosh_
#define arb_add                eg_arb_library.arb_add_
#define arb_asin               eg_arb_library.arb_asin_
#define arb_asinh              eg_arb_library.arb_asinh_
#define arb_atan               eg_arb_library.arb_atan_
#define arb_atan2              eg_arb_library.arb_atan2_
#define arb_atanh              eg_arb_library.arb_atanh_
#define arb_ceil               eg_arb_library.arb_ceil_
#define arb_clear              eg_arb_library.arb_clear_
#define arb_const_e            eg_arb_library.arb_const_e_
#define arb_const_pi           eg_arb_library.arb_const_pi_
#define arb_contains_zero      eg_arb_library.arb_contains_zero_
#define arb_cos                eg_arb_library.arb_cos_
#define arb_cosh               eg_arb_library.arb_cosh_
#define arb_digamma            eg_arb_library.arb_digamma_
#define arb_div                eg_arb_library.arb_div_
#define arb_exp                eg_arb_library.arb_exp_
#define arb_expm1              eg_arb_library.arb_expm1_
#define arb_floor              eg_arb_library.arb_floor_
#define arb_gamma              eg_arb_library.arb_gamma_
#define arb_get_abs_ubound_arf eg_arb_library.arb_get_abs_ubound_arf_
#define arb_get_lbound_arf     eg_arb_library.arb_get_lbound_arf_
#define arb_get_ubound_arf     eg_arb_library.arb_get_ubound_arf_
#define arb_get_unique_fmpz    eg_arb_library.arb_get_unique_fmpz_
#define arb_hypgeom_erf        eg_arb_library.arb_hypgeom_erf_
#define arb_hypgeom_erfc       eg_arb_library.arb_hypgeom_erfc_
#define arb_hypot              eg_arb_library.arb_hypot_
#define arb_is_finite          eg_arb_library.arb_is_finite_
#define arb_is_negative        eg_arb_library.arb_is_negative_
#define arb_is_positive        eg_arb_library.arb_is_positive_
#define arb_log                eg_arb_library.arb_log_
#define arb_log1p              eg_arb_library.arb_log1p_
#define arb_log_base_ui        eg_arb_library.arb_log_base_ui_
#define arb_max                eg_arb_library.arb_max_
#define arb_min                eg_arb_library.arb_min_
#define arb_mul                eg_arb_library.arb_mul_
#define arb_mul_2exp_si        eg_arb_library.arb_mul_2exp_si_
#define arb_neg                eg_arb_library.arb_neg_
#define arb_pow                eg_arb_library.arb_pow_
#define arb_pow_fmpz           eg_arb_library.arb_pow_fmpz_
#define arb_pow_ui             eg_arb_library.arb_pow_ui_
#define arb_root_ui            eg_arb_library.arb_root_ui_
#define arb_set                eg_arb_library.arb_set_
#define arb_set_d              eg_arb_library.arb_set_d_
#define arb_set_fmpz           eg_arb_library.arb_set_fmpz_
#define arb_set_round          eg_arb_library.arb_set_round_
#define arb_set_si             eg_arb_library.arb_set_si_
#define arb_set_str            eg_arb_library.arb_set_str_
#define arb_sin                eg_arb_library.arb_sin_
#define arb_sinc               eg_arb_library.arb_sinc_
#define arb_sinh               eg_arb_library.arb_sinh_
#define arb_sqrt               eg_arb_library.arb_sqrt_
#define arb_sub                eg_arb_library.arb_sub_
#define arb_sub_si             eg_arb_library.arb_sub_si_
#define arb_tan                eg_arb_library.arb_tan_
#define arb_tanh               eg_arb_library.arb_tanh_
#define arb_ui_pow_ui          eg_arb_library.arb_ui_pow_ui_
#define arb_union              eg_arb_library.arb_union_
#define arf_ceil               eg_arb_library.arf_ceil_
#define arf_cmpabs_2exp_si     eg_arb_library.arf_cmpabs_2exp_si_
#define arf_equal              eg_arb_library.arf_equal_
#define arf_floor              eg_arb_library.arf_floor_
#define arf_get_d              eg_arb_library.arf_get_d_
#define arf_get_si             eg_arb_library.arf_get_si_
#define arf_is_int             eg_arb_library.arf_is_int_
#define flint_free             eg_arb_library.flint_free_
#define fmpz_get_str           eg_arb_library.fmpz_get_str_
#endif

#endif

#endif
#endif
