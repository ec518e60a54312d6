/* SPDX-License-Identifier: MIT */
/* Helpers of the tests of files of several pages. */
#include "pages.h"

#include <stdio.h>
#include <string.h>

eg_read_options page_options(int page)
{
    eg_read_options options;
    eg_read_default(&options);
    options.page = page;
    return options;
}

eg_grid read_page(eg_context *ctx, const char *path, int page, char *warning)
{
    const eg_read_options options = page_options(page);
    eg_grid grid;
    eg_error error = {0};
    if (read_warned(&grid, ctx, path, &options, warning, &error) != EG_OK)
        fail_msg("%s, page %d: %s", path, page, error.message);
    return grid;
}

void assert_page_count(eg_context *ctx, const char *path, int count)
{
    char expected[64];
    for (int page = count; page <= count + 2; page++) {
        const eg_read_options options = page_options(page);
        eg_source *source = NULL;
        eg_error error = {0};
        eg_status status = eg_source_open(&source, ctx, path, &options, &error);
        snprintf(expected, sizeof expected, "has %d page%s; there is no page %d", count,
                 count == 1 ? "" : "s", page);
        if (page == count && status == EG_OK)
            assert_int_equal(eg_source_info(source)->page, page);
        else if (page == count || status != EG_USAGE || !strstr(error.message, expected))
            fail_msg("%s, page %d of %d: %d %s", path, page, count, (int)status, error.message);
        eg_source_close(source);
    }
}

void assert_listed(const eg_source *source, size_t index, size_t width, size_t height,
                   eg_page_kind kind)
{
    const eg_page *page = eg_source_page(source, index);
    assert_non_null(page);
    assert_int_equal(page->width, width);
    assert_int_equal(page->height, height);
    assert_int_equal(page->kind, kind);
}

eg_source *open_listed(eg_context *ctx, const char *path)
{
    eg_source *source = NULL;
    eg_error error = {0};
    if (eg_source_open(&source, ctx, path, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
    return source;
}
