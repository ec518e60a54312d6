/* SPDX-License-Identifier: MIT */
/* eg_flux(): the flux -k grad u, row by row from source to sinks. */
#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "flux/difference.h"
#include "terrain/ground.h"

enum { PARTS = EG_FLUX_POTENTIAL + 1 };

/* Statistics of a row of magnitudes. */
typedef struct row_statistics {
    double min, max, sum;
    uint64_t cells;
} row_statistics;

typedef struct flux_pass {
    eg_flux_options options;
    eg_ground ground;
    double east, north; /* signs: of a column to the right, of a row down; 1, 1 per pixel */
    eg_widen_kernel *widen;
    double nodata;
    size_t count;
    eg_flux_part parts[EG_MAX_SINKS];
    size_t strip_rows;    /* most rows that a strip computes */
    atomic_bool overflow; /* a flux exceeds a float */
    row_statistics total;
} flux_pass;

/* Scratch memory of a strip: this, the statistics of its rows, a row of each part, two rows of
 * derivatives, and that of the iterator. */
typedef struct flux_scratch {
    size_t rows; /* rows of the strip */
    row_statistics statistics[];
} flux_scratch;

void eg_flux_default(eg_flux_options *options)
{
    *options = (eg_flux_options){.conductivity = 1};
}

/* ---- rows ---- */

static size_t align(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

static size_t statistics_bytes(const flux_pass *pass)
{
    return align(sizeof(flux_scratch) + pass->strip_rows * sizeof(row_statistics));
}

static size_t scratch_bytes(const flux_pass *pass)
{
    return statistics_bytes(pass) + (PARTS + 1) * EG_FLUX_TILE * sizeof(float) +
           2 * EG_FLUX_TILE * sizeof(double) + eg_difference_bytes();
}

/* A row of one tile. */
typedef struct tile_row {
    size_t x0, width, y;
    double *along, *down;    /* derivatives per cell; replaced by the flux */
    float *parts[PARTS];     /* results */
    const double *potential; /* samples */
} tile_row;

/* Returns k of a cell. */
static double conductivity_at(const eg_grid *grid, size_t x, size_t y)
{
    const void *row = (const char *)grid->data + y * grid->stride;
    if (grid->sample == EG_U8)
        return ((const uint8_t *)row)[x];
    if (grid->sample == EG_U16)
        return ((const uint16_t *)row)[x];
    return grid->sample == EG_F64 ? ((const double *)row)[x] : (double)((const float *)row)[x];
}

/* Multiplies the derivatives by -k, which makes them the flux times the cell size. */
static void apply_conductivity(const flux_pass *pass, const tile_row *row)
{
    const eg_grid *grid = pass->options.conductivities;
    for (size_t x = 0; x < row->width; x++) {
        const double k =
            grid ? conductivity_at(grid, row->x0 + x, row->y) : pass->options.conductivity;
        row->along[x] *= -k;
        row->down[x] *= -k;
    }
}

/* Returns true if a value can be rounded to a finite float. */
static bool fits_float(double v)
{
    return fabs(v) <= (double)FLT_MAX;
}

/* Stores the parts of cell x. */
static void store_cell(const tile_row *row, size_t x, double east, double north, double magnitude,
                       const double motion[2])
{
    float *bands = row->parts[EG_FLUX_BANDS] + 2 * x;
    bands[0] = row->parts[EG_FLUX_X][x] = (float)east;
    bands[1] = row->parts[EG_FLUX_Y][x] = (float)north;
    row->parts[EG_FLUX_MAGNITUDE][x] = (float)magnitude;
    row->parts[EG_FLUX_COLUMNS][x] = (float)motion[0];
    row->parts[EG_FLUX_ROWS][x] = (float)motion[1];
    row->parts[EG_FLUX_POTENTIAL][x] = (float)row->potential[x];
}

/* Computes the parts of a row from the flux times the cell size, and adds to its statistics. */
static void finish_row(flux_pass *pass, const tile_row *row, row_statistics *statistics)
{
    static const double none[2] = {NAN, NAN};
    const eg_cell_size cell = eg_ground_cell_size(&pass->ground, row->y);
    double sum = 0;
    for (size_t x = 0; x < row->width; x++) {
        const double right = row->along[x] / cell.x, down = row->down[x] / cell.y;
        const double magnitude = sqrt(right * right + down * down);
        const double motion[2] = {right / cell.x, down / cell.y};
        if (!(fits_float(magnitude) && fits_float(motion[0]) && fits_float(motion[1]))) {
            if (!isnan(magnitude))
                atomic_store_explicit(&pass->overflow, true, memory_order_relaxed);
            store_cell(row, x, none[0], none[0], none[0], none);
            continue;
        }
        store_cell(row, x, pass->east * right, pass->north * down, magnitude, motion);
        statistics->min = fmin(statistics->min, magnitude);
        statistics->max = fmax(statistics->max, magnitude);
        sum += magnitude;
        statistics->cells++;
    }
    statistics->sum += sum;
}

static void send_row(const flux_pass *pass, const tile_row *row, size_t at, const eg_rows out[])
{
    for (size_t i = 0; i < pass->count; i++) {
        const size_t bands = pass->parts[i] == EG_FLUX_BANDS ? 2 : 1;
        float *to = (float *)(void *)((char *)out[i].data + at * out[i].stride) + bands * row->x0;
        memcpy(to, row->parts[pass->parts[i]], bands * row->width * sizeof(float));
    }
}

static void compute_tile(flux_pass *pass, const eg_band *band, size_t x0, size_t y0, size_t y1,
                         flux_scratch *scratch, const eg_rows out[])
{
    eg_difference_rows differences;
    const size_t left = band->width - x0;
    tile_row row = {.x0 = x0, .width = left < EG_FLUX_TILE ? left : EG_FLUX_TILE};
    char *memory = (char *)scratch + statistics_bytes(pass);
    for (size_t i = 0; i < PARTS; i++) { /* the first part, EG_FLUX_BANDS, has two bands */
        row.parts[i] = (float *)(void *)memory;
        memory += (i == EG_FLUX_BANDS ? 2 : 1) * EG_FLUX_TILE * sizeof(float);
    }
    row.along = (double *)(void *)memory;
    row.down = row.along + EG_FLUX_TILE;
    eg_difference_begin(&differences, band, pass->widen, pass->nodata, x0, row.width, y0,
                        row.down + EG_FLUX_TILE);
    for (row.y = y0; row.y < y1; row.y++) {
        row.potential = eg_difference_row(&differences, row.y, row.along, row.down);
        apply_conductivity(pass, &row);
        finish_row(pass, &row, &scratch->statistics[row.y - y0]);
        send_row(pass, &row, row.y - y0, out);
    }
}

static eg_status run_flux(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                          size_t y1, void *memory, const eg_rows out[], eg_error *error)
{
    flux_scratch *scratch = memory;
    (void)strip, (void)error;
    scratch->rows = y1 - y0;
    for (size_t i = 0; i < scratch->rows; i++)
        scratch->statistics[i] = (row_statistics){.min = INFINITY, .max = -INFINITY};
    for (size_t x0 = 0; x0 < band->width; x0 += EG_FLUX_TILE)
        compute_tile(stage->opaque, band, x0, y0, y1, scratch, out);
    return EG_OK;
}

/* Adds the statistics of the rows in their order, so that the mean does not depend on the strips.
 */
static eg_status collect_statistics(const eg_stage *stage, size_t strip, void *memory,
                                    eg_error *error)
{
    flux_pass *pass = stage->opaque;
    const flux_scratch *scratch = memory;
    (void)strip, (void)error;
    for (size_t i = 0; i < scratch->rows; i++) {
        const row_statistics *row = &scratch->statistics[i];
        pass->total.min = fmin(pass->total.min, row->min);
        pass->total.max = fmax(pass->total.max, row->max);
        pass->total.sum += row->sum;
        pass->total.cells += row->cells;
    }
    return EG_OK;
}

/* ---- checks and preparation ---- */

static eg_status check_options(const flux_pass *pass, const eg_source *source, eg_error *error)
{
    const eg_flux_options *o = &pass->options;
    const eg_grid *grid = o->conductivities;
    for (size_t i = 0; i < pass->count; i++)
        if ((unsigned)pass->parts[i] >= PARTS)
            return eg_fail(error, EG_USAGE, "unknown part of a flux");
    if ((unsigned)o->crs > EG_CRS_WEB_MERCATOR)
        return eg_fail(error, EG_USAGE, "unknown kind of coordinate system");
    if (!isfinite(o->conductivity))
        return eg_fail(error, EG_USAGE, "the conductivity must be finite, not %g", o->conductivity);
    if (grid && (!grid->data || grid->sample == EG_BIT))
        return eg_fail(error, EG_USAGE, "the conductivities are empty or bits");
    if (grid && (grid->width != source->info.width || grid->height != source->info.height))
        return eg_fail_file(
            error, EG_USAGE, source->name,
            "the potential has %zu x %zu cells, but the conductivities have %zu x %zu",
            source->info.width, source->info.height, grid->width, grid->height);
    return EG_OK;
}

static eg_status check_source(const eg_source *source, eg_error *error)
{
    const eg_info *info = &source->info;
    if (info->sample != EG_U8 && info->sample != EG_F32 && info->sample != EG_F64)
        return eg_fail_file(error, EG_USAGE, source->name,
                            "the flux needs integers or floats, not bits or colours");
    if (info->width < 2 || info->height < 2)
        return eg_fail_file(error, EG_BAD_INPUT, source->name,
                            "the flux needs at least 2 x 2 cells, not %zu x %zu", info->width,
                            info->height);
    return eg_check_one_plane(source, error);
}

/* Measures the cells, or takes them as squares of side 1 if nothing is known of them. */
static eg_status measure_cells(flux_pass *pass, const eg_source *source, eg_error *error)
{
    const eg_flux_options *o = &pass->options;
    const bool located = source->georef && source->georef->located;
    pass->ground = (eg_ground){.z = 1, .cell = {1, 1}};
    pass->east = pass->north = 1;
    if (!located && o->cell_x == 0 && o->cell_y == 0)
        return EG_OK;
    eg_ground_options options;
    eg_ground_default(&options);
    options.z_factor = 1; /* potentials are no elevations */
    options.crs = o->crs;
    options.cell_x = o->cell_x;
    options.cell_y = o->cell_y;
    eg_status status = eg_ground_init(&pass->ground, source, &options, true, error);
    pass->east = pass->ground.flipped_x ? -1 : 1;
    pass->north = pass->ground.flipped_y ? 1 : -1;
    return status;
}

static bool is_metric(const flux_pass *pass, const eg_source *source)
{
    return (source->georef && source->georef->located) || pass->options.cell_x != 0 ||
           pass->options.cell_y != 0;
}

static eg_status prepare_pass(flux_pass *pass, const eg_source *source, eg_error *error)
{
    const eg_elevation_kernels *k = eg_elevation_kernels_for(source->ctx->cpu);
    eg_widen_kernel *const widen[] = {
        [EG_U8] = k->widen_u8, [EG_F32] = k->widen_f32, [EG_F64] = k->widen_f64};
    eg_status status = check_source(source, error);
    if (status == EG_OK)
        status = check_options(pass, source, error);
    if (status == EG_OK)
        status = measure_cells(pass, source, error);
    if (status != EG_OK)
        return status;
    pass->widen = widen[source->info.sample];
    /* missing samples of floats are NaN, and any other number may be a scaled value */
    const bool nodata =
        source->georef && source->georef->has_nodata && source->info.sample == EG_U8;
    pass->nodata = nodata ? source->georef->nodata : (double)NAN;
    pass->total = (row_statistics){.min = INFINITY, .max = -INFINITY};
    return EG_OK;
}

static eg_status begin_sinks(const flux_pass *pass, const eg_source *source, eg_sink *const sinks[],
                             eg_error *error)
{
    static const char *const ground[] = {"flux_east", "flux_north"}, *const pixels[] = {
                                                                         "flux_right", "flux_down"};
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < pass->count; i++) {
        for (size_t k = 0; k < i; k++)
            if (sinks[k] == sinks[i])
                return eg_fail(error, EG_USAGE, "two parts of a flux cannot use the same sink");
        const bool both = pass->parts[i] == EG_FLUX_BANDS;
        eg_layout layout = eg_layout_of(source, EG_F32);
        layout.white_level = 1;
        layout.has_nodata = true;
        layout.nodata = (double)NAN;
        layout.bands = both ? 2 : 1;
        layout.band_names = !both ? NULL : is_metric(pass, source) ? ground : pixels;
        status = both || eg_sink_accepts(sinks[i], EG_F32)
                     ? eg_sink_begin(sinks[i], &layout, error)
                     : eg_sink_refuse(sinks[i], EG_F32, "floats", error);
    }
    return status;
}

/* ---- public function ---- */

static void report_result(const flux_pass *pass, eg_source *source, eg_flux_result *result)
{
    const row_statistics *total = &pass->total;
    const bool any = total->cells > 0;
    if (result)
        *result = (eg_flux_result){.min = any ? total->min : (double)NAN,
                                   .max = any ? total->max : (double)NAN,
                                   .mean = any ? total->sum / (double)total->cells : (double)NAN,
                                   .cells = total->cells,
                                   .metres = is_metric(pass, source)};
    source->all_nodata = !any;
    if (atomic_load(&pass->overflow))
        eg_source_warn(source, "has cells whose flux exceeds 32-bit floats; they are missing");
    else if (!any && !source->window_info.height)
        eg_source_warn(source, "has no cell with a flux; every cell of the result is missing");
}

static eg_status run_pass(flux_pass *pass, eg_source *source, eg_sink *const sinks[],
                          eg_flux_result *result, eg_error *error)
{
    eg_stage stage = {.halo = EG_FLUX_REACH,
                      .border = EG_BORDER_REPLICATE,
                      .opaque = pass,
                      .run = run_flux,
                      .collect = collect_statistics};
    pass->strip_rows = eg_pipeline_rows(source, &stage) + stage.halo;
    stage.scratch = scratch_bytes(pass);
    eg_status status = begin_sinks(pass, source, sinks, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, sinks, pass->count, error);
    if (status == EG_OK)
        report_result(pass, source, result);
    for (size_t i = 0; status == EG_OK && i < pass->count; i++)
        status = eg_sink_finish(sinks[i], error);
    return status;
}

eg_status eg_flux(eg_source *source, eg_sink *const sinks[], const eg_flux_part parts[],
                  size_t count, const eg_flux_options *options, eg_flux_result *result,
                  eg_error *error)
{
    flux_pass pass = {.count = count};
    atomic_init(&pass.overflow, false);
    if (count < 1 || count > EG_MAX_SINKS)
        return eg_fail(error, EG_USAGE, "a pass computes 1 to %d parts, not %zu", EG_MAX_SINKS,
                       count);
    memcpy(pass.parts, parts, count * sizeof *parts);
    if (options)
        pass.options = *options;
    else
        eg_flux_default(&pass.options);
    eg_status status = eg_source_as_float(source, true, error);
    if (status == EG_OK)
        status = prepare_pass(&pass, source, error);
    if (status == EG_OK)
        status = run_pass(&pass, source, sinks, result, error);
    eg_ground_release(&pass.ground);
    eg_name_failure(error, source->name);
    return status;
}
