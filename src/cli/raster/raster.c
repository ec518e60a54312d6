/* SPDX-License-Identifier: MIT */
/* One file or many: what the operands of a raster command mean. */
#include "cli/raster/raster.h"

#include <string.h>
#include <sys/stat.h>

#include "cli/batch/batch.h"
#include "cli/ranks/ranks.h"
#include "cli/ranks/ranks_raster.h"

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
    if (work->batch->report.asked)
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

/* Several inputs go into a folder. The last of many files is rather one of them, and the folder
 * forgotten; a name like a picture's is hardly meant to be one. */
static int check_folder(const raster_work *work, const raster_output *output, size_t inputs)
{
    struct stat about;
    bool there = stat(output->path, &about) == 0;
    bool clear =
        output->option || work->batch->output || inputs == 1 || is_folder(work->line->operands[0]);
    bool picture = inputs > 1 && eg_source_recognizes(output->path);
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
static bool tells_of_one(const batch_settings *many)
{
    return many->report.page || many->json_lines || many->dry_run || many->auto_shared ||
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
        work->files = !*many && tells_of_one(work->batch);
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
    const char *named = work->batch->output;
    bool operand = !work->outputs[0].option, many = false;
    size_t inputs = line->operand_count - (operand && !named);
    if (operand)
        work->outputs[0].path = named ? named : line->operands[inputs];
    int code = decide(work, inputs, &many);
    if (code != EXIT_DONE)
        return code;
    return many || work->files ? batch_run(work, inputs) : run_one(work);
}
