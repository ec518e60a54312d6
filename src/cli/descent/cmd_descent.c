/* SPDX-License-Identifier: MIT */
/* edgegrad descent: minimises a function, fits a model to data, or traces the flow path on a
 * raster. */
#include <string.h>

#include "cli/commands.h"
#include "cli/descent/fit.h"
#include "cli/raster/terrain_maps.h"
#include "cli/sandbox/sandbox.h"
#include "cli/support/file_check.h"

/* The methods of eg_descent(), and lm, which only fits have. */
static const char *method_name(size_t method)
{
    return method == EG_METHODS ? FIT_METHOD : eg_method_name(method);
}

static const char *method_help(size_t method)
{
    return method == EG_METHODS ? "fits only: Levenberg-Marquardt with exact derivatives "
                                  "(Levenberg 1944, Marquardt 1963, More 1978)"
                                : eg_method_help(method);
}

static const cli_names methods = {method_name, method_help};

static const cli_option descent_options[] = {
    {.name = "from",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, from),
     .metavar = "POINT",
     .brief = {1, "Start point, such as 5,5"},
     .help =
         "Start point: 5,5 in the order of the variables (x, y, z, t, then alphabetical), or by "
         "name, x=5,y=5; (5, 5) and '5 5' are read as well; with --field coordinates X,Y"},
    {.name = "method",
     .type = OPTION_NAME,
     .offset = offsetof(descent_settings, method),
     .metavar = "NAME",
     .brief = {1, "gd, momentum, adam, lbfgs, newton ..."},
     .help = "Optimisation method",
     .initial = "gd",
     .absent = "gd; lm with --model, without --batch",
     .names = &methods},
    {.name = "compare",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, compare),
     .metavar = "NAMES",
     .help = "Methods to compare from the same start, as gd,momentum,adam, or all: prints a table; "
             "--plot shows a panel for each. Exit code 0 means that all of them reached a minimum"},
    {.name = "rate",
     .type = OPTION_AUTO,
     .offset = offsetof(descent_settings, optimizer.rate),
     .metavar = "R",
     .brief = {1, "Learning rate: step length per unit of gradient"},
     .help =
         "Learning rate, the step length per unit of gradient. Larger values converge faster until "
         "they diverge; auto: from the curvature at the start, 0.001 for rmsprop and adam",
     .initial = "auto",
     .min = 1e-300,
     .max = 1e300},
    {.name = "momentum",
     .type = OPTION_AUTO,
     .offset = offsetof(descent_settings, optimizer.momentum),
     .metavar = "M",
     .help = "Fraction of the velocity kept in each step. Larger values damp oscillation across a "
             "valley but overshoot; auto: 0.9 for momentum, from the curvature for nesterov and "
             "heavy-ball",
     .initial = "auto",
     .min = 0,
     .max = 0.999999},
    {.name = "schedule",
     .type = OPTION_SCHEDULE,
     .offset = offsetof(descent_settings, optimizer.schedule),
     .metavar = "NAME",
     .help = "Factor of the rate in step k = 0, 1, ... of N: constant; inverse or inverse:A, "
             "1/(1+A k); sqrt, 1/sqrt(1+k); cosine, (1+cos(pi k/N))/2; step:M:F, F after every M "
             "steps; exponential:F, F^k. For methods with a fixed rate",
     .absent = "constant"},
    {.name = "warmup",
     .type = OPTION_WHOLE,
     .offset = offsetof(descent_settings, warmup),
     .metavar = "N",
     .help = "First steps, in which the rate grows linearly to its full size",
     .initial = "0",
     .min = 0,
     .max = 2000000000},
    {.name = "maximize",
     .type = OPTION_FLAG,
     .offset = offsetof(descent_settings, optimizer.maximize),
     .brief = {1, "Maximise instead of minimise"},
     .help = "Maximise instead of minimise"},
    {.name = NULL},
};

static const cli_group method_group = {"Method", descent_options, sizeof(descent_settings)};

static const cli_option stop_options[] = {
    {.name = "steps",
     .type = OPTION_WHOLE,
     .offset = offsetof(descent_settings, steps),
     .metavar = "N",
     .brief = {1, "Maximum number of steps"},
     .help = "Maximum number of steps; if given, diverging runs use them all",
     .initial = "1000",
     .absent = "1000; 1000000 with --field",
     .min = 0,
     .max = 2000000000},
    {.name = "time",
     .type = OPTION_REAL,
     .offset = offsetof(descent_settings, optimizer.seconds),
     .metavar = "SECONDS",
     .help = "Maximum running time in seconds",
     .initial = "0",
     .absent = "0, unlimited",
     .min = 0,
     .max = 1e9},
    {.name = "tolerance",
     .type = OPTION_AUTO,
     .offset = offsetof(descent_settings, optimizer.gradient_tolerance),
     .metavar = "G",
     .help =
         "Stop if the length of the gradient is at most G; auto: if Newton's method would move "
         "by no more than 1e-8 of the distance covered or from 0, at any scale of the function. "
         "For fits G is the cosine of the angle between the residuals and the derivatives of the "
         "model, which does not depend on units",
     .initial = "auto",
     .absent = "auto; 1e-8 with --model; 0 with --field",
     .min = 0,
     .max = 1e300},
    {.name = "value-tolerance",
     .type = OPTION_REAL,
     .offset = offsetof(descent_settings, optimizer.value_tolerance),
     .metavar = "V",
     .help = "Stop if a step changes the value by at most V, relative to values above 1; 0: never",
     .initial = "0",
     .min = 0,
     .max = 1e300},
    {.name = "step-tolerance",
     .type = OPTION_REAL,
     .offset = offsetof(descent_settings, optimizer.step_tolerance),
     .metavar = "S",
     .help =
         "Stop if a step has at most length S, relative to the distance from 0 if that is above 1; "
         "0: if the point does not move",
     .initial = "0",
     .min = 0,
     .max = 1e300},
    {.name = NULL},
};

static const cli_group stop_group = {"Stopping criteria (the report names the one that applied)",
                                     stop_options, sizeof(descent_settings)};

static const cli_option field_options[] = {
    {.name = "field",
     .type = OPTION_FILE,
     .offset = offsetof(descent_settings, field),
     .metavar = "RASTER",
     .brief = {1, "Trace a flow path on a raster instead"},
     .help = "Raster to trace a flow path on, downhill or with --maximize uphill, from --from X,Y "
             "in its "
             "coordinates (longitude,latitude), or column,row if it has none"},
    {.name = "from-pixel",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, from_pixel),
     .metavar = "COLUMN,ROW",
     .help = "Start pixel on a raster with or without coordinates; 0,0 is the centre of the first "
             "pixel"},
    {.name = "crs",
     .type = OPTION_CHOICE,
     .offset = offsetof(descent_settings, ground.crs),
     .metavar = "NAME",
     .help = "Coordinate system of a raster that does not state one",
     .initial = "unknown",
     .choices = crs_choices},
    {.name = "cell-size",
     .type = OPTION_CELL,
     .offset = offsetof(descent_settings, ground),
     .metavar = "M|X,Y",
     .help = "Cell size in metres: one number, or width and height",
     .absent = "as stated in the file, else lengths are in pixels",
     .min = 1e-6,
     .max = 1e9},
    {.name = NULL},
};

static const cli_group field_group = {"Raster", field_options, sizeof(descent_settings)};

static const cli_option result_options[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, json),
     .help = "Print a JSON object, with numbers of 17 digits"},
    {.name = "trace",
     .type = OPTION_FILE,
     .offset = offsetof(descent_settings, trace),
     .metavar = "FILE",
     .brief = {2, "Write every step to a file: .csv, .geojson"},
     .help =
         "File to write every step to, CSV: step, point, value, gradient norm, rate (with --method "
         "lm the damping); with --field "
         "CSV: step, x, y, z, distance, gradient norm, or a .geojson file"},
    {.name = "plot",
     .type = OPTION_FILE,
     .offset = offsetof(descent_settings, plot),
     .metavar = "FILE",
     .brief = {1, "Draw the path across level curves"},
     .help = "Plot of level curves and the path across them, a .png, .svg or .pdf file. For a "
             "model of one column: the data, the curve and its 95 % confidence band, or with "
             "--axes the error over two parameters"},
    {.name = "axes",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, axes),
     .metavar = "X,Y",
     .help = "The two variables of --plot; the others keep their final value",
     .absent = "the first two"},
    {.name = "range",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, range),
     .metavar = "X0,X1,Y0,Y1",
     .help = "Ranges of the axes of --plot",
     .absent = "around the path"},
    {.name = "equal",
     .type = OPTION_FLAG,
     .offset = offsetof(descent_settings, equal),
     .help = "Use the same scale on both axes of --plot"},
    OVERWRITE_OPTION,
    NO_SYNC_OPTION,
    {.name = NULL},
};

static const cli_group result_group = {"Results", result_options, sizeof(descent_settings)};

/* Checks the options of flow paths. Returns an exit code, after its message. */
static int check_field(const cli_args *args, const descent_settings *d)
{
    static const char *const needs[] = {"from-pixel", "crs",      "cell-size",
                                        "band",       "tolerate", "encoding"};
    for (size_t i = 0; !d->field && i < sizeof needs / sizeof *needs; i++)
        if (option_given(args, needs[i]))
            return usage_error(args->command, "--%s has no effect without --field", needs[i]);
    if (d->field && d->model)
        return usage_error(args->command, "--field and --model cannot be used together");
    if (d->field && args->operand_count)
        return usage_error(args->command, "EXPR and --field cannot be used together");
    return EXIT_DONE;
}

/* Confines a run that has files. Returns an exit code, after its message. */
static int enter_sandbox(const cli_args *args, const descent_settings *d)
{
    sandbox box;
    if (!d->data && !d->field && !d->trace && !d->plot)
        return EXIT_DONE;
    sandbox_begin(&box, args, &d->common);
    sandbox_read(&box, d->data);
    sandbox_read(&box, d->field);
    sandbox_write(&box, d->trace);
    sandbox_plot(&box, d->plot);
    return sandbox_enter(&box);
}

/* Checks the output files, and enters the sandbox before existing ones are read. Returns an exit
 * code, after its message. */
static int check_outputs(const cli_args *args, const descent_settings *d)
{
    const cli_file inputs[] = {{"the data of --data", d->data},
                               {"the raster of --field", d->field}};
    const cli_file outputs[] = {{"--trace", d->trace}, {"--plot", d->plot}};
    if (d->common.json && d->trace && strcmp(d->trace, "-") == 0)
        return usage_error(args->command, "--json and --trace - cannot both go to standard output");
    int code = file_check_outputs(args->command, outputs[0], outputs[1]);
    for (size_t i = 0; i < 4 && code == EXIT_DONE; i++)
        code = file_check_input(args->command, inputs[i / 2], outputs[i % 2]);
    if (code == EXIT_DONE)
        code = enter_sandbox(args, d);
    for (size_t i = 0; i < 2 && code == EXIT_DONE; i++)
        code = file_check_replaceable(&d->common, outputs[i].path);
    return code;
}

static void set_descent_defaults(cli_settings *settings)
{
    descent_settings *own = (descent_settings *)settings;
    eg_descent_default(&own->optimizer);
    eg_ground_default(&own->ground);
    own->method = eg_method_name(own->optimizer.method);
    own->steps = (int)own->optimizer.steps;
}

static int run_descent(const cli_args *args, cli_settings *settings)
{
    descent_settings *d = (descent_settings *)settings;
    int code = fit_check_options(args, d);
    if (code == EXIT_DONE)
        code = check_field(args, d);
    if (code == EXIT_DONE)
        code = descent_compare_check(args, d);
    if (code == EXIT_DONE)
        code = descent_plot_check(args, d);
    if (code == EXIT_DONE)
        code = check_outputs(args, d);
    if (code != EXIT_DONE)
        return code;
    if (d->model && args->operand_count)
        return usage_error(args->command, "EXPR and --model cannot be used together");
    if (d->field)
        return descent_run_flow_path(args, d);
    if (d->model)
        return descent_run_fit(args, d);
    if (args->operand_count == 0)
        return usage_error(args->command,
                           "missing EXPR: edgegrad descent EXPR --from POINT, or use "
                           "--field or --model");
    return d->compare ? descent_run_comparison(args, d) : descent_run_expression(args, d);
}

const cli_command descent_command = {
    .name = "descent",
    .summary = "Minimise a function, fit a model to data, or trace a flow path on a raster",
    .about =
        "Minimise EXPR, a function such as 'x^2 + 10y^2', step by step from a start point. Prints "
        "where and why it stopped, and what the end is: a minimum by the eigenvalues of the "
        "Hessian, a saddle, a kink, a flat tail. Advice for a run that failed is tried before it "
        "is given.\n"
        "With --model and --data the command fits a model to a table by least squares. Exit code "
        "0 then means a local minimum with standard errors; anything else is exit code 1, with "
        "the reason.\n"
        "With --field RASTER the command traces the flow path of a drop of water: steepest descent "
        "over the ground from --from to a pit, flat ground, missing cells or the border of the "
        "raster, all with exit code 0.\n"
        "Exit code 1 means that no minimum was reached: the run diverged, oscillates, is at a "
        "saddle or a kink, falls without bound or along a flat tail, is undecided, or has used the "
        "maximum number of steps, 1000 unless --steps is given.",
    .operands = (const char *const[]){"[EXPR]", NULL},
    .least = 0,
    .formula = true,
    .groups = (const cli_group *const[]){&method_group, &stop_group, &field_group, &fit_group,
                                         &result_group, &band_group, &input_group, &job_group,
                                         &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Minimise a curved valley with L-BFGS",
            "edgegrad descent '(1-x)^2 + 100(y-x^2)^2' --from -1.2,1 --method lbfgs",
            "Fit a decay to a table, and plot it",
            "edgegrad descent --model 'a*exp(-k*t)' --data t.csv --target y --plot fit.svg",
            "Trace the flow path of a drop of rain",
            "edgegrad descent --field dem.tif --from 643000,5197000 --trace way.geojson",
            "Run forty steps of gradient descent",
            "edgegrad descent 'x^2 + 10y^2' --from 5,5 --rate 0.04 --steps 40",
            "Compare three methods side by side",
            "edgegrad descent 'x^2 + 10y^2' --from 5,5 --compare gd,momentum,lbfgs --plot all.png",
            "Find a maximum", "edgegrad descent 'sin(x)*cos(y)' --from 1,1 --maximize", NULL},
    .settings_size = sizeof(descent_settings),
    .set_defaults = set_descent_defaults,
    .run = run_descent,
};
