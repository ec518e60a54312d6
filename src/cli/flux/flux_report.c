/* SPDX-License-Identifier: MIT */
/* The result of --flux as text and JSON. */
#include "cli/flux/flux.h"
#include "cli/support/json.h"

void flux_format_title(const flux_job *job, char *out, size_t size)
{
    char k[128];
    if (job->conductivity_file)
        snprintf(k, sizeof k, "k from %.100s", path_name(job->conductivity_file));
    else
        snprintf(k, sizeof k, "k = %.6g", job->flux.conductivity);
    snprintf(out, size, "%.120s: flux -k∇u, %s", path_name(job->input), k);
}

static void print_quiver(json *j, const flux_job *job)
{
    json_open(j, "quiver", '{');
    json_text(j, "output", job->options->quiver);
    json_count(j, "spacing", job->arrow_factor);
    json_count(j, "arrows", job->arrow_count);
    json_number(j, "longest", job->longest);
    json_close(j, '}');
}

static void print_streamlines(json *j, const flux_job *job)
{
    json_open(j, "streamlines", '{');
    json_text(j, "output", job->options->streamlines);
    json_number(j, "separation", job->separation);
    json_count(j, "lines", job->lines.lines);
    json_count(j, "points", job->lines.points);
    json_close(j, '}');
}

void flux_print_json(const flux_job *job, double seconds)
{
    const bool metres = job->result.metres;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", job->input);
    json_text(&j, "output", job->output);
    json_count(&j, "width", job->info.width);
    json_count(&j, "height", job->info.height);
    if (job->conductivity_file)
        json_text(&j, "conductivity", job->conductivity_file);
    else
        json_number(&j, "conductivity", job->flux.conductivity);
    json_text(&j, "unit", metres ? "k times INPUT per metre" : "k times INPUT per pixel");
    json_text(&j, "x", metres ? "east" : "right");
    json_text(&j, "y", metres ? "north" : "down");
    json_open(&j, "magnitude", '{');
    json_number(&j, "min", job->result.min);
    json_number(&j, "max", job->result.max);
    json_number(&j, "mean", job->result.mean);
    json_close(&j, '}');
    json_count(&j, "cells", job->result.cells);
    if (job->options->quiver)
        print_quiver(&j, job);
    if (job->options->streamlines)
        print_streamlines(&j, job);
    json_number(&j, "seconds", seconds);
    json_close(&j, '}');
}
