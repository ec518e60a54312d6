/* SPDX-License-Identifier: MIT */
/*
 * Error handling of libjpeg. Its error callback must not return, so that every call of libjpeg runs
 * inside eg_jpeg_run(), the only function with a setjmp().
 */
#ifndef EG_IO_JPEG_JPEG_ERROR_H
#define EG_IO_JPEG_JPEG_ERROR_H

#include <setjmp.h>
#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>

#include "edgegrad.h"

typedef struct eg_jpeg_guard {
    struct jpeg_error_mgr manager; /* first member, because cinfo->err is cast to the guard */
    jmp_buf jump;
    eg_error *error; /* argument of eg_jpeg_run() */
    eg_status status;
    const char *name; /* path for messages */
    bool tolerate;    /* true if libjpeg's warnings are not failures */
    bool ended;       /* true if the input ended and libjpeg was given an end marker instead */
} eg_jpeg_guard;

/* Initialises `guard`; the caller sets cinfo->err to its `manager`. `name` is not copied. */
void eg_jpeg_guard_init(eg_jpeg_guard *guard, const char *name, bool tolerate);

/* Calls step(opaque), which may call libjpeg. Returns EG_OK, or the status of the failure, which is
 * recorded in `error`. */
eg_status eg_jpeg_run(eg_jpeg_guard *guard, void (*step)(void *opaque), void *opaque,
                      eg_error *error);

/* Makes eg_jpeg_run() fail because the input ended too early. */
_Noreturn void eg_jpeg_raise_truncated(eg_jpeg_guard *guard, j_common_ptr cinfo);

/* Makes eg_jpeg_run() return `status`, by longjmp(). The message must be recorded in guard->error.
 */
_Noreturn void eg_jpeg_raise(eg_jpeg_guard *guard, eg_status status);

#endif
