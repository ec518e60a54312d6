/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of contour lines and the areas between them, of small rasters with missing samples:
 * rings are simple, boundaries are the lines, and points are in the areas of their levels.
 *
 * libFuzzer: -max_len=256
 */
#include <math.h>

#include "../contour_fixture.h"
#include "fuzz.h"

enum { SIDE = 9, LEVELS = 4 };

/* Chooses levels that often are values of samples. */
static void take_levels(fuzz_bytes *bytes, eg_contour_options *o, double levels[LEVELS])
{
    eg_contour_default(o);
    if (pick(bytes, 2)) {
        o->interval = (1 + pick(bytes, 40)) / 8.0;
        o->base = pick(bytes, 4) ? pick(bytes, 16) / 8.0 : 1e-10 * (pick(bytes, 100) - 50.0);
        return;
    }
    o->levels = levels;
    o->level_count = 1 + pick(bytes, LEVELS);
    for (size_t i = 0; i < o->level_count; i++)
        levels[i] = pick(bytes, 64) / 8.0;
}

/* Fills a raster with multiples of a fraction, some of which are missing. */
static void take_samples(fuzz_bytes *bytes, eg_grid *in)
{
    const size_t width = 1 + pick(bytes, SIDE), height = 1 + pick(bytes, SIDE);
    const eg_sample sample = pick(bytes, 2) ? EG_F64 : EG_F32;
    const unsigned values = 2 + pick(bytes, 80);
    require(eg_grid_new(in, fuzz_context(), width, height, sample, NULL) == EG_OK, "a grid", NULL);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const unsigned value = (unsigned)take(bytes, 1);
            set_sample(in, x, y, value > 250 ? (double)NAN : value % values / 8.0);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    eg_grid in;
    eg_contour_options options;
    double levels[LEVELS];
    recorded_areas areas;
    take_levels(&bytes, &options, levels);
    take_samples(&bytes, &in);
    const char *fault = fault_of_areas(fuzz_context(), &in, &options, &areas);
    require(!fault, fault, NULL);
    forget_areas(&areas);
    eg_grid_free(&in);
    require_released();
    return 0;
}
