/* SPDX-License-Identifier: MIT */
/* The options of runs over many files, and the number that tells all options of two runs apart. */
#include <string.h>

#include "cli/batch/batch.h"
#include "cli/support/text.h"

static const cli_option target_options[] = {
    {.name = "output",
     .letter = 'o',
     .type = OPTION_FILE,
     .offset = offsetof(raster_settings, batch.output),
     .metavar = "PATH",
     .help = "where the outputs go, instead of the last operand: a folder, made if it is missing; "
             "for one INPUT also a file"},
    {.name = NULL},
};

const cli_group many_target_group = {"Target", target_options, sizeof(raster_settings)};

static const cli_option many_options[] = {
    {.name = "recursive",
     .letter = 'r',
     .type = OPTION_FLAG,
     .offset = offsetof(raster_settings, batch.recursive),
     .help = "take what is in the folders of a folder too, and mirror them under OUTPUT"},
    {.name = "pattern",
     .type = OPTION_TEXTS,
     .offset = offsetof(raster_settings, batch.patterns),
     .metavar = "GLOB",
     .help =
         "of a folder take the files whose name is like this: '*.tif', 'IMG_*'; may be repeated",
     .absent = "names that end like a format's"},
    {.name = "name",
     .type = OPTION_TEXT,
     .offset = offsetof(raster_settings, batch.name),
     .metavar = "PATTERN",
     .help = "what an output is called: {stem} is its input's name without the extension, {ext} "
             "that, {name} both, {map} the map, {command} the command",
     .absent = "{stem}, with the extension of the kind of map"},
    {.name = "force",
     .type = OPTION_FLAG,
     .offset = offsetof(raster_settings, batch.force),
     .help = "compute again what is up to date: made before by the same options from an input that "
             "has not changed since"},
    {.name = "fail-fast",
     .type = OPTION_FLAG,
     .offset = offsetof(raster_settings, batch.fail_fast),
     .help = "stop at the first bad file instead of going on with the others"},
    {.name = "dry-run",
     .letter = 'n',
     .type = OPTION_FLAG,
     .offset = offsetof(raster_settings, batch.dry_run),
     .help = "only print which files would be made of which"},
    {.name = "shard",
     .type = OPTION_SHARD,
     .offset = offsetof(raster_settings, batch.shard),
     .metavar = "K/N",
     .help =
         "only the K-th of N parts of the files, for N machines or array jobs that run the same "
         "command; a file is always in the same part",
     .absent = "all files"},
    {.name = "memory",
     .type = OPTION_SIZE,
     .offset = offsetof(raster_settings, common.config.max_memory),
     .metavar = "SIZE",
     .help = "the same as --max-memory, for all files that are worked on together",
     .initial = "4G",
     .min = 1,
     .max = 1099511627776.0},
    {.name = "progress",
     .type = OPTION_CHOICE,
     .offset = offsetof(raster_settings, batch.progress),
     .metavar = "HOW",
     .help = "how to tell on standard error how far it is",
     .initial = "auto",
     .choices = (const cli_choice[]){{"auto", CLI_PROGRESS_AUTO, "a line, on a terminal only"},
                                     {"line", CLI_PROGRESS_LINE, "a line that is overwritten"},
                                     {"json", CLI_PROGRESS_JSON, "a JSON object a line"},
                                     {"none", CLI_PROGRESS_NONE, "not at all"},
                                     {NULL, 0, NULL}}},
    {.name = "json-lines",
     .type = OPTION_FILE,
     .offset = offsetof(raster_settings, batch.json_lines),
     .metavar = "FILE",
     .help = "write a line about each file, a JSON object; - is standard output"},
    {.name = "report",
     .type = OPTION_REPORT,
     .offset = offsetof(raster_settings, batch.report),
     .metavar = "[PAGE.html]",
     .help = "with a name that ends in .html: a page to look at, with pictures before and after; "
             "without: a line about each file on standard error, with the thresholds of edges"},
    {.name = NULL},
};

const cli_group many_group = {"Many files", many_options, sizeof(raster_settings)};

bool batch_asked(const cli_line *line)
{
    static const char *const names[] = {"recursive", "pattern", "name"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (option_given(line, names[i]))
            return true;
    return false;
}

/* ---- the number that stands for all options -----------------------------------------------------
 */

static void stir(uint64_t *print, const void *bytes, size_t size)
{
    *print = text_hash(*print, bytes, size);
}

static void stir_text(uint64_t *print, const char *text)
{
    stir(print, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* Every option by its value, not by how it was typed. */
static void stir_row(uint64_t *print, const cli_option *option, const cli_settings *settings)
{
    const char *field = (const char *)settings + option->offset;
    const char *text;
    const eg_read_options *read;
    const eg_ground_options *ground;
    stir_text(print, option->name);
    switch (option->type) {
    case OPTION_NAME:
    case OPTION_TEXT:
        memcpy(&text, field, sizeof text);
        stir_text(print, text);
        break;
    case OPTION_FLAG:
        stir(print, field, sizeof(bool));
        break;
    case OPTION_WHOLE:
    case OPTION_CHOICE:
        stir(print, field, sizeof(int));
        break;
    case OPTION_THRESHOLD:
        stir(print, field, sizeof(double));
        stir(print, field + offsetof(cli_threshold, unit), sizeof(eg_threshold_unit));
        break;
    case OPTION_ALPHA:
        read = (const void *)field;
        stir(print, &read->alpha, sizeof read->alpha);
        stir(print, read->over, sizeof read->over);
        break;
    case OPTION_CELL:
        ground = (const void *)field;
        stir(print, &ground->cell_x, sizeof(double));
        stir(print, &ground->cell_y, sizeof(double));
        break;
    case OPTION_REAL:
    case OPTION_NUMBER:
    case OPTION_AUTO:
        stir(print, field, sizeof(double));
        break;
    default: /* names of files, limits: no effect on what is in an output */
        break;
    }
}

uint64_t batch_print(const cli_line *line, const cli_settings *settings)
{
    static const cli_group *const aside[] = {&many_group,  &many_target_group, &job_group,
                                             &limit_group, &other_group,       NULL};
    uint64_t print = TEXT_HASH;
    stir_text(&print, EG_VERSION);
    stir_text(&print, line->command->name);
    for (const cli_group *const *group = line->command->groups; *group; group++) {
        bool apart = false;
        for (const cli_group *const *no = aside; *no; no++)
            apart = apart || *group == *no;
        for (const cli_option *option = (*group)->options; !apart && option->name; option++)
            if (strcmp(option->name, "json") != 0)
                stir_row(&print, option, settings);
    }
    return print;
}
