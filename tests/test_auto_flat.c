/* SPDX-License-Identifier: MIT */
/* Automatic thresholds of images without edges: a warning says why there are none. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support.h"

/* Returns the warning of automatic edges of `in`, in a static buffer; "" if there is none. */
static const char *warning_of(eg_context *ctx, const eg_grid *in, const eg_edges_options *o,
                              eg_edges_result *result)
{
    static char text[400];
    eg_source *source;
    eg_sink *sink;
    eg_grid out = {0};
    eg_error error = {0};
    assert_int_equal(eg_source_grid(&source, ctx, in, NULL), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
    if (eg_edges(source, sink, o, result, &error) != EG_OK)
        fail_msg("%s", error.message);
    const char *warning = eg_source_warning(source, 0);
    snprintf(text, sizeof text, "%s", warning ? warning : "");
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    return text;
}

typedef double pattern(size_t x, size_t y);

static double same(size_t x, size_t y)
{
    (void)x, (void)y;
    return 77.3;
}

static double missing(size_t x, size_t y)
{
    (void)x, (void)y;
    return (double)NAN;
}

static double with_gap(size_t x, size_t y)
{
    (void)y;
    return x < 20 ? 1 : x < 50 ? (double)NAN : 2;
}

static double checkers(size_t x, size_t y)
{
    return (double)((x + y) % 2);
}

static double slope(size_t x, size_t y)
{
    return (double)(x + y);
}

static double speck(size_t x, size_t y)
{
    return x == 30 && y == 10 ? 8 : 7;
}

static double faint(size_t x, size_t y)
{
    (void)y;
    return x < 30 ? 0 : 0x1p-126;
}

static double step(size_t x, size_t y)
{
    (void)y;
    return x < 30 ? 0 : 3e38;
}

/* An image without edges has a warning that says why; every other image has edges. */
static void flat_images_say_so(void **state)
{
    (void)state;
    static const struct {
        pattern *at;
        eg_sample sample;
        double sigma;
        const char *warning;
    } images[] = {
        {same, EG_U8, 1.4, "is constant: there are no edges"},
        {same, EG_F32, 1.4, "is constant: there are no edges"},
        {same, EG_F32, 0, "is constant: there are no edges"},
        {missing, EG_F32, 1.4, "has no pixel with data; the result is empty"},
        {with_gap, EG_F32, 1.4, "all gradients are 0: there are no edges"},
        {checkers, EG_F32, 0, "all gradients are 0: there are no edges"},
        {speck, EG_U8, 1.4, "all gradients are 0: there are no edges"},
        {speck, EG_U8, 0, "no gradient reaches half a level per pixel: there are no edges"},
        {speck, EG_F32, 1.4, ""},
        {slope, EG_F32, 0, ""},
        {faint, EG_F32, 0, ""},
        {step, EG_F32, 0,
         "has samples beyond 2.1e+37: gradients near them may overflow, and then mark no edges"},
    };
    for (size_t i = 0; i < 2 * COUNT(images); i++) {
        eg_context *ctx = test_context(i % 2 ? 2 : 1, i % 2 ? 5 : 0, NULL);
        eg_edges_options o;
        eg_edges_result result;
        eg_grid in;
        default_sobel_edges(&o);
        o.sigma = images[i / 2].sigma;
        o.border = images[i / 2].at == checkers ? EG_BORDER_REFLECT : EG_BORDER_REPLICATE;
        noise_grid(&in, ctx, 70, 40, images[i / 2].sample, 1, 0);
        in.white_level = 255;
        for (size_t p = 0; p < in.width * in.height; p++)
            set_sample(&in, p % 70, p / 70, images[i / 2].at(p % 70, p / 70));
        assert_string_equal(warning_of(ctx, &in, &o, &result), images[i / 2].warning);
        bool flat = images[i / 2].at == step || images[i / 2].at == missing ||
                    strstr(images[i / 2].warning, "no edges");
        assert_true(result.flat == flat);
        assert_true((result.edge_pixels == 0) == flat);
        eg_grid_free(&in);
        eg_context_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_images_say_so),
    };
    return cmocka_run_group_tests_name("images without edges", tests, NULL, NULL);
}
