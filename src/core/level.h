/* SPDX-License-Identifier: MIT */
/*
 * Symbol names of the kernel files, *_rows.c, which are compiled once for each instruction set with
 * -DEG_LEVEL=baseline, v3 or v4. Each exports one constant table, EG_AT_LEVEL(name); all their
 * functions are static.
 */
#ifndef EG_CORE_LEVEL_H
#define EG_CORE_LEVEL_H

#define EG_PASTE_(a, b)   a##_##b
#define EG_PASTE(a, b)    EG_PASTE_(a, b)
#define EG_AT_LEVEL(name) EG_PASTE(name, EG_LEVEL)

/* Storage of a function that is inlined into every caller, so that its constant arguments select
 * code at compile time: a template. */
#define EG_INLINE static inline __attribute__((always_inline))

#endif
