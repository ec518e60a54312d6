/* SPDX-License-Identifier: MIT */
/* Tests streamlines: fields whose lines are known, their distances, and where they end. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "files.h"

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

/* ---- fields ---------------------------------------------------------------------------------- */

enum { SIDE = 81, CENTRE = 40 };

typedef struct field {
    eg_grid columns, rows, magnitude;
} field;

/* Computes the field at x, y relative to the centre; `v` NaN: missing. */
typedef void vector(double x, double y, double v[2]);

static field field_of(vector *function)
{
    field f;
    assert_int_equal(eg_grid_new(&f.columns, ctx, SIDE, SIDE, EG_F64, NULL), EG_OK);
    assert_int_equal(eg_grid_new(&f.rows, ctx, SIDE, SIDE, EG_F64, NULL), EG_OK);
    assert_int_equal(eg_grid_new(&f.magnitude, ctx, SIDE, SIDE, EG_F64, NULL), EG_OK);
    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++) {
            double v[2];
            function((double)x - CENTRE, (double)y - CENTRE, v);
            set_sample(&f.columns, x, y, v[0]);
            set_sample(&f.rows, x, y, v[1]);
            set_sample(&f.magnitude, x, y, hypot(v[0], v[1]));
        }
    return f;
}

static void free_field(field *f)
{
    eg_grid_free(&f->columns);
    eg_grid_free(&f->rows);
    eg_grid_free(&f->magnitude);
}

/* The flux of x^2 - y^2: lines x y = const. */
static void saddle(double x, double y, double v[2])
{
    v[0] = -2 * x;
    v[1] = 2 * y;
}

/* The flux of a sink: lines towards the centre. */
static void sink(double x, double y, double v[2])
{
    const double square = x * x + y * y;
    v[0] = square > 0 ? -x / square : 0;
    v[1] = square > 0 ? -y / square : 0;
}

static void uniform_field(double x, double y, double v[2])
{
    (void)x, (void)y;
    v[0] = 3;
    v[1] = 4;
}

static void circles(double x, double y, double v[2])
{
    v[0] = -y;
    v[1] = x;
}

static void strip_with_a_gap(double x, double y, double v[2])
{
    (void)y;
    v[0] = fabs(x) < 3 ? (double)NAN : 1;
    v[1] = 0;
}

static void zero(double x, double y, double v[2])
{
    (void)x, (void)y;
    v[0] = v[1] = 0;
}

/* ---- recorded lines -------------------------------------------------------------------------- */

typedef struct recorded {
    double *points; /* of all lines */
    size_t *first;  /* index of the first point of each line, and the end */
    size_t count, point_count;
    double levels[4096];
    eg_streamline_result result;
} recorded;

static eg_status record(void *opaque, const eg_line *line, eg_error *error)
{
    recorded *r = opaque;
    (void)error;
    assert_in_range(r->count, 0, COUNT(r->levels) - 1);
    assert_in_range(line->count, 2, SIZE_MAX);
    assert_false(line->closed);
    r->points = realloc(r->points, (r->point_count + line->count) * 2 * sizeof *r->points);
    r->first = realloc(r->first, (r->count + 2) * sizeof *r->first);
    memcpy(r->points + 2 * r->point_count, line->points, line->count * 2 * sizeof *line->points);
    r->levels[r->count] = line->level;
    r->first[r->count++] = r->point_count;
    r->first[r->count] = r->point_count += line->count;
    return EG_OK;
}

static eg_streamline_options separated(double separation)
{
    eg_streamline_options options;
    eg_streamline_default(&options);
    options.separation = separation;
    return options;
}

static recorded *lines_of(const field *f, const eg_streamline_options *options)
{
    recorded *r = calloc(1, sizeof *r);
    eg_error error = {0};
    assert_non_null(r);
    if (eg_streamlines(ctx, &f->columns, &f->rows, &f->magnitude, options, record, r, &r->result,
                       &error) != EG_OK)
        fail_msg("%s", error.message);
    assert_int_equal(r->result.lines, r->count);
    assert_int_equal(r->result.points, r->point_count);
    return r;
}

static void forget(recorded *r)
{
    free(r->points);
    free(r->first);
    free(r);
}

static double distance(const double *a, const double *b)
{
    return hypot(a[0] - b[0], a[1] - b[1]);
}

/* Returns the distance of a position from the nearest point of all lines but `except`. */
static double nearest(const recorded *r, const double at[2], size_t except)
{
    double least = INFINITY;
    for (size_t i = 0; i < r->count; i++)
        for (size_t k = r->first[i]; i != except && k < r->first[i + 1]; k++)
            least = fmin(least, distance(r->points + 2 * k, at));
    return least;
}

/* ---- known lines ----------------------------------------------------------------------------- */

/* The distance of x y = c from a line of constant c is its change divided by its gradient. */
static void lines_of_a_saddle_are_hyperbolas(void **state)
{
    (void)state;
    const eg_streamline_options options = separated(4);
    field f = field_of(saddle);
    recorded *r = lines_of(&f, &options);
    double worst = 0;
    for (size_t i = 0; i < r->count; i++) {
        const double *start = r->points + 2 * r->first[i];
        const double product = (start[0] - CENTRE) * (start[1] - CENTRE);
        for (size_t k = r->first[i]; k < r->first[i + 1]; k++) {
            const double x = r->points[2 * k] - CENTRE, y = r->points[2 * k + 1] - CENTRE;
            worst = fmax(worst, fabs(x * y - product) / fmax(1, hypot(x, y)));
        }
    }
    assert_in_range(r->count, 15, 60);
    assert_true(worst < 0.02);
    forget(r);
    free_field(&f);
}

static void lines_of_a_sink_are_radial(void **state)
{
    (void)state;
    const eg_streamline_options options = separated(4);
    field f = field_of(sink);
    recorded *r = lines_of(&f, &options);
    double worst = 0;
    for (size_t i = 0; i < r->count; i++) {
        const double *p = r->points + 2 * r->first[i];
        const double x = p[0] - CENTRE, y = p[1] - CENTRE, length = hypot(x, y);
        for (size_t k = 1; k < r->first[i + 1] - r->first[i]; k++) {
            const double u = p[2 * k] - CENTRE, v = p[2 * k + 1] - CENTRE;
            if (hypot(u, v) > 5 && length > 5) /* 1/r is not bilinear near the centre */
                worst = fmax(worst, fabs(x * v - y * u) / length);
            assert_true(hypot(u, v) < hypot(p[2 * k - 2] - CENTRE, p[2 * k - 1] - CENTRE));
        }
    }
    assert_in_range(r->count, 15, 80);
    assert_true(worst < 0.05);
    forget(r);
    free_field(&f);
}

static void uniform_field_has_straight_lines(void **state)
{
    (void)state;
    const eg_streamline_options options = separated(5);
    field f = field_of(uniform_field);
    recorded *r = lines_of(&f, &options);
    for (size_t i = 0; i < r->count; i++) {
        assert_rounded(r->levels[i], 5);
        for (size_t k = r->first[i]; k + 1 < r->first[i + 1]; k++) {
            const double *p = r->points + 2 * k;
            assert_within((p[2] - p[0]) * 4, (p[3] - p[1]) * 3, 1e-9);
            assert_true(p[2] > p[0]); /* along the field */
        }
        /* lines end at the border: nothing else is in their way but rounding */
        const double *end = r->points + 2 * (r->first[i + 1] - 1);
        assert_true(fmax(end[0], end[1]) > SIDE - 1 - 0.05);
    }
    assert_in_range(r->count, 18, 24); /* the diagonal field is 112 wide across the lines */
    forget(r);
    free_field(&f);
}

/* ---- distances ------------------------------------------------------------------------------- */

static void lines_are_evenly_spaced(void **state)
{
    (void)state;
    vector *const fields[] = {saddle, sink, uniform_field, circles};
    for (size_t i = 0; i < COUNT(fields); i++) {
        eg_streamline_options options = separated(6);
        options.shortest = 0;
        field f = field_of(fields[i]);
        recorded *r = lines_of(&f, &options);
        for (size_t line = 0; line < r->count; line++)
            for (size_t k = r->first[line]; k < r->first[line + 1]; k++)
                assert_true(nearest(r, r->points + 2 * k, line) >= 3 - 1e-9);
        for (size_t k = 0; k < 14 * 14; k++) { /* the lattice of seeds */
            const double at[2] = {6.0 * (double)(k % 14), 6.0 * (double)(k / 14)};
            const bool centre = fmax(fabs(at[0] - CENTRE), fabs(at[1] - CENTRE)) < 3;
            assert_true(centre || nearest(r, at, SIZE_MAX) <= 6);
        }
        forget(r);
        free_field(&f);
    }
}

/* A line ends where it comes back to itself. */
static void lines_of_a_vortex_end(void **state)
{
    (void)state;
    const eg_streamline_options options = separated(6);
    field f = field_of(circles);
    recorded *r = lines_of(&f, &options);
    for (size_t i = 0; i < r->count; i++) {
        double length = 0;
        const double *p = r->points + 2 * r->first[i];
        const double radius = hypot(p[0] - CENTRE, p[1] - CENTRE);
        for (size_t k = 1; k < r->first[i + 1] - r->first[i]; k++) {
            length += distance(p + 2 * k, p + 2 * k - 2);
            assert_within(hypot(p[2 * k] - CENTRE, p[2 * k + 1] - CENTRE), radius, 0.02);
        }
        assert_true(length < 2 * 3.1416 * radius);
    }
    assert_true(r->count >= 5);
    forget(r);
    free_field(&f);
}

/* ---- gaps, boxes, failures ------------------------------------------------------------------- */

static void lines_end_at_missing_samples(void **state)
{
    (void)state;
    const eg_streamline_options options = separated(5);
    field f = field_of(strip_with_a_gap);
    recorded *r = lines_of(&f, &options);
    bool left = false, right = false;
    for (size_t k = 0; k < r->point_count; k++) {
        const double x = r->points[2 * k] - CENTRE;
        assert_true(fabs(x) >= 3);
        left = left || x < 0;
        right = right || x > 0;
    }
    assert_true(left && right);
    forget(r);
    free_field(&f);
    f = field_of(zero);
    r = lines_of(&f, &options);
    assert_int_equal(r->count, 0);
    forget(r);
    free_field(&f);
}

/* Lines of means are in pixels of the raster. */
static void boxes_are_scaled_to_pixels(void **state)
{
    (void)state;
    const eg_streamline_options plain = separated(6);
    eg_streamline_options boxes = separated(24);
    boxes.factor = 4;
    boxes.width = boxes.height = 4 * SIDE - 3; /* the last boxes are cut to one pixel */
    field f = field_of(uniform_field);
    recorded *a = lines_of(&f, &plain), *b = lines_of(&f, &boxes);
    assert_within(b->points[0], 4 * (a->points[0] + 0.5) - 0.5, 2.5);
    for (size_t k = 0; k < 2 * b->point_count; k++)
        assert_true(b->points[k] >= -0.5 && b->points[k] <= 4 * SIDE - 3 - 0.5);
    forget(a);
    forget(b);
    free_field(&f);
}

static eg_status ignore(void *opaque, const eg_line *line, eg_error *error)
{
    (void)opaque, (void)line, (void)error;
    return EG_OK;
}

static eg_status give_up(void *opaque, const eg_line *line, eg_error *error)
{
    (void)opaque, (void)line, (void)error;
    return EG_FILE;
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    field f = field_of(saddle);
    eg_streamline_options cases[5];
    for (size_t i = 0; i < COUNT(cases); i++)
        cases[i] = separated(5);
    cases[0].separation = NAN;
    cases[1].separation = 1.9;
    cases[2].test_ratio = 0;
    cases[3].shortest = -1;
    cases[4].factor = 0;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(
            eg_streamlines(ctx, &f.columns, &f.rows, NULL, &cases[i], ignore, NULL, NULL, NULL),
            EG_USAGE);
    const eg_streamline_options good = separated(5);
    eg_grid small;
    assert_int_equal(eg_grid_new(&small, ctx, 3, 3, EG_F64, NULL), EG_OK);
    assert_int_equal(eg_streamlines(ctx, &f.columns, &small, NULL, &good, ignore, NULL, NULL, NULL),
                     EG_USAGE);
    assert_int_equal(
        eg_streamlines(ctx, &f.columns, &f.rows, NULL, &good, give_up, NULL, NULL, NULL), EG_FILE);
    eg_grid_free(&small);
    free_field(&f);
}

static void runs_can_be_cancelled(void **state)
{
    (void)state;
    volatile sig_atomic_t cancel = 1;
    eg_config config;
    eg_context *own;
    eg_config_default(&config);
    config.cancel = &cancel;
    assert_int_equal(eg_context_new(&own, &config, NULL), EG_OK);
    field f = field_of(saddle);
    const eg_streamline_options options = separated(5);
    assert_int_equal(
        eg_streamlines(own, &f.columns, &f.rows, NULL, &options, ignore, NULL, NULL, NULL),
        EG_CANCELLED);
    free_field(&f);
    close_context(own);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    field f = field_of(saddle);
    const eg_streamline_options options = separated(5);
    eg_status status = EG_NO_MEMORY;
    long k = 0;
    for (; status != EG_OK; k++) {
        eg_context *own = test_context(1, 0, NULL);
        eg_error error = {0};
        atomic_store(&own->fail_after, k);
        status = eg_streamlines(own, &f.columns, &f.rows, &f.magnitude, &options, ignore, NULL,
                                NULL, &error);
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        assert_int_equal(error.status, status);
        close_context(own);
    }
    assert_in_range(k, 4, 100);
    free_field(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_a_saddle_are_hyperbolas),
        cmocka_unit_test(lines_of_a_sink_are_radial),
        cmocka_unit_test(uniform_field_has_straight_lines),
        cmocka_unit_test(lines_are_evenly_spaced),
        cmocka_unit_test(lines_of_a_vortex_end),
        cmocka_unit_test(lines_end_at_missing_samples),
        cmocka_unit_test(boxes_are_scaled_to_pixels),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(runs_can_be_cancelled),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("streamlines", tests, open_context, shut_context);
}
