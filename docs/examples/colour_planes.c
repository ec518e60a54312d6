/* SPDX-License-Identifier: MIT */
/* Marks the edges of a colour image red, row by row as they are found.
 *
 *     colour_planes
 *
 * The image has the layout of many image libraries: red, green and blue, a byte each, pixel by
 * pixel. A callback hands its rows to the library as three planes, and another one receives the
 * rows of edges. */
#include <edgegrad.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 240, HEIGHT = 120 };

static unsigned char image[HEIGHT][WIDTH][3];

/* Numbers of rows that the callbacks have read and written, and of pixels that they have marked. */
typedef struct position {
    size_t read, written, marked;
} position;

/* Draws stripes of equal brightness that differ in colour alone. */
static void draw(void)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            static const unsigned char colours[2][3] = {{180, 60, 60}, {60, 124, 60}};
            memcpy(image[y][x], colours[x / 60 % 2], 3);
        }
}

/* Fills the next rows: each has its red, green and blue samples one after another. */
static eg_status pull(void *opaque, const eg_grid *rows, eg_error *error)
{
    position *at = (position *)opaque;
    (void)error;
    for (size_t y = 0; y < rows->height; y++, at->read++)
        for (size_t plane = 0; plane < 3; plane++) {
            unsigned char *to =
                (unsigned char *)rows->data + y * rows->stride + plane * (rows->stride / 3);
            for (size_t x = 0; x < WIDTH; x++)
                to[x] = image[at->read][x][plane];
        }
    return EG_OK;
}

/* Receives the next rows of edges: 255 on an edge, else 0. */
static eg_status push(void *opaque, const eg_grid *rows, eg_error *error)
{
    static const unsigned char red[3] = {255, 0, 0};
    position *at = (position *)opaque;
    (void)error;
    for (size_t y = 0; y < rows->height; y++, at->written++)
        for (size_t x = 0; x < WIDTH; x++)
            if (((const unsigned char *)rows->data)[y * rows->stride + x]) {
                memcpy(image[at->written][x], red, sizeof red);
                at->marked++;
            }
    return EG_OK;
}

int main(void)
{
    eg_error error = {EG_OK, ""};
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_edges_options options;
    position at = {0, 0, 0};
    const eg_grid shape = {NULL, WIDTH, HEIGHT, 0, EG_U8, 255};
    draw();
    eg_edges_default(&options);
    options.sigma = 2;
    if (eg_context_new(&ctx, NULL, &error) == EG_OK &&
        eg_source_pull_planes(&source, ctx, &shape, pull, &at, &error) == EG_OK &&
        eg_sink_push(&sink, ctx, 1u << EG_U8, push, &at, &error) == EG_OK &&
        eg_edges(source, sink, &options, NULL, &error) == EG_OK) {
        printf("%lu pixels are marked; those of row 60 are in the columns", (unsigned long)at.marked);
        for (int x = 0; x < WIDTH; x++)
            if (image[60][x][0] == 255 && image[60][x][1] == 0)
                printf(" %d", x);
        printf("\n");
    }
    if (error.status != EG_OK)
        fprintf(stderr, "%s\n", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_context_free(ctx);
    return error.status;
}
