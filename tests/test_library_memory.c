/* SPDX-License-Identifier: MIT */
/*
 * Libraries that end or crash the process without memory: FLINT for exact numbers, cairo for plots.
 * Memory runs out by max_memory, by failing allocations of the library, and by RLIMIT_AS of a child
 * process. Whatever happens, the result is right or an error.
 */
#include "files.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/context.h"

/* ---- the arena ---- */

static void test_arena(void **state)
{
    enum { BLOCKS = 200, BYTES = 1 << 20 };
    static _Alignas(64) char pages[BYTES];
    static unsigned char *blocks[BLOCKS];
    static size_t sizes[BLOCKS];
    eg_arena arena = {.next = pages, .left = sizeof pages};
    unsigned seed = 1;
    (void)state;
    for (int step = 0; step < 20000; step++) {
        seed = seed * 1103515245 + 12345;
        size_t i = (seed >> 8) % BLOCKS, size = (seed >> 16) % 700, align = (size_t)1 << (seed % 8);
        if (blocks[i]) {
            assert_int_equal(eg_arena_size(blocks[i]), sizes[i]);
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(blocks[i][k], i);
            eg_arena_give(&arena, blocks[i]);
        }
        blocks[i] = eg_arena_take(&arena, sizes[i] = size, align);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % align, 0);
        memset(blocks[i], (int)i, size);
    }
    assert_null(eg_arena_take(&arena, BYTES, 1));
    assert_null(eg_arena_take(&arena, SIZE_MAX - 8, 1));
}

/* ---- exact numbers ---- */

/* Computes 300 digits of exp(x) gamma(x) at 1/3, its derivative and the sign of an identity. */
static eg_status compute_digits(eg_context *ctx, eg_decimal out[2], eg_real_sign *sign,
                                eg_error *error)
{
    eg_reals *reals = NULL;
    eg_expr *expr = NULL, *zero = NULL;
    eg_real point, value, slope, nothing = EG_REAL_NONE;
    eg_status status = eg_expr_parse(&expr, ctx, "exp(x)*gamma(x)", NULL, NULL, error);
    if (status == EG_OK)
        status = eg_expr_parse(&zero, ctx, "sin(x)^2 + cos(x)^2 - 1", NULL, NULL, error);
    if (status == EG_OK)
        status = eg_reals_new(&reals, ctx, NULL, error);
    if (status == EG_OK) {
        point = eg_real_apply(reals, EG_REAL_DIVIDE, eg_real_integer(reals, 1),
                              eg_real_integer(reals, 3));
        status = eg_reals_derive(reals, expr, &point, &value, &slope, NULL, error);
    }
    if (status == EG_OK)
        status = eg_real_decimal(reals, value, 300, &out[0], error);
    if (status == EG_OK)
        status = eg_real_decimal(reals, slope, 300, &out[1], error);
    if (status == EG_OK)
        status = eg_reals_derive(reals, zero, &point, &nothing, NULL, NULL, error);
    if (status == EG_OK)
        *sign = eg_real_sign_of(reals, nothing);
    if (status == EG_OK)
        status = eg_reals_status(reals, error);
    eg_reals_free(reals);
    eg_expr_free(expr);
    eg_expr_free(zero);
    return status;
}

/* Fails unless the numbers are right or `status` is one of two errors. */
static void assert_right_or(eg_status status, eg_status one, eg_status other, const eg_error *error,
                            const eg_decimal found[2], eg_real_sign sign, const eg_decimal right[2])
{
    if (status == EG_OK) {
        for (int i = 0; i < 2; i++)
            assert_string_equal(found[i].text, right[i].text);
        assert_int_equal(sign, EG_SIGN_ZERO);
    } else if ((status != one && status != other) || error->status != status ||
               !error->message[0]) {
        fail_msg("status %d '%s'", (int)status, error->message);
    }
}

static void right_digits(eg_decimal right[2])
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_real_sign sign;
    assert_int_equal(compute_digits(ctx, right, &sign, NULL), EG_OK);
    close_context(ctx);
}

static void test_digits_without_allocations(void **state)
{
    eg_decimal right[2], found[2];
    bool complete = false;
    (void)state;
    right_digits(right);
    for (long k = 0; !complete; k++) {
        eg_context *ctx = test_context(1, 0, NULL);
        eg_error error = {0};
        eg_real_sign sign = EG_SIGN_UNKNOWN;
        atomic_store(&ctx->fail_after, k);
        eg_status status = compute_digits(ctx, found, &sign, &error);
        complete = atomic_load(&ctx->fail_after) >= 0;
        assert_int_equal(status == EG_OK, complete);
        assert_right_or(status, EG_NO_MEMORY, EG_NO_MEMORY, &error, found, sign, right);
        close_context(ctx);
    }
}

static void test_digits_within_a_limit(void **state)
{
    eg_decimal right[2], found[2];
    int refused = 0;
    (void)state;
    right_digits(right);
    for (size_t limit = 1000; limit < 4 << 20; limit += limit / 4) {
        eg_context *ctx;
        eg_config config;
        eg_error error = {0};
        eg_real_sign sign = EG_SIGN_UNKNOWN;
        eg_config_default(&config);
        config.max_memory = limit;
        assert_int_equal(eg_context_new(&ctx, &config, &error), EG_OK);
        eg_status status = compute_digits(ctx, found, &sign, &error);
        refused += status != EG_OK;
        assert_right_or(status, EG_LIMIT_EXCEEDED, EG_NO_MEMORY, &error, found, sign, right);
        close_context(ctx);
    }
    assert_in_range(refused, 3, 36);
}

/* ---- processes with little memory ---- */

/* Returns the bytes of the address space in use. */
static size_t address_space(void)
{
    unsigned long pages = 0;
    FILE *in = fopen("/proc/self/statm", "r");
    assert_non_null(in);
    assert_int_equal(fscanf(in, "%lu", &pages), 1);
    fclose(in);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Runs a function in a child that may have `more` bytes of memory. Returns what it returns; fails
 * the test if it crashes. */
static int run_with(size_t more, int (*function)(void *opaque), void *opaque)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const size_t all = address_space() + more;
        const struct rlimit limit = {all, all};
        setrlimit(RLIMIT_AS, &limit);
        alarm(20);
        _exit(function(opaque));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status))
        fail_msg("with %zu bytes: signal %d", more, WTERMSIG(status));
    return WEXITSTATUS(status);
}

enum { RIGHT, WRONG = 90, NO_MEMORY, OTHER };

static int digits_in_child(void *opaque)
{
    const eg_decimal *right = opaque;
    eg_context *ctx;
    eg_decimal found[2];
    eg_error error = {0};
    eg_real_sign sign;
    eg_status status = eg_context_new(&ctx, NULL, &error);
    if (status == EG_OK)
        status = compute_digits(ctx, found, &sign, &error);
    if (status != EG_OK)
        return status == EG_NO_MEMORY ? NO_MEMORY : OTHER;
    return strcmp(found[0].text, right[0].text) == 0 && strcmp(found[1].text, right[1].text) == 0
               ? RIGHT
               : WRONG;
}

static void test_digits_with_little_memory(void **state)
{
    eg_decimal right[2];
    (void)state;
    if (SANITIZED)
        skip();
    right_digits(right); /* the children have FLINT and its constants already */
    for (size_t more = 0; more < 4 << 20; more += 160 << 10) {
        int code = run_with(more, digits_in_child, right);
        assert_true(code == RIGHT || code == NO_MEMORY);
    }
}

/* ---- plots ---- */

typedef struct picture {
    unsigned char *bytes;
    size_t size;
} picture;

/* Draws a plot with a path and texts as SVG. */
static eg_status draw(eg_context *ctx, picture *out, eg_error *error)
{
    eg_plot *plot = NULL;
    eg_plot_options o;
    const void *bytes;
    static const double path[] = {0.1, 0.1, 0.9, 0.1, 0.5, 0.9};
    eg_plot_default(&o);
    o.width = o.height = 200;
    o.title = "title";
    *out = (picture){NULL, 0};
    eg_status status = eg_plot_new(&plot, ctx, &o, error);
    if (status == EG_OK)
        status = eg_plot_path(plot, EG_PLOT_LINE, path, 3, error);
    if (status == EG_OK)
        status = eg_plot_mark(plot, EG_PLOT_POINT, 0.5, 0.5, "label", error);
    if (status == EG_OK)
        status = eg_plot_render(plot, "png", &bytes, &out->size, error);
    if (status == EG_OK) {
        out->bytes = malloc(out->size);
        if (out->bytes)
            memcpy(out->bytes, bytes, out->size);
    }
    eg_plot_free(plot);
    return status;
}

/* Draws the right picture; skips the test if this build has no cairo. */
static picture right_picture(eg_context *ctx)
{
    picture right;
    eg_error error = {0};
    eg_status status = draw(ctx, &right, &error);
    if (status == EG_UNSUPPORTED) {
        close_context(ctx);
        skip();
    }
    if (status != EG_OK)
        fail_msg("%s", error.message);
    return right;
}

static bool equal(const picture *a, const picture *b)
{
    return a->bytes && a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

static int draw_in_child(void *opaque)
{
    const picture *right = opaque;
    eg_context *ctx;
    picture found = {NULL, 0};
    eg_error error = {0};
    eg_status status = eg_context_new(&ctx, NULL, &error);
    if (status == EG_OK)
        status = draw(ctx, &found, &error);
    if (status != EG_OK)
        return status == EG_NO_MEMORY ? NO_MEMORY : OTHER;
    return equal(&found, right) ? RIGHT : WRONG;
}

static void test_plot_with_little_memory(void **state)
{
    static const size_t kilobytes[] = {0,     100,   500,   2000,  8000,  12000,
                                       14000, 17000, 20000, 26000, 100000};
    eg_context *ctx = test_context(1, 0, NULL);
    int codes[COUNT(kilobytes)] = {0};
    (void)state;
    picture right = right_picture(ctx);
    for (size_t i = 0; i < COUNT(kilobytes) && !SANITIZED; i++) {
        codes[i] = run_with(kilobytes[i] << 10, draw_in_child, &right);
        if (codes[i] != RIGHT && codes[i] != NO_MEMORY)
            fail_msg("%zu KB: %d", kilobytes[i], codes[i]);
        assert_true(i > 0 || codes[i] == NO_MEMORY);
    }
    assert_true(SANITIZED || codes[COUNT(kilobytes) - 1] == RIGHT);
    free(right.bytes);
    close_context(ctx);
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
    (void)number;
    signals++;
}

/* Returns the only child process; 0 if there is none. */
static pid_t child_process(void)
{
    int child = 0;
    FILE *in = fopen("/proc/thread-self/children", "r");
    if (in) {
        (void)!fscanf(in, "%d", &child);
        fclose(in);
    }
    return child;
}

static void test_process_is_private(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    const struct sigaction action = {.sa_handler = count_signal};
    struct sigaction before;
    eg_plot *plot = NULL;
    eg_plot_options o;
    eg_plot_default(&o);
    (void)state;
    picture right = right_picture(ctx), found;
    sigaction(SIGCHLD, &action, &before);
    assert_int_equal(eg_plot_new(&plot, ctx, &o, NULL), EG_OK);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    int next = dup(0);
    assert_int_equal(draw(ctx, &found, NULL), EG_OK);
    assert_true(equal(&found, &right));
    eg_plot_free(plot);
    assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
    assert_int_equal(signals, 0);
    sigaction(SIGCHLD, &before, NULL);
    close(next);
    free(found.bytes);
    free(right.bytes);
    close_context(ctx);
}

static void test_process_is_killed(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    eg_plot *plot = NULL;
    eg_plot_options o;
    const void *bytes;
    size_t size;
    eg_plot_default(&o);
    (void)state;
    picture right = right_picture(ctx);
    assert_int_equal(eg_plot_new(&plot, ctx, &o, &error), EG_OK);
    pid_t child = child_process();
    if (child > 0) { /* the kernel may not tell the children */
        kill(child, SIGKILL);
        eg_status status = eg_plot_render(plot, "png", &bytes, &size, &error);
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        assert_true(status == EG_OK || error.message[0]);
        assert_int_equal(eg_plot_render(plot, "png", &bytes, &size, NULL), EG_OK);
    }
    eg_plot_free(plot);
    free(right.bytes);
    close_context(ctx);
}

static void test_plot_without_descriptors(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    struct rlimit before;
    picture right = right_picture(ctx), found;
    (void)state;
    int free_fd = dup(0);
    close(free_fd);
    getrlimit(RLIMIT_NOFILE, &before);
    for (int more = 0; more < 4; more++) {
        const struct rlimit few = {(rlim_t)(free_fd + more), before.rlim_max};
        setrlimit(RLIMIT_NOFILE, &few);
        error = (eg_error){0};
        eg_status status = draw(ctx, &found, &error);
        setrlimit(RLIMIT_NOFILE, &before);
        if (status == EG_OK)
            assert_true(equal(&found, &right));
        else
            assert_int_equal(status, EG_FILE);
        free(found.bytes);
    }
    free(right.bytes);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_digits_without_allocations),
        cmocka_unit_test(test_digits_within_a_limit),
        cmocka_unit_test(test_digits_with_little_memory),
        cmocka_unit_test(test_plot_with_little_memory),
        cmocka_unit_test(test_process_is_private),
        cmocka_unit_test(test_process_is_killed),
        cmocka_unit_test(test_plot_without_descriptors),
    };
    return cmocka_run_group_tests_name("library memory", tests, NULL, NULL);
}
