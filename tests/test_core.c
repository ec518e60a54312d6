/* SPDX-License-Identifier: MIT */
/* Tests of borders, escaping, memory accounting, configuration, parallel loops and first errors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/band.h"
#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "oracle.h"

/* ---- borders ---- */

static void borders_fold_indices(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 9; n++)
        for (int border = EG_BORDER_REPLICATE; border <= EG_BORDER_CONSTANT; border++)
            for (ptrdiff_t i = -70; i <= 70; i++)
                assert_int_equal(eg_border_index(i, n, (eg_border)border),
                                 oracle_border(i, n, (eg_border)border));
}

static void rows_are_padded_by_the_border_rule(void **state)
{
    (void)state;
    enum { PAD = EG_BAND_PAD };
    for (size_t n = 1; n <= 9; n++) {
        for (int border = EG_BORDER_REPLICATE; border <= EG_BORDER_CONSTANT; border++) {
            uint8_t bytes[9 + 2 * PAD];
            float floats[9 + 2 * PAD];
            for (size_t i = 0; i < n; i++)
                floats[PAD + i] = bytes[PAD + i] = (uint8_t)(10 * i + 7);
            eg_pad_row(bytes + PAD, EG_U8, n, PAD, EG_BOTH_SIDES, (eg_border)border, 99);
            eg_pad_row(floats + PAD, EG_F32, n, PAD, EG_LEFT, (eg_border)border, 99);
            eg_pad_row(floats + PAD, EG_F32, n, PAD, EG_RIGHT, (eg_border)border, 99);
            for (ptrdiff_t i = -PAD; i < (ptrdiff_t)n + PAD; i++) {
                ptrdiff_t from = oracle_border(i, n, (eg_border)border);
                int want = from < 0 ? 99 : (int)(10 * from + 7);
                assert_int_equal(bytes[PAD + i], want);
                assert_true(floats[PAD + i] == (float)want);
            }
        }
    }
}

/* ---- escaping ---- */

static void text_is_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text, *escaped;
    } cases[] = {
        {"", ""},
        {"plain text ~", "plain text ~"},
        {"a\nb\tc\rd\033e", "a\\nb\\tc\\rd\\ee"},
        {"\x01\x1F\x7F", "\\x01\\x1F\\x7F"},
        {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
        {"\xFF\xFE\x80", "\\xFF\\xFE\\x80"},                   /* bytes that start no sequence */
        {"\xC3(\xE2\x82", "\\xC3(\\xE2\\x82"},                 /* truncated sequences */
        {"\xC0\x8A\xE0\x80\x8A", "\\xC0\\x8A\\xE0\\x80\\x8A"}, /* overlong line feeds */
        {"\xC1\xBF\xF0\x8F\xBF\xBF", "\\xC1\\xBF\\xF0\\x8F\\xBF\\xBF"},
        {"\xED\xA0\x80", "\\xED\\xA0\\x80"},          /* a surrogate */
        {"\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"}, /* past U+10FFFF */
        {"\xF5\x80\x80\x80", "\\xF5\\x80\\x80\\x80"},
        {"\xC2\x9B"
         "2J",
         "\\xC2\\x9B"
         "2J"}, /* CSI as one C1 control */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[128];
        eg_escape(out, sizeof out, cases[i].text);
        assert_string_equal(out, cases[i].escaped);
    }
}

/* Checks for every buffer size that the result fits, is a prefix of the full text and ends between
 * two characters. */
static void escaped_text_is_cut_to_fit(void **state)
{
    (void)state;
    static const char text[] = "a\n\xC3\xA9\x01\xE2\x82\xAC\xFFz";
    static const size_t ends[] = {0, 1, 3, 5, 9, 12, 16, 17};
    char whole[64];
    eg_escape(whole, sizeof whole, text);
    assert_int_equal(strlen(whole), ends[COUNT(ends) - 1]);
    for (size_t size = 0; size < 24; size++) {
        char out[32];
        memset(out, '#', sizeof out);
        eg_escape(out, size, text);
        for (size_t i = size; i < sizeof out; i++)
            assert_int_equal(out[i], '#');
        size_t want = 0;
        for (size_t k = 0; k < COUNT(ends); k++)
            want = ends[k] < size ? ends[k] : want;
        if (size == 0)
            continue;
        assert_int_equal(strlen(out), want);
        assert_memory_equal(out, whole, want);
    }
}

static void the_first_failure_is_kept(void **state)
{
    (void)state;
    char path[600];
    eg_error error = {0};
    memset(path, 'x', sizeof path);
    path[0] = '\n';
    path[sizeof path - 1] = '\0';
    assert_int_equal(eg_fail_file(&error, EG_FILE, path, "row %d", 7), EG_FILE);
    assert_int_equal(eg_fail(&error, EG_USAGE, "later"), EG_USAGE);
    assert_int_equal(eg_fail(NULL, EG_LIMIT_EXCEEDED, "nobody listens"), EG_LIMIT_EXCEEDED);
    assert_int_equal(error.status, EG_FILE);
    assert_memory_equal(error.message, "\\nxxx", 5);
    assert_non_null(strstr(error.message, "x: row 7"));
}

/* ---- memory ---- */

static void memory_is_accounted(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    unsigned char *a = eg_alloc(ctx, 1000, 3, &error);
    size_t used = atomic_load(&ctx->used);
    unsigned char *b = eg_calloc(ctx, 77, 1, &error);
    assert_true(a && b && used >= 3000 && atomic_load(&ctx->used) >= used + 77);
    assert_int_equal((uintptr_t)a % 64, 0);
    assert_int_equal((uintptr_t)b % 64, 0);
    for (size_t i = 0; i < 77; i++)
        assert_int_equal(b[i], 0);
    size_t most = atomic_load(&ctx->used);
    eg_free(b);
    assert_int_equal(atomic_load(&ctx->used), used);
    eg_free(a);
    eg_free(NULL);
    assert_int_equal(atomic_load(&ctx->used), 0);
    assert_int_equal(eg_memory_peak(ctx), most);
    eg_context_free(ctx);
}

/* Returns how many bytes of a block are in memory. */
static size_t resident_bytes(const void *block, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)block / page * page;
    const size_t pages = ((uintptr_t)block + size - first + page - 1) / page;
    unsigned char *in_memory = calloc(pages, 1);
    size_t count = 0;
    assert_non_null(in_memory);
    assert_int_equal(mincore((char *)first, pages * page, in_memory), 0);
    for (size_t i = 0; i < pages; i++)
        count += in_memory[i] & 1;
    free(in_memory);
    return count * page;
}

/* A header that promises gigapixels must cost nothing before their data arrives. */
static void memory_is_committed_when_it_is_used(void **state)
{
    (void)state;
    if (SANITIZED)
        skip();
    const size_t size = (size_t)256 << 20;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int zeroed = 0; zeroed < 2; zeroed++) {
        eg_error error = {0};
        unsigned char *block =
            zeroed ? eg_calloc(ctx, size, 1, &error) : eg_alloc(ctx, size, 1, &error);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 64, 0);
        assert_true(resident_bytes(block, size) < 64 << 10);
        block[size / 2] = 1;
        assert_true(resident_bytes(block, size) < 4 << 20);
        assert_true(!zeroed || (block[size - 1] == 0 && block[size / 2 - 1] == 0));
        eg_free(block);
    }
    assert_int_equal(atomic_load(&ctx->used), 0);
    eg_context_free(ctx);
}

static void memory_is_limited(void **state)
{
    (void)state;
    static const size_t requests[][2] = {{1, 1 << 20},         {1 << 20, 1},
                                         {SIZE_MAX, 1},        {SIZE_MAX - 64, 1},
                                         {SIZE_MAX / 2, 2},    {SIZE_MAX / 2, 3},
                                         {SIZE_MAX, SIZE_MAX}, {1, SIZE_MAX - 127},
                                         {1, SIZE_MAX - 191},  {(size_t)1 << 32, (size_t)1 << 32}};
    eg_context *ctx;
    eg_config config;
    eg_config_default(&config);
    config.max_memory = 1 << 20;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    void *held = eg_alloc(ctx, 1, 1000, NULL);
    size_t used = atomic_load(&ctx->used);
    for (size_t i = 0; i < COUNT(requests); i++) {
        eg_error error = {0};
        assert_null(eg_alloc(ctx, requests[i][0], requests[i][1], &error));
        assert_int_equal(error.status, EG_LIMIT_EXCEEDED);
        assert_int_equal(atomic_load(&ctx->used), used);
    }
    void *rest = eg_alloc(ctx, 1, (1 << 20) - used - 64, NULL); /* all remaining memory */
    assert_non_null(rest);
    assert_null(eg_alloc(ctx, 1, 1, NULL));
    eg_free(rest);
    eg_free(held);
    eg_context_free(ctx);
}

/* A context without limits still refuses what a process cannot have, and sizes whose products
 * exceed size_t. */
static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    static const size_t requests[][2] = {{SIZE_MAX, 1},
                                         {SIZE_MAX / 2 + 2, 2},
                                         {(size_t)1 << 32, (size_t)1 << 32},
                                         {1, SIZE_MAX - 4096}};
    eg_context *ctx;
    eg_config config;
    eg_error error = {0};
    eg_grid grid;
    eg_config_default(&config);
    config.max_memory = config.max_side = SIZE_MAX;
    config.max_pixels = UINT64_MAX;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    for (size_t i = 0; i < COUNT(requests); i++) {
        error = (eg_error){0};
        assert_null(eg_alloc(ctx, requests[i][0], requests[i][1], &error));
        assert_int_equal(error.status, EG_LIMIT_EXCEEDED);
        assert_int_equal(atomic_load(&ctx->used), 0);
    }
    for (int shift = 58; shift < 64; shift++)
        assert_int_equal(eg_grid_new(&grid, ctx, (size_t)1 << shift, 1, EG_F64, NULL),
                         EG_LIMIT_EXCEEDED);
    eg_context_free(ctx);
}

/* An eg_rows_callback that is not called. */
static eg_status no_rows(void *opaque, const eg_grid *rows, eg_error *error)
{
    (void)opaque, (void)rows, (void)error;
    return EG_FILE;
}

static void grids_of_unknown_samples_are_refused(void **state)
{
    (void)state;
    static const int samples[] = {-1, EG_RGB + 1, 1000000};
    static char data[64];
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(samples); i++) {
        const eg_grid grid = {data, 1, 1, sizeof data, (eg_sample)samples[i], 1};
        eg_source *source = NULL;
        assert_int_equal(eg_source_grid(&source, ctx, &grid, NULL), EG_USAGE);
        assert_null(source);
        assert_int_equal(eg_source_pull(&source, ctx, &grid, no_rows, NULL, NULL), EG_USAGE);
        assert_null(source);
    }
    const eg_grid wide = {data, SIZE_MAX / 8 + 1, 1, sizeof data, EG_F64, 1};
    eg_source *source = NULL;
    assert_int_equal(eg_source_grid(&source, ctx, &wide, NULL), EG_USAGE);
    eg_context_free(ctx);
}

/* ---- configuration ---- */

static void wrong_settings_are_refused(void **state)
{
    (void)state;
    eg_config good;
    eg_config_default(&good);
    eg_config wrong[9];
    for (size_t i = 0; i < COUNT(wrong); i++)
        wrong[i] = good;
    wrong[0].threads = -1;
    wrong[1].threads = 1000000;
    wrong[2].max_memory = 0;
    wrong[3].max_side = 0;
    wrong[4].max_pixels = 0;
    wrong[5].max_chunk = 0;
    wrong[6].max_scans = 0;
    wrong[7].max_scans = -3;
    wrong[8].cpu = "z80";
    for (size_t i = 0; i < COUNT(wrong); i++) {
        eg_error error = {0};
        eg_context *ctx = (eg_context *)(void *)&error;
        assert_int_equal(eg_context_new(&ctx, &wrong[i], &error), EG_USAGE);
        assert_int_equal(error.status, EG_USAGE);
        assert_true(error.message[0] != '\0');
        assert_null(ctx);
    }
    eg_context *ctx;
    assert_int_equal(eg_context_new(&ctx, NULL, NULL), EG_OK);
    assert_true(ctx->config.threads >= 1);
    eg_context_free(ctx);
    eg_context_free(NULL);
}

static void grids_keep_to_the_limits(void **state)
{
    (void)state;
    static const struct {
        size_t width, height;
        eg_status status;
    } cases[] = {{0, 5, EG_BAD_INPUT},
                 {5, 0, EG_BAD_INPUT},
                 {101, 1, EG_LIMIT_EXCEEDED},
                 {1, 101, EG_LIMIT_EXCEEDED},
                 {60, 51, EG_LIMIT_EXCEEDED},
                 {60, 50, EG_OK},
                 {100, 30, EG_OK}};
    eg_context *ctx;
    eg_config config;
    eg_config_default(&config);
    config.max_side = 100;
    config.max_pixels = 3000;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_grid grid;
        assert_int_equal(eg_grid_new(&grid, ctx, cases[i].width, cases[i].height, EG_U8, NULL),
                         cases[i].status);
        assert_int_equal(grid.data != NULL, cases[i].status == EG_OK);
        eg_grid_free(&grid);
        eg_grid_free(&grid);
    }
    eg_context_free(ctx);
}

/* ---- in parallel ---- */

typedef struct tally {
    atomic_int calls[500];
    size_t fails_from; /* first index that fails */
} tally;

static eg_status count_call(void *opaque, size_t i, eg_error *error)
{
    tally *t = opaque;
    atomic_fetch_add(&t->calls[i], 1);
    if (i >= t->fails_from)
        return eg_fail(error, EG_BAD_INPUT, "item %zu", i);
    return EG_OK;
}

static void every_index_is_called_once(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 7, 500};
    for (int threads = 1; threads <= 5; threads++) {
        eg_context *ctx = test_context(threads, 0, NULL);
        for (size_t k = 0; k < COUNT(counts); k++) {
            static tally t;
            memset(&t, 0, sizeof t);
            t.fails_from = SIZE_MAX;
            assert_int_equal(eg_parallel_for(ctx, counts[k], SIZE_MAX, &t, count_call, NULL),
                             EG_OK);
            for (size_t i = 0; i < COUNT(t.calls); i++)
                assert_int_equal(atomic_load(&t.calls[i]), i < counts[k]);
        }
        eg_context_free(ctx);
    }
}

static void the_first_index_that_fails_is_reported(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 5; threads++) {
        eg_context *ctx = test_context(threads, 0, NULL);
        for (size_t from = 0; from < 500; from += 37) {
            static tally t;
            char want[32];
            eg_error error = {0};
            memset(&t, 0, sizeof t);
            t.fails_from = from;
            assert_int_equal(eg_parallel_for(ctx, 500, SIZE_MAX, &t, count_call, &error),
                             EG_BAD_INPUT);
            snprintf(want, sizeof want, "item %zu", from);
            assert_string_equal(error.message, want);
        }
        eg_context_free(ctx);
    }
}

/* Runs a gradient from a source to memory. */
static eg_status gradient_once(eg_context *ctx, eg_source *source, eg_error *error)
{
    eg_sink *sink = NULL;
    eg_grid out = {0};
    eg_gradient_options options;
    eg_gradient_default(&options);
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
    eg_status status = eg_gradient(source, sink, &options, error);
    eg_sink_close(sink);
    eg_grid_free(&out);
    return status;
}

/* Decoders cannot go back: a second operation is refused, not called damage of the file. */
static void test_a_file_is_read_once(void **state)
{
    (void)state;
    static const char *const files[] = {"testdata/coffee.jpg",     "testdata/small/progressive.jpg",
                                        "testdata/scene.png",      "testdata/hills.tif",
                                        "testdata/small/grey.pgm", "testdata/small/grey.asc"};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(files); i++) {
        eg_source *source = NULL;
        eg_error error = {0};
        assert_int_equal(eg_source_open(&source, ctx, files[i], NULL, &error), EG_OK);
        assert_int_equal(gradient_once(ctx, source, &error), EG_OK);
        assert_int_equal(gradient_once(ctx, source, &error), EG_USAGE);
        assert_non_null(strstr(error.message, "open it again to read row 0"));
        eg_source_close(source);
    }
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(borders_fold_indices),
        cmocka_unit_test(rows_are_padded_by_the_border_rule),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(escaped_text_is_cut_to_fit),
        cmocka_unit_test(the_first_failure_is_kept),
        cmocka_unit_test(memory_is_accounted),
        cmocka_unit_test(memory_is_committed_when_it_is_used),
        cmocka_unit_test(memory_is_limited),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(grids_of_unknown_samples_are_refused),
        cmocka_unit_test(wrong_settings_are_refused),
        cmocka_unit_test(grids_keep_to_the_limits),
        cmocka_unit_test(every_index_is_called_once),
        cmocka_unit_test(the_first_index_that_fails_is_reported),
        cmocka_unit_test(test_a_file_is_read_once),
    };
    return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
