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
#include "edge/canny.h"
#include "edge/colour.h"
#include "gradient/operators.h"

/* Images of one operator, or gradient fields. `kinds` is sorted by compare_kinds(). */
struct eg_edge_histogram {
    eg_context *ctx;
    eg_field_histogram field; /* .all NULL: not of gradient fields */
    bool boundary;            /* the fields are those of the boundary detector */
    const eg_operator *op;    /* NULL: empty */
    bool hysteresis;
    size_t kind_count, capacity;
    eg_magnitude_histogram *kinds;
};

/* Packed form: a header, then for each kind a packed_kind and its `count` bins. The operator
 * determines the remaining members of a histogram. */
enum { PACKED_MAGIC = 0x65677333 }; /* "egs3" in host byte order */

/* The operator of a packed histogram that has none. */
enum { PACKED_EMPTY = -1, PACKED_FIELD = -2, PACKED_BOUNDARY_FIELD = -3 };

typedef struct packed_header {
    int32_t magic, op, hysteresis, count; /* count: of the kinds, or the bins of a field */
} packed_header;

typedef struct packed_kind {
    int64_t kind;
    double white_level;
    uint64_t seen, count;
} packed_kind;

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

/* Allocates the histogram of fields, unless there is one. */
static eg_status reserve_field(eg_edge_histogram *histogram, bool boundary, eg_error *error)
{
    if (histogram->op || (histogram->field.all && histogram->boundary != boundary))
        return fail_mixed(error);
    if (histogram->field.all)
        return EG_OK;
    histogram->boundary = boundary;
    return eg_field_histogram_new(&histogram->field, histogram->ctx, error);
}

eg_status eg_edge_histogram_add_field(eg_edge_histogram *histogram, const eg_field_histogram *field,
                                      eg_edge_method method, eg_error *error)
{
    eg_status status = reserve_field(histogram, method == EG_EDGE_BOUNDARY, error);
    if (status == EG_OK)
        eg_field_histogram_add(&histogram->field, field);
    return status;
}

const eg_field_histogram *eg_edge_histogram_field(const eg_edge_histogram *histogram,
                                                  eg_edge_method method)
{
    if (!histogram->field.all || histogram->boundary != (method == EG_EDGE_BOUNDARY))
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

static eg_status add_kind(eg_edge_histogram *histogram, const eg_magnitude_histogram *kind,
                          eg_error *error)
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

/* Sets operator, norm and method of an empty histogram. EG_USAGE: it has others already, whose
 * magnitudes are not comparable. */
static eg_status set_operator(eg_edge_histogram *histogram, const eg_operator *op, bool hysteresis,
                              eg_magnitude_kind kind, eg_error *error)
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
    eg_status status =
        set_operator(histogram, canny->derivative.op, canny->hysteresis, canny->scale.kind, error);
    if (status == EG_OK)
        status = eg_canny_histogram(canny, &own, error);
    own.scale = scale_of(canny);
    if (status == EG_OK)
        status = add_kind(histogram, &own, error);
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

eg_status eg_edge_histogram_add(eg_edge_histogram *histogram, eg_source *source,
                                const eg_edges_options *options, eg_error *error)
{
    eg_canny canny;
    eg_edges_options automatic = *options;
    if (eg_is_colour_edges(options))
        return add_field_of(histogram, source, options, error);
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
    if (other->field.all)
        return eg_edge_histogram_add_field(
            histogram, &other->field, other->boundary ? EG_EDGE_BOUNDARY : EG_EDGE_CANNY, error);
    for (size_t k = 0; status == EG_OK && k < other->kind_count; k++) {
        status = set_operator(histogram, other->op, other->hysteresis, other->kinds[k].scale.kind,
                              error);
        if (status == EG_OK)
            status = add_kind(histogram, &other->kinds[k], error);
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

/* ---- packing ---- */

/* Returns the number of bins of the field that are not empty. */
static size_t count_field_bins(const eg_edge_histogram *histogram)
{
    size_t count = 0;
    for (size_t i = 0; i < 2 * EG_FIELD_BINS; i++)
        count += histogram->field.all[i] > 0;
    return count;
}

size_t eg_edge_histogram_size(const eg_edge_histogram *histogram)
{
    size_t size = sizeof(packed_header);
    if (histogram->field.all)
        size += count_field_bins(histogram) * sizeof(eg_bin_count);
    for (size_t k = 0; k < histogram->kind_count; k++)
        size += sizeof(packed_kind) + histogram->kinds[k].count * sizeof(eg_bin_count);
    return size;
}

static char *append(char *to, const void *bytes, size_t size)
{
    if (size)
        memcpy(to, bytes, size);
    return to + size;
}

/* Packs a histogram of fields: a header, then the bins that are not empty. */
static void pack_field(const eg_edge_histogram *histogram, void *bytes)
{
    const packed_header header = {.magic = PACKED_MAGIC,
                                  .op = histogram->boundary ? PACKED_BOUNDARY_FIELD : PACKED_FIELD,
                                  .hysteresis = histogram->field.differs,
                                  .count = (int32_t)count_field_bins(histogram)};
    char *to = append(bytes, &header, sizeof header);
    for (size_t i = 0; i < 2 * EG_FIELD_BINS; i++) {
        const eg_bin_count bin = {.index = (int64_t)i, .count = histogram->field.all[i]};
        if (bin.count)
            to = append(to, &bin, sizeof bin);
    }
}

void eg_edge_histogram_pack(const eg_edge_histogram *histogram, void *bytes)
{
    if (histogram->field.all) {
        pack_field(histogram, bytes);
        return;
    }
    const packed_header header = {.magic = PACKED_MAGIC,
                                  .op = histogram->op ? (int32_t)(histogram->op - eg_operators)
                                                      : PACKED_EMPTY,
                                  .hysteresis = histogram->hysteresis,
                                  .count = (int32_t)histogram->kind_count};
    char *to = append(bytes, &header, sizeof header);
    for (size_t k = 0; k < histogram->kind_count; k++) {
        const eg_magnitude_histogram *kind = &histogram->kinds[k];
        const packed_kind packed = {.kind = kind->scale.kind,
                                    .white_level = kind->scale.white_level,
                                    .seen = kind->seen,
                                    .count = kind->count};
        to = append(to, &packed, sizeof packed);
        to = append(to, kind->bins, kind->count * sizeof *kind->bins);
    }
}

/* ---- unpacking ---- */

/* Rest of the packed bytes. */
typedef struct unpacking {
    const char *at;
    size_t left;
} unpacking;

static bool take(unpacking *from, void *to, size_t size)
{
    if (size > from->left)
        return false;
    if (size)
        memcpy(to, from->at, size);
    from->at += size;
    from->left -= size;
    return true;
}

static eg_status not_a_histogram(eg_error *error)
{
    return eg_fail(error, EG_USAGE, "not a packed edge histogram");
}

/* Reads the next kind, except its bins, which are packed->count at from->at. Returns false if it is
 * none. */
static bool take_kind(unpacking *from, const packed_header *header, packed_kind *packed,
                      eg_response_scale *scale)
{
    if (!take(from, packed, sizeof *packed) || packed->kind < 0 ||
        packed->kind >= EG_MAGNITUDE_KINDS || !(packed->white_level > 0) ||
        !isfinite(packed->white_level) || packed->count > from->left / sizeof(eg_bin_count))
        return false;
    const eg_operator *op = &eg_operators[header->op];
    const eg_magnitude_kind kind = (eg_magnitude_kind)packed->kind;
    *scale = (eg_response_scale){.kind = kind,
                                 .divisor = op->divisor,
                                 .shift = eg_is_float_magnitude(kind) ? 0 : op->shift,
                                 .white_level = packed->white_level};
    return true;
}

/* Returns true if the bins exist, ascend and are not empty. */
static bool are_bins(const eg_bin_count *bins, size_t count, const eg_response_scale *scale)
{
    const bool floats = eg_is_float_magnitude(scale->kind);
    int64_t least = floats ? 0 : eg_least_integer_bin(scale);
    const int64_t end = floats ? 255 * EG_FLOAT_BINS_PER_OCTAVE : least + EG_INTEGER_BINS;
    for (size_t i = 0; i < count; i++) {
        if (bins[i].index < least || bins[i].index >= end || !bins[i].count)
            return false;
        least = bins[i].index + 1;
    }
    return true;
}

/* Adds the next kind. */
static eg_status add_packed(eg_edge_histogram *histogram, const packed_header *header,
                            unpacking *from, eg_error *error)
{
    packed_kind packed;
    eg_magnitude_histogram kind = {0};
    if (!take_kind(from, header, &packed, &kind.scale))
        return not_a_histogram(error);
    kind.count = packed.count;
    kind.seen = (unsigned)packed.seen;
    kind.bins = eg_alloc(histogram->ctx, kind.count + 1, sizeof *kind.bins, error);
    eg_status status = kind.bins ? EG_OK : eg_failed(error);
    if (status == EG_OK && (!take(from, kind.bins, kind.count * sizeof *kind.bins) ||
                            !are_bins(kind.bins, kind.count, &kind.scale)))
        status = not_a_histogram(error);
    if (status == EG_OK)
        status = set_operator(histogram, &eg_operators[header->op], header->hysteresis,
                              kind.scale.kind, error);
    if (status == EG_OK)
        status = add_kind(histogram, &kind, error);
    eg_magnitude_histogram_release(&kind);
    return status;
}

/* Returns true if the rest of the bytes is the kinds that the header tells, apart from their bins.
 */
static bool is_packed(unpacking from, const packed_header *header)
{
    packed_kind packed;
    eg_response_scale scale;
    for (int32_t k = 0; k < header->count; k++) {
        if (!take_kind(&from, header, &packed, &scale))
            return false;
        from.at += packed.count * sizeof(eg_bin_count);
        from.left -= packed.count * sizeof(eg_bin_count);
    }
    return from.left == 0;
}

/* Returns true if the rest of the bytes is the bins of a field, in ascending order. */
static bool are_field_bins(unpacking from, const packed_header *header)
{
    eg_bin_count bin;
    int64_t least = 0;
    if (from.left != (size_t)header->count * sizeof bin)
        return false;
    while (take(&from, &bin, sizeof bin)) {
        if (bin.index < least || bin.index >= 2 * EG_FIELD_BINS || !bin.count)
            return false;
        least = bin.index + 1;
    }
    return true;
}

static eg_status unpack_field(eg_edge_histogram *histogram, const packed_header *header,
                              unpacking *from, eg_error *error)
{
    eg_bin_count bin;
    if (!are_field_bins(*from, header))
        return not_a_histogram(error);
    eg_status status = reserve_field(histogram, header->op == PACKED_BOUNDARY_FIELD, error);
    if (status != EG_OK)
        return status;
    histogram->field.differs |= header->hysteresis != 0;
    while (take(from, &bin, sizeof bin))
        histogram->field.all[bin.index] += bin.count;
    return EG_OK;
}

eg_status eg_edge_histogram_unpack(eg_edge_histogram *histogram, const void *bytes, size_t size,
                                   eg_error *error)
{
    packed_header header;
    unpacking from = {bytes, size};
    if (!take(&from, &header, sizeof header) || header.magic != PACKED_MAGIC || header.count < 0)
        return not_a_histogram(error);
    if (header.op == PACKED_FIELD || header.op == PACKED_BOUNDARY_FIELD)
        return unpack_field(histogram, &header, &from, error);
    if (header.op >= EG_OPERATORS || (header.count > 0 && header.op < 0) ||
        !is_packed(from, &header))
        return not_a_histogram(error);
    eg_status status = EG_OK;
    for (int32_t k = 0; status == EG_OK && k < header.count; k++)
        status = add_packed(histogram, &header, &from, error);
    return status;
}
