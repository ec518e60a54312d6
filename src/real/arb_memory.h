/* SPDX-License-Identifier: MIT */
/*
 * Memory of Arb, FLINT, GMP and MPFR, which end the process where an allocation fails. During an
 * operation a failed allocation is answered from a reserve that was mapped before, and recorded, so
 * that the operation ends and the error is reported after it.
 */
#ifndef EG_REAL_ARB_MEMORY_H
#define EG_REAL_ARB_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "edgegrad.h"

typedef struct eg_arb_reserve eg_arb_reserve;

/* Puts the allocation functions of this file in place of the default ones of FLINT and GMP, which
 * the libraries loaded with `library` contain. Functions that a program has set are kept; then a
 * failed allocation ends the process as it does for that program. */
void eg_arb_memory_install(void *library);

/* Makes a reserve of at least `bytes`, or exchanges *reserve for one if it is smaller; keeps
 * *reserve on failure. */
eg_status eg_arb_reserve_make(eg_arb_reserve **reserve, eg_context *ctx, size_t bytes,
                              eg_error *error);

/* Releases a reserve. What Arb still caches in it stays until Arb frees it. Accepts NULL. */
void eg_arb_reserve_free(eg_arb_reserve *reserve);

/* Begin and end operations of this thread that may use the reserve. The first one returns true if
 * such operations run already, which are not ended then. */
bool eg_arb_memory_begin(eg_arb_reserve *reserve);
void eg_arb_memory_end(void);

/* Returns EG_OK, EG_NO_MEMORY after a failed allocation, or EG_LIMIT_EXCEEDED after one that would
 * have exceeded max_memory. */
eg_status eg_arb_memory_status(const eg_arb_reserve *reserve);

#endif
