/* SPDX-License-Identifier: MIT */
/*
 * Automatic thresholds for many images, or for one raster in blocks: magnitude histograms, one for
 * each kind of samples. Images of the same kind share bins, and counts are exact, so neither the
 * order of the images nor the cuts between blocks change the result.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/colour/colour.h"
#include "edge/edge_histogram.h"
#include "edge/ridge/ridge_detector.h"

eg_status eg_edge_histogram_new(eg_edge_histogram **histogram, eg_context *ctx, eg_error *error)
{
    *histogram = eg_calloc(ctx, 1, sizeof **histogram, error);
    if (!*histogram)
        return eg_failed(error);
    (*histogram)->ctx = ctx;
    return EG_OK;
}

void eg_edge_histogram_free(eg_edge_histogram *histogram)
{
    if (!histogram)
        return;
    for (size_t k = 0; k < histogram->kind_count; k++)
        eg_magnitude_histogram_release(&histogram->kinds[k]);
    eg_free(histogram->kinds);
    eg_field_histogram_free(&histogram->field);
    eg_free(histogram);
}

/* ---- adding ---- */

static eg_status fail_mixed(eg_error *error)
{
    return eg_fail(error, EG_USAGE,
                   "all images of one histogram need the same operator, norm and method");
}

/* Returns the method that stands for all with the same fields. */
static eg_edge_method method_of_fields(eg_edge_method method)
{
    return method == EG_EDGE_THRESHOLD ? EG_EDGE_CANNY : method;
}

/* Allocates the histogram of fields, unless there is one. */
static eg_status reserve_field(eg_edge_histogram *histogram, eg_edge_method method, eg_error *error)
{
    if (histogram->op || (histogram->field.all && histogram->field_method != method))
        return fail_mixed(error);
    if (histogram->field.all)
        return EG_OK;
    histogram->field_method = method;
    return eg_field_histogram_new(&histogram->field, histogram->ctx, error);
}

eg_status eg_edge_histogram_add_field(eg_edge_histogram *histogram, const eg_field_histogram *field,
                                      eg_edge_method method, eg_error *error)
{
    eg_status status = reserve_field(histogram, method_of_fields(method), error);
    if (status == EG_OK)
        eg_field_histogram_add(&histogram->field, field);
    return status;
}

const eg_field_histogram *eg_edge_histogram_field(const eg_edge_histogram *histogram,
                                                  eg_edge_method method)
{
    if (!histogram->field.all || histogram->field_method != method_of_fields(method))
        return NULL;
    return &histogram->field;
}

/* Compares two kinds of samples, for sorting; 0 if they share bins. */
static int compare_kinds(const eg_response_scale *a, const eg_response_scale *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->white_level < b->white_level || a->white_level > b->white_level)
        return a->white_level < b->white_level ? -1 : 1;
    return 0;
}

static eg_status reserve_kind(eg_edge_histogram *histogram, eg_error *error)
{
    if (histogram->kind_count < histogram->capacity)
        return EG_OK;
    size_t capacity = histogram->capacity ? 2 * histogram->capacity : 1;
    eg_magnitude_histogram *kinds = eg_alloc(histogram->ctx, capacity, sizeof *kinds, error);
    if (!kinds)
        return eg_failed(error);
    if (histogram->kind_count)
        memcpy(kinds, histogram->kinds, histogram->kind_count * sizeof *kinds);
    eg_free(histogram->kinds);
    histogram->kinds = kinds;
    histogram->capacity = capacity;
    return EG_OK;
}

/* Finds the histogram of a kind of samples, or adds an empty one. NULL: out of memory. */
static eg_magnitude_histogram *find_kind(eg_edge_histogram *histogram,
                                         const eg_response_scale *scale, eg_error *error)
{
    size_t at = 0;
    while (at < histogram->kind_count && compare_kinds(&histogram->kinds[at].scale, scale) < 0)
        at++;
    if (at < histogram->kind_count && compare_kinds(&histogram->kinds[at].scale, scale) == 0)
        return &histogram->kinds[at];
    if (reserve_kind(histogram, error) != EG_OK)
        return NULL;
    eg_magnitude_histogram *added = &histogram->kinds[at];
    memmove(added + 1, added, (histogram->kind_count++ - at) * sizeof *added);
    *added = (eg_magnitude_histogram){.scale = *scale};
    return added;
}

eg_status eg_edge_histogram_add_kind(eg_edge_histogram *histogram,
                                     const eg_magnitude_histogram *kind, eg_error *error)
{
    eg_magnitude_histogram *own = find_kind(histogram, &kind->scale, error);
    if (!own)
        return eg_failed(error);
    own->seen |= kind->seen;
    return eg_magnitude_histogram_add(own, histogram->ctx, kind->bins, kind->count, error);
}

static bool is_l1(eg_magnitude_kind kind)
{
    return kind == EG_MAGNITUDE_I16_L1 || kind == EG_MAGNITUDE_F32_L1;
}

eg_status eg_edge_histogram_set_operator(eg_edge_histogram *histogram, const eg_operator *op,
                                         bool hysteresis, eg_magnitude_kind kind, eg_error *error)
{
    bool same = !histogram->op || (histogram->op == op && histogram->hysteresis == hysteresis &&
                                   is_l1(histogram->kinds->scale.kind) == is_l1(kind));
    if (!same || histogram->field.all)
        return fail_mixed(error);
    histogram->op = op;
    histogram->hysteresis = hysteresis;
    return EG_OK;
}

/* Returns the kind of samples of `canny`. Integers do not use the white level: it is set to one
 * value, so that compare_kinds() sees equal kinds. */
static eg_response_scale scale_of(const eg_canny *canny)
{
    eg_response_scale scale = canny->scale;
    if (!eg_is_float_magnitude(scale.kind))
        scale.white_level = 255;
    return scale;
}

eg_status eg_edge_histogram_add_canny(eg_edge_histogram *histogram, const eg_canny *canny,
                                      eg_error *error)
{
    eg_magnitude_histogram own = {0};
    eg_status status = eg_edge_histogram_set_operator(histogram, canny->derivative.op,
                                                      canny->hysteresis, canny->scale.kind, error);
    if (status == EG_OK)
        status = eg_canny_histogram(canny, &own, error);
    own.scale = scale_of(canny);
    if (status == EG_OK)
        status = eg_edge_histogram_add_kind(histogram, &own, error);
    eg_magnitude_histogram_release(&own);
    return status;
}

static eg_status add_field_of(eg_edge_histogram *histogram, eg_source *source,
                              const eg_edges_options *options, eg_error *error)
{
    eg_colour_canny canny;
    eg_status status = eg_colour_canny_count(&canny, source, options, error);
    if (status == EG_OK)
        status = eg_edge_histogram_add_field(histogram, &canny.histogram, options->method, error);
    eg_colour_canny_release(&canny);
    eg_name_failure(error, source->name);
    return status;
}

static eg_status add_ridges_of(eg_edge_histogram *histogram, eg_source *source,
                               const eg_edges_options *options, eg_error *error)
{
    eg_ridge_detector detector;
    eg_status status = eg_ridge_count(&detector, source, options, error);
    if (status == EG_OK)
        status = eg_edge_histogram_add_field(histogram, &detector.histogram, EG_EDGE_RIDGE, error);
    eg_ridge_release(&detector);
    eg_name_failure(error, source->name);
    return status;
}

eg_status eg_edge_histogram_add(eg_edge_histogram *histogram, eg_source *source,
                                const eg_edges_options *options, eg_error *error)
{
    eg_canny canny;
    eg_edges_options automatic = *options;
    eg_status status = eg_source_as_float(source, false, error);
    if (status != EG_OK)
        return status;
    if (options->method == EG_EDGE_RIDGE)
        return add_ridges_of(histogram, source, options, error);
    if (eg_is_gaussian(options->op))
        return add_field_of(histogram, source, options, error);
    automatic.low = automatic.high = (double)NAN;
    status = eg_canny_init(&canny, source, &automatic, error);
    canny.histogram_only = true;
    if (status == EG_OK)
        status = eg_canny_first_pass(&canny, source, error);
    if (status == EG_OK)
        status = eg_edge_histogram_add_canny(histogram, &canny, error);
    eg_canny_release(&canny);
    eg_name_failure(error, source->name);
    return status;
}

eg_status eg_edge_histogram_merge(eg_edge_histogram *histogram, const eg_edge_histogram *other,
                                  eg_error *error)
{
    eg_status status = EG_OK;
    if (other->field.all)
        return eg_edge_histogram_add_field(histogram, &other->field, other->field_method, error);
    for (size_t k = 0; status == EG_OK && k < other->kind_count; k++) {
        status = eg_edge_histogram_set_operator(histogram, other->op, other->hysteresis,
                                                other->kinds[k].scale.kind, error);
        if (status == EG_OK)
            status = eg_edge_histogram_add_kind(histogram, &other->kinds[k], error);
    }
    return status;
}

/* ---- thresholds ---- */

static eg_status choose_bins(const eg_edge_histogram *histogram, eg_threshold_bins *choice,
                             eg_error *error)
{
    if (!histogram->kind_count)
        return eg_fail(error, EG_USAGE, "the histogram is empty: add an image first");
    *choice =
        eg_choose_threshold_bins(histogram->kinds, histogram->kind_count, histogram->hysteresis);
    return EG_OK;
}

eg_status eg_edge_histogram_thresholds(const eg_edge_histogram *histogram,
                                       eg_edges_options *options, eg_error *error)
{
    eg_threshold_bins choice = {0};
    if (histogram->field.all) {
        eg_field_thresholds(&histogram->field, options);
        return EG_OK;
    }
    eg_status status = choose_bins(histogram, &choice, error);
    if (status != EG_OK)
        return status;
    const eg_response_scale *scale = &histogram->kinds[choice.histogram].scale;
    options->low = eg_bin_threshold(scale, choice.low);
    options->high = eg_bin_threshold(scale, choice.high);
    options->unit = EG_UNIT_RESPONSE;
    return EG_OK;
}

eg_status eg_edge_histogram_apply(const eg_edge_histogram *histogram, eg_canny *canny,
                                  eg_source *source, eg_error *error)
{
    const eg_response_scale own = scale_of(canny);
    eg_threshold_bins choice = {0};
    if (histogram->kind_count > 1 ||
        (histogram->kind_count &&
         (compare_kinds(&histogram->kinds->scale, &own) != 0 ||
          histogram->op != canny->derivative.op || histogram->hysteresis != canny->hysteresis)))
        return eg_fail(error, EG_USAGE,
                       "the histogram must contain the blocks of this raster only");
    eg_status status = choose_bins(histogram, &choice, error);
    return status == EG_OK ? eg_apply_threshold_bins(canny, source, histogram->kinds, choice, error)
                           : status;
}
