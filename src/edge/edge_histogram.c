/* SPDX-License-Identifier: MIT */
/*
 * Automatic thresholds of many pictures, or of one in parts: the histograms of their ridges' codes,
 * added up coding by coding. Pictures of the same kind of samples have the same coding, and counts
 * are exact, so that neither the order nor the cuts matter.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/canny.h"
#include "gradient/operators.h"

/* Codings are in ascending order of precedes(). */
struct eg_edge_histogram {
    eg_context *ctx;
    const eg_operator *op; /* NULL: nothing was added yet */
    bool hysteresis;
    size_t count, capacity;
    eg_histogram_bins *coded;
};

/* How a histogram travels: a head, then its codings. The rest of a coding follows from the
 * operator. */
enum { PACKED_MARK = 0x65677331 }; /* "egs1", as this machine orders bytes */

typedef struct packed_head {
    int32_t mark, op, hysteresis, count; /* op: -1 where there is none yet */
} packed_head;

typedef struct packed_coding {
    int64_t kind;
    double white_level;
    uint64_t histogram[EG_BINS];
} packed_coding;

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
    eg_free(histogram->coded);
    eg_free(histogram);
}

/* ---- adding ---- */

static bool is_integer(eg_response_kind kind)
{
    return kind == EG_RESPONSE_I16_L1 || kind == EG_RESPONSE_I16_L2;
}

/* Negative, 0 or positive as one coding comes before the other, is the same, or comes after. */
static int compare(const eg_histogram_bins *a, const eg_histogram_bins *b)
{
    if (a->scale.kind != b->scale.kind)
        return a->scale.kind < b->scale.kind ? -1 : 1;
    if (a->scale.white_level < b->scale.white_level || a->scale.white_level > b->scale.white_level)
        return a->scale.white_level < b->scale.white_level ? -1 : 1;
    return 0;
}

static eg_status make_room(eg_edge_histogram *histogram, eg_error *error)
{
    if (histogram->count < histogram->capacity)
        return EG_OK;
    size_t capacity = histogram->capacity ? 2 * histogram->capacity : 1;
    eg_histogram_bins *coded = eg_alloc(histogram->ctx, capacity, sizeof *coded, error);
    if (!coded)
        return eg_failed(error);
    if (histogram->count)
        memcpy(coded, histogram->coded, histogram->count * sizeof *coded);
    eg_free(histogram->coded);
    histogram->coded = coded;
    histogram->capacity = capacity;
    return EG_OK;
}

static eg_status add_coded(eg_edge_histogram *histogram, const eg_histogram_bins *coded,
                           eg_error *error)
{
    size_t at = 0;
    while (at < histogram->count && compare(&histogram->coded[at], coded) < 0)
        at++;
    if (at == histogram->count || compare(&histogram->coded[at], coded) > 0) {
        eg_status status = make_room(histogram, error);
        if (status != EG_OK)
            return status;
        memmove(&histogram->coded[at + 1], &histogram->coded[at],
                (histogram->count++ - at) * sizeof *histogram->coded);
        histogram->coded[at] = *coded;
        return EG_OK;
    }
    for (size_t i = 0; i < EG_BINS; i++)
        histogram->coded[at].histogram[i] += coded->histogram[i];
    return EG_OK;
}

static bool is_l1(eg_response_kind kind)
{
    return kind == EG_RESPONSE_I16_L1 || kind == EG_RESPONSE_F32_L1;
}

/* Ridges of different operators, norms or methods have nothing in common. */
static eg_status settle(eg_edge_histogram *histogram, const eg_operator *op, bool hysteresis,
                        eg_response_kind kind, eg_error *error)
{
    bool same = !histogram->op || (histogram->op == op && histogram->hysteresis == hysteresis &&
                                   is_l1(histogram->coded->scale.kind) == is_l1(kind));
    if (!same)
        return eg_fail(error, EG_USAGE,
                       "pictures of one histogram need the same operator, norm and method");
    histogram->op = op;
    histogram->hysteresis = hysteresis;
    return EG_OK;
}

/* Nothing counted yet. */
static eg_histogram_bins coded_of(const eg_canny *m)
{
    eg_histogram_bins coded = {.scale = m->scale, .coder = m->coder};
    if (is_integer(m->scale.kind))
        coded.scale.white_level = 255; /* which it does not matter for */
    return coded;
}

eg_status eg_edge_histogram_add_canny(eg_edge_histogram *histogram, const eg_canny *m,
                                      eg_error *error)
{
    eg_histogram_bins coded = coded_of(m);
    eg_status status = settle(histogram, m->front.op, m->hysteresis, m->scale.kind, error);
    eg_add_histograms(m, coded.histogram);
    return status == EG_OK ? add_coded(histogram, &coded, error) : status;
}

eg_status eg_edge_histogram_add(eg_edge_histogram *histogram, eg_source *source,
                                const eg_edges_options *options, eg_error *error)
{
    eg_canny m;
    eg_edges_options automatic = *options;
    automatic.low = automatic.high = (double)NAN;
    eg_status status = eg_canny_init(&m, source, &automatic, error);
    m.histogram = true;
    if (status == EG_OK)
        status = eg_canny_first_pass(&m, source, error);
    if (status == EG_OK)
        status = eg_edge_histogram_add_canny(histogram, &m, error);
    eg_canny_release(&m);
    eg_name_failure(error, source->name);
    return status;
}

eg_status eg_edge_histogram_merge(eg_edge_histogram *histogram, const eg_edge_histogram *other,
                                  eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t k = 0; status == EG_OK && k < other->count; k++) {
        status = settle(histogram, other->op, other->hysteresis, other->coded[k].scale.kind, error);
        if (status == EG_OK)
            status = add_coded(histogram, &other->coded[k], error);
    }
    return status;
}

/* ---- the sum ---- */

static eg_status choose(const eg_edge_histogram *histogram, eg_bin_choice *choice, eg_error *error)
{
    if (!histogram->count)
        return eg_fail(error, EG_USAGE, "a histogram of no picture has no thresholds");
    *choice = eg_choose_bins(histogram->coded, histogram->count, histogram->hysteresis);
    return EG_OK;
}

eg_status eg_edge_histogram_thresholds(const eg_edge_histogram *histogram,
                                       eg_edges_options *options, eg_error *error)
{
    eg_bin_choice choice = {0};
    eg_status status = choose(histogram, &choice, error);
    if (status != EG_OK)
        return status;
    const eg_histogram_bins *coded = &histogram->coded[choice.index];
    options->low = eg_bin_response(&coded->coder, &coded->scale, choice.low);
    options->high = eg_bin_response(&coded->coder, &coded->scale, choice.high);
    options->unit = EG_UNIT_RESPONSE;
    return EG_OK;
}

eg_status eg_edge_histogram_choose(const eg_edge_histogram *histogram, const eg_canny *m,
                                   eg_bin_choice *choice, eg_error *error)
{
    const eg_histogram_bins mine = coded_of(m);
    if (histogram->count > 1 || (histogram->count && (compare(histogram->coded, &mine) != 0 ||
                                                      histogram->op != m->front.op ||
                                                      histogram->hysteresis != m->hysteresis)))
        return eg_fail(error, EG_USAGE, "this histogram is not of parts of the same picture");
    return choose(histogram, choice, error);
}

/* ---- as bytes ---- */

size_t eg_edge_histogram_size(const eg_edge_histogram *histogram)
{
    return sizeof(packed_head) + histogram->count * sizeof(packed_coding);
}

void eg_edge_histogram_pack(const eg_edge_histogram *histogram, void *bytes)
{
    packed_head head = {.mark = PACKED_MARK,
                        .op = histogram->op ? (int32_t)(histogram->op - eg_operators) : -1,
                        .hysteresis = histogram->hysteresis,
                        .count = (int32_t)histogram->count};
    memcpy(bytes, &head, sizeof head);
    for (size_t k = 0; k < histogram->count; k++) {
        const eg_histogram_bins *coded = &histogram->coded[k];
        packed_coding packed = {.kind = coded->scale.kind, .white_level = coded->scale.white_level};
        memcpy(packed.histogram, coded->histogram, sizeof packed.histogram);
        memcpy((char *)bytes + sizeof head + k * sizeof packed, &packed, sizeof packed);
    }
}

static eg_status no_survey(eg_error *error)
{
    return eg_fail(error, EG_USAGE, "these bytes are no histogram");
}

static eg_status add_packed(eg_edge_histogram *histogram, const packed_head *head,
                            const packed_coding *packed, eg_error *error)
{
    eg_thresholds floor;
    if (packed->kind < 0 || packed->kind >= EG_RESPONSE_KINDS || !(packed->white_level > 0) ||
        !isfinite(packed->white_level))
        return no_survey(error);
    const eg_operator *op = &eg_operators[head->op];
    const eg_response_kind kind = (eg_response_kind)packed->kind;
    eg_histogram_bins coded = {.scale = {.kind = kind,
                                         .divisor = op->divisor,
                                         .shift = is_integer(kind) ? op->shift : 0,
                                         .white_level = packed->white_level}};
    coded.coder = eg_binning_init(&coded.scale, &floor);
    memcpy(coded.histogram, packed->histogram, sizeof coded.histogram);
    eg_status status = settle(histogram, op, head->hysteresis, kind, error);
    return status == EG_OK ? add_coded(histogram, &coded, error) : status;
}

eg_status eg_edge_histogram_unpack(eg_edge_histogram *histogram, const void *bytes, size_t size,
                                   eg_error *error)
{
    packed_head head;
    packed_coding packed;
    if (size < sizeof head)
        return no_survey(error);
    memcpy(&head, bytes, sizeof head);
    if (head.mark != PACKED_MARK || head.count < 0 || head.op >= EG_OPERATORS ||
        (head.count > 0 && head.op < 0) || size != sizeof head + (size_t)head.count * sizeof packed)
        return no_survey(error);
    eg_status status = EG_OK;
    for (size_t k = 0; status == EG_OK && k < (size_t)head.count; k++) {
        memcpy(&packed, (const char *)bytes + sizeof head + k * sizeof packed, sizeof packed);
        status = add_packed(histogram, &head, &packed, error);
    }
    return status;
}
