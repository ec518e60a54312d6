/* SPDX-License-Identifier: MIT */
/* `edgegrad surface` with a box: prepares the numbers, and prints the head of the report. */
#include <stdlib.h>
#include <string.h>

#include "cli/solve/solve.h"
#include "cli/solve/solve_parts.h"

/* Checks that the other options fit. */
static int check_options(const surface_job *job)
{
    const surface_settings *o = job->options;
    const char *other = o->at         ? "at"
                        : o->along    ? "along"
                        : o->level    ? "level"
                        : o->to       ? "to"
                        : o->errors   ? "error"
                        : o->implicit ? "implicit"
                        : o->flux     ? "flux"
                        : o->check    ? "check"
                        : o->grid     ? "grid"
                        : o->output   ? "output"
                                      : NULL;
    if (other)
        return usage_error(job->args->command, "--%s has no effect with --critical", other);
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

static void print_head(surface_job *job)
{
    char names[512];
    char *text = surface_format_expr(job->f);
    formula_variables(job->f, names, sizeof names);
    if (job->block_writer.j) {
        json_open(job->block_writer.j, NULL, '{');
        json_text(job->block_writer.j, "expression", text);
        json_text(job->block_writer.j, "arithmetic", eg_reals_arithmetic(job->exact.reals));
    } else {
        printf("f(%s) = %s\n", names, text);
    }
    free(text);
}

int solve_run(surface_job *job)
{
    solve_box box;
    eg_error error = {0};
    const char *where = "--critical", *text = job->options->critical;
    int code = check_options(job);
    code =
        code ? code : formula_read_constants(&job->constants, job->ctx, &job->options->constants);
    code = code ? code : surface_read_formulas(job);
    code = code ? code : make_numbers(job);
    code = code ? code : solve_read_box(job, where, text, &box);
    if (code != EXIT_DONE)
        return code;
    print_head(job);
    solve_print_box(job, &box);
    code = solve_critical(job, &box);
    if (job->block_writer.j)
        json_close(job->block_writer.j, '}');
    if (code == EXIT_DONE || code == EXIT_NEGATIVE)
        surface_print_certainty(job);
    if (code == EXIT_DONE && eg_reals_status(job->exact.reals, &error) != EG_OK)
        code = report_error(job->settings, &error);
    return code;
}
