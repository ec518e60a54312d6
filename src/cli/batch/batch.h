/* SPDX-License-Identifier: MIT */
/*
 * A raster command over many files: they are found (batch_files), given outputs (batch_names),
 * those that are up to date are left out (batch_manifest), the others worked on (batch_work), and
 * what became of each is told (batch_tell, batch_progress).
 */
#ifndef CLI_BATCH_BATCH_H
#define CLI_BATCH_BATCH_H

#include <sys/stat.h>

#include "cli/batch/batch_record.h"
#include "cli/raster/raster.h"

/* Whether one of those that need a folder was given. */
bool batch_asked(const cli_line *line);

/* The first `inputs` operands, into the folders of work->outputs. Returns an exit code, after its
 * message. */
int batch_run(raster_work *work, size_t inputs);

/* ---- files ----------------------------------------------------------------------------------- */

typedef struct batch_item {
    char *input;      /* its path, owned */
    size_t within;    /* where in it the part begins that is mirrored under the outputs' folders */
    uint64_t size;    /* when it was found, as the rest */
    int64_t modified; /* ns */
    dev_t device;
    ino_t inode;
    uint64_t root;  /* tells apart folders whose files have the same names */
    bool missing;   /* it could not be looked at: opening it will say why */
    bool streaming; /* a pipe or a device: it has no size, and can be opened once */
} batch_item;

typedef struct batch_list {
    batch_item *items;
    size_t count, capacity;
    size_t unreadable; /* folders, each reported */
} batch_list;

/* Fills the list, which is zeroed, from the operands: files as they are, of folders what is in
 * them, sorted. Returns an exit code, after its message. */
int batch_find(batch_list *list, const raster_work *work, size_t inputs);
void batch_list_free(batch_list *list);

/* What a file is now, in the fields of an item. False: it is not there. */
bool batch_look(const char *path, uint64_t *size, int64_t *modified);

/* ---- names ----------------------------------------------------------------------------------- */

/* The path of output `index` for an item; false: it is longer than `size`. */
bool batch_output(const raster_work *work, const batch_item *item, size_t index, char *out,
                  size_t size);
/* That path below its folder, which is the first so many bytes. */
size_t batch_folder_length(const raster_work *work, size_t index);

/* The extension of an output where --name does not say. */
const char *batch_extension(const raster_work *work, size_t index);
/* Whether `path` has a part that leads upwards. */
bool batch_leads_up(const char *path);
/* Whether --name and --format can be read. Returns an exit code, after its message. */
int batch_check_pattern(const raster_work *work);

/* (batch_claims.c) Whether --name can be read, and whether every output would have a file of its
 * own that is no input. Returns an exit code, after its message. */
int batch_check(const raster_work *work, const batch_list *list);

/* Makes the folders a path leads through. */
bool batch_make_folders(const char *path);

/* ---- manifest -------------------------------------------------------------------------------- */

/* What was made of which inputs by which options, in a hidden file beside the outputs: a line an
 * output, the last one of a name counts. */
typedef struct batch_manifest batch_manifest;

/* What a line says besides its name. */
typedef struct batch_entry {
    uint64_t input_size, output_size, print; /* `print` tells options apart */
    int64_t input_modified, output_modified; /* ns */
    size_t width, height;
    bool has_edges;
    cli_marked edges;
} batch_entry;

/* NULL: there is no memory. What cannot be read is as if it were not there. */
batch_manifest *batch_manifest_open(const char *folder, const char *shard);
const batch_entry *batch_manifest_find(const batch_manifest *manifest, const char *name);
/* Adds a line, whole or not at all. False: errno says why. */
bool batch_manifest_add(batch_manifest *manifest, const char *name, const batch_entry *entry);
void batch_manifest_close(batch_manifest *manifest);

/* A number for the command and all options that have an effect on its outputs. */
uint64_t batch_print(const cli_line *line, const cli_settings *settings);

/* ---- telling --------------------------------------------------------------------------------- */

typedef struct batch_progress {
    int kind;         /* cli_progress */
    const char *what; /* is being done, where it is not the outputs; NULL */
    bool shown;
    double start, last;
    size_t files, done, current, failed;
    uint64_t bytes, done_bytes;
    double pixels;
} batch_progress;

void batch_progress_begin(batch_progress *progress, const raster_work *work, size_t files,
                          uint64_t bytes);
void batch_progress_note(batch_progress *progress, const cli_record *record);
void batch_progress_clear(batch_progress *progress); /* before a message */
void batch_progress_end(batch_progress *progress);
double batch_now(void); /* s */

/* Prints the line of --json-lines about a file. False: it could not be written. */
bool batch_tell(FILE *out, const raster_work *work, const cli_record *record);

/* Prints the object of --json about the run. */
void batch_tell_all(const raster_work *work, const batch_progress *progress);

#endif
