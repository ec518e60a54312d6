/* SPDX-License-Identifier: MIT */
/* Decides whether the operands of a raster command are one file or a batch, and runs it. */
#include "cli/raster/raster.h"

#include <string.h>
#include <sys/stat.h>

#include "cli/batch/batch.h"
#include "cli/ranks/ranks.h"
#include "cli/ranks/ranks_raster.h"
#include "cli/raster/raster_progress.h"
#include "cli/sandbox/sandbox.h"
#include "cli/support/file_check.h"

/* ---- one file ---- */

enum {
    FILES = RASTER_OUTPUTS + 2, /* the outputs, the report page and the JSON lines */
    LABEL_SIZE = 64
};

/* Lists all files that a run over one file writes. `labels` backs their labels. */
static size_t list_files(const raster_work *work, cli_file files[FILES],
                         char labels[RASTER_OUTPUTS][LABEL_SIZE])
{
    size_t count = 0;
    for (size_t i = 0; i < work->count; i++) {
        const raster_output *output = &work->outputs[i];
        snprintf(labels[i], LABEL_SIZE, "%s%s", output->option ? "--" : "",
                 output->option ? output->option : "OUTPUT");
        files[count++] = (cli_file){labels[i], output->path};
    }
    files[count++] = (cli_file){"--report", work->batch->report.page};
    files[count++] = (cli_file){"--json-lines", work->batch->json_lines};
    return count;
}

/* Checks that no output is the input or another output. Returns an exit code, after its message. */
static int check_distinct(const raster_work *work, const cli_file files[], size_t count)
{
    const cli_args *args = work->args;
    int code = EXIT_DONE;
    for (size_t i = 0; i < count && code == EXIT_DONE; i++) {
        code = file_check_input(args->command, (cli_file){"INPUT", args->operands[0]}, files[i]);
        for (size_t k = 0; k < i && code == EXIT_DONE; k++)
            code = file_check_outputs(args->command, files[k], files[i]);
    }
    return code;
}

/* Returns what to do if OUTPUT is a file of another program: two files of a pattern of the shell,
 * as in 'edgegrad *.jpg', were hardly meant as INPUT and OUTPUT. */
static const char *replace_advice(const raster_work *work)
{
    bool two = !work->outputs[0].option && !work->batch->output &&
               eg_source_recognizes(work->args->operands[0]) &&
               eg_source_recognizes(work->outputs[0].path);
    return two ? ", or -o FOLDER processes both files" : NULL;
}

/* Returns true if an output is a file of lines. */
static bool has_lines(const raster_work *work)
{
    bool found = false;
    for (size_t i = 0; i < work->count; i++)
        found = found || work->outputs[i].lines;
    return found;
}

/* Checks the path of an output. Returns an exit code, after its message. */
static int check_output(const raster_work *work, const char *path)
{
    if (has_lines(work) && is_vrt_path(path))
        return usage_error(
            work->args->command,
            "%s: a VRT has parts of the image, but lines lead through all rows: name "
            "another OUTPUT",
            path);
    return output_check(work->args->command, work->settings, path);
}

/* Files of other programs at the outputs are refused when the outputs are opened, after INPUT. */
static int check_paths(const raster_work *work)
{
    cli_file files[FILES];
    char labels[RASTER_OUTPUTS][LABEL_SIZE];
    size_t count = list_files(work, files, labels);
    int code = input_check(work->args->command, work->args->operands[0]);
    for (size_t i = 0; i < work->count && code == EXIT_DONE; i++)
        code = check_output(work, work->outputs[i].path);
    if (code == EXIT_DONE)
        code = check_distinct(work, files, count);
    for (size_t i = work->count; i < count && code == EXIT_DONE; i++)
        code = file_check_replaceable(work->settings, files[i].path);
    return code;
}

/* Runs one file on this rank alone. */
static int run_alone(const raster_work *work)
{
    const char *input = work->args->operands[0], *outputs[RASTER_OUTPUTS];
    for (size_t i = 0; i < work->count; i++)
        outputs[i] = work->outputs[i].path;
    eg_error error = {0};
    raster_result result = {0};
    eg_config config = work->settings->config;
    config.cancel = signal_caught();
    raster_progress progress;
    raster_progress_start(&progress, work, input, &config);
    raster_compute(work, &config, &(raster_input){.path = input}, outputs, NULL, &result, NULL,
                   NULL, &error);
    raster_progress_finish(&progress);
    if (error.status != EG_OK && work->settings->json)
        raster_print_failure(work, input, &error, &result);
    if (error.status != EG_OK)
        return report_error(work->settings, &error);
    if (work->batch->report.print_line)
        raster_print_report(work, input, &result);
    if (work->settings->json)
        work->print_json(work, input, &result);
    return EXIT_DONE;
}

static int run_one(const raster_work *work)
{
    if (!ranks_raster_needed(work))
        return run_alone(work);
    if (!has_lines(work))
        return ranks_raster_run(work);
    /* Lines lead through all rows, so ranks do not share the image. */
    return ranks_largest(rank_number() == 0 ? run_alone(work) : EXIT_DONE);
}

/* Confines a run over one file to it and to its outputs. Returns an exit code, after its message.
 */
static int enter_sandbox(const raster_work *work)
{
    sandbox box;
    cli_file files[FILES];
    char labels[RASTER_OUTPUTS][LABEL_SIZE];
    const size_t count = list_files(work, files, labels);
    sandbox_begin(&box, work->args, work->settings);
    sandbox_read(&box, work->args->operands[0]);
    for (size_t i = 0; i < count; i++)
        sandbox_write(&box, files[i].path);
    return sandbox_enter(&box);
}

/* ---- one or many ---- */

/* Returns true if the path is a folder or ends in a slash. */
static bool names_folder(const char *path)
{
    size_t length = strlen(path);
    return length > 0 && (path[length - 1] == '/' || is_folder(path));
}

/* Returns true if the command line asks for a batch: several inputs, a folder, or a batch option.
 */
static bool is_batch(const raster_work *work, size_t inputs)
{
    const cli_args *args = work->args;
    bool batch = inputs > 1 || batch_needs_folder(args);
    for (size_t i = 0; i < inputs && !batch; i++)
        batch = is_folder(args->operands[i]);
    return batch || (!work->outputs[0].option && names_folder(work->outputs[0].path));
}

/* Checks that the output of a batch can be a folder. With several inputs, a last operand that does
 * not exist or looks like an image file is probably another input, with the folder forgotten.
 * Returns an exit code, after its message. */
static int check_folder(const raster_work *work, const raster_output *output, size_t inputs)
{
    struct stat info;
    bool exists = stat(output->path, &info) == 0;
    bool clear =
        output->option || work->batch->output || inputs == 1 || is_folder(work->args->operands[0]);
    bool image = inputs > 1 && eg_source_recognizes(output->path);
    if (strcmp(output->path, "-") == 0)
        return usage_error(work->args->command,
                           "several files cannot be written to standard output: name a folder");
    if (exists ? S_ISDIR(info.st_mode) : (clear && !image) || names_folder(output->path))
        return EXIT_DONE;
    return usage_error(
        work->args->command,
        "'%s' is not a folder: the outputs of %s need one, give it with %s%s%sFOLDER", output->path,
        inputs > 1 ? "several files" : "a folder", output->option ? "--" : "",
        output->option ? output->option : "-o",
        output->option && strchr(output->option, '=') ? "" : " ");
}

/* Checks the paths of a batch of one file, which must be files: not - and not .vrt. Returns an exit
 * code, after its message. */
static int check_files(const raster_work *work)
{
    bool files = strcmp(work->args->operands[0], "-") != 0;
    for (size_t i = 0; i < work->count; i++) {
        const char *path = work->outputs[i].path;
        files = files && strcmp(path, "-") != 0 && !is_vrt_path(path);
    }
    if (files)
        return check_paths(work);
    return usage_error(work->args->command,
                       "--report PAGE, --json-lines, --dry-run, --shard and --auto-shared need "
                       "named files: neither '-' nor .vrt");
}

/* Sets *batch and work->single_file and checks the paths. The first rank decides for all, because
 * ranks on other machines may see other files. Returns an exit code, after its message. */
static int check_operands(raster_work *work, size_t inputs, bool *batch)
{
    const batch_settings *options = work->batch;
    int code = EXIT_DONE;
    if (rank_number() == 0) {
        *batch = is_batch(work, inputs);
        work->single_file =
            !*batch && (options->report.page || options->json_lines || options->dry_run ||
                        options->auto_shared || options->shard.of);
        for (size_t i = 0; *batch && i < work->count && code == EXIT_DONE; i++)
            code = check_folder(work, &work->outputs[i], inputs);
        if (!*batch) {
            code = enter_sandbox(work); /* first, because existing outputs are read as well */
            if (code == EXIT_DONE)
                code = work->single_file ? check_files(work) : check_paths(work);
        }
    }
    ranks_broadcast(batch, sizeof *batch, 0);
    ranks_broadcast(&work->single_file, sizeof work->single_file, 0);
    return ranks_largest(code);
}

int raster_run(raster_work *work)
{
    const cli_args *args = work->args;
    const char *option = work->batch->output; /* -o */
    bool operand = !work->outputs[0].option, batch = false;
    size_t inputs = args->operand_count - (operand && !option);
    if (operand)
        work->outputs[0].path = option ? option : args->operands[inputs];
    int code = check_operands(work, inputs, &batch);
    if (code != EXIT_DONE)
        return code;
    if (!batch)
        work->replace_advice = replace_advice(work);
    return batch || work->single_file ? batch_run(work, inputs) : run_one(work);
}
