/* SPDX-License-Identifier: MIT */
/* A run over many files while it lasts. */
#ifndef CLI_BATCH_BATCH_RUN_H
#define CLI_BATCH_BATCH_RUN_H

#include <limits.h>
#include <pthread.h>

#include "cli/batch/batch.h"
#include "cli/report/report.h"

typedef struct batch {
    raster_work *work;
    const cli_settings *settings;
    batch_list list;
    batch_item **order; /* the items of this shard, largest first */
    size_t todo, next;
    uint64_t bytes;     /* of them */
    batch_item **again; /* those that need more than a share of the memory */
    size_t again_count;
    int threads;
    uint64_t print;
    batch_manifest *manifest; /* NULL: none is kept */
    FILE *lines;              /* of --json-lines; NULL: none */
    bool page_wanted;
    report *page; /* of --report, of the first rank; NULL: none */
    eg_context *page_ctx;
    eg_error page_error;
    pthread_mutex_t lock; /* of all that follows */
    batch_progress progress;
    int worst;      /* exit code */
    bool stop;      /* no further file is begun */
    bool forgetful; /* the manifest cannot be written */
} batch;

/* One file at work. */
typedef struct batch_turn {
    batch *b;
    batch_item *item;
    int threads;
    size_t memory;
    char paths[CLI_OUTPUTS][PATH_MAX];
    const char *outputs[CLI_OUTPUTS];
    struct batch_made {
        bool there;
        uint64_t size;
        int64_t modified; /* ns */
    } made[CLI_OUTPUTS];
    cli_record record;
    raster_result result;
    raster_thumbs thumbs;
    eg_error error;
} batch_turn;

void batch_turn_begin(batch_turn *t, batch *b, batch_item *item);
bool batch_turn_name(batch_turn *t); /* its outputs; false: a name is too long */
void batch_turn_do(batch_turn *t);   /* any number of them at a time */
void batch_settle(batch_turn *t);    /* tells everybody what became of it */
void batch_turn_end(batch_turn *t);

/* What a file is worked on with; and the memory that is a thread's, of all that may be held. */
eg_config batch_config(const batch *b, int threads, size_t memory);
size_t batch_share(const batch *b);

/* The exit code is at least this. */
void batch_worse(batch *b, int code);

/* Works on all of b->order with the threads of this process; one item with so many threads. */
void batch_work_alone(batch *b);
void batch_do_item(batch *b, batch_item *item, int threads, size_t memory);

/* Parts of that: the next item (NULL: there is none); a thread's files one by one; and what is to
 * be done after a file, which ends the turn. */
batch_item *batch_take(batch *b);
void batch_serve(void *b, int thread);
void batch_turn_over(batch_turn *t);

/* ---- several processes (batch_ranks.c) ------------------------------------------------------- */

/* Gives all ranks the first one's list. */
void batch_share_list(batch_list *list);

/* Works on all of b->order, whose items all ranks know. */
void batch_work_together(batch *b);

/* Adds up what the histograms of all ranks have counted. */
void batch_join_surveys(eg_edge_histogram *histogram, eg_error *error);

/* ---- up to date (batch_current.c) ------------------------------------------------------------ */

/* The name of an output in the manifest: "slope:sub/a.tif"; and its path. False: they are too long.
 */
bool batch_manifest_name(const batch *b, const batch_item *item, size_t index, char *out,
                         size_t size, char *path, size_t path_size);

/* Whether all outputs of an item are what these options make of it; `record` gets what is known of
 * them. */
bool batch_is_current(const batch *b, const batch_item *item, cli_record *record);

/* ---- shared thresholds (batch_survey.c) ------------------------------------------------------ */

/* Sets the thresholds of work->edges to those of all pictures together. Returns an exit code,
 * after its message. */
int batch_share_thresholds(batch *b);
uint64_t batch_print_inputs(const batch_list *list);

#endif
