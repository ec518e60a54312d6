/* SPDX-License-Identifier: MIT */
/* eg_edges() in separate steps, for a raster in row blocks that exchange their border rows. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/canny/canny.h"
#include "edge/colour/colour.h"
#include "edge/ridge/ridge_detector.h"
#include "edge/style/style.h"
#include "gradient/missing.h"
#include "gradient/operators.h"

/* The detector in use. */
typedef enum block_kind { OPERATOR, COLOUR, RIDGE } block_kind;

struct eg_edges_block {
    eg_canny canny;
    eg_colour_canny colour;
    eg_ridge_detector ridge;
    eg_edges_options options; /* `op` is a static string */
    block_kind kind;
    eg_planes *planes; /* those of the one in use */
    eg_edge_rows around;
    eg_source *source;
    bool linked;
    bool adjustable; /* made by eg_edges_block_new_adjustable() */
    bool searching;  /* for the thresholds of a density */
    eg_density_search search;
};

static eg_status begin_ridge(eg_edges_block *block, eg_error *error)
{
    eg_status status = (block->adjustable ? eg_ridge_begin_adjustable : eg_ridge_begin)(
        &block->ridge, block->source, &block->options, error);
    if (status == EG_OK)
        eg_note_valid(block->source, atomic_load(&block->ridge.any_valid));
    return status;
}

static eg_status begin_block(eg_edges_block *block, eg_error *error)
{
    const eg_edges_options *options = &block->options;
    eg_source *source = block->source;
    if (block->kind == RIDGE)
        return begin_ridge(block, error);
    if (block->kind == COLOUR) {
        eg_status status =
            (block->adjustable ? eg_colour_canny_begin_adjustable
                               : eg_colour_canny_begin)(&block->colour, source, options, error);
        if (status == EG_OK)
            eg_note_valid(source, eg_field_histogram_total(&block->colour.histogram,
                                                           block->colour.histogram.all) > 0);
        return status;
    }
    eg_status status = eg_canny_init(&block->canny, source, options, error);
    if (status == EG_OK)
        status = eg_canny_first_pass(&block->canny, source, error);
    if (status == EG_OK)
        eg_note_valid(source, atomic_load(&block->canny.any_valid));
    return status;
}

/* Returns a static string with the name of an operator; NULL: it is unknown. */
static const char *find_operator_name(const char *op)
{
    size_t index;
    if (eg_is_gaussian(op))
        return "gaussian";
    return eg_operator_find(&index, op, NULL) == EG_OK ? eg_operators[index].name : NULL;
}

static eg_status new_block(eg_edges_block **block, eg_source *source,
                           const eg_edges_options *options, bool adjustable, eg_error *error)
{
    *block = NULL;
    if (eg_source_as_float(source, false, error) != EG_OK)
        return eg_failed(error);
    eg_edges_block *created = eg_calloc(source->ctx, 1, sizeof *created, error);
    if (!created)
        return eg_failed(error);
    created->source = source;
    created->options = *options;
    created->adjustable = adjustable;
    created->kind = options->method == EG_EDGE_RIDGE ? RIDGE
                    : eg_is_gaussian(options->op)    ? COLOUR
                                                     : OPERATOR;
    created->planes = created->kind == RIDGE    ? &created->ridge.planes
                      : created->kind == COLOUR ? &created->colour.planes
                                                : &created->canny.planes;
    eg_status status = begin_block(created, error);
    created->options.op = find_operator_name(options->op);
    eg_name_failure(error, source->name);
    if (status == EG_OK)
        *block = created;
    else
        eg_edges_block_free(created);
    return status;
}

eg_status eg_edges_block_new(eg_edges_block **block, eg_source *source,
                             const eg_edges_options *options, eg_error *error)
{
    return new_block(block, source, options, false, error);
}

eg_status eg_edges_block_new_adjustable(eg_edges_block **block, eg_source *source,
                                        const eg_edges_options *options, eg_error *error)
{
    *block = NULL;
    const bool other = options->method != EG_EDGE_RIDGE && !eg_is_gaussian(options->op);
    if (other || !isnan(options->density))
        return eg_fail(
            error, EG_USAGE,
            "edges are marked again only with the operator gaussian or the method ridge, "
            "and no density");
    return new_block(block, source, options, true, error);
}

void eg_edges_block_free(eg_edges_block *block)
{
    if (!block)
        return;
    if (block->kind == RIDGE)
        eg_ridge_release(&block->ridge);
    else if (block->kind == COLOUR)
        eg_colour_canny_release(&block->colour);
    else
        eg_canny_release(&block->canny);
    eg_free(block);
}

/* Returns true if the thresholds of the block depend on the histogram of the whole image. */
static bool needs_histogram(const eg_edges_block *block)
{
    return block->kind == RIDGE    ? !block->ridge.known
           : block->kind == COLOUR ? !block->colour.known
                                   : block->canny.automatic;
}

eg_status eg_edges_block_histogram(const eg_edges_block *block, eg_edge_histogram *histogram,
                                   eg_error *error)
{
    if (!needs_histogram(block))
        return EG_OK;
    if (block->kind != OPERATOR)
        return eg_edge_histogram_add_field(
            histogram, block->kind == RIDGE ? &block->ridge.histogram : &block->colour.histogram,
            block->options.method, error);
    return eg_edge_histogram_add_canny(histogram, &block->canny, error);
}

/* Sets *histogram to the fields of all blocks, if the block needs them. */
static eg_status find_fields(const eg_edges_block *block, const eg_edge_histogram *sum,
                             const eg_field_histogram **histogram, eg_error *error)
{
    if (!needs_histogram(block))
        return EG_OK;
    *histogram = eg_edge_histogram_field(sum, block->options.method);
    return *histogram ? EG_OK
                      : eg_fail(error, EG_USAGE,
                                "the histogram must contain the blocks of this raster only");
}

static eg_status link_ridge(eg_edges_block *block, const eg_edge_histogram *sum, eg_error *error)
{
    const eg_field_histogram *histogram = &block->ridge.histogram;
    eg_status status = find_fields(block, sum, &histogram, error);
    return status == EG_OK
               ? eg_ridge_link(&block->ridge, block->source, histogram, &block->options, error)
               : status;
}

static eg_status link_colour(eg_edges_block *block, const eg_edge_histogram *sum, eg_error *error)
{
    const eg_field_histogram *histogram = &block->colour.histogram;
    eg_status status = find_fields(block, sum, &histogram, error);
    if (status != EG_OK)
        return status;
    eg_colour_canny *canny = &block->colour;
    eg_colour_canny_resolve(canny, block->source, histogram, &block->options);
    if (isnan(block->options.density) || canny->flat)
        return eg_colour_canny_mark(canny, error);
    const eg_info *info = &block->source->info;
    eg_density_search_start(&block->search, canny, histogram,
                            block->options.density / 100 * (double)info->width *
                                (double)info->height);
    block->searching = true;
    return eg_density_search_mark(&block->search, canny, error);
}

static eg_status link_operator(eg_edges_block *block, const eg_edge_histogram *sum, eg_error *error)
{
    eg_canny *canny = &block->canny;
    eg_status status =
        canny->automatic ? eg_edge_histogram_apply(sum, canny, block->source, error) : EG_OK;
    return status == EG_OK ? eg_canny_hysteresis(canny, error) : status;
}

eg_status eg_edges_block_link(eg_edges_block *block, const eg_edge_histogram *sum, eg_error *error)
{
    if (block->linked || (needs_histogram(block) && !sum))
        return eg_fail(error, EG_USAGE,
                       block->linked ? "the block is already linked"
                                     : "automatic thresholds need the histogram of all blocks");
    static eg_status (*const links[])(eg_edges_block *, const eg_edge_histogram *, eg_error *) = {
        [OPERATOR] = link_operator, [COLOUR] = link_colour, [RIDGE] = link_ridge};
    eg_status status = links[block->kind](block, sum, error);
    block->linked = status == EG_OK;
    return status;
}

static eg_status not_linked(eg_error *error)
{
    return eg_fail(error, EG_USAGE,
                   "the block is not linked yet: call eg_edges_block_link() first");
}

eg_status eg_edges_block_mark(eg_edges_block *block, double low, double high, eg_error *error)
{
    if (!block->linked)
        return not_linked(error);
    if (!block->adjustable)
        return eg_fail(error, EG_USAGE,
                       "the edges of this block are marked once: create it with "
                       "eg_edges_block_new_adjustable()");
    if (isnan(low))
        low = high * eg_low_high_ratio(block->options.method);
    if (isnan(high))
        high = low / eg_low_high_ratio(block->options.method);
    if (!(low >= 0) || !(high >= 0))
        return eg_fail(error, EG_USAGE, "thresholds are 0 or more");
    if (block->kind == RIDGE) {
        eg_ridge_set_thresholds(&block->ridge, low, high);
        block->ridge.automatic = block->ridge.flat = false;
        return eg_ridge_mark(&block->ridge, error);
    }
    eg_colour_set_thresholds(&block->colour, low, high);
    block->colour.automatic = block->colour.flat = false;
    return eg_colour_canny_mark(&block->colour, error);
}

eg_status eg_edges_block_border(const eg_edges_block *block, uint64_t *first, uint64_t *last,
                                eg_error *error)
{
    const eg_planes *planes = block->planes;
    if (!block->linked)
        return not_linked(error);
    if (first)
        memcpy(first, eg_edge_row(planes, 0), planes->words * sizeof *first);
    if (last)
        memcpy(last, eg_edge_row(planes, planes->height - 1), planes->words * sizeof *last);
    return EG_OK;
}

eg_status eg_edges_block_propagate(eg_edges_block *block, const uint64_t *above,
                                   const uint64_t *below, bool *grew, eg_error *error)
{
    eg_neighbour_rows neighbours = {.above = above, .below = below};
    *grew = false;
    if (!block->linked)
        return not_linked(error);
    if (block->options.method == EG_EDGE_THRESHOLD)
        return EG_OK;
    const eg_block_rows *blocks = block->kind == RIDGE    ? block->ridge.blocks
                                  : block->kind == COLOUR ? block->colour.blocks
                                                          : block->canny.blocks;
    const size_t count = block->kind == RIDGE    ? block->ridge.strip_count
                         : block->kind == COLOUR ? block->colour.block_count
                                                 : block->canny.strip_count;
    eg_status status = eg_hysteresis_neighbours(block->source->ctx, block->planes, blocks, count,
                                                &neighbours, error);
    *grew = neighbours.grew_first || neighbours.grew_last;
    return status;
}

uint64_t eg_edges_block_count(const eg_edges_block *block)
{
    return eg_planes_count(block->planes, block->source->ctx);
}

eg_status eg_edges_block_refine(eg_edges_block *block, uint64_t count, bool *again, eg_error *error)
{
    *again = false;
    if (!block->linked)
        return not_linked(error);
    if (!block->searching)
        return EG_OK;
    *again = block->searching = eg_density_search_next(&block->search, (double)count);
    return *again ? eg_density_search_mark(&block->search, &block->colour, error) : EG_OK;
}

eg_status eg_edges_block_rows(const eg_edges_block *block, size_t first, size_t count,
                              uint64_t *rows, eg_error *error)
{
    const eg_planes *planes = block->planes;
    if (!block->linked)
        return not_linked(error);
    if (first > planes->height || count > planes->height - first)
        return eg_fail(error, EG_USAGE, "the block has %zu rows", planes->height);
    memcpy(rows, eg_edge_row(planes, first), count * planes->words * sizeof *rows);
    return EG_OK;
}

void eg_edges_block_surround(eg_edges_block *block, const uint64_t *above, size_t above_count,
                             const uint64_t *below, size_t below_count)
{
    block->around = (eg_edge_rows){above, below, above_count, below_count};
}

void eg_edges_block_style(eg_edges_block *block, const eg_edge_style *style)
{
    block->options.style = *style;
}

eg_status eg_edges_block_write(eg_edges_block *block, eg_sink *sink, eg_edges_result *result,
                               eg_error *error)
{
    eg_edges_result found;
    eg_status status =
        block->linked ? eg_edge_style_check(&block->options, sink, error) : not_linked(error);
    if (status != EG_OK)
        return status;
    if (block->kind == RIDGE)
        eg_ridge_result(&block->ridge, &found);
    else if (block->kind == COLOUR)
        eg_colour_canny_result(&block->colour, &found);
    else
        eg_canny_result(&block->canny, &found);
    status = eg_edges_write(block->planes, &block->around, block->source, sink, &block->options,
                            &found, error);
    if (status == EG_OK && result)
        *result = found;
    return status;
}
