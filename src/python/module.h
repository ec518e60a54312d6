/* SPDX-License-Identifier: MIT */
/*
 * Functions of the extension module that are not those of the library. cffi reads this file as it
 * reads edgegrad.h, so it has declarations alone.
 */
#ifndef EG_PYTHON_MODULE_H
#define EG_PYTHON_MODULE_H

#include <edgegrad.h>

/* Returns eg_config.cancel for an operation of the main thread, and watches SIGINT until
 * egpy_unwatch_interrupt(). A signal that is ignored, or ends the process, is left alone. Calls may
 * be nested. */
const volatile sig_atomic_t *egpy_watch_interrupt(void);
void egpy_unwatch_interrupt(
    void); /* restores the handler of SIGINT, unless it was changed in between */

/* Returns eg_config.cancel of a context that outlives an operation: nonzero after a SIGINT during
 * an operation of the main thread, until it ends. */
const volatile sig_atomic_t *egpy_interrupt_flag(void);

/* Evaluates the expression `opaque` of one variable, as an eg_plot_function. */
eg_status egpy_function(void *opaque, const double x[], size_t count, double y[], eg_error *error);

/* Evaluates the expression `opaque` of two variables, as an eg_plot_field. */
eg_status egpy_field(void *opaque, const double x[], const double y[], size_t count,
                     double values[], eg_error *error);

/* Computes the Hessians of an expression at `count` points, coordinate i of point k in
 * points[i][k], one n x n matrix after the other. EG_CANCELLED: by egpy_interrupt_flag(). */
eg_status egpy_hessians(const eg_expr *expr, const double *const points[], size_t count,
                        double hessians[], eg_error *error);

/* Sample type of an array. */
typedef enum egpy_type {
    EGPY_BOOL, /* a byte, 0 or 1; rows are EG_U8, 0 or 255 */
    EGPY_U8,   /* rows are EG_U8 */
    EGPY_U16,  /* rows are EG_F32, as of all types below but EGPY_F64 with `wide` */
    EGPY_I16,
    EGPY_F32,
    EGPY_F64
} egpy_type;

/* An array of any strides, and how far it has been read. */
typedef struct egpy_array {
    const char *data;             /* of the first sample of the first plane */
    ptrdiff_t row, column, plane; /* distances in bytes, which may be negative or 0 */
    size_t width, height;
    egpy_type type;
    int planes; /* 1, or 3: red, green, blue */
    /* Rows have one plane, the grey of the three: 0.299 R + 0.587 G + 0.114 B, as in files. */
    bool grey;
    bool wide;   /* EGPY_F64: rows are EG_F64 */
    size_t next; /* the row to read next */
} egpy_array;

/* Creates a source that converts the rows of an array as they are read. The array must outlive it,
 * and belongs to one source. */
eg_status egpy_source_array(eg_source **source, eg_context *ctx, egpy_array *array,
                            float white_level, eg_error *error);

#endif
