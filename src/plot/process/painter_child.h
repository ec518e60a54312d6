/* SPDX-License-Identifier: MIT */
/* The drawing process. */
#ifndef EG_PLOT_PAINTER_CHILD_H
#define EG_PLOT_PAINTER_CHILD_H

#include "plot/process/private_memory.h"

/* Answers requests on the socket until it is closed or nothing comes for ten seconds. */
_Noreturn void eg_painter_run(int socket, const eg_import imports[], size_t count);

#endif
