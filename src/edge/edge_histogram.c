/* SPDX-License-Identifier: MIT */
/*
 * Automatic thresholds for many images, or for one raster in blocks: magnitude histograms, one for
 * each kind of samples. Images of the same kind share a binning, and counts are exact, so neither
 * the order of the images nor the cuts between blocks change the result.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/canny.h"
#include "gradient/operators.h"

/* `kinds` is sorted by compare_kinds(). */
struct eg_edge_histogram {
    eg_context *ctx;
    const eg_operator *op; /* NULL: empty */
    bool hysteresis;
    size_t kind_count, capacity;
    eg_magnitude_histogram *kinds;
};

/* Packed form: a header, then one packed_bins for each kind. The operator determines the remaining
 * members of a histogram. */
enum { PACKED_MAGIC = 0x65677331 }; /* "egs1" in host byte order */

typedef struct packed_header {
    int32_t magic, op, hysteresis, count; /* op: -1 if empty */
} packed_header;

typedef struct packed_bins {
    int64_t kind;
    double white_level;
    uint64_t counts[EG_BINS];
} packed_bins;

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
    eg_free(histogram->kinds);
    eg_free(histogram);
}

/* ---- adding ---- */

static bool is_integer(eg_magnitude_kind kind)
{
    return kind == EG_MAGNITUDE_I16_L1 || kind == EG_MAGNITUDE_I16_L2;
}

/* Compares the kinds of samples of two histograms, for sorting; 0 if they share a binning. */
static int compare_kinds(const eg_magnitude_histogram *a, const eg_magnitude_histogram *b)
{
    if (a->scale.kind != b->scale.kind)
        return a->scale.kind < b->scale.kind ? -1 : 1;
    if (a->scale.white_level < b->scale.white_level || a->scale.white_level > b->scale.white_level)
        return a->scale.white_level < b->scale.white_level ? -1 : 1;
    return 0;
}

static eg_status reserve_bins(eg_edge_histogram *histogram, eg_error *error)
{
    if (histogram->kind_count < histogram->capacity)
        return EG_OK;
    size_t capacity = histogram->capacity ? 2 * histogram->capacity : 1;
    eg_magnitude_histogram *bins = eg_alloc(histogram->ctx, capacity, sizeof *bins, error);
    if (!bins)
        return eg_failed(error);
    if (histogram->kind_count)
        memcpy(bins, histogram->kinds, histogram->kind_count * sizeof *bins);
    eg_free(histogram->kinds);
    histogram->kinds = bins;
    histogram->capacity = capacity;
    return EG_OK;
}

static eg_status add_bins(eg_edge_histogram *histogram, const eg_magnitude_histogram *bins,
                          eg_error *error)
{
    size_t at = 0;
    while (at < histogram->kind_count && compare_kinds(&histogram->kinds[at], bins) < 0)
        at++;
    if (at == histogram->kind_count || compare_kinds(&histogram->kinds[at], bins) > 0) {
        eg_status status = reserve_bins(histogram, error);
        if (status != EG_OK)
            return status;
        memmove(&histogram->kinds[at + 1], &histogram->kinds[at],
                (histogram->kind_count++ - at) * sizeof *histogram->kinds);
        histogram->kinds[at] = *bins;
        return EG_OK;
    }
    for (size_t i = 0; i < EG_BINS; i++)
        histogram->kinds[at].counts[i] += bins->counts[i];
    return EG_OK;
}

static bool is_l1(eg_magnitude_kind kind)
{
    return kind == EG_MAGNITUDE_I16_L1 || kind == EG_MAGNITUDE_F32_L1;
}

/* Sets operator, norm and method of an empty histogram. EG_USAGE: it has others already, whose
 * magnitudes are not comparable. */
static eg_status set_operator(eg_edge_histogram *histogram, const eg_operator *op, bool hysteresis,
                              eg_magnitude_kind kind, eg_error *error)
{
    bool same = !histogram->op || (histogram->op == op && histogram->hysteresis == hysteresis &&
                                   is_l1(histogram->kinds->scale.kind) == is_l1(kind));
    if (!same)
        return eg_fail(error, EG_USAGE,
                       "all images of one histogram need the same operator, norm and method");
    histogram->op = op;
    histogram->hysteresis = hysteresis;
    return EG_OK;
}

/* Returns an empty histogram with the binning of `canny`. */
static eg_magnitude_histogram empty_bins_of(const eg_canny *canny)
{
    eg_magnitude_histogram bins = {.scale = canny->scale, .binning = canny->binning};
    if (is_integer(canny->scale.kind))
        bins.scale.white_level = 255; /* unused by integer kinds: normalised so that compare_kinds()
                                         sees equal binnings */
    return bins;
}

eg_status eg_edge_histogram_add_canny(eg_edge_histogram *histogram, const eg_canny *canny,
                                      eg_error *error)
{
    eg_magnitude_histogram bins = empty_bins_of(canny);
    eg_status status =
        set_operator(histogram, canny->derivative.op, canny->hysteresis, canny->scale.kind, error);
    eg_sum_histograms(canny, bins.counts);
    return status == EG_OK ? add_bins(histogram, &bins, error) : status;
}

eg_status eg_edge_histogram_add(eg_edge_histogram *histogram, eg_source *source,
                                const eg_edges_options *options, eg_error *error)
{
    eg_canny canny;
    eg_edges_options automatic = *options;
    automatic.low = automatic.high = (double)NAN;
    eg_status status = eg_canny_init(&canny, source, &automatic, error);
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
    for (size_t k = 0; status == EG_OK && k < other->kind_count; k++) {
        status = set_operator(histogram, other->op, other->hysteresis, other->kinds[k].scale.kind,
                              error);
        if (status == EG_OK)
            status = add_bins(histogram, &other->kinds[k], error);
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
    eg_status status = choose_bins(histogram, &choice, error);
    if (status != EG_OK)
        return status;
    const eg_magnitude_histogram *bins = &histogram->kinds[choice.index];
    options->low = eg_bin_threshold(&bins->binning, &bins->scale, choice.low);
    options->high = eg_bin_threshold(&bins->binning, &bins->scale, choice.high);
    options->unit = EG_UNIT_RESPONSE;
    return EG_OK;
}

eg_status eg_edge_histogram_choose(const eg_edge_histogram *histogram, const eg_canny *canny,
                                   eg_threshold_bins *choice, eg_error *error)
{
    const eg_magnitude_histogram own = empty_bins_of(canny);
    if (histogram->kind_count > 1 ||
        (histogram->kind_count &&
         (compare_kinds(histogram->kinds, &own) != 0 || histogram->op != canny->derivative.op ||
          histogram->hysteresis != canny->hysteresis)))
        return eg_fail(error, EG_USAGE,
                       "the histogram must contain the blocks of this raster only");
    return choose_bins(histogram, choice, error);
}

/* ---- packing ---- */

size_t eg_edge_histogram_size(const eg_edge_histogram *histogram)
{
    return sizeof(packed_header) + histogram->kind_count * sizeof(packed_bins);
}

void eg_edge_histogram_pack(const eg_edge_histogram *histogram, void *bytes)
{
    packed_header header = {.magic = PACKED_MAGIC,
                            .op = histogram->op ? (int32_t)(histogram->op - eg_operators) : -1,
                            .hysteresis = histogram->hysteresis,
                            .count = (int32_t)histogram->kind_count};
    memcpy(bytes, &header, sizeof header);
    for (size_t k = 0; k < histogram->kind_count; k++) {
        const eg_magnitude_histogram *bins = &histogram->kinds[k];
        packed_bins packed = {.kind = bins->scale.kind, .white_level = bins->scale.white_level};
        memcpy(packed.counts, bins->counts, sizeof packed.counts);
        memcpy((char *)bytes + sizeof header + k * sizeof packed, &packed, sizeof packed);
    }
}

static eg_status not_a_histogram(eg_error *error)
{
    return eg_fail(error, EG_USAGE, "not a packed edge histogram");
}

static eg_status add_packed(eg_edge_histogram *histogram, const packed_header *header,
                            const packed_bins *packed, eg_error *error)
{
    eg_thresholds floor;
    if (packed->kind < 0 || packed->kind >= EG_MAGNITUDE_KINDS || !(packed->white_level > 0) ||
        !isfinite(packed->white_level))
        return not_a_histogram(error);
    const eg_operator *op = &eg_operators[header->op];
    const eg_magnitude_kind kind = (eg_magnitude_kind)packed->kind;
    eg_magnitude_histogram bins = {.scale = {.kind = kind,
                                             .divisor = op->divisor,
                                             .shift = is_integer(kind) ? op->shift : 0,
                                             .white_level = packed->white_level}};
    bins.binning = eg_binning_init(&bins.scale, &floor);
    memcpy(bins.counts, packed->counts, sizeof bins.counts);
    eg_status status = set_operator(histogram, op, header->hysteresis, kind, error);
    return status == EG_OK ? add_bins(histogram, &bins, error) : status;
}

eg_status eg_edge_histogram_unpack(eg_edge_histogram *histogram, const void *bytes, size_t size,
                                   eg_error *error)
{
    packed_header header;
    packed_bins packed;
    if (size < sizeof header)
        return not_a_histogram(error);
    memcpy(&header, bytes, sizeof header);
    if (header.magic != PACKED_MAGIC || header.count < 0 || header.op >= EG_OPERATORS ||
        (header.count > 0 && header.op < 0) ||
        size != sizeof header + (size_t)header.count * sizeof packed)
        return not_a_histogram(error);
    eg_status status = EG_OK;
    for (size_t k = 0; status == EG_OK && k < (size_t)header.count; k++) {
        memcpy(&packed, (const char *)bytes + sizeof header + k * sizeof packed, sizeof packed);
        status = add_packed(histogram, &header, &packed, error);
    }
    return status;
}
