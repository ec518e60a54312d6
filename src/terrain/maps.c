/* SPDX-License-Identifier: MIT */
/* From options to kernels and constants. */
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
        (unsigned)o->aspect > EG_ASPECT_TRIGONOMETRIC ||
        (unsigned)o->shading > EG_SHADING_MULTIDIRECTIONAL || (unsigned)o->tri > EG_TRI_WILSON)
        return eg_fail(error, EG_USAGE, "no such map, unit, aspect, shading or ruggedness");
    if (!isnan(o->threshold) && o->map != EG_TERRAIN_SLOPE)
        return eg_fail(error, EG_USAGE, "only the slope has a threshold");
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
        return eg_fail(error, EG_USAGE,
                       "error maps need the standard error of a height; give --vertical-error");
    return EG_OK;
}

/* ---- one function a kind of map ---- */

static double slope_unit(eg_slope_unit unit)
{
    static const double units[] = {EG_DEGREES, 100, 1, 1};
    return units[unit];
}

static void set_slope(eg_mapping *m, const eg_slope_kernels *k, const eg_terrain_options *o)
{
    static const float white[] = {90, 100, 1, (float)(EG_PI / 2)};
    bool turned = o->slope_unit == EG_SLOPE_DEGREES || o->slope_unit == EG_SLOPE_RADIANS;
    m->sloped = true;
    m->terms.unit = slope_unit(o->slope_unit);
    if (o->map == EG_TERRAIN_SLOPE_ERROR) {
        m->kernel = turned ? k->slope_error_turned : k->slope_error;
        return;
    }
    m->kernel = turned ? k->slope_turned : k->slope;
    m->white_level = white[o->slope_unit];
    m->thresholded = !isnan(o->threshold);
    m->threshold = (float)o->threshold;
    if (m->thresholded) {
        m->sample = EG_U8;
        m->missing = EG_NO_ANSWER;
    }
}

static void set_aspect(eg_mapping *m, const eg_slope_kernels *k, const eg_terrain_options *o,
                       const eg_ground_options *ground)
{
    bool compass = o->aspect == EG_ASPECT_COMPASS;
    m->sloped = true;
    m->white_level = 360;
    if (o->map == EG_TERRAIN_ASPECT_ERROR)
        m->kernel = k->aspect_error;
    else if (ground->compat_gdal)
        m->kernel = compass ? k->compass_gdal : k->trigonometric_gdal;
    else
        m->kernel = compass ? k->compass : k->trigonometric;
    if (o->map == EG_TERRAIN_ASPECT && ground->vertical_error > 0)
        m->mask = k->mask;
}

static void set_shade(eg_mapping *m, const eg_slope_kernels *k, const eg_terrain_options *o)
{
    eg_terrain_kernel *const kernels[] = {k->shade, k->shade_combined, k->shade_multidirectional};
    double altitude = o->altitude / EG_DEGREES;
    double azimuth = o->shading == EG_SHADING_MULTIDIRECTIONAL ? 0 : o->azimuth / EG_DEGREES;
    m->kernel = kernels[o->shading];
    m->sloped = true;
    m->sample = EG_U8;
    m->missing = EG_NO_LIGHT;
    m->terms.up = sin(altitude);
    m->terms.east = cos(altitude) * sin(azimuth);
    m->terms.north = cos(altitude) * cos(azimuth);
}

static void set_index(eg_mapping *m, const eg_focal_kernels *k, const eg_terrain_options *o,
                      const eg_ground_options *ground)
{
    bool gdal = ground->compat_gdal;
    m->measured = false;
    if (o->map == EG_TERRAIN_ROUGHNESS)
        m->kernel = k->roughness;
    else if (o->map == EG_TERRAIN_TPI)
        m->kernel = gdal ? k->tpi_gdal : k->tpi;
    else if (o->tri == EG_TRI_RILEY)
        m->kernel = gdal ? k->riley_gdal : k->riley;
    else
        m->kernel = gdal ? k->wilson_gdal : k->wilson;
}

static void set_curvature(eg_mapping *m, const eg_focal_kernels *k, const eg_terrain_options *o,
                          const eg_ground_options *ground)
{
    bool zt = ground->derivative == EG_DERIVATIVE_ZEVENBERGEN_THORNE;
    m->sloped = true;
    if (o->map == EG_TERRAIN_PROFILE_CURVATURE)
        m->kernel = zt ? k->profile_zt : k->profile;
    else
        m->kernel = zt ? k->tangential_zt : k->tangential;
}

static void set_flow(eg_mapping *m, const eg_flow_kernels *k, const eg_terrain_options *o)
{
    if (o->map == EG_TERRAIN_DINF) {
        m->kernel = o->aspect == EG_ASPECT_COMPASS ? k->dinf_compass : k->dinf_trigonometric;
        m->white_level = 360;
        return;
    }
    m->kernel = k->d8;
    m->sample = EG_U8;
    m->missing = EG_NO_ANSWER;
}

eg_status eg_mapping_init(eg_mapping *m, eg_cpu_level cpu, const eg_terrain_options *o,
                          const eg_ground_options *ground, eg_error *error)
{
    eg_status status = check_options(o, error);
    if (status == EG_OK)
        status = check_error_model(o, ground, error);
    if (status != EG_OK)
        return status;
    *m = (eg_mapping){.terms.flat = o->flat,
                      .measured = true,
                      .sample = EG_F32,
                      .missing = o->nodata,
                      .white_level = 1};
    switch (o->map) {
    case EG_TERRAIN_SLOPE:
    case EG_TERRAIN_SLOPE_ERROR:
        set_slope(m, eg_slope_kernels_for(cpu), o);
        break;
    case EG_TERRAIN_ASPECT:
    case EG_TERRAIN_ASPECT_ERROR:
        set_aspect(m, eg_slope_kernels_for(cpu), o, ground);
        break;
    case EG_TERRAIN_HILLSHADE:
        set_shade(m, eg_slope_kernels_for(cpu), o);
        break;
    case EG_TERRAIN_TRI:
    case EG_TERRAIN_TPI:
    case EG_TERRAIN_ROUGHNESS:
        set_index(m, eg_focal_kernels_for(cpu), o, ground);
        break;
    case EG_TERRAIN_PROFILE_CURVATURE:
    case EG_TERRAIN_TANGENTIAL_CURVATURE:
        set_curvature(m, eg_focal_kernels_for(cpu), o, ground);
        break;
    case EG_TERRAIN_D8:
    case EG_TERRAIN_DINF:
        set_flow(m, eg_flow_kernels_for(cpu), o);
        break;
    }
    return EG_OK;
}

void eg_mapping_run(const eg_mapping *mapping, float *values, const eg_window *window, size_t width)
{
    mapping->kernel(values, window, width, &mapping->terms);
    if (mapping->mask)
        mapping->mask(values, window, width, &mapping->terms);
}

/* ---- rows ---- */

/* Squares of Horn's weights for one slope sum to 12, its two slopes share no error. */
eg_scales eg_scales_of(eg_cell cell, double z, const eg_ground_options *o)
{
    bool zt = o->derivative == EG_DERIVATIVE_ZEVENBERGEN_THORNE;
    double sums = zt ? 2 : 8, noise = o->vertical_error * sqrt(zt ? 2 : 12), bends = zt ? 1 : 3;
    eg_scales s = {.x = cell.x, .y = cell.y, .z = z};
    s.slope_x = z / (sums * cell.x);
    s.slope_y = z / (sums * cell.y);
    s.error_p = fabs(s.slope_x) * noise;
    s.error_q = fabs(s.slope_y) * noise;
    s.bend_x = z / (bends * cell.x * cell.x);
    s.bend_y = z / (bends * cell.y * cell.y);
    s.twist = z / (4 * cell.x * cell.y);
    s.fall_x = z / cell.x;
    s.fall_y = z / cell.y;
    s.fall_diag = z / sqrt(cell.x * cell.x + cell.y * cell.y);
    return s;
}
