/* SPDX-License-Identifier: MIT */
/* A raster in row blocks: the same bytes as the whole for any cuts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/stream.h"
#include "files.h"
#include "terrain_fixture.h"
#include "tiff_made.h"

enum { PARTS = 5 };

/* Cuts of a raster: rows at[i] .. at[i + 1] - 1 are block i. */
typedef struct cuts {
    size_t count, at[PARTS + 1];
} cuts;

static int ascending(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

/* Returns random cuts of `height` rows into `count` blocks; fewer if two cuts coincide. */
static cuts random_cuts(size_t height, size_t count, uint64_t *state)
{
    size_t at[PARTS];
    cuts c = {.count = 0, .at = {0}};
    for (size_t i = 0; i + 1 < count; i++)
        at[i] = (size_t)(uniform(state) * (double)height);
    at[count - 1] = height;
    qsort(at, count, sizeof *at, ascending);
    for (size_t i = 0; i < count; i++)
        if (at[i] > c.at[c.count])
            c.at[++c.count] = at[i];
    return c;
}

/* Input raster: a grid, or a file if `path` is set. */
typedef struct input {
    eg_grid grid;
    const eg_georef *georef; /* for a grid */
    const char *path;
    eg_read_options read;
} input;

/* Opens `count` rows of the input from `first` on; count 0: all. */
static eg_source *open_rows(eg_context *ctx, const input *p, size_t first, size_t count)
{
    eg_error error = {0};
    eg_source *source = NULL;
    eg_status status = p->path ? eg_source_open(&source, ctx, p->path, &p->read, &error)
                               : eg_source_grid(&source, ctx, &p->grid, &error);
    if (status == EG_OK && !p->path)
        source->georef = p->georef;
    if (status == EG_OK && count)
        status = eg_source_rows(source, first, count, &error);
    if (status != EG_OK)
        fail_msg("%s", error.message);
    return source;
}

/* Checks that the rows of the block equal those of `whole` from `first` on. */
static void assert_rows(const eg_grid *block, const eg_grid *whole, size_t first, const char *what)
{
    size_t bytes = eg_row_bytes(whole->sample, whole->width);
    assert_int_equal(block->width, whole->width);
    assert_int_equal(block->sample, whole->sample);
    assert_true(block->white_level == whole->white_level);
    for (size_t y = 0; y < block->height; y++)
        if (memcmp((char *)block->data + y * block->stride,
                   (char *)whole->data + (first + y) * whole->stride, bytes) != 0)
            fail_msg("%s: row %zu of the part from row %zu on, %zu high, is not that of the whole",
                     what, first + y, first, block->height);
}

/* ---- unprocessed rows ---- */

static void read_all(eg_grid *out, eg_context *ctx, eg_source *source, size_t rows)
{
    const eg_info *info = eg_source_info(source);
    eg_error error = {0};
    assert_int_equal(eg_grid_new(out, ctx, info->width, info->height, info->sample, NULL), EG_OK);
    out->white_level = info->white_level;
    for (size_t y = 0, count; y < out->height; y += count) {
        count = out->height - y < rows ? out->height - y : rows;
        if (eg_source_read(source, (char *)out->data + y * out->stride, out->stride, count,
                           &error) != EG_OK)
            fail_msg("%s", error.message);
    }
    assert_int_equal(eg_source_read(source, out->data, out->stride, 1, NULL), EG_USAGE);
    if (eg_source_finish(source, &error) != EG_OK)
        fail_msg("%s", error.message);
    eg_source_close(source);
}

static void check_window(eg_context *ctx, const input *p, const eg_grid *whole, size_t first,
                         size_t count)
{
    eg_grid block;
    eg_source *source = open_rows(ctx, p, first, count);
    assert_int_equal(eg_source_info(source)->height, count);
    read_all(&block, ctx, source, 1 + first % 7);
    assert_rows(&block, whole, first, p->path);
    eg_grid_free(&block);
}

static void check_file(eg_context *ctx, const char *path, bool heights)
{
    input p = {.path = path};
    eg_grid whole;
    uint64_t state = 1;
    eg_read_default(&p.read);
    p.read.as_values = heights;
    if (eg_load(&whole, ctx, path, &p.read, NULL) != EG_OK)
        return; /* damaged, or unsupported in this build */
    for (int i = 0; i < 4; i++) {
        size_t first = (size_t)(uniform(&state) * (double)whole.height);
        size_t max_count = whole.height - first;
        check_window(ctx, &p, &whole, first, 1 + (size_t)(uniform(&state) * (double)max_count));
    }
    check_window(ctx, &p, &whole, whole.height - 1, 1);
    check_window(ctx, &p, &whole, 0, whole.height);
    eg_grid_free(&whole);
}

static void check_folder(eg_context *ctx, const char *folder)
{
    file_list files = list_files(folder, "");
    for (size_t i = 0; i < files.count; i++) {
        check_file(ctx, files.paths[i], false);
        check_file(ctx, files.paths[i], true);
    }
    free_files(&files);
}

static void any_file_has_windows(void **state)
{
    (void)state;
    static const char *const folders[] = {"dem", "pngsuite", "jpeg"};
    eg_context *ctx = test_context(2, 0, NULL);
    check_folder(ctx, "testdata/small");
    for (size_t i = 0; i < COUNT(folders); i++)
        if (corpus_path(folders[i]))
            check_folder(ctx, corpus_path(folders[i]));
    close_context(ctx);
}

static void write_tiff(eg_context *ctx, const eg_grid *grid, const char *path, eg_compress compress,
                       int tile)
{
    eg_error error = {0};
    eg_write_options options;
    eg_write_default(&options);
    options.compress = compress;
    options.tile = tile;
    if (eg_save(grid, ctx, path, &options, &error) != EG_OK)
        fail_msg("%s", error.message);
}

static void every_kind_of_tiff_has_windows(void **state)
{
    (void)state;
    static const eg_compress codecs[] = {EG_COMPRESS_NONE, EG_COMPRESS_DEFLATE, EG_COMPRESS_LZW};
    static const int tiles[] = {-1, 0, 32};
    static const eg_sample samples[] = {EG_U8, EG_F32};
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(codecs) * COUNT(tiles) * COUNT(samples); i++) {
        eg_grid grid;
        const char *path = scratch("windows.tif");
        noise_grid(&grid, ctx, 75, 301, samples[i / 9], (unsigned)i, 1);
        write_tiff(ctx, &grid, path, codecs[i % 3], tiles[i / 3 % 3]);
        check_file(ctx, path, false);
        eg_grid_free(&grid);
    }
    close_context(ctx);
}

/* TIFF strips of more than 8 MB are decoded row by row from their start. */
static void large_strips_have_windows(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    made_tiff made = tiff_of(16, SAMPLEFORMAT_UINT, 1);
    made.width = 2500;
    made.height = 1100;
    tiff_noise(&made);
    made.compression = COMPRESSION_LZW;
    for (uint32_t strip = 0; strip <= 1050; strip += 1050) {
        made.strip = strip;
        make_tiff(scratch("large.tif"), &made);
        check_file(ctx, scratch("large.tif"), true);
    }
    free(made.values);
    close_context(ctx);
}

static void refused_rows(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    static const size_t wrong[][2] = {{0, 0},  {9, 2},        {10, 1},
                                      {0, 11}, {1, SIZE_MAX}, {SIZE_MAX, 2}};
    input p = {0};
    uint8_t row[16];
    noise_grid(&p.grid, ctx, 16, 10, EG_U8, 1, 0);
    eg_source *source = open_rows(ctx, &p, 0, 0);
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_int_equal(eg_source_rows(source, wrong[i][0], wrong[i][1], NULL), EG_USAGE);
    assert_int_equal(eg_source_info(source)->height, 10);
    assert_int_equal(eg_source_read(source, row, 16, 1, NULL), EG_OK);
    assert_int_equal(eg_source_rows(source, 2, 2, NULL), EG_USAGE);
    eg_source_close(source);
    eg_grid_free(&p.grid);
    close_context(ctx);
}

static void a_part_knows_where_it_lies(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_georef georef = {.located = true, .transform = {100, 2, 0.5, 900, 0.25, -3}};
    input p = {.georef = &georef};
    noise_grid(&p.grid, ctx, 16, 10, EG_U8, 1, 0);
    eg_source *source = open_rows(ctx, &p, 4, 5);
    const double *t = eg_source_georef(source)->transform;
    assert_true(t[0] == 102 && t[1] == 2 && t[2] == 0.5);
    assert_true(t[3] == 888 && t[4] == 0.25 && t[5] == -3);
    eg_source_close(source);
    eg_grid_free(&p.grid);
    close_context(ctx);
}

/* ---- gradient ---- */

static void gradient_rows(eg_grid *out, eg_context *ctx, const input *p, size_t first, size_t count,
                          const eg_gradient_options *options)
{
    eg_error error = {0};
    eg_sink *sink;
    eg_source *source = open_rows(ctx, p, first, count);
    *out = (eg_grid){0};
    assert_int_equal(eg_sink_grid(&sink, ctx, out, NULL), EG_OK);
    if (eg_gradient(source, sink, options, &error) != EG_OK)
        fail_msg("%s", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
}

static void check_gradient(eg_context *ctx, const input *p, const eg_gradient_options *options,
                           const cuts *c)
{
    eg_grid whole, block;
    gradient_rows(&whole, ctx, p, 0, 0, options);
    for (size_t i = 0; i < c->count; i++) {
        gradient_rows(&block, ctx, p, c->at[i], c->at[i + 1] - c->at[i], options);
        assert_rows(&block, &whole, c->at[i], options->op);
        eg_grid_free(&block);
    }
    eg_grid_free(&whole);
}

/* Makes one in twenty samples missing, and blocks of them. */
static void punch_holes(eg_grid *grid, uint64_t *random)
{
    for (size_t i = 0; i < grid->width * grid->height; i++) {
        size_t x = i % grid->width, y = i / grid->width;
        if (uniform(random) < 0.05 || (x > 40 && x < 60 && y % 50 > 20 && y % 50 < 35))
            set_sample(grid, x, y, NAN);
    }
}

static void gradients_do_not_see_cuts(void **state)
{
    (void)state;
    static const double sigmas[] = {0, 0.7, 2.5, 14};
    static const size_t heights[] = {1, 2, 5, 40, 131};
    static const size_t strips[] = {0, 1, 9};
    const char *name;
    uint64_t random = 1;
    for (size_t s = 0; s < COUNT(strips); s++) {
        eg_context *ctx = test_context(1 + (int)s, strips[s], NULL);
        for (size_t i = 0; i < COUNT(sigmas) * COUNT(heights) * 3; i++) {
            input p = {0};
            eg_gradient_options o;
            eg_gradient_default(&o);
            o.sigma = sigmas[i % 4];
            o.border = (eg_border)(i / 4 % 3);
            o.map = (eg_gradient_map)(i % 4);
            o.depth = i % 5 ? 32 : 8;
            o.border_value = 100;
            noise_grid(&p.grid, ctx, 70, heights[i / 12], i % 2 ? EG_F32 : EG_U8, (unsigned)i, 1);
            if (i % 4 == 3)
                punch_holes(&p.grid, &random);
            for (size_t k = 0; (name = eg_operator_name(k)); k++) {
                const cuts c = random_cuts(p.grid.height, 1 + (i + k) % PARTS, &random);
                o.op = name;
                check_gradient(ctx, &p, &o, &c);
            }
            eg_grid_free(&p.grid);
        }
        close_context(ctx);
    }
}

/* Cuts two blocks at every row in turn. */
static void every_row_can_begin_a_part(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 4, NULL);
    input p = {0};
    eg_gradient_options o;
    eg_gradient_default(&o);
    o.op = "sobel7";
    noise_grid(&p.grid, ctx, 65, 45, EG_U8, 3, 1);
    for (size_t cut = 1; cut < 45; cut++) {
        const cuts c = {2, {0, cut, 45}};
        o.sigma = cut % 2 ? 1.4 : 0;
        o.border = (eg_border)(cut % 3);
        check_gradient(ctx, &p, &o, &c);
    }
    eg_grid_free(&p.grid);
    close_context(ctx);
}

/* ---- terrain ---- */

static void terrain_rows(eg_grid *out, eg_context *ctx, const input *p, size_t first, size_t count,
                         const eg_terrain_options *options, const eg_ground_options *ground,
                         bool *empty)
{
    eg_error error = {0};
    eg_sink *sink;
    eg_source *source = open_rows(ctx, p, first, count);
    *out = (eg_grid){0};
    assert_int_equal(eg_sink_grid(&sink, ctx, out, NULL), EG_OK);
    if (eg_terrain(source, &sink, options, 1, ground, &error) != EG_OK)
        fail_msg("%s", error.message);
    *empty = eg_source_all_nodata(source);
    eg_sink_close(sink);
    eg_source_close(source);
}

static void check_terrain(eg_context *ctx, const input *p, const eg_terrain_options *options,
                          const eg_ground_options *ground, const cuts *c)
{
    char what[32];
    eg_grid whole, block;
    bool empty, all_empty = true;
    snprintf(what, sizeof what, "map %d", options->map);
    terrain_rows(&whole, ctx, p, 0, 0, options, ground, &empty);
    assert_false(empty);
    for (size_t i = 0; i < c->count; i++) {
        terrain_rows(&block, ctx, p, c->at[i], c->at[i + 1] - c->at[i], options, ground, &empty);
        assert_rows(&block, &whole, c->at[i], what);
        all_empty = all_empty && empty;
        eg_grid_free(&block);
    }
    assert_false(all_empty);
    eg_grid_free(&whole);
}

static void maps_of_terrain_do_not_see_cuts(void **state)
{
    (void)state;
    static const size_t heights[] = {3, 20, 61};
    const eg_sample samples[] = {EG_U8, EG_F32, EG_F64};
    uint64_t random = 1;
    eg_context *ctx = test_context(2, 5, NULL);
    /* Steps that are not sums of powers of two: a shifted transform would give other latitudes. */
    eg_georef ground[] = {metric_ground(30, 20, 61), degrees_ground(0.1, 89.95),
                          degrees_ground(1.0 / 1200, 45.3)};
    eg_georef south_up = degrees_ground(0.013, -12.7);
    south_up.transform[5] = 0.013;
    for (int map = EG_TERRAIN_SLOPE; map <= EG_TERRAIN_ASPECT_ERROR; map++) {
        for (size_t i = 0; i < 24; i++) {
            input p = {.georef = i % 4 == 3 ? &south_up : &ground[i % 4]};
            eg_terrain_options o = map_options((eg_terrain_map)map);
            eg_ground_options g = ground_options();
            g.border = i % 2 ? EG_DEM_BORDER_EXTRAPOLATE : EG_DEM_BORDER_NODATA;
            g.compat_gdal = i % 5 == 4;
            g.derivative = i % 3 ? EG_DERIVATIVE_HORN : EG_DERIVATIVE_ZEVENBERGEN_THORNE;
            g.vertical_error = map >= EG_TERRAIN_SLOPE_ERROR ? 0.5 : 0;
            make_noise_elevations(&p.grid, ctx, 50, heights[i / 8], samples[i % 3], (unsigned)i,
                                  i % 2 * 20);
            const cuts c = random_cuts(p.grid.height, 1 + i % PARTS, &random);
            check_terrain(ctx, &p, &o, &g, &c);
            eg_grid_free(&p.grid);
        }
    }
    close_context(ctx);
}

static void a_part_may_be_empty(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_georef georef = metric_ground(10, 10, 30);
    const eg_terrain_options o = map_options(EG_TERRAIN_SLOPE);
    input p = {.georef = &georef};
    eg_grid block;
    bool empty;
    make_noise_elevations(&p.grid, ctx, 20, 30, EG_F32, 1, 0);
    for (size_t i = 0; i < 20 * 15; i++)
        set_sample(&p.grid, i % 20, i / 20, NAN);
    terrain_rows(&block, ctx, &p, 0, 14, &o, NULL, &empty);
    assert_true(empty && isnan(sample_at(&block, 3, 3)));
    eg_grid_free(&block);
    terrain_rows(&block, ctx, &p, 0, 15, &o, NULL, &empty); /* its neighbour row has a valid cell */
    assert_false(empty);
    eg_grid_free(&block);
    eg_grid_free(&p.grid);
    close_context(ctx);
}

/* ---- edges ---- */

/* Exchanges border rows between adjacent blocks until none grows, and returns the number of rounds.
 */
static size_t exchange(eg_edges_block *const blocks[], size_t count, size_t width)
{
    size_t rounds = 0, words = (width + 63) / 64;
    uint64_t *border = malloc(2 * count * words * sizeof *border);
    bool any = true;
    for (; any; rounds++) {
        any = false;
        for (size_t i = 0; i < count; i++)
            assert_int_equal(eg_edges_block_border(blocks[i], border + 2 * i * words,
                                                   border + (2 * i + 1) * words, NULL),
                             EG_OK);
        for (size_t i = 0; i < count; i++) {
            bool grew;
            assert_int_equal(eg_edges_block_propagate(
                                 blocks[i], i > 0 ? border + (2 * i - 1) * words : NULL,
                                 i + 1 < count ? border + (2 * i + 2) * words : NULL, &grew, NULL),
                             EG_OK);
            any = any || grew;
        }
    }
    free(border);
    return rounds;
}

typedef struct piece {
    eg_source *source;
    eg_edges_block *edges;
} piece;

static void check_part(eg_context *ctx, const piece *p, const eg_grid *whole, size_t first,
                       const eg_edges_result *result, uint64_t *pixels)
{
    eg_grid out = {0};
    eg_sink *sink;
    eg_edges_result mine;
    eg_error error = {0};
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
    if (eg_edges_block_write(p->edges, sink, &mine, &error) != EG_OK)
        fail_msg("%s", error.message);
    eg_sink_close(sink);
    assert_rows(&out, whole, first, "edges");
    assert_true(isnan(result->low_response) ? isnan(mine.low_response)
                                            : mine.low_response == result->low_response &&
                                                  mine.high_response == result->high_response);
    assert_int_equal(mine.automatic, result->automatic);
    *pixels += mine.edge_pixels;
    eg_grid_free(&out);
}

/* Checks the edges of all blocks and returns the number of rounds. */
static size_t check_edges(eg_context *ctx, const input *p, const eg_edges_options *options,
                          const cuts *c)
{
    eg_grid whole = {0};
    eg_edges_result result;
    piece blocks[PARTS];
    eg_edges_block *edges[PARTS];
    eg_edge_histogram *sum;
    eg_sink *sink;
    uint64_t pixels = 0;
    eg_source *source = open_rows(ctx, p, 0, 0);
    assert_int_equal(eg_sink_grid(&sink, ctx, &whole, NULL), EG_OK);
    assert_int_equal(eg_edges(source, sink, options, &result, NULL), EG_OK);
    eg_sink_close(sink);
    eg_source_close(source);
    assert_int_equal(eg_edge_histogram_new(&sum, ctx, NULL), EG_OK);
    for (size_t i = 0; i < c->count; i++) {
        blocks[i].source = open_rows(ctx, p, c->at[i], c->at[i + 1] - c->at[i]);
        assert_int_equal(eg_edges_block_new(&blocks[i].edges, blocks[i].source, options, NULL),
                         EG_OK);
        edges[i] = blocks[i].edges;
        if (result.automatic)
            assert_int_equal(eg_edges_block_histogram(edges[i], sum, NULL), EG_OK);
    }
    for (size_t i = 0; i < c->count; i++)
        assert_int_equal(eg_edges_block_link(edges[i], sum, NULL), EG_OK);
    size_t rounds = exchange(edges, c->count, whole.width);
    for (size_t i = 0; i < c->count; i++) {
        check_part(ctx, &blocks[i], &whole, c->at[i], &result, &pixels);
        eg_edges_block_free(edges[i]);
        eg_source_close(blocks[i].source);
    }
    assert_int_equal(pixels, result.edge_pixels);
    eg_edge_histogram_free(sum);
    eg_grid_free(&whole);
    return rounds;
}

static void edges_do_not_see_cuts(void **state)
{
    (void)state;
    static const size_t heights[] = {1, 3, 40, 120}, strips[] = {0, 1, 6};
    const char *name;
    uint64_t random = 1;
    for (size_t s = 0; s < COUNT(strips); s++) {
        eg_context *ctx = test_context(1 + (int)s, strips[s], NULL);
        for (size_t i = s; i < 48; i += 2) {
            input p = {0};
            eg_edges_options o;
            default_sobel_edges(&o);
            o.sigma = i % 2 ? 1.4 : 0;
            o.norm = i / 2 % 2 ? EG_NORM_L1 : EG_NORM_L2;
            o.method = i % 7 == 6 ? EG_EDGE_THRESHOLD : i % 7 == 5 ? EG_EDGE_RIDGE : EG_EDGE_CANNY;
            if (o.method == EG_EDGE_RIDGE)
                o.sigma = 1.4;
            o.border = (eg_border)(i % 3);
            o.unit = EG_UNIT_PIXEL;
            o.low = i / 4 % 2 ? 3 : NAN;
            o.high = i / 4 % 2 ? 12 : NAN;
            noise_grid(&p.grid, ctx, 130, heights[i / 12], i % 5 < 2 ? EG_F32 : EG_U8, (unsigned)i,
                       1);
            p.grid.white_level = 255;
            if (i % 5 == 1 || i % 20 == 0)
                punch_holes(&p.grid, &random);
            for (size_t k = 0; (name = eg_operator_name(k)); k++) {
                const cuts c = random_cuts(p.grid.height, 1 + (i + k) % PARTS, &random);
                o.op = name;
                check_edges(ctx, &p, &o, &c);
            }
            eg_grid_free(&p.grid);
        }
        close_context(ctx);
    }
}

/* Draws the arm of a spiral, bright in the middle and faint further out. */
static void draw_spiral(eg_grid *grid, double period)
{
    const double pi = 3.14159265358979323846;
    for (size_t i = 0; i < grid->width * grid->height; i++) {
        double x = (double)(i % grid->width) - (double)grid->width / 2;
        double y = (double)(i / grid->width) - (double)grid->height / 2;
        double turns = hypot(x, y) / period - atan2(y, x) / (2 * pi);
        double bright = hypot(x, y) < 1.5 * period ? 250 : 60;
        set_sample(grid, i % grid->width, i / grid->width, turns - floor(turns) < 0.5 ? bright : 0);
    }
}

/* One edge that crosses the cuts again and again and is strong only in the middle. */
static void a_spiral_is_followed_through_all_parts(void **state)
{
    (void)state;
    static const eg_sample samples[] = {EG_U8, EG_F32};
    uint64_t random = 7;
    size_t max_count = 0;
    eg_context *ctx = test_context(2, 7, NULL);
    for (size_t i = 0; i < 12; i++) {
        input p = {0};
        eg_edges_options o;
        default_sobel_edges(&o);
        o.sigma = i % 4 < 2 ? 0 : 0.8;
        o.low = 60;
        o.high = 600;
        noise_grid(&p.grid, ctx, 300, 280, samples[i % 2], 1, 0);
        draw_spiral(&p.grid, 11);
        p.grid.white_level = 255;
        const cuts c = random_cuts(280, PARTS, &random);
        size_t rounds = check_edges(ctx, &p, &o, &c);
        max_count = rounds > max_count ? rounds : max_count;
        eg_grid_free(&p.grid);
    }
    assert_true(max_count > 10);
    close_context(ctx);
}

static void photographs_do_not_see_cuts(void **state)
{
    (void)state;
    static const char *const names[] = {"testdata/scene.jpg", "testdata/scene.png",
                                        "testdata/small/grey16.pgm", "testdata/hills.tif"};
    uint64_t random = 3;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(names); i++) {
        input p = {.path = names[i]};
        eg_edges_options o;
        eg_gradient_options g;
        default_sobel_edges(&o);
        eg_gradient_default(&g);
        eg_read_default(&p.read);
        eg_source *source = open_rows(ctx, &p, 0, 0);
        const cuts c = random_cuts(eg_source_info(source)->height, PARTS, &random);
        eg_source_close(source);
        check_edges(ctx, &p, &o, &c);
        check_gradient(ctx, &p, &g, &c);
    }
    close_context(ctx);
}

static void steps_have_an_order(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    input p = {0}, other = {0};
    eg_edges_options o;
    eg_edges_block *block;
    eg_edge_histogram *sum;
    bool grew;
    uint64_t row[1];
    default_sobel_edges(&o);
    noise_grid(&p.grid, ctx, 40, 40, EG_U8, 1, 1);
    noise_grid(&other.grid, ctx, 40, 40, EG_F32, 1, 1);
    eg_source *source = open_rows(ctx, &p, 10, 20), *foreign = open_rows(ctx, &other, 0, 0);
    assert_int_equal(eg_edge_histogram_new(&sum, ctx, NULL), EG_OK);
    assert_int_equal(eg_edge_histogram_add(sum, foreign, &o, NULL), EG_OK);
    assert_int_equal(eg_edges_block_new(&block, source, &o, NULL), EG_OK);
    assert_int_equal(eg_edges_block_border(block, row, NULL, NULL), EG_USAGE);
    assert_int_equal(eg_edges_block_propagate(block, NULL, NULL, &grew, NULL), EG_USAGE);
    assert_int_equal(eg_edges_block_link(block, NULL, NULL), EG_USAGE);
    /* A histogram of another kind, then one with other images. */
    assert_int_equal(eg_edges_block_link(block, sum, NULL), EG_USAGE);
    assert_int_equal(eg_edges_block_histogram(block, sum, NULL), EG_OK);
    assert_int_equal(eg_edges_block_link(block, sum, NULL), EG_USAGE);
    eg_edges_block_free(block);
    eg_source_close(source);
    eg_source_close(foreign);
    eg_edge_histogram_free(sum);
    eg_grid_free(&other.grid);
    eg_grid_free(&p.grid);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_file_has_windows),
        cmocka_unit_test(every_kind_of_tiff_has_windows),
        cmocka_unit_test(large_strips_have_windows),
        cmocka_unit_test(refused_rows),
        cmocka_unit_test(a_part_knows_where_it_lies),
        cmocka_unit_test(gradients_do_not_see_cuts),
        cmocka_unit_test(every_row_can_begin_a_part),
        cmocka_unit_test(maps_of_terrain_do_not_see_cuts),
        cmocka_unit_test(a_part_may_be_empty),
        cmocka_unit_test(edges_do_not_see_cuts),
        cmocka_unit_test(a_spiral_is_followed_through_all_parts),
        cmocka_unit_test(photographs_do_not_see_cuts),
        cmocka_unit_test(steps_have_an_order),
    };
    return cmocka_run_group_tests_name("parts", tests, make_scratch, remove_scratch);
}
