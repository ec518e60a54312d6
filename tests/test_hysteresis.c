/* SPDX-License-Identifier: MIT */
/* Hysteresis on difficult shapes, in blocks of any height, compared with a queue of pixels. */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "edge/hysteresis.h"
#include "oracle.h"

/* Candidates and edges of an image, 0 or 1 per pixel. */
typedef struct mask {
    size_t width, height;
    uint8_t *candidate, *edge;
} mask;

static unsigned state_of_noise;

static unsigned noise(void)
{
    state_of_noise = state_of_noise * 1664525u + 1013904223u;
    return state_of_noise >> 8;
}

/* ---- shapes: return true if (x, y) is a candidate ---- */

typedef bool shape(size_t x, size_t y, size_t width, size_t height);

/* One path that runs to and fro: every second row, joined at alternating ends. */
static bool serpentine(size_t x, size_t y, size_t width, size_t height)
{
    (void)height;
    return y % 2 == 0 || x == (y % 4 == 1 ? width - 1 : 0);
}

static bool serpentine_down(size_t x, size_t y, size_t width, size_t height)
{
    return serpentine(y, x, height, width);
}

/* One path from the corner to the middle: square rings at every second distance from the border,
 * each opened and joined to the next inner one. */
static bool spiral(size_t x, size_t y, size_t width, size_t height)
{
    size_t right = width - 1 - x, down = height - 1 - y;
    size_t rim = x < right ? x : right, rim_y = y < down ? y : down;
    rim = rim < rim_y ? rim : rim_y;
    if (x == rim && y == rim + 1 && y + 1 < height)
        return rim % 2 == 1; /* opens a ring below its first corner and joins it to the next */
    return rim % 2 == 0;
}

static bool zigzag(size_t x, size_t y, size_t width, size_t height)
{
    (void)width, (void)height;
    return (x % 8 < 4 ? x % 8 : 8 - x % 8) == y % 5;
}

/* Diagonal neighbours only. */
static bool checkerboard(size_t x, size_t y, size_t width, size_t height)
{
    (void)width, (void)height;
    return (x + y) % 2 == 0;
}

static bool diagonals(size_t x, size_t y, size_t width, size_t height)
{
    (void)width, (void)height;
    return (x + 3 * height - y) % 3 == 0 || (x + y) % 61 == 0;
}

/* Teeth up from the last row: a flood from one tooth must climb all others. */
static bool comb(size_t x, size_t y, size_t width, size_t height)
{
    (void)width;
    return x % 2 == 0 || y + 1 == height;
}

static bool comb_down(size_t x, size_t y, size_t width, size_t height)
{
    (void)width, (void)height;
    return x % 2 == 0 || y == 0;
}

static bool everything(size_t x, size_t y, size_t width, size_t height)
{
    (void)x, (void)y, (void)width, (void)height;
    return true;
}

static bool nothing(size_t x, size_t y, size_t width, size_t height)
{
    return !everything(x, y, width, height);
}

static bool sparse_noise(size_t x, size_t y, size_t width, size_t height)
{
    (void)x, (void)y, (void)width, (void)height;
    return noise() % 10 < 3;
}

/* Noise near the percolation threshold of 8-connected clusters, which has the longest detours. */
static bool critical_noise(size_t x, size_t y, size_t width, size_t height)
{
    (void)x, (void)y, (void)width, (void)height;
    return noise() % 1000 < 407;
}

static bool dense_noise(size_t x, size_t y, size_t width, size_t height)
{
    (void)x, (void)y, (void)width, (void)height;
    return noise() % 10 < 8;
}

static shape *const shapes[] = {
    serpentine, serpentine_down, spiral,  zigzag,       checkerboard,   diagonals,  comb,
    comb_down,  everything,      nothing, sparse_noise, critical_noise, dense_noise};

/* ---- seeds: candidates that are edges at the start ---- */

typedef enum seeds { SEED_FIRST, SEED_LAST, SEED_MIDDLE, SEED_SOME, SEED_NONE, SEEDS } seeds;

static void sow(mask *m, seeds which)
{
    size_t total = 0, seen = 0;
    for (size_t i = 0; i < m->width * m->height; i++)
        total += m->candidate[i];
    for (size_t i = 0; i < m->width * m->height; i++) {
        if (!m->candidate[i])
            continue;
        m->edge[i] = which == SEED_FIRST    ? seen == 0
                     : which == SEED_LAST   ? seen + 1 == total
                     : which == SEED_MIDDLE ? seen == total / 2
                     : which == SEED_SOME   ? noise() % 50 == 0
                                            : 0;
        seen++;
    }
}

static mask mask_new(size_t width, size_t height, shape *is_candidate, seeds which)
{
    mask m = {width, height, calloc(width, height), calloc(width, height)};
    assert_true(m.candidate && m.edge);
    for (size_t i = 0; i < width * height; i++)
        m.candidate[i] = is_candidate(i % width, i / width, width, height);
    sow(&m, which);
    return m;
}

static void mask_free(mask *m)
{
    free(m->candidate);
    free(m->edge);
}

/* ---- the library's hysteresis ---- */

static uint64_t *pack(const uint8_t *pixels, size_t width, size_t height)
{
    size_t words = (width + 63) / 64;
    uint64_t *bits = calloc(words * height, sizeof *bits);
    assert_non_null(bits);
    for (size_t i = 0; i < width * height; i++)
        bits[i / width * words + i % width / 64] |= (uint64_t)pixels[i] << (i % width % 64);
    return bits;
}

/* Cuts `height` rows into blocks of `rows` rows, or of 1 to 9 random rows if that is 0. The caller
 * frees them. */
static eg_block_rows *cut_into_blocks(size_t height, size_t rows, size_t *count)
{
    eg_block_rows *blocks = calloc(height, sizeof *blocks);
    assert_non_null(blocks);
    *count = 0;
    for (size_t y = 0; y < height;) {
        size_t end = y + (rows ? rows : 1 + noise() % 9);
        end = end < height ? end : height;
        blocks[(*count)++] = (eg_block_rows){y, end};
        y = end;
    }
    return blocks;
}

/* Runs hysteresis over blocks. The scratch memory holds garbage before each call, because the
 * result must not depend on its content. */
static void run_hysteresis(eg_context *ctx, const eg_planes *planes, const eg_block_rows *blocks,
                           size_t count)
{
    eg_error error = {0};
    for (size_t k = count; k-- > 0;) { /* in any order */
        size_t bytes = eg_hysteresis_scratch(planes->words, blocks[k].y1 - blocks[k].y0);
        void *scratch = malloc(bytes);
        assert_non_null(scratch);
        memset(scratch, 0xA5, bytes);
        eg_hysteresis_block(planes, blocks[k], ctx->cpu, scratch);
        free(scratch);
    }
    assert_int_equal(eg_hysteresis_across_blocks(ctx, planes, blocks, count, &error), EG_OK);
}

static void check(eg_context *ctx, const mask *m, size_t rows, const uint64_t *want)
{
    size_t count, words = (m->width + 63) / 64, bytes = words * m->height * sizeof(uint64_t);
    eg_block_rows *blocks = cut_into_blocks(m->height, rows, &count);
    eg_planes planes = {m->width, m->height, words, pack(m->candidate, m->width, m->height),
                        pack(m->edge, m->width, m->height)};
    uint64_t *candidate = pack(m->candidate, m->width, m->height);
    run_hysteresis(ctx, &planes, blocks, count);
    assert_memory_equal(planes.edge, want, bytes);
    assert_memory_equal(planes.candidate, candidate, bytes);
    free(candidate);
    free(planes.edge);
    free(planes.candidate);
    free(blocks);
}

static void check_shape(eg_context *ctx, size_t width, size_t height, shape *is_candidate)
{
    static const size_t heights[] = {1, 2, 5, 0, SIZE_MAX / 2};
    for (int which = 0; which < SEEDS; which++) {
        mask m = mask_new(width, height, is_candidate, (seeds)which);
        uint8_t *linked = malloc(width * height);
        assert_non_null(linked);
        memcpy(linked, m.edge, width * height);
        oracle_hysteresis(m.candidate, linked, width, height);
        uint64_t *want = pack(linked, width, height);
        for (size_t i = 0; i < COUNT(heights); i++)
            check(ctx, &m, heights[i], want);
        free(want);
        free(linked);
        mask_free(&m);
    }
}

static void hysteresis_equals_oracle(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{1, 1},     {1, 40},  {2, 2},    {63, 5},    {64, 64},
                                      {65, 33},   {66, 2},  {128, 17}, {130, 129}, {191, 50},
                                      {200, 201}, {700, 3}, {4200, 5}};
    for (eg_cpu_level cpu = 0; cpu < EG_CPU_LEVELS; cpu++) {
        if (!eg_cpu_has(cpu))
            continue;
        eg_context *ctx = test_context(1, 0, eg_cpu_names[cpu]);
        for (size_t i = 0; i < COUNT(sizes); i++)
            for (size_t k = 0; k < COUNT(shapes); k++)
                check_shape(ctx, sizes[i][0], sizes[i][1], shapes[k]);
        eg_context_free(ctx);
    }
}

/* The shapes are connected: a flood from one end of the path reaches all of it. */
static void paths_are_connected(void **state)
{
    (void)state;
    static shape *const paths[] = {serpentine, serpentine_down, spiral, checkerboard,
                                   comb,       comb_down};
    for (size_t k = 0; k < COUNT(paths); k++) {
        mask m = mask_new(130, 129, paths[k], SEED_FIRST);
        oracle_hysteresis(m.candidate, m.edge, m.width, m.height);
        assert_memory_equal(m.edge, m.candidate, m.width * m.height);
        mask_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_connected),
        cmocka_unit_test(hysteresis_equals_oracle),
    };
    return cmocka_run_group_tests_name("hysteresis", tests, NULL, NULL);
}
