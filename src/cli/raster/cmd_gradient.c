/* SPDX-License-Identifier: MIT */
/* edgegrad gradient: computes gradient maps of images. */
#include <string.h>

#include "cli/commands.h"
#include "cli/raster/gradient_options.h"
#include "cli/raster/terrain_maps.h"
#include "cli/support/json.h"

_Static_assert((int)OPTION_MAPS_LIMIT <= (int)RASTER_OUTPUTS, "one pass writes every map");

/* Sets the options of each map. */
static void set_options(const gradient_settings *own,
                        eg_gradient_options options[OPTION_MAPS_LIMIT])
{
    for (size_t i = 0; i < own->maps.count; i++) {
        options[i] = own->derivative.gradient;
        if (gradient_is_boundary(own))
            continue;
        const eg_gradient_map map = (eg_gradient_map)own->maps.map[i].choice->value;
        options[i].map = map;
        options[i].thin = options[i].thin && map == EG_MAP_MAGNITUDE;
        options[i].zero_crossings =
            options[i].zero_crossings && map >= EG_MAP_LAPLACIAN && map <= EG_MAP_DOG;
    }
}

/* Computes the maps with scales from the whole image, which is read twice. */
static eg_status compute_normalized(const raster_work *work, const raster_pass *pass, bool shared,
                                    raster_result *result, eg_error *error)
{
    const gradient_settings *own = work->opaque;
    eg_gradient_options options[OPTION_MAPS_LIMIT];
    eg_boundary_options boundary = own->boundary;
    eg_source *again = NULL;
    set_options(own, options);
    result->normalized = true;
    if (pass->source)
        raster_open_again(work, pass, false, &again, error);
    gradient_choose_scales(own, pass, shared, options, &boundary, error);
    if (error->status == EG_OK && again)
        gradient_compute(own, again, pass->sinks, options, &boundary, error);
    eg_source_close(again);
    return error->status;
}

static eg_status compute_on_ranks(const raster_work *work, const raster_pass *pass,
                                  raster_result *result, eg_error *error)
{
    return compute_normalized(work, pass, true, result, error);
}

static eg_status compute_gradient(const raster_work *work, const raster_pass *pass,
                                  raster_result *result, eg_error *error)
{
    const gradient_settings *own = work->opaque;
    eg_gradient_options options[OPTION_MAPS_LIMIT];
    if (own->normalize)
        return compute_normalized(work, pass, false, result, error);
    set_options(own, options);
    return gradient_compute(own, pass->source, pass->sinks, options, &own->boundary, error);
}

/* Prints what the samples of output i stand for. */
static void print_map(json *j, const raster_work *work, const raster_result *result, size_t i)
{
    const eg_map_scale *scale = &result->scales[i];
    json_text(j, "map", work->outputs[i].name);
    if (!scale->map)
        return;
    json_text(j, "unit", scale->unit);
    json_number(j, "scale", scale->scale);
    json_number(j, "offset", scale->offset);
}

static void print_maps(json *j, const raster_work *work, const raster_result *result)
{
    json_open(j, "maps", '[');
    for (size_t i = 0; i < work->count; i++) {
        json_open(j, NULL, '{');
        json_text(j, "output", work->outputs[i].path);
        print_map(j, work, result, i);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void print_json(const raster_work *work, const char *input, const raster_result *result)
{
    const gradient_settings *own = work->opaque;
    const eg_gradient_options *options = &own->derivative.gradient;
    const bool several = work->outputs[0].option != NULL;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", input);
    if (!several)
        json_text(&j, "output", work->outputs[0].path);
    json_count(&j, "width", result->info.width);
    json_count(&j, "height", result->info.height);
    json_text(&j, "operator", options->op);
    json_text(&j, "colour", operator_colour_name(options->op, &result->info));
    json_number(&j, "sigma", gradient_is_boundary(own) ? own->boundary.sigma : options->sigma);
    if (several)
        print_maps(&j, work, result);
    else
        print_map(&j, work, result, 0);
    json_number(&j, "seconds", result->seconds);
    json_close(&j, '}');
}

static void set_gradient_defaults(cli_settings *settings)
{
    gradient_settings *own = (gradient_settings *)settings;
    operator_set_defaults(&own->derivative);
    eg_boundary_default(&own->boundary);
    flux_set_defaults(&own->flux);
}

static int run_gradient(const cli_args *args, cli_settings *settings)
{
    gradient_settings *own = (gradient_settings *)settings;
    char labels[OPTION_MAPS_LIMIT][32];
    if (own->flux.flux || flux_options_given(args))
        return flux_run(args, settings, &own->flux);
    int code = gradient_resolve(args, own);
    raster_work work = {.args = args,
                        .settings = settings,
                        .batch = &own->derivative.raster.batch,
                        .opaque = own,
                        .count = own->maps.count,
                        .compute = compute_gradient,
                        .compute_on_ranks = own->normalize ? compute_on_ranks : NULL,
                        .print_json = print_json};
    for (size_t i = 0; i < work.count; i++) {
        raster_output *output = &work.outputs[i];
        const char *path = own->maps.map[i].path;
        *output = (raster_output){
            .name = own->maps.map[i].choice->name, .path = path, .extension = "png"};
        snprintf(labels[i], sizeof labels[i], "map %s=", output->name);
        if (path)
            output->option = labels[i];
    }
    return code == EXIT_DONE ? raster_run(&work) : code;
}

const cli_command gradient_command = {
    .name = "gradient",
    .summary = "Compute gradient maps: magnitude, direction, second derivatives, flux",
    .about =
        "Compute one map of the gradient of INPUT and write it to OUTPUT, or several in one pass "
        "to the files of --map NAME=FILE. Gradients are in intensity levels per pixel for "
        "every operator. x points right and y down, so directions turn clockwise as the image "
        "is seen. What the samples stand for is in the files: a text in PNG, JPEG, PGM and "
        "TIFF, and GDAL's scale and offset in TIFF.\n"
        "With --flux, compute the flux -k grad u of a raster u in ground units instead.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .names_outputs = gradient_names_outputs,
    .groups = (const cli_group *const[]){&gradient_group, &jet_map_group, &operator_group,
                                         &flux_group, &picture_group, &many_target_group,
                                         &many_group, &report_group, &input_group, &output_group,
                                         &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Show the gradient magnitude in shades of grey",
            "edgegrad gradient photo.jpg magnitude.png", "Write the x derivative in floating point",
            "edgegrad gradient --map x photo.png dx.pfm",
            "Write magnitude and direction in one pass",
            "edgegrad gradient --map magnitude=m.tif --map direction=d.tif photo.png",
            "Show how strong the boundaries of objects are",
            "edgegrad gradient --map boundary photo.jpg boundaries.png",
            "Write directions in 16 bits with the most isotropic operator",
            "edgegrad gradient --map direction --op scharr --depth 16 photo.png direction.png",
            "Show a dim image four times as bright",
            "edgegrad gradient --scale 8 dim.jpg magnitude.png",
            "Mark the zero crossings of the Laplacian of a Gaussian",
            "edgegrad gradient --map log --zero-crossings --sigma 2 photo.jpg crossings.png",
            "Show directions as colours",
            "edgegrad gradient --colourize direction --normalize percentile photo.jpg wheel.png",
            "Compute the flow of heat of a temperature, with arrows",
            "edgegrad gradient --flux -k 0.6 temperature.tif flux.tif --quiver flux.svg", NULL},
    .settings_size = sizeof(gradient_settings),
    .set_defaults = set_gradient_defaults,
    .shared = true,
    .run = run_gradient,
};
