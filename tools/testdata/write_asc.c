/* SPDX-License-Identifier: MIT */
/* ESRI ASCII grids, after Esri's description of the format. */
#include "testdata.h"

void write_asc(FILE *file, const image *picture, const write_how *how)
{
    (void)how;
    fprintf(file, "ncols %zu\nnrows %zu\nxllcorner 500000\nyllcorner 4000000\ncellsize 30\n",
            picture->width, picture->height);
    for (size_t y = 0; y < picture->height; y++)
        for (size_t x = 0; x < picture->width; x++)
            fprintf(file, "%u%c", *pixel(picture, x, y), x + 1 == picture->width ? '\n' : ' ');
}
