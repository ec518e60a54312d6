/* SPDX-License-Identifier: MIT */
/* The smallest and the largest value over a box. */
#include <math.h>
#include <stdlib.h>

#include "cli/solve/solve.h"
#include "cli/support/format.h"

enum { MOST_PLACES = 8, MOST_PARTS = 3 }; /* that are printed */

static unsigned count_bits(unsigned bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/* Returns where on the border a place is. */
static const char *border_text(const surface_job *job, const eg_extreme_place *place)
{
    unsigned fixed = count_bits(place->low | place->high);
    if (fixed == 0)
        return "";
    if (fixed == job->n)
        return job->n > 1 ? ", a corner" : ", an end of the range";
    return fixed == 1 && job->n > 2 ? ", on a face" : ", on the border";
}

/* Returns "at (3, 2)", or where it is about, to be freed. */
static char *place_text(surface_job *job, const eg_extreme_place *place)
{
    char *text = NULL;
    if (place->at[0] != EG_REAL_NONE) {
        char *at = solve_point_text(job, place->at);
        text = format_text("at %s%s", at, border_text(job, place));
        free(at);
        return text;
    }
    FILE *out = format_stream(&text);
    fputs("perhaps at", out);
    for (size_t i = 0; i < job->n; i++) {
        double low = place->box[i][0], high = place->box[i][1];
        bool narrow = high - low <= 1e-5 * (fabs(low) + fabs(high)) || high - low < 1e-8;
        fprintf(out, "%s %s ", i ? "," : "", eg_expr_name(job->f, i));
        if (narrow)
            fprintf(out, "near %.6g", low <= 0 && high >= 0 ? 0 : 0.5 * (low + high));
        else
            fprintf(out, "from %.4g to %.4g", low, high);
    }
    format_close(out, &text);
    return text;
}

/* Returns the value, or its bounds, to be freed. */
static char *value_text(surface_job *job, const eg_extreme *extreme)
{
    char low[BLOCK_NUMBER_SIZE], high[BLOCK_NUMBER_SIZE];
    const block_writer *s = &job->block_writer;
    if (extreme->attained)
        return block_real_text(&job->block_writer, extreme->value);
    block_format_number(s, low, extreme->bounds[0]);
    block_format_number(s, high, extreme->bounds[1]);
    if (isinf(extreme->bounds[0]) && isinf(extreme->bounds[1]))
        return format_text("not bounded, as far as is known");
    if (isinf(extreme->bounds[0]))
        return format_text("no lower bound is known; at most %s", high);
    if (isinf(extreme->bounds[1]))
        return format_text("no upper bound is known; at least %s", low);
    snprintf(low, sizeof low, "%.17g", extreme->bounds[0]);
    snprintf(high, sizeof high, "%.17g", extreme->bounds[1]);
    return format_text("from %s to %s", low, high);
}

static void print_extreme(surface_job *job, const char *label, const eg_extreme *extreme,
                          bool defined)
{
    if (!extreme->known) {
        block_line(label, defined ? "none is known" : "none: f has no value in the box", NULL);
        return;
    }
    char *value = value_text(job, extreme);
    size_t printed = 0, parts = 0;
    for (int known = 1; known >= 0; known--) /* points before parts of the box */
        for (size_t i = 0; i < extreme->place_count && printed < MOST_PLACES; i++) {
            bool is_point = extreme->places[i].at[0] != EG_REAL_NONE;
            if (is_point != known || (!is_point && parts++ >= MOST_PARTS))
                continue;
            char *place = place_text(job, &extreme->places[i]);
            block_line(printed ? "" : label, printed ? place : value, printed ? NULL : place);
            free(place);
            printed++;
        }
    if (extreme->place_count > printed) {
        char *more = format_text("or at %zu more places", extreme->place_count - printed);
        block_line("", more, NULL);
        free(more);
    }
    free(value);
}

static void json_extreme(surface_job *job, const char *key, const eg_extreme *extreme)
{
    json *j = job->block_writer.j;
    if (!extreme->known) {
        json_null(j, key);
        return;
    }
    json_open(j, key, '{');
    if (extreme->attained)
        block_json_real(&job->block_writer, "value", extreme->value);
    else
        json_null(j, "value");
    json_open(j, "bounds", '[');
    json_exact(j, NULL, extreme->bounds[0]);
    json_exact(j, NULL, extreme->bounds[1]);
    json_close(j, ']');
    json_bool(j, "proven", extreme->attained);
    json_open(j, "at", '[');
    for (size_t i = 0; i < extreme->place_count; i++)
        if (extreme->places[i].at[0] != EG_REAL_NONE)
            solve_json_point(job, NULL, extreme->places[i].at);
        else
            solve_json_box(job, NULL, extreme->places[i].box);
    json_close(j, ']');
    json_close(j, '}');
}

void solve_print_extremes(surface_job *job, const eg_solutions *solutions, const char *set)
{
    if (job->block_writer.j) {
        json_extreme(job, "minimum", &solutions->minimum);
        json_extreme(job, "maximum", &solutions->maximum);
        return;
    }
    printf("\nSmallest and largest value %s\n", set);
    const bool defined = solutions->defined != EG_DEFINED_NOWHERE;
    print_extreme(job, "minimum", &solutions->minimum, defined);
    print_extreme(job, "maximum", &solutions->maximum, defined);
    if (solutions->ended && solutions->complete &&
        !(solutions->minimum.attained && solutions->maximum.attained))
        block_note(&job->block_writer,
                   "The time was over before both were decided: --time gives more");
}
