/* SPDX-License-Identifier: MIT */
/*
 * Samples the graph of a function of one variable. The first samples lie at round numbers, because
 * that is where formulas have their holes and poles. Intervals in which the graph bends are
 * divided. Between two samples that differ much, bisection follows the larger difference: at a pole
 * or a jump it does not shrink.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "plot/plot.h"

enum {
    FIRST = 1000,      /* approximate number of first samples */
    ROUNDS = 4,        /* divisions of an interval */
    CAPACITY = 16384,  /* samples */
    BISECTIONS = 4000, /* pairs bisected */
    HALVINGS = 64,     /* most steps of a bisection */
    HALVES_TO_HOLE = 7
};

#define BEND     5e-4  /* difference from a straight line that divides an interval, of the height */
#define JUMP     0.02  /* difference of neighbours that is bisected, of the height */
#define SHRUNK   0.125 /* of its difference: a pair is continuous */
#define SHRINKS  0.75  /* factor of the differences of values that converge */
#define TINY     1e-6  /* difference that is rounding, of the height */
#define DIVISION 0.382 /* of an interval: not a half, which would meet periods */

typedef struct sample {
    double x, y;
    bool bends; /* the interval to the next sample is to be divided */
} sample;

typedef struct sampler {
    eg_context *ctx;
    eg_plot_function f;
    void *opaque;
    eg_error *error;
    eg_status status;
    sample *samples, *divided;
    double *x, *y; /* of a batch */
    size_t count;
    double height; /* of the range of y */
    size_t bisections;
    eg_plot_graph *graph;
} sampler;

static void evaluate_batch(sampler *s, size_t count)
{
    if (s->status == EG_OK && count > 0)
        s->status = s->f(s->opaque, s->x, count, s->y, s->error);
}

static double evaluate_at(sampler *s, double x)
{
    double y = (double)NAN;
    if (s->status == EG_OK)
        s->status = s->f(s->opaque, &x, 1, &y, s->error);
    return y;
}

/* ---- samples ---- */

/* Computes the places of the first samples: the multiples of a round step, and both ends. */
static size_t place_samples(double places[], const double range[2])
{
    double step = eg_nice_step(range[1] - range[0], FIRST), parts = nearbyint(1 / step);
    size_t count = 0;
    places[count++] = range[0];
    const double first = floor(range[0] / step), last = ceil(range[1] / step);
    for (size_t i = 0; first + (double)i <= last && count < CAPACITY / 4; i++) {
        double k = first + (double)i, x = step < 1 ? k / parts : k * step;
        if (x > places[count - 1] && x < range[1])
            places[count++] = x;
    }
    places[count++] = range[1];
    return count;
}

static void take_first_samples(sampler *s, const double range[2])
{
    s->count = place_samples(s->x, range);
    evaluate_batch(s, s->count);
    for (size_t i = 0; i < s->count; i++)
        s->samples[i] = (sample){s->x[i], s->y[i], true};
}

/* Divides the intervals that bend. Returns false if none does. */
static bool divide_intervals(sampler *s)
{
    size_t tried = 0, used = 0, next = 0;
    const sample *old = s->samples;
    for (size_t i = 0; i + 1 < s->count; i++)
        if (old[i].bends && isfinite(old[i].y) && isfinite(old[i + 1].y))
            s->x[tried++] = old[i].x + DIVISION * (old[i + 1].x - old[i].x);
    if (tried == 0 || s->count + tried > CAPACITY)
        return false;
    evaluate_batch(s, tried);
    for (size_t i = 0; i < s->count; i++) {
        bool was_tried =
            i + 1 < s->count && old[i].bends && isfinite(old[i].y) && isfinite(old[i + 1].y);
        s->divided[used++] = (sample){old[i].x, old[i].y, false};
        if (!was_tried)
            continue;
        double x = s->x[next], y = s->y[next++];
        double straight = old[i].y + DIVISION * (old[i + 1].y - old[i].y);
        if (fabs(y - straight) <= BEND * s->height || x <= old[i].x || x >= old[i + 1].x)
            continue;
        s->divided[used - 1].bends = true;
        s->divided[used++] = (sample){x, y, true};
    }
    sample *swapped = s->samples;
    s->samples = s->divided;
    s->divided = swapped;
    s->count = used;
    return s->status == EG_OK;
}

/* ---- interruptions ---- */

static void add_point(sampler *s, double x, double y)
{
    double *point = s->graph->points + 2 * s->graph->count++;
    point[0] = x;
    point[1] = y;
}

/* Bisects the interval between two values to the place of a jump or pole, or of a point without a
 * value. Returns false if the function is continuous there. */
static bool find_jump(sampler *s, sample *a, sample *b)
{
    const double first = fabs(b->y - a->y);
    for (int i = 0; i < HALVINGS; i++) {
        double middle = a->x + (b->x - a->x) / 2;
        if (!(middle > a->x && middle < b->x))
            break;
        double y = evaluate_at(s, middle), left = fabs(y - a->y), right = fabs(b->y - y);
        if (!isfinite(y))
            break;
        *(left > right ? b : a) = (sample){middle, y, false};
        if (fmax(left, right) < SHRUNK * first)
            return false;
    }
    return true;
}

/* Moves a sample with a value to the end of the domain, before or behind which `none` lies. */
static void find_end(sampler *s, sample *value, double none)
{
    for (int i = 0; i < HALVINGS; i++) {
        double middle = value->x + (none - value->x) / 2;
        if (middle == value->x || middle == none)
            break;
        double y = evaluate_at(s, middle);
        if (isfinite(y))
            *value = (sample){middle, y, false};
        else
            none = middle;
    }
}

/* Follows the values from a sample towards x, where there is none, each time half as far. Returns
 * true if their differences shrink each time: sets the last value and the last difference. */
static bool converges(sampler *s, const sample *from, double x, double *limit, double *difference)
{
    double distance = from->x - x, before = from->y;
    *difference = (double)INFINITY;
    for (int k = 0; k < HALVES_TO_HOLE; k++) {
        distance /= 2;
        double value = evaluate_at(s, x + distance), step = fabs(value - before);
        if (!(step <= SHRINKS * *difference + TINY * s->height))
            return false; /* NaN too */
        before = value;
        *difference = step;
    }
    *limit = before;
    return true;
}

/* Returns true if the graph continues through sample i, which has no value: the values on both
 * sides converge to one number, *y. */
static bool is_hole(sampler *s, size_t i, double *y)
{
    double left, right, step[2];
    if (i == 0 || i + 1 >= s->count || !isfinite(s->samples[i - 1].y) ||
        !isfinite(s->samples[i + 1].y))
        return false;
    const double x = s->samples[i].x;
    if (!converges(s, &s->samples[i - 1], x, &left, &step[0]) ||
        !converges(s, &s->samples[i + 1], x, &right, &step[1]))
        return false;
    *y = left + (right - left) / 2;
    return fabs(right - left) <= 4 * (step[0] + step[1]) + TINY * s->height;
}

/* Adds the points between sample i and the next one, both excluded. */
static void connect_samples(sampler *s, size_t i)
{
    sample a = s->samples[i], b = s->samples[i + 1];
    bool from = isfinite(a.y), to = isfinite(b.y);
    if (from && to) {
        const double *y = s->graph->y;
        bool outside = fmin(a.y, b.y) > y[1] || fmax(a.y, b.y) < y[0]; /* of the plot */
        if (outside || !(fabs(b.y - a.y) > JUMP * s->height) || s->bisections++ >= BISECTIONS ||
            !find_jump(s, &a, &b))
            return;
        add_point(s, a.x, a.y);
        add_point(s, a.x, (double)NAN);
        add_point(s, b.x, b.y);
    } else if (from != to && s->bisections++ < BISECTIONS) {
        find_end(s, from ? &a : &b, from ? b.x : a.x);
        add_point(s, from ? a.x : b.x, from ? a.y : b.y);
    }
}

static void connect(sampler *s)
{
    for (size_t i = 0; i < s->count && s->status == EG_OK; i++) {
        double y;
        if (!isfinite(s->samples[i].y) && is_hole(s, i, &y)) {
            double *hole = s->graph->holes[s->graph->hole_count++];
            hole[0] = s->samples[i].x;
            hole[1] = s->samples[i].y = y;
        }
    }
    for (size_t i = 0; i < s->count && s->status == EG_OK; i++) {
        add_point(s, s->samples[i].x, s->samples[i].y);
        if (i + 1 < s->count)
            connect_samples(s, i);
    }
}

/* ---- the graph ---- */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Chooses the range of y. If the outer twentieths of the values reach far beyond the others, as at
 * poles, it shows only their beginning. */
static void choose_range(sampler *s, double y[2])
{
    enum { TAIL = 20, FAR = 6 };
    size_t n = 0;
    y[0] = -1;
    y[1] = 1;
    for (size_t i = 0; i < s->count; i++)
        if (isfinite(s->samples[i].y))
            s->y[n++] = s->samples[i].y;
    if (n == 0)
        return;
    qsort(s->y, n, sizeof *s->y, compare_doubles);
    double low = s->y[0], high = s->y[n - 1];
    double first = s->y[n / TAIL], last = s->y[n - 1 - n / TAIL], inner = last - first;
    if (inner > 0 && high / FAR - low / FAR > inner) {
        low = fmax(low, first - inner / 4);
        high = fmin(high, last + inner / 4);
    }
    double margin = 0.1 * (high - low), size = fmax(fabs(low), fabs(high));
    if (!(high - low > 1e-11 * size)) /* constant but for rounding */
        margin = size > 0 ? size / 2 : 1;
    y[0] = low - margin;
    y[1] = high + margin;
}

static eg_status allocate(sampler *s)
{
    /* Each sample adds itself and up to three points behind it. */
    s->samples = eg_alloc(s->ctx, CAPACITY, sizeof *s->samples, s->error);
    s->divided = s->samples ? eg_alloc(s->ctx, CAPACITY, sizeof *s->divided, s->error) : NULL;
    s->x = s->divided ? eg_alloc(s->ctx, CAPACITY, 2 * sizeof *s->x, s->error) : NULL;
    if (!s->x)
        return eg_failed(s->error);
    s->y = s->x + CAPACITY;
    return EG_OK;
}

static eg_status allocate_graph(sampler *s)
{
    eg_plot_graph *g = s->graph;
    g->points = eg_alloc(s->ctx, 4 * s->count, 2 * sizeof *g->points, s->error);
    g->holes = g->points ? eg_alloc(s->ctx, s->count, sizeof *g->holes, s->error) : NULL;
    return g->holes ? EG_OK : eg_failed(s->error);
}

eg_status eg_plot_graph_new(eg_plot_graph *graph, eg_context *ctx, eg_plot_function f, void *opaque,
                            const double x[2], eg_error *error)
{
    *graph = (eg_plot_graph){.y = {-1, 1}};
    sampler s = {.ctx = ctx, .f = f, .opaque = opaque, .error = error, .graph = graph};
    if (!(x[1] - x[0] > 1e-12 * fmax(fabs(x[0]), fabs(x[1]))) || !isfinite(x[1] - x[0]))
        return eg_fail(error, EG_USAGE, "a graph cannot run from %g to %g", x[0], x[1]);
    s.status = allocate(&s);
    if (s.status == EG_OK) {
        take_first_samples(&s, x);
        choose_range(&s, graph->y);
        s.height = graph->y[1] - graph->y[0];
        for (int i = 0; i < ROUNDS && s.status == EG_OK; i++)
            if (!divide_intervals(&s))
                break;
    }
    if (s.status == EG_OK)
        s.status = allocate_graph(&s);
    if (s.status == EG_OK)
        connect(&s);
    eg_free(s.x);
    eg_free(s.divided);
    eg_free(s.samples);
    if (s.status != EG_OK)
        eg_plot_graph_free(graph);
    return s.status;
}

void eg_plot_graph_free(eg_plot_graph *graph)
{
    if (!graph)
        return;
    eg_free(graph->points);
    eg_free(graph->holes);
    *graph = (eg_plot_graph){0};
}
