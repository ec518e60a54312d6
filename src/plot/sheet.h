/* SPDX-License-Identifier: MIT */
/* Samples of a function over the ranges of a plot, and where they do not represent it. */
#ifndef EG_PLOT_SHEET_H
#define EG_PLOT_SHEET_H

#include "plot/contour.h"
#include "plot/plot.h"

typedef struct eg_sheet {
    const eg_plot *plot;
    size_t columns, rows; /* row 0 is at the bottom of the plot */
    double *values;
    double *checks;   /* values inside the cells, at EG_CHECK_X, EG_CHECK_Y; NULL: none */
    double *position; /* of each sample among the levels: 0 .. count + 1 */
    uint8_t *cells;   /* EG_CELL_... flags of the cell to the upper right of each sample */
    double levels[EG_PLOT_LEVELS];
    size_t level_count;
    eg_plot_field f; /* NULL: only the samples are known */
    void *opaque;
} eg_sheet;

/* Position of the check in a cell. Irrational parts do not meet the periods of functions. */
#define EG_CHECK_X 0.382
#define EG_CHECK_Y 0.618

/* Samples the function. `levels` NULL: they are chosen. Free with eg_sheet_free(), also after a
 * failure. (sheet.c) */
eg_status eg_sheet_sample(eg_sheet *sheet, const eg_plot *plot, eg_plot_field f, void *opaque,
                          size_t columns, size_t rows, const double levels[], size_t level_count,
                          eg_error *error);
void eg_sheet_free(eg_sheet *sheet);

/* Converts grid coordinates, whole at samples, to axis coordinates. */
void eg_sheet_at(const eg_sheet *sheet, double column, double row, double *x, double *y);

/* Finds poles and jumps between samples, and areas where the function varies faster than pixels can
 * show. Sets `cells`. (sheet_breaks.c) */
eg_status eg_sheet_find_breaks(eg_sheet *sheet, eg_error *error);

/* Samples on each side of one in its surroundings, which decide whether cells are dense. */
enum { EG_SHEET_AROUND = 4 };

/* Replaces each number by the sum of those in the square around it. `scratch` holds as many.
 * (sheet_shade.c) */
void eg_sheet_sum_around(const eg_sheet *sheet, double numbers[], double scratch[]);

/* Computes the positions to shade. In dense areas they are means over the surroundings; in cells
 * with a pole, a jump or an edge of the domain they are sampled more finely, for smooth edges. Sets
 * the size of the grid, of at least the samples, and allocates *positions. NaN: no value.
 * (sheet_shade.c) */
eg_status eg_sheet_shade(const eg_sheet *sheet, double **positions, size_t *columns, size_t *rows,
                         eg_error *error);

/* Traces the curves of one level, whose points solve f = level to a small part of a cell. (sheet.c)
 */
eg_status eg_sheet_contour(const eg_sheet *sheet, double level,
                           void (*found)(void *opaque, const eg_curve *curve), void *opaque,
                           eg_error *error);

#endif
