/* SPDX-License-Identifier: MIT */
/*
 * GDAL for what no reader here claims. GDAL can do far more than read files: fetch them, run programs, write. So
 * each call of it is made inside eg_gdal_enter() and eg_gdal_leave(), which keep it quiet and at home, only the
 * drivers of one table are asked, and files that name other files are looked into first.
 */
#ifndef EG_IO_GDAL_H
#define EG_IO_GDAL_H

#include <gdal.h>

#include "io/io.h"

/* ---- calls (gdal_guard.c) -------------------------------------------------------------------- */

/* What GDAL may do on this thread, until it is taken back. */
typedef struct eg_gdal_call {
    char **before;     /* the thread's options of GDAL's */
    char message[200]; /* the first failure that GDAL had to tell */
} eg_gdal_call;

/* `call` stays where it is until it is left. Calls do not nest. */
void eg_gdal_enter(eg_gdal_call *call, const eg_context *ctx);
void eg_gdal_leave(eg_gdal_call *call);

/* The names of the drivers that are asked; ends with NULL. */
extern const char *const eg_gdal_drivers[];

/* Which of them knows the file, by a name that lasts; NULL: none. Inside a call. */
const char *eg_gdal_identify(const char *path);

enum { EG_GDAL_CACHE = 64 << 20 }; /* bytes of blocks that GDAL keeps */

/* ---- files that name others (gdal_vrt.c) ------------------------------------------------------ */

/* Whether all that the VRT at `path`, which is `input`, has its pixels from are files on this machine of kinds that
 * are read here. Inside a call. */
eg_status eg_gdal_check_vrt(const eg_input *input, const char *path, const eg_gdal_call *call,
                            eg_error *error);

#endif
