/* SPDX-License-Identifier: MIT */
/* Rasters with neighbours: the maps of the tiles of a mosaic equal the map of the mosaic. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/georef.h"
#include "core/stream.h"
#include "files.h"
#include "terrain_fixture.h"

enum { MAPS = 12, TILES_MAX = 4 };

/* A mosaic cut into tiles. Tile i of a row has the columns cut[i] .. cut[i + 1] - 1, and one more
 * on its right if tiles share their border cells; likewise the rows. */
typedef struct mosaic {
    eg_context *ctx;
    eg_grid grid;
    size_t x_cut[TILES_MAX + 1], y_cut[TILES_MAX + 1];
    size_t columns, rows; /* number of tiles */
    size_t shared;        /* 0: tiles abut; 1: they share a row or column */
    ptrdiff_t hole;       /* number of a tile that does not exist; -1: none */
    eg_ground_options ground;
} mosaic;

typedef struct rectangle {
    size_t x, y, width, height;
} rectangle;

static rectangle tile_at(const mosaic *m, size_t i)
{
    size_t column = i % m->columns, row = i / m->columns;
    size_t right = m->x_cut[column + 1] + (column + 1 < m->columns ? m->shared : 0);
    size_t bottom = m->y_cut[row + 1] + (row + 1 < m->rows ? m->shared : 0);
    return (rectangle){m->x_cut[column], m->y_cut[row], right - m->x_cut[column],
                       bottom - m->y_cut[row]};
}

/* Returns part of a grid, which shares its memory. */
static eg_grid crop(const eg_grid *grid, rectangle r)
{
    eg_grid part = *grid;
    part.data = (char *)grid->data + r.y * grid->stride + eg_row_bytes(grid->sample, r.x);
    part.width = r.width;
    part.height = r.height;
    return part;
}

static eg_source *grid_source(eg_context *ctx, const eg_grid *grid)
{
    eg_source *source = NULL;
    assert_int_equal(eg_source_grid(&source, ctx, grid, NULL), EG_OK);
    return source;
}

static void add_grid(eg_source *source, const eg_grid *neighbour, ptrdiff_t column, ptrdiff_t row)
{
    eg_error error = {0};
    eg_source *other = grid_source(source->ctx, neighbour);
    if (eg_source_add_neighbour(source, other, column, row, &error) != EG_OK)
        fail_msg("eg_source_add_neighbour: %s", error.message);
    eg_source_close(other);
}

/* Opens a tile with all its neighbours. */
static eg_source *tile_source(const mosaic *m, size_t index)
{
    const rectangle tile = tile_at(m, index);
    eg_grid grid = crop(&m->grid, tile);
    eg_source *source = grid_source(m->ctx, &grid);
    for (size_t i = 0; i < m->columns * m->rows; i++) {
        const rectangle other = tile_at(m, i);
        bool near_x = other.x <= tile.x + tile.width && tile.x <= other.x + other.width;
        bool near_y = other.y <= tile.y + tile.height && tile.y <= other.y + other.height;
        if (i == index || (ptrdiff_t)i == m->hole || !near_x || !near_y)
            continue;
        grid = crop(&m->grid, other);
        add_grid(source, &grid, (ptrdiff_t)other.x - (ptrdiff_t)tile.x,
                 (ptrdiff_t)other.y - (ptrdiff_t)tile.y);
    }
    return source;
}

/* Computes all maps of a source in one pass, and closes it. */
static void all_maps(eg_source *source, const eg_ground_options *ground, eg_grid out[MAPS])
{
    eg_error error = {0};
    eg_sink *sinks[MAPS];
    eg_terrain_options options[MAPS];
    for (int i = 0; i < MAPS; i++) {
        out[i] = (eg_grid){0};
        options[i] = map_options((eg_terrain_map)i);
        assert_int_equal(eg_sink_grid(&sinks[i], source->ctx, &out[i], NULL), EG_OK);
    }
    if (eg_terrain(source, sinks, options, MAPS, ground, &error) != EG_OK)
        fail_msg("eg_terrain: %s", error.message);
    for (int i = 0; i < MAPS; i++)
        eg_sink_close(sinks[i]);
    eg_source_close(source);
}

static void free_maps(eg_grid maps[MAPS])
{
    for (int i = 0; i < MAPS; i++)
        eg_grid_free(&maps[i]);
}

/* Compares the maps of all tiles with parts of the maps of the mosaic. */
static void check_tiles(const mosaic *m)
{
    eg_grid whole[MAPS], tiles[MAPS];
    all_maps(grid_source(m->ctx, &m->grid), &m->ground, whole);
    for (size_t i = 0; i < m->columns * m->rows; i++) {
        if ((ptrdiff_t)i == m->hole)
            continue;
        all_maps(tile_source(m, i), &m->ground, tiles);
        for (int map = 0; map < MAPS; map++) {
            eg_grid want = crop(&whole[map], tile_at(m, i));
            assert_grids_equal(&tiles[map], &want);
        }
        free_maps(tiles);
    }
    free_maps(whole);
}

/* Makes a mosaic of noise; `holes` as for make_noise_elevations(). */
static mosaic new_mosaic(eg_context *ctx, const size_t *x_cut, const size_t *y_cut, size_t shared,
                         eg_sample sample, unsigned holes)
{
    mosaic m = {.ctx = ctx, .shared = shared, .hole = -1, .ground = ground_options()};
    for (; m.columns == 0 || x_cut[m.columns]; m.columns++)
        m.x_cut[m.columns + 1] = x_cut[m.columns + 1];
    for (; m.rows == 0 || y_cut[m.rows]; m.rows++)
        m.y_cut[m.rows + 1] = y_cut[m.rows + 1];
    m.columns--;
    m.rows--;
    m.ground.cell_x = 30;
    m.ground.cell_y = 25;
    m.ground.vertical_error = 3;
    make_noise_elevations(&m.grid, ctx, m.x_cut[m.columns], m.y_cut[m.rows], sample, 7, holes);
    return m;
}

/* Cuts, ended by 0; the first one is 0. */
static const size_t two[] = {0, 11, 24, 0}, three[] = {0, 9, 23, 31, 0},
                    wide[] = {0, 1030, 1041, 0}, low[] = {0, 4, 7, 0};

static void check_settings(mosaic *m)
{
    for (int setting = 0; setting < 8; setting++) {
        m->ground.derivative = setting & 1 ? EG_DERIVATIVE_ZEVENBERGEN_THORNE : EG_DERIVATIVE_HORN;
        m->ground.border = setting & 2 ? EG_DEM_BORDER_EXTRAPOLATE : EG_DEM_BORDER_NODATA;
        m->ground.compat_gdal = setting & 4;
        check_tiles(m);
    }
    eg_grid_free(&m->grid);
}

static void tiles_fit_the_mosaic(void **state)
{
    static const eg_sample samples[] = {EG_U8, EG_F32, EG_F64};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t shared = 0; shared < 2; shared++) {
        for (size_t s = 0; s < COUNT(samples); s++) {
            mosaic m = new_mosaic(ctx, three, three, shared, samples[s], 0);
            check_settings(&m);
            m = new_mosaic(ctx, two, two, shared, samples[s], samples[s] == EG_U8 ? 0 : 8);
            check_settings(&m);
        }
        mosaic m = new_mosaic(ctx, wide, low, shared, EG_F32, 20);
        check_settings(&m);
    }
    close_context(ctx);
}

/* A tile that does not exist leaves missing cells, as missing elevations do. */
static void absent_tiles_are_missing(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (ptrdiff_t hole = 0; hole < 9; hole++) {
        mosaic m = new_mosaic(ctx, three, three, 0, EG_F32, 0);
        m.hole = hole;
        const rectangle gap = tile_at(&m, (size_t)hole);
        for (size_t y = 0; y < gap.height; y++)
            for (size_t x = 0; x < gap.width; x++)
                set_sample(&m.grid, gap.x + x, gap.y + y, (double)NAN);
        check_tiles(&m);
        eg_grid_free(&m.grid);
    }
    close_context(ctx);
}

static void check_in_setting(eg_context *ctx, void *opaque)
{
    mosaic m = *(const mosaic *)opaque;
    m.ctx = ctx;
    check_tiles(&m);
}

static void settings_change_nothing(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    mosaic m = new_mosaic(ctx, two, three, 1, EG_F32, 30);
    for_every_setting(check_in_setting, &m);
    eg_grid_free(&m.grid);
    close_context(ctx);
}

/* Row windows of a tile have the rows of the whole tile. */
static void windows_fit_the_tile(void **state)
{
    enum { TILE = 4, ROWS = 14 };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    mosaic m = new_mosaic(ctx, three, three, 0, EG_F32, 0);
    eg_grid whole[MAPS], part[MAPS];
    all_maps(tile_source(&m, TILE), &m.ground, whole);
    for (size_t first = 0; first < ROWS; first += 7) {
        eg_source *source = tile_source(&m, TILE);
        assert_int_equal(eg_source_rows(source, first, 7, NULL), EG_OK);
        all_maps(source, &m.ground, part);
        for (int map = 0; map < MAPS; map++) {
            eg_grid want = crop(&whole[map], (rectangle){0, first, whole[map].width, 7});
            assert_grids_equal(&part[map], &want);
        }
        free_maps(part);
    }
    free_maps(whole);
    eg_grid_free(&m.grid);
    close_context(ctx);
}

/* ---- what supplies a cell -------------------------------------------------------------------- */

/* Returns a grid of equal elevations. */
static eg_grid level(eg_context *ctx, size_t width, size_t height, eg_sample sample, double value)
{
    eg_grid grid;
    assert_int_equal(eg_grid_new(&grid, ctx, width, height, sample, NULL), EG_OK);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            set_sample(&grid, x, y, value);
    return grid;
}

/* Computes the roughness of a source, which is closed. */
static eg_grid roughness(eg_source *source)
{
    eg_grid out = {0};
    eg_error error = {0};
    eg_sink *sink = NULL;
    const eg_terrain_options options = map_options(EG_TERRAIN_ROUGHNESS);
    assert_int_equal(eg_sink_grid(&sink, source->ctx, &out, NULL), EG_OK);
    if (eg_terrain(source, &sink, &options, 1, NULL, &error) != EG_OK)
        fail_msg("eg_terrain: %s", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
    return out;
}

/* The neighbour on the right has another sample type and another nodata value, which is an
 * elevation in the raster, and the other way round. */
static void every_raster_has_its_own_nodata(void **state)
{
    static const eg_sample samples[] = {EG_U8, EG_F32, EG_F64};
    const eg_georef zero = {.has_nodata = true, .nodata = 0},
                    five = {.has_nodata = true, .nodata = 5};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t s = 0; s < COUNT(samples); s++) {
        eg_grid grid = level(ctx, 3, 3, EG_F32, 5), right = level(ctx, 3, 5, samples[s], 0);
        for (int missing = 0; missing < 2; missing++) {
            eg_source *source = grid_source(ctx, &grid), *other = grid_source(ctx, &right);
            source->georef = &zero;
            other->georef = missing ? &zero : &five;
            assert_int_equal(eg_source_add_neighbour(source, other, 3, -1, NULL), EG_OK);
            eg_source_close(other);
            eg_grid above = level(ctx, 3, 1, EG_F64, 5);
            add_grid(source, &above, 0, -1);
            add_grid(source, &above, 0, 3);
            eg_grid out = roughness(source);
            for (size_t y = 0; y < 3; y++)
                if (missing)
                    assert_true(isnan(sample_at(&out, 2, y)));
                else
                    assert_within(sample_at(&out, 2, y), 5, 0);
            eg_grid_free(&out);
            eg_grid_free(&above);
        }
        eg_grid_free(&grid);
        eg_grid_free(&right);
    }
    close_context(ctx);
}

/* The first neighbour that has a cell supplies it. */
static void first_neighbour_counts(void **state)
{
    static const struct {
        double first, second, want;
    } cases[] = {{1, 2, 4}, {2, 1, 3}, {NAN, 2, 3}, {1, NAN, 4}, {NAN, NAN, NAN}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_grid grid = level(ctx, 3, 3, EG_F32, 5);
        eg_source *source = grid_source(ctx, &grid);
        for (int n = 0; n < 2; n++) {
            eg_grid left = level(ctx, 2, 5, EG_F32, n ? cases[i].second : cases[i].first);
            add_grid(source, &left, -2, -1);
            eg_grid_free(&left);
        }
        eg_grid out = roughness(source);
        assert_true(isnan(sample_at(&out, 0, 0)) && isnan(sample_at(&out, 2, 1)));
        double got = sample_at(&out, 0, 1);
        assert_true(got == cases[i].want || (isnan(got) && isnan(cases[i].want)));
        eg_grid_free(&out);
        eg_grid_free(&grid);
    }
    close_context(ctx);
}

/* ---- failures -------------------------------------------------------------------------------- */

typedef struct damaged {
    size_t good; /* rows that can be read */
} damaged;

static eg_status pull_damaged(void *opaque, const eg_grid *rows, eg_error *error)
{
    damaged *d = opaque;
    for (size_t y = 0; y < rows->height; y++) {
        if (d->good == 0) {
            error->status = EG_BAD_INPUT;
            strcpy(error->message, "truncated");
            return EG_BAD_INPUT;
        }
        d->good--;
        memset((char *)rows->data + y * rows->stride, 9, rows->width);
    }
    return EG_OK;
}

/* A neighbour that cannot be read is reported and changes nothing. */
static void damaged_neighbours_are_left_out(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    mosaic m = new_mosaic(ctx, two, two, 0, EG_F32, 0);
    const rectangle tile = tile_at(&m, 0);
    eg_grid grid = crop(&m.grid, tile), want[MAPS], got[MAPS];
    for (size_t good = 0; good <= tile.height; good += 5) {
        const eg_grid shape = {.width = 5, .height = tile.height + 1, .sample = EG_U8};
        damaged d = {good};
        eg_error error = {0};
        eg_source *source = grid_source(ctx, &grid), *other = NULL;
        assert_int_equal(eg_source_pull(&other, ctx, &shape, pull_damaged, &d, NULL), EG_OK);
        assert_int_equal(eg_source_add_neighbour(source, other, (ptrdiff_t)tile.width, 0, &error),
                         EG_BAD_INPUT);
        assert_string_equal(error.message, "truncated");
        eg_source_close(other);
        all_maps(source, &m.ground, got);
        all_maps(grid_source(ctx, &grid), &m.ground, want);
        for (int map = 0; map < MAPS; map++)
            assert_grids_equal(&got[map], &want[map]);
        free_maps(got);
        free_maps(want);
    }
    eg_grid_free(&m.grid);
    close_context(ctx);
}

/* Only the rows that are needed are read: damage below them is not noticed. */
static void rows_below_are_not_read(void **state)
{
    const eg_grid shape = {.width = 5, .height = 50, .sample = EG_U8};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid = level(ctx, 5, 5, EG_F32, 1);
    eg_source *source = grid_source(ctx, &grid), *other = NULL;
    damaged d = {1};
    assert_int_equal(eg_source_pull(&other, ctx, &shape, pull_damaged, &d, NULL), EG_OK);
    assert_int_equal(eg_source_add_neighbour(source, other, 0, 5, NULL), EG_OK);
    eg_source_close(other);
    eg_source_close(source);
    eg_grid_free(&grid);
    close_context(ctx);
}

static void misuse_is_refused(void **state)
{
    static const ptrdiff_t far[][2] = {
        {7, 0}, {-6, 0}, {0, 7},  {0, -6},          {7, 7},           {-6, -6},
        {1, 1}, {2, 1},  {-9, 9}, {PTRDIFF_MAX, 0}, {PTRDIFF_MIN, 0}, {0, PTRDIFF_MIN}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid = level(ctx, 6, 6, EG_F32, 1), small = level(ctx, 4, 5, EG_F32, 1);
    eg_source *source = grid_source(ctx, &grid), *other = grid_source(ctx, &small);
    for (size_t i = 0; i < COUNT(far); i++)
        assert_int_equal(eg_source_add_neighbour(source, other, far[i][0], far[i][1], NULL),
                         EG_USAGE);
    assert_int_equal(eg_source_add_neighbour(source, source, 6, 0, NULL), EG_USAGE);
    assert_int_equal(eg_source_add_neighbour(source, other, 6, 6, NULL), EG_OK);
    assert_int_equal(eg_source_add_neighbour(source, other, 6, 6, NULL), EG_USAGE);
    float row[6];
    assert_int_equal(eg_source_read(source, row, sizeof row, 1, NULL), EG_OK);
    eg_source_close(other);
    other = grid_source(ctx, &small);
    assert_int_equal(eg_source_add_neighbour(source, other, 6, 0, NULL), EG_USAGE);
    eg_source_close(other);
    eg_source_close(source);
    eg_grid_free(&grid);
    eg_grid_free(&small);
    close_context(ctx);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid = level(ctx, 6, 6, EG_F32, 1);
    eg_status status = EG_NO_MEMORY;
    for (long k = 0; status != EG_OK; k++) {
        eg_source *source = grid_source(ctx, &grid), *other = grid_source(ctx, &grid);
        atomic_store(&ctx->fail_after, k);
        status = eg_source_add_neighbour(source, other, 6, 0, NULL);
        atomic_store(&ctx->fail_after, -1);
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        eg_source_close(other);
        eg_source_close(source);
        assert_in_range(k, 0, 3);
    }
    eg_grid_free(&grid);
    close_context(ctx);
}

/* ---- positions ------------------------------------------------------------------------------- */

static eg_georef shifted(double x, double y)
{
    eg_georef georef = metric_ground(10, 12, 100);
    georef.transform[0] += x;
    georef.transform[3] += y;
    return georef;
}

static void positions_are_whole_cells(void **state)
{
    static const struct {
        double x, y;
        bool aligned;
        ptrdiff_t column, row;
    } cases[] = {{0, 0, true, 0, 0},         {1000, 0, true, 100, 0},   {-30, -24, true, -3, 2},
                 {1000.09, 0, true, 100, 0}, {1000.11, 0, false, 0, 0}, {5, 0, false, 0, 0},
                 {0, 0.1, true, 0, 0},       {0, 6, false, 0, 0},       {1e300, 0, false, 0, 0},
                 {NAN, 0, false, 0, 0},      {0, INFINITY, false, 0, 0}};
    const eg_georef georef = shifted(0, 0);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const eg_georef other = shifted(cases[i].x, cases[i].y);
        ptrdiff_t column = 0, row = 0;
        assert_int_equal(eg_georef_position(&georef, &other, &column, &row), cases[i].aligned);
        if (cases[i].aligned) {
            assert_int_equal(column, cases[i].column);
            assert_int_equal(row, cases[i].row);
        }
    }
}

static void other_grids_have_no_position(void **state)
{
    const eg_georef georef = shifted(0, 0);
    ptrdiff_t column, row;
    (void)state;
    for (int i = 0; i < 12; i++) {
        eg_georef other = georef;
        other.located = i != 0;
        other.transform[1] *= i == 1 ? 1.00001 : i == 2 ? -1 : i == 10 ? 1.0000009 : 1;
        other.transform[5] *= i == 3 ? 0.9 : i == 4 ? -1 : 1;
        other.transform[2] = i == 5 ? 0.1 : 0;
        other.crs = i == 6 ? EG_CRS_GEOGRAPHIC : georef.crs;
        other.unit = i == 7 ? 0.3048 : georef.unit;
        other.vertical_unit = i == 8 ? 0.3048 : georef.vertical_unit;
        other.semi_major = i == 9 ? 6378388 : georef.semi_major;
        assert_int_equal(eg_georef_position(&georef, &other, &column, &row), i >= 10);
        assert_int_equal(eg_georef_position(&other, &georef, &column, &row), i >= 10);
    }
}

/* Systems are compared by their codes, or by their texts. */
static void systems_are_compared(void **state)
{
    static const char *const texts[] = {
        "PROJCS[\"a\",AUTHORITY[\"EPSG\",\"2056\"]]", "PROJCS[\"b\",AUTHORITY[\"EPSG\",\"2056\"]]",
        "PROJCS[\"b\",AUTHORITY[\"EPSG\",\"2057\"]]", "PROJCS[\"c\"]", "PROJCS[\"d\"]"};
    static const int kinds[] = {0, 0, 1, 2, 3};
    ptrdiff_t column, row;
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        for (size_t k = 0; k < COUNT(texts); k++) {
            const eg_geotags a = {.wkt = (char *)(uintptr_t)texts[i]},
                             b = {.wkt = (char *)(uintptr_t)texts[k]};
            eg_georef first = shifted(0, 0), second = first;
            first.tags = &a;
            second.tags = &b;
            assert_int_equal(eg_georef_position(&first, &second, &column, &row),
                             kinds[i] == kinds[k]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_fit_the_mosaic),
        cmocka_unit_test(absent_tiles_are_missing),
        cmocka_unit_test(settings_change_nothing),
        cmocka_unit_test(windows_fit_the_tile),
        cmocka_unit_test(every_raster_has_its_own_nodata),
        cmocka_unit_test(first_neighbour_counts),
        cmocka_unit_test(damaged_neighbours_are_left_out),
        cmocka_unit_test(rows_below_are_not_read),
        cmocka_unit_test(misuse_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(positions_are_whole_cells),
        cmocka_unit_test(other_grids_have_no_position),
        cmocka_unit_test(systems_are_compared),
    };
    return cmocka_run_group_tests_name("neighbours", tests, NULL, NULL);
}
