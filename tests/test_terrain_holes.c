/* SPDX-License-Identifier: MIT */
/* eg_terrain() beside missing cells and on rasters without data: planes keep their slope, a frame
 * of missing cells acts as the border, and gdaldem's rule. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/stream.h"
#include "files.h"
#include "terrain_fixture.h"

/* ---- planes ---------------------------------------------------------------------------------- */

static bool is_valid(const eg_grid *in, ptrdiff_t x, ptrdiff_t y)
{
    return x >= 0 && y >= 0 && x < (ptrdiff_t)in->width && y < (ptrdiff_t)in->height &&
           !isnan(sample_at(in, (size_t)x, (size_t)y));
}

/* Returns true if the valid cells of the window determine a plane: two neighbours are not on one
 * line with the centre. */
static bool determines_plane(const eg_grid *in, ptrdiff_t x, ptrdiff_t y)
{
    for (int a = 0; a < 9; a++)
        for (int b = 0; b < a; b++) {
            int ax = a % 3 - 1, ay = a / 3 - 1, bx = b % 3 - 1, by = b / 3 - 1;
            if (is_valid(in, x + ax, y + ay) && is_valid(in, x + bx, y + by) && ax * by != ay * bx)
                return true;
        }
    return false;
}

static void check_plane(eg_context *ctx, const eg_grid *in, const eg_georef *georef,
                        const double slopes[2], eg_terrain_map map, eg_derivative derivative)
{
    eg_ground_options ground = ground_options();
    eg_terrain_options options = map_options(map);
    double aspect = atan2(-slopes[0], -slopes[1]) * degree;
    double want = map == EG_TERRAIN_SLOPE    ? atan(hypot(slopes[0], slopes[1])) * degree
                  : map == EG_TERRAIN_ASPECT ? (aspect < 0 ? aspect + 360 : aspect)
                                             : 0; /* TPI, curvature */
    ground.border = EG_DEM_BORDER_EXTRAPOLATE;
    ground.derivative = derivative;
    eg_grid out = need_terrain(in, ctx, georef, &options, &ground);
    for (size_t y = 0; y < in->height; y++)
        for (size_t x = 0; x < in->width; x++) {
            double got = sample_at(&out, x, y);
            ptrdiff_t column = (ptrdiff_t)x, row = (ptrdiff_t)y;
            bool known = is_valid(in, column, row) && determines_plane(in, column, row);
            if (known ? !(fabs(got - want) <= 1e-7 * fabs(want) + 1e-9) : !isnan(got))
                fail_msg("map %d, derivative %d, cell %zu, %zu: %.9g instead of %.9g", (int)map,
                         (int)derivative, x, y, got, known ? want : (double)NAN);
        }
    eg_grid_free(&out);
}

static const eg_terrain_map plane_maps[] = {EG_TERRAIN_SLOPE, EG_TERRAIN_ASPECT, EG_TERRAIN_TPI,
                                            EG_TERRAIN_PROFILE_CURVATURE};

static void planes_keep_their_slope_beside_holes(void **state)
{
    (void)state;
    static const double planes[][2] = {{0.5, 0.25}, {-0.3, 0.7}, {0, -1}, {2, 0}};
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_georef georef = metric_ground(10, 7, 24);
    uint64_t random = 3;
    for (size_t i = 0; i < 12; i++) {
        const double *slopes = planes[i % COUNT(planes)];
        eg_grid in;
        make_elevations(&in, ctx, 31, 24, EG_F64, &georef, plane_height, slopes);
        for (size_t k = 0; k < in.width * in.height; k++) /* 0 to 88 % of the cells are missing */
            if (uniform(&random) < (double)i * 0.08)
                set_sample(&in, k % in.width, k / in.width, NAN);
        for (size_t k = 0; k < COUNT(plane_maps); k++)
            for (int d = 0; d < 2; d++)
                check_plane(ctx, &in, &georef, slopes, plane_maps[k], (eg_derivative)d);
        eg_grid_free(&in);
    }
    close_context(ctx);
}

/* ---- a frame of missing cells ---------------------------------------------------------------- */

enum { FRAME = 2 };

static void check_frame(eg_context *ctx, const eg_grid *in, const eg_grid *framed,
                        eg_terrain_map map)
{
    const eg_georef georef = metric_ground(10, 10, in->height);
    eg_ground_options ground = ground_options();
    eg_terrain_options options = map_options(map);
    ground.border = EG_DEM_BORDER_EXTRAPOLATE;
    ground.vertical_error = 0.5;
    eg_grid want = need_terrain(in, ctx, &georef, &options, &ground);
    eg_grid got = need_terrain(framed, ctx, &georef, &options, &ground);
    for (size_t y = 0; y < in->height; y++)
        for (size_t x = 0; x < in->width; x++) {
            double a = sample_at(&want, x, y), b = sample_at(&got, x + FRAME, y + FRAME);
            if (isnan(a) ? !isnan(b) : a != b)
                fail_msg("map %d, cell %zu, %zu: %.9g instead of %.9g", (int)map, x, y, b, a);
        }
    eg_grid_free(&want);
    eg_grid_free(&got);
}

/* Elevations are floats, whose sums are exact in doubles. */
static void a_frame_of_missing_cells_acts_as_the_border(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (unsigned holes = 0; holes <= 9; holes += 9) {
        eg_grid in, framed;
        make_noise_elevations(&in, ctx, 25, 18, EG_F32, 8, holes);
        assert_int_equal(eg_grid_new(&framed, ctx, in.width + 2 * (size_t)FRAME,
                                     in.height + 2 * (size_t)FRAME, EG_F32, NULL),
                         EG_OK);
        for (size_t y = 0; y < framed.height; y++)
            for (size_t x = 0; x < framed.width; x++) {
                ptrdiff_t column = (ptrdiff_t)x - FRAME, row = (ptrdiff_t)y - FRAME;
                set_sample(&framed, x, y,
                           is_valid(&in, column, row) ? sample_at(&in, (size_t)column, (size_t)row)
                                                      : (double)NAN);
            }
        for (int map = EG_TERRAIN_SLOPE; map <= EG_TERRAIN_ASPECT_ERROR; map++)
            check_frame(ctx, &in, &framed, (eg_terrain_map)map);
        eg_grid_free(&in);
        eg_grid_free(&framed);
    }
    close_context(ctx);
}

/* ---- gdaldem --------------------------------------------------------------------------------- */

typedef struct gdal_raster {
    eg_context *ctx;
    eg_grid in;
    eg_georef georef;
} gdal_raster;

static const struct {
    const char *name;
    eg_terrain_map map;
} gdal_maps[] = {{"slope", EG_TERRAIN_SLOPE},
                 {"aspect", EG_TERRAIN_ASPECT},
                 {"hillshade", EG_TERRAIN_HILLSHADE},
                 {"TRI", EG_TERRAIN_TRI},
                 {"TPI", EG_TERRAIN_TPI},
                 {"roughness", EG_TERRAIN_ROUGHNESS}};

/* Compares a map with a line of the reference: floats exactly, hillshade within 1. */
static void check_gdal_map(const gdal_raster *r, const char *name, const char *algorithm,
                           bool edges, char **words)
{
    eg_terrain_options options;
    eg_ground_options ground = ground_options();
    size_t i = 0;
    eg_terrain_default(&options);
    while (i < COUNT(gdal_maps) && strcmp(gdal_maps[i].name, name) != 0)
        i++;
    assert_in_range(i, 0, COUNT(gdal_maps) - 1);
    options.map = gdal_maps[i].map;
    ground.compat_gdal = true;
    ground.derivative =
        strcmp(algorithm, "zt") == 0 ? EG_DERIVATIVE_ZEVENBERGEN_THORNE : EG_DERIVATIVE_HORN;
    ground.border = edges ? EG_DEM_BORDER_EXTRAPOLATE : EG_DEM_BORDER_NODATA;
    eg_grid out = need_terrain(&r->in, r->ctx, &r->georef, &options, &ground);
    for (size_t k = 0; k < out.width * out.height; k++) {
        double want = strtod(strtok_r(NULL, " \n", words), NULL);
        double got = sample_at(&out, k % out.width, k / out.width);
        double bound = options.map == EG_TERRAIN_HILLSHADE && want != 0 ? 1 : 0;
        if (!(fabs(got - (bound > 0 ? want : (double)(float)want)) <= bound))
            fail_msg("%s %s, edges %d, cell %zu: %.9g instead of %.9g", name, algorithm, edges, k,
                     got, want);
    }
    eg_grid_free(&out);
}

static void read_gdal_raster(gdal_raster *r, char **words)
{
    size_t width = strtoul(strtok_r(NULL, " ", words), NULL, 10);
    size_t height = strtoul(strtok_r(NULL, " ", words), NULL, 10);
    double cell = strtod(strtok_r(NULL, " ", words), NULL);
    r->georef = metric_ground(cell, cell, height);
    assert_int_equal(eg_grid_new(&r->in, r->ctx, width, height, EG_F32, NULL), EG_OK);
    for (size_t k = 0; k < width * height; k++) {
        double v = strtod(strtok_r(NULL, " \n", words), NULL);
        set_sample(&r->in, k % width, k / width, v == -9999 ? (double)NAN : v);
    }
}

/* testdata/gdaldem-reference.txt, which tools/make-gdaldem-reference describes. */
static void gdaldem_is_reproduced_beside_holes(void **state)
{
    (void)state;
    file_bytes file = read_bytes("testdata/gdaldem-reference.txt");
    gdal_raster r = {.ctx = test_context(1, 0, NULL)};
    size_t maps = 0;
    char *text = malloc(file.size + 1), *rest = NULL;
    memcpy(text, file.data, file.size);
    text[file.size] = '\0';
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char *words = NULL, *name = *line == '#' ? NULL : strtok_r(line, " ", &words);
        if (!name)
            continue;
        if (strcmp(name, "elevations") == 0) {
            read_gdal_raster(&r, &words);
            continue;
        }
        const char *algorithm = strtok_r(NULL, " ", &words), *edges = strtok_r(NULL, " ", &words);
        check_gdal_map(&r, name, algorithm, *edges == '1', &words);
        maps++;
    }
    assert_int_equal(maps, 18);
    eg_grid_free(&r.in);
    close_context(r.ctx);
    free(text);
    free(file.data);
}

/* ---- no data --------------------------------------------------------------------------------- */

enum { MAPS = EG_TERRAIN_ASPECT_ERROR + 1 };

static void make_empty(eg_grid *in, eg_context *ctx, eg_sample sample, double nodata)
{
    assert_int_equal(eg_grid_new(in, ctx, 20, 12, sample, NULL), EG_OK);
    for (size_t k = 0; k < in->width * in->height; k++)
        set_sample(in, k % in->width, k / in->width, sample == EG_U8 ? nodata : (double)NAN);
}

/* Computes all maps in one pass, of rows first .. first + count - 1, or of all if `count` is 0. */
static void run_empty(eg_context *ctx, const eg_grid *in, size_t first, size_t count,
                      eg_dem_border border, eg_grid out[MAPS])
{
    eg_georef georef = metric_ground(10, 10, in->height);
    eg_ground_options ground = ground_options();
    eg_terrain_options options[MAPS];
    eg_error error = {0};
    eg_source *source;
    eg_sink *sinks[MAPS];
    ground.vertical_error = 0.5;
    ground.border = border;
    georef.has_nodata = true;
    georef.nodata = 7;
    assert_int_equal(eg_source_grid(&source, ctx, in, NULL), EG_OK);
    source->georef = &georef;
    if (count)
        assert_int_equal(eg_source_rows(source, first, count, NULL), EG_OK);
    for (int i = 0; i < MAPS; i++) {
        eg_terrain_default(&options[i]);
        options[i].map = (eg_terrain_map)i;
        assert_int_equal(eg_sink_grid(&sinks[i], ctx, &out[i], NULL), EG_OK);
    }
    if (eg_terrain(source, sinks, options, MAPS, &ground, &error) != EG_OK)
        fail_msg("%s", error.message);
    assert_true(eg_source_all_nodata(source));
    const char *warning = eg_source_warning(source, 0);
    if (count)
        assert_null(warning);
    else
        assert_non_null(strstr(warning, "has no cell with data"));
    assert_null(eg_source_warning(source, 1));
    for (int i = 0; i < MAPS; i++)
        eg_sink_close(sinks[i]);
    eg_source_close(source);
}

static void a_raster_without_data_gives_maps_without_data(void **state)
{
    (void)state;
    static const eg_sample samples[] = {EG_U8, EG_F32, EG_F64};
    eg_context *ctx = test_context(2, 5, NULL);
    for (int i = 0; i < 12; i++) {
        eg_grid in, out[MAPS] = {{0}};
        make_empty(&in, ctx, samples[i % 3], 7);
        run_empty(ctx, &in, 4, i & 1 ? 5 : 0, (eg_dem_border)(i / 6), out);
        for (int map = 0; map < MAPS; map++) {
            double missing = map == EG_TERRAIN_HILLSHADE ? 0 : map == EG_TERRAIN_D8 ? 255 : -9999;
            for (size_t k = 0; k < out[map].width * out[map].height; k++)
                if (sample_at(&out[map], k % in.width, k / in.width) != missing)
                    fail_msg("map %d, cell %zu is not missing", map, k);
            eg_grid_free(&out[map]);
        }
        eg_grid_free(&in);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planes_keep_their_slope_beside_holes),
        cmocka_unit_test(a_frame_of_missing_cells_acts_as_the_border),
        cmocka_unit_test(gdaldem_is_reproduced_beside_holes),
        cmocka_unit_test(a_raster_without_data_gives_maps_without_data),
    };
    return cmocka_run_group_tests_name("terrain beside missing cells", tests, NULL, NULL);
}
