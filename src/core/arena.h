/* SPDX-License-Identifier: MIT */
/*
 * An allocator for third-party libraries that cannot survive a failed allocation. It takes blocks
 * from pages that were mapped before, and keeps freed blocks in lists by size.
 */
#ifndef EG_CORE_ARENA_H
#define EG_CORE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

enum { EG_ARENA_CLASSES = 256 }; /* four sizes for each power of two */

typedef struct eg_arena {
    char *next;                    /* unused bytes of the pages */
    size_t left;                   /* their number */
    size_t live;                   /* blocks that are not freed */
    void *freed[EG_ARENA_CLASSES]; /* linked lists of freed blocks, by size */
} eg_arena;

/* Returns a block of `size` bytes aligned to `alignment`, a power of two; NULL if the pages are
 * used up. Blocks are not zeroed. */
void *eg_arena_take(eg_arena *arena, size_t size, size_t alignment);

/* Returns a block to its arena. */
void eg_arena_give(eg_arena *arena, void *block);

/* Returns the size that a block was taken with. */
size_t eg_arena_size(const void *block);

/* Returns the bytes of pages that a block needs at most. */
size_t eg_arena_need(size_t size, size_t alignment);

#endif
