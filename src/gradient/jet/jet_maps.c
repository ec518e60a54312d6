/* SPDX-License-Identifier: MIT */
/* Maps that follow from Gaussian derivatives of the intensity: options, jets and pipeline. */
#include "gradient/jet/jet_maps.h"

#include <math.h>

#include "core/context.h"
#include "core/size.h"
#include "core/status.h"
#include "gradient/derivative.h"
#include "gradient/jet/jet_options.h"
#include "gradient/jet/jet_tile.h"
#include "gradient/missing.h"

/* Height of the step whose zero crossing is marked by default, in shares of the white level. */
#define LEAST_STEP 0.04

enum { LEAST_ROW_MARGIN = 64 }; /* samples of a working row on either side of a tile */

#define PART(name) (1u << EG_JET_##name)

/* Parts of the jets that a map needs. */
static const unsigned map_parts[][EG_JETS] = {
    [EG_MAP_MAGNITUDE] = {PART(X) | PART(Y)},
    [EG_MAP_X] = {PART(X)},
    [EG_MAP_Y] = {PART(Y)},
    [EG_MAP_DIRECTION] = {PART(X) | PART(Y)},
    [EG_MAP_LAPLACIAN] = {[EG_JET_DIFFERENCES] = PART(XX) | PART(YY)},
    [EG_MAP_LOG] = {PART(XX) | PART(YY)},
    [EG_MAP_DOG] = {PART(VALUE), [EG_JET_WIDE] = PART(VALUE)},
    [EG_MAP_HESSIAN_DET] = {PART(XX) | PART(XY) | PART(YY)},
    [EG_MAP_HESSIAN_MAX] = {PART(XX) | PART(XY) | PART(YY)},
    [EG_MAP_HESSIAN_MIN] = {PART(XX) | PART(XY) | PART(YY)},
    [EG_MAP_COHERENCE] = {PART(X) | PART(Y)},
};

/* ---- options ---- */

/* Compares numbers that are not computed. */
static bool differ(double a, double b)
{
    return a < b || a > b;
}

static eg_status check_options(const eg_source *source, const eg_gradient_options options[],
                               size_t count, eg_error *error)
{
    eg_status status = eg_check_gradient_samples(source, error);
    if (status == EG_OK)
        status = eg_check_one_plane(source, error);
    if (status == EG_OK)
        status = eg_check_border(source, options->border, options->border_value, error);
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        status = eg_check_jet_options(&options[i], error);
        for (size_t k = 0; status == EG_OK && k < i; k++)
            if (options[i].map == options[k].map &&
                (differ(eg_jet_wide_sigma(&options[i]), eg_jet_wide_sigma(&options[k])) ||
                 differ(eg_jet_integration_sigma(&options[i]),
                        eg_jet_integration_sigma(&options[k]))))
                return eg_fail(error, EG_USAGE,
                               "maps of one pass need the same ratio and integration sigma");
    }
    return status;
}

/* ---- the pass ---- */

static void init_jets(eg_jet_pass *pass, const eg_source *source)
{
    unsigned parts[EG_JETS] = {0};
    double sigma[EG_JETS] = {0}; /* of Gaussians */
    eg_jet_stage *jets = pass->jets;
    const bool farid = eg_is_farid_map(pass->options);
    (farid ? eg_jet_weights_farid : eg_jet_weights_gaussian)(&jets[EG_JET_GAUSSIAN].weights,
                                                             eg_jet_sigma(pass->options));
    sigma[EG_JET_GAUSSIAN] = farid ? 0 : eg_jet_sigma(pass->options);
    eg_jet_weights_differences(&jets[EG_JET_DIFFERENCES].weights, eg_jet_sigma(pass->options));
    eg_jet_weights_gaussian(&jets[EG_JET_WIDE].weights, 0);
    for (size_t i = 0; i < pass->count; i++) {
        const eg_gradient_options *options = &pass->options[i];
        for (size_t k = 0; k < EG_JETS; k++)
            parts[k] |= map_parts[options->map][k];
        if (options->map == EG_MAP_DOG) {
            sigma[EG_JET_WIDE] = eg_jet_wide_sigma(options);
            eg_jet_weights_gaussian(&jets[EG_JET_WIDE].weights, sigma[EG_JET_WIDE]);
        }
        if (options->map == EG_MAP_COHERENCE)
            eg_jet_weights_gaussian(&pass->integration, eg_jet_integration_sigma(options));
        const size_t margin = options->map == EG_MAP_COHERENCE           ? pass->integration.radius
                              : options->thin || options->zero_crossings ? 1
                                                                         : 0;
        pass->margin = margin > pass->margin ? margin : pass->margin;
    }
    pass->row_margin = eg_max_size(LEAST_ROW_MARGIN, (pass->margin + 63) / 64 * 64);
    pass->columns = EG_JET_TILE;
    for (size_t k = 0; k < EG_JETS; k++) {
        eg_jet_stage_init(&jets[k], source, sigma[k], parts[k]);
        if (parts[k])
            pass->columns = eg_min_size(pass->columns, eg_jet_tile(&jets[k]));
    }
    pass->columns = eg_min_size(EG_JET_TILE, eg_max_size(pass->columns, pass->row_margin));
}

/* Sets the least differences of zero crossings. */
static void init_slopes(eg_jet_pass *pass, float white_level)
{
    for (size_t i = 0; i < pass->count; i++) {
        const eg_gradient_options *options = &pass->options[i];
        const eg_jet_weights *w = &pass->jets[EG_JET_GAUSSIAN].weights;
        double weight = w->exact[2][0];
        if (options->map == EG_MAP_LAPLACIAN)
            weight = pass->jets[EG_JET_DIFFERENCES].weights.exact[2][0];
        if (options->map == EG_MAP_DOG)
            weight = w->exact[0][0] - pass->jets[EG_JET_WIDE].weights.exact[0][0];
        pass->slope[i] =
            (float)(options->slope > 0 ? options->slope
                                       : LEAST_STEP * (double)white_level * fabs(weight));
    }
}

static eg_status run_strip(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                           size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip, (void)error;
    eg_jet_pass *pass = stage->opaque;
    for (size_t x0 = 0; x0 < band->width; x0 += pass->columns)
        eg_jet_tile_run(pass, band, x0, y0, y1, scratch, out);
    return EG_OK;
}

/* Returns the most samples on one side of a pixel that a jet of the pass depends on. */
static size_t largest_reach(const eg_jet_pass *pass)
{
    size_t reach = 0;
    for (size_t i = 0; i < EG_JETS; i++)
        if (pass->jets[i].parts)
            reach = eg_max_size(reach, eg_jet_reach(&pass->jets[i]));
    return reach;
}

/* Runs the rows of the source through the pass. */
static eg_status run_pass(eg_jet_pass *pass, eg_source *source, eg_sink *const sinks[],
                          eg_error *error)
{
    const size_t reach = largest_reach(pass);
    const eg_stage stage = {.halo = reach + pass->margin,
                            .pad = reach,
                            .border = pass->border,
                            .border_value = (float)pass->options->border_value,
                            .scratch = eg_jet_tile_scratch(pass),
                            .opaque = pass,
                            .run = run_strip};
    eg_status status = eg_map_begin_sinks(source, sinks, pass->outputs, pass->count, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, sinks, pass->count, error);
    if (status == EG_OK)
        eg_note_valid(source, atomic_load(&pass->any_valid));
    return status;
}

eg_status eg_jet_maps(eg_source *source, eg_sink *const sinks[],
                      const eg_gradient_options options[], const eg_map_output outputs[],
                      size_t count, eg_error *error)
{
    eg_status status = check_options(source, options, count, error);
    if (status != EG_OK)
        return status;
    eg_jet_pass *pass = eg_calloc(source->ctx, 1, sizeof *pass, error); /* its weights are many */
    if (!pass)
        return eg_failed(error);
    pass->ctx = source->ctx;
    pass->kernels = eg_jet_kernels_for(source->ctx->cpu);
    pass->map_kernels = eg_map_kernels_for(source->ctx->cpu);
    pass->options = options;
    pass->outputs = outputs;
    pass->count = count;
    pass->border = options->border;
    atomic_init(&pass->any_valid, false);
    init_jets(pass, source);
    init_slopes(pass, source->info.white_level);
    status = run_pass(pass, source, sinks, error);
    eg_free(pass);
    return status;
}
