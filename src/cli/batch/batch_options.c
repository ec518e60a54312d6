/* SPDX-License-Identifier: MIT */
/* The options of batch runs, and the hash of the options that affect outputs. */
#include <string.h>

#include "cli/batch/batch.h"
#include "cli/support/text.h"

#define AT(field) offsetof(cli_settings, field)

static const cli_option target_rows[] = {
    {.name = "output",
     .letter = 'o',
     .type = OPTION_FILE,
     .offset = AT(many.output),
     .metavar = "PATH",
     .help = "where the outputs go, instead of the last operand: a folder, made if it is missing; "
             "for one INPUT also a file"},
    {.name = NULL},
};

const cli_group many_target_group = {"Target", target_rows};

static const cli_option many_rows[] = {
    {.name = "recursive",
     .letter = 'r',
     .type = OPTION_FLAG,
     .offset = AT(many.recursive),
     .help = "take what is in the folders of a folder too, and mirror them under OUTPUT"},
    {.name = "pattern",
     .type = OPTION_TEXTS,
     .offset = AT(many.patterns),
     .metavar = "GLOB",
     .help =
         "of a folder take the files whose name is like this: '*.tif', 'IMG_*'; may be repeated",
     .absent = "names that end like a format's"},
    {.name = "name",
     .type = OPTION_TEXT,
     .offset = AT(many.name),
     .metavar = "PATTERN",
     .help = "what an output is called: {stem} is its input's name without the extension, {ext} "
             "that, {name} both, {map} the map, {command} the command",
     .absent = "{stem}, with the extension of the kind of map"},
    {.name = "force",
     .type = OPTION_FLAG,
     .offset = AT(many.force),
     .help = "compute again what is up to date: made before by the same options from an input that "
             "has not changed since"},
    {.name = "fail-fast",
     .type = OPTION_FLAG,
     .offset = AT(many.fail_fast),
     .help = "stop at the first bad file instead of going on with the others"},
    {.name = "dry-run",
     .letter = 'n',
     .type = OPTION_FLAG,
     .offset = AT(many.dry_run),
     .help = "only print which files would be made of which"},
    {.name = "shard",
     .type = OPTION_SHARD,
     .offset = AT(many.shard),
     .metavar = "K/N",
     .help =
         "only the K-th of N parts of the files, for N machines or array jobs that run the same "
         "command; a file is always in the same part",
     .absent = "all files"},
    {.name = "memory",
     .type = OPTION_SIZE,
     .offset = AT(config.max_memory),
     .metavar = "SIZE",
     .help = "the same as --max-memory, for all files that are worked on together",
     .initial = "4G",
     .min = 1,
     .max = 1099511627776.0},
    {.name = "progress",
     .type = OPTION_CHOICE,
     .offset = AT(many.progress),
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
     .offset = AT(many.json_lines),
     .metavar = "FILE",
     .help = "write a line about each file, a JSON object; - is standard output"},
    {.name = "report",
     .type = OPTION_REPORT,
     .offset = AT(report),
     .metavar = "[PAGE.html]",
     .help = "with a name that ends in .html: a page to look at, with pictures before and after; "
             "without: a line about each file on standard error, with the thresholds of edges"},
    {.name = NULL},
};

const cli_group many_group = {"Many files", many_rows};

bool batch_asked(const cli_line *line)
{
    static const char *const names[] = {"recursive", "pattern", "name"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (option_given(line, names[i]))
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

/* Hashes the name and the value of an option, not its spelling on the command line. */
static void hash_option(uint64_t *hash, const cli_option *option, const cli_settings *settings)
{
    const char *field = (const char *)settings + option->offset;
    const char *text;
    hash_text(hash, option->name);
    switch (option->type) {
    case OPTION_NAME:
    case OPTION_TEXT:
        memcpy(&text, field, sizeof text);
        hash_text(hash, text);
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
        hash_bytes(hash, &settings->read.alpha, sizeof settings->read.alpha);
        hash_bytes(hash, settings->read.over, sizeof settings->read.over);
        break;
    case OPTION_CELL:
        hash_bytes(hash, &settings->ground.cell_x, sizeof(double));
        hash_bytes(hash, &settings->ground.cell_y, sizeof(double));
        break;
    case OPTION_REAL:
    case OPTION_NUMBER:
    case OPTION_AUTO:
        hash_bytes(hash, field, sizeof(double));
        break;
    default: /* file names and limits do not affect the content of an output */
        break;
    }
}

uint64_t batch_options_hash(const cli_line *line, const cli_settings *settings)
{
    static const cli_group *const excluded[] = {&many_group,  &many_target_group, &job_group,
                                                &limit_group, &other_group,       NULL};
    uint64_t hash = TEXT_HASH;
    hash_text(&hash, EG_VERSION);
    hash_text(&hash, line->command->name);
    for (const cli_group *const *group = line->command->groups; *group; group++) {
        bool skip = false;
        for (const cli_group *const *other = excluded; *other; other++)
            skip = skip || *group == *other;
        for (const cli_option *option = (*group)->rows; !skip && option->name; option++)
            if (strcmp(option->name, "json") != 0)
                hash_option(&hash, option, settings);
    }
    return hash;
}
