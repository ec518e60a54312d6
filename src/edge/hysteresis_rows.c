/* SPDX-License-Identifier: MIT */
/* Row kernel of hysteresis: finds the words of a row that grow. */
#include "core/level.h"
#include "edge/hysteresis.h"
#include "edge/simd.h"

static void find_growing(uint64_t *growing, uint64_t *columns, const uint64_t *const edge[3],
                         const uint64_t *candidate, size_t words)
{
    uint64_t *column = columns + EG_HYSTERESIS_PAD;
    memset(growing, 0, (words + 63) / 64 * sizeof *growing);
    for (size_t i = 0; i < words; i++)
        column[i] = edge[0][i] | edge[1][i] | edge[2][i];
    column[-1] = column[words] = 0;
    size_t i = 0;
    for (; i + EG_LANES64 <= words; i += EG_LANES64) {
        const eg_v64 at = eg_load64(column + i);
        const eg_v64 touched = at | at << 1 | at >> 1 | eg_load64(column + i - 1) >> 63 |
                               eg_load64(column + i + 1) << 63;
        const eg_v64 open = eg_load64(candidate + i) & ~eg_load64(edge[1] + i);
        growing[i / 64] |= eg_nonzero64(touched & open) << i % 64;
    }
    for (; i < words; i++) {
        const uint64_t at = column[i];
        const uint64_t touched = at | at << 1 | at >> 1 | column[i - 1] >> 63 | column[i + 1] << 63;
        growing[i / 64] |= (uint64_t)((touched & candidate[i] & ~edge[1][i]) != 0) << i % 64;
    }
}

extern const eg_hysteresis_kernels EG_AT_LEVEL(eg_hysteresis_kernels);
const eg_hysteresis_kernels EG_AT_LEVEL(eg_hysteresis_kernels) = {.find_growing = find_growing};
