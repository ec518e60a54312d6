/* SPDX-License-Identifier: MIT */
/*
 * Describes a point of a function of one or two variables. The texts are those that edgegrad
 * surface prints, which the tests of the page compare.
 */
#include "web/glue/point_words.h"

#include <math.h>
#include <stdio.h>

static const struct {
    const char *name;        /* JSON value of "regularity" */
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

/* Why an operation has no value. */
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

const char *point_regularity(const eg_surface *at)
{
    return kinds[at->differentiability].name;
}

/* Returns true if no limit along the paths was found from samples alone. */
static bool has_exact_limits(const eg_surface *at)
{
    for (size_t i = 0; i < at->path_limit_count; i++)
        if (!at->path_limits[i].value.proven || !at->path_limits[i].slope.proven)
            return false;
    return true;
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

/* Returns what a message says after "the expression". */
static const char *describe(const eg_surface *at, size_t variables)
{
    if (at->differentiability == EG_NO_VALUE && !at->proven)
        return "has no value, and none was found around the point";
    if (variables == 1)
        switch (at->differentiability) {
        case EG_CORNER:
            return "is not differentiable: it has a kink, its slopes on the two sides differ";
        case EG_NO_LIMIT:
            return "has no value, and its limits from the two sides are not the same";
        case EG_DOMAIN_BOUNDARY:
            return "is not differentiable: it has no values on one side";
        case EG_REMOVABLE_SINGULARITY:
            return "has no value, but tends to the same limit from both sides";
        default:
            break;
        }
    return kinds[at->differentiability].description;
}

void point_message(const eg_surface *at, size_t variables, const char *place, char *out,
                   size_t size)
{
    char note[2 * EG_OPERATION_TEXT + 80];
    const char *description = describe(at, variables);
    write_note(at, note, sizeof note);
    if (at->differentiability == EG_UNDETERMINED)
        snprintf(out, size, "at %s it could not be decided whether %s", place,
                 *at->question ? at->question : "the expression has a value");
    else if (at->differentiability == EG_DIFFERENTIABLE)
        snprintf(out, size,
                 "at %s it could not be decided whether the expression is differentiable: %s is "
                 "singular there, but the slopes %s",
                 place, at->operation,
                 variables == 1 ? "on both sides seem to be equal"
                                : "along all paths tried fit one plane");
    else if (at->differentiability == EG_NO_LIMIT && !at->proven)
        snprintf(out, size,
                 "at %s the expression has no value; it could not be decided whether it has a "
                 "limit: samples show none",
                 place);
    else
        snprintf(out, size, "at %s the expression %s%s", place, description, note);
}

const char *point_verdict(bool known, eg_real_sign criticality, eg_extremum extremum)
{
    static const char *const critical[] = {
        [EG_MINIMUM] = "minimum: f rises in every direction",
        [EG_MAXIMUM] = "maximum: f falls in every direction",
        [EG_SADDLE] = "saddle: f rises in some directions and falls in others",
        [EG_UNDECIDED] = "undecided: an eigenvalue is 0, so higher derivatives decide",
    };
    static const char *const not_critical[] = {
        [EG_MINIMUM] = "no critical point (the gradient is not 0); locally convex",
        [EG_MAXIMUM] = "no critical point (the gradient is not 0); locally concave",
        [EG_SADDLE] = "no critical point (the gradient is not 0); curved both ways like a saddle",
        [EG_UNDECIDED] = "no critical point (the gradient is not 0); an eigenvalue is 0",
    };
    if (!known)
        return "undecided: the sign of an eigenvalue could not be told";
    if (criticality == EG_SIGN_UNKNOWN)
        return "undecided: the gradient could not be told from 0";
    return (criticality == EG_SIGN_ZERO ? critical : not_critical)[extremum];
}

const char *point_verdict_name(bool known, eg_real_sign criticality, eg_extremum extremum)
{
    static const char *const names[] = {[EG_MINIMUM] = "minimum",
                                        [EG_MAXIMUM] = "maximum",
                                        [EG_SADDLE] = "saddle",
                                        [EG_UNDECIDED] = "undecided"};
    if (!known || criticality == EG_SIGN_UNKNOWN)
        return "undecided";
    return criticality == EG_SIGN_ZERO ? names[extremum] : "not critical";
}
