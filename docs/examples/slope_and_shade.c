/* SPDX-License-Identifier: MIT */
/* Computes slope and shaded relief of an elevation model in one pass.
 *
 *     slope_and_shade DEM SLOPE.tif SHADE.tif
 *
 * The outputs have the georeferencing of the model. They appear together or not at all. */
#include <edgegrad.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    eg_error error = {EG_OK, ""};
    eg_context *ctx = NULL;
    eg_source *dem = NULL;
    eg_sink *sinks[2] = {NULL, NULL};
    eg_outputs *outputs = NULL;
    eg_read_options read;
    eg_write_options write;
    eg_terrain_options maps[2];
    if (argc != 4)
        return fprintf(stderr, "usage: slope_and_shade DEM SLOPE.tif SHADE.tif\n"), 2;
    eg_read_default(&read);
    read.as_values = 1; /* elevations, not intensities */
    eg_write_default(&write);
    eg_terrain_default(&maps[0]);
    eg_terrain_default(&maps[1]);
    maps[0].map = EG_TERRAIN_SLOPE;
    maps[1].map = EG_TERRAIN_HILLSHADE;
    maps[1].altitude = 30; /* a low sun */
    if (eg_context_new(&ctx, NULL, &error) == EG_OK &&
        eg_outputs_new(&outputs, ctx, &error) == EG_OK) {
        write.outputs = outputs;
        if (eg_source_open(&dem, ctx, argv[1], &read, &error) == EG_OK &&
            eg_sink_open(&sinks[0], ctx, argv[2], &write, &error) == EG_OK &&
            eg_sink_open(&sinks[1], ctx, argv[3], &write, &error) == EG_OK &&
            eg_terrain(dem, sinks, maps, 2, NULL, &error) == EG_OK &&
            eg_outputs_commit(outputs, &error) == EG_OK) {
            const eg_info *info = eg_source_info(dem);
            printf("%lu x %lu cells\n", (unsigned long)info->width, (unsigned long)info->height);
        }
    }
    if (error.status != EG_OK)
        fprintf(stderr, "%s\n", error.message);
    eg_sink_close(sinks[0]);
    eg_sink_close(sinks[1]);
    eg_outputs_close(outputs);
    eg_source_close(dem);
    eg_context_free(ctx);
    return error.status;
}
