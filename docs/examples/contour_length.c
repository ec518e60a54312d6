/* SPDX-License-Identifier: MIT */
/* Measures the contour lines of a raster: for each level their number and length in cells.
 *
 *     contour_length DEM INTERVAL */
#include <edgegrad.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEVELS = 1000 };

/* Sums of the levels, by their number from the interval up. */
typedef struct lengths {
    double interval, length[LEVELS];
    int lines[LEVELS], others; /* lines of other levels, as those below 0 */
} lengths;

static eg_status add_line(void *opaque, const eg_line *line, eg_error *error)
{
    lengths *sums = (lengths *)opaque;
    const long level = lround(line->level / sums->interval);
    (void)error;
    if (level < 0 || level >= LEVELS) {
        sums->others++;
        return EG_OK;
    }
    for (size_t i = 1; i < line->count; i++) {
        const double *p = line->points + 2 * i;
        sums->length[level] += hypot(p[0] - p[-2], p[1] - p[-1]);
    }
    sums->lines[level]++;
    return EG_OK;
}

int main(int argc, char **argv)
{
    static lengths sums;
    eg_error error = {EG_OK, ""};
    eg_context *ctx = NULL;
    eg_source *dem = NULL;
    eg_read_options read;
    eg_contour_options options;
    if (argc != 3)
        return fprintf(stderr, "usage: contour_length DEM INTERVAL\n"), 2;
    eg_read_default(&read);
    read.as_values = 1;
    eg_contour_default(&options);
    options.interval = sums.interval = atof(argv[2]);
    if (eg_context_new(&ctx, NULL, &error) == EG_OK &&
        eg_source_open(&dem, ctx, argv[1], &read, &error) == EG_OK &&
        eg_contour_lines(dem, &options, add_line, &sums, NULL, &error) == EG_OK)
        for (int i = 0; i < LEVELS; i++)
            if (sums.lines[i])
                printf("%6g  %3d lines  %8.1f cells\n", i * sums.interval, sums.lines[i],
                       sums.length[i]);
    if (sums.others)
        printf("%d lines of levels outside the range 0 to %g\n", sums.others,
               (LEVELS - 1) * sums.interval);
    if (error.status != EG_OK)
        fprintf(stderr, "%s\n", error.message);
    eg_source_close(dem);
    eg_context_free(ctx);
    return error.status;
}
