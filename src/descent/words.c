/* SPDX-License-Identifier: MIT */
#include "descent/words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

void eg_say(eg_words *words, const char *format, ...)
{
    size_t used = words->length < words->size ? words->length : words->size;
    va_list args;
    va_start(args, format);
    int length =
        vsnprintf(words->size > used ? words->out + used : NULL, words->size - used, format, args);
    va_end(args);
    words->length += length > 0 ? (size_t)length : 0;
}

void eg_say_vector(eg_words *words, const double v[], size_t n)
{
    const size_t most = 8;
    eg_say(words, "(");
    for (size_t i = 0; i < n && i < most; i++)
        eg_say(words, "%s%.4g", i ? ", " : "", v[i] + 0.0);
    eg_say(words, n > most ? ", ...)" : ")");
}

/* ---- advice ---- */

static void say_number(eg_words *words, const char *option, double value)
{
    if (isnan(value))
        eg_say(words, " --%s auto", option);
    else
        eg_say(words, " --%s %.6g", option, value);
}

static void say_options(eg_words *words, const eg_descent_result *r)
{
    const eg_descent_advice *a = &r->advice;
    char schedule[80];
    if (a->changes_start)
        for (size_t i = 0; i < a->variables; i++)
            eg_say(words, "%s%.6g", i ? "," : " --from ", a->start[i] + 0.0);
    if (a->changes_method)
        eg_say(words, " --method %s", eg_method_name(a->method));
    if (a->changes_rate)
        say_number(words, "rate", a->rate);
    if (a->changes_momentum)
        say_number(words, "momentum", a->momentum);
    if (a->changes_schedule) {
        eg_schedule_print(&a->schedule, schedule, sizeof schedule);
        eg_say(words, " --schedule %s", schedule);
        if (r->schedule.warmup != a->schedule.warmup)
            eg_say(words, " --warmup %zu", a->schedule.warmup);
    }
    if (a->changes_steps)
        eg_say(words, " --steps %zu", a->steps);
}

void eg_say_advice(eg_words *words, const eg_descent_result *r)
{
    const eg_descent_advice *a = &r->advice;
    if (!a->exists)
        return;
    const char *falls = r->maximize ? "rises" : "falls";
    bool ends = a->outcome == EG_UNBOUNDED || a->outcome == EG_FLAT_TAIL;
    eg_say(words, ends ? "; with" : "; try");
    say_options(words, r);
    if (a->outcome == EG_UNBOUNDED)
        eg_say(words, " the function %s without bound", falls);
    else if (a->outcome == EG_FLAT_TAIL)
        eg_say(words, " the value %s along a flat tail", falls);
    else if (a->outcome == EG_CONVERGED)
        eg_say(words, ": it converges in %zu step%s", a->steps_taken,
               a->steps_taken == 1 ? "" : "s");
    else
        eg_say(words, ": it comes to the value %.6g instead of %.6g", a->value, r->value);
}
