/* SPDX-License-Identifier: MIT */
/*
 * Strips as OpenMP tasks. Strip k is read (in order), computed (any order) and written (in order), in a
 * slot of a small ring. A step becomes a task when the last step that it waits for is done, so that there
 * are never more tasks than slots, and threads with nothing to do wait where they can take any of them:
 * OpenMP's own `depend` has a thread create them all, and while that waits for room it helps with
 * nothing, least of all with the parts (eg_parts) of a step that another thread is at. A slot holds the strip's own rows after the 2 x halo rows before them, so the rows
 * that can be computed as soon as strip k is there lie `halo` above its own.
 */
#include "core/pipeline.h"

#include <omp.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

enum {
    STRIP_BYTES = 256 * 1024, /* of source rows in a strip: a slot's working set then fits in L2 */
    FAR_BYTES = 16 << 20,     /* more than this is not in the cache when it is read again */
    STRIPS_WANTED = 16,       /* of a small picture, so that there is something to share out */
    STRIP_ROWS_LEAST = 16,
    SMALL = 512 * 512 /* pixels: fewer are done before other threads have woken up */
};

typedef enum step { STEP_READ, STEP_COMPUTE, STEP_WRITE, STEPS } step;

typedef struct slot {
    atomic_int missing[STEPS]; /* what the next such step in this slot still waits for */
    eg_band band;
    char *storage; /* of the band's rows */
    void *scratch;
    eg_rows out[EG_MAX_SINKS];
    eg_block block[EG_MAX_SINKS];
} slot;

/* Of several pieces of work that fail, the earliest. */
typedef struct failure {
    omp_lock_t lock;
    atomic_size_t at; /* its index; at first one past the last */
    eg_error error;
} failure;

typedef struct pipeline {
    eg_source *source;
    eg_sink *const *sinks;
    size_t sink_count;
    const eg_stage *stage;
    eg_context *ctx;
    int threads;
    size_t strip_rows, strips, slots;
    char *outside; /* the constant border's row, with its padding */
    slot *ring;
    failure failure;
} pipeline;

/* One where so few pixels are not worth waking up others; where a strip height was asked for, all. */
static int threads_for(const eg_context *ctx, size_t pixels)
{
    return pixels >= SMALL || ctx->config.strip_rows ? ctx->config.threads : 1;
}

/* Where sample 0 of a row stands behind its padding. */
static size_t pad_bytes(eg_sample sample)
{
    return EG_BAND_PAD * eg_row_bytes(sample, 64) / 64;
}

static size_t max_size(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t eg_pipeline_rows(const eg_source *source, const eg_stage *stage)
{
    const eg_info *info = &source->info;
    size_t asked = source->ctx->config.strip_rows;
    size_t rows = asked;
    if (!asked) {
        size_t wanted = (info->height + STRIPS_WANTED - 1) / STRIPS_WANTED;
        rows = min_size(STRIP_BYTES / eg_padded_bytes(info->sample, info->width), wanted);
        rows = max_size(rows, max_size(STRIP_ROWS_LEAST, 6 * stage->halo));
    }
    return min_size(max_size(rows, stage->halo + 1), info->height);
}

static size_t strip_count(size_t height, size_t rows)
{
    return (height + rows - 1) / rows;
}

size_t eg_pipeline_strips(const eg_source *source, const eg_stage *stage)
{
    return strip_count(source->info.height, eg_pipeline_rows(source, stage));
}

/* ---- one strip ---- */

static size_t first_out(const pipeline *p, size_t k)
{
    return k == 0 ? 0 : k * p->strip_rows - p->stage->halo;
}

static size_t end_out(const pipeline *p, size_t k)
{
    return k + 1 == p->strips ? p->source->info.height : first_out(p, k + 1);
}

static eg_status read_strip(pipeline *p, size_t k, slot *s, const slot *before, eg_error *error)
{
    if (eg_cancelled(p->ctx))
        return eg_fail(error, EG_CANCELLED, "cancelled");
    eg_band *band = &s->band;
    size_t start = k * p->strip_rows;
    size_t carry = min_size(start, 2 * p->stage->halo);
    size_t fresh = min_size(p->strip_rows, band->height - start);

    band->first = start - carry;
    band->count = carry + fresh;
    band->rows = s->storage + pad_bytes(band->sample);
    if (carry) {
        size_t skip = before->band.count - carry;
        memcpy(s->storage, before->storage + skip * band->stride, carry * band->stride);
    }
    char *rows = band->rows + carry * band->stride;
    eg_status status = eg_source_read(p->source, rows, band->stride, fresh, error);
    for (size_t i = 0; status == EG_OK && p->stage->pad && i < fresh; i++)
        eg_pad_row(rows + i * band->stride, band->sample, band->width, p->stage->pad, EG_BOTH_SIDES,
                   p->stage->border, p->stage->border_value);
    return status;
}

static eg_status pack_rows(const pipeline *p, size_t k, size_t i, slot *s, eg_error *error)
{
    const eg_sink *sink = p->sinks[i];
    eg_block *block = &s->block[i];
    size_t rows = end_out(p, k) - first_out(p, k);
    if (!sink->ops->pack)
        return EG_OK;
    block->size = 0;
    block->rows = rows;
    block->last = k + 1 == p->strips;
    return sink->ops->pack(sink, s->out[i].data, s->out[i].stride, rows, block, error);
}

static eg_status compute_strip(pipeline *p, size_t k, slot *s, eg_error *error)
{
    size_t y0 = first_out(p, k), y1 = end_out(p, k);
    for (size_t i = 0; i < p->sink_count; i++)
        if (p->sinks[i]->ops->place) {
            s->out[i].data = p->sinks[i]->ops->place(p->sinks[i], y0, &s->out[i].stride);
            s->out[i].far = s->out[i].stride * s->band.height > FAR_BYTES;
        }
    eg_status status = p->stage->run(p->stage, &s->band, k, y0, y1, s->scratch, s->out, error);
    for (size_t i = 0; status == EG_OK && i < p->sink_count; i++)
        status = pack_rows(p, k, i, s, error);
    return status;
}

static eg_status write_strip(pipeline *p, size_t k, slot *s, eg_error *error)
{
    size_t rows = end_out(p, k) - first_out(p, k);
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < p->sink_count; i++) {
        eg_sink *sink = p->sinks[i];
        if (sink->ops->pack)
            status = sink->ops->emit(sink, &s->block[i], error);
        else if (sink->ops->write)
            status = sink->ops->write(sink, s->out[i].data, s->out[i].stride, rows, error);
    }
    return status;
}

/* ---- tasks ---- */

static void failure_init(failure *f, size_t count)
{
    atomic_init(&f->at, count);
    omp_init_lock(&f->lock);
}

static void failure_note(failure *f, size_t k, const eg_error *error)
{
    omp_set_lock(&f->lock);
    if (k < atomic_load(&f->at)) {
        f->error = *error;
        atomic_store(&f->at, k);
    }
    omp_unset_lock(&f->lock);
}

static eg_status failure_report(const failure *f, eg_error *error)
{
    if (f->error.status != EG_OK)
        eg_fail(error, f->error.status, "%s", f->error.message);
    return f->error.status;
}

static void run_step(pipeline *p, size_t k, step which)
{
    if (k >= atomic_load(&p->failure.at))
        return;
    slot *s = &p->ring[k % p->slots];
    const slot *before = &p->ring[(k + p->slots - 1) % p->slots];
    eg_error error = {0};
    eg_status status = which == STEP_READ      ? read_strip(p, k, s, before, &error)
                       : which == STEP_COMPUTE ? compute_strip(p, k, s, &error)
                                               : write_strip(p, k, s, &error);
    if (status != EG_OK)
        failure_note(&p->failure, k, &error);
}

static void run_serially(pipeline *p)
{
    for (size_t k = 0; k < p->strips; k++) {
        run_step(p, k, STEP_READ);
        run_step(p, k, STEP_COMPUTE);
        run_step(p, k, STEP_WRITE);
    }
}

/* A task's arguments are copied into memory that the OpenMP runtime recycles out of ThreadSanitizer's
 * sight. Nothing else is touched here: the steps themselves are watched. */
#if defined(__clang__)
#define UNWATCHED __attribute__((no_sanitize("thread")))
#else
#define UNWATCHED
#endif

static void advance(pipeline *p, size_t k, step which);

UNWATCHED static void start(pipeline *p, size_t k, step which)
{
#pragma omp task default(none) firstprivate(p, k, which)
    advance(p, k, which);
}

/* One thing less that this step waits for: whether it was the last. */
static bool arrive(pipeline *p, size_t k, step which)
{
    return k < p->strips && atomic_fetch_sub(&p->ring[k % p->slots].missing[which], 1) == 1;
}

/* A strip is read after the one before it and when its slot has been written; computed when it is there;
 * written when computed and after the one before it. A thread that reads goes on reading: the decoder's
 * tables are in its cache. */
static void advance(pipeline *p, size_t k, step which)
{
    bool more = true;
    for (; more; k++) {
        atomic_store(&p->ring[k % p->slots].missing[which], 2); /* for strip k + slots */
        run_step(p, k, which);
        if (which == STEP_READ)
            start(p, k, STEP_COMPUTE);
        else if (which == STEP_COMPUTE && arrive(p, k, STEP_WRITE))
            start(p, k, STEP_WRITE);
        else if (which == STEP_WRITE && arrive(p, k + p->slots, STEP_READ))
            start(p, k + p->slots, STEP_READ);
        more = which != STEP_COMPUTE && arrive(p, k + 1, which);
    }
}

static void run_in_parallel(pipeline *p)
{
    for (size_t i = 0; i < p->slots; i++) {
        atomic_init(&p->ring[i].missing[STEP_READ], 1); /* all slots are free */
        atomic_init(&p->ring[i].missing[STEP_WRITE], i == 0 ? 1 : 2);
    }
    start(p, 0, STEP_READ);
}

static void run_strips(pipeline *p)
{
#pragma omp parallel num_threads(p->threads) default(none) shared(p)
#pragma omp single
    if (p->threads == 1)
        run_serially(p);
    else
        run_in_parallel(p);
}

/* ---- memory: all of it before the first row ---- */

/* Room for one sink's rows, unless it has its own, and for their packed bytes. */
static eg_status allocate_out(const pipeline *p, const eg_sink *sink, eg_rows *out, eg_block *block,
                              eg_error *error)
{
    size_t rows = p->strip_rows + p->stage->halo;
    if (sink->ops->place)
        return EG_OK;
    out->stride = (eg_row_bytes(sink->layout.sample, p->source->info.width) + 63) / 64 * 64;
    out->data = eg_alloc(p->ctx, rows, out->stride, error);
    if (!out->data)
        return eg_failed(error);
    if (!sink->ops->pack)
        return EG_OK;
    block->capacity = sink->ops->packed_bound(sink, rows);
    block->bytes = eg_alloc(p->ctx, 1, block->capacity, error);
    return block->bytes ? EG_OK : eg_failed(error);
}

static eg_status allocate_slot(pipeline *p, slot *s, eg_error *error)
{
    const eg_stage *stage = p->stage;
    const eg_info *info = &p->source->info;
    s->band = (eg_band){
        .stride = eg_padded_bytes(info->sample, info->width),
        .width = info->width,
        .height = info->height,
        .sample = info->sample,
        .border = stage->border,
        .outside = p->outside ? p->outside + pad_bytes(info->sample) : NULL,
    };
    s->storage = eg_alloc(p->ctx, p->strip_rows + 2 * stage->halo, s->band.stride, error);
    if (!s->storage)
        return eg_failed(error);
    if (stage->scratch && !(s->scratch = eg_calloc(p->ctx, 1, stage->scratch, error)))
        return eg_failed(error);
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < p->sink_count; i++)
        status = allocate_out(p, p->sinks[i], &s->out[i], &s->block[i], error);
    return status;
}

static eg_status allocate_outside(pipeline *p, eg_error *error)
{
    const eg_info *info = &p->source->info;
    if (p->stage->border != EG_BORDER_CONSTANT || !p->stage->halo)
        return EG_OK;
    char *row = eg_calloc(p->ctx, 1, eg_padded_bytes(info->sample, info->width), error);
    if (!row)
        return eg_failed(error);
    size_t samples = info->width + 2 * EG_BAND_PAD + EG_BAND_SLACK;
    for (size_t i = 0; i < samples; i++) {
        if (info->sample == EG_U8)
            ((uint8_t *)row)[i] = (uint8_t)p->stage->border_value;
        else if (info->sample == EG_F64)
            ((double *)(void *)row)[i] = p->stage->border_value;
        else
            ((float *)(void *)row)[i] = p->stage->border_value;
    }
    p->outside = row;
    return EG_OK;
}

static eg_status allocate(pipeline *p, eg_error *error)
{
    eg_status status = allocate_outside(p, error);
    p->ring = eg_calloc(p->ctx, p->slots, sizeof *p->ring, error);
    if (!p->ring)
        return eg_failed(error);
    for (size_t i = 0; status == EG_OK && i < p->slots; i++)
        status = allocate_slot(p, &p->ring[i], error);
    return status;
}

static void release_slot(const pipeline *p, slot *s)
{
    for (size_t i = 0; i < p->sink_count; i++) {
        eg_free(s->block[i].bytes);
        if (!p->sinks[i]->ops->place)
            eg_free(s->out[i].data);
    }
    eg_free(s->scratch);
    eg_free(s->storage);
}

static void release(pipeline *p)
{
    for (size_t i = 0; p->ring && i < p->slots; i++)
        release_slot(p, &p->ring[i]);
    eg_free(p->ring);
    eg_free(p->outside);
}

eg_status eg_pipeline_run(eg_source *source, const eg_stage *stage, eg_sink *const sinks[],
                          size_t count, eg_error *error)
{
    eg_context *ctx = source->ctx;
    pipeline p = {.source = source, .stage = stage, .ctx = ctx};
    p.sinks = sinks;
    p.sink_count = count;
    p.strip_rows = eg_pipeline_rows(source, stage);
    p.strips = strip_count(source->info.height, p.strip_rows);
    p.threads = p.strips == 1 ? 1 : threads_for(ctx, source->info.width * source->info.height);
    p.slots = min_size(p.strips, p.threads == 1 ? 2 : 2 * (size_t)p.threads + 1);
    failure_init(&p.failure, p.strips);

    eg_status status = allocate(&p, error);
    if (status == EG_OK) {
        run_strips(&p);
        status = failure_report(&p.failure, error);
    }
    if (status == EG_OK)
        status = eg_source_finish(source, error);
    release(&p);
    omp_destroy_lock(&p.failure.lock);
    return status;
}

eg_status eg_parallel(eg_context *ctx, size_t count, size_t pixels, void *self,
                      eg_status (*work)(void *self, size_t i, eg_error *error), eg_error *error)
{
    failure first = {0};
    failure_init(&first, count);
    int threads = threads_for(ctx, pixels);
    (void)threads; /* named only by the pragma */
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1) default(none)  \
    shared(first, count, self, work)
    for (size_t i = 0; i < count; i++) {
        if (i >= atomic_load(&first.at))
            continue;
        eg_error local = {0};
        if (work(self, i, &local) != EG_OK)
            failure_note(&first, i, &local);
    }
    omp_destroy_lock(&first.lock);
    return failure_report(&first, error);
}

size_t eg_workers(const eg_context *ctx)
{
    return (size_t)ctx->config.threads;
}

static void run_part(failure *first, size_t i, void *self, eg_part *work)
{
    if (i >= atomic_load(&first->at))
        return;
    eg_error local = {0};
    if (work(self, i, (size_t)omp_get_thread_num(), &local) != EG_OK)
        failure_note(first, i, &local);
}

UNWATCHED eg_status eg_parts(size_t count, void *self, eg_part *work, eg_error *error)
{
    failure first = {0};
    failure_init(&first, count);
    for (size_t i = 0; i < count; i++) {
#pragma omp task default(none) shared(first) firstprivate(i, self, work) if (count > 1)
        run_part(&first, i, self, work);
    }
#pragma omp taskwait
    omp_destroy_lock(&first.lock);
    return failure_report(&first, error);
}
