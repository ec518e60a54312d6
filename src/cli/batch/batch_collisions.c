/* SPDX-License-Identifier: MIT */
/* That no two outputs want the same name, and none an input's. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/batch/batch.h"

/* An output's path, or an input's. */
typedef struct claim {
    char *path; /* owned */
    size_t item, output;
} claim;

static int by_path(const void *a, const void *b)
{
    return strcmp(((const claim *)a)->path, ((const claim *)b)->path);
}

static int collision(const raster_work *work, const batch_list *list, const claim *a,
                     const claim *b)
{
    char path[PATH_MAX] = "";
    batch_output(work, &list->items[a->item], a->output, path, sizeof path);
    const char *first = list->items[a->item].input, *second = list->items[b->item].input;
    if (a->item == b->item)
        return usage_error(work->line->command,
                           "--%s and --%s would both write '%s': name different folders, or "
                           "--name '{stem}_{map}.%s'",
                           work->outputs[a->output].name, work->outputs[b->output].name, path,
                           batch_extension(work, 0));
    if (strcmp(first, second) == 0)
        return usage_error(work->line->command, "'%s' is there twice", first);
    if (strcmp(path_name(first), path_name(second)) == 0)
        return usage_error(
            work->line->command,
            "'%s' and '%s' would both become '%s': name a folder that holds both and "
            "--recursive, or make them into two folders",
            first, second, path);
    return usage_error(work->line->command,
                       "'%s' and '%s' would both become '%s': tell them apart with --name, such as "
                       "--name '{name}.%s'",
                       first, second, path, batch_extension(work, 0));
}

typedef struct identity {
    dev_t device;
    ino_t inode;
} identity;

static int by_identity(const void *a, const void *b)
{
    const identity *x = a, *y = b;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* Outputs that exist already and are inputs. */
static int check_inputs(const raster_work *work, const batch_list *list, const claim claims[],
                        size_t count)
{
    identity *inputs = malloc((list->count + 1) * sizeof *inputs);
    int code = inputs ? EXIT_DONE : EXIT_LIMIT;
    for (size_t i = 0; inputs && i < list->count; i++)
        inputs[i] = (identity){list->items[i].device, list->items[i].inode};
    if (inputs)
        qsort(inputs, list->count, sizeof *inputs, by_identity);
    for (size_t i = 0; i < count && code == EXIT_DONE; i++) {
        struct stat about;
        if (stat(claims[i].path, &about) != 0)
            continue;
        identity key = {about.st_dev, about.st_ino};
        if (bsearch(&key, inputs, list->count, sizeof *inputs, by_identity))
            code = usage_error(work->line->command,
                               "'%s' would be an output and is an input: name another folder",
                               claims[i].path);
    }
    free(inputs);
    return code;
}

/* The folder's path without links, dots and doubled slashes, as far as it is there; the rest, which
 * is still to be made, by its words. Two ways of writing one folder give the same. */
static bool settle_folder(char out[PATH_MAX], const char *folder)
{
    char real[PATH_MAX];
    bool fits = *folder == '/' || realpath(".", out);
    if (*folder == '/')
        out[0] = 0;
    for (const char *part = folder; fits && *part;) {
        size_t length = strcspn(part, "/");
        fits = path_add(out, PATH_MAX, part, length);
        if (fits && realpath(*out ? out : "/", real))
            memcpy(out, real[1] ? real : "", real[1] ? strlen(real) + 1 : 1);
        part += length + strspn(part + length, "/");
    }
    return fits;
}

/* An output by its folder as that is, not as it is written. */
static char *claimed_path(const raster_work *work, const batch_item *item, size_t index,
                          const char *folder, int *code)
{
    char path[PATH_MAX], *claimed = NULL;
    if (!batch_output(work, item, index, path, sizeof path)) {
        *code = usage_error(work->line->command, "the name of the output of '%s' is too long",
                            item->input);
        return NULL;
    }
    const char *below = path + batch_folder_length(work, index);
    if (work->files)
        claimed = strdup(path);
    else if (batch_leads_up(below))
        *code =
            usage_error(work->line->command, "the output of '%s' would be '%s', outside of '%s'",
                        item->input, path, work->outputs[index].path);
    else if ((claimed = malloc(strlen(folder) + strlen(below) + 2)))
        sprintf(claimed, "%s/%s", folder, below);
    if (!claimed && *code == EXIT_DONE)
        *code = EXIT_LIMIT;
    return claimed;
}

/* Every output of every item; NULL: there is no memory. */
static claim *all_claims(const raster_work *work, const batch_list *list, int *code)
{
    char folders[CLI_OUTPUTS][PATH_MAX];
    for (size_t i = 0; i < work->count; i++)
        if (!settle_folder(folders[i], work->outputs[i].path))
            snprintf(folders[i], PATH_MAX, "%s", work->outputs[i].path);
    claim *claims = calloc(list->count * work->count + 1, sizeof *claims);
    *code = claims ? EXIT_DONE : EXIT_LIMIT;
    for (size_t i = 0; claims && i < list->count * work->count && *code == EXIT_DONE; i++) {
        const size_t item = i / work->count, output = i % work->count;
        claims[i] = (claim){.item = item, .output = output};
        claims[i].path = claimed_path(work, &list->items[item], output, folders[output], code);
    }
    return claims;
}

/* What is told of a run must not take the place of what it reads or makes. */
static int check_told(const raster_work *work, const batch_list *list, const claim claims[],
                      size_t count)
{
    const char *page = work->batch->report.page, *lines = work->batch->json_lines;
    const char *told[] = {page, lines};
    if (page && lines && same_file(page, lines))
        return usage_error(work->line->command, "--report and --json-lines cannot both go to '%s'",
                           page);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *option = i ? "--json-lines" : "--report";
        struct stat about;
        bool there = told[i] && stat(told[i], &about) == 0 && S_ISREG(about.st_mode);
        for (size_t k = 0; there && k < list->count; k++)
            if (about.st_dev == list->items[k].device && about.st_ino == list->items[k].inode)
                return usage_error(work->line->command,
                                   "'%s' is an input: name another file for %s", told[i], option);
        char own[PATH_MAX];
        bool named = told[i] && settle_folder(own, told[i]);
        for (size_t k = 0; named && k < count; k++)
            if (strcmp(own, claims[k].path) == 0)
                return usage_error(work->line->command,
                                   "'%s' is an output: name another file for %s", told[i], option);
    }
    return EXIT_DONE;
}

int batch_check(const raster_work *work, const batch_list *list)
{
    int code = batch_check_pattern(work);
    if (code != EXIT_DONE)
        return code;
    size_t count = list->count * work->count;
    claim *claims = all_claims(work, list, &code);
    if (code == EXIT_DONE)
        qsort(claims, count, sizeof *claims, by_path);
    for (size_t i = 1; i < count && code == EXIT_DONE; i++)
        if (by_path(&claims[i - 1], &claims[i]) == 0)
            code = collision(work, list, &claims[i - 1], &claims[i]);
    if (code == EXIT_DONE)
        code = check_inputs(work, list, claims, count);
    if (code == EXIT_DONE)
        code = check_told(work, list, claims, count);
    if (code == EXIT_LIMIT)
        message("there is no memory for the list of files");
    for (size_t i = 0; claims && i < count; i++)
        free(claims[i].path);
    free(claims);
    return code;
}
