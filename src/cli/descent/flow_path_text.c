/* SPDX-License-Identifier: MIT */
/* Converts the coordinates of a flow path, and names its coordinate system. */
#include "cli/descent/flow_path.h"

#include <math.h>
#include <string.h>

void flow_path_to_map(const flow_path_run *run, const double at[2], double xy[2])
{
    memcpy(xy, at, 2 * sizeof *xy);
    if (!run->located || !run->georef)
        return;
    const double *t = run->georef->transform;
    xy[0] = t[0] + (at[0] + 0.5) * t[1];
    xy[1] = t[3] + (at[1] + 0.5) * t[5];
}

void flow_path_to_pixel(const flow_path_run *run, const double xy[2], double at[2])
{
    memcpy(at, xy, 2 * sizeof *at);
    if (!run->located || !run->georef)
        return;
    const double *t = run->georef->transform;
    at[0] = (xy[0] - t[0]) / t[1] - 0.5;
    at[1] = (xy[1] - t[3]) / t[5] - 0.5;
    for (int i = 0; i < 2; i++) /* remove rounding error at cell centres */
        if (fabs(at[i] - nearbyint(at[i])) < 1e-9 * fmax(1, fabs(at[i])))
            at[i] = nearbyint(at[i]);
}

void flow_path_crs_name(const flow_path_run *run, char *out, size_t size)
{
    static const char *const kinds[] = {[EG_CRS_UNKNOWN] = "of the raster, unnamed",
                                        [EG_CRS_PROJECTED] = "projected",
                                        [EG_CRS_GEOGRAPHIC] = "longitude, latitude",
                                        [EG_CRS_WEB_MERCATOR] = "Web Mercator"};
    unsigned epsg = run->located ? eg_georef_epsg(run->georef) : 0;
    if (epsg)
        snprintf(out, size, "EPSG:%u", epsg);
    else
        snprintf(out, size, "%s", run->located ? kinds[run->georef->crs] : "pixels");
}
