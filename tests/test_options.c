/* SPDX-License-Identifier: MIT */
/* Options by name: every row of every table sets its field, wrong values change nothing, and
 * operations do the same as with the structures. Options of commands: their briefs. */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "support.h"

static const struct {
    const char *kind;
    size_t size;
} sizes[] = {{"edges", sizeof(eg_edges_options)},
             {"gradient", sizeof(eg_gradient_options)},
             {"terrain", sizeof(eg_terrain_options)},
             {"ground", sizeof(eg_ground_options)},
             {"contour", sizeof(eg_contour_options)},
             {"lines", sizeof(eg_edge_lines_options)},
             {"read", sizeof(eg_read_options)},
             {"write", sizeof(eg_write_options)},
             {"config", sizeof(eg_config)},
             {"boundary", sizeof(eg_boundary_options)},
             {"flux", sizeof(eg_flux_options)},
             {"streamlines", sizeof(eg_streamline_options)},
             {"flow-path", sizeof(eg_flow_path_options)},
             {"descent", sizeof(eg_descent_options)},
             {"solve", sizeof(eg_solve_options)}};

static size_t size_of(const char *kind)
{
    for (size_t i = 0; i < COUNT(sizes); i++)
        if (strcmp(sizes[i].kind, kind) == 0)
            return sizes[i].size;
    fail_msg("unknown kind %s", kind);
    return 0;
}

/* Sets an option to `value`. Returns true if that is accepted and changes the structure. */
static bool changes(eg_context *ctx, const char *kind, const char *name, const char *value)
{
    eg_options *options;
    eg_error error = {EG_OK, ""};
    char before[512];
    assert_true(size_of(kind) <= sizeof before);
    assert_int_equal(eg_options_new(&options, ctx, kind, &error), EG_OK);
    memcpy(before, eg_options_data(options, kind), size_of(kind));
    const bool accepted = eg_options_set(options, name, value, &error) == EG_OK;
    const bool differs = memcmp(before, eg_options_data(options, kind), size_of(kind)) != 0;
    if (!accepted && (differs || strncmp(error.message, name, strlen(name)) != 0))
        fail_msg("%s %s=%s: %s", kind, name, value, error.message);
    eg_options_free(options);
    return differs;
}

/* Some value or choice of every option changes the structure. */
static void check_option(eg_context *ctx, const char *kind, size_t index)
{
    static const char *const values[] = {"7", "1", "0.5", "true", "false", "#123456", "some text"};
    const char *name = eg_option_name(kind, index);
    size_t changed = 0;
    for (size_t i = 0; i < COUNT(values); i++)
        changed += changes(ctx, kind, name, values[i]);
    for (size_t i = 0; eg_option_choice(kind, index, i); i++)
        changed += changes(ctx, kind, name, eg_option_choice(kind, index, i));
    if (changed == 0)
        fail_msg("%s %s cannot be set", kind, name);
    assert_non_null(eg_option_help(kind, index));
}

static void every_option_of_every_kind(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    size_t kinds = 0, options = 0;
    const char *kind;
    for (; (kind = eg_options_kind(kinds)); kinds++)
        for (size_t i = 0; eg_option_name(kind, i); i++, options++)
            check_option(ctx, kind, i);
    assert_int_equal(kinds, COUNT(sizes));
    assert_true(options > 110);
    for (size_t i = 0; eg_method_name(i); i++)
        assert_true(changes(ctx, "descent", "method", eg_method_name(i)) || i == EG_METHOD_GD);
    eg_context_free(ctx);
}

/* One option of each type ends in its field, and no other changes. */
static void values_end_in_their_fields(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_options *o;
    eg_error error = {EG_OK, ""};
    eg_edges_options wanted;
    assert_int_equal(eg_options_new(&o, ctx, "edges", &error), EG_OK);
    eg_edges_default(&wanted);
    assert_int_equal(eg_options_set(o, "method", "ridge", &error), EG_OK);
    assert_int_equal(eg_options_set_number(o, "sigma", 2.5, &error), EG_OK);
    assert_int_equal(eg_options_set(o, "thickness", "3", &error), EG_OK);
    assert_int_equal(eg_options_set(o, "invert", "true", &error), EG_OK);
    assert_int_equal(eg_options_set(o, "colour", "#FF8001", &error), EG_OK);
    assert_int_equal(eg_options_set(o, "op", "scharr", &error), EG_OK);
    assert_int_equal(eg_options_set(o, "op", "sobel3", &error), EG_OK);
    const eg_edges_options *got = eg_options_data(o, "edges");
    assert_int_equal(got->method, EG_EDGE_RIDGE);
    assert_true(got->sigma == 2.5);
    assert_int_equal(got->style.thickness, 3);
    assert_true(got->style.invert);
    assert_memory_equal(got->style.colour, "\xff\x80\x01", 3);
    assert_string_equal(got->op, "sobel3");
    assert_int_equal(got->rule, wanted.rule);
    assert_true(isnan(got->low) && isnan(got->high) && isnan(got->density));
    assert_null(eg_options_data(o, "gradient"));
    eg_options_free(o);

    assert_int_equal(eg_options_new(&o, ctx, "config", &error), EG_OK);
    assert_int_equal(eg_options_set(o, "max-memory", "3M", &error), EG_OK);
    const eg_config *config = eg_options_data(o, "config");
    assert_int_equal(config->max_memory, 3 << 20);
    eg_options_free(o);
    eg_options_free(NULL);
    eg_context_free(ctx);
}

static void wrong_values_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *name, *value, *message;
    } cases[] = {
        {"edges", "sigma", "2,5", "sigma: '2,5' is not a number"},
        {"edges", "sigma", "-1", "sigma: -1 is outside the range 0 to 1024"},
        {"edges", "sigma", "", "sigma: '' is not a number"},
        {"edges", "thickness", "2.5", "thickness: '2.5' is not a whole number"},
        {"edges", "method", "kanny",
         "method: 'kanny' is not one of canny, boundary, ridge, threshold"},
        {"edges", "invert", "yes", "invert: 'yes' is not true or false"},
        {"edges", "colour", "red", "colour: 'red' is not a colour such as #ff8000"},
        {"edges", "colour", "#12345g", "colour: '#12345g' is not a colour such as #ff8000"},
        {"edges", "smoothing", "1", "edges has no option 'smoothing'"},
        {"edges", "sigm", "1", "edges has no option 'sigm'"},
        {"config", "max-memory", "-1", "max-memory: '-1' is not a size such as 4096 or 2G"},
        {"config", "max-memory", "M", "max-memory: 'M' is not a size such as 4096 or 2G"},
        {"config", "max-memory", "1e300", "max-memory: '1e300' is not a size that this system has"},
    };
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_options *o;
        eg_error error = {EG_OK, ""};
        unsigned char before[sizeof(eg_edges_options)];
        const char *kind = cases[i].kind;
        const size_t size =
            strcmp(kind, "edges") == 0 ? sizeof(eg_edges_options) : sizeof(eg_config);
        assert_int_equal(eg_options_new(&o, ctx, kind, &error), EG_OK);
        memcpy(before, eg_options_data(o, kind), size);
        assert_int_equal(eg_options_set(o, cases[i].name, cases[i].value, &error), EG_USAGE);
        assert_string_equal(error.message, cases[i].message);
        assert_memory_equal(before, eg_options_data(o, kind), size);
        eg_options_free(o);
    }
    eg_options *o;
    eg_error error = {EG_OK, ""};
    assert_int_equal(eg_options_new(&o, ctx, "egdes", &error), EG_USAGE);
    assert_null(o);
    assert_null(eg_option_name("egdes", 0));
    eg_context_free(ctx);
}

/* Edges with options by name are those with the structure. */
static void the_same_edges(void **state)
{
    (void)state;
    static const char *const settings[] = {"threads=2", "strip-rows=16", "cpu=baseline"};
    eg_context *ctx = NULL;
    eg_error error = {EG_OK, ""};
    eg_options *o;
    eg_grid in, out[2] = {{0}, {0}};
    eg_edges_options plain;
    assert_int_equal(eg_context_new_named(&ctx, settings, 3, &error), EG_OK);
    assert_string_equal(eg_cpu_name(ctx), "baseline");
    assert_int_equal(eg_options_new(&o, ctx, "edges", &error), EG_OK);
    assert_int_equal(eg_options_set(o, "op", "sobel5", &error), EG_OK);
    assert_int_equal(eg_options_set_number(o, "sigma", 1.2, &error), EG_OK);
    assert_int_equal(eg_options_set_number(o, "thickness", 3, &error), EG_OK);
    eg_edges_default(&plain);
    plain.op = "sobel5";
    plain.sigma = 1.2;
    plain.style.thickness = 3;
    noise_grid(&in, ctx, 200, 90, EG_U8, 3, 1);
    for (size_t i = 0; i < 2; i++) {
        eg_source *source;
        eg_sink *sink;
        assert_int_equal(eg_source_grid(&source, ctx, &in, &error), EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &out[i], &error), EG_OK);
        const eg_edges_options *options = i ? &plain : eg_options_data(o, "edges");
        assert_int_equal(eg_edges(source, sink, options, NULL, &error), EG_OK);
        eg_source_close(source);
        eg_sink_close(sink);
    }
    assert_grids_equal(&out[0], &out[1]);
    eg_options_free(o);
    eg_grid_free(&in);
    eg_grid_free(&out[0]);
    eg_grid_free(&out[1]);
    eg_context_free(ctx);

    static const char *const wrong[] = {"threads", "threads=x", "speed=9"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        error = (eg_error){EG_OK, ""};
        assert_int_equal(eg_context_new_named(&ctx, &wrong[i], 1, &error), EG_USAGE);
        assert_null(ctx);
    }
}

/* ---- memory of the caller ---- */

/* An allocator that counts, and fails after `left` allocations. */
typedef struct counter {
    atomic_size_t bytes, calls;
    atomic_long left;
} counter;

static void *counted_allocate(void *opaque, size_t bytes, bool zeroed)
{
    counter *c = opaque;
    if (atomic_fetch_sub(&c->left, 1) <= 0)
        return NULL;
    atomic_fetch_add(&c->bytes, bytes);
    atomic_fetch_add(&c->calls, 1);
    return zeroed ? calloc(1, bytes) : malloc(bytes);
}

static void counted_release(void *opaque, void *memory, size_t bytes)
{
    counter *c = opaque;
    atomic_fetch_sub(&c->bytes, bytes);
    free(memory);
}

/* Finds edges with an allocator that fails after `most` allocations; returns the status. */
static eg_status edges_with_allocator(counter *c, long most)
{
    eg_config config;
    eg_edges_options options;
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_grid in = {0}, out = {0};
    eg_error error = {EG_OK, ""};
    *c = (counter){0};
    atomic_store(&c->left, most);
    eg_config_default(&config);
    config.threads = 2;
    config.opaque = c;
    config.allocate = counted_allocate;
    config.release = counted_release;
    eg_edges_default(&options);
    eg_status status = eg_context_new(&ctx, &config, &error);
    if (status == EG_OK)
        status = eg_grid_new(&in, ctx, 64, 64, EG_U8, &error);
    if (status == EG_OK) {
        memset(in.data, 0, in.stride * in.height);
        status = eg_source_grid(&source, ctx, &in, &error);
    }
    if (status == EG_OK)
        status = eg_sink_grid(&sink, ctx, &out, &error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &options, NULL, &error);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&in);
    eg_grid_free(&out);
    eg_context_free(ctx);
    return status;
}

/* All memory comes from the caller's allocator and goes back with its size; its failures are those
 * of the system. */
static void memory_of_the_caller(void **state)
{
    (void)state;
    counter c;
    assert_int_equal(edges_with_allocator(&c, 1000000), EG_OK);
    const size_t calls = atomic_load(&c.calls);
    assert_true(calls > 5);
    assert_int_equal(atomic_load(&c.bytes), 0);
    for (size_t i = 0; i < calls; i++) {
        assert_int_equal(edges_with_allocator(&c, (long)i), EG_NO_MEMORY);
        assert_int_equal(atomic_load(&c.bytes), 0);
    }
    eg_config config;
    eg_context *ctx;
    eg_error error = {EG_OK, ""};
    eg_config_default(&config);
    config.allocate = counted_allocate;
    assert_int_equal(eg_context_new(&ctx, &config, &error), EG_USAGE);
}

/* Briefs fit into their column, and the options of rank 1 of a command onto its screen. */
static void briefs_fit_the_screen(void **state)
{
    (void)state;
    for (const cli_command *const *c = commands; *c; c++) {
        size_t first = 0, all = 0;
        for (const cli_group *const *group = (*c)->groups; *group; group++)
            for (const cli_option *o = (*group)->options; o->name; o++) {
                const cli_brief *brief = &o->brief;
                assert_true(brief->rank >= 0 && brief->rank <= BRIEF_RANKS);
                assert_true((brief->rank > 0) == (brief->text != NULL));
                if (brief->rank && (o->hidden || strlen(brief->text) > 52))
                    fail_msg("--%s: %s", o->name, brief->text);
                first += brief->rank == 1;
                all += brief->rank > 0;
            }
        if (first > 10 || all < 3)
            fail_msg("%s has %zu options of rank 1, and %zu in all", (*c)->name, first, all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_of_every_kind),  cmocka_unit_test(values_end_in_their_fields),
        cmocka_unit_test(wrong_values_change_nothing), cmocka_unit_test(the_same_edges),
        cmocka_unit_test(memory_of_the_caller),        cmocka_unit_test(briefs_fit_the_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
