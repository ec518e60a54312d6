/* SPDX-License-Identifier: MIT */
/* Failing together: makes one rank's error the error of all. */
#include <stdarg.h>

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
