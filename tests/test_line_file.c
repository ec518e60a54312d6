/* SPDX-License-Identifier: MIT */
/* Tests files of lines: coordinates, their digits, and what is refused. */
#include <stdio.h>
#include <string.h>

#include "files.h"

static eg_context *ctx;

static int open_context(void **state)
{
    ctx = test_context(1, 0, NULL);
    return make_scratch(state);
}

static int shut_context(void **state)
{
    close_context(ctx); /* complains of leaks */
    return remove_scratch(state);
}

/* Writes one line as CSV; returns the rows below the names, in a static buffer. */
static const char *csv_of(const eg_georef *georef, const double *points, size_t count, double level)
{
    static char text[2048];
    const char *path = scratch("line.csv");
    eg_line_file *file;
    eg_error error = {0};
    const eg_line_file_options options = {.width = 10, .height = 10, .georef = georef};
    assert_int_equal(eg_line_file_create(&file, ctx, path, &options, &error), EG_OK);
    assert_int_equal(
        eg_line_file_write(file, &(eg_line){.points = points, .count = count, .level = level},
                           &error),
        EG_OK);
    assert_int_equal(eg_line_file_commit(file, &error), EG_OK);
    eg_line_file_close(file);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    assert_memory_equal(text, "id,level,x,y\n", 13);
    return text + 13;
}

static eg_georef georef_of(double x, double width, double y, double height)
{
    return (eg_georef){.located = true, .transform = {x, width, 0, y, 0, height}};
}

static void test_coordinates(void **state)
{
    (void)state;
    const double line[] = {0, 0, 0.5, 1, 1.25, 1};
    assert_string_equal(csv_of(NULL, line, 3, 12.5), "0,12.5,0,0\n0,12.5,0.5,1\n0,12.5,1.25,1\n");
    eg_georef north = georef_of(1000, 10, 5000, -10), south = georef_of(-1000, 10, -5000, 10);
    assert_string_equal(csv_of(&north, line, 3, -3),
                        "0,-3,1005,4995\n0,-3,1010,4985\n0,-3,1017.5,4985\n");
    /* mirrored: the order is reversed, so that the left of the line stays its left */
    assert_string_equal(csv_of(&south, line, 3, 0.1),
                        "0,0.1,-982.5,-4985\n0,0.1,-990,-4985\n0,0.1,-995,-4995\n");
    eg_georef rotated = {.located = true, .transform = {100, 0, 2, 200, 2, 0}};
    assert_string_equal(csv_of(&rotated, line, 2, 1), "0,1,101,201\n0,1,103,202\n");
    north.located = false;
    assert_string_equal(csv_of(&north, line, 2, 1), "0,1,0,0\n0,1,0.5,1\n");
}

static void test_digits(void **state)
{
    (void)state;
    const double third[] = {1.0 / 3, 2.0 / 3, 1, 1};
    assert_string_equal(csv_of(NULL, third, 2, 1), "0,1,0.3333333,0.6666667\n0,1,1,1\n");
    eg_georef seconds = georef_of(0, 1.0 / 3600, 0, -1.0 / 3600);
    assert_string_equal(csv_of(&seconds, third, 2, 1),
                        "0,1,0.00023148148,-0.00032407407\n0,1,0.00041666667,-0.00041666667\n");
    /* the digits of a double are not enough for those of a cell: all of them */
    eg_georef far = georef_of(1e12, 0.25, 0, -0x1p100);
    assert_string_equal(csv_of(&far, (const double[]){0.5, 0, 4.5, 1}, 2, 1e-300),
                        "0,1e-300,1000000000000.25,-6.338253001141147e+29\n"
                        "0,1e-300,1000000000001.25,-1.901475900342344e+30\n");
    /* points that have the same digits, of which the two ends stay */
    const double close[] = {0, 0, 1e-9, 0, 0, 1e-9, 1, 0, 1, 1e-9};
    assert_string_equal(csv_of(NULL, close, 5, 1), "0,1,0,0\n0,1,1,0\n");
    assert_string_equal(csv_of(NULL, close, 3, 1), "0,1,0,0\n0,1,0,0\n");
    assert_string_equal(csv_of(NULL, (const double[]){-1e-9, -0.0, -2.5, -1e-3}, 2, 1),
                        "0,1,0,0\n0,1,-2.5,-0.001\n");
}

static void test_formats(void **state)
{
    (void)state;
    eg_line_file *file;
    eg_error error = {0};
    eg_line_file_options options = {.width = 2, .height = 2};
    size_t count = 0;
    for (; eg_line_format_name(count); count++) {
        assert_non_null(eg_line_format_help(count));
        assert_true(eg_line_file_recognizes("x", eg_line_format_name(count)));
    }
    assert_int_equal(count, 5);
    assert_null(eg_line_format_help(count));
    assert_true(eg_line_file_recognizes("A.GeoJSON", NULL));
    assert_true(eg_line_file_recognizes("-", NULL));
    assert_false(eg_line_file_recognizes("folder.svg/x", NULL));
    assert_false(eg_line_file_recognizes("svg", NULL));
    assert_int_equal(eg_line_file_create(&file, ctx, "x.png", &options, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "geojson, svg, csv, dxf"));
    assert_null(file);
    error = (eg_error){0};
    options.format = "shp";
    assert_int_equal(eg_line_file_create(&file, ctx, "x.svg", &options, &error), EG_USAGE);
    eg_line_file_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coordinates),
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests(tests, open_context, shut_context);
}
