/* SPDX-License-Identifier: MIT */
/*
 * Otsu's criterion (IEEE Trans. SMC 9, 1979): the best split into two classes has the largest
 * between-class variance.
 */
#ifndef EG_EDGE_OTSU_H
#define EG_EDGE_OTSU_H

/* Members of a class: their number, and the sum of their values. */
typedef struct eg_otsu_class {
    double count, moment;
} eg_otsu_class;

static inline void eg_otsu_add(eg_otsu_class *members, double count, double value)
{
    members->count += count;
    members->moment += count * value;
}

/* Returns the between-class variance, times the squared total, of the class `below` and the others
 * of `total`. Neither is empty. */
static inline double eg_otsu_score(eg_otsu_class below, eg_otsu_class total)
{
    const double above = total.count - below.count;
    const double distance = below.moment / below.count - (total.moment - below.moment) / above;
    return below.count * above * distance * distance;
}

#endif
