/* SPDX-License-Identifier: MIT */
/*
 * Finds the inputs that adjoin each other, so that terrain maps have no missing cells along the
 * borders of tiles. Only inputs of the run are neighbours, of all its shards and ranks.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch_tiles.h"
#include "cli/support/text.h"

/* Orders by position, so that the order of the operands does not matter. */
static int compare_neighbours(const void *a, const void *b)
{
    const batch_neighbour *p = a, *q = b;
    if (p->row != q->row)
        return p->row < q->row ? -1 : 1;
    if (p->column != q->column)
        return p->column < q->column ? -1 : 1;
    return p->item < q->item ? -1 : p->item > q->item;
}

/* Returns a hash of what a neighbour contributes: its file and its position. */
static uint64_t hash_neighbour(const batch_item *item, const batch_neighbour *n)
{
    const char *name = item->input + item->relative_offset;
    const int64_t numbers[] = {(int64_t)item->size, item->modified, n->column, n->row};
    uint64_t hash = text_hash(TEXT_HASH, name, strlen(name) + 1);
    hash = text_hash(hash, &item->folder_hash, sizeof item->folder_hash);
    return text_hash(hash, numbers, sizeof numbers);
}

/* Sorts the neighbours of all items and sets their hashes. Returns true if there are any. */
static bool complete_items(batch_list *list)
{
    bool found = false;
    for (size_t i = 0; i < list->count; i++) {
        batch_item *item = &list->items[i];
        if (!item->neighbour_count)
            continue;
        qsort(item->neighbours, item->neighbour_count, sizeof *item->neighbours,
              compare_neighbours);
        for (size_t k = 0; k < item->neighbour_count; k++)
            item->neighbours_hash +=
                hash_neighbour(&list->items[item->neighbours[k].item], &item->neighbours[k]);
        found = true;
    }
    return found;
}

/* Warns of inputs whose place is unknown because their header cannot be read. This shard computes
 * other files without them; its own files are reported when their turn comes. */
static void report_unreadable(const batch_tiles *t)
{
    for (size_t i = 0; i < t->list->count && !t->work->settings->quiet; i++)
        if (t->tiles[i].reason && !batch_in_shard(&t->list->items[i], &t->work->batch->shard))
            message("warning: %s; files that adjoin it are computed without it",
                    t->tiles[i].reason);
}

int batch_find_neighbours(batch_list *list, const raster_work *work, int threads)
{
    batch_tiles t = {.work = work, .list = list, .threads = threads};
    if (!work->neighbours || list->count < 2)
        return EXIT_DONE;
    bool good = batch_tiles_read(&t) && batch_tiles_match_georef(&t) &&
                (work->settings->read.encoding == EG_ENCODING_NONE || batch_tiles_match_paths(&t));
    if (good && complete_items(list))
        report_unreadable(&t);
    batch_tiles_free(&t);
    if (*signal_caught())
        return EXIT_SIGNAL + (int)*signal_caught();
    return good ? EXIT_DONE : batch_out_of_memory();
}
