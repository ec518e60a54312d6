/* SPDX-License-Identifier: MIT */
/*
 * The derivative stage shared by all image operations: source rows, optionally smoothed,
 * differenced. A tile cursor moves down one tile (some columns of a strip) and returns the rows of
 * gx and gy one after another. Smoothed rows are kept in a ring of EG_SMOOTHED_RING rows, so that
 * nothing larger than the cache is written. Rows with missing samples take the same path and are
 * then corrected, see missing.h.
 */
#ifndef EG_GRADIENT_DERIVATIVE_H
#define EG_GRADIENT_DERIVATIVE_H

#include "core/band.h"
#include "core/pipeline.h"
#include "gradient/gaussian.h"
#include "gradient/kernels.h"

enum {
    EG_TILE = 1024,       /* columns of a tile: its rows fit the first-level cache */
    EG_SMOOTHED_RING = 8, /* smoothed rows kept: at least EG_MAX_TAPS, a power of two */
    EG_SMOOTHED_MARGIN = 64,
    EG_TILE_WORDS = EG_TILE / 64 + 1 /* words of bits of the columns of a tile cursor */
};

/* Kernels and constants of one operation, shared by all threads. */
typedef struct eg_derivative_stage {
    const eg_gradient_kernels *kernels;
    const eg_operator *op;
    eg_diff_kernel *diff;
    eg_response_type response_type;
    eg_gaussian gaussian;
    eg_sample sample; /* sample type of the source: EG_U8 or EG_F32 */
    eg_border border;
    float border_value;
    bool keeps_shifts; /* eg_tile_cursor_correct() will be called; set before the first cursor */
} eg_derivative_stage;

typedef struct eg_derivative_options {
    const char *op;
    double sigma;
    eg_border border;
    double border_value;
} eg_derivative_options;

/* Fails with EG_USAGE if gradients of the samples of `source` are not supported. */
eg_status eg_check_gradient_samples(const eg_source *source, eg_error *error);

/* Fails with EG_USAGE if the border rule is unknown or its value is none of an 8-bit image. */
eg_status eg_check_border(const eg_source *source, eg_border border, double value, eg_error *error);

/* Initialises the stage for `source`. Responses to an 8-bit source are integers if they are exact,
 * or if `allow_rounding` permits an operator with a shift to round them as cv::Canny does;
 * otherwise floats. EG_USAGE: unsupported sample type, or options out of range. */
eg_status eg_derivative_stage_init(eg_derivative_stage *derivative, const eg_source *source,
                                   const eg_derivative_options *options, bool allow_rounding,
                                   eg_error *error);

/* Returns the number of source pixels on each side of a pixel that its response depends on. */
size_t eg_derivative_stage_halo(const eg_derivative_stage *derivative);

/* Sets halo, padding and border of the pipeline stage for responses up to `extra` pixels away from
 * an output pixel. */
void eg_derivative_stage_configure(const eg_derivative_stage *derivative, eg_stage *stage,
                                   size_t extra);

/* Position in one tile: columns x0 .. x0 + width - 1 (width <= EG_TILE + 2). x0 may be -1 and the
 * last column the image's width: the border rule defines the responses one pixel outside the image.
 */
typedef struct eg_tile_cursor {
    const eg_derivative_stage *derivative;
    const eg_band *band;
    ptrdiff_t x0;
    size_t width;
    ptrdiff_t
        next_row; /* first row that is not smoothed yet, or not examined if there is no blur */
    char *ring, *scratch;
    /* Rings of the shifts of the smoothed samples, see missing.h, a row of zeros, and four rows of
     * working memory; NULL if no shifts are kept. */
    char *shift_x, *shift_y, *zero, *work;
    bool missing[EG_SMOOTHED_RING]; /* missing samples have influence on row y % EG_SMOOTHED_RING */
    bool any_valid;                 /* a valid sample was among those of the rows so far */
} eg_tile_cursor;

/* Returns the bytes of scratch memory that a tile cursor needs, which must be zeroed once. */
size_t eg_tile_cursor_scratch(const eg_derivative_stage *derivative);

/* Places the cursor at row `first`, the first one that eg_tile_cursor_row() will be called for. */
void eg_tile_cursor_begin(eg_tile_cursor *cursor, const eg_derivative_stage *derivative,
                          const eg_band *band, ptrdiff_t x0, size_t width, ptrdiff_t first,
                          void *scratch);

/* Computes the responses of row y into gx[0 .. width-1] and gy. y increases by one from call to
 * call. Returns false if all samples that have influence on the row are valid. Otherwise responses
 * of missing samples are those of the smoothed surface, or 0 where there is none. */
bool eg_tile_cursor_row(eg_tile_cursor *cursor, ptrdiff_t y, void *gx, void *gy);

/* Corrects the responses of row y, the last one computed, if eg_tile_cursor_row() returned true:
 * those that missing samples have influence on become what they are for a plane of the same
 * response. `partial`, EG_TILE_WORDS long: see eg_correct_responses(). */
void eg_tile_cursor_correct(const eg_tile_cursor *cursor, ptrdiff_t y, float *gx, float *gy,
                            uint64_t *partial);

#endif
