/* SPDX-License-Identifier: MIT */
/*
 * The command with a clock at each step of its pipelines. The linker puts the functions here before
 * those of the thread pool (--wrap). They run all work on one thread, so that the times of the
 * steps are those of an undisturbed core, and write the times to the file $TRACE_STEPS as lines:
 *     pool THREADS MS            a pool, after its jobs; MS: all of it, with scheduling
 *     block MS                   a block that a thread beside the pool can produce ahead, before
 * the job that takes it job KIND INDEX OWN [MS..]  a job, the time it takes alone, and the pieces
 * that it shares loop THREADS MS [MS..]     a loop of independent pieces, and their times
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "core/read_ahead.h"

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

/* Loops that the current job shares with other threads, and blocks that it takes. */
static times pieces, blocks;

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

/* Prints times at the end of a line. */
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

/* ---- reading ahead ---- */

typedef struct producer {
    void *opaque;
    eg_produce *produce;
} producer;

static eg_status traced_produce(void *opaque, uint8_t *bytes, size_t capacity, size_t *size,
                                eg_error *error)
{
    const producer *inner = opaque;
    double start = bench_now();
    eg_status status = inner->produce(inner->opaque, bytes, capacity, size, error);
    add_time(&blocks, bench_now() - start);
    return status;
}

eg_status __real_eg_read_ahead_new(eg_read_ahead **ahead, eg_context *ctx, size_t capacity,
                                   size_t slack, bool threaded, void *opaque, eg_produce *produce,
                                   eg_error *error);
eg_status __wrap_eg_read_ahead_new(eg_read_ahead **ahead, eg_context *ctx, size_t capacity,
                                   size_t slack, bool threaded, void *opaque, eg_produce *produce,
                                   eg_error *error);

eg_status __wrap_eg_read_ahead_new(eg_read_ahead **ahead, eg_context *ctx, size_t capacity,
                                   size_t slack, bool threaded, void *opaque, eg_produce *produce,
                                   eg_error *error)
{
    static producer inner; /* a command reads one image in a pool */
    (void)threaded;
    inner = (producer){opaque, produce};
    return __real_eg_read_ahead_new(ahead, ctx, capacity, slack, false, &inner, traced_produce,
                                    error);
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
    pieces.count = blocks.count = 0;
    double start = bench_now();
    inner->run_job(inner->opaque, job);
    double ms = bench_now() - start;
    for (size_t i = 0; i < blocks.count; i++)
        fprintf(trace, "block %.4f\n", blocks.ms[i]);
    fprintf(trace, "job %d %zu %.4f", job.kind, job.index, ms - sum_of(&pieces) - sum_of(&blocks));
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
