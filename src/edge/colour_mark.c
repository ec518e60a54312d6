/* SPDX-License-Identifier: MIT */
/* Marking of edges at full resolution: interpolation of the field, suppression, hysteresis. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/colour.h"

enum {
    MARGIN = 16,        /* samples beside a working row */
    ROWS_PER_JOB = 128, /* image rows */
};

typedef struct marker {
    eg_colour_canny *canny;
    const eg_colour_kernels *kernels;
    float low, high; /* thresholds as magnitudes of the field */
    float weights[4 * EG_FACTOR_MAX];
} marker;

/* Sets the weights of Catmull and Rom's cubic interpolation between samples. */
static void set_weights(float weights[], size_t factor)
{
    for (size_t p = 0; p < factor; p++) {
        double t = ((double)p + 0.5) / (double)factor + (p < factor / 2 ? 0.5 : -0.5);
        double t2 = t * t, t3 = t2 * t;
        weights[4 * p] = (float)((-t3 + 2 * t2 - t) / 2);
        weights[4 * p + 1] = (float)((3 * t3 - 5 * t2 + 2) / 2);
        weights[4 * p + 2] = (float)((-3 * t3 + 4 * t2 + t) / 2);
        weights[4 * p + 3] = (float)((t3 - t2) / 2);
    }
}

/* Working rows of a job: the field's rows at the image's width, and rows of the image. */
typedef struct job_rows {
    size_t stride;
    ptrdiff_t held[8];    /* field rows in the ring; -1: none */
    float *wide;          /* ring of 8 rows of each of magnitude, cosine, sine */
    float *magnitude;     /* ring of 4 image rows */
    float *cosine, *sine; /* one image row */
    float *padded;        /* a field row with samples beside it */
} job_rows;

static size_t clamp_row(ptrdiff_t y, size_t height)
{
    return y < 0 ? 0 : y >= (ptrdiff_t)height ? height - 1 : (size_t)y;
}

/* Returns the ring slot of a field row, interpolated to the image's width. */
static size_t widen_row(const marker *m, job_rows *r, size_t y)
{
    const eg_gradient_field *f = &m->canny->field;
    const size_t slot = y % 8, factor = m->canny->factor;
    if (r->held[slot] == (ptrdiff_t)y)
        return slot;
    const float *planes[3] = {f->magnitude, f->cosine, f->sine};
    for (size_t i = 0; i < 3; i++) {
        float *in = r->padded + MARGIN;
        memcpy(in, planes[i] + (y - f->first) * f->stride, f->width * sizeof *in);
        eg_pad_row(in, EG_F32, f->width, 3, EG_BOTH_SIDES, EG_BORDER_REPLICATE, 0);
        m->kernels->widen(r->wide + (3 * slot + i) * r->stride + MARGIN, in, f->width, factor,
                          m->weights);
    }
    r->held[slot] = (ptrdiff_t)y;
    return slot;
}

/* Interpolates plane `i` of the field at image row y. */
static void interpolate_row(const marker *m, job_rows *r, size_t y, size_t i, float *out)
{
    const eg_colour_canny *c = m->canny;
    const size_t factor = c->factor, phase = y % factor;
    const ptrdiff_t from = (ptrdiff_t)(y / factor) - (phase < factor / 2 ? 2 : 1);
    const float *rows[4];
    for (size_t k = 0; k < 4; k++) {
        size_t slot = widen_row(m, r, clamp_row(from + (ptrdiff_t)k, c->field.height));
        rows[k] = r->wide + (3 * slot + i) * r->stride + MARGIN;
    }
    m->kernels->blend(out, rows, m->weights + 4 * phase, c->planes.width);
}

static float *magnitude_row(const job_rows *r, size_t y)
{
    return r->magnitude + y % 4 * r->stride + MARGIN;
}

/* Returns image row y of the magnitudes. */
static const float *magnitude_at(const marker *m, const job_rows *r, size_t y)
{
    const eg_gradient_field *f = &m->canny->field;
    return m->canny->factor > 1 ? magnitude_row(r, y) : f->magnitude + (y - f->first) * f->stride;
}

/* Sets the bits of the candidates and the strong pixels of a row, except the outermost pixels of
 * the image. */
static void suppress_row(const marker *m, job_rows *r, size_t y, uint64_t *candidate,
                         uint64_t *strong)
{
    const eg_colour_canny *c = m->canny;
    const eg_gradient_field *f = &c->field;
    const size_t width = c->planes.width, words = c->planes.words;
    const float *cosine = r->cosine + MARGIN, *sine = r->sine + MARGIN;
    if (y == 0 || y + 1 == c->channels.full_height || width < 3) {
        memset(candidate, 0, words * sizeof *candidate);
        memset(strong, 0, words * sizeof *strong);
        return;
    }
    if (c->factor == 1) {
        cosine = f->cosine + (y - f->first) * f->stride;
        sine = f->sine + (y - f->first) * f->stride;
    } else {
        interpolate_row(m, r, y, 1, r->cosine + MARGIN);
        interpolate_row(m, r, y, 2, r->sine + MARGIN);
    }
    const float *rows[3];
    for (size_t k = 0; k < 3; k++)
        rows[k] = magnitude_at(m, r, y + k - 1);
    m->kernels->suppress(candidate, strong, rows, cosine, sine, width, m->low, m->high);
    const uint64_t last = ~((uint64_t)1 << ((width - 1) % 64));
    candidate[0] &= ~(uint64_t)1;
    strong[0] &= ~(uint64_t)1;
    candidate[words - 1] &= last;
    strong[words - 1] &= last;
}

static void mark_row(const marker *m, job_rows *r, size_t y)
{
    const eg_colour_canny *c = m->canny;
    const size_t words = c->planes.words;
    uint64_t *candidate = eg_candidate_row(&c->planes, y - c->first);
    uint64_t *strong = eg_edge_row(&c->planes, y - c->first);
    if (c->method == EG_EDGE_THRESHOLD) {
        m->kernels->exceed(strong, magnitude_at(m, r, y), c->planes.width, m->high);
        memcpy(candidate, strong, words * sizeof *strong);
    } else {
        suppress_row(m, r, y, candidate, strong);
    }
    const uint64_t *missing =
        c->channels.missing ? c->channels.missing + (y - c->first) * words : NULL;
    for (size_t i = 0; missing && i < words; i++) {
        candidate[i] &= ~missing[i];
        strong[i] &= ~missing[i];
    }
}

static eg_status mark_rows(void *opaque, size_t index, eg_error *error)
{
    const marker *m = opaque;
    eg_colour_canny *c = m->canny;
    const size_t y0 = index * ROWS_PER_JOB;
    const size_t y1 = y0 + ROWS_PER_JOB < c->planes.height ? y0 + ROWS_PER_JOB : c->planes.height;
    job_rows r = {.stride = (c->field.width * c->factor + 2 * MARGIN + 15) / 16 * 16};
    size_t rows = c->factor > 1 ? 8 * 3 + 4 + 2 + 1 : 0;
    size_t scratch = eg_hysteresis_scratch(c->planes.words, ROWS_PER_JOB);
    char *memory = eg_calloc(c->ctx, 1, rows * r.stride * sizeof(float) + scratch, error);
    if (!memory)
        return eg_failed(error);
    r.wide = (float *)(void *)memory;
    r.magnitude = r.wide + 24 * r.stride;
    r.cosine = r.magnitude + 4 * r.stride;
    r.sine = r.cosine + r.stride;
    r.padded = r.sine + r.stride;
    for (size_t i = 0; i < 8; i++)
        r.held[i] = -1;
    const size_t top = m->canny->first + y0, end = m->canny->first + y1,
                 height = c->channels.full_height;
    size_t ready = top > 0 ? top - 1 : 0;
    for (size_t y = top; y < end; y++) {
        for (; c->factor > 1 && ready <= y + 1 && ready < height; ready++)
            interpolate_row(m, &r, ready, 0, magnitude_row(&r, ready));
        mark_row(m, &r, y);
    }
    c->blocks[index] = (eg_block_rows){y0, y1};
    eg_hysteresis_block(&c->planes, c->blocks[index], memory + rows * r.stride * sizeof(float));
    eg_free(memory);
    return EG_OK;
}

eg_status eg_colour_canny_mark(eg_colour_canny *canny, eg_error *error)
{
    eg_planes *p = &canny->planes;
    const double unit = eg_colour_canny_unit(canny);
    marker m = {.canny = canny,
                .kernels = eg_colour_kernels_for(canny->ctx->cpu),
                .low = (float)(canny->low * unit),
                .high = (float)(canny->high * unit)};
    set_weights(m.weights, canny->factor);
    canny->block_count = (p->height + ROWS_PER_JOB - 1) / ROWS_PER_JOB;
    if (!canny->blocks)
        canny->blocks = eg_alloc(canny->ctx, canny->block_count, sizeof *canny->blocks, error);
    if (canny->blocks && !p->candidate)
        p->candidate = eg_alloc(canny->ctx, p->height, p->words * sizeof *p->candidate, error);
    if (p->candidate && !p->edge)
        p->edge = eg_alloc(canny->ctx, p->height, p->words * sizeof *p->edge, error);
    if (!p->edge)
        return eg_failed(error);
    eg_status status =
        eg_parallel_for(canny->ctx, canny->block_count, p->width * p->height, &m, mark_rows, error);
    if (status != EG_OK)
        return status;
    return eg_hysteresis_across_blocks(canny->ctx, p, canny->blocks, canny->block_count, error);
}
