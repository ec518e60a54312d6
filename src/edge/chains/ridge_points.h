/* SPDX-License-Identifier: MIT */
/* Points of the lines that ridges mark, between the pixels (edge/ridge/ridge.h). */
#ifndef EG_EDGE_CHAINS_RIDGE_POINTS_H
#define EG_EDGE_CHAINS_RIDGE_POINTS_H

#include "edge/chains/chain_strip.h"
#include "edge/ridge/ridge.h"

typedef struct eg_ridge_placer {
    eg_jet_stage jet;
    eg_ridges kind;
    double sigma; /* pixels */
    double unit;  /* level on the 0..255 scale of a stored one */
} eg_ridge_placer;

/* Prepares the derivatives of a source at a sigma in pixels. */
void eg_ridge_placer_init(eg_ridge_placer *placer, const eg_source *source, eg_ridges kind,
                          double sigma);

/* Returns the bytes of scratch memory of a strip. */
size_t eg_ridge_placer_scratch(const eg_ridge_placer *placer);

/* Sets the points of the pixels that a strip lists, which are rows y0 .. y1 - 1 of the band. A
 * point has the second derivative across the line as its strength, and the line's normal, 0 up to
 * 180 degrees, as its direction. The band has halo and padding of the jet's radius. */
void eg_ridge_place(const eg_ridge_placer *placer, eg_chain_strip *strip, const eg_planes *planes,
                    const eg_band *band, size_t y0, size_t y1, void *scratch);

#endif
