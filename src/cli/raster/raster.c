/* SPDX-License-Identifier: MIT */
/* One file of a raster command, and whether it is one. */
#include "cli/raster/raster.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/batch/batch.h"
#include "cli/ranks/ranks.h"
#include "cli/report/report.h"
#include "cli/ranks/ranks_raster.h"

typedef struct previews {
    eg_preview *before, *after;
} previews;

/* Pictures are a courtesy: where one cannot be made there is none. */
static cli_thumb take_thumb(eg_preview *preview, int quality)
{
    cli_thumb thumb = {0};
    const void *bytes;
    size_t size;
    if (!preview || eg_preview_jpeg(preview, quality, &bytes, &size, NULL) != EG_OK)
        return thumb;
    thumb.bytes = malloc(size);
    if (thumb.bytes) {
        memcpy((void *)thumb.bytes, bytes, size);
        thumb.size = size;
    }
    return thumb;
}

static void previews_begin(previews *p, eg_source *source, eg_sink *sink)
{
    eg_preview_of_source(&p->before, source, REPORT_SIDE, NULL);
    eg_preview_of_sink(&p->after, sink, REPORT_SIDE, NULL);
}

static void previews_end(previews *p, raster_thumbs *thumbs)
{
    if (thumbs)
        *thumbs = (raster_thumbs){take_thumb(p->before, REPORT_QUALITY_BEFORE),
                                  take_thumb(p->after, REPORT_QUALITY_AFTER)};
    eg_preview_free(p->before);
    eg_preview_free(p->after);
}

eg_status raster_compute(const raster_work *work, const eg_config *config, const char *input,
                         const char *const outputs[], raster_result *result, raster_thumbs *thumbs,
                         eg_error *error)
{
    const cli_settings *settings = work->settings;
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_sink *sinks[CLI_OUTPUTS] = {NULL};
    previews p = {0};
    double start = batch_now();
    eg_status status = eg_context_new(&ctx, config, error);
    if (status == EG_OK)
        status = eg_source_open(&source, ctx, input, &settings->read, error);
    if (status == EG_OK)
        result->info = *eg_source_info(source);
    for (size_t i = 0; i < work->count && status == EG_OK; i++)
        status = eg_sink_open(&sinks[i], ctx, outputs[i], &settings->write, error);
    if (status == EG_OK && thumbs)
        previews_begin(&p, source, sinks[0]);
    if (status == EG_OK)
        status = work->compute(work, source, sinks, result, error);
    previews_end(&p, status == EG_OK ? thumbs : NULL);
    for (size_t i = 0; i < work->count; i++)
        eg_sink_close(sinks[i]);
    eg_source_close(source);
    eg_context_free(ctx);
    result->seconds = batch_now() - start;
    return status;
}

static cli_thumb look(const eg_config *config, const eg_read_options *read, const char *path,
                      int quality)
{
    enum { ROWS = 16 };
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_preview *preview = NULL;
    void *rows = NULL;
    cli_thumb thumb = {0};
    bool good = eg_context_new(&ctx, config, NULL) == EG_OK &&
                eg_source_open(&source, ctx, path, read, NULL) == EG_OK &&
                eg_preview_of_source(&preview, source, REPORT_SIDE, NULL) == EG_OK;
    const eg_info *info = good ? eg_source_info(source) : NULL;
    size_t stride = good ? eg_row_bytes(info->sample, info->width) : 0;
    good = good && (rows = malloc(ROWS * stride)) != NULL;
    for (size_t y = 0; good && y < info->height; y += ROWS) {
        size_t count = info->height - y < ROWS ? info->height - y : ROWS;
        good = eg_source_read(source, rows, stride, count, NULL) == EG_OK;
    }
    if (good)
        thumb = take_thumb(preview, quality);
    free(rows);
    eg_preview_free(preview);
    eg_source_close(source);
    eg_context_free(ctx);
    return thumb;
}

void raster_look(const raster_work *work, const eg_config *config, const char *input,
                 const char *output, raster_thumbs *thumbs)
{
    const cli_settings *settings = work->settings;
    eg_read_options plain;
    eg_read_default(&plain);
    plain.heights = settings->read.heights;
    thumbs->before = look(config, &settings->read, input, REPORT_QUALITY_BEFORE);
    thumbs->after = look(config, &plain, output, REPORT_QUALITY_AFTER);
}

void raster_thumbs_free(raster_thumbs *thumbs)
{
    free((void *)thumbs->before.bytes);
    free((void *)thumbs->after.bytes);
}

static double share(const raster_result *result)
{
    return (double)result->edges.edge_pixels /
           ((double)result->info.width * (double)result->info.height);
}

void raster_report(const raster_work *work, const char *input, const raster_result *result)
{
    const eg_edges_result *edges = &result->edges;
    const eg_info *info = &result->info;
    const char *how = edges->automatic ? ", chosen automatically" : "";
    if (!result->has_edges)
        message("%s: %zu x %zu pixels in %.3g s", input, info->width, info->height,
                result->seconds);
    else if (work->settings->edges.method == EG_EDGE_CANNY)
        message(
            "%s: low %.4g/px (%.5g), high %.4g/px (%.5g)%s; %.2f %% of %zu x %zu pixels are edges",
            input, edges->low, edges->low_sum, edges->high, edges->high_sum, how,
            100 * share(result), info->width, info->height);
    else
        message("%s: threshold %.4g/px (%.5g)%s; %.2f %% of %zu x %zu pixels are edges", input,
                edges->high, edges->high_sum, how, 100 * share(result), info->width, info->height);
}

/* ---- one file ---- */

/* What a message calls the output: its option, or OUTPUT. */
static const char *dashes(const raster_output *output)
{
    return output->option ? "--" : "";
}

static const char *called(const raster_output *output)
{
    return output->option ? output->option : "OUTPUT";
}

static int check_apart(const raster_work *work, size_t index)
{
    const cli_line *line = work->line;
    const raster_output *this = &work->outputs[index];
    if (work->apart && same_file(line->operands[0], this->path))
        return usage_error(line->command, "'%s' is INPUT: name another file for %s%s", this->path,
                           dashes(this), called(this));
    for (size_t i = 0; i < index; i++) {
        const raster_output *other = &work->outputs[i];
        bool piped = strcmp(this->path, "-") == 0 && strcmp(other->path, "-") == 0;
        if (piped || same_file(this->path, other->path))
            return usage_error(line->command, "--%s and --%s cannot both go to '%s'", other->option,
                               this->option, this->path);
    }
    return EXIT_DONE;
}

static int check_paths(const raster_work *work)
{
    int code = input_check(work->line->command, work->line->operands[0]);
    for (size_t i = 0; i < work->count && code == EXIT_DONE; i++) {
        code = output_check(work->line->command, work->settings, work->outputs[i].path);
        if (code == EXIT_DONE)
            code = check_apart(work, i);
    }
    return code;
}

static int run_one(const raster_work *work)
{
    const char *input = work->line->operands[0], *outputs[CLI_OUTPUTS];
    if (shared_wanted(work))
        return shared_run(work);
    for (size_t i = 0; i < work->count; i++)
        outputs[i] = work->outputs[i].path;
    eg_error error = {0};
    raster_result result = {0};
    eg_config config = work->settings->config;
    config.cancel = signal_caught();
    if (raster_compute(work, &config, input, outputs, &result, NULL, &error) != EG_OK)
        return report_error(work->settings, &error);
    if (work->settings->report.asked)
        raster_report(work, input, &result);
    if (work->settings->json)
        work->tell(work, input, &result);
    return EXIT_DONE;
}

/* ---- one or many ---- */

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* A folder, or by its slash meant to be one. */
static bool names_folder(const char *path)
{
    size_t length = strlen(path);
    return length > 0 && (path[length - 1] == '/' || is_folder(path));
}

/* Whether the words on the command line mean a run over many files. */
static bool is_many(const raster_work *work, size_t inputs)
{
    const cli_line *line = work->line;
    bool many = inputs > 1 || batch_asked(line);
    for (size_t i = 0; i < inputs && !many; i++)
        many = is_folder(line->operands[i]);
    return many || (!work->outputs[0].option && names_folder(work->outputs[0].path));
}

/* Several inputs go into a folder. The last of many files is rather one of them, and the folder forgotten; a name like
 * a picture's is hardly meant to be one. */
static int check_folder(const raster_work *work, const raster_output *output, size_t inputs)
{
    struct stat about;
    bool there = stat(output->path, &about) == 0;
    bool clear = output->option || work->settings->many.output || inputs == 1 ||
                 is_folder(work->line->operands[0]);
    bool picture = inputs > 1 && eg_source_expected(output->path);
    if (strcmp(output->path, "-") == 0)
        return usage_error(work->line->command,
                           "many files cannot go to standard output: name a folder");
    if (there ? S_ISDIR(about.st_mode) : (clear && !picture) || names_folder(output->path))
        return EXIT_DONE;
    return usage_error(
        work->line->command, "'%s' is not a folder: %s, say which with %s%s FOLDER", output->path,
        inputs > 1 ? "several files go into one" : "a folder's files go into another",
        dashes(output), output->option ? output->option : "-o");
}

/* What is told of runs over many files can be told of one too. */
static bool tells_of_one(const cli_settings *settings)
{
    const cli_many *many = &settings->many;
    return settings->report.page || many->json_lines || many->dry_run || many->auto_shared ||
           many->shard.of;
}

/* What asks for it needs names: of what goes through a pipe there is nothing to tell. */
static int check_named(const raster_work *work)
{
    bool named = strcmp(work->line->operands[0], "-") != 0;
    for (size_t i = 0; i < work->count; i++) {
        const char *path = work->outputs[i].path;
        named = named && strcmp(path, "-") != 0 && !shared_is_vrt(path);
    }
    if (named)
        return check_paths(work);
    return usage_error(work->line->command,
                       "--report PAGE, --json-lines, --dry-run, --shard and --auto-shared need "
                       "files: not '-', and no .vrt");
}

/* As the first rank sees it, which may be on another machine than the others. */
static int decide(raster_work *work, size_t inputs, bool *many)
{
    int code = EXIT_DONE;
    if (rank_number() == 0) {
        *many = is_many(work, inputs);
        work->files = !*many && tells_of_one(work->settings);
        for (size_t i = 0; *many && i < work->count && code == EXIT_DONE; i++)
            code = check_folder(work, &work->outputs[i], inputs);
        if (!*many)
            code = work->files ? check_named(work) : check_paths(work);
    }
    ranks_broadcast(many, sizeof *many, 0);
    ranks_broadcast(&work->files, sizeof work->files, 0);
    return ranks_largest(code);
}

int raster_run(raster_work *work)
{
    const cli_line *line = work->line;
    const char *named = work->settings->many.output;
    bool operand = !work->outputs[0].option, many = false;
    size_t inputs = line->operand_count - (operand && !named);
    if (operand)
        work->outputs[0].path = named ? named : line->operands[inputs];
    int code = decide(work, inputs, &many);
    if (code != EXIT_DONE)
        return code;
    return many || work->files ? batch_run(work, inputs) : run_one(work);
}
