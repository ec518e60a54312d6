/* SPDX-License-Identifier: MIT */
/*
 * libpng kept on a lead: its longjmp, its allocations and its messages. Reader and writer call
 * libpng only from functions run by eg_png_run(), so no other frame is ever jumped over.
 */
#ifndef EG_IO_PNG_PNG_GUARD_H
#define EG_IO_PNG_PNG_GUARD_H

#include <png.h>

#include "core/context.h"
#include "core/status.h"

typedef struct eg_png_guard {
    eg_context *ctx;
    const char *name; /* of the file, for messages */
    png_structp png;
    png_infop info;
    bool writing;
    bool tolerate;   /* what libpng only warns of is no failure */
    bool composite;  /* transparency counts, so damage to it does too */
    bool rows_begun; /* from here on --tolerate would help, and messages say so */
    size_t largest;  /* bytes libpng may ask for at a time; 0: no limit but the context's */
    /* what a warning said of IHDR, before it is refused */
    const struct eg_png_reason *header_fault;
    eg_error failure; /* the first; every run ends with it from then on */
} eg_png_guard;

/* Creates the structs of libpng in *guard, of which the fields up to `info` and `writing` are set
 * here and the rest, zero before, is the caller's. Whatever happens, eg_png_guard_free() follows.
 */
eg_status eg_png_guard_init(eg_png_guard *guard, eg_context *ctx, const char *name, bool writing,
                            eg_error *error);
void eg_png_guard_free(eg_png_guard *guard);

/* Calls work(opaque), which may call libpng. Its status is that of the first failure so far: one of
 * libpng, of an allocation, or one that the work itself recorded in guard->failure. */
eg_status eg_png_run(eg_png_guard *guard, void (*work)(void *opaque), void *opaque,
                     eg_error *error);

/* Records that the file is damaged: `text` completes the sentence "photo.png: ...". */
void eg_png_damaged(eg_png_guard *guard, const char *text);

/* Leaves the work for good, with guard->failure set. To be called from callbacks of libpng. */
PNG_NORETURN void eg_png_leave(png_structp png);

#endif
