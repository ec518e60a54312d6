/* SPDX-License-Identifier: MIT */
/* Selection of kernels and constants from the options. */
#include "terrain/maps.h"

#include <float.h>
#include <math.h>

#include "core/status.h"
#include "gradient/angle.h"

/* ---- options ---- */

static bool is_float(double v)
{
    return isnan(v) || fabs(v) <= (double)FLT_MAX;
}

static eg_status check_light(const eg_terrain_options *o, eg_error *error)
{
    if (!(fabs(o->azimuth) <= 360))
        return eg_fail(error, EG_USAGE, "the light's azimuth must be 0 to 360 degrees, not %g",
                       o->azimuth);
    if (!(o->altitude >= 0 && o->altitude <= 90))
        return eg_fail(error, EG_USAGE, "the light's altitude must be 0 to 90 degrees, not %g",
                       o->altitude);
    return EG_OK;
}

static eg_status check_options(const eg_terrain_options *o, eg_error *error)
{
    if ((unsigned)o->map > EG_TERRAIN_ASPECT_ERROR || (unsigned)o->slope_unit > EG_SLOPE_RADIANS ||
        (unsigned)o->aspect > EG_ASPECT_TRIGONOMETRIC || (unsigned)o->shading > EG_SHADING_IGOR ||
        (unsigned)o->tri > EG_TRI_WILSON)
        return eg_fail(error, EG_USAGE, "unknown map, unit, aspect, shading or TRI formula");
    if (!isnan(o->threshold) && o->map != EG_TERRAIN_SLOPE)
        return eg_fail(error, EG_USAGE, "only slope maps take a threshold");
    if (!is_float(o->threshold) || !is_float(o->nodata) || !is_float(o->flat))
        return eg_fail(
            error, EG_USAGE,
            "the threshold and the values of missing and flat cells must be finite or NaN");
    return o->map == EG_TERRAIN_HILLSHADE ? check_light(o, error) : EG_OK;
}

static eg_status check_error_model(const eg_terrain_options *o, const eg_ground_options *ground,
                                   eg_error *error)
{
    bool is_error = o->map == EG_TERRAIN_SLOPE_ERROR || o->map == EG_TERRAIN_ASPECT_ERROR;
    if (is_error && ground->vertical_error == 0)
        return eg_fail(
            error, EG_USAGE,
            "error maps need the standard error of the elevations; give --vertical-error");
    return EG_OK;
}

/* ---- one function for each group of maps ---- */

static double slope_unit(eg_slope_unit unit)
{
    static const double units[] = {EG_DEGREES, 100, 1, 1};
    return units[unit];
}

static void set_slope(eg_terrain_attribute *attribute, const eg_slope_kernels *k,
                      const eg_terrain_options *o)
{
    static const float white_level[] = {90, 100, 1, (float)(EG_PI / 2)};
    bool as_angle = o->slope_unit == EG_SLOPE_DEGREES || o->slope_unit == EG_SLOPE_RADIANS;
    attribute->needs_gradient = true;
    attribute->constants.unit = slope_unit(o->slope_unit);
    if (o->map == EG_TERRAIN_SLOPE_ERROR) {
        attribute->kernel = as_angle ? k->slope_error_angle : k->slope_error;
        return;
    }
    attribute->kernel = as_angle ? k->slope_angle : k->slope_ratio;
    attribute->white_level = white_level[o->slope_unit];
    attribute->has_threshold = !isnan(o->threshold);
    attribute->threshold = (float)o->threshold;
    if (attribute->has_threshold) {
        attribute->sample = EG_U8;
        attribute->classes = EG_CLASSES_MASK;
        attribute->missing = EG_BYTE_MISSING;
    }
}

static void set_aspect(eg_terrain_attribute *attribute, const eg_slope_kernels *k,
                       const eg_terrain_options *o, const eg_ground_options *ground)
{
    bool compass = o->aspect == EG_ASPECT_COMPASS;
    attribute->needs_gradient = true;
    attribute->white_level = 360;
    if (o->map == EG_TERRAIN_ASPECT_ERROR)
        attribute->kernel = k->aspect_error;
    else if (ground->compat_gdal)
        attribute->kernel = compass ? k->aspect_compass_gdal : k->aspect_trigonometric_gdal;
    else
        attribute->kernel = compass ? k->aspect_compass : k->aspect_trigonometric;
    if (o->map == EG_TERRAIN_ASPECT && ground->vertical_error > 0)
        attribute->mask = k->mask_aspect;
}

static void set_hillshade(eg_terrain_attribute *attribute, const eg_slope_kernels *k,
                          const eg_terrain_options *o, const eg_ground_options *ground)
{
    eg_terrain_kernel *const kernels[] = {
        k->hillshade, k->hillshade_combined, k->hillshade_multidirectional,
        ground->compat_gdal ? k->hillshade_igor_gdal : k->hillshade_igor};
    double altitude = o->shading == EG_SHADING_IGOR ? 0 : o->altitude / EG_DEGREES;
    double azimuth = o->shading == EG_SHADING_MULTIDIRECTIONAL ? 0 : o->azimuth / EG_DEGREES;
    attribute->kernel = kernels[o->shading];
    attribute->needs_gradient = true;
    attribute->sample = EG_U8;
    attribute->missing = EG_HILLSHADE_MISSING;
    attribute->constants.up = sin(altitude);
    attribute->constants.east = cos(altitude) * sin(azimuth);
    attribute->constants.north = cos(altitude) * cos(azimuth);
}

static void set_focal_index(eg_terrain_attribute *attribute, const eg_focal_kernels *k,
                            const eg_terrain_options *o, const eg_ground_options *ground)
{
    bool gdal = ground->compat_gdal;
    attribute->needs_cell_size = false;
    attribute->elevations = true;
    if (o->map == EG_TERRAIN_ROUGHNESS)
        attribute->kernel = k->roughness;
    else if (o->map == EG_TERRAIN_TPI)
        attribute->kernel = gdal ? k->tpi_gdal : k->tpi;
    else if (o->tri == EG_TRI_RILEY)
        attribute->kernel = gdal ? k->riley_gdal : k->riley;
    else
        attribute->kernel = gdal ? k->wilson_gdal : k->wilson;
}

static void set_curvature(eg_terrain_attribute *attribute, const eg_focal_kernels *k,
                          const eg_terrain_options *o, const eg_ground_options *ground)
{
    bool zt = ground->derivative == EG_DERIVATIVE_ZEVENBERGEN_THORNE;
    attribute->needs_gradient = true;
    if (o->map == EG_TERRAIN_PROFILE_CURVATURE)
        attribute->kernel = zt ? k->profile_zt : k->profile;
    else
        attribute->kernel = zt ? k->tangential_zt : k->tangential;
}

static void set_flow(eg_terrain_attribute *attribute, const eg_flow_kernels *k,
                     const eg_terrain_options *o)
{
    if (o->map == EG_TERRAIN_DINF) {
        attribute->kernel =
            o->aspect == EG_ASPECT_COMPASS ? k->dinf_compass : k->dinf_trigonometric;
        attribute->white_level = 360;
        return;
    }
    attribute->kernel = k->d8;
    attribute->sample = EG_U8;
    attribute->classes = EG_CLASSES_FLOW;
    attribute->missing = EG_BYTE_MISSING;
}

eg_status eg_terrain_attribute_init(eg_terrain_attribute *attribute, eg_cpu_level cpu,
                                    const eg_terrain_options *o, const eg_ground_options *ground,
                                    eg_error *error)
{
    eg_status status = check_options(o, error);
    if (status == EG_OK)
        status = check_error_model(o, ground, error);
    if (status != EG_OK)
        return status;
    *attribute = (eg_terrain_attribute){.constants.flat = o->flat,
                                        .needs_cell_size = true,
                                        .sample = EG_F32,
                                        .missing = o->nodata,
                                        .white_level = 1};
    switch (o->map) {
    case EG_TERRAIN_SLOPE:
    case EG_TERRAIN_SLOPE_ERROR:
        set_slope(attribute, eg_slope_kernels_for(cpu), o);
        break;
    case EG_TERRAIN_ASPECT:
    case EG_TERRAIN_ASPECT_ERROR:
        set_aspect(attribute, eg_slope_kernels_for(cpu), o, ground);
        break;
    case EG_TERRAIN_HILLSHADE:
        set_hillshade(attribute, eg_slope_kernels_for(cpu), o, ground);
        break;
    case EG_TERRAIN_TRI:
    case EG_TERRAIN_TPI:
    case EG_TERRAIN_ROUGHNESS:
        set_focal_index(attribute, eg_focal_kernels_for(cpu), o, ground);
        break;
    case EG_TERRAIN_PROFILE_CURVATURE:
    case EG_TERRAIN_TANGENTIAL_CURVATURE:
        set_curvature(attribute, eg_focal_kernels_for(cpu), o, ground);
        break;
    case EG_TERRAIN_D8:
    case EG_TERRAIN_DINF:
        set_flow(attribute, eg_flow_kernels_for(cpu), o);
        break;
    }
    return EG_OK;
}

void eg_terrain_attribute_compute(const eg_terrain_attribute *attribute, float *values,
                                  const eg_window *window, size_t width)
{
    attribute->kernel(values, window, width, &attribute->constants);
    if (attribute->mask)
        attribute->mask(values, window, width, &attribute->constants);
}

/* ---- scales ---- */

/* Returns the scales of a row. The squared weights of each of Horn's slopes sum to 12, and the
 * errors of its two slopes are uncorrelated. */
eg_row_scales eg_row_scales_of(eg_cell_size cell, double z, const eg_ground_options *o)
{
    bool zt = o->derivative == EG_DERIVATIVE_ZEVENBERGEN_THORNE;
    double gradient_divisor = zt ? 2 : 8, noise = o->vertical_error * sqrt(zt ? 2 : 12),
           second_divisor = zt ? 1 : 3;
    eg_row_scales s = {.x = cell.x, .y = cell.y, .z = z};
    s.slope_x = z / (gradient_divisor * cell.x);
    s.slope_y = z / (gradient_divisor * cell.y);
    s.error_p = fabs(s.slope_x) * noise;
    s.error_q = fabs(s.slope_y) * noise;
    s.second_xx = z / (second_divisor * cell.x * cell.x);
    s.second_yy = z / (second_divisor * cell.y * cell.y);
    s.second_xy = z / (4 * cell.x * cell.y);
    s.drop_x = z / cell.x;
    s.drop_y = z / cell.y;
    s.drop_diagonal = z / sqrt(cell.x * cell.x + cell.y * cell.y);
    return s;
}
