/* SPDX-License-Identifier: MIT */
/* Structures of options that a caller filled with values no option has: EG_USAGE or a result, no
 * crash. The tables of the options by name tell which fields there are. */
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "options/fields.h"
#include "support.h"

enum { SIDE = 8 };

static float samples[SIDE * SIDE];

/* An operation on a small grid with the options `data`. */
typedef struct run {
    eg_context *ctx;
    eg_source *source, *again;
    eg_sink *sink; /* of rows that are dropped */
    const void *data;
    eg_error *error;
} run;

static eg_status drop_rows(void *opaque, const eg_grid *rows, eg_error *error)
{
    (void)opaque, (void)rows, (void)error;
    return EG_OK;
}

static eg_status drop_line(void *opaque, const eg_line *line, eg_error *error)
{
    (void)opaque, (void)line, (void)error;
    return EG_OK;
}

static eg_status run_edges(const run *r)
{
    eg_edges_options options = *(const eg_edges_options *)r->data;
    options.style.image = r->again;
    return eg_edges(r->source, r->sink, &options, NULL, r->error);
}

static eg_status run_gradient(const run *r)
{
    return eg_gradient(r->source, r->sink, r->data, r->error);
}

static eg_status run_terrain(const run *r)
{
    eg_ground_options ground;
    eg_ground_default(&ground);
    ground.cell_x = ground.cell_y = 1;
    return eg_terrain(r->source, &r->sink, r->data, 1, &ground, r->error);
}

static eg_status run_ground(const run *r)
{
    eg_terrain_options terrain;
    eg_terrain_default(&terrain);
    return eg_terrain(r->source, &r->sink, &terrain, 1, r->data, r->error);
}

static eg_status run_contour(const run *r)
{
    return eg_contour_lines(r->source, r->data, drop_line, NULL, NULL, r->error);
}

static eg_status run_lines(const run *r)
{
    eg_edges_options edges;
    eg_edges_default(&edges);
    return eg_edge_lines(r->source, r->again, NULL, &edges, r->data, drop_line, NULL, NULL, NULL,
                         r->error);
}

static eg_status run_boundary(const run *r)
{
    return eg_boundary_strength(r->source, r->sink, r->data, NULL, r->error);
}

static eg_status run_flux(const run *r)
{
    const eg_flux_part part = EG_FLUX_MAGNITUDE;
    return eg_flux(r->source, &r->sink, &part, 1, r->data, NULL, r->error);
}

static const eg_grid grid = {samples, SIDE, SIDE, SIDE * sizeof(float), EG_F32, 1};

static eg_status run_streamlines(const run *r)
{
    return eg_streamlines(r->ctx, &grid, &grid, NULL, r->data, drop_line, NULL, NULL, r->error);
}

static eg_status run_flow_path(const run *r)
{
    eg_flow_path_result result;
    return eg_flow_path(r->ctx, &grid, NULL, (double[2]){3, 3}, r->data, &result, r->error);
}

static eg_status run_descent(const run *r)
{
    eg_descent_options options = *(const eg_descent_options *)r->data;
    eg_descent_result result;
    eg_expr *f = NULL;
    double x[] = {1, 2};
    eg_status status = eg_expr_parse(&f, r->ctx, "x^2+2y^2", NULL, NULL, r->error);
    if (options.steps > 1000)
        options.steps = 1000;
    const eg_objective objective = eg_objective_expr(f);
    if (status == EG_OK)
        status = eg_descent(r->ctx, &objective, x, &options, &result, r->error);
    eg_expr_free(f);
    return status;
}

static eg_status run_solve(const run *r)
{
    eg_reals *reals = NULL;
    eg_expr *f = NULL;
    eg_solutions *found = NULL;
    eg_status status = eg_expr_parse(&f, r->ctx, "x^2-1", NULL, NULL, r->error);
    if (status == EG_OK)
        status = eg_reals_new(&reals, r->ctx, NULL, r->error);
    if (status == EG_OK) {
        const eg_real low = eg_real_integer(reals, -2), high = eg_real_integer(reals, 3);
        status = eg_solve_critical(&found, reals, f, &low, &high, r->data, r->error);
    }
    eg_solutions_free(found);
    eg_reals_free(reals);
    eg_expr_free(f);
    return status;
}

static const struct {
    const char *kind;
    eg_status (*run)(const run *r);
} runs[] = {
    {"edges", run_edges},         {"gradient", run_gradient}, {"terrain", run_terrain},
    {"ground", run_ground},       {"contour", run_contour},   {"lines", run_lines},
    {"boundary", run_boundary},   {"flux", run_flux},         {"streamlines", run_streamlines},
    {"flow-path", run_flow_path}, {"descent", run_descent},   {"solve", run_solve},
};

/* Runs an operation with options. Returns its status, which has a message unless it is EG_OK. */
static eg_status run_with(eg_context *ctx, eg_status (*operation)(const run *r), const void *data,
                          const char *what)
{
    eg_error error = {EG_OK, ""};
    run r = {.ctx = ctx, .data = data, .error = &error};
    assert_int_equal(eg_source_grid(&r.source, ctx, &grid, NULL), EG_OK);
    assert_int_equal(eg_source_grid(&r.again, ctx, &grid, NULL), EG_OK);
    assert_int_equal(eg_sink_push(&r.sink, ctx, ~0u, drop_rows, NULL, NULL), EG_OK);
    const eg_status status = operation(&r);
    if (status != error.status || (status == EG_OK) != !*error.message)
        fail_msg("%s: status %d, but %d: %s", what, status, error.status, error.message);
    eg_sink_close(r.sink);
    eg_source_close(r.again);
    eg_source_close(r.source);
    return status;
}

/* Stores bad value `index` of a field in a structure. Returns false past the last. */
static bool set_bad(char *data, const eg_field *field, size_t index)
{
    static const double reals[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, -1};
    static const int integers[] = {INT_MIN, INT_MAX, -7};
    static const size_t sizes[] = {0, SIZE_MAX};
    static const int choices[] = {99, -1, INT_MIN, INT_MAX};
    static const struct {
        eg_field_type type;
        const void *values;
        size_t size, count; /* bytes of a value, number of values */
    } bad[] = {
        {EG_FIELD_REAL, reals, sizeof *reals, COUNT(reals)},
        {EG_FIELD_INT, integers, sizeof *integers, COUNT(integers)},
        {EG_FIELD_SIZE, sizes, sizeof *sizes, COUNT(sizes)},
        {EG_FIELD_CHOICE, choices, sizeof *choices, COUNT(choices)},
    };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (bad[i].type == field->type && index < bad[i].count) {
            memcpy(data + field->offset, (const char *)bad[i].values + index * bad[i].size,
                   bad[i].size);
            return true;
        }
    return false;
}

/* Returns true if EG_USAGE is the only right answer to a bad value. */
static bool must_refuse(const eg_field *field, const char *data)
{
    double value = 0;
    if (field->type == EG_FIELD_CHOICE)
        return true;
    if (field->type != EG_FIELD_REAL || field->min >= field->max)
        return false;
    memcpy(&value, data + field->offset, sizeof value);
    return value < field->min || (value > field->max && field->max < 1e5);
}

/* Sets the default options, with those that the field has an effect with. */
static void prepare(const eg_option_kind *kind, const eg_field *field, void *data)
{
    eg_ground_options *ground = data;
    eg_gradient_options *gradient = data;
    eg_terrain_options *terrain = data;
    kind->set_default(data);
    if (kind->fields == eg_ground_fields)
        ground->cell_x = ground->cell_y = 1;
    if (kind->fields == eg_gradient_fields && strcmp(field->name, "ratio") == 0)
        gradient->map = EG_MAP_DOG;
    if (kind->fields == eg_gradient_fields && strcmp(field->name, "integration") == 0)
        gradient->map = EG_MAP_COHERENCE;
    if (kind->fields == eg_gradient_fields && gradient->map >= EG_MAP_LAPLACIAN) {
        gradient->op = "gaussian-derivative";
        gradient->sigma = 1;
    }
    if (kind->fields == eg_terrain_fields)
        terrain->map = strcmp(field->name, "altitude") == 0 ? EG_TERRAIN_HILLSHADE : terrain->map;
}

/* Runs an operation with each bad value of a field. Returns the number of wrong answers. */
static size_t try_field(eg_context *ctx, size_t k, const eg_option_kind *kind,
                        const eg_field *field)
{
    size_t wrong = 0;
    for (size_t i = 0;; i++) {
        _Alignas(max_align_t) char data[512];
        char what[80];
        assert_true(kind->size <= sizeof data);
        prepare(kind, field, data);
        if (!set_bad(data, field, i))
            return wrong;
        snprintf(what, sizeof what, "%s %s, bad value %zu", kind->name, field->name, i);
        eg_status status = run_with(ctx, runs[k].run, data, what);
        if (must_refuse(field, data) ? status != EG_USAGE : status > EG_BAD_INPUT) {
            print_error("%s: status %d\n", what, status);
            wrong++;
        }
    }
}

static void bad_values_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    size_t wrong = 0;
    for (size_t i = 0; i < SIDE * SIDE; i++)
        samples[i] = (float)(i % SIDE * i % 7) / 7;
    for (size_t k = 0; k < COUNT(runs); k++) {
        const eg_option_kind *kind = eg_option_kinds;
        while (strcmp(kind->name, runs[k].kind) != 0)
            kind++;
        for (const eg_field *field = kind->fields; field->name; field++)
            wrong += try_field(ctx, k, kind, field);
    }
    assert_int_equal(wrong, 0);
    eg_context_free(ctx);
}

/* All functions that free an object take NULL, as free() does. */
static void nothing_is_freed(void **state)
{
    (void)state;
    eg_context_free(NULL);
    eg_grid_free(NULL);
    eg_source_close(NULL);
    eg_sink_close(NULL);
    eg_preview_free(NULL);
    eg_file_close(NULL);
    eg_outputs_close(NULL);
    eg_table_free(NULL);
    eg_edge_histogram_free(NULL);
    eg_edges_block_free(NULL);
    eg_ground_free(NULL);
    eg_expr_free(NULL);
    eg_reals_free(NULL);
    eg_derivation_free(NULL);
    eg_fit_free(NULL);
    eg_plot_free(NULL);
    eg_plot_graph_free(NULL);
    eg_line_file_close(NULL);
    eg_options_free(NULL);
    eg_solutions_free(NULL);
    eg_trace_free(NULL);
    eg_vector_free(NULL);
    eg_gradient_test_free(NULL);
    eg_vector_path_free(NULL);
    eg_line_integral_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_values_are_refused),
        cmocka_unit_test(nothing_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
