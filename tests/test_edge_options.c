/* SPDX-License-Identifier: MIT */
/* Options of eg_edges(): what is out of range is refused, and automatic thresholds and densities of
 * images that are unlike photographs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "colours.h"

/* Sets one option out of its range. */
static void set_unfit(eg_edges_options *o, size_t k)
{
    switch (k) {
    case 0:
        o->method = (eg_edge_method)7;
        break;
    case 1:
        o->nms = (eg_nms)7;
        break;
    case 2:
        o->rule = (eg_auto_rule)7;
        break;
    case 3:
        o->unit = (eg_threshold_unit)7;
        break;
    case 4:
        o->op = NULL;
        break;
    case 5:
        o->sigma_percent = (double)NAN;
        break;
    case 6:
        o->sigma_percent = -1;
        break;
    case 7:
        o->sigma_percent = (double)INFINITY;
        break;
    default:
        o->sigma = -1;
    }
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    static const char *const operators[] = {"gaussian", "sobel3"};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    noise_grid(&in, ctx, 30, 20, EG_U8, 1, 1);
    for (size_t i = 0; i < COUNT(operators); i++)
        for (size_t k = 0; k < 9; k++) {
            eg_edges_options o;
            eg_error error;
            eg_edges_default(&o);
            o.op = operators[i];
            set_unfit(&o, k);
            if (edges_status(ctx, &in, &o, &error) != EG_USAGE || !*error.message)
                fail_msg("%s: option %zu is not refused", operators[i], k);
        }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* Units and formulas of one kind of operators only. */
static void options_of_other_operators_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    eg_error error;
    eg_edges_options o;
    noise_grid(&in, ctx, 30, 20, EG_U8, 1, 1);
    eg_edges_default(&o);
    o.compat_skimage = true;
    assert_int_equal(edges_status(ctx, &in, &o, &error), EG_USAGE);
    eg_edges_opencv(&o, 5, 10);
    o.unit = EG_UNIT_SIGMA;
    assert_int_equal(edges_status(ctx, &in, &o, &error), EG_USAGE);
    eg_grid_free(&in);
    eg_context_free(ctx);
}

static void interleaved_colours_are_refused(void **state)
{
    (void)state;
    static const eg_edge_method methods[] = {EG_EDGE_CANNY, EG_EDGE_THRESHOLD, EG_EDGE_BOUNDARY};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    eg_error error;
    assert_int_equal(eg_grid_new(&in, ctx, 30, 20, EG_RGB, &error), EG_OK);
    memset(in.data, 0, in.height * in.stride);
    for (size_t i = 0; i < COUNT(methods); i++) {
        eg_edges_options o;
        eg_edges_default(&o);
        o.method = methods[i];
        assert_int_equal(edges_status(ctx, &in, &o, &error), EG_USAGE);
        assert_non_null(strstr(error.message, "bits or colours"));
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* Stripes of 700 columns. */
static void stripes(eg_grid *grid, eg_context *ctx, size_t width, size_t height)
{
    noise_grid(grid, ctx, width, height, EG_U8, 1, 0);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            set_sample(grid, x, y, x / 700 % 2 ? 150 : 50);
}

/* The largest sigma is told, and is one that works. */
static void the_largest_sigma_is_told(void **state)
{
    (void)state;
    static const struct {
        eg_edge_method method;
        double most;
    } cases[] = {{EG_EDGE_CANNY, 1024}, {EG_EDGE_THRESHOLD, 1024}, {EG_EDGE_BOUNDARY, 796}};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    stripes(&in, ctx, 9000, 3);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char told[32];
        eg_error error;
        eg_edges_options o;
        eg_edges_default(&o);
        o.method = cases[i].method;
        o.sigma = cases[i].most;
        assert_int_equal(edges_status(ctx, &in, &o, &error), EG_OK);
        o.sigma = cases[i].most + 1;
        snprintf(told, sizeof told, "give at most %g", cases[i].most);
        assert_int_equal(edges_status(ctx, &in, &o, &error), EG_USAGE);
        assert_non_null(strstr(error.message, told));
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

/* The field of an image may have no local maximum because it has few rows, or is coarser than the
 * image. Then a result that has edges does not say that there is no gradient, and edges are those
 * above its thresholds. */
static void fields_without_local_maxima_have_thresholds(void **state)
{
    (void)state;
    static const eg_auto_rule rules[] = {EG_AUTO_OUTLINE, EG_AUTO_OTSU, EG_AUTO_MEDIAN};
    static const struct {
        size_t width, height;
        eg_edge_method method;
        bool flat;
    } cases[] = {
        {1500, 1, EG_EDGE_THRESHOLD, false}, {1500, 2, EG_EDGE_THRESHOLD, false},
        {600, 40, EG_EDGE_THRESHOLD, true},  {9000, 3, EG_EDGE_THRESHOLD, false},
        {9000, 3, EG_EDGE_CANNY, false},     {1500, 1, EG_EDGE_CANNY, true},
        {600, 40, EG_EDGE_CANNY, true},
    };
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases) * COUNT(rules); i++) {
        const size_t k = i / COUNT(rules);
        eg_grid in, out, again;
        eg_edges_options o;
        eg_edges_result result;
        stripes(&in, ctx, cases[k].width, cases[k].height);
        eg_edges_default(&o);
        o.method = cases[k].method;
        o.rule = rules[i % COUNT(rules)];
        edges_of(&out, ctx, &in, &o, &result);
        assert_int_equal(result.flat, cases[k].flat);
        assert_true(result.flat ? result.edge_pixels == 0 : result.high > 0);
        assert_true(result.edge_pixels < in.width * in.height / 2);
        o.low = result.low;
        o.high = result.high;
        edges_of(&again, ctx, &in, &o, NULL);
        assert_grids_equal(&out, &again);
        eg_grid_free(&again);
        eg_grid_free(&out);
        eg_grid_free(&in);
    }
    eg_context_free(ctx);
}

/* A density of 0 marks nothing, also where interpolation exceeds the samples of the field and where
 * the outermost pixels have the largest magnitudes. */
static void no_pixels_are_marked_by_a_density_of_zero(void **state)
{
    (void)state;
    static const eg_edge_method methods[] = {EG_EDGE_CANNY, EG_EDGE_THRESHOLD, EG_EDGE_BOUNDARY};
    static const double sigmas[] = {1, 5.5, 12};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    noise_grid(&in, ctx, 150, 100, EG_U8, 1, 3);
    for (size_t i = 0; i < COUNT(methods) * COUNT(sigmas); i++) {
        eg_grid out;
        eg_edges_options o;
        eg_edges_result result;
        eg_edges_default(&o);
        o.method = methods[i / COUNT(sigmas)];
        o.sigma = sigmas[i % COUNT(sigmas)];
        o.density = 0;
        edges_of(&out, ctx, &in, &o, &result);
        if (result.edge_pixels)
            fail_msg("method %d, sigma %g: %d edge pixels", (int)o.method, o.sigma,
                     (int)result.edge_pixels);
        eg_grid_free(&out);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_out_of_range_are_refused),
        cmocka_unit_test(options_of_other_operators_are_refused),
        cmocka_unit_test(interleaved_colours_are_refused),
        cmocka_unit_test(the_largest_sigma_is_told),
        cmocka_unit_test(fields_without_local_maxima_have_thresholds),
        cmocka_unit_test(no_pixels_are_marked_by_a_density_of_zero),
    };
    return cmocka_run_group_tests_name("options of edges", tests, NULL, NULL);
}
