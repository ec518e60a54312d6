/* SPDX-License-Identifier: MIT */
/* Loading shared libraries at run time with dlopen(). */
#include "core/dynlib.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "core/tls.h"

/* Returns the status of a failure of dlopen(), whose error is only in the text `why`. */
static eg_status failure_of(const char *why)
{
    static const int files[] = {EMFILE, ENFILE, EIO, EACCES, EPERM};
    static const char *const memory[] = {"out of memory", "cannot allocate", "cannot create",
                                         "cannot extend", "cannot map",      "failed to map"};
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
        if (strstr(why, memory[i]))
            return EG_NO_MEMORY;
    if (strstr(why, strerror(ENOMEM)))
        return EG_NO_MEMORY;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strstr(why, strerror(files[i])))
            return EG_FILE;
    return EG_UNSUPPORTED;
}

static eg_status fail(eg_dynlib *library, eg_status status, const char *why, eg_error *error)
{
    const char *name = strncmp(why, library->file, strlen(library->file)) == 0 ? "" : library->file;
    library->absent = status == EG_UNSUPPORTED;
    if (library->absent && why != library->reason)
        snprintf(library->reason, sizeof library->reason, "%s", why);
    return eg_fail(error, status, "%s needs a library that cannot be loaded: %s%s%s",
                   library->purpose, name, *name ? ": " : "", why);
}

static eg_status load(eg_dynlib *library, eg_error *error)
{
    void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
    const char *why = handle ? NULL : dlerror();
    if (!handle)
        return fail(library, why ? failure_of(why) : EG_NO_MEMORY, why ? why : "out of memory",
                    error);
    for (size_t i = 0; i < library->count; i++) {
        void *found = dlsym(handle, library->functions[i].name);
        if (!found) {
            why = dlerror();
            return fail(library, why ? failure_of(why) : EG_NO_MEMORY, why ? why : "out of memory",
                        error);
        }
        /* dlsym() returns void *, which ISO C does not convert to a function pointer. */
        memcpy(library->functions[i].pointer, &found, sizeof found);
    }
    if (!eg_tls_prepare())
        return fail(library, EG_NO_MEMORY, "out of memory for its thread-local variables", error);
    library->handle = handle;
    return EG_OK;
}

eg_status eg_dynlib_load(eg_dynlib *library, eg_error *error)
{
    eg_status status = EG_OK;
    pthread_mutex_lock(&library->lock);
    if (library->absent)
        status = fail(library, EG_UNSUPPORTED, library->reason, error);
    else if (!library->handle)
        status = load(library, error);
    pthread_mutex_unlock(&library->lock);
    return status;
}
