/* SPDX-License-Identifier: MIT */
/* Helpers of the tests of files of several pages. */
#ifndef TESTS_PAGES_H
#define TESTS_PAGES_H

#include "files.h"

/* Returns the default options with that page. */
eg_read_options page_options(int page);

/* Reads a page (0: the default one) that must be readable; `warning` has 512 bytes. */
eg_grid read_page(eg_context *ctx, const char *path, int page, char *warning);

/* Fails unless the file has exactly `count` pages. */
void assert_page_count(eg_context *ctx, const char *path, int count);

/* Opens a file with the default options; fails the test on error. */
eg_source *open_listed(eg_context *ctx, const char *path);

/* Fails unless page `index` of the list is like that. */
void assert_listed(const eg_source *source, size_t index, size_t width, size_t height,
                   eg_page_kind kind);

#endif
