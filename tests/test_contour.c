/* SPDX-License-Identifier: MIT */
/* Tests contour lines: surfaces whose lines are known, and properties that every line has. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "files.h"

/* ---- recorded lines -------------------------------------------------------------------------- */

typedef struct recorded {
    double *points; /* of all lines, x, y ... */
    size_t point_count;
    struct line {
        size_t first, count;
        double level;
        bool closed;
    } * lines;
    size_t count;
    eg_contour_result result;
} recorded;

static eg_status record(void *opaque, const eg_line *line, eg_error *error)
{
    recorded *r = opaque;
    (void)error;
    r->points = realloc(r->points, (r->point_count + line->count) * 2 * sizeof *r->points);
    r->lines = realloc(r->lines, (r->count + 1) * sizeof *r->lines);
    assert_non_null(r->points);
    assert_non_null(r->lines);
    memcpy(r->points + 2 * r->point_count, line->points, line->count * 2 * sizeof *line->points);
    r->lines[r->count++] = (struct line){r->point_count, line->count, line->level, line->closed};
    r->point_count += line->count;
    return EG_OK;
}

static void forget(recorded *r)
{
    free(r->points);
    free(r->lines);
    *r = (recorded){.points = NULL};
}

static recorded lines_with(eg_context *ctx, const eg_grid *grid, const eg_contour_options *options)
{
    recorded r = {.points = NULL};
    eg_error error = {0};
    eg_source *source;
    assert_int_equal(eg_source_grid(&source, ctx, grid, NULL), EG_OK);
    if (eg_contour_lines(source, options, record, &r, &r.result, &error) != EG_OK)
        fail_msg("%s", error.message);
    eg_source_close(source);
    assert_int_equal(r.result.lines, r.count);
    assert_int_equal(r.result.points, r.point_count);
    return r;
}

static recorded lines_at(eg_context *ctx, const eg_grid *grid, double level)
{
    eg_contour_options o;
    eg_contour_default(&o);
    o.levels = &level;
    o.level_count = 1;
    return lines_with(ctx, grid, &o);
}

static recorded lines_every(eg_context *ctx, const eg_grid *grid, double interval, double base)
{
    eg_contour_options o;
    eg_contour_default(&o);
    o.interval = interval;
    o.base = base;
    return lines_with(ctx, grid, &o);
}

static double length_of(const recorded *r, size_t i)
{
    double length = 0;
    const double *p = r->points + 2 * r->lines[i].first;
    for (size_t k = 1; k < r->lines[i].count; k++)
        length += hypot(p[2 * k] - p[2 * k - 2], p[2 * k + 1] - p[2 * k - 1]);
    return length;
}

/* Returns twice the area that a closed line encloses, positive if it runs clockwise as displayed.
 */
static double area_of(const recorded *r, size_t i)
{
    double area = 0;
    const double *p = r->points + 2 * r->lines[i].first;
    for (size_t k = 1; k < r->lines[i].count; k++)
        area += p[2 * k - 2] * p[2 * k + 1] - p[2 * k] * p[2 * k - 1];
    return area;
}

static eg_grid grid_of(eg_context *ctx, size_t width, size_t height, const double *values)
{
    eg_grid grid;
    assert_int_equal(eg_grid_new(&grid, ctx, width, height, EG_F64, NULL), EG_OK);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            set_sample(&grid, x, y, values[y * width + x]);
    return grid;
}

/* Fails unless a line has exactly these points. */
static void assert_line(const recorded *r, size_t i, const double *points, size_t count)
{
    assert_int_equal(r->lines[i].count, count);
    assert_memory_equal(r->points + 2 * r->lines[i].first, points, count * 2 * sizeof *points);
}

static eg_context *ctx;

static int open_context(void **state)
{
    (void)state;
    ctx = test_context(2, 3, NULL);
    return 0;
}

static int shut_context(void **state)
{
    (void)state;
    close_context(ctx); /* complains of leaks */
    return 0;
}

/* ---- known lines ----------------------------------------------------------------------------- */

static void test_cone(void **state)
{
    (void)state;
    enum { SIDE = 101 };
    eg_grid grid;
    assert_int_equal(eg_grid_new(&grid, ctx, SIDE, SIDE, EG_F64, NULL), EG_OK);
    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++)
            set_sample(&grid, x, y, 45.3 - hypot((double)x - 50, (double)y - 50));
    recorded r = lines_every(ctx, &grid, 5, 0);
    size_t rings = 0;
    for (size_t i = 0; i < r.count; i++) {
        const double radius = 45.3 - r.lines[i].level;
        if (!r.lines[i].closed)
            continue;
        rings++;
        assert_within(length_of(&r, i) / (2 * M_PI * radius), 1, radius > 5 ? 0.01 : 0.1);
        assert_true(area_of(&r, i) < 0); /* higher inside, which is on the left */
        for (size_t k = 0; k < r.lines[i].count; k++) {
            const double *p = r.points + 2 * (r.lines[i].first + k);
            assert_within(hypot(p[0] - 50, p[1] - 50), radius, 0.13 / radius + 1e-9);
        }
    }
    assert_int_equal(rings, 10); /* levels 0 to 45 */
    forget(&r);
    eg_grid_free(&grid);
}

/* A plane has straight lines from border to border. */
static void test_plane(void **state)
{
    (void)state;
    const double values[] = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
    eg_grid grid = grid_of(ctx, 4, 3, values);
    recorded r = lines_at(ctx, &grid, 1.25);
    assert_int_equal(r.count, 1);
    assert_false(r.lines[0].closed);
    assert_line(&r, 0, (const double[]){1.25, 0, 1.25, 1, 1.25, 2}, 3);
    forget(&r);
    r = lines_at(ctx, &grid, 2); /* equal to samples, which count as above */
    assert_int_equal(r.count, 1);
    assert_line(&r, 0, (const double[]){2, 0, 2, 1, 2, 2}, 3);
    forget(&r);
    assert_int_equal(lines_at(ctx, &grid, 0).count, 0);
    assert_int_equal(lines_at(ctx, &grid, 3.5).count, 0);
    eg_grid_free(&grid);
}

/* The mean of the corners decides which corners of a saddle are connected. */
static void test_saddle(void **state)
{
    (void)state;
    const double low[] = {3, 0, 0, 3};    /* mean 1.5 */
    const double rising[] = {0, 4, 4, 0}; /* mean 2 */
    eg_grid grid = grid_of(ctx, 2, 2, low);
    recorded r = lines_at(ctx, &grid, 1.5); /* the mean counts as above: 0s are cut off */
    assert_int_equal(r.count, 2);
    assert_line(&r, 0, (const double[]){1, 0.5, 0.5, 0}, 2);
    assert_line(&r, 1, (const double[]){0, 0.5, 0.5, 1}, 2);
    forget(&r);
    r = lines_at(ctx, &grid, 1.875); /* 3s are cut off */
    assert_int_equal(r.count, 2);
    assert_line(&r, 0, (const double[]){0, 0.375, 0.375, 0}, 2);
    assert_line(&r, 1, (const double[]){1, 0.625, 0.625, 1}, 2);
    forget(&r);
    eg_grid_free(&grid);
    grid = grid_of(ctx, 2, 2, rising);
    r = lines_at(ctx, &grid, 1);
    assert_int_equal(r.count, 2);
    assert_line(&r, 0, (const double[]){0.25, 0, 0, 0.25}, 2);
    assert_line(&r, 1, (const double[]){0.75, 1, 1, 0.75}, 2);
    forget(&r);
    r = lines_at(ctx, &grid, 3);
    assert_line(&r, 0, (const double[]){0.75, 0, 1, 0.25}, 2);
    assert_line(&r, 1, (const double[]){0.25, 1, 0, 0.75}, 2);
    forget(&r);
    eg_grid_free(&grid);
}

/* Degenerate rings: a peak at the level is no line, a ridge at it runs there and back. */
static void test_peaks_at_level(void **state)
{
    (void)state;
    const double peak[] = {0, 0, 0, 0, 5, 0, 0, 0, 0};
    const double ridge[] = {0, 0, 0, 0, 0, 5, 5, 0, 0, 0, 0, 0};
    eg_grid grid = grid_of(ctx, 3, 3, peak);
    assert_int_equal(lines_at(ctx, &grid, 5).count, 0);
    recorded r = lines_at(ctx, &grid, 2.5);
    assert_int_equal(r.count, 1);
    assert_true(r.lines[0].closed);
    assert_line(&r, 0, (const double[]){1, 0.5, 0.5, 1, 1, 1.5, 1.5, 1, 1, 0.5}, 5);
    forget(&r);
    eg_grid_free(&grid);
    grid = grid_of(ctx, 4, 3, ridge);
    r = lines_at(ctx, &grid, 5);
    assert_int_equal(r.count, 1);
    assert_line(&r, 0, (const double[]){1, 1, 2, 1, 1, 1}, 3);
    forget(&r);
    eg_grid_free(&grid);
}

static void test_missing(void **state)
{
    (void)state;
    const double values[] = {0, 0, 0, 0, 2, 2, NAN, 2, 2, 2, 2, 2};
    eg_grid grid = grid_of(ctx, 4, 3, values);
    recorded r = lines_at(ctx, &grid, 1);
    assert_int_equal(r.count, 1); /* the cells beside the missing sample have no lines */
    assert_line(&r, 0, (const double[]){1, 0.5, 0, 0.5}, 2);
    forget(&r);
    for (size_t i = 0; i < 12; i++)
        set_sample(&grid, i % 4, i / 4, i % 2 ? INFINITY : NAN);
    assert_int_equal(lines_at(ctx, &grid, 1).count, 0);
    eg_grid_free(&grid);
}

/* Values whose difference overflows. */
static void test_overflow(void **state)
{
    (void)state;
    const double values[] = {-1.5e308, 1.5e308, -1.5e308, 1.5e308};
    eg_grid grid = grid_of(ctx, 2, 2, values);
    recorded r = lines_at(ctx, &grid, 0);
    assert_int_equal(r.count, 1);
    assert_line(&r, 0, (const double[]){0.5, 0, 0.5, 1}, 2);
    forget(&r);
    eg_grid_free(&grid);
}

/* ---- properties of all lines ----------------------------------------------------------------- */

/* Returns the interpolated value at a point on a side of a cell; NaN elsewhere. */
static double value_at(const eg_grid *grid, const double p[2])
{
    const double x = floor(p[0]), y = floor(p[1]), fx = p[0] - x, fy = p[1] - y;
    if (fx != 0 && fy != 0)
        return (double)NAN;
    double a = sample_at(grid, (size_t)x, (size_t)y);
    if (fx == 0 && fy == 0)
        return a;
    double b = sample_at(grid, (size_t)x + (fx != 0), (size_t)y + (fy != 0));
    return a + (fx != 0 ? fx : fy) * (b - a);
}

/* Returns true if a line may end at a point: at the border, or beside a cell that lacks a sample.
 */
static bool is_end(const eg_grid *grid, const double p[2])
{
    if (p[0] == 0 || p[1] == 0 || p[0] == (double)(grid->width - 1) ||
        p[1] == (double)(grid->height - 1))
        return true;
    for (size_t y = (size_t)ceil(p[1]) - 1; y <= (size_t)p[1] + 1; y++)
        for (size_t x = (size_t)ceil(p[0]) - 1; x <= (size_t)p[0] + 1; x++)
            if (!isfinite(sample_at(grid, x, y)))
                return true;
    return false;
}

static void check_lines(const eg_grid *grid, const recorded *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct line *l = &r->lines[i];
        const double *p = r->points + 2 * l->first, *end = p + 2 * (l->count - 1);
        assert_true(l->count >= 2);
        assert_true(l->closed ? p[0] == end[0] && p[1] == end[1]
                              : is_end(grid, p) && is_end(grid, end));
        for (size_t k = 0; k < l->count; k++, p += 2) {
            assert_within(value_at(grid, p), l->level, 1e-9 * (1 + fabs(l->level)));
            assert_true(k == 0 || p[0] != p[-2] || p[1] != p[-1]);
            if (l->closed) /* begins at its topmost point */
                assert_true(p[1] > end[1] || (p[1] == end[1] && p[0] >= end[0]));
        }
    }
}

/* Counts by definition the pieces of lines in all cells: two for each saddle, else one. */
static size_t count_pieces(const eg_grid *grid, double level)
{
    size_t count = 0;
    for (size_t y = 0; y + 1 < grid->height; y++)
        for (size_t x = 0; x + 1 < grid->width; x++) {
            const double c[4] = {sample_at(grid, x, y), sample_at(grid, x + 1, y),
                                 sample_at(grid, x + 1, y + 1), sample_at(grid, x, y + 1)};
            size_t changes = 0;
            bool missing = false;
            for (size_t i = 0; i < 4; i++) {
                missing = missing || !isfinite(c[i]);
                changes += (c[i] >= level) != (c[(i + 1) % 4] >= level);
            }
            count += missing ? 0 : changes / 2;
        }
    return count;
}

static eg_grid rough_grid(size_t width, size_t height, eg_sample sample, unsigned holes)
{
    eg_grid grid;
    noise_grid(&grid, ctx, width, height, sample, 7, 1);
    for (unsigned i = 0; i < holes && sample != EG_U8; i++)
        set_sample(&grid, (i * 31 + 5) % width, (i * 17 + 3) % height, (double)NAN);
    return grid;
}

static void test_properties(void **state)
{
    (void)state;
    static const eg_sample samples[] = {EG_U8, EG_F32, EG_F64};
    for (size_t i = 0; i < COUNT(samples); i++) {
        eg_grid grid = rough_grid(67, 53, samples[i], 19);
        double low = INFINITY, high = -INFINITY;
        for (size_t k = 0; k < 67 * 53; k++) {
            double v = sample_at(&grid, k % 67, k / 67);
            low = fmin(low, v);
            high = fmax(high, v);
        }
        recorded r = lines_every(ctx, &grid, (high - low) / 9.7, low);
        assert_true(r.count > 50);
        assert_true(r.result.lowest == low && r.result.highest == high);
        check_lines(&grid, &r);
        forget(&r);
        /* no line is lost: their pieces are those of the cells, where no level is a sample */
        double level = low + (high - low) * 0.4321 + 1e-4;
        r = lines_at(ctx, &grid, level);
        assert_int_equal(r.point_count - r.count, count_pieces(&grid, level));
        forget(&r);
        eg_grid_free(&grid);
    }
}

static void assert_same_lines(const recorded *a, const recorded *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->point_count, b->point_count);
    assert_memory_equal(a->points, b->points, a->point_count * 2 * sizeof *a->points);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->lines[i].count, b->lines[i].count);
        assert_true(a->lines[i].level == b->lines[i].level);
        assert_int_equal(a->lines[i].closed, b->lines[i].closed);
    }
}

typedef struct settings_case {
    eg_grid grid;
    recorded expected;
    double interval, base;
} settings_case;

static void check_setting(eg_context *other, void *opaque)
{
    const settings_case *c = opaque;
    recorded r = lines_every(other, &c->grid, c->interval, c->base);
    assert_same_lines(&r, &c->expected);
    forget(&r);
}

/* Order and coordinates depend neither on strips nor on threads, with levels at samples as well. */
static void test_settings(void **state)
{
    (void)state;
    static const eg_sample samples[] = {EG_U8, EG_F32};
    for (size_t i = 0; i < COUNT(samples); i++)
        for (int whole = 0; whole < 2; whole++) {
            settings_case c = {.grid = rough_grid(33, 27, samples[i], 40), .interval = 16};
            c.base = whole ? 0 : 0.5;
            eg_context *one = test_context(1, 1000, NULL);
            for (size_t k = 0; whole && k < 33 * 27; k++)
                set_sample(&c.grid, k % 33, k / 33,
                           nearbyint(sample_at(&c.grid, k % 33, k / 33) / 16) * 16);
            if (samples[i] == EG_F32 && !whole)
                c.interval = 3.7;
            c.expected = lines_every(one, &c.grid, c.interval, c.base);
            assert_true(c.expected.count > 20);
            for_every_setting(check_setting, &c);
            forget(&c.expected);
            eg_context_free(one);
            eg_grid_free(&c.grid);
        }
}

/* The lines of a window are those of its rows alone. */
static void test_window(void **state)
{
    (void)state;
    enum { FIRST = 11, ROWS = 23 };
    eg_grid grid = rough_grid(50, 60, EG_F32, 9), rows = grid;
    rows.data = (char *)grid.data + FIRST * grid.stride;
    rows.height = ROWS;
    recorded window = {.points = NULL}, alone = lines_every(ctx, &rows, 20, 0);
    const eg_contour_options o = {.interval = 20};
    eg_source *source;
    assert_int_equal(eg_source_grid(&source, ctx, &grid, NULL), EG_OK);
    assert_int_equal(eg_source_rows(source, FIRST, ROWS, NULL), EG_OK);
    assert_int_equal(eg_contour_lines(source, &o, record, &window, NULL, NULL), EG_OK);
    assert_same_lines(&window, &alone);
    eg_source_close(source);
    forget(&window);
    forget(&alone);
    eg_grid_free(&grid);
}

/* A list of levels gives the lines of an interval. */
static void test_listed(void **state)
{
    (void)state;
    const double levels[] = {60, 20, 40, 20, 80, 100, 120, 140, 160, 180, 200, 220, 240, 0, -20};
    eg_grid grid = rough_grid(40, 40, EG_U8, 0);
    eg_contour_options o;
    eg_contour_default(&o);
    o.levels = levels;
    o.level_count = COUNT(levels);
    recorded a = lines_with(ctx, &grid, &o), b = lines_every(ctx, &grid, 20, -100);
    assert_same_lines(&a, &b);
    forget(&a);
    forget(&b);
    eg_grid_free(&grid);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static eg_error failure_of(const eg_grid *grid, double interval, double base, const double *levels,
                           size_t count)
{
    eg_error error = {0};
    eg_source *source;
    eg_contour_options o = {interval, base, levels, count};
    assert_int_equal(eg_source_grid(&source, ctx, grid, NULL), EG_OK);
    eg_contour_lines(source, &o, record, NULL, NULL, &error);
    eg_source_close(source);
    return error;
}

static void test_refusals(void **state)
{
    (void)state;
    const double values[] = {0, 1, 2, 1e9}, bad[] = {1, NAN};
    eg_grid grid = grid_of(ctx, 2, 2, values);
    static const double intervals[] = {0, -1, INFINITY};
    for (size_t i = 0; i < COUNT(intervals); i++)
        assert_int_equal(failure_of(&grid, intervals[i], 0, NULL, 0).status, EG_USAGE);
    assert_int_equal(failure_of(&grid, (double)NAN, 0, NULL, 0).status, EG_USAGE);
    assert_int_equal(failure_of(&grid, (double)NAN, 0, bad, 2).status, EG_USAGE);
    assert_int_equal(failure_of(&grid, 1, 0, values, 4).status, EG_USAGE);
    assert_int_equal(failure_of(&grid, 1, (double)NAN, NULL, 0).status, EG_USAGE);
    const eg_error many = failure_of(&grid, 1, 0, NULL, 0);
    assert_int_equal(many.status, EG_USAGE);
    assert_non_null(strstr(many.message, "more than 100000 levels"));
    assert_int_equal(failure_of(&grid, 1e-300, 0, NULL, 0).status, EG_USAGE);
    eg_grid_free(&grid);
}

/* Stops at the third line. */
static eg_status refuse_third(void *opaque, const eg_line *line, eg_error *error)
{
    size_t *seen = opaque;
    (void)line, (void)error;
    return ++*seen == 3 ? EG_FILE : EG_OK;
}

static void test_callback_fails(void **state)
{
    (void)state;
    size_t seen = 0;
    eg_source *source;
    eg_grid grid = rough_grid(40, 40, EG_F32, 3);
    eg_contour_options o = {.interval = 0.05};
    assert_int_equal(eg_source_grid(&source, ctx, &grid, NULL), EG_OK);
    assert_int_not_equal(eg_contour_lines(source, &o, refuse_third, &seen, NULL, NULL), EG_OK);
    assert_int_equal(seen, 3);
    eg_source_close(source);
    eg_grid_free(&grid);
}

static eg_status count_line(void *opaque, const eg_line *line, eg_error *error)
{
    (void)line, (void)error;
    ++*(size_t *)opaque;
    return EG_OK;
}

/* Every allocation fails in turn. */
static void test_no_memory(void **state)
{
    (void)state;
    eg_grid grid = rough_grid(40, 60, EG_F32, 3);
    eg_status status = EG_NO_MEMORY;
    long k = 0;
    for (; status != EG_OK; k++) {
        eg_source *source;
        size_t seen = 0;
        eg_error error = {0};
        eg_contour_options o = {.interval = 20};
        assert_int_equal(eg_source_grid(&source, ctx, &grid, NULL), EG_OK);
        ctx->fail_after = k;
        status = eg_contour_lines(source, &o, count_line, &seen, NULL, &error);
        ctx->fail_after = -1;
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        assert_int_equal(status, error.status);
        eg_source_close(source);
    }
    assert_true(k > 10);
    eg_grid_free(&grid);
}

/* Memory is that of the strips and of the open lines: not of the raster, ten times as high. */
static void test_memory(void **state)
{
    (void)state;
    size_t peak[2];
    for (size_t i = 0; i < 2; i++) {
        eg_context *own = test_context(1, 16, NULL);
        eg_grid grid;
        size_t seen = 0;
        eg_source *source;
        eg_contour_options o = {.interval = 40};
        noise_grid(&grid, own, 64, i ? 3000 : 300, EG_U8, 3, 1);
        const size_t before = own->used;
        own->peak = before;
        assert_int_equal(eg_source_grid(&source, own, &grid, NULL), EG_OK);
        assert_int_equal(eg_contour_lines(source, &o, count_line, &seen, NULL, NULL), EG_OK);
        peak[i] = own->peak - before;
        eg_source_close(source);
        eg_grid_free(&grid);
        eg_context_free(own);
    }
    assert_true(peak[1] < 2 * peak[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cone),           cmocka_unit_test(test_plane),
        cmocka_unit_test(test_saddle),         cmocka_unit_test(test_peaks_at_level),
        cmocka_unit_test(test_missing),        cmocka_unit_test(test_overflow),
        cmocka_unit_test(test_properties),     cmocka_unit_test(test_settings),
        cmocka_unit_test(test_listed),         cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_callback_fails), cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_memory),         cmocka_unit_test(test_window),
    };
    return cmocka_run_group_tests(tests, open_context, shut_context);
}
