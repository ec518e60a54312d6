/* SPDX-License-Identifier: MIT */
/* Tests of readers that deliver three planes: every lossless format against the colours written,
 * JPEG against libjpeg, and files that stay one plane. */
#include "archive_made.h"
#include "jpeg_oracle.h"
#include "planes_made.h"
#include "png_oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL "testdata/small/"

static eg_read_options options_of(eg_alpha alpha)
{
    eg_read_options options = plane_options();
    options.alpha = alpha;
    memcpy(options.over, (uint8_t[3]){10, 200, 90}, 3);
    return options;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

/* Compares rows first, first + 1 ... of the picture with planes. */
static void assert_picture(const picture_file *file, const plane_grids *planes, size_t first,
                           const eg_read_options *options)
{
    assert_int_equal(planes->count, 3);
    for (int k = 0; k < 3; k++) {
        const eg_grid *grid = &planes->plane[k];
        assert_int_equal(grid->width, PICTURE_WIDTH);
        for (size_t y = 0; y < grid->height; y++)
            for (size_t x = 0; x < grid->width; x++) {
                double have = sample_at(grid, x, y);
                double want = picture_plane(file, x, first + y, k, options);
                if (isnan(want) ? !isnan(have) : !(fabs(have - want) <= 1.0 / 256))
                    fail_msg("%s, alpha %d: plane %d at (%zu, %zu) is %g, not %g", file->name,
                             (int)options->alpha, k, x, first + y, have, want);
            }
    }
}

static void planes_are_the_colours_written(void **state)
{
    static const size_t heights[] = {1, 3, 7, 29, 100};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < picture_file_count; i++) {
        const char *path = write_picture(&picture_files[i]);
        for (eg_alpha alpha = EG_ALPHA_IGNORE; alpha <= EG_ALPHA_MASK; alpha++) {
            const eg_read_options options = options_of(alpha);
            for (size_t j = 0; j < COUNT(heights); j++) {
                plane_grids planes = load_planes(ctx, path, &options, heights[j]);
                assert_picture(&picture_files[i], &planes, 0, &options);
                free_planes(&planes);
            }
        }
    }
    close_context(ctx);
}

/* Kernels of all instruction sets give the same, and rows wider than their buffers. */
static void instruction_sets_agree(eg_context *ctx, void *opaque)
{
    (void)opaque;
    for (size_t i = 0; i < picture_file_count; i++) {
        const eg_read_options options = options_of((eg_alpha)(i % 3));
        plane_grids planes = load_planes(ctx, scratch(picture_files[i].name), &options, 5);
        assert_picture(&picture_files[i], &planes, 0, &options);
        free_planes(&planes);
    }
}

static void planes_do_not_depend_on_the_setting(void **state)
{
    (void)state;
    for (size_t i = 0; i < picture_file_count; i++)
        write_picture(&picture_files[i]);
    for_every_setting(instruction_sets_agree, NULL);
}

/* Returns the grey of luma.h in double precision. */
static double grey_at(const plane_grids *planes, size_t x, size_t y)
{
    double sum = 19595 * sample_at(&planes->plane[0], x, y) +
                 38470 * sample_at(&planes->plane[1], x, y) +
                 7471 * sample_at(&planes->plane[2], x, y);
    return sum / 65536;
}

/* Compares the grey of planes with a reading as one plane. */
static void assert_grey(const char *name, const plane_grids *planes, const eg_grid *grey,
                        double tolerance)
{
    assert_int_equal(planes->count, 3);
    assert_int_equal(planes->plane[0].sample, grey->sample);
    for (size_t y = 0; y < grey->height; y++)
        for (size_t x = 0; x < grey->width; x++) {
            double want = grey_at(planes, x, y), have = sample_at(grey, x, y);
            if (isnan(want) ? !isnan(have) : !(fabs(have - want) <= tolerance))
                fail_msg("%s: grey at (%zu, %zu) is %g, of the planes %g", name, x, y, have, want);
        }
}

static void grey_is_that_of_the_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < picture_file_count; i++) {
        const picture_file *file = &picture_files[i];
        const char *path = write_picture(file);
        for (eg_alpha alpha = EG_ALPHA_IGNORE; alpha <= EG_ALPHA_MASK; alpha++) {
            eg_read_options options = options_of(alpha);
            eg_grid grey;
            plane_grids planes = load_planes(ctx, path, &options, 7);
            options.colour_planes = false;
            load_grid(&grey, ctx, path, &options);
            /* 8-bit grey is rounded, over a background twice, whose grey is rounded too */
            double rounding = alpha == EG_ALPHA_OVER ? 1.5 : 0.5;
            assert_grey(file->name, &planes, &grey,
                        file->depth == 8         ? rounding
                        : file->depth == 32      ? 1e-4
                        : alpha == EG_ALPHA_OVER ? 0.5 * 257
                                                 : 1.0 / 256);
            eg_grid_free(&grey);
            free_planes(&planes);
        }
    }
    close_context(ctx);
}

/* ---- other ways to the same rows ------------------------------------------------------------- */

static void windows_are_rows_of_the_planes(void **state)
{
    static const size_t windows[][2] = {{0, 1}, {3, 7}, {17, 12}, {28, 1}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = plane_options();
    for (size_t i = 0; i < picture_file_count; i++) {
        const char *path = write_picture(&picture_files[i]);
        for (size_t j = 0; j < COUNT(windows); j++) {
            eg_source *source = open_source(ctx, path, &options);
            assert_int_equal(eg_source_rows(source, windows[j][0], windows[j][1], NULL), EG_OK);
            assert_int_equal(eg_source_info(source)->planes, 3);
            plane_grids planes = read_planes(ctx, source, 3);
            assert_int_equal(planes.plane[0].height, windows[j][1]);
            assert_picture(&picture_files[i], &planes, windows[j][0], &options);
            free_planes(&planes);
            eg_source_close(source);
        }
    }
    close_context(ctx);
}

/* Checks the planes of bytes in a pipe, and compressed ones in files. */
static void check_bytes(eg_context *ctx, const picture_file *file, const file_bytes *bytes)
{
    const eg_read_options options = options_of(EG_ALPHA_MASK);
    const zip_file member = {.name = file->name, .data = bytes->data, .size = bytes->size};
    const file_bytes forms[] = {*bytes, make_gzip(bytes->data, bytes->size),
                                make_zip(&member, 1, "")};
    for (size_t i = 0; i < COUNT(forms); i++) {
        char path[32];
        int descriptor = -1;
        (i == 0 ? pipe_path : bytes_path)(path, &descriptor, forms[i].data, forms[i].size);
        plane_grids planes = load_planes(ctx, path, &options, 4);
        assert_picture(file, &planes, 0, &options);
        free_planes(&planes);
        close(descriptor);
    }
    free(forms[1].data);
    free(forms[2].data);
}

static void pipes_and_archives_have_the_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < picture_file_count; i++) {
        file_bytes bytes = read_bytes(write_picture(&picture_files[i]));
        check_bytes(ctx, &picture_files[i], &bytes);
        free(bytes.data);
    }
    close_context(ctx);
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* Checks that planes of a truncated file are those of the picture down to some row, and missing or
 * black below; one row may be in part. */
static void assert_upper_part(const picture_file *file, const plane_grids *planes,
                              const eg_read_options *options)
{
    size_t good = 0;
    const size_t height = planes->plane[0].height;
    for (size_t y = 0; y < height; y++, good++) {
        bool equal = true;
        for (size_t x = 0; x < PICTURE_WIDTH && equal; x++)
            for (int k = 0; k < 3; k++) {
                double want = picture_plane(file, x, y, k, options);
                double have = sample_at(&planes->plane[k], x, y);
                equal &= isnan(want) ? isnan(have) : fabs(want - have) <= 1.0 / 256;
            }
        if (!equal)
            break;
    }
    assert_in_range(good, 5, height - 5);
    for (size_t y = good + 1; y < height; y++)
        for (size_t x = 0; x < PICTURE_WIDTH; x++)
            for (int k = 0; k < 3; k++) {
                double have = sample_at(&planes->plane[k], x, y);
                if (options->alpha == EG_ALPHA_MASK ? !isnan(have) : have != 0)
                    fail_msg("%s: plane %d at (%zu, %zu) is %g", file->name, k, x, y, have);
            }
}

/* PFM is stored from the lowest row on, and an interlaced image has no upper part. */
static void truncated_files_lack_rows_in_all_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < picture_file_count; i++) {
        const picture_file *file = &picture_files[i];
        if (file->interlaced || file->depth == 32)
            continue;
        file_bytes bytes = read_bytes(write_picture(file));
        const bool alpha = file->kind == PICTURE_ALPHA || file->kind == PICTURE_PALETTE_ALPHA ||
                           file->kind == PICTURE_KEY;
        eg_read_options options = options_of(alpha ? EG_ALPHA_MASK : EG_ALPHA_IGNORE);
        char path[32];
        int descriptor;
        options.tolerate = true;
        bytes_path(path, &descriptor, bytes.data, bytes.size * 7 / 10);
        plane_grids planes = load_planes(ctx, path, &options, 3);
        assert_upper_part(file, &planes, &options);
        free_planes(&planes);
        close(descriptor);
        free(bytes.data);
    }
    close_context(ctx);
}

/* ---- JPEG ------------------------------------------------------------------------------------ */

static const char *const jpegs[] = {
    SMALL "rgb.jpg",        SMALL "ycc420.jpg", SMALL "ycc444.jpg",     SMALL "cmyk.jpg",
    SMALL "cmyk-plain.jpg", SMALL "ycck.jpg",   SMALL "progressive.jpg"};

/* Returns red, green or blue of a pixel: CMYK is stored inverted, 255 for no ink. */
static double jpeg_colour(const jpeg_pixels *pixels, size_t x, size_t y, size_t k)
{
    const uint8_t *p = pixels->data + (y * pixels->width + x) * pixels->channels;
    return pixels->channels == 3 ? p[k] : floor(p[k] * p[3] / 255.0 + 0.5);
}

static void jpeg_planes_are_those_of_libjpeg(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = plane_options();
    for (size_t i = 0; i < COUNT(jpegs); i++) {
        jpeg_pixels pixels;
        assert_true(oracle_jpeg_colours(&pixels, jpegs[i]));
        for (size_t rows = 1; rows < 100; rows = 3 * rows + 2) {
            plane_grids planes = load_planes(ctx, jpegs[i], &options, rows);
            assert_int_equal(planes.count, 3);
            for (size_t y = 0; y < pixels.height; y++)
                for (size_t x = 0; x < pixels.width; x++)
                    for (size_t k = 0; k < 3; k++)
                        if (sample_at(&planes.plane[k], x, y) != jpeg_colour(&pixels, x, y, k))
                            fail_msg("%s: plane %zu at (%zu, %zu)", jpegs[i], k, x, y);
            free_planes(&planes);
        }
        free(pixels.data);
    }
    close_context(ctx);
}

/* The stored luma differs from the grey of rounded and clipped colours. */
static void jpeg_grey_is_near_that_of_the_planes(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(jpegs); i++)
        for (int truncated = 0; truncated < 2; truncated++) {
            file_bytes bytes = read_bytes(jpegs[i]);
            eg_read_options options = plane_options();
            char path[32];
            int descriptor;
            double sum = 0;
            eg_grid grey;
            options.tolerate = true;
            bytes_path(path, &descriptor, bytes.data, bytes.size * (truncated ? 7 : 10) / 10);
            plane_grids planes = load_planes(ctx, path, &options, 3);
            options.colour_planes = false;
            load_grid(&grey, ctx, path, &options);
            for (size_t y = 0; y < grey.height; y++)
                for (size_t x = 0; x < grey.width; x++)
                    sum += fabs(grey_at(&planes, x, y) - sample_at(&grey, x, y));
            assert_within(sum / (double)(grey.width * grey.height), 0, 1.5);
            eg_grid_free(&grey);
            free_planes(&planes);
            close(descriptor);
            free(bytes.data);
        }
    close_context(ctx);
}

/* ---- one plane ------------------------------------------------------------------------------- */

static void grey_files_stay_one_plane(void **state)
{
    static const char *const files[] = {
        "grey.png", "grey16.png", "grey-alpha.png", "bits.png", "grey.jpg",
        "grey.pgm", "grey.pam",   "grey.pfm",       "bits.pbm", "grey-alpha.pam",
        "grey.asc", "grey16.pgm", "ramp16.png"};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[64];
        eg_grid with, without;
        snprintf(path, sizeof path, SMALL "%s", files[i]);
        for (eg_alpha alpha = EG_ALPHA_IGNORE; alpha <= EG_ALPHA_MASK; alpha++) {
            eg_read_options options = options_of(alpha);
            eg_source *source = open_source(ctx, path, &options);
            assert_true(eg_source_info(source)->planes <= 1);
            eg_source_close(source);
            load_grid(&with, ctx, path, &options);
            options.colour_planes = false;
            load_grid(&without, ctx, path, &options);
            assert_grids_equal(&with, &without);
            eg_grid_free(&with);
            eg_grid_free(&without);
        }
    }
    close_context(ctx);
}

static void values_and_elevations_stay_one_plane(void **state)
{
    static const char *const files[] = {SMALL "rgb.png", SMALL "rgb.jpg", SMALL "rgb.ppm",
                                        SMALL "palette.png"};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(files); i++)
        for (eg_encoding e = EG_ENCODING_NONE; e <= EG_ENCODING_GREY; e++) {
            eg_read_options options = plane_options();
            eg_source *source = NULL;
            options.as_values = true;
            options.encoding = e;
            eg_error error = {0};
            eg_status status = eg_source_open(&source, ctx, files[i], &options, &error);
            if (status == EG_OK)
                assert_true(eg_source_info(source)->planes <= 1);
            else
                assert_int_equal(status, EG_USAGE); /* an encoding in JPEG or PNM */
            eg_source_close(source);
        }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planes_are_the_colours_written),
        cmocka_unit_test(planes_do_not_depend_on_the_setting),
        cmocka_unit_test(grey_is_that_of_the_planes),
        cmocka_unit_test(windows_are_rows_of_the_planes),
        cmocka_unit_test(pipes_and_archives_have_the_planes),
        cmocka_unit_test(truncated_files_lack_rows_in_all_planes),
        cmocka_unit_test(jpeg_planes_are_those_of_libjpeg),
        cmocka_unit_test(jpeg_grey_is_near_that_of_the_planes),
        cmocka_unit_test(grey_files_stay_one_plane),
        cmocka_unit_test(values_and_elevations_stay_one_plane),
    };
    return cmocka_run_group_tests_name("planes", tests, make_scratch, remove_scratch);
}
