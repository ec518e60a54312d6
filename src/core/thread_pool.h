/* SPDX-License-Identifier: MIT */
/*
 * Threads that share out work, asleep while there is none. A runtime's own tasks with dependences would have
 * them spin, which takes the processor from whoever else has something to do on the machine.
 */
#ifndef EG_CORE_TEAM_H
#define EG_CORE_TEAM_H

#include <pthread.h>
#include <stdatomic.h>

#include "edgegrad.h"

/* Of several pieces of work that fail, the earliest. */
typedef struct eg_failure {
    pthread_mutex_t lock;
    atomic_size_t at; /* its index; at first one past the last */
    eg_error error;
} eg_failure;

void eg_failure_init(eg_failure *failure, size_t count);
void eg_failure_note(eg_failure *failure, size_t index, const eg_error *error);
/* Whether work with that index is pointless, as something before it has failed. */
bool eg_failure_before(const eg_failure *failure, size_t index);
/* Releases the record and reports what is in it. */
eg_status eg_failure_end(eg_failure *failure, eg_error *error);

typedef struct eg_job {
    int kind; /* the plan's own */
    size_t index;
} eg_job;

/* What a team works on. Only one thread at a time is in over(), take() and finish(). */
typedef struct eg_plan {
    void *self;
    bool (*over)(const void *self);
    bool (*take)(void *self,
                 eg_job *job); /* the most urgent job, begun; false: none can be begun now */
    void (*run)(void *self, eg_job job);
    void (*finish)(void *self, eg_job job);
} eg_plan;

/* Works until the plan is over, with so many threads, the caller's among them. */
void eg_team_run(const eg_plan *plan, int threads);

/* Calls work(self, i, worker) for every i in 0..count-1, spread over the team that the caller is working in
 * (alone: on the caller's thread), and returns when all are done. For sources and sinks whose one read()
 * or write() holds work for several threads, such as the tiles of a TIFF. `worker`, below eg_workers(),
 * tells apart what runs at the same time. */
typedef eg_status eg_part(void *self, size_t i, size_t worker, eg_error *error);
eg_status eg_parts(size_t count, void *self, eg_part *work, eg_error *error);
size_t eg_workers(const eg_context *ctx);

/* The same with a team of its own: all the context's threads, unless the work concerns so few pixels that
 * they would wake up too late. */
eg_status eg_parallel(eg_context *ctx, size_t count, size_t pixels, void *self,
                      eg_status (*work)(void *self, size_t i, eg_error *error), eg_error *error);
/* How many that is. */
int eg_threads_for(const eg_context *ctx, size_t pixels);

#endif
