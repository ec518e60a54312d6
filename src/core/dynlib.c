/* SPDX-License-Identifier: MIT */
/* Loading shared libraries at run time with dlopen(). */
#include "core/dynlib.h"

#include <dlfcn.h>
#include <string.h>

#include "core/status.h"

const char *eg_dynlib_load(const char *file, const eg_dynlib_function functions[], size_t count)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL); /* never closed */
    if (!library)
        return file;
    for (size_t i = 0; i < count; i++) {
        void *found = dlsym(library, functions[i].name);
        if (!found)
            return functions[i].name;
        /* dlsym() returns void *, which ISO C does not convert to a function pointer. */
        memcpy(functions[i].pointer, &found, sizeof found);
    }
    return NULL;
}

eg_status eg_dynlib_status(const char *missing, const char *file, const char *purpose,
                           eg_error *error)
{
    if (!missing)
        return EG_OK;
    return eg_fail(error, EG_UNSUPPORTED, "%s needs the library %s, where %s was not found",
                   purpose, file, missing);
}
