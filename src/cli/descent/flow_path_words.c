/* SPDX-License-Identifier: MIT */
/* Coordinates of a flow path, and why it ended, in words. */
#include "cli/descent/flow_path.h"

#include <math.h>
#include <string.h>

/* ---- places ---- */

void field_place(const field_run *run, const double at[2], double xy[2])
{
    memcpy(xy, at, 2 * sizeof *xy);
    if (!run->located || !run->georef)
        return;
    const double *t = run->georef->transform;
    xy[0] = t[0] + (at[0] + 0.5) * t[1];
    xy[1] = t[3] + (at[1] + 0.5) * t[5];
}

void field_pixel(const field_run *run, const double xy[2], double at[2])
{
    memcpy(at, xy, 2 * sizeof *at);
    if (!run->located || !run->georef)
        return;
    const double *t = run->georef->transform;
    at[0] = (xy[0] - t[0]) / t[1] - 0.5;
    at[1] = (xy[1] - t[3]) / t[5] - 0.5;
    for (int i = 0; i < 2; i++) /* the middle of a cell is just that, whatever rounding says */
        if (fabs(at[i] - nearbyint(at[i])) < 1e-9 * fmax(1, fabs(at[i])))
            at[i] = nearbyint(at[i]);
}

void field_system(const field_run *run, char *out, size_t size)
{
    static const char *const kinds[] = {[EG_CRS_UNKNOWN] = "of the raster, unnamed",
                                        [EG_CRS_PROJECTED] = "projected",
                                        [EG_CRS_GEOGRAPHIC] = "longitude, latitude",
                                        [EG_CRS_WEB_MERCATOR] = "Web Mercator"};
    unsigned code = run->located ? eg_georef_epsg(run->georef) : 0;
    if (code)
        snprintf(out, size, "EPSG:%u", code);
    else
        snprintf(out, size, "%s", run->located ? kinds[run->georef->crs] : "pixels");
}

static const struct {
    const char *down, *up; /* words for programs */
    const char *why_down, *why_up;
} ends[] = {
    [EG_FLOW_PATH_PIT] = {"pit", "peak", "at a pit: all ground around is higher",
                          "at a peak: all ground around is lower"},
    [EG_FLOW_PATH_LEVEL] = {"level", "level", "at level ground: nothing around is lower",
                            "at level ground: nothing around is higher"},
    [EG_FLOW_PATH_SADDLE] =
        {"saddle", "saddle",
         "at a saddle, where the ground has no slope but falls away beside; start a little beside "
         "it",
         "at a saddle, where the ground has no slope but rises beside; start a little beside it"},
    [EG_FLOW_PATH_EDGE] = {"edge", "edge", "at the edge of the raster, where the way leaves it",
                           "at the edge of the raster, where the way leaves it"},
    [EG_FLOW_PATH_MISSING] = {"nodata", "nodata", "beside samples that are missing (nodata)",
                              "beside samples that are missing (nodata)"},
    [EG_FLOW_PATH_STEPS] = {"steps", "steps", "on the way: all steps are done",
                            "on the way: all steps are done"},
    [EG_FLOW_PATH_TIME] = {"time", "time", "on the way: the time is used up",
                           "on the way: the time is used up"},
    [EG_FLOW_PATH_CANCELLED] = {"cancelled", "cancelled", "on the way: interrupted",
                                "on the way: interrupted"},
};

const char *field_end_word(eg_flow_path_end end, bool uphill)
{
    return uphill ? ends[end].up : ends[end].down;
}

const char *field_end_reason(eg_flow_path_end end, bool uphill)
{
    return uphill ? ends[end].why_up : ends[end].why_down;
}
