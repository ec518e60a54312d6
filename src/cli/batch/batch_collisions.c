/* SPDX-License-Identifier: MIT */
/* Rejects output collisions before any work: two outputs with the same path, or an output, report
 * or JSON lines file that is an input. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/batch/batch.h"
#include "cli/support/file_check.h"

/* The path of one output, in a canonical form. */
typedef struct output_path {
    char *path; /* owned */
    size_t item, output;
} output_path;

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const output_path *)a)->path, ((const output_path *)b)->path);
}

static int report_collision(const raster_work *work, const batch_list *list, const output_path *a,
                            const output_path *b)
{
    char path[PATH_MAX] = "";
    batch_output_path(work, &list->items[a->item], a->output, path, sizeof path);
    const char *first = list->items[a->item].input, *second = list->items[b->item].input;
    if (a->item == b->item)
        return usage_error(work->args->command,
                           "--%s and --%s would both write '%s': name different folders, or "
                           "--name '{stem}_{map}.%s'",
                           work->outputs[a->output].name, work->outputs[b->output].name, path,
                           batch_output_extension(work, 0));
    if (strcmp(first, second) == 0)
        return usage_error(work->args->command, "'%s' is given twice: name it once", first);
    if (strcmp(path_name(first), path_name(second)) == 0)
        return usage_error(work->args->command,
                           "'%s' and '%s' would both write '%s': name a folder that holds both "
                           "with --recursive, or use two output folders",
                           first, second, path);
    return usage_error(work->args->command,
                       "'%s' and '%s' would both write '%s': give them different names with "
                       "--name, such as --name '{name}.%s'",
                       first, second, path, batch_output_extension(work, 0));
}

/* ---- canonical paths ------------------------------------------------------------------------- */

/* Writes realpath() of the existing prefix of a path, then the missing components as they are
 * written, so that equal paths compare equal. Returns false if it is too long. */
static bool resolve_path(char out[PATH_MAX], const char *path)
{
    char real[PATH_MAX];
    bool fits = *path == '/' || realpath(".", out);
    if (*path == '/')
        out[0] = 0;
    for (const char *part = path; fits && *part;) {
        size_t length = strcspn(part, "/");
        fits = path_add(out, PATH_MAX, part, length);
        if (fits && realpath(*out ? out : "/", real))
            memcpy(out, real[1] ? real : "", real[1] ? strlen(real) + 1 : 1);
        part += length + strspn(part + length, "/");
    }
    return fits;
}

/* Returns the target of an output that is a symbolic link, allocated, else `path`, which it frees
 * then: two outputs must not be one file. Only links take the time of resolving a path. */
static char *resolve_link(char *path)
{
    char target[PATH_MAX], resolved[PATH_MAX];
    ssize_t got = path ? readlink(path, target, sizeof target - 1) : -1;
    if (got <= 0)
        return path;
    target[got] = 0;
    size_t folder = (size_t)(path_name(path) - path);
    char *joined = NULL;
    if (*target == '/')
        joined = strdup(target);
    else if ((joined = malloc(folder + (size_t)got + 1)))
        sprintf(joined, "%.*s%s", (int)folder, path, target);
    bool fits = joined && resolve_path(resolved, joined);
    free(joined);
    if (!fits)
        return path;
    free(path);
    return strdup(resolved);
}

/* Returns an output's path below the canonical path of its folder, allocated; NULL with *code set
 * on failure, after its message (but for EXIT_LIMIT). */
static char *resolve_output(const raster_work *work, const batch_item *item, size_t index,
                            const char *folder, int *code)
{
    char path[PATH_MAX], *resolved = NULL;
    if (!batch_output_path(work, item, index, path, sizeof path)) {
        *code = usage_error(work->args->command, "the name of the output of '%s' is too long",
                            item->input);
        return NULL;
    }
    const char *below = path + batch_folder_length(work, index);
    if (work->single_file)
        resolved = strdup(path);
    else if (batch_has_dotdot(below))
        *code =
            usage_error(work->args->command, "the output of '%s' would be '%s', outside of '%s'",
                        item->input, path, work->outputs[index].path);
    else if ((resolved = malloc(strlen(folder) + strlen(below) + 2)))
        sprintf(resolved, "%s/%s", folder, below);
    resolved = resolve_link(resolved);
    if (!resolved && *code == EXIT_DONE)
        *code = EXIT_LIMIT;
    return resolved;
}

/* Returns the paths of all outputs of all items, allocated; NULL if out of memory. */
static output_path *list_outputs(const raster_work *work, const batch_list *list, int *code)
{
    char folders[RASTER_OUTPUTS][PATH_MAX];
    for (size_t i = 0; i < work->count; i++)
        if (!resolve_path(folders[i], work->outputs[i].path))
            snprintf(folders[i], PATH_MAX, "%s", work->outputs[i].path);
    output_path *outputs = calloc(list->count * work->count + 1, sizeof *outputs);
    *code = outputs ? EXIT_DONE : EXIT_LIMIT;
    for (size_t i = 0; outputs && i < list->count * work->count && *code == EXIT_DONE; i++) {
        const size_t item = i / work->count, index = i % work->count;
        outputs[i] = (output_path){.item = item, .output = index};
        outputs[i].path = resolve_output(work, &list->items[item], index, folders[index], code);
    }
    return outputs;
}

/* ---- checks ---------------------------------------------------------------------------------- */

typedef struct identity {
    dev_t device;
    ino_t inode;
} identity;

static int compare_identities(const void *a, const void *b)
{
    const identity *x = a, *y = b;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* Rejects existing outputs that are inputs, by device and inode. */
static int check_inputs(const raster_work *work, const batch_list *list,
                        const output_path outputs[], size_t count)
{
    identity *inputs = malloc((list->count + 1) * sizeof *inputs);
    int code = inputs ? EXIT_DONE : EXIT_LIMIT;
    for (size_t i = 0; inputs && i < list->count; i++)
        inputs[i] = (identity){list->items[i].device, list->items[i].inode};
    if (inputs)
        qsort(inputs, list->count, sizeof *inputs, compare_identities);
    for (size_t i = 0; i < count && code == EXIT_DONE; i++) {
        struct stat about;
        if (stat(outputs[i].path, &about) != 0)
            continue;
        identity key = {about.st_dev, about.st_ino};
        if (bsearch(&key, inputs, list->count, sizeof *inputs, compare_identities))
            code = usage_error(work->args->command,
                               "'%s' is both an input and an output: name another output folder",
                               outputs[i].path);
    }
    free(inputs);
    return code;
}

/* Rejects a report page or JSON lines file that is an input or an output. */
static int check_reports(const raster_work *work, const batch_list *list,
                         const output_path outputs[], size_t count)
{
    const char *page = work->batch->report.page, *lines = work->batch->json_lines;
    const char *reports[] = {page, lines};
    if (page && lines && same_output(page, lines))
        return usage_error(work->args->command, "--report and --json-lines cannot both go to '%s'",
                           page);
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        const char *report = reports[i], *option = i ? "--json-lines" : "--report";
        struct stat about;
        char resolved[PATH_MAX];
        if (!report)
            continue;
        bool exists = stat(report, &about) == 0 && S_ISREG(about.st_mode);
        for (size_t k = 0; exists && k < list->count; k++)
            if (about.st_dev == list->items[k].device && about.st_ino == list->items[k].inode)
                return usage_error(work->args->command,
                                   "'%s' is an input: name another file for %s", report, option);
        bool fits = resolve_path(resolved, report);
        for (size_t k = 0; fits && k < count; k++)
            if (strcmp(resolved, outputs[k].path) == 0)
                return usage_error(work->args->command,
                                   "'%s' is an output: name another file for %s", report, option);
        int code = file_check_replaceable(work->settings, report);
        if (code != EXIT_DONE)
            return code;
    }
    return EXIT_DONE;
}

int batch_check_outputs(const raster_work *work, const batch_list *list)
{
    int code = batch_check_name_pattern(work);
    if (code != EXIT_DONE)
        return code;
    size_t count = list->count * work->count;
    output_path *outputs = list_outputs(work, list, &code);
    if (code == EXIT_DONE)
        qsort(outputs, count, sizeof *outputs, compare_paths);
    for (size_t i = 1; i < count && code == EXIT_DONE; i++)
        if (compare_paths(&outputs[i - 1], &outputs[i]) == 0)
            code = report_collision(work, list, &outputs[i - 1], &outputs[i]);
    if (code == EXIT_DONE)
        code = check_inputs(work, list, outputs, count);
    if (code == EXIT_LIMIT)
        batch_out_of_memory();
    if (code == EXIT_DONE)
        code = check_reports(work, list, outputs, count);
    for (size_t i = 0; outputs && i < count; i++)
        free(outputs[i].path);
    free(outputs);
    return code;
}
