/* SPDX-License-Identifier: MIT */
/* Tests of files of several images: joined PNM images, MPO; of TIFF in test_tiff_pages.c. */
#include "pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL "testdata/small/"

/* ---- other programs -------------------------------------------------------------------------- */

/* Compares a page with a line of the reference: greys differ by how inks are rounded. */
static void check_line(eg_context *ctx, char *line)
{
    char *fields[16] = {NULL}, warning[512], path[128];
    size_t count = 0;
    for (char *rest = line, *field = strsep(&rest, "\t"); field && count < COUNT(fields);
         field = strsep(&rest, "\t"))
        fields[count++] = field;
    assert_true(count >= 7);
    snprintf(path, sizeof path, SMALL "%s", fields[0]);
    eg_grid grid = read_page(ctx, path, atoi(fields[1]), warning);
    assert_int_equal(grid.width, atoi(fields[3]));
    assert_int_equal(grid.height, atoi(fields[4]));
    double sum = 0;
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            sum += sample_at(&grid, x, y);
    assert_within(sum / (double)(grid.width * grid.height), strtod(fields[5], NULL), 0.8);
    size_t field = 6;
    for (size_t y = 2; y < grid.height; y += 19)
        for (size_t x = 3; x < grid.width; x += 27)
            assert_within(sample_at(&grid, x, y), strtod(fields[field++], NULL), 1.5);
    assert_int_equal(field, count);
    eg_grid_free(&grid);
}

static void greys_are_those_of_other_programs(void **state)
{
    (void)state;
    char line[256];
    size_t lines = 0;
    FILE *file = fopen("testdata/image-reference.txt", "r");
    eg_context *ctx = test_context(1, 0, NULL);
    assert_non_null(file);
    for (; fgets(line, sizeof line, file); lines++) {
        line[strcspn(line, "\n")] = '\0';
        check_line(ctx, line);
    }
    assert_int_equal(lines, 10);
    fclose(file);
    close_context(ctx);
}

/* ---- PNM ------------------------------------------------------------------------------------- */

/* Joins files, with `between` after each of them, in a file whose path is returned. */
static const char *join_files(const char *const names[], size_t count, const char *between)
{
    const char *path = scratch("joined.pnm");
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < count; i++) {
        char name[128];
        snprintf(name, sizeof name, SMALL "%s", names[i]);
        file_bytes bytes = read_bytes(name);
        assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
        fputs(between, file);
        free(bytes.data);
    }
    fclose(file);
    return path;
}

static void assert_joined(eg_context *ctx, const char *path, const char *const names[],
                          size_t count)
{
    file_bytes bytes = read_bytes(path);
    for (size_t i = 0; i < 2 * count; i++) {
        char pipe_name[32], name[128], warning[512];
        int descriptor = -1;
        eg_grid wanted;
        snprintf(name, sizeof name, SMALL "%s", names[i / 2]);
        load_grid(&wanted, ctx, name, NULL);
        const char *from = i % 2 ? pipe_path(pipe_name, &descriptor, bytes.data, bytes.size) : path;
        eg_grid got = read_page(ctx, from, (int)i / 2 + 1, warning);
        assert_grids_equal(&got, &wanted);
        assert_string_equal(warning, "");
        eg_grid_free(&got);
        eg_grid_free(&wanted);
        if (descriptor >= 0)
            close(descriptor);
    }
    free(bytes.data);
    assert_page_count(ctx, path, (int)count);
}

static void joined_images_are_read(void **state)
{
    static const char *const raw[] = {"grey.pgm", "rgb.ppm",    "bits.pbm",
                                      "rgba.pam", "grey16.pgm", "bits.pam"};
    static const char *const text[] = {"grey-plain.pgm", "bits-plain.pbm", "rgb.ppm",
                                       "rgb-plain.ppm", "grey16-plain.pgm"};
    char warning[512];
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const char *path = join_files(raw, COUNT(raw), "");
    assert_joined(ctx, path, raw, COUNT(raw));
    eg_grid grid = read_page(ctx, path, 0, warning);
    eg_grid_free(&grid);
    assert_string_equal(warning, "only page 1 of 6 is read; --page chooses another");
    assert_joined(ctx, join_files(raw, COUNT(raw), "\n"), raw, COUNT(raw));
    path = join_files(text, COUNT(text), " ");
    assert_joined(ctx, path, text, COUNT(text));
    grid = read_page(ctx, path, 0, warning);
    eg_grid_free(&grid);
    assert_non_null(strstr(warning, "another image follows"));
    close_context(ctx);
}

/* From a pipe the next image is noticed after the last row; what is no image is not. */
static void pipes_warn_of_the_next_image(void **state)
{
    static const char *const two[] = {"grey.pgm", "rgb.ppm"};
    static const struct {
        const char *end;
        size_t files;
        const char *warning;
    } cases[] = {{"", 2, "another image follows, which is not read; --page chooses one"},
                 {"\n", 1, ""},
                 {"P5x", 1, ""},
                 {"", 1, ""}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char path[32], warning[512];
        int descriptor;
        file_bytes bytes = read_bytes(join_files(two, cases[i].files, cases[i].end));
        pipe_path(path, &descriptor, bytes.data, bytes.size);
        eg_grid grid = read_page(ctx, path, 0, warning);
        assert_string_equal(warning, cases[i].warning);
        eg_grid_free(&grid);
        close(descriptor);
        free(bytes.data);
    }
    close_context(ctx);
}

static void damaged_pages_before_are_refused(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"P5 2 2 255\nabcdP5 2 2 255\nab", "ends within page 2"},
        {"P2 2 2 255 1 2 3 x", "page 1 has a sample that is not a number"},
        {"P5 2 2 255\nabcdP5 2 2 0\nabcd", "the largest sample must be"},
        {"P1 2 2 1 0 1", "ends within page 1"},
    };
    const eg_read_options options = page_options(3);
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_grid grid;
        eg_error error = {0};
        assert_int_equal(
            load_bytes(&grid, ctx, cases[i].text, strlen(cases[i].text), &options, &error),
            EG_BAD_INPUT);
        if (!strstr(error.message, cases[i].message))
            fail_msg("'%s' is not '%s'", error.message, cases[i].message);
    }
    close_context(ctx);
}

/* ---- MPO ------------------------------------------------------------------------------------- */

enum { MP_ENTRY = 2 + 18 + 4 + 54, MP_ENTRY_SIZE = 16 }; /* see tools/testdata/write_jpeg.c */

/* Writes testdata's MPO with the type of its second image changed, and checks the list. */
static void assert_mpo_kind(eg_context *ctx, uint32_t type, eg_page_kind kind, const char *warning)
{
    char text[512];
    const char *path = scratch("kind.jpg");
    file_bytes bytes = read_bytes(SMALL "pages.jpg");
    uint8_t *entry = bytes.data + MP_ENTRY + MP_ENTRY_SIZE;
    for (int i = 0; i < 4; i++)
        entry[i] = (uint8_t)(type >> (24 - 8 * i));
    write_bytes(path, bytes.data, bytes.size);
    eg_source *source = open_listed(ctx, path);
    assert_listed(source, 0, 61, 43, EG_PAGE_IMAGE);
    assert_listed(source, 1, 61, 43, kind);
    assert_null(eg_source_page(source, 2));
    eg_source_close(source);
    eg_grid grid = read_page(ctx, path, 0, text);
    assert_string_equal(text, warning);
    eg_grid_free(&grid);
    free(bytes.data);
}

static void images_of_an_mpo_are_read(void **state)
{
    static const char warning[] = "only page 1 of 2 is read; --page chooses another";
    char text[512];
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid wanted, got = read_page(ctx, SMALL "pages.jpg", 2, text);
    load_grid(&wanted, ctx, SMALL "grey.jpg", NULL);
    assert_grids_equal(&got, &wanted);
    eg_grid_free(&got);
    eg_grid_free(&wanted);
    assert_same_picture(ctx, SMALL "pages.jpg", SMALL "ycc420.jpg");
    assert_page_count(ctx, SMALL "pages.jpg", 2);
    assert_mpo_kind(ctx, 0x010002, EG_PAGE_REDUCED, "");
    assert_mpo_kind(ctx, 0x020002, EG_PAGE_IMAGE, warning);   /* a view */
    assert_mpo_kind(ctx, 0x80020001, EG_PAGE_IMAGE, warning); /* with a flag */
    assert_mpo_kind(ctx, 0, EG_PAGE_AUXILIARY, "");           /* grey beside a photograph */
    close_context(ctx);
}

/* The second image of a pipe is found too. An index without its images is ignored. */
static void pipes_and_stale_indices_of_an_mpo(void **state)
{
    char path[32], text[512];
    int descriptor;
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    file_bytes bytes = read_bytes(SMALL "pages.jpg");
    eg_grid wanted;
    pipe_path(path, &descriptor, bytes.data, bytes.size);
    eg_grid got = read_page(ctx, path, 2, text);
    load_grid(&wanted, ctx, SMALL "grey.jpg", NULL);
    assert_grids_equal(&got, &wanted);
    eg_grid_free(&got);
    eg_grid_free(&wanted);
    close(descriptor);
    const uint8_t *entry = bytes.data + MP_ENTRY;
    size_t first = (size_t)entry[6] << 8 | entry[7];
    write_bytes(scratch("stale.jpg"), bytes.data, first);
    assert_page_count(ctx, scratch("stale.jpg"), 1);
    assert_same_picture(ctx, scratch("stale.jpg"), SMALL "ycc420.jpg");
    free(bytes.data);
    close_context(ctx);
}

/* ---- other formats --------------------------------------------------------------------------- */

static void files_of_one_page_have_page_1(void **state)
{
    static const char *const names[] = {"grey.png", "grey.jpg", "grey.pgm",
                                        "grey.pfm", "grey.asc", "grey-plain.pgm"};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        snprintf(path, sizeof path, SMALL "%s", names[i]);
        assert_page_count(ctx, path, 1);
        eg_source *source = open_listed(ctx, path);
        assert_int_equal(eg_source_info(source)->page, 1);
        assert_null(eg_source_page(source, 0));
        eg_source_close(source);
    }
    const eg_read_options options = page_options(-1);
    eg_source *source = NULL;
    assert_int_equal(eg_source_open(&source, ctx, SMALL "grey.png", &options, NULL), EG_USAGE);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(greys_are_those_of_other_programs),
        cmocka_unit_test(joined_images_are_read),
        cmocka_unit_test(pipes_warn_of_the_next_image),
        cmocka_unit_test(damaged_pages_before_are_refused),
        cmocka_unit_test(images_of_an_mpo_are_read),
        cmocka_unit_test(pipes_and_stale_indices_of_an_mpo),
        cmocka_unit_test(files_of_one_page_have_page_1),
    };
    return cmocka_run_group_tests_name("pages", tests, make_scratch, remove_scratch);
}
