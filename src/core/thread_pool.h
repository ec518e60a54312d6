/* SPDX-License-Identifier: MIT */
/*
 * Threads that share out work, asleep while there is none. A runtime's own tasks with dependences
 * would have them spin, which takes the processor from whoever else has something to do on the
 * machine.
 */
#ifndef EG_CORE_THREAD_POOL_H
#define EG_CORE_THREAD_POOL_H

#include <pthread.h>
#include <stdatomic.h>

#include "edgegrad.h"

/* Of several pieces of work that fail, the earliest. */
typedef struct eg_first_error {
    pthread_mutex_t lock;
    atomic_size_t at; /* its index; at first one past the last */
    eg_error error;
} eg_first_error;

void eg_first_error_init(eg_first_error *failure, size_t count);
void eg_first_error_record(eg_first_error *failure, size_t index, const eg_error *error);
/* Whether work with that index is pointless, as something before it has failed. */
bool eg_first_error_precedes(const eg_first_error *failure, size_t index);
/* Releases the record and reports what is in it. */
eg_status eg_first_error_finish(eg_first_error *failure, eg_error *error);

typedef struct eg_job {
    int kind; /* the plan's own */
    size_t index;
} eg_job;

/* What a team works on. Only one thread at a time is in over(), take() and finish(). */
typedef struct eg_scheduler {
    void *opaque;
    bool (*over)(const void *opaque);
    bool (*take)(void *opaque,
                 eg_job *job); /* the most urgent job, begun; false: none can be begun now */
    void (*run)(void *opaque, eg_job job);
    void (*finish)(void *opaque, eg_job job);
} eg_scheduler;

/* Works until the plan is over, with so many threads, the caller's among them. */
void eg_thread_pool_run(const eg_scheduler *plan, int threads);

/* Calls work(opaque, i, worker) for every i in 0..count-1, spread over the team that the caller is
 * working in (alone: on the caller's thread), and returns when all are done. For sources and sinks
 * whose one read() or write() holds work for several threads, such as the tiles of a TIFF.
 * `worker`, below eg_worker_count(), tells apart what runs at the same time. */
typedef eg_status eg_pool_work(void *opaque, size_t i, size_t worker, eg_error *error);
eg_status eg_pool_for_each(size_t count, void *opaque, eg_pool_work *work, eg_error *error);
size_t eg_worker_count(const eg_context *ctx);

/* The same with a team of its own: all the context's threads, unless the work concerns so few
 * pixels that they would wake up too late. */
eg_status eg_parallel_for(eg_context *ctx, size_t count, size_t pixels, void *opaque,
                          eg_status (*work)(void *opaque, size_t i, eg_error *error),
                          eg_error *error);
/* How many that is. */
int eg_thread_count_for(const eg_context *ctx, size_t pixels);

#endif
