/* SPDX-License-Identifier: MIT */
/* Detection of edges that are used further. */
#ifndef EG_EDGE_EDGES_H
#define EG_EDGE_EDGES_H

#include "edge/planes.h"

/* Detects edges as eg_edges() does. `sink` NULL: they are not written. `kept` receives them, and
 * its `edge` is freed by eg_free(); NULL: they are not kept. */
eg_status eg_find_edges(eg_source *source, eg_sink *sink, const eg_edges_options *options,
                        eg_edges_result *result, eg_planes *kept, eg_error *error);

#endif
