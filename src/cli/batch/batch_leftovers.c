/* SPDX-License-Identifier: MIT */
/* Removal of the temporary files that killed runs left in the output folders. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch_run.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lists the folders of output `index`, each ending in a slash. Returns their number. Successive
 * items mostly share a folder, which is then listed once. */
static size_t list_folders(const batch *b, size_t index, char *folders[])
{
    char path[PATH_MAX];
    size_t count = 0;
    for (size_t i = 0; i < b->list.count; i++) {
        if (!batch_output_path(b->work, &b->list.items[i], index, path, sizeof path))
            continue;
        path[path_name(path) - path] = 0;
        if (count > 0 && strcmp(folders[count - 1], path) == 0)
            continue;
        folders[count] = strdup(path);
        if (!folders[count])
            break;
        count++;
    }
    return count;
}

void batch_remove_leftovers(const batch *b)
{
    char **folders = malloc((b->list.count + 1) * sizeof *folders);
    for (size_t k = 0; folders && k < b->work->count; k++) {
        size_t count = list_folders(b, k, folders);
        qsort(folders, count, sizeof *folders, compare_names);
        for (size_t i = 0; i < count; i++) {
            if (i + 1 == count || strcmp(folders[i], folders[i + 1]) != 0)
                eg_file_remove_stale(folders[i]);
            free(folders[i]);
        }
    }
    free(folders);
}
