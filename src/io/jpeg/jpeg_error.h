/* SPDX-License-Identifier: MIT */
/*
 * What the JPEG reader and writer share: libjpeg reports by calling back and expects not to be
 * returned to, so every call into it runs inside eg_jpeg_run(), the only place that has a setjmp().
 */
#ifndef EG_IO_JPEG_JPEG_ERROR_H
#define EG_IO_JPEG_JPEG_ERROR_H

#include <setjmp.h>
#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>

#include "edgegrad.h"

typedef struct eg_jpeg_guard {
    struct jpeg_error_mgr manager; /* first, so that cinfo->err leads here */
    jmp_buf jump;
    eg_error *error; /* of the call under way */
    eg_status status;
    const char *name; /* of the file, for messages */
    bool tolerate;    /* damage that libjpeg can read past is no failure */
} eg_jpeg_guard;

/* Makes `guard` ready; its `manager` is then what cinfo->err must point to. `name` is not copied.
 */
void eg_jpeg_guard_init(eg_jpeg_guard *guard, const char *name, bool tolerate);

/* Runs step(opaque); the status of what went wrong inside it, recorded in `error`, or EG_OK. */
eg_status eg_jpeg_run(eg_jpeg_guard *guard, void (*step)(void *opaque), void *opaque,
                      eg_error *error);

/* Leaves eg_jpeg_run() with `status`, whose message is already recorded in guard->error. */
_Noreturn void eg_jpeg_raise(eg_jpeg_guard *guard, eg_status status);

#endif
