/* SPDX-License-Identifier: MIT */
/* A run over many files while it lasts. */
#ifndef CLI_BATCH_WORK_H
#define CLI_BATCH_WORK_H

#include <pthread.h>

#include "cli/batch.h"
#include "cli/report.h"

typedef struct batch {
    raster_work *work;
    const cli_settings *settings;
    batch_list list;
    size_t *order; /* of the items of this shard, largest first */
    size_t todo, next;
    size_t *again; /* items that need more than a share of the memory */
    size_t again_count;
    int threads;
    uint64_t print;
    batch_manifest *manifest; /* NULL: none is kept */
    FILE *lines;              /* of --json-lines; NULL: none */
    report *page;             /* of --report; NULL: none */
    eg_context *page_ctx;
    eg_error page_error;
    pthread_mutex_t lock; /* of all that follows */
    batch_progress progress;
    int worst; /* exit code */
    bool stop; /* no further file is begun */
} batch;

/* Works on all of b->order. */
void batch_work(batch *b);

/* Whether all outputs of an item are what these options make of it; `record` gets what is known of them. */
bool batch_is_current(const batch *b, const batch_item *item, cli_record *record);

/* Sets the thresholds of the settings to those of all pictures together. Returns an exit code, after its
 * message. */
int batch_share_thresholds(batch *b, cli_settings *settings);
uint64_t batch_print_inputs(const batch_list *list);

#endif
