/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of edges in row blocks: two or three blocks of an image, which exchange histograms
 * and border rows as processes do, give the edges of the whole image.
 *
 * libFuzzer: -max_len=512
 */
#include <string.h>

#include "fuzz.h"

enum { WIDTH = 17, HEIGHT = 24, BLOCKS = 3 };

typedef struct part {
    eg_source *source;
    eg_edges_block *block;
    size_t first, rows;
} part;

typedef struct image {
    eg_grid grid;
    uint8_t samples[WIDTH * HEIGHT];
    eg_edges_options options;
    size_t count;
    part parts[BLOCKS];
} image;

static void take_image(fuzz_bytes *bytes, image *im)
{
    memset(im, 0, sizeof *im);
    im->grid = (eg_grid){im->samples, WIDTH, HEIGHT, WIDTH, EG_U8, 255};
    eg_edges_default(&im->options);
    if (pick(bytes, 8) < 7) /* the default takes longest */
        im->options.op = eg_operator_name(pick(bytes, 7));
    if (pick(bytes, 2)) {
        im->options.unit = EG_UNIT_PIXEL;
        im->options.low = pick(bytes, 32);
        im->options.high = im->options.low + pick(bytes, 64);
    }
    if (pick(bytes, 8) == 0)
        im->options.method = EG_EDGE_THRESHOLD;
    im->count = 2 + pick(bytes, BLOCKS - 1);
    for (size_t i = 0, y = 0; i < im->count; i++) {
        const size_t left = HEIGHT - y - (im->count - 1 - i);
        const size_t rows = i + 1 == im->count ? left : 1 + pick(bytes, (unsigned)left);
        im->parts[i] = (part){.first = y, .rows = rows};
        y += rows;
    }
    for (size_t i = 0; i < sizeof im->samples; i++)
        im->samples[i] = (uint8_t)take(bytes, 1);
}

/* Opens the parts; returns false if the options are refused, as they then are for the whole. */
static bool open_parts(image *im, eg_error *error)
{
    for (size_t i = 0; i < im->count; i++) {
        part *p = &im->parts[i];
        require(eg_source_grid(&p->source, fuzz_context(), &im->grid, error) == EG_OK &&
                    eg_source_rows(p->source, p->first, p->rows, error) == EG_OK,
                "a part of a grid", error);
        if (eg_edges_block_new(&p->block, p->source, &im->options, error) != EG_OK)
            return false;
    }
    return true;
}

/* Chooses the thresholds from all parts. */
static void link_parts(image *im, eg_error *error)
{
    eg_edge_histogram *sum = NULL;
    require(eg_edge_histogram_new(&sum, fuzz_context(), error) == EG_OK, "a histogram", error);
    for (size_t i = 0; i < im->count; i++)
        require(eg_edges_block_histogram(im->parts[i].block, sum, error) == EG_OK, "its part",
                error);
    for (size_t i = 0; i < im->count; i++)
        require(eg_edges_block_link(im->parts[i].block, sum, error) == EG_OK, "thresholds", error);
    eg_edge_histogram_free(sum);
}

/* Exchanges border rows until no part grows. */
static void exchange(const image *im, eg_error *error)
{
    for (bool any = true; any;) {
        any = false;
        for (size_t i = 0; i < im->count; i++) {
            uint64_t above, below;
            bool grew = false;
            if (i > 0)
                eg_edges_block_border(im->parts[i - 1].block, NULL, &above, error);
            if (i + 1 < im->count)
                eg_edges_block_border(im->parts[i + 1].block, &below, NULL, error);
            require(eg_edges_block_propagate(im->parts[i].block, i > 0 ? &above : NULL,
                                             i + 1 < im->count ? &below : NULL, &grew,
                                             error) == EG_OK,
                    "edges grow", error);
            any = any || grew;
        }
    }
}

/* Requires that the rows of each part are those of the whole. */
static void compare(const image *im, const eg_grid *whole, eg_error *error)
{
    for (size_t i = 0; i < im->count; i++) {
        const part *p = &im->parts[i];
        eg_grid rows = {0};
        eg_sink *sink = NULL;
        require(eg_sink_grid(&sink, fuzz_context(), &rows, error) == EG_OK &&
                    eg_edges_block_write(p->block, sink, NULL, error) == EG_OK,
                "a part is written", error);
        for (size_t y = 0; y < p->rows; y++)
            require(memcmp((char *)rows.data + y * rows.stride,
                           (char *)whole->data + (p->first + y) * whole->stride, WIDTH) == 0,
                    "the edges of a part are those of the whole", NULL);
        eg_sink_close(sink);
        eg_grid_free(&rows);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static image im;
    fuzz_bytes bytes = {data, size};
    eg_error error = {0}, other = {0};
    eg_grid whole = {0};
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    take_image(&bytes, &im);
    require(eg_source_grid(&source, fuzz_context(), &im.grid, &error) == EG_OK &&
                eg_sink_grid(&sink, fuzz_context(), &whole, &error) == EG_OK,
            "a grid", &error);
    eg_status status = eg_edges(source, sink, &im.options, NULL, &error);
    if (open_parts(&im, &other)) {
        require(status == EG_OK, "what parts have the whole has", &error);
        link_parts(&im, &other);
        exchange(&im, &other);
        compare(&im, &whole, &other);
    } else {
        require(status == other.status, "parts are refused as the whole is", &other);
    }
    for (size_t i = 0; i < im.count; i++) {
        eg_edges_block_free(im.parts[i].block);
        eg_source_close(im.parts[i].source);
    }
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&whole);
    require_released();
    return 0;
}
