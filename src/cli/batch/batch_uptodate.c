/* SPDX-License-Identifier: MIT */
/* Whether outputs are what the manifest says, inputs what they were, and options the same. */
#include <limits.h>
#include <string.h>

#include "cli/batch/batch_run.h"

/* The name of an output in the manifest: "slope:sub/a.tif". */
bool batch_manifest_name(const batch *b, const batch_item *item, size_t index, char *out,
                         size_t size, char *path, size_t path_size)
{
    if (!batch_output(b->work, item, index, path, path_size))
        return false;
    int length = snprintf(out, size, "%s:%s", b->work->outputs[index].name,
                          path + batch_folder_length(b->work, index));
    return length > 0 && (size_t)length < size;
}

static bool output_is_current(const batch *b, const batch_item *item, size_t index,
                              cli_record *record)
{
    char name[PATH_MAX + 32], path[PATH_MAX];
    uint64_t size;
    int64_t modified;
    if (!batch_manifest_name(b, item, index, name, sizeof name, path, sizeof path))
        return false;
    const batch_entry *known = batch_manifest_find(b->manifest, name);
    if (!known || known->print != (b->print ^ item->root) || known->input_size != item->size ||
        known->input_modified != item->modified || !batch_look(path, &size, &modified) ||
        known->output_size != size || known->output_modified != modified)
        return false;
    record->width = known->width;
    record->height = known->height;
    record->output_bytes += size;
    record->has_edges = known->has_edges;
    record->edges = known->edges;
    return true;
}

bool batch_is_current(const batch *b, const batch_item *item, cli_record *record)
{
    if (!b->manifest || b->work->batch->force || item->missing)
        return false;
    for (size_t i = 0; i < b->work->count; i++)
        if (!output_is_current(b, item, i, record))
            return false;
    return true;
}
