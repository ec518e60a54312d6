/* SPDX-License-Identifier: MIT */
/* The TIFF reader on damaged, malicious and unsupported files: it fails with a one-line message. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/context.h"
#include "damage.h"
#include "tiff_made.h"

/* ---- unsupported files ----------------------------------------------------------------------- */

static void assert_rejected(eg_context *ctx, const char *path, const eg_read_options *options,
                            eg_status wanted, const char *words)
{
    eg_grid grid;
    eg_error error = {0};
    eg_status status = eg_load(&grid, ctx, path, options, &error);
    if (status != wanted || !strstr(error.message, words))
        fail_msg("status %d '%s', not %d '%s'", (int)status, error.message, (int)wanted, words);
    assert_clean_refusal(path, status, &error);
}

static void unsupported_colours_are_named(void **state)
{
    static const struct {
        uint16_t bits, format, samples, photometric;
        const char *words;
    } kinds[] = {
        {4, SAMPLEFORMAT_UINT, 4, PHOTOMETRIC_SEPARATED, "CMYK of other than 8 or 16 bits"},
        {32, SAMPLEFORMAT_IEEEFP, 4, PHOTOMETRIC_SEPARATED, "CMYK of other than 8 or 16 bits"},
        {16, SAMPLEFORMAT_UINT, 3, PHOTOMETRIC_YCBCR, "YCbCr of other than 8 bits"},
        {48, SAMPLEFORMAT_UINT, 1, PHOTOMETRIC_MINISBLACK, "integer samples of 48 bits"},
        {1, SAMPLEFORMAT_INT, 1, PHOTOMETRIC_MINISBLACK, "integer samples of 1 bits"},
        {24, SAMPLEFORMAT_IEEEFP, 1, PHOTOMETRIC_MINISBLACK, "floating-point samples of 24 bits"},
        {8, SAMPLEFORMAT_UINT, 3, PHOTOMETRIC_ITULAB, "ITU L*a*b*"},
        {8, SAMPLEFORMAT_UINT, 1, PHOTOMETRIC_MASK, "transparency mask"},
        {16, SAMPLEFORMAT_UINT, 1, PHOTOMETRIC_CFA, "camera raw"},
        {8, SAMPLEFORMAT_UINT, 1, 1000, "PhotometricInterpretation 1000"},
        {32, SAMPLEFORMAT_COMPLEXINT, 1, PHOTOMETRIC_MINISBLACK, "complex"},
        {64, SAMPLEFORMAT_COMPLEXIEEEFP, 1, PHOTOMETRIC_MINISBLACK, "complex"},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        made_tiff made = tiff_of(kinds[i].bits, kinds[i].format, kinds[i].samples);
        made.photometric = kinds[i].photometric;
        make_tiff(scratch("kind.tif"), &made);
        assert_rejected(ctx, scratch("kind.tif"), NULL, EG_UNSUPPORTED, kinds[i].words);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- directories written by hand ------------------------------------------------------------- */

typedef struct entry {
    uint16_t tag, type;
    uint32_t count, value;
} entry;

static void put_number(uint8_t *p, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

/* Writes a little-endian TIFF with one directory, and 64 bytes of samples at offset 512. `next` is
 * the offset of the next directory. */
static void write_directory(const char *path, const entry *entries, size_t count, uint32_t next)
{
    uint8_t file[576] = "II*";
    put_number(file + 4, 8, 4);
    put_number(file + 8, (uint32_t)count, 2);
    for (size_t i = 0; i < count; i++) {
        uint8_t *p = file + 10 + 12 * i;
        put_number(p, entries[i].tag, 2);
        put_number(p + 2, entries[i].type, 2);
        put_number(p + 4, entries[i].count, 4);
        put_number(p + 8, entries[i].value, 4);
    }
    put_number(file + 10 + 12 * count, next, 4);
    memset(file + 512, 77, 64);
    write_bytes(path, file, sizeof file);
}

enum { WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, OFFSETS, SAMPLES, ROWS, SIZES, ENTRIES };

static const entry plain[ENTRIES] = {
    [WIDTH] = {256, TIFF_LONG, 1, 8},        [HEIGHT] = {257, TIFF_LONG, 1, 8},
    [BITS] = {258, TIFF_SHORT, 1, 8},        [COMPRESSION] = {259, TIFF_SHORT, 1, 1},
    [PHOTOMETRIC] = {262, TIFF_SHORT, 1, 1}, [OFFSETS] = {273, TIFF_LONG, 1, 512},
    [SAMPLES] = {277, TIFF_SHORT, 1, 1},     [ROWS] = {278, TIFF_LONG, 1, 8},
    [SIZES] = {279, TIFF_LONG, 1, 64},
};

static eg_status load_changed(eg_context *ctx, size_t which, uint32_t value, bool tolerate,
                              eg_error *error)
{
    entry entries[ENTRIES];
    eg_grid grid;
    eg_read_options options;
    eg_read_default(&options);
    options.tolerate = tolerate;
    memcpy(entries, plain, sizeof entries);
    entries[which].value = value;
    write_directory(scratch("hand.tif"), entries, ENTRIES, 0);
    *error = (eg_error){0};
    eg_status status = eg_load(&grid, ctx, scratch("hand.tif"), &options, error);
    eg_grid_free(&grid);
    if (status != EG_OK)
        assert_clean_refusal(scratch("hand.tif"), status, error);
    return status;
}

static void handwritten_files_are_read(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    eg_grid grid;
    for (uint32_t next = 0; next <= 8; next += 8) { /* 8: a cycle of directories */
        write_directory(scratch("hand.tif"), plain, ENTRIES, next);
        load_grid(&grid, ctx, scratch("hand.tif"), NULL);
        assert_int_equal(grid.width, 8);
        assert_true(sample_at(&grid, 7, 7) == 77);
        eg_grid_free(&grid);
    }
    close_context(ctx);
}

/* libtiff takes offsets that lack as blocks that a sparse file omits. */
static void missing_offsets_are_damage(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    eg_error error = {0};
    assert_int_equal(load_changed(ctx, ROWS, 2, false, &error), EG_BAD_INPUT);
    assert_non_null(strstr(error.message, "has the offsets of 1 of 4 strips"));
    assert_int_equal(load_changed(ctx, ROWS, 2, true, &error), EG_OK);
    assert_int_equal(load_changed(ctx, HEIGHT, 9, false, &error), EG_BAD_INPUT);
    close_context(ctx);
}

static void invalid_numbers_are_rejected(void **state)
{
    static const struct {
        size_t which;
        uint32_t value;
        eg_status status;
        const char *words;
    } cases[] = {
        {WIDTH, 0, EG_BAD_INPUT, ""},
        {HEIGHT, 0, EG_BAD_INPUT, ""},
        {WIDTH, 4000000000u, EG_LIMIT_EXCEEDED, "--max-side"},
        {HEIGHT, 4000000000u, EG_LIMIT_EXCEEDED, "--max-side"},
        {WIDTH, 900000, EG_BAD_INPUT, ""},
        {BITS, 0, EG_BAD_INPUT, ""},
        {BITS, 12, EG_BAD_INPUT, "strip 1 of 1"},
        {BITS, 33, EG_UNSUPPORTED, "33 bits"},
        {BITS, 65535, EG_UNSUPPORTED, "65535 bits"},
        {COMPRESSION, 6, EG_UNSUPPORTED, "old-style JPEG"},
        {COMPRESSION, 34712, EG_UNSUPPORTED, "34712"},
        {COMPRESSION, 60000, EG_UNSUPPORTED, "60000"},
        {COMPRESSION, 8, EG_BAD_INPUT, "strip 1 of 1"},
        {OFFSETS, 513, EG_BAD_INPUT, "row 8 of 8"},
        {OFFSETS, 4000000000u, EG_BAD_INPUT, "row 1 of 8"},
        {SIZES, 63, EG_OK, ""}, /* libtiff corrects the byte count of a single strip */
        {SAMPLES, 0, EG_BAD_INPUT, ""},
        {SAMPLES, 65535, EG_BAD_INPUT, ""},
        {ROWS, 0, EG_BAD_INPUT, "RowsPerStrip"},
    };
    (void)state;
    eg_context *ctx = small_context();
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_error error;
        eg_status status = load_changed(ctx, cases[i].which, cases[i].value, false, &error);
        if (status != cases[i].status || !strstr(error.message, cases[i].words))
            fail_msg("case %zu: status %d '%s'", i, (int)status, error.message);
        load_changed(ctx, cases[i].which, cases[i].value, true, &error);
    }
    close_context(ctx);
}

static void invalid_tile_sizes_are_rejected(void **state)
{
    static const struct {
        uint32_t width, height;
        eg_status status;
    } tiles[] = {
        {0, 16, EG_BAD_INPUT},
        {16, 0, EG_BAD_INPUT},
        {4294967280u, 4294967280u, EG_BAD_INPUT},
        {1u << 20, 1u << 20, EG_LIMIT_EXCEEDED},
        {1u << 14, 1u << 14, EG_LIMIT_EXCEEDED},
        {1u << 13, 1u << 13, EG_BAD_INPUT}, /* within the memory limit, but truncated */
    };
    (void)state;
    eg_context *ctx = small_context();
    for (size_t i = 0; i < COUNT(tiles); i++) {
        const entry entries[] = {
            {256, TIFF_LONG, 1, 8},
            {257, TIFF_LONG, 1, 8},
            {258, TIFF_SHORT, 1, 8},
            {259, TIFF_SHORT, 1, 1},
            {262, TIFF_SHORT, 1, 1},
            {277, TIFF_SHORT, 1, 1},
            {322, TIFF_LONG, 1, tiles[i].width},
            {323, TIFF_LONG, 1, tiles[i].height},
            {324, TIFF_LONG, 1, 512},
            {325, TIFF_LONG, 1, 64},
        };
        write_directory(scratch("tile.tif"), entries, COUNT(entries), 0);
        assert_rejected(ctx, scratch("tile.tif"), NULL, tiles[i].status, "");
    }
    close_context(ctx);
}

/* A directory of many tags, each with almost the whole file as its value, exceeds the limit for the
 * directory as a whole. */
static void directories_are_bounded(void **state)
{
    enum { TAGS = 60, BYTES = 4 << 20 };
    (void)state;
    eg_context *ctx = small_context();
    uint8_t *file = calloc(1, BYTES);
    assert_non_null(file);
    memcpy(file, "II*", 4);
    put_number(file + 4, 8, 4);
    put_number(file + 8, ENTRIES + TAGS, 2);
    for (size_t i = 0; i < ENTRIES + TAGS; i++) {
        entry e = {(uint16_t)(40000 + i), TIFF_BYTE, BYTES - 4096, 2048};
        if (i < ENTRIES)
            e = plain[i];
        uint8_t *p = file + 10 + 12 * i;
        put_number(p, e.tag, 2);
        put_number(p + 2, e.type, 2);
        put_number(p + 4, e.count, 4);
        put_number(p + 8, e.value, 4);
    }
    write_bytes(scratch("tags.tif"), file, BYTES);
    free(file);
    assert_rejected(ctx, scratch("tags.tif"), NULL, EG_LIMIT_EXCEEDED, "--max-chunk");
    close_context(ctx);
}

/* ---- damage ---------------------------------------------------------------------------------- */

static const struct layout {
    uint16_t compression, predictor;
    uint32_t tile;
    uint16_t samples;
    const char *mode;
} layouts[] = {
    {COMPRESSION_NONE, 0, 0, 1, "wl"},
    {COMPRESSION_NONE, 0, 16, 1, "wb8"},
    {COMPRESSION_ADOBE_DEFLATE, 2, 16, 1, "wb"},
    {COMPRESSION_LZW, 0, 0, 3, "wl8"},
};

static made_tiff small_tiff(const struct layout *layout)
{
    static const double scale[3] = {30, 20, 0}, ties[6] = {0, 0, 0, 1000, 5000, 0};
    static const uint16_t keys[] = {1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32619};
    made_tiff made = tiff_of(16, SAMPLEFORMAT_UINT, layout->samples);
    made.width = 21;
    made.height = 18;
    made.mode = layout->mode;
    made.photometric = layout->samples == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    made.separate = layout->samples == 3;
    made.compression = layout->compression;
    made.predictor = layout->predictor;
    made.tile_width = made.tile_height = layout->tile;
    made.scale = scale;
    made.ties = ties;
    made.keys = keys;
    made.key_count = COUNT(keys);
    made.nodata = "-9999";
    tiff_noise(&made);
    return made;
}

static void prefixes_are_rejected(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        made_tiff made = small_tiff(&layouts[i]);
        make_tiff(scratch("whole.tif"), &made);
        assert_prefixes_refused(scratch("whole.tif"), 0);
        free(made.values);
    }
}

static void flipped_bits_are_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        made_tiff made = small_tiff(&layouts[i]);
        make_tiff(scratch("whole.tif"), &made);
        assert_flips_survived(scratch("whole.tif"), NULL);
        free(made.values);
    }
}

/* With --tolerate, a tile whose data is overwritten is missing, and the others are read. */
static void a_damaged_tile_costs_no_other(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    eg_read_options options;
    eg_grid grid;
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    made.compression = COMPRESSION_ADOBE_DEFLATE;
    made.tile_width = made.tile_height = 16;
    make_tiff(scratch("tile.tif"), &made);
    TIFF *tiff = TIFFOpen(scratch("tile.tif"), "r");
    uint64_t at = TIFFGetStrileOffset(tiff, 5);
    TIFFClose(tiff);
    file_bytes bytes = read_bytes(scratch("tile.tif"));
    memset(bytes.data + at, 0xA5, 40);
    write_bytes(scratch("tile.tif"), bytes.data, bytes.size);
    free(bytes.data);
    assert_rejected(ctx, scratch("tile.tif"), NULL, EG_BAD_INPUT, "tile 6 of 12 is damaged");
    eg_read_default(&options);
    options.tolerate = options.as_values = true;
    load_grid(&grid, ctx, scratch("tile.tif"), &options);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++) {
            double got = sample_at(&grid, x, y);
            bool lost = x / 16 == 1 && y / 16 == 1; /* tile 5 of 4 across */
            assert_true(lost ? isnan(got) : got == *tiff_value(&made, x, y, 0));
        }
    eg_grid_free(&grid);
    free(made.values);
    close_context(ctx);
}

/* Rows before the damage are read: in uncompressed strips, and in one strip that is decoded row by
 * row. */
static void tolerated_truncation_keeps_the_first_rows(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    eg_read_options options;
    eg_read_default(&options);
    options.tolerate = true;
    for (uint32_t strip = 0; strip <= 64; strip += 64) {
        made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
        eg_grid grid;
        size_t rows = 0;
        made.width = 3000;
        made.height = strip ? 1000 : 3000;
        made.strip = strip;
        tiff_noise(&made);
        made.compression = strip ? COMPRESSION_NONE : COMPRESSION_LZW;
        make_tiff(scratch("cut.tif"), &made);
        file_bytes bytes = read_bytes(scratch("cut.tif"));
        memset(bytes.data + bytes.size / 2, strip ? 1 : 0xFF, bytes.size / 4);
        write_bytes(scratch("cut.tif"), bytes.data, bytes.size);
        free(bytes.data);
        load_grid(&grid, ctx, scratch("cut.tif"), &options);
        while (rows < made.height && sample_at(&grid, 0, rows) == *tiff_value(&made, 0, rows, 0))
            rows++;
        assert_in_range(rows, made.height * 2 / 5, made.height * 4 / 5);
        eg_grid_free(&grid);
        free(made.values);
    }
    close_context(ctx);
}

static void sparse_blocks_are_missing_or_0(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    for (int variation = 0; variation < 8; variation++) {
        made_tiff made = tiff_of(variation & 1 ? 8 : 32,
                                 variation & 1 ? SAMPLEFORMAT_UINT : SAMPLEFORMAT_IEEEFP, 1);
        eg_grid grid;
        made.tile_width = made.tile_height = variation & 2 ? 48 : 0;
        made.strip = 10;
        made.compression = variation & 2 ? COMPRESSION_LZW : COMPRESSION_NONE;
        made.nodata = variation & 4 ? "200" : NULL;
        made.omitted_block = 1;
        make_tiff(scratch("sparse.tif"), &made);
        load_grid(&grid, ctx, scratch("sparse.tif"), NULL);
        double got = sample_at(&grid, 7, 9);
        if (variation & 4)
            assert_true(variation & 1 ? got == 200 : isnan(got));
        else
            assert_true(got == 0);
        assert_true(sample_at(&grid, 50, 30) == *tiff_value(&made, 50, 30, 0));
        eg_grid_free(&grid);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void pipes_are_bounded_by_memory(void **state)
{
    (void)state;
    eg_config config;
    eg_context *ctx = NULL;
    eg_error error = {0};
    eg_grid grid;
    int ends[2];
    char path[32];
    eg_config_default(&config);
    config.max_memory = 256 << 10;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "II*\0\10\0\0\0", 8), 8);
    close(ends[1]);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    assert_int_equal(eg_load(&grid, ctx, path, NULL, &error), EG_LIMIT_EXCEEDED);
    close(ends[0]);
    close_context(ctx);
}

/* libtiff's own allocations cannot be made to fail here. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        made_tiff made = small_tiff(&layouts[i]);
        make_tiff(scratch("whole.tif"), &made);
        free(made.values);
        eg_status status = EG_NO_MEMORY;
        for (long k = 0; status != EG_OK; k++) {
            eg_context *ctx = test_context(2, 5, NULL);
            eg_grid grid;
            eg_error error = {0};
            atomic_store(&ctx->fail_after, k);
            status = eg_load(&grid, ctx, scratch("whole.tif"), NULL, &error);
            assert_true(status == EG_OK || status == EG_NO_MEMORY);
            assert_int_equal(error.status, status);
            eg_grid_free(&grid);
            close_context(ctx);
            assert_in_range(k, 0, 1000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsupported_colours_are_named),
        cmocka_unit_test(handwritten_files_are_read),
        cmocka_unit_test(missing_offsets_are_damage),
        cmocka_unit_test(invalid_numbers_are_rejected),
        cmocka_unit_test(invalid_tile_sizes_are_rejected),
        cmocka_unit_test(directories_are_bounded),
        cmocka_unit_test(prefixes_are_rejected),
        cmocka_unit_test(flipped_bits_are_survived),
        cmocka_unit_test(a_damaged_tile_costs_no_other),
        cmocka_unit_test(tolerated_truncation_keeps_the_first_rows),
        cmocka_unit_test(sparse_blocks_are_missing_or_0),
        cmocka_unit_test(pipes_are_bounded_by_memory),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("tiff damage", tests, make_scratch, remove_scratch);
}
