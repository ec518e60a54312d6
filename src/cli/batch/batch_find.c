/* SPDX-License-Identifier: MIT */
/* The input files of a batch run: files named on the command line, and the files in folders. */
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

enum { REPORTS = 2 }; /* --report and --json-lines */

typedef struct search {
    batch_list *list;
    const raster_work *work;
    size_t relative_offset, folder_count, report_count;
    uint64_t folder_hash;                /* of the operand searched now, as relative_offset */
    struct stat folders[RASTER_OUTPUTS]; /* output folders that exist */
    struct stat reports[REPORTS];        /* report and JSON lines files left by an earlier run */
} search;

static int64_t nanoseconds(const struct stat *about)
{
    return (int64_t)about->st_mtim.tv_sec * 1000000000 + about->st_mtim.tv_nsec;
}

bool batch_stat(const char *path, uint64_t *size, int64_t *modified)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return false;
    *size = (uint64_t)about.st_size;
    *modified = nanoseconds(&about);
    return true;
}

/* Appends a file to the list, which takes ownership of `path` (NULL if out of memory). `about` is
 * NULL if stat() failed. */
static int add_item(search *s, char *path, size_t relative_offset, const struct stat *about)
{
    batch_list *list = s->list;
    if (list->count == list->capacity) {
        size_t larger = list->capacity ? 2 * list->capacity : 256;
        batch_item *items = path ? realloc(list->items, larger * sizeof *items) : NULL;
        if (!items) {
            free(path);
            return batch_out_of_memory();
        }
        list->items = items;
        list->capacity = larger;
    }
    if (!path)
        return batch_out_of_memory();
    batch_item *item = &list->items[list->count++];
    *item = (batch_item){.input = path,
                         .relative_offset = relative_offset,
                         .folder_hash = s->folder_hash,
                         .missing = !about};
    if (about) {
        item->streaming = !S_ISREG(about->st_mode);
        item->size = (uint64_t)about->st_size;
        item->modified = nanoseconds(about);
        item->device = about->st_dev;
        item->inode = about->st_ino;
    }
    return EXIT_DONE;
}

static char *join_path(const char *folder, const char *name)
{
    size_t length = strlen(folder);
    bool slash = length > 0 && folder[length - 1] == '/';
    char *path = malloc(length + strlen(name) + 2);
    if (path)
        sprintf(path, "%s%s%s", folder, slash ? "" : "/", name);
    return path;
}

/* Returns true if a file's name matches --pattern, or without it has a raster extension. */
static bool matches_pattern(const search *s, const char *name)
{
    const cli_texts *patterns = &s->work->batch->patterns;
    for (size_t i = 0; i < patterns->count; i++)
        if (fnmatch(patterns->text[i], name, 0) == 0)
            return true;
    return patterns->count == 0 && eg_source_recognizes(name);
}

static bool contains_file(const struct stat files[], size_t count, const struct stat *about)
{
    for (size_t i = 0; i < count; i++)
        if (same_inode(&files[i], about))
            return true;
    return false;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Orders by bytes: alphasort() depends on the locale. */
static int compare_entries(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Returns true if a file is read along with a raster of the same name, by its extension: a header,
 * a coordinate system or a world file. */
static bool is_sidecar(const char *name)
{
    static const char *const extensions[] = {"hdr",  "prj", "tfw",  "tifw", "tiffw", "pgw",
                                             "pngw", "jgw", "jpgw", "pw",   "wld",   "aux",
                                             "xml",  "ovr", "msk",  "stx",  "clr",   NULL};
    const char *dot = strrchr(name, '.');
    for (const char *const *e = extensions; dot && *e; e++)
        if (strcasecmp(dot + 1, *e) == 0)
            return true;
    return false;
}

static int search_folder(search *s, const char *folder);

/* Reports a file or folder that a call could not read, which set errno. */
static void report_unreadable(search *s, const char *path, const char *what)
{
    const int reason = errno, code = errno_exit_code(reason);
    message("%s: %s: %s", path, what, strerror(reason));
    s->list->unreadable++;
    if (code > s->list->unreadable_code)
        s->list->unreadable_code = code;
}

/* Adds a folder's entry to the list or searches it; takes ownership of `path`. Does not follow
 * symbolic links to folders, because they may form cycles. */
static int visit_entry(search *s, char *path, const char *name)
{
    const batch_settings *many = s->work->batch;
    struct stat link, about;
    bool exists = lstat(path, &link) == 0;
    bool folder = exists && S_ISDIR(link.st_mode);
    int code = EXIT_DONE;
    if (!exists && many->recursive && !matches_pattern(s, name)) {
        report_unreadable(s, path, "cannot be accessed");
    }
    if (folder) {
        bool output = contains_file(s->folders, s->folder_count, &link);
        if (many->recursive && !output)
            code = search_folder(s, path);
        s->list->skipped_folders += !many->recursive && !output;
        free(path);
        return code;
    }
    bool known = stat(path, &about) == 0;
    if (!known && (errno == EIO || errno == ENOMEM)) {
        report_unreadable(s, path, "cannot be accessed");
        free(path);
        return EXIT_DONE;
    }
    bool report =
        known && !eg_source_recognizes(name) && contains_file(s->reports, s->report_count, &about);
    if (matches_pattern(s, name) && !report && (!known || S_ISREG(about.st_mode)))
        return add_item(s, path, s->relative_offset, known ? &about : NULL);
    if (known && S_ISDIR(about.st_mode))
        s->list->skipped_folders += !contains_file(s->folders, s->folder_count, &about);
    else if (!report && !is_sidecar(name))
        s->list->skipped_other++;
    free(path);
    return code;
}

static int search_folder(search *s, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, compare_entries);
    int code = EXIT_DONE;
    if (count < 0) {
        report_unreadable(s, folder, "this folder cannot be read");
        return EXIT_DONE;
    }
    for (int i = 0; i < count; i++) {
        char *path = code == EXIT_DONE ? join_path(folder, entries[i]->d_name) : NULL;
        if (code == EXIT_DONE)
            code = path ? visit_entry(s, path, entries[i]->d_name) : batch_out_of_memory();
        if (*signal_caught())
            code = EXIT_SIGNAL + (int)*signal_caught();
        free(entries[i]);
    }
    free(entries);
    return code;
}

/* Hashes the absolute path: files in other folders may have the same name, size and time. */
static uint64_t hash_folder(const char *folder)
{
    char path[PATH_MAX];
    const char *absolute = realpath(folder, path) ? path : folder;
    return text_hash(TEXT_HASH, absolute, strlen(absolute));
}

static int add_operand(search *s, const char *path)
{
    struct stat about;
    char folder[PATH_MAX];
    size_t name_offset = (size_t)(path_name(path) - path), length = strlen(path);
    if (strcmp(path, "-") == 0)
        return usage_error(s->work->args->command,
                           "standard input cannot be one of many files: name an OUTPUT file for "
                           "it");
    bool known = stat(path, &about) == 0;
    if (!known && (errno == EIO || errno == ENOMEM)) {
        report_unreadable(s, path, "cannot be accessed");
        return EXIT_DONE;
    }
    if (known && S_ISDIR(about.st_mode)) {
        if (contains_file(s->folders, s->folder_count, &about))
            return usage_error(s->work->args->command,
                               "'%s' is both the input and the output folder: name another output "
                               "folder",
                               path);
        s->relative_offset = length + (path[length - 1] != '/');
        s->folder_hash = hash_folder(path);
        return search_folder(s, path);
    }
    snprintf(folder, sizeof folder, "%.*s", name_offset < sizeof folder ? (int)name_offset : 0,
             path);
    s->folder_hash = hash_folder(name_offset ? folder : ".");
    return add_item(s, strdup(path), name_offset, known ? &about : NULL);
}

static int report_nothing_found(const search *s, size_t inputs)
{
    const batch_settings *many = s->work->batch;
    const char *first = s->work->args->operands[0], *others = inputs > 1 ? " ..." : "";
    const char *hint = many->recursive ? "" : "; --recursive searches its folders too";
    char skipped[64] = "";
    size_t files = s->list->skipped_other;
    if (s->list->unreadable)
        return s->list->unreadable_code;
    if (files)
        snprintf(skipped, sizeof skipped, ", %zu file%s left out", files, files > 1 ? "s" : "");
    if (many->patterns.count)
        message("%s%s: no file matches --pattern '%s'%s%s", first, others, many->patterns.text[0],
                skipped, hint);
    else
        message("%s%s: no file has the extension of a raster (.png, .jpg, .tif ...)%s; "
                "--pattern '*' takes all files%s",
                first, others, skipped, hint);
    return EXIT_INPUT;
}

void batch_list_skipped(const raster_work *work, const batch_list *list, char *out, size_t size)
{
    const batch_settings *many = work->batch;
    size_t files = list->skipped_other, folders = list->skipped_folders, used = 0;
    *out = 0;
    if (files)
        used = (size_t)snprintf(out, size, "%zu file%s %s left out", files, files > 1 ? "s" : "",
                                many->patterns.count ? "that --pattern does not match"
                                                     : "of other kinds");
    if (folders && used < size)
        snprintf(out + used, size - used, "%s%zu folder%s not searched%s", used ? ", " : "",
                 folders, folders > 1 ? "s" : "", many->recursive ? "" : " (--recursive)");
}

int batch_find(batch_list *list, const raster_work *work, size_t inputs)
{
    search s = {.list = list, .work = work};
    int code = EXIT_DONE;
    const char *reports[REPORTS] = {work->batch->report.page, work->batch->json_lines};
    for (size_t i = 0; i < work->count; i++)
        s.folder_count += stat(work->outputs[i].path, &s.folders[s.folder_count]) == 0;
    for (size_t i = 0; i < REPORTS; i++)
        s.report_count += reports[i] && stat(reports[i], &s.reports[s.report_count]) == 0;
    for (size_t i = 0; i < inputs && code == EXIT_DONE; i++)
        code = add_operand(&s, work->args->operands[i]);
    if (code == EXIT_DONE && list->count == 0)
        code = report_nothing_found(&s, inputs);
    return code;
}

/* Hashes the name only, so that adding files moves no other file to another shard. */
bool batch_in_shard(const batch_item *item, const cli_shard *shard)
{
    const char *name = item->input + item->relative_offset;
    uint64_t hash = text_hash(TEXT_HASH, name, strlen(name));
    hash ^= hash >> 32;
    return shard->of == 0 || hash % (uint64_t)shard->of == (uint64_t)shard->part - 1;
}

void batch_list_free(batch_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].input);
        free(list->items[i].neighbours);
    }
    free(list->items);
}
