/* SPDX-License-Identifier: MIT */
/* The state of a batch run and its jobs. */
#ifndef CLI_BATCH_BATCH_RUN_H
#define CLI_BATCH_BATCH_RUN_H

#include <limits.h>
#include <pthread.h>

#include "cli/batch/batch.h"
#include "cli/raster/raster_progress.h"
#include "cli/report/report.h"

/* The borders of inputs, which their neighbours need (batch_borders.c). */
typedef struct batch_borders batch_borders;

typedef struct batch_job batch_job;

enum { BATCH_GROUP = 64 };

/* Jobs whose outputs are complete and will be committed together (batch_group.c). The lock of the
 * batch protects it. */
typedef struct batch_group {
    batch_job *jobs[BATCH_GROUP]; /* owned */
    size_t count, limit;
    double since;           /* when the first of them came, in seconds_now() */
    size_t workers;         /* worker threads that have not ended */
    bool has_thread;        /* a thread runs batch_group_loop() */
    bool committing;        /* a thread commits an earlier group */
    pthread_cond_t changed; /* signalled when any of these changes */
} batch_group;

typedef struct batch {
    raster_work *work;
    const cli_settings *settings;
    size_t inputs; /* number of operands that are inputs */
    batch_list list;
    batch_item **queue; /* items of this shard, largest first */
    size_t queue_count;
    uint64_t queue_bytes; /* total size of their inputs */
    int threads;
    int worker_count; /* number of threads of batch_run_local() that compute */
    uint64_t options_hash;
    batch_manifest *manifest; /* NULL without one */
    batch_borders *borders;   /* NULL: no input has a neighbour, or they are read directly */
    FILE *json_lines;         /* --json-lines; NULL without */
    bool page_wanted;         /* --report PAGE.html was given */
    report *page;             /* the page, on rank 0 only; else NULL */
    eg_context *page_ctx;
    eg_error page_error;
    batch_group group;
    pthread_mutex_t lock; /* protects the members below */
    size_t next;          /* index in `queue` of the next item to process */
    batch_item **retry;   /* items that need more than the memory per job */
    size_t retry_count;
    batch_progress progress;
    raster_progress *file_progress; /* of a batch of one file */
    int exit_code;                  /* highest so far */
    bool stop;                      /* start no further item */
    bool manifest_failed;           /* writing the manifest failed and was reported */
} batch;

/* The processing of one item. */
struct batch_job {
    batch *batch;
    batch_item *item;
    int threads;
    size_t memory; /* limit in bytes */
    char paths[RASTER_OUTPUTS][PATH_MAX];
    const char *outputs[RASTER_OUTPUTS]; /* pointers to `paths` */
    struct batch_written {
        bool exists;
        uint64_t size;
        int64_t modified;      /* ns since the epoch */
    } written[RASTER_OUTPUTS]; /* state of the output files after the job */
    cli_record record;
    raster_result result;
    raster_thumbnails thumbnails;
    raster_files files; /* outputs that are complete but not committed */
    eg_error error;
};

/* Prepares a job for batch_job_run() or for the result of another rank. */
void batch_job_start(batch_job *job, batch *b, batch_item *item);

/* Fills in the output paths. Returns false if one is too long. */
bool batch_job_name_outputs(batch_job *job);

/* Computes the outputs unless they are up to date, but does not commit them. Jobs may run
 * concurrently. */
void batch_job_run(batch_job *job);

/* Releases what a job holds, but not the job itself. */
void batch_job_free(batch_job *job);

/* Called after the outputs of a job were committed, or not: looks at the files. */
void batch_job_committed(batch_job *job);

/* Records the result of a job in the manifest, JSON lines, report page and progress. Called with
 * the lock of the batch. (batch_result.c) */
void batch_job_record(batch_job *job);

/* ---- committing the outputs (batch_group.c) -------------------------------------------------- */

void batch_group_init(batch_group *group, const batch *b);
void batch_group_free(batch_group *group);

/* Commits and records a job from malloc(), alone or as one of a group, later; a job that exceeded
 * its memory is added to the retry list instead. Frees the job. */
void batch_job_finish(batch_job *job);

/* Commits the outputs of a job alone. */
void batch_job_commit(batch_job *job);

/* Commits groups that are large or old enough until all worker threads have ended: the loop of a
 * thread of its own, which mostly waits for the disc. */
void batch_group_loop(batch *b);

/* Called by each worker thread at its end. */
void batch_group_leave(batch *b);

/* Commits what is left. */
void batch_group_finish(batch *b);

/* Returns the context configuration of a job. */
eg_config batch_job_config(const batch *b, int threads, size_t memory);

/* Returns the memory limit in bytes of all jobs together, and of a job that runs beside others. */
size_t batch_memory_of_jobs(const batch *b);
size_t batch_memory_per_job(const batch *b);

/* Raises the exit code of the run to `code`. */
void batch_raise_exit_code(batch *b, int code);

/* Removes the temporary files that killed runs left in the output folders (batch_leftovers.c).
 * Runs without enough memory to list the folders leave them there. */
void batch_remove_leftovers(const batch *b);

/* ---- scheduling (batch_schedule.c) ----------------------------------------------------------- */

/* Processes the whole queue with the threads of this process. */
void batch_run_local(batch *b);

/* Processes one item with `threads` threads and at most `memory` bytes. */
void batch_run_item(batch *b, batch_item *item, int threads, size_t memory);

/* Removes the next item from the queue. Returns NULL if none is left or the run was stopped. */
batch_item *batch_next_item(batch *b);

/* Processes items until none is left: the loop of a worker thread (eg_threads_run()). */
void batch_worker_loop(void *b, int thread);

/* ---- borders of neighbours (batch_borders.c) ------------------------------------------------- */

/* Returns the memory limit in bytes of all borders. */
size_t batch_borders_memory(const cli_settings *settings);

/* Returns NULL if out of memory. The list and the settings must outlive the borders. */
batch_borders *batch_borders_open(const batch_list *list, const cli_settings *settings);
void batch_borders_close(batch_borders *all); /* accepts NULL */

/* Returns the border of an item, read with this configuration unless it is in memory; it stays
 * there until batch_borders_release(). Returns NULL if it cannot be read, or memory is short: only
 * the needed part of the file may be readable. Thread-safe. */
const raster_border *batch_borders_take(batch_borders *all, size_t item, const eg_config *config);
void batch_borders_release(batch_borders *all, size_t item);

/* ---- several ranks (ranks_batch.c) ----------------------------------------------------------- */

/* Copies the list of rank 0 to all ranks. */
void batch_broadcast_list(batch_list *list);

/* Processes the queue with all ranks; the list must be the same on each. */
void batch_run_on_ranks(batch *b);

/* ---- up to date (batch_uptodate.c) ----------------------------------------------------------- */

/* Writes an output's key in the manifest, such as "slope:sub/a.tif", and its path. Returns false if
 * one is too long. */
bool batch_manifest_key(const batch *b, const batch_item *item, size_t index, char *key,
                        size_t key_size, char *path, size_t path_size);

/* Returns the options_hash of an item's entries in the manifest: of the options, of the folder and
 * of the neighbours. */
uint64_t batch_item_hash(const batch *b, const batch_item *item);

/* Returns true if the manifest says that all outputs of an item were made from the current input
 * and its current neighbours with the same options; fills `record` from it. */
bool batch_is_up_to_date(const batch *b, const batch_item *item, cli_record *record);

/* Returns true if the manifest lists output `index` of an item: an earlier run made it. */
bool batch_is_own(const batch *b, const batch_item *item, size_t index);

/* Refuses existing outputs of an item that an earlier run did not make and that
 * file_check_replace() refuses. Returns EG_OK or EG_FILE. */
eg_status batch_check_replace(const batch *b, const batch_item *item, eg_error *error);

/* ---- --auto-shared (batch_thresholds.c) ------------------------------------------------------ */

/* Sets the thresholds in `settings` from the histogram of all images of the run. Returns an exit
 * code, after its message. */
int batch_set_shared_thresholds(batch *b);

/* Returns a hash of the names, sizes and times of all inputs, independent of their order: shared
 * thresholds depend on them. */
uint64_t batch_inputs_hash(const batch_list *list);

#endif
