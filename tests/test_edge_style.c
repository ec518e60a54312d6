/* SPDX-License-Identifier: MIT */
/* Edges inverted, thickened, over the image and in colours of direction, and maps in colours,
 * against the definitions. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "colours.h"
#include "support.h"

#define PI 3.14159265358979323846

static eg_source *source_of(eg_context *ctx, const eg_grid *grid)
{
    eg_source *source = NULL;
    assert_int_equal(eg_source_grid(&source, ctx, grid, NULL), EG_OK);
    return source;
}

/* Detects edges in a style; `image` may be NULL. */
static void styled_edges(eg_grid *out, eg_context *ctx, const eg_grid *in,
                         const eg_edges_options *options, eg_source *image, eg_edges_result *result)
{
    eg_edges_options o = *options;
    o.style.image = image;
    edges_of(out, ctx, in, &o, result);
}

static bool is_edge(const eg_grid *edges, ptrdiff_t x, ptrdiff_t y)
{
    return x >= 0 && y >= 0 && x < (ptrdiff_t)edges->width && y < (ptrdiff_t)edges->height &&
           sample_at(edges, (size_t)x, (size_t)y) > 0;
}

/* Returns true if an edge pixel is so near that the disc of diameter n around it has the pixel. The
 * centre of an even disc is half a pixel right of and below its edge pixel. */
static bool is_thick_edge(const eg_grid *edges, size_t x, size_t y, int n)
{
    const double shift = n % 2 ? 0 : 0.5;
    for (int dy = -n; dy <= n; dy++)
        for (int dx = -n; dx <= n; dx++)
            if (is_edge(edges, (ptrdiff_t)x - dx, (ptrdiff_t)y - dy) &&
                hypot(dx - shift, dy - shift) <= n / 2.0)
                return true;
    return false;
}

/* ---- thickness and inversion ---- */

static void check_thickness(eg_context *ctx, size_t width, size_t height, int n, bool invert)
{
    eg_grid in, thin = {0}, thick = {0};
    eg_edges_options o;
    eg_edges_result thin_result, thick_result;
    noise_grid(&in, ctx, width, height, EG_U8, (unsigned)(width + height), 3);
    default_sobel_edges(&o);
    edges_of(&thin, ctx, &in, &o, &thin_result);
    o.style.thickness = n;
    o.style.invert = invert;
    styled_edges(&thick, ctx, &in, &o, NULL, &thick_result);
    assert_true(thin_result.edge_pixels == thick_result.edge_pixels);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            if ((sample_at(&thick, x, y) > 0) != (is_thick_edge(&thin, x, y, n) != invert))
                fail_msg("thickness %d: (%zu, %zu) of %zu x %zu", n, x, y, width, height);
    eg_grid_free(&in);
    eg_grid_free(&thin);
    eg_grid_free(&thick);
}

static void test_thickness_is_a_disc(void **state)
{
    static const size_t sizes[][2] = {{1, 1}, {1, 40}, {63, 9}, {64, 20}, {65, 33}, {130, 70}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int n = 1; n <= 31; n++)
        for (size_t i = 0; i < COUNT(sizes); i++)
            check_thickness(ctx, sizes[i][0], sizes[i][1], n, n % 3 == 0);
    eg_context_free(ctx);
}

static void check_setting(eg_context *ctx, void *opaque)
{
    (void)opaque;
    check_thickness(ctx, 97, 150, 6, false);
    check_thickness(ctx, 97, 150, 1, true);
}

static void test_thickness_for_every_setting(void **state)
{
    (void)state;
    for_every_setting(check_setting, NULL);
}

/* ---- blocks ---- */

enum { BLOCKS = 4 };

/* Sets above[] and below[] to the edges around the rows first .. end - 1, the nearest first. */
static size_t rows_around(eg_edges_block *const blocks[], const size_t at[], size_t words,
                          size_t from, bool up, size_t reach, uint64_t *rows)
{
    size_t count = 0;
    for (; count < reach; count++) {
        const size_t y = up ? from - 1 - count : from + count;
        if ((up && from < 1 + count) || y >= at[BLOCKS])
            break;
        size_t i = 0;
        while (y >= at[i + 1])
            i++;
        assert_int_equal(eg_edges_block_rows(blocks[i], y - at[i], 1, rows + count * words, NULL),
                         EG_OK);
    }
    return count;
}

/* Compares the thick edges of blocks, some of which have fewer rows than edges are thick, with
 * those of the whole. */
static void test_thick_edges_of_blocks(void **state)
{
    enum { WIDTH = 150, THICKNESS = 11, REACH = THICKNESS / 2, WORDS = (WIDTH + 63) / 64 };
    static const size_t at[BLOCKS + 1] = {0, 30, 32, 35, 80};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, whole = {0};
    eg_edges_options o;
    noise_grid(&in, ctx, WIDTH, at[BLOCKS], EG_U8, 5, 3);
    default_sobel_edges(&o);
    o.low = o.high = 150; /* no edge depends on another block */
    o.unit = EG_UNIT_RESPONSE;
    o.style.thickness = THICKNESS;
    edges_of(&whole, ctx, &in, &o, NULL);
    eg_edges_block *blocks[BLOCKS];
    eg_source *sources[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
        sources[i] = source_of(ctx, &in);
        assert_int_equal(eg_source_rows(sources[i], at[i], at[i + 1] - at[i], NULL), EG_OK);
        assert_int_equal(eg_edges_block_new(&blocks[i], sources[i], &o, NULL), EG_OK);
        assert_int_equal(eg_edges_block_link(blocks[i], NULL, NULL), EG_OK);
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        uint64_t above[REACH * WORDS], below[REACH * WORDS];
        eg_grid part = {0};
        eg_sink *sink = NULL;
        assert_int_equal(eg_edges_block_rows(blocks[i], 1, at[i + 1] - at[i], above, NULL),
                         EG_USAGE);
        const size_t up = rows_around(blocks, at, WORDS, at[i], true, REACH, above);
        const size_t down = rows_around(blocks, at, WORDS, at[i + 1], false, REACH, below);
        eg_edges_block_surround(blocks[i], above, up, below, down);
        assert_int_equal(eg_sink_grid(&sink, ctx, &part, NULL), EG_OK);
        assert_int_equal(eg_edges_block_write(blocks[i], sink, NULL, NULL), EG_OK);
        for (size_t y = 0; y < part.height; y++)
            assert_memory_equal((char *)part.data + y * part.stride,
                                (char *)whole.data + (at[i] + y) * whole.stride, WIDTH);
        eg_sink_close(sink);
        eg_grid_free(&part);
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        eg_edges_block_free(blocks[i]);
        eg_source_close(sources[i]);
    }
    eg_grid_free(&in);
    eg_grid_free(&whole);
    eg_context_free(ctx);
}

/* ---- overlay ---- */

static int shown(const eg_grid *grid, size_t x, size_t y)
{
    const double level = sample_at(grid, x, y) * 255 / (double)grid->white_level;
    return isnan(level) || level < 0 ? 0 : level > 255 ? 255 : (int)(level + 0.5);
}

static const uint8_t *pixel_at(const eg_grid *grid, size_t x, size_t y)
{
    return (const uint8_t *)grid->data + y * grid->stride + 3 * x;
}

static void check_overlay(eg_context *ctx, eg_sample sample, float white, bool colours)
{
    static const uint8_t paint[] = {10, 200, 30};
    eg_grid planes[3], thin = {0}, out = {0};
    eg_edges_options o;
    eg_source *image = NULL;
    for (unsigned k = 0; k < 3; k++) {
        noise_grid(&planes[k], ctx, 77, 41, sample, 3 + k, 2);
        planes[k].white_level = white;
    }
    if (sample == EG_F32)
        set_sample(&planes[0], 20, 20, (double)NAN);
    eg_edges_default(&o);
    o.sigma = 1;
    edges_of(&thin, ctx, &planes[0], &o, NULL);
    assert_int_equal(colours ? eg_source_grid_planes(&image, ctx, planes, NULL)
                             : eg_source_grid(&image, ctx, &planes[0], NULL),
                     EG_OK);
    o.style.paint = EG_PAINT_OVERLAY;
    memcpy(o.style.colour, paint, sizeof paint);
    styled_edges(&out, ctx, &planes[0], &o, image, NULL);
    assert_int_equal(out.sample, EG_RGB);
    for (size_t y = 0; y < out.height; y++)
        for (size_t x = 0; x < out.width; x++)
            for (size_t k = 0; k < 3; k++) {
                const bool missing = isnan(sample_at(&planes[0], x, y));
                const int wanted = sample_at(&thin, x, y) > 0 ? paint[k]
                                   : missing                  ? 0
                                             : shown(&planes[colours ? k : 0], x, y);
                assert_int_equal(pixel_at(&out, x, y)[k], wanted);
            }
    eg_source_close(image);
    for (size_t k = 0; k < 3; k++)
        eg_grid_free(&planes[k]);
    eg_grid_free(&thin);
    eg_grid_free(&out);
}

static void check_overlays(eg_context *ctx, void *opaque)
{
    (void)opaque;
    check_overlay(ctx, EG_U8, 255, false);
    check_overlay(ctx, EG_U8, 255, true);
    check_overlay(ctx, EG_F32, 300, true);
    check_overlay(ctx, EG_F32, 100, false);
}

static void test_overlay_is_the_image_with_edges(void **state)
{
    (void)state;
    for_every_setting(check_overlays, NULL);
}

/* ---- colours of direction ---- */

/* Returns a component of a saturated colour: n is 5 for red, 3 for green, 1 for blue. */
static double component(double n, double hue, double value)
{
    const double k = fmod(n + hue / 60, 6);
    return value - value * fmax(0, fmin(fmin(k, 4 - k), 1));
}

/* Fills a grid with a ramp that gets brighter in a direction, in degrees, clockwise from the right.
 */
static void ramp(eg_grid *grid, eg_context *ctx, size_t side, double degrees, double slope)
{
    const double u = cos(degrees * PI / 180), v = sin(degrees * PI / 180);
    assert_int_equal(eg_grid_new(grid, ctx, side, side, EG_F32, NULL), EG_OK);
    grid->white_level = 255;
    for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < side; x++)
            set_sample(grid, x, y, 1000 + slope * (u * (double)x + v * (double)y));
}

static void assert_colour(const uint8_t *pixel, double hue, double value)
{
    static const double n[] = {5, 3, 1};
    for (size_t k = 0; k < 3; k++)
        if (fabs(pixel[k] - component(n[k], hue, value)) > 1.2)
            fail_msg("hue %g, value %g: component %zu is %d", hue, value, k, pixel[k]);
}

static void test_hue_is_the_direction(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int degrees = 0; degrees < 360; degrees += 3) {
        eg_grid in, out = {0};
        eg_gradient_options o;
        ramp(&in, ctx, 9, degrees, 10);
        eg_gradient_default(&o);
        o.op = "scharr";
        o.colourize = EG_COLOURIZE_DIRECTION;
        o.scale = 20;
        gradient_of(&out, ctx, &in, &o);
        assert_colour(pixel_at(&out, 4, 4), degrees, 200);
        eg_grid_free(&out);
        o.scale = 100; /* saturates */
        gradient_of(&out, ctx, &in, &o);
        assert_colour(pixel_at(&out, 4, 4), degrees, 255);
        eg_grid_free(&out);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* The gradient of the operator gaussian has no sign, so opposite ramps have the same colour. */
static void test_gaussian_hue_is_twice_the_direction(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int degrees = 1; degrees < 360; degrees += 13) {
        eg_grid in, out = {0};
        eg_gradient_options o;
        ramp(&in, ctx, 41, degrees, 2);
        eg_gradient_default(&o);
        o.op = "gaussian";
        o.colourize = EG_COLOURIZE_DIRECTION;
        o.scale = 1e6;
        gradient_of(&out, ctx, &in, &o);
        assert_colour(pixel_at(&out, 20, 20), fmod(2 * degrees, 360), 255);
        eg_grid_free(&out);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* Gradients that overflow have no direction; they are as bright as can be. */
static void test_colours_of_huge_gradients(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, out = {0};
    eg_gradient_options o;
    ramp(&in, ctx, 9, 0, 0);
    for (size_t y = 0; y < 9; y++)
        for (size_t x = 0; x < 9; x++)
            set_sample(&in, x, y, x + y < 9 ? -3e38 : 3e38);
    eg_gradient_default(&o);
    o.colourize = EG_COLOURIZE_DIRECTION;
    gradient_of(&out, ctx, &in, &o);
    assert_int_equal(pixel_at(&out, 4, 4)[0], 255);
    eg_grid_free(&in);
    eg_grid_free(&out);
    eg_context_free(ctx);
}

/* Compares the colours of edges with those of the whole map. */
static void check_directions(eg_context *ctx, const char *op, int thickness)
{
    eg_grid in, mask = {0}, all = {0}, out = {0};
    eg_edges_options o;
    eg_edges_result found;
    eg_gradient_options map;
    noise_grid(&in, ctx, 90, 61, EG_U8, 9, 3);
    eg_edges_default(&o);
    o.op = op;
    o.sigma = 1.5;
    o.style.thickness = thickness;
    edges_of(&mask, ctx, &in, &o, &found);
    o.style.paint = EG_PAINT_DIRECTION;
    eg_source *image = source_of(ctx, &in);
    styled_edges(&out, ctx, &in, &o, image, NULL);
    eg_gradient_default(&map);
    map.op = op;
    map.sigma = 1.5;
    map.colourize = EG_COLOURIZE_DIRECTION;
    map.scale = 255 / (2 * found.high);
    gradient_of(&all, ctx, &in, &map);
    for (size_t y = 0; y < in.height; y++)
        for (size_t x = 0; x < in.width; x++) {
            const uint8_t black[3] = {0};
            const uint8_t *wanted = sample_at(&mask, x, y) > 0 ? pixel_at(&all, x, y) : black;
            assert_memory_equal(pixel_at(&out, x, y), wanted, 3);
        }
    eg_source_close(image);
    eg_grid_free(&in);
    eg_grid_free(&mask);
    eg_grid_free(&all);
    eg_grid_free(&out);
}

static void check_all_directions(eg_context *ctx, void *opaque)
{
    (void)opaque;
    check_directions(ctx, "sobel3", 1);
    check_directions(ctx, "sobel3", 4);
    check_directions(ctx, "gaussian", 1);
}

static void test_edges_have_the_colours_of_the_map(void **state)
{
    (void)state;
    for_every_setting(check_all_directions, NULL);
}

/* ---- recorded sources ---- */

static void test_recorded_rows_are_those_that_were_read(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 3, NULL);
    eg_grid in, thin = {0}, seen[2], again = {0};
    eg_edges_options o;
    eg_source *source, *record = NULL, *other = NULL;
    eg_preview *previews[2];
    eg_sink *sink = NULL;
    noise_grid(&in, ctx, 50, 40, EG_U8, 2, 2);
    default_sobel_edges(&o);
    source = source_of(ctx, &in);
    other = source_of(ctx, &in);
    assert_int_equal(eg_preview_of_source(&previews[0], source, 20, NULL), EG_OK);
    assert_int_equal(eg_preview_of_source(&previews[1], other, 20, NULL), EG_OK);
    assert_int_equal(eg_source_record(&record, source, NULL), EG_OK);
    uint8_t row[64];
    assert_int_equal(eg_source_read(record, row, sizeof row, 1, NULL), EG_USAGE); /* nothing yet */
    assert_int_equal(eg_sink_grid(&sink, ctx, &thin, NULL), EG_OK);
    assert_int_equal(eg_edges(source, sink, &o, NULL, NULL), EG_OK);
    eg_sink_close(sink);
    for (size_t y = 0; y < in.height; y++) {
        assert_int_equal(eg_source_read(record, row, sizeof row, 1, NULL), EG_OK);
        assert_memory_equal(row, (char *)in.data + y * in.stride, in.width);
        assert_int_equal(eg_source_read(other, row, sizeof row, 1, NULL), EG_OK);
    }
    eg_source_close(record);
    for (int i = 0; i < 2; i++) /* the preview has seen the rows as well */
        assert_int_equal(eg_preview_grid(previews[i], &seen[i], NULL), EG_OK);
    assert_grids_equal(&seen[0], &seen[1]);
    assert_int_equal(eg_source_record(&record, source, NULL), EG_USAGE); /* too late */
    for (int i = 0; i < 2; i++)
        eg_preview_free(previews[i]);
    eg_source_close(source);
    eg_source_close(other);
    eg_grid_free(&in);
    eg_grid_free(&thin);
    eg_grid_free(&again);
    eg_context_free(ctx);
}

/* ---- previews ---- */

/* Draws edges with a preview of the sink. */
static void preview_edges(eg_grid *seen, eg_preview **preview, eg_context *ctx, const eg_grid *in,
                          const eg_edge_style *style)
{
    eg_grid out = {0};
    eg_sink *sink = NULL;
    eg_edges_options o;
    eg_source *source = source_of(ctx, in);
    default_sobel_edges(&o);
    o.style = *style;
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
    assert_int_equal(eg_preview_of_sink(preview, sink, 16, NULL), EG_OK);
    assert_int_equal(eg_edges(source, sink, &o, NULL, NULL), EG_OK);
    assert_int_equal(eg_preview_grid(*preview, seen, NULL), EG_OK);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
}

/* Thin black lines on white are as visible as white ones on black, and the preview of colours is
 * their grey. */
static void test_previews(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, seen[3];
    eg_preview *previews[3];
    noise_grid(&in, ctx, 160, 128, EG_U8, 4, 3);
    eg_source *image = source_of(ctx, &in);
    const eg_edge_style styles[3] = {
        {.thickness = 1},
        {.invert = true},
        {.paint = EG_PAINT_OVERLAY, .colour = {255, 255, 255}, .image = image}};
    for (int i = 0; i < 3; i++)
        preview_edges(&seen[i], &previews[i], ctx, &in, &styles[i]);
    for (size_t y = 0; y < seen[0].height; y++)
        for (size_t x = 0; x < seen[0].width; x++) {
            assert_within(sample_at(&seen[0], x, y) + sample_at(&seen[1], x, y), 255, 1);
            assert_in_range((int)sample_at(&seen[2], x, y), 20, 235); /* noise of 0..255 */
        }
    for (int i = 0; i < 3; i++)
        eg_preview_free(previews[i]);
    eg_source_close(image);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* ---- refusals ---- */

static eg_status try_style(eg_context *ctx, const eg_grid *in, const eg_edge_style *style)
{
    eg_grid out = {0};
    eg_sink *sink = NULL;
    eg_edges_options o;
    eg_source *source = source_of(ctx, in);
    default_sobel_edges(&o);
    o.style = *style;
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
    eg_status status = eg_edges(source, sink, &o, NULL, NULL);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    return status;
}

static void test_refused_styles(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, small;
    noise_grid(&in, ctx, 20, 20, EG_U8, 1, 1);
    noise_grid(&small, ctx, 20, 19, EG_U8, 1, 1);
    eg_source *image = source_of(ctx, &small);
    const eg_edge_style styles[] = {
        {.thickness = 32},
        {.thickness = -1},
        {.paint = EG_PAINT_OVERLAY},
        {.paint = EG_PAINT_DIRECTION, .invert = true, .image = image},
        {.paint = (eg_edge_paint)7, .image = image},
    };
    for (size_t i = 0; i < COUNT(styles); i++)
        assert_int_equal(try_style(ctx, &in, &styles[i]), EG_USAGE);
    const eg_edge_style other = {.paint = EG_PAINT_OVERLAY, .image = image};
    assert_int_equal(try_style(ctx, &in, &other), EG_BAD_INPUT);
    eg_source_close(image);
    eg_grid_free(&in);
    eg_grid_free(&small);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thickness_is_a_disc),
        cmocka_unit_test(test_thickness_for_every_setting),
        cmocka_unit_test(test_thick_edges_of_blocks),
        cmocka_unit_test(test_overlay_is_the_image_with_edges),
        cmocka_unit_test(test_hue_is_the_direction),
        cmocka_unit_test(test_colours_of_huge_gradients),
        cmocka_unit_test(test_gaussian_hue_is_twice_the_direction),
        cmocka_unit_test(test_edges_have_the_colours_of_the_map),
        cmocka_unit_test(test_recorded_rows_are_those_that_were_read),
        cmocka_unit_test(test_previews),
        cmocka_unit_test(test_refused_styles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
