/* SPDX-License-Identifier: MIT */
/* Names the ends of flow paths. */
#include "edgegrad.h"

static const struct {
    const char *down, *up;               /* for programs */
    const char *reason_down, *reason_up; /* for people */
} ends[] = {
    [EG_FLOW_PATH_PIT] = {"pit", "peak", "at a pit: all ground around is higher",
                          "at a peak: all ground around is lower"},
    [EG_FLOW_PATH_LEVEL] = {"level", "level", "at level ground: no ground around is lower",
                            "at level ground: no ground around is higher"},
    [EG_FLOW_PATH_SADDLE] = {"saddle", "saddle",
                             "at a saddle: the slope is 0, but lower ground is beside it; start "
                             "slightly off the saddle",
                             "at a saddle: the slope is 0, but higher ground is beside it; start "
                             "slightly off the saddle"},
    [EG_FLOW_PATH_EDGE] = {"edge", "edge", "at the edge of the raster",
                           "at the edge of the raster"},
    [EG_FLOW_PATH_MISSING] = {"nodata", "nodata", "beside missing samples (nodata)",
                              "beside missing samples (nodata)"},
    [EG_FLOW_PATH_STEPS] = {"steps", "steps", "step limit reached", "step limit reached"},
    [EG_FLOW_PATH_TIME] = {"time", "time", "time limit reached", "time limit reached"},
    [EG_FLOW_PATH_CANCELLED] = {"cancelled", "cancelled", "interrupted", "interrupted"},
};

static bool is_known(eg_flow_path_end end)
{
    return (unsigned)end < sizeof ends / sizeof *ends;
}

const char *eg_flow_path_end_word(eg_flow_path_end end, bool uphill)
{
    if (!is_known(end))
        return "unknown";
    return uphill ? ends[end].up : ends[end].down;
}

const char *eg_flow_path_end_reason(eg_flow_path_end end, bool uphill)
{
    if (!is_known(end))
        return "unknown";
    return uphill ? ends[end].reason_up : ends[end].reason_down;
}
