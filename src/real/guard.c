/* SPDX-License-Identifier: MIT */
/* Operations on balls that may run out of memory. */
#include "core/context.h"
#include "core/status.h"
#include "core/tls.h"
#include "real/real.h"

#ifdef EG_HAVE_ARB

/* Bytes that an operation may need besides its precision, for each bit, and of gamma and its
 * derivatives for each square of bits: their Bernoulli numbers. Twice what was measured with
 * Arb 2.23 for each function up to 131072 bits, and a quarter for the sizes of blocks. */
static const double fixed_bytes = 2 << 20, bytes_per_bit = 48, bytes_per_square = 1.0 / 10;

static size_t operation_bytes(unsigned op, long bits)
{
    double size = (double)bits, bytes = fixed_bytes + bytes_per_bit * size;
    if (op == EG_CALL + EG_F_GAMMA || op == EG_CALL + EG_F_LGAMMA || op == EG_CALL + EG_F_POLYGAMMA)
        bytes += bytes_per_square * size * size;
    return (size_t)bytes;
}

bool eg_reals_enter(eg_reals *reals, bool *outer)
{
    *outer = false;
    if (!reals->reserve)
        return !reals->exhausted;
    if (!eg_tls_prepare())
        eg_reals_exhaust(reals, EG_NO_MEMORY);
    *outer = eg_arb_memory_begin(reals->reserve);
    return eg_reals_ok(reals);
}

void eg_reals_leave(eg_reals *reals, bool outer)
{
    if (reals->reserve && !outer)
        eg_arb_memory_end();
}

bool eg_reals_prepare(eg_reals *reals, unsigned op, long bits)
{
    if (reals->reserve &&
        eg_arb_reserve_make(&reals->reserve, reals->ctx, operation_bytes(op, bits), NULL) != EG_OK)
        eg_reals_exhaust(reals, EG_NO_MEMORY);
    return !reals->exhausted;
}

bool eg_reals_ok(eg_reals *reals)
{
    if (reals->reserve && eg_arb_memory_status(reals->reserve) != EG_OK)
        eg_reals_exhaust(reals, eg_arb_memory_status(reals->reserve));
    return !reals->exhausted;
}

#else

bool eg_reals_enter(eg_reals *reals, bool *outer)
{
    *outer = false;
    return !reals->exhausted;
}

void eg_reals_leave(eg_reals *reals, bool outer)
{
    (void)reals, (void)outer;
}

bool eg_reals_prepare(eg_reals *reals, unsigned op, long bits)
{
    (void)op, (void)bits;
    return !reals->exhausted;
}

bool eg_reals_ok(eg_reals *reals)
{
    return !reals->exhausted;
}

#endif

void eg_reals_exhaust(eg_reals *reals, eg_status status)
{
    reals->exhausted = true;
    eg_graph_fail(&reals->graph, status);
}

eg_status eg_reals_result(const eg_reals *reals, eg_status status, eg_error *error)
{
    if (status == EG_OK)
        return eg_reals_status(reals, error);
    if (status == EG_NO_MEMORY)
        eg_fail(error, status, "out of memory for the exact numbers");
    return status;
}

eg_status eg_reals_status(const eg_reals *reals, eg_error *error)
{
    if (reals->graph.status == EG_NO_MEMORY)
        return eg_fail(error, EG_NO_MEMORY, "out of memory for the exact numbers");
#ifdef EG_HAVE_ARB
    if (reals->reserve && eg_arb_memory_status(reals->reserve) == EG_LIMIT_EXCEEDED)
        return eg_fail(error, EG_LIMIT_EXCEEDED,
                       "the exact numbers need more than the %.4g MB of memory allowed; "
                       "--max-memory raises the limit",
                       (double)reals->ctx->config.max_memory / (1 << 20));
#endif
    return EG_OK;
}
