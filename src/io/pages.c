/* SPDX-License-Identifier: MIT */
/* Pages of files of several images, and bands of rasters: what the formats share. */
#include "io/io.h"

eg_status eg_fail_page(const char *name, int page, size_t count, eg_error *error)
{
    return eg_fail_file(error, EG_USAGE, name, "has %zu page%s; there is no page %d", count,
                        count == 1 ? "" : "s", page);
}

eg_status eg_fail_band(const char *name, int band, int count, eg_error *error)
{
    return eg_fail_file(error, EG_USAGE, name, "has %d band%s; there is no band %d", count,
                        count == 1 ? "" : "s", band);
}

eg_status eg_page_check(eg_source *source, const eg_read_options *options, const char *name,
                        eg_error *error)
{
    size_t images = 0;
    if (source->info.page == 0)
        source->info.page = 1;
    if (options->page > 1 && source->info.page != options->page)
        return eg_fail_page(name, options->page, 1, error);
    for (size_t i = 0; i < source->page_count; i++)
        images += source->pages[i].kind == EG_PAGE_IMAGE;
    source->warn_of_pages = images > 1 && options->page == 0;
    return EG_OK;
}
