/* SPDX-License-Identifier: MIT */
/* Traces one streamline from its seed, along the field and against it. */
#ifndef EG_FLUX_STREAMLINE_TRACER_H
#define EG_FLUX_STREAMLINE_TRACER_H

#include "flux/point_index.h"
#include "flux/vector_field.h"

typedef struct eg_streamline_tracer {
    const eg_sampled_field *field;
    eg_point_index *index; /* of the points of all lines */
    double separation;     /* distance of lines, in samples */
    double test_distance;  /* distance from another line at which a line ends */
    double longest_step;
} eg_streamline_tracer;

/* The points of a line in the index: `seed` itself, those along the field in their order, and from
 * `against` on those against it, from the seed outwards. */
typedef struct eg_traced_line {
    size_t seed, against, end;
    double length; /* in samples */
} eg_traced_line;

/* Traces the line number `line` from `seed`, where the field has a direction, and adds its points
 * to the index. Errors of eg_point_index_add(). */
eg_status eg_streamline_trace(const eg_streamline_tracer *tracer, const double seed[2],
                              uint32_t line, eg_traced_line *traced, eg_error *error);

#endif
