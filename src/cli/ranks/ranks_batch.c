/* SPDX-License-Identifier: MIT */
/*
 * A batch run over several ranks: a master and workers. Rank 0 lists the files and hands them out
 * one by one, the largest first, to the worker threads of all ranks; only rank 0 writes manifest,
 * JSON lines and report. One of its threads answers the other ranks and sleeps in between. A worker
 * thread of another rank sends the result of its last item with each request.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/batch/batch_run.h"
#include "cli/ranks/ranks.h"

/* The item index that means "no result yet" in a worker's first request and "no work left" in the
 * answer. */
#define NO_ITEM SIZE_MAX

static void *xmalloc(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        exit(batch_out_of_memory());
    return memory;
}

/* ---- copying the list to all ranks ----------------------------------------------------------- */

/* An item; the `length` bytes of its path and its neighbours follow. */
typedef struct packed_item {
    uint64_t size, folder_hash, neighbours_hash;
    int64_t modified;
    size_t relative_offset, length, neighbour_count;
    bool missing, streaming;
} packed_item;

static size_t packed_size(const batch_list *list)
{
    size_t size = 0;
    for (size_t i = 0; i < list->count; i++)
        size += sizeof(packed_item) + strlen(list->items[i].input) +
                list->items[i].neighbour_count * sizeof(batch_neighbour);
    return size;
}

/* Copies bytes to `to` and returns the address after them. */
static char *append(char *to, const void *bytes, size_t size)
{
    if (size)
        memcpy(to, bytes, size);
    return to + size;
}

static void pack_list(char *to, const batch_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const batch_item *item = &list->items[i];
        packed_item p = {0};
        p.size = item->size;
        p.modified = item->modified;
        p.relative_offset = item->relative_offset;
        p.length = strlen(item->input);
        p.missing = item->missing;
        p.folder_hash = item->folder_hash;
        p.streaming = item->streaming;
        p.neighbours_hash = item->neighbours_hash;
        p.neighbour_count = item->neighbour_count;
        to = append(to, &p, sizeof p);
        to = append(to, item->input, p.length);
        to = append(to, item->neighbours, p.neighbour_count * sizeof *item->neighbours);
    }
}

static void unpack_list(batch_list *list, const char *from)
{
    list->items = xmalloc(list->count * sizeof *list->items);
    for (size_t i = 0; i < list->count; i++) {
        packed_item p;
        memcpy(&p, from, sizeof p);
        char *path = xmalloc(p.length + 1);
        memcpy(path, from + sizeof p, p.length);
        path[p.length] = 0;
        from += sizeof p + p.length;
        size_t bytes = p.neighbour_count * sizeof(batch_neighbour);
        batch_neighbour *neighbours = xmalloc(bytes);
        memcpy(neighbours, from, bytes);
        from += bytes;
        list->items[i] = (batch_item){.input = path,
                                      .relative_offset = p.relative_offset,
                                      .size = p.size,
                                      .modified = p.modified,
                                      .missing = p.missing,
                                      .folder_hash = p.folder_hash,
                                      .streaming = p.streaming,
                                      .neighbours = neighbours,
                                      .neighbour_count = p.neighbour_count,
                                      .neighbours_hash = p.neighbours_hash};
    }
}

void batch_broadcast_list(batch_list *list)
{
    bool first = rank_number() == 0;
    size_t counts[2] = {list->count, first ? packed_size(list) : 0};
    if (rank_count() == 1)
        return;
    ranks_broadcast(counts, sizeof counts, 0);
    char *bytes = xmalloc(counts[1]);
    if (first)
        pack_list(bytes, list);
    ranks_broadcast(bytes, counts[1], 0);
    list->count = counts[0];
    if (!first)
        unpack_list(list, bytes);
    free(bytes);
}

/* ---- workers of the other ranks -------------------------------------------------------------- */

/* A worker's request for an item, with the result of its last one; the bytes of the two thumbnails
 * follow. A raw struct, because all ranks run the same program; its pointers are meaningless to the
 * receiver. */
typedef struct work_request {
    size_t index; /* of the last item in the list, or NO_ITEM */
    bool last;    /* this worker requests nothing more */
    size_t memory;
    cli_record record;
    struct batch_written written[RASTER_OUTPUTS];
    raster_result result;
    eg_error error;
} work_request;

/* Sends the result of a job (NULL for none) to rank 0. */
static void send_request(const batch_job *job, size_t index, bool last)
{
    work_request *request = xmalloc(sizeof *request);
    memset(request, 0, sizeof *request);
    request->index = index;
    request->last = last;
    if (job) {
        request->memory = job->memory;
        request->record = job->record;
        request->record.before = job->thumbnails.before;
        request->record.after = job->thumbnails.after;
        memcpy(request->written, job->written, sizeof request->written);
        request->result = job->result;
        request->error = job->error;
    }
    rank_send(0, request, sizeof *request);
    const cli_thumbnail thumbs[] = {request->record.before, request->record.after};
    for (size_t i = 0; i < 2; i++)
        if (thumbs[i].size)
            rank_send(0, thumbs[i].bytes, thumbs[i].size);
    free(request);
}

/* Sends a result and returns the index of the next item, or NO_ITEM. Holds the lock until the
 * answer has come, so that a rank has one request at a time. */
static size_t request_work(batch *b, const batch_job *job, size_t index)
{
    size_t next = NO_ITEM;
    pthread_mutex_lock(&b->lock);
    bool last = *signal_caught() != 0;
    send_request(job, index, last);
    if (!last)
        rank_receive(0, &next, sizeof next);
    pthread_mutex_unlock(&b->lock);
    return next;
}

/* The loop of a worker thread of a rank other than 0. */
static void remote_worker_loop(void *opaque, int thread)
{
    batch *b = opaque;
    batch_job *job = xmalloc(sizeof *job);
    (void)thread;
    for (size_t index = request_work(b, NULL, NO_ITEM); index != NO_ITEM;) {
        batch_job_start(job, b, &b->list.items[index]);
        job->memory = batch_memory_per_job(b);
        batch_job_run(job);
        batch_job_commit(job);
        size_t next = request_work(b, job, index);
        batch_job_free(job);
        index = next;
    }
    free(job);
}

/* ---- the master, rank 0 ---------------------------------------------------------------------- */

static cli_thumbnail receive_thumbnail(int from, size_t size)
{
    if (!size)
        return (cli_thumbnail){0};
    void *bytes = xmalloc(size);
    rank_receive(from, bytes, size);
    return (cli_thumbnail){bytes, size};
}

/* Makes a received result a job of this process and records it. */
static void finish_remote_job(batch *b, const work_request *request, int from)
{
    batch_job *job = xmalloc(sizeof *job);
    batch_job_start(job, b, &b->list.items[request->index]);
    batch_job_name_outputs(job);
    const cli_record *record = &request->record;
    job->memory = request->memory;
    job->record.outcome = record->outcome;
    job->record.output_bytes = record->output_bytes;
    job->record.width = record->width;
    job->record.height = record->height;
    job->record.seconds = record->seconds;
    job->record.has_edges = record->has_edges;
    job->record.edges = record->edges;
    memcpy(job->written, request->written, sizeof job->written);
    job->result = request->result;
    job->error = request->error;
    job->thumbnails.before = receive_thumbnail(from, record->before.size);
    job->thumbnails.after = receive_thumbnail(from, record->after.size);
    batch_job_finish(job);
}

/* Receives a request of rank `from` and answers with an item. Returns true if that worker has
 * ended. */
static bool dispatch_work(batch *b, int from)
{
    work_request *request = xmalloc(sizeof *request);
    rank_receive(from, request, sizeof *request);
    if (request->index != NO_ITEM)
        finish_remote_job(b, request, from);
    bool last = request->last;
    free(request);
    if (last)
        return true;
    const batch_item *item = batch_next_item(b);
    size_t index = item ? (size_t)(item - b->list.items) : NO_ITEM;
    rank_send(from, &index, sizeof index);
    return index == NO_ITEM;
}

typedef struct master {
    batch *b;
    uint64_t workers; /* worker threads of other ranks that have not ended */
} master;

/* The loop of the threads of rank 0: the first answers requests, the others are workers. Polls
 * every 0.1 ms, because MPI has no blocking wait that leaves the processor to other threads. */
static void master_loop(void *opaque, int thread)
{
    master *m = opaque;
    if (thread > 0) {
        batch_worker_loop(m->b, thread);
        return;
    }
    while (m->workers > 0) {
        int from = rank_waiting();
        if (from < 0)
            nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
        else
            m->workers -= dispatch_work(m->b, from);
    }
}

void batch_run_on_ranks(batch *b)
{
    bool first = rank_number() == 0;
    master m = {.b = b, .workers = ranks_sum(first ? 0 : (uint64_t)b->threads)};
    if (first)
        eg_threads_run(b->threads + 1, &m, master_loop);
    else
        eg_threads_run(b->threads, b, remote_worker_loop);
    int caught = ranks_largest((int)*signal_caught());
    if (caught)
        signal_adopt(caught);
}
