/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the headers of ESRI's grids: a .hdr file, and the lines before an ASCII grid.
 *
 * libFuzzer: -max_len=512 -only_ascii=1
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "io/dem/grid_header.h"

static void check_header(const eg_grid_header *header, eg_status status, const eg_error *error)
{
    require(status == error->status, "the status returned is the one recorded", error);
    require(status == EG_OK || status == EG_BAD_INPUT, "only the input is to blame", error);
    eg_georef georef = {.unit = 1};
    eg_error failure = {0};
    if (status != EG_OK || eg_grid_locate(header, 100, &georef, &failure) != EG_OK)
        return;
    for (int i = 0; georef.located && i < 6; i++)
        require(isfinite(georef.transform[i]), "a transform is finite", &failure);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    eg_grid_header lines = {.file = "header"}, grid = {.file = "grid"};
    eg_error error = {0}, other = {0};
    size_t used = 0;
    check_header(&lines, eg_grid_read_lines(&lines, text, size, &error), &error);
    const eg_status status = eg_grid_read_ascii(&grid, text, size, &used, &other);
    require(status != EG_OK || used <= size, "the header is in the text", &other);
    check_header(&grid, status, &other);
    free(text);
    return 0;
}
