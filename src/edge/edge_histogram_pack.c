/* SPDX-License-Identifier: MIT */
/* Packing of edge histograms into bytes, for other processes of the same build. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/edge_histogram.h"

/* Packed form: a header, then for each kind a packed_kind and its `count` bins. The operator
 * determines the remaining members of a histogram. */
enum { PACKED_MAGIC = 0x65677333 }; /* "egs3" in host byte order */

/* The operator of a packed histogram that has none. */
enum { PACKED_EMPTY = -1, PACKED_FIELD = -2, PACKED_BOUNDARY_FIELD = -3, PACKED_RIDGE_FIELD = -4 };

typedef struct packed_header {
    int32_t magic, op, hysteresis, count; /* count: of the kinds, or the bins of a field */
    double sigma;                         /* of a field */
} packed_header;

typedef struct packed_kind {
    int64_t kind;
    double white_level;
    uint64_t seen, count;
} packed_kind;

/* ---- packing ---- */

/* Operators of packed fields, by method. */
static const int32_t field_ops[] = {[EG_EDGE_CANNY] = PACKED_FIELD,
                                    [EG_EDGE_THRESHOLD] = PACKED_FIELD,
                                    [EG_EDGE_BOUNDARY] = PACKED_BOUNDARY_FIELD,
                                    [EG_EDGE_RIDGE] = PACKED_RIDGE_FIELD};

/* Returns the method of a packed field. */
static eg_edge_method field_method(int32_t op)
{
    return op == PACKED_RIDGE_FIELD      ? EG_EDGE_RIDGE
           : op == PACKED_BOUNDARY_FIELD ? EG_EDGE_BOUNDARY
                                         : EG_EDGE_CANNY;
}

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
                                  .op = field_ops[histogram->field_method],
                                  .hysteresis = histogram->field.differs,
                                  .count = (int32_t)count_field_bins(histogram),
                                  .sigma = histogram->field.sigma};
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
        status = eg_edge_histogram_set_operator(histogram, &eg_operators[header->op],
                                                header->hysteresis, kind.scale.kind, error);
    if (status == EG_OK)
        status = eg_edge_histogram_add_kind(histogram, &kind, error);
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
    if (!(header->sigma >= EG_LEAST_FIELD_SIGMA) || !isfinite(header->sigma) ||
        from.left != (size_t)header->count * sizeof bin)
        return false;
    while (take(&from, &bin, sizeof bin)) {
        if (bin.index < least || bin.index >= 2 * EG_FIELD_BINS || !bin.count ||
            !isfinite(eg_field_bin_magnitude((uint32_t)bin.index % EG_FIELD_BINS + 1)))
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
    eg_field_histogram field;
    eg_status status = eg_field_histogram_new(&field, histogram->ctx, error);
    if (status != EG_OK)
        return status;
    field.differs = header->hysteresis != 0;
    field.sigma = header->sigma;
    while (take(from, &bin, sizeof bin)) {
        field.all[bin.index] = bin.count;
        eg_field_histogram_include(&field, (uint32_t)bin.index % EG_FIELD_BINS);
    }
    status = eg_edge_histogram_add_field(histogram, &field, field_method(header->op), error);
    eg_field_histogram_free(&field);
    return status;
}

eg_status eg_edge_histogram_unpack(eg_edge_histogram *histogram, const void *bytes, size_t size,
                                   eg_error *error)
{
    packed_header header;
    unpacking from = {bytes, size};
    if (!take(&from, &header, sizeof header) || header.magic != PACKED_MAGIC || header.count < 0)
        return not_a_histogram(error);
    if (header.op <= PACKED_FIELD && header.op >= PACKED_RIDGE_FIELD)
        return unpack_field(histogram, &header, &from, error);
    if (header.sigma < 0 || header.sigma > 0 || isnan(header.sigma) || header.op >= EG_OPERATORS ||
        (header.count > 0 && header.op < 0) || !is_packed(from, &header))
        return not_a_histogram(error);
    eg_status status = EG_OK;
    for (int32_t k = 0; status == EG_OK && k < header.count; k++)
        status = add_packed(histogram, &header, &from, error);
    return status;
}
