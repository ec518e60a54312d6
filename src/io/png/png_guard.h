/* SPDX-License-Identifier: MIT */
/*
 * Error handling of libpng: longjmp, memory limits and messages. Reader and writer call libpng only
 * from functions run by eg_png_run(), so that longjmp() crosses no other frame.
 */
#ifndef EG_IO_PNG_PNG_GUARD_H
#define EG_IO_PNG_PNG_GUARD_H

#include <png.h>

#include "core/context.h"
#include "core/status.h"

typedef struct eg_png_guard {
    eg_context *ctx;
    const char *name; /* path for messages */
    png_structp png;
    png_infop info;
    bool writing;
    bool tolerate;   /* true if libpng's warnings are not failures */
    bool composite;  /* true if transparency is used, so that damage to it is a failure */
    bool rows_begun; /* true once the header is read, when --tolerate helps and messages say so */
    size_t largest;  /* limit of one allocation by libpng, in bytes; 0: only that of the context */
    const struct eg_png_reason *header_fault; /* first warning about IHDR; may be NULL */
    eg_error failure;                         /* first failure; returned by all later runs */
} eg_png_guard;

/* Creates libpng's structs and sets the fields up to `writing`; the caller has zeroed *guard and
 * sets the others. eg_png_guard_free() must follow, also on failure. */
eg_status eg_png_guard_init(eg_png_guard *guard, eg_context *ctx, const char *name, bool writing,
                            eg_error *error);
void eg_png_guard_free(eg_png_guard *guard);

/* Calls work(opaque), which may call libpng. Returns the status of the first failure so far, of
 * libpng, of an allocation or recorded by `work` in guard->failure. */
eg_status eg_png_run(eg_png_guard *guard, void (*work)(void *opaque), void *opaque,
                     eg_error *error);

/* Records the failure that libpng's message `message` describes, without leaving. */
void eg_png_fail(eg_png_guard *guard, const char *message);

/* Records that the file is damaged; the message is "photo.png: " and `text`. */
void eg_png_damaged(eg_png_guard *guard, const char *text);

/* Leaves eg_png_run() by longjmp(); called from callbacks of libpng after setting guard->failure.
 */
PNG_NORETURN void eg_png_leave(png_structp png);

#endif
