/* SPDX-License-Identifier: MIT */
/* Thread-local variables of libraries that were loaded with dlopen(). */
#ifndef EG_CORE_TLS_H
#define EG_CORE_TLS_H

#include <stdbool.h>

/* Allocates the thread-local variables of all loaded libraries for this thread. Returns false if
 * there is no memory. Without this the C library allocates them at their first use, and ends the
 * process if that fails. */
bool eg_tls_prepare(void);

#endif
