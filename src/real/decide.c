/* SPDX-License-Identifier: MIT */
/* Decisions about exact real numbers: their sign and their digits, with rising precision. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "real/real.h"

enum { FIRST_BITS = 64, COMPARISON_BITS = 2048, LARGEST_MEMORY = 1 << 28 };

/* An evaluation takes up to this many times as long as the one before. */
static const double growth = 3;

static const double log10_of_two = 0.30102999566398119521;

/* Returns the precision after `bits`; 0 if that was the last one that the effort allows. */
static long next_precision(eg_reals *reals, eg_id id, long bits)
{
    long limit = reals->balls->largest_bits;
    double nodes = (double)id + 1;
    if (reals->options.bits && reals->options.bits < limit)
        limit = reals->options.bits;
    if (bits >= limit || eg_seconds() > reals->deadline)
        return 0;
    long next = 2 * bits;
    double wanted =
        reals->values[id].state == EG_REAL_KNOWN ? eg_real_separation_bits(reals, id, 0) : INFINITY;
    if (wanted + 64 > next && wanted + 64 < 16 * (double)next)
        next = (long)wanted + 64;
    next = next > limit ? limit : next;
    return nodes * (double)next / 8 > LARGEST_MEMORY ? 0 : next;
}

/* Returns true if the ball of a number is small enough to answer a question. */
typedef bool decision(const eg_reals *reals, const eg_real_value *value, void *opaque);

/* Evaluates with rising precision until `decided` returns true or it is proven that the number has
 * no value. Returns false if the effort ends before. */
static bool raise_precision(eg_reals *reals, eg_real real, long bits, decision *decided,
                            void *opaque)
{
    const eg_real_value *value = &reals->values[real];
    double now = eg_seconds(), start;
    reals->deadline = now + reals->options.seconds;
    if (reals->last_deadline > 0 && reals->last_deadline < reals->deadline)
        reals->deadline = reals->last_deadline;
    do {
        start = now;
        eg_real_evaluate(reals, real, bits);
        if (value->state == EG_REAL_UNDEFINED)
            return true;
        bool known = value->state == EG_REAL_KNOWN && decided(reals, value, opaque);
        if (known || !eg_reals_ok(reals))
            return known;
        bits = next_precision(reals, real, bits > value->bits ? bits : value->bits);
        now = eg_seconds();
    } while (bits && now + growth * (now - start) < reals->deadline);
    return false;
}

/* Does so with memory for Arb. Returns false, too, if the numbers are exhausted. */
static bool decide(eg_reals *reals, eg_real real, long bits, decision *decided, void *opaque)
{
    bool outer;
    bool result =
        eg_reals_enter(reals, &outer) && raise_precision(reals, real, bits, decided, opaque);
    eg_reals_leave(reals, outer);
    return result && eg_reals_ok(reals);
}

/* ---- sign ---- */

static bool sign_is_known(const eg_reals *reals, const eg_real_value *value, void *opaque)
{
    int *sign = opaque;
    *sign = reals->balls->compare(&value->ball, 0);
    return *sign != EG_UNSURE;
}

eg_real_sign eg_real_sign_of(eg_reals *reals, eg_real real)
{
    int sign = EG_UNSURE;
    if (real == EG_REAL_NONE)
        return EG_SIGN_UNKNOWN;
    bool decided = decide(reals, real, FIRST_BITS, sign_is_known, &sign);
    if (decided && reals->values[real].state == EG_REAL_UNDEFINED)
        return EG_SIGN_UNDEFINED;
    return sign < 0    ? EG_SIGN_NEGATIVE
           : sign == 0 ? EG_SIGN_ZERO
           : sign == 1 ? EG_SIGN_POSITIVE
                       : EG_SIGN_UNKNOWN;
}

/* Returns the sign of a difference with up to COMPARISON_BITS; 0 if it has no value. */
static int compare_difference(eg_reals *reals, eg_real difference)
{
    int sign = EG_UNSURE;
    const eg_real_value *found = &reals->values[difference];
    for (long bits = FIRST_BITS; bits <= COMPARISON_BITS && sign == EG_UNSURE; bits *= 2) {
        eg_real_evaluate(reals, difference, bits);
        if (found->state == EG_REAL_UNDEFINED)
            return 0;
        if (found->state == EG_REAL_KNOWN)
            sign = reals->balls->compare(&found->ball, 0);
    }
    return sign;
}

bool eg_real_may_differ(eg_reals *reals, eg_real real, double value)
{
    eg_real difference = eg_real_apply(reals, EG_REAL_SUBTRACT, real, eg_real_double(reals, value));
    bool outer;
    if (difference == EG_REAL_NONE)
        return true;
    bool entered = eg_reals_enter(reals, &outer);
    int sign = entered ? compare_difference(reals, difference) : EG_UNSURE;
    eg_reals_leave(reals, outer);
    return sign == EG_UNSURE ? reals->balls == &eg_interval_arithmetic : sign != 0;
}

/* ---- digits ---- */

typedef struct wanted_digits {
    int count;
    eg_digits found;
} wanted_digits;

static bool digits_are_known(const eg_reals *reals, const eg_real_value *value, void *opaque)
{
    wanted_digits *wanted = opaque;
    reals->balls->free_digits(&wanted->found);
    return reals->balls->round(&value->ball, wanted->count, &wanted->found);
}

static char *write_fraction(char *o, const char *digits, size_t used)
{
    if (used == 0)
        return o;
    *o++ = '.';
    memcpy(o, digits, used);
    return o + used;
}

/* Writes a number below 1 or with an integer part of `exponent` + 1 digits, without an exponent. */
static char *write_fixed(char *o, const char *digits, size_t used, long exponent)
{
    if (exponent < 0) {
        *o++ = '0';
        *o++ = '.';
        for (long i = exponent + 1; i < 0; i++)
            *o++ = '0';
        memcpy(o, digits, used);
        return o + used;
    }
    size_t whole = (size_t)exponent + 1;
    for (size_t i = 0; i < whole; i++)
        *o++ = i < used ? digits[i] : '0';
    return used > whole ? write_fraction(o, digits + whole, used - whole) : o;
}

/* Writes a decimal as printf() does with %.*g: without trailing zeros, with an exponent if that is
 * below -4 or not below `count`. */
static void write_decimal(char *out, const eg_digits *digits, int count)
{
    char *o = out;
    long exponent = digits->exponent - 1;
    size_t used = digits->sign ? strlen(digits->digits) : 0;
    while (used > 1 && digits->digits[used - 1] == '0')
        used--;
    if (digits->sign < 0)
        *o++ = '-';
    if (used == 0) {
        *o++ = '0';
        *o = 0;
    } else if (exponent < -4 || exponent >= count) {
        *o++ = digits->digits[0];
        o = write_fraction(o, digits->digits + 1, used - 1);
        snprintf(o, EG_REAL_TEXT - (size_t)(o - out), "e%c%02ld", exponent < 0 ? '-' : '+',
                 labs(exponent));
    } else {
        *write_fixed(o, digits->digits, used, exponent) = 0;
    }
}

/* Finds the count nearest to `count` for which the digits are certain: a little more, because a
 * number may lie exactly between two decimals, else fewer. Returns 0 if there is none. */
static int other_count(const eg_reals *reals, const eg_real_value *value, wanted_digits *wanted)
{
    int most = wanted->count;
    for (wanted->count = most + 1; wanted->count <= most + 3; wanted->count++)
        if (digits_are_known(reals, value, wanted))
            return wanted->count;
    for (wanted->count = most - 1; wanted->count > 0; wanted->count--)
        if (digits_are_known(reals, value, wanted))
            return wanted->count;
    return 0;
}

/* Fills *out from a number that was evaluated; `known` digits were found. */
static void describe_digits(eg_reals *reals, const eg_real_value *value, bool known,
                            wanted_digits *wanted, eg_decimal *out)
{
    int digits = wanted->count;
    if (value->state == EG_REAL_UNDEFINED) {
        out->certainty = EG_DIGITS_UNDEFINED;
        out->reason = value->reason;
    }
    if (value->state != EG_REAL_KNOWN)
        return; /* EG_DIGITS_UNKNOWN */
    int count = known ? digits : other_count(reals, value, wanted);
    out->value = reals->balls->approximate(&value->ball);
    out->log10_bound = reals->balls->magnitude(&value->ball) * log10_of_two;
    out->exact = value->exact;
    if (count) {
        out->certainty = count >= digits ? EG_DIGITS_PROVEN : EG_DIGITS_FEWER;
        write_decimal(out->text, &wanted->found, count);
    }
}

eg_status eg_real_decimal(eg_reals *reals, eg_real real, int digits, eg_decimal *out,
                          eg_error *error)
{
    wanted_digits wanted = {.count = digits};
    bool outer;
    *out = (eg_decimal){.value = NAN, .log10_bound = INFINITY};
    if (real == EG_REAL_NONE || reals->graph.status != EG_OK)
        return eg_fail(error, reals->graph.status == EG_OK ? EG_USAGE : reals->graph.status,
                       "out of memory for the numbers of this report");
    if (digits < 1 || digits > EG_REAL_DIGITS)
        return eg_fail(error, EG_USAGE, "a number has 1 to %d digits, not %d", EG_REAL_DIGITS,
                       digits);
    bool known = decide(reals, real, FIRST_BITS + (long)(3.33 * digits), digits_are_known, &wanted);
    if (eg_reals_enter(reals, &outer))
        describe_digits(reals, &reals->values[real], known, &wanted, out);
    reals->balls->free_digits(&wanted.found);
    eg_reals_leave(reals, outer);
    if (!eg_reals_ok(reals))
        *out = (eg_decimal){.value = NAN, .log10_bound = INFINITY};
    return eg_reals_status(reals, error);
}

/* ---- doubles ---- */

static bool double_is_known(const eg_reals *reals, const eg_real_value *value, void *opaque)
{
    (void)opaque;
    double size = reals->balls->magnitude(&value->ball);
    wanted_digits wanted = {.count = 17};
    bool known = size < -1100 || digits_are_known(reals, value, &wanted);
    reals->balls->free_digits(&wanted.found);
    return known;
}

/* Evaluates a number until its double is known. Returns false if it has none or none is known;
 * eg_reals_leave() gets *outer in each case. */
static bool find_double(eg_reals *reals, eg_real real, bool *outer)
{
    decide(reals, real, FIRST_BITS + 64, double_is_known, NULL);
    return eg_reals_enter(reals, outer) && reals->values[real].state == EG_REAL_KNOWN;
}

double eg_real_approximate(eg_reals *reals, eg_real real)
{
    bool outer;
    double value = NAN;
    if (real == EG_REAL_NONE)
        return NAN;
    if (find_double(reals, real, &outer))
        value = reals->balls->approximate(&reals->values[real].ball);
    eg_reals_leave(reals, outer);
    return eg_reals_ok(reals) ? value : (double)NAN;
}

void eg_real_bounds(eg_reals *reals, eg_real real, double bounds[2])
{
    bool outer;
    bounds[0] = bounds[1] = NAN;
    if (real == EG_REAL_NONE)
        return;
    if (find_double(reals, real, &outer))
        reals->balls->bounds(&reals->values[real].ball, bounds);
    eg_reals_leave(reals, outer);
    if (!eg_reals_ok(reals))
        bounds[0] = bounds[1] = NAN;
}
