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
     .absent = "1.6, close to the Laplacian of a Gaussian",
     .min = 1.1,
     .max = 10},
    {.name = "integration",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.integration_sigma),
     .metavar = "PIXELS",
     .help = "With --map coherence: standard deviation of the Gaussian over which gradients are "
             "compared. Larger values look at larger regions",
     .absent = "2 times --sigma, at most 128",
     .unit = "pixels",
     .min = 0.3,
     .max = 128},
    {.name = NULL},
};

const cli_group jet_map_group = {"Second derivatives and coherence", jet_map_options,
                                 sizeof(operator_settings)};

/* The maps of one run, by kind. */
typedef struct map_kinds {
    const char *jet, *first; /* names of the first map without an operator, and of one with */
    bool magnitude, crossing, dog, coherence, second; /* second: dog and second derivatives */
    bool boundary;
} map_kinds;

static map_kinds find_kinds(const cli_maps *maps, int boundary)
{
    map_kinds kinds = {0};
    for (size_t i = 0; i < maps->count; i++) {
        const int map = maps->map[i].choice->value;
        const char **name = map >= EG_MAP_LAPLACIAN ? &kinds.jet : &kinds.first;
        if (map == boundary) {
            kinds.boundary = true;
            continue;
        }
        if (!*name)
            *name = maps->map[i].choice->name;
        kinds.magnitude |= map == EG_MAP_MAGNITUDE;
        kinds.crossing |= map >= EG_MAP_LAPLACIAN && map <= EG_MAP_DOG;
        kinds.dog |= map == EG_MAP_DOG;
        kinds.coherence |= map == EG_MAP_COHERENCE;
        kinds.second |= map > EG_MAP_LAPLACIAN && map != EG_MAP_COHERENCE;
    }
    return kinds;
}

/* Refuses options that belong to another map. */
static int check_own_options(const cli_args *args, const eg_gradient_options *options,
                             const map_kinds *kinds)
{
    if (options->zero_crossings && !kinds->crossing)
        return usage_error(args->command, "--zero-crossings needs --map laplacian, log or dog");
    if (option_given(args, "slope") && !options->zero_crossings)
        return usage_error(args->command, "--slope needs --zero-crossings");
    if (option_given(args, "ratio") && !kinds->dog)
        return usage_error(args->command, "--ratio needs --map dog");
    if (option_given(args, "integration") && !kinds->coherence)
        return usage_error(args->command, "--integration needs --map coherence");
    for (size_t i = 0; options->zero_crossings && i < 2; i++)
        if (option_given(args, i ? "scale" : "depth"))
            return usage_error(args->command, "--zero-crossings and --%s cannot be used together",
                               i ? "scale" : "depth");
    return EXIT_DONE;
}

static int check_thin(const cli_args *args, const eg_gradient_options *options,
                      const map_kinds *kinds)
{
    if (!options->thin || kinds->boundary)
        return EXIT_DONE;
    if (!kinds->magnitude)
        return usage_error(args->command, "--thin needs --map magnitude or boundary");
    if (strcmp(options->op, OPERATOR_GAUSSIAN) == 0)
        return usage_error(args->command, "--thin and --op gaussian cannot be used together: "
                                          "--map boundary, or --op gaussian-derivative");
    return EXIT_DONE;
}

/* Refuses options of operators beside a map that has none. */
static int check_operator(const cli_args *args, const operator_settings *settings,
                          const map_kinds *kinds)
{
    static const char *const others[] = {"aperture", "norm"};
    const char *map = kinds->jet, *op = settings->gradient.op;
    const bool derivative = strcmp(op, OPERATOR_GAUSSIAN_DERIVATIVE) == 0;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(args, others[i]) && !(i == 1 && kinds->magnitude))
            return usage_error(args->command, "--map %s and --%s cannot be used together", map,
                               others[i]);
    if (option_given(args, "op") && !derivative)
        return usage_error(args->command, "--map %s and --op %s cannot be used together", map, op);
    if (kinds->first && !derivative)
        return usage_error(args->command,
                           "--map %s and --map %s together need --op gaussian-derivative",
                           kinds->first, map);
    if (settings->colour == COLOUR_OPPONENT || settings->colour == COLOUR_MAX)
        return usage_error(args->command, "--map %s is computed of grey: --colour grey", map);
    return EXIT_DONE;
}

/* Sets the default of --sigma, and refuses one that is out of range. */
static int resolve_sigma(const cli_args *args, eg_gradient_options *options, const map_kinds *kinds)
{
    const bool laplacian = kinds->jet && !kinds->second && !kinds->coherence && !kinds->first;
    const bool any = laplacian || strcmp(options->op, OPERATOR_FARID) == 0;
    if (!option_given(args, "sigma"))
        options->sigma = any ? 0 : kinds->second ? 2 : 1;
    if (!(options->sigma >= 0.3 && options->sigma <= 128) && !(any && options->sigma <= 0))
        return usage_error(args->command, "--sigma of Gaussian derivatives is 0.3 to 128 pixels%s",
                           any ? ", or 0" : "");
    return EXIT_DONE;
}

int jet_maps_resolve(const cli_args *args, operator_settings *settings, const cli_maps *maps,
                     int boundary)
{
    eg_gradient_options *options = &settings->gradient;
    const map_kinds kinds = find_kinds(maps, boundary);
    int code = check_own_options(args, options, &kinds);
    if (code == EXIT_DONE)
        code = check_thin(args, options, &kinds);
    if (code == EXIT_DONE && kinds.jet)
        code = check_operator(args, settings, &kinds);
    if (code != EXIT_DONE || kinds.boundary)
        return code;
    if (kinds.jet)
        options->op = OPERATOR_GAUSSIAN_DERIVATIVE;
    return strcmp(options->op, OPERATOR_GAUSSIAN_DERIVATIVE) == 0 ||
                   strcmp(options->op, OPERATOR_FARID) == 0
               ? resolve_sigma(args, options, &kinds)
               : EXIT_DONE;
}
