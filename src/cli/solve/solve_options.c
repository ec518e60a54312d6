/* SPDX-License-Identifier: MIT */
/* The options of `edgegrad surface` that solve. */
#include "cli/solve/solve.h"

/* An option whose value is a box; its help, and maybe its brief, come last. */
#define BOX_ROW(option, target, ...)                                                               \
    {                                                                                              \
        .name = (option), .type = OPTION_TEXT, .offset = offsetof(surface_settings, target),       \
        .metavar = "BOX", .help = __VA_ARGS__                                                      \
    }

static const cli_option solve_options[] = {
    BOX_ROW("critical", critical,
            "Box x=-5:5,y=-pi:2pi of up to six variables: prints all critical points of EXPR in "
            "it, each with its value, the eigenvalues of the Hessian and a verdict, the smallest "
            "and the largest value over the box, and whether the list is proven to be complete",
            .brief = {1, "All critical points in a box x=-5:5,y=-5:5"}),
    BOX_ROW(
        "in", in,
        "Box for --lagrange, in place of --at: prints all extrema of EXPR under the constraints "
        "in it, with their multipliers, and the smallest and the largest value. Constraints may "
        "be inequalities, as in 'x+y<=10'"),
    BOX_ROW("roots", roots,
            "Box: prints all solutions in it of EXPR, an equation or an expression that is to be "
            "0, or of as many equations as variables, separated by semicolons: "
            "'x^2+y^2=4; x=y'",
            .brief = {1, "All solutions of EXPR, an equation, in a box"}),
    {.name = "intersect",
     .type = OPTION_TEXTS,
     .offset = offsetof(surface_settings, intersect),
     .metavar = "EXPR",
     .help = "Another equation of --roots; may be repeated"},
    {.name = "time",
     .type = OPTION_REAL,
     .offset = offsetof(surface_settings, seconds),
     .metavar = "SECONDS",
     .help = "Longest time of a search; parts of the box that are not searched are reported",
     .initial = "2",
     .min = 0.01,
     .max = 1e6},
    {.name = NULL},
};

const cli_group solve_group = {"Solving", solve_options, sizeof(surface_settings)};

bool solve_is_wanted(const surface_settings *options)
{
    return options->critical || options->roots || options->in;
}

int solve_check_unused(const cli_args *args, const surface_settings *options)
{
    static const char *const needs[] = {"time", "intersect"};
    for (size_t i = 0; !solve_is_wanted(options) && i < sizeof needs / sizeof *needs; i++)
        if (option_given(args, needs[i]))
            return usage_error(args->command, "--%s has no effect without %s", needs[i],
                               i ? "--roots" : "--critical, --in or --roots");
    return EXIT_DONE;
}
