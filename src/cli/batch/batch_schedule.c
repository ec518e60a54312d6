/* SPDX-License-Identifier: MIT */
/*
 * Who works on what: one file a thread, the largest first, so that no thread is left with a large
 * one at the end. A file so large that it would be alone in the end anyway gets all threads to
 * itself at the beginning.
 */
#include "cli/batch/batch_run.h"

#include <fcntl.h>
#include <unistd.h>

/* More memory than its share: it is tried again when it can have all of it. */
static bool put_off(batch_turn *t)
{
    batch *b = t->b;
    if (t->error.status != EG_LIMIT_EXCEEDED || t->memory == b->settings->config.max_memory)
        return false;
    pthread_mutex_lock(&b->lock);
    b->again[b->again_count++] = t->item;
    pthread_mutex_unlock(&b->lock);
    return true;
}

void batch_turn_over(batch_turn *t)
{
    if (!put_off(t))
        batch_settle(t);
    batch_turn_end(t);
}

void batch_do_item(batch *b, batch_item *item, int threads, size_t memory)
{
    batch_turn t;
    batch_turn_begin(&t, b, item);
    t.threads = threads;
    t.memory = memory;
    batch_turn_do(&t);
    batch_turn_over(&t);
}

/* Has the system read the file that comes after those that others will take. */
static void read_ahead(batch *b)
{
    pthread_mutex_lock(&b->lock);
    size_t place = b->next + (size_t)b->threads - 1;
    pthread_mutex_unlock(&b->lock);
    if (place >= b->todo || b->order[place]->streaming)
        return;
    int fd = open(b->order[place]->input, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return;
    posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED);
    close(fd);
}

batch_item *batch_take(batch *b)
{
    pthread_mutex_lock(&b->lock);
    bool over = b->stop || *signal_caught() || b->next == b->todo;
    batch_item *item = over ? NULL : b->order[b->next++];
    pthread_mutex_unlock(&b->lock);
    return item;
}

void batch_serve(void *opaque, int thread)
{
    batch *b = opaque;
    (void)thread;
    for (batch_item *item; (item = batch_take(b)) != NULL;) {
        read_ahead(b);
        batch_do_item(b, item, 1, batch_share(b));
    }
}

/* Whether the next file would keep one thread busy longer than all others together. */
static bool is_large(const batch *b, uint64_t rest)
{
    return b->next < b->todo && b->order[b->next]->size * (uint64_t)b->threads >= rest;
}

void batch_work_alone(batch *b)
{
    uint64_t rest = b->bytes;
    for (batch_item *item; is_large(b, rest) && (item = batch_take(b)) != NULL;) {
        rest -= item->size;
        batch_do_item(b, item, b->threads, b->settings->config.max_memory);
    }
    size_t left = b->todo - b->next;
    if (left > 0 && !b->stop)
        eg_threads_run(left < (size_t)b->threads ? (int)left : b->threads, b, batch_serve);
}
