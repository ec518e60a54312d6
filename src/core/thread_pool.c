/* SPDX-License-Identifier: MIT */
/* The team: a lock, a list of parts to share, and a plan that says what else there is to do. */
#include "core/thread_pool.h"

#include <omp.h>

#include "core/context.h"
#include "core/status.h"

/* Pixels: fewer are done before other threads have woken up, and the spinning of OpenMP's when they
 * have nothing more to do costs as much as the picture. */
enum { SMALL = 1024 * 1024 };

/* ---- failures ---- */

void eg_first_error_init(eg_first_error *failure, size_t count)
{
    *failure = (eg_first_error){0};
    atomic_init(&failure->at, count);
    pthread_mutex_init(&failure->lock, NULL);
}

void eg_first_error_record(eg_first_error *failure, size_t index, const eg_error *error)
{
    pthread_mutex_lock(&failure->lock);
    if (index < atomic_load(&failure->at)) {
        failure->error = *error;
        atomic_store(&failure->at, index);
    }
    pthread_mutex_unlock(&failure->lock);
}

bool eg_first_error_precedes(const eg_first_error *failure, size_t index)
{
    return index >= atomic_load(&failure->at);
}

eg_status eg_first_error_finish(eg_first_error *failure, eg_error *error)
{
    pthread_mutex_destroy(&failure->lock);
    if (failure->error.status != EG_OK)
        eg_fail(error, failure->error.status, "%s", failure->error.message);
    return failure->error.status;
}

/* ---- the team ---- */

/* Work that one of the team's threads shares with the others. */
typedef struct parts {
    struct parts *next;
    size_t count, taken, done;
    void *opaque;
    eg_pool_work *work;
    eg_first_error failure;
} parts;

typedef struct team {
    const eg_scheduler *plan;
    pthread_mutex_t lock;
    pthread_cond_t news; /* a job was finished, or parts were offered */
    parts *offered;      /* newest first */
} team;

/* The team this thread works in and its number there. */
static _Thread_local struct {
    team *team;
    size_t number;
} here;

static void run_part(parts *all, size_t i)
{
    eg_error error = {0};
    if (!eg_first_error_precedes(&all->failure, i) &&
        all->work(all->opaque, i, here.number, &error) != EG_OK)
        eg_first_error_record(&all->failure, i, &error);
}

/* With the lock held, which is let go meanwhile: the next of these parts. False: all are taken. */
static bool do_part(team *t, parts *all)
{
    if (all->taken == all->count)
        return false;
    size_t i = all->taken++;
    pthread_mutex_unlock(&t->lock);
    run_part(all, i);
    pthread_mutex_lock(&t->lock);
    if (++all->done == all->count)
        pthread_cond_broadcast(&t->news);
    return true;
}

/* With the lock held, which is let go meanwhile: a part that somebody waits for, else the plan's
 * most urgent job. False: there is nothing to do now. */
static bool do_something(team *t)
{
    const eg_scheduler *plan = t->plan;
    eg_job job;
    for (parts *all = t->offered; all; all = all->next)
        if (do_part(t, all))
            return true;
    if (!plan->take(plan->opaque, &job))
        return false;
    pthread_mutex_unlock(&t->lock);
    plan->run(plan->opaque, job);
    pthread_mutex_lock(&t->lock);
    plan->finish(plan->opaque, job);
    pthread_cond_broadcast(&t->news);
    return true;
}

static void serve(team *t, size_t number)
{
    here.team = t;
    here.number = number;
    pthread_mutex_lock(&t->lock);
    while (!t->plan->over(t->plan->opaque))
        if (!do_something(t))
            pthread_cond_wait(&t->news, &t->lock);
    pthread_mutex_unlock(&t->lock);
    here.team = NULL;
    here.number = 0;
}

void eg_thread_pool_run(const eg_scheduler *plan, int threads)
{
    team t = {.plan = plan};
    pthread_mutex_init(&t.lock, NULL);
    pthread_cond_init(&t.news, NULL);
#pragma omp parallel num_threads(threads) default(none) shared(t)
    serve(&t, (size_t)omp_get_thread_num());
    pthread_cond_destroy(&t.news);
    pthread_mutex_destroy(&t.lock);
}

void eg_threads_run(int threads, void *opaque, void (*work)(void *opaque, int i))
{
    int count = threads > 0 ? threads : omp_get_num_procs();
    /* There may be fewer than asked for (OMP_THREAD_LIMIT): then some do several parts, one after
     * the other. */
#pragma omp parallel num_threads(count) default(none) shared(opaque, work, count)
    for (int i = omp_get_thread_num(); i < count; i += omp_get_num_threads())
        work(opaque, i);
}

/* ---- parts of a job ---- */

/* Offers the parts, takes what the others leave, and waits for the rest. */
static void share(team *t, parts *all)
{
    pthread_mutex_lock(&t->lock);
    all->next = t->offered;
    t->offered = all;
    pthread_cond_broadcast(&t->news);
    while (do_part(t, all))
        ;
    while (all->done < all->count)
        pthread_cond_wait(&t->news, &t->lock);
    parts **link = &t->offered;
    while (*link != all)
        link = &(*link)->next;
    *link = all->next;
    pthread_mutex_unlock(&t->lock);
}

eg_status eg_pool_for_each(size_t count, void *opaque, eg_pool_work *work, eg_error *error)
{
    parts all = {.count = count, .opaque = opaque, .work = work};
    eg_first_error_init(&all.failure, count);
    if (here.team && count > 1)
        share(here.team, &all);
    else
        for (size_t i = 0; i < count; i++)
            run_part(&all, i);
    return eg_first_error_finish(&all.failure, error);
}

size_t eg_worker_count(const eg_context *ctx)
{
    return (size_t)ctx->config.threads;
}

/* ---- work without a plan ---- */

/* One where so few pixels are not worth waking up others; where a strip height was asked for, all.
 */
int eg_thread_count_for(const eg_context *ctx, size_t pixels)
{
    return pixels >= SMALL || ctx->config.strip_rows ? ctx->config.threads : 1;
}

typedef struct list {
    void *opaque;
    eg_status (*work)(void *opaque, size_t i, eg_error *error);
    size_t count, taken, done;
    eg_first_error failure;
} list;

static bool list_over(const void *opaque)
{
    const list *l = opaque;
    return l->done == l->count;
}

static bool list_take(void *opaque, eg_job *job)
{
    list *l = opaque;
    if (l->taken == l->count)
        return false;
    job->index = l->taken++;
    return true;
}

static void list_run(void *opaque, eg_job job)
{
    list *l = opaque;
    eg_error error = {0};
    if (!eg_first_error_precedes(&l->failure, job.index) &&
        l->work(l->opaque, job.index, &error) != EG_OK)
        eg_first_error_record(&l->failure, job.index, &error);
}

static void list_finish(void *opaque, eg_job job)
{
    (void)job;
    ((list *)opaque)->done++;
}

eg_status eg_parallel_for(eg_context *ctx, size_t count, size_t pixels, void *opaque,
                          eg_status (*work)(void *opaque, size_t i, eg_error *error),
                          eg_error *error)
{
    list l = {.opaque = opaque, .work = work, .count = count};
    eg_first_error_init(&l.failure, count);
    int threads = count > 1 ? eg_thread_count_for(ctx, pixels) : 1;
    if (threads > 1)
        eg_thread_pool_run(&(eg_scheduler){&l, list_over, list_take, list_run, list_finish},
                           threads);
    else
        for (size_t i = 0; i < count; i++)
            list_run(&l, (eg_job){0, i});
    return eg_first_error_finish(&l.failure, error);
}
