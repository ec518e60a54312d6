/* SPDX-License-Identifier: MIT */
/*
 * The front end that every image operation shares: source rows, smoothed if asked, differenced. It
 * walks down one tile (some columns of a strip) and hands out rows of gx and gy one after another;
 * smoothed rows live in a ring just tall enough, so nothing larger than the cache is written.
 */
#ifndef EG_GRADIENT_DERIVATIVE_H
#define EG_GRADIENT_DERIVATIVE_H

#include "core/band.h"
#include "core/pipeline.h"
#include "gradient/gaussian.h"
#include "gradient/kernels.h"

enum {
    EG_TILE = 1024,       /* columns of a tile: its rows stay in the first-level cache */
    EG_SMOOTHED_RING = 8, /* smoothed rows kept; at least EG_MAX_TAPS, a power of two */
    EG_SMOOTHED_MARGIN = 64
};

/* What does not change during an operation. */
typedef struct eg_derivative_stage {
    const eg_gradient_kernels *kernels;
    const eg_operator *op;
    eg_diff_kernel *diff;
    eg_response_type response_type;
    eg_gaussian gaussian;
    eg_sample sample; /* of the source: EG_U8 or EG_F32 */
    eg_border border;
    float border_value;
} eg_derivative_stage;

typedef struct eg_derivative_options {
    const char *op;
    double sigma;
    eg_border border;
    double border_value;
} eg_derivative_options;

/* Sums of an 8-bit source are integers where those are exact, and where `rounded` allows operators
 * with a shift to be rounded, as cv::Canny does; else floats. */
eg_status eg_derivative_stage_init(eg_derivative_stage *derivative, const eg_source *source,
                                   const eg_derivative_options *options, bool allow_rounding,
                                   eg_error *error);

/* Source rows above and below, and columns beside, that the sums at one pixel depend on. */
size_t eg_derivative_stage_halo(const eg_derivative_stage *derivative);

/* Fills in the stage's needs: halo and padding for sums reaching `extra` pixels further out. */
void eg_derivative_stage_configure(const eg_derivative_stage *derivative, eg_stage *stage,
                                   size_t extra);

/* One walk down columns x0 .. x0 + width - 1 (width <= EG_TILE + 2). x0 may be -1 and the last
 * column the image's width: sums one pixel outside are what the border rule makes of them. */
typedef struct eg_tile_cursor {
    const eg_derivative_stage *derivative;
    const eg_band *band;
    ptrdiff_t x0;
    size_t width;
    ptrdiff_t next_smooth; /* the first row not smoothed yet */
    char *ring, *scratch;
} eg_tile_cursor;

size_t eg_tile_cursor_scratch(void); /* bytes */

/* `first`: the first row whose sums will be asked for. */
void eg_tile_cursor_begin(eg_tile_cursor *cursor, const eg_derivative_stage *derivative,
                          const eg_band *band, ptrdiff_t x0, size_t width, ptrdiff_t first,
                          void *scratch);

/* Sums of row y into gx[0..width-1] and gy; y ascends by one from call to call. */
void eg_tile_cursor_row(eg_tile_cursor *cursor, ptrdiff_t y, void *gx, void *gy);

#endif
