/* SPDX-License-Identifier: MIT */
/* Prints a function and its derivatives as LaTeX (--latex). */
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/surface.h"

int surface_print_latex(surface_job *job, FILE *out)
{
    char buf[4096];
    eg_expr_print_latex(job->f, buf, sizeof buf);
    fprintf(out, "%s\n", buf);
    return EXIT_DONE;
}
