/* SPDX-License-Identifier: MIT */
/* Options of the maps of Gaussian derivatives. */
#include <string.h>

#include "cli/raster/jet_map_options.h"

static const cli_option jet_map_options[] = {
    {.name = "zero-crossings",
     .type = OPTION_FLAG,
     .offset = offsetof(operator_settings, gradient.zero_crossings),
     .help = "With --map laplacian, log or dog: white where the map changes its sign, one pixel "
             "wide, else black"},
    {.name = "slope",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.slope),
     .metavar = "T",
     .help = "With --zero-crossings: least difference of the map between the two pixels of a zero "
             "crossing. Larger values keep only those of stronger edges",
     .initial = "0",
     .absent = "0: that of a step of 4 % of white",
     .min = 0,
     .max = 1e30},
    {.name = "ratio",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.dog_ratio),
     .metavar = "R",
     .help = "With --map dog: ratio of the sigmas of the two Gaussians",
     .initial = "0",
     .absent = "1.6, close to the Laplacian of a Gaussian",
     .min = 1.1,
     .max = 10},
    {.name = "integration",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.integration_sigma),
     .metavar = "PIXELS",
     .help = "With --map coherence: standard deviation of the Gaussian over which gradients are "
             "compared. Larger values look at larger regions",
     .initial = "0",
     .absent = "2 times --sigma, at most 10",
     .unit = "pixels",
     .min = 0.3,
     .max = 10},
    {.name = NULL},
};

const cli_group jet_map_group = {"Second derivatives and coherence", jet_map_options,
                                 sizeof(operator_settings)};

/* Returns the name of a map of Gaussian derivatives. */
static const char *jet_map_name(eg_gradient_map map)
{
    static const char *const names[] = {[EG_MAP_LAPLACIAN] = "laplacian",
                                        [EG_MAP_LOG] = "log",
                                        [EG_MAP_DOG] = "dog",
                                        [EG_MAP_HESSIAN_DET] = "hessian-det",
                                        [EG_MAP_HESSIAN_MAX] = "hessian-max",
                                        [EG_MAP_HESSIAN_MIN] = "hessian-min",
                                        [EG_MAP_COHERENCE] = "coherence"};
    return names[map];
}

/* Refuses options that belong to another map. */
static int check_own_options(const cli_args *args, const eg_gradient_options *options, bool jet)
{
    const eg_gradient_map map = options->map;
    if (options->zero_crossings && !(jet && map <= EG_MAP_DOG))
        return usage_error(args->command, "--zero-crossings needs --map laplacian, log or dog");
    if (option_given(args, "slope") && !options->zero_crossings)
        return usage_error(args->command, "--slope needs --zero-crossings");
    if (option_given(args, "ratio") && map != EG_MAP_DOG)
        return usage_error(args->command, "--ratio needs --map dog");
    if (option_given(args, "integration") && map != EG_MAP_COHERENCE)
        return usage_error(args->command, "--integration needs --map coherence");
    for (size_t i = 0; options->zero_crossings && i < 2; i++)
        if (option_given(args, i ? "scale" : "depth"))
            return usage_error(args->command, "--zero-crossings and --%s cannot be used together",
                               i ? "scale" : "depth");
    return EXIT_DONE;
}

static int check_thin(const cli_args *args, const eg_gradient_options *options)
{
    if (!options->thin)
        return EXIT_DONE;
    if (options->map != EG_MAP_MAGNITUDE)
        return usage_error(args->command, "--thin needs --map magnitude or boundary");
    if (strcmp(options->op, OPERATOR_GAUSSIAN) == 0)
        return usage_error(args->command, "--thin and --op gaussian cannot be used together: "
                                          "--map boundary, or --op gaussian-derivative");
    return EXIT_DONE;
}

/* Refuses options of operators beside a map that has none. */
static int check_operator(const cli_args *args, const operator_settings *settings)
{
    static const char *const others[] = {"aperture", "norm"};
    const char *map = jet_map_name(settings->gradient.map), *op = settings->gradient.op;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(args, others[i]))
            return usage_error(args->command, "--map %s and --%s cannot be used together", map,
                               others[i]);
    if (option_given(args, "op") && strcmp(op, OPERATOR_GAUSSIAN_DERIVATIVE) != 0)
        return usage_error(args->command, "--map %s and --op %s cannot be used together", map, op);
    if (settings->colour == COLOUR_OPPONENT || settings->colour == COLOUR_MAX)
        return usage_error(args->command, "--map %s is computed of grey: --colour grey", map);
    return EXIT_DONE;
}

/* Sets the default of --sigma, and refuses one that is out of range. */
static int resolve_sigma(const cli_args *args, eg_gradient_options *options)
{
    const bool any = options->map == EG_MAP_LAPLACIAN || strcmp(options->op, OPERATOR_FARID) == 0;
    if (!option_given(args, "sigma"))
        options->sigma = any                                                                   ? 0
                         : options->map > EG_MAP_LAPLACIAN && options->map != EG_MAP_COHERENCE ? 2
                                                                                               : 1;
    if (!(options->sigma >= 0.3 && options->sigma <= 10) && !(any && options->sigma <= 0))
        return usage_error(args->command, "--sigma of Gaussian derivatives is 0.3 to 10 pixels%s",
                           any ? ", or 0" : "");
    return EXIT_DONE;
}

int jet_maps_resolve(const cli_args *args, operator_settings *settings, int boundary)
{
    eg_gradient_options *options = &settings->gradient;
    const bool is_boundary = (int)options->map == boundary;
    const bool jet = options->map >= EG_MAP_LAPLACIAN && !is_boundary;
    int code = check_own_options(args, options, jet);
    if (code == EXIT_DONE && jet)
        code = check_operator(args, settings);
    if (code != EXIT_DONE || is_boundary)
        return code;
    code = check_thin(args, options);
    if (code != EXIT_DONE)
        return code;
    if (jet)
        options->op = OPERATOR_GAUSSIAN_DERIVATIVE;
    return strcmp(options->op, OPERATOR_GAUSSIAN_DERIVATIVE) == 0 ||
                   strcmp(options->op, OPERATOR_FARID) == 0
               ? resolve_sigma(args, options)
               : EXIT_DONE;
}
