/* SPDX-License-Identifier: MIT */
/* Failing together: makes one rank's error the error of all. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ranks/ranks.h"
#include "cli/ranks/ranks_raster.h"

eg_status ranks_fail(eg_error *error, eg_status status, const char *format, ...)
{
    va_list args;
    if (error->status != EG_OK)
        return error->status;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    error->status = status;
    return status;
}

bool ranks_agree(eg_error *error)
{
    int first = ranks_least(error->status == EG_OK ? rank_count() : rank_number());
    int number = *signal_caught();
    if (first == rank_count())
        return true;
    ranks_broadcast(error, sizeof *error, first);
    ranks_broadcast(&number, sizeof number, first);
    signal_adopt(number);
    return false;
}

eg_status ranks_sum_bins(uint64_t counts[], size_t bins, float *largest, eg_error *error)
{
    const size_t size = (bins + 1) * sizeof *counts;
    size_t *sizes = calloc((size_t)rank_count(), sizeof *sizes);
    uint64_t *packed = malloc(size);
    void *all = NULL;
    if (!sizes || !packed)
        ranks_fail(error, EG_NO_MEMORY, "out of memory");
    if (ranks_agree(error) && sizes && packed) {
        memset(packed, 0, size);
        memcpy(packed, largest, sizeof *largest);
        memcpy(packed + 1, counts, bins * sizeof *counts);
        ranks_gather(packed, size, &all, sizes);
        memset(counts, 0, bins * sizeof *counts);
        for (int rank = 0; rank < rank_count(); rank++) {
            const uint64_t *from = (const uint64_t *)all + (size_t)rank * (bins + 1);
            float value;
            memcpy(&value, from, sizeof value);
            *largest = value > *largest ? value : *largest;
            for (size_t i = 0; i < bins; i++)
                counts[i] += from[1 + i];
        }
    }
    free(all);
    free(packed);
    free(sizes);
    return error->status;
}
