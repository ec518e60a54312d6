/* SPDX-License-Identifier: MIT */
/* The caller's memory: every operation computes the same from samples of 16 bits, floats and
 * doubles, of one plane or three, in grids or by callback, with a stride. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { W = 97, H = 61, PADDED = W + 7, PLANES = 3 };

static const eg_sample kinds[] = {EG_F32, EG_U16, EG_F64};

/* The same numbers in memory of each kind. */
static float floats[PLANES][H][PADDED];
static uint16_t integers[PLANES][H][PADDED];
static double doubles[PLANES][H][PADDED];

static void draw(void)
{
    unsigned state = 7;
    for (int k = 0; k < PLANES; k++)
        for (int y = 0; y < H; y++)
            for (int x = 0; x < PADDED; x++) {
                state = state * 1103515245u + 12345u;
                const int noise = (int)(state >> 16 & 1023), dx = x - 40 - 5 * k, dy = y - 30;
                const int disc = dx * dx + dy * dy < 400 ? 30000 : 4000 + 100 * x;
                integers[k][y][x] = (uint16_t)(disc + 2 * noise);
                floats[k][y][x] = integers[k][y][x];
                doubles[k][y][x] = integers[k][y][x];
            }
}

static eg_grid grid_of(eg_sample sample, int plane)
{
    void *const data[] = {
        [EG_U16] = integers[plane], [EG_F32] = floats[plane], [EG_F64] = doubles[plane]};
    return (eg_grid){data[sample], W, H, eg_row_bytes(sample, PADDED), sample, 65535};
}

/* ---- sources ---- */

typedef struct image {
    eg_sample sample;
    int planes;
    bool pulled;
    size_t next; /* row of the callback */
} image;

static eg_status pull(void *opaque, const eg_grid *rows, eg_error *error)
{
    image *from = opaque;
    (void)error;
    assert_int_equal(rows->sample, from->sample);
    for (size_t i = 0; i < rows->height; i++, from->next++)
        for (int k = 0; k < from->planes; k++) {
            const eg_grid grid = grid_of(from->sample, k);
            memcpy((char *)rows->data + i * rows->stride +
                       (size_t)k * (rows->stride / (size_t)from->planes),
                   (const char *)grid.data + from->next * grid.stride,
                   eg_row_bytes(grid.sample, W));
        }
    return EG_OK;
}

static eg_source *open_image(eg_context *ctx, image *from)
{
    eg_source *source = NULL;
    eg_error error = {EG_OK, ""};
    const eg_grid planes[PLANES] = {grid_of(from->sample, 0), grid_of(from->sample, 1),
                                    grid_of(from->sample, 2)};
    eg_status status;
    from->next = 0;
    if (from->pulled)
        status = (from->planes == 1 ? eg_source_pull : eg_source_pull_planes)(
            &source, ctx, &planes[0], pull, from, &error);
    else if (from->planes == 1)
        status = eg_source_grid(&source, ctx, &planes[0], &error);
    else
        status = eg_source_grid_planes(&source, ctx, planes, &error);
    if (status != EG_OK)
        fail_msg("%s", error.message);
    return source;
}

/* ---- operations ---- */

/* Adds up what lines are like, in `opaque`. */
static eg_status add_line(void *opaque, const eg_line *line, eg_error *error)
{
    double *sum = opaque;
    (void)error;
    for (size_t i = 0; i < 2 * line->count; i++)
        *sum = *sum * 0.999 + line->points[i];
    return EG_OK;
}

typedef struct call {
    eg_context *ctx;
    eg_source *source, *again; /* the image twice */
    eg_grid *out;              /* result; its sample type is free */
    double *number;            /* another result */
} call;

static void check(eg_status status, const eg_error *error)
{
    if (status != EG_OK)
        fail_msg("%s", error->message);
}

static void map_of(const call *c, const char *op, eg_gradient_map map)
{
    eg_error error = {EG_OK, ""};
    eg_sink *sink = NULL;
    eg_gradient_options options;
    eg_gradient_default(&options);
    options.op = op;
    options.map = map;
    check(eg_sink_grid(&sink, c->ctx, c->out, &error), &error);
    check(eg_gradient(c->source, sink, &options, &error), &error);
    eg_sink_close(sink);
}

static void sobel(const call *c)
{
    map_of(c, "sobel3", EG_MAP_MAGNITUDE);
}

static void gaussian(const call *c)
{
    map_of(c, "gaussian", EG_MAP_DIRECTION);
}

static void log_map(const call *c)
{
    map_of(c, "sobel3", EG_MAP_LOG);
}

static void edges_with(const call *c, eg_edges_options *options)
{
    eg_error error = {EG_OK, ""};
    eg_edges_result result;
    eg_sink *sink = NULL;
    check(eg_sink_grid(&sink, c->ctx, c->out, &error), &error);
    check(eg_edges(c->source, sink, options, &result, &error), &error);
    assert_true(result.edge_pixels > 20);
    *c->number = result.high;
    eg_sink_close(sink);
}

static void colour_edges(const call *c)
{
    eg_edges_options options;
    eg_edges_default(&options);
    edges_with(c, &options);
}

static void sobel_edges(const call *c)
{
    eg_edges_options options;
    default_sobel_edges(&options);
    edges_with(c, &options);
}

static void boundary_edges(const call *c)
{
    eg_edges_options options;
    eg_edges_default(&options);
    options.method = EG_EDGE_BOUNDARY;
    edges_with(c, &options);
}

static void ridges(const call *c)
{
    eg_edges_options options;
    eg_edges_default(&options);
    options.method = EG_EDGE_RIDGE;
    edges_with(c, &options);
}

static void overlay(const call *c)
{
    eg_edges_options options;
    eg_edges_default(&options);
    options.style.paint = EG_PAINT_OVERLAY;
    options.style.colour[0] = 255;
    options.style.image = c->again;
    edges_with(c, &options);
}

static void directions(const call *c)
{
    eg_edges_options options;
    default_sobel_edges(&options);
    options.style.paint = EG_PAINT_DIRECTION;
    options.style.image = c->again;
    edges_with(c, &options);
}

static void strength(const call *c)
{
    eg_error error = {EG_OK, ""};
    eg_sink *sink = NULL;
    eg_boundary_options options;
    eg_boundary_default(&options);
    check(eg_sink_grid(&sink, c->ctx, c->out, &error), &error);
    check(eg_boundary_strength(c->source, sink, &options, NULL, &error), &error);
    eg_sink_close(sink);
}

static void lines_with(const call *c, eg_source *again)
{
    eg_error error = {EG_OK, ""};
    eg_edges_options options;
    eg_edge_lines_options lines;
    eg_edge_lines_result result;
    eg_edges_default(&options);
    eg_edge_lines_default(&lines);
    check(eg_edge_lines(c->source, again, NULL, &options, &lines, add_line, c->number, NULL,
                        &result, &error),
          &error);
    assert_true(result.points > 50);
}

static void edge_lines(const call *c)
{
    lines_with(c, c->again);
}

static void edge_lines_recorded(const call *c)
{
    lines_with(c, NULL);
}

static void histogram(const call *c)
{
    eg_error error = {EG_OK, ""};
    eg_edge_histogram *sum = NULL;
    eg_edges_options options;
    default_sobel_edges(&options);
    check(eg_edge_histogram_new(&sum, c->ctx, &error), &error);
    check(eg_edge_histogram_add(sum, c->source, &options, &error), &error);
    check(eg_edge_histogram_thresholds(sum, &options, &error), &error);
    *c->number = options.high;
    eg_edge_histogram_free(sum);
}

static void block(const call *c)
{
    eg_error error = {EG_OK, ""};
    eg_edges_block *made = NULL;
    eg_edges_options options;
    default_sobel_edges(&options);
    options.low = 40;
    options.high = 100;
    check(eg_source_rows(c->source, 10, 40, &error), &error);
    check(eg_edges_block_new(&made, c->source, &options, &error), &error);
    check(eg_edges_block_link(made, NULL, &error), &error);
    *c->number = (double)eg_edges_block_count(made);
    assert_true(*c->number > 20);
    eg_edges_block_free(made);
}

static void slope(const call *c)
{
    eg_error error = {EG_OK, ""};
    eg_sink *sink = NULL;
    eg_terrain_options options;
    eg_ground_options ground;
    eg_terrain_default(&options);
    eg_ground_default(&ground);
    ground.cell_x = ground.cell_y = 300;
    check(eg_source_add_neighbour(c->source, c->again, W, 0, &error), &error);
    check(eg_sink_grid(&sink, c->ctx, c->out, &error), &error);
    check(eg_terrain(c->source, &sink, &options, 1, &ground, &error), &error);
    eg_sink_close(sink);
}

static void flux(const call *c)
{
    eg_error error = {EG_OK, ""};
    eg_sink *sink = NULL;
    const eg_flux_part part = EG_FLUX_MAGNITUDE;
    check(eg_sink_grid(&sink, c->ctx, c->out, &error), &error);
    check(eg_flux(c->source, &sink, &part, 1, NULL, NULL, &error), &error);
    eg_sink_close(sink);
}

static void contours(const call *c)
{
    eg_error error = {EG_OK, ""};
    eg_contour_options options;
    eg_contour_default(&options);
    options.interval = 3000;
    check(eg_contour_lines(c->source, &options, add_line, c->number, NULL, &error), &error);
}

static const struct {
    const char *name;
    void (*run)(const call *c);
    bool one, three; /* numbers of planes that it takes */
} operations[] = {
    {"sobel", sobel, true, true},
    {"gaussian", gaussian, true, true},
    {"log", log_map, true, false},
    {"edges", colour_edges, true, true},
    {"edges of an operator", sobel_edges, true, true},
    {"boundary", boundary_edges, true, true},
    {"ridges", ridges, true, false},
    {"overlay", overlay, true, true},
    {"directions", directions, true, true},
    {"strength", strength, true, true},
    {"lines", edge_lines, true, true},
    {"lines of a record", edge_lines_recorded, true, true},
    {"histogram", histogram, true, true},
    {"block", block, true, true},
    {"slope", slope, true, false},
    {"flux", flux, true, false},
    {"contours", contours, true, false},
};

/* ---- tests ---- */

/* Runs an operation; the caller frees the result. */
static eg_grid run(eg_context *ctx, size_t operation, image from, double *number)
{
    eg_grid out = {NULL, 0, 0, 0, EG_U8, 0};
    image twice = from;
    const call c = {ctx, open_image(ctx, &from), open_image(ctx, &twice), &out, number};
    operations[operation].run(&c);
    eg_source_close(c.source);
    eg_source_close(c.again);
    return out;
}

/* Returns true if two results have the same bits, or there is none. */
static bool same_rows(const eg_grid *a, const eg_grid *b)
{
    if (a->sample != b->sample || a->width != b->width || a->height != b->height)
        return false;
    for (size_t y = 0; y < a->height; y++)
        if (memcmp((const char *)a->data + y * a->stride, (const char *)b->data + y * b->stride,
                   eg_row_bytes(a->sample, a->width)) != 0)
            return false;
    return true;
}

/* Compares an operation on an image with the same on floats. */
static void compare(eg_context *ctx, size_t operation, const image *from)
{
    double number = 0, expected_number = 0;
    const image plain = {EG_F32, from->planes, false, 0};
    eg_grid expected = run(ctx, operation, plain, &expected_number);
    eg_grid out = run(ctx, operation, *from, &number);
    if (number != expected_number || !same_rows(&out, &expected))
        fail_msg("%s: sample type %d, %d planes%s", operations[operation].name, from->sample,
                 from->planes, from->pulled ? ", by callback" : "");
    eg_grid_free(&out);
    eg_grid_free(&expected);
}

static void operations_take_every_sample_type(void **state)
{
    (void)state;
    draw();
    for (size_t i = 0; i < 2 * COUNT(kinds) * COUNT(operations); i++) {
        const size_t operation = i / (2 * COUNT(kinds));
        eg_context *ctx = test_context(1 + (int)(i % 3), 1 + 5 * (i % 2), NULL);
        image from = {kinds[i / 2 % COUNT(kinds)], 1, i % 2, 0};
        if (operations[operation].one)
            compare(ctx, operation, &from);
        from.planes = PLANES;
        if (operations[operation].three)
            compare(ctx, operation, &from);
        assert_int_equal(eg_memory_peak(ctx) > 0, 1);
        eg_context_free(ctx);
    }
}

/* A double that is NaN in one plane is missing in all. */
static void missing_doubles(void **state)
{
    (void)state;
    draw();
    doubles[1][20][30] = (double)NAN;
    floats[1][20][30] = NAN;
    eg_context *ctx = test_context(2, 7, NULL);
    for (size_t i = 0; i < COUNT(operations); i++)
        for (int pulled = 0; pulled < 2 && operations[i].three; pulled++)
            compare(ctx, i, &(image){EG_F64, PLANES, pulled, 0});
    eg_context_free(ctx);
}

/* Files have the samples as they are stored, and previews show them. */
static void stored_samples_stay(void **state)
{
    (void)state;
    eg_error error = {EG_OK, ""};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_preview *preview = NULL;
    eg_grid thumb, out = {NULL, 0, 0, 0, EG_U8, 0};
    image from = {EG_U16, 1, false, 0};
    draw();
    eg_source *source = open_image(ctx, &from);
    assert_int_equal(eg_source_info(source)->sample, EG_U16);
    check(eg_preview_of_source(&preview, source, 32, &error), &error);
    double number;
    const call c = {ctx, source, NULL, &out, &number};
    sobel(&c);
    assert_int_equal(eg_source_info(source)->sample, EG_F32);
    check(eg_preview_grid(preview, &thumb, &error), &error);
    assert_true(sample_at(&thumb, 13, 10) >
                sample_at(&thumb, 1, 1) + 50); /* the disc is brighter */
    eg_preview_free(preview);
    eg_source_close(source);
    eg_grid_free(&out);
    source = open_image(ctx, &from);
    uint16_t rows[2][PADDED];
    check(eg_source_read(source, rows, sizeof rows[0], 2, &error), &error);
    assert_memory_equal(rows[1], integers[0][1], W * sizeof(uint16_t));
    eg_source_close(source);
    eg_context_free(ctx);
}

/* A preview of three planes is the same grey picture for all samples. */
static void previews_show_planes(void **state)
{
    enum { SIDE = 24 };
    (void)state;
    eg_error error = {EG_OK, ""};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid wanted = {NULL, 0, 0, 0, EG_U8, 0};
    eg_preview *previews[COUNT(kinds)];
    draw();
    for (size_t i = 0; i < COUNT(kinds); i++) {
        image from = {kinds[i], PLANES, false, 0};
        eg_grid thumb, out = {NULL, 0, 0, 0, EG_U8, 0};
        eg_source *source = open_image(ctx, &from);
        double number;
        check(eg_preview_of_source(&previews[i], source, SIDE, &error), &error);
        const call c = {ctx, source, NULL, &out, &number};
        colour_edges(&c);
        check(eg_preview_grid(previews[i], &thumb, &error), &error);
        if (i == 0)
            wanted = thumb;
        for (size_t y = 0; y < thumb.height; y++)
            for (size_t x = 0; x < thumb.width; x++)
                assert_true(fabs(sample_at(&thumb, x, y) - sample_at(&wanted, x, y)) <= 1);
        eg_source_close(source);
        eg_grid_free(&out);
    }
    for (size_t i = 0; i < COUNT(kinds); i++)
        eg_preview_free(previews[i]);
    eg_context_free(ctx);
}

/* Bits and colours are no intensities. */
static void others_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int i = 0; i < 2; i++) {
        eg_error error = {EG_OK, ""};
        eg_source *source = NULL;
        eg_sink *sink = NULL;
        eg_grid out = {NULL, 0, 0, 0, EG_U8, 0};
        const eg_grid in = {doubles, W, H, 3 * PADDED, i ? EG_RGB : EG_BIT, 255};
        eg_edges_options options;
        eg_edges_default(&options);
        assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &out, &error), EG_OK);
        assert_int_equal(eg_edges(source, sink, &options, NULL, &error), EG_USAGE);
        assert_non_null(strstr(error.message, "not bits or colours"));
        eg_sink_close(sink);
        eg_source_close(source);
    }
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_take_every_sample_type),
        cmocka_unit_test(missing_doubles),
        cmocka_unit_test(stored_samples_stay),
        cmocka_unit_test(previews_show_planes),
        cmocka_unit_test(others_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
