/* SPDX-License-Identifier: MIT */
/* The thread pool: a lock, a list of loops whose iterations are shared, and a scheduler of jobs. */
#include "core/thread_pool.h"

#include "core/context.h"
#include "core/status.h"

/* Pixels below which one thread is used: it is done before others have started. */
enum { SINGLE_THREAD_PIXELS = 1024 * 1024 };

/* ---- first error ---- */

void eg_first_error_init(eg_first_error *failure, size_t count)
{
    *failure = (eg_first_error){0};
    atomic_init(&failure->index, count);
    pthread_mutex_init(&failure->lock, NULL);
}

void eg_first_error_record(eg_first_error *failure, size_t index, const eg_error *error)
{
    pthread_mutex_lock(&failure->lock);
    if (index < atomic_load(&failure->index)) {
        failure->error = *error;
        atomic_store(&failure->index, index);
    }
    pthread_mutex_unlock(&failure->lock);
}

bool eg_first_error_precedes(const eg_first_error *failure, size_t index)
{
    return index >= atomic_load(&failure->index);
}

eg_status eg_first_error_finish(eg_first_error *failure, eg_error *error)
{
    pthread_mutex_destroy(&failure->lock);
    if (failure->error.status != EG_OK)
        eg_fail(error, failure->error.status, "%s", failure->error.message);
    return failure->error.status;
}

/* ---- the pool ---- */

/* A loop whose iterations one thread of the pool shares with the others. */
typedef struct shared_loop {
    struct shared_loop *next;
    size_t count, started, done; /* iterations */
    void *opaque;
    eg_pool_work *work;
    eg_first_error failure;
} shared_loop;

typedef struct thread_pool {
    const eg_scheduler *scheduler;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* signalled when a job or a loop is complete or a loop is shared */
    shared_loop *loops;     /* newest first */
} thread_pool;

/* Pool of the current thread (NULL if it runs in none) and the thread's number in it. */
static _Thread_local struct {
    thread_pool *pool;
    size_t worker;
} current;

static void run_iteration(shared_loop *loop, size_t i)
{
    eg_error error = {0};
    if (!eg_first_error_precedes(&loop->failure, i) &&
        loop->work(loop->opaque, i, current.worker, &error) != EG_OK)
        eg_first_error_record(&loop->failure, i, &error);
}

/* Runs the next iteration of the loop; returns false if all have started. The lock is held on entry
 * and on return, but not while the iteration runs. */
static bool run_next_iteration(thread_pool *pool, shared_loop *loop)
{
    if (loop->started == loop->count)
        return false;
    size_t i = loop->started++;
    pthread_mutex_unlock(&pool->lock);
    run_iteration(loop, i);
    pthread_mutex_lock(&pool->lock);
    if (++loop->done == loop->count)
        pthread_cond_broadcast(&pool->changed);
    return true;
}

/* Runs an iteration of a shared loop, because another thread waits for it, or else the scheduler's
 * next job; returns false if there is neither. The lock is held on entry and on return. */
static bool run_next(thread_pool *pool)
{
    const eg_scheduler *scheduler = pool->scheduler;
    eg_job job;
    for (shared_loop *loop = pool->loops; loop; loop = loop->next)
        if (run_next_iteration(pool, loop))
            return true;
    if (!scheduler->next_job(scheduler->opaque, &job))
        return false;
    pthread_mutex_unlock(&pool->lock);
    scheduler->run_job(scheduler->opaque, job);
    pthread_mutex_lock(&pool->lock);
    scheduler->complete(scheduler->opaque, job);
    pthread_cond_broadcast(&pool->changed);
    return true;
}

static void run_worker(thread_pool *pool, size_t worker)
{
    current.pool = pool;
    current.worker = worker;
    pthread_mutex_lock(&pool->lock);
    while (!pool->scheduler->is_done(pool->scheduler->opaque))
        if (!run_next(pool))
            pthread_cond_wait(&pool->changed, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    current.pool = NULL;
    current.worker = 0;
}

/* ---- threads ---- */

/* A function that runs on several threads at a time, with a different number on each. */
typedef struct thread_work {
    void *opaque;
    void (*function)(void *opaque, int i);
} thread_work;

/* A thread other than the caller's. */
typedef struct worker_thread {
    const thread_work *work;
    int number;
    pthread_t id;
} worker_thread;

static void *run_thread(void *opaque)
{
    const worker_thread *t = opaque;
    t->work->function(t->work->opaque, t->number);
    return NULL;
}

/* Starts threads number 1 to `count` until one cannot be started; returns how many were. */
static int start_threads(worker_thread *threads, int count, const thread_work *work)
{
    int started = 0;
    while (started < count) {
        worker_thread *t = &threads[started];
        *t = (worker_thread){.work = work, .number = started + 1};
        if (pthread_create(&t->id, NULL, run_thread, t) != 0)
            break;
        started++;
    }
    return started;
}

/* A thread that cannot be started is done without: the caller's does its work after its own. */
void eg_threads_run(int threads, void *opaque, void (*work)(void *opaque, int i))
{
    const thread_work shared = {opaque, work};
    worker_thread others[EG_MAX_THREADS];
    const int count = threads > 0 ? threads : eg_processor_count();
    const int limit = count < EG_MAX_THREADS ? count : EG_MAX_THREADS;
    const int started = start_threads(others, limit - 1, &shared);
    work(opaque, 0);
    for (int i = started + 1; i < count; i++)
        work(opaque, i);
    for (int i = 0; i < started; i++)
        pthread_join(others[i].id, NULL);
}

static void run_numbered_worker(void *opaque, int i)
{
    run_worker(opaque, (size_t)i);
}

void eg_thread_pool_run(const eg_scheduler *scheduler, int threads)
{
    thread_pool pool = {.scheduler = scheduler};
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.changed, NULL);
    eg_threads_run(threads, &pool, run_numbered_worker);
    pthread_cond_destroy(&pool.changed);
    pthread_mutex_destroy(&pool.lock);
}

/* ---- loops inside a job ---- */

/* Shares the loop with the other threads, runs iterations until all have started, and waits until
 * all are done. */
static void run_shared_loop(thread_pool *pool, shared_loop *loop)
{
    pthread_mutex_lock(&pool->lock);
    loop->next = pool->loops;
    pool->loops = loop;
    pthread_cond_broadcast(&pool->changed);
    while (run_next_iteration(pool, loop))
        ;
    while (loop->done < loop->count)
        pthread_cond_wait(&pool->changed, &pool->lock);
    shared_loop **link = &pool->loops;
    while (*link != loop)
        link = &(*link)->next;
    *link = loop->next;
    pthread_mutex_unlock(&pool->lock);
}

eg_status eg_pool_for_each(size_t count, void *opaque, eg_pool_work *work, eg_error *error)
{
    shared_loop loop = {.count = count, .opaque = opaque, .work = work};
    eg_first_error_init(&loop.failure, count);
    if (current.pool && count > 1)
        run_shared_loop(current.pool, &loop);
    else
        for (size_t i = 0; i < count; i++)
            run_iteration(&loop, i);
    return eg_first_error_finish(&loop.failure, error);
}

size_t eg_worker_count(const eg_context *ctx)
{
    return (size_t)ctx->config.threads;
}

/* ---- loops outside a pool ---- */

/* A strip height set by the caller requests all threads, however few the pixels. */
bool eg_is_small_work(const eg_context *ctx, size_t pixels)
{
    return pixels < SINGLE_THREAD_PIXELS && !ctx->config.strip_rows;
}

int eg_thread_count_for(const eg_context *ctx, size_t pixels)
{
    return eg_is_small_work(ctx, pixels) ? 1 : ctx->config.threads;
}

/* A scheduler whose jobs are the iterations of one loop. */
typedef struct loop_scheduler {
    void *opaque;
    eg_status (*work)(void *opaque, size_t i, eg_error *error);
    size_t count, started, done; /* iterations */
    eg_first_error failure;
} loop_scheduler;

static bool loop_is_done(const void *opaque)
{
    const loop_scheduler *l = opaque;
    return l->done == l->count;
}

static bool next_loop_job(void *opaque, eg_job *job)
{
    loop_scheduler *l = opaque;
    if (l->started == l->count)
        return false;
    job->index = l->started++;
    return true;
}

static void run_loop_job(void *opaque, eg_job job)
{
    loop_scheduler *l = opaque;
    eg_error error = {0};
    if (!eg_first_error_precedes(&l->failure, job.index) &&
        l->work(l->opaque, job.index, &error) != EG_OK)
        eg_first_error_record(&l->failure, job.index, &error);
}

static void complete_loop_job(void *opaque, eg_job job)
{
    (void)job;
    ((loop_scheduler *)opaque)->done++;
}

eg_status eg_parallel_for(eg_context *ctx, size_t count, size_t pixels, void *opaque,
                          eg_status (*work)(void *opaque, size_t i, eg_error *error),
                          eg_error *error)
{
    loop_scheduler l = {.opaque = opaque, .work = work, .count = count};
    eg_first_error_init(&l.failure, count);
    int threads = count > 1 ? eg_thread_count_for(ctx, pixels) : 1;
    if (threads > 1)
        eg_thread_pool_run(
            &(eg_scheduler){&l, loop_is_done, next_loop_job, run_loop_job, complete_loop_job},
            threads);
    else
        for (size_t i = 0; i < count; i++)
            run_loop_job(&l, (eg_job){0, i});
    return eg_first_error_finish(&l.failure, error);
}
