/* SPDX-License-Identifier: MIT */
/*
 * Commits the outputs of a batch run in groups. To wait for the disc after each file would halve
 * the throughput for small images; the files of a group wait together, while the next ones are
 * computed. Only then do they appear, and only then are they recorded, so that the manifest lists
 * nothing that a power failure could lose. A run that is killed loses the files of two groups.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "cli/batch/batch_run.h"

#define GROUP_SECONDS 0.25 /* age of a group at which it is committed */

enum {
    DESCRIPTORS_SHARE = 16, /* one group may hold this fraction of the descriptors, times about 4 */
    LOOK_MS = 20            /* interval at which the age of the group is looked at */
};

void batch_group_init(batch_group *group, const batch *b)
{
    struct rlimit limit = {.rlim_cur = 256};
    *group = (batch_group){.limit = BATCH_GROUP};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur / DESCRIPTORS_SHARE < group->limit)
        group->limit = (size_t)limit.rlim_cur / DESCRIPTORS_SHARE;
    group->limit /= b->work->count;
    if (group->limit < 1)
        group->limit = 1;
    pthread_cond_init(&group->changed, NULL);
}

void batch_group_free(batch_group *group)
{
    pthread_cond_destroy(&group->changed);
}

/* ---- committing ------------------------------------------------------------------------------ */

static void release(batch_job *job)
{
    batch_job_free(job);
    free(job);
}

/* Commits the outputs of jobs together and records their results. Called without the lock. */
static void commit_jobs(batch *b, batch_job *const jobs[], size_t count)
{
    eg_outputs *sets[BATCH_GROUP] = {NULL};
    eg_error errors[BATCH_GROUP] = {{0}};
    for (size_t i = 0; i < count; i++)
        sets[i] = jobs[i]->files.outputs;
    eg_outputs_commit_group(sets, count, errors);
    for (size_t i = 0; i < count; i++) {
        jobs[i]->error = errors[i];
        batch_job_committed(jobs[i]);
    }
    pthread_mutex_lock(&b->lock);
    for (size_t i = 0; i < count; i++)
        batch_job_record(jobs[i]);
    pthread_mutex_unlock(&b->lock);
    batch_manifest_sync(b->manifest);
    for (size_t i = 0; i < count; i++)
        release(jobs[i]);
}

/* Commits the group. Called with the lock, which it gives up meanwhile, while no other thread
 * commits. */
static void commit_group(batch *b)
{
    batch_group *group = &b->group;
    batch_job *jobs[BATCH_GROUP];
    const size_t count = group->count;
    for (size_t i = 0; i < count; i++)
        jobs[i] = group->jobs[i];
    group->count = 0;
    group->committing = true;
    pthread_cond_broadcast(&group->changed);
    pthread_mutex_unlock(&b->lock);
    commit_jobs(b, jobs, count);
    pthread_mutex_lock(&b->lock);
    group->committing = false;
    pthread_cond_broadcast(&group->changed);
}

/* Returns true if the group is large or old enough to be committed. */
static bool is_due(const batch_group *group)
{
    return group->count > 0 &&
           (2 * group->count >= group->limit || seconds_now() - group->since >= GROUP_SECONDS);
}

/* Adds a job to the group. The thread that finds the group full commits it, if the committing
 * thread of batch_group_loop() is not there or busy. */
static void add_job(batch *b, batch_job *job)
{
    batch_group *group = &b->group;
    pthread_mutex_lock(&b->lock);
    while (group->count == group->limit) {
        if (group->committing)
            pthread_cond_wait(&group->changed, &b->lock);
        else
            commit_group(b);
    }
    if (group->count == 0)
        group->since = seconds_now();
    group->jobs[group->count++] = job;
    if (is_due(group) && !group->has_thread && !group->committing)
        commit_group(b);
    else if (is_due(group))
        pthread_cond_broadcast(&group->changed);
    pthread_mutex_unlock(&b->lock);
}

void batch_group_finish(batch *b)
{
    batch_group *group = &b->group;
    pthread_mutex_lock(&b->lock);
    while (group->count > 0 || group->committing) {
        if (group->committing)
            pthread_cond_wait(&group->changed, &b->lock);
        else
            commit_group(b);
    }
    pthread_mutex_unlock(&b->lock);
}

/* Waits until another thread reports a change, or LOOK_MS have passed. */
static void wait_a_moment(batch *b)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&b->group.changed, &b->lock, &until);
}

void batch_group_loop(batch *b)
{
    batch_group *group = &b->group;
    pthread_mutex_lock(&b->lock);
    group->has_thread = true;
    while (group->workers > 0) {
        if (is_due(group) && !group->committing)
            commit_group(b);
        else
            wait_a_moment(b);
    }
    group->has_thread = false;
    pthread_mutex_unlock(&b->lock);
}

void batch_group_leave(batch *b)
{
    pthread_mutex_lock(&b->lock);
    b->group.workers--;
    pthread_cond_broadcast(&b->group.changed);
    pthread_mutex_unlock(&b->lock);
}

/* ---- one job --------------------------------------------------------------------------------- */

void batch_job_commit(batch_job *job)
{
    if (job->files.outputs && job->error.status == EG_OK)
        eg_outputs_commit(job->files.outputs, &job->error);
    batch_job_committed(job);
}

/* Commits the output of a run over one file together with its page. */
static void commit_with_page(batch_job *job)
{
    batch *b = job->batch;
    eg_error *error = &b->page_error;
    if (error->status == EG_OK)
        report_join(b->page, job->files.outputs, error);
    job->record.before = job->thumbnails.before;
    job->record.after = job->thumbnails.after;
    if (error->status == EG_OK)
        report_add(b->page, &job->record, error);
    if (error->status == EG_OK)
        report_commit(b->page, seconds_now() - b->progress.start, false, error);
    job->error = *error;
    *error = (eg_error){0}; /* reported as that of the job */
    if (job->error.status == EG_OK)
        eg_outputs_commit(job->files.outputs, &job->error);
    report_close(b->page);
    b->page = NULL;
    batch_job_committed(job);
}

/* Records the result of a job that has no outputs to commit any more. */
static void record_job(batch_job *job)
{
    batch *b = job->batch;
    pthread_mutex_lock(&b->lock);
    if (job->error.status == EG_LIMIT_EXCEEDED && job->memory != b->settings->config.max_memory)
        b->retry[b->retry_count++] = job->item;
    else if (job->error.status == EG_CANCELLED)
        b->stop = true;
    else
        batch_job_record(job);
    pthread_mutex_unlock(&b->lock);
    release(job);
}

void batch_job_finish(batch_job *job)
{
    batch *b = job->batch;
    const bool pending = job->files.outputs && job->error.status == EG_OK;
    if (pending && b->settings->config.sync && !b->work->single_file) {
        add_job(b, job);
        return;
    }
    if (pending && b->work->single_file && b->page)
        commit_with_page(job);
    else if (pending)
        batch_job_commit(job);
    record_job(job);
}
