/* SPDX-License-Identifier: MIT */
/* --roots of one equation in two variables: its curve. */
#include <stdlib.h>

#include "cli/solve/solve.h"
#include "cli/solve/solve_parts.h"
#include "cli/solve/solve_plot.h"
#include "cli/support/format.h"

enum { MOST_NODES = 20 };

/* Returns what a node is, to be freed. */
static char *node_text(surface_job *job, const eg_trace_node *node)
{
    const char *kind = node->half_branches == 0 ? "an isolated point" : NULL;
    char *at = node->singular
                   ? block_real_vector_text(&job->block_writer, node->at, 2)
                   : format_text("near (%.7g, %.7g)", 0.5 * (node->box[0][0] + node->box[0][1]),
                                 0.5 * (node->box[1][0] + node->box[1][1]));
    char *text;
    if (!node->singular)
        text = format_text("%s: undecided, %zu end%s of lines meet there", at, node->half_branches,
                           node->half_branches == 1 ? "" : "s");
    else if (kind)
        text = format_text("%s: %s", at, kind);
    else if (node->half_branches % 2 == 0 && node->half_branches > 2)
        text = format_text("%s: %zu branches cross", at, node->half_branches / 2);
    else if (node->half_branches == 2)
        text = format_text("%s: one branch, as in a cusp", at);
    else
        text = format_text("%s: %zu ends of lines meet", at, node->half_branches);
    free(at);
    return text;
}

static void print_curve(surface_job *job, const eg_trace *curve)
{
    size_t leaving = 0;
    for (size_t i = 0; i < curve->line_count; i++)
        leaving += curve->lines[i].leaves;
    if (curve->components == 0) {
        printf("\nCurve: no points%s\n", curve->proven ? " in the box, which is proven" : " found");
    } else {
        printf("\nCurve: %zu connected piece%s%s\n", curve->components,
               curve->components == 1 ? "" : "s",
               curve->proven ? "" : ", as far as the search can tell");
        printf("  %zu line%s: %zu closed, %zu with an end on the border of the box\n",
               curve->line_count, curve->line_count == 1 ? "" : "s", curve->closed, leaving);
    }
    size_t singular = 0;
    for (size_t i = 0; i < curve->node_count; i++)
        singular += curve->nodes[i].singular;
    if (curve->node_count == 0 && curve->components > 0)
        printf("  no singular points\n");
    if (curve->node_count > 0)
        printf("\nSingular points: %zu%s\n", singular,
               singular < curve->node_count ? ", and undecided places" : "");
    for (size_t i = 0; i < curve->node_count && i < MOST_NODES; i++) {
        char *text = node_text(job, &curve->nodes[i]);
        printf("  %s\n", text);
        free(text);
    }
    if (curve->node_count > MOST_NODES)
        printf("  and %zu more\n", curve->node_count - MOST_NODES);
    if (curve->ended)
        printf("\nNot complete: the time is over (--time gives more)\n");
}

static void json_curve(surface_job *job, const eg_trace *curve)
{
    json *j = job->block_writer.j;
    json_open(j, "curve", '{');
    json_count(j, "pieces", curve->components);
    json_count(j, "lines", curve->line_count);
    json_count(j, "closed", curve->closed);
    json_bool(j, "proven", curve->proven);
    json_open(j, "singular", '[');
    for (size_t i = 0; i < curve->node_count; i++) {
        const eg_trace_node *node = &curve->nodes[i];
        json_open(j, NULL, '{');
        if (node->singular)
            solve_json_point(job, "at", node->at);
        else
            json_null(j, "at");
        solve_json_box(job, "box", node->box);
        json_count(j, "half_branches", node->half_branches);
        json_bool(j, "proven", node->singular);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
    json_bool(j, "complete", curve->proven);
}

int solve_curve(surface_job *job, const solve_box *box, eg_trace **curve)
{
    eg_error error = {0};
    eg_solve_options options = solve_library_options(job);
    if (eg_trace_curve(curve, job->exact.reals, job->f, box->low, box->high, &options, &error) !=
        EG_OK)
        return report_error(job->settings, &error);
    int code = solve_plot_curve(job, box, *curve);
    code = code ? code : solve_write_curve(job, box, *curve);
    if (code != EXIT_DONE) {
        eg_trace_free(*curve);
        *curve = NULL;
    }
    return code;
}

int solve_report_curve(surface_job *job, const eg_trace *curve)
{
    if (job->block_writer.j) {
        json_curve(job, curve);
        json_close(job->block_writer.j, '}');
    } else {
        print_curve(job, curve);
    }
    return curve->proven ? EXIT_DONE : EXIT_NEGATIVE;
}
