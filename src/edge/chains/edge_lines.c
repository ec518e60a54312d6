/* SPDX-License-Identifier: MIT */
/*
 * eg_edge_lines(). The edges of the image are found first. A second pass over the image, strip by
 * strip, computes the gradient around the edge pixels, places their points and links them to
 * fragments of chains; the joiner joins the fragments of consecutive strips.
 */
#include <math.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/portable_math.h"
#include "core/size.h"
#include "core/status.h"
#include "edge/chains/refine.h"
#include "edge/chains/ridge_points.h"
#include "edge/chains/shape.h"
#include "edge/chains/thinning.h"
#include "edge/colour/field_pass.h"
#include "edge/edges.h"
#include "edge/lines/line_joiner.h"
#include "gradient/operators.h"

#define SIGMA_LEAST 0.6 /* pixels */

enum { TILE_COLUMNS = 512 }; /* of the field; a multiple of 64 */

enum { INTENSITIES, EDGES, FIELDS };

/* Bytes of a strip in its scratch memory; that of ridges follows. */
enum { STRIP_BYTES = (sizeof(eg_chain_strip) + 63) / 64 * 64 };

typedef struct line_pass {
    eg_context *ctx;
    eg_planes planes; /* the edges */
    /* The gradient of intensities, and with the operator "gaussian" that of the edges. */
    eg_field_pass field[FIELDS];
    eg_colour_canny canny[FIELDS]; /* scale and size of the fields */
    size_t fields;
    bool is_ridge; /* the lines are those of ridges; there are no fields */
    eg_ridge_placer ridges;
    eg_gaussian_derivative derivative;
    eg_line_joiner joiner;
    eg_contour_result joined; /* counts of the joiner, before short lines are left out */
    eg_shaper shaper;
    double min_length;
    eg_line_callback *found;
    void *opaque;
    eg_edge_lines_result *result;
} line_pass;

void eg_edge_lines_default(eg_edge_lines_options *options)
{
    *options = (eg_edge_lines_options){.min_length = 0};
}

/* ---- strips ---- */

/* Refines the pixels of a strip in a span of columns. `w` has a worker for each field. */
static void refine_tile(line_pass *pass, eg_pass_worker *const w[FIELDS], eg_chain_strip *strip,
                        const eg_band *band, eg_span rows, eg_span columns)
{
    const eg_colour_canny *canny = pass->canny;
    eg_channels channels[FIELDS];
    for (size_t i = 0; i < pass->fields; i++)
        channels[i] = eg_field_pass_derive(&pass->field[i], w[i], band, rows, columns);
    const eg_refiner refiner = {.edges = &w[pass->fields - 1]->field,
                                .intensities = &w[INTENSITIES]->field,
                                .channels = &channels[INTENSITIES],
                                .sigma = canny->sigma / (double)canny->factor};
    eg_chain_pixel *pixels = strip->pixels.items;
    eg_chain_point *refined = strip->refined.items;
    for (size_t y = rows.first; y < rows.end; y++) {
        size_t i =
            eg_chain_strip_index(strip, &pass->planes, rows.first, columns.first, y - rows.first);
        for (;
             i < strip->pixels.count && pixels[i].y == y - rows.first && pixels[i].x < columns.end;
             i++)
            pixels[i].has_point = eg_refine_pixel(&refiner, pixels[i].x, y, &refined[i]);
    }
}

/* Returns true if a span of columns has an edge pixel in rows y0 .. y1 - 1. */
static bool has_edges(const eg_planes *planes, eg_span rows, eg_span columns)
{
    for (size_t y = rows.first; y < rows.end; y++)
        for (size_t i = columns.first / 64; i < (columns.end + 63) / 64; i++)
            if (eg_edge_row(planes, y)[i])
                return true;
    return false;
}

/* Refines the pixels of a strip by the gradient. */
static void refine_strip(line_pass *pass, eg_chain_strip *strip, const eg_band *band, eg_span rows)
{
    const size_t width = pass->planes.width, tile = pass->canny->tile_columns;
    eg_pass_worker *w[FIELDS] = {NULL};
    for (size_t i = 0; i < pass->fields; i++) {
        w[i] = eg_field_pass_claim(&pass->field[i]);
        eg_field_pass_begin_strip(&pass->field[i], w[i], band, rows);
    }
    for (size_t x = 0; x < width; x += tile) {
        const eg_span columns = {x, eg_min_size(x + tile, width)};
        if (has_edges(&pass->planes, rows, columns))
            refine_tile(pass, w, strip, band, rows, columns);
    }
    for (size_t i = 0; i < pass->fields; i++)
        atomic_flag_clear(&w[i]->busy);
}

static eg_status link_strip(const eg_stage *stage, const eg_band *band, size_t index, size_t y0,
                            size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)index, (void)out;
    line_pass *pass = stage->opaque;
    eg_chain_strip *strip = scratch;
    eg_status status = eg_chain_strip_list(strip, pass->ctx, &pass->planes, y0, y1, error);
    if (status != EG_OK)
        return status;
    if (pass->is_ridge)
        eg_ridge_place(&pass->ridges, strip, &pass->planes, band, y0, y1,
                       (char *)scratch + STRIP_BYTES);
    else
        refine_strip(pass, strip, band, (eg_span){y0, y1});
    return eg_chain_strip_link(strip, pass->ctx, &pass->planes, y0, y1, error);
}

static eg_status join_strip(const eg_stage *stage, size_t index, void *scratch, eg_error *error)
{
    line_pass *pass = stage->opaque;
    const eg_chain_strip *strip = scratch;
    (void)index;
    return eg_line_joiner_add(&pass->joiner, &strip->lines, error);
}

static void release_strip(const eg_stage *stage, void *scratch)
{
    (void)stage;
    eg_chain_strip_release(scratch);
}

/* Shapes a line and passes it on. */
static eg_status pass_line(void *opaque, const eg_line *chain, eg_error *error)
{
    line_pass *pass = opaque;
    eg_edge_lines_result *r = pass->result;
    eg_line line;
    eg_edge_detail detail;
    eg_status status = eg_shape_line(&pass->shaper, chain, &line, &detail, error);
    if (status != EG_OK || line.count < 2)
        return status;
    if (detail.length < pass->min_length) {
        r->left_out++;
        return EG_OK;
    }
    r->lines++;
    r->closed += line.closed;
    r->points += line.count;
    r->length += detail.length;
    return pass->found(pass->opaque, &line, error);
}

/* ---- the field ---- */

/* Sets *sigma, that of the blur, to the standard deviation of blur and weights of an operator. */
static eg_status add_operator(double *sigma, const char *name, eg_error *error)
{
    size_t index;
    eg_status status = eg_operator_find(&index, name, error);
    if (status != EG_OK)
        return status;
    const eg_operator *op = &eg_operators[index];
    double sum = 0, squares = 0;
    for (int k = 0; k < op->taps; k++) {
        const double away = k - (op->taps - 1) / 2.0;
        sum += op->smooth[k];
        squares += away * away * op->smooth[k];
    }
    *sigma = fmax(sqrt(*sigma * *sigma + squares / sum), SIGMA_LEAST);
    return EG_OK;
}

/* Describes the fields at a sigma in pixels. */
static eg_status describe_fields(line_pass *pass, const eg_source *source, double sigma,
                                 eg_error *error)
{
    size_t factor;
    eg_status status = eg_field_scale(sigma, &factor, &pass->derivative, error);
    for (size_t i = 0; i < pass->fields; i++) {
        eg_colour_canny *c = &pass->canny[i];
        *c = (eg_colour_canny){.ctx = pass->ctx,
                               .sigma = sigma,
                               .known = true,
                               .factor = factor,
                               .tile_columns = TILE_COLUMNS * factor};
        c->planes.width = pass->planes.width;
        c->planes.height = pass->planes.height;
        c->planes.words = pass->planes.words;
        eg_channels_describe(&c->channels, source, factor);
        c->channels.intensities = i == INTENSITIES;
    }
    eg_blur_shift_init(&pass->shaper.blur, sqrt(sigma * sigma + 1.0 / 12)); /* with the pixels */
    return status;
}

/* Sets the weights of the channels: the gradient of intensities is in levels per pixel, and that of
 * equal channels the same as of one. */
static void set_weights(const line_pass *pass, size_t field, float weights[3])
{
    const eg_channels *c = &pass->canny[field].channels;
    const float equal = 1 / (float)((double)c->factor * sqrt((double)c->count));
    for (size_t i = 0; i < 3; i++)
        weights[i] = field == INTENSITIES ? equal : i > 0 ? EG_OPPONENT_WEIGHT : 1;
}

/* Allocates what a pass over the source needs, and sets its stage. Release also on failure. */
static eg_status prepare_fields(line_pass *pass, const eg_source *source, eg_border border,
                                const eg_stage *stage, eg_error *error)
{
    const eg_info *info = &source->info;
    const bool reflect = border == EG_BORDER_REFLECT;
    const size_t threads = (size_t)eg_thread_count_for(pass->ctx, info->width * info->height);
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < pass->fields; i++) {
        eg_field_pass *f = &pass->field[i];
        *f = (eg_field_pass){
            .canny = &pass->canny[i],
            .border = reflect ? EG_BORDER_REFLECT : EG_BORDER_REPLICATE,
            .derivative = &pass->derivative,
            .white_level = info->white_level,
            .has_missing = info->sample == EG_F32,
            .field_only = true,
            .around = EG_REFINE_AROUND,
            .span = {0, info->height},
            .rows_most = eg_pipeline_rows(source, stage) + stage->halo,
            .worker_count = eg_min_size(threads, eg_pipeline_strips(source, stage)),
        };
        set_weights(pass, i, f->weights);
        eg_seen_init(&f->seen);
        status = eg_field_pass_allocate_workers(f, error);
    }
    return status;
}

/* Sets the stage of the pass over a source of the image. */
static eg_stage stage_of(line_pass *pass, const eg_edges_options *options)
{
    const size_t margin = EG_REFINE_AROUND + pass->derivative.radius + 1;
    eg_stage stage = {.scratch = STRIP_BYTES,
                      .opaque = pass,
                      .run = link_strip,
                      .collect = join_strip,
                      .release = release_strip};
    if (!pass->is_ridge) {
        stage.halo = margin * pass->canny->factor;
        return stage;
    }
    stage.pad = eg_jet_reach(&pass->ridges.jet);
    stage.halo = stage.pad + 4; /* the sides of a line as well */
    stage.border = options->border;
    stage.border_value = (float)options->border_value;
    stage.scratch += eg_ridge_placer_scratch(&pass->ridges);
    return stage;
}

/* Places and links the points of the edges, from a source of the image. */
static eg_status run_pass(line_pass *pass, eg_source *source, const eg_edges_options *options,
                          eg_error *error)
{
    const eg_stage stage = stage_of(pass, options);
    eg_status status = prepare_fields(pass, source, options->border, &stage, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, NULL, 0, error);
    if (status == EG_OK)
        status = eg_line_joiner_finish(&pass->joiner, error);
    for (size_t i = 0; i < pass->fields; i++)
        eg_field_pass_release(&pass->field[i]);
    return status;
}

/* ---- options ---- */

static bool is_length(double value)
{
    return value >= 0 && value < (double)INFINITY;
}

static eg_status check_options(const eg_source *source, const eg_source *again,
                               const eg_edges_options *options, const eg_edge_lines_options *lines,
                               eg_error *error)
{
    const eg_span span = eg_source_span(source);
    const eg_info *a = &source->info, *b = again ? &again->info : a;
    if (options->method == EG_EDGE_THRESHOLD)
        return eg_fail(error, EG_USAGE,
                       "the method threshold marks areas, which have no lines: choose canny or "
                       "boundary");
    if (!is_length(lines->min_length) || !is_length(lines->min_length_percent) ||
        !is_length(lines->simplify) || !(lines->smooth >= 0 && lines->smooth <= 1000))
        return eg_fail(error, EG_USAGE, "options of lines are out of range");
    if (span.first > 0 || span.end < a->height)
        return eg_fail(error, EG_USAGE, "lines need all rows of the image");
    if (a->width != b->width || a->height != b->height || a->sample != b->sample ||
        (again && eg_source_planes(source) != eg_source_planes(again)))
        return eg_fail_file(error, EG_BAD_INPUT, source->name, "has changed while it was read");
    return EG_OK;
}

/* ---- the image ---- */

/* Computes the lines of the edges in `planes`. */
static eg_status find_lines(line_pass *pass, eg_source *again, const eg_edges_options *options,
                            double sigma, eg_error *error)
{
    const bool gaussian = eg_is_gaussian(options->op);
    pass->is_ridge = options->method == EG_EDGE_RIDGE;
    pass->fields = pass->is_ridge ? 0 : gaussian ? FIELDS : 1;
    eg_status status = eg_source_as_float(again, false, error);
    if (status == EG_OK)
        status = eg_thin_edges(&pass->planes, pass->ctx, error);
    if (status == EG_OK && !pass->is_ridge && !gaussian)
        status = add_operator(&sigma, options->op, error);
    if (status == EG_OK && pass->is_ridge)
        eg_ridge_placer_init(&pass->ridges, again, options->ridges, sigma);
    else if (status == EG_OK)
        status = describe_fields(pass, again, sigma, error);
    return status == EG_OK ? run_pass(pass, again, options, error) : status;
}

static eg_status find_edges_and_lines(line_pass *pass, eg_source *source, eg_source *again,
                                      eg_sink *sink, const eg_edges_options *options,
                                      eg_edges_result *edges, eg_error *error)
{
    eg_source *record = NULL;
    eg_status status = again ? EG_OK : eg_source_record(&record, source, error);
    if (status == EG_OK)
        status = eg_find_edges(source, sink, options, edges, &pass->planes, error);
    if (status == EG_OK)
        status = find_lines(pass, again ? again : record, options, edges->sigma, error);
    eg_free(pass->planes.edge);
    eg_source_close(record);
    return status;
}

/* Warns that there is no line, unless the source has a warning that there are no edges. */
static void warn_of_none(eg_source *source, const line_pass *pass)
{
    if (pass->result->left_out > 0)
        eg_source_warn(source, "has no line of %.6g pixels or more; the longest is shorter",
                       pass->min_length);
    else if (!eg_source_warning(source, 0))
        eg_source_warn(source, "has no lines, because it has no edges");
}

eg_status eg_edge_lines(eg_source *source, eg_source *again, eg_sink *sink,
                        const eg_edges_options *options, const eg_edge_lines_options *lines,
                        eg_line_callback *found, void *opaque, eg_edges_result *edges,
                        eg_edge_lines_result *result, eg_error *error)
{
    eg_context *ctx = source->ctx;
    eg_edges_result own_edges;
    eg_edge_lines_result own_result = {.lines = 0};
    const double diagonal = eg_hypotenuse((double)source->info.width, (double)source->info.height);
    line_pass pass = {.ctx = ctx,
                      .joiner = {.ctx = ctx,
                                 .stride = EG_CHAIN_STRIDE,
                                 .found = pass_line,
                                 .opaque = &pass,
                                 .arrange = eg_chain_arrange,
                                 .result = &pass.joined},
                      .shaper = {.ctx = ctx, .smooth = lines->smooth, .tolerance = lines->simplify},
                      .min_length =
                          fmax(lines->min_length, lines->min_length_percent / 100 * diagonal),
                      .found = found,
                      .opaque = opaque,
                      .result = result ? result : &own_result};
    *pass.result = (eg_edge_lines_result){.lines = 0};
    eg_status status = check_options(source, again, options, lines, error);
    if (status == EG_OK)
        status = find_edges_and_lines(&pass, source, again, sink, options,
                                      edges ? edges : &own_edges, error);
    if (status == EG_OK && pass.result->lines == 0)
        warn_of_none(source, &pass);
    eg_line_joiner_release(&pass.joiner);
    eg_shaper_release(&pass.shaper);
    eg_name_failure(error, source->name);
    return status;
}
