/* SPDX-License-Identifier: MIT */
/* --auto-shared: one pair of automatic thresholds for all pictures, from a first look at each. */
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch_run.h"
#include "cli/ranks/ranks.h"
#include "cli/ranks/ranks_raster.h"
#include "cli/support/text.h"

/* All pictures of the run, not only those of this shard: every shard must find the same pair. */
typedef struct look {
    batch *b;
    eg_edge_histogram *all;
    size_t next; /* of this rank */
    eg_error error;
} look;

static size_t take(look *l)
{
    batch *b = l->b;
    pthread_mutex_lock(&b->lock);
    bool over = *signal_caught() || l->error.status != EG_OK;
    size_t index = over || l->next >= b->list.count ? b->list.count : l->next;
    l->next += (size_t)rank_count();
    pthread_mutex_unlock(&b->lock);
    return index;
}

/* A picture that cannot be read counts for nothing here; that is reported when its turn comes. */
static void look_at(look *l, eg_edge_histogram *mine, batch_item *item, const eg_config *config)
{
    const cli_settings *settings = l->b->settings;
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_edge_histogram *one = NULL;
    eg_error error = {0};
    cli_record record = {.input_bytes = item->size, .outcome = OUTCOME_DONE};
    if (eg_context_new(&ctx, config, &error) == EG_OK &&
        eg_source_open(&source, ctx, item->input, &settings->read, &error) == EG_OK &&
        eg_edge_histogram_new(&one, ctx, &error) == EG_OK &&
        eg_edge_histogram_add(one, source, l->b->work->edges, &error) == EG_OK)
        eg_edge_histogram_merge(mine, one, &error);
    if (source && error.status == EG_OK) {
        record.width = eg_source_info(source)->width;
        record.height = eg_source_info(source)->height;
    }
    eg_edge_histogram_free(one);
    eg_source_close(source);
    eg_context_free(ctx);
    pthread_mutex_lock(&l->b->lock);
    if (error.status == EG_LIMIT_EXCEEDED && config->max_memory < settings->config.max_memory)
        l->b->again[l->b->again_count++] = item;
    else
        batch_progress_note(&l->b->progress, &record);
    pthread_mutex_unlock(&l->b->lock);
}

static void serve(void *opaque, int thread)
{
    look *l = opaque;
    batch *b = l->b;
    eg_context *ctx = NULL;
    eg_edge_histogram *mine = NULL;
    eg_error error = {0};
    const eg_config config = batch_config(b, 1, batch_share(b));
    (void)thread;
    if (eg_context_new(&ctx, &config, &error) == EG_OK)
        eg_edge_histogram_new(&mine, ctx, &error);
    for (size_t i; error.status == EG_OK && (i = take(l)) < b->list.count;)
        look_at(l, mine, &b->list.items[i], &config);
    pthread_mutex_lock(&b->lock);
    if (error.status == EG_OK)
        eg_edge_histogram_merge(l->all, mine, &error);
    if (error.status != EG_OK && l->error.status == EG_OK)
        l->error = error;
    pthread_mutex_unlock(&b->lock);
    eg_edge_histogram_free(mine);
    eg_context_free(ctx);
}

/* What the thresholds depend on besides the options: every input, as it is now. */
uint64_t batch_print_inputs(const batch_list *list)
{
    uint64_t sum = 0; /* whatever the order */
    for (size_t i = 0; i < list->count; i++) {
        const batch_item *item = &list->items[i];
        const char *name = item->input + item->within;
        uint64_t hash = text_hash(TEXT_HASH, name, strlen(name));
        hash = text_hash(hash, &item->size, sizeof item->size);
        hash = text_hash(hash, &item->modified, sizeof item->modified);
        sum += hash ^ hash >> 29;
    }
    return sum;
}

static bool all_current(const batch *b)
{
    for (size_t i = 0; i < b->todo; i++) {
        cli_record record = {0};
        if (!batch_is_current(b, b->order[i], &record))
            return false;
    }
    return true;
}

/* What needs more than a share of the memory, one by one. */
static void look_again(look *l)
{
    batch *b = l->b;
    const eg_config config = batch_config(b, b->threads, b->settings->config.max_memory);
    for (size_t i = 0; i < b->again_count && l->error.status == EG_OK; i++)
        look_at(l, l->all, b->again[i], &config);
    b->again_count = 0;
}

/* Counts of only some pictures would be thresholds of their own: a signal to one rank is one to
 * all. */
static void join(look *l)
{
    int caught = ranks_largest((int)*signal_caught());
    if (caught)
        signal_adopt(caught);
    if (shared_agree(&l->error))
        batch_join_surveys(l->all, &l->error);
}

int batch_share_thresholds(batch *b)
{
    const cli_settings *settings = b->settings;
    look l = {.b = b, .next = (size_t)rank_number()};
    eg_context *ctx = NULL;
    uint64_t bytes = 0;
    if (!ranks_any(!all_current(b)))
        return EXIT_DONE;
    for (size_t i = 0; i < b->list.count; i++)
        bytes += b->list.items[i].size;
    batch_progress_begin(&b->progress, b->work, b->list.count, bytes);
    b->progress.what = "thresholds";
    if (eg_context_new(&ctx, &settings->config, &l.error) == EG_OK &&
        eg_edge_histogram_new(&l.all, ctx, &l.error) == EG_OK)
        eg_threads_run(b->threads, &l, serve);
    look_again(&l);
    join(&l);
    batch_progress_clear(&b->progress);
    eg_error none = {0}; /* of no picture: every one of them will say why */
    if (l.error.status == EG_OK)
        eg_edge_histogram_thresholds(l.all, b->work->edges, &none);
    eg_edge_histogram_free(l.all);
    eg_context_free(ctx);
    return report_error(settings, &l.error);
}
