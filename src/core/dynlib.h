/* SPDX-License-Identifier: MIT */
/*
 * Libraries that few runs need and that bring many others are loaded when they are needed. Their
 * functions are called by their own names, which macros turn into members of a struct of pointers.
 * Where the build does not know a library's file name it is linked as any other.
 */
#ifndef EG_CORE_DYNLIB_H
#define EG_CORE_DYNLIB_H

#include <stddef.h>

#include "edgegrad.h"

typedef struct eg_dynlib_function {
    const char *name;
    void *pointer; /* to the function pointer that is set */
} eg_dynlib_function;

/* A member of that struct. */
#define EG_LIBRARY_MEMBER(name) __typeof__(&name) name##_;

/* Loads a library by its file name, for the rest of the process, and finds its functions. Returns
 * NULL, or what could not be found: the library's own name, or a function's. */
const char *eg_dynlib_load(const char *file, const eg_dynlib_function functions[], size_t count);

/* What to say of that: EG_OK for NULL. `purpose`: what the library is for. */
eg_status eg_dynlib_status(const char *missing, const char *file, const char *purpose,
                           eg_error *error);

#endif
