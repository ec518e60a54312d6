/* SPDX-License-Identifier: MIT */
/* Tests of the read-ahead: blocks come in order, with and without a thread, and errors after the
 * bytes before them. */
#include "files.h"

#include <string.h>

#include "core/context.h"
#include "core/read_ahead.h"
#include "core/status.h"

enum { CAPACITY = 1000 };

/* Produces the bytes 0, 1, 2 ... of a stream of `total` bytes, and then fails if `fails`. */
typedef struct stream {
    size_t total, at, calls;
    bool fails;
} stream;

static eg_status produce(void *opaque, uint8_t *bytes, size_t capacity, size_t *size,
                         eg_error *error)
{
    stream *s = opaque;
    s->calls++;
    while (*size < capacity && s->at < s->total)
        bytes[(*size)++] = (uint8_t)(s->at++ * 31 >> 3);
    return s->fails && s->at == s->total ? eg_fail(error, EG_BAD_INPUT, "the end") : EG_OK;
}

static eg_read_ahead *begin(eg_context *ctx, stream *s, bool threaded)
{
    eg_read_ahead *ahead;
    eg_error error = {0};
    assert_int_equal(eg_read_ahead_new(&ahead, ctx, CAPACITY, 8, threaded, s, produce, &error),
                     EG_OK);
    return ahead;
}

static void check_stream(eg_context *ctx, size_t total, bool fails, bool threaded)
{
    stream s = {.total = total, .fails = fails};
    eg_read_ahead *ahead = begin(ctx, &s, threaded);
    eg_error error = {0};
    size_t got = 0, size = 1;
    while (size) {
        uint8_t *bytes;
        const eg_status status = eg_read_ahead_next(ahead, &bytes, &size, &error);
        assert_int_equal(status, fails && got == total ? EG_BAD_INPUT : EG_OK);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], (uint8_t)((got + i) * 31 >> 3));
        got += size;
        memset(bytes, 0, size); /* a consumer may change them */
    }
    assert_int_equal(got, total);
    assert_string_equal(error.message, fails ? "the end" : "");
    uint8_t *bytes;
    assert_int_equal(eg_read_ahead_next(ahead, &bytes, &size, &error),
                     fails ? EG_BAD_INPUT : EG_OK);
    assert_int_equal(size, 0);
    eg_read_ahead_free(ahead);
}

static void blocks_come_in_order(void **state)
{
    (void)state;
    static const size_t totals[] = {
        0, 1, CAPACITY - 1, CAPACITY, CAPACITY + 1, 20 * CAPACITY, 50 * CAPACITY + 3};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(totals); i++)
        for (int kind = 0; kind < 4; kind++)
            check_stream(ctx, totals[i], kind & 1, kind & 2);
    close_context(ctx);
}

static void the_producer_is_not_far_ahead(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (int threaded = 0; threaded < 2; threaded++) {
        stream s = {.total = 100 * CAPACITY};
        eg_read_ahead *ahead = begin(ctx, &s, threaded);
        eg_error error = {0};
        uint8_t *bytes;
        size_t size;
        for (int i = 0; i < 3; i++)
            assert_int_equal(eg_read_ahead_next(ahead, &bytes, &size, &error), EG_OK);
        eg_read_ahead_free(ahead);
        assert_in_range(s.calls, 3, threaded ? 6 : 3);
    }
    close_context(ctx);
}

static void one_that_was_not_used_is_freed(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    stream s = {.total = 1};
    eg_read_ahead_free(begin(ctx, &s, true));
    eg_read_ahead_free(NULL);
    assert_int_equal(s.calls, 0);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_come_in_order),
        cmocka_unit_test(the_producer_is_not_far_ahead),
        cmocka_unit_test(one_that_was_not_used_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
