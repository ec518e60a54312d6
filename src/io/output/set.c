/* SPDX-License-Identifier: MIT */
/* Sets of outputs that appear together, and groups of sets that are moved to the disc together. */
#include <unistd.h>

#include "io/output/output.h"

struct eg_outputs {
    eg_context *ctx;
    eg_output *chain;  /* complete outputs, owned */
    size_t incomplete; /* outputs that joined and are not complete */
    eg_publication publication;
    bool published, over; /* the outputs have appeared; they cannot be taken back any more */
};

eg_status eg_outputs_new(eg_outputs **set, eg_context *ctx, eg_error *error)
{
    *set = eg_calloc(ctx, 1, sizeof **set, error);
    if (!*set)
        return eg_failed(error);
    (*set)->ctx = ctx;
    return EG_OK;
}

eg_status eg_output_join(eg_output *output, eg_outputs *set, eg_error *error)
{
    if (output->complete || output->set || set->published || set->over)
        return eg_output_fail(output, error, EG_USAGE, "cannot join a set of outputs any more");
    output->set = set;
    set->incomplete++;
    return EG_OK;
}

void eg_outputs_take(eg_outputs *set, eg_output *output)
{
    eg_output **last = &set->chain;
    while (*last)
        last = &(*last)->next;
    *last = output;
    set->incomplete--;
}

uint64_t eg_outputs_bytes(const eg_outputs *set)
{
    uint64_t bytes = 0;
    for (const eg_output *o = set->chain; o; o = o->next)
        if (!o->direct && !o->removes && !o->attached && o->fd >= 0) {
            const off_t end = lseek(o->fd, 0, SEEK_END); /* the file is complete */
            bytes += end > 0 ? (uint64_t)end : 0;
        }
    return bytes;
}

/* Makes the outputs appear, without moving their folders to the disc. */
static eg_status publish(eg_outputs *set, bool undoable, eg_error *error)
{
    if (set->over)
        return eg_fail(error, EG_USAGE, "a set of outputs was committed already");
    if (set->incomplete > 0)
        return eg_fail(error, EG_USAGE, "%zu outputs of a set are not complete", set->incomplete);
    eg_status status = eg_publish(&set->publication, set->chain, undoable, error);
    set->published = status == EG_OK;
    set->over = status != EG_OK;
    return status;
}

/* Moves the folders to the disc. */
static eg_status sync_set(eg_outputs *set, eg_error *error)
{
    eg_status status = eg_publication_sync(&set->publication, error);
    if (status != EG_OK)
        set->published = false;
    set->over = status != EG_OK;
    return status;
}

eg_status eg_outputs_publish(eg_outputs *set, eg_error *error)
{
    eg_status status = publish(set, true, error);
    return status == EG_OK ? sync_set(set, error) : status;
}

/* Makes it final that the outputs have appeared. */
static void end(eg_outputs *set)
{
    eg_publication_end(&set->publication);
    set->published = false;
    set->over = true;
}

eg_status eg_outputs_commit(eg_outputs *set, eg_error *error)
{
    eg_status status = EG_OK;
    if (!set->published) {
        status = publish(set, false, error);
        if (status == EG_OK)
            status = sync_set(set, error);
    }
    if (status == EG_OK)
        end(set);
    return status;
}

void eg_outputs_close(eg_outputs *set)
{
    if (!set)
        return;
    if (set->published)
        eg_publication_undo(&set->publication, NULL);
    eg_output_free(set->chain);
    eg_free(set);
}

/* ---- groups ---------------------------------------------------------------------------------- */

/* Moves the files of all sets to the disc at once. If that fails, each set does it by itself, and
 * finds its own failure. */
static void sync_files(eg_outputs *const sets[], size_t count)
{
    size_t files = 0, used = 0;
    for (size_t i = 0; i < count; i++)
        for (const eg_output *o = sets[i]->chain; o; o = o->next)
            files += eg_output_syncs(o);
    int *fds = files > 0 ? eg_alloc(sets[0]->ctx, files, sizeof *fds, NULL) : NULL;
    if (!fds)
        return;
    for (size_t i = 0; i < count; i++)
        for (const eg_output *o = sets[i]->chain; o; o = o->next)
            if (eg_output_syncs(o))
                fds[used++] = o->fd;
    const bool done = eg_sync_group(fds, files);
    for (size_t i = 0; i < count; i++)
        for (eg_output *o = sets[i]->chain; o; o = o->next)
            o->synced = done && eg_output_syncs(o);
    eg_free(fds);
}

/* Moves the folders of all published sets to the disc at once. Returns false if that is not
 * certain: then each set does it by itself. */
static bool sync_folders(eg_outputs *const sets[], size_t count)
{
    size_t folders = 0, used = 0;
    bool good = true;
    for (size_t i = 0; i < count; i++)
        folders += sets[i]->published ? sets[i]->publication.folder_count : 0;
    if (folders == 0 || !sets[0]->ctx->config.sync)
        return true;
    int *fds = eg_alloc(sets[0]->ctx, folders, sizeof *fds, NULL);
    if (!fds)
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; sets[i]->published && k < sets[i]->publication.folder_count; k++) {
            fds[used++] = sets[i]->publication.folders[k].fd;
            good = good && fds[used - 1] >= 0;
        }
    good = good && eg_sync_group(fds, folders);
    eg_free(fds);
    return good;
}

void eg_outputs_commit_group(eg_outputs *const sets[], size_t count, eg_error errors[])
{
    sync_files(sets, count);
    for (size_t i = 0; i < count; i++)
        publish(sets[i], false, &errors[i]);
    const bool safe = sync_folders(sets, count);
    for (size_t i = 0; i < count; i++)
        if (sets[i]->published && (safe || sync_set(sets[i], &errors[i]) == EG_OK))
            end(sets[i]);
}
