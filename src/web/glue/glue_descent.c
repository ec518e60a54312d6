/* SPDX-License-Identifier: MIT */
/* Runs optimisers on a function of x and y. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "web/glue/descent_words.h"
#include "web/glue/expressions.h"
#include "web/glue/glue_functions.h"
#include "web/glue/reply.h"

enum { MOST_STEPS = 20000, TEXT_SIZE = 2048, TRIALS = 20000 };

eg_method descent_method(const char *name)
{
    size_t i = 0;
    while (eg_method_name(i) && strcmp(eg_method_name(i), name) != 0)
        i++;
    return (eg_method)i;
}

void descent_record_step(void *opaque, const eg_descent_step *step)
{
    descent_record *record = opaque;
    double *to = reply_numbers(record->variables + 1, record->error);
    if (!to)
        return;
    memcpy(to, step->x, record->variables * sizeof *to);
    to[record->variables] = step->value;
    record->steps++;
}

/* ---- answers ---- */

void descent_reply(const eg_descent_result *result)
{
    char text[TEXT_SIZE];
    reply_text("method", eg_method_name(result->method));
    reply_number("rate", result->rate);
    reply_bool("rate_chosen", result->rate_chosen);
    reply_number("momentum", result->momentum);
    reply_number("start_value", result->start_value);
    reply_number("value", result->value);
    reply_number("gradient_norm", result->gradient_norm);
    reply_count("steps", result->steps);
    reply_count("evaluations", result->evaluations);
    reply_text("stopped_by", eg_stop_word(result->stop));
    reply_text("verdict", eg_descent_outcome_word(result->outcome));
    eg_descent_stop_reason(result, text, sizeof text);
    reply_text("stopped", text);
    if (eg_descent_verdict(result, text, sizeof text))
        reply_text("end", text);
    reply_number("rate_limit", result->rate_limit);
    reply_number("rate_advised", result->suggested_rate);
    reply_open("remarks", '[');
    for (size_t i = 0; eg_descent_remark(result, i, text, sizeof text); i++)
        reply_text(NULL, text);
    reply_close(']');
}

/* ---- the run ---- */

/* Refuses what the page does not offer. */
static bool is_run(eg_method method, size_t steps, const char *name, eg_error *error)
{
    if (method < EG_METHODS && steps <= MOST_STEPS)
        return true;
    error->status = EG_USAGE;
    if (method >= EG_METHODS)
        snprintf(error->message, sizeof error->message, "there is no method %.40s", name);
    else
        snprintf(error->message, sizeof error->message, "at most %d steps", MOST_STEPS);
    return false;
}

WEB_EXPORT eg_status functions_descent(const char *f, double x, double y, const char *method,
                                       double rate, size_t steps, int give_up)
{
    static eg_descent_result result;
    eg_error error = {0};
    eg_expr_location location = {0};
    eg_expr *expr;
    eg_descent_options options;
    descent_record record = {.variables = 2, .error = &error};
    double at[EG_EXPR_VARIABLES] = {x, y};
    eg_descent_default(&options);
    options.method = descent_method(method);
    options.rate = rate;
    options.steps = steps;
    options.give_up = give_up != 0;
    if (options.trial_evaluations > TRIALS)
        options.trial_evaluations = TRIALS;
    options.on_step = descent_record_step;
    options.opaque = &record;
    if (!is_run(options.method, steps, method, &error))
        return reply_error(&error, "method", NULL);
    if (expression_parse_xy(&expr, f, &location, &error) != EG_OK)
        return reply_error(&error, "f", &location);
    const eg_objective objective = eg_objective_expr(expr);
    reply_begin();
    eg_status status = eg_descent(web_context(&error), &objective, at, &options, &result, &error);
    eg_expr_free(expr);
    if (status != EG_OK || error.status != EG_OK)
        return reply_error(&error, "start", NULL);
    descent_reply(&result);
    reply_number("x", at[0]);
    reply_number("y", at[1]);
    return reply_end();
}
