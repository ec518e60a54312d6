/* SPDX-License-Identifier: MIT */
/* Samples and cells of contour lines: rows of samples with their classes, crossings of a level with
 * a side, and the lines of a cell. */
#ifndef EG_EDGE_LINES_CONTOUR_CELLS_H
#define EG_EDGE_LINES_CONTOUR_CELLS_H

#include "core/band.h"
#include "edge/lines/contour_levels.h"

/* Samples of a raster and what is taken from them. */
typedef struct eg_contour_input {
    eg_context *ctx;
    const eg_contour_levels *levels;
    bool has_nodata; /* of EG_U8, whose rows have no NaN */
    double nodata;
    size_t origin; /* row of the raster that is row 0 of the lines */
    size_t end;    /* row of the raster after the last one */
} eg_contour_input;

/* A row of samples. */
typedef struct eg_sample_row {
    double *values;   /* NaN: missing */
    int32_t *classes; /* minus the class of the lowest value of the strip */
    uint32_t *first;  /* number of the first crossing between the sample and that on its right */
} eg_sample_row;

/* Converts row y of the band to doubles, NaN where samples are missing. */
void eg_contour_load_values(const eg_contour_input *input, const eg_band *band, size_t y,
                            double *values);

/* Finds the range of the values of the rows y0 .. y1, NaN if all are missing, and the class of the
 * lowest. Fails if there are too many levels between them. `values` is memory for a row. */
eg_status eg_contour_find_range(const eg_contour_input *input, const eg_band *band, size_t y0,
                                size_t y1, double *values, double range[2], double *first_class,
                                eg_error *error);

/* Returns the part of the way from a to b where the level lies between them. */
double eg_contour_fraction(double level, double a, double b);

/* Returns true if a level lies between two classes, neither of which is missing. */
static inline bool eg_contour_crosses(int32_t a, int32_t b)
{
    return a != b && a != EG_CLASS_MISSING && b != EG_CLASS_MISSING;
}

static inline int32_t eg_lesser(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static inline int32_t eg_greater(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

enum { EG_CELL_TOP, EG_CELL_RIGHT, EG_CELL_BOTTOM, EG_CELL_LEFT, EG_CELL_SIDES, EG_CELL_NO_LINE };

/* The sides that a line leads from and to, with higher values on its left; the first is
 * EG_CELL_NO_LINE if there is none. */
typedef uint8_t eg_cell_line[2];

/* Returns the two lines of a cell at a level. c[] has the classes of its corners, clockwise from
 * the upper left one, `class` that of the level; upper[0], upper[1], lower[0], lower[1] are the
 * corners. */
const eg_cell_line *eg_cell_lines(const int32_t c[4], int32_t class, double level,
                                  const double upper[2], const double lower[2]);

#endif
