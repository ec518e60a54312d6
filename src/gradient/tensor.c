/* SPDX-License-Identifier: MIT */
/* The gradient field of channel planes. */
#include "gradient/tensor.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

enum {
    PAD = EG_TENSOR_RADIUS_MAX + 16, /* samples beside a row that kernels read or write */
    RING = 2 * EG_TENSOR_RADIUS_MAX + 1,
    ROWS_PER_JOB = 64, /* least rows, so that the rows around them add little work */
};

extern const eg_tensor_kernels eg_tensor_kernels_baseline;
#if defined(__x86_64__)
extern const eg_tensor_kernels eg_tensor_kernels_v3, eg_tensor_kernels_v4;
#endif

const eg_tensor_kernels *eg_tensor_kernels_for(eg_cpu_level level)
{
    static const eg_tensor_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_tensor_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_tensor_kernels_v3,
        [EG_CPU_V4] = &eg_tensor_kernels_v4,
#endif
    };
    return tables[level];
}

eg_status eg_gaussian_derivative_init(eg_gaussian_derivative *weights, double sigma,
                                      eg_error *error)
{
    *weights = (eg_gaussian_derivative){0};
    if (!(sigma > 0 && ceil(3 * sigma) <= EG_TENSOR_RADIUS_MAX))
        return eg_fail(error, EG_USAGE, "sigma %g is out of range", sigma);
    double g[EG_TENSOR_RADIUS_MAX + 1], sum = 0, moment = 0;
    weights->radius = (size_t)ceil(3 * sigma);
    for (size_t k = 0; k <= weights->radius; k++) {
        g[k] = exp(-(double)(k * k) / (2 * sigma * sigma));
        sum += k ? 2 * g[k] : g[k];
        moment += 2 * (double)(k * k) * g[k];
    }
    for (size_t k = 0; k <= weights->radius; k++) {
        weights->smooth[k] = (float)(g[k] / sum);
        weights->slope[k] = (float)((double)k * g[k] / moment);
    }
    return EG_OK;
}

/* ---- rows of one job ---- */

/* A computation of some rows of the field. */
typedef struct job {
    const eg_channels *channels;
    const eg_gaussian_derivative *derivative;
    const eg_tensor_kernels *kernels;
    const float *weight;
    eg_gradient_field *field;
    eg_border border;
    size_t job_rows;
} job;

/* Working rows of a job. */
typedef struct job_memory {
    size_t stride;
    float *padded;         /* a row of a channel with the samples beside it */
    float *smooth, *slope; /* rings of RING rows for each channel */
    float *xx, *xy, *yy;
} job_memory;

static float *row_of(float *rows, const job_memory *m, size_t i)
{
    return rows + i * m->stride;
}

/* Returns the number of planes to smooth: the channels, and the validity if there is one. */
static size_t plane_count(const eg_channels *channels)
{
    return channels->count + (channels->valid != NULL);
}

/* Sets the addresses of the 2 radius + 1 rows around row y of a plane. */
static void ring_rows(const job *j, const job_memory *m, size_t y, size_t plane,
                      const float *smooth[], const float *slope[])
{
    const size_t radius = j->derivative->radius;
    for (size_t k = 0; k <= 2 * radius; k++) {
        size_t slot = plane * RING + (y + k - radius + RING * 4) % RING;
        smooth[k] = row_of(m->smooth, m, slot);
        slope[k] = row_of(m->slope, m, slot);
    }
}

/* Computes the horizontal pass of row y, which may lie outside the planes, of all channels. */
static void pass_horizontally(const job *j, const job_memory *m, ptrdiff_t y)
{
    const eg_channels *c = j->channels;
    const size_t inside = (size_t)eg_border_index(y, c->height, j->border);
    for (size_t i = 0; i < plane_count(c); i++) {
        float *in = m->padded + PAD;
        const float *row = i < c->count ? eg_channel_row(c, i, inside)
                                        : c->valid + (inside - c->first) * c->stride;
        memcpy(in, row, c->width * sizeof *in);
        eg_pad_row(in, EG_F32, c->width, EG_TENSOR_RADIUS_MAX, EG_BOTH_SIDES, j->border, 0);
        size_t slot = i * RING + (size_t)(y + RING * 4) % RING;
        j->kernels->horizontal(row_of(m->smooth, m, slot), row_of(m->slope, m, slot), in, c->width,
                               j->derivative);
    }
}

static void compute_row(const job *j, const job_memory *m, size_t y)
{
    const eg_channels *c = j->channels;
    const size_t offset = (y - j->field->first) * j->field->stride;
    const float *smooth[RING], *slope[RING], *valid_smooth[RING], *valid_slope[RING];
    if (c->valid)
        ring_rows(j, m, y, c->count, valid_smooth, valid_slope);
    for (size_t i = 0; i < c->count; i++) {
        ring_rows(j, m, y, i, smooth, slope);
        if (c->valid)
            j->kernels->vertical_valid(m->xx, m->xy, m->yy, smooth, slope, valid_smooth,
                                       valid_slope, c->width, j->derivative, j->weight[i], i == 0);
        else
            j->kernels->vertical(m->xx, m->xy, m->yy, smooth, slope, c->width, j->derivative,
                                 j->weight[i], i == 0);
    }
    eg_gradient_field *f = j->field;
    j->kernels->finish(f->magnitude + offset, f->cosine + offset, f->sine + offset, m->xx, m->xy,
                       m->yy, c->width);
    for (size_t x = 0; c->exponent && x < c->width; x++)
        f->magnitude[offset + x] = ldexpf(f->magnitude[offset + x], c->exponent);
}

static eg_status compute_rows(void *opaque, size_t index, eg_error *error)
{
    const job *j = opaque;
    const size_t radius = j->derivative->radius, channels = plane_count(j->channels);
    const size_t y0 = j->field->first + index * j->job_rows;
    const size_t y1 = y0 + j->job_rows < j->field->end ? y0 + j->job_rows : j->field->end;
    job_memory m = {.stride = (j->channels->width + 2 * PAD + 15) / 16 * 16};
    float *memory =
        eg_alloc(j->channels->ctx, 2 * RING * channels + 4, m.stride * sizeof *memory, error);
    if (!memory)
        return eg_failed(error);
    m.padded = memory;
    m.xx = row_of(memory, &m, 1);
    m.xy = row_of(memory, &m, 2);
    m.yy = row_of(memory, &m, 3);
    m.smooth = row_of(memory, &m, 4);
    m.slope = row_of(memory, &m, 4 + RING * channels);
    memset(memory, 0, m.stride * sizeof *memory);
    for (ptrdiff_t y = (ptrdiff_t)y0 - (ptrdiff_t)radius; y < (ptrdiff_t)(y0 + radius); y++)
        pass_horizontally(j, &m, y);
    for (size_t y = y0; y < y1; y++) {
        pass_horizontally(j, &m, (ptrdiff_t)(y + radius));
        compute_row(j, &m, y);
    }
    eg_free(memory);
    return EG_OK;
}

/* ---- the field ---- */

eg_status eg_gradient_field_new(eg_gradient_field *field, const eg_channels *channels, size_t first,
                                size_t end, eg_error *error)
{
    *field = (eg_gradient_field){.ctx = channels->ctx,
                                 .width = channels->width,
                                 .height = channels->height,
                                 .first = first,
                                 .end = end,
                                 .stride = (channels->width + 63) / 16 * 16};
    float **planes[] = {&field->magnitude, &field->cosine, &field->sine};
    for (size_t i = 0; i < 3; i++) {
        *planes[i] =
            eg_calloc(channels->ctx, end - first + 1, field->stride * sizeof(float), error);
        if (!*planes[i])
            return eg_failed(error);
        *planes[i] += 16;
    }
    return EG_OK;
}

eg_status eg_gradient_field_compute(eg_gradient_field *field, const eg_channels *channels,
                                    const eg_gaussian_derivative *derivative, const float weight[],
                                    eg_border border, size_t first, size_t end, eg_error *error)
{
    eg_context *ctx = channels->ctx;
    eg_status status = eg_gradient_field_new(field, channels, first, end, error);
    if (status != EG_OK)
        return status;
    size_t rows = end - first,
           share = (rows + 2 * eg_worker_count(ctx) - 1) / (2 * eg_worker_count(ctx));
    job j = {channels,
             derivative,
             eg_tensor_kernels_for(ctx->cpu),
             weight,
             field,
             border,
             share > ROWS_PER_JOB ? share : ROWS_PER_JOB};
    return eg_parallel_for(ctx, (rows + j.job_rows - 1) / j.job_rows, 4 * rows * channels->width,
                           &j, compute_rows, error);
}

void eg_gradient_field_free(eg_gradient_field *field)
{
    float *planes[] = {field->magnitude, field->cosine, field->sine};
    for (size_t i = 0; i < 3; i++)
        eg_free(planes[i] ? planes[i] - 16 : NULL);
    *field = (eg_gradient_field){0};
}
