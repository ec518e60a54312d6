/* SPDX-License-Identifier: MIT */
/* Tests of EXIF orientations: exact for lossless images, approximate for JPEGs stored in eight
 * orientations. */
#include "files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/io.h"

#define SMALL "testdata/small/"

/* ---- exact images ---------------------------------------------------------------------------- */

typedef struct place {
    size_t x, y;
} place;

/* Computes where oriented pixel (x, y) is stored in an image of w x h (EXIF 2.32, tag Orientation).
 */
static place stored_place(int orientation, size_t x, size_t y, size_t w, size_t h)
{
    const place places[9] = {
        [1] = {x, y}, [2] = {w - 1 - x, y}, [3] = {w - 1 - x, h - 1 - y}, [4] = {x, h - 1 - y},
        [5] = {y, x}, [6] = {y, h - 1 - x}, [7] = {w - 1 - y, h - 1 - x}, [8] = {w - 1 - y, x},
    };
    return places[orientation];
}

/* Reads all rows of `grid` through eg_orient(), `count` at a time. */
static void read_turned(eg_grid *out, eg_context *ctx, const eg_grid *grid, int orientation,
                        size_t count)
{
    eg_source *source = NULL;
    eg_error error = {0};
    assert_int_equal(eg_source_grid(&source, ctx, grid, &error), EG_OK);
    assert_int_equal(eg_orient(&source, source, orientation, &error), EG_OK);
    const eg_info *info = eg_source_info(source);
    assert_int_equal(eg_grid_new(out, ctx, info->width, info->height, info->sample, &error), EG_OK);
    for (size_t y = 0; y < out->height; y += count) {
        size_t rows = out->height - y < count ? out->height - y : count;
        char *to = (char *)out->data + y * out->stride;
        assert_int_equal(eg_source_read(source, to, out->stride, rows, &error), EG_OK);
    }
    assert_int_equal(eg_source_finish(source, &error), EG_OK);
    eg_source_close(source);
}

static void check_turn(eg_context *ctx, const eg_grid *grid, int orientation, size_t count)
{
    eg_grid out;
    read_turned(&out, ctx, grid, orientation, count);
    bool turned = orientation >= 5;
    assert_int_equal(out.width, turned ? grid->height : grid->width);
    assert_int_equal(out.height, turned ? grid->width : grid->height);
    for (size_t y = 0; y < out.height; y++) {
        for (size_t x = 0; x < out.width; x++) {
            place from = stored_place(orientation, x, y, grid->width, grid->height);
            if (sample_at(&out, x, y) != sample_at(grid, from.x, from.y))
                fail_msg("orientation %d of %zu x %zu: (%zu, %zu) is wrong", orientation,
                         grid->width, grid->height, x, y);
        }
    }
    eg_grid_free(&out);
}

static void every_pixel_is_put_in_its_place(void **state)
{
    static const size_t sizes[][2] = {{1, 1},   {1, 7},   {7, 1},     {2, 2},    {15, 17},
                                      {16, 64}, {64, 64}, {65, 63},   {31, 128}, {130, 67},
                                      {200, 3}, {3, 200}, {129, 257}, {64, 1},   {33, 100}};
    static const eg_sample samples[] = {EG_U8, EG_F32};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t s = 0; s < 2; s++) {
            eg_grid grid;
            noise_grid(&grid, ctx, sizes[i][0], sizes[i][1], samples[s], (unsigned)i, 0);
            for (int orientation = 1; orientation <= 8; orientation++) {
                check_turn(ctx, &grid, orientation, 1 + i * 11 % 64);
                check_turn(ctx, &grid, orientation, 1000);
            }
            eg_grid_free(&grid);
        }
    }
    close_context(ctx);
}

/* ---- files ----------------------------------------------------------------------------------- */

static eg_grid edges_of_file(eg_context *ctx, const char *path)
{
    eg_grid edges;
    eg_error error = {0};
    if (edges_to_grid(&edges, ctx, path, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
    return edges;
}

static bool edge_nearby(const eg_grid *edges, size_t x, size_t y)
{
    for (size_t v = y > 1 ? y - 2 : 0; v <= y + 2 && v < edges->height; v++)
        for (size_t u = x > 1 ? x - 2 : 0; u <= x + 2 && u < edges->width; u++)
            if (sample_at(edges, u, v) != 0)
                return true;
    return false;
}

/* Returns the fraction of edge pixels of `a` that have an edge pixel of `b` within two pixels. */
static double overlap(const eg_grid *a, const eg_grid *b)
{
    double all = 0, shared = 0;
    for (size_t y = 0; y < a->height; y++) {
        for (size_t x = 0; x < a->width; x++) {
            if (sample_at(a, x, y) == 0)
                continue;
            all++;
            shared += edge_nearby(b, x, y);
        }
    }
    assert_true(all > 0);
    return shared / all;
}

/* Checks that the files of the 8 orientations are the same image: `mean` is the largest mean
 * difference, `share` the smallest fraction of common edges. */
static void compare_eight(const char *pattern, double mean, double share)
{
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid first = {0}, first_edges = {0};
    for (int orientation = 1; orientation <= 8; orientation++) {
        char path[1024];
        eg_grid grid, edges;
        eg_source *source = NULL;
        snprintf(path, sizeof path, "%s%d.jpg", pattern, orientation);
        assert_int_equal(eg_source_open(&source, ctx, path, NULL, NULL), EG_OK);
        assert_int_equal(eg_source_info(source)->orientation, orientation);
        eg_source_close(source);
        load_grid(&grid, ctx, path, NULL);
        edges = edges_of_file(ctx, path);
        if (orientation == 1) {
            first = grid;
            first_edges = edges;
            continue;
        }
        double off = mean_difference(&first, &grid);
        double forth = overlap(&first_edges, &edges), back = overlap(&edges, &first_edges);
        if (off > mean || forth < share || back < share)
            fail_msg("%s: off by %g, edges shared %g and %g", path, off, forth, back);
        eg_grid_free(&grid);
        eg_grid_free(&edges);
    }
    eg_grid_free(&first);
    eg_grid_free(&first_edges);
    close_context(ctx);
}

/* Even at quality 100 coefficients are rounded, differently for each orientation. */
static void jpegs_of_testdata_are_one_picture(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid exact, grid;
    load_grid(&exact, ctx, SMALL "orient.png", NULL);
    for (int orientation = 1; orientation <= 8; orientation++) {
        char path[64];
        snprintf(path, sizeof path, SMALL "orient-%d.jpg", orientation);
        load_grid(&grid, ctx, path, NULL);
        if (largest_difference(&exact, &grid) > 2)
            fail_msg("%s is up to %g off", path, largest_difference(&exact, &grid));
        eg_grid_free(&grid);
    }
    eg_grid_free(&exact);
    close_context(ctx);
    compare_eight(SMALL "orient-", 0.5, 0.98);
}

static void exact_files_have_the_same_edges(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid a = edges_of_file(ctx, SMALL "orient.png"),
            b = edges_of_file(ctx, SMALL "orient-6.png");
    assert_grids_equal(&a, &b);
    eg_grid_free(&a);
    eg_grid_free(&b);
    close_context(ctx);
}

static void photographs_of_the_corpus_are_one_picture(void **state)
{
    (void)state;
    char *first = need_corpus("jpeg/Landscape_1.jpg");
    first[strlen(first) - strlen("1.jpg")] = '\0';
    compare_eight(first, 4, 0.9);
    free(first);
}

static void orientation_can_be_ignored(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options;
    eg_grid stored, upright;
    eg_read_default(&options);
    options.ignore_orientation = true;
    load_grid(&stored, ctx, SMALL "orient-6.png", &options);
    load_grid(&upright, ctx, SMALL "orient.png", NULL);
    assert_int_equal(stored.width, upright.height);
    check_turn(ctx, &stored, 6, 64);
    eg_grid turned;
    read_turned(&turned, ctx, &stored, 6, 64);
    assert_grids_equal(&turned, &upright);
    eg_grid_free(&turned);
    eg_grid_free(&stored);
    eg_grid_free(&upright);
    close_context(ctx);
}

/* ---- EXIF ------------------------------------------------------------------------------------ */

static void exif_is_read_within_its_bytes(void **state)
{
    static const uint8_t little[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12,
                                     1,   3,   0,  1, 0, 0, 0, 6, 0, 0, 0};
    (void)state;
    assert_int_equal(eg_exif_orientation(little, sizeof little), 6);
    for (size_t size = 0; size <= sizeof little; size++) {
        uint8_t *exact = malloc(size + !size); /* so that a sanitizer detects reads past the end */
        memcpy(exact, little, size);
        assert_int_equal(eg_exif_orientation(exact, size), size == sizeof little ? 6 : 1);
        for (size_t at = 0; at < size; at++) {
            for (unsigned value = 0; value < 256; value++) {
                exact[at] = (uint8_t)value;
                assert_in_range(eg_exif_orientation(exact, size), 1, 8);
            }
            exact[at] = little[at];
        }
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pixel_is_put_in_its_place),
        cmocka_unit_test(jpegs_of_testdata_are_one_picture),
        cmocka_unit_test(exact_files_have_the_same_edges),
        cmocka_unit_test(photographs_of_the_corpus_are_one_picture),
        cmocka_unit_test(orientation_can_be_ignored),
        cmocka_unit_test(exif_is_read_within_its_bytes),
    };
    return cmocka_run_group_tests_name("orientation", tests, NULL, NULL);
}
