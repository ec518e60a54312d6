/* SPDX-License-Identifier: MIT */
/* Options of the gradient operator, which edges and gradient share. */
#include <string.h>

#include "cli/raster/operator_options.h"

static const char *operator_name(size_t index)
{
    return index == 0 ? OPERATOR_GAUSSIAN : eg_operator_name(index - 1);
}

static const char *operator_help(size_t index)
{
    return index == 0 ? "Derivatives of a Gaussian of --sigma, of the square root of intensity"
                      : eg_operator_help(index - 1);
}

const cli_names operator_names = {operator_name, operator_help};

/* Operators that only maps have, after gaussian. */
static const struct {
    const char *name, *help;
} map_operators[] = {
    {OPERATOR_GAUSSIAN_DERIVATIVE, "Derivatives of a Gaussian of --sigma, of intensity: signed"},
    {OPERATOR_FARID, "5x5 Farid and Simoncelli: most accurate directions of all"},
};
enum { MAP_OPERATORS = sizeof map_operators / sizeof *map_operators };

static const char *map_operator_name(size_t index)
{
    if (index > 0 && index <= MAP_OPERATORS)
        return map_operators[index - 1].name;
    return operator_name(index ? index - MAP_OPERATORS : 0);
}

static const char *map_operator_help(size_t index)
{
    if (index > 0 && index <= MAP_OPERATORS)
        return map_operators[index - 1].help;
    return operator_help(index ? index - MAP_OPERATORS : 0);
}

const cli_names map_operator_names = {map_operator_name, map_operator_help};

static const cli_option operator_options[] = {
    {.name = "colour",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, colour),
     .metavar = "NAME",
     .help = "Channels of a colour image whose gradients are taken. Grey images have one",
     .absent = "opponent with --op gaussian, else grey",
     .choices =
         (const cli_choice[]){
             {"opponent", COLOUR_OPPONENT,
              "Intensity, red-green and blue-yellow of the square roots of red, green and blue, as "
              "one gradient (--op gaussian)"},
             {"max", COLOUR_MAX,
              "At each pixel the one of red, green and blue with the largest gradient, as "
              "cv::Canny (other operators)"},
             {"grey", COLOUR_GREY, "0.299 R + 0.587 G + 0.114 B"},
             {NULL, 0, NULL}}},
    {.name = "aperture",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, aperture),
     .metavar = "N",
     .help = "Width of the Sobel operator, in pixels; short for --op sobelN. Larger values "
             "suppress noise and fine detail",
     .absent = "as given by --op",
     .choices =
         (const cli_choice[]){
             {"3", 3, "sobel3"}, {"5", 5, "sobel5"}, {"7", 7, "sobel7"}, {NULL, 0, NULL}}},
    {.name = "norm",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, gradient.norm),
     .metavar = "NAME",
     .help = "Norm of the gradient vector (gx, gy)",
     .initial = "l2",
     .choices = (const cli_choice[]){{"l2", EG_NORM_L2, "sqrt(gx^2 + gy^2), the Euclidean length"},
                                     {"l1", EG_NORM_L1, "|gx| + |gy|, up to 1.41 times as large"},
                                     {NULL, 0, NULL}}},
    {.name = "border",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, gradient.border),
     .metavar = "NAME",
     .help = "How pixels outside the image are filled in",
     .initial = "replicate",
     .choices =
         (const cli_choice[]){{"replicate", EG_BORDER_REPLICATE, "aaa|abcd|ddd"},
                              {"reflect", EG_BORDER_REFLECT, "dcb|abcd|cba"},
                              {"constant", EG_BORDER_CONSTANT, "vvv|abcd|vvv (--border-value V)"},
                              {NULL, 0, NULL}}},
    {.name = "border-value",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.border_value),
     .metavar = "V",
     .help = "Intensity outside the image for --border constant, in sample values",
     .initial = "0",
     .min = -1e30,
     .max = 1e30},
    {.name = NULL},
};

const cli_group operator_group = {"Operator", operator_options, sizeof(operator_settings)};

void operator_set_defaults(operator_settings *settings)
{
    eg_gradient_default(&settings->gradient);
}

/* Returns the name of the Sobel operator of a width in pixels. */
static const char *find_sobel(int aperture)
{
    char name[16];
    snprintf(name, sizeof name, "sobel%d", aperture);
    for (size_t i = 0; eg_operator_name(i); i++)
        if (strcmp(eg_operator_name(i), name) == 0)
            return eg_operator_name(i);
    return "sobel3";
}

int operator_resolve(const cli_args *args, operator_settings *settings)
{
    if (settings->aperture) {
        const char *name = find_sobel(settings->aperture);
        if (option_given(args, "op") && strcmp(name, settings->gradient.op) != 0)
            return usage_error(args->command, "--op %s and --aperture %d cannot be used together",
                               settings->gradient.op, settings->aperture);
        settings->gradient.op = name;
    }
    if (settings->colour == COLOUR_OPPONENT && !option_given(args, "op") && !settings->aperture)
        settings->gradient.op = OPERATOR_GAUSSIAN;
    const bool gaussian = strcmp(settings->gradient.op, OPERATOR_GAUSSIAN) == 0;
    if (settings->colour == COLOUR_AUTO)
        settings->colour = gaussian ? COLOUR_OPPONENT : COLOUR_GREY;
    if (settings->colour == COLOUR_OPPONENT && !gaussian)
        return usage_error(args->command, "--colour opponent needs --op gaussian, not %s",
                           settings->gradient.op);
    if (settings->colour == COLOUR_MAX && gaussian)
        return usage_error(args->command, "--colour max needs an operator on intensities, such as "
                                          "--op sobel3");
    if (settings->colour == COLOUR_MAX &&
        (strcmp(settings->gradient.op, OPERATOR_GAUSSIAN_DERIVATIVE) == 0 ||
         strcmp(settings->gradient.op, OPERATOR_FARID) == 0))
        return usage_error(args->command,
                           "--colour max and --op %s cannot be used together: it takes grey",
                           settings->gradient.op);
    settings->raster.common.read.colour_planes = settings->colour != COLOUR_GREY;
    if (option_given(args, "border-value") && settings->gradient.border != EG_BORDER_CONSTANT)
        return usage_error(args->command, "--border-value has no effect without --border constant");
    return EXIT_DONE;
}

const char *operator_colour_name(const char *op, const eg_info *info)
{
    if (info->planes < 3)
        return "grey";
    return strcmp(op, OPERATOR_GAUSSIAN) == 0 ? "opponent" : "max";
}
