/* SPDX-License-Identifier: MIT */
/* Tests of three planes behind the readers: orientation, masks, sidecar files, previews, sources in
 * memory, and operations that refuse them. */
#include "planes_made.h"
#include "raster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/io.h"

enum { W = PICTURE_WIDTH, H = PICTURE_HEIGHT };

static const picture_file rgb = {"rgb.png", write_picture_png, PICTURE_COLOURS, 8, false, NULL, 0};

/* Makes three planes of noise. */
static plane_grids noise_planes(eg_context *ctx, size_t width, size_t height, eg_sample sample,
                                unsigned seed)
{
    plane_grids planes = {.count = 3};
    for (unsigned k = 0; k < 3; k++)
        noise_grid(&planes.plane[k], ctx, width, height, sample, 3 * seed + k, 1);
    return planes;
}

static eg_source *source_of(eg_context *ctx, const plane_grids *planes)
{
    eg_source *source = NULL;
    eg_error error = {0};
    if (eg_source_grid_planes(&source, ctx, planes->plane, &error) != EG_OK)
        fail_msg("%s", error.message);
    return source;
}

/* ---- sources in memory ----------------------------------------------------------------------- */

static void grids_are_a_source_of_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (unsigned i = 0; i < 8; i++) {
        plane_grids in = noise_planes(ctx, 71, 23, i % 2 ? EG_F32 : EG_U8, i);
        eg_source *source = source_of(ctx, &in);
        assert_int_equal(eg_source_info(source)->planes, 3);
        plane_grids out = read_planes(ctx, source, 1 + i);
        assert_planes_equal(&in, &out);
        free_planes(&out);
        free_planes(&in);
        eg_source_close(source);
    }
    close_context(ctx);
}

static void grids_that_differ_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    plane_grids good = noise_planes(ctx, 9, 8, EG_U8, 1);
    for (int i = 0; i < 5; i++) {
        eg_grid grids[3] = {good.plane[0], good.plane[1], good.plane[2]};
        eg_source *source = NULL;
        eg_error error = {0};
        if (i == 0)
            grids[1].width = 8;
        else if (i == 1)
            grids[2].height = 7;
        else if (i == 2)
            grids[2].data = NULL;
        else if (i == 3)
            grids[1].stride = 8;
        else
            grids[0].sample = grids[1].sample = grids[2].sample = EG_BIT;
        assert_int_equal(eg_source_grid_planes(&source, ctx, grids, &error), EG_USAGE);
        assert_null(source);
        assert_true(error.message[0]);
    }
    free_planes(&good);
    close_context(ctx);
}

typedef struct puller {
    const plane_grids *planes;
    size_t y;
} puller;

static eg_status pull_rows(void *opaque, const eg_grid *rows, eg_error *error)
{
    puller *p = opaque;
    (void)error;
    for (size_t i = 0; i < rows->height; i++, p->y++)
        for (size_t k = 0; k < 3; k++) {
            const eg_grid *from = &p->planes->plane[k];
            memcpy((char *)rows->data + i * rows->stride + k * (rows->stride / 3),
                   (char *)from->data + p->y * from->stride,
                   eg_row_bytes(from->sample, from->width));
        }
    return EG_OK;
}

static void pulled_rows_have_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (unsigned i = 0; i < 4; i++) {
        plane_grids in = noise_planes(ctx, 71, 23, i % 2 ? EG_F32 : EG_U8, i);
        puller p = {&in, 0};
        eg_source *source = NULL;
        assert_int_equal(eg_source_pull_planes(&source, ctx, &in.plane[0], pull_rows, &p, NULL),
                         EG_OK);
        plane_grids out = read_planes(ctx, source, 3 + 4 * i);
        assert_planes_equal(&in, &out);
        free_planes(&out);
        free_planes(&in);
        eg_source_close(source);
    }
    close_context(ctx);
}

/* Fails unless the planes are NaN where `in` has a NaN in one plane, and unchanged elsewhere. */
static void assert_missing_shared(const plane_grids *in, const plane_grids *out)
{
    for (size_t y = 0; y < H; y++)
        for (size_t x = 0; x < W; x++) {
            bool missing = false;
            for (int k = 0; k < 3; k++)
                missing |= isnan(sample_at(&in->plane[k], x, y));
            for (int k = 0; k < 3; k++)
                assert_true(missing ? isnan(sample_at(&out->plane[k], x, y))
                                    : sample_at(&out->plane[k], x, y) ==
                                          sample_at(&in->plane[k], x, y));
        }
}

/* Writes the planes as a PFM of this machine's byte order, which is little-endian. */
static const char *write_floats(const plane_grids *planes)
{
    static uint8_t bytes[16 + 12 * W * H];
    size_t size = (size_t)snprintf((char *)bytes, 16, "PF %d %d -1\n", W, H);
    for (size_t y = H; y-- > 0;)
        for (size_t i = 0; i < 3 * (size_t)W; i++, size += 4) {
            const float value = (float)sample_at(&planes->plane[i % 3], i / 3, y);
            memcpy(bytes + size, &value, 4);
        }
    return put_file("missing.pfm", bytes, size);
}

static void a_sample_missing_in_one_plane_is_missing_in_all(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = plane_options();
    plane_grids in = noise_planes(ctx, W, H, EG_F32, 5);
    puller p = {&in, 0};
    eg_source *sources[3];
    for (size_t i = 0; i < 60; i++)
        set_sample(&in.plane[i % 3], i * 7 % W, i * 5 % H, (double)NAN);
    sources[0] = source_of(ctx, &in);
    assert_int_equal(eg_source_pull_planes(&sources[1], ctx, &in.plane[0], pull_rows, &p, NULL),
                     EG_OK);
    sources[2] = open_source(ctx, write_floats(&in), &options);
    for (size_t i = 0; i < COUNT(sources); i++) {
        plane_grids out = read_planes(ctx, sources[i], 4);
        assert_missing_shared(&in, &out);
        free_planes(&out);
        eg_source_close(sources[i]);
    }
    free_planes(&in);
    close_context(ctx);
}

/* The edges of a file are those of its colours in memory. */
static void compare_edges(eg_context *ctx, void *opaque)
{
    eg_edges_options edges;
    eg_grid found[2] = {{0}, {0}};
    const eg_read_options options = plane_options();
    const plane_grids *planes = opaque;
    eg_source *sources[2] = {open_source(ctx, scratch(rgb.name), &options), source_of(ctx, planes)};
    eg_edges_default(&edges);
    for (int i = 0; i < 2; i++) {
        eg_sink *sink = NULL;
        eg_error error = {0};
        assert_int_equal(eg_sink_grid(&sink, ctx, &found[i], &error), EG_OK);
        if (eg_edges(sources[i], sink, &edges, NULL, &error) != EG_OK)
            fail_msg("%s", error.message);
        eg_sink_close(sink);
        eg_source_close(sources[i]);
    }
    assert_grids_equal(&found[0], &found[1]);
    eg_grid_free(&found[0]);
    eg_grid_free(&found[1]);
}

static void edges_do_not_depend_on_the_source(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = plane_options();
    plane_grids planes = load_planes(ctx, write_picture(&rgb), &options, 3);
    for_every_setting(compare_edges, &planes);
    free_planes(&planes);
    close_context(ctx);
}

/* ---- orientation ----------------------------------------------------------------------------- */

static void assert_oriented(eg_context *ctx, const plane_grids *in, int orientation, size_t rows)
{
    eg_source *source = source_of(ctx, in);
    assert_int_equal(eg_orient(&source, source, orientation, NULL), EG_OK);
    assert_int_equal(eg_source_info(source)->planes, 3);
    plane_grids out = read_planes(ctx, source, rows);
    eg_source_close(source);
    for (int k = 0; k < 3; k++) {
        eg_source *one = NULL;
        assert_int_equal(eg_source_grid(&one, ctx, &in->plane[k], NULL), EG_OK);
        assert_int_equal(eg_orient(&one, one, orientation, NULL), EG_OK);
        plane_grids alone = read_planes(ctx, one, 1000);
        assert_int_equal(alone.count, 1);
        assert_grids_equal(&out.plane[k], &alone.plane[0]);
        free_planes(&alone);
        eg_source_close(one);
    }
    free_planes(&out);
}

/* Each plane is oriented as if it were alone. */
static void orientation_moves_every_plane(void **state)
{
    static const size_t sizes[][2] = {{1, 1}, {7, 3}, {64, 64}, {65, 63}, {130, 67}, {3, 200}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (unsigned i = 0; i < 2 * COUNT(sizes); i++) {
        const size_t *size = sizes[i / 2];
        plane_grids in = noise_planes(ctx, size[0], size[1], i % 2 ? EG_F32 : EG_U8, i);
        for (int orientation = 1; orientation <= 8; orientation++)
            assert_oriented(ctx, &in, orientation, 1 + 2 * i);
        free_planes(&in);
    }
    close_context(ctx);
}

/* The corner pixels show where a file's planes are. */
static void oriented_files_have_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = plane_options();
    for (int orientation = 2; orientation <= 8; orientation++) {
        picture_file file = rgb;
        file.orientation = orientation;
        plane_grids planes = load_planes(ctx, write_picture(&file), &options, 7);
        const bool right =
            orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        const bool low =
            orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        assert_int_equal(planes.count, 3);
        for (int k = 0; k < 3; k++) {
            const eg_grid *grid = &planes.plane[k];
            assert_int_equal(grid->width, orientation < 5 ? W : H);
            assert_true(sample_at(grid, right ? grid->width - 1 : 0, low ? grid->height - 1 : 0) ==
                        picture_at(PICTURE_COLOURS, 0, 0, k));
        }
        free_planes(&planes);
    }
    close_context(ctx);
}

/* ---- masks and sidecar files ----------------------------------------------------------------- */

static bool masked_at(size_t x, size_t y)
{
    return (x * x + 5 * y) % 11 < 3;
}

static const char *write_mask(const char *name)
{
    uint8_t bytes[16 + W * H];
    size_t size = (size_t)snprintf((char *)bytes, 16, "P5 %d %d 255\n", W, H);
    for (size_t i = 0; i < (size_t)W * H; i++)
        bytes[size++] = masked_at(i % W, i / W) ? 0 : 7;
    return put_file(name, bytes, size);
}

/* Checks that the planes are floats of the picture, and NaN where the mask says so. */
static void assert_masked(const picture_file *file, const plane_grids *planes,
                          const eg_read_options *options)
{
    assert_int_equal(planes->count, 3);
    assert_int_equal(planes->plane[0].sample, EG_F32);
    for (size_t i = 0; i < 3 * (size_t)W * H; i++) {
        size_t x = i % W, y = i / W % H, k = i / W / H;
        double have = sample_at(&planes->plane[k], x, y);
        double want = masked_at(x, y) ? (double)NAN : picture_plane(file, x, y, (int)k, options);
        if (isnan(want) ? !isnan(have) : !(fabs(have - want) <= 1.0 / 256))
            fail_msg("%s: plane %zu at (%zu, %zu) is %g, not %g", file->name, k, x, y, have, want);
    }
}

static void masks_apply_to_all_planes(void **state)
{
    static const size_t heights[] = {1, 3, 7, 29};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    char mask[1024];
    snprintf(mask, sizeof mask, "%s", write_mask("mask.pgm"));
    for (size_t i = 0; i < picture_file_count; i++) {
        eg_read_options options = plane_options();
        options.mask = mask;
        options.alpha = i % 2 ? EG_ALPHA_MASK : EG_ALPHA_IGNORE;
        const char *path = write_picture(&picture_files[i]);
        plane_grids planes = load_planes(ctx, path, &options, heights[i % COUNT(heights)]);
        assert_masked(&picture_files[i], &planes, &options);
        free_planes(&planes);
    }
    close_context(ctx);
}

static void files_beside_keep_the_planes(void **state)
{
    static const char world[] = "2\n0\n0\n-2\n500001\n4000001\n";
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options = plane_options();
    const char *path = write_picture(&rgb), *mask = write_mask("rgb.png.msk"),
               *place = put_file("rgb.pgw", world, sizeof world - 1);
    eg_source *source = open_source(ctx, path, &options);
    assert_non_null(eg_source_georef(source));
    assert_int_equal(eg_source_info(source)->planes, 3);
    plane_grids planes = read_planes(ctx, source, 7);
    assert_masked(&rgb, &planes, &options);
    free_planes(&planes);
    eg_source_close(source);
    assert_int_equal(remove(mask), 0);
    assert_int_equal(remove(place), 0);
    close_context(ctx);
}

/* ---- previews -------------------------------------------------------------------------------- */

static eg_preview *preview_file(eg_context *ctx, const char *path, const eg_read_options *options,
                                size_t side)
{
    eg_source *source = open_source(ctx, path, options);
    eg_preview *preview = NULL;
    assert_int_equal(eg_preview_of_source(&preview, source, side, NULL), EG_OK);
    plane_grids planes = read_planes(ctx, source, 5);
    free_planes(&planes);
    eg_source_close(source);
    return preview;
}

/* The thumbnail is that of the image read as grey; of 8-bit floats grey is rounded, of planes not.
 */
static void previews_show_the_grey(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < picture_file_count; i++) {
        const char *path = write_picture(&picture_files[i]);
        for (size_t side = 5; side < 100; side += 33) {
            eg_read_options options = plane_options();
            options.alpha = side < 50 ? EG_ALPHA_MASK : EG_ALPHA_IGNORE;
            eg_preview *colours = preview_file(ctx, path, &options, side);
            options.colour_planes = false;
            eg_preview *grey = preview_file(ctx, path, &options, side);
            eg_grid a, b;
            assert_int_equal(eg_preview_grid(colours, &a, NULL), EG_OK);
            assert_int_equal(eg_preview_grid(grey, &b, NULL), EG_OK);
            if (options.alpha == EG_ALPHA_IGNORE && picture_files[i].depth < 32)
                assert_grids_equal(&a, &b);
            assert_true(largest_difference(&a, &b) <= 1);
            eg_preview_free(colours);
            eg_preview_free(grey);
        }
    }
    close_context(ctx);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void assert_refused(eg_status status, const eg_error *error)
{
    assert_int_equal(status, EG_USAGE);
    if (!strstr(error->message, "colour planes"))
        fail_msg("%s", error->message);
}

static void operations_on_one_plane_refuse_three(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = plane_options();
    const char *path = write_picture(&rgb);
    plane_grids planes = noise_planes(ctx, W, H, EG_U8, 1);
    eg_grid grid = {0};
    eg_sink *sink = NULL;
    eg_terrain_options map;
    eg_error errors[4] = {{0}};
    eg_source *source, *other = NULL;

    assert_refused(eg_load(&grid, ctx, path, &options, &errors[0]), &errors[0]);
    assert_null(grid.data);

    source = source_of(ctx, &planes);
    eg_terrain_default(&map);
    assert_int_equal(eg_sink_grid(&sink, ctx, &grid, NULL), EG_OK);
    assert_refused(eg_terrain(source, &sink, &map, 1, NULL, &errors[1]), &errors[1]);
    assert_null(grid.data);

    assert_int_equal(eg_source_grid(&other, ctx, &planes.plane[0], NULL), EG_OK);
    assert_refused(eg_source_add_neighbour(other, source, W, 0, &errors[2]), &errors[2]);
    eg_source_close(other);

    uint8_t rows[3 * W];
    assert_int_equal(eg_source_read(source, rows, W, 1, &errors[3]), EG_USAGE);
    assert_int_equal(eg_source_read(source, rows, 3 * W - 1, 1, &errors[3]), EG_USAGE);
    assert_int_equal(eg_source_read(source, rows, 3 * W, 1, &errors[3]), EG_OK);
    eg_sink_close(sink);
    eg_source_close(source);
    free_planes(&planes);
    close_context(ctx);
}

static void planes_are_not_appended(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    plane_grids planes = noise_planes(ctx, W, H, EG_U8, 1);
    eg_grid grid = {0};
    eg_sink *sink = NULL;
    eg_edges_options edges;
    eg_error error = {0};
    eg_source *first = source_of(ctx, &planes), *rest = source_of(ctx, &planes);
    eg_edges_default(&edges);
    assert_int_equal(eg_sink_grid(&sink, ctx, &grid, NULL), EG_OK);
    assert_int_equal(eg_source_rows(first, 0, 9, NULL), EG_OK);
    assert_int_equal(eg_source_rows(rest, 9, H - 9, NULL), EG_OK);
    assert_int_equal(eg_sink_set_total_rows(sink, first, NULL), EG_OK);
    assert_int_equal(eg_edges(first, sink, &edges, NULL, NULL), EG_OK);
    assert_refused(eg_sink_append(sink, rest, &error), &error);
    eg_sink_close(sink);
    eg_source_close(first);
    eg_source_close(rest);
    eg_grid_free(&grid);
    free_planes(&planes);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grids_are_a_source_of_planes),
        cmocka_unit_test(grids_that_differ_are_refused),
        cmocka_unit_test(pulled_rows_have_planes),
        cmocka_unit_test(a_sample_missing_in_one_plane_is_missing_in_all),
        cmocka_unit_test(edges_do_not_depend_on_the_source),
        cmocka_unit_test(orientation_moves_every_plane),
        cmocka_unit_test(oriented_files_have_planes),
        cmocka_unit_test(masks_apply_to_all_planes),
        cmocka_unit_test(files_beside_keep_the_planes),
        cmocka_unit_test(previews_show_the_grey),
        cmocka_unit_test(operations_on_one_plane_refuse_three),
        cmocka_unit_test(planes_are_not_appended),
    };
    return cmocka_run_group_tests_name("sources of planes", tests, make_scratch, remove_scratch);
}
