/* SPDX-License-Identifier: MIT */
/* Blocks of memory from mapped pages, with lists of freed blocks. */
#include "core/arena.h"

#include <stdint.h>
#include <string.h>

enum { LEAST_ALIGNMENT = 16, LEAST_BYTES = 64 };

/* Precedes each block. */
typedef struct header {
    size_t size;     /* as asked for */
    uint32_t class;  /* of the bytes from `start` on */
    uint32_t before; /* bytes between the start of the memory and the header */
} header;

_Static_assert(sizeof(header) <= LEAST_ALIGNMENT, "a header fits before an aligned block");

static header *header_of(const void *block)
{
    return (header *)(void *)((char *)block - LEAST_ALIGNMENT);
}

/* Returns the bytes of a class: 4 to 7 times a power of two. */
static size_t class_bytes(unsigned class)
{
    if (class >= EG_ARENA_CLASSES)
        return SIZE_MAX;
    return (size_t)(4 + class % 4) << (class / 4);
}

/* Returns the smallest class of at least this many bytes; EG_ARENA_CLASSES if there is none. */
static unsigned class_of(size_t bytes)
{
    if (bytes > SIZE_MAX / 4)
        return EG_ARENA_CLASSES;
    unsigned log = 63 - (unsigned)__builtin_clzll(bytes);
    unsigned class = 4 * (log - 2) + (unsigned)((bytes >> (log - 2)) & 3);
    return class_bytes(class) < bytes ? class + 1 : class;
}

size_t eg_arena_need(size_t size, size_t alignment)
{
    if (alignment < LEAST_ALIGNMENT)
        alignment = LEAST_ALIGNMENT;
    if (size > SIZE_MAX / 16 || alignment > SIZE_MAX / 16)
        return SIZE_MAX;
    size_t bytes = size + LEAST_ALIGNMENT + alignment;
    return bytes < LEAST_BYTES ? LEAST_BYTES : class_bytes(class_of(bytes));
}

void *eg_arena_take(eg_arena *arena, size_t size, size_t alignment)
{
    if (alignment < LEAST_ALIGNMENT)
        alignment = LEAST_ALIGNMENT;
    size_t bytes = eg_arena_need(size, alignment);
    unsigned class = class_of(bytes);
    if (class >= EG_ARENA_CLASSES)
        return NULL;
    char *start = arena->freed[class];
    if (start) {
        memcpy(&arena->freed[class], start, sizeof *arena->freed);
    } else {
        if (bytes > arena->left)
            return NULL;
        start = arena->next;
        arena->next += bytes;
        arena->left -= bytes;
    }
    uintptr_t aligned = ((uintptr_t)start + LEAST_ALIGNMENT + alignment - 1) & ~(alignment - 1);
    char *block = start + (aligned - (uintptr_t)start);
    header *h = header_of(block);
    *h = (header){size, class, (uint32_t)((char *)h - start)};
    arena->live++;
    return block;
}

void eg_arena_give(eg_arena *arena, void *block)
{
    const header *h = header_of(block);
    unsigned class = h->class;
    char *start = (char *)block - LEAST_ALIGNMENT - h->before;
    memcpy(start, &arena->freed[class], sizeof *arena->freed);
    arena->freed[class] = start;
    arena->live--;
}

size_t eg_arena_size(const void *block)
{
    return header_of(block)->size;
}
