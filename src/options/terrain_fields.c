/* SPDX-License-Identifier: MIT */
/* Options of terrain maps and of the ground by name. */
#include "options/fields.h"

static const eg_choice maps[] = {{"slope", EG_TERRAIN_SLOPE},
                                 {"aspect", EG_TERRAIN_ASPECT},
                                 {"hillshade", EG_TERRAIN_HILLSHADE},
                                 {"tri", EG_TERRAIN_TRI},
                                 {"tpi", EG_TERRAIN_TPI},
                                 {"roughness", EG_TERRAIN_ROUGHNESS},
                                 {"profile-curvature", EG_TERRAIN_PROFILE_CURVATURE},
                                 {"tangential-curvature", EG_TERRAIN_TANGENTIAL_CURVATURE},
                                 {"d8", EG_TERRAIN_D8},
                                 {"dinf", EG_TERRAIN_DINF},
                                 {"slope-error", EG_TERRAIN_SLOPE_ERROR},
                                 {"aspect-error", EG_TERRAIN_ASPECT_ERROR},
                                 {NULL, 0}};
static const eg_choice slope_units[] = {{"degrees", EG_SLOPE_DEGREES},
                                        {"percent", EG_SLOPE_PERCENT},
                                        {"ratio", EG_SLOPE_RATIO},
                                        {"radians", EG_SLOPE_RADIANS},
                                        {NULL, 0}};
static const eg_choice conventions[] = {
    {"compass", EG_ASPECT_COMPASS}, {"trigonometric", EG_ASPECT_TRIGONOMETRIC}, {NULL, 0}};
static const eg_choice shadings[] = {{"plain", EG_SHADING_PLAIN},
                                     {"combined", EG_SHADING_COMBINED},
                                     {"multidirectional", EG_SHADING_MULTIDIRECTIONAL},
                                     {"igor", EG_SHADING_IGOR},
                                     {NULL, 0}};
static const eg_choice ruggedness[] = {
    {"riley", EG_TRI_RILEY}, {"wilson", EG_TRI_WILSON}, {NULL, 0}};
static const eg_choice derivatives[] = {{"horn", EG_DERIVATIVE_HORN},
                                        {"zevenbergen-thorne", EG_DERIVATIVE_ZEVENBERGEN_THORNE},
                                        {NULL, 0}};
static const eg_choice borders[] = {
    {"nodata", EG_DEM_BORDER_NODATA}, {"extrapolate", EG_DEM_BORDER_EXTRAPOLATE}, {NULL, 0}};
const eg_choice eg_crs_choices[] = {{"unknown", EG_CRS_UNKNOWN},
                                    {"projected", EG_CRS_PROJECTED},
                                    {"geographic", EG_CRS_GEOGRAPHIC},
                                    {"web-mercator", EG_CRS_WEB_MERCATOR},
                                    {NULL, 0}};

#define OPTIONS eg_terrain_options
const eg_field eg_terrain_fields[] = {
    CHOICE("map", map, maps, "what the map shows"),
    CHOICE("unit", slope_unit, slope_units, "unit of the slope"),
    CHOICE("convention", aspect, conventions, "angles of the aspect"),
    REAL("flat", flat, 0, 0, "aspect of flat cells; nan: that of missing ones"),
    REAL("azimuth", azimuth, 0, 0, "direction of the light, degrees clockwise from north"),
    REAL("altitude", altitude, 0, 90, "degrees of the light above the horizon"),
    CHOICE("shading", shading, shadings, "kind of shaded relief"),
    CHOICE("tri-method", tri, ruggedness, "formula of the ruggedness index"),
    REAL("threshold", threshold, 0, 0, "slope from which cells are 1, in the unit of the slope"),
    REAL("nodata", nodata, 0, 0, "value of missing cells in floating-point maps"),
    END,
};
#undef OPTIONS

#define OPTIONS eg_ground_options
const eg_field eg_ground_fields[] = {
    CHOICE("derivative", derivative, derivatives, "neighbours of the derivatives"),
    CHOICE("border", border, borders, "cells without eight neighbours"),
    FLAG("compat-gdal", compat_gdal, "formulas and scales of gdaldem"),
    CHOICE("crs", crs, eg_crs_choices, "coordinate system of files that name none"),
    REAL("z-factor", z_factor, 0, 0, "factor of the elevations"),
    REAL("cell-x", cell_x, 0, 0, "width of a cell in metres; 0: from the file"),
    REAL("cell-y", cell_y, 0, 0, "height of a cell in metres; 0: from the file"),
    REAL("scale", scale, 0, 0, "elevation units per horizontal unit; 0: from the file"),
    REAL("vertical-error", vertical_error, 0, 0, "standard error of the elevations"),
    END,
};
#undef OPTIONS

#define OPTIONS eg_flux_options
const eg_field eg_flux_fields[] = {
    REAL("conductivity", conductivity, 0, 0, "factor k of the flux -k grad u"),
    CHOICE("crs", crs, eg_crs_choices, "coordinate system of files that name none"),
    REAL("cell-x", cell_x, 0, 0, "width of a cell in metres; 0: from the file, or none"),
    REAL("cell-y", cell_y, 0, 0, "height of a cell in metres; 0: from the file, or none"),
    END,
};
#undef OPTIONS

#define OPTIONS eg_streamline_options
const eg_field eg_streamline_fields[] = {
    REAL("separation", separation, 0, 0, "distance of streamlines in pixels"),
    REAL("test-ratio", test_ratio, 0.1, 1, "distance at which a line ends, of the separation"),
    REAL("shortest", shortest, 0, 0, "length below which a line is left out, of the separation"),
    SIZE("factor", factor, "pixels of a sample of the field; 1: as many samples as pixels"),
    SIZE("width", width, "width of the raster; 0: that of the field times the factor"),
    SIZE("height", height, "height of the raster; 0: that of the field times the factor"),
    END,
};
#undef OPTIONS

#define OPTIONS eg_flow_path_options
const eg_field eg_flow_path_fields[] = {
    FLAG("uphill", uphill, "steepest ascent instead of descent"),
    REAL("stride", stride, 0.001, 1, "longest step in cells"),
    SIZE("steps", steps, "most steps"),
    REAL("seconds", seconds, 0, 0, "time limit; 0: none"),
    REAL("level-slope", level_slope, 0, 0, "slope up to which ground counts as level"),
    END,
};
