/* SPDX-License-Identifier: MIT */
/* Prints the number of solutions, and the parts of the box that a search has left undecided. */
#include <stdlib.h>

#include "cli/solve/solve.h"
#include "cli/support/format.h"

enum { MOST_PARTS = 10 };

static const char *const kinds[] = {
    [EG_LEFT_POINT] = "point", [EG_LEFT_CURVE] = "curve", [EG_LEFT_PART] = "part"};

/* Returns "0.9 <= x <= 1.1, ...", rounded outwards by the format, to be freed. */
static char *range_text(const surface_job *job, const eg_left *left)
{
    char *text = NULL;
    FILE *out = format_stream(&text);
    for (size_t i = 0; i < job->n; i++) {
        double low = left->box[i][0], high = left->box[i][1];
        fprintf(out, "%s", i ? ", " : "");
        if (left->kind == EG_LEFT_POINT)
            fprintf(out, "%s near %.7g", eg_expr_name(job->f, i),
                    low <= 0 && high >= 0 ? 0 : 0.5 * (low + high));
        else
            fprintf(out, "%.4g to %.4g in %s", low, high, eg_expr_name(job->f, i));
    }
    format_close(out, &text);
    return text;
}

static void print_part(const surface_job *job, const eg_left *left)
{
    static const char *const meanings[] = {
        [EG_LEFT_POINT] = "around a point",
        [EG_LEFT_CURVE] = "solutions that seem not to be isolated, as on a curve",
        [EG_LEFT_PART] = "a part of the box",
    };
    char *range = range_text(job, left);
    printf("  %zu box%s: %s%s\n    %s\n", left->boxes, left->boxes == 1 ? "" : "es",
           meanings[left->kind],
           left->rough ? ", where the function or its gradient may be missing" : "", range);
    free(range);
}

static void json_left(surface_job *job, const eg_solutions *s)
{
    json *j = job->block_writer.j;
    json_bool(j, "complete", s->complete);
    json_open(j, "left", '[');
    for (size_t i = 0; i < s->left_count; i++) {
        json_open(j, NULL, '{');
        json_text(j, "kind", kinds[s->left[i].kind]);
        json_count(j, "boxes", s->left[i].boxes);
        json_bool(j, "rough", s->left[i].rough);
        solve_json_box(job, "box", s->left[i].box);
        json_close(j, '}');
    }
    json_close(j, ']');
}

bool solve_print_count(const char *heading, const eg_solutions *s)
{
    if (s->count == 0)
        printf("\n%s: none%s\n", heading, s->complete ? ", which is proven" : " found");
    else
        printf("\n%s: %zu%s\n", heading, s->count,
               s->complete ? ", and proven to be all in the box" : "; there may be others");
    return s->count > 0;
}

void solve_print_left(surface_job *job, const eg_solutions *s)
{
    if (job->block_writer.j) {
        json_left(job, s);
        return;
    }
    if (s->complete)
        return;
    printf("\nNot complete: %zu box%s left, in which there may be %ssolutions%s\n", s->left_boxes,
           s->left_boxes == 1 ? "" : "es", s->count ? "other " : "",
           s->ended ? " (the time is over: --time gives more)" : "");
    for (size_t i = 0; i < s->left_count && i < MOST_PARTS; i++)
        print_part(job, &s->left[i]);
    if (s->left_count > MOST_PARTS)
        printf("  and %zu other parts\n", s->left_count - MOST_PARTS);
}
