/* SPDX-License-Identifier: MIT */
/* eg_contour_lines(), eg_contour_areas(): contour lines and the areas between them, strip by strip
 * from the source to the callback. */
#include <math.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "edge/lines/area_strip.h"
#include "edge/lines/contour_strip.h"
#include "edge/lines/line_joiner.h"

typedef struct contour_pass {
    const eg_contour_levels *levels;
    eg_contour_input input;
    eg_line_joiner joiner;
    eg_face_set faces; /* of areas */
    eg_contour_result *result;
} contour_pass;

/* Scratch of a strip; the working memory follows. */
typedef struct strip_scratch {
    eg_contour_strip lines;
    eg_area_strip areas;
    bool empty; /* no cells */
} strip_scratch;

void eg_contour_default(eg_contour_options *options)
{
    *options = (eg_contour_options){.interval = (double)NAN};
}

static eg_status find_lines(const eg_stage *stage, const eg_band *band, size_t index, size_t y0,
                            size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    const contour_pass *pass = stage->opaque;
    strip_scratch *own = scratch;
    (void)index, (void)out;
    const eg_contour_input *input = &pass->input;
    const bool areas = pass->joiner.faces != NULL;
    if (!areas)
        y1 = y1 < input->end ? y1 : input->end - 1; /* the row below the last cells */
    own->empty = y0 >= y1 || band->width < 2 || input->end - input->origin < 2;
    if (own->empty)
        return EG_OK;
    if (areas)
        return eg_area_strip_find(&own->areas, input, band, y0, y1, own + 1, error);
    return eg_contour_strip_find(&own->lines, input, band, y0, y1, own + 1, error);
}

/* Extends the range of the values by that of a strip. */
static eg_status extend_range(contour_pass *pass, double lowest, double highest, eg_error *error)
{
    eg_contour_result *r = pass->result;
    if (isnan(lowest))
        return EG_OK;
    r->lowest = r->lowest <= lowest ? r->lowest : lowest;
    r->highest = r->highest >= highest ? r->highest : highest;
    return eg_contour_check_range(pass->levels, r->lowest, r->highest, error);
}

static eg_status collect_lines(const eg_stage *stage, size_t index, void *scratch, eg_error *error)
{
    contour_pass *pass = stage->opaque;
    const strip_scratch *own = scratch;
    const bool areas = pass->joiner.faces != NULL;
    (void)index;
    if (own->empty)
        return EG_OK;
    eg_status status = areas ? extend_range(pass, own->areas.lowest, own->areas.highest, error)
                             : extend_range(pass, own->lines.lowest, own->lines.highest, error);
    return status == EG_OK
               ? eg_line_joiner_add(&pass->joiner, areas ? &own->areas.lines : &own->lines.lines,
                                    error)
               : status;
}

static void release_strip(const eg_stage *stage, void *scratch)
{
    strip_scratch *own = scratch;
    (void)stage;
    eg_contour_strip_release(&own->lines);
    eg_area_strip_release(&own->areas);
}

static eg_status check_source(const eg_source *source, eg_error *error)
{
    const eg_info *info = &source->info;
    if (info->sample != EG_U8 && info->sample != EG_F32 && info->sample != EG_F64)
        return eg_fail_file(error, EG_USAGE, source->name,
                            "contour lines need integers or floats, not bits or colours");
    return eg_check_one_plane(source, error);
}

static bool has_cells(const eg_info *info)
{
    return info->width > 1 && info->height > 1;
}

/* Warns if there is no line or area. */
static void warn_of_none(eg_source *source, const contour_pass *pass)
{
    const eg_contour_result *r = pass->result;
    const eg_info *info = eg_source_info(source);
    if (r->lines > 0 || r->areas > 0)
        return;
    if (!has_cells(info))
        eg_source_warn(source, "has %zu x %zu samples; contour lines need 2 x 2", info->width,
                       info->height);
    else if (pass->joiner.faces)
        eg_source_warn(source, "has no cell of four samples with data; there are no areas");
    else if (isnan(r->lowest))
        eg_source_warn(source, "has no sample with data; there are no contour lines");
    else if (r->lowest == r->highest)
        eg_source_warn(source, "is constant, %.10g; there are no contour lines", r->lowest);
    else
        eg_source_warn(source,
                       "has values from %.10g to %.10g; there are no contour lines at these levels",
                       r->lowest, r->highest);
}

static eg_status run_pass(contour_pass *pass, eg_source *source, eg_error *error)
{
    const eg_span span = eg_source_span(source);
    const size_t width = source->info.width;
    const eg_stage stage = {
        .halo = 1,
        .border = EG_BORDER_REPLICATE,
        .scratch = sizeof(strip_scratch) +
                   (pass->joiner.faces ? eg_area_work_bytes(width) : eg_contour_work_bytes(width)),
        .opaque = pass,
        .run = find_lines,
        .collect = collect_lines,
        .release = release_strip,
    };
    pass->input.origin = span.first;
    pass->input.end = span.end;
    eg_status status = eg_pipeline_run(source, &stage, NULL, 0, error);
    if (status == EG_OK)
        status = eg_line_joiner_finish(&pass->joiner, error);
    source->all_nodata = has_cells(eg_source_info(source)) && isnan(pass->result->lowest);
    if (status == EG_OK)
        warn_of_none(source, pass);
    eg_line_joiner_release(&pass->joiner);
    eg_face_set_release(&pass->faces);
    return status;
}

/* Prepares the levels and runs a pass, whose receivers are set, with its own result if the caller
 * has none. */
static eg_status run_contours(contour_pass *pass, eg_source *source,
                              const eg_contour_options *options, eg_contour_result *result,
                              eg_error *error)
{
    eg_contour_levels levels;
    eg_contour_result own = {.lines = 0};
    pass->result = result ? result : &own;
    *pass->result = (eg_contour_result){.lowest = (double)NAN, .highest = (double)NAN};
    pass->levels = pass->input.levels = pass->faces.levels = &levels;
    pass->input.ctx = pass->joiner.ctx = pass->faces.ctx = source->ctx;
    pass->joiner.result = pass->faces.result = pass->result;
    if (source->georef && source->georef->has_nodata) {
        pass->input.has_nodata = true;
        pass->input.nodata = source->georef->nodata;
    }
    eg_status status = eg_contour_levels_init(&levels, source->ctx, options, source->name, error);
    if (status == EG_OK)
        status = eg_source_as_float(source, true, error);
    if (status == EG_OK)
        status = check_source(source, error);
    if (status == EG_OK)
        status = run_pass(pass, source, error);
    eg_contour_levels_free(&levels);
    pass->levels = pass->input.levels = pass->faces.levels = NULL;
    pass->result = pass->joiner.result = pass->faces.result = NULL;
    eg_name_failure(error, source->name);
    return status;
}

eg_status eg_contour_lines(eg_source *source, const eg_contour_options *options,
                           eg_line_callback *found, void *opaque, eg_contour_result *result,
                           eg_error *error)
{
    contour_pass pass = {.joiner = {.stride = 2, .found = found, .opaque = opaque}};
    return run_contours(&pass, source, options, result, error);
}

eg_status eg_contour_areas(eg_source *source, const eg_contour_options *options,
                           eg_area_callback *found, void *opaque, eg_contour_result *result,
                           eg_error *error)
{
    contour_pass pass = {.faces = {.found = found, .opaque = opaque}};
    pass.joiner.stride = 2;
    pass.joiner.faces = &pass.faces;
    return run_contours(&pass, source, options, result, error);
}
