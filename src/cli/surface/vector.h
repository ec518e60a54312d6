/* SPDX-License-Identifier: MIT */
/* Parts of `edgegrad surface` for vector fields. Functions that return int return an exit code,
 * after a message unless it is EXIT_DONE. */
#ifndef CLI_SURFACE_VECTOR_H
#define CLI_SURFACE_VECTOR_H

#include "cli/surface/surface.h"

typedef struct vector_job {
    surface_job *job;
    eg_vector_field *field;
    size_t n;
    size_t failed; /* component without value or derivatives at the point, from 1; 0: none */
    eg_real value[EG_VECTOR_DIMENSION]; /* at the point */
    eg_real jacobian[EG_VECTOR_DIMENSION * EG_VECTOR_DIMENSION];
    eg_gradient_test test;
    eg_vector_path *work, *flux;
} vector_job;

/* Reports on the vector field that is the operand. (vector_report.c) */
int vector_report(surface_job *job);

/* Reads the operand and the options. (vector_parse.c) */
int vector_prepare(vector_job *v);
void vector_free(vector_job *v);

/* Computes value and Jacobian at the point; a point without them is an error, and sets v->failed.
 * (vector_parse.c) */
int vector_evaluate(vector_job *v);

/* Reports whether the field is a gradient, and its potential. (vector_potential.c) */
int vector_report_potential(vector_job *v);

/* Reports --work and --flux. (vector_paths.c) */
int vector_report_paths(vector_job *v);

/* Writes --plot. (vector_plot.c) */
int vector_plot(vector_job *v);

/* Returns "F(x, y)", to be freed by the caller, and the components "(-y, x)". (vector_format.c) */
char *vector_head_text(const vector_job *v);
char *vector_components_text(const vector_job *v);

/* Prints "label   formula = value"; in JSON an object `key` of both. number: EG_REAL_NONE: no
 * value. (vector_format.c) */
void vector_print_formula(vector_job *v, const char *key, const char *label, const eg_expr *formula,
                          eg_real number);

static inline const char *vector_variable(const vector_job *v, size_t i)
{
    return eg_expr_name(eg_vector_component(v->field, 0), i);
}

#endif
