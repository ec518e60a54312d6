/* SPDX-License-Identifier: MIT */
/* Describes a point without a gradient in words. */
#include <math.h>
#include <stdio.h>

#include "edgegrad.h"

static const struct {
    const char *word;        /* for programs */
    const char *description; /* for the message, after "the expression" */
} kinds[] = {
    [EG_DIFFERENTIABLE] = {"regular", "may be differentiable"},
    [EG_CORNER] = {"kink",
                   "is not differentiable: its slopes in different directions fit no plane"},
    [EG_VERTICAL_TANGENT] = {"steep", "is not differentiable: its slope grows without bound"},
    [EG_JUMP_DISCONTINUITY] =
        {"jump", "is not continuous: the values around do not tend to the value there"},
    [EG_DOMAIN_BOUNDARY] = {"border", "is not differentiable: it has no values on some sides"},
    [EG_REMOVABLE_SINGULARITY] =
        {"hole", "has no value, but tends to the same limit along all paths tried"},
    [EG_POLE] = {"pole", "has no value: it grows without bound"},
    [EG_NO_LIMIT] = {"no limit", "has no value, and its limit depends on the path"},
    [EG_NO_VALUE] = {"no value", "has no value, at the point and around it"},
    [EG_UNDETERMINED] = {"undecided", "cannot be judged"},
};

/* Reasons why an operation has no value. */
static const char *const reasons[] = {
    [EG_UNDEFINED_NOT] = NULL,
    [EG_UNDEFINED_POLE] = "division by 0, or a pole",
    [EG_UNDEFINED_LOGARITHM] = "logarithm of a negative number",
    [EG_UNDEFINED_ROOT] = "square root of a negative number",
    [EG_UNDEFINED_ARGUMENT] = "argument out of range",
    [EG_UNDEFINED_NEGATIVE_POWER] = "a negative number to a power that is no integer",
    [EG_UNDEFINED_ZERO_POWER] = "0 to the power of 0",
    [EG_UNDEFINED_ANGLE] = "angle of the origin",
};

const char *eg_differentiability_word(eg_differentiability kind)
{
    return kinds[kind].word;
}

const char *eg_undefined_kind_text(eg_undefined_kind kind)
{
    return reasons[kind];
}

bool eg_surface_has_empty_side(const eg_surface *at)
{
    for (size_t i = 0; i < at->path_limit_count; i++)
        if (at->path_limits[i].value.kind == EG_LIMIT_UNDEFINED)
            return true;
    return false;
}

/* Returns true if no limit along the paths was found from samples alone. */
static bool has_exact_limits(const eg_surface *at)
{
    for (size_t i = 0; i < at->path_limit_count; i++)
        if (!at->path_limits[i].value.proven || !at->path_limits[i].slope.proven)
            return false;
    return true;
}

/* Returns what the message says about the expression, where that differs from kinds[]. */
static const char *describe(const eg_surface *at, size_t variables)
{
    if (at->differentiability == EG_NO_VALUE && !at->proven)
        return "has no value, and none was found around the point";
    if (variables > 1)
        return kinds[at->differentiability].description;
    switch (at->differentiability) {
    case EG_CORNER:
        return "is not differentiable: it has a kink, its slopes on the two sides differ";
    case EG_NO_LIMIT:
        return "has no value, and its limits from the two sides are not the same";
    case EG_DOMAIN_BOUNDARY:
        return "is not differentiable: it has no values on one side";
    case EG_REMOVABLE_SINGULARITY:
        return eg_surface_has_empty_side(at)
                   ? "has no value, but tends to a limit from the side where it has values"
                   : "has no value, but tends to the same limit from both sides";
    default:
        return kinds[at->differentiability].description;
    }
}

/* Writes the note in parentheses after a description; nothing where there is none. */
static void write_note(const eg_surface *at, char *out, size_t size)
{
    *out = '\0';
    if (*at->hint)
        snprintf(out, size, " (%s is for positive numbers: write %s for the real root)",
                 at->operation, at->hint);
    else if (at->differentiability == EG_NO_VALUE && reasons[at->reason])
        snprintf(out, size, " (%s: %s)", at->operation, reasons[at->reason]);
    else if (!at->proven && !has_exact_limits(at))
        snprintf(out, size, " (from samples, not proven)");
}

/* Writes the message about a point that could not be judged. The bound is rounded up to two digits
 * of its exponent. */
static int write_question(const eg_surface *at, const char *place, char *out, size_t size)
{
    const double exponent = at->question_log10;
    const double unit = pow(10, floor(exponent < -100 ? log10(-exponent) : 1) - 1);
    if (!*at->question)
        return snprintf(out, size,
                        "at %s it could not be decided whether the expression has a value", place);
    if (!(exponent < -9))
        return snprintf(out, size, "at %s it could not be decided whether %s", place, at->question);
    return snprintf(out, size,
                    "at %s it could not be decided whether %s: the difference is below 1e%.0f",
                    place, at->question, ceil(exponent / unit) * unit);
}

size_t eg_surface_message(const eg_surface *at, size_t variables, const char *place, char *out,
                          size_t size)
{
    char note[2 * EG_OPERATION_TEXT + 80];
    int length;
    write_note(at, note, sizeof note);
    if (at->differentiability == EG_UNDETERMINED)
        length = write_question(at, place, out, size);
    else if (at->differentiability == EG_DIFFERENTIABLE)
        length = snprintf(out, size,
                          "at %s it could not be decided whether the expression is differentiable: "
                          "%s is singular there, but the slopes %s",
                          place, at->operation,
                          variables == 1 ? "on both sides seem to be equal"
                                         : "along all paths tried fit one plane");
    else if (at->differentiability == EG_NO_LIMIT && !at->proven)
        length = snprintf(out, size,
                          "at %s the expression has no value; it could not be decided whether it "
                          "has a limit: samples show none",
                          place);
    else
        length =
            snprintf(out, size, "at %s the expression %s%s", place, describe(at, variables), note);
    return length > 0 ? (size_t)length : 0;
}
