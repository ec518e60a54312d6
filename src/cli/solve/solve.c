/* SPDX-License-Identifier: MIT */
/* `edgegrad surface` with a box: checks the options and prepares the numbers. */
#include "cli/solve/solve.h"
#include "cli/solve/solve_parts.h"

/* Checks that the other options fit. */
static int check_options(const surface_job *job)
{
    const surface_settings *o = job->options;
    const char *other = o->at                      ? "at"
                        : o->along                 ? "along"
                        : o->level                 ? "level"
                        : o->to                    ? "to"
                        : o->errors                ? "error"
                        : o->implicit              ? "implicit"
                        : o->flux                  ? "flux"
                        : o->check                 ? "check"
                        : o->grid                  ? "grid"
                        : o->table                 ? "table"
                        : o->output && !o->roots   ? "output"
                        : o->axes                  ? "axes"
                        : o->derivative            ? "draw-derivative"
                        : o->arrows != ARROWS_AUTO ? "arrows"
                        : o->steps                 ? "steps"
                                                   : surface_text_option(o);
    const char *asked = o->critical ? "critical" : o->roots ? "roots" : "in";
    if (other)
        return usage_error(job->args->command, "--%s has no effect with --%s", other, asked);
    if (o->roots && (o->critical || o->in || o->lagrange.count || o->with.count))
        return usage_error(job->args->command, "--%s has no effect with --roots",
                           o->critical         ? "critical"
                           : o->in             ? "in"
                           : o->lagrange.count ? "lagrange"
                                               : "with");
    if (o->intersect.count && !o->roots)
        return usage_error(job->args->command, "--intersect has no effect without --roots");
    if (o->critical && (o->in || o->lagrange.count))
        return usage_error(job->args->command, "--%s has no effect with --critical",
                           o->in ? "in" : "lagrange");
    return EXIT_DONE;
}

/* Makes the exact numbers, whose decisions are short: many numbers are known by bounds only. */
static int make_numbers(surface_job *job)
{
    eg_error error = {0};
    eg_reals_options options = {.bits = 4096 + 16 * job->options->digits, .seconds = 0.5};
    if (eg_reals_new(&job->exact.reals, job->ctx, &options, &error) != EG_OK)
        return report_error(job->settings, &error);
    job->block_writer.reals = job->exact.reals;
    return EXIT_DONE;
}

int solve_run(surface_job *job)
{
    eg_error error = {0};
    int code = check_options(job);
    code =
        code ? code : formula_read_constants(&job->constants, job->ctx, &job->options->constants);
    code = code ? code : make_numbers(job);
    if (code == EXIT_DONE)
        code = job->options->roots ? solve_roots(job)
               : job->options->in  ? solve_lagrange(job)
                                   : solve_critical(job);
    if (code == EXIT_DONE || code == EXIT_NEGATIVE)
        surface_print_certainty(job);
    if (code <= EXIT_NEGATIVE && eg_reals_status(job->exact.reals, &error) != EG_OK)
        code = report_error(job->settings, &error);
    return code;
}
