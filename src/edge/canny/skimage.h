/* SPDX-License-Identifier: MIT */
/*
 * The candidates of skimage.feature.canny (scikit-image 0.19): Gaussian of scipy.ndimage up to 4
 * sigma, Sobel, hypot, neighbours interpolated along the gradient, all in doubles and in the order
 * of additions of scipy and numpy. A pixel that equals its neighbours is a local maximum there, so
 * that on symmetric edges rounding decides; other orders of additions give other edges.
 */
#ifndef EG_EDGE_SKIMAGE_H
#define EG_EDGE_SKIMAGE_H

#include "core/band.h"
#include "gradient/gaussian.h"

typedef struct eg_skimage {
    size_t radius;                     /* 0: no blur */
    double weights[EG_RADIUS_MAX + 1]; /* at distance k on both sides */
    double ones;                       /* what the blur makes of samples that are 1 */
    double unit;                       /* 1 / white level */
    double low, high;                  /* thresholds on the scale of samples 0 .. 1 */
} eg_skimage;

/* Sets the weights for `sigma`, 0 .. EG_SIGMA_MAX pixels, and the thresholds. */
void eg_skimage_init(eg_skimage *skimage, double sigma, double white_level, double low,
                     double high);

/* Returns the rows around a row that its candidates depend on. */
size_t eg_skimage_halo(const eg_skimage *skimage);

/* Returns the bytes of working memory for rows of `width` pixels in `planes` planes. */
size_t eg_skimage_scratch(const eg_skimage *skimage, size_t width, size_t planes);

/* Rows first .. end - 1 of the raster, and their words of bits, from row `first` on. */
typedef struct eg_skimage_rows {
    size_t first, end;
    uint64_t *candidate, *strong;
} eg_skimage_rows;

/* Returns true if a sample of the rows is finite. */
bool eg_skimage_any_valid(const eg_band *band, const eg_skimage_rows *rows);

/* Sets the bits of candidates, and of those that reach the high threshold. `views` are the planes
 * of a band of EG_U8 or EG_F32, of which each pixel takes the one with the largest magnitude. */
void eg_skimage_candidates(const eg_skimage *skimage, const eg_band views[], size_t planes,
                           const eg_skimage_rows *rows, void *scratch);

#endif
