/* SPDX-License-Identifier: MIT */
/* edgegrad surface: analyses a function z = f(x, y, ...) at a point. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/sandbox/sandbox.h"
#include "cli/solve/solve.h"
#include "cli/support/file_check.h"
#include "cli/support/plot_file.h"
#include "cli/surface/surface.h"
#include "cli/surface/vector.h"

/* Prints the function and the point. */
static void print_head(surface_job *job)
{
    char names[512], typed[BLOCK_LINE_SIZE];
    char *text = surface_format_expr(job->f);
    formula_variables(job->f, names, sizeof names);
    surface_format_typed(typed, sizeof typed, job->source.text);
    if (job->block_writer.j) {
        json_open(job->block_writer.j, NULL, '{');
        json_text(job->block_writer.j, "expression", text);
        json_text(job->block_writer.j, "arithmetic", eg_reals_arithmetic(job->exact.reals));
        if (job->equation)
            json_text(job->block_writer.j, "equation", typed);
        if (job->options->at) {
            json_open(job->block_writer.j, "point", '{');
            for (size_t i = 0; i < job->n; i++)
                block_json_real(&job->block_writer, eg_expr_name(job->f, i), job->exact.point[i]);
            json_close(job->block_writer.j, '}');
        }
    } else {
        if (job->equation)
            printf("%s\n", typed);
        printf("f(%s) = %s%s\n", names, text,
               job->equation ? ", the left side minus the right side" : "");
        char *place = job->options->at
                          ? surface_point_text(&job->block_writer, job->f, job->exact.point)
                          : NULL;
        if (place)
            block_text(&job->block_writer, NULL, "at", place);
        free(place);
    }
    free(text);
}

/* Prints the report at a point, or the formulas without one. Returns an exit code. */
static int report_surface(surface_job *job)
{
    int code = surface_plot(job);
    code = code ? code : surface_view(job);
    if (code != EXIT_DONE)
        return code;
    print_head(job);
    if (!job->options->at)
        code = job->options->implicit ? surface_report_implicit_formulas(job)
                                      : surface_report_formulas(job);
    else if (job->at.differentiability != EG_DIFFERENTIABLE || !job->at.proven)
        code = surface_report_singular(job);
    else
        code = surface_report_default(job);
    if (code == EXIT_DONE && job->options->at && job->inner)
        code = surface_report_chain(job);
    if (code == EXIT_DONE && job->options->at)
        code = surface_report_requested(job);
    if (code == EXIT_DONE || code == EXIT_NEGATIVE) {
        int steps = surface_report_steps(job);
        code = steps == EXIT_DONE ? code : steps;
    }
    if (job->block_writer.j)
        json_close(job->block_writer.j, '}');
    surface_print_certainty(job);
    return code;
}

/* Confines a run that has files. Returns an exit code, after its message. */
static int enter_sandbox(const cli_args *args, const surface_settings *options)
{
    sandbox box;
    if (!options->field && !options->output && !options->plot && !options->view &&
        !options->expr_file)
        return EXIT_DONE;
    sandbox_begin(&box, args, &options->common);
    sandbox_read(&box, options->field);
    sandbox_write(&box, options->output);
    sandbox_children(&box);
    sandbox_plot(&box, options->plot);
    sandbox_plot(&box, options->view);
    return sandbox_enter(&box);
}

/* Checks which options go together. Returns an exit code, after its message. */
static int check_options(const cli_args *args, const surface_settings *options)
{
    static const char *const needs[] = {"band", "tolerate", "encoding"};
    if (options->field && args->operand_count > 0)
        return usage_error(args->command, "EXPR and --field cannot be used together");
    for (size_t i = 0; !options->field && i < sizeof needs / sizeof *needs; i++)
        if (option_given(args, needs[i]))
            return usage_error(args->command, "--%s has no effect without --field", needs[i]);
    if (options->field && !options->at)
        return usage_error(args->command, "--field needs a point: --at X,Y");
    if (options->expr_file && (args->operand_count > 0 || options->field))
        return usage_error(args->command, "%s and --expr-file cannot be used together",
                           options->field ? "--field" : "EXPR");
    if (!options->field && !options->expr_file && args->operand_count == 0)
        return usage_error(args->command, "missing EXPR: edgegrad surface EXPR --at POINT");
    if ((option_given(args, "azimuth") || option_given(args, "elevation")) && !options->view)
        return usage_error(args->command, "--%s has no effect without --view",
                           option_given(args, "azimuth") ? "azimuth" : "elevation");
    int code = surface_check_text_options(args, options);
    if (code != EXIT_DONE)
        return code;
    code = plot_file_check(
        args, &(plot_file_options){.path = options->plot ? options->plot : options->view,
                                   .option = options->plot ? "plot" : "view",
                                   .range = options->range,
                                   .axes = options->axes});
    if (code == EXIT_DONE)
        code = file_check_input(args->command, (cli_file){"the raster of --field", options->field},
                                (cli_file){"--plot", options->plot});
    if (code == EXIT_DONE)
        code = file_check_input(args->command, (cli_file){"the formula", options->expr_file},
                                (cli_file){"--output", options->output});
    if (code == EXIT_DONE)
        code = file_check_input(args->command, (cli_file){"the formula", options->expr_file},
                                (cli_file){"--plot", options->plot});
    if (code == EXIT_DONE)
        code = file_check_outputs(args->command, (cli_file){"--output", options->output},
                                  (cli_file){"--plot", options->plot});
    if (code == EXIT_DONE)
        code = file_check_outputs(args->command, (cli_file){"--plot", options->plot},
                                  (cli_file){"--view", options->view});
    if (code == EXIT_DONE)
        code = file_check_input(args->command, (cli_file){"the raster of --field", options->field},
                                (cli_file){"--view", options->view});
    if (code == EXIT_DONE)
        code = enter_sandbox(args, options);
    code = code ? code : file_check_replaceable(&options->common, options->plot);
    return code ? code : file_check_replaceable(&options->common, options->view);
}

/* Checks the options of what a plot shows. Returns an exit code, after its message. */
static int check_plot_options(const cli_args *args, const surface_settings *options)
{
    if (!options->plot && (options->arrows != ARROWS_AUTO || options->derivative))
        return usage_error(args->command, "--%s has no effect without --plot",
                           options->derivative ? "draw-derivative" : "arrows");
    if (options->field && options->view)
        return usage_error(args->command, "--view has no effect with --field");
    if (options->field && options->derivative)
        return usage_error(args->command, "--draw-derivative has no effect with --field");
    if (options->arrows == ARROWS_FLUX && (!options->flux || options->field))
        return usage_error(args->command, options->field
                                              ? "--arrows flux has no effect with --field"
                                              : "--arrows flux needs the conductivity: --flux K");
    return EXIT_DONE;
}

/* Reads the formula. Returns an exit code, after its message. */
static int read_source(surface_job *job)
{
    const char *path = job->options->expr_file;
    if (!path && strcmp(job->args->operands[0], "-") == 0)
        path = "-";
    job->source.text = path ? NULL : job->args->operands[0];
    int code = path ? input_check(job->args->command, path) : EXIT_DONE;
    return path && code == EXIT_DONE ? formula_source_read(&job->source, path) : code;
}

/* Writes the grid, the table or the text that an option asks for, else the report. */
static int write_outputs(surface_job *job)
{
    if (job->options->grid)
        return surface_write_grid(job);
    if (!job->options->table && !surface_text_option(job->options))
        return report_surface(job);
    int code = job->options->table ? surface_write_table(job) : surface_report_text(job);
    if (code == EXIT_DONE)
        surface_print_certainty(job);
    return code;
}

/* Reports on a function or a vector field. Returns an exit code. */
static int report_formula(surface_job *job)
{
    const surface_settings *o = job->options;
    if (eg_vector_is_tuple(job->source.text))
        return vector_report(job);
    if (o->work)
        return usage_error(job->args->command,
                           "--work needs a vector field as EXPR, such as '(-y, x)'");
    if (o->flux && eg_vector_is_path(o->flux))
        return usage_error(job->args->command,
                           "--flux across a path needs a vector field as EXPR, such as '(-y, x)'; "
                           "of a function it takes the conductivity K");
    int code = surface_prepare(job);
    return code == EXIT_DONE ? write_outputs(job) : code;
}

/* Finds all solutions in a box. Returns an exit code. */
static int solve_in_box(surface_job *job)
{
    if (eg_vector_is_tuple(job->source.text))
        return usage_error(job->args->command,
                           "a vector field has no critical points; --roots finds where it is 0: "
                           "write its components as equations, such as '-y=0; x=0'");
    return solve_run(job);
}

static void set_surface_defaults(cli_settings *settings)
{
    surface_settings *own = (surface_settings *)settings;
    own->digits = 7;
    own->seconds = 2;
    own->azimuth = -60;
    own->elevation = 30;
}

static int run_surface(const cli_args *args, cli_settings *settings)
{
    json j = {.out = stdout};
    const surface_settings *own = (const surface_settings *)settings;
    surface_job job = {.args = args, .settings = settings, .options = own};
    job.block_writer = (block_writer){.j = settings->json ? &j : NULL, .digits = own->digits};
    eg_error error = {0};
    int code = check_options(args, job.options);
    if (code == EXIT_DONE)
        code = check_plot_options(args, job.options);
    if (code == EXIT_DONE)
        code = solve_check_unused(args, job.options);
    if (code != EXIT_DONE)
        return code;
    settings->config.cancel = signal_caught();
    if (eg_context_new(&job.ctx, &settings->config, &error) != EG_OK)
        return report_error(settings, &error);
    if (job.options->field) {
        code = surface_report_raster(&job);
    } else if ((code = read_source(&job)) == EXIT_DONE) {
        code = solve_is_wanted(job.options) ? solve_in_box(&job) : report_formula(&job);
        if (code == EXIT_DONE && job.exact.reals &&
            eg_reals_status(job.exact.reals, &error) != EG_OK)
            code = report_error(settings, &error);
    }
    surface_free(&job);
    return code;
}

const cli_command surface_command = {
    .name = "surface",
    .summary = "Analyse a function at a point: gradient, tangent plane, Hessian",
    .about =
        "Print value, partial derivatives, gradient, tangent plane, level curve and Hessian of the "
        "formula EXPR at a point, and the results of further options. Derivatives are exact, not "
        "finite differences. EXPR is a quoted formula such as 'x^2*y + sin(2x)' with up to 64 "
        "variables, a definition f(x, y) = ..., or an equation such as 'x^2+y^2=1'; edgegrad help "
        "functions lists the functions. A list of formulas such as '(-y, x)' is a vector field: "
        "prints its Jacobian, divergence and curl, and its potential if it is a gradient. An EXPR "
        "of - is read from standard input.\n"
        "With a box in place of the point it finds all critical points (--critical), extrema under "
        "constraints (--lagrange with --in) or solutions of equations (--roots) in it, and says "
        "whether the list is proven to be complete; if not, the exit code is 1.",
    .operands = (const char *const[]){"[EXPR]", NULL},
    .least = 0,
    .formula = true,
    .groups =
        (const cli_group *const[]){&surface_point_group, &surface_analysis_group, &solve_group,
                                   &surface_plot_group, &surface_view_group, &surface_text_group,
                                   &surface_grid_group, &band_group, &input_group, &job_group,
                                   &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Print gradient, tangent plane and Hessian at a point",
            "edgegrad surface 'x^2+y^2' --at 1,1",
            "Find all critical points in a box",
            "edgegrad surface '(x^2+y-11)^2+(x+y^2-7)^2' --critical x=-5:5,y=-5:5",
            "Show how the derivatives are found",
            "edgegrad surface 'x*sin(x)/(x^2+1)' --steps",
            "Plot level curves and gradients",
            "edgegrad surface 'x^2+4y^2' --at 2,1 --plot hill.png",
            "Apply the chain rule and print its tree",
            "edgegrad surface 'x^2*y' --with 'x=cos(t)' --with 'y=sin(t)' --at t=pi/4",
            "Bound the error of the tangent plane",
            "edgegrad surface 'sqrt(x^2+y^2+1)' --at 0,0 --to 0.1,0.05",
            "Find all extrema under a constraint",
            "edgegrad surface 'x*y' --lagrange 'x^2+4y^2=8' --in x=-4:4,y=-3:3",
            "Solve a system of equations",
            "edgegrad surface 'x^2+y^2=4; x=y' --roots x=-3:3,y=-3:3",
            "Propagate errors of measurement",
            "edgegrad surface '4*pi^2*L/T^2' --at L=1,T=2.008 --error L=.001,T=.004",
            "Plot the graph of a function of one variable with a tangent",
            "edgegrad surface 'sin(x)/x' --at 1 --range -10,10 --plot graph.svg",
            "Compute curl, divergence and work of a vector field",
            "edgegrad surface '(-y, x)' --work '(cos(t), sin(t)), t=0:2pi'",
            "Draw the surface in space with its tangent plane",
            "edgegrad surface 'x^2-y^2' --at 1,1 --view saddle.png",
            "Write a C function with its gradient",
            "edgegrad surface 'exp(-x^2)*cos(y)' --c --function wave -o wave.c",
            "Write a table for other programs",
            "edgegrad surface 'sin(x)*cos(y)' --grid x=-2:2:200,y=-2:2:200 -o waves.csv",
            NULL},
    .settings_size = sizeof(surface_settings),
    .set_defaults = set_surface_defaults,
    .run = run_surface,
};
