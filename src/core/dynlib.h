/* SPDX-License-Identifier: MIT */
/*
 * Lazy loading of libraries (libtiff, cairo) that few runs need and that depend on many others.
 * Their functions are called by their own names, which macros map to members of a struct of
 * function pointers. A library whose file name is unknown at build time is linked normally.
 */
#ifndef EG_CORE_DYNLIB_H
#define EG_CORE_DYNLIB_H

#include <stddef.h>

#include "edgegrad.h"

typedef struct eg_dynlib_function {
    const char *name;
    void *pointer; /* address of the function pointer to set */
} eg_dynlib_function;

/* Declares the function pointer of `name` as a member of the struct. */
#define EG_DYNLIB_MEMBER(name) __typeof__(&name) name##_;

/* Loads the library `file` for the rest of the process and sets the pointers of its functions.
 * Returns NULL on success, else the name that was not found: `file` or a function's. */
const char *eg_dynlib_load(const char *file, const eg_dynlib_function functions[], size_t count);

/* Converts the result of eg_dynlib_load() to a status: EG_OK for NULL, else EG_UNSUPPORTED.
 * `purpose` is the feature that needs the library, for the message. */
eg_status eg_dynlib_status(const char *missing, const char *file, const char *purpose,
                           eg_error *error);

#endif
