/* SPDX-License-Identifier: MIT */
/* Computes one file of a raster command; makes its thumbnails and its line of --report. */
#include "cli/raster/raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch.h"
#include "cli/report/report.h"
#include "cli/support/file_check.h"
#include "cli/support/json.h"

/* Returns EG_OK, because the report works without a thumbnail, unless memory is lacking. */
static eg_status without_thumbnail(const eg_error *why, eg_error *error)
{
    if (why->status == EG_NO_MEMORY)
        *error = *why;
    return error->status;
}

/* Makes the thumbnail of a preview, which may be NULL; it stays empty on failure. */
static eg_status make_thumbnail(cli_thumbnail *thumbnail, eg_preview *preview, int quality,
                                eg_error *error)
{
    eg_error why = {0};
    const void *bytes;
    size_t size;
    if (!preview || eg_preview_jpeg(preview, quality, &bytes, &size, &why) != EG_OK)
        return without_thumbnail(&why, error);
    thumbnail->bytes = malloc(size);
    if (!thumbnail->bytes)
        return fail_no_memory(error, "a thumbnail");
    memcpy((void *)thumbnail->bytes, bytes, size);
    thumbnail->size = size;
    return EG_OK;
}

/* Attaches previews to the source and to the first sink. */
static eg_status open_previews(eg_preview **before, eg_preview **after, eg_source *source,
                               eg_sink *sink, eg_error *error)
{
    eg_error why = {0};
    if (eg_preview_of_source(before, source, REPORT_SIDE, &why) == EG_OK)
        eg_preview_of_sink(after, sink, REPORT_SIDE, &why);
    return without_thumbnail(&why, error);
}

/* Opens the outputs of a file, which appear together. */
static eg_status open_sinks(const raster_work *work, const char *const outputs[], const bool own[],
                            eg_sink *sinks[], raster_files *files, eg_error *error)
{
    const cli_settings *settings = work->settings;
    eg_write_options options = settings->write;
    eg_status status = eg_outputs_new(&files->outputs, files->ctx, error);
    options.outputs = files->outputs;
    for (size_t i = 0; i < work->count && status == EG_OK; i++)
        if (!own || !own[i])
            status = file_check_replace(settings, outputs[i], i == 0 ? work->replace_advice : NULL,
                                        error);
    for (size_t i = 0; i < work->count && status == EG_OK; i++)
        if (!work->outputs[i].lines)
            status = eg_sink_open(&sinks[i], files->ctx, outputs[i], &options, error);
    return status;
}

/* Opens the file of lines, if an output is one. */
static eg_status open_lines(const raster_work *work, const char *const outputs[],
                            const eg_source *source, const raster_files *files,
                            eg_line_file **lines, eg_error *error)
{
    const eg_info *info = eg_source_info(source);
    eg_status status = EG_OK;
    for (size_t i = 0; i < work->count && status == EG_OK; i++) {
        if (!work->outputs[i].lines)
            continue;
        const eg_line_file_options options = {.format = work->outputs[i].format,
                                              .width = info->width,
                                              .height = info->height,
                                              .georef = eg_source_georef(source),
                                              .outputs = files->outputs,
                                              .edges = true,
                                              .values = info->depth > 16};
        status = eg_line_file_create(lines, files->ctx, outputs[i], &options, error);
    }
    return status;
}

static eg_status discard_rows(void *opaque, const eg_grid *rows, eg_error *error)
{
    (void)opaque, (void)rows, (void)error;
    return EG_OK;
}

/* Opens a sink for the preview of an output that is a file of lines. */
static eg_status open_unseen_sink(eg_sink **sink, eg_context *ctx, eg_error *error)
{
    return eg_sink_push(sink, ctx, 1u << EG_U8, discard_rows, NULL, error);
}

void raster_files_close(raster_files *files)
{
    eg_outputs_close(files->outputs);
    eg_context_free(files->ctx);
    *files = (raster_files){0};
}

eg_status raster_compute(const raster_work *work, const eg_config *config,
                         const raster_input *input, const char *const outputs[], const bool own[],
                         raster_result *result, raster_thumbnails *thumbnails, raster_files *files,
                         eg_error *error)
{
    const cli_settings *settings = work->settings;
    eg_source *source = NULL;
    eg_sink *sinks[RASTER_OUTPUTS] = {NULL};
    eg_line_file *lines = NULL;
    eg_preview *before = NULL, *after = NULL;
    double start = seconds_now();
    raster_files own_files = {0}, *held = files ? files : &own_files;
    *held = own_files;
    eg_status status = eg_context_new(&held->ctx, config, error);
    if (status == EG_OK)
        status = eg_source_open(&source, held->ctx, input->path, &settings->read, error);
    if (status == EG_OK)
        status = raster_add_neighbours(work, config, held->ctx, source, input, result, error);
    if (status == EG_OK)
        result->info = *eg_source_info(source);
    if (status == EG_OK)
        status = open_sinks(work, outputs, own, sinks, held, error);
    if (status == EG_OK)
        status = open_lines(work, outputs, source, held, &lines, error);
    if (status == EG_OK && thumbnails && !sinks[0])
        status = open_unseen_sink(&sinks[0], held->ctx, error);
    if (status == EG_OK && thumbnails)
        status = open_previews(&before, &after, source, sinks[0], error);
    const raster_pass pass = {
        .ctx = held->ctx, .path = input->path, .source = source, .sinks = sinks, .lines = lines};
    if (status == EG_OK)
        status = work->compute(work, &pass, result, error);
    for (size_t i = 0; status == EG_OK && i < work->count; i++)
        if (sinks[i])
            eg_sink_map_scale(sinks[i], &result->scales[i]);
    if (status == EG_OK && !files)
        status = eg_outputs_commit(held->outputs, error);
    if (status == EG_OK)
        report_warnings(settings, input->path, source);
    if (status == EG_OK && thumbnails)
        status = make_thumbnail(&thumbnails->before, before, REPORT_QUALITY_BEFORE, error);
    if (status == EG_OK && thumbnails)
        status = make_thumbnail(&thumbnails->after, after, REPORT_QUALITY_AFTER, error);
    eg_preview_free(before);
    eg_preview_free(after);
    for (size_t i = 0; i < work->count; i++)
        eg_sink_close(sinks[i]);
    eg_line_file_close(lines);
    eg_source_close(source);
    if (!files)
        raster_files_close(held);
    result->seconds = seconds_now() - start;
    return status;
}

/* Reads a whole file to make its thumbnail, which stays empty on failure. */
static eg_status read_thumbnail(cli_thumbnail *thumbnail, const eg_config *config,
                                const eg_read_options *read, const char *path, int quality,
                                eg_error *error)
{
    enum { ROWS = 16 };
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_preview *preview = NULL;
    void *rows = NULL;
    eg_error why = {0};
    bool good = eg_context_new(&ctx, config, &why) == EG_OK &&
                eg_source_open(&source, ctx, path, read, &why) == EG_OK &&
                eg_preview_of_source(&preview, source, REPORT_SIDE, &why) == EG_OK;
    const eg_info *info = good ? eg_source_info(source) : NULL;
    const size_t planes = good && info->planes > 1 ? (size_t)info->planes : 1;
    size_t stride = good ? planes * eg_row_bytes(info->sample, info->width) : 0;
    if (good && !(rows = malloc(ROWS * stride))) {
        fail_no_memory(&why, "a thumbnail");
        good = false;
    }
    for (size_t y = 0; good && y < info->height; y += ROWS) {
        size_t count = info->height - y < ROWS ? info->height - y : ROWS;
        good = eg_source_read(source, rows, stride, count, &why) == EG_OK;
    }
    eg_status status =
        good ? make_thumbnail(thumbnail, preview, quality, error) : without_thumbnail(&why, error);
    free(rows);
    eg_preview_free(preview);
    eg_source_close(source);
    eg_context_free(ctx);
    return status;
}

eg_status raster_read_thumbnails(const raster_work *work, const eg_config *config,
                                 const char *input, const char *output,
                                 raster_thumbnails *thumbnails, eg_error *error)
{
    const cli_settings *settings = work->settings;
    eg_read_options plain;
    eg_read_default(&plain);
    plain.as_values = settings->read.as_values;
    plain.encoding = settings->read.as_values ? EG_ENCODING_GREY : EG_ENCODING_NONE;
    eg_status status = read_thumbnail(&thumbnails->before, config, &settings->read, input,
                                      REPORT_QUALITY_BEFORE, error);
    return status == EG_OK ? read_thumbnail(&thumbnails->after, config, &plain, output,
                                            REPORT_QUALITY_AFTER, error)
                           : status;
}

void raster_thumbnails_free(raster_thumbnails *thumbnails)
{
    free((void *)thumbnails->before.bytes);
    free((void *)thumbnails->after.bytes);
}

/* Numbers that the run did not come to know are null, not 0. */
void raster_print_failure(const raster_work *work, const char *input, const eg_error *error,
                          const raster_result *result)
{
    const eg_info *info = &result->info;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "command", work->args->command->name);
    json_text(&j, "input", input);
    json_text(&j, "outcome", "failed");
    json_count(&j, "code", (uint64_t)exit_code(error->status));
    json_text(&j, "error", error->message);
    json_number(&j, "width", info->width ? (double)info->width : (double)NAN);
    json_number(&j, "height", info->height ? (double)info->height : (double)NAN);
    if (work->edges)
        json_null(&j, "edge_pixels");
    json_number(&j, "seconds", result->seconds > 0 ? result->seconds : (double)NAN);
    json_close(&j, '}');
}

/* Prints the line about an image with edges, which are `percent` of its pixels. */
static void print_thresholds(const raster_work *work, const char *input,
                             const raster_result *result, double percent)
{
    const eg_edges_result *edges = &result->edges;
    const char *how = edges->automatic ? ", chosen automatically" : "";
    char low[64] = "", high[64] = "", limits[160];
    snprintf(low, sizeof low, "%.6g/px", edges->low);
    snprintf(high, sizeof high, "%.6g/px", edges->high);
    if (!isnan(edges->high_response)) {
        snprintf(low, sizeof low, "%.4g/px (%.5g)", edges->low, edges->low_response);
        snprintf(high, sizeof high, "%.4g/px (%.5g)", edges->high, edges->high_response);
    }
    if (work->edges->method == EG_EDGE_RIDGE) {
        snprintf(low, sizeof low, "%.6g", edges->low);
        snprintf(high, sizeof high, "%.6g levels per pixel squared", edges->high);
    }
    if (work->edges->method == EG_EDGE_THRESHOLD)
        snprintf(limits, sizeof limits, "threshold %s", high);
    else
        snprintf(limits, sizeof limits, "low %s, high %s", low, high);
    message("%s: %s%s; sigma %.3g pixels; %.2f %% of %zu x %zu pixels are edges", input, limits,
            how, edges->sigma, percent, result->info.width, result->info.height);
}

/* Prints the line about an image with maps whose scales were chosen from it. */
static void print_scales(const raster_work *work, const char *input, const raster_result *result)
{
    char text[RASTER_OUTPUTS * 64] = "";
    size_t used = 0;
    for (size_t i = 0; i < work->count && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "; scale of %s %.6g",
                                 work->outputs[i].name, result->scales[i].scale);
    message("%s: %zu x %zu pixels in %.3g s%s", input, result->info.width, result->info.height,
            result->seconds, text);
}

void raster_print_report(const raster_work *work, const char *input, const raster_result *result)
{
    const eg_edges_result *edges = &result->edges;
    const eg_info *info = &result->info;
    const double percent =
        100 * (double)edges->edge_pixels / ((double)info->width * (double)info->height);
    if (result->normalized)
        print_scales(work, input, result);
    else if (!result->has_edges)
        message("%s: %zu x %zu pixels in %.3g s", input, info->width, info->height,
                result->seconds);
    else if (edges->flat)
        message("%s: no %s to choose thresholds from; %.2f %% of %zu x %zu pixels are edges", input,
                work->edges->method == EG_EDGE_RIDGE ? "ridge" : "gradient", percent, info->width,
                info->height);
    else
        print_thresholds(work, input, result, percent);
}
