/* SPDX-License-Identifier: MIT */
/* --auto-shared: one pair of automatic thresholds for all images, from the sum of their edge
 * histograms. */
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch_run.h"
#include "cli/ranks/ranks.h"
#include "cli/ranks/ranks_raster.h"
#include "cli/support/progress_line.h"
#include "cli/support/text.h"

/* The pass that adds up the histograms of all images of the run, of other shards too: every shard
 * must find the same thresholds. */
typedef struct histogram_pass {
    batch *b;
    eg_edge_histogram *sum;
    size_t next; /* index in the list of this rank's next image; ranks take turns */
    eg_error error;
} histogram_pass;

/* Returns the index of the next image; the list's count if none is left or the pass was stopped. */
static size_t next_image(histogram_pass *pass)
{
    batch *b = pass->b;
    pthread_mutex_lock(&b->lock);
    bool over = *signal_caught() || pass->error.status != EG_OK;
    size_t index = over || pass->next >= b->list.count ? b->list.count : pass->next;
    pass->next += (size_t)rank_count();
    pthread_mutex_unlock(&b->lock);
    return index;
}

/* Adds an image's histogram to `sum`, or the image to the retry list if it exceeds the memory.
 * Marks images that cannot be read as left out: their jobs report the reason, or fail if they can
 * read them. A lack of memory ends the pass. */
static void add_image(histogram_pass *pass, eg_edge_histogram *sum, batch_item *item,
                      const eg_config *config)
{
    batch *b = pass->b;
    const cli_settings *settings = b->settings;
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_edge_histogram *one = NULL;
    eg_error error = {0};
    cli_record record = {.input_bytes = item->size, .outcome = OUTCOME_DONE};
    if (eg_context_new(&ctx, config, &error) == EG_OK &&
        eg_source_open(&source, ctx, item->input, &settings->read, &error) == EG_OK &&
        eg_edge_histogram_new(&one, ctx, &error) == EG_OK &&
        eg_edge_histogram_add(one, source, pass->b->work->edges, &error) == EG_OK)
        eg_edge_histogram_merge(sum, one, &error);
    if (source && error.status == EG_OK) {
        record.width = eg_source_info(source)->width;
        record.height = eg_source_info(source)->height;
    }
    eg_edge_histogram_free(one);
    eg_source_close(source);
    eg_context_free(ctx);
    pthread_mutex_lock(&b->lock);
    if (error.status == EG_LIMIT_EXCEEDED && config->max_memory < settings->config.max_memory)
        b->retry[b->retry_count++] = item;
    else
        batch_progress_add(&b->progress, &record);
    if (error.status == EG_NO_MEMORY && pass->error.status == EG_OK)
        pass->error = error;
    item->left_out = error.status != EG_OK;
    pthread_mutex_unlock(&b->lock);
}

/* Adds up images in a histogram of this thread, then adds that to the sum of the pass. */
static void histogram_worker(void *opaque, int thread)
{
    histogram_pass *pass = opaque;
    batch *b = pass->b;
    eg_context *ctx = NULL;
    eg_edge_histogram *sum = NULL;
    eg_error error = {0};
    const eg_config config = batch_job_config(b, 1, batch_memory_per_job(b));
    (void)thread;
    if (eg_context_new(&ctx, &config, &error) == EG_OK)
        eg_edge_histogram_new(&sum, ctx, &error);
    for (size_t i; error.status == EG_OK && (i = next_image(pass)) < b->list.count;)
        add_image(pass, sum, &b->list.items[i], &config);
    pthread_mutex_lock(&b->lock);
    if (error.status == EG_OK)
        eg_edge_histogram_merge(pass->sum, sum, &error);
    if (error.status != EG_OK && pass->error.status == EG_OK)
        pass->error = error;
    pthread_mutex_unlock(&b->lock);
    eg_edge_histogram_free(sum);
    eg_context_free(ctx);
}

/* Adds up the images of this rank, then those that need more memory one by one, then the ranks. */
static void sum_histograms(histogram_pass *pass)
{
    batch *b = pass->b;
    const eg_config config = batch_job_config(b, b->threads, b->settings->config.max_memory);
    if (pass->error.status == EG_OK)
        eg_threads_run(b->threads, pass, histogram_worker);
    for (size_t i = 0; i < b->retry_count && pass->error.status == EG_OK; i++)
        add_image(pass, pass->sum, b->retry[i], &config);
    b->retry_count = 0;
    /* A signal to one rank stops all: the thresholds of a part of the images would differ. */
    int caught = ranks_largest((int)*signal_caught());
    if (caught)
        signal_adopt(caught);
    if (ranks_agree(&pass->error))
        ranks_sum_histogram(pass->sum, &pass->error);
}

static bool all_up_to_date(const batch *b)
{
    for (size_t i = 0; i < b->queue_count; i++) {
        cli_record record = {0};
        if (!batch_is_up_to_date(b, b->queue[i], &record))
            return false;
    }
    return true;
}

int batch_set_shared_thresholds(batch *b)
{
    const cli_settings *settings = b->settings;
    histogram_pass pass = {.b = b, .next = (size_t)rank_number()};
    eg_context *ctx = NULL;
    uint64_t bytes = 0;
    if (!ranks_any(!all_up_to_date(b)))
        return EXIT_DONE;
    for (size_t i = 0; i < b->list.count; i++)
        bytes += b->list.items[i].size;
    batch_progress_start(&b->progress, b->work, b->list.count, bytes);
    b->progress.label = "thresholds";
    if (eg_context_new(&ctx, &settings->config, &pass.error) == EG_OK)
        eg_edge_histogram_new(&pass.sum, ctx, &pass.error);
    sum_histograms(&pass);
    progress_line_clear();
    eg_error empty = {0}; /* no image could be read: each job will report why */
    if (pass.error.status == EG_OK)
        eg_edge_histogram_thresholds(pass.sum, b->work->edges, &empty);
    eg_edge_histogram_free(pass.sum);
    eg_context_free(ctx);
    return report_error(settings, &pass.error);
}

uint64_t batch_inputs_hash(const batch_list *list)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < list->count; i++) {
        const batch_item *item = &list->items[i];
        const char *name = item->input + item->relative_offset;
        uint64_t hash = text_hash(TEXT_HASH, name, strlen(name));
        hash = text_hash(hash, &item->size, sizeof item->size);
        hash = text_hash(hash, &item->modified, sizeof item->modified);
        sum += hash ^ hash >> 29;
    }
    return sum;
}
