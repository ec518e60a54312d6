/* SPDX-License-Identifier: MIT */
/*
 * The state of an output file, which the files of this folder share: output.c opens and completes
 * it, write.c writes it, names.c gives it a temporary name, publish.c makes it appear under its
 * path together with others, sync.c moves it to the disc, set.c has the sets of outputs of a
 * caller.
 */
#ifndef EG_IO_OUTPUT_OUTPUT_H
#define EG_IO_OUTPUT_OUTPUT_H

#include <limits.h>
#include <sys/stat.h>

#include "io/io.h"

enum { EG_OUTPUT_BUFFER = 256 * 1024 };

struct eg_output {
    eg_context *ctx;
    char *name;      /* path for messages */
    uint8_t *buffer; /* EG_OUTPUT_BUFFER bytes, the first `used` of which are not yet written */
    size_t used;
    uint64_t at;   /* file position of the next byte */
    int fd;        /* descriptor written to; -1: not open */
    int stream;    /* pipe or device that receives the temporary file `fd` at commit; -1: none */
    bool direct;   /* true for a pipe, a device or standard output: nothing to rename */
    bool named;    /* true if the file `temporary` exists and must be renamed or removed */
    bool complete; /* true from commit on: nothing is written afterwards */
    bool deferred; /* true if eg_output_publish() is called separately */
    bool replaces; /* true if the target existed when it was opened; `old` is its state */
    struct stat old;
    bool attached;   /* a sidecar file of another output */
    bool removes;    /* instead of a file to write: `target` is to be removed */
    eg_outputs *set; /* set that publishes it, and owns it once it is complete; NULL: none */
    eg_output *next; /* file that is published together with this one; may be NULL */

    bool synced;    /* its bytes are on the disc */
    bool published; /* the target is the new file, or removed */
    bool kept;      /* the old file still exists under the name `backup` */
    int old_fd;     /* descriptor that locks the old file while it is kept; -1: none */

    char target[PATH_MAX]; /* path of the file to replace, symbolic links resolved */
    char folder[PATH_MAX]; /* folder of the target, with a slash at the end */
    char temporary[PATH_MAX], backup[PATH_MAX];
};

/* ---- writing (write.c) ----------------------------------------------------------------------- */

/* Writes the buffered bytes. */
eg_status eg_output_flush(eg_output *output, eg_error *error);

/* Closes a descriptor of the file, -1: fails with errno, and reports its error: some file systems
 * report a failed write only here. */
eg_status eg_output_close_checked(const eg_output *output, int fd, eg_error *error);

/* Sends what is left of a pipe or device, and closes it. */
eg_status eg_output_finish_stream(eg_output *output, eg_error *error);

/* Discards all outputs of a chain, published or not. Accepts NULL. (state.c) */
void eg_output_free(eg_output *chain);

/* ---- temporary names (names.c) --------------------------------------------------------------- */

/* Opens the file that is written in place of the target: an unnamed file, or one with a temporary
 * name if the file system has none. Removes what a killed process left for this target. */
eg_status eg_output_open_temporary(eg_output *output, eg_error *error);

/* Gives an unnamed file a temporary name. */
eg_status eg_output_name_temporary(eg_output *output, eg_error *error);

/* Links an unnamed file directly under the target's name, which no file has. Returns false if that
 * is impossible. */
bool eg_output_link_target(const eg_output *output);

/* Keeps the old file under a second name, so that it can be put back. Does nothing if there is no
 * old file, or if the file system has no links: then eg_output_move_old() is needed. */
eg_status eg_output_keep_old(eg_output *output, eg_error *error);

/* Renames the old file to its second name, unless it was kept. */
eg_status eg_output_move_old(eg_output *output, eg_error *error);

/* ---- appearing together (publish.c) ---------------------------------------------------------- */

/* The folders of a chain of outputs, each once. */
typedef struct eg_output_folder {
    int fd; /* -1: it may not be read, and is locked and moved to the disc by other means */
    const eg_output *member; /* an output in it */
    struct stat about;
} eg_output_folder;

/* A publication that can be undone until eg_publication_end(). */
typedef struct eg_publication {
    eg_output *chain; /* not owned */
    eg_output_folder *folders;
    size_t folder_count;
    bool alone; /* a single file replaces the old one, which is not kept */
} eg_publication;

/* Makes all complete outputs of a chain appear, and then finishes its streams. With `undoable` the
 * old files are kept in any case. After a failure all old files are as before. */
eg_status eg_publish(eg_publication *p, eg_output *chain, bool undoable, eg_error *error);

/* Moves the folders to the disc if that is asked for. After a failure all old files are as before,
 * unless the publication is `alone`. */
eg_status eg_publication_sync(eg_publication *p, eg_error *error);

/* Drops the old files and releases the publication. */
void eg_publication_end(eg_publication *p);

/* Puts all old files back and releases the publication. Fails with a message that replaces that of
 * `error` if one of them cannot be put back. */
void eg_publication_undo(eg_publication *p, eg_error *error);

/* ---- the disc (sync.c) ----------------------------------------------------------------------- */

/* Returns true if the outputs of a context are moved to the disc. */
static inline bool eg_output_syncs(const eg_output *output)
{
    return output->ctx->config.sync && !output->direct && !output->removes;
}

/* Moves a file to the disc, unless that was done or is not asked for. */
eg_status eg_output_sync(eg_output *output, eg_error *error);

/* Moves a folder to the disc; `fd` -1: through a file in it. */
eg_status eg_output_sync_folder(int fd, const eg_output *member, eg_error *error);

/* Moves the files or folders of several descriptors to the disc at once. Returns false if that is
 * not certain: then each has to be moved by itself. */
bool eg_sync_group(const int fds[], size_t count);

#endif
