/* SPDX-License-Identifier: MIT */
/* The files of a run: operands, and what is in folders. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/batch/batch.h"
#include "cli/support/text.h"

/* What a search is about. */
typedef struct search {
    batch_list *list;
    const raster_work *work;
    size_t within; /* of the files found now */
    uint64_t root;
    struct stat targets[CLI_OUTPUTS],
        told[2]; /* its outputs' folders; its report and lines, of a run before */
    size_t target_count, told_count; /* of those that are there */
} search;

static int64_t nanoseconds(const struct stat *about)
{
    return (int64_t)about->st_mtim.tv_sec * 1000000000 + about->st_mtim.tv_nsec;
}

bool batch_look(const char *path, uint64_t *size, int64_t *modified)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return false;
    *size = (uint64_t)about.st_size;
    *modified = nanoseconds(&about);
    return true;
}

static int no_memory(void)
{
    message("there is no memory for the list of files");
    return EXIT_LIMIT;
}

/* Takes over `path`; `about` NULL: it could not be looked at. */
static int add(search *s, char *path, size_t within, const struct stat *about)
{
    batch_list *list = s->list;
    if (list->count == list->capacity) {
        size_t larger = list->capacity ? 2 * list->capacity : 256;
        batch_item *items = path ? realloc(list->items, larger * sizeof *items) : NULL;
        if (!items) {
            free(path);
            return no_memory();
        }
        list->items = items;
        list->capacity = larger;
    }
    if (!path)
        return no_memory();
    batch_item *item = &list->items[list->count++];
    *item = (batch_item){.input = path, .within = within, .root = s->root, .missing = !about};
    if (about) {
        item->streaming = !S_ISREG(about->st_mode);
        item->size = (uint64_t)about->st_size;
        item->modified = nanoseconds(about);
        item->device = about->st_dev;
        item->inode = about->st_ino;
    }
    return EXIT_DONE;
}

static char *joined(const char *folder, const char *name)
{
    size_t length = strlen(folder);
    bool slash = length > 0 && folder[length - 1] == '/';
    char *path = malloc(length + strlen(name) + 2);
    if (path)
        sprintf(path, "%s%s%s", folder, slash ? "" : "/", name);
    return path;
}

static bool wanted(const search *s, const char *name)
{
    const cli_texts *patterns = &s->work->batch->patterns;
    for (size_t i = 0; i < patterns->count; i++)
        if (fnmatch(patterns->text[i], name, 0) == 0)
            return true;
    return patterns->count == 0 && eg_source_recognizes(name);
}

static bool is_one_of(const struct stat known[], size_t count, const struct stat *about)
{
    for (size_t i = 0; i < count; i++)
        if (same_inode(&known[i], about))
            return true;
    return false;
}

static bool is_target(const search *s, const struct stat *about)
{
    return is_one_of(s->targets, s->target_count, about);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int search_folder(search *s, const char *folder);

/* Takes over `path`. Folders behind symbolic links are left alone: they might lead back. */
static int meet(search *s, char *path, const char *name)
{
    struct stat link, about;
    bool there = lstat(path, &link) == 0;
    bool folder = there && S_ISDIR(link.st_mode);
    int code = EXIT_DONE;
    if (!there && s->work->batch->recursive && !wanted(s, name)) {
        message("%s: cannot be looked at: %s", path, strerror(errno));
        s->list->unreadable++;
    }
    if (folder && s->work->batch->recursive && !is_target(s, &link))
        code = search_folder(s, path);
    else if (!folder && wanted(s, name)) {
        bool known = stat(path, &about) == 0;
        bool told =
            known && !eg_source_recognizes(name) && is_one_of(s->told, s->told_count, &about);
        if (!known || (S_ISREG(about.st_mode) && !told))
            return add(s, path, s->within, known ? &about : NULL);
    }
    free(path);
    return code;
}

static int search_folder(search *s, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, visible, by_bytes);
    int code = EXIT_DONE;
    if (count < 0) {
        message("%s: cannot be searched: %s", folder, strerror(errno));
        s->list->unreadable++;
        return EXIT_DONE;
    }
    for (int i = 0; i < count; i++) {
        char *path = code == EXIT_DONE ? joined(folder, entries[i]->d_name) : NULL;
        if (code == EXIT_DONE)
            code = path ? meet(s, path, entries[i]->d_name) : no_memory();
        if (*signal_caught())
            code = EXIT_SIGNAL + (int)*signal_caught();
        free(entries[i]);
    }
    free(entries);
    return code;
}

/* From its whole path: files of the same names, sizes and times may lie in other folders. */
static uint64_t root_of(const char *folder)
{
    char path[PATH_MAX];
    const char *whole = realpath(folder, path) ? path : folder;
    return text_hash(TEXT_HASH, whole, strlen(whole));
}

static int take_folder(search *s, const char *folder, const struct stat *about)
{
    size_t length = strlen(folder);
    if (is_target(s, about))
        return usage_error(s->work->line->command,
                           "'%s' is where the outputs go: the next run would take them for "
                           "inputs; name another folder",
                           folder);
    s->within = length + (folder[length - 1] != '/');
    s->root = root_of(folder);
    return search_folder(s, folder);
}

static int take_operand(search *s, const char *path)
{
    struct stat about;
    size_t within = (size_t)(path_name(path) - path);
    if (strcmp(path, "-") == 0)
        return usage_error(
            s->work->line->command,
            "standard input cannot be one of many files: name an OUTPUT file for it");
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", within < sizeof folder ? (int)within : 0, path);
    s->root = root_of(within ? folder : ".");
    if (stat(path, &about) != 0)
        return add(s, strdup(path), within, NULL);
    return S_ISDIR(about.st_mode) ? take_folder(s, path, &about)
                                  : add(s, strdup(path), within, &about);
}

static int nothing_found(const search *s, size_t inputs)
{
    const batch_settings *many = s->work->batch;
    const char *first = s->work->line->operands[0];
    const char *deeper = many->recursive ? "" : "; --recursive looks into the folders in it too";
    if (s->list->unreadable)
        return EXIT_FILE;
    if (many->patterns.count)
        message("%s%s: no file's name is like '%s'%s", first, inputs > 1 ? " ..." : "",
                many->patterns.text[0], deeper);
    else
        message("%s%s: no file in it has a name like a raster's (.png, .jpg, .tif ...); "
                "--pattern '*' takes all%s",
                first, inputs > 1 ? " ..." : "", deeper);
    return EXIT_INPUT;
}

int batch_find(batch_list *list, const raster_work *work, size_t inputs)
{
    search s = {.list = list, .work = work};
    int code = EXIT_DONE;
    const char *told[] = {work->batch->report.page, work->batch->json_lines};
    for (size_t i = 0; i < work->count; i++)
        s.target_count += stat(work->outputs[i].path, &s.targets[s.target_count]) == 0;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        s.told_count += told[i] && stat(told[i], &s.told[s.told_count]) == 0;
    for (size_t i = 0; i < inputs && code == EXIT_DONE; i++)
        code = take_operand(&s, work->line->operands[i]);
    if (code == EXIT_DONE && list->count == 0)
        code = nothing_found(&s, inputs);
    return code;
}

void batch_list_free(batch_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].input);
    free(list->items);
}
