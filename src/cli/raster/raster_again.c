/* SPDX-License-Identifier: MIT */
/* Reads an input twice. */
#include <string.h>
#include <sys/stat.h>

#include "cli/raster/raster.h"

/* Returns true if a path can be opened a second time. */
static bool can_reopen(const char *path)
{
    struct stat about;
    return strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

eg_status raster_open_again(const raster_work *work, const raster_pass *pass, bool planes,
                            eg_source **again, eg_error *error)
{
    eg_read_options read = work->settings->read;
    if (!can_reopen(pass->path))
        return eg_source_record(again, pass->source, error);
    read.colour_planes = read.colour_planes || planes;
    eg_status status = eg_source_open(again, pass->ctx, pass->path, &read, error);
    const size_t rows = eg_source_info(pass->source)->height;
    if (status == EG_OK && rows < eg_source_info(*again)->height)
        status = eg_source_rows(*again, pass->first, rows, error);
    return status;
}
