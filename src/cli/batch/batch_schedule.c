/* SPDX-License-Identifier: MIT */
/*
 * Scheduling of the queue: one file per thread, the largest first, so that no thread starts a large
 * file last while the others are idle. A file larger than 1/threads of what is left gets all
 * threads before the others start.
 */
#include "cli/batch/batch_run.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void batch_run_item(batch *b, batch_item *item, int threads, size_t memory)
{
    batch_job *job = malloc(sizeof *job);
    if (!job) {
        pthread_mutex_lock(&b->lock);
        batch_raise_exit_code(b, batch_out_of_memory());
        b->stop = true;
        pthread_mutex_unlock(&b->lock);
        return;
    }
    batch_job_start(job, b, item);
    job->threads = threads;
    job->memory = memory;
    batch_job_run(job);
    batch_job_finish(job);
}

batch_item *batch_next_item(batch *b)
{
    pthread_mutex_lock(&b->lock);
    bool over = b->stop || *signal_caught() || b->next == b->queue_count;
    batch_item *item = over ? NULL : b->queue[b->next++];
    pthread_mutex_unlock(&b->lock);
    return item;
}

/* Makes the system read ahead the first file in the queue that no running thread takes next. */
static void read_ahead(batch *b)
{
    pthread_mutex_lock(&b->lock);
    size_t index = b->next + (size_t)b->threads - 1;
    pthread_mutex_unlock(&b->lock);
    if (index >= b->queue_count || b->queue[index]->streaming)
        return;
    int fd = open(b->queue[index]->input, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return;
    posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED);
    close(fd);
}

void batch_worker_loop(void *opaque, int thread)
{
    batch *b = opaque;
    (void)thread;
    for (batch_item *item; (item = batch_next_item(b)) != NULL;) {
        read_ahead(b);
        batch_run_item(b, item, 1, batch_memory_per_job(b));
    }
}

/* The last thread commits the outputs of the others. */
static void run_thread(void *opaque, int thread)
{
    batch *b = opaque;
    if (thread == b->worker_count) {
        batch_group_loop(b);
        return;
    }
    batch_worker_loop(b, thread);
    batch_group_leave(b);
}

void batch_run_local(batch *b)
{
    const uint64_t threads = (uint64_t)b->threads;
    uint64_t bytes = b->queue_bytes;
    while (b->next < b->queue_count && b->queue[b->next]->size * threads >= bytes) {
        batch_item *item = batch_next_item(b);
        if (!item)
            break;
        bytes -= item->size;
        batch_run_item(b, item, b->threads, batch_memory_of_jobs(b));
    }
    size_t left = b->queue_count - b->next;
    if (left == 0 || b->stop)
        return;
    b->worker_count = left < threads ? (int)left : b->threads;
    b->group.workers = (size_t)b->worker_count;
    eg_threads_run(b->worker_count + b->settings->config.sync, b, run_thread);
}
