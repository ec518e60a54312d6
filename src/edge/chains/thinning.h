/* SPDX-License-Identifier: MIT */
/*
 * Thinning of edges to lines one pixel wide, by the rule of Guo and Hall (Parallel thinning with
 * two-subiteration algorithms, Communications of the ACM 32, 1989), which keeps lines connected and
 * their ends where they are.
 */
#ifndef EG_EDGE_CHAINS_THINNING_H
#define EG_EDGE_CHAINS_THINNING_H

#include "edge/planes.h"

/* Thins the edges of `planes` in place: by at most EG_THINNING_PASSES pixels on each side, which is
 * more than non-maximum suppression leaves. */
enum { EG_THINNING_PASSES = 4 };

eg_status eg_thin_edges(const eg_planes *planes, eg_context *ctx, eg_error *error);

#endif
