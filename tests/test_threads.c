/* SPDX-License-Identifier: MIT */
/* Tests of threads that cannot be started: the others do their work. Linked with
 * --wrap=pthread_create, so that __wrap_pthread_create() below takes every call. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core/thread_pool.h"
#include "files.h"

enum { THREADS = 5, PIECES = 1000 };

typedef void *thread_function(void *opaque);
int __real_pthread_create(pthread_t *id, const pthread_attr_t *attributes, thread_function *run,
                          void *opaque);
int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attributes, thread_function *run,
                          void *opaque);

/* Threads that may still be started, by any thread. */
static atomic_int allowed;

int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attributes, thread_function *run,
                          void *opaque)
{
    int left = atomic_load(&allowed);
    while (left > 0 && !atomic_compare_exchange_weak(&allowed, &left, left - 1))
        continue;
    if (left == 0)
        return EAGAIN;
    return __real_pthread_create(id, attributes, run, opaque);
}

static void count_call(void *opaque, int i)
{
    atomic_int *calls = opaque;
    calls[i]++;
}

static void test_every_number_is_called_once(void **state)
{
    (void)state;
    for (int most = 0; most <= THREADS; most++) {
        atomic_int calls[THREADS] = {0};
        allowed = most;
        eg_threads_run(THREADS, calls, count_call);
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(calls[i], 1);
        assert_int_equal(allowed, most < THREADS - 1 ? 0 : most - (THREADS - 1));
    }
}

static eg_status count_piece(void *opaque, size_t i, eg_error *error)
{
    (void)error;
    count_call(opaque, (int)i);
    return EG_OK;
}

static void test_every_piece_is_done_once(void **state)
{
    (void)state;
    for (int most = 0; most <= THREADS; most++) {
        atomic_int calls[PIECES] = {0};
        eg_context *ctx = test_context(THREADS, 1, NULL);
        eg_error error = {0};
        allowed = most;
        assert_int_equal(eg_parallel_for(ctx, PIECES, PIECES, calls, count_piece, &error), EG_OK);
        for (int i = 0; i < PIECES; i++)
            assert_int_equal(calls[i], 1);
        eg_context_free(ctx);
    }
}

/* Finds edges with as many threads as may be started. */
static void find_edges(eg_grid *out, eg_context *ctx, const eg_grid *in, int most)
{
    eg_edges_options options;
    eg_edges_default(&options);
    allowed = most;
    edges_of(out, ctx, in, &options, NULL);
}

static void test_edges_are_the_same(void **state)
{
    (void)state;
    eg_context *ctx = test_context(THREADS, 16, NULL);
    eg_grid in, all, some;
    noise_grid(&in, ctx, 200, 150, EG_U8, 3, 2);
    find_edges(&all, ctx, &in, 1 << 20);
    for (int most = 0; most < 2 * THREADS; most++) {
        find_edges(&some, ctx, &in, most);
        assert_grids_equal(&all, &some);
        eg_grid_free(&some);
    }
    eg_grid_free(&all);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

static void test_png_is_the_same(void **state)
{
    (void)state;
    eg_context *ctx = test_context(THREADS, 16, NULL);
    eg_grid all, some;
    allowed = 1 << 20;
    load_grid(&all, ctx, "testdata/small/grey.png", NULL);
    assert_true(allowed < 1 << 20);
    for (int most = 0; most < THREADS; most++) {
        allowed = most;
        load_grid(&some, ctx, "testdata/small/grey.png", NULL);
        assert_grids_equal(&all, &some);
        eg_grid_free(&some);
    }
    eg_grid_free(&all);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_number_is_called_once),
        cmocka_unit_test(test_every_piece_is_done_once),
        cmocka_unit_test(test_edges_are_the_same),
        cmocka_unit_test(test_png_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
