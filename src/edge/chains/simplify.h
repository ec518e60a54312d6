/* SPDX-License-Identifier: MIT */
/*
 * Lines with fewer points, by the algorithm of Douglas and Peucker (Cartographica 10, 1973). Lines
 * of many points are simplified in sections, so that the time is in proportion to their number.
 */
#ifndef EG_EDGE_CHAINS_SIMPLIFY_H
#define EG_EDGE_CHAINS_SIMPLIFY_H

#include "edge/chains/chain_strip.h"

/* Leaves out points of a line such that each of them is at most `tolerance` away from the segment
 * that replaces it. A closed line keeps its first point and at least three others. `work` is
 * working memory that the caller frees. */
eg_status eg_simplify(eg_chain_point *points, size_t *count, bool closed, double tolerance,
                      eg_growing *work, eg_context *ctx, eg_error *error);

#endif
