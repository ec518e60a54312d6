/* SPDX-License-Identifier: MIT */
/* Samples and cells of contour lines. */
#include "edge/lines/contour_cells.h"

#include <math.h>

/* ---- samples --------------------------------------------------------------------------------- */

void eg_contour_load_values(const eg_contour_input *input, const eg_band *band, size_t y,
                            double *values)
{
    const void *row = eg_band_row(band, (ptrdiff_t)y);
    if (band->sample == EG_U8) {
        const uint8_t *bytes = row;
        for (size_t x = 0; x < band->width; x++)
            values[x] = bytes[x];
        for (size_t x = 0; input->has_nodata && x < band->width; x++)
            values[x] = values[x] == input->nodata ? (double)NAN : values[x];
    } else if (band->sample == EG_F32) {
        const float *floats = row;
        for (size_t x = 0; x < band->width; x++)
            values[x] = isfinite(floats[x]) ? (double)floats[x] : (double)NAN;
    } else {
        const double *doubles = row;
        for (size_t x = 0; x < band->width; x++)
            values[x] = isfinite(doubles[x]) ? doubles[x] : (double)NAN;
    }
}

eg_status eg_contour_find_range(const eg_contour_input *input, const eg_band *band, size_t y0,
                                size_t y1, double *values, double range[2], double *first_class,
                                eg_error *error)
{
    double lowest = INFINITY, highest = -INFINITY;
    for (size_t y = y0; y <= y1; y++) {
        eg_contour_load_values(input, band, y, values);
        for (size_t x = 0; x < band->width; x++) {
            lowest = values[x] < lowest ? values[x] : lowest;
            highest = values[x] > highest ? values[x] : highest;
        }
    }
    const bool any = lowest <= highest;
    range[0] = any ? lowest : (double)NAN;
    range[1] = any ? highest : (double)NAN;
    if (!any)
        return EG_OK;
    *first_class = eg_contour_class(input->levels, lowest);
    return eg_contour_check_range(input->levels, lowest, highest, error);
}

double eg_contour_fraction(double level, double a, double b)
{
    double fraction = (level - a) / (b - a);
    if (!isfinite(b - a)) /* overflow */
        fraction = (level / 2 - a / 2) / (b / 2 - a / 2);
    return fraction >= 0 && fraction <= 1 ? fraction : 0.5;
}

/* ---- cells ----------------------------------------------------------------------------------- */

enum {
    TOP = EG_CELL_TOP,
    RIGHT = EG_CELL_RIGHT,
    BOTTOM = EG_CELL_BOTTOM,
    LEFT = EG_CELL_LEFT,
    NO_LINE = EG_CELL_NO_LINE
};
enum { UPPER_LEFT = 1, UPPER_RIGHT = 2, LOWER_RIGHT = 4, LOWER_LEFT = 8 };
enum { SADDLE_FALLING = UPPER_LEFT | LOWER_RIGHT, SADDLE_RISING = UPPER_RIGHT | LOWER_LEFT };
enum { FALLING_CONNECTED = 16, RISING_CONNECTED, CASES };

/* The sides that the lines of a cell lead from and to, with the corners at or above the level on
 * their left. Those corners are bits of the index; in the last two cases, saddles, they are
 * connected. */
static const eg_cell_line lines_of[CASES][2] = {
    [0] = {{NO_LINE}, {NO_LINE}},
    [1] = {{LEFT, TOP}, {NO_LINE}},
    [2] = {{TOP, RIGHT}, {NO_LINE}},
    [3] = {{LEFT, RIGHT}, {NO_LINE}},
    [4] = {{RIGHT, BOTTOM}, {NO_LINE}},
    [SADDLE_FALLING] = {{LEFT, TOP}, {RIGHT, BOTTOM}},
    [6] = {{TOP, BOTTOM}, {NO_LINE}},
    [7] = {{LEFT, BOTTOM}, {NO_LINE}},
    [8] = {{BOTTOM, LEFT}, {NO_LINE}},
    [9] = {{BOTTOM, TOP}, {NO_LINE}},
    [SADDLE_RISING] = {{TOP, RIGHT}, {BOTTOM, LEFT}},
    [11] = {{BOTTOM, RIGHT}, {NO_LINE}},
    [12] = {{RIGHT, LEFT}, {NO_LINE}},
    [13] = {{RIGHT, TOP}, {NO_LINE}},
    [14] = {{TOP, LEFT}, {NO_LINE}},
    [15] = {{NO_LINE}, {NO_LINE}},
    [FALLING_CONNECTED] = {{RIGHT, TOP}, {LEFT, BOTTOM}},
    [RISING_CONNECTED] = {{TOP, LEFT}, {BOTTOM, RIGHT}},
};

/* The index of a cell has the corners whose class is not less than that of the level; for saddles
 * the mean of the corners decides. */
const eg_cell_line *eg_cell_lines(const int32_t c[4], int32_t class, double level,
                                  const double upper[2], const double lower[2])
{
    const int32_t k = class;
    int corners = (c[0] >= k ? UPPER_LEFT : 0) | (c[1] >= k ? UPPER_RIGHT : 0) |
                  (c[2] >= k ? LOWER_RIGHT : 0) | (c[3] >= k ? LOWER_LEFT : 0);
    if (corners != SADDLE_FALLING && corners != SADDLE_RISING)
        return lines_of[corners];
    const double mean = upper[0] / 4 + upper[1] / 4 + lower[0] / 4 + lower[1] / 4;
    if (mean >= level)
        corners = corners == SADDLE_FALLING ? FALLING_CONNECTED : RISING_CONNECTED;
    return lines_of[corners];
}

/* ---- rows ------------------------------------------------------------------------------------ */

size_t eg_cell_rows_bytes(size_t width)
{
    return width * (2 * sizeof(double) + 2 * sizeof(int32_t) + 3 * sizeof(uint32_t));
}

void *eg_cell_rows_divide(eg_cell_rows *rows, void *work)
{
    const size_t width = rows->band->width;
    rows->upper.values = work;
    rows->lower.values = rows->upper.values + width;
    rows->upper.classes = (int32_t *)(void *)(rows->lower.values + width);
    rows->lower.classes = rows->upper.classes + width;
    rows->upper.first = (uint32_t *)(void *)(rows->lower.classes + width);
    rows->lower.first = rows->upper.first + width;
    rows->vertical = rows->lower.first + width;
    return rows->vertical + width;
}

void eg_cell_rows_load(const eg_cell_rows *rows, size_t y, const eg_sample_row *row)
{
    eg_contour_load_values(rows->input, rows->band, y, row->values);
    eg_contour_classify(rows->input->levels, row->values, rows->first_class, row->classes,
                        rows->band->width);
}

void eg_cell_rows_advance(eg_cell_rows *rows)
{
    const eg_sample_row swapped = rows->upper;
    rows->upper = rows->lower;
    rows->lower = swapped;
}
