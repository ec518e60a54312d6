/* SPDX-License-Identifier: MIT */
/* Tests level curves against their grid, the choice of levels, and rendered files. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "files.h"
#include "plot/contour.h"
#include "plot/plot.h"

enum { SIDE = 81 };

static eg_context *ctx;

static int open_context(void **state)
{
    (void)state;
    ctx = test_context(1, 0, NULL);
    return 0;
}

static int shut_context(void **state)
{
    (void)state;
    close_context(ctx); /* complains of leaks */
    return 0;
}

/* ---- curves ---- */

typedef struct found {
    size_t curves, closed, points;
    double first[4]; /* ends of the last curve */
    double turn;     /* twice the area to the left of the last curve */
    const double *values;
    size_t columns;
    double level;
} found;

/* Checks that every point lies on a side of a cell, where linear interpolation gives the level. */
static void check_point(const found *f, const double p[2])
{
    double x = floor(p[0]), y = floor(p[1]), u = p[0] - x, v = p[1] - y;
    size_t at = (size_t)y * f->columns + (size_t)x;
    assert_true(u == 0 || v == 0);
    double a = f->values[at], b = f->values[u > 0 ? at + 1 : v > 0 ? at + f->columns : at];
    assert_within(a + (b - a) * (u + v), f->level, 1e-9 * (1 + fabs(f->level) + fabs(b - a)));
}

static void find(void *opaque, const eg_curve *curve)
{
    found *f = opaque;
    const double *p = curve->points, *last = p + 2 * (curve->count - 1);
    assert_true(curve->count >= 2);
    f->curves++;
    f->closed += curve->closed;
    f->points += curve->count - curve->closed;
    f->turn = 0;
    for (size_t i = 0; i < curve->count; i++) {
        check_point(f, p + 2 * i);
        if (i > 0)
            f->turn += p[2 * i - 2] * p[2 * i + 1] - p[2 * i] * p[2 * i - 1];
    }
    memcpy(f->first, p, 2 * sizeof *p);
    memcpy(f->first + 2, last, 2 * sizeof *p);
    if (curve->closed)
        assert_memory_equal(p, last, 2 * sizeof *p);
}

static found contour(const double values[], size_t columns, size_t rows, double level)
{
    found f = {.values = values, .columns = columns, .level = level};
    const eg_contour_grid grid = {.values = values, .columns = columns, .rows = rows};
    assert_int_equal(eg_contour(ctx, &grid, level, find, &f, NULL), EG_OK);
    return f;
}

static void test_circle(void **state)
{
    static double values[SIDE * SIDE];
    (void)state;
    for (int i = 0; i < SIDE * SIDE; i++)
        values[i] = hypot((double)(i % SIDE) - 40.2, (double)(i / SIDE) - 39.7);
    for (double radius = 0.9; radius < 39; radius += 1.7) {
        found f = contour(values, SIDE, SIDE, radius);
        double pi = 3.14159265358979323846;
        assert_int_equal(f.curves, 1);
        assert_int_equal(f.closed, 1);
        assert_within(fabs(f.turn) / 2, pi * radius * radius, 0.6 + 0.2 * radius);
    }
    assert_int_equal(contour(values, SIDE, SIDE, 1e3).curves, 0);
    assert_int_equal(contour(values, SIDE, SIDE, -1).curves, 0);
}

/* With four crossings, the corners on the side of the mean are connected. */
static void test_saddle_cells(void **state)
{
    static const double values[] = {1, 0, 0, 1}; /* high at 0,0 and 1,1 */
    (void)state;
    for (int k = 0; k < 2; k++) {
        double level = k ? 0.6 : 0.4;
        found f = contour(values, 2, 2, level);
        assert_int_equal(f.curves, 2);
        assert_int_equal(f.closed, 0);
        assert_int_equal(f.points, 4);
        /* Both ends of a line around a low corner, 1,0 or 0,1, are on one side of the diagonal x =
         * y. */
        double a = f.first[0] - f.first[1], b = f.first[2] - f.first[3];
        bool around_low = (a > 0) == (b > 0);
        assert_int_equal(around_low, level < 0.5);
    }
}

/* Returns true if both samples are finite, one at or above the level and one below. */
static bool crossed(const double values[], size_t a, size_t b, double level)
{
    return (values[a] >= level) != (values[b] >= level);
}

static bool whole(const double values[], size_t columns, size_t rows, size_t x, size_t y)
{
    if (x + 1 >= columns || y + 1 >= rows) /* 0 - 1 too */
        return false;
    size_t at = y * columns + x;
    return isfinite(values[at]) && isfinite(values[at + 1]) && isfinite(values[at + columns]) &&
           isfinite(values[at + columns + 1]);
}

/* Counts the sides of cells without holes that the level crosses. */
static size_t count_crossings(const double values[], size_t columns, size_t rows, double level)
{
    size_t count = 0;
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < columns; x++) {
            size_t at = y * columns + x;
            bool here = whole(values, columns, rows, x, y);
            if (x + 1 < columns && (here || (y > 0 && whole(values, columns, rows, x, y - 1))))
                count += crossed(values, at, at + 1, level);
            if (y + 1 < rows && (here || (x > 0 && whole(values, columns, rows, x - 1, y))))
                count += crossed(values, at, at + columns, level);
        }
    return count;
}

/* Each crossing is on one curve, once, also beside holes. */
static void test_noise(void **state)
{
    enum { COLUMNS = 37, ROWS = 23 };
    static double values[COLUMNS * ROWS];
    unsigned seed = 5;
    (void)state;
    for (int holes = 0; holes < 2; holes++) {
        for (size_t i = 0; i < COUNT(values); i++) {
            seed = seed * 1664525u + 1013904223u;
            values[i] = (double)(seed >> 16) / 65536;
            if (holes && (seed >> 8) % 9 == 0)
                values[i] = (seed >> 8) % 2 ? NAN : INFINITY;
        }
        for (double level = 0.05; level < 1; level += 0.15) {
            found f = contour(values, COLUMNS, ROWS, level);
            assert_int_equal(f.points, count_crossings(values, COLUMNS, ROWS, level));
            assert_true(f.curves > f.closed);
        }
    }
}

static void ignore(void *opaque, const eg_curve *curve)
{
    (void)opaque, (void)curve;
}

static void test_curves_without_memory(void **state)
{
    static double values[SIDE * SIDE];
    long k = 0;
    (void)state;
    for (int i = 0; i < SIDE * SIDE;
         i++) /* stripes that make one curve longer than the first block */
        values[i] = i / SIDE % 2 && (i % SIDE || i / SIDE % 4 == 1) &&
                    (i % SIDE < SIDE - 1 || i / SIDE % 4 == 3);
    for (bool complete = false; !complete; k++) {
        eg_context *with = test_context(1, 0, NULL);
        eg_error error = {0};
        atomic_store(&with->fail_after, k);
        const eg_contour_grid grid = {.values = values, .columns = SIDE, .rows = SIDE};
        eg_status status = eg_contour(with, &grid, 0.5, ignore, NULL, &error);
        complete = atomic_load(&with->fail_after) >= 0;
        assert_int_equal(status, complete ? EG_OK : EG_NO_MEMORY);
        close_context(with);
    }
    assert_in_range(k, 3, 100);
}

/* ---- levels ---- */

static size_t choose(double (*f)(double t), double levels[EG_PLOT_LEVELS])
{
    static double values[2001], sorted[2001];
    for (int i = 0; i <= 2000; i++)
        values[i] = f(i / 2000.0);
    return eg_plot_choose_levels(values, COUNT(values), sorted, levels);
}

static double even(double t)
{
    return 3 + 70 * t;
}

static double walls(double t)
{
    return 1000 * pow(t, 6);
}

static double roof(double t)
{
    return -1000 * pow(t, 6);
}

static double same(double t)
{
    return 0 * t + 4;
}

static double nothing(double t)
{
    return 0 * t + NAN;
}

static double with_holes(double t)
{
    return t < 0.1 ? NAN : t > 0.9 ? INFINITY : 3 + 70 * t;
}

static void test_levels(void **state)
{
    double levels[EG_PLOT_LEVELS], negative[EG_PLOT_LEVELS];
    size_t count = choose(even, levels);
    (void)state;
    assert_in_range(count, 6, 14);
    for (size_t i = 0; i < count; i++) {
        assert_true(levels[i] > 3 && levels[i] < 73);
        assert_within(levels[i], 10 * ((double)i + 1), 1e-9);
    }
    count = choose(walls, levels); /* half of the area lies in the lowest 2 % */
    assert_in_range(count, 6, 16);
    for (size_t i = 1; i < count; i++)
        assert_true(levels[i] >= 1.3 * levels[i - 1]);
    assert_true(levels[count - 1] < 1000 && levels[count - 1] >= 640);
    assert_int_equal(choose(roof, negative), count);
    for (size_t i = 0; i < count; i++)
        assert_within(negative[i], -levels[count - 1 - i], 1e-9);
    assert_int_equal(choose(same, levels), 0);
    assert_int_equal(choose(nothing, levels), 0);
    count = choose(with_holes, levels);
    assert_in_range(count, 6, 14);
    assert_within(levels[0], 15, 5);
}

static void test_numbers_of_ticks(void **state)
{
    static const struct {
        double value, step;
        const char *text;
    } ticks[] = {{0.25, 0.05, "0.25"},      {3, 1, "3"},
                 {-20, 10, "-20"},          {1e-17, 0.1, "0.0"},
                 {4948700, 100, "4948700"}, {-71.3125, 5e-4, NULL},
                 {44.26725, 5e-5, NULL},    {2e-7, 1e-7, "2e-7"},
                 {3e12, 1e12, "3e12"}};
    (void)state;
    for (size_t i = 0; i < COUNT(ticks); i++) {
        char text[32], next[32];
        eg_tick_text(text, sizeof text, ticks[i].value, ticks[i].step);
        eg_tick_text(next, sizeof next, ticks[i].value + ticks[i].step, ticks[i].step);
        assert_string_not_equal(text, next);
        assert_within(atof(text), ticks[i].value, ticks[i].step / 2);
        if (ticks[i].text)
            assert_string_equal(text, ticks[i].text);
    }
    assert_within(eg_nice_step(10, 10), 1, 1e-12);
    assert_within(eg_nice_step(34, 10), 2, 1e-12);
    assert_within(eg_nice_step(0.06, 10), 0.005, 1e-12);
    assert_within(eg_nice_step(9e9, 10), 1e9, 1);
}

static void test_numbers_of_levels(void **state)
{
    static const struct {
        double level, gap;
        const char *text;
    } levels[] = {
        {-0.0, 1, "0"},    {-1e-17, 0.1, "0"},      {0.30000000000000004, 0.1, "0.3"},
        {1, 0.5, "1"},     {-2.5, 0.5, "-2.5"},     {5831000, 1000, "5831000"},
        {4.7, 0.1, "4.7"}, {1e-9, 1e-9, "1e-9"},    {26936100014e3, 1e3, "2.6936100014e13"},
        {100, 50, "100"},  {-0.004, 0.01, "-0.004"}};
    (void)state;
    for (size_t i = 0; i < COUNT(levels); i++) {
        char text[EG_NUMBER];
        eg_level_text(text, sizeof text, levels[i].level, levels[i].gap);
        assert_string_equal(text, levels[i].text);
    }
}

static double ten_pixels(void *opaque, const char *text)
{
    (void)opaque;
    return 10 * (double)strlen(text);
}

/* The numbers of the axes do not overlap and are not cut off, wide as they may be. */
static void test_layout(void **state)
{
    static const double ranges[][2] = {{0, 1},
                                       {640000, 646000},
                                       {5190000, 5196000},
                                       {5190000.001, 5190000.002},
                                       {-1e-9, 1e-9},
                                       {-123456.5, -123456.25},
                                       {1e8, 1e8 + 10},
                                       {-1e300, 1e300},
                                       {3e-300, 4e-300},
                                       {0.123456, 0.123457},
                                       {-7, 7},
                                       {99999, 100001}};
    (void)state;
    for (size_t i = 0; i < COUNT(ranges) * COUNT(ranges); i++) {
        eg_plot_options o;
        eg_frame f;
        char text[EG_NUMBER];
        eg_plot_default(&o);
        memcpy(o.x, ranges[i % COUNT(ranges)], sizeof o.x);
        memcpy(o.y, ranges[i / COUNT(ranges)], sizeof o.y);
        o.y_label = "y";
        eg_lay_out(&f, &o, ten_pixels, NULL);
        double end = 0;
        for (int k = 0; k < eg_tick_count(o.x, f.step[0]); k++) {
            double value = eg_tick_at(o.x, f.step[0], k);
            eg_tick_text(text, sizeof text, value, f.step[0]);
            double x = f.left + (value - o.x[0]) / (o.x[1] - o.x[0]) * (f.right - f.left);
            double half = ten_pixels(NULL, text) / 2;
            if (x - half < end || x + half > o.width)
                fail_msg("%s from %g to %g, after %g of %d", text, x - half, x + half, end,
                         o.width);
            end = x + half + 5;
        }
        for (int k = 0; k < eg_tick_count(o.y, f.step[1]); k++) {
            eg_tick_text(text, sizeof text, eg_tick_at(o.y, f.step[1], k), f.step[1]);
            if (f.left - EG_TICK - EG_TICK_GAP - ten_pixels(NULL, text) < EG_MARGIN_Y_LABEL)
                fail_msg("%s does not fit into %g pixels", text, f.left);
        }
        assert_in_range(eg_tick_count(o.x, f.step[0]), 2, 20);
        assert_in_range(eg_tick_count(o.y, f.step[1]), 2, 20);
    }
}

/* ---- rendering ---- */

static const double path[] = {0.1, 0.1, 0.9, 0.1, 0.5, 0.9, NAN, 0.5, 0.2, 0.2};

/* Adds items of every kind to a plot. */
static eg_status make(eg_context *with, eg_plot **plot, const eg_plot_options *options,
                      eg_error *error)
{
    static double values[33 * 17];
    for (size_t i = 0; i < COUNT(values); i++)
        values[i] = (double)(i % 33) * (double)(i / 33);
    values[40] = NAN;
    eg_status status = eg_plot_new(plot, with, options, error);
    if (status == EG_OK)
        status = eg_plot_values(*plot, values, 33, 17, NULL, 0, error);
    for (int line = EG_PLOT_TRAJECTORY; status == EG_OK && line <= EG_PLOT_DASHED; line++)
        status = eg_plot_path(*plot, (eg_plot_line)line, path, COUNT(path) / 2, error);
    if (status == EG_OK)
        status = eg_plot_band(*plot, EG_PLOT_CURVE, path, COUNT(path) / 3, error);
    if (status == EG_OK)
        status = eg_plot_points(*plot, EG_PLOT_ACCENT, path, COUNT(path) / 2, error);
    for (int sample = 0; status == EG_OK && options->legend && sample <= EG_PLOT_SAMPLE_ARROW;
         sample++)
        status = eg_plot_legend(*plot, (eg_plot_sample)sample, EG_PLOT_LINE, "a < b", error);
    if (status == EG_OK)
        status = eg_plot_arrows(*plot, path, 2, 20, error);
    for (int sign = EG_PLOT_START; status == EG_OK && sign <= EG_PLOT_HOLE; sign++)
        status = eg_plot_mark(*plot, (eg_plot_sign)sign, 0.5 + 0.1 * sign, 0.5, "a <mark> & more",
                              error);
    return status;
}

static eg_plot_options labelled(void)
{
    eg_plot_options o;
    eg_plot_default(&o);
    o.title = "f < g & \"h\"";
    o.x_label = "x";
    o.y_label = "λ";
    o.legend = true;
    return o;
}

/* Skips the test and returns NULL if this build has no cairo. */
static eg_plot *plot_or_skip(const eg_plot_options *options)
{
    eg_plot *plot = NULL;
    eg_error error = {0};
    const void *bytes;
    size_t size;
    eg_status status = make(ctx, &plot, options, &error);
    if (status == EG_OK)
        status = eg_plot_render(plot, "svg", &bytes, &size, &error);
    if (status == EG_UNSUPPORTED) {
        eg_plot_free(plot);
        print_message("skipped: %s\n", error.message);
        skip();
    }
    if (status != EG_OK)
        fail_msg("%s", error.message);
    return plot;
}

static bool ends_in(const char *bytes, size_t size, const char *text)
{
    while (size > 0 && isspace((unsigned char)bytes[size - 1]))
        size--;
    size_t length = strlen(text);
    return size >= length && memcmp(bytes + size - length, text, length) == 0;
}

/* Checks that tags are nested, and that text contains no < or bare &. */
static void check_xml(const char *bytes, size_t size)
{
    char text[64][24];
    size_t depth = 0, elements = 0;
    const char *end = bytes + size;
    for (const char *at = bytes; at < end; at++) {
        if (*at == '&')
            assert_true(memchr(at, ';', 8) != NULL);
        if (*at != '<')
            continue;
        const char *close = memchr(at, '>', (size_t)(end - at));
        assert_non_null(close);
        size_t length = strcspn(at + 1 + (at[1] == '/'), " />\n?");
        assert_in_range(length, 0, 23);
        if (at[1] == '/') {
            assert_in_range(depth, 1, 64);
            depth--;
            assert_int_equal(strlen(text[depth]), length);
            assert_memory_equal(text[depth], at + 2, length);
        } else if (at[1] != '?' && close[-1] != '/') {
            assert_in_range(depth, 0, 63);
            memcpy(text[depth], at + 1, length);
            text[depth++][length] = 0;
        }
        elements++;
        at = close;
    }
    assert_int_equal(depth, 0);
    assert_in_range(elements, 50, 1000000);
}

static bool contains(const void *bytes, size_t size, const char *text)
{
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

static void test_svg(void **state)
{
    eg_plot_options o = labelled();
    eg_plot *plot = plot_or_skip(&o);
    const void *bytes;
    size_t size;
    (void)state;
    assert_int_equal(eg_plot_render(plot, "svg", &bytes, &size, NULL), EG_OK);
    assert_memory_equal(bytes, "<?xml", 5);
    assert_true(ends_in(bytes, size, "</svg>"));
    check_xml(bytes, size);
    assert_true(contains(bytes, size, "<title>f &lt; g &amp; \"h\"</title>"));
    assert_true(contains(bytes, size, ">f &lt; g &amp; \"h\"</text>"));
    assert_true(contains(bytes, size, ">a &lt;mark&gt; &amp; more</text>"));
    assert_true(contains(bytes, size, ">λ</text>"));
    assert_false(contains(bytes, size, "<symbol")); /* cairo's letters */
    eg_plot_free(plot);
}

static void test_pdf(void **state)
{
    eg_plot_options o = labelled();
    eg_plot *plot = plot_or_skip(&o);
    const void *bytes;
    size_t size;
    (void)state;
    assert_int_equal(eg_plot_render(plot, "pdf", &bytes, &size, NULL), EG_OK);
    assert_memory_equal(bytes, "%PDF-1.", 7);
    assert_true(ends_in(bytes, size, "%%EOF"));
    char tail[65] = "";
    memcpy(tail, (const char *)bytes + size - 64, 64);
    const char *start = strstr(tail, "startxref");
    assert_non_null(start);
    unsigned long place = strtoul(start + 9, NULL, 10);
    assert_in_range(place, 100, size - 20);
    assert_memory_equal((const char *)bytes + place, "xref", 4);
    eg_plot_free(plot);
}

static eg_grid render_png(eg_plot *plot)
{
    const void *bytes;
    size_t size;
    eg_grid grid = {0};
    eg_error error = {0};
    assert_int_equal(eg_plot_render(plot, "png", &bytes, &size, &error), EG_OK);
    if (load_bytes(&grid, ctx, bytes, size, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
    return grid;
}

/* Reads two renderings back: equal pixels of the size asked for, white at the corner. */
static void test_png(void **state)
{
    eg_plot_options o = labelled();
    o.width = 400;
    o.height = 300;
    eg_plot *plot = plot_or_skip(&o);
    eg_grid once = render_png(plot), twice = render_png(plot);
    (void)state;
    assert_int_equal(once.width, 400);
    assert_int_equal(once.height, 300);
    assert_grids_equal(&once, &twice);
    assert_within(sample_at(&once, 0, 0), 255, 0);
    eg_grid_free(&once);
    eg_grid_free(&twice);
    eg_plot_free(plot);
}

/* A line at 1/4 of the y axis is a quarter of the frame up, or with y_down a quarter down. */
static void test_y_down(void **state)
{
    (void)state;
    for (int down = 0; down < 2; down++) {
        eg_plot_options o = labelled();
        o.y_down = down;
        eg_plot *plot = plot_or_skip(&o);
        eg_plot_free(plot);
        assert_int_equal(eg_plot_new(&plot, ctx, &o, NULL), EG_OK);
        const double line[] = {0, 0.25, 1, 0.25};
        assert_int_equal(eg_plot_path(plot, EG_PLOT_LINE, line, 2, NULL), EG_OK);
        eg_grid grid = render_png(plot);
        size_t x = (size_t)((plot->frame.left + plot->frame.right) / 2), darkest = 0;
        double least = 255, height = plot->frame.bottom - plot->frame.top;
        for (size_t y = (size_t)plot->frame.top + 5; (double)y < plot->frame.bottom - 5; y++)
            if (sample_at(&grid, x, y) < least) {
                least = sample_at(&grid, x, y);
                darkest = y;
            }
        assert_true(least < 128);
        assert_within((double)darkest, plot->frame.bottom - height * (down ? 0.75 : 0.25), 2);
        eg_grid_free(&grid);
        eg_plot_free(plot);
    }
}

static void test_equal_scales(void **state)
{
    eg_plot_options o = labelled();
    double x[2], y[2];
    o.x[1] = 100;
    o.equal = true;
    eg_plot *plot = plot_or_skip(&o);
    (void)state;
    eg_plot_ranges(plot, x, y);
    assert_within(x[0], 0, 1e-9);
    assert_within(x[1], 100, 1e-9);
    assert_within((y[0] + y[1]) / 2, 0.5, 1e-9);
    assert_within((y[1] - y[0]) / (plot->frame.bottom - plot->frame.top),
                  100 / (plot->frame.right - plot->frame.left), 1e-9);
    eg_plot_free(plot);
}

static void test_bad_options(void **state)
{
    eg_plot_options good = labelled(), o = good;
    eg_plot *plot = plot_or_skip(&good), *none = NULL;
    const double values[4] = {0, 1, 2, 3}, falling[2] = {2, 1};
    const void *bytes;
    size_t size;
    (void)state;
    o.width = 63;
    assert_int_equal(eg_plot_new(&none, ctx, &o, NULL), EG_USAGE);
    o = good;
    o.height = 8193;
    assert_int_equal(eg_plot_new(&none, ctx, &o, NULL), EG_USAGE);
    o = good;
    o.x[1] = o.x[0];
    assert_int_equal(eg_plot_new(&none, ctx, &o, NULL), EG_USAGE);
    o = good;
    o.y[1] = NAN;
    assert_int_equal(eg_plot_new(&none, ctx, &o, NULL), EG_USAGE);
    assert_null(none);
    assert_int_equal(eg_plot_values(plot, values, 2, 2, NULL, 0, NULL), EG_USAGE); /* a second */
    assert_int_equal(eg_plot_render(plot, "gif", &bytes, &size, NULL), EG_USAGE);
    eg_plot_free(plot);
    assert_int_equal(eg_plot_new(&plot, ctx, &good, NULL), EG_OK);
    assert_int_equal(eg_plot_values(plot, values, 1, 4, NULL, 0, NULL), EG_USAGE);
    assert_int_equal(eg_plot_values(plot, values, 2, 2, falling, 2, NULL), EG_USAGE);
    assert_int_equal(eg_plot_values(plot, values, 2, 2, values, 33, NULL), EG_USAGE);
    assert_int_equal(eg_plot_values(plot, values, 2, 2, values + 1, 2, NULL), EG_OK);
    eg_plot_free(plot);
    eg_plot_free(NULL);
}

static void test_every_allocation_may_fail(void **state)
{
    static const char *const formats[] = {"png", "svg", "pdf"};
    eg_plot_options o = labelled();
    (void)state;
    o.width = o.height = 200;
    eg_plot *kept = plot_or_skip(&o); /* keeps the drawing process */
    for (size_t i = 0; i < COUNT(formats); i++) {
        long k = 0;
        for (bool complete = false; !complete; k++) {
            eg_context *with = test_context(1, 0, NULL);
            eg_plot *plot = NULL;
            eg_error error = {0};
            const void *bytes;
            size_t size;
            atomic_store(&with->fail_after, k);
            eg_status status = make(with, &plot, &o, &error);
            if (status == EG_OK)
                status = eg_plot_render(plot, formats[i], &bytes, &size, &error);
            complete = atomic_load(&with->fail_after) >= 0;
            eg_plot_free(plot);
            close_context(with);
            if (status != (complete ? EG_OK : EG_NO_MEMORY) || status != error.status)
                fail_msg("%s, allocation %ld: status %d '%s'", formats[i], k, (int)status,
                         error.message);
        }
        assert_in_range(k, 20, 500);
    }
    eg_plot_free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_circle),
        cmocka_unit_test(test_saddle_cells),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_curves_without_memory),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_numbers_of_ticks),
        cmocka_unit_test(test_numbers_of_levels),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_svg),
        cmocka_unit_test(test_pdf),
        cmocka_unit_test(test_png),
        cmocka_unit_test(test_y_down),
        cmocka_unit_test(test_equal_scales),
        cmocka_unit_test(test_bad_options),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("plot", tests, open_context, shut_context);
}
