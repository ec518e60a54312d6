/* SPDX-License-Identifier: MIT */
/* The options of batch runs, and the hash of the options that affect outputs. */
#include <string.h>

#include "cli/batch/batch.h"
#include "cli/support/text.h"

static const cli_option target_options[] = {
    {.name = "output",
     .letter = 'o',
     .type = OPTION_FILE,
     .offset = offsetof(raster_settings, batch.output),
     .metavar = "PATH",
     .help =
         "Folder of the outputs, instead of the last operand, created if missing; for one INPUT "
         "also a file"},
    {.name = NULL},
};

const cli_group many_target_group = {"Destination", target_options, sizeof(raster_settings)};

static const cli_option many_options[] = {
    {.name = "recursive",
     .letter = 'r',
     .type = OPTION_FLAG,
     .offset = offsetof(raster_settings, batch.recursive),
     .brief = {2, "Include files in subfolders of INPUT"},
     .help = "Include files in subfolders, which are mirrored under OUTPUT"},
    {.name = "pattern",
     .type = OPTION_TEXTS,
     .offset = offsetof(raster_settings, batch.patterns),
     .metavar = "GLOB",
     .help = "Pattern of the names of the files to process in a folder: '*.tif', 'IMG_*'; may be "
             "repeated",
     .absent = "names with the extension of a known format"},
    {.name = "name",
     .type = OPTION_TEXT,
     .offset = offsetof(raster_settings, batch.name),
     .metavar = "PATTERN",
     .help = "Pattern of output names: {stem} is the input's name without its extension, {ext} the "
             "extension, {name} both, {map} the map, {command} the command",
     .absent = "{stem} and the default extension of the map"},
    {.name = "force",
     .type = OPTION_FLAG,
     .offset = offsetof(raster_settings, batch.force),
     .help = "Recompute outputs that are up to date, that is, made with the same options from an "
             "input that has not changed since"},
    {.name = "fail-fast",
     .type = OPTION_FLAG,
     .offset = offsetof(raster_settings, batch.fail_fast),
     .help = "Stop at the first file that fails instead of continuing with the others"},
    {.name = "dry-run",
     .letter = 'n',
     .type = OPTION_FLAG,
     .offset = offsetof(raster_settings, batch.dry_run),
     .help = "Print which output would be made from which input, and do nothing"},
    {.name = "shard",
     .type = OPTION_SHARD,
     .offset = offsetof(raster_settings, batch.shard),
     .metavar = "K/N",
     .help =
         "Process only part K of N of the files, for N machines or array jobs that run the same "
         "command; a file is always in the same part",
     .absent = "all files"},
    {.name = "memory",
     .type = OPTION_SIZE,
     .offset = offsetof(raster_settings, common.config.max_memory),
     .metavar = "SIZE",
     .help = "Maximum memory in bytes for all files processed at a time; same as --max-memory",
     .initial = "4G",
     .min = 1,
     .max = 1099511627776.0},
    {.name = "progress",
     .type = OPTION_CHOICE,
     .offset = offsetof(raster_settings, batch.progress),
     .metavar = "HOW",
     .help = "Progress display on standard error",
     .initial = "auto",
     .choices = (const cli_choice[]){{"auto", CLI_PROGRESS_AUTO, "As line, but only on a terminal"},
                                     {"line", CLI_PROGRESS_LINE, "One line, overwritten"},
                                     {"json", CLI_PROGRESS_JSON, "One JSON object per line"},
                                     {"none", CLI_PROGRESS_NONE, "No progress display"},
                                     {NULL, 0, NULL}}},
    {.name = "json-lines",
     .type = OPTION_FILE,
     .offset = offsetof(raster_settings, batch.json_lines),
     .metavar = "FILE",
     .help = "File to write one JSON object per input file to; - is standard output"},
    {.name = "report",
     .type = OPTION_REPORT,
     .offset = offsetof(raster_settings, batch.report),
     .metavar = "[PAGE.html]",
     .brief = {2, "Write an HTML page with thumbnails of all files"},
     .help =
         "With a name that ends in .html: an HTML report with thumbnails of inputs and outputs. "
         "Without: one line about each file on standard error, with the thresholds of edges"},
    {.name = NULL},
};

const cli_group many_group = {"Batch processing", many_options, sizeof(raster_settings)};

bool batch_needs_folder(const cli_args *args)
{
    static const char *const names[] = {"recursive", "pattern", "name"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (option_given(args, names[i]))
            return true;
    return false;
}

/* ---- options hash ---------------------------------------------------------------------------- */

static void hash_bytes(uint64_t *hash, const void *bytes, size_t size)
{
    *hash = text_hash(*hash, bytes, size);
}

static void hash_text(uint64_t *hash, const char *text)
{
    hash_bytes(hash, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* Hashes path, size and time of modification of a file. */
static void hash_file(uint64_t *hash, const char *path)
{
    uint64_t size = 0;
    int64_t modified = 0;
    hash_text(hash, path);
    if (path && batch_stat(path, &size, &modified)) {
        hash_bytes(hash, &size, sizeof size);
        hash_bytes(hash, &modified, sizeof modified);
    }
}

/* Hashes the names of maps, not their files. */
static void hash_maps(uint64_t *hash, const cli_maps *maps)
{
    for (size_t i = 0; i < maps->count; i++)
        hash_text(hash, maps->map[i].choice->name);
}

/* Hashes the name and the value of an option, not its spelling on the command line. */
static void hash_option(uint64_t *hash, const cli_option *option, const cli_settings *settings)
{
    const char *field = (const char *)settings + option->offset;
    const char *text;
    const eg_read_options *read;
    const eg_ground_options *ground;
    hash_text(hash, option->name);
    switch (option->type) {
    case OPTION_NAME:
    case OPTION_TEXT:
        memcpy(&text, field, sizeof text);
        hash_text(hash, text);
        break;
    case OPTION_INPUT:
        memcpy(&text, field, sizeof text);
        hash_file(hash, text);
        break;
    case OPTION_FLAG:
        hash_bytes(hash, field, sizeof(bool));
        break;
    case OPTION_WHOLE:
    case OPTION_CHOICE:
        hash_bytes(hash, field, sizeof(int));
        break;
    case OPTION_THRESHOLD:
        hash_bytes(hash, field, sizeof(double));
        hash_bytes(hash, field + offsetof(cli_threshold, unit), sizeof(eg_threshold_unit));
        break;
    case OPTION_ALPHA:
        read = (const void *)field;
        hash_bytes(hash, &read->alpha, sizeof read->alpha);
        hash_bytes(hash, read->over, sizeof read->over);
        break;
    case OPTION_CELL:
        ground = (const void *)field;
        hash_bytes(hash, &ground->cell_x, sizeof(double));
        hash_bytes(hash, &ground->cell_y, sizeof(double));
        break;
    case OPTION_COLOUR:
        hash_bytes(hash, field, sizeof(cli_rgb));
        break;
    case OPTION_MAPS:
        hash_maps(hash, (const void *)field);
        break;
    case OPTION_LENGTH:
        hash_bytes(hash, field, sizeof(cli_length));
        break;
    case OPTION_SIGMA:
        hash_bytes(hash, field, sizeof(cli_sigma));
        break;
    case OPTION_PERCENT:
    case OPTION_REAL:
    case OPTION_NUMBER:
    case OPTION_AUTO:
        hash_bytes(hash, field, sizeof(double));
        break;
    default: /* output files and limits do not affect the content of an output */
        break;
    }
}

/* Returns false for options whose effect is not on the content of an output, or is known otherwise:
 * an item has the hash of its neighbours. */
static bool is_hashed(const cli_option *option)
{
    static const char *const others[] = {"json", "overwrite", "no-sync", "no-neighbours"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(option->name, others[i]) == 0)
            return false;
    return true;
}

uint64_t batch_options_hash(const cli_args *args, const cli_settings *settings)
{
    static const cli_group *const excluded[] = {&many_group,  &many_target_group, &job_group,
                                                &limit_group, &other_group,       NULL};
    uint64_t hash = TEXT_HASH;
    hash_text(&hash, EG_VERSION);
    hash_text(&hash, args->command->name);
    for (const cli_group *const *group = args->command->groups; *group; group++) {
        bool skip = false;
        for (const cli_group *const *other = excluded; *other; other++)
            skip = skip || *group == *other;
        for (const cli_option *option = (*group)->options; !skip && option->name; option++)
            if (is_hashed(option))
                hash_option(&hash, option, settings);
    }
    return hash;
}
