/* SPDX-License-Identifier: MIT */
/*
 * A run over many files by several processes. The first rank finds the files, hands them out one by
 * one, the largest first, to whoever asks, and is the only one that tells anybody what became of
 * them; one thread of it does that and sleeps in between. The others ask, and with each question
 * tell what became of the file before.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/batch/batch_run.h"
#include "cli/ranks/ranks.h"

/* No file: at first, and at last. */
#define NONE SIZE_MAX

/* ---- the list, the same on all ranks -----------------------------------------------------------
 */

/* An item without its path. */
typedef struct packed_item {
    uint64_t size, root;
    int64_t modified;
    size_t within, length;
    bool missing, streaming;
} packed_item;

static void *need(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory) {
        message("there is no memory for the list of files");
        exit(EXIT_LIMIT);
    }
    return memory;
}

static size_t packed_size(const batch_list *list)
{
    size_t size = 0;
    for (size_t i = 0; i < list->count; i++)
        size += sizeof(packed_item) + strlen(list->items[i].input);
    return size;
}

static void pack(char *to, const batch_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const batch_item *item = &list->items[i];
        packed_item p = {0};
        p.size = item->size;
        p.modified = item->modified;
        p.within = item->within;
        p.length = strlen(item->input);
        p.missing = item->missing;
        p.root = item->root;
        p.streaming = item->streaming;
        memcpy(to, &p, sizeof p);
        memcpy(to + sizeof p, item->input, p.length);
        to += sizeof p + p.length;
    }
}

static void unpack(batch_list *list, const char *from)
{
    list->items = need(list->count * sizeof *list->items);
    for (size_t i = 0; i < list->count; i++) {
        packed_item p;
        memcpy(&p, from, sizeof p);
        char *path = need(p.length + 1);
        memcpy(path, from + sizeof p, p.length);
        path[p.length] = 0;
        list->items[i] = (batch_item){.input = path,
                                      .within = p.within,
                                      .size = p.size,
                                      .modified = p.modified,
                                      .missing = p.missing,
                                      .root = p.root,
                                      .streaming = p.streaming};
        from += sizeof p + p.length;
    }
}

void batch_share_list(batch_list *list)
{
    bool first = rank_number() == 0;
    size_t counts[2] = {list->count, first ? packed_size(list) : 0};
    if (rank_count() == 1)
        return;
    ranks_broadcast(counts, sizeof counts, 0);
    char *bytes = need(counts[1]);
    if (first)
        pack(bytes, list);
    ranks_broadcast(bytes, counts[1], 0);
    list->count = counts[0];
    if (!first)
        unpack(list, bytes);
    free(bytes);
}

/* ---- what is told of a file ------------------------------------------------------------------ */

/* Followed by the bytes of the two pictures. Pointers in it mean nothing to who gets it. */
typedef struct told {
    size_t index;
    bool over; /* this thread asks for nothing more */
    size_t memory;
    cli_record record;
    struct batch_made made[CLI_OUTPUTS];
    raster_result result;
    eg_error error;
} told;

static void send_thumb(const cli_thumb *thumb)
{
    if (thumb->size)
        rank_send(0, thumb->bytes, thumb->size);
}

static void tell(const batch_turn *t, size_t index, bool over)
{
    told *words = need(sizeof *words);
    memset(words, 0, sizeof *words);
    words->index = index;
    words->over = over;
    if (t) {
        words->memory = t->memory;
        words->record = t->record;
        words->record.before = t->thumbs.before;
        words->record.after = t->thumbs.after;
        memcpy(words->made, t->made, sizeof words->made);
        words->result = t->result;
        words->error = t->error;
    }
    rank_send(0, words, sizeof *words);
    send_thumb(&words->record.before);
    send_thumb(&words->record.after);
    free(words);
}

static cli_thumb receive_thumb(int from, size_t size)
{
    cli_thumb thumb = {0};
    if (!size)
        return thumb;
    void *bytes = need(size);
    rank_receive(from, bytes, size);
    return (cli_thumb){bytes, size};
}

/* Turns what was told into a turn of this process. */
static void take_over(batch_turn *t, batch *b, const told *words, int from)
{
    batch_turn_begin(t, b, &b->list.items[words->index]);
    const cli_record *record = &words->record;
    batch_turn_name(t);
    t->memory = words->memory;
    t->record.outcome = record->outcome;
    t->record.output_bytes = record->output_bytes;
    t->record.width = record->width;
    t->record.height = record->height;
    t->record.seconds = record->seconds;
    t->record.has_edges = record->has_edges;
    t->record.edges = record->edges;
    memcpy(t->made, words->made, sizeof t->made);
    t->result = words->result;
    t->error = words->error;
    t->thumbs.before = receive_thumb(from, record->before.size);
    t->thumbs.after = receive_thumb(from, record->after.size);
}

/* ---- the ranks that ask
 * -------------------------------------------------------------------------- */

/* One question of this rank at a time: the lock is held until the answer has come. */
static size_t ask(batch *b, const batch_turn *t, size_t index)
{
    size_t next = NONE;
    pthread_mutex_lock(&b->lock);
    bool over = *signal_caught() != 0;
    tell(t, index, over);
    if (!over)
        rank_receive(0, &next, sizeof next);
    pthread_mutex_unlock(&b->lock);
    return next;
}

static void serve_far(void *opaque, int thread)
{
    batch *b = opaque;
    batch_turn *t = need(sizeof *t);
    (void)thread;
    for (size_t index = ask(b, NULL, NONE); index != NONE;) {
        batch_turn_begin(t, b, &b->list.items[index]);
        t->memory = batch_share(b);
        batch_turn_do(t);
        size_t next = ask(b, t, index);
        batch_turn_end(t);
        index = next;
    }
    free(t);
}

/* ---- the rank that answers
 * ----------------------------------------------------------------------- */

/* Whether the thread that asked is done. */
static bool answer(batch *b, int from)
{
    told *words = need(sizeof *words);
    rank_receive(from, words, sizeof *words);
    if (words->index != NONE) {
        batch_turn *t = need(sizeof *t);
        take_over(t, b, words, from);
        batch_turn_over(t);
        free(t);
    }
    bool over = words->over;
    free(words);
    if (over)
        return true;
    const batch_item *item = batch_take(b);
    size_t index = item ? (size_t)(item - b->list.items) : NONE;
    rank_send(from, &index, sizeof index);
    return index == NONE;
}

typedef struct dispatch {
    batch *b;
    uint64_t far; /* threads of other ranks that still ask */
} dispatch;

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

/* Its first thread answers, the others work. */
static void serve_near(void *opaque, int thread)
{
    dispatch *d = opaque;
    if (thread > 0) {
        batch_serve(d->b, thread);
        return;
    }
    while (d->far > 0) {
        int from = rank_waiting();
        if (from < 0)
            nap();
        else
            d->far -= answer(d->b, from);
    }
}

void batch_work_together(batch *b)
{
    bool first = rank_number() == 0;
    dispatch d = {.b = b, .far = ranks_sum(first ? 0 : (uint64_t)b->threads)};
    if (first)
        eg_threads_run(b->threads + 1, &d, serve_near);
    else
        eg_threads_run(b->threads, b, serve_far);
    int caught = ranks_largest((int)*signal_caught());
    if (caught)
        signal_adopt(caught);
}

/* ---- thresholds of all
 * ----------------------------------------------------------------------------- */

/* Adds up what all ranks found. */
void batch_join_surveys(eg_edge_histogram *histogram, eg_error *error)
{
    size_t size = eg_edge_histogram_size(histogram), at = 0;
    size_t *sizes = need((size_t)rank_count() * sizeof *sizes);
    char *mine = need(size);
    void *all;
    if (rank_count() > 1) {
        eg_edge_histogram_pack(histogram, mine);
        ranks_gather(mine, size, &all, sizes);
        for (int i = 0; i < rank_count(); at += sizes[i++])
            if (i != rank_number())
                eg_edge_histogram_unpack(histogram, (const char *)all + at, sizes[i], error);
        free(all);
    }
    free(mine);
    free(sizes);
}
