/* SPDX-License-Identifier: MIT */
/*
 * Calls into libraries that crash where there is no memory, in a child process that shares the
 * memory of this one, as a child of vfork() does: what the call makes stays, and only the child can
 * end. It has no exit signal, so the program sees nothing of it. It takes 50 microseconds.
 */
#ifndef EG_CORE_SHARED_CHILD_H
#define EG_CORE_SHARED_CHILD_H

#include "core/context.h"

enum { EG_CHILD_STACK = 512 * 1024 /* bytes of stack for a call of a codec */ };

/* Calls step(opaque). Returns false if it did not come back: what it was changing is not to be
 * used, nor freed. `stack` has `bytes` bytes. Where there can be no such child, as under
 * Valgrind, whose children share no memory, step runs in this process. */
bool eg_shared_child_call(void (*step)(void *opaque), void *opaque, void *stack, size_t bytes);

#endif
