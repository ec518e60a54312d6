/* SPDX-License-Identifier: MIT */
/* Colours of the areas of a drawing. */
#include "io/vector/band_colours.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

static eg_status grow(eg_band_list *list, eg_context *ctx, eg_error *error)
{
    enum { FIRST = 64 };
    const size_t capacity = list->capacity ? 2 * list->capacity : FIRST;
    eg_level_band *grown = eg_alloc(ctx, capacity, sizeof *grown, error);
    if (!grown)
        return eg_failed(error);
    if (list->count)
        memcpy(grown, list->bands, list->count * sizeof *grown);
    eg_free(list->bands);
    list->bands = grown;
    list->capacity = capacity;
    return EG_OK;
}

eg_status eg_band_list_add(eg_band_list *list, eg_context *ctx, eg_level_band band, eg_error *error)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list->bands[middle].low < band.low)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < list->count && list->bands[low].low == band.low)
        return EG_OK;
    if (list->count == list->capacity && grow(list, ctx, error) != EG_OK)
        return eg_failed(error);
    memmove(list->bands + low + 1, list->bands + low, (list->count - low) * sizeof band);
    list->bands[low] = band;
    list->count++;
    return EG_OK;
}

unsigned eg_band_colour(size_t index, size_t count)
{
    enum { STOPS = 5 };
    static const uint8_t stops[STOPS][3] = {
        {70, 130, 80}, {170, 200, 120}, {240, 225, 150}, {175, 120, 75}, {250, 250, 250}};
    const double at = count > 1 ? (double)index / (double)(count - 1) * (STOPS - 1) : 0;
    const int stop = at >= STOPS - 1 ? STOPS - 2 : (int)at;
    unsigned colour = 0;
    for (int i = 0; i < 3; i++) {
        const double a = stops[stop][i], b = stops[stop + 1][i];
        colour = colour << 8 | (unsigned)lrint(a + (at - stop) * (b - a));
    }
    return colour;
}
