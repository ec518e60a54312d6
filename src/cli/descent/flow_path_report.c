/* SPDX-License-Identifier: MIT */
/* Prints the report of a flow path, as text or JSON, and chooses the exit code. */
#include "cli/descent/flow_path.h"

#include <math.h>
#include <string.h>

#include "cli/support/json.h"

int flow_path_exit_code(const flow_path_run *run)
{
    switch (run->result.end) {
    case EG_FLOW_PATH_CANCELLED:
        return exit_code(EG_CANCELLED);
    case EG_FLOW_PATH_SADDLE:
        return EXIT_NEGATIVE;
    case EG_FLOW_PATH_STEPS: /* a limit given explicitly is no failure */
        return option_given(run->args, "steps") ? EXIT_DONE : EXIT_NEGATIVE;
    default:
        return EXIT_DONE;
    }
}

static bool is_uphill(const flow_path_run *run)
{
    return run->options->optimizer.maximize;
}

/* ---- text ---- */

static void print_point(const flow_path_run *run, const char *label, const eg_flow_path_point *p)
{
    double xy[2];
    flow_path_to_map(run, p->at, xy);
    printf("%-9s ", label);
    if (run->located)
        printf("x = %.10g, y = %.10g (column %.6g, row %.6g)", xy[0], xy[1], p->at[0], p->at[1]);
    else
        printf("column %.10g, row %.10g", p->at[0], p->at[1]);
    printf(", height %.10g\n", p->height);
}

static void print_length(const flow_path_run *run, double length)
{
    if (run->ground && length >= 1e4)
        printf("%.6g km", length / 1e3);
    else
        printf("%.6g %s", length, run->ground ? "m" : "pixels");
}

static void print_text(const flow_path_run *run)
{
    const eg_flow_path_result *r = &run->result;
    char crs[64];
    flow_path_crs_name(run, crs, sizeof crs);
    printf("raster:   %s, %zu x %zu, coordinates: %s\n", run->options->field, run->grid.width,
           run->grid.height, crs);
    print_point(run, "start:", &r->first);
    printf("path:     %s, %zu step%s, ", is_uphill(run) ? "uphill" : "downhill", r->steps,
           r->steps == 1 ? "" : "s");
    print_length(run, r->last.distance);
    printf(" long, %.6g %s\n", fabs(r->last.height - r->first.height),
           r->last.height > r->first.height ? "up" : "down");
    printf("stopped:  %s\n", eg_flow_path_end_reason(r->end, is_uphill(run)));
    print_point(run, "end:", &r->last);
}

/* ---- JSON ---- */

static void json_point(const flow_path_run *run, json *j, const char *key,
                       const eg_flow_path_point *p)
{
    double xy[2];
    flow_path_to_map(run, p->at, xy);
    json_open(j, key, '{');
    if (run->located) {
        json_exact(j, "x", xy[0]);
        json_exact(j, "y", xy[1]);
    }
    json_exact(j, "column", p->at[0]);
    json_exact(j, "row", p->at[1]);
    json_exact(j, "value", p->height);
    json_exact(j, "gradient", p->slope);
    json_close(j, '}');
}

static void print_json(const flow_path_run *run)
{
    const eg_flow_path_result *r = &run->result;
    char crs[64];
    json j = {.out = stdout};
    flow_path_crs_name(run, crs, sizeof crs);
    json_open(&j, NULL, '{');
    json_text(&j, "field", run->options->field);
    json_count(&j, "width", run->grid.width);
    json_count(&j, "height", run->grid.height);
    json_text(&j, "coordinates", crs);
    json_bool(&j, "maximize", is_uphill(run));
    json_point(run, &j, "from", &r->first);
    json_point(run, &j, "end", &r->last);
    json_count(&j, "steps", r->steps);
    json_count(&j, "evaluations", r->evaluations);
    json_exact(&j, "distance", r->last.distance);
    json_text(&j, "distance_unit", run->ground ? "metres" : "pixels");
    json_text(&j, "stopped_by", eg_flow_path_end_word(r->end, is_uphill(run)));
    json_close(&j, '}');
}

void flow_path_report(const flow_path_run *run)
{
    if (run->settings->json)
        print_json(run);
    else
        print_text(run);
    fflush(stdout);
    if (!run->settings->quiet && run->result.end == EG_FLOW_PATH_STEPS &&
        flow_path_exit_code(run) == EXIT_NEGATIVE)
        message("the flow path did not end within %zu steps; --steps raises the limit",
                run->result.steps);
}
