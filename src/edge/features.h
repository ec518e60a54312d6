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

/* Number of rows of the planes beyond a row that its features depend on, at scale 1. */
enum { EG_FEATURES_MARGIN = 12 };

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

#endif
