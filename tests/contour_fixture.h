/* SPDX-License-Identifier: MIT */
/* Checks the areas between contour lines of a small raster by definition. */
#ifndef TESTS_CONTOUR_FIXTURE_H
#define TESTS_CONTOUR_FIXTURE_H

#include "support.h"

/* Areas with copies of their rings. */
typedef struct recorded_areas {
    struct recorded_area {
        double *points;
        size_t *counts;
        size_t ring_count;
        double low, high;
    } * areas;
    size_t count;
    eg_contour_result result;
} recorded_areas;

/* Finds the areas; *recorded is freed by forget_areas(), also after a failure. */
eg_status record_areas(recorded_areas *recorded, eg_context *ctx, const eg_grid *grid,
                       const eg_contour_options *options, eg_error *error);
void forget_areas(recorded_areas *recorded);

/* Finds contour lines and areas of a raster and compares them with each other, and the areas with
 * the classes of points in all cells. Returns what does not hold; NULL: all holds. Takes time by
 * the square of the number of points. */
const char *fault_of_areas(eg_context *ctx, const eg_grid *grid, const eg_contour_options *options,
                           recorded_areas *areas);

#endif
