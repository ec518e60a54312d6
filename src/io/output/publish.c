/* SPDX-License-Identifier: MIT */
/*
 * Publishes a chain of outputs: all of its files appear under their paths, or all old files stay.
 *
 * 1. Every new file is moved to the disc, if that is asked for. What can fail without a trace is
 *    done first: the folders are opened, files get temporary names.
 * 2. The folders are locked, so that the outputs of two processes do not mix.
 * 3. Every old file gets a second name, under which it can be put back. A single output needs none,
 *    because rename(2) replaces it at once.
 * 4. The new files are renamed, one after the other.
 * 5. Pipes and devices, which cannot be taken back, receive their last bytes.
 * 6. The folders are moved to the disc; then the old files are dropped.
 *
 * After a failure in 4 to 6 the old files are put back, in reverse order. A process that is killed
 * in 4 leaves some new and some old files: the same command run again replaces them all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "io/output/output.h"

enum {
    LOCK_STEP_MS = 5,     /* time between two attempts to lock a folder */
    LOCK_LONGEST_S = 120, /* a publication takes milliseconds; without syncs that are slow */
};

/* ---- folders --------------------------------------------------------------------------------- */

static size_t count_members(const eg_output *chain)
{
    size_t count = 0;
    for (; chain; chain = chain->next)
        count += !chain->direct;
    return count;
}

/* Adds the folder of an output, unless it is there already, in the order of device and inode. */
static eg_status add_folder(eg_publication *p, const eg_output *member, eg_error *error)
{
    eg_output_folder made = {.member = member};
    made.fd = open(member->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (made.fd < 0 && errno != EACCES)
        return eg_output_fail(member, error, eg_errno_status(errno),
                              "its folder cannot be opened: %s", strerror(errno));
    if (made.fd < 0 || fstat(made.fd, &made.about) != 0)
        made.about = (struct stat){0};
    size_t i = 0;
    for (; i < p->folder_count; i++) {
        const struct stat *a = &p->folders[i].about, *b = &made.about;
        if (a->st_dev == b->st_dev && a->st_ino == b->st_ino && made.fd >= 0) {
            close(made.fd);
            return EG_OK;
        }
        if (a->st_dev > b->st_dev || (a->st_dev == b->st_dev && a->st_ino > b->st_ino))
            break;
    }
    memmove(p->folders + i + 1, p->folders + i, (p->folder_count++ - i) * sizeof *p->folders);
    p->folders[i] = made;
    return EG_OK;
}

static void close_folders(eg_publication *p)
{
    for (size_t i = 0; i < p->folder_count; i++)
        if (p->folders[i].fd >= 0)
            close(p->folders[i].fd);
    eg_free(p->folders);
    *p = (eg_publication){0};
}

/* Opens the folders of all outputs; not for a single one that is not moved to the disc. */
static eg_status open_folders(eg_publication *p, eg_error *error)
{
    const size_t count = count_members(p->chain);
    eg_status status = EG_OK;
    if (count == 0 || (count == 1 && !p->chain->ctx->config.sync))
        return EG_OK;
    p->folders = eg_calloc(p->chain->ctx, count + 1, sizeof *p->folders, error);
    if (!p->folders)
        return eg_failed(error);
    for (const eg_output *o = p->chain; o && status == EG_OK; o = o->next)
        if (!o->direct)
            status = add_folder(p, o, error);
    return status;
}

/* Locks a folder, which other processes lock for milliseconds. A file system without locks is no
 * failure. */
static eg_status lock_folder(const eg_output_folder *folder, eg_error *error)
{
    static const struct timespec step = {.tv_nsec = LOCK_STEP_MS * 1000000L};
    const eg_output *member = folder->member;
    for (int i = 0; i < LOCK_LONGEST_S * 1000 / LOCK_STEP_MS; i++) {
        if (folder->fd < 0 || flock(folder->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
            return EG_OK;
        if (eg_cancelled(member->ctx))
            return eg_output_fail(member, error, EG_CANCELLED, "cancelled");
        nanosleep(&step, NULL);
    }
    return eg_output_fail(member, error, EG_FILE, "another process has locked its folder for %d s",
                          LOCK_LONGEST_S);
}

static eg_status lock_folders(const eg_publication *p, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < p->folder_count && status == EG_OK; i++)
        if (count_members(p->chain) > 1)
            status = lock_folder(&p->folders[i], error);
    return status;
}

static void unlock_folders(const eg_publication *p)
{
    for (size_t i = 0; i < p->folder_count; i++)
        if (p->folders[i].fd >= 0)
            flock(p->folders[i].fd, LOCK_UN);
}

/* ---- one output ------------------------------------------------------------------------------ */

/* Makes a file disappear that no longer applies. */
static eg_status remove_file(eg_output *output, eg_error *error)
{
    if (!output->kept)
        return eg_output_move_old(output, error);
    output->published = unlink(output->target) == 0 || errno == ENOENT;
    if (output->published)
        return EG_OK;
    return eg_output_fail(output, error, eg_errno_status(errno), "cannot be removed: %s",
                          strerror(errno));
}

/* Makes a new file appear, or a file that no longer applies disappear. */
static eg_status publish_file(eg_output *output, bool alone, eg_error *error)
{
    if (output->removes)
        return remove_file(output, error);
    if (!output->named && !output->replaces && eg_output_link_target(output)) {
        output->published = true;
        return EG_OK;
    }
    eg_status status = eg_output_name_temporary(output, error);
    if (status == EG_OK && !alone)
        status = eg_output_move_old(output, error);
    if (status != EG_OK)
        return status;
    if (rename(output->temporary, output->target) != 0)
        return eg_output_fail(output, error, eg_errno_status(errno), "cannot be replaced: %s",
                              strerror(errno));
    output->published = true;
    output->named = false;
    return EG_OK;
}

/* Puts the old file of an output back; without one, removes the new file. Where rename(2) fails,
 * linkat(2) may not. Returns false if that is impossible. */
static bool restore(const eg_output *output)
{
    if (!output->kept)
        return output->removes || unlink(output->target) == 0 || errno == ENOENT;
    if (rename(output->backup, output->target) == 0)
        return true;
    return (unlink(output->target) == 0 || errno == ENOENT) &&
           linkat(AT_FDCWD, output->backup, AT_FDCWD, output->target, 0) == 0 &&
           unlink(output->backup) == 0;
}

/* Undoes the publication of an output. Returns false if that is impossible. */
static bool undo(eg_output *output)
{
    bool done = true;
    if (output->published)
        done = restore(output);
    else if (output->kept)
        unlink(output->backup);
    output->published = output->kept = false;
    return done;
}

/* Undoes the outputs of a chain, the last one first. Returns the first one that failed, or NULL. */
static const eg_output *undo_chain(eg_output *chain)
{
    if (!chain)
        return NULL;
    const eg_output *failed = undo_chain(chain->next);
    return undo(chain) || failed ? failed : chain;
}

/* ---- the chain ------------------------------------------------------------------------------- */

void eg_publication_undo(eg_publication *p, eg_error *error)
{
    const eg_output *failed = undo_chain(p->chain);
    if (failed && error) {
        char reason[sizeof error->message];
        snprintf(reason, sizeof reason, "%s", error->message);
        *error = (eg_error){0};
        eg_output_fail(failed, error, EG_FILE, "the old file could not be put back after: %s",
                       reason);
    }
    close_folders(p);
}

/* Does what can fail before a file changes its name. */
static eg_status prepare(eg_publication *p, eg_error *error)
{
    const bool alone = count_members(p->chain) < 2;
    eg_status status = EG_OK;
    for (eg_output *o = p->chain; o && status == EG_OK; o = o->next)
        status = eg_output_sync(o, error);
    if (status == EG_OK)
        status = open_folders(p, error);
    for (eg_output *o = p->chain; o && status == EG_OK && !alone; o = o->next)
        if (!o->direct && !o->removes && o->replaces)
            status = eg_output_name_temporary(o, error);
    if (status == EG_OK)
        status = lock_folders(p, error);
    for (eg_output *o = p->chain; o && status == EG_OK && !alone; o = o->next)
        if (!o->direct)
            status = eg_output_keep_old(o, error);
    return status;
}

/* Sends the last bytes of the streams of a chain. */
static eg_status finish_streams(const eg_publication *p, eg_error *error)
{
    eg_status status = EG_OK;
    for (eg_output *o = p->chain; o && status == EG_OK; o = o->next)
        if (o->direct)
            status = eg_output_finish_stream(o, error);
    return status;
}

eg_status eg_publish(eg_publication *p, eg_output *chain, eg_error *error)
{
    const bool alone = count_members(chain) < 2;
    *p = (eg_publication){.chain = chain};
    eg_status status = prepare(p, error);
    for (eg_output *o = chain; o && status == EG_OK; o = o->next)
        if (!o->direct)
            status = publish_file(o, alone, error);
    unlock_folders(p);
    if (status == EG_OK)
        status = finish_streams(p, error);
    if (status != EG_OK)
        eg_publication_undo(p, error);
    return status;
}

/* Moves the folders to the disc. */
static eg_status sync_folders(const eg_publication *p, eg_error *error)
{
    eg_status status = EG_OK;
    if (p->safe || !p->chain || !p->chain->ctx->config.sync)
        return EG_OK;
    for (size_t i = 0; i < p->folder_count && status == EG_OK; i++)
        status = eg_output_sync_folder(p->folders[i].fd, p->folders[i].member, error);
    return status;
}

/* Drops the old files, and closes the new ones. */
static void drop_old(eg_output *chain)
{
    for (eg_output *o = chain; o; o = o->next) {
        if (o->kept)
            unlink(o->backup);
        if (o->old_fd >= 0)
            close(o->old_fd);
        if (o->fd >= 0)
            close(o->fd);
        o->kept = false;
        o->fd = o->old_fd = -1;
    }
}

eg_status eg_publication_end(eg_publication *p, eg_error *error)
{
    eg_status status = sync_folders(p, error);
    if (status != EG_OK && count_members(p->chain) > 1) {
        eg_publication_undo(p, error);
        return status;
    }
    drop_old(p->chain);
    close_folders(p);
    return status;
}
