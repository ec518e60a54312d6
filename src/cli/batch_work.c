/* SPDX-License-Identifier: MIT */
/*
 * Who works on what: one file a thread, the largest first, so that no thread is left with a large one at the end. A
 * file so large that it would be alone in the end anyway gets all threads to itself at the beginning.
 */
#include "cli/batch_work.h"

#include <fcntl.h>
#include <unistd.h>

#include "cli/ranks.h"

/* More memory than its share: it is tried again when it can have all of it. */
static bool put_off(batch_turn *t)
{
    batch *b = t->b;
    if (t->error.status != EG_LIMIT || t->memory == b->settings->config.max_memory)
        return false;
    pthread_mutex_lock(&b->lock);
    b->again[b->again_count++] = (size_t)(t->item - b->list.items);
    pthread_mutex_unlock(&b->lock);
    return true;
}

void batch_turn_over(batch_turn *t)
{
    if (!put_off(t))
        batch_settle(t);
    batch_turn_end(t);
}

static void do_item(batch *b, size_t index, int threads, size_t memory)
{
    batch_turn t;
    batch_turn_begin(&t, b, index);
    t.threads = threads;
    t.memory = memory;
    batch_turn_do(&t);
    batch_turn_over(&t);
}

/* Has the system read a file that comes soon. */
static void read_ahead(const batch *b, size_t place)
{
    if (place >= b->todo || b->list.items[b->order[place]].streaming)
        return;
    int fd =
        open(b->list.items[b->order[place]].input, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return;
    posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED);
    close(fd);
}

size_t batch_take(batch *b)
{
    pthread_mutex_lock(&b->lock);
    size_t place = b->stop || *signal_caught() ? b->todo : b->next;
    if (place < b->todo)
        b->next++;
    pthread_mutex_unlock(&b->lock);
    return place;
}

void batch_serve(void *self, int thread)
{
    batch *b = self;
    size_t share = b->settings->config.max_memory / (size_t)b->threads;
    (void)thread;
    for (size_t place; (place = batch_take(b)) < b->todo;) {
        read_ahead(b, place + (size_t)b->threads);
        do_item(b, b->order[place], 1, share ? share : 1);
    }
}

/* Whether the next file would keep one thread busy longer than all others together. */
static bool is_large(const batch *b, uint64_t rest)
{
    return b->next < b->todo &&
           b->list.items[b->order[b->next]].size * (uint64_t)b->threads >= rest;
}

static uint64_t bytes_to_do(const batch *b)
{
    uint64_t bytes = 0;
    for (size_t i = b->next; i < b->todo; i++)
        bytes += b->list.items[b->order[i]].size;
    return bytes;
}

static void work_alone(batch *b)
{
    uint64_t rest = bytes_to_do(b);
    while (is_large(b, rest) && !b->stop && !*signal_caught()) {
        size_t place = batch_take(b);
        if (place == b->todo)
            break;
        size_t index = b->order[place];
        rest -= b->list.items[index].size;
        do_item(b, index, b->threads, b->settings->config.max_memory);
    }
    size_t left = b->todo - b->next;
    if (left > 0 && !b->stop)
        eg_threads_run(left < (size_t)b->threads ? (int)left : b->threads, b, batch_serve);
}

void batch_work(batch *b)
{
    if (rank_count() > 1)
        batch_work_together(b);
    else
        work_alone(b);
    for (size_t i = 0; i < b->again_count && !b->stop && !*signal_caught(); i++)
        do_item(b, b->again[i], b->threads, b->settings->config.max_memory);
}
