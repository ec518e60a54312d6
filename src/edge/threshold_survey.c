/* SPDX-License-Identifier: MIT */
/*
 * Automatic thresholds of many pictures, or of one in parts: the histograms of their ridges' codes, added up
 * coding by coding. Pictures of the same kind of samples have the same coding, and counts are exact, so
 * that neither the order nor the cuts matter.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/canny.h"
#include "gradient/operators.h"

/* Codings are in ascending order of precedes(). */
struct eg_survey {
    eg_context *ctx;
    const eg_operator *op; /* NULL: nothing was added yet */
    bool hysteresis;
    size_t count, capacity;
    eg_coded *coded;
};

/* How a survey travels: a head, then its codings. The rest of a coding follows from the operator. */
enum { PACKED_MARK = 0x65677331 }; /* "egs1", as this machine orders bytes */

typedef struct packed_head {
    int32_t mark, op, hysteresis, count; /* op: -1 where there is none yet */
} packed_head;

typedef struct packed_coding {
    int64_t kind;
    double white;
    uint64_t histogram[EG_CODES];
} packed_coding;

eg_status eg_survey_new(eg_survey **survey, eg_context *ctx, eg_error *error)
{
    *survey = eg_calloc(ctx, 1, sizeof **survey, error);
    if (!*survey)
        return eg_failed(error);
    (*survey)->ctx = ctx;
    return EG_OK;
}

void eg_survey_free(eg_survey *survey)
{
    if (!survey)
        return;
    eg_free(survey->coded);
    eg_free(survey);
}

/* ---- adding ---- */

static bool is_integer(eg_sum_kind kind)
{
    return kind == EG_KIND_I16_L1 || kind == EG_KIND_I16_L2;
}

/* Negative, 0 or positive as one coding comes before the other, is the same, or comes after. */
static int compare(const eg_coded *a, const eg_coded *b)
{
    if (a->scale.kind != b->scale.kind)
        return a->scale.kind < b->scale.kind ? -1 : 1;
    if (a->scale.white < b->scale.white || a->scale.white > b->scale.white)
        return a->scale.white < b->scale.white ? -1 : 1;
    return 0;
}

static eg_status make_room(eg_survey *survey, eg_error *error)
{
    if (survey->count < survey->capacity)
        return EG_OK;
    size_t capacity = survey->capacity ? 2 * survey->capacity : 1;
    eg_coded *coded = eg_alloc(survey->ctx, capacity, sizeof *coded, error);
    if (!coded)
        return eg_failed(error);
    if (survey->count)
        memcpy(coded, survey->coded, survey->count * sizeof *coded);
    eg_free(survey->coded);
    survey->coded = coded;
    survey->capacity = capacity;
    return EG_OK;
}

static eg_status add_coded(eg_survey *survey, const eg_coded *coded, eg_error *error)
{
    size_t at = 0;
    while (at < survey->count && compare(&survey->coded[at], coded) < 0)
        at++;
    if (at == survey->count || compare(&survey->coded[at], coded) > 0) {
        eg_status status = make_room(survey, error);
        if (status != EG_OK)
            return status;
        memmove(&survey->coded[at + 1], &survey->coded[at],
                (survey->count++ - at) * sizeof *survey->coded);
        survey->coded[at] = *coded;
        return EG_OK;
    }
    for (size_t i = 0; i < EG_CODES; i++)
        survey->coded[at].histogram[i] += coded->histogram[i];
    return EG_OK;
}

static bool is_l1(eg_sum_kind kind)
{
    return kind == EG_KIND_I16_L1 || kind == EG_KIND_F32_L1;
}

/* Ridges of different operators, norms or methods have nothing in common. */
static eg_status settle(eg_survey *survey, const eg_operator *op, bool hysteresis, eg_sum_kind kind,
                        eg_error *error)
{
    bool same = !survey->op || (survey->op == op && survey->hysteresis == hysteresis &&
                                is_l1(survey->coded->scale.kind) == is_l1(kind));
    if (!same)
        return eg_fail(error, EG_USAGE,
                       "pictures of one survey need the same operator, norm and method");
    survey->op = op;
    survey->hysteresis = hysteresis;
    return EG_OK;
}

/* Nothing counted yet. */
static eg_coded coded_of(const eg_marking *m)
{
    eg_coded coded = {.scale = m->scale, .coder = m->coder};
    if (is_integer(m->scale.kind))
        coded.scale.white = 255; /* which it does not matter for */
    return coded;
}

eg_status eg_survey_add_marking(eg_survey *survey, const eg_marking *m, eg_error *error)
{
    eg_coded coded = coded_of(m);
    eg_status status = settle(survey, m->front.op, m->hysteresis, m->scale.kind, error);
    eg_add_codes(m, coded.histogram);
    return status == EG_OK ? add_coded(survey, &coded, error) : status;
}

eg_status eg_survey_picture(eg_survey *survey, eg_source *source, const eg_edges_options *options,
                            eg_error *error)
{
    eg_marking m;
    eg_edges_options automatic = *options;
    automatic.low = automatic.high = (double)NAN;
    eg_status status = eg_marking_init(&m, source, &automatic, error);
    m.survey = true;
    if (status == EG_OK)
        status = eg_mark(&m, source, error);
    if (status == EG_OK)
        status = eg_survey_add_marking(survey, &m, error);
    eg_marking_release(&m);
    eg_name_failure(error, source->name);
    return status;
}

eg_status eg_survey_merge(eg_survey *survey, const eg_survey *other, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t k = 0; status == EG_OK && k < other->count; k++) {
        status = settle(survey, other->op, other->hysteresis, other->coded[k].scale.kind, error);
        if (status == EG_OK)
            status = add_coded(survey, &other->coded[k], error);
    }
    return status;
}

/* ---- the sum ---- */

static eg_status choose(const eg_survey *survey, eg_code_choice *choice, eg_error *error)
{
    if (!survey->count)
        return eg_fail(error, EG_USAGE, "a survey of no picture has no thresholds");
    *choice = eg_choose_codes(survey->coded, survey->count, survey->hysteresis);
    return EG_OK;
}

eg_status eg_survey_apply(const eg_survey *survey, eg_edges_options *options, eg_error *error)
{
    eg_code_choice choice = {0};
    eg_status status = choose(survey, &choice, error);
    if (status != EG_OK)
        return status;
    const eg_coded *coded = &survey->coded[choice.index];
    options->low = eg_code_sum(&coded->coder, &coded->scale, choice.low);
    options->high = eg_code_sum(&coded->coder, &coded->scale, choice.high);
    options->unit = EG_UNIT_SUM;
    return EG_OK;
}

eg_status eg_survey_choose(const eg_survey *survey, const eg_marking *m, eg_code_choice *choice,
                           eg_error *error)
{
    const eg_coded mine = coded_of(m);
    if (survey->count > 1 ||
        (survey->count && (compare(survey->coded, &mine) != 0 || survey->op != m->front.op ||
                           survey->hysteresis != m->hysteresis)))
        return eg_fail(error, EG_USAGE, "this survey is not of parts of the same picture");
    return choose(survey, choice, error);
}

/* ---- as bytes ---- */

size_t eg_survey_size(const eg_survey *survey)
{
    return sizeof(packed_head) + survey->count * sizeof(packed_coding);
}

void eg_survey_pack(const eg_survey *survey, void *bytes)
{
    packed_head head = {.mark = PACKED_MARK,
                        .op = survey->op ? (int32_t)(survey->op - eg_operators) : -1,
                        .hysteresis = survey->hysteresis,
                        .count = (int32_t)survey->count};
    memcpy(bytes, &head, sizeof head);
    for (size_t k = 0; k < survey->count; k++) {
        const eg_coded *coded = &survey->coded[k];
        packed_coding packed = {.kind = coded->scale.kind, .white = coded->scale.white};
        memcpy(packed.histogram, coded->histogram, sizeof packed.histogram);
        memcpy((char *)bytes + sizeof head + k * sizeof packed, &packed, sizeof packed);
    }
}

static eg_status no_survey(eg_error *error)
{
    return eg_fail(error, EG_USAGE, "these bytes are no survey");
}

static eg_status add_packed(eg_survey *survey, const packed_head *head, const packed_coding *packed,
                            eg_error *error)
{
    eg_levels floor;
    if (packed->kind < 0 || packed->kind >= EG_KINDS || !(packed->white > 0) ||
        !isfinite(packed->white))
        return no_survey(error);
    const eg_operator *op = &eg_operators[head->op];
    const eg_sum_kind kind = (eg_sum_kind)packed->kind;
    eg_coded coded = {.scale = {.kind = kind,
                                .divisor = op->divisor,
                                .shift = is_integer(kind) ? op->shift : 0,
                                .white = packed->white}};
    coded.coder = eg_coder_init(&coded.scale, &floor);
    memcpy(coded.histogram, packed->histogram, sizeof coded.histogram);
    eg_status status = settle(survey, op, head->hysteresis, kind, error);
    return status == EG_OK ? add_coded(survey, &coded, error) : status;
}

eg_status eg_survey_unpack(eg_survey *survey, const void *bytes, size_t size, eg_error *error)
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
        status = add_packed(survey, &head, &packed, error);
    }
    return status;
}
