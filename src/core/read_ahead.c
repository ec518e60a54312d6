/* SPDX-License-Identifier: MIT */
/* The read-ahead: a ring of blocks between the thread that fills them and the one that uses them.
 */
#include "core/read_ahead.h"

#include "core/context.h"
#include "core/status.h"

enum { BLOCKS = 4 }; /* one in use, one being filled, and two between them against waiting */

typedef struct block {
    uint8_t *bytes;
    size_t size;
    eg_error error; /* of what follows the bytes */
    bool last;
} block;

struct eg_read_ahead {
    size_t capacity;
    void *opaque;
    eg_produce *produce;
    bool wanted;  /* true until the thread has been tried to start */
    bool running; /* true if the thread has started */
    pthread_t thread;

    block ring[BLOCKS];
    size_t blocks;          /* of the ring that are used */
    pthread_mutex_t lock;   /* protects the members below */
    pthread_cond_t changed; /* signalled when one of them changes */
    size_t filled, freed;   /* blocks that are full, and that are used and may be filled again */
    bool stopped;           /* true if no more blocks are needed */

    size_t next; /* number of the block that eg_read_ahead_next() returns next */
};

static void fill(eg_read_ahead *ahead, block *b)
{
    b->error = (eg_error){0};
    b->size = 0;
    ahead->produce(ahead->opaque, b->bytes, ahead->capacity, &b->size, &b->error);
    b->last = b->size < ahead->capacity || b->error.status != EG_OK;
}

/* Fills blocks until the last one, or until no more are needed. */
static void *run_producer(void *opaque)
{
    eg_read_ahead *ahead = opaque;
    bool last = false;
    pthread_mutex_lock(&ahead->lock);
    while (!last) {
        while (!ahead->stopped && ahead->filled - ahead->freed == ahead->blocks)
            pthread_cond_wait(&ahead->changed, &ahead->lock);
        if (ahead->stopped)
            break;
        block *b = &ahead->ring[ahead->filled % ahead->blocks];
        pthread_mutex_unlock(&ahead->lock);
        fill(ahead, b);
        last = b->last;
        pthread_mutex_lock(&ahead->lock);
        ahead->filled++;
        pthread_cond_broadcast(&ahead->changed);
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

eg_status eg_read_ahead_new(eg_read_ahead **ahead, eg_context *ctx, size_t capacity, size_t slack,
                            bool threaded, void *opaque, eg_produce *produce, eg_error *error)
{
    eg_read_ahead *made = eg_calloc(ctx, 1, sizeof *made, error);
    *ahead = NULL;
    if (!made)
        return eg_failed(error);
    made->capacity = capacity;
    made->opaque = opaque;
    made->produce = produce;
    made->wanted = threaded;
    made->blocks = threaded ? BLOCKS : 1;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->changed, NULL);
    for (size_t i = 0; i < made->blocks; i++) {
        made->ring[i].bytes = eg_alloc(ctx, 1, capacity + slack, error);
        if (!made->ring[i].bytes) {
            eg_read_ahead_free(made);
            return eg_failed(error);
        }
    }
    *ahead = made;
    return EG_OK;
}

/* Frees the block used last and returns the next one: waits until it is full, or fills it. */
static block *next_block(eg_read_ahead *ahead)
{
    block *b = &ahead->ring[ahead->next % ahead->blocks];
    if (!ahead->running) {
        fill(ahead, b);
        ahead->next++;
        return b;
    }
    pthread_mutex_lock(&ahead->lock);
    if (ahead->freed < ahead->next) {
        ahead->freed = ahead->next;
        pthread_cond_broadcast(&ahead->changed);
    }
    while (ahead->filled == ahead->next)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    pthread_mutex_unlock(&ahead->lock);
    ahead->next++;
    return b;
}

eg_status eg_read_ahead_next(eg_read_ahead *ahead, uint8_t **bytes, size_t *size, eg_error *error)
{
    if (ahead->wanted) {
        ahead->wanted = false;
        ahead->running = pthread_create(&ahead->thread, NULL, run_producer, ahead) == 0;
    }
    const block *previous = &ahead->ring[(ahead->next + ahead->blocks - 1) % ahead->blocks];
    *size = 0;
    if (ahead->next == 0 || !previous->last) {
        previous = next_block(ahead);
        *bytes = previous->bytes;
        *size = previous->size;
    }
    if (*size || previous->error.status == EG_OK)
        return EG_OK;
    return eg_fail(error, previous->error.status, "%s", previous->error.message);
}

void eg_read_ahead_free(eg_read_ahead *ahead)
{
    if (!ahead)
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stopped = true;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    if (ahead->running)
        pthread_join(ahead->thread, NULL);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->lock);
    for (size_t i = 0; i < ahead->blocks; i++)
        eg_free(ahead->ring[i].bytes);
    eg_free(ahead);
}
