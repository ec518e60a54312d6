/* SPDX-License-Identifier: MIT */
/* Tests lines of edges: their place on shapes that are known, and properties of every line. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* ---- recorded lines -------------------------------------------------------------------------- */

/* A point of a line; `starts`: its first one. */
typedef struct recorded_point {
    double x, y;
    eg_edge_point edge;
    bool starts, closed;
} recorded_point;

typedef struct recorded {
    recorded_point *points;
    size_t count, lines;
    eg_edges_result edges;
    eg_edge_lines_result result;
} recorded;

static eg_status record(void *opaque, const eg_line *line, eg_error *error)
{
    recorded *r = opaque;
    (void)error;
    r->points = realloc(r->points, (r->count + line->count) * sizeof *r->points);
    assert_non_null(r->points);
    assert_non_null(line->edge);
    for (size_t i = 0; i < line->count; i++)
        r->points[r->count++] = (recorded_point){.x = line->points[2 * i],
                                                 .y = line->points[2 * i + 1],
                                                 .edge = line->edge->points[i],
                                                 .starts = i == 0,
                                                 .closed = line->closed};
    r->lines++;
    return EG_OK;
}

/* Sources of the same image; `again` NULL if it is recorded. */
typedef struct sources {
    eg_source *source, *again;
} sources;

static sources open_grid(eg_context *ctx, const eg_grid planes[], size_t count, bool twice)
{
    sources s = {NULL, NULL};
    for (int i = 0; i < (twice ? 2 : 1); i++) {
        eg_source **to = i == 0 ? &s.source : &s.again;
        assert_int_equal(count == 3 ? eg_source_grid_planes(to, ctx, planes, NULL)
                                    : eg_source_grid(to, ctx, planes, NULL),
                         EG_OK);
    }
    return s;
}

/* An image and the options of its lines. */
typedef struct request {
    const eg_grid *planes;
    size_t plane_count; /* 1 or 3 */
    eg_edges_options edges;
    eg_edge_lines_options lines;
    bool recorded; /* the image is not opened again */
} request;

static request request_for(const eg_grid *grid)
{
    request q = {.planes = grid, .plane_count = 1};
    eg_edges_default(&q.edges);
    eg_edge_lines_default(&q.lines);
    return q;
}

static recorded lines_of(eg_context *ctx, const request *q)
{
    recorded r = {.points = NULL};
    eg_error error = {0};
    sources s = open_grid(ctx, q->planes, q->plane_count, !q->recorded);
    if (eg_edge_lines(s.source, s.again, NULL, &q->edges, &q->lines, record, &r, &r.edges,
                      &r.result, &error) != EG_OK)
        fail_msg("%s", error.message);
    eg_source_close(s.again);
    eg_source_close(s.source);
    assert_int_equal(r.result.lines, r.lines);
    assert_int_equal(r.result.points, r.count);
    return r;
}

static void forget(recorded *r)
{
    free(r->points);
    *r = (recorded){.points = NULL};
}

/* ---- shapes ---------------------------------------------------------------------------------- */

typedef enum shape_kind { DISC, HALF_PLANE, ELLIPSE } shape_kind;

/* A shape around (x, y), with its half axes and the direction of the first one, or of the normal,
 * in degrees. */
typedef struct shape {
    shape_kind kind;
    double x, y, a, b, degrees;
} shape;

/* Returns the coordinates of a point along the axes of a shape. */
static void to_axes(const shape *s, double x, double y, double *u, double *v)
{
    const double angle = s->degrees * acos(-1) / 180, c = cos(angle), d = sin(angle);
    *u = (x - s->x) * c + (y - s->y) * d;
    *v = (y - s->y) * c - (x - s->x) * d;
}

/* Returns the distance of a point from the outline, positive outside. */
static double distance(const shape *s, double x, double y)
{
    double u, v;
    to_axes(s, x, y, &u, &v);
    if (s->kind == DISC)
        return hypot(u, v) - s->a;
    if (s->kind == HALF_PLANE)
        return u;
    double nearest = INFINITY;
    for (int i = 0; i < 4000; i++) {
        const double t = i * acos(-1) / 2000;
        nearest = fmin(nearest, hypot(u - s->a * cos(t), v - s->b * sin(t)));
    }
    return u * u / (s->a * s->a) + v * v / (s->b * s->b) < 1 ? -nearest : nearest;
}

static bool inside(const shape *s, double x, double y)
{
    double u, v;
    to_axes(s, x, y, &u, &v);
    return s->kind == HALF_PLANE ? u < 0 : u * u / (s->a * s->a) + v * v / (s->b * s->b) < 1;
}

/* Returns a normal deviate. */
static double normal(unsigned *seed)
{
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * 1664525u + 1013904223u;
        sum += *seed / 4294967296.0;
    }
    return sum - 6;
}

/* Draws a shape: pixels are means of 16 x 16 samples, levels 50 outside and 200 inside. */
static eg_grid draw(eg_context *ctx, const shape *s, size_t side, double noise)
{
    enum { SAMPLES = 16 };
    eg_grid grid;
    unsigned seed = 7;
    assert_int_equal(eg_grid_new(&grid, ctx, side, side, EG_U8, NULL), EG_OK);
    for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < side; x++) {
            int within = 0;
            for (int k = 0; k < SAMPLES * SAMPLES; k++)
                within += inside(s, (double)x + (k % SAMPLES + 0.5) / SAMPLES - 0.5,
                                 (double)y + (k / SAMPLES + 0.5) / SAMPLES - 0.5);
            const double value = 50 + 150.0 * within / (SAMPLES * SAMPLES) + noise * normal(&seed);
            set_sample(&grid, x, y, fmin(fmax(round(value), 0), 255));
        }
    return grid;
}

/* Errors of points. */
typedef struct deviation {
    double rms, bias;
    size_t count;
} deviation;

/* Measures the points that are not close to the border of the image. */
static deviation deviation_of(const recorded *r, const shape *s, size_t side)
{
    const double margin = 12;
    deviation d = {0, 0, 0};
    for (size_t i = 0; i < r->count; i++) {
        const recorded_point *p = &r->points[i];
        if (p->x < margin || p->y < margin || p->x > (double)side - margin ||
            p->y > (double)side - margin)
            continue;
        const double e = distance(s, p->x, p->y);
        d.rms += e * e;
        d.bias += e;
        d.count++;
    }
    assert_true(d.count > 0);
    d.rms = sqrt(d.rms / (double)d.count);
    d.bias /= (double)d.count;
    return d;
}

/* Fails unless a shape has one line, at most that far off. */
static void assert_accurate(eg_context *ctx, const shape *s, size_t side, double noise,
                            double sigma, double rms, double bias)
{
    eg_grid grid = draw(ctx, s, side, noise);
    request q = request_for(&grid);
    q.edges.sigma = sigma;
    recorded r = lines_of(ctx, &q);
    const deviation d = deviation_of(&r, s, side);
    if (r.lines != 1 || d.rms > rms || fabs(d.bias) > bias)
        fail_msg("shape %d, %g, noise %g, sigma %g: %zu lines, rms %g, bias %g", s->kind, s->a,
                 noise, r.edges.sigma, r.lines, d.rms, d.bias);
    if (s->kind != HALF_PLANE)
        assert_true(r.points[0].closed && r.points[0].x == r.points[r.count - 1].x &&
                    r.points[0].y == r.points[r.count - 1].y);
    forget(&r);
    eg_grid_free(&grid);
}

static void test_clean_shapes(void **state)
{
    eg_context *ctx = test_context(2, 0, NULL);
    static const double radii[] = {5, 7, 10, 20, 50, 100};
    static const double angles[] = {0, 8, 22.5, 30, 45, 71};
    (void)state;
    for (size_t i = 0; i < COUNT(radii); i++) {
        const size_t side = (size_t)(2 * radii[i]) + 44;
        const shape disc = {
            DISC, (double)side / 2 + 0.37, (double)side / 2 - 0.21, radii[i], radii[i], 0};
        assert_accurate(ctx, &disc, side, 0, NAN, 0.05, 0.05);
        assert_accurate(ctx, &disc, side, 0, 1.5, 0.05, 0.03);
        if (radii[i] >= 7)
            assert_accurate(ctx, &disc, side, 0, 2.8, 0.05, 0.03);
        if (radii[i] >= 20) /* boxes of 2 x 2 pixels */
            assert_accurate(ctx, &disc, side, 0, 5.5, 0.05, 0.03);
    }
    for (size_t i = 0; i < COUNT(angles); i++) {
        const shape edge = {HALF_PLANE, 40.3, 39.8, 1, 1, angles[i]};
        assert_accurate(ctx, &edge, 80, 0, NAN, 0.05, 0.05);
    }
    const shape ellipse = {ELLIPSE, 70.2, 71.4, 50, 30, 23};
    assert_accurate(ctx, &ellipse, 140, 0, NAN, 0.05, 0.03);
    eg_context_free(ctx);
}

static void test_noisy_shapes(void **state)
{
    eg_context *ctx = test_context(2, 0, NULL);
    static const double radii[] = {10, 20, 50, 100};
    (void)state;
    for (size_t i = 0; i < COUNT(radii); i++) {
        const size_t side = (size_t)(2 * radii[i]) + 44;
        const shape disc = {
            DISC, (double)side / 2 + 0.37, (double)side / 2 - 0.21, radii[i], radii[i], 0};
        assert_accurate(ctx, &disc, side, 10, NAN, 0.12, 0.05);
    }
    for (double degrees = 0; degrees < 90; degrees += 15) {
        const shape edge = {HALF_PLANE, 40.3, 39.8, 1, 1, degrees};
        assert_accurate(ctx, &edge, 80, 10, NAN, 0.12, 0.06);
    }
    eg_context_free(ctx);
}

static void test_operators(void **state)
{
    eg_context *ctx = test_context(2, 0, NULL);
    const shape disc = {DISC, 40.3, 39.6, 20, 20, 0};
    eg_grid grid = draw(ctx, &disc, 80, 0);
    (void)state;
    for (size_t i = 0; eg_operator_name(i); i++) {
        request q = request_for(&grid);
        q.edges.op = eg_operator_name(i);
        q.edges.sigma = 1;
        recorded r = lines_of(ctx, &q);
        const deviation d = deviation_of(&r, &disc, 80);
        assert_true(d.rms < 0.05);
        forget(&r);
    }
    eg_grid_free(&grid);
    eg_context_free(ctx);
}

/* The lines of ridges lie at the middle of a bright or dark line, whatever its direction. */
static void test_ridges(void **state)
{
    enum { SIDE = 80 };
    eg_context *ctx = test_context(2, 0, NULL);
    (void)state;
    for (int i = 0; i < 16; i++) {
        const shape edge = {HALF_PLANE, 40.3, 39.8, 1, 1, 11.25 * i};
        eg_grid grid;
        assert_int_equal(eg_grid_new(&grid, ctx, SIDE, SIDE, EG_U8, NULL), EG_OK);
        for (size_t k = 0; k < SIDE * SIDE; k++) {
            const double d = distance(&edge, (double)(k % SIDE), (double)(k / SIDE));
            set_sample(&grid, k % SIDE, k / SIDE,
                       round(100 + (i % 2 ? 90 : -90) * exp(-d * d / 4.5)));
        }
        request q = request_for(&grid);
        q.edges.method = EG_EDGE_RIDGE;
        recorded r = lines_of(ctx, &q);
        /* A line may be interrupted where it passes the corner of a pixel. */
        assert_true(r.lines < 6 && r.result.length > 70);
        const deviation d = deviation_of(&r, &edge, SIDE);
        if (d.rms > 0.05)
            fail_msg("%g degrees: rms %g", edge.degrees, d.rms);
        for (size_t k = 0; k < r.count; k++)
            if (fabs(r.points[k].x - 40) < 20 && fabs(r.points[k].y - 40) < 20) {
                assert_within(r.points[k].edge.left[0], i % 2 ? 109 : 91, 12);
                assert_within(r.points[k].edge.right[0], i % 2 ? 109 : 91, 12);
            }
        forget(&r);
        eg_grid_free(&grid);
    }
    eg_context_free(ctx);
}

/* ---- properties of points -------------------------------------------------------------------- */

/* The brighter side is on the left, the direction of the gradient is the normal, and the colours
 * are those of the sides. */
static void test_sides(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    const shape disc = {DISC, 40.3, 39.6, 20, 20, 0};
    eg_grid planes[3];
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        planes[k] = draw(ctx, &disc, 80, 0);
        for (size_t i = 0; k == 2 && i < 80 * 80; i++) /* blue is dark inside: 100 and 40 */
            set_sample(&planes[k], i % 80, i / 80,
                       120 - 0.4 * sample_at(&planes[k], i % 80, i / 80));
    }
    request q = request_for(planes);
    q.plane_count = 3;
    q.edges.sigma = 1.5;
    recorded r = lines_of(ctx, &q);
    assert_int_equal(r.lines, 1);
    for (size_t i = 0; i + 1 < r.count; i++) {
        const recorded_point *p = &r.points[i], *next = &r.points[i + 1];
        const double x = disc.x - p->x, y = disc.y - p->y; /* towards the bright inside */
        const double angle = p->edge.direction * acos(-1) / 180;
        assert_true((cos(angle) * x + sin(angle) * y) / hypot(x, y) > 0.999);
        assert_true((next->y - p->y) * x - (next->x - p->x) * y > 0); /* inside is left */
        assert_within(p->edge.left[0], 200, 3);
        assert_within(p->edge.left[2], 40, 3);
        assert_within(p->edge.right[0], 50, 3);
        assert_within(p->edge.right[2], 100, 3);
    }
    forget(&r);
    for (size_t k = 0; k < 3; k++)
        eg_grid_free(&planes[k]);
    eg_context_free(ctx);
}

/* The gradient of a step of height h blurred by sigma is h / (sigma sqrt(2 pi)). */
static void test_strength(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    const shape edge = {HALF_PLANE, 40, 40, 1, 1, 30};
    eg_grid grid = draw(ctx, &edge, 80, 0);
    (void)state;
    static const double sigmas[] = {1.5, 4, 6};
    for (size_t i = 0; i < COUNT(sigmas); i++) {
        request q = request_for(&grid);
        q.edges.sigma = sigmas[i];
        recorded r = lines_of(ctx, &q);
        const double blur = sqrt(sigmas[i] * sigmas[i] + 1.0 / 12);
        for (size_t k = 0; k < r.count; k++)
            if (fabs(r.points[k].x - 40) < 10 && fabs(r.points[k].y - 40) < 10)
                assert_within(r.points[k].edge.strength, 150 / (blur * sqrt(2 * acos(-1))), 0.5);
        forget(&r);
    }
    eg_grid_free(&grid);
    eg_context_free(ctx);
}

/* ---- options --------------------------------------------------------------------------------- */

/* Returns the number of points of a line, from its first one on. */
static size_t points_of(const recorded *r, size_t first)
{
    size_t end = first + 1;
    while (end < r->count && !r->points[end].starts)
        end++;
    return end - first;
}

static double length_of(const recorded *r, size_t first)
{
    double length = 0;
    for (size_t i = first + 1; i < first + points_of(r, first); i++)
        length += hypot(r->points[i].x - r->points[i - 1].x, r->points[i].y - r->points[i - 1].y);
    return length;
}

static void test_min_length(void **state)
{
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid grid;
    noise_grid(&grid, ctx, 150, 120, EG_U8, 3, 2);
    (void)state;
    request q = request_for(&grid);
    q.edges.sigma = 1;
    recorded all = lines_of(ctx, &q);
    size_t longer = 0;
    for (size_t i = 0; i < all.count; i += points_of(&all, i))
        longer += length_of(&all, i) >= 20;
    assert_true(longer > 3 && longer < all.lines);
    q.lines.min_length = 20;
    recorded some = lines_of(ctx, &q);
    assert_int_equal(some.lines, longer);
    assert_int_equal(some.result.left_out, all.lines - longer);
    q.lines.min_length = 0;
    q.lines.min_length_percent = 20 / hypot(150, 120) * 100;
    recorded percent = lines_of(ctx, &q);
    assert_int_equal(percent.lines, longer);
    forget(&all);
    forget(&some);
    forget(&percent);
    eg_grid_free(&grid);
    eg_context_free(ctx);
}

/* Returns the distance of a point from the segment from a to b. */
static double from_segment(const recorded_point *p, const recorded_point *a,
                           const recorded_point *b)
{
    const double dx = b->x - a->x, dy = b->y - a->y, length = dx * dx + dy * dy;
    double t = length > 0 ? ((p->x - a->x) * dx + (p->y - a->y) * dy) / length : 0;
    t = fmin(fmax(t, 0), 1);
    return hypot(p->x - a->x - t * dx, p->y - a->y - t * dy);
}

/* Every point that was left out is close to the segment between the points around it. */
static void test_simplify(void **state)
{
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid grid;
    noise_grid(&grid, ctx, 150, 120, EG_U8, 3, 2);
    (void)state;
    request q = request_for(&grid);
    q.edges.sigma = 1.5;
    recorded all = lines_of(ctx, &q);
    for (double tolerance = 0.1; tolerance < 4; tolerance *= 3) {
        q.lines.simplify = tolerance;
        recorded few = lines_of(ctx, &q);
        assert_int_equal(few.lines, all.lines);
        assert_true(few.count < all.count);
        size_t k = 0;
        for (size_t i = 0; i + 1 < few.count; i++) {
            assert_true(few.points[i].x == all.points[k].x && few.points[i].y == all.points[k].y);
            k++;
            if (few.points[i + 1].starts)
                continue;
            for (; all.points[k].x != few.points[i + 1].x || all.points[k].y != few.points[i + 1].y;
                 k++) {
                assert_true(k + 1 < all.count && !all.points[k].starts);
                assert_true(from_segment(&all.points[k], &few.points[i], &few.points[i + 1]) <=
                            tolerance + 1e-12);
            }
        }
        assert_int_equal(k, all.count - 1);
        forget(&few);
    }
    forget(&all);
    eg_grid_free(&grid);
    eg_context_free(ctx);
}

static void test_smooth(void **state)
{
    eg_context *ctx = test_context(2, 0, NULL);
    const shape disc = {DISC, 72.3, 71.6, 50, 50, 0};
    eg_grid grid = draw(ctx, &disc, 144, 20);
    (void)state;
    request q = request_for(&grid);
    q.lines.min_length = 200;
    recorded rough = lines_of(ctx, &q);
    q.lines.smooth = 5;
    recorded smooth = lines_of(ctx, &q);
    const deviation before = deviation_of(&rough, &disc, 144);
    const deviation after = deviation_of(&smooth, &disc, 144);
    if (after.rms > 0.8 * before.rms)
        fail_msg("rms %g, before %g", after.rms, before.rms);
    assert_true(fabs(after.bias) < 0.05); /* the circle does not shrink */
    forget(&rough);
    forget(&smooth);
    eg_grid_free(&grid);
    eg_context_free(ctx);
}

/* ---- all settings ---------------------------------------------------------------------------- */

static void assert_same(const recorded *a, const recorded *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->lines, b->lines);
    for (size_t i = 0; i < a->count; i++) {
        const recorded_point *p = &a->points[i], *q = &b->points[i];
        if (p->x != q->x || p->y != q->y || p->starts != q->starts ||
            memcmp(&p->edge, &q->edge, offsetof(eg_edge_point, right) + 3) != 0)
            fail_msg("point %zu differs: %.17g,%.17g and %.17g,%.17g", i, p->x, p->y, q->x, q->y);
    }
}

typedef struct expectation {
    request q;
    recorded expected;
} expectation;

static void check_setting(eg_context *ctx, void *opaque)
{
    expectation *e = opaque;
    recorded r = lines_of(ctx, &e->q);
    assert_same(&r, &e->expected);
    forget(&r);
    e->q.recorded = !e->q.recorded;
}

static void assert_same_for_all(const request *q)
{
    eg_context *ctx = test_context(1, 0, NULL);
    expectation e = {.q = *q, .expected = lines_of(ctx, q)};
    assert_true(e.expected.lines > 2);
    for_every_setting(check_setting, &e);
    forget(&e.expected);
    eg_context_free(ctx);
}

static void test_settings(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid u8[3], f32;
    (void)state;
    for (unsigned k = 0; k < 3; k++)
        noise_grid(&u8[k], ctx, 131, 67, EG_U8, k, 3);
    noise_grid(&f32, ctx, 131, 67, EG_F32, 9, 3);
    for (size_t i = 0; i < 131; i++)
        set_sample(&f32, i, (i * 7) % 67, NAN);
    request q = request_for(u8);
    static const double sigmas[] = {1, 5.5, 11}; /* boxes of 1, 2 and 4 pixels */
    for (size_t i = 0; i < COUNT(sigmas); i++) {
        q.edges.sigma = sigmas[i];
        q.plane_count = i == 1 ? 3 : 1;
        assert_same_for_all(&q);
    }
    q.plane_count = 1;
    q.edges.op = "sobel5";
    q.edges.sigma = 0;
    q.lines.smooth = 2;
    q.lines.simplify = 0.3;
    assert_same_for_all(&q);
    q = request_for(&f32);
    q.edges.sigma = 1;
    assert_same_for_all(&q);
    q.edges.method = EG_EDGE_RIDGE;
    assert_same_for_all(&q);
    for (unsigned k = 0; k < 3; k++)
        eg_grid_free(&u8[k]);
    eg_grid_free(&f32);
    eg_context_free(ctx);
}

/* ---- edges beside the lines, and no lines ---------------------------------------------------- */

static void test_edges_are_those_of_eg_edges(void **state)
{
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid grid, expected, out = {0};
    noise_grid(&grid, ctx, 90, 70, EG_U8, 3, 2);
    (void)state;
    request q = request_for(&grid);
    eg_edges_result result;
    edges_of(&expected, ctx, &grid, &q.edges, &result);
    sources s = open_grid(ctx, &grid, 1, true);
    eg_sink *sink;
    recorded r = {.points = NULL};
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
    assert_int_equal(eg_edge_lines(s.source, s.again, sink, &q.edges, &q.lines, record, &r,
                                   &r.edges, NULL, NULL),
                     EG_OK);
    assert_grids_equal(&expected, &out);
    assert_int_equal(r.edges.edge_pixels, result.edge_pixels);
    eg_sink_close(sink);
    eg_source_close(s.again);
    eg_source_close(s.source);
    forget(&r);
    eg_grid_free(&grid);
    eg_grid_free(&expected);
    eg_grid_free(&out);
    eg_context_free(ctx);
}

static void test_no_lines(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    static const size_t sizes[][2] = {{1, 1}, {1, 9}, {9, 1}, {40, 30}};
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        eg_grid grid;
        assert_int_equal(eg_grid_new(&grid, ctx, sizes[i][0], sizes[i][1], EG_U8, NULL), EG_OK);
        for (size_t k = 0; k < sizes[i][0] * sizes[i][1]; k++)
            set_sample(&grid, k % sizes[i][0], k / sizes[i][0], 99);
        sources s = open_grid(ctx, &grid, 1, false);
        request q = request_for(&grid);
        recorded r = {.points = NULL};
        assert_int_equal(eg_edge_lines(s.source, NULL, NULL, &q.edges, &q.lines, record, &r, NULL,
                                       &r.result, NULL),
                         EG_OK);
        assert_int_equal(r.result.lines, 0);
        assert_non_null(eg_source_warning(s.source, 0));
        eg_source_close(s.source);
        eg_grid_free(&grid);
    }
    eg_context_free(ctx);
}

static void test_refusals(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid, other;
    noise_grid(&grid, ctx, 40, 30, EG_U8, 3, 2);
    noise_grid(&other, ctx, 41, 30, EG_U8, 3, 2);
    (void)state;
    for (int i = 0; i < 6; i++) {
        sources s = open_grid(ctx, &grid, 1, false);
        request q = request_for(&grid);
        eg_error error = {0};
        eg_source *again = NULL;
        if (i == 0)
            q.edges.method = EG_EDGE_THRESHOLD;
        else if (i == 1)
            q.lines.simplify = -1;
        else if (i == 2)
            q.lines.smooth = NAN;
        else if (i == 3)
            q.lines.min_length = INFINITY;
        else if (i == 4)
            assert_int_equal(eg_source_rows(s.source, 2, 9, NULL), EG_OK);
        else
            assert_int_equal(eg_source_grid(&again, ctx, &other, NULL), EG_OK);
        assert_int_equal(eg_edge_lines(s.source, again, NULL, &q.edges, &q.lines, record, NULL,
                                       NULL, NULL, &error),
                         i == 5 ? EG_BAD_INPUT : EG_USAGE);
        eg_source_close(again);
        eg_source_close(s.source);
    }
    eg_grid_free(&grid);
    eg_grid_free(&other);
    eg_context_free(ctx);
}

/* An error of the callback ends the operation. */
static eg_status refuse_line(void *opaque, const eg_line *line, eg_error *error)
{
    (void)line, (void)error;
    ++*(int *)opaque;
    return EG_CANCELLED;
}

static void test_callback_ends(void **state)
{
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid grid;
    noise_grid(&grid, ctx, 140, 130, EG_U8, 3, 2);
    (void)state;
    int calls = 0;
    sources s = open_grid(ctx, &grid, 1, true);
    request q = request_for(&grid);
    assert_int_equal(eg_edge_lines(s.source, s.again, NULL, &q.edges, &q.lines, refuse_line, &calls,
                                   NULL, NULL, NULL),
                     EG_CANCELLED);
    assert_int_equal(calls, 1);
    eg_source_close(s.again);
    eg_source_close(s.source);
    eg_grid_free(&grid);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_shapes),
        cmocka_unit_test(test_noisy_shapes),
        cmocka_unit_test(test_operators),
        cmocka_unit_test(test_ridges),
        cmocka_unit_test(test_sides),
        cmocka_unit_test(test_strength),
        cmocka_unit_test(test_min_length),
        cmocka_unit_test(test_simplify),
        cmocka_unit_test(test_smooth),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_edges_are_those_of_eg_edges),
        cmocka_unit_test(test_no_lines),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_callback_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
