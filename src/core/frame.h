/* SPDX-License-Identifier: MIT */
/*
 * The frame of a raster: the cells directly around it, one row or column wide, which neighbouring
 * rasters supply. With a frame the windows of cells at the border are complete, so that the maps of
 * adjoining rasters fit together without a seam.
 *
 *     above[-1]  above[0] ...  above[width - 1]  above[width]
 *     left[0]    raster ...                       right[0]
 *     ...
 *     below[-1]  below[0] ...  below[width - 1]  below[width]
 *
 * The raster keeps its size, its georeferencing and its row scales, and operations that know
 * nothing of frames are not affected. A frame is complete before the first row of the raster is
 * computed, because a neighbour that turns out to be damaged must count as absent for every row. It
 * is small: a few doubles for each row and column.
 */
#ifndef EG_CORE_FRAME_H
#define EG_CORE_FRAME_H

#include <math.h>

#include "core/stream.h"

/* Elevations: NaN where a neighbour's cell is missing, EG_UNCOVERED where there is no neighbour. */
typedef struct eg_frame {
    ptrdiff_t width, height; /* of the raster */
    double *above, *below;   /* rows -1 and `height`; columns -1 .. width */
    double *left, *right;    /* columns -1 and `width`; rows 0 .. height - 1 */
} eg_frame;

#define EG_UNCOVERED ((double)INFINITY)

static inline bool eg_frame_covers(double cell)
{
    return !isinf(cell);
}

/* Returns the cell left or right of row y, -1 .. height. */
static inline double eg_frame_left(const eg_frame *frame, ptrdiff_t y)
{
    return y < 0 ? frame->above[-1] : y == frame->height ? frame->below[-1] : frame->left[y];
}

static inline double eg_frame_right(const eg_frame *frame, ptrdiff_t y)
{
    return y < 0                ? frame->above[frame->width]
           : y == frame->height ? frame->below[frame->width]
                                : frame->right[y];
}

/* Sets *to to a cell of the frame, unless there is no neighbour. */
static inline void eg_frame_copy_cell(double *to, double cell)
{
    if (eg_frame_covers(cell))
        *to = cell;
}

#endif
