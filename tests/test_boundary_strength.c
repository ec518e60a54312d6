/* SPDX-License-Identifier: MIT */
/* eg_boundary_strength(): the map of which eg_edges() with EG_EDGE_BOUNDARY is the threshold. */
#include <math.h>
#include <string.h>

#include "support.h"

enum { WIDTH = 150, HEIGHT = 90 };

static void strength_of(eg_grid *out, eg_context *ctx, const eg_grid *in,
                        const eg_boundary_options *options)
{
    eg_source *source;
    eg_sink *sink;
    eg_error error = {0};
    *out = (eg_grid){0};
    assert_int_equal(eg_source_grid(&source, ctx, in, NULL), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, ctx, out, NULL), EG_OK);
    if (eg_boundary_strength(source, sink, options, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
}

/* With one threshold the edges are the thinned map above it. */
static void edges_are_the_thinned_map_above_the_threshold(void **state)
{
    (void)state;
    static const double sigmas[] = {2, 4, 9, 22}; /* boxes of 1, 1, 2 and 8 pixels */
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t k = 0; k < COUNT(sigmas); k++) {
        eg_grid in, full, thin, edges;
        eg_boundary_options o;
        eg_edges_options e;
        eg_edges_result result;
        noise_grid(&in, ctx, WIDTH, HEIGHT, k % 2 ? EG_F32 : EG_U8, 3, 4);
        if (k % 2)
            for (size_t x = 20; x < 40; x++)
                set_sample(&in, x, 30, (double)NAN);
        eg_boundary_default(&o);
        o.sigma = sigmas[k];
        strength_of(&full, ctx, &in, &o);
        o.thin = true;
        strength_of(&thin, ctx, &in, &o);
        eg_edges_default(&e);
        e.method = EG_EDGE_BOUNDARY;
        e.sigma = sigmas[k];
        edges_of(&edges, ctx, &in, &e, &result); /* to learn a threshold */
        eg_grid_free(&edges);
        e.low = e.high = result.high;
        edges_of(&edges, ctx, &in, &e, &result);
        assert_true(result.edge_pixels > 50);
        for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
            const size_t x = i % WIDTH, y = i / WIDTH;
            const double m = sample_at(&thin, x, y), f = sample_at(&full, x, y);
            assert_int_equal(sample_at(&edges, x, y) > 0, (float)m > (float)e.high);
            assert_true(isnan(m) ? isnan(f) : m == 0 || m == f);
            assert_int_equal(isnan(f), k % 2 && y == 30 && x >= 20 && x < 40);
        }
        eg_grid_free(&in);
        eg_grid_free(&full);
        eg_grid_free(&thin);
        eg_grid_free(&edges);
    }
    eg_context_free(ctx);
}

typedef struct wanted {
    eg_grid in, map;
    eg_boundary_options options;
} wanted;

static void check_same(eg_context *ctx, void *opaque)
{
    const wanted *w = opaque;
    eg_grid map;
    strength_of(&map, ctx, &w->in, &w->options);
    assert_grids_equal(&map, &w->map);
    eg_grid_free(&map);
}

static void no_setting_changes_a_bit(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        eg_context *ctx = test_context(1, 0, NULL);
        wanted w;
        noise_grid(&w.in, ctx, WIDTH, HEIGHT, EG_U8, 7, 3);
        eg_boundary_default(&w.options);
        w.options.sigma = k / 2 ? 9 : 2;
        w.options.thin = k % 2;
        w.options.depth = k == 3 ? 16 : 0;
        strength_of(&w.map, ctx, &w.in, &w.options);
        for_every_setting(check_same, &w);
        eg_grid_free(&w.in);
        eg_grid_free(&w.map);
        eg_context_free(ctx);
    }
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in, out = {0};
    noise_grid(&in, ctx, WIDTH, HEIGHT, EG_U8, 7, 3);
    for (int k = 0; k < 4; k++) {
        eg_source *source;
        eg_sink *sink;
        eg_boundary_options o;
        eg_error error = {0};
        eg_boundary_default(&o);
        if (k < 2)
            o.sigma = k ? -1 : 1e6;
        else
            *(k == 2 ? &o.sigma_percent : &o.scale) = -1;
        assert_int_equal(eg_source_grid(&source, ctx, &in, NULL), EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
        assert_int_equal(eg_boundary_strength(source, sink, &o, NULL, &error), EG_USAGE);
        assert_true(error.message[0] != 0);
        eg_sink_close(sink);
        eg_source_close(source);
    }
    eg_grid_free(&in);
    eg_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_the_thinned_map_above_the_threshold),
        cmocka_unit_test(no_setting_changes_a_bit),
        cmocka_unit_test(options_out_of_range_are_refused),
    };
    return cmocka_run_group_tests_name("strength of boundaries", tests, NULL, NULL);
}
