/* SPDX-License-Identifier: MIT */
/* edgegrad descent: walks down a function, fits a model to data, follows water down a raster. */
#include "cli/commands.h"
#include "cli/descent/descent.h"
#include "cli/raster/terrain_maps.h"

static const cli_names methods = {eg_method_name, eg_method_help};

static const cli_option descent_options[] = {
    {.name = "from",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, from),
     .metavar = "POINT",
     .help = "where to start: numbers in the order of the variables (x, y, z, t, then by the "
             "alphabet), 5,5, or by name, x=5,y=5; with --field X,Y"},
    {.name = "method",
     .type = OPTION_NAME,
     .offset = offsetof(descent_settings, method),
     .metavar = "NAME",
     .help = "how to go down",
     .initial = "gd",
     .names = &methods},
    {.name = "rate",
     .type = OPTION_AUTO,
     .offset = offsetof(descent_settings, optimizer.rate),
     .metavar = "R",
     .help = "step per unit of gradient (learning rate); auto: from the curvature at the start; "
             "rmsprop and adam 0.001",
     .initial = "auto",
     .min = 1e-300,
     .max = 1e300},
    {.name = "momentum",
     .type = OPTION_AUTO,
     .offset = offsetof(descent_settings, optimizer.momentum),
     .metavar = "M",
     .help = "what is kept of the speed each step; auto: momentum 0.9, nesterov and heavy-ball "
             "from the curvature",
     .initial = "auto",
     .min = 0,
     .max = 0.999999},
    {.name = "maximize",
     .type = OPTION_FLAG,
     .offset = offsetof(descent_settings, optimizer.maximize),
     .help = "go up instead of down"},
    {.name = NULL},
};

static const cli_group way_group = {"Descent", descent_options, sizeof(descent_settings)};

static const cli_option stop_options[] = {
    {.name = "steps",
     .type = OPTION_WHOLE,
     .offset = offsetof(descent_settings, steps),
     .metavar = "N",
     .help = "most steps; asked for, all are done even where it diverges",
     .initial = "1000",
     .absent = "1000; with --field 1000000",
     .min = 0,
     .max = 2000000000},
    {.name = "time",
     .type = OPTION_REAL,
     .offset = offsetof(descent_settings, optimizer.seconds),
     .metavar = "SECONDS",
     .help = "most time",
     .initial = "0",
     .absent = "0, no matter",
     .min = 0,
     .max = 1e9},
    {.name = "tolerance",
     .type = OPTION_REAL,
     .offset = offsetof(descent_settings, optimizer.gradient_tolerance),
     .metavar = "G",
     .help = "stop where the gradient is at most so long",
     .initial = "1e-6",
     .absent = "1e-6; with --field 0, where rounding hides any slope",
     .min = 0,
     .max = 1e300},
    {.name = "value-tolerance",
     .type = OPTION_REAL,
     .offset = offsetof(descent_settings, optimizer.value_tolerance),
     .metavar = "V",
     .help = "stop where a step changes the value by at most so much (of the value, where that is "
             "above 1); 0: never",
     .initial = "0",
     .min = 0,
     .max = 1e300},
    {.name = "step-tolerance",
     .type = OPTION_REAL,
     .offset = offsetof(descent_settings, optimizer.step_tolerance),
     .metavar = "S",
     .help = "stop where a step is at most so long (of the point's distance from 0, where that is "
             "above 1); 0: where it does not move at all",
     .initial = "0",
     .min = 0,
     .max = 1e300},
    {.name = NULL},
};

static const cli_group stop_group = {"Stopping (which of them it was is always printed)",
                                     stop_options, sizeof(descent_settings)};

static const cli_option data_options[] = {
    {.name = "model",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, model),
     .metavar = "EXPR",
     .help = "fit this to --data: names of columns stand for them, the others are parameters, "
             "which start at 0 unless --from says otherwise"},
    {.name = "data",
     .type = OPTION_FILE,
     .offset = offsetof(descent_settings, data),
     .metavar = "FILE",
     .help = "a CSV file whose first line names its columns; - is standard input"},
    {.name = "target",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, target),
     .metavar = "COLUMN",
     .help = "what --model is to predict"},
    {.name = "batch",
     .type = OPTION_WHOLE,
     .offset = offsetof(descent_settings, batch),
     .metavar = "N",
     .help = "points looked at for each step (stochastic gradient descent); 0: all",
     .initial = "0",
     .min = 0,
     .max = 2000000000},
    {.name = "seed",
     .type = OPTION_SIZE64,
     .offset = offsetof(descent_settings, seed),
     .metavar = "S",
     .help = "decides which points make up the batches",
     .initial = "0",
     .min = 0,
     .max = 1099511627776.0},
    {.name = NULL},
};

static const cli_option field_options[] = {
    {.name = "field",
     .type = OPTION_FILE,
     .offset = offsetof(descent_settings, field),
     .metavar = "RASTER",
     .help = "the way water takes down this raster, or with --maximize up, from --from X,Y in its "
             "coordinates (longitude,latitude); column,row where nothing says where it lies"},
    {.name = "from-pixel",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, from_pixel),
     .metavar = "COLUMN,ROW",
     .help = "where to start on any raster, columns to the right and rows down; 0,0 is the centre "
             "of the first pixel"},
    {.name = "crs",
     .type = OPTION_CHOICE,
     .offset = offsetof(descent_settings, ground.crs),
     .metavar = "NAME",
     .help = "what coordinates are, in a raster that does not say",
     .initial = "unknown",
     .choices = crs_choices},
    {.name = "cell-size",
     .type = OPTION_CELL,
     .offset = offsetof(descent_settings, ground),
     .metavar = "M|X,Y",
     .help = "metres from cell to cell, one number or two: to the right and down",
     .absent = "what the raster says; else lengths are in pixels",
     .min = 1e-6,
     .max = 1e9},
    {.name = NULL},
};

static const cli_group field_group = {"Rasters", field_options, sizeof(descent_settings)};

static const cli_group data_group = {"Fitting data", data_options, sizeof(descent_settings)};

static const cli_option result_options[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, json),
     .help = "print a JSON object, numbers with all 17 digits"},
    {.name = "trace",
     .type = OPTION_FILE,
     .offset = offsetof(descent_settings, trace),
     .metavar = "FILE",
     .help = "write every step to a CSV file: step, point, value, gradient's length, rate; with "
             "--field step, x, y, z, distance, gradient's length, or by its name a .geojson file"},
    {.name = "plot",
     .type = OPTION_FILE,
     .offset = offsetof(descent_settings, plot),
     .metavar = "FILE",
     .help = "draw level curves and the way across them: a .png, .svg or .pdf file"},
    {.name = "axes",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, axes),
     .metavar = "X,Y",
     .help = "the two variables that --plot shows; the others stay as at the end",
     .absent = "the first two"},
    {.name = "range",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, range),
     .metavar = "X0,X1,Y0,Y1",
     .help = "what the axes of --plot show",
     .absent = "the way and some room around it"},
    {.name = "equal",
     .type = OPTION_FLAG,
     .offset = offsetof(descent_settings, equal),
     .help = "the same scale on both axes of --plot"},
    {.name = NULL},
};

static const cli_group result_group = {"Results", result_options, sizeof(descent_settings)};

/* Options that mean something only together with another. */
static int check_data(const cli_line *line, const descent_settings *d)
{
    static const char *const needs[] = {"data", "target", "batch", "seed"};
    if (!d->model) {
        for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
            if (option_given(line, needs[i]))
                return usage_error(line->command, "--%s has no effect without --model", needs[i]);
        return EXIT_DONE;
    }
    if (!d->data || !d->target)
        return usage_error(line->command, "--model needs --%s too", d->data ? "target" : "data");
    if (d->optimizer.maximize)
        return usage_error(line->command, "--maximize makes no sense with --model: an error is "
                                          "minimised");
    if (option_given(line, "seed") && d->batch == 0)
        return usage_error(line->command, "--seed has no effect without --batch");
    return EXIT_DONE;
}

static int check_field(const cli_line *line, const descent_settings *d)
{
    static const char *const needs[] = {"from-pixel", "crs", "cell-size", "tolerate", "encoding"};
    for (size_t i = 0; !d->field && i < sizeof needs / sizeof *needs; i++)
        if (option_given(line, needs[i]))
            return usage_error(line->command, "--%s has no effect without --field", needs[i]);
    if (d->field && d->model)
        return usage_error(line->command, "--field and --model contradict each other");
    if (d->field && line->operand_count)
        return usage_error(line->command, "--field takes the place of EXPR: leave one of them out");
    return EXIT_DONE;
}

static void set_defaults(cli_settings *settings)
{
    descent_settings *own = (descent_settings *)settings;
    eg_descent_default(&own->optimizer);
    eg_ground_default(&own->ground);
    own->method = eg_method_name(own->optimizer.method);
    own->steps = (int)own->optimizer.steps;
}

static int run(const cli_line *line, cli_settings *settings)
{
    descent_settings *d = (descent_settings *)settings;
    int code = check_data(line, d);
    if (code == EXIT_DONE)
        code = check_field(line, d);
    if (code == EXIT_DONE)
        code = descent_plot_check(line, d);
    if (code != EXIT_DONE)
        return code;
    if (d->model && line->operand_count)
        return usage_error(line->command, "EXPR and --model contradict each other");
    if (d->field)
        return descent_on_field(line, d);
    if (d->model)
        return descent_on_data(line, d);
    if (line->operand_count == 0)
        return usage_error(line->command, "EXPR is missing: the function to descend (or a raster, "
                                          "--field)");
    return descent_on_expression(line, d);
}

const cli_command descent_command = {
    .name = "descent",
    .summary = "walks down a function to its minimum, or down a raster as water does",
    .about =
        "Starts at a point of EXPR, a function such as 'x^2 + 10y^2', and goes down step by step. "
        "Prints why it stopped and where, and what stood in its way: a rate that is too large is "
        "told from the curvature, with one that would do. An EXPR that begins with - comes after "
        "--.\n"
        "With --field RASTER the way is that of a drop of water: steepest descent over the ground, "
        "from --from to a pit, to level ground, to missing cells or to the edge of the raster, "
        "each "
        "of them exit code 0.\n"
        "Exit code 1 says that no minimum was reached: it diverged, jumps to and fro, is at a "
        "saddle, or the 1000 steps it has unless --steps says otherwise were not enough.",
    .operands = (const char *const[]){"[EXPR]", NULL},
    .least = 0,
    .groups = (const cli_group *const[]){&way_group, &stop_group, &field_group, &data_group,
                                         &result_group, &input_group, &job_group, &limit_group,
                                         &other_group, NULL},
    .examples =
        (const char *const[]){
            "forty steps of gradient descent",
            "edgegrad descent 'x^2 + 10y^2' --from 5,5 --rate 0.04 --steps 40", "a curved valley",
            "edgegrad descent '(1-x)^2 + 100(y-x^2)^2' --from -1.2,1 --method lbfgs", "uphill",
            "edgegrad descent 'sin(x) cos(y)' --from 1,1 --maximize",
            "where a drop of rain runs to",
            "edgegrad descent --field dem.tif --from -71.31,44.265 --trace way.geojson", NULL},
    .settings_size = sizeof(descent_settings),
    .set_defaults = set_defaults,
    .run = run,
};
