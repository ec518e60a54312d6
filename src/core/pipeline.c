/* SPDX-License-Identifier: MIT */
/*
 * Strips processed by a thread pool. Strip k is read (in order), computed (in any order) and
 * written (in order); then its slot of the ring is free again. A slot holds the last 2 x halo rows
 * of the previous strip and then the strip's own rows, so that the output rows computed from it lie
 * `halo` rows above its own. With a row window, the first strip also has the halo rows before the
 * window; borders are always those of the whole raster.
 */
#include "core/pipeline.h"

#include <string.h>

#include "core/context.h"
#include "core/size.h"
#include "core/status.h"
#include "core/strips.h"

enum { NONTEMPORAL_BYTES = 16 << 20 }; /* size above which results do not stay in the cache */

typedef enum state { SLOT_FREE, SLOT_READ, SLOT_COMPUTING, SLOT_COMPUTED } state;

typedef struct slot {
    state state;
    eg_band band;
    char *storage; /* memory of the band's rows */
    void *scratch;
    eg_rows out[EG_MAX_SINKS];
    eg_packed_block block[EG_MAX_SINKS];
} slot;

typedef struct pipeline {
    eg_source *source;
    eg_sink *const *sinks;
    size_t sink_count;
    const eg_stage *stage;
    eg_context *ctx;
    int threads;
    eg_span out, in; /* rows to deliver, and rows to read: `out` plus halo, clipped to the raster */
    size_t strip_rows, strips, slots;
    char *outside; /* padded row of the constant border's value; NULL if not needed */
    slot *ring;
    eg_first_error failure;
    size_t next_read, next_write; /* next strip to read, next strip to write */
    bool reading, writing;        /* true while a thread reads or writes a strip */
} pipeline;

/* Returns the bytes of the left padding, before sample 0 of a row. */
static size_t left_pad(const eg_stage *stage, eg_sample sample)
{
    return eg_strip_pad(stage) * eg_row_bytes(sample, 64) / 64;
}

/* ---- one strip ---- */

/* Returns the first output row of strip k. */
static size_t first_out(const pipeline *p, size_t k)
{
    return p->out.first + (k == 0 ? 0 : k * p->strip_rows - p->stage->halo);
}

/* Returns the row after the last output row of strip k. */
static size_t end_out(const pipeline *p, size_t k)
{
    return k + 1 == p->strips ? p->out.end : first_out(p, k + 1);
}

/* Returns true if strips are rows in the memory of the source. */
static bool borrows(const pipeline *p)
{
    return p->source->ops->row_address && !p->stage->halo && !p->stage->pad;
}

/* Reads strip k into slot s, after copying the last rows of the previous strip. */
static eg_status read_strip(pipeline *p, size_t k, slot *s, const slot *previous, eg_error *error)
{
    if (eg_cancelled(p->ctx))
        return eg_fail(error, EG_CANCELLED, "cancelled");
    eg_band *band = &s->band;
    size_t start = k == 0 ? p->in.first : p->out.first + k * p->strip_rows;
    size_t end = eg_min_size(p->out.first + (k + 1) * p->strip_rows, p->in.end);
    size_t carried = eg_min_size(start - p->in.first, 2 * p->stage->halo), count = end - start;

    band->first = start - carried;
    band->count = carried + count;
    if (borrows(p)) {
        band->rows = eg_source_borrow(p->source, start, &band->stride, count);
        return EG_OK;
    }
    band->rows = s->storage + left_pad(p->stage, band->sample);
    if (carried) {
        size_t skip = previous->band.count - carried;
        memcpy(s->storage, previous->storage + skip * band->stride, carried * band->stride);
    }
    char *rows = band->rows + carried * band->stride;
    eg_status status = eg_source_fetch(p->source, start, rows, band->stride, count, error);
    const size_t planes = eg_source_planes(p->source);
    for (size_t i = 0; status == EG_OK && p->stage->pad && i < count * planes; i++)
        eg_pad_row(rows + i * band->plane_stride, band->sample, band->width, p->stage->pad,
                   EG_BOTH_SIDES, p->stage->border, p->stage->border_value);
    return status;
}

static eg_status pack_rows(const pipeline *p, size_t k, size_t i, slot *s, eg_error *error)
{
    const eg_sink *sink = p->sinks[i];
    eg_packed_block *block = &s->block[i];
    size_t rows = end_out(p, k) - first_out(p, k);
    if (!sink->ops->pack)
        return EG_OK;
    block->size = 0;
    block->rows = rows;
    block->last = sink->rows_received + end_out(p, k) - p->out.first == sink->layout.height;
    return sink->ops->pack(sink, s->out[i].data, s->out[i].stride, rows, block, error);
}

static eg_status compute_strip(pipeline *p, size_t k, slot *s, eg_error *error)
{
    size_t y0 = first_out(p, k), y1 = end_out(p, k);
    for (size_t i = 0; i < p->sink_count; i++)
        if (p->sinks[i]->ops->row_address) {
            s->out[i].data = p->sinks[i]->ops->row_address(
                p->sinks[i], p->sinks[i]->rows_received + y0 - p->out.first, &s->out[i].stride);
            s->out[i].nontemporal =
                s->out[i].stride * p->sinks[i]->layout.height > NONTEMPORAL_BYTES;
        }
    for (size_t i = 0; !p->stage->run && i < p->sink_count; i++)
        s->out[i] =
            (eg_rows){s->band.rows + (y0 - s->band.first) * s->band.stride, s->band.stride, false};
    eg_status status = EG_OK;
    if (p->stage->run)
        status = p->stage->run(p->stage, &s->band, k, y0, y1, s->scratch, s->out, error);
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
        if (sink->observer)
            sink->observer->rows(sink->observer, s->out[i].data, s->out[i].stride, rows);
        if (sink->ops->pack)
            status = sink->ops->emit(sink, &s->block[i], error);
        else if (sink->ops->write)
            status = sink->ops->write(sink, s->out[i].data, s->out[i].stride, rows, error);
    }
    if (status == EG_OK && p->stage->collect)
        status = p->stage->collect(p->stage, k, s->scratch, error);
    return status;
}

/* Reports the rows of the strips up to k. Called after write_strip(), by one thread at a time. */
static void report_progress(const pipeline *p, size_t k)
{
    const eg_config *config = &p->ctx->config;
    if (config->progress && !p->source->internal)
        config->progress(config->opaque, end_out(p, k) - p->out.first, p->out.end - p->out.first);
}

/* ---- scheduling ---- */

typedef enum step { STEP_READ, STEP_COMPUTE, STEP_WRITE } step;

static void run_step(void *opaque, eg_job job)
{
    pipeline *p = opaque;
    size_t k = job.index;
    if (eg_first_error_precedes(&p->failure, k))
        return;
    slot *s = &p->ring[k % p->slots];
    const slot *previous = &p->ring[(k + p->slots - 1) % p->slots];
    eg_error error = {0};
    eg_status status = job.kind == STEP_READ      ? read_strip(p, k, s, previous, &error)
                       : job.kind == STEP_COMPUTE ? compute_strip(p, k, s, &error)
                                                  : write_strip(p, k, s, &error);
    if (status != EG_OK)
        eg_first_error_record(&p->failure, k, &error);
    else if (job.kind == STEP_WRITE)
        report_progress(p, k);
}

static bool may_read(const pipeline *p)
{
    return !p->reading && p->next_read < p->strips && p->next_read < p->next_write + p->slots;
}

static bool may_write(const pipeline *p)
{
    return !p->writing && p->next_write < p->next_read &&
           p->ring[p->next_write % p->slots].state == SLOT_COMPUTED;
}

/* Returns the first strip that has been read and not computed; `strips` if there is none. */
static size_t ready_strip(const pipeline *p)
{
    for (size_t k = p->next_write; k < p->next_read; k++)
        if (p->ring[k % p->slots].state == SLOT_READ)
            return k;
    return p->strips;
}

/* Chooses the next job. Reading has priority because it limits the throughput. */
static bool next_step(void *opaque, eg_job *job)
{
    pipeline *p = opaque;
    if (may_read(p)) {
        p->reading = true;
        *job = (eg_job){STEP_READ, p->next_read};
        return true;
    }
    if (may_write(p)) {
        p->writing = true;
        *job = (eg_job){STEP_WRITE, p->next_write};
        return true;
    }
    *job = (eg_job){STEP_COMPUTE, ready_strip(p)};
    if (job->index == p->strips)
        return false;
    p->ring[job->index % p->slots].state = SLOT_COMPUTING;
    return true;
}

static void complete_step(void *opaque, eg_job job)
{
    pipeline *p = opaque;
    slot *s = &p->ring[job.index % p->slots];
    if (job.kind == STEP_READ) {
        s->state = SLOT_READ;
        p->reading = false;
        p->next_read++;
    } else if (job.kind == STEP_COMPUTE) {
        s->state = SLOT_COMPUTED;
    } else {
        s->state = SLOT_FREE;
        p->writing = false;
        p->next_write++;
    }
}

static bool all_written(const void *opaque)
{
    const pipeline *p = opaque;
    return p->next_write == p->strips;
}

static void run_strips(pipeline *p)
{
    if (p->threads > 1) {
        eg_thread_pool_run(&(eg_scheduler){p, all_written, next_step, run_step, complete_step},
                           p->threads);
        return;
    }
    for (size_t k = 0; k < p->strips; k++)
        for (int kind = STEP_READ; kind <= STEP_WRITE; kind++)
            run_step(p, (eg_job){kind, k});
}

/* ---- memory, allocated before the first row is read ---- */

/* Allocates a strip's output rows for one sink, unless the sink has memory of its own, and their
 * packed bytes. */
static eg_status allocate_out(const pipeline *p, const eg_sink *sink, eg_rows *out,
                              eg_packed_block *block, eg_error *error)
{
    size_t rows = p->strip_rows + p->stage->halo;
    if (sink->ops->row_address)
        return EG_OK;
    if (p->stage->run) {
        const size_t samples = p->source->info.width * eg_layout_bands(&sink->layout);
        out->stride = (eg_row_bytes(sink->layout.sample, samples) + 63) / 64 * 64;
        out->data = eg_alloc(p->ctx, rows, out->stride, error);
        if (!out->data)
            return eg_failed(error);
    }
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
        .stride = eg_source_planes(p->source) * eg_strip_plane_bytes(p->source, stage),
        .plane_stride = eg_strip_plane_bytes(p->source, stage),
        .width = info->width,
        .height = info->height,
        .sample = info->sample,
        .border = stage->border,
        .outside = p->outside ? p->outside + left_pad(stage, info->sample) : NULL,
    };
    if (!borrows(p)) {
        s->storage = eg_alloc(p->ctx, p->strip_rows + 2 * stage->halo, s->band.stride, error);
        if (!s->storage)
            return eg_failed(error);
    }
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
    char *row = eg_calloc(p->ctx, 1, eg_strip_plane_bytes(p->source, p->stage), error);
    if (!row)
        return eg_failed(error);
    size_t samples = info->width + 2 * eg_strip_pad(p->stage) + EG_BAND_SLACK;
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

static eg_status allocate_pipeline(pipeline *p, eg_error *error)
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
        if (p->stage->run && !p->sinks[i]->ops->row_address)
            eg_free(s->out[i].data);
    }
    if (s->scratch && p->stage->release)
        p->stage->release(p->stage, s->scratch);
    eg_free(s->scratch);
    eg_free(s->storage);
}

static void release_pipeline(pipeline *p)
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
    p.out = eg_source_span(source);
    p.in = eg_strip_span(source, stage);
    p.strip_rows = eg_pipeline_rows(source, stage);
    p.strips = eg_pipeline_strips(source, stage);
    size_t pixels = source->info.width * (p.out.end - p.out.first);
    p.threads = p.strips == 1 ? 1 : eg_thread_count_for(ctx, pixels);
    p.slots = eg_min_size(p.strips, p.threads == 1 ? 2 : 2 * (size_t)p.threads + 1 + stage->ahead);
    eg_first_error_init(&p.failure, p.strips);

    eg_status status = allocate_pipeline(&p, error);
    source->padded_rows = true;
    if (status == EG_OK)
        run_strips(&p);
    source->padded_rows = false;
    eg_status failed = eg_first_error_finish(&p.failure, error);
    if (status == EG_OK)
        status = failed;
    if (status == EG_OK)
        status = eg_source_finish(source, error);
    for (size_t i = 0; status == EG_OK && i < count; i++)
        sinks[i]->rows_received += p.out.end - p.out.first;
    release_pipeline(&p);
    return status;
}
