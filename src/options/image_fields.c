/* SPDX-License-Identifier: MIT */
/* Options of edges, their lines, gradient maps and contour lines by name. */
#include "options/fields.h"

const eg_choice eg_border_choices[] = {{"replicate", EG_BORDER_REPLICATE},
                                       {"reflect", EG_BORDER_REFLECT},
                                       {"constant", EG_BORDER_CONSTANT},
                                       {NULL, 0}};
const eg_choice eg_norm_choices[] = {{"l2", EG_NORM_L2}, {"l1", EG_NORM_L1}, {NULL, 0}};

/* ---- edges ---- */

static const eg_choice methods[] = {{"canny", EG_EDGE_CANNY},
                                    {"boundary", EG_EDGE_BOUNDARY},
                                    {"ridge", EG_EDGE_RIDGE},
                                    {"threshold", EG_EDGE_THRESHOLD},
                                    {NULL, 0}};
static const eg_choice rules[] = {
    {"outline", EG_AUTO_OUTLINE}, {"otsu", EG_AUTO_OTSU}, {"median", EG_AUTO_MEDIAN}, {NULL, 0}};
static const eg_choice suppressions[] = {{"auto", EG_NMS_AUTO},
                                         {"interpolated", EG_NMS_INTERPOLATED},
                                         {"sectors", EG_NMS_SECTORS},
                                         {NULL, 0}};
static const eg_choice units[] = {{"response", EG_UNIT_RESPONSE},
                                  {"pixel", EG_UNIT_PIXEL},
                                  {"sigma", EG_UNIT_SIGMA},
                                  {"percent", EG_UNIT_PERCENT},
                                  {NULL, 0}};
static const eg_choice ridges[] = {
    {"both", EG_RIDGES_BOTH}, {"bright", EG_RIDGES_BRIGHT}, {"dark", EG_RIDGES_DARK}, {NULL, 0}};
static const eg_choice paints[] = {{"mask", EG_PAINT_MASK},
                                   {"overlay", EG_PAINT_OVERLAY},
                                   {"direction", EG_PAINT_DIRECTION},
                                   {NULL, 0}};

#define OPTIONS eg_edges_options
const eg_field eg_edges_fields[] = {
    CHOICE("method", method, methods, "what is marked"),
    TEXT("op", op, "gradient operator: gaussian, or a name of eg_operator_name()"),
    REAL("sigma", sigma, 0, 1024, "standard deviation of the Gaussian in pixels"),
    REAL("sigma-percent", sigma_percent, 0, 100, "the same in percent of the diagonal"),
    CHOICE("border", border, eg_border_choices, "pixels outside the image"),
    REAL("border-value", border_value, 0, 0, "their value with the border constant, in levels"),
    CHOICE("norm", norm, eg_norm_choices, "length of the gradient"),
    CHOICE("nms", nms, suppressions, "neighbours of non-maximum suppression"),
    REAL("low", low, 0, 0, "low threshold of the hysteresis, in `unit`"),
    REAL("high", high, 0, 0, "high threshold, in `unit`"),
    CHOICE("unit", unit, units, "unit of low and high"),
    CHOICE("auto", rule, rules, "rule of automatic thresholds"),
    REAL("density", density, 0, 100, "percent of the pixels to mark, instead of thresholds"),
    CHOICE("ridges", ridges, ridges, "which lines the method ridge marks"),
    CHOICE("paint", style.paint, paints, "contents of the image of edges"),
    FLAG("invert", style.invert, "black edges on white"),
    INT("thickness", style.thickness, 1, 31, "width of edges in pixels"),
    {"colour", EG_FIELD_COLOUR, offsetof(OPTIONS, style.colour), 0, 0, NULL,
     "colour of edges over an image"},
    END,
};
#undef OPTIONS

#define OPTIONS eg_edge_lines_options
const eg_field eg_edge_lines_fields[] = {
    REAL("min-length", min_length, 0, 1e9, "shorter lines are left out, in pixels"),
    REAL("min-length-percent", min_length_percent, 0, 1e6, "the same in percent of the diagonal"),
    REAL("simplify", simplify, 0, 1e6, "tolerance of the simpler line in pixels"),
    REAL("smooth", smooth, 0, 1000, "standard deviation of the smoothing along lines in pixels"),
    END,
};
#undef OPTIONS

/* ---- gradient maps ---- */

static const eg_choice maps[] = {{"magnitude", EG_MAP_MAGNITUDE},
                                 {"x", EG_MAP_X},
                                 {"y", EG_MAP_Y},
                                 {"direction", EG_MAP_DIRECTION},
                                 {"laplacian", EG_MAP_LAPLACIAN},
                                 {"log", EG_MAP_LOG},
                                 {"dog", EG_MAP_DOG},
                                 {"hessian-det", EG_MAP_HESSIAN_DET},
                                 {"hessian-max", EG_MAP_HESSIAN_MAX},
                                 {"hessian-min", EG_MAP_HESSIAN_MIN},
                                 {"coherence", EG_MAP_COHERENCE},
                                 {NULL, 0}};
static const eg_choice colourings[] = {
    {"none", EG_COLOURIZE_NONE}, {"direction", EG_COLOURIZE_DIRECTION}, {NULL, 0}};

#define OPTIONS eg_gradient_options
const eg_field eg_gradient_fields[] = {
    CHOICE("map", map, maps, "what the map shows"),
    TEXT("op", op, "operator: gaussian, gaussian-derivative, farid, or one of eg_operator_name()"),
    REAL("sigma", sigma, 0, 128, "standard deviation of the Gaussian in pixels"),
    CHOICE("border", border, eg_border_choices, "pixels outside the image"),
    REAL("border-value", border_value, 0, 0, "their value with the border constant, in levels"),
    CHOICE("norm", norm, eg_norm_choices, "length of the gradient"),
    CHOICE("colourize", colourize, colourings, "colours of the map"),
    INT("depth", depth, 0, 32, "bits of a sample: 8, 16 or 32; 0: chosen by the sink"),
    REAL("scale", scale, 0, 0, "steps of integer maps per unit; 0: chosen by the map"),
    FLAG("thin", thin, "0 except at local maxima along the gradient"),
    FLAG("zero-crossings", zero_crossings, "where the map changes its sign"),
    REAL("slope", slope, 0, 0, "least difference at a zero crossing, in the unit of the map"),
    REAL("ratio", dog_ratio, 0, 10, "ratio of the sigmas of a difference of Gaussians; 0: 1.6"),
    REAL("integration", integration_sigma, 0, 128, "sigma of the coherence's average in pixels"),
    END,
};
#undef OPTIONS

#define OPTIONS eg_contour_options
const eg_field eg_contour_fields[] = {
    REAL("interval", interval, 0, 0, "difference between levels, in the unit of the raster"),
    REAL("base", base, 0, 0, "level from which the interval is counted"),
    END,
};
#undef OPTIONS

#define OPTIONS eg_boundary_options
const eg_field eg_boundary_fields[] = {
    REAL("sigma", sigma, 0, 1024, "standard deviation in pixels; nan: chosen by the size"),
    REAL("sigma-percent", sigma_percent, 0, 100, "the same in percent of the diagonal"),
    FLAG("thin", thin, "0 except at local maxima across the boundaries"),
    INT("depth", depth, 0, 32, "bits of a sample: 8, 16 or 32; 0: chosen by the sink"),
    REAL("scale", scale, 0, 0, "steps of integer maps per unit; 0: 1"),
    END,
};
