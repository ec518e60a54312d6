/* SPDX-License-Identifier: MIT */
/* Edges in the colours of their directions. */
#include <string.h>

#include "core/status.h"
#include "edge/style/style.h"
#include "gradient/masked.h"
#include "gradient/operators.h"

/* The largest sigma of gradient maps, in pixels. */
#define SIGMA_MOST 16.0

/* Returns the magnitude, in levels per pixel, that is as bright as can be. The thresholds of
 * boundaries are sums over several features, which are larger than the gradient of the colours. */
static double brightest(const eg_edges_options *options, const eg_edges_result *found)
{
    return (options->method == EG_EDGE_BOUNDARY ? 0.25 : 2) * found->high;
}

/* The gradient is that of the detector, up to SIGMA_MOST. */
eg_status eg_edges_directions(const eg_planes *planes, eg_sink *sink,
                              const eg_edges_options *options, const eg_edges_result *found,
                              eg_error *error)
{
    eg_source *image = options->style.image;
    const eg_map_mask mask = {planes->edge, planes->words};
    const bool gaussian = eg_is_gaussian(options->op);
    const double sigma = found->sigma;
    eg_gradient_options map;
    eg_gradient_default(&map);
    map.op = options->op;
    map.sigma = gaussian && sigma > SIGMA_MOST ? SIGMA_MOST : sigma;
    map.border = options->border;
    map.border_value = options->border_value;
    map.norm = options->norm;
    map.colourize = EG_COLOURIZE_DIRECTION;
    map.scale = found->high > 0 ? 255 / brightest(options, found) : 255;
    image->internal = true;
    return eg_gradient_masked(image, sink, &map, &mask, error);
}
