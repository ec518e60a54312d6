/* SPDX-License-Identifier: MIT */
/* Options of the command gradient, and what they mean together. */
#include <string.h>

#include "cli/raster/gradient_options.h"

static const cli_option gradient_options[] = {
    {.name = "map",
     .type = OPTION_MAPS,
     .offset = offsetof(gradient_settings, maps),
     .metavar = "NAME[=FILE]",
     .brief = {1, "magnitude, x, y, direction, laplacian, log ..."},
     .help = "Quantity that each pixel of OUTPUT holds. NAME=FILE, given once or several times, "
             "computes several maps in one pass, each to its own file (or folder); there is no "
             "OUTPUT then, and no file appears before all maps are computed",
     .absent = "magnitude",
     .choices =
         (const cli_choice[]){
             {"magnitude", EG_MAP_MAGNITUDE,
              "Length of the gradient, in intensity levels per pixel"},
             {"x", EG_MAP_X,
              "Derivative to the right: positive if the image gets brighter to the right"},
             {"y", EG_MAP_Y, "Derivative downwards: positive if the image gets brighter downwards"},
             {"direction", EG_MAP_DIRECTION,
              "Direction towards the brighter side, in degrees: 0 right, 90 down; 0 if the "
              "gradient is 0; 0 to 180 with --op gaussian"},
             {"laplacian", EG_MAP_LAPLACIAN,
              "Sum of the second differences along x and y, in levels per pixel squared: negative "
              "where the image is brighter than around"},
             {"log", EG_MAP_LOG, "Laplacian of a Gaussian of --sigma, likewise"},
             {"dog", EG_MAP_DOG,
              "Difference of Gaussians of --ratio times --sigma and of --sigma, in levels"},
             {"hessian-det", EG_MAP_HESSIAN_DET,
              "Determinant of the Hessian of Gaussian derivatives: positive in blobs, negative in "
              "saddles"},
             {"hessian-max", EG_MAP_HESSIAN_MAX,
              "Larger eigenvalue of the Hessian: large across dark lines (valleys)"},
             {"hessian-min", EG_MAP_HESSIAN_MIN,
              "Smaller eigenvalue of the Hessian: very negative across bright lines (ridges)"},
             {"coherence", EG_MAP_COHERENCE,
              "Share of one direction in the gradients around, 0 to 1, see --integration"},
             {"boundary", MAP_BOUNDARY,
              "Strength of the boundaries of edges --method boundary, in colour unless --colour "
              "grey; without other maps"},
             {NULL, 0, NULL}}},
    {.name = "thin",
     .type = OPTION_FLAG,
     .offset = offsetof(operator_settings, gradient.thin),
     .help = "With --map magnitude or boundary: 0 except at local maxima along the gradient, one "
             "pixel wide"},
    {.name = "op",
     .type = OPTION_NAME,
     .offset = offsetof(operator_settings, gradient.op),
     .metavar = "NAME",
     .brief = {1, "Operator: sobel3, scharr, central, gaussian ..."},
     .help = "Gradient operator: the weights of the neighbouring pixels",
     .initial = "sobel3",
     .names = &map_operator_names},
    {.name = "sigma",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.sigma),
     .metavar = "PIXELS",
     .brief = {1, "Blur in pixels before the derivative"},
     .help = "Standard deviation of the Gaussian blur, in pixels. Larger values suppress noise and "
             "fine texture; 0 disables the blur. --op gaussian takes 0.5 to 16, Gaussian "
             "derivatives 0.3 to 128, other operators up to 14",
     .initial = "0",
     .absent = "0; 1 with --op gaussian, gaussian-derivative and --map coherence; 2 with --map "
               "log, dog and hessian-...; chosen by the size of the image with --map boundary",
     .unit = "pixels",
     .min = 0,
     .max = 128},
    {.name = "depth",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, gradient.depth),
     .metavar = "BITS",
     .brief = {1, "Bits per pixel of OUTPUT: 8, 16 or 32 (float)"},
     .help = "Bits per pixel of OUTPUT",
     .initial = "auto",
     .choices =
         (const cli_choice[]){{"auto", 0, "32 if the format supports it (TIFF, PFM), else 8"},
                              {"8", 8, "Integers, see --scale"},
                              {"16", 16, "Integers, 257 times finer"},
                              {"32", 32, "Floating point, in the unit of the map"},
                              {NULL, 0, NULL}}},
    {.name = "scale",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.scale),
     .metavar = "S",
     .help = "Grey levels of an 8-bit OUTPUT per unit of the map, 257 times as many in 16 bits; x "
             "and y, and other maps with a sign, are centred on 128. Larger values give more "
             "contrast",
     .initial = "0",
     .absent = "0: magnitude 2, x, y and boundary 1, direction 256/360, dog 4, coherence 255, "
               "hessian-det sigma^4/4, other second derivatives 2 sigma^2",
     .min = 0,
     .max = 1e9},
    {.name = "normalize",
     .type = OPTION_CHOICE,
     .offset = offsetof(gradient_settings, normalize),
     .metavar = "NAME",
     .brief = {1, "Fill the range of grey levels: max or percentile"},
     .help = "Choose --scale from the image so that the map fills the range of 8 (--depth auto) or "
             "16 bits. INPUT is read twice; an image from a pipe is kept in memory. Not for "
             "directions. --json and --report print the scale",
     .choices =
         (const cli_choice[]){
             {"max", NORMALIZE_MAX, "The largest absolute value is the end of the range"},
             {"percentile", NORMALIZE_PERCENTILE,
              "The absolute value that 99.5 % of the pixels do not exceed, to 0.4 %, is; larger "
              "ones are cut off"},
             {NULL, 0, NULL}}},
    {.name = "colourize",
     .type = OPTION_CHOICE,
     .offset = offsetof(gradient_settings, colourize),
     .metavar = "NAME",
     .brief = {1, "Directions as colours"},
     .help = "With --map magnitude: a map in colours, of 8 bits each (PNG, JPEG, TIFF, PPM, PAM)",
     .initial = "none",
     .choices =
         (const cli_choice[]){
             {"none", EG_COLOURIZE_NONE, "Shades of grey"},
             {"direction", EG_COLOURIZE_DIRECTION,
              "Hue: direction towards the brighter side: right red, down yellow-green, left cyan, "
              "up "
              "violet. With --op gaussian, whose gradient has no sign: red across vertical edges, "
              "cyan across horizontal ones. Brightness: the magnitude, see --scale"},
             {NULL, 0, NULL}}},
    {.name = NULL},
};

const cli_group gradient_group = {"Gradient", gradient_options, sizeof(gradient_settings)};

bool gradient_names_outputs(const cli_settings *settings)
{
    const cli_maps *maps = &((const gradient_settings *)settings)->maps;
    return maps->count > 0 && maps->map[0].path;
}

bool gradient_is_boundary(const gradient_settings *settings)
{
    return settings->maps.map[0].choice->value == MAP_BOUNDARY;
}

/* Returns the name of a map that has a value, or NULL. */
static const char *find_map(const cli_maps *maps, int value)
{
    for (size_t i = 0; i < maps->count; i++)
        if (maps->map[i].choice->value == value)
            return maps->map[i].choice->name;
    return NULL;
}

/* Checks the maps against each other and the operand OUTPUT. Returns an exit code, after its
 * message. */
static int check_maps(const cli_args *args, gradient_settings *own)
{
    cli_maps *maps = &own->maps;
    if (maps->count == 0)
        maps->map[maps->count++].choice = &gradient_options->choices[0];
    if (maps->count > 1 && find_map(maps, MAP_BOUNDARY))
        return usage_error(args->command, "--map boundary has no other map beside it, because its "
                                          "gradient is another: compute it on its own");
    if (maps->map[0].path && option_given(args, "output"))
        return usage_error(args->command, "-o and --map NAME=FILE cannot be used together: maps "
                                          "with files have no OUTPUT");
    return EXIT_DONE;
}

/* Resolves --map boundary, which has an operator of its own. Returns an exit code, after its
 * message. */
static int resolve_boundary(const cli_args *args, gradient_settings *own)
{
    static const char *const others[] = {"aperture", "norm", "border", "border-value"};
    eg_gradient_options *gradient = &own->derivative.gradient;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(args, others[i]))
            return usage_error(args->command, "--map boundary and --%s cannot be used together",
                               others[i]);
    if (option_given(args, "op") && strcmp(gradient->op, OPERATOR_GAUSSIAN) != 0)
        return usage_error(args->command, "--map boundary needs --op gaussian, not %s",
                           gradient->op);
    gradient->op = OPERATOR_GAUSSIAN;
    own->boundary.thin = gradient->thin;
    own->boundary.depth = gradient->depth;
    own->boundary.scale = gradient->scale;
    if (option_given(args, "sigma"))
        own->boundary.sigma = gradient->sigma;
    return EXIT_DONE;
}

/* Sets the default of --sigma for the operator gaussian, and refuses options that it does not have.
 * Returns an exit code, after its message. */
static int resolve_gaussian(const cli_args *args, eg_gradient_options *options)
{
    if (strcmp(options->op, OPERATOR_GAUSSIAN) != 0)
        return EXIT_DONE;
    if (option_given(args, "norm"))
        return usage_error(args->command, "--op gaussian and --norm cannot be used together");
    if (!option_given(args, "sigma"))
        options->sigma = 1;
    else if (options->sigma <= 0)
        return usage_error(args->command, "--op gaussian and --sigma 0 cannot be used together");
    return EXIT_DONE;
}

/* Resolves --colourize. Returns an exit code, after its message. */
static int resolve_colours(const cli_args *args, gradient_settings *own)
{
    eg_gradient_options *gradient = &own->derivative.gradient;
    if (!own->colourize)
        return EXIT_DONE;
    for (size_t i = 0; i < own->maps.count; i++)
        if (own->maps.map[i].choice->value != EG_MAP_MAGNITUDE)
            return usage_error(args->command, "--colourize needs --map magnitude, not %s",
                               own->maps.map[i].choice->name);
    if (gradient->depth > 8)
        return usage_error(args->command, "--colourize and --depth %d cannot be used together",
                           gradient->depth);
    if (gradient->thin)
        return usage_error(args->command, "--colourize and --thin cannot be used together");
    if (strcmp(gradient->op, OPERATOR_GAUSSIAN_DERIVATIVE) == 0 ||
        strcmp(gradient->op, OPERATOR_FARID) == 0)
        return usage_error(args->command, "--colourize and --op %s cannot be used together",
                           gradient->op);
    gradient->colourize = EG_COLOURIZE_DIRECTION;
    return EXIT_DONE;
}

/* Resolves --normalize. Returns an exit code, after its message. */
static int resolve_scale(const cli_args *args, gradient_settings *own)
{
    eg_gradient_options *gradient = &own->derivative.gradient;
    if (!own->normalize)
        return EXIT_DONE;
    if (option_given(args, "scale"))
        return usage_error(args->command, "--normalize and --scale cannot be used together");
    if (gradient->depth == 32)
        return usage_error(args->command, "--normalize and --depth 32 cannot be used together: "
                                          "floats have the unit of the map");
    if (gradient->zero_crossings)
        return usage_error(args->command,
                           "--normalize and --zero-crossings cannot be used together");
    if (find_map(&own->maps, EG_MAP_COHERENCE))
        return usage_error(args->command, "--normalize and --map coherence cannot be used "
                                          "together: 0 to 1 always fill the range");
    if (find_map(&own->maps, EG_MAP_DIRECTION))
        return usage_error(args->command, "--normalize and --map direction cannot be used "
                                          "together: 360 degrees always fill the range");
    if (gradient->depth == 0)
        gradient->depth = 8;
    return EXIT_DONE;
}

int gradient_resolve(const cli_args *args, gradient_settings *own)
{
    int code = check_maps(args, own);
    if (code == EXIT_DONE)
        code = resolve_scale(args, own);
    if (code == EXIT_DONE)
        code = resolve_colours(args, own);
    if (code == EXIT_DONE && gradient_is_boundary(own))
        code = resolve_boundary(args, own);
    if (code == EXIT_DONE)
        code = jet_maps_resolve(args, &own->derivative, &own->maps, MAP_BOUNDARY);
    if (code == EXIT_DONE)
        code = operator_resolve(args, &own->derivative);
    if (code == EXIT_DONE && !gradient_is_boundary(own))
        code = resolve_gaussian(args, &own->derivative.gradient);
    return code;
}
