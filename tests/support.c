/* SPDX-License-Identifier: MIT */
/* Helpers of the tests. */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cpu.h"

eg_context *test_context(int threads, size_t strip_rows, const char *cpu)
{
    eg_config config;
    eg_context *ctx = NULL;
    eg_error error = {0};
    eg_config_default(&config);
    config.threads = threads;
    config.strip_rows = strip_rows;
    config.cpu = cpu;
    if (eg_context_new(&ctx, &config, &error) != EG_OK)
        fail_msg("no context: %s", error.message);
    return ctx;
}

const char *corpus_path(const char *name)
{
    static char path[1024];
    const char *root = getenv("EDGEGRAD_CORPUS");
    snprintf(path, sizeof path, "%s/%s", root ? root : "../shared/data", name);
    return access(path, R_OK) == 0 ? path : NULL;
}

static void for_every_strip_height(void (*check)(eg_context *ctx, void *opaque), void *opaque,
                                   int threads, const char *cpu)
{
    static const size_t strip_rows[] = {1, 2, 3, 7, 64};
    for (size_t i = 0; i < sizeof strip_rows / sizeof strip_rows[0]; i++) {
        eg_context *ctx = test_context(threads, strip_rows[i], cpu);
        check(ctx, opaque);
        eg_context_free(ctx);
    }
}

void for_every_setting(void (*check)(eg_context *ctx, void *opaque), void *opaque)
{
    static const int threads[] = {1, 2, 3, 5};
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++)
        for_every_strip_height(check, opaque, threads[i], NULL);
    for (size_t level = 0; level < EG_CPU_LEVELS; level++)
        if (eg_cpu_has(level))
            for_every_strip_height(check, opaque, 1, eg_cpu_names[level]);
}

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

void set_sample(eg_grid *grid, size_t x, size_t y, double v)
{
    char *row = (char *)grid->data + y * grid->stride;
    if (grid->sample == EG_U8)
        ((uint8_t *)row)[x] = (uint8_t)v;
    else if (grid->sample == EG_F64)
        ((double *)(void *)row)[x] = v;
    else
        ((float *)(void *)row)[x] = (float)v;
}

void noise_grid(eg_grid *grid, eg_context *ctx, size_t width, size_t height, eg_sample sample,
                unsigned seed, int smooth)
{
    eg_error error = {0};
    unsigned state = seed * 2654435761u + 1;
    assert_int_equal(eg_grid_new(grid, ctx, width, height, sample, &error), EG_OK);
    grid->white_level = 255;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            set_sample(grid, x, y, next_random(&state) % 256);
    for (int pass = 0; pass < smooth; pass++)
        for (size_t y = 0; y < height; y++)
            for (size_t x = 1; x < width; x++)
                set_sample(grid, x, y,
                           (sample_at(grid, x, y) + 3 * sample_at(grid, x - 1, y ? y - 1 : 0)) / 4);
}

double sample_at(const eg_grid *grid, size_t x, size_t y)
{
    const char *row = (const char *)grid->data + y * grid->stride;
    switch (grid->sample) {
    case EG_U8:
        return ((const uint8_t *)row)[x];
    case EG_U16:
        return ((const uint16_t *)(const void *)row)[x];
    case EG_F32:
        return ((const float *)(const void *)row)[x];
    case EG_F64:
        return ((const double *)(const void *)row)[x];
    case EG_RGB: {
        const uint8_t *rgb = (const uint8_t *)row + 3 * x;
        return 65536.0 * rgb[0] + 256.0 * rgb[1] + rgb[2];
    }
    case EG_BIT:
        return ((const uint64_t *)(const void *)row)[x / 64] >> (x % 64) & 1 ? 255 : 0;
    }
    return 0;
}

void assert_grids_equal(const eg_grid *a, const eg_grid *b)
{
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    assert_int_equal(a->sample, b->sample);
    size_t bytes = eg_row_bytes(a->sample, a->width);
    for (size_t y = 0; y < a->height; y++) {
        const char *ra = (const char *)a->data + y * a->stride;
        const char *rb = (const char *)b->data + y * b->stride;
        if (memcmp(ra, rb, bytes) == 0)
            continue;
        for (size_t x = 0; x < a->width; x++)
            if (sample_at(a, x, y) != sample_at(b, x, y))
                fail_msg("(%zu, %zu) of %zu x %zu: %g is not %g", x, y, a->width, a->height,
                         sample_at(a, x, y), sample_at(b, x, y));
        fail_msg("row %zu differs in a NaN or a zero's sign", y);
    }
}

void gradient_of(eg_grid *out, eg_context *ctx, const eg_grid *in,
                 const eg_gradient_options *options)
{
    eg_error error = {0};
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    assert_int_equal(eg_source_grid(&source, ctx, in, &error), EG_OK);
    *out = (eg_grid){0};
    assert_int_equal(eg_sink_grid(&sink, ctx, out, &error), EG_OK);
    if (eg_gradient(source, sink, options, &error) != EG_OK)
        fail_msg("eg_gradient: %s", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
}

void default_sobel_edges(eg_edges_options *options)
{
    eg_edges_default(options);
    options->op = "sobel3";
    options->sigma = 1.4;
    options->unit = EG_UNIT_RESPONSE;
}

void edges_of(eg_grid *out, eg_context *ctx, const eg_grid *in, const eg_edges_options *options,
              eg_edges_result *result)
{
    eg_error error = {0};
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    assert_int_equal(eg_source_grid(&source, ctx, in, &error), EG_OK);
    *out = (eg_grid){0};
    assert_int_equal(eg_sink_grid(&sink, ctx, out, &error), EG_OK);
    if (eg_edges(source, sink, options, result, &error) != EG_OK)
        fail_msg("eg_edges: %s", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
}

void assert_within(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g is not %.17g", a, b);
}

void assert_close(double a, double b, double tolerance)
{
    assert_within(a, b, tolerance * (1 + fabs(b)));
}

void assert_rounded(double a, double b)
{
    assert_within(a, b, 1e-12 * fmax(1, fabs(b)));
}

eg_expr *parse_expr(eg_context *ctx, const char *text)
{
    eg_expr *expr = NULL;
    eg_error error = {0};
    if (eg_expr_parse(&expr, ctx, text, NULL, NULL, &error) != EG_OK)
        fail_msg("%s: %s", text, error.message);
    return expr;
}
