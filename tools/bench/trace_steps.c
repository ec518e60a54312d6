/* SPDX-License-Identifier: MIT */
/*
 * The command with a clock at each step of its pipelines. The linker puts the functions here before
 * those of the thread pool (--wrap). They run all work on one thread, so that the times of the
 * steps are those of an undisturbed core, and write the times to the file $TRACE_STEPS as lines:
 *     pool THREADS MS            a pool, after its jobs; MS: all of it, with scheduling
 *     job KIND INDEX OWN [MS..]  a job, the time it takes alone, and the pieces that it shares
 *     loop THREADS MS [MS..]     a loop of independent pieces, and their times
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "core/thread_pool.h"

static FILE *trace;

__attribute__((constructor)) static void open_trace(void)
{
    const char *path = getenv("TRACE_STEPS");
    trace = path ? fopen(path, "we") : NULL;
    if (!trace)
        bench_die("TRACE_STEPS names no file that can be written");
}

__attribute__((destructor)) static void close_trace(void)
{
    fclose(trace);
}

/* ---- pieces ---- */

typedef struct times {
    double *ms;
    size_t count, capacity;
} times;

static times pieces; /* shared by the current job */

static void add_time(times *t, double ms)
{
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 256;
        t->ms = realloc(t->ms, t->capacity * sizeof *t->ms);
        if (!t->ms)
            bench_die("out of memory");
    }
    t->ms[t->count++] = ms;
}

static double sum_of(const times *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->count; i++)
        sum += t->ms[i];
    return sum;
}

static void print_times(const times *t)
{
    for (size_t i = 0; i < t->count; i++)
        fprintf(trace, " %.4f", t->ms[i]);
    fputc('\n', trace);
}

eg_status __wrap_eg_pool_for_each(size_t count, void *opaque, eg_pool_work *work, eg_error *error);

eg_status __wrap_eg_pool_for_each(size_t count, void *opaque, eg_pool_work *work, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        double start = bench_now();
        status = work(opaque, i, 0, error);
        add_time(&pieces, bench_now() - start);
    }
    return status;
}

/* ---- pools ---- */

static bool traced_is_done(const void *opaque)
{
    const eg_scheduler *inner = *(const eg_scheduler *const *)opaque;
    return inner->is_done(inner->opaque);
}

static bool traced_next(void *opaque, eg_job *job)
{
    const eg_scheduler *inner = *(const eg_scheduler **)opaque;
    return inner->next_job(inner->opaque, job);
}

static void traced_run(void *opaque, eg_job job)
{
    const eg_scheduler *inner = *(const eg_scheduler **)opaque;
    pieces.count = 0;
    double start = bench_now();
    inner->run_job(inner->opaque, job);
    double ms = bench_now() - start;
    fprintf(trace, "job %d %zu %.4f", job.kind, job.index, ms - sum_of(&pieces));
    print_times(&pieces);
}

static void traced_complete(void *opaque, eg_job job)
{
    const eg_scheduler *inner = *(const eg_scheduler **)opaque;
    inner->complete(inner->opaque, job);
}

void __real_eg_thread_pool_run(const eg_scheduler *scheduler, int threads);
void __wrap_eg_thread_pool_run(const eg_scheduler *scheduler, int threads);

void __wrap_eg_thread_pool_run(const eg_scheduler *scheduler, int threads)
{
    const eg_scheduler traced = {&scheduler, traced_is_done, traced_next, traced_run,
                                 traced_complete};
    double start = bench_now();
    __real_eg_thread_pool_run(&traced, 1);
    fprintf(trace, "pool %d %.4f\n", threads, bench_now() - start);
}

/* ---- loops outside a pool ---- */

eg_status __wrap_eg_parallel_for(eg_context *ctx, size_t count, size_t pixels, void *opaque,
                                 eg_status (*work)(void *opaque, size_t i, eg_error *error),
                                 eg_error *error);

eg_status __wrap_eg_parallel_for(eg_context *ctx, size_t count, size_t pixels, void *opaque,
                                 eg_status (*work)(void *opaque, size_t i, eg_error *error),
                                 eg_error *error)
{
    eg_status status = EG_OK;
    times own = {0};
    double begin = bench_now();
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        double start = bench_now();
        status = work(opaque, i, error);
        add_time(&own, bench_now() - start);
    }
    fprintf(trace, "loop %d %.4f", eg_thread_count_for(ctx, pixels), bench_now() - begin);
    print_times(&own);
    free(own.ms);
    return status;
}
