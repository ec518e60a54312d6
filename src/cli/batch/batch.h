/* SPDX-License-Identifier: MIT */
/*
 * A raster command over many files. batch_find.c lists the input files, batch_names.c derives the
 * output paths, batch_collisions.c rejects colliding ones, batch_neighbours.c finds the neighbours
 * of tiles, batch_uptodate.c skips what the manifest (batch_manifest.c) lists as up to date,
 * batch_schedule.c hands the rest to worker threads, and batch_job.c processes one file and reports
 * its result.
 */
#ifndef CLI_BATCH_BATCH_H
#define CLI_BATCH_BATCH_H

#include <sys/stat.h>

#include "cli/batch/batch_record.h"
#include "cli/raster/raster.h"

/* Returns true if an option that requires an output folder (--recursive, --pattern, --name) was
 * given. */
bool batch_needs_folder(const cli_args *args);

/* Processes the first `inputs` operands into the folders of work->outputs. Returns an exit code,
 * after its message. */
int batch_run(raster_work *work, size_t inputs);

/* ---- input files ----------------------------------------------------------------------------- */

/* An input that adjoins another one. */
typedef struct batch_neighbour {
    size_t item;           /* index in batch_list.items */
    ptrdiff_t column, row; /* position, see eg_source_add_neighbour() */
    bool border;           /* its raster_border has all cells that are needed of it */
} batch_neighbour;

/* An input file. Size, time and identity are those of when it was listed. */
typedef struct batch_item {
    char *input;            /* path, owned */
    size_t relative_offset; /* offset in `input` of the path below the searched folder, which is
                               mirrored below the output folders */
    uint64_t size;
    int64_t modified; /* ns since the epoch */
    dev_t device;
    ino_t inode;
    uint64_t folder_hash;        /* hash of the absolute path of the searched folder */
    bool missing;                /* stat() failed; opening the file reports the reason */
    bool left_out;               /* could not be read for the thresholds of all images */
    bool streaming;              /* a pipe or a device: no size, can be opened only once */
    batch_neighbour *neighbours; /* owned; set by batch_find_neighbours() */
    size_t neighbour_count;
    uint64_t neighbours_hash; /* hash of their names, sizes, times and positions; 0: none */
} batch_item;

typedef struct batch_list {
    batch_item *items;
    size_t count, capacity;
    size_t unreadable;   /* number of folders and files that could not be read; each was reported */
    int unreadable_code; /* their exit code */
    size_t skipped_other;   /* files in the searched folders that are not taken: of other kinds, or
                               without a match of --pattern; hidden and sidecar files not counted */
    size_t skipped_folders; /* folders in the searched folders that are not searched */
} batch_list;

/* Fills the zeroed list from the first `inputs` operands: files as they are, folders by their
 * files, sorted by name. Returns an exit code, after its message. */
int batch_find(batch_list *list, const raster_work *work, size_t inputs);
void batch_list_free(batch_list *list);

/* Returns true if a file belongs to the shard. */
bool batch_in_shard(const batch_item *item, const cli_shard *shard);

/* Reads the headers of all inputs and sets the neighbours of each, unless the command uses none.
 * Returns an exit code, after its message. (batch_neighbours.c) */
int batch_find_neighbours(batch_list *list, const raster_work *work, int threads);

/* Returns a file's current size in bytes and modification time in ns. Returns false if it does not
 * exist. */
bool batch_stat(const char *path, uint64_t *size, int64_t *modified);

/* Reports that memory ran out. Returns EXIT_LIMIT. */
static inline int batch_out_of_memory(void)
{
    message("out of memory for the list of files");
    return EXIT_LIMIT;
}

/* ---- output paths ---------------------------------------------------------------------------- */

/* Writes the path of an item's output `index` to `out`. Returns false if it exceeds `size`. */
bool batch_output_path(const raster_work *work, const batch_item *item, size_t index, char *out,
                       size_t size);

/* Returns the length of the prefix of those paths that names the output folder, including the
 * slash. */
size_t batch_folder_length(const raster_work *work, size_t index);

/* Returns the extension of output `index` where --name does not give one. */
const char *batch_output_extension(const raster_work *work, size_t index);

/* Returns true if `path` has a component "..". */
bool batch_has_dotdot(const char *path);

/* Checks --name and --format. Returns an exit code, after its message. */
int batch_check_name_pattern(const raster_work *work);

/* Checks --name and rejects output collisions: two outputs with the same path, or an output,
 * report or JSON lines file that is an input. Returns an exit code, after its message. */
int batch_check_outputs(const raster_work *work, const batch_list *list);

/* Creates the missing folders of a path. Returns false with errno set on failure. */
bool batch_make_folders(const char *path);

/* ---- manifest -------------------------------------------------------------------------------- */

/* The record of which outputs were made from which inputs with which options: a hidden text file
 * in the output folder with one line per output; the last line of an output counts. */
typedef struct batch_manifest batch_manifest;

/* A manifest line without its key. Sizes in bytes, times in ns since the epoch. */
typedef struct batch_entry {
    uint64_t input_size, output_size, options_hash;
    int64_t input_modified, output_modified;
    size_t width, height;
    bool has_edges;
    cli_edge_stats edges;
} batch_entry;

/* Reads the manifests in `folder`; new lines go to the one of `shard` ("" without --shard). Treats
 * unreadable files and lines as absent, but refuses symbolic links, and files that another user may
 * have laid in a folder that everybody can write to. With a `key`, locks the manifest first,
 * which may mean to wait for another run; NULL: it is only read. Returns an exit code, after its
 * message. */
struct batch_lock_key;
int batch_manifest_open(batch_manifest **manifest, const char *folder, const char *shard,
                        const struct batch_lock_key *key);

/* Returns the entry of a key, or NULL. */
const batch_entry *batch_manifest_find(const batch_manifest *manifest, const char *key);

/* Appends a line with a single write(). Returns false with errno set on failure. */
bool batch_manifest_add(batch_manifest *manifest, const char *key, const batch_entry *entry);

/* Moves the lines to the disc. A failure is that of later runs only, which compute more than they
 * need. Accepts NULL. */
void batch_manifest_sync(batch_manifest *manifest);
void batch_manifest_close(batch_manifest *manifest); /* accepts NULL; unlocks it */

#define BATCH_MANIFEST ".edgegrad-manifest"

/* Opens a manifest file with these flags of open(2). A file that cannot be opened leaves
 * *fd at -1, with errno set. Returns an exit code, after its message. (batch_lock.c) */
int batch_lock_open(int *fd, const char *path, int flags);

/* Inputs of a command line, files and folders, that a run locks. */
typedef struct batch_lock_key {
    char *const *inputs;
    size_t count;
    bool quiet; /* do not say that the run waits */
} batch_lock_key;

/* Opens a manifest file, creating it, and locks it for these inputs after waiting for other runs
 * over one of them. Returns an exit code, after its message. */
int batch_lock_take(int *fd, const char *path, const batch_lock_key *key);

/* Closes a locked file, and removes it if it is empty. */
void batch_lock_drop(int fd, const char *path);

/* Returns a hash of the command and the values of all options that affect its outputs. */
uint64_t batch_options_hash(const cli_args *args, const cli_settings *settings);

/* ---- progress and JSON ----------------------------------------------------------------------- */

typedef struct batch_progress {
    int kind;                 /* cli_progress */
    const char *label;        /* name of the pass, such as "thresholds"; NULL for the main pass */
    double start, last_shown; /* seconds_now() */
    size_t files, done, up_to_date, failed;
    uint64_t bytes, processed_bytes; /* sizes of all inputs, of the finished ones */
    double pixels;                   /* computed so far */
} batch_progress;

void batch_progress_start(batch_progress *progress, const raster_work *work, size_t files,
                          uint64_t bytes);

/* Counts a finished file and updates the display, at most every 0.1 s (JSON: 0.5 s). */
void batch_progress_add(batch_progress *progress, const cli_record *record);

/* Erases the progress line, or prints the object "end". */
void batch_progress_finish(const batch_progress *progress);

/* Prints the --json-lines object of a file that `progress` does not count yet. Returns false if it
 * could not be written. */
bool batch_print_json_line(FILE *out, const raster_work *work, const batch_progress *progress,
                           const cli_record *record);

/* Prints the --json object of a run to standard output. */
void batch_print_json_summary(const raster_work *work, const batch_progress *progress,
                              const batch_list *list);

/* Writes which entries of the searched folders were left out, as "3 files of other kinds left out,
 * 1 folder not searched (--recursive)"; an empty text if there are none. */
void batch_list_skipped(const raster_work *work, const batch_list *list, char *out, size_t size);

#endif
