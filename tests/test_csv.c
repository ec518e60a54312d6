/* SPDX-License-Identifier: MIT */
/* CSV tables: rows that cross the window of the reader, and files that are no tables. */
#include "core/context.h"
#include "files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 30000, WINDOW = 256 * 1024 };

static eg_status read_text(eg_table **table, eg_context *ctx, const char *text, size_t size,
                           eg_error *error)
{
    *error = (eg_error){0};
    write_bytes(scratch("t.csv"), text, size);
    return eg_table_read(table, ctx, scratch("t.csv"), error);
}

static void assert_refused(const char *text, size_t size, eg_status wanted, const char *words)
{
    eg_context *ctx = small_context();
    eg_table *table;
    eg_error error;
    eg_status status = read_text(&table, ctx, text, size, &error);
    if (status != wanted || !strstr(error.message, words))
        fail_msg("status %d '%s', not %d '%s'", (int)status, error.message, (int)wanted, words);
    assert_null(table);
    close_context(ctx);
}

/* The same table with every kind of line end, quote and blank line, so that each of them lies
 * across the end of the window once. */
static void rows_cross_the_window(void **state)
{
    (void)state;
    char *text = malloc(64 * ROWS);
    assert_non_null(text);
    eg_context *ctx = small_context();
    for (int shift = 0; shift < 24; shift++) {
        size_t used = (size_t)sprintf(text, "%*sx;\"a \"\"name\"\"\"\r\n", shift, "");
        for (int i = 0; i < ROWS; i++)
            used += (size_t)sprintf(text + used,
                                    i % 7 ? "%d;\"%d.5\"\r\n" : "%d;\"%d.5\" \r\n \r\n", i, -i);
        eg_table *table;
        eg_error error;
        const double *x, *y;
        if (read_text(&table, ctx, text, used, &error) != EG_OK)
            fail_msg("%s", error.message);
        assert_true(used > WINDOW);
        assert_int_equal(eg_table_rows(table), ROWS);
        assert_string_equal(eg_table_name(table, 1), "a \"name\"");
        assert_int_equal(eg_table_column(table, 0, &x, &error), EG_OK);
        assert_int_equal(eg_table_column(table, 1, &y, &error), EG_OK);
        for (int i = 0; i < ROWS; i++)
            if (x[i] != i || y[i] != (i ? -i - 0.5 : 0.5))
                fail_msg("row %d: %g, %g", i, x[i], y[i]);
        eg_table_free(table);
    }
    close_context(ctx);
    free(text);
}

static void lines_without_end_are_refused(void **state)
{
    static const struct {
        const char *head;
        char filler;
        const char *words;
    } cases[] = {
        {"", 'x', "line 1: the row is longer than 1048576 bytes"},
        {"\"", '\n', "the row is longer than 1048576 bytes"},
        {"", '\0', "the row is longer than 1048576 bytes"},
        {"", ',', "the row is longer than 1048576 bytes"},
        {"x,y\n1,2\n", '1', "line 3: the row is longer than 1048576 bytes"},
        {"x,y\n1,\"2", 'a', "line 2: the row is longer than 1048576 bytes"},
        {"x,y\n1,2\n", ' ', "line 3: the row is longer than 1048576 bytes"},
    };
    (void)state;
    const size_t size = 3 << 20;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < COUNT(cases); i++) {
        memset(text, cases[i].filler, size);
        memcpy(text, cases[i].head, strlen(cases[i].head));
        assert_refused(text, size, EG_LIMIT_EXCEEDED, cases[i].words);
    }
    memset(text, '\n', size);
    assert_refused(text, size, EG_BAD_INPUT, "is empty");
    free(text);
}

static void what_is_no_table_is_refused(void **state)
{
    static const struct {
        const char *text;
        size_t size;
        const char *words;
    } cases[] = {
#define TEXT(text) text, sizeof(text) - 1
        {TEXT(""), "is empty"},
        {TEXT("\xEF\xBB\xBF\r\n\r\n"), "is empty"},
        {TEXT("x,y\n"), "no rows"},
        {TEXT("x\0,\0y\0\n\0"), "line 1 has a byte 0"},
        {TEXT("x,x\n1,2\n"), "columns 1 and 2 have the same name, 'x'"},
        {TEXT("x,y\n1,2,3\n"), "line 2 has 3 cells where the first line has 2"},
        {TEXT("x,y\n\n1\n"), "line 3 has 1 cell "},
        {TEXT("x,\"y\n1,2\n"), "line 1, column 2: a quote is left open"},
        {TEXT("x,y\n1,\"2\n"), "line 2, column 2: a quote is left open"},
        {TEXT("1,2\n3,4\n"), "line 1 has numbers"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_refused(cases[i].text, cases[i].size, EG_BAD_INPUT, cases[i].words);
}

/* The line "sep=;" of spreadsheets names the delimiter, and is no row. */
static void separator_lines_are_read(void **state)
{
    static const struct {
        const char *text;
        const char *first, *second; /* names of the columns; the second may be NULL */
    } cases[] = {
        {"sep=;\na;b\n1;2\n", "a", "b"},     {"\xEF\xBB\xBFsep=;\r\na,x;b\r\n1;2\r\n", "a,x", "b"},
        {"\n\nsep=|\na|b\n1|2\n", "a", "b"}, {"sep=\t\r\na\tb\r\n1\t2", "a", "b"},
        {"sep=,\ra,b\r1,2\r", "a", "b"},     {"sep=x\n1\n", "sep=x", NULL},
        {"sep=;b\n1;2\n", "sep=", "b"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_context *ctx = small_context();
        eg_table *table;
        eg_error error;
        const double *values;
        if (read_text(&table, ctx, cases[i].text, strlen(cases[i].text), &error) != EG_OK)
            fail_msg("case %zu: %s", i, error.message);
        assert_string_equal(eg_table_name(table, 0), cases[i].first);
        if (cases[i].second)
            assert_string_equal(eg_table_name(table, 1), cases[i].second);
        else
            assert_null(eg_table_name(table, 1));
        assert_int_equal(eg_table_rows(table), 1);
        assert_int_equal(eg_table_column(table, 0, &values, &error), EG_OK);
        assert_true(values[0] == 1);
        eg_table_free(table);
        close_context(ctx);
    }
    assert_refused("sep=", 4, EG_BAD_INPUT, "no rows");
    assert_refused("sep=;\n", 6, EG_BAD_INPUT, "is empty");
    assert_refused("sep=;\nx;y\n1\n", 12, EG_BAD_INPUT, "line 3 has 1 cell ");
}

static void columns_are_limited(void **state)
{
    (void)state;
    char *text = malloc(1 << 20);
    assert_non_null(text);
    for (int columns = 4096; columns <= 4097; columns++) {
        size_t used = 0;
        for (int row = 0; row < 2; row++)
            for (int i = 0; i < columns; i++)
                used += (size_t)sprintf(text + used, row ? "%d%c" : "c%d%c", i,
                                        i + 1 < columns ? ',' : '\n');
        eg_context *ctx = small_context();
        eg_table *table = NULL;
        eg_error error;
        const double *values;
        eg_status status = read_text(&table, ctx, text, used, &error);
        assert_int_equal(status, columns == 4096 ? EG_OK : EG_BAD_INPUT);
        if (status == EG_OK) {
            assert_int_equal(eg_table_column(table, 4095, &values, &error), EG_OK);
            assert_true(values[0] == 4095);
        } else {
            assert_non_null(strstr(error.message, "has 4097 columns; at most 4096 are read"));
        }
        eg_table_free(table);
        close_context(ctx);
    }
    free(text);
}

static void every_allocation_may_fail(void **state)
{
    static const char text[] = "x,y\n1,2\n3,4\n";
    (void)state;
    write_bytes(scratch("t.csv"), text, sizeof text - 1);
    for (long n = 0;; n++) {
        eg_context *ctx = test_context(1, 0, NULL);
        eg_table *table;
        eg_error error = {0};
        atomic_store(&ctx->fail_after, n);
        eg_status status = eg_table_read(&table, ctx, scratch("t.csv"), &error);
        eg_table_free(table);
        close_context(ctx);
        if (status == EG_OK)
            break;
        assert_int_equal(status, EG_NO_MEMORY);
        assert_true(n < 100);
    }
}

/* A table of the caller's memory has its values, not copies of them. */
static void tables_from_memory(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3}, y[] = {4, NAN, INFINITY};
    const char *const names[] = {"x", "y", "x"}, *const unnamed[] = {"x", ""};
    const double *const columns[] = {x, y, x};
    const double *values;
    eg_context *ctx = small_context();
    eg_table *table;
    eg_error error = {0};
    assert_int_equal(eg_table_new(&table, ctx, names, columns, 2, 3, &error), EG_OK);
    assert_int_equal(eg_table_rows(table), 3);
    assert_string_equal(eg_table_name(table, 1), "y");
    assert_null(eg_table_name(table, 2));
    assert_int_equal(eg_table_column(table, 0, &values, &error), EG_OK);
    assert_ptr_equal(values, x);
    assert_int_equal(eg_table_column(table, 1, &values, &error), EG_BAD_INPUT);
    assert_string_equal(error.message, "row 2 of column y is nan, not a finite number");
    eg_table_free(table);
    assert_int_equal(eg_table_new(&table, ctx, names, columns, 3, 3, NULL), EG_USAGE);
    assert_int_equal(eg_table_new(&table, ctx, unnamed, columns, 2, 3, NULL), EG_USAGE);
    assert_int_equal(eg_table_new(&table, ctx, names, columns, 0, 3, NULL), EG_USAGE);
    assert_int_equal(eg_table_new(&table, ctx, names, columns, 2, 0, NULL), EG_USAGE);
    assert_null(table);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_cross_the_window),
        cmocka_unit_test(lines_without_end_are_refused),
        cmocka_unit_test(what_is_no_table_is_refused),
        cmocka_unit_test(separator_lines_are_read),
        cmocka_unit_test(columns_are_limited),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(tables_from_memory),
    };
    return cmocka_run_group_tests_name("csv", tests, make_scratch, remove_scratch);
}
