/* SPDX-License-Identifier: MIT */
/* Runs edgegrad gradient --flux on one raster. */
#include <math.h>
#include <string.h>

#include "cli/flux/flux.h"
#include "cli/ranks/ranks.h"
#include "cli/sandbox/sandbox.h"
#include "cli/support/file_check.h"
#include "cli/support/plot_file.h"

/* ---- command line ---------------------------------------------------------------------------- */

/* Returns true if an option that is given has an effect on the flux: its own, and those of files,
 * limits and threads. Those of gradients in intensities and of folders have none. */
static bool has_effect(const cli_option *option)
{
    static const char *const images[] = {"alpha", "white", NULL};
    static const cli_group *const groups[] = {
        &flux_group, &picture_group, &input_group, &output_group,
        &job_group,  &limit_group,   &other_group, NULL};
    for (size_t i = 0; images[i]; i++)
        if (strcmp(option->name, images[i]) == 0)
            return false;
    for (const cli_group *const *group = groups; *group; group++)
        for (const cli_option *row = (*group)->options; row->name; row++)
            if (row == option)
                return true;
    return strcmp(option->name, "json") == 0;
}

static int check_options(const flux_job *job)
{
    const cli_args *args = job->args;
    const flux_settings *o = job->options;
    if (!o->flux) {
        for (size_t i = 0; i < args->given_count; i++)
            for (const cli_option *row = flux_group.options; row->name; row++)
                if (args->given[i] == row)
                    return usage_error(args->command, "--%s has no effect without --flux",
                                       row->name);
    }
    for (size_t i = 0; i < args->given_count; i++)
        if (!has_effect(args->given[i]))
            return usage_error(args->command, "--%s has no effect with --flux",
                               args->given[i]->name);
    if (o->spacing && !o->quiver)
        return usage_error(args->command, "--spacing has no effect without --quiver");
    if (o->separation > 0 && !o->streamlines)
        return usage_error(args->command, "--separation has no effect without --streamlines");
    return EXIT_DONE;
}

/* Checks the operands: one raster and one output. */
static int check_operands(const flux_job *job)
{
    const cli_args *args = job->args;
    double number;
    if (args->operand_count == 3 && read_number_list(args->operands[0], &number, 1) == 1)
        return usage_error(args->command, "--flux takes no value: give k as in --flux -k %.50s",
                           args->operands[0]);
    if (args->operand_count != 2)
        return usage_error(args->command, "--flux takes one INPUT and one OUTPUT, not %zu files",
                           args->operand_count);
    if (is_folder(args->operands[0]))
        return usage_error(args->command, "'%.200s' is a folder: --flux takes one raster",
                           args->operands[0]);
    return EXIT_DONE;
}

/* Checks the extensions of --quiver and --streamlines. */
static int check_formats(const flux_job *job)
{
    const flux_settings *o = job->options;
    if (o->quiver && !plot_file_recognizes(o->quiver))
        return usage_error(job->args->command,
                           "--quiver: '%.200s' has no known extension: use .png, .svg or .pdf",
                           o->quiver);
    if (o->streamlines && !plot_file_recognizes(o->streamlines) &&
        (strcmp(o->streamlines, "-") == 0 || !eg_line_file_recognizes(o->streamlines, NULL)))
        return usage_error(job->args->command,
                           "--streamlines: '%.200s' has no known extension: use .png, .svg, .pdf, "
                           ".geojson, .csv or .dxf",
                           o->streamlines);
    return EXIT_DONE;
}

/* Enters the sandbox before a file is opened, and checks the paths. */
static int check_files(const flux_job *job)
{
    const cli_command *command = job->args->command;
    const cli_file input = {"INPUT", job->input},
                   conductivity = {"--conductivity", job->conductivity_file};
    const cli_file outputs[] = {{"OUTPUT", job->output},
                                {"--quiver", job->options->quiver},
                                {"--streamlines", job->options->streamlines}};
    enum { OUTPUTS = sizeof outputs / sizeof *outputs };
    sandbox box;
    sandbox_begin(&box, job->args, job->common);
    sandbox_read(&box, job->input);
    if (job->conductivity_file)
        sandbox_read(&box, job->conductivity_file);
    sandbox_write(&box, job->output);
    sandbox_plot(&box, job->options->quiver);
    if (job->options->streamlines && plot_file_recognizes(job->options->streamlines))
        sandbox_plot(&box, job->options->streamlines);
    else
        sandbox_write(&box, job->options->streamlines);
    int code = sandbox_enter(&box);
    if (code == EXIT_DONE)
        code = input_check(command, job->input);
    for (size_t i = 0; i < OUTPUTS && code == EXIT_DONE; i++) {
        if (!outputs[i].path)
            continue;
        code = output_check(command, job->common, outputs[i].path);
        if (code == EXIT_DONE)
            code = file_check_input(command, input, outputs[i]);
        if (code == EXIT_DONE && conductivity.path)
            code = file_check_input(command, conductivity, outputs[i]);
        for (size_t k = 0; k < i && code == EXIT_DONE; k++)
            code = file_check_outputs(command, outputs[k], outputs[i]);
        if (code == EXIT_DONE)
            code = file_check_replaceable(job->common, outputs[i].path);
    }
    return code;
}

/* ---- sinks ----------------------------------------------------------------------------------- */

static size_t larger_side(const flux_job *job)
{
    return job->info.width > job->info.height ? job->info.width : job->info.height;
}

/* Returns the side of the boxes of which at most `most` cover the longer side of the raster. */
static size_t factor_for(const flux_job *job, size_t most)
{
    return (larger_side(job) - 1) / most + 1;
}

/* Chooses the boxes of the means, in pixels. */
static eg_status choose_factors(flux_job *job)
{
    const flux_settings *o = job->options;
    const size_t side = larger_side(job), least = factor_for(job, FLUX_ARROWS_MOST);
    if (o->quiver)
        job->arrow_factor = o->spacing ? (size_t)o->spacing : factor_for(job, FLUX_ARROWS);
    if (job->arrow_factor > 0 && job->arrow_factor < least) {
        job->error.status = EG_USAGE;
        snprintf(job->error.message, sizeof job->error.message,
                 "--spacing %zu makes more than %d arrows in a row; this raster needs %zu or more",
                 job->arrow_factor, FLUX_ARROWS_MOST, least);
        return EG_USAGE;
    }
    if (o->streamlines) {
        job->field_factor = factor_for(job, FLUX_FIELD_SIDE);
        job->separation = o->separation > 0 ? o->separation : fmax(2, (double)side / FLUX_LINES);
    }
    if (o->quiver || (o->streamlines && plot_file_recognizes(o->streamlines)))
        job->picture_factor = factor_for(job, FLUX_PICTURE_SIDE);
    return EG_OK;
}

/* Adds a sink of means, if the factor is not 0. */
static eg_status add_means(flux_job *job, eg_flux_part part, eg_grid *grid, size_t factor)
{
    if (factor == 0)
        return EG_OK;
    job->parts[job->sink_count] = part;
    return eg_sink_means(&job->sinks[job->sink_count++], job->ctx, grid, factor, &job->error);
}

static eg_status open_sinks(flux_job *job)
{
    static const eg_flux_part arrow_parts[ARROW_GRIDS] = {[ARROW_X] = EG_FLUX_X,
                                                          [ARROW_Y] = EG_FLUX_Y,
                                                          [ARROW_COLUMNS] = EG_FLUX_COLUMNS,
                                                          [ARROW_ROWS] = EG_FLUX_ROWS};
    static const eg_flux_part field_parts[FIELD_GRIDS] = {[FIELD_COLUMNS] = EG_FLUX_COLUMNS,
                                                          [FIELD_ROWS] = EG_FLUX_ROWS,
                                                          [FIELD_MAGNITUDE] = EG_FLUX_MAGNITUDE};
    eg_write_options write = job->common->write;
    eg_status status = eg_outputs_new(&job->outputs, job->ctx, &job->error);
    write.outputs = job->outputs;
    job->parts[job->sink_count] = EG_FLUX_BANDS;
    if (status == EG_OK)
        status = eg_sink_open(&job->sinks[job->sink_count++], job->ctx, job->output, &write,
                              &job->error);
    for (size_t i = 0; i < ARROW_GRIDS && status == EG_OK; i++)
        status = add_means(job, arrow_parts[i], &job->arrows[i], job->arrow_factor);
    for (size_t i = 0; i < FIELD_GRIDS && status == EG_OK; i++)
        status = add_means(job, field_parts[i], &job->field[i], job->field_factor);
    return status == EG_OK ? add_means(job, EG_FLUX_POTENTIAL, &job->potential, job->picture_factor)
                           : status;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Measures a cell in the middle row, for the shape of pictures. */
static eg_status measure_cell(flux_job *job)
{
    const eg_georef *georef = eg_source_georef(job->source);
    const eg_ground_options *options = &job->options->ground;
    eg_ground *ground = NULL;
    job->cell[0] = job->cell[1] = 1;
    if (!(georef && georef->located) && options->cell_x == 0)
        return EG_OK;
    eg_status status = eg_ground_new(&ground, job->source, options, &job->error);
    if (status == EG_OK)
        eg_ground_at(ground, ((double)job->info.height - 1) / 2, &job->cell[0], &job->cell[1],
                     NULL);
    eg_ground_free(ground);
    for (size_t i = 0; i < 2; i++)
        if (!(job->cell[i] > 0)) /* the middle row is a pole */
            job->cell[0] = job->cell[1] = 1;
    return status;
}

static eg_status open_input(flux_job *job)
{
    eg_config config = job->common->config;
    eg_read_options read = job->common->read;
    config.cancel = signal_caught();
    read.as_values = true;
    eg_status status = eg_context_new(&job->ctx, &config, &job->error);
    if (status == EG_OK)
        status = eg_source_open(&job->source, job->ctx, job->input, &read, &job->error);
    if (status == EG_OK)
        job->info = *eg_source_info(job->source);
    if (status == EG_OK)
        status = flux_load_conductivities(job);
    return status == EG_OK ? measure_cell(job) : status;
}

static eg_status compute(flux_job *job)
{
    eg_status status = open_input(job);
    if (status == EG_OK)
        status = choose_factors(job);
    if (status == EG_OK)
        status = open_sinks(job);
    if (status == EG_OK)
        status = eg_flux(job->source, job->sinks, job->parts, job->sink_count, &job->flux,
                         &job->result, &job->error);
    if (status == EG_OK && job->options->quiver)
        status = flux_write_quiver(job);
    if (status == EG_OK && job->options->streamlines)
        status = flux_write_streamlines(job);
    return status == EG_OK ? eg_outputs_commit(job->outputs, &job->error) : status;
}

static void close_job(flux_job *job)
{
    for (size_t i = 0; i < job->sink_count; i++)
        eg_sink_close(job->sinks[i]);
    eg_outputs_close(job->outputs);
    for (size_t i = 0; i < ARROW_GRIDS; i++)
        eg_grid_free(&job->arrows[i]);
    for (size_t i = 0; i < FIELD_GRIDS; i++)
        eg_grid_free(&job->field[i]);
    eg_grid_free(&job->potential);
    eg_grid_free(&job->conductivities);
    eg_source_close(job->source);
    eg_context_free(job->ctx);
}

static int run_job(flux_job *job)
{
    const double begun = seconds_now();
    compute(job);
    int code = report_error(job->common, &job->error);
    if (code == EXIT_DONE) {
        report_warnings(job->common, job->input, job->source);
        if (job->common->json)
            flux_print_json(job, seconds_now() - begun);
    }
    close_job(job);
    return code;
}

int flux_run(const cli_args *args, const cli_settings *common, const flux_settings *settings)
{
    flux_job job = {.args = args, .common = common, .options = settings};
    if (rank_number() > 0) /* the first rank computes it alone */
        return EXIT_DONE;
    int code = check_options(&job);
    if (code == EXIT_DONE)
        code = check_operands(&job);
    if (code == EXIT_DONE)
        code = flux_read_conductivity(&job);
    if (code == EXIT_DONE)
        code = check_formats(&job);
    job.input = args->operands[0];
    job.output = args->operands[1];
    if (code == EXIT_DONE)
        code = check_files(&job);
    return code == EXIT_DONE ? run_job(&job) : code;
}
