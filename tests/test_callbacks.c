/* SPDX-License-Identifier: MIT */
/* Tests of pull sources and push sinks, of files written by several operations, and of deferred
 * commits. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

/* A grid that is read or written by callbacks. */
typedef struct hand {
    const eg_grid *grid;
    size_t next, most; /* next row; largest number of rows in a call */
    eg_status answer;
} hand;

static eg_status give(void *opaque, const eg_grid *rows, eg_error *error)
{
    hand *h = opaque;
    const size_t bytes = eg_row_bytes(rows->sample, rows->width);
    assert_true(rows->sample == h->grid->sample && rows->width == h->grid->width);
    for (size_t y = 0; y < rows->height; y++, h->next++)
        memcpy((char *)rows->data + y * rows->stride,
               (const char *)h->grid->data + h->next * h->grid->stride, bytes);
    h->most = rows->height > h->most ? rows->height : h->most;
    if (h->answer != EG_OK)
        snprintf(error->message, sizeof error->message, "no more");
    error->status = h->answer;
    return h->answer;
}

static eg_status take(void *opaque, const eg_grid *rows, eg_error *error)
{
    hand *h = opaque;
    const size_t bytes = eg_row_bytes(rows->sample, rows->width);
    assert_true(rows->sample == h->grid->sample && rows->width == h->grid->width);
    for (size_t y = 0; y < rows->height; y++, h->next++)
        assert_memory_equal((const char *)rows->data + y * rows->stride,
                            (const char *)h->grid->data + h->next * h->grid->stride, bytes);
    error->status = h->answer;
    return h->answer;
}

static eg_source *pull_of(eg_context *ctx, const eg_grid *grid, hand *h)
{
    eg_source *source;
    assert_int_equal(eg_source_pull(&source, ctx, grid, give, h, NULL), EG_OK);
    return source;
}

static void callbacks_produce_and_consume_rows(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        eg_context *ctx = test_context(threads, 7, NULL);
        eg_grid in, expected;
        eg_gradient_options o;
        eg_error error = {0};
        eg_sink *sink;
        eg_gradient_default(&o);
        noise_grid(&in, ctx, 90, 61, EG_U8, 1, 1);
        gradient_of(&expected, ctx, &in, &o);
        hand from = {.grid = &in}, to = {.grid = &expected};
        eg_source *source = pull_of(ctx, &in, &from);
        assert_int_equal(eg_sink_push(&sink, ctx, 1u << EG_F32, take, &to, NULL), EG_OK);
        assert_int_equal(eg_sink_samples(sink), 1u << EG_F32);
        assert_int_equal(eg_gradient(source, sink, &o, &error), EG_OK);
        assert_true(from.next == 61 && to.next == 61 && from.most < 61);
        eg_sink_close(sink);
        eg_source_close(source);
        eg_grid_free(&expected);
        eg_grid_free(&in);
        close_context(ctx);
    }
}

static void a_failed_call_ends_the_operation(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        eg_context *ctx = test_context(2, 7, NULL);
        eg_grid in, expected;
        eg_gradient_options o;
        eg_error error = {0};
        eg_sink *sink;
        eg_gradient_default(&o);
        noise_grid(&in, ctx, 90, 61, EG_U8, 1, 1);
        gradient_of(&expected, ctx, &in, &o);
        hand from = {.grid = &in, .answer = who ? EG_OK : EG_BAD_INPUT};
        hand to = {.grid = &expected, .answer = who ? EG_FILE : EG_OK};
        eg_source *source = pull_of(ctx, &in, &from);
        assert_int_equal(eg_sink_push(&sink, ctx, 1u << EG_F32, take, &to, NULL), EG_OK);
        assert_int_equal(eg_gradient(source, sink, &o, &error), who ? EG_FILE : EG_BAD_INPUT);
        eg_sink_close(sink);
        eg_source_close(source);
        eg_grid_free(&expected);
        eg_grid_free(&in);
        close_context(ctx);
    }
}

/* ---- several operations, one file ---- */

static eg_grid rows_from(const eg_grid *grid, size_t first, size_t count)
{
    eg_grid rows = *grid;
    rows.data = (char *)grid->data + first * grid->stride;
    rows.height = count;
    return rows;
}

/* Writes the gradient of the first rows, then appends the rest of `whole` in two windows. */
static void write_in_pieces(eg_context *ctx, const eg_grid *in, const eg_grid *whole, size_t cut,
                            eg_sink *sink, int depth)
{
    eg_gradient_options o;
    eg_error error = {0};
    eg_source *source;
    eg_gradient_default(&o);
    o.depth = depth;
    assert_int_equal(eg_source_grid(&source, ctx, in, NULL), EG_OK);
    assert_int_equal(eg_source_rows(source, 0, cut, NULL), EG_OK);
    assert_int_equal(eg_sink_set_total_rows(sink, source, NULL), EG_OK);
    if (eg_gradient(source, sink, &o, &error) != EG_OK)
        fail_msg("%s", error.message);
    for (size_t y = cut, count; y < in->height; y += count) {
        count = (in->height - cut + 1) / 2;
        if (count > in->height - y)
            count = in->height - y;
        eg_grid rest = rows_from(whole, y, count);
        hand h = {.grid = &rest};
        eg_source *more = pull_of(ctx, &rest, &h);
        if (eg_sink_append(sink, more, &error) != EG_OK)
            fail_msg("%s", error.message);
        eg_source_close(more);
    }
    eg_source_close(source);
}

static void any_format_is_written_in_windows(void **state)
{
    (void)state;
    static const char *const names[] = {"p.png", "p.pgm", "p.tif", "p.pam", "p.asc", "p.pfm"};
    static const size_t cuts[] = {1, 40, 110, 120};
    for (size_t i = 0; i < COUNT(names) * COUNT(cuts); i++) {
        eg_context *ctx = test_context(1 + (int)i % 2, i % 3 * 5, NULL);
        const char *path = scratch(names[i / COUNT(cuts)]);
        const int depth = strstr(path, "pfm") ? 32 : 8;
        eg_grid in, whole, back;
        eg_gradient_options o;
        eg_read_options read;
        eg_sink *sink;
        eg_gradient_default(&o);
        eg_read_default(&read);
        o.depth = depth;
        noise_grid(&in, ctx, 301, 120, EG_U8, 1, 1);
        gradient_of(&whole, ctx, &in, &o);
        assert_int_equal(eg_sink_open(&sink, ctx, path, NULL, NULL), EG_OK);
        write_in_pieces(ctx, &in, &whole, cuts[i % COUNT(cuts)], sink, depth);
        eg_sink_close(sink);
        load_grid(&back, ctx, path, &read);
        assert_true(largest_difference(&back, &whole) == 0);
        eg_grid_free(&back);
        eg_grid_free(&whole);
        eg_grid_free(&in);
        close_context(ctx);
    }
}

static void a_grid_is_written_in_windows(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 5, NULL);
    eg_grid in, whole, out = {0};
    eg_gradient_options o;
    eg_sink *sink;
    eg_gradient_default(&o);
    noise_grid(&in, ctx, 301, 120, EG_U8, 1, 1);
    gradient_of(&whole, ctx, &in, &o);
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
    write_in_pieces(ctx, &in, &whole, 33, sink, 32);
    assert_grids_equal(&out, &whole);
    eg_sink_close(sink);
    eg_grid_free(&out);
    eg_grid_free(&whole);
    eg_grid_free(&in);
    close_context(ctx);
}

static void rows_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, other;
    eg_gradient_options o;
    eg_sink *sink;
    eg_source *source, *late;
    eg_gradient_default(&o);
    o.depth = 8;
    noise_grid(&in, ctx, 30, 20, EG_U8, 1, 1);
    noise_grid(&other, ctx, 30, 20, EG_F32, 1, 1);
    const eg_grid narrow = {in.data, 29, 5, in.stride, EG_U8, 255};
    const eg_grid tall = rows_from(&in, 0, 16), floats = rows_from(&other, 0, 5);
    const eg_grid *const wrong[] = {&narrow, &tall, &floats};
    assert_int_equal(eg_sink_open(&sink, ctx, scratch("part.png"), NULL, NULL), EG_OK);
    assert_int_equal(eg_source_grid(&late, ctx, &in, NULL), EG_OK);
    assert_int_equal(eg_sink_append(sink, late, NULL), EG_USAGE); /* the sink has not begun */
    assert_int_equal(eg_source_rows(late, 5, 5, NULL), EG_OK);
    assert_int_equal(eg_sink_set_total_rows(sink, late, NULL), EG_USAGE); /* not the first rows */
    assert_int_equal(eg_source_grid(&source, ctx, &in, NULL), EG_OK);
    assert_int_equal(eg_source_rows(source, 0, 5, NULL), EG_OK);
    assert_int_equal(eg_sink_set_total_rows(sink, source, NULL), EG_OK);
    assert_int_equal(eg_gradient(source, sink, &o, NULL), EG_OK);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        hand h = {.grid = wrong[i]};
        eg_source *more = pull_of(ctx, wrong[i], &h);
        assert_int_equal(eg_sink_append(sink, more, NULL), EG_USAGE);
        eg_source_close(more);
    }
    eg_sink_close(sink);
    assert_int_equal(access(scratch("part.png"), F_OK), -1); /* never completed */
    eg_source_close(source);
    eg_source_close(late);
    eg_grid_free(&other);
    eg_grid_free(&in);
    close_context(ctx);
}

/* ---- deferred commits ---- */

static void a_deferred_file_appears_when_committed(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    noise_grid(&in, ctx, 30, 20, EG_U8, 1, 1);
    const size_t before = scratch_entries();
    for (int commit = 0; commit < 2; commit++) {
        eg_gradient_options o;
        eg_source *source;
        eg_sink *sink;
        const char *path = scratch("held.png");
        eg_gradient_default(&o);
        assert_int_equal(eg_source_grid(&source, ctx, &in, NULL), EG_OK);
        assert_int_equal(eg_sink_open(&sink, ctx, path, NULL, NULL), EG_OK);
        eg_sink_defer_commit(sink);
        assert_int_equal(eg_sink_commit(sink, NULL), EG_OK); /* nothing is complete yet */
        assert_int_equal(eg_gradient(source, sink, &o, NULL), EG_OK);
        assert_int_equal(access(path, F_OK), -1);
        if (commit)
            assert_int_equal(eg_sink_commit(sink, NULL), EG_OK);
        eg_sink_close(sink);
        eg_source_close(source);
        assert_int_equal(access(path, F_OK), commit ? 0 : -1);
        assert_int_equal(scratch_entries(), before + (size_t)commit);
    }
    eg_grid_free(&in);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callbacks_produce_and_consume_rows),
        cmocka_unit_test(a_failed_call_ends_the_operation),
        cmocka_unit_test(any_format_is_written_in_windows),
        cmocka_unit_test(a_grid_is_written_in_windows),
        cmocka_unit_test(rows_that_do_not_fit_are_refused),
        cmocka_unit_test(a_deferred_file_appears_when_committed),
    };
    return cmocka_run_group_tests_name("calls", tests, make_scratch, remove_scratch);
}
