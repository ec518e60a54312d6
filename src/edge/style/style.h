/* SPDX-License-Identifier: MIT */
/* Edges as an image: inverted, thickened, over the photograph, in colours of direction. */
#ifndef EG_EDGE_STYLE_STYLE_H
#define EG_EDGE_STYLE_STYLE_H

#include "core/stream.h"
#include "edge/planes.h"

/* Rows of edges just outside the planes, which thick edges reach; nearest first. */
typedef struct eg_edge_rows {
    const uint64_t *above, *below; /* rows of planes->words words */
    size_t above_count, below_count;
} eg_edge_rows;

/* Checks the style, and that `sink` accepts edges in it. EG_USAGE. */
eg_status eg_edge_style_check(const eg_edges_options *options, const eg_sink *sink,
                              eg_error *error);

/* Writes the edges to `sink`, with the georeferencing of `from`, in the style of the options.
 * `around` NULL: there are no edges outside. `found` has the thresholds and the sigma. Reads
 * options->style.image, if the style needs it. */
eg_status eg_edges_write(const eg_planes *planes, const eg_edge_rows *around, const eg_source *from,
                         eg_sink *sink, const eg_edges_options *options,
                         const eg_edges_result *found, eg_error *error);

/* Draw the edges in the plane `planes->edge`. (overlay.c, directions.c) */
eg_status eg_edges_overlay(const eg_planes *planes, const eg_source *from, eg_sink *sink,
                           const eg_edge_style *style, eg_error *error);
eg_status eg_edges_directions(const eg_planes *planes, eg_sink *sink,
                              const eg_edges_options *options, const eg_edges_result *found,
                              eg_error *error);

#endif
