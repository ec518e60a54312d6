/* SPDX-License-Identifier: MIT */
/* The colour detector: no setting, layout or cut into row blocks changes a bit; a naive oracle in
 * doubles; missing samples; extreme values and sizes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/stream.h"
#include "edge/colour.h"
#include "support.h"

/* ---- images of one or three planes ---- */

typedef struct image {
    size_t width, height, planes;
    eg_sample sample;
    float white;
    float *at; /* (y * planes + plane) * width + x */
} image;

static image image_new(size_t width, size_t height, size_t planes, eg_sample sample)
{
    image i = {width, height, planes, sample, 255, calloc(width * height * planes, sizeof(float))};
    assert_non_null(i.at);
    return i;
}

static float *pixel(const image *i, size_t plane, size_t x, size_t y)
{
    return &i->at[(y * i->planes + plane) * i->width + x];
}

static double noise(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (double)(*state >> 8) / (1 << 24);
}

/* Rings, a step and noise, different in each plane; a share of the pixels is missing. */
static image scene(size_t width, size_t height, size_t planes, eg_sample sample, double holes)
{
    image i = image_new(width, height, planes, sample);
    unsigned state = 1;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const bool missing = noise(&state) < holes;
            const double d = hypot((double)x - (double)width / 2, (double)y - (double)height / 2);
            for (size_t p = 0; p < planes; p++) {
                double v = 110 + 50 * sin(d / (6 + 3 * (double)p)) + (x > width / 3 + p ? 40 : 0) +
                           15 * noise(&state);
                v = sample == EG_U8 ? floor(v) : v;
                *pixel(&i, p, x, y) = missing ? NAN : (float)v;
            }
        }
    return i;
}

typedef struct image_source {
    eg_source base;
    const image *image;
} image_source;

static eg_status image_read(eg_source *source, void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    (void)error;
    const image *i = ((image_source *)source)->image;
    for (size_t k = 0; k < count * i->planes; k++) {
        char *out = (char *)rows + k / i->planes * stride + k % i->planes * (stride / i->planes);
        const float *in = i->at + (source->next_row * i->planes + k) * i->width;
        for (size_t x = 0; x < i->width; x++)
            if (i->sample == EG_U8)
                out[x] = (char)(uint8_t)in[x];
            else
                memcpy(out + x * sizeof *in, in + x, sizeof *in);
    }
    return EG_OK;
}

static void image_close(eg_source *source)
{
    eg_free(source);
}

static eg_source *open_image(eg_context *ctx, const image *i)
{
    static const eg_source_ops ops = {
        .read = image_read, .close = image_close, .skip = eg_skip_noop};
    eg_error error = {0};
    image_source *made = eg_calloc(ctx, 1, sizeof *made, &error);
    assert_non_null(made);
    made->image = i;
    made->base = (eg_source){.ops = &ops, .ctx = ctx};
    made->base.info = (eg_info){.width = i->width,
                                .height = i->height,
                                .sample = i->sample,
                                .white_level = i->white,
                                .format = "test",
                                .colour = i->planes == 3 ? "RGB" : "grey",
                                .channels = (int)i->planes,
                                .planes = (int)i->planes,
                                .depth = i->sample == EG_U8 ? 8 : 32,
                                .orientation = 1,
                                .stored_width = i->width,
                                .stored_height = i->height};
    return &made->base;
}

/* ---- runs ---- */

/* Finds edges. The caller frees *out. */
static eg_edges_result find(eg_grid *out, eg_context *ctx, const image *i,
                            const eg_edges_options *options)
{
    eg_error error = {0};
    eg_edges_result result;
    eg_source *source = open_image(ctx, i);
    eg_sink *sink = NULL;
    *out = (eg_grid){0};
    assert_int_equal(eg_sink_grid(&sink, ctx, out, &error), EG_OK);
    if (eg_edges(source, sink, options, &result, &error) != EG_OK)
        fail_msg("eg_edges: %s", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
    return result;
}

static uint64_t count_edges(const image *i, const eg_edges_options *options)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid out;
    const uint64_t count = find(&out, ctx, i, options).edge_pixels;
    eg_grid_free(&out);
    eg_context_free(ctx);
    return count;
}

/* Options of the cases: all factors of the reduction, methods and kinds of thresholds. */
typedef struct run {
    double sigma;
    eg_edge_method method;
    double low, high, density;
    eg_threshold_unit unit;
    eg_border border;
    eg_auto_rule rule;
} run;

static const run runs[] = {
    {NAN, EG_EDGE_CANNY, NAN, NAN, NAN, EG_UNIT_PIXEL, EG_BORDER_REPLICATE, EG_AUTO_OUTLINE},
    {0.7, EG_EDGE_CANNY, 4, 9, NAN, EG_UNIT_PIXEL, EG_BORDER_REFLECT, EG_AUTO_OUTLINE},
    {2, EG_EDGE_CANNY, NAN, NAN, NAN, EG_UNIT_PIXEL, EG_BORDER_REPLICATE, EG_AUTO_OTSU},
    {2, EG_EDGE_CANNY, NAN, NAN, 4, EG_UNIT_PIXEL, EG_BORDER_REPLICATE, EG_AUTO_OUTLINE},
    {3.5, EG_EDGE_THRESHOLD, NAN, NAN, NAN, EG_UNIT_PIXEL, EG_BORDER_REFLECT, EG_AUTO_OUTLINE},
    {3.5, EG_EDGE_THRESHOLD, NAN, 3, NAN, EG_UNIT_PIXEL, EG_BORDER_REFLECT, EG_AUTO_OUTLINE},
    {5, EG_EDGE_CANNY, NAN, NAN, NAN, EG_UNIT_PIXEL, EG_BORDER_REFLECT, EG_AUTO_MEDIAN},
    {6.5, EG_EDGE_CANNY, 1, NAN, NAN, EG_UNIT_SIGMA, EG_BORDER_REPLICATE, EG_AUTO_OUTLINE},
    {6, EG_EDGE_THRESHOLD, NAN, NAN, NAN, EG_UNIT_PIXEL, EG_BORDER_REPLICATE, EG_AUTO_OUTLINE},
    {11, EG_EDGE_CANNY, 60, 90, NAN, EG_UNIT_PERCENT, EG_BORDER_REFLECT, EG_AUTO_OUTLINE},
    {21, EG_EDGE_CANNY, NAN, NAN, NAN, EG_UNIT_PIXEL, EG_BORDER_REPLICATE, EG_AUTO_OUTLINE},
    {NAN, EG_EDGE_BOUNDARY, NAN, NAN, NAN, EG_UNIT_PIXEL, EG_BORDER_REPLICATE, EG_AUTO_OUTLINE},
    {9, EG_EDGE_BOUNDARY, NAN, NAN, NAN, EG_UNIT_PIXEL, EG_BORDER_REPLICATE, EG_AUTO_OUTLINE},
};

static eg_edges_options options_of(const run *r)
{
    eg_edges_options o;
    eg_edges_default(&o);
    o.sigma = r->sigma;
    o.method = r->method;
    o.low = r->low;
    o.high = r->high;
    o.density = r->density;
    o.unit = r->unit;
    o.border = r->border;
    o.rule = r->rule;
    return o;
}

/* The images of the comparisons: 8-bit and floats, one and three planes, with and without holes.
 * Widths are not multiples of 64; the last one is wider than a tile. */
enum { SCENES = 5 };

static image scene_of(size_t k)
{
    switch (k) {
    case 0:
        return scene(150, 93, 3, EG_U8, 0);
    case 1:
        return scene(97, 130, 1, EG_U8, 0);
    case 2:
        return scene(129, 101, 3, EG_F32, 0.004);
    case 3:
        return scene(90, 101, 1, EG_F32, 0.1);
    default:
        return scene(1100, 60, 1, EG_F32, 0);
    }
}

typedef struct expected {
    const image *image;
    const eg_edges_options *options;
    eg_grid edges;
    eg_edges_result result;
} expected;

static void check_setting(eg_context *ctx, void *opaque)
{
    const expected *want = opaque;
    eg_grid out;
    eg_edges_result result = find(&out, ctx, want->image, want->options);
    assert_grids_equal(&out, &want->edges);
    assert_true(result.low == want->result.low && result.high == want->result.high);
    eg_grid_free(&out);
}

static void no_setting_changes_a_bit(void **state)
{
    (void)state;
    for (size_t k = 0; k < SCENES; k++)
        for (size_t r = 0; r < COUNT(runs); r++) {
            eg_context *ctx = test_context(1, 0, NULL);
            const image i = scene_of(k);
            const eg_edges_options o = options_of(&runs[r]);
            expected want = {.image = &i, .options = &o};
            want.result = find(&want.edges, ctx, &i, &o);
            if (k < 3 && o.rule != EG_AUTO_MEDIAN && want.result.edge_pixels == 0)
                fail_msg("image %zu, run %zu: no edges", k, r);
            for_every_setting(check_setting, &want);
            eg_grid_free(&want.edges);
            free(i.at);
            eg_context_free(ctx);
        }
}

/* ---- layouts ---- */

static void find_with(eg_colour_canny *canny, eg_context *ctx, const image *i,
                      const eg_edges_options *o, eg_field_layout layout)
{
    eg_error error = {0};
    eg_source *source = open_image(ctx, i);
    *canny = (eg_colour_canny){.method = o->method, .layout = layout};
    if (eg_colour_canny_measure(canny, source, o, o->sigma, &error) != EG_OK ||
        eg_colour_canny_find(canny, source, o, &error) != EG_OK)
        fail_msg("layout %d: %s", (int)layout, error.message);
    eg_source_close(source);
}

/* Whole planes and strips give the same edges, and the same histogram unless it is not needed. */
static void layouts_agree(void **state)
{
    (void)state;
    for (size_t k = 0; k < 2 * SCENES; k++)
        for (size_t r = 1; r < COUNT(runs); r++) {
            const eg_edges_options o = options_of(&runs[r]);
            eg_context *ctx = test_context(1 + (int)(k % 2), k % 2 ? 5 : 0, NULL);
            const image i = scene_of(k / 2);
            eg_colour_canny whole, strips;
            if (o.method == EG_EDGE_BOUNDARY)
                continue;
            find_with(&whole, ctx, &i, &o, EG_FIELD_WHOLE);
            find_with(&strips, ctx, &i, &o, EG_FIELD_STRIPS);
            assert_true(whole.low == strips.low && whole.high == strips.high);
            const size_t bytes = whole.planes.height * whole.planes.words * sizeof(uint64_t);
            assert_memory_equal(whole.planes.edge, strips.planes.edge, bytes);
            assert_memory_equal(whole.histogram.all, strips.histogram.all,
                                2 * EG_FIELD_BINS * sizeof *whole.histogram.all);
            assert_int_equal(whole.histogram.differs, strips.histogram.differs);
            eg_colour_canny_release(&whole);
            eg_colour_canny_release(&strips);
            free(i.at);
            eg_context_free(ctx);
        }
}

/* ---- row blocks ---- */

enum { BLOCKS = 3 };

/* Links blocks of an image until no border row changes. */
static void link_blocks(eg_edges_block *blocks[BLOCKS], size_t words, eg_error *error)
{
    uint64_t *rows = calloc(2 * BLOCKS * words, sizeof *rows);
    assert_non_null(rows);
    for (bool grew = true; grew;) {
        grew = false;
        for (size_t b = 0; b < BLOCKS; b++)
            assert_int_equal(eg_edges_block_border(blocks[b], rows + 2 * b * words,
                                                   rows + (2 * b + 1) * words, error),
                             EG_OK);
        for (size_t b = 0; b < BLOCKS; b++) {
            bool more;
            assert_int_equal(eg_edges_block_propagate(
                                 blocks[b], b ? rows + (2 * b - 1) * words : NULL,
                                 b + 1 < BLOCKS ? rows + (2 * b + 2) * words : NULL, &more, error),
                             EG_OK);
            grew |= more;
        }
    }
    free(rows);
}

static void check_blocks(eg_context *ctx, const image *i, const eg_edges_options *o)
{
    eg_error error = {0};
    eg_grid whole, out = {0};
    eg_source *sources[BLOCKS];
    eg_edges_block *blocks[BLOCKS];
    eg_edge_histogram *sum;
    eg_sink *sink;
    find(&whole, ctx, i, o);
    assert_int_equal(eg_edge_histogram_new(&sum, ctx, &error), EG_OK);
    const size_t cuts[BLOCKS + 1] = {0, i->height / 3 + 1, i->height / 3 + 8, i->height};
    for (size_t b = 0; b < BLOCKS; b++) {
        sources[b] = open_image(ctx, i);
        assert_int_equal(eg_source_rows(sources[b], cuts[b], cuts[b + 1] - cuts[b], &error), EG_OK);
        assert_int_equal(eg_edges_block_new(&blocks[b], sources[b], o, &error), EG_OK);
        assert_int_equal(eg_edges_block_histogram(blocks[b], sum, &error), EG_OK);
    }
    for (size_t b = 0; b < BLOCKS; b++)
        assert_int_equal(eg_edges_block_link(blocks[b], sum, &error), EG_OK);
    link_blocks(blocks, (i->width + 63) / 64, &error);
    for (size_t b = 0; b < BLOCKS; b++) {
        eg_grid part = {0};
        assert_int_equal(eg_sink_grid(&sink, ctx, &part, &error), EG_OK);
        assert_int_equal(eg_edges_block_write(blocks[b], sink, NULL, &error), EG_OK);
        eg_sink_close(sink);
        out = whole;
        out.data = (char *)whole.data + cuts[b] * whole.stride;
        out.height = cuts[b + 1] - cuts[b];
        assert_grids_equal(&part, &out);
        eg_grid_free(&part);
        eg_edges_block_free(blocks[b]);
        eg_source_close(sources[b]);
    }
    eg_edge_histogram_free(sum);
    eg_grid_free(&whole);
}

static void row_blocks_make_the_whole(void **state)
{
    (void)state;
    for (size_t k = 0; k < SCENES; k++)
        for (size_t r = 0; r < COUNT(runs); r++) {
            eg_edges_options o = options_of(&runs[r]);
            eg_context *ctx = test_context(2, k % 2 ? 4 : 0, NULL);
            const image i = scene_of(k);
            o.density = NAN;
            check_blocks(ctx, &i, &o);
            free(i.at);
            eg_context_free(ctx);
        }
}

/* ---- an oracle in doubles ---- */

typedef struct oracle {
    size_t width, height;
    double *magnitude, *xx_yy, *xy2; /* the field */
} oracle;

/* Returns channel `k` of a pixel of an image of three planes. */
static double channel(const image *i, size_t k, size_t x, size_t y)
{
    double root[3];
    for (size_t p = 0; p < 3; p++)
        root[p] = 255 * sqrt((double)*pixel(i, p, x, y) / 255);
    return k == 0   ? (root[0] + root[1] + root[2]) / 3
           : k == 1 ? root[0] - root[1]
                    : root[2] - (root[0] + root[1]) / 2;
}

/* Computes the tensor of the derivatives of a Gaussian, up to 3 sigma. */
static oracle oracle_field(const image *i, double sigma, eg_border border)
{
    const size_t count = i->width * i->height;
    oracle o = {i->width, i->height, calloc(count, 8), calloc(count, 8), calloc(count, 8)};
    const ptrdiff_t radius = (ptrdiff_t)ceil(3 * sigma);
    double sum = 0, moment = 0;
    assert_true(o.magnitude && o.xx_yy && o.xy2);
    for (ptrdiff_t k = -radius; k <= radius; k++) {
        const double g = exp(-(double)(k * k) / (2 * sigma * sigma));
        sum += g;
        moment += (double)(k * k) * g;
    }
    for (size_t at = 0; at < count; at++) {
        double xx = 0, xy = 0, yy = 0;
        for (size_t c = 0; c < 3; c++) {
            const double weight = c ? 1.5 * sigma : sigma;
            double gx = 0, gy = 0;
            for (ptrdiff_t b = -radius; b <= radius; b++)
                for (ptrdiff_t a = -radius; a <= radius; a++) {
                    const double g = exp(-(double)(a * a + b * b) / (2 * sigma * sigma));
                    const size_t x =
                        (size_t)eg_border_index((ptrdiff_t)(at % i->width) + a, i->width, border);
                    const size_t y =
                        (size_t)eg_border_index((ptrdiff_t)(at / i->width) + b, i->height, border);
                    const double v = channel(i, c, x, y) * g / (sum * moment);
                    gx += v * (double)a;
                    gy += v * (double)b;
                }
            xx += gx * gx * weight * weight;
            xy += gx * gy * weight * weight;
            yy += gy * gy * weight * weight;
        }
        o.xx_yy[at] = xx - yy;
        o.xy2[at] = 2 * xy;
        o.magnitude[at] = sqrt((xx + yy) / 2 + hypot((xx - yy) / 2, xy));
    }
    return o;
}

/* Returns true for a local maximum above `low`; the neighbours are interpolated. */
static bool oracle_maximum(const oracle *o, size_t x, size_t y, double low)
{
    const size_t at = y * o->width + x;
    const double m = o->magnitude[at], c = o->xx_yy[at], s = o->xy2[at];
    if (x == 0 || y == 0 || x + 1 == o->width || y + 1 == o->height || !(m > low))
        return false;
    const double angle = atan2(s, c) / 2; /* -90 .. 90 degrees */
    const double dx = cos(angle), dy = sin(angle), longer = fmax(fabs(dx), fabs(dy));
    const double share = fmin(fabs(dx), fabs(dy)) / longer;
    const ptrdiff_t w = (ptrdiff_t)o->width, step_x = dx >= 0 ? 1 : -1, step_y = dy >= 0 ? w : -w;
    const ptrdiff_t axial = fabs(dx) >= fabs(dy) ? step_x : step_y, diagonal = step_x + step_y;
    const double *p = o->magnitude + at;
    return m >= p[axial] * (1 - share) + p[diagonal] * share &&
           m > p[-axial] * (1 - share) + p[-diagonal] * share;
}

static void oracle_link(const oracle *o, uint8_t *edge, const uint8_t *candidate)
{
    for (bool grew = true; grew;) {
        grew = false;
        for (size_t y = 1; y + 1 < o->height; y++)
            for (size_t x = 1; x + 1 < o->width; x++)
                for (size_t k = 0; k < 9; k++) {
                    const size_t at = y * o->width + x;
                    if (candidate[at] && !edge[at] &&
                        edge[(y + k / 3 - 1) * o->width + x + k % 3 - 1]) {
                        edge[at] = 1;
                        grew = true;
                    }
                }
    }
}

/* The field is that of the oracle but for rounding, and so are the edges but for a few pixels. */
static void equals_the_oracle(void **state)
{
    static const double sigmas[] = {0.8, 1.7};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const image i = scene(53, 41, 3, EG_U8, 0);
    for (size_t k = 0; k < 2; k++) {
        eg_edges_options options;
        eg_colour_canny canny;
        eg_grid out;
        eg_edges_default(&options);
        options.sigma = sigmas[k];
        options.border = k ? EG_BORDER_REFLECT : EG_BORDER_REPLICATE;
        const oracle o = oracle_field(&i, options.sigma, options.border);
        find_with(&canny, ctx, &i, &options, EG_FIELD_WHOLE);
        for (size_t at = 0; at < i.width * i.height; at++) {
            const size_t mine = eg_field_at(&canny.field, at / i.width, at % i.width);
            assert_close((double)canny.field.magnitude[mine], o.magnitude[at], 1e-5);
            assert_within((double)canny.field.cosine[mine], o.xx_yy[at],
                          1e-4 * o.magnitude[at] * o.magnitude[at] + 1e-3);
        }
        const eg_edges_result r = find(&out, ctx, &i, &options);
        uint8_t *edge = calloc(i.width * i.height, 1), *candidate = calloc(i.width * i.height, 1);
        assert_true(edge && candidate);
        for (size_t at = 0; at < i.width * i.height; at++) {
            candidate[at] = oracle_maximum(&o, at % i.width, at / i.width, r.low * options.sigma);
            edge[at] = candidate[at] && o.magnitude[at] > r.high * options.sigma;
        }
        oracle_link(&o, edge, candidate);
        size_t different = 0, edges = 0;
        for (size_t at = 0; at < i.width * i.height; at++) {
            edges += edge[at];
            different += (sample_at(&out, at % i.width, at / i.width) > 0) != edge[at];
        }
        assert_in_range(edges, 50, 1000);
        assert_in_range(different, 0, 3);
        free(edge);
        free(candidate);
        free(o.magnitude);
        free(o.xx_yy);
        free(o.xy2);
        eg_grid_free(&out);
        eg_colour_canny_release(&canny);
    }
    free(i.at);
    eg_context_free(ctx);
}

/* ---- missing samples ---- */

/* Makes pixels missing: single ones at random, and a disc. */
static void make_holes(const image *i, double share, unsigned seed)
{
    for (size_t y = 0; y < i->height; y++)
        for (size_t x = 0; x < i->width; x++) {
            const bool disc =
                hypot((double)x - 0.6 * (double)i->width, (double)y - 0.4 * (double)i->height) < 12;
            if (noise(&seed) < share || disc)
                for (size_t p = 0; p < i->planes; p++)
                    *pixel(i, p, x, y) = NAN;
        }
}

static const double hole_sigmas[] = {1, 3.5, 7, 12};
static const double hole_shares[] = {0, 0.002, 0.05, 0.4};

static void holes_of_constant_images_have_no_edges(void **state)
{
    static const float colours[][3] = {
        {100, 100, 100}, {200, 37, 90}, {77.77f, 77.78f, 12.34f}, {0.1f, 0.3f, 0.7f}};
    (void)state;
    for (size_t k = 0; k < COUNT(hole_sigmas) * COUNT(hole_shares) * COUNT(colours); k++) {
        const image i = image_new(170, 150, k % 2 ? 3 : 1, EG_F32);
        const float *colour = colours[k / 16];
        eg_edges_options o;
        eg_edges_default(&o);
        for (size_t at = 0; at < 170 * 150 * i.planes; at++)
            i.at[at] = colour[at / 170 % i.planes];
        make_holes(&i, hole_shares[k / 4 % 4], (unsigned)k);
        o.sigma = hole_sigmas[k % 4];
        const uint64_t edges = count_edges(&i, &o);
        if (edges)
            fail_msg("sigma %g, share %g, colour %zu, %zu planes: %zu edge pixels", o.sigma,
                     hole_shares[k / 4 % 4], k / 16, i.planes, (size_t)edges);
        free(i.at);
    }
}

/* A ramp of the square root has the same gradient everywhere, so that nothing but a hole could be
 * an edge. */
static void holes_of_ramps_have_no_edges(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(hole_sigmas) * COUNT(hole_shares) * 2; k++) {
        const image i = image_new(170, 150, 1, EG_F32);
        const double tilt = k / 16 ? 0.6 : 0;
        eg_edges_options o;
        eg_edges_default(&o);
        for (size_t y = 0; y < 150; y++)
            for (size_t x = 0; x < 170; x++) {
                const double root = 40 + (double)x * 0.5 + (double)y * tilt;
                *pixel(&i, 0, x, y) = (float)(root * root / 255);
            }
        make_holes(&i, hole_shares[k / 4 % 4], (unsigned)k);
        o.sigma = hole_sigmas[k % 4];
        /* Thresholds around the gradient of the ramp: a rim may not exceed it. */
        o.high = hypot(0.5, tilt) * 1.1;
        o.low = o.high * 0.99;
        const uint64_t edges = count_edges(&i, &o);
        if (edges)
            fail_msg("sigma %g, share %g, tilt %g: %zu edge pixels", o.sigma,
                     hole_shares[k / 4 % 4], tilt, (size_t)edges);
        free(i.at);
    }
}

/* A step keeps its edge beside holes. */
static void steps_beside_holes_stay(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        const image i = image_new(170, 150, 3, EG_F32);
        eg_context *ctx = test_context(1, 0, NULL);
        eg_edges_options o;
        eg_grid out;
        eg_edges_default(&o);
        o.sigma = hole_sigmas[k];
        for (size_t y = 0; y < 150; y++)
            for (size_t x = 0; x < 170; x++)
                for (size_t p = 0; p < 3; p++) /* a hole above, 6 pixels from the step, and below */
                    *pixel(&i, p, x, y) = (y < 50 && x > 90) || (y > 120 && x < 60) ? NAN
                                          : x < 85                                  ? 50
                                                                                    : 150;
        find(&out, ctx, &i, &o);
        for (size_t y = 1; y + 1 < 150; y++) {
            size_t edges = 0, elsewhere = 0;
            for (size_t x = 0; x < 170; x++) {
                const bool near = x >= 81 && x <= 88;
                edges += near && sample_at(&out, x, y) > 0;
                elsewhere += !near && sample_at(&out, x, y) > 0;
            }
            if (edges == 0 || elsewhere > 0)
                fail_msg("sigma %g, row %zu: %zu edges, %zu elsewhere", o.sigma, y, edges,
                         elsewhere);
        }
        eg_grid_free(&out);
        free(i.at);
        eg_context_free(ctx);
    }
}

/* ---- values and sizes ---- */

/* Edges do not depend on the unit of the values: powers of four, whose square roots are powers of
 * two, are exact; others move few pixels. */
static void scaled_values_have_the_same_edges(void **state)
{
    static const double factors[] = {0x1p-100, 0x1p-60, 0x1p-20, 0x1p20, 0x1p60, 0x1p90,
                                     1e-30,    1e-11,   1e3,     1e17,   1e30};
    (void)state;
    for (size_t k = 0; k < COUNT(hole_sigmas) * 2; k++) {
        eg_context *ctx = test_context(1, 0, NULL);
        const image i = scene(131, 117, 3, EG_F32, k / 4 ? 0.01 : 0);
        eg_edges_options o;
        eg_grid want, out;
        eg_edges_default(&o);
        o.sigma = hole_sigmas[k % 4];
        find(&want, ctx, &i, &o);
        for (size_t f = 0; f < COUNT(factors); f++) {
            image scaled = image_new(131, 117, 3, EG_F32);
            size_t different = 0;
            for (size_t at = 0; at < 131 * 117 * 3; at++)
                scaled.at[at] = (float)((double)i.at[at] * factors[f]);
            find(&out, ctx, &scaled, &o);
            for (size_t at = 0; at < 131 * 117; at++)
                different +=
                    sample_at(&out, at % 131, at / 131) != sample_at(&want, at % 131, at / 131);
            if (different > (f < 6 ? 0 : 12))
                fail_msg("sigma %g, factor %g: %zu pixels differ", o.sigma, factors[f], different);
            eg_grid_free(&out);
            free(scaled.at);
        }
        eg_grid_free(&want);
        free(i.at);
        eg_context_free(ctx);
    }
}

static void thin_and_constant_images_work(void **state)
{
    static const size_t sizes[][2] = {{1, 1},  {1, 2}, {2, 1},  {2, 2},  {1, 90}, {90, 1},
                                      {2, 70}, {3, 3}, {3, 80}, {80, 3}, {64, 5}, {65, 64}};
    (void)state;
    for (size_t k = 0; k < COUNT(sizes) * 4; k++) {
        const image i = scene(sizes[k / 4][0], sizes[k / 4][1], k % 2 ? 3 : 1,
                              k & 2 ? EG_F32 : EG_U8, k & 2 ? 0.05 : 0);
        image flat = image_new(i.width, i.height, i.planes, i.sample);
        for (size_t at = 0; at < i.width * i.height * i.planes; at++)
            flat.at[at] = 99;
        for (size_t r = 0; r < 4; r++) {
            eg_edges_options o;
            eg_edges_default(&o);
            o.sigma = r == 1 ? 0.6 : r == 2 ? 3.5 : (double)NAN;
            o.method = r == 3 ? EG_EDGE_BOUNDARY : EG_EDGE_CANNY;
            const uint64_t edges = count_edges(&i, &o);
            if (i.width < 3 || i.height < 3)
                assert_int_equal(edges, 0);
            assert_int_equal(count_edges(&flat, &o), 0);
        }
        free(i.at);
        free(flat.at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_setting_changes_a_bit),
        cmocka_unit_test(layouts_agree),
        cmocka_unit_test(row_blocks_make_the_whole),
        cmocka_unit_test(equals_the_oracle),
        cmocka_unit_test(holes_of_constant_images_have_no_edges),
        cmocka_unit_test(holes_of_ramps_have_no_edges),
        cmocka_unit_test(steps_beside_holes_stay),
        cmocka_unit_test(scaled_values_have_the_same_edges),
        cmocka_unit_test(thin_and_constant_images_work),
    };
    return cmocka_run_group_tests_name("colour", tests, NULL, NULL);
}
