/* SPDX-License-Identifier: MIT */
/* edgegrad gradient: computes gradient maps of images. */
#include <string.h>

#include "cli/commands.h"
#include "cli/raster/jet_map_options.h"
#include "cli/raster/terrain_maps.h"
#include "cli/support/json.h"

/* --map boundary, which is no eg_gradient_map */
enum { MAP_BOUNDARY = EG_MAP_COHERENCE + 1 };

typedef struct gradient_settings {
    operator_settings derivative;
    eg_boundary_options boundary;
} gradient_settings;

static const cli_option gradient_options[] = {
    {.name = "map",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, gradient.map),
     .metavar = "NAME",
     .help = "Quantity that each pixel of OUTPUT holds",
     .initial = "magnitude",
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
              "grey"},
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
     .help = "Gradient operator: the weights of the neighbouring pixels",
     .initial = "sobel3",
     .names = &map_operator_names},
    {.name = "sigma",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.sigma),
     .metavar = "PIXELS",
     .help = "Standard deviation of the Gaussian blur, in pixels. Larger values suppress noise and "
             "fine texture; 0 disables the blur. --op gaussian takes 0.5 or more, Gaussian "
             "derivatives 0.3 to 10",
     .initial = "0",
     .absent = "0; 1 with --op gaussian, gaussian-derivative and --map coherence; 2 with --map "
               "log, dog and hessian-...; chosen by the size of the image with --map boundary",
     .unit = "pixels",
     .min = 0,
     .max = 14},
    {.name = "depth",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, gradient.depth),
     .metavar = "BITS",
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
     .help =
         "Grey levels of an 8-bit OUTPUT per unit of the map, 257 times as many in 16 bits; x "
         "and y, and other maps with a sign, are centred on 128. Larger values give more contrast",
     .initial = "0",
     .absent = "0: magnitude 2, x, y and boundary 1, direction 256/360, dog 4, coherence 255, "
               "hessian-det sigma^4/4, other second derivatives 2 sigma^2",
     .min = 0,
     .max = 1e9},
    {.name = NULL},
};

static const cli_group gradient_group = {"Gradient", gradient_options, sizeof(gradient_settings)};

static eg_status compute_gradient(const raster_work *work, eg_source *source,
                                  eg_sink *const sinks[], raster_result *result, eg_error *error)
{
    const gradient_settings *own = work->opaque;
    (void)result;
    if ((int)own->derivative.gradient.map == MAP_BOUNDARY)
        return eg_boundary_strength(source, sinks[0], &own->boundary, NULL, error);
    return eg_gradient(source, sinks[0], &own->derivative.gradient, error);
}

static void print_json(const raster_work *work, const char *input, const raster_result *result)
{
    const gradient_settings *own = work->opaque;
    const eg_gradient_options *options = &own->derivative.gradient;
    const bool boundary = (int)options->map == MAP_BOUNDARY;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", input);
    json_text(&j, "output", work->outputs[0].path);
    json_count(&j, "width", result->info.width);
    json_count(&j, "height", result->info.height);
    json_text(&j, "operator", options->op);
    json_text(&j, "colour", operator_colour_name(options->op, &result->info));
    if (boundary)
        json_number(&j, "sigma", own->boundary.sigma);
    else
        json_number(&j, "sigma", options->sigma);
    json_number(&j, "seconds", result->seconds);
    json_close(&j, '}');
}

static void set_gradient_defaults(cli_settings *settings)
{
    gradient_settings *own = (gradient_settings *)settings;
    operator_set_defaults(&own->derivative);
    eg_boundary_default(&own->boundary);
}

/* Resolves --map boundary, which has an operator of its own. Returns an exit code, after its
 * message. */
static int resolve_map(const cli_args *args, gradient_settings *own)
{
    static const char *const others[] = {"aperture", "norm", "border", "border-value"};
    eg_gradient_options *gradient = &own->derivative.gradient;
    if ((int)gradient->map != MAP_BOUNDARY)
        return EXIT_DONE;
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

static int run_gradient(const cli_args *args, cli_settings *settings)
{
    gradient_settings *own = (gradient_settings *)settings;
    int code = resolve_map(args, own);
    if (code == EXIT_DONE)
        code = jet_maps_resolve(args, &own->derivative, MAP_BOUNDARY);
    if (code == EXIT_DONE)
        code = operator_resolve(args, &own->derivative);
    if (code == EXIT_DONE && (int)own->derivative.gradient.map != MAP_BOUNDARY)
        code = resolve_gaussian(args, &own->derivative.gradient);
    raster_work work = {.args = args,
                        .settings = settings,
                        .batch = &own->derivative.raster.batch,
                        .opaque = own,
                        .outputs = {{.name = "gradient", .extension = "png"}},
                        .count = 1,
                        .compute = compute_gradient,
                        .print_json = print_json};
    return code == EXIT_DONE ? raster_run(&work) : code;
}

const cli_command gradient_command = {
    .name = "gradient",
    .summary = "Compute gradient maps: magnitude, x, y, direction, second derivatives",
    .about = "Compute one map of the gradient of INPUT and write it to OUTPUT. Gradients are in "
             "intensity levels per pixel for every operator. x points right and y down, so "
             "directions turn clockwise as the image is seen.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups =
        (const cli_group *const[]){&gradient_group, &jet_map_group, &operator_group, &picture_group,
                                   &many_target_group, &many_group, &report_group, &input_group,
                                   &output_group, &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Show the gradient magnitude in shades of grey",
            "edgegrad gradient photo.jpg magnitude.png", "Write the x derivative in floating point",
            "edgegrad gradient --map x photo.png dx.pfm",
            "Write directions in 16 bits with the most isotropic operator",
            "edgegrad gradient --map direction --op scharr --depth 16 photo.png direction.png",
            "Show a dim image four times as bright",
            "edgegrad gradient --scale 8 dim.jpg magnitude.png",
            "Mark the zero crossings of the Laplacian of a Gaussian",
            "edgegrad gradient --map log --zero-crossings --sigma 2 photo.jpg crossings.png",
            "Show how strong the boundaries of objects are",
            "edgegrad gradient --map boundary photo.jpg boundaries.png", NULL},
    .settings_size = sizeof(gradient_settings),
    .set_defaults = set_gradient_defaults,
    .shared = true,
    .run = run_gradient,
};
