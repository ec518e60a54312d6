/* SPDX-License-Identifier: MIT */
/*
 * Memory of the drawing process. cairo, fontconfig and the libraries below them crash, wait forever
 * or leave out a text where an allocation fails. In the drawing process their calls of malloc() and
 * the like lead here, to pages of its own: where there are none left, the process ends. The same
 * holds for files that cannot be opened for want of descriptors. So a picture is complete, or there
 * is none.
 */
#ifndef EG_PLOT_PRIVATE_MEMORY_H
#define EG_PLOT_PRIVATE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Exit codes of the drawing process. */
enum { EG_PAINTER_MEMORY = 5, EG_PAINTER_FILES = 4, EG_PAINTER_READ = 3, EG_PAINTER_LOADER = 127 };

/* A place of a loaded library that holds the address of a function it calls. */
typedef struct eg_import {
    void **place;
    void *own; /* function of private_memory.c to call instead */
} eg_import;

enum { EG_IMPORTS = 2048 };

/* Fills imports[] with all such places in the process. Returns their number; 0 if they cannot be
 * found on this machine, or are too many. */
size_t eg_imports_find(eg_import imports[EG_IMPORTS]);

/* Makes the imports call the functions of this file, for the rest of the process, which must be the
 * drawing process: other memory is never freed any more. */
void eg_imports_redirect(const eg_import imports[], size_t count);

#endif
