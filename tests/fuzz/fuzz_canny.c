/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of Canny's detector: the edges of a small image by any difference operator are, bit
 * for bit, those of a naive detector that shares no code with the library.
 *
 * libFuzzer: -max_len=512
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../canny_oracle.h"
#include "core/context.h"
#include "fuzz.h"

enum { SIDE = 20 };

/* Takes a threshold that is a float, and whose square is one. */
static double take_threshold(fuzz_bytes *bytes)
{
    static const double others[] = {-1, 1e9, INFINITY, -7.5};
    const unsigned kind = pick(bytes, 16);
    return kind < 4 ? others[kind] : (double)take(bytes, 2) / 256;
}

static void take_options(fuzz_bytes *bytes, eg_edges_options *o, eg_sample sample)
{
    size_t operators = 0;
    while (eg_operator_name(operators))
        operators++;
    default_sobel_edges(o);
    o->op = eg_operator_name(pick(bytes, (unsigned)operators));
    o->method = pick(bytes, 4) ? EG_EDGE_CANNY : EG_EDGE_THRESHOLD;
    o->norm = (eg_norm)pick(bytes, 2);
    o->border = (eg_border)pick(bytes, 3);
    o->border_value = sample == EG_U8 ? pick(bytes, 256) : pick(bytes, 4);
    o->sigma = sample == EG_U8 ? pick(bytes, 6) * 0.5 : 0; /* smoothed floats are not integers */
    o->unit = EG_UNIT_PIXEL;
    o->low = take_threshold(bytes);
    o->high = take_threshold(bytes);
}

/* Fills the image; floats are integers so small that responses and their squares are exact. */
static void take_image(fuzz_bytes *bytes, eg_grid *in, const oracle_operator *op, eg_sample sample)
{
    const size_t width = 1 + pick(bytes, SIDE), height = 1 + pick(bytes, SIDE);
    const int most = 2800 / oracle_max_response(op) < 255 ? 2800 / oracle_max_response(op) : 255;
    require(eg_grid_new(in, fuzz_context(), width, height, sample, NULL) == EG_OK, "a grid", NULL);
    in->white_level = 255;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const unsigned value = (unsigned)take(bytes, 1);
            set_sample(in, x, y, sample == EG_U8 ? value : value % (unsigned)(most + 1));
        }
}

static void compare(const eg_grid *out, const uint8_t *want, const eg_edges_options *o)
{
    for (size_t y = 0; y < out->height; y++)
        for (size_t x = 0; x < out->width; x++)
            if (sample_at(out, x, y) != 255 * want[y * out->width + x]) {
                fprintf(stderr,
                        "%s method %d norm %d border %d sigma %g low %.17g high %.17g: %zu, %zu "
                        "of %zu x %zu\n",
                        o->op, o->method, o->norm, o->border, o->sigma, o->low, o->high, x, y,
                        out->width, out->height);
                require(false, "an edge is that of the naive detector", NULL);
            }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    eg_grid in, out = {0};
    eg_edges_options options;
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_error error = {0};
    const eg_sample sample = pick(&bytes, 2) ? EG_F32 : EG_U8;
    take_options(&bytes, &options, sample);
    take_image(&bytes, &in, oracle_find(options.op), sample);
    eg_status status = eg_source_grid(&source, fuzz_context(), &in, &error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, fuzz_context(), &out, &error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &options, NULL, &error);
    require(status == EG_OK, "an image has edges or none", &error);
    canny_responses responses = canny_responses_of(&in, &options);
    uint8_t *want = canny_expected(&responses, &options, sample);
    compare(&out, want, &options);
    free(want);
    canny_responses_free(&responses);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    eg_grid_free(&in);
    require_released();
    return 0;
}
