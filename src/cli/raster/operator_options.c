/* SPDX-License-Identifier: MIT */
/* Options of the gradient operator, which edges and gradient share. */
#include <string.h>

#include "cli/raster/operator_options.h"

static const cli_option operator_options[] = {
    {.name = "op",
     .type = OPTION_NAME,
     .offset = offsetof(operator_settings, gradient.op),
     .metavar = "NAME",
     .help = "Gradient operator: the weights of the neighbouring pixels",
     .initial = "sobel3",
     .names = &(const cli_names){eg_operator_name, eg_operator_help}},
    {.name = "aperture",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, aperture),
     .metavar = "N",
     .help = "Width of the Sobel operator, in pixels; short for --op sobelN. Larger values "
             "suppress noise and fine detail",
     .absent = "3, or as given by --op",
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
    if (option_given(args, "border-value") && settings->gradient.border != EG_BORDER_CONSTANT)
        return usage_error(args->command, "--border-value has no effect without --border constant");
    return EXIT_DONE;
}
