/* SPDX-License-Identifier: MIT */
/*
 * Catches C++ exceptions. libtiff's codec LERC is a C++ library behind a C interface, which throws
 * std::bad_alloc out of memory; without a frame that catches it the C++ library ends the process.
 */
#ifndef EG_CORE_CXX_GUARD_H
#define EG_CORE_CXX_GUARD_H

#include <stdbool.h>

/* Calls step(opaque). Returns false if an exception came out of it. Frames of C between are left as
 * if they had returned, so what they were changing is not to be used any more. */
bool eg_cxx_guard(void (*step)(void *opaque), void *opaque);

#endif
