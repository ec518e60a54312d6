/* SPDX-License-Identifier: MIT */
/* edgegrad surface: the mathematics of z = f(x, y) at a point. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/support/plot_file.h"
#include "cli/surface/surface.h"

#define TEXT_ROW(option, target, value, text)                                                      \
    {                                                                                              \
        .name = (option), .type = OPTION_TEXT, .offset = offsetof(surface_settings, target),       \
        .metavar = (value), .help = (text)                                                         \
    }

static const cli_option point_options[] = {
    TEXT_ROW("at", at, "POINT",
             "the point: x=1,y=pi/4 in any order, or 1,pi/4 in that of x, y, z, t and then the "
             "alphabet; without it only the formulas of the derivatives are printed"),
    {.name = "let",
     .type = OPTION_TEXTS,
     .offset = offsetof(surface_settings, lets),
     .metavar = "NAME=NUMBER",
     .help = "a name in EXPR that stands for a constant; may be repeated"},
    {.name = "with",
     .type = OPTION_TEXTS,
     .offset = offsetof(surface_settings, with),
     .metavar = "NAME=EXPR",
     .help = "a variable of EXPR that is itself a function, 'x=cos(t)': the chain rule with its "
             "tree; may be repeated. --at is then a point of the new variables"},
    {.name = NULL},
};

static const cli_option analysis_options[] = {
    TEXT_ROW("along", along, "DIRECTION",
             "directional derivative: the slope in the direction 3,4; its length does not matter"),
    TEXT_ROW("level", level, "C",
             "tangent of the level curve or surface f = C, which the point must lie on; for "
             "--implicit: the curve's C"),
    TEXT_ROW("to", to, "POINT",
             "linear approximation: the tangent's value at another point, the true one, the error "
             "and a bound that it is proved not to pass"),
    TEXT_ROW("error", errors, "ERRORS",
             "uncertainty of f where the coordinates may be off by x=.1,y=.2"),
    TEXT_ROW("implicit", implicit, "NAME",
             "its derivative by the other variables on the curve f = 0, which the point must lie "
             "on (f = C with --level C)"),
    TEXT_ROW("lagrange", lagrange, "G",
             "whether the point may be an extremum of f on the constraint G = 0: Lagrange's "
             "multiplier"),
    TEXT_ROW("flux", flux, "K", "-K times the gradient: heat, diffusion, a field's force"),
    {.name = "check",
     .type = OPTION_FLAG,
     .offset = offsetof(surface_settings, check),
     .help = "compare the gradient with central differences"},
    {.name = "digits",
     .type = OPTION_WHOLE,
     .offset = offsetof(surface_settings, digits),
     .metavar = "N",
     .help = "significant digits of printed numbers",
     .initial = "7",
     .min = 1,
     .max = 17},
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = offsetof(surface_settings, common.json),
     .help = "print a JSON object, numbers with 17 digits"},
    {.name = NULL},
};

static const cli_option grid_options[] = {
    TEXT_ROW(
        "grid", grid, "RANGES",
        "a table instead of a report: value and gradient on x=-2:2:200,y=-2:2:200, from:to:how "
        "many"),
    {.name = "output",
     .letter = 'o',
     .type = OPTION_FILE,
     .offset = offsetof(surface_settings, output),
     .metavar = "FILE",
     .help = "where --grid writes: CSV, or a raster (.pfm, .tif), whose partial derivatives go to "
             "files beside it: f.pfm, f-dx.pfm, f-dy.pfm. The first row is the first y",
     .absent = "CSV on standard output"},
    {.name = "field",
     .type = OPTION_FILE,
     .offset = offsetof(surface_settings, field),
     .metavar = "RASTER",
     .help = "a raster in the place of EXPR: value and gradient at the pixel --at x,y, between "
             "pixels by cubic convolution; x to the right, y down, the first pixel's centre 0,0"},
    {.name = NULL},
};

static const cli_option plot_options[] = {
    {.name = "plot",
     .type = OPTION_FILE,
     .offset = offsetof(surface_settings, plot),
     .metavar = "FILE",
     .help = "draw level curves and gradients: a .png, .svg or .pdf file. The point, its level "
             "curve and tangent, its gradient and --along are marked, and the constraint of "
             "--lagrange"},
    TEXT_ROW("axes", axes, "X,Y",
             "the two variables that --plot shows; the others stay at the point (default: the "
             "first two)"),
    TEXT_ROW("range", range, "X0,X1,Y0,Y1",
             "what the axes of --plot show (default: the surroundings of the point)"),
    {.name = NULL},
};

static const cli_group point_group = {"Point", point_options, sizeof(surface_settings)};
static const cli_group asked_group = {"Report", analysis_options, sizeof(surface_settings)};
static const cli_group plot_group = {"Pictures", plot_options, sizeof(surface_settings)};
static const cli_group grid_group = {"Grids", grid_options, sizeof(surface_settings)};

static void put_head(surface_job *job)
{
    char names[512], place[SHEET_LINE];
    char *text = surface_print(job->f);
    formula_variables(job->f, names, sizeof names);
    surface_place(&job->sheet, place, sizeof place, job->f, job->point);
    if (job->sheet.j) {
        json_open(job->sheet.j, NULL, '{');
        json_text(job->sheet.j, "expression", text ? text : "");
        if (job->asked->at) {
            json_open(job->sheet.j, "point", '{');
            for (size_t i = 0; i < job->n; i++)
                json_exact(job->sheet.j, eg_expr_name(job->f, i), job->point[i]);
            json_close(job->sheet.j, '}');
        }
    } else {
        printf("f(%s) = %s\n", names, text ? text : "");
        if (job->asked->at)
            sheet_text(&job->sheet, NULL, "at", place);
    }
    free(text);
}

static int report(surface_job *job)
{
    int code = surface_plot(job);
    if (code != EXIT_DONE)
        return code;
    put_head(job);
    if (!job->asked->at)
        code = surface_formulas(job);
    else if (job->at.regularity != EG_DIFFERENTIABLE)
        code = surface_rough(job);
    else
        code = surface_basics(job);
    if (code == EXIT_DONE && job->asked->at && job->inner)
        code = surface_chain(job);
    if (code == EXIT_DONE && job->asked->at)
        code = surface_extras(job);
    if (job->sheet.j)
        json_close(job->sheet.j, '}');
    return code;
}

static int check_operand(const cli_line *line, const surface_settings *asked)
{
    if (asked->field && line->operand_count > 0)
        return usage_error(line->command, "--field takes the place of EXPR: leave one of them out");
    if (asked->field && !asked->at)
        return usage_error(line->command, "--field needs a point: --at");
    if (!asked->field && line->operand_count == 0)
        return usage_error(line->command, "EXPR is missing");
    return chart_check(
        line, &(chart_options){.path = asked->plot, .range = asked->range, .axes = asked->axes});
}

static void set_defaults(cli_settings *settings)
{
    ((surface_settings *)settings)->digits = 7;
}

static int run(const cli_line *line, cli_settings *settings)
{
    json j = {.out = stdout};
    const surface_settings *own = (const surface_settings *)settings;
    surface_job job = {.line = line, .settings = settings, .asked = own};
    job.sheet = (sheet){.j = settings->json ? &j : NULL, .digits = own->digits};
    eg_error error = {0};
    int code = check_operand(line, job.asked);
    if (code != EXIT_DONE)
        return code;
    settings->config.cancel = signal_caught();
    if (eg_context_new(&job.ctx, &settings->config, &error) != EG_OK)
        return report_error(settings, &error);
    if (job.asked->field) {
        code = surface_field(&job);
    } else if ((code = surface_settle(&job)) == EXIT_DONE) {
        code = job.asked->grid ? surface_grid(&job) : report(&job);
    }
    surface_close(&job);
    return code;
}

const cli_command surface_command = {
    .name = "surface",
    .summary = "the mathematics of a surface z = f(x, y): gradient, tangents, Hessian at a point",
    .about =
        "Prints what the formula EXPR is like at a point: value, partial derivatives, gradient, "
        "tangent plane, level curve, Hessian, and what else options ask for. Derivatives are "
        "exact, not differences. EXPR is typed like 'x^2*y + sin(2x)', in quotes; it may "
        "have up to 64 variables.",
    .operands = (const char *const[]){"[EXPR]", NULL},
    .least = 0,
    .formula = true,
    .groups = (const cli_group *const[]){&point_group, &asked_group, &plot_group, &grid_group,
                                         &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "gradient, tangent plane and Hessian at a point", "edgegrad surface 'x^2+y^2' --at 1,1",
            "the chain rule, with its tree",
            "edgegrad surface 'x^2*y' --with 'x=cos(t)' --with 'y=sin(t)' --at t=pi/4",
            "how far the tangent is off, at most",
            "edgegrad surface 'sqrt(x^2+y^2+1)' --at 0,0 --to 0.1,0.05",
            "what errors of measurement do",
            "edgegrad surface '4*pi^2*L/T^2' --at L=1,T=2.008 --error L=.001,T=.004",
            "a picture of level curves and gradients",
            "edgegrad surface 'x^2+4y^2' --at 2,1 --plot hill.png", "a table for other programs",
            "edgegrad surface 'sin(x)*cos(y)' --grid x=-2:2:200,y=-2:2:200 -o waves.csv", NULL},
    .settings_size = sizeof(surface_settings),
    .set_defaults = set_defaults,
    .run = run,
};
