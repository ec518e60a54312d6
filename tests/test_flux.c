/* SPDX-License-Identifier: MIT */
/* Tests the flux: exact derivatives, cell sizes, missing cells, statistics, two-band files. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

#include "core/context.h"
#include "core/stream.h"
#include "files.h"
#include "terrain_fixture.h"

static eg_context *ctx;

static int open_context(void **state)
{
    make_scratch(state);
    ctx = test_context(2, 3, NULL);
    return 0;
}

static int shut_context(void **state)
{
    close_context(ctx); /* complains of leaks */
    return remove_scratch(state);
}

/* Parts of a flux in grids. */
typedef struct fluxes {
    eg_grid part[EG_FLUX_POTENTIAL + 1];
    eg_flux_result result;
} fluxes;

static void free_fluxes(fluxes *f)
{
    for (size_t i = 0; i < COUNT(f->part); i++)
        eg_grid_free(&f->part[i]);
}

/* Computes all parts but EG_FLUX_BANDS, which grids do not hold. */
static eg_status try_flux(fluxes *f, eg_context *in, const eg_grid *grid, const eg_georef *georef,
                          const eg_flux_options *options, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sinks[EG_FLUX_POTENTIAL] = {NULL};
    eg_flux_part parts[EG_FLUX_POTENTIAL];
    eg_status status = eg_source_grid(&source, in, grid, error);
    *f = (fluxes){.result = {.min = -1}};
    for (size_t i = 0; i < EG_FLUX_POTENTIAL && status == EG_OK; i++) {
        parts[i] = (eg_flux_part)(i + 1);
        status = eg_sink_grid(&sinks[i], in, &f->part[i + 1], error);
    }
    if (status == EG_OK) {
        source->georef = georef;
        status = eg_flux(source, sinks, parts, EG_FLUX_POTENTIAL, options, &f->result, error);
    }
    for (size_t i = 0; i < EG_FLUX_POTENTIAL; i++)
        eg_sink_close(sinks[i]);
    eg_source_close(source);
    return status;
}

static fluxes flux_of(eg_context *in, const eg_grid *grid, const eg_georef *georef,
                      const eg_flux_options *options)
{
    fluxes f;
    eg_error error = {0};
    if (try_flux(&f, in, grid, georef, options, &error) != EG_OK)
        fail_msg("%s", error.message);
    return f;
}

typedef double surface(double x, double y);

static eg_grid grid_of(size_t width, size_t height, surface *function)
{
    eg_grid grid;
    assert_int_equal(eg_grid_new(&grid, ctx, width, height, EG_F64, NULL), EG_OK);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            set_sample(&grid, x, y, function((double)x, (double)y));
    return grid;
}

static double plane(double x, double y)
{
    return 7 + 3 * x + 2 * y;
}

static double saddle(double x, double y)
{
    return (x - 8) * (x - 8) - (y - 5) * (y - 5);
}

static eg_flux_options with_k(double k)
{
    eg_flux_options options;
    eg_flux_default(&options);
    options.conductivity = k;
    return options;
}

/* ---- known fluxes ---------------------------------------------------------------------------- */

static void plane_has_its_flux_in_every_cell(void **state)
{
    (void)state;
    const eg_flux_options half = with_k(0.5);
    eg_georef ground = metric_ground(10, 20, 9), flipped = ground;
    flipped.transform[1] = -10;
    flipped.transform[5] = 20;
    const struct {
        const eg_georef *georef;
        double x, y, column, row;
    } cases[] = {{NULL, -1.5, -1, -1.5, -1},
                 {&ground, -0.15, 0.05, -0.015, -0.0025},
                 {&flipped, 0.15, -0.05, -0.015, -0.0025}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_grid grid = grid_of(12, 9, plane);
        fluxes f = flux_of(ctx, &grid, cases[i].georef, &half);
        for (size_t y = 0; y < grid.height; y++)
            for (size_t x = 0; x < grid.width; x++) {
                assert_within(sample_at(&f.part[EG_FLUX_X], x, y), cases[i].x, 1e-8);
                assert_within(sample_at(&f.part[EG_FLUX_Y], x, y), cases[i].y, 1e-8);
                assert_within(sample_at(&f.part[EG_FLUX_COLUMNS], x, y), cases[i].column, 1e-8);
                assert_within(sample_at(&f.part[EG_FLUX_ROWS], x, y), cases[i].row, 1e-8);
            }
        const double magnitude = hypot(cases[i].x, cases[i].y);
        assert_rounded(f.result.min, magnitude);
        assert_rounded(f.result.max, magnitude);
        assert_rounded(f.result.mean, magnitude);
        assert_int_equal(f.result.cells, 12 * 9);
        assert_int_equal(f.result.metres, cases[i].georef != NULL);
        free_fluxes(&f);
        eg_grid_free(&grid);
    }
}

/* Also at the border: one-sided differences over three samples are exact for quadratics. */
static void quadratics_are_exact(void **state)
{
    (void)state;
    eg_grid grid = grid_of(17, 11, saddle);
    fluxes f = flux_of(ctx, &grid, NULL, NULL);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++) {
            assert_true(sample_at(&f.part[EG_FLUX_X], x, y) == -2 * ((double)x - 8));
            assert_true(sample_at(&f.part[EG_FLUX_Y], x, y) == 2 * ((double)y - 5));
            assert_true(sample_at(&f.part[EG_FLUX_POTENTIAL], x, y) == sample_at(&grid, x, y));
        }
    assert_true(f.result.min == 0);
    free_fluxes(&f);
    eg_grid_free(&grid);
}

/* The metres per degree of WGS 84 by their usual series. */
static void degrees_have_their_size_on_the_ellipsoid(void **state)
{
    (void)state;
    enum { ROWS = 13 };
    const double step = 0.01;
    eg_georef georef = degrees_ground(step, 60);
    eg_grid grid = grid_of(9, ROWS, plane);
    fluxes f = flux_of(ctx, &grid, &georef, NULL);
    for (size_t y = 0; y < ROWS; y++) {
        const double latitude = (60 - ((double)y + 0.5) * step) / degree;
        const double high = 111132.954 - 559.822 * cos(2 * latitude) + 1.175 * cos(4 * latitude);
        const double wide =
            111412.84 * cos(latitude) - 93.5 * cos(3 * latitude) + 0.118 * cos(5 * latitude);
        assert_close(sample_at(&f.part[EG_FLUX_X], 4, y) * wide * step, -3, 1e-5);
        assert_close(sample_at(&f.part[EG_FLUX_Y], 4, y) * high * step, 2, 1e-5);
    }
    free_fluxes(&f);
    eg_grid_free(&grid);
}

/* The unit of elevation has no effect: potentials have other units. */
static void vertical_unit_has_no_effect(void **state)
{
    (void)state;
    eg_georef metres = metric_ground(10, 10, 9), feet = metres;
    feet.vertical_unit = 0.3048;
    eg_grid grid = grid_of(12, 9, saddle);
    fluxes a = flux_of(ctx, &grid, &metres, NULL), b = flux_of(ctx, &grid, &feet, NULL);
    assert_grids_equal(&a.part[EG_FLUX_X], &b.part[EG_FLUX_X]);
    free_fluxes(&a);
    free_fluxes(&b);
    eg_grid_free(&grid);
}

/* ---- the definition, cell by cell ------------------------------------------------------------ */

static double at_or_nan(const eg_grid *grid, ptrdiff_t x, ptrdiff_t y)
{
    const bool inside = x >= 0 && y >= 0 && (size_t)x < grid->width && (size_t)y < grid->height;
    return inside ? sample_at(grid, (size_t)x, (size_t)y) : (double)NAN;
}

/* Returns the derivative along (dx, dy): that of the polynomial through the nearest samples. */
static double derivative(const eg_grid *grid, ptrdiff_t x, ptrdiff_t y, ptrdiff_t dx, ptrdiff_t dy)
{
    const double here = at_or_nan(grid, x, y), a = at_or_nan(grid, x - dx, y - dy),
                 b = at_or_nan(grid, x + dx, y + dy), a2 = at_or_nan(grid, x - 2 * dx, y - 2 * dy),
                 b2 = at_or_nan(grid, x + 2 * dx, y + 2 * dy);
    if (isnan(here) || (isnan(a) && isnan(b)))
        return NAN;
    if (!isnan(a) && !isnan(b))
        return (b - a) / 2;
    const double one = isnan(a) ? b - here : here - a, two = isnan(a) ? b2 - b : a - a2;
    return isnan(two) ? one : one + (one - two) / 2;
}

typedef struct noise_case {
    const eg_grid *grid, *conductivities;
    fluxes *expected; /* of the first setting */
} noise_case;

static void check_noise(eg_context *in, void *opaque)
{
    noise_case *c = opaque;
    eg_georef georef = metric_ground(3, 5, c->grid->height);
    eg_flux_options options = with_k(2);
    options.conductivities = c->conductivities;
    fluxes f = flux_of(in, c->grid, &georef, &options);
    for (size_t i = 1; i < COUNT(f.part); i++)
        assert_grids_equal(&f.part[i], &c->expected->part[i]);
    assert_memory_equal(&f.result.min, &c->expected->result.min, 3 * sizeof(double));
    assert_int_equal(f.result.cells, c->expected->result.cells);
    free_fluxes(&f);
}

static void check_definition(const eg_grid *grid, const eg_grid *conductivities, const fluxes *f)
{
    double sum = 0, least = INFINITY, largest = 0;
    uint64_t cells = 0;
    for (size_t y = 0; y < grid->height; y++)
        for (size_t x = 0; x < grid->width; x++) {
            const double k = conductivities ? sample_at(conductivities, x, y) : 2;
            const double u = -k * derivative(grid, (ptrdiff_t)x, (ptrdiff_t)y, 1, 0) / 3;
            const double v = k * derivative(grid, (ptrdiff_t)x, (ptrdiff_t)y, 0, 1) / 5;
            const double got = sample_at(&f->part[EG_FLUX_X], x, y);
            if (isnan(u + v)) {
                assert_true(isnan(got) && isnan(sample_at(&f->part[EG_FLUX_Y], x, y)));
                continue;
            }
            assert_close(got, u, 1e-6);
            assert_close(sample_at(&f->part[EG_FLUX_Y], x, y), v, 1e-6);
            assert_close(sample_at(&f->part[EG_FLUX_MAGNITUDE], x, y), hypot(u, v), 1e-6);
            sum += hypot(u, v);
            least = fmin(least, hypot(u, v));
            largest = fmax(largest, hypot(u, v));
            cells++;
        }
    assert_int_equal(f->result.cells, cells);
    assert_rounded(f->result.mean, sum / (double)cells);
    assert_rounded(f->result.min, least);
    assert_rounded(f->result.max, largest);
}

/* Rasters wider than a tile, with missing cells: as defined, and equal for all threads, strips and
 * instruction sets. */
static void noise_equals_the_definition(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{2, 2}, {2, 9}, {7, 2}, {33, 40}, {1030, 11}};
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (unsigned holes = 0; holes <= 6; holes += 3) {
            eg_grid grid, k;
            make_noise_elevations(&grid, ctx, sizes[i][0], sizes[i][1], EG_F32, (unsigned)i, holes);
            make_noise_elevations(&k, ctx, sizes[i][0], sizes[i][1], EG_F64, 77, holes);
            set_sample(&grid, 0, 0, 1);
            set_sample(&grid, 1, 0, 2);
            set_sample(&grid, 0, 1, 4); /* at least one cell has a flux */
            set_sample(&k, 0, 0, 1);
            eg_georef georef = metric_ground(3, 5, grid.height);
            eg_flux_options options = with_k(2);
            options.conductivities = holes ? &k : NULL;
            fluxes f = flux_of(ctx, &grid, &georef, &options);
            check_definition(&grid, options.conductivities, &f);
            noise_case c = {&grid, options.conductivities, &f};
            for_every_setting(check_noise, &c);
            free_fluxes(&f);
            eg_grid_free(&grid);
            eg_grid_free(&k);
        }
}

/* ---- limits and failures --------------------------------------------------------------------- */

static void cells_without_a_flux_are_missing(void **state)
{
    (void)state;
    eg_grid grid = grid_of(5, 5, plane);
    for (size_t i = 0; i < 25; i++)
        if (i != 12)
            set_sample(&grid, i % 5, i / 5, (double)NAN); /* a single cell is left */
    fluxes f = flux_of(ctx, &grid, NULL, NULL);
    assert_true(isnan(sample_at(&f.part[EG_FLUX_X], 2, 2)));
    assert_true(isnan(f.result.mean) && f.result.cells == 0);
    free_fluxes(&f);
    eg_grid_free(&grid);
    grid = grid_of(5, 5, plane);
    const eg_flux_options large = with_k(1e300);
    f = flux_of(ctx, &grid, NULL, &large); /* beyond floats */
    assert_true(isnan(sample_at(&f.part[EG_FLUX_X], 2, 2)) && f.result.cells == 0);
    free_fluxes(&f);
    eg_grid_free(&grid);
}

static void refuses(const eg_grid *grid, const eg_georef *georef, const eg_flux_options *options,
                    eg_status status, const char *text)
{
    fluxes f;
    eg_error error = {0};
    assert_int_equal(try_flux(&f, ctx, grid, georef, options, &error), status);
    assert_non_null(strstr(error.message, text));
    free_fluxes(&f);
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    eg_grid grid = grid_of(5, 4, plane), row = grid_of(5, 1, plane), k = grid_of(4, 5, plane);
    eg_georef rotated = metric_ground(10, 10, 4);
    rotated.transform[2] = 3;
    eg_flux_options options = with_k(NAN);
    refuses(&grid, NULL, &options, EG_USAGE, "must be finite");
    options = with_k(1);
    options.conductivities = &k;
    refuses(&grid, NULL, &options, EG_USAGE, "has 5 x 4 cells, but the conductivities have 4 x 5");
    refuses(&row, NULL, NULL, EG_BAD_INPUT, "at least 2 x 2 cells");
    refuses(&grid, &rotated, NULL, EG_BAD_INPUT, "rotated");
    eg_sink *sink = NULL;
    eg_grid means = {0};
    assert_int_equal(eg_sink_means(&sink, ctx, &means, 0, NULL), EG_USAGE);
    eg_grid_free(&grid);
    eg_grid_free(&row);
    eg_grid_free(&k);
}

/* ---- means ----------------------------------------------------------------------------------- */

static void means_are_those_of_the_boxes(void **state)
{
    (void)state;
    enum { WIDTH = 11, HEIGHT = 8, FACTOR = 3 };
    eg_grid grid, means = {0};
    eg_sink *sink = NULL;
    eg_source *source = NULL;
    const eg_flux_part part = EG_FLUX_POTENTIAL;
    make_noise_elevations(&grid, ctx, WIDTH, HEIGHT, EG_F32, 5, 4);
    for (size_t i = 0; i < FACTOR * FACTOR; i++) /* a box without data */
        set_sample(&grid, 3 + i % FACTOR, i / FACTOR, (double)NAN);
    assert_int_equal(eg_source_grid(&source, ctx, &grid, NULL), EG_OK);
    assert_int_equal(eg_sink_means(&sink, ctx, &means, FACTOR, NULL), EG_OK);
    assert_int_equal(eg_flux(source, &sink, &part, 1, NULL, NULL, NULL), EG_OK);
    assert_int_equal(means.width, 4);
    assert_int_equal(means.height, 3);
    for (size_t y = 0; y < means.height; y++)
        for (size_t x = 0; x < means.width; x++) {
            double sum = 0, count = 0;
            for (size_t i = 0; i < FACTOR * FACTOR; i++) {
                const size_t column = x * FACTOR + i % FACTOR, row = y * FACTOR + i / FACTOR;
                if (column < WIDTH && row < HEIGHT && !isnan(sample_at(&grid, column, row))) {
                    sum += sample_at(&grid, column, row);
                    count++;
                }
            }
            const double got = sample_at(&means, x, y);
            assert_true(count > 0 ? fabs(got - sum / count) < 1e-12 : isnan(got));
        }
    assert_true(isnan(sample_at(&means, 1, 0)));
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&means);
    eg_grid_free(&grid);
}

/* ---- files of two bands ---------------------------------------------------------------------- */

static eg_status save_bands(eg_context *in, const eg_grid *grid, const char *path,
                            const eg_write_options *options, eg_error *error)
{
    static const eg_flux_part part = EG_FLUX_BANDS;
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_status status = eg_source_grid(&source, in, grid, error);
    if (status == EG_OK)
        status = eg_sink_open(&sink, in, path, options, error);
    if (status == EG_OK)
        status = eg_flux(source, &sink, &part, 1, NULL, NULL, error);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

/* Reads a file of two bands by libtiff and compares it with the flux. */
static void check_bands(const char *path, const fluxes *f)
{
    const eg_grid *x = &f->part[EG_FLUX_X], *y = &f->part[EG_FLUX_Y];
    uint16_t samples = 0, planar = 0, extra = 0, *kinds = NULL;
    TIFFSetWarningHandler(NULL); /* GDAL's tags */
    TIFF *tif = TIFFOpen(path, "r");
    assert_non_null(tif);
    TIFFGetField(tif, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetField(tif, TIFFTAG_PLANARCONFIG, &planar);
    TIFFGetField(tif, TIFFTAG_EXTRASAMPLES, &extra, &kinds);
    assert_int_equal(samples, 2);
    assert_int_equal(planar, PLANARCONFIG_CONTIG);
    assert_int_equal(extra, 1);
    assert_int_equal(kinds[0], EXTRASAMPLE_UNSPECIFIED);
    const bool tiled = TIFFIsTiled(tif);
    uint32_t across = 0, down = 1;
    if (tiled) {
        TIFFGetField(tif, TIFFTAG_TILEWIDTH, &across);
        TIFFGetField(tif, TIFFTAG_TILELENGTH, &down);
    }
    float *block = malloc((size_t)(tiled ? TIFFTileSize(tif) : TIFFScanlineSize(tif)));
    for (size_t row = 0; row < x->height; row++)
        for (size_t column = 0; column < x->width; column++) {
            if (tiled)
                TIFFReadTile(tif, block, (uint32_t)column, (uint32_t)row, 0, 0);
            else if (column == 0)
                assert_int_equal(TIFFReadScanline(tif, block, (uint32_t)row, 0), 1);
            const float *pixel =
                block + 2 * (tiled ? row % down * across + column % across : column);
            assert_true((double)pixel[0] == sample_at(x, column, row));
            assert_true((double)pixel[1] == sample_at(y, column, row));
        }
    free(block);
    TIFFClose(tif);
}

static void files_have_both_bands(void **state)
{
    (void)state;
    eg_grid grid;
    make_noise_elevations(&grid, ctx, 37, 21, EG_F64, 3, 0);
    fluxes f = flux_of(ctx, &grid, NULL, NULL);
    for (int predictor = 0; predictor <= 3; predictor++)
        for (int tile = -1; tile <= 16; tile += 17) {
            eg_write_options options;
            eg_error error = {0};
            eg_write_default(&options);
            options.predictor = predictor;
            options.tile = tile;
            if (save_bands(ctx, &grid, scratch("b.tif"), &options, &error) != EG_OK)
                fail_msg("%s", error.message);
            check_bands(scratch("b.tif"), &f);
        }
    free_fluxes(&f);
    eg_grid_free(&grid);
}

static void save_and_compare(eg_context *in, void *opaque)
{
    const eg_grid *grid = opaque;
    assert_int_equal(save_bands(in, grid, scratch("c.tif"), NULL, NULL), EG_OK);
    file_bytes a = read_bytes(scratch("b.tif")), b = read_bytes(scratch("c.tif"));
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    free(a.data);
    free(b.data);
}

static void threads_and_strips_change_no_byte(void **state)
{
    (void)state;
    eg_grid grid;
    make_noise_elevations(&grid, ctx, 300, 280, EG_F32, 3, 5);
    assert_int_equal(save_bands(ctx, &grid, scratch("b.tif"), NULL, NULL), EG_OK);
    for_every_setting(save_and_compare, &grid);
    eg_grid_free(&grid);
}

static void other_formats_are_refused(void **state)
{
    (void)state;
    eg_grid grid = grid_of(5, 5, plane);
    static const char *const names[] = {"f.pfm", "f.png", "f.asc", "f.pgm"};
    for (size_t i = 0; i < COUNT(names); i++) {
        eg_error error = {0};
        assert_int_equal(save_bands(ctx, &grid, scratch(names[i]), NULL, &error), EG_USAGE);
        assert_non_null(strstr(error.message, "cannot hold 2 bands of floats; TIFF can"));
        assert_int_equal(access(scratch(names[i]), F_OK), -1);
    }
    eg_grid_free(&grid);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    eg_status status = EG_NO_MEMORY;
    long k = 0;
    for (; status != EG_OK; k++) {
        eg_context *own = test_context(2, 16, NULL);
        eg_error error = {0};
        eg_grid grid;
        make_noise_elevations(&grid, own, 40, 50, EG_F32, 1, 0);
        atomic_store(&own->fail_after, k);
        status = save_bands(own, &grid, scratch("m.tif"), NULL, &error);
        atomic_store(&own->fail_after, -1);
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        assert_int_equal(error.status, status);
        assert_int_equal(access(scratch("m.tif"), F_OK), status == EG_OK ? 0 : -1);
        eg_grid_free(&grid);
        close_context(own);
    }
    assert_in_range(k, 10, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plane_has_its_flux_in_every_cell),
        cmocka_unit_test(quadratics_are_exact),
        cmocka_unit_test(degrees_have_their_size_on_the_ellipsoid),
        cmocka_unit_test(vertical_unit_has_no_effect),
        cmocka_unit_test(noise_equals_the_definition),
        cmocka_unit_test(cells_without_a_flux_are_missing),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(means_are_those_of_the_boxes),
        cmocka_unit_test(files_have_both_bands),
        cmocka_unit_test(threads_and_strips_change_no_byte),
        cmocka_unit_test(other_formats_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("flux", tests, open_context, shut_context);
}
