/* SPDX-License-Identifier: MIT */
/*
 * The gradient of an image of several channels: Di Zenzo's tensor (Computer Vision, Graphics, and
 * Image Processing 33, 1986), the sum over the channels of weight^2 times the outer product of the
 * gradient with itself. The square root of its larger eigenvalue is the magnitude, the eigenvector
 * the direction. Derivatives are those of a Gaussian, so that smoothing and differencing are one
 * step.
 */
#ifndef EG_GRADIENT_TENSOR_H
#define EG_GRADIENT_TENSOR_H

#include "gradient/channels.h"

enum { EG_TENSOR_RADIUS_MAX = 48 };

/* Weights of a Gaussian of unit sum, and of its derivative, which maps a ramp of 1 per sample to 1.
 */
typedef struct eg_gaussian_derivative {
    size_t radius;
    float smooth[EG_TENSOR_RADIUS_MAX + 1]; /* at distance k on both sides */
    float slope[EG_TENSOR_RADIUS_MAX + 1];  /* at distance k ahead; its negative behind */
    float square[EG_TENSOR_RADIUS_MAX + 1]; /* k^2 times smooth[k], of unit sum; on both sides */
    float variance;                         /* of the weights, in samples squared */
    float rounding; /* bound of the rounding errors of a slope, in shares of the smooth value */
} eg_gaussian_derivative;

/* Computes the weights for `sigma`, in samples, up to 3 sigma. EG_USAGE: sigma is out of range. */
eg_status eg_gaussian_derivative_init(eg_gaussian_derivative *weights, double sigma,
                                      eg_error *error);

/* Magnitude and direction of the gradient at each sample of channel planes. The direction is kept
 * as the tensor's xx - yy and 2 xy, which are proportional to cosine and sine of twice the angle.
 */
typedef struct eg_gradient_field {
    eg_context *ctx;
    size_t width, height; /* of the whole planes */
    size_t first, end;    /* rows held */
    size_t left, right;   /* columns held: all, other than in tiles */
    size_t stride;        /* samples from row to row; at least 16 beyond the columns */
    /* Sample `left` of row `first`; released by eg_gradient_field_free(). */
    float *magnitude, *cosine, *sine;
    /* For each row, the power of four by which its cosine and sine have been divided, so that
     * products of very large or small values stay finite; NULL: 0. */
    int *exponent;
} eg_gradient_field;

/* Computes rows first .. end - 1 of the field, in parallel. `weight` has a weight for each channel.
 * Planes continue beyond the borders of the image by `border`: EG_BORDER_REPLICATE or _REFLECT;
 * rows needed around the range must be held. Results do not depend on the range or the threads. */
eg_status eg_gradient_field_compute(eg_gradient_field *field, const eg_channels *channels,
                                    const eg_gaussian_derivative *derivative, const float weight[],
                                    eg_border border, size_t first, size_t end, eg_error *error);

/* The same for the rows of an allocated field. */
eg_status eg_gradient_field_fill(eg_gradient_field *field, const eg_channels *channels,
                                 const eg_gaussian_derivative *derivative, const float weight[],
                                 eg_border border, eg_error *error);

/* Computes the rows and columns that `field` holds on the caller's thread; rows and columns needed
 * around them must be held by `channels`. `scratch` has eg_gradient_field_scratch() bytes for
 * planes of that many channels and a field of at most that many columns. */
void eg_gradient_field_tile(eg_gradient_field *field, const eg_channels *channels,
                            const eg_gaussian_derivative *derivative, const float weight[],
                            eg_border border, void *scratch);
size_t eg_gradient_field_scratch(size_t channels, const eg_gaussian_derivative *derivative,
                                 size_t columns);

/* Allocates a zeroed field for rows first .. end - 1 of the planes. */
eg_status eg_gradient_field_new(eg_gradient_field *field, const eg_channels *channels, size_t first,
                                size_t end, eg_error *error);
/* Allocates the magnitudes alone. */
eg_status eg_magnitudes_new(eg_gradient_field *field, const eg_channels *channels, size_t first,
                            size_t end, eg_error *error);
void eg_gradient_field_free(eg_gradient_field *field); /* accepts a zeroed one */

/* Returns the index of a sample in the planes of the field. */
static inline size_t eg_field_at(const eg_gradient_field *field, size_t y, size_t x)
{
    return (y - field->first) * field->stride + (x - field->left);
}

/* Weight of a channel in the tensor. */
typedef struct eg_tensor_weight {
    float scale;  /* factor of the derivatives: a power of two that keeps squares finite */
    float square; /* factor of their products */
    bool first;   /* sets the tensor instead of adding to it */
} eg_tensor_weight;

/* Rows that depend on which samples around each sample are valid. With dx the slope pass of the
 * samples minus `x` times their mean, and dy likewise, gx = xx dx + xy dy and gy = xy dx + yy dy
 * are the derivatives of the normalised convolution, divided by the spread of the valid samples
 * where they lie further apart than the Gaussian: the gradient of a ramp is never overestimated. */
typedef struct eg_valid_moments {
    float *inverse;      /* of the sum of the weights: the mean is the smooth pass times this */
    float *x, *y;        /* slope passes of the validity */
    float *xx, *xy, *yy; /* 0: too few samples are valid */
    float *gate;         /* shares of the smooth value that dx and dy exceed, or are rounding */
    float *level;        /* largest smooth value of the channels so far */
} eg_valid_moments;

/* Row kernels, compiled for each instruction set. All give the same results. */
typedef struct eg_tensor_kernels {
    /* Horizontal pass: smooth and slope of `in`, which has radius + 16 samples beside it. */
    void (*horizontal)(float *smooth, float *slope, const float *in, size_t width,
                       const eg_gaussian_derivative *weights);
    /* Vertical pass over 2 radius + 1 rows of both, the middle one at [radius]: adds the weighted
     * products of gx and gy to the tensor. */
    void (*vertical)(float *xx, float *xy, float *yy, const float *const smooth[],
                     const float *const slope[], size_t width,
                     const eg_gaussian_derivative *weights, eg_tensor_weight weight);
    /* Horizontal pass of the validity with the weights `square`; `in` as above. */
    void (*horizontal_square)(float *square, const float *in, size_t width,
                              const eg_gaussian_derivative *weights);
    /* Vertical passes over the validity. */
    void (*moments)(const eg_valid_moments *moments, const float *const smooth[],
                    const float *const slope[], const float *const square[], size_t width,
                    const eg_gaussian_derivative *weights);
    /* The vertical pass where samples are missing, see eg_valid_moments. The planes are multiplied
     * by their validity. */
    void (*vertical_valid)(float *xx, float *xy, float *yy, const float *const smooth[],
                           const float *const slope[], const eg_valid_moments *moments,
                           size_t width, const eg_gaussian_derivative *weights,
                           eg_tensor_weight weight);
    /* Magnitude, xx - yy and 2 xy of the tensor. */
    void (*finish)(float *magnitude, float *cosine, float *sine, const float *xx, const float *xy,
                   const float *yy, size_t width);
} eg_tensor_kernels;

const eg_tensor_kernels *eg_tensor_kernels_for(eg_cpu_level level);

#endif
