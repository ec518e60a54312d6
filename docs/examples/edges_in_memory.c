/* SPDX-License-Identifier: MIT */
/* Finds the edges of a window of an image that is in memory, into memory, without copies.
 *
 *     edges_in_memory
 *
 * A program that has pixels already, from a camera or another library, passes their address, size
 * and stride. Here the image is a disc on a slope of grey; the window leaves out 20 pixels at each
 * side. */
#include <edgegrad.h>
#include <stdio.h>

enum { WIDTH = 200, HEIGHT = 160, MARGIN = 20 };

static unsigned char image[HEIGHT][WIDTH], edges[HEIGHT - 2 * MARGIN][WIDTH - 2 * MARGIN];

static void draw(void)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            const int dx = x - 100, dy = y - 80;
            image[y][x] = (unsigned char)(dx * dx + dy * dy < 40 * 40 ? 200 : 40 + x / 4);
        }
}

int main(void)
{
    eg_error error = {EG_OK, ""};
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_edges_options options;
    eg_edges_result result;
    eg_grid in = {NULL, 0, 0, 0, EG_U8, 255}, out = {NULL, 0, 0, 0, EG_U8, 255};
    draw();
    in.data = &image[MARGIN][MARGIN];
    in.width = out.width = WIDTH - 2 * MARGIN;
    in.height = out.height = HEIGHT - 2 * MARGIN;
    in.stride = sizeof image[0]; /* from row to row of the whole image, in bytes */
    out.data = edges;
    out.stride = sizeof edges[0];
    eg_edges_default(&options);
    options.op = "sobel3"; /* of intensities */
    options.sigma = 1;
    if (eg_context_new(&ctx, NULL, &error) == EG_OK &&
        eg_source_grid(&source, ctx, &in, &error) == EG_OK &&
        eg_sink_grid(&sink, ctx, &out, &error) == EG_OK &&
        eg_edges(source, sink, &options, &result, &error) == EG_OK) {
        int first = 0;
        while (!edges[60][first])
            first++;
        printf("%llu edge pixels; in row %d the first one is in column %d\n",
               (unsigned long long)result.edge_pixels, MARGIN + 60, MARGIN + first);
    }
    if (error.status != EG_OK)
        fprintf(stderr, "%s\n", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_context_free(ctx);
    return error.status;
}
