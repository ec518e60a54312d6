/* SPDX-License-Identifier: MIT */
/* The parts of solve_run(). They return an exit code, after a message unless it is EXIT_DONE or
 * EXIT_NEGATIVE. */
#ifndef CLI_SOLVE_SOLVE_PARTS_H
#define CLI_SOLVE_SOLVE_PARTS_H

#include "cli/solve/solve.h"

/* Returns the options of eg_solve_...() that the settings ask for. */
static inline eg_solve_options solve_library_options(const surface_job *job)
{
    enum { JSON_DIGITS = 20 };
    int digits = job->options->digits;
    if (job->block_writer.j && digits < JSON_DIGITS)
        digits = JSON_DIGITS;
    return (eg_solve_options){.seconds = job->options->seconds, .digits = digits};
}

int solve_critical(surface_job *job, const solve_box *box); /* --critical */

#endif
