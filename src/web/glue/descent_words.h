/* SPDX-License-Identifier: MIT */
/* Answers about a run of an optimiser, with the members of edgegrad descent --json. */
#ifndef EG_WEB_DESCENT_WORDS_H
#define EG_WEB_DESCENT_WORDS_H

#include "web/glue/web.h"

/* Returns the method of this name; EG_METHODS: there is none. */
eg_method descent_method(const char *name);

/* Answers with the outcome of a run and with the library's words about it. */
void descent_reply(const eg_descent_result *result);

/* Records every step in the numbers of the answer: its point, then its value. */
typedef struct descent_record {
    size_t variables, steps;
    eg_error *error;
} descent_record;

/* A callback of eg_descent_options and eg_fit_solver; `opaque` is a descent_record. */
void descent_record_step(void *opaque, const eg_descent_step *step);

#endif
