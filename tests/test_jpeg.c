/* SPDX-License-Identifier: MIT */
/* Tests of the JPEG reader: the pixels are those of libjpeg, and damage is refused. */
#include "damage.h"
#include "jpeg_oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMALL "testdata/small/"

/* ---- the pixels ------------------------------------------------------------------------------ */

static double luma(double r, double g, double b)
{
    return floor((19595 * r + 38470 * g + 7471 * b) / 65536 + 0.5);
}

/* CMYK is inverted, so that a colour is its product with the inverted black. */
static double grey_of_inks(const uint8_t *rest)
{
    return luma(rest[0] * rest[3] / 255.0, rest[1] * rest[3] / 255.0, rest[2] * rest[3] / 255.0);
}

static double grey_of(const jpeg_pixels *p, size_t x, size_t y)
{
    const uint8_t *at = p->data + (y * p->width + x) * p->channels;
    return p->channels == 1   ? at[0]
           : p->channels == 3 ? luma(at[0], at[1], at[2])
                              : grey_of_inks(at);
}

/* Compares a file with libjpeg's pixels; returns false if libjpeg refuses it. CMYK may differ by
 * one level, because its products are rounded. */
static bool compare_with_oracle(eg_context *ctx, const char *path)
{
    eg_grid grid;
    jpeg_pixels oracle;
    eg_read_options options;
    eg_read_default(&options);
    options.ignore_orientation = true;
    if (!oracle_jpeg(&oracle, path))
        return false;
    double bound = oracle.channels == 4 ? 1 : 0;
    load_grid(&grid, ctx, path, &options);
    assert_int_equal(grid.sample, EG_U8);
    assert_int_equal(grid.width, oracle.width);
    assert_int_equal(grid.height, oracle.height);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            if (fabs(sample_at(&grid, x, y) - grey_of(&oracle, x, y)) > bound)
                fail_msg("%s: (%zu, %zu) is %g, not %g", path, x, y, sample_at(&grid, x, y),
                         grey_of(&oracle, x, y));
    free(oracle.data);
    eg_grid_free(&grid);
    return true;
}

/* Compares all files of a folder and returns the number that libjpeg refuses. */
static size_t compare_folder(const char *folder)
{
    eg_context *ctx = test_context(1, 0, NULL);
    file_list files = list_files(folder, ".jpg");
    size_t refused = 0;
    for (size_t i = 0; i < files.count; i++)
        refused += !compare_with_oracle(ctx, files.paths[i]);
    free_files(&files);
    close_context(ctx);
    return refused;
}

static void pictures_are_as_libjpeg_reads_them(void **state)
{
    (void)state;
    assert_int_equal(compare_folder("testdata/small"), 0);
    assert_int_equal(compare_folder("testdata"), 0);
}

/* The corpus has arithmetic coding, restarts and photographs; libjpeg may refuse only the 12-bit
 * file. */
static void corpus_is_as_libjpeg_reads_it(void **state)
{
    (void)state;
    char *folder = need_corpus("jpeg");
    assert_in_range(compare_folder(folder), 0, 1);
    free(folder);
}

/* Files with full chroma, halved chroma and none give nearly the same grid, which has no colour. */
static void chroma_does_not_matter(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid full, half, grey, sent;
    load_grid(&full, ctx, SMALL "ycc444.jpg", NULL);
    load_grid(&half, ctx, SMALL "ycc420.jpg", NULL);
    load_grid(&grey, ctx, SMALL "grey.jpg", NULL);
    load_grid(&sent, ctx, SMALL "grey.png", NULL);
    assert_grids_equal(&full, &half);
    assert_true(mean_difference(&full, &grey) < 1);
    assert_true(mean_difference(&full, &sent) < 3);
    eg_grid_free(&full);
    eg_grid_free(&half);
    eg_grid_free(&grey);
    eg_grid_free(&sent);
    close_context(ctx);
}

static void progressive_is_baseline(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    assert_same_picture(ctx, SMALL "progressive.jpg", SMALL "ycc420.jpg");
    close_context(ctx);
}

/* OpenCV, Pillow, ImageMagick and libvips take the inks as inverted without Adobe's marker too. */
static void cmyk_needs_no_marker(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    assert_same_picture(ctx, SMALL "cmyk-plain.jpg", SMALL "cmyk.jpg");
    close_context(ctx);
}

static void info_tells_what_is_stored(void **state)
{
    static const struct {
        const char *path, *colour;
        int channels;
        bool scans;
    } files[] = {
        {SMALL "grey.jpg", "grey", 1, false}, {SMALL "ycc420.jpg", "YCbCr", 3, false},
        {SMALL "rgb.jpg", "RGB", 3, false},   {SMALL "progressive.jpg", "YCbCr", 3, true},
        {SMALL "cmyk.jpg", "CMYK", 4, false}, {SMALL "ycck.jpg", "YCCK", 4, false},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        eg_source *source = NULL;
        assert_int_equal(eg_source_open(&source, ctx, files[i].path, NULL, NULL), EG_OK);
        const eg_info *info = eg_source_info(source);
        assert_string_equal(info->format, "JPEG");
        assert_string_equal(info->colour, files[i].colour);
        assert_int_equal(info->channels, files[i].channels);
        assert_int_equal(info->depth, 8);
        assert_int_equal(info->interlaced, files[i].scans);
        eg_source_close(source);
    }
    close_context(ctx);
}

/* ---- limits and damage ----------------------------------------------------------------------- */

static void twelve_bits_are_refused_by_name(void **state)
{
    (void)state;
    char *path = need_corpus("jpeg/libjpeg-turbo-monkey12.jpg");
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid;
    eg_error error = {0};
    assert_int_equal(eg_load(&grid, ctx, path, NULL, &error), EG_UNSUPPORTED);
    assert_clean_refusal(path, error.status, &error);
    assert_non_null(strstr(error.message, "12-bit"));
    close_context(ctx);
    free(path);
}

static void scans_have_a_limit(void **state)
{
    (void)state;
    eg_config config;
    eg_context *ctx = NULL;
    eg_grid grid;
    eg_config_default(&config);
    for (int scans = 1; scans < 100; scans++) {
        eg_error error = {0};
        config.max_scans = scans;
        assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
        eg_status status = eg_load(&grid, ctx, SMALL "progressive.jpg", NULL, &error);
        eg_grid_free(&grid);
        close_context(ctx);
        if (status == EG_OK) {
            assert_in_range(scans, 2, 20);
            return;
        }
        assert_int_equal(status, EG_LIMIT_EXCEEDED);
        assert_non_null(strstr(error.message, "--max-scans"));
    }
    fail_msg("a file of a few scans is never read");
}

static void prefixes_are_refused(void **state)
{
    (void)state;
    assert_prefixes_refused(SMALL "grey.jpg", 2);
    assert_prefixes_refused(SMALL "progressive.jpg", 2);
    assert_prefixes_refused(SMALL "cmyk.jpg", 2);
}

/* Kinds of files in which the end of the data is noticed in different ways. */
typedef struct jpeg_kind {
    const char *name;
    bool arithmetic, progressive, scan_each; /* scan_each: one scan for each channel */
    unsigned restart;                        /* blocks between restart markers; 0: none */
} jpeg_kind;

/* Compresses a small picture of 3 channels; the caller frees the bytes with free(). */
static file_bytes compress_kind(const jpeg_kind *kind)
{
    static const jpeg_scan_info scans[] = {
        {1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = 40;
    jpeg.image_height = 24;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg.arith_code = kind->arithmetic;
    jpeg.restart_interval = kind->restart;
    if (kind->progressive)
        jpeg_simple_progression(&jpeg);
    if (kind->scan_each) {
        jpeg.scan_info = scans;
        jpeg.num_scans = 3;
    }
    jpeg_start_compress(&jpeg, TRUE);
    for (unsigned y = 0; y < jpeg.image_height; y++) {
        JSAMPLE row[3 * 40];
        JSAMPROW rows = row;
        for (unsigned i = 0; i < sizeof row; i++)
            row[i] = (JSAMPLE)(i * i * y + 7 * y * y + 31 * i);
        jpeg_write_scanlines(&jpeg, &rows, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return (file_bytes){bytes, size};
}

/* All rows are there without the two bytes of the end marker, except that the data of arithmetic
 * coding may end anywhere. */
static void prefixes_of_every_kind(void **state)
{
    static const jpeg_kind kinds[] = {
        {"sequential", false, false, false, 0}, {"restarts", false, false, false, 2},
        {"scans", false, false, true, 0},       {"scans with restarts", false, false, true, 3},
        {"progressive", false, true, false, 0}, {"progressive restarts", false, true, false, 4},
#ifdef C_ARITH_CODING_SUPPORTED
        {"arithmetic", true, false, false, 0},  {"arithmetic progressive", true, true, false, 0},
#endif
    };
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        file_bytes bytes = compress_kind(&kinds[i]);
        assert_prefixes_refused_of(kinds[i].name, &bytes, kinds[i].arithmetic ? 0 : 2);
        free(bytes.data);
    }
}

/* JPEG has no checksums, so that only lengths and markers can be checked. */
static void flipped_bits_are_survived(void **state)
{
    (void)state;
    assert_flips_survived(SMALL "grey.jpg", NULL);
    assert_flips_survived(SMALL "progressive.jpg", NULL);
    assert_flips_survived(SMALL "orient-6.jpg", NULL);
}

static void hostile_files_are_survived(void **state)
{
    (void)state;
    char *folder = need_corpus("bad/jpeg-fuzz");
    assert_folder_survived(folder);
    free(folder);
}

/* A baseline file stores rows of blocks in order, so that half of it contains the first rows. */
static void tolerated_truncation_keeps_the_first_rows(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid whole, part;
    eg_read_options options;
    eg_error error = {0};
    size_t before = 0;
    eg_read_default(&options);
    options.tolerate = true;
    load_grid(&whole, ctx, "testdata/scene.jpg", NULL);
    file_bytes bytes = read_bytes("testdata/scene.jpg");
    for (size_t tenth = 2; tenth <= 10; tenth++) {
        size_t rows = 0, size = bytes.size * tenth / 10;
        if (load_bytes(&part, ctx, bytes.data, size, &options, &error) != EG_OK)
            fail_msg("%zu of %zu bytes: %s", size, bytes.size, error.message);
        while (rows < whole.height &&
               memcmp((uint8_t *)part.data + rows * part.stride,
                      (uint8_t *)whole.data + rows * whole.stride, whole.width) == 0)
            rows++;
        assert_true(rows >= before);
        if (tenth == 5)
            assert_true(rows > whole.height / 8);
        before = rows;
        eg_grid_free(&part);
    }
    assert_int_equal(before, whole.height);
    free(bytes.data);
    eg_grid_free(&whole);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_are_as_libjpeg_reads_them),
        cmocka_unit_test(corpus_is_as_libjpeg_reads_it),
        cmocka_unit_test(chroma_does_not_matter),
        cmocka_unit_test(progressive_is_baseline),
        cmocka_unit_test(cmyk_needs_no_marker),
        cmocka_unit_test(info_tells_what_is_stored),
        cmocka_unit_test(twelve_bits_are_refused_by_name),
        cmocka_unit_test(scans_have_a_limit),
        cmocka_unit_test(prefixes_are_refused),
        cmocka_unit_test(prefixes_of_every_kind),
        cmocka_unit_test(flipped_bits_are_survived),
        cmocka_unit_test(hostile_files_are_survived),
        cmocka_unit_test(tolerated_truncation_keeps_the_first_rows),
    };
    return cmocka_run_group_tests_name("jpeg", tests, NULL, NULL);
}
