/* SPDX-License-Identifier: MIT */
/* Tests of the EXIF orientation of PNGs: before and after the image data, in a chunk and as text,
 * in files and pipes. Chunks are made here, without libpng. */
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#define SMALL "testdata/small/"

enum { EXIF_BYTES = 26, SIGNATURE_AND_IHDR = 8 + 25, IEND = 12 };

/* ---- chunks ---------------------------------------------------------------------------------- */

/* Bytes being put together. */
typedef struct bytes {
    uint8_t data[8192];
    size_t size;
} bytes;

static void add(bytes *to, const void *data, size_t size)
{
    assert_true(to->size + size <= sizeof to->data);
    memcpy(to->data + to->size, data, size);
    to->size += size;
}

static void add_big(bytes *to, uint32_t value)
{
    const uint8_t big[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                            (uint8_t)value};
    add(to, big, sizeof big);
}

static void add_chunk(bytes *to, const char *type, const void *data, size_t size)
{
    add_big(to, (uint32_t)size);
    size_t at = to->size;
    add(to, type, 4);
    add(to, data, size);
    add_big(to, (uint32_t)crc32(0, to->data + at, (uInt)(size + 4)));
}

/* Makes an EXIF block with only the orientation, after `name`. */
static bytes make_exif(const char *name, size_t name_size, int orientation)
{
    uint8_t exif[EXIF_BYTES] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0};
    bytes made = {.size = 0};
    exif[18] = (uint8_t)orientation;
    add(&made, name, name_size);
    add(&made, exif, sizeof exif);
    return made;
}

/* Makes the text of a raw profile (ImageMagick 6, coders/png.c). */
static bytes make_text(const bytes *exif)
{
    char text[256];
    int length = snprintf(text, sizeof text, "\nexif\n%8zu\n", exif->size);
    bytes made = {.size = 0};
    for (size_t i = 0; i < exif->size; i++)
        length += snprintf(text + length, sizeof text - (size_t)length, "%02x%s", exif->data[i],
                           i % 36 == 35 ? "\n" : "");
    add(&made, text, (size_t)length);
    add(&made, "\n", 1);
    return made;
}

static bytes compressed(const bytes *text)
{
    bytes made = {.size = 0};
    uLongf size = sizeof made.data;
    assert_int_equal(compress(made.data, &size, text->data, text->size), Z_OK);
    made.size = size;
    return made;
}

/* Makes a text chunk: `head` is what comes before the text. */
static bytes make_text_chunk(const char *type, const char *head, size_t head_size,
                             const bytes *text)
{
    bytes data = {.size = 0}, chunk = {.size = 0};
    add(&data, head, head_size);
    add(&data, text->data, text->size);
    add_chunk(&chunk, type, data.data, data.size);
    return chunk;
}

/* The picture of orient-6.png without EXIF, as stored, with chunks added. */
static file_bytes with_chunks(const bytes *before, const bytes *after)
{
    file_bytes plain = read_bytes(SMALL "orient-6.png"), made;
    const size_t exif = 12 + EXIF_BYTES, idat = SIGNATURE_AND_IHDR + exif;
    made.data = malloc(plain.size + before->size + after->size);
    assert_non_null(made.data);
    assert_memory_equal(plain.data + SIGNATURE_AND_IHDR + 4, "eXIf", 4);
    uint8_t *to = made.data;
    to = (uint8_t *)memcpy(to, plain.data, SIGNATURE_AND_IHDR) + SIGNATURE_AND_IHDR;
    to = (uint8_t *)memcpy(to, before->data, before->size) + before->size;
    to = (uint8_t *)memcpy(to, plain.data + idat, plain.size - idat - IEND) + plain.size - idat -
         IEND;
    to = (uint8_t *)memcpy(to, after->data, after->size) + after->size;
    memcpy(to, plain.data + plain.size - IEND, IEND);
    made.size = (size_t)(to - made.data) + IEND;
    free(plain.data);
    return made;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static const bytes nothing = {.size = 0};

/* Reads the data from a file or from a pipe; returns whether it was turned upright. `warned`: a
 * warning is expected. */
static bool is_upright(eg_context *ctx, const file_bytes *png, bool from_pipe, bool warned)
{
    char path[32], warning[512];
    int descriptor = -1;
    eg_grid grid, upright;
    eg_error error = {0};
    (from_pipe ? pipe_path : bytes_path)(path, &descriptor, png->data, png->size);
    if (read_warned(&grid, ctx, path, NULL, warning, &error) != EG_OK)
        fail_msg("%s", error.message);
    close(descriptor);
    if (warned != (strstr(warning, "comes after the image data and is ignored") != NULL))
        fail_msg("the warning is '%s'", warning);
    load_grid(&upright, ctx, SMALL "orient.png", NULL);
    bool same = grid.width == upright.width;
    if (same)
        assert_grids_equal(&grid, &upright);
    eg_grid_free(&grid);
    eg_grid_free(&upright);
    return same;
}

/* Checks a chunk, or several, in both places. */
static void check_places(const bytes *chunk, bool upright)
{
    eg_context *ctx = test_context(1, 0, NULL);
    file_bytes before = with_chunks(chunk, &nothing), after = with_chunks(&nothing, chunk);
    assert_int_equal(is_upright(ctx, &before, false, false), upright);
    assert_int_equal(is_upright(ctx, &before, true, false), upright);
    assert_int_equal(is_upright(ctx, &after, false, false), upright);
    assert_false(is_upright(ctx, &after, true, upright));
    free(before.data);
    free(after.data);
    close_context(ctx);
}

static void eXIf_is_found_anywhere(void **state)
{
    bytes chunk = {.size = 0};
    (void)state;
    bytes exif = make_exif("", 0, 6);
    add_chunk(&chunk, "eXIf", exif.data, exif.size);
    check_places(&chunk, true);
    exif = make_exif("Exif\0", 6, 6);
    chunk.size = 0;
    add_chunk(&chunk, "eXIf", exif.data, exif.size);
    check_places(&chunk, true);
    check_places(&nothing, false);
}

static void text_is_found_anywhere(void **state)
{
    (void)state;
    bytes exif = make_exif("Exif\0", 6, 6), text = make_text(&exif), packed = compressed(&text);
    bytes bare = make_exif("", 0, 6), bare_text = make_text(&bare);
    const struct {
        const char *type, *head;
        size_t head_size;
        const bytes *text;
        bool found;
    } cases[] = {
        {"tEXt", "Raw profile type exif", 22, &text, true},
        {"tEXt", "Raw profile type exif", 22, &bare_text, true},
        {"tEXt", "Raw profile type APP1", 22, &text, true},
        {"zTXt", "Raw profile type exif\0", 23, &packed, true},
        {"iTXt", "Raw profile type exif\0\0\0en\0word", 32, &text, true},
        {"iTXt", "Raw profile type exif\0\1\0en\0word", 32, &packed, true},
        {"tEXt", "Raw profile type iptc", 22, &text, false},
        {"tEXt", "Comment", 8, &text, false},
        {"zTXt", "Raw profile type exif\0", 23, &text, false}, /* not compressed */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        bytes chunk =
            make_text_chunk(cases[i].type, cases[i].head, cases[i].head_size, cases[i].text);
        check_places(&chunk, cases[i].found);
    }
}

/* XMP has the same name in JPEG, APP1. */
static void other_profiles_are_not_exif(void **state)
{
    (void)state;
    bytes xmp = make_exif("http://ns.adobe.com/xap/1.0/", 29, 6), text = make_text(&xmp);
    bytes chunk = make_text_chunk("tEXt", "Raw profile type APP1", 22, &text);
    check_places(&chunk, false);
}

/* The chunk counts, wherever it is, and before that the first text. */
static void the_chunk_takes_precedence(void **state)
{
    bytes chunk = {.size = 0};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    bytes exif = make_exif("", 0, 6), other = make_exif("Exif\0", 6, 3), text = make_text(&other);
    bytes both = make_text_chunk("tEXt", "Raw profile type exif", 22, &text);
    add_chunk(&chunk, "eXIf", exif.data, exif.size);
    file_bytes apart = with_chunks(&both, &chunk);
    add(&both, chunk.data, chunk.size);
    check_places(&both, true);
    assert_true(is_upright(ctx, &apart, false, false));
    assert_false(is_upright(ctx, &apart, true, true));
    free(apart.data);
    close_context(ctx);
}

static void the_warning_is_not_about_stored_rows(void **state)
{
    char path[32], warning[512];
    int descriptor = -1;
    bytes chunk = {.size = 0};
    eg_grid grid;
    eg_read_options options;
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    bytes exif = make_exif("", 0, 6);
    add_chunk(&chunk, "eXIf", exif.data, exif.size);
    file_bytes late = with_chunks(&nothing, &chunk);
    eg_read_default(&options);
    options.ignore_orientation = true;
    pipe_path(path, &descriptor, late.data, late.size);
    assert_int_equal(read_warned(&grid, ctx, path, &options, warning, NULL), EG_OK);
    assert_string_equal(warning, "");
    close(descriptor);
    eg_grid_free(&grid);
    free(late.data);
    close_context(ctx);
}

/* Texts of a profile that are cut or wrong give no orientation, and no failure. */
static void damaged_profiles_are_ignored(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    bytes exif = make_exif("Exif\0", 6, 6), text = make_text(&exif), packed = compressed(&text);
    for (size_t i = 0; i < 2 * text.size; i++) {
        bool zip = i >= text.size;
        bytes cut = zip ? packed : text;
        cut.size = i % text.size < cut.size ? i % text.size : cut.size;
        bytes chunk =
            make_text_chunk(zip ? "zTXt" : "tEXt", "Raw profile type exif\0", zip ? 23 : 22, &cut);
        file_bytes png = with_chunks(&chunk, &nothing);
        is_upright(ctx, &png, i % 3 == 0, false);
        free(png.data);
    }
    close_context(ctx);
}

/* The number of frames is in a chunk before the image data (APNG). */
static void animations_are_told(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int i = 0; i < 4; i++) {
        char path[32], warning[512];
        int descriptor = -1;
        bytes chunk = {.size = 0};
        eg_grid grid;
        add_chunk(&chunk, "acTL", i < 2 ? "\0\0\0\5\0\0\0\0" : "\0\0\0\1\0\0\0\0", 8);
        file_bytes png = with_chunks(&chunk, &nothing);
        (i % 2 ? pipe_path : bytes_path)(path, &descriptor, png.data, png.size);
        assert_int_equal(read_warned(&grid, ctx, path, NULL, warning, NULL), EG_OK);
        assert_int_equal(strstr(warning, "an animation of 5 frames") != NULL, i < 2);
        eg_grid_free(&grid);
        close(descriptor);
        free(png.data);
    }
    close_context(ctx);
}

static void apples_variant_is_named(void **state)
{
    static const char png[] = "\x89PNG\r\n\x1A\n\0\0\0\4CgBI\x50\0\x20\6\x2B\xD5\xB3\x7F";
    eg_grid grid;
    eg_error error = {0};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    assert_int_equal(load_bytes(&grid, ctx, png, sizeof png, NULL, &error), EG_UNSUPPORTED);
    assert_non_null(strstr(error.message, "CgBI"));
    assert_non_null(strstr(error.message, "pngcrush -revert-iphone-optimizations"));
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eXIf_is_found_anywhere),
        cmocka_unit_test(text_is_found_anywhere),
        cmocka_unit_test(other_profiles_are_not_exif),
        cmocka_unit_test(the_chunk_takes_precedence),
        cmocka_unit_test(the_warning_is_not_about_stored_rows),
        cmocka_unit_test(damaged_profiles_are_ignored),
        cmocka_unit_test(animations_are_told),
        cmocka_unit_test(apples_variant_is_named),
    };
    return cmocka_run_group_tests_name("png_exif", tests, NULL, NULL);
}
