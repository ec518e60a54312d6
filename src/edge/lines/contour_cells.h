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
    uint32_t *first;  /* first node of the crossings between the sample and that on its right */
} eg_sample_row;

/* The cells between two rows of samples of a strip. */
typedef struct eg_cell_rows {
    const eg_contour_input *input;
    const eg_band *band;
    double first_class; /* class of the lowest value of the strip */
    eg_sample_row upper, lower;
    uint32_t *vertical; /* first node of the crossings between upper and lower sample */
} eg_cell_rows;

/* Returns the bytes of the arrays of the rows of that width. */
size_t eg_cell_rows_bytes(size_t width);

/* Sets the arrays to their parts of `work`, and returns the end of these. */
void *eg_cell_rows_divide(eg_cell_rows *rows, void *work);

/* Loads row y of samples into `row`, which is upper or lower. */
void eg_cell_rows_load(const eg_cell_rows *rows, size_t y, const eg_sample_row *row);

/* Makes the lower row the upper one. */
void eg_cell_rows_advance(eg_cell_rows *rows);

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

/* Calls link() for each line of the cell in column x, with the first nodes of the crossings that it
 * leads from and to. c[]: see eg_cell_lines(); `nodes`: number of nodes of a crossing. */
static inline void eg_cell_rows_link(const eg_cell_rows *rows, size_t x, const int32_t c[4],
                                     uint32_t nodes,
                                     void (*link)(void *opaque, uint32_t from, uint32_t to),
                                     void *opaque)
{
    const int32_t low = eg_lesser(eg_lesser(c[0], c[1]), eg_lesser(c[2], c[3]));
    const int32_t high = eg_greater(eg_greater(c[0], c[1]), eg_greater(c[2], c[3]));
    /* The crossing of level k with a side is number k - start of that side. */
    const uint32_t first[EG_CELL_SIDES] = {rows->upper.first[x], rows->vertical[x + 1],
                                           rows->lower.first[x], rows->vertical[x]};
    const int32_t start[EG_CELL_SIDES] = {eg_lesser(c[0], c[1]) + 1, eg_lesser(c[1], c[2]) + 1,
                                          eg_lesser(c[2], c[3]) + 1, eg_lesser(c[3], c[0]) + 1};
    for (int32_t k = low + 1; k <= high; k++) {
        const eg_cell_line *lines =
            eg_cell_lines(c, k, eg_contour_level(rows->input->levels, rows->first_class + k),
                          rows->upper.values + x, rows->lower.values + x);
        for (int i = 0; i < 2 && lines[i][0] != EG_CELL_NO_LINE; i++) {
            const size_t a = lines[i][0], b = lines[i][1];
            link(opaque, first[a] + nodes * (uint32_t)(k - start[a]),
                 first[b] + nodes * (uint32_t)(k - start[b]));
        }
    }
}

#endif
