/* SPDX-License-Identifier: MIT */
/* Allocation functions for FLINT and GMP, with a reserve for failed allocations. */
#ifdef EG_HAVE_ARB

#include "real/arb_memory.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "core/arena.h"
#include "core/context.h"

/* The head of its own pages. */
struct eg_arb_reserve {
    _Alignas(16) eg_arena arena; /* of the bytes after this struct */
    size_t bytes;                /* of the pages */
    size_t limit;                /* max_memory of the context */
    eg_status status;
    bool listed, released;
    eg_arb_reserve *next;
};

static _Thread_local eg_arb_reserve *current; /* reserve of the running operation; NULL: none */

/* Reserves that hold blocks. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static eg_arb_reserve *list;
static atomic_size_t listed_count;
static atomic_llong used; /* bytes that FLINT and GMP have from the C library */

static struct {
    void *(*allocate)(size_t);
    void *(*reallocate)(void *, size_t, size_t);
    void (*release)(void *, size_t);
} gmp; /* default functions of GMP, which end the process */

/* ---- the reserve ---- */

static bool contains(const eg_arb_reserve *reserve, const void *block)
{
    return (uintptr_t)block - (uintptr_t)reserve < reserve->bytes;
}

/* Returns the place of the reserve that holds the block in the list; its reserve is NULL if there
 * is none. */
static eg_arb_reserve **find_reserve(const void *block)
{
    eg_arb_reserve **place = &list;
    while (*place && !contains(*place, block))
        place = &(*place)->next;
    return place;
}

/* Takes a block from the reserve of the running operation, which has failed now. */
static void *allocate_reserved(size_t size, eg_status status)
{
    if (current->status == EG_OK)
        current->status = status;
    pthread_mutex_lock(&lock);
    void *block = eg_arena_take(&current->arena, size, 1);
    if (block && !current->listed) {
        current->listed = true;
        current->next = list;
        list = current;
        atomic_fetch_add(&listed_count, 1);
    }
    pthread_mutex_unlock(&lock);
    return block;
}

/* Removes a reserve without blocks from the list. */
static void unlist(eg_arb_reserve **place)
{
    eg_arb_reserve *reserve = *place;
    *place = reserve->next;
    reserve->listed = false;
    atomic_fetch_sub(&listed_count, 1);
    if (reserve->released)
        eg_pages_unmap(reserve, reserve->bytes);
}

/* Frees a block if it is in a reserve. */
static bool give_reserved(void *block)
{
    if (atomic_load_explicit(&listed_count, memory_order_relaxed) == 0)
        return false;
    pthread_mutex_lock(&lock);
    eg_arb_reserve **place = find_reserve(block);
    bool found = *place != NULL;
    if (found) {
        eg_arena_give(&(*place)->arena, block);
        if ((*place)->arena.live == 0)
            unlist(place);
    }
    pthread_mutex_unlock(&lock);
    return found;
}

/* Returns true, and its size, if the block is in a reserve. */
static bool is_reserved(const void *block, size_t *size)
{
    if (atomic_load_explicit(&listed_count, memory_order_relaxed) == 0)
        return false;
    pthread_mutex_lock(&lock);
    bool found = *find_reserve(block) != NULL;
    pthread_mutex_unlock(&lock);
    if (found)
        *size = eg_arena_size(block);
    return found;
}

/* ---- allocation functions ---- */

static bool exceeds_limit(size_t size)
{
    long long before = atomic_load_explicit(&used, memory_order_relaxed);
    return current && before > 0 &&
           (size > current->limit || (size_t)before > current->limit - size);
}

static void count(long long bytes)
{
    atomic_fetch_add_explicit(&used, bytes, memory_order_relaxed);
}

static void *allocate(size_t size)
{
    bool limited = exceeds_limit(size);
    void *block = limited ? NULL : malloc(size);
    if (block)
        count((long long)malloc_usable_size(block));
    else if (current)
        block = allocate_reserved(size, limited ? EG_LIMIT_EXCEEDED : EG_NO_MEMORY);
    return block;
}

static void release(void *block)
{
    if (!block || give_reserved(block))
        return;
    count(-(long long)malloc_usable_size(block));
    free(block);
}

static void *allocate_zeroed(size_t number, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(number, size, &bytes))
        return NULL;
    void *block = allocate(bytes);
    if (block)
        memset(block, 0, bytes);
    return block;
}

/* Moves a block to one of another size. */
static void *move(void *block, size_t old, size_t size)
{
    void *moved = allocate(size);
    if (moved) {
        memcpy(moved, block, old < size ? old : size);
        release(block);
    }
    return moved;
}

static void *reallocate(void *block, size_t size)
{
    size_t old;
    if (!block)
        return allocate(size);
    if (is_reserved(block, &old))
        return move(block, old, size);
    old = malloc_usable_size(block);
    void *grown = size > old && exceeds_limit(size - old) ? NULL : realloc(block, size);
    if (!grown)
        return current ? move(block, old, size) : NULL;
    count((long long)malloc_usable_size(grown) - (long long)old);
    return grown;
}

/* GMP does not look whether its functions return NULL: outside of an operation its own ones are
 * asked, which end the process with a message. */
static void *gmp_allocate(size_t size)
{
    void *block = allocate(size);
    return block ? block : gmp.allocate(size);
}

static void *gmp_reallocate(void *block, size_t old, size_t size)
{
    void *grown = reallocate(block, size);
    return grown ? grown : gmp.reallocate(block, old, size);
}

static void gmp_free(void *block, size_t size)
{
    (void)size;
    release(block);
}

/* ---- installation ---- */

/* Sets a function pointer to the function of this name, or NULL. */
static void find(void *library, const char *name, void *pointer)
{
    void *found = dlsym(library, name);
    memcpy(pointer, &found, sizeof found);
}

/* Returns true if a function is in the same library as `other`: it is no program's. */
static bool is_beside(const void *function, const void *other)
{
    Dl_info own, reference;
    return function && dladdr(function, &own) && dladdr(other, &reference) &&
           own.dli_fbase == reference.dli_fbase;
}

typedef void *flint_allocate(size_t);
typedef void *flint_zero(size_t, size_t);
typedef void *flint_reallocate(void *, size_t);
typedef void flint_release(void *);

static void install_flint(void *library)
{
    void (*get)(flint_allocate **, flint_zero **, flint_reallocate **, flint_release **);
    void (*set)(flint_allocate *, flint_zero *, flint_reallocate *, flint_release *);
    flint_allocate *own_allocate;
    flint_zero *own_zero;
    flint_reallocate *own_reallocate;
    flint_release *own_release;
    find(library, "__flint_get_memory_functions", &get);
    find(library, "__flint_set_memory_functions", &set);
    if (!get || !set)
        return;
    get(&own_allocate, &own_zero, &own_reallocate, &own_release);
    if (is_beside((void *)own_allocate, (void *)set))
        set(allocate, allocate_zeroed, reallocate, release);
}

static void install_gmp(void *library)
{
    void (*get)(void *(**)(size_t), void *(**)(void *, size_t, size_t), void (**)(void *, size_t));
    void (*set)(void *(*)(size_t), void *(*)(void *, size_t, size_t), void (*)(void *, size_t));
    find(library, "__gmp_get_memory_functions", &get);
    find(library, "__gmp_set_memory_functions", &set);
    if (!get || !set)
        return;
    get(&gmp.allocate, &gmp.reallocate, &gmp.release);
    if (is_beside((void *)gmp.allocate, (void *)set))
        set(gmp_allocate, gmp_reallocate, gmp_free);
}

void eg_arb_memory_install(void *library)
{
    install_flint(library);
    install_gmp(library);
}

/* ---- reserves ---- */

eg_status eg_arb_reserve_make(eg_arb_reserve **reserve, eg_context *ctx, size_t bytes,
                              eg_error *error)
{
    const size_t page = 4096;
    eg_arb_reserve *old = *reserve;
    bytes = (sizeof *old + bytes + page - 1) / page * page;
    if (old && old->bytes >= bytes)
        return EG_OK;
    if (old && bytes < 2 * old->bytes)
        bytes = 2 * old->bytes;
    eg_arb_reserve *made = eg_pages_map(ctx, bytes, error);
    if (!made)
        return EG_NO_MEMORY;
    made->bytes = bytes;
    made->limit = ctx->config.max_memory;
    made->status = old ? old->status : EG_OK;
    made->arena.next = (char *)(made + 1);
    made->arena.left = bytes - sizeof *made;
    if (current == old)
        current = made;
    eg_arb_reserve_free(old);
    *reserve = made;
    return EG_OK;
}

void eg_arb_reserve_free(eg_arb_reserve *reserve)
{
    if (!reserve)
        return;
    pthread_mutex_lock(&lock);
    if (reserve->listed)
        reserve->released = true;
    else
        eg_pages_unmap(reserve, reserve->bytes);
    pthread_mutex_unlock(&lock);
}

bool eg_arb_memory_begin(eg_arb_reserve *reserve)
{
    bool running = current != NULL;
    current = reserve;
    return running;
}

void eg_arb_memory_end(void)
{
    current = NULL;
}

eg_status eg_arb_memory_status(const eg_arb_reserve *reserve)
{
    return reserve->status;
}

#else
typedef int no_arb; /* ISO C forbids an empty translation unit */
#endif
