/* SPDX-License-Identifier: MIT */
/*
 * A pool of threads that run the jobs of a scheduler and sleep while there is none. They are POSIX
 * threads, because OpenMP's runtime ends the process if the system refuses a thread, and its
 * threads spin while waiting, which takes the processor from other programs. A pool does the same
 * work with the threads that could be started, the caller's at least.
 */
#ifndef EG_CORE_THREAD_POOL_H
#define EG_CORE_THREAD_POOL_H

#include <pthread.h>
#include <stdatomic.h>

#include "edgegrad.h"

/* Error of the failed piece of work with the smallest index. */
typedef struct eg_first_error {
    pthread_mutex_t lock;
    atomic_size_t index; /* index of that piece; `count` if none has failed */
    eg_error error;
} eg_first_error;

/* Prepares the record for `count` pieces of work, numbered from 0. */
void eg_first_error_init(eg_first_error *failure, size_t count);

/* Records the error of the piece `index`, unless an earlier piece has failed. Thread-safe. */
void eg_first_error_record(eg_first_error *failure, size_t index, const eg_error *error);

/* Returns true if the piece `index` or an earlier one has failed, so that it need not run. */
bool eg_first_error_precedes(const eg_first_error *failure, size_t index);

/* Releases the record, passes its error to `error`, if there is one, and returns its status. */
eg_status eg_first_error_finish(eg_first_error *failure, eg_error *error);

typedef struct eg_job {
    int kind; /* meaning defined by the scheduler */
    size_t index;
} eg_job;

/* Chooses the jobs of a thread pool. A lock of the pool is held during all calls but run_job(). */
typedef struct eg_scheduler {
    void *opaque;
    /* Returns true if all jobs are complete. */
    bool (*is_done)(const void *opaque);
    /* Sets *job to the most urgent job, which counts as started; returns false if none can start.
     */
    bool (*next_job)(void *opaque, eg_job *job);
    /* Runs a job, on several threads at a time. */
    void (*run_job)(void *opaque, eg_job job);
    /* Called after run_job() on the same thread: records that the job is complete. */
    void (*complete)(void *opaque, eg_job job);
} eg_scheduler;

/* Runs the scheduler's jobs on up to `threads` threads, the caller's among them, until is_done().
 */
void eg_thread_pool_run(const eg_scheduler *scheduler, int threads);

/* A function called for piece `i` of the work; `worker`, less than eg_worker_count(), differs
 * between calls that run at the same time. */
typedef eg_status eg_pool_work(void *opaque, size_t i, size_t worker, eg_error *error);

/* Calls work() for every i in 0 .. count - 1 on the threads of the pool that the caller's job runs
 * in (without a pool: on the caller's thread), and returns when all calls have returned. Used by
 * sources and sinks whose read() or write() has work for several threads, such as the tiles of a
 * TIFF. Returns the first error. */
eg_status eg_pool_for_each(size_t count, void *opaque, eg_pool_work *work, eg_error *error);

/* Returns the number of threads of a pool of this context. */
size_t eg_worker_count(const eg_context *ctx);

/* Calls work() for every i in 0 .. count - 1 on eg_thread_count_for(ctx, pixels) threads of a new
 * pool. Returns the first error. */
eg_status eg_parallel_for(eg_context *ctx, size_t count, size_t pixels, void *opaque,
                          eg_status (*work)(void *opaque, size_t i, eg_error *error),
                          eg_error *error);

/* Returns true if work on that many pixels is done by one thread, however many there are. */
bool eg_is_small_work(const eg_context *ctx, size_t pixels);

/* Returns the number of threads for work on that many pixels: all threads of the context, or 1 if
 * the work would be done before the others wake up. */
int eg_thread_count_for(const eg_context *ctx, size_t pixels);

#endif
