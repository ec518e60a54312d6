/* SPDX-License-Identifier: MIT */
/* Intervals that contain every value of an operation whose arguments lie in intervals. */
#ifndef EG_EXPR_EVAL_INTERVAL_H
#define EG_EXPR_EVAL_INTERVAL_H

/* low <= high, never NaN. Arguments for which the operation has no value are ignored. */
typedef struct eg_interval {
    double low, high;
} eg_interval;

eg_interval eg_interval_about(double value); /* interval of all numbers that round to `value` */

/* Returns the interval of an operation, with the arguments of eg_apply_op(). */
eg_interval eg_interval_apply(unsigned op, unsigned power, eg_interval a, eg_interval b);

#endif
