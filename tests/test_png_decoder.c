/* SPDX-License-Identifier: MIT */
/* Tests of the decoder of PNG image data: its rows and verdicts are those of libpng. */
#include "archive_made.h"
#include "png_readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/context.h"
#include "io/png/png_chunk.h"
#include "io/png/png_filter.h"
#include "io/png/png_unfilter.h"

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* ---- filters --------------------------------------------------------------------------------- */

/* Undoes the filter of a row as the specification states it. */
static void undo_by_definition(uint8_t *out, const uint8_t *in, const uint8_t *above, size_t bytes,
                               size_t step, int filter)
{
    for (size_t x = 0; x < bytes; x++) {
        const int a = x < step ? 0 : out[x - step], b = above[x];
        const int c = x < step ? 0 : above[x - step];
        const int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);
        const int nearest = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
        const int predictions[] = {0, a, b, (a + b) / 2, nearest};
        out[x] = (uint8_t)(in[x] + predictions[filter]);
    }
}

/* Compares the filters of `count` rows; `filter` is that of all of them, or -1: mixed. */
static void check_rows(eg_context *ctx, size_t bytes, size_t step, size_t count, int filter,
                       uint32_t *random)
{
    const size_t stride = bytes + EG_PNG_SLACK, filtered = 1 + bytes;
    uint8_t *out = calloc(count + 1, stride), *wanted = calloc(count + 1, stride);
    uint8_t *in = malloc(count * filtered + EG_PNG_SLACK);
    assert_true(out && wanted && in);
    for (size_t i = 0; i < count * filtered; i++)
        in[i] = (uint8_t)next_random(random);
    for (size_t x = 0; x < bytes; x++)
        out[x] = wanted[x] = (uint8_t)next_random(random);
    for (size_t y = 0; y < count; y++) {
        in[y * filtered] = (uint8_t)(filter >= 0 ? filter : (int)(next_random(random) % 5));
        undo_by_definition(wanted + (y + 1) * stride, in + y * filtered + 1, wanted + y * stride,
                           bytes, step, in[y * filtered]);
    }
    const eg_png_batch batch = {out + stride, in, stride, filtered, bytes, step};
    eg_png_unfilter(ctx, &batch, count);
    for (size_t y = 1; y <= count; y++)
        if (memcmp(out + y * stride, wanted + y * stride, bytes) != 0)
            fail_msg("row %zu of %zu, %zu bytes, pixels of %zu, filter %d", y, count, bytes, step,
                     filter);
    free(in);
    free(wanted);
    free(out);
}

static void filters_are_undone_by_definition(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 2, 3, 4, 6, 8}, widths[] = {1, 2, 5, 21, 63, 64, 65, 200};
    for (int level = 0; level < EG_CPU_LEVELS; level++) {
        uint32_t random = 1;
        if (!eg_cpu_has((eg_cpu_level)level))
            continue;
        eg_context *ctx = test_context(1, 0, eg_cpu_names[level]);
        for (size_t s = 0; s < COUNT(steps); s++)
            for (size_t w = 0; w < COUNT(widths); w++)
                for (int filter = -1; filter <= EG_PNG_PAETH; filter++)
                    for (size_t count = 1; count <= 17; count += count < 9 ? 1 : 4)
                        check_rows(ctx, widths[w] * steps[s], steps[s], count, filter, &random);
        close_context(ctx);
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Reads with both readers; fails the test if they differ. Returns true if the own one decoded. */
static bool compare_readers(eg_context *ctx, const char *path, const eg_read_options *options,
                            const char *name)
{
    png_reading own = read_png(ctx, path, options, false, 7);
    png_reading libpng = read_png(ctx, path, options, true, 7);
    const char *difference = compare_png_readings(&own, &libpng);
    if (difference)
        fail_msg("%s: %s: '%s' after %zu rows, libpng '%s' after %zu", name, difference,
                 own.error.message, own.rows, libpng.error.message, libpng.rows);
    assert_false(libpng.handed_over);
    free(own.data);
    free(libpng.data);
    return own.handed_over;
}

/* Compares the readers of a folder's files with every kind of rows; returns how many files the own
 * decoder decoded. With a strip height small images, too, are inflated on a thread. */
static size_t compare_folder(const char *folder, size_t strip_rows)
{
    eg_context *ctx = test_context(2, strip_rows, NULL);
    file_list files = list_files(folder, ".png");
    eg_read_options options;
    eg_read_default(&options);
    size_t decoded = 0;
    for (size_t i = 0; i < files.count; i++) {
        for (int kind = 0; kind < 8; kind++) {
            options.colour_planes = kind & 1;
            options.as_values = kind & 2;
            options.alpha = kind & 4 ? EG_ALPHA_MASK : EG_ALPHA_OVER;
            decoded += compare_readers(ctx, files.paths[i], &options, files.paths[i]) && kind == 0;
        }
    }
    free_files(&files);
    close_context(ctx);
    return decoded;
}

static void small_pictures_agree(void **state)
{
    (void)state;
    assert_true(compare_folder("testdata/small", 0) >= 5);
    assert_true(compare_folder("testdata/small", 5) >= 5);
}

static void pngsuite_agrees(void **state)
{
    (void)state;
    char *folder = need_corpus("pngsuite");
    assert_true(compare_folder(folder, 0) >= 40);
    assert_true(compare_folder(folder, 5) >= 40);
    free(folder);
}

static void photographs_agree(void **state)
{
    (void)state;
    char *folder = need_corpus("photos");
    assert_true(compare_folder(folder, 5) >= 10);
    free(folder);
}

static void hostile_files_agree(void **state)
{
    (void)state;
    static const char *const folders[] = {"bad/libspng-crashers", "bad/png-fuzz"};
    for (size_t f = 0; f < COUNT(folders); f++) {
        char *folder = need_corpus(folders[f]);
        eg_context *ctx = small_context();
        file_list files = list_files(folder, "");
        eg_read_options options;
        eg_read_default(&options);
        for (size_t i = 0; i < files.count; i++)
            compare_readers(ctx, files.paths[i], &options, files.paths[i]);
        free_files(&files);
        close_context(ctx);
        free(folder);
    }
}

static void compare_bytes(eg_context *ctx, const uint8_t *data, size_t size, const char *name)
{
    char path[32];
    int descriptor;
    eg_read_options options;
    eg_read_default(&options);
    compare_readers(ctx, bytes_path(path, &descriptor, data, size), &options, name);
    close(descriptor);
}

/* Copies a PNG, with its image data in chunks of at most `most` bytes. The caller frees the data.
 */
static file_bytes split_image_data(const file_bytes *from, size_t most)
{
    file_bytes to = {0};
    append_bytes(&to, from->data, EG_PNG_SIGNATURE_BYTES);
    for (size_t at = to.size; at < from->size;) {
        const uint8_t *header = from->data + at, *data = header + EG_PNG_CHUNK_HEADER;
        const size_t length = eg_png_be32(header);
        const char *type = (const char *)header + EG_PNG_CHUNK_TYPE;
        const size_t part = eg_png_is_image_data(header) ? most : length;
        size_t done = 0;
        do {
            const size_t size = length - done < part ? length - done : part;
            put_png_chunk(&to, type, data + done, size);
            done += size;
        } while (done < length);
        at += EG_PNG_CHUNK_HEADER + length + EG_PNG_CHECKSUM_BYTES;
    }
    return to;
}

/* The readers agree about image data in many chunks, and each reads what it reads from one. */
static void chunks_may_be_small(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 5, NULL);
    file_list files = list_files("testdata/small", ".png");
    for (size_t i = 0; i < files.count; i++) {
        file_bytes bytes = read_bytes(files.paths[i]);
        for (size_t most = 1; most < 30; most += 4) {
            file_bytes split = split_image_data(&bytes, most);
            write_bytes(scratch("split.png"), split.data, split.size);
            compare_bytes(ctx, split.data, split.size, files.paths[i]);
            assert_same_picture(ctx, files.paths[i], scratch("split.png"));
            free(split.data);
        }
        free(bytes.data);
    }
    free_files(&files);
    close_context(ctx);
}

/* ---- damage ---------------------------------------------------------------------------------- */

static const char *const damaged[] = {"testdata/small/grey.png", "testdata/small/rgb16.png",
                                      "testdata/small/palette.png"};

static void truncated_files_agree(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    for (size_t f = 0; f < COUNT(damaged); f++) {
        file_bytes bytes = read_bytes(damaged[f]);
        for (size_t size = 1; size < bytes.size; size++) {
            char name[64];
            snprintf(name, sizeof name, "%zu bytes of %s", size, damaged[f]);
            compare_bytes(ctx, bytes.data, size, name);
        }
        free(bytes.data);
    }
    close_context(ctx);
}

/* With right checksums of the chunks, so that the damage reaches the decoders. */
static void changed_bytes_agree(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    uint32_t random = 1;
    for (size_t f = 0; f < COUNT(damaged); f++) {
        file_bytes bytes = read_bytes(damaged[f]);
        uint8_t *changed = malloc(bytes.size);
        assert_non_null(changed);
        for (int round = 0; round < 3000; round++) {
            char name[64];
            const size_t at = 8 + next_random(&random) % (bytes.size - 8);
            memcpy(changed, bytes.data, bytes.size);
            changed[at] ^= (uint8_t)(1 + next_random(&random) % 255);
            mend_png_checksums(changed, bytes.size);
            snprintf(name, sizeof name, "byte %zu of %s is %d", at, damaged[f], changed[at]);
            if (!has_incomplete_code(changed, bytes.size))
                compare_bytes(ctx, changed, bytes.size, name);
        }
        free(changed);
        free(bytes.data);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_are_undone_by_definition),
        cmocka_unit_test(small_pictures_agree),
        cmocka_unit_test(pngsuite_agrees),
        cmocka_unit_test(photographs_agree),
        cmocka_unit_test(hostile_files_agree),
        cmocka_unit_test(chunks_may_be_small),
        cmocka_unit_test(truncated_files_agree),
        cmocka_unit_test(changed_bytes_agree),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
