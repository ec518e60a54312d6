/* SPDX-License-Identifier: MIT */
/* Edges of photographs against golden files of a reference in NumPy, if the corpus is there. The
 * reference has other thresholds: functions of the median or the mean of the magnitudes, which are
 * taken from the histogram here. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "edge/colour/colour.h"
#include "support.h"

static eg_source *open_photograph(eg_context *ctx, const char *name)
{
    char path[200];
    eg_read_options read;
    eg_source *source;
    eg_read_default(&read);
    read.colour_planes = true;
    snprintf(path, sizeof path, "photos/%s.png", name);
    assert_int_equal(eg_source_open(&source, ctx, corpus_path(path), &read, NULL), EG_OK);
    return source;
}

/* Sets the thresholds that the reference chooses. Its scale of colours is 0..100, that of the
 * boundary detector as well, that of colours here 0..255. */
static void reference_thresholds(eg_context *ctx, const char *name, eg_edges_options *o)
{
    eg_source *source = open_photograph(ctx, name);
    eg_colour_canny canny;
    assert_int_equal(eg_colour_canny_begin(&canny, source, o, NULL), EG_OK);
    const eg_field_histogram *histogram = &canny.histogram;
    double sum = 0, count = (double)eg_field_histogram_total(histogram, histogram->all);
    for (uint32_t i = 0; i < EG_FIELD_BINS; i++)
        if (histogram->all[i])
            sum += (double)histogram->all[i] *
                   (eg_field_bin_magnitude(i) + eg_field_bin_magnitude(i + 1)) / 2;
    if (o->method == EG_EDGE_BOUNDARY) {
        o->high = 6.366 * pow(sum / count, 0.6);
        o->low = 0.45 * o->high;
    } else {
        o->high = 2.55 * 3.967 * pow(eg_quantile(histogram, histogram->all, 0.5) / 2.55 + 0.3, 0.6);
        o->low = 0.6 * o->high;
    }
    o->unit = EG_UNIT_SIGMA;
    eg_colour_canny_release(&canny);
    eg_source_close(source);
}

/* Returns the share of the pixels of `a` within one pixel of those of `b`. */
static double agreement(const eg_grid *a, const eg_grid *b)
{
    size_t near = 0, count = 0;
    for (size_t i = 0; i < a->width * a->height; i++) {
        const size_t x = i % a->width, y = i / a->width;
        bool found = false;
        if (!(sample_at(a, x, y) > 0))
            continue;
        for (size_t v = y ? y - 1 : 0; v <= y + 1 && v < a->height; v++)
            for (size_t u = x ? x - 1 : 0; u <= x + 1 && u < a->width; u++)
                found = found || sample_at(b, u, v) > 0;
        near += found;
        count++;
    }
    return (double)near / (double)count;
}

static void compare(eg_context *ctx, const char *name, eg_edge_method method)
{
    char path[200];
    eg_edges_options o;
    eg_grid golden = {0}, out = {0};
    eg_sink *sink;
    snprintf(path, sizeof path, "golden/boundary/%s_%s.png", name,
             method == EG_EDGE_BOUNDARY ? "boundary" : "colour");
    assert_int_equal(eg_load(&golden, ctx, corpus_path(path), NULL, NULL), EG_OK);
    eg_edges_default(&o);
    o.method = method;
    o.sigma = 3.5;
    o.border = EG_BORDER_REFLECT;
    reference_thresholds(ctx, name, &o);
    eg_source *source = open_photograph(ctx, name);
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
    assert_int_equal(eg_edges(source, sink, &o, NULL, NULL), EG_OK);
    const double ours = agreement(&out, &golden), theirs = agreement(&golden, &out);
    if (ours < 0.98 || theirs < 0.97) /* the mean is not exact */
        fail_msg("%s, method %d: %.4f of our pixels, %.4f of the reference's", name, (int)method,
                 ours, theirs);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&golden);
    eg_grid_free(&out);
}

static void photographs_have_the_edges_of_the_reference(void **state)
{
    (void)state;
    static const char *const names[] = {"baby",       "bulb", "dog",  "flowers", "grass", "guitar",
                                        "house",      "mc1",  "mc3",  "mies",    "nyc",   "path",
                                        "prudential", "rain", "sand", "sumac",   "waves"};
    if (!corpus_path("golden/boundary"))
        skip();
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(names); i++) {
        compare(ctx, names[i], EG_EDGE_CANNY);
        compare(ctx, names[i], EG_EDGE_BOUNDARY);
    }
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(photographs_have_the_edges_of_the_reference),
    };
    return cmocka_run_group_tests_name("edges of photographs", tests, NULL, NULL);
}
