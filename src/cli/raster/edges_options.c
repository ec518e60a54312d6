/* SPDX-License-Identifier: MIT */
/* Options of the command edges, and what they mean together. */
#include <math.h>
#include <string.h>

#include "cli/raster/edges_options.h"

static const cli_choice methods[] = {
    {"canny", EG_EDGE_CANNY,
     "Edges one pixel wide; weak edges are kept if they connect to strong ones"},
    {"boundary", EG_EDGE_BOUNDARY,
     "Canny on colour, contrast and texture at several scales: boundaries of objects and regions, "
     "few edges inside a texture; slower"},
    {"ridge", EG_EDGE_RIDGE,
     "The middle of lines that are brighter or darker than both sides (--ridges; Steger), on "
     "grey, with thresholds in levels per pixel squared"},
    {"threshold", EG_EDGE_THRESHOLD,
     "Mark every pixel whose gradient exceeds --high, without thinning"},
    {NULL, 0, NULL}};

static const cli_choice rules[] = {
    {"outline", EG_AUTO_OUTLINE,
     "Between the texture (median gradient) and the strongest edges; --low is 0.6 of --high, 0.7 "
     "with --method boundary"},
    {"otsu", EG_AUTO_OTSU,
     "Otsu's split of the local maxima into weak and strong; --low is half of --high. The only "
     "rule of other operators than gaussian"},
    {"median", EG_AUTO_MEDIAN, "2/3 and 4/3 of the median of the local maxima"},
    {NULL, 0, NULL}};

static const cli_choice suppressions[] = {
    {"auto", EG_NMS_AUTO, "interpolated for --op gaussian, sectors for the others"},
    {"interpolated", EG_NMS_INTERPOLATED,
     "Compare with the gradient on both sides, interpolated between two pixels"},
    {"sectors", EG_NMS_SECTORS,
     "Compare with the two neighbours in the nearest of four directions, as cv::Canny does"},
    {NULL, 0, NULL}};

static const cli_choice compats[] = {
    {"opencv", COMPAT_OPENCV,
     "cv::Canny(image, LOW, HIGH): --op sobel3 --colour max --sigma 0 --norm l1, the same bytes"},
    {"skimage", COMPAT_SKIMAGE,
     "skimage.feature.canny of a grey image, thresholds on the scale 0 to 255: --sigma 1 --low "
     "25.5 --high 51 if not given, in its arithmetic"},
    {NULL, 0, NULL}};

static const cli_choice ridges[] = {
    {"both", EG_RIDGES_BOTH, "Bright and dark lines"},
    {"bright", EG_RIDGES_BRIGHT, "Lines brighter than both sides"},
    {"dark", EG_RIDGES_DARK, "Lines darker than both sides, as writing on paper"},
    {NULL, 0, NULL}};

static const cli_option edge_options[] = {
    {.name = "method",
     .type = OPTION_CHOICE,
     .offset = offsetof(edges_settings, edges.method),
     .metavar = "NAME",
     .brief = {1, "canny, boundary (of objects), ridge, threshold"},
     .help = "Edge detector",
     .initial = "canny",
     .choices = methods},
    {.name = "ridges",
     .type = OPTION_CHOICE,
     .offset = offsetof(edges_settings, edges.ridges),
     .metavar = "NAME",
     .help = "Lines that --method ridge marks",
     .initial = "both",
     .choices = ridges},
    {.name = "op",
     .type = OPTION_NAME,
     .offset = offsetof(edges_settings, derivative.gradient.op),
     .metavar = "NAME",
     .help = "Gradient operator",
     .initial = "gaussian",
     .absent = "gaussian; sobel3 with --compat, --aperture, --norm, --sigma 0, --colour max, "
               "--border constant or a threshold without a unit",
     .names = &operator_names},
    {.name = "sigma",
     .type = OPTION_SIGMA,
     .offset = offsetof(edges_settings, sigma),
     .metavar = "S",
     .brief = {1, "Blur in pixels; more drops noise and fine texture"},
     .help = "Standard deviation of the Gaussian blur, in pixels, or in percent of the image's "
             "diagonal (0.6%). Larger values suppress noise, texture and fine detail. 0 disables "
             "the blur, as in cv::Canny, and takes the operator sobel3. At least 0.5 pixels with "
             "gaussian, at most 14 with other operators; 0.5 to 128 with --method ridge",
     .absent = "auto: grows with the square root of the diagonal, 3.5 pixels for 481 x 321; 1.4 "
               "pixels for other operators than gaussian; 2 with --method ridge"},
    {.name = "low",
     .type = OPTION_THRESHOLD,
     .offset = offsetof(edges_settings, low),
     .metavar = "T",
     .brief = {1, "Lower threshold: weaker pixels are never edges"},
     .help = "Low hysteresis threshold of canny: a pixel below it is never an edge; a pixel above "
             "it is an edge if it connects to one above --high. Larger values drop more weak edges",
     .initial = "auto",
     .absent = "auto; if --high is given 0.6 of it, with --method boundary 0.7 of it, for other "
               "operators than gaussian half of it",
     .min = 0,
     .max = 1e300},
    {.name = "high",
     .type = OPTION_THRESHOLD,
     .offset = offsetof(edges_settings, high),
     .metavar = "T",
     .brief = {1, "Upper threshold; larger values give fewer edges"},
     .help = "High threshold: a pixel above it is an edge; larger values give fewer edges. T/px is "
             "a gradient in levels per pixel, on the scale 0 to 255 for every bit depth; P% the "
             "gradient that P percent of the pixels do not exceed; a plain T an operator response "
             "as in cv::Canny (Sobel 3: 8 for one level per pixel), which takes the operator "
             "sobel3. --method ridge: T or P% of the second derivative across the line, in levels "
             "per pixel squared",
     .initial = "auto",
     .absent = "auto, computed from the image by the rule --auto",
     .min = 0,
     .max = 1e300},
    {.name = "auto",
     .type = OPTION_CHOICE,
     .offset = offsetof(edges_settings, edges.rule),
     .metavar = "NAME",
     .help =
         "Rule of automatic thresholds. Multiplying all intensities by a factor changes no edge",
     .initial = "outline",
     .choices = rules},
    {.name = "density",
     .type = OPTION_PERCENT,
     .offset = offsetof(edges_settings, edges.density),
     .metavar = "P%",
     .brief = {1, "Share of pixels to mark, instead of thresholds"},
     .help = "Share of the pixels to mark as edges, instead of thresholds",
     .unit = "percent",
     .min = 0,
     .max = 100},
    {.name = "threshold",
     .type = OPTION_THRESHOLD,
     .offset = offsetof(edges_settings, threshold),
     .metavar = "T",
     .help = "Short for --method threshold --high T",
     .min = 0,
     .max = 1e300},
    {.name = "nms",
     .type = OPTION_CHOICE,
     .offset = offsetof(edges_settings, edges.nms),
     .metavar = "NAME",
     .help = "Non-maximum suppression: how a pixel is compared with its neighbours along the "
             "gradient",
     .initial = "auto",
     .choices = suppressions},
    {.name = "compat",
     .type = OPTION_CHOICE,
     .offset = offsetof(edges_settings, compat),
     .metavar = "NAME",
     .help = "Reproduce another program; options given as well take precedence",
     .choices = compats},
    {.name = "auto-shared",
     .type = OPTION_FLAG,
     .offset = offsetof(edges_settings, derivative.raster.batch.auto_shared),
     .help = "Compute one pair of automatic thresholds for all input files, which are read twice"},
    {.name = NULL},
};

const cli_group edges_group = {"Edges", edge_options, sizeof(edges_settings)};

void edges_set_defaults(edges_settings *settings)
{
    operator_set_defaults(&settings->derivative);
    eg_edges_default(&settings->edges);
    settings->derivative.gradient.op = settings->edges.op;
    settings->low = (cli_threshold){settings->edges.low, settings->edges.unit};
    settings->high = (cli_threshold){settings->edges.high, settings->edges.unit};
    settings->threshold = settings->high;
    settings->sigma = (cli_sigma){settings->edges.sigma, 0};
}

/* ---- options that exclude each other ---- */

/* Returns the name of a choice. */
static const char *find_choice(const cli_choice *choices, int value)
{
    while (choices->name && choices->value != value)
        choices++;
    return choices->name;
}

/* Resolves --threshold T, which stands for --method threshold --high T. Returns an exit code, after
 * its message. */
static int resolve_method(const cli_args *args, edges_settings *settings)
{
    bool given = option_given(args, "threshold");
    eg_edges_options *edges = &settings->edges;
    if (given && option_given(args, "high"))
        return usage_error(args->command, "--threshold and --high cannot be used together: "
                                          "--threshold T stands for --method threshold --high T");
    if (given && option_given(args, "method") && edges->method != EG_EDGE_THRESHOLD)
        return usage_error(args->command,
                           "--threshold and --method %s cannot be used together: use --high with "
                           "that method",
                           find_choice(methods, (int)edges->method));
    if (given) {
        edges->method = EG_EDGE_THRESHOLD;
        settings->high = settings->threshold;
    }
    if (edges->method == EG_EDGE_THRESHOLD && option_given(args, "low"))
        return usage_error(args->command, "--low has no effect with --method threshold, which "
                                          "uses only --high");
    return EXIT_DONE;
}

/* Returns true if --low, --high or --threshold sets a threshold: auto sets none. */
static bool sets_threshold(const cli_args *args, const char *name, cli_threshold threshold)
{
    return option_given(args, name) && !isnan(threshold.value);
}

/* Refuses options that set the thresholds in two ways. Returns an exit code, after its message. */
static int check_thresholds(const cli_args *args, const edges_settings *settings)
{
    static const char *const names[] = {"low", "high", "threshold"};
    const bool shared = settings->derivative.raster.batch.auto_shared;
    const bool density = option_given(args, "density");
    const char *rule = shared ? "auto-shared" : option_given(args, "auto") ? "auto" : NULL;
    if (rule && density)
        return usage_error(args->command, "--%s and --density cannot be used together", rule);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const cli_threshold t = i == 0 ? settings->low : settings->high;
        if (!sets_threshold(args, names[i], t))
            continue;
        if (rule && !(shared && t.unit == EG_UNIT_PERCENT))
            return usage_error(args->command, "--%s and --%s cannot be used together", rule,
                               names[i]);
        if (density)
            return usage_error(args->command,
                               "--density and --%s cannot be used together: both set the "
                               "thresholds",
                               names[i]);
    }
    return EXIT_DONE;
}

/* Returns true if the threshold is an operator response. */
static bool is_response(cli_threshold t)
{
    return !isnan(t.value) && t.unit == EG_UNIT_RESPONSE;
}

/* Returns the option that takes an operator on intensities, such as sobel3, instead of gaussian;
 * NULL: none is given. */
static const char *find_operator_option(const cli_args *args, const edges_settings *settings)
{
    static const char *const names[] = {"aperture", "norm", "border-value", "compat"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (option_given(args, names[i]))
            return names[i];
    if (settings->derivative.colour == COLOUR_MAX)
        return "colour max";
    if (settings->derivative.gradient.border == EG_BORDER_CONSTANT)
        return "border constant";
    if (settings->sigma.pixels <= 0)
        return "sigma 0";
    if (is_response(settings->low))
        return "low without a unit";
    if (is_response(settings->high))
        return option_given(args, "threshold") ? "threshold without a unit" : "high without a unit";
    return NULL;
}

/* Refuses options of the operator gaussian beside those of the others. Returns an exit code, after
 * its message. */
static int check_operator(const cli_args *args, const edges_settings *settings, const char *option)
{
    static const char *const own[] = {"density", "auto"};
    const eg_edges_options *edges = &settings->edges;
    const char *op = settings->derivative.gradient.op;
    if (strcmp(op, OPERATOR_GAUSSIAN) == 0)
        return EXIT_DONE;
    if (edges->method == EG_EDGE_BOUNDARY)
        return usage_error(args->command,
                           option ? "--method boundary needs --op gaussian, but --%s takes sobel3"
                                  : "--method boundary needs --op gaussian, not %s",
                           option ? option : op);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (option_given(args, own[i]) && !(i == 1 && edges->rule == EG_AUTO_OTSU))
            return usage_error(args->command, "--%s needs --op gaussian, not %s", own[i], op);
    const char *percent = settings->low.unit == EG_UNIT_PERCENT    ? "low"
                          : settings->sigma.percent > 0            ? "sigma"
                          : settings->high.unit != EG_UNIT_PERCENT ? NULL
                          : option_given(args, "threshold")        ? "threshold"
                                                                   : "high";
    return percent ? usage_error(args->command, "--%s in percent needs --op gaussian, not %s",
                                 percent, op)
                   : EXIT_DONE;
}

/* ---- resolving ---- */

/* Copies --low and --high to the library's options, which have one unit for both. NaN is left for
 * the library to resolve. Returns an exit code, after its message. */
static int resolve_thresholds(const cli_args *args, edges_settings *settings)
{
    const cli_threshold low = settings->low, high = settings->high;
    if (!isnan(low.value) && !isnan(high.value) && low.unit != high.unit)
        return usage_error(args->command, "--low and --high are in different units: give both as "
                                          "T, as T/px or as P%%");
    settings->edges.low = low.value;
    settings->edges.high = high.value;
    settings->edges.unit = isnan(high.value) ? low.unit : high.unit;
    if (settings->edges.unit == EG_UNIT_PERCENT &&
        (settings->edges.low > 100 || settings->edges.high > 100))
        return usage_error(args->command, "thresholds in percent are 0%% to 100%%");
    return EXIT_DONE;
}

/* Sets what cv::Canny does, except what is given as an option. */
static void apply_opencv(const cli_args *args, edges_settings *settings)
{
    operator_settings *derivative = &settings->derivative;
    if (!option_given(args, "sigma"))
        settings->sigma = (cli_sigma){0, 0};
    if (!option_given(args, "norm"))
        derivative->gradient.norm = EG_NORM_L1;
    if (!option_given(args, "colour"))
        derivative->colour = COLOUR_MAX;
}

/* Sets what skimage.feature.canny does, except what is given as an option. Returns an exit code,
 * after its message. */
static int apply_skimage(const cli_args *args, edges_settings *settings)
{
    static const char *const others[] = {"method", "norm",         "aperture", "op",
                                         "border", "border-value", "nms",      "auto-shared"};
    eg_edges_options *edges = &settings->edges;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(args, others[i]))
            return usage_error(args->command, "--compat skimage and --%s cannot be used together",
                               others[i]);
    const bool low = sets_threshold(args, "low", settings->low);
    const bool high = sets_threshold(args, "high", settings->high);
    eg_edges_skimage(edges, 1, low ? settings->low.value : 25.5, high ? settings->high.value : 51);
    settings->derivative.gradient.norm = edges->norm;
    settings->derivative.gradient.border = edges->border;
    settings->low = (cli_threshold){edges->low, low ? settings->low.unit : edges->unit};
    settings->high = (cli_threshold){edges->high, high ? settings->high.unit : edges->unit};
    if (!option_given(args, "sigma"))
        settings->sigma = (cli_sigma){edges->sigma, 0};
    if (!option_given(args, "colour"))
        settings->derivative.colour = COLOUR_GREY;
    return EXIT_DONE;
}

/* Refuses options that --method ridge does not have, and takes grey. Returns an exit code, after
 * its message. */
static int resolve_ridge(const cli_args *args, edges_settings *settings)
{
    static const char *const others[] = {"op",     "aperture", "norm",     "nms",
                                         "compat", "density",  "colourize"};
    operator_settings *derivative = &settings->derivative;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(args, others[i]))
            return usage_error(args->command, "--method ridge and --%s cannot be used together",
                               others[i]);
    if (derivative->colour == COLOUR_OPPONENT || derivative->colour == COLOUR_MAX)
        return usage_error(args->command, "--method ridge is computed of grey: --colour grey");
    for (size_t i = 0; i < 2; i++) {
        const cli_threshold t = i ? settings->high : settings->low;
        if (!isnan(t.value) && t.unit == EG_UNIT_PIXEL)
            return usage_error(args->command,
                               "--%s of --method ridge is a plain number, in levels per pixel "
                               "squared, or a percentile (90%%), not levels per pixel",
                               i ? "high" : "low");
    }
    derivative->colour = COLOUR_GREY;
    derivative->gradient.op = OPERATOR_GAUSSIAN;
    return EXIT_DONE;
}

/* Copies the options that all methods have to those of the library. */
static void copy_options(edges_settings *settings)
{
    const eg_gradient_options *gradient = &settings->derivative.gradient;
    eg_edges_options *edges = &settings->edges;
    edges->op = gradient->op;
    edges->norm = gradient->norm;
    edges->border = gradient->border;
    edges->border_value = gradient->border_value;
    edges->sigma = settings->sigma.pixels;
    edges->sigma_percent = settings->sigma.percent;
}

/* Resolves the operator and what depends on it. Returns an exit code, after its message. */
static int resolve_operator(const cli_args *args, edges_settings *settings)
{
    operator_settings *derivative = &settings->derivative;
    int code = EXIT_DONE;
    const char *option = find_operator_option(args, settings);
    if (option && option_given(args, "op") &&
        strcmp(derivative->gradient.op, OPERATOR_GAUSSIAN) == 0)
        return usage_error(args->command, "--op gaussian and --%s cannot be used together", option);
    if (settings->compat == COMPAT_OPENCV)
        apply_opencv(args, settings);
    if (settings->compat == COMPAT_SKIMAGE)
        code = apply_skimage(args, settings);
    if (code != EXIT_DONE)
        return code;
    if (option && !option_given(args, "op"))
        derivative->gradient.op = "sobel3";
    code = operator_resolve(args, derivative);
    if (code == EXIT_DONE)
        code = check_operator(args, settings, option);
    return code;
}

int edges_resolve(const cli_args *args, edges_settings *settings)
{
    const eg_edges_options *edges = &settings->edges;
    const bool ridge = edges->method == EG_EDGE_RIDGE;
    int code = resolve_method(args, settings);
    if (code == EXIT_DONE && !ridge && option_given(args, "ridges"))
        return usage_error(args->command, "--ridges needs --method ridge");
    if (code == EXIT_DONE)
        code = check_thresholds(args, settings);
    if (code == EXIT_DONE && ridge)
        code = resolve_ridge(args, settings);
    if (code == EXIT_DONE)
        code = ridge ? operator_resolve(args, &settings->derivative)
                     : resolve_operator(args, settings);
    if (code == EXIT_DONE)
        code = resolve_thresholds(args, settings);
    copy_options(settings);
    if (code == EXIT_DONE && strcmp(edges->op, OPERATOR_GAUSSIAN) != 0 && edges->sigma > 14)
        return usage_error(args->command, "--sigma is 0 to 14 pixels with --op %s", edges->op);
    return code;
}
