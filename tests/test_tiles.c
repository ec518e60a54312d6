/* SPDX-License-Identifier: MIT */
/* Which inputs of a run are neighbours: by their georeferencing, and by paths z/x/y.png. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/batch/batch.h"
#include "files.h"

enum { SIDE = 8, NAME_SIZE = 512 };

static eg_context *ctx;

/* ---- runs ------------------------------------------------------------------------------------ */

typedef struct run {
    cli_settings settings;
    batch_settings batch;
    raster_work work;
    batch_list list;
} run;

static void begin(run *r, eg_encoding encoding)
{
    *r = (run){.settings = {.quiet = true}};
    eg_config_default(&r->settings.config);
    eg_read_default(&r->settings.read);
    r->settings.read.as_values = true;
    r->settings.read.encoding = encoding;
    r->work = (raster_work){.settings = &r->settings, .batch = &r->batch, .neighbours = true};
}

/* Adds an input, "sub/a.asc" below the scratch folder. */
static void add_input(run *r, const char *name)
{
    const char *path = scratch(name);
    r->list.items = realloc(r->list.items, (r->list.count + 1) * sizeof *r->list.items);
    assert_non_null(r->list.items);
    r->list.items[r->list.count++] =
        (batch_item){.input = strdup(path), .relative_offset = strlen(scratch("")) + 1, .size = 1};
}

static void find(run *r)
{
    assert_int_equal(batch_find_neighbours(&r->list, &r->work, 2), EXIT_DONE);
}

static void end(run *r)
{
    batch_list_free(&r->list);
}

/* Returns the neighbours of an item as "name@column,row ...", in the order of the rows. */
static const char *neighbours_of(const run *r, const char *name)
{
    static char text[4096];
    const size_t root = strlen(scratch("")) + 1;
    text[0] = '\0';
    for (size_t i = 0; i < r->list.count; i++) {
        const batch_item *item = &r->list.items[i];
        if (strcmp(item->input + root, name) != 0)
            continue;
        for (size_t k = 0; k < item->neighbour_count; k++) {
            const batch_neighbour *n = &item->neighbours[k];
            size_t used = strlen(text);
            snprintf(text + used, sizeof text - used, "%s%s@%td,%td", k ? " " : "",
                     r->list.items[n->item].input + root, n->column, n->row);
        }
        assert_int_equal(item->neighbours_hash != 0, item->neighbour_count > 0);
        return text;
    }
    fail_msg("no input %s", name);
    return text;
}

static void make_folders(const char *name)
{
    char folder[NAME_SIZE];
    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - name), name);
        mkdir(scratch(folder), 0777);
    }
}

/* Writes an ASCII grid and adds it. (x, y) is the upper left corner. */
static void add_grid(run *r, const char *name, double x, double y, size_t width, size_t height,
                     double cell)
{
    char text[1024];
    int used = snprintf(text, sizeof text,
                        "ncols %zu\nnrows %zu\nxllcorner %.17g\nyllcorner %.17g\ncellsize %.17g\n",
                        width, height, x, y - (double)height * cell, cell);
    make_folders(name);
    write_bytes(scratch(name), text, (size_t)used);
    add_input(r, name);
}

static void add_degrees(const char *grid)
{
    static const char wkt[] =
        "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],"
        "PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]]";
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%.*s.prj", (int)strcspn(grid, "."), grid);
    write_bytes(scratch(name), wkt, sizeof wkt - 1);
}

/* ---- georeferencing -------------------------------------------------------------------------- */

static void tiles_touch_or_share_cells(void **state)
{
    run r;
    (void)state;
    begin(&r, EG_ENCODING_NONE);
    add_grid(&r, "middle.asc", 1000, 2000, 10, 8, 5);
    add_grid(&r, "east.asc", 1050, 2000, 4, 8, 5);
    add_grid(&r, "west.asc", 1000 - 6 * 5 + 5, 2000, 6, 8, 5);
    add_grid(&r, "south.asc", 1000, 1960, 10, 3, 5);
    add_grid(&r, "corner.asc", 1050, 2015, 4, 3, 5);
    add_grid(&r, "apart.asc", 1055 + 20, 2000, 4, 8, 5);
    add_grid(&r, "shifted.asc", 1000.2, 2040, 10, 8, 5);
    add_grid(&r, "fine.asc", 1000, 2020, 10, 8, 2.5);
    find(&r);
    assert_string_equal(neighbours_of(&r, "middle.asc"),
                        "corner.asc@10,-3 west.asc@-5,0 east.asc@10,0 south.asc@0,8");
    assert_string_equal(neighbours_of(&r, "west.asc"), "middle.asc@5,0 south.asc@5,8");
    assert_string_equal(neighbours_of(&r, "corner.asc"), "middle.asc@-10,3 east.asc@0,3");
    assert_string_equal(neighbours_of(&r, "apart.asc"), "");
    assert_string_equal(neighbours_of(&r, "shifted.asc"), "");
    assert_string_equal(neighbours_of(&r, "fine.asc"), "");
    end(&r);
}

/* The two outermost rows and columns suffice, unless rasters overlap by more than one. */
static void borders_suffice_for_small_overlaps(void **state)
{
    static const struct {
        double x, y;
        size_t width, height;
        bool border;
    } cases[] = {{10, 0, 10, 10, true},  {9, 0, 10, 10, true},   {8, 0, 10, 10, false},
                 {-9, 0, 10, 10, true},  {-8, 0, 10, 10, false}, {0, 10, 10, 10, true},
                 {0, -9, 10, 10, true},  {0, -8, 10, 10, false}, {9, 9, 10, 10, true},
                 {8, 9, 10, 10, true},   {8, 8, 10, 10, false},  {-5, 10, 30, 10, true},
                 {-5, 8, 30, 10, false}, {10, -5, 10, 30, true}, {8, 2, 3, 3, true},
                 {8, 2, 4, 4, true},     {8, 2, 5, 5, false}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        run r;
        begin(&r, EG_ENCODING_NONE);
        add_grid(&r, "one.asc", 0, 0, 10, 10, 1);
        add_grid(&r, "two.asc", cases[i].x, cases[i].y, cases[i].width, cases[i].height, 1);
        find(&r);
        if (r.list.items[0].neighbour_count != 1)
            fail_msg("case %zu: no neighbours", i);
        if (r.list.items[0].neighbours->border != cases[i].border)
            fail_msg("case %zu: the border %s", i,
                     cases[i].border ? "suffices" : "does not suffice");
        end(&r);
    }
}

/* Every tile of a large mosaic has its eight neighbours. */
static void all_neighbours_are_found(void **state)
{
    enum { TILES = 12 };
    run r;
    char name[NAME_SIZE];
    (void)state;
    begin(&r, EG_ENCODING_NONE);
    for (int i = 0; i < TILES * TILES; i++) {
        snprintf(name, sizeof name, "large/%d.asc", i);
        add_grid(&r, name, -300.0 + i % TILES * 50, 250.0 - i / TILES * 70, 5 + i % TILES % 2, 7,
                 10);
    }
    find(&r);
    for (int i = 0; i < TILES * TILES; i++) {
        int x = i % TILES, y = i / TILES;
        size_t wide = x == 0 || x == TILES - 1 ? 2 : 3, high = y == 0 || y == TILES - 1 ? 2 : 3;
        assert_int_equal(r.list.items[i].neighbour_count, wide * high - 1);
    }
    end(&r);
}

static void the_globe_is_round(void **state)
{
    run r;
    (void)state;
    begin(&r, EG_ENCODING_NONE);
    add_grid(&r, "e.asc", 175, 10, 10, 10, 0.5);
    add_grid(&r, "w.asc", -180, 10, 10, 10, 0.5);
    add_grid(&r, "far.asc", 0, 10, 10, 10, 0.5);
    add_degrees("e.asc");
    add_degrees("w.asc");
    add_degrees("far.asc");
    find(&r);
    assert_string_equal(neighbours_of(&r, "e.asc"), "w.asc@10,0");
    assert_string_equal(neighbours_of(&r, "w.asc"), "e.asc@-10,0");
    assert_string_equal(neighbours_of(&r, "far.asc"), "");
    end(&r);
    begin(&r, EG_ENCODING_NONE); /* two hemispheres touch twice */
    add_grid(&r, "east.asc", 0, 90, 180, 180, 1);
    add_grid(&r, "west.asc", -180, 90, 180, 180, 1);
    add_degrees("east.asc");
    add_degrees("west.asc");
    find(&r);
    assert_string_equal(neighbours_of(&r, "east.asc"), "west.asc@-180,0 west.asc@180,0");
    end(&r);
    begin(&r, EG_ENCODING_NONE); /* one raster around the globe is no neighbour of itself */
    add_grid(&r, "globe.asc", -180, 90, 360, 180, 1);
    add_grid(&r, "tile.asc", -180, 10, 10, 10, 1);
    add_degrees("globe.asc");
    add_degrees("tile.asc");
    find(&r);
    assert_string_equal(neighbours_of(&r, "globe.asc"), "");
    assert_string_equal(neighbours_of(&r, "tile.asc"), "");
    end(&r);
}

/* Of rasters of one place none is a neighbour in its folder; other folders are other mosaics. */
static void alternatives_are_not_mixed(void **state)
{
    run r;
    (void)state;
    begin(&r, EG_ENCODING_NONE);
    add_grid(&r, "x/a.asc", 0, 0, 10, 10, 1);
    add_grid(&r, "x/b.asc", 10, 0, 10, 10, 1);
    add_grid(&r, "x/b2.asc", 11, 0, 9, 11, 1);
    add_grid(&r, "x/c.asc", 20, 0, 10, 10, 1);
    add_grid(&r, "x/d.asc", 30, 0, 10, 10, 1);
    find(&r);
    assert_string_equal(neighbours_of(&r, "x/a.asc"), "");
    assert_string_equal(neighbours_of(&r, "x/b.asc"), "");
    assert_string_equal(neighbours_of(&r, "x/b2.asc"), "");
    assert_string_equal(neighbours_of(&r, "x/c.asc"), "x/d.asc@10,0");
    end(&r);
    begin(&r, EG_ENCODING_NONE);
    add_grid(&r, "x/a.asc", 0, 0, 10, 10, 1);
    add_grid(&r, "y/b.asc", 10, 0, 10, 10, 1);
    find(&r);
    assert_string_equal(neighbours_of(&r, "x/a.asc"), "y/b.asc@10,0");
    end(&r);
    begin(&r, EG_ENCODING_NONE);
    add_grid(&r, "x/a.asc", 0, 0, 10, 10, 1);
    add_grid(&r, "y/a.asc", 0, 0, 10, 10, 1);
    add_grid(&r, "y/b.asc", 10, 0, 10, 10, 1);
    find(&r);
    assert_string_equal(neighbours_of(&r, "x/a.asc"), "");
    assert_string_equal(neighbours_of(&r, "y/a.asc"), "y/b.asc@10,0");
    assert_string_equal(neighbours_of(&r, "y/b.asc"), "y/a.asc@-10,0");
    end(&r);
}

/* A mosaic is no neighbour of its tiles, but they are of each other. */
static void mosaics_do_not_disturb(void **state)
{
    run r;
    (void)state;
    begin(&r, EG_ENCODING_NONE);
    add_grid(&r, "all.asc", 0, 0, 30, 30, 1);
    for (int i = 0; i < 9; i++) {
        char name[NAME_SIZE];
        snprintf(name, sizeof name, "t%d.asc", i);
        add_grid(&r, name, i % 3 * 10, -(i / 3 * 10), 10, 10, 1);
    }
    find(&r);
    assert_string_equal(neighbours_of(&r, "all.asc"), "");
    assert_string_equal(neighbours_of(&r, "t0.asc"), "t1.asc@10,0 t3.asc@0,10 t4.asc@10,10");
    end(&r);
}

static void order_of_inputs_does_not_matter(void **state)
{
    static const char *const names[] = {"p.asc", "q.asc", "s.asc"};
    uint64_t hash = 0;
    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        run r;
        begin(&r, EG_ENCODING_NONE);
        for (int i = 0; i < 3; i++) {
            int k = (i + turn) % 3;
            add_grid(&r, names[k], k * 10, 0, 10, 10, 1);
        }
        find(&r);
        assert_string_equal(neighbours_of(&r, "q.asc"), "p.asc@-10,0 s.asc@10,0");
        for (size_t i = 0; i < 3; i++)
            if (r.list.items[i].neighbour_count == 2) {
                assert_true(turn == 0 || r.list.items[i].neighbours_hash == hash);
                hash = r.list.items[i].neighbours_hash;
            }
        end(&r);
    }
}

/* ---- paths ----------------------------------------------------------------------------------- */

/* How the numbers of a tile's path follow from its column and row. */
typedef enum numbering { NORTH_DOWN, SOUTH_UP, ROW_FIRST, NUMBERINGS } numbering;

static void tile_name(char *name, size_t size, const char *folder, numbering how, int zoom, int x,
                      int y)
{
    int a = how == ROW_FIRST ? y : x;
    int b = how == ROW_FIRST ? x : how == SOUTH_UP ? (1 << zoom) - 1 - y : y;
    snprintf(name, size, "%s%d/%d/%d.png", folder, zoom, a, b);
}

/* Writes a tile of a hilly surface, or of a level one. */
static void write_tile(const char *name, size_t width, int x, int y, bool hilly)
{
    eg_grid grid;
    eg_write_options options;
    eg_write_default(&options);
    options.encoding = EG_ENCODING_TERRARIUM;
    assert_int_equal(eg_grid_new(&grid, ctx, width, SIDE, EG_F32, NULL), EG_OK);
    for (size_t row = 0; row < SIDE; row++)
        for (size_t column = 0; column < width; column++) {
            double east = (double)column + SIDE * x, south = (double)row + SIDE * y;
            double height = hilly ? 50 * sin(east / 9) + 70 * cos(south / 7) + east : 3;
            set_sample(&grid, column, row, height);
        }
    make_folders(name);
    assert_int_equal(eg_save(&grid, ctx, scratch(name), &options, NULL), EG_OK);
    eg_grid_free(&grid);
}

static void add_tile(run *r, const char *folder, numbering how, int zoom, int x, int y, bool hilly)
{
    char name[NAME_SIZE];
    tile_name(name, sizeof name, folder, how, zoom, x, y);
    write_tile(name, SIDE, x, y, hilly);
    add_input(r, name);
}

static const char *neighbours_of_tile(const run *r, numbering how, int x, int y)
{
    char name[NAME_SIZE];
    tile_name(name, sizeof name, "", how, 3, x, y);
    return neighbours_of(r, name);
}

/* The order of the numbers follows from the elevations. */
static void numbering_is_found(void **state)
{
    (void)state;
    for (int how = 0; how < NUMBERINGS; how++) {
        run r;
        char wanted[NAME_SIZE * 8] = "";
        begin(&r, EG_ENCODING_TERRARIUM);
        for (int x = 2; x < 6; x++)
            for (int y = 1; y < 5; y++)
                add_tile(&r, "", (numbering)how, 3, x, y, true);
        find(&r);
        for (int i = 0; i < 9; i++) {
            char name[NAME_SIZE];
            size_t used = strlen(wanted);
            tile_name(name, sizeof name, "", (numbering)how, 3, 3 + i % 3 - 1, 2 + i / 3 - 1);
            if (i != 4)
                snprintf(wanted + used, sizeof wanted - used, "%s%s@%d,%d", i ? " " : "", name,
                         (i % 3 - 1) * SIDE, (i / 3 - 1) * SIDE);
        }
        assert_string_equal(neighbours_of_tile(&r, (numbering)how, 3, 2), wanted);
        end(&r);
    }
}

static void columns_wrap_around(void **state)
{
    run r;
    (void)state;
    begin(&r, EG_ENCODING_TERRARIUM);
    add_tile(&r, "a/", NORTH_DOWN, 3, 7, 0, false);
    add_tile(&r, "a/", NORTH_DOWN, 3, 0, 0, false);
    add_tile(&r, "a/", NORTH_DOWN, 3, 0, 7, false); /* rows do not */
    add_tile(&r, "a/", NORTH_DOWN, 2, 0, 0, false); /* another zoom */
    add_tile(&r, "b/", NORTH_DOWN, 3, 1, 0, false); /* another set */
    add_tile(&r, "a/", NORTH_DOWN, 0, 0, 0, false); /* the whole globe */
    find(&r);
    assert_string_equal(neighbours_of(&r, "a/3/7/0.png"), "a/3/0/0.png@8,0");
    assert_string_equal(neighbours_of(&r, "a/3/0/0.png"), "a/3/7/0.png@-8,0");
    assert_string_equal(neighbours_of(&r, "a/3/0/7.png"), "");
    assert_string_equal(neighbours_of(&r, "a/2/0/0.png"), "");
    assert_string_equal(neighbours_of(&r, "b/3/1/0.png"), "");
    assert_string_equal(neighbours_of(&r, "a/0/0/0.png"), "");
    end(&r);
    begin(&r, EG_ENCODING_TERRARIUM); /* two columns are neighbours on both sides */
    add_tile(&r, "a/", NORTH_DOWN, 1, 0, 0, false);
    add_tile(&r, "a/", NORTH_DOWN, 1, 1, 0, false);
    find(&r);
    assert_string_equal(neighbours_of(&r, "a/1/0/0.png"), "a/1/1/0.png@-8,0 a/1/1/0.png@8,0");
    end(&r);
}

static void other_files_are_no_map_tiles(void **state)
{
    static const char *const names[][2] = {
        {"3/1/1.png", "3/2/1.png"},   {"3/1/8.png", "3/2/8.png"},  {"3/1/x1.png", "3/2/x1.png"},
        {"z/1/1.png", "z/2/1.png"},   {"9/1.png", "9/2.png"},      {"99/1/1.png", "99/2/1.png"},
        {"4/1/1/.png", "4/2/1/.png"}, {"5/1/-1.png", "5/2/-1.png"}};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        for (int wide = 0; wide < 2; wide++) {
            run r;
            begin(&r, EG_ENCODING_TERRARIUM);
            for (int k = 0; k < 2; k++) {
                write_tile(names[i][k], wide ? SIDE + 1 : SIDE, k, 0, true);
                add_input(&r, names[i][k]);
            }
            find(&r);
            assert_int_equal(r.list.items[0].neighbour_count, i == 0 && !wide);
            end(&r);
        }
}

/* ---- what is left out ------------------------------------------------------------------------ */

static void unreadable_inputs_are_left_out(void **state)
{
    run r;
    (void)state;
    begin(&r, EG_ENCODING_NONE);
    add_grid(&r, "one.asc", 0, 0, 10, 10, 1);
    add_grid(&r, "two.asc", 10, 0, 10, 10, 1);
    add_grid(&r, "three.asc", 20, 0, 10, 10, 1);
    add_grid(&r, "pipe.asc", -10, 0, 10, 10, 1);
    write_bytes(scratch("three.asc"), "ncols", 5);
    r.list.items[3].streaming = true;
    find(&r);
    assert_string_equal(neighbours_of(&r, "one.asc"), "two.asc@10,0");
    assert_string_equal(neighbours_of(&r, "two.asc"), "one.asc@-10,0");
    end(&r);
    begin(&r, EG_ENCODING_NONE);
    r.work.neighbours = false;
    add_grid(&r, "one.asc", 0, 0, 10, 10, 1);
    add_grid(&r, "two.asc", 10, 0, 10, 10, 1);
    find(&r);
    assert_string_equal(neighbours_of(&r, "one.asc"), "");
    end(&r);
}

static int start(void **state)
{
    ctx = test_context(1, 0, NULL);
    return make_scratch(state);
}

static int stop(void **state)
{
    close_context(ctx);
    return remove_scratch(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_touch_or_share_cells),
        cmocka_unit_test(borders_suffice_for_small_overlaps),
        cmocka_unit_test(all_neighbours_are_found),
        cmocka_unit_test(the_globe_is_round),
        cmocka_unit_test(alternatives_are_not_mixed),
        cmocka_unit_test(mosaics_do_not_disturb),
        cmocka_unit_test(order_of_inputs_does_not_matter),
        cmocka_unit_test(numbering_is_found),
        cmocka_unit_test(columns_wrap_around),
        cmocka_unit_test(other_files_are_no_map_tiles),
        cmocka_unit_test(unreadable_inputs_are_left_out),
    };
    return cmocka_run_group_tests_name("tiles", tests, start, stop);
}
