/* SPDX-License-Identifier: MIT */
/* Tests that formats are read and written as eg_format_about() says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "io/io.h"
#include "io/text.h"

/* Returns a fact in a static buffer, which the next call overwrites. */
static const char *about(size_t format, eg_format_topic topic)
{
    static char text[512];
    const size_t length = eg_format_about(format, topic, text, sizeof text);
    assert_true(length < sizeof text);
    assert_int_equal(length, strlen(text));
    return text;
}

/* Returns true if the options of the format have `name`. */
static bool has_option(size_t format, const char *name)
{
    return eg_list_contains(about(format, EG_FORMAT_OPTIONS), name);
}

/* Returns the index of a format. */
static size_t find_format(const char *name)
{
    for (size_t i = 0; *about(i, EG_FORMAT_TITLE); i++)
        if (strcmp(about(i, EG_FORMAT_NAME), name) == 0)
            return i;
    fail_msg("no format %s", name);
    return 0;
}

static void formats_are_described(void **state)
{
    (void)state;
    size_t count = 0;
    for (; *about(count, EG_FORMAT_TITLE); count++) {
        assert_true(*about(count, EG_FORMAT_NAME));
        const bool reads = *about(count, EG_FORMAT_READS), writes = *about(count, EG_FORMAT_WRITES);
        assert_true(reads || writes);
        assert_true(*about(count, EG_FORMAT_EXTENSIONS) ||
                    strcmp(about(count, EG_FORMAT_NAME), "gdal") == 0);
    }
    assert_true(count >= 16);
    for (int topic = EG_FORMAT_NAME; topic <= EG_FORMAT_LIMITS; topic++)
        assert_string_equal(about(count, (eg_format_topic)topic), "");
    assert_string_equal(about(0, (eg_format_topic)(EG_FORMAT_LIMITS + 1)), "");
    for (size_t i = 0; eg_formats[i]; i++) /* the row of a reader alone, "pnm", has no title */
        if (eg_formats[i]->title)
            find_format(eg_formats[i]->name);
    for (size_t i = 0; eg_line_format_name(i); i++)
        assert_true(find_format(eg_line_format_name(i)) >= 10);
}

static void text_is_cut_as_by_snprintf(void **state)
{
    (void)state;
    const size_t tiff = find_format("tiff");
    char whole[400], part[400];
    const size_t length = eg_format_about(tiff, EG_FORMAT_WRITES, whole, sizeof whole);
    for (size_t size = 0; size <= length + 1; size++) {
        memset(part, '#', sizeof part);
        assert_int_equal(eg_format_about(tiff, EG_FORMAT_WRITES, part, size), length);
        assert_true(part[size] == '#');
        if (size > 0) {
            assert_int_equal(strlen(part), size - 1);
            assert_memory_equal(part, whole, size - 1);
        }
    }
    assert_int_equal(eg_format_about(tiff, EG_FORMAT_WRITES, NULL, 0), length);
}

/* Returns true if an option of this name belongs to a kind of eg_options. */
static bool is_option_of(const char *kind, const char *name)
{
    const char *other;
    for (size_t i = 0; (other = eg_option_name(kind, i)); i++)
        if (strcmp(other, name) == 0)
            return true;
    return false;
}

static void options_exist(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; *about(i, EG_FORMAT_TITLE); i++) {
        char names[512];
        snprintf(names, sizeof names, "%s", about(i, EG_FORMAT_OPTIONS));
        for (char *name = strtok(names, ","); name; name = strtok(NULL, ","), count++)
            if (!is_option_of("read", name) && !is_option_of("write", name) &&
                strcmp(name, "output-encoding") != 0) /* "encoding" of the kind "write" */
                fail_msg("%s: no option %s", about(i, EG_FORMAT_NAME), name);
    }
    assert_true(count >= 14);
}

/* Writes noise of the format's first sample type, and returns the file. */
static file_bytes write_noise(eg_context *ctx, const eg_format *format,
                              const eg_write_options *write)
{
    static const eg_sample samples[] = {EG_U8, EG_F32, EG_BIT, EG_RGB};
    eg_error error = {0};
    eg_grid grid;
    size_t i = 0;
    while (!(format->accepts & 1u << samples[i]))
        i++;
    assert_int_equal(eg_grid_new(&grid, ctx, 64, 48, samples[i], NULL), EG_OK);
    for (size_t k = 0; k < grid.height * grid.stride; k++)
        ((uint8_t *)grid.data)[k] = (uint8_t)(k * k >> 5 & 63);
    if (eg_save(&grid, ctx, scratch("noise"), write, &error) != EG_OK)
        fail_msg("%s: %s", format->name, error.message);
    eg_grid_free(&grid);
    return read_bytes(scratch("noise"));
}

/* An option changes the file if, and only if, it is one of the format's. */
static void options_change_files(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        eg_write_options write;
    } changes[] = {
        {"quality", {.quality = 20, .compression = -1}},
        {"compression", {.quality = 90, .compression = 0}},
        {"compress", {.quality = 90, .compression = -1, .compress = EG_COMPRESS_LZW}},
        {"predictor", {.quality = 90, .compression = -1, .predictor = 1}},
        {"tile", {.quality = 90, .compression = -1, .tile = 16}},
    };
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; eg_formats[i]; i++) {
        if (!eg_formats[i]->create)
            continue;
        eg_write_options write;
        eg_write_default(&write);
        write.format = eg_formats[i]->name;
        const file_bytes usual = write_noise(ctx, eg_formats[i], &write);
        for (size_t k = 0; k < COUNT(changes); k++) {
            write = changes[k].write;
            write.format = eg_formats[i]->name;
            const file_bytes other = write_noise(ctx, eg_formats[i], &write);
            const bool differs =
                other.size != usual.size || memcmp(other.data, usual.data, usual.size) != 0;
            if (differs != has_option(find_format(write.format), changes[k].name))
                fail_msg("%s and option %s", write.format, changes[k].name);
            free(other.data);
        }
        free(usual.data);
    }
    close_context(ctx);
}

/* A second page is read of files whose format has the option. */
static void pages_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *format, *path;
    } files[] = {{"png", "testdata/small/grey.png"},   {"jpeg", "testdata/small/pages.jpg"},
                 {"tiff", "testdata/small/pages.tif"}, {"ppm", "testdata/small/pages.ppm"},
                 {"pfm", "testdata/small/grey.pfm"},   {"asc", "testdata/small/grey.asc"}};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(files); i++) {
        eg_read_options read;
        eg_source *source = NULL;
        eg_read_default(&read);
        read.page = 2;
        const eg_status status = eg_source_open(&source, ctx, files[i].path, &read, NULL);
        assert_int_equal(status,
                         has_option(find_format(files[i].format), "page") ? EG_OK : EG_USAGE);
        eg_source_close(source);
    }
    close_context(ctx);
}

/* The limit of JPEG is the number that is told. */
static void limit_of_jpeg(void **state)
{
    (void)state;
    const size_t side = strtoul(about(find_format("jpeg"), EG_FORMAT_LIMITS), NULL, 10);
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t more = 0; more <= 1; more++) {
        eg_grid grid;
        assert_int_equal(eg_grid_new(&grid, ctx, side + more, 1, EG_U8, NULL), EG_OK);
        memset(grid.data, 0, grid.stride);
        assert_int_equal(eg_save(&grid, ctx, scratch("wide.jpg"), NULL, NULL),
                         more ? EG_USAGE : EG_OK);
        eg_grid_free(&grid);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_described), cmocka_unit_test(text_is_cut_as_by_snprintf),
        cmocka_unit_test(options_exist),         cmocka_unit_test(options_change_files),
        cmocka_unit_test(pages_are_read),        cmocka_unit_test(limit_of_jpeg),
    };
    return cmocka_run_group_tests_name("format_about", tests, make_scratch, remove_scratch);
}
