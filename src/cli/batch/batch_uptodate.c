/* SPDX-License-Identifier: MIT */
/* Tells from the manifest whether the outputs of a file are up to date, and whether they may be
 * replaced. */
#include <limits.h>
#include <string.h>

#include "cli/batch/batch_run.h"
#include "cli/support/file_check.h"

bool batch_manifest_key(const batch *b, const batch_item *item, size_t index, char *key,
                        size_t key_size, char *path, size_t path_size)
{
    if (!batch_output_path(b->work, item, index, path, path_size))
        return false;
    int length = snprintf(key, key_size, "%s:%s", b->work->outputs[index].name,
                          path + batch_folder_length(b->work, index));
    return length > 0 && (size_t)length < key_size;
}

uint64_t batch_item_hash(const batch *b, const batch_item *item)
{
    return b->options_hash ^ item->folder_hash ^ item->neighbours_hash;
}

/* Returns true if output `index` exists with the size and time in the manifest, and the input, its
 * neighbours and the options are those it was made from. Fills `record` from the manifest. */
static bool output_is_up_to_date(const batch *b, const batch_item *item, size_t index,
                                 cli_record *record)
{
    char key[PATH_MAX + 32], path[PATH_MAX];
    uint64_t size;
    int64_t modified;
    if (!batch_manifest_key(b, item, index, key, sizeof key, path, sizeof path))
        return false;
    const batch_entry *entry = batch_manifest_find(b->manifest, key);
    if (!entry || entry->options_hash != batch_item_hash(b, item) ||
        entry->input_size != item->size || entry->input_modified != item->modified ||
        !batch_stat(path, &size, &modified) || entry->output_size != size ||
        entry->output_modified != modified)
        return false;
    record->width = entry->width;
    record->height = entry->height;
    record->output_bytes += size;
    record->has_edges = entry->has_edges;
    record->edges = entry->edges;
    return true;
}

bool batch_is_up_to_date(const batch *b, const batch_item *item, cli_record *record)
{
    if (!b->manifest || b->work->batch->force || item->missing)
        return false;
    for (size_t i = 0; i < b->work->count; i++)
        if (!output_is_up_to_date(b, item, i, record))
            return false;
    return true;
}

bool batch_is_own(const batch *b, const batch_item *item, size_t index)
{
    char key[PATH_MAX + 32], path[PATH_MAX];
    return b->manifest && batch_manifest_key(b, item, index, key, sizeof key, path, sizeof path) &&
           batch_manifest_find(b->manifest, key);
}

eg_status batch_check_replace(const batch *b, const batch_item *item, eg_error *error)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < b->work->count && error->status == EG_OK; i++)
        if (!batch_is_own(b, item, i) && batch_output_path(b->work, item, i, path, sizeof path))
            file_check_replace(b->settings, path, b->work->replace_advice, error);
    return error->status;
}
