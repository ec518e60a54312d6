/* SPDX-License-Identifier: MIT */
/* eg_terrain(): maps of heights, row by row from source to sinks. */
#include <math.h>
#include <stdatomic.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "gradient/kernels.h"
#include "terrain/maps.h"
#include "terrain/window.h"

typedef struct terrain {
    eg_dem dem;
    eg_ground ground;
    eg_ground_options options;
    const eg_output_kernels *finish;
    const eg_map_kernels *maps; /* for writing past the cache */
    size_t count;
    eg_mapping map[EG_MAX_SINKS];
    atomic_bool any; /* a cell that is not missing was seen */
} terrain;

void eg_terrain_default(eg_terrain_options *options)
{
    *options = (eg_terrain_options){
        .flat = NAN, .azimuth = 315, .altitude = 45, .threshold = NAN, .nodata = -9999};
}

/* ---- rows ---- */

/* Floats wait here on their way to other samples or to far memory. */
static size_t values_bytes(void)
{
    return EG_TERRAIN_TILE * sizeof(float);
}

static void finish_row(const terrain *t, const eg_mapping *m, char *to, float *values, size_t width,
                       bool direct)
{
    if (m->thresholded)
        t->finish->above((uint8_t *)to, values, width, m->threshold, (uint8_t)m->missing);
    else if (m->sample == EG_U8)
        t->finish->bytes((uint8_t *)to, values, width, (uint8_t)m->missing);
    else {
        if (!isnan(m->missing))
            t->finish->floats(values, width, (float)m->missing);
        if (!direct)
            t->maps->stream((float *)(void *)to, values, width);
    }
}

static void map_row(const terrain *t, const eg_rows out[], size_t x0, size_t row,
                    const eg_window *window, float *values, size_t width)
{
    for (size_t i = 0; i < t->count; i++) {
        const eg_mapping *m = &t->map[i];
        char *to = (char *)out[i].data + row * out[i].stride + eg_row_bytes(m->sample, x0);
        bool direct = m->sample == EG_F32 && !out[i].far;
        float *result = direct ? (float *)(void *)to : values;
        eg_mapping_run(m, result, window, width);
        finish_row(t, m, to, result, width, direct);
    }
}

static void map_tile(terrain *t, const eg_band *band, size_t x0, size_t y0, size_t y1,
                     char *scratch, const eg_rows out[])
{
    size_t width = band->width - x0 < EG_TERRAIN_TILE ? band->width - x0 : EG_TERRAIN_TILE;
    float *values = (float *)(void *)scratch;
    eg_window_iterator walk;
    eg_window window;
    eg_window_iterator_begin(&walk, &t->dem, band, x0, width, y0, scratch + values_bytes());
    for (size_t y = y0; y < y1; y++) {
        if (y == y0 || t->ground.row)
            window.scales = eg_scales_of(eg_ground_cell(&t->ground, y), t->ground.z, &t->options);
        eg_window_iterator_row(&walk, y, &window);
        map_row(t, out, x0, y - y0, &window, values, width);
    }
    if (walk.any)
        atomic_store_explicit(&t->any, true, memory_order_relaxed);
}

static eg_status run(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0, size_t y1,
                     void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip;
    (void)error;
    for (size_t x0 = 0; x0 < band->width; x0 += EG_TERRAIN_TILE)
        map_tile(stage->opaque, band, x0, y0, y1, scratch, out);
    return EG_OK;
}

/* ---- before the first row ---- */

static eg_status check_ground(const eg_ground_options *o, eg_error *error)
{
    if ((unsigned)o->derivative > EG_DERIVATIVE_ZEVENBERGEN_THORNE ||
        (unsigned)o->edges > EG_DEM_BORDER_EXTRAPOLATE)
        return eg_fail(error, EG_USAGE, "no such derivative or rule for edges");
    if (!(o->vertical_error >= 0 && isfinite(o->vertical_error)))
        return eg_fail(error, EG_USAGE, "the standard error of a height cannot be %g",
                       o->vertical_error);
    return EG_OK;
}

static eg_status check_source(const eg_source *source, eg_error *error)
{
    const eg_info *info = &source->info;
    if (info->sample != EG_U8 && info->sample != EG_F32 && info->sample != EG_F64)
        return eg_fail_file(error, EG_USAGE, source->name, "heights need 8-bit or float samples");
    if (info->width < 3 || info->height < 3)
        return eg_fail_file(error, EG_BAD_INPUT, source->name,
                            "%zu x %zu cells have no slope; at least 3 x 3 are needed", info->width,
                            info->height);
    return EG_OK;
}

static eg_status check_sink(eg_sink *const sinks[], size_t i, eg_sample sample, eg_error *error)
{
    for (size_t k = 0; k < i; k++)
        if (sinks[k] == sinks[i])
            return eg_fail(error, EG_USAGE, "two maps of one pass cannot go into the same sink");
    if (!eg_sink_accepts(sinks[i], sample))
        return eg_sink_refuse(sinks[i], sample,
                              sample == EG_U8 ? "a map of bytes" : "a map of floats", error);
    return EG_OK;
}

static void choose_heights(terrain *t, const eg_source *source, bool sloped)
{
    const eg_elevation_kernels *k = eg_elevation_kernels_for(source->ctx->cpu);
    const bool gdal = t->options.compat_gdal;
    eg_widen_kernel *const widen[] = {[EG_U8] = k->widen_u8,
                                      [EG_F32] = k->widen_f32,
                                      [EG_F64] = gdal ? k->narrow_f64 : k->widen_f64};
    t->dem = (eg_dem){
        .kernels = k,
        .widen = widen[source->info.sample],
        .nodata =
            source->georef && source->georef->has_nodata ? source->georef->nodata : (double)NAN,
        .repeat = gdal,
        .turned_x = t->ground.turned_x,
        .turned_y = t->ground.turned_y,
    };
    if (t->options.edges == EG_DEM_BORDER_EXTRAPOLATE)
        t->dem.beyond = gdal ? k->continue_line_gdal : k->continue_line;
    if (!sloped)
        return;
    if (t->options.derivative == EG_DERIVATIVE_ZEVENBERGEN_THORNE)
        t->dem.slope = gdal ? k->zevenbergen_thorne_gdal : k->zevenbergen_thorne;
    else
        t->dem.slope = gdal ? k->horn_gdal : k->horn;
}

static eg_status prepare(terrain *t, const eg_source *source, eg_sink *const sinks[],
                         const eg_terrain_options options[], eg_error *error)
{
    bool measured = false, sloped = false;
    eg_status status = check_ground(&t->options, error);
    if (status == EG_OK)
        status = check_source(source, error);
    for (size_t i = 0; status == EG_OK && i < t->count; i++) {
        eg_mapping *m = &t->map[i];
        status = eg_mapping_init(m, source->ctx->cpu, &options[i], &t->options, error);
        if (status == EG_OK)
            status = check_sink(sinks, i, m->sample, error);
        measured = measured || m->measured;
        sloped = sloped || m->sloped;
    }
    if (status == EG_OK)
        status = eg_ground_init(&t->ground, source, &t->options, measured, error);
    if (status != EG_OK)
        return status;
    t->finish = eg_output_kernels_for(source->ctx->cpu);
    t->maps = eg_map_kernels_for(source->ctx->cpu);
    choose_heights(t, source, sloped);
    return EG_OK;
}

static eg_status begin_sinks(const terrain *t, const eg_source *source, eg_sink *const sinks[],
                             eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < t->count; i++) {
        const eg_mapping *m = &t->map[i];
        const eg_layout layout = {
            .width = source->info.width,
            .height = eg_source_info(source)->height,
            .sample = m->sample,
            .white_level = m->white_level,
            .georef = eg_source_georef(source),
            .has_nodata = true,
            .nodata = m->missing,
        };
        status = eg_sink_begin(sinks[i], &layout, error);
    }
    return status;
}

/* ---- the whole of it ---- */

static eg_status run_maps(terrain *t, eg_source *source, eg_sink *const sinks[], eg_error *error)
{
    const eg_stage stage = {
        .halo = 1,
        .border = EG_BORDER_REPLICATE,
        .scratch = values_bytes() + eg_window_iterator_scratch(),
        .opaque = t,
        .run = run,
    };
    eg_status status = begin_sinks(t, source, sinks, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, sinks, t->count, error);
    source->empty = !atomic_load(&t->any);
    if (status == EG_OK && source->empty && !source->part.height)
        status = eg_fail_file(error, EG_BAD_INPUT, source->name, "all of its cells are missing");
    for (size_t i = 0; status == EG_OK && i < t->count; i++)
        status = eg_sink_finish(sinks[i], error);
    return status;
}

eg_status eg_terrain(eg_source *source, eg_sink *const sinks[], const eg_terrain_options options[],
                     size_t count, const eg_ground_options *ground, eg_error *error)
{
    terrain t = {.count = count};
    atomic_init(&t.any, false);
    if (count < 1 || count > EG_MAX_SINKS)
        return eg_fail(error, EG_USAGE, "1 to %d maps in one pass, not %zu", EG_MAX_SINKS, count);
    if (ground)
        t.options = *ground;
    else
        eg_ground_default(&t.options);
    eg_status status = prepare(&t, source, sinks, options, error);
    if (status == EG_OK)
        status = run_maps(&t, source, sinks, error);
    eg_ground_release(&t.ground);
    eg_name_failure(error, source->name);
    return status;
}
