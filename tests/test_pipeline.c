/* SPDX-License-Identifier: MIT */
/* Tests of failures during an operation: memory, sources, stages, sinks, and cancellation. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "support.h"

enum { WIDTH = 40, HEIGHT = 61 };

/* ---- every allocation fails once ---- */

/* Runs an operation from grid to grid and frees everything, also on failure. */
typedef eg_status operation(eg_context *ctx, const eg_grid *in, size_t variant, eg_error *error);

static eg_status find_edges(eg_context *ctx, const eg_grid *in, size_t variant, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_grid out = {0};
    eg_edges_options o;
    if (variant % 2)
        default_sobel_edges(&o);
    else
        eg_edges_default(&o);
    o.border = variant % 2 ? EG_BORDER_CONSTANT : EG_BORDER_REPLICATE;
    if (variant / 2)
        o.low = o.high = 20;
    eg_status status = eg_source_grid(&source, ctx, in, error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, ctx, &out, error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &o, NULL, error);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    return status;
}

static eg_status map_gradient(eg_context *ctx, const eg_grid *in, size_t variant, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_grid out = {0};
    eg_gradient_options o;
    eg_gradient_default(&o);
    o.border = variant % 2 ? EG_BORDER_CONSTANT : EG_BORDER_REPLICATE;
    o.sigma = variant / 2 ? 1.4 : 0;
    eg_status status = eg_source_grid(&source, ctx, in, error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, ctx, &out, error);
    if (status == EG_OK)
        status = eg_gradient(source, sink, &o, error);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    return status;
}

/* Makes the first allocation fail, then the second, until the operation succeeds. Returns the
 * number of failures. */
static int fail_each(operation *run, int threads, size_t strip_rows, size_t variant)
{
    eg_context *ctx = test_context(threads, strip_rows, NULL);
    eg_grid in;
    noise_grid(&in, ctx, WIDTH, HEIGHT, variant % 2 ? EG_F32 : EG_U8, 3, 1);
    const size_t used = atomic_load(&ctx->used);
    int failed = 0;
    for (eg_status status = EG_NO_MEMORY; status != EG_OK; failed++) {
        eg_error error = {0};
        atomic_store(&ctx->fail_after, failed);
        status = run(ctx, &in, variant, &error);
        assert_int_equal(atomic_load(&ctx->used), used);
        assert_int_equal(error.status, status);
        if (status != EG_OK) {
            assert_int_equal(status, EG_NO_MEMORY);
            assert_non_null(strstr(error.message, "memory"));
        }
        assert_true(failed < 10000);
    }
    atomic_store(&ctx->fail_after, -1);
    eg_grid_free(&in);
    assert_int_equal(atomic_load(&ctx->used), 0);
    eg_context_free(ctx);
    return failed - 1;
}

static void every_failed_allocation_is_survived(void **state)
{
    (void)state;
    static operation *const operations[] = {find_edges, map_gradient};
    static const size_t strip_rows[] = {0, 9};
    for (size_t k = 0; k < COUNT(operations); k++)
        for (size_t variant = 0; variant < 4; variant++)
            for (int threads = 1; threads <= 2; threads++)
                for (size_t s = 0; s < COUNT(strip_rows); s++)
                    /* at least the source, the sink, the result, the ring and a strip */
                    assert_true(fail_each(operations[k], threads, strip_rows[s], variant) >= 5);
}

/* A memory limit that is too low is reported as such, and nothing leaks. */
static void too_small_a_limit_is_reported(void **state)
{
    (void)state;
    eg_context *big = test_context(1, 0, NULL), *ctx;
    eg_grid in;
    eg_config config;
    noise_grid(&in, big, WIDTH, HEIGHT, EG_U8, 3, 1);
    eg_config_default(&config);
    config.threads = 2;
    eg_status status = EG_LIMIT_EXCEEDED;
    for (config.max_memory = 1; status != EG_OK; config.max_memory += config.max_memory / 3 + 1) {
        eg_error error = {0};
        assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
        status = find_edges(ctx, &in, 0, &error);
        assert_true(status == EG_OK || status == EG_LIMIT_EXCEEDED);
        assert_int_equal(error.status, status);
        assert_int_equal(atomic_load(&ctx->used), 0);
        assert_true(eg_memory_peak(ctx) <= config.max_memory);
        eg_context_free(ctx);
    }
    eg_grid_free(&in);
    eg_context_free(big);
}

/* ---- sources, stages and sinks that fail ---- */

/* First failing strip of source, stage and sink. */
typedef struct failing {
    size_t read, run, write;
    size_t strip_rows, halo;
    size_t rows_written;
    volatile sig_atomic_t cancel;
    bool cancels; /* true if the source sets the cancel flag instead of failing */
} failing;

typedef struct failing_source {
    eg_source base;
    failing *f;
} failing_source;

typedef struct failing_sink {
    eg_sink base;
    failing *f;
} failing_sink;

static eg_status stub_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    failing *f = ((failing_source *)source)->f;
    size_t strip = source->next_row / f->strip_rows;
    if (strip >= f->read && !f->cancels)
        return eg_fail(error, EG_FILE, "read %zu", strip);
    if (strip >= f->read)
        __atomic_store_n(&f->cancel, 1, __ATOMIC_RELAXED);
    for (size_t i = 0; i < count; i++)
        memset((char *)rows + i * stride, (int)(source->next_row + i), source->info.width);
    return EG_OK;
}

static eg_status stub_run(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                          size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)scratch;
    const failing *f = stage->opaque;
    if (strip >= f->run)
        return eg_fail(error, EG_BAD_INPUT, "run %zu", strip);
    for (size_t y = y0; y < y1; y++)
        memcpy((char *)out->data + (y - y0) * out->stride, eg_band_row(band, (ptrdiff_t)y),
               band->width);
    return EG_OK;
}

/* Checks that rows arrive in order. */
static eg_status stub_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    failing *f = ((failing_sink *)sink)->f;
    size_t strip = (f->rows_written + f->halo) / f->strip_rows;
    if (strip >= f->write)
        return eg_fail(error, EG_FILE, "write %zu", strip);
    for (size_t i = 0; i < count; i++)
        for (size_t x = 0; x < WIDTH; x++)
            if (((const uint8_t *)rows)[i * stride + x] != (uint8_t)(f->rows_written + i))
                return eg_fail(error, EG_USAGE, "row %zu is not what was read",
                               f->rows_written + i);
    f->rows_written += count;
    return EG_OK;
}

static eg_status run_stubs(eg_context *ctx, failing *f, eg_error *error)
{
    static const eg_source_ops source_ops = {.read = stub_read};
    static const eg_sink_ops sink_ops = {.write = stub_write};
    failing_source source = {.base = {.ops = &source_ops, .ctx = ctx}, .f = f};
    failing_sink sink = {.base = {.ops = &sink_ops, .ctx = ctx, .accepts = 1u << EG_U8}, .f = f};
    const eg_stage stage = {.halo = f->halo, .pad = f->halo, .opaque = f, .run = stub_run};
    source.base.info =
        (eg_info){.width = WIDTH, .height = HEIGHT, .sample = EG_U8, .white_level = 255};
    f->strip_rows = eg_pipeline_rows(&source.base, &stage);
    f->rows_written = 0;
    eg_sink *to = &sink.base;
    to->layout = (eg_layout){.width = WIDTH, .height = HEIGHT, .sample = EG_U8, .white_level = 255};
    return eg_pipeline_run(&source.base, &stage, &to, 1, error);
}

/* Expects the error of the first failing strip, and in a strip that of its first failing step. */
static void expected_message(const failing *f, char want[32])
{
    if (f->read <= f->run && f->read <= f->write)
        snprintf(want, 32, "read %zu", f->read);
    else if (f->run <= f->write)
        snprintf(want, 32, "run %zu", f->run);
    else
        snprintf(want, 32, "write %zu", f->write);
}

static void check_failure(eg_context *ctx, size_t halo)
{
    static const size_t places[][3] = {{0, 9, 9}, {9, 0, 9}, {9, 9, 0}, {3, 9, 9},
                                       {9, 3, 9}, {9, 9, 3}, {3, 3, 3}, {4, 3, 2},
                                       {5, 2, 3}, {2, 2, 9}, {9, 4, 4}, {5, 9, 2}};
    for (size_t i = 0; i < COUNT(places); i++) {
        char want[32];
        eg_error error = {0};
        failing f = {
            .read = places[i][0], .run = places[i][1], .write = places[i][2], .halo = halo};
        expected_message(&f, want);
        eg_status status = run_stubs(ctx, &f, &error);
        assert_string_equal(error.message, want);
        assert_int_equal(error.status, status);
        assert_int_equal(status, want[1] == 'u' ? EG_BAD_INPUT : EG_FILE);
    }
    failing none = {.read = SIZE_MAX, .run = SIZE_MAX, .write = SIZE_MAX, .halo = halo};
    eg_error error = {0};
    if (run_stubs(ctx, &none, &error) != EG_OK)
        fail_msg("%s", error.message);
    assert_int_equal(none.rows_written, HEIGHT);
}

static void the_earliest_failure_is_reported(void **state)
{
    (void)state;
    static const size_t strip_rows[] = {1, 2, 3, 6};
    for (int threads = 1; threads <= 5; threads++)
        for (size_t s = 0; s < COUNT(strip_rows); s++)
            for (size_t halo = 0; halo < 3; halo += 2) {
                eg_context *ctx = test_context(threads, strip_rows[s], NULL);
                for (int again = 0; again < 5; again++)
                    check_failure(ctx, halo);
                assert_int_equal(atomic_load(&ctx->used), 0);
                eg_context_free(ctx);
            }
}

/* An operation reports the error of its source and leaks nothing. */
static void operations_report_their_source(void **state)
{
    (void)state;
    static const eg_source_ops ops = {.read = stub_read};
    for (int k = 0; k < 12; k++) {
        eg_context *ctx = test_context(1 + k % 3, 4, NULL);
        eg_sink *sink;
        eg_grid out = {0};
        eg_error error = {0};
        failing f = {.read = 5 * (size_t)(k / 6), .strip_rows = 4};
        failing_source source = {.base = {.ops = &ops, .ctx = ctx}, .f = &f};
        eg_edges_options edges;
        eg_gradient_options gradient;
        source.base.info =
            (eg_info){.width = WIDTH, .height = HEIGHT, .sample = EG_U8, .white_level = 255};
        eg_edges_default(&edges);
        eg_gradient_default(&gradient);
        assert_int_equal(eg_sink_grid(&sink, ctx, &out, &error), EG_OK);
        eg_status status = k / 3 % 2 ? eg_edges(&source.base, sink, &edges, NULL, &error)
                                     : eg_gradient(&source.base, sink, &gradient, &error);
        assert_int_equal(status, EG_FILE);
        assert_string_equal(error.message, k / 6 ? "read 5" : "read 0");
        eg_sink_close(sink);
        eg_grid_free(&out);
        assert_int_equal(atomic_load(&ctx->used), 0);
        eg_context_free(ctx);
    }
}

/* ---- cancelling ---- */

static void a_set_flag_cancels(void **state)
{
    (void)state;
    volatile sig_atomic_t cancel = 0;
    for (int threads = 1; threads <= 3; threads++) {
        eg_context *ctx;
        eg_config config;
        eg_grid in;
        eg_config_default(&config);
        config.threads = threads;
        config.cancel = &cancel;
        assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
        noise_grid(&in, ctx, WIDTH, HEIGHT, EG_U8, 3, 1);
        for (size_t variant = 0; variant < 4; variant++) {
            eg_error error = {0};
            cancel = 0;
            assert_int_equal(find_edges(ctx, &in, variant, NULL), EG_OK);
            cancel = 1;
            assert_int_equal(find_edges(ctx, &in, variant, &error), EG_CANCELLED);
            assert_int_equal(error.status, EG_CANCELLED);
            assert_int_equal(map_gradient(ctx, &in, variant, NULL), EG_CANCELLED);
        }
        eg_grid_free(&in);
        assert_int_equal(atomic_load(&ctx->used), 0);
        eg_context_free(ctx);
    }
}

/* A flag set while strip 5 is read stops the work before strip 6. */
static void a_flag_set_during_the_operation_cancels(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        eg_context *ctx;
        eg_config config;
        eg_error error = {0};
        failing f = {.read = 5, .run = SIZE_MAX, .write = SIZE_MAX, .cancels = true};
        eg_config_default(&config);
        config.threads = threads;
        config.strip_rows = 3;
        config.cancel = &f.cancel;
        assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
        assert_int_equal(run_stubs(ctx, &f, &error), EG_CANCELLED);
        assert_int_equal(error.status, EG_CANCELLED);
        assert_int_equal(f.rows_written, 18);
        eg_context_free(ctx);
    }
}

/* ---- progress ---- */

typedef struct watch {
    atomic_int inside; /* calls that run now */
    size_t calls, done, total;
} watch;

static void note(void *opaque, size_t done, size_t total)
{
    watch *w = opaque;
    assert_int_equal(atomic_fetch_add(&w->inside, 1), 0);
    assert_true(done > w->done && done <= total);
    w->calls++;
    w->done = done;
    w->total = total;
    atomic_fetch_sub(&w->inside, 1);
}

/* The rows done ascend to the number of all rows, once an operation, whatever the threads. */
static void test_progress_is_reported(void **state)
{
    (void)state;
    static operation *const operations[] = {find_edges, map_gradient};
    for (size_t i = 0; i < COUNT(operations) * 8; i++) {
        watch w = {.calls = 0};
        eg_config config;
        eg_context *ctx;
        eg_grid in;
        eg_error error = {0};
        eg_config_default(&config);
        config.threads = i % 2 ? 1 : 3;
        config.strip_rows = 7;
        config.progress = note;
        config.opaque = &w;
        assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
        noise_grid(&in, ctx, WIDTH, HEIGHT, EG_U8, 1, 1);
        assert_int_equal(operations[i / 8](ctx, &in, i / 2 % 4, &error), EG_OK);
        assert_true(w.calls >= HEIGHT / 10 && w.done == HEIGHT && w.total == HEIGHT);
        eg_grid_free(&in);
        eg_context_free(ctx);
    }
}

/* A window reports its own rows. */
static void test_progress_counts_the_rows_of_a_window(void **state)
{
    (void)state;
    watch w = {.calls = 0};
    eg_config config;
    eg_context *ctx;
    eg_grid in, out = {0};
    eg_source *source;
    eg_sink *sink;
    eg_gradient_options options;
    eg_gradient_default(&options);
    eg_config_default(&config);
    config.threads = 1;
    config.strip_rows = 5;
    config.progress = note;
    config.opaque = &w;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    noise_grid(&in, ctx, WIDTH, HEIGHT, EG_U8, 1, 1);
    assert_int_equal(eg_source_grid(&source, ctx, &in, NULL), EG_OK);
    assert_int_equal(eg_source_rows(source, 20, 23, NULL), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
    assert_int_equal(eg_gradient(source, sink, &options, NULL), EG_OK);
    assert_true(w.calls > 2 && w.done == 23 && w.total == 23);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_is_survived),
        cmocka_unit_test(too_small_a_limit_is_reported),
        cmocka_unit_test(the_earliest_failure_is_reported),
        cmocka_unit_test(operations_report_their_source),
        cmocka_unit_test(a_set_flag_cancels),
        cmocka_unit_test(a_flag_set_during_the_operation_cancels),
        cmocka_unit_test(test_progress_is_reported),
        cmocka_unit_test(test_progress_counts_the_rows_of_a_window),
    };
    return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
