/* SPDX-License-Identifier: MIT */
/* Options that all edge detectors have. */
#include "edge/edge_options.h"

#include <math.h>

#include "core/status.h"

eg_status eg_check_edge_options(const eg_edges_options *options, eg_error *error)
{
    if (options->method < EG_EDGE_CANNY || options->method > EG_EDGE_RIDGE)
        return eg_fail(error, EG_USAGE, "unknown edge method");
    if (options->norm < EG_NORM_L2 || options->norm > EG_NORM_L1)
        return eg_fail(error, EG_USAGE, "unknown norm");
    if (options->ridges < EG_RIDGES_BOTH || options->ridges > EG_RIDGES_DARK)
        return eg_fail(error, EG_USAGE, "unknown kind of ridges");
    if (options->nms < EG_NMS_AUTO || options->nms > EG_NMS_SECTORS)
        return eg_fail(error, EG_USAGE, "unknown rule of non-maximum suppression");
    if (options->rule < EG_AUTO_OUTLINE || options->rule > EG_AUTO_MEDIAN)
        return eg_fail(error, EG_USAGE, "unknown rule of automatic thresholds");
    if (options->unit < EG_UNIT_RESPONSE || options->unit > EG_UNIT_PERCENT)
        return eg_fail(error, EG_USAGE, "unknown unit of thresholds");
    if (!(options->sigma_percent >= 0 && isfinite(options->sigma_percent)))
        return eg_fail(error, EG_USAGE, "sigma must be 0 or more percent of the diagonal, not %g",
                       options->sigma_percent);
    return EG_OK;
}
