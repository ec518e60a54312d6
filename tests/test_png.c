/* SPDX-License-Identifier: MIT */
/* Tests of the PNG reader: the pixels are those of libpng's high-level functions, and damage is
 * refused. */
#include "archive_made.h"
#include "damage.h"
#include "png_oracle.h"
#include "png_readers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define SMALL "testdata/small/"

/* ---- the pixels ------------------------------------------------------------------------------ */

/* Tolerance of 16-bit grey, a sum rounded to float once: twice half an ulp of 65535. */
static void compare_with_oracle(eg_context *ctx, const char *path, const eg_read_options *options)
{
    eg_grid grid;
    png_pixels oracle = oracle_png(path);
    load_grid(&grid, ctx, path, options);
    bool deep = oracle.depth == 16;
    double bound = deep && oracle.channels > 1 ? 65536.0 / (1 << 24) : 0;
    assert_int_equal(grid.width, oracle.width);
    assert_int_equal(grid.height, oracle.height);
    assert_int_equal(grid.sample, deep ? EG_F32 : EG_U8);
    assert_true(grid.white_level == (deep ? 65535 : 255));
    for (size_t y = 0; y < grid.height; y++) {
        for (size_t x = 0; x < grid.width; x++) {
            double got = sample_at(&grid, x, y), wanted = oracle_grey(&oracle, x, y, options);
            if (fabs(got - wanted) > bound)
                fail_msg("%s: (%zu, %zu) is %.9g, not %.9g", path, x, y, got, wanted);
        }
    }
    free(oracle.data);
    eg_grid_free(&grid);
}

/* Checks that pixels with alpha 0 are missing and all others have their colours. */
static void check_mask(eg_context *ctx, const char *path, eg_read_options options)
{
    eg_grid colours, masked;
    png_pixels oracle = oracle_png(path);
    const size_t channels = (size_t)oracle.channels;
    options.alpha = EG_ALPHA_IGNORE;
    load_grid(&colours, ctx, path, &options);
    options.alpha = EG_ALPHA_MASK;
    load_grid(&masked, ctx, path, &options);
    assert_int_equal(masked.sample, channels % 2 ? colours.sample : EG_F32);
    assert_true(masked.white_level == colours.white_level);
    for (size_t i = 0; i < oracle.width * oracle.height; i++) {
        size_t x = i % oracle.width, y = i / oracle.width;
        bool missing = channels % 2 == 0 && oracle.data[(i + 1) * channels - 1] == 0;
        double got = sample_at(&masked, x, y);
        if (missing ? !isnan(got) : got != sample_at(&colours, x, y))
            fail_msg("%s: (%zu, %zu) is %g", path, x, y, got);
    }
    free(oracle.data);
    eg_grid_free(&masked);
    eg_grid_free(&colours);
}

static void compare_folder(const char *folder)
{
    eg_context *ctx = test_context(1, 0, NULL);
    file_list files = list_files(folder, ".png");
    eg_read_options options;
    eg_read_default(&options);
    options.ignore_orientation = true;
    const uint8_t backgrounds[][3] = {{255, 255, 255}, {0, 0, 0}, {10, 200, 90}};
    for (size_t i = 0; i < files.count; i++) {
        if (base_name(files.paths[i])[0] == 'x') /* corrupt by design */
            continue;
        options.alpha = EG_ALPHA_IGNORE;
        compare_with_oracle(ctx, files.paths[i], &options);
        options.alpha = EG_ALPHA_OVER;
        for (size_t b = 0; b < sizeof backgrounds / sizeof *backgrounds; b++) {
            memcpy(options.over, backgrounds[b], sizeof options.over);
            compare_with_oracle(ctx, files.paths[i], &options);
        }
        check_mask(ctx, files.paths[i], options);
    }
    free_files(&files);
    close_context(ctx);
}

static void small_pictures_are_as_libpng_reads_them(void **state)
{
    (void)state;
    compare_folder("testdata/small");
}

static void pngsuite_is_as_libpng_reads_it(void **state)
{
    (void)state;
    char *folder = need_corpus("pngsuite");
    compare_folder(folder);
    free(folder);
}

static void photograph_of_16_bits_is_as_libpng_reads_it(void **state)
{
    (void)state;
    char *path = need_corpus("jpeg/libjpeg-turbo-monkey16.png");
    eg_context *ctx = test_context(2, 0, NULL);
    eg_read_options options;
    eg_read_default(&options);
    compare_with_oracle(ctx, path, &options);
    close_context(ctx);
    free(path);
}

/* Compares with the formula of the file's pixels, see testdata/README.md. */
static void sixteen_bits_keep_their_precision(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid;
    load_grid(&grid, ctx, SMALL "ramp16.png", NULL);
    assert_int_equal(grid.width, 256);
    assert_int_equal(grid.height, 64);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            assert_true(sample_at(&grid, x, y) == 1000 + 40.0 * (double)x + 7.0 * (double)y);
    eg_grid_free(&grid);
    close_context(ctx);
}

static void interlaced_is_plain(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    assert_same_picture(ctx, SMALL "rgb-interlaced.png", SMALL "rgb.png");
    close_context(ctx);
}

static void interlaced_pngsuite_is_plain(void **state)
{
    (void)state;
    char *folder = need_corpus("pngsuite");
    file_list files = list_files(folder, ".png");
    eg_context *ctx = test_context(1, 0, NULL);
    size_t pairs = 0;
    for (size_t i = 0; i < files.count; i++) {
        char *twin = strdup(files.paths[i]);
        char *name = twin + strlen(folder) + 1;
        if (name[3] == 'i' && (name[0] == 's' || strncmp(name, "bas", 3) == 0)) {
            name[3] = 'n';
            assert_same_picture(ctx, files.paths[i], twin);
            pairs++;
        }
        free(twin);
    }
    assert_int_equal(pairs, 15 + 18); /* basi*, and s01i* to s40i* */
    free_files(&files);
    free(folder);
    close_context(ctx);
}

static void eXIf_turns_it_upright(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    assert_same_picture(ctx, SMALL "orient-6.png", SMALL "orient.png");
    close_context(ctx);
}

static void info_tells_what_is_stored(void **state)
{
    static const struct {
        const char *path, *colour;
        int channels, depth;
        bool interlaced, alpha;
    } files[] = {
        {SMALL "bits.png", "grey", 1, 1, false, false},
        {SMALL "grey.png", "grey", 1, 8, false, false},
        {SMALL "grey-alpha.png", "grey+alpha", 2, 8, false, true},
        {SMALL "rgb16.png", "RGB", 3, 16, false, false},
        {SMALL "rgba.png", "RGBA", 4, 8, false, true},
        {SMALL "rgb-interlaced.png", "RGB", 3, 8, true, false},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        eg_source *source = NULL;
        assert_int_equal(eg_source_open(&source, ctx, files[i].path, NULL, NULL), EG_OK);
        const eg_info *info = eg_source_info(source);
        assert_string_equal(info->format, "PNG");
        assert_string_equal(info->colour, files[i].colour);
        assert_int_equal(info->channels, files[i].channels);
        assert_int_equal(info->depth, files[i].depth);
        assert_int_equal(info->interlaced, files[i].interlaced);
        assert_int_equal(info->has_alpha, files[i].alpha);
        assert_int_equal(info->width, 61);
        assert_int_equal(info->height, 43);
        eg_source_close(source);
    }
    close_context(ctx);
}

/* ---- damage ---------------------------------------------------------------------------------- */

static void corrupt_pngsuite_is_refused(void **state)
{
    (void)state;
    char *folder = need_corpus("pngsuite");
    eg_context *ctx = test_context(1, 0, NULL);
    file_list files = list_files(folder, ".png");
    size_t corrupt = 0;
    for (size_t i = 0; i < files.count; i++) {
        eg_grid grid;
        eg_error error = {0};
        if (base_name(files.paths[i])[0] != 'x')
            continue;
        eg_status status = eg_load(&grid, ctx, files.paths[i], NULL, &error);
        assert_clean_refusal(files.paths[i], status, &error);
        assert_int_not_equal(status, EG_LIMIT_EXCEEDED);
        corrupt++;
    }
    assert_true(corrupt >= 14);
    free_files(&files);
    free(folder);
    close_context(ctx);
}

static void hostile_files_are_survived(void **state)
{
    (void)state;
    char *crashers = need_corpus("bad/libspng-crashers");
    assert_folder_survived(crashers);
    free(crashers);
    char *fuzz = need_corpus("bad/png-fuzz");
    assert_folder_survived(fuzz);
    free(fuzz);
}

static void prefixes_are_refused(void **state)
{
    (void)state;
    assert_prefixes_refused(SMALL "grey.png", 0);
    assert_prefixes_refused(SMALL "palette.png", 0);
    assert_prefixes_refused(SMALL "rgb-interlaced.png", 0);
}

/* Returns true if byte `at` is in the signature or in a critical chunk, whose name begins with a
 * capital. */
static bool in_critical_chunk(const file_bytes *bytes, size_t at)
{
    size_t start = 8, end = 8;
    while (at >= end) {
        const uint8_t *p = bytes->data + end;
        start = end;
        end += 12 + ((size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3]);
    }
    return at < 8 || (bytes->data[start + 4] & 0x20) == 0;
}

static void flipped_bits_are_noticed(void **state)
{
    (void)state;
    assert_flips_survived(SMALL "grey.png", in_critical_chunk);
    assert_flips_survived(SMALL "palette.png", in_critical_chunk);
    assert_flips_survived(SMALL "orient-6.png", in_critical_chunk);
}

/* Uses a file without compression, so that the end of row y in the file can be calculated. */
static void tolerated_truncation_keeps_the_first_rows(void **state)
{
    enum { SIDE = 96, SLACK = 2 };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid, got;
    eg_error error = {0};
    eg_read_options options;
    eg_write_options stored;
    eg_read_default(&options);
    options.tolerate = true;
    eg_write_default(&stored);
    stored.compression = 0;
    noise_grid(&grid, ctx, SIDE, SIDE, EG_U8, 5, 0);
    assert_int_equal(eg_save(&grid, ctx, scratch("stored.png"), &stored, &error), EG_OK);
    file_bytes bytes = read_bytes(scratch("stored.png"));
    for (size_t size = 100; size < bytes.size; size += 211) {
        size_t whole = (size - 100) / (SIDE + 1), rows = 0;
        if (load_bytes(&got, ctx, bytes.data, size, &options, &error) != EG_OK)
            fail_msg("%zu of %zu bytes: %s", size, bytes.size, error.message);
        while (rows < SIDE && memcmp((uint8_t *)got.data + rows * got.stride,
                                     (uint8_t *)grid.data + rows * grid.stride, SIDE) == 0)
            rows++;
        if (rows + SLACK < whole)
            fail_msg("%zu of %zu bytes: %zu rows, not %zu", size, bytes.size, rows, whole);
        eg_grid_free(&got);
    }
    free(bytes.data);
    eg_grid_free(&grid);
    close_context(ctx);
}

static void tolerance_does_not_change_sound_files(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options;
    eg_read_default(&options);
    options.tolerate = true;
    options.ignore_orientation = true;
    file_list files = list_files("testdata/small", ".png");
    for (size_t i = 0; i < files.count; i++)
        compare_with_oracle(ctx, files.paths[i], &options);
    free_files(&files);
    close_context(ctx);
}

/* ---- more data than rows --------------------------------------------------------------------- */

/* Writes a black PNG of 16 x 16 pixels whose compressed data has `more` bytes after the last row.
 */
static void write_with_more(const char *path, size_t more, bool interlaced)
{
    uint8_t header[13] = {0, 0, 0, 16, 0, 0, 0, 16, 8, 0, 0, 0, interlaced};
    const size_t rows = interlaced ? 15 * 16 + 2 * 15 + 16 : 16 * 17, size = rows + more;
    uint8_t *raw = calloc(1, size);
    uLongf packed_size = compressBound(size);
    uint8_t *packed = malloc(packed_size);
    file_bytes file = {NULL, 0};
    assert_true(raw && packed && compress2(packed, &packed_size, raw, size, 1) == Z_OK);
    append_bytes(&file, "\x89PNG\r\n\x1A\n", 8);
    put_png_chunk(&file, "IHDR", header, sizeof header);
    put_png_chunk(&file, "IDAT", packed, packed_size);
    put_png_chunk(&file, "IEND", header, 0);
    write_bytes(path, file.data, file.size);
    free(file.data);
    free(packed);
    free(raw);
}

/* A little data after the rows is ignored, as by libpng; data that may expand to gigabytes is not
 * read. */
static void data_after_the_rows_is_limited(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    for (int interlaced = 0; interlaced < 2; interlaced++) {
        eg_grid grid;
        eg_error error = {0};
        write_with_more(scratch("more.png"), 5000, interlaced);
        load_grid(&grid, ctx, scratch("more.png"), NULL);
        eg_grid_free(&grid);
        write_with_more(scratch("more.png"), 8 << 20, interlaced);
        eg_status status = eg_load(&grid, ctx, scratch("more.png"), NULL, &error);
        assert_clean_refusal(scratch("more.png"), status, &error);
        assert_non_null(strstr(error.message, "has more image data than its rows need"));
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_pictures_are_as_libpng_reads_them),
        cmocka_unit_test(pngsuite_is_as_libpng_reads_it),
        cmocka_unit_test(photograph_of_16_bits_is_as_libpng_reads_it),
        cmocka_unit_test(sixteen_bits_keep_their_precision),
        cmocka_unit_test(interlaced_is_plain),
        cmocka_unit_test(interlaced_pngsuite_is_plain),
        cmocka_unit_test(eXIf_turns_it_upright),
        cmocka_unit_test(info_tells_what_is_stored),
        cmocka_unit_test(corrupt_pngsuite_is_refused),
        cmocka_unit_test(hostile_files_are_survived),
        cmocka_unit_test(prefixes_are_refused),
        cmocka_unit_test(flipped_bits_are_noticed),
        cmocka_unit_test(tolerated_truncation_keeps_the_first_rows),
        cmocka_unit_test(tolerance_does_not_change_sound_files),
        cmocka_unit_test(data_after_the_rows_is_limited),
    };
    return cmocka_run_group_tests_name("png", tests, make_scratch, remove_scratch);
}
