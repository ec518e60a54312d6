/* SPDX-License-Identifier: MIT */
/* The library on images in memory, through its public interface; run_opencv has the modes edges and
 * maps too. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "edgegrad.h"

typedef struct work {
    eg_context *ctx;
    eg_grid in;
    eg_grid colours[3]; /* red, green and blue, of mode colour */
    eg_edges_options edges;
    bool both; /* maps: also the direction */
    eg_terrain_map terrain;
    eg_grid out[2]; /* results of the last run */
    eg_error error;
} work;

static void check(const work *w)
{
    if (w->error.status != EG_OK)
        bench_die("%s", w->error.message);
}

static eg_context *context_open(const char *threads)
{
    eg_context *ctx = NULL;
    eg_error error = {0};
    eg_config config;
    eg_config_default(&config);
    config.threads = (int)bench_number(threads, 1, 1024);
    if (eg_context_new(&ctx, &config, &error) != EG_OK)
        bench_die("%s", error.message);
    return ctx;
}

static work work_open(const char *path, const char *threads)
{
    work w = {.ctx = context_open(threads)};
    bench_image image = bench_read_pgm(path);
    w.in = (eg_grid){.data = image.data,
                     .width = image.width,
                     .height = image.height,
                     .stride = image.width,
                     .sample = EG_U8,
                     .white_level = 255};
    return w;
}

/* Opens source and sinks. The first run allocates the results and later runs reuse them, as
 * run_opencv reuses its Mats. */
static void open_ends(work *w, eg_source **source, eg_sink **sink, size_t sinks)
{
    eg_source_grid(source, w->ctx, &w->in, &w->error);
    for (size_t i = 0; i < sinks; i++)
        eg_sink_grid(&sink[i], w->ctx, &w->out[i], &w->error);
    check(w);
}

static void edges_run(void *opaque)
{
    work *w = opaque;
    eg_source *source;
    eg_sink *sink;
    open_ends(w, &source, &sink, 1);
    eg_edges(source, sink, &w->edges, NULL, &w->error);
    check(w);
    eg_sink_close(sink);
    eg_source_close(source);
}

static void maps_run(void *opaque)
{
    work *w = opaque;
    size_t count = w->both ? 2 : 1;
    eg_source *source;
    eg_sink *sinks[2];
    eg_gradient_options options[2];
    for (size_t i = 0; i < count; i++) {
        eg_gradient_default(&options[i]);
        options[i].map = i == 0 ? EG_MAP_MAGNITUDE : EG_MAP_DIRECTION;
        options[i].depth = 32;
    }
    open_ends(w, &source, sinks, count);
    eg_gradient_maps(source, sinks, options, count, &w->error);
    check(w);
    for (size_t i = 0; i < count; i++)
        eg_sink_close(sinks[i]);
    eg_source_close(source);
}

static uint64_t grid_checksum(const eg_grid *grid)
{
    uint64_t sum = BENCH_SEED;
    for (size_t y = 0; y < grid->height; y++)
        sum = bench_checksum(sum, (const char *)grid->data + y * grid->stride,
                             eg_row_bytes(grid->sample, grid->width));
    return sum;
}

/* edges IN.pgm THREADS RUNS l1|l2 LOW HIGH */
static int edges_mode(char **argv)
{
    work w = work_open(argv[0], argv[1]);
    eg_edges_opencv(&w.edges, bench_real(argv[4]), bench_real(argv[5]));
    w.edges.norm = strcmp(argv[3], "l1") == 0 ? EG_NORM_L1 : EG_NORM_L2;
    bench_result result = bench_time((int)bench_number(argv[2], 1, 1000), edges_run, &w);
    result.checksum = grid_checksum(&w.out[0]);
    bench_print(&result);
    return 0;
}

/* ---- edges of colours ---- */

/* Reads an image into three planes. */
static void read_colours(work *w, const char *path)
{
    eg_read_options read;
    eg_source *source = NULL;
    eg_read_default(&read);
    read.colour_planes = true;
    eg_source_open(&source, w->ctx, path, &read, &w->error);
    check(w);
    const eg_info *info = eg_source_info(source);
    const size_t stride = 3 * info->width;
    if (info->planes != 3 || info->sample != EG_U8)
        bench_die("%s has no 8-bit colours", path);
    uint8_t *rows = bench_alloc(stride * info->height);
    eg_source_read(source, rows, stride, info->height, &w->error);
    check(w);
    for (size_t k = 0; k < 3; k++)
        w->colours[k] = (eg_grid){.data = rows + k * info->width,
                                  .width = info->width,
                                  .height = info->height,
                                  .stride = stride,
                                  .sample = EG_U8,
                                  .white_level = 255};
    eg_source_close(source);
}

static void colour_run(void *opaque)
{
    work *w = opaque;
    eg_source *source;
    eg_sink *sink;
    eg_source_grid_planes(&source, w->ctx, w->colours, &w->error);
    eg_sink_grid(&sink, w->ctx, &w->out[0], &w->error);
    check(w);
    eg_edges(source, sink, &w->edges, NULL, &w->error);
    check(w);
    eg_sink_close(sink);
    eg_source_close(source);
}

/* colour IN THREADS RUNS canny|boundary */
static int colour_mode(char **argv)
{
    work w = {.ctx = context_open(argv[1])};
    read_colours(&w, argv[0]);
    eg_edges_default(&w.edges);
    w.edges.method = strcmp(argv[3], "boundary") == 0 ? EG_EDGE_BOUNDARY : EG_EDGE_CANNY;
    bench_result result = bench_time((int)bench_number(argv[2], 1, 1000), colour_run, &w);
    result.checksum = grid_checksum(&w.out[0]);
    bench_print(&result);
    return 0;
}

static void save(const eg_grid *grid, const char *prefix, const char *name)
{
    char path[4096];
    size_t bytes = eg_row_bytes(grid->sample, grid->width);
    char *rows = bench_alloc(bytes * grid->height); /* without the padding of the stride */
    for (size_t y = 0; y < grid->height; y++)
        memcpy(rows + y * bytes, (const char *)grid->data + y * grid->stride, bytes);
    snprintf(path, sizeof path, "%s%s", prefix, name);
    bench_write_raw(path, rows, bytes * grid->height);
    free(rows);
}

/* maps IN.pgm THREADS RUNS magnitude|both PREFIX|-: floats, saved as PREFIX-magnitude.f32 ... */
static int maps_mode(char **argv)
{
    work w = work_open(argv[0], argv[1]);
    w.both = strcmp(argv[3], "both") == 0;
    bench_result result = bench_time((int)bench_number(argv[2], 1, 1000), maps_run, &w);
    if (strcmp(argv[4], "-") != 0) {
        save(&w.out[0], argv[4], "-magnitude.f32");
        if (w.both)
            save(&w.out[1], argv[4], "-direction.f32");
    }
    bench_print(&result);
    return 0;
}

/* ---- terrain ---- */

typedef struct terrain_name {
    const char *name;
    eg_terrain_map map;
} terrain_name;

static const terrain_name terrain_names[] = {
    {"slope", EG_TERRAIN_SLOPE},
    {"aspect", EG_TERRAIN_ASPECT},
    {"hillshade", EG_TERRAIN_HILLSHADE},
    {"tri", EG_TERRAIN_TRI},
    {"tpi", EG_TERRAIN_TPI},
    {"roughness", EG_TERRAIN_ROUGHNESS},
    {"profile-curvature", EG_TERRAIN_PROFILE_CURVATURE},
    {"tangential-curvature", EG_TERRAIN_TANGENTIAL_CURVATURE},
    {"d8", EG_TERRAIN_D8},
    {"dinf", EG_TERRAIN_DINF},
};

static eg_terrain_map find_terrain(const char *name)
{
    for (size_t i = 0; i < sizeof terrain_names / sizeof terrain_names[0]; i++)
        if (strcmp(terrain_names[i].name, name) == 0)
            return terrain_names[i].map;
    bench_die("no such map: %s", name);
}

static void terrain_run(void *opaque)
{
    work *w = opaque;
    eg_source *source;
    eg_sink *sink;
    eg_terrain_options options;
    eg_ground_options ground;
    eg_terrain_default(&options);
    options.map = w->terrain;
    eg_ground_default(&ground);
    ground.cell_x = ground.cell_y = 30; /* a grid has no georeferencing */
    open_ends(w, &source, &sink, 1);
    eg_terrain(source, &sink, &options, 1, &ground, &w->error);
    check(w);
    eg_sink_close(sink);
    eg_source_close(source);
}

/* terrain IN.tif THREADS RUNS MAP */
static int terrain_mode(char **argv)
{
    work w = {.ctx = context_open(argv[1]), .terrain = find_terrain(argv[3])};
    eg_read_options read;
    eg_read_default(&read);
    read.as_values = true;
    eg_load(&w.in, w.ctx, argv[0], &read, &w.error);
    check(&w);
    bench_result result = bench_time((int)bench_number(argv[2], 1, 1000), terrain_run, &w);
    result.checksum = grid_checksum(&w.out[0]);
    bench_print(&result);
    return 0;
}

/* ---- expressions ---- */

enum { OUTPUTS = 3 }; /* value and gradient in two variables */

typedef struct expression {
    eg_context *ctx;
    eg_expr *expr;
    size_t count;
    double *points[2], *out[OUTPUTS];
    bool gradient;
} expression;

/* Fills coordinates with points scattered over -2 to 2, bit-identical to those of run_numpy.py. */
static void scatter(double *coordinate, size_t count, uint64_t stride)
{
    for (size_t i = 0; i < count; i++)
        coordinate[i] = (double)(i * stride % 65521) / 65521 * 4 - 2;
}

static void expression_run(void *opaque)
{
    expression *e = opaque;
    eg_error error = {0};
    const double *points[] = {e->points[0], e->points[1]};
    if (eg_expr_eval_batch(e->expr, points, e->count, e->out[0], e->gradient ? e->out + 1 : NULL,
                           &error) != EG_OK)
        bench_die("%s", error.message);
}

/* expr TEXT THREADS RUNS COUNT value|gradient OUT.f64|-: saves the results one after another */
static int expression_mode(char **argv)
{
    static const uint64_t strides[] = {40503, 30011};
    expression e = {.ctx = context_open(argv[1]),
                    .count = (size_t)bench_number(argv[3], 1, 1L << 30),
                    .gradient = strcmp(argv[4], "gradient") == 0};
    eg_error error = {0};
    if (eg_expr_parse(&e.expr, e.ctx, argv[0], NULL, NULL, &error) != EG_OK)
        bench_die("%s", error.message);
    if (eg_expr_variables(e.expr) != 2)
        bench_die("%s: not of two variables", argv[0]);
    size_t outputs = e.gradient ? OUTPUTS : 1;
    double *results = bench_alloc(outputs * e.count * sizeof *results);
    for (size_t i = 0; i < outputs; i++)
        e.out[i] = results + i * e.count;
    for (size_t i = 0; i < 2; i++) {
        e.points[i] = bench_alloc(e.count * sizeof *e.points[i]);
        scatter(e.points[i], e.count, strides[i]);
    }
    bench_result result = bench_time((int)bench_number(argv[2], 1, 1000), expression_run, &e);
    if (strcmp(argv[5], "-") != 0)
        bench_write_raw(argv[5], results, outputs * e.count * sizeof *results);
    bench_print(&result);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 8 && strcmp(argv[1], "edges") == 0)
        return edges_mode(argv + 2);
    if (argc == 6 && strcmp(argv[1], "colour") == 0)
        return colour_mode(argv + 2);
    if (argc == 7 && strcmp(argv[1], "maps") == 0)
        return maps_mode(argv + 2);
    if (argc == 6 && strcmp(argv[1], "terrain") == 0)
        return terrain_mode(argv + 2);
    if (argc == 8 && strcmp(argv[1], "expr") == 0)
        return expression_mode(argv + 2);
    bench_die("usage: run_edgegrad edges|colour|maps|terrain|expr ... (see the source)");
}
