/* SPDX-License-Identifier: MIT */
/* Counts of an edge histogram by magnitude, to draw it. */
#include <string.h>

#include "edge/edge_histogram.h"

/* Intervals of magnitudes with their counts. */
typedef struct intervals {
    const double *bounds;
    uint64_t *counts;
    size_t count;
} intervals;

/* Adds to the interval of a magnitude, if there is one: by bisection. */
static void add(const intervals *to, double magnitude, uint64_t count)
{
    size_t first = 0, end = to->count;
    if (!(magnitude >= to->bounds[0]) || !(magnitude < to->bounds[end]))
        return;
    while (end - first > 1) {
        const size_t middle = first + (end - first) / 2;
        if (magnitude >= to->bounds[middle])
            first = middle;
        else
            end = middle;
    }
    to->counts[first] += count;
}

static void add_field(const intervals *to, const eg_field_histogram *field)
{
    for (uint32_t i = 0; i < EG_FIELD_BINS; i = eg_field_next_bin(field, i))
        if (field->maxima[i])
            add(to, eg_field_bin_magnitude(i) / field->sigma, field->maxima[i]);
}

static void add_kind(const intervals *to, const eg_magnitude_histogram *kind)
{
    for (size_t i = 0; i < kind->count; i++)
        add(to, eg_bin_threshold(&kind->scale, (int32_t)kind->bins[i].index) / kind->scale.divisor,
            kind->bins[i].count);
}

void eg_edge_histogram_counts(const eg_edge_histogram *histogram, const double bounds[],
                              uint64_t counts[], size_t count)
{
    const intervals to = {bounds, counts, count};
    memset(counts, 0, count * sizeof *counts);
    if (histogram->field.all && histogram->field.sigma > 0)
        add_field(&to, &histogram->field);
    for (size_t k = 0; k < histogram->kind_count; k++)
        add_kind(&to, &histogram->kinds[k]);
}
