/* SPDX-License-Identifier: MIT */
/*
 * The local jet of an image (Koenderink and van Doorn, Biological Cybernetics 55, 1987): at each
 * pixel the smoothed value and its Gaussian derivatives up to second order. A cursor moves down a
 * tile, some columns of a strip, and returns the rows of the parts one after another.
 *
 * Missing samples lie on the plane that fits the valid ones within reach best, weighted by the
 * Gaussian (normalised differential convolution; Knutsson and Westin 1993): a slope is the same
 * beside a hole, and nothing follows its rim. Where the valid samples do not determine the plane,
 * it is level across the direction that is unknown. Parts that no missing sample has influence on
 * have the bits that they have in an image without any.
 */
#ifndef EG_GRADIENT_JET_H
#define EG_GRADIENT_JET_H

#include "core/band.h"
#include "core/pipeline.h"
#include "gradient/jet/jet_reduction.h"
#include "gradient/jet/jet_weights.h"
#include "gradient/kernels.h"

/* Parts of a jet; x points right, y down. */
typedef enum eg_jet_part {
    EG_JET_VALUE,
    EG_JET_X,
    EG_JET_Y,
    EG_JET_XX,
    EG_JET_XY,
    EG_JET_YY,
    EG_JET_PARTS
} eg_jet_part;

enum { EG_JET_TILE = 1024 }; /* most columns of a tile, without margins */

/* Row kernels, compiled for each instruction set. All give the same results. They write whole
 * vectors: rows have EG_BAND_SLACK more samples. */
typedef struct eg_jet_kernels {
    /* Weighted sums of order 0, 1 and 2 of 2 radius + 1 rows, the middle one at [radius]; rows that
     * begin one sample apart give the sums along a row. Samples are subtracted before summing, so
     * that constants give exactly themselves, 0 and 0. */
    void (*order[EG_JET_ORDERS])(float *out, const float *const rows[], size_t width,
                                 const float *weights, size_t radius);
    /* Weighted sums of order 0 likewise of rows of the source, by its sample type, for any width;
     * nothing is written beyond it. */
    void (*smooth[EG_F32 + 1])(float *out, const void *const rows[], size_t width,
                               const float *weights, size_t radius);
    /* Weighted sums of order 0 along a row at `count` samples, `factor` apart; the first one is
     * in[radius]. */
    void (*sample)(float *out, const float *in, size_t count, size_t factor, const float *weights,
                   size_t radius);
    /* Weighted sums of EG_REDUCTION_TAPS rows; the weights sum to 1. */
    void (*blend)(float *out, const float *const rows[], size_t width, const float *weights);
    /* Weighted sums of `count` rows of doubles, of any width; nothing is written beyond it. */
    void (*sum_doubles)(double *out, const double *const rows[], size_t width,
                        const double *weights, size_t count);
    /* Converts bytes to floats. */
    void (*widen)(float *out, const uint8_t *in, size_t width);
    void (*sum)(float *out, const float *a, const float *b, size_t width);
    void (*difference)(float *out, const float *a, const float *b, size_t width);
    /* Determinant, and larger and smaller eigenvalue, of the symmetric matrix xx, xy, yy. */
    void (*determinant)(float *out, const float *xx, const float *xy, const float *yy,
                        size_t width);
    void (*eigenvalue[2])(float *out, const float *xx, const float *xy, const float *yy,
                          size_t width);
    /* Products x x, x y and y y; 0 where one is not finite. */
    void (*products)(float *xx, float *xy, float *yy, const float *x, const float *y, size_t width);
    /* Squared quotient of difference and sum of the eigenvalues; 0 if the sum is 0. */
    void (*coherence)(float *out, const float *xx, const float *xy, const float *yy, size_t width);
} eg_jet_kernels;

const eg_jet_kernels *eg_jet_kernels_for(eg_cpu_level level);

/* Kernels and constants of one jet, shared by all threads. */
typedef struct eg_jet_stage {
    const eg_jet_kernels *kernels;
    const eg_gradient_kernels *gradient_kernels;
    eg_jet_weights weights;
    eg_jet_reduction reduction;
    eg_sample sample; /* of the source: EG_U8 or EG_F32 */
    unsigned parts;   /* bits 1 << eg_jet_part of the parts to compute */
} eg_jet_stage;

/* Initialises the stage, but for its weights, for `source`; the caller has checked its samples.
 * gaussian_sigma: sigma in pixels of weights by eg_jet_weights_gaussian(), which may be replaced by
 * a reduction; 0: other weights. */
void eg_jet_stage_init(eg_jet_stage *stage, const eg_source *source, double gaussian_sigma,
                       unsigned parts);

/* Returns the most pixels on one side of a pixel that its parts depend on: the halo and padding. */
size_t eg_jet_reach(const eg_jet_stage *stage);

/* Returns the number of columns of a tile that suits the cache, a multiple of 64. */
size_t eg_jet_tile(const eg_jet_stage *stage);

/* Returns the bytes of scratch memory of a cursor over at most `columns` columns. */
size_t eg_jet_scratch(const eg_jet_stage *stage, size_t columns);

/* Working memory of a tile's reduced grid: columns first .. first + width - 1. */
typedef struct eg_jet_grid {
    ptrdiff_t first;
    size_t width, stride;
    float *smoothed; /* a row of smoothed pixels */
    float *samples;  /* a row of the grid, with reduced_radius samples more on both sides */
    float *sums;     /* rings of sums along the rows of the grid, by order */
    float *parts;    /* rings of EG_REDUCTION_TAPS rows, by part */
    float *blended;  /* a row between those of the grid */
    float *phase;    /* its values at the pixels of one phase */
    ptrdiff_t next_sums, next_parts; /* first rows of the grid that are not computed */
} eg_jet_grid;

/* Position in one tile: columns x0 .. x0 + width - 1, all inside the image. */
typedef struct eg_jet_cursor {
    const eg_jet_stage *stage;
    const eg_band *band;
    size_t x0, width, stride;
    ptrdiff_t next;            /* first row without sums along the row, of the grid */
    bool missing;              /* a sample that the tile depends on is missing */
    bool any_valid;            /* a valid sample was among those of the rows so far */
    float *samples;            /* a row of converted samples */
    float *ring;               /* sums along the rows, by order, 2 radius + 1 rows each */
    double *valid_ring;        /* see jet_missing.h; NULL for 8-bit samples */
    float *part[EG_JET_PARTS]; /* the last row computed; NULL: not wanted */
    eg_jet_grid grid;          /* of a reduction */
} eg_jet_cursor;

/* Places a cursor at row `first`, the first one that eg_jet_cursor_row() will be called for. The
 * band has `radius` columns beside the image and rows above and below the tile. */
void eg_jet_cursor_begin(eg_jet_cursor *cursor, const eg_jet_stage *stage, const eg_band *band,
                         size_t x0, size_t width, size_t first, void *scratch);

/* Computes the parts of row y, inside the image; y increases by one from call to call. Missing
 * samples have NaN. */
void eg_jet_cursor_row(eg_jet_cursor *cursor, size_t y);

/* ---- jet_parts.c ---- */

/* Orders of the derivatives of the parts along x and y. */
typedef struct eg_jet_order {
    size_t x, y;
} eg_jet_order;
extern const eg_jet_order eg_jet_orders[EG_JET_PARTS];

/* Returns true if a part has the order `order` along x. */
bool eg_jet_needs_order(const eg_jet_stage *stage, size_t order);

/* ---- jet_grid.c: reduced grids ---- */

/* Returns the bytes of working memory of a grid for at most `columns` pixels of a row. */
size_t eg_jet_grid_bytes(const eg_jet_stage *stage, size_t columns);

/* Places the grid of a cursor at row `first` of the image. */
void eg_jet_grid_begin(eg_jet_cursor *cursor, size_t first, float *memory);

/* Computes the parts of row y by the grid. */
void eg_jet_grid_row(eg_jet_cursor *cursor, size_t y);

#endif
