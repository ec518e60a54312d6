/* SPDX-License-Identifier: MIT */
/* eg_edges() with an operator on three planes and with interpolated neighbours, against the
 * definitions. */
#include <math.h>
#include <stdlib.h>

#include "colours.h"
#include "oracle.h"

static const eg_sample samples[] = {EG_U8, EG_F32};
static const eg_norm norms[] = {EG_NORM_L2, EG_NORM_L1};
static const eg_border borders[] = {EG_BORDER_REPLICATE, EG_BORDER_REFLECT, EG_BORDER_CONSTANT};

static void operator_options(eg_edges_options *o, const char *op)
{
    eg_edges_default(o);
    o->op = op;
    o->sigma = 0;
}

/* ---- the definition ---- */

static double magnitude_at(const plane *gx, const plane *gy, ptrdiff_t x, ptrdiff_t y, bool l1)
{
    if (x < 0 || y < 0 || x >= (ptrdiff_t)gx->width || y >= (ptrdiff_t)gx->height)
        return 0;
    double u = *plane_at(gx, (size_t)x, (size_t)y), v = *plane_at(gy, (size_t)x, (size_t)y);
    return l1 ? fabs(u) + fabs(v) : sqrt(u * u + v * v);
}

/* Computes the responses of the plane with the largest magnitude at each pixel: the first of blue,
 * green and red. */
static void chosen_responses(const eg_grid planes[3], const eg_edges_options *o, plane *gx,
                             plane *gy)
{
    const oracle_operator *op = oracle_find(o->op);
    const bool l1 = o->norm == EG_NORM_L1;
    for (int k = 2; k >= 0; k--) {
        plane image = plane_of(&planes[k]), px, py;
        plane smooth = oracle_blur(&image, o->sigma, planes->sample, o->border, o->border_value);
        oracle_responses(&smooth, op, o->border, o->border_value, &px, &py);
        for (size_t i = 0; i < px.width * px.height; i++) {
            double divisor = planes->sample == EG_U8 ? op->canny_divisor : 1;
            px.at[i] = planes->sample == EG_U8 ? rint(px.at[i] / divisor) : px.at[i];
            py.at[i] = planes->sample == EG_U8 ? rint(py.at[i] / divisor) : py.at[i];
        }
        plane_free(&smooth);
        plane_free(&image);
        if (k == 2) {
            *gx = px;
            *gy = py;
            continue;
        }
        for (size_t i = 0; i < px.width * px.height; i++) {
            double a = px.at[i], b = py.at[i], u = gx->at[i], v = gy->at[i];
            double own = l1 ? fabs(u) + fabs(v) : u * u + v * v;
            if ((l1 ? fabs(a) + fabs(b) : a * a + b * b) > own) {
                gx->at[i] = a;
                gy->at[i] = b;
            }
        }
        plane_free(&px);
        plane_free(&py);
    }
}

enum { NOT, IS, UNDECIDED };

/* Compares the magnitude m at a pixel with that interpolated between an axial and a diagonal
 * neighbour: 1 if it is larger, 0 if equal, -1 if smaller; 2 if rounding may decide. */
static int compare(double m, double axial, double diagonal, double least, double most)
{
    double left = (m - axial) * most, right = least * (diagonal - axial);
    bool exact = (least == 0 || diagonal == axial) ? true : floor(m) == m && floor(axial) == axial;
    if (exact && floor(diagonal) == diagonal)
        return (left > right) - (left < right);
    if (fabs(left - right) <= 1e-6 * m * most)
        return least == 0 || diagonal == axial ? (m > axial) - (m < axial) : 2;
    return left > right ? 1 : -1;
}

/* Returns whether a pixel is a local maximum along the interpolated line. */
static int is_interpolated_maximum(const plane *gx, const plane *gy, ptrdiff_t x, ptrdiff_t y,
                                   bool l1)
{
    double u = *plane_at(gx, (size_t)x, (size_t)y), v = *plane_at(gy, (size_t)x, (size_t)y);
    double ax = fabs(u), ay = fabs(v), m = magnitude_at(gx, gy, x, y, l1);
    ptrdiff_t side = (u < 0) != (v < 0) ? -1 : 1;
    int result[2];
    if (m == 0)
        return NOT;
    for (int k = 0; k < 2; k++) {
        ptrdiff_t s = k ? 1 : -1; /* behind, ahead */
        double axial =
            ay > ax ? magnitude_at(gx, gy, x, y + s, l1) : magnitude_at(gx, gy, x + s, y, l1);
        double diagonal = ay > ax ? magnitude_at(gx, gy, x + s * side, y + s, l1)
                                  : magnitude_at(gx, gy, x + s, y + s * side, l1);
        result[k] = compare(m, axial, diagonal, fmin(ax, ay), fmax(ax, ay));
    }
    if (result[0] == 0 || result[0] == -1 || result[1] == -1)
        return NOT;
    return result[0] == 2 || result[1] == 2 ? UNDECIDED : IS;
}

/* Checks the edges with both thresholds at `threshold`, so that each candidate is an edge. */
static void check_candidates(const eg_grid *out, const plane *gx, const plane *gy,
                             const eg_edges_options *o, double threshold, size_t *undecided)
{
    const bool l1 = o->norm == EG_NORM_L1;
    uint8_t *candidate = malloc(out->width * out->height);
    uint8_t *strong = malloc(out->width * out->height);
    assert_true(candidate && strong);
    double limit = l1 ? threshold : threshold * threshold;
    oracle_thin(gx, gy, o->norm, limit, limit, candidate, strong);
    for (size_t i = 0; i < out->width * out->height; i++) {
        const size_t x = i % out->width, y = i / out->width;
        int want = candidate[i];
        if (o->nms == EG_NMS_INTERPOLATED) {
            want = is_interpolated_maximum(gx, gy, (ptrdiff_t)x, (ptrdiff_t)y, l1);
            if (!(magnitude_at(gx, gy, (ptrdiff_t)x, (ptrdiff_t)y, l1) > threshold))
                want = NOT;
        }
        *undecided += want == UNDECIDED;
        if (want != UNDECIDED && (sample_at(out, x, y) > 0) != (want == IS))
            fail_msg("%s nms %d norm %d border %d sample %d: (%zu, %zu) of %zu x %zu should be %d",
                     o->op, o->nms, o->norm, o->border, out->sample, x, y, out->width, out->height,
                     want);
    }
    free(candidate);
    free(strong);
}

static void check_size(eg_context *ctx, const char *op, size_t width, size_t height, size_t k)
{
    eg_grid planes[3], out;
    eg_edges_options o;
    plane gx, gy;
    const eg_sample sample = samples[k % 2];
    operator_options(&o, op);
    o.norm = norms[k / 2 % 2];
    o.nms = k / 4 % 2 ? EG_NMS_INTERPOLATED : EG_NMS_SECTORS;
    o.border = borders[k / 8 % 3];
    o.border_value = sample == EG_U8 ? 90 : 1;
    o.sigma = sample == EG_U8 && k / 24 ? 1.1 : 0;
    o.unit = EG_UNIT_RESPONSE;
    /* Floats whose responses and squares are exact. */
    const double most =
        sample == EG_U8 ? 255 : fmin(255, floor(2800.0 / oracle_max_response(oracle_find(op))));
    noise_colours(planes, ctx, width, height, sample, (unsigned)(k + width), most < 9 ? 2 : 9,
                  most);
    chosen_responses(planes, &o, &gx, &gy);
    const double levels[] = {0, 0.4 * most * oracle_find(op)->divisor};
    for (size_t i = 0; i < 2; i++) {
        size_t undecided = 0;
        o.low = o.high = levels[i];
        edges_of_colours(&out, ctx, planes, &o, NULL);
        double divisor = sample == EG_U8 ? oracle_find(op)->canny_divisor : 1;
        check_candidates(&out, &gx, &gy, &o, levels[i] / divisor, &undecided);
        assert_true(undecided <= width * height / 50);
        eg_grid_free(&out);
    }
    plane_free(&gx);
    plane_free(&gy);
    free_colours(planes);
}

static void each_pixel_takes_the_largest_gradient(void **state)
{
    (void)state;
    static const struct {
        size_t width, height, step; /* every so many combinations of options */
    } sizes[] = {{1, 1, 1},   {1, 7, 1},    {7, 1, 1},    {3, 3, 1},
                 {17, 33, 5}, {65, 70, 11}, {1100, 9, 11}};
    eg_context *ctx = test_context(2, 5, NULL);
    const char *name;
    for (size_t i = 0; (name = eg_operator_name(i)); i++)
        for (size_t s = 0; s < COUNT(sizes); s++)
            for (size_t k = (5 * i + s) % sizes[s].step; k < 48; k += sizes[s].step)
                check_size(ctx, name, sizes[s].width, sizes[s].height, k);
    eg_context_free(ctx);
}

/* ---- invariants ---- */

typedef struct colours {
    eg_grid planes[3], expected;
    eg_edges_options options;
    eg_edges_result result;
} colours;

static void matches(eg_context *ctx, void *opaque)
{
    const colours *c = opaque;
    eg_grid out;
    eg_edges_result result;
    edges_of_colours(&out, ctx, c->planes, &c->options, &result);
    assert_grids_equal(&out, &c->expected);
    assert_true(result.low == c->result.low && result.high == c->result.high);
    assert_int_equal(result.edge_pixels, c->result.edge_pixels);
    eg_grid_free(&out);
}

static void set_options(eg_edges_options *o, const char *op, size_t k)
{
    operator_options(o, op);
    o->norm = norms[k % 2];
    o->nms = k / 2 % 2 ? EG_NMS_INTERPOLATED : EG_NMS_SECTORS;
    o->sigma = k / 4 % 2 ? 1.2 : 0;
    o->method = k % 7 == 6 ? EG_EDGE_THRESHOLD : EG_EDGE_CANNY;
    o->low = k % 3 == 0 ? 5 : NAN;
    o->high = k % 3 == 0 ? 17 : NAN;
}

/* Also with missing samples and automatic thresholds. */
static void no_setting_changes_a_bit(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, "baseline");
    for (size_t k = 0; k < 16; k++) {
        colours c = {0};
        set_options(&c.options, k % 5 == 4 ? "roberts" : k % 3 ? "sobel3" : "sobel7", k);
        noise_colours(c.planes, ctx, k % 2 ? 1043 : 90, k % 2 ? 17 : 40, samples[k / 8],
                      (unsigned)k, k % 4 ? 200 : 3, 255);
        if (k >= 8 && k % 3)
            punch_colours(c.planes, (unsigned)k);
        edges_of_colours(&c.expected, ctx, c.planes, &c.options, &c.result);
        for_every_setting(matches, &c);
        eg_grid_free(&c.expected);
        free_colours(c.planes);
    }
    eg_context_free(ctx);
}

/* Three equal planes, or one plane and constant ones, have the edges of the plane alone. */
static void grey_in_three_planes_is_grey(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 7, NULL);
    for (size_t k = 0; k < 32; k++) {
        colours c = {0};
        set_options(&c.options, k % 3 ? "sobel3" : "sobel5", k);
        const eg_sample sample = samples[k / 16];
        noise_colours(c.planes, ctx, 120, 50, sample, (unsigned)k, 200, 255);
        if (sample == EG_F32)
            punch_colours(c.planes, (unsigned)k);
        for (size_t p = 1; p < 3; p++) /* which plane has the grey turns */
            for (size_t i = 0; i < 120 * 50; i++) {
                const size_t x = i % 120, y = i / 120, to = (k + p) % 3;
                double grey = sample_at(&c.planes[k % 3], x, y);
                set_sample(&c.planes[to], x, y, k % 2 ? grey : isnan(grey) ? grey : 70);
            }
        edges_of(&c.expected, ctx, &c.planes[k % 3], &c.options, &c.result);
        matches(ctx, &c);
        if (c.result.automatic) { /* the reported thresholds give the same edges */
            c.options.low = c.result.low;
            c.options.high = c.result.high;
            matches(ctx, &c);
        }
        eg_grid_free(&c.expected);
        free_colours(c.planes);
    }
    eg_context_free(ctx);
}

/* The edges of two row blocks, with automatic thresholds, are those of the whole. */
static void blocks_of_colours_are_the_whole(void **state)
{
    (void)state;
    enum { HEIGHT = 60, CUT = 23 };
    eg_context *ctx = test_context(2, 7, NULL);
    for (size_t k = 0; k < 12; k++) {
        colours c = {0};
        eg_edges_block *blocks[2];
        eg_source *sources[2];
        eg_edge_histogram *sum;
        uint64_t above[2], below[2];
        bool grew, any = true;
        set_options(&c.options, "sobel3", k);
        if (k == 11) {
            eg_edges_skimage(&c.options, 1.1, NAN, NAN);
        }
        noise_colours(c.planes, ctx, 100, HEIGHT, samples[k % 2], (unsigned)k, 200, 255);
        edges_of_colours(&c.expected, ctx, c.planes, &c.options, &c.result);
        assert_int_equal(eg_edge_histogram_new(&sum, ctx, NULL), EG_OK);
        for (size_t i = 0; i < 2; i++) {
            sources[i] = colour_source(ctx, c.planes);
            assert_int_equal(eg_source_rows(sources[i], i ? CUT : 0, i ? HEIGHT - CUT : CUT, NULL),
                             EG_OK);
            assert_int_equal(eg_edges_block_new(&blocks[i], sources[i], &c.options, NULL), EG_OK);
            assert_int_equal(eg_edges_block_histogram(blocks[i], sum, NULL), EG_OK);
        }
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(eg_edges_block_link(blocks[i], sum, NULL), EG_OK);
        while (any) {
            assert_int_equal(eg_edges_block_border(blocks[0], NULL, above, NULL), EG_OK);
            assert_int_equal(eg_edges_block_border(blocks[1], below, NULL, NULL), EG_OK);
            assert_int_equal(eg_edges_block_propagate(blocks[0], NULL, below, &grew, NULL), EG_OK);
            any = grew;
            assert_int_equal(eg_edges_block_propagate(blocks[1], above, NULL, &grew, NULL), EG_OK);
            any = any || grew;
        }
        for (size_t i = 0; i < 2; i++) {
            eg_grid out = {0};
            eg_sink *sink;
            assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
            assert_int_equal(eg_edges_block_write(blocks[i], sink, NULL, NULL), EG_OK);
            eg_sink_close(sink);
            for (size_t y = 0; y < out.height; y++)
                for (size_t x = 0; x < out.width; x++)
                    assert_true(sample_at(&out, x, y) ==
                                sample_at(&c.expected, x, y + (i ? CUT : 0)));
            eg_grid_free(&out);
            eg_edges_block_free(blocks[i]);
            eg_source_close(sources[i]);
        }
        eg_edge_histogram_free(sum);
        eg_grid_free(&c.expected);
        free_colours(c.planes);
    }
    eg_context_free(ctx);
}

/* An even slope has no edges, neither along holes nor by rounding of the interpolation. */
static void a_slope_with_holes_has_no_edges(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t k = 0; k < 16; k++) {
        eg_grid planes[3], out;
        eg_edges_options o;
        eg_edges_result result;
        set_options(&o, k % 3 ? "sobel3" : "sobel5", k);
        o.method = EG_EDGE_CANNY;
        o.nms = EG_NMS_INTERPOLATED;
        o.sigma = 0; /* a blur rounds, which makes maxima of any slope */
        o.low = 0.5;
        o.high = 1;
        noise_colours(planes, ctx, 80, 60, EG_F32, 1, 9, 255);
        for (size_t p = 0; p < 3; p++)
            for (size_t i = 0; i < 80 * 60; i++)
                set_sample(&planes[p], i % 80, i / 80,
                           (double)((p + 1) * (3 * (i % 80) + (k % 5) * (i / 80))));
        punch_colours(planes, (unsigned)k);
        edges_of_colours(&out, ctx, planes, &o, &result);
        for (size_t y = 8; y < 52; y++)
            for (size_t x = 8; x < 72; x++)
                assert_true(sample_at(&out, x, y) == 0);
        eg_grid_free(&out);
        free_colours(planes);
    }
    eg_context_free(ctx);
}

static void options_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    eg_error error;
    eg_edges_options o[8];
    noise_grid(&in, ctx, 30, 20, EG_U8, 1, 1);
    for (size_t i = 0; i < COUNT(o); i++)
        operator_options(&o[i], "scharr");
    o[0].density = 5;
    o[1].method = EG_EDGE_BOUNDARY;
    o[2].unit = EG_UNIT_PERCENT;
    o[2].high = 90;
    o[3].rule = EG_AUTO_MEDIAN;
    o[4].nms = (eg_nms)7;
    o[5].compat_skimage = true;
    eg_edges_skimage(&o[6], 1, 10, 20);
    o[6].border = EG_BORDER_REFLECT;
    o[7].sigma_percent = 90; /* 32 pixels */
    for (size_t i = 0; i < COUNT(o); i++)
        assert_int_equal(edges_status(ctx, &in, &o[i], &error), EG_USAGE);
    eg_edges_skimage(&o[6], 1, 10, 20);
    assert_int_equal(edges_status(ctx, &in, &o[6], &error), EG_OK);
    eg_edge_histogram *histogram;
    eg_source *source;
    assert_int_equal(eg_edge_histogram_new(&histogram, ctx, NULL), EG_OK);
    assert_int_equal(eg_source_grid(&source, ctx, &in, NULL), EG_OK);
    assert_int_equal(eg_edge_histogram_add(histogram, source, &o[6], NULL), EG_USAGE);
    eg_source_close(source);
    eg_edge_histogram_free(histogram);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* sigma in percent of the diagonal is that sigma in pixels. */
static void sigma_in_percent_is_of_the_diagonal(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, a, b;
    eg_edges_options o;
    eg_edges_result result;
    noise_grid(&in, ctx, 60, 80, EG_U8, 1, 1);
    operator_options(&o, "sobel3");
    o.sigma = 2;
    edges_of(&a, ctx, &in, &o, NULL);
    o.sigma = NAN;
    o.sigma_percent = 2;
    edges_of(&b, ctx, &in, &o, &result);
    assert_grids_equal(&a, &b);
    assert_within(result.sigma, 2, 1e-12);
    eg_grid_free(&b);
    eg_grid_free(&a);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* Compatibility with skimage: floats are bytes of the same values, images as small as a pixel have
 * no edges on the rim, and a missing sample changes nothing beyond its reach. */
static void skimage_takes_any_image(void **state)
{
    (void)state;
    enum { REACH = 4 + 2, X = 40, Y = 20 };
    static const size_t sides[][2] = {{1, 1}, {1, 9}, {9, 1}, {2, 2}, {3, 3}, {90, 50}};
    eg_context *ctx = test_context(2, 7, NULL);
    for (size_t i = 0; i < COUNT(sides); i++) {
        eg_grid bytes, floats, a, b;
        eg_edges_options o;
        const size_t width = sides[i][0], height = sides[i][1];
        eg_edges_skimage(&o, 1, 10, 30);
        noise_grid(&bytes, ctx, width, height, EG_U8, 1, 0);
        noise_grid(&floats, ctx, width, height, EG_F32, 1, 0);
        edges_of(&a, ctx, &bytes, &o, NULL);
        edges_of(&b, ctx, &floats, &o, NULL);
        assert_grids_equal(&a, &b);
        for (size_t n = 0; n < width * height; n++) {
            const size_t x = n % width, y = n / width;
            if (x == 0 || y == 0 || x + 1 == width || y + 1 == height)
                assert_true(sample_at(&a, x, y) == 0);
        }
        eg_grid_free(&b);
        if (width > X) {
            o.low = o.high; /* so that no edge depends on another */
            set_sample(&floats, X, Y, NAN);
            edges_of(&b, ctx, &floats, &o, NULL);
            eg_grid_free(&a);
            edges_of(&a, ctx, &bytes, &o, NULL);
            for (size_t n = 0; n < width * height; n++) {
                const size_t x = n % width, y = n / width;
                const bool near =
                    x + REACH >= X && x <= X + REACH && y + REACH >= Y && y <= Y + REACH;
                if (!near)
                    assert_true(sample_at(&a, x, y) == sample_at(&b, x, y));
            }
            assert_true(sample_at(&b, X, Y) == 0);
            eg_grid_free(&b);
        }
        eg_grid_free(&a);
        eg_grid_free(&floats);
        eg_grid_free(&bytes);
    }
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pixel_takes_the_largest_gradient),
        cmocka_unit_test(no_setting_changes_a_bit),
        cmocka_unit_test(grey_in_three_planes_is_grey),
        cmocka_unit_test(blocks_of_colours_are_the_whole),
        cmocka_unit_test(a_slope_with_holes_has_no_edges),
        cmocka_unit_test(options_that_do_not_fit_are_refused),
        cmocka_unit_test(skimage_takes_any_image),
        cmocka_unit_test(sigma_in_percent_is_of_the_diagonal),
    };
    return cmocka_run_group_tests_name("edge planes", tests, NULL, NULL);
}
