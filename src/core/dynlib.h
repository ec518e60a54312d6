/* SPDX-License-Identifier: MIT */
/*
 * Lazy loading of libraries (libtiff, cairo) that few runs need and that depend on many others.
 * Their functions are called by their own names, which macros map to members of a struct of
 * function pointers. A library whose file name is unknown at build time is linked normally.
 */
#ifndef EG_CORE_DYNLIB_H
#define EG_CORE_DYNLIB_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "edgegrad.h"

typedef struct eg_dynlib_function {
    const char *name;
    void *pointer; /* address of the function pointer to set */
} eg_dynlib_function;

/* Declares the function pointer of `name` as a member of the struct. */
#define EG_DYNLIB_MEMBER(name) __typeof__(&name) name##_;

/* A library, defined with EG_DYNLIB(). */
typedef struct eg_dynlib {
    const char *file, *purpose; /* file name, and the feature that needs it, for messages */
    const eg_dynlib_function *functions;
    size_t count;
    pthread_mutex_t lock; /* protects the fields that follow */
    void *handle;         /* of dlopen(), never closed; NULL: not loaded */
    bool absent;          /* true if the library or one of its functions does not exist */
    char reason[160];     /* why it is absent */
} eg_dynlib;

/* Initialises an eg_dynlib with an array of functions. */
#define EG_DYNLIB(file_name, feature, array)                                                       \
    {                                                                                              \
        .file = (file_name), .purpose = (feature), .functions = (array),                           \
        .count = sizeof(array) / sizeof *(array), .lock = PTHREAD_MUTEX_INITIALIZER                \
    }

/* Loads the library for the rest of the process, if it is not loaded yet, and sets the pointers of
 * its functions. The status is EG_UNSUPPORTED if it does not exist. If memory (EG_NO_MEMORY) or
 * file descriptors (EG_FILE) are lacking, the next call tries again. Thread-safe. */
eg_status eg_dynlib_load(eg_dynlib *library, eg_error *error);

#endif
