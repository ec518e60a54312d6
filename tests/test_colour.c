/* SPDX-License-Identifier: MIT */
/* The colour detector: no setting, layout or cut into row blocks changes a bit; a naive oracle in
 * doubles. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "edge/colour/colour.h"
#include "planes.h"

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
        return scene(150, 69, 3, EG_U8, 0);
    case 1:
        return scene(97, 90, 1, EG_U8, 0);
    case 2:
        return scene(129, 75, 3, EG_F32, 0.004);
    case 3:
        return scene(90, 75, 1, EG_F32, 0.1);
    default:
        return scene(1100, 44, 1, EG_F32, 0);
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
            if ((k + r) % 5 && !(k == 2 && r % 4 == 1)) /* each run with one or two images */
                continue;
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

/* Compares a layout with the edges and the histogram of another one. */
static void compare_layout(const eg_colour_canny *whole, eg_context *ctx, const image *i,
                           const eg_edges_options *o, eg_field_layout layout)
{
    eg_colour_canny other;
    find_with(&other, ctx, i, o, layout);
    assert_true(whole->low == other.low && whole->high == other.high);
    const size_t bytes = whole->planes.height * whole->planes.words * sizeof(uint64_t);
    assert_memory_equal(whole->planes.edge, other.planes.edge, bytes);
    assert_memory_equal(whole->histogram.all, other.histogram.all,
                        2 * EG_FIELD_BINS * sizeof *whole->histogram.all);
    assert_int_equal(whole->histogram.differs, other.histogram.differs);
    eg_colour_canny_release(&other);
}

/* Whole planes, strips and blocks give the same edges and the same histogram. */
static void layouts_agree(void **state)
{
    (void)state;
    for (size_t k = 0; k < 2 * SCENES; k++)
        for (size_t r = 1; r < COUNT(runs); r++) {
            const eg_edges_options o = options_of(&runs[r]);
            if (o.method == EG_EDGE_BOUNDARY)
                continue;
            eg_context *ctx = test_context(1 + (int)(k % 2), k % 2 ? 5 : 0, NULL);
            const image i = scene_of(k / 2);
            eg_colour_canny whole;
            find_with(&whole, ctx, &i, &o, EG_FIELD_WHOLE);
            for (eg_field_layout layout = EG_FIELD_STRIPS; layout <= EG_FIELD_BLOCKS; layout++)
                compare_layout(&whole, ctx, &i, &o, layout);
            eg_colour_canny_release(&whole);
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

/* ---- memory ---- */

/* Finds edges while the k-th allocation fails; returns true if there are fewer than k. */
static bool survives(const image *i, const eg_edges_options *o, int threads, long k)
{
    eg_context *ctx = test_context(threads, 16, NULL);
    eg_error error = {0};
    eg_grid out = {0};
    eg_sink *sink = NULL;
    eg_source *source = open_image(ctx, i);
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, &error), EG_OK);
    atomic_store(&ctx->fail_after, k);
    const eg_status status = eg_edges(source, sink, o, NULL, &error);
    const bool complete = atomic_load(&ctx->fail_after) >= 0;
    atomic_store(&ctx->fail_after, -1);
    if (status != (complete ? EG_OK : EG_NO_MEMORY) || error.status != status)
        fail_msg("allocation %ld: status %d '%s'", k, (int)status, error.message);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    assert_int_equal(atomic_load(&ctx->used), 0);
    eg_context_free(ctx);
    return complete;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const size_t chosen[] = {0, 1, 3, 4,
                                    11}; /* small, given, density, magnitudes, boundary */
    const image i = scene(30, 40, 3, EG_F32, 0.01);
    for (size_t r = 0; r < COUNT(chosen); r++) {
        const eg_edges_options o = options_of(&runs[chosen[r]]);
        long k = 0;
        while (!survives(&i, &o, 1 + (int)(r % 2), k))
            k++;
        assert_in_range(k, 10, 1000);
    }
    free(i.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_setting_changes_a_bit),  cmocka_unit_test(layouts_agree),
        cmocka_unit_test(row_blocks_make_the_whole), cmocka_unit_test(equals_the_oracle),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("colour", tests, NULL, NULL);
}
