/* SPDX-License-Identifier: MIT */
/*
 * Calls of the page's functions and descent. Every call leaves an answer (reply.h) and returns its
 * status. Texts are UTF-8. Coordinates are texts where they are exact, such as "0.1" or "pi/4".
 */
#ifndef EG_WEB_FUNCTIONS_H
#define EG_WEB_FUNCTIONS_H

#include "web/glue/web.h"

/* Analyses f at a point: value, partial derivatives, gradient, tangent plane, Hessian, and the
 * derivative along a direction; a point without a gradient has a message and limits instead.
 * `direction_x` may be "gradient" or "level" (the gradient turned by a right angle). */
eg_status functions_point(const char *f, const char *x, const char *y, const char *direction_x,
                          const char *direction_y);

/* Samples f on a grid of columns x rows points over the ranges, borders included, row 0 at y0.
 * Answers with levels, level curves and the areas between them: {"levels",
 * "lines": [{"level", "closed", "first", "count"}], "areas": [{"low", "high", "first", "rings"}]},
 * where `rings` has the number of points of each ring. The numbers are the values, then their
 * derivatives by x and by y if `gradient` is not 0, then points x, y, which `first` counts.
 * `at_x`, `at_y`: if f has a value there, "own", that level has lines as well. */
eg_status functions_view(const char *f, double x0, double x1, double y0, double y1, size_t columns,
                         size_t rows, int gradient, double at_x, double at_y);

/* Answers with the tree of the chain rule of f(x(t), y(t)) at t, its products and their sum; the
 * numbers are `count` points x, y of the curve from t0 to t1. If one of the functions has no
 * derivative there, "message" says so, and the rule does not hold. */
eg_status functions_chain(const char *f, const char *x, const char *y, const char *t, double t0,
                          double t1, size_t count);

/* Minimises f from a point by a method named as by the command. rate NaN: chosen by the library.
 * `give_up` not 0: stops when it diverges. Answers as the command's --json; the numbers are x, y
 * and value of every point. */
eg_status functions_descent(const char *f, double x, double y, const char *method, double rate,
                            size_t steps, int give_up);

/* Fits `model` to the columns `names` (separated by line feeds) of `rows` numbers each, which
 * `input` has one after another, the last column being the target. `start` has "a=1,b=2" or is
 * empty. `method`: "lm" or that of a descent; rate and steps as there. Answers with parameters,
 * statistics and words; the numbers are, for each step, the parameters and the mean squared error,
 * then `count` triples of the curve (column, value, 95 % half width). */
eg_status functions_fit(const char *model, const char *names, const double input[], size_t rows,
                        const char *start, const char *method, double rate, size_t steps,
                        size_t count);

/* Samples the mean squared error over two parameters; the others keep the values of `start`.
 * Answers and numbers as functions_view() without gradient. */
eg_status functions_loss(const char *model, const char *names, const double input[], size_t rows,
                         const char *start, size_t first, size_t second, const double ranges[4],
                         size_t side);

#endif
