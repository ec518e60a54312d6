/* SPDX-License-Identifier: MIT */
/* Compressed inputs: the images of the files in them, checksums, damage, what is refused. */
#include "archive_made.h"
#include "raster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/context.h"

#define SMALL "testdata/small/"

/* A .hgt tile: 1201 x 1201 big-endian integers. */
enum { SIDE = 1201, TILE_BYTES = 2 * SIDE * SIDE };

static uint8_t *make_tile(void)
{
    uint8_t *tile = malloc(TILE_BYTES);
    assert_non_null(tile);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        unsigned v = (unsigned)(i % SIDE + 3 * (i / SIDE));
        tile[2 * i] = (uint8_t)(v >> 8);
        tile[2 * i + 1] = (uint8_t)v;
    }
    return tile;
}

/* Writes `bytes` to scratch file `name`, frees them, and returns the path. */
static const char *put_and_free(const char *name, file_bytes bytes)
{
    const char *path = put_file(name, bytes.data, bytes.size);
    free(bytes.data);
    return path;
}

/* Reads a file with limits for hostile files; the message must contain `words`. */
static void check_failure(const char *path, eg_status wanted, const char *words)
{
    eg_context *ctx = small_context();
    eg_error error = {0};
    eg_grid grid;
    eg_status status = eg_load(&grid, ctx, path, NULL, &error);
    if (status != wanted || !strstr(error.message, words) || !strstr(error.message, path))
        fail_msg("%s: status %d: %s", path, (int)status, error.message);
    close_context(ctx);
}

/* ---- every format ---------------------------------------------------------------------------- */

static void compressed_files_are_the_files(void **state)
{
    (void)state;
    file_list files = list_files(SMALL, "");
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < files.count; i++) {
        const char *name = base_name(files.paths[i]);
        file_bytes bytes = read_bytes(files.paths[i]);
        char other[80];
        snprintf(other, sizeof other, "%s.gz", name);
        assert_same_picture(ctx, files.paths[i],
                            put_and_free(other, make_gzip(bytes.data, bytes.size)));
        snprintf(other, sizeof other, "%s.zip", name);
        for (int stored = 0; stored < 2; stored++) {
            const zip_file member = {
                .name = name, .data = bytes.data, .size = bytes.size, .stored = stored};
            assert_same_picture(ctx, files.paths[i],
                                put_and_free(other, make_zip(&member, 1, stored ? "words" : "")));
        }
        free(bytes.data);
    }
    assert_true(files.count > 40);
    free_files(&files);
    close_context(ctx);
}

/* Members of gzip may follow each other, and zeros at the end. */
static void gzip_members_are_joined(void **state)
{
    (void)state;
    file_bytes bytes = read_bytes(SMALL "grey.png"), joined = {.data = NULL};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t at = 0; at < bytes.size; at += 50) {
        size_t size = bytes.size - at < 50 ? bytes.size - at : 50;
        file_bytes member = make_gzip(bytes.data + at, size);
        append_bytes(&joined, member.data, member.size);
        free(member.data);
    }
    append_bytes(&joined, "\0\0\0\0\0", 5);
    assert_same_picture(ctx, SMALL "grey.png", put_file("j.png.gz", joined.data, joined.size));
    append_bytes(&joined, "rubbish", 7);
    check_failure(put_and_free("j.png.gz", joined), EG_BAD_INPUT, "other data follows");
    free(bytes.data);
    close_context(ctx);
}

/* ---- SRTM tiles ------------------------------------------------------------------------------ */

static void check_tile(const char *path, double west, double north)
{
    raster r = raster_of(path, true);
    assert_int_equal(r.info.width, SIDE);
    assert_true(r.georef.located);
    assert_true(fabs(r.georef.transform[0] - (west - 0.5 / 1200)) < 1e-12);
    assert_true(fabs(r.georef.transform[3] - (north + 0.5 / 1200)) < 1e-12);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        if ((size_t)r.values[i] != i % SIDE + 3 * (i / SIDE))
            fail_msg("%s: sample %zu is %g", path, i, r.values[i]);
    raster_free(&r);
}

static void tiles_have_their_coordinates(void **state)
{
    (void)state;
    uint8_t *tile = make_tile();
    const zip_file plain = {.name = "N45E007.hgt", .data = tile, .size = TILE_BYTES};
    const zip_file unnamed = {.name = "data.hgt", .data = tile, .size = TILE_BYTES};
    const zip_file more[] = {{.name = "N45E007/", .data = "", .stored = true},
                             {.name = "N45E007/readme.txt", .data = "text", .size = 4},
                             {.name = "N45E007/N45E007.HGT", .data = tile, .size = TILE_BYTES},
                             {.name = "__MACOSX/N45E007/._N45E007.HGT", .data = "m", .size = 1}};
    check_tile(put_and_free("N45E007.hgt.gz", make_gzip(tile, TILE_BYTES)), 7, 46);
    check_tile(put_and_free("s12w070.SRTMGL1.hgt.GZ", make_gzip(tile, TILE_BYTES)), -70, -11);
    check_tile(put_and_free("N45E007.hgt.zip", make_zip(&plain, 1, "")), 7, 46);
    check_tile(put_and_free("N45E007.SRTMGL3.hgt.zip", make_zip(&plain, 1, "")), 7, 46);
    check_tile(put_and_free("download.zip", make_zip(&plain, 1, "")), 7, 46);
    check_tile(put_and_free("N10E020.hgt.zip", make_zip(&unnamed, 1, "")), 20, 11);
    check_tile(put_and_free("N45E007.zip", make_zip(more, COUNT(more), "a comment")), 7, 46);
    assert_true(eg_source_recognizes("a/N45E007.hgt.zip"));
    assert_true(eg_source_recognizes("N45E007.SRTMGL1.hgt.GZ"));
    assert_true(eg_source_recognizes("dem.asc.gz"));
    assert_false(eg_source_recognizes("dem.zip"));
    assert_false(eg_source_recognizes("dem.hdr.gz"));
    assert_false(eg_source_recognizes("dem.txt.gz"));
    assert_false(eg_source_recognizes(".gz"));
    free(tile);
}

static void contradicting_names_are_said(void **state)
{
    (void)state;
    uint8_t *tile = make_tile();
    const zip_file plain = {.name = "N45E007.hgt", .data = tile, .size = TILE_BYTES};
    const char *path = put_and_free("N46E007.hgt.zip", make_zip(&plain, 1, ""));
    eg_context *ctx = test_context(1, 0, NULL);
    eg_source *source;
    check_tile(path, 7, 46);
    assert_int_equal(eg_source_open(&source, ctx, path, NULL, NULL), EG_OK);
    assert_non_null(strstr(eg_source_warning(source, 0), "another tile"));
    eg_source_close(source);
    close_context(ctx);
    free(tile);
}

/* A gzip file does not state its length before its end. */
static void tiles_of_another_length_are_refused(void **state)
{
    (void)state;
    uint8_t *tile = make_tile();
    file_bytes twice = make_gzip(tile, TILE_BYTES), whole = make_gzip(tile, TILE_BYTES);
    append_bytes(&twice, whole.data, whole.size);
    check_failure(put_and_free("N45E007.hgt.gz", twice), EG_BAD_INPUT, "unpack it first");
    check_failure(put_file("N45E007.hgt.gz", whole.data, whole.size / 2), EG_BAD_INPUT,
                  "is incomplete");
    check_failure(put_and_free("N45E007.hgt.gz", make_gzip(tile, 1000)), EG_BAD_INPUT,
                  "1000 bytes is not the size");
    free(whole.data);
    free(tile);
}

/* Rows of a part of a raster, as the ranks of a cluster read them. */
static void rows_are_skipped(void **state)
{
    (void)state;
    uint8_t *tile = make_tile();
    const char *path = put_and_free("N45E007.hgt.gz", make_gzip(tile, TILE_BYTES));
    eg_context *ctx = test_context(1, 0, NULL);
    eg_source *source;
    float row[SIDE];
    assert_int_equal(eg_source_open(&source, ctx, path, NULL, NULL), EG_OK);
    assert_int_equal(eg_source_rows(source, 900, 2, NULL), EG_OK);
    assert_int_equal(eg_source_read(source, row, sizeof row, 1, NULL), EG_OK);
    assert_true(row[5] == 5 + 3 * 900);
    eg_source_close(source);
    close_context(ctx);
    free(tile);
}

/* Sidecar files are beside the compressed file, with the name of the content. */
static void sidecars_are_found(void **state)
{
    (void)state;
    static const char asc[] = "ncols 3\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n";
    static const char prj[] =
        "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,"
        "298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";
    static const char hdr[] = "ncols 3\nnrows 1\nnbits 8\n";
    const zip_file member = {.name = "folder/dem.asc", .data = asc, .size = sizeof asc - 1};
    put_file("dem.prj", prj, sizeof prj - 1);
    put_file("dem.hdr", hdr, sizeof hdr - 1);
    raster gz = raster_of(put_and_free("dem.asc.gz", make_gzip(asc, sizeof asc - 1)), true);
    raster zip = raster_of(put_and_free("x.zip", make_zip(&member, 1, "")), true);
    raster bil = raster_of(put_and_free("dem.bil.gz", make_gzip("\1\2\3", 3)), true);
    assert_int_equal(gz.georef.crs, EG_CRS_GEOGRAPHIC);
    assert_int_equal(zip.georef.crs, EG_CRS_GEOGRAPHIC);
    assert_true(gz.values[2] == 3 && zip.values[2] == 3 && bil.values[2] == 3);
    raster_free(&gz);
    raster_free(&zip);
    raster_free(&bil);
    check_failure(put_and_free("dem.bil.gz", make_gzip("\1\2", 2)), EG_BAD_INPUT,
                  "truncated: 2 of 3 bytes");
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* Every changed byte and every truncation is reported, or changes no pixel. */
static void check_damage(const char *name, file_bytes bytes, const eg_grid *wanted)
{
    for (size_t i = 0; i < 2 * bytes.size; i++) {
        bool cut = i >= bytes.size;
        size_t at = cut ? i - bytes.size : i;
        eg_context *ctx = small_context();
        eg_error error = {0};
        eg_grid grid;
        bytes.data[at] ^= cut ? 0 : 0x41;
        const char *path = put_file(name, bytes.data, cut ? at : bytes.size);
        eg_status status = eg_load(&grid, ctx, path, NULL, &error);
        bytes.data[at] ^= cut ? 0 : 0x41;
        if (status == EG_OK && cut)
            fail_msg("%s: truncated after %zu bytes, and read", name, at);
        if (status == EG_OK)
            assert_grids_equal(wanted, &grid);
        else if (!error.message[0])
            fail_msg("%s: byte %zu: no message", name, at);
        eg_grid_free(&grid);
        close_context(ctx);
    }
}

static void damage_is_reported(void **state)
{
    (void)state;
    static const char text[] = "P2 8 4 255\n1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
                               "17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 255\n";
    zip_file member = {.name = "a.pgm", .data = text, .size = sizeof text - 1};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid wanted;
    file_bytes archives[] = {make_gzip(text, sizeof text - 1), make_zip(&member, 1, ""), {NULL, 0}};
    static const char *const names[] = {"a.pgm.gz", "a.zip", "b.zip"};
    member.stored = true;
    archives[2] = make_zip(&member, 1, "");
    load_grid(&wanted, ctx, put_file("a.pgm", text, sizeof text - 1), NULL);
    for (size_t i = 0; i < COUNT(archives); i++) {
        check_damage(names[i], archives[i], &wanted);
        free(archives[i].data);
    }
    eg_grid_free(&wanted);
    close_context(ctx);
}

/* The checksum is behind the data, which the image need not reach. */
static void the_checksum_is_read_behind_the_image(void **state)
{
    (void)state;
    uint8_t *data = calloc(1, 400000);
    assert_non_null(data);
    memcpy(data, "P5 20 20 255\n", 13);
    file_bytes bytes = make_gzip(data, 400000);
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid;
    load_grid(&grid, ctx, put_file("a.pgm.gz", bytes.data, bytes.size), NULL);
    eg_grid_free(&grid);
    bytes.data[bytes.size - 8] ^= 1;
    check_failure(put_file("a.pgm.gz", bytes.data, bytes.size), EG_BAD_INPUT,
                  "incorrect data check");
    bytes.data[bytes.size - 8] ^= 1;
    check_failure(put_file("a.pgm.gz", bytes.data, bytes.size - 9), EG_BAD_INPUT,
                  "it is truncated");
    free(bytes.data);
    free(data);
    close_context(ctx);
}

/* A small file can expand to gigabytes behind a small image. */
static void what_follows_the_image_is_limited(void **state)
{
    (void)state;
    const size_t size = 20 << 20;
    uint8_t *data = calloc(1, size);
    assert_non_null(data);
    memcpy(data, "P5 20 20 255\n", 13);
    check_failure(put_and_free("b.pgm.gz", make_gzip(data, size)), EG_LIMIT_EXCEEDED,
                  "MB follow the image in the compressed file; unpack it first");
    free(data);
}

static void tolerate_reads_what_there_is(void **state)
{
    (void)state;
    file_bytes bytes = read_bytes(SMALL "grey.pgm");
    file_bytes packed = make_gzip(bytes.data, bytes.size);
    const char *path = put_file("g.pgm.gz", packed.data, packed.size / 2);
    eg_read_options options;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid whole, half;
    eg_read_default(&options);
    options.tolerate = true;
    load_grid(&whole, ctx, SMALL "grey.pgm", NULL);
    load_grid(&half, ctx, path, &options);
    assert_int_equal(half.height, whole.height);
    assert_memory_equal(half.data, whole.data, whole.width);
    check_failure(path, EG_BAD_INPUT, "truncated");
    eg_grid_free(&whole);
    eg_grid_free(&half);
    free(bytes.data);
    free(packed.data);
    close_context(ctx);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void check_archive(const zip_file files[], size_t count, const char *words)
{
    check_failure(put_and_free("r.zip", make_zip(files, count, "")), EG_UNSUPPORTED, words);
}

static void archives_of_other_kinds_are_refused(void **state)
{
    (void)state;
    const zip_file one = {.name = "a.pgm", .data = "P2 1 1 9 5", .size = 10};
    const zip_file pair[] = {one, {.name = "a.txt", .data = "x", .size = 1}};
    const zip_file tiles[] = {{.name = "N45E007.hgt", .data = "x", .size = 1},
                              {.name = "N45E008.hgt", .data = "x", .size = 1},
                              one};
    zip_file other = one;
    check_archive(pair, 2, "a zip archive of 2 files; only archives of one file");
    check_archive(tiles, 3, "a zip archive of 2 .hgt files");
    check_archive(NULL, 0, "without a file");
    other.flags = 1;
    check_archive(&other, 1, "encrypted");
    other.flags = 0;
    other.method = 12;
    check_archive(&other, 1, "compression method 12");
    other.method = 0;
    other.zip64 = true;
    check_archive(&other, 1, "zip64");
    file_bytes disks = make_zip(&one, 1, "");
    disks.data[disks.size - 18] = 1;
    check_failure(put_and_free("r.zip", disks), EG_UNSUPPORTED, "several files");
    file_bytes nested = make_gzip("P2 1 1 9 5", 10), twice = make_gzip(nested.data, nested.size);
    check_failure(put_and_free("a.pgm.gz.gz", twice), EG_UNSUPPORTED, "gunzip -c");
    free(nested.data);
}

/* Samples without a header may begin like a compressed file. */
static void headerless_samples_are_not_decompressed(void **state)
{
    (void)state;
    static const char hdr[] = "ncols 5\nnrows 1\nnbits 8\n";
    put_file("raw.hdr", hdr, sizeof hdr - 1);
    raster gzip = raster_of(put_file("raw.bil", "\x1F\x8B\x08\x00\x05", 5), true);
    raster zip = raster_of(put_file("raw.bil", "PK\3\4\5", 5), true);
    assert_true(gzip.values[1] == 0x8B && zip.values[2] == 3);
    raster_free(&gzip);
    raster_free(&zip);
}

/* Content that must be held in memory counts against its limit. */
static void content_in_memory_is_limited(void **state)
{
    (void)state;
    enum { SIZE = 40 << 20 };
    uint8_t *data = calloc(1, SIZE);
    eg_config config;
    eg_context *ctx;
    eg_error error = {0};
    eg_grid grid;
    assert_non_null(data);
    memcpy(data, "II*", 4);
    const char *path = put_and_free("big.tif.gz", make_gzip(data, SIZE));
    eg_config_default(&config);
    config.max_memory = 16 << 20;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    assert_int_equal(eg_load(&grid, ctx, path, NULL, &error), EG_LIMIT_EXCEEDED);
    assert_non_null(strstr(error.message, "--max-memory"));
    close_context(ctx);
    free(data);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void check_allocations(const char *path)
{
    for (long k = 0;; k++) {
        eg_context *ctx = test_context(1, 0, NULL);
        eg_error error = {0};
        eg_grid grid;
        atomic_store(&ctx->fail_after, k);
        eg_status status = eg_load(&grid, ctx, path, NULL, &error);
        bool complete = atomic_load(&ctx->fail_after) >= 0;
        atomic_store(&ctx->fail_after, -1);
        if (status != (complete ? EG_OK : EG_NO_MEMORY) || error.status != status)
            fail_msg("%s, allocation %ld: %s", path, k, error.message);
        eg_grid_free(&grid);
        close_context(ctx);
        if (complete)
            break;
        assert_in_range(k, 0, 100);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    file_bytes bytes = read_bytes(SMALL "grey.asc");
    const zip_file member = {.name = "grey.asc", .data = bytes.data, .size = bytes.size};
    check_allocations(put_and_free("g.asc.gz", make_gzip(bytes.data, bytes.size)));
    check_allocations(put_and_free("g.zip", make_zip(&member, 1, "")));
    free(bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compressed_files_are_the_files),
        cmocka_unit_test(gzip_members_are_joined),
        cmocka_unit_test(tiles_have_their_coordinates),
        cmocka_unit_test(contradicting_names_are_said),
        cmocka_unit_test(tiles_of_another_length_are_refused),
        cmocka_unit_test(rows_are_skipped),
        cmocka_unit_test(sidecars_are_found),
        cmocka_unit_test(damage_is_reported),
        cmocka_unit_test(the_checksum_is_read_behind_the_image),
        cmocka_unit_test(what_follows_the_image_is_limited),
        cmocka_unit_test(tolerate_reads_what_there_is),
        cmocka_unit_test(archives_of_other_kinds_are_refused),
        cmocka_unit_test(headerless_samples_are_not_decompressed),
        cmocka_unit_test(content_in_memory_is_limited),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("compressed files", tests, make_scratch, remove_scratch);
}
