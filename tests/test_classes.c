/* SPDX-License-Identifier: MIT */
/* Masks of steep cells and D8 in files: PNG has colours to look at, and the numbers are the same.
 */
#include <math.h>
#include <string.h>

#include "files.h"
#include "terrain_fixture.h"

enum { WIDTH = 40, HEIGHT = 30 };

typedef struct classes {
    eg_context *ctx;
    eg_grid in, map; /* elevations, and the classes of their cells */
    eg_terrain_options options;
} classes;

static classes make_classes(eg_terrain_map map)
{
    classes c = {.ctx = test_context(1, 0, NULL), .options = map_options(map)};
    const eg_georef georef = metric_ground(30, 30, HEIGHT);
    make_noise_elevations(&c.in, c.ctx, WIDTH, HEIGHT, EG_F32, 3, 40);
    if (map == EG_TERRAIN_SLOPE)
        c.options.threshold = 45;
    c.map = need_terrain(&c.in, c.ctx, &georef, &c.options, NULL);
    return c;
}

static void free_classes(classes *c)
{
    eg_grid_free(&c->in);
    eg_grid_free(&c->map);
    close_context(c->ctx);
}

/* Writes the map to a file. */
static eg_status write_map(const classes *c, const char *path, eg_error *error)
{
    const eg_georef georef = metric_ground(30, 30, HEIGHT);
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_status status = eg_source_grid(&source, c->ctx, &c->in, error);
    if (status == EG_OK)
        status = eg_source_set_georef(source, &georef, error);
    if (status == EG_OK)
        status = eg_sink_open(&sink, c->ctx, path, NULL, error);
    if (status == EG_OK)
        status = eg_terrain(source, &sink, &c->options, 1, NULL, error);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

static eg_grid load(eg_context *ctx, const char *path, const eg_read_options *options)
{
    eg_error error = {0};
    eg_grid grid;
    if (eg_load(&grid, ctx, path, options, &error) != EG_OK)
        fail_msg("%s", error.message);
    return grid;
}

static double cell(const eg_grid *grid, size_t i)
{
    return sample_at(grid, i % WIDTH, i / WIDTH);
}

/* Read as values, every format gives the numbers. */
static void files_keep_the_numbers(void **state)
{
    static const eg_terrain_map maps[] = {EG_TERRAIN_SLOPE, EG_TERRAIN_D8};
    static const char *const names[] = {"m.png", "m.tif", "m.pgm", "m.asc"};
    (void)state;
    for (size_t m = 0; m < COUNT(maps); m++) {
        classes c = make_classes(maps[m]);
        for (size_t f = 0; f < COUNT(names); f++) {
            eg_error error = {0};
            const eg_read_options options = value_options();
            if (write_map(&c, scratch(names[f]), &error) != EG_OK)
                fail_msg("%s", error.message);
            eg_grid read = load(c.ctx, scratch(names[f]), &options);
            size_t found[256] = {0};
            for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
                const double want = cell(&c.map, i), got = cell(&read, i);
                if (got != want && !(isnan(got) && want == 255))
                    fail_msg("%s: %g, not %g", names[f], got, want);
                found[(size_t)want]++;
            }
            assert_true(found[0] + found[1] > 20 && found[255] > 20);
            eg_grid_free(&read);
        }
        free_classes(&c);
    }
}

/* A PNG shows a mask in black and white, and its missing cells transparent. */
static void a_mask_is_visible_in_png(void **state)
{
    (void)state;
    classes c = make_classes(EG_TERRAIN_SLOPE);
    eg_error error = {0};
    eg_read_options masked, values = value_options();
    eg_read_default(&masked);
    masked.alpha = EG_ALPHA_MASK;
    values.encoding = EG_ENCODING_GREY;
    assert_int_equal(write_map(&c, scratch("m.png"), &error), EG_OK);
    eg_grid grey = load(c.ctx, scratch("m.png"), NULL),
            opaque = load(c.ctx, scratch("m.png"), &masked),
            as_grey = load(c.ctx, scratch("m.png"), &values);
    for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
        const double code = cell(&c.map, i);
        assert_true(cell(&grey, i) == (code == 0 ? 0 : code == 1 ? 255 : 128));
        assert_true(cell(&as_grey, i) == cell(&grey, i));
        assert_true(code == 255 ? isnan(cell(&opaque, i)) : cell(&opaque, i) == 255 * code);
    }
    eg_grid_free(&grey);
    eg_grid_free(&opaque);
    eg_grid_free(&as_grey);
    free_classes(&c);
}

/* Each direction has a colour of its own: full saturation, and not that of another. */
static void directions_have_colours_in_png(void **state)
{
    (void)state;
    classes c = make_classes(EG_TERRAIN_D8);
    eg_error error = {0};
    eg_read_options options;
    unsigned colours[256] = {0};
    eg_read_default(&options);
    options.colour_planes = true;
    assert_int_equal(write_map(&c, scratch("m.png"), &error), EG_OK);
    eg_source *source = NULL;
    uint8_t row[3][WIDTH];
    assert_int_equal(eg_source_open(&source, c.ctx, scratch("m.png"), &options, &error), EG_OK);
    for (size_t y = 0; y < HEIGHT; y++) {
        assert_int_equal(eg_source_read(source, row, sizeof row, 1, &error), EG_OK);
        for (size_t x = 0; x < WIDTH; x++) {
            const unsigned colour =
                1u << 24 | (unsigned)row[0][x] << 16 | (unsigned)row[1][x] << 8 | row[2][x];
            const size_t code = (size_t)sample_at(&c.map, x, y);
            assert_true(!colours[code] || colours[code] == colour);
            colours[code] = colour;
        }
    }
    assert_int_equal(colours[0] ? colours[0] : 1u << 24, 1u << 24);
    assert_int_equal(colours[1], 1u << 24 | 0xFF0000); /* east: red, as the direction 0 */
    for (size_t i = 1; i < 256; i *= 2)
        for (size_t k = 1; k < i; k *= 2)
            assert_true(colours[i] && colours[i] != colours[k]);
    eg_source_close(source);
    free_classes(&c);
}

static void jpeg_refuses_classes(void **state)
{
    static const eg_terrain_map maps[] = {EG_TERRAIN_SLOPE, EG_TERRAIN_D8};
    (void)state;
    for (size_t m = 0; m < COUNT(maps); m++) {
        classes c = make_classes(maps[m]);
        eg_error error = {0};
        assert_int_equal(write_map(&c, scratch("m.jpg"), &error), EG_USAGE);
        assert_non_null(strstr(error.message, "lossy compression; write PNG or TIFF instead"));
        free_classes(&c);
    }
}

/* Thumbnails show masks as PNG does: the mean of 0, 255 and, where a cell is missing, 128. */
static void previews_show_classes(void **state)
{
    (void)state;
    classes c = make_classes(EG_TERRAIN_SLOPE);
    const eg_georef georef = metric_ground(30, 30, HEIGHT);
    eg_error error = {0};
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_preview *preview = NULL;
    eg_grid out = {0}, small;
    assert_int_equal(eg_source_grid(&source, c.ctx, &c.in, &error), EG_OK);
    assert_int_equal(eg_source_set_georef(source, &georef, &error), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, c.ctx, &out, &error), EG_OK);
    assert_int_equal(eg_preview_of_sink(&preview, sink, WIDTH, &error), EG_OK);
    assert_int_equal(eg_terrain(source, &sink, &c.options, 1, NULL, &error), EG_OK);
    assert_int_equal(eg_preview_grid(preview, &small, &error), EG_OK);
    for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
        const double code = cell(&c.map, i);
        assert_true(cell(&small, i) == (code == 0 ? 0 : code == 1 ? 255 : 128));
    }
    eg_preview_free(preview);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    free_classes(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_keep_the_numbers),
        cmocka_unit_test(a_mask_is_visible_in_png),
        cmocka_unit_test(directions_have_colours_in_png),
        cmocka_unit_test(jpeg_refuses_classes),
        cmocka_unit_test(previews_show_classes),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
