/* SPDX-License-Identifier: MIT */
/* eg_terrain(): terrain maps, row by row from source to sinks. */
#include <math.h>
#include <stdatomic.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "gradient/kernels.h"
#include "terrain/maps.h"
#include "terrain/window.h"

typedef struct terrain_pass {
    eg_window_options window_options;
    eg_ground ground;
    eg_ground_options options;
    const eg_output_kernels *output_kernels;
    const eg_map_kernels *map_kernels; /* for streaming stores */
    size_t count;
    eg_terrain_attribute attributes[EG_MAX_SINKS];
    atomic_bool any_valid; /* a valid cell was read */
} terrain_pass;

void eg_terrain_default(eg_terrain_options *options)
{
    *options = (eg_terrain_options){
        .flat = NAN, .azimuth = 315, .altitude = 45, .threshold = NAN, .nodata = -9999};
}

/* ---- rows ---- */

/* Returns the bytes of a row of floats that are converted to another type or copied by streaming
 * stores. */
static size_t values_bytes(void)
{
    return EG_TERRAIN_TILE * sizeof(float);
}

static void convert_row(const terrain_pass *pass, const eg_terrain_attribute *attribute, char *to,
                        float *values, size_t width, bool direct)
{
    if (attribute->has_threshold)
        pass->output_kernels->above((uint8_t *)to, values, width, attribute->threshold,
                                    (uint8_t)attribute->missing);
    else if (attribute->sample == EG_U8)
        pass->output_kernels->bytes((uint8_t *)to, values, width, (uint8_t)attribute->missing);
    else {
        if (!isnan(attribute->missing))
            pass->output_kernels->floats(values, width, (float)attribute->missing);
        if (!direct)
            pass->map_kernels->stream((float *)(void *)to, values, width);
    }
}

static void compute_map_row(const terrain_pass *pass, const eg_rows out[], size_t x0, size_t row,
                            const eg_window *window, float *values, size_t width)
{
    for (size_t i = 0; i < pass->count; i++) {
        const eg_terrain_attribute *attribute = &pass->attributes[i];
        char *to = (char *)out[i].data + row * out[i].stride + eg_row_bytes(attribute->sample, x0);
        bool direct = attribute->sample == EG_F32 && !out[i].nontemporal;
        float *result = direct ? (float *)(void *)to : values;
        eg_terrain_attribute_compute(attribute, result, window, width);
        convert_row(pass, attribute, to, result, width, direct);
    }
}

static void compute_tile(terrain_pass *pass, const eg_band *band, size_t x0, size_t y0, size_t y1,
                         char *scratch, const eg_rows out[])
{
    size_t width = band->width - x0 < EG_TERRAIN_TILE ? band->width - x0 : EG_TERRAIN_TILE;
    float *values = (float *)(void *)scratch;
    eg_window_iterator iterator;
    eg_window window;
    eg_window_iterator_begin(&iterator, &pass->window_options, band, x0, width, y0,
                             scratch + values_bytes());
    for (size_t y = y0; y < y1; y++) {
        if (y == y0 || pass->ground.row_cells)
            window.scales = eg_row_scales_of(eg_ground_cell_size(&pass->ground, y), pass->ground.z,
                                             &pass->options);
        eg_window_iterator_row(&iterator, y, &window);
        compute_map_row(pass, out, x0, y - y0, &window, values, width);
    }
    if (iterator.any_valid)
        atomic_store_explicit(&pass->any_valid, true, memory_order_relaxed);
}

static eg_status run_terrain(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                             size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip;
    (void)error;
    for (size_t x0 = 0; x0 < band->width; x0 += EG_TERRAIN_TILE)
        compute_tile(stage->opaque, band, x0, y0, y1, scratch, out);
    return EG_OK;
}

/* ---- checks and preparation ---- */

static eg_status check_ground(const eg_ground_options *o, eg_error *error)
{
    if ((unsigned)o->derivative > EG_DERIVATIVE_ZEVENBERGEN_THORNE ||
        (unsigned)o->border > EG_DEM_BORDER_EXTRAPOLATE)
        return eg_fail(error, EG_USAGE, "unknown derivative or border rule");
    if (!(o->vertical_error >= 0 && isfinite(o->vertical_error)))
        return eg_fail(error, EG_USAGE,
                       "the standard error of the elevations must be 0 or more, not %g",
                       o->vertical_error);
    return EG_OK;
}

/* Fails if the source is an image rather than a raster of elevations. */
static eg_status check_elevations(const eg_source *source, eg_error *error)
{
    if (!source->picture)
        return EG_OK;
    return eg_fail_file(
        error, EG_BAD_INPUT, source->name,
        "has %s, not elevations; %s%s--encoding grey takes the grey as elevations", source->picture,
        source->banded ? "--band N reads one band, " : "",
        source->encodable ? "--encoding terrarium or mapbox decodes elevation tiles, " : "");
}

static eg_status check_source(const eg_source *source, eg_error *error)
{
    const eg_info *info = &source->info;
    if (info->sample != EG_U8 && info->sample != EG_F32 && info->sample != EG_F64)
        return eg_fail_file(error, EG_USAGE, source->name,
                            "elevations are integers or floats, not bits or colours");
    if (info->width < 3 || info->height < 3)
        return eg_fail_file(error, EG_BAD_INPUT, source->name,
                            "terrain maps need at least 3 x 3 cells, not %zu x %zu", info->width,
                            info->height);
    eg_status status = eg_check_one_plane(source, error);
    return status == EG_OK ? check_elevations(source, error) : status;
}

static eg_status check_sink(eg_sink *const sinks[], size_t i, eg_sample sample, eg_error *error)
{
    for (size_t k = 0; k < i; k++)
        if (sinks[k] == sinks[i])
            return eg_fail(error, EG_USAGE, "two maps of one pass cannot use the same sink");
    if (!eg_sink_accepts(sinks[i], sample))
        return eg_sink_refuse(sinks[i], sample,
                              sample == EG_U8 ? "a map of bytes" : "a map of floats", error);
    return EG_OK;
}

/* Extrapolates a corner of the frame from the two cells below or above it, as the row outside a
 * raster with these columns would be. */
static void extrapolate_corner(const eg_window_options *options, double *corner,
                               const double *outer, const double *inner)
{
    if (!eg_frame_covers(*corner) && eg_frame_covers(*outer) && eg_frame_covers(*inner))
        options->extrapolate(corner, outer, inner, 1);
}

/* Prepares the cells of neighbours for these options: rounded to float as those of the raster are
 * (`narrow`), with corners if borders are extrapolated. */
static void prepare_frame(eg_window_options *options, eg_frame *frame, bool narrow)
{
    const ptrdiff_t width = frame->width, last = frame->height - 1;
    double *cells = frame->above - 1, *end = frame->right + frame->height;
    for (double *cell = cells; narrow && cell < end; cell++)
        *cell = (double)(float)*cell;
    if (options->extrapolate) {
        extrapolate_corner(options, &frame->above[-1], &frame->left[0], &frame->left[1]);
        extrapolate_corner(options, &frame->above[width], &frame->right[0], &frame->right[1]);
        extrapolate_corner(options, &frame->below[-1], &frame->left[last], &frame->left[last - 1]);
        extrapolate_corner(options, &frame->below[width], &frame->right[last],
                           &frame->right[last - 1]);
    }
    for (double *cell = cells; cell < end; cell++)
        options->frame_missing = options->frame_missing || isnan(*cell);
    options->frame = frame;
}

static void choose_window_options(terrain_pass *pass, const eg_source *source, bool needs_gradient)
{
    const eg_elevation_kernels *k = eg_elevation_kernels_for(source->ctx->cpu);
    const bool gdal = pass->options.compat_gdal;
    eg_widen_kernel *const widen[] = {[EG_U8] = k->widen_u8,
                                      [EG_F32] = k->widen_f32,
                                      [EG_F64] = gdal ? k->narrow_f64 : k->widen_f64};
    pass->window_options = (eg_window_options){
        .widen = widen[source->info.sample],
        /* missing cells of floats are NaN, and any other number may be a scaled elevation */
        .nodata = source->georef && source->georef->has_nodata && source->info.sample == EG_U8
                      ? source->georef->nodata
                      : (double)NAN,
        .fill_outside = !gdal,
        .repeat_corners = gdal,
        .flipped_x = pass->ground.flipped_x,
        .flipped_y = pass->ground.flipped_y,
    };
    if (pass->options.border == EG_DEM_BORDER_EXTRAPOLATE) {
        pass->window_options.extrapolate = gdal ? k->extrapolate_gdal : k->extrapolate;
        pass->window_options.fill = gdal ? k->fill_gdal : k->fill;
    }
    if (source->frame)
        prepare_frame(&pass->window_options, source->frame, gdal);
    if (!needs_gradient)
        return;
    if (pass->options.derivative == EG_DERIVATIVE_ZEVENBERGEN_THORNE)
        pass->window_options.slope = gdal ? k->zevenbergen_thorne_gdal : k->zevenbergen_thorne;
    else
        pass->window_options.slope = gdal ? k->horn_gdal : k->horn;
}

/* Warns if slopes depend on a unit of elevation that is only assumed, and that is doubtful: the
 * file names one that is not known, or its cells are measured in feet. */
static void warn_of_assumed_unit(const terrain_pass *pass, eg_source *source)
{
    static const double foot_min = 0.3047, foot_max = 0.3049; /* metres in feet of any country */
    const eg_georef *georef = source->georef;
    const eg_ground_options *options = &pass->options;
    if (!georef || georef->vertical_unit > 0 || !isnan(options->z_factor) || options->compat_gdal ||
        options->scale != 0)
        return;
    bool feet =
        georef->crs == EG_CRS_PROJECTED && georef->unit > foot_min && georef->unit < foot_max;
    if (georef->vertical_source == EG_VERTICAL_UNKNOWN)
        eg_source_warn(source,
                       "its unit of elevation, '%s', is not known; elevations are taken as metres "
                       "(set --vertical-unit)",
                       georef->vertical_origin);
    else if (feet)
        eg_source_warn(source, "its coordinates are in feet, but it does not give the unit of "
                               "elevation, which is taken as metres (set --vertical-unit)");
}

static eg_status prepare_pass(terrain_pass *pass, eg_source *source, eg_sink *const sinks[],
                              const eg_terrain_options options[], eg_error *error)
{
    bool needs_cell_size = false, needs_gradient = false;
    eg_status status = check_ground(&pass->options, error);
    if (status == EG_OK)
        status = check_source(source, error);
    for (size_t i = 0; status == EG_OK && i < pass->count; i++) {
        eg_terrain_attribute *attribute = &pass->attributes[i];
        status = eg_terrain_attribute_init(attribute, source->ctx->cpu, &options[i], &pass->options,
                                           error);
        if (status == EG_OK)
            status = check_sink(sinks, i, attribute->sample, error);
        needs_cell_size = needs_cell_size || attribute->needs_cell_size;
        needs_gradient = needs_gradient || attribute->needs_gradient;
    }
    if (status == EG_OK)
        status = eg_ground_init(&pass->ground, source, &pass->options, needs_cell_size, error);
    if (status != EG_OK)
        return status;
    if (needs_cell_size)
        warn_of_assumed_unit(pass, source);
    pass->output_kernels = eg_output_kernels_for(source->ctx->cpu);
    pass->map_kernels = eg_map_kernels_for(source->ctx->cpu);
    choose_window_options(pass, source, needs_gradient);
    return EG_OK;
}

/* Returns the metres in a unit of a map of elevations, which are in the file's unit times the z
 * factor; 0: unknown. */
static double vertical_unit(const terrain_pass *pass, const eg_source *source)
{
    const eg_georef *georef = eg_source_georef(source);
    bool known = georef && georef->vertical_unit > 0 && isnan(pass->options.z_factor);
    return known ? georef->vertical_unit / pass->ground.z : 0;
}

static eg_status begin_sinks(const terrain_pass *pass, const eg_source *source,
                             eg_sink *const sinks[], eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < pass->count; i++) {
        const eg_terrain_attribute *attribute = &pass->attributes[i];
        const eg_layout layout = {
            .width = source->info.width,
            .height = eg_source_info(source)->height,
            .sample = attribute->sample,
            .classes = attribute->classes,
            .white_level = attribute->white_level,
            .georef = eg_source_georef(source),
            .has_nodata = true,
            .nodata = attribute->missing,
            .vertical_unit = attribute->elevations ? vertical_unit(pass, source) : 0,
        };
        status = eg_sink_begin(sinks[i], &layout, error);
    }
    return status;
}

/* ---- public functions ---- */

static eg_status run_maps(terrain_pass *pass, eg_source *source, eg_sink *const sinks[],
                          eg_error *error)
{
    const eg_stage stage = {
        .halo = 1,
        .border = EG_BORDER_REPLICATE,
        .scratch = values_bytes() + eg_window_iterator_scratch(),
        .opaque = pass,
        .run = run_terrain,
    };
    if (source->coarse)
        eg_source_warn(source,
                       "has %d-bit samples, as images and hillshades have; they are used "
                       "as elevations (--encoding grey states that)",
                       source->info.depth);
    eg_status status = begin_sinks(pass, source, sinks, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, sinks, pass->count, error);
    source->all_nodata = !atomic_load(&pass->any_valid);
    if (status == EG_OK && source->all_nodata && !source->window_info.height)
        eg_source_warn(source, "has no cell with data; every cell of the maps is missing");
    for (size_t i = 0; status == EG_OK && i < pass->count; i++)
        status = eg_sink_finish(sinks[i], error);
    return status;
}

eg_status eg_terrain(eg_source *source, eg_sink *const sinks[], const eg_terrain_options options[],
                     size_t count, const eg_ground_options *ground, eg_error *error)
{
    terrain_pass pass = {.count = count};
    atomic_init(&pass.any_valid, false);
    if (count < 1 || count > EG_MAX_SINKS)
        return eg_fail(error, EG_USAGE, "a pass computes 1 to %d maps, not %zu", EG_MAX_SINKS,
                       count);
    if (ground)
        pass.options = *ground;
    else
        eg_ground_default(&pass.options);
    eg_status status = eg_source_as_float(source, true, error);
    if (status == EG_OK)
        status = prepare_pass(&pass, source, sinks, options, error);
    if (status == EG_OK)
        status = run_maps(&pass, source, sinks, error);
    eg_ground_release(&pass.ground);
    eg_name_failure(error, source->name);
    return status;
}
