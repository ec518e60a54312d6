/* SPDX-License-Identifier: MIT */
/* The order of sidecar files: each fills in what the file and those before it lack. */
#include "io/georef/sidecar.h"

/* Reads the coordinate system from the .prj file, if there is one. */
static eg_status read_prj(eg_georef_data *data, eg_context *ctx, const char *input, eg_error *error)
{
    eg_sidecar prj;
    eg_status status = eg_sidecar_read(&prj, ctx, input, "prj", error);
    if (status == EG_OK && prj.text) {
        eg_georef_data_set_system(data, prj.text);
        prj.text = NULL;
    }
    eg_sidecar_free(&prj);
    return status;
}

eg_status eg_georef_data_read_sidecars(eg_georef_data *data, eg_pam_band *band, int index,
                                       eg_context *ctx, const char *input, bool image,
                                       eg_error *error)
{
    eg_georef *georef = &data->georef;
    const bool has_system = georef->crs != EG_CRS_UNKNOWN, has_vertical = georef->vertical_unit > 0;
    *band = (eg_pam_band){.index = index, .scale = 1};
    if (!input)
        return EG_OK;
    eg_status status = eg_name_stream(&data->tags.file, ctx, input, input, error);
    if (status == EG_OK)
        status = eg_pam_read(data, band, index, ctx, input, error);
    if (status == EG_OK && !georef->located)
        status = eg_world_file_read(georef, ctx, input, error);
    if (status == EG_OK && !has_system && georef->crs == EG_CRS_UNKNOWN &&
        (georef->located || !image))
        status = read_prj(data, ctx, input, error);
    if (status == EG_OK && band->has_nodata && !georef->has_nodata) {
        georef->has_nodata = true;
        georef->nodata = band->nodata;
    }
    if (status == EG_OK && !has_vertical)
        eg_georef_set_unit(georef, band->unit, EG_VERTICAL_SIDECAR, "UnitType of .aux.xml");
    return status;
}
