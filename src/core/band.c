/* SPDX-License-Identifier: MIT */
/* Border rules, applied to rows by choosing a pointer and to columns by padding. */
#include "core/band.h"

#include <string.h>

ptrdiff_t eg_border_index(ptrdiff_t i, size_t n, eg_border border)
{
    ptrdiff_t last = (ptrdiff_t)n - 1;
    if (i >= 0 && i <= last)
        return i;
    if (border == EG_BORDER_CONSTANT)
        return -1;
    if (border == EG_BORDER_REPLICATE || last == 0)
        return i < 0 ? 0 : last;
    /* Reflect-101 has the period 2 (n - 1). */
    ptrdiff_t period = 2 * last;
    i %= period;
    if (i < 0)
        i += period;
    return i <= last ? i : period - i;
}

const void *eg_band_row(const eg_band *band, ptrdiff_t y)
{
    y = eg_border_index(y, band->height, band->border);
    return y < 0 ? band->outside : band->rows + ((size_t)y - band->first) * band->stride;
}

void eg_band_planes(eg_band views[EG_PLANES_MAX], const eg_band *band, size_t planes)
{
    for (size_t i = 0; i < planes; i++) {
        views[i] = *band;
        views[i].rows += i * band->plane_stride;
    }
}

size_t eg_padded_bytes(eg_sample sample, size_t width, size_t pad)
{
    return (eg_row_bytes(sample, width + 2 * pad + EG_BAND_SLACK) + 63) / 64 * 64;
}

/* Sets sample `to` of a row to sample `from`, or to `value` if `from` is negative. */
static void set_sample(void *row, eg_sample sample, ptrdiff_t to, ptrdiff_t from, float value)
{
    if (sample == EG_U8) {
        uint8_t *bytes = row;
        bytes[to] = from < 0 ? (uint8_t)value : bytes[from];
    } else if (sample == EG_F64) {
        double *doubles = row;
        doubles[to] = from < 0 ? (double)value : doubles[from];
    } else {
        float *floats = row;
        floats[to] = from < 0 ? value : floats[from];
    }
}

void eg_pad_row(void *row, eg_sample sample, size_t width, size_t pad, eg_side side,
                eg_border border, float value)
{
    if (border == EG_BORDER_REPLICATE && sample == EG_U8) { /* the usual case */
        uint8_t *bytes = row;
        if (side & EG_LEFT)
            memset(bytes - pad, bytes[0], pad);
        if (side & EG_RIGHT)
            memset(bytes + width, bytes[width - 1], pad);
        return;
    }
    for (ptrdiff_t k = 1; k <= (ptrdiff_t)pad; k++) {
        ptrdiff_t right = (ptrdiff_t)width - 1 + k;
        if (side & EG_LEFT)
            set_sample(row, sample, -k, eg_border_index(-k, width, border), value);
        if (side & EG_RIGHT)
            set_sample(row, sample, right, eg_border_index(right, width, border), value);
    }
}
