/* SPDX-License-Identifier: MIT */
/*
 * Features of boundaries between regions: planes whose gradient is large where two regions differ,
 * not only in their mean colour but in contrast, in the distribution of their colours or in texture
 * (after Martin, Fowlkes and Malik, Learning to detect natural image boundaries, IEEE PAMI 26,
 * 2004).
 */
#ifndef EG_EDGE_FEATURES_H
#define EG_EDGE_FEATURES_H

#include "gradient/channels.h"

/* Each function allocates new planes from the opponent channels of an image (1 or 3), freed by
 * eg_channels_free(). `scale` is the number of samples for each pixel of the reference size, 481 x
 * 321. */

/* The channels on the scale 0 .. 100 and the local contrast: the standard deviation of the
 * intensity in a Gaussian window of 1.5 samples. 2 or 4 planes. */
eg_status eg_contrast_features(eg_channels *features, const eg_channels *channels, double scale,
                               eg_error *error);

/* Soft histogram of the colour in CIE L*a*b*: membership in 6 bins of lightness and 4 each of a*
 * and b*, at half the resolution. 6 or 14 planes. */
eg_status eg_histogram_features(eg_channels *features, const eg_channels *channels,
                                eg_error *error);

/* Texture: the energy of the fine gradient in four directions, at half the resolution. 4 planes. */
eg_status eg_texture_features(eg_channels *features, const eg_channels *channels, double scale,
                              eg_error *error);

/* Averages boxes of 2 x 2 samples of all planes. */
eg_status eg_channels_halve(eg_channels *half, const eg_channels *channels, eg_error *error);

/* Calls work() for blocks of the rows first .. end - 1 of planes of that width, in parallel. */
typedef eg_status eg_rows_work(void *opaque, size_t y0, size_t y1, eg_error *error);
eg_status eg_for_rows(eg_context *ctx, size_t first, size_t end, size_t width, void *opaque,
                      eg_rows_work *work, eg_error *error);

enum { EG_FEATURE_TABLE = 4096 }; /* steps of a table of a function on 0 .. 1 */

/* Row kernels, compiled for each instruction set. All give the same results. */
typedef struct eg_feature_kernels {
    void (*scale)(float *out, const float *in, size_t width, float factor);
    void (*square)(float *out, const float *in, size_t width);
    /* Smooth by the symmetric weights 0 .. radius: a row with `radius` samples beside it, and 2
     * radius + 1 rows. */
    void (*smooth_across)(float *out, const float *in, size_t width, const float *weights,
                          size_t radius);
    void (*smooth_down)(float *out, const float *const rows[], size_t width, const float *weights,
                        size_t radius);
    /* Replaces means of squares by standard deviations. */
    void (*deviation)(float *out, const float *mean, size_t width);
    /* The same where samples are missing: squares of a row that is multiplied by its validity,
     * times the validity, and standard deviations times the validity. `smooth` is the smoothed
     * validity.
     */
    void (*square_valid)(float *out, const float *in, const float *valid, size_t width);
    void (*deviation_valid)(float *out, const float *mean, const float *smooth, const float *valid,
                            size_t width);
    /* Averages a row of 2 x 2 boxes; a box at the border may have fewer samples. */
    void (*halve)(float *out, const float *a, const float *b, size_t width);
    /* Red, green and blue on the scale 0 .. 1 from opponent channels multiplied by `valid`;
     * planes[1] NULL: a grey image. valid NULL: 1. */
    void (*roots)(float *const out[3], const float *const planes[3], const float *valid,
                  size_t width);
    /* Replaces red, green and blue by L*, a* and b*, with tables of linear light and of the curve
     * of CIE L*a*b*. */
    void (*lab)(float *const rows[3], size_t width, const float *light, const float *curve);
    /* Shares of values between the centres of `count` bins from `low` to `high`, times `valid`. */
    void (*memberships)(float *const bins[], size_t count, const float *values, const float *valid,
                        size_t width, float low, float high);
    /* Energy of a field's gradient in four directions. */
    void (*texture)(float *const out[4], const float *const field[3], const float *valid,
                    size_t width);
    /* Adds a row times `factor`. */
    void (*add)(float *out, const float *in, float factor, size_t width);
    /* Replaces magnitudes by the trace of the tensor, which can be interpolated linearly. */
    void (*traces)(float *magnitude, const float *cosine, const float *sine, size_t width);
    /* Interpolates a row of twice the resolution, three times closer to `near` than to `far`. */
    void (*enlarge)(float *out, const float *near, const float *far, size_t width,
                    size_t half_width);
    /* Adds strength * magnitude and strength^2 * direction, given by trace, cosine and sine. */
    void (*add_traces)(float *const out[3], const float *const in[3], float strength, size_t width);
} eg_feature_kernels;

const eg_feature_kernels *eg_feature_kernels_for(eg_cpu_level level);

#endif
