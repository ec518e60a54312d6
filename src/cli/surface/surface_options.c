/* SPDX-License-Identifier: MIT */
/* The options of edgegrad surface: points, analysis, plots, grids. */
#include "cli/support/plot_file.h"
#include "cli/surface/surface.h"

/* An option with a text; its help, and maybe its brief, come last. */
#define TEXT_ROW(option, target, value, ...)                                                       \
    {                                                                                              \
        .name = (option), .type = OPTION_TEXT, .offset = offsetof(surface_settings, target),       \
        .metavar = (value), .help = __VA_ARGS__                                                    \
    }

static const cli_option point_options[] = {
    TEXT_ROW(
        "at", at, "POINT",
        "Point: x=1,y=pi/4 in any order, or 1,pi/4 in the order x, y, z, t, then alphabetical, or "
        "in the order of f(y, x) = ... in EXPR; (1, 2), '1 2' and [1, 2] are read as well. "
        "Without it only the formulas of the derivatives are printed",
        .brief = {1, "Point, such as 1,2 or x=1,y=pi/4"}),
    {.name = "expr-file",
     .type = OPTION_INPUT,
     .offset = offsetof(surface_settings, expr_file),
     .metavar = "FILE",
     .help =
         "File with the formula, in place of EXPR; - is standard input, as an EXPR of - is. The "
         "formula may have several lines; # begins a comment"},
    {.name = "let",
     .type = OPTION_TEXTS,
     .offset = offsetof(surface_settings, constants),
     .metavar = "NAME=NUMBER",
     .help = "Constant in EXPR; may be repeated"},
    {.name = "with",
     .type = OPTION_TEXTS,
     .offset = offsetof(surface_settings, with),
     .metavar = "NAME=EXPR",
     .brief = {1, "Substitute a variable: 'x=cos(t)' (chain rule)"},
     .help =
         "Substitution of a variable of EXPR by a function, 'x=cos(t)': prints the chain rule with "
         "its tree; may be repeated, also for the variables of other substitutions. --at is then a "
         "point of the new variables"},
    {.name = NULL},
};

static const cli_option analysis_options[] = {
    TEXT_ROW("along", along, "DIRECTION",
             "Direction of a directional derivative, such as 3,4; its length does not matter",
             .brief = {1, "Directional derivative, such as along 3,4"}),
    TEXT_ROW("level", level, "C",
             "Level of the level set f = C, on which the point must lie: prints its tangent; with "
             "--implicit the level of the curve"),
    TEXT_ROW(
        "to", to, "POINT",
        "Another point: prints the linear approximation there, the true value, the error and a "
        "proven bound of the error"),
    TEXT_ROW("error", errors, "ERRORS",
             "Uncertainties of the coordinates, x=.1,y=.2: prints the resulting uncertainty of f"),
    TEXT_ROW("implicit", implicit, "NAME",
             "Variable to differentiate implicitly by the others on EXPR, an equation, or on f = 0 "
             "(f = C "
             "with --level C), on which the point must lie; without --at the formulas"),
    {.name = "lagrange",
     .type = OPTION_TEXTS,
     .offset = offsetof(surface_settings, lagrange),
     .metavar = "G",
     .help =
         "Constraint G = 0, or an equation such as 'x+y=10': prints the Lagrange multiplier and "
         "whether the point can be a constrained extremum of f; with --in all extrema in a box; "
         "may be "
         "repeated"},
    TEXT_ROW(
        "flux", flux, "K",
        "Conductivity: prints the flux, -K times the gradient, as of heat or diffusion. With a "
        "vector field of two components, a path like that of --work instead: prints the flux "
        "across it, to its right, which is outwards if it goes round anticlockwise"),
    TEXT_ROW("work", work, "PATH",
             "Path through a vector field, such as '(cos(t), sin(t)), t=0:2pi': prints the work, "
             "the line integral of F . dx along it, with proven digits"),
    {.name = "steps",
     .type = OPTION_FLAG,
     .offset = offsetof(surface_settings, steps),
     .brief = {1, "Show how the derivatives are found"},
     .help =
         "Print how the partial derivatives are found, rule by rule; with --at and --along also "
         "the slope as the limit of difference quotients"},
    {.name = "check",
     .type = OPTION_FLAG,
     .offset = offsetof(surface_settings, check),
     .help = "Compare the gradient with central differences"},
    {.name = "digits",
     .type = OPTION_WHOLE,
     .offset = offsetof(surface_settings, digits),
     .metavar = "N",
     .help = "Significant digits of printed numbers; every digit is proven",
     .initial = "7",
     .min = 1,
     .max = EG_REAL_DIGITS},
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = offsetof(surface_settings, common.json),
     .help = "Print a JSON object, with numbers of 20 digits or more"},
    {.name = NULL},
};

static const cli_option grid_options[] = {
    TEXT_ROW("grid", grid, "RANGES",
             "Grid of points x=-2:2:200,y=-2:2:200 (first:last:count): writes a table of value and "
             "gradient instead of a report",
             .brief = {1, "Table of values and gradients at grid points"}),
    TEXT_ROW("table", table, "RANGES",
             "Values of the variables x=0:1:0.1,y=2:3:1/2 (first:last:step): writes a table of "
             "value and derivatives as CSV, with digits proven as in the report (--digits)"),
    {.name = "output",
     .letter = 'o',
     .type = OPTION_FILE,
     .offset = offsetof(surface_settings, output),
     .metavar = "FILE",
     .help =
         "Output of --grid: CSV, or a raster (.pfm, .tif) with the partial derivatives in files "
         "beside it: f.pfm, f-dx.pfm, f-dy.pfm. The first row is the first y. Also of --table, "
         "--latex, --python and --c, and of the lines of a curve of --roots (.geojson, .csv, .svg, "
         ".dxf)",
     .absent = "standard output; of --grid as CSV"},
    {.name = "field",
     .type = OPTION_FILE,
     .offset = offsetof(surface_settings, field),
     .metavar = "RASTER",
     .help = "Raster to analyse instead of EXPR: value and gradient at the pixel --at x,y, "
             "interpolated "
             "by cubic convolution; x points right, y down, the first pixel's centre is 0,0"},
    {.name = NULL},
};

static const cli_option plot_options[] = {
    {.name = "plot",
     .type = OPTION_FILE,
     .offset = offsetof(surface_settings, plot),
     .metavar = "FILE",
     .brief = {1, "Draw level curves and gradients: .png, .svg, .pdf"},
     .help =
         "Plot of level curves and gradients, a .png, .svg or .pdf file. It marks the point, its "
         "level curve and tangent, its gradient, --along and the constraint of --lagrange. For a "
         "function of one variable it shows the graph, with the point and its tangent"},
    TEXT_ROW("axes", axes, "X,Y",
             "The two variables of --plot and --view; the others keep their value at the point "
             "(default: the "
             "first two)"),
    TEXT_ROW(
        "range", range, "X0,X1,Y0,Y1",
        "Ranges of the axes of --plot and --view; X0,X1 chooses the other one (default: around "
        "the point)"),
    {.name = "arrows",
     .type = OPTION_CHOICE,
     .offset = offsetof(surface_settings, arrows),
     .metavar = "NAME",
     .help = "Arrows of --plot",
     .absent = "flux with --flux, else gradient",
     .choices =
         (const cli_choice[]){
             {"gradient", ARROWS_GRADIENT, "The gradient, which points uphill"},
             {"descent", ARROWS_DESCENT, "Its negative, the force of the potential f"},
             {"flux", ARROWS_FLUX, "-K times the gradient, with K of --flux"},
             {"none", ARROWS_NONE, "No arrows"},
             {NULL, 0, NULL}}},
    {.name = "draw-derivative",
     .type = OPTION_FLAG,
     .offset = offsetof(surface_settings, derivative),
     .help = "Draw the derivative of a function of one variable too, as a dashed curve in --plot"},
    OVERWRITE_OPTION,
    NO_SYNC_OPTION,
    {.name = NULL},
};

const cli_group surface_point_group = {"Point", point_options, sizeof(surface_settings)};
const cli_group surface_analysis_group = {"Analysis", analysis_options, sizeof(surface_settings)};
const cli_group surface_plot_group = {"Plot", plot_options, sizeof(surface_settings)};
const cli_group surface_text_group = {"Code and formulas", surface_text_options,
                                      sizeof(surface_settings)};
const cli_group surface_grid_group = {"Grid and raster", grid_options, sizeof(surface_settings)};
